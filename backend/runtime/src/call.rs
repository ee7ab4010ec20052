//! The vectorcall of a compiled function.
//!
//! It binds the arguments into a frame, chooses (or has compiled) the version for their types, and runs it. Whatever is
//! not for compiled code takes the way it took before: the interpreter's own vectorcall.

use crate::{
    compiler::{self, Outcome, Request},
    exit,
    frame::{self, Frame},
    monitoring::may_run,
    object::{Object, ThreadState, decref},
    tag::Tag,
    unit::{Body, EXIT, EXIT_RAISING, Entry, Installed, Unit},
};
use std::{any::Any, sync::OnceLock};
use stepwell_abi::cpython as c;

type VectorCall = unsafe extern "C" fn(Object, *const Object, usize, Object) -> Object;

/// Makes calls of `function` try compiled code. `options` is kept for the compiler, unless the code object is known
/// already. False with an exception set when memory is short.
///
/// # Safety
/// `function` is a function object; the GIL is held.
pub unsafe fn install(function: *mut c::PyFunctionObject, options: Box<dyn Any>) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        if interpreted().is_none() || Unit::attach((*function).func_code.cast(), options).is_none()
        {
            return false;
        }
        c::PyFunction_SetVectorcall(function, Some(vectorcall));
        true
    }
}

/// Whether calls of `function` try compiled code.
///
/// # Safety
/// `function` is a function object.
pub unsafe fn is_installed(function: *mut c::PyFunctionObject) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        (*function)
            .vectorcall
            .is_some_and(|current| std::ptr::fn_addr_eq(current, vectorcall as VectorCall))
    }
}

/// The vectorcall of compiled functions.
///
/// # Safety
/// Called as CPython calls a vectorcall function: `function` is a function object.
pub unsafe extern "C" fn vectorcall(
    function: Object,
    args: *const Object,
    nargsf: usize,
    kwnames: Object,
) -> Object {
    // SAFETY: the caller keeps the function and its arguments alive during the call; the function keeps its code and
    // the code keeps the unit.
    unsafe {
        let function_object = function.cast::<c::PyFunctionObject>();
        let code = (*function_object).func_code.cast::<c::PyCodeObject>();
        let ts = c::PyThreadState_GetUnchecked();
        let Some(original) = interpreted() else {
            return std::ptr::null_mut();
        };
        match Unit::of(code) {
            Some(_) if is_deep(ts) => {
                interpret_deep(function_object, original, args, nargsf, kwnames)
            }
            Some(unit) if may_run(ts, code) && !unit.is_refused() && !is_generator(code) => {
                let nargs = nargsf & !(1 << (usize::BITS - 1));
                let frame = frame::push(ts, function_object, args, nargs, kwnames);
                if frame.is_null() {
                    std::ptr::null_mut()
                } else {
                    run_bound(ts, frame, function_object, unit)
                }
            }
            unit => {
                if let Some(unit) = unit {
                    unit.count_interpreted();
                }
                original(function, args, nargsf, kwnames)
            }
        }
    }
}

/// Whether a call makes a generator, a coroutine or an asynchronous generator.
unsafe fn is_generator(code: *mut c::PyCodeObject) -> bool {
    const MAKERS: u32 = c::CO_GENERATOR | c::CO_COROUTINE | c::CO_ASYNC_GENERATOR;
    // SAFETY: the caller's code object is alive.
    unsafe { (*code).co_flags as u32 & MAKERS != 0 }
}

/// Runs a bound, unlinked frame.
unsafe fn run_bound(
    ts: *mut ThreadState,
    frame: *mut Frame,
    function: *mut c::PyFunctionObject,
    unit: &Unit,
) -> Object {
    // SAFETY: the frame keeps function, code and unit alive until it is popped.
    unsafe {
        match find_version(frame, function, unit) {
            Found::Body(body, installed) => run_body(ts, frame, body, installed),
            Found::Raised => {
                frame::pop(ts, frame);
                std::ptr::null_mut()
            }
            Found::None => {
                unit.count_interpreted();
                c::_PyEval_EvalFrameDefault(ts, frame, 0)
            }
        }
    }
}

enum Found<'a> {
    Body(Body, &'a Installed),
    None,
    Raised,
}

impl<'a> From<Option<&'a Installed>> for Found<'a> {
    fn from(installed: Option<&'a Installed>) -> Self {
        match installed.map(|installed| (installed, installed.version.entry)) {
            Some((installed, Entry::Body(body))) => Self::Body(body, installed),
            _ => Self::None,
        }
    }
}

unsafe fn find_version<'a>(
    frame: *mut Frame,
    function: *mut c::PyFunctionObject,
    unit: &'a Unit,
) -> Found<'a> {
    // SAFETY: the slots of the parameters are bound.
    let slots = unsafe {
        let slots = (&raw const (*frame).localsplus).cast::<Object>();
        std::slice::from_raw_parts(slots, parameters(frame::code(frame)))
    };
    let mut few = [Tag::Object; 16];
    let many: Vec<Tag>;
    let tags = match few.get_mut(..slots.len()) {
        Some(few) => {
            for (tag, slot) in few.iter_mut().zip(slots) {
                // SAFETY: a bound slot holds a live object or null.
                *tag = unsafe { Tag::of(*slot) };
            }
            &*few
        }
        None => {
            // SAFETY: as above.
            many = slots.iter().map(|slot| unsafe { Tag::of(*slot) }).collect();
            &many
        }
    };
    match unit.version(tags) {
        Some(installed) => Some(installed).into(),
        None => compile(function, unit, tags),
    }
}

/// Has a version compiled; calls that arrive meanwhile are interpreted.
#[cold]
fn compile<'a>(function: *mut c::PyFunctionObject, unit: &'a Unit, tags: &[Tag]) -> Found<'a> {
    let (true, Some(compiler)) = (unit.has_room(), compiler::current()) else {
        return Found::None;
    };
    let Some(_compiling) = unit.begin_compiling() else {
        return Found::None;
    };
    let request = Request {
        function,
        unit,
        wanted: unit.wanted(tags),
    };
    match compiler.compile(&request) {
        Outcome::Version(version) => unit.install(version),
        Outcome::Refused(reason) => unit.refuse(reason),
        Outcome::Later => return Found::None,
        Outcome::Raised => return Found::Raised,
    }
    unit.version(tags).into()
}

/// How many slots hold parameters, `*args` and `**kwargs` included.
unsafe fn parameters(code: *mut c::PyCodeObject) -> usize {
    // SAFETY: the caller's code object is alive.
    unsafe {
        let flags = (*code).co_flags as u32;
        let variadic =
            u32::from(flags & c::CO_VARARGS != 0) + u32::from(flags & c::CO_VARKEYWORDS != 0);
        ((*code).co_argcount + (*code).co_kwonlyargcount) as usize + variadic as usize
    }
}

unsafe fn run_body(
    ts: *mut ThreadState,
    frame: *mut Frame,
    body: Body,
    installed: &Installed,
) -> Object {
    // SAFETY: a body is machine code for this very code object.
    unsafe {
        if !frame::enter(ts, frame) {
            frame::pop(ts, frame);
            return std::ptr::null_mut();
        }
        let code = frame::code(frame);
        (*frame).instr_ptr =
            frame::first_instruction(code).add((*code)._co_firsttraceable as usize);
        installed.count_call();
        let result = body(ts, frame);
        finish(ts, frame, installed, result)
    }
}

/// Brings a frame whose body has returned to its end, and yields the result of the function.
///
/// # Safety
/// `frame` is the current frame, `result` what its body returned. The frame, and perhaps the version, is gone afterwards.
pub(crate) unsafe fn finish(
    ts: *mut ThreadState,
    frame: *mut Frame,
    installed: &Installed,
    result: Object,
) -> Object {
    // SAFETY: as the caller's; nothing of the unit is used after the frame has gone.
    unsafe {
        match result.addr() {
            EXIT => {
                installed.count_exit((*frame).return_offset);
                exit::resume(ts, frame)
            }
            EXIT_RAISING => {
                installed.count_exit((*frame).return_offset);
                exit::resume_raising(ts, frame)
            }
            _ => {
                frame::leave(ts, frame);
                frame::pop(ts, frame);
                result
            }
        }
    }
}

/// Whether so much of the C stack is used that the function should stop using more. The interpreter runs Python calls
/// of Python functions without any.
unsafe fn is_deep(ts: *mut ThreadState) -> bool {
    // SAFETY: the caller's thread state is the running thread's.
    unsafe { (*ts).c_recursion_remaining < c::Py_C_RECURSION_LIMIT as i32 / 2 }
}

/// Calls the function, and has the recursive calls of it made, without the C stack: as long as it has the
/// interpreter's own vectorcall, the interpreter does not recurse for it.
#[cold]
unsafe fn interpret_deep(
    function: *mut c::PyFunctionObject,
    original: VectorCall,
    args: *const Object,
    nargsf: usize,
    kwnames: Object,
) -> Object {
    // SAFETY: the caller keeps the function alive.
    unsafe {
        c::PyFunction_SetVectorcall(function, Some(original));
        let result = original(function.cast(), args, nargsf, kwnames);
        c::PyFunction_SetVectorcall(function, Some(vectorcall));
        result
    }
}

/// The interpreter's own vectorcall of functions, which it does not export: the one that a new function has. `None` with
/// an exception set when memory is short.
fn interpreted() -> Option<VectorCall> {
    static FOUND: OnceLock<VectorCall> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Some(*found);
    }
    // SAFETY: every caller holds the GIL; the objects made here are owned and dropped here.
    let found = unsafe {
        let code = c::PyCode_NewEmpty(c"".as_ptr(), c"".as_ptr(), 0);
        let globals = c::PyDict_New();
        let mut found = None;
        if !code.is_null() && !globals.is_null() {
            let function = c::PyFunction_New(code.cast(), globals).cast::<c::PyFunctionObject>();
            if !function.is_null() {
                found = (*function).vectorcall;
                decref(function.cast());
            }
        }
        crate::object::xdecref(globals);
        crate::object::xdecref(code.cast());
        found
    }?;
    Some(*FOUND.get_or_init(|| found))
}
