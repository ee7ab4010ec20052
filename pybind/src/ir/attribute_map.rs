use super::{
    attribute::Attribute,
    session::{OpTicket, note_change},
    text::{string_ref, to_string},
};
use mlir_sys::{
    MlirNamedAttribute, mlirIdentifierStr, mlirOperationGetAttribute,
    mlirOperationGetAttributeByName, mlirOperationGetNumAttributes,
    mlirOperationRemoveAttributeByName, mlirOperationSetAttributeByName,
};
use pyo3::{exceptions::PyKeyError, prelude::*, types::PyList};

/// The attributes of an operation, as a mapping from names.
#[pyclass(frozen, mapping, module = "stepwell.ir")]
pub struct OpAttributeMap {
    owner: OpTicket,
}

impl OpAttributeMap {
    pub fn new(owner: OpTicket) -> Self {
        Self { owner }
    }

    fn all(&self) -> PyResult<Vec<MlirNamedAttribute>> {
        let op = self.owner.get()?;
        // SAFETY: the operation is alive and has that many attributes.
        Ok((0..unsafe { mlirOperationGetNumAttributes(op) })
            .map(|index| unsafe { mlirOperationGetAttribute(op, index) })
            .collect())
    }

    fn find(&self, name: &str) -> PyResult<Option<Attribute>> {
        let op = self.owner.get()?;
        // SAFETY: operation and name are alive.
        let found = unsafe { mlirOperationGetAttributeByName(op, string_ref(name)) };
        Ok((!found.ptr.is_null()).then(|| Attribute::new(found)))
    }
}

#[pymethods]
impl OpAttributeMap {
    fn __len__(&self) -> PyResult<usize> {
        Ok(self.all()?.len())
    }

    fn __contains__(&self, name: &str) -> PyResult<bool> {
        Ok(self.find(name)?.is_some())
    }

    fn __getitem__(&self, name: &str) -> PyResult<Attribute> {
        self.find(name)?
            .ok_or_else(|| PyKeyError::new_err(name.to_owned()))
    }

    fn __setitem__(&self, name: &str, attr: Attribute) -> PyResult<()> {
        let op = self.owner.get()?;
        note_change()?;
        // SAFETY: operation, name and attribute are alive.
        unsafe { mlirOperationSetAttributeByName(op, string_ref(name), attr.raw()) };
        Ok(())
    }

    fn __delitem__(&self, name: &str) -> PyResult<()> {
        self.__getitem__(name)?;
        let op = self.owner.get()?;
        note_change()?;
        // SAFETY: operation and name are alive.
        unsafe { mlirOperationRemoveAttributeByName(op, string_ref(name)) };
        Ok(())
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyList::new(py, self.keys()?)?.try_iter()?.into_any())
    }

    /// The attribute of that name, or `default`.
    #[pyo3(signature = (name, default=None))]
    fn get(&self, name: &str, default: Option<Attribute>) -> PyResult<Option<Attribute>> {
        Ok(self.find(name)?.or(default))
    }

    /// The names.
    fn keys(&self) -> PyResult<Vec<String>> {
        let name = |named: &MlirNamedAttribute| {
            // SAFETY: names live as long as the context, which is never freed.
            unsafe { to_string(mlirIdentifierStr(named.name)) }
        };
        Ok(self.all()?.iter().map(name).collect())
    }

    /// The attributes.
    fn values(&self) -> PyResult<Vec<Attribute>> {
        let attributes = self.all()?;
        Ok(attributes
            .iter()
            .map(|named| Attribute::new(named.attribute))
            .collect())
    }

    /// Names and attributes.
    fn items(&self) -> PyResult<Vec<(String, Attribute)>> {
        Ok(self.keys()?.into_iter().zip(self.values()?).collect())
    }

    fn __repr__(&self) -> String {
        self.keys().map_or_else(
            |_| "<OpAttributeMap that is gone>".to_owned(),
            |names| format!("<OpAttributeMap {names:?}>"),
        )
    }
}
