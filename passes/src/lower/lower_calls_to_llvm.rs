//! Converts what is left to the LLVM dialect, with MLIR's own conversions.
//!
//! *Requires*: level `calls`. *Ensures*: only the LLVM dialect remains. *Not here*: anything of ours.

use crate::{Pass, PassError, PassOutcome, upstream::UpstreamPass};
use melior::{Context, ir::Module, pass::conversion};

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

impl Pass for LowerCallsToLlvm {
    fn name(&self) -> &str {
        NAME
    }

    fn description(&self) -> &str {
        DESCRIPTION
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        CONVERSIONS.run(context, module)
    }
}
