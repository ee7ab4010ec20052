//! The extension module `stepwell._stepwell`.

use pyo3::prelude::*;

#[pymodule]
fn _stepwell(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))
}
