//! What attributes and functions were seen to yield, by their names: what a compilation may guess from.
//!
//! It is noted where it costs nothing, when a cache is filled or a function has been compiled. One table serves the whole
//! process; what a name stands for in one place it most likely stands for in others.

use crate::{
    object::{Object, is_exactly},
    ops,
    seen::{Kinds, NUMBERS, OTHER, kind},
};
use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};
use stepwell_abi::cpython as c;

/// More names are not remembered.
const MOST: usize = 1 << 16;

/// What was seen behind names of one sort.
pub struct Profile(LazyLock<Mutex<HashMap<String, Kinds>>>);

/// The attributes of instances.
pub static ATTRIBUTES: Profile = Profile::new();
/// The results of compiled functions.
pub static RESULTS: Profile = Profile::new();

impl Profile {
    const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    fn add(&self, name: &str, kinds: Kinds) {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = table.len() < MOST;
        match table.get_mut(name) {
            Some(known) => *known |= kinds,
            None if has_room => {
                table.insert(name.to_owned(), kinds);
            }
            None => {}
        }
    }

    /// Notes a number by its word, or something else.
    pub fn note(&self, name: &str, word: Option<&str>) {
        let number = NUMBERS.iter().find(|(_, known)| Some(*known) == word);
        self.add(name, number.map_or(OTHER, |(kind, _)| *kind));
    }

    /// The word for the number that a name stands for, if it stood for nothing else.
    pub fn word(&self, name: &str) -> Option<&'static str> {
        let table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kinds = *table.get(name)?;
        let number = NUMBERS.iter().find(|(kind, _)| *kind == kinds);
        number.map(|(_, word)| *word)
    }
}

/// Notes the value of an attribute.
///
/// # Safety
/// The objects are alive, `name` is a string; the GIL is held.
pub(crate) unsafe fn note_attribute(name: Object, value: Object) {
    // SAFETY: as the caller's; the text lives as long as the string.
    unsafe {
        let mut length = 0;
        let text = c::PyUnicode_AsUTF8AndSize(name, &raw mut length);
        if text.is_null() {
            return c::PyErr_Clear();
        }
        let text = std::slice::from_raw_parts(text.cast::<u8>(), length as usize);
        if let Ok(text) = std::str::from_utf8(text) {
            ATTRIBUTES.add(text, kind_of_attribute(value));
        }
    }
}

/// An int of more than one digit counts for something else: what is long once may well be too long for machine code.
unsafe fn kind_of_attribute(value: Object) -> Kinds {
    // SAFETY: as the caller's.
    unsafe {
        let is_long = is_exactly(value, &raw const c::PyLong_Type) && ops::digit(value).is_none();
        if is_long { OTHER } else { kind(value) }
    }
}

/// The value of an attribute of an instance, borrowed, if it can be found without running Python code.
///
/// # Safety
/// As [`note_attribute`].
pub unsafe fn peek(object: Object, name: Object) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe { ops::peek_attribute(object, name) }
}

/// As [`peek`], and notes it.
///
/// # Safety
/// As [`note_attribute`].
pub unsafe fn look_at(object: Object, name: Object) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        let value = peek(object, name)?;
        note_attribute(name, value);
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_kind_of_number_or_for_nothing() {
        let profile = Profile::new();
        assert_eq!(profile.word("x"), None);
        profile.note("x", Some("f64"));
        profile.note("x", Some("f64"));
        profile.note("y", None);
        assert_eq!((profile.word("x"), profile.word("y")), (Some("f64"), None));
        profile.note("x", Some("i64"));
        assert_eq!(profile.word("x"), None);
    }
}
