//! Integers of 64 bits.

use super::emit::Emitter;
use crate::{builder::CmpiPredicate, inspect::arith_constant as constant};
use melior::ir::{Type, Value};

const OVERFLOW: &str = "the result needs more than 64 bits";
const ZERO: &str = "division by zero";

/// Addition, subtraction or multiplication, by the name of LLVM's intrinsic.
pub(super) fn checked<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    intrinsic: &str,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let types = emitter.types();
    let pair = Type::parse(emitter.site.context, "!llvm.struct<(i64, i1)>");
    let pair = pair.expect("a type of the LLVM dialect");
    let name = format!("llvm.intr.{intrinsic}.with.overflow");
    let both = emitter.value(&name, &[lhs, rhs], pair);
    let value = emitter.member(both, 0, types.i64);
    let overflow = emitter.member(both, 1, types.i1);
    emitter.guard(emitter.not(overflow), state, OVERFLOW);
    value
}

pub(super) fn negate<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    value: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    emitter.guard(emitter.is_not(value, i64::MIN), state, OVERFLOW);
    emitter.i64("arith.subi", emitter.int(0), value)
}

pub(super) fn absolute<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    value: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let negated = negate(emitter, value, state);
    let negative = emitter.cmpi(CmpiPredicate::Slt, value, emitter.int(0));
    emitter.select(negative, negated, value)
}

/// Division rounded down. A power of two is a shift.
pub(super) fn floor_divide<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if let Some(bits) = power_of_two(rhs) {
        return emitter.i64("arith.shrsi", lhs, emitter.int(bits));
    }
    guard_divisor(emitter, rhs, state);
    let overflows = emitter.both(emitter.is(lhs, i64::MIN), emitter.is(rhs, -1));
    emitter.guard(emitter.not(overflows), state, OVERFLOW);
    let quotient = emitter.i64("arith.divsi", lhs, rhs);
    let remainder = emitter.i64("arith.remsi", lhs, rhs);
    let below = emitter.i64("arith.subi", quotient, emitter.int(1));
    emitter.select(has_other_sign(emitter, remainder, rhs), below, quotient)
}

/// The remainder that has the divisor's sign.
pub(super) fn modulo<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if let Some(bits) = power_of_two(rhs) {
        return emitter.i64("arith.andi", lhs, emitter.int((1 << bits) - 1));
    }
    guard_divisor(emitter, rhs, state);
    // The machine traps on the least integer by -1; the remainder by 1 is the same.
    let safe = emitter.select(emitter.is(rhs, -1), emitter.int(1), rhs);
    let remainder = emitter.i64("arith.remsi", lhs, safe);
    let moved = emitter.i64("arith.addi", remainder, rhs);
    emitter.select(has_other_sign(emitter, remainder, rhs), moved, remainder)
}

fn guard_divisor<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    divisor: Value<'c, 'a>,
    state: Value<'c, 'a>,
) {
    if constant(divisor).is_none_or(|number| number == 0) {
        emitter.guard(emitter.is_not(divisor, 0), state, ZERO);
    }
}

/// Whether a remainder is not zero and on the other side of zero than the divisor.
fn has_other_sign<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    remainder: Value<'c, 'a>,
    divisor: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let signs = emitter.i64("arith.xori", remainder, divisor);
    let differ = emitter.cmpi(CmpiPredicate::Slt, signs, emitter.int(0));
    emitter.both(differ, emitter.is_not(remainder, 0))
}

/// The exponent of a constant that is a power of two.
fn power_of_two(value: Value) -> Option<i64> {
    let number = constant(value).filter(|number| *number > 0 && number.count_ones() == 1)?;
    Some(number.trailing_zeros().into())
}

pub(super) fn shift_left<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let near = emitter.cmpi(CmpiPredicate::Ult, rhs, emitter.int(64));
    emitter.guard(
        near,
        state,
        "the count of the shift is negative or too large",
    );
    let shifted = emitter.i64("arith.shli", lhs, rhs);
    let back = emitter.i64("arith.shrsi", shifted, rhs);
    emitter.guard(emitter.cmpi(CmpiPredicate::Eq, back, lhs), state, OVERFLOW);
    shifted
}

pub(super) fn shift_right<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let forward = emitter.cmpi(CmpiPredicate::Sge, rhs, emitter.int(0));
    emitter.guard(forward, state, "the count of the shift is negative");
    // All bits but the sign are gone after 63.
    let count = emitter.i64("arith.minsi", rhs, emitter.int(63));
    emitter.i64("arith.shrsi", lhs, count)
}

/// A power; squares and cubes by multiplication.
pub(super) fn power<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let times = |value| checked(emitter, "smul", value, lhs, state);
    match constant(rhs) {
        Some(0) => emitter.int(1),
        Some(1) => lhs,
        Some(2) => times(lhs),
        Some(3) => times(times(lhs)),
        _ => {
            let reason = "the power is not an integer of 64 bits";
            let out = emitter.ask("sw_pow_int", &[lhs, rhs], state, reason);
            emitter.load(out, 0, emitter.types().i64)
        }
    }
}
