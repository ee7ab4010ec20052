//! Going on in the interpreter, in the middle of a function.
//!
//! A body that leaves has written the whole interpreter state into its frame: the locals, the evaluation stack,
//! `stacktop` and `instr_ptr`. These functions hand such a frame over; the interpreter executes the instruction, and
//! everything after it, and pops the frame.

use crate::{
    frame::{self, Frame},
    locals,
    object::{Object, ThreadState, xdecref},
};
use stepwell_abi::cpython as c;

/// Goes on at the frame's current instruction and yields the function's result: a new reference, or null with an
/// exception set. The frame is gone afterwards.
///
/// # Safety
/// `frame` is the thread's current frame, linked by [`frame::enter`], in interpreter state; no exception is set.
pub unsafe fn resume(ts: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: the interpreter links the frame and counts the recursion itself.
    unsafe {
        locals::settle(ts, frame);
        frame::leave(ts, frame);
        c::_PyEval_EvalFrameDefault(ts, frame, 0)
    }
}

/// Does what the interpreter does after an instruction raised: goes on in the innermost handler around the frame's
/// current instruction, or pops the frame. The traceback entry has been added. Result as of [`resume`].
///
/// # Safety
/// As [`resume`], with an exception set.
pub unsafe fn resume_raising(ts: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: only slots below `stacktop` are dropped, and they own what they hold.
    unsafe {
        let code = frame::code(frame);
        let unit = frame::offset(frame) / size_of::<c::_Py_CODEUNIT>() as i32;
        let base = (*code).co_nlocalsplus;
        let Some(handler) = find_handler(exception_table(code), unit as usize) else {
            drop_stack_above(frame, base);
            frame::leave(ts, frame);
            frame::pop(ts, frame);
            return std::ptr::null_mut();
        };
        drop_stack_above(frame, base + handler.depth as i32);
        if handler.lasti {
            let lasti = c::PyLong_FromLong(i64::from(unit));
            if lasti.is_null() {
                return resume_raising(ts, frame);
            }
            frame::push_value(frame, lasti);
        }
        frame::push_value(frame, c::PyErr_GetRaisedException());
        frame::set_offset(
            frame,
            (handler.target * size_of::<c::_Py_CODEUNIT>()) as i32,
        );
        resume(ts, frame)
    }
}

unsafe fn drop_stack_above(frame: *mut Frame, top: i32) {
    // SAFETY: slots from `top` up to `stacktop` own what they hold, or are null.
    unsafe {
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        while (*frame).stacktop > top {
            (*frame).stacktop -= 1;
            xdecref(*slots.add((*frame).stacktop as usize));
        }
    }
}

unsafe fn exception_table<'a>(code: *mut c::PyCodeObject) -> &'a [u8] {
    // SAFETY: the table is a bytes object that lives as long as the code object.
    unsafe {
        let table = (*code).co_exceptiontable.cast::<c::PyBytesObject>();
        let length = (*table).ob_base.ob_size as usize;
        std::slice::from_raw_parts((&raw const (*table).ob_sval).cast(), length)
    }
}

/// A row of the exception table that covers an instruction.
#[derive(Debug, PartialEq)]
struct Handler {
    /// Where the handler begins, in code units.
    target: usize,
    /// How much of the evaluation stack stays.
    depth: usize,
    /// Whether the handler wants the position of the instruction below the exception.
    lasti: bool,
}

/// The row of `table` that covers code unit `unit`. A table that ends early covers nothing more.
fn find_handler(table: &[u8], unit: usize) -> Option<Handler> {
    let mut bytes = table.iter().copied();
    loop {
        let start = varint(&mut bytes)?;
        let length = varint(&mut bytes)?;
        let target = varint(&mut bytes)?;
        let depth_and_lasti = varint(&mut bytes)?;
        if (start..start + length).contains(&unit) {
            return Some(Handler {
                target,
                depth: depth_and_lasti >> 1,
                lasti: depth_and_lasti & 1 == 1,
            });
        }
    }
}

/// Reads a big-endian number of 6 bits a byte; bit 6 tells that more bytes follow, bit 7 marks the start of a row.
fn varint(bytes: &mut impl Iterator<Item = u8>) -> Option<usize> {
    let mut value = 0;
    loop {
        let byte = bytes.next()?;
        value = value << 6 | usize::from(byte & 63);
        if byte & 64 == 0 {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_covers_the_instruction_is_found() {
        let table = [0x80 | 4, 6, 12, 2, 0x80 | 12, 0x41, 0x02, 20, 3];
        assert_eq!(find_handler(&table, 3), None);
        assert_eq!(
            find_handler(&table, 9),
            Some(Handler {
                target: 12,
                depth: 1,
                lasti: false
            })
        );
        assert_eq!(find_handler(&table, 10), None);
        assert_eq!(
            find_handler(&table, 12 + 65),
            Some(Handler {
                target: 20,
                depth: 1,
                lasti: true
            })
        );
        assert_eq!(find_handler(&table, 12 + 66), None);
    }

    #[test]
    fn a_truncated_table_covers_nothing() {
        assert_eq!(find_handler(&[0x80 | 4, 6, 12], 5), None);
        assert_eq!(find_handler(&[0x80 | 0x44], 5), None);
    }
}
