//! Modes whose parameters and arithmetic are not Python's.

mod convert;
mod exported;
mod functions;
mod integers;
mod lanes;

use crate::{
    object::{Object, new_ref},
    symbols::{Symbol, functions},
};
use convert::sw_convert;
use functions::{
    sw_call_interpreted, sw_gcd, sw_isclose, sw_isqrt, sw_loop_1, sw_loop_2, sw_pow_mod,
};
use integers::{sw_compare_int_float, sw_div_int, sw_pow_wrapping, sw_truncate_wrapping};
use lanes::sw_box_lanes;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_convert(_, _, _, _, _),
        sw_box_unsigned(_),
        sw_box_optional(_, _),
        sw_box_lanes(_, _, _),
        sw_raise_native(_, _),
        sw_pow_wrapping(_, _, _, _),
        sw_truncate_wrapping(_, _, _),
        sw_div_int(_, _, _),
        sw_compare_int_float(_, _, _, _),
        sw_gcd(_, _, _),
        sw_isqrt(_, _),
        sw_pow_mod(_, _, _, _),
        sw_isclose(_, _, _, _, _),
        sw_loop_1(_, _, _),
        sw_loop_2(_, _, _, _),
        sw_call_interpreted(_, _),
    ]
}

unsafe extern "C-unwind" fn sw_box_unsigned(value: i64) -> Object {
    // SAFETY: the module's conditions.
    unsafe { c::PyLong_FromUnsignedLongLong(value as u64) }
}

unsafe extern "C-unwind" fn sw_box_optional(present: i64, value: f64) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        match present {
            0 => new_ref(&raw mut c::_Py_NoneStruct),
            _ => c::PyFloat_FromDouble(value),
        }
    }
}

unsafe extern "C-unwind" fn sw_raise_native(class: i32, message: Object) -> i32 {
    // SAFETY: the module's conditions; the classes stay for good.
    unsafe { c::PyErr_SetObject(error(class), message) }
    -1
}

/// The class of that number in [`stepwell_abi::NATIVE_ERRORS`].
unsafe fn error(class: i32) -> Object {
    // SAFETY: the interpreter has set its exceptions up.
    unsafe {
        match class {
            0 => c::PyExc_OverflowError,
            1 => c::PyExc_ValueError,
            2 => c::PyExc_ZeroDivisionError,
            3 => c::PyExc_TypeError,
            4 => c::PyExc_IndexError,
            _ => c::PyExc_RuntimeError,
        }
    }
}
