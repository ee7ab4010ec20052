//! Chains that stay linked between two items.
//!
//! Between two items of a loop that runs no Python code nobody can look at the generators which it iterates. So the ones in
//! the middle of the chain stay as they are while its end runs. [`settle`] suspends them, wherever somebody may look: where
//! compiled code is left, in a poll, where an object that is no number ends. There is no more than one such chain: whatever
//! else could iterate would be Python code.

use super::{
    delegate::{DELEGATES, ROOM, Ran, link_chain, receiver_of, run_chain, suspend_all},
    resume::{Resumed, begin, frame_of, ready},
};
use crate::{
    frame::{self, C_STACK_UNITS},
    object::{Object, ThreadState},
};
use std::{cell::Cell, ptr::null_mut};
use stepwell_abi::cpython as c;

/// A chain that is linked though it is suspended.
#[derive(Clone, Copy)]
pub struct Held {
    /// The generator that is iterated.
    outer: *mut c::PyGenObject,
    /// The last one that is linked.
    top: *mut c::PyGenObject,
    /// How many are.
    count: i32,
}

/// The chain in the hands of compiled code.
struct Chain(Cell<Held>);

// SAFETY: whoever uses it holds the GIL of the main interpreter, and gives it away in polls alone.
unsafe impl Sync for Chain {}

const NONE: Held = Held {
    outer: null_mut(),
    top: null_mut(),
    count: 0,
};

static CHAIN: Chain = Chain(Cell::new(NONE));

/// Suspends the generators of the chain that is held, if there is one.
///
/// # Safety
/// The GIL is held, and the running interpreter is the main one.
#[inline(always)]
pub unsafe fn settle() {
    if !CHAIN.0.get().outer.is_null() {
        // SAFETY: as the caller's.
        unsafe { settle_chain() }
    }
}

#[cold]
#[inline(never)]
unsafe fn settle_chain() {
    let held = CHAIN.0.replace(NONE);
    // SAFETY: the loop holds the generator, and each generator the next; none has run since.
    unsafe { suspend_all(frame_of(held.top), held.outer) };
}

/// Resumes a generator for a caller that runs no Python code until it asks for the next item.
///
/// # Safety
/// As of [`resume`](super::resume()).
pub unsafe fn next(ts: *mut ThreadState, generator: *mut c::PyGenObject, sent: Object) -> Resumed {
    let held = CHAIN.0.get();
    // SAFETY: as the caller's.
    unsafe {
        if held.outer == generator {
            CHAIN.0.set(NONE);
            return resume_held(ts, generator, held, sent);
        }
        settle();
        resume_and_hold(ts, generator, sent)
    }
}

/// As [`resume`](super::resume()), for a caller that holds the chain until it asks for the next item.
unsafe fn resume_and_hold(
    ts: *mut ThreadState,
    outer: *mut c::PyGenObject,
    sent: Object,
) -> Resumed {
    // SAFETY: as the caller's.
    unsafe {
        let Some(step) = ready(ts, outer, sent).filter(|_| (*outer).gi_frame_state == DELEGATES)
        else {
            return super::resume(ts, outer, sent);
        };
        (*ts).c_recursion_remaining -= C_STACK_UNITS;
        let room = Room::of(ts);
        let last = link_chain(ts, outer, sent);
        let resumed = match last == outer {
            true => begin(ts, outer, step, sent),
            false => match run_chain(ts, outer, last, sent) {
                Ran::Nothing => begin(ts, outer, step, sent),
                ran => hold(ts, outer, ran, room),
            },
        };
        (*ts).c_recursion_remaining += C_STACK_UNITS;
        resumed
    }
}

/// As [`resume_and_hold`], of a chain that is held.
unsafe fn resume_held(
    ts: *mut ThreadState,
    outer: *mut c::PyGenObject,
    held: Held,
    sent: Object,
) -> Resumed {
    // SAFETY: as the caller's; nothing has run since the chain was held.
    unsafe {
        let room = Room::of(ts);
        let left = room.remaining - held.count;
        let Some(last) = receiver_of(held.top, sent).filter(|_| left >= ROOM) else {
            suspend_all(frame_of(held.top), outer);
            return resume_and_hold(ts, outer, sent);
        };
        (*ts).c_recursion_remaining -= C_STACK_UNITS;
        (*ts).current_frame = frame_of(held.top);
        (*ts).exc_info = &raw mut (*held.top).gi_exc_state;
        (*ts).py_recursion_remaining = left;
        let last = link_chain(ts, last, sent);
        let ran = run_chain(ts, outer, last, sent);
        let resumed = hold(ts, outer, ran, room);
        (*ts).c_recursion_remaining += C_STACK_UNITS;
        resumed
    }
}

/// What is left of the recursion, and of how much.
#[derive(Clone, Copy)]
struct Room {
    remaining: i32,
    limit: i32,
}

impl Room {
    unsafe fn of(ts: *mut ThreadState) -> Self {
        // SAFETY: the caller's thread is the running one.
        unsafe {
            Self {
                remaining: (*ts).py_recursion_remaining,
                limit: (*ts).py_recursion_limit,
            }
        }
    }
}

/// Keeps what is linked so when there is an item.
unsafe fn hold(ts: *mut ThreadState, outer: *mut c::PyGenObject, ran: Ran, room: Room) -> Resumed {
    match ran {
        Ran::Inside(resumed) => {
            // SAFETY: as the caller's.
            unsafe { keep(ts, outer, room) };
            resumed
        }
        Ran::Whole(resumed) => resumed,
        Ran::Nothing => Resumed::NotOurs,
    }
}

/// Keeps a chain whose end has yielded linked up to `outer`, and goes back to the caller of that, who had so much room.
unsafe fn keep(ts: *mut ThreadState, outer: *mut c::PyGenObject, room: Room) {
    // SAFETY: `outer` and those behind it are linked; the current frame is that of the last of them.
    unsafe {
        // What ran may have set another limit.
        let remaining = room.remaining + (*ts).py_recursion_limit - room.limit;
        CHAIN.0.set(Held {
            outer,
            top: frame::generator((*ts).current_frame),
            count: remaining - (*ts).py_recursion_remaining,
        });
        (*ts).exc_info = (*outer).gi_exc_state.previous_item;
        (*ts).current_frame = (*frame_of(outer)).previous;
        (*ts).py_recursion_remaining = remaining;
    }
}
