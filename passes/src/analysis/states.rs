//! The states of a generator or coroutine: where its step can begin, what it keeps there, and where it goes from there.

use super::{frame_state::frame_state, slots::defining_op};
use crate::{
    PassOutcome,
    cfg::{Cfg, name_of},
    collections::IndexMap,
    function::{Function, for_each_function},
    source::source_line,
};
use melior::{
    Context,
    ir::{
        BlockRef, Module, OperationRef, Value, attribute::DenseI32ArrayAttribute,
        operation::OperationLike,
    },
};
use stepwell_dialects::ir::{blocks, operations};

/// Where a step ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Suspended: the state of that number.
    State(usize),
    /// Finished with a result.
    Return,
    /// Finished with an exception.
    Raise,
    /// The interpreter goes on.
    Interpreter,
}

/// What brings a suspended frame to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It was made.
    Start,
    /// It has yielded a value of its own.
    Yield,
    /// It has passed on what it delegates to or awaits.
    Delegate,
    /// What it delegates to or awaits has returned.
    Returned,
}

/// One state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// What leads to it.
    pub kind: Kind,
    /// The bytecode offset where the frame stands.
    pub offset: i64,
    /// The source line of the suspension, 0 for the start.
    pub line: i64,
    /// The locals that are kept.
    pub locals: Vec<String>,
    /// How many values of the evaluation stack are kept.
    pub stack: usize,
    /// Where the step that begins here can end.
    pub targets: Vec<Target>,
}

/// The states of the step function of a module at level `state`; none if it has no step.
pub fn states<'c>(context: &'c Context, module: &Module<'c>) -> Vec<State> {
    let mut found = Vec::new();
    // The closure does not fail.
    let _ = for_each_function("states", context, module, |function| {
        if found.is_empty() {
            found = of_function(function);
        }
        Ok(PassOutcome::Unchanged)
    });
    found
}

fn of_function(function: &Function) -> Vec<State> {
    let cfg = Cfg::new(function.region);
    let all: Vec<_> = blocks(function.region)
        .into_iter()
        .flat_map(operations)
        .collect();
    let Some(dispatch) = all.iter().find(|op| name_of(**op) == "state.dispatch") else {
        return Vec::new();
    };
    let suspensions: IndexMap<_, _> = all
        .iter()
        .filter(|op| name_of(**op) == "state.suspend")
        .filter_map(|op| Some((frame_state(&function.types, *op)?.offset, *op)))
        .collect();
    let offsets = offsets(*dispatch);
    let mut states = Vec::new();
    for (offset, block) in offsets.iter().zip(dispatch.successors()) {
        let mut state = match suspensions.get(offset) {
            Some(op) => suspended(function, *op),
            None if states.is_empty() => State {
                kind: Kind::Start,
                offset: *offset,
                line: 0,
                locals: (0..arguments(function))
                    .map(|slot| function.local_name(slot).to_owned())
                    .collect(),
                stack: 0,
                targets: Vec::new(),
            },
            None => returned(function, block, *offset),
        };
        state.offset = *offset;
        state.targets = targets(function, &cfg, block, &offsets);
        states.push(state);
    }
    states
}

fn arguments(function: &Function) -> usize {
    crate::inspect::int_attribute(function.op, "py.argcount").unwrap_or(0) as usize
}

fn offsets(dispatch: OperationRef) -> Vec<i64> {
    let offsets = dispatch.attribute("offsets").ok();
    let offsets = offsets.and_then(|offsets| DenseI32ArrayAttribute::try_from(offsets).ok());
    let Some(offsets) = offsets else {
        return Vec::new();
    };
    (0..offsets.len())
        .filter_map(|index| offsets.element(index).ok())
        .map(i64::from)
        .collect()
}

fn suspended<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) -> State {
    let (locals, stack) = match frame_state(&function.types, op) {
        Some(state) => (bound(function, &state.locals), state.stack.len()),
        None => (Vec::new(), 0),
    };
    let delegates = op.has_attribute("delegating");
    State {
        kind: if delegates {
            Kind::Delegate
        } else {
            Kind::Yield
        },
        offset: 0,
        line: source_line(op.location()),
        locals,
        stack,
        targets: Vec::new(),
    }
}

/// A step that begins behind a SEND takes what it needs from the frame.
fn returned<'c, 'a>(function: &Function<'c, 'a>, block: BlockRef<'c, 'a>, offset: i64) -> State {
    let ops = operations(block);
    let name =
        |op: &OperationRef<'c, 'a>| crate::inspect::str_attribute(*op, "name").map(str::to_owned);
    let loads = ops.iter().filter(|op| name_of(**op) == "py.load_local");
    let stack = ops.iter().filter(|op| name_of(**op) == "state.load_stack");
    State {
        kind: Kind::Returned,
        offset,
        line: ops.first().map_or(0, |op| source_line(op.location())),
        locals: loads
            .filter_map(name)
            .filter(|name| !name.is_empty() || function.slot_count() == 0)
            .collect(),
        stack: stack.count(),
        targets: Vec::new(),
    }
}

fn bound<'c, 'a>(function: &Function<'c, 'a>, locals: &[Value<'c, 'a>]) -> Vec<String> {
    let null =
        |value: &Value<'c, 'a>| defining_op(*value).is_some_and(|op| name_of(op) == "py.null");
    let locals = locals.iter().enumerate().filter(|(_, value)| !null(value));
    locals
        .map(|(slot, _)| function.local_name(slot).to_owned())
        .collect()
}

/// Where the blocks that are reached from `start` leave the function.
fn targets<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    start: BlockRef<'c, 'a>,
    offsets: &[i64],
) -> Vec<Target> {
    let mut open: Vec<usize> = cfg.place(start).into_iter().collect();
    let mut seen = open.clone();
    let mut targets = Vec::new();
    while let Some(place) = open.pop() {
        for op in operations(cfg.blocks[place]) {
            targets.extend(target(function, op, offsets));
        }
        for next in &cfg.successors[place] {
            if !seen.contains(next) {
                seen.push(*next);
                open.push(*next);
            }
        }
    }
    targets.sort();
    targets.dedup();
    targets
}

fn target<'c, 'a>(
    function: &Function<'c, 'a>,
    op: OperationRef<'c, 'a>,
    offsets: &[i64],
) -> Option<Target> {
    match name_of(op) {
        "state.suspend" => {
            let offset = frame_state(&function.types, op)?.offset;
            let state = offsets.iter().position(|other| *other == offset);
            Some(state.map_or(Target::Interpreter, Target::State))
        }
        "state.return" => Some(Target::Return),
        "py.propagate" => Some(Target::Raise),
        "py.exit" => Some(Target::Interpreter),
        _ => None,
    }
}
