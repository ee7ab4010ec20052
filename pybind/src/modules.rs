//! Modules that the compiler itself needs.

use pyo3::{prelude::*, types::PyModule};
use std::ffi::CString;
use stepwell_runtime::object;

/// Imports a module that is in no package, also for code that has no `__import__` among its builtins, or another one.
///
/// # Errors
/// What the module raises, or that there is none.
pub fn import<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyModule>> {
    let name = CString::new(name)?;
    // SAFETY: the GIL is held, and the result is a new reference or null with an exception set.
    let module = unsafe { Bound::from_owned_ptr_or_err(py, object::import(&name).cast())? };
    Ok(module.cast_into()?)
}
