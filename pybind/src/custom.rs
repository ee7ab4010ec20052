//! Passes written in Python: `stepwell.rewrite` and `stepwell.module_pass`.

mod anchor;
mod definition;
mod registered;
mod run;

pub use definition::Passes;
pub use run::Inserted;

use pyo3::prelude::*;

/// Adds the decorators and their class to the extension module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<definition::CustomPass>()?;
    module.add_class::<definition::PassDecorator>()?;
    module.add_function(wrap_pyfunction!(definition::rewrite, module)?)?;
    module.add_function(wrap_pyfunction!(definition::module_pass, module)?)
}
