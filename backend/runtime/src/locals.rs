//! Writes to the locals of a running frame, through `frame.f_locals`.
//!
//! Compiled code keeps locals in registers and borrows what their slots own, so a slot must not change behind its back.
//! While compiled code runs a frame, the frame carries [`RUNNING`], and such a write is refused with `RuntimeError`.
//! Variables in cells, names that are no variables, and frames that the interpreter runs are written as ever.

use crate::{
    frame::{self, Frame},
    object::{Object, has_flags, tuple_items},
};
use std::{ffi::c_int, sync::OnceLock};
use stepwell_abi::cpython as c;

/// The `return_offset` of a frame that compiled code runs. The interpreter sets the field when it calls from a frame, and
/// compiled code when it leaves.
pub(crate) const RUNNING: u16 = u16::MAX;

type Assign = unsafe extern "C" fn(Object, Object, Object) -> c_int;

static ORIGINAL: OnceLock<Assign> = OnceLock::new();

/// Has `f_locals` ask before it writes. Done once.
///
/// # Safety
/// The GIL is held.
pub(crate) unsafe fn patch() {
    if ORIGINAL.get().is_some() {
        return;
    }
    // SAFETY: the type is static and its table writable under the GIL.
    unsafe {
        let mapping = c::PyFrameLocalsProxy_Type.tp_as_mapping;
        if let Some(original) = (*mapping).mp_ass_subscript {
            ORIGINAL.get_or_init(|| original);
            (*mapping).mp_ass_subscript = Some(assign);
        }
    }
}

/// `proxy[key] = value`
unsafe extern "C" fn assign(proxy: Object, key: Object, value: Object) -> c_int {
    // SAFETY: called as the slot that it replaces, on a proxy, whose frame object is alive.
    unsafe {
        let object = (*proxy.cast::<c::PyFrameLocalsProxyObject>()).frame;
        let frame = (*object).f_frame;
        if (*frame).return_offset == RUNNING && is_in_slot(frame, key) {
            c::PyErr_Format(
                c::PyExc_RuntimeError,
                c"cannot assign to the local variable %R of a frame that runs compiled code"
                    .as_ptr(),
                key,
            );
            return -1;
        }
        match ORIGINAL.get() {
            Some(original) => original(proxy, key, value),
            None => -1,
        }
    }
}

/// Whether a name is that of a local variable that is in no cell.
unsafe fn is_in_slot(frame: *mut Frame, key: Object) -> bool {
    const CELLS: u32 = c::CO_FAST_CELL | c::CO_FAST_FREE;
    // SAFETY: a code object has a name and a kind for each slot.
    unsafe {
        let code = frame::code(frame);
        let kinds = (&raw const (*(*code).co_localspluskinds.cast::<c::PyBytesObject>()).ob_sval)
            .cast::<u8>();
        let names = tuple_items((*code).co_localsplusnames);
        has_flags(key, u64::from(c::Py_TPFLAGS_UNICODE_SUBCLASS))
            && names.iter().enumerate().any(|(slot, name)| {
                u32::from(*kinds.add(slot)) & CELLS == 0 && c::PyUnicode_Compare(*name, key) == 0
            })
    }
}
