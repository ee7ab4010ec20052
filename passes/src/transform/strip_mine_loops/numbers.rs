//! Arithmetic as ops, in front of strips and inside.

use crate::{
    builder::{Builder, CmpfPredicate, CmpiPredicate},
    cursor::Cursor,
};
use melior::ir::Value;
use std::ops::Deref;

/// Computes on integers and floats at a place.
pub struct Numbers<'c, 'a>(Builder<'c, 'a>);

impl<'c, 'a> Deref for Numbers<'c, 'a> {
    type Target = Builder<'c, 'a>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<'c, 'a> Numbers<'c, 'a> {
    /// At the cursor's place.
    pub fn at(cursor: &Cursor<'c, 'a>) -> Self {
        Self(Builder::at(*cursor))
    }

    /// An op on two integers of 64 bits.
    pub fn i64(&self, name: &str, left: Value<'c, 'a>, right: Value<'c, 'a>) -> Value<'c, 'a> {
        self.value(name, &[left, right], self.types().i64)
    }

    /// An op on two conditions.
    pub fn i1(&self, name: &str, left: Value<'c, 'a>, right: Value<'c, 'a>) -> Value<'c, 'a> {
        self.value(name, &[left, right], self.types().i1)
    }

    /// Whether an absolute value is at most `limit`, which is positive.
    pub fn is_within(&self, value: Value<'c, 'a>, limit: i64) -> Value<'c, 'a> {
        let shifted = self.i64("arith.addi", value, self.int(limit));
        self.cmpi(CmpiPredicate::Ule, shifted, self.int(2 * limit))
    }

    /// Quotient and remainder by a positive constant, as Python rounds.
    pub fn floored(&self, value: Value<'c, 'a>, by: i64) -> (Value<'c, 'a>, Value<'c, 'a>) {
        let by = self.int(by);
        let quotient = self.i64("arith.divsi", value, by);
        let remainder = self.i64("arith.remsi", value, by);
        let down = self.cmpi(CmpiPredicate::Slt, remainder, self.int(0));
        let lower = self.i64("arith.subi", quotient, self.int(1));
        let higher = self.i64("arith.addi", remainder, by);
        (
            self.select(down, lower, quotient),
            self.select(down, higher, remainder),
        )
    }

    /// Whether a float is zero.
    pub fn is_zero(&self, value: Value<'c, 'a>) -> Value<'c, 'a> {
        self.cmpf(CmpfPredicate::Oeq, value, self.float(0.0))
    }

    /// Whether a float is no number.
    pub fn is_no_number(&self, value: Value<'c, 'a>) -> Value<'c, 'a> {
        self.cmpf(CmpfPredicate::Uno, value, value)
    }

    /// Whether a float is infinite or no number.
    pub fn is_not_finite(&self, value: Value<'c, 'a>) -> Value<'c, 'a> {
        let size = self.value("math.absf", &[value], self.types().f64);
        self.cmpf(CmpfPredicate::Uge, size, self.float(f64::INFINITY))
    }
}
