//! Operators, comparisons, truth.

use crate::{
    Function,
    Type::{I32, Ptr},
    function::{object, pointer, status},
};

const fn operator(symbol: &'static str) -> Function {
    object(symbol, &[("lhs", Ptr), ("rhs", Ptr)]).observing()
}

/// The operators of BINARY_OP, at their numbers.
pub(super) const BINARY: &[Function] = ROWS.split_at(26).0;

/// The unary operators, at the numbers of `py.unary`.
pub(super) const UNARY: &[Function] = ROWS.split_at(26).1.split_at(2).0;

pub(super) const ROWS: &[Function] = &[
    operator("sw_add"),
    operator("sw_and"),
    operator("sw_floordivide"),
    operator("sw_lshift"),
    operator("PyNumber_MatrixMultiply"),
    operator("sw_multiply"),
    operator("sw_remainder"),
    operator("sw_or"),
    operator("sw_power"),
    operator("sw_rshift"),
    operator("sw_subtract"),
    operator("sw_truedivide"),
    operator("sw_xor"),
    operator("sw_inplace_add"),
    operator("sw_inplace_and"),
    operator("sw_inplace_floordivide"),
    operator("sw_inplace_lshift"),
    operator("PyNumber_InPlaceMatrixMultiply"),
    operator("sw_inplace_multiply"),
    operator("sw_inplace_remainder"),
    operator("sw_inplace_or"),
    operator("sw_inplace_power"),
    operator("sw_inplace_rshift"),
    operator("sw_inplace_subtract"),
    operator("sw_inplace_truedivide"),
    operator("sw_inplace_xor"),
    object("PyNumber_Negative", &[("value", Ptr)]).observing(),
    object("PyNumber_Invert", &[("value", Ptr)]).observing(),
    // COMPARE_OP; `kind` is Py_LT to Py_GE.
    object("sw_compare", &[("lhs", Ptr), ("rhs", Ptr), ("kind", I32)]).observing(),
    // COMPARE_OP followed by TO_BOOL: 0 or 1.
    status(
        "sw_compare_truth",
        &[("lhs", Ptr), ("rhs", Ptr), ("kind", I32)],
    )
    .observing(),
    // The same for numbers and strings: -1 for other operands.
    status(
        "sw_try_compare",
        &[("lhs", Ptr), ("rhs", Ptr), ("kind", I32)],
    )
    .infallible(),
    // BINARY_OP on numbers and strings; null without an exception where Python code would have to run, or it would raise.
    pointer(
        "sw_try_binary",
        &[("lhs", Ptr), ("rhs", Ptr), ("kind", I32)],
    ),
    // TO_BOOL of objects of builtin types: -1 for others.
    status("sw_try_truth", &[("value", Ptr)]).infallible(),
    // An item of a list, tuple or dict, a new reference; null without an exception where Python code would have to run, or
    // there is none.
    pointer("sw_try_subscr", &[("container", Ptr), ("key", Ptr)]),
    // CONTAINS_OP: 0 or 1.
    status("PySequence_Contains", &[("container", Ptr), ("item", Ptr)]).observing(),
    // TO_BOOL: 0 or 1.
    status("sw_truth", &[("value", Ptr)]).observing(),
    object("sw_get_len", &[("value", Ptr)]).observing(),
    // `slot += rhs` for two strings, where `slot` is the local that the result is assigned to and `lhs` what it holds:
    // extends the string in place when nothing else refers to it, and leaves the slot empty. The result is what
    // STORE_FAST has to put there. Operands of other types are added as PyNumber_InPlaceAdd does; the first of the two
    // is for `slot = slot + rhs`.
    object("sw_add_local", &[("slot", Ptr), ("lhs", Ptr), ("rhs", Ptr)]).observing(),
    object(
        "sw_inplace_add_local",
        &[("slot", Ptr), ("lhs", Ptr), ("rhs", Ptr)],
    )
    .observing(),
];
