//! Where an exit finds what its frame state names.
//!
//! Behind `expand-edges`, the state of an exit is in its block, with ops in front of it that say where a value comes
//! from: the slot of a local, a constant, a box that is made only there. They are never executed: the exit hands over
//! where its values are, and the runtime makes the objects.

use crate::{
    analysis::{
        frame_state::{FrameState, frame_state, is_made_for_states},
        slots::{defining_op, slot_of},
    },
    cfg::{name_of, op_key, operand_of},
    inspect::int_attribute,
};
use melior::ir::{
    OperationRef, Value, attribute::DenseI32ArrayAttribute, operation::OperationLike,
};
use stepwell_dialects::{ir::Types, ownership::op_info};

/// Where a value of a state comes from.
#[derive(Clone, Copy)]
pub enum Source<'c, 'a> {
    /// There is no object.
    Null,
    /// A slot of the frame holds it.
    Slot(usize),
    /// It is an entry of `co_consts`.
    Constant(usize),
    /// It is a native value, or an object whose reference passes to the frame.
    Value(Value<'c, 'a>),
    /// It is the box of the first, unless the second is false.
    BoxIf(Value<'c, 'a>, Value<'c, 'a>),
    /// It is an iterator of a native loop: the next value, how many are left, the step.
    Range([Value<'c, 'a>; 3]),
}

/// The values that an exit hands over, and where they go.
pub struct ExitSources<'c, 'a> {
    /// The bytecode offset of the instruction that the interpreter goes on with.
    pub offset: i64,
    /// The slots that have to be written.
    pub locals: Vec<(usize, Source<'c, 'a>)>,
    /// The evaluation stack, bottom first.
    pub stack: Vec<Source<'c, 'a>>,
}

/// Reads a `py.exit` that has `slots`.
pub fn exit_sources<'c, 'a>(
    types: &Types<'c>,
    exit: OperationRef<'c, 'a>,
) -> Option<ExitSources<'c, 'a>> {
    let FrameState {
        offset,
        locals,
        stack,
    } = frame_state(types, exit)?;
    let source = |value: &Value<'c, 'a>| source_of(exit, *value);
    Some(ExitSources {
        offset,
        locals: slots(exit)
            .into_iter()
            .zip(locals.iter().map(source))
            .collect(),
        stack: stack.iter().map(source).collect(),
    })
}

fn slots(exit: OperationRef) -> Vec<usize> {
    let slots = exit.attribute("slots").ok();
    let slots = slots.and_then(|slots| DenseI32ArrayAttribute::try_from(slots).ok());
    let Some(slots) = slots else {
        return Vec::new();
    };
    (0..slots.len())
        .filter_map(|index| usize::try_from(slots.element(index).ok()?).ok())
        .collect()
}

/// Where an exit finds a value of its state.
pub fn source_of<'c, 'a>(exit: OperationRef<'c, 'a>, value: Value<'c, 'a>) -> Source<'c, 'a> {
    defining_op(value)
        .and_then(|op| described(exit, op))
        .unwrap_or(Source::Value(value))
}

fn described<'c, 'a>(
    exit: OperationRef<'c, 'a>,
    op: OperationRef<'c, 'a>,
) -> Option<Source<'c, 'a>> {
    let number = |name| usize::try_from(int_attribute(op, name)?).ok();
    match name_of(op) {
        "py.null" => Some(Source::Null),
        "py.constant" => number("index").map(Source::Constant),
        "py.load_local" if is_undisturbed(exit, op) => slot_of(op).map(Source::Slot),
        "py.box" if is_made_for_states(op) => {
            let (value, bound) = (operand_of(op, 0)?, operand_of(op, 1));
            Some(bound.map_or(Source::Value(value), |bound| Source::BoxIf(value, bound)))
        }
        "py.range_iterator" if is_made_for_states(op) => Some(Source::Range([
            operand_of(op, 0)?,
            operand_of(op, 1)?,
            operand_of(op, 2)?,
        ])),
        _ => None,
    }
}

/// Whether the slot that `load` reads still holds the object at the exit: they are in one block, and nothing between
/// them stores or can run Python.
fn is_undisturbed(exit: OperationRef, load: OperationRef) -> bool {
    let disturbs = |op: OperationRef| {
        name_of(op) == "py.store_local" || op_info(name_of(op)).is_some_and(|info| info.observes)
    };
    load.block() == exit.block()
        && std::iter::successors(load.next_in_block(), |op| op.next_in_block())
            .take_while(|op| op_key(*op) != op_key(exit))
            .all(|op| !disturbs(op))
}
