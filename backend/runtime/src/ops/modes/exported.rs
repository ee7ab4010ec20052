//! Memory of float64 that an object tells of otherwise than by the buffer protocol: through `__array_interface__` or DLPack.
//!
//! Both hand out an address that is good as long as the object keeps the memory. An object that makes new memory each time
//! would take it away before the call begins, so the object is asked twice: two addresses that differ are no memory of its
//! own.

use super::convert::Refusal;
use crate::object::{Object, Owned, is_exactly};
use std::{
    ffi::{CStr, c_char, c_void},
    ptr::null_mut,
};
use stepwell_abi::cpython as c;

/// What an object exports.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Exported {
    pub(super) address: *mut f64,
    /// How many floats are there.
    pub(super) length: i64,
    pub(super) is_writable: bool,
}

/// Memory that an object exports; `None` when it knows neither protocol.
pub(super) unsafe fn memory(object: Object) -> Result<Option<Exported>, Refusal> {
    // SAFETY: the caller's object is alive and the GIL held.
    unsafe {
        if let Some(found) = attribute(object, c"__array_interface__")? {
            let again = attribute(object, c"__array_interface__")?.ok_or(Refusal::Type)?;
            return same(interface(found.get())?, interface(again.get())?).map(Some);
        }
        let Some(method) = attribute(object, c"__dlpack__")? else {
            return Ok(None);
        };
        let capsule = || Owned::steal(c::PyObject_CallNoArgs(method.get())).ok_or(Refusal::Raised);
        let (found, again) = (capsule()?, capsule()?);
        same(tensor(found.get())?, tensor(again.get())?).map(Some)
    }
}

fn same(found: Exported, again: Exported) -> Result<Exported, Refusal> {
    (found == again).then_some(found).ok_or(Refusal::Type)
}

unsafe fn attribute(object: Object, name: &CStr) -> Result<Option<Owned>, Refusal> {
    let mut found = null_mut();
    // SAFETY: as the caller's.
    unsafe {
        match c::PyObject_GetOptionalAttrString(object, name.as_ptr(), &raw mut found) {
            ..0 => Err(Refusal::Raised),
            _ => Ok(Owned::steal(found)),
        }
    }
}

/// The memory of version 3 of NumPy's interface.
unsafe fn interface(object: Object) -> Result<Exported, Refusal> {
    // SAFETY: as the caller's; what is borrowed of the dict is used while the dict is alive and nobody changes it.
    unsafe {
        if !is_exactly(object, &raw const c::PyDict_Type) {
            return Err(Refusal::Type);
        }
        let item = |name: &CStr| {
            let found = c::PyDict_GetItemString(object, name.as_ptr());
            (!found.is_null() && found != &raw mut c::_Py_NoneStruct).then_some(found)
        };
        let is_float = item(c"typestr").is_some_and(|text| {
            is_exactly(text, &raw const c::PyUnicode_Type)
                && c::PyUnicode_EqualToUTF8(text, FLOAT64.as_ptr()) != 0
        });
        let shape = item(c"shape").ok_or(Refusal::Type)?;
        let data = item(c"data").filter(|data| {
            is_exactly(*data, &raw const c::PyTuple_Type) && c::PyTuple_Size(*data) == 2
        });
        let data = data.filter(|_| is_float).ok_or(Refusal::Type)?;
        let shape = numbers(shape)?;
        if let Some(strides) = item(c"strides")
            && !is_contiguous(&shape, &numbers(strides)?, 8)
        {
            return Err(Refusal::Type);
        }
        let address = c::PyLong_AsVoidPtr(c::PyTuple_GetItem(data, 0));
        let read_only = c::PyObject_IsTrue(c::PyTuple_GetItem(data, 1));
        if read_only < 0 || address.is_null() && !c::PyErr_Occurred().is_null() {
            return Err(Refusal::Raised);
        }
        Ok(Exported {
            address: address.cast(),
            length: length(&shape)?,
            is_writable: read_only == 0,
        })
    }
}

/// Float64 in the byte order of the machine.
const FLOAT64: &CStr = if cfg!(target_endian = "little") {
    c"<f8"
} else {
    c">f8"
};

unsafe fn numbers(object: Object) -> Result<Vec<i64>, Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        if !is_exactly(object, &raw const c::PyTuple_Type) {
            return Err(Refusal::Type);
        }
        let item = |index| match c::PyLong_AsLongLong(c::PyTuple_GetItem(object, index)) {
            -1 if !c::PyErr_Occurred().is_null() => Err(Refusal::Raised),
            number => Ok(number),
        };
        (0..c::PyTuple_Size(object)).map(item).collect()
    }
}

fn length(shape: &[i64]) -> Result<i64, Refusal> {
    let product = shape
        .iter()
        .try_fold(1_i64, |all, extent| all.checked_mul(*extent));
    product
        .filter(|_| shape.iter().all(|extent| *extent >= 0))
        .ok_or(Refusal::Type)
}

/// Whether elements of `unit` are one behind the other, in the order of the indices.
fn is_contiguous(shape: &[i64], strides: &[i64], unit: i64) -> bool {
    let mut expected = unit;
    shape.len() == strides.len()
        && shape.iter().zip(strides).rev().all(|(extent, stride)| {
            let fits = *extent <= 1 || *stride == expected;
            expected = expected.saturating_mul(*extent);
            fits
        })
}

/// DLPack's `DLTensor`, as it is in a capsule called `dltensor`.
#[repr(C)]
struct Tensor {
    data: *mut c_void,
    device_type: i32,
    device_id: i32,
    dimensions: i32,
    code: u8,
    bits: u8,
    lanes: u16,
    shape: *const i64,
    strides: *const i64,
    offset: u64,
}

const ON_CPU: i32 = 1;
const FLOAT: u8 = 2;

/// The memory of a tensor in a capsule, which drops it when it ends.
unsafe fn tensor(capsule: Object) -> Result<Exported, Refusal> {
    const NAME: *const c_char = c"dltensor".as_ptr();
    // SAFETY: as the caller's; the capsule holds what its name says.
    unsafe {
        if c::PyCapsule_IsValid(capsule, NAME) == 0 {
            return Err(Refusal::Type);
        }
        let tensor = &*c::PyCapsule_GetPointer(capsule, NAME).cast::<Tensor>();
        let is_float64 = (tensor.code, tensor.bits, tensor.lanes) == (FLOAT, 64, 1);
        if !is_float64 || tensor.device_type != ON_CPU || tensor.dimensions < 0 {
            return Err(Refusal::Type);
        }
        let count = tensor.dimensions as usize;
        let list = |numbers: *const i64| match count {
            0 => &[][..],
            _ => std::slice::from_raw_parts(numbers, count),
        };
        let shape = list(tensor.shape);
        if !tensor.strides.is_null() && !is_contiguous(shape, list(tensor.strides), 1) {
            return Err(Refusal::Type);
        }
        Ok(Exported {
            address: tensor.data.cast::<u8>().add(tensor.offset as usize).cast(),
            length: length(shape)?,
            is_writable: true,
        })
    }
}
