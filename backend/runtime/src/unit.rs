//! What is known of a code object: its compiled versions, and the statistics.
//!
//! A [`Unit`] hangs on its code object (a `co_extra` slot), whose deallocation drops it with the machine code. All of it
//! is protected by the GIL. A version that has been added stays until then, because frames may be running it.

mod recent;

use crate::{
    budget, census, extra,
    generator::Maker,
    monitoring,
    object::{Object, ThreadState},
    plain::Parameters,
    seen::{self, Place, Seen},
    statistics::{COMPILATIONS, LIVE_UNITS, add_one},
    tag::Tag,
    version::{Installed, fits},
};
pub use crate::{
    statistics::{Statistics, Totals, VersionStatistics, totals},
    version::{Body, EXIT, EXIT_RAISING, Entry, ExitSite, Leaf, NOT_BEGUN, Step, Version, Wanted},
};
use recent::Recent;
use std::{
    any::Any,
    cell::{Cell, OnceCell, RefCell},
    collections::BTreeMap,
    sync::atomic::Ordering::Relaxed,
    time::{Duration, Instant},
};
use stepwell_abi::cpython as c;

/// How many versions a unit has at most; the last one accepts all types.
const MOST_VERSIONS: usize = 8;
/// How many versions that begin at loops a unit has at most.
const MOST_LOOPS: usize = 16;
/// So often a unit is compiled anew because there is something else to guess from: that may change with each call.
const MOST_GUESSES: u32 = 4;
/// Calls with more time between them are not worth compiling for, if nobody has asked for it.
const FAR_APART: Duration = Duration::from_micros(200);

/// What stands between a code object and its compiled code.
pub struct Unit {
    code: *mut c::PyCodeObject,
    options: Box<dyn Any>,
    #[expect(
        clippy::vec_box,
        reason = "a version must stay where it is while more are added"
    )]
    versions: RefCell<Vec<Box<Installed>>>,
    /// Versions that begin at a loop, with its offset.
    loops: RefCell<Vec<(u32, Box<Installed>)>>,
    compiling: Cell<bool>,
    refusal: RefCell<Option<String>>,
    interpreted: Cell<u64>,
    /// The parameters of its plain calls; `None` when it has no plain calls.
    parameters: Option<Parameters>,
    /// The versions that were chosen last.
    recent: Recent,
    /// How many more calls are interpreted before one is worth compiling for.
    patience: Cell<u32>,
    /// How many calls have to come one soon after the other, and when the first of them was.
    run: Cell<Option<(u32, Instant)>>,
    /// Nothing of it is to run for the time being.
    suspended: Cell<bool>,
    /// Its functions are made by compiled code, and nobody has asked for them.
    nested: Cell<bool>,
    /// It is compiled only as far as the [budget] goes.
    frugal: Cell<bool>,
    /// The interpreter would compute something else.
    own: Cell<bool>,
    /// How often it was compiled anew because there was more to guess from.
    guessed_again: Cell<u32>,
    /// How its generators are made, once that is known.
    maker: OnceCell<Option<Maker>>,
}

impl Unit {
    /// Tells that its compiled code computes by rules of its own, which the interpreter does not have: it runs compiled
    /// also when somebody watches.
    pub fn compute_by_own_rules(&self) {
        self.own.set(true);
    }

    /// Whether its compiled code may run.
    ///
    /// # Safety
    /// As of [`monitoring::may_run`].
    #[inline]
    pub(crate) unsafe fn may_run(&self, ts: *mut ThreadState) -> bool {
        // SAFETY: the caller's thread state; the code object is that of this unit.
        unsafe {
            monitoring::may_run(ts, self.code) || self.own.get() && !monitoring::is_disabled()
        }
    }

    /// The unit of a code object, if it has one. It lives as long as the code object.
    ///
    /// # Safety
    /// `code` is a live code object that outlives the result; the GIL is held.
    #[inline]
    pub unsafe fn of<'a>(code: *mut c::PyCodeObject) -> Option<&'a Self> {
        // SAFETY: the slot is ours alone: null or the unit that `attach` put there.
        unsafe { extra::get((*code).co_extra).cast::<Self>().as_ref() }
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
            let parameters = Parameters::of(code);
            let unit = Box::into_raw(Box::new(Self::new(code, options, parameters)));
            if !extra::set(code, unit.cast()) {
                drop(Box::from_raw(unit));
                return None;
            }
            census::born(unit);
            Some(&*unit)
        }
    }

    fn new(
        code: *mut c::PyCodeObject,
        options: Box<dyn Any>,
        parameters: Option<Parameters>,
    ) -> Self {
        add_one(&LIVE_UNITS);
        Self {
            code,
            options,
            versions: RefCell::default(),
            loops: RefCell::default(),
            compiling: Cell::default(),
            refusal: RefCell::default(),
            interpreted: Cell::default(),
            parameters,
            recent: Recent::default(),
            patience: Cell::default(),
            run: Cell::default(),
            suspended: Cell::default(),
            nested: Cell::default(),
            frugal: Cell::default(),
            own: Cell::default(),
            guessed_again: Cell::default(),
            maker: OnceCell::new(),
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
        self.recent.forget();
        self.refusal.replace(Some(reason));
    }

    /// Takes all versions out of use and forgets a refusal, because the options have changed. What is running goes on,
    /// and the statistics stay.
    pub fn renew(&self) {
        let loops = self.loops.borrow();
        let versions = self.versions.borrow();
        for installed in versions
            .iter()
            .chain(loops.iter().map(|(_, version)| version))
        {
            installed.outdate();
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
        self.recent.forget();
        let arity = self.parameters.and_then(Parameters::arity);
        for old in self.versions.borrow().iter() {
            if old.is_in_use() && old.version.signature == version.signature {
                old.outdate();
            }
        }
        let installed = Installed::new(version, arity);
        installed.set_frugal(self.is_frugal());
        self.versions.borrow_mut().push(Box::new(installed));
    }

    /// What instructions of baseline code always met.
    pub fn seen(&self) -> BTreeMap<Place, Seen> {
        let versions = self.versions.borrow();
        seen::summary(versions.iter().flat_map(|installed| installed.noted()))
    }

    /// The statistics so far.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            versions: self
                .versions
                .borrow()
                .iter()
                .map(|installed| installed.statistics(None))
                .chain(
                    self.loops
                        .borrow()
                        .iter()
                        .map(|(offset, installed)| installed.statistics(Some(*offset))),
                )
                .collect(),
            interpreted: self.interpreted.get(),
            refusal: self.refusal.borrow().clone(),
            suspended: self.suspended.get(),
        }
    }

    pub(crate) fn count_interpreted(&self) {
        self.interpreted.set(self.interpreted.get() + 1);
    }

    /// Leaves all calls to the interpreter until [`Unit::resume`].
    pub fn suspend(&self) {
        self.suspended.set(true);
        self.recent.forget();
    }

    /// Ends [`Unit::suspend`].
    pub fn resume(&self) {
        self.suspended.set(false);
    }

    /// Whether all calls are left to the interpreter for the time being.
    pub fn is_suspended(&self) -> bool {
        self.suspended.get()
    }

    /// Leaves so many calls to the interpreter before one is worth compiling for.
    pub fn wait(&self, calls: u32) {
        self.patience.set(calls);
        self.run.set(None);
    }

    /// The same, but calls that are far apart are never worth compiling for.
    pub fn wait_for_run(&self, calls: u32) {
        self.patience.set(calls);
        self.run.set(Some((calls, Instant::now())));
    }

    /// Compiles it only as far as the [budget] goes, or without regard to it.
    pub fn set_frugal(&self, frugal: bool) {
        self.frugal.set(frugal);
        for version in self.versions.borrow().iter() {
            version.set_frugal(frugal);
        }
    }

    /// What [`Unit::set_frugal`] was told.
    pub fn is_frugal(&self) -> bool {
        self.frugal.get()
    }

    /// Whether the time for compiling it is used up.
    pub(crate) fn cannot_afford(&self) -> bool {
        self.frugal.get() && !budget::is_left()
    }

    /// Says whether functions of this code are compiled because compiled code makes them, and not because somebody asked.
    pub fn set_nested(&self, nested: bool) {
        self.nested.set(nested);
    }

    /// What [`Unit::set_nested`] was told.
    pub fn is_nested(&self) -> bool {
        self.nested.get()
    }

    /// Whether a call that no version fits is not worth compiling for yet. Counts the call.
    pub(crate) fn waits(&self) -> bool {
        let patience = self.patience.get();
        self.patience.set(patience.saturating_sub(1));
        if let (1, Some((calls, since))) = (patience, self.run.get())
            && since.elapsed() > FAR_APART * calls
        {
            self.wait_for_run(calls);
        }
        patience > 0
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.suspended.get() || self.refusal.borrow().is_some()
    }

    /// The version for arguments with these tags. The reference stays good as long as the unit.
    pub(crate) fn version(&self, tags: &[Tag]) -> Option<&Installed> {
        self.find_and_remember(|installed| installed.accepts(tags))
    }

    /// The version for these arguments, unless it is on trial: it is the one for their tags, which need not be known.
    ///
    /// # Safety
    /// `args` holds a live object for each parameter.
    #[inline]
    pub(crate) unsafe fn accepting(&self, args: *const Object) -> Option<&Installed> {
        // SAFETY: as the caller's.
        let accepts = |installed: &Installed| unsafe {
            installed.is_in_use() && installed.accepts_arguments(args)
        };
        let found = match self.latest()? {
            latest if accepts(latest) => latest,
            _ => self.find_and_remember(accepts)?,
        };
        (!found.is_on_trial()).then_some(found)
    }

    /// The newest version that is accepted. The reference stays good as long as the unit.
    fn find_and_remember(&self, accepts: impl Fn(&Installed) -> bool) -> Option<&Installed> {
        let versions = self.versions.borrow();
        let found = versions.iter().rev().find(|installed| accepts(installed))?;
        self.recent.choose(found);
        self.latest()
    }

    /// The version that was chosen last. It may be out of use by now.
    #[inline]
    pub(crate) fn latest(&self) -> Option<&Installed> {
        // SAFETY: versions are boxed and never removed while the unit lives.
        unsafe { self.recent.latest() }
    }

    /// Versions that were chosen before the latest. They may be out of use by now.
    #[inline]
    pub(crate) fn former(&self) -> impl Iterator<Item = &Installed> {
        // SAFETY: as `latest`.
        unsafe { self.recent.former() }
    }

    /// The parameters of its plain calls, if it has plain calls.
    #[inline]
    pub(crate) fn parameters(&self) -> Option<Parameters> {
        self.parameters
    }

    /// How its generators are made, if that is quick.
    ///
    /// # Safety
    /// The code object is not instrumented.
    #[inline]
    pub(crate) unsafe fn maker(&self) -> Option<&Maker> {
        // SAFETY: the code object is alive, as it owns the unit; for the rest as the caller's.
        let maker = || unsafe { Maker::of(self.code) };
        self.maker.get_or_init(maker).as_ref()
    }

    /// The step that was taken last, if nothing has happened that could make it another.
    #[inline(always)]
    pub(crate) fn latest_step(&self) -> Option<(Step, &Installed)> {
        let installed = self.latest()?;
        match installed.version.entry {
            Entry::Step(step) if installed.is_in_use() => Some((step, installed)),
            _ => None,
        }
    }

    /// The newest version of a step: any can resume any frame.
    pub(crate) fn step(&self) -> Option<(Step, &Installed)> {
        if let Some(latest) = self.latest_step() {
            return Some(latest);
        }
        let versions = self.versions.borrow();
        let mut usable = versions
            .iter()
            .rev()
            .filter(|installed| installed.is_in_use());
        let (step, installed) = usable.find_map(|installed| match installed.version.entry {
            Entry::Step(step) => Some((step, installed)),
            Entry::Body(_) | Entry::Leaf(_) => None,
        })?;
        if !self.is_refused() {
            self.recent.choose(installed);
        }
        // SAFETY: versions are boxed and never removed while the unit lives.
        Some((step, unsafe {
            &*std::ptr::from_ref::<Installed>(installed)
        }))
    }

    /// What to compile for arguments with these tags.
    pub(crate) fn wanted(&self, tags: &[Tag]) -> Wanted {
        let versions = self.versions.borrow();
        let mut failed = versions
            .iter()
            .filter(|old| !old.is_replaced())
            .filter(|old| old.is_retired() && fits(&old.version.signature, tags))
            // What is known of their names has changed.
            .filter(|old| !old.was_wrong_about_attributes_only())
            .peekable();
        let guessed = failed.peek().is_some();
        if failed.any(|old| !old.version.guesses) || self.current_versions() + 1 >= MOST_VERSIONS {
            return Wanted {
                signature: vec![Tag::Any; tags.len()],
                generic: true,
                guesses: false,
                baseline: false,
            };
        }
        let mut hot = versions
            .iter()
            .filter(|old| old.is_hot() && fits(&old.version.signature, tags));
        Wanted {
            signature: tags.to_vec(),
            generic: false,
            guesses: !guessed,
            baseline: !guessed && hot.next().is_none(),
        }
    }

    /// The version that begins at a loop in a frame that holds this. The reference stays good as long as the unit.
    pub(crate) fn loop_version(&self, offset: u32, held: &[Tag]) -> Option<&Installed> {
        let loops = self.loops.borrow();
        let fits = |(at, installed): &&(u32, Box<Installed>)| {
            *at == offset && installed.version.signature == held && installed.is_in_use()
        };
        let found = loops.iter().find(fits).map(|(_, installed)| &**installed);
        // SAFETY: versions are boxed and never removed while the unit lives.
        found.map(|installed| unsafe { &*std::ptr::from_ref::<Installed>(installed) })
    }

    /// What to compile for a loop; `None` when there are enough versions.
    pub(crate) fn wanted_loop(&self, offset: u32, held: Vec<Tag>) -> Option<Wanted> {
        let loops = self.loops.borrow();
        let left = |(at, old): &(u32, Box<Installed>)| *at == offset && old.is_retired();
        (loops.len() < MOST_LOOPS).then(|| Wanted {
            signature: held,
            generic: false,
            guesses: !loops.iter().any(left),
            baseline: false,
        })
    }

    /// Adds a version that begins at a loop.
    pub(crate) fn install_loop(&self, offset: u32, version: Version) {
        add_one(&COMPILATIONS);
        let installed = Box::new(Installed::new(version, None));
        self.loops.borrow_mut().push((offset, installed));
    }

    /// Whether it may be compiled anew when there is something else to guess from.
    pub(crate) fn has_guesses_left(&self) -> bool {
        self.guessed_again.get() < MOST_GUESSES
    }

    /// Counts that it is.
    pub(crate) fn count_new_guesses(&self) {
        self.guessed_again.set(self.guessed_again.get() + 1);
    }

    /// Whether one more version may be added at all.
    pub(crate) fn has_room(&self) -> bool {
        self.current_versions() < MOST_VERSIONS
    }

    fn current_versions(&self) -> usize {
        self.versions
            .borrow()
            .iter()
            .filter(|installed| !installed.is_replaced())
            .count()
    }

    /// Marks the unit as being compiled while the result lives; `None` when it already is.
    pub(crate) fn begin_compiling(&self) -> Option<Compiling<'_>> {
        (!self.compiling.replace(true)).then(|| Compiling(self))
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        census::dies(self);
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
