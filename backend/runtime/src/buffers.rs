//! Objects other than NumPy's arrays whose elements are in memory: `array.array`, `bytes`, `bytearray`, `memoryview`.
//!
//! Nothing is exported: where the elements are is looked at again behind code that could have changed it, as with NumPy.

use crate::object::{Object, Owned, flags, has_flags, is_exactly, length};
use std::{
    ffi::{CStr, c_char, c_int},
    mem::MaybeUninit,
    ptr::null_mut,
    sync::atomic::{AtomicPtr, Ordering::Relaxed},
};
use stepwell_abi::{ArrayType, Element, Source, cpython as c};

/// The elements of an object, in one dimension.
pub(crate) struct Buffer {
    /// What they are.
    pub(crate) array: ArrayType,
    data: *const c_char,
    length: isize,
    stride: isize,
}

impl Buffer {
    /// The address, the length, and the stride unless the elements follow each other: [`ArrayType::fields`] numbers.
    ///
    /// # Safety
    /// `out` has room for them.
    pub(crate) unsafe fn describe(&self, out: *mut i64) {
        // SAFETY: as the caller's.
        unsafe {
            out.write(self.data as i64);
            out.add(1).write(self.length as i64);
            if !self.array.contiguous {
                out.add(2).write(self.stride as i64);
            }
        }
    }
}

/// The elements of an object, if it is one of the four and they are numbers that compiled code knows. No exception is
/// left set.
///
/// # Safety
/// `object` is a live object and the GIL is held.
#[inline]
pub(crate) unsafe fn buffer(object: Object) -> Option<Buffer> {
    // SAFETY: as the caller's; an object of a type has its layout.
    unsafe {
        match () {
            () if is_exactly(object, &raw const c::PyBytes_Type) => {
                let data = &raw const (*object.cast::<c::PyBytesObject>()).ob_sval;
                Some(bytes(Source::Bytes, data.cast(), length(object)))
            }
            () if is_exactly(object, &raw const c::PyByteArray_Type) => {
                let data = (*object.cast::<c::PyByteArrayObject>()).ob_start;
                Some(bytes(Source::ByteArray, data, length(object)))
            }
            () if is_exactly(object, &raw const c::PyMemoryView_Type) => {
                exported(object, Source::MemoryView)
            }
            () if has_flags(object, flags::HEAP_TYPE) && is_array(object) => {
                exported(object, Source::Array)
            }
            () => None,
        }
    }
}

/// Whether an object is of a type whose instances are told apart by their elements.
///
/// # Safety
/// `object` is a live object.
pub(crate) unsafe fn is_one(object: Object) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        is_exactly(object, &raw const c::PyBytes_Type)
            || is_exactly(object, &raw const c::PyByteArray_Type)
            || is_exactly(object, &raw const c::PyMemoryView_Type)
    }
}

fn bytes(source: Source, data: *const c_char, length: isize) -> Buffer {
    Buffer {
        array: ArrayType {
            source,
            element: Element::U8,
            rank: 1,
            contiguous: true,
            writable: source == Source::ByteArray,
        },
        data,
        length,
        stride: 1,
    }
}

/// Whether an object is exactly an `array.array`, whose type the module makes when it is imported.
unsafe fn is_array(object: Object) -> bool {
    static KNOWN: AtomicPtr<c::PyTypeObject> = AtomicPtr::new(null_mut());
    // SAFETY: as the caller's; types have names, and the type that is kept has a reference of its own.
    unsafe {
        let class = (*object).ob_type;
        if KNOWN.load(Relaxed) == class {
            return true;
        }
        let is_named = *(*class).tp_name == b'a' as c_char
            && CStr::from_ptr((*class).tp_name) == c"array.array";
        if !is_named || !KNOWN.load(Relaxed).is_null() || !is_of_module(class) {
            return false;
        }
        crate::object::incref(class.cast());
        KNOWN.store(class, Relaxed);
        true
    }
}

/// Whether a type is the one that the module `array` has.
unsafe fn is_of_module(class: *mut c::PyTypeObject) -> bool {
    // SAFETY: as the caller's; what is borrowed from `sys.modules` is used at once.
    unsafe {
        let module = c::PyDict_GetItemString(c::PyImport_GetModuleDict(), c"array".as_ptr());
        let found = (!module.is_null())
            .then(|| Owned::steal(c::PyObject_GetAttrString(module, c"array".as_ptr())))
            .flatten();
        if found.is_none() {
            c::PyErr_Clear();
        }
        found.is_some_and(|found| found.get() == class.cast())
    }
}

/// What the object exports, asked for and released at once.
unsafe fn exported(object: Object, source: Source) -> Option<Buffer> {
    const FULL_READ_ONLY: c_int = 0x0100 | 0x0018 | 0x0004;
    let mut view = MaybeUninit::<c::Py_buffer>::uninit();
    // SAFETY: as the caller's; the view is read only when it has been written.
    unsafe {
        if c::PyObject_GetBuffer(object, view.as_mut_ptr(), FULL_READ_ONLY) < 0 {
            c::PyErr_Clear();
            return None;
        }
        let found = of_view(view.assume_init_ref(), source);
        c::PyBuffer_Release(view.as_mut_ptr());
        found
    }
}

unsafe fn of_view(view: &c::Py_buffer, source: Source) -> Option<Buffer> {
    // SAFETY: shape and strides have as many numbers as the view has dimensions; the format ends with a zero.
    unsafe {
        let format = match view.format.is_null() {
            true => b"B",
            false => CStr::from_ptr(view.format).to_bytes(),
        };
        let element = element(format).filter(|element| element.size() as isize == view.itemsize)?;
        let is_row = view.ndim == 1 && view.suboffsets.is_null() && !view.shape.is_null();
        let is_aligned = (view.buf as usize).is_multiple_of(element.size());
        if !is_row || !is_aligned {
            return None;
        }
        let stride = match view.strides.is_null() {
            true => view.itemsize,
            false => *view.strides,
        };
        let array = ArrayType {
            source,
            element,
            rank: 1,
            contiguous: stride == view.itemsize,
            writable: view.readonly == 0,
        };
        (stride % view.itemsize == 0).then_some(Buffer {
            array,
            data: view.buf.cast(),
            length: *view.shape,
            stride,
        })
    }
}

/// The element of a format of `struct`, in the machine's sizes and byte order.
fn element(format: &[u8]) -> Option<Element> {
    let long = match size_of::<std::ffi::c_long>() {
        8 => Element::I64,
        _ => Element::I32,
    };
    Some(match format.strip_prefix(b"@").unwrap_or(format) {
        b"?" => Element::Bool,
        b"b" => Element::I8,
        b"B" => Element::U8,
        b"h" => Element::I16,
        b"H" => Element::U16,
        b"i" => Element::I32,
        b"I" => Element::U32,
        b"l" => long,
        b"q" => Element::I64,
        b"f" => Element::F32,
        b"d" => Element::F64,
        _ => return None,
    })
}
