//! Subscripts and slices, with short ways for exact lists and tuples.

use crate::{
    object::{Object, decref, is_exactly, length, new_ref},
    ops::operators::digit,
    pool,
    symbols::{Symbol, functions},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_load_subscr(_, _),
        sw_store_subscr(_, _, _),
        sw_load_slice(_, _, _),
        sw_store_slice(_, _, _, _),
        sw_load_index(_, _),
        sw_store_index(_, _, _),
    ]
}

unsafe extern "C-unwind" fn sw_load_subscr(container: Object, key: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        match digit(key).and_then(|index| place(container, index, true)) {
            Some(place) => new_ref(*place),
            None => c::PyObject_GetItem(container, key),
        }
    }
}

unsafe extern "C-unwind" fn sw_store_subscr(container: Object, key: Object, value: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        match digit(key).and_then(|index| place(container, index, false)) {
            Some(place) => replace(place, value),
            None => c::PyObject_SetItem(container, key, value),
        }
    }
}

unsafe extern "C-unwind" fn sw_load_index(container: Object, index: i64) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if let Some(place) = place(container, index, true) {
            return new_ref(*place);
        }
        let key = pool::int(index);
        if key.is_null() {
            return null_mut();
        }
        let item = c::PyObject_GetItem(container, key);
        decref(key);
        item
    }
}

unsafe extern "C-unwind" fn sw_store_index(container: Object, index: i64, value: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        if let Some(place) = place(container, index, false) {
            return replace(place, value);
        }
        let key = pool::int(index);
        if key.is_null() {
            return -1;
        }
        let status = c::PyObject_SetItem(container, key, value);
        decref(key);
        status
    }
}

unsafe extern "C-unwind" fn sw_load_slice(
    container: Object,
    start: Object,
    stop: Object,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let slice = c::PySlice_New(start, stop, null_mut());
        if slice.is_null() {
            return null_mut();
        }
        let part = c::PyObject_GetItem(container, slice);
        decref(slice);
        part
    }
}

unsafe extern "C-unwind" fn sw_store_slice(
    container: Object,
    start: Object,
    stop: Object,
    value: Object,
) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        let slice = c::PySlice_New(start, stop, null_mut());
        if slice.is_null() {
            return -1;
        }
        let status = c::PyObject_SetItem(container, slice, value);
        decref(slice);
        status
    }
}

/// Assigns a place that owns what it holds.
unsafe fn replace(place: *mut Object, value: Object) -> i32 {
    // SAFETY: the caller's place belongs to a live list.
    unsafe {
        let old = std::ptr::replace(place, new_ref(value));
        decref(old);
        0
    }
}

/// The place of an item of exactly a list, or of exactly a tuple too; `None` when the index is out of range.
unsafe fn place(container: Object, index: i64, tuples: bool) -> Option<*mut Object> {
    // SAFETY: the module's conditions.
    unsafe {
        let items = if is_exactly(container, &raw const c::PyList_Type) {
            (*container.cast::<c::PyListObject>()).ob_item
        } else if tuples && is_exactly(container, &raw const c::PyTuple_Type) {
            (&raw mut (*container.cast::<c::PyTupleObject>()).ob_item).cast()
        } else {
            return None;
        };
        let count = length(container) as i64;
        let index = if index < 0 { index + count } else { index };
        (0..count)
            .contains(&index)
            .then(|| items.add(index as usize))
    }
}
