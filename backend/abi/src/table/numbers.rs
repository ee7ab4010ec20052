//! Boxes, and arithmetic that is too long for machine code.

use crate::{
    Function,
    Type::{F64, I32, I64, Ptr},
    function::{float, integer, object, status},
};

const COMPLEX_PAIR: &[(&str, crate::Type)] = &[
    ("a_real", F64),
    ("a_imag", F64),
    ("b_real", F64),
    ("b_imag", F64),
    ("out", Ptr),
];

pub(super) const ROWS: &[Function] = &[
    // Boxes; a failure of these leaves compiled code.
    object("sw_box_int", &[("value", I64)]),
    object("sw_box_float", &[("value", F64)]),
    object("PyComplex_FromDoubles", &[("real", F64), ("imag", F64)]),
    // `bool`; never fails.
    object("PyBool_FromLong", &[("value", I64)]).infallible(),
    // Whether an object is exactly an `int` that fits (1 or 0); writes it to `out`.
    status("sw_unbox_int", &[("object", Ptr), ("out", Ptr)]).infallible(),
    // Arithmetic that has a native answer (1, written to `out`) or leaves the instruction to the interpreter (0).
    status(
        "sw_pow_int",
        &[("base", I64), ("exponent", I64), ("out", Ptr)],
    )
    .infallible(),
    status(
        "sw_pow_float",
        &[("base", F64), ("exponent", F64), ("out", Ptr)],
    )
    .infallible(),
    status("sw_div_complex", COMPLEX_PAIR).infallible(),
    status("sw_pow_complex", COMPLEX_PAIR).infallible(),
    status(
        "sw_abs_complex",
        &[("real", F64), ("imag", F64), ("out", Ptr)],
    )
    .infallible(),
    // The divisor is not zero.
    integer(
        "sw_mulmod",
        &[
            ("lhs", I64),
            ("rhs", I64),
            ("addend", I64),
            ("divisor", I64),
        ],
    ),
    // The C library's.
    float("sw_pow_of_finite", &[("base", F64), ("exponent", F64)]),
    float("sw_mod_float", &[("lhs", F64), ("rhs", F64)]),
    float("sw_floordiv_float", &[("lhs", F64), ("rhs", F64)]),
    // A comparison of an int with a float, exact; `kind` is Py_LT to Py_GE. 0 or 1.
    status(
        "sw_compare_mixed",
        &[("lhs", I64), ("rhs", F64), ("kind", I32)],
    )
    .infallible(),
];
