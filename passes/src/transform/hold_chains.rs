//! Lets chains of generators stay as they are between two items of a loop that runs no Python code.
//!
//! ```mlir
//! // before: the loop adds the items up, as machine numbers
//!   %v, %end = py.for_iter %it at %s
//! // after
//!   %v, %end = py.for_iter holding %it at %s
//! ```
//!
//! A generator that delegates to others is resumed at the end of the chain, but all that are in between have to look as if
//! they ran meanwhile, and as if they were suspended between two items. Where nobody can look, they need not be changed back
//! and forth. The runtime does that where compiled code is left.
//!
//! *Requires*: no check of the frame is left that would look like Python code. *Ensures*: a loop with `holding` runs no
//! Python code but in its iteration, in polls and where objects end, and is left by its end, an exception or an exit.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{loops::natural_loops, quiet_loops::is_harmless},
    cfg::{Cfg, name_of},
    collections::IndexSet,
    function::{Function, for_each_function},
    inspect::result,
};
use melior::{
    Context,
    ir::{
        Attribute, Module, OperationRef,
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::ir::{operations, uses};

/// See the [module](self).
#[derive(Debug)]
pub struct HoldChains;

impl Pass for HoldChains {
    fn name(&self) -> &str {
        "hold-chains"
    }

    fn description(&self) -> &str {
        "Let chains of generators stay as they are in loops that run no Python code."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("hold-chains", context, module, |function| {
            let cfg = Cfg::new(function.region);
            let found: Vec<_> = natural_loops(&cfg)
                .into_iter()
                .filter_map(|(_, members)| iteration(&cfg, &members))
                .collect();
            for for_iter in &found {
                hold(function, *for_iter);
            }
            Ok(PassOutcome::from(!found.is_empty()))
        })
    }
}

/// The only op of a loop that runs Python code, if it is an iteration and the loop ends with it.
fn iteration<'c, 'a>(cfg: &Cfg<'c, 'a>, members: &IndexSet<usize>) -> Option<OperationRef<'c, 'a>> {
    let blocks = members.iter().map(|place| cfg.blocks[*place]);
    let mut observing = blocks.flat_map(operations).filter(|op| !is_quiet(*op));
    let for_iter = observing
        .next()
        .filter(|op| name_of(*op) == "py.for_iter")?;
    if observing.next().is_some() {
        return None;
    }
    let ends: Vec<_> = (1..for_iter.result_count())
        .filter_map(|index| result(for_iter, index))
        .flat_map(uses)
        .filter(|(user, operand)| name_of(*user) == "cf.cond_br" && *operand == 0)
        .filter_map(|(user, _)| cfg.place(user.block()?))
        .collect();
    let leaves = |place: &usize| {
        let mut targets = cfg.successors[*place].iter();
        targets.any(|target| !members.contains(target))
    };
    members
        .iter()
        .filter(|place| leaves(place))
        .all(|place| ends.contains(place))
        .then_some(for_iter)
}

/// Whether an op runs no Python code, but perhaps that of an object which ends: the runtime suspends the chain then.
fn is_quiet(op: OperationRef) -> bool {
    is_harmless(op) || matches!(name_of(op), "py.list_append" | "py.store_local")
}

fn hold<'c>(function: &Function<'c, '_>, for_iter: OperationRef<'c, '_>) {
    // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
    let mut op = unsafe { OperationRefMut::from_raw(for_iter.to_raw()) };
    op.set_attribute("holding", Attribute::unit(function.context));
}
