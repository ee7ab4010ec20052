//! Makes a step function of the body of a generator or coroutine.
//!
//! The function is split at each `state.yield`: the step ends there with `state.suspend`, and the next one begins behind
//! it, where `state.dispatch` in the new entry goes to. Between steps everything is in the frame, as the interpreter
//! keeps it: a value that is needed behind a suspension is read from its slot or its place on the evaluation stack.
//!
//! ```mlir
//! // before
//!   %it = py.get_iter %n at %s0
//!   %s1 = py.frame_state 38 locals(%n) stack(%it) : (!py.object), (!py.object)
//!   %x = state.yield %v at %s1
//!   %w = py.binary add %x, %n at %s2
//! // after
//! ^entry:
//!   state.dispatch [4, 38] ^start, ^resumed
//! ^start:
//!   %it = py.get_iter %n at %s0
//!   %s1 = py.frame_state 38 locals(%n) stack(%it) : (!py.object), (!py.object)
//!   state.suspend %v at %s1
//! ^resumed:
//!   %n2 = py.load_local 0 "n"
//!   %it2 = state.load_stack 0
//!   %x = state.sent
//!   %w = py.binary add %x, %n2 at %s2
//! ```
//!
//! A step also begins behind each `py.send` of a loop of `yield from` or `await`, with what the receiver has returned as
//! the value sent: whoever resumes the receiver at the end of a chain needs no step of those between.
//!
//! Phases: constants move to the entry; the function is split; what each resumption needs is looked up in its frame
//! state, and recomputed from there if it is a native value; each value with several definitions gets block arguments
//! where they meet. A suspension that needs more than the frame holds is left out of the dispatch: the interpreter
//! resumes it.
//!
//! *Requires*: the offset of the first step in `py.start`. *Ensures*: no `state.yield`; nothing but constants lives
//! across a suspension outside the frame. *Not here*: native locals are stored by `spill-locals`.

mod recover;
mod repair;
mod split;

pub use recover::Definitions;
pub use repair::repair;

use crate::{
    Pass, PassError, PassOutcome,
    cfg::{Cfg, drop_unreachable, name_of},
    function::{Function, for_each_function},
};
use melior::{
    Context,
    ir::{
        BlockRef, Module, OperationRef, Value, attribute::IntegerAttribute,
        operation::OperationLike,
    },
};
use stepwell_dialects::ir::{blocks, operations};

/// See the [module](self).
#[derive(Debug)]
pub struct ExpandState;

impl Pass for ExpandState {
    fn name(&self) -> &str {
        "expand-state"
    }

    fn description(&self) -> &str {
        "Make step functions of generators and coroutines."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("expand-state", context, module, |function| {
            if !function.is_step() || is_expanded(function) {
                return Ok(PassOutcome::Unchanged);
            }
            expand(function)?;
            Ok(PassOutcome::Changed)
        })
    }
}

/// A place where a step begins.
pub struct Point<'c, 'a> {
    /// The bytecode offset that the frame stands at.
    pub offset: i64,
    /// The block that the step begins with.
    pub block: BlockRef<'c, 'a>,
    /// Its first op, which takes what was sent.
    pub sent: OperationRef<'c, 'a>,
    /// The locals at the suspension.
    pub locals: Vec<Value<'c, 'a>>,
    /// The evaluation stack at the suspension, bottom first.
    pub stack: Vec<Value<'c, 'a>>,
    /// Another value that is what was sent: the result of the `py.send` that the step begins behind.
    pub sent_for: Option<Value<'c, 'a>>,
}

fn is_expanded(function: &Function) -> bool {
    let mut all = blocks(function.region).into_iter().flat_map(operations);
    all.any(|op| name_of(op) == "state.dispatch")
}

fn expand<'c, 'a>(function: &Function<'c, 'a>) -> Result<(), PassError> {
    let start = function.op.attribute("py.start").ok();
    let start = start.and_then(|start| IntegerAttribute::try_from(start).ok());
    let start = start
        .ok_or_else(|| function.bug("a step without py.start"))?
        .value();
    let old_entry = blocks(function.region).first().copied();
    let old_entry = old_entry.ok_or_else(|| function.bug("a function without blocks"))?;
    let entry = split::new_entry(function, old_entry);
    let mut points = split::at_yields(function);
    points.extend(split::behind_sends(function));
    let points = recover::keep_recoverable(function, entry, (start, old_entry), points);
    split::dispatch(function, entry, (start, old_entry), &points);
    let cfg = Cfg::new(function.region);
    let needs = recover::needs(function, &cfg, &points);
    let definitions = recover::reload(function, &points, &needs);
    repair(function, &cfg, definitions);
    // Only now, since what a point needs may have been made where control does not come any more.
    drop_unreachable(function.region);
    Ok(())
}
