//! The `match` statement.

use super::builder::Lifter;
use crate::error::FrontendError;

impl Lifter<'_, '_> {
    pub(super) fn lift_match_kind(&mut self, op: &str) -> Result<(), FrontendError> {
        let subject = [self.peek(1)?];
        let i1 = self.types.i1;
        let value = self.value(op, &[], &subject, i1)?;
        self.push_truth(value)
    }

    pub(super) fn lift_match_keys(&mut self) -> Result<(), FrontendError> {
        let operands = [self.peek(2)?, self.peek(1)?];
        self.push_raising("py.match_keys", &[], &operands)
    }

    pub(super) fn lift_match_class(&mut self) -> Result<(), FrontendError> {
        let positional = ("positional", self.i32(self.instruction().oparg));
        let operands = self.pop_many(3)?;
        self.push_raising("py.match_class", &[positional], &operands)
    }
}
