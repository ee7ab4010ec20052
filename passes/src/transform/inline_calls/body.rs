//! A copy of a function's body in the place of a call.

use super::candidates::Found;
use crate::{
    analysis::frame_state::{state_op, state_operand},
    cfg::{erase, name_of, operand_of},
    cursor::{Cursor, result_of},
    function::Function,
    inspect::{defined_by, result},
    transform::inline_generators::{INLINED, body::flag},
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
    let work = Work {
        function: *function,
        state,
        rest: split_block_before(call),
    };
    let object = function.types.object;
    let answer = work.rest.add_argument(object, call.location());
    let body = move_copy(function, found.callee, before);
    let Some(start) = body.first().copied() else {
        return;
    };
    for (index, argument) in found.arguments.iter().enumerate().rev() {
        if let Ok(parameter) = start.argument(index) {
            replace_uses(parameter.into(), *argument);
            erase_block_argument(start, index);
        }
    }
    for op in body.iter().copied().flat_map(operations) {
        work.visit(op, call);
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

struct Work<'c, 'a> {
    function: Function<'c, 'a>,
    /// The state of the call.
    state: OperationRef<'c, 'a>,
    /// What follows the call.
    rest: BlockRef<'c, 'a>,
}

impl<'c, 'a> Work<'c, 'a> {
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
            "py.store_local" | "py.check_frame" | "py.poll" => erase(op),
            "py.constant" => self.constant(op),
            "func.return" => {
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

    /// A number of the other code object, made of itself.
    fn constant(&self, op: OperationRef<'c, 'a>) {
        let Ok(value) = op.attribute("value") else {
            return;
        };
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
