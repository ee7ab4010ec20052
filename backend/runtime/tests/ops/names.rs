//! Globals, builtins, attributes, imports, unbound variables.

use super::{Fr, Ts};
use crate::common::{Python, runtime};
use std::ptr::null_mut;
use stepwell_abi::cpython as c;
use stepwell_runtime::object::{Object, decref, new_ref};

type AttributeCache = [usize; stepwell_abi::ATTRIBUTE_CACHE_WORDS];
type GlobalCache = [usize; stepwell_abi::GLOBAL_CACHE_WORDS];
type ByName = unsafe extern "C-unwind" fn(Ts, Fr, Object) -> Object;
type ByNameStatus = unsafe extern "C-unwind" fn(Ts, Fr, Object) -> i32;

/// `None`, or null after a status that tells failure.
fn none(status: i32) -> Object {
    if status < 0 {
        return null_mut();
    }
    // SAFETY: None is always there.
    unsafe { new_ref(&raw mut c::_Py_NoneStruct) }
}

#[test]
fn globals_come_before_builtins() {
    let python = Python::run("x = 5\nlen = 'mine'");
    let load: ByName = runtime("sw_load_global");
    for name in ["x", "len", "abs", "missing"] {
        let key = python.value(&format!("'{name}'"));
        // SAFETY: called with the running frame.
        let found = python.in_frame(move |ts, frame| unsafe { load(ts, frame, key) });
        assert_eq!(found, python.expected(name), "{name}");
    }
}

#[test]
fn cached_globals_are_always_those_of_now() {
    let python = Python::run("import builtins\nx = 1");
    type Load = unsafe extern "C-unwind" fn(Ts, Fr, Object, *mut GlobalCache) -> Object;
    let load: Load = runtime("sw_load_global_cached");
    let cache: *mut GlobalCache = Box::leak(Box::default());
    let key = python.value("'x'");
    for change in [
        "",
        "x = 2",
        "del x",
        "builtins.x = 3",
        "builtins.x = 4",
        "y = 0",
        "x = 5",
        "globals().update(x=6)",
        "x = 7; del builtins.x",
        "del x",
    ] {
        python.exec(change);
        let expected = python.expected("x");
        for _ in 0..2 {
            // SAFETY: called with the running frame; the cache is kept.
            let found = python.in_frame(move |ts, frame| unsafe { load(ts, frame, key, cache) });
            assert_eq!(found, expected, "{change}");
        }
    }
}

#[test]
fn globals_are_stored_and_deleted() {
    let python = Python::run("x = 5");
    let store: unsafe extern "C-unwind" fn(Fr, Object, Object) -> i32 = runtime("sw_store_global");
    let delete: ByNameStatus = runtime("sw_delete_global");
    let (y, x, value) = (
        python.value("'y'"),
        python.value("'x'"),
        python.value("[7]"),
    );
    // SAFETY: called with the running frame.
    unsafe {
        python.in_frame(move |_, frame| none(store(frame, y, value)));
        assert_eq!(python.eval("y"), "[7]");
        assert_eq!(
            python.in_frame(move |ts, frame| none(delete(ts, frame, x))),
            "None"
        );
        assert_eq!(python.expected("x"), "NameError: name 'x' is not defined");
        let again = python.in_frame(move |ts, frame| none(delete(ts, frame, x)));
        assert_eq!(again, "NameError: name 'x' is not defined");
    }
}

#[test]
fn names_of_a_namespace_are_looked_up_in_it_first() {
    let python = Python::run("space = {'x': 'local'}\nx = 'global'\ny = 2");
    let load: ByName = runtime("sw_load_name");
    let or_globals: unsafe extern "C-unwind" fn(Ts, Fr, Object, Object) -> Object =
        runtime("sw_load_from_dict_or_globals");
    let space = python.value("space");
    for name in ["x", "y", "abs", "missing"] {
        let key = python.value(&format!("'{name}'"));
        let expected = python.expected(&format!("eval('{name}', globals(), space)"));
        // SAFETY: called with the running frame, which owns its namespace.
        unsafe {
            let found = python.in_frame(move |ts, frame| {
                (*frame).f_locals = new_ref(space);
                load(ts, frame, key)
            });
            assert_eq!(found, expected, "{name}");
            let found = python.in_frame(move |ts, frame| or_globals(ts, frame, space, key));
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn a_namespace_is_stored_to_and_deleted_from() {
    let python = Python::run("space = {}");
    let store: unsafe extern "C-unwind" fn(Fr, Object, Object) -> i32 = runtime("sw_store_name");
    let delete: ByNameStatus = runtime("sw_delete_name");
    let annotate: unsafe extern "C-unwind" fn(Fr) -> i32 = runtime("sw_setup_annotations");
    let locals: unsafe extern "C-unwind" fn(Fr) -> Object = runtime("sw_load_locals");
    let (space, key, value) = (
        python.value("space"),
        python.value("'x'"),
        python.value("1"),
    );
    // SAFETY: called with the running frame, which owns its namespace.
    unsafe {
        let found = python.in_frame(move |ts, frame| {
            (*frame).f_locals = new_ref(space);
            assert_eq!(store(frame, key, value), 0);
            assert_eq!((annotate(frame), annotate(frame)), (0, 0));
            let copy = c::PyDict_Copy((*frame).f_locals);
            assert_eq!(delete(ts, frame, key), 0);
            copy
        });
        assert_eq!(found, "{'x': 1, '__annotations__': {}}");
        assert_eq!(python.eval("space"), "{'__annotations__': {}}");
        let found = python.in_frame(move |ts, frame| {
            (*frame).f_locals = new_ref(space);
            none(delete(ts, frame, key))
        });
        assert_eq!(found, "NameError: name 'x' is not defined");
        assert_eq!(
            python.in_frame(move |_, frame| locals(frame)),
            "SystemError: no locals found"
        );
        let found = python.in_frame(move |_, frame| none(store(frame, key, value)));
        assert_eq!(found, "SystemError: no locals found when storing 'x'");
    }
}

#[test]
fn the_class_builder_is_the_builtin() {
    let python = Python::run("");
    let load: unsafe extern "C-unwind" fn(Fr) -> Object = runtime("sw_load_build_class");
    // SAFETY: called with the running frame.
    let found = python.in_frame(move |_, frame| unsafe { load(frame) });
    assert_eq!(found, python.expected("__builtins__['__build_class__']"));
}

const CLASSES: &str = "
class A:
    def method(self): return 'A'
    static = 3
class B(A):
    def method(self): return 'B'
    @property
    def prop(self): return 'p'
b = B()
b.own = print
class Other:
    def __init__(self, *args): self.args = args
    x = 1
";

#[test]
fn methods_are_loaded_unbound_with_their_object() {
    let python = Python::run(CLASSES);
    type Load =
        unsafe extern "C-unwind" fn(Object, Object, *mut AttributeCache, *mut Object) -> Object;
    let load: Load = runtime("sw_load_method");
    let mut cache: AttributeCache = [0; _];
    for (object, name, unbound) in [
        ("b", "method", true),
        ("b", "own", false),
        ("b", "prop", false),
        ("[]", "append", true),
        ("B", "method", false),
    ] {
        let mut receiver = null_mut();
        cache = [0; _];
        let owner = python.value(object);
        // SAFETY: the objects are alive.
        unsafe {
            let key = python.value(&format!("'{name}'"));
            let found = load(owner, key, &raw mut cache, &raw mut receiver);
            assert_eq!(!receiver.is_null(), unbound, "{object}.{name}");
            if unbound {
                assert_eq!(receiver, owner);
                decref(receiver);
                python.exec(&format!("owner = {object}"));
                assert_eq!(
                    python.outcome(found),
                    python.eval(&format!("repr(type({object}).{name})"))
                );
            } else {
                assert_eq!(
                    python.outcome(found),
                    python.expected(&format!("{object}.{name}"))
                );
            }
        }
    }
    let mut receiver = null_mut();
    // SAFETY: as above.
    let missing = unsafe {
        load(
            python.value("b"),
            python.value("'missing'"),
            &raw mut cache,
            &raw mut receiver,
        )
    };
    assert_eq!(python.outcome(missing), python.expected("b.missing"));
}

#[test]
fn super_is_looked_through() {
    let python = Python::run(CLASSES);
    type Attribute = unsafe extern "C-unwind" fn(Object, Object, Object, Object, i32) -> Object;
    type Method =
        unsafe extern "C-unwind" fn(Object, Object, Object, Object, i32, *mut Object) -> Object;
    let attribute: Attribute = runtime("sw_load_super_attr");
    let method: Method = runtime("sw_load_super_method");
    let [builtin, other, class, object] =
        ["super", "Other", "B", "b"].map(|text| python.value(text));
    let key = |name: &str| python.value(&format!("'{name}'"));
    let mut receiver = null_mut();
    // SAFETY: the objects are alive.
    unsafe {
        assert_eq!(
            python.outcome(attribute(builtin, class, object, key("static"), 2)),
            "3"
        );
        let missing = python.expected("super(B, b).missing");
        assert_eq!(
            python.outcome(attribute(builtin, class, object, key("missing"), 2)),
            missing
        );
        let found = method(builtin, class, object, key("method"), 2, &raw mut receiver);
        assert_eq!(receiver, object);
        assert_eq!(python.outcome(found), python.eval("repr(A.method)"));
        assert_eq!(
            python.outcome(attribute(other, class, object, key("args"), 2)),
            python.eval("repr((B, b))")
        );
        assert_eq!(
            python.outcome(attribute(other, class, object, key("args"), 0)),
            "()"
        );
        let found = method(other, class, object, key("x"), 2, &raw mut receiver);
        assert_eq!((python.outcome(found), receiver), ("1".into(), null_mut()));
    }
}

#[test]
fn attributes_are_deleted() {
    let python = Python::run(CLASSES);
    let delete: unsafe extern "C-unwind" fn(Object, Object) -> i32 = runtime("sw_delete_attr");
    let (object, key) = (python.value("b"), python.value("'own'"));
    // SAFETY: the objects are alive.
    unsafe {
        assert_eq!(python.status(delete(object, key)), "0");
        assert_eq!(
            python.status(delete(object, key)),
            "AttributeError: 'B' object has no attribute 'own'"
        );
    }
}

#[test]
fn imports_follow_the_interpreter() {
    let python = Python::run(
        "import types, sys\nempty = types.ModuleType('empty')\nodd = types.SimpleNamespace()",
    );
    type Import = unsafe extern "C-unwind" fn(Fr, Object, Object, Object) -> Object;
    let import: Import = runtime("sw_import_name");
    let from: unsafe extern "C-unwind" fn(Object, Object) -> Object = runtime("sw_import_from");
    let [name, wrong, zero, none] =
        ["'os.path'", "'no.such'", "0", "None"].map(|text| python.value(text));
    // SAFETY: called with the running frame.
    unsafe {
        let found = python.in_frame(move |_, frame| import(frame, name, none, zero));
        assert_eq!(found, python.expected("__import__('os')"));
        let found = python.in_frame(move |_, frame| import(frame, wrong, none, zero));
        assert_eq!(found, python.expected("__import__('no.such')"));
        for module in ["sys", "empty", "odd", "types"] {
            python.exec(&format!(
                "def take():\n    sys.modules['taken'] = {module}\n    from taken import nothing"
            ));
            let found = python.outcome(from(python.value(module), python.value("'nothing'")));
            assert_eq!(found, python.expected("take()"), "{module}");
        }
        assert_eq!(
            python.outcome(from(python.value("sys"), python.value("'path'"))),
            python.expected("sys.path")
        );
        let error = from(python.value("types"), python.value("'nothing'"));
        assert!(error.is_null());
        python.outcome(error);
        assert_eq!(
            python.eval("_.name, _.name_from, _.path == types.__file__"),
            "('types', 'nothing', True)"
        );
    }
}

#[test]
fn unbound_variables_are_named() {
    let python = Python::run("");
    let raise: unsafe extern "C-unwind" fn(Ts, Fr, i32) = runtime("sw_raise_unbound");
    // SAFETY: called with the running frame.
    let found = python.in_frame(move |ts, frame| unsafe {
        raise(ts, frame, 1);
        null_mut()
    });
    assert_eq!(
        found,
        "UnboundLocalError: cannot access local variable 'b' where it is not associated with a value"
    );
}
