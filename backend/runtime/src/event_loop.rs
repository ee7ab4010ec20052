//! The innermost of the event loop of `asyncio`, without the interpreter.
//!
//! A task that awaits is run again by its loop, through `Handle._run`, and queued again, through `call_soon`: functions
//! in Python that take longer than what compiled coroutines do in between. Both are done here, in the same steps, while
//! they are the library's own. Everything is looked at before anything is done: the code of the functions, what the
//! classes and the loop say, whether somebody watches. Whatever does not fit is for the interpreter.

mod call_soon;
mod run;

use crate::{
    compiler, monitoring,
    object::{Object, Owned, ThreadState, is_exactly, tuple_items},
};
use std::{ffi::CStr, sync::OnceLock};
use stepwell_abi::cpython as c;

/// A function that is done here, or that one of those calls.
#[derive(Debug)]
struct Own {
    function: *mut c::PyFunctionObject,
    code: Object,
}

impl Own {
    /// The attribute of a class, if it is the function with the bytecode that this was written for.
    unsafe fn of(class: Object, name: &CStr, fingerprint: u64) -> Option<Self> {
        // SAFETY: the GIL is held; the function is kept for good.
        unsafe {
            let function = Owned::steal(c::PyObject_GetAttrString(class, name.as_ptr()))?;
            if !is_exactly(function.get(), &raw const c::PyFunction_Type) {
                return None;
            }
            let code = (*function.get().cast::<c::PyFunctionObject>()).func_code;
            if self::fingerprint(code.cast())? != fingerprint {
                return None;
            }
            let function = function.give().cast();
            Some(Self {
                function,
                code: crate::object::new_ref(code),
            })
        }
    }

    /// Whether a method that was found is this one, with its code.
    #[inline]
    unsafe fn is(&self, found: Option<Object>) -> bool {
        // SAFETY: the function is kept.
        found == Some(self.function.cast()) && unsafe { self.is_unchanged() }
    }

    /// Whether the function has its code.
    #[inline]
    unsafe fn is_unchanged(&self) -> bool {
        // SAFETY: the function is kept.
        unsafe { (*self.function).func_code == self.code }
    }
}

/// What there is of `asyncio`, all of it kept for good.
#[derive(Debug)]
struct Library {
    base_events: Object,
    events: Object,
    call_soon: Own,
    queue: Own,
    check_closed: Own,
    get_debug: Own,
    init: Own,
    run: Own,
    handle: *mut c::PyTypeObject,
    /// The version of that class; a class that changes gets another.
    version: u32,
    slots: call_soon::Slots,
    deque: *mut c::PyTypeObject,
    append: unsafe extern "C-unwind" fn(Object, Object) -> Object,
    /// Where `Handle._run` calls, in bytes.
    call: i32,
}

// SAFETY: whoever uses the objects holds the GIL.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

static LIBRARY: OnceLock<Option<Library>> = OnceLock::new();

/// Takes over what is done here, as soon as `asyncio` has been imported. Does nothing the second time, and nothing when
/// the library is another one than expected.
///
/// # Safety
/// The GIL is held, in the main interpreter, and no exception is set.
pub(crate) unsafe fn take_over() {
    if LIBRARY.get().is_some() {
        return;
    }
    // SAFETY: as the caller's.
    unsafe {
        let (Some(base_events), Some(events)) =
            (module(c"asyncio.base_events"), module(c"asyncio.events"))
        else {
            return c::PyErr_Clear();
        };
        let library = LIBRARY.get_or_init(|| Library::find(base_events, events));
        if let Some(library) = library {
            replace(&library.call_soon, call_soon::vectorcall);
            replace(&library.run, run::vectorcall);
        }
        c::PyErr_Clear();
    }
}

/// Has the coroutines of `asyncio.sleep` compiled, by which compiled coroutines let others run. False for all other
/// functions that make generators or coroutines: what is consumed by interpreted code is quicker interpreted, too.
///
/// # Safety
/// The GIL is held in the main interpreter; the code of `function` makes generators or coroutines and has no unit.
pub(crate) unsafe fn adopt(ts: *mut ThreadState, function: *mut c::PyFunctionObject) -> bool {
    let is = |object: Object, text: &CStr| {
        // SAFETY: the names of a function are strings, or null.
        unsafe { !object.is_null() && c::PyUnicode_EqualToUTF8(object, text.as_ptr()) != 0 }
    };
    // SAFETY: as the caller's.
    unsafe {
        let code = (*function).func_code.cast::<c::PyCodeObject>();
        let module = (*function).func_module;
        let is_sleep = is((*code).co_name, c"sleep") || is((*code).co_name, c"__sleep0");
        if !is_sleep
            || module.is_null()
            || !is_exactly(module, &raw const c::PyUnicode_Type)
            || !is(module, c"asyncio.tasks")
        {
            return false;
        }
        let adopted = compiler::current().and_then(|compiler| compiler.take_in(code));
        if adopted.is_some() {
            monitoring::watch(ts, code);
        }
        adopted.is_some()
    }
}

/// Makes calls of a function ours, unless somebody has compiled it.
unsafe fn replace(own: &Own, vectorcall: crate::call::VectorCall) {
    // SAFETY: the function is kept.
    unsafe {
        if !crate::call::is_installed(own.function) && crate::call::interpreted().is_some() {
            c::PyFunction_SetVectorcall(own.function, Some(vectorcall));
        }
    }
}

/// A module that has been imported completely.
unsafe fn module(name: &CStr) -> Option<Owned> {
    // SAFETY: as the caller's.
    unsafe {
        let name = Owned::steal(c::PyUnicode_FromString(name.as_ptr()))?;
        let module = Owned::steal(c::PyImport_GetModule(name.get()))?;
        is_exactly(module.get(), &raw const c::PyModule_Type).then_some(module)
    }
}

impl Library {
    unsafe fn find(base_events: Owned, events: Owned) -> Option<Self> {
        // SAFETY: as of `take_over`.
        unsafe {
            let attribute = |object: &Owned, name: &CStr| {
                Owned::steal(c::PyObject_GetAttrString(object.get(), name.as_ptr()))
            };
            let base = attribute(&base_events, c"BaseEventLoop")?;
            let handle = attribute(&events, c"Handle")?;
            let deque = attribute(&module(c"_collections")?, c"deque")?;
            let class = handle.get().cast::<c::PyTypeObject>();
            let is_class = |object: &Owned| is_exactly(object.get(), &raw const c::PyType_Type);
            if !is_class(&handle)
                || !is_class(&deque)
                || c::PyUnstable_Type_AssignVersionTag(class) == 0
            {
                return None;
            }
            let run = Own::of(handle.get(), c"_run", 0x778b_6a5c_9e35_bd16)?;
            Some(Self {
                call_soon: Own::of(base.get(), c"call_soon", 0x269a_8ffc_13e9_7145)?,
                queue: Own::of(base.get(), c"_call_soon", 0x10ff_1d41_84bd_e368)?,
                check_closed: Own::of(base.get(), c"_check_closed", 0x919d_9797_bbb4_a4f1)?,
                get_debug: Own::of(base.get(), c"get_debug", 0xd2ab_dfa4_14cc_dbe9)?,
                init: Own::of(handle.get(), c"__init__", 0xdb04_2e14_7918_fee3)?,
                version: (*class).tp_version_tag,
                slots: call_soon::Slots::of(class)?,
                append: method(deque.get().cast(), c"append")?,
                call: run::call_of(&run)?,
                run,
                deque: deque.give().cast(),
                handle: handle.give().cast(),
                base_events: base_events.give(),
                events: events.give(),
            })
        }
    }
}

/// The C function of a method with one argument.
unsafe fn method(
    class: *mut c::PyTypeObject,
    name: &CStr,
) -> Option<unsafe extern "C-unwind" fn(Object, Object) -> Object> {
    // SAFETY: as of `take_over`; a method descriptor has its definition.
    unsafe {
        let name = Owned::steal(c::PyUnicode_InternFromString(name.as_ptr()))?;
        let found = c::_PyType_Lookup(class, name.get());
        if found.is_null() || !is_exactly(found, &raw const c::PyMethodDescr_Type) {
            return None;
        }
        let definition = (*found.cast::<c::PyMethodDescrObject>()).d_method;
        let takes_one = (*definition).ml_flags as u32 == c::METH_O;
        takes_one.then_some((*definition).ml_meth).flatten()
    }
}

/// A number for what a code object does: its bytecode as it was compiled, and the names in it (FNV-1a).
unsafe fn fingerprint(code: *mut c::PyCodeObject) -> Option<u64> {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let feed = |state: u64, bytes: &[u8]| {
        let step = |state: u64, byte: &u8| (state ^ u64::from(*byte)).wrapping_mul(PRIME);
        bytes.iter().fold(state, step)
    };
    // SAFETY: as of `take_over`; the strings are kept by the code object.
    unsafe {
        let bytecode = Owned::steal(c::PyCode_GetCode(code))?;
        let length = crate::object::length(bytecode.get()) as usize;
        let first = c::PyBytes_AsString(bytecode.get()).cast::<u8>();
        let mut state = feed(START, std::slice::from_raw_parts(first, length));
        for name in tuple_items((*code).co_names) {
            let text = c::PyUnicode_AsUTF8(*name);
            if text.is_null() {
                return None;
            }
            state = feed(state, CStr::from_ptr(text).to_bytes_with_nul());
        }
        Some(state)
    }
}
