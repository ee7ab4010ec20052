//! Attributes that the runtime looks up itself, where that runs no Python code.

use super::{
    cache::{AttributeCache, Entry, Kind},
    fill, layout,
};
use crate::{object::Object, ops::text::Name};
use std::{cell::UnsafeCell, ffi::CStr};

/// A place in the runtime where an attribute is looked up, with its cache.
pub(crate) struct Site {
    name: Name,
    cache: UnsafeCell<AttributeCache>,
}

// SAFETY: whoever uses a site holds the GIL of the main interpreter.
unsafe impl Sync for Site {}

impl Site {
    pub(crate) const fn new(name: &'static CStr) -> Self {
        Self {
            name: Name::new(name),
            cache: UnsafeCell::new(AttributeCache::new()),
        }
    }

    /// The value that an instance or a module has, or that its class has for it, borrowed. `None` for all others; no
    /// exception is set.
    ///
    /// # Safety
    /// The GIL is held; `object` is alive.
    #[inline]
    pub(crate) unsafe fn value(&self, object: Object) -> Option<Object> {
        // SAFETY: as the caller's; the entry is of the type of the object.
        unsafe {
            let (entry, name) = self.entry(object)?;
            let value = match entry.kind {
                Kind::Place => *entry.place(object)?,
                Kind::Dict => layout::dict_value(object, &entry, name)?,
                Kind::Class if !layout::is_shadowed(object, &entry, name) => entry.value,
                _ => return None,
            };
            (!value.is_null()).then_some(value)
        }
    }

    /// The method of an instance, borrowed. `None` where the instance has something else of that name; no exception is
    /// set.
    ///
    /// # Safety
    /// As of [`Site::value`].
    #[inline]
    pub(crate) unsafe fn method(&self, object: Object) -> Option<Object> {
        // SAFETY: as the caller's.
        unsafe {
            let (entry, name) = self.entry(object)?;
            let is_own = entry.kind == Kind::Method && !layout::is_shadowed(object, &entry, name);
            is_own.then_some(entry.value)
        }
    }

    #[inline]
    unsafe fn entry(&self, object: Object) -> Option<(Entry, Object)> {
        // SAFETY: as the caller's; no reference to the cache outlives this.
        unsafe {
            let name = self.name.get()?;
            let cache = &mut *self.cache.get();
            if let Some(entry) = cache.find(object) {
                return Some((entry, name));
            }
            if cache.is_open() {
                cache.add(fill::load(object, name));
            }
            Some((cache.find(object)?, name))
        }
    }
}
