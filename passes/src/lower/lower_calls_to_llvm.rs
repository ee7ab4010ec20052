//! Converts what is left to the LLVM dialect, with MLIR's own conversions.
//!
//! *Requires*: level `calls`. *Ensures*: only the LLVM dialect remains. *Not here*: anything of ours.

use crate::{Pass, PassError, PassOutcome, inspect::op_name, upstream::UpstreamPass};
use melior::{
    Context,
    ir::{Module, operation::OperationLike},
    pass::conversion,
};
use stepwell_dialects::ir::{blocks, functions, operations};

/// See the [module](self).
#[derive(Debug)]
pub struct LowerCallsToLlvm;

const NAME: &str = "lower-calls-to-llvm";
const DESCRIPTION: &str =
    "Convert functions, branches and arithmetic to the LLVM dialect (MLIR's own).";

static CONVERSIONS: UpstreamPass = UpstreamPass::new(NAME, DESCRIPTION, || {
    vec![
        conversion::create_complex_to_llvm(),
        conversion::create_math_to_llvm(),
        conversion::create_math_to_libm(),
        conversion::create_arith_to_llvm(),
        conversion::create_control_flow_to_llvm(),
        conversion::create_func_to_llvm(),
        conversion::create_reconcile_unrealized_casts(),
    ]
});

/// Few functions have vectors, and to look for them takes less time than the conversion.
static VECTORS: UpstreamPass = UpstreamPass::new(NAME, DESCRIPTION, || {
    vec![conversion::create_vector_to_llvm()]
});

fn has_vectors(module: &Module) -> bool {
    functions(module).into_iter().any(|function| {
        let all = function.regions().flat_map(blocks).flat_map(operations);
        all.into_iter().any(|op| op_name(op).starts_with("vector."))
    })
}

impl Pass for LowerCallsToLlvm {
    fn name(&self) -> &str {
        NAME
    }

    fn description(&self) -> &str {
        DESCRIPTION
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        if has_vectors(module) {
            VECTORS.run(context, module)?;
        }
        CONVERSIONS.run(context, module)
    }
}
