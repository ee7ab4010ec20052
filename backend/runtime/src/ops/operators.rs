//! Operators, comparisons, truth, lengths.

mod arithmetic;
pub(crate) use arithmetic::digit;
mod comparisons;

use crate::{
    object::{Object, is_exactly},
    ops::strings,
    symbols::{Symbol, functions},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    let own = functions![
        sw_power(_, _),
        sw_inplace_power(_, _),
        sw_get_len(_),
        sw_add_local(_, _, _),
        sw_inplace_add_local(_, _, _),
    ];
    [own, arithmetic::symbols(), comparisons::symbols()].concat()
}

unsafe extern "C-unwind" fn sw_power(lhs: Object, rhs: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        arithmetic::power(lhs, rhs)
            .unwrap_or_else(|| c::PyNumber_Power(lhs, rhs, &raw mut c::_Py_NoneStruct))
    }
}

unsafe extern "C-unwind" fn sw_inplace_power(lhs: Object, rhs: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        arithmetic::power(lhs, rhs)
            .unwrap_or_else(|| c::PyNumber_InPlacePower(lhs, rhs, &raw mut c::_Py_NoneStruct))
    }
}

unsafe extern "C-unwind" fn sw_get_len(value: Object) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        match c::PyObject_Size(value) {
            ..0 => null_mut(),
            length => c::PyLong_FromSsize_t(length),
        }
    }
}

unsafe extern "C-unwind" fn sw_add_local(slot: *mut Object, lhs: Object, rhs: Object) -> Object {
    // SAFETY: the module's conditions; as `append`.
    unsafe { append(slot, lhs, rhs).unwrap_or_else(|| arithmetic::plain_add(lhs, rhs)) }
}

unsafe extern "C-unwind" fn sw_inplace_add_local(
    slot: *mut Object,
    lhs: Object,
    rhs: Object,
) -> Object {
    // SAFETY: the module's conditions; as `append`.
    unsafe { append(slot, lhs, rhs).unwrap_or_else(|| arithmetic::inplace_add(lhs, rhs)) }
}

/// Extends the string in a slot, if `lhs` is that.
#[inline]
unsafe fn append(slot: *mut Object, lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the slot owns what it holds, and gives it up to the appended string.
    unsafe {
        let text = &raw const c::PyUnicode_Type;
        // A string that is appended to itself is borrowed twice, but counted once.
        if *slot != lhs || lhs == rhs || !is_exactly(lhs, text) || !is_exactly(rhs, text) {
            return None;
        }
        if strings::append_in_place(lhs, rhs) {
            return Some(std::ptr::replace(slot, null_mut()));
        }
        let mut result = std::ptr::replace(slot, null_mut());
        c::PyUnicode_Append(&raw mut result, rhs);
        if result.is_null() {
            // The string is gone, and the function may know that its local is bound.
            *slot = c::PyUnicode_New(0, 0);
        }
        Some(result)
    }
}
