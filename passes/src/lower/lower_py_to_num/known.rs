//! Globals that stand for modules, functions and numbers, and calls of those functions.

use super::{Lowering, Native};
use crate::{
    analysis::{
        fact::{Fact, Kind},
        functions::{self, Argument, Constant},
        known::Meaning,
        literals::{Literal, Number, literal_of},
        numbers::{arguments, arrange, arrange_kinds},
    },
    builder::{Builder, CmpfPredicate, CmpiPredicate},
    inspect::{op_name, result, value_key},
};
use melior::ir::{
    OperationRef, Value,
    attribute::{DenseI32ArrayAttribute, StringAttribute},
    operation::OperationLike,
};
use stepwell_dialects::ir::replace_uses;

/// A function that is to be called on numbers.
#[derive(Clone, Copy)]
pub(super) struct Call<'s, 'c, 'a> {
    pub(super) path: &'s str,
    pub(super) operands: &'s [Value<'c, 'a>],
    /// The lengths of the tuples that the operands are the items of.
    pub(super) tuples: &'s [i32],
    /// What it yields: several numbers where it is a tuple.
    pub(super) results: &'s [Kind],
}

impl<'c, 'a> Lowering<'c, 'a> {
    /// What a global was at compile time, if that is known; `num.assume` checks that it still is.
    pub(super) fn load_known(&mut self, op: OperationRef<'c, 'a>) -> bool {
        let known = self
            .known
            .name(op)
            .and_then(|name| self.known.global(&name));
        let number = match known {
            Some(Meaning::Number(value)) => literal_of(value),
            Some(Meaning::Path(_)) => None,
            None => match self.known.attribute(op) {
                Some(path) => functions::constant(&path).map(|constant| {
                    Literal::Number(match constant {
                        Constant::Float(value) => Number::Float(value),
                        Constant::Complex(real, imaginary) => Number::Complex(real, imaginary),
                    })
                }),
                None => return false,
            },
        };
        self.replace_known(op, number).is_some()
    }

    fn replace_known(&mut self, op: OperationRef<'c, 'a>, number: Option<Literal>) -> Option<()> {
        let name = self.known.name(op)?;
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let loaded = result(op, 0)?;
        let kind = number.as_ref().and_then(|_| self.native_kind(op));
        let builder = self.builder(op);
        let name = [("name", StringAttribute::new(self.context, &name).into())];
        builder.op("num.assume", &[state], &[], &name);
        let known = builder.op("py.known", &[], &[self.types.object], &name);
        self.done.insert(crate::inspect::op_key(known));
        let object = result(known, 0)?;
        let native = number.zip(kind).and_then(|(literal, _)| match literal {
            Literal::Number(number) => Some(self.constant_number(&builder, number)),
            Literal::Tuple(_) => None,
        });
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
        let found = known
            .zip(kinds)
            .and_then(|(path, kinds)| functions::find(&path, &arrange_kinds(op, &path, &kinds)?));
        found.is_some_and(|function| self.native_kind(op) == Some(function.result))
    }

    /// The arguments of a call of a known function in the order of its parameters.
    pub(super) fn arranged(
        &self,
        op: OperationRef<'c, 'a>,
        path: &str,
    ) -> Option<Vec<Native<'c, 'a>>> {
        let given = arguments(op);
        let builder = self.builder(op);
        let arranged = arrange(op, path)?
            .into_iter()
            .map(|argument| match argument {
                Argument::Given(place) => self.native(*given.get(place)?),
                Argument::Default(value) => {
                    Some(self.constant_number(&builder, Number::Float(value)))
                }
            });
        arranged.collect()
    }

    /// A call of a known function on numbers.
    pub(super) fn call_function(&self, op: OperationRef<'c, 'a>) -> Option<(Kind, Value<'c, 'a>)> {
        let path = self.known.path(op.operand(0).ok()?)?;
        self.call_function_on(op, &path, &self.arranged(op, &path)?)
    }

    fn call_function_on(
        &self,
        op: OperationRef<'c, 'a>,
        path: &str,
        natives: &[Native<'c, 'a>],
    ) -> Option<(Kind, Value<'c, 'a>)> {
        let kind = self.native_kind(op)?;
        let kinds: Vec<_> = natives.iter().map(|native| native.kind).collect();
        let function = functions::find(path, &kinds).filter(|found| found.result == kind)?;
        let builder = self.builder(op);
        let state = op.operand(op.operand_count().checked_sub(1)?).ok()?;
        let operands = self.as_parameters(&builder, function, natives);
        if !function.repeats && operands.len() > function.parameters.len() {
            let best = self.best_of(&builder, function, &operands, state)?;
            return Some((kind, best));
        }
        if let Some(value) = self.as_operator(&builder, function, &operands, state) {
            return Some((kind, self.rounded(&builder, kind, value)));
        }
        let call = Call {
            path,
            operands: &operands,
            tuples: &[],
            results: &[kind],
        };
        let results = self.numbers_of_call(&builder, call, state)?;
        Some((kind, results.first()?.value))
    }

    /// Numbers as what the parameters of a function are.
    pub(super) fn as_parameters(
        &self,
        builder: &Builder<'c, 'a>,
        function: &functions::Function,
        natives: &[Native<'c, 'a>],
    ) -> Vec<Value<'c, 'a>> {
        let wanted = function.parameters.iter().cycle();
        let pairs = natives.iter().zip(wanted);
        pairs
            .map(|(native, wanted)| self.convert(builder, native.value, native.kind, *wanted))
            .collect()
    }

    /// `num.call`, with its results in the width of the mode.
    pub(super) fn numbers_of_call(
        &self,
        builder: &Builder<'c, 'a>,
        call: Call<'_, 'c, 'a>,
        state: Value<'c, 'a>,
    ) -> Option<Vec<Native<'c, 'a>>> {
        let mut attributes = super::arithmetic::attributes(self.context, self.numbers);
        attributes.push(("function", self.word(call.path)));
        if !call.tuples.is_empty() {
            let lengths = DenseI32ArrayAttribute::new(self.context, call.tuples);
            attributes.push(("tuples", lengths.into()));
        }
        let types = call
            .results
            .iter()
            .map(|kind| kind.native_type(&self.types));
        let operands = [call.operands, &[state]].concat();
        let types = types.collect::<Option<Vec<_>>>()?;
        let made = builder.op("num.call", &operands, &types, &attributes);
        let results = call.results.iter().enumerate().map(|(index, kind)| {
            let value = result(made, index)?;
            let value = match kind {
                Kind::Int => self.fitted(builder, value, state),
                _ => self.rounded(builder, *kind, value),
            };
            Some(Native::new(*kind, value))
        });
        results.collect()
    }

    /// `min` and `max` of more than two numbers, of the first two first.
    fn best_of(
        &self,
        builder: &Builder<'c, 'a>,
        function: &functions::Function,
        numbers: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let mut attributes = super::arithmetic::attributes(self.context, self.numbers);
        let path = StringAttribute::new(self.context, function.path);
        attributes.push(("function", path.into()));
        let r#type = function.result.native_type(&self.types)?;
        let kind = function.parameters[0].number();
        numbers.iter().copied().reduce(|best, number| {
            if let Some(best) = self.extreme(builder, function.path, kind, &[best, number]) {
                return best;
            }
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
        let natives = self.arranged(op, &path)?;
        let first = *natives.first()?;
        if first.kind == Kind::Pointer {
            return Some((kind, self.known_length(op, first.value, state)));
        }
        if first.kind.is_lanes() {
            let other = natives.get(1).map(|native| native.value);
            let value = self.call_on_lanes(op, &path, first, other, state)?;
            return Some((kind, value));
        }
        if path == "builtins.abs" && first.kind == Kind::Optional {
            return Some((kind, self.optional_unary(op, "math.absf", first.value)));
        }
        let present = natives.into_iter().map(|native| match native.kind {
            Kind::Optional => Native::new(Kind::Float, self.certain_float(op, native.value, state)),
            _ => native,
        });
        self.call_function_on(op, &path, &present.collect::<Vec<_>>())
    }

    /// Functions that are operators as well.
    fn as_operator(
        &self,
        builder: &Builder<'c, 'a>,
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
            ("builtins.min" | "builtins.max", [kind, _]) => {
                return self.extreme(builder, function.path, kind.number(), operands);
            }
            _ => return self.as_instruction(builder, function, operands, state),
        })
    }

    /// The second of two numbers where it is less (or greater), else the first: also where one of them is no number.
    fn extreme(
        &self,
        builder: &Builder<'c, 'a>,
        path: &str,
        kind: Kind,
        numbers: &[Value<'c, 'a>],
    ) -> Option<Value<'c, 'a>> {
        let (first, second) = (*numbers.first()?, *numbers.get(1)?);
        let is_least = path == "builtins.min";
        let is_second = match (kind, is_least) {
            (Kind::Float, true) => builder.cmpf(CmpfPredicate::Olt, second, first),
            (Kind::Float, false) => builder.cmpf(CmpfPredicate::Ogt, second, first),
            (Kind::Int, _) if self.numbers.is_unsigned() => return None,
            (Kind::Int, true) => builder.cmpi(CmpiPredicate::Slt, second, first),
            (Kind::Int, false) => builder.cmpi(CmpiPredicate::Sgt, second, first),
            _ => return None,
        };
        Some(builder.select(is_second, second, first))
    }

    /// Functions that are machine instructions.
    fn as_instruction(
        &self,
        builder: &Builder<'c, 'a>,
        function: &functions::Function,
        operands: &[Value<'c, 'a>],
        state: Value<'c, 'a>,
    ) -> Option<Value<'c, 'a>> {
        let (f64, x) = (self.types.f64, *operands.first()?);
        let quiet = |value| {
            builder.op("num.quiet", &[value, x, state], &[], &[]);
            value
        };
        let size = || builder.value("math.absf", &[x], f64);
        let infinity = || builder.float(f64::INFINITY);
        Some(match function.path {
            // With flags nobody could tell that there is none.
            "math.sqrt" if !self.function.has_attribute("py.fastmath") => {
                let root = builder.value("math.sqrt", &[x], f64);
                let reason = [("reason", self.word("the function raises"))];
                builder.op("num.quiet", &[root, x, state], &[], &reason);
                root
            }
            "math.fabs" => size(),
            "math.copysign" => builder.value("math.copysign", operands, f64),
            "math.isnan" => builder.cmpf(CmpfPredicate::Uno, x, x),
            "math.isinf" => builder.cmpf(CmpfPredicate::Oeq, size(), infinity()),
            "math.isfinite" => builder.cmpf(CmpfPredicate::Olt, size(), infinity()),
            "builtins.abs" if function.parameters[0].number() == Kind::Float => size(),
            "numpy.sqrt" => quiet(builder.value("math.sqrt", &[x], f64)),
            "numpy.square" => quiet(builder.value("arith.mulf", &[x, x], f64)),
            "numpy.abs" | "numpy.absolute" | "numpy.fabs" => size(),
            "numpy.floor" => builder.value("math.floor", &[x], f64),
            "numpy.ceil" => builder.value("math.ceil", &[x], f64),
            "numpy.trunc" => builder.value("math.trunc", &[x], f64),
            "numpy.rint" => builder.value("math.roundeven", &[x], f64),
            "numpy.isnan" => builder.cmpf(CmpfPredicate::Uno, x, x),
            "numpy.isinf" => builder.cmpf(CmpfPredicate::Oeq, size(), infinity()),
            "numpy.isfinite" => builder.cmpf(CmpfPredicate::Olt, size(), infinity()),
            _ => return None,
        })
    }
}
