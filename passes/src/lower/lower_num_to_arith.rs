//! `lower-num-to-arith`: spells Python's rules for numbers out in machine arithmetic.
//!
//! ```text
//!   %2 = num.add %0, %1 at %s
//! ```
//! becomes
//! ```text
//!   %2 = "llvm.intr.sadd.with.overflow"(%0, %1) : (i64, i64) -> !llvm.struct<(i64, i1)>
//!   %3 = llvm.extractvalue %2[0] : !llvm.struct<(i64, i1)>
//!   %4 = llvm.extractvalue %2[1] : !llvm.struct<(i64, i1)>
//!   %5 = arith.xori %4, %true : i1
//!   num.guard %5 at %s "integer overflow"
//! ```
//!
//! What can go wrong becomes a `num.guard` with its reason, in front of the op that would trap or be
//! undefined: a guard that fails never comes to it, and no result is used behind it. Powers, float
//! remainders and complex division are calls of the runtime, which has the interpreter's algorithms.
//!
//! *Requires* the ops of `num` in any position.
//! *Ensures* that of `num` only `num.guard` is left. Runtime functions that are called are declared.
//! *Not here*: making branches of the guards (`expand-edges`).

mod arrays;
mod complex;
mod emit;
mod floats;
mod integers;
mod ranges;

use crate::{
    Pass, PassError, PassOutcome,
    builder::erase,
    inspect::{op_name, result},
};
use emit::{Emitter, Site};
use melior::{
    Context,
    ir::{Module, OperationRef, RegionLike, Value, operation::OperationLike},
};
use stepwell_dialects::ir::{blocks, functions, operations, replace_uses};

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct LowerNumToArith;

impl Pass for LowerNumToArith {
    fn name(&self) -> &str {
        "lower-num-to-arith"
    }

    fn description(&self) -> &str {
        "Spell Python's rules for numbers out in machine arithmetic and guards."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let mut changed = false;
        for function in functions(module) {
            let region = function.region(0).ok();
            if let Some(entry) = region.and_then(|region| region.first_block()) {
                let site = Site::new(context, module.body(), entry);
                changed |= lower_function(&site, function);
            }
        }
        Ok(changed.into())
    }
}

fn lower_function<'c, 'a>(site: &Site<'c, 'a>, function: OperationRef<'c, 'a>) -> bool {
    let ops: Vec<_> = function
        .regions()
        .flat_map(blocks)
        .flat_map(operations)
        .collect();
    let mut changed = false;
    for op in ops {
        if op_name(op) == "num.quiet" {
            changed |= arrays::quiet(site, op).is_some();
            continue;
        }
        if let (Some(value), Some(old)) = (lower(&site.emitter(op), op), result(op, 0)) {
            replace_uses(old, value);
            erase(op);
            changed = true;
        }
    }
    changed
}

/// What an op computes, by other ops; `None` for an op that is not lowered here.
fn lower<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
    let operands: Vec<_> = op.operands().collect();
    Some(match (op_name(op), &operands[..]) {
        ("num.add", &[lhs, rhs, state]) => integers::checked(emitter, "sadd", lhs, rhs, state),
        ("num.sub", &[lhs, rhs, state]) => integers::checked(emitter, "ssub", lhs, rhs, state),
        ("num.mul", &[lhs, rhs, state]) => integers::checked(emitter, "smul", lhs, rhs, state),
        ("num.neg", &[value, state]) => integers::negate(emitter, value, state),
        ("num.abs", &[value, state]) => integers::absolute(emitter, value, state),
        ("num.floordiv", &[lhs, rhs, state]) => integers::floor_divide(emitter, lhs, rhs, state),
        ("num.mod", &[lhs, rhs, state]) => integers::modulo(emitter, lhs, rhs, state),
        ("num.shl", &[lhs, rhs, state]) => integers::shift_left(emitter, lhs, rhs, state),
        ("num.shr", &[lhs, rhs, state]) => integers::shift_right(emitter, lhs, rhs, state),
        ("num.pow", &[lhs, rhs, state]) => integers::power(emitter, lhs, rhs, state),
        ("num.truediv", &[lhs, rhs, state]) => floats::divide_integers(emitter, lhs, rhs, state),
        ("num.divf", &[lhs, rhs, state]) => floats::divide(emitter, lhs, rhs, state),
        ("num.floordivf", &[lhs, rhs, state]) => floats::floor_divide(emitter, lhs, rhs, state),
        ("num.modf", &[lhs, rhs, state]) => floats::modulo(emitter, lhs, rhs, state),
        ("num.powf", &[lhs, rhs, state]) => floats::power(emitter, lhs, rhs, state),
        ("num.cmp_mixed", &[lhs, rhs, state]) => floats::compare(emitter, op, lhs, rhs, state)?,
        ("num.float_to_int", &[value, state]) => floats::truncate(emitter, value, state),
        ("num.divc", &[lhs, rhs, state]) => complex::divide(emitter, lhs, rhs, state),
        ("num.powc", &[lhs, rhs, state]) => complex::power(emitter, lhs, rhs, state),
        ("num.absc", &[value, state]) => complex::absolute(emitter, value, state),
        ("num.index", &[index, length, state]) => arrays::index(emitter, index, length, state),
        ("num.range_length", &[start, stop, step, state]) => {
            ranges::length(emitter, [start, stop, step], state)
        }
        _ => return None,
    })
}
