//! All units of the process: those that live, and on request what is left of those that died.

use crate::{statistics::Statistics, unit::Unit};
use std::{cell::RefCell, collections::BTreeSet, ffi::CStr};
use stepwell_abi::cpython as c;

/// What there is to say about a code object.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its `co_filename`.
    pub filename: String,
    /// Its `co_qualname`.
    pub qualname: String,
    /// Its `co_firstlineno`.
    pub line: i32,
    /// How it fared.
    pub statistics: Statistics,
}

#[derive(Default)]
struct Census {
    living: BTreeSet<*const Unit>,
    dead: Vec<Record>,
    remembers: bool,
}

/// Protected by the GIL, which every caller of this module holds.
struct Guarded(RefCell<Census>);

// SAFETY: all functions of this module are called with the GIL held, and none of them releases it while it borrows.
unsafe impl Sync for Guarded {}

static CENSUS: Guarded = Guarded(RefCell::new(Census {
    living: BTreeSet::new(),
    dead: Vec::new(),
    remembers: false,
}));

/// Keeps the records of units that die from now on, if they were compiled or refused.
pub fn remember() {
    CENSUS.0.borrow_mut().remembers = true;
}

/// The records of all units that are or were.
///
/// # Safety
/// The GIL is held.
pub unsafe fn records() -> Vec<Record> {
    let census = CENSUS.0.borrow();
    // SAFETY: a unit leaves the set before it dies.
    let living = census.living.iter().map(|unit| unsafe { record(&**unit) });
    living.chain(census.dead.iter().cloned()).collect()
}

pub(crate) fn born(unit: *const Unit) {
    CENSUS.0.borrow_mut().living.insert(unit);
}

/// Called while the code object still has its names.
pub(crate) fn dies(unit: &Unit) {
    let mut census = CENSUS.0.borrow_mut();
    census.living.remove(&std::ptr::from_ref(unit));
    if census.remembers {
        // SAFETY: the unit's code object frees its extra slots before anything else.
        let record = unsafe { record(unit) };
        let statistics = &record.statistics;
        if !statistics.versions.is_empty() || statistics.refusal.is_some() {
            census.dead.push(record);
        }
    }
}

/// # Safety
/// The unit's code object has its names.
unsafe fn record(unit: &Unit) -> Record {
    // SAFETY: as the caller's.
    unsafe {
        let code = unit.code();
        Record {
            filename: text((*code).co_filename),
            qualname: text((*code).co_qualname),
            line: (*code).co_firstlineno,
            statistics: unit.statistics(),
        }
    }
}

/// # Safety
/// `text` is a str object.
unsafe fn text(text: *mut c::PyObject) -> String {
    // SAFETY: the buffer belongs to the object and ends with a zero.
    unsafe {
        let utf8 = c::PyUnicode_AsUTF8(text);
        if utf8.is_null() {
            // Lone surrogates, from a file name that is not UTF-8.
            c::PyErr_Clear();
            return "?".to_owned();
        }
        CStr::from_ptr(utf8).to_string_lossy().into_owned()
    }
}
