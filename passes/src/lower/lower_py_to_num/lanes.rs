//! Vectors, lane by lane. Integers of 32 bits are computed with 64 where 32 may not do.

use super::{
    Lowering, Native,
    operators::{FLOAT, INTEGER},
};
use crate::{
    analysis::{
        fact::Kind,
        operators::BinaryOperator::{self, *},
    },
    builder::{Builder, CmpfPredicate, CmpiPredicate},
    inspect::{int_attribute, op_name},
    modes::Overflow,
};
use melior::{
    Context,
    ir::{
        Attribute, OperationRef, Type, Value, ValueLike,
        attribute::{DenseI64ArrayAttribute, StringAttribute},
        operation::OperationLike,
        r#type::IntegerType,
    },
};

impl<'c, 'a> Lowering<'c, 'a> {
    /// Whether an op has an operand that is no number of Python's.
    pub(super) fn is_on_composites(&self, op: OperationRef<'c, 'a>) -> bool {
        let kinds = op.operands().filter_map(|value| self.native(value));
        let mut kinds = kinds.map(|native| native.kind);
        op_name(op).starts_with("py.") && kinds.any(Kind::is_composite)
    }

    pub(super) fn composite_binary(&mut self, op: OperationRef<'c, 'a>) {
        let kind = self.native_kind(op);
        let value = match kind {
            Some(Kind::Optional) => self.optional_binary(op),
            Some(Kind::Pointer) => self.move_pointer(op),
            Some(kind) => self.lanes_binary(op, kind),
            None => None,
        };
        self.replace_or_box(op, kind, value);
    }

    pub(super) fn composite_unary(&mut self, op: OperationRef<'c, 'a>) {
        let kind = self.native_kind(op);
        let operand = op.operand(0).ok().and_then(|value| self.native(value));
        let value = kind
            .zip(operand)
            .and_then(|(kind, native)| self.negated(op, kind, native.value));
        self.replace_or_box(op, kind, value);
    }

    pub(super) fn composite_compare(&mut self, op: OperationRef<'c, 'a>) {
        let kind = self.native_kind(op);
        let value = match kind {
            Some(Kind::Bool) => self.optional_compare(op),
            Some(_) => self.lanes_compare(op),
            None => None,
        };
        self.replace_or_box(op, kind, value);
    }

    /// `v[i]` and `p[i]`; false for another subscript.
    pub(super) fn composite_subscript(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let base = op.operand(0).ok().and_then(|base| self.native(base));
        let Some((base, kind)) = base.zip(self.native_kind(op)) else {
            return false;
        };
        let value = match base.kind {
            Kind::Pointer => self.load_at_pointer(op),
            lanes if lanes.is_lanes() => self.lane_at(op, base),
            _ => return false,
        };
        self.replace_or_box(op, Some(kind), value);
        true
    }

    fn replace_or_box(
        &mut self,
        op: OperationRef<'c, 'a>,
        kind: Option<Kind>,
        value: Option<Value<'c, 'a>>,
    ) {
        match kind.zip(value) {
            Some((kind, value)) => self.replace(op, kind, value),
            None => self.box_operands(op),
        }
    }

    /// An operand in that kind: a number is spread over the lanes.
    fn lanes(
        &self,
        op: OperationRef<'c, 'a>,
        index: usize,
        kind: Kind,
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let native = self.native(op.operand(index).ok()?)?;
        if native.kind == kind {
            return Some(native.value);
        }
        let builder = self.builder(op);
        let narrow = match kind {
            Kind::Vec4f => {
                let float = self.convert(&builder, native.value, native.kind, Kind::Float);
                builder.value("arith.truncf", &[float], Type::float32(self.context))
            }
            Kind::Vec8i => {
                let integer = self.convert(&builder, native.value, native.kind, Kind::Int);
                let cut = builder.value("arith.trunci", &[integer], self.types.i32);
                let back = builder.value("arith.extsi", &[cut], self.types.i64);
                let fits = builder.cmpi(CmpiPredicate::Eq, back, integer);
                self.guard_lanes(op, fits, state);
                cut
            }
            _ => return None,
        };
        Some(builder.value(
            "vector.broadcast",
            &[narrow],
            kind.native_type(&self.types)?,
        ))
    }

    /// OverflowError, unless lanes wrap around.
    fn guard_lanes(&self, op: OperationRef<'c, 'a>, fits: Value<'c, 'a>, state: Value<'c, 'a>) {
        if self.numbers.overflow != Overflow::Wrap {
            let reason = "a lane needs more than 32 bits";
            self.guard_raising(op, fits, state, reason, "OverflowError");
        }
    }

    fn lanes_binary(&self, op: OperationRef<'c, 'a>, kind: Kind) -> Option<Value<'c, 'a>> {
        let operator = BinaryOperator::from_number(int_attribute(op, "kind")?)?;
        let state = op.operand(2).ok()?;
        let lhs = self.lanes(op, 0, kind, state)?;
        let rhs = self.lanes(op, 1, kind, state)?;
        let builder = self.builder(op);
        let same = |name| Some(builder.value(name, &[lhs, rhs], lhs.r#type()));
        match (operator, kind) {
            (Add, Kind::Vec4f) => same("arith.addf"),
            (Subtract, Kind::Vec4f) => same("arith.subf"),
            (Multiply, Kind::Vec4f) => same("arith.mulf"),
            (TrueDivide, Kind::Vec4f) => {
                let zeros = zeros(&builder, kind);
                let nonzero = builder.cmpf(CmpfPredicate::Une, rhs, zeros);
                let reason = "float division by zero";
                self.guard_all(op, nonzero, state, reason, "ZeroDivisionError");
                same("arith.divf")
            }
            (And, _) => same("arith.andi"),
            (Or, _) => same("arith.ori"),
            (Xor, _) => same("arith.xori"),
            (Add, Kind::Vec8i) => Some(self.wide(op, "arith.addi", lhs, rhs, state)),
            (Subtract, Kind::Vec8i) => Some(self.wide(op, "arith.subi", lhs, rhs, state)),
            (Multiply, Kind::Vec8i) => Some(self.wide(op, "arith.muli", lhs, rhs, state)),
            (FloorDivide | Remainder, Kind::Vec8i) => {
                Some(self.divide_lanes(op, operator, lhs, rhs, state))
            }
            (Lshift | Rshift, Kind::Vec8i) => Some(self.shift_lanes(op, operator, lhs, rhs, state)),
            _ => None,
        }
    }

    /// Raises unless the condition holds in all lanes.
    fn guard_all(
        &self,
        op: OperationRef<'c, 'a>,
        mask: Value<'c, 'a>,
        state: Value<'c, 'a>,
        reason: &str,
        class: &str,
    ) {
        let all = reduction(&self.builder(op), "and", mask, self.types.i1);
        self.guard_raising(op, all, state, reason, class);
    }

    /// An op on lanes of 64 bits, cut to 32.
    fn wide(
        &self,
        op: OperationRef<'c, 'a>,
        name: &str,
        lhs: Value<'c, 'a>,
        rhs: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let builder = self.builder(op);
        if self.numbers.overflow == Overflow::Wrap {
            return builder.value(name, &[lhs, rhs], lhs.r#type());
        }
        let [lhs, rhs] = [lhs, rhs].map(|lanes| widened(&builder, lanes));
        let result = builder.value(name, &[lhs, rhs], lhs.r#type());
        self.cut(op, result, state)
    }

    /// Lanes of 64 bits in 32.
    fn cut(
        &self,
        op: OperationRef<'c, 'a>,
        wide: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let builder = self.builder(op);
        let cut = builder.value("arith.trunci", &[wide], self.types.vec8i);
        if self.numbers.overflow != Overflow::Wrap {
            let fits = builder.cmpi(CmpiPredicate::Eq, widened(&builder, cut), wide);
            let all = reduction(&builder, "and", fits, self.types.i1);
            self.guard_lanes(op, all, state);
        }
        cut
    }

    /// `//` and `%` round down. With 64 bits no quotient is too large.
    fn divide_lanes(
        &self,
        op: OperationRef<'c, 'a>,
        operator: BinaryOperator,
        lhs: Value<'c, 'a>,
        rhs: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let builder = self.builder(op);
        let nonzero = builder.cmpi(CmpiPredicate::Ne, rhs, zeros(&builder, Kind::Vec8i));
        let reason = match operator {
            FloorDivide => "integer division or modulo by zero",
            _ => "integer modulo by zero",
        };
        self.guard_all(op, nonzero, state, reason, "ZeroDivisionError");
        let [lhs, rhs] = [lhs, rhs].map(|lanes| widened(&builder, lanes));
        let wide = lhs.r#type();
        let value = |name, operands: &[Value<'c, 'a>]| builder.value(name, operands, wide);
        let rest = value("arith.remsi", &[lhs, rhs]);
        let zero = spread(&builder, 0);
        let signs = value("arith.xori", &[rest, rhs]);
        let mask = self.types.mask8;
        let up = [
            builder.cmpi(CmpiPredicate::Ne, rest, zero),
            builder.cmpi(CmpiPredicate::Slt, signs, zero),
        ];
        let up = builder.value("arith.andi", &up, mask);
        let result = match operator {
            FloorDivide => {
                let quotient = value("arith.divsi", &[lhs, rhs]);
                let less = value("arith.subi", &[quotient, spread(&builder, 1)]);
                builder.select(up, less, quotient)
            }
            _ => {
                let more = value("arith.addi", &[rest, rhs]);
                builder.select(up, more, rest)
            }
        };
        self.cut(op, result, state)
    }

    /// A count of 32 does the same as any beyond it.
    fn shift_lanes(
        &self,
        op: OperationRef<'c, 'a>,
        operator: BinaryOperator,
        lhs: Value<'c, 'a>,
        rhs: Value<'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Value<'c, 'a> {
        let builder = self.builder(op);
        let counts = builder.cmpi(CmpiPredicate::Sge, rhs, zeros(&builder, Kind::Vec8i));
        self.guard_all(op, counts, state, "negative shift count", "ValueError");
        let [lhs, rhs] = [lhs, rhs].map(|lanes| widened(&builder, lanes));
        let wide = lhs.r#type();
        let count = builder.value("arith.minsi", &[rhs, spread(&builder, 32)], wide);
        let name = match operator {
            Lshift => "arith.shli",
            _ => "arith.shrsi",
        };
        let shifted = builder.value(name, &[lhs, count], wide);
        self.cut(op, shifted, state)
    }

    /// `-x` and `~x`
    fn negated(
        &self,
        op: OperationRef<'c, 'a>,
        kind: Kind,
        value: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let builder = self.builder(op);
        let invert = int_attribute(op, "kind")? == 1;
        Some(match kind {
            Kind::Optional => self.optional_unary(op, "arith.negf", value),
            Kind::Vec4f => builder.value("arith.negf", &[value], value.r#type()),
            Kind::Vec8i if !invert => {
                let zeros = zeros(&builder, kind);
                self.wide(op, "arith.subi", zeros, value, op.operand(1).ok()?)
            }
            _ => {
                let ones = match kind {
                    Kind::Vec8i => "-1",
                    _ => "true",
                };
                let ones = dense(&builder, ones, value.r#type());
                builder.value("arith.xori", &[value, ones], value.r#type())
            }
        })
    }

    fn lanes_compare(&self, op: OperationRef<'c, 'a>) -> Option<Value<'c, 'a>> {
        let predicate = usize::try_from(int_attribute(op, "kind")?).ok()?;
        let of = [self.kind(op, 0)?, self.kind(op, 1)?];
        let kind = of.into_iter().find(|kind| kind.is_lanes())?;
        let state = op.operand(2).ok()?;
        let lhs = self.lanes(op, 0, kind, state)?;
        let rhs = self.lanes(op, 1, kind, state)?;
        let builder = self.builder(op);
        Some(match kind {
            Kind::Vec4f => builder.cmpf(*FLOAT.get(predicate)?, lhs, rhs),
            _ => builder.cmpi(*INTEGER.get(predicate)?, lhs, rhs),
        })
    }

    /// A negative index counts from the end.
    fn lane_at(&self, op: OperationRef<'c, 'a>, lanes: Native<'c, 'a>) -> Option<Value<'c, 'a>> {
        let builder = self.builder(op);
        let index = self.number(op, 1, Kind::Int)?;
        let count = builder.int(lanes.kind.lanes());
        let from_end = builder.value("arith.addi", &[index, count], self.types.i64);
        let negative = builder.cmpi(CmpiPredicate::Slt, index, builder.int(0));
        let place = builder.select(negative, from_end, index);
        let inside = builder.cmpi(CmpiPredicate::Ult, place, count);
        let state = op.operand(2).ok()?;
        self.guard_raising(op, inside, state, "index out of range", "IndexError");
        let place = builder.value("arith.index_cast", &[place], Type::index(self.context));
        let lane = lane_type(&builder, lanes.kind);
        let dynamic = [("static_position", positions(self.context, i64::MIN))];
        let made = builder.op("vector.extract", &[lanes.value, place], &[lane], &dynamic);
        Some(as_number(&builder, made.result(0).ok()?.into()))
    }

    /// `len`, `abs`, `sum`, `min`, `max`, `any` and `all`; `None` for another function.
    pub(super) fn call_on_lanes(
        &self,
        op: OperationRef<'c, 'a>,
        function: &str,
        lanes: Native<'c, 'a>,
        other: Option<Value<'c, 'a>>,
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let builder = self.builder(op);
        let (kind, value) = (lanes.kind, lanes.value);
        Some(match (function, other) {
            ("builtins.len", None) => builder.int(kind.lanes()),
            ("builtins.any", None) => reduction(&builder, "or", value, self.types.i1),
            ("builtins.all", None) => reduction(&builder, "and", value, self.types.i1),
            ("builtins.abs", None) if kind == Kind::Vec4f => {
                builder.value("math.absf", &[value], value.r#type())
            }
            ("builtins.abs", None) => {
                let wide = widened(&builder, value);
                let negated = [spread(&builder, 0), wide];
                let negated = builder.value("arith.subi", &negated, wide.r#type());
                let size = builder.value("arith.maxsi", &[wide, negated], wide.r#type());
                self.cut(op, size, state)
            }
            ("builtins.sum", None) if kind == Kind::Vec4f => {
                let f32 = Type::float32(self.context);
                let zero = builder.value("arith.truncf", &[builder.float(0.0)], f32);
                let add = |sum, lane| builder.value("arith.addf", &[sum, lane], f32);
                as_number(
                    &builder,
                    each(&builder, kind, value).into_iter().fold(zero, add),
                )
            }
            ("builtins.sum", None) => {
                reduction(&builder, "add", widened(&builder, value), self.types.i64)
            }
            ("builtins.min" | "builtins.max", None) => {
                let better = |best, lane| preferred(&builder, function, kind, best, lane);
                as_number(
                    &builder,
                    each(&builder, kind, value).into_iter().reduce(better)?,
                )
            }
            ("builtins.min" | "builtins.max", Some(other)) => {
                preferred(&builder, function, kind, value, other)
            }
            _ => return None,
        })
    }
}

/// The one or the other, as `min` and `max` choose: the first, unless the other is less or greater.
fn preferred<'c, 'a>(
    builder: &Builder<'c, 'a>,
    function: &str,
    kind: Kind,
    one: Value<'c, 'a>,
    other: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let predicate = match function {
        "builtins.min" => 0,
        _ => 4,
    };
    let better = match kind {
        Kind::Vec4f => builder.cmpf(FLOAT[predicate], other, one),
        _ => builder.cmpi(INTEGER[predicate], other, one),
    };
    builder.select(better, other, one)
}

/// The lanes one by one.
fn each<'c, 'a>(builder: &Builder<'c, 'a>, kind: Kind, value: Value<'c, 'a>) -> Vec<Value<'c, 'a>> {
    let lane = lane_type(builder, kind);
    let extract = |index| {
        let position = [("static_position", positions(builder.context(), index))];
        let made = builder.op("vector.extract", &[value], &[lane], &position);
        made.result(0).expect("vector.extract has a result").into()
    };
    (0..kind.lanes()).map(extract).collect()
}

fn lane_type<'c>(builder: &Builder<'c, '_>, kind: Kind) -> Type<'c> {
    match kind {
        Kind::Vec4f => Type::float32(builder.context()),
        Kind::Vec8i => builder.types().i32,
        _ => builder.types().i1,
    }
}

/// A lane as the number that it is to Python.
fn as_number<'c, 'a>(builder: &Builder<'c, 'a>, lane: Value<'c, 'a>) -> Value<'c, 'a> {
    let types = builder.types();
    match lane.r#type() {
        r#type if r#type == types.i1 => lane,
        r#type if r#type == types.i32 => builder.value("arith.extsi", &[lane], types.i64),
        _ => builder.value("arith.extf", &[lane], types.f64),
    }
}

fn positions(context: &Context, index: i64) -> Attribute<'_> {
    DenseI64ArrayAttribute::new(context, &[index]).into()
}

fn reduction<'c, 'a>(
    builder: &Builder<'c, 'a>,
    kind: &str,
    lanes: Value<'c, 'a>,
    result: Type<'c>,
) -> Value<'c, 'a> {
    let text = format!("#vector.kind<{kind}>");
    let kind = Attribute::parse(builder.context(), &text);
    let kind = kind.unwrap_or_else(|| StringAttribute::new(builder.context(), &text).into());
    let made = builder.op("vector.reduction", &[lanes], &[result], &[("kind", kind)]);
    made.result(0)
        .expect("vector.reduction has a result")
        .into()
}

fn widened<'c, 'a>(builder: &Builder<'c, 'a>, lanes: Value<'c, 'a>) -> Value<'c, 'a> {
    builder.value("arith.extsi", &[lanes], wide_type(builder.context()))
}

fn wide_type(context: &Context) -> Type<'_> {
    Type::vector(&[8], IntegerType::new(context, 64).into())
}

/// A number in each of eight lanes of 64 bits.
fn spread<'c, 'a>(builder: &Builder<'c, 'a>, number: i64) -> Value<'c, 'a> {
    dense(builder, &number.to_string(), wide_type(builder.context()))
}

/// Zero in each lane.
pub(super) fn zeros<'c, 'a>(builder: &Builder<'c, 'a>, kind: Kind) -> Value<'c, 'a> {
    let (text, r#type) = match kind {
        Kind::Vec4f => ("0.0", builder.types().vec4f),
        Kind::Vec8i => ("0", builder.types().vec8i),
        Kind::Mask4 => ("false", builder.types().mask4),
        _ => ("false", builder.types().mask8),
    };
    dense(builder, text, r#type)
}

fn dense<'c, 'a>(builder: &Builder<'c, 'a>, number: &str, r#type: Type<'c>) -> Value<'c, 'a> {
    let text = format!("dense<{number}> : {}", r#type);
    let value = Attribute::parse(builder.context(), &text).expect("the attribute is well-formed");
    let made = builder.op("arith.constant", &[], &[r#type], &[("value", value)]);
    made.result(0).expect("arith.constant has a result").into()
}
