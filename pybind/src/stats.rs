//! `stepwell.stats`: what ran compiled, what did not, and why.

use crate::{
    function::{code_of, function_in},
    units::unit_of,
};
use indexmap::IndexMap;
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyDict, PyList, PyTuple},
};
use std::time::Duration;
use stepwell_runtime::{
    census::{self, Record},
    unit::{Statistics, VersionStatistics, totals},
};

/// The statistics of a function, or of the process.
#[pyfunction]
#[pyo3(signature = (func=None, /))]
pub fn stats<'py>(
    py: Python<'py>,
    func: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    match func {
        Some(func) => of_function(func),
        None => of_process(py),
    }
}

fn of_process(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let totals = totals();
    let record = PyDict::new(py);
    record.set_item("compiled_calls", totals.calls)?;
    record.set_item("exits", totals.exits)?;
    record.set_item("compilations", totals.compilations)?;
    record.set_item("functions", totals.units)?;
    Ok(record)
}

fn of_function<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let function = function_in(object)?;
    let code = code_of(&function)?;
    let Some(unit) = unit_of(&code) else {
        let name = function.getattr("__qualname__")?;
        return Err(PyValueError::new_err(format!(
            "{name} is not compiled by stepwell; decorate it with @stepwell.jit"
        )));
    };
    record_of(object.py(), &unit.statistics())
}

/// The statistics of every code object that is known, and on [`remember`] of those that are gone, each with its place.
#[pyfunction]
pub fn records(py: Python<'_>) -> PyResult<Vec<Bound<'_, PyDict>>> {
    // SAFETY: the GIL is held.
    let records = unsafe { census::records() };
    let with_place = |known: &Record| {
        let record = record_of(py, &known.statistics)?;
        record.set_item("file", &known.filename)?;
        record.set_item("line", known.line)?;
        record.set_item("function", &known.qualname)?;
        Ok(record)
    };
    records.iter().map(with_place).collect()
}

/// Keeps the statistics of functions that go, for [`records`].
#[pyfunction]
pub fn remember() {
    census::remember();
}

fn record_of<'py>(py: Python<'py>, statistics: &Statistics) -> PyResult<Bound<'py, PyDict>> {
    let record = PyDict::new(py);
    let calls: u64 = statistics
        .versions
        .iter()
        .filter(|version| version.entry.is_none())
        .map(|version| version.calls)
        .sum();
    record.set_item("compiled_calls", calls)?;
    record.set_item("interpreted_calls", statistics.interpreted)?;
    let compilations: Vec<_> = statistics
        .versions
        .iter()
        .map(|version| compilation(py, version))
        .collect::<PyResult<_>>()?;
    record.set_item("compilations", PyList::new(py, compilations)?)?;
    record.set_item("exits", exits(py, statistics)?)?;
    record.set_item("interpreted_because", interpreted_because(statistics))?;
    Ok(record)
}

fn interpreted_because(statistics: &Statistics) -> Option<&str> {
    let suspended = statistics
        .suspended
        .then_some("stepwell.uninstall() was called");
    statistics.refusal.as_deref().or(suspended)
}

fn compilation<'py>(py: Python<'py>, version: &VersionStatistics) -> PyResult<Bound<'py, PyDict>> {
    let record = PyDict::new(py);
    let names = version.signature.iter().map(|tag| tag.name());
    record.set_item("signature", PyTuple::new(py, names.collect::<Vec<_>>())?)?;
    record.set_item("baseline", version.baseline)?;
    record.set_item("entry", version.entry)?;
    record.set_item("calls", version.calls)?;
    record.set_item("seconds", seconds(py, &version.phases)?)?;
    record.set_item("passes", seconds(py, &version.passes)?)?;
    Ok(record)
}

fn seconds<'py>(py: Python<'py>, list: &[(String, Duration)]) -> PyResult<Bound<'py, PyDict>> {
    let seconds = PyDict::new(py);
    for (name, duration) in list {
        seconds.set_item(name, Duration::as_secs_f64(duration))?;
    }
    Ok(seconds)
}

/// The exits of all versions by line and reason, in the order of the source.
fn exits<'py>(py: Python<'py>, statistics: &Statistics) -> PyResult<Bound<'py, PyList>> {
    let mut sums: IndexMap<(u32, &str), u64> = IndexMap::new();
    for (site, count) in statistics
        .versions
        .iter()
        .flat_map(|version| &version.exits)
    {
        *sums.entry((site.line, &site.reason)).or_default() += count;
    }
    sums.sort_keys();
    let records = sums.into_iter().map(|((line, reason), count)| {
        let record = PyDict::new(py);
        record.set_item("line", line)?;
        record.set_item("reason", reason)?;
        record.set_item("count", count)?;
        Ok(record)
    });
    PyList::new(py, records.collect::<PyResult<Vec<_>>>()?)
}
