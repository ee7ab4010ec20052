//! The ways to write of `frame.f_locals`, replaced by ones that go through [`writing`].

use super::writing;
use crate::object::{Object, Owned};
use std::{
    ffi::{CStr, c_int, c_void},
    ptr::null_mut,
    sync::OnceLock,
};
use stepwell_abi::cpython as c;

type Assign = unsafe extern "C-unwind" fn(Object, Object, Object) -> c_int;
type Binary = unsafe extern "C-unwind" fn(Object, Object) -> Object;
type Fast = unsafe extern "C-unwind" fn(Object, *const Object, c::Py_ssize_t) -> Object;

/// The interpreter's own ways to write.
pub(super) struct Originals {
    assign: Assign,
    inplace_or: Binary,
    update: Binary,
    set_default: Fast,
}

pub(super) static ORIGINALS: OnceLock<Originals> = OnceLock::new();

/// Has `f_locals` tell what it writes. Done once.
///
/// # Safety
/// The GIL is held.
pub(crate) unsafe fn patch() {
    if ORIGINALS.get().is_none() {
        // SAFETY: as the caller's. Other interpreters' types would be unexpected, and stay as they are.
        if unsafe { try_patch() }.is_none() {
            // SAFETY: as the caller's.
            unsafe { c::PyErr_Clear() }
        }
    }
}

unsafe fn try_patch() -> Option<()> {
    // SAFETY: the type is static, its tables and descriptors writable under the GIL.
    unsafe {
        let class = &raw mut c::PyFrameLocalsProxy_Type;
        let (mapping, number) = ((*class).tp_as_mapping, (*class).tp_as_number);
        let wrappers = [
            descriptor(class, c"__setitem__")?,
            descriptor(class, c"__ior__")?,
        ];
        let [set_item, in_place_or] = wrappers.map(|found| found.cast::<c::PyWrapperDescrObject>());
        let methods = [
            descriptor(class, c"update")?,
            descriptor(class, c"setdefault")?,
        ];
        let [update_method, set_default_method] =
            methods.map(|found| (*found.cast::<c::PyMethodDescrObject>()).d_method);
        let original = Originals {
            assign: (*mapping).mp_ass_subscript?,
            inplace_or: (*number).nb_inplace_or?,
            update: (*update_method).ml_meth?,
            set_default: std::mem::transmute::<Binary, Fast>((*set_default_method).ml_meth?),
        };
        if ORIGINALS.set(original).is_ok() {
            (*mapping).mp_ass_subscript = Some(assign);
            (*set_item).d_wrapped = assign as *mut c_void;
            (*number).nb_inplace_or = Some(inplace_or);
            (*in_place_or).d_wrapped = inplace_or as *mut c_void;
            (*update_method).ml_meth = Some(update);
            (*set_default_method).ml_meth = Some(std::mem::transmute::<Fast, Binary>(set_default));
        }
    }
    Some(())
}

/// What a class has under a name. The class keeps it.
unsafe fn descriptor(class: *mut c::PyTypeObject, name: &CStr) -> Option<Object> {
    // SAFETY: the caller's class is alive.
    unsafe {
        Owned::steal(c::PyObject_GetAttrString(class.cast(), name.as_ptr()))
            .map(|found| found.get())
    }
}

/// `proxy[key] = value`
unsafe extern "C-unwind" fn assign(proxy: Object, key: Object, value: Object) -> c_int {
    // SAFETY: called as the slot that it replaces, on a proxy.
    unsafe {
        let write = |originals: &Originals| (originals.assign)(proxy, key, value);
        match ORIGINALS.get() {
            Some(originals) if value.is_null() => (originals.assign)(proxy, key, value),
            _ => writing(proxy, Some(key), write).unwrap_or(-1),
        }
    }
}

/// `proxy |= other`
unsafe extern "C-unwind" fn inplace_or(proxy: Object, other: Object) -> Object {
    // SAFETY: as `assign`.
    unsafe {
        writing(proxy, None, |originals| {
            (originals.inplace_or)(proxy, other)
        })
        .unwrap_or(null_mut())
    }
}

/// `proxy.update(other)`
unsafe extern "C-unwind" fn update(proxy: Object, other: Object) -> Object {
    // SAFETY: as `assign`.
    unsafe {
        writing(proxy, None, |originals| (originals.update)(proxy, other)).unwrap_or(null_mut())
    }
}

/// `proxy.setdefault(key, default)`
unsafe extern "C-unwind" fn set_default(
    proxy: Object,
    args: *const Object,
    nargs: c::Py_ssize_t,
) -> Object {
    // SAFETY: as `assign`.
    unsafe {
        writing(proxy, None, |originals| {
            (originals.set_default)(proxy, args, nargs)
        })
        .unwrap_or(null_mut())
    }
}
