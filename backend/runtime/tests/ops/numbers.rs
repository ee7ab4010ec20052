//! Arithmetic: against the interpreter's operators.

use super::Binary;
use crate::common::{Python, runtime};
use stepwell_runtime::object::Object;

const FLOATS: &str = "[0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 7.0, -7.0, 1e308, -1e308, 5e-324, 0.1, 1e16, \
                      float('inf'), -float('inf'), float('nan')]";

fn floats(python: &Python) -> Vec<f64> {
    let parse = |text: &str| text.trim().parse().expect("a float");
    python
        .eval(&format!("' '.join(map(str, {FLOATS}))"))
        .split(' ')
        .map(parse)
        .collect()
}

/// Python's view of a float, as source.
fn source(value: f64) -> String {
    match value {
        _ if value.is_nan() => "float('nan')".into(),
        _ if value.is_infinite() => if value > 0.0 {
            "float('inf')"
        } else {
            "(-float('inf'))"
        }
        .into(),
        _ => format!("({value:?})"),
    }
}

fn shown(python: &Python, value: f64) -> String {
    python.eval(&format!("repr(float({}))", source(value)))
}

#[test]
fn float_operators_follow_python() {
    let python = Python::run("");
    let modulo: unsafe extern "C-unwind" fn(f64, f64) -> f64 = runtime("sw_mod_float");
    let floordiv: unsafe extern "C-unwind" fn(f64, f64) -> f64 = runtime("sw_floordiv_float");
    let power: unsafe extern "C-unwind" fn(f64, f64, *mut f64) -> i32 = runtime("sw_pow_float");
    for a in floats(&python) {
        for b in floats(&python) {
            let (left, right) = (source(a), source(b));
            let mut out = 0.0;
            // SAFETY: pure functions.
            unsafe {
                if b != 0.0 {
                    assert_eq!(
                        shown(&python, modulo(a, b)),
                        python.expected(&format!("{left} % {right}")),
                        "{a} % {b}"
                    );
                    let expected = python.expected(&format!("{left} // {right}"));
                    assert_eq!(shown(&python, floordiv(a, b)), expected, "{a} // {b}");
                }
                let expected = python.expected(&format!("{left} ** {right}"));
                match power(a, b, &raw mut out) {
                    1 => assert_eq!(shown(&python, out), expected, "{a} ** {b}"),
                    _ => assert!(
                        expected.contains("Error") || expected.contains('j'),
                        "{a} ** {b} is {expected}"
                    ),
                }
            }
        }
    }
}

#[test]
fn integer_powers_are_exact_or_left() {
    let python = Python::run("");
    let power: unsafe extern "C-unwind" fn(i64, i64, *mut i64) -> i32 = runtime("sw_pow_int");
    for base in [0, 1, -1, 2, -2, 3, 10, -7, i64::MAX, i64::MIN] {
        for exponent in [0, 1, 2, 3, 18, 19, 62, 63, 64, 1 << 33, -1] {
            let mut out = 0;
            // SAFETY: a pure function.
            let done = unsafe { power(base, exponent, &raw mut out) } == 1;
            let big = base.unsigned_abs() > 1 && exponent > 64;
            let expected = if big {
                "big".into()
            } else {
                python.expected(&format!("({base}) ** ({exponent})"))
            };
            let fits = expected.parse::<i64>().is_ok();
            assert_eq!(done, fits, "{base} ** {exponent} is {expected}");
            assert!(
                !done || out.to_string() == expected,
                "{base} ** {exponent} is {expected}, not {out}"
            );
        }
    }
}

#[test]
fn mixed_comparisons_are_exact() {
    let python = Python::run("");
    let compare: unsafe extern "C-unwind" fn(i64, f64, i32) -> i32 = runtime("sw_compare_mixed");
    let floats = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        9_007_199_254_740_993.0,
        9.223372036854775e18,
        9.3e18,
        -9.3e18,
        f64::INFINITY,
        f64::NAN,
    ];
    for a in [0, 1, -1, 9_007_199_254_740_993, i64::MAX, i64::MIN] {
        for b in floats.into_iter().chain([i64::MAX as f64, i64::MIN as f64]) {
            for (kind, operator) in ["<", "<=", "==", "!=", ">", ">="].into_iter().enumerate() {
                // SAFETY: a pure function.
                let found = unsafe { compare(a, b, kind as i32) } == 1;
                let expected = python.expected(&format!("({a}) {operator} {}", source(b)));
                assert_eq!(found, expected == "True", "{a} {operator} {b}");
            }
        }
    }
}

#[test]
fn complex_operators_follow_python() {
    let python = Python::run("");
    type Complex = unsafe extern "C-unwind" fn(f64, f64, f64, f64, *mut [f64; 2]) -> i32;
    let size: unsafe extern "C-unwind" fn(f64, f64, *mut f64) -> i32 = runtime("sw_abs_complex");
    let values = [
        [0.0, 0.0],
        [1.0, 0.0],
        [0.0, 1.0],
        [1.5, -2.5],
        [-3.0, 4.0],
        [1e308, 1e308],
        [1e-300, 2e-300],
    ];
    let text = |[real, imag]: [f64; 2]| format!("complex({}, {})", source(real), source(imag));
    for a in values {
        let mut out = 0.0;
        // SAFETY: the GIL is held.
        unsafe {
            let expected = python.expected(&format!("abs({})", text(a)));
            match size(a[0], a[1], &raw mut out) {
                1 => assert_eq!(shown(&python, out), expected),
                _ => assert!(
                    expected.starts_with("OverflowError"),
                    "abs {a:?} is {expected}"
                ),
            }
            for b in values {
                for (name, operator) in [("sw_div_complex", "/"), ("sw_pow_complex", "**")] {
                    let mut out = [0.0; 2];
                    let expected = python.expected(&format!("{} {operator} {}", text(a), text(b)));
                    match runtime::<Complex>(name)(a[0], a[1], b[0], b[1], &raw mut out) {
                        1 => assert_eq!(
                            python.expected(&text(out)),
                            expected,
                            "{a:?} {operator} {b:?}"
                        ),
                        _ => assert!(
                            expected.contains("Error"),
                            "{a:?} {operator} {b:?} is {expected}"
                        ),
                    }
                }
            }
        }
    }
}

#[test]
fn integers_are_unboxed_when_they_fit() {
    let python = Python::run("class I(int): pass");
    let unbox: unsafe extern "C-unwind" fn(Object, *mut i64) -> i32 = runtime("sw_unbox_int");
    for (text, expected) in [
        ("0", Some(0)),
        ("-5", Some(-5)),
        ("2**62", Some(1 << 62)),
        ("-2**63", Some(i64::MIN)),
        ("2**63", None),
        ("True", None),
        ("I(3)", None),
        ("1.0", None),
    ] {
        let mut out = 0;
        // SAFETY: the object is alive.
        let done = unsafe { unbox(python.value(text), &raw mut out) } == 1;
        assert_eq!(done.then_some(out), expected, "{text}");
    }
}

#[test]
fn powers_lengths_and_truths_of_objects_follow_python() {
    let python = Python::run(
        "
class Odd:
    def __lt__(self, other): return self
    def __bool__(self): raise ValueError('no truth')
    def __pow__(self, other): return 'pow', other
    def __ipow__(self, other): return 'ipow', other
odd = Odd()",
    );
    let power: Binary = runtime("sw_power");
    let inplace: Binary = runtime("sw_inplace_power");
    let truth: unsafe extern "C-unwind" fn(Object, Object, i32) -> i32 =
        runtime("sw_compare_truth");
    let length: unsafe extern "C-unwind" fn(Object) -> Object = runtime("sw_get_len");
    let value = |text: &str| python.value(text);
    // SAFETY: the objects are alive.
    unsafe {
        assert_eq!(
            python.outcome(power(value("2"), value("100"))),
            python.expected("2 ** 100")
        );
        assert_eq!(
            python.outcome(power(value("'a'"), value("1"))),
            python.expected("'a' ** 1")
        );
        assert_eq!(
            python.outcome(inplace(value("odd"), value("3"))),
            "('ipow', 3)"
        );
        assert_eq!(python.status(truth(value("1"), value("2"), 0)), "1");
        assert_eq!(
            python.status(truth(value("odd"), value("2"), 0)),
            "ValueError: no truth"
        );
        assert_eq!(
            python.status(truth(value("1"), value("'x'"), 0)),
            python.expected("1 < 'x'")
        );
        assert_eq!(python.outcome(length(value("[1, 2]"))), "2");
        assert_eq!(
            python.outcome(length(value("1"))),
            python.expected("len(1)")
        );
    }
}

#[test]
fn strings_grow_in_their_local() {
    let python = Python::run("");
    let add: unsafe extern "C-unwind" fn(*mut Object, Object, Object) -> Object =
        runtime("sw_inplace_add_local");
    // SAFETY: the slot owns its object.
    unsafe {
        let mut text = python.value("''.join(['a', 'b'])");
        for _ in 0..100_000 {
            let held = text;
            let next = add(&raw mut text, held, python.value("'c'"));
            assert!(text.is_null() && !next.is_null());
            text = next;
        }
        assert_eq!(
            python.outcome(text),
            python.expected("'ab' + 'c' * 100_000")
        );
        let mut number = python.value("40");
        let held = number;
        assert_eq!(
            python.outcome(add(&raw mut number, held, python.value("2"))),
            "42"
        );
        assert_eq!(number, held);
    }
}
