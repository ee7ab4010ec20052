//! What instructions become: the ops that were made for each opcode, for `docs/opcodes.md`.

use super::builder::Lifter;
use crate::bytecode::Opcode;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The names of the ops that lifting has made, by opcode.
#[derive(Debug, Default)]
pub struct Trace {
    ops: RefCell<BTreeMap<&'static str, BTreeSet<String>>>,
}

impl Trace {
    /// The names of the ops that instructions of an opcode have become so far, in alphabetical order. Frame states, which
    /// nearly all have, are not among them, nor is the way to the handlers of ops that raise under one.
    pub fn ops(&self, opcode: Opcode) -> Vec<String> {
        let ops = self.ops.borrow();
        ops.get(opcode.name())
            .map(|names| names.iter().cloned().collect())
            .unwrap_or_default()
    }

    fn note(&self, opcode: Opcode, op: &str) {
        if !matches!(op, "py.frame_state" | "arith.constant") {
            let mut ops = self.ops.borrow_mut();
            ops.entry(opcode.name()).or_default().insert(op.to_owned());
        }
    }
}

impl Lifter<'_, '_> {
    /// Notes that the instruction being lifted becomes this op, if somebody wants to know.
    pub(super) fn note(&self, op: &str) {
        if let (Some(trace), Some(index)) = (self.trace, self.noted) {
            trace.note(self.program.instructions()[index].opcode(), op);
        }
    }
}
