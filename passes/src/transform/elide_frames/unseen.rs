//! Whether anybody could see the frame of a function.

use super::all_operations;
use crate::{
    cfg::{Cfg, name_of},
    function::{Function, raised},
};
use melior::ir::{BlockLike, operation::OperationLike};

/// Whether the function contains only ops that nobody can see, and no cycle.
pub fn is_unseen(function: &Function) -> bool {
    !function.is_step()
        && function.frame_kind() == crate::function::FrameKind::Pushed
        && all_operations(function).into_iter().all(|op| {
            let name = name_of(op);
            let native = NATIVE_DIALECTS
                .iter()
                .any(|dialect| name.starts_with(dialect));
            native || UNSEEN.contains(&name) && raised(op).is_none()
        })
        && is_acyclic(function)
}

/// Dialects whose ops run no Python code and do not raise.
const NATIVE_DIALECTS: [&str; 5] = ["arith.", "math.", "complex.", "cf.", "num."];

/// Other ops that nobody can see. Polls are dropped.
const UNSEEN: [&str; 12] = [
    "func.return",
    "py.box",
    "py.call_this",
    "py.constant",
    "py.exit",
    "py.frame_state",
    "py.is",
    "py.none",
    "py.null",
    "py.poll",
    "py.this_function",
    "py.unbox",
];

fn is_acyclic(function: &Function) -> bool {
    let cfg = Cfg::new(function.region);
    cfg.blocks.iter().enumerate().all(|(place, block)| {
        block.terminator().iter().all(|op| {
            op.successors()
                .all(|target| cfg.place(target).is_some_and(|other| other > place))
        })
    })
}
