//! Generators and coroutines.
//!
//! A thrown exception is the interpreter's to deliver, so a suspension has no edge to a handler.

use super::builder::Lifter;
use super::ssa::Destination;
use crate::code::SlotKind;
use crate::error::FrontendError;
use melior::ir::{Attribute, Value};

impl<'c, 'a> Lifter<'c, 'a> {
    /// The frame is suspended in front of the next instruction. The argument tells `yield` from `yield from` and `await`.
    pub(super) fn lift_yield_value(&mut self) -> Result<(), FrontendError> {
        let value = self.pop()?;
        let frame = self.frame.clone();
        let resume = self.instruction().next;
        let state = self.frame_state(resume, &frame.locals, &frame.stack)?;
        let object = self.types.object;
        let delegating = ("delegating", Attribute::unit(self.context));
        let attributes = if self.instruction().oparg == 0 {
            &[][..]
        } else {
            &[delegating]
        };
        let sent = self.value("state.yield", attributes, &[value, state], object)?;
        self.push(sent);
        self.reload_locals()
    }

    /// Reads the locals again: while the frame is suspended, anybody can write them through `f_locals`.
    fn reload_locals(&mut self) -> Result<(), FrontendError> {
        for (slot, variable) in self.program.code().slots.iter().enumerate() {
            if variable.kind == SlotKind::Local {
                self.frame.locals[slot] = self.load_local(slot, &variable.name)?;
            }
        }
        Ok(())
    }

    /// What is in a slot of the frame.
    pub(super) fn load_local(
        &mut self,
        slot: usize,
        name: &str,
    ) -> Result<Value<'c, 'a>, FrontendError> {
        let location = self.locations.named(slot, self.location());
        let attributes = [
            ("index", self.i32(slot as u32)),
            ("name", self.string(name)),
        ];
        let object = self.types.object;
        Ok(self.op_at(location, "py.load_local", &attributes, &[], &[object])?[0])
    }

    /// The receiver stays on the stack, with what it has yielded or returned above it. `py.end` is where it goes on when
    /// the receiver has returned.
    pub(super) fn lift_send(&mut self) -> Result<(), FrontendError> {
        let value = self.pop()?;
        let operands = [self.peek(1)?, value];
        let results = [self.types.object, self.types.i1];
        let end = self.instruction().target().map(|end| self.i32(end));
        let attributes: Vec<_> = end.into_iter().map(|end| ("py.end", end)).collect();
        let results = self.raising("py.send", &attributes, &operands, &results)?;
        self.push(results[0]);
        let finished = self.jump_destination()?;
        let yielded: Destination<'c, 'a> = self.next_destination()?;
        self.branch(results[1], true, finished, yielded);
        Ok(())
    }

    pub(super) fn lift_end_send(&mut self) -> Result<(), FrontendError> {
        let value = self.pop()?;
        self.pop()?;
        self.push(value);
        Ok(())
    }

    pub(super) fn lift_get_awaitable(&mut self) -> Result<(), FrontendError> {
        let kind = ("kind", self.i32(self.instruction().oparg));
        let iterable = [self.pop()?];
        self.push_raising("py.get_awaitable", &[kind], &iterable)
    }

    pub(super) fn lift_get_anext(&mut self) -> Result<(), FrontendError> {
        let iterator = [self.peek(1)?];
        self.push_raising("py.get_anext", &[], &iterator)
    }

    pub(super) fn lift_end_async_for(&mut self) -> Result<(), FrontendError> {
        let operands = self.pop_many(2)?;
        self.raising("py.end_async_for", &[], &operands[1..], &[])
            .map(drop)
    }

    /// On the stack: the receiver, the last value sent, the exception. What is left stands for the receiver, and the
    /// result.
    pub(super) fn lift_cleanup_throw(&mut self) -> Result<(), FrontendError> {
        let operands = self.pop_many(3)?;
        let object = self.types.object;
        let value = self.raising("py.cleanup_throw", &[], &operands[2..], &[object])?[0];
        let none = self.value("py.none", &[], &[], object)?;
        self.push(none);
        self.push(value);
        Ok(())
    }
}
