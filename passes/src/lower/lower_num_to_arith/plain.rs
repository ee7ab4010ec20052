//! Arithmetic on integers of 64 bits for which the machine has the right answer.

use super::{emit::Emitter, rule::Rule};
use crate::{
    analysis::intervals::Intervals,
    builder::CmpiPredicate,
    cfg::Cfg,
    collections::HashSet,
    inspect::{arith_constant as constant, op_key, op_name},
};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::{Types, operations};

/// The ops whose operands are between such bounds that nothing can go wrong.
///
/// All are found before any is lowered: the analysis knows values by their addresses.
pub(super) fn find<'c>(types: &Types<'c>, function: OperationRef<'c, '_>) -> HashSet<usize> {
    let Ok(region) = function.region(0) else {
        return HashSet::default();
    };
    let cfg = Cfg::new(region);
    let candidates: Vec<_> = cfg
        .blocks
        .iter()
        .flat_map(|block| operations(*block))
        .filter(|op| CANDIDATES.contains(&op_name(*op)) && !Rule::of(*op).nosign)
        .collect();
    if candidates.is_empty() {
        return HashSet::default();
    }
    let intervals = Intervals::new(types, &cfg);
    candidates
        .into_iter()
        .filter(|op| is_plain(&intervals, *op))
        .map(op_key)
        .collect()
}

const CANDIDATES: [&str; 6] = [
    "num.add",
    "num.sub",
    "num.mul",
    "num.floordiv",
    "num.mod",
    "num.range_length",
];

fn is_plain(intervals: &Intervals, op: OperationRef) -> bool {
    let operands: Vec<_> = op.operands().collect();
    match (op_name(op), &operands[..]) {
        ("num.floordiv" | "num.mod", &[lhs, rhs, _]) => {
            intervals.of(lhs).low >= 0 && intervals.of(rhs).low > 0
        }
        // From zero or more by ones, neither the length nor a step beyond the end is out of reach.
        ("num.range_length", &[start, stop, step, _]) => {
            let counts_up = constant(step) == Some(1) && intervals.of(start).low >= 0;
            counts_up || constant_length([start, stop, step]).is_some()
        }
        (name, &[lhs, rhs, _]) => intervals.fits(&name["num.".len()..], lhs, rhs),
        _ => false,
    }
}

/// The length of a range of constants that are far from the ends of what 64 bits hold.
fn constant_length(range: [Value; 3]) -> Option<i64> {
    const FAR: i64 = 1 << 60;
    let [start, stop, step] = range.map(constant);
    let [start, stop, step] = [start?, stop?, step?];
    let is_near = |number: i64| (-FAR..=FAR).contains(&number);
    if step == 0 || ![start, stop, step].into_iter().all(is_near) {
        return None;
    }
    let (way, size) = match step > 0 {
        true => (stop - start, step),
        false => (start - stop, -step),
    };
    Some((way.max(0) + size - 1) / size)
}

/// The op of the machine.
pub(super) fn lower<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let operands: Vec<_> = op.operands().collect();
    Some(match (op_name(op), &operands[..]) {
        ("num.add", &[lhs, rhs, _]) => emitter.i64("arith.addi", lhs, rhs),
        ("num.sub", &[lhs, rhs, _]) => emitter.i64("arith.subi", lhs, rhs),
        ("num.mul", &[lhs, rhs, _]) => emitter.i64("arith.muli", lhs, rhs),
        ("num.floordiv", &[lhs, rhs, _]) => emitter.i64("arith.divui", lhs, rhs),
        ("num.mod", &[lhs, rhs, _]) => emitter.i64("arith.remui", lhs, rhs),
        ("num.range_length", &[start, stop, step, _]) => length(emitter, [start, stop, step]),
        _ => return None,
    })
}

fn length<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, range: [Value<'c, 'a>; 3]) -> Value<'c, 'a> {
    if let Some(length) = constant_length(range) {
        return emitter.int(length);
    }
    let [start, stop, _] = range;
    let empty = emitter.cmpi(CmpiPredicate::Sge, start, stop);
    let distance = emitter.i64("arith.subi", stop, start);
    emitter.select(empty, emitter.int(0), distance)
}
