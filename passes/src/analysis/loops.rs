//! Natural loops.

use crate::{
    cfg::Cfg,
    collections::{IndexMap, IndexSet},
};

/// The places of each loop's blocks, by that of its head. (A graph in reverse postorder has edges backwards only there.)
pub fn natural_loops(cfg: &Cfg) -> IndexMap<usize, IndexSet<usize>> {
    let dominators = cfg.dominators();
    let mut loops: IndexMap<usize, IndexSet<usize>> = IndexMap::default();
    for (source, targets) in cfg.successors.iter().enumerate() {
        for head in targets.iter().filter(|target| **target <= source) {
            if !dominates(&dominators, *head, source) {
                continue;
            }
            let members = loops.entry(*head).or_default();
            members.insert(*head);
            let mut open = vec![source];
            while let Some(place) = open.pop() {
                if members.insert(place) {
                    open.extend(cfg.predecessors[place].iter().map(|(before, _)| *before));
                }
            }
        }
    }
    loops
}

/// Whether every way to a block goes through another, given the immediate dominators.
pub fn dominates(dominators: &[usize], by: usize, mut place: usize) -> bool {
    while place != by && place != dominators[place] {
        place = dominators[place];
    }
    place == by
}
