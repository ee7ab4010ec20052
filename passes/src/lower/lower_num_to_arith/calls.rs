//! Functions of modules, and what is assumed of globals.

use super::{emit::Emitter, integers, rule::Rule};
use crate::{
    analysis::{
        fact::Kind,
        functions::{self, Body, Function},
    },
    builder::{CmpfPredicate, CmpiPredicate},
    inspect::{op_name, str_attribute},
};
use melior::ir::{
    OperationRef, Value, ValueLike, attribute::DenseI32ArrayAttribute, operation::OperationLike,
};
use stepwell_abi::{self as abi, letter};
use stepwell_dialects::ir::{blocks, operations};

/// Behind a guard with this reason the interpreter raises.
const RAISES: &str = "the function raises";
/// Behind one with this reason NumPy warns.
const WARNS: &str = "NumPy warns of the result";
const OVERFLOW: &str = "the result needs more than 64 bits";

/// `num.assume`
pub(super) fn assume<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, op: OperationRef<'c, 'a>) {
    if let Ok(state) = op.operand(0) {
        emitter.guard(emitter.assumed(), state, "a global was rebound");
    }
}

/// What a runtime function takes in memory when it takes no more than a few numbers.
const FEW_WORDS: i64 = 6;

/// How many words of memory the calls of a function need.
pub(super) fn most_words(function: OperationRef) -> i64 {
    let ops = function.regions().flat_map(blocks).flat_map(operations);
    let calls = ops.filter(|op| op_name(*op) == "num.call");
    // A complex number has two words; each argument and each tuple has letters, sixteen in a word.
    let words = calls.map(|op| {
        let inputs = op.operand_count() as i64 + 2 * tuples(op).len() as i64;
        2 * inputs + inputs / 16 + 2
    });
    words.max().unwrap_or(0).max(FEW_WORDS)
}

/// The lengths of the tuples that a call takes.
fn tuples(op: OperationRef) -> Vec<i32> {
    let lengths = op.attribute("tuples").ok();
    let lengths = lengths.and_then(|lengths| DenseI32ArrayAttribute::try_from(lengths).ok());
    lengths.map_or_else(Vec::new, |lengths| {
        (0..lengths.len())
            .filter_map(|index| lengths.element(index).ok())
            .collect()
    })
}

/// `num.call`
pub(super) fn call<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    op: OperationRef<'c, 'a>,
    inputs: &[Value<'c, 'a>],
    state: Value<'c, 'a>,
) -> Option<Vec<Value<'c, 'a>>> {
    let types = emitter.types();
    let kind = |value: Value<'c, 'a>| Kind::of_type(types, value.r#type());
    let path = str_attribute(op, "function")?;
    let kinds: Vec<_> = inputs.iter().copied().map(kind).collect();
    let results: Vec<_> = op.results().map(|result| kind(result.into())).collect();
    let call = Interpreted {
        path,
        inputs,
        kinds: &kinds,
        tuples: tuples(op),
        results: &results,
    };
    if !call.tuples.is_empty() {
        return call.emit(emitter, rule, state);
    }
    let function = functions::find(path, &kinds)?;
    let one = match function.body {
        Body::Library(symbol) => library(emitter, symbol, inputs, state),
        Body::LibraryOfPositive(symbol) if rule.is_exact() => {
            let positive = emitter.cmpf(CmpfPredicate::Ogt, inputs[0], emitter.float(0.0));
            let infinity = emitter.float(f64::INFINITY);
            let finite = emitter.cmpf(CmpfPredicate::Olt, inputs[0], infinity);
            let regular = emitter.both(positive, finite);
            emitter.guard(regular, state, "the argument is not positive or not finite");
            emitter.library(symbol, inputs)
        }
        // These take integers with a sign.
        Body::Runtime(symbol) if !rule.nosign || !kinds.contains(&Kind::Int) => {
            let status = emitter.call(symbol, &[inputs, &[emitter.out()]].concat());
            return answers(emitter, rule, status, &results, state);
        }
        Body::Loop(name) => {
            let number = abi::LOOPS.iter().position(|known| *known == name)?;
            let symbol = match inputs {
                [_] => "sw_loop_1",
                _ => "sw_loop_2",
            };
            let number = emitter.int(number as i64);
            let out = emitter.ask(symbol, &[&[number], inputs].concat(), state, WARNS);
            emitter.load(out, 0, emitter.types().f64)
        }
        Body::LibraryOfPositive(_) | Body::Runtime(_) | Body::Interpreted => {
            return call.emit(emitter, rule, state);
        }
        Body::Inline => inline(emitter, rule, function, inputs, state)?,
    };
    Some(vec![one])
}

/// CPython's check: the difference of a number with itself is zero unless it is infinite or no number.
fn library<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    symbol: &str,
    inputs: &[Value<'c, 'a>],
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let value = emitter.library(symbol, inputs);
    let finite = is_finite(emitter, value);
    // A NaN in gives a NaN out; an infinity in may give an infinity out.
    let nan_in = emitter.cmpf(CmpfPredicate::Uno, inputs[0], inputs[0]);
    let infinite_in = emitter.not(is_finite(emitter, inputs[0]));
    let number_out = emitter.cmpf(CmpfPredicate::Ord, value, value);
    let excused = emitter.either(nan_in, emitter.both(infinite_in, number_out));
    emitter.guard(emitter.either(finite, excused), state, RAISES);
    value
}

fn is_finite<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, value: Value<'c, 'a>) -> Value<'c, 'a> {
    let size = emitter.value("math.absf", &[value], emitter.types().f64);
    emitter.cmpf(CmpfPredicate::Olt, size, emitter.float(f64::INFINITY))
}

/// What a runtime function wrote: its status is 1, 0 where the function raises, -1 where an integer is too long, whose
/// lower bits are there.
fn answers<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    status: Value<'c, 'a>,
    results: &[Kind],
    state: Value<'c, 'a>,
) -> Option<Vec<Value<'c, 'a>>> {
    let types = emitter.types();
    emitter.guard(emitter.is_nonzero(status), state, RAISES);
    if results.contains(&Kind::Int) {
        let fits = || {
            let wide = emitter.value("arith.extsi", &[status], types.i64);
            emitter.cmpi(CmpiPredicate::Sgt, wide, emitter.int(0))
        };
        rule.guard(emitter, fits, state, OVERFLOW);
    }
    let out = emitter.out();
    let mut place = 0;
    let mut word = |r#type| {
        place += 1;
        emitter.load(out, place - 1, r#type)
    };
    let answers = results.iter().map(|kind| {
        Some(match kind {
            Kind::Complex => {
                let parts = [word(types.f64), word(types.f64)];
                emitter.value("complex.create", &parts, types.complex)
            }
            Kind::Bool => emitter.is_not(word(types.i64), 0),
            kind => word(kind.native_type(types)?),
        })
    });
    answers.collect()
}

/// A call of CPython's own function.
struct Interpreted<'s, 'c, 'a> {
    path: &'s str,
    inputs: &'s [Value<'c, 'a>],
    kinds: &'s [Kind],
    tuples: Vec<i32>,
    results: &'s [Kind],
}

impl<'c, 'a> Interpreted<'_, 'c, 'a> {
    /// The shape and the arguments go to memory, and the answer comes from there.
    fn emit(
        &self,
        emitter: &Emitter<'_, 'c, 'a>,
        rule: Rule,
        state: Value<'c, 'a>,
    ) -> Option<Vec<Value<'c, 'a>>> {
        let names = functions::keywords(self.path, self.inputs.len());
        let row = |(path, keywords): &(&str, &[&str])| *path == self.path && *keywords == names;
        let number = abi::INTERPRETED.iter().position(row)?;
        let mut place = 0;
        let mut put = |value| {
            emitter.put(place, value);
            place += 1;
        };
        for word in self.shape(rule) {
            put(emitter.int(word as i64));
        }
        for (input, kind) in self.inputs.iter().zip(self.kinds) {
            match kind {
                Kind::Complex => super::complex::parts(emitter, *input).map(&mut put).into(),
                Kind::Bool => vec![put(emitter.value(
                    "arith.extui",
                    &[*input],
                    emitter.types().i64,
                ))],
                _ => vec![put(*input)],
            };
        }
        let arguments = [emitter.int(number as i64), emitter.out()];
        let status = emitter.call("sw_call_interpreted", &arguments);
        answers(emitter, rule, status, self.results, state)
    }

    /// The letters of the call, sixteen in a word, the first ones lowest.
    fn shape(&self, rule: Rule) -> Vec<u64> {
        let letter = |kind: &Kind| match kind {
            Kind::Int if rule.nosign => letter::UNSIGNED,
            Kind::Int => letter::INT,
            Kind::Float => letter::FLOAT,
            Kind::Complex => letter::COMPLEX,
            _ => letter::BOOL,
        };
        let mut letters: Vec<_> = self.results.iter().map(letter).collect();
        letters.push(letter::ARGUMENTS);
        let mut rest = self.kinds;
        for length in &self.tuples {
            let (items, behind) = rest.split_at(*length as usize);
            letters.push(letter::OPEN);
            letters.extend(items.iter().map(letter));
            letters.push(letter::CLOSE);
            rest = behind;
        }
        letters.extend(rest.iter().map(letter));
        letters.push(letter::END);
        let word = |letters: &[u64]| {
            let places = letters.iter().enumerate();
            places.fold(0, |word, (place, letter)| word | letter << (4 * place))
        };
        letters.chunks(16).map(word).collect()
    }
}

fn inline<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    function: &Function,
    inputs: &[Value<'c, 'a>],
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let f64 = emitter.types().f64;
    let x = inputs[0];
    let math = |name: &str| emitter.value(name, inputs, f64);
    let whole = |name: &str| super::floats::truncate(emitter, rule, math(name), state);
    Some(match function.path {
        "math.sqrt" => {
            let real = emitter.cmpf(CmpfPredicate::Uge, x, emitter.float(0.0));
            emitter.guard(real, state, RAISES);
            math("math.sqrt")
        }
        "math.fabs" | "builtins.abs" => math("math.absf"),
        "math.copysign" => math("math.copysign"),
        "math.floor" => whole("math.floor"),
        "math.ceil" => whole("math.ceil"),
        "math.trunc" => whole("math.trunc"),
        "builtins.round" => whole("math.roundeven"),
        "math.isnan" => emitter.cmpf(CmpfPredicate::Uno, x, x),
        "math.isfinite" => is_finite(emitter, x),
        "math.isinf" => {
            let size = math("math.absf");
            emitter.cmpf(CmpfPredicate::Oeq, size, emitter.float(f64::INFINITY))
        }
        "math.degrees" => emitter.f64("arith.mulf", x, emitter.float(180.0 / std::f64::consts::PI)),
        "math.radians" => emitter.f64("arith.mulf", x, emitter.float(std::f64::consts::PI / 180.0)),
        "builtins.min" | "builtins.max" => extreme(emitter, rule, function, inputs),
        _ => return None,
    })
}

/// The second argument where it is less (or greater), else the first: also where one of them is no number.
fn extreme<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    function: &Function,
    inputs: &[Value<'c, 'a>],
) -> Value<'c, 'a> {
    let least = function.path == "builtins.min";
    let second = match function.result {
        Kind::Int => {
            let predicate = integers::ordering(rule, least);
            emitter.cmpi(predicate, inputs[1], inputs[0])
        }
        Kind::Bool => {
            let name = if least { "arith.andi" } else { "arith.ori" };
            return emitter.value(name, inputs, emitter.types().i1);
        }
        _ => {
            let predicate = if least {
                CmpfPredicate::Olt
            } else {
                CmpfPredicate::Ogt
            };
            emitter.cmpf(predicate, inputs[1], inputs[0])
        }
    };
    emitter.select(second, inputs[1], inputs[0])
}
