//! Which version a frame gets, and having it compiled when there is none.

use crate::{
    compiler::{self, Outcome, Request},
    event_loop,
    frame::{self, Frame},
    object::Object,
    stopwatch::compiling,
    tag::Tag,
    unit::Unit,
    version::{Entry, Installed, Step},
};
use stepwell_abi::cpython as c;

/// How many calls what is due waits for when the time for compiling is used up.
const CALLS_TO_WAIT: u32 = 200;

/// The entry that a frame gets.
pub(crate) enum Found<'a, E> {
    /// Compiled code.
    Entry(E, &'a Installed),
    /// The interpreter.
    None,
    /// A Python exception is set.
    Raised,
}

/// The entry for the arguments that are bound in a frame.
///
/// # Safety
/// The arguments are bound; nothing has run in the frame.
pub(crate) unsafe fn body<'a>(frame: *mut Frame, unit: &'a Unit) -> Found<'a, Entry> {
    let find = |tags: &[Tag]| {
        let installed = unit.version(tags)?;
        match installed.version.entry {
            Entry::Step(_) => None,
            entry => Some((entry, installed)),
        }
    };
    // SAFETY: as the caller's.
    unsafe {
        with_tags(frame, |tags| {
            find_or_compile(frame, unit, tags, || find(tags))
        })
    }
}

/// The step for a suspended frame. The tags of the parameters are what is in their slots now.
///
/// # Safety
/// `frame` is the frame of a suspended generator.
pub(crate) unsafe fn step<'a>(frame: *mut Frame, unit: &'a Unit) -> Found<'a, Step> {
    match unit.step() {
        Some((step, installed)) => Found::Entry(step, installed),
        // SAFETY: as the caller's.
        None => unsafe {
            with_tags(frame, |tags| {
                find_or_compile(frame, unit, tags, || unit.step())
            })
        },
    }
}

/// Has a version compiled when there is none; calls that arrive meanwhile are interpreted.
fn find_or_compile<'a, E>(
    frame: *mut Frame,
    unit: &'a Unit,
    tags: &[Tag],
    find: impl Fn() -> Option<(E, &'a Installed)>,
) -> Found<'a, E> {
    if let Some((entry, installed)) = find()
        && !(installed.is_on_trial()
            && installed.ends_trial()
            && could_guess_more(frame, unit, tags))
    {
        return Found::Entry(entry, installed);
    }
    let (true, Some(compiler)) = (unit.has_room(), compiler::current()) else {
        return Found::None;
    };
    if unit.waits() {
        return Found::None;
    }
    if unit.cannot_afford() {
        unit.wait(CALLS_TO_WAIT);
        return Found::None;
    }
    let Some(_compiling) = unit.begin_compiling() else {
        return Found::None;
    };
    match compiling(|| compiler.compile(&request(frame, unit, tags))) {
        Outcome::Version(version) => {
            unit.install(version);
            // SAFETY: the GIL is held, and only the main interpreter runs compiled code.
            unsafe { event_loop::take_over() }
        }
        Outcome::Refused(reason) => unit.refuse(reason),
        Outcome::Later => return Found::None,
        Outcome::Raised => return Found::Raised,
    }
    find().map_or(Found::None, |(entry, installed)| {
        Found::Entry(entry, installed)
    })
}

/// Whether a new version for the arguments of a frame could guess more.
#[cold]
fn could_guess_more(frame: *mut Frame, unit: &Unit, tags: &[Tag]) -> bool {
    let Some(compiler) = compiler::current() else {
        return false;
    };
    let Some(_compiling) = unit.begin_compiling() else {
        return false;
    };
    let more = unit.has_room()
        && unit.has_guesses_left()
        && compiler.could_guess_more(&request(frame, unit, tags));
    if more {
        unit.count_new_guesses();
    }
    more
}

fn request<'a>(frame: *mut Frame, unit: &'a Unit, tags: &[Tag]) -> Request<'a> {
    // SAFETY: the frame holds its function as long as it lives.
    let (function, arguments) = unsafe {
        (
            (*frame).f_funcobj.cast::<c::PyFunctionObject>(),
            arguments(frame),
        )
    };
    Request {
        function,
        unit,
        arguments,
        entry: None,
        wanted: unit.wanted(tags),
    }
}

/// Passes the tags of the parameters on.
unsafe fn with_tags<R>(frame: *mut Frame, use_tags: impl FnOnce(&[Tag]) -> R) -> R {
    // SAFETY: as the caller's.
    unsafe {
        let slots = arguments(frame);
        let mut few = [Tag::Object; 16];
        match few.get_mut(..slots.len()) {
            Some(few) => {
                for (tag, slot) in few.iter_mut().zip(slots) {
                    *tag = Tag::of(*slot);
                }
                use_tags(few)
            }
            None => use_tags(&slots.iter().map(|slot| Tag::of(*slot)).collect::<Vec<_>>()),
        }
    }
}

/// What is in the slots of the parameters: a live object or null in each.
unsafe fn arguments<'a>(frame: *mut Frame) -> &'a [Object] {
    // SAFETY: these slots come first, and are there as long as the frame.
    unsafe {
        let first = (&raw const (*frame).localsplus).cast::<Object>();
        std::slice::from_raw_parts(first, frame::parameter_slots(frame::code(frame)))
    }
}
