//! What there is to remember of a lookup.

use super::{
    cache::{Entry, Kind},
    layout,
};
use crate::object::{Object, flags, has_flags, is_exactly, type_of};
use std::mem::offset_of;
use stepwell_abi::cpython as c;

type GetAttribute = unsafe extern "C-unwind" fn(Object, Object) -> Object;
type SetAttribute = unsafe extern "C-unwind" fn(Object, Object, Object) -> i32;

/// `Py_T_OBJECT_EX`: a member that is an object, and unset when null.
const OBJECT_MEMBER: i32 = 16;

/// An entry for loads of `name` from objects of the type of `object`, or from this very class.
pub(super) unsafe fn load(object: Object, name: Object) -> Option<Entry> {
    // SAFETY: the caller's objects are alive, the name is a string.
    unsafe {
        let class = type_of(object);
        let generic: GetAttribute = c::PyObject_GenericGetAttr;
        let of_type = c::PyType_Type.tp_getattro;
        let version = version(class)?;
        match (*class).tp_getattro {
            Some(getter) if of_type.is_some_and(|other| std::ptr::fn_addr_eq(getter, other)) => {
                from_type(object.cast(), name, version)
            }
            Some(getter) if std::ptr::fn_addr_eq(getter, generic) => {
                from_instance(object, name, version)
            }
            _ if is_exactly(object, &raw const c::PyModule_Type) => {
                let own = c::_PyType_Lookup(class, name).is_null();
                own.then(|| in_dict(object, name, version)).flatten()
            }
            _ => None,
        }
    }
}

unsafe fn from_instance(object: Object, name: Object, version: u32) -> Option<Entry> {
    // SAFETY: as the caller's.
    unsafe {
        let class = type_of(object);
        let found = c::_PyType_Lookup(class, name);
        if found.is_null() {
            return in_instance(object, name, version);
        }
        let descriptor = type_of(found);
        if !is_settled(descriptor) {
            return None;
        }
        if is_class_of_object(found, name) {
            return Some(of_class(Kind::Class, class.cast(), version));
        }
        if (*descriptor).tp_descr_set.is_some() {
            return slot(class, found, version, 0).or_else(|| {
                let gets = (*descriptor).tp_descr_get.is_some();
                gets.then(|| of_class(Kind::Getter, found, version))
            });
        }
        if let Some(entry) = in_instance(object, name, version) {
            return Some(entry);
        }
        // The number of shared names does not tell which instances have one.
        if layout::shared_place(class, name).is_some() {
            return None;
        }
        let kind = match (*descriptor).tp_descr_get {
            None => Kind::Class,
            Some(_) if has_flags(found, flags::METHOD_DESCRIPTOR) => Kind::Method,
            Some(_) => Kind::Bound,
        };
        Some(Entry {
            guard: layout::guard(class),
            ..of_class(kind, found, version)
        })
    }
}

/// Whether what was found is the `__class__` of `object`, which is the class of any instance.
unsafe fn is_class_of_object(found: Object, name: Object) -> bool {
    // SAFETY: as the caller's; a getset descriptor has the class that it belongs to.
    unsafe {
        is_exactly(found, &raw const c::PyGetSetDescr_Type)
            && (*found.cast::<c::PyDescrObject>()).d_type == &raw mut c::PyBaseObject_Type
            && c::_PyUnicode_EqualToASCIIString(name, c"__class__".as_ptr()) != 0
    }
}

/// What a class has itself, unless its metaclass has the name too.
unsafe fn from_type(class: *mut c::PyTypeObject, name: Object, version: u32) -> Option<Entry> {
    // SAFETY: as the caller's.
    unsafe {
        if !c::_PyType_Lookup(type_of(class.cast()), name).is_null() {
            return None;
        }
        let own = self::version(class)?;
        let found = c::_PyType_Lookup(class, name);
        if found.is_null() || !is_settled(type_of(found)) {
            return None;
        }
        let as_it_is = (*type_of(found)).tp_descr_get.is_none()
            || is_exactly(found, &raw const c::PyFunction_Type);
        as_it_is.then(|| Entry {
            place: own.into(),
            ..of_class(Kind::OfType, found, version)
        })
    }
}

/// An entry for stores of `name` to objects of the type of `object`.
pub(super) unsafe fn store(object: Object, name: Object) -> Option<Entry> {
    // SAFETY: the caller's objects are alive, the name is a string.
    unsafe {
        let class = type_of(object);
        let generic: SetAttribute = c::PyObject_GenericSetAttr;
        let is_generic = (*class)
            .tp_setattro
            .is_some_and(|setter| std::ptr::fn_addr_eq(setter, generic));
        if !is_generic {
            return None;
        }
        let version = version(class)?;
        let found = c::_PyType_Lookup(class, name);
        if found.is_null() {
            return in_instance(object, name, version);
        }
        let descriptor = type_of(found);
        if !is_settled(descriptor) {
            return None;
        }
        if (*descriptor).tp_descr_set.is_some() {
            slot(class, found, version, c::Py_READONLY as i32)
        } else {
            in_instance(object, name, version)
        }
    }
}

/// The version of a type, which it gets now if it has none; `None` when there are no more, and for types in which a lookup
/// can run code.
unsafe fn version(class: *mut c::PyTypeObject) -> Option<u32> {
    // SAFETY: the caller's class is alive.
    unsafe {
        let has_one =
            c::PyUnstable_Type_AssignVersionTag(class) != 0 && layout::has_plain_names(class);
        Some((*class).tp_version_tag).filter(|version| has_one && *version != 0)
    }
}

/// Whether nobody can make a descriptor of the type's instances, or take one away: its version is not watched.
unsafe fn is_settled(class: *mut c::PyTypeObject) -> bool {
    // SAFETY: the caller's class is alive.
    unsafe { (*class).tp_flags & flags::IMMUTABLE != 0 }
}

unsafe fn in_values(class: *mut c::PyTypeObject, name: Object, version: u32) -> Option<Entry> {
    // SAFETY: as the caller's.
    unsafe {
        layout::shared_place(class, name).map(|place| Entry {
            place,
            guard: layout::VALUES_ARE_VALID as i64,
            ..Entry::new(version, Kind::Place)
        })
    }
}

/// What instances have that keep their attributes as this one does: in themselves, or in a dict.
unsafe fn in_instance(object: Object, name: Object, version: u32) -> Option<Entry> {
    // SAFETY: as the caller's.
    unsafe {
        if layout::keeps_values(object) {
            in_values(type_of(object), name, version)
        } else {
            in_dict(object, name, version)
        }
    }
}

unsafe fn in_dict(object: Object, name: Object, version: u32) -> Option<Entry> {
    // SAFETY: as the caller's.
    unsafe {
        layout::dict_place(object, name).map(|place| Entry {
            place,
            guard: layout::guard_of_dict(type_of(object)),
            ..Entry::new(version, Kind::Dict)
        })
    }
}

/// A place of `__slots__`, whose descriptor belongs to the class or a base and forbids none of what `flags` say.
unsafe fn slot(
    class: *mut c::PyTypeObject,
    descriptor: Object,
    version: u32,
    forbidden: i32,
) -> Option<Entry> {
    // SAFETY: as the caller's; a member descriptor has its member.
    unsafe {
        if !is_exactly(descriptor, &raw const c::PyMemberDescr_Type) {
            return None;
        }
        let descriptor = descriptor.cast::<c::PyMemberDescrObject>();
        let member = (*descriptor).d_member;
        let is_object = (*member).type_ == OBJECT_MEMBER
            && (*member).flags & (forbidden | c::Py_AUDIT_READ as i32) == 0
            && c::PyType_IsSubtype(class, (*descriptor).d_common.d_type) != 0;
        is_object.then(|| Entry {
            place: (*member).offset as i64,
            guard: byte_of_type(class),
            ..Entry::new(version, Kind::Place)
        })
    }
}

/// Where a byte is, in every instance of the class, that is never zero: one of the pointer to the class.
fn byte_of_type(class: *mut c::PyTypeObject) -> i64 {
    let bytes = class.addr().to_le_bytes();
    let index = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
    (offset_of!(c::PyObject, ob_type) + index) as i64
}

fn of_class(kind: Kind, value: Object, version: u32) -> Entry {
    Entry {
        value,
        ..Entry::new(version, kind)
    }
}
