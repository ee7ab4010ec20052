//! Iteration, exceptions, context managers, polling.

mod iterators;

use super::{special, text::Name};
use crate::{
    call,
    frame::{self, Frame},
    generator::{self, Resumed},
    monitoring,
    object::{
        Object, Owned, ThreadState, decref, flags, has_flags, incref, is_exactly, new_ref, type_of,
        xdecref,
    },
    seen,
    symbols::{Symbol, functions},
    unit::Unit,
};
use std::{ffi::CStr, ptr::null_mut};
use stepwell_abi::{FINISHED, cpython as c};

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_for_iter(_, _),
        sw_for_iter_holding(_, _),
        sw_note(_, _, _),
        sw_poll(_, _),
        sw_raise(_, _, _, _),
        sw_reraise(_, _, _),
        sw_push_exc_info(_, _),
        sw_pop_except(_, _),
        sw_check_exc_match(_, _, _),
        sw_check_eg_match(_, _, _, _),
        sw_before_with(_, _),
        sw_before_async_with(_, _),
        sw_with_except_start(_, _),
    ]
}

unsafe extern "C-unwind" fn sw_for_iter(ts: *mut ThreadState, iterator: Object) -> Object {
    // SAFETY: the module's conditions; GET_ITER made sure of an iterator.
    unsafe {
        if let Some(value) = iterators::next(iterator) {
            return value;
        }
        if is_exactly(iterator, &raw const c::PyGen_Type) {
            match generator::resume(ts, iterator.cast(), &raw mut c::_Py_NoneStruct) {
                Resumed::Yielded(value) => return value.give(),
                Resumed::Returned(_) => return std::ptr::without_provenance_mut(FINISHED),
                Resumed::Raised => return end_of_iteration(ts),
                Resumed::NotOurs => {}
            }
        }
        let value = match (special::next(iterator), (*type_of(iterator)).tp_iternext) {
            (Some(value), _) => value,
            (None, Some(next)) => next(iterator),
            (None, None) => return null_mut(),
        };
        if !value.is_null() {
            return value;
        }
        end_of_iteration(ts)
    }
}

unsafe extern "C-unwind" fn sw_for_iter_holding(ts: *mut ThreadState, iterator: Object) -> Object {
    // SAFETY: as `sw_for_iter`; the code runs no Python until it asks for the next item.
    unsafe { next_and_hold(ts, iterator) }
}

/// The list of all that a generator yields, as the constructor makes it; null with an exception set.
///
/// # Safety
/// The conditions of the module; `generator` is a generator.
pub(super) unsafe fn list_of(ts: *mut ThreadState, generator: Object) -> Object {
    // SAFETY: the caller holds the generator. Between two items memory is allocated at most.
    unsafe {
        let Some(list) = Owned::steal(c::PyList_New(0)) else {
            return null_mut();
        };
        loop {
            let item = next_and_hold(ts, generator);
            if item.addr() == FINISHED {
                return list.give();
            }
            let added = Owned::steal(item)
                .is_some_and(|item| c::PyList_Append(list.get(), item.get()) == 0);
            if !added {
                generator::settle();
                return null_mut();
            }
        }
    }
}

/// What [`sw_for_iter`] yields, for a caller that runs no Python code until it asks for the next item.
unsafe fn next_and_hold(ts: *mut ThreadState, iterator: Object) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        if !is_exactly(iterator, &raw const c::PyGen_Type) {
            return sw_for_iter(ts, iterator);
        }
        let none = &raw mut c::_Py_NoneStruct;
        match generator::next_and_hold(ts, iterator.cast(), none) {
            Resumed::Yielded(value) => value.give(),
            Resumed::Returned(_) => std::ptr::without_provenance_mut(FINISHED),
            Resumed::Raised => end_of_iteration(ts),
            Resumed::NotOurs => sw_for_iter(ts, iterator),
        }
    }
}

unsafe extern "C-unwind" fn sw_note(value: Object, source: Object, seen: *mut seen::Noted) {
    // SAFETY: the module's conditions.
    unsafe { seen::note(value, source, seen) }
}

/// What an iterator without another item means: the end, or an exception.
unsafe fn end_of_iteration(ts: *mut ThreadState) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        if !(*ts).current_exception.is_null() {
            if c::PyErr_ExceptionMatches(c::PyExc_StopIteration) == 0 {
                return null_mut();
            }
            c::PyErr_Clear();
        }
        std::ptr::without_provenance_mut(FINISHED)
    }
}

unsafe extern "C-unwind" fn sw_poll(ts: *mut ThreadState, frame: *mut Frame) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        generator::settle();
        let code = frame::code(frame);
        let runs = match Unit::of(code) {
            Some(unit) => unit.may_run(ts),
            None => monitoring::may_run(ts, code),
        };
        if !runs {
            return 1;
        }
        match monitoring::has_pending_work(ts) {
            true => c::_Py_HandlePending(ts),
            false => 0,
        }
    }
}

unsafe extern "C-unwind" fn sw_raise(
    ts: *mut ThreadState,
    frame: *mut Frame,
    exception: Object,
    cause: Object,
) {
    // SAFETY: the module's conditions.
    unsafe {
        if !exception.is_null() {
            raise(exception, cause);
            return frame::add_traceback(ts, frame);
        }
        let handled = c::PyErr_GetHandledException();
        if handled.is_null() {
            c::PyErr_SetString(
                c::PyExc_RuntimeError,
                c"No active exception to reraise".as_ptr(),
            );
            return frame::add_traceback(ts, frame);
        }
        c::PyErr_SetRaisedException(handled);
    }
}

/// Raises an exception, or an instance of an exception class; `None` from a step means that another exception is set.
unsafe fn raise(exception: Object, cause: Object) -> Option<()> {
    // SAFETY: as the caller's.
    unsafe {
        let (class, value) = if is_exception_class(exception) {
            (exception, instance(exception)?)
        } else if has_flags(exception, flags::BASE_EXCEPTION) {
            (type_of(exception).cast(), Owned::steal(new_ref(exception))?)
        } else {
            let message = c"exceptions must derive from BaseException";
            c::PyErr_SetString(c::PyExc_TypeError, message.as_ptr());
            return None;
        };
        if !cause.is_null() {
            c::PyException_SetCause(value.get(), fixed_cause(cause)?);
        }
        incref(class);
        c::PyErr_SetObject(class, value.get());
        decref(class);
        Some(())
    }
}

/// The cause of a `raise ... from`: a new reference, or null for `None`.
unsafe fn fixed_cause(cause: Object) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        if is_exception_class(cause) {
            return instance(cause).map(Owned::give);
        }
        if has_flags(cause, flags::BASE_EXCEPTION) {
            return Some(new_ref(cause));
        }
        if cause == &raw mut c::_Py_NoneStruct {
            return Some(null_mut());
        }
        c::PyErr_SetString(
            c::PyExc_TypeError,
            c"exception causes must derive from BaseException".as_ptr(),
        );
        None
    }
}

/// An instance of an exception class, which has to be an exception.
unsafe fn instance(class: Object) -> Option<Owned> {
    // SAFETY: as the caller's.
    unsafe {
        let value = Owned::steal(c::PyObject_CallNoArgs(class))?;
        if has_flags(value.get(), flags::BASE_EXCEPTION) {
            return Some(value);
        }
        let message = c"calling %R should have returned an instance of BaseException, not %R";
        c::PyErr_Format(
            c::PyExc_TypeError,
            message.as_ptr(),
            class,
            type_of(value.get()),
        );
        None
    }
}

unsafe fn is_exception_class(object: Object) -> bool {
    // SAFETY: a class object is a type, whose flags can be read.
    unsafe {
        has_flags(object, flags::TYPE)
            && (*object.cast::<c::PyTypeObject>()).tp_flags & flags::BASE_EXCEPTION != 0
    }
}

unsafe extern "C-unwind" fn sw_reraise(frame: *mut Frame, exception: Object, lasti: Object) {
    // SAFETY: the module's conditions; `lasti` is what a handler found, in code units.
    unsafe {
        if !lasti.is_null() {
            let unit = c::PyLong_AsLong(lasti);
            (*frame).instr_ptr = frame::first_instruction(frame::code(frame)).offset(unit as isize);
        }
        c::PyErr_SetRaisedException(exception);
    }
}

unsafe extern "C-unwind" fn sw_push_exc_info(ts: *mut ThreadState, exception: Object) -> Object {
    // SAFETY: the module's conditions; the reference held so far goes to the caller.
    unsafe {
        let previous = std::ptr::replace(&raw mut (*(*ts).exc_info).exc_value, new_ref(exception));
        if previous.is_null() {
            new_ref(&raw mut c::_Py_NoneStruct)
        } else {
            previous
        }
    }
}

unsafe extern "C-unwind" fn sw_pop_except(ts: *mut ThreadState, previous: Object) {
    // SAFETY: the module's conditions.
    unsafe {
        let none = previous == &raw mut c::_Py_NoneStruct;
        let value = if none { null_mut() } else { previous };
        xdecref(std::ptr::replace(
            &raw mut (*(*ts).exc_info).exc_value,
            value,
        ));
        if none {
            decref(previous);
        }
    }
}

unsafe extern "C-unwind" fn sw_check_exc_match(
    ts: *mut ThreadState,
    exception: Object,
    match_type: Object,
) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        if c::_PyEval_CheckExceptTypeValid(ts, match_type) < 0 {
            return -1;
        }
        c::PyErr_GivenExceptionMatches(exception, match_type)
    }
}

unsafe extern "C-unwind" fn sw_check_eg_match(
    ts: *mut ThreadState,
    exception: Object,
    match_type: Object,
    out_match: *mut Object,
) -> Object {
    // SAFETY: the module's conditions; `out_match` is writable.
    unsafe {
        let (mut matched, mut rest) = (null_mut(), null_mut());
        *out_match = null_mut();
        if c::_PyEval_CheckExceptStarTypeValid(ts, match_type) < 0
            || c::_PyEval_ExceptionGroupMatch(
                exception,
                match_type,
                &raw mut matched,
                &raw mut rest,
            ) < 0
            || matched.is_null()
        {
            return null_mut();
        }
        if matched != &raw mut c::_Py_NoneStruct {
            c::PyErr_SetHandledException(matched);
        }
        *out_match = matched;
        rest
    }
}

unsafe extern "C-unwind" fn sw_before_with(manager: Object, out_value: *mut Object) -> Object {
    static ENTER: Name = Name::new(c"__enter__");
    static EXIT: Name = Name::new(c"__exit__");
    let messages = [
        c"'%.200s' object does not support the context manager protocol",
        c"'%.200s' object does not support the context manager protocol (missed __exit__ method)",
    ];
    // SAFETY: as the caller's.
    unsafe { enter(manager, [&ENTER, &EXIT], messages, out_value) }.unwrap_or(null_mut())
}

unsafe extern "C-unwind" fn sw_before_async_with(
    manager: Object,
    out_value: *mut Object,
) -> Object {
    static ENTER: Name = Name::new(c"__aenter__");
    static EXIT: Name = Name::new(c"__aexit__");
    let messages = [
        c"'%.200s' object does not support the asynchronous context manager protocol",
        c"'%.200s' object does not support the asynchronous context manager protocol (missed __aexit__ method)",
    ];
    // SAFETY: as the caller's.
    unsafe { enter(manager, [&ENTER, &EXIT], messages, out_value) }.unwrap_or(null_mut())
}

/// Looks both methods up, calls the first, and yields the second; `None` with an exception set.
unsafe fn enter(
    manager: Object,
    names: [&Name; 2],
    messages: [&CStr; 2],
    out_value: *mut Object,
) -> Option<Object> {
    // SAFETY: the module's conditions; `out_value` is writable.
    unsafe {
        *out_value = null_mut();
        let [enter_name, exit_name] = names;
        let [enter_message, exit_message] = messages;
        let enter = Method::of(manager, enter_name, enter_message)?;
        let exit = special(manager, exit_name, exit_message)?;
        let value = Owned::steal(enter.call(manager))?;
        *out_value = value.give();
        Some(exit.give())
    }
}

/// A special method: a function of the class, or whatever else, bound.
enum Method {
    Function(Owned),
    Bound(Owned),
}

impl Method {
    unsafe fn of(object: Object, name: &Name, message: &CStr) -> Option<Self> {
        // SAFETY: as the caller's; what the class has is held.
        unsafe {
            let found = c::_PyType_Lookup(type_of(object), name.get()?);
            if !found.is_null() && is_exactly(found, &raw const c::PyFunction_Type) {
                return Some(Self::Function(Owned::share(found)));
            }
            special(object, name, message).map(Self::Bound)
        }
    }

    /// Calls it without arguments, or with the object that it is to be bound to.
    unsafe fn call(&self, object: Object) -> Object {
        // SAFETY: as the caller's; there is a place in front of the argument.
        unsafe {
            match self {
                Self::Function(function) => {
                    let mut args = [null_mut(), object];
                    call::call(function.get().cast(), args.as_mut_ptr().add(1), 1)
                }
                Self::Bound(method) => c::PyObject_CallNoArgs(method.get()),
            }
        }
    }
}

/// A special method, bound.
unsafe fn special(object: Object, name: &Name, message: &CStr) -> Option<Owned> {
    // SAFETY: as the caller's.
    unsafe {
        let method = Owned::steal(c::_PyObject_LookupSpecial(object, name.get()?));
        if method.is_none() && c::PyErr_Occurred().is_null() {
            c::PyErr_Format(
                c::PyExc_TypeError,
                message.as_ptr(),
                (*type_of(object)).tp_name,
            );
        }
        method
    }
}

unsafe extern "C-unwind" fn sw_with_except_start(exit: Object, exception: Object) -> Object {
    // SAFETY: the module's conditions; the exception keeps its traceback alive during the call.
    unsafe {
        let traceback = c::PyException_GetTraceback(exception);
        let shown = if traceback.is_null() {
            &raw mut c::_Py_NoneStruct
        } else {
            traceback
        };
        let arguments = [type_of(exception).cast(), exception, shown];
        let result = c::PyObject_Vectorcall(exit, arguments.as_ptr(), arguments.len(), null_mut());
        xdecref(traceback);
        result
    }
}
