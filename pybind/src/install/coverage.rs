//! What `stepwell.install` covers, and the functions that it takes in.

use super::names::Names;
use crate::{options::Options, units::Settings};
use pyo3::{
    prelude::*,
    types::{PyFunction, PyString},
};
use std::{
    any::Any,
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use stepwell_abi::cpython as c;
use stepwell_runtime::{frame, unit::Unit, watcher};

/// Modules that are never covered: the compiler's own, and those that make importing work.
const OURS: [&str; 4] = [
    "stepwell",
    "_frozen_importlib",
    "_frozen_importlib_external",
    "zipimport",
];

/// The functions of which modules are compiled, and when.
#[derive(Debug)]
pub struct Coverage {
    include: Names,
    exclude: Names,
    /// How many calls of a function are interpreted before it is compiled.
    patience: u32,
    /// The answers for the modules seen so far.
    known: Mutex<HashMap<String, bool>>,
}

impl Coverage {
    pub fn new(include: Names, exclude: Names, patience: u32) -> Self {
        Self {
            include,
            exclude,
            patience,
            known: Mutex::default(),
        }
    }

    /// How many calls of a function with this code are interpreted before it is compiled.
    ///
    /// # Safety
    /// `code` is a live code object.
    unsafe fn patience(&self, code: *mut c::PyCodeObject) -> u32 {
        // SAFETY: as the caller's.
        if unsafe { has_loop(code) } {
            self.patience / LOOP_WEIGHT
        } else {
            self.patience
        }
    }

    fn covers(&self, module: &str) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = known.get(module) {
            return *answer;
        }
        let answer =
            !is_ours(module) && self.include.contain(module) && !self.exclude.contain(module);
        known.insert(module.to_owned(), answer);
        answer
    }
}

fn is_ours(module: &str) -> bool {
    OURS.iter().any(|name| {
        module
            .strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Whether a function of another module than its caller's may be compiled because compiled code calls it. While `install` is
/// in force, that alone says what is compiled.
///
/// # Safety
/// `function` is a live function object; the GIL is held.
pub unsafe fn covers_library(function: *mut c::PyFunctionObject) -> bool {
    // SAFETY: as the caller's.
    current().is_none() && !is_ours(&unsafe { module(function) })
}

/// CPython 3.13's number of the instruction that ends a loop.
const JUMP_BACKWARD: u32 = 77;

/// A call of a function with a loop counts for as many.
const LOOP_WEIGHT: u32 = 25;

/// Whether a code object looks as if it had a loop. A cache of the interpreter can look like one, which does no harm.
///
/// # Safety
/// `code` is a live code object.
unsafe fn has_loop(code: *mut c::PyCodeObject) -> bool {
    // SAFETY: a code object has as many units as its size says.
    unsafe {
        let first = frame::first_instruction(code);
        let units = std::slice::from_raw_parts(first, (*code).ob_base.ob_size as usize);
        let is_loop = |unit: &c::_Py_CODEUNIT| u32::from(unit.op.code) == JUMP_BACKWARD;
        units.iter().any(is_loop)
    }
}

static CURRENT: Mutex<Option<Arc<Coverage>>> = Mutex::new(None);

/// Covers something else, or nothing, from now on.
pub fn set(coverage: Option<Arc<Coverage>>) {
    *CURRENT.lock().unwrap_or_else(PoisonError::into_inner) = coverage;
}

fn current() -> Option<Arc<Coverage>> {
    CURRENT
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

/// Takes a function in that is already there.
pub fn take_in(function: &Bound<'_, PyFunction>) {
    let function = function.as_ptr().cast::<c::PyFunctionObject>();
    // SAFETY: it is a function, and the GIL is held.
    seen(function, unsafe { (*function).func_code.cast() });
}

/// Takes a function in if it is covered, and not decorated. What fails for want of memory leaves the function to the interpreter.
pub fn seen(function: *mut c::PyFunctionObject, code: *mut c::PyCodeObject) {
    // SAFETY: the runtime calls this with live objects and the GIL held.
    let taken = unsafe {
        match Unit::of(code) {
            Some(unit) if !Settings::of(unit).is_some_and(Settings::is_covered) => true,
            Some(unit) if !unit.is_suspended() => watcher::adopt(function, code),
            _ => !is_callable(code) || take_in_new(function, code),
        }
    };
    if !taken {
        // SAFETY: the GIL is held.
        unsafe { c::PyErr_Clear() };
    }
}

/// # Safety
/// As the runtime's [`watcher::Seen`].
unsafe fn take_in_new(function: *mut c::PyFunctionObject, code: *mut c::PyCodeObject) -> bool {
    let Some(coverage) = current() else {
        return true;
    };
    // SAFETY: as the caller's.
    unsafe {
        if !coverage.covers(&module(function)) {
            return true;
        }
        let settings: Box<dyn Any> = Box::new(Settings::covered(Options::default()));
        Unit::attach(code, settings).is_some_and(|unit| {
            unit.resume();
            unit.set_frugal(true);
            unit.wait(coverage.patience(code));
            watcher::adopt(function, code)
        })
    }
}

/// Whether a code object is that of a function, and not of a module or class, which run once.
///
/// # Safety
/// `code` is a live code object.
unsafe fn is_callable(code: *mut c::PyCodeObject) -> bool {
    // SAFETY: as the caller's.
    unsafe { (*code).co_flags as u32 & c::CO_OPTIMIZED != 0 }
}

/// The name of the module that a function says it is from; nothing if it does not say.
///
/// # Safety
/// `function` is a live function object; the GIL is held.
unsafe fn module(function: *mut c::PyFunctionObject) -> String {
    // SAFETY: the field is null or an object that the function owns.
    let name = Python::try_attach(|py| unsafe {
        let module = (*function).func_module;
        let module = Bound::from_borrowed_ptr_or_opt(py, module.cast())?;
        let name = module.cast_into::<PyString>().ok()?;
        Some(name.to_string_lossy().into_owned())
    });
    name.flatten().unwrap_or_default()
}
