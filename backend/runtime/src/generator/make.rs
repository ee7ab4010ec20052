//! Generators made without running the interpreter up to the instruction that makes them.

use super::resume::frame_of;
use crate::{
    frame,
    object::{Object, ThreadState, new_ref, tuple_items},
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

/// What a call of `function` makes. `None` when the interpreter has to find out: the arguments do not simply go to the
/// slots, the function has cells, coroutines remember where they come from, or the recursion is deep. Null with an
/// exception set when memory is short.
///
/// # Safety
/// `function` makes generators or coroutines and may run compiled; `args` holds `nargs` arguments without names.
pub(crate) unsafe fn make(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
) -> Option<Object> {
    // SAFETY: as the caller's.
    unsafe {
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        let simple = (*code).co_flags as u32 & c::CO_OPTIMIZED != 0
            && nargs == (*code).co_argcount as usize
            && (*code).co_kwonlyargcount == 0
            && (*code).co_flags as u32 & (c::CO_VARARGS | c::CO_VARKEYWORDS) == 0
            && (*code).co_ncellvars == 0
            && (*ts).coroutine_origin_tracking_depth == 0
            && (*ts).py_recursion_remaining > 1;
        let start = start(code).filter(|_| simple)?;
        let generator = c::_Py_MakeCoro(function).cast::<c::PyGenObject>();
        if !generator.is_null() {
            (*frame_of(generator)).instr_ptr = start;
            fill(generator, function, args, nargs);
        }
        Some(generator.cast())
    }
}

/// The instruction behind the one that makes the generator, in code that does nothing else before but copy free
/// variables.
unsafe fn start(code: *mut c::PyCodeObject) -> Option<*mut c::_Py_CODEUNIT> {
    // SAFETY: the bytecode is longer than what is looked at.
    unsafe {
        let first = frame::first_instruction(code);
        let makes = match u32::from((*first).op.code) {
            c::COPY_FREE_VARS => first.add(1),
            _ => first,
        };
        (u32::from((*makes).op.code) == c::RETURN_GENERATOR).then(|| makes.add(1))
    }
}

/// Writes the frame of a new generator.
unsafe fn fill(
    generator: *mut c::PyGenObject,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
) {
    // SAFETY: the frame has room for the slots of its code, the free variables last.
    unsafe {
        let frame = frame_of(generator);
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        (*frame).f_executable = new_ref(code.cast());
        (*frame).f_funcobj = new_ref(function.cast());
        (*frame).f_globals = (*function).func_globals;
        (*frame).f_builtins = (*function).func_builtins;
        (*frame).f_locals = null_mut();
        (*frame).frame_obj = null_mut();
        (*frame).previous = null_mut();
        (*frame).return_offset = 0;
        (*frame).owner = c::_frameowner_FRAME_OWNED_BY_GENERATOR as _;
        (*frame).stacktop = (*code).co_nlocalsplus;
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        let free = (*code).co_nfreevars as usize;
        let own = (*code).co_nlocalsplus as usize - free;
        for i in 0..own {
            *slots.add(i) = if i < nargs {
                new_ref(*args.add(i))
            } else {
                null_mut()
            };
        }
        if free > 0 {
            for (i, cell) in tuple_items((*function).func_closure).iter().enumerate() {
                *slots.add(own + i) = new_ref(*cell);
            }
        }
        (*generator).gi_frame_state = c::_framestate_FRAME_CREATED as i8;
    }
}
