//! Refuses what `inline-calls` and `inline-generators` did, unless the bodies have no effect and run no Python.
//!
//! A call, or an item of an inlined generator, is computed again when the function is left in the middle of it. So all that is left
//! of `py` in the body may fail, but not do anything; and what is parked of a generator must be native, or an object
//! that its own frame holds. The driver compiles a function that is refused here once more, without inlining.
//!
//! *Requires*: types are lowered. *Ensures*: nothing changes.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{frame_state::read, numbers::arguments, slots::defining_op},
    cfg::{name_of, value_key},
    function::{Function, for_each_function},
    source::source_location,
    transform::inline_generators::INLINED,
};
use melior::{
    Context,
    ir::{Module, OperationRef, Value, ValueLike, operation::OperationLike},
};
use stepwell_dialects::{
    ir::{blocks, operations},
    ownership::op_info,
};

/// See the [module](self).
#[derive(Debug)]
pub struct CheckInlined;

impl Pass for CheckInlined {
    fn name(&self) -> &str {
        "check-inlined"
    }

    fn description(&self) -> &str {
        "Refuse inlined bodies that have effects."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("check-inlined", context, module, |function| {
            let all = blocks(function.region).into_iter().flat_map(operations);
            for op in all {
                check(function, op)?;
            }
            Ok(PassOutcome::Unchanged)
        })
    }
}

fn check<'c>(function: &Function<'c, '_>, op: OperationRef<'c, '_>) -> Result<(), PassError> {
    let name = name_of(op);
    let runs_python = op_info(name).is_some_and(|info| info.observes) && name != "py.load_global";
    if op.has_attribute(INLINED) && runs_python {
        return Err(unsupported(op, format!("{name} in an inlined body")));
    }
    if name == "state.park"
        && !parked(op)
            .into_iter()
            .all(|(value, held)| is_kept(function, value, &held))
    {
        return Err(unsupported(
            op,
            "an inlined generator keeps an object".to_owned(),
        ));
    }
    Ok(())
}

fn unsupported(op: OperationRef, reason: String) -> PassError {
    PassError::Unsupported {
        reason,
        location: source_location(op.location()),
    }
}

/// The values that a `state.park` keeps, each with what the frame of its generator holds.
fn parked<'c, 'a>(park: OperationRef<'c, 'a>) -> Vec<(Value<'c, 'a>, Vec<Value<'c, 'a>>)> {
    let operands: Vec<_> = park.operands().collect();
    let (generators, states) = operands.split_at(operands.len() / 2);
    let mut list = Vec::new();
    for (generator, state) in generators.iter().zip(states) {
        let held = defining_op(*generator).map(arguments).unwrap_or_default();
        let state = defining_op(*state).map(read);
        let values = state.map(|state| state.stack).unwrap_or_default();
        list.extend(values.into_iter().map(|value| (value, held.clone())));
    }
    list
}

fn is_kept<'c>(function: &Function<'c, '_>, value: Value<'c, '_>, held: &[Value<'c, '_>]) -> bool {
    let types = function.types;
    if types.is_native(value.r#type()) {
        return [types.i64, types.f64, types.i1].contains(&value.r#type());
    }
    let constant = defining_op(value).is_some_and(|op| match name_of(op) {
        "py.null" | "py.none" | "py.constant" | "py.range_iterator" => true,
        "py.box" => op
            .operand(0)
            .is_ok_and(|native| is_kept(function, native, held)),
        _ => false,
    });
    constant
        || held
            .iter()
            .any(|other| value_key(*other) == value_key(value))
}
