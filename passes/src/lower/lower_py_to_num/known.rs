//! Globals that stand for modules, functions and numbers, and calls of those functions.

use super::{Lowering, Native};
use crate::{
    analysis::{
        fact::{Fact, Kind},
        functions,
        known::Meaning,
        numbers::{arguments, is_plain_call},
    },
    inspect::{op_name, result, value_key},
};
use melior::ir::{
    Attribute, OperationRef, Value,
    attribute::{FloatAttribute, StringAttribute},
    operation::OperationLike,
};
use stepwell_dialects::ir::replace_uses;

impl<'c, 'a> Lowering<'c, 'a> {
    /// What a global was at compile time, if that is known; `num.assume` checks that it still is.
    pub(super) fn load_known(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let number = match op_name(op) {
            "py.load_global" => {
                let name = crate::inspect::str_attribute(op, "name").unwrap_or_default();
                match self.known.global(name) {
                    Some(Meaning::Number(value)) => Some(value),
                    Some(Meaning::Path(_)) => None,
                    None => return false,
                }
            }
            _ => match self.known.attribute(op) {
                Some(path) => functions::constant(&path).map(|value| self.float(value)),
                None => return false,
            },
        };
        self.replace_known(op, number).is_some()
    }

    fn float(&self, value: f64) -> Attribute<'c> {
        FloatAttribute::new(self.context, self.types.f64, value).into()
    }

    fn replace_known(
        &mut self,
        op: OperationRef<'c, 'a>,
        number: Option<Attribute<'c>>,
    ) -> Option<()> {
        let name = self.known.name(op)?;
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let loaded = result(op, 0)?;
        let kind = number.and_then(|_| self.native_kind(op));
        let builder = self.builder(op);
        let name = [("name", StringAttribute::new(self.context, &name).into())];
        builder.op("num.assume", &[state], &[], &name);
        let known = builder.op("py.known", &[], &[self.types.object], &name);
        self.done.insert(crate::inspect::op_key(known));
        let object = result(known, 0)?;
        let native = number.zip(kind);
        let native = native.and_then(|(value, kind)| self.literal(&builder, kind, value));
        let fact = self.facts.get(loaded);
        self.facts.set(object, fact);
        if let Some(native) = native {
            self.natives.insert(value_key(object), native);
            if self.conversion(native.kind).is_none() {
                self.objects.insert(value_key(object));
            }
        }
        replace_uses(loaded, object);
        if let Some(this) = result(op, 1).filter(|_| op_name(op) == "py.load_method") {
            let null = builder.value("py.null", &[], self.types.object);
            self.facts.set(null, Fact::NULL);
            replace_uses(this, null);
        }
        self.never_raises(op);
        self.dead.push(op);
        Some(())
    }

    /// Whether an op calls a function that is known to compute natively here.
    pub(super) fn is_call_of_known(&self, op: OperationRef<'c, 'a>) -> bool {
        let callee = op.operand(0).ok();
        let known = callee.and_then(|callee| self.known.path(callee));
        let kind = |value| self.native(value).map(|native| native.kind);
        let kinds: Option<Vec<_>> = arguments(op).into_iter().map(kind).collect();
        let found = known.zip(kinds);
        let found = found.and_then(|(path, kinds)| functions::find(&path, &kinds));
        found.is_some_and(|function| self.native_kind(op) == Some(function.result))
    }

    /// A call of a known function on numbers.
    pub(super) fn call_function(&self, op: OperationRef<'c, 'a>) -> Option<(Kind, Value<'c, 'a>)> {
        let natives = arguments(op).into_iter().map(|value| self.native(value));
        self.call_function_on(op, &natives.collect::<Option<Vec<_>>>()?)
    }

    fn call_function_on(
        &self,
        op: OperationRef<'c, 'a>,
        natives: &[Native<'c, 'a>],
    ) -> Option<(Kind, Value<'c, 'a>)> {
        let kind = self.native_kind(op)?;
        let path = self.known.path(op.operand(0).ok()?)?;
        if !is_plain_call(op) {
            return None;
        }
        let kinds: Vec<_> = natives.iter().map(|native| native.kind).collect();
        let function = functions::find(&path, &kinds).filter(|found| found.result == kind)?;
        let builder = self.builder(op);
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let wanted = function.parameters.iter().cycle();
        let mut operands: Vec<_> = natives
            .iter()
            .zip(wanted)
            .map(|(native, wanted)| self.convert(&builder, native.value, native.kind, *wanted))
            .collect();
        if operands.len() > function.parameters.len() {
            let best = self.best_of(&builder, function, &operands, state)?;
            return Some((kind, best));
        }
        if let Some(value) = self.as_operator(&builder, function, &operands, state) {
            return Some((kind, self.rounded(&builder, kind, value)));
        }
        operands.push(state);
        let mut attributes = super::arithmetic::attributes(self.context, self.numbers);
        attributes.push(("function", StringAttribute::new(self.context, &path).into()));
        let r#type = kind.native_type(&self.types)?;
        let made = builder.op("num.call", &operands, &[r#type], &attributes);
        let value = result(made, 0)?;
        let value = match kind {
            Kind::Int => self.fitted(&builder, value, state),
            _ => self.rounded(&builder, kind, value),
        };
        Some((kind, value))
    }

    /// `min` and `max` of more than two numbers, of the first two first.
    fn best_of(
        &self,
        builder: &crate::builder::Builder<'c, 'a>,
        function: &functions::Function,
        numbers: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let mut attributes = super::arithmetic::attributes(self.context, self.numbers);
        let path = StringAttribute::new(self.context, function.path);
        attributes.push(("function", path.into()));
        let r#type = function.result.native_type(&self.types)?;
        numbers.iter().copied().reduce(|best, number| {
            let made = builder.op("num.call", &[best, number, state], &[r#type], &attributes);
            crate::cursor::result_of(made, 0)
        })
    }

    /// A call of a known function on a vector, a pointer, or a float that may be None; false for another call.
    pub(super) fn call_on_composite(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let callee = op.operand(0).ok();
        let known = callee.and_then(|callee| self.known.path(callee));
        if known.is_none() || !self.is_on_composites(op) {
            return false;
        }
        match self.native_kind(op).and_then(|_| self.composite_call(op)) {
            Some((kind, value)) => self.replace(op, kind, value),
            None => self.box_operands(op),
        }
        true
    }

    fn composite_call(&mut self, op: OperationRef<'c, 'a>) -> Option<(Kind, Value<'c, 'a>)> {
        let kind = self.native_kind(op)?;
        let path = self.known.path(op.operand(0).ok()?)?;
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let arguments = arguments(op);
        let first = self.native(*arguments.first()?)?;
        if first.kind == Kind::Pointer {
            return Some((kind, self.known_length(op, first.value, state)));
        }
        if first.kind.is_lanes() {
            let other = arguments.get(1).and_then(|value| self.native(*value));
            let other = other.map(|native| native.value);
            let value = self.call_on_lanes(op, &path, first, other, state)?;
            return Some((kind, value));
        }
        if path == "builtins.abs" && first.kind == Kind::Optional {
            return Some((kind, self.optional_unary(op, "math.absf", first.value)));
        }
        let natives = arguments.into_iter().map(|argument| {
            let native = self.native(argument)?;
            Some(match native.kind {
                Kind::Optional => {
                    Native::new(Kind::Float, self.certain_float(op, native.value, state))
                }
                _ => native,
            })
        });
        self.call_function_on(op, &natives.collect::<Option<Vec<_>>>()?)
    }

    /// Functions that are operators as well.
    fn as_operator(
        &self,
        builder: &crate::builder::Builder<'c, 'a>,
        function: &functions::Function,
        operands: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let f64 = self.types.f64;
        Some(match (function.path, function.parameters) {
            ("builtins.abs", [Kind::Int]) => self.integer(builder, "num.abs", operands, state),
            ("builtins.abs", [Kind::Complex]) => {
                builder.value("num.absc", &[operands[0], state], f64)
            }
            ("builtins.pow", [Kind::Int, Kind::Int]) => {
                self.integer(builder, "num.pow", operands, state)
            }
            ("builtins.pow", [Kind::Float, Kind::Float]) => {
                builder.value("num.powf", &[operands[0], operands[1], state], f64)
            }
            ("math.floor" | "math.ceil" | "math.trunc" | "builtins.round", [Kind::Int]) => {
                operands[0]
            }
            _ => return None,
        })
    }
}
