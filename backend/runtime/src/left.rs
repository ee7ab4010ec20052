//! Calls that had no frame when they left for the interpreter.
//!
//! Compiled code that nobody can watch runs without a frame: a function that computes on its arguments and calls
//! nothing but itself. When such a call leaves, it completes a frame in a [record](begin), and returns; a caller without
//! a frame does the same and returns, too, until there is one that has a frame. Then the frames are pushed, outermost
//! first, and the interpreter goes on in each of them, innermost first ([`go_on`]). No Python code runs in between, so
//! what the calls saw in the meantime is still true.

use crate::{
    exit,
    frame::{self, Frame},
    object::{Object, Owned, ThreadState, decref, new_ref, tuple_items, xdecref},
    unit::Unit,
};
use std::{cell::RefCell, ptr::null_mut};
use stepwell_abi::cpython as c;

/// A frame outside of the data stack.
type Record = Box<[Object]>;

thread_local! {
    /// The calls that left, innermost first.
    static RECORDS: RefCell<Vec<Record>> = const { RefCell::new(Vec::new()) };
}

/// Begins the record of a call of `function` that leaves, with empty slots, and yields its frame, which is to be
/// completed.
///
/// # Safety
/// `function` is a function object; the GIL is held.
pub(crate) unsafe fn begin(function: *mut c::PyFunctionObject) -> *mut Frame {
    // SAFETY: the code object tells how large its frames are; all fields are pointers or smaller.
    unsafe {
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        let mut record: Record = vec![null_mut(); (*code).co_framesize as usize].into();
        let frame = record.as_mut_ptr().cast::<Frame>();
        (*frame).f_executable = new_ref(code.cast());
        (*frame).f_funcobj = new_ref(function.cast());
        (*frame).f_globals = (*function).func_globals;
        (*frame).f_builtins = (*function).func_builtins;
        (*frame).instr_ptr = frame::first_instruction(code);
        (*frame).stacktop = (*code).co_nlocalsplus;
        (*frame).owner = c::_frameowner_FRAME_OWNED_BY_THREAD as _;
        RECORDS.with_borrow_mut(|records| records.push(record));
        frame
    }
}

/// Lets the interpreter finish the calls that left, and yields the result of the outermost one: a new reference, or null
/// with an exception set.
///
/// # Safety
/// There is a record, and the thread's current frame is that of the caller of the outermost call.
pub(crate) unsafe fn go_on(ts: *mut ThreadState) -> Object {
    // SAFETY: as the caller's; each frame is on top of the data stack and of the thread's frames when its turn comes.
    unsafe {
        let frames = push_all(ts, RECORDS.take());
        let mut result = None;
        for frame in frames {
            let ready = match result {
                None => {
                    count_exit(frame);
                    true
                }
                Some(value) => finish_call(ts, frame, value),
            };
            // These calls use no C stack; that of one is given back.
            (*ts).c_recursion_remaining -= frame::C_STACK_UNITS;
            result = Some(if ready {
                exit::resume(ts, frame)
            } else {
                exit::resume_raising(ts, frame)
            });
        }
        result.unwrap_or(null_mut())
    }
}

/// Completes the call that a frame is in the middle of: its result is put on the stack, and the next instruction
/// follows. False when there is none, because the call raised: the traceback has an entry for the frame then.
///
/// # Safety
/// `frame` is the thread's current frame, at a CALL whose operands are gone; `result` is a new reference, or null with
/// an exception set.
pub(crate) unsafe fn finish_call(ts: *mut ThreadState, frame: *mut Frame, result: Object) -> bool {
    /// A CALL with its caches.
    const CALL_UNITS: usize = 4;
    // SAFETY: as the caller's.
    unsafe {
        if result.is_null() {
            frame::add_traceback(ts, frame);
            return false;
        }
        frame::skip_prefix(frame);
        (*frame).instr_ptr = (*frame).instr_ptr.add(CALL_UNITS);
        frame::push_value(frame, result);
        true
    }
}

/// Pushes and links the frames, and yields them, innermost first. When memory is short there are none, and an exception
/// is set.
unsafe fn push_all(ts: *mut ThreadState, records: Vec<Record>) -> Vec<*mut Frame> {
    let mut frames = Vec::with_capacity(records.len());
    for record in records.iter().rev() {
        // SAFETY: as the caller's.
        match unsafe { push(ts, record) } {
            Some(frame) => frames.push(frame),
            None => return Vec::new(),
        }
    }
    frames.reverse();
    frames
}

/// Moves a record to the data stack.
unsafe fn push(ts: *mut ThreadState, record: &Record) -> Option<*mut Frame> {
    // SAFETY: a record is as large as the frame. The frame has references of its own to function and code, and nothing
    // but `None` in its slots, before all of it is overwritten.
    unsafe {
        let kept = record.as_ptr().cast::<Frame>();
        let function = (*kept).f_funcobj;
        let code = (*kept).f_executable;
        let code_object = code.cast::<c::PyCodeObject>();
        let positional = (*code_object).co_argcount as usize;
        let count = positional + (*code_object).co_kwonlyargcount as usize;
        let arguments = vec![&raw mut c::_Py_NoneStruct; count];
        let names = Owned::steal(c::PyTuple_GetSlice(
            (*code_object).co_localsplusnames,
            positional as c::Py_ssize_t,
            count as c::Py_ssize_t,
        ))?;
        let arguments = arguments.as_ptr();
        let frame = frame::push(ts, function.cast(), arguments, positional, names.get());
        if frame.is_null() {
            return None;
        }
        decref(function);
        decref(code);
        std::ptr::copy_nonoverlapping(record.as_ptr(), frame.cast(), record.len());
        copy_closure(frame);
        frame::link(ts, frame);
        Some(frame)
    }
}

/// Puts the cells of the closure into their slots, unless the frame has yet to do so (COPY_FREE_VARS begins a function).
unsafe fn copy_closure(frame: *mut Frame) {
    // SAFETY: a frame has a slot for each cell of the closure, behind those of all other locals.
    unsafe {
        let code = frame::code(frame);
        let count = (*code).co_nfreevars as usize;
        if count == 0 || (*frame).instr_ptr <= frame::first_instruction(code) {
            return;
        }
        let first = (*code).co_nlocalsplus as usize - count;
        let slots = (&raw mut (*frame).localsplus).cast::<Object>().add(first);
        let closure = (*(*frame).f_funcobj.cast::<c::PyFunctionObject>()).func_closure;
        for (index, cell) in tuple_items(closure).iter().enumerate().take(count) {
            xdecref(slots.add(index).replace(new_ref(*cell)));
        }
    }
}

/// Counts the exit that a frame was left by.
unsafe fn count_exit(frame: *mut Frame) {
    // SAFETY: the frame holds its code object.
    unsafe {
        if let Some(version) = Unit::of(frame::code(frame)).and_then(Unit::latest) {
            version.count_exit((*frame).return_offset);
        }
    }
}
