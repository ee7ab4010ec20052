//! Jumps, loops, returning, and leaving for the interpreter.

use super::builder::{Frame, Lifter};
use super::ssa::Destination;
use crate::bytecode::{Instruction, Opcode};
use crate::error::FrontendError;
use melior::ir::{Attribute, Value};

/// Below this, the argument of `RESUME` tells that the eval breaker is looked at: at the start of a function and
/// behind a `yield`, not behind `yield from` and `await`.
const RESUME_AFTER_YIELD_FROM: u32 = 2;

/// The bits of the argument of `RESUME` that tell where it is.
const RESUME_LOCATION: u32 = 3;

/// The argument of `BINARY_OP` for `|=`, which `f_locals` supports.
const INPLACE_OR: u32 = 20;

impl<'c, 'a> Lifter<'c, 'a> {
    pub(super) fn lift_resume(&mut self) -> Result<(), FrontendError> {
        if self.instruction().oparg & RESUME_LOCATION < RESUME_AFTER_YIELD_FROM {
            self.raising("py.poll", &[], &[], &[])?;
        }
        Ok(())
    }

    pub(super) fn lift_jump(&mut self) -> Result<(), FrontendError> {
        let target = self.jump_target()?;
        self.go_to(target)
    }

    pub(super) fn lift_jump_backward(&mut self) -> Result<(), FrontendError> {
        let mut attributes = Vec::new();
        if self.options.baseline && !self.program.code().is_generator() {
            attributes.push(("counts", Attribute::unit(self.context)));
        }
        self.raising("py.poll", &attributes, &[], &[])?;
        self.lift_jump()
    }

    pub(super) fn lift_pop_jump_if(&mut self, jump_if: bool) -> Result<(), FrontendError> {
        let condition = self.pop_truth()?;
        let jump = self.jump_destination()?;
        let next = self.next_destination()?;
        self.branch(condition, jump_if, jump, next);
        Ok(())
    }

    pub(super) fn lift_pop_jump_if_none(&mut self, jump_if: bool) -> Result<(), FrontendError> {
        let value = self.pop()?;
        let (object, i1) = (self.types.object, self.types.i1);
        let none = self.value("py.none", &[], &[], object)?;
        let condition = self.value("py.is", &[], &[value, none], i1)?;
        let jump = self.jump_destination()?;
        let next = self.next_destination()?;
        self.branch(condition, jump_if, jump, next);
        Ok(())
    }

    /// The iterator stays on the stack as long as there are items.
    pub(super) fn lift_for_iter(&mut self) -> Result<(), FrontendError> {
        let iterator = self.pop()?;
        let results = [self.types.object, self.types.i1];
        let results = self.raising("py.for_iter", &[], &[iterator], &results)?;
        let exhausted = self.jump_destination()?;
        self.push(iterator);
        self.push(results[0]);
        let next = self.next_destination()?;
        self.branch(results[1], true, exhausted, next);
        Ok(())
    }

    pub(super) fn lift_return_value(&mut self) -> Result<(), FrontendError> {
        let value = self.pop()?;
        self.return_value(value)
    }

    pub(super) fn return_value(&mut self, value: Value<'c, 'a>) -> Result<(), FrontendError> {
        let op = match self.program.code().is_generator() {
            true => "state.return",
            false => "func.return",
        };
        self.op(op, &[], &[value], &[])?;
        self.open = false;
        Ok(())
    }

    /// Behind an instruction that could have had somebody write to the locals of the frame, or begin to trace, in the
    /// ways that this is done: asks whether the interpreter has to go on.
    pub(super) fn check_frame_behind(&mut self) -> Result<(), FrontendError> {
        let instruction = self.instruction();
        let next = self.program.instructions().get(self.index + 1);
        let Some(next) = next.filter(|_| can_change_frame(instruction)) else {
            return Ok(());
        };
        let Frame { locals, stack } = self.frame.clone();
        let state = self.frame_state(next.start, &locals, &stack)?;
        self.check_frame_at(state)
    }

    /// The check itself.
    pub(super) fn check_frame_at(&mut self, state: Value<'c, 'a>) -> Result<(), FrontendError> {
        self.op_at(self.location(), "py.check_frame", &[], &[state], &[])
            .map(drop)
    }

    /// Leaves the instruction and all that follows to the interpreter.
    pub(super) fn leave(&mut self) -> Result<(), FrontendError> {
        let reason = format!("{} is not lifted", self.instruction().opcode());
        self.leave_because(&reason)
    }

    pub(super) fn leave_because(&mut self, reason: &str) -> Result<(), FrontendError> {
        let state = self.state()?;
        let reason = self.string(reason);
        self.op_at(
            self.location(),
            "py.exit",
            &[("reason", reason)],
            &[state],
            &[],
        )?;
        self.open = false;
        Ok(())
    }

    /// To the target of the instruction being lifted.
    pub(super) fn jump_destination(&mut self) -> Result<Destination<'c, 'a>, FrontendError> {
        let target = self.jump_target()?;
        self.arrive(target)
    }

    /// To the instruction behind it.
    pub(super) fn next_destination(&mut self) -> Result<Destination<'c, 'a>, FrontendError> {
        let next = self.block_at(self.index + 1)?;
        self.arrive(next)
    }

    /// Ends the block: to `jump` if the condition is as `jump_if` says, else to `next`.
    pub(super) fn branch(
        &mut self,
        condition: Value<'c, 'a>,
        jump_if: bool,
        jump: Destination<'c, 'a>,
        next: Destination<'c, 'a>,
    ) {
        let (if_true, if_false) = if jump_if { (jump, next) } else { (next, jump) };
        let location = self.location();
        self.note("cf.cond_br");
        self.blocks
            .branch(self.block, condition, if_true, if_false, location);
        self.open = false;
    }
}

/// Whether an instruction is one of those in which `frame.f_locals` takes writes to a frame that compiled code runs: the
/// runtime (`locals`) has the same list, and refuses such writes in others.
fn can_change_frame(instruction: &Instruction) -> bool {
    match instruction.opcode() {
        Opcode::Call
        | Opcode::CallKw
        | Opcode::CallFunctionEx
        | Opcode::BeforeWith
        | Opcode::StoreSubscr
        | Opcode::ImportName
        | Opcode::WithExceptStart => true,
        Opcode::BinaryOp => instruction.oparg == INPLACE_OR,
        _ => false,
    }
}
