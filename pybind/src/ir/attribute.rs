use super::{
    text::{printed, string_ref, to_string},
    types::parsed,
};
use crate::workshop::Workshop;
use mlir_sys::{
    MlirAttribute, mlirAttributeIsABool, mlirAttributeIsAFloat, mlirAttributeIsAInteger,
    mlirAttributeIsAString, mlirAttributeParseGet, mlirAttributePrint, mlirBoolAttrGetValue,
    mlirFloatAttrGetValueDouble, mlirStringAttrGetValue,
};
use pyo3::{IntoPyObjectExt, exceptions::PyAttributeError, prelude::*};

/// An attribute: `1 : i64`, `"name"`, `unit`.
#[pyclass(frozen, eq, hash, module = "stepwell.ir", from_py_object)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attribute {
    address: usize,
}

impl Attribute {
    pub fn new(attribute: MlirAttribute) -> Self {
        Self {
            address: attribute.ptr as usize,
        }
    }

    pub fn raw(self) -> MlirAttribute {
        MlirAttribute {
            ptr: self.address as *const _,
        }
    }
}

#[pymethods]
impl Attribute {
    /// Reads an attribute.
    #[staticmethod]
    fn parse(py: Python<'_>, asm: &str) -> PyResult<Self> {
        let workshop = Workshop::enter(py);
        let attribute = parsed(workshop.context(), asm, || {
            // SAFETY: context and text are alive.
            let attribute =
                unsafe { mlirAttributeParseGet(workshop.context().to_raw(), string_ref(asm)) };
            (!attribute.ptr.is_null()).then_some(attribute)
        })?;
        Ok(Self::new(attribute))
    }

    /// The Python value of an integer, float, boolean or string.
    #[getter]
    fn value(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let raw = self.raw();
        // SAFETY: the attribute lives as long as the context, which is never freed; each value is read from an attribute
        // of its kind.
        unsafe {
            if mlirAttributeIsABool(raw) {
                return mlirBoolAttrGetValue(raw).into_py_any(py);
            }
            if mlirAttributeIsAFloat(raw) {
                return mlirFloatAttrGetValueDouble(raw).into_py_any(py);
            }
            if mlirAttributeIsAString(raw) {
                return to_string(mlirStringAttrGetValue(raw)).into_py_any(py);
            }
            if mlirAttributeIsAInteger(raw) {
                return self.integer(py);
            }
        }
        Err(PyAttributeError::new_err(format!(
            "{self} has no Python value; look at its text",
            self = self.__str__()
        )))
    }

    fn __str__(&self) -> String {
        // SAFETY: the attribute lives as long as the context, which is never freed.
        printed(|callback, data| unsafe { mlirAttributePrint(self.raw(), callback, data) })
    }

    fn __repr__(&self) -> String {
        format!("Attribute({})", self.__str__())
    }
}

impl Attribute {
    /// An integer of any width, by way of its text: MLIR's accessors know those of up to 64 bits and have one function
    /// for each signedness.
    fn integer(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let text = self.__str__();
        let digits = text.split(' ').next().unwrap_or_default();
        py.get_type::<pyo3::types::PyInt>()
            .call1((digits,))?
            .into_py_any(py)
    }
}
