use pyo3::{exceptions::PyValueError, prelude::*};
use stepwell_passes::{Anchor, Level, PassManager, RunOptions};

/// The place in the pipeline that a decorator names.
///
/// # Errors
/// `ValueError` unless exactly one of the two is given, and it is a pass of the pipeline or a level in it.
pub fn anchor(before: Option<&str>, after: Option<&str>) -> PyResult<Anchor> {
    let (anchor, name) = match (before, after) {
        (Some(name), None) => (Anchor::Before(name.to_owned()), name),
        (None, Some(name)) => (Anchor::After(name.to_owned()), name),
        _ => {
            return Err(PyValueError::new_err(
                "a pass goes before= or after= a level or a pass: give one of the two",
            ));
        }
    };
    let levels = Level::ALL.into_iter().filter(|level| level.is_mlir());
    let levels: Vec<_> = levels.map(Level::name).collect();
    let manager = PassManager::to_level(Level::Llvm, RunOptions::default());
    let passes: Vec<_> = manager.pass_names().collect();
    if levels.contains(&name) || passes.contains(&name) {
        return Ok(anchor);
    }
    Err(PyValueError::new_err(format!(
        "the pipeline has no level and no pass called {name:?}; the levels are {}, the passes {}",
        levels.join(", "),
        passes.join(", ")
    )))
}
