//! Memory of floats: an address and how many are there, which is negative where it is not known.

use super::Lowering;
use crate::{
    analysis::{
        fact::Kind,
        operators::BinaryOperator::{self, Subtract},
    },
    builder::CmpiPredicate,
    inspect::{int_attribute, result},
};
use melior::ir::{Attribute, OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::{has_uses, replace_uses};

impl<'c, 'a> Lowering<'c, 'a> {
    /// `p + n`, `n + p` and `p - n`
    pub(super) fn move_pointer(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let operator = BinaryOperator::from_number(int_attribute(op, "kind")?)?;
        let index = usize::from(self.kind(op, 0)? != Kind::Pointer);
        let pointer = self.native(op.operand(index).ok()?)?.value;
        let builder = self.builder(op);
        let mut count = self.number(op, 1 - index, Kind::Int)?;
        if operator == Subtract {
            count = builder.value("arith.subi", &[builder.int(0), count], self.types.i64);
        }
        let operands = [pointer, count, op.operand(2).ok()?];
        let results = [self.types.pointer];
        let made = builder.op("num.offset", &operands, &results, &self.unchecked());
        result(made, 0)
    }

    /// `p[i]`
    pub(super) fn load_at_pointer(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let pointer = self.native(op.operand(0).ok()?)?.value;
        let operands = [pointer, self.number(op, 1, Kind::Int)?, op.operand(2).ok()?];
        let results = [self.types.f64];
        let made = self
            .builder(op)
            .op("num.load", &operands, &results, &self.unchecked());
        result(made, 0)
    }

    /// `p[i] = x`; `None` for another store.
    pub(super) fn store_at_pointer(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let pointer = self.native(op.operand(0).ok()?)?;
        (pointer.kind == Kind::Pointer).then_some(())?;
        let operands = [
            self.number(op, 2, Kind::Float)?,
            pointer.value,
            self.number(op, 1, Kind::Int)?,
            op.operand(3).ok()?,
        ];
        let builder = self.builder(op);
        builder.op("num.store", &operands, &[], &self.unchecked());
        if let Some(raised) = result(op, 0).filter(|raised| has_uses(*raised)) {
            replace_uses(raised, builder.bool(false));
        }
        self.dead.push(op);
        Some(())
    }

    /// `len(p)`
    pub(super) fn known_length(
        &self,
        op: OperationRef<'c, 'a>,
        pointer: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let builder = self.builder(op);
        let length = builder.part(pointer, 1, self.types.i64);
        let known = builder.cmpi(CmpiPredicate::Sge, length, builder.int(0));
        self.guard_raising(op, known, state, "an address has no length", "TypeError");
        length
    }

    /// `unchecked` where the function does without checks of indices.
    pub(super) fn unchecked(&self) -> Vec<(&'static str, Attribute<'c>)> {
        let mark = self.function.has_attribute("py.unchecked");
        mark.then(|| ("unchecked", Attribute::unit(self.context)))
            .into_iter()
            .collect()
    }
}
