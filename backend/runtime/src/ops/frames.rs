//! The frame, tracebacks, and the iterator of a native loop.

use crate::{
    frame::{self, Frame},
    left,
    monitoring::is_disabled,
    object::{Object, Owned, ThreadState, is_exactly},
    pool,
    symbols::{Symbol, functions},
    version::{EXIT, EXIT_RAISING},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

pub(super) fn symbols() -> Vec<Symbol> {
    functions![
        sw_add_traceback(_, _),
        sw_free(_),
        sw_begin_leave(_),
        sw_finish_call(_, _),
        sw_depth_left(_, _, _),
        sw_range_iterator(_, _, _),
        sw_iterator_at(_, _),
    ]
}

unsafe extern "C-unwind" fn sw_add_traceback(ts: *mut ThreadState, frame: *mut Frame) {
    // SAFETY: the module's conditions.
    unsafe { frame::add_traceback(ts, frame) }
}

unsafe extern "C-unwind" fn sw_free(object: Object) {
    // SAFETY: the caller dropped the last reference.
    unsafe { pool::free(object) }
}

unsafe extern "C-unwind" fn sw_begin_leave(function: Object) -> *mut Frame {
    // SAFETY: the module's conditions.
    unsafe { left::begin(function.cast()) }
}

unsafe extern "C-unwind" fn sw_finish_call(ts: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: the module's conditions; a callee without a frame has left.
    unsafe {
        let result = left::go_on(ts);
        let status = if left::finish_call(ts, frame, result) {
            EXIT
        } else {
            EXIT_RAISING
        };
        std::ptr::without_provenance_mut(status)
    }
}

/// Functions of the same code object with the same globals do the same, since the code has no free variables.
unsafe extern "C-unwind" fn sw_depth_left(
    ts: *mut ThreadState,
    frame: *mut Frame,
    callable: Object,
) -> i64 {
    // SAFETY: the module's conditions.
    unsafe {
        let function = callable.cast::<c::PyFunctionObject>();
        let is_this = is_exactly(callable, &raw const c::PyFunction_Type)
            && (*function).func_code == (*frame).f_executable
            && (*function).func_globals == (*frame).f_globals;
        if is_this && !is_disabled() {
            frame::depth_left(ts)
        } else {
            0
        }
    }
}

unsafe extern "C-unwind" fn sw_range_iterator(start: i64, length: i64, step: i64) -> Object {
    // SAFETY: the module's conditions.
    unsafe { range_iterator(start, length, step) }
}

/// `iter(range(start, start + length * step, step))`, null with an exception set when memory is short.
pub(super) unsafe fn range_iterator(start: i64, length: i64, step: i64) -> Object {
    // SAFETY: the module's conditions.
    unsafe { try_range_iterator(start, length, step) }.unwrap_or(null_mut())
}

/// The end may need more than 64 bits, so Python computes it.
unsafe fn try_range_iterator(start: i64, length: i64, step: i64) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        let start = Owned::steal(c::PyLong_FromLongLong(start))?;
        let length = Owned::steal(c::PyLong_FromLongLong(length))?;
        let step = Owned::steal(c::PyLong_FromLongLong(step))?;
        let distance = Owned::steal(c::PyNumber_Multiply(length.get(), step.get()))?;
        let stop = Owned::steal(c::PyNumber_Add(start.get(), distance.get()))?;
        let arguments = [start.get(), stop.get(), step.get()];
        let class = (&raw mut c::PyRange_Type).cast();
        let range = Owned::steal(c::PyObject_Vectorcall(
            class,
            arguments.as_ptr(),
            arguments.len(),
            null_mut(),
        ))?;
        Owned::steal(c::PyObject_GetIter(range.get())).map(Owned::give)
    }
}

unsafe extern "C-unwind" fn sw_iterator_at(sequence: Object, index: i64) -> Object {
    // SAFETY: the module's conditions.
    unsafe { try_iterator_at(sequence, index) }.map_or(null_mut(), Owned::give)
}

/// The beginning of what is the iterator of a `tuple`, `bytes`, `bytearray` or `array.array`, and of one of NumPy's arrays.
#[repr(C)]
struct SequenceIterator {
    base: c::PyObject,
    index: isize,
}

unsafe fn try_iterator_at(sequence: Object, index: i64) -> Option<Owned> {
    // SAFETY: as the caller's. `iter` of such a sequence is an iterator of that layout, which nobody else has seen. The place
    // may be behind the end of a sequence that was made shorter, as it is in the interpreter.
    unsafe {
        let iterator = Owned::steal(c::PyObject_GetIter(sequence))?;
        (*iterator.get().cast::<SequenceIterator>()).index = index as isize;
        Some(iterator)
    }
}
