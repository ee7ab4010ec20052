//! Failures as edges, with the traceback entry on them.

use crate::{
    analysis::frame_state::LAZY,
    cfg::{Edge, edges, name_of, replace_edges},
    cursor::{Cursor, Weights, result_of},
    function::{Function, failure_branch, raised},
};
use melior::ir::{
    Attribute, Block, BlockLike, BlockRef, OperationRef, RegionLike, Type, Value, ValueLike,
    attribute::DenseI32ArrayAttribute, operation::OperationLike,
};
use stepwell_dialects::{
    ir::{blocks, operations, replace_uses, split_block_before},
    ownership::op_info,
};

/// Gives every raising op an edge for its failure.
pub fn expand<'c, 'a>(function: &Function<'c, 'a>) {
    let raising: Vec<_> = blocks(function.region)
        .into_iter()
        .flat_map(operations)
        .filter(|op| op_info(name_of(*op)).is_some_and(|info| info.raises))
        // Where it is needed there is a copy already; what is left here goes with the states that name it.
        .filter(|op| op.attribute(LAZY).is_err())
        .collect();
    let mut leaves = Leaves::default();
    let is_traced = |op| op_info(name_of(op)).is_some_and(|info| info.traces);
    for op in &raising {
        if raised(*op).is_none() {
            leaves.block(function, is_traced(*op), *op);
        }
    }
    // The last one first: what follows an op moves to another block, and so moves only once.
    for op in raising.into_iter().rev() {
        let traces = is_traced(op);
        // An op that always fails may have a jump to its handler instead of a branch.
        if raised(op).is_none() {
            let leave = leaves.block(function, traces, op);
            explicit_failure(function, op, leave);
        } else if !traces && !leaves_traced(op) {
            trace_on_edge(function, op);
        }
    }
}

/// The blocks that leave the function by an exception: one with a traceback entry, one without.
#[derive(Default)]
struct Leaves<'c, 'a> {
    traced: Option<BlockRef<'c, 'a>>,
    bare: Option<BlockRef<'c, 'a>>,
}

impl<'c, 'a> Leaves<'c, 'a> {
    fn block(
        &mut self,
        function: &Function<'c, 'a>,
        bare: bool,
        op: OperationRef<'c, 'a>,
    ) -> BlockRef<'c, 'a> {
        let place = if bare {
            &mut self.bare
        } else {
            &mut self.traced
        };
        *place.get_or_insert_with(|| {
            let block = function.region.append_block(Block::new(&[]));
            let cursor = function.at_end(block, op.location());
            if !bare {
                cursor.op("py.traceback", &[], &[], &[]);
            }
            cursor.op("py.propagate", &[], &[], &[]);
            block
        })
    }
}

/// Adds the result `raised` to an op that has none, and a branch on it to `leave`. Yields the new op.
pub fn explicit_failure<'c, 'a>(
    function: &Function<'c, 'a>,
    op: OperationRef<'c, 'a>,
    leave: BlockRef<'c, 'a>,
) -> OperationRef<'c, 'a> {
    let new = with_raised(&function.before(op), function.types.i1, op);
    let raised = result_of(new, new.result_count() - 1);
    let before = new.block().expect("the op is in a block");
    let rest = match new.next_in_block() {
        Some(next) => split_block_before(next),
        None => function.region.insert_block_after(before, Block::new(&[])),
    };
    function
        .at_end(before, new.location())
        .choose(raised, leave, rest, Weights::Cold);
    new
}

fn with_raised<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    i1: Type<'c>,
    op: OperationRef<'c, 'a>,
) -> OperationRef<'c, 'a> {
    let operands: Vec<Value> = op.operands().collect();
    let mut results: Vec<Type> = op.results().map(|result| result.r#type()).collect();
    results.push(i1);
    let mut attributes: Vec<(String, Attribute)> = Vec::new();
    for (name, value) in op.attributes() {
        let name = name.as_string_ref().as_str().unwrap_or_default().to_owned();
        let value = if name == "resultSegmentSizes" {
            with_one_more(cursor, value)
        } else {
            value
        };
        attributes.push((name, value));
    }
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let new = cursor.op(name_of(op), &operands, &results, &attributes);
    for (index, result) in op.results().enumerate() {
        replace_uses(result.into(), result_of(new, index));
    }
    crate::cfg::erase(op);
    new
}

/// The last segment is that of the optional `raised`.
fn with_one_more<'c>(cursor: &Cursor<'c, '_>, segments: Attribute<'c>) -> Attribute<'c> {
    let Ok(sizes) = DenseI32ArrayAttribute::try_from(segments) else {
        return segments;
    };
    let mut sizes: Vec<i32> = (0..sizes.len())
        .map(|index| sizes.element(index).unwrap_or(0))
        .collect();
    if let Some(last) = sizes.last_mut() {
        *last = 1;
    }
    cursor.i32_array(&sizes)
}

/// Whether the failure edge already goes to a block that adds the entry.
fn leaves_traced(op: OperationRef) -> bool {
    let target = failure_branch(op).and_then(|branch| branch.successor(0).ok());
    let first = target.and_then(|block| block.first_operation());
    first.is_some_and(|first| name_of(first) == "py.traceback")
}

/// Puts a block with `py.traceback` on the edge from a failing op to its handler.
fn trace_on_edge<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) {
    let Some(branch) = failure_branch(op) else {
        return;
    };
    let mut edges = edges(branch);
    let source = op.block().expect("the op is in a block");
    let block = function.region.insert_block_after(source, Block::new(&[]));
    let cursor = function.at_end(block, op.location());
    cursor.op("py.traceback", &[], &[], &[]);
    cursor.jump(edges[0].target, &edges[0].operands);
    edges[0] = Edge {
        target: block,
        operands: Vec::new(),
    };
    replace_edges(function.context, function.types, branch, &edges);
}
