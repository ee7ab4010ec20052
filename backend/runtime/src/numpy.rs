//! NumPy, when the program has imported it: its array type, the layout of its arrays, and its scalars.
//!
//! NumPy is never imported from here. What is needed of its C interface is in the table of functions that it publishes
//! for extension modules; the layout of an array is part of that interface and the same in NumPy 1 and 2.

use crate::object::{Object, Owned, flags, is_exactly, type_of};
use std::{
    ffi::{CStr, c_char, c_int, c_uint, c_void},
    ptr::null_mut,
    sync::atomic::{AtomicPtr, Ordering::Relaxed},
};
use stepwell_abi::{ArrayType, Element, Source, cpython as c};

/// The beginning of a `PyArrayObject`.
#[repr(C)]
pub(crate) struct Array {
    base: c::PyObject,
    data: *mut c_char,
    nd: c_int,
    dimensions: *const isize,
    strides: *const isize,
    owner: Object,
    descr: *const Descr,
    flags: c_int,
}

/// The beginning of a `PyArray_Descr`.
#[repr(C)]
struct Descr {
    base: c::PyObject,
    typeobj: Object,
    kind: c_char,
    code: c_char,
    byteorder: c_char,
    flags: c_char,
    type_num: c_int,
}

/// The name of the type of arrays.
const ARRAY_NAME: &CStr = c"numpy.ndarray";
/// The first letter of the names of NumPy's types.
const INITIAL: c_char = b'n' as c_char;

const C_CONTIGUOUS: c_int = 0x1;
const ALIGNED: c_int = 0x100;
const WRITEABLE: c_int = 0x400;

/// Places in NumPy's table of functions.
const VERSION: usize = 0;
const ARRAY_TYPE: usize = 2;
const DESCR_FROM_TYPE: usize = 45;
const SCALAR: usize = 60;

type VersionFunction = unsafe extern "C-unwind" fn() -> c_uint;
type DescrFunction = unsafe extern "C-unwind" fn(c_int) -> Object;
type ScalarFunction = unsafe extern "C-unwind" fn(*const c_void, Object, Object) -> Object;

/// The table, once it has been found in a version that is known.
static TABLE: AtomicPtr<*const c_void> = AtomicPtr::new(null_mut());
/// The type of arrays that the table was looked for because of: each type is tried once.
static TRIED: AtomicPtr<c::PyTypeObject> = AtomicPtr::new(null_mut());

/// An object as an array of NumPy, if it is exactly one.
///
/// # Safety
/// `object` is a live object and the GIL is held.
#[inline]
pub(crate) unsafe fn array<'a>(object: Object) -> Option<&'a Array> {
    // SAFETY: as the caller's; an object of NumPy's type has that layout, which the version vouches for.
    unsafe {
        let table = TABLE.load(Relaxed);
        let known = if !table.is_null() {
            table
        } else if may_be_first(object) {
            find(object)?
        } else {
            return None;
        };
        let array_type = (*known.add(ARRAY_TYPE)).cast::<c::PyTypeObject>();
        is_exactly(object, array_type).then(|| &*object.cast::<Array>())
    }
}

/// Whether an object can be the first array that is seen. This is asked for most arguments of most calls.
#[inline]
unsafe fn may_be_first(object: Object) -> bool {
    // SAFETY: as `array`'s; types have names.
    unsafe {
        let r#type = (*object).ob_type;
        (*r#type).tp_flags & flags::HEAP_TYPE == 0
            && *(*r#type).tp_name == INITIAL
            && TRIED.load(Relaxed) != r#type
    }
}

/// Looks for NumPy when the object seems to be one of its arrays.
#[cold]
unsafe fn find(object: Object) -> Option<*mut *const c_void> {
    // SAFETY: as `array`'s.
    unsafe {
        let r#type = (*object).ob_type;
        if CStr::from_ptr((*r#type).tp_name) != ARRAY_NAME {
            return None;
        }
        TRIED.store(r#type, Relaxed);
        let table = published()?;
        let genuine = *table.add(ARRAY_TYPE) == r#type.cast::<c_void>();
        genuine.then(|| adopt(table))?
    }
}

/// The table, also where no array has been seen yet.
unsafe fn table() -> Option<*mut *const c_void> {
    let known = TABLE.load(Relaxed);
    if !known.is_null() {
        return Some(known);
    }
    // SAFETY: the GIL is held; that entry is a type.
    unsafe {
        let table = published()?;
        let class = (*table.add(ARRAY_TYPE)).cast::<c::PyTypeObject>();
        let genuine = CStr::from_ptr((*class).tp_name) == ARRAY_NAME;
        genuine.then(|| adopt(table))?
    }
}

/// Remembers a table of a version whose layout is known.
unsafe fn adopt(table: *mut *const c_void) -> Option<*mut *const c_void> {
    // SAFETY: the table has that function at that place.
    unsafe {
        let version: VersionFunction = std::mem::transmute(*table.add(VERSION));
        // The layout is that of these two; a later one has to be looked at first.
        if !matches!(version() >> 24, 1 | 2) {
            return None;
        }
        learn_scalars(table);
    }
    TABLE.store(table, Relaxed);
    Some(table)
}

/// The table that NumPy's module publishes, if the module has been imported. No exception is left set.
unsafe fn published() -> Option<*mut *const c_void> {
    // SAFETY: the GIL is held; what is borrowed from `sys.modules` is used at once.
    unsafe {
        let name = c"_ARRAY_API".as_ptr();
        let capsule = Owned::steal(c::PyObject_GetAttrString(module()?, name));
        let table = capsule.map(|capsule| c::PyCapsule_GetPointer(capsule.get(), std::ptr::null()));
        let table = table.filter(|table| !table.is_null());
        if table.is_none() {
            c::PyErr_Clear();
        }
        table.map(<*mut c_void>::cast)
    }
}

/// NumPy's module in C, borrowed from `sys.modules`, if it has been imported.
///
/// # Safety
/// The GIL is held.
pub(crate) unsafe fn module() -> Option<Object> {
    let names = [
        c"numpy._core._multiarray_umath",
        c"numpy.core._multiarray_umath",
    ];
    // SAFETY: as the caller's. No exception comes of a lookup by a plain name.
    unsafe {
        let modules = c::PyImport_GetModuleDict();
        let modules = names.map(|name| c::PyDict_GetItemString(modules, name.as_ptr()));
        modules.into_iter().find(|module| !module.is_null())
    }
}

impl Array {
    /// The type of the array, unless it is one that compiled code does not know.
    pub(crate) fn array_type(&self) -> Option<ArrayType> {
        // SAFETY: an array has a descriptor as long as it lives.
        let descr = unsafe { &*self.descr };
        let native = matches!(descr.byteorder as u8, b'=' | b'|');
        let rank = usize::try_from(self.nd).ok()?;
        let simple = native && self.flags & ALIGNED != 0;
        let axes = (1..=ArrayType::MOST_AXES).contains(&rank);
        Some(ArrayType {
            source: Source::Numpy,
            element: element(descr.type_num).filter(|_| simple && axes)?,
            rank: rank as u8,
            contiguous: self.flags & C_CONTIGUOUS != 0,
            writable: self.flags & WRITEABLE != 0,
        })
    }

    /// The address, the shape, and the strides unless the array is contiguous: [`ArrayType::fields`] numbers.
    ///
    /// # Safety
    /// `out` has room for them; the array is of that type.
    pub(crate) unsafe fn describe(&self, array: ArrayType, out: *mut i64) {
        let rank = usize::from(array.rank);
        // SAFETY: shape and strides have as many numbers as the array has axes.
        unsafe {
            out.write(self.data as i64);
            std::ptr::copy_nonoverlapping(self.dimensions.cast::<i64>(), out.add(1), rank);
            if !array.contiguous {
                std::ptr::copy_nonoverlapping(self.strides.cast::<i64>(), out.add(1 + rank), rank);
            }
        }
    }
}

/// NumPy's numbers of types; two of them are integers of 64 bits.
fn element(type_num: c_int) -> Option<Element> {
    Some(match type_num {
        0 => Element::Bool,
        1 => Element::I8,
        2 => Element::U8,
        3 => Element::I16,
        4 => Element::U16,
        5 => Element::I32,
        6 => Element::U32,
        7 => Element::I64,
        11 => Element::F32,
        12 => Element::F64,
        _ => return None,
    })
}

fn type_num(element: Element) -> c_int {
    let numbers = 0..=12;
    let found = numbers
        .into_iter()
        .find(|number| self::element(*number) == Some(element));
    found.unwrap_or_default()
}

/// The types of scalars in the order of [`Element::ALL`], once NumPy has been found.
static SCALARS: [AtomicPtr<c::PyTypeObject>; Element::ALL.len()] =
    [const { AtomicPtr::new(null_mut()) }; Element::ALL.len()];

/// Remembers the types of scalars.
unsafe fn learn_scalars(table: *mut *const c_void) {
    for (element, place) in Element::ALL.into_iter().zip(&SCALARS) {
        // SAFETY: the table has that function at that place; the descriptors of numbers, and their types, are never freed.
        unsafe {
            let descr: DescrFunction = std::mem::transmute(*table.add(DESCR_FROM_TYPE));
            if let Some(descr) = Owned::steal(descr(type_num(element))) {
                place.store((*descr.get().cast::<Descr>()).typeobj.cast(), Relaxed);
            }
        }
    }
}

/// The type of the scalars of an element; null where NumPy has not been found.
pub(crate) fn scalar_type(element: Element) -> *const c::PyTypeObject {
    SCALARS[element as usize].load(Relaxed)
}

/// What an argument is of, if it is a scalar of NumPy. This is asked for most arguments of most calls.
///
/// # Safety
/// `object` is a live object.
#[inline]
pub(crate) unsafe fn element_of_argument(object: Object) -> Option<Element> {
    // SAFETY: as the caller's; types have names.
    unsafe {
        let class = type_of(object);
        let may_be = (*class).tp_flags & flags::HEAP_TYPE == 0 && *(*class).tp_name == INITIAL;
        may_be.then(|| element_of_scalar(object))?
    }
}

/// What a scalar of NumPy is of.
///
/// # Safety
/// `object` is a live object.
pub(crate) unsafe fn element_of_scalar(object: Object) -> Option<Element> {
    // SAFETY: as the caller's.
    let class = unsafe { type_of(object) };
    let mut known = Element::ALL.into_iter().zip(&SCALARS);
    known.find_map(|(element, place)| (place.load(Relaxed) == class).then_some(element))
}

/// The value of a scalar: the bits of a float of 64 bits, or an integer.
///
/// # Safety
/// `object` is a scalar of that element. Its value follows what every object has.
pub(crate) unsafe fn value_of_scalar(object: Object, element: Element) -> i64 {
    // SAFETY: as the caller's.
    unsafe {
        let value = object.add(1);
        match element {
            Element::Bool | Element::U8 => value.cast::<u8>().read().into(),
            Element::I8 => value.cast::<i8>().read().into(),
            Element::I16 => value.cast::<i16>().read().into(),
            Element::U16 => value.cast::<u16>().read().into(),
            Element::I32 => value.cast::<i32>().read().into(),
            Element::U32 => value.cast::<u32>().read().into(),
            Element::I64 | Element::F64 => value.cast::<i64>().read(),
            Element::F32 => f64::from(value.cast::<f32>().read()).to_bits() as i64,
        }
    }
}

/// A scalar of NumPy with the value in memory: a new reference, or null with an exception set.
///
/// # Safety
/// `value` is readable and holds an element; the GIL is held.
pub(crate) unsafe fn scalar(element: Element, value: *const c_void) -> Object {
    // SAFETY: the table has these functions at these places; the descriptor is owned here.
    unsafe {
        let Some(table) = table() else {
            c::PyErr_SetString(
                c::PyExc_SystemError,
                c"a scalar of NumPy without NumPy".as_ptr(),
            );
            return null_mut();
        };
        let descr: DescrFunction = std::mem::transmute(*table.add(DESCR_FROM_TYPE));
        let make: ScalarFunction = std::mem::transmute(*table.add(SCALAR));
        let Some(descr) = Owned::steal(descr(type_num(element))) else {
            return null_mut();
        };
        make(value, descr.get(), null_mut())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_has_a_number() {
        for known in Element::ALL {
            assert_eq!(element(type_num(known)), Some(known));
        }
    }
}
