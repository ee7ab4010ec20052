//! Locals, cells and free variables.
//!
//! A local is an SSA value. Assigning it is also an op, because the frame owns the object. What a cell holds is not:
//! the local's value is the cell.

use super::builder::{Lifter, Named};
use crate::code::SlotKind;
use crate::error::FrontendError;
use melior::ir::Value;

impl<'c, 'a> Lifter<'c, 'a> {
    pub(super) fn lift_load_fast(&mut self) -> Result<(), FrontendError> {
        for slot in self.slots() {
            self.push(self.frame.locals[slot]);
        }
        Ok(())
    }

    pub(super) fn lift_load_fast_check(&mut self) -> Result<(), FrontendError> {
        let value = self.bound(self.slot())?;
        self.push(value);
        Ok(())
    }

    pub(super) fn lift_load_fast_and_clear(&mut self) -> Result<(), FrontendError> {
        let slot = self.slot();
        self.push(self.frame.locals[slot]);
        self.unbind(slot)
    }

    pub(super) fn lift_store_fast(&mut self) -> Result<(), FrontendError> {
        for slot in self.slots() {
            let value = self.pop()?;
            self.store(slot, value)?;
        }
        Ok(())
    }

    pub(super) fn lift_store_fast_load_fast(&mut self) -> Result<(), FrontendError> {
        let oparg = self.instruction().oparg as usize;
        let value = self.pop()?;
        self.store(oparg >> 4, value)?;
        self.push(self.frame.locals[oparg & 15]);
        Ok(())
    }

    pub(super) fn lift_delete_fast(&mut self) -> Result<(), FrontendError> {
        let slot = self.slot();
        self.bound(slot)?;
        self.unbind(slot)
    }

    pub(super) fn lift_make_cell(&mut self) -> Result<(), FrontendError> {
        let slot = self.slot();
        let object = self.types.object;
        let initial = self.frame.locals[slot];
        let cell = self.raising("py.make_cell", &[], &[initial], &[object])?[0];
        self.store(slot, cell)
    }

    pub(super) fn lift_copy_free_vars(&mut self) -> Result<(), FrontendError> {
        let slots = &self.program.code().slots;
        let first = slots.len() - self.instruction().oparg as usize;
        let object = self.types.object;
        let count = slots.len() - first;
        if slots[first..]
            .iter()
            .any(|slot| slot.kind != SlotKind::Free)
        {
            return Err(self.unsupported("free variables that are not the last ones"));
        }
        for index in 0..count {
            let attributes = [("index", self.i32(index as u32))];
            let location = self.locations.named(first + index, self.location());
            let cell = self.op_at(location, "py.load_closure", &attributes, &[], &[object])?[0];
            self.store(first + index, cell)?;
        }
        Ok(())
    }

    pub(super) fn lift_load_deref(&mut self) -> Result<(), FrontendError> {
        let slot = self.slot();
        let cell = self.frame.locals[slot];
        self.push_raising("py.load_deref", &self.slot_attributes(slot), &[cell])
    }

    pub(super) fn lift_load_from_dict_or_deref(&mut self) -> Result<(), FrontendError> {
        let slot = self.slot();
        let operands = [self.pop()?, self.frame.locals[slot]];
        self.push_raising(
            "py.load_from_dict_or_deref",
            &self.slot_attributes(slot),
            &operands,
        )
    }

    pub(super) fn lift_store_deref(&mut self) -> Result<(), FrontendError> {
        let cell = self.frame.locals[self.slot()];
        let operands = [cell, self.pop()?, self.state()?];
        self.op("py.store_deref", &[], &operands, &[]).map(drop)
    }

    pub(super) fn lift_delete_deref(&mut self) -> Result<(), FrontendError> {
        let slot = self.slot();
        let cell = self.frame.locals[slot];
        self.raising("py.delete_deref", &self.slot_attributes(slot), &[cell], &[])
            .map(drop)
    }

    /// The slot that the instruction names.
    fn slot(&self) -> usize {
        self.instruction().oparg as usize
    }

    /// The slot or the two slots that the instruction names.
    fn slots(&self) -> Vec<usize> {
        let instruction = self.instruction();
        let oparg = instruction.oparg as usize;
        match instruction.row.operand {
            crate::bytecode::Operand::SlotPair => vec![oparg >> 4, oparg & 15],
            _ => vec![oparg],
        }
    }

    fn slot_attributes(&self, slot: usize) -> [Named<'static, 'c>; 2] {
        let name = &self.program.code().slots[slot].name;
        [
            ("index", self.i32(slot as u32)),
            ("name", self.string(name)),
        ]
    }

    /// The value of a local that may be unbound. From here on it is known to be bound.
    fn bound(&mut self, slot: usize) -> Result<Value<'c, 'a>, FrontendError> {
        let value = self.frame.locals[slot];
        let object = self.types.object;
        let attributes = self.slot_attributes(slot);
        let value = self.raising("py.check_bound", &attributes, &[value], &[object])?[0];
        self.frame.locals[slot] = value;
        Ok(value)
    }

    fn unbind(&mut self, slot: usize) -> Result<(), FrontendError> {
        let null = self.unbound;
        let null = null.ok_or_else(|| FrontendError::bug("a local is unbound unexpectedly"))?;
        if self.frame.locals[slot] == null {
            return Ok(());
        }
        self.store(slot, null)
    }

    fn store(&mut self, slot: usize, value: Value<'c, 'a>) -> Result<(), FrontendError> {
        let operands = [value, self.state()?];
        let attributes = self.slot_attributes(slot);
        self.op_at(
            self.location(),
            "py.store_local",
            &attributes,
            &operands,
            &[],
        )?;
        self.frame.locals[slot] = value;
        Ok(())
    }
}
