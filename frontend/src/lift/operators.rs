//! Operators, comparisons and truth.

use super::builder::Lifter;
use crate::bytecode::Opcode;
use crate::error::FrontendError;
use melior::ir::Value;
use melior::ir::attribute::IntegerAttribute;

impl<'c, 'a> Lifter<'c, 'a> {
    pub(super) fn lift_binary_op(&mut self) -> Result<(), FrontendError> {
        let kind = ("kind", self.i32(self.instruction().oparg));
        let operands = self.pop_many(2)?;
        self.push_raising("py.binary", &[kind], &operands)
    }

    pub(super) fn lift_unary(&mut self, kind: u32) -> Result<(), FrontendError> {
        let operand = [self.pop()?];
        self.push_raising("py.unary", &[("kind", self.i32(kind))], &operand)
    }

    pub(super) fn lift_unary_not(&mut self) -> Result<(), FrontendError> {
        let value = self.pop_truth()?;
        let inverse = self.invert(value)?;
        self.push_truth(inverse)
    }

    pub(super) fn lift_compare_op(&mut self) -> Result<(), FrontendError> {
        let oparg = self.instruction().oparg;
        let operands = self.pop_many(2)?;
        self.push_raising("py.compare", &[("kind", self.i32(oparg >> 5))], &operands)?;
        if oparg & 16 != 0 {
            self.lift_to_bool()?;
        }
        Ok(())
    }

    pub(super) fn lift_is_op(&mut self) -> Result<(), FrontendError> {
        let operands = self.pop_many(2)?;
        let i1 = self.types.i1;
        let value = self.value("py.is", &[], &operands, i1)?;
        self.push_answer(value)
    }

    pub(super) fn lift_contains_op(&mut self) -> Result<(), FrontendError> {
        let operands = self.pop_many(2)?;
        let i1 = self.types.i1;
        let value = self.raising("py.contains", &[], &operands, &[i1])?[0];
        self.push_answer(value)
    }

    pub(super) fn lift_to_bool(&mut self) -> Result<(), FrontendError> {
        let value = self.pop_truth()?;
        self.push_truth(value)
    }

    pub(super) fn lift_get_len(&mut self) -> Result<(), FrontendError> {
        let operand = [self.peek(1)?];
        self.push_raising("py.get_len", &[], &operand)
    }

    /// Takes the truth value of the top of the stack.
    pub(super) fn pop_truth(&mut self) -> Result<Value<'c, 'a>, FrontendError> {
        use melior::ir::ValueLike;
        let value = self.pop()?;
        let i1 = self.types.i1;
        if value.r#type() == i1 {
            return Ok(value);
        }
        Ok(self.raising("py.truth", &[], &[value], &[i1])?[0])
    }

    /// Puts a truth value on the stack: as it is for an instruction that wants just that, else as an object.
    pub(super) fn push_truth(&mut self, value: Value<'c, 'a>) -> Result<(), FrontendError> {
        if self.truth_is_wanted() {
            self.push(value);
            return Ok(());
        }
        let object = self.types.object;
        let boxed = self.value("py.box", &[], &[value], object)?;
        self.push(boxed);
        Ok(())
    }

    /// The same for an instruction whose argument can invert the answer.
    fn push_answer(&mut self, value: Value<'c, 'a>) -> Result<(), FrontendError> {
        let value = match self.instruction().oparg {
            0 => value,
            _ => self.invert(value)?,
        };
        self.push_truth(value)
    }

    fn truth_is_wanted(&self) -> bool {
        let next = self.index + 1;
        let starts_block = self.cfg.block_at(next).is_some();
        let wants = |opcode| {
            use Opcode::{PopJumpIfFalse, PopJumpIfTrue, ToBool, UnaryNot};
            matches!(opcode, PopJumpIfFalse | PopJumpIfTrue | ToBool | UnaryNot)
        };
        let next = self.program.instructions().get(next);
        !starts_block && next.is_some_and(|next| wants(next.opcode()))
    }

    fn invert(&mut self, value: Value<'c, 'a>) -> Result<Value<'c, 'a>, FrontendError> {
        let i1 = self.types.i1;
        let one = IntegerAttribute::new(i1, 1).into();
        let location = self.location();
        let one = self.op_at(location, "arith.constant", &[("value", one)], &[], &[i1])?[0];
        Ok(self.op_at(location, "arith.xori", &[], &[value, one], &[i1])?[0])
    }
}
