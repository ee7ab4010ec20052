//! Counts references, from the ownership that the ops declare.
//!
//! Every object value is either *owned* (an op's new reference, a block argument) or *borrowed* (constants for ever; a
//! local from its slot until the slot is stored to). An owned reference is given away exactly once on every path: to an
//! op that steals it, to a block argument, to the caller, or to `py.decref` behind its last use, as the interpreter
//! drops an operand behind its instruction. Where a path needs a value no more, the edge to it gets the decref. A call
//! holds a reference to each local that it passes, since the callee can count them, or overwrite the local.
//!
//! ```mlir
//! // before
//!   %x = py.load_local 0 "x"
//!   %a, %e0 = py.load_attr %x, 0 "a" at %s catch i1
//!   cf.cond_br %e0, ^leave, ^next
//! ^next:
//!   %r, %e1 = py.unary negative %a at %t catch i1
//!   cf.cond_br %e1, ^leave, ^done
//! ^done:
//!   func.return %r : !py.object
//! // after
//!   ...
//! ^next:
//!   %r, %e1 = py.unary negative %a at %t catch i1
//!   py.decref %a
//!   cf.cond_br %e1, ^leave, ^done
//! ^done:
//!   func.return %r : !py.object
//! ```
//!
//! Phases: aliases are resolved; values are classified ([`classify`](self)); liveness; a local that is needed behind a
//! store to its slot is taken over at its definition; then each block and each edge gets its counts.
//!
//! *Requires*: every failure and every exit is an edge; states that are not left at name no values. On the edge that is
//! taken when an op fails, its results do not exist. *Ensures*: no operation but `py.incref` and `py.decref` changes a
//! count that its ownership row does not tell. *Not here*: how a count is changed.

mod classify;
mod edges;
mod ownership;
mod straight;

use crate::{
    Pass, PassError, PassOutcome,
    analysis::liveness::Liveness,
    cfg::{Cfg, name_of},
    function::{Function, for_each_function},
};
use classify::Classes;
use melior::{
    Context,
    ir::{Module, operation::OperationLike},
};
use ownership::needed;
use stepwell_dialects::ir::{blocks, operations, replace_uses};

/// See the [module](self).
#[derive(Debug)]
pub struct InsertRefcounts;

impl Pass for InsertRefcounts {
    fn name(&self) -> &str {
        "insert-refcounts"
    }

    fn description(&self) -> &str {
        "Count references, from the ownership that the ops declare."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("insert-refcounts", context, module, |function| {
            count(function);
            Ok(PassOutcome::Changed)
        })
    }
}

fn count(function: &Function) {
    resolve_aliases(function);
    let cfg = Cfg::new(function.region);
    let mut classes = Classes::new(function, &cfg);
    let types = function.types;
    let liveness = Liveness::new(&cfg, &classes.values, |op| needed(&types, op));
    classes.take_over_endangered(function, &cfg, &liveness);
    let counts = straight::plan(function, &cfg, &classes, &liveness);
    let edge_counts = edges::plan(&cfg, &classes, &liveness);
    straight::apply(function, &classes, counts);
    edges::apply(function, &cfg, &classes, edge_counts);
}

/// `py.check_bound` yields its operand: one value, one owner.
fn resolve_aliases(function: &Function) {
    let all = blocks(function.region).into_iter().flat_map(operations);
    for op in all.filter(|op| name_of(*op) == "py.check_bound") {
        if let (Ok(operand), Ok(result)) = (op.operand(0), op.result(0)) {
            replace_uses(result.into(), operand);
        }
    }
}
