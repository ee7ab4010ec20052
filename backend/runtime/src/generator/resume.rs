//! One step of a generator.

use super::{delegate, interpret_send};
use crate::{
    exit,
    frame::{self, C_STACK_UNITS, Frame},
    locals::{self, RUNNING},
    monitoring::{is_quiet, may_run},
    object::{Object, Owned, ThreadState, decref, xdecref},
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
/// `ts` is the running thread's, in the main interpreter; `generator` is a generator, coroutine or asynchronous
/// generator, which the caller holds.
#[inline]
pub(crate) unsafe fn resume(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    sent: Object,
) -> Resumed {
    // SAFETY: as the caller's.
    unsafe {
        match ready(ts, generator, sent) {
            Some(step) => {
                (*ts).c_recursion_remaining -= C_STACK_UNITS;
                let resumed = delegate::resume(ts, generator, step, sent);
                (*ts).c_recursion_remaining += C_STACK_UNITS;
                resumed
            }
            None => resume_unready(ts, generator, sent),
        }
    }
}

/// The step of a generator, when there is nothing to find out and nothing else to do: it is the one that was taken last,
/// and nobody watches.
///
/// # Safety
/// As [`resume`].
#[inline(always)]
pub unsafe fn ready<'a>(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    sent: Object,
) -> Option<(Step, &'a Installed)> {
    // SAFETY: a suspended generator has a frame, which holds code and unit.
    unsafe {
        let begins = may_begin(generator, sent) && is_quiet(ts) && !was_written(generator);
        if !begins || frame::is_deep(ts) {
            return None;
        }
        Unit::of(frame::code(frame_of(generator)))?.latest_step()
    }
}

/// [`resume`] for a generator that is not [`ready`].
#[inline(never)]
unsafe fn resume_unready(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    sent: Object,
) -> Resumed {
    // SAFETY: as `ready`.
    unsafe {
        if !may_begin(generator, sent) || was_written(generator) {
            return Resumed::NotOurs;
        }
        let Some(unit) = unit_of(ts, generator).filter(|_| !frame::is_deep(ts)) else {
            return Resumed::NotOurs;
        };
        match select::step(frame_of(generator), unit) {
            // Compiling can have run Python code, and that can have resumed the generator.
            _ if !may_begin(generator, sent) || was_written(generator) => Resumed::NotOurs,
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

/// Resumes a generator that others delegate to in whichever engine can. The result is never [`Resumed::NotOurs`].
///
/// # Safety
/// As [`resume`].
pub unsafe fn resume_at_last(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    sent: Object,
) -> Resumed {
    let mut result = null_mut();
    // SAFETY: as the caller's; a result is a new reference, or null with an exception set.
    unsafe {
        match resume_unready(ts, generator, sent) {
            Resumed::NotOurs => {}
            resumed => return resumed,
        }
        let how = interpret_send(generator.cast(), sent, &raw mut result);
        match (Owned::steal(result), how) {
            (Some(value), c::PySendResult_PYGEN_NEXT) => Resumed::Yielded(value),
            (Some(value), c::PySendResult_PYGEN_RETURN) => Resumed::Returned(value),
            _ => Resumed::Raised,
        }
    }
}

/// The unit of a suspended generator that compiled code may resume.
unsafe fn unit_of<'a>(ts: *mut ThreadState, generator: *mut c::PyGenObject) -> Option<&'a Unit> {
    // SAFETY: as `resume`.
    unsafe {
        let code = frame::code(frame_of(generator));
        Unit::of(code).filter(|unit| !unit.is_refused() && may_run(ts, code))
    }
}

/// Whether a generator is suspended, and can take what is sent.
#[inline(always)]
pub unsafe fn may_begin(generator: *mut c::PyGenObject, sent: Object) -> bool {
    // SAFETY: the caller's generator is alive.
    let state = i32::from(unsafe { (*generator).gi_frame_state });
    state < c::_framestate_FRAME_EXECUTING
        && (state != c::_framestate_FRAME_CREATED || sent == &raw mut c::_Py_NoneStruct)
}

/// Whether somebody has written locals of a generator that has not begun, which its first step takes for unbound. Who
/// writes has an object of the frame.
#[inline(always)]
unsafe fn was_written(generator: *mut c::PyGenObject) -> bool {
    // SAFETY: the caller's generator is alive, and has a frame when it has not begun.
    unsafe {
        i32::from((*generator).gi_frame_state) == c::_framestate_FRAME_CREATED
            && !(*frame_of(generator)).frame_obj.is_null()
            && locals::is_any_bound(frame_of(generator))
    }
}

/// The frame inside a generator.
#[inline(always)]
pub unsafe fn frame_of(generator: *mut c::PyGenObject) -> *mut Frame {
    // SAFETY: the frame is the generator's last field.
    unsafe { (&raw mut (*generator).gi_iframe).cast() }
}

/// Makes a suspended generator one that runs on top of all frames. The C stack is not counted here.
#[inline(always)]
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
#[inline(always)]
unsafe fn unlink(ts: *mut ThreadState, generator: *mut c::PyGenObject) {
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
#[inline]
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
        if is_mark(result) {
            return go_on(ts, generator, installed, (result, sent, suspended_top));
        }
        end_step(ts, generator, result)
    }
}

/// Whether a step has not run to its end.
#[inline(always)]
fn is_mark(result: Object) -> bool {
    matches!(result.addr(), NOT_BEGUN | EXIT | EXIT_RAISING)
}

/// Goes on in the interpreter where a step has left, or has not begun: what was sent and the stack are untouched then.
#[cold]
unsafe fn go_on(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    installed: &Installed,
    (mark, sent, suspended_top): (Object, Object, i32),
) -> Resumed {
    // SAFETY: as `resume`.
    unsafe {
        let frame = frame_of(generator);
        match mark.addr() {
            NOT_BEGUN => {
                (*frame).stacktop = suspended_top;
                interpret(ts, generator, Owned::steal(sent))
            }
            EXIT => {
                installed.count_exit((*frame).return_offset);
                interpret(ts, generator, None)
            }
            _ => {
                installed.count_exit((*frame).return_offset);
                raise(ts, generator)
            }
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
#[inline]
unsafe fn end_step(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    result: Object,
) -> Resumed {
    // SAFETY: as `resume`.
    unsafe {
        if is_suspended(generator) {
            unlink(ts, generator);
            return Owned::steal(result).map_or(Resumed::Raised, Resumed::Yielded);
        }
        end(ts, generator, result)
    }
}

/// Unlinks and clears the frame of a generator that ends with a result, or with the exception that is set.
///
/// # Safety
/// As [`resume`], for a linked generator; the result is owned, or null.
#[inline]
pub unsafe fn end(ts: *mut ThreadState, generator: *mut c::PyGenObject, result: Object) -> Resumed {
    // SAFETY: as the caller's; the interpreter's function restores the exception state of a frame that it clears.
    unsafe {
        let frame = frame_of(generator);
        (*ts).py_recursion_remaining += 1;
        (*ts).current_frame = (*frame).previous;
        (*frame).return_offset = 0;
        if is_unseen(frame) {
            clear(ts, generator);
        } else {
            frame::pop(ts, frame);
        }
        Owned::steal(result).map_or(Resumed::Raised, Resumed::Returned)
    }
}

/// Whether nobody has an object of the frame, or a mapping of its locals.
#[inline(always)]
unsafe fn is_unseen(frame: *mut Frame) -> bool {
    // SAFETY: the caller's frame is alive.
    unsafe { (*frame).frame_obj.is_null() && (*frame).f_locals.is_null() }
}

/// Ends a generator whose frame is unlinked and [unseen](is_unseen), as the interpreter does. Can run arbitrary code.
#[inline]
unsafe fn clear(ts: *mut ThreadState, generator: *mut c::PyGenObject) {
    // SAFETY: as `resume`; slots below `stacktop` own what they hold, or are null.
    unsafe {
        let frame = frame_of(generator);
        (*generator).gi_frame_state = c::_framestate_FRAME_CLEARED as i8;
        (*ts).exc_info = (*generator).gi_exc_state.previous_item;
        (*generator).gi_exc_state.previous_item = null_mut();
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        (*ts).c_recursion_remaining -= 1;
        for index in 0..(*frame).stacktop as usize {
            xdecref(*slots.add(index));
        }
        (*frame).stacktop = 0;
        decref((*frame).f_funcobj);
        let handled = std::mem::replace(&mut (*generator).gi_exc_state.exc_value, null_mut());
        xdecref(handled);
        (*ts).c_recursion_remaining += 1;
        (*frame).previous = null_mut();
    }
}

unsafe fn is_suspended(generator: *mut c::PyGenObject) -> bool {
    // SAFETY: the caller's generator is alive.
    let state = i32::from(unsafe { (*generator).gi_frame_state });
    matches!(
        state,
        c::_framestate_FRAME_SUSPENDED | c::_framestate_FRAME_SUSPENDED_YIELD_FROM
    )
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
#[inline]
pub unsafe fn begin(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    step: (Step, &Installed),
    sent: Object,
) -> Resumed {
    // SAFETY: as `resume`.
    unsafe {
        link(ts, generator);
        let sent = Owned::share(sent);
        if (*ts).py_recursion_remaining < 0 && is_too_deep(ts) {
            return too_deep(ts, generator, sent);
        }
        run(ts, generator, step, sent)
    }
}

#[cold]
unsafe fn is_too_deep(ts: *mut ThreadState) -> bool {
    // SAFETY: as `resume`.
    unsafe { !frame::check_python_recursion(ts) }
}

/// Ends a generator that would be too deep a recursion. The exception is set.
#[cold]
unsafe fn too_deep(ts: *mut ThreadState, generator: *mut c::PyGenObject, sent: Owned) -> Resumed {
    // SAFETY: as `resume`, for a linked generator.
    unsafe {
        let frame = frame_of(generator);
        (*ts).py_recursion_remaining += 1;
        (*ts).current_frame = (*frame).previous;
        frame::push_value(frame, sent.give());
        frame::pop(ts, frame);
        Resumed::Raised
    }
}
