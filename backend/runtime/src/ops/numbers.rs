//! Arithmetic that is too long for machine code, with Python's rules.

use crate::{
    object::{Object, Owned, is_exactly},
    pool,
    symbols::{Symbol, functions},
};
use std::cmp::Ordering;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_box_int(_),
        sw_box_float(_),
        sw_unbox_int(_, _),
        sw_pow_int(_, _, _),
        sw_pow_float(_, _, _),
        sw_pow_of_finite(_, _),
        sw_div_complex(_, _, _, _, _),
        sw_pow_complex(_, _, _, _, _),
        sw_abs_complex(_, _, _),
        sw_mulmod(_, _, _, _),
        sw_mod_float(_, _),
        sw_floordiv_float(_, _),
        sw_compare_mixed(_, _, _),
    ]
}

unsafe extern "C-unwind" fn sw_box_int(value: i64) -> Object {
    // SAFETY: the module's conditions.
    unsafe { pool::int(value) }
}

unsafe extern "C-unwind" fn sw_box_float(value: f64) -> Object {
    // SAFETY: the module's conditions.
    unsafe { pool::float(value) }
}

unsafe extern "C-unwind" fn sw_unbox_int(object: Object, out: *mut i64) -> i32 {
    // SAFETY: the module's conditions; `out` is writable.
    unsafe {
        if !is_exactly(object, &raw const c::PyLong_Type) {
            return 0;
        }
        let mut overflow = 0;
        let value = c::PyLong_AsLongLongAndOverflow(object, &raw mut overflow);
        write(out, (overflow == 0).then_some(value))
    }
}

/// The remainder of `lhs * rhs + addend`, with the sign of the divisor.
unsafe extern "C-unwind" fn sw_mulmod(lhs: i64, rhs: i64, addend: i64, divisor: i64) -> i64 {
    let value = i128::from(lhs) * i128::from(rhs) + i128::from(addend);
    if let (Ok(value), Ok(divisor)) = (u128::try_from(value), u64::try_from(divisor)) {
        // Less than the divisor.
        return (value % u128::from(divisor)) as i64;
    }
    let divisor = i128::from(divisor);
    let remainder = value % divisor;
    let has_other_sign = remainder != 0 && (remainder < 0) != (divisor < 0);
    (if has_other_sign {
        remainder + divisor
    } else {
        remainder
    }) as i64
}

unsafe extern "C-unwind" fn sw_pow_int(base: i64, exponent: i64, out: *mut i64) -> i32 {
    // SAFETY: `out` is writable.
    unsafe { write(out, pow_int(base, exponent)) }
}

/// `None` for a negative exponent, whose power is a float, and when the power needs more than 64 bits.
pub(super) fn pow_int(base: i64, exponent: i64) -> Option<i64> {
    match (base, exponent) {
        (_, ..0) => None,
        (0 | 1, _) if exponent > 0 => Some(base),
        (-1, _) => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        _ => base.checked_pow(u32::try_from(exponent).ok()?),
    }
}

unsafe extern "C-unwind" fn sw_pow_float(base: f64, exponent: f64, out: *mut f64) -> i32 {
    // SAFETY: `out` is writable.
    unsafe { write(out, pow_float(base, exponent)) }
}

unsafe extern "C-unwind" fn sw_pow_of_finite(base: f64, exponent: f64) -> f64 {
    base.powf(exponent)
}

/// `None` where Python raises (zero to a negative power, overflow) or yields a complex number.
pub(super) fn pow_float(base: f64, exponent: f64) -> Option<f64> {
    if exponent == 0.0 || base == 1.0 {
        return Some(1.0);
    }
    if base.is_nan() || exponent.is_nan() {
        return Some(if base.is_nan() { base } else { exponent });
    }
    let zero_to_negative = base == 0.0 && exponent < 0.0;
    let complex =
        base < 0.0 && base.is_finite() && exponent.is_finite() && exponent != exponent.floor();
    if zero_to_negative && exponent.is_finite() || complex {
        return None;
    }
    let power = base.powf(exponent);
    let overflow = power.is_infinite() && base.is_finite() && exponent.is_finite();
    (!overflow).then_some(power)
}

unsafe extern "C-unwind" fn sw_mod_float(lhs: f64, rhs: f64) -> f64 {
    let remainder = lhs % rhs;
    if remainder == 0.0 {
        return 0.0_f64.copysign(rhs);
    }
    if (rhs < 0.0) != (remainder < 0.0) {
        remainder + rhs
    } else {
        remainder
    }
}

unsafe extern "C-unwind" fn sw_floordiv_float(lhs: f64, rhs: f64) -> f64 {
    let remainder = lhs % rhs;
    let mut quotient = (lhs - remainder) / rhs;
    if remainder != 0.0 && (rhs < 0.0) != (remainder < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0.0_f64.copysign(lhs / rhs);
    }
    let floor = quotient.floor();
    // The division may have been rounded down to just below a whole number.
    if quotient - floor > 0.5 {
        floor + 1.0
    } else {
        floor
    }
}

unsafe extern "C-unwind" fn sw_compare_mixed(lhs: i64, rhs: f64, kind: i32) -> i32 {
    let order = compare(lhs, rhs);
    let holds = match kind as u32 {
        c::Py_LT => order == Some(Ordering::Less),
        c::Py_LE => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        c::Py_EQ => order == Some(Ordering::Equal),
        c::Py_NE => order != Some(Ordering::Equal),
        c::Py_GT => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    };
    i32::from(holds)
}

/// Compares exactly: a conversion of the integer could round.
fn compare(lhs: i64, rhs: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if rhs.is_nan() {
        return None;
    }
    if rhs >= LIMIT {
        return Some(Ordering::Less);
    }
    if rhs < -LIMIT {
        return Some(Ordering::Greater);
    }
    let whole = rhs.trunc();
    Some(lhs.cmp(&(whole as i64)).then(whole.total_cmp(&rhs)))
}

unsafe extern "C-unwind" fn sw_div_complex(
    a_real: f64,
    a_imag: f64,
    b_real: f64,
    b_imag: f64,
    out: *mut c::Py_complex,
) -> i32 {
    if b_real == 0.0 && b_imag == 0.0 {
        return 0;
    }
    let (a, b) = (
        c::Py_complex {
            real: a_real,
            imag: a_imag,
        },
        c::Py_complex {
            real: b_real,
            imag: b_imag,
        },
    );
    // SAFETY: the interpreter's own division needs nothing; `out` is writable.
    unsafe { write(out, Some(c::_Py_c_quot(a, b))) }
}

unsafe extern "C-unwind" fn sw_pow_complex(
    a_real: f64,
    a_imag: f64,
    b_real: f64,
    b_imag: f64,
    out: *mut c::Py_complex,
) -> i32 {
    // SAFETY: the module's conditions; `out` is writable.
    unsafe {
        let power = pow_complex([a_real, a_imag], [b_real, b_imag]);
        if power.is_none() {
            c::PyErr_Clear();
        }
        write(out, power)
    }
}

/// The interpreter's power of two objects: its algorithm for whole exponents is not exported.
unsafe fn pow_complex(base: [f64; 2], exponent: [f64; 2]) -> Option<c::Py_complex> {
    // SAFETY: as the caller's.
    unsafe {
        let base = Owned::steal(c::PyComplex_FromDoubles(base[0], base[1]))?;
        let exponent = Owned::steal(c::PyComplex_FromDoubles(exponent[0], exponent[1]))?;
        let power = c::PyNumber_Power(base.get(), exponent.get(), &raw mut c::_Py_NoneStruct);
        Some(c::PyComplex_AsCComplex(Owned::steal(power)?.get()))
    }
}

unsafe extern "C-unwind" fn sw_abs_complex(real: f64, imag: f64, out: *mut f64) -> i32 {
    let size = match (
        real.is_infinite() || imag.is_infinite(),
        real.is_nan() || imag.is_nan(),
    ) {
        (true, _) => Some(f64::INFINITY),
        (false, true) => Some(f64::NAN),
        _ => Some(real.hypot(imag)).filter(|size| size.is_finite()),
    };
    // SAFETY: `out` is writable.
    unsafe { write(out, size) }
}

/// 1 and the value, or 0.
unsafe fn write<T>(out: *mut T, value: Option<T>) -> i32 {
    let Some(value) = value else { return 0 };
    // SAFETY: as the caller's.
    unsafe { *out = value };
    1
}
