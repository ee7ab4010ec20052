//! `python -m stepwell run`: a program as the interpreter itself would run it.
//!
//! The frames of `python -m stepwell` are hidden meanwhile, so that the program's first frame has none behind it: not in
//! tracebacks, not for `sys._getframe`, `inspect.stack` and the stack level of warnings, and not for the recursion limit.

use crate::modules::import;
use pyo3::{
    exceptions::PyKeyboardInterrupt,
    prelude::*,
    types::{PyBool, PyString},
};
use std::{
    ffi::{CString, OsString},
    os::unix::ffi::OsStringExt,
    path::PathBuf,
    ptr::null_mut,
};
use stepwell_abi::cpython as c;
use stepwell_runtime::hidden::Hidden;

/// Runs a file in the module `__main__`. An exception is printed, and the result is false; `SystemExit` ends the process.
///
/// # Errors
/// `OSError` when the file cannot be opened.
#[pyfunction]
pub fn run_file(path: &Bound<'_, PyAny>) -> PyResult<bool> {
    let bytes = OsString::from(path.extract::<PathBuf>()?).into_vec();
    let name = CString::new(bytes)?;
    // SAFETY: the GIL is held; the interpreter's function closes the file, and no frame is left when it returns.
    unsafe {
        let file = c::_Py_fopen_obj(path.as_ptr().cast(), c"rb".as_ptr());
        if file.is_null() {
            return Err(PyErr::fetch(path.py()));
        }
        let _hidden = Hidden::frames();
        Ok(c::PyRun_SimpleFileExFlags(file, name.as_ptr(), 1, null_mut()) == 0)
    }
}

/// Runs a module as `python -m` does. For the module `__main__` of a directory or archive, `sys.argv[0]` is left alone.
#[pyfunction]
pub fn run_module(name: &Bound<'_, PyString>, alter_argv: &Bound<'_, PyBool>) -> PyResult<bool> {
    let py = name.py();
    let run = import(py, "runpy")?.getattr("_run_module_as_main")?;
    // SAFETY: the GIL is held, and no frame is left when the call returns.
    let _hidden = unsafe { Hidden::frames() };
    match run.call1((name, alter_argv)) {
        Ok(_) => Ok(true),
        Err(error) => {
            if error.get_type(py).is(py.get_type::<PyKeyboardInterrupt>()) {
                // SAFETY: the GIL is held. The interpreter ends the process by the signal then.
                unsafe { c::_PyRuntime.signals.unhandled_keyboard_interrupt = 1 };
            }
            error.print_and_set_sys_last_vars(py);
            Ok(false)
        }
    }
}
