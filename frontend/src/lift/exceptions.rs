//! Raising and handling, and the `with` statement.

use super::builder::Lifter;
use crate::error::FrontendError;
use melior::ir::Value;

impl<'c, 'a> Lifter<'c, 'a> {
    /// The exception and its cause are both optional.
    pub(super) fn lift_raise_varargs(&mut self) -> Result<(), FrontendError> {
        for _ in self.instruction().oparg..2 {
            self.push_null()?;
        }
        let operands = self.pop_many(2)?;
        self.failing("py.raise", &operands, None)
    }

    /// An exception that is raised again keeps the place where it came from, if a handler has kept it so far.
    pub(super) fn lift_reraise(&mut self) -> Result<(), FrontendError> {
        let kept = self.instruction().oparg as usize;
        let exception = self.pop()?;
        if kept == 0 {
            self.push_null()?;
            let no_place = self.pop()?;
            return self.failing("py.reraise", &[exception, no_place], None);
        }
        let lasti = self.peek(kept)?;
        let place = match self.handler {
            Some(handler) if handler.lasti => Some(self.unboxed(lasti)?),
            _ => None,
        };
        self.failing("py.reraise", &[exception, lasti], place)
    }

    /// What has raised can have changed the frame, so that is asked first.
    pub(super) fn lift_push_exc_info(&mut self) -> Result<(), FrontendError> {
        let state = self.state()?;
        self.check_frame_at(state)?;
        let exception = self.pop()?;
        let object = self.types.object;
        let previous = self.value("py.push_exc_info", &[], &[exception], object)?;
        self.push(previous);
        self.push(exception);
        Ok(())
    }

    pub(super) fn lift_pop_except(&mut self) -> Result<(), FrontendError> {
        let previous = self.pop()?;
        self.op("py.pop_except", &[], &[previous], &[]).map(drop)
    }

    pub(super) fn lift_check_exc_match(&mut self) -> Result<(), FrontendError> {
        let match_type = self.pop()?;
        let operands = [self.peek(1)?, match_type];
        let i1 = self.types.i1;
        let value = self.raising("py.check_exc_match", &[], &operands, &[i1])?[0];
        self.push_truth(value)
    }

    /// On the stack: the bound `__exit__`, the place, the exception handled before, the exception.
    pub(super) fn lift_with_except_start(&mut self) -> Result<(), FrontendError> {
        let operands = [self.peek(4)?, self.peek(1)?];
        self.push_raising("py.with_except_start", &[], &operands)
    }

    /// The number in an `int` that a handler has boxed, so this never leaves.
    fn unboxed(&mut self, place: Value<'c, 'a>) -> Result<Value<'c, 'a>, FrontendError> {
        let operands = [place, self.state()?];
        let i64 = self.types.i64;
        let location = self.location();
        Ok(self.op_at(location, "py.unbox", &[], &operands, &[i64])?[0])
    }
}
