//! Takes away the checks for overflow of what only its low bits are needed of.
//!
//! ```mlir
//! // before: h = (h * 31 + i) & 0xffffffff
//!   %0 = num.mul %h, %c31 at %s1
//!   %1 = num.add %0, %i at %s2
//!   %2 = arith.andi %1, %mask : i64
//! // after
//!   %0 = arith.muli %h, %c31 : i64
//!   %1 = arith.addi %0, %i : i64
//!   %2 = arith.andi %1, %mask : i64
//! ```
//!
//! A mask that is not negative has at most 63 bits, and so has a remainder by a power of two. The low bits of sums,
//! differences, products, shifts to the left and of bitwise ops depend on the low bits of the operands alone, so that what
//! wraps around in between is as good as Python's long integer: nobody else looks at it.
//!
//! *Requires*: level `typed`. *Ensures*: nothing. *Leaves alone*: results that are used elsewhere, also in the frame state of
//! an op that stays; arithmetic whose overflow is a rule of the mode.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::hidden::{is_exact, is_hidden, is_power_of_two},
    cfg::{Cfg, erase, name_of, operand_of},
    collections::{IndexMap, IndexSet},
    function::{Function, for_each_function},
    inspect::{arith_constant, defining_op, op_key, result},
};
use melior::{
    Context,
    ir::{Module, OperationRef, ValueLike, operation::OperationLike},
};
use stepwell_dialects::ir::{operations, replace_uses};

/// See the [module](self).
#[derive(Debug)]
pub struct WrapMasked;

impl Pass for WrapMasked {
    fn name(&self) -> &str {
        "wrap-masked"
    }

    fn description(&self) -> &str {
        "Take away the checks for overflow of what only its low bits are needed of."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("wrap-masked", context, module, |function| {
            let cfg = Cfg::new(function.region);
            let all = cfg.blocks.iter().flat_map(|block| operations(*block));
            let masks: Vec<_> = all.filter(|op| is_mask(*op)).collect();
            let mut changed = false;
            for mask in masks {
                let wrapped = behind(function, mask).into_iter();
                if wrapped.filter_map(|op| wrap(function, op)).count() > 0 {
                    take_mask(function, mask);
                    changed = true;
                }
            }
            Ok(PassOutcome::from(changed))
        })
    }
}

/// Whether an op yields some low bits of its first operand.
fn is_mask(op: OperationRef) -> bool {
    let number = operand_of(op, 1).and_then(arith_constant);
    match name_of(op) {
        "arith.andi" => number.is_some_and(|mask| mask >= 0),
        "num.mod" => operand_of(op, 1).is_some_and(is_power_of_two) && is_exact(op),
        _ => false,
    }
}

/// Whether the low bits of the result depend on no other bits of the operands.
fn keeps_low_bits(op: OperationRef) -> bool {
    match name_of(op) {
        "num.add" | "num.sub" | "num.mul" | "num.neg" => is_exact(op),
        "num.shl" => {
            let count = operand_of(op, 1).and_then(arith_constant);
            is_exact(op) && count.is_some_and(|count| (0..64).contains(&count))
        }
        "arith.andi" | "arith.ori" | "arith.xori" => true,
        _ => false,
    }
}

/// So many ops are looked at for a mask: a long expression with many masks takes no longer than its length.
const MOST: usize = 64;

/// The ops that nothing but the mask looks at, by way of each other.
fn behind<'c, 'a>(
    function: &Function<'c, 'a>,
    mask: OperationRef<'c, 'a>,
) -> Vec<OperationRef<'c, 'a>> {
    let mut found: IndexMap<usize, OperationRef<'c, 'a>> = IndexMap::default();
    let mut waiting = vec![mask];
    while let Some(op) = waiting.pop() {
        for made in op.operands().filter_map(defining_op) {
            let is_number =
                result(made, 0).is_some_and(|value| value.r#type() == function.types.i64);
            // What is behind another mask is that one's.
            let goes_on = is_number && keeps_low_bits(made) && !is_mask(made);
            if goes_on && found.len() < MOST && found.insert(op_key(made), made).is_none() {
                waiting.push(made);
            }
        }
    }
    // What stays needs its operands as they are.
    loop {
        let inside: IndexSet<usize> = found.keys().copied().chain([op_key(mask)]).collect();
        let before = found.len();
        found.retain(|_, op| {
            let is_inside = |op: OperationRef| inside.contains(&op_key(op));
            result(*op, 0).is_some_and(|value| is_hidden(value, is_inside))
        });
        if found.len() == before {
            return found.into_values().collect();
        }
    }
}

/// Puts the op of the machine in place of one that checks.
fn wrap<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
    let cursor = function.before(op);
    let i64 = function.types.i64;
    let lhs = operand_of(op, 0)?;
    let new = match name_of(op) {
        "num.neg" => {
            let zero = cursor.value("arith.constant", &[], i64, &[("value", cursor.i64(0))]);
            cursor.value("arith.subi", &[zero, lhs], i64, &[])
        }
        name => {
            let name = match name {
                "num.add" => "arith.addi",
                "num.sub" => "arith.subi",
                "num.mul" => "arith.muli",
                "num.shl" => "arith.shli",
                _ => return None,
            };
            cursor.value(name, &[lhs, operand_of(op, 1)?], i64, &[])
        }
    };
    replace_uses(result(op, 0)?, new);
    erase(op);
    Some(())
}

/// Makes a mask of a remainder by a power of two.
fn take_mask<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
    let by = operand_of(op, 1).filter(|_| name_of(op) == "num.mod");
    let bits = arith_constant(by?)? - 1;
    let cursor = function.before(op);
    let i64 = function.types.i64;
    let mask = cursor.value("arith.constant", &[], i64, &[("value", cursor.i64(bits))]);
    let new = cursor.value("arith.andi", &[operand_of(op, 0)?, mask], i64, &[]);
    replace_uses(result(op, 0)?, new);
    erase(op);
    Some(())
}
