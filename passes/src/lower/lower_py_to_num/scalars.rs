//! Scalars of NumPy: their boxes, and operators on them.

use super::{Lowering, Native};
use crate::{
    analysis::{fact::Kind, operators::BinaryOperator},
    builder::{Builder, CmpiPredicate},
    inspect::{int_attribute, result, value_key},
};
use melior::ir::{OperationRef, Type, Value, attribute::StringAttribute, operation::OperationLike};
use stepwell_abi::Element;

impl<'c, 'a> Native<'c, 'a> {
    /// Whether the object is a scalar of NumPy.
    pub(super) fn is_scalar(&self, builder: &Builder<'c, 'a>) -> Value<'c, 'a> {
        match self.kind {
            Kind::Scalar(_) => builder.bool(true),
            _ => self.scalar.unwrap_or_else(|| builder.bool(false)),
        }
    }
}

/// `py.box_numpy`
pub(super) fn boxed<'c, 'a>(
    native: Native<'c, 'a>,
    element: Element,
    builder: &Builder<'c, 'a>,
) -> Value<'c, 'a> {
    let bound = native.bound.unwrap_or_else(|| builder.bool(true));
    let operands = [native.value, bound, native.is_scalar(builder)];
    let word = StringAttribute::new(builder.context(), element.word()).into();
    let made = builder.op(
        "py.box_numpy",
        &operands,
        &[builder.types().object],
        &[("element", word)],
    );
    made.result(0).expect("a box has a result").into()
}

/// A float as one of 32 bits, held in 64.
pub(super) fn rounded<'c, 'a>(builder: &Builder<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    let narrow = builder.value("arith.truncf", &[value], Type::float32(builder.context()));
    builder.value("arith.extf", &[narrow], builder.types().f64)
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// Does an operator whose result is, or may be, a scalar of NumPy.
    pub(super) fn scalar_binary(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let done = || {
            let kind = self.native_kind(op)?;
            kind.element()?;
            self.guard_weak_operands(op)?;
            let value = match kind.element()? {
                Element::F32 => self.single_binary(op)?,
                Element::F64 => self.double_binary(op)?,
                element => {
                    let (_, value) = self.native_binary(op)?;
                    self.guard_limits(op, element, value, op.operand(2).ok()?);
                    value
                }
            };
            Some((kind, value))
        };
        let Some((kind, value)) = done() else {
            return false;
        };
        self.replace_scalar(op, kind, value);
        true
    }

    /// NumPy raises for an integer of Python that the scalar it meets cannot hold.
    fn guard_weak_operands(&self, op: OperationRef<'c, 'a>) -> Option<()> {
        let operands = [op.operand(0).ok()?, op.operand(1).ok()?];
        let [lhs, rhs] = operands.map(|operand| self.native(operand));
        let (lhs, rhs) = (lhs?, rhs?);
        for (one, other) in [(lhs, rhs), (rhs, lhs)] {
            let weak = one.kind.number() == Kind::Int && !matches!(one.kind, Kind::Scalar(_));
            if let Some(element) = other.kind.element().filter(|_| weak) {
                self.guard_limits(op, element, one.value, op.operand(2).ok()?);
            }
        }
        Some(())
    }

    fn double_binary(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let (_, value) = self.native_binary(op)?;
        let kinds = [self.kind(op, 0)?, self.kind(op, 1)?];
        let operator = BinaryOperator::from_number(int_attribute(op, "kind")?)?;
        // The quotient of integers is finite, and a power leaves by itself.
        let exact = kinds.iter().all(|kind| kind.is_integer());
        if !exact && operator != BinaryOperator::Power {
            let inputs = [
                self.number(op, 0, Kind::Float)?,
                self.number(op, 1, Kind::Float)?,
            ];
            self.quiet(op, value, &inputs, op.operand(2).ok()?);
        }
        Some(value)
    }

    /// On floats of 32 bits: in 64 bits, each result rounded, is the same as in 32.
    fn single_binary(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let builder = self.builder(op);
        let state = op.operand(2).ok()?;
        let inputs = [
            self.number(op, 0, Kind::Float)?,
            self.number(op, 1, Kind::Float)?,
        ];
        let [lhs, rhs] = inputs.map(|input| rounded(&builder, input));
        for (index, value) in [lhs, rhs].into_iter().enumerate() {
            let weak = self.native(op.operand(index).ok()?)?.kind != Kind::Scalar(Element::F32);
            if weak {
                self.quiet(op, value, &[inputs[index]], state);
            }
        }
        let f64 = self.types.f64;
        let wide = match BinaryOperator::from_number(int_attribute(op, "kind")?)? {
            BinaryOperator::Add => builder.value("arith.addf", &[lhs, rhs], f64),
            BinaryOperator::Subtract => builder.value("arith.subf", &[lhs, rhs], f64),
            BinaryOperator::Multiply => builder.value("arith.mulf", &[lhs, rhs], f64),
            BinaryOperator::TrueDivide => builder.value("num.divf", &[lhs, rhs, state], f64),
            _ => return None,
        };
        let value = rounded(&builder, wide);
        self.quiet(op, value, &inputs, state);
        Some(value)
    }

    /// The operands of a comparison of a float of 32 bits with a number of Python, which becomes one too.
    pub(super) fn single_operands(&self, op: OperationRef<'c, 'a>) -> Option<[Value<'c, 'a>; 2]> {
        let kinds = [0, 1].map(|index| self.native(op.operand(index).ok()?).map(|it| it.kind));
        let single = kinds.contains(&Some(Kind::Scalar(Element::F32)));
        let weak = kinds.iter().flatten().any(|kind| kind.element().is_none());
        if !single || !weak {
            return None;
        }
        let inputs = [
            self.number(op, 0, Kind::Float)?,
            self.number(op, 1, Kind::Float)?,
        ];
        let state = op.operand(2).ok()?;
        Some(inputs.map(|input| {
            let value = rounded(&self.builder(op), input);
            self.quiet(op, value, &[input], state);
            value
        }))
    }

    pub(super) fn scalar_unary(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let element = self.native_kind(op).and_then(Kind::element);
        let done = element.and_then(|element| Some((element, self.native_unary(op)?.1)));
        let (Some((element, value)), Some(kind)) = (done, self.native_kind(op)) else {
            return false;
        };
        if let Some(state) = op.operand(1).ok().filter(|_| element.is_integer()) {
            self.guard_limits(op, element, value, state);
        }
        self.replace_scalar(op, kind, value);
        true
    }

    pub(super) fn scalar_compare(
        &mut self,
        op: OperationRef<'c, 'a>,
        value: Value<'c, 'a>,
    ) -> bool {
        let kind = self.native_kind(op).filter(|kind| kind.element().is_some());
        if let Some(kind) = kind {
            self.replace_scalar(op, kind, value);
        }
        kind.is_some()
    }

    /// Like `replace`, with the companion of what may be a scalar: it is one when an operand is.
    fn replace_scalar(&mut self, op: OperationRef<'c, 'a>, kind: Kind, value: Value<'c, 'a>) {
        let builder = self.builder(op);
        let operands = op.operands().filter_map(|operand| self.native(operand));
        let flags = operands.map(|native| native.is_scalar(&builder));
        let scalar = flags
            .reduce(|one, other| builder.value("arith.ori", &[one, other], self.types.i1))
            .filter(|_| matches!(kind, Kind::Either(_)));
        self.replace(op, kind, value);
        if let (Some(scalar), Some(object)) = (scalar, result(op, 0)) {
            self.flavour(object, scalar);
        }
    }

    /// Says by which flag a value is a scalar.
    pub(super) fn flavour(&mut self, object: Value<'c, 'a>, scalar: Value<'c, 'a>) {
        if let Some(native) = self.natives.get_mut(&value_key(object)) {
            native.scalar = Some(scalar);
        }
    }

    /// `num.quiet`
    pub(super) fn quiet(
        &self,
        before: OperationRef<'c, 'a>,
        value: Value<'c, 'a>,
        inputs: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
    ) {
        let operands = [&[value], inputs, &[state]].concat();
        self.builder(before).op("num.quiet", &operands, &[], &[]);
    }

    /// Leaves when an element cannot hold an integer.
    pub(super) fn guard_limits(
        &self,
        before: OperationRef<'c, 'a>,
        element: Element,
        value: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) {
        let limits = element.limits().filter(|_| element.size() < 8);
        let Some((low, high)) = limits.filter(|_| element != Element::Bool) else {
            return;
        };
        let builder = self.builder(before);
        let above = builder.cmpi(CmpiPredicate::Sge, value, builder.int(low));
        let below = builder.cmpi(CmpiPredicate::Sle, value, builder.int(high));
        let inside = builder.value("arith.andi", &[above, below], self.types.i1);
        let reason = format!("the result needs more than {} bits", 8 * element.size());
        self.guard(before, inside, state, &reason);
    }
}
