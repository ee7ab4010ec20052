//! Integers of 64 bits that wrap around, with a sign or without.

use crate::object::Owned;
use std::cmp::Ordering;
use stepwell_abi::cpython as c;

pub(super) unsafe extern "C-unwind" fn sw_pow_wrapping(
    base: i64,
    exponent: i64,
    nosign: i64,
    out: *mut i64,
) -> i32 {
    let (power, all) = match nosign {
        0 => power(i128::from(base), exponent as u64, |value| {
            i64::try_from(value).is_ok()
        }),
        _ => power(i128::from(base as u64), exponent as u64, |value| {
            u64::try_from(value).is_ok()
        }),
    };
    // SAFETY: `out` is writable.
    unsafe { *out = power }
    i32::from(all)
}

/// The power modulo 2**64, and whether all of it `fits`. The factors stay below 2**64, so that products are exact.
fn power(base: i128, mut exponent: u64, fits: impl Fn(i128) -> bool) -> (i64, bool) {
    let cut = |value: i128| (value as i64, fits(value));
    let again = |low: i64, like: i128| {
        if like < 0 || base < 0 {
            i128::from(low)
        } else {
            low as u64 as i128
        }
    };
    let (mut result, mut factor, mut all) = (1_i128, base, true);
    let mut factor_fits = true;
    while exponent > 0 {
        if exponent & 1 == 1 {
            let product = result.wrapping_mul(factor);
            let (low, exact) = cut(product);
            all &= exact && factor_fits;
            result = if exact { product } else { again(low, product) };
        }
        exponent >>= 1;
        if exponent > 0 {
            let square = factor.wrapping_mul(factor);
            let (low, exact) = cut(square);
            factor_fits &= exact;
            factor = if exact { square } else { again(low, square) };
        }
    }
    (result as i64, all)
}

pub(super) unsafe extern "C-unwind" fn sw_truncate_wrapping(
    value: f64,
    nosign: i64,
    out: *mut i64,
) -> i32 {
    let whole = value.trunc();
    let modulus = 18_446_744_073_709_551_616.0;
    // The remainder of a float by a power of two is exact.
    let low = (whole % modulus) as i128 as i64;
    // SAFETY: `out` is writable.
    unsafe { *out = low }
    let fits = match nosign {
        0 => (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole),
        _ => (0.0..modulus).contains(&whole),
    };
    i32::from(fits)
}

/// The quotient of two floats is the rounded quotient up to here.
const EXACT: u64 = 1 << 53;

pub(super) unsafe extern "C-unwind" fn sw_div_int(lhs: i64, rhs: i64, nosign: i64) -> f64 {
    let near = |value: i64| match nosign {
        0 => value.unsigned_abs() <= EXACT,
        _ => value as u64 <= EXACT,
    };
    if near(lhs) && near(rhs) {
        return lhs as f64 / rhs as f64;
    }
    // SAFETY: the module's conditions.
    unsafe { interpreted_quotient(lhs, rhs, nosign != 0) }
}

/// The interpreter's own division; NaN when memory is short.
unsafe fn interpreted_quotient(lhs: i64, rhs: i64, nosign: bool) -> f64 {
    // SAFETY: as the caller's.
    unsafe {
        let boxed = |value: i64| {
            Owned::steal(match nosign {
                true => c::PyLong_FromUnsignedLongLong(value as u64),
                false => c::PyLong_FromLongLong(value),
            })
        };
        let quotient = boxed(lhs)
            .zip(boxed(rhs))
            .and_then(|(lhs, rhs)| Owned::steal(c::PyNumber_TrueDivide(lhs.get(), rhs.get())));
        match quotient {
            Some(quotient) => c::PyFloat_AsDouble(quotient.get()),
            None => {
                c::PyErr_Clear();
                f64::NAN
            }
        }
    }
}

pub(super) unsafe extern "C-unwind" fn sw_compare_int_float(
    lhs: i64,
    rhs: f64,
    kind: i64,
    nosign: i64,
) -> i32 {
    let lhs = match nosign {
        0 => i128::from(lhs),
        _ => i128::from(lhs as u64),
    };
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
fn compare(lhs: i128, rhs: f64) -> Option<Ordering> {
    const LIMIT: f64 = 36_893_488_147_419_103_232.0;
    match rhs {
        _ if rhs.is_nan() => None,
        _ if rhs >= LIMIT => Some(Ordering::Less),
        _ if rhs <= -LIMIT => Some(Ordering::Greater),
        _ => {
            let whole = rhs.trunc();
            let order = lhs.cmp(&(whole as i128));
            Some(order.then(whole.partial_cmp(&rhs)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(base: i64, exponent: u64) -> (i64, bool) {
        power(i128::from(base), exponent, |value| {
            i64::try_from(value).is_ok()
        })
    }

    #[test]
    fn powers_are_exact_or_wrap_around() {
        for base in [-10_i64, -3, -2, -1, 0, 1, 2, 3, 7, 10, 1 << 31] {
            for exponent in 0..70 {
                let exact = base.checked_pow(exponent);
                let expected = (base.wrapping_pow(exponent), exact.is_some());
                assert_eq!(
                    signed(base, exponent.into()),
                    expected,
                    "{base}**{exponent}"
                );
            }
        }
        assert_eq!(signed(i64::MIN, 1), (i64::MIN, true));
    }

    #[test]
    fn integers_meet_floats_exactly() {
        let big = i128::from(u64::MAX);
        assert_eq!(
            compare(big, 18_446_744_073_709_551_616.0),
            Some(Ordering::Less)
        );
        assert_eq!(compare(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(compare(0, -0.0), Some(Ordering::Equal));
        assert_eq!(compare(0, f64::NAN), None);
    }
}
