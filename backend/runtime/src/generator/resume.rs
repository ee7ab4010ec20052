//! One step of a generator.

use super::{delegate, is_owner};
use crate::{
    exit,
    frame::{self, C_STACK_UNITS, Frame},
    locals::RUNNING,
    monitoring::may_run,
    object::{Object, Owned, ThreadState, new_ref},
    select::{self, Found},
    unit::Unit,
    version::{EXIT, EXIT_RAISING, Installed, NOT_BEGUN, Step},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

/// What became of a generator that was to be resumed.
pub(crate) enum Resumed {
    Yielded(Owned),
    Returned(Owned),
    Raised,
    /// Nothing has happened: it is for the interpreter.
    NotOurs,
}

/// Resumes a generator in compiled code, if it can be.
///
/// # Safety
/// `ts` is the running thread's; `generator` is a generator, coroutine or asynchronous generator, which the caller holds.
pub(crate) unsafe fn resume(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    sent: Object,
) -> Resumed {
    // SAFETY: a suspended generator has a frame, which holds code and unit.
    unsafe {
        if !may_begin(generator, sent) || !is_owner((*ts).interp) {
            return Resumed::NotOurs;
        }
        let Some(unit) = unit_of(ts, generator).filter(|_| !frame::is_deep(ts)) else {
            return Resumed::NotOurs;
        };
        match select::step(frame_of(generator), unit) {
            // Compiling can have run Python code, and that can have resumed the generator.
            _ if !may_begin(generator, sent) => Resumed::NotOurs,
            Found::Entry(step, installed) => {
                (*ts).c_recursion_remaining -= C_STACK_UNITS;
                let resumed = delegate::resume(ts, generator, (step, installed), sent);
                (*ts).c_recursion_remaining += C_STACK_UNITS;
                resumed
            }
            Found::None => Resumed::NotOurs,
            Found::Raised => Resumed::Raised,
        }
    }
}

/// The unit of a suspended generator that compiled code may resume.
pub unsafe fn unit_of<'a>(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
) -> Option<&'a Unit> {
    // SAFETY: as `resume`.
    unsafe {
        let code = frame::code(frame_of(generator));
        Unit::of(code).filter(|unit| !unit.is_refused() && may_run(ts, code))
    }
}

/// Whether a generator is suspended, and can take what is sent.
pub unsafe fn may_begin(generator: *mut c::PyGenObject, sent: Object) -> bool {
    // SAFETY: the caller's generator is alive.
    match i32::from(unsafe { (*generator).gi_frame_state }) {
        c::_framestate_FRAME_CREATED => sent == &raw mut c::_Py_NoneStruct,
        c::_framestate_FRAME_SUSPENDED | c::_framestate_FRAME_SUSPENDED_YIELD_FROM => true,
        _ => false,
    }
}

/// The frame inside a generator.
pub unsafe fn frame_of(generator: *mut c::PyGenObject) -> *mut Frame {
    // SAFETY: the frame is the generator's last field.
    unsafe { (&raw mut (*generator).gi_iframe).cast() }
}

/// Makes a suspended generator one that runs on top of all frames. The C stack is not counted here.
pub unsafe fn link(ts: *mut ThreadState, generator: *mut c::PyGenObject) {
    // SAFETY: as `resume`.
    unsafe {
        let frame = frame_of(generator);
        (*generator).gi_exc_state.previous_item = (*ts).exc_info;
        (*ts).exc_info = &raw mut (*generator).gi_exc_state;
        (*generator).gi_frame_state = c::_framestate_FRAME_EXECUTING as i8;
        (*ts).py_recursion_remaining -= 1;
        (*frame).previous = (*ts).current_frame;
        (*ts).current_frame = frame;
    }
}

/// Undoes [`link`] at a suspension, all but the state of the generator.
pub unsafe fn unlink(ts: *mut ThreadState, generator: *mut c::PyGenObject) {
    // SAFETY: as `resume`.
    unsafe {
        let frame = frame_of(generator);
        (*ts).exc_info = (*generator).gi_exc_state.previous_item;
        (*generator).gi_exc_state.previous_item = null_mut();
        (*ts).py_recursion_remaining += 1;
        (*ts).current_frame = (*frame).previous;
        (*frame).previous = null_mut();
        (*frame).return_offset = 0;
    }
}

/// Runs one step of a generator that has been linked, with everything around it that the interpreter does.
pub unsafe fn run(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    (step, installed): (Step, &Installed),
    sent: Owned,
) -> Resumed {
    // SAFETY: as `resume`.
    unsafe {
        let frame = frame_of(generator);
        // The temporaries above the locals belong to the step now.
        let suspended_top =
            std::mem::replace(&mut (*frame).stacktop, (*frame::code(frame)).co_nlocalsplus);
        (*frame).return_offset = RUNNING;
        installed.count_call();
        let sent = sent.give();
        let result = step(ts, frame, sent);
        match result.addr() {
            NOT_BEGUN => {
                (*frame).stacktop = suspended_top;
                interpret(ts, generator, Owned::steal(sent))
            }
            EXIT => {
                installed.count_exit((*frame).return_offset);
                interpret(ts, generator, None)
            }
            EXIT_RAISING => {
                installed.count_exit((*frame).return_offset);
                raise(ts, generator)
            }
            _ => end_step(ts, generator, result),
        }
    }
}

/// Goes on in the interpreter, with a value for the evaluation stack.
pub unsafe fn interpret(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    value: Option<Owned>,
) -> Resumed {
    // SAFETY: as `resume`; `exit` gives back the C stack that a frame takes.
    unsafe {
        let frame = frame_of(generator);
        if let Some(value) = value {
            frame::push_value(frame, value.give());
        }
        (*ts).c_recursion_remaining -= C_STACK_UNITS;
        outcome(generator, exit::resume(ts, frame))
    }
}

/// Goes on in the interpreter, with the exception that is set and has its traceback entry.
pub unsafe fn raise(ts: *mut ThreadState, generator: *mut c::PyGenObject) -> Resumed {
    // SAFETY: as `interpret`.
    unsafe {
        (*ts).c_recursion_remaining -= C_STACK_UNITS;
        outcome(generator, exit::resume_raising(ts, frame_of(generator)))
    }
}

/// Unlinks the frame of a step that has ended, and clears it unless it is suspended.
unsafe fn end_step(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    result: Object,
) -> Resumed {
    // SAFETY: as `resume`; the interpreter's function restores the exception state of a frame that it clears.
    unsafe {
        if is_suspended(generator) {
            unlink(ts, generator);
            return Owned::steal(result).map_or(Resumed::Raised, Resumed::Yielded);
        }
        let frame = frame_of(generator);
        (*ts).py_recursion_remaining += 1;
        (*ts).current_frame = (*frame).previous;
        (*frame).return_offset = 0;
        frame::pop(ts, frame);
        Owned::steal(result).map_or(Resumed::Raised, Resumed::Returned)
    }
}

unsafe fn is_suspended(generator: *mut c::PyGenObject) -> bool {
    // SAFETY: the caller's generator is alive.
    let state = i32::from(unsafe { (*generator).gi_frame_state });
    [
        c::_framestate_FRAME_SUSPENDED,
        c::_framestate_FRAME_SUSPENDED_YIELD_FROM,
    ]
    .contains(&state)
}

/// What the interpreter has made of a generator.
unsafe fn outcome(generator: *mut c::PyGenObject, result: Object) -> Resumed {
    // SAFETY: a result is a new reference or null.
    unsafe {
        match Owned::steal(result) {
            None => Resumed::Raised,
            Some(value) if is_suspended(generator) => Resumed::Yielded(value),
            Some(value) => Resumed::Returned(value),
        }
    }
}

/// Begins the step of a generator that nothing delegates to here.
pub unsafe fn begin(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    step: (Step, &Installed),
    sent: Object,
) -> Resumed {
    // SAFETY: as `resume`.
    unsafe {
        link(ts, generator);
        let Some(sent) = Owned::steal(new_ref(sent)) else {
            return Resumed::Raised;
        };
        if (*ts).py_recursion_remaining < 0 && !frame::check_python_recursion(ts) {
            let frame = frame_of(generator);
            (*ts).py_recursion_remaining += 1;
            (*ts).current_frame = (*frame).previous;
            frame::push_value(frame, sent.give());
            frame::pop(ts, frame);
            return Resumed::Raised;
        }
        run(ts, generator, step, sent)
    }
}
