//! Division of integers of 64 bits.

use super::{
    emit::{Emitter, Site},
    integers::with_overflow,
    rule::Rule,
};
use crate::{
    builder::{CmpiPredicate, erase},
    cursor::{Cursor, Weights},
    inspect::{arith_constant as constant, result},
};
use melior::ir::{Block, BlockLike, OperationRef, RegionLike, Value, operation::OperationLike};
use stepwell_dialects::ir::{insert_block_argument, replace_uses, split_block_before};

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

/// The remainder of a product and a sum: the machine's where they have 64 bits, else the runtime's.
pub(super) fn modulo_of_product<'c, 'a>(
    site: &Site<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<()> {
    let operands: Vec<_> = op.operands().collect();
    let &[lhs, rhs, addend, divisor, state] = &operands[..] else {
        return None;
    };
    let emitter = site.emitter(op);
    guard_divisor(&emitter, divisor, state);
    let (product, beyond) = with_overflow(&emitter, "smul", lhs, rhs);
    let (sum, too_far) = with_overflow(&emitter, "sadd", product, addend);
    let is_long = emitter.either(beyond, too_far);

    let (context, types, location) = (site.context, site.types, op.location());
    let before = op.block()?;
    let rest = split_block_before(op);
    let region = before.parent_region()?;
    let [long, short] = [(), ()].map(|()| region.insert_block_after(before, Block::new(&[])));
    let value = insert_block_argument(rest, 0, types.i64, location);
    Cursor::at_end(context, types, before, location).choose(is_long, long, short, Weights::Cold);
    let at_end = |block| Cursor::at_end(context, types, block, location);
    let remainder = site
        .emitter_at(at_end(long))
        .call("sw_mulmod", &[lhs, rhs, addend, divisor]);
    at_end(long).jump(rest, &[remainder]);
    let remainder = modulo(
        &site.emitter_at(at_end(short)),
        Rule::of(op),
        sum,
        divisor,
        state,
    );
    at_end(short).jump(rest, &[remainder]);
    replace_uses(result(op, 0)?, value);
    erase(op);
    Some(())
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
