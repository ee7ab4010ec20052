//! On-stack replacement: better code for a call that is in a loop of baseline code.
//!
//! Baseline code leaves a loop that has gone around often, as it leaves for the interpreter. The frame is complete then, and
//! a version that begins at the loop's backward jump can go on in it.

use crate::{
    compiler::{self, Outcome, Request},
    frame::{self, Frame},
    locals,
    object::{Object, ThreadState},
    stopwatch::compiling,
    tag::Tag,
    unit::Unit,
    version::{Body, Entry, Installed},
};
use stepwell_abi::cpython as c;

/// The version that goes on in a frame that baseline code has left. The frame is ready for it. `None` if there is none:
/// the frame is for the interpreter, and the baseline code does not leave so again.
///
/// # Safety
/// `frame` is the thread's current frame, linked and in interpreter state, which `left` has left at a backward jump; the
/// GIL is held.
pub(crate) unsafe fn find<'a>(
    ts: *mut ThreadState,
    frame: *mut Frame,
    left: &Installed,
) -> Option<(Body, &'a Installed)> {
    // SAFETY: the frame keeps function, code and unit alive.
    unsafe {
        locals::settle(ts, frame);
        let found = find_or_compile(ts, frame);
        let Some(found) = found else {
            left.stay();
            return None;
        };
        if left.is_in_use() {
            left.replace();
        }
        // What is on the stack moves out of the frame.
        (*frame).stacktop = (*frame::code(frame)).co_nlocalsplus;
        (*frame).return_offset = locals::RUNNING;
        Some(found)
    }
}

unsafe fn find_or_compile<'a>(
    ts: *mut ThreadState,
    frame: *mut Frame,
) -> Option<(Body, &'a Installed)> {
    // SAFETY: as the caller's.
    unsafe {
        let code = frame::code(frame);
        let unit = Unit::of(code).filter(|unit| !unit.is_refused() && unit.may_run(ts))?;
        let offset = u32::try_from(frame::offset(frame)).ok()?;
        let held = held(frame);
        if unit.loop_version(offset, &held).is_none() {
            if unit.cannot_afford() {
                return None;
            }
            let slots = (&raw const (*frame).localsplus).cast::<Object>();
            let request = Request {
                function: (*frame).f_funcobj.cast::<c::PyFunctionObject>(),
                unit,
                arguments: std::slice::from_raw_parts(slots, (*code).co_nlocalsplus as usize),
                entry: Some(offset),
                wanted: unit.wanted_loop(offset, held.clone())?,
            };
            let _compiling = unit.begin_compiling()?;
            let compiler = compiler::current()?;
            match compiling(|| compiler.compile(&request)) {
                Outcome::Version(version) => unit.install_loop(offset, version),
                Outcome::Raised => c::PyErr_Clear(),
                Outcome::Refused(_) | Outcome::Later => {}
            }
        }
        let installed = unit.loop_version(offset, &held)?;
        match installed.version.entry {
            Entry::Body(body) => Some((body, installed)),
            Entry::Leaf(_) | Entry::Step(_) => None,
        }
    }
}

/// The tags of the slots, and of what is on the evaluation stack.
unsafe fn held(frame: *mut Frame) -> Vec<Tag> {
    // SAFETY: below `stacktop` each place holds a live object or null.
    unsafe {
        let first = (&raw const (*frame).localsplus).cast::<Object>();
        let all = std::slice::from_raw_parts(first, (*frame).stacktop as usize);
        all.iter().map(|object| Tag::of_held(*object)).collect()
    }
}
