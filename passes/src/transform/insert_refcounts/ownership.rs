//! What an op does with the references of its operands.

use crate::{
    analysis::{
        exit_source::{Source, source_of},
        frame_state::frame_state,
    },
    cfg::name_of,
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::{ir::Types, ownership::op_info};

/// The object operands of an op that is no branch, by what becomes of their reference.
#[derive(Default)]
pub struct Operands<'c, 'a> {
    /// Given away, once for each occurrence.
    pub consumed: Vec<Value<'c, 'a>>,
    /// Only looked at.
    pub borrowed: Vec<Value<'c, 'a>>,
}

/// The object operands of an op. Those of a branch of `cf` belong to its edges and are not listed.
pub fn operands<'c, 'a>(types: &Types<'c>, op: OperationRef<'c, 'a>) -> Operands<'c, 'a> {
    let mut list = Operands::default();
    let name = name_of(op);
    if name == "py.frame_state" || name.starts_with("cf.") {
        return list;
    }
    let steals = op_info(name).map_or(&[][..], |info| info.steals);
    for (index, value) in op.operands().enumerate() {
        if value.r#type() != types.object {
            continue;
        }
        if steals.contains(&index) || name == "func.return" {
            list.consumed.push(value);
        } else {
            list.borrowed.push(value);
        }
    }
    if matches!(name, "py.exit" | "state.suspend") {
        list.consumed.extend(handed_over(types, op));
    }
    list
}

/// Everything that has to be alive in front of an op.
pub fn needed<'c, 'a>(types: &Types<'c>, op: OperationRef<'c, 'a>) -> Vec<Value<'c, 'a>> {
    if name_of(op).starts_with("cf.") {
        return op.operands().collect();
    }
    let Operands {
        mut consumed,
        borrowed,
    } = operands(types, op);
    consumed.extend(borrowed);
    consumed
}

/// The objects whose reference passes to the frame. What a described exit finds elsewhere, it counts itself.
fn handed_over<'c, 'a>(types: &Types<'c>, op: OperationRef<'c, 'a>) -> Vec<Value<'c, 'a>> {
    let Some(state) = frame_state(types, op) else {
        return Vec::new();
    };
    let is_described = op.has_attribute("slots");
    let locals = if is_described {
        state.locals
    } else {
        Vec::new()
    };
    let is_found = |value: Value<'c, 'a>| {
        matches!(
            source_of(op, value),
            Source::Null | Source::Slot(_) | Source::Constant(_)
        )
    };
    let objects = locals.into_iter().chain(state.stack);
    objects
        .filter(|value| value.r#type() == types.object && !(is_described && is_found(*value)))
        .collect()
}
