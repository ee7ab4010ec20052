//! Calls, and what functions are made of.

use super::builder::Lifter;
use crate::error::FrontendError;

impl Lifter<'_, '_> {
    pub(super) fn lift_call(&mut self) -> Result<(), FrontendError> {
        let operands = self.pop_many(self.instruction().oparg as usize + 2)?;
        self.push_raising("py.call", &[], &operands)
    }

    /// The names of the keywords are a constant that was loaded just before.
    pub(super) fn lift_call_kw(&mut self) -> Result<(), FrontendError> {
        let Some(names) = self.constant_index(self.peek(1)?) else {
            return self.leave_because("CALL_KW with computed names is not lifted");
        };
        self.pop()?;
        let operands = self.pop_many(self.instruction().oparg as usize + 2)?;
        self.push_raising("py.call", &[("kwnames", self.i32(names))], &operands)
    }

    /// On the stack: the callable, an unused entry, the positional arguments, perhaps a mapping.
    pub(super) fn lift_call_function_ex(&mut self) -> Result<(), FrontendError> {
        if self.instruction().oparg & 1 == 0 {
            self.push_null()?;
        }
        let mut operands = self.pop_many(4)?;
        operands.remove(1);
        self.push_raising("py.call_ex", &[], &operands)
    }

    pub(super) fn lift_intrinsic(
        &mut self,
        op: &str,
        operands: usize,
    ) -> Result<(), FrontendError> {
        let kind = ("kind", self.i32(self.instruction().oparg));
        let operands = self.pop_many(operands)?;
        self.push_raising(op, &[kind], &operands)
    }

    pub(super) fn lift_set_function_attribute(&mut self) -> Result<(), FrontendError> {
        let function = self.pop()?;
        let value = self.pop()?;
        let flag = ("flag", self.i32(self.instruction().oparg));
        let location = self.location();
        self.op_at(
            location,
            "py.set_function_attribute",
            &[flag],
            &[function, value],
            &[],
        )?;
        self.push(function);
        Ok(())
    }
}
