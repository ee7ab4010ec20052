//! Tuples of numbers that are taken apart where they are made.

use super::{
    fact::Kind,
    functions,
    numbers::{called_global, is_plain_call},
    range_loops::is_state_of_check,
};
use crate::inspect::{defined_by, op_name, result};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_dialects::ir::uses;

/// The full name of the builtin.
pub const DIVMOD: &str = "builtins.divmod";

/// The call of `divmod` that a value is, as far as the name of the global tells, where nothing but unpacking it sees the
/// tuple.
pub fn division_of<'c, 'a>(tuple: Value<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let call = defined_by(tuple, "py.call")?;
    let named = called_global(call) == Some("divmod") && is_plain_call(call);
    let unseen = uses(tuple).into_iter().all(|(user, _)| {
        unpacks_two(user) || is_state_of_unpacking(user) || is_state_of_check(user)
    });
    (named && unseen).then_some(call)
}

/// What both parts of `divmod` are for arguments of these kinds.
pub fn divided(arguments: &[Kind]) -> Kind {
    if arguments.contains(&Kind::Never) {
        return Kind::Never;
    }
    let row = functions::find(DIVMOD, arguments);
    row.map_or(Kind::Object, |row| row.parameters[0])
}

fn unpacks_two(op: OperationRef) -> bool {
    let object = |value: Value| value.r#type().to_string() == "!py.object";
    op_name(op) == "py.unpack_sequence"
        && op.results().filter(|value| object((*value).into())).count() == 2
}

fn is_state_of_unpacking(state: OperationRef) -> bool {
    op_name(state) == "py.frame_state"
        && result(state, 0)
            .is_some_and(|value| uses(value).into_iter().all(|(user, _)| unpacks_two(user)))
}
