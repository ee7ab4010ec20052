//! Writes to the locals of a running frame, through `frame.f_locals`.
//!
//! Compiled code keeps locals in registers and borrows what their slots own, so a slot must not change behind its back.
//! While compiled code runs a frame, the frame carries [`RUNNING`]. A write to it then
//!
//! - keeps the old object, which compiled code may be using, and the new one;
//! - sets [`LOCALS_WRITTEN`] in the eval breaker, so that the next `py.check_frame` leaves to the interpreter;
//! - is repeated when the frame has left ([`settle`]), because leaving stores the locals that were in registers.
//!
//! Such checks stand behind the instructions in which this is usually done. In any other the write is refused with
//! `RuntimeError`. Variables in cells, names that are no variables, and frames that the interpreter runs are written as
//! ever.

mod proxy;

pub(crate) use proxy::patch;

use crate::{
    frame::{self, Frame},
    object::{Object, Owned, ThreadState, is_exactly, new_ref, tuple_items, xdecref},
};
use proxy::{ORIGINALS, Originals};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering::Relaxed},
};
use stepwell_abi::{LOCALS_WRITTEN, cpython as c};

/// The `return_offset` of a frame that compiled code runs. The interpreter sets the field when it calls from a frame, and
/// compiled code when it leaves.
pub(crate) const RUNNING: u16 = u16::MAX;

/// The writes to frames that have not left compiled code since.
static WRITES: Mutex<Vec<Write>> = Mutex::new(Vec::new());

/// A write to a frame that compiled code runs.
struct Write {
    /// The frame object. It follows its frame, so it tells whether that is still there.
    object: Owned,
    slot: usize,
    /// What the slot held.
    _old: Option<Owned>,
    new: Owned,
}

// SAFETY: these are references, and whoever uses them holds the GIL.
unsafe impl Send for Write {}

impl Write {
    /// The frame that was written to, wherever it is now.
    unsafe fn frame(&self) -> *mut Frame {
        // SAFETY: a frame object has a frame as long as it lives.
        unsafe { (*self.object.get().cast::<c::PyFrameObject>()).f_frame }
    }

    /// Writes again.
    unsafe fn repeat(&self) {
        // SAFETY: the slot is the frame's, and owns what it holds.
        unsafe {
            let place = slots(self.frame()).add(self.slot);
            let before = std::ptr::replace(place, new_ref(self.new.get()));
            xdecref(before);
        }
    }
}

/// Repeats what was written to the locals of a frame that has left compiled code.
///
/// # Safety
/// The frame is in interpreter state and `ts` is the running thread's state; the GIL is held.
#[inline]
pub(crate) unsafe fn settle(ts: *mut ThreadState, frame: *mut Frame) {
    // SAFETY: as the caller's.
    unsafe {
        if (*ts).eval_breaker & LOCALS_WRITTEN != 0 {
            settle_written(ts, frame);
        }
    }
}

#[cold]
unsafe fn settle_written(ts: *mut ThreadState, frame: *mut Frame) {
    // SAFETY: as the caller's. References are dropped when the lock is free, since that can run Python code.
    unsafe {
        let taken = std::mem::take(&mut *writes());
        let is_waiting = |write: &Write| write.frame() != frame && is_running(write.frame());
        let (waiting, done): (Vec<_>, Vec<_>) = taken.into_iter().partition(is_waiting);
        let nothing_waits = {
            let mut writes = writes();
            writes.splice(0..0, waiting);
            writes.is_empty()
        };
        if nothing_waits {
            for_each_breaker(ts, |breaker| {
                breaker.fetch_and(!LOCALS_WRITTEN, Relaxed);
            });
        }
        for write in done.iter().filter(|write| write.frame() == frame) {
            write.repeat();
        }
    }
}

/// Writes to a frame in the interpreter's way, and takes note of what has changed if compiled code runs it. `None` with
/// an exception set when compiled code would not see it. `key` is what is written, if that is only one.
unsafe fn writing<R>(
    proxy: Object,
    key: Option<Object>,
    write: impl FnOnce(&Originals) -> R,
) -> Option<R> {
    // SAFETY: the proxy's frame object is alive, and the slots own what they hold.
    unsafe {
        let originals = ORIGINALS.get()?;
        let object = (*proxy.cast::<c::PyFrameLocalsProxyObject>()).frame;
        if !is_running((*object).f_frame) {
            return Some(write(originals));
        }
        if key.is_none_or(|key| may_be_in_slot((*object).f_frame, key))
            && !is_checked((*object).f_frame)
        {
            let key = key.unwrap_or(proxy);
            c::PyErr_Format(
                c::PyExc_RuntimeError,
                c"cannot assign to the local variable %R of a frame that runs compiled code"
                    .as_ptr(),
                key,
            );
            return None;
        }
        let frame_object = Owned::steal(new_ref(object.cast()))?;
        let count = (*frame::code((*object).f_frame)).co_nlocalsplus as usize;
        let hold = |slot| {
            let value = *slots((*object).f_frame).add(slot);
            (!value.is_null())
                .then(|| Owned::steal(new_ref(value)))
                .flatten()
        };
        let before: Vec<_> = (0..count).map(hold).collect();
        let result = write(originals);
        note(&frame_object, before, hold);
        Some(result)
    }
}

/// Takes note of the slots whose content has changed.
unsafe fn note(object: &Owned, before: Vec<Option<Owned>>, hold: impl Fn(usize) -> Option<Owned>) {
    let mut changed = Vec::new();
    for (slot, old) in before.into_iter().enumerate() {
        let new = hold(slot);
        let same = old.as_ref().map(Owned::get) == new.as_ref().map(Owned::get);
        // SAFETY: the frame object is alive.
        let object = unsafe { Owned::steal(new_ref(object.get())) };
        if let (false, Some(new), Some(object)) = (same, new, object) {
            changed.push(Write {
                object,
                slot,
                _old: old,
                new,
            });
        }
    }
    if !changed.is_empty() {
        writes().append(&mut changed);
        // SAFETY: the caller holds the GIL.
        unsafe {
            for_each_breaker(c::PyThreadState_GetUnchecked(), |breaker| {
                breaker.fetch_or(LOCALS_WRITTEN, Relaxed);
            });
        }
    }
}

/// The list, which no panic leaves in disorder.
fn writes() -> std::sync::MutexGuard<'static, Vec<Write>> {
    WRITES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether compiled code runs a frame.
unsafe fn is_running(frame: *mut Frame) -> bool {
    // SAFETY: the caller's frame is alive.
    unsafe { (*frame).return_offset == RUNNING }
}

unsafe fn slots(frame: *mut Frame) -> *mut Object {
    // SAFETY: the caller's frame is alive.
    unsafe { (&raw mut (*frame).localsplus).cast() }
}

/// Whether a key can be the name of a local variable that is in no cell: it is, or it is no string and can equal all.
unsafe fn may_be_in_slot(frame: *mut Frame, key: Object) -> bool {
    // SAFETY: a code object has a name for each slot.
    unsafe {
        let names = tuple_items((*frame::code(frame)).co_localsplusnames);
        !is_exactly(key, &raw const c::PyUnicode_Type)
            || names.iter().enumerate().any(|(slot, name)| {
                is_in_no_cell(frame, slot) && c::PyUnicode_Compare(*name, key) == 0
            })
    }
}

/// Whether a slot holds a variable itself.
unsafe fn is_in_no_cell(frame: *mut Frame, slot: usize) -> bool {
    const CELLS: u32 = c::CO_FAST_CELL | c::CO_FAST_FREE;
    // SAFETY: a code object has a kind for each slot, which the caller's is.
    unsafe {
        let kinds = (*frame::code(frame))
            .co_localspluskinds
            .cast::<c::PyBytesObject>();
        let kind = (&raw const (*kinds).ob_sval).cast::<u8>().add(slot);
        u32::from(*kind) & CELLS == 0
    }
}

/// Whether a local that is no parameter has a value. In a frame that has not begun somebody has written it.
///
/// # Safety
/// The frame is alive and complete.
#[cold]
pub(crate) unsafe fn is_any_bound(frame: *mut Frame) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        let code = frame::code(frame);
        (frame::parameter_slots(code)..(*code).co_nlocalsplus as usize)
            .any(|slot| is_in_no_cell(frame, slot) && !(*slots(frame).add(slot)).is_null())
    }
}

/// Whether a check stands behind the instruction that a frame executes. The frontend has the same list.
unsafe fn is_checked(frame: *mut Frame) -> bool {
    // SAFETY: the offset is that of an instruction; the copy of the bytecode has its original opcodes.
    unsafe {
        let Some(code) = Owned::steal(c::PyCode_GetCode(frame::code(frame))) else {
            c::PyErr_Clear();
            return false;
        };
        let bytes = c::PyBytes_AsString(code.get()).cast::<u8>();
        let mut instruction = bytes.offset(frame::offset(frame) as isize);
        while u32::from(*instruction) == c::EXTENDED_ARG {
            instruction = instruction.add(2);
        }
        match u32::from(*instruction) {
            c::CALL | c::CALL_KW | c::CALL_FUNCTION_EX | c::BEFORE_WITH | c::STORE_SUBSCR => true,
            c::IMPORT_NAME | c::WITH_EXCEPT_START => true,
            c::BINARY_OP => u32::from(*instruction.add(1)) == c::NB_INPLACE_OR,
            _ => false,
        }
    }
}

/// Visits the eval breakers of all threads.
unsafe fn for_each_breaker(ts: *mut ThreadState, visit: impl Fn(&AtomicUsize)) {
    // SAFETY: threads come and go under the GIL, which the caller holds; breakers are changed atomically by all.
    unsafe {
        let mut thread = c::PyInterpreterState_ThreadHead((*ts).interp);
        while !thread.is_null() {
            visit(AtomicUsize::from_ptr(&raw mut (*thread).eval_breaker));
            thread = c::PyThreadState_Next(thread);
        }
    }
}
