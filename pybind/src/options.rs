//! What a user chooses: modes and options, and refusals of what is not there.

use crate::{custom::Passes, plan::Plans};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyDict,
};
use stepwell_jit::CompileOptions;
use stepwell_passes::modes::{MODES, Mode, Numbers, Overflow};

/// The options of `jit`, for messages.
const OPTIONS: &str = "mode, opt_level, vectorize, signature, overflow, fastmath, boundscheck, inline, parallel, lazy, passes, baseline";

/// LLVM's names for what it may assume of floats.
const FASTMATH: [&str; 7] = ["reassoc", "nnan", "ninf", "nsz", "arcp", "contract", "afn"];

/// The mode of that name.
///
/// # Errors
/// `ValueError` that lists the modes there are.
pub fn mode(name: &str) -> PyResult<&'static Mode> {
    Mode::named(name).ok_or_else(|| {
        let known = MODES.map(|mode| mode.name).join(", ");
        PyValueError::new_err(format!("there is no mode {name:?}; the modes are {known}"))
    })
}

/// The choice for integers that need more bits; the mode's own if none is given.
///
/// # Errors
/// `ValueError` that lists the choices of the mode.
pub fn overflow(mode: &Mode, name: Option<&str>) -> PyResult<Overflow> {
    let Some(name) = name else {
        return Ok(mode.overflows[0]);
    };
    let found = mode.overflows.iter().find(|choice| choice.name() == name);
    found.copied().ok_or_else(|| {
        let known: Vec<_> = mode.overflows.iter().map(|choice| choice.name()).collect();
        PyValueError::new_err(format!(
            "overflow={name:?} is not a choice of mode={:?}; its choices are {}",
            mode.name,
            known.join(", ")
        ))
    })
}

/// The options of `jit`, checked.
#[derive(Clone, Debug)]
pub struct Options {
    /// The types to compile for.
    pub mode: &'static Mode,
    /// What happens to integers that need more bits.
    pub overflow: Overflow,
    /// The types of parameters that a signature gives, or annotations in a typed mode.
    pub plans: Plans,
    /// What LLVM may assume of floats: names of flags.
    pub fastmath: Vec<&'static str>,
    /// Whether indices are checked where the length is known.
    pub boundscheck: bool,
    /// Whether functions are computed where they are called, and generators where they are consumed.
    pub inline: bool,
    /// LLVM's `-O` level.
    pub opt_level: u8,
    /// Whether functions begin with baseline code.
    pub baseline: bool,
    /// Whether LLVM's vectorisers run.
    pub vectorize: bool,
    /// Whether compilation waits for the first call where it need not.
    pub lazy: bool,
    /// Passes of the user's own.
    pub passes: Passes,
}

impl Default for Options {
    fn default() -> Self {
        let CompileOptions {
            opt_level,
            vectorize,
        } = CompileOptions::default();
        Self {
            mode: &MODES[0],
            overflow: Overflow::Exact,
            plans: Plans::default(),
            fastmath: Vec::new(),
            boundscheck: true,
            inline: true,
            opt_level,
            baseline: true,
            vectorize,
            lazy: false,
            passes: Passes::default(),
        }
    }
}

impl PartialEq for Options {
    fn eq(&self, other: &Self) -> bool {
        let key = |options: &Self| {
            let Self {
                mode,
                overflow,
                opt_level,
                baseline,
                vectorize,
                lazy,
                boundscheck,
                inline,
                ..
            } = *options;
            let flags = (vectorize, lazy, boundscheck, inline, baseline);
            (mode.name, overflow, opt_level, flags)
        };
        key(self) == key(other)
            && self.plans == other.plans
            && self.fastmath == other.fastmath
            && self.passes == other.passes
    }
}

impl Options {
    /// How functions compute.
    pub fn numbers(&self) -> Numbers {
        self.plans.numbers(self.mode.numbers(Some(self.overflow)))
    }

    /// Whether other types than those compiled for are refused, with an exception.
    pub fn is_typed(&self) -> bool {
        self.mode.is_typed()
    }

    /// Whether a function can begin with baseline code: whoever asks for another level gets that, and passes of the
    /// user's own run once.
    pub fn begins_with_baseline(&self) -> bool {
        self.baseline
            && self.opt_level == CompileOptions::default().opt_level
            && matches!(self.mode.name, "auto" | "object")
            && self.passes.0.is_empty()
    }

    /// What the engine wants to know of them.
    pub fn engine(&self, baseline: bool) -> CompileOptions {
        CompileOptions {
            opt_level: if baseline { 0 } else { self.opt_level },
            vectorize: self.vectorize,
        }
    }
}

/// # Errors
/// `ValueError` for a level that LLVM does not have.
pub fn opt_level(value: i64) -> PyResult<u8> {
    u8::try_from(value)
        .ok()
        .filter(|level| *level <= 3)
        .ok_or_else(|| PyValueError::new_err(format!("opt_level is 0, 1, 2 or 3, and not {value}")))
}

/// The flags that are given by name, or all of them by `True`.
///
/// # Errors
/// `ValueError` that names the flag that there is not, `TypeError` for anything else.
pub fn fastmath(given: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<&'static str>> {
    let Some(given) = given else {
        return Ok(Vec::new());
    };
    if let Ok(all) = given.extract::<bool>() {
        return Ok(if all { FASTMATH.to_vec() } else { Vec::new() });
    }
    let names: Vec<String> = match given.extract::<String>() {
        Ok(name) if name == "fast" => return Ok(FASTMATH.to_vec()),
        Ok(name) => vec![name],
        Err(_) => given
            .try_iter()?
            .map(|name| name?.extract())
            .collect::<PyResult<_>>()?,
    };
    let unknown = names.iter().find(|name| !FASTMATH.contains(&name.as_str()));
    if let Some(unknown) = unknown {
        return Err(PyValueError::new_err(format!(
            "fastmath has no flag {unknown:?}; the flags are {}",
            FASTMATH.join(", ")
        )));
    }
    let chosen = FASTMATH
        .into_iter()
        .filter(|flag| names.iter().any(|name| name == flag));
    Ok(chosen.collect())
}

/// # Errors
/// `ValueError` for the value of an option that would change nothing.
pub fn refuse_idle(parallel: bool) -> PyResult<()> {
    match parallel {
        false => Ok(()),
        true => Err(PyValueError::new_err(
            "parallel=True would change nothing: loops are not run in parallel yet; leave the option out",
        )),
    }
}

/// # Errors
/// `TypeError` that names the misspelt option and lists the options there are.
pub fn refuse_unknown(unknown: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
    match unknown.and_then(|unknown| unknown.keys().iter().next()) {
        None => Ok(()),
        Some(name) => Err(PyTypeError::new_err(format!(
            "jit() has no option '{name}'; the options are {OPTIONS}"
        ))),
    }
}
