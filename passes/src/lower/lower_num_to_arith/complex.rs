//! Complex numbers: what is more than their parts taken one by one.

use super::emit::Emitter;
use melior::ir::Value;

pub(super) fn divide<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    binary(
        emitter,
        "sw_div_complex",
        [lhs, rhs],
        state,
        "division by zero",
    )
}

pub(super) fn power<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    lhs: Value<'c, 'a>,
    rhs: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    binary(
        emitter,
        "sw_pow_complex",
        [lhs, rhs],
        state,
        "there is no power",
    )
}

pub(super) fn absolute<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    value: Value<'c, 'a>,
    state: Value<'c, 'a>,
) -> Value<'c, 'a> {
    let reason = "the absolute value is too large";
    let out = emitter.ask("sw_abs_complex", &parts(emitter, value), state, reason);
    emitter.load(out, 0, emitter.types().f64)
}

fn binary<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    symbol: &str,
    operands: [Value<'c, 'a>; 2],
    state: Value<'c, 'a>,
    reason: &str,
) -> Value<'c, 'a> {
    let types = emitter.types();
    let arguments: Vec<_> = operands
        .into_iter()
        .flat_map(|operand| parts(emitter, operand))
        .collect();
    let out = emitter.ask(symbol, &arguments, state, reason);
    let (real, imag) = (
        emitter.load(out, 0, types.f64),
        emitter.load(out, 1, types.f64),
    );
    emitter.value("complex.create", &[real, imag], types.complex)
}

pub(super) fn parts<'c, 'a>(
    emitter: &Emitter<'_, 'c, 'a>,
    value: Value<'c, 'a>,
) -> [Value<'c, 'a>; 2] {
    ["complex.re", "complex.im"].map(|part| emitter.value(part, &[value], emitter.types().f64))
}
