//! Loops over `range` that count on machine integers.

use super::Lowering;
use crate::{
    analysis::{
        cfg::{self, Cfg},
        fact::Kind,
        range_loops::{RangeLoop, find},
    },
    builder::CmpiPredicate,
    inspect::{arith_constant, defined_by, defining_op, op_key, op_name, result},
    modes::Overflow,
    transform::infer_types::Facts,
};
use indexmap::IndexMap;
use melior::ir::BlockLike;
use melior::ir::{
    BlockRef, OperationRef, Value, attribute::StringAttribute, operation::OperationLike,
};
use stepwell_dialects::ir::replace_uses;

/// The loops that are counted natively, by the address of each op that belongs to one.
pub(super) struct Counters<'c, 'a> {
    loops: Vec<Counter<'c, 'a>>,
    ops: IndexMap<usize, usize>,
    heads: IndexMap<usize, usize>,
}

/// Where an iterator stands: the next item, and how many are left.
#[derive(Clone, Copy)]
struct Place<'c, 'a> {
    next: Value<'c, 'a>,
    left: Value<'c, 'a>,
}

struct Counter<'c, 'a> {
    parts: RangeLoop<'c, 'a>,
    step: Option<Value<'c, 'a>>,
    stop: Option<Value<'c, 'a>>,
    /// In front of the loop.
    start: Option<Place<'c, 'a>>,
    /// At the head: two of its arguments.
    head: Option<Place<'c, 'a>>,
    /// In the body, behind `for_iter`.
    body: Option<Place<'c, 'a>>,
}

impl<'c, 'a> Counters<'c, 'a> {
    /// The loops whose items were found to be machine integers.
    pub(super) fn new(cfg: &Cfg<'c, 'a>, facts: &Facts) -> Self {
        let mut counters = Self {
            loops: Vec::new(),
            ops: IndexMap::new(),
            heads: IndexMap::new(),
        };
        for parts in find(cfg).into_values() {
            let item = result(parts.for_iter, 0);
            if item.is_some_and(|item| facts.get(item).kind == Kind::Int) {
                counters.add(parts);
            }
        }
        counters
    }

    /// Whether `index` is the item of a loop that counts up by one from zero or more, to `length`.
    pub(super) fn stays_below(&self, index: Value<'c, 'a>, length: Value<'c, 'a>) -> bool {
        let constant = |value: Option<Value>| value.and_then(arith_constant);
        let counts = |counter: &&Counter<'c, 'a>| {
            let next = counter.head.map(|place| place.next);
            next == Some(index)
                && counter.stop == Some(length)
                && constant(counter.step) == Some(1)
                && constant(counter.start.map(|place| place.next)) >= Some(0)
        };
        self.loops.iter().any(|counter| counts(&counter))
    }

    fn add(&mut self, parts: RangeLoop<'c, 'a>) {
        let index = self.loops.len();
        for op in [parts.call, parts.get_iter, parts.for_iter] {
            self.ops.insert(op_key(op), index);
        }
        self.heads.insert(cfg::key(parts.head), index);
        self.loops.push(Counter {
            parts,
            step: None,
            stop: None,
            start: None,
            head: None,
            body: None,
        });
    }
}

impl<'c, 'a> Lowering<'c, 'a> {
    pub(super) fn is_counted(&self, op: OperationRef<'c, 'a>) -> bool {
        self.counters.ops.contains_key(&op_key(op))
    }

    /// The head of a counted loop gets the next item and how many are left.
    pub(super) fn add_counter(&mut self, block: BlockRef<'c, 'a>) {
        if let Some(index) = self.counters.heads.get(&cfg::key(block)) {
            let location = self.counters.loops[*index].parts.for_iter.location();
            let next = block.add_argument(self.types.i64, location);
            let left = block.add_argument(self.types.i64, self.suffixed(location, "left"));
            let counter = &mut self.counters.loops[*index];
            counter.head = Some(Place { next, left });
        }
    }

    /// Replaces one of the ops that make up a counted loop.
    pub(super) fn count(&mut self, op: OperationRef<'c, 'a>) {
        let index = self.counters.ops[&op_key(op)];
        match op_name(op) {
            "py.call" => self.begin(op, index),
            "py.for_iter" => self.advance(op, index),
            _ => {
                let state = op.operand(1).ok().and_then(defining_op);
                self.dead.extend(state);
                self.never_raises(op);
                self.dead.push(op);
            }
        }
    }

    /// In place of the call: is it the builtin `range`, and how long is it?
    fn begin(&mut self, op: OperationRef<'c, 'a>, index: usize) {
        let builder = self.builder(op);
        let parts = &self.counters.loops[index].parts;
        let arguments: Vec<_> = parts
            .arguments()
            .into_iter()
            .map(|value| self.native(value).expect("a counted range has numbers"))
            .map(|native| self.convert(&builder, native.value, native.kind, Kind::Int))
            .collect();
        let state = op.operand(op.operand_count() - 1);
        let (Some(callee), Ok(state)) = (parts.callee(), state) else {
            return;
        };
        if self.numbers.is_unsigned() {
            for argument in &arguments {
                self.guard_signed(op, *argument, state);
            }
        }
        let symbol = StringAttribute::new(self.context, "PyRange_Type").into();
        if defined_by(callee, "py.known").is_none() {
            let symbol = [("symbol", symbol)];
            builder.op("py.guard_identity", &[callee, state], &[], &symbol);
        }
        let (next, stop, step) = match arguments[..] {
            [stop] => (builder.int(0), stop, builder.int(1)),
            [start, stop] => (start, stop, builder.int(1)),
            [start, stop, step] => (start, stop, step),
            _ => return,
        };
        let left = builder.value(
            "num.range_length",
            &[next, stop, step, state],
            self.types.i64,
        );
        let counter = &mut self.counters.loops[index];
        counter.step = Some(step);
        counter.stop = Some(stop);
        counter.start = Some(Place { next, left });
        let checks = counter.parts.checks();
        self.never_raises(op);
        self.dead.push(op);
        self.dead.extend(checks);
    }

    /// A range without a sign stays below 2**63. A step may be a negative number of the source.
    fn guard_signed(
        &self,
        op: OperationRef<'c, 'a>,
        argument: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) {
        if defining_op(argument).is_some_and(|op| op_name(op) == "arith.constant") {
            return;
        }
        let builder = self.builder(op);
        let fits = builder.cmpi(CmpiPredicate::Sge, argument, builder.int(0));
        self.guard_raising(op, fits, state, "a range beyond 2**63", "OverflowError");
    }

    /// An item below zero is an overflow.
    fn guard_unless_wrapping(
        &self,
        op: OperationRef<'c, 'a>,
        fits: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) {
        if self.numbers.overflow == Overflow::Raise {
            let reason = "the item of the range is below zero";
            self.guard_raising(op, fits, state, reason, "OverflowError");
        }
    }

    /// In place of `for_iter`: the item is the next, and there is one less.
    fn advance(&mut self, op: OperationRef<'c, 'a>, index: usize) {
        let builder = self.builder(op);
        let counter = &mut self.counters.loops[index];
        let (Some(place), Some(step)) = (counter.head, counter.step) else {
            return;
        };
        let exhausted = builder.cmpi(CmpiPredicate::Eq, place.left, builder.int(0));
        // What lies behind the last item is never used, so that it may wrap around.
        let next = builder.value("arith.addi", &[place.next, step], self.types.i64);
        let left = builder.value("arith.subi", &[place.left, builder.int(1)], self.types.i64);
        counter.body = Some(Place { next, left });
        if let (true, Ok(state)) = (self.numbers.is_unsigned(), op.operand(1)) {
            let item = builder.cmpi(CmpiPredicate::Sge, place.next, builder.int(0));
            let fits = builder.value("arith.ori", &[item, exhausted], self.types.i1);
            self.guard_unless_wrapping(op, fits, state);
        }
        if let Some(flag) = result(op, 1) {
            replace_uses(flag, exhausted);
        }
        self.replace(op, Kind::Int, place.next);
    }

    /// What a branch passes to the head of a counted loop for its counter.
    pub(super) fn counter_values(
        &self,
        terminator: OperationRef<'c, 'a>,
        target: BlockRef<'c, 'a>,
    ) -> Vec<Value<'c, 'a>> {
        let index = self.counters.heads.get(&cfg::key(target));
        let place = index.and_then(|index| {
            let counter = &self.counters.loops[*index];
            let body = terminator
                .block()
                .filter(|from| self.cfg.dominates(counter.parts.body, *from));
            body.map_or(counter.start, |_| counter.body)
        });
        place.map_or_else(Vec::new, |place| vec![place.next, place.left])
    }

    /// The iterator of a counted loop as an object, for a frame state.
    pub(super) fn iterator(
        &self,
        value: Value<'c, 'a>,
        state: OperationRef<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let get_iter = defining_op(value).filter(|op| op_name(*op) == "py.get_iter")?;
        let counter = &self.counters.loops[*self.counters.ops.get(&op_key(get_iter))?];
        let block = state.block()?;
        let place = if self.cfg.dominates(counter.parts.body, block) {
            counter.body
        } else if self.cfg.dominates(counter.parts.head, block) {
            counter.head
        } else {
            counter.start
        };
        let (place, step) = place.zip(counter.step)?;
        let operands = [place.next, place.left, step];
        Some(
            self.builder(state)
                .value("py.range_iterator", &operands, self.types.object),
        )
    }
}
