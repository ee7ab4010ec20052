//! Functions on numbers: some by machine arithmetic, the others by CPython's own function on objects.

use crate::{
    object::{Object, Owned, flags, has_flags, import, is_exactly, tuple_items},
    ufuncs,
};
use std::{
    ffi::CString,
    ptr::null_mut,
    sync::atomic::{AtomicPtr, Ordering::Relaxed},
};
use stepwell_abi::{INTERPRETED, cpython as c, letter};

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
    // SAFETY: `out` is writable.
    unsafe { *out = a as i64 }
    if i64::try_from(a).is_ok() {
        ANSWERED
    } else {
        TOO_LONG
    }
}

pub(super) unsafe extern "C-unwind" fn sw_loop_1(number: i64, x: f64, out: *mut f64) -> i32 {
    // SAFETY: the module's conditions.
    unsafe { answer(ufuncs::run(number, &mut [x]), out) }
}

pub(super) unsafe extern "C-unwind" fn sw_loop_2(
    number: i64,
    x: f64,
    y: f64,
    out: *mut f64,
) -> i32 {
    // SAFETY: the module's conditions.
    unsafe { answer(ufuncs::run(number, &mut [x, y]), out) }
}

unsafe fn answer(answer: Option<f64>, out: *mut f64) -> i32 {
    let Some(answer) = answer else {
        return RAISES;
    };
    // SAFETY: `out` is writable.
    unsafe { *out = answer }
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
    if modulus == 0 {
        return RAISES;
    }
    let size = i128::from(modulus.unsigned_abs());
    let factor = i128::from(base).rem_euclid(size);
    let factor = if exponent < 0 {
        inverse(factor, size)
    } else {
        Some(factor)
    };
    let Some(mut factor) = factor else {
        return RAISES;
    };
    let (mut result, mut left) = (1 % size, exponent.unsigned_abs());
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

/// The number below `size` whose product with `number` is one more than a multiple of `size`, if there is one.
fn inverse(number: i128, size: i128) -> Option<i128> {
    let (mut rest, mut next) = (size, number);
    let (mut known, mut found) = (0, 1);
    while next != 0 {
        let quotient = rest / next;
        (rest, next) = (next, rest - quotient * next);
        (known, found) = (found, known - quotient * found);
    }
    (rest == 1).then(|| known.rem_euclid(size))
}

pub(super) unsafe extern "C-unwind" fn sw_isclose(
    a: f64,
    b: f64,
    relative: f64,
    absolute: f64,
    out: *mut i64,
) -> i32 {
    if relative < 0.0 || absolute < 0.0 {
        return RAISES;
    }
    let distance = (a - b).abs();
    let near = distance <= (relative * a).abs()
        || distance <= (relative * b).abs()
        || distance <= absolute;
    // An infinity is close to itself alone.
    let close = a == b || !a.is_infinite() && !b.is_infinite() && near;
    // SAFETY: `out` is writable.
    unsafe { *out = i64::from(close) }
    ANSWERED
}

pub(super) unsafe extern "C-unwind" fn sw_call_interpreted(number: i64, data: *mut u64) -> i32 {
    // SAFETY: the module's conditions; `data` begins with a shape, and holds what that says.
    unsafe {
        let (shape, arguments) = Shape::read(data);
        match called(number as usize, &shape, arguments) {
            Some(result) => {
                let status = write(&result, &shape.result, data);
                c::PyErr_Clear();
                status
            }
            None => {
                c::PyErr_Clear();
                RAISES
            }
        }
    }
}

/// The letters of a call.
struct Shape {
    /// Of the result: several where it is a tuple.
    result: Vec<u64>,
    arguments: Vec<u64>,
}

impl Shape {
    /// The shape at the front of `data`, and what is behind it.
    ///
    /// # Safety
    /// There is one.
    unsafe fn read(mut data: *const u64) -> (Self, *const u64) {
        let (mut result, mut arguments) = (Vec::new(), Vec::new());
        let mut is_behind = false;
        loop {
            // SAFETY: the last word of a shape has a zero among its letters.
            let mut word = unsafe { *data };
            // SAFETY: as above.
            data = unsafe { data.add(1) };
            for _ in 0..16 {
                match word & 15 {
                    letter::END => return (Self { result, arguments }, data),
                    letter::ARGUMENTS => is_behind = true,
                    other if is_behind => arguments.push(other),
                    other => result.push(other),
                }
                word >>= 4;
            }
        }
    }
}

/// Calls the function; `None` when it raises.
unsafe fn called(number: usize, shape: &Shape, arguments: *const u64) -> Option<Owned> {
    // SAFETY: as the caller's.
    unsafe {
        let (function, names) = function(number)?;
        let mut reader = Arguments {
            letters: &shape.arguments,
            place: arguments,
        };
        let owned = reader.objects()?;
        let objects: Vec<Object> = owned.iter().map(Owned::get).collect();
        let given = INTERPRETED[number].1.len().min(objects.len());
        let names = if given == 0 { null_mut() } else { names };
        Owned::steal(c::PyObject_Vectorcall(
            function,
            objects.as_ptr(),
            objects.len() - given,
            names,
        ))
    }
}

/// Arguments in memory.
struct Arguments<'a> {
    letters: &'a [u64],
    place: *const u64,
}

impl Arguments<'_> {
    /// Makes objects of what is there, up to the end or that of a tuple.
    ///
    /// # Safety
    /// The module's conditions; the memory holds what the letters say.
    unsafe fn objects(&mut self) -> Option<Vec<Owned>> {
        let mut made = Vec::new();
        while let Some((letter, rest)) = self.letters.split_first() {
            self.letters = rest;
            // SAFETY: as the caller's.
            unsafe {
                made.push(match *letter {
                    letter::CLOSE => break,
                    letter::OPEN => tuple(&self.objects()?)?,
                    number => self.number(number)?,
                });
            }
        }
        Some(made)
    }

    unsafe fn number(&mut self, letter: u64) -> Option<Owned> {
        // SAFETY: as the caller's.
        unsafe {
            let bits = *self.place;
            let object = match letter {
                letter::INT => c::PyLong_FromLongLong(bits as i64),
                letter::UNSIGNED => c::PyLong_FromUnsignedLongLong(bits),
                letter::FLOAT => c::PyFloat_FromDouble(f64::from_bits(bits)),
                letter::COMPLEX => {
                    self.place = self.place.add(1);
                    let imaginary = f64::from_bits(*self.place);
                    c::PyComplex_FromDoubles(f64::from_bits(bits), imaginary)
                }
                _ => c::PyBool_FromLong((bits & 1) as _),
            };
            self.place = self.place.add(1);
            Owned::steal(object)
        }
    }
}

unsafe fn tuple(items: &[Owned]) -> Option<Owned> {
    // SAFETY: as the caller's; the items are stolen by the tuple.
    unsafe {
        let made = Owned::steal(c::PyTuple_New(items.len() as _))?;
        for (index, item) in items.iter().enumerate() {
            c::PyTuple_SetItem(made.get(), index as _, Owned::share(item.get()).give());
        }
        Some(made)
    }
}

/// Writes the answer; a result of another type than the shape says is none.
unsafe fn write(result: &Owned, letters: &[u64], mut data: *mut u64) -> i32 {
    let object = result.get();
    // SAFETY: as the caller's.
    unsafe {
        let items = match letters {
            [_] => std::slice::from_ref(&object),
            _ if has_flags(object, flags::TUPLE) => tuple_items(object),
            _ => return RAISES,
        };
        if items.len() != letters.len() {
            return RAISES;
        }
        let mut status = ANSWERED;
        for (item, letter) in items.iter().zip(letters) {
            match write_number(*item, *letter, data) {
                RAISES => return RAISES,
                TOO_LONG => status = TOO_LONG,
                _ => {}
            }
            data = data.add(if *letter == letter::COMPLEX { 2 } else { 1 });
        }
        status
    }
}

unsafe fn write_number(object: Object, letter: u64, data: *mut u64) -> i32 {
    // SAFETY: as the caller's.
    unsafe {
        match letter {
            letter::INT if has_flags(object, flags::LONG) => {
                let mut overflow = 0;
                let value = c::PyLong_AsLongLongAndOverflow(object, &raw mut overflow);
                *data = match overflow {
                    0 => value as u64,
                    _ => c::PyLong_AsUnsignedLongLongMask(object),
                };
                if overflow == 0 { ANSWERED } else { TOO_LONG }
            }
            letter::UNSIGNED if has_flags(object, flags::LONG) => {
                let value = c::PyLong_AsUnsignedLongLong(object);
                let fits = c::PyErr_Occurred().is_null();
                if !fits {
                    c::PyErr_Clear();
                }
                *data = match fits {
                    true => value,
                    false => c::PyLong_AsUnsignedLongLongMask(object),
                };
                if fits { ANSWERED } else { TOO_LONG }
            }
            letter::FLOAT if is_exactly(object, &raw const c::PyFloat_Type) => {
                *data = c::PyFloat_AsDouble(object).to_bits();
                ANSWERED
            }
            letter::COMPLEX if is_exactly(object, &raw const c::PyComplex_Type) => {
                let value = c::PyComplex_AsCComplex(object);
                *data = value.real.to_bits();
                *data.add(1) = value.imag.to_bits();
                ANSWERED
            }
            letter::BOOL if is_exactly(object, &raw const c::PyBool_Type) => {
                *data = u64::from(object == (&raw mut c::_Py_TrueStruct).cast());
                ANSWERED
            }
            _ => RAISES,
        }
    }
}

/// The function of that number and the names of its keywords, borrowed; they are looked up once and kept.
unsafe fn function(number: usize) -> Option<(Object, Object)> {
    type Kept = [AtomicPtr<c::PyObject>; INTERPRETED.len()];
    static FUNCTIONS: Kept = [const { AtomicPtr::new(null_mut()) }; INTERPRETED.len()];
    static NAMES: Kept = [const { AtomicPtr::new(null_mut()) }; INTERPRETED.len()];
    let (kept, names) = (FUNCTIONS.get(number)?, NAMES.get(number)?);
    let known = kept.load(Relaxed);
    if !known.is_null() {
        return Some((known, names.load(Relaxed)));
    }
    let (path, keywords) = INTERPRETED[number];
    let (module, name) = path.split_once('.')?;
    // SAFETY: as the caller's. The GIL orders the stores; the references are kept for good.
    unsafe {
        let module = CString::new(module).ok()?;
        let module = Owned::steal(import(&module))?;
        let name = CString::new(name).ok()?;
        let found = Owned::steal(c::PyObject_GetAttrString(module.get(), name.as_ptr()))?;
        let words = keywords.iter().map(|keyword| {
            let text = CString::new(*keyword).ok()?;
            Owned::steal(c::PyUnicode_InternFromString(text.as_ptr()))
        });
        let words = tuple(&words.collect::<Option<Vec<_>>>()?)?;
        names.store(words.give(), Relaxed);
        let found = found.give();
        kept.store(found, Relaxed);
        Some((found, names.load(Relaxed)))
    }
}
