//! Which functions can be inlined, and which calls call them.

use crate::{
    analysis::{
        known::Known,
        numbers::{arguments, constructor},
    },
    cfg::{Cfg, name_of, operand_of},
    collections::IndexMap,
    function::{Function, raised},
    inspect::{defined_by, int_attribute, result, str_attribute},
    transform::{infer_types::recursion::This, inline_generators::is_machine_number},
};
use melior::ir::{OperationRef, RegionLike, Value, operation::OperationLike};
use stepwell_dialects::ir::{blocks, operations, uses};

use super::{
    INLINABLE,
    awaits::{AWAITED, is_coroutine},
};

/// Bodies with more ops are worth a call.
const LARGE: usize = 160;

/// A call to be replaced.
pub struct Found<'c, 'a> {
    pub name: &'c str,
    pub call: OperationRef<'c, 'a>,
    pub arguments: Vec<Value<'c, 'a>>,
    pub callee: OperationRef<'c, 'a>,
}

/// The functions that can be inlined, by the global that they are the value of.
pub struct Candidates<'c, 'a>(IndexMap<&'c str, OperationRef<'c, 'a>>);

impl<'c, 'a> Candidates<'c, 'a> {
    /// Those of the given functions that `caller` can have in itself.
    pub fn new(caller: &Function<'c, 'a>, given: &[OperationRef<'c, 'a>]) -> Self {
        let known = Known::of(caller.op);
        let this = This::named(caller.op).map(|this| this.name);
        let mut found: IndexMap<_, _> = given
            .iter()
            .filter_map(|op| Some((str_attribute(*op, INLINABLE)?, *op)))
            .filter(|(name, op)| Some(*name) != this && is_simple(*op))
            .collect();
        // A function goes when it calls one that is none.
        loop {
            let before = found.len();
            let all = found.clone();
            found.retain(|_, op| calls_only(*op, &known, &all));
            if found.len() == before {
                return Self(found);
            }
        }
    }

    /// What a `py.call` calls, if it can be inlined there. Coroutines can be where they are awaited, functions elsewhere.
    pub fn find(&self, call: OperationRef<'c, 'a>, is_awaited: bool) -> Option<Found<'c, 'a>> {
        let name = callee_name(call)?;
        let callee = *self.0.get(name)?;
        if is_coroutine(callee) != is_awaited {
            return None;
        }
        let plain = defined_by(call.operand(1).ok()?, "py.null").is_some();
        let arguments = arguments(call);
        let all = int_attribute(callee, "py.argcount") == Some(arguments.len() as i64);
        (plain && all && !call.has_attribute("kwnames")).then_some(Found {
            name,
            call,
            arguments,
            callee,
        })
    }
}

/// The global that a `py.call` calls.
pub fn callee_name<'c>(call: OperationRef<'c, '_>) -> Option<&'c str> {
    str_attribute(defined_by(call.operand(0).ok()?, "py.load_global")?, "name")
}

fn all_operations<'c, 'a>(function: OperationRef<'c, 'a>) -> Vec<OperationRef<'c, 'a>> {
    let region = function.region(0).ok();
    let blocks = region.map(blocks).unwrap_or_default();
    blocks.into_iter().flat_map(operations).collect()
}

/// Whether a function is short and has neither loops nor handlers nor ops that are certainly no matter of numbers.
fn is_simple(function: OperationRef) -> bool {
    let ops = all_operations(function);
    let kind = str_attribute(function, "py.kind").unwrap_or("function");
    let is_fit = |op: &OperationRef| match kind {
        "coroutine" => is_about_numbers(*op) || is_of_coroutine(*op),
        _ => is_about_numbers(*op) && raised(*op).is_none(),
    };
    matches!(kind, "function" | "coroutine")
        && ops.len() <= LARGE
        && ops.iter().all(is_fit)
        && is_acyclic(function)
}

/// Whether an op is of what every coroutine has: its beginning and its end, a None that it is sent, and a handler for
/// StopIteration.
fn is_of_coroutine(op: OperationRef) -> bool {
    const STOP_ITERATION_ERROR: i64 = 3;
    match name_of(op) {
        "py.load_local" | "state.sent" | "state.return" => true,
        "py.fetch_exception" | "py.reraise" | "py.propagate" => true,
        "py.call_intrinsic_1" => int_attribute(op, "kind") == Some(STOP_ITERATION_ERROR),
        "py.constant" => op
            .attribute("value")
            .is_ok_and(|value| value.to_string() == "unit"),
        _ => false,
    }
}

fn is_about_numbers(op: OperationRef) -> bool {
    const NAMES: [&str; 19] = [
        "func.return",
        "py.binary",
        "py.box",
        "py.call",
        "py.check_bound",
        "py.check_frame",
        "py.compare",
        "py.frame_state",
        "py.is",
        "py.load_attr",
        "py.load_global",
        "py.load_method",
        "py.load_subscr",
        "py.none",
        "py.null",
        "py.poll",
        "py.store_local",
        "py.truth",
        "py.unary",
    ];
    let name = name_of(op);
    match name {
        "py.constant" => op
            .attribute("value")
            .is_ok_and(|value| is_machine_number(value)),
        _ => {
            NAMES.contains(&name)
                || ["cf.", "arith."]
                    .iter()
                    .any(|start| name.starts_with(start))
        }
    }
}

fn is_acyclic(function: OperationRef) -> bool {
    let Ok(region) = function.region(0) else {
        return false;
    };
    let cfg = Cfg::new(region);
    let forward = |(place, targets): (usize, &Vec<usize>)| targets.iter().all(|to| *to > place);
    region.first_block().is_some() && cfg.successors.iter().enumerate().all(forward)
}

/// Whether a function calls nothing but what computes natively, and functions of these names; and loads attributes of
/// modules only.
fn calls_only(function: OperationRef, known: &Known, found: &IndexMap<&str, OperationRef>) -> bool {
    all_operations(function)
        .into_iter()
        .all(|op| match name_of(op) {
            "py.call" => {
                constructor(op).is_some()
                    || operand_of(op, 0).is_some_and(|callee| known.path(callee).is_some())
                    || callee_name(op)
                        .and_then(|name| found.get(name))
                        .is_some_and(|callee| is_coroutine(*callee) == op.has_attribute(AWAITED))
            }
            "py.load_attr" | "py.load_method" => known.attribute(op).is_some(),
            "py.load_global" => {
                let name = str_attribute(op, "name").unwrap_or_default();
                known.global(name).is_some() || found.contains_key(name) && is_only_called(op)
            }
            _ => true,
        })
}

fn is_only_called(load: OperationRef) -> bool {
    let mut users = result(load, 0).into_iter().flat_map(uses);
    users.all(|(user, operand)| match name_of(user) {
        "py.call" => operand == 0,
        name => name == "py.frame_state",
    })
}
