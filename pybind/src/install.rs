//! `stepwell.install` and `stepwell.uninstall`: compile the functions of whole packages.
//!
//! No source is rewritten and no import is hooked: the interpreter itself tells of every function that comes into being
//! (a function watcher), and of those that are there already the garbage collector knows. A function is taken in by the
//! name of its module, stays the object that it is, and is compiled when it has been called often enough.

mod coverage;
mod names;

use crate::{
    function::code_of,
    modules::import,
    units::{Settings, unit_of},
};
use coverage::Coverage;
pub use coverage::covers_library;
use names::Names;
use pyo3::{exceptions::PyValueError, prelude::*, types::PyFunction};
use std::sync::Arc;
use stepwell_runtime::{budget, call, watcher};

/// How many calls of a function are waited for, unless the user says otherwise.
const THRESHOLD: u32 = 500;
/// The share of the time that is for compiling, unless the user says otherwise.
const BUDGET: f64 = 0.25;

/// Compiles the functions of whole packages, those that are there and those to come.
#[pyfunction]
#[pyo3(
    signature = (include=None, exclude=None, *, threshold=THRESHOLD.into(), budget=None),
    text_signature = "(include=None, exclude=(), *, threshold=500, budget=None)"
)]
pub fn install(
    py: Python<'_>,
    include: Option<&Bound<'_, PyAny>>,
    exclude: Option<&Bound<'_, PyAny>>,
    threshold: i64,
    budget: Option<f64>,
) -> PyResult<()> {
    let include =
        include.map_or_else(|| Ok(Names::all()), |value| Names::given("include", value))?;
    let exclude =
        exclude.map_or_else(|| Ok(Names::none()), |value| Names::given("exclude", value))?;
    let coverage = Coverage::new(include, exclude, patience(threshold)?);
    let budget = share(budget, threshold)?;
    // SAFETY: the GIL is held.
    if !unsafe { watcher::watch(coverage::seen) } {
        return Err(PyErr::fetch(py));
    }
    budget::allow(budget);
    coverage::set(Some(Arc::new(coverage)));
    for function in functions(py)? {
        coverage::take_in(&function);
    }
    Ok(())
}

/// Gives the functions that `install` has taken in back to the interpreter.
#[pyfunction]
pub fn uninstall(py: Python<'_>) -> PyResult<()> {
    coverage::set(None);
    // SAFETY: the GIL is held.
    if !unsafe { watcher::unwatch() } {
        return Err(PyErr::fetch(py));
    }
    for function in functions(py)? {
        let code = code_of(&function)?;
        let Some(unit) = unit_of(&code) else {
            continue;
        };
        if Settings::of(unit).is_some_and(Settings::is_covered) {
            // SAFETY: it is a function, and the GIL is held.
            unsafe { call::uninstall(function.as_ptr().cast()) };
            unit.suspend();
        }
    }
    Ok(())
}

/// How many calls are interpreted when the one of number `threshold` is to be compiled.
fn patience(threshold: i64) -> PyResult<u32> {
    u32::try_from(threshold)
        .ok()
        .and_then(|threshold| threshold.checked_sub(1))
        .ok_or_else(|| {
            PyValueError::new_err(format!(
                "threshold is the number of the call that is compiled, 1 or more, and not {threshold}"
            ))
        })
}

/// The share of the time that is for compiling; `None` for no limit. Who wants functions compiled at their first call does
/// not want them to wait.
fn share(given: Option<f64>, threshold: i64) -> PyResult<Option<f64>> {
    match given {
        None if threshold == 1 => Ok(None),
        None => Ok(Some(BUDGET)),
        Some(share) if share >= 1.0 => Ok(None),
        Some(share) if share > 0.0 => Ok(Some(share)),
        Some(share) => Err(PyValueError::new_err(format!(
            "budget is the share of the time that may go into compiling, more than 0 and up to 1 (no limit), and not {share}"
        ))),
    }
}

/// All functions that there are.
fn functions(py: Python<'_>) -> PyResult<Vec<Bound<'_, PyFunction>>> {
    let objects = import(py, "gc")?.call_method0("get_objects")?;
    let objects = objects.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    Ok(objects
        .into_iter()
        .filter_map(|object| object.cast_into::<PyFunction>().ok())
        .collect())
}
