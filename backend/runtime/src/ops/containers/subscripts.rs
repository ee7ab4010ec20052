//! Subscripts and slices, with short ways for exact lists and tuples.

use crate::{
    object::{Object, decref, has_strings_only, is_exactly, length, new_ref},
    ops::{operators::digit, special},
    pool,
    symbols::{Symbol, functions},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_load_subscr(_, _),
        sw_try_subscr(_, _),
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
            None => item(container, key),
        }
    }
}

unsafe extern "C-unwind" fn sw_try_subscr(container: Object, key: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if let Some(place) = digit(key).and_then(|index| place(container, index, true)) {
            return new_ref(*place);
        }
        let of_dict = is_exactly(container, &raw const c::PyDict_Type)
            && is_exactly(key, &raw const c::PyUnicode_Type)
            && has_strings_only(container.cast());
        let mut value = null_mut();
        if of_dict && c::PyDict_GetItemRef(container, key, &raw mut value) < 0 {
            c::PyErr_Clear();
        }
        value
    }
}

unsafe extern "C-unwind" fn sw_store_subscr(container: Object, key: Object, value: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        match digit(key).and_then(|index| place(container, index, false)) {
            Some(place) => replace(place, value),
            None => set_item(container, key, value),
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
        let item = item(container, key);
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
        let status = set_item(container, key, value);
        decref(key);
        status
    }
}

unsafe fn item(container: Object, key: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if is_exactly(container, &raw const c::PyDict_Type) {
            let mut value = null_mut();
            if c::PyDict_GetItemRef(container, key, &raw mut value) == 0 {
                c::_PyErr_SetKeyError(key);
            }
            return value;
        }
        special::item(container, key).unwrap_or_else(|| c::PyObject_GetItem(container, key))
    }
}

unsafe fn set_item(container: Object, key: Object, value: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        if is_exactly(container, &raw const c::PyDict_Type) {
            return c::PyDict_SetItem(container, key, value);
        }
        special::set_item(container, key, value)
            .unwrap_or_else(|| c::PyObject_SetItem(container, key, value))
    }
}

unsafe extern "C-unwind" fn sw_load_slice(
    container: Object,
    start: Object,
    stop: Object,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if let Some(part) = part(container, start, stop) {
            return part;
        }
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
        let is_plain = is_exactly(value, &raw const c::PyList_Type)
            || is_exactly(value, &raw const c::PyTuple_Type);
        if is_plain
            && is_exactly(container, &raw const c::PyList_Type)
            && let Some((first, end)) = bounds(length(container), start, stop)
        {
            return c::PyList_SetSlice(container, first, end, value);
        }
        let slice = c::PySlice_New(start, stop, null_mut());
        if slice.is_null() {
            return -1;
        }
        let status = c::PyObject_SetItem(container, slice, value);
        decref(slice);
        status
    }
}

/// A part of exactly a list, a tuple or a string between plain bounds.
#[inline]
unsafe fn part(container: Object, start: Object, stop: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        let of = |class| is_exactly(container, class);
        if of(&raw const c::PyList_Type) {
            let (first, end) = bounds(length(container), start, stop)?;
            Some(c::PyList_GetSlice(container, first, end))
        } else if of(&raw const c::PyUnicode_Type) {
            let count = (*container.cast::<c::PyASCIIObject>()).length;
            let (first, end) = bounds(count, start, stop)?;
            Some(c::PyUnicode_Substring(container, first, end))
        } else if of(&raw const c::PyTuple_Type) {
            let (first, end) = bounds(length(container), start, stop)?;
            Some(c::PyTuple_GetSlice(container, first, end))
        } else {
            None
        }
    }
}

/// Where a slice of so many items begins and ends, if its bounds are ints or None.
#[inline]
unsafe fn bounds(
    count: c::Py_ssize_t,
    start: Object,
    stop: Object,
) -> Option<(c::Py_ssize_t, c::Py_ssize_t)> {
    let bound = |object: Object, missing: c::Py_ssize_t| {
        if object == &raw mut c::_Py_NoneStruct {
            return Some(missing);
        }
        // SAFETY: the module's conditions.
        let bound = unsafe { digit(object)? as c::Py_ssize_t };
        let bound = if bound < 0 { bound + count } else { bound };
        Some(bound.clamp(0, count))
    };
    let first = bound(start, 0)?;
    Some((first, bound(stop, count)?.max(first)))
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
