//! Computes the short ways of a branch in a loop without branching.
//!
//! ```mlir
//! // before: n = n // 2 if n % 2 == 0 else 3 * n + 1
//!   cf.cond_br %even, ^half, ^more
//! ^half:
//!   %0 = arith.shrsi %n, %c1 : i64
//!   cf.br ^rest(%0 : i64)
//! ^more:
//!   %1 = ...                               // 3 * n + 1
//!   num.guard %fits at %s "the result needs more than 64 bits"
//!   cf.br ^rest(%1 : i64)
//! // after
//!   %0 = arith.shrsi %n, %c1 : i64
//!   %m = arith.select %even, %c0, %n : i64
//!   %1 = ...                               // 3 * m + 1
//!   num.guard %fits at %s "the result needs more than 64 bits"
//!   %2 = arith.select %even, %0, %1 : i64
//!   cf.br ^rest(%2 : i64)
//! ```
//!
//! LLVM does so by itself where a way does nothing but compute. A check for overflow keeps it from that, since it branches,
//! and where numbers decide at random each wrong prediction costs more than both ways together. A way that is not taken
//! computes with zeros, for which its guards hold. (To test in each guard whether its way is taken would be a branch again.)
//!
//! *Requires*: `num` is lowered. *Ensures*: nothing. *Leaves alone*: ways with more than a few ops, with division or
//! with effects, and branches of which one way is known to be rare.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{loops::natural_loops, slots::defining_op},
    builder::Builder,
    cfg::{Cfg, block_key, edges, erase, erase_block, name_of, op_key, operand_of, value_key},
    collections::{IndexMap, IndexSet},
    cursor::{Cursor, result_of},
    function::{Function, for_each_function},
    inspect::{arith_constant, int_attribute},
};
use melior::{
    Context,
    ir::{
        BlockLike, BlockRef, Module, Operation, OperationRef, Value, ValueLike,
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::ir::{operations, uses};

/// So many ops of the machine take less time than a wrong prediction.
const FEW: usize = 9;

/// See the [module](self).
#[derive(Debug)]
pub struct SpeculateArms;

impl Pass for SpeculateArms {
    fn name(&self) -> &str {
        "speculate-arms"
    }

    fn description(&self) -> &str {
        "Compute the short ways of a branch in a loop without branching."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("speculate-arms", context, module, |function| {
            let cfg = Cfg::new(function.region);
            let inside: IndexSet<usize> = natural_loops(&cfg).into_values().flatten().collect();
            let mut changed = false;
            // An inner branch first, so that it is part of the way that it is in.
            for place in (0..cfg.blocks.len()).rev() {
                if inside.contains(&place)
                    && let Some(branch) = Branch::of(function, cfg.blocks[place])
                {
                    branch.flatten(function);
                    changed = true;
                }
            }
            Ok(PassOutcome::from(changed))
        })
    }
}

/// One of the ways: its block, if there is one, and what it gives to the rest.
struct Arm<'c, 'a> {
    block: Option<BlockRef<'c, 'a>>,
    operands: Vec<Value<'c, 'a>>,
}

/// A branch whose ways meet again at once.
struct Branch<'c, 'a> {
    terminator: OperationRef<'c, 'a>,
    arms: [Arm<'c, 'a>; 2],
    rest: BlockRef<'c, 'a>,
}

impl<'c, 'a> Branch<'c, 'a> {
    fn of(function: &Function<'c, 'a>, block: BlockRef<'c, 'a>) -> Option<Self> {
        let terminator = block.terminator()?;
        if name_of(terminator) != "cf.cond_br" || terminator.has_attribute("branch_weights") {
            return None;
        }
        let ways = edges(terminator);
        let [yes, no] = &ways[..] else { return None };
        let (one, other) = (way_through(yes.target), way_through(no.target));
        let is = |left: BlockRef, right: BlockRef| block_key(left) == block_key(right);
        let arm = |block: BlockRef<'c, 'a>, operands| Arm {
            block: Some(block),
            operands,
        };
        let straight = |operands: &[Value<'c, 'a>]| Arm {
            block: None,
            operands: operands.to_vec(),
        };
        let (arms, rest) = match (one, other) {
            (Some((rest, given)), Some((same, also))) if is(rest, same) => {
                ([arm(yes.target, given), arm(no.target, also)], rest)
            }
            (Some((rest, given)), _) if is(rest, no.target) => {
                ([arm(yes.target, given), straight(&no.operands)], rest)
            }
            (_, Some((rest, given))) if is(rest, yes.target) => {
                ([straight(&yes.operands), arm(no.target, given)], rest)
            }
            _ => return None,
        };
        let found = Self {
            terminator,
            arms,
            rest,
        };
        (!is(rest, block) && found.pays(function)).then_some(found)
    }

    fn ops(&self) -> impl Iterator<Item = OperationRef<'c, 'a>> {
        self.arms.iter().flat_map(Arm::ops)
    }

    /// Whether there is a check, which keeps LLVM from it, and little else.
    fn pays(&self, function: &Function<'c, 'a>) -> bool {
        let i64 = function.types.i64;
        let costs: Option<Vec<_>> = self.ops().map(cost).collect();
        let checks = self.ops().any(|op| name_of(op) == "num.guard");
        let [yes, no] = &self.arms;
        let mut given = yes.operands.iter().zip(&no.operands);
        checks
            && costs.is_some_and(|costs| costs.iter().sum::<usize>() <= FEW)
            && given.all(|(one, other)| {
                value_key(*one) == value_key(*other) || function.types.is_native(one.r#type())
            })
            && self.arms.iter().all(|arm| {
                let inputs = arm.inputs().into_iter().flatten();
                inputs.into_iter().all(|(_, value)| value.r#type() == i64) && arm.holds_for_zeros()
            })
    }

    fn flatten(&self, function: &Function<'c, 'a>) {
        let Some(condition) = operand_of(self.terminator, 0) else {
            return;
        };
        let cursor = function.before(self.terminator);
        let builder = Builder::at(cursor);
        for (arm, taken) in self.arms.iter().zip([true, false]) {
            let zeroed = Zeroed {
                builder,
                condition,
                taken,
                copies: IndexMap::default(),
            };
            zeroed.check(&cursor, arm);
            for op in arm.ops() {
                // SAFETY: both ops are alive and in blocks of one region.
                unsafe { mlir_sys::mlirOperationMoveBefore(op.to_raw(), self.terminator.to_raw()) };
            }
        }
        let [yes, no] = &self.arms;
        let given: Vec<_> = (yes.operands.iter().zip(&no.operands))
            .map(|(one, other)| match value_key(*one) == value_key(*other) {
                true => *one,
                false => builder.select(condition, *one, *other),
            })
            .collect();
        cursor.jump(self.rest, &given);
        erase(self.terminator);
        let empty = self.arms.iter().filter_map(|arm| arm.block);
        empty.for_each(erase_block);
    }
}

/// What the checks of an arm are about, computed once more: with zeros if the arm is not taken. The results of the arm do
/// not have to wait for those.
struct Zeroed<'c, 'a> {
    builder: Builder<'c, 'a>,
    condition: Value<'c, 'a>,
    /// Whether the arm is taken when the condition holds.
    taken: bool,
    /// By the value that they stand for.
    copies: IndexMap<usize, Value<'c, 'a>>,
}

impl<'c, 'a> Zeroed<'c, 'a> {
    /// Has the guards of the arm look at the copies, which go to the cursor's place.
    fn check(mut self, cursor: &Cursor<'c, 'a>, arm: &Arm<'c, 'a>) {
        let checks = arm.checks();
        for op in arm.ops() {
            let is_guard = name_of(op) == "num.guard";
            if !is_guard && !checks.contains(&op_key(op)) {
                continue;
            }
            // (Of a guard the state stays what it is.)
            let count = if is_guard { 1 } else { op.operand_count() };
            let operands: Vec<_> = (0..count)
                .filter_map(|index| Some(self.value(operand_of(op, index)?)))
                .collect();
            let copy = match is_guard {
                true => op,
                false => cursor.insert(Operation::clone(&op)),
            };
            for (index, value) in operands.into_iter().enumerate() {
                // SAFETY: the op is alive and nobody else holds a reference to it.
                let mut copy = unsafe { OperationRefMut::from_raw(copy.to_raw()) };
                copy.set_operand(index, value);
            }
            for index in 0..op.result_count() {
                let old = value_key(result_of(op, index));
                self.copies.insert(old, result_of(copy, index));
            }
        }
    }

    fn value(&mut self, value: Value<'c, 'a>) -> Value<'c, 'a> {
        let Self {
            builder,
            condition,
            taken,
            ..
        } = *self;
        let copy = self.copies.entry(value_key(value));
        // (A constant of the arm has a copy.)
        *copy.or_insert_with(|| match (arith_constant(value), taken) {
            (Some(_), _) => value,
            (None, true) => builder.select(condition, value, builder.int(0)),
            (None, false) => builder.select(condition, builder.int(0), value),
        })
    }
}

impl<'c, 'a> Arm<'c, 'a> {
    /// Its ops, without the branch at its end.
    fn ops(&self) -> Vec<OperationRef<'c, 'a>> {
        let mut ops = self.block.map_or_else(Vec::new, operations);
        ops.pop();
        ops
    }

    /// For each op, the operands that come from outside the arm and that a check depends on, with their numbers.
    fn inputs(&self) -> Vec<Vec<(usize, Value<'c, 'a>)>> {
        let checks = self.checks();
        let inputs = |op: OperationRef<'c, 'a>| {
            let operands = op.operands().enumerate();
            let needed = operands.filter(|_| checks.contains(&op_key(op)));
            needed
                .filter(|(_, value)| arith_constant(*value).is_none() && !self.defines(*value))
                .collect()
        };
        self.ops().into_iter().map(inputs).collect()
    }

    /// The ops (by key) that checks depend on.
    fn checks(&self) -> IndexSet<usize> {
        let mut needed = IndexSet::default();
        for op in self.ops().into_iter().rev() {
            let is_needed = needed.contains(&op_key(op));
            let wanted = match name_of(op) {
                "num.guard" => operand_of(op, 0).into_iter().collect(),
                _ if is_needed => op.operands().collect(),
                _ => Vec::new(),
            };
            let inside = wanted.into_iter().filter(|value| self.defines(*value));
            needed.extend(inside.filter_map(defining_op).map(op_key));
        }
        needed
    }

    fn defines(&self, value: Value<'c, 'a>) -> bool {
        let home = defining_op(value).and_then(|op| op.block());
        home.map(block_key) == self.block.map(block_key)
    }

    /// Whether all that is checked holds when what comes from outside is zero.
    fn holds_for_zeros(&self) -> bool {
        let mut known: IndexMap<usize, i64> = IndexMap::default();
        for op in self.ops() {
            let operand = |index| {
                let value = operand_of(op, index)?;
                match arith_constant(value) {
                    Some(constant) => Some(constant),
                    None if self.defines(value) => known.get(&value_key(value)).copied(),
                    None => Some(0),
                }
            };
            match name_of(op) {
                "num.guard" if operand(0).is_none_or(|holds| holds == 0) => return false,
                "num.guard" => continue,
                _ => {}
            }
            let value = operand(0)
                .zip(operand(1))
                .and_then(|(left, right)| compute(op, left, right));
            let Some(value) = value else { continue };
            if op.result_count() == 1 && !name_of(op).ends_with("overflow") {
                known.insert(value_key(result_of(op, 0)), value);
                continue;
            }
            // It fits: the flag is not set.
            for (part, _) in uses(result_of(op, 0)) {
                let part = result_of(part, 0);
                let is_flag = uses(part)
                    .iter()
                    .any(|(user, _)| name_of(*user) == "arith.xori");
                known.insert(value_key(part), if is_flag { 0 } else { value });
            }
        }
        true
    }
}

/// What an op makes of constants; nothing where that does not fit.
fn compute(op: OperationRef, left: i64, right: i64) -> Option<i64> {
    match name_of(op) {
        "arith.addi" | "llvm.intr.sadd.with.overflow" => left.checked_add(right),
        "arith.subi" | "llvm.intr.ssub.with.overflow" => left.checked_sub(right),
        "arith.muli" | "llvm.intr.smul.with.overflow" => left.checked_mul(right),
        "arith.xori" => Some(i64::from((left != 0) != (right != 0))),
        // `ule`
        "arith.cmpi" if int_attribute(op, "predicate") == Some(7) => {
            Some(i64::from(left.cast_unsigned() <= right.cast_unsigned()))
        }
        _ => None,
    }
}

/// Where a block that is reached from one place leads, and what it gives.
fn way_through<'c, 'a>(block: BlockRef<'c, 'a>) -> Option<(BlockRef<'c, 'a>, Vec<Value<'c, 'a>>)> {
    let alone = block.predecessor_count() == 1 && block.argument_count() == 0;
    let end = block
        .terminator()
        .filter(|op| alone && name_of(*op) == "cf.br")?;
    let edge = edges(end).pop()?;
    Some((edge.target, edge.operands))
}

/// What an op costs, in ops of the machine; nothing if it must not be done in vain.
fn cost(op: OperationRef) -> Option<usize> {
    let by = || operand_of(op, 1).and_then(arith_constant);
    match name_of(op) {
        "arith.divui" | "arith.remui" if by().is_some_and(|by| by.count_ones() == 1) => Some(1),
        "py.frame_state" | "py.constant" | "py.known" | "py.null" | "arith.constant" => Some(0),
        "llvm.extractvalue" | "num.guard" => Some(0),
        "arith.muli" | "llvm.intr.smul.with.overflow" => Some(3),
        "llvm.intr.sadd.with.overflow" | "llvm.intr.ssub.with.overflow" => Some(1),
        "arith.addi" | "arith.subi" | "arith.andi" | "arith.ori" | "arith.xori" => Some(1),
        "arith.shli" | "arith.shrsi" | "arith.shrui" => Some(1),
        "arith.cmpi" | "arith.cmpf" | "arith.select" | "arith.extui" | "arith.sitofp" => Some(1),
        "arith.addf" | "arith.subf" | "arith.mulf" | "arith.negf" => Some(2),
        _ => None,
    }
}
