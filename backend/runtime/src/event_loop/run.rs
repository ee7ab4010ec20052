//! `Handle._run`: a callback in its context, in the frame of the function.

use super::{LIBRARY, Library, Own};
use crate::{
    call::interpreted,
    exit,
    frame::{self, Frame},
    monitoring::is_quiet,
    object::{Object, Owned, ThreadState, is_exactly, tuple_items},
    ops::Site,
    plain, thread,
};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;

static CONTEXT: Site = Site::new(c"_context");
static CALLBACK: Site = Site::new(c"_callback");
static ARGS: Site = Site::new(c"_args");

/// Where the function calls, in bytes.
pub(super) unsafe fn call_of(run: &Own) -> Option<i32> {
    // SAFETY: as of `take_over`; the bytecode is that of the fingerprint.
    unsafe {
        let bytecode = Owned::steal(c::PyCode_GetCode(run.code.cast()))?;
        let length = crate::object::length(bytecode.get()) as usize;
        let first = c::PyBytes_AsString(bytecode.get()).cast::<u8>();
        let units = std::slice::from_raw_parts(first, length).chunks_exact(2);
        let mut units = units.map(|unit| u32::from(unit[0]));
        let unit = units.position(|opcode| opcode == c::CALL_FUNCTION_EX)?;
        i32::try_from(unit * size_of::<c::_Py_CODEUNIT>()).ok()
    }
}

/// The vectorcall of the function.
pub(super) unsafe extern "C-unwind" fn vectorcall(
    function: Object,
    args: *const Object,
    nargsf: usize,
    kwnames: Object,
) -> Object {
    // SAFETY: called as the vectorcall of `_run`, which exists when the library has been found.
    unsafe {
        if let Some(Some(library)) = LIBRARY.get()
            && nargsf & (usize::MAX >> 1) == 1
            && kwnames.is_null()
            && let Some(parts) = Parts::of(library, *args)
        {
            let ts = thread::current();
            if is_quiet(ts) && !frame::is_deep(ts) && (*ts).py_recursion_remaining > 1 {
                let code = library.run.code.cast();
                let frame = plain::push(ts, function.cast(), code, args, 1);
                if !frame.is_null() {
                    return run(library, ts, frame, &parts);
                }
            }
        }
        interpreted().map_or(null_mut(), |original| {
            original(function, args, nargsf, kwnames)
        })
    }
}

/// What a handle runs.
struct Parts {
    context: Owned,
    callback: Owned,
    args: Owned,
}

impl Parts {
    /// Those of a handle that has a context and a tuple of arguments.
    unsafe fn of(library: &Library, handle: Object) -> Option<Self> {
        // SAFETY: as the caller's.
        unsafe {
            let parts = Self {
                context: Owned::share(CONTEXT.value(handle)?),
                callback: Owned::share(CALLBACK.value(handle)?),
                args: Owned::share(ARGS.value(handle)?),
            };
            let fits = library.run.is_unchanged()
                && is_exactly(parts.context.get(), &raw const c::PyContext_Type)
                && is_exactly(parts.args.get(), &raw const c::PyTuple_Type);
            fits.then_some(parts)
        }
    }

    /// What `context.run(callback, *args)` does.
    unsafe fn call(&self) -> Option<Owned> {
        // SAFETY: as the caller's.
        unsafe {
            if c::PyContext_Enter(self.context.get()) != 0 {
                return None;
            }
            let args = tuple_items(self.args.get());
            let result =
                c::PyObject_Vectorcall(self.callback.get(), args.as_ptr(), args.len(), null_mut());
            let result = Owned::steal(result);
            if c::PyContext_Exit(self.context.get()) != 0 {
                return None;
            }
            result
        }
    }
}

/// Runs the pushed frame. What is raised is the interpreter's to handle, and so is what waits behind the call.
unsafe fn run(library: &Library, ts: *mut ThreadState, frame: *mut Frame, parts: &Parts) -> Object {
    const UNIT: usize = size_of::<c::_Py_CODEUNIT>();
    // SAFETY: the frame has been pushed for this code, and there is room for it.
    unsafe {
        frame::enter(ts, frame);
        frame::set_offset(frame, library.call);
        let result = parts.call();
        (*frame).return_offset = 0;
        let Some(result) = result else {
            frame::add_traceback(ts, frame);
            return exit::resume_raising(ts, frame);
        };
        if (*ts).eval_breaker != 0 {
            frame::set_offset(frame, library.call + UNIT as i32);
            frame::push_value(frame, result.give());
            return exit::resume(ts, frame);
        }
        frame::leave(ts, frame);
        frame::pop(ts, frame);
        &raw mut c::_Py_NoneStruct
    }
}
