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

use super::Lowering;
use melior::ir::OperationRef;

impl<'c, 'a> Lowering<'c, 'a> {
    /// Reads a number from a cell, or what is there.
    pub(super) fn load_variable(&mut self, op: OperationRef<'c, 'a>) {
        if self.native_kind(op).is_some() && self.needs_object(op) {
            self.expect(op);
        } else if self.read_number(op, "py.read_deref", &[], "").is_none() {
            self.box_operands(op);
        }
    }

    /// Writes a number to a cell that most likely holds one.
    pub(super) fn store_variable(&mut self, op: OperationRef<'c, 'a>) {
        let written = self.write_number(op, "py.write_deref", &[], " in the cell");
        if written.is_none() {
            self.box_operands(op);
        }
    }
}
