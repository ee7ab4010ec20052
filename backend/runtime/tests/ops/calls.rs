//! Calls, functions, closures.

use super::{Fr, Ts};
use crate::common::{Python, runtime};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;
use stepwell_runtime::object::{Object, decref, new_ref};

const SOURCE: &str = "
def show(*args, **kwargs): return args, kwargs
class C:
    def method(self, *args, **kwargs): return (type(self).__name__, *args), kwargs
o = C()
";

type Call = unsafe extern "C-unwind" fn(Object, *const Object, i64, Object) -> Object;

#[test]
fn calls_pass_self_positions_and_keywords() {
    let python = Python::run(SOURCE);
    let call: Call = runtime("sw_call");
    let [show, method, object, one, two, names] =
        ["show", "C.method", "o", "1", "2", "('x',)"].map(|text| python.value(text));
    // SAFETY: the arrays begin with a free place and self.
    unsafe {
        let plain = [null_mut(), null_mut(), one, two];
        assert_eq!(
            python.outcome(call(show, plain.as_ptr(), 2, null_mut())),
            "((1, 2), {})"
        );
        assert_eq!(
            python.outcome(call(show, plain.as_ptr(), 2, names)),
            "((1,), {'x': 2})"
        );
        assert_eq!(
            python.outcome(call(show, plain.as_ptr(), 0, null_mut())),
            "((), {})"
        );
        let bound = [null_mut(), object, one, two];
        assert_eq!(
            python.outcome(call(method, bound.as_ptr(), 1, null_mut())),
            "(('C', 1), {})"
        );
        assert_eq!(
            python.outcome(call(method, bound.as_ptr(), 2, names)),
            "(('C', 1), {'x': 2})"
        );
        assert_eq!(
            python.outcome(call(one, plain.as_ptr(), 2, null_mut())),
            python.expected("(lambda f: f(1, 2))(1)")
        );
    }
}

#[test]
fn starred_calls_unpack() {
    let python = Python::run(SOURCE);
    let call: unsafe extern "C-unwind" fn(Ts, Object, Object, Object) -> Object =
        runtime("sw_call_ex");
    // SAFETY: the GIL is held.
    let ts = || unsafe { c::PyThreadState_GetUnchecked() };
    let [show, list, mapping] = ["show", "[1, 2]", "{'x': 3}"].map(|text| python.value(text));
    // SAFETY: the objects are alive.
    unsafe {
        assert_eq!(
            python.outcome(call(ts(), show, list, null_mut())),
            "((1, 2), {})"
        );
        assert_eq!(
            python.outcome(call(ts(), show, list, mapping)),
            "((1, 2), {'x': 3})"
        );
        assert_eq!(
            python.outcome(call(ts(), show, python.value("1"), null_mut())),
            python.expected("show(*1)")
        );
        let broken = python.value("(1 // 0 for _ in [1])");
        assert_eq!(
            python.outcome(call(ts(), show, broken, null_mut())),
            python.expected("1 // 0")
        );
    }
}

#[test]
fn intrinsics_are_the_interpreter_s() {
    let python = Python::run("");
    let unary: unsafe extern "C-unwind" fn(Ts, i32, Object) -> Object =
        runtime("sw_call_intrinsic_1");
    let binary: unsafe extern "C-unwind" fn(Ts, i32, Object, Object) -> Object =
        runtime("sw_call_intrinsic_2");
    const UNARY_POSITIVE: i32 = 5;
    const LIST_TO_TUPLE: i32 = 6;
    const TYPEVAR_WITH_BOUND: i32 = 2;
    // SAFETY: the objects are alive.
    unsafe {
        let ts = c::PyThreadState_GetUnchecked();
        assert_eq!(
            python.outcome(unary(ts, LIST_TO_TUPLE, python.value("[1, 2]"))),
            "(1, 2)"
        );
        assert_eq!(
            python.outcome(unary(ts, UNARY_POSITIVE, python.value("'a'"))),
            python.expected("+'a'")
        );
        let made = binary(
            ts,
            TYPEVAR_WITH_BOUND,
            python.value("'T'"),
            python.value("lambda: int"),
        );
        assert_eq!(python.outcome(made), "T");
        assert_eq!(python.eval("_.__bound__"), "<class 'int'>");
    }
}

#[test]
fn functions_are_made_with_their_attributes() {
    let python = Python::run(
        "
def outer(free):
    def inner(a, b=2, *, c=3) -> int: return a, b, c, free
    return inner
model = outer('cell')
closure = model.__closure__
defaults, kwdefaults, annotations = model.__defaults__, model.__kwdefaults__, model.__annotations__
x = 'global'
",
    );
    let make: unsafe extern "C-unwind" fn(Fr, Object) -> Object = runtime("sw_make_function");
    let set: unsafe extern "C-unwind" fn(i32, Object, Object) =
        runtime("sw_set_function_attribute");
    let code = python.value("model.__code__");
    let values =
        ["defaults", "kwdefaults", "annotations", "closure"].map(|name| python.value(name));
    // SAFETY: called with the running frame; `set` takes the references over.
    python.in_frame(move |_, frame| unsafe {
        let function = make(frame, code);
        for (flag, value) in [1, 2, 4, 8].into_iter().zip(values) {
            set(flag, function, value);
        }
        c::PyDict_SetItemString((*frame).f_globals, c"made".as_ptr(), function);
        function
    });
    assert_eq!(
        python.eval("made(1), made(1, 5, c=6)"),
        "((1, 2, 3, 'cell'), (1, 5, 6, 'cell'))"
    );
    assert_eq!(
        python.eval("made.__annotations__, made.__globals__ is globals(), made.__qualname__"),
        "({'return': <class 'int'>}, True, 'outer.<locals>.inner')"
    );
}

const CLOSURES: &str = "
def outer(bound):
    def inner():
        return bound, unset
    unset = 1
    del unset
    return inner
f = outer('value')
";

#[test]
fn cells_are_read_written_and_deleted() {
    let python = Python::run(CLOSURES);
    type Load = unsafe extern "C-unwind" fn(Ts, Fr, Object, i32) -> Object;
    let closure: unsafe extern "C-unwind" fn(Fr, i32) -> Object = runtime("sw_load_closure");
    let load: Load = runtime("sw_load_deref");
    let store: unsafe extern "C-unwind" fn(Object, Object) = runtime("sw_store_deref");
    let delete: unsafe extern "C-unwind" fn(Ts, Fr, Object, i32) -> i32 =
        runtime("sw_delete_deref");
    let text = python.value("'stored'");
    // SAFETY: called with the running frame; the function's slots 0 and 1 are its free variables.
    let found = python.in_frame_of("f", move |ts, frame| unsafe {
        let cell = closure(frame, 0);
        let first = load(ts, frame, cell, 0);
        store(cell, new_ref(text));
        let second = load(ts, frame, cell, 0);
        assert_eq!(delete(ts, frame, cell, 0), 0);
        assert!(load(ts, frame, cell, 0).is_null());
        c::PyErr_Clear();
        let pair = c::PyTuple_Pack(2, first, second);
        decref(first);
        decref(second);
        pair
    });
    assert_eq!(found, "('value', 'stored')");
    let expected = python.expected("outer(1)()");
    // SAFETY: as above.
    let found = python.in_frame_of("f", move |ts, frame| unsafe {
        load(ts, frame, closure(frame, 1), 1)
    });
    assert_eq!(found, expected);
    assert!(
        found.starts_with("NameError: cannot access free variable 'unset'"),
        "{found}"
    );
    // SAFETY: as above.
    let found = python.in_frame_of("f", move |ts, frame| unsafe {
        assert_eq!(delete(ts, frame, closure(frame, 1), 1), -1);
        null_mut()
    });
    assert_eq!(found, expected);
}

#[test]
fn class_bodies_look_at_their_dict_before_a_cell() {
    let python = Python::run(CLOSURES);
    type Load = unsafe extern "C-unwind" fn(Ts, Fr, Object, Object, i32) -> Object;
    let closure: unsafe extern "C-unwind" fn(Fr, i32) -> Object = runtime("sw_load_closure");
    let load: Load = runtime("sw_load_from_dict_or_deref");
    for (dict, expected) in [("{'bound': 'dict'}", "'dict'"), ("{}", "'value'")] {
        let dict = python.value(dict);
        // SAFETY: called with the running frame.
        let found = python.in_frame_of("f", move |ts, frame| unsafe {
            load(ts, frame, dict, closure(frame, 0), 0)
        });
        assert_eq!(found, expected);
    }
}
