//! Numbers whose identity matters.

use crate::{
    analysis::{branches, cfg::Cfg},
    collections::{HashMap, HashSet},
    inspect::{defined_by, defining_op, op_name, result, value_key},
};
use melior::ir::{
    BlockLike, Value,
    attribute::{AttributeLike, FloatAttribute, IntegerAttribute},
    operation::OperationLike,
};
use stepwell_dialects::ir::operations;

/// The values that are compared by `is` with something that could be a number as well, and all that
/// they come from. A number that is boxed twice would be two objects, so that these stay objects.
pub(super) fn pinned(cfg: &Cfg) -> HashSet<usize> {
    let order = cfg.reverse_postorder();
    let ops: Vec<_> = order.iter().flat_map(|block| operations(*block)).collect();
    let mut work: Vec<Value> = Vec::new();
    let mut sources: HashMap<usize, Vec<Value>> = HashMap::default();
    for op in &ops {
        if op_name(*op) == "py.is" && !op.operands().any(is_no_number) {
            work.extend(op.operands());
        }
        if let Some(value) = result(*op, 0).filter(|_| op_name(*op) == "arith.select") {
            let sides = sources.entry(value_key(value)).or_default();
            sides.extend(op.operands().skip(1));
        }
        for edge in branches::edges(*op) {
            for (index, value) in edge.values.into_iter().enumerate() {
                if let Ok(argument) = edge.target.argument(index) {
                    sources
                        .entry(value_key(argument.into()))
                        .or_default()
                        .push(value);
                }
            }
        }
    }
    let mut pinned = HashSet::default();
    while let Some(value) = work.pop() {
        if pinned.insert(value_key(value)) {
            work.extend(sources.get(&value_key(value)).into_iter().flatten());
            let checked = defined_by(value, "py.check_bound").and_then(|op| op.operand(0).ok());
            work.extend(checked);
        }
    }
    pinned
}

/// Whether a value is certainly something else than a number.
fn is_no_number(value: Value) -> bool {
    let Some(op) = defining_op(value) else {
        return false;
    };
    match op_name(op) {
        "py.none" | "py.null" => true,
        "py.constant" => op.attribute("value").is_ok_and(|value| {
            let boolean = IntegerAttribute::try_from(value)
                .is_ok_and(|value| value.r#type().to_string() == "i1");
            let number = IntegerAttribute::try_from(value).is_ok()
                || FloatAttribute::try_from(value).is_ok()
                || value.is_array();
            boolean || !number
        }),
        _ => false,
    }
}
