//! Imports.

use super::{
    names::{Lookup, item},
    text::Name,
};
use crate::{
    frame::Frame,
    object::{Object, Owned, has_flags},
    symbols::{Symbol, functions},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![sw_import_name(_, _, _, _), sw_import_from(_, _)]
}

unsafe extern "C-unwind" fn sw_import_name(
    frame: *mut Frame,
    name: Object,
    from_list: Object,
    level: Object,
) -> Object {
    static IMPORT: Name = Name::new(c"__import__");
    let Some(key) = IMPORT.get() else {
        return null_mut();
    };
    // SAFETY: the module's conditions.
    unsafe {
        let import = match item((*frame).f_builtins, key) {
            Lookup::Found(import) => import,
            Lookup::Raised => return null_mut(),
            Lookup::Missing => {
                c::PyErr_SetString(c::PyExc_ImportError, c"__import__ not found".as_ptr());
                return null_mut();
            }
        };
        let locals = match (*frame).f_locals {
            locals if locals.is_null() => &raw mut c::_Py_NoneStruct,
            locals => locals,
        };
        let arguments = [name, (*frame).f_globals, locals, from_list, level];
        let module =
            c::PyObject_Vectorcall(import, arguments.as_ptr(), arguments.len(), null_mut());
        crate::object::decref(import);
        module
    }
}

unsafe extern "C-unwind" fn sw_import_from(module: Object, name: Object) -> Object {
    static NAME: Name = Name::new(c"__name__");
    // SAFETY: the module's conditions; what is made here is owned by guards.
    unsafe {
        let mut found = null_mut();
        if c::PyObject_GetOptionalAttr(module, name, &raw mut found) != 0 {
            return found;
        }
        let Some(key) = NAME.get() else {
            return null_mut();
        };
        let mut package = null_mut();
        if c::PyObject_GetOptionalAttr(module, key, &raw mut package) < 0 {
            return null_mut();
        }
        let package = Owned::steal(package)
            .filter(|package| has_flags(package.get(), crate::object::flags::UNICODE));
        // A circular import can have put the module into sys.modules, but not yet into its package.
        if let Some(package) = &package {
            let Some(full) = Owned::steal(c::PyUnicode_FromFormat(
                c"%U.%U".as_ptr(),
                package.get(),
                name,
            )) else {
                return null_mut();
            };
            let found = c::PyImport_GetModule(full.get());
            if !found.is_null() || !c::PyErr_Occurred().is_null() {
                return found;
            }
        }
        set_import_error(module, name, package);
        null_mut()
    }
}

/// Sets the ImportError of a name that a module does not have; `None` from a step means that an exception is set.
unsafe fn set_import_error(module: Object, name: Object, package: Option<Owned>) -> Option<()> {
    // SAFETY: as the caller's.
    unsafe {
        let shown = match &package {
            Some(package) => Owned::steal(crate::object::new_ref(package.get()))?,
            None => Owned::steal(c::PyUnicode_FromString(c"<unknown module name>".as_ptr()))?,
        };
        let path = file_name(module)?;
        let message = match &path {
            None => {
                let format = c"cannot import name %R from %R (unknown location)";
                c::PyUnicode_FromFormat(format.as_ptr(), name, shown.get())
            }
            Some(path) => {
                let format = match is_initializing(module)? {
                    true => {
                        c"cannot import name %R from partially initialized module %R (most likely due to a circular import) (%S)"
                    }
                    false => c"cannot import name %R from %R (%S)",
                };
                c::PyUnicode_FromFormat(format.as_ptr(), name, shown.get(), path.get())
            }
        };
        let message = Owned::steal(message)?;
        let keywords = Owned::steal(c::PyDict_New())?;
        let none = &raw mut c::_Py_NoneStruct;
        for (key, value) in [
            (c"name", package.as_ref().map_or(none, Owned::get)),
            (c"path", path.as_ref().map_or(none, Owned::get)),
            (c"name_from", name),
        ] {
            if c::PyDict_SetItemString(keywords.get(), key.as_ptr(), value) < 0 {
                return None;
            }
        }
        let arguments = [message.get()];
        let error =
            c::PyObject_VectorcallDict(c::PyExc_ImportError, arguments.as_ptr(), 1, keywords.get());
        let error = Owned::steal(error)?;
        c::PyErr_SetObject(c::PyExc_ImportError, error.get());
        Some(())
    }
}

/// The file of a module, if it has one that is a string.
unsafe fn file_name(module: Object) -> Option<Option<Owned>> {
    // SAFETY: as the caller's.
    unsafe {
        if c::PyType_IsSubtype(crate::object::type_of(module), &raw mut c::PyModule_Type) == 0 {
            return Some(None);
        }
        let path = Owned::steal(c::PyModule_GetFilenameObject(module));
        if path.is_none() {
            if c::PyErr_ExceptionMatches(c::PyExc_SystemError) == 0 {
                return None;
            }
            c::PyErr_Clear();
        }
        Some(path.filter(|path| has_flags(path.get(), crate::object::flags::UNICODE)))
    }
}

/// Whether the module's import is still under way.
unsafe fn is_initializing(module: Object) -> Option<bool> {
    static SPEC: Name = Name::new(c"__spec__");
    static INITIALIZING: Name = Name::new(c"_initializing");
    // SAFETY: as the caller's.
    unsafe {
        let mut spec = null_mut();
        if c::PyObject_GetOptionalAttr(module, SPEC.get()?, &raw mut spec) < 0 {
            return None;
        }
        let Some(spec) = Owned::steal(spec) else {
            return Some(false);
        };
        let mut value = null_mut();
        if c::PyObject_GetOptionalAttr(spec.get(), INITIALIZING.get()?, &raw mut value) < 0 {
            return None;
        }
        let Some(value) = Owned::steal(value) else {
            return Some(false);
        };
        match c::PyObject_IsTrue(value.get()) {
            ..0 => None,
            truth => Some(truth != 0),
        }
    }
}
