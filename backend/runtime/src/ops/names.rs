//! Globals, builtins, names, attributes.

use super::{attributes, text::Name};
use crate::{
    frame::{self, Frame},
    object::{Object, ThreadState, decref, has_flags, is_exactly, new_ref, type_of},
    symbols::{Symbol, functions},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_load_global(_, _, _),
        sw_load_global_cached(_, _, _, _),
        sw_store_global(_, _, _),
        sw_delete_global(_, _, _),
        sw_load_name(_, _, _),
        sw_store_name(_, _, _),
        sw_delete_name(_, _, _),
        sw_load_locals(_),
        sw_load_build_class(_),
        sw_load_from_dict_or_globals(_, _, _, _),
        sw_setup_annotations(_),
        sw_delete_attr(_, _),
        sw_load_super_attr(_, _, _, _, _),
        sw_load_super_method(_, _, _, _, _, _),
        sw_raise_unbound(_, _, _),
    ]
}

unsafe extern "C-unwind" fn sw_load_global(
    ts: *mut ThreadState,
    frame: *mut Frame,
    name: Object,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let (globals, builtins) = ((*frame).f_globals, (*frame).f_builtins);
        let dict = &raw const c::PyDict_Type;
        let found = if is_exactly(globals, dict) && is_exactly(builtins, dict) {
            Lookup::from_result(
                ts,
                c::_PyDict_LoadGlobal(globals.cast(), builtins.cast(), name),
            )
        } else {
            item(globals, name).or_else(|| item(builtins, name))
        };
        found.or_name_error(ts, name)
    }
}

/// What a load of a global remembers: the versions of both dicts, and what the name was then. A dict gets a new version
/// whenever it changes, one that no dict had before; as long as it has the version it holds the object. Where others of
/// the globals change all the time, the number of the entry is of use.
#[repr(C)]
struct GlobalCache {
    globals: u64,
    builtins: u64,
    value: Object,
    place: i64,
}

const _: () = assert!(size_of::<GlobalCache>() == stepwell_abi::GLOBAL_CACHE_WORDS * 8);

unsafe extern "C-unwind" fn sw_load_global_cached(
    ts: *mut ThreadState,
    frame: *mut Frame,
    name: Object,
    cache: *mut GlobalCache,
) -> Object {
    // SAFETY: the module's conditions; the cache is of this instruction alone, and null at first.
    unsafe {
        let (globals, builtins) = ((*frame).f_globals, (*frame).f_builtins);
        let dict = &raw const c::PyDict_Type;
        if !is_exactly(globals, dict) || !is_exactly(builtins, dict) {
            return sw_load_global(ts, frame, name);
        }
        let version = |dict: Object| (*dict.cast::<c::PyDictObject>()).ma_version_tag;
        let now = (version(globals), version(builtins));
        let known = &mut *cache;
        if !known.value.is_null() && (known.globals, known.builtins) == now {
            return new_ref(known.value);
        }
        if let Some(value) = attributes::value_at(globals.cast(), known.place, name) {
            (known.globals, known.builtins, known.value) = (now.0, now.1, value);
            return new_ref(value);
        }
        let value = sw_load_global(ts, frame, name);
        // Keys of other types than `str` can run code, and that can change the dicts during the lookup.
        // Machine code takes what is remembered as it is, so that a failure is not.
        if !value.is_null() && (version(globals), version(builtins)) == now {
            let place = match known.value.is_null() {
                true => attributes::place_in(globals.cast(), name).unwrap_or(0),
                false => known.place,
            };
            *known = GlobalCache {
                globals: now.0,
                builtins: now.1,
                value,
                place,
            };
        }
        value
    }
}

unsafe extern "C-unwind" fn sw_store_global(frame: *mut Frame, name: Object, value: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe { c::PyDict_SetItem((*frame).f_globals, name, value) }
}

unsafe extern "C-unwind" fn sw_delete_global(
    ts: *mut ThreadState,
    frame: *mut Frame,
    name: Object,
) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        match c::PyDict_Pop((*frame).f_globals, name, null_mut()) {
            1 => 0,
            0 => {
                set_name_error(ts, name);
                -1
            }
            _ => -1,
        }
    }
}

unsafe extern "C-unwind" fn sw_load_name(
    ts: *mut ThreadState,
    frame: *mut Frame,
    name: Object,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let locals = (*frame).f_locals;
        if locals.is_null() {
            c::PyErr_SetString(c::PyExc_SystemError, c"no locals found".as_ptr());
            return null_mut();
        }
        let found = item(locals, name).or_else(|| {
            let mut value = null_mut();
            Lookup::from_status(
                c::PyDict_GetItemRef((*frame).f_globals, name, &raw mut value),
                value,
            )
        });
        found
            .or_else(|| item((*frame).f_builtins, name))
            .or_name_error(ts, name)
    }
}

unsafe extern "C-unwind" fn sw_store_name(frame: *mut Frame, name: Object, value: Object) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        let locals = (*frame).f_locals;
        if locals.is_null() {
            c::PyErr_Format(
                c::PyExc_SystemError,
                c"no locals found when storing %R".as_ptr(),
                name,
            );
            return -1;
        }
        if is_exactly(locals, &raw const c::PyDict_Type) {
            c::PyDict_SetItem(locals, name, value)
        } else {
            c::PyObject_SetItem(locals, name, value)
        }
    }
}

unsafe extern "C-unwind" fn sw_delete_name(
    ts: *mut ThreadState,
    frame: *mut Frame,
    name: Object,
) -> i32 {
    // SAFETY: the module's conditions.
    unsafe {
        let locals = (*frame).f_locals;
        if locals.is_null() {
            c::PyErr_Format(
                c::PyExc_SystemError,
                c"no locals when deleting %R".as_ptr(),
                name,
            );
            return -1;
        }
        let status = c::PyObject_DelItem(locals, name);
        if status != 0 {
            set_name_error(ts, name);
            return -1;
        }
        0
    }
}

unsafe extern "C-unwind" fn sw_load_locals(frame: *mut Frame) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        let locals = (*frame).f_locals;
        if locals.is_null() {
            c::PyErr_SetString(c::PyExc_SystemError, c"no locals found".as_ptr());
            return null_mut();
        }
        new_ref(locals)
    }
}

unsafe extern "C-unwind" fn sw_load_build_class(frame: *mut Frame) -> Object {
    static NAME: Name = Name::new(c"__build_class__");
    let Some(name) = NAME.get() else {
        return null_mut();
    };
    // SAFETY: the module's conditions.
    unsafe {
        match item((*frame).f_builtins, name) {
            Lookup::Found(value) => value,
            Lookup::Raised => null_mut(),
            Lookup::Missing => {
                c::PyErr_SetString(c::PyExc_NameError, c"__build_class__ not found".as_ptr());
                null_mut()
            }
        }
    }
}

unsafe extern "C-unwind" fn sw_load_from_dict_or_globals(
    ts: *mut ThreadState,
    frame: *mut Frame,
    dict: Object,
    name: Object,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        match item(dict, name) {
            Lookup::Found(value) => value,
            Lookup::Raised => null_mut(),
            Lookup::Missing => sw_load_global(ts, frame, name),
        }
    }
}

unsafe extern "C-unwind" fn sw_setup_annotations(frame: *mut Frame) -> i32 {
    static NAME: Name = Name::new(c"__annotations__");
    let Some(name) = NAME.get() else { return -1 };
    // SAFETY: the module's conditions.
    unsafe {
        let locals = (*frame).f_locals;
        if locals.is_null() {
            let message = c"no locals found when setting up annotations";
            c::PyErr_SetString(c::PyExc_SystemError, message.as_ptr());
            return -1;
        }
        match item(locals, name) {
            Lookup::Found(value) => decref(value),
            Lookup::Raised => return -1,
            Lookup::Missing => {
                let annotations = c::PyDict_New();
                if annotations.is_null() {
                    return -1;
                }
                let status = c::PyObject_SetItem(locals, name, annotations);
                decref(annotations);
                return status;
            }
        }
        0
    }
}

unsafe extern "C-unwind" fn sw_delete_attr(object: Object, name: Object) -> i32 {
    // SAFETY: the module's conditions; a null value deletes.
    unsafe { c::PyObject_SetAttr(object, name, null_mut()) }
}

unsafe extern "C-unwind" fn sw_load_super_attr(
    callable: Object,
    class: Object,
    receiver: Object,
    name: Object,
    arguments: i32,
) -> Object {
    // SAFETY: the module's conditions.
    unsafe {
        if is_plain_super(callable, class) {
            return c::_PySuper_Lookup(class.cast(), receiver, name, null_mut());
        }
        let stack = [class, receiver];
        let proxy =
            c::PyObject_Vectorcall(callable, stack.as_ptr(), arguments as usize, null_mut());
        if proxy.is_null() {
            return null_mut();
        }
        let found = c::PyObject_GetAttr(proxy, name);
        decref(proxy);
        found
    }
}

unsafe extern "C-unwind" fn sw_load_super_method(
    callable: Object,
    class: Object,
    receiver: Object,
    name: Object,
    arguments: i32,
    out_self: *mut Object,
) -> Object {
    // SAFETY: the module's conditions; `out_self` is writable.
    unsafe {
        *out_self = null_mut();
        if !is_plain_super(callable, class) {
            return sw_load_super_attr(callable, class, receiver, name, arguments);
        }
        let generic: unsafe extern "C-unwind" fn(Object, Object) -> Object =
            c::PyObject_GenericGetAttr;
        let is_generic = (*type_of(receiver))
            .tp_getattro
            .is_some_and(|getter| std::ptr::fn_addr_eq(getter, generic));
        let mut unbound = 0;
        let method_found = if is_generic {
            &raw mut unbound
        } else {
            null_mut()
        };
        let found = c::_PySuper_Lookup(class.cast(), receiver, name, method_found);
        if !found.is_null() && unbound != 0 {
            *out_self = new_ref(receiver);
        }
        found
    }
}

/// Whether `super` is the builtin and its first argument a class, so that the lookup needs no proxy object.
unsafe fn is_plain_super(callable: Object, class: Object) -> bool {
    // SAFETY: the module's conditions.
    unsafe {
        callable == (&raw mut c::PySuper_Type).cast()
            && has_flags(class, crate::object::flags::TYPE)
    }
}

unsafe extern "C-unwind" fn sw_raise_unbound(ts: *mut ThreadState, frame: *mut Frame, index: i32) {
    // SAFETY: the module's conditions.
    unsafe { c::_PyEval_FormatExcUnbound(ts, frame::code(frame), index) }
}

/// What a lookup came to.
pub(super) enum Lookup {
    /// A new reference.
    Found(Object),
    /// Nothing there, and no exception set.
    Missing,
    /// An exception is set.
    Raised,
}

impl Lookup {
    unsafe fn from_result(ts: *mut ThreadState, value: Object) -> Self {
        if !value.is_null() {
            return Self::Found(value);
        }
        // SAFETY: the module's conditions.
        match unsafe { (*ts).current_exception.is_null() } {
            true => Self::Missing,
            false => Self::Raised,
        }
    }

    fn from_status(status: i32, value: Object) -> Self {
        match status {
            ..0 => Self::Raised,
            0 => Self::Missing,
            1.. => Self::Found(value),
        }
    }

    fn or_else(self, next: impl FnOnce() -> Self) -> Self {
        if matches!(self, Self::Missing) {
            next()
        } else {
            self
        }
    }

    unsafe fn or_name_error(self, ts: *mut ThreadState, name: Object) -> Object {
        match self {
            Self::Found(value) => value,
            Self::Raised => null_mut(),
            Self::Missing => {
                // SAFETY: the module's conditions.
                unsafe { set_name_error(ts, name) };
                null_mut()
            }
        }
    }
}

/// `mapping[name]`, where a missing key is no error.
pub(super) unsafe fn item(mapping: Object, name: Object) -> Lookup {
    let mut value = null_mut();
    // SAFETY: the module's conditions.
    let status = unsafe { c::PyMapping_GetOptionalItem(mapping, name, &raw mut value) };
    Lookup::from_status(status, value)
}

unsafe fn set_name_error(ts: *mut ThreadState, name: Object) {
    let message = c"name '%.200s' is not defined";
    // SAFETY: the module's conditions.
    unsafe { c::_PyEval_FormatExcCheckArg(ts, c::PyExc_NameError, message.as_ptr(), name) }
}
