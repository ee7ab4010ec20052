//! The vectorcall of a compiled function.
//!
//! It binds the arguments into a frame, chooses (or has compiled) the version for their types, and runs it. Whatever is
//! not for compiled code takes the way it took before: the interpreter's own vectorcall.

mod leaf;

use crate::{
    callee, event_loop, exit,
    frame::{self, Frame},
    generator, locals,
    monitoring::{self, has_pending_work, is_quiet},
    object::{Object, ThreadState, decref},
    plain::{self, Given},
    replacement,
    select::{self, Found},
    thread,
    unit::Unit,
    version::{Body, EXIT, EXIT_RAISING, Entry, Installed},
};
use std::{any::Any, ptr::null_mut, sync::OnceLock};
use stepwell_abi::cpython as c;

/// A vectorcall.
pub(crate) type VectorCall =
    unsafe extern "C-unwind" fn(Object, *const Object, usize, Object) -> Object;

/// Makes calls of `function` try compiled code. `options` is kept for the compiler, unless the code object is known
/// already. False with an exception set when memory is short.
///
/// # Safety
/// `function` is a function object; the GIL is held.
pub unsafe fn install(function: *mut c::PyFunctionObject, options: Box<dyn Any>) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        let code = (*function).func_code.cast();
        Unit::attach(code, options).is_some() && redirect(function, code)
    }
}

/// Makes calls of `function` try compiled code. False with an exception set when memory is short.
///
/// # Safety
/// `function` is a function object whose code object is or will be `code`, which has a unit; the GIL is held.
pub(crate) unsafe fn redirect(
    function: *mut c::PyFunctionObject,
    code: *mut c::PyCodeObject,
) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        if is_generator(code) && !generator::patch() {
            return false;
        }
        if (*code).co_flags as u32 & c::CO_COROUTINE != 0 {
            event_loop::take_over();
        }
        locals::patch();
        monitoring::watch(thread::current(), code);
        if interpreted().is_none() {
            return false;
        }
        c::PyFunction_SetVectorcall(function, Some(vectorcall));
        true
    }
}

/// Gives calls of `function` back to the interpreter.
///
/// # Safety
/// `function` is a function object; the GIL is held.
pub unsafe fn uninstall(function: *mut c::PyFunctionObject) {
    // SAFETY: as the caller's; what the vectorcall was before is known once one has been replaced.
    unsafe {
        if is_installed(function) {
            c::PyFunction_SetVectorcall(function, interpreted());
        }
    }
}

/// Whether calls of `function` try compiled code.
///
/// # Safety
/// `function` is a function object.
#[inline]
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
pub unsafe extern "C-unwind" fn vectorcall(
    function: Object,
    args: *const Object,
    nargsf: usize,
    kwnames: Object,
) -> Object {
    // SAFETY: the caller keeps the function and its arguments alive during the call.
    unsafe {
        let function = function.cast::<c::PyFunctionObject>();
        let ts = thread::current();
        let nargs = nargsf & !ARGUMENTS_OFFSET;
        match kwnames.is_null() {
            true => call_plainly(ts, function, args, nargs),
            false => call_unready(ts, function, args, nargs, kwnames),
        }
    }
}

/// Tells a callee that it may use the place in front of the arguments.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// The result of a call of a function from compiled code: what its vectorcall would do, without the way there.
///
/// # Safety
/// `function` is a function object, and `args` holds `nargs` arguments behind a place that may be used; the GIL is held.
#[inline]
pub(crate) unsafe fn call(
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        let ts = thread::current();
        if !is_installed(function) && !callee::adopt(ts, function) {
            let nargsf = nargs | ARGUMENTS_OFFSET;
            return library_coroutine(ts, function, args, nargs).unwrap_or_else(|| {
                c::PyObject_Vectorcall(function.cast(), args, nargsf, null_mut())
            });
        }
        call_plainly(ts, function, args, nargs)
    }
}

/// A call without keywords of a function that tries compiled code.
#[inline(always)]
unsafe fn call_plainly(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        if let Some(installed) = ready(ts, function, args, nargs) {
            match installed.version.entry {
                Entry::Leaf(leaf) if (*ts).py_recursion_remaining > 0 => {
                    return leaf::run(ts, function, args, leaf, installed);
                }
                Entry::Body(_) if !frame::is_deep(ts) => {
                    return call_with_frame(ts, function, args, nargs, installed);
                }
                _ => {}
            }
        } else if is_generator((*function).func_code.cast()) {
            return make_generator(ts, function, args, nargs);
        }
        call_unready(ts, function, args, nargs, null_mut())
    }
}

/// A call without keywords that makes a generator.
#[inline(never)]
unsafe fn make_generator(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
) -> Object {
    // SAFETY: as the caller's; nothing is instrumented while it is quiet.
    unsafe {
        let unit = Unit::of((*function).func_code.cast()).filter(|_| is_quiet(ts));
        unit.and_then(|unit| unit.maker()?.make_plainly(ts, function, args, nargs))
            .unwrap_or_else(|| call_unready(ts, function, args, nargs, null_mut()))
    }
}

/// A call of a version that is [`ready`] and has a frame. Not part of the calls without one, which are over before all
/// the registers that this needs were saved.
#[inline(never)]
unsafe fn call_with_frame(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
    installed: &Installed,
) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        if let Entry::Body(body) = installed.version.entry {
            let code = (*function).func_code.cast::<c::PyCodeObject>();
            let frame = plain::push(ts, function, code, args, nargs);
            if !frame.is_null() {
                return run_body(ts, frame, body, installed);
            }
        }
        call_unready(ts, function, args, nargs, null_mut())
    }
}

/// The version for a call, when there is nothing to find out and nothing else to do: it is the one that was chosen last, or
/// one before, and the arguments are its parameters.
#[inline(always)]
unsafe fn ready<'a>(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
) -> Option<&'a Installed> {
    // SAFETY: as the caller's; the function keeps its code, and the code keeps the unit.
    unsafe {
        let unit = Unit::of((*function).func_code.cast())?;
        let latest = unit.latest()?;
        if !is_quiet(ts) {
            return None;
        }
        let is_for = |version: &&Installed| version.takes(nargs) && version.surely_accepts(args);
        match latest.version.entry {
            _ if is_for(&latest) => Some(latest),
            Entry::Step(_) => None,
            Entry::Body(_) | Entry::Leaf(_) => unit.former().find(is_for),
        }
    }
}

/// The generator that a call makes, when there is nothing to find out and nothing else to do.
#[inline(always)]
unsafe fn quickly_made(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    given: Given,
) -> Option<Object> {
    // SAFETY: as the caller's; nothing is instrumented while it is quiet.
    unsafe {
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        if !is_generator(code) || !is_quiet(ts) {
            return None;
        }
        Unit::of(code)?.maker()?.make(ts, function, given)
    }
}

/// The coroutine that a call of a function of `asyncio` makes, whose steps are compiled like those of what awaits it,
/// when there is nothing to find out and nothing else to do.
#[inline(never)]
unsafe fn library_coroutine(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
) -> Option<Object> {
    // SAFETY: as the caller's; the functions of the interpreter's own vectorcall do what it does.
    unsafe {
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        let is_interpreted = std::ptr::fn_addr_eq((*function).vectorcall?, interpreted()?);
        if !is_interpreted || !is_generator(code) {
            return None;
        }
        if Unit::of(code).is_none() && !event_loop::adopt(ts, function) {
            return None;
        }
        quickly_made(ts, function, Given::unnamed(args, nargs))
    }
}

/// A call that is not [`ready`], or cannot go the short way: it has keywords, leaves defaults out, or its arguments are for
/// another version than those of the last call.
#[inline(never)]
unsafe fn call_unready(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
    kwnames: Object,
) -> Object {
    let mut buffer = plain::Buffer::default();
    // SAFETY: as the caller's; the function keeps its code, and the code keeps the unit.
    unsafe {
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        let given = Given {
            args,
            nargs,
            kwnames,
        };
        if let Some(generator) = quickly_made(ts, function, given) {
            return generator;
        }
        if let Some(unit) = Unit::of(code)
            && !frame::is_deep(ts)
            && unit.may_run(ts)
            && let Some(parameters) = unit.parameters()
            && let Some(all) = parameters.complete(function, given, &mut buffer)
            && let Some(installed) = unit.accepting(all)
        {
            match installed.version.entry {
                Entry::Leaf(leaf) if may_elide(ts) => {
                    return leaf::run(ts, function, all, leaf, installed);
                }
                Entry::Body(body) => {
                    let frame = plain::push(ts, function, code, all, parameters.count());
                    if !frame.is_null() {
                        return run_body(ts, frame, body, installed);
                    }
                }
                _ => {}
            }
        }
        bind_and_call(ts, function, args, nargs, kwnames)
    }
}

/// Any call: of a function without compiled code too.
#[inline(never)]
unsafe fn bind_and_call(
    ts: *mut ThreadState,
    function: *mut c::PyFunctionObject,
    args: *const Object,
    nargs: usize,
    kwnames: Object,
) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        let Some(original) = interpreted() else {
            return null_mut();
        };
        match Unit::of(code) {
            Some(_) if frame::is_deep(ts) => {
                interpret_deep(function, original, args, nargs, kwnames)
            }
            Some(unit) if unit.may_run(ts) && !unit.is_refused() && !is_generator(code) => {
                let frame = frame::push(ts, function, args, nargs, kwnames);
                if frame.is_null() {
                    null_mut()
                } else {
                    run_bound(ts, frame, unit)
                }
            }
            Some(unit)
                if is_generator(code)
                    && kwnames.is_null()
                    && unit.may_run(ts)
                    && !unit.is_refused() =>
            {
                unit.maker()
                    .and_then(|maker| maker.make(ts, function, Given::unnamed(args, nargs)))
                    .unwrap_or_else(|| original(function.cast(), args, nargs, kwnames))
            }
            unit => {
                if let Some(unit) = unit.filter(|_| !is_generator(code)) {
                    unit.count_interpreted();
                }
                original(function.cast(), args, nargs, kwnames)
            }
        }
    }
}

/// Whether a call makes a generator, a coroutine or an asynchronous generator.
pub(crate) unsafe fn is_generator(code: *mut c::PyCodeObject) -> bool {
    const MAKERS: u32 = c::CO_GENERATOR | c::CO_COROUTINE | c::CO_ASYNC_GENERATOR;
    // SAFETY: the caller's code object is alive.
    unsafe { (*code).co_flags as u32 & MAKERS != 0 }
}

/// Runs a bound, unlinked frame.
unsafe fn run_bound(ts: *mut ThreadState, frame: *mut Frame, unit: &Unit) -> Object {
    // SAFETY: the frame keeps function, code and unit alive until it is popped.
    unsafe {
        match select::body(frame, unit) {
            Found::Entry(Entry::Body(body), installed) => {
                (*frame).instr_ptr = frame::resume_instruction(frame::code(frame));
                run_body(ts, frame, body, installed)
            }
            Found::Entry(Entry::Leaf(leaf), installed) if may_elide(ts) => {
                let function = (*frame).f_funcobj.cast();
                let args = (&raw const (*frame).localsplus).cast();
                let result = leaf::run(ts, function, args, leaf, installed);
                frame::pop(ts, frame);
                result
            }
            Found::Entry(..) => c::_PyEval_EvalFrameDefault(ts, frame, 0),
            Found::Raised => {
                frame::pop(ts, frame);
                null_mut()
            }
            Found::None => {
                unit.count_interpreted();
                c::_PyEval_EvalFrameDefault(ts, frame, 0)
            }
        }
    }
}

#[inline(always)]
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
            return null_mut();
        }
        installed.count_call();
        let watch = installed.measure();
        let result = body(ts, frame);
        // One that left may be in the middle of a loop that goes on in other code.
        if !matches!(result.addr(), EXIT | EXIT_RAISING) {
            installed.count_time(watch);
        }
        finish(ts, frame, installed, result)
    }
}

/// Whether a call may go without a frame: there is nothing to poll for, and the interpreter would not find it too deep.
#[inline]
unsafe fn may_elide(ts: *mut ThreadState) -> bool {
    // SAFETY: as the caller's.
    unsafe { !has_pending_work(ts) && (*ts).py_recursion_remaining > 0 }
}

/// Brings a frame whose body has returned to its end, and yields the result of the function. The frame, and perhaps the
/// version, is gone afterwards.
#[inline]
unsafe fn finish(
    ts: *mut ThreadState,
    frame: *mut Frame,
    installed: &Installed,
    result: Object,
) -> Object {
    // SAFETY: as the caller's; nothing of the unit is used after the frame has gone.
    unsafe {
        if matches!(result.addr(), EXIT | EXIT_RAISING) {
            return go_on(ts, frame, installed, result.addr());
        }
        frame::leave(ts, frame);
        frame::pop(ts, frame);
        result
    }
}

/// Has the interpreter go on in a frame that compiled code has left.
#[cold]
unsafe fn go_on(
    ts: *mut ThreadState,
    frame: *mut Frame,
    installed: &Installed,
    how: usize,
) -> Object {
    // SAFETY: as the caller's.
    unsafe {
        let number = (*frame).return_offset;
        if how == EXIT
            && installed.left_hot(number)
            && let Some((body, better)) = replacement::find(ts, frame, installed)
        {
            better.count_entry();
            let result = body(ts, frame);
            return finish(ts, frame, better, result);
        }
        installed.count_exit(number);
        match how {
            EXIT => exit::resume(ts, frame),
            _ => exit::resume_raising(ts, frame),
        }
    }
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
pub(crate) fn interpreted() -> Option<VectorCall> {
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
