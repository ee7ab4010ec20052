//! Loops over tuples and arrays of numbers that can count on a machine integer.
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
//! As with [`super::range_loops`], nothing but this `py.for_iter` and frame states may see the iterator. Whether the items
//! are known is another question.

use super::{
    cfg::Cfg,
    range_loops::{body, is_place},
};
use crate::inspect::{defined_by, op_key, op_name};
use indexmap::IndexMap;
use melior::ir::{BlockRef, OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::{operations, uses};

/// One such loop.
#[derive(Clone, Debug)]
pub struct SequenceLoop<'c, 'a> {
    /// The tuple or array.
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
