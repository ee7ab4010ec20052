use super::{
    session::{OpTicket, note_change},
    value::Value,
};
use mlir_sys::{mlirOperationGetNumOperands, mlirOperationGetOperand, mlirOperationSetOperand};
use pyo3::{
    IntoPyObjectExt,
    exceptions::{PyIndexError, PyTypeError},
    prelude::*,
    types::{PyList, PySlice},
};

/// The operands of an operation, as a sequence whose items can be assigned.
#[pyclass(frozen, sequence, module = "stepwell.ir")]
pub struct OpOperandList {
    owner: OpTicket,
}

impl OpOperandList {
    pub fn new(owner: OpTicket) -> Self {
        Self { owner }
    }

    fn values(&self) -> PyResult<Vec<Value>> {
        let op = self.owner.get()?;
        // SAFETY: the operation is alive and has that many operands.
        (0..unsafe { mlirOperationGetNumOperands(op) })
            .map(|index| Value::wrap(unsafe { mlirOperationGetOperand(op, index) }))
            .collect()
    }

    fn position(&self, index: isize) -> PyResult<isize> {
        let count = self.__len__()? as isize;
        let position = if index < 0 { index + count } else { index };
        if (0..count).contains(&position) {
            Ok(position)
        } else {
            Err(PyIndexError::new_err(format!("operand {index} of {count}")))
        }
    }
}

#[pymethods]
impl OpOperandList {
    fn __len__(&self) -> PyResult<usize> {
        let op = self.owner.get()?;
        // SAFETY: the operation is alive.
        Ok(unsafe { mlirOperationGetNumOperands(op) } as usize)
    }

    fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = index.py();
        if index.is_instance_of::<PySlice>() {
            return PyList::new(py, self.values()?)?.as_any().get_item(index);
        }
        let index: isize = index
            .extract()
            .map_err(|_| PyTypeError::new_err("operands are numbered"))?;
        let (op, position) = (self.owner.get()?, self.position(index)?);
        // SAFETY: the operation is alive and has that operand.
        Value::wrap(unsafe { mlirOperationGetOperand(op, position) })?.into_bound_py_any(py)
    }

    fn __setitem__(&self, index: isize, value: Value) -> PyResult<()> {
        let (op, position) = (self.owner.get()?, self.position(index)?);
        let value = value.get()?;
        note_change()?;
        // SAFETY: operation and value are alive, and the operation has that operand.
        unsafe { mlirOperationSetOperand(op, position, value) };
        Ok(())
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyList::new(py, self.values()?)?.try_iter()?.into_any())
    }

    fn __repr__(&self) -> String {
        let values = self.values();
        let names = values.and_then(|values| values.iter().map(Value::name).collect());
        names.map_or_else(
            |_: PyErr| "<OpOperandList that is gone>".to_owned(),
            |names: Vec<String>| format!("<OpOperandList [{}]>", names.join(", ")),
        )
    }
}
