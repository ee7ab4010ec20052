//! A copy of a function's body in the place of a call.

use super::candidates::Found;
use crate::{
    analysis::frame_state::{state_op, state_operand},
    cfg::{erase, name_of, operand_of},
    cursor::{Cursor, result_of},
    function::{Function, raised},
    inspect::{defined_by, int_attribute, result},
    transform::inline_generators::{
        INLINED,
        body::{flag, leave_in_handler},
        is_machine_number,
    },
};
use melior::ir::{
    Attribute, BlockLike, BlockRef, Operation, OperationRef, RegionLike, Value,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::{
    blocks, erase_block_argument, has_uses, operations, replace_uses, split_block_before,
};

/// Replaces the call.
pub fn inline<'c, 'a>(function: &Function<'c, 'a>, found: &Found<'c, 'a>) {
    let call = found.call;
    let (Some(before), Some(state)) = (call.block(), state_op(&function.types, call)) else {
        return;
    };
    know_callee(function, found);
    let rest = split_block_before(call);
    let object = function.types.object;
    let answer = rest.add_argument(object, call.location());
    let body = move_copy(function, found.callee, before);
    let Some(start) = body.first().copied() else {
        return;
    };
    let work = Work {
        function: *function,
        state,
        rest,
        arguments: &found.arguments,
    };
    // The parameters of a coroutine are in its frame.
    for index in (0..start.argument_count()).rev() {
        if let (Ok(parameter), Some(argument)) = (start.argument(index), found.arguments.get(index))
        {
            replace_uses(parameter.into(), *argument);
            erase_block_argument(start, index);
        }
    }
    for op in body.iter().copied().flat_map(operations) {
        work.visit(op, call);
    }
    for block in body {
        let state = |_: &_| result_of(state, 0);
        leave_in_handler(function, block, "an exception in a coroutine", state);
    }
    guard(function, found, before, state).jump(start, &[]);
    replace_uses(result_of(call, 0), answer);
    if let Some(raised) = result(call, 1).filter(|raised| has_uses(*raised)) {
        replace_uses(raised, flag(&function.before(call), false));
    }
    erase(call);
}

/// The callee is the function that it was at compile time.
fn know_callee<'c, 'a>(function: &Function<'c, 'a>, found: &Found<'c, 'a>) {
    let load = operand_of(found.call, 0).and_then(|callee| defined_by(callee, "py.load_global"));
    let Some((load, state)) = load.and_then(|load| Some((load, operand_of(load, 0)?))) else {
        return;
    };
    let cursor = function.before(load);
    let name = [("name", cursor.string(found.name))];
    cursor.op("num.assume", &[state], &[], &name);
    let known = cursor.value("py.known", &[], function.types.object, &name);
    replace_uses(result_of(load, 0), known);
    if let Some(raised) = result(load, 1).filter(|raised| has_uses(*raised)) {
        replace_uses(raised, flag(&cursor, false));
    }
    erase(load);
}

/// The end of the block in front of the body.
fn guard<'c, 'a>(
    function: &Function<'c, 'a>,
    found: &Found<'c, 'a>,
    before: BlockRef<'c, 'a>,
    state: OperationRef<'c, 'a>,
) -> Cursor<'c, 'a> {
    let cursor = function.at_end(before, found.call.location());
    let name = [("name", cursor.string(found.name))];
    let can = cursor.value("py.can_inline", &[], function.types.i1, &name);
    let reason = [("reason", cursor.string("the function cannot be inlined"))];
    cursor.op("num.guard", &[can, result_of(state, 0)], &[], &reason);
    function.at_end(before, found.call.location())
}

/// Copies a function and moves the blocks of the copy behind a block.
fn move_copy<'c, 'a>(
    function: &Function<'c, 'a>,
    callee: OperationRef<'c, 'a>,
    mut before: BlockRef<'c, 'a>,
) -> Vec<BlockRef<'c, 'a>> {
    let copy = Operation::clone(&callee);
    let Ok(region) = copy.region(0) else {
        return Vec::new();
    };
    let mut moved = Vec::new();
    for block in blocks(region) {
        // SAFETY: the block leaves the copy's region, which does not outlive this function, for the function's.
        let block = unsafe {
            mlir_sys::mlirBlockDetach(block.to_raw());
            mlir_sys::mlirRegionInsertOwnedBlockAfter(
                function.region.to_raw(),
                before.to_raw(),
                block.to_raw(),
            );
            BlockRef::from_raw(block.to_raw())
        };
        moved.push(block);
        before = block;
    }
    moved
}

struct Work<'w, 'c, 'a> {
    function: Function<'c, 'a>,
    /// The state of the call.
    state: OperationRef<'c, 'a>,
    /// What follows the call.
    rest: BlockRef<'c, 'a>,
    arguments: &'w [Value<'c, 'a>],
}

impl<'c, 'a> Work<'_, 'c, 'a> {
    fn visit(&self, op: OperationRef<'c, 'a>, call: OperationRef<'c, 'a>) {
        let context = self.function.context;
        // SAFETY: the op is alive and nobody else holds a reference to it that would see the change. An exit tells
        // the line of the call, where the interpreter goes on.
        unsafe {
            mlir_sys::mlirOperationSetLocation(op.to_raw(), call.location().to_raw());
            let mut op = OperationRefMut::from_raw(op.to_raw());
            op.set_discardable_attribute(INLINED, Attribute::unit(context));
        }
        match name_of(op) {
            "py.store_local" | "py.check_frame" => erase(op),
            "py.poll" => {
                if let Some(raised) = raised(op) {
                    replace_uses(raised, flag(&self.function.before(op), false));
                }
                erase(op);
            }
            "py.constant" => self.constant(op),
            "py.load_local" => {
                let slot = int_attribute(op, "index").and_then(|slot| usize::try_from(slot).ok());
                let argument = slot.and_then(|slot| self.arguments.get(slot)).copied();
                self.replace(op, argument, "py.null");
            }
            "state.sent" => self.replace(op, None, "py.none"),
            "func.return" | "state.return" => {
                if let (Some(value), Some(block)) = (operand_of(op, 0), op.block()) {
                    erase(op);
                    self.function
                        .at_end(block, call.location())
                        .jump(self.rest, &[value]);
                }
            }
            _ => self.restate(op),
        }
    }

    /// Replaces an op by a value, or by another op without operands.
    fn replace(&self, op: OperationRef<'c, 'a>, value: Option<Value<'c, 'a>>, other: &str) {
        let cursor = self.function.before(op);
        let object = self.function.types.object;
        let value = value.unwrap_or_else(|| cursor.value(other, &[], object, &[]));
        replace_uses(result_of(op, 0), value);
        erase(op);
    }

    /// A number of the other code object, made of itself, or None.
    fn constant(&self, op: OperationRef<'c, 'a>) {
        let Ok(value) = op.attribute("value") else {
            return;
        };
        if !is_machine_number(value) {
            return self.replace(op, None, "py.none");
        }
        let cursor = self.function.before(op);
        let r#type = melior::ir::attribute::AttributeLike::r#type(&value);
        let number = cursor.value("arith.constant", &[], r#type, &[("value", value)]);
        let object: Value = cursor.value("py.box", &[number], self.function.types.object, &[]);
        replace_uses(result_of(op, 0), object);
        erase(op);
    }

    /// Gives an op the state of the call.
    fn restate(&self, op: OperationRef<'c, 'a>) {
        if let Some(index) = state_operand(&self.function.types, op) {
            let state = result_of(self.state, 0);
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
            op.set_operand(index, state);
        }
    }
}
