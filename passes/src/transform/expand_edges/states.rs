//! What keeps the rest simple: no dead blocks, no selects of objects, no values in states that nobody leaves at.

use crate::{
    analysis::frame_state::{LAZY, read, state_operand},
    cfg::{Cfg, erase, name_of, op_key},
    collections::IndexMap,
    cursor::Weights,
    function::Function,
};
use melior::ir::{
    Block, BlockLike, OperationRef, RegionLike, Value, ValueLike,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::{blocks, has_uses, operations, replace_uses, split_block_before};

/// Makes branches of `arith.select` between objects: the chosen reference is then owned like any block argument.
pub fn split_selects<'c, 'a>(function: &Function<'c, 'a>) {
    let selects: Vec<_> = blocks(function.region)
        .into_iter()
        .flat_map(operations)
        .filter(|op| name_of(*op) == "arith.select" && is_object(function, *op))
        .collect();
    for select in selects {
        split_select(function, select);
    }
}

fn is_object<'c>(function: &Function<'c, '_>, op: OperationRef<'c, '_>) -> bool {
    op.result(0)
        .is_ok_and(|result| Value::from(result).r#type() == function.types.object)
}

fn split_select<'c, 'a>(function: &Function<'c, 'a>, select: OperationRef<'c, 'a>) {
    let (Ok(condition), Ok(yes), Ok(no), Ok(result)) = (
        select.operand(0),
        select.operand(1),
        select.operand(2),
        select.result(0),
    ) else {
        return;
    };
    let before = select.block().expect("the select is in a block");
    let rest = split_block_before(select);
    let chosen = rest.add_argument(function.types.object, select.location());
    replace_uses(result.into(), chosen);
    let ways = [yes, no].map(|value| {
        let way = function.region.insert_block_after(before, Block::new(&[]));
        function.at_end(way, select.location()).jump(rest, &[value]);
        way
    });
    function
        .at_end(before, select.location())
        .choose(condition, ways[0], ways[1], Weights::Hot);
    erase(select);
}

/// Leaves nothing but its offset in each state that only failing or observing ops use.
pub fn strip<'c, 'a>(function: &Function<'c, 'a>) {
    let mut bare = IndexMap::default();
    for op in blocks(function.region).into_iter().flat_map(operations) {
        if matches!(name_of(op), "py.exit" | "state.suspend" | "state.park") {
            continue;
        }
        let Some(index) = state_operand(&function.types, op) else {
            continue;
        };
        let Some(state) = crate::analysis::frame_state::state_op(&function.types, op) else {
            continue;
        };
        let stripped = *bare
            .entry(op_key(state))
            .or_insert_with(|| bare_state(function, state));
        // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
        let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
        op.set_operand(index, stripped);
    }
    drop_unused(function);
}

/// Erases what only states needed, from the end on, so that an op goes before those it used.
fn drop_unused(function: &Function) {
    let cfg = Cfg::new(function.region);
    let all: Vec<_> = cfg
        .blocks
        .iter()
        .flat_map(|block| operations(*block))
        .collect();
    let unused = |op: &OperationRef| op.results().all(|result| !has_uses(result.into()));
    for op in all.into_iter().rev() {
        let pure = PURE.contains(&name_of(op)) || op.attribute(LAZY).is_ok();
        if pure && unused(&op) {
            erase(op);
        }
    }
}

/// What states are made of, and what can go when nobody needs it.
const PURE: &[&str] = &[
    "py.frame_state",
    "py.box",
    "py.box_numpy",
    "py.range_iterator",
    "py.constant",
    "py.null",
    "py.none",
    "py.load_local",
];

fn bare_state<'c, 'a>(function: &Function<'c, 'a>, state: OperationRef<'c, 'a>) -> Value<'c, 'a> {
    let cursor = function.before(state);
    let segments = cursor.i32_array(&[0, 0]);
    let attributes = [
        ("offset", cursor.i32(read(state).offset)),
        ("operandSegmentSizes", segments),
    ];
    cursor.value("py.frame_state", &[], function.types.state, &attributes)
}
