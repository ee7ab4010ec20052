//! Floats that may be None: a flag and an `f64`. None with anything is None.

use super::{
    Lowering,
    operators::{
        FLOAT,
        Form::{self, Exiting, Total},
        form,
    },
    values::zero,
};
use crate::{
    analysis::{fact::Kind, operators::BinaryOperator},
    builder::{Builder, CmpfPredicate, CmpiPredicate},
    inspect::int_attribute,
};
use melior::ir::{OperationRef, Value, operation::OperationLike};

/// A float, and whether there is one.
pub(super) struct Parts<'c, 'a> {
    present: Value<'c, 'a>,
    float: Value<'c, 'a>,
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// A number, None, or what may be either, as what may be either.
    pub(super) fn optional(
        &self,
        builder: &Builder<'c, 'a>,
        value: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        match self.native(value) {
            Some(native) if native.kind == Kind::Optional => Some(native.value),
            _ => Some(pack(builder, self.optional_parts(builder, value)?)),
        }
    }

    fn optional_parts(
        &self,
        builder: &Builder<'c, 'a>,
        value: Value<'c, 'a>,
    ) -> Option<Parts<'c, 'a>> {
        let Some(native) = self.native(value) else {
            let none = self.facts.get(value).kind == Kind::None;
            return none.then(|| Parts {
                present: builder.bool(false),
                float: builder.float(0.0),
            });
        };
        Some(match native.kind {
            Kind::Optional => parts(builder, native.value),
            kind => Parts {
                present: builder.bool(true),
                float: self.convert(builder, native.value, kind, Kind::Float),
            },
        })
    }

    /// The float, or the interpreter raises the error of the op.
    pub(super) fn certain_float(
        &self,
        op: OperationRef<'c, 'a>,
        value: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let parts = parts(&self.builder(op), value);
        self.guard(op, parts.present, state, "None is no number");
        parts.float
    }

    /// Where there is nothing to compute with, the operator gets ones: it has an answer for them.
    pub(super) fn optional_binary(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let operator = BinaryOperator::from_number(int_attribute(op, "kind")?)?;
        let builder = self.builder(op);
        let lhs = self.optional_parts(&builder, op.operand(0).ok()?)?;
        let rhs = self.optional_parts(&builder, op.operand(1).ok()?)?;
        let types = self.types;
        let present = builder.value("arith.andi", &[lhs.present, rhs.present], types.i1);
        let [lhs, rhs] =
            [lhs, rhs].map(|part| builder.select(present, part.float, builder.float(1.0)));
        let float = match form(operator, Kind::Float)? {
            Total(name) => builder.value(name, &[lhs, rhs], types.f64),
            Exiting(name) => builder.value(name, &[lhs, rhs, op.operand(2).ok()?], types.f64),
            Form::Parts(_) | Form::Product => return None,
        };
        Some(pack(&builder, Parts { present, float }))
    }

    pub(super) fn optional_unary(
        &self,
        op: OperationRef<'c, 'a>,
        name: &str,
        value: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let builder = self.builder(op);
        let Parts { present, float } = parts(&builder, value);
        let float = builder.value(name, &[float], self.types.f64);
        pack(&builder, Parts { present, float })
    }

    /// None equals None alone; the interpreter raises the error of ordering it.
    pub(super) fn optional_compare(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let predicate = usize::try_from(int_attribute(op, "kind")?).ok()?;
        let builder = self.builder(op);
        let lhs = self.optional_parts(&builder, op.operand(0).ok()?)?;
        let rhs = self.optional_parts(&builder, op.operand(1).ok()?)?;
        let i1 = self.types.i1;
        let both = builder.value("arith.andi", &[lhs.present, rhs.present], i1);
        let floats = builder.cmpf(*FLOAT.get(predicate)?, lhs.float, rhs.float);
        let nones = match predicate {
            2 => CmpiPredicate::Eq,
            3 => CmpiPredicate::Ne,
            _ => {
                self.guard(op, both, op.operand(2).ok()?, "None has no order");
                return Some(floats);
            }
        };
        let nones = builder.cmpi(nones, lhs.present, rhs.present);
        Some(builder.select(both, floats, nones))
    }

    /// `x is None`
    pub(super) fn is_none(&self, op: OperationRef<'c, 'a>, index: usize) -> Option<Value<'c, 'a>> {
        let native = self.native(op.operand(index).ok()?)?;
        let builder = self.builder(op);
        let Parts { present, .. } = parts(&builder, native.value);
        Some(builder.value("arith.xori", &[present, builder.bool(true)], self.types.i1))
    }
}

/// There is a float, and it is not zero.
pub(super) fn truth<'c, 'a>(builder: &Builder<'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    let Parts { present, float } = parts(builder, value);
    let nonzero = builder.cmpf(CmpfPredicate::Une, float, zero(builder, Kind::Float));
    builder.value("arith.andi", &[present, nonzero], builder.types().i1)
}

/// None.
pub(super) fn nothing<'c, 'a>(builder: &Builder<'c, 'a>) -> Value<'c, 'a> {
    let parts = [builder.int(0), builder.float(0.0)];
    builder.value("num.pack", &parts, builder.types().optional)
}

fn pack<'c, 'a>(builder: &Builder<'c, 'a>, parts: Parts<'c, 'a>) -> Value<'c, 'a> {
    let types = builder.types();
    let flag = builder.value("arith.extui", &[parts.present], types.i64);
    builder.value("num.pack", &[flag, parts.float], types.optional)
}

fn parts<'c, 'a>(builder: &Builder<'c, 'a>, value: Value<'c, 'a>) -> Parts<'c, 'a> {
    let types = *builder.types();
    let flag = builder.part(value, 0, types.i64);
    Parts {
        present: builder.cmpi(CmpiPredicate::Ne, flag, builder.int(0)),
        float: builder.part(value, 1, types.f64),
    }
}
