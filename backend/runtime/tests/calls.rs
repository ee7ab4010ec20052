//! Calls of compiled functions: binding, results, exceptions, exits, recursion, lifetimes.

mod common;

use common::{Python, slot};
use stepwell_abi::cpython as c;
use stepwell_runtime::{
    call, frame,
    frame::Frame,
    object::{Object, ThreadState, new_ref},
    tag::Tag,
    unit::{EXIT, EXIT_RAISING, totals},
};

/// A body that returns its first parameter.
unsafe extern "C-unwind" fn first(_: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: the tests install it on functions with a parameter.
    unsafe { new_ref(*slot(frame, 0)) }
}

const ERRORS: &str = "
def plain(a, b, /, c, *, d=4): return a
def ours(a, b, /, c, *, d=4): return a
def message(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except TypeError as e:
        return str(e).replace('ours', 'plain')
calls = [((), {}), ((1,), {}), ((1, 2, 3), {}), ((1, 2), {'c': 3}), ((1, 2, 3, 4), {}), ((1, 2, 3), {'d': 1}),
         ((1, 2, 3), {'e': 1}), ((1, 2, 3), {'c': 1}), ((), {'a': 1, 'b': 2, 'c': 3})]
def differences():
    return [(a, k) for a, k in calls if message(plain, *a, **k) != message(ours, *a, **k)]
";

#[test]
fn arguments_are_bound_as_the_interpreter_binds_them() {
    let python = Python::run(ERRORS);
    python.install_body("ours", first, &[]);
    assert_eq!(python.eval("differences()"), "[]");
    let calls: u64 = python
        .unit("ours")
        .statistics()
        .versions
        .iter()
        .map(|version| version.calls)
        .sum();
    assert_eq!(calls, 3, "the calls that fit ran the body");
}

const LOOP: &str = "
import dis
def total(n):
    s = 0
    for i in range(n):
        s += i
    return s
def offset(f, name):
    return next(i.offset for i in dis.get_instructions(f) if i.opname == name)
";

/// Leaves `total(10)` in front of FOR_ITER with three iterations done.
unsafe extern "C-unwind" fn leave_in_loop(_: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: slots are n, s, i and then the stack with the iterator.
    unsafe {
        let range =
            c::PyObject_CallFunction((&raw mut c::PyRange_Type).cast(), c"ii".as_ptr(), 3, 10);
        *slot(frame, 1) = c::PyLong_FromLong(1 + 2);
        *slot(frame, 3) = c::PyObject_GetIter(range);
        stepwell_runtime::object::decref(range);
        (*frame).stacktop = 4;
        let code = frame::code(frame);
        let mut instruction = frame::first_instruction(code);
        while u32::from((*instruction).op.code) != FOR_ITER.get().copied().expect("set") {
            instruction = instruction.add(1);
        }
        (*frame).instr_ptr = instruction;
        (*frame).return_offset = 1;
        std::ptr::without_provenance_mut(EXIT)
    }
}

static FOR_ITER: std::sync::OnceLock<u32> = std::sync::OnceLock::new();

#[test]
fn an_exit_goes_on_in_the_middle_of_a_loop() {
    let python = Python::run(LOOP);
    FOR_ITER
        .set(python.number("dis.opmap['FOR_ITER']") as u32)
        .expect("only here");
    python.install_body("total", leave_in_loop, &["never", "test"]);
    assert_eq!(python.eval("total(10)"), "45");
    let statistics = python.unit("total").statistics();
    let exits: Vec<_> = statistics.versions[0]
        .exits
        .iter()
        .map(|(site, n)| (site.reason.as_str(), *n))
        .collect();
    assert_eq!(exits, [("test", 1)]);
}

const TRACEBACKS: &str = "
import dis
def division(a, b):
    x = a
    return (x +
            a // b)
def name(a):
    return [a,
            missing_name]
def handled(a):
    try:
        a.missing
    except AttributeError as e:
        return 'handled ' + str(e)
def offset(f, name):
    return next(i.offset for i in dis.get_instructions(f) if i.opname == name)
def trace(f, *args):
    try:
        f(*args)
    except Exception as e:
        tb = e.__traceback__.tb_next
        positions = list(tb.tb_frame.f_code.co_positions())[tb.tb_lasti // 2]
        return type(e).__name__, str(e), tb.tb_lineno, tb.tb_lasti, positions, tb.tb_frame.f_locals, tb.tb_next
expected = trace(division, 1, 0), trace(name, 1), handled(1)
";

static OFFSETS: std::sync::OnceLock<[i32; 3]> = std::sync::OnceLock::new();

/// `division` left in front of its BINARY_OP, with `x` assigned and `x, a, b` on the stack.
unsafe extern "C-unwind" fn leave_before_division(
    _: *mut ThreadState,
    frame: *mut Frame,
) -> Object {
    // SAFETY: slots are a, b, x.
    unsafe {
        *slot(frame, 2) = new_ref(*slot(frame, 0));
        for (place, from) in [(3, 2), (4, 0), (5, 1)] {
            *slot(frame, place) = new_ref(*slot(frame, from));
        }
        (*frame).stacktop = 6;
        frame::set_offset(frame, OFFSETS.get().expect("set")[0]);
        std::ptr::without_provenance_mut(EXIT)
    }
}

/// `name` failing at its LOAD_GLOBAL.
unsafe extern "C-unwind" fn fail_at_name(ts: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: the frame is the current one and an exception is set.
    unsafe {
        frame::set_offset(frame, OFFSETS.get().expect("set")[1]);
        c::PyErr_SetString(
            c::PyExc_NameError,
            c"name 'missing_name' is not defined".as_ptr(),
        );
        frame::add_traceback(ts, frame);
        std::ptr::null_mut()
    }
}

/// `handled` leaving with the exception of its LOAD_ATTR pending.
unsafe extern "C-unwind" fn leave_raising(ts: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: as above.
    unsafe {
        frame::set_offset(frame, OFFSETS.get().expect("set")[2]);
        let missing = c::PyUnicode_FromString(c"missing".as_ptr());
        assert!(c::PyObject_GetAttr(*slot(frame, 0), missing).is_null());
        stepwell_runtime::object::decref(missing);
        frame::add_traceback(ts, frame);
        std::ptr::without_provenance_mut(EXIT_RAISING)
    }
}

#[test]
fn tracebacks_are_those_of_the_interpreter() {
    let python = Python::run(TRACEBACKS);
    OFFSETS
        .set([
            python.number(
                "[i.offset for i in dis.get_instructions(division) if i.opname == 'BINARY_OP'][0]",
            ) as i32,
            python.number("offset(name, 'LOAD_GLOBAL')") as i32,
            python.number("offset(handled, 'LOAD_ATTR')") as i32,
        ])
        .expect("only here");
    python.install_body("division", leave_before_division, &["zero"]);
    python.install_body("name", fail_at_name, &[]);
    python.install_body("handled", leave_raising, &["raised"]);
    let found = python.eval("trace(division, 1, 0), trace(name, 1), handled(1)");
    assert_eq!(found, python.eval("expected"));
    assert!(found.contains("ZeroDivisionError"));
}

#[test]
fn references_are_balanced() {
    let python = Python::run(
        "import sys\nclass C: pass\ndef f(a, *rest, b=None, **more): return a\nx = C()",
    );
    python.install_body("f", first, &[]);
    python.exec(
        "
def counts(): return sys.getrefcount(x), sys.getrefcount(f), sys.getrefcount(f.__code__)
f(x)
before = counts()
for i in range(10_000):
    f(x, x, b=x, c=x)
    try: f(b=x)
    except TypeError: pass
",
    );
    assert_eq!(python.eval("counts()"), python.eval("before"));
}

/// Calls the global `look` and returns its result.
unsafe extern "C-unwind" fn look(_: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: slot 1 is the local `b`.
    unsafe {
        *slot(frame, 1) = c::PyLong_FromLong(7);
        let look = c::PyDict_GetItemString((*frame).f_globals, c"look".as_ptr());
        c::PyObject_CallNoArgs(look)
    }
}

#[test]
fn others_see_the_frame() {
    let python = Python::run(
        "
import sys
def look():
    frame = sys._getframe(1)
    return frame.f_code.co_name, dict(frame.f_locals), frame.f_lineno, frame.f_back.f_code.co_name
def f(a):
    b = 1
    return a
def caller(): return f(5)
",
    );
    python.install_body("f", look, &[]);
    assert_eq!(
        python.eval("caller()"),
        "('f', {'a': 5, 'b': 7}, 6, 'caller')"
    );
    assert_eq!(python.eval("sys._getframe().f_back"), "None");
}

/// `deeper(n)`: calls itself with `n + 1`, and fails as the call does.
unsafe extern "C-unwind" fn deeper(ts: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: slot 0 is `n`.
    unsafe {
        let next = c::PyLong_FromLong(c::PyLong_AsLong(*slot(frame, 0)) + 1);
        let me = (*frame).f_funcobj;
        c::PyDict_SetItemString((*frame).f_globals, c"reached".as_ptr(), next);
        let result = c::PyObject_CallOneArg(me, next);
        stepwell_runtime::object::decref(next);
        if result.is_null() {
            frame::add_traceback(ts, frame);
        }
        result
    }
}

#[test]
fn recursion_stops_where_the_interpreter_stops_it() {
    let python = Python::run(
        "
import sys
reached = 0
def deeper(n):
    global reached
    reached = n + 1
    return deeper(n + 1)
def depth(f):
    try:
        f(0)
    except RecursionError as e:
        return reached, str(e)
expected = depth(deeper)
",
    );
    python.install_body("deeper", deeper, &[]);
    assert_eq!(python.eval("depth(deeper)"), python.eval("expected"));
    assert_eq!(python.eval("depth(deeper)"), python.eval("expected"));
    python.exec("sys.setrecursionlimit(100_000)\ndeep, message = depth(deeper)\nsys.setrecursionlimit(1000)");
    assert!(
        python.number("deep") > 99_000,
        "{} frames",
        python.eval("deep")
    );
    assert!(python.number("depth(deeper)[0]") < 1000);
}

#[test]
fn tracers_and_monitors_see_the_interpreter() {
    let python = Python::run(
        "
import sys
def f(a):
    b = 'interpreted'
    return b
lines = []
def tracer(frame, event, arg):
    if event == 'line' and frame.f_code is f.__code__: lines.append(frame.f_lineno)
    return tracer
def traced():
    sys.settrace(tracer)
    try: return f(1)
    finally: sys.settrace(None)
",
    );
    python.install_body("f", first, &[]);
    assert_eq!(python.eval("f(1)"), "1");
    assert_eq!(python.eval("traced()"), "interpreted");
    assert_eq!(python.eval("lines"), "[4, 5]");
    // The code catches up with the end of the instrumentation in the interpreter, once.
    assert_eq!(python.eval("f(1), f(1)"), "('interpreted', 1)");
}

#[test]
fn a_unit_dies_with_its_code() {
    let python = Python::run(
        "def make():\n    scope = {}\n    exec('def f(a): return a', scope)\n    return scope['f']",
    );
    // What other tests left in cycles dies first.
    python.exec("import gc; gc.collect()");
    let before = totals();
    for _ in 0..1000 {
        python.exec("f = make()");
        python.install_body("f", first, &[]);
        assert_eq!(python.eval("f(3)"), "3");
    }
    python.exec("del f\ngc.collect()");
    assert_eq!(totals().units, before.units);
    assert_eq!(totals().compilations, before.compilations + 1000);
}

#[test]
fn types_select_versions() {
    let python = Python::run("def f(a): return a\nclass I(int): pass");
    python.install_body("f", first, &[]);
    python.exec("for x in [1, 2.0, True, 1j, 'text', I(3), 4]: f(x)");
    let statistics = python.unit("f").statistics();
    let found: Vec<_> = statistics
        .versions
        .iter()
        .map(|v| (v.signature[0].name(), v.calls))
        .collect();
    assert_eq!(
        found,
        [
            ("int", 2),
            ("float", 1),
            ("bool", 1),
            ("complex", 1),
            ("object", 2)
        ]
    );
}

#[test]
fn without_a_compiler_the_interpreter_runs() {
    let python = Python::run("def f(a): return a + 1");
    let function = python.global("f").cast();
    // SAFETY: the global is a function.
    unsafe {
        assert!(call::install(function, Box::new(())));
        assert!(call::is_installed(function));
    }
    assert_eq!(python.eval("f(1)"), "2");
    let statistics = python.unit("f").statistics();
    assert_eq!(
        (statistics.refusal.as_deref(), statistics.interpreted),
        (Some("there is no body"), 1)
    );
}

/// Always leaves, at its beginning.
unsafe extern "C-unwind" fn leave(_: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: the stack is empty at the beginning.
    unsafe { (*frame).return_offset = 0 };
    std::ptr::without_provenance_mut(EXIT)
}

#[test]
fn a_version_that_leaves_too_often_is_replaced() {
    let python = Python::run("def f(a): return a");
    python.install_body("f", leave, &["always"]);
    python.exec("assert all(f(i) == i for i in range(1000))");
    let versions = python.unit("f").statistics().versions;
    let found: Vec<_> = versions
        .iter()
        .map(|version| (version.signature[0], version.calls))
        .collect();
    assert_eq!(found, [(Tag::Int, 256), (Tag::Any, 744)]);
    assert_eq!(versions[1].exits[0].1, 744);
}

/// Calls the global `again` with its parameter.
unsafe extern "C-unwind" fn again(_: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: slot 0 is the parameter.
    unsafe {
        let again = c::PyDict_GetItemString((*frame).f_globals, c"again".as_ptr());
        c::PyObject_CallOneArg(again, *slot(frame, 0))
    }
}

#[test]
fn a_frame_whose_code_dies_with_it_returns() {
    let python = Python::run(
        "
import gc
def make():
    scope = {'again': drop}
    exec('def f(a): return a', scope)
    return scope['f']
def drop(a):
    global f
    f = None
    gc.collect()
    return a
",
    );
    for _ in 0..100 {
        python.exec("f = make()");
        python.install_body("f", again, &[]);
        assert_eq!(python.eval("f('kept')"), "kept");
    }
}

const PLAIN: &str = "
import sys
def ours(a, b=2, c=3): return a
def three(a, b=2, c=3): return a, b, c
def other(*args):
    try:
        return ours(*args)
    except TypeError as e:
        return str(e)
";

/// A body that returns a tuple of its three parameters.
unsafe extern "C-unwind" fn all_three(_: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: the tests install it on a function with three parameters.
    unsafe { c::PyTuple_Pack(3, *slot(frame, 0), *slot(frame, 1), *slot(frame, 2)) }
}

#[test]
fn missing_trailing_arguments_are_the_defaults_of_today() {
    let python = Python::run(PLAIN);
    python.install_body("ours", all_three, &[]);
    let calls = "[other(), other(1), other(1, 5), other(1, 5, 6), other(1, 2, 3, 4)]";
    for _ in 0..2 {
        assert_eq!(
            python.eval(calls),
            "[\"ours() missing 1 required positional argument: 'a'\", (1, 2, 3), (1, 5, 3), (1, 5, 6), \
             'ours() takes from 1 to 3 positional arguments but 4 were given']"
        );
    }
    python.exec("ours.__defaults__ = (7,)");
    assert_eq!(
        python.eval("[other(1), other(1, 5)]"),
        "[\"ours() missing 1 required positional argument: 'b'\", (1, 5, 7)]"
    );
    python.exec("ours.__defaults__ = (8, 9, 10)");
    assert_eq!(python.eval("other()"), "(8, 9, 10)");
}

/// A body that yields its own frame object.
unsafe extern "C-unwind" fn own_frame(ts: *mut ThreadState, _: *mut Frame) -> Object {
    // SAFETY: the frame is the current one.
    unsafe { c::PyThreadState_GetFrame(ts).cast() }
}

#[test]
fn a_frame_object_outlives_its_call() {
    let python = Python::run(PLAIN);
    python.install_body("ours", own_frame, &[]);
    for _ in 0..2 {
        assert_eq!(
            python.eval("(lambda f: (f.f_locals, f.f_code is ours.__code__))(ours('x'))"),
            "({'a': 'x', 'b': 2, 'c': 3}, True)"
        );
    }
}

const DEEP: &str = "
def ours(n): return n
def down(n):
    return 0 if n == 0 else 1 + ours(n - 1)
";

/// A body that calls `down` with its parameter.
unsafe extern "C-unwind" fn call_down(ts: *mut ThreadState, frame: *mut Frame) -> Object {
    // SAFETY: the tests install it on a function with a parameter, in a module that has `down`.
    unsafe {
        let down = c::PyDict_GetItemString((*frame).f_globals, c"down".as_ptr());
        let result = c::PyObject_CallOneArg(down, *slot(frame, 0));
        if result.is_null() {
            frame::add_traceback(ts, frame);
        }
        result
    }
}

#[test]
fn frames_are_pushed_where_the_data_stack_grows() {
    let python = Python::run(DEEP);
    python.install_body("ours", call_down, &[]);
    assert_eq!(
        python.eval("[down(n) for n in (0, 1, 10, 400)]"),
        "[0, 1, 10, 400]"
    );
    let deep = "RecursionError: maximum recursion depth exceeded";
    assert_eq!(python.expected("down(600)"), deep);
    assert_eq!(python.eval("down(400)"), "400");
}

#[test]
fn arguments_are_dropped_at_the_end_of_a_call() {
    let python = Python::run(PLAIN);
    python.install_body("ours", first, &[]);
    python.exec(
        "x = object()
before = sys.getrefcount(x), sys.getrefcount(ours), sys.getrefcount(ours.__code__)
for i in range(1000): ours(x)
after = sys.getrefcount(x), sys.getrefcount(ours), sys.getrefcount(ours.__code__)",
    );
    assert_eq!(python.eval("before == after"), "True");
}
