//! The next item of iterators whose insides are known.

use crate::{
    object::{Object, is_exactly, length, new_ref, tuple_items},
    ops::strings,
    pool,
};
use stepwell_abi::cpython as c;

/// The next item of exactly an iterator over a list, a tuple, a range or a string of ASCII, a new reference; `None` at the
/// end, and for others.
#[inline]
pub(super) unsafe fn next(iterator: Object) -> Option<Object> {
    // SAFETY: the caller's iterator is alive.
    unsafe {
        if is_exactly(iterator, &raw const c::PyListIter_Type) {
            from_list(iterator)
        } else if is_exactly(iterator, &raw const c::PyRangeIter_Type) {
            from_range(iterator)
        } else if is_exactly(iterator, &raw const c::PyTupleIter_Type) {
            from_tuple(iterator)
        } else {
            strings::next_character(iterator)
        }
    }
}

unsafe fn from_list(iterator: Object) -> Option<Object> {
    // SAFETY: as the caller's; the sequence is a list, or null when the iterator is exhausted.
    unsafe {
        let iterator = iterator.cast::<c::_PyListIterObject>();
        let list = (*iterator).it_seq;
        if list.is_null() || (*iterator).it_index >= length(list.cast()) {
            return None;
        }
        let item = *(*list).ob_item.add((*iterator).it_index as usize);
        (*iterator).it_index += 1;
        Some(new_ref(item))
    }
}

unsafe fn from_tuple(iterator: Object) -> Option<Object> {
    // SAFETY: as the caller's; the sequence is a tuple, or null when the iterator is exhausted.
    unsafe {
        let iterator = iterator.cast::<c::_PyTupleIterObject>();
        let tuple = (*iterator).it_seq;
        if tuple.is_null() {
            return None;
        }
        let item = tuple_items(tuple.cast()).get((*iterator).it_index as usize)?;
        (*iterator).it_index += 1;
        Some(new_ref(*item))
    }
}

unsafe fn from_range(iterator: Object) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        let iterator = iterator.cast::<c::_PyRangeIterObject>();
        if (*iterator).len <= 0 {
            return None;
        }
        let value = (*iterator).start;
        (*iterator).start = value.wrapping_add((*iterator).step);
        (*iterator).len -= 1;
        Some(pool::int(value))
    }
}
