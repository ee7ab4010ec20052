//! What a function returns, at the level `typed`.

use crate::inspect::{defining_op, op_name};
use melior::ir::{
    OperationRef, Value, ValueLike, attribute::AttributeLike, operation::OperationLike,
};
use stepwell_dialects::ir::{blocks, operations};

/// The word for the number that all returns of a function yield; `None` when one yields an object of which nothing is
/// known.
pub fn returned<'c>(function: OperationRef<'c, '_>) -> Option<&'static str> {
    let ops = blocks(function.region(0).ok()?)
        .into_iter()
        .flat_map(operations);
    let mut words = ops
        .filter(|op| op_name(*op) == "func.return")
        .map(|op| word(op.operand(0).ok()?));
    let first = words.next()??;
    words.all(|word| word == Some(first)).then_some(first)
}

fn word(value: Value) -> Option<&'static str> {
    let native = value.r#type().to_string();
    let op = defining_op(value);
    let text = match op.map(|op| (op_name(op), op)) {
        _ if native != "!py.object" => native,
        Some(("py.box", op)) if op.operand_count() == 1 => op.operand(0).ok()?.r#type().to_string(),
        Some(("py.constant", op)) => op.attribute("value").ok()?.r#type().to_string(),
        _ => return None,
    };
    ["i64", "f64", "i1"].into_iter().find(|word| *word == text)
}
