//! What an instruction remembers of the types it met.

use super::layout;
use crate::object::{Object, type_of};
use std::ptr::null_mut;

/// What the lookup of a name came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Kind {
    /// Nothing yet.
    Empty = 0,
    /// A place in the instance: among its values, or of `__slots__`. Machine code knows this number.
    Place = stepwell_abi::CACHED_PLACE,
    /// A function of the class, or what else is called with the instance as first argument. Machine code knows this
    /// number.
    Method = stepwell_abi::CACHED_METHOD,
    /// The instance's dict, if the name is there.
    Dict,
    /// An object of the class, as it is.
    Class,
    /// What a descriptor of the class makes of the instance, unless the instance has the name.
    Bound,
    /// What a descriptor of the class makes of the instance, whatever the instance has.
    Getter,
    /// The object is a class: what it or a base has.
    OfType,
}

/// What holds for a version of a type.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Entry {
    /// The version of the object's type.
    pub(super) version: u32,
    pub(super) kind: Kind,
    /// Of [`Kind::Place`], where it is, in bytes; of [`Kind::Dict`], the number of the entry in the dict; of
    /// [`Kind::OfType`], the version of the class itself.
    pub(super) place: i64,
    /// Of [`Kind::Place`], where a byte is that is zero when the place must not be used; of [`Kind::Dict`], where one is
    /// that is zero when the dict is used, or a negative number; of what an instance can have in
    /// front of the class, how many names the instances shared, or [`NO_DICT`].
    pub(super) guard: i64,
    /// The object that the class has.
    pub(super) value: Object,
}

/// Machine code finds the fields at these places.
const _: () = {
    use stepwell_abi::layout::{CACHE_GUARD, CACHE_PLACE, CACHE_VALUE};
    assert!(std::mem::offset_of!(Entry, kind) == 4);
    assert!(std::mem::offset_of!(Entry, place) == CACHE_PLACE);
    assert!(std::mem::offset_of!(Entry, guard) == CACHE_GUARD);
    assert!(std::mem::offset_of!(Entry, value) == CACHE_VALUE);
};

/// The instances have no attributes of their own but in slots.
pub(super) const NO_DICT: i64 = -1;
/// The instances have a dict, and share no names.
pub(super) const OWN_DICT: i64 = -2;

impl Entry {
    pub(super) fn new(version: u32, kind: Kind) -> Self {
        Self {
            version,
            kind,
            place: 0,
            guard: NO_DICT,
            value: null_mut(),
        }
    }

    /// Whether it is for the type of the object, and for how the object keeps its attributes.
    unsafe fn is_for(&self, object: Object) -> bool {
        // SAFETY: the object is alive; if the entry is for classes of its metaclass, it is a class.
        unsafe {
            self.version == (*type_of(object)).tp_version_tag
                && match self.kind {
                    Kind::Empty => false,
                    Kind::Place => self.place(object).is_some(),
                    Kind::Dict => {
                        self.guard < 0 || *object.cast::<u8>().offset(self.guard as isize) == 0
                    }
                    Kind::OfType => self.place == layout::own_version(object),
                    Kind::Method | Kind::Class | Kind::Bound | Kind::Getter => true,
                }
        }
    }

    /// Where the value is in the instance, when it is kept there and the place is in use.
    #[inline]
    pub(super) unsafe fn place(&self, object: Object) -> Option<*mut Object> {
        if self.kind != Kind::Place {
            return None;
        }
        // SAFETY: the entry is of the type of the object.
        unsafe {
            let base = object.cast::<u8>();
            let is_used = *base.offset(self.guard as isize) != 0;
            is_used.then(|| base.offset(self.place as isize).cast())
        }
    }
}

/// How many types an instruction remembers.
const WAYS: usize = 8;
/// An instruction that met this many types looks for an entry only now and then,
const MANY: u64 = 64;
/// once in so many objects that it has no entry for: a class that was made just now may stay for a while.
const NOW_AND_THEN: u64 = 16;

/// The memory of an instruction, zero at first.
#[repr(C)]
pub(super) struct AttributeCache {
    entries: [Entry; WAYS],
    /// How often an entry was looked for, or was not because that had been often.
    tries: u64,
}

const _: () = assert!(size_of::<AttributeCache>() == stepwell_abi::ATTRIBUTE_CACHE_WORDS * 8);

impl AttributeCache {
    /// One that remembers nothing.
    pub(super) const fn new() -> Self {
        const EMPTY: Entry = Entry {
            version: 0,
            kind: Kind::Empty,
            place: 0,
            guard: 0,
            value: null_mut(),
        };
        Self {
            entries: [EMPTY; WAYS],
            tries: 0,
        }
    }

    /// The entry for an object of its type.
    #[inline]
    pub(super) unsafe fn find(&self, object: Object) -> Option<Entry> {
        // SAFETY: the object is alive.
        unsafe {
            let version = (*type_of(object)).tp_version_tag;
            let is_it = |entry: &&Entry| entry.version == version && entry.is_for(object);
            self.entries.iter().find(is_it).copied()
        }
    }

    /// The entry for an object of its type, which is added if there is none yet and is looked for.
    pub(super) unsafe fn find_or_add(
        &mut self,
        object: Object,
        make: impl FnOnce() -> Option<Entry>,
    ) -> Option<Entry> {
        // SAFETY: the object is alive.
        unsafe {
            let found = self.find(object);
            if found.is_none() && self.is_open() {
                self.add(make());
                return self.find(object);
            }
            found
        }
    }

    /// What an instance of a known type has itself, borrowed.
    #[inline]
    pub(super) unsafe fn value(&self, object: Object, name: Object) -> Option<Object> {
        // SAFETY: the object is alive.
        unsafe {
            let version = (*type_of(object)).tp_version_tag;
            let mut known = self.entries.iter().filter(|entry| entry.version == version);
            known.find_map(|entry| match entry.kind {
                Kind::Place => Some(*entry.place(object)?).filter(|value| !value.is_null()),
                Kind::Dict if entry.is_for(object) => layout::dict_value(object, entry, name),
                _ => None,
            })
        }
    }

    /// What the class has, borrowed, if the first entry says so.
    #[inline]
    pub(super) unsafe fn of_class(&self, object: Object, name: Object) -> Option<Object> {
        // SAFETY: the object is alive; the entry is of its type when the versions are the same.
        unsafe {
            let [entry, ..] = &self.entries;
            let is_for = entry.kind == Kind::Class
                && entry.version == (*type_of(object)).tp_version_tag
                && !layout::is_shadowed(object, entry, name);
            is_for.then_some(entry.value)
        }
    }

    /// What the instance has at a place, borrowed, if the first entry tells it.
    #[inline]
    pub(super) unsafe fn at_place(&self, object: Object) -> Option<Object> {
        // SAFETY: as `of_class`.
        unsafe {
            let [entry, ..] = &self.entries;
            let is_for = entry.version == (*type_of(object)).tp_version_tag;
            let place = is_for.then(|| entry.place(object))??;
            Some(*place).filter(|value| !value.is_null())
        }
    }

    /// Whether it is worth while to look for an entry. To be asked once for each object that there is none for.
    pub(super) fn is_open(&mut self) -> bool {
        if self.tries < MANY {
            return true;
        }
        self.tries += 1;
        self.tries.is_multiple_of(NOW_AND_THEN)
    }

    /// Puts an entry first, where machine code looks, and moves the others back.
    pub(super) fn add(&mut self, entry: Option<Entry>) {
        self.tries += 1;
        if let Some(entry) = entry {
            self.entries.rotate_right(1);
            self.entries[0] = entry;
        }
    }
}
