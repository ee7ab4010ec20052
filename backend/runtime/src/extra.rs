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

/// Puts something into the slot of a code object. Whether there was memory and a slot for it; if not, an exception may be set.
///
/// # Safety
/// The code object is alive, and the GIL is held.
pub(crate) unsafe fn set(code: *mut c::PyCodeObject, content: *mut c_void) -> bool {
    let Some(slot) = slot() else {
        return false;
    };
    // SAFETY: as the caller's.
    unsafe {
        if c::PyUnstable_Code_SetExtra(code.cast(), slot, content) < 0 {
            return false;
        }
        forget_behind(slot, (*code).co_extra.cast());
        true
    }
}

/// Gives back the slots behind ours that nobody has used. The interpreter would call their owners when the code object
/// dies, who may be gone by then.
unsafe fn forget_behind(slot: c::Py_ssize_t, extras: *mut Extras) {
    // SAFETY: the array has `size` slots; who uses more of them has it made longer first.
    unsafe {
        let first = (&raw mut (*extras).first).cast::<*mut c_void>();
        while (*extras).size > slot + 1 && (*first.offset((*extras).size - 1)).is_null() {
            (*extras).size -= 1;
        }
    }
}

/// The code object dies.
unsafe extern "C-unwind" fn release(unit: *mut c_void) {
    if !unit.is_null() {
        // SAFETY: the slot held the box that `attach` leaked into it, and is cleared by the caller.
        drop(unsafe { Box::from_raw(unit.cast::<Unit>()) });
    }
}
