//! Comparisons and truth, with short ways for exact builtin types.

use super::arithmetic::{digit, float};
use crate::{
    object::{Object, decref, is_exactly, length},
    ops::special,
    symbols::{Symbol, functions},
};
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_compare(_, _, _),
        sw_compare_truth(_, _, _),
        sw_truth(_),
        sw_try_compare(_, _, _),
        sw_try_truth(_),
    ]
}

unsafe extern "C-unwind" fn sw_compare(lhs: Object, rhs: Object, kind: i32) -> Object {
    // SAFETY: the module's conditions; both bools live for ever.
    unsafe {
        match compare(lhs, rhs, kind) {
            Some(true) => (&raw mut c::_Py_TrueStruct).cast(),
            Some(false) => (&raw mut c::_Py_FalseStruct).cast(),
            None => special::compare(lhs, rhs, kind)
                .unwrap_or_else(|| c::PyObject_RichCompare(lhs, rhs, kind)),
        }
    }
}

unsafe extern "C-unwind" fn sw_compare_truth(lhs: Object, rhs: Object, kind: i32) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        if let Some(holds) = compare(lhs, rhs, kind) {
            return holds.into();
        }
        let result = special::compare(lhs, rhs, kind)
            .unwrap_or_else(|| c::PyObject_RichCompare(lhs, rhs, kind));
        if result.is_null() {
            return -1;
        }
        let truth = sw_truth(result);
        decref(result);
        truth
    }
}

unsafe extern "C-unwind" fn sw_try_compare(lhs: Object, rhs: Object, kind: i32) -> i32 {
    // SAFETY: the module's conditions.
    unsafe { compare(lhs, rhs, kind).map_or(-1, i32::from) }
}

/// How two ints of at most two digits, two floats, or two strings for equality compare, and `None` with any of them.
#[inline]
unsafe fn compare(lhs: Object, rhs: Object, kind: i32) -> Option<bool> {
    // SAFETY: the module's conditions.
    unsafe {
        if let (Some(lhs), Some(rhs)) = (digit(lhs), digit(rhs)) {
            return Some(holds(lhs, rhs, kind));
        }
        if let (Some(lhs), Some(rhs)) = (float(lhs), float(rhs)) {
            return Some(holds(lhs, rhs, kind));
        }
        let text = &raw const c::PyUnicode_Type;
        let none = &raw mut c::_Py_NoneStruct;
        let is_plain = |object| {
            let plain = [text, &raw const c::PyLong_Type, &raw const c::PyFloat_Type];
            object == none || plain.into_iter().any(|class| is_exactly(object, class))
        };
        let equal = if is_exactly(lhs, text) && is_exactly(rhs, text) {
            same_text(lhs, rhs)
        } else if (lhs == none || rhs == none) && is_plain(lhs) && is_plain(rhs) {
            lhs == rhs
        } else {
            return None;
        };
        match kind as u32 {
            c::Py_EQ => Some(equal),
            c::Py_NE => Some(!equal),
            _ => None,
        }
    }
}

/// Whether two strings are equal. Most are one, or told apart by their lengths.
#[inline]
unsafe fn same_text(lhs: Object, rhs: Object) -> bool {
    // SAFETY: the caller's are strings.
    unsafe {
        let length = |text: Object| (*text.cast::<c::PyASCIIObject>()).length;
        lhs == rhs || length(lhs) == length(rhs) && c::_PyUnicode_Equal(lhs, rhs) != 0
    }
}

#[inline]
fn holds<T: PartialOrd>(lhs: T, rhs: T, kind: i32) -> bool {
    match kind as u32 {
        c::Py_LT => lhs < rhs,
        c::Py_LE => lhs <= rhs,
        c::Py_EQ => lhs == rhs,
        c::Py_NE => lhs != rhs,
        c::Py_GT => lhs > rhs,
        _ => lhs >= rhs,
    }
}

unsafe extern "C-unwind" fn sw_truth(value: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe { truth(value).map_or_else(|| c::PyObject_IsTrue(value), i32::from) }
}

unsafe extern "C-unwind" fn sw_try_truth(value: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe { truth(value).map_or(-1, i32::from) }
}

/// Whether an object of a common builtin type is true.
#[inline]
unsafe fn truth(value: Object) -> Option<bool> {
    // SAFETY: the module's conditions.
    unsafe {
        if value == (&raw mut c::_Py_TrueStruct).cast() {
            return Some(true);
        }
        if value == &raw mut c::_Py_NoneStruct || value == (&raw mut c::_Py_FalseStruct).cast() {
            return Some(false);
        }
        let sized = [&raw const c::PyList_Type, &raw const c::PyTuple_Type];
        if is_exactly(value, &raw const c::PyLong_Type) {
            Some((*value.cast::<c::_longobject>()).long_value.lv_tag & 3 != 1)
        } else if is_exactly(value, &raw const c::PyUnicode_Type) {
            Some((*value.cast::<c::PyASCIIObject>()).length != 0)
        } else if is_exactly(value, &raw const c::PyDict_Type) {
            Some((*value.cast::<c::PyDictObject>()).ma_used != 0)
        } else if is_exactly(value, &raw const c::PyFloat_Type) {
            Some((*value.cast::<c::PyFloatObject>()).ob_fval != 0.0)
        } else {
            let is_sized = sized.iter().any(|class| is_exactly(value, *class));
            is_sized.then(|| length(value) != 0)
        }
    }
}
