//! Chains of `yield from` and `await`.
//!
//! A generator that delegates does nothing while its receiver yields, so the innermost one of a chain is resumed at once.
//! The frames in between are linked, as the interpreter links them, for whoever looks; their code does not run. When
//! the receiver returns, the one that delegates to it begins a step behind its SEND, or ends at once if nothing is left to
//! do there.

use super::resume::{
    Resumed, begin, end, frame_of, interpret, may_begin, raise, ready, resume_at_last, run,
};
use crate::{
    frame::{self, Frame},
    object::{Object, Owned, ThreadState, decref, is_exactly, tuple_items},
    unit::Unit,
    version::{Installed, Step},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

/// How many code units SEND has, and SEND with the YIELD_VALUE behind it.
const SEND_UNITS: usize = 2;
const LOOP_UNITS: usize = SEND_UNITS + 1;
/// A recursion this deep is the ordinary way's to refuse.
pub const ROOM: i32 = 2;

/// The state of a generator that delegates to another.
pub const DELEGATES: i8 = c::_framestate_FRAME_SUSPENDED_YIELD_FROM as i8;

/// Resumes a suspended generator, or the one at the end of the chain that it delegates to.
///
/// # Safety
/// As of [`resume`](super::resume()), for a generator that can be resumed, with its step.
#[inline]
pub unsafe fn resume(
    ts: *mut ThreadState,
    outer: *mut c::PyGenObject,
    step: (Step, &Installed),
    sent: Object,
) -> Resumed {
    // SAFETY: as the caller's.
    unsafe {
        if (*outer).gi_frame_state == DELEGATES {
            resume_chain(ts, outer, step, sent)
        } else {
            begin(ts, outer, step, sent)
        }
    }
}

#[inline(never)]
unsafe fn resume_chain(
    ts: *mut ThreadState,
    outer: *mut c::PyGenObject,
    step: (Step, &Installed),
    sent: Object,
) -> Resumed {
    // SAFETY: as the caller's.
    unsafe {
        let last = link_chain(ts, outer, sent);
        if last == outer {
            return begin(ts, outer, step, sent);
        }
        match run_chain(ts, outer, last, sent) {
            Ran::Nothing => begin(ts, outer, step, sent),
            Ran::Inside(Resumed::Yielded(value)) => {
                suspend(ts, outer);
                Resumed::Yielded(value)
            }
            Ran::Inside(resumed) | Ran::Whole(resumed) => resumed,
        }
    }
}

/// Links the generators that delegate, from `first` on, on top of all frames. Yields the one at the end, which is not
/// linked.
///
/// # Safety
/// As of [`resume`](super::resume()), for the generators of the chain.
#[inline(always)]
pub unsafe fn link_chain(
    ts: *mut ThreadState,
    first: *mut c::PyGenObject,
    sent: Object,
) -> *mut c::PyGenObject {
    // SAFETY: each generator of the chain is held by the stack of the one before, which cannot run meanwhile.
    unsafe {
        let mut last = first;
        let (mut caller, mut handled) = ((*ts).current_frame, (*ts).exc_info);
        let mut room = (*ts).py_recursion_remaining;
        while (*last).gi_frame_state == DELEGATES && room >= ROOM {
            let Some(receiver) = receiver(last, sent) else {
                break;
            };
            let frame = frame_of(last);
            (*frame).instr_ptr = (*frame).instr_ptr.sub(LOOP_UNITS);
            (*frame).previous = caller;
            (*last).gi_exc_state.previous_item = handled;
            (*last).gi_frame_state = c::_framestate_FRAME_EXECUTING as i8;
            caller = frame;
            handled = &raw mut (*last).gi_exc_state;
            room -= 1;
            last = receiver;
        }
        (*ts).current_frame = caller;
        (*ts).exc_info = handled;
        (*ts).py_recursion_remaining = room;
        last
    }
}

/// What became of a chain.
pub enum Ran {
    /// There is an item, and the generators up to the outer one are linked.
    Inside(Resumed),
    /// The outer one has yielded or ended itself.
    Whole(Resumed),
    /// Nothing has happened, and nothing is linked.
    Nothing,
}

/// Resumes the end of a chain that is linked from `outer` up to it, and what delegates to it when it ends.
///
/// # Safety
/// As of [`link_chain`].
#[inline(always)]
pub unsafe fn run_chain(
    ts: *mut ThreadState,
    outer: *mut c::PyGenObject,
    mut last: *mut c::PyGenObject,
    sent: Object,
) -> Ran {
    // SAFETY: as `link_chain`.
    unsafe {
        let mut resumed = match ready(ts, last, sent) {
            Some(step) => begin(ts, last, step, sent),
            None => {
                last = last_compiled(ts, outer, last);
                if last == outer {
                    return Ran::Nothing;
                }
                resume_at_last(ts, last, sent)
            }
        };
        while last != outer {
            if let Resumed::Yielded(_) = resumed {
                return Ran::Inside(resumed);
            }
            last = frame::generator((*ts).current_frame);
            resumed = pass_on(ts, last, resumed);
        }
        Ran::Whole(resumed)
    }
}

/// The receiver of a generator that delegates, if it is a generator or coroutine that can be resumed.
#[inline(always)]
unsafe fn receiver(generator: *mut c::PyGenObject, sent: Object) -> Option<*mut c::PyGenObject> {
    // SAFETY: as the caller's.
    unsafe { receiver_of(generator, sent).filter(|_| is_in_loop(frame_of(generator))) }
}

/// The receiver of a generator that waits for it, if it is one that can be resumed.
///
/// # Safety
/// The generator has its receiver on top of its stack.
#[inline(always)]
pub unsafe fn receiver_of(
    generator: *mut c::PyGenObject,
    sent: Object,
) -> Option<*mut c::PyGenObject> {
    // SAFETY: as the caller's.
    unsafe {
        let frame = frame_of(generator);
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        let receiver = *slots.offset((*frame).stacktop as isize - 1);
        let is_ours = is_exactly(receiver, &raw const c::PyGen_Type)
            || is_exactly(receiver, &raw const c::PyCoro_Type);
        let receiver = receiver.cast::<c::PyGenObject>();
        (is_ours && may_begin(receiver, sent)).then_some(receiver)
    }
}

/// Whether a frame that delegates stands where the compiler of the bytecode puts it: in front of a RESUME behind a
/// YIELD_VALUE behind the SEND, which it goes back to.
#[inline(always)]
unsafe fn is_in_loop(frame: *mut Frame) -> bool {
    // SAFETY: the instruction pointer is in the frame's bytecode, which does not begin with a suspension.
    unsafe {
        let send = (*frame).instr_ptr.sub(LOOP_UNITS);
        matches!(u32::from((*send).op.code), c::SEND | c::SEND_GEN)
    }
}

/// Unlinks the end of a chain that is all the interpreter's, which resumes it in one go. Yields its first generator, or
/// `outer`.
#[inline(never)]
unsafe fn last_compiled(
    ts: *mut ThreadState,
    outer: *mut c::PyGenObject,
    mut last: *mut c::PyGenObject,
) -> *mut c::PyGenObject {
    // SAFETY: as `link_chain`.
    unsafe {
        while last != outer && Unit::of(frame::code(frame_of(last))).is_none() {
            let frame = (*ts).current_frame;
            let delegating = frame::generator(frame);
            if Unit::of(frame::code(frame)).is_some() {
                return last;
            }
            suspend(ts, delegating);
            last = delegating;
        }
        last
    }
}

/// Suspends the generators of a chain whose receiver has yielded: all that are linked, up to `outer`.
#[inline]
unsafe fn suspend(ts: *mut ThreadState, outer: *mut c::PyGenObject) {
    // SAFETY: as `link_chain`.
    unsafe {
        let (caller, handled, count) = suspend_all((*ts).current_frame, outer);
        (*ts).exc_info = handled;
        (*ts).current_frame = caller;
        (*ts).py_recursion_remaining += count;
    }
}

/// Makes the generators of a chain suspended ones, from that of a frame up to `outer`. Yields what was current below, and
/// how many they are.
///
/// # Safety
/// They are linked, and wait for their receivers.
#[inline(always)]
pub unsafe fn suspend_all(
    mut frame: *mut Frame,
    outer: *mut c::PyGenObject,
) -> (*mut Frame, *mut c::_PyErr_StackItem, i32) {
    // SAFETY: as the caller's.
    unsafe {
        let mut count = 0;
        loop {
            let generator = frame::generator(frame);
            let caller = std::mem::replace(&mut (*frame).previous, null_mut());
            let handled = &mut (*generator).gi_exc_state.previous_item;
            let handled = std::mem::replace(handled, null_mut());
            (*frame).instr_ptr = (*frame).instr_ptr.add(LOOP_UNITS);
            (*generator).gi_frame_state = DELEGATES;
            count += 1;
            if generator == outer {
                return (caller, handled, count);
            }
            frame = caller;
        }
    }
}

/// Brings a generator of the chain on, now that its receiver has ended. It is the topmost that is linked.
unsafe fn pass_on(
    ts: *mut ThreadState,
    generator: *mut c::PyGenObject,
    resumed: Resumed,
) -> Resumed {
    // SAFETY: as `link_chain`.
    unsafe {
        match resumed {
            Resumed::Returned(value) => end_send(ts, generator, value),
            _ => {
                frame::add_traceback(ts, frame_of(generator));
                raise(ts, generator)
            }
        }
    }
}

/// Goes on behind a SEND whose receiver has returned.
unsafe fn end_send(ts: *mut ThreadState, generator: *mut c::PyGenObject, value: Owned) -> Resumed {
    // SAFETY: as `link_chain`.
    unsafe {
        let frame = frame_of(generator);
        let distance = usize::from((*(*frame).instr_ptr).op.arg);
        (*frame).instr_ptr = (*frame).instr_ptr.add(SEND_UNITS + distance);
        if let Some(near) = End::of(frame) {
            return near.reach(ts, generator, value);
        }
        match Unit::of(frame::code(frame)).and_then(Unit::latest_step) {
            Some(step) => run(ts, generator, step, value),
            None => interpret(ts, generator, Some(value)),
        }
    }
}

/// What is left to do for a generator whose last statement delegates. No step is begun for it.
#[derive(Clone, Copy)]
enum End {
    /// What the receiver returned is returned.
    Pass,
    /// It is dropped, and this constant is returned.
    Constant(Object),
}

impl End {
    /// That of a frame in front of the END_SEND, if it is so near. Instructions that a tool watches are others.
    #[inline(always)]
    unsafe fn of(frame: *mut Frame) -> Option<Self> {
        // SAFETY: bytecode ends with an instruction that is none of the first two.
        unsafe {
            let at = |units: usize| (*(*frame).instr_ptr.add(units)).op;
            if u32::from(at(0).code) != c::END_SEND {
                return None;
            }
            match u32::from(at(1).code) {
                c::RETURN_VALUE => Some(Self::Pass),
                c::POP_TOP if u32::from(at(2).code) == c::RETURN_CONST => {
                    let constants = tuple_items((*frame::code(frame)).co_consts);
                    Some(Self::Constant(constants[usize::from(at(2).arg)]))
                }
                _ => None,
            }
        }
    }

    /// Does it: drops the receiver, and what it returned, and ends the generator.
    #[inline]
    unsafe fn reach(
        self,
        ts: *mut ThreadState,
        generator: *mut c::PyGenObject,
        value: Owned,
    ) -> Resumed {
        // SAFETY: as `link_chain`; the receiver is on top of the stack, which keeps what is below it.
        unsafe {
            let frame = frame_of(generator);
            (*frame).stacktop -= 1;
            let slots = (&raw mut (*frame).localsplus).cast::<Object>();
            decref(*slots.offset((*frame).stacktop as isize));
            let (units, result) = match self {
                Self::Pass => (1, value),
                Self::Constant(constant) => {
                    drop(value);
                    (2, Owned::share(constant))
                }
            };
            (*frame).instr_ptr = (*frame).instr_ptr.add(units);
            end(ts, generator, result.give())
        }
    }
}
