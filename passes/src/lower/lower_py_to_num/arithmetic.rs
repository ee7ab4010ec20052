//! Arithmetic by the numbers of the mode: widths, signs, overflow, rounding.

use super::Lowering;
use crate::{
    analysis::fact::Kind,
    builder::Builder,
    modes::{Integers, Numbers, Overflow},
};
use melior::{
    Context,
    ir::{
        Attribute, Type, Value,
        attribute::{IntegerAttribute, StringAttribute},
    },
};

/// The attributes that tell an op of `num` about width, sign and overflow.
pub(super) fn attributes(
    context: &Context,
    numbers: Numbers,
) -> Vec<(&'static str, Attribute<'_>)> {
    let mut list = Vec::new();
    if numbers.is_unsigned() {
        list.push(("nosign", Attribute::unit(context)));
    }
    if numbers.own {
        let choice = StringAttribute::new(context, numbers.overflow.name());
        list.push(("overflow", choice.into()));
    }
    list
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// An op of `num` on integers that yields an integer of the mode.
    pub(super) fn integer(
        &self,
        builder: &Builder<'c, 'a>,
        name: &str,
        operands: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let narrow = self.numbers.integers == Integers::Int32;
        let near = matches!(
            name,
            "num.add" | "num.sub" | "num.mul" | "num.neg" | "num.abs"
        );
        let numbers = match narrow && near {
            // Two integers of 32 bits cannot overflow 64; the result is fitted.
            true => Numbers {
                overflow: Overflow::Wrap,
                ..self.numbers
            },
            false => self.numbers,
        };
        let attributes = attributes(self.context, numbers);
        let operands = [operands, &[state]].concat();
        let op = builder.op(name, &operands, &[self.types.i64], &attributes);
        let value = crate::inspect::result(op, 0).expect("an op on integers has a result");
        self.fitted(builder, value, state)
    }

    /// An integer in the width of the mode.
    pub(super) fn fitted(
        &self,
        builder: &Builder<'c, 'a>,
        value: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        if self.numbers.integers != Integers::Int32 {
            return value;
        }
        let bits = IntegerAttribute::new(self.types.i32, 32).into();
        let choice = StringAttribute::new(self.context, self.numbers.overflow.name()).into();
        let attributes = [("bits", bits), ("overflow", choice)];
        let op = builder.op("num.fit", &[value, state], &[self.types.i64], &attributes);
        crate::inspect::result(op, 0).expect("num.fit has a result")
    }

    /// An op of `num` on integers with a result of another type.
    pub(super) fn of_integers(
        &self,
        builder: &Builder<'c, 'a>,
        name: &str,
        operands: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
        r#type: Type<'c>,
    ) -> Value<'c, 'a> {
        let attributes = attributes(self.context, self.numbers);
        let op = builder.op(name, &[operands, &[state]].concat(), &[r#type], &attributes);
        crate::inspect::result(op, 0).expect("an op on integers has a result")
    }

    /// A float or complex number in the precision of the mode.
    pub(super) fn rounded(
        &self,
        builder: &Builder<'c, 'a>,
        kind: Kind,
        value: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        match kind {
            Kind::Float if self.numbers.single => self.round(builder, value),
            Kind::Complex if self.numbers.single => {
                let parts = parts(builder, value).map(|part| self.round(builder, part));
                builder.value("complex.create", &parts, self.types.complex)
            }
            _ => value,
        }
    }

    fn round(&self, builder: &Builder<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
        let narrow = builder.value("arith.truncf", &[value], Type::float32(self.context));
        builder.value("arith.extf", &[narrow], self.types.f64)
    }

    /// The product of complex numbers. Where their parts have 32 bits, each product and each sum is rounded.
    pub(super) fn product(
        &self,
        builder: &Builder<'c, 'a>,
        lhs: Value<'c, 'a>,
        rhs: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let (a, b) = (parts(builder, lhs), parts(builder, rhs));
        let op = |name, x, y| {
            let value = builder.value(name, &[x, y], self.types.f64);
            self.rounded(builder, Kind::Float, value)
        };
        let times = |x, y| op("arith.mulf", x, y);
        let real = op("arith.subf", times(a[0], b[0]), times(a[1], b[1]));
        let imag = op("arith.addf", times(a[0], b[1]), times(a[1], b[0]));
        builder.value("complex.create", &[real, imag], self.types.complex)
    }

    /// A number as a wider number: `bool` to `int` to `float` to `complex`.
    pub(super) fn convert(
        &self,
        builder: &Builder<'c, 'a>,
        value: Value<'c, 'a>,
        from: Kind,
        to: Kind,
    ) -> Value<'c, 'a> {
        let types = self.types;
        match (from.number(), to.number()) {
            (Kind::Bool, Kind::Int) => builder.value("arith.extui", &[value], types.i64),
            (Kind::Bool, Kind::Float) => builder.value("arith.uitofp", &[value], types.f64),
            (Kind::Int, Kind::Float) => {
                let name = match self.numbers.is_unsigned() {
                    true => "arith.uitofp",
                    false => "arith.sitofp",
                };
                let value = builder.value(name, &[value], types.f64);
                self.rounded(builder, to, value)
            }
            (Kind::Bool | Kind::Int | Kind::Float, Kind::Complex) => {
                let real = self.convert(builder, value, from, Kind::Float);
                builder.value("complex.create", &[real, builder.float(0.0)], types.complex)
            }
            _ => value,
        }
    }
}

/// The real and the imaginary part.
pub(super) fn parts<'c, 'a>(builder: &Builder<'c, 'a>, value: Value<'c, 'a>) -> [Value<'c, 'a>; 2] {
    ["complex.re", "complex.im"].map(|part| builder.value(part, &[value], builder.types().f64))
}
