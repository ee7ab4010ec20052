//! Indices of arrays, and what NumPy warns of.

use super::emit::{Emitter, Site};
use crate::{
    builder::{Builder, CmpfPredicate, CmpiPredicate, erase},
    cursor::{Cursor, Weights},
    inspect::{int_attribute, str_attribute},
};
use melior::ir::{Block, BlockLike, OperationRef, RegionLike, Value, operation::OperationLike};
use stepwell_dialects::ir::split_block_before;

/// An index that is less than zero counts from the end.
pub(super) fn unchecked_index<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    index: Value<'c, 'a>,
    length: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let negative = emitter.cmpi(CmpiPredicate::Slt, index, emitter.int(0));
    let from_end = emitter.i64("arith.addi", index, length);
    emitter.select(negative, from_end, index)
}

/// The same for one that is checked. Without a sign, one that is less than zero is a large one, so that a single
/// comparison tells what most indices are; the others are looked at in a block of their own. There an index beyond the
/// length stays beyond it when the length is added.
pub(super) fn index<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    op: OperationRef<'c, 'a>,
    index: Value<'c, 'a>,
    length: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let site = emitter.site;
    let reason = str_attribute(op, "reason").unwrap_or("the index is out of bounds");
    let inside = emitter.cmpi(CmpiPredicate::Ult, index, length);
    let before = op.block()?;
    let region = before.parent_region()?;
    let rest = split_block_before(op);
    let place = rest.add_argument(site.types.i64, op.location());
    let closer = region.insert_block_after(before, Block::new(&[]));
    let cursor = |block| Cursor::at_end(site.context, site.types, block, op.location());
    cursor(before).choose_with(inside, (rest, &[index]), (closer, &[]), Weights::Hot);
    let from_end =
        Builder::at(cursor(closer)).value("arith.addi", &[index, length], site.types.i64);
    let jump = cursor(closer).jump(rest, &[from_end]);
    let emitter = site.emitter(jump);
    let inside = emitter.cmpi(CmpiPredicate::Ult, from_end, length);
    emitter.guard(inside, state, reason);
    Some(place)
}

/// A finite result needs no closer look; that it is not finite is looked at in a block of its own.
pub(super) fn quiet<'c, 'a>(site: &Site<'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
    let operands: Vec<_> = op.operands().collect();
    let [value, inputs @ .., state] = &operands[..] else {
        return None;
    };
    let before = op.block()?;
    let finite = is_finite(&site.emitter(op), *value);
    let rest = split_block_before(op);
    let region = before.parent_region()?;
    let closer = region.insert_block_after(before, Block::new(&[]));
    let cursor = |block| Cursor::at_end(site.context, site.types, block, op.location());
    cursor(before).choose(finite, rest, closer, Weights::Hot);
    let jump = cursor(closer).jump(rest, &[]);
    let emitter = site.emitter(jump);
    let warns = warns(&emitter, *value, inputs);
    let reason = str_attribute(op, "reason").unwrap_or("NumPy warns of the result");
    emitter.guard(emitter.not(warns), *state, reason);
    erase(op);
    Some(())
}

/// `num.keep` and `num.restore`
pub(super) fn keep<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, op: OperationRef<'c, 'a>, symbol: &str) {
    let number = |name| emitter.int(int_attribute(op, name).unwrap_or_default());
    let operands: Vec<_> = op.operands().collect();
    if let [count, address, stride] = operands[..] {
        let arguments = [number("buffer"), count, number("size"), address, stride];
        emitter.call(symbol, &arguments);
    }
}

fn is_finite<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    let size = emitter.value("math.absf", &[value], emitter.types().f64);
    emitter.cmpf(CmpfPredicate::Olt, size, emitter.float(f64::INFINITY))
}

/// Whether the value is infinite and no input is, or not a number and no input is.
fn warns<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    value: Value<'c, 'a>,
    inputs: &[Value<'c, 'a>],
) -> Value<'c, 'a> {
    let is_nan = |value| emitter.cmpf(CmpfPredicate::Uno, value, value);
    let is_infinite = |value| {
        let size = emitter.value("math.absf", &[value], emitter.types().f64);
        emitter.cmpf(CmpfPredicate::Oeq, size, emitter.float(f64::INFINITY))
    };
    let any = |test: &dyn Fn(Value<'c, 'a>) -> Value<'c, 'a>| {
        let tests = inputs.iter().map(|input| test(*input));
        tests
            .reduce(|one, other| emitter.either(one, other))
            .unwrap_or_else(|| emitter.bool(false))
    };
    let invalid = emitter.both(is_nan(value), emitter.not(any(&is_nan)));
    let overflow = emitter.both(is_infinite(value), emitter.not(any(&is_infinite)));
    emitter.either(invalid, overflow)
}
