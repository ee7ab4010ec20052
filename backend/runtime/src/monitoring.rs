//! Whether somebody watches: tracers, profilers, monitoring tools, other frame evaluators. Or wants no compiled code.

mod local_events;

pub(crate) use local_events::watch;

use crate::object::ThreadState;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use stepwell_abi::cpython as c;

/// The bits of the eval breaker that are pending work; above is the version of the instrumentation.
const EVENTS: usize = (1 << c::_PY_EVAL_EVENTS_BITS) - 1;

/// How many times compiled code has been switched off.
static DISABLED: AtomicUsize = AtomicUsize::new(0);

/// Sends all calls of the process to the interpreter until [`enable`] has been called as many times as this.
pub fn disable() {
    DISABLED.fetch_add(1, Relaxed);
}

/// Takes back one [`disable`].
pub fn enable() {
    // More of these than of the others change nothing.
    let _ = DISABLED.fetch_update(Relaxed, Relaxed, |times| times.checked_sub(1));
}

/// Whether compiled code is switched off.
#[inline]
pub(crate) fn is_disabled() -> bool {
    DISABLED.load(Relaxed) != 0
}

/// Whether nothing asks for the interpreter: it is not [`disable`]d, there is no tracer, profiler or monitoring tool for this code, and no other frame
/// evaluator (PEP 523).
///
/// # Safety
/// `ts` is the running thread's state, `code` a live code object; the GIL is held.
#[inline]
pub unsafe fn may_run(ts: *mut ThreadState, code: *mut c::PyCodeObject) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        let version = (*ts).eval_breaker & !EVENTS;
        (version == 0 || is_unwatched(ts, code, version))
            && (*(*ts).interp).eval_frame.is_none()
            && !is_disabled()
    }
}

/// Whether [`may_run`] holds for all code and nothing waits: in a process that never had a tool, which is most of them.
///
/// # Safety
/// `ts` is the running thread's state; the GIL is held.
#[inline(always)]
pub(crate) unsafe fn is_quiet(ts: *mut ThreadState) -> bool {
    // SAFETY: as the caller's; only the main interpreter runs compiled code.
    unsafe {
        (*ts).eval_breaker == 0
            && (&raw const c::_PyRuntime._main_interpreter.eval_frame)
                .read()
                .is_none()
            && !is_disabled()
    }
}

/// [`may_run`] once there has been a tool in this process. Code that was instrumented and has not caught up with a
/// change has to go to the interpreter, which rewrites it; code that never was, or is about starts alone as before, needs no
/// more than the new version.
#[cold]
unsafe fn is_unwatched(ts: *mut ThreadState, code: *mut c::PyCodeObject, version: usize) -> bool {
    // SAFETY: the instrumentation data is null or lives with the code object.
    unsafe {
        let data = (*code)._co_monitoring;
        let used = tools_in_use((*ts).interp);
        if (*code)._co_instrumentation_version == version {
            return data.is_null() || {
                let global = (*(*ts).interp).monitors.tools[local_events::PY_START];
                let active = (*data).active_monitors.tools;
                active.iter().enumerate().all(|(event, tools)| {
                    // Who asks for the starts of this code alone is told of those that are the interpreter's.
                    let heeded = if event == local_events::PY_START {
                        global
                    } else {
                        u8::MAX
                    };
                    *tools & used & heeded == 0
                })
            };
        }
        let is_settled = data.is_null() || local_events::are_settled(data);
        let unwatched = is_settled
            && (*(*ts).interp)
                .monitors
                .tools
                .iter()
                .all(|tools| *tools == 0);
        if unwatched {
            (*code)._co_instrumentation_version = version;
        }
        unwatched
    }
}

/// The tools that somebody uses, a bit for each: events of a tool that was given up without switching them off are left
/// in code objects and reach nobody. Profilers and tracers have no name.
unsafe fn tools_in_use(interpreter: *mut c::PyInterpreterState) -> u8 {
    const LEGACY: u8 = 1 << 6 | 1 << 7;
    // SAFETY: the caller's interpreter is the running one.
    let names = unsafe { (*interpreter).monitoring_tool_names };
    let named = names.iter().enumerate().filter(|(_, name)| !name.is_null());
    named.fold(LEGACY, |tools, (tool, _)| tools | 1 << tool)
}

/// Whether signals, other threads, pending calls, the garbage collector or an asynchronous exception wait.
///
/// # Safety
/// `ts` is the running thread's state.
#[inline]
pub unsafe fn has_pending_work(ts: *mut ThreadState) -> bool {
    // SAFETY: as the caller's.
    unsafe { (*ts).eval_breaker & EVENTS != 0 }
}
