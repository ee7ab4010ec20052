//! Arithmetic as ops, in front of strips and inside.

use crate::cursor::Cursor;
use melior::ir::{
    Attribute, Value,
    attribute::{FloatAttribute, IntegerAttribute},
};

/// Computes on integers at a place.
pub struct Numbers<'k, 'c, 'a>(pub &'k Cursor<'c, 'a>);

impl<'c, 'a> Numbers<'_, 'c, 'a> {
    /// A constant.
    pub fn int(&self, value: i64) -> Value<'c, 'a> {
        let r#type = self.0.types.i64;
        let value: Attribute = IntegerAttribute::new(r#type, value).into();
        self.0
            .value("arith.constant", &[], r#type, &[("value", value)])
    }

    /// An op of `arith` on two integers.
    pub fn op(&self, name: &str, left: Value<'c, 'a>, right: Value<'c, 'a>) -> Value<'c, 'a> {
        self.0.value(name, &[left, right], self.0.types.i64, &[])
    }

    /// A comparison, by the number of its predicate.
    pub fn compare(
        &self,
        predicate: Predicate,
        left: Value<'c, 'a>,
        right: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let predicate = IntegerAttribute::new(self.0.types.i64, predicate as i64).into();
        let attributes = [("predicate", predicate)];
        self.0
            .value("arith.cmpi", &[left, right], self.0.types.i1, &attributes)
    }

    /// Whether both conditions hold.
    pub fn both(&self, left: Value<'c, 'a>, right: Value<'c, 'a>) -> Value<'c, 'a> {
        self.0
            .value("arith.andi", &[left, right], self.0.types.i1, &[])
    }

    /// Whether an absolute value is at most `limit`, which is positive.
    pub fn is_within(&self, value: Value<'c, 'a>, limit: i64) -> Value<'c, 'a> {
        let shifted = self.op("arith.addi", value, self.int(limit));
        self.compare(Predicate::Ule, shifted, self.int(2 * limit))
    }
}

/// Comparisons of integers, as `arith.cmpi` numbers them.
#[derive(Clone, Copy)]
pub enum Predicate {
    Eq = 0,
    Slt = 2,
    Sgt = 4,
    Ult = 6,
    Ule = 7,
}

/// A constant condition.
pub fn flag<'c, 'a>(cursor: &Cursor<'c, 'a>, value: bool) -> Value<'c, 'a> {
    let i1 = cursor.types.i1;
    let value = IntegerAttribute::new(i1, i64::from(value)).into();
    cursor.value("arith.constant", &[], i1, &[("value", value)])
}

/// Quotient and remainder by a positive constant, as Python rounds.
pub fn floored<'c, 'a>(
    numbers: &Numbers<'_, 'c, 'a>,
    value: Value<'c, 'a>,
    by: i64,
) -> (Value<'c, 'a>, Value<'c, 'a>) {
    let by = numbers.int(by);
    let zero = numbers.int(0);
    let quotient = numbers.op("arith.divsi", value, by);
    let remainder = numbers.op("arith.remsi", value, by);
    let i64 = numbers.0.types.i64;
    let down = numbers.compare(Predicate::Slt, remainder, zero);
    let select = |yes, no| numbers.0.value("arith.select", &[down, yes, no], i64, &[]);
    let lower = numbers.op("arith.subi", quotient, numbers.int(1));
    let higher = numbers.op("arith.addi", remainder, by);
    (select(lower, quotient), select(higher, remainder))
}

/// `arith.cmpf`'s numbers of "equal" and "not less than, or unordered".
const OEQ: i64 = 1;
const UGE: i64 = 10;

/// Whether a float is zero.
pub fn is_zero<'c, 'a>(cursor: &Cursor<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    compare_floats(cursor, OEQ, value, float(cursor, 0.0))
}

fn compare_floats<'c, 'a>(
    cursor: &Cursor<'c, 'a>,
    predicate: i64,
    left: Value<'c, 'a>,
    right: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let predicate = IntegerAttribute::new(cursor.types.i64, predicate).into();
    let attributes = [("predicate", predicate)];
    cursor.value("arith.cmpf", &[left, right], cursor.types.i1, &attributes)
}

fn float<'c, 'a>(cursor: &Cursor<'c, 'a>, value: f64) -> Value<'c, 'a> {
    let f64 = cursor.types.f64;
    let value = FloatAttribute::new(cursor.context, f64, value).into();
    cursor.value("arith.constant", &[], f64, &[("value", value)])
}

/// Whether a float is infinite or no number.
pub fn not_finite<'c, 'a>(cursor: &Cursor<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    let size = cursor.value("math.absf", &[value], cursor.types.f64, &[]);
    compare_floats(cursor, UGE, size, float(cursor, f64::INFINITY))
}
