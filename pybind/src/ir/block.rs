use super::{
    insertion_point::Place,
    location::Location,
    nested,
    operation::Operation,
    session::{BlockTicket, note_change},
    types::Type,
    value::Value,
};
use mlir_sys::{
    MlirBlock, MlirLocation, MlirType, mlirBlockCreate, mlirBlockGetNumPredecessors,
    mlirBlockGetNumSuccessors, mlirBlockGetParentOperation, mlirBlockGetParentRegion,
    mlirBlockGetPredecessor, mlirBlockGetSuccessor, mlirOperationGetLocation,
    mlirRegionInsertOwnedBlockAfter, mlirRegionInsertOwnedBlockBefore,
};
use pyo3::{prelude::*, types::PyTuple};

/// A block: arguments, operations, and a terminator at the end.
#[pyclass(frozen, eq, hash, module = "stepwell.ir", from_py_object)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block {
    ticket: BlockTicket,
}

impl Block {
    /// A handle of a block that is alive.
    pub fn wrap(block: MlirBlock) -> PyResult<Self> {
        Ok(Self {
            ticket: BlockTicket::issue(block)?,
        })
    }

    /// The block.
    ///
    /// # Errors
    /// When it is gone.
    pub fn get(self) -> PyResult<MlirBlock> {
        self.ticket.get()
    }

    /// The end of the block.
    pub fn end(self) -> Place {
        Place::End(self.ticket)
    }

    /// A new block for the region of this one.
    fn sibling(self, arg_types: &Bound<'_, PyTuple>) -> PyResult<(MlirBlock, MlirBlock)> {
        let block = self.get()?;
        let types: Vec<MlirType> = arg_types
            .iter()
            .map(|r#type| Ok(r#type.extract::<Type>()?.raw()))
            .collect::<PyResult<_>>()?;
        note_change()?;
        // SAFETY: a block that Python can see is in a region of an operation; types and locations are alive.
        unsafe {
            let location = mlirOperationGetLocation(mlirBlockGetParentOperation(block));
            let locations: Vec<MlirLocation> = vec![location; types.len()];
            let count = types.len() as isize;
            Ok((
                block,
                mlirBlockCreate(count, types.as_ptr(), locations.as_ptr()),
            ))
        }
    }
}

#[pymethods]
impl Block {
    /// Its arguments.
    #[getter]
    fn arguments(&self) -> PyResult<Vec<Value>> {
        nested::arguments(self.get()?).map(Value::wrap).collect()
    }

    /// Its operations.
    #[getter]
    fn operations(&self) -> PyResult<Vec<Operation>> {
        nested::operations(self.get()?)
            .map(Operation::wrap)
            .collect()
    }

    /// The operation whose region it is in.
    #[getter]
    fn owner(&self) -> PyResult<Operation> {
        let block = self.get()?;
        // SAFETY: the block is alive, and in a region of an operation.
        Operation::wrap(unsafe { mlirBlockGetParentOperation(block) })
    }

    /// The blocks that its terminator can go to.
    #[getter]
    fn successors(&self) -> PyResult<Vec<Self>> {
        let block = self.get()?;
        if nested::operations(block).next().is_none() {
            return Ok(Vec::new());
        }
        // SAFETY: the block is alive, is not empty, and has that many successors.
        (0..unsafe { mlirBlockGetNumSuccessors(block) })
            .map(|index| Self::wrap(unsafe { mlirBlockGetSuccessor(block, index) }))
            .collect()
    }

    /// The blocks whose terminators go here.
    #[getter]
    fn predecessors(&self) -> PyResult<Vec<Self>> {
        let block = self.get()?;
        // SAFETY: the block is alive and has that many predecessors.
        (0..unsafe { mlirBlockGetNumPredecessors(block) })
            .map(|index| unsafe { mlirBlockGetPredecessor(block, index) })
            // A terminator that is in no block yet has none to offer.
            .filter(|block| !block.ptr.is_null())
            .map(Self::wrap)
            .collect()
    }

    /// Puts an operation that is in no block at the end of this one.
    fn append(&self, operation: &Operation) -> PyResult<()> {
        self.end().insert(operation.get()?)
    }

    /// A new block in front of this one, with arguments of these types.
    #[pyo3(signature = (*arg_types))]
    fn create_before(&self, arg_types: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let (block, new) = self.sibling(arg_types)?;
        // SAFETY: the block is alive and in a region; the new one is in none.
        unsafe { mlirRegionInsertOwnedBlockBefore(mlirBlockGetParentRegion(block), block, new) };
        Self::wrap(new)
    }

    /// A new block behind this one, with arguments of these types.
    #[pyo3(signature = (*arg_types))]
    fn create_after(&self, arg_types: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let (block, new) = self.sibling(arg_types)?;
        // SAFETY: as above.
        unsafe { mlirRegionInsertOwnedBlockAfter(mlirBlockGetParentRegion(block), block, new) };
        Self::wrap(new)
    }

    /// A new argument at the end. The branches to the block are the caller's to complete.
    fn add_argument(&self, r#type: Type, loc: Location) -> PyResult<Value> {
        let block = self.get()?;
        note_change()?;
        // SAFETY: block, type and location are alive.
        Value::wrap(unsafe { mlir_sys::mlirBlockAddArgument(block, r#type.raw(), loc.raw()) })
    }
}
