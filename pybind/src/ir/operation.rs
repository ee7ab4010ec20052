use super::{
    attribute::Attribute,
    attribute_map::OpAttributeMap,
    block::Block,
    create::Recipe,
    erase,
    insertion_point::{InsertionPoint, block_of, is_inside},
    location::Location,
    nested,
    operand_list::OpOperandList,
    region::Region,
    session::{self, OpTicket, note_change},
    types::Type,
    value::Value,
    walk::{Walk, WalkOrder},
};
use melior::ir::OperationRef;
use mlir_sys::{
    MlirOperation, mlirOperationClone, mlirOperationGetBlock, mlirOperationGetLocation,
    mlirOperationGetNumSuccessors, mlirOperationGetParentOperation, mlirOperationGetSuccessor,
    mlirOperationMoveAfter, mlirOperationMoveBefore, mlirOperationRemoveFromParent,
    mlirOperationSetLocation,
};
use pyo3::{exceptions::PyValueError, prelude::*};
use std::collections::BTreeMap;
use stepwell_dialects::ir::{PrintOptions, print_operation};

/// An operation.
#[pyclass(frozen, eq, hash, module = "stepwell.ir")]
#[derive(PartialEq, Eq, Hash)]
pub struct Operation {
    ticket: OpTicket,
}

impl Operation {
    /// A handle of an operation that is alive.
    pub fn wrap(op: MlirOperation) -> PyResult<Self> {
        Ok(Self {
            ticket: OpTicket::issue(op)?,
        })
    }

    /// The operation.
    ///
    /// # Errors
    /// When it is gone.
    pub fn get(&self) -> PyResult<MlirOperation> {
        self.ticket.get()
    }

    fn text(&self, options: PrintOptions) -> PyResult<String> {
        let op = self.get()?;
        // SAFETY: the operation is alive. An invalid one is printed in the generic form, which reads no accessors.
        Ok(print_operation(
            &unsafe { OperationRef::from_raw(op) },
            options,
        ))
    }
}

#[pymethods]
impl Operation {
    /// Makes an operation, at `ip` or else where the innermost `with InsertionPoint(...)` or the rewriter stands.
    #[staticmethod]
    #[pyo3(signature = (name, results=None, operands=None, attributes=None, successors=None, regions=0, loc=None, ip=None))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn create(
        name: String,
        results: Option<Vec<Type>>,
        operands: Option<Vec<Value>>,
        attributes: Option<BTreeMap<String, Attribute>>,
        successors: Option<Vec<Block>>,
        regions: usize,
        loc: Option<Location>,
        ip: Option<InsertionPoint>,
    ) -> PyResult<Self> {
        Recipe {
            name,
            results: results.unwrap_or_default(),
            operands: operands.unwrap_or_default(),
            attributes: attributes.unwrap_or_default(),
            successors: successors.unwrap_or_default(),
            regions,
            loc,
            ip,
        }
        .make()
    }

    /// Its full name, such as `py.binary`.
    #[getter]
    fn name(&self) -> PyResult<String> {
        Ok(erase::name(self.get()?))
    }

    /// Its operands, a sequence whose items can be assigned.
    #[getter]
    fn operands(&self) -> PyResult<OpOperandList> {
        self.get()?;
        Ok(OpOperandList::new(self.ticket))
    }

    /// Its results.
    #[getter]
    fn results(&self) -> PyResult<Vec<Value>> {
        nested::results(self.get()?).map(Value::wrap).collect()
    }

    /// Its only result.
    #[getter]
    fn result(&self) -> PyResult<Value> {
        let mut results = self.results()?;
        match (results.pop(), results.is_empty()) {
            (Some(result), true) => Ok(result),
            _ => Err(PyValueError::new_err(format!(
                "{} has not one result",
                self.name()?
            ))),
        }
    }

    /// Its attributes, a mapping that can be changed.
    #[getter]
    fn attributes(&self) -> PyResult<OpAttributeMap> {
        self.get()?;
        Ok(OpAttributeMap::new(self.ticket))
    }

    /// Where it comes from.
    #[getter]
    fn location(&self) -> PyResult<Location> {
        // SAFETY: the operation is alive.
        Ok(Location::new(unsafe {
            mlirOperationGetLocation(self.get()?)
        }))
    }

    #[setter]
    fn set_location(&self, location: Location) -> PyResult<()> {
        let op = self.get()?;
        note_change()?;
        // SAFETY: operation and location are alive.
        unsafe { mlirOperationSetLocation(op, location.raw()) };
        Ok(())
    }

    /// The operation that it is in, or None.
    #[getter]
    fn parent(&self) -> PyResult<Option<Self>> {
        // SAFETY: the operation is alive.
        let parent = unsafe { mlirOperationGetParentOperation(self.get()?) };
        (!parent.ptr.is_null())
            .then(|| Self::wrap(parent))
            .transpose()
    }

    /// The block that it is in, or None.
    #[getter]
    fn block(&self) -> PyResult<Option<Block>> {
        // SAFETY: the operation is alive.
        let block = unsafe { mlirOperationGetBlock(self.get()?) };
        (!block.ptr.is_null())
            .then(|| Block::wrap(block))
            .transpose()
    }

    /// Its regions.
    #[getter]
    fn regions(&self) -> PyResult<Vec<Region>> {
        let count = nested::regions(self.get()?).count();
        Ok((0..count)
            .map(|index| Region::new(self.ticket, index))
            .collect())
    }

    /// The blocks of all its regions.
    #[getter]
    fn blocks(&self) -> PyResult<Vec<Block>> {
        let regions = nested::regions(self.get()?);
        regions.flat_map(nested::blocks).map(Block::wrap).collect()
    }

    /// The first block of its first region, such as that of a module.
    #[getter]
    fn body(&self) -> PyResult<Block> {
        let mut blocks = self.blocks()?.into_iter();
        let none = || PyValueError::new_err("the operation has no block");
        blocks.next().ok_or_else(none)
    }

    /// The blocks that it can go to, when it is a terminator.
    #[getter]
    fn successors(&self) -> PyResult<Vec<Block>> {
        let op = self.get()?;
        // SAFETY: the operation is alive and has that many successors.
        (0..unsafe { mlirOperationGetNumSuccessors(op) })
            .map(|index| Block::wrap(unsafe { mlirOperationGetSuccessor(op, index) }))
            .collect()
    }

    /// Calls `callback` with this operation and every one in it. It may return a `WalkResult`.
    #[pyo3(signature = (callback, walk_order=WalkOrder::PostOrder))]
    fn walk(&self, callback: &Bound<'_, PyAny>, walk_order: WalkOrder) -> PyResult<()> {
        let walk = Walk {
            callback,
            order: walk_order,
        };
        walk.visit(self.get()?).map(drop)
    }

    /// A copy, at `ip` or where `create` would put it.
    #[pyo3(signature = (ip=None))]
    fn clone(&self, ip: Option<InsertionPoint>) -> PyResult<Self> {
        let op = self.get()?;
        let place = session::with(|session| session.places.last().copied())?;
        let place = ip.map(|ip| ip.place).or(place);
        if let Some(place) = place {
            place.block()?;
        }
        // SAFETY: the operation is alive; the copy is ours.
        let copy = unsafe { mlirOperationClone(op) };
        session::with(|session| {
            session.loose.push(copy);
            session.changed = true;
        })?;
        place.map_or(Ok(()), |place| place.insert(copy))?;
        Self::wrap(copy)
    }

    /// Erases it, with everything in it. It must not be used any more.
    fn erase(&self) -> PyResult<()> {
        erase::erase(self.get()?)
    }

    /// Takes it out of its block. It is destroyed at the end of the pass unless it is put somewhere.
    fn detach_from_parent(&self) -> PyResult<()> {
        let op = self.get()?;
        block_of(op)?;
        // SAFETY: the operation is alive and in a block; from here on it is ours.
        unsafe { mlirOperationRemoveFromParent(op) };
        session::with(|session| {
            session.loose.push(op);
            session.changed = true;
        })
    }

    /// Moves it in front of another operation.
    fn move_before(&self, other: &Self) -> PyResult<()> {
        let (op, other) = self.movable(other)?;
        // SAFETY: both are alive and in blocks, and the other one is not in this one.
        unsafe { mlirOperationMoveBefore(op, other) };
        Ok(())
    }

    /// Moves it behind another operation.
    fn move_after(&self, other: &Self) -> PyResult<()> {
        let (op, other) = self.movable(other)?;
        // SAFETY: as above.
        unsafe { mlirOperationMoveAfter(op, other) };
        Ok(())
    }

    /// Its text.
    #[pyo3(signature = (*, print_generic_op_form=false, enable_debug_info=false))]
    fn get_asm(&self, print_generic_op_form: bool, enable_debug_info: bool) -> PyResult<String> {
        self.text(PrintOptions {
            generic: print_generic_op_form,
            locations: enable_debug_info,
        })
    }

    fn __str__(&self) -> PyResult<String> {
        self.text(PrintOptions::default())
    }

    fn __repr__(&self) -> String {
        match self.name() {
            Ok(name) => format!("<Operation {name}>"),
            Err(_) => "<Operation that is gone>".to_owned(),
        }
    }
}

impl Operation {
    /// This operation and the one to move it to.
    fn movable(&self, other: &Self) -> PyResult<(MlirOperation, MlirOperation)> {
        let (op, other) = (self.get()?, other.get()?);
        block_of(op)?;
        if op.ptr == other.ptr || is_inside(block_of(other)?, op) {
            return Err(PyValueError::new_err(
                "an operation cannot be put into itself",
            ));
        }
        note_change()?;
        Ok((op, other))
    }
}
