//! Loops that run no Python code, so that what was found in front of them holds in each iteration.

use super::loops::{dominates, natural_loops};
use crate::{
    cfg::{Cfg, name_of},
    collections::IndexSet,
    inspect::result,
};
use melior::ir::{BlockLike, OperationRef, operation::OperationLike};
use stepwell_dialects::ir::operations;

/// A loop that runs no Python code but in polls.
pub struct QuietLoop<'c, 'a> {
    /// The places of its blocks.
    pub members: IndexSet<usize>,
    /// The end of the only block from which it is entered.
    pub entry: OperationRef<'c, 'a>,
    head: usize,
}

impl<'c, 'a> QuietLoop<'c, 'a> {
    /// Its ops, in the order of its blocks.
    pub fn ops(&self, cfg: &Cfg<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
        let mut places: Vec<_> = self.members.iter().copied().collect();
        places.sort_unstable();
        let blocks = places.into_iter().map(|place| cfg.blocks[place]);
        blocks.flat_map(operations).collect()
    }

    /// Its polls.
    pub fn polls(&self, cfg: &Cfg<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
        let ops = self.ops(cfg).into_iter();
        ops.filter(|op| name_of(*op) == "py.poll").collect()
    }

    /// The blocks that each complete iteration goes through, given the immediate dominators.
    pub fn always(&self, cfg: &Cfg, dominators: &[usize]) -> IndexSet<usize> {
        let latches: Vec<_> = cfg.predecessors[self.head]
            .iter()
            .map(|(from, _)| *from)
            .filter(|from| self.members.contains(from))
            .collect();
        let through = |place: &usize| {
            latches
                .iter()
                .all(|end| dominates(dominators, *place, *end))
        };
        self.members.iter().copied().filter(through).collect()
    }
}

/// The loops without Python code, those with more blocks first.
pub fn quiet_loops<'c, 'a>(cfg: &Cfg<'c, 'a>) -> Vec<QuietLoop<'c, 'a>> {
    let loops = natural_loops(cfg).into_iter();
    let mut quiet: Vec<_> = loops
        .filter(|(_, members)| {
            let mut blocks = members.iter().map(|place| cfg.blocks[*place]);
            blocks.all(|block| operations(block).into_iter().all(is_harmless))
        })
        .filter_map(|(head, members)| {
            let entry = entry(cfg, head, &members)?;
            Some(QuietLoop {
                members,
                entry,
                head,
            })
        })
        .collect();
    quiet.sort_by_key(|found| std::cmp::Reverse(found.members.len()));
    quiet
}

fn entry<'c, 'a>(
    cfg: &Cfg<'c, 'a>,
    head: usize,
    members: &IndexSet<usize>,
) -> Option<OperationRef<'c, 'a>> {
    let outside = |(from, _): &&(usize, usize)| !members.contains(from);
    let mut entries = cfg.predecessors[head].iter().filter(outside);
    let (from, _) = entries.next().filter(|_| entries.next().is_none())?;
    cfg.blocks[*from].terminator()
}

/// Ops of `py` that run no Python, drop no reference and leave lists as long as they are.
const HARMLESS: [&str; 30] = [
    "py.box",
    "py.box_numpy",
    "py.can_inline",
    "py.check_frame",
    "py.confirm",
    "py.confirm_sequence",
    "py.constant",
    "py.describe",
    "py.element",
    "py.frame_state",
    "py.guard_identity",
    "py.is",
    "py.known",
    "py.load_closure",
    "py.method",
    "py.load_item",
    "py.next_item",
    "py.none",
    "py.null",
    "py.range_iterator",
    "py.read_attr",
    "py.read_deref",
    "py.read_item",
    "py.read_scalar",
    "py.sequence",
    "py.set_element",
    "py.unbox",
    "py.write_attr",
    "py.write_deref",
    "py.write_item",
];

/// Whether an op runs no Python, or only a poll's, behind which something can be confirmed.
pub fn is_harmless(op: OperationRef) -> bool {
    match name_of(op) {
        // Under a handler a poll ends its block, and nothing can be confirmed behind it.
        "py.poll" => result(op, 0).is_none(),
        "py.build_tuple" | "py.tuple_iterator" => op.has_attribute("py.lazy"),
        name if name.starts_with("py.") => HARMLESS.contains(&name),
        name => !name.starts_with("state."),
    }
}
