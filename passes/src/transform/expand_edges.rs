//! Makes every way out of a function an edge of its control flow graph.
//!
//! A raising op without a handler gets the result `raised` and a branch to a block that ends in `py.propagate`; a
//! guard becomes a condition and a branch to a block that ends in `py.exit`, with the only copy of the frame state that
//! still names values: a state that is not left at is stripped to its offset.
//!
//! ```mlir
//! // before
//! %s = py.frame_state 24 locals(%x) stack() : (!py.object)
//! %r = py.load_attr %x, 0 "real" at %s
//! %i = py.unbox %r at %t : i64
//! // after
//!   %s = py.frame_state 24 locals() stack()
//!   %r, %raised = py.load_attr %x, 0 "real" at %s catch i1
//!   cf.cond_br %raised, ^leave, ^next
//! ^next:
//!   %i, %ok = py.try_unbox %r : i64
//!   cf.cond_br %ok, ^typed, ^exit
//! ^exit:
//!   %t = py.frame_state 34 locals() stack(%r) : (), (!py.object)
//!   py.exit %t "unbox"
//! ^leave:
//!   py.traceback
//!   py.propagate
//! ```
//!
//! *Requires*: object locals are in their slots, observing ops see native ones. *Ensures*: only `py.exit` and
//! `state.suspend` have a state with values; each failure with a traceback entry of its own goes through
//! `py.traceback`. *Not here*: reference counts.

mod exits;
mod failures;
mod leaving;
mod parks;
mod states;

use crate::{
    Pass, PassError, PassOutcome,
    cfg::drop_unreachable,
    function::{Function, for_each_function},
};
use melior::{Context, ir::Module};

pub use failures::explicit_failure;
pub use leaving::{LOCALS_WRITTEN, MONITORED};

/// See the [module](self).
#[derive(Debug)]
pub struct ExpandEdges;

impl Pass for ExpandEdges {
    fn name(&self) -> &str {
        "expand-edges"
    }

    fn description(&self) -> &str {
        "Make every failure and every exit an edge of the control flow graph."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("expand-edges", context, module, |function| {
            expand(function)?;
            Ok(PassOutcome::Changed)
        })
    }
}

fn expand(function: &Function) -> Result<(), PassError> {
    drop_unreachable(function.region);
    states::split_selects(function);
    parks::flatten(function);
    exits::expand(function)?;
    failures::expand(function);
    states::strip(function);
    Ok(())
}
