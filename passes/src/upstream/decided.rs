//! Branches that are decided, taken before MLIR folds them.
//!
//! ```mlir
//! // before
//!   %false = arith.constant false
//!   cf.cond_br %false, ^head(%x : i64), ^exit
//! ^head(%y: i64):
//!   cf.br ^head(%y : i64)
//! // after
//!   cf.br ^exit
//! ```
//!
//! MLIR's canonicaliser would go on with `^head`, which nothing reaches any more, in the same round. It merges a block into
//! its only predecessor, and has the arguments replaced by what that passes on: here `%y` by itself, which it goes on to use
//! when the block is gone. So it must not see a loop become unreachable.
//!
//! What is known here is what arithmetic on constants yields, and comparisons of an integer with itself.

use crate::{
    cfg::{drop_unreachable, edges, erase, name_of},
    cursor::Cursor,
    inspect::{arith_constant, defining_op, int_attribute, value_key},
};
use melior::{
    Context,
    ir::{
        BlockLike, Module, OperationRef, RegionLike, Value,
        attribute::{ArrayAttribute, FloatAttribute},
        operation::OperationLike,
    },
};
use stepwell_dialects::ir::{Types, blocks, functions};

/// Conditions that are made of more are left to MLIR.
const DEEPEST: usize = 8;

/// Makes plain branches of those on what is known, and drops what nothing reaches.
pub(super) fn take<'c>(context: &'c Context, module: &Module<'c>) {
    let types = Types::new(context);
    for function in functions(module) {
        let Some(region) = function.region(0).ok() else {
            continue;
        };
        let ends = blocks(region).into_iter();
        let ends: Vec<_> = ends.filter_map(|block| block.terminator()).collect();
        let mut has_decided = false;
        for branch in ends {
            has_decided |= decide(context, types, branch).is_some();
        }
        if has_decided && region.first_block().is_some() {
            drop_unreachable(region);
        }
    }
}

fn decide<'c, 'a>(
    context: &'c Context,
    types: Types<'c>,
    branch: OperationRef<'c, 'a>,
) -> Option<()> {
    (name_of(branch) == "cf.cond_br").then_some(())?;
    let truth = truth(branch.operand(0).ok()?, 0)?;
    let edge = edges(branch).into_iter().nth(usize::from(!truth))?;
    let cursor = Cursor::before(context, types, branch);
    cursor.branch("cf.br", &edge.operands, &[], &[], &[edge.target]);
    erase(branch);
    Some(())
}

/// Whether a condition holds, as far as constants tell.
fn truth(condition: Value, depth: usize) -> Option<bool> {
    if let Some(constant) = arith_constant(condition) {
        return Some(constant != 0);
    }
    let op = defining_op(condition).filter(|_| depth < DEEPEST)?;
    let side = |index| op.operand(index).ok();
    let part = |index| truth(side(index)?, depth + 1);
    match name_of(op) {
        "arith.andi" => match (part(0), part(1)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (one, other) => Some(one? && other?),
        },
        "arith.ori" => match (part(0), part(1)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (one, other) => Some(one? || other?),
        },
        "arith.xori" => Some(part(0)? != part(1)?),
        "arith.cmpi" if value_key(side(0)?) == value_key(side(1)?) => {
            compares(int_attribute(op, "predicate")?, 0, 0)
        }
        "arith.cmpf" => {
            let (one, other) = (number(side(0)?, depth)?, number(side(1)?, depth)?);
            compares_floats(int_attribute(op, "predicate")?, one, other)
        }
        "arith.cmpi" => {
            let (one, other) = (arith_constant(side(0)?)?, arith_constant(side(1)?)?);
            compares(int_attribute(op, "predicate")?, one, other)
        }
        _ => None,
    }
}

/// What an `arith.cmpi` yields, by the number of its predicate.
fn compares(predicate: i64, one: i64, other: i64) -> Option<bool> {
    let (low, high) = (one as u64, other as u64);
    Some(match predicate {
        0 => one == other,
        1 => one != other,
        2 => one < other,
        3 => one <= other,
        4 => one > other,
        5 => one >= other,
        6 => low < high,
        7 => low <= high,
        8 => low > high,
        9 => low >= high,
        _ => return None,
    })
}

/// The float that a value is, as far as constants tell.
fn number(value: Value, depth: usize) -> Option<f64> {
    let op = defining_op(value).filter(|_| depth < DEEPEST)?;
    let side = |index| number(op.operand(index).ok()?, depth + 1);
    Some(match name_of(op) {
        "arith.constant" => FloatAttribute::try_from(op.attribute("value").ok()?)
            .ok()?
            .value(),
        "arith.sitofp" => arith_constant(op.operand(0).ok()?)? as f64,
        "arith.addf" => side(0)? + side(1)?,
        "arith.subf" => side(0)? - side(1)?,
        "arith.mulf" => side(0)? * side(1)?,
        "arith.divf" => side(0)? / side(1)?,
        "arith.negf" => -side(0)?,
        "math.absf" => side(0)?.abs(),
        "math.sqrt" => side(0)?.sqrt(),
        "complex.re" => part(op.operand(0).ok()?, 0, depth + 1)?,
        "complex.im" => part(op.operand(0).ok()?, 1, depth + 1)?,
        _ => return None,
    })
}

/// The real (0) or imaginary (1) part of a complex number, as far as constants tell.
fn part(value: Value, index: usize, depth: usize) -> Option<f64> {
    let op = defining_op(value).filter(|_| depth < DEEPEST)?;
    let side = |number| part(op.operand(number).ok()?, index, depth + 1);
    Some(match name_of(op) {
        "complex.create" => number(op.operand(index).ok()?, depth + 1)?,
        "complex.constant" => {
            let parts = ArrayAttribute::try_from(op.attribute("value").ok()?).ok()?;
            FloatAttribute::try_from(parts.element(index).ok()?)
                .ok()?
                .value()
        }
        "complex.add" => side(0)? + side(1)?,
        "complex.sub" => side(0)? - side(1)?,
        "complex.neg" => -side(0)?,
        _ => return None,
    })
}

/// What an `arith.cmpf` yields, by the number of its predicate.
fn compares_floats(predicate: i64, one: f64, other: f64) -> Option<bool> {
    let unordered = one.is_nan() || other.is_nan();
    Some(match predicate {
        0 => false,
        1 => one == other,
        2 => one > other,
        3 => one >= other,
        4 => one < other,
        5 => one <= other,
        6 => !unordered && one != other,
        7 => !unordered,
        8 => unordered || one == other,
        9 => unordered || one > other,
        10 => unordered || one >= other,
        11 => unordered || one < other,
        12 => unordered || one <= other,
        13 => unordered || one != other,
        14 => unordered,
        15 => true,
        _ => return None,
    })
}
