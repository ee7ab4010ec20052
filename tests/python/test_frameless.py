"""Calls without a frame: nobody can tell, and what interrupts them finds the frames that it expects."""

import signal
import subprocess
import sys
import textwrap
import threading

import pytest
import stepwell

SOURCE = """
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

def grow(n, x):
    if n == 0:
        return x
    return grow(n - 1, x * 8)

def add(a, b=1):
    return a + b
"""


@pytest.fixture
def functions():
    names = {}
    exec(textwrap.dedent(SOURCE), names)
    for name in ("fib", "grow", "add"):
        stepwell.jit(names[name])
    return names


def exits(function):
    return {row["reason"]: row["count"] for row in stepwell.stats(function)["exits"]}


def test_the_forms_without_a_frame_are_used(functions):
    assert 'py.frame = "native"' in stepwell.dump_ir(functions["fib"], "typed", args=[int])
    assert 'py.frame = "leaf"' in stepwell.dump_ir(functions["add"], "typed", args=[int, int])
    assert 'py.frame = "leaf"' in stepwell.dump_ir(functions["add"], "typed", args=[float, int])
    assert "py.try_binary" in stepwell.dump_ir(functions["add"], "typed", args=[str, str])
    assert "py.frame =" not in stepwell.dump_ir(stepwell.jit(lambda text: text.upper()), "typed", args=[str])


def test_calls_of_itself_enter_once(functions):
    fib = functions["fib"]
    assert fib(15) == 610
    assert stepwell.stats(fib)["compiled_calls"] == 1


def test_exits_in_the_depth_are_counted(functions):
    grow = functions["grow"]
    assert grow(30, 1) == 8**30
    assert exits(grow)["the result needs more than 64 bits"] >= 1


def test_a_switch_of_threads_tells_nothing_against_the_code(functions):
    fib = functions["fib"]
    fib(5)
    done = threading.Event()

    def spin():
        while not done.is_set():
            pass

    old = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    thread = threading.Thread(target=spin)
    thread.start()
    try:
        assert [fib(22) for _ in range(20)] == [17711] * 20
    finally:
        done.set()
        thread.join()
        sys.setswitchinterval(old)
    assert len(stepwell.stats(fib)["compilations"]) == 1


INTERRUPTED = """
    import stepwell, sys, threading, time, signal, os, traceback

    @stepwell.jit
    def fib(n):
        if n < 2:
            return n
        return fib(n - 1) + fib(n - 2)

    fib(10)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    try:
        fib(90)
    except KeyboardInterrupt as error:
        frames = [step.name for step in traceback.extract_tb(error.__traceback__)]
        assert frames[0] == "<module>" and set(frames[1:]) == {"fib"}, frames
        depth, frame = 0, error.__traceback__
        while frame.tb_next:
            assert depth == 0 or frame.tb_frame.f_locals["n"] <= previous - 1
            previous = frame.tb_frame.f_locals.get("n", 91)
            depth, frame = depth + 1, frame.tb_next
        print("interrupted", 5 < len(frames) <= 91)
"""


def test_ctrl_c_in_the_depth():
    code = textwrap.dedent(INTERRUPTED)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (ran.stdout, ran.stderr) == ("interrupted True\n", "")


def test_a_handler_sees_the_frames(functions):
    fib = functions["fib"]
    seen = []

    def look(number, frame):
        while frame:
            seen.append(frame.f_code.co_name)
            frame = frame.f_back

    old = signal.signal(signal.SIGALRM, look)
    try:
        fib(5)
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        while not seen:
            assert fib(24) == 46368
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    names = [name for name in seen if name != "fib"]
    assert names[0] == "test_a_handler_sees_the_frames"


def test_nothing_is_kept(functions):
    grow, add = functions["grow"], functions["add"]
    value = 2**62 + 1
    for _ in range(3):
        grow(30, 1), add(value, value), grow(30, value)
    counts = [sys.getrefcount(x) for x in (grow, grow.__code__, add, add.__code__, value)]
    for _ in range(100):
        grow(30, 1), add(value, value), grow(30, value)
    assert counts == [sys.getrefcount(x) for x in (grow, grow.__code__, add, add.__code__, value)]


def test_profilers_see_every_call(functions):
    fib = functions["fib"]
    fib(5)
    calls = []
    sys.setprofile(lambda frame, event, argument: calls.append((frame.f_code.co_name, event)))
    try:
        fib(6)
    finally:
        sys.setprofile(None)
    assert calls.count(("fib", "call")) == calls.count(("fib", "return")) == 25
    assert fib(7) == 13


NAMED = """
def scaled(a, *, by=2):
    return a * by

def required(a, *, by):
    return a * by

def below(a, *, by=2):
    if a < 1:
        return 0
    return below(a - 1, by)
"""


@pytest.fixture
def named():
    names = {}
    exec(textwrap.dedent(NAMED), names)
    for name in ("scaled", "required", "below"):
        stepwell.jit(names[name])
    return names


def test_parameters_that_are_keywords_only_need_no_frame(named):
    scaled, required = named["scaled"], named["required"]
    assert 'py.frame = "leaf"' in stepwell.dump_ir(scaled, "typed", args=[int, int])
    big = 2**62
    for _ in range(3):
        assert scaled(3) == 6 and scaled(3, by=5) == 15 and required(3, by=5) == 15
        # These leave, and the interpreter gets a frame with all of the arguments.
        assert scaled(big, by=big) == big * big and required(big, by=big) == big * big
        for wrong in ({"by": 1, "to": 2}, {}):
            with pytest.raises(TypeError):
                required(3, **wrong)
        with pytest.raises(TypeError, match="positional"):
            scaled(3, 5)
        with pytest.raises(TypeError, match="positional"):
            named["below"](2)


def test_defaults_of_keywords_are_those_of_today(named):
    scaled = named["scaled"]
    big = 2**62 + 1
    count = sys.getrefcount(big)
    for factor in (2, 3, big):
        scaled.__kwdefaults__ = {"by": factor}
        assert [scaled(big) for _ in range(50)] == [big * factor] * 50
    del factor
    scaled.__kwdefaults__ = None
    with pytest.raises(TypeError, match="keyword-only argument: 'by'"):
        scaled(1)
    assert sys.getrefcount(big) == count
