//! Operators on objects, whose short ways have to come to what the interpreter comes to.

use super::{Binary, Unary};
use crate::common::{Python, runtime};
use stepwell_runtime::object::{Object, decref};

/// Around every limit of the short ways: small ints, one digit, two digits, 64 bits; floats; other types.
const OPERANDS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "-3",
    "5",
    "-5",
    "-6",
    "31",
    "32",
    "33",
    "64",
    "256",
    "257",
    "10**6",
    "2**30 - 1",
    "1 - 2**30",
    "2**30",
    "-2**30",
    "2**60",
    "-2**62",
    "2**63",
    "-2**63",
    "2**64",
    "0.0",
    "-0.0",
    "1.5",
    "-2.5",
    "1e308",
    "float('inf')",
    "float('nan')",
    "True",
    "False",
    "'a'",
    "'ab'",
    "''",
    "[1]",
    "(2,)",
    "None",
    "1j",
];

const OPERATORS: &[(&str, &str)] = &[
    ("sw_add", "add"),
    ("sw_and", "and_"),
    ("sw_floordivide", "floordiv"),
    ("sw_multiply", "mul"),
    ("sw_remainder", "mod"),
    ("sw_or", "or_"),
    ("sw_subtract", "sub"),
    ("sw_truedivide", "truediv"),
    ("sw_xor", "xor"),
    ("sw_inplace_add", "iadd"),
    ("sw_inplace_subtract", "isub"),
    ("sw_inplace_floordivide", "ifloordiv"),
];

#[test]
fn operators_come_to_what_the_interpreter_comes_to() {
    let python = Python::run("");
    for (symbol, operator) in OPERATORS {
        let operate: Binary = runtime(symbol);
        for lhs in OPERANDS {
            for rhs in OPERANDS {
                let huge = *operator == "mul"
                    && (lhs.starts_with(['\'', '[', '(']) || rhs.starts_with(['\'', '[', '(']));
                if huge {
                    continue;
                }
                let (a, b) = (python.value(lhs), python.value(rhs));
                // SAFETY: the operands are alive.
                let result = unsafe { operate(a, b) };
                let shown = python.outcome(result);
                let called = format!("__import__('operator').{operator}({lhs}, {rhs})");
                assert_eq!(shown, python.expected(&called), "{called}");
            }
        }
    }
}

#[test]
fn shifts_come_to_what_the_interpreter_comes_to() {
    let python = Python::run("");
    for (symbol, operator) in [("sw_lshift", "<<"), ("sw_rshift", ">>")] {
        let operate: Binary = runtime(symbol);
        for lhs in [
            "0",
            "1",
            "-1",
            "7",
            "-8",
            "2**30 - 1",
            "-2**30 + 1",
            "2**40",
        ] {
            for rhs in [
                "0", "1", "29", "30", "31", "32", "33", "63", "64", "100", "-1",
            ] {
                let (a, b) = (python.value(lhs), python.value(rhs));
                // SAFETY: the operands are alive.
                let result = unsafe { operate(a, b) };
                let shown = python.outcome(result);
                let expected = python.expected(&format!("({lhs}) {operator} ({rhs})"));
                assert_eq!(shown, expected, "({lhs}) {operator} ({rhs})");
            }
        }
    }
}

#[test]
fn comparisons_and_truths_come_to_what_the_interpreter_comes_to() {
    let python = Python::run("");
    let compare: unsafe extern "C-unwind" fn(Object, Object, i32) -> Object = runtime("sw_compare");
    let truth: unsafe extern "C-unwind" fn(Object, Object, i32) -> i32 =
        runtime("sw_compare_truth");
    let is_true: unsafe extern "C-unwind" fn(Object) -> i32 = runtime("sw_truth");
    for lhs in OPERANDS {
        let a = python.value(lhs);
        // SAFETY: the operands are alive, here and below.
        let answer = unsafe { is_true(a) };
        assert_eq!(
            answer == 1,
            python.eval(&format!("bool({lhs})")) == "True",
            "{lhs}"
        );
        for rhs in OPERANDS {
            let b = python.value(rhs);
            for (kind, operator) in ["<", "<=", "==", "!=", ">", ">="].into_iter().enumerate() {
                let expected = python.expected(&format!("({lhs}) {operator} ({rhs})"));
                // SAFETY: the GIL is held, and both operands are alive.
                let result = unsafe { compare(a, b, kind as i32) };
                assert_eq!(
                    python.outcome(result),
                    expected,
                    "({lhs}) {operator} ({rhs})"
                );
                if expected == "True" || expected == "False" {
                    // SAFETY: as above.
                    let holds = unsafe { truth(a, b, kind as i32) };
                    assert_eq!(holds == 1, expected == "True", "({lhs}) {operator} ({rhs})");
                }
            }
        }
    }
}

#[test]
fn small_ints_are_the_interpreter_s_and_others_are_new() {
    let python = Python::run("");
    let int: unsafe extern "C-unwind" fn(i64) -> Object = runtime("sw_box_int");
    for value in [
        -7,
        -6,
        -5,
        -1,
        0,
        5,
        256,
        257,
        1 << 30,
        -(1 << 30),
        i64::MAX,
        i64::MIN,
    ] {
        // SAFETY: the numbers are dropped where they are not given to Python.
        unsafe {
            let (one, two) = (int(value), int(value));
            assert_eq!(one == two, (-5..=256).contains(&value), "{value}");
            decref(two);
            assert_eq!(python.outcome(one), value.to_string());
        }
    }
}

#[test]
fn memory_of_dropped_numbers_is_used_again() {
    let python = Python::run("");
    let int: unsafe extern "C-unwind" fn(i64) -> Object = runtime("sw_box_int");
    let float: unsafe extern "C-unwind" fn(f64) -> Object = runtime("sw_box_float");
    let negative: Unary = stepwell_abi::cpython::PyNumber_Negative;
    // SAFETY: each number is dropped once.
    unsafe {
        for round in 0..300 {
            let number = int(1000 + round);
            let other = negative(number);
            decref(number);
            assert_eq!(python.outcome(other), (-1000 - round).to_string());
        }
        let first = float(1.5);
        decref(first);
        let second = float(2.5);
        assert_eq!(first, second);
        assert_eq!(python.outcome(second), "2.5");
    }
}
