use super::{
    block::Block,
    nested,
    operation::Operation,
    session::{self, BlockTicket, OpTicket},
};
use mlir_sys::{
    MlirBlock, MlirOperation, mlirBlockAppendOwnedOperation, mlirBlockGetParentOperation,
    mlirBlockInsertOwnedOperationBefore, mlirOperationGetBlock, mlirOperationGetNextInBlock,
    mlirOperationGetParentOperation,
};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};

/// A place in a block.
#[derive(Clone, Copy)]
pub enum Place {
    /// In front of an operation.
    Before(OpTicket),
    /// Behind the last operation of a block.
    End(BlockTicket),
}

impl Place {
    /// In front of an operation that is alive.
    pub fn before(op: MlirOperation) -> PyResult<Self> {
        Ok(Self::Before(OpTicket::issue(op)?))
    }

    /// Behind an operation.
    ///
    /// # Errors
    /// When it is in no block.
    pub fn after(op: MlirOperation) -> PyResult<Self> {
        let block = block_of(op)?;
        // SAFETY: the operation is alive and in a block.
        let next = unsafe { mlirOperationGetNextInBlock(op) };
        if next.ptr.is_null() {
            Ok(Self::End(BlockTicket::issue(block)?))
        } else {
            Self::before(next)
        }
    }

    /// The block.
    ///
    /// # Errors
    /// When it, or the operation in it, is gone.
    pub fn block(self) -> PyResult<MlirBlock> {
        match self {
            Self::Before(ticket) => block_of(ticket.get()?),
            Self::End(ticket) => ticket.get(),
        }
    }

    /// Puts an operation there that is in no block.
    ///
    /// # Errors
    /// When the place is gone, and when the operation is in a block or around the place.
    pub fn insert(self, op: MlirOperation) -> PyResult<()> {
        let block = self.block()?;
        // The module is in no block either, and not for the pass to put anywhere.
        if !session::with(|session| session.is_loose(op))? {
            return Err(PyValueError::new_err("the operation has its place already"));
        }
        if is_inside(block, op) {
            return Err(PyValueError::new_err(
                "an operation cannot be put into itself",
            ));
        }
        session::with(|session| {
            session.is_no_longer_loose(op);
            session.changed = true;
        })?;
        // SAFETY: the place is in the block; the operation is alive, in no block and not around the block, which owns it
        // from here on.
        unsafe {
            match self {
                Self::Before(ticket) => {
                    mlirBlockInsertOwnedOperationBefore(block, ticket.get()?, op);
                }
                Self::End(_) => mlirBlockAppendOwnedOperation(block, op),
            }
        }
        Ok(())
    }
}

/// The block that an operation is in.
///
/// # Errors
/// When it is in none.
pub fn block_of(op: MlirOperation) -> PyResult<MlirBlock> {
    // SAFETY: the operation is alive.
    let block = unsafe { mlirOperationGetBlock(op) };
    if block.ptr.is_null() {
        Err(PyValueError::new_err("the operation is in no block"))
    } else {
        Ok(block)
    }
}

/// Whether a block is somewhere in an operation.
pub fn is_inside(block: MlirBlock, op: MlirOperation) -> bool {
    // SAFETY: the block is alive, and so is everything around it.
    let mut around = unsafe { mlirBlockGetParentOperation(block) };
    while !around.ptr.is_null() && around.ptr != op.ptr {
        // SAFETY: as above.
        around = unsafe { mlirOperationGetParentOperation(around) };
    }
    around.ptr == op.ptr
}

/// Where new operations go. As a context manager it is the default for `Operation.create`.
#[pyclass(frozen, module = "stepwell.ir", from_py_object)]
#[derive(Clone, Copy)]
pub struct InsertionPoint {
    pub place: Place,
}

#[pymethods]
impl InsertionPoint {
    /// In front of an operation, or at the end of a block.
    #[new]
    #[pyo3(signature = (before_operation_or_block, /))]
    fn new(before_operation_or_block: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(op) = before_operation_or_block.cast::<Operation>() {
            let op = op.get().get()?;
            block_of(op)?;
            return Ok(Self {
                place: Place::before(op)?,
            });
        }
        let block: Block = before_operation_or_block.extract().map_err(|_| {
            PyTypeError::new_err(
                "an insertion point is in front of an Operation or at the end of a Block",
            )
        })?;
        block.get()?;
        Ok(Self { place: block.end() })
    }

    /// Behind an operation.
    #[staticmethod]
    fn after(operation: &Operation) -> PyResult<Self> {
        let place = Place::after(operation.get()?)?;
        Ok(Self { place })
    }

    /// In front of the first operation of a block.
    #[staticmethod]
    fn at_block_begin(block: Block) -> PyResult<Self> {
        let first = nested::operations(block.get()?).next();
        let place = first.map_or(Ok(block.end()), Place::before)?;
        Ok(Self { place })
    }

    /// In front of the last operation of a block.
    #[staticmethod]
    fn at_block_terminator(block: Block) -> PyResult<Self> {
        let last = nested::operations(block.get()?).last();
        let last = last.ok_or_else(|| PyValueError::new_err("the block has no terminator"))?;
        Ok(Self {
            place: Place::before(last)?,
        })
    }

    /// The block that it is in.
    #[getter]
    fn block(&self) -> PyResult<Block> {
        Block::wrap(self.place.block()?)
    }

    /// The operation that it is in front of, or None at the end of a block.
    #[getter]
    fn ref_operation(&self) -> PyResult<Option<Operation>> {
        match self.place {
            Place::Before(ticket) => Operation::wrap(ticket.get()?).map(Some),
            Place::End(_) => Ok(None),
        }
    }

    /// Puts an operation there that is in no block.
    fn insert(&self, operation: &Operation) -> PyResult<()> {
        self.place.insert(operation.get()?)
    }

    fn __enter__(&self) -> PyResult<Self> {
        session::with(|session| session.places.push(self.place))?;
        Ok(*self)
    }

    #[pyo3(signature = (exc_type, exc_value, traceback, /))]
    fn __exit__(
        &self,
        exc_type: &Bound<'_, PyAny>,
        exc_value: &Bound<'_, PyAny>,
        traceback: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let _ = (exc_type, exc_value, traceback);
        session::with(|session| session.places.pop()).map(drop)
    }
}
