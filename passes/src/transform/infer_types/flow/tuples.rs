//! Tuples of numbers, and constants.

use super::{
    super::{items::is_native_item, named::Seen},
    Flow,
};
use crate::{
    analysis::{
        arrays, expectations,
        fact::Kind,
        literals::{Literal, Number, literal_of},
        operators,
        tuples::{self, Item},
    },
    inspect::{defined_by, integer_constant, op_key, op_name, result, str_attribute},
};
use melior::ir::{
    Attribute, OperationRef, Value, attribute::AttributeLike, operation::OperationLike,
};

impl<'c, 'a> Flow<'c, 'a> {
    /// The items of what is unpacked, where they are known to be numbers.
    pub(super) fn unpacked(&self, op: OperationRef<'c, 'a>) -> Vec<Kind> {
        if op_name(op) != "py.unpack_sequence" {
            return Vec::new();
        }
        let known = || {
            let tuple = op.operand(0).ok()?;
            matches!(self.operand(op, 0), Kind::Tuple | Kind::Never).then_some(())?;
            let items = tuples::items(&self.known, tuple)?;
            let is_part = matches!(items.first(), Some(Item::Part(..)));
            let is_taken = self.is_strict || is_part && tuples::is_unseen(tuple);
            let same = items.len() == tuples::unpacked(op).len();
            let kinds: Vec<_> = items.iter().map(|item| self.item(item)).collect();
            let are_numbers = kinds
                .iter()
                .all(|kind| kind.is_native() || *kind == Kind::Never);
            (is_taken && same && are_numbers).then_some(kinds)
        };
        known()
            .or_else(|| self.axes(op))
            .or_else(|| self.guessed_items(op))
            .unwrap_or_default()
    }

    /// The lengths that the `shape` of an array is taken apart into.
    fn axes(&self, op: OperationRef<'c, 'a>) -> Option<Vec<Kind>> {
        let attribute = defined_by(op.operand(0).ok()?, "py.load_attr")?;
        let array = attribute.operand(0).ok()?;
        let count = tuples::unpacked(op).len();
        let kind = match self.operand(op, 0) {
            Kind::Shape(of) if usize::from(of.rank) == count => Kind::Int,
            Kind::Never if str_attribute(attribute, "name") == Some("shape") => Kind::Never,
            _ => return None,
        };
        arrays::first_state(&self.types, array)?;
        Some(vec![kind; count])
    }

    /// What a list or tuple is most likely taken apart into, if there are numbers among it.
    fn guessed_items(&self, op: OperationRef<'c, 'a>) -> Option<Vec<Kind>> {
        let is_object = matches!(self.operand(op, 0), Kind::Object | Kind::List | Kind::Tuple);
        let kinds = self.sequences.unpacked(op);
        let kinds = kinds
            .or_else(|| self.seen_items(op))
            .filter(|_| is_object)?;
        let has_numbers = kinds.iter().any(|kind| kind.is_native());
        let has_place = expectations::place(op).is_some();
        (has_numbers && has_place).then_some(kinds)
    }

    /// What lists and tuples were always taken apart into.
    fn seen_items(&self, op: OperationRef<'c, 'a>) -> Option<Vec<Kind>> {
        let count = tuples::unpacked(op).len();
        let seen: Vec<_> = (0..count)
            .map(|number| self.named.seen_result(op, number))
            .collect();
        let from_sequences = seen.iter().flatten().all(|seen| seen.in_sequence);
        let kind = |seen: Option<Seen>| {
            let kind = seen.map(|seen| seen.kind);
            kind.filter(|kind| is_native_item(*kind))
                .unwrap_or(Kind::Object)
        };
        from_sequences.then(|| seen.into_iter().map(kind).collect())
    }

    fn item(&self, item: &Item<'c, 'a>) -> Kind {
        tuples::kind_of_item(&self.known, item, &|value| self.usable(value))
    }

    /// The items of a tuple that may be chosen from, if they are known. They are of one kind, or have no native form.
    fn one_of(&self, tuple: Value<'c, 'a>) -> Option<Kind> {
        let counts = self.is_strict || tuples::has_small_integers(tuple);
        let items = tuples::items(&self.known, tuple).filter(|_| counts)?;
        let kinds = items.iter().map(|item| self.item(item));
        Some(kinds.fold(Kind::Never, Kind::meet))
    }

    /// Whether a `py.get_iter` belongs to a loop over a tuple of numbers or an array.
    pub(super) fn iterates(&self, get_iter: OperationRef<'c, 'a>) -> bool {
        let mut loops = self.sequence_loops.values();
        let found = loops.find(|found| found.get_iter == get_iter);
        found.is_some_and(|found| {
            self.row_of_numbers(found.sequence).is_some() || self.one_of(found.sequence).is_some()
        })
    }

    /// The kind of the elements of an array of one dimension.
    fn row_of_numbers(&self, sequence: Value<'c, 'a>) -> Option<Kind> {
        match self.usable(sequence) {
            Kind::Array(array) if arrays::is_row(array) => Some(arrays::item(array)),
            _ => None,
        }
    }

    /// What a loop takes from a tuple or an array; `None` for a loop over something else.
    pub(super) fn iterated(&self, for_iter: OperationRef<'c, 'a>) -> Option<Kind> {
        let found = self.sequence_loops.get(&op_key(for_iter))?;
        let element = self.row_of_numbers(found.sequence);
        element.or_else(|| {
            Some(self.chosen(for_iter, found.sequence)).filter(|_| self.iterates(found.get_iter))
        })
    }

    fn chosen(&self, for_iter: OperationRef<'c, 'a>, tuple: Value<'c, 'a>) -> Kind {
        match self.one_of(tuple) {
            Some(kind) if kind.is_number() || kind == Kind::Never => kind,
            Some(Kind::Tuple) if result(for_iter, 0).is_some_and(tuples::is_taken_apart) => {
                let is_known = tuples::rows(&self.known, for_iter).is_some();
                if is_known { Kind::Tuple } else { Kind::Object }
            }
            _ => Kind::Object,
        }
    }

    /// An item of a tuple, by a subscript.
    pub(super) fn tuple_item(&self, op: OperationRef<'c, 'a>) -> Option<Kind> {
        let tuple = op.operand(0).ok().filter(|_| self.is_strict)?;
        let items = tuples::items(&self.known, tuple)?;
        if let Some(index) = integer_constant(op.operand(1).ok()?) {
            return Some(self.item(&items[tuples::place(index, items.len())?]));
        }
        match self.operand(op, 1) {
            Kind::Int | Kind::Bool => self.one_of(tuple).filter(|kind| kind.is_number()),
            Kind::Never => Some(Kind::Never),
            _ => None,
        }
    }

    /// Whether an op looks for a number in a tuple of numbers.
    pub(super) fn looks_for_number(&self, op: OperationRef<'c, 'a>) -> bool {
        let items = op.operand(1).ok().filter(|_| self.is_strict);
        let items = items.and_then(|tuple| tuples::items(&self.known, tuple));
        let wanted = self.operand(op, 0);
        let compares = |item: Kind| {
            let numbers = wanted.is_number() && item.is_number();
            numbers && operators::compare(true, wanted, item) == Kind::Bool
        };
        items.is_some_and(|items| items.iter().all(|item| compares(self.item(item))))
    }

    /// What a function of tuples yields.
    pub(super) fn on_tuples(&self, op: OperationRef<'c, 'a>) -> Option<Kind> {
        let call = tuples::call_on_tuples(&self.known, op).filter(|_| self.is_strict)?;
        let kinds = |tuple: &Value<'c, 'a>| {
            let items = tuples::items(&self.known, *tuple).unwrap_or_default();
            items.iter().map(|item| self.item(item)).collect()
        };
        let lists: Vec<Vec<_>> = call.tuples.iter().map(kinds).collect();
        let start = call.start.map(|start| self.usable(start));
        Some(tuples::reduced(&call.path, &lists, start))
    }

    /// What a function that returns a tuple of numbers yields; `None` for another function.
    pub(super) fn parts(&self, op: OperationRef<'c, 'a>, kinds: &[Kind]) -> Option<Option<Kind>> {
        tuples::row_of_parts(&self.known, op, kinds)?;
        let is_unseen = result(op, 0).is_some_and(tuples::is_unseen);
        Some((self.is_strict || is_unseen).then_some(Kind::Tuple))
    }

    pub(super) fn constant(&self, op: OperationRef<'c, 'a>) -> Kind {
        op.attribute("value")
            .map_or(Kind::Object, |value| self.constant_kind(value))
    }

    /// The kind that the `value` of a `py.constant` tells.
    pub(super) fn constant_kind(&self, value: Attribute<'c>) -> Kind {
        if value.is_unit() {
            Kind::None
        } else if value.is_string() {
            Kind::Str
        } else if value.is_array() {
            Kind::Complex
        } else if value.is_dictionary() {
            match literal_of(value).filter(|_| self.is_strict) {
                Some(Literal::Tuple(_)) => Kind::Tuple,
                Some(Literal::Number(Number::Int(long))) if self.numbers.holds(long) => Kind::Int,
                _ => Kind::Object,
            }
        } else {
            Kind::of_type(&self.types, value.r#type())
        }
    }
}
