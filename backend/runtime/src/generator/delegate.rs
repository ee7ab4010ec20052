//! Chains of `yield from` and `await`.
//!
//! A generator that delegates does nothing while its receiver yields, so the innermost one of a chain is resumed at once.
//! The frames in between are linked, as the interpreter links them, for whoever looks; their code does not run. When
//! the receiver returns, the one that delegates to it begins a step behind its SEND.

use super::resume::{
    Resumed, begin, frame_of, interpret, link, may_begin, raise, run, unit_of, unlink,
};
use crate::{
    frame::{self, Frame},
    object::{Object, Owned, ThreadState, is_exactly},
    unit::Unit,
    version::{Installed, Step},
};
use stepwell_abi::cpython as c;

/// How many code units SEND has, and SEND with the YIELD_VALUE behind it.
const SEND_UNITS: usize = 2;
const LOOP_UNITS: usize = SEND_UNITS + 1;
/// A recursion this deep is the ordinary way's to refuse.
const ROOM: i32 = 2;

/// Resumes a suspended generator, or the one at the end of the chain that it delegates to.
pub unsafe fn resume(
    ts: *mut ThreadState,
    outer: *mut c::PyGenObject,
    mut step: (Step, &Installed),
    sent: Object,
) -> Resumed {
    // SAFETY: each generator of the chain is held by the stack of the one before, which cannot run meanwhile.
    unsafe {
        let mut inner = outer;
        while let Some(receiver) = receiver(ts, inner, sent) {
            link(ts, inner);
            (*frame_of(inner)).instr_ptr = receiver.send;
            (inner, step) = (receiver.generator, receiver.step);
        }
        let mut resumed = begin(ts, inner, step, sent);
        while inner != outer {
            inner = frame::generator((*ts).current_frame);
            resumed = pass_on(ts, inner, resumed);
        }
        resumed
    }
}

/// What a generator delegates to.
struct Receiver<'a> {
    generator: *mut c::PyGenObject,
    step: (Step, &'a Installed),
    /// The SEND of the generator that delegates.
    send: *mut c::_Py_CODEUNIT,
}

/// The receiver of a suspended generator, if compiled code can resume it.
unsafe fn receiver<'a>(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    sent: Object,
) -> Option<Receiver<'a>> {
    // SAFETY: a suspended frame has its receiver on top of its stack, and its code lives as long.
    unsafe {
        let delegates = c::_framestate_FRAME_SUSPENDED_YIELD_FROM as i8;
        if (*generator).gi_frame_state != delegates || (*ts).py_recursion_remaining < ROOM {
            return None;
        }
        let frame = frame_of(generator);
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        let receiver = *slots.add((*frame).stacktop as usize - 1);
        let is_ours = is_exactly(receiver, &raw const c::PyGen_Type)
            || is_exactly(receiver, &raw const c::PyCoro_Type);
        let receiver = receiver.cast::<c::PyGenObject>();
        if !is_ours || !may_begin(receiver, sent) {
            return None;
        }
        Some(Receiver {
            generator: receiver,
            step: unit_of(ts, receiver)?.step()?,
            send: send_of(frame)?,
        })
    }
}

/// The SEND that a frame goes back to when it is resumed: what stands there is RESUME and a jump.
unsafe fn send_of(frame: *mut Frame) -> Option<*mut c::_Py_CODEUNIT> {
    // SAFETY: the instruction pointer is in the frame's bytecode, which does not end with a RESUME.
    unsafe {
        let resume = (*frame).instr_ptr;
        let jump = (*resume.add(1)).op;
        if !matches!(opcode(resume), c::RESUME | c::RESUME_CHECK)
            || u32::from(jump.code) != c::JUMP_BACKWARD_NO_INTERRUPT
        {
            return None;
        }
        let send = resume.add(2).sub(usize::from(jump.arg));
        let is_send = matches!(opcode(send), c::SEND | c::SEND_GEN);
        (is_send && send.add(LOOP_UNITS) == resume).then_some(send)
    }
}

unsafe fn opcode(instruction: *const c::_Py_CODEUNIT) -> u32 {
    // SAFETY: the caller's pointer is to an instruction.
    unsafe { u32::from((*instruction).op.code) }
}

/// Brings a generator of the chain on, now that its receiver has stopped. It is the topmost that is linked.
unsafe fn pass_on(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    resumed: Resumed,
) -> Resumed {
    // SAFETY: as `resume`.
    unsafe {
        let frame = frame_of(generator);
        match resumed {
            Resumed::Yielded(value) => {
                unlink(ts, generator);
                (*frame).instr_ptr = (*frame).instr_ptr.add(LOOP_UNITS);
                (*generator).gi_frame_state = c::_framestate_FRAME_SUSPENDED_YIELD_FROM as i8;
                Resumed::Yielded(value)
            }
            Resumed::Returned(value) => end_send(ts, generator, value),
            Resumed::Raised | Resumed::NotOurs => {
                frame::add_traceback(ts, frame);
                raise(ts, generator)
            }
        }
    }
}

/// Goes on behind a SEND whose receiver has returned.
unsafe fn end_send(ts: *mut ThreadState, generator: *mut c::PyGenObject, value: Owned) -> Resumed {
    // SAFETY: as `resume`.
    unsafe {
        let frame = frame_of(generator);
        let distance = usize::from((*(*frame).instr_ptr).op.arg);
        (*frame).instr_ptr = (*frame).instr_ptr.add(SEND_UNITS + distance);
        match Unit::of(frame::code(frame)).and_then(Unit::step) {
            Some(step) => run(ts, generator, step, value),
            None => interpret(ts, generator, Some(value)),
        }
    }
}
