//! The extension module `stepwell._stepwell`: the driver of the compiler and its Python face.
//!
//! [`jit`](jit::jit) makes the runtime call [`compiler`] when a function needs machine code; [`driver`] takes a code
//! object through frontend, passes and engine. [`errors`] is the one place where exceptions are made of errors.

mod callees;
mod code;
mod compiler;
mod custom;
mod disabled;
mod driver;
mod errors;
mod explain;
mod function;
mod globals;
mod hints;
mod inspect;
mod install;
mod ir;
mod jit;
mod mismatch;
mod modules;
mod options;
mod plan;
mod refs;
mod run;
mod source;
mod states;
mod stats;
mod this;
mod units;
mod workshop;

use pyo3::prelude::*;

#[pymodule]
fn _stepwell(module: &Bound<'_, PyModule>) -> PyResult<()> {
    compiler::install();
    workshop::prepare();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    errors::register(module)?;
    custom::register(module)?;
    ir::register(module)?;
    module.add_class::<jit::Decorator>()?;
    module.add_class::<inspect::PassRecord>()?;
    module.add_class::<disabled::Disabled>()?;
    module.add_class::<states::StateGraph>()?;
    module.add_class::<explain::Explanation>()?;
    module.add_function(wrap_pyfunction!(jit::jit, module)?)?;
    module.add_function(wrap_pyfunction!(install::install, module)?)?;
    module.add_function(wrap_pyfunction!(install::uninstall, module)?)?;
    module.add_function(wrap_pyfunction!(run::run_file, module)?)?;
    module.add_function(wrap_pyfunction!(run::run_module, module)?)?;
    module.add_function(wrap_pyfunction!(stats::stats, module)?)?;
    module.add_function(wrap_pyfunction!(stats::records, module)?)?;
    module.add_function(wrap_pyfunction!(stats::remember, module)?)?;
    module.add_function(wrap_pyfunction!(inspect::dump_ir, module)?)?;
    module.add_function(wrap_pyfunction!(inspect::passes, module)?)?;
    module.add_function(wrap_pyfunction!(states::states, module)?)?;
    module.add_function(wrap_pyfunction!(explain::explain, module)?)?;
    module.add_function(wrap_pyfunction!(disabled::disabled, module)?)
}
