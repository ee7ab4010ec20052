//! Every pass by name.

use crate::{
    Pass,
    lower::{
        lower_calls_to_llvm::LowerCallsToLlvm, lower_num_to_arith::LowerNumToArith,
        lower_py_to_calls::LowerPyToCalls, lower_py_to_num::LowerPyToNum,
    },
    transform::{
        check_inlined::CheckInlined, demote_locals::DemoteLocals, drop_checks::DropChecks,
        elide_frames::ElideFrames, expand_edges::ExpandEdges, expand_state::ExpandState,
        fold_tuples::FoldTuples, guard_polls::GuardPolls, hoist_checks::HoistChecks,
        hoist_sequences::HoistSequences, hold_chains::HoldChains, infer_types::InferTypes,
        inline_calls::InlineCalls, inline_generators::InlineGenerators,
        insert_refcounts::InsertRefcounts, note_kinds::NoteKinds,
        reuse_attributes::ReuseAttributes, skip_generators::SkipGenerators,
        speculate_arms::SpeculateArms, spill_locals::SpillLocals, strip_mine_loops::StripMineLoops,
        unroll_recursion::UnrollRecursion, widen_products::WidenProducts, wrap_masked::WrapMasked,
    },
    upstream,
};
use std::{error::Error, fmt};

/// A pass that lives as long as the program.
pub type StaticPass = &'static (dyn Pass + Sync);

/// The passes of this crate and those of upstream that the pipeline uses, by name.
pub static PASSES: &[StaticPass] = &[
    &InlineCalls,
    &InlineGenerators,
    &SkipGenerators,
    &CheckInlined,
    &FoldTuples,
    &InferTypes,
    &LowerPyToNum,
    &NoteKinds,
    &HoistChecks,
    &HoistSequences,
    &HoldChains,
    &WrapMasked,
    &StripMineLoops,
    &WidenProducts,
    &ElideFrames,
    &ReuseAttributes,
    &LowerNumToArith,
    &SpeculateArms,
    &upstream::CANONICALIZE,
    &upstream::CSE,
    &DropChecks,
    &ExpandState,
    &GuardPolls,
    &SpillLocals,
    &DemoteLocals,
    &ExpandEdges,
    &InsertRefcounts,
    &LowerPyToCalls,
    &LowerCallsToLlvm,
    &UnrollRecursion,
];

/// The pass of that name.
pub fn find(name: &str) -> Option<StaticPass> {
    PASSES.iter().copied().find(|pass| pass.name() == name)
}

/// A name in a textual pipeline that is not the name of a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPass(pub String);

impl fmt::Display for UnknownPass {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let names: Vec<_> = PASSES.iter().map(|pass| pass.name()).collect();
        write!(
            formatter,
            "no pass is called {:?}; there are {}",
            self.0,
            names.join(", ")
        )
    }
}

impl Error for UnknownPass {}

/// Reads `"infer-types,lower-py-to-num,cse"`. Blanks around names are ignored.
///
/// # Errors
///
/// When a name is not that of a registered pass.
pub fn parse_pipeline(text: &str) -> Result<Vec<StaticPass>, UnknownPass> {
    text.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| find(name).ok_or_else(|| UnknownPass(name.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_described() {
        for (index, pass) in PASSES.iter().enumerate() {
            assert!(pass.description().ends_with('.'), "{}", pass.name());
            assert!(
                !PASSES[..index]
                    .iter()
                    .any(|other| other.name() == pass.name())
            );
        }
    }

    #[test]
    fn pipelines_are_read() {
        let passes = parse_pipeline(" cse, canonicalize,").expect("known passes");
        let names: Vec<_> = passes.iter().map(|pass| pass.name()).collect();
        assert_eq!(names, ["cse", "canonicalize"]);
        let error = parse_pipeline("cse,inline-all")
            .err()
            .expect("no such pass");
        assert!(error.to_string().contains("\"inline-all\""));
    }
}
