//! Division of integers of 64 bits.

use super::{emit::Emitter, rule::Rule};
use crate::{builder::CmpiPredicate, inspect::arith_constant as constant};
use melior::ir::Value;

const OVERFLOW: &str = "the result needs more than 64 bits";
const ZERO: &str = "division by zero";

/// Division rounded down. A power of two is a shift.
pub(super) fn floor_divide<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if rule.nosign {
        guard_divisor(emitter, rhs, state);
        return emitter.i64("arith.divui", lhs, rhs);
    }
    if let Some(bits) = power_of_two(rhs) {
        return emitter.i64("arith.shrsi", lhs, emitter.int(bits));
    }
    guard_divisor(emitter, rhs, state);
    let minus = emitter.is(rhs, -1);
    let fits = || emitter.not(emitter.both(emitter.is(lhs, i64::MIN), minus));
    rule.guard(emitter, fits, state, OVERFLOW);
    if rule.wraps() {
        return wrapping_quotient(emitter, lhs, rhs, minus);
    }
    let quotient = emitter.i64("arith.divsi", lhs, rhs);
    let remainder = emitter.i64("arith.remsi", lhs, rhs);
    let below = emitter.i64("arith.subi", quotient, emitter.int(1));
    emitter.select(has_other_sign(emitter, remainder, rhs), below, quotient)
}

/// The machine traps on the least integer by -1, whose quotient wraps around to itself.
fn wrapping_quotient<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    minus: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let safe = emitter.select(minus, emitter.int(1), rhs);
    let quotient = emitter.i64("arith.divsi", lhs, safe);
    let remainder = emitter.i64("arith.remsi", lhs, safe);
    let below = emitter.i64("arith.subi", quotient, emitter.int(1));
    let floor = emitter.select(has_other_sign(emitter, remainder, rhs), below, quotient);
    let negated = emitter.i64("arith.subi", emitter.int(0), lhs);
    emitter.select(minus, negated, floor)
}

/// The remainder that has the divisor's sign.
pub(super) fn modulo<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if rule.nosign {
        guard_divisor(emitter, rhs, state);
        return emitter.i64("arith.remui", lhs, rhs);
    }
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
