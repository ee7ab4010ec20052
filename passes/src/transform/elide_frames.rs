//! Lets calls do without a frame that nobody can see.
//!
//! A frame is for others: for tracebacks, for `sys._getframe`, for the interpreter when compiled code leaves. A function
//! that runs no Python code, cannot raise and has no loops is seen by nobody unless it leaves, and then its frame can
//! still be made. There are two such forms, named by the attribute `py.frame`:
//!
//! - `leaf`: the function itself, on the objects of its arguments, when it calls nothing. Attributes, operators and subscripts
//!   are tried without running Python code (`py.peek_attr`, `py.try_binary` ..), unless it has `py.no_guesses`.
//! - `native`: a copy of a function that calls itself on native values (`py.call_this`). It takes and returns native
//!   values, and serves those calls; the function itself, with a frame, is for all others.
//!
//! ```mlir
//! // before
//! func.func @down(%n: !py.object) -> !py.object attributes {py.elide, py.this = "down", ..} {
//!   %0 = py.unbox %n at %s : i64
//!   py.poll at %s
//!   ...
//!   %f = py.load_global 1 "down" at %t
//!   %1 = py.call_this %f(%m) at %u : (i64) -> i64
//!   %2 = py.box %1 : i64
//!   func.return %2 : !py.object
//! // after: that, and
//! func.func @down.native(%n: !py.object) -> i64 attributes {py.frame = "native", ..} {
//!   %0 = py.unbox %n at %s : i64
//!   ...
//!   %f = py.this_function
//!   %1 = py.call_this %f(%m) at %u : (i64) -> i64
//!   func.return %1 : i64
//! ```
//!
//! Neither polls: their caller sees to it, and calls them only when there is nothing to do.
//!
//! *Requires*: level `typed`. *Ensures*: what has `py.frame` contains only ops that nobody can see, and no cycle.
//! *Not here*: how arguments get in and how a frame is made when such a function leaves (`lower-py-to-calls`).

mod native;
mod tried;
mod unseen;

use crate::{
    Pass, PassError, PassOutcome,
    cfg::name_of,
    function::{FrameKind, Function, for_each_function},
};
use melior::{
    Context,
    ir::{Module, OperationRef, operation::OperationLike},
};
use stepwell_dialects::ir::{blocks, operations};

/// See the [module](self).
#[derive(Debug)]
pub struct ElideFrames;

const NAME: &str = "elide-frames";

impl Pass for ElideFrames {
    fn name(&self) -> &str {
        NAME
    }

    fn description(&self) -> &str {
        "Let calls do without a frame that nobody can see."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function(NAME, context, module, |function| {
            if calls_itself(function) {
                native::add(function, module)?;
                return Ok(PassOutcome::Changed);
            }
            let is_leaf = function.op.has_attribute("py.elide") && unseen::is_unseen(function);
            if is_leaf {
                drop_polls(function);
                try_all(function);
                function.set_frame_kind(FrameKind::Leaf);
            }
            Ok(PassOutcome::from(is_leaf))
        })
    }
}

fn calls_itself(function: &Function) -> bool {
    all_operations(function)
        .iter()
        .any(|op| name_of(*op) == "py.call_this")
        && function.frame_kind() == FrameKind::Pushed
}

fn all_operations<'c, 'a>(function: &Function<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    blocks(function.region)
        .into_iter()
        .flat_map(operations)
        .collect()
}

/// Has the operations tried that can run Python code. Its cells are put into their slots when the function leaves.
fn try_all(function: &Function) {
    for op in all_operations(function) {
        if unseen::is_cell(op) {
            crate::cfg::erase(op);
        } else {
            tried::attempt(function, op);
        }
    }
}

/// There is no work when the function is called, and nothing that it does could change its frame.
fn drop_polls(function: &Function) {
    all_operations(function)
        .into_iter()
        .filter(|op| matches!(name_of(*op), "py.poll" | "py.check_frame"))
        .for_each(crate::cfg::erase);
}
