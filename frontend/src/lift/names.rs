//! Globals, builtins, attributes and imports.

use super::builder::{Lifter, Named};
use crate::error::FrontendError;
use melior::ir::Attribute;

impl<'c> Lifter<'c, '_> {
    /// An instruction that takes so many entries and a name and gives one object.
    pub(super) fn lift_load_name(
        &mut self,
        op: &str,
        operands: usize,
    ) -> Result<(), FrontendError> {
        let operands = self.pop_many(operands)?;
        self.push_raising(op, &self.name_attributes(0), &operands)
    }

    /// An instruction that takes so many entries and a name and gives nothing.
    pub(super) fn lift_change_name(
        &mut self,
        op: &str,
        operands: usize,
    ) -> Result<(), FrontendError> {
        let operands = self.pop_many(operands)?;
        self.raising(op, &self.name_attributes(0), &operands, &[])
            .map(drop)
    }

    pub(super) fn lift_load_global(&mut self) -> Result<(), FrontendError> {
        self.push_raising("py.load_global", &self.name_attributes(1), &[])?;
        if self.instruction().oparg & 1 == 1 {
            self.push_null()?;
        }
        Ok(())
    }

    pub(super) fn lift_load_attr(&mut self) -> Result<(), FrontendError> {
        let object = [self.pop()?];
        let attributes = self.name_attributes(1);
        if self.instruction().oparg & 1 == 0 {
            return self.push_raising("py.load_attr", &attributes, &object);
        }
        let results = [self.types.object; 2];
        let method = self.raising("py.load_method", &attributes, &object, &results)?;
        self.frame.stack.extend(method);
        Ok(())
    }

    pub(super) fn lift_store_attr(&mut self) -> Result<(), FrontendError> {
        let object = self.pop()?;
        let operands = [object, self.pop()?];
        self.raising("py.store_attr", &self.name_attributes(0), &operands, &[])
            .map(drop)
    }

    pub(super) fn lift_load_super_attr(&mut self) -> Result<(), FrontendError> {
        let oparg = self.instruction().oparg;
        let operands = self.pop_many(3)?;
        let mut attributes = self.name_attributes(2).to_vec();
        if oparg & 2 != 0 {
            attributes.push(("two_arguments", Attribute::unit(self.context)));
        }
        if oparg & 1 == 0 {
            return self.push_raising("py.load_super_attr", &attributes, &operands);
        }
        let results = [self.types.object; 2];
        let method = self.raising("py.load_super_method", &attributes, &operands, &results)?;
        self.frame.stack.extend(method);
        Ok(())
    }

    pub(super) fn lift_import_from(&mut self) -> Result<(), FrontendError> {
        let module = [self.peek(1)?];
        self.push_raising("py.import_from", &self.name_attributes(0), &module)
    }

    /// The name that the argument tells, above so many bits.
    fn name_attributes(&self, bits: u32) -> [Named<'static, 'c>; 2] {
        let index = self.instruction().oparg >> bits;
        let name = &self.program.code().names[index as usize];
        [("index", self.i32(index)), ("name", self.string(name))]
    }
}
