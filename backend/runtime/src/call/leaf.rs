//! Calls without a frame.

use crate::{
    left,
    object::{Object, ThreadState},
    thread,
    version::{EXIT, Installed, Leaf},
};
use stepwell_abi::cpython as c;

/// Runs a function without a frame, on arguments that are the caller's.
#[inline(always)]
pub(super) unsafe fn run(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    leaf: Leaf,
    installed: &Installed,
) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        match installed.count_quickly() {
            true => enter(ts, function, args, leaf),
            false => run_at_last(ts, function, args, leaf, installed),
        }
    }
}

/// As [`run`], where the call has used up the patience. Nothing has to be kept for that in calls that have not.
#[cold]
#[inline(never)]
unsafe fn run_at_last(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    leaf: Leaf,
    installed: &Installed,
) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        installed.run_out();
        enter(ts, function, args, leaf)
    }
}

#[inline(always)]
unsafe fn enter(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    leaf: Leaf,
) -> Object {
    // SAFETY: a leaf is machine code for the code of this function, which the caller keeps.
    unsafe {
        let result = leaf(ts, function, args);
        if result.addr() == EXIT {
            return go_on_without_frame();
        }
        result
    }
}

/// Has the interpreter finish a call that had no frame when it left.
#[cold]
unsafe fn go_on_without_frame() -> Object {
    // SAFETY: as the caller's.
    unsafe { left::go_on(thread::current()) }
}
