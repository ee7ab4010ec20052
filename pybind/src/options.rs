//! What a user chooses: modes and options, and refusals of what is not there.

use crate::custom::Passes;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::PyDict,
};
use stepwell_jit::CompileOptions;
use stepwell_runtime::tag::Tag;

/// Which types a function is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The types of the actual arguments.
    Auto,
    /// Objects only.
    Object,
    /// `int` parameters and nothing but native values.
    Int,
    /// `float` parameters and nothing but native values.
    Float,
    /// `bool` parameters and nothing but native values.
    Bool,
}

/// A mode by name, with the type of every parameter where the mode gives one.
const MODES: [(&str, Mode, Option<Tag>); 5] = [
    ("auto", Mode::Auto, None),
    ("object", Mode::Object, Some(Tag::Any)),
    ("int", Mode::Int, Some(Tag::Int)),
    ("float", Mode::Float, Some(Tag::Float)),
    ("bool", Mode::Bool, Some(Tag::Bool)),
];

/// Modes that have a name and nothing behind it.
const NOT_YET: [&str; 9] = [
    "int32",
    "uint64",
    "float32",
    "complex64",
    "complex128",
    "ptr",
    "vec4f",
    "vec8i",
    "optional_f64",
];

/// The options of `jit`, for messages.
const OPTIONS: &str = "mode, opt_level, vectorize, inline, parallel, lazy, passes";

impl Mode {
    /// The mode of that name.
    ///
    /// # Errors
    /// `ValueError` that lists the modes there are.
    pub fn named(name: &str) -> PyResult<Self> {
        if let Some((_, mode, _)) = MODES.iter().find(|(known, ..)| *known == name) {
            return Ok(*mode);
        }
        let why = if NOT_YET.contains(&name) {
            format!("mode {name:?} is not available yet")
        } else {
            format!("there is no mode {name:?}")
        };
        let known = MODES.map(|(known, ..)| known).join(", ");
        Err(PyValueError::new_err(format!(
            "{why}; the modes are {known}"
        )))
    }

    /// As in `jit(mode=...)` and in the attribute `py.mode` of IR.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The type of every parameter, if the mode itself says it.
    pub fn seed(self) -> Option<Tag> {
        self.row().2
    }

    /// Whether other types than the mode's are refused, with an exception.
    pub fn is_typed(self) -> bool {
        !matches!(self, Self::Auto | Self::Object)
    }

    fn row(self) -> &'static (&'static str, Self, Option<Tag>) {
        &MODES[self as usize]
    }
}

/// The options of `jit`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The types to compile for.
    pub mode: Mode,
    /// LLVM's `-O` level.
    pub opt_level: u8,
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
            mode: Mode::Auto,
            opt_level,
            vectorize,
            lazy: false,
            passes: Passes::default(),
        }
    }
}

impl Options {
    /// What the engine wants to know of them.
    pub fn engine(&self) -> CompileOptions {
        CompileOptions {
            opt_level: self.opt_level,
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

/// # Errors
/// `ValueError` for the value of an option that would change nothing.
pub fn refuse_idle(inline: bool, parallel: bool) -> PyResult<()> {
    let idle = match (inline, parallel) {
        (true, false) => return Ok(()),
        (false, _) => {
            "inline=False would change nothing: calls of Python functions are not inlined yet; leave the option out"
        }
        (_, true) => {
            "parallel=True would change nothing: loops are not run in parallel yet; leave the option out"
        }
    };
    Err(PyValueError::new_err(idle))
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
