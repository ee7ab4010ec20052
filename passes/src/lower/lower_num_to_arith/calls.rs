//! Functions of modules, and what is assumed of globals.

use super::{emit::Emitter, integers, rule::Rule};
use crate::{
    analysis::{
        fact::Kind,
        functions::{self, Body, Function},
    },
    builder::{CmpfPredicate, CmpiPredicate},
    inspect::str_attribute,
};
use melior::ir::{OperationRef, Value, ValueLike, operation::OperationLike};
use stepwell_abi as abi;

/// Behind a guard with this reason the interpreter raises.
const RAISES: &str = "the function raises";
const OVERFLOW: &str = "the result needs more than 64 bits";

/// `num.assume`
pub(super) fn assume<'c, 'a>(emitter: &Emitter<'_, 'c, 'a>, op: OperationRef<'c, 'a>) {
    if let Ok(state) = op.operand(0) {
        emitter.guard(emitter.assumed(), state, "a global was rebound");
    }
}

/// `num.call`
pub(super) fn call<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    op: OperationRef<'c, 'a>,
    inputs: &[Value<'c, 'a>],
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let types = emitter.types();
    let kinds: Vec<_> = inputs
        .iter()
        .map(|value| Kind::of_type(types, value.r#type()))
        .collect();
    let function = functions::find(str_attribute(op, "function")?, &kinds)?;
    Some(match function.body {
        Body::Library(symbol) => library(emitter, symbol, inputs, state),
        Body::LibraryOfPositive(symbol) => {
            let positive = emitter.cmpf(CmpfPredicate::Ogt, inputs[0], emitter.float(0.0));
            let infinity = emitter.float(f64::INFINITY);
            let finite = emitter.cmpf(CmpfPredicate::Olt, inputs[0], infinity);
            let regular = emitter.both(positive, finite);
            match rule.is_exact() {
                true => {
                    emitter.guard(regular, state, "the argument is not positive or not finite");
                    emitter.library(symbol, inputs)
                }
                false => interpreted(emitter, rule, function, inputs, state)?,
            }
        }
        Body::Runtime(symbol) => runtime(emitter, rule, symbol, function, inputs, state)?,
        Body::Interpreted => interpreted(emitter, rule, function, inputs, state)?,
        Body::Inline => inline(emitter, rule, function, inputs, state)?,
    })
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

/// A runtime function that writes its answer: its status is 1, 0 where the function raises, -1 where the result is too
/// long.
fn runtime<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    symbol: &str,
    function: &Function,
    inputs: &[Value<'c, 'a>],
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let status = emitter.call(symbol, &[inputs, &[emitter.out()]].concat());
    answer(emitter, rule, status, function.result, state)
}

fn answer<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    status: Value<'c, 'a>,
    result: Kind,
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let types = emitter.types();
    emitter.guard(emitter.is_nonzero(status), state, RAISES);
    if result == Kind::Int {
        let wide = emitter.value("arith.extsi", &[status], types.i64);
        let fits = emitter.cmpi(CmpiPredicate::Sgt, wide, emitter.int(0));
        match rule.is_exact() {
            true => emitter.guard(fits, state, OVERFLOW),
            false => emitter.guard_raising(fits, state, OVERFLOW, "OverflowError"),
        }
    }
    let out = emitter.out();
    Some(match result {
        Kind::Complex => {
            let parts = [0, 1].map(|index| emitter.load(out, index, types.f64));
            emitter.value("complex.create", &parts, types.complex)
        }
        Kind::Bool => emitter.is_not(emitter.load(out, 0, types.i64), 0),
        kind => emitter.load(out, 0, kind.native_type(types)?),
    })
}

/// CPython's own function, with its arguments in memory. `shape` has four bits for the result and for each argument.
fn interpreted<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    rule: Rule,
    function: &Function,
    inputs: &[Value<'c, 'a>],
    state: Value<'c, 'a>,
) -> Option<Value<'c, 'a>> {
    let number = abi::INTERPRETED
        .iter()
        .position(|path| *path == function.path)?;
    let mut shape = letter(function.result);
    let mut place = 0;
    for (index, (input, kind)) in inputs.iter().zip(function.parameters).enumerate() {
        shape |= letter(*kind) << (4 * (index + 1));
        let parts = match kind {
            Kind::Complex => super::complex::parts(emitter, *input).to_vec(),
            _ => vec![*input],
        };
        for part in parts {
            emitter.put(place, part);
            place += 1;
        }
    }
    let arguments = [
        emitter.int(number as i64),
        emitter.int(shape),
        emitter.out(),
    ];
    let status = emitter.call("sw_call_interpreted", &arguments);
    answer(emitter, rule, status, function.result, state)
}

fn letter(kind: Kind) -> i64 {
    match kind {
        Kind::Int => 1,
        Kind::Float => 2,
        Kind::Complex => 3,
        _ => 4,
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
