//! The small operations on objects that CPython defines as macros.

use crate::{ended::is_ended, pool};
use std::ffi::CStr;
use stepwell_abi::cpython::{self as c, Py_ssize_t, PyObject, PyThreadState, PyTypeObject};

/// A pointer to an object, owned or borrowed as the function says.
pub type Object = *mut PyObject;
/// The state of the running thread.
pub type ThreadState = PyThreadState;

/// Adds a reference. Immortal objects are left alone.
///
/// # Safety
/// `object` is a live object and the GIL is held.
#[inline]
pub unsafe fn incref(object: Object) {
    // SAFETY: the caller vouches for the object; the low half of the count is the whole count of a mortal one.
    unsafe {
        let count = &mut (*object).__bindgen_anon_1.ob_refcnt_split[0];
        if let Some(more) = count.checked_add(1) {
            *count = more;
        }
    }
}

/// Adds a reference and hands the object back.
///
/// # Safety
/// As [`incref`].
#[inline]
pub unsafe fn new_ref(object: Object) -> Object {
    // SAFETY: as the caller's.
    unsafe { incref(object) };
    object
}

/// Adds a reference unless the pointer is null.
///
/// # Safety
/// `object` is null or as in [`incref`].
#[inline]
pub unsafe fn xincref(object: Object) {
    if !object.is_null() {
        // SAFETY: not null, so as the caller's.
        unsafe { incref(object) }
    }
}

/// Drops a reference, which can run arbitrary Python code.
///
/// # Safety
/// The caller owns a reference to `object` and holds the GIL.
#[inline]
pub unsafe fn decref(object: Object) {
    // SAFETY: the caller owns the reference that is dropped here.
    unsafe {
        let count = &mut (*object).__bindgen_anon_1.ob_refcnt;
        if (*count as i32) < 0 {
            return;
        }
        *count -= 1;
        if *count == 0 {
            pool::free(object);
        }
    }
}

/// Drops a reference unless the pointer is null.
///
/// # Safety
/// `object` is null or as in [`decref`].
#[inline]
pub unsafe fn xdecref(object: Object) {
    if !object.is_null() {
        // SAFETY: not null, so as the caller's.
        unsafe { decref(object) }
    }
}

/// Whether nothing runs when a reference to an object is dropped: others are left, or it is of a type without finalizers.
///
/// # Safety
/// `object` is a live object.
pub(crate) unsafe fn ends_unnoticed(object: Object) -> bool {
    // SAFETY: the caller's object is alive.
    unsafe {
        let plain = [
            &raw const c::PyFloat_Type,
            &raw const c::PyLong_Type,
            &raw const c::PyComplex_Type,
            &raw const c::PyUnicode_Type,
            &raw const c::PyBytes_Type,
        ];
        (*object).__bindgen_anon_1.ob_refcnt > 1
            || plain.into_iter().any(|class| is_exactly(object, class))
    }
}

/// Whether all keys of a dict are strings, which compare without running Python code.
///
/// # Safety
/// `dict` is a live dict.
pub(crate) unsafe fn has_strings_only(dict: *mut c::PyDictObject) -> bool {
    /// `DICT_KEYS_GENERAL`
    const GENERAL_KEYS: u8 = 0;
    // SAFETY: as the caller's.
    unsafe { (*(*dict).ma_keys).dk_kind != GENERAL_KEYS }
}

/// The method of a builtin type, borrowed; null, without an exception, where there is none.
///
/// # Safety
/// `class` is a builtin type, which lives for ever; the GIL is held.
pub(crate) unsafe fn method_of(class: *mut PyTypeObject, name: &CStr) -> Object {
    // SAFETY: as the caller's; the method lives as long as the type.
    unsafe {
        let name = c::PyUnicode_FromString(name.as_ptr());
        if name.is_null() {
            c::PyErr_Clear();
            return name;
        }
        let method = c::_PyType_Lookup(class, name);
        decref(name);
        method
    }
}

/// The type of an object, borrowed.
///
/// # Safety
/// `object` is a live object.
#[inline]
pub unsafe fn type_of(object: Object) -> *mut PyTypeObject {
    // SAFETY: as the caller's.
    unsafe { (*object).ob_type }
}

/// Whether the type of `object` is exactly `class`.
///
/// # Safety
/// `object` is a live object.
#[inline]
pub unsafe fn is_exactly(object: Object, class: *const PyTypeObject) -> bool {
    // SAFETY: as the caller's.
    unsafe { type_of(object).cast_const() == class }
}

/// Whether the type of `object` has all of `flags` set in `tp_flags`.
///
/// # Safety
/// `object` is a live object.
#[inline]
pub unsafe fn has_flags(object: Object, flags: u64) -> bool {
    // SAFETY: as the caller's.
    unsafe { (*type_of(object)).tp_flags & flags == flags }
}

/// A module that is in no package, also for code that has no `__import__` among its builtins, or another one: a new
/// reference, or null with an exception set.
///
/// # Safety
/// The GIL is held.
pub unsafe fn import(name: &CStr) -> Object {
    let none = std::ptr::null_mut();
    // SAFETY: as the caller's.
    unsafe { c::PyImport_ImportModuleLevel(name.as_ptr(), none, none, none, 0) }
}

/// `Py_TPFLAGS_*_SUBCLASS` and other flags of types that the runtime tests.
pub mod flags {
    /// `_Py_TPFLAGS_STATIC_BUILTIN`: the type is one of the interpreter's own.
    pub const STATIC_BUILTIN: u64 = 1 << 1;
    /// Instances keep the values of their attributes in themselves, as long as they can.
    pub const INLINE_VALUES: u64 = 1 << 2;
    /// Instances have the pointer to their dict in front of them.
    pub const MANAGED_DICT: u64 = 1 << 4;
    /// The type cannot be changed.
    pub const IMMUTABLE: u64 = 1 << 8;
    /// The type was made at run time, as those of `class` statements are.
    pub const HEAP_TYPE: u64 = 1 << 9;
    /// Instances found in a class are called with the object as first argument.
    pub const METHOD_DESCRIPTOR: u64 = 1 << 17;
    /// The type is a sequence for pattern matching.
    pub const SEQUENCE: u64 = 1 << 5;
    /// The type is a mapping for pattern matching.
    pub const MAPPING: u64 = 1 << 6;
    /// A subclass of `int`.
    pub const LONG: u64 = 1 << 24;
    /// A subclass of `list`.
    pub const LIST: u64 = 1 << 25;
    /// A subclass of `tuple`.
    pub const TUPLE: u64 = 1 << 26;
    /// A subclass of `str`.
    pub const UNICODE: u64 = 1 << 28;
    /// A subclass of `dict`.
    pub const DICT: u64 = 1 << 29;
    /// A subclass of `BaseException`.
    pub const BASE_EXCEPTION: u64 = 1 << 30;
    /// A subclass of `type`.
    pub const TYPE: u64 = 1 << 31;
}

/// An owned reference that drops itself, unless the interpreter has ended the thread.
#[derive(Debug)]
pub struct Owned(Object);

impl Owned {
    /// Takes over a reference; `None` when it is null (an exception is set then, as a rule).
    ///
    /// # Safety
    /// The caller owns the reference, and drops the result with the GIL held.
    #[inline]
    pub unsafe fn steal(object: Object) -> Option<Self> {
        (!object.is_null()).then(|| Self(object))
    }

    /// Adds a reference, and takes it over.
    ///
    /// # Safety
    /// As [`incref`], and the caller drops the result with the GIL held.
    #[inline]
    pub unsafe fn share(object: Object) -> Self {
        // SAFETY: as the caller's.
        Self(unsafe { new_ref(object) })
    }

    /// The object, borrowed.
    #[inline]
    pub fn get(&self) -> Object {
        self.0
    }

    /// Gives the reference to the caller.
    #[inline]
    pub fn give(self) -> Object {
        let object = self.0;
        std::mem::forget(self);
        object
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if !is_ended() {
            // SAFETY: `steal` took over the reference, under its condition about the GIL.
            unsafe { decref(self.0) }
        }
    }
}

/// The items of a tuple, borrowed.
///
/// # Safety
/// `tuple` is a tuple that outlives the slice.
#[inline]
pub unsafe fn tuple_items<'a>(tuple: Object) -> &'a [Object] {
    let tuple = tuple.cast::<stepwell_abi::cpython::PyTupleObject>();
    // SAFETY: a tuple has `ob_size` items in place.
    unsafe { std::slice::from_raw_parts((*tuple).ob_item.as_ptr(), length(tuple.cast()) as usize) }
}

/// `ob_size` of a variable-sized object.
///
/// # Safety
/// `object` is a live variable-sized object.
#[inline]
pub unsafe fn length(object: Object) -> Py_ssize_t {
    // SAFETY: as the caller's.
    unsafe { (*object.cast::<stepwell_abi::cpython::PyVarObject>()).ob_size }
}
