//! Integers in between, which nobody looks at but the ops that go on with them.

use crate::{
    cfg::{name_of, operand_of},
    inspect::{arith_constant, result},
};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::uses;

/// Whether only ops `inside` use the value, or frame states that nobody else needs.
pub fn is_hidden(value: Value, inside: impl Fn(OperationRef) -> bool) -> bool {
    let serves_inside = |user: OperationRef| {
        let state = result(user, 0).filter(|_| name_of(user) == "py.frame_state");
        state.is_some_and(|state| {
            let mut users = uses(state).into_iter().map(|(op, _)| op);
            users.all(|op| inside(op) || never_leaves(op))
        })
    };
    let mut users = uses(value).into_iter().map(|(user, _)| user);
    users.all(|user| inside(user) || serves_inside(user))
}

/// Whether an op has an answer for all operands, so that nothing becomes of its state.
fn never_leaves(op: OperationRef) -> bool {
    let number = operand_of(op, 1).and_then(arith_constant);
    number.is_some_and(|number| match name_of(op) {
        "num.shr" => (0..64).contains(&number),
        "num.mod" | "num.floordiv" => number > 0,
        _ => false,
    })
}

/// Whether an op on integers computes what Python does, and leaves where it cannot.
pub fn is_exact(op: OperationRef) -> bool {
    !op.has_attribute("nosign") && !op.has_attribute("overflow")
}

/// Whether a value is a constant power of two.
pub fn is_power_of_two(value: Value) -> bool {
    arith_constant(value).is_some_and(|number| number > 0 && number.count_ones() == 1)
}
