//! Converts what is left to the LLVM dialect, with MLIR's own conversions.
//!
//! *Requires*: level `calls`. *Ensures*: only the LLVM dialect remains. *Not here*: anything of ours.

use crate::upstream::UpstreamPass;
use melior::pass::conversion;

/// Functions, branches, arithmetic, mathematics and complex numbers to LLVM.
pub static LOWER_CALLS_TO_LLVM: UpstreamPass = UpstreamPass::new(
    "lower-calls-to-llvm",
    "Convert functions, branches and arithmetic to the LLVM dialect (MLIR's own).",
    || {
        vec![
            conversion::create_complex_to_llvm(),
            conversion::create_math_to_llvm(),
            conversion::create_math_to_libm(),
            conversion::create_arith_to_llvm(),
            conversion::create_control_flow_to_llvm(),
            conversion::create_func_to_llvm(),
            conversion::create_reconcile_unrealized_casts(),
        ]
    },
);
