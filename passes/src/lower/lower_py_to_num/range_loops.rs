//! Loops over `range`, over tuples of numbers and over arrays that count on machine integers.

use super::{Lowering, Native};
use crate::{
    analysis::{
        arrays::{first_state, is_row},
        cfg::{self, Cfg},
        fact::Kind,
        frame_state::LAZY,
        known::Known,
        range_loops::{self, RangeLoop},
        sequence_loops::{self, SequenceLoop},
        tuples::{has_small_integers, items},
    },
    builder::CmpiPredicate,
    collections::IndexMap,
    inspect::{arith_constant, defined_by, defining_op, op_key, op_name, result, value_key},
    modes::Overflow,
    transform::infer_types::Facts,
};
use melior::ir::{
    Attribute, BlockLike, BlockRef, OperationRef, Value, attribute::StringAttribute,
    operation::OperationLike,
};
use stepwell_dialects::ir::{Types, replace_uses};

/// The loops that are counted natively, by the address of each op that belongs to one.
pub(super) struct Counters<'c, 'a> {
    loops: Vec<Counter<'c, 'a>>,
    ops: IndexMap<usize, usize>,
    heads: IndexMap<usize, usize>,
}

/// Where an iterator stands: the next item, and how many are left. Over a tuple, the next item is its place.
#[derive(Clone, Copy)]
struct Place<'c, 'a> {
    next: Value<'c, 'a>,
    left: Value<'c, 'a>,
}

/// What is looped over.
#[derive(Clone)]
enum Over<'c, 'a> {
    Range(RangeLoop<'c, 'a>),
    Tuple(SequenceLoop<'c, 'a>),
    Array(SequenceLoop<'c, 'a>),
}

/// What an item of the tuple is: a number, or the numbers of a tuple, of which all are at hand.
#[derive(Clone)]
enum Numbers<'c, 'a> {
    Of(Vec<Native<'c, 'a>>),
    Rows(Vec<Vec<Native<'c, 'a>>>),
}

struct Counter<'c, 'a> {
    over: Over<'c, 'a>,
    for_iter: OperationRef<'c, 'a>,
    inside: BlockRef<'c, 'a>,
    first: BlockRef<'c, 'a>,
    /// The items of the tuple.
    numbers: Option<Numbers<'c, 'a>>,
    /// The place of the array among those that are described.
    array: Option<usize>,
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
    pub(super) fn new(
        cfg: &Cfg<'c, 'a>,
        facts: &Facts,
        types: &Types<'c>,
        known: &Known<'c>,
        is_strict: bool,
    ) -> Self {
        let mut counters = Self {
            loops: Vec::new(),
            ops: IndexMap::default(),
            heads: IndexMap::default(),
        };
        for found in range_loops::find(cfg).into_values() {
            let parts = &found.parts;
            let item = result(parts.for_iter, 0);
            if item.is_some_and(|item| facts.get(item).kind == Kind::Int) {
                let ops = [found.call, parts.get_iter, parts.for_iter];
                let (head, body) = (parts.head, parts.body);
                counters.add(&ops, head, body, Over::Range(found));
            }
        }
        for parts in sequence_loops::find(cfg).into_values() {
            let item = result(parts.for_iter, 0).map(|item| facts.get(item).kind);
            let sequence = parts.sequence;
            let counts = is_strict || has_small_integers(sequence);
            let is_tuple = counts && items(known, sequence).is_some();
            let is_row = matches!(facts.get(sequence).kind, Kind::Array(array) if is_row(array));
            let is_array = is_row && first_state(types, sequence).is_some();
            let over = match item {
                Some(kind) if is_tuple && (kind.is_number() || kind == Kind::Tuple) => {
                    Over::Tuple(parts.clone())
                }
                Some(kind) if is_array && kind.is_native() => Over::Array(parts.clone()),
                _ => continue,
            };
            let ops = [parts.get_iter, parts.for_iter];
            counters.add(&ops, parts.head, parts.body, over);
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

    /// Adds a loop, of whose `ops` the last is `py.for_iter`.
    fn add(
        &mut self,
        ops: &[OperationRef<'c, 'a>],
        head: BlockRef<'c, 'a>,
        body: BlockRef<'c, 'a>,
        over: Over<'c, 'a>,
    ) {
        let index = self.loops.len();
        for op in ops {
            self.ops.insert(op_key(*op), index);
        }
        self.heads.insert(cfg::key(head), index);
        self.loops.push(Counter {
            over,
            for_iter: ops[ops.len() - 1],
            first: head,
            inside: body,
            numbers: None,
            array: None,
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
            let location = self.counters.loops[*index].for_iter.location();
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
                self.begin_tuple(op, index);
                self.begin_array(op, index);
                // The iterator of a loop over anything else has the state.
                if matches!(self.counters.loops[index].over, Over::Range(_)) {
                    let state = op.operand(1).ok().and_then(defining_op);
                    self.dead.extend(state);
                }
                self.never_raises(op);
                self.dead.push(op);
            }
        }
    }

    /// In place of the call: is it the builtin `range`, and how long is it?
    fn begin(&mut self, op: OperationRef<'c, 'a>, index: usize) {
        let builder = self.builder(op);
        let Over::Range(parts) = self.counters.loops[index].over.clone() else {
            return;
        };
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
        let checks = parts.checks();
        self.never_raises(op);
        self.dead.push(op);
        self.dead.extend(checks);
    }

    /// In place of `get_iter`: the items of a tuple, if that is what is looped over.
    fn begin_tuple(&mut self, op: OperationRef<'c, 'a>, index: usize) {
        let counter = &self.counters.loops[index];
        let Over::Tuple(found) = counter.over.clone() else {
            return;
        };
        let builder = self.builder(op);
        let numbers = match self.numbers_in(&builder, found.sequence) {
            Some(numbers) => Some((numbers.len(), Numbers::Of(numbers))),
            None => self
                .rows_of_numbers(&builder, found.for_iter)
                .map(|rows| (rows.len(), Numbers::Rows(rows))),
        };
        let Some((length, numbers)) = numbers else {
            return;
        };
        let (next, left) = (builder.int(0), builder.int(length as i64));
        let counter = &mut self.counters.loops[index];
        counter.numbers = Some(numbers);
        counter.step = Some(builder.int(1));
        counter.stop = Some(left);
        counter.start = Some(Place { next, left });
        self.consumed(found.sequence);
    }

    /// In place of `get_iter`: how many elements has an array, if that is what is looped over?
    fn begin_array(&mut self, op: OperationRef<'c, 'a>, index: usize) {
        let Over::Array(found) = self.counters.loops[index].over.clone() else {
            return;
        };
        let Some((place, length)) = self.length_of_row(op, found.sequence) else {
            return;
        };
        let builder = self.builder(op);
        let counter = &mut self.counters.loops[index];
        counter.array = Some(place);
        counter.step = Some(builder.int(1));
        counter.stop = Some(length);
        let next = builder.int(0);
        counter.start = Some(Place { next, left: length });
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
        let numbers = counter.numbers.clone();
        let is_range = matches!(counter.over, Over::Range(_));
        let (array, inside) = (counter.array, counter.inside);
        if let (true, true, Ok(state)) = (is_range, self.numbers.is_unsigned(), op.operand(1)) {
            let item = builder.cmpi(CmpiPredicate::Sge, place.next, builder.int(0));
            let fits = builder.value("arith.ori", &[item, exhausted], self.types.i1);
            self.guard_unless_wrapping(op, fits, state);
        }
        if let Some(flag) = result(op, 1) {
            replace_uses(flag, exhausted);
        }
        match numbers {
            None if !is_range => {
                let first = inside.first_operation();
                if let Some((array, first)) = array.zip(first) {
                    self.take_element(op, first, array, place.next);
                }
            }
            None => self.replace(op, Kind::Int, place.next),
            Some(Numbers::Of(numbers)) => {
                if let Some(chosen) = self.choose(&builder, place.next, &numbers) {
                    self.replace(op, chosen.kind, chosen.value);
                }
            }
            Some(Numbers::Rows(rows)) => self.take_row(op, place.next, &rows),
        }
    }

    /// Chooses each number of the tuple at that place.
    fn take_row(
        &mut self,
        op: OperationRef<'c, 'a>,
        place: Value<'c, 'a>,
        rows: &[Vec<Native<'c, 'a>>],
    ) {
        let builder = self.builder(op);
        let width = rows.first().map_or(0, Vec::len);
        let columns = (0..width).map(|index| {
            let column: Vec<_> = rows.iter().map(|row| row[index]).collect();
            self.choose(&builder, place, &column)
        });
        let chosen = columns.collect::<Option<Vec<_>>>();
        if let (Some(chosen), Some(tuple)) = (chosen, result(op, 0)) {
            self.parts.insert(value_key(tuple), chosen);
        }
        self.never_raises(op);
        self.dead.push(op);
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
                .filter(|from| self.cfg.dominates(counter.inside, *from));
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
        let place = if self.cfg.dominates(counter.inside, block) {
            counter.body
        } else if self.cfg.dominates(counter.first, block) {
            counter.head
        } else {
            counter.start
        };
        let (place, step) = place.zip(counter.step)?;
        let (builder, object) = (self.builder(state), self.types.object);
        if let Over::Tuple(found) | Over::Array(found) = &counter.over {
            // Where it is taken, the state of the loop is as good as any.
            let begin = get_iter.operand(1).ok()?;
            let operands = [found.sequence, place.next, begin];
            let lazy = [(LAZY, Attribute::unit(self.context))];
            let made = builder.op("py.tuple_iterator", &operands, &[object], &lazy);
            return result(made, 0);
        }
        let operands = [place.next, place.left, step];
        Some(builder.value("py.range_iterator", &operands, object))
    }
}
