//! Which calls of the small functions the optimiser may inline.
//!
//! Objects are counted all over a function, and most of all where it fails. Inlined everywhere, that would be the better
//! part of its machine code, and LLVM takes more than twice the time for twice the code. So a call that is hardly ever
//! executed stays a call, and others as well once enough is inlined: in loops much, elsewhere little.

use super::helpers::{self, Helper};
use crate::{
    cfg::{Cfg, name_of},
    function::Function,
};
use melior::ir::{
    Attribute, BlockLike, BlockRef, OperationRef,
    attribute::{DenseI32ArrayAttribute, FlatSymbolRefAttribute},
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::operations;

/// How many lines of helpers are inlined into the blocks that are not in loops.
const STRAIGHT: usize = 600;
/// How many are inlined into loops.
const REPEATED: usize = 3000;
/// An edge that is taken more rarely than once in so many times leads to what is hardly ever executed.
const RARE: i64 = 100;

/// Marks the calls in a lowered function that are not to be inlined.
pub fn choose(function: &Function) {
    let cfg = Cfg::new(function.region);
    let (usual, repeated) = (usual(&cfg), cfg.repeated());
    let (mut straight, mut loops) = (STRAIGHT, REPEATED);
    for (place, block) in cfg.blocks.iter().enumerate() {
        let left = match repeated[place] {
            true => &mut loops,
            false => &mut straight,
        };
        for op in operations(*block) {
            let Some(helper) = called(op) else { continue };
            match left.checked_sub(helper.size()).filter(|_| usual[place]) {
                Some(rest) => *left = rest,
                None => keep(function, op),
            }
        }
    }
}

/// Whether each block is reached without a rare edge.
fn usual(cfg: &Cfg) -> Vec<bool> {
    let mut usual = vec![false; cfg.blocks.len()];
    let mut open = vec![0];
    while let Some(place) = open.pop() {
        if std::mem::replace(&mut usual[place], true) {
            continue;
        }
        let rare = rare_edges(cfg.blocks[place]);
        let successors = cfg.successors[place].iter().enumerate();
        open.extend(
            successors
                .filter(|(number, _)| !rare.contains(number))
                .map(|(_, target)| *target),
        );
    }
    usual
}

fn rare_edges(block: BlockRef) -> Vec<usize> {
    let weights = block
        .terminator()
        .and_then(|branch| branch.attribute("branch_weights").ok())
        .and_then(|weights| DenseI32ArrayAttribute::try_from(weights).ok());
    let Some(weights) = weights else {
        return Vec::new();
    };
    let weight = |number| i64::from(weights.element(number).unwrap_or(0));
    let total: i64 = (0..weights.len()).map(weight).sum();
    (0..weights.len())
        .filter(|number| weight(*number) * RARE < total)
        .collect()
}

fn called(op: OperationRef) -> Option<&'static Helper> {
    let callee = (name_of(op) == "func.call").then(|| op.attribute("callee").ok())??;
    helpers::find(FlatSymbolRefAttribute::try_from(callee).ok()?.value())
}

fn keep(function: &Function, call: OperationRef) {
    // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
    let mut call = unsafe { OperationRefMut::from_raw(call.to_raw()) };
    call.set_attribute("no_inline", Attribute::unit(function.context));
}
