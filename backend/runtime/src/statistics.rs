//! Numbers about compiled code: of the process, of a code object, of one version.

use crate::{tag::Tag, version::ExitSite};
use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// Calls and exits of the whole process.
pub(crate) static CALLS: AtomicU64 = AtomicU64::new(0);
pub(crate) static EXITS: AtomicU64 = AtomicU64::new(0);
pub(crate) static COMPILATIONS: AtomicU64 = AtomicU64::new(0);
pub(crate) static LIVE_UNITS: AtomicU64 = AtomicU64::new(0);

/// Adds one without a locked instruction: the GIL orders the writers.
#[inline]
pub(crate) fn add_one(counter: &AtomicU64) {
    counter.store(counter.load(Relaxed) + 1, Relaxed);
}

/// The totals of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Calls (and generator steps) that entered compiled code.
    pub calls: u64,
    /// Exits from it.
    pub exits: u64,
    /// Versions compiled.
    pub compilations: u64,
    /// Code objects that have a unit now.
    pub units: u64,
}

/// The totals of the process so far.
pub fn totals() -> Totals {
    Totals {
        calls: CALLS.load(Relaxed),
        exits: EXITS.load(Relaxed),
        compilations: COMPILATIONS.load(Relaxed),
        units: LIVE_UNITS.load(Relaxed),
    }
}

/// The statistics of one version.
#[derive(Clone, Debug)]
pub struct VersionStatistics {
    /// Its signature.
    pub signature: Vec<Tag>,
    /// Whether it is baseline code.
    pub baseline: bool,
    /// The offset of the loop that it begins at, in the middle of a call.
    pub entry: Option<u32>,
    /// How long each phase of its compilation took.
    pub phases: Vec<(String, Duration)>,
    /// How long each pass took; one that ran several times is listed once.
    pub passes: Vec<(String, Duration)>,
    /// How often it was entered.
    pub calls: u64,
    /// How often it left, by place; places never left from are not listed.
    pub exits: Vec<(ExitSite, u64)>,
}

/// The statistics of a code object.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// One for each compilation.
    pub versions: Vec<VersionStatistics>,
    /// Calls that went to the interpreter from the start.
    pub interpreted: u64,
    /// Why the function is left to the interpreter, if it is.
    pub refusal: Option<String>,
    /// Whether all calls go to the interpreter for the time being.
    pub suspended: bool,
}
