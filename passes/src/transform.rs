//! Passes that stay at their level.

pub mod check_inlined;
pub mod demote_locals;
pub mod drop_checks;
pub mod elide_frames;
pub mod expand_edges;
pub mod expand_state;
pub mod fold_tuples;
pub mod guard_polls;
pub mod hoist_checks;
pub mod hoist_sequences;
pub mod hold_chains;
pub mod infer_types;
pub mod inline_calls;
pub mod inline_generators;
pub mod insert_refcounts;
pub mod note_kinds;
pub mod reuse_attributes;
pub mod skip_generators;
pub mod speculate_arms;
pub mod spill_locals;
pub mod strip_mine_loops;
pub mod unroll_recursion;
pub mod widen_products;
pub mod wrap_masked;
