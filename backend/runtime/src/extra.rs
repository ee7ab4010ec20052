//! The slot of code objects that holds our unit.
//!
//! Writing it is CPython's (`PyUnstable_Code_SetExtra`); reading it is two loads, since every call of a compiled function
//! does it.

use crate::unit::Unit;
use std::{
    ffi::c_void,
    ptr::null_mut,
    sync::{
        OnceLock,
        atomic::{AtomicIsize, Ordering::Relaxed},
    },
};
use stepwell_abi::cpython as c;

/// CPython's `_PyCodeObjectExtra`, which no header declares.
#[repr(C)]
struct Extras {
    size: c::Py_ssize_t,
    first: [*mut c_void; 0],
}

/// The index of the slot, for [`get`]; far outside before there is one.
static INDEX: AtomicIsize = AtomicIsize::new(isize::MAX);

/// What the slot holds, given the `co_extra` of a code object; null when nothing was put there.
///
/// # Safety
/// `extras` is the `co_extra` of a live code object.
#[inline]
pub(crate) unsafe fn get(extras: *mut c_void) -> *mut c_void {
    let extras = extras.cast::<Extras>();
    let index = INDEX.load(Relaxed);
    // SAFETY: null or an array of `size` slots behind the size.
    unsafe {
        if extras.is_null() || (*extras).size <= index {
            return null_mut();
        }
        *(&raw const (*extras).first)
            .cast::<*mut c_void>()
            .offset(index)
    }
}

/// The `co_extra` slot of this library; `None` when the interpreter has none left.
pub(crate) fn slot() -> Option<c::Py_ssize_t> {
    static SLOT: OnceLock<c::Py_ssize_t> = OnceLock::new();
    // SAFETY: every caller of this private function holds the GIL.
    let slot =
        *SLOT.get_or_init(|| unsafe { c::PyUnstable_Eval_RequestCodeExtraIndex(Some(release)) });
    if slot < 0 {
        return None;
    }
    INDEX.store(slot, Relaxed);
    Some(slot)
}

/// The code object dies.
unsafe extern "C-unwind" fn release(unit: *mut c_void) {
    if !unit.is_null() {
        // SAFETY: the slot held the box that `attach` leaked into it, and is cleared by the caller.
        drop(unsafe { Box::from_raw(unit.cast::<Unit>()) });
    }
}
