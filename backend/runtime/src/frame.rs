//! Interpreter frames for compiled code: pushed, linked, unlinked and popped exactly as the interpreter does.
//!
//! A frame's life: [`push`] binds the arguments, [`enter`] links it (or raises `RecursionError`), the body runs,
//! [`leave`] unlinks it, [`pop`] clears and frees it. While it is linked everybody sees it as any other frame.

use crate::{
    generator,
    locals::RUNNING,
    object::{Object, ThreadState, decref, incref, new_ref, tuple_items},
    plain,
};
use stepwell_abi::cpython as c;

/// An interpreter frame.
pub type Frame = c::_PyInterpreterFrame;

/// How much of CPython's allowance of C recursion a compiled call takes: what the interpreter takes for itself.
pub const C_STACK_UNITS: i32 = 2;

/// The code object of a frame, borrowed.
///
/// # Safety
/// `frame` is a live frame of a Python function.
#[inline]
pub unsafe fn code(frame: *mut Frame) -> *mut c::PyCodeObject {
    // SAFETY: such a frame's executable is a code object.
    unsafe { (*frame).f_executable.cast() }
}

/// The first instruction of a code object.
///
/// # Safety
/// `code` is a live code object.
#[inline]
pub unsafe fn first_instruction(code: *mut c::PyCodeObject) -> *mut c::_Py_CODEUNIT {
    // SAFETY: the bytecode follows the object's fixed part; `_Py_CODEUNIT` is what it consists of.
    unsafe { (&raw mut (*code).co_code_adaptive).cast() }
}

/// The RESUME that begins what tracebacks show of a code object: in front of it closures are copied and cells made.
///
/// # Safety
/// `code` is a live code object.
#[inline]
pub(crate) unsafe fn resume_instruction(code: *mut c::PyCodeObject) -> *mut c::_Py_CODEUNIT {
    // SAFETY: the code object says where it is.
    unsafe { first_instruction(code).add((*code)._co_firsttraceable as usize) }
}

/// Pushes a frame for `func` and binds the arguments to its parameters. Null with an exception set when they do not fit
/// (CPython's own errors) or memory is short. Nothing of the caller's is consumed. The frame is not linked yet.
///
/// # Safety
/// `args` holds `nargs` positional arguments and then one for each name in `kwnames` (null or a tuple); the GIL is held.
pub unsafe fn push(
    ts: *mut ThreadState,
    func: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
    kwnames: Object,
) -> *mut Frame {
    // SAFETY: the callee consumes a reference to the function and to each argument, so each gets one.
    unsafe {
        let keywords = if kwnames.is_null() {
            0
        } else {
            tuple_items(kwnames).len()
        };
        incref(func.cast());
        for i in 0..nargs + keywords {
            incref(*args.add(i));
        }
        c::_PyEvalFramePushAndInit(ts, func, namespace(func), args, nargs, kwnames)
    }
}

/// The namespace of a call, a new reference: the globals if the code is that of a module or a class body, else null.
unsafe fn namespace(func: *mut c::PyFunctionObject) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        let code = (*func).func_code.cast::<c::PyCodeObject>();
        if (*code).co_flags as u32 & c::CO_OPTIMIZED == 0 {
            new_ref((*func).func_globals)
        } else {
            std::ptr::null_mut()
        }
    }
}

/// Links a frame on top of the thread's frames. False with `RecursionError` set when that is too deep; the frame then has
/// to be popped, without a traceback entry, as the interpreter does.
///
/// # Safety
/// `frame` is not linked; the GIL is held.
#[inline]
pub unsafe fn enter(ts: *mut ThreadState, frame: *mut Frame) -> bool {
    // SAFETY: only counters and the links of the two are touched.
    unsafe {
        if !enter_recursion(ts) {
            return false;
        }
        (*frame).previous = (*ts).current_frame;
        (*ts).current_frame = frame;
        (*frame).return_offset = RUNNING;
        true
    }
}

/// Links a frame on top of the thread's frames, when it is known that it is not too deep there and no C stack is used
/// for it.
///
/// # Safety
/// As [`enter`].
pub(crate) unsafe fn link(ts: *mut ThreadState, frame: *mut Frame) {
    // SAFETY: only a counter and the links of the two are touched.
    unsafe {
        (*ts).py_recursion_remaining -= 1;
        (*frame).previous = (*ts).current_frame;
        (*ts).current_frame = frame;
    }
}

/// How many calls deeper compiled code may go without asking: none where the interpreter would raise `RecursionError`,
/// or where [`is_deep`] wants other ways.
///
/// # Safety
/// `ts` is the running thread's state.
pub(crate) unsafe fn depth_left(ts: *mut ThreadState) -> i64 {
    // SAFETY: as the caller's.
    unsafe {
        let c_stack = (*ts).c_recursion_remaining - c::Py_C_RECURSION_LIMIT as i32 / 2;
        i64::from((*ts).py_recursion_remaining.min(c_stack))
    }
}

/// Unlinks the frame that [`enter`] linked.
///
/// # Safety
/// `frame` is the thread's current frame.
#[inline]
pub unsafe fn leave(ts: *mut ThreadState, frame: *mut Frame) {
    // SAFETY: as `enter`.
    unsafe {
        (*frame).return_offset = 0;
        (*ts).current_frame = (*frame).previous;
        (*ts).py_recursion_remaining += 1;
        (*ts).c_recursion_remaining += C_STACK_UNITS;
    }
}

/// Clears an unlinked frame and frees it (or marks its generator as finished). The stack must be empty. Can run
/// arbitrary Python code, and can free the code object with all that belongs to it.
///
/// # Safety
/// `frame` is the topmost frame of the thread's data stack, or a generator's, and not linked.
#[inline]
pub unsafe fn pop(ts: *mut ThreadState, frame: *mut Frame) {
    // SAFETY: the interpreter's own function, under its conditions.
    unsafe {
        if !plain::pop(ts, frame) {
            c::_PyEval_FrameClearAndPop(ts, frame);
        }
    }
}

/// Makes the instruction at a byte offset the one that executes.
///
/// # Safety
/// `offset` is the offset of an instruction in the frame's bytecode.
#[inline]
pub unsafe fn set_offset(frame: *mut Frame, offset: i32) {
    // SAFETY: the offset stays in the bytecode.
    unsafe { (*frame).instr_ptr = first_instruction(code(frame)).byte_offset(offset as isize) }
}

/// The byte offset of the instruction that executes.
///
/// # Safety
/// `frame` is a live frame of a Python function.
#[inline]
pub unsafe fn offset(frame: *mut Frame) -> i32 {
    // SAFETY: the instruction pointer points into the frame's own bytecode.
    unsafe {
        (*frame)
            .instr_ptr
            .byte_offset_from(first_instruction(code(frame))) as i32
    }
}

/// The generator or coroutine that a frame is part of.
///
/// # Safety
/// `frame` is the frame of a generator.
#[inline]
pub unsafe fn generator(frame: *mut Frame) -> *mut c::PyGenObject {
    // SAFETY: such a frame is the last field of its generator.
    unsafe {
        frame
            .byte_sub(std::mem::offset_of!(c::PyGenObject, gi_iframe))
            .cast()
    }
}

/// Whether a frame has not reached its first RESUME, so that tracebacks leave it out.
///
/// # Safety
/// `frame` is a live frame of a Python function.
pub unsafe fn is_incomplete(frame: *mut Frame) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        (*frame).owner as u32 != c::_frameowner_FRAME_OWNED_BY_GENERATOR
            && (*frame).instr_ptr
                < first_instruction(code(frame)).add((*code(frame))._co_firsttraceable as usize)
    }
}

/// Adds an entry for the current instruction of a linked frame to the traceback of the exception that is set. An
/// EXTENDED_ARG prefix is stepped over, since the interpreter reports the instruction it belongs to.
///
/// # Safety
/// `frame` is the thread's current frame and an exception is set.
#[cold]
pub unsafe fn add_traceback(ts: *mut ThreadState, frame: *mut Frame) {
    // SAFETY: the thread's topmost complete frame is `frame`, so this makes or finds its frame object.
    unsafe {
        generator::settle();
        skip_prefix(frame);
        if !is_incomplete(frame) {
            let object = c::PyThreadState_GetFrame(ts);
            if !object.is_null() {
                c::PyTraceBack_Here(object);
                decref(object.cast());
            }
        }
        c::_PyEval_MonitorRaise(ts, frame, (*frame).instr_ptr);
    }
}

/// Makes the instruction behind EXTENDED_ARG prefixes the one that executes.
///
/// # Safety
/// `frame` is a live frame of a Python function.
pub(crate) unsafe fn skip_prefix(frame: *mut Frame) {
    // SAFETY: a prefix has an instruction behind it.
    unsafe {
        while is_extended_arg((*frame).instr_ptr) {
            (*frame).instr_ptr = (*frame).instr_ptr.add(1);
        }
    }
}

unsafe fn is_extended_arg(instruction: *const c::_Py_CODEUNIT) -> bool {
    // SAFETY: the caller's pointer is to an instruction; all variants of the union are plain bytes.
    unsafe { u32::from((*instruction).op.code) == c::EXTENDED_ARG }
}

/// How many slots hold parameters, `*args` and `**kwargs` included. They come first.
///
/// # Safety
/// `code` is a live code object.
pub(crate) unsafe fn parameter_slots(code: *mut c::PyCodeObject) -> usize {
    // SAFETY: as the caller's.
    unsafe {
        let flags = (*code).co_flags as u32;
        let variadic =
            u32::from(flags & c::CO_VARARGS != 0) + u32::from(flags & c::CO_VARKEYWORDS != 0);
        ((*code).co_argcount + (*code).co_kwonlyargcount) as usize + variadic as usize
    }
}

/// Whether so much of the C stack is used that compiled code should stop using more. The interpreter runs Python calls
/// of Python functions without any.
///
/// # Safety
/// `ts` is the running thread's state.
#[inline]
pub(crate) unsafe fn is_deep(ts: *mut ThreadState) -> bool {
    // SAFETY: as the caller's.
    unsafe { (*ts).c_recursion_remaining < c::Py_C_RECURSION_LIMIT as i32 / 2 }
}

/// Puts a value on the evaluation stack, which takes over the reference.
///
/// # Safety
/// The compiler of the bytecode left room for it.
pub(crate) unsafe fn push_value(frame: *mut Frame, value: Object) {
    // SAFETY: as the caller's.
    unsafe {
        let slots = (&raw mut (*frame).localsplus).cast::<Object>();
        *slots.add((*frame).stacktop as usize) = value;
        (*frame).stacktop += 1;
    }
}

#[inline(always)]
unsafe fn enter_recursion(ts: *mut ThreadState) -> bool {
    // SAFETY: the caller holds the GIL and `ts` is its thread's.
    unsafe {
        (*ts).c_recursion_remaining -= C_STACK_UNITS;
        if (*ts).c_recursion_remaining < 0 && c::_Py_CheckRecursiveCall(ts, c"".as_ptr()) != 0 {
            // The check has given one unit back.
            (*ts).c_recursion_remaining += C_STACK_UNITS - 1;
            return false;
        }
        (*ts).py_recursion_remaining -= 1;
        if (*ts).py_recursion_remaining < 0 && !check_python_recursion(ts) {
            (*ts).py_recursion_remaining += 1;
            (*ts).c_recursion_remaining += C_STACK_UNITS;
            return false;
        }
        true
    }
}

/// The interpreter's check of the Python recursion limit, which it does not export: 50 frames more are allowed while
/// an overflow is being handled.
#[cold]
pub(crate) unsafe fn check_python_recursion(ts: *mut ThreadState) -> bool {
    // SAFETY: the caller holds the GIL and `ts` is its thread's.
    unsafe {
        if (*ts).recursion_headroom != 0 {
            if (*ts).py_recursion_remaining < -50 {
                c::_Py_FatalErrorFunc(
                    c"stepwell".as_ptr(),
                    c"Cannot recover from Python stack overflow.".as_ptr(),
                );
            }
            return true;
        }
        (*ts).recursion_headroom += 1;
        c::PyErr_SetString(
            c::PyExc_RecursionError,
            c"maximum recursion depth exceeded".as_ptr(),
        );
        (*ts).recursion_headroom -= 1;
        false
    }
}
