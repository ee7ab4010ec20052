//! `sum`, `min`, `len` and other functions of tuples of numbers.

use super::super::{Lowering, Native, known::Call, operators::truth};
use crate::{
    analysis::{
        fact::Kind,
        operators::BinaryOperator,
        tuples::{OnTuples, call_on_tuples},
    },
    builder::{Builder, CmpfPredicate},
};
use melior::ir::{OperationRef, Value, operation::OperationLike};

impl<'c, 'a> Lowering<'c, 'a> {
    /// A call of such a function. False if it is another one.
    pub(in super::super) fn call_on_tuples(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.reduce(op).is_some()
    }

    fn reduce(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let call = call_on_tuples(&self.known, op).filter(|_| self.is_strict)?;
        let kind = self.native_kind(op)?;
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let value = self.reduced(op, &call, kind, state)?;
        self.replace(op, kind, value);
        call.tuples
            .into_iter()
            .for_each(|tuple| self.consumed(tuple));
        Some(())
    }

    fn reduced(
        &self,
        op: OperationRef<'c, 'a>,
        call: &OnTuples<'c, 'a>,
        kind: Kind,
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let builder = self.builder(op);
        if call.path == "builtins.len" {
            let items = crate::analysis::tuples::items(&self.known, call.tuples[0])?;
            return Some(builder.int(items.len() as i64));
        }
        let lists = call
            .tuples
            .iter()
            .map(|tuple| self.numbers_in(&builder, *tuple));
        let lists = lists.collect::<Option<Vec<_>>>()?;
        let start = call.start.map(|start| self.native(start));
        let first = match (start, call.path.as_str()) {
            (Some(start), _) => start?,
            (None, "math.prod") => Native::new(Kind::Int, builder.int(1)),
            (None, _) => Native::new(Kind::Int, builder.int(0)),
        };
        let numbers = &lists[0];
        match call.path.as_str() {
            "builtins.any" => self.truths(&builder, "arith.ori", numbers),
            "builtins.all" => self.truths(&builder, "arith.andi", numbers),
            "builtins.min" | "builtins.max" => self.best(&builder, &call.path, numbers, state),
            "builtins.sum" => Some(self.sum(op, first, numbers, state)?.value),
            "math.prod" => Some(
                self.fold(op, BinaryOperator::Multiply, first, numbers, state)?
                    .value,
            ),
            path => {
                let operands: Vec<_> = lists.iter().flatten().collect();
                let wanted = |native: &&Native<'c, 'a>| match path {
                    "math.sumprod" => native.kind.number(),
                    _ => Kind::Float,
                };
                let operands: Vec<_> = operands
                    .iter()
                    .map(|native| self.convert(&builder, native.value, native.kind, wanted(native)))
                    .collect();
                let lengths: Vec<_> = lists.iter().map(|list| list.len() as i32).collect();
                let call = Call {
                    path,
                    operands: &operands,
                    tuples: &lengths,
                    results: &[kind],
                };
                let results = self.numbers_of_call(&builder, call, state)?;
                Some(results.first()?.value)
            }
        }
    }

    fn truths(
        &self,
        builder: &Builder<'c, 'a>,
        name: &str,
        numbers: &[Native<'c, 'a>],
    ) -> Option<Value<'c, 'a>> {
        let none = builder.bool(name == "arith.andi");
        let truths = numbers
            .iter()
            .map(|number| truth(builder, number.kind, number.value));
        Some(truths.fold(none, |all, one| {
            builder.value(name, &[all, one], self.types.i1)
        }))
    }

    fn best(
        &self,
        builder: &Builder<'c, 'a>,
        path: &str,
        numbers: &[Native<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let (first, rest) = numbers.split_first()?;
        let best = rest.iter().try_fold(*first, |best, number| {
            let call = Call {
                path,
                operands: &[best.value, number.value],
                tuples: &[],
                results: &[first.kind],
            };
            let results = self.numbers_of_call(builder, call, state)?;
            results.first().copied()
        });
        Some(best?.value)
    }

    /// One after the other by an operator.
    fn fold(
        &self,
        op: OperationRef<'c, 'a>,
        operator: BinaryOperator,
        first: Native<'c, 'a>,
        numbers: &[Native<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Option<Native<'c, 'a>> {
        let mut all = numbers.iter();
        all.try_fold(first, |sum, number| {
            self.operate(op, operator, sum, *number, state)
        })
    }

    /// As CPython: integers and complex numbers by `+`, floats with the part that is lost beside them. What is computed
    /// is rounded once, at the end.
    fn sum(
        &self,
        op: OperationRef<'c, 'a>,
        first: Native<'c, 'a>,
        numbers: &[Native<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Option<Native<'c, 'a>> {
        let builder = self.builder(op);
        let is_real = |native: &Native<'c, 'a>| native.kind.is_integer();
        // The integers in front of the first float.
        let floats = match first.kind {
            Kind::Float => 0,
            Kind::Complex => numbers.len(),
            _ => {
                let whole = numbers.iter().take_while(|number| is_real(number)).count();
                whole + usize::from(numbers.get(whole).is_some_and(|it| it.kind == Kind::Float))
            }
        };
        let (front, rest) = numbers.split_at(floats);
        let front = self.fold(op, BinaryOperator::Add, first, front, state)?;
        if front.kind != Kind::Float {
            return self.fold(op, BinaryOperator::Add, front, rest, state);
        }
        let compensated = rest
            .iter()
            .take_while(|number| number.kind != Kind::Complex)
            .count();
        let (near, rest) = rest.split_at(compensated);
        let (mut high, mut low) = (front.value, builder.float(0.0));
        for number in near {
            let number = self.convert(&builder, number.value, number.kind, Kind::Float);
            (high, low) = self.add_compensated(&builder, high, low, number);
        }
        let sum = self.compensate(&builder, high, low);
        let sum = Native::new(Kind::Float, self.rounded(&builder, Kind::Float, sum));
        self.fold(op, BinaryOperator::Add, sum, rest, state)
    }

    /// The sum, and what it lacks.
    fn add_compensated(
        &self,
        builder: &Builder<'c, 'a>,
        high: Value<'c, 'a>,
        low: Value<'c, 'a>,
        number: Value<'c, 'a>,
    ) -> (Value<'c, 'a>, Value<'c, 'a>) {
        let f64 = self.types.f64;
        let add = |lhs, rhs| builder.value("arith.addf", &[lhs, rhs], f64);
        let subtract = |lhs, rhs| builder.value("arith.subf", &[lhs, rhs], f64);
        let size = |value| builder.value("math.absf", &[value], f64);
        let sum = add(high, number);
        let order = builder.cmpf(CmpfPredicate::Oge, size(high), size(number));
        let large = builder.select(order, high, number);
        let small = builder.select(order, number, high);
        let lost = add(subtract(large, sum), small);
        (sum, add(low, lost))
    }

    /// The sum with what it lacks, unless that is no number or infinite.
    fn compensate(
        &self,
        builder: &Builder<'c, 'a>,
        high: Value<'c, 'a>,
        low: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let f64 = self.types.f64;
        let size = builder.value("math.absf", &[low], f64);
        let is_some = builder.cmpf(CmpfPredicate::Une, low, builder.float(0.0));
        let is_finite = builder.cmpf(CmpfPredicate::Olt, size, builder.float(f64::INFINITY));
        let helps = builder.value("arith.andi", &[is_some, is_finite], self.types.i1);
        let all = builder.value("arith.addf", &[high, low], f64);
        builder.select(helps, all, high)
    }
}
