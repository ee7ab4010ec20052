//! Generators resumed by a hand-written step and by the interpreter, in turns.

mod common;

use common::{Python, slot};
use std::sync::OnceLock;
use stepwell_abi::cpython as c;
use stepwell_runtime::{
    frame,
    frame::Frame,
    object::{Object, ThreadState, decref, xdecref},
    unit::NOT_BEGUN,
};

const SOURCE: &str = "
import dis, sys
def counter(n):
    i = 0
    while i < n:
        try:
            got = yield i
        except KeyError as e:
            got = 10
        i += 1 if got is None else got
    return 'done'
def offsets(f):
    code = list(dis.get_instructions(f))
    yields = [k for k, i in enumerate(code) if i.opname == 'YIELD_VALUE']
    returns = [k for k, i in enumerate(code) if i.opname == 'RETURN_GENERATOR']
    return code[returns[0] + 1].offset, code[yields[0] + 1].offset
plain = type(counter)(counter.__code__.replace(), globals())
";

/// Where the interpreter suspends `counter`: at its beginning, behind its `yield`.
static OFFSETS: OnceLock<[i32; 2]> = OnceLock::new();

/// `counter` in Rust. Slots: n, i, got, e.
unsafe extern "C-unwind" fn count(_: *mut ThreadState, frame: *mut Frame, sent: Object) -> Object {
    let [start, resume] = *OFFSETS.get().expect("set");
    // SAFETY: the frame is that of `counter`, suspended where OFFSETS tells.
    unsafe {
        let n = c::PyLong_AsLong(*slot(frame, 0));
        let next = match frame::offset(frame) {
            at if at == start => {
                decref(sent);
                0
            }
            at if at == resume => {
                xdecref(std::ptr::replace(slot(frame, 2), sent));
                let none = sent == &raw mut c::_Py_NoneStruct;
                c::PyLong_AsLong(*slot(frame, 1)) + if none { 1 } else { c::PyLong_AsLong(sent) }
            }
            _ => return std::ptr::without_provenance_mut(NOT_BEGUN),
        };
        xdecref(std::ptr::replace(slot(frame, 1), c::PyLong_FromLong(next)));
        if next >= n {
            return c::PyUnicode_FromString(c"done".as_ptr());
        }
        frame::set_offset(frame, resume);
        (*frame::generator(frame)).gi_frame_state = c::_framestate_FRAME_SUSPENDED as i8;
        c::PyLong_FromLong(next)
    }
}

fn counter() -> Python {
    let python = Python::run(SOURCE);
    let pair = python.eval("'%d %d' % offsets(counter)");
    let (start, resume) = pair.split_once(' ').expect("two");
    OFFSETS.get_or_init(|| {
        [
            start.parse().expect("a number"),
            resume.parse().expect("a number"),
        ]
    });
    python.install_step("counter", count);
    python
}

fn steps(python: &Python) -> u64 {
    python
        .unit("counter")
        .statistics()
        .versions
        .iter()
        .map(|version| version.calls)
        .sum()
}

#[test]
fn every_way_to_resume_finds_the_step() {
    let python = counter();
    assert_eq!(python.eval("list(counter(3))"), "[0, 1, 2]");
    assert_eq!(steps(&python), 4);
    python.exec(
        "
def drive(f):
    g = f(6)
    log = [next(g), g.send(None), g.send(2), g.__next__()]
    try:
        while True: log.append(g.send(None))
    except StopIteration as e:
        log.append(e.value)
    log.append(next(g, 'over'))
    return log
def delegate(f):
    return (yield from f(2))
def collect(g):
    log = []
    while True:
        try: log.append(next(g))
        except StopIteration as e: return log, e.value
",
    );
    assert_eq!(python.eval("drive(counter)"), python.eval("drive(plain)"));
    assert_eq!(
        python.eval("drive(counter)"),
        "[0, 1, 3, 4, 5, 'done', 'over']"
    );
    assert_eq!(
        python.eval("collect(delegate(counter))"),
        "([0, 1], 'done')"
    );
}

#[test]
fn the_interpreter_goes_on_between_the_steps() {
    let python = counter();
    python.exec(
        "
def drive(f):
    g = f(100)
    log = [next(g), g.gi_frame.f_locals['i'], g.gi_frame.f_lineno, g.gi_running, g.throw(KeyError('k')), next(g)]
    try: g.throw(ValueError('v'))
    except ValueError as e:
        tb = e.__traceback__
        while tb: log.append((tb.tb_frame.f_code.co_name, tb.tb_lineno)); tb = tb.tb_next
    log.append(list(g))
    g = f(100); next(g); g.close(); log.append(list(g))
    g = f(5)
    try: g.send(1)
    except TypeError as e: log.append(str(e))
    return log
",
    );
    let before = steps(&python);
    assert_eq!(python.eval("drive(counter)"), python.eval("drive(plain)"));
    assert!(steps(&python) >= before + 3);
}

#[test]
fn references_and_recursion_are_balanced() {
    let python = counter();
    python.exec(
        "
class N(int): pass
n = N(4)
def counts(): return sys.getrefcount(n), sys.getrefcount(counter), sys.getrefcount(counter.__code__)
list(counter(n))
before = counts()
for _ in range(10_000):
    list(counter(n))
    next(counter(n))
def deep():
    try: return deep() + 1
    except RecursionError: return 1
",
    );
    assert_eq!(python.eval("counts()"), python.eval("before"));
    assert_eq!(
        python.eval("deep() > 900, sys.exc_info()"),
        "(True, (None, None, None))"
    );
}

/// A step that fails in front of anything.
unsafe extern "C-unwind" fn fail(ts: *mut ThreadState, frame: *mut Frame, sent: Object) -> Object {
    // SAFETY: the frame is the current one.
    unsafe {
        decref(sent);
        c::PyErr_SetString(c::PyExc_ValueError, c"from the step".as_ptr());
        frame::add_traceback(ts, frame);
        std::ptr::null_mut()
    }
}

#[test]
fn a_failing_step_finishes_the_generator() {
    let python = Python::run(
        "
def g(a):
    yield a
def drive():
    it = g(1)
    try: next(it)
    except ValueError as e: text, tb = str(e), e.__traceback__.tb_next
    return text, tb.tb_frame.f_code.co_name, it.gi_frame, list(it)
",
    );
    python.install_step("g", fail);
    assert_eq!(python.eval("drive()"), "('from the step', 'g', None, [])");
}

#[test]
fn a_step_that_cannot_begin_leaves_all_to_the_interpreter() {
    unsafe extern "C-unwind" fn never(_: *mut ThreadState, _: *mut Frame, _: Object) -> Object {
        std::ptr::without_provenance_mut(NOT_BEGUN)
    }
    let python =
        Python::run("def g(a):\n    for x in a:\n        got = yield x\n        yield got");
    python.install_step("g", never);
    python.exec("it = g([1, 2])");
    assert_eq!(
        python.eval("next(it), it.send('x'), list(it)"),
        "(1, 'x', [2, None])"
    );
}
