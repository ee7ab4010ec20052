//! The name by which a function finds itself.

use pyo3::{
    prelude::*,
    types::{PyCode, PyDict, PyFunction, PyTuple},
};
use stepwell_frontend::Flags;

/// The name of a global that holds a function with this code, if the code loads one. Functions with variables of other
/// functions, or with parameters that need more than their place, have none.
pub fn name(
    function: &Bound<'_, PyFunction>,
    code: &Bound<'_, PyCode>,
) -> PyResult<Option<String>> {
    let is_empty = |name| -> PyResult<bool> {
        code.getattr(name)?
            .cast::<PyTuple>()
            .map(|t| t.is_empty())
            .map_err(Into::into)
    };
    if !is_plain(code)? || !is_empty("co_freevars")? || !is_empty("co_cellvars")? {
        return Ok(None);
    }
    let globals = function.getattr("__globals__")?;
    let globals = globals.cast::<PyDict>()?;
    for name in code.getattr("co_names")?.cast::<PyTuple>()? {
        let found = globals.get_item(&name)?;
        let found = found.filter(|found| found.is_exact_instance_of::<PyFunction>());
        if let Some(found) = found
            && found.getattr("__code__")?.is(code)
        {
            return Ok(Some(name.extract()?));
        }
    }
    Ok(None)
}

/// Whether each argument is for one parameter, given by its place.
fn is_plain(code: &Bound<'_, PyCode>) -> PyResult<bool> {
    let flags: u32 = code.getattr("co_flags")?.extract()?;
    let keywords: usize = code.getattr("co_kwonlyargcount")?.extract()?;
    Ok(flags & (Flags::VARARGS | Flags::VARKEYWORDS) == 0 && keywords == 0)
}
