//! Where the description of an array has to be confirmed.
//!
//! Python code can change an array in place: its shape, or where its elements are. A forward dataflow finds where that
//! may have happened since the array was described or confirmed. What a loop uses is confirmed in front of it, so that a
//! loop without such code confirms nothing.

use super::super::Lowering;
use crate::{
    analysis::{cfg, frame_state::LAZY},
    collections::{HashMap, HashSet},
    inspect::{defined_by, op_key, op_name, result},
};
use melior::ir::{BlockLike, BlockRef, OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_abi::Source;
use stepwell_dialects::ir::operations;

/// Which descriptions hold, by the place of the array.
type Valid = Vec<bool>;

/// What an op is to the analysis.
struct Events {
    /// The arrays that hold behind an op: their description, and each use.
    begin: HashMap<usize, Vec<usize>>,
    /// Ops that are no more, or change nothing.
    dead: HashSet<usize>,
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// Puts `py.confirm` in front of the uses that need it, and behind polls.
    pub(in super::super) fn confirm_arrays(&mut self) {
        if self.arrays.described.is_empty() {
            return;
        }
        self.use_in_front_of_loops();
        let events = self.events();
        let starts = self.solve(&events);
        for block in self.cfg.reverse_postorder() {
            let mut valid = starts[&cfg::key(block)].clone();
            for op in operations(block) {
                self.confirm_at(op, &valid);
                events.step(&mut valid, op);
            }
        }
    }

    /// What is used in a loop is used in front of it as well, behind what could change it there.
    fn use_in_front_of_loops(&mut self) {
        let dead = self.gone();
        let order = self.cfg.reverse_postorder();
        for block in &order {
            let Some(head) = self.loop_entered(*block) else {
                continue;
            };
            let Some((before, state)) = self.behind_changes(*block, &dead) else {
                continue;
            };
            let inside = self.arrays.uses.iter().filter(|used| {
                let block = used.before.block();
                block.is_some_and(|block| self.cfg.dominates(head, block))
            });
            let mut places: Vec<_> = inside.map(|used| used.place).collect();
            places.sort_unstable();
            places.dedup();
            places.retain(|place| self.is_described_at(*place, before));
            places
                .into_iter()
                .for_each(|place| self.use_array(before, place, state));
        }
    }

    /// The head of the loop that a block leads into.
    fn loop_entered(&self, block: BlockRef<'c, 'a>) -> Option<BlockRef<'c, 'a>> {
        let terminator = block.terminator()?;
        let mut heads = terminator.successors();
        heads.find(|head| {
            let enters = !self.cfg.dominates(*head, block);
            let mut sources = self.cfg.predecessors(*head).into_iter();
            enters && sources.any(|source| self.cfg.dominates(*head, source))
        })
    }

    /// The first op that stays and has a frame state, behind the last op that can change an array. The state of one that
    /// goes may go with it.
    fn behind_changes(
        &self,
        block: BlockRef<'c, 'a>,
        dead: &HashSet<usize>,
    ) -> Option<(OperationRef<'c, 'a>, Value<'c, 'a>)> {
        let ops = operations(block);
        let last = ops
            .iter()
            .rposition(|op| !dead.contains(&op_key(*op)) && can_change_arrays(*op));
        let behind = ops.into_iter().skip(last.map_or(0, |last| last + 1));
        behind
            .filter(|op| !dead.contains(&op_key(*op)))
            .filter_map(|op| Some((op, op.operands().last()?)))
            .find(|(_, state)| state.r#type() == self.types.state)
    }

    /// Whether the description of an array is made in front of an op.
    fn is_described_at(&self, place: usize, op: OperationRef<'c, 'a>) -> bool {
        let guard = self.arrays.described[place].guard;
        match guard.block().zip(op.block()) {
            Some((home, here)) if home == here => guard.is_before_in_block(op),
            Some((home, here)) => self.cfg.dominates(home, here),
            None => false,
        }
    }

    fn events(&self) -> Events {
        let described = self.arrays.described.iter().enumerate();
        let described = described.map(|(place, described)| (op_key(described.guard), place));
        let uses = self.arrays.uses.iter();
        let uses = uses.map(|used| (op_key(used.before), used.place));
        Events {
            begin: begin(described.chain(uses)),
            dead: self.gone(),
        }
    }

    /// Ops that are no more, and tuples of indices, which hold numbers alone.
    fn gone(&self) -> HashSet<usize> {
        let all = self.dead.iter().chain(&self.arrays.parts);
        all.map(|op| op_key(*op)).collect()
    }

    fn solve(&self, events: &Events) -> HashMap<usize, Valid> {
        let count = self.arrays.described.len();
        let order = self.cfg.reverse_postorder();
        let mut starts: HashMap<_, _> = order
            .iter()
            .map(|block| (cfg::key(*block), vec![true; count]))
            .collect();
        starts.insert(cfg::key(self.cfg.entry()), vec![false; count]);
        loop {
            let before = starts.clone();
            for block in &order {
                let end = events.end(&starts[&cfg::key(*block)], *block);
                let targets = block.terminator().into_iter();
                for target in
                    targets.flat_map(|terminator| terminator.successors().collect::<Vec<_>>())
                {
                    if let Some(start) = starts.get_mut(&cfg::key(target)) {
                        start
                            .iter_mut()
                            .zip(&end)
                            .for_each(|(start, end)| *start &= end);
                    }
                }
            }
            if starts == before {
                return starts;
            }
        }
    }

    fn confirm_at(&self, op: OperationRef<'c, 'a>, valid: &Valid) {
        if is_quiet_poll(op) {
            let places = (0..valid.len()).filter(|place| valid[*place]);
            if let (Some(next), Some(state)) = (op.next_in_block(), op.operands().last()) {
                places.for_each(|place| self.confirm(next, place, state));
            }
            return;
        }
        let mut confirmed = Vec::new();
        for used in self.arrays.uses.iter().filter(|used| used.before == op) {
            if !valid[used.place] && !confirmed.contains(&used.place) {
                confirmed.push(used.place);
                self.confirm(op, used.place, used.state);
            }
        }
    }

    fn confirm(&self, before: OperationRef<'c, 'a>, place: usize, state: Value<'c, 'a>) {
        let described = &self.arrays.described[place];
        if described.array.source == Source::Bytes {
            // They never change.
            return;
        }
        let operands = [&[described.object], &described.fields[..], &[state]].concat();
        let text = [("array", self.word(&described.array.to_string()))];
        self.builder(before).op("py.confirm", &operands, &[], &text);
    }
}

fn begin(events: impl Iterator<Item = (usize, usize)>) -> HashMap<usize, Vec<usize>> {
    let mut lists = HashMap::<_, Vec<_>>::default();
    for (op, place) in events {
        lists.entry(op).or_default().push(place);
    }
    lists
}

impl Events {
    fn end<'c, 'a>(&self, start: &Valid, block: BlockRef<'c, 'a>) -> Valid {
        let mut valid = start.clone();
        for op in operations(block) {
            self.step(&mut valid, op);
        }
        valid
    }

    fn step(&self, valid: &mut Valid, op: OperationRef) {
        let key = op_key(op);
        if !self.dead.contains(&key) && !is_quiet_poll(op) && can_change_arrays(op) {
            valid.fill(false);
        }
        for place in self.begin.get(&key).into_iter().flatten() {
            valid[*place] = true;
        }
    }
}

/// A poll behind which arrays can be confirmed: one that has no handler.
fn is_quiet_poll(op: OperationRef) -> bool {
    op_name(op) == "py.poll" && result(op, 0).is_none()
}

/// Ops of `py` that run no Python and drop no reference to anything but numbers.
const HARMLESS: [&str; 29] = [
    "py.check_frame",
    "py.null",
    "py.none",
    "py.constant",
    "py.frame_state",
    "py.box",
    "py.box_numpy",
    "py.unbox",
    "py.guard_identity",
    "py.range_iterator",
    "py.describe",
    "py.confirm",
    "py.element",
    "py.set_element",
    "py.load_local",
    "py.can_inline",
    "py.known",
    "py.list_append",
    "py.method",
    "py.load_item",
    "py.next_item",
    "py.read_attr",
    "py.read_deref",
    "py.read_item",
    "py.read_scalar",
    "py.sequence",
    "py.write_attr",
    "py.write_deref",
    "py.write_item",
];

fn can_change_arrays(op: OperationRef) -> bool {
    let name = op_name(op);
    let is_late = op.has_attribute(LAZY);
    let is_of_constant = name == "py.get_iter"
        && (op.operand(0).ok()).is_some_and(|of| defined_by(of, "py.constant").is_some());
    (name.starts_with("py.") || name.starts_with("state."))
        && !HARMLESS.contains(&name)
        && !is_late
        && !is_of_constant
}
