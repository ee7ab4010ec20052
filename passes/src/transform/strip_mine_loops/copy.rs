//! Copies of a loop without polls, checks and exits.

use super::{
    STRIP,
    build::{arguments_of, new_block},
    kept::Area,
    numbers::Numbers,
    plan::Plan,
};
use crate::{
    builder::CmpiPredicate,
    cfg::{Edge, block_key, edges, name_of, op_key, operand_of, replace_edges, value_key},
    collections::IndexMap,
    cursor::{Cursor, Weights},
    function::Function,
    inspect::{arith_constant, result},
    transform::hoist_checks::BEHIND_POLL,
};
use melior::ir::{
    Attribute, BlockLike, BlockRef, Location, Operation, OperationRef, Type, Value, ValueLike,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::operations;

/// A strip that ends before so many iterations was not worth its tests, and the next ones might be like it.
const SOON: i64 = 16;
/// How many iterations the old loop does then, before a strip is tried again.
const MORE: i64 = 64;

/// The attribute of arithmetic to which `fastmath` does not apply.
pub const EXACT: &str = "py.exact";

/// How a copy of the loop runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Whatever it computes is right.
    Certain,
    /// Whether it was right is known at its end.
    Doubtful,
    /// It writes nothing, and only finds out whether it would be right.
    Trial,
}

/// A strip, as far as it is made.
pub struct Strip<'p, 'c, 'a> {
    pub function: Function<'c, 'a>,
    pub plan: &'p Plan<'c, 'a>,
    /// The values for the head's arguments where the strip begins.
    pub start: Vec<Value<'c, 'a>>,
    /// How many iterations it has.
    pub count: Value<'c, 'a>,
    /// What is kept of what it overwrites.
    pub kept: Vec<Area<'c, 'a>>,
}

/// One copy while it is made.
struct Copy<'c, 'a> {
    run: Run,
    blocks: IndexMap<usize, BlockRef<'c, 'a>>,
    values: IndexMap<usize, Value<'c, 'a>>,
    /// Of the copy of the head, without the flag: a sum that is no number as soon as one of its doubts is none.
    arguments: Vec<Value<'c, 'a>>,
    /// Where each iteration ends: with several ends LLVM would see a loop for each.
    latch: BlockRef<'c, 'a>,
    /// Where it ends when all iterations are done.
    done: BlockRef<'c, 'a>,
    /// Where it ends in the middle of an iteration, if it can.
    left: Option<BlockRef<'c, 'a>>,
}

impl<'c, 'a> Copy<'c, 'a> {
    fn value(&self, value: Value<'c, 'a>) -> Value<'c, 'a> {
        let copy = self.values.get(&value_key(value)).copied();
        copy.unwrap_or(value)
    }

    fn has_flag(&self) -> bool {
        self.run != Run::Certain
    }
}

impl<'c, 'a> Strip<'_, 'c, 'a> {
    /// Ends a block by going on in the old loop, with an allowance.
    pub fn go_on(&self, block: BlockRef<'c, 'a>, arguments: &[Value<'c, 'a>], allowance: i64) {
        let cursor = self.function.at_end(block, self.plan.location());
        let allowance = Numbers::at(&cursor).int(allowance);
        self.go_on_for(&cursor, arguments, allowance);
    }

    fn go_on_for(
        &self,
        cursor: &Cursor<'c, 'a>,
        arguments: &[Value<'c, 'a>],
        allowance: Value<'c, 'a>,
    ) {
        let operands: Vec<_> = arguments.iter().copied().chain([allowance]).collect();
        cursor.jump(self.plan.found.head, &operands);
    }

    /// `num.keep` or `num.restore` of all that is kept.
    pub fn copy_kept(&self, cursor: &Cursor<'c, 'a>, name: &str) {
        for (buffer, area) in self.kept.iter().enumerate() {
            area.copy(cursor, name, buffer, self.count);
        }
    }

    /// Has the old loop do what a strip has done wrong.
    fn undo(&self, block: BlockRef<'c, 'a>) {
        let cursor = self.function.at_end(block, self.plan.location());
        self.copy_kept(&cursor, "num.restore");
        self.go_on(block, &self.start, STRIP);
    }

    /// Copies the loop; `entry` begins the copy. Behind a run that was right comes `next`, else the old loop.
    pub fn copy(&self, entry: BlockRef<'c, 'a>, run: Run, next: Option<BlockRef<'c, 'a>>) {
        let found = &self.plan.found;
        let location = self.plan.location();
        let mut copy = self.empty_copy(entry, run);
        let mut start = self.start.clone();
        start[found.left] = self.count;
        let cursor = self.function.at_end(entry, location);
        if copy.has_flag() {
            start.push(Numbers::at(&cursor).float(0.0));
        }
        cursor.jump(copy.blocks[&block_key(found.head)], &start);
        for block in &found.blocks {
            self.fill(&mut copy, *block);
        }
        let head = copy.blocks[&block_key(found.head)];
        let values = arguments_of(copy.latch);
        self.function
            .at_end(copy.latch, location)
            .jump(head, &values);
        self.finish(&copy, next);
        self.leave(&copy);
    }

    fn empty_copy(&self, entry: BlockRef<'c, 'a>, run: Run) -> Copy<'c, 'a> {
        let found = &self.plan.found;
        let f64 = self.function.types.f64;
        let mut copy = Copy {
            run,
            blocks: IndexMap::default(),
            values: IndexMap::default(),
            arguments: Vec::new(),
            latch: entry,
            done: entry,
            left: None,
        };
        let mut last = entry;
        for block in &found.blocks {
            let old = arguments_of(*block);
            let mut types: Vec<(Type, Location)> = old
                .iter()
                .map(|value| (value.r#type(), value.location()))
                .collect();
            types.extend(copy.has_flag().then(|| (f64, self.plan.location())));
            last = new_block(&self.function, last, &types);
            copy.blocks.insert(block_key(*block), last);
            let new = arguments_of(last);
            copy.values
                .extend(old.iter().map(|value| value_key(*value)).zip(new.clone()));
            if found.is_head(*block) {
                copy.arguments = new[..old.len()].to_vec();
                copy.latch = new_block(&self.function, last, &types);
            }
        }
        let flag = [(f64, self.plan.location())];
        copy.done = new_block(&self.function, last, &[]);
        let flag = if copy.has_flag() { &flag[..] } else { &[] };
        copy.left = (self.plan.leaves).then(|| new_block(&self.function, copy.done, flag));
        copy
    }

    fn fill(&self, copy: &mut Copy<'c, 'a>, block: BlockRef<'c, 'a>) {
        let mut new = copy.blocks[&block_key(block)];
        let mut flag = copy.has_flag().then(|| arguments_of(new).pop()).flatten();
        for op in operations(block) {
            let cursor = self.function.at_end(new, op.location());
            if block.terminator() == Some(op) {
                self.branch(copy, &cursor, op, flag);
                return;
            }
            if let Some(holds) = self.condition(copy, &cursor, op) {
                new = self.go_on_if(copy, &cursor, holds, flag);
            }
            let cursor = self.function.at_end(new, op.location());
            self.op(copy, &cursor, op);
            if let Some(fits) = self.fits(copy, &cursor, op) {
                new = self.go_on_if(copy, &cursor, fits, flag);
            }
            let cursor = self.function.at_end(new, op.location());
            if let Some(known) = flag {
                let doubt = self.doubt(copy, &cursor, op);
                flag = doubt.map(|doubt| self.join(&cursor, known, doubt)).or(flag);
            }
        }
    }

    /// What must hold in front of an op, if that was not tested in front of the strip.
    fn condition(
        &self,
        copy: &Copy<'c, 'a>,
        cursor: &Cursor<'c, 'a>,
        op: OperationRef<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let operand = |index| Some(copy.value(operand_of(op, index)?));
        match name_of(op) {
            "num.guard" if !op.has_attribute(BEHIND_POLL) => operand(0),
            "num.index" if self.plan.wild.contains(&op_key(op)) => {
                let (index, length) = (operand(0)?, operand(1)?);
                Some(Numbers::at(cursor).cmpi(CmpiPredicate::Ult, index, length))
            }
            _ => None,
        }
    }

    /// What must hold behind an op: that what it has read keeps to the limit.
    fn fits(
        &self,
        copy: &Copy<'c, 'a>,
        cursor: &Cursor<'c, 'a>,
        op: OperationRef<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let bounds = &self.plan.bounds;
        let value = (0..op.result_count())
            .filter_map(|index| result(op, index))
            .find(|value| bounds.tested.contains(&value_key(*value)))?;
        Some(Numbers::at(cursor).is_within(copy.value(value), bounds.limit))
    }

    /// Ends a block: the copy goes on in the next one, or ends in the middle of the iteration.
    fn go_on_if(
        &self,
        copy: &Copy<'c, 'a>,
        cursor: &Cursor<'c, 'a>,
        holds: Value<'c, 'a>,
        flag: Option<Value<'c, 'a>>,
    ) -> BlockRef<'c, 'a> {
        let block = cursor.block();
        let next = new_block(&self.function, block, &[]);
        let end = new_block(&self.function, next, &[]);
        let left = copy
            .left
            .expect("the plan says that the strip can end here");
        let flag: Vec<_> = flag.into_iter().collect();
        self.function.at_end(end, cursor.location).jump(left, &flag);
        cursor.choose(holds, next, end, Weights::Hot);
        next
    }

    /// Copies an op, without its exit.
    fn op(&self, copy: &mut Copy<'c, 'a>, cursor: &Cursor<'c, 'a>, op: OperationRef<'c, 'a>) {
        let numbers = Numbers::at(cursor);
        let operand = |index| {
            let value = operand_of(op, index).expect("the op has its operands");
            copy.value(value)
        };
        let exact = |name: &str, left, right| {
            let flags = Attribute::parse(self.function.context, "#arith.overflow<nsw>");
            let flags = flags.expect("the flag is one of arith's");
            let i64 = self.function.types.i64;
            cursor.value(name, &[left, right], i64, &[("overflowFlags", flags)])
        };
        let constant = || {
            let value = operand_of(op, 1).and_then(arith_constant);
            value.expect("the plan is for ops with a constant")
        };
        let name = name_of(op);
        let value = match name {
            "py.set_element" if copy.run == Run::Trial => return,
            "py.poll" => match op.result_count() {
                0 => return,
                _ => numbers.bool(false),
            },
            "num.add" => exact("arith.addi", operand(0), operand(1)),
            "num.sub" => exact("arith.subi", operand(0), operand(1)),
            "num.mul" => exact("arith.muli", operand(0), operand(1)),
            "num.neg" => exact("arith.subi", numbers.int(0), operand(0)),
            "num.abs" => {
                let negated = exact("arith.subi", numbers.int(0), operand(0));
                numbers.i64("arith.maxsi", operand(0), negated)
            }
            "num.index" => operand(0),
            "num.divf" => {
                let f64 = self.function.types.f64;
                cursor.value("arith.divf", &[operand(0), operand(1)], f64, &[])
            }
            "num.mod" => numbers.floored(operand(0), constant()).1,
            "num.floordiv" => numbers.floored(operand(0), constant()).0,
            "num.shl" => exact("arith.shli", operand(0), numbers.int(constant())),
            "num.shr" => numbers.i64("arith.shrsi", operand(0), numbers.int(constant())),
            _ if is_copied(name) => {
                self.plain(copy, cursor, op);
                return;
            }
            // It serves frame states, or is tested outside.
            _ => return,
        };
        if let Some(result) = result(op, 0) {
            copy.values.insert(value_key(result), value);
        }
    }

    fn plain(&self, copy: &mut Copy<'c, 'a>, cursor: &Cursor<'c, 'a>, op: OperationRef<'c, 'a>) {
        let new = cursor.insert(Operation::clone(&op));
        for index in 0..op.operand_count() {
            if let Some(operand) = operand_of(op, index) {
                // SAFETY: the copy is alive and nobody else holds a reference to it.
                let mut new = unsafe { OperationRefMut::from_raw(new.to_raw()) };
                new.set_operand(index, copy.value(operand));
            }
        }
        for index in 0..op.result_count() {
            if let (Some(old), Some(new)) = (result(op, index), result(new, index)) {
                copy.values.insert(value_key(old), new);
            }
        }
    }

    /// Zero, or no number where what an op did in a copy may be wrong.
    fn doubt(
        &self,
        copy: &Copy<'c, 'a>,
        cursor: &Cursor<'c, 'a>,
        op: OperationRef<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let numbers = Numbers::at(cursor);
        match name_of(op) {
            "num.quiet" => {
                let value = operand_of(op, 0)?;
                let is_watched = self.plan.watched.contains(&value_key(value));
                // Nothing but an infinite value or none at all has a product with zero that is no number.
                // Without flags: with them LLVM multiplies by zero before it comes to the value.
                is_watched.then(|| {
                    let operands = [copy.value(value), numbers.float(0.0)];
                    let f64 = self.function.types.f64;
                    cursor.value("arith.mulf", &operands, f64, &[self.exact()])
                })
            }
            "num.divf" => {
                let divisor = copy.value(operand_of(op, 1)?);
                let by_zero = numbers.is_zero(divisor);
                Some(numbers.select(by_zero, numbers.float(f64::NAN), numbers.float(0.0)))
            }
            _ => None,
        }
    }

    /// The sum of doubts, in any order, so that LLVM makes it in vectors.
    fn join(
        &self,
        cursor: &Cursor<'c, 'a>,
        known: Value<'c, 'a>,
        doubt: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let flags = Attribute::parse(self.function.context, "#arith.fastmath<reassoc>");
        let flags = flags.expect("the flag is one of arith's");
        let f64 = self.function.types.f64;
        let attributes = [("fastmath", flags), self.exact()];
        cursor.value("arith.addf", &[known, doubt], f64, &attributes)
    }

    /// Keeps the flags that the program's arithmetic gets away from a doubt.
    fn exact(&self) -> (&'static str, Attribute<'c>) {
        (EXACT, Attribute::unit(self.function.context))
    }

    fn branch(
        &self,
        copy: &Copy<'c, 'a>,
        cursor: &Cursor<'c, 'a>,
        terminator: OperationRef<'c, 'a>,
        flag: Option<Value<'c, 'a>>,
    ) {
        let found = &self.plan.found;
        let in_head = terminator.block().is_some_and(|block| found.is_head(block));
        let ways = edges(terminator).into_iter().map(|edge| {
            let Some(target) = copy.blocks.get(&block_key(edge.target)).copied() else {
                return match copy.left.filter(|_| !in_head) {
                    None => Edge {
                        target: copy.done,
                        operands: Vec::new(),
                    },
                    Some(left) => Edge {
                        target: left,
                        operands: flag.into_iter().collect(),
                    },
                };
            };
            let operands = edge.operands.iter().map(|value| copy.value(*value));
            let target = match found.is_head(edge.target) {
                true => copy.latch,
                false => target,
            };
            Edge {
                target,
                operands: operands.chain(flag).collect(),
            }
        });
        let ways: Vec<_> = ways.collect();
        let new = cursor.insert(Operation::clone(&terminator));
        let condition = operand_of(terminator, 0).filter(|_| name_of(terminator) == "cf.cond_br");
        if let Some(condition) = condition {
            // SAFETY: the copy is alive and nobody else holds a reference to it.
            let mut new = unsafe { OperationRefMut::from_raw(new.to_raw()) };
            new.set_operand(0, copy.value(condition));
        }
        replace_edges(self.function.context, self.function.types, new, &ways);
    }

    /// All iterations are done.
    fn finish(&self, copy: &Copy<'c, 'a>, next: Option<BlockRef<'c, 'a>>) {
        let location = self.plan.location();
        let left = self.plan.found.left;
        let mut right = copy.done;
        if copy.has_flag() {
            let cursor = self.function.at_end(copy.done, location);
            let head = copy.blocks[&block_key(self.plan.found.head)];
            let i1 = self.function.types.i1;
            let flag = arguments_of(head).pop().expect("the head has a flag");
            let mut doubt = Numbers::at(&cursor).is_no_number(flag);
            for sum in &self.plan.watched_sums {
                let wrong = Numbers::at(&cursor).is_not_finite(copy.arguments[*sum]);
                doubt = cursor.value("arith.ori", &[doubt, wrong], i1, &[]);
            }
            let wrong = new_block(&self.function, copy.done, &[]);
            right = new_block(&self.function, copy.done, &[]);
            cursor.choose(doubt, wrong, right, Weights::Cold);
            self.undo(wrong);
        }
        let cursor = self.function.at_end(right, location);
        match next {
            Some(next) => {
                cursor.jump(next, &[]);
            }
            None => {
                let mut end = copy.arguments.clone();
                end[left] = Numbers::at(&cursor).i64("arith.subi", self.start[left], self.count);
                self.go_on(right, &end, 1);
            }
        }
    }

    /// The old loop does the iteration that leaves it, from its start.
    fn leave(&self, copy: &Copy<'c, 'a>) {
        let location = self.plan.location();
        let Some(block) = copy.left else { return };
        let mut right = block;
        if copy.has_flag() {
            let flag = arguments_of(block).pop().expect("there is a flag");
            let wrong = new_block(&self.function, block, &[]);
            right = new_block(&self.function, block, &[]);
            let cursor = self.function.at_end(block, location);
            let doubt = Numbers::at(&cursor).is_no_number(flag);
            cursor.choose(doubt, wrong, right, Weights::Cold);
            self.undo(wrong);
        }
        let left = self.plan.found.left;
        let cursor = self.function.at_end(right, location);
        let numbers = Numbers::at(&cursor);
        let mut arguments = copy.arguments.clone();
        let later = numbers.i64("arith.subi", self.start[left], self.count);
        let todo = copy.arguments[left];
        arguments[left] = numbers.i64("arith.addi", later, todo);
        let done = numbers.i64("arith.subi", self.count, todo);
        let soon = numbers.cmpi(CmpiPredicate::Slt, done, numbers.int(SOON));
        let allowance = numbers.select(soon, numbers.int(MORE), numbers.int(1));
        self.go_on_for(&cursor, &arguments, allowance);
    }
}

/// Whether an op means the same in a strip.
fn is_copied(name: &str) -> bool {
    matches!(name, "py.element" | "py.read_item" | "py.set_element")
        || ["arith.", "math.", "complex."]
            .iter()
            .any(|dialect| name.starts_with(dialect))
}
