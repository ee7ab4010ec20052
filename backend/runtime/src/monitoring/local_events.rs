//! Events of single code objects, of which the interpreter tells nobody but the code object.
//!
//! Global events change the version of the instrumentation, which is part of the eval breaker: calls, polls and checks of
//! compiled code look there, and then at the code object ([`super::may_run`]). Local events leave it as it is, at zero in
//! most processes, and nothing would look. So local events make it change: a global event is switched on and off again.
//!
//! `PY_START` alone is left as it is: a tool that wants to know nothing else of one code object learns when the
//! interpreter starts it, which is how one counts what is left to the interpreter.

use super::EVENTS;
use crate::object::{Object, Owned, ThreadState, decref, is_exactly, new_ref};
use std::{ptr::null_mut, sync::OnceLock};
use stepwell_abi::cpython as c;

/// The event of a call's start, as an index.
pub(super) const PY_START: usize = 0;
/// The same among the events that a tool sets.
const START: i64 = 1 << PY_START;

type Fast = unsafe extern "C-unwind" fn(Object, *const Object, c::Py_ssize_t) -> Object;
type Plain = unsafe extern "C-unwind" fn(Object, Object) -> Object;

/// The interpreter's own `sys.monitoring.set_local_events`.
static ORIGINAL: OnceLock<Fast> = OnceLock::new();

/// Has compiled code look for the local events of `code` that are there already and of those to come.
///
/// # Safety
/// The GIL is held; `code` is a live code object.
pub(crate) unsafe fn watch(ts: *mut ThreadState, code: *mut c::PyCodeObject) {
    // SAFETY: as the caller's.
    unsafe {
        let data = (*code)._co_monitoring;
        let is_quiet = data.is_null() || is_about_starts(&(*data).local_monitors);
        if is_quiet && ORIGINAL.get().is_some() {
            return;
        }
        let watched = patch().and_then(|monitoring| {
            if is_quiet {
                return Some(());
            }
            if (*ts).eval_breaker & !EVENTS != 0 {
                return Some(());
            }
            let names = (*(*ts).interp).monitoring_tool_names;
            let tool = names.iter().position(|name| !name.is_null())?;
            change_version(monitoring.get(), tool as i64)
        });
        // Where `sys.monitoring` is not what it was, there are no events.
        if watched.is_none() {
            c::PyErr_Clear();
        }
    }
}

/// Whether nobody wants local events other than `PY_START`.
fn is_about_starts(monitors: &c::_Py_LocalMonitors) -> bool {
    let mut wanted = monitors.tools.iter().enumerate();
    wanted.all(|(event, tools)| event == PY_START || *tools == 0)
}

/// Whether the instructions tell of what is wanted of this code alone, which is `PY_START` at most.
///
/// # Safety
/// `data` is the instrumentation data of a live code object; the GIL is held.
pub(super) unsafe fn are_settled(data: *const c::_PyCoMonitoringData) -> bool {
    // SAFETY: as the caller's.
    unsafe {
        let (local, active) = (&(*data).local_monitors, &(*data).active_monitors);
        is_about_starts(local) && local.tools == active.tools
    }
}

/// Puts our function in the place of the interpreter's, once. Yields `sys.monitoring`.
unsafe fn patch() -> Option<Owned> {
    // SAFETY: the GIL is held; the method's definition is static and writable.
    unsafe {
        let monitoring = c::PySys_GetObject(c"monitoring".as_ptr());
        if monitoring.is_null() {
            return None;
        }
        let monitoring = Owned::steal(new_ref(monitoring))?;
        if ORIGINAL.get().is_none() {
            let name = c"set_local_events".as_ptr();
            let function = Owned::steal(c::PyObject_GetAttrString(monitoring.get(), name))?;
            if !is_exactly(function.get(), &raw const c::PyCFunction_Type) {
                return None;
            }
            let definition = (*function.get().cast::<c::PyCFunctionObject>()).m_ml;
            let original = std::mem::transmute::<Plain, Fast>((*definition).ml_meth?);
            if ORIGINAL.set(original).is_ok() {
                (*definition).ml_meth = Some(std::mem::transmute::<Fast, Plain>(set_local_events));
            }
        }
        Some(monitoring)
    }
}

/// `sys.monitoring.set_local_events(tool, code, events)`
unsafe extern "C-unwind" fn set_local_events(
    monitoring: Object,
    args: *const Object,
    nargs: c::Py_ssize_t,
) -> Object {
    // SAFETY: called as the function that it replaces, which has checked the arguments when it succeeds.
    unsafe {
        let Some(original) = ORIGINAL.get() else {
            return null_mut();
        };
        let result = original(monitoring, args, nargs);
        if result.is_null() || c::PyLong_AsLong(*args.add(2)) & !START == 0 {
            return result;
        }
        match change_version(monitoring, c::PyLong_AsLong(*args)) {
            Some(()) => result,
            None => {
                decref(result);
                null_mut()
            }
        }
    }
}

/// Makes the version of the instrumentation another one. `None` with an exception set when that fails.
unsafe fn change_version(monitoring: Object, tool: i64) -> Option<()> {
    // SAFETY: as the caller's. No Python code runs between the two changes.
    unsafe {
        let [get, set] = [c"get_events".as_ptr(), c"set_events".as_ptr()];
        let events = c::PyObject_CallMethod(monitoring, get, c"L".as_ptr(), tool);
        let events = c::PyLong_AsLong(Owned::steal(events)?.get());
        for wanted in [events ^ START, events] {
            let done = c::PyObject_CallMethod(monitoring, set, c"LL".as_ptr(), tool, wanted);
            Owned::steal(done)?;
        }
        Some(())
    }
}
