//! Native values and their boxes, constants, conversions between numbers.

use super::{Lowering, Native, lanes, optionals, scalars};
use crate::{
    analysis::{
        fact::Kind,
        literals::{Literal, Number, literal_of},
    },
    builder::Builder,
    inspect::{op_name, result, value_key},
};
use melior::ir::{
    Attribute, OperationRef, Value,
    attribute::{ArrayAttribute, FloatAttribute, IntegerAttribute},
    operation::{OperationLike, OperationMutLike, OperationRefMut},
};

impl<'c, 'a> Lowering<'c, 'a> {
    /// The native form of a value, for code that is right only if the value has this kind.
    pub(super) fn native(&self, value: Value<'c, 'a>) -> Option<Native<'c, 'a>> {
        self.rely_on(value);
        self.peek_native(value)
    }

    /// The native form of a value, for code that uses it, or says nothing of its kind.
    pub(super) fn peek_native(&self, value: Value<'c, 'a>) -> Option<Native<'c, 'a>> {
        self.natives.get(&value_key(value)).copied()
    }

    /// The value as an object: itself, or a box made here.
    pub(super) fn object(&self, value: Value<'c, 'a>, builder: &Builder<'c, 'a>) -> Value<'c, 'a> {
        match self.peek_native(value) {
            Some(native) if !self.objects.contains(&value_key(value)) => boxed(native, builder),
            _ => value,
        }
    }

    /// An op that stays: its operands have to be objects. Those of `arith` are flags, but for what is selected: such a flag
    /// can be a local that is held as one.
    pub(super) fn box_operands(&self, op: OperationRef<'c, 'a>) {
        let builder = self.builder(op);
        let flags = match op_name(op) {
            "arith.select" => 1,
            name if name.starts_with("arith.") => op.operand_count(),
            _ => 0,
        };
        for (index, value) in op.operands().enumerate().skip(flags) {
            let object = self.object(value, &builder);
            if object != value {
                set_operand(op, index, object);
            }
        }
    }

    /// Both forms of a constant are at hand; the one that is not used goes away by itself. Where floats are rounded only the
    /// native form is the constant.
    pub(super) fn constant(&mut self, op: OperationRef<'c, 'a>) {
        let value = op.attribute("value").ok();
        let native = value.zip(self.native_kind(op));
        let native = native.and_then(|(value, kind)| self.literal(&self.builder(op), kind, value));
        if let (Some(native), Some(object)) = (native, result(op, 0)) {
            self.natives.insert(value_key(object), native);
            if self.conversion(native.kind).is_none() {
                self.objects.insert(value_key(object));
            }
        }
    }

    /// The native form of the `value` of a `py.constant`.
    pub(super) fn literal(
        &self,
        builder: &Builder<'c, 'a>,
        kind: Kind,
        value: Attribute<'c>,
    ) -> Option<Native<'c, 'a>> {
        match literal_of(value)? {
            Literal::Number(number) if number.kind() == kind => {
                Some(self.constant_number(builder, number))
            }
            _ => None,
        }
    }

    /// A number of the source as the mode holds it. An integer that does not fit has been refused, unless it wraps around.
    pub(super) fn constant_number(
        &self,
        builder: &Builder<'c, 'a>,
        number: Number,
    ) -> Native<'c, 'a> {
        let float = |value| {
            let single = f64::from(value as f32);
            builder.float(if self.numbers.single { single } else { value })
        };
        let value = match number {
            Number::Int(value) => builder.int(self.numbers.bits_of(value)),
            Number::Bool(value) => builder.bool(value),
            Number::Float(value) => float(value),
            Number::Complex(real, imaginary) => {
                let parts = [float(real), float(imaginary)];
                builder.value("complex.create", &parts, self.types.complex)
            }
        };
        Native::new(number.kind(), value)
    }

    /// The frontend's own box, of a truth value.
    pub(super) fn keep_boxed(&mut self, op: OperationRef<'c, 'a>) {
        let operand = op.operand(0).ok();
        let parts = operand.zip(self.native_kind(op)).zip(result(op, 0));
        if let Some(((value, kind), object)) = parts {
            self.natives
                .insert(value_key(object), Native::new(kind, value));
            self.objects.insert(value_key(object));
        }
    }

    /// An operand of an operator in the kind that the operator works on.
    pub(super) fn number(
        &self,
        op: OperationRef<'c, 'a>,
        index: usize,
        kind: Kind,
    ) -> Option<Value<'c, 'a>> {
        let native = self.native(op.operand(index).ok()?)?;
        Some(self.convert(&self.builder(op), native.value, native.kind, kind))
    }

    /// The kind of number that an operand is held as.
    pub(super) fn kind(&self, op: OperationRef<'c, 'a>, index: usize) -> Option<Kind> {
        self.native(op.operand(index).ok()?)
            .map(|native| native.kind.number())
    }
}

/// `py.box`, null where there is no value; for what can be a scalar of NumPy `py.box_numpy`.
pub(super) fn boxed<'c, 'a>(native: Native<'c, 'a>, builder: &Builder<'c, 'a>) -> Value<'c, 'a> {
    if let Some(element) = native.kind.element() {
        return scalars::boxed(native, element, builder);
    }
    let operands: Vec<_> = [native.value].into_iter().chain(native.bound).collect();
    builder.value("py.box", &operands, builder.types().object)
}

/// A number as a wider number: `bool` to `int` to `float` to `complex`.
pub(super) fn convert<'c, 'a>(
    builder: &Builder<'c, 'a>,
    value: Value<'c, 'a>,
    from: Kind,
    to: Kind,
) -> Value<'c, 'a> {
    let types = builder.types();
    match (from.number(), to.number()) {
        (Kind::Bool, Kind::Int) => builder.value("arith.extui", &[value], types.i64),
        (Kind::Bool, Kind::Float) => builder.value("arith.uitofp", &[value], types.f64),
        (Kind::Int, Kind::Float) => builder.value("arith.sitofp", &[value], types.f64),
        (Kind::Bool | Kind::Int | Kind::Float, Kind::Complex) => {
            let real = convert(builder, value, from, Kind::Float);
            builder.value("complex.create", &[real, builder.float(0.0)], types.complex)
        }
        _ => value,
    }
}

/// The value of a constant that stands for no value at all.
pub(super) fn zero<'c, 'a>(builder: &Builder<'c, 'a>, kind: Kind) -> Value<'c, 'a> {
    match kind.number() {
        Kind::Float => builder.float(0.0),
        Kind::Bool => builder.bool(false),
        Kind::Complex => {
            let parts = [builder.float(0.0), builder.float(0.0)];
            builder.value("complex.create", &parts, builder.types().complex)
        }
        Kind::Optional => optionals::nothing(builder),
        Kind::Pointer => {
            let parts = [builder.int(0), builder.int(0)];
            builder.value("num.pack", &parts, builder.types().pointer)
        }
        kind if kind.is_lanes() => lanes::zeros(builder, kind),
        _ => builder.int(0),
    }
}

/// The native form of the `value` of a `py.constant`.
pub(crate) fn number<'c, 'a>(
    builder: &Builder<'c, 'a>,
    kind: Kind,
    value: Attribute<'c>,
) -> Option<Native<'c, 'a>> {
    let float = |value| Some(FloatAttribute::try_from(value).ok()?.value());
    let value = match kind {
        Kind::Int => builder.int(IntegerAttribute::try_from(value).ok()?.value()),
        Kind::Bool => builder.bool(IntegerAttribute::try_from(value).ok()?.value() != 0),
        Kind::Float => builder.float(float(value)?),
        Kind::Complex => {
            let parts = ArrayAttribute::try_from(value).ok()?;
            let part = |index| Some(builder.float(float(parts.element(index).ok()?)?));
            builder.value(
                "complex.create",
                &[part(0)?, part(1)?],
                builder.types().complex,
            )
        }
        _ => return None,
    };
    Some(Native::new(kind, value))
}

pub(super) fn set_operand<'c, 'a>(op: OperationRef<'c, 'a>, index: usize, value: Value<'c, 'a>) {
    // SAFETY: the op is alive, and nobody else holds a mutable reference to it.
    let mut op = unsafe { OperationRefMut::from_raw(op.to_raw()) };
    op.set_operand(index, value);
}
