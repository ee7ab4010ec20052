//! Threads that the interpreter ends.
//!
//! When it shuts down, it ends each daemon thread where that asks for the lock the next time, with `pthread_exit`, which
//! unwinds the stack: through machine code, which has unwind tables, and through the functions here, whose ABI is
//! `C-unwind`. Nothing of the interpreter may be touched on that way, because the thread does not have the lock.

use std::{mem, thread};
use stepwell_abi::cpython as c;

/// Whether the running thread has no lock and will never have it again: only then does it get here without a state.
#[inline]
pub(crate) fn is_ended() -> bool {
    // SAFETY: this reads a variable of the thread.
    unsafe { c::PyThreadState_GetUnchecked().is_null() }
}

/// Runs `step`, out of which no ending thread gets: it sleeps until the process has gone. For code that would abort,
/// because it catches panics, or that has locks of its own.
pub fn keep_inside<T>(step: impl FnOnce() -> T) -> T {
    let guard = Sleep;
    let result = step();
    mem::forget(guard);
    result
}

struct Sleep;

impl Drop for Sleep {
    fn drop(&mut self) {
        while !thread::panicking() {
            thread::park();
        }
    }
}
