//! Operators, comparisons, truth and identity.

use super::{
    Lowering, Native,
    arithmetic::{attributes, parts},
    optionals,
    values::zero,
};
use crate::{
    analysis::{
        expectations::place,
        fact::Kind,
        operators::{self, BinaryOperator},
    },
    builder::{Builder, CmpfPredicate, CmpiPredicate},
    function::raised,
    inspect::{defined_by, int_attribute, op_key, op_name, result},
    transform::inline_generators::INLINED,
};
use melior::ir::{OperationRef, Value, attribute::IntegerAttribute, operation::OperationLike};
use stepwell_dialects::ir::{replace_uses, uses};

/// How an operator on two numbers of one kind is done.
pub(super) enum Form {
    /// An op that always has an answer.
    Total(&'static str),
    /// An op that leaves where it has none.
    Exiting(&'static str),
    /// An op on the real and on the imaginary parts. `complex.add` and `complex.sub` are not used: MLIR takes
    /// `(a + b) - b` for `a`, which it is not where it is rounded.
    Parts(&'static str),
    /// The product of complex numbers, in parts for the same reason.
    Product,
}

use BinaryOperator::*;
use Form::{Exiting, Parts, Product, Total};

/// The op for an operator on numbers of a kind.
pub(super) fn form(operator: BinaryOperator, kind: Kind) -> Option<Form> {
    Some(match (operator, kind) {
        (And, Kind::Int | Kind::Bool) => Total("arith.andi"),
        (Or, Kind::Int | Kind::Bool) => Total("arith.ori"),
        (Xor, Kind::Int | Kind::Bool) => Total("arith.xori"),
        (Add, Kind::Int) => Exiting("num.add"),
        (Subtract, Kind::Int) => Exiting("num.sub"),
        (Multiply, Kind::Int) => Exiting("num.mul"),
        (FloorDivide, Kind::Int) => Exiting("num.floordiv"),
        (Remainder, Kind::Int) => Exiting("num.mod"),
        (Power, Kind::Int) => Exiting("num.pow"),
        (Lshift, Kind::Int) => Exiting("num.shl"),
        (Rshift, Kind::Int) => Exiting("num.shr"),
        (TrueDivide, Kind::Int) => Exiting("num.truediv"),
        (Add, Kind::Float) => Total("arith.addf"),
        (Subtract, Kind::Float) => Total("arith.subf"),
        (Multiply, Kind::Float) => Total("arith.mulf"),
        (TrueDivide, Kind::Float) => Exiting("num.divf"),
        (FloorDivide, Kind::Float) => Exiting("num.floordivf"),
        (Remainder, Kind::Float) => Exiting("num.modf"),
        (Power, Kind::Float) => Exiting("num.powf"),
        (Add, Kind::Complex) => Parts("arith.addf"),
        (Subtract, Kind::Complex) => Parts("arith.subf"),
        (Multiply, Kind::Complex) => Product,
        (TrueDivide, Kind::Complex) => Exiting("num.divc"),
        (Power, Kind::Complex) => Exiting("num.powc"),
        _ => return None,
    })
}

/// The kind in which the operands meet, given that of the result.
fn domain(operator: BinaryOperator, lhs: Kind, rhs: Kind, result: Kind) -> Kind {
    match result {
        Kind::Float if operator == TrueDivide && lhs.is_integer() && rhs.is_integer() => Kind::Int,
        kind => kind,
    }
}

/// Whether an operator can fail by a zero where the function handles the error itself. Leaving would hand all that
/// follows to the interpreter, and the error is nothing unusual there. An inlined generator handles none itself.
fn divides_under_handler(op: OperationRef) -> bool {
    let operator = int_attribute(op, "kind").and_then(BinaryOperator::from_number);
    let divides = matches!(operator, Some(FloorDivide | Remainder | TrueDivide));
    let by_constant = op
        .operand(1)
        .is_ok_and(|value| defined_by(value, "py.constant").is_some_and(|op| !is_zero(op)));
    let handled = op.result_count() == 2 && !op.has_attribute(INLINED);
    divides && !by_constant && handled && place(op).is_some()
}

fn is_zero(constant: OperationRef) -> bool {
    int_attribute(constant, "value").is_none_or(|value| value == 0)
}

impl<'c, 'a> Lowering<'c, 'a> {
    pub(super) fn binary(&mut self, op: OperationRef<'c, 'a>) {
        if self.is_on_composites(op) {
            return self.composite_binary(op);
        }
        if self.scalar_binary(op) {
            return;
        }
        if divides_under_handler(op) && self.native_kind(op).is_some() {
            return self.expect(op);
        }
        match self.native_binary(op) {
            Some((kind, value)) => self.replace(op, kind, value),
            None => self.box_operands(op),
        }
    }

    pub(super) fn native_binary(&self, op: OperationRef<'c, 'a>) -> Option<(Kind, Value<'c, 'a>)> {
        let result = self.native_kind(op)?.number();
        let operator = BinaryOperator::from_number(int_attribute(op, "kind")?)?;
        let sides = [0, 1].map(|index| op.operand(index).ok());
        let sides = sides.map(|side| side.and_then(|side| self.native(side)));
        let state = op.operand(2).ok()?;
        let value = self.computed(op, operator, [sides[0]?, sides[1]?], result, state)?;
        Some((result, value))
    }

    /// `lhs operator rhs`, in front of an op.
    pub(super) fn operate(
        &self,
        before: OperationRef<'c, 'a>,
        operator: BinaryOperator,
        lhs: Native<'c, 'a>,
        rhs: Native<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Option<Native<'c, 'a>> {
        let kind = operators::binary(operator, lhs.kind, rhs.kind, false);
        let value = self.computed(before, operator, [lhs, rhs], kind, state)?;
        Some(Native::new(kind, value))
    }

    fn computed(
        &self,
        before: OperationRef<'c, 'a>,
        operator: BinaryOperator,
        sides: [Native<'c, 'a>; 2],
        result: Kind,
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let [lhs, rhs] = sides.map(|side| side.kind.number());
        let kind = domain(operator, lhs, rhs, result);
        let form = form(operator, kind)?;
        let builder = self.builder(before);
        let operands = sides.map(|side| self.convert(&builder, side.value, side.kind, kind));
        let r#type = result.native_type(&self.types)?;
        let value = match form {
            Product => self.product(&builder, operands[0], operands[1]),
            Parts(name) => {
                let [lhs, rhs] = operands.map(|operand| parts(&builder, operand));
                let part =
                    |index: usize| builder.value(name, &[lhs[index], rhs[index]], self.types.f64);
                builder.value("complex.create", &[part(0), part(1)], r#type)
            }
            Total(name) => builder.value(name, &operands, r#type),
            Exiting(name) if kind != Kind::Int => {
                builder.value(name, &[operands[0], operands[1], state], r#type)
            }
            Exiting(name) if result == Kind::Int => self.integer(&builder, name, &operands, state),
            Exiting(name) => self.of_integers(&builder, name, &operands, state, r#type),
        };
        Some(self.rounded(&builder, result, value))
    }

    pub(super) fn unary(&mut self, op: OperationRef<'c, 'a>) {
        if self.is_on_composites(op) {
            return self.composite_unary(op);
        }
        if self.scalar_unary(op) {
            return;
        }
        match self.native_unary(op) {
            Some((kind, value)) => self.replace(op, kind, value),
            None => self.box_operands(op),
        }
    }

    /// `+x` of a number, which is the number; of a `bool` it is an `int`.
    pub(super) fn positive(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let kind = self.native_kind(op)?;
        let value = self.number(op, 0, kind)?;
        self.replace(op, kind, value);
        Some(())
    }

    pub(super) fn native_unary(&self, op: OperationRef<'c, 'a>) -> Option<(Kind, Value<'c, 'a>)> {
        let kind = self.native_kind(op)?.number();
        let operand = self.number(op, 0, kind)?;
        let builder = self.builder(op);
        let r#type = kind.native_type(&self.types)?;
        let invert = int_attribute(op, "kind")? == 1;
        let value = match kind {
            Kind::Int if invert => self.inverted(&builder, operand, op.operand(1).ok()?),
            Kind::Int => self.integer(&builder, "num.neg", &[operand], op.operand(1).ok()?),
            Kind::Float => builder.value("arith.negf", &[operand], r#type),
            Kind::Complex => {
                let parts = parts(&builder, operand);
                let negated =
                    parts.map(|part| builder.value("arith.negf", &[part], self.types.f64));
                builder.value("complex.create", &negated, r#type)
            }
            _ => return None,
        };
        Some((kind, value))
    }

    /// Without a sign `~x` is below zero: `-1 - x` wraps around or is an overflow.
    fn inverted(
        &self,
        builder: &Builder<'c, 'a>,
        operand: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        if !self.numbers.is_unsigned() {
            return builder.value("arith.xori", &[operand, builder.int(-1)], self.types.i64);
        }
        let negated = self.integer(builder, "num.neg", &[operand], state);
        self.integer(builder, "num.sub", &[negated, builder.int(1)], state)
    }

    pub(super) fn compare(&mut self, op: OperationRef<'c, 'a>) {
        if self.is_on_composites(op) {
            return self.composite_compare(op);
        }
        let native = self.native_kind(op).and_then(|_| self.native_compare(op));
        match native {
            Some(value) if self.scalar_compare(op, value) => {}
            Some(value) => self.replace(op, Kind::Bool, value),
            None => {
                self.box_operands(op);
                self.compare_for_truth(op);
            }
        }
    }

    /// Makes one op of a comparison of objects and the test of its result, which nobody else wants.
    fn compare_for_truth(&mut self, op: OperationRef<'c, 'a>) -> Option<()> {
        let [(test, _)] = uses(result(op, 0)?)[..] else {
            return None;
        };
        let alone = op_name(test) == "py.truth" && test.block() == op.block();
        let handled = raised(op).is_some() || raised(test).is_some();
        // What is inlined has to be told from what is not.
        if !alone || handled || op.has_attribute(INLINED) {
            return None;
        }
        let operands: Vec<_> = op.operands().collect();
        let kind = [("kind", op.attribute("kind").ok()?)];
        let fused = self
            .builder(op)
            .op("py.compare_truth", &operands, &[self.types.i1], &kind);
        replace_uses(result(test, 0)?, result(fused, 0)?);
        self.done.insert(op_key(test));
        self.dead.push(op);
        self.dead.push(test);
        Some(())
    }

    fn native_compare(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let predicate = usize::try_from(int_attribute(op, "kind")?).ok()?;
        if let Some([lhs, rhs]) = self.single_operands(op) {
            return Some(self.builder(op).cmpf(*FLOAT.get(predicate)?, lhs, rhs));
        }
        let sides = [0, 1].map(|index| op.operand(index).ok());
        let sides = sides.map(|side| side.and_then(|side| self.native(side)));
        self.compare_numbers(op, predicate, sides[0]?, sides[1]?, op.operand(2).ok()?)
    }

    /// Compares numbers, in front of an op.
    pub(super) fn compare_numbers(
        &self,
        before: OperationRef<'c, 'a>,
        predicate: usize,
        lhs: Native<'c, 'a>,
        rhs: Native<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let builder = self.builder(before);
        let both =
            |kind| [lhs, rhs].map(|side| self.convert(&builder, side.value, side.kind, kind));
        Some(match (lhs.kind.number(), rhs.kind.number()) {
            (Kind::Bool | Kind::Int, Kind::Bool | Kind::Int) => {
                let [lhs, rhs] = both(Kind::Int);
                let predicates = match self.numbers.is_unsigned() {
                    true => UNSIGNED,
                    false => INTEGER,
                };
                builder.cmpi(*predicates.get(predicate)?, lhs, rhs)
            }
            (Kind::Int, Kind::Float) => {
                self.compare_mixed(&builder, predicate, lhs.value, rhs.value, state)?
            }
            (Kind::Float, Kind::Int) => {
                let swapped = *SWAPPED.get(predicate)?;
                self.compare_mixed(&builder, swapped, rhs.value, lhs.value, state)?
            }
            (Kind::Complex, _) | (_, Kind::Complex) => {
                let [lhs, rhs] = both(Kind::Complex);
                complex_equality(&builder, predicate == 2, lhs, rhs)
            }
            _ => {
                let [lhs, rhs] = both(Kind::Float);
                builder.cmpf(*FLOAT.get(predicate)?, lhs, rhs)
            }
        })
    }

    /// An integer against a float: no float holds every integer.
    fn compare_mixed(
        &self,
        builder: &Builder<'c, 'a>,
        predicate: usize,
        integer: Value<'c, 'a>,
        float: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let number = IntegerAttribute::new(self.types.i32, predicate as i64);
        let mut attributes = attributes(self.context, self.numbers);
        attributes.push(("predicate", number.into()));
        let operands = [integer, float, state];
        let made = builder.op("num.cmp_mixed", &operands, &[self.types.i1], &attributes);
        result(made, 0)
    }

    pub(super) fn truth(&mut self, op: OperationRef<'c, 'a>) {
        let builder = self.builder(op);
        let operand = op.operand(0).ok();
        let native = operand.and_then(|value| self.native(value));
        let none = operand.is_some_and(|value| self.facts.get(value).kind == Kind::None);
        let truth = match native {
            Some(native) => Some(truth(&builder, native.kind, native.value)),
            None if none => Some(builder.bool(false)),
            None => None,
        };
        self.replace_flag(op, truth);
    }

    /// `is` on values of different kinds is false, on bools equality. Where identity of numbers
    /// matters they are objects: see `infer-types`.
    pub(super) fn identity(&mut self, op: OperationRef<'c, 'a>) {
        let builder = self.builder(op);
        let kind = |index| {
            op.operand(index).map_or(Kind::Object, |value| {
                self.rely_on(value);
                self.facts.get(value).kind
            })
        };
        let known = |kind| !matches!(kind, Kind::Object | Kind::Never | Kind::Type);
        let answer = match (kind(0), kind(1)) {
            (Kind::None, Kind::None) => Some(builder.bool(true)),
            (Kind::Optional, Kind::None) => self.is_none(op, 0),
            (Kind::None, Kind::Optional) => self.is_none(op, 1),
            (Kind::Bool, Kind::Bool) => {
                let sides = self
                    .number(op, 0, Kind::Bool)
                    .zip(self.number(op, 1, Kind::Bool));
                sides.map(|(lhs, rhs)| builder.cmpi(CmpiPredicate::Eq, lhs, rhs))
            }
            (lhs, rhs) if lhs != rhs && known(lhs) && known(rhs) => Some(builder.bool(false)),
            _ => None,
        };
        self.replace_flag(op, answer);
    }

    /// Replaces an op whose result is an `i1` anyway.
    fn replace_flag(&mut self, op: OperationRef<'c, 'a>, flag: Option<Value<'c, 'a>>) {
        match (flag, result(op, 0)) {
            (Some(flag), Some(old)) => {
                replace_uses(old, flag);
                self.never_raises(op);
                self.dead.push(op);
            }
            _ => self.box_operands(op),
        }
    }
}

/// In the order of Python's comparisons.
pub(super) const INTEGER: [CmpiPredicate; 6] = [
    CmpiPredicate::Slt,
    CmpiPredicate::Sle,
    CmpiPredicate::Eq,
    CmpiPredicate::Ne,
    CmpiPredicate::Sgt,
    CmpiPredicate::Sge,
];

/// The same for integers without a sign.
const UNSIGNED: [CmpiPredicate; 6] = [
    CmpiPredicate::Ult,
    CmpiPredicate::Ule,
    CmpiPredicate::Eq,
    CmpiPredicate::Ne,
    CmpiPredicate::Ugt,
    CmpiPredicate::Uge,
];

/// A NaN is unequal to everything and neither less nor greater than anything.
pub(super) const FLOAT: [CmpfPredicate; 6] = [
    CmpfPredicate::Olt,
    CmpfPredicate::Ole,
    CmpfPredicate::Oeq,
    CmpfPredicate::Une,
    CmpfPredicate::Ogt,
    CmpfPredicate::Oge,
];

/// The comparison that says the same with its sides exchanged.
const SWAPPED: [usize; 6] = [4, 5, 2, 3, 0, 1];

pub(super) fn truth<'c, 'a>(
    builder: &Builder<'c, 'a>,
    kind: Kind,
    value: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let zero = || zero(builder, kind);
    match kind.number() {
        Kind::Int => builder.cmpi(CmpiPredicate::Ne, value, zero()),
        Kind::Float => builder.cmpf(CmpfPredicate::Une, value, zero()),
        Kind::Complex => complex_equality(builder, false, value, zero()),
        Kind::Optional => optionals::truth(builder, value),
        _ => value,
    }
}

/// Equal in both parts, or unequal in one.
fn complex_equality<'c, 'a>(
    builder: &Builder<'c, 'a>,
    equal: bool,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let (lhs, rhs) = (parts(builder, lhs), parts(builder, rhs));
    let (predicate, join) = match equal {
        true => (CmpfPredicate::Oeq, "arith.andi"),
        false => (CmpfPredicate::Une, "arith.ori"),
    };
    let parts = [0, 1].map(|part| builder.cmpf(predicate, lhs[part], rhs[part]));
    builder.value(join, &parts, builder.types().i1)
}
