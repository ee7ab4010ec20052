//! `real` and `imag` of numbers, and attributes that were guessed to be numbers.
//!
//! ```mlir
//! // before
//! %v = py.load_attr %x, 3 "y" at %s {py.type = "f64"}
//! // after
//! %is_float, %v = py.read_attr %x, 3 "y" : f64
//! num.guard %is_float at %s "expected a float as attribute y"
//! ```
//!
//! Nothing has happened where the guard leaves: the interpreter loads the attribute, or stores it. An attribute that is
//! needed as an object stays one: it has to be that very object.

use super::{Lowering, values::zero};
use crate::{
    analysis::{fact::Kind, numbers::attribute},
    inspect::str_attribute,
};
use melior::ir::{Attribute, OperationRef, Value, operation::OperationLike};
use stepwell_abi::GUESSED_ATTRIBUTE;

impl<'c, 'a> Lowering<'c, 'a> {
    pub(super) fn load_attribute(&mut self, op: OperationRef<'c, 'a>) {
        if self.array_attribute(op) {
            return;
        }
        match self.native_attribute(op) {
            Some((kind, value)) => self.replace(op, kind, value),
            None if self.native_kind(op).is_some() && self.needs_object(op) => self.expect(op),
            None if self.read_attribute(op).is_some() => {}
            None => self.box_operands(op),
        }
    }

    fn read_attribute(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        self.read_number(op, "py.read_attr", &names(op)?, &attribute_of(op))
    }

    /// Writes a number natively to what most likely is one.
    pub(super) fn store_attribute(&mut self, op: OperationRef<'c, 'a>) {
        if self.write_attribute(op).is_none() {
            self.box_operands(op);
        }
    }

    fn write_attribute(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        self.write_number(op, "py.write_attr", &names(op)?, &attribute_of(op))
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

/// What the reason to leave says of the attribute.
fn attribute_of(op: OperationRef) -> String {
    let name = str_attribute(op, "name").unwrap_or_default();
    format!("{GUESSED_ATTRIBUTE}{name}")
}

/// The attributes that name what an op is about.
fn names<'c>(op: OperationRef<'c, '_>) -> Option<[(&'static str, Attribute<'c>); 2]> {
    Some([
        ("index", op.attribute("index").ok()?),
        ("name", op.attribute("name").ok()?),
    ])
}
