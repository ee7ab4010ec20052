//! Has baseline code remember what kinds of values it meets, for better code to guess from.
//!
//! ```mlir
//! // before
//!   %v = py.load_subscr %x, %i at %s    // at offset 24
//! // after
//!   %v = py.load_subscr %x, %i at %s
//!   py.note 24, 0 %v from %x
//! ```
//!
//! Noted are results of calls, subscripts, slices and iterations, the items that a sequence is taken apart into, and those
//! attributes, globals and free variables that something is taken from, which may be arrays.
//!
//! *Requires*: numbers are native where types are known. *Ensures*: nothing changes but that it is noted.
//! *Leaves alone*: what is no baseline code.

use crate::{
    Pass, PassError, PassOutcome,
    analysis::{frame_state::frame_state, tuples::unpacked},
    cfg::{edges, name_of, operand_of},
    function::{Function, failure_branch, for_each_function, raised},
    inspect::result,
};
use melior::{
    Context,
    ir::{BlockLike, Module, OperationRef, ValueLike, operation::OperationLike},
};
use stepwell_dialects::ir::{blocks, operations, uses};

/// The instructions whose results are noted.
const NOTED: [&str; 5] = [
    "py.call",
    "py.for_iter",
    "py.load_slice",
    "py.load_subscr",
    "py.unpack_sequence",
];

/// Those whose results are noted where they are used as containers: they may be arrays.
const CONTAINERS: [&str; 3] = ["py.load_attr", "py.load_deref", "py.load_global"];

/// The ops that take something from their first operand, or put it there.
const TAKING: [&str; 3] = ["py.get_iter", "py.load_subscr", "py.store_subscr"];

/// More items that a sequence is taken apart into are not noted.
const MOST_ITEMS: usize = 8;

/// See the [module](self).
#[derive(Debug)]
pub struct NoteKinds;

impl Pass for NoteKinds {
    fn name(&self) -> &str {
        "note-kinds"
    }

    fn description(&self) -> &str {
        "Have baseline code remember what kinds of values it meets."
    }

    fn run<'c>(&self, context: &'c Context, module: &Module<'c>) -> Result<PassOutcome, PassError> {
        for_each_function("note-kinds", context, module, |function| {
            if !function.op.has_attribute("py.baseline") {
                return Ok(PassOutcome::Unchanged);
            }
            let all = blocks(function.region).into_iter().flat_map(operations);
            let noted: Vec<_> = all.filter(|op| is_noted(*op)).collect();
            for op in noted {
                note(function, op);
            }
            Ok(PassOutcome::Changed)
        })
    }
}

fn is_noted(op: OperationRef) -> bool {
    let is_container = || {
        let users = result(op, 0).map(uses).unwrap_or_default();
        (users.into_iter()).any(|(user, place)| place == 0 && TAKING.contains(&name_of(user)))
    };
    NOTED.contains(&name_of(op)) || CONTAINERS.contains(&name_of(op)) && is_container()
}

/// What follows an op that has not failed, and has an item. Values are boxed in front of the branches on that.
fn place<'c, 'a>(op: OperationRef<'c, 'a>) -> Option<OperationRef<'c, 'a>> {
    let way = |branch| {
        let rest = edges(branch).into_iter().nth(1)?.target;
        (rest.predecessor_count() == 1).then(|| rest.first_operation())?
    };
    if name_of(op) == "py.for_iter" {
        let [(branch, 0)] = uses(result(op, 1)?)[..] else {
            return None;
        };
        return way(branch);
    }
    match raised(op) {
        Some(_) => way(failure_branch(op)?),
        None => op.next_in_block(),
    }
}

fn note<'c, 'a>(function: &Function<'c, 'a>, op: OperationRef<'c, 'a>) -> Option<()> {
    let values = match name_of(op) {
        "py.unpack_sequence" => unpacked(op),
        _ => vec![result(op, 0)?],
    };
    if values.len() > MOST_ITEMS {
        return None;
    }
    let offset = frame_state(&function.types, op)?.offset;
    let cursor = function.before(place(op)?);
    for (number, value) in values.into_iter().enumerate() {
        let is_used = uses(value)
            .into_iter()
            .any(|(user, _)| name_of(user) != "py.frame_state");
        if is_used && value.r#type() == function.types.object {
            let attributes = [
                ("offset", cursor.i32(offset)),
                ("number", cursor.i32(number as i64)),
            ];
            // A global comes from nothing.
            let source = operand_of(op, 0).filter(|of| of.r#type() == value.r#type());
            let operands = [value, source.unwrap_or(value)];
            cursor.op("py.note", &operands, &[], &attributes);
        }
    }
    Some(())
}
