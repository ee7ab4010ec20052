//! What an argument has to be for a version, found out by its type where that is enough.

use crate::{
    buffers, numpy,
    object::{Object, flags, type_of},
    tag::Tag,
};
use std::cell::Cell;
use stepwell_abi::cpython::PyTypeObject;

/// Flags of types that are not told apart. Of those that are, only `array.array` was made at run time; as an object it is as
/// good as any.
const OBJECTS: u64 = flags::HEAP_TYPE
    | flags::LIST
    | flags::TUPLE
    | flags::UNICODE
    | flags::DICT
    | flags::BASE_EXCEPTION
    | flags::TYPE;

/// What an argument has to be.
pub(super) struct Check {
    pub(super) index: usize,
    /// A type whose instances fit: the one that the tag is for, or else the one that was seen last; null at first.
    class: Cell<*const PyTypeObject>,
    /// Flags of types whose instances fit, too.
    flags: u64,
    tag: Tag,
}

impl Check {
    pub(super) fn new(index: usize, tag: Tag) -> Self {
        Self {
            index,
            class: Cell::new(tag.class()),
            flags: if tag == Tag::Object { OBJECTS } else { 0 },
            tag,
        }
    }

    /// Whether an argument fits for certain.
    #[inline(always)]
    pub(super) unsafe fn holds(&self, argument: Object) -> bool {
        // SAFETY: the caller's object is alive.
        unsafe {
            let class = type_of(argument);
            class.cast_const() == self.class.get() || (*class).tp_flags & self.flags != 0
        }
    }

    /// Whether an argument fits after all.
    pub(super) unsafe fn looks_closer(&self, argument: Object) -> bool {
        // SAFETY: the caller's object is alive.
        unsafe {
            let fits = self.tag.fits(argument);
            // Whether an array fits depends on more than its type.
            let is_array = numpy::array(argument).is_some() || buffers::is_one(argument);
            if fits && self.tag == Tag::Object && !is_array {
                self.class.set(type_of(argument));
            }
            fits
        }
    }
}
