//! Reading `py.frame_state`.

use crate::{
    analysis::slots::defining_op,
    cfg::{name_of, value_key},
    cursor::{Cursor, result_of},
    function::Function,
};
use melior::ir::{
    Operation, OperationRef, Value, ValueLike,
    attribute::{DenseI32ArrayAttribute, IntegerAttribute},
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::{Types, uses};

/// The parts of a frame state.
pub struct FrameState<'c, 'a> {
    /// The bytecode offset of the instruction, in bytes.
    pub offset: i64,
    /// The values of the slots of `localsplus`. A state that was stripped has none.
    pub locals: Vec<Value<'c, 'a>>,
    /// The evaluation stack, bottom first.
    pub stack: Vec<Value<'c, 'a>>,
}

/// The operand number of an op's frame state.
pub fn state_operand<'c>(types: &Types<'c>, op: OperationRef<'c, '_>) -> Option<usize> {
    (0..op.operand_count()).rev().find(|index| {
        op.operand(*index)
            .is_ok_and(|value| value.r#type() == types.state)
    })
}

/// The `py.frame_state` behind an op's state operand.
pub fn state_op<'c, 'a>(
    types: &Types<'c>,
    op: OperationRef<'c, 'a>,
) -> Option<OperationRef<'c, 'a>> {
    let value = op.operand(state_operand(types, op)?).ok()?;
    defining_op(value).filter(|op| name_of(*op) == "py.frame_state")
}

/// The state that an op takes.
pub fn frame_state<'c, 'a>(
    types: &Types<'c>,
    op: OperationRef<'c, 'a>,
) -> Option<FrameState<'c, 'a>> {
    state_op(types, op).map(read)
}

/// Reads a `py.frame_state`.
pub fn read<'c, 'a>(state: OperationRef<'c, 'a>) -> FrameState<'c, 'a> {
    let operands: Vec<_> = state.operands().collect();
    let (locals, stack) = operands.split_at(local_count(state).min(operands.len()));
    FrameState {
        offset: offset(state),
        locals: locals.to_vec(),
        stack: stack.to_vec(),
    }
}

pub(crate) fn local_count(state: OperationRef) -> usize {
    let sizes = state.attribute("operandSegmentSizes").ok();
    let sizes = sizes.and_then(|sizes| DenseI32ArrayAttribute::try_from(sizes).ok());
    sizes.and_then(|sizes| sizes.element(0).ok()).unwrap_or(0) as usize
}

fn offset(state: OperationRef) -> i64 {
    let offset = state.attribute("offset").ok();
    offset
        .and_then(|offset| IntegerAttribute::try_from(offset).ok())
        .map_or(0, |offset| offset.value())
}

/// The locals of a state that are not kept in their slot, each with its slot: the values are native, a box of a native
/// value that may be unbound, or null.
pub fn native_locals<'c, 'a>(
    function: &Function<'c, 'a>,
    state: &FrameState<'c, 'a>,
) -> Vec<(usize, Value<'c, 'a>)> {
    let native_slots = function.native_slots();
    let is_native = |slot: usize, value: Value<'c, 'a>| {
        native_slots.contains(&slot) || function.types.is_native(value.r#type())
    };
    let locals = state.locals.iter().copied().enumerate();
    locals
        .filter(|(slot, value)| is_native(*slot, *value))
        .collect()
}

/// The object of a value of a state, where the state is taken: a box, or an object that only states name, is made
/// there.
pub fn materialize<'c, 'a>(cursor: &Cursor<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    if cursor.types.is_native(value.r#type()) {
        return cursor.value("py.box", &[value], cursor.types.object, &[]);
    }
    let waits = |(user, _): &(OperationRef, usize)| {
        name_of(*user) == "py.frame_state" || user.attribute(LAZY).is_ok()
    };
    match defining_op(value).filter(|op| is_made_late(*op)) {
        Some(op) if uses(value).iter().all(waits) => {
            let parts = op.operands().map(|part| materialize_part(cursor, part));
            let parts: Vec<_> = parts.collect();
            let copy = cursor.insert(Operation::clone(&op));
            // SAFETY: the op was just made, so that nobody else holds a reference to it.
            let mut now = unsafe { OperationRefMut::from_raw(copy.to_raw()) };
            // An attribute that is not there is as good as removed.
            let _ = now.remove_discardable_attribute(LAZY);
            for (index, part) in parts.into_iter().enumerate() {
                // SAFETY: the op is alive and has as many operands as the one it was copied from.
                unsafe {
                    mlir_sys::mlirOperationSetOperand(copy.to_raw(), index as isize, part.to_raw());
                }
            }
            result_of(copy, 0)
        }
        _ => value,
    }
}

/// Whether the object of a value is made where states that name it are taken, and is no plain box or iterator.
pub fn is_made_in_parts(value: Value) -> bool {
    defining_op(value).is_some_and(|op| is_made_late(op) && !is_made_for_states(op))
}

/// Whether an op makes a box or an iterator that only states name.
pub fn is_made_for_states(op: OperationRef) -> bool {
    let names_it = |(user, _): &(OperationRef, usize)| name_of(*user) == "py.frame_state";
    matches!(name_of(op), "py.box" | "py.range_iterator")
        && op.results().all(|it| uses(it.into()).iter().all(names_it))
}

/// Marks an op whose result only states name, so that it is made where they are taken.
pub const LAZY: &str = "py.lazy";

fn is_made_late(op: OperationRef) -> bool {
    matches!(name_of(op), "py.box" | "py.box_numpy" | "py.range_iterator")
        || op.attribute(LAZY).is_ok()
}

/// What an object that is made late consists of: native values as they are, objects made late themselves.
fn materialize_part<'c, 'a>(cursor: &Cursor<'c, 'a>, part: Value<'c, 'a>) -> Value<'c, 'a> {
    if part.r#type() == cursor.types.object {
        materialize(cursor, part)
    } else {
        part
    }
}

/// The first place in `list` that holds the same value as place `index`.
pub fn first_alike(list: &[(usize, Value)], index: usize) -> usize {
    let key = value_key(list[index].1);
    list.iter()
        .position(|(_, value)| value_key(*value) == key)
        .unwrap_or(index)
}
