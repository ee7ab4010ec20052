//! How the body of a generator is woven into the loop around it.

use super::{
    body::{self, Body, block_behind, flag},
    shape::Loop,
};
use crate::{
    PassError,
    analysis::frame_state::{FrameState, state_operand},
    cfg::{Cfg, drop_unreachable, edges, erase, name_of, operand_of, replace_edges, value_key},
    cursor::{Cursor, result_of},
    function::{Function, raised},
    transform::expand_state::{Definitions, repair},
};
use melior::ir::{
    BlockLike, BlockRef, Operation, OperationRef, Value, ValueLike,
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::{blocks, has_uses, operations, replace_uses, uses};

/// Puts the generator of a loop into it. `park` is what remembers the loop that this one is part of.
pub fn inline<'c, 'a>(
    function: &Function<'c, 'a>,
    found: &Loop<'c, 'a>,
    group: i64,
    park: Option<OperationRef<'c, 'a>>,
) -> Result<OperationRef<'c, 'a>, PassError> {
    let body = body::copy(function, found)?;
    adopt(function, found, group, if park.is_some() { 2 } else { 1 });
    let (start, resume) = split_head(function, found, &body);
    let yielded = connect(function, found, &body);
    let heads = close(function, found, start, resume);
    let cfg = Cfg::new(function.region);
    repair(function, &cfg, heads);
    drop_unreachable(function.region);
    drop_states(function);
    park_at(function, found, &body, yielded, (group, park))
}

/// In place of GET_ITER: is it a generator that nobody else has, of the code that was inlined?
fn adopt<'c, 'a>(function: &Function<'c, 'a>, found: &Loop<'c, 'a>, group: i64, references: i64) {
    let op = found.get_iter;
    let cursor = function.before(op);
    let state = state_operand(&function.types, op).and_then(|index| operand_of(op, index));
    let (Some(state), Some(iterator)) = (state, op.result(0).ok()) else {
        return;
    };
    let attributes = [
        ("group", cursor.i32(group)),
        ("code", cursor.string(found.name)),
        ("references", cursor.i32(references)),
    ];
    let ok = cursor.value(
        "state.adopt",
        &[found.generator],
        function.types.i1,
        &attributes,
    );
    let reason = ("reason", cursor.string("another generator than expected"));
    cursor.op("num.guard", &[ok, state], &[], &[reason]);
    if let Some(raised) = raised(op) {
        replace_uses(raised, flag(&cursor, false));
    }
    replace_uses(iterator.into(), found.generator);
    erase(op);
}

/// Two heads for one: where the loop is entered the generator begins, where it comes back the generator goes on.
fn split_head<'c, 'a>(
    function: &Function<'c, 'a>,
    found: &Loop<'c, 'a>,
    body: &Body<'c, 'a>,
) -> (BlockRef<'c, 'a>, BlockRef<'c, 'a>) {
    let location = found.for_iter.location();
    let arguments: Vec<_> = (0..found.head.argument_count())
        .filter_map(|index| found.head.argument(index).ok())
        .map(|argument| (Value::from(argument).r#type(), location))
        .collect();
    let start = block_behind(function, found.head, &arguments);
    let resume = block_behind(function, found.head, &arguments);
    let cfg = Cfg::new(function.region);
    let dominators = cfg.dominators();
    let loop_body = cfg.place(found.body.target);
    let head = cfg.place(found.head);
    let sources = head.map_or_else(Vec::new, |head| cfg.predecessors[head].clone());
    for (source, number) in sources {
        let comes_back = loop_body.is_some_and(|body| is_dominated(&dominators, body, source));
        let Some(terminator) = cfg.blocks[source].terminator() else {
            continue;
        };
        let mut edges = edges(terminator);
        edges[number].target = if comes_back { resume } else { start };
        replace_edges(function.context, function.types, terminator, &edges);
    }
    function.at_end(start, location).jump(body.start, &[]);
    function.at_end(resume, location).jump(body.resumes, &[]);
    (start, resume)
}

fn is_dominated(dominators: &[usize], by: usize, mut place: usize) -> bool {
    while place != by && place != 0 {
        place = dominators[place];
    }
    place == by
}

/// Leads an item to the body of the loop, and the return to what follows it. The result is the block in between that
/// each item passes.
fn connect<'c, 'a>(
    function: &Function<'c, 'a>,
    found: &Loop<'c, 'a>,
    body: &Body<'c, 'a>,
) -> BlockRef<'c, 'a> {
    let location = found.for_iter.location();
    let item = [(function.types.object, location)];
    let yielded = block_behind(function, body.yields, &item);
    function
        .at_end(body.yields, location)
        .jump(yielded, &[body.item]);
    if let (Ok(old), Ok(new)) = (found.for_iter.result(0), yielded.argument(0)) {
        replace_uses(old.into(), new.into());
        let operands: Vec<_> = found
            .body
            .operands
            .iter()
            .map(|value| {
                if value_key(*value) == value_key(old.into()) {
                    new.into()
                } else {
                    *value
                }
            })
            .collect();
        function
            .at_end(yielded, location)
            .jump(found.body.target, &operands);
    }
    let returned = block_behind(function, found.head, &[]);
    function
        .at_end(returned, location)
        .jump(found.exit.target, &found.exit.operands);
    for block in &body.returns {
        function.at_end(*block, location).jump(returned, &[]);
    }
    yielded
}

/// Takes the ops of the old head away, and says what its arguments are now.
fn close<'c, 'a>(
    function: &Function<'c, 'a>,
    found: &Loop<'c, 'a>,
    start: BlockRef<'c, 'a>,
    resume: BlockRef<'c, 'a>,
) -> Definitions<'c, 'a> {
    for block in found.decision.iter().chain([&found.head]) {
        for op in operations(*block).into_iter().rev() {
            if op.results().all(|result| !has_uses(result.into())) {
                erase(op);
            } else {
                repeat_at_uses(function, op);
            }
        }
    }
    let mut definitions = Definitions::default();
    for index in 0..found.head.argument_count() {
        let (Ok(old), Ok(first), Ok(next)) = (
            found.head.argument(index),
            start.argument(index),
            resume.argument(index),
        ) else {
            continue;
        };
        let ways = vec![(start, first.into()), (resume, next.into())];
        definitions.insert(value_key(old.into()), (old.into(), ways));
    }
    definitions
}

/// A state of the head that is used elsewhere is made again in front of each use.
fn repeat_at_uses<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) {
    let Ok(result) = op.result(0) else { return };
    for (user, index) in uses(result.into()) {
        let copy = function.before(user).insert(Operation::clone(&op));
        // SAFETY: the user is alive and nobody else holds a reference to it that would see the change.
        let mut user = unsafe { OperationRefMut::from_raw(user.to_raw()) };
        user.set_operand(index, result_of(copy, 0));
    }
    erase(op);
}

/// Erases the states of the copy, which nothing takes any more.
fn drop_states(function: &Function) {
    let all = blocks(function.region).into_iter().flat_map(operations);
    let unused: Vec<_> = all
        .filter(|op| name_of(*op) == "py.frame_state")
        .filter(|op| op.result(0).is_ok_and(|result| !has_uses(result.into())))
        .collect();
    unused.into_iter().for_each(erase);
}

/// Remembers how the generator is suspended, where the outermost loop gets its item.
fn park_at<'c, 'a>(
    function: &Function<'c, 'a>,
    found: &Loop<'c, 'a>,
    body: &Body<'c, 'a>,
    yielded: BlockRef<'c, 'a>,
    (group, park): (i64, Option<OperationRef<'c, 'a>>),
) -> Result<OperationRef<'c, 'a>, PassError> {
    let Some(outer) = park else {
        let first = yielded.first_operation();
        let first = first.ok_or_else(|| function.bug("a block without terminator"))?;
        let cursor = function.before(first);
        let state = parked(&cursor, &body.suspended);
        return Ok(park_op(&cursor, group, &[found.generator], &[state]));
    };
    let cfg = Cfg::new(function.region);
    let places = (
        cfg.place(yielded),
        outer.block().and_then(|block| cfg.place(block)),
    );
    let (Some(inner_place), Some(outer_place)) = places else {
        return Err(function.bug("a loop that is never entered"));
    };
    if !is_dominated(&cfg.dominators(), inner_place, outer_place) {
        return Err(PassError::Unsupported {
            reason: "a generator yields without having asked the one that it consumes".to_owned(),
            location: crate::source::source_location(found.for_iter.location()),
        });
    }
    let cursor = function.before(outer);
    let state = parked(&cursor, &body.suspended);
    let operands: Vec<_> = outer.operands().collect();
    let (generators, states) = operands.split_at(operands.len() / 2);
    let generators = [generators, &[found.generator]].concat();
    let states = [states, &[state]].concat();
    let park = park_op(&cursor, group, &generators, &states);
    erase(outer);
    Ok(park)
}

fn park_op<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    group: i64,
    generators: &[Value<'c, 'a>],
    states: &[Value<'c, 'a>],
) -> OperationRef<'c, 'a> {
    let operands = [generators, states].concat();
    let group = ("group", cursor.i32(group));
    cursor.op("state.park", &operands, &[], &[group])
}

/// The state of a suspended generator: its locals at the bottom of the stack.
fn parked<'c, 'a>(cursor: &Cursor<'c, 'a>, suspended: &FrameState<'c, 'a>) -> Value<'c, 'a> {
    let values = [&suspended.locals[..], &suspended.stack[..]].concat();
    let attributes = [
        ("offset", cursor.i32(suspended.offset)),
        (
            "operandSegmentSizes",
            cursor.i32_array(&[0, values.len() as i32]),
        ),
    ];
    cursor.value("py.frame_state", &values, cursor.types.state, &attributes)
}
