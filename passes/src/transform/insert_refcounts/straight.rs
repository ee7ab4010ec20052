//! Counts inside a block.

use super::{
    classify::{Class, Classes},
    ownership::{needed, operands},
};
use crate::{
    analysis::liveness::{Liveness, Numbers, step_back},
    cfg::{Cfg, name_of, value_key},
    function::{Function, failure_branch},
};
use melior::ir::{BlockLike, BlockRef, OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::operations;

/// A count to insert.
pub enum Count<'c, 'a> {
    /// One reference more in front of an op, which gives it away.
    IncrefBefore(OperationRef<'c, 'a>, Value<'c, 'a>),
    /// The last use was this op.
    DecrefAfter(OperationRef<'c, 'a>, Value<'c, 'a>),
    /// An argument that nobody needs.
    DecrefAtStart(BlockRef<'c, 'a>, Value<'c, 'a>),
}

/// Finds the counts inside the blocks.
pub fn plan<'c, 'a>(
    function: &Function<'c, 'a>,
    cfg: &Cfg<'c, 'a>,
    classes: &Classes<'c, 'a>,
    liveness: &Liveness,
) -> Vec<Count<'c, 'a>> {
    let mut counts = Vec::new();
    for (place, block) in cfg.blocks.iter().enumerate() {
        let mut live = liveness.at_end[place].clone();
        for op in operations(*block).into_iter().rev() {
            plan_op(function, classes, &live, op, &mut counts);
            step_back(&classes.values, &mut live, op, &needed(&function.types, op));
        }
        if place > 0 {
            plan_arguments(classes, &live, *block, &mut counts);
        }
    }
    counts
}

fn plan_arguments<'c, 'a>(
    classes: &Classes<'c, 'a>,
    live: &Numbers,
    block: BlockRef<'c, 'a>,
    counts: &mut Vec<Count<'c, 'a>>,
) {
    let arguments = (0..block.argument_count()).filter_map(|index| block.argument(index).ok());
    for argument in arguments {
        let value: Value = argument.into();
        if classes.is_owned(value) && !is_live(classes, live, value) {
            counts.push(Count::DecrefAtStart(block, value));
        }
    }
}

fn is_live<'c, 'a>(classes: &Classes<'c, 'a>, live: &Numbers, value: Value<'c, 'a>) -> bool {
    classes
        .values
        .number(value)
        .is_some_and(|number| live.contains(number))
}

/// `live` is what is needed behind `op`.
fn plan_op<'c, 'a>(
    function: &Function<'c, 'a>,
    classes: &Classes<'c, 'a>,
    live: &Numbers,
    op: OperationRef<'c, 'a>,
    counts: &mut Vec<Count<'c, 'a>>,
) {
    if name_of(op) == "py.incref" {
        return;
    }
    let operands = operands(&function.types, op);
    if name_of(op) == "py.call" {
        hold_locals(classes, op, &operands.borrowed, counts);
    }
    let ends_here =
        |value: Value<'c, 'a>| classes.is_owned(value) && !is_live(classes, live, value);
    let mut gone: Vec<usize> = Vec::new();
    for value in &operands.consumed {
        let key = value_key(*value);
        let looked_at = operands
            .borrowed
            .iter()
            .any(|other| value_key(*other) == key);
        if ends_here(*value) && !gone.contains(&key) && !looked_at {
            gone.push(key);
        } else {
            counts.push(Count::IncrefBefore(op, *value));
        }
    }
    let mut dead: Vec<Value> = operands
        .borrowed
        .into_iter()
        .filter(|value| ends_here(*value))
        .collect();
    if failure_branch(op).is_none() {
        dead.extend(
            op.results()
                .map(Value::from)
                .filter(|value| ends_here(*value)),
        );
    }
    // Each is inserted right behind the op: the last one planned comes first.
    for value in dead.into_iter().rev() {
        if !gone.contains(&value_key(value)) {
            gone.push(value_key(value));
            counts.push(Count::DecrefAfter(op, value));
        }
    }
}

/// A call holds the locals that it passes, as the interpreter's stack does: the callee can count the references
/// (`sys.getrefcount`), and it can overwrite the caller's local through `f_locals`.
fn hold_locals<'c, 'a>(
    classes: &Classes<'c, 'a>,
    op: OperationRef<'c, 'a>,
    operands: &[Value<'c, 'a>],
    counts: &mut Vec<Count<'c, 'a>>,
) {
    for value in operands {
        if matches!(classes.class(*value), Class::Slot(_)) {
            counts.push(Count::IncrefBefore(op, *value));
            counts.push(Count::DecrefAfter(op, *value));
        }
    }
}

/// Inserts the counts.
pub fn apply<'c, 'a>(
    function: &Function<'c, 'a>,
    classes: &Classes<'c, 'a>,
    counts: Vec<Count<'c, 'a>>,
) {
    for count in counts {
        match count {
            Count::IncrefBefore(op, value) => {
                classes.emit(&function.before(op), "py.incref", value)
            }
            Count::DecrefAfter(op, value) => classes.emit(&function.after(op), "py.decref", value),
            Count::DecrefAtStart(block, value) => {
                classes.emit(
                    &function.at_start(block, value.location()),
                    "py.decref",
                    value,
                );
            }
        }
    }
}
