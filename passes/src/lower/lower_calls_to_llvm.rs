//! Converts what is left to the LLVM dialect, with MLIR's own conversions.
//!
//! *Requires*: level `calls`. *Ensures*: only the LLVM dialect remains. *Not here*: anything of ours.

use crate::{
    Pass, PassError, PassOutcome, collections::HashSet, inspect::op_name, upstream::UpstreamPass,
};
use melior::{
    Context,
    ir::{Module, operation::OperationLike},
    pass::conversion,
};
use mlir_sys::mlirCreateConversionConvertToLLVMPass;
use stepwell_dialects::ir::{blocks, functions, operations};

/// See the [module](self).
#[derive(Debug)]
pub struct LowerCallsToLlvm;

const NAME: &str = "lower-calls-to-llvm";
const DESCRIPTION: &str =
    "Convert functions, branches and arithmetic to the LLVM dialect (MLIR's own).";

static CONVERSIONS: UpstreamPass = UpstreamPass::new(NAME, DESCRIPTION, || {
    vec![
        // SAFETY: the constructor has no conditions; the pass is ours.
        unsafe { melior::pass::Pass::from_raw(mlirCreateConversionConvertToLLVMPass()) },
        conversion::create_reconcile_unrealized_casts(),
    ]
});

/// Conversions of the dialects that few functions have: to look for their ops takes less time than a conversion.
static SPECIAL: [(&str, UpstreamPass); 3] = [
    (
        "vector",
        UpstreamPass::new(NAME, DESCRIPTION, || {
            vec![conversion::create_vector_to_llvm()]
        }),
    ),
    (
        "complex",
        UpstreamPass::new(NAME, DESCRIPTION, || {
            vec![conversion::create_complex_to_llvm()]
        }),
    ),
    (
        "math",
        UpstreamPass::new(NAME, DESCRIPTION, || {
            vec![
                conversion::create_math_to_llvm(),
                conversion::create_math_to_libm(),
            ]
        }),
    ),
];

/// The dialects of the ops in the functions.
fn dialects<'c>(module: &Module<'c>) -> HashSet<&'c str> {
    let bodies = functions(module).into_iter();
    bodies
        .flat_map(|function| function.regions().flat_map(blocks).collect::<Vec<_>>())
        .flat_map(operations)
        .filter_map(|op| Some(op_name(op).split_once('.')?.0))
        .collect()
}

impl Pass for LowerCallsToLlvm {
    fn name(&self) -> &str {
        NAME
    }

    fn description(&self) -> &str {
        DESCRIPTION
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        if functions(module).is_empty() {
            return Ok(PassOutcome::Unchanged);
        }
        let present = dialects(module);
        for (_, conversion) in SPECIAL.iter().filter(|(name, _)| present.contains(name)) {
            conversion.apply(context, module)?;
        }
        CONVERSIONS.apply(context, module)?;
        Ok(PassOutcome::Changed)
    }
}
