//! `stepwell.disabled`: leave everything to the interpreter for a while.

use pyo3::prelude::*;
use stepwell_runtime::monitoring::{disable, enable};

/// A context manager inside which compiled functions are interpreted, in all threads.
#[pyfunction]
pub fn disabled() -> Disabled {
    Disabled
}

/// What `disabled` returns. It may be entered more than once.
#[pyclass(frozen, module = "stepwell")]
pub struct Disabled;

#[pymethods]
impl Disabled {
    fn __enter__(&self) {
        disable();
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyAny>) {
        enable();
    }
}
