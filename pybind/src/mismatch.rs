//! Arguments that do not have the type of a typed mode.

use crate::options::Options;
use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyCode, PyFunction},
};
use stepwell_runtime::{object::Object, tag::Tag};

/// Looks for the first argument that has another type than the mode's.
///
/// # Errors
/// `TypeError` that names the function, the parameter, both types, and where the function is.
pub fn check(
    function: &Bound<'_, PyFunction>,
    code: &Bound<'_, PyCode>,
    options: &Options,
    arguments: &[Object],
) -> PyResult<()> {
    let Some(seed) = options.mode.seed() else {
        return Ok(());
    };
    // SAFETY: an argument is a live object, whatever it is.
    let is_other = |argument: &Object| !argument.is_null() && unsafe { Tag::of(*argument) } != seed;
    let Some(index) = arguments.iter().position(is_other) else {
        return Ok(());
    };
    let py = function.py();
    let parameter: String = code.getattr("co_varnames")?.get_item(index)?.extract()?;
    let name = function.getattr("__qualname__")?;
    let (mode, wanted) = (options.mode.name(), seed.name());
    // SAFETY: as above.
    let argument = unsafe { Bound::from_borrowed_ptr(py, arguments[index].cast()) };
    let given = argument.get_type().fully_qualified_name()?;
    let file = code.getattr("co_filename")?;
    let line = code.getattr("co_firstlineno")?;
    Err(PyTypeError::new_err(format!(
        "{name}() argument '{parameter}' must be {wanted}, not {given}: mode=\"{mode}\" compiles for {wanted} alone \
         (File \"{file}\", line {line}); mode=\"auto\" takes every type"
    )))
}
