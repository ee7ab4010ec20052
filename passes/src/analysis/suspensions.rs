//! The locals of generators and coroutines behind their suspensions: a run of `py.load_local` behind `state.yield`.

use super::{
    cfg::Cfg,
    frame_state::{local_count, state_op},
};
use crate::{
    collections::HashMap,
    inspect::{int_attribute, op_key, op_name},
};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::{Types, operations};

/// What a `py.load_local` reads again.
#[derive(Clone, Copy, Debug)]
pub struct Reload<'c, 'a> {
    /// The `state.yield` that it stands behind.
    pub suspension: OperationRef<'c, 'a>,
    /// The state there.
    state: OperationRef<'c, 'a>,
    slot: usize,
}

impl<'c, 'a> Reload<'c, 'a> {
    /// What was in the slot there.
    pub fn before(&self) -> Option<Value<'c, 'a>> {
        self.state.operand(self.slot).ok()
    }
}

/// The `py.load_local` behind suspensions, by address. Those at the start of the function are not among them.
pub fn reloads<'c, 'a>(types: &Types<'c>, cfg: &Cfg<'c, 'a>) -> HashMap<usize, Reload<'c, 'a>> {
    let mut found = HashMap::default();
    for block in cfg.blocks() {
        let mut current = None;
        for op in operations(block) {
            current = match op_name(op) {
                "py.load_local" => current,
                "state.yield" => state_op(types, op).map(|state| (op, state)),
                _ => None,
            };
            let slot = int_attribute(op, "index").and_then(|slot| usize::try_from(slot).ok());
            if let (Some((suspension, state)), Some(slot)) = (current, slot)
                && slot < local_count(state)
            {
                let reload = Reload {
                    suspension,
                    state,
                    slot,
                };
                found.insert(op_key(op), reload);
            }
        }
    }
    found
}

/// The first op behind the run that a `py.load_local` is part of.
pub fn behind_loads<'c, 'a>(load: OperationRef<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let mut op = load;
    while op_name(op) == "py.load_local" {
        op = op.next_in_block()?;
    }
    Some(op)
}
