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
use stepwell_runtime::unit::{Statistics, VersionStatistics, totals};

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
    let statistics = unit.statistics();
    let py = object.py();
    let record = PyDict::new(py);
    let calls: u64 = statistics
        .versions
        .iter()
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
    record.set_item("exits", exits(py, &statistics)?)?;
    record.set_item("interpreted_because", statistics.refusal)?;
    Ok(record)
}

fn compilation<'py>(py: Python<'py>, version: &VersionStatistics) -> PyResult<Bound<'py, PyDict>> {
    let record = PyDict::new(py);
    let names = version.signature.iter().map(|tag| tag.name());
    record.set_item("signature", PyTuple::new(py, names.collect::<Vec<_>>())?)?;
    record.set_item("calls", version.calls)?;
    let seconds = PyDict::new(py);
    for (phase, duration) in &version.phases {
        seconds.set_item(phase, Duration::as_secs_f64(duration))?;
    }
    record.set_item("seconds", seconds)?;
    Ok(record)
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
