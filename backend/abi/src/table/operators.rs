//! Operators, comparisons, truth.

use crate::{
    Function,
    Type::{I32, Ptr},
    function::{object, status},
};

const fn operator(symbol: &'static str) -> Function {
    object(symbol, &[("lhs", Ptr), ("rhs", Ptr)]).observing()
}

/// The operators of BINARY_OP, at their numbers.
pub(super) const BINARY: &[Function] = ROWS.split_at(26).0;

/// The unary operators, at the numbers of `py.unary`.
pub(super) const UNARY: &[Function] = ROWS.split_at(26).1.split_at(2).0;

pub(super) const ROWS: &[Function] = &[
    operator("PyNumber_Add"),
    operator("PyNumber_And"),
    operator("PyNumber_FloorDivide"),
    operator("PyNumber_Lshift"),
    operator("PyNumber_MatrixMultiply"),
    operator("PyNumber_Multiply"),
    operator("PyNumber_Remainder"),
    operator("PyNumber_Or"),
    operator("sw_power"),
    operator("PyNumber_Rshift"),
    operator("PyNumber_Subtract"),
    operator("PyNumber_TrueDivide"),
    operator("PyNumber_Xor"),
    operator("PyNumber_InPlaceAdd"),
    operator("PyNumber_InPlaceAnd"),
    operator("PyNumber_InPlaceFloorDivide"),
    operator("PyNumber_InPlaceLshift"),
    operator("PyNumber_InPlaceMatrixMultiply"),
    operator("PyNumber_InPlaceMultiply"),
    operator("PyNumber_InPlaceRemainder"),
    operator("PyNumber_InPlaceOr"),
    operator("sw_inplace_power"),
    operator("PyNumber_InPlaceRshift"),
    operator("PyNumber_InPlaceSubtract"),
    operator("PyNumber_InPlaceTrueDivide"),
    operator("PyNumber_InPlaceXor"),
    object("PyNumber_Negative", &[("value", Ptr)]).observing(),
    object("PyNumber_Invert", &[("value", Ptr)]).observing(),
    // COMPARE_OP; `kind` is Py_LT to Py_GE.
    object(
        "PyObject_RichCompare",
        &[("lhs", Ptr), ("rhs", Ptr), ("kind", I32)],
    )
    .observing(),
    // COMPARE_OP followed by TO_BOOL: 0 or 1.
    status(
        "sw_compare_truth",
        &[("lhs", Ptr), ("rhs", Ptr), ("kind", I32)],
    )
    .observing(),
    // CONTAINS_OP: 0 or 1.
    status("PySequence_Contains", &[("container", Ptr), ("item", Ptr)]).observing(),
    // TO_BOOL: 0 or 1.
    status("PyObject_IsTrue", &[("value", Ptr)]).observing(),
    object("sw_get_len", &[("value", Ptr)]).observing(),
    // `slot += rhs` for two strings, where `slot` is the local that the result is assigned to and `lhs` what it holds:
    // extends the string in place when nothing else refers to it, and leaves the slot empty. The result is what
    // STORE_FAST has to put there. Operands of other types are added as PyNumber_InPlaceAdd does.
    object(
        "sw_inplace_add_local",
        &[("slot", Ptr), ("lhs", Ptr), ("rhs", Ptr)],
    )
    .observing(),
];
