use super::{block::Block, nested, operation::Operation, session::OpTicket};
use mlir_sys::{MlirRegion, mlirOperationGetRegion};
use pyo3::prelude::*;

/// A region of an operation.
#[pyclass(frozen, eq, hash, module = "stepwell.ir")]
#[derive(PartialEq, Eq, Hash)]
pub struct Region {
    owner: OpTicket,
    index: isize,
}

impl Region {
    /// The region of that number, which the operation has.
    pub fn new(owner: OpTicket, index: usize) -> Self {
        Self {
            owner,
            index: index as isize,
        }
    }

    fn get(&self) -> PyResult<MlirRegion> {
        let owner = self.owner.get()?;
        // SAFETY: the operation is alive; the number of its regions never changes.
        Ok(unsafe { mlirOperationGetRegion(owner, self.index) })
    }
}

#[pymethods]
impl Region {
    /// The operation that it belongs to.
    #[getter]
    fn owner(&self) -> PyResult<Operation> {
        Operation::wrap(self.owner.get()?)
    }

    /// Its blocks.
    #[getter]
    fn blocks(&self) -> PyResult<Vec<Block>> {
        nested::blocks(self.get()?).map(Block::wrap).collect()
    }
}
