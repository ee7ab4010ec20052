//! What is noted on ops that have no native result.

use super::Flow;
use crate::{
    analysis::fact::{Fact, Kind},
    inspect::{op_name, str_attribute},
    transform::infer_types::items,
};
use melior::ir::{BlockRef, OperationRef, operation::OperationLike};
use stepwell_dialects::ir::operations;

impl<'c, 'a> Flow<'c, 'a> {
    /// Notes what is done with sequences and has no native result: subscripts that assign a number to one that most likely
    /// holds such numbers, and those that yield another sequence. And lengths, which need no number to be guessed.
    pub(super) fn note_items(&mut self, order: &[BlockRef<'c, 'a>]) {
        let all: Vec<_> = order.iter().flat_map(|block| operations(*block)).collect();
        for op in all {
            let noted = match op_name(op) {
                "py.store_subscr" => self.stored_item(op),
                "py.store_attr" => self.stored_attribute(op),
                "py.store_deref" => self.stored_variable(op),
                "py.load_subscr" => self.nested_item(op),
                "py.call" if self.is_length_of_sequence(op) => Some(Kind::Int),
                "py.contains" if self.looks_for_number(op) => Some(Kind::Bool),
                _ => None,
            };
            if let Some(kind) = noted {
                self.facts.note(op, Fact::of(kind));
            }
        }
    }

    fn stored_item(&self, op: OperationRef<'c, 'a>) -> Option<Kind> {
        let item = self.sequences.guess(op);
        let item = item.filter(|kind| items::is_native_item(*kind))?;
        let value = self.facts.seen(op.operand(2).ok()?);
        let is_list = !matches!(self.operand(op, 0), Kind::Array(_));
        (value == Fact::of(item) && self.operand(op, 1).is_integer() && is_list).then_some(item)
    }

    /// The number that a `py.store_attr` assigns to what most likely is such a number.
    fn stored_attribute(&self, op: OperationRef<'c, 'a>) -> Option<Kind> {
        let kind = self.named.stored(op, str_attribute(op, "name")?)?;
        let value = self.facts.seen(op.operand(1).ok()?);
        (value == Fact::of(kind) && self.operand(op, 0) == Kind::Object).then_some(kind)
    }

    /// The number that a `py.store_deref` assigns to what most likely is such a number.
    fn stored_variable(&self, op: OperationRef<'c, 'a>) -> Option<Kind> {
        let kind = self.named.free(op)?;
        let value = self.facts.seen(op.operand(1).ok()?);
        (value == Fact::of(kind)).then_some(kind)
    }

    fn nested_item(&self, op: OperationRef<'c, 'a>) -> Option<Kind> {
        let nested = self.operand(op, 0) != Kind::Never && self.sequences.is_nested(op);
        let is_object = !matches!(self.operand(op, 0), Kind::Array(_));
        (nested && is_object && self.operand(op, 1).is_integer()).then_some(Kind::Object)
    }
}
