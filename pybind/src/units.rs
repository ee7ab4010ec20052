//! What we keep with the runtime's unit of a code object: the options, and the copies made for typed modes.

use crate::{hints::Hints, options::Options};
use pyo3::{prelude::*, types::PyCode};
use std::{
    any::Any,
    cell::{Cell, RefCell},
};
use stepwell_runtime::unit::Unit;

/// Our part of a unit.
#[derive(Default)]
pub struct Settings {
    options: RefCell<Options>,
    /// Nobody asked for this very function: `install` took it in.
    covered: Cell<bool>,
    copies: RefCell<Vec<(Options, Py<PyCode>)>>,
    /// What its versions return, if it is of a typed mode.
    results: RefCell<Vec<String>>,
    /// What the last compilation guessed from.
    hints: RefCell<Hints>,
}

impl Settings {
    /// For a code object whose functions are compiled with `options`.
    pub fn new(options: Options) -> Self {
        Self {
            options: RefCell::new(options),
            ..Self::default()
        }
    }

    /// For a code object that `install` takes in.
    pub fn covered(options: Options) -> Self {
        Self {
            covered: true.into(),
            ..Self::new(options)
        }
    }

    /// For the functions that a function makes. Passes of the user's own are for what was decorated with them.
    pub fn for_nested(&self) -> Self {
        let options = Options {
            passes: Default::default(),
            ..self.options()
        };
        Self {
            covered: self.covered.clone(),
            ..Self::new(options)
        }
    }

    /// Whether `install` took the code object in, and nobody has decorated a function of it since.
    pub fn is_covered(&self) -> bool {
        self.covered.get()
    }

    /// The settings of a unit. Every unit is made by us, so there are always some.
    pub fn of(unit: &Unit) -> Option<&Self> {
        unit.options().downcast_ref()
    }

    /// The options to compile with.
    pub fn options(&self) -> Options {
        self.options.borrow().clone()
    }

    /// What the last compilation guessed from.
    pub fn hints(&self) -> Hints {
        self.hints.borrow().clone()
    }

    /// Keeps what a compilation guesses from.
    pub fn keep_hints(&self, hints: Hints) {
        self.hints.replace(hints);
    }

    /// Changes the options, and says whether they are other ones.
    pub fn change(&self, options: &Options) -> bool {
        let changed = *self.options.borrow() != *options;
        if changed {
            self.options.replace(options.clone());
        }
        changed
    }

    /// Notes what a version returns, in the words of the passes.
    pub fn note_result(&self, result: Option<&str>) {
        self.results.borrow_mut().extend(result.map(str::to_owned));
    }

    /// What all versions return.
    pub fn result(&self) -> Option<String> {
        let results = self.results.borrow();
        let (first, rest) = results.split_first()?;
        rest.iter()
            .all(|other| other == first)
            .then(|| first.clone())
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
        // `install` takes in what has no unit.
        attach(&copy, options)?;
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

/// Makes a unit that of a function that somebody has decorated, even if `install` took it in before, or its maker did.
pub fn claim(unit: &Unit) {
    let covered = Settings::of(unit).is_some_and(|settings| settings.covered.replace(false));
    if covered || unit.is_nested() {
        unit.set_nested(false);
        unit.set_frugal(false);
        unit.resume();
        unit.wait(0);
    }
}

/// The unit of a code object, made with `options` if there is none yet.
pub fn attach<'a>(code: &'a Bound<'_, PyCode>, options: &Options) -> PyResult<&'a Unit> {
    let settings: Box<dyn Any> = Box::new(Settings::new(options.clone()));
    // SAFETY: as in `unit_of`.
    unsafe { Unit::attach(code.as_ptr().cast(), settings) }.ok_or_else(|| PyErr::fetch(code.py()))
}
