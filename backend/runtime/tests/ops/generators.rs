//! Delegation, awaiting, asynchronous iteration.

use super::{Fr, Ts, Unary};
use crate::common::{Python, runtime};
use stepwell_abi::{FINISHED, cpython as c};
use stepwell_runtime::object::Object;

fn ts() -> Ts {
    // SAFETY: the test holds the GIL.
    unsafe { c::PyThreadState_GetUnchecked() }
}

const SOURCE: &str = "
def gen():
    got = yield 1
    return 'result', got
class Own:
    def __iter__(self): return self
    def __next__(self): raise StopIteration('own')
    def send(self, value): return 'sent', value
async def coro(): return 4
class Aiter:
    def __aiter__(self): return 3
class Anext:
    def __aiter__(self): return self
    def __anext__(self): return 3
async def agen(): yield 1
import types
def close(c): c.close()
def drive(f, *args):
    c = f(*args)
    try: c.send(None)
    except StopIteration as e: return e.value
async def loop(x):
    async for _ in x: pass
async def wait(x): return await x
";

#[test]
fn send_tells_yielded_from_returned() {
    let python = Python::run(SOURCE);
    let send: unsafe extern "C-unwind" fn(Ts, Object, Object) -> Object = runtime("sw_send");
    let finished = |object: Object| {
        assert_eq!(object.addr() & FINISHED, FINISHED);
        python.outcome(object.map_addr(|address| address & !FINISHED))
    };
    let [none, five] = ["None", "5"].map(|text| python.value(text));
    // SAFETY: the objects are alive.
    unsafe {
        let generator = python.value("gen()");
        assert_eq!(python.outcome(send(ts(), generator, none)), "1");
        assert_eq!(finished(send(ts(), generator, five)), "('result', 5)");
        assert_eq!(finished(send(ts(), generator, none)), "None");
        assert_eq!(finished(send(ts(), python.value("Own()"), none)), "'own'");
        assert_eq!(
            python.outcome(send(ts(), python.value("Own()"), five)),
            "('sent', 5)"
        );
        assert_eq!(finished(send(ts(), python.value("coro()"), none)), "4");
        assert_eq!(finished(send(ts(), python.value("iter([])"), none)), "None");
        let early = send(ts(), python.value("gen()"), five);
        assert_eq!(
            python.outcome(early),
            "TypeError: can't send non-None value to a just-started generator"
        );
        let wrong = send(ts(), python.value("iter([])"), five);
        assert_eq!(
            python.outcome(wrong),
            "AttributeError: 'list_iterator' object has no attribute 'send'"
        );
    }
}

#[test]
fn only_coroutines_delegate_to_coroutines() {
    let python = Python::run(SOURCE);
    let get: unsafe extern "C-unwind" fn(Fr, Object) -> Object = runtime("sw_get_yield_from_iter");
    let [coroutine, generator, list] = ["coro()", "gen()", "[]"].map(|text| python.value(text));
    // SAFETY: called with the running frame.
    unsafe {
        let found = python.in_frame(move |_, frame| get(frame, coroutine));
        assert_eq!(
            found,
            "TypeError: cannot 'yield from' a coroutine object in a non-coroutine generator"
        );
        assert!(
            python
                .in_frame(move |_, frame| get(frame, generator))
                .starts_with("<generator object gen")
        );
        assert!(
            python
                .in_frame(move |_, frame| get(frame, list))
                .starts_with("<list_iterator")
        );
    }
    python.outcome(coroutine);
    python.exec("_.close()");
}

#[test]
fn awaiting_follows_python() {
    let python = Python::run(SOURCE);
    let get: unsafe extern "C-unwind" fn(Ts, Object, i32) -> Object = runtime("sw_get_awaitable");
    // SAFETY: the objects are alive.
    unsafe {
        let wrong = get(ts(), python.value("3"), 0);
        assert_eq!(python.outcome(wrong), python.expected("drive(wait, 3)"));
        let entered = get(ts(), python.value("3"), 1);
        let message = "TypeError: 'async with' received an object from __aenter__ that does not implement __await__: int";
        assert_eq!(python.outcome(entered), message);
        assert!(
            python
                .outcome(get(ts(), python.value("coro()"), 0))
                .starts_with("<coroutine object coro")
        );
        python.exec("_.close()");
        python.exec("@types.coroutine\ndef pause(): yield\ninner = wait(pause())\nouter = wait(inner)\nouter.send(None)");
        let twice = get(ts(), python.value("inner"), 0);
        assert_eq!(
            python.outcome(twice),
            "RuntimeError: coroutine is being awaited already"
        );
        python.exec("outer.close()");
    }
}

#[test]
fn asynchronous_iteration_follows_python() {
    let python = Python::run(SOURCE);
    let aiter: Unary = runtime("sw_get_aiter");
    let anext: Unary = runtime("sw_get_anext");
    // SAFETY: the objects are alive.
    unsafe {
        for object in ["3", "Aiter()"] {
            let expected = python.expected(&format!("drive(loop, {object})"));
            assert_eq!(python.outcome(aiter(python.value(object))), expected);
        }
        let expected = python.expected("drive(loop, Anext())");
        assert_eq!(python.outcome(anext(python.value("Anext()"))), expected);
        assert!(
            python
                .outcome(anext(python.value("agen()")))
                .starts_with("<async_generator_asend")
        );
        let wrong = anext(python.value("3"));
        assert_eq!(
            python.outcome(wrong),
            "TypeError: 'async for' requires an iterator with __anext__ method, got int"
        );
    }
}

#[test]
fn the_end_of_an_iteration_is_an_exception() {
    let python = Python::run(SOURCE);
    let end: unsafe extern "C-unwind" fn(Object) -> i32 = runtime("sw_end_async_for");
    let cleanup: Unary = runtime("sw_cleanup_throw");
    let value = |text: &str| python.value(text);
    // SAFETY: the objects are alive.
    unsafe {
        assert_eq!(python.status(end(value("StopAsyncIteration()"))), "0");
        assert_eq!(python.status(end(value("KeyError('k')"))), "KeyError: 'k'");
        assert_eq!(python.outcome(cleanup(value("StopIteration(3)"))), "3");
        assert_eq!(python.outcome(cleanup(value("StopIteration()"))), "None");
        assert_eq!(
            python.outcome(cleanup(value("KeyError('k')"))),
            "KeyError: 'k'"
        );
    }
}

#[test]
fn a_native_range_becomes_an_iterator() {
    let python = Python::run("");
    let make: unsafe extern "C-unwind" fn(i64, i64, i64) -> Object = runtime("sw_range_iterator");
    for (start, length, step, rest) in [
        (3, 4, 1, "[3, 4, 5, 6]"),
        (10, 3, -4, "[10, 6, 2]"),
        (5, 0, 1, "[]"),
        (i64::MAX, 1, 2, "[9223372036854775807]"),
    ] {
        // SAFETY: the GIL is held.
        python.outcome(unsafe { make(start, length, step) });
        assert_eq!(python.eval("list(_)"), rest);
    }
}
