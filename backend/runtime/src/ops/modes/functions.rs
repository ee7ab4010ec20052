//! Functions on numbers: some by machine arithmetic, the others by CPython's own function on objects.

use crate::object::{Object, Owned, is_exactly};
use std::{
    ffi::CString,
    sync::atomic::{AtomicPtr, Ordering::Relaxed},
};
use stepwell_abi::{INTERPRETED, cpython as c};

/// There is an answer.
const ANSWERED: i32 = 1;
/// The function raises.
const RAISES: i32 = 0;
/// The answer is too long.
const TOO_LONG: i32 = -1;

pub(super) unsafe extern "C-unwind" fn sw_gcd(a: i64, b: i64, out: *mut i64) -> i32 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let Ok(divisor) = i64::try_from(a) else {
        return TOO_LONG;
    };
    // SAFETY: `out` is writable.
    unsafe { *out = divisor }
    ANSWERED
}

pub(super) unsafe extern "C-unwind" fn sw_isqrt(n: i64, out: *mut i64) -> i32 {
    let Ok(number) = u64::try_from(n) else {
        return RAISES;
    };
    // SAFETY: `out` is writable.
    unsafe { *out = number.isqrt() as i64 }
    ANSWERED
}

pub(super) unsafe extern "C-unwind" fn sw_pow_mod(
    base: i64,
    exponent: i64,
    modulus: i64,
    out: *mut i64,
) -> i32 {
    if modulus == 0 || exponent < 0 {
        // Zero raises; a negative exponent has an inverse, or none: the interpreter knows.
        return if modulus == 0 { RAISES } else { TOO_LONG };
    }
    let size = i128::from(modulus.unsigned_abs());
    let (mut result, mut factor, mut left) =
        (1 % size, i128::from(base).rem_euclid(size), exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = result * factor % size;
        }
        factor = factor * factor % size;
        left >>= 1;
    }
    if modulus < 0 && result != 0 {
        result -= size;
    }
    // SAFETY: `out` is writable; the result is nearer to zero than the modulus.
    unsafe { *out = result as i64 }
    ANSWERED
}

pub(super) unsafe extern "C-unwind" fn sw_call_interpreted(
    number: i64,
    shape: i64,
    data: *mut u64,
) -> i32 {
    // SAFETY: the module's conditions; `data` holds what the shape says.
    unsafe {
        match called(number as usize, shape, data) {
            Some(result) => read(&result, shape & 15, data),
            None => {
                c::PyErr_Clear();
                RAISES
            }
        }
    }
}

unsafe fn called(number: usize, shape: i64, data: *const u64) -> Option<Owned> {
    // SAFETY: as the caller's.
    unsafe {
        let function = function(number)?;
        let (mut place, mut rest) = (data, shape >> 4);
        let mut owned = Vec::new();
        while rest != 0 {
            let float = place.cast::<f64>();
            let object = match rest & 15 {
                1 => c::PyLong_FromLongLong(place.cast::<i64>().read()),
                2 => c::PyFloat_FromDouble(float.read()),
                3 => c::PyComplex_FromDoubles(float.read(), float.add(1).read()),
                _ => c::PyBool_FromLong(place.read() as _),
            };
            place = place.add(if rest & 15 == 3 { 2 } else { 1 });
            owned.push(Owned::steal(object)?);
            rest >>= 4;
        }
        let arguments: Vec<Object> = owned.iter().map(Owned::get).collect();
        let none = std::ptr::null_mut();
        Owned::steal(c::PyObject_Vectorcall(
            function,
            arguments.as_ptr(),
            arguments.len(),
            none,
        ))
    }
}

/// Writes the answer; a result of another type than the shape says is none.
unsafe fn read(result: &Owned, letter: i64, data: *mut u64) -> i32 {
    // SAFETY: as the caller's.
    unsafe {
        let object = result.get();
        match letter {
            1 if is_exactly(object, &raw const c::PyLong_Type) => {
                let mut overflow = 0;
                let value = c::PyLong_AsLongLongAndOverflow(object, &raw mut overflow);
                data.cast::<i64>().write(value);
                if overflow == 0 { ANSWERED } else { TOO_LONG }
            }
            2 if is_exactly(object, &raw const c::PyFloat_Type) => {
                data.cast::<f64>().write(c::PyFloat_AsDouble(object));
                ANSWERED
            }
            3 if is_exactly(object, &raw const c::PyComplex_Type) => {
                let value = c::PyComplex_AsCComplex(object);
                data.cast::<[f64; 2]>().write([value.real, value.imag]);
                ANSWERED
            }
            4 if is_exactly(object, &raw const c::PyBool_Type) => {
                data.write(u64::from(object == (&raw mut c::_Py_TrueStruct).cast()));
                ANSWERED
            }
            _ => RAISES,
        }
    }
}

/// The function of that number, borrowed; it is looked up once and kept.
unsafe fn function(number: usize) -> Option<Object> {
    static FOUND: [AtomicPtr<c::PyObject>; INTERPRETED.len()] =
        [const { AtomicPtr::new(std::ptr::null_mut()) }; INTERPRETED.len()];
    let place = FOUND.get(number)?;
    let known = place.load(Relaxed);
    if !known.is_null() {
        return Some(known);
    }
    let (module, name) = INTERPRETED[number].split_once('.')?;
    let (module, name) = (CString::new(module).ok()?, CString::new(name).ok()?);
    // SAFETY: as the caller's. The GIL orders the store; the reference is kept for good.
    unsafe {
        let module = Owned::steal(c::PyImport_ImportModule(module.as_ptr()))?;
        let function = Owned::steal(c::PyObject_GetAttrString(module.get(), name.as_ptr()))?.give();
        place.store(function, Relaxed);
        Some(function)
    }
}
