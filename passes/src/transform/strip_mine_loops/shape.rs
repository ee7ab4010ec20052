//! Counted loops: what they look like.

use crate::{
    analysis::{frame_state::LAZY, loops::natural_loops, slots::defining_op},
    cfg::{Cfg, Edge, block_key, edges, name_of, operand_of, owner_block, value_key},
    collections::IndexSet,
    inspect::arith_constant,
};
use melior::ir::{BlockLike, BlockRef, OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::operations;

/// An innermost loop that counts down what is left of a range.
pub struct CountedLoop<'c, 'a> {
    /// Where each iteration begins; ends the loop when nothing is left.
    pub head: BlockRef<'c, 'a>,
    /// All its blocks in the order in which an iteration goes through them, the head first.
    pub blocks: Vec<BlockRef<'c, 'a>>,
    /// The first block of an iteration behind the head.
    pub body: Edge<'c, 'a>,
    /// Which argument of the head is the item of the range.
    pub item: usize,
    /// Which argument of the head counts the iterations that are left.
    pub left: usize,
    /// From one item to the next.
    pub step: i64,
    members: IndexSet<usize>,
}

impl<'c, 'a> CountedLoop<'c, 'a> {
    /// The arguments of the head.
    pub fn arguments(&self) -> Vec<Value<'c, 'a>> {
        (0..self.head.argument_count())
            .filter_map(|index| Some(self.head.argument(index).ok()?.into()))
            .collect()
    }

    /// Whether a block belongs to the loop.
    pub fn contains(&self, block: BlockRef) -> bool {
        self.members.contains(&block_key(block))
    }

    /// Whether a value is made in the loop.
    pub fn defines(&self, value: Value<'c, 'a>) -> bool {
        let block = match defining_op(value) {
            Some(op) => op.block(),
            None => Some(owner_block(value)),
        };
        block.is_some_and(|block| self.contains(block))
    }

    /// Whether a block is the head of this loop.
    pub fn is_head(&self, block: BlockRef) -> bool {
        block_key(block) == block_key(self.head)
    }

    /// Whether an op is in the head of this loop.
    pub fn is_in_head(&self, op: OperationRef) -> bool {
        op.block().is_some_and(|block| self.is_head(block))
    }

    /// Whether the loop always has so few iterations.
    pub fn is_shorter_than(&self, most: i64) -> bool {
        let entries = (0..self.head.predecessor_count())
            .filter_map(|index| self.head.predecessor(index).ok())
            .filter(|block| !self.contains(*block))
            .filter_map(|block| block.terminator())
            .flat_map(edges)
            .filter(|edge| self.is_head(edge.target));
        entries
            .map(|edge| length(edge.operands[self.left]))
            .all(|length| length.is_some_and(|length| length <= most))
    }

    /// The values for the head's arguments at the end of an iteration, for each way to get there.
    pub fn latches(&self) -> Vec<Vec<Value<'c, 'a>>> {
        let terminators = self.blocks.iter().filter_map(|block| block.terminator());
        terminators
            .flat_map(edges)
            .filter(|edge| self.is_head(edge.target))
            .map(|edge| edge.operands)
            .collect()
    }
}

/// The counted loops of a function that have no loop in them.
pub fn find<'c, 'a>(cfg: &Cfg<'c, 'a>) -> Vec<CountedLoop<'c, 'a>> {
    let loops = natural_loops(cfg);
    let innermost = loops.iter().filter(|(head, members)| {
        !loops
            .keys()
            .any(|other| other != *head && members.contains(other))
    });
    innermost
        .filter_map(|(head, members)| recognise(cfg, *head, members))
        .collect()
}

fn recognise<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    head: usize,
    members: &IndexSet<usize>,
) -> Option<CountedLoop<'c, 'a>> {
    let mut places: Vec<_> = members.iter().copied().collect();
    places.sort_unstable();
    let blocks: Vec<_> = places.iter().map(|place| cfg.blocks[*place]).collect();
    let head = cfg.blocks[head];
    let (end, body) = decision(head)?;
    let left = argument_of(head, operand_of(end, 0)?)?;
    let mut found = CountedLoop {
        head,
        members: blocks.iter().map(|block| block_key(*block)).collect(),
        blocks,
        body,
        item: 0,
        left,
        step: 0,
    };
    let latches = found.latches();
    // The item is the argument to which a constant is added in the head; `left` loses one there.
    let (counter, by) = progress(&latches, left)?;
    if counter.0 != left || by != -1 || found.head.argument_count() < 2 {
        return None;
    }
    (found.item, found.step) = (0..found.head.argument_count())
        .filter(|index| *index != left)
        .find_map(|index| {
            let ((from, op), step) = progress(&latches, index)?;
            let in_head = op.block().is_some_and(|block| found.is_head(block));
            (from == index && in_head && step != 0).then_some((index, step))
        })?;
    let inside = found.contains(found.body.target);
    inside.then_some(found)
}

/// The test of what is left, and the edge that is taken when something is.
fn decision<'c, 'a>(head: BlockRef<'c, 'a>) -> Option<(OperationRef<'c, 'a>, Edge<'c, 'a>)> {
    let branch = head
        .terminator()
        .filter(|op| name_of(*op) == "cf.cond_br")?;
    let test = defining_op(operand_of(branch, 0)?)?;
    // `arith.cmpi eq`
    let equal = crate::inspect::int_attribute(test, "predicate") == Some(0);
    let zero = operand_of(test, 1).and_then(arith_constant) == Some(0);
    let decides = name_of(test) == "arith.cmpi" && equal && zero && test.block() == Some(head);
    let only_numbers = operations(head)
        .into_iter()
        .rev()
        .skip(1)
        // What only states need is made where they are taken.
        .all(|op| name_of(op).starts_with("arith.") || op.has_attribute(LAZY));
    let body = edges(branch).into_iter().nth(1)?;
    (decides && only_numbers).then_some((test, body))
}

/// The length of a range of constants, or of a tuple.
fn length(left: Value) -> Option<i64> {
    if let Some(length) = arith_constant(left) {
        return Some(length);
    }
    let range = defining_op(left).filter(|op| name_of(*op) == "num.range_length")?;
    let bound = |index| operand_of(range, index).and_then(arith_constant);
    let (start, stop, step) = (bound(0)?, bound(1)?, bound(2)?);
    let distance = stop.checked_sub(start)?;
    let whole = distance.checked_div(step)?;
    Some(whole.max(0) + 1)
}

/// The argument of the head that a value is.
pub fn argument_of<'c, 'a>(head: BlockRef<'c, 'a>, value: Value<'c, 'a>) -> Option<usize> {
    (0..head.argument_count()).find(|index| {
        head.argument(*index)
            .is_ok_and(|argument| value_key(argument.into()) == value_key(value))
    })
}

/// Of which argument plus which constant an argument's next value is made, the same on each way, and the op that does it.
#[allow(clippy::type_complexity)]
fn progress<'c, 'a>(
    latches: &[Vec<Value<'c, 'a>>],
    index: usize,
) -> Option<((usize, OperationRef<'c, 'a>), i64)> {
    let next = *latches.first()?.get(index)?;
    let same = latches
        .iter()
        .all(|values| values.get(index).map(|value| value_key(*value)) == Some(value_key(next)));
    let op = defining_op(next).filter(|_| same)?;
    let sign = match name_of(op) {
        "arith.addi" => 1,
        "arith.subi" => -1,
        _ => return None,
    };
    let by = arith_constant(operand_of(op, 1)?)?.checked_mul(sign)?;
    let from = operand_of(op, 0)?;
    let from = defining_op(from)
        .is_none()
        .then(|| argument_of(owner_block(from), from))??;
    Some(((from, op), by))
}
