//! Lets calls do without a frame that nobody can see.
//!
//! A frame is for others: for tracebacks, for `sys._getframe`, for the interpreter when compiled code leaves. A function
//! that runs no Python code, cannot raise and has no loops is seen by nobody unless it leaves, and then its frame can
//! still be made. There are two such forms, named by the attribute `py.frame`:
//!
//! - `leaf`: the function itself, on the objects of its arguments, when it calls nothing. Attributes that it loads are tried
//!   without running Python code (`py.peek_attr`), unless it has `py.no_guesses`.
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
mod unseen;

use crate::{
    Pass, PassError, PassOutcome,
    cfg::{name_of, operand_of},
    cursor::result_of,
    function::{FrameKind, Function, for_each_function},
};
use melior::{
    Context,
    ir::{Module, OperationRef, operation::OperationLike},
};
use stepwell_abi::GUESS;
use stepwell_dialects::ir::{blocks, operations, replace_uses};

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
                try_attributes(function);
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

/// Loads attributes that an object has itself, where a function without a frame leaves for all others. Its cells are put
/// into their slots when it leaves.
fn try_attributes(function: &Function) {
    for op in all_operations(function) {
        if unseen::is_cell(op) {
            crate::cfg::erase(op);
        } else if name_of(op) == "py.load_attr" {
            try_attribute(function, op);
        }
    }
}

fn try_attribute<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
    let cursor = function.before(op);
    let (i1, object) = (function.types.i1, function.types.object);
    let names = [
        ("index", op.attribute("index").ok()?),
        ("name", op.attribute("name").ok()?),
    ];
    let (of, state) = (operand_of(op, 0)?, operand_of(op, 1)?);
    let tried = cursor.op("py.peek_attr", &[of], &[i1, object], &names);
    let reason = format!("{GUESS}an attribute of the object itself");
    let reason = [("reason", cursor.string(&reason))];
    cursor.op("num.guard", &[result_of(tried, 0), state], &[], &reason);
    replace_uses(result_of(op, 0), result_of(tried, 1));
    crate::cfg::erase(op);
    Some(())
}

/// There is no work when the function is called, and nothing that it does could change its frame.
fn drop_polls(function: &Function) {
    all_operations(function)
        .into_iter()
        .filter(|op| matches!(name_of(*op), "py.poll" | "py.check_frame"))
        .for_each(crate::cfg::erase);
}
