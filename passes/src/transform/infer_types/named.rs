//! What attributes of objects, and methods by their names, are known to have yielded.
//!
//! It was seen of other objects, or at another time, so that this is a guess: whoever relies on it checks each value.

use super::items;
use crate::{
    analysis::fact::{Fact, Kind},
    inspect::{defined_by, op_name, str_attribute, string, value_key},
    modes::{Mode, Parameter},
};
use melior::ir::{
    BlockLike, OperationRef, RegionLike, attribute::ArrayAttribute, operation::OperationLike,
};
use std::collections::HashMap;
use stepwell_dialects::ir::uses;

/// The kinds of numbers behind names.
#[derive(Debug, Default)]
pub(super) struct Named {
    attributes: HashMap<String, Kind>,
    methods: HashMap<String, Kind>,
    free: HashMap<String, Kind>,
    /// The instance that the function begins, by address.
    first: Option<usize>,
}

impl Named {
    /// Reads what is known, in a function that takes what it gets.
    pub(super) fn new(function: OperationRef) -> Self {
        if !takes_actual(function) {
            return Self::default();
        }
        Self {
            attributes: kinds(function, "py.attributes"),
            methods: kinds(function, "py.methods"),
            free: kinds(function, "py.free"),
            first: begun(function),
        }
    }

    /// What an attribute of that name most likely is.
    pub(super) fn attribute(&self, name: &str) -> Option<Kind> {
        let kind = self.attributes.get(name).copied();
        kind.filter(|kind| items::is_native_item(*kind))
    }

    /// What an attribute of that name most likely is that `op` stores. One that begins an instance has nothing to replace.
    pub(super) fn stored(&self, op: OperationRef, name: &str) -> Option<Kind> {
        let begins = self.first.is_some() && op.operand(0).ok().map(value_key) == self.first;
        self.attribute(name).filter(|_| !begins)
    }

    /// What the variable most likely is that an op loads from a cell or stores there.
    pub(super) fn free(&self, op: OperationRef) -> Option<Kind> {
        let name = match op_name(op) {
            "py.load_deref" => str_attribute(op, "name")?.to_owned(),
            _ => variable(op)?,
        };
        let kind = self.free.get(&name).copied();
        kind.filter(|kind| items::is_native_item(*kind))
    }

    /// What a call of a method most likely yields.
    pub(super) fn result_of_call(&self, call: OperationRef) -> Option<Kind> {
        (!call.has_attribute("kwnames")).then_some(())?;
        let method = defined_by(call.operand(0).ok()?, "py.load_method")?;
        self.methods.get(str_attribute(method, "name")?).copied()
    }
}

/// The name of the free variable whose cell an op stores to.
fn variable(op: OperationRef) -> Option<String> {
    let cell = op.operand(0).ok()?;
    defined_by(cell, "py.load_closure")?;
    uses(cell).into_iter().find_map(|(user, _)| {
        let loads = matches!(op_name(user), "py.load_deref" | "py.store_local");
        loads.then(|| str_attribute(user, "name").map(str::to_owned))?
    })
}

/// The first parameter of an `__init__`.
fn begun(function: OperationRef) -> Option<usize> {
    let name = str_attribute(function, "py.qualname")?;
    (name == "__init__" || name.ends_with(".__init__")).then_some(())?;
    let entry = function.region(0).ok()?.first_block()?;
    Some(value_key(entry.argument(0).ok()?.into()))
}

/// Whether guesses are made in a function at all.
pub(crate) fn guesses(function: OperationRef) -> bool {
    takes_actual(function) && !function.has_attribute("py.no_guesses")
}

fn takes_actual(function: OperationRef) -> bool {
    let mode = str_attribute(function, "py.mode").and_then(Mode::named);
    mode.is_none_or(|mode| mode.parameter == Parameter::Actual)
}

/// What an attribute of the function says: names, each with a kind.
pub(super) fn kinds(function: OperationRef, attribute: &str) -> HashMap<String, Kind> {
    let rows = function.attribute(attribute).ok();
    let rows = rows.and_then(|rows| ArrayAttribute::try_from(rows).ok());
    let rows = rows.map(|rows| (0..rows.len()).map(move |index| rows.element(index)));
    rows.into_iter()
        .flatten()
        .filter_map(|row| {
            let (name, kind) = string(row.ok()?)?.split_once(' ')?;
            Some((name.to_owned(), kind.parse::<Fact>().ok()?.kind))
        })
        .filter(|(_, kind)| kind.is_native())
        .collect()
}
