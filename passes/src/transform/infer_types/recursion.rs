//! Functions that call themselves on numbers.

use super::{annotate::Facts, strict};
use crate::{
    analysis::{
        cfg::{Cfg, key},
        fact::{Fact, Kind},
        numbers::is_type_name,
    },
    collections::HashMap,
    inspect::{defined_by, op_name, result, str_attribute},
};
use melior::{
    Context,
    ir::{Attribute, BlockLike, OperationRef, operation::OperationLike},
};
use stepwell_dialects::ir::{operations, uses};

/// The function itself, as the global of a name.
#[derive(Clone, Copy)]
pub(crate) struct This<'c> {
    /// The name.
    pub(crate) name: &'c str,
}

impl<'c> This<'c> {
    /// What the function's attribute `py.this` says, unless the name makes one think of something else.
    pub(crate) fn named(function: OperationRef<'c, '_>) -> Option<Self> {
        str_attribute(function, "py.this")
            .filter(|name| !is_type_name(name))
            .map(|name| Self { name })
    }

    /// Whether an op loads the function.
    pub(crate) fn is_loaded_by(self, op: OperationRef) -> bool {
        op_name(op) == "py.load_global" && str_attribute(op, "name") == Some(self.name)
    }

    /// Whether a `py.call` calls the function with positional arguments, as far as names tell.
    pub(crate) fn is_called_by(self, call: OperationRef) -> bool {
        let callee = call.operand(0).ok();
        let callee = callee.and_then(|callee| defined_by(callee, "py.load_global"));
        let no_self = call.operand(1).ok();
        callee.is_some_and(|callee| self.is_loaded_by(callee))
            && no_self.is_some_and(|value| defined_by(value, "py.null").is_some())
            && !call.has_attribute("kwnames")
    }
}

/// Whether the function can run on native values alone: it takes and returns numbers, has no loops and no handlers, and
/// refers to nothing but itself, to call it.
pub(super) fn is_native(function: OperationRef, cfg: &Cfg, facts: &Facts, name: &str) -> bool {
    let this = This { name };
    let entry = cfg.entry();
    let parameters = (0..entry.argument_count()).filter_map(|index| entry.argument(index).ok());
    let order = cfg.reverse_postorder();
    function.has_attribute("py.elide")
        && parameters
            .map(|parameter| facts.get(parameter.into()))
            .all(fits_register)
        && is_acyclic(cfg)
        && order
            .into_iter()
            .flat_map(operations)
            .all(|op| strict::objection(op, facts).is_none() && is_unseen(op, facts, this))
}

/// On functions: calls of itself are ordinary calls, whose results are checked.
pub(crate) const FRAMED: &str = "py.framed_calls";

/// Says that on a function.
pub(super) fn mark_framed<'c>(context: &'c Context, function: OperationRef<'c, '_>) {
    super::annotate::set_attribute(function, FRAMED, Attribute::unit(context));
}

/// Whether a number is passed in one register.
fn fits_register(fact: Fact) -> bool {
    fact.is_native() && fact.kind != Kind::Complex
}

/// Whether every edge leads to a block that comes later.
fn is_acyclic(cfg: &Cfg) -> bool {
    let order = cfg.reverse_postorder();
    let places: HashMap<_, _> = order
        .iter()
        .enumerate()
        .map(|(place, block)| (key(*block), place))
        .collect();
    order.iter().enumerate().all(|(place, block)| {
        block.terminator().iter().all(|op| {
            op.successors()
                .all(|target| places.get(&key(target)).is_some_and(|other| *other > place))
        })
    })
}

/// What [`strict::objection`] does not look at.
fn is_unseen(op: OperationRef, facts: &Facts, this: This) -> bool {
    match op_name(op) {
        "py.load_global" => this.is_loaded_by(op) && is_only_called(op, this),
        "py.fetch_exception" => false,
        "func.return" => op
            .operand(0)
            .is_ok_and(|value| fits_register(facts.get(value))),
        _ => true,
    }
}

/// Whether the result of `py.load_global` has no uses but as a callee, and in frame states.
fn is_only_called(load: OperationRef, this: This) -> bool {
    let Some(function) = result(load, 0) else {
        return true;
    };
    uses(function)
        .into_iter()
        .all(|(user, operand)| match op_name(user) {
            "py.frame_state" => true,
            "py.call" => operand == 0 && this.is_called_by(user),
            _ => false,
        })
}
