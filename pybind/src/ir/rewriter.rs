use super::{
    erase, insertion_point::InsertionPoint, nested, operation::Operation, session, value::Value,
};
use mlir_sys::MlirValue;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};

/// What a rewrite changes the IR with.
#[pyclass(frozen, module = "stepwell.ir")]
pub struct Rewriter;

#[pymethods]
impl Rewriter {
    /// Where new operations go: in front of the operation that is rewritten, until it is set or a `with` says otherwise.
    #[getter]
    fn ip(&self) -> PyResult<InsertionPoint> {
        let place = session::with(|session| session.places.last().copied())?;
        let place = place.ok_or_else(|| PyValueError::new_err("the rewriter stands nowhere"))?;
        Ok(InsertionPoint { place })
    }

    #[setter]
    fn set_ip(&self, ip: InsertionPoint) -> PyResult<()> {
        session::with(|session| {
            session.places.pop();
            session.places.push(ip.place);
        })
    }

    /// Puts an operation that is in no block to where new operations go.
    fn insert(&self, op: &Operation) -> PyResult<()> {
        self.ip()?.place.insert(op.get()?)
    }

    /// Uses other values, or the results of another operation, instead of the results of `op`, and erases it.
    fn replace_op(&self, op: &Operation, new: &Bound<'_, PyAny>) -> PyResult<()> {
        erase::replace(op.get()?, &values(new)?)
    }

    /// Erases an operation, with everything in it. It must not be used any more.
    fn erase_op(&self, op: &Operation) -> PyResult<()> {
        erase::erase(op.get()?)
    }
}

/// The results of an operation, a value, or a sequence of values.
fn values(new: &Bound<'_, PyAny>) -> PyResult<Vec<MlirValue>> {
    if let Ok(op) = new.cast::<Operation>() {
        return Ok(nested::results(op.get().get()?).collect());
    }
    if let Ok(value) = new.extract::<Value>() {
        return Ok(vec![value.get()?]);
    }
    let wrong =
        |_| PyTypeError::new_err("an operation is replaced with an Operation or with values");
    let values: Vec<Value> = new.extract().map_err(wrong)?;
    values.into_iter().map(Value::get).collect()
}
