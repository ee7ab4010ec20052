//! What is known of a code object: its compiled versions, and the statistics.
//!
//! A [`Unit`] hangs on its code object (a `co_extra` slot), whose deallocation drops it with the machine code. All of it
//! is protected by the GIL. A version that has been added stays until then, because frames may be running it.

use crate::{
    frame::Frame,
    object::{Object, ThreadState},
    tag::Tag,
};
use std::{
    any::Any,
    cell::{Cell, RefCell},
    ffi::c_void,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use stepwell_abi::cpython as c;
pub use stepwell_abi::{EXIT, EXIT_RAISING, NOT_BEGUN};

/// The body of a function: yields an owned object, null with an exception set and its traceback entry added, or
/// [`EXIT`] / [`EXIT_RAISING`].
pub type Body = unsafe extern "C" fn(*mut ThreadState, *mut Frame) -> Object;
/// One step of a generator: a [`Body`] that takes over what was sent and the frame's evaluation stack, and tells by
/// `sw_gen_suspend` that it yields. [`NOT_BEGUN`] leaves both untouched.
pub type Step = unsafe extern "C" fn(*mut ThreadState, *mut Frame, Object) -> Object;

/// Machine code of one version.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// Of a function.
    Body(Body),
    /// Of a generator or coroutine.
    Step(Step),
}

/// A place where compiled code leaves for the interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExitSite {
    /// The source line.
    pub line: u32,
    /// The offset of the bytecode instruction.
    pub offset: u32,
    /// What did not hold.
    pub reason: String,
}

/// Compiled code for one list of argument types.
pub struct Version {
    /// The tag of each parameter (of each slot for a step); [`Tag::Any`] accepts everything.
    pub signature: Vec<Tag>,
    /// The machine code.
    pub entry: Entry,
    /// The exits, by their number in the machine code.
    pub exits: Vec<ExitSite>,
    /// The phases of the compilation and how long they took.
    pub phases: Vec<(String, Duration)>,
    /// Whether a new compilation with [`Wanted::generic`] could avoid exits of this one; it is replaced when it exits
    /// too often.
    pub speculative: bool,
    /// Whatever has to live as long as the machine code; its drop frees it.
    pub keep: Box<dyn Any>,
}

/// What a version has to accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The tag of each parameter.
    pub signature: Vec<Tag>,
    /// Whether types must not be speculated on: there are too many versions, or one for this signature left too often
    /// (where from, its statistics tell).
    pub generic: bool,
}

/// A version in use.
pub(crate) struct Installed {
    pub(crate) version: Version,
    pub(crate) calls: Cell<u64>,
    exits: Vec<Cell<u64>>,
    all_exits: Cell<u64>,
    /// It left too often.
    retired: Cell<bool>,
    /// It was compiled with other options than those of today.
    outdated: Cell<bool>,
}

/// How many versions a unit has at most; the last one accepts all types.
const MOST_VERSIONS: usize = 8;
/// A version with at least this many exits, which are at least half of its calls, is compiled anew.
const MANY_EXITS: u64 = 256;

/// What stands between a code object and its compiled code.
pub struct Unit {
    code: *mut c::PyCodeObject,
    options: Box<dyn Any>,
    #[expect(
        clippy::vec_box,
        reason = "a version must stay where it is while more are added"
    )]
    versions: RefCell<Vec<Box<Installed>>>,
    compiling: Cell<bool>,
    refusal: RefCell<Option<String>>,
    interpreted: Cell<u64>,
}

/// Calls and exits of the whole process.
static CALLS: AtomicU64 = AtomicU64::new(0);
static EXITS: AtomicU64 = AtomicU64::new(0);
static COMPILATIONS: AtomicU64 = AtomicU64::new(0);
static LIVE_UNITS: AtomicU64 = AtomicU64::new(0);

/// Adds one without a locked instruction: the GIL orders the writers.
#[inline]
fn add_one(counter: &AtomicU64) {
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
    /// How long each phase of its compilation took.
    pub phases: Vec<(String, Duration)>,
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
}

impl Unit {
    /// The unit of a code object, if it has one. It lives as long as the code object.
    ///
    /// # Safety
    /// `code` is a live code object that outlives the result; the GIL is held.
    pub unsafe fn of<'a>(code: *mut c::PyCodeObject) -> Option<&'a Self> {
        let mut extra = std::ptr::null_mut();
        // SAFETY: the slot is ours alone: null or the unit that `attach` put there.
        unsafe {
            c::PyUnstable_Code_GetExtra(code.cast(), slot()?, &raw mut extra);
            extra.cast::<Self>().as_ref()
        }
    }

    /// Gives a code object a unit, unless it has one. `options` is for the compiler alone. `None` with an exception set
    /// when there is no memory.
    ///
    /// # Safety
    /// As [`Unit::of`].
    pub unsafe fn attach<'a>(
        code: *mut c::PyCodeObject,
        options: Box<dyn Any>,
    ) -> Option<&'a Self> {
        // SAFETY: as the caller's; the slot takes over the box, `release` gives it back.
        unsafe {
            if let Some(unit) = Self::of(code) {
                return Some(unit);
            }
            let unit = Box::into_raw(Box::new(Self::new(code, options)));
            if c::PyUnstable_Code_SetExtra(code.cast(), slot()?, unit.cast()) < 0 {
                drop(Box::from_raw(unit));
                return None;
            }
            Some(&*unit)
        }
    }

    fn new(code: *mut c::PyCodeObject, options: Box<dyn Any>) -> Self {
        add_one(&LIVE_UNITS);
        Self {
            code,
            options,
            versions: RefCell::default(),
            compiling: Cell::default(),
            refusal: RefCell::default(),
            interpreted: Cell::default(),
        }
    }

    /// The code object, borrowed: it owns the unit.
    pub fn code(&self) -> *mut c::PyCodeObject {
        self.code
    }

    /// What [`Unit::attach`] was given for the compiler.
    pub fn options(&self) -> &dyn Any {
        &*self.options
    }

    /// Leaves the function to the interpreter for good, and says why.
    pub fn refuse(&self, reason: String) {
        self.refusal.replace(Some(reason));
    }

    /// Takes all versions out of use and forgets a refusal, because the options have changed. What is running goes on,
    /// and the statistics stay.
    pub fn renew(&self) {
        for installed in self.versions.borrow().iter() {
            installed.outdated.set(true);
        }
        self.refusal.replace(None);
    }

    /// Whether calls with these tags find a version.
    pub fn has_version(&self, tags: &[Tag]) -> bool {
        self.version(tags).is_some()
    }

    /// Adds a version, from now on chosen for the tags in its signature.
    pub fn install(&self, version: Version) {
        add_one(&COMPILATIONS);
        self.versions
            .borrow_mut()
            .push(Box::new(Installed::new(version)));
    }

    /// The statistics so far.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            versions: self
                .versions
                .borrow()
                .iter()
                .map(|installed| installed.statistics())
                .collect(),
            interpreted: self.interpreted.get(),
            refusal: self.refusal.borrow().clone(),
        }
    }

    pub(crate) fn count_interpreted(&self) {
        self.interpreted.set(self.interpreted.get() + 1);
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.refusal.borrow().is_some()
    }

    /// The version for arguments with these tags. The reference stays good as long as the unit.
    pub(crate) fn version(&self, tags: &[Tag]) -> Option<&Installed> {
        let versions = self.versions.borrow();
        let found = versions
            .iter()
            .rev()
            .find(|installed| installed.accepts(tags))?;
        // SAFETY: versions are boxed and never removed while the unit lives.
        Some(unsafe { &*std::ptr::from_ref::<Installed>(found) })
    }

    /// The newest version of a step: any can resume any frame.
    pub(crate) fn step(&self) -> Option<(Step, &Installed)> {
        let versions = self.versions.borrow();
        let mut usable = versions
            .iter()
            .rev()
            .filter(|installed| installed.is_in_use());
        let (step, installed) = usable.find_map(|installed| match installed.version.entry {
            Entry::Step(step) => Some((step, installed)),
            Entry::Body(_) => None,
        })?;
        // SAFETY: versions are boxed and never removed while the unit lives.
        Some((step, unsafe {
            &*std::ptr::from_ref::<Installed>(installed)
        }))
    }

    /// What to compile for arguments with these tags.
    pub(crate) fn wanted(&self, tags: &[Tag]) -> Wanted {
        let versions = self.versions.borrow();
        let failed = versions
            .iter()
            .filter(|old| !old.outdated.get())
            .any(|old| old.retired.get() && old.version.signature == tags);
        if failed || self.current_versions() + 1 >= MOST_VERSIONS {
            return Wanted {
                signature: vec![Tag::Any; tags.len()],
                generic: true,
            };
        }
        Wanted {
            signature: tags.to_vec(),
            generic: false,
        }
    }

    /// Whether one more version may be added at all.
    pub(crate) fn has_room(&self) -> bool {
        self.current_versions() < MOST_VERSIONS
    }

    fn current_versions(&self) -> usize {
        self.versions
            .borrow()
            .iter()
            .filter(|installed| !installed.outdated.get())
            .count()
    }

    /// Marks the unit as being compiled while the result lives; `None` when it already is.
    pub(crate) fn begin_compiling(&self) -> Option<Compiling<'_>> {
        (!self.compiling.replace(true)).then_some(Compiling(self))
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        LIVE_UNITS.fetch_sub(1, Relaxed);
    }
}

/// Held while a unit is being compiled, so that calls it receives meanwhile are interpreted.
pub(crate) struct Compiling<'a>(&'a Unit);

impl Drop for Compiling<'_> {
    fn drop(&mut self) {
        self.0.compiling.set(false);
    }
}

impl Installed {
    fn new(version: Version) -> Self {
        let exits = vec![Cell::new(0); version.exits.len()];
        Self {
            version,
            calls: Cell::default(),
            exits,
            all_exits: Cell::default(),
            retired: Cell::default(),
            outdated: Cell::default(),
        }
    }

    fn is_in_use(&self) -> bool {
        !self.retired.get() && !self.outdated.get()
    }

    fn accepts(&self, tags: &[Tag]) -> bool {
        let signature = &self.version.signature;
        self.is_in_use()
            && signature.len() == tags.len()
            && signature
                .iter()
                .zip(tags)
                .all(|(wanted, tag)| *wanted == Tag::Any || wanted == tag)
    }

    #[inline]
    pub(crate) fn count_call(&self) {
        self.calls.set(self.calls.get() + 1);
        add_one(&CALLS);
    }

    /// Counts an exit; a version that exits most of the time is not chosen any more.
    pub(crate) fn count_exit(&self, number: u16) {
        add_one(&EXITS);
        if let Some(count) = self.exits.get(usize::from(number)) {
            count.set(count.get() + 1);
        }
        self.all_exits.set(self.all_exits.get() + 1);
        if self.version.speculative
            && self.all_exits.get() >= MANY_EXITS
            && self.all_exits.get() * 2 >= self.calls.get()
        {
            self.retired.set(true);
        }
    }

    fn statistics(&self) -> VersionStatistics {
        let counted = self
            .version
            .exits
            .iter()
            .cloned()
            .zip(self.exits.iter().map(Cell::get));
        VersionStatistics {
            signature: self.version.signature.clone(),
            phases: self.version.phases.clone(),
            calls: self.calls.get(),
            exits: counted.filter(|(_, count)| *count > 0).collect(),
        }
    }
}

/// The `co_extra` slot of this library; `None` when the interpreter has none left.
fn slot() -> Option<c::Py_ssize_t> {
    static SLOT: OnceLock<c::Py_ssize_t> = OnceLock::new();
    // SAFETY: every caller of this private function holds the GIL.
    let slot =
        *SLOT.get_or_init(|| unsafe { c::PyUnstable_Eval_RequestCodeExtraIndex(Some(release)) });
    (slot >= 0).then_some(slot)
}

/// The code object dies.
unsafe extern "C" fn release(unit: *mut c_void) {
    if !unit.is_null() {
        // SAFETY: the slot held the box that `attach` leaked into it, and is cleared by the caller.
        drop(unsafe { Box::from_raw(unit.cast::<Unit>()) });
    }
}
