//! What we keep with the runtime's unit of a code object: the options, and the copies made for typed modes.

use crate::options::Options;
use pyo3::{prelude::*, types::PyCode};
use std::{any::Any, cell::RefCell};
use stepwell_runtime::unit::Unit;

/// Our part of a unit.
#[derive(Default)]
pub struct Settings {
    options: RefCell<Options>,
    copies: RefCell<Vec<(Options, Py<PyCode>)>>,
}

impl Settings {
    /// For a code object whose functions are compiled with `options`.
    pub fn new(options: Options) -> Self {
        Self {
            options: RefCell::new(options),
            copies: RefCell::default(),
        }
    }

    /// The settings of a unit. Every unit is made by us, so there are always some.
    pub fn of(unit: &Unit) -> Option<&Self> {
        unit.options().downcast_ref()
    }

    /// The options to compile with.
    pub fn options(&self) -> Options {
        self.options.borrow().clone()
    }

    /// Changes the options, and says whether they are other ones.
    pub fn change(&self, options: &Options) -> bool {
        let changed = *self.options.borrow() != *options;
        if changed {
            self.options.replace(options.clone());
        }
        changed
    }

    /// The code object that serves a typed mode instead of `code`, whose settings these are. There is one for each set
    /// of options, so that a decorator that runs again finds what it had compiled.
    pub fn copy<'py>(
        &self,
        code: &Bound<'py, PyCode>,
        options: &Options,
    ) -> PyResult<Bound<'py, PyCode>> {
        let py = code.py();
        let known = |copies: &[(Options, Py<PyCode>)]| {
            let found = copies.iter().find(|(used, _)| used == options);
            found.map(|(_, copy)| copy.bind(py).clone())
        };
        if let Some(copy) = known(&self.copies.borrow()) {
            return Ok(copy);
        }
        let copy = code.call_method0("replace")?.cast_into::<PyCode>()?;
        self.copies
            .borrow_mut()
            .push((options.clone(), copy.clone().unbind()));
        Ok(copy)
    }
}

/// The unit of a code object.
pub fn unit_of<'a>(code: &'a Bound<'_, PyCode>) -> Option<&'a Unit> {
    // SAFETY: the reference keeps the code object alive, and the GIL is held.
    unsafe { Unit::of(code.as_ptr().cast()) }
}

/// The unit of a code object, made with `options` if there is none yet.
pub fn attach<'a>(code: &'a Bound<'_, PyCode>, options: &Options) -> PyResult<&'a Unit> {
    let settings: Box<dyn Any> = Box::new(Settings::new(options.clone()));
    // SAFETY: as in `unit_of`.
    unsafe { Unit::attach(code.as_ptr().cast(), settings) }.ok_or_else(|| PyErr::fetch(code.py()))
}
