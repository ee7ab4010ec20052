//! The name by which a function finds itself.

use pyo3::{
    prelude::*,
    types::{PyCode, PyDict, PyFunction, PyTuple},
};
use stepwell_frontend::Flags;

/// The name of a global that holds a function with this code, if the code loads one. Functions with variables of other
/// functions, or with parameters that need more than their place, have none.
///
/// A function of a typed mode (`copied`) is compiled where it is decorated, before its name stands for it: for nothing yet,
/// or for the function that it is a copy of.
pub fn name(
    function: &Bound<'_, PyFunction>,
    code: &Bound<'_, PyCode>,
    copied: bool,
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
        if let Some(found) = found {
            let other = found.getattr("__code__")?;
            if other.is(code) || copied && other.eq(code)? {
                return Ok(Some(name.extract()?));
            }
        }
    }
    let own = function.getattr("__name__")?;
    let loaded = code.getattr("co_names")?.contains(&own)?;
    let free = copied && loaded && !globals.contains(&own)? && !is_builtin(function, &own)?;
    free.then(|| own.extract()).transpose()
}

fn is_builtin(function: &Bound<'_, PyFunction>, name: &Bound<'_, PyAny>) -> PyResult<bool> {
    function.getattr("__builtins__")?.contains(name)
}

/// Whether each argument is for one parameter, given by its place.
fn is_plain(code: &Bound<'_, PyCode>) -> PyResult<bool> {
    let flags: u32 = code.getattr("co_flags")?.extract()?;
    let keywords: usize = code.getattr("co_kwonlyargcount")?.extract()?;
    Ok(flags & (Flags::VARARGS | Flags::VARKEYWORDS) == 0 && keywords == 0)
}
