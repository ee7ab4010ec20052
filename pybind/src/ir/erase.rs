//! Erasing and replacing, so that nothing is left that refers to what is gone.

use super::{
    nested::{self, Nested},
    session::{self, Session},
    text::to_string,
    value::uses,
};
use mlir_sys::{
    MlirModule, MlirOperation, MlirValue, mlirBlockAppendOwnedOperation,
    mlirBlockGetNumPredecessors, mlirBlockGetPredecessor, mlirIdentifierStr, mlirModuleGetBody,
    mlirOpOperandGetOwner, mlirOperationDestroy, mlirOperationGetName,
    mlirOperationGetParentOperation, mlirValueReplaceAllUsesOfWith,
};
use pyo3::{exceptions::PyValueError, prelude::*};
use std::collections::HashSet;

/// Erases an operation with everything in it. Handles to any of it are void from here on.
///
/// # Errors
/// When something outside still uses it, and for the module.
pub fn erase(op: MlirOperation) -> PyResult<()> {
    refuse_module(op)?;
    let nested = Nested::of(op);
    if is_used_outside(&nested) {
        return Err(PyValueError::new_err(format!(
            "{} is still used: replace it, or erase its uses first",
            name(op)
        )));
    }
    session::with(|session| {
        session.changed = true;
        destroy(session, op, &nested);
    })
}

/// Uses the values instead of the results of an operation, and erases it.
///
/// # Errors
/// When the numbers differ, a value is a result of the operation itself, or something else in it is used outside.
pub fn replace(op: MlirOperation, values: &[MlirValue]) -> PyResult<()> {
    refuse_module(op)?;
    let results: Vec<MlirValue> = nested::results(op).collect();
    if results.len() != values.len() {
        return Err(PyValueError::new_err(format!(
            "{} has {} results, and {} values were given for them",
            name(op),
            results.len(),
            values.len()
        )));
    }
    let inside: HashSet<_> = Nested::of(op).values().map(|value| value.ptr).collect();
    if values.iter().any(|value| inside.contains(&value.ptr)) {
        let message = format!("{} cannot be replaced with a value of its own", name(op));
        return Err(PyValueError::new_err(message));
    }
    for (result, value) in results.iter().zip(values) {
        // SAFETY: both are alive, and the value is not the result.
        unsafe { mlirValueReplaceAllUsesOfWith(*result, *value) };
    }
    erase(op)
}

/// Destroys the operations that are in no block when a pass is over.
///
/// # Errors
/// The name of one that is used. It is put into the module, which must not be used any more, and goes with it.
pub fn dispose(session: &mut Session, module: MlirModule) -> Result<(), String> {
    loop {
        let unused = session.loose.iter().copied().find_map(|op| {
            let nested = Nested::of(op);
            (!is_used_outside(&nested)).then_some((op, nested))
        });
        match unused {
            Some((op, nested)) => destroy(session, op, &nested),
            None => break,
        }
    }
    let used = session.loose.first().map(|op| name(*op));
    for op in session.loose.drain(..) {
        // SAFETY: both are alive; the operation is in no block.
        unsafe { mlirBlockAppendOwnedOperation(mlirModuleGetBody(module), op) };
    }
    used.map_or(Ok(()), Err)
}

/// The full name of an operation that is alive.
pub fn name(op: MlirOperation) -> String {
    // SAFETY: the operation is alive; its name lives as long as the context.
    unsafe { to_string(mlirIdentifierStr(mlirOperationGetName(op))) }
}

fn refuse_module(op: MlirOperation) -> PyResult<()> {
    // SAFETY: the operation is alive.
    let parent = unsafe { mlirOperationGetParentOperation(op) };
    if parent.ptr.is_null() && name(op) == "builtin.module" {
        return Err(PyValueError::new_err(
            "the module is what the pass works on",
        ));
    }
    Ok(())
}

fn destroy(session: &mut Session, op: MlirOperation, nested: &Nested) {
    for op in &nested.ops {
        session.forget(op.ptr as usize);
    }
    for block in &nested.blocks {
        session.forget(block.ptr as usize);
    }
    session.is_no_longer_loose(op);
    // SAFETY: the operation is alive, nothing outside refers to anything in it, and no handle does any more.
    unsafe { mlirOperationDestroy(op) };
}

fn is_used_outside(nested: &Nested) -> bool {
    let ops: HashSet<_> = nested.ops.iter().map(|op| op.ptr).collect();
    let blocks: HashSet<_> = nested.blocks.iter().map(|block| block.ptr).collect();
    let used = |value: MlirValue| {
        // SAFETY: a use of a value that is alive has an owner.
        uses(value).any(|operand| !ops.contains(&unsafe { mlirOpOperandGetOwner(operand) }.ptr))
    };
    let reached = |block| {
        // SAFETY: the block is alive and has that many predecessors.
        (0..unsafe { mlirBlockGetNumPredecessors(block) })
            .any(|index| !blocks.contains(&unsafe { mlirBlockGetPredecessor(block, index) }.ptr))
    };
    nested.values().any(used) || nested.blocks.iter().copied().any(reached)
}
