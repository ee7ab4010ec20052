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
//! Comparisons of integer constants are found here. Where something else can be folded, MLIR's own constant propagation
//! says first what comes of it, by the same rules that the canonicaliser folds by.

use super::UpstreamPass;
use crate::{
    PassError,
    cfg::{drop_unreachable, edges, erase, name_of},
    cursor::Cursor,
    inspect::{arith_constant, defining_op, int_attribute, value_key},
};
use melior::{
    Context,
    ir::{BlockLike, Module, OperationRef, RegionLike, Value, operation::OperationLike},
    pass,
};
use stepwell_dialects::ir::{Types, blocks, functions, operations};

/// Conditions that are made of more are left to MLIR.
const DEEPEST: usize = 8;

/// Makes plain branches of those on what is known, and drops what nothing reaches.
///
/// # Errors
///
/// [`PassError::Bug`] when the constant propagation fails.
pub(super) fn take<'c>(context: &'c Context, module: &Module<'c>) -> Result<(), PassError> {
    let types = Types::new(context);
    if functions(module).into_iter().any(has_foldable) {
        PROPAGATE.apply(context, module)?;
    }
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
    Ok(())
}

static PROPAGATE: UpstreamPass = UpstreamPass::new(
    "sccp",
    "Propagate constants along the ways that are taken (MLIR's own).",
    || vec![pass::transform::create_sccp()],
);

/// Whether there is a condition among the ops of a function, or something that one could be made of, that MLIR may fold and
/// [`truth`] does not know.
fn has_foldable(function: OperationRef) -> bool {
    let ops = function.regions().flat_map(blocks).flat_map(operations);
    ops.into_iter().any(|op| {
        let is_upstream = FOLDED
            .iter()
            .any(|dialect| name_of(op).starts_with(dialect));
        is_upstream && op.operand_count() > 0 && truth_of(op, 0).is_none() && folds(op)
    })
}

/// The dialects whose ops MLIR folds.
const FOLDED: [&str; 3] = ["arith.", "math.", "complex."];

/// Ops on numbers or truth values that are known when two operands are the same.
const KNOWN_OF_EQUALS: [&str; 6] = [
    "arith.andi",
    "arith.cmpi",
    "arith.ori",
    "arith.select",
    "arith.subi",
    "arith.xori",
];

/// Whether all operands are constants, or two are the same and that tells the result.
fn folds(op: OperationRef) -> bool {
    let operands: Vec<_> = op.operands().collect();
    let is_constant = |value: &Value| {
        let made = defining_op(*value).map(name_of);
        made.is_some_and(|name| matches!(name, "arith.constant" | "complex.constant"))
    };
    let mut keys: Vec<_> = operands.iter().map(|value| value_key(*value)).collect();
    keys.sort_unstable();
    let equals = keys.windows(2).any(|pair| pair[0] == pair[1]);
    operands.iter().all(is_constant) || equals && KNOWN_OF_EQUALS.contains(&name_of(op))
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
    truth_of(defining_op(condition)?, depth)
}

fn truth_of(op: OperationRef, depth: usize) -> Option<bool> {
    if depth >= DEEPEST {
        return None;
    }
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
