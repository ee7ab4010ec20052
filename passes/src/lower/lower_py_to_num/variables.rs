//! Free variables that were guessed to be numbers.
//!
//! ```mlir
//! // before
//! %v = py.load_deref %cell, 1 "k" at %s {py.type = "i64"}
//! // after
//! %is_int, %v = py.read_deref %cell : i64
//! num.guard %is_int at %s "expected an int of 64 bits"
//! ```
//!
//! Nothing has happened where the guard leaves. A variable that is needed as an object stays one.

use super::{Lowering, sequences::noun};
use crate::{
    analysis::fact::Kind,
    inspect::{defined_by, result, value_key},
};
use melior::ir::{OperationRef, operation::OperationLike};

impl<'c, 'a> Lowering<'c, 'a> {
    /// Reads a number from a cell, or what is there.
    pub(super) fn load_variable(&mut self, op: OperationRef<'c, 'a>) {
        if self.native_kind(op).is_some() && self.needs_object(op) {
            self.expect(op);
        } else if self.read_variable(op).is_none() {
            self.box_operands(op);
        }
    }

    fn read_variable(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let kind = self.native_kind(op)?;
        let expected = noun(kind)?;
        let state = op.operand(1).ok()?;
        let results = [self.types.i1, kind.native_type(&self.types)?];
        let builder = self.builder(op);
        let read = builder.op("py.read_deref", &[op.operand(0).ok()?], &results, &[]);
        self.expect_that(op, result(read, 0)?, state, expected);
        let value = result(read, 1)?;
        self.replace(op, kind, value);
        Some(())
    }

    /// Writes a number to a cell that most likely holds one.
    pub(super) fn store_variable(&mut self, op: OperationRef<'c, 'a>) {
        if self.write_variable(op).is_none() {
            self.box_operands(op);
        }
    }

    fn write_variable(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
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
        if kind == Kind::Float {
            self.expect_no_nan(op, value, native.value, state);
        }
        let operands = [native.value, op.operand(0).ok()?];
        let builder = self.builder(op);
        let write = builder.op("py.write_deref", &operands, &[self.types.i1], &[]);
        self.expect_that(op, result(write, 0)?, state, "a number in the cell");
        self.dead.push(op);
        Some(())
    }
}
