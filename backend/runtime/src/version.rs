//! Compiled code, and how it fares.

mod check;

use crate::{
    budget,
    frame::Frame,
    object::{Object, ThreadState},
    profile::ATTRIBUTES,
    seen::{Noted, Place},
    statistics::{self, VersionStatistics},
    stopwatch::Stopwatch,
    tag::Tag,
};
use check::Check;
use std::{
    any::Any,
    cell::Cell,
    time::{Duration, Instant},
};
use stepwell_abi::{CALLEE_LEFT, CANNOT_BEGIN, HOT, cpython::PyFunctionObject};
pub use stepwell_abi::{EXIT, EXIT_RAISING, NOT_BEGUN};

/// The body of a function: yields an owned object, null with an exception set and its traceback entry added, or
/// [`EXIT`] / [`EXIT_RAISING`].
pub type Body = unsafe extern "C-unwind" fn(*mut ThreadState, *mut Frame) -> Object;
/// The body of a function that runs without a frame, on its function and its arguments, which it borrows: yields an
/// owned object, null with an exception set, or [`EXIT`] with a record of its frame made.
pub type Leaf =
    unsafe extern "C-unwind" fn(*mut ThreadState, *mut PyFunctionObject, *const Object) -> Object;
/// One step of a generator: a [`Body`] that takes over what was sent and the frame's evaluation stack, and tells by
/// the state of its generator that it yields. [`NOT_BEGUN`] leaves both untouched.
pub type Step = unsafe extern "C-unwind" fn(*mut ThreadState, *mut Frame, Object) -> Object;

/// Machine code of one version.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// Of a function.
    Body(Body),
    /// Of a function that runs without a frame.
    Leaf(Leaf),
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

impl ExitSite {
    /// Whether the function is left here because a guess was wrong.
    pub fn is_guess(&self) -> bool {
        self.reason.starts_with(stepwell_abi::GUESS)
    }

    /// The attribute that a wrong guess was about.
    pub fn guessed_attribute(&self) -> Option<&str> {
        let (_, name) = self.reason.split_once(stepwell_abi::GUESSED_ATTRIBUTE)?;
        self.is_guess().then_some(name)
    }
}

/// Compiled code for one list of argument types. What every call needs comes first.
#[repr(C)]
pub struct Version {
    /// The machine code.
    pub entry: Entry,
    /// Zero when something that the machine code takes for known has changed; null if there is nothing.
    pub assumed: *const i64,
    /// What calls and loops of baseline code count down; null for code that is not baseline.
    pub patience: *mut i64,
    /// What its instructions met; null if it does not note that.
    pub seen: *const Noted,
    /// Which of their results those are.
    pub noted: Vec<Place>,
    /// The tag of each parameter (of each slot for a step); [`Tag::Any`] accepts everything.
    pub signature: Vec<Tag>,
    /// The exits, by their number in the machine code.
    pub exits: Vec<ExitSite>,
    /// The phases of the compilation and how long they took.
    pub phases: Vec<(String, Duration)>,
    /// The passes that ran in some of the phases and how long they took.
    pub passes: Vec<(String, Duration)>,
    /// Whether a new compilation with [`Wanted::generic`] could avoid exits of this one; it is replaced when it exits
    /// too often.
    pub speculative: bool,
    /// Whether one with [`Wanted::guesses`] unset could avoid exits of this one; it is replaced after few of them.
    pub guesses: bool,
    /// After so many calls the compiler is asked whether it could guess more by now; zero if it need not be.
    pub trial: u32,
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
    /// Whether results may be guessed to be numbers. Those of a version for this signature were wrong.
    pub guesses: bool,
    /// Whether baseline code will do: nothing tells yet that the function is called often.
    pub baseline: bool,
}

/// A version in use. What every call needs is in one cache line.
#[repr(C, align(64))]
pub(crate) struct Installed {
    /// How many arguments a plain call has that can go to it; [`NOT_PLAIN`] when none can.
    arity: Cell<usize>,
    /// What the arguments have to be, those of [`Tag::Any`] left out.
    checks: Box<[Check]>,
    calls: Cell<u64>,
    pub(crate) version: Version,
    exits: Vec<Cell<u64>>,
    all_exits: Cell<u64>,
    standing: Cell<Standing>,
    /// There is better code for it only as far as the budget goes.
    frugal: Cell<bool>,
    /// The patience that baseline code began with.
    all_patience: i64,
    /// When it had all its patience the last time.
    since: Cell<Instant>,
    /// How many calls went on in better code for the loop that they were in.
    replacements: Cell<u32>,
    /// What `arity` is when its trial is over.
    full_arity: usize,
    /// How many more calls there are in its trial.
    trial: Cell<u32>,
}

/// No call has so many arguments.
const NOT_PLAIN: usize = usize::MAX;

/// Whether arguments with these tags are what a signature says.
pub(crate) fn fits(signature: &[Tag], tags: &[Tag]) -> bool {
    let mut pairs = signature.iter().zip(tags);
    signature.len() == tags.len() && pairs.all(|(wanted, tag)| *wanted == Tag::Any || wanted == tag)
}

/// Whether a version can be chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    InUse,
    /// It left too often.
    Retired,
    /// It was compiled with other options than those of today.
    Outdated,
    /// It is baseline code, and has run so often that better code is worth its compilation.
    Hot,
}

/// What is known at the start of a call of baseline code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measurement {
    watch: Stopwatch,
    /// The patience that was left.
    patience: i64,
}

/// How many ways around a loop a call counts for.
const CALL: i64 = 50;
/// The time that counts for a way around a loop. It is long for one, but calls have other costs than loops.
const NANOSECONDS: u64 = 500;
/// The most that the time of one call counts for, in ways around a loop.
const LONG_CALL: i64 = 4_000;
/// Where the ways around loops are this far apart, calls that run are not worth better code: a way takes some 100 ns.
const RARE: Duration = Duration::from_micros(4);
/// The fewest ways around loops that say so.
const LEAST: u64 = 10_000;
/// So many long calls go on in better code for their loops before there is better code for calls.
const REPLACEMENTS: u32 = 4;
/// After so many calls the next one can be some times as long as the last, and is still short.
const OFTEN: u64 = 64;
/// How many times.
const LONGER: i64 = 8;
/// How many exits, and of how many calls one, make a version be compiled anew: the interpreter does the rest of such calls.
struct Limit {
    exits: u64,
    calls: u64,
}

/// For exits that a version without assumptions about the kinds of its arguments would not take.
const EXITS: [Limit; 1] = [Limit {
    exits: 256,
    calls: 2,
}];
/// For wrong guesses: what a right one saves is a small part of what an exit costs.
const WRONG_GUESSES: [Limit; 2] = [
    Limit { exits: 8, calls: 2 },
    Limit {
        exits: 256,
        calls: 32,
    },
];

impl Installed {
    /// `arity` is how many arguments a plain call has; `None` when the function has no plain calls without defaults.
    pub(crate) fn new(version: Version, arity: Option<usize>) -> Self {
        let exits = vec![Cell::new(0); version.exits.len()];
        let tags = version.signature.iter().copied().enumerate();
        let checks = tags
            .filter(|(_, tag)| *tag != Tag::Any)
            .map(|(index, tag)| Check::new(index, tag));
        // SAFETY: null, or a variable in the version's own module.
        let all_patience = unsafe { version.patience.as_ref() }.copied().unwrap_or(0);
        Self {
            checks: checks.collect(),
            arity: Cell::new(match version.trial {
                0 => arity.unwrap_or(NOT_PLAIN),
                _ => NOT_PLAIN,
            }),
            full_arity: arity.unwrap_or(NOT_PLAIN),
            trial: Cell::new(version.trial),
            version,
            calls: Cell::default(),
            exits,
            frugal: Cell::default(),
            all_patience,
            since: Cell::new(Instant::now()),
            replacements: Cell::default(),
            all_exits: Cell::default(),
            standing: Cell::new(Standing::InUse),
        }
    }

    /// What its instructions met.
    pub(crate) fn noted(&self) -> impl Iterator<Item = (Place, Noted)> {
        let noted = self.version.noted.iter().enumerate();
        // SAFETY: the table of the version's own module has a word for each.
        noted.map(|(index, place)| (*place, unsafe { *self.version.seen.add(index) }))
    }

    /// Whether it left so often that it is not chosen any more.
    pub(crate) fn is_retired(&self) -> bool {
        self.standing.get() == Standing::Retired
    }

    /// Whether another version takes its place, or it was compiled with other options than those of today.
    pub(crate) fn is_replaced(&self) -> bool {
        matches!(self.standing.get(), Standing::Outdated | Standing::Hot)
    }

    /// Whether it is baseline code that has run often.
    pub(crate) fn is_hot(&self) -> bool {
        self.standing.get() == Standing::Hot
    }

    /// Says that it has run often.
    pub(crate) fn heat(&self) {
        self.stand(Standing::Hot);
    }

    /// Says that a call has run long and goes on in better code for its loop. The next ones can do so, too: better code for
    /// whole calls is compiled when there are several, since many functions with long loops are called once or twice.
    pub(crate) fn replace(&self) {
        self.replacements.set(self.replacements.get() + 1);
        match self.replacements.get() < REPLACEMENTS {
            true => self.begin_anew(),
            false => self.heat(),
        }
    }

    /// Has it run to the end of its calls, since there is nothing better for them, or there is no time to make it now.
    pub(crate) fn stay(&self) {
        match self.cannot_afford() {
            true => self.begin_anew(),
            false => self.set_patience(i64::MAX),
        }
    }

    /// Compiles better code only as far as the [budget] goes, or without regard to it.
    pub(crate) fn set_frugal(&self, frugal: bool) {
        self.frugal.set(frugal);
    }

    fn cannot_afford(&self) -> bool {
        self.frugal.get() && !budget::is_left()
    }

    fn begin_anew(&self) {
        self.set_patience(self.all_patience);
        self.since.set(Instant::now());
    }

    fn set_patience(&self, loops: i64) {
        if let Some(patience) = self.patience() {
            patience.set(loops);
        }
    }

    /// Whether it left at an exit because it has run often.
    pub(crate) fn left_hot(&self, number: u16) -> bool {
        let site = self.version.exits.get(usize::from(number));
        site.is_some_and(|site| site.reason == HOT)
    }

    #[inline]
    fn patience(&self) -> Option<&Cell<i64>> {
        // SAFETY: null, or a variable in the version's own module, which nobody else refers to.
        unsafe { self.version.patience.cast::<Cell<i64>>().as_ref() }
    }

    /// Whether its calls are still counted before it is taken for good.
    #[inline(always)]
    pub(crate) fn is_on_trial(&self) -> bool {
        self.trial.get() > 0
    }

    /// Counts a call of the trial. Whether that was the last.
    pub(crate) fn ends_trial(&self) -> bool {
        let left = self.trial.get().saturating_sub(1);
        let ends = self.is_on_trial() && left == 0;
        self.trial.set(left);
        if ends && self.standing.get() == Standing::InUse {
            self.arity.set(self.full_arity);
        }
        ends
    }

    /// Whether it left by wrong guesses about attributes, and by no others.
    pub(crate) fn was_wrong_about_attributes_only(&self) -> bool {
        let sites = self.version.exits.iter().zip(&self.exits);
        let mut wrong = sites
            .filter(|(site, count)| site.is_guess() && count.get() > 0)
            .map(|(site, _)| site.guessed_attribute().is_some())
            .peekable();
        wrong.peek().is_some() && wrong.all(|attribute| attribute)
    }

    /// Takes it out of use, because the options have changed.
    pub(crate) fn outdate(&self) {
        self.stand(Standing::Outdated);
    }

    /// It is never chosen again.
    fn stand(&self, standing: Standing) {
        self.standing.set(standing);
        self.arity.set(NOT_PLAIN);
    }

    /// Whether it is in use, and a plain call with so many arguments needs no defaults.
    #[inline(always)]
    pub(crate) fn takes(&self, nargs: usize) -> bool {
        self.arity.get() == nargs && self.holds()
    }

    /// Whether it can be chosen.
    pub(crate) fn is_in_use(&self) -> bool {
        self.holds() && self.standing.get() == Standing::InUse
    }

    /// Whether nothing has changed that it takes for known.
    #[inline(always)]
    fn holds(&self) -> bool {
        let assumed = self.version.assumed;
        // SAFETY: the flag is in the version's own machine code.
        assumed.is_null() || unsafe { assumed.read_volatile() } != 0
    }

    /// Whether it can be chosen for arguments with these tags.
    pub(crate) fn accepts(&self, tags: &[Tag]) -> bool {
        self.is_in_use() && fits(&self.version.signature, tags)
    }

    /// Whether the arguments are what its signature says.
    ///
    /// # Safety
    /// `args` holds a live object for each parameter.
    pub(crate) unsafe fn accepts_arguments(&self, args: *const Object) -> bool {
        // SAFETY: as the caller's.
        self.checks.iter().all(|check| unsafe {
            let argument = *args.add(check.index);
            check.holds(argument) || check.looks_closer(argument)
        })
    }

    /// Whether the arguments are certainly what its signature says. They can be when they are not.
    ///
    /// # Safety
    /// As [`Installed::accepts_arguments`].
    #[inline(always)]
    pub(crate) unsafe fn surely_accepts(&self, args: *const Object) -> bool {
        // A loop, since this is part of every call: the iterator's methods do not become one.
        for check in &self.checks {
            // SAFETY: as the caller's.
            if unsafe { !check.holds(*args.add(check.index)) } {
                return false;
            }
        }
        true
    }

    /// Counts that it goes on in the middle of a call.
    pub(crate) fn count_entry(&self) {
        self.calls.set(self.calls.get() + 1);
    }

    /// Counts a call.
    #[inline]
    pub(crate) fn count_call(&self) {
        if !self.count_quickly() {
            self.run_out();
        }
    }

    /// Counts a call; false when it has used up the patience, and [`Installed::run_out`] has to follow.
    #[inline]
    pub(crate) fn count_quickly(&self) -> bool {
        self.count_entry();
        statistics::add_one(&statistics::CALLS);
        self.spend(CALL)
    }

    /// Measures a call of baseline code, for [`Installed::count_time`].
    #[inline]
    pub(crate) fn measure(&self) -> Option<Measurement> {
        self.patience().map(|patience| Measurement {
            watch: Stopwatch::start(),
            patience: patience.get(),
        })
    }

    /// Counts the time that a call has taken, with all that it called. One that took very long may have waited.
    ///
    /// Where the patience that is left would end in the middle of another such call, it ends now: that call can then run
    /// in better code from its start, which otherwise is compiled twice.
    #[inline]
    pub(crate) fn count_time(&self, begun: Option<Measurement>) {
        if let Some(begun) = begun {
            let loops = begun.watch.stop() / NANOSECONDS;
            self.take_patience(i64::try_from(loops).unwrap_or(i64::MAX).min(LONG_CALL));
            let left = self.patience().map_or(i64::MAX, Cell::get);
            let next = begun.patience.saturating_sub(left);
            let longest = match self.calls.get() < OFTEN {
                true => next,
                false => next.saturating_mul(LONGER),
            };
            if left < longest {
                self.take_patience(left.saturating_add(1));
            }
        }
    }

    /// How soon patience has to be used up. What needs longer is a tiny part of the program, and the time to compile it
    /// would not come back.
    fn most_time(&self) -> Duration {
        let loops = u64::try_from(self.all_patience).unwrap_or(0);
        RARE * u32::try_from(loops.max(LEAST)).unwrap_or(u32::MAX)
    }

    #[inline]
    fn take_patience(&self, loops: i64) {
        if !self.spend(loops) {
            self.run_out();
        }
    }

    /// Takes patience; false when none is left.
    #[inline]
    fn spend(&self, loops: i64) -> bool {
        self.patience().is_none_or(|patience| {
            let left = patience.get().saturating_sub(loops);
            patience.set(left);
            left >= 0
        })
    }

    /// Patience is used up.
    #[cold]
    pub(crate) fn run_out(&self) {
        if !self.is_in_use() {
            return;
        }
        match self.since.get().elapsed() < self.most_time() && !self.cannot_afford() {
            true => self.heat(),
            false => self.begin_anew(),
        }
    }

    /// Counts an exit; a version that exits most of the time is not chosen any more.
    pub(crate) fn count_exit(&self, number: u16) {
        statistics::add_one(&statistics::EXITS);
        if let Some(count) = self.exits.get(usize::from(number)) {
            count.set(count.get() + 1);
        }
        let sites = &self.version.exits;
        let site = sites.get(usize::from(number));
        if site.is_some_and(|site| [CANNOT_BEGIN, CALLEE_LEFT, HOT].contains(&site.reason.as_str()))
        {
            return;
        }
        if let Some(name) = site.and_then(ExitSite::guessed_attribute) {
            ATTRIBUTES.note(name, None);
        }
        self.all_exits.set(self.all_exits.get() + 1);
        let limits = match self.version.exits.get(usize::from(number)) {
            Some(site) if site.is_guess() => &WRONG_GUESSES[..],
            _ => &EXITS,
        };
        let exits = self.all_exits.get();
        let is_over = |limit: &Limit| {
            exits >= limit.exits && exits.saturating_mul(limit.calls) >= self.calls.get()
        };
        if self.is_in_use() && self.version.speculative && limits.iter().any(is_over) {
            self.stand(Standing::Retired);
        }
    }

    /// The statistics so far.
    ///
    /// `entry` is the offset of the loop that it begins at, if it does.
    pub(crate) fn statistics(&self, entry: Option<u32>) -> VersionStatistics {
        let counted = self
            .version
            .exits
            .iter()
            .cloned()
            .zip(self.exits.iter().map(Cell::get));
        VersionStatistics {
            signature: self.version.signature.clone(),
            baseline: !self.version.patience.is_null(),
            entry,
            phases: self.version.phases.clone(),
            passes: self.version.passes.clone(),
            calls: self.calls.get(),
            exits: counted.filter(|(_, count)| *count > 0).collect(),
        }
    }
}
