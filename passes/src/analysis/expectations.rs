//! Where the result of an op is checked that was guessed to be a number.

use super::{
    frame_state::{FrameState, read},
    tuples::unpacked,
};
use crate::inspect::{defining_op, op_name, result, value_key};
use melior::ir::{BlockLike, BlockRef, OperationRef, Value, operation::OperationLike};
use stepwell_abi::layout;
use stepwell_dialects::ir::operations;

/// The place behind an op where its result is there for certain.
pub struct Place<'c, 'a> {
    /// The check goes in front of this op.
    pub before: OperationRef<'c, 'a>,
    /// The frame state to leave at, when there is one already.
    pub state: Option<Value<'c, 'a>>,
}

/// Finds the place; `None` where control comes together with another way.
pub fn place<'c, 'a>(op: OperationRef<'c, 'a>) -> Option<Place<'c, 'a>> {
    if op_name(op) == "py.for_iter" {
        return place_of_item(op);
    }
    let next = op.next_in_block()?;
    let before = if is_branch_on(op, next) {
        branches_on_result(op, next)?.first_operation()?
    } else {
        next
    };
    Some(Place {
        before,
        state: None,
    })
}

/// In front of the store of the item into a local, whose state is the one behind the iteration.
fn place_of_item<'c, 'a>(op: OperationRef<'c, 'a>) -> Option<Place<'c, 'a>> {
    let item = result(op, 0)?;
    let mut next = op.next_in_block()?;
    // The first branch may be that of a failure, the last is that of the end.
    let mut body = branches_on_result(op, next)?;
    if op.result_count() == 3 {
        next = body.first_operation()?;
        body = branches_on_result(op, next)?;
    }
    let mut rest = operations(body).into_iter();
    let store = rest.find(|op| !matches!(op_name(*op), "py.frame_state" | "py.constant"))?;
    let stored = op_name(store) == "py.store_local"
        && store
            .operand(0)
            .is_ok_and(|value| value_key(value) == value_key(item));
    stored.then_some(())?;
    Some(Place {
        before: store,
        state: Some(store.operand(1).ok()?),
    })
}

/// Where a branch on a result of `op` goes when that is false, if only this branch goes there.
fn branches_on_result<'c, 'a>(
    op: OperationRef<'c, 'a>,
    branch: OperationRef<'c, 'a>,
) -> Option<BlockRef<'c, 'a>> {
    is_branch_on(op, branch).then_some(())?;
    let target = branch.successor(1).ok()?;
    (target.argument_count() == 0).then_some(target)
}

/// Whether a branch goes by a result of `op`.
fn is_branch_on<'c, 'a>(op: OperationRef<'c, 'a>, branch: OperationRef<'c, 'a>) -> bool {
    let condition = branch.operand(0).ok();
    let condition = condition.filter(|_| op_name(branch) == "cf.cond_br");
    condition.and_then(defining_op) == Some(op)
}

/// The frame state behind an op that takes so many values off the stack and puts its result there, or its items.
pub fn state_behind<'c, 'a>(op: OperationRef<'c, 'a>) -> Option<FrameState<'c, 'a>> {
    let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
    let mut state = read(defining_op(state)?);
    // A variable comes from its cell, which is not on the stack.
    let taken = match op_name(op) {
        "py.load_deref" => 0,
        _ => op.operand_count() - 1,
    };
    let size = match op_name(op) {
        "py.load_attr" => layout::LOAD_ATTR_SIZE,
        "py.load_deref" => layout::CODE_UNIT,
        "py.load_subscr" => layout::BINARY_SUBSCR_SIZE,
        "py.binary" => layout::BINARY_OP_SIZE,
        "py.call" => layout::CALL_SIZE,
        "py.unpack_sequence" => layout::UNPACK_SEQUENCE_SIZE,
        _ => return None,
    };
    state.offset += size as i64;
    state.stack.truncate(state.stack.len().checked_sub(taken)?);
    match op_name(op) {
        // The first is on top.
        "py.unpack_sequence" => state.stack.extend(unpacked(op).into_iter().rev()),
        _ => state.stack.push(result(op, 0)?),
    }
    Some(state)
}
