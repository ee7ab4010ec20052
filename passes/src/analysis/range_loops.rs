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
//! The iterator must be seen by nothing but this `py.for_iter` and by frame states, so that its place
//! is known everywhere: in front of the loop it is at the start, in blocks behind ^body it has
//! advanced. A loop whose iterator lives across a suspension is not counted natively.

use super::{
    branches,
    cfg::Cfg,
    numbers::{arguments, called_global},
};
use crate::inspect::{defined_by, int_attribute, op_key, op_name, result};
use indexmap::IndexMap;
use melior::ir::{BlockRef, OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::{operations, uses};

/// One such loop.
#[derive(Clone, Debug)]
pub struct RangeLoop<'c, 'a> {
    /// `py.call`
    pub call: OperationRef<'c, 'a>,
    /// `py.get_iter`
    pub get_iter: OperationRef<'c, 'a>,
    /// `py.for_iter`
    pub for_iter: OperationRef<'c, 'a>,
    /// The block of `for_iter`.
    pub head: BlockRef<'c, 'a>,
    /// The block that is entered with each item.
    pub body: BlockRef<'c, 'a>,
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
    let reachable = cfg.reverse_postorder();
    let ops = reachable.into_iter().flat_map(operations);
    ops.filter(|op| op_name(*op) == "py.for_iter")
        .filter_map(|op| Some((op_key(op), recognise(cfg, op)?)))
        .collect()
}

fn recognise<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    for_iter: OperationRef<'c, 'a>,
) -> Option<RangeLoop<'c, 'a>> {
    let iterator = for_iter.operand(0).ok()?;
    let get_iter = defined_by(iterator, "py.get_iter")?;
    let range = get_iter.operand(0).ok()?;
    let call = defined_by(range, "py.call").filter(|call| is_range_call(*call))?;
    let head = for_iter.block()?;
    let body = body(cfg, for_iter)?;
    let found = RangeLoop {
        call,
        get_iter,
        for_iter,
        head,
        body,
    };
    let hidden = uses(range)
        .into_iter()
        .all(|(op, _)| is_state_of(op, get_iter) || op == get_iter || is_state_of_check(op))
        && uses(iterator)
            .into_iter()
            .all(|(op, _)| op == for_iter || is_place(op));
    (hidden && get_iter.block() != Some(head)).then_some(found)
}

/// Whether an op calls the global `range` with one to three positional arguments.
fn is_range_call(call: OperationRef) -> bool {
    let plain = call
        .operand(1)
        .is_ok_and(|this| defined_by(this, "py.null").is_some());
    plain
        && !call.has_attribute("kwnames")
        && (1..=3).contains(&arguments(call).len())
        && called_global(call) == Some("range")
}

/// The block that is entered with each item: the branch on `exhausted` follows `for_iter`, or the
/// branch on `raised` that does.
pub(super) fn body<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    for_iter: OperationRef<'c, 'a>,
) -> Option<BlockRef<'c, 'a>> {
    let exhausted = result(for_iter, 1)?;
    let (branch, _) = uses(exhausted)
        .into_iter()
        .next()
        .filter(|_| uses(exhausted).len() == 1)?;
    let decides = op_name(branch) == "cf.cond_br" && branch.operand(0) == Ok(exhausted);
    let near = branch.block() == for_iter.block() || follows(cfg, branch, for_iter);
    let body = branches::edges(branch).get(1)?.target;
    let alone = cfg.predecessors(body).len() == 1 && branch.successor(0) != Ok(body);
    (decides && near && alone).then_some(body)
}

fn follows<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    branch: OperationRef<'c, 'a>,
    for_iter: OperationRef<'c, 'a>,
) -> bool {
    let blocks = branch.block().zip(for_iter.block());
    blocks.is_some_and(|(block, head)| cfg.predecessors(block) == [head])
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

/// A frame state at which the iterator can be made when it is needed.
pub(super) fn is_place(state: OperationRef) -> bool {
    let suspends = |op| matches!(op_name(op), "state.yield" | "state.suspend");
    op_name(state) == "py.frame_state"
        && int_attribute(state, "offset").is_some()
        && result(state, 0)
            .is_some_and(|value| !uses(value).into_iter().any(|(op, _)| suspends(op)))
}
