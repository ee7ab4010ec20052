//! Being told of every function that comes into being, so that functions nobody decorates can be compiled.
//!
//! `MAKE_FUNCTION` sets the version of the new function behind the watcher's back, and the interpreter calls functions
//! with a version without asking their vectorcall. [`adopt`] therefore takes the version from the code object.

use crate::call;
use std::{
    ffi::c_int,
    sync::{Mutex, OnceLock, PoisonError},
};
use stepwell_abi::cpython as c;

/// What is called for a function that begins to have a code object: it has been made, or is about to get this one as its
/// `__code__`. The GIL is held; both are alive.
pub type Seen = fn(function: *mut c::PyFunctionObject, code: *mut c::PyCodeObject);

static SEEN: OnceLock<Seen> = OnceLock::new();
/// The handle of the watcher while there is one.
static HANDLE: Mutex<Option<c_int>> = Mutex::new(None);

/// Calls `seen` for each function from now on. There is one watcher in a process, and its callback is the first one
/// given. False with an exception set when the interpreter has no more room for watchers.
///
/// # Safety
/// The GIL is held.
pub unsafe fn watch(seen: Seen) -> bool {
    SEEN.get_or_init(|| seen);
    let mut handle = HANDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if handle.is_none() {
        // SAFETY: the callback is a function of this library, which is never unloaded.
        let new = unsafe { c::PyFunction_AddWatcher(Some(on_event)) };
        *handle = (new >= 0).then_some(new);
    }
    handle.is_some()
}

/// Ends [`watch`]. False with an exception set when the interpreter does not know the watcher.
///
/// # Safety
/// The GIL is held.
pub unsafe fn unwatch() -> bool {
    let handle = HANDLE.lock().unwrap_or_else(PoisonError::into_inner).take();
    // SAFETY: the handle is one that the interpreter gave and has not got back.
    handle.is_none_or(|handle| unsafe { c::PyFunction_ClearWatcher(handle) == 0 })
}

/// Makes calls of a function that is just being made try compiled code. Its code object has a unit. False with an
/// exception set when memory is short.
///
/// # Safety
/// `function` is a function object that has, or is about to have, `code`; the GIL is held.
pub unsafe fn adopt(function: *mut c::PyFunctionObject, code: *mut c::PyCodeObject) -> bool {
    // SAFETY: as the caller's; version 0 means that there is none.
    unsafe {
        (*code).co_version = 0;
        call::redirect(function, code)
    }
}

unsafe extern "C-unwind" fn on_event(
    event: c::PyFunction_WatchEvent,
    function: *mut c::PyFunctionObject,
    value: *mut c::PyObject,
) -> c_int {
    // SAFETY: called by the interpreter with a function; the value of this event is the code object to come.
    let code = unsafe {
        match event {
            c::PyFunction_WatchEvent_PyFunction_EVENT_CREATE => (*function).func_code,
            c::PyFunction_WatchEvent_PyFunction_EVENT_MODIFY_CODE => value,
            _ => return 0,
        }
    };
    if let Some(seen) = SEEN.get() {
        seen(function, code.cast());
    }
    0
}
