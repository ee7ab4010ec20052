//! Computes two levels of a recursion in one call.
//!
//! ```mlir
//! // before
//! llvm.func internal @native(%n: i64) -> i64 {
//!   %1 = llvm.call @native(%m) : (i64) -> i64
//! // after
//! llvm.func internal @native(%n: i64) -> i64 {
//!   %1 = llvm.call @native.inner(%m) : (i64) -> i64
//! llvm.func internal @native.inner(%n: i64) -> i64 attributes {always_inline} {
//!   %1 = llvm.call @native(%m) : (i64) -> i64
//! ```
//!
//! LLVM inlines no function into itself. Half of the calls of a recursion that branches are those that end it at once:
//! these are tests in their caller then.
//!
//! *Requires*: level `llvm`. *Ensures*: nothing. *Leaves alone*: functions that call themselves from many places, and
//! large ones.

use crate::{Pass, PassError, PassOutcome, cfg::name_of, inspect::str_attribute};
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, Module, Operation, OperationRef,
        attribute::{FlatSymbolRefAttribute, StringAttribute},
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::ir::{blocks, operations};

/// Code with more ops is not doubled: what a call costs is little of what it takes.
const LARGE: usize = 500;
/// With more calls of itself in it a function would grow too much.
const CALLS: std::ops::RangeInclusive<usize> = 1..=3;

/// See the [module](self).
#[derive(Debug)]
pub struct UnrollRecursion;

impl Pass for UnrollRecursion {
    fn name(&self) -> &str {
        "unroll-recursion"
    }

    fn description(&self) -> &str {
        "Compute two levels of a recursion in one call."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let mut changed = false;
        for function in operations(module.body()) {
            if name_of(function) == "llvm.func" {
                changed |= unroll(context, module, function);
            }
        }
        Ok(changed.into())
    }
}

fn unroll<'c>(context: &'c Context, module: &Module<'c>, function: OperationRef<'c, '_>) -> bool {
    let Some(name) = str_attribute(function, "sym_name") else {
        return false;
    };
    let ops: Vec<_> = function
        .regions()
        .flat_map(blocks)
        .flat_map(operations)
        .collect();
    let calls: Vec<_> = ops.iter().filter(|op| callee(**op) == Some(name)).collect();
    if ops.len() > LARGE || !CALLS.contains(&calls.len()) {
        return false;
    }
    let inner = format!("{name}.inner");
    let copy = module.body().append_operation(Operation::clone(&function));
    set(
        copy,
        "sym_name",
        StringAttribute::new(context, &inner).into(),
    );
    set(copy, "always_inline", Attribute::unit(context));
    for call in calls {
        set(
            *call,
            "callee",
            FlatSymbolRefAttribute::new(context, &inner).into(),
        );
    }
    true
}

/// The function that an op calls.
fn callee<'c>(op: OperationRef<'c, '_>) -> Option<&'c str> {
    let callee = op
        .attribute("callee")
        .ok()
        .filter(|_| name_of(op) == "llvm.call")?;
    FlatSymbolRefAttribute::try_from(callee)
        .ok()
        .map(|callee| callee.value())
}

fn set<'c>(op: OperationRef<'c, '_>, name: &str, value: Attribute<'c>) {
    // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
    let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
    op.set_attribute(name, value);
}
