//! Floats, and integers that meet them.

use super::{emit::Emitter, rule::Rule};
use crate::{
    builder::{CmpfPredicate, CmpiPredicate, erase},
    cursor::{Cursor, Weights},
    inspect::int_attribute,
};
use melior::ir::{Block, BlockLike, OperationRef, RegionLike, Value, operation::OperationLike};
use stepwell_dialects::ir::split_block_before;

/// Up to here every integer is a float, and the quotient of the floats is the rounded quotient.
const EXACT: i64 = 1 << 53;
const ZERO: &str = "division by zero";

/// In the order of Python's comparisons; a NaN is unequal to everything.
const PREDICATES: [CmpfPredicate; 6] = [
    CmpfPredicate::Olt,
    CmpfPredicate::Ole,
    CmpfPredicate::Oeq,
    CmpfPredicate::Une,
    CmpfPredicate::Ogt,
    CmpfPredicate::Oge,
];

pub(super) fn divide_integers<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    emitter.guard(emitter.is_not(rhs, 0), state, ZERO);
    if !rule.is_exact() {
        let nosign = emitter.int(i64::from(rule.nosign));
        return emitter.call("sw_div_int", &[lhs, rhs, nosign]);
    }
    let exact = emitter.both(is_exact(emitter, lhs), is_exact(emitter, rhs));
    emitter.guard(exact, state, "an operand is beyond 2**53");
    emitter.f64("arith.divf", to_float(emitter, lhs), to_float(emitter, rhs))
}

pub(super) fn divide<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    guard_divisor(emitter, rhs, state);
    emitter.f64("arith.divf", lhs, rhs)
}

pub(super) fn floor_divide<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    guard_divisor(emitter, rhs, state);
    emitter.call("sw_floordiv_float", &[lhs, rhs])
}

pub(super) fn modulo<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    guard_divisor(emitter, rhs, state);
    emitter.call("sw_mod_float", &[lhs, rhs])
}

/// A NaN is no zero, so that it passes.
fn guard_divisor<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    divisor: Value<'c, 'a>,
    state: Value<'c, 'a>,
) {
    let divides = emitter.cmpf(CmpfPredicate::Une, divisor, emitter.float(0.0));
    emitter.guard(divides, state, ZERO);
}

/// Of a finite number above zero to a finite number, the C library's power is Python's, if it is finite, too. Everything
/// else is asked of the runtime in a block of its own.
pub(super) fn power<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    op: OperationRef<'c, 'a>,
    [lhs, rhs]: [Value<'c, 'a>; 2],
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let (site, f64) = (emitter.site, emitter.types().f64);
    let infinite = emitter.float(f64::INFINITY);
    let above = emitter.cmpf(CmpfPredicate::Ogt, lhs, emitter.float(0.0));
    let below = emitter.cmpf(CmpfPredicate::Olt, lhs, infinite);
    let size = emitter.value("math.absf", &[rhs], f64);
    let finite = emitter.cmpf(CmpfPredicate::Olt, size, infinite);
    let plain = emitter.both(emitter.both(above, below), finite);
    let before = op.block()?;
    let region = before.parent_region()?;
    let rest = split_block_before(op);
    let answer = rest.add_argument(f64, op.location());
    let closer = region.insert_block_after(before, Block::new(&[]));
    let fast = region.insert_block_after(before, Block::new(&[]));
    let cursor = |block| Cursor::at_end(site.context, site.types, block, op.location());
    cursor(before).choose(plain, fast, closer, Weights::Hot);
    let jump = cursor(fast).jump(closer, &[]);
    let emitter = site.emitter(jump);
    let power = emitter.pure("sw_pow_of_finite", &[lhs, rhs]);
    let finite = emitter.cmpf(CmpfPredicate::Olt, power, infinite);
    erase(jump);
    cursor(fast).choose_with(finite, (rest, &[power]), (closer, &[]), Weights::Hot);
    let jump = cursor(closer).jump(rest, &[lhs]);
    let power = any_power(&site.emitter(jump), lhs, rhs, state);
    cursor(closer).jump(rest, &[power]);
    erase(jump);
    Some(answer)
}

fn any_power<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    if emitter.site.own {
        guard_real(emitter, lhs, rhs, state);
        let out = emitter.ask("sw_pow_float", &[lhs, rhs], state, "the function raises");
        return emitter.load(out, 0, emitter.types().f64);
    }
    let out = emitter.ask(
        "sw_pow_float",
        &[lhs, rhs],
        state,
        "the power is not a float",
    );
    emitter.load(out, 0, emitter.types().f64)
}

/// A finite number below zero has complex powers with fractions.
fn guard_real<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    base: Value<'c, 'a>,
    exponent: Value<'c, 'a>,
    state: Value<'c, 'a>,
) {
    let below = emitter.cmpf(CmpfPredicate::Olt, base, emitter.float(0.0));
    let infinite = emitter.float(f64::NEG_INFINITY);
    let finite = emitter.cmpf(CmpfPredicate::Ogt, base, infinite);
    let floor = emitter.value("math.floor", &[exponent], emitter.types().f64);
    // An infinity is its own floor, and a NaN is not ordered.
    let fraction = emitter.cmpf(CmpfPredicate::One, floor, exponent);
    let complex = emitter.both(emitter.both(below, finite), fraction);
    let reason = "the power of a number below zero is complex";
    emitter.guard_raising(emitter.not(complex), state, reason, "ValueError");
}

pub(super) fn compare<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    op: OperationRef<'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let number = usize::try_from(int_attribute(op, "predicate")?).ok()?;
    let predicate = *PREDICATES.get(number)?;
    if !rule.is_exact() {
        let kind = emitter.int(number as i64);
        let nosign = emitter.int(i64::from(rule.nosign));
        let holds = emitter.call("sw_compare_int_float", &[lhs, rhs, kind, nosign]);
        return Some(emitter.is_nonzero(holds));
    }
    emitter.guard(is_exact(emitter, lhs), state, "the integer is beyond 2**53");
    Some(emitter.cmpf(predicate, to_float(emitter, lhs), rhs))
}

/// Towards zero, as `int(f)`. A NaN fails both comparisons.
pub(super) fn truncate<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    value: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if !rule.is_exact() {
        return truncate_by_rule(emitter, rule, value, state);
    }
    let above = emitter.cmpf(CmpfPredicate::Oge, value, emitter.float(-LIMIT));
    let below = emitter.cmpf(CmpfPredicate::Olt, value, emitter.float(LIMIT));
    emitter.guard(
        emitter.both(above, below),
        state,
        "the integer needs more than 64 bits",
    );
    emitter.value("arith.fptosi", &[value], emitter.types().i64)
}

/// The interpreter raises for an infinity and a NaN; the runtime yields the integer modulo 2**64, and whether that is
/// all of it.
fn truncate_by_rule<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    value: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let distance = emitter.f64("arith.subf", value, value);
    let finite = emitter.cmpf(CmpfPredicate::Oeq, distance, emitter.float(0.0));
    emitter.guard(finite, state, "the float is not finite");
    let nosign = emitter.int(i64::from(rule.nosign));
    let fits = emitter.call("sw_truncate_wrapping", &[value, nosign, emitter.out()]);
    let reason = "the integer needs more than 64 bits";
    rule.guard(emitter, || emitter.is_nonzero(fits), state, reason);
    emitter.load(emitter.out(), 0, emitter.types().i64)
}

fn to_float<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    emitter.value("arith.sitofp", &[value], emitter.types().f64)
}

/// Whether an integer is between -2**53 and 2**53, by one unsigned comparison.
fn is_exact<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    let raised = emitter.i64("arith.addi", value, emitter.int(EXACT));
    emitter.cmpi(CmpiPredicate::Ule, raised, emitter.int(2 * EXACT))
}
