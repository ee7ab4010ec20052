//! The order of the passes. This list is the one place where it is read.

use crate::Level;

/// The passes that lead down to a level.
#[derive(Debug)]
pub struct Stage {
    /// The level whose contract holds behind them.
    pub level: Level,
    /// Names as in the registry, first to last.
    pub passes: &'static [&'static str],
}

/// From the frontend's `py` to the LLVM dialect.
#[rustfmt::skip]
pub const PIPELINE: &[Stage] = &[
    Stage { level: Level::Py, passes: &[] },
    Stage { level: Level::Typed, passes: &[
        "canonicalize",         // a variable that nobody reads any more has no type to agree on
        "inline-calls",         // before typing, too
        "inline-generators",    // before typing: an item is then a value like any other
        "skip-generators",      // before typing: a beginning is then typed where it is computed
        "canonicalize",
        "fold-tuples",          // before typing: an item is then a value like any other
        "infer-types",
        "lower-py-to-num",
        "note-kinds",           // of what is no number yet
        "canonicalize",         // branches on `raised` of what is native now are on false
        "check-inlined",        // what is left of py there has no native form
        "cse",                  // one frame state for each instruction, one box for each value
        "hoist-checks",         // in front of a loop, a check of the frame makes those inside it needless
        "drop-checks",          // what has become native runs no Python that could have changed the frame
        "hoist-sequences",      // no check of the frame is left that would look like Python code
        "hoist-checks",         // now of lists as well
        "hold-chains",          // on loops that are native but for their iteration
        "wrap-masked",          // on states that only ops use which can leave
        "strip-mine-loops",     // on loops that are native through and through
        "widen-products",       // behind it: a strip knows that its products are small
        "elide-frames",         // on what is left of the function
        "reuse-attributes",     // behind it: without a frame loads are tried anyway
    ] },
    Stage { level: Level::State, passes: &[
        "expand-state",         // before spilling: a suspension is a place where locals are looked at
        "guard-polls",          // before spilling: a poll hardly ever needs the locals
        "spill-locals",
    ] },
    Stage { level: Level::Calls, passes: &[
        "lower-num-to-arith",   // its guards become edges like all others
        "speculate-arms",       // of arithmetic, with the checks that it has now
        "demote-locals",        // before counting: a local borrows from its slot
        "expand-edges",
        "insert-refcounts",     // on explicit edges
        "lower-py-to-calls",
    ] },
    Stage { level: Level::Llvm, passes: &[
        "lower-calls-to-llvm",
        "unroll-recursion",     // calls are LLVM's to inline
    ] },
];

/// Passes that take longer than they gain in code that runs a few times. None of them is needed.
pub const NOT_FOR_BASELINE: &[&str] = &[
    "inline-calls",
    "inline-generators",
    "skip-generators",
    "check-inlined",
    "fold-tuples",
    "hoist-checks",
    "hoist-sequences",
    "hold-chains",
    "strip-mine-loops",
    "reuse-attributes",
    "speculate-arms",
    "unroll-recursion",
];

/// The stages up to and with a level.
pub fn stages_to(level: Level) -> impl Iterator<Item = &'static Stage> {
    PIPELINE
        .iter()
        .take_while(move |stage| stage.level <= level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;

    #[test]
    fn levels_descend_and_passes_are_registered() {
        assert!(
            PIPELINE
                .windows(2)
                .all(|pair| pair[0].level < pair[1].level)
        );
        for name in PIPELINE.iter().flat_map(|stage| stage.passes) {
            assert!(registry::find(name).is_some(), "{name} is not registered");
        }
    }
}
