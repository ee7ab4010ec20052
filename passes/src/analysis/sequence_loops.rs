//! Loops over tuples, arrays and ranges that can count on a machine integer.
//!
//! ```text
//!   %t = py.build_tuple(%a, %b, %c) at %s1
//!   %it = py.get_iter %t at %s2
//!   cf.br ^head
//! ^head:
//!   %x, %end = py.for_iter %it at %s3
//!   cf.cond_br %end, ^exit, ^body
//! ```
//!
//! The iterator must be seen by nothing but this `py.for_iter` and by frame states, so that its place is known everywhere: in
//! front of the loop it is at the start, in blocks behind ^body it has advanced. A loop whose iterator lives across a
//! suspension is not counted natively. Whether the items are known is another question.

use super::{branches, cfg::Cfg};
use crate::{
    collections::IndexMap,
    inspect::{defined_by, int_attribute, op_key, op_name, result},
};
use melior::ir::{BlockRef, OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::{operations, uses};

/// One such loop.
#[derive(Clone, Debug)]
pub struct SequenceLoop<'c, 'a> {
    /// The tuple, array, range, or whatever is looped over.
    pub sequence: Value<'c, 'a>,
    /// `py.get_iter`
    pub get_iter: OperationRef<'c, 'a>,
    /// `py.for_iter`
    pub for_iter: OperationRef<'c, 'a>,
    /// The block of `for_iter`.
    pub head: BlockRef<'c, 'a>,
    /// The block that is entered with each item.
    pub body: BlockRef<'c, 'a>,
}

/// The loops of a function by the address of their `py.for_iter`, in order.
pub fn find<'c, 'a>(cfg: &Cfg<'c, 'a>) -> IndexMap<usize, SequenceLoop<'c, 'a>> {
    let ops = cfg.reverse_postorder().into_iter().flat_map(operations);
    ops.filter(|op| op_name(*op) == "py.for_iter")
        .filter_map(|op| Some((op_key(op), recognise(cfg, op)?)))
        .collect()
}

fn recognise<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    for_iter: OperationRef<'c, 'a>,
) -> Option<SequenceLoop<'c, 'a>> {
    let iterator = for_iter.operand(0).ok()?;
    let get_iter = defined_by(iterator, "py.get_iter")?;
    let head = for_iter.block()?;
    let body = body(cfg, for_iter)?;
    let hidden = uses(iterator)
        .into_iter()
        .all(|(op, _)| op == for_iter || is_place(op));
    (hidden && get_iter.block() != Some(head)).then_some(SequenceLoop {
        sequence: get_iter.operand(0).ok()?,
        get_iter,
        for_iter,
        head,
        body,
    })
}

/// The block that is entered with each item: the branch on `exhausted` follows `for_iter`, or the
/// branch on `raised` that does.
fn body<'c, 'a>(cfg: &Cfg<'c, 'a>, for_iter: OperationRef<'c, 'a>) -> Option<BlockRef<'c, 'a>> {
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

/// A frame state at which the iterator can be made when it is needed.
fn is_place(state: OperationRef) -> bool {
    let suspends = |op| matches!(op_name(op), "state.yield" | "state.suspend");
    op_name(state) == "py.frame_state"
        && int_attribute(state, "offset").is_some()
        && result(state, 0)
            .is_some_and(|value| !uses(value).into_iter().any(|(op, _)| suspends(op)))
}
