//! The evaluation stack, where no op is needed.

use super::builder::Lifter;
use crate::error::FrontendError;

impl Lifter<'_, '_> {
    pub(super) fn push_null(&mut self) -> Result<(), FrontendError> {
        let object = self.types.object;
        let null = self.value("py.null", &[], &[], object)?;
        self.push(null);
        Ok(())
    }

    pub(super) fn lift_copy(&mut self) -> Result<(), FrontendError> {
        let value = self.peek(self.instruction().oparg as usize)?;
        self.push(value);
        Ok(())
    }

    pub(super) fn lift_swap(&mut self) -> Result<(), FrontendError> {
        let depth = self.instruction().oparg as usize;
        self.peek(depth)?;
        let top = self.frame.stack.len() - 1;
        self.frame.stack.swap(top, top + 1 - depth);
        Ok(())
    }
}
