//! Attributes loaded and stored through caches, one for each instruction.
//!
//! A cache remembers what a lookup came to for a type: the place of the value in the instance, or the object that the
//! class has. A type has a version, which no other state of any type shares and which is gone as soon as the type or one
//! of its bases changes; so one comparison tells that everything found through the type still holds. What can differ
//! between instances of one type is looked at each time: whether the place holds a value, and whether an instance has an
//! attribute of its own in front of the class's. Whatever does not fit takes the way of the interpreter.
//!
//! Objects in a cache are borrowed: the version vouches for them.

mod cache;
mod fill;
mod layout;
mod site;

pub(super) use layout::{place_in, value_at};
pub(crate) use site::Site;

use crate::{
    call,
    object::{Object, Owned, decref, ends_unnoticed, is_exactly, new_ref, type_of, xdecref},
    profile,
    symbols::{Symbol, functions},
};
use cache::{AttributeCache, Entry, Kind};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_load_attr(_, _, _),
        sw_load_method(_, _, _, _),
        sw_store_attr(_, _, _, _),
        sw_peek_attr(_, _, _),
        sw_poke_attr(_, _, _, _),
        sw_attr_place(_, _, _),
    ]
}

unsafe extern "C-unwind" fn sw_load_attr(
    object: Object,
    name: Object,
    cache: *mut AttributeCache,
) -> Object {
    // SAFETY: the module's conditions; the cache is of this instruction alone.
    unsafe {
        if let Some(value) = (*cache).of_class(object, name) {
            return new_ref(value);
        }
        if let Some(value) = (*cache).value(object, name) {
            return new_ref(value);
        }
        match (*cache).find(object) {
            Some(entry) => {
                if let Some(found) = load(&entry, object, name) {
                    return found;
                }
            }
            None if (*cache).is_open() => {
                let entry = fill::load(object, name);
                if let Some(value) = entry.and_then(|entry| peek(&entry, object, name)) {
                    profile::note_attribute(name, value);
                }
                (*cache).add(entry);
            }
            None => {}
        }
        c::PyObject_GetAttr(object, name)
    }
}

/// What the entry says: a new reference, or null with an exception set. `None` when it does not apply to this instance.
#[inline]
unsafe fn load(entry: &Entry, object: Object, name: Object) -> Option<Object> {
    // SAFETY: the entry is of the type of `object`.
    unsafe {
        match entry.kind {
            Kind::Place => {
                let value = *entry.place(object)?;
                (!value.is_null()).then(|| new_ref(value))
            }
            Kind::Dict => layout::dict_value(object, entry, name).map(|value| new_ref(value)),
            Kind::OfType => Some(new_ref(entry.value)),
            Kind::Getter => Some(get(entry.value, object)),
            Kind::Class | Kind::Method | Kind::Bound
                if layout::is_shadowed(object, entry, name) =>
            {
                None
            }
            Kind::Class => Some(new_ref(entry.value)),
            Kind::Method | Kind::Bound => Some(get(entry.value, object)),
            Kind::Empty => None,
        }
    }
}

/// The same in the method form: a method, and the instance to call it with, or else an attribute and null.
#[inline]
unsafe fn load_unbound(entry: &Entry, object: Object, name: Object) -> Option<(Object, Object)> {
    // SAFETY: as `load`.
    unsafe {
        if entry.kind != Kind::Method {
            return load(entry, object, name).map(|found| (found, null_mut()));
        }
        let is_free = !layout::is_shadowed(object, entry, name);
        is_free.then(|| (new_ref(entry.value), new_ref(object)))
    }
}

/// What a descriptor makes of an instance.
unsafe fn get(descriptor: Object, object: Object) -> Object {
    // SAFETY: the descriptor is held: the getter can change the class that has it.
    unsafe {
        let getter = (*type_of(descriptor)).tp_descr_get;
        let descriptor = new_ref(descriptor);
        let Some(getter) = getter else {
            return descriptor;
        };
        let found = property(descriptor, object)
            .unwrap_or_else(|| getter(descriptor, object, type_of(object).cast()));
        decref(descriptor);
        found
    }
}

/// What a property of CPython begins with.
#[repr(C)]
struct Property {
    base: c::PyObject,
    get: Object,
}

/// The value of a property that is computed by a Python function.
unsafe fn property(descriptor: Object, object: Object) -> Option<Object> {
    // SAFETY: as `get`; the function is held, since it can give the property another one.
    unsafe {
        if !is_exactly(descriptor, &raw const c::PyProperty_Type) {
            return None;
        }
        let function = (*descriptor.cast::<Property>()).get;
        if function.is_null() || !is_exactly(function, &raw const c::PyFunction_Type) {
            return None;
        }
        let function = Owned::share(function);
        let mut arguments = [null_mut(), object];
        let first = arguments.as_mut_ptr().add(1);
        Some(call::call(function.get().cast(), first, 1))
    }
}

unsafe extern "C-unwind" fn sw_load_method(
    object: Object,
    name: Object,
    cache: *mut AttributeCache,
    out_self: *mut Object,
) -> Object {
    // SAFETY: the module's conditions; the cache is of this instruction alone, and `out_self` is writable.
    unsafe {
        *out_self = null_mut();
        if let Some(value) = (*cache).at_place(object) {
            return new_ref(value);
        }
        match (*cache).find(object) {
            Some(entry) => {
                if let Some((found, receiver)) = load_unbound(&entry, object, name) {
                    *out_self = receiver;
                    return found;
                }
            }
            None if (*cache).is_open() => (*cache).add(fill::load(object, name)),
            None => {}
        }
        let mut found = null_mut();
        if c::_PyObject_GetMethod(object, name, &raw mut found) != 0 {
            *out_self = new_ref(object);
        }
        found
    }
}

unsafe extern "C-unwind" fn sw_store_attr(
    object: Object,
    name: Object,
    value: Object,
    cache: *mut AttributeCache,
) -> i32 {
    // SAFETY: the module's conditions; the cache is of this instruction alone.
    unsafe {
        let entry = (*cache).find(object);
        if let Some(entry) = entry
            && let Some(place) = own_place(&entry, object)
        {
            put(&entry, object, place, value);
            return 0;
        }
        if let Some(entry) = &entry
            && entry.kind == Kind::Dict
            && layout::dict_value(object, entry, name).is_some()
        {
            return layout::set_in_dict(object, name, value);
        }
        let status = c::PyObject_SetAttr(object, name, value);
        if status == 0 && entry.is_none() && (*cache).is_open() {
            let entry = fill::store(object, name);
            if entry.is_some() {
                profile::note_attribute(name, value);
            }
            (*cache).add(entry);
        }
        status
    }
}

unsafe extern "C-unwind" fn sw_peek_attr(
    object: Object,
    name: Object,
    cache: *mut AttributeCache,
) -> Object {
    // SAFETY: as `sw_load_attr`; what is in the object is borrowed from it.
    unsafe {
        if let Some(value) = (*cache).value(object, name) {
            return value;
        }
        let entry = (*cache).find_or_add(object, || fill::load(object, name));
        entry
            .and_then(|entry| peek(&entry, object, name))
            .unwrap_or(null_mut())
    }
}

/// What an instance has itself, borrowed, where the entry tells the place.
#[inline]
unsafe fn peek(entry: &Entry, object: Object, name: Object) -> Option<Object> {
    // SAFETY: the entry is of the type of `object`.
    unsafe {
        match entry.kind {
            Kind::Place => entry.place(object).map(|place| *place),
            Kind::Dict => layout::dict_value(object, entry, name),
            _ => None,
        }
        .filter(|value| !value.is_null())
    }
}

/// The value of an attribute that an instance has itself, borrowed.
pub(crate) unsafe fn peek_attribute(object: Object, name: Object) -> Option<Object> {
    // SAFETY: as `sw_load_attr`.
    unsafe { fill::load(object, name).and_then(|entry| peek(&entry, object, name)) }
}

unsafe extern "C-unwind" fn sw_poke_attr(
    object: Object,
    name: Object,
    value: Object,
    cache: *mut AttributeCache,
) -> i32 {
    // SAFETY: as `sw_store_attr`.
    unsafe {
        let entry = (*cache).find_or_add(object, || fill::store(object, name));
        let Some((entry, place)) =
            entry.and_then(|entry| Some((entry, own_place(&entry, object)?)))
        else {
            return 0;
        };
        if !(*place).is_null() && !ends_unnoticed(*place) {
            return 0;
        }
        put(&entry, object, place, value);
        1
    }
}

/// The place of an attribute that can be stored there: no dict beside the values of the instance would have to be told.
#[inline]
unsafe fn own_place(entry: &Entry, object: Object) -> Option<*mut Object> {
    // SAFETY: the entry is of the type of `object`.
    unsafe {
        let is_alone = !layout::is_among_values(entry) || layout::has_no_dict(object);
        entry.place(object).filter(|_| is_alone)
    }
}

/// Stores a value at the place that the entry tells. What was there is dropped behind that.
#[inline]
unsafe fn put(entry: &Entry, object: Object, place: *mut Object, value: Object) {
    // SAFETY: as `own_place`, which told the place.
    unsafe {
        let old = std::ptr::replace(place, new_ref(value));
        if old.is_null() && layout::is_among_values(entry) {
            layout::remember_order(object, place);
        }
        xdecref(old);
    }
}

unsafe extern "C-unwind" fn sw_attr_place(
    object: Object,
    name: Object,
    cache: *mut AttributeCache,
) -> *mut Object {
    // SAFETY: as `sw_store_attr`.
    unsafe {
        let entry = (*cache).find_or_add(object, || fill::store(object, name));
        entry
            .and_then(|entry| own_place(&entry, object))
            .filter(|place| !(**place).is_null())
            .unwrap_or(null_mut())
    }
}
