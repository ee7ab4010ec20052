//! Calls with native results: `int`, `float`, `bool` and `complex` of numbers, and the function itself.

use super::{Lowering, Native, arithmetic::parts, operators::truth, values::zero};
use crate::{
    analysis::{
        fact::Kind,
        numbers::{Constructor, arguments, constructor, is_plain_call},
    },
    builder::Builder,
    inspect::defined_by,
    transform::infer_types::recursion::{FRAMED, This},
};
use melior::ir::{OperationRef, Value, attribute::StringAttribute, operation::OperationLike};

impl<'c, 'a> Lowering<'c, 'a> {
    /// The callee is checked, since the global can be anything.
    pub(super) fn construct(&mut self, op: OperationRef<'c, 'a>) {
        let found = constructor(op).filter(|found| self.native_kind(op) == Some(found.makes));
        let made = found.and_then(|found| Some((found.makes, self.native_call(op, found)?)));
        match made.or_else(|| self.call_function(op)) {
            Some((kind, value)) => self.replace(op, kind, value),
            None => self.box_operands(op),
        }
    }

    /// Whether a call is of the function itself, with a native result.
    pub(super) fn is_call_of_this(&self, op: OperationRef<'c, 'a>) -> bool {
        self.native_kind(op).is_some()
            && !self.function.has_attribute(FRAMED)
            && This::named(self.function).is_some_and(|this| this.is_called_by(op))
    }

    /// `py.call_this`
    pub(super) fn call_this(&mut self, op: OperationRef<'c, 'a>) {
        let natives = arguments(op).into_iter().map(|value| self.native(value));
        let natives = natives.collect::<Option<Vec<_>>>();
        let state = op.operand(op.operand_count() - 1).ok();
        let kind = self.native_kind(op);
        let parts = kind.zip(natives).zip(op.operand(0).ok().zip(state));
        let Some(((kind, natives), (callee, state))) = parts else {
            return;
        };
        let Some(r#type) = kind.native_type(&self.types) else {
            return;
        };
        let operands: Vec<_> = [callee]
            .into_iter()
            .chain(natives.iter().map(|native| native.value))
            .chain([state])
            .collect();
        let value = self.builder(op).value("py.call_this", &operands, r#type);
        self.replace(op, kind, value);
    }

    fn native_call(
        &self,
        op: OperationRef<'c, 'a>,
        constructor: Constructor,
    ) -> Option<Value<'c, 'a>> {
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let builder = self.builder(op);
        let operands = self.constructor_operands(op, constructor)?;
        let symbol = StringAttribute::new(self.context, constructor.symbol).into();
        let callee = op.operand(0).ok()?;
        if defined_by(callee, "py.known").is_none() {
            let symbol = [("symbol", symbol)];
            builder.op("py.guard_identity", &[callee, state], &[], &symbol);
        }
        let to =
            |native: &Native<'c, 'a>, kind| self.convert(&builder, native.value, native.kind, kind);
        Some(match (constructor.makes, &operands[..]) {
            (Kind::Int, [one]) if one.kind.number() == Kind::Float => {
                self.integer(&builder, "num.float_to_int", &[one.value], state)
            }
            (Kind::Bool, [one]) => truth(&builder, one.kind, one.value),
            (Kind::Complex, [real, imag]) => self.complex(&builder, *real, *imag),
            (kind, [one]) => to(one, kind),
            (kind, []) => zero(&builder, kind),
            _ => return None,
        })
    }

    /// The arguments in the order of the parameters.
    fn constructor_operands(
        &self,
        op: OperationRef<'c, 'a>,
        constructor: Constructor,
    ) -> Option<Vec<Native<'c, 'a>>> {
        match is_plain_call(op) {
            true => arguments(op)
                .into_iter()
                .map(|value| self.native(value))
                .collect(),
            false => self.arranged(op, &format!("builtins.{}", constructor.name)),
        }
    }

    /// `complex(real, imag)`, which is `real + imag * 1j` also where one of the two is complex.
    fn complex(
        &self,
        builder: &Builder<'c, 'a>,
        real: Native<'c, 'a>,
        imag: Native<'c, 'a>,
    ) -> Value<'c, 'a> {
        let f64 = self.types.f64;
        let split = |native: Native<'c, 'a>| match native.kind.number() {
            Kind::Complex => {
                let [real, imag] = parts(builder, native.value);
                (real, Some(imag))
            }
            kind => (self.convert(builder, native.value, kind, Kind::Float), None),
        };
        let ((mut re, re_imag), (mut im, im_imag)) = (split(real), split(imag));
        if let Some(turned) = im_imag {
            re = builder.value("arith.subf", &[re, turned], f64);
        }
        if let Some(straight) = re_imag {
            im = builder.value("arith.addf", &[im, straight], f64);
        }
        let made = builder.value("complex.create", &[re, im], self.types.complex);
        match re_imag.or(im_imag) {
            Some(_) => self.rounded(builder, Kind::Complex, made),
            None => made,
        }
    }
}
