//! Operations that as a rule run no Python code: a function without a frame leaves where they would.
//!
//! ```mlir
//! // before
//!   %a = py.load_attr %p, 0 "next" at %s
//!   py.store_attr %a, 1 "prev", %v at %t
//! // after
//!   %ok, %a = py.peek_attr %p, 0 "next"
//!   num.guard %ok at %s "guess: an attribute of the object itself"
//!   %stored = py.poke_attr %a, 1 "prev", %v
//!   num.guard %stored at %t "guess: an attribute of the object itself"
//! ```

use crate::{
    cfg::{erase, name_of},
    cursor::{Cursor, result_of},
    function::Function,
    transform::infer_types::makes_guesses,
};
use melior::ir::{Attribute, OperationRef, Type, Value, ValueLike, operation::OperationLike};
use stepwell_abi::GUESS;
use stepwell_dialects::ir::replace_uses;

/// An operation that can be tried.
struct Tried {
    op: &'static str,
    tried: &'static str,
    /// What has to be so.
    reason: &'static str,
}

const ATTRIBUTE: &str = "an attribute of the object itself";
const BUILTIN: &str = "operands of builtin types";

const ALL: [Tried; 7] = [
    Tried {
        op: "py.binary",
        tried: "py.try_binary",
        reason: BUILTIN,
    },
    Tried {
        op: "py.compare",
        tried: "py.try_compare",
        reason: BUILTIN,
    },
    Tried {
        op: "py.compare_truth",
        tried: "py.try_compare",
        reason: BUILTIN,
    },
    Tried {
        op: "py.load_attr",
        tried: "py.peek_attr",
        reason: ATTRIBUTE,
    },
    Tried {
        op: "py.load_subscr",
        tried: "py.try_subscr",
        reason: "an item of a list, tuple or dict",
    },
    Tried {
        op: "py.store_attr",
        tried: "py.poke_attr",
        reason: ATTRIBUTE,
    },
    Tried {
        op: "py.truth",
        tried: "py.try_truth",
        reason: "an object of a builtin type",
    },
];

fn find(op: OperationRef) -> Option<&'static Tried> {
    ALL.iter().find(|tried| tried.op == name_of(op))
}

/// Whether an operation can be tried, in a function that makes guesses.
pub fn is_tried(function: &Function, op: OperationRef) -> bool {
    find(op).is_some() && makes_guesses(function.op)
}

/// Replaces an operation by one that tells whether it was possible, if it is one of those.
pub fn attempt<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
    let tried = find(op)?;
    let cursor = function.before(op);
    let mut operands: Vec<_> = op.operands().collect();
    let state = operands.pop()?;
    let new = cursor.op(
        tried.tried,
        &operands,
        &results(function, tried.tried),
        &names(op),
    );
    let reason = format!("{GUESS}{}", tried.reason);
    let reason = [("reason", cursor.string(&reason))];
    cursor.op("num.guard", &[result_of(new, 0), state], &[], &reason);
    if let Ok(old) = op.result(0) {
        let answer = of_type(&cursor, result_of(new, 1), Value::from(old).r#type());
        replace_uses(old.into(), answer);
    }
    erase(op);
    Some(())
}

/// What the operation is about, besides its operands.
fn names<'c>(op: OperationRef<'c, '_>) -> Vec<(&'static str, Attribute<'c>)> {
    ["index", "kind", "name"]
        .into_iter()
        .filter_map(|name| Some((name, op.attribute(name).ok()?)))
        .collect()
}

fn results<'c>(function: &Function<'c, '_>, tried: &str) -> Vec<Type<'c>> {
    let (i1, object) = (function.types.i1, function.types.object);
    match tried {
        "py.poke_attr" => vec![i1],
        "py.try_compare" | "py.try_truth" => vec![i1, i1],
        _ => vec![i1, object],
    }
}

/// A flag as an object, where that is wanted.
fn of_type<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    answer: Value<'c, 'a>,
    wanted: Type<'c>,
) -> Value<'c, 'a> {
    match answer.r#type() == wanted {
        true => answer,
        false => cursor.value("py.box", &[answer], wanted, &[]),
    }
}
