//! Splitting at the suspensions.

use super::Point;
use crate::{
    analysis::frame_state::{FrameState, frame_state, materialize},
    cfg::{edges, erase, name_of},
    function::Function,
};
use melior::ir::{
    Block, BlockLike, BlockRef, Location, OperationRef, RegionLike, Value,
    attribute::{DenseI32ArrayAttribute, IntegerAttribute},
    operation::OperationLike,
};
use stepwell_dialects::ir::{blocks, operations, replace_uses, split_block_before, uses};

/// What can move to the entry, since it depends on nothing.
const CONSTANTS: &[&str] = &[
    "arith.constant",
    "py.constant",
    "py.known",
    "py.load_assertion_error",
    "py.load_closure",
    "py.method",
    "py.none",
    "py.null",
];

/// Whether an op of that name is in the entry.
pub fn is_constant(name: &str) -> bool {
    CONSTANTS.contains(&name)
}

/// Makes the block that will dispatch, and moves the constants there.
pub fn new_entry<'c, 'a>(function: &Function<'c, 'a>, old: BlockRef<'c, 'a>) -> BlockRef<'c, 'a> {
    let entry = function.region.insert_block_before(old, Block::new(&[]));
    let all = blocks(function.region).into_iter().flat_map(operations);
    for op in all
        .filter(|op| is_constant(name_of(*op)))
        .collect::<Vec<_>>()
    {
        // SAFETY: the op moves from one block to another of the same region, which owns it then.
        unsafe {
            mlir_sys::mlirOperationRemoveFromParent(op.to_raw());
            mlir_sys::mlirBlockAppendOwnedOperation(entry.to_raw(), op.to_raw());
        }
    }
    entry
}

/// Ends a step at each `state.yield`. The rest begins another, which nothing leads to yet.
pub fn at_yields<'c, 'a>(function: &Function<'c, 'a>) -> Vec<Point<'c, 'a>> {
    let all = blocks(function.region).into_iter().flat_map(operations);
    let yields: Vec<_> = all.filter(|op| name_of(*op) == "state.yield").collect();
    yields
        .into_iter()
        .filter_map(|op| at_yield(function, op))
        .collect()
}

fn at_yield<'c, 'a>(
    function: &Function<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<Point<'c, 'a>> {
    let state = frame_state(&function.types, op)?;
    let (before, value) = (op.block()?, op.operand(0).ok()?);
    let block = split_block_before(op);
    suspend(function, before, op, value, &state);
    let cursor = function.before(op);
    let sent = cursor.op("state.sent", &[], &[function.types.object], &[]);
    replace_uses(op.result(0).ok()?.into(), sent.result(0).ok()?.into());
    erase(op);
    Some(Point {
        offset: state.offset,
        block,
        sent,
        locals: state.locals,
        stack: state.stack,
        sent_for: None,
    })
}

/// Begins a step behind each `py.send`, in a block that goes where the receiver's return leads.
pub fn behind_sends<'c, 'a>(function: &Function<'c, 'a>) -> Vec<Point<'c, 'a>> {
    let all = blocks(function.region).into_iter().flat_map(operations);
    let sends: Vec<_> = all.filter(|op| name_of(*op) == "py.send").collect();
    sends
        .into_iter()
        .filter_map(|op| behind_send(function, op))
        .collect()
}

fn behind_send<'c, 'a>(
    function: &Function<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<Point<'c, 'a>> {
    let offset = IntegerAttribute::try_from(op.attribute("py.end").ok()?).ok()?;
    let (value, finished) = (op.result(0).ok()?, op.result(1).ok()?);
    let mut users = uses(finished.into()).into_iter();
    let (branch, 0) = users
        .next()
        .filter(|(op, _)| name_of(*op) == "cf.cond_br")?
    else {
        return None;
    };
    if users.next().is_some() {
        return None;
    }
    let mut state = frame_state(&function.types, op)?;
    state.stack.pop();
    let end = edges(branch).into_iter().next()?;
    let block = function.region.append_block(Block::new(&[]));
    let cursor = function.at_end(block, op.location());
    let sent = cursor.op("state.sent", &[], &[function.types.object], &[]);
    cursor.jump(end.target, &end.operands);
    Some(Point {
        offset: offset.value(),
        block,
        sent,
        locals: state.locals,
        stack: state.stack,
        sent_for: Some(value.into()),
    })
}

/// A state of its own, whose stack has only objects.
fn suspend<'c, 'a>(
    function: &Function<'c, 'a>,
    block: BlockRef<'c, 'a>,
    op: OperationRef<'c, 'a>,
    value: Value<'c, 'a>,
    state: &FrameState<'c, 'a>,
) {
    let cursor = function.at_end(block, op.location());
    let mut operands = state.locals.clone();
    operands.extend(state.stack.iter().map(|value| materialize(&cursor, *value)));
    let segments = cursor.i32_array(&[state.locals.len() as i32, state.stack.len() as i32]);
    let attributes = [
        ("offset", cursor.i32(state.offset)),
        ("operandSegmentSizes", segments),
    ];
    let state = cursor.value(
        "py.frame_state",
        &operands,
        function.types.state,
        &attributes,
    );
    let delegating = op
        .attribute("delegating")
        .ok()
        .map(|unit| ("delegating", unit));
    let attributes: Vec<_> = delegating.into_iter().collect();
    cursor.op("state.suspend", &[value, state], &[], &attributes);
}

/// Ends the entry: to the start, or to where a suspended step goes on.
pub fn dispatch<'c, 'a>(
    function: &Function<'c, 'a>,
    entry: BlockRef<'c, 'a>,
    (start, old_entry): (i64, BlockRef<'c, 'a>),
    points: &[Point<'c, 'a>],
) -> OperationRef<'c, 'a> {
    let mut offsets = vec![start as i32];
    offsets.extend(points.iter().map(|point| point.offset as i32));
    let mut targets = vec![old_entry];
    targets.extend(points.iter().map(|point| point.block));
    let cursor = function.at_end(entry, Location::unknown(function.context));
    let offsets = DenseI32ArrayAttribute::new(function.context, &offsets).into();
    cursor.branch(
        "state.dispatch",
        &[],
        &[],
        &[("offsets", offsets)],
        &targets,
    )
}
