//! The control flow graph of a function: blocks, edges, dominators.

pub use crate::inspect::{op_key, op_name as name_of, value_key};
use crate::{collections::IndexMap, cursor::Cursor, function::Function};
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, BlockRef, OperationRef, RegionRef, Value, ValueLike,
        attribute::DenseI32ArrayAttribute, operation::OperationLike,
    },
};
use petgraph::{
    algo::{dominators, tarjan_scc},
    graph::{DiGraph, NodeIndex},
};
use std::{iter, ops::Range};
use stepwell_dialects::ir::{Types, blocks, erase_block_argument, operations};

/// The address that identifies a block.
pub fn block_key(block: BlockRef) -> usize {
    block.to_raw().ptr as usize
}

/// The block that a block argument belongs to.
pub fn owner_block<'c, 'a>(argument: Value<'c, 'a>) -> BlockRef<'c, 'a> {
    // SAFETY: the value is a live block argument; its block is in the same module.
    unsafe { BlockRef::from_raw(mlir_sys::mlirBlockArgumentGetOwner(argument.to_raw())) }
}

/// An operand of an op, if it has so many.
pub fn operand_of<'c, 'a>(op: OperationRef<'c, 'a>, index: usize) -> Option<Value<'c, 'a>> {
    // Asked first, because the error of an index out of range prints the op.
    (index < op.operand_count()).then(|| op.operand(index).ok())?
}

/// Which operands of a terminator go to each of its successors.
pub fn successor_operands(terminator: OperationRef) -> Vec<Range<usize>> {
    match name_of(terminator) {
        "cf.br" => iter::once(0..terminator.operand_count()).collect(),
        "cf.cond_br" => segments(terminator, "operandSegmentSizes", 1, 1),
        "cf.switch" => {
            let default = segment_sizes(terminator, "operandSegmentSizes")
                .get(1)
                .copied();
            let default = default.unwrap_or(0);
            let mut ranges: Vec<_> = iter::once(1..1 + default).collect();
            ranges.extend(segments(
                terminator,
                "case_operand_segments",
                0,
                1 + default,
            ));
            ranges
        }
        _ => vec![0..0; terminator.successor_count()],
    }
}

fn segments(op: OperationRef, attribute: &str, skip: usize, mut start: usize) -> Vec<Range<usize>> {
    let sizes = segment_sizes(op, attribute);
    let ranges = sizes.into_iter().skip(skip).map(|size| {
        let range = start..start + size;
        start = range.end;
        range
    });
    ranges.collect()
}

fn segment_sizes(op: OperationRef, attribute: &str) -> Vec<usize> {
    let sizes = op.attribute(attribute).ok();
    let sizes = sizes.and_then(|sizes| DenseI32ArrayAttribute::try_from(sizes).ok());
    let Some(sizes) = sizes else {
        return Vec::new();
    };
    (0..sizes.len())
        .map(|index| sizes.element(index).unwrap_or(0) as usize)
        .collect()
}

/// An edge as its terminator writes it: where it goes, and the values for the block's arguments.
#[derive(Clone)]
pub struct Edge<'c, 'a> {
    /// Where it goes.
    pub target: BlockRef<'c, 'a>,
    /// The values for the arguments of the target.
    pub operands: Vec<Value<'c, 'a>>,
}

/// The edges of a terminator, in the order of its successors.
pub fn edges<'c, 'a>(terminator: OperationRef<'c, 'a>) -> Vec<Edge<'c, 'a>> {
    let operands: Vec<_> = terminator.operands().collect();
    let ranges = successor_operands(terminator).into_iter();
    let targets = terminator.successors();
    targets
        .zip(ranges)
        .map(|(target, range)| Edge {
            target,
            operands: operands[range].to_vec(),
        })
        .collect()
}

/// Erases an argument of a block, and the values for it on all edges. Nothing uses it.
pub fn drop_argument(function: &Function, cfg: &Cfg, place: usize, argument: usize) {
    for (source, number) in &cfg.predecessors[place] {
        let Some(terminator) = cfg.blocks[*source].terminator() else {
            continue;
        };
        let mut edges = edges(terminator);
        edges[*number].operands.remove(argument);
        replace_edges(function.context, function.types, terminator, &edges);
    }
    erase_block_argument(cfg.blocks[place], argument);
}

/// Replaces a branch of `cf` by the same branch with other edges.
pub fn replace_edges<'c, 'a>(
    context: &'c Context,
    types: Types<'c>,
    terminator: OperationRef<'c, 'a>,
    edges: &[Edge<'c, 'a>],
) -> OperationRef<'c, 'a> {
    let cursor = Cursor::before(context, types, terminator);
    let name = name_of(terminator);
    let fixed = usize::from(name != "cf.br").min(terminator.operand_count());
    let mut operands: Vec<_> = terminator.operands().take(fixed).collect();
    operands.extend(edges.iter().flat_map(|edge| edge.operands.iter().copied()));
    let targets: Vec<_> = edges.iter().map(|edge| edge.target).collect();
    let sizes: Vec<i32> = edges
        .iter()
        .map(|edge| edge.operands.len() as i32)
        .collect();
    let mut attributes = kept_attributes(terminator);
    match name {
        "cf.cond_br" => {
            let segments = cursor.i32_array(&[1, sizes[0], sizes[1]]);
            attributes.push(("operandSegmentSizes", segments));
        }
        "cf.switch" => {
            let cases = &sizes[1..];
            let segments = cursor.i32_array(&[1, sizes[0], cases.iter().sum()]);
            attributes.push(("operandSegmentSizes", segments));
            attributes.push(("case_operand_segments", cursor.i32_array(cases)));
        }
        _ => {}
    }
    let new = cursor.branch(name, &operands, &[], &attributes, &targets);
    erase(terminator);
    new
}

fn kept_attributes<'c>(terminator: OperationRef<'c, '_>) -> Vec<(&'static str, Attribute<'c>)> {
    ["branch_weights", "case_values"]
        .into_iter()
        .filter_map(|name| Some((name, terminator.attribute(name).ok()?)))
        .collect()
}

/// Takes an op out of its block and destroys it. Its results must have no uses.
pub fn erase(op: OperationRef) {
    // SAFETY: the op is in a block, which owns it; nothing refers to it any more.
    unsafe { mlir_sys::mlirOperationDestroy(op.to_raw()) }
}

/// Erases a block with its ops, from the last on. Nothing outside may refer to it.
pub fn erase_block(block: BlockRef) {
    // SAFETY: the block is in a region, which owns it; the caller says that nothing refers to it.
    unsafe {
        mlir_sys::mlirBlockDetach(block.to_raw());
        mlir_sys::mlirBlockDestroy(block.to_raw());
    }
}

/// Erases the blocks of a region that nothing reaches.
pub fn drop_unreachable(region: RegionRef) {
    let cfg = Cfg::new(region);
    let dead: Vec<_> = blocks(region)
        .into_iter()
        .filter(|block| cfg.place(*block).is_none())
        .collect();
    for block in &dead {
        for op in operations(*block) {
            // SAFETY: dead blocks refer only to each other; without operands they can go in any order.
            unsafe { mlir_sys::mlirOperationSetOperands(op.to_raw(), 0, std::ptr::null()) };
            // A dead terminator must not name blocks that are erased before it.
            if op.successor_count() > 0 {
                erase(op);
            }
        }
    }
    dead.into_iter().for_each(erase_block);
}

/// The graph of a function at one moment. It does not follow later changes.
pub struct Cfg<'c, 'a> {
    /// The reachable blocks in reverse postorder, the entry first.
    pub blocks: Vec<BlockRef<'c, 'a>>,
    /// For each block, the edges into it: the place of the source in `blocks`, and the number of its successor.
    pub predecessors: Vec<Vec<(usize, usize)>>,
    /// For each block, its successors.
    pub successors: Vec<Vec<usize>>,
    index: IndexMap<usize, usize>,
}

impl<'c, 'a> Cfg<'c, 'a> {
    /// The graph of a region.
    pub fn new(region: RegionRef<'c, 'a>) -> Self {
        let blocks = reverse_postorder(region);
        let index: IndexMap<_, _> = blocks
            .iter()
            .enumerate()
            .map(|(place, block)| (block_key(*block), place))
            .collect();
        let mut predecessors = vec![Vec::new(); blocks.len()];
        let mut successors = vec![Vec::new(); blocks.len()];
        for (place, block) in blocks.iter().enumerate() {
            for (number, target) in targets(*block).into_iter().enumerate() {
                let target = index[&block_key(target)];
                predecessors[target].push((place, number));
                successors[place].push(target);
            }
        }
        Self {
            blocks,
            predecessors,
            successors,
            index,
        }
    }

    /// The place of a block in `blocks`, if it is reachable.
    pub fn place(&self, block: BlockRef) -> Option<usize> {
        self.index.get(&block_key(block)).copied()
    }

    /// The values that an edge gives to the arguments of its target.
    pub fn edge_operands(&self, source: usize, number: usize) -> Vec<Value<'c, 'a>> {
        let Some(terminator) = self.blocks[source].terminator() else {
            return Vec::new();
        };
        let range = successor_operands(terminator).swap_remove(number);
        range
            .filter_map(|index| terminator.operand(index).ok())
            .collect()
    }

    /// The immediate dominator of each block, the entry's being itself.
    pub fn dominators(&self) -> Vec<usize> {
        let (graph, nodes) = self.graph();
        let tree = dominators::simple_fast(&graph, nodes[0]);
        let parent = |node| tree.immediate_dominator(node).map_or(0, NodeIndex::index);
        nodes.iter().map(|node| parent(*node)).collect()
    }

    /// Whether each block is in a loop.
    pub fn repeated(&self) -> Vec<bool> {
        let (graph, _) = self.graph();
        let mut repeated = vec![false; self.blocks.len()];
        for component in tarjan_scc(&graph) {
            let is_loop = component.len() > 1 || graph.contains_edge(component[0], component[0]);
            for node in component {
                repeated[node.index()] = is_loop;
            }
        }
        repeated
    }

    fn graph(&self) -> (DiGraph<(), ()>, Vec<NodeIndex>) {
        let mut graph = DiGraph::new();
        let nodes: Vec<_> = self.blocks.iter().map(|_| graph.add_node(())).collect();
        for (source, targets) in self.successors.iter().enumerate() {
            for target in targets {
                graph.add_edge(nodes[source], nodes[*target], ());
            }
        }
        (graph, nodes)
    }
}

fn targets<'c, 'a>(block: BlockRef<'c, 'a>) -> Vec<BlockRef<'c, 'a>> {
    block
        .terminator()
        .map(|op| op.successors().collect())
        .unwrap_or_default()
}

fn reverse_postorder<'c, 'a>(region: RegionRef<'c, 'a>) -> Vec<BlockRef<'c, 'a>> {
    let Some(entry) = blocks(region).first().copied() else {
        return Vec::new();
    };
    let mut seen = IndexMap::default();
    seen.insert(block_key(entry), ());
    let mut order = Vec::new();
    let mut open = vec![(entry, targets(entry))];
    while let Some((block, rest)) = open.last_mut() {
        match rest.pop() {
            Some(next) if seen.insert(block_key(next), ()).is_none() => {
                open.push((next, targets(next)));
            }
            Some(_) => {}
            None => {
                order.push(*block);
                open.pop();
            }
        }
    }
    order.reverse();
    order
}
