//! Items of lists and tuples that were guessed to be numbers.
//!
//! ```mlir
//! // before
//! %v = py.load_subscr %x, %i at %s {py.type = "f64"}
//! // after
//! %ok, %items, %n = py.sequence %x as "sequence"
//! num.guard %ok at %s "expected a list or tuple"
//! %k = num.index %i in %n at %s {reason = "expected an index within the sequence"}
//! %is_float, %v = py.read_item %x, %items[%k] : f64
//! num.guard %is_float at %s "expected a float"
//! ```
//!
//! Nothing has happened where one of the guards leaves: the interpreter takes the item, or raises. An item that is needed
//! as an object stays one: it has to be that very object.

use super::{Lowering, expectations::Stored};
use crate::{
    analysis::{
        arrays::length_of,
        expectations::place,
        fact::{Fact, Kind},
        numbers::constructor,
    },
    builder::CmpfPredicate,
    inspect::{defining_op, op_name, result},
    transform::infer_types::is_read_natively,
};
use melior::ir::{OperationRef, Value, operation::OperationLike};
use stepwell_abi::GUESS;
use stepwell_dialects::ir::{has_uses, replace_uses, uses};

impl<'c, 'a> Lowering<'c, 'a> {
    /// Reads an item natively. False if it is no number, or needed as an object.
    pub(super) fn load_item(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.read_item(op).is_some()
    }

    fn read_item(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let kind = self.native_kind(op)?;
        let expected = noun(kind)?;
        let stays = self.needs_object(op) && place(op).is_some();
        let by_index = self.facts.get(op.operand(1).ok()?).kind.is_integer();
        if !by_index || stays || !is_read_natively(op) {
            return None;
        }
        let state = op.operand(2).ok()?;
        let place = self.item(op, "sequence", state)?;
        let results = [self.types.i1, kind.native_type(&self.types)?];
        let read = self.builder(op).op("py.read_item", &place, &results, &[]);
        self.expect_that(op, result(read, 0)?, state, expected);
        let value = result(read, 1)?;
        self.replace(op, kind, value);
        Some(())
    }

    /// Takes an item that is a sequence itself, as the object that it is.
    pub(super) fn load_nested(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.take_item(op).is_some()
    }

    fn take_item(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        self.facts.noted(op).filter(|fact| *fact == Fact::OBJECT)?;
        let state = op.operand(2).ok()?;
        let place = self.item(op, "sequence", state)?;
        let taken = self
            .builder(op)
            .value("py.load_item", &place, self.types.object);
        replace_uses(result(op, 0)?, taken);
        self.never_raises(op);
        self.dead.push(op);
        Some(())
    }

    /// Takes the next number of an iterator natively. False if it is none, or needed as an object.
    pub(super) fn iterate(&mut self, op: OperationRef<'c, 'a>) -> bool {
        self.next_item(op).is_some()
    }

    fn next_item(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let kind = self.native_kind(op)?;
        let expected = noun(kind).filter(|_| is_read_natively(op))?;
        if self.needs_object(op) && place(op).is_some() {
            return None;
        }
        let state = op.operand(1).ok()?;
        let builder = self.builder(op);
        let i1 = self.types.i1;
        let results = [i1, i1, kind.native_type(&self.types)?];
        let next = builder.op("py.next_item", &[op.operand(0).ok()?], &results, &[]);
        let (ok, ended) = (result(next, 0)?, result(next, 1)?);
        let either = builder.value("arith.ori", &[ok, ended], i1);
        self.expect_that(
            op,
            either,
            state,
            &format!("{expected} from a list or tuple"),
        );
        replace_uses(result(op, 1)?, ended);
        self.replace(op, kind, result(next, 2)?);
        Some(())
    }

    /// `len` of a list or tuple; the callee is checked, since the global can be anything.
    pub(super) fn sequence_length(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        self.facts.noted(op)?;
        let of = length_of(op)?;
        let state = op.operand(op.operand_count() - 1).ok()?;
        let builder = self.builder(op);
        let symbol = [("symbol", self.word("builtin len"))];
        let guard = [op.operand(0).ok()?, state];
        builder.op("py.guard_identity", &guard, &[], &symbol);
        let (i1, i64) = (self.types.i1, self.types.i64);
        let kind = [("kind", self.word("sequence"))];
        let object = self.object(of, &builder);
        let sequence = builder.op("py.sequence", &[object], &[i1, i64, i64], &kind);
        self.expect_that(op, result(sequence, 0)?, state, "a list or tuple");
        self.replace(op, Kind::Int, result(sequence, 2)?);
        Some(())
    }

    /// Writes an item natively.
    pub(super) fn store_item(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let number = self.stored(op, op.operand(2).ok()?)?;
        let state = op.operand(3).ok()?;
        let place = self.item(op, "list", state)?;
        let builder = self.builder(op);
        self.expect_no_nan(op, &number, state);
        let operands = [&[number.value], &place[..]].concat();
        let write = builder.op("py.write_item", &operands, &[self.types.i1], &[]);
        self.expect_that(op, result(write, 0)?, state, "a number in the list");
        if let Some(raised) = result(op, 0).filter(|raised| has_uses(*raised)) {
            replace_uses(raised, self.builder(op).bool(false));
        }
        self.dead.push(op);
        Some(())
    }

    /// The operands that say where an item is, behind the guards for the sequence and the index.
    fn item(
        &self,
        op: OperationRef<'c, 'a>,
        kind: &str,
        state: Value<'c, 'a>,
    ) -> Option<[Value<'c, 'a>; 3]> {
        let index = self.number(op, 1, Kind::Int)?;
        let builder = self.builder(op);
        let object = self.object(op.operand(0).ok()?, &builder);
        let (i1, i64) = (self.types.i1, self.types.i64);
        let attributes = [("kind", self.word(kind))];
        let sequence = builder.op("py.sequence", &[object], &[i1, i64, i64], &attributes);
        let expected = match kind {
            "list" => "a list",
            _ => "a list or tuple",
        };
        self.expect_that(op, result(sequence, 0)?, state, expected);
        let reason = format!("{GUESS}an index within the sequence");
        let operands = [index, result(sequence, 2)?, state];
        let attributes = [("reason", self.word(&reason))];
        let inside = builder.op("num.index", &operands, &[i64], &attributes);
        Some([object, result(sequence, 1)?, result(inside, 0)?])
    }

    pub(super) fn expect_that(
        &self,
        op: OperationRef<'c, 'a>,
        condition: Value<'c, 'a>,
        state: Value<'c, 'a>,
        what: &str,
    ) {
        self.guard(op, condition, state, &format!("{GUESS}{what}"));
    }

    /// Containers look for an object first, and a NaN is equal to nothing: where it goes from one to another it has to stay
    /// the same object.
    pub(super) fn expect_no_nan(
        &self,
        op: OperationRef<'c, 'a>,
        number: &Stored<'c, 'a>,
        state: Value<'c, 'a>,
    ) {
        if number.kind != Kind::Float || is_computed(number.object) {
            return;
        }
        let value = number.value;
        let equal = self.builder(op).cmpf(CmpfPredicate::Oeq, value, value);
        self.expect_that(op, equal, state, "a number that is equal to itself");
    }

    /// Whether something takes the result of an op that is no matter of numbers.
    pub(super) fn needs_object(&self, op: OperationRef<'c, 'a>) -> bool {
        result(op, 0).is_some_and(|value| self.is_object_needed(value))
    }

    /// Whether something takes a value that is no matter of numbers.
    pub(super) fn is_object_needed(&self, value: Value<'c, 'a>) -> bool {
        uses(value)
            .into_iter()
            .any(|(user, operand)| match op_name(user) {
                "py.call" => !self.takes_numbers(user),
                // It moves to another place, as the object that it is.
                "py.store_subscr" if operand == 2 => true,
                name => !NUMERIC.contains(&name) && !name.starts_with("cf."),
            })
    }

    fn takes_numbers(&self, call: OperationRef<'c, 'a>) -> bool {
        constructor(call).is_some()
            || self.is_counted(call)
            || self.is_call_of_this(call)
            || self.facts.noted(call).is_some()
            || self.native_kind(call).is_some()
                && call
                    .operand(0)
                    .is_ok_and(|callee| self.known.path(callee).is_some())
    }
}

/// What computes with numbers, passes them on, or makes an object of them only where compiled code leaves.
const NUMERIC: [&str; 9] = [
    "py.binary",
    "py.check_bound",
    "py.compare",
    "py.frame_state",
    "py.load_subscr",
    "py.store_local",
    "py.store_subscr",
    "py.truth",
    "py.unary",
];

/// Whether a value is a new number, which nobody can have seen as an object.
fn is_computed(value: Value) -> bool {
    let names = ["py.binary", "py.unary", "py.call", "py.constant"];
    defining_op(value).is_some_and(|op| names.contains(&op_name(op)))
}

/// What a guard expects an item to be.
pub(super) fn noun(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Int => Some("an int of 64 bits"),
        Kind::Float => Some("a float"),
        Kind::Bool => Some("a bool"),
        _ => None,
    }
}
