//! Makes the strips: the tests in front, the copies of the loop, and the ways between them and the old loop.

use super::{
    STRIP,
    copy::{Run, Strip},
    guards::tests,
    numbers::Numbers,
    plan::Plan,
};
use crate::{
    builder::CmpiPredicate,
    cfg::{edges, replace_edges},
    cursor::Weights,
    function::Function,
};
use melior::ir::{
    Block, BlockLike, BlockRef, Location, RegionLike, Type, Value, ValueLike,
    operation::OperationLike,
};
use stepwell_dialects::ir::insert_block_argument;

/// How many iterations a strip has at most that is run twice, or put back: what it reads is then still in the nearest cache.
const TRIED: i64 = stepwell_abi::KEPT as i64;
/// With fewer iterations left, a strip is not worth its tests.
const FEW: i64 = 7;

/// Strip-mines one loop.
pub fn build<'c, 'a>(function: &Function<'c, 'a>, plan: &Plan<'c, 'a>) {
    let head = plan.found.head;
    let location = plan.location();
    let types: Vec<_> = (plan.found.arguments().iter())
        .map(|argument| (argument.r#type(), argument.location()))
        .collect();
    let strip = function
        .region
        .insert_block_before(head, Block::new(&types));
    enter_at(function, plan, strip);
    let arguments: Vec<Value> = arguments_of(strip);
    let left = arguments[plan.found.left];

    let cursor = function.at_end(strip, location);
    let tested = new_block(function, strip, &[]);
    let slow = new_block(function, tested, &[]);
    let many = {
        let numbers = Numbers::at(&cursor);
        numbers.cmpi(CmpiPredicate::Sgt, left, numbers.int(FEW))
    };
    cursor.choose(many, tested, slow, Weights::Hot);

    let cursor = function.at_end(tested, location);
    let numbers = Numbers::at(&cursor);
    let most = match plan.is_tried() || !plan.kept.is_empty() {
        true => TRIED,
        false => STRIP,
    };
    let count = numbers.i64("arith.minsi", left, numbers.int(most));
    let right = tests(&cursor, plan, &arguments, count);
    let begin = new_block(function, slow, &[]);
    cursor.choose(right, begin, slow, Weights::Hot);
    let cursor = function.at_end(begin, location);
    let first = arguments[plan.found.item];
    let kept = plan.kept.iter();
    let work = Strip {
        function: *function,
        plan,
        start: arguments.clone(),
        count,
        kept: kept
            .map(|kept| kept.area(&cursor, &plan.found, first))
            .collect(),
    };
    work.copy_kept(&cursor, "num.keep");
    work.go_on(slow, &arguments, STRIP);

    if plan.is_tried() {
        let second = new_block(function, begin, &[]);
        work.copy(begin, Run::Trial, Some(second));
        work.copy(second, Run::Certain, None);
    } else {
        let run = match plan.doubts {
            true => Run::Doubtful,
            false => Run::Certain,
        };
        work.copy(begin, run, None);
    }
    count_down(function, plan, strip);
}

impl<'c, 'a> Plan<'c, 'a> {
    /// Where the loop is.
    pub fn location(&self) -> Location<'c> {
        let terminator = self.found.head.terminator();
        let location = terminator.map(|op| op.location());
        location.unwrap_or_else(|| self.found.arguments()[0].location())
    }
}

/// Sends whoever enters the loop to the strips.
fn enter_at<'c, 'a>(function: &Function<'c, 'a>, plan: &Plan<'c, 'a>, strip: BlockRef<'c, 'a>) {
    let mut before = Vec::new();
    for index in 0..plan.found.head.predecessor_count() {
        let block = plan.found.head.predecessor(index).ok();
        before.extend(block.filter(|block| !plan.found.contains(*block)));
    }
    for terminator in before.into_iter().filter_map(|block| block.terminator()) {
        let mut all = edges(terminator);
        for edge in &mut all {
            if plan.found.is_head(edge.target) {
                edge.target = strip;
            }
        }
        replace_edges(function.context, function.types, terminator, &all);
    }
}

/// Gives the old loop its allowance, an argument that it counts down; at the end of it, the strips are tried again.
fn count_down<'c, 'a>(function: &Function<'c, 'a>, plan: &Plan<'c, 'a>, strip: BlockRef<'c, 'a>) {
    let head = plan.found.head;
    let place = head.argument_count();
    let allowance = insert_block_argument(head, place, function.types.i64, plan.location());
    for block in &plan.found.blocks {
        let Some(terminator) = block.terminator() else {
            continue;
        };
        let mut all = edges(terminator);
        if !all.iter().any(|edge| plan.found.is_head(edge.target)) {
            continue;
        }
        for edge in &mut all {
            if !plan.found.is_head(edge.target) {
                continue;
            }
            let again = new_block(function, *block, &[]);
            let operands = std::mem::take(&mut edge.operands);
            edge.target = again;
            let cursor = function.at_end(again, terminator.location());
            let numbers = Numbers::at(&cursor);
            let rest = numbers.i64("arith.subi", allowance, numbers.int(1));
            let used_up = numbers.cmpi(CmpiPredicate::Eq, rest, numbers.int(0));
            let (try_strip, stay) = (
                new_block(function, again, &[]),
                new_block(function, again, &[]),
            );
            cursor.choose(used_up, try_strip, stay, Weights::Cold);
            function
                .at_end(try_strip, terminator.location())
                .jump(strip, &operands);
            let with_rest: Vec<_> = operands.iter().copied().chain([rest]).collect();
            function
                .at_end(stay, terminator.location())
                .jump(head, &with_rest);
        }
        replace_edges(function.context, function.types, terminator, &all);
    }
}

/// A new block behind another.
pub fn new_block<'c, 'a>(
    function: &Function<'c, 'a>,
    behind: BlockRef<'c, 'a>,
    arguments: &[(Type<'c>, Location<'c>)],
) -> BlockRef<'c, 'a> {
    function
        .region
        .insert_block_after(behind, Block::new(arguments))
}

/// The arguments of a block as values.
pub fn arguments_of<'c, 'a>(block: BlockRef<'c, 'a>) -> Vec<Value<'c, 'a>> {
    (0..block.argument_count())
        .filter_map(|index| Some(block.argument(index).ok()?.into()))
        .collect()
}
