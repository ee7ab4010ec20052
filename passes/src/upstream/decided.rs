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

use crate::{
    cfg::{drop_unreachable, edges, erase, name_of},
    cursor::Cursor,
    inspect::{arith_constant, defining_op, int_attribute},
};
use melior::{
    Context,
    ir::{BlockLike, Module, OperationRef, RegionLike, Value, operation::OperationLike},
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
