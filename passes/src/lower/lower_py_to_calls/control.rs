//! Polls, and the check of a variable that may be unbound.

use super::emit::{Compare, Lowering, integer, text};
use crate::{
    cfg::name_of,
    cursor::{Cursor, Weights},
};
use melior::ir::{
    Attribute, Block, OperationRef, RegionLike, Value, ValueLike, operation::OperationLike,
};
use stepwell_abi::{self as abi, LOCALS_WRITTEN, layout};
use stepwell_dialects::ir::split_block_before;

/// Lowers an op of this family.
pub fn lower<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) -> bool {
    let cursor = lowering.function.before(op);
    match name_of(op) {
        "py.breaker_set" => {
            let set = breaker_set(lowering, &cursor);
            lowering.replace(op, 0, set);
        }
        "py.is_cold" => {
            let cold = is_cold(lowering, &cursor);
            lowering.replace(op, 0, cold);
        }
        "py.range_place" => range_place(lowering, &cursor, op),
        "py.can_inline" => {
            let can = can_inline(lowering, &cursor, op);
            lowering.replace(op, 0, can);
        }
        "py.note" => note(lowering, &cursor, op),
        "py.calls_itself" => {
            let own = calls_itself(lowering, &cursor, op);
            lowering.replace(op, 0, own);
        }
        "py.frame_changed" => {
            let changed = frame_changed(lowering, &cursor);
            lowering.replace(op, 0, changed);
        }
        "py.try_poll" => try_poll(lowering, &cursor, op),
        "py.check_bound" => check_bound(lowering, op),
        _ => return false,
    }
    true
}

/// One less, and whether that is not below zero.
fn is_cold<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, cursor: &Cursor<'c, 'a>) -> Value<'c, 'a> {
    let i64 = lowering.types().i64;
    lowering.tables.count_down();
    let place = lowering.global(cursor, abi::PATIENCE);
    let now = lowering.load(cursor, i64, place);
    let one = lowering.int(cursor, i64, 1);
    let less = cursor.value("arith.subi", &[now, one], i64, &[]);
    lowering.store(cursor, less, place);
    let below = lowering.int(cursor, i64, -1);
    lowering.compare(cursor, Compare::Sgt, less, below)
}

fn range_place<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let i64 = lowering.types().i64;
    let iterator = lowering.objects(op)[0];
    let field = |offset| {
        let place = lowering.at(cursor, iterator, offset);
        lowering.load(cursor, i64, place)
    };
    let (next, step) = (field(layout::RANGE_NEXT), field(layout::RANGE_STEP));
    let distance = cursor.value("arith.muli", &[field(layout::RANGE_LEFT), step], i64, &[]);
    let stop = cursor.value("arith.addi", &[next, distance], i64, &[]);
    for (index, value) in [next, stop, step].into_iter().enumerate() {
        lowering.replace(op, index, value);
    }
}

fn can_inline<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Value<'c, 'a> {
    let types = lowering.types();
    let name = text(op, "name");
    let function = lowering.reference(cursor, format!("global {name}"));
    let expected = lowering.reference(cursor, format!("code {name}"));
    let place = lowering.at(cursor, function, layout::FUNCTION_CODE);
    let code = lowering.load(cursor, types.ptr, place);
    let same = lowering.compare(cursor, Compare::Eq, code, expected);
    let place = lowering.at(cursor, lowering.tstate, layout::TS_PY_RECURSION_REMAINING);
    let remaining = lowering.load(cursor, types.i32, place);
    let none = lowering.int(cursor, types.i32, 0);
    let allowed = lowering.compare(cursor, Compare::Sgt, remaining, none);
    cursor.value("arith.andi", &[same, allowed], types.i1, &[])
}

fn note<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let objects = lowering.objects(op);
    let index = lowering
        .tables
        .note(integer(op, "offset"), integer(op, "number"));
    let table = lowering.global(cursor, abi::SEEN);
    let place = lowering.at(cursor, table, index * size_of::<u64>());
    let row = abi::function("sw_note").expect("the table has it");
    lowering.call(cursor, row, &[objects[0], objects[1], place]);
}

/// The code of what is no function is taken from the function that runs, so that no memory of anything else is read.
fn calls_itself<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Value<'c, 'a> {
    let types = lowering.types();
    let callable = lowering.objects(op)[0];
    let function = lowering.symbol(cursor, "PyFunction_Type");
    let place = lowering.at(cursor, callable, layout::OB_TYPE);
    let class = lowering.load(cursor, types.ptr, place);
    let is_function = lowering.compare(cursor, Compare::Eq, class, function);
    let place = lowering.at(cursor, lowering.frame, layout::FRAME_FUNCTION);
    let this = lowering.load(cursor, types.ptr, place);
    let some = cursor.value(
        "arith.select",
        &[is_function, callable, this],
        types.ptr,
        &[],
    );
    let place = lowering.at(cursor, some, layout::FUNCTION_CODE);
    let code = lowering.load(cursor, types.ptr, place);
    let place = lowering.at(cursor, lowering.frame, layout::FRAME_EXECUTABLE);
    let own = lowering.load(cursor, types.ptr, place);
    let same = lowering.compare(cursor, Compare::Eq, code, own);
    let place = lowering.at(cursor, lowering.tstate, layout::TS_PY_RECURSION_REMAINING);
    let remaining = lowering.load(cursor, types.i32, place);
    let last = lowering.int(cursor, types.i32, 1);
    let allowed = lowering.compare(cursor, Compare::Sgt, remaining, last);
    let breaker = breaker(lowering, cursor);
    let quiet = lowering.compare(cursor, Compare::Eq, breaker, lowering.version);
    [same, allowed, quiet]
        .into_iter()
        .fold(is_function, |all, one| {
            cursor.value("arith.andi", &[all, one], types.i1, &[])
        })
}

/// The breaker holds the instrumentation version too: it differs when there is work, and when monitoring was switched
/// since the function was entered. Other threads write it, so it is read each time.
fn breaker_set<'c, 'a>(lowering: &Lowering<'c, 'a, '_>, cursor: &Cursor<'c, 'a>) -> Value<'c, 'a> {
    let breaker = breaker(lowering, cursor);
    lowering.compare(cursor, Compare::Ne, breaker, lowering.version)
}

/// As [`breaker_set`], but pending work can wait: only its bits differ then, except the one for written locals.
fn frame_changed<'c, 'a>(
    lowering: &Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
) -> Value<'c, 'a> {
    let i64 = lowering.types().i64;
    let operands = [breaker(lowering, cursor), lowering.version];
    let difference = cursor.value("llvm.xor", &operands, i64, &[]);
    let work = lowering.int(cursor, i64, LOCALS_WRITTEN as i64 - 1);
    lowering.compare(cursor, Compare::Sgt, difference, work)
}

fn breaker<'c, 'a>(lowering: &Lowering<'c, 'a, '_>, cursor: &Cursor<'c, 'a>) -> Value<'c, 'a> {
    let i64 = lowering.types().i64;
    let place = lowering.at(cursor, lowering.tstate, layout::TS_EVAL_BREAKER);
    let volatile = [("volatile_", Attribute::unit(cursor.context))];
    cursor.value("llvm.load", &[place], i64, &volatile)
}

fn try_poll<'c, 'a>(
    lowering: &mut Lowering<'c, 'a, '_>,
    cursor: &Cursor<'c, 'a>,
    op: OperationRef<'c, 'a>,
) {
    let row = abi::function("sw_poll").expect("the table has the poll");
    let arguments = [lowering.tstate, lowering.frame];
    let answer = lowering
        .call(cursor, row, &arguments)
        .expect("a poll has a status");
    let zero = lowering.int(cursor, lowering.types().i32, 0);
    let left = lowering.compare(cursor, Compare::Sgt, answer, zero);
    let failed = lowering.compare(cursor, Compare::Slt, answer, zero);
    lowering.replace(op, 0, left);
    lowering.replace_raised(op, failed);
}

/// Sets the exception in a block of its own, which goes on to the branch on the failure.
fn check_bound<'c, 'a>(lowering: &mut Lowering<'c, 'a, '_>, op: OperationRef<'c, 'a>) {
    let function = lowering.function;
    let Ok(value) = op.operand(0) else { return };
    let cursor = function.before(op);
    lowering.replace(op, 0, value);
    if value.r#type() != lowering.types().ptr {
        let bound = lowering.int(&cursor, lowering.types().i1, 0);
        return lowering.replace_raised(op, bound);
    }
    let unbound = lowering.is_null(&cursor, value);
    lowering.replace_raised(op, unbound);
    let before = op.block().expect("the op is in a block");
    let rest = split_block_before(op);
    let raising = function.region.insert_block_after(before, Block::new(&[]));
    function
        .at_end(before, op.location())
        .choose(unbound, raising, rest, Weights::Cold);
    let cursor = function.at_end(raising, op.location());
    let row = abi::function("sw_raise_unbound").expect("the table has the error");
    let index = lowering.int(&cursor, lowering.types().i32, integer(op, "index"));
    let arguments = [lowering.tstate, lowering.frame, index];
    lowering.call(&cursor, row, &arguments);
    cursor.jump(rest, &[]);
}
