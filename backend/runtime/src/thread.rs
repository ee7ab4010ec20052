//! The state of the running thread.

use crate::object::ThreadState;
use stepwell_abi::cpython as c;

/// The state of the running thread, in two loads.
///
/// The interpreter keeps it in a thread-local variable, which takes a call to find from another library. Whoever runs
/// Python holds the GIL, and the GIL knows by whom it was taken last. Only the main interpreter runs compiled code.
///
/// # Safety
/// The GIL is held.
#[inline(always)]
pub(crate) unsafe fn current() -> *mut ThreadState {
    // SAFETY: the field is written when the GIL is taken, so not while this thread holds it.
    unsafe {
        let ts = c::_PyRuntime._main_interpreter._gil.last_holder;
        debug_assert_eq!(ts, c::PyThreadState_GetUnchecked());
        ts
    }
}

/// The state of the running thread, in whichever interpreter. As long as there is one alone, it is as quick to find as
/// [`current`].
///
/// # Safety
/// The GIL of the running interpreter is held.
#[inline(always)]
pub(crate) unsafe fn current_in_any() -> *mut ThreadState {
    // SAFETY: the interpreter that runs this is in the list, so the main one runs it when there is no other.
    unsafe {
        let newest = c::_PyRuntime.interpreters.head;
        if (*newest).next.is_null() {
            current()
        } else {
            c::PyThreadState_GetUnchecked()
        }
    }
}
