//! `divmod` of numbers, whose tuple is taken apart at once.

use super::{Lowering, Native};
use crate::{
    analysis::{
        fact::Kind,
        numbers::arguments,
        range_loops::checks_behind,
        tuples::{divided, division_of},
    },
    inspect::{result, value_key},
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::replace_uses;

impl<'c, 'a> Lowering<'c, 'a> {
    /// Computes both parts in place of the call.
    pub(super) fn divide(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let tuple = result(op, 0)?;
        division_of(tuple).filter(|_| self.facts.get(tuple).kind == Kind::Tuple)?;
        let natives = arguments(op).into_iter().map(|value| self.native(value));
        let natives = natives.collect::<Option<Vec<_>>>()?;
        let kinds: Vec<_> = natives.iter().map(|native| native.kind).collect();
        let kind = divided(&kinds);
        kind.is_number().then_some(())?;
        let builder = self.builder(op);
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let operands: Vec<_> = natives
            .iter()
            .map(|native| self.convert(&builder, native.value, native.kind, kind))
            .collect();
        let parts = match kind {
            Kind::Int => ["num.floordiv", "num.mod"]
                .map(|name| self.integer(&builder, name, &operands, state)),
            _ => ["num.floordivf", "num.modf"].map(|name| {
                let operands = [operands[0], operands[1], state];
                let part = builder.value(name, &operands, self.types.f64);
                self.rounded(&builder, kind, part)
            }),
        };
        let parts = parts.map(|part| Native::new(kind, part));
        self.divisions.insert(value_key(tuple), parts);
        let checks = checks_behind(op);
        self.never_raises(op);
        self.dead.push(op);
        self.dead.extend(checks);
        Some(())
    }

    /// The parts of such a tuple. False if the sequence is another one.
    pub(super) fn unpack_division(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let tuple = op.operand(0).ok();
        let parts = tuple.and_then(|tuple| self.divisions.get(&value_key(tuple)).copied());
        let Some(parts) = parts else { return false };
        for (part, item) in parts.into_iter().zip(op.results().map(Value::from)) {
            self.natives.insert(value_key(item), part);
        }
        let flag = op.results().map(Value::from).nth(parts.len());
        if let Some(raised) = flag.filter(|flag| flag.r#type() == self.types.i1) {
            replace_uses(raised, self.builder(op).bool(false));
        }
        self.dead.push(op);
        true
    }
}
