//! Generators, coroutines and asynchronous generators that compiled steps resume.
//!
//! The objects are CPython's own, and so is everything that is rare about them: `throw`, `close`, errors, generators
//! that the interpreter has begun. Between two steps a frame is exactly as the interpreter leaves it, so either can
//! resume it. What is ours is the way in: the slots of the types ask for a step first.

mod async_gen;
mod consumer;
mod delegate;
mod held;
mod make;
mod memory;
mod resume;

pub(crate) use async_gen::{Sent, send as send_to_async};
pub(crate) use held::{next as next_and_hold, settle};
pub(crate) use make::Maker;
pub(crate) use memory::free;
pub(crate) use resume::{Resumed, resume};

use crate::{
    object::{Object, Owned, ThreadState, is_exactly},
    thread,
};
use std::{ptr::null_mut, sync::OnceLock};
use stepwell_abi::cpython as c;

type Next = unsafe extern "C-unwind" fn(Object) -> Object;
type Send = unsafe extern "C-unwind" fn(Object, Object, *mut Object) -> c::PySendResult;
type Method = unsafe extern "C-unwind" fn(Object, Object) -> Object;

/// The interpreter's own functions, which ours fall back to.
struct Originals {
    next: Next,
    send: Send,
    method: Method,
}

static ORIGINALS: OnceLock<Originals> = OnceLock::new();

/// Makes `next()`, `for`, `send` and `await` look for compiled steps. Does nothing the second time. False with an
/// exception set when the types are not as expected.
pub(crate) fn patch() -> bool {
    if ORIGINALS.get().is_some() {
        return true;
    }
    // SAFETY: callers hold the GIL; the types are static and their tables writable.
    unsafe { try_patch().is_some() && async_gen::patch().is_some() }
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
        ORIGINALS.get_or_init(|| Originals { next, send, method });
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

/// [`resume()`] for whoever can be of another interpreter: the types are those of all, units of the main one alone.
///
/// # Safety
/// As of [`resume()`], in any interpreter.
unsafe fn resume_in_any(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    sent: Object,
) -> Resumed {
    // SAFETY: as the caller's; of the interpreter only the address is taken.
    unsafe {
        if (*ts).interp != &raw mut c::_PyRuntime._main_interpreter {
            return Resumed::NotOurs;
        }
        resume(ts, generator, sent)
    }
}

/// Sends to a generator or coroutine that is for the interpreter.
///
/// # Safety
/// As of [`resume()`]; `result` is writable.
pub(crate) unsafe fn interpret_send(
    generator: Object,
    sent: Object,
    result: *mut Object,
) -> c::PySendResult {
    // SAFETY: as the caller's.
    unsafe {
        match ORIGINALS.get() {
            Some(original) => (original.send)(generator, sent, result),
            None => c::PyIter_Send(generator, sent, result),
        }
    }
}

/// `tp_iternext` of generators.
unsafe extern "C-unwind" fn next_step(generator: Object) -> Object {
    // SAFETY: called as the slot of a generator.
    unsafe {
        let ts = thread::current_in_any();
        let resumed = resume_in_any(ts, generator.cast(), &raw mut c::_Py_NoneStruct);
        if !matches!(resumed, Resumed::NotOurs) {
            consumer::keep_calling(ts);
        }
        match resumed {
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
unsafe extern "C-unwind" fn send_step(
    generator: Object,
    sent: Object,
    result: *mut Object,
) -> c::PySendResult {
    // SAFETY: called as the slot of a generator or coroutine.
    unsafe {
        let ts = thread::current_in_any();
        let (value, status) = match (resume_in_any(ts, generator.cast(), sent), ORIGINALS.get()) {
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
unsafe extern "C-unwind" fn send_method_step(generator: Object, sent: Object) -> Object {
    // SAFETY: called as the method of a generator or coroutine.
    unsafe {
        let ts = thread::current_in_any();
        match resume_in_any(ts, generator.cast(), sent) {
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
