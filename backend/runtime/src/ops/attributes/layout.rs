//! Where instances keep their attributes.

use super::cache::{Entry, NO_DICT, OWN_DICT};
use crate::object::{Object, flags, has_flags, has_strings_only, type_of};
use std::{mem::offset_of, ptr::null_mut};
use stepwell_abi::cpython as c;

/// Values in the instance itself follow its header.
const VALUES: usize = size_of::<c::PyObject>();
/// The byte that tells whether they are in use.
pub(super) const VALUES_ARE_VALID: usize = stepwell_abi::layout::VALUES_VALID;
/// The first of them.
const FIRST_VALUE: usize = VALUES + offset_of!(c::PyDictValues, values);
/// The pointer to the dict is that many bytes in front of the instance.
const MANAGED_DICT: usize = stepwell_abi::layout::MANAGED_DICT;

type Keys = c::_dictkeysobject;
type KeyAndValue = c::PyDictUnicodeEntry;

/// The version of a class, as a number that no entry for another class has.
pub(super) unsafe fn own_version(object: Object) -> i64 {
    // SAFETY: the caller's object is alive.
    unsafe {
        if !has_flags(object, flags::TYPE) {
            return 0;
        }
        i64::from((*object.cast::<c::PyTypeObject>()).tp_version_tag)
    }
}

/// Whether a class and its bases have names that are all strings: with others, to look one up can run code, and the
/// interpreter does so once.
pub(super) unsafe fn has_plain_names(class: *mut c::PyTypeObject) -> bool {
    // SAFETY: the class is alive and ready, so that its bases are in a tuple, and each has a dict.
    unsafe {
        let bases = (*class).tp_mro;
        (0..c::PyTuple_Size(bases)).all(|index| {
            let base = c::PyTuple_GetItem(bases, index).cast::<c::PyTypeObject>();
            let is_of_interpreter = (*base).tp_flags & flags::STATIC_BUILTIN != 0;
            let dict = (*base).tp_dict.cast::<c::PyDictObject>();
            is_of_interpreter || !dict.is_null() && has_strings_only(dict)
        })
    }
}

/// Where the value of a name is in instances of a class that keep values in themselves, if they share the name.
pub(super) unsafe fn shared_place(class: *mut c::PyTypeObject, name: Object) -> Option<i64> {
    // SAFETY: the class is alive, and has shared keys when it has the flag.
    unsafe {
        if !has_inline_values(class) {
            return None;
        }
        let keys = shared_keys(class);
        let index = entries(keys)
            .iter()
            .position(|entry| entry.me_key == name)?;
        Some((FIRST_VALUE + index * size_of::<Object>()) as i64)
    }
}

/// What [`Entry::guard`] has to be for an object of the class that an instance can have something in front of.
pub(super) unsafe fn guard(class: *mut c::PyTypeObject) -> i64 {
    // SAFETY: as `shared_place`.
    unsafe {
        if has_inline_values(class) {
            return (*shared_keys(class)).dk_nentries as i64;
        }
        let has_dict = (*class).tp_dictoffset != 0 || has_flag(class, flags::MANAGED_DICT);
        if has_dict { OWN_DICT } else { NO_DICT }
    }
}

/// What [`Entry::guard`] has to be for what instances of the class have in a dict: where a byte is that is zero when they
/// have one, for classes whose instances can keep their values in themselves.
pub(super) unsafe fn guard_of_dict(class: *mut c::PyTypeObject) -> i64 {
    // SAFETY: as `shared_place`.
    match unsafe { has_inline_values(class) } {
        true => VALUES_ARE_VALID as i64,
        false => NO_DICT,
    }
}

/// Whether an instance keeps its attributes in itself.
pub(super) unsafe fn keeps_values(object: Object) -> bool {
    // SAFETY: as `shared_place`.
    unsafe { has_inline_values(type_of(object)) && values_are_valid(object) }
}

/// Whether an instance has, or could have, an attribute of its own by that name.
#[inline]
pub(super) unsafe fn is_shadowed(object: Object, entry: &Entry, name: Object) -> bool {
    // SAFETY: the entry is of the type of the object.
    unsafe {
        if entry.guard == NO_DICT {
            return false;
        }
        let class = type_of(object);
        if entry.guard >= 0 && values_are_valid(object) {
            return (*shared_keys(class)).dk_nentries as i64 != entry.guard;
        }
        let dict = dict(object);
        !dict.is_null() && has(dict, name)
    }
}

/// Whether a dict has a name, or cannot tell without running code.
unsafe fn has(dict: *mut c::PyDictObject, name: Object) -> bool {
    // SAFETY: the dict is alive. Names are strings with a hash; among strings a lookup compares without running code.
    unsafe {
        if !has_strings_only(dict) {
            return true;
        }
        let hash = (*name.cast::<c::PyASCIIObject>()).hash;
        hash == -1 || !c::_PyDict_GetItem_KnownHash(dict.cast(), name, hash).is_null()
    }
}

/// The value of a name in the dict of an instance, borrowed; `None` when it is not at the place that is remembered.
#[inline]
pub(super) unsafe fn dict_value(object: Object, entry: &Entry, name: Object) -> Option<Object> {
    // SAFETY: the entry is of the type of the object.
    unsafe { value_at(dict(object), entry.place, name) }
}

/// The value of a name in a dict, borrowed, if it is the entry of that number. The dict can be null.
#[inline]
pub(in crate::ops) unsafe fn value_at(
    dict: *mut c::PyDictObject,
    place: i64,
    name: Object,
) -> Option<Object> {
    // SAFETY: the caller's dict is alive.
    unsafe {
        let row = strings(dict)?.get(place as usize)?;
        (row.me_key == name && !row.me_value.is_null()).then_some(row.me_value)
    }
}

/// Sets a name in the dict that an instance has: 0, or -1 with an exception set.
pub(super) unsafe fn set_in_dict(object: Object, name: Object, value: Object) -> i32 {
    // SAFETY: the caller has found the name, which has a hash, in the dict.
    unsafe {
        let hash = (*name.cast::<c::PyASCIIObject>()).hash;
        c::_PyDict_SetItem_KnownHash(dict(object).cast(), name, value, hash)
    }
}

/// The number of the entry of a name in the dict of an instance.
pub(super) unsafe fn dict_place(object: Object, name: Object) -> Option<i64> {
    // SAFETY: the object is alive.
    unsafe { place_in(dict(object), name) }
}

/// The number of the entry of a name in a dict, which can be null.
pub(in crate::ops) unsafe fn place_in(dict: *mut c::PyDictObject, name: Object) -> Option<i64> {
    // SAFETY: the caller's dict is alive.
    unsafe {
        let mut rows = strings(dict)?.iter().take(MANY_NAMES);
        let found = rows.position(|row| row.me_key == name);
        found.map(|index| index as i64)
    }
}

/// A name further behind is not searched for.
const MANY_NAMES: usize = 4096;

/// The entries of a dict whose keys are all strings, and whose values are with them.
unsafe fn strings<'a>(dict: *mut c::PyDictObject) -> Option<&'a [KeyAndValue]> {
    // SAFETY: the caller uses the entries before anything can change the dict.
    unsafe {
        if dict.is_null() || !(*dict).ma_values.is_null() {
            return None;
        }
        has_strings_only(dict).then(|| entries((*dict).ma_keys))
    }
}

/// Whether the place of an entry is among the values in the instance, not one of `__slots__`.
#[inline]
pub(super) fn is_among_values(entry: &Entry) -> bool {
    entry.guard == VALUES_ARE_VALID as i64
}

/// Whether an instance whose class keeps values in instances has no dict beside them, which would have to be told.
#[inline]
pub(super) unsafe fn has_no_dict(object: Object) -> bool {
    // SAFETY: the caller's object has the pointer in front of it.
    unsafe { managed_dict(object).is_null() }
}

/// Tells the values of an instance that one that was not there is now, the last in order.
pub(super) unsafe fn remember_order(object: Object, place: *mut Object) {
    // SAFETY: the values have a byte for the number of each behind them.
    unsafe {
        let values = object.cast::<u8>().add(VALUES).cast::<c::PyDictValues>();
        let first = (&raw mut (*values).values).cast::<Object>();
        let order = first.add((*values).capacity.into()).cast::<u8>();
        let size = (*values).size;
        *order.add(size.into()) = place.offset_from(first) as u8;
        (*values).size = size + 1;
    }
}

/// The dict of an instance, borrowed; null when it has none.
unsafe fn dict(object: Object) -> *mut c::PyDictObject {
    // SAFETY: the type tells where the pointer is.
    unsafe {
        if has_flag(type_of(object), flags::MANAGED_DICT) {
            return managed_dict(object);
        }
        let place = c::_PyObject_GetDictPtr(object);
        if place.is_null() {
            null_mut()
        } else {
            (*place).cast()
        }
    }
}

unsafe fn managed_dict(object: Object) -> *mut c::PyDictObject {
    // SAFETY: as the caller's.
    unsafe { *object.cast::<u8>().sub(MANAGED_DICT).cast() }
}

unsafe fn values_are_valid(object: Object) -> bool {
    // SAFETY: the caller's object has values.
    unsafe { *object.cast::<u8>().add(VALUES_ARE_VALID) != 0 }
}

unsafe fn has_inline_values(class: *mut c::PyTypeObject) -> bool {
    // SAFETY: the class is alive.
    unsafe { has_flag(class, flags::INLINE_VALUES) && !shared_keys(class).is_null() }
}

unsafe fn has_flag(class: *mut c::PyTypeObject, flag: u64) -> bool {
    // SAFETY: the class is alive.
    unsafe { (*class).tp_flags & flag != 0 }
}

unsafe fn shared_keys(class: *mut c::PyTypeObject) -> *mut Keys {
    // SAFETY: only classes made by `class` have the flag that the caller looked at.
    unsafe { (*class.cast::<c::PyHeapTypeObject>()).ht_cached_keys }
}

unsafe fn entries<'a>(keys: *mut Keys) -> &'a [KeyAndValue] {
    // SAFETY: the entries follow the table of indices; all keys are strings.
    unsafe {
        let indices = (&raw const (*keys).dk_indices).cast::<u8>();
        let first = indices.add(1 << (*keys).dk_log2_index_bytes).cast();
        std::slice::from_raw_parts(first, (*keys).dk_nentries as usize)
    }
}
