use super::text::{printed, string_ref};
use crate::workshop::Workshop;
use melior::Context;
use mlir_sys::{MlirType, mlirTypeParseGet, mlirTypePrint};
use pyo3::{exceptions::PyValueError, prelude::*};
use stepwell_dialects::ir::capture_diagnostics;

/// A type: `!py.object`, `i64`.
#[pyclass(frozen, eq, hash, module = "stepwell.ir", from_py_object)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Type {
    address: usize,
}

impl Type {
    pub fn new(r#type: MlirType) -> Self {
        Self {
            address: r#type.ptr as usize,
        }
    }

    pub fn raw(self) -> MlirType {
        MlirType {
            ptr: self.address as *const _,
        }
    }
}

#[pymethods]
impl Type {
    /// Reads a type.
    #[staticmethod]
    fn parse(py: Python<'_>, asm: &str) -> PyResult<Self> {
        let workshop = Workshop::enter(py);
        let r#type = parsed(workshop.context(), asm, || {
            // SAFETY: context and text are alive.
            let r#type = unsafe { mlirTypeParseGet(workshop.context().to_raw(), string_ref(asm)) };
            (!r#type.ptr.is_null()).then_some(r#type)
        })?;
        Ok(Self::new(r#type))
    }

    fn __str__(&self) -> String {
        // SAFETY: the type lives as long as the context, which is never freed.
        printed(|callback, data| unsafe { mlirTypePrint(self.raw(), callback, data) })
    }

    fn __repr__(&self) -> String {
        format!("Type({})", self.__str__())
    }
}

/// Runs a parser of MLIR's.
///
/// # Errors
/// `ValueError` with MLIR's diagnostics.
pub fn parsed<T>(context: &Context, text: &str, parse: impl FnOnce() -> Option<T>) -> PyResult<T> {
    let (found, message) = capture_diagnostics(context, parse);
    found.ok_or_else(|| PyValueError::new_err(format!("cannot parse {text:?}: {message}")))
}
