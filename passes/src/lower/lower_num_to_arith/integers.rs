//! Integers of 64 bits.

use super::{emit::Emitter, rule::Rule};
use crate::{
    builder::CmpiPredicate,
    inspect::{arith_constant as constant, int_attribute},
};
use melior::ir::{OperationRef, Type, Value, r#type::IntegerType};

const OVERFLOW: &str = "the result needs more than 64 bits";

/// Addition, subtraction or multiplication.
pub(super) fn checked<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    what: &str,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if rule.wraps() {
        return emitter.i64(&format!("arith.{what}i"), lhs, rhs);
    }
    let by = constant(rhs).or_else(|| constant(lhs));
    if let Some(by) = by.filter(|by| what == "mul" && !rule.nosign && SHORT.contains(by)) {
        let factor = if constant(rhs).is_some() { lhs } else { rhs };
        return multiply_shortly(emitter, rule, factor, by, state);
    }
    let sign = if rule.nosign { 'u' } else { 's' };
    let (value, overflow) = with_overflow(emitter, &format!("{sign}{what}"), lhs, rhs);
    rule.guard(emitter, || emitter.not(overflow), state, OVERFLOW);
    value
}

/// The result modulo 2**64, and whether that is not all of it.
pub(super) fn with_overflow<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    what: &str,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
) -> (Value<'c, 'a>, Value<'c, 'a>) {
    let types = emitter.types();
    let pair = Type::parse(emitter.site.context, "!llvm.struct<(i64, i1)>");
    let pair = pair.expect("a type of the LLVM dialect");
    let both = emitter.value(
        &format!("llvm.intr.{what}.with.overflow"),
        &[lhs, rhs],
        pair,
    );
    (
        emitter.member(both, 0, types.i64),
        emitter.member(both, 1, types.i1),
    )
}

/// Factors by which an address is computed, in a cycle; a multiplication that tells of its overflow takes three.
const SHORT: [i64; 3] = [3, 5, 9];

/// Looks at the factor, while the product is made.
fn multiply_shortly<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    factor: Value<'c, 'a>,
    by: i64,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let most = i64::MAX / by;
    let fits = || {
        let shifted = emitter.i64("arith.addi", factor, emitter.int(most));
        emitter.cmpi(CmpiPredicate::Ule, shifted, emitter.int(2 * most))
    };
    rule.guard(emitter, fits, state, OVERFLOW);
    emitter.i64("arith.muli", factor, emitter.int(by))
}

pub(super) fn negate<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    value: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let fits = || match rule.nosign {
        true => emitter.is(value, 0),
        false => emitter.is_not(value, i64::MIN),
    };
    rule.guard(emitter, fits, state, OVERFLOW);
    emitter.i64("arith.subi", emitter.int(0), value)
}

/// Less, or greater.
pub(super) fn ordering(rule: Rule, less: bool) -> CmpiPredicate {
    match (rule.nosign, less) {
        (false, true) => CmpiPredicate::Slt,
        (false, false) => CmpiPredicate::Sgt,
        (true, true) => CmpiPredicate::Ult,
        (true, false) => CmpiPredicate::Ugt,
    }
}

pub(super) fn absolute<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    value: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if rule.nosign {
        return value;
    }
    let negated = negate(emitter, rule, value, state);
    let negative = emitter.cmpi(CmpiPredicate::Slt, value, emitter.int(0));
    emitter.select(negative, negated, value)
}

pub(super) fn shift_left<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let near = emitter.cmpi(CmpiPredicate::Ult, rhs, emitter.int(64));
    if rule.is_exact() {
        let reason = "the count of the shift is negative or too large";
        emitter.guard(near, state, reason);
    } else {
        guard_count(emitter, rule, rhs, state);
    }
    // A shift by more than there are bits is undefined; it shifts everything out.
    let count = match rule.is_exact() {
        true => rhs,
        false => emitter.select(near, rhs, emitter.int(0)),
    };
    let shifted = emitter.i64("arith.shli", lhs, count);
    let back = match rule.nosign {
        true => emitter.i64("arith.shrui", shifted, count),
        false => emitter.i64("arith.shrsi", shifted, count),
    };
    let fits = || {
        let same = emitter.cmpi(CmpiPredicate::Eq, back, lhs);
        let lossless = emitter.either(emitter.both(near, same), emitter.is(lhs, 0));
        if rule.is_exact() { same } else { lossless }
    };
    rule.guard(emitter, fits, state, OVERFLOW);
    match rule.is_exact() {
        true => shifted,
        false => emitter.select(near, shifted, emitter.int(0)),
    }
}

/// The interpreter raises ValueError for a negative count.
fn guard_count<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    count: Value<'c, 'a>,
    state: Value<'c, 'a>,
) {
    if !rule.nosign {
        let forward = emitter.cmpi(CmpiPredicate::Sge, count, emitter.int(0));
        emitter.guard(forward, state, "the count of the shift is negative");
    }
}

pub(super) fn shift_right<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    guard_count(emitter, rule, rhs, state);
    if rule.nosign {
        let near = emitter.cmpi(CmpiPredicate::Ult, rhs, emitter.int(64));
        let count = emitter.select(near, rhs, emitter.int(0));
        let shifted = emitter.i64("arith.shrui", lhs, count);
        return emitter.select(near, shifted, emitter.int(0));
    }
    // All bits but the sign are gone after 63.
    let count = emitter.i64("arith.minsi", rhs, emitter.int(63));
    emitter.i64("arith.shrsi", lhs, count)
}

/// A power; squares and cubes by multiplication.
pub(super) fn power<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let times = |value| checked(emitter, rule, "mul", value, lhs, state);
    match constant(rhs) {
        Some(0) => emitter.int(1),
        Some(1) => lhs,
        Some(2) => times(lhs),
        Some(3) => times(times(lhs)),
        _ if rule.is_exact() => {
            let reason = "the power is not an integer of 64 bits";
            let out = emitter.ask("sw_pow_int", &[lhs, rhs], state, reason);
            emitter.load(out, 0, emitter.types().i64)
        }
        _ => general_power(emitter, rule, lhs, rhs, state),
    }
}

/// The runtime yields the power modulo 2**64, and whether that is all of it.
fn general_power<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if !rule.nosign {
        let whole = emitter.cmpi(CmpiPredicate::Sge, rhs, emitter.int(0));
        let reason = "a negative exponent, whose power is no integer";
        emitter.guard_raising(whole, state, reason, "ValueError");
    }
    let nosign = emitter.int(i64::from(rule.nosign));
    let fits = emitter.call("sw_pow_wrapping", &[lhs, rhs, nosign, emitter.out()]);
    rule.guard(emitter, || emitter.is_nonzero(fits), state, OVERFLOW);
    emitter.load(emitter.out(), 0, emitter.types().i64)
}

/// An integer as the signed integer of that many bits.
pub(super) fn fit<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    op: OperationRef<'c, 'a>,
    value: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let bits = u32::try_from(int_attribute(op, "bits")?).ok()?;
    let narrow = IntegerType::new(emitter.site.context, bits).into();
    let cut = emitter.value("arith.trunci", &[value], narrow);
    let fitted = emitter.value("arith.extsi", &[cut], emitter.types().i64);
    let fits = || emitter.cmpi(CmpiPredicate::Eq, fitted, value);
    rule.guard(
        emitter,
        fits,
        state,
        &format!("the result needs more than {bits} bits"),
    );
    Some(fitted)
}
