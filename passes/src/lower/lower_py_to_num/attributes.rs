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

use super::{Lowering, sequences::noun, values::zero};
use crate::{
    analysis::{fact::Kind, numbers::attribute},
    inspect::{defined_by, result, str_attribute, value_key},
};
use melior::ir::{Attribute, OperationRef, Value, operation::OperationLike};
use stepwell_abi::GUESSED_ATTRIBUTE;
use stepwell_dialects::ir::{has_uses, replace_uses};

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
        let kind = self.native_kind(op)?;
        let expected = noun(kind)?;
        let state = op.operand(1).ok()?;
        let builder = self.builder(op);
        let object = self.object(op.operand(0).ok()?, &builder);
        let results = [self.types.i1, kind.native_type(&self.types)?];
        let read = builder.op("py.read_attr", &[object], &results, &names(op)?);
        self.expect_attribute(op, result(read, 0)?, state, expected);
        let value = result(read, 1)?;
        self.replace(op, kind, value);
        Some(())
    }

    /// Writes a number natively to what most likely is one.
    pub(super) fn store_attribute(&mut self, op: OperationRef<'c, 'a>) {
        if self.write_attribute(op).is_none() {
            self.box_operands(op);
        }
    }

    fn write_attribute(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let kind = self.facts.noted(op)?.kind;
        noun(kind)?;
        let value = op.operand(1).ok()?;
        let native = self.native(value)?;
        // What is there as an object is assigned as that object, so that it stays the same.
        let is_object = self.objects.contains(&value_key(value));
        if is_object && defined_by(value, "py.constant").is_none() {
            return None;
        }
        let state = op.operand(2).ok()?;
        let builder = self.builder(op);
        let object = self.object(op.operand(0).ok()?, &builder);
        if kind == Kind::Float {
            self.expect_no_nan(op, value, native.value, state);
        }
        let operands = [native.value, object];
        let write = builder.op("py.write_attr", &operands, &[self.types.i1], &names(op)?);
        self.expect_attribute(op, result(write, 0)?, state, "a number");
        if let Some(raised) = result(op, 0).filter(|raised| has_uses(*raised)) {
            replace_uses(raised, self.builder(op).bool(false));
        }
        self.dead.push(op);
        Some(())
    }

    fn expect_attribute(
        &self,
        op: OperationRef<'c, 'a>,
        condition: Value<'c, 'a>,
        state: Value<'c, 'a>,
        what: &str,
    ) {
        let name = str_attribute(op, "name").unwrap_or_default();
        self.expect_that(
            op,
            condition,
            state,
            &format!("{what}{GUESSED_ATTRIBUTE}{name}"),
        );
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

/// The attributes that name what an op is about.
fn names<'c>(op: OperationRef<'c, '_>) -> Option<[(&'static str, Attribute<'c>); 2]> {
    Some([
        ("index", op.attribute("index").ok()?),
        ("name", op.attribute("name").ok()?),
    ])
}
