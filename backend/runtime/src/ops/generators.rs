//! Generators, coroutines, asynchronous iteration.

use super::text::Name;
use crate::{
    frame::{self, Frame},
    generator::{self, Resumed, Sent},
    object::{Object, ThreadState, decref, is_exactly, new_ref, type_of},
    symbols::{Symbol, functions},
};
use std::ptr::null_mut;
use stepwell_abi::{FINISHED, cpython as c};

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_get_yield_from_iter(_, _),
        sw_send(_, _, _),
        sw_get_awaitable(_, _, _),
        sw_get_aiter(_),
        sw_get_anext(_),
        sw_end_async_for(_),
        sw_cleanup_throw(_),
    ]
}

unsafe extern "C-unwind" fn sw_get_yield_from_iter(frame: *mut Frame, iterable: Object) -> Object {
    const DELEGATES: u32 = c::CO_COROUTINE | c::CO_ITERABLE_COROUTINE;
    // SAFETY: the module's conditions.
    unsafe {
        if is_exactly(iterable, &raw const c::PyCoro_Type) {
            if (*frame::code(frame)).co_flags as u32 & DELEGATES == 0 {
                let message =
                    c"cannot 'yield from' a coroutine object in a non-coroutine generator";
                c::PyErr_SetString(c::PyExc_TypeError, message.as_ptr());
                return null_mut();
            }
            return new_ref(iterable);
        }
        if is_exactly(iterable, &raw const c::PyGen_Type) {
            return new_ref(iterable);
        }
        c::PyObject_GetIter(iterable)
    }
}

unsafe extern "C-unwind" fn sw_send(
    ts: *mut ThreadState,
    receiver: Object,
    value: Object,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if is_exactly(receiver, &raw const c::PyGen_Type)
            || is_exactly(receiver, &raw const c::PyCoro_Type)
        {
            return send_to_generator(ts, receiver, value);
        }
        if is_exactly(receiver, &raw const c::_PyAsyncGenASend_Type) {
            match generator::send_to_async(ts, receiver, value) {
                Sent::Awaits(value) => return value.give(),
                Sent::Result(value) => return finished(value.give()),
                Sent::Raised => return end_of_send(),
                Sent::NotOurs => {}
            }
        }
        let yielded = if value == &raw mut c::_Py_NoneStruct && c::PyIter_Check(receiver) != 0 {
            match (*type_of(receiver)).tp_iternext {
                Some(next) => next(receiver),
                None => null_mut(),
            }
        } else {
            static SEND: Name = Name::new(c"send");
            let Some(send) = SEND.get() else {
                return null_mut();
            };
            c::PyObject_CallMethodObjArgs(receiver, send, value, null_mut::<c::PyObject>())
        };
        if !yielded.is_null() {
            return yielded;
        }
        end_of_send()
    }
}

/// What a receiver has returned that raised: the value of a StopIteration. Any other exception stays.
unsafe fn end_of_send() -> Object {
    let mut result = null_mut();
    // SAFETY: as the caller's; an exception is set, or none where an iterator is exhausted.
    match unsafe { c::_PyGen_FetchStopIterationValue(&raw mut result) } {
        0 => finished(result),
        _ => null_mut(),
    }
}

/// Resumes a generator in compiled code, or through the slot of its type.
unsafe fn send_to_generator(ts: *mut ThreadState, receiver: Object, value: Object) -> Object {
    let mut result = null_mut();
    // SAFETY: as the caller's.
    unsafe {
        match generator::resume(ts, receiver.cast(), value) {
            Resumed::Yielded(value) => return value.give(),
            Resumed::Returned(value) => return finished(value.give()),
            Resumed::Raised => return null_mut(),
            Resumed::NotOurs => {}
        }
        match generator::interpret_send(receiver, value, &raw mut result) {
            c::PySendResult_PYGEN_NEXT => result,
            c::PySendResult_PYGEN_RETURN => finished(result),
            _ => null_mut(),
        }
    }
}

/// A result, marked as the last.
fn finished(result: Object) -> Object {
    result.map_addr(|address| address | FINISHED)
}

unsafe extern "C-unwind" fn sw_get_awaitable(
    ts: *mut ThreadState,
    iterable: Object,
    kind: i32,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if is_exactly(iterable, &raw const c::PyCoro_Type) && !delegates(iterable) {
            return new_ref(iterable);
        }
        let iterator = c::_PyCoro_GetAwaitableIter(iterable);
        if iterator.is_null() {
            c::_PyEval_FormatAwaitableError(ts, type_of(iterable), kind);
            return null_mut();
        }
        if is_exactly(iterator, &raw const c::PyCoro_Type) {
            let delegate = c::_PyGen_yf(iterator.cast());
            if !delegate.is_null() {
                decref(delegate);
                decref(iterator);
                c::PyErr_SetString(
                    c::PyExc_RuntimeError,
                    c"coroutine is being awaited already".as_ptr(),
                );
                return null_mut();
            }
        }
        iterator
    }
}

/// Whether a coroutine awaits something.
unsafe fn delegates(coroutine: Object) -> bool {
    // SAFETY: the caller's object is a coroutine.
    let state = unsafe { (*coroutine.cast::<c::PyCoroObject>()).cr_frame_state };
    i32::from(state) == c::_framestate_FRAME_SUSPENDED_YIELD_FROM
}

unsafe extern "C-unwind" fn sw_get_aiter(iterable: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let class = type_of(iterable);
        let Some(getter) = (*class)
            .tp_as_async
            .as_ref()
            .and_then(|methods| methods.am_aiter)
        else {
            let message = c"'async for' requires an object with __aiter__ method, got %.100s";
            c::PyErr_Format(c::PyExc_TypeError, message.as_ptr(), (*class).tp_name);
            return null_mut();
        };
        let iterator = getter(iterable);
        if iterator.is_null() || has_anext(iterator) {
            return iterator;
        }
        let message = c"'async for' received an object from __aiter__ that does not implement __anext__: %.100s";
        c::PyErr_Format(
            c::PyExc_TypeError,
            message.as_ptr(),
            (*type_of(iterator)).tp_name,
        );
        decref(iterator);
        null_mut()
    }
}

unsafe fn has_anext(iterator: Object) -> bool {
    // SAFETY: the module's conditions.
    unsafe {
        (*type_of(iterator))
            .tp_as_async
            .as_ref()
            .is_some_and(|methods| methods.am_anext.is_some())
    }
}

unsafe extern "C-unwind" fn sw_get_anext(iterator: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let class = type_of(iterator);
        let Some(getter) = (*class)
            .tp_as_async
            .as_ref()
            .and_then(|methods| methods.am_anext)
        else {
            let message = c"'async for' requires an iterator with __anext__ method, got %.100s";
            c::PyErr_Format(c::PyExc_TypeError, message.as_ptr(), (*class).tp_name);
            return null_mut();
        };
        let next = getter(iterator);
        if next.is_null() || is_exactly(iterator, &raw const c::PyAsyncGen_Type) {
            return next;
        }
        let awaitable = c::_PyCoro_GetAwaitableIter(next);
        if awaitable.is_null() {
            let message = c"'async for' received an invalid object from __anext__: %.100s";
            c::_PyErr_FormatFromCause(
                c::PyExc_TypeError,
                message.as_ptr(),
                (*type_of(next)).tp_name,
            );
        }
        decref(next);
        awaitable
    }
}

unsafe extern "C-unwind" fn sw_end_async_for(exception: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        if c::PyErr_GivenExceptionMatches(exception, c::PyExc_StopAsyncIteration) != 0 {
            return 0;
        }
        c::PyErr_SetRaisedException(new_ref(exception));
        -1
    }
}

unsafe extern "C-unwind" fn sw_cleanup_throw(exception: Object) -> Object {
    // SAFETY: the module's conditions; a StopIteration always has a value.
    unsafe {
        if c::PyErr_GivenExceptionMatches(exception, c::PyExc_StopIteration) != 0 {
            return new_ref((*exception.cast::<c::PyStopIterationObject>()).value);
        }
        c::PyErr_SetRaisedException(new_ref(exception));
        null_mut()
    }
}
