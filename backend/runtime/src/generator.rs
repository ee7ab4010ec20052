//! Generators and coroutines that compiled steps resume.
//!
//! The objects are CPython's own, and so is everything that is rare about them: `throw`, `close`, errors, generators
//! that the interpreter has begun. Between two steps a frame is exactly as the interpreter leaves it, so either can
//! resume it. What is ours is the way in: the slots of the two types ask for a step first.

use crate::{
    exit,
    frame::{self, Frame},
    monitoring::may_run,
    object::{Object, Owned, ThreadState, is_exactly, new_ref},
    select::{self, Found},
    unit::Unit,
    version::{EXIT, EXIT_RAISING, Installed, NOT_BEGUN, Step},
};
use std::{ptr::null_mut, sync::OnceLock};
use stepwell_abi::cpython as c;

type Next = unsafe extern "C" fn(Object) -> Object;
type Send = unsafe extern "C" fn(Object, Object, *mut Object) -> c::PySendResult;
type Method = unsafe extern "C" fn(Object, Object) -> Object;

/// The interpreter's own functions, which ours fall back to.
struct Originals {
    next: Next,
    send: Send,
    method: Method,
    /// The interpreter that has units; the types are those of all interpreters of the process.
    owner: usize,
}

static ORIGINALS: OnceLock<Originals> = OnceLock::new();

/// Makes `next()`, `for`, `send` and `await` look for compiled steps. Does nothing the second time. False with an
/// exception set when the types are not as expected.
pub(crate) fn patch() -> bool {
    if ORIGINALS.get().is_some() {
        return true;
    }
    // SAFETY: callers hold the GIL; the types are static and their tables writable.
    unsafe { try_patch() }.is_some()
}

unsafe fn try_patch() -> Option<()> {
    let (generator, coroutine) = (&raw mut c::PyGen_Type, &raw mut c::PyCoro_Type);
    // SAFETY: as the caller's.
    unsafe {
        let methods = [send_method(generator)?, send_method(coroutine)?];
        let slots = [(*generator).tp_as_async, (*coroutine).tp_as_async];
        let (Some(next), Some(send), Some(method)) = (
            (*generator).tp_iternext,
            (*slots[0]).am_send,
            (*methods[0]).ml_meth,
        ) else {
            return unexpected();
        };
        let owner = c::PyInterpreterState_Get().addr();
        ORIGINALS.get_or_init(|| Originals {
            next,
            send,
            method,
            owner,
        });
        (*generator).tp_iternext = Some(next_step);
        for slot in slots {
            (*slot).am_send = Some(send_step);
        }
        for method in methods {
            (*method).ml_meth = Some(send_method_step);
        }
    }
    Some(())
}

/// The definition of the method `send`, found through its descriptor.
unsafe fn send_method(class: *mut c::PyTypeObject) -> Option<*mut c::PyMethodDef> {
    // SAFETY: the caller's type is alive and keeps its descriptor alive.
    unsafe {
        let descriptor = Owned::steal(c::PyObject_GetAttrString(class.cast(), c"send".as_ptr()))?;
        if !is_exactly(descriptor.get(), &raw const c::PyMethodDescr_Type) {
            return unexpected();
        }
        Some((*descriptor.get().cast::<c::PyMethodDescrObject>()).d_method)
    }
}

fn unexpected<T>() -> Option<T> {
    // SAFETY: callers hold the GIL.
    unsafe {
        c::PyErr_SetString(
            c::PyExc_SystemError,
            c"the generator type is not the interpreter's".as_ptr(),
        )
    };
    None
}

/// What became of a generator that was to be resumed.
enum Resumed {
    Yielded(Owned),
    Returned(Owned),
    Raised,
    /// Nothing has happened: it is for the interpreter.
    NotOurs,
}

/// `tp_iternext` of generators.
unsafe extern "C" fn next_step(generator: Object) -> Object {
    // SAFETY: called as the slot of a generator.
    unsafe {
        match resume(generator.cast(), &raw mut c::_Py_NoneStruct) {
            Resumed::Yielded(value) => value.give(),
            Resumed::Returned(value) => {
                if value.get() != &raw mut c::_Py_NoneStruct {
                    c::_PyGen_SetStopIterationValue(value.get());
                }
                null_mut()
            }
            Resumed::Raised => null_mut(),
            Resumed::NotOurs => ORIGINALS
                .get()
                .map_or(null_mut(), |original| (original.next)(generator)),
        }
    }
}

/// `am_send` of generators and coroutines.
unsafe extern "C" fn send_step(
    generator: Object,
    sent: Object,
    result: *mut Object,
) -> c::PySendResult {
    // SAFETY: called as the slot of a generator or coroutine.
    unsafe {
        let (value, status) = match (resume(generator.cast(), sent), ORIGINALS.get()) {
            (Resumed::Yielded(value), _) => (value.give(), c::PySendResult_PYGEN_NEXT),
            (Resumed::Returned(value), _) => (value.give(), c::PySendResult_PYGEN_RETURN),
            (Resumed::NotOurs, Some(original)) => return (original.send)(generator, sent, result),
            _ => (null_mut(), c::PySendResult_PYGEN_ERROR),
        };
        *result = value;
        status
    }
}

/// The method `send` of generators and coroutines.
unsafe extern "C" fn send_method_step(generator: Object, sent: Object) -> Object {
    // SAFETY: called as the method of a generator or coroutine.
    unsafe {
        match resume(generator.cast(), sent) {
            Resumed::Yielded(value) => value.give(),
            Resumed::Returned(value) => {
                if value.get() == &raw mut c::_Py_NoneStruct {
                    c::PyErr_SetNone(c::PyExc_StopIteration);
                } else {
                    c::_PyGen_SetStopIterationValue(value.get());
                }
                null_mut()
            }
            Resumed::Raised => null_mut(),
            Resumed::NotOurs => ORIGINALS
                .get()
                .map_or(null_mut(), |original| (original.method)(generator, sent)),
        }
    }
}

/// Resumes a generator in compiled code, if it can be.
unsafe fn resume(generator: *mut c::PyGenObject, sent: Object) -> Resumed {
    // SAFETY: the caller holds the generator; a suspended one has a frame, which holds code and unit.
    unsafe {
        if !may_begin(generator, sent) {
            return Resumed::NotOurs;
        }
        let ts = c::PyThreadState_GetUnchecked();
        if ORIGINALS
            .get()
            .is_none_or(|originals| originals.owner != (*ts).interp.addr())
        {
            return Resumed::NotOurs;
        }
        let frame = (&raw mut (*generator).gi_iframe).cast::<Frame>();
        let code = frame::code(frame);
        let Some(unit) = Unit::of(code) else {
            return Resumed::NotOurs;
        };
        if unit.is_refused() || !may_run(ts, code) || frame::is_deep(ts) {
            return Resumed::NotOurs;
        }
        match select::step(frame, unit) {
            // Compiling can have run Python code, and that can have resumed the generator.
            _ if !may_begin(generator, sent) => Resumed::NotOurs,
            Found::Entry(step, installed) => run(ts, generator, step, installed, sent),
            Found::None => Resumed::NotOurs,
            Found::Raised => Resumed::Raised,
        }
    }
}

/// Whether a generator is suspended, and can take what is sent.
unsafe fn may_begin(generator: *mut c::PyGenObject, sent: Object) -> bool {
    // SAFETY: the caller's generator is alive.
    match i32::from(unsafe { (*generator).gi_frame_state }) {
        c::_framestate_FRAME_CREATED => sent == &raw mut c::_Py_NoneStruct,
        c::_framestate_FRAME_SUSPENDED | c::_framestate_FRAME_SUSPENDED_YIELD_FROM => true,
        _ => false,
    }
}

/// Runs one step, with everything around it that the interpreter does when it resumes a generator.
unsafe fn run(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    step: Step,
    installed: &Installed,
    sent: Object,
) -> Resumed {
    // SAFETY: as `resume`.
    unsafe {
        let frame = (&raw mut (*generator).gi_iframe).cast::<Frame>();
        let sent = new_ref(sent);
        (*generator).gi_exc_state.previous_item = (*ts).exc_info;
        (*ts).exc_info = &raw mut (*generator).gi_exc_state;
        (*generator).gi_frame_state = c::_framestate_FRAME_EXECUTING as i8;
        if !frame::enter(ts, frame) {
            frame::push_value(frame, sent);
            frame::pop(ts, frame);
            return Resumed::Raised;
        }
        // The temporaries above the locals belong to the step now.
        let suspended_top =
            std::mem::replace(&mut (*frame).stacktop, (*frame::code(frame)).co_nlocalsplus);
        installed.count_call();
        let result = step(ts, frame, sent);
        let result = match result.addr() {
            NOT_BEGUN => {
                (*frame).stacktop = suspended_top;
                frame::push_value(frame, sent);
                exit::resume(ts, frame)
            }
            EXIT => {
                installed.count_exit((*frame).return_offset);
                exit::resume(ts, frame)
            }
            EXIT_RAISING => {
                installed.count_exit((*frame).return_offset);
                exit::resume_raising(ts, frame)
            }
            _ => {
                end_step(ts, generator, frame);
                result
            }
        };
        outcome(generator, result)
    }
}

/// Unlinks the frame of a step that has ended, and clears it unless it is suspended.
unsafe fn end_step(ts: *mut ThreadState, generator: *mut c::PyGenObject, frame: *mut Frame) {
    // SAFETY: as `resume`; the interpreter's function restores the exception state of a frame that it clears.
    unsafe {
        frame::leave(ts, frame);
        if is_suspended(generator) {
            (*ts).exc_info = (*generator).gi_exc_state.previous_item;
            (*generator).gi_exc_state.previous_item = null_mut();
            (*frame).previous = null_mut();
        } else {
            frame::pop(ts, frame);
        }
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
