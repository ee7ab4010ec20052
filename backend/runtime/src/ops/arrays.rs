//! Arrays, and the scalars of NumPy.

use crate::{
    buffers, numpy,
    object::Object,
    symbols::{Symbol, functions},
};
use std::{cell::UnsafeCell, ffi::c_void, ptr::null_mut};
use stepwell_abi::{ArrayType, BUFFERS, Element, KEPT, cpython as c};

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_describe(_, _, _),
        sw_read_scalar(_, _, _),
        sw_keep(_, _, _, _, _),
        sw_restore(_, _, _, _, _),
        sw_box_numpy_float(_, _, _, _),
        sw_box_numpy_integer(_, _, _, _),
    ]
}

unsafe extern "C-unwind" fn sw_describe(object: Object, array: i64, out: *mut i64) -> i32 {
    // SAFETY: the module's conditions; `out` has room for the fields of the type.
    unsafe {
        let Some(wanted) = ArrayType::from_number(array) else {
            return 0;
        };
        if !wanted.is_numpy() {
            let found = buffers::buffer(object).filter(|found| found.array == wanted);
            return found.map_or(0, |found| {
                found.describe(out);
                1
            });
        }
        match numpy::array(object) {
            Some(found) if found.array_type() == Some(wanted) => {
                found.describe(wanted, out);
                1
            }
            _ => 0,
        }
    }
}

unsafe extern "C-unwind" fn sw_read_scalar(object: Object, element: i32, out: *mut i64) -> i32 {
    // SAFETY: the module's conditions; `out` has room for a number.
    unsafe {
        match numpy::element_of_scalar(object) {
            Some(found) if found as i32 == element => {
                out.write(numpy::value_of_scalar(object, found));
                1
            }
            _ => 0,
        }
    }
}

/// What strips overwrite. Only the thread that holds the GIL uses them, and nothing lets go of it in a strip.
struct Buffers(UnsafeCell<[[u64; KEPT]; BUFFERS]>);

// SAFETY: as above.
unsafe impl Sync for Buffers {}

static BUFFER: Buffers = Buffers(UnsafeCell::new([[0; KEPT]; BUFFERS]));

unsafe extern "C-unwind" fn sw_keep(
    buffer: i64,
    count: i64,
    size: i64,
    address: i64,
    stride: i64,
) -> i32 {
    // SAFETY: the module's conditions: the elements are in an array, and the buffer has room for them.
    unsafe { copy_elements(buffer, count, size, address, stride, false) }
}

unsafe extern "C-unwind" fn sw_restore(
    buffer: i64,
    count: i64,
    size: i64,
    address: i64,
    stride: i64,
) -> i32 {
    // SAFETY: as above.
    unsafe { copy_elements(buffer, count, size, address, stride, true) }
}

#[inline]
unsafe fn copy_elements(
    buffer: i64,
    count: i64,
    size: i64,
    address: i64,
    stride: i64,
    back: bool,
) -> i32 {
    let (count, size) = (count as usize, size as usize);
    // SAFETY: as the callers'.
    unsafe {
        let kept = (&raw mut (*BUFFER.0.get())[buffer as usize]).cast::<u8>();
        let array = std::ptr::with_exposed_provenance_mut::<u8>(address as usize);
        let copy = |array: *mut u8, kept: *mut u8, bytes| match back {
            false => array.copy_to_nonoverlapping(kept, bytes),
            true => kept.copy_to_nonoverlapping(array, bytes),
        };
        if stride == size as i64 {
            copy(array, kept, count * size);
            return 1;
        }
        for index in 0..count {
            copy(
                array.offset(index as isize * stride as isize),
                kept.add(index * size),
                size,
            );
        }
        1
    }
}

unsafe extern "C-unwind" fn sw_box_numpy_float(
    value: f64,
    element: i32,
    bound: i32,
    scalar: i32,
) -> Object {
    // SAFETY: the module's conditions; the value is of the size of the element.
    unsafe {
        match Element::from_number(element as usize) {
            _ if bound == 0 => null_mut(),
            Some(element @ Element::F32) if scalar != 0 => {
                numpy::scalar(element, address(&(value as f32)))
            }
            Some(element) if scalar != 0 => numpy::scalar(element, address(&value)),
            _ => c::PyFloat_FromDouble(value),
        }
    }
}

/// The first bytes of an integer are the integer in fewer bits.
const _: () = assert!(cfg!(target_endian = "little"));

unsafe extern "C-unwind" fn sw_box_numpy_integer(
    value: i64,
    element: i32,
    bound: i32,
    scalar: i32,
) -> Object {
    // SAFETY: as above.
    unsafe {
        match Element::from_number(element as usize) {
            _ if bound == 0 => null_mut(),
            Some(element) if scalar != 0 => numpy::scalar(element, address(&value)),
            Some(Element::Bool) => c::PyBool_FromLong(value),
            _ => c::PyLong_FromLongLong(value),
        }
    }
}

fn address<T>(value: &T) -> *const c_void {
    std::ptr::from_ref(value).cast()
}
