//! Arguments that do not have the type of a typed mode.

use crate::{options::Options, plan::Plan};
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
    plan: &Plan,
    arguments: &[Object],
) -> PyResult<()> {
    let is_other = |(argument, tag): (&Object, &Tag)| {
        // SAFETY: an argument is a live object, whatever it is.
        !argument.is_null() && *tag != Tag::Any && unsafe { Tag::of(*argument) } != *tag
    };
    let Some(index) = arguments.iter().zip(&plan.tags).position(is_other) else {
        return Ok(());
    };
    let py = function.py();
    let parameter: String = code.getattr("co_varnames")?.get_item(index)?.extract()?;
    let name = function.getattr("__qualname__")?;
    let (mode, wanted) = (options.mode.name, plan.tags[index].name());
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
