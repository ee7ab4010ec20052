//! Modes whose parameters and arithmetic are not Python's: arguments, results, errors, integers.

use crate::{
    Function,
    Type::{F64, I32, I64, Ptr},
    function::{float, object, status},
};

pub(super) const ROWS: &[Function] = &[
    // The native value of an argument, written to `out` as the kind of number `kind` of `CONVERSIONS`; the error names
    // the parameter in `slot`.
    status(
        "sw_convert",
        &[
            ("frame", Ptr),
            ("object", Ptr),
            ("slot", I32),
            ("kind", I32),
            ("out", Ptr),
        ],
    )
    .observing(),
    // An `int` of 64 bits without a sign.
    object("sw_box_unsigned", &[("value", I64)]),
    // None if `present` is zero, else a float.
    object("sw_box_optional", &[("present", I64), ("value", F64)]),
    // The lanes at `data` as the kind of thing that the first argument is: `kind` is 0 for 4 floats, 1 for 8 integers,
    // 2 for 4 and 3 for 8 truth values, a byte each.
    object(
        "sw_box_lanes",
        &[("frame", Ptr), ("data", Ptr), ("kind", I32)],
    )
    .observing(),
    // Raises the error `class` of `NATIVE_ERRORS` with that message.
    status("sw_raise_native", &[("class", I32), ("message", Ptr)]).failing(),
    // Integers by the rules of modes whose arithmetic is not Python's; `nosign` is 1 where they have no sign. The results
    // are modulo 2**64, the status tells whether that is all (1) or not (0).
    status(
        "sw_pow_wrapping",
        &[
            ("base", I64),
            ("exponent", I64),
            ("nosign", I64),
            ("out", Ptr),
        ],
    )
    .infallible(),
    status(
        "sw_truncate_wrapping",
        &[("value", F64), ("nosign", I64), ("out", Ptr)],
    )
    .infallible(),
    // The quotient, rounded once; the divisor is not zero.
    float("sw_div_int", &[("lhs", I64), ("rhs", I64), ("nosign", I64)]),
    status(
        "sw_compare_int_float",
        &[("lhs", I64), ("rhs", F64), ("kind", I64), ("nosign", I64)],
    )
    .infallible(),
    // Functions on numbers: 1 and the answer in `out`, 0 where they raise, -1 where an integer is too long (and its lower 64
    // bits, if it is one of those that CPython computed).
    status("sw_gcd", &[("a", I64), ("b", I64), ("out", Ptr)]).infallible(),
    status("sw_isqrt", &[("n", I64), ("out", Ptr)]).infallible(),
    status(
        "sw_pow_mod",
        &[
            ("base", I64),
            ("exponent", I64),
            ("modulus", I64),
            ("out", Ptr),
        ],
    )
    .infallible(),
    // `math.isclose`
    status(
        "sw_isclose",
        &[
            ("a", F64),
            ("b", F64),
            ("relative", F64),
            ("absolute", F64),
            ("out", Ptr),
        ],
    )
    .infallible(),
    // NumPy's loop `number` of `LOOPS` over one scalar: 1 and the answer in `out`, 0 where NumPy warns.
    status("sw_loop_1", &[("number", I64), ("x", F64), ("out", Ptr)]).infallible(),
    status(
        "sw_loop_2",
        &[("number", I64), ("x", F64), ("y", F64), ("out", Ptr)],
    )
    .infallible(),
    // The function `number` of `INTERPRETED`. `data` begins with the shape of the call, in whole words of sixteen letters
    // that end with a zero; then come the arguments. The answer goes to the front.
    status("sw_call_interpreted", &[("number", I64), ("data", Ptr)]).infallible(),
];
