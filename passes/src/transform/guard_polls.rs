//! Puts each `py.poll` behind an inline test of the eval breaker.
//!
//! A poll can run signal handlers and other threads, so native locals have to be in the frame when it does. It hardly
//! ever has anything to do; a test in front of it keeps all of that off the hot path.
//!
//! ```mlir
//! ^loop:                                        ^loop:
//!   py.poll at %s                                 %set = py.breaker_set
//!   ...                                           cf.cond_br %set, ^poll, ^rest
//!                                       =>      ^poll:
//!                                                 py.poll at %s
//!                                                 cf.br ^rest
//!                                               ^rest:
//!                                                 ...
//! ```
//!
//! In baseline code a poll in a loop also counts (`py.is_cold`), and the loop is left when it has gone around often.
//!
//! *Requires*: nothing. *Ensures*: a `py.poll` is reached only when the breaker is set. *Not here*: what a poll does,
//! and its exit (`expand-edges`).

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{frame_state::state_operand, slots::defining_op},
    cfg::{Edge, edges, name_of, operand_of},
    cursor::Weights,
    function::{Function, failure_branch, for_each_function},
    transform::hoist_checks::BEHIND_POLL,
};
use melior::{
    Context,
    ir::{Block, BlockLike, BlockRef, Module, OperationRef, RegionLike, operation::OperationLike},
};
use stepwell_dialects::ir::{blocks, operations, split_block_before};

/// See the [module](self).
#[derive(Debug)]
pub struct GuardPolls;

impl Pass for GuardPolls {
    fn name(&self) -> &str {
        "guard-polls"
    }

    fn description(&self) -> &str {
        "Put polls behind an inline test of the eval breaker."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("guard-polls", context, module, |function| {
            let polls = unguarded_polls(function);
            for poll in &polls {
                guard(function, *poll);
            }
            Ok(PassOutcome::from(!polls.is_empty()))
        })
    }
}

fn unguarded_polls<'c, 'a>(function: &Function<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    let all = blocks(function.region).into_iter().flat_map(operations);
    all.filter(|op| name_of(*op) == "py.poll" && !is_guarded(*op))
        .collect()
}

/// Whether a poll begins a block that is reached only from a test of the breaker.
fn is_guarded(poll: OperationRef) -> bool {
    let Some(block) = poll.block().filter(|block| block.predecessor_count() == 1) else {
        return false;
    };
    let branch = block
        .predecessor(0)
        .ok()
        .and_then(|before| before.terminator());
    let test = branch
        .and_then(|branch| operand_of(branch, 0))
        .and_then(defining_op);
    block.first_operation() == Some(poll)
        && test.is_some_and(|test| name_of(test) == "py.breaker_set")
}

fn guard<'c, 'a>(function: &Function<'c, 'a>, poll: OperationRef<'c, 'a>) {
    if poll.has_attribute("counts") {
        count(function, poll);
    }
    let before = poll.block().expect("the poll is in a block");
    let slow = split_block_before(poll);
    let cursor = function.at_end(before, poll.location());
    let set = cursor.value("py.breaker_set", &[], function.types.i1, &[]);
    match failure_branch(poll) {
        Some(branch) => {
            let usual = edges(branch).swap_remove(1);
            let rest = jump_block(function, slow, branch, &usual);
            cursor.choose(set, slow, rest, Weights::Cold);
        }
        None => {
            let rest = match behind(poll) {
                Some(next) => split_block_before(next),
                None => slow,
            };
            function.at_end(slow, poll.location()).jump(rest, &[]);
            cursor.choose(set, slow, rest, Weights::Cold);
        }
    }
}

/// Leaves a loop of baseline code that goes around often. Whoever calls it sees to better code for the rest.
fn count<'c, 'a>(function: &Function<'c, 'a>, poll: OperationRef<'c, 'a>) {
    let types = function.types;
    let state = state_operand(&types, poll).and_then(|index| operand_of(poll, index));
    let Some(state) = state else { return };
    let cursor = function.before(poll);
    let cold = cursor.value("py.is_cold", &[], types.i1, &[]);
    let reason = [("reason", cursor.string(stepwell_abi::HOT))];
    cursor.op("num.guard", &[cold, state], &[], &reason);
}

/// The first op that has nothing to do with the poll: what other threads may have changed is confirmed behind it.
fn behind<'c, 'a>(poll: OperationRef<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let mut next = poll.next_in_block();
    let confirms = |op: &OperationRef| {
        op.has_attribute(BEHIND_POLL)
            || matches!(name_of(*op), "py.confirm" | "py.confirm_sequence")
    };
    while let Some(confirm) = next.filter(confirms) {
        next = confirm.next_in_block();
    }
    next
}

/// A block that takes an edge of the branch behind the poll without having polled.
fn jump_block<'c, 'a>(
    function: &Function<'c, 'a>,
    slow: BlockRef<'c, 'a>,
    branch: OperationRef<'c, 'a>,
    edge: &Edge<'c, 'a>,
) -> BlockRef<'c, 'a> {
    let block = function.region.insert_block_after(slow, Block::new(&[]));
    function
        .at_end(block, branch.location())
        .jump(edge.target, &edge.operands);
    block
}
