//! Vectors and memory: arguments out of buffers, lists and tuples, and results as the same kind of thing.

use super::{
    convert::{Refusal, float, signed},
    exported,
};
use crate::{
    frame::Frame,
    object::{Object, Owned, import, is_exactly, type_of},
};
use std::{ffi::CStr, mem::MaybeUninit};
use stepwell_abi::cpython as c;

/// An address and how many floats are there; a negative number is not known.
pub(super) type Memory = (*mut f64, i64);

/// A view of a buffer, which is given back.
struct View(c::Py_buffer);

impl View {
    /// `None` when the object has no such buffer. No exception is set.
    unsafe fn of(object: Object, flags: u32) -> Option<Self> {
        let mut view = MaybeUninit::<c::Py_buffer>::zeroed();
        // SAFETY: the caller's object is live; a zeroed buffer is filled on success.
        unsafe {
            if c::PyObject_CheckBuffer(object) == 0 {
                return None;
            }
            if c::PyObject_GetBuffer(object, view.as_mut_ptr(), flags as i32) < 0 {
                c::PyErr_Clear();
                return None;
            }
            Some(Self(view.assume_init()))
        }
    }

    /// The letter of the element type in native byte order; 0 for anything else.
    fn letter(&self) -> u8 {
        if self.0.format.is_null() {
            return b'B';
        }
        // SAFETY: the format is a C string that lives as long as the view.
        let format = unsafe { CStr::from_ptr(self.0.format) }.to_bytes();
        match format {
            [letter] | [b'@' | b'=' | b'<', letter] => *letter,
            _ => 0,
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: the view was filled, and is released once.
        unsafe { c::PyBuffer_Release(&raw mut self.0) }
    }
}

/// The memory of a buffer of float64, of what exports such memory otherwise, of a ctypes pointer to double, or at an
/// address. Who writes to it cannot have what is only for reading.
pub(super) unsafe fn memory(object: Object, writes: bool) -> Result<Memory, Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        if is_exactly(object, &raw const c::PyLong_Type) {
            let address = c::PyLong_AsVoidPtr(object);
            if address.is_null() && !c::PyErr_Occurred().is_null() {
                c::PyErr_Clear();
                return Err(Refusal::Range);
            }
            return Ok((address.cast(), -1));
        }
        let Some(view) = View::of(object, c::PyBUF_FORMAT | c::PyBUF_ND) else {
            let exported = exported::memory(object)?.ok_or(Refusal::Type)?;
            let suits = exported.is_writable || !writes;
            return suits
                .then_some((exported.address, exported.length))
                .ok_or(Refusal::Type);
        };
        let format = match view.0.format.is_null() {
            true => &b""[..],
            false => CStr::from_ptr(view.0.format).to_bytes(),
        };
        if format.first() == Some(&b'&') {
            // A ctypes pointer: its buffer holds the address.
            let to_double = matches!(format, b"&<d" | b"&d" | b"&=d" | b"&@d");
            let address = view.0.buf.cast::<*mut f64>();
            return if to_double {
                Ok((address.read_unaligned(), -1))
            } else {
                Err(Refusal::Type)
            };
        }
        if view.letter() != b'd' || view.0.itemsize != 8 || writes && view.0.readonly != 0 {
            return Err(Refusal::Type);
        }
        Ok((view.0.buf.cast(), view.0.len as i64 / 8))
    }
}

/// Four floats.
pub(super) unsafe fn floats(object: Object, out: *mut f32) -> Result<(), Refusal> {
    // SAFETY: as the caller's; `out` has room for four.
    unsafe {
        each(object, 4, |index, item| {
            out.add(index).write(float(item)? as f32);
            Ok(())
        })
    }
}

/// Eight integers.
pub(super) unsafe fn integers(object: Object, out: *mut i32) -> Result<(), Refusal> {
    // SAFETY: as the caller's; `out` has room for eight.
    unsafe {
        each(object, 8, |index, item| {
            let value = i32::try_from(signed(item)?).map_err(|_| Refusal::Range)?;
            out.add(index).write(value);
            Ok(())
        })
    }
}

/// The items of a sequence of that length: a list, a tuple, or any buffer. A buffer that is no sequence itself is one as
/// a `memoryview`.
unsafe fn each(
    object: Object,
    length: c::Py_ssize_t,
    mut take: impl FnMut(usize, Object) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    // SAFETY: as the caller's.
    unsafe {
        let sequence = match () {
            () if is_list_or_tuple(object) => None,
            () if c::PyObject_CheckBuffer(object) == 0 => return Err(Refusal::Type),
            () if c::PySequence_Check(object) != 0 => None,
            () => {
                let view = Owned::steal(c::PyMemoryView_FromObject(object));
                Some(view.ok_or(Refusal::Raised)?)
            }
        };
        let sequence = sequence.as_ref().map_or(object, Owned::get);
        let given = c::PyObject_Size(sequence);
        if given < 0 {
            c::PyErr_Clear();
            return Err(Refusal::Type);
        }
        if given != length {
            return Err(Refusal::Length(given));
        }
        for index in 0..length {
            let item =
                Owned::steal(c::PySequence_GetItem(sequence, index)).ok_or(Refusal::Raised)?;
            take(index as usize, item.get())?;
        }
        Ok(())
    }
}

unsafe fn is_list_or_tuple(object: Object) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        let class = type_of(object);
        c::PyType_IsSubtype(class, &raw mut c::PyList_Type) != 0
            || c::PyType_IsSubtype(class, &raw mut c::PyTuple_Type) != 0
    }
}

pub(super) unsafe extern "C-unwind" fn sw_box_lanes(
    frame: *mut Frame,
    data: *const u8,
    kind: i32,
) -> Object {
    // SAFETY: the module's conditions; `data` holds the lanes of the kind.
    unsafe {
        let Some(items) = items(data, kind).and_then(|items| Owned::steal(items)) else {
            return std::ptr::null_mut();
        };
        let first = (&raw const (*frame).localsplus).cast::<Object>();
        let first = match (*crate::frame::code(frame)).co_argcount {
            0 => std::ptr::null_mut(),
            _ => first.read(),
        };
        if first.is_null() || c::PyType_IsSubtype(type_of(first), &raw mut c::PyTuple_Type) != 0 {
            return c::PyList_AsTuple(items.get());
        }
        if c::PyType_IsSubtype(type_of(first), &raw mut c::PyList_Type) != 0 {
            return items.give();
        }
        like(first, &items, kind)
    }
}

/// The lanes as a new list.
unsafe fn items(data: *const u8, kind: i32) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        let count = if matches!(kind, 0 | 2) { 4 } else { 8 };
        let list = Owned::steal(c::PyList_New(count))?;
        for index in 0..count {
            let at = index as usize;
            let item = match kind {
                0 => c::PyFloat_FromDouble(f64::from(data.cast::<f32>().add(at).read_unaligned())),
                1 => c::PyLong_FromLong(i64::from(data.cast::<i32>().add(at).read_unaligned())),
                _ => c::PyBool_FromLong(i64::from(data.add(at).read() & 1)),
            };
            if item.is_null() {
                return None;
            }
            c::PyList_SetItem(list.get(), index, item);
        }
        Some(list.give())
    }
}

/// The items in something like `first`: an array of NumPy, a `memoryview`, else an `array` of the standard library.
unsafe fn like(first: Object, items: &Owned, kind: i32) -> Object {
    // SAFETY: as the caller's; the formats fit the arguments.
    unsafe {
        let class = CStr::from_ptr((*type_of(first)).tp_name).to_bytes();
        let (letter, dtype) = match kind {
            0 => (c"f", c"float32"),
            1 => (c"i", c"int32"),
            _ => (c"b", c"bool"),
        };
        if class == b"numpy.ndarray" {
            return call(c"numpy", c"array", |function| {
                c::PyObject_CallFunction(function, c"Os".as_ptr(), items.get(), dtype.as_ptr())
            });
        }
        let array = call(c"array", c"array", |function| {
            c::PyObject_CallFunction(function, c"sO".as_ptr(), letter.as_ptr(), items.get())
        });
        match Owned::steal(array) {
            Some(array) if class == b"memoryview" => c::PyMemoryView_FromObject(array.get()),
            Some(array) => array.give(),
            None => std::ptr::null_mut(),
        }
    }
}

unsafe fn call(module: &CStr, name: &CStr, call: impl FnOnce(Object) -> Object) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        let module = Owned::steal(import(module));
        let function = module.and_then(|module| {
            Owned::steal(c::PyObject_GetAttrString(module.get(), name.as_ptr()))
        });
        function.map_or(std::ptr::null_mut(), |function| call(function.get()))
    }
}
