//! `real` and `imag` of numbers.

use super::{Lowering, values::zero};
use crate::{
    analysis::{fact::Kind, numbers::attribute},
    inspect::str_attribute,
};
use melior::ir::{OperationRef, Value, operation::OperationLike};

impl<'c, 'a> Lowering<'c, 'a> {
    pub(super) fn load_attribute(&mut self, op: OperationRef<'c, 'a>) {
        if self.array_attribute(op) {
            return;
        }
        match self.native_attribute(op) {
            Some((kind, value)) => self.replace(op, kind, value),
            None => self.box_operands(op),
        }
    }

    fn native_attribute(&self, op: OperationRef<'c, 'a>) -> Option<(Kind, Value<'c, 'a>)> {
        let number = self.native(op.operand(0).ok()?)?;
        let name = str_attribute(op, "name")?;
        let kind = attribute(number.kind, name)?;
        let builder = self.builder(op);
        let value = match (number.kind, name) {
            (Kind::Complex, "real") => builder.value("complex.re", &[number.value], self.types.f64),
            (Kind::Complex, _) => builder.value("complex.im", &[number.value], self.types.f64),
            (from, "real") => self.convert(&builder, number.value, from, kind),
            _ => zero(&builder, kind),
        };
        Some((kind, value))
    }
}
