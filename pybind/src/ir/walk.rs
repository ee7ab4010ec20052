use super::{nested, operation::Operation, session::OpTicket};
use mlir_sys::MlirOperation;
use pyo3::{exceptions::PyTypeError, prelude::*};

/// Whether an operation comes before or behind what is in it.
#[pyclass(
    frozen,
    eq,
    hash,
    module = "stepwell.ir",
    rename_all = "SCREAMING_SNAKE_CASE",
    from_py_object
)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum WalkOrder {
    PreOrder,
    PostOrder,
}

/// How a walk goes on.
#[pyclass(
    frozen,
    eq,
    hash,
    module = "stepwell.ir",
    rename_all = "SCREAMING_SNAKE_CASE",
    from_py_object
)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum WalkResult {
    /// With the next operation.
    Advance,
    /// Not at all.
    Interrupt,
    /// Without looking into this operation.
    Skip,
}

/// A walk over an operation and everything in it. The callback may change and erase what it likes: the operations of a
/// block are listed when the walk comes to the block, and those that are gone are passed over.
pub struct Walk<'a, 'py> {
    pub callback: &'a Bound<'py, PyAny>,
    pub order: WalkOrder,
}

impl Walk<'_, '_> {
    /// Visits an operation that is alive. The answer is whether the walk goes on.
    pub fn visit(&self, op: MlirOperation) -> PyResult<bool> {
        let ticket = OpTicket::issue(op)?;
        if self.order == WalkOrder::PreOrder {
            match self.call(op)? {
                WalkResult::Interrupt => return Ok(false),
                WalkResult::Skip => return Ok(true),
                WalkResult::Advance if !ticket.is_alive() => return Ok(true),
                WalkResult::Advance => {}
            }
        }
        if !self.visit_inside(op)? {
            return Ok(false);
        }
        if self.order == WalkOrder::PostOrder && ticket.is_alive() {
            return Ok(self.call(op)? != WalkResult::Interrupt);
        }
        Ok(true)
    }

    fn visit_inside(&self, op: MlirOperation) -> PyResult<bool> {
        let inside: Vec<OpTicket> = nested::regions(op)
            .flat_map(nested::blocks)
            .flat_map(nested::operations)
            .map(OpTicket::issue)
            .collect::<PyResult<_>>()?;
        for ticket in inside {
            if let Ok(op) = ticket.get()
                && !self.visit(op)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn call(&self, op: MlirOperation) -> PyResult<WalkResult> {
        let answer = self.callback.call1((Operation::wrap(op)?,))?;
        if answer.is_none() {
            return Ok(WalkResult::Advance);
        }
        answer.extract().map_err(|_| {
            PyTypeError::new_err("the callback of walk returns a WalkResult or nothing")
        })
    }
}
