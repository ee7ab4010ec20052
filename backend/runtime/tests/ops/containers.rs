//! Containers built, unpacked, subscripted; formatting; matching.

use super::{Array, Binary, Ternary, Ts, Unary};
use crate::common::{Python, runtime};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;
use stepwell_runtime::object::Object;

fn values<const N: usize>(python: &Python, texts: [&str; N]) -> [Object; N] {
    texts.map(|text| python.value(text))
}

fn ts() -> Ts {
    // SAFETY: the test holds the GIL.
    unsafe { c::PyThreadState_GetUnchecked() }
}

#[test]
fn containers_are_built() {
    let python = Python::run("");
    let items = values(&python, ["'a'", "1", "'b'", "2"]);
    let [list, tuple, set, map, string] = [
        "sw_build_list",
        "sw_build_tuple",
        "sw_build_set",
        "sw_build_map",
        "sw_build_string",
    ]
    .map(runtime::<Array>);
    let const_map: unsafe extern "C-unwind" fn(Object, *const Object, i64) -> Object =
        runtime("sw_build_const_key_map");
    let at = items.as_ptr();
    // SAFETY: the arrays are as long as said.
    unsafe {
        assert_eq!(python.outcome(list(at, 4)), "['a', 1, 'b', 2]");
        assert_eq!(python.outcome(list(at, 0)), "[]");
        assert_eq!(python.outcome(tuple(at, 3)), "('a', 1, 'b')");
        assert_eq!(python.outcome(tuple(at, 0)), "()");
        assert_eq!(python.outcome(set(at, 1)), "{'a'}");
        assert_eq!(python.outcome(map(at, 2)), "{'a': 1, 'b': 2}");
        assert_eq!(
            python.outcome(const_map(python.value("('x', 'y')"), at, 2)),
            "{'x': 'a', 'y': 1}"
        );
        let texts = values(&python, ["'ä'", "''", "'€'"]);
        assert_eq!(python.outcome(string(texts.as_ptr(), 3)), "'ä€'");
        let lists = values(&python, ["[]", "[]"]);
        assert_eq!(
            python.outcome(set(lists.as_ptr(), 1)),
            python.expected("{[]}")
        );
        assert_eq!(
            python.outcome(map(lists.as_ptr(), 1)),
            python.expected("{[]: []}")
        );
    }
}

#[test]
fn containers_are_extended() {
    let python = Python::run("def f(): pass");
    let extend: unsafe extern "C-unwind" fn(Object, Object) -> i32 = runtime("sw_list_extend");
    let update: unsafe extern "C-unwind" fn(Object, Object) -> i32 = runtime("sw_dict_update");
    let merge: unsafe extern "C-unwind" fn(Ts, Object, Object, Object) -> i32 =
        runtime("sw_dict_merge");
    let value = |text: &str| python.value(text);
    // SAFETY: the objects are alive.
    unsafe {
        let list = value("[1]");
        assert_eq!(python.status(extend(list, value("range(2)"))), "0");
        assert_eq!(python.outcome(list), "[1, 0, 1]");
        assert_eq!(
            python.status(extend(value("[]"), value("1"))),
            python.expected("[*1]")
        );
        let dict = value("{'a': 1}");
        assert_eq!(python.status(update(dict, value("{'b': 2}"))), "0");
        assert_eq!(
            python.status(update(dict, value("1"))),
            python.expected("{**1}")
        );
        assert_eq!(
            python.status(merge(ts(), dict, value("{'c': 3}"), value("f"))),
            "0"
        );
        let repeated = merge(ts(), dict, value("{'a': 3}"), value("f"));
        assert_eq!(
            python.status(repeated),
            python.expected("f(**{'a': 1}, **{'a': 3})")
        );
        let wrong = merge(ts(), value("{}"), value("1"), value("f"));
        assert_eq!(python.status(wrong), python.expected("f(**1)"));
        assert_eq!(python.outcome(dict), "{'a': 1, 'b': 2, 'c': 3}");
    }
}

#[test]
fn subscripts_follow_python() {
    let python = Python::run("class L(list):\n    def __getitem__(self, i): return 'own', i");
    let load: Binary = runtime("sw_load_subscr");
    let index: unsafe extern "C-unwind" fn(Object, i64) -> Object = runtime("sw_load_index");
    for container in [
        "[1, 2, 3]",
        "(1, 2, 3)",
        "{0: 'zero'}",
        "'abc'",
        "L([1])",
        "1",
        "[]",
        "range(3)",
    ] {
        for key in [
            "0", "2", "-1", "-3", "3", "-4", "2**40", "-2**40", "True", "'a'", "slice(1)",
        ] {
            let expected = python.expected(&format!("({container})[{key}]"));
            // SAFETY: the objects are alive.
            unsafe {
                let found = python.outcome(load(python.value(container), python.value(key)));
                assert_eq!(found, expected, "{container}[{key}]");
                if let Ok(number) = python.eval(key).parse() {
                    assert_eq!(
                        python.outcome(index(python.value(container), number)),
                        expected,
                        "{container}[{key}]"
                    );
                }
            }
        }
    }
}

#[test]
fn items_are_stored() {
    let python = Python::run(
        "def store(container, key, value):\n    container[key] = value\n    return container",
    );
    let store: unsafe extern "C-unwind" fn(Object, Object, Object) -> i32 =
        runtime("sw_store_subscr");
    let index: unsafe extern "C-unwind" fn(Object, i64, Object) -> i32 = runtime("sw_store_index");
    for container in ["[1, 2, 3]", "(1, 2, 3)", "{}", "'abc'"] {
        for key in ["0", "-1", "3", "2**40", "'a'"] {
            let expected = python.expected(&format!("store({container}, {key}, 'new')"));
            let new = python.value("'new'");
            // SAFETY: the objects are alive.
            unsafe {
                let target = python.value(container);
                let status = store(target, python.value(key), new);
                assert_eq!(
                    python.outcome(if status < 0 { null_mut() } else { target }),
                    expected,
                    "{container}[{key}]"
                );
                if let Ok(number) = python.eval(key).parse() {
                    let target = python.value(container);
                    let status = index(target, number, new);
                    assert_eq!(
                        python.outcome(if status < 0 { null_mut() } else { target }),
                        expected
                    );
                }
            }
        }
    }
}

#[test]
fn slices_are_loaded_and_stored() {
    let python = Python::run("");
    let load: Ternary = runtime("sw_load_slice");
    let store: unsafe extern "C-unwind" fn(Object, Object, Object, Object) -> i32 =
        runtime("sw_store_slice");
    let [one, none] = values(&python, ["1", "None"]);
    // SAFETY: the objects are alive.
    unsafe {
        assert_eq!(
            python.outcome(load(python.value("'abc'"), one, none)),
            "'bc'"
        );
        assert_eq!(
            python.outcome(load(one, one, none)),
            python.expected("(lambda x: x[1:])(1)")
        );
        let list = python.value("[1, 2, 3]");
        assert_eq!(
            python.status(store(list, one, none, python.value("'xy'"))),
            "0"
        );
        assert_eq!(python.outcome(list), "[1, 'x', 'y']");
        for (container, value) in [
            ("[1, 2, 3]", "[7, 8, 9, 10]"),
            ("[]", "(7,)"),
            ("[1, 2]", "'x'"),
        ] {
            for bounds in [
                "(None, None)",
                "(0, 2)",
                "(2, 1)",
                "(-2, None)",
                "(-9, 9)",
                "(2**40, -2**40)",
                "(None, 2**70)",
                "(True, 'a')",
            ] {
                let [start, stop] = [0, 1].map(|index| python.value(&format!("{bounds}[{index}]")));
                for whole in [container, "'abcd'", "(1, 2, 3)", "'äöü€'", "b'abc'"] {
                    let expected =
                        python.expected(&format!("(lambda c, b: c[b[0]:b[1]])({whole}, {bounds})"));
                    let part = load(python.value(whole), start, stop);
                    assert_eq!(python.outcome(part), expected, "{whole} {bounds}");
                }
                let list = python.value(container);
                let status = python.status(store(list, start, stop, python.value(value)));
                if status == "0" {
                    let after = format!(
                        "(lambda c, b, v: [c.__setitem__(slice(*b), v), c][1])({container}, {bounds}, {value})"
                    );
                    assert_eq!(python.outcome(list), python.expected(&after));
                }
            }
        }
        let wrong = store(python.value("[]"), one, none, one);
        assert_eq!(
            python.status(wrong),
            "TypeError: must assign iterable to extended slice"
        );
    }
}

#[test]
fn sequences_are_unpacked_in_order() {
    let python = Python::run(
        "
def unpack3(value):
    a, b, c = value
    return [a, b, c]
def unpack_ex(value):
    a, *b, c, d = value
    return [a, b, c, d]",
    );
    let unpack: unsafe extern "C-unwind" fn(Ts, Object, i32, *mut Object) -> i32 =
        runtime("sw_unpack_sequence");
    let unpack_ex: unsafe extern "C-unwind" fn(Ts, Object, i32, i32, *mut Object) -> i32 =
        runtime("sw_unpack_ex");
    let list: Array = runtime("sw_build_list");
    for value in [
        "(1, 2, 3)",
        "[1, 2, 3]",
        "'abc'",
        "(1, 2)",
        "[]",
        "range(9)",
        "iter([1, 2, 3])",
        "1",
    ] {
        // SAFETY: the arrays have room for all items.
        unsafe {
            let mut out = [null_mut(); 4];
            let status = unpack(ts(), python.value(value), 3, out.as_mut_ptr());
            let found = if status < 0 {
                null_mut()
            } else {
                list(out.as_ptr(), 3)
            };
            assert_eq!(
                python.outcome(found),
                python.expected(&format!("unpack3({value})")),
                "{value}"
            );
            let status = unpack_ex(ts(), python.value(value), 1, 2, out.as_mut_ptr());
            let found = if status < 0 {
                null_mut()
            } else {
                list(out.as_ptr(), 4)
            };
            assert_eq!(
                python.outcome(found),
                python.expected(&format!("unpack_ex({value})")),
                "{value}"
            );
        }
    }
}

#[test]
fn values_are_formatted_and_matched() {
    let python = Python::run(
        "
class P:
    __match_args__ = ('x',)
    x, y = 1, 2
class Q: pass
",
    );
    let format: Unary = runtime("sw_format_simple");
    let mapping: unsafe extern "C-unwind" fn(Object) -> i32 = runtime("sw_match_mapping");
    let sequence: unsafe extern "C-unwind" fn(Object) -> i32 = runtime("sw_match_sequence");
    let class: unsafe extern "C-unwind" fn(Ts, Object, Object, Object, i64) -> Object =
        runtime("sw_match_class");
    let [list, dict, text, number, object, p, q] =
        values(&python, ["[]", "{}", "'t'", "1", "P()", "P", "Q"]);
    let [y, none] = values(&python, ["('y',)", "()"]);
    // SAFETY: the objects are alive.
    unsafe {
        assert_eq!(python.outcome(format(text)), "'t'");
        assert_eq!(python.outcome(format(number)), "'1'");
        assert_eq!(
            [mapping(dict), mapping(list), sequence(list), sequence(text)],
            [1, 0, 1, 0]
        );
        assert_eq!(python.outcome(class(ts(), object, p, y, 1)), "(1, 2)");
        assert_eq!(python.outcome(class(ts(), number, p, none, 0)), "None");
        let wrong = class(ts(), python.value("Q()"), q, none, 1);
        assert_eq!(
            python.outcome(wrong),
            "TypeError: Q() accepts 0 positional sub-patterns (1 given)"
        );
    }
}
