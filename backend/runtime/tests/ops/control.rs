//! Iteration, exceptions, context managers, polling.

use super::{Binary, Fr, Ts};
use crate::common::{Python, runtime};
use std::ptr::null_mut;
use stepwell_abi::{FINISHED, cpython as c};
use stepwell_runtime::object::{Object, decref, new_ref};

fn ts() -> Ts {
    // SAFETY: the test holds the GIL.
    unsafe { c::PyThreadState_GetUnchecked() }
}

#[test]
fn iterators_yield_end_and_fail() {
    let python = Python::run(
        "
class It:
    def __init__(self, error): self.error = error
    def __iter__(self): return self
    def __next__(self): raise self.error",
    );
    let next: unsafe extern "C-unwind" fn(Ts, Object) -> Object = runtime("sw_for_iter");
    // SAFETY: the iterators are alive.
    unsafe {
        let iterator = python.value("iter([7])");
        assert_eq!(python.outcome(next(ts(), iterator)), "7");
        assert_eq!(next(ts(), iterator).addr(), FINISHED);
        assert_eq!(
            next(ts(), python.value("It(StopIteration('x'))")).addr(),
            FINISHED
        );
        assert!(c::PyErr_Occurred().is_null());
        assert_eq!(
            python.outcome(next(ts(), python.value("It(KeyError('k'))"))),
            "KeyError: 'k'"
        );
    }
}

const RAISES: &str = "
class Liar(Exception):
    def __new__(cls): return 3
def show(e):
    cause, context = e.__cause__, e.__context__
    return repr(e), repr(cause), repr(context), e.__suppress_context__, e.__traceback__.tb_next is None
def shown(act, *args):
    try: act(*args)
    except BaseException as e: return show(e)
def plain(a, b):
    if b is ...: raise a
    raise a from b
def outer(act, *args):
    try: 1 // 0
    except ZeroDivisionError: return shown(act, *args)
";

#[test]
fn raise_follows_python() {
    let python = Python::run(RAISES);
    let raise: unsafe extern "C-unwind" fn(Ts, Fr, Object, Object) = runtime("sw_raise");
    let exceptions = [
        "ValueError",
        "ValueError('v')",
        "Liar",
        "int",
        "3",
        "OSError(2, 'x')",
    ];
    for exception in exceptions {
        for cause in ["...", "None", "KeyError", "KeyError('k')", "Liar", "3"] {
            for run in ["shown", "outer"] {
                let expected = python.eval(&format!("{run}(plain, {exception}, {cause})"));
                let [value, from] = [exception, cause].map(|text| python.value(text));
                let from = if cause == "..." { null_mut() } else { from };
                python.prepare(move |ts, frame| {
                    // SAFETY: called with the running frame.
                    unsafe { raise(ts, frame, value, from) };
                    null_mut()
                });
                assert_eq!(
                    python.eval(&format!("{run}(f)")),
                    expected,
                    "raise {exception} from {cause}"
                );
            }
        }
    }
}

#[test]
fn a_bare_raise_adds_no_entry() {
    let python = Python::run(
        "
def entries(e):
    found, tb = [], e.__traceback__
    while tb: found.append(tb.tb_frame.f_code.co_name); tb = tb.tb_next
    return found
def bare(): raise
def drive(act):
    try:
        try: 1 // 0
        except ZeroDivisionError: act()
    except BaseException as e: return repr(e), [n for n in entries(e) if n not in ('f', 'bare')]
def alone(act):
    try: act()
    except BaseException as e: return repr(e)
",
    );
    let raise: unsafe extern "C-unwind" fn(Ts, Fr, Object, Object) = runtime("sw_raise");
    let act = move |ts, frame| {
        // SAFETY: called with the running frame.
        unsafe { raise(ts, frame, null_mut(), null_mut()) };
        null_mut()
    };
    let expected = python.eval("drive(bare), alone(bare)");
    python.prepare(act);
    let first = python.eval("drive(f)");
    python.prepare(act);
    assert_eq!(
        format!("({first}, {})", python.eval("repr(alone(f))")),
        expected
    );
}

#[test]
fn handled_exceptions_nest() {
    let python = Python::run("");
    let push: unsafe extern "C-unwind" fn(Ts, Object) -> Object = runtime("sw_push_exc_info");
    let pop: unsafe extern "C-unwind" fn(Ts, Object) = runtime("sw_pop_except");
    let reraise: unsafe extern "C-unwind" fn(Fr, Object, Object) = runtime("sw_reraise");
    let [outer, inner, lasti] =
        ["ValueError('outer')", "KeyError('inner')", "3"].map(|text| python.value(text));
    // SAFETY: called with the running frame.
    let found = python.in_frame(move |ts, frame| unsafe {
        let handled = |ts: Ts| (*(*ts).exc_info).exc_value;
        let before = push(ts, outer);
        assert_eq!(before, &raw mut c::_Py_NoneStruct);
        let middle = push(ts, inner);
        assert_eq!((middle, handled(ts)), (outer, inner));
        pop(ts, middle);
        assert_eq!(handled(ts), outer);
        pop(ts, before);
        assert!(handled(ts).is_null());
        reraise(frame, new_ref(inner), lasti);
        assert_eq!(stepwell_runtime::frame::offset(frame), 6);
        null_mut()
    });
    assert_eq!(found, "KeyError: 'inner'");
}

#[test]
fn exceptions_match_their_types() {
    let python = Python::run("group = ExceptionGroup('g', [ValueError(1), KeyError(2)])");
    let check: unsafe extern "C-unwind" fn(Ts, Object, Object) -> i32 =
        runtime("sw_check_exc_match");
    let split: unsafe extern "C-unwind" fn(Ts, Object, Object, *mut Object) -> Object =
        runtime("sw_check_eg_match");
    let value = |text: &str| python.value(text);
    // SAFETY: the objects are alive.
    unsafe {
        assert_eq!(check(ts(), value("KeyError()"), value("LookupError")), 1);
        assert_eq!(
            check(ts(), value("KeyError()"), value("(ValueError, OSError)")),
            0
        );
        let wrong =
            "TypeError: catching classes that do not inherit from BaseException is not allowed";
        assert_eq!(
            python.status(check(ts(), value("KeyError()"), value("int"))),
            wrong
        );
        let previous = c::PyErr_GetHandledException();
        let mut matched = null_mut();
        let rest = split(ts(), value("group"), value("KeyError"), &raw mut matched);
        assert_eq!(python.outcome(rest), "ExceptionGroup('g', [ValueError(1)])");
        assert_eq!(c::PyErr_GetHandledException(), matched);
        assert_eq!(
            python.outcome(matched),
            "ExceptionGroup('g', [KeyError(2)])"
        );
        c::PyErr_SetHandledException(previous);
        let rest = split(ts(), value("group"), value("OSError"), &raw mut matched);
        assert_eq!(python.outcome(matched), "None");
        assert_eq!(python.outcome(rest), python.expected("group"));
        let wrong = split(
            ts(),
            value("group"),
            value("ExceptionGroup"),
            &raw mut matched,
        );
        assert!(
            python
                .outcome(wrong)
                .starts_with("TypeError: catching ExceptionGroup with except*")
        );
    }
}

#[test]
fn context_managers_are_entered_and_told() {
    let python = Python::run(
        "
class Manager:
    def __enter__(self): return 'entered'
    def __exit__(self, *args): return args
    async def __aenter__(self): pass
    async def __aexit__(self, *args): pass
class Half:
    def __enter__(self): pass
    async def __aenter__(self): pass
class Fails(Manager):
    def __enter__(self): raise KeyError('enter')
def use(manager):
    with manager: pass
async def use_async(manager):
    async with manager: pass
def start(coroutine):
    try: coroutine.send(None)
    except StopIteration: pass
",
    );
    type Enter = unsafe extern "C-unwind" fn(Object, *mut Object) -> Object;
    let enter: Enter = runtime("sw_before_with");
    let enter_async: Enter = runtime("sw_before_async_with");
    let told: Binary = runtime("sw_with_except_start");
    let mut value = null_mut();
    // SAFETY: the objects are alive.
    unsafe {
        let exit = enter(python.value("Manager()"), &raw mut value);
        assert_eq!(python.outcome(value), "'entered'");
        let error = python.value("KeyError('k')");
        let arguments = told(exit, error);
        assert_eq!(
            python.outcome(arguments),
            "(<class 'KeyError'>, KeyError('k'), None)"
        );
        for manager in ["Half()", "3", "Fails()"] {
            let failed = enter(python.value(manager), &raw mut value);
            assert_eq!(
                python.outcome(failed),
                python.expected(&format!("use({manager})"))
            );
            assert!(value.is_null());
        }
        for manager in ["Half()", "3"] {
            let expected = python.expected(&format!("start(use_async({manager}))"));
            let failed = enter_async(python.value(manager), &raw mut value);
            assert_eq!(python.outcome(failed), expected);
        }
        decref(exit);
    }
}

#[test]
fn polls_run_what_is_pending() {
    let python = Python::run("");
    let poll: unsafe extern "C-unwind" fn(Ts, Fr) -> i32 = runtime("sw_poll");
    let act = move |ts, frame| {
        // SAFETY: called with the running frame.
        unsafe {
            if poll(ts, frame) < 0 {
                null_mut()
            } else {
                new_ref(&raw mut c::_Py_NoneStruct)
            }
        }
    };
    assert_eq!(python.in_frame(act), "None");
    let found = python.in_frame(move |ts, frame| {
        // SAFETY: as above; the exception is for the running thread.
        unsafe { c::PyThreadState_SetAsyncExc((*ts).thread_id, c::PyExc_KeyError) };
        act(ts, frame)
    });
    assert_eq!(found, "KeyError: ");
}
