//! Interpreted loops over compiled generators.
//!
//! A FOR_ITER that has been specialised for generators runs their frames without asking their type. One that has not
//! calls `tp_iternext`, which is our way in; so it is kept from being specialised, by the counter in its cache.

use crate::object::ThreadState;
use stepwell_abi::cpython as c;

/// The counter of an instruction that will not be specialised for a long time.
const FAR: u16 = u16::MAX << 4 | 12;

/// Keeps the loop that has just asked for an item from being specialised.
pub unsafe fn keep_calling(ts: *mut ThreadState) {
    // SAFETY: the instruction pointer of a Python function is in its bytecode, where FOR_ITER has a cache.
    unsafe {
        let frame = (*ts).current_frame;
        if frame.is_null() || (*frame).owner as u32 == c::_frameowner_FRAME_OWNED_BY_CSTACK {
            return;
        }
        let instruction = (*frame).instr_ptr;
        if u32::from((*instruction).op.code) == c::FOR_ITER {
            (*instruction.add(1)).cache = FAR;
        }
    }
}
