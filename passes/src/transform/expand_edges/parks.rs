//! What is parked of inlined generators, as machine values.
//!
//! An object that only states name is not made for a `state.park`: what it would be made of is kept. `py.parked` on the
//! state says what its values are, one word for each local and place of the stack.

use crate::{
    analysis::{
        frame_state::{FrameState, read},
        numbers::arguments,
        slots::defining_op,
    },
    cfg::{name_of, value_key},
    cursor::Cursor,
    function::Function,
    inspect::int_attribute,
};
use melior::ir::{
    Attribute, OperationRef, Value, ValueLike,
    attribute::{ArrayAttribute, StringAttribute},
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};
use stepwell_dialects::ir::{blocks, operations};

/// The attribute of an exit that has to bring the generators of a group up to date.
pub const UNPARK: &str = "py.unpark";
/// The attribute of a state that is parked.
pub const PARKED: &str = "py.parked";

fn all_parks<'c, 'a>(function: &Function<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    let all = blocks(function.region).into_iter().flat_map(operations);
    all.filter(|op| name_of(*op) == "state.park").collect()
}

/// Whether the function has inlined generators.
pub fn has_parks(function: &Function) -> bool {
    !all_parks(function).is_empty()
}

/// Rewrites the states of all `state.park`.
pub fn flatten(function: &Function) {
    for park in all_parks(function) {
        let operands: Vec<_> = park.operands().collect();
        let half = operands.len() / 2;
        for (index, (generator, state)) in
            operands[..half].iter().zip(&operands[half..]).enumerate()
        {
            let Some(state) = defining_op(*state).filter(|op| name_of(*op) == "py.frame_state")
            else {
                continue;
            };
            let held = defining_op(*generator).map(arguments).unwrap_or_default();
            let flat = flat_state(function, &function.before(park), &read(state), &held);
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut op = unsafe { OperationRefMut::from_raw(park.to_raw()) };
            op.set_operand(half + index, flat);
        }
    }
}

fn flat_state<'c, 'a>(
    function: &Function<'c, 'a>,
    cursor: &Cursor<'c, 'a>,
    state: &FrameState<'c, 'a>,
    held: &[Value<'c, 'a>],
) -> Value<'c, 'a> {
    let mut values = Vec::new();
    let mut kinds = Vec::new();
    for (slot, value) in state.stack.iter().enumerate() {
        let kept = held.get(slot).is_some_and(|held| is_same(*held, *value));
        let (kind, parts) = if kept {
            ("kept", Vec::new())
        } else {
            parts(function, *value)
        };
        kinds.push(StringAttribute::new(cursor.context, kind).into());
        values.extend(parts);
    }
    let kinds: Vec<Attribute> = kinds;
    let attributes = [
        ("offset", cursor.i32(state.offset)),
        (
            "operandSegmentSizes",
            cursor.i32_array(&[0, values.len() as i32]),
        ),
        (PARKED, ArrayAttribute::new(cursor.context, &kinds).into()),
    ];
    cursor.value("py.frame_state", &values, cursor.types.state, &attributes)
}

/// Whether a value is the argument that the generator's frame has, or its machine form.
fn is_same(argument: Value, value: Value) -> bool {
    let made_of = |value: Value, name: &str, other: Value| {
        defining_op(value).is_some_and(|op| {
            name_of(op) == name
                && op.operand_count() > 0
                && op
                    .operand(0)
                    .is_ok_and(|operand| value_key(operand) == value_key(other))
        })
    };
    value_key(argument) == value_key(value)
        || made_of(argument, "py.box", value)
        || made_of(value, "py.unbox", argument)
}

/// What to keep of a value.
fn parts<'c, 'a>(
    function: &Function<'c, 'a>,
    value: Value<'c, 'a>,
) -> (&'static str, Vec<Value<'c, 'a>>) {
    let types = function.types;
    match value.r#type() {
        r#type if r#type == types.i64 => return ("int", vec![value]),
        r#type if r#type == types.f64 => return ("float", vec![value]),
        r#type if r#type == types.i1 => return ("bool", vec![value]),
        _ => {}
    }
    let Some(op) = defining_op(value) else {
        return ("object", vec![value]);
    };
    let operands: Vec<_> = op.operands().collect();
    match (name_of(op), operands.as_slice()) {
        ("py.null", _) => ("null", Vec::new()),
        ("py.range_iterator", [..]) => ("range", operands),
        ("py.box", [native]) => parts(function, *native),
        ("py.box", [native, bound]) => match parts(function, *native).0 {
            "int" => ("int?", vec![*native, *bound]),
            "float" => ("float?", vec![*native, *bound]),
            _ => ("bool?", vec![*native, *bound]),
        },
        _ => ("object", vec![value]),
    }
}

/// Marks an exit in the middle of a loop over a parked generator: the generator is on its stack.
pub fn mark<'c>(
    function: &Function<'c, '_>,
    exit: OperationRef<'c, '_>,
    state: &FrameState<'c, '_>,
) {
    for park in all_parks(function) {
        let on_stack = park.operand(0).is_ok_and(|generator| {
            let mut stack = state.stack.iter();
            stack.any(|value| value_key(*value) == value_key(generator))
        });
        if let (true, Some(group)) = (on_stack, int_attribute(park, "group")) {
            // SAFETY: the op is alive and nobody else holds a reference to it that would see the change.
            let mut op = unsafe { OperationRefMut::from_raw(exit.to_raw()) };
            let group = function.before(exit).i32(group);
            op.set_discardable_attribute(UNPARK, group);
        }
    }
}
