//! Natural loops.

use super::{BlockId, Cfg};
use indexmap::IndexMap;
use petgraph::algo::dominators::Dominators;
use std::collections::BTreeSet;

/// A loop with one way in: all its blocks are dominated by the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// The block through which control enters.
    pub header: BlockId,
    /// The blocks from which control goes back to the header.
    pub latches: Vec<BlockId>,
    /// All blocks of the loop, header and latches among them.
    pub blocks: BTreeSet<BlockId>,
}

/// The loops of a function.
#[derive(Clone, Debug)]
pub struct Loops {
    loops: Vec<Loop>,
    reducible: bool,
}

impl Loops {
    pub(super) fn new(cfg: &Cfg) -> Self {
        let dominators = cfg.dominators();
        let order = cfg.reverse_postorder();
        let place: IndexMap<BlockId, usize> = order
            .iter()
            .enumerate()
            .map(|(at, &block)| (block, at))
            .collect();
        let mut latches: IndexMap<BlockId, Vec<BlockId>> = IndexMap::new();
        let mut reducible = true;
        for &block in &order {
            for (_, target) in cfg.successors(block) {
                if place[&target] > place[&block] {
                    continue;
                }
                if dominates(&dominators, target, block) {
                    let list = latches.entry(target).or_default();
                    if !list.contains(&block) {
                        list.push(block);
                    }
                } else {
                    reducible = false;
                }
            }
        }
        let loops = latches
            .into_iter()
            .map(|(header, mut latches)| {
                latches.sort_unstable();
                Loop {
                    blocks: body(cfg, header, &latches),
                    header,
                    latches,
                }
            })
            .collect();
        Self { loops, reducible }
    }

    /// The natural loops, outer ones before the ones inside them.
    pub fn natural(&self) -> &[Loop] {
        &self.loops
    }

    /// Whether every cycle is a natural loop.
    pub fn is_reducible(&self) -> bool {
        self.reducible
    }

    /// The loop with this header.
    pub fn with_header(&self, header: BlockId) -> Option<&Loop> {
        self.loops
            .iter()
            .find(|candidate| candidate.header == header)
    }
}

fn dominates(dominators: &Dominators<BlockId>, one: BlockId, other: BlockId) -> bool {
    dominators
        .dominators(other)
        .is_some_and(|mut list| list.any(|dominator| dominator == one))
}

/// What reaches a latch without passing the header.
fn body(cfg: &Cfg, header: BlockId, latches: &[BlockId]) -> BTreeSet<BlockId> {
    let mut blocks = BTreeSet::from([header]);
    let mut pending = latches.to_vec();
    while let Some(block) = pending.pop() {
        if blocks.insert(block) {
            pending.extend(
                cfg.predecessors(block)
                    .into_iter()
                    .map(|(_, source)| source),
            );
        }
    }
    blocks
}
