//! Asynchronous generators: the awaitables of `asend` and `__anext__` begin compiled steps.
//!
//! What `athrow` and `aclose` await runs interpreted. A step yields a wrapped value where the generator yields, and any
//! other object where it awaits.

use super::{Method, Next, Resumed, resume_in_any, send_method, unexpected};
use crate::object::{Object, Owned, ThreadState, is_exactly, type_of};
use std::{ffi::c_int, ptr::null_mut, sync::OnceLock};
use stepwell_abi::cpython as c;

/// What `asend` and `__anext__` make. CPython declares it where it defines its methods, not in a header.
#[repr(C)]
struct Awaitable {
    base: c::PyObject,
    generator: *mut c::PyAsyncGenObject,
    /// Null stands for `None`.
    value: Object,
    state: c_int,
}

/// The values of [`Awaitable::state`].
const INIT: c_int = 0;
const ITER: c_int = 1;
const CLOSED: c_int = 2;

/// What an asynchronous generator yields, so that it can be told from what it awaits.
#[repr(C)]
struct Wrapped {
    base: c::PyObject,
    value: Object,
}

/// The number of the intrinsic function that wraps what is yielded.
const WRAP: usize = 4;

/// The interpreter's own functions, and the type of the wrappers, which is not exported.
struct Originals {
    next: Next,
    method: Method,
    wrapper: usize,
}

static ORIGINALS: OnceLock<Originals> = OnceLock::new();

pub unsafe fn patch() -> Option<()> {
    let class = &raw mut c::_PyAsyncGenASend_Type;
    // SAFETY: the caller holds the GIL; the type is static and its tables writable.
    unsafe {
        let definition = send_method(class)?;
        let (Some(next), Some(method)) = ((*class).tp_iternext, (*definition).ml_meth) else {
            return unexpected();
        };
        let wrapper = wrapper()?.addr();
        ORIGINALS.get_or_init(|| Originals {
            next,
            method,
            wrapper,
        });
        (*class).tp_iternext = Some(next_step);
        (*definition).ml_meth = Some(send_method_step);
    }
    Some(())
}

/// The type of wrapped values, from a specimen.
unsafe fn wrapper() -> Option<*mut c::PyTypeObject> {
    // SAFETY: as `patch`; types outlive their objects.
    unsafe {
        let table = (&raw const c::_PyIntrinsics_UnaryFunctions).cast::<c::intrinsic_func1_info>();
        let Some(wrap) = (*table.add(WRAP)).func else {
            return unexpected();
        };
        let ts = c::PyThreadState_GetUnchecked();
        let specimen = Owned::steal(wrap(ts, &raw mut c::_Py_NoneStruct))?;
        Some(type_of(specimen.get()))
    }
}

/// What became of an awaitable that something was sent to.
pub(crate) enum Sent {
    /// The generator awaits, and this is for the event loop.
    Awaits(Owned),
    /// The result of the awaitable: the generator has yielded.
    Result(Owned),
    Raised,
    /// Nothing has happened: it is for the interpreter.
    NotOurs,
}

/// Sends to the awaitable of an `asend` or `__anext__`.
///
/// # Safety
/// `awaitable` is of that type; `value` is an object.
pub(crate) unsafe fn send(ts: *mut ThreadState, awaitable: Object, value: Object) -> Sent {
    // SAFETY: the awaitable holds its generator.
    unsafe {
        let awaitable = awaitable.cast::<Awaitable>();
        let generator = (*awaitable).generator;
        let (state, running) = ((*awaitable).state, (*generator).ag_running_async);
        let none = &raw mut c::_Py_NoneStruct;
        let value = match state {
            INIT if running != 0 => return Sent::NotOurs,
            INIT if value == none && !(*awaitable).value.is_null() => (*awaitable).value,
            INIT | ITER => value,
            _ => return Sent::NotOurs,
        };
        (*awaitable).state = ITER;
        (*generator).ag_running_async = 1;
        let resumed = resume_in_any(ts, generator.cast(), value);
        if matches!(resumed, Resumed::NotOurs) {
            (*awaitable).state = state;
            (*generator).ag_running_async = running;
            return Sent::NotOurs;
        }
        let sent = unwrap(generator, resumed);
        if !matches!(sent, Sent::Awaits(_)) {
            (*generator).ag_running_async = 0;
            (*awaitable).state = CLOSED;
        }
        sent
    }
}

unsafe fn unwrap(generator: *mut c::PyAsyncGenObject, resumed: Resumed) -> Sent {
    // SAFETY: as `send`; a wrapper holds a value.
    unsafe {
        match resumed {
            Resumed::Yielded(value) if is_wrapped(&value) => {
                let wrapped = value.get().cast::<Wrapped>();
                Owned::steal(crate::object::new_ref((*wrapped).value))
                    .map_or(Sent::Raised, Sent::Result)
            }
            Resumed::Yielded(value) => Sent::Awaits(value),
            Resumed::Returned(_) => {
                (*generator).ag_closed = 1;
                c::PyErr_SetNone(c::PyExc_StopAsyncIteration);
                Sent::Raised
            }
            Resumed::Raised => {
                if c::PyErr_ExceptionMatches(c::PyExc_StopAsyncIteration) != 0
                    || c::PyErr_ExceptionMatches(c::PyExc_GeneratorExit) != 0
                {
                    (*generator).ag_closed = 1;
                }
                Sent::Raised
            }
            Resumed::NotOurs => Sent::NotOurs,
        }
    }
}

unsafe fn is_wrapped(value: &Owned) -> bool {
    ORIGINALS.get().is_some_and(|originals| {
        let class = std::ptr::with_exposed_provenance(originals.wrapper);
        // SAFETY: the value is alive.
        unsafe { is_exactly(value.get(), class) }
    })
}

/// `tp_iternext` of the awaitables.
unsafe extern "C-unwind" fn next_step(awaitable: Object) -> Object {
    let none = &raw mut c::_Py_NoneStruct;
    // SAFETY: called as the slot of such an awaitable.
    unsafe { step(awaitable, none).unwrap_or_else(|original| (original.next)(awaitable)) }
}

/// The method `send` of the awaitables.
unsafe extern "C-unwind" fn send_method_step(awaitable: Object, value: Object) -> Object {
    // SAFETY: called as the method of such an awaitable.
    unsafe { step(awaitable, value).unwrap_or_else(|original| (original.method)(awaitable, value)) }
}

/// One step as Python sees it: a result is the value of a StopIteration.
unsafe fn step(awaitable: Object, value: Object) -> Result<Object, &'static Originals> {
    // SAFETY: as the callers.
    unsafe {
        let ts = crate::thread::current_in_any();
        match (send(ts, awaitable, value), ORIGINALS.get()) {
            (Sent::Awaits(value), _) => Ok(value.give()),
            (Sent::Result(value), _) => {
                c::_PyGen_SetStopIterationValue(value.get());
                Ok(null_mut())
            }
            (Sent::NotOurs, Some(originals)) => Err(originals),
            (Sent::Raised | Sent::NotOurs, _) => Ok(null_mut()),
        }
    }
}
