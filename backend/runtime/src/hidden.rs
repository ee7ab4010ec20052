//! Hiding the frames of a thread for a while, so that a program begins as if nothing had been running.

use crate::{frame::Frame, object::ThreadState};
use stepwell_abi::cpython as c;

/// The frames that were there are hidden while this lives: frames made meanwhile have none behind them, and the
/// recursion limit counts from there.
pub struct Hidden {
    ts: *mut ThreadState,
    frame: *mut Frame,
    depth: i32,
}

impl Hidden {
    /// Hides the frames of the running thread.
    ///
    /// # Safety
    /// The GIL is held. The result is dropped in the same thread, with the GIL held, when all frames made since are
    /// gone.
    pub unsafe fn frames() -> Self {
        // SAFETY: as the caller's.
        unsafe {
            let ts = c::PyThreadState_GetUnchecked();
            let depth = (*ts).py_recursion_limit - (*ts).py_recursion_remaining;
            let frame = std::mem::replace(&mut (*ts).current_frame, std::ptr::null_mut());
            (*ts).py_recursion_remaining += depth;
            Self { ts, frame, depth }
        }
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // SAFETY: the thread is running, so its state is alive; nothing is on top of the hidden frames.
        unsafe {
            (*self.ts).current_frame = self.frame;
            (*self.ts).py_recursion_remaining -= self.depth;
        }
    }
}
