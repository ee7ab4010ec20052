//! Tuples of numbers that are known item by item.
//!
//! What is done with them is done with the numbers. A tuple that nothing but frame states needs then is made where those
//! are taken.

mod reductions;

use super::{Lowering, Native, known::Call};
use crate::{
    analysis::{
        fact::{Fact, Kind},
        literals::Literal,
        numbers::arguments,
        range_loops::checks_behind,
        tuples::{self, Item, items, rows, unpacked},
    },
    builder::{Builder, CmpiPredicate},
    inspect::{defined_by, integer_constant, result, value_key},
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::replace_uses;

impl<'c, 'a> Lowering<'c, 'a> {
    /// Computes the numbers of a tuple in place of the call that returns it.
    pub(super) fn call_for_parts(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let tuple = result(op, 0)?;
        (self.facts.get(tuple).kind == Kind::Tuple).then_some(())?;
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let natives = arguments(op).into_iter().map(|value| self.native(value));
        let natives = natives.collect::<Option<Vec<_>>>()?;
        let kinds: Vec<_> = natives.iter().map(|native| native.kind).collect();
        let row = tuples::row_of_parts(&self.known, op, &kinds)?;
        let natives: Vec<_> = natives
            .into_iter()
            .map(|native| self.present(op, native, state))
            .collect();
        let builder = self.builder(op);
        let operands = self.as_parameters(&builder, row, &natives);
        let parts = match row.path {
            "builtins.divmod" => self.divided(&builder, row.parts[0], &operands, state),
            path => {
                let call = Call {
                    path,
                    operands: &operands,
                    tuples: &[],
                    results: row.parts,
                };
                self.numbers_of_call(&builder, call, state)?
            }
        };
        self.parts.insert(value_key(tuple), parts.clone());
        if tuples::is_unseen(tuple) {
            let checks = checks_behind(op);
            self.never_raises(op);
            self.dead.push(op);
            self.dead.extend(checks);
        } else {
            self.make_tuple(op, parts, state);
        }
        Some(())
    }

    fn divided(
        &self,
        builder: &Builder<'c, 'a>,
        kind: Kind,
        operands: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Vec<Native<'c, 'a>> {
        let parts = match kind {
            Kind::Int => {
                ["num.floordiv", "num.mod"].map(|name| self.integer(builder, name, operands, state))
            }
            _ => ["num.floordivf", "num.modf"].map(|name| {
                let operands = [operands[0], operands[1], state];
                let part = builder.value(name, &operands, self.types.f64);
                self.rounded(builder, kind, part)
            }),
        };
        parts.map(|part| Native::new(kind, part)).to_vec()
    }

    /// A number, where None is an error.
    fn present(
        &self,
        op: OperationRef<'c, 'a>,
        native: Native<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Native<'c, 'a> {
        match native.kind {
            Kind::Optional => Native::new(Kind::Float, self.certain_float(op, native.value, state)),
            _ => native,
        }
    }

    /// Makes the tuple itself, in place of what made it.
    fn make_tuple(
        &mut self,
        op: OperationRef<'c, 'a>,
        parts: Vec<Native<'c, 'a>>,
        state: Value<'c, 'a>,
    ) {
        let builder = self.builder(op);
        let mut operands = Vec::new();
        for part in &parts {
            let made = super::values::boxed(*part, &builder);
            self.natives.insert(value_key(made), *part);
            self.objects.insert(value_key(made));
            operands.push(made);
        }
        operands.push(state);
        let raised = result(op, 1);
        let types: Vec<_> = [self.types.object]
            .into_iter()
            .chain(raised.map(|_| self.types.i1))
            .collect();
        let made = builder.op("py.build_tuple", &operands, &types, &[]);
        self.done.insert(crate::inspect::op_key(made));
        for (index, old) in op.results().map(Value::from).enumerate() {
            if let Some(new) = result(made, index) {
                replace_uses(old, new);
            }
        }
        if let Some(tuple) = result(made, 0) {
            self.facts.set(tuple, Fact::of(Kind::Tuple));
            self.parts.insert(value_key(tuple), parts);
        }
        self.arrays.part(made);
        self.dead.push(op);
    }

    /// The numbers that a tuple consists of.
    pub(super) fn numbers_in(
        &self,
        builder: &Builder<'c, 'a>,
        tuple: Value<'c, 'a>,
    ) -> Option<Vec<Native<'c, 'a>>> {
        if let Some(parts) = self.parts.get(&value_key(tuple)) {
            return Some(parts.clone());
        }
        let items = items(&self.known, tuple)?;
        items
            .iter()
            .map(|item| self.number_at(builder, item))
            .collect()
    }

    fn number_at(&self, builder: &Builder<'c, 'a>, item: &Item<'c, 'a>) -> Option<Native<'c, 'a>> {
        match item {
            Item::Value(value) => self.native(*value),
            Item::Literal(Literal::Number(number)) => Some(self.constant_number(builder, *number)),
            Item::Literal(Literal::Tuple(_)) | Item::Chosen(..) => None,
            Item::Part(call, place) => {
                let parts = self.parts.get(&value_key(result(*call, 0)?))?;
                parts.get(*place).copied()
            }
        }
    }

    /// The numbers of each tuple in a tuple of tuples, as a `py.for_iter` takes them.
    pub(super) fn rows_of_numbers(
        &self,
        builder: &Builder<'c, 'a>,
        for_iter: OperationRef<'c, 'a>,
    ) -> Option<Vec<Vec<Native<'c, 'a>>>> {
        let rows = rows(&self.known, for_iter)?.into_iter().map(|row| {
            let numbers = row.iter().map(|item| self.number_at(builder, item));
            numbers.collect()
        });
        rows.collect()
    }

    /// Notes that a tuple may be needed by frame states alone.
    pub(super) fn consumed(&mut self, tuple: Value<'c, 'a>) {
        if let Some(made) = defined_by(tuple, "py.build_tuple") {
            self.arrays.part(made);
        }
    }

    /// `num.choose`, of numbers of one kind.
    pub(super) fn choose(
        &self,
        builder: &Builder<'c, 'a>,
        place: Value<'c, 'a>,
        numbers: &[Native<'c, 'a>],
    ) -> Option<Native<'c, 'a>> {
        let first = numbers.first()?;
        let operands: Vec<_> = [place]
            .into_iter()
            .chain(numbers.iter().map(|number| number.value))
            .collect();
        let value = builder.value(
            "num.choose",
            &operands,
            first.kind.native_type(&self.types)?,
        );
        Some(Native::new(first.kind, value))
    }

    /// The numbers of a tuple that is taken apart. False if the sequence is another one.
    pub(super) fn unpack_numbers(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let values = unpacked(op);
        let typed = values
            .iter()
            .all(|value| self.facts.get(*value).is_native());
        let tuple = op.operand(0).ok().filter(|_| typed);
        let numbers = tuple.and_then(|tuple| self.numbers_in(&self.builder(op), tuple));
        let Some(numbers) = numbers.filter(|numbers| numbers.len() == values.len()) else {
            return false;
        };
        for (value, number) in values.iter().zip(&numbers) {
            self.natives.insert(value_key(*value), *number);
        }
        self.unpack_is_done(op, values.len());
        tuple.into_iter().for_each(|tuple| self.consumed(tuple));
        true
    }

    /// Drops a `py.unpack_sequence` whose items are at hand.
    pub(super) fn unpack_is_done(&mut self, op: OperationRef<'c, 'a>, count: usize) {
        let flag = op.results().map(Value::from).nth(count);
        if let Some(raised) = flag.filter(|flag| flag.r#type() == self.types.i1) {
            replace_uses(raised, self.builder(op).bool(false));
        }
        self.dead.push(op);
    }

    /// An item of a tuple, by a subscript. False if it is of something else.
    pub(super) fn load_number(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.number_by_subscript(op).is_some()
    }

    fn number_by_subscript(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let kind = self.native_kind(op).filter(|_| self.is_strict)?;
        let tuple = op.operand(0).ok()?;
        (self.facts.get(tuple).kind == Kind::Tuple).then_some(())?;
        let builder = self.builder(op);
        let number = match integer_constant(op.operand(1).ok()?) {
            Some(index) => {
                let items = self.items_at(&builder, tuple)?;
                items[tuples::place(index, items.len())?]?
            }
            None => {
                let numbers = self.numbers_in(&builder, tuple)?;
                let index = self.number(op, 1, Kind::Int)?;
                let state = op.operand(2).ok()?;
                let place = self.place_in(op, index, numbers.len() as i64, state)?;
                self.choose(&builder, place, &numbers)?
            }
        };
        self.replace(op, kind, number.value);
        self.consumed(tuple);
        Some(())
    }

    /// Those items of a tuple that are numbers.
    fn items_at(
        &self,
        builder: &Builder<'c, 'a>,
        tuple: Value<'c, 'a>,
    ) -> Option<Vec<Option<Native<'c, 'a>>>> {
        if let Some(parts) = self.parts.get(&value_key(tuple)) {
            return Some(parts.iter().copied().map(Some).collect());
        }
        let items = items(&self.known, tuple)?;
        Some(
            items
                .iter()
                .map(|item| self.number_at(builder, item))
                .collect(),
        )
    }

    /// An index from the front. The interpreter raises for one that is out of range.
    fn place_in(
        &self,
        op: OperationRef<'c, 'a>,
        index: Value<'c, 'a>,
        length: i64,
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let builder = self.builder(op);
        let count = builder.int(length);
        let place = match self.numbers.is_unsigned() {
            true => index,
            false => {
                let from_end = builder.value("arith.addi", &[index, count], self.types.i64);
                let negative = builder.cmpi(CmpiPredicate::Slt, index, builder.int(0));
                builder.select(negative, from_end, index)
            }
        };
        let inside = builder.cmpi(CmpiPredicate::Ult, place, count);
        self.guard(op, inside, state, "the index is out of range");
        Some(place)
    }

    /// Whether a number is in a tuple. False if something else is asked.
    pub(super) fn contains_number(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.found_in_tuple(op).is_some()
    }

    fn found_in_tuple(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        self.facts.noted(op).filter(|_| self.is_strict)?;
        let tuple = op.operand(1).ok()?;
        let wanted = self.native(op.operand(0).ok()?)?;
        let state = op.operand(2).ok()?;
        let builder = self.builder(op);
        let numbers = self.numbers_in(&builder, tuple)?;
        let mut found = builder.bool(false);
        for number in numbers {
            // An object is in a container also where it is not equal to itself.
            let same = match number.value == wanted.value {
                true => builder.bool(true),
                false => self.compare_numbers(op, 2, wanted, number, state)?,
            };
            found = builder.value("arith.ori", &[found, same], self.types.i1);
        }
        replace_uses(result(op, 0)?, found);
        self.never_raises(op);
        self.dead.push(op);
        self.consumed(tuple);
        Some(())
    }
}
