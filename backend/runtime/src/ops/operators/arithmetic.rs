//! Arithmetic on objects, with short ways for exact ints of one or two digits, exact floats and strings.

use crate::{
    object::{Object, is_exactly},
    ops::{
        numbers::{pow_float, pow_int},
        special::{self, Operator},
        text::Name,
    },
    pool,
    symbols::{Symbol, functions},
};
use std::{ffi::CStr, ptr::null_mut};
use stepwell_abi::{cpython as c, layout::LONG_SHIFT};

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_add(_, _),
        sw_and(_, _),
        sw_floordivide(_, _),
        sw_lshift(_, _),
        sw_multiply(_, _),
        sw_remainder(_, _),
        sw_or(_, _),
        sw_rshift(_, _),
        sw_subtract(_, _),
        sw_truedivide(_, _),
        sw_xor(_, _),
        sw_inplace_add(_, _),
        sw_inplace_and(_, _),
        sw_inplace_floordivide(_, _),
        sw_inplace_lshift(_, _),
        sw_inplace_multiply(_, _),
        sw_inplace_remainder(_, _),
        sw_inplace_or(_, _),
        sw_inplace_rshift(_, _),
        sw_inplace_subtract(_, _),
        sw_inplace_truedivide(_, _),
        sw_inplace_xor(_, _),
        sw_try_binary(_, _, _),
    ]
}

/// `sw_name` and `sw_inplace_name`: the short way, a special method that is a Python function, else what the interpreter
/// does.
macro_rules! operators {
    ($($short:ident $method:literal $sign:literal $in_place_sign:literal $slot:ident:
       $plain:ident $general:ident, $inplace:ident $inplace_general:ident;)*) => { $(
        unsafe extern "C-unwind" fn $plain(lhs: Object, rhs: Object) -> Object {
            static OPERATOR: Operator = operator($method, None, $sign);
            // SAFETY: the module's conditions.
            unsafe {
                if let Some(result) = $short(lhs, rhs) {
                    return result;
                }
                special::binary(&OPERATOR, lhs, rhs).unwrap_or_else(|| c::$general(lhs, rhs))
            }
        }

        unsafe extern "C-unwind" fn $inplace(lhs: Object, rhs: Object) -> Object {
            const SLOT: usize = std::mem::offset_of!(c::PyNumberMethods, $slot);
            static OPERATOR: Operator = operator($method, Some(SLOT), $in_place_sign);
            // SAFETY: the module's conditions; numbers and strings have no in-place forms.
            unsafe {
                if let Some(result) = $short(lhs, rhs) {
                    return result;
                }
                special::binary(&OPERATOR, lhs, rhs).unwrap_or_else(|| c::$inplace_general(lhs, rhs))
            }
        }
    )* };
}

operators! {
    add c"__add__" c"+" c"+=" nb_inplace_add: sw_add PyNumber_Add, sw_inplace_add PyNumber_InPlaceAdd;
    and c"__and__" c"&" c"&=" nb_inplace_and: sw_and PyNumber_And, sw_inplace_and PyNumber_InPlaceAnd;
    floordivide c"__floordiv__" c"//" c"//=" nb_inplace_floor_divide: sw_floordivide PyNumber_FloorDivide, sw_inplace_floordivide PyNumber_InPlaceFloorDivide;
    lshift c"__lshift__" c"<<" c"<<=" nb_inplace_lshift: sw_lshift PyNumber_Lshift, sw_inplace_lshift PyNumber_InPlaceLshift;
    multiply c"__mul__" c"*" c"*=" nb_inplace_multiply: sw_multiply PyNumber_Multiply, sw_inplace_multiply PyNumber_InPlaceMultiply;
    remainder c"__mod__" c"%" c"%=" nb_inplace_remainder: sw_remainder PyNumber_Remainder, sw_inplace_remainder PyNumber_InPlaceRemainder;
    or c"__or__" c"|" c"|=" nb_inplace_or: sw_or PyNumber_Or, sw_inplace_or PyNumber_InPlaceOr;
    rshift c"__rshift__" c">>" c">>=" nb_inplace_rshift: sw_rshift PyNumber_Rshift, sw_inplace_rshift PyNumber_InPlaceRshift;
    subtract c"__sub__" c"-" c"-=" nb_inplace_subtract: sw_subtract PyNumber_Subtract, sw_inplace_subtract PyNumber_InPlaceSubtract;
    truedivide c"__truediv__" c"/" c"/=" nb_inplace_true_divide: sw_truedivide PyNumber_TrueDivide, sw_inplace_truedivide PyNumber_InPlaceTrueDivide;
    xor c"__xor__" c"^" c"^=" nb_inplace_xor: sw_xor PyNumber_Xor, sw_inplace_xor PyNumber_InPlaceXor;
}

unsafe extern "C-unwind" fn sw_try_binary(lhs: Object, rhs: Object, kind: i32) -> Object {
    /// The number of the first operator that works in place.
    const IN_PLACE: u32 = c::NB_INPLACE_ADD;
    let kind = kind as u32;
    let kind = if kind < IN_PLACE {
        kind
    } else {
        kind - IN_PLACE
    };
    // SAFETY: the module's conditions; numbers and strings have no in-place forms.
    unsafe {
        let result = match kind {
            c::NB_ADD => add(lhs, rhs),
            c::NB_AND => and(lhs, rhs),
            c::NB_FLOOR_DIVIDE => floordivide(lhs, rhs),
            c::NB_LSHIFT => lshift(lhs, rhs),
            c::NB_MULTIPLY => multiply(lhs, rhs),
            c::NB_REMAINDER => remainder(lhs, rhs),
            c::NB_OR => or(lhs, rhs),
            c::NB_POWER => power(lhs, rhs),
            c::NB_RSHIFT => rshift(lhs, rhs),
            c::NB_SUBTRACT => subtract(lhs, rhs),
            c::NB_TRUE_DIVIDE => truedivide(lhs, rhs),
            c::NB_XOR => xor(lhs, rhs),
            _ => None,
        };
        match result {
            Some(result) if result.is_null() => {
                // Memory is short: the interpreter sees for itself.
                c::PyErr_Clear();
                null_mut()
            }
            result => result.unwrap_or(null_mut()),
        }
    }
}

const fn operator(name: &'static CStr, in_place: Option<usize>, sign: &'static CStr) -> Operator {
    Operator {
        name: Name::new(name),
        in_place,
        sign,
    }
}

/// `lhs + rhs`.
pub(super) unsafe fn plain_add(lhs: Object, rhs: Object) -> Object {
    // SAFETY: as the caller's.
    unsafe { sw_add(lhs, rhs) }
}

/// `lhs += rhs`.
pub(super) unsafe fn inplace_add(lhs: Object, rhs: Object) -> Object {
    // SAFETY: as the caller's.
    unsafe { sw_inplace_add(lhs, rhs) }
}

/// Two numbers of one type.
enum Pair {
    /// Of at most two digits each.
    Ints(i64, i64),
    Floats(f64, f64),
}

#[inline]
unsafe fn pair(lhs: Object, rhs: Object) -> Option<Pair> {
    // SAFETY: the module's conditions.
    unsafe {
        if let (Some(lhs), Some(rhs)) = (digit(lhs), digit(rhs)) {
            return Some(Pair::Ints(lhs, rhs));
        }
        Some(Pair::Floats(number(lhs)?, number(rhs)?))
    }
}

/// The value of exactly an `int` of at most two digits, which are 60 bits.
#[inline]
pub(crate) unsafe fn digit(object: Object) -> Option<i64> {
    const SIGN_BITS: usize = 3;
    const { assert!(LONG_SHIFT == 30) };
    // SAFETY: the module's conditions; an int has at least one digit in place.
    unsafe {
        if !is_exactly(object, &raw const c::PyLong_Type) {
            return None;
        }
        let value = &raw const (*object.cast::<c::_longobject>()).long_value;
        let tag = (*value).lv_tag;
        let sign = 1 - (tag & 3) as i64;
        let places = (&raw const (*value).ob_digit).cast::<c::digit>();
        match tag >> SIGN_BITS {
            0 | 1 => Some(sign * i64::from(*places)),
            2 => {
                let high = i64::from(*places.add(1)) << LONG_SHIFT;
                Some(sign * (high | i64::from(*places)))
            }
            _ => None,
        }
    }
}

/// Integers up to this are floats without rounding.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;

/// The value of exactly a `float`, or of an int that is one without rounding.
#[inline]
unsafe fn number(object: Object) -> Option<f64> {
    // SAFETY: the module's conditions.
    unsafe {
        let exact = |value: &i64| value.unsigned_abs() <= EXACT;
        float(object).or_else(|| digit(object).filter(exact).map(|value| value as f64))
    }
}

/// The value of exactly a `float`.
#[inline]
pub(in crate::ops) unsafe fn float(object: Object) -> Option<f64> {
    // SAFETY: the module's conditions.
    unsafe {
        let is_float = is_exactly(object, &raw const c::PyFloat_Type);
        is_float.then(|| (*object.cast::<c::PyFloatObject>()).ob_fval)
    }
}

#[inline]
unsafe fn add(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        match pair(lhs, rhs) {
            Some(Pair::Ints(lhs, rhs)) => Some(pool::int(lhs + rhs)),
            Some(Pair::Floats(lhs, rhs)) => Some(pool::float(lhs + rhs)),
            None => {
                let text = &raw const c::PyUnicode_Type;
                let texts = is_exactly(lhs, text) && is_exactly(rhs, text);
                texts.then(|| c::PyUnicode_Concat(lhs, rhs))
            }
        }
    }
}

#[inline]
unsafe fn subtract(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        Some(match pair(lhs, rhs)? {
            Pair::Ints(lhs, rhs) => pool::int(lhs - rhs),
            Pair::Floats(lhs, rhs) => pool::float(lhs - rhs),
        })
    }
}

#[inline]
unsafe fn multiply(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        Some(match pair(lhs, rhs)? {
            Pair::Ints(lhs, rhs) => pool::int(lhs.checked_mul(rhs)?),
            Pair::Floats(lhs, rhs) => pool::float(lhs * rhs),
        })
    }
}

/// A quotient of two numbers that are floats without rounding is rounded once.
#[inline]
unsafe fn truedivide(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        let (lhs, rhs) = match pair(lhs, rhs)? {
            Pair::Ints(lhs, rhs) if lhs.unsigned_abs().max(rhs.unsigned_abs()) <= EXACT => {
                (lhs as f64, rhs as f64)
            }
            Pair::Ints(..) => return None,
            Pair::Floats(lhs, rhs) => (lhs, rhs),
        };
        (rhs != 0.0).then(|| pool::float(lhs / rhs))
    }
}

#[inline]
unsafe fn floordivide(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        let (lhs, rhs) = digits(lhs, rhs)?;
        let quotient = lhs.checked_div(rhs)?;
        let rounded_up = lhs % rhs != 0 && (lhs < 0) != (rhs < 0);
        Some(pool::int(quotient - i64::from(rounded_up)))
    }
}

#[inline]
unsafe fn remainder(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        let (lhs, rhs) = digits(lhs, rhs)?;
        let rest = lhs.checked_rem(rhs)?;
        let other_sign = rest != 0 && (rest < 0) != (rhs < 0);
        Some(pool::int(if other_sign { rest + rhs } else { rest }))
    }
}

/// One digit that is shifted by as many bits fits 64.
#[inline]
unsafe fn lshift(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        let (lhs, rhs) = digits(lhs, rhs)?;
        let fits = (0..=32).contains(&rhs) && lhs.unsigned_abs() >> LONG_SHIFT == 0;
        fits.then(|| pool::int(lhs << rhs))
    }
}

#[inline]
unsafe fn rshift(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe {
        let (lhs, rhs) = digits(lhs, rhs)?;
        (rhs >= 0).then(|| pool::int(lhs >> rhs.min(63)))
    }
}

#[inline]
unsafe fn and(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe { digits(lhs, rhs).map(|(lhs, rhs)| pool::int(lhs & rhs)) }
}

#[inline]
unsafe fn or(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe { digits(lhs, rhs).map(|(lhs, rhs)| pool::int(lhs | rhs)) }
}

#[inline]
unsafe fn xor(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: the module's conditions.
    unsafe { digits(lhs, rhs).map(|(lhs, rhs)| pool::int(lhs ^ rhs)) }
}

/// `lhs ** rhs` where it is a number without an error.
pub(super) unsafe fn power(lhs: Object, rhs: Object) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        match pair(lhs, rhs)? {
            Pair::Ints(lhs, rhs) => pow_int(lhs, rhs).map(|power| pool::int(power)),
            Pair::Floats(lhs, rhs) => pow_float(lhs, rhs).map(|power| pool::float(power)),
        }
    }
}

#[inline]
unsafe fn digits(lhs: Object, rhs: Object) -> Option<(i64, i64)> {
    // SAFETY: the module's conditions.
    unsafe { digit(lhs).zip(digit(rhs)) }
}
