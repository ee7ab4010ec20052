//! Numbers written to items of lists, where machine code cannot do it in a step or two.
//!
//! These functions run no Python code. An item whose end could run some, because its last reference is the list's, stays
//! where it is, and the caller leaves for the interpreter, which assigns.

use crate::{
    object::{Object, decref, ends_unnoticed, is_exactly, new_ref},
    pool,
    symbols::{Symbol, functions},
};
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_write_float(_, _),
        sw_write_int(_, _),
        sw_write_object(_, _),
        sw_end_items(_),
    ]
}

unsafe extern "C-unwind" fn sw_write_float(place: *mut Object, value: f64) -> i32 {
    // SAFETY: the place is that of an item of a live list; the GIL is held.
    unsafe { write(place, || pool::float(value)) }
}

unsafe extern "C-unwind" fn sw_write_int(place: *mut Object, value: i64) -> i32 {
    // SAFETY: as above.
    unsafe { write(place, || pool::int(value)) }
}

unsafe extern "C-unwind" fn sw_write_object(place: *mut Object, object: Object) -> i32 {
    // SAFETY: as above; the caller has a reference to the object.
    unsafe { write(place, || new_ref(object)) }
}

unsafe extern "C-unwind" fn sw_end_items(iterator: Object) -> i32 {
    // SAFETY: a live iterator over a list or tuple; both have their fields in the same places.
    unsafe {
        // Nobody sees whether an iterator that nobody else has is still there for a moment.
        if (*iterator).__bindgen_anon_1.ob_refcnt == 1 {
            return 1;
        }
        let fields = iterator.cast::<c::_PyListIterObject>();
        let sequence = &raw mut (*fields).it_seq;
        let old = (*sequence).cast::<c::PyObject>();
        if (*old).__bindgen_anon_1.ob_refcnt == 1 {
            return 0;
        }
        *sequence = std::ptr::null_mut();
        if is_exactly(iterator, &raw const c::PyListIter_Type) {
            (*fields).it_index = -1;
        }
        decref(old);
        1
    }
}

/// Assigns a new reference; 0 when it cannot, and nothing has changed then.
unsafe fn write(place: *mut Object, make: impl FnOnce() -> Object) -> i32 {
    // SAFETY: as the callers'.
    unsafe {
        let old = *place;
        if !ends_unnoticed(old) {
            return 0;
        }
        let new = make();
        if new.is_null() {
            // The interpreter runs out of memory in the same place, and says so.
            c::PyErr_Clear();
            return 0;
        }
        *place = new;
        decref(old);
        1
    }
}
