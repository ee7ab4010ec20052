//! Functions that nobody decorated, and that compiled code calls.

use crate::{call, compiler, object::ThreadState, ops};
use stepwell_abi::cpython as c;

/// Makes calls of a function try compiled code: a property, a static method, a lambda in a table, what was generated for a
/// dataclass, and functions of libraries. From compiled code the interpreter is reached by a longer way than from
/// interpreted code. Whether it did.
///
/// # Safety
/// The caller is compiled code, whose frame is the current one of `ts`; `function` is a live function object.
#[cold]
pub(crate) unsafe fn adopt(ts: *mut ThreadState, function: *mut c::PyFunctionObject) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        let frame = (*ts).current_frame;
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        if frame.is_null() || call::is_generator(code) || !is_interpreted(function) {
            return false;
        }
        if (*frame).f_globals == (*function).func_globals {
            return ops::adopt(function, code, || ops::like_maker(frame, code));
        }
        let compiler = compiler::current().filter(|compiler| compiler.covers(function));
        compiler.is_some_and(|compiler| ops::adopt(function, code, || compiler.take_in(code)))
    }
}

/// Whether calls of a function take the interpreter's own way: nobody has put another in its place.
unsafe fn is_interpreted(function: *mut c::PyFunctionObject) -> bool {
    // SAFETY: the caller's function is alive.
    let own = unsafe { (*function).vectorcall };
    own.zip(call::interpreted())
        .is_some_and(|(own, interpreted)| std::ptr::fn_addr_eq(own, interpreted))
}
