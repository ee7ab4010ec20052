//! Loops over `range(...)` that can count on machine integers.
//!
//! ```text
//!   %range = py.load_global 0 "range" at %s1
//!   %r = py.call %range, %null(%n) at %s2
//!   %it = py.get_iter %r at %s3
//!   cf.br ^head
//! ^head:
//!   %i, %end = py.for_iter %it at %s4
//!   cf.cond_br %end, ^exit, ^body
//! ```
//!
//! It is one of the [`super::sequence_loops`], whose sequence is seen by nothing else.

use super::{
    cfg::Cfg,
    numbers::{arguments, called_global},
    sequence_loops::{self, SequenceLoop},
};
use crate::{
    collections::IndexMap,
    inspect::{defined_by, op_name, result},
};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::uses;

/// One such loop.
#[derive(Clone, Debug)]
pub struct RangeLoop<'c, 'a> {
    /// `py.call`
    pub call: OperationRef<'c, 'a>,
    /// The loop over what the call yields.
    pub parts: SequenceLoop<'c, 'a>,
}

impl<'c, 'a> RangeLoop<'c, 'a> {
    /// The arguments of `range`, one to three.
    pub fn arguments(&self) -> Vec<Value<'c, 'a>> {
        arguments(self.call)
    }

    /// The checks of the frame behind the call, each behind its frame state.
    pub fn checks(&self) -> Vec<OperationRef<'c, 'a>> {
        checks_behind(self.call)
    }

    /// The value called, which must be found to be the builtin `range`.
    pub fn callee(&self) -> Option<Value<'c, 'a>> {
        self.call.operand(0).ok()
    }
}

/// The checks of the frame that see the result of a call, each behind its frame state.
pub(crate) fn checks_behind<'c, 'a>(call: OperationRef<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    let made = result(call, 0);
    let states = made.into_iter().flat_map(uses).map(|(state, _)| state);
    states
        .filter(|state| is_state_of_check(*state))
        .flat_map(|state| {
            let users = result(state, 0).into_iter().flat_map(uses);
            std::iter::once(state).chain(users.map(|(op, _)| op))
        })
        .collect()
}

/// The loops of a function by the address of their `py.for_iter`, in order.
pub fn find<'c, 'a>(cfg: &Cfg<'c, 'a>) -> IndexMap<usize, RangeLoop<'c, 'a>> {
    let loops = sequence_loops::find(cfg).into_iter();
    loops
        .filter_map(|(for_iter, parts)| Some((for_iter, recognise(parts)?)))
        .collect()
}

fn recognise<'c, 'a>(parts: SequenceLoop<'c, 'a>) -> Option<RangeLoop<'c, 'a>> {
    let (range, get_iter) = (parts.sequence, parts.get_iter);
    let call = defined_by(range, "py.call").filter(|call| is_range_call(*call))?;
    let hidden = uses(range)
        .into_iter()
        .all(|(op, _)| is_state_of(op, get_iter) || op == get_iter || is_state_of_check(op));
    hidden.then_some(RangeLoop { call, parts })
}

/// Whether an op calls the global `range` with one to three positional arguments.
pub(crate) fn is_range_call(call: OperationRef) -> bool {
    let plain = call
        .operand(1)
        .is_ok_and(|this| defined_by(this, "py.null").is_some());
    plain
        && !call.has_attribute("kwnames")
        && (1..=3).contains(&arguments(call).len())
        && called_global(call) == Some("range")
}

/// A frame state that only checks of the frame take. `range` runs no Python that they could find out about.
pub(crate) fn is_state_of_check(state: OperationRef) -> bool {
    op_name(state) == "py.frame_state"
        && result(state, 0).is_some_and(|value| {
            uses(value)
                .into_iter()
                .all(|(op, _)| op_name(op) == "py.check_frame")
        })
}

/// A frame state that only `user` takes.
fn is_state_of(state: OperationRef, user: OperationRef) -> bool {
    op_name(state) == "py.frame_state"
        && result(state, 0).is_some_and(|value| uses(value).into_iter().all(|(op, _)| op == user))
}
