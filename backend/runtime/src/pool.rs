//! Small numbers made and dropped without the allocator.
//!
//! Loops over objects make an `int` or a `float` for almost every operation and drop it soon after. The memory of those
//! that compiled code or the runtime drops is kept for the next one. It is the interpreter's memory, of the size that the
//! interpreter asks for: objects made here are dropped by the interpreter, and the other way round, like any others.

use crate::{generator, object::Object};
use std::{cell::UnsafeCell, ptr::null_mut};
use stepwell_abi::{cpython as c, layout::LONG_SHIFT};

/// How many pieces of memory a pool keeps.
const CAPACITY: usize = 128;
/// In `lv_tag` the count of digits begins here; below are the sign and a flag.
const DIGITS: u32 = 3;
/// The sign in `lv_tag` of a number below zero.
const NEGATIVE: usize = 2;
/// The size of an `int` of so many digits.
const fn int_size(digits: usize) -> usize {
    std::mem::offset_of!(c::_longobject, long_value)
        + std::mem::offset_of!(c::_PyLongValue, ob_digit)
        + digits * size_of::<c::digit>()
}
/// The first of the ints that are there once and for all, and how many of them there are.
const SMALLEST: i64 = -5;
const SMALL_COUNT: i64 = 262;

/// Memory of dropped objects of one type.
struct Pool(UnsafeCell<Stack>);

struct Stack {
    count: usize,
    places: [Object; CAPACITY],
}

// SAFETY: whoever uses a pool holds the GIL.
unsafe impl Sync for Pool {}

static INTS: Pool = Pool::new();
static LONG_INTS: Pool = Pool::new();
static FLOATS: Pool = Pool::new();

impl Pool {
    const fn new() -> Self {
        Self(UnsafeCell::new(Stack {
            count: 0,
            places: [null_mut(); CAPACITY],
        }))
    }

    /// The memory that was kept last.
    #[inline]
    unsafe fn take(&self) -> Option<Object> {
        // SAFETY: the caller holds the GIL, and no reference outlives this function.
        unsafe {
            let stack = &mut *self.0.get();
            stack.count = stack.count.checked_sub(1)?;
            stack.places.get(stack.count).copied()
        }
    }

    /// Whether the memory is kept.
    #[inline]
    unsafe fn keep(&self, object: Object) -> bool {
        // SAFETY: as `take`.
        unsafe {
            let stack = &mut *self.0.get();
            let Some(place) = stack.places.get_mut(stack.count) else {
                return false;
            };
            *place = object;
            stack.count += 1;
            true
        }
    }
}

/// An `int`: a new reference, or null with an exception set.
///
/// # Safety
/// The GIL is held.
#[inline]
pub unsafe fn int(value: i64) -> Object {
    // SAFETY: as the caller's; a piece of memory from a pool had an `int` of as many digits.
    unsafe {
        let small = value.wrapping_sub(SMALLEST);
        if (0..SMALL_COUNT).contains(&small) {
            return small_int(small as usize);
        }
        let magnitude = value.unsigned_abs();
        let (pool, digits) = match magnitude >> LONG_SHIFT {
            0 => (&INTS, 1),
            high if high >> LONG_SHIFT == 0 => (&LONG_INTS, 2),
            _ => return c::PyLong_FromLongLong(value),
        };
        let object = match pool.take() {
            Some(object) => object,
            None => c::PyObject_Malloc(int_size(digits)).cast(),
        };
        if object.is_null() {
            return c::PyErr_NoMemory();
        }
        begin(object, &raw mut c::PyLong_Type);
        let number = &raw mut (*object.cast::<c::_longobject>()).long_value;
        (*number).lv_tag = digits << DIGITS | if value < 0 { NEGATIVE } else { 0 };
        let places = (&raw mut (*number).ob_digit).cast::<c::digit>();
        *places = (magnitude & ((1 << LONG_SHIFT) - 1)) as c::digit;
        if digits == 2 {
            *places.add(1) = (magnitude >> LONG_SHIFT) as c::digit;
        }
        object
    }
}

/// One of the ints that are never freed.
#[inline]
unsafe fn small_int(index: usize) -> Object {
    // SAFETY: the caller's index is below their count.
    unsafe {
        let all = &raw mut c::_PyRuntime.static_objects.singletons.small_ints;
        all.cast::<c::PyLongObject>().add(index).cast()
    }
}

/// A `float`: a new reference, or null with an exception set.
///
/// # Safety
/// The GIL is held.
#[inline]
pub unsafe fn float(value: f64) -> Object {
    // SAFETY: as the caller's; a piece of memory from the pool had a `float`.
    unsafe {
        let Some(object) = FLOATS.take() else {
            return c::PyFloat_FromDouble(value);
        };
        begin(object, &raw mut c::PyFloat_Type);
        (*object.cast::<c::PyFloatObject>()).ob_fval = value;
        object
    }
}

/// Makes the memory an object with one reference.
#[inline]
unsafe fn begin(object: Object, class: *mut c::PyTypeObject) {
    // SAFETY: the memory is the caller's own.
    unsafe {
        (*object).__bindgen_anon_1.ob_refcnt = 1;
        (*object).ob_type = class;
    }
}

/// Frees an object without references, which can run arbitrary Python code.
///
/// # Safety
/// The last reference to `object` is gone; the GIL is held.
#[inline]
pub unsafe fn free(object: Object) {
    // SAFETY: as the caller's. An int of more digits than those of the pools goes back to the interpreter.
    unsafe {
        let class = (*object).ob_type.cast_const();
        let kept = if class == &raw const c::PyLong_Type {
            let tag = (*object.cast::<c::_longobject>()).long_value.lv_tag;
            match tag >> DIGITS {
                1 => !is_small(object) && INTS.keep(object),
                2 => LONG_INTS.keep(object),
                _ => false,
            }
        } else if class == &raw const c::PyFloat_Type {
            FLOATS.keep(object)
        } else {
            generator::settle();
            let is_generator =
                class == &raw const c::PyGen_Type || class == &raw const c::PyCoro_Type;
            is_generator && generator::free(object)
        };
        if !kept {
            c::_Py_Dealloc(object);
        }
    }
}

/// Whether somebody counted the references of a number that is never freed down to nothing.
unsafe fn is_small(object: Object) -> bool {
    // SAFETY: the addresses are compared, nothing is read.
    unsafe {
        let first = small_int(0).addr();
        let behind = small_int(SMALL_COUNT as usize).addr();
        (first..behind).contains(&object.addr())
    }
}
