//! Whether anybody could see the frame of a function.

use super::{all_operations, tried};
use crate::{
    cfg::{Cfg, name_of, operand_of},
    function::{Function, raised},
    inspect::defined_by,
};
use melior::ir::{BlockLike, OperationRef, operation::OperationLike};

/// Whether the function contains only ops that nobody can see, and no cycle.
pub fn is_unseen(function: &Function) -> bool {
    !function.is_step()
        && function.frame_kind() == crate::function::FrameKind::Pushed
        && all_operations(function).into_iter().all(|op| {
            let name = name_of(op);
            let native = NATIVE_DIALECTS
                .iter()
                .any(|dialect| name.starts_with(dialect));
            let quiet = UNSEEN.contains(&name) || is_cell(op) || tried::is_tried(function, op);
            native || quiet && raised(op).is_none()
        })
        && is_acyclic(function)
}

/// Whether an op puts a cell of the closure into its slot, which is done anew where a frame is made.
pub fn is_cell(op: OperationRef) -> bool {
    let stored = operand_of(op, 0).filter(|_| name_of(op) == "py.store_local");
    stored.is_some_and(|cell| defined_by(cell, "py.load_closure").is_some())
}

/// Dialects whose ops run no Python code and do not raise.
const NATIVE_DIALECTS: [&str; 5] = ["arith.", "math.", "complex.", "cf.", "num."];

/// Other ops that nobody can see. Polls are dropped.
const UNSEEN: [&str; 17] = [
    "func.return",
    "py.box",
    "py.call_this",
    "py.constant",
    "py.exit",
    "py.frame_state",
    "py.is",
    "py.load_closure",
    "py.none",
    "py.null",
    "py.poll",
    "py.read_attr",
    "py.read_deref",
    "py.this_function",
    "py.unbox",
    "py.write_attr",
    "py.write_deref",
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
