//! What attributes of objects, and methods by their names, are known to have yielded.
//!
//! It was seen of other objects, or at another time, so that this is a guess: whoever relies on it checks each value.

use super::items;
use crate::{
    analysis::{
        cfg::Cfg,
        fact::{Fact, Kind},
    },
    collections::HashMap,
    inspect::{defined_by, int_attribute, op_name, str_attribute, string, value_key},
    modes::{Mode, Parameter},
    transform::inline_generators::INLINED,
};
use melior::{
    Context,
    ir::{
        Attribute, BlockLike, OperationRef, RegionLike,
        attribute::ArrayAttribute,
        operation::{OperationLike, OperationMutLike, OperationRefMut},
    },
};
use stepwell_dialects::ir::{operations, uses};

/// What an instruction of baseline code has always met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) kind: Kind,
    /// Whether it was always taken from a list or tuple.
    pub(super) in_sequence: bool,
}

/// The kinds of numbers behind names, and at instructions.
#[derive(Debug, Default)]
pub(super) struct Named {
    attributes: HashMap<String, Kind>,
    methods: HashMap<String, Kind>,
    free: HashMap<String, Kind>,
    seen: HashMap<(i64, usize), Seen>,
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
            seen: seen(function),
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

    /// The number that an instruction has always yielded.
    pub(super) fn seen(&self, op: OperationRef) -> Option<Seen> {
        self.seen_result(op, 0)
    }

    /// The number that one of the results of an instruction has always been.
    pub(super) fn seen_result(&self, op: OperationRef, number: usize) -> Option<Seen> {
        let seen = self.met(op, number);
        seen.filter(|seen| seen.kind.is_native() && !op.has_attribute("kwnames"))
    }

    /// The array that an instruction has always yielded.
    pub(super) fn seen_array(&self, op: OperationRef) -> Option<Kind> {
        let seen = self.met(op, 0).filter(|_| !self.seen.is_empty())?;
        matches!(seen.kind, Kind::Array(_)).then_some(seen.kind)
    }

    fn met(&self, op: OperationRef, number: usize) -> Option<Seen> {
        // An inlined body has the offsets of the call.
        (!op.has_attribute(INLINED)).then_some(())?;
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let state = defined_by(state, "py.frame_state")?;
        let offset = int_attribute(state, "offset")?;
        self.seen.get(&(offset, number)).copied()
    }

    /// What a call of a method most likely yields.
    pub(super) fn result_of_call(&self, call: OperationRef) -> Option<Kind> {
        (!call.has_attribute("kwnames")).then_some(())?;
        let method = defined_by(call.operand(0).ok()?, "py.load_method")?;
        self.methods.get(str_attribute(method, "name")?).copied()
    }
}

/// Says of instructions that met numbers from something else than lists and tuples that they did.
pub(super) fn mark_elsewhere<'c>(
    context: &'c Context,
    function: OperationRef<'c, '_>,
    cfg: &Cfg<'c, '_>,
) {
    let named = Named::new(function);
    if named.seen.is_empty() {
        return;
    }
    for op in cfg.blocks().flat_map(operations) {
        let takes = matches!(op_name(op), "py.for_iter" | "py.load_subscr");
        if takes && named.seen(op).is_some_and(|seen| !seen.in_sequence) {
            // SAFETY: the op is alive, and nobody else holds a reference to it that would see the change.
            let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
            op.set_discardable_attribute(items::ELSEWHERE, Attribute::unit(context));
        }
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
    let row = |(name, kind): (&str, &str)| Some((name.to_owned(), number(kind)?));
    rows(function, attribute)
        .into_iter()
        .filter_map(row)
        .collect()
}

/// What the function says of its instructions: an offset and the number of a result, with a kind or an array, and perhaps the word
/// `sequence`.
fn seen(function: OperationRef) -> HashMap<(i64, usize), Seen> {
    let row = |(place, rest): (&str, &str)| {
        let (offset, result) = place.split_once(':')?;
        let from_sequence = rest.strip_suffix(" sequence");
        let kind = from_sequence.unwrap_or(rest);
        let array = kind.parse().map(Kind::Array).ok();
        let seen = Seen {
            kind: array.or_else(|| number(kind))?,
            in_sequence: from_sequence.is_some(),
        };
        Some(((offset.parse().ok()?, result.parse().ok()?), seen))
    };
    rows(function, "py.seen")
        .into_iter()
        .filter_map(row)
        .collect()
}

fn number(word: &str) -> Option<Kind> {
    let kind = word.parse::<Fact>().ok()?.kind;
    kind.is_native().then_some(kind)
}

/// The rows of an attribute of the function, each with its first word apart.
fn rows<'c>(function: OperationRef<'c, '_>, attribute: &str) -> Vec<(&'c str, &'c str)> {
    let rows = function.attribute(attribute).ok();
    let rows = rows.and_then(|rows| ArrayAttribute::try_from(rows).ok());
    let rows = rows.map(|rows| (0..rows.len()).map(move |index| rows.element(index)));
    rows.into_iter()
        .flatten()
        .filter_map(|row| string(row.ok()?)?.split_once(' '))
        .collect()
}
