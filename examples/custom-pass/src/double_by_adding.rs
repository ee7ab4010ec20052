//! Pass `double-by-adding`: `x * 2` becomes `x + x`.
//!
//! ```mlir
//! %0 = py.constant 1 = 2 : i64
//! %1 = py.binary multiply %x, %0 at %s
//! ```
//! becomes
//! ```mlir
//! %0 = py.constant 1 = 2 : i64
//! %1 = py.binary add %x, %x at %s
//! ```
//!
//! *Requires* level `py`. *Ensures* that no `py.binary` multiplies by the constant 2 on its right.
//! *Not here*: the constant, which canonicalisation drops when nothing else uses it.
//!
//! An example of a pass, and not a good idea: a class may define `__mul__` and `__add__` as it likes.

use melior::{
    Context,
    ir::{Module, OperationRef, ValueLike, attribute::IntegerAttribute, operation::OperationLike},
};
use stepwell_dialects::ir::{Types, blocks, functions, operations, replace_uses};
use stepwell_passes::{
    Pass, PassError, PassOutcome,
    builder::{Builder, erase},
    inspect::{defined_by, int_attribute, op_name},
};

/// The numbers of `BINARY_OP`, which are those of the enumeration in ODS.
const ADD: i64 = 0;
const MULTIPLY: i64 = 5;

/// See the module's documentation.
#[derive(Debug)]
pub struct DoubleByAdding;

impl Pass for DoubleByAdding {
    fn name(&self) -> &str {
        "double-by-adding"
    }

    fn description(&self) -> &str {
        "Turn multiplications by the constant 2 into additions."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        let types = Types::new(context);
        let doublings: Vec<_> = functions(module)
            .into_iter()
            .flat_map(|function| function.region(0))
            .flat_map(blocks)
            .flat_map(operations)
            .filter(|op| is_doubling(*op))
            .collect();
        for op in &doublings {
            replace(Builder::new(context, types, *op), *op);
        }
        Ok(PassOutcome::from(!doublings.is_empty()))
    }
}

/// Under a handler the op has a second result, the exception edge; the new op has the same results.
fn replace(builder: Builder, op: OperationRef) {
    let mut operands: Vec<_> = op.operands().collect();
    operands[1] = operands[0];
    let results: Vec<_> = op.results().map(|result| result.r#type()).collect();
    let kind = IntegerAttribute::new(builder.types().i32, ADD);
    let new = builder.op("py.binary", &operands, &results, &[("kind", kind.into())]);
    for (old, new) in op.results().zip(new.results()) {
        replace_uses(old.into(), new.into());
    }
    erase(op);
}

fn is_doubling(op: OperationRef) -> bool {
    op_name(op) == "py.binary"
        && int_attribute(op, "kind") == Some(MULTIPLY)
        && op
            .operand(1)
            .ok()
            .and_then(|right| defined_by(right, "py.constant"))
            .is_some_and(|constant| int_attribute(constant, "value") == Some(2))
}
