//! Lists and tuples that are taken apart, and were guessed to have numbers among their items.
//!
//! ```mlir
//! // before
//! %1:2 = py.unpack_sequence %x at %s {py.parts = ["f64", "object"]} : !py.object, !py.object
//! // after
//! %ok, %items, %n = py.sequence %x as "sequence"
//! num.guard %ok at %s "expected a list or tuple"
//! num.guard %is_two at %s "expected 2 items"
//! %is_float, %v = py.read_item %x, %items[%c0] : f64
//! num.guard %is_float at %s "expected a float"
//! %o = py.load_item %x, %items[%c1]
//! ```
//!
//! Nothing has happened where one of the guards leaves. Where a number is needed as the object that it is, the op stays, and
//! its results are checked behind it.

use super::{Lowering, Native, sequences::noun};
use crate::{
    analysis::{fact::Kind, tuples::unpacked},
    builder::CmpiPredicate,
    inspect::{result, value_key},
};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_dialects::ir::replace_uses;

impl<'c, 'a> Lowering<'c, 'a> {
    /// Takes a sequence apart natively; `None` if no number is expected in it.
    pub(super) fn unpack_items(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let values = unpacked(op);
        let items: Vec<_> = values
            .into_iter()
            .map(|value| (value, self.facts.get(value)))
            .map(|(value, fact)| (value, fact.is_native().then_some(fact.kind)))
            .collect();
        let mut numbers = items.iter().filter(|(_, kind)| kind.is_some());
        numbers.next()?;
        let is_needed = |(value, kind): &(Value<'c, 'a>, Option<Kind>)| {
            kind.is_some() && self.is_object_needed(*value)
        };
        if items.iter().any(is_needed) {
            self.expect_items(op, &items);
            return Some(());
        }
        let state = op.operand(1).ok()?;
        let (object, first) = self.sequence_of(op, items.len(), state)?;
        for (index, (value, kind)) in items.iter().enumerate() {
            if let Some(kind) = kind {
                let place = [object, first, self.builder(op).int(index as i64)];
                let results = [self.types.i1, kind.native_type(&self.types)?];
                let read = self.builder(op).op("py.read_item", &place, &results, &[]);
                self.expect_that(op, result(read, 0)?, state, noun(*kind)?);
                let number = Native::new(*kind, result(read, 1)?);
                self.natives.insert(value_key(*value), number);
            }
        }
        for (index, (value, kind)) in items.iter().enumerate() {
            if kind.is_none() {
                let builder = self.builder(op);
                let place = [object, first, builder.int(index as i64)];
                replace_uses(
                    *value,
                    builder.value("py.load_item", &place, self.types.object),
                );
            }
        }
        self.unpack_is_done(op, items.len());
        Some(())
    }

    /// A list or tuple of so many items, and where the first is.
    fn sequence_of(
        &self,
        op: OperationRef<'c, 'a>,
        count: usize,
        state: Value<'c, 'a>,
    ) -> Option<(Value<'c, 'a>, Value<'c, 'a>)> {
        let builder = self.builder(op);
        let object = self.object(op.operand(0).ok()?, &builder);
        let kind = [("kind", self.word("sequence"))];
        let results = [self.types.i1, self.types.i64, self.types.i64];
        let sequence = builder.op("py.sequence", &[object], &results, &kind);
        self.expect_that(op, result(sequence, 0)?, state, "a list or tuple");
        let wanted = builder.int(count as i64);
        let fits = builder.cmpi(CmpiPredicate::Eq, result(sequence, 2)?, wanted);
        self.expect_that(op, fits, state, &format!("{count} items"));
        Some((object, result(sequence, 1)?))
    }
}
