"""Debuggers, profilers, coverage and those who look at frames see what they always see."""

import _interpreters
import concurrent.futures
import copy
import os
import pickle
import sys
import types

import pytest
import stepwell


@stepwell.jit
def traced(n):
    total = 0
    for i in range(n):
        total += i
    return total


def lines_of(run):
    lines = []

    def trace(frame, event, argument):
        if frame.f_code is traced.__code__:
            lines.append((event, frame.f_lineno - traced.__code__.co_firstlineno))
            return trace

    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(None)
    return lines


def test_a_tracer_sees_every_line():
    traced(2)
    with stepwell.disabled():
        expected = lines_of(lambda: traced(2))
    assert len(expected) > 5
    assert lines_of(lambda: traced(2)) == expected
    traced(1)  # the interpreter takes its instruments out of the code
    before = stepwell.stats(traced)["compiled_calls"]
    assert traced(3) == 3
    assert stepwell.stats(traced)["compiled_calls"] == before + 1


def test_a_profiler_sees_calls():
    events = []

    def profile(frame, event, argument):
        if frame.f_code is traced.__code__:
            events.append(event)

    sys.setprofile(profile)
    try:
        traced(2)
    finally:
        sys.setprofile(None)
    assert events == ["call", "return"]


def test_monitoring_sees_starts_and_lines():
    monitoring = sys.monitoring
    seen = []
    tool = monitoring.PROFILER_ID
    monitoring.use_tool_id(tool, "test")
    try:
        events = monitoring.events
        monitoring.register_callback(tool, events.PY_START, lambda code, offset: seen.append(code.co_name))
        monitoring.register_callback(tool, events.LINE, lambda code, line: seen.append(line - code.co_firstlineno))
        monitoring.set_local_events(tool, traced.__code__, events.PY_START | events.LINE)
        traced(2)
    finally:
        monitoring.set_local_events(tool, traced.__code__, 0)
        monitoring.free_tool_id(tool)
    assert seen == ["traced", 2, 3, 4, 3, 4, 3, 5]
    before = stepwell.stats(traced)["compiled_calls"]
    assert traced(3) == 3
    assert stepwell.stats(traced)["compiled_calls"] == before + 1


def starts_tracing(trace, values):
    sys.settrace(trace)
    sys._getframe().f_trace = trace
    total = 0
    for value in values:
        total += value
    sys.settrace(None)
    return total


def starts_profiling(profile, values):
    sys.setprofile(profile)
    total = sum(values)
    sys.setprofile(None)
    return total


def starts_monitoring(count, values):
    monitoring = sys.monitoring
    tool = monitoring.PROFILER_ID
    monitoring.use_tool_id(tool, "test")
    monitoring.register_callback(tool, monitoring.events.LINE, count)
    monitoring.set_events(tool, monitoring.events.LINE)
    total = 0
    for value in values:
        total += value
    monitoring.set_events(tool, 0)
    monitoring.free_tool_id(tool)
    return total


def raises_and_traces(trace, values):
    total = 0
    try:
        start_and_fail(trace)
    except ValueError:
        for value in values:
            total += value
    sys.settrace(None)
    return total


def start_and_fail(trace):
    sys.settrace(trace)
    sys._getframe(1).f_trace = trace
    raise ValueError


@pytest.mark.parametrize("starts", [starts_tracing, starts_profiling, starts_monitoring, raises_and_traces])
def test_a_tool_that_is_started_inside_sees_what_follows(starts):
    def events_of(function):
        events = []

        def see(*event):
            frame = event[0]
            line = frame.f_lineno if hasattr(frame, "f_lineno") else frame.co_name
            events.append((line, event[1]))
            return see

        assert function(see, [1, 2, 3]) == 6
        return events

    compiled = stepwell.jit(types.FunctionType(starts.__code__.replace(), starts.__globals__))
    expected = events_of(starts)
    assert len(expected) >= 3
    for _ in range(3):
        assert events_of(compiled) == expected
    assert stepwell.stats(compiled)["compiled_calls"] >= 1


def frame_of_caller(_):
    frame = sys._getframe(1)
    return frame.f_code.co_name, dict(frame.f_locals), frame.f_back.f_code.co_name


def test_frames_and_locals():
    @stepwell.jit
    def outer(a):
        b = a * 2.0
        return frame_of_caller(b), b

    assert outer(1.5) == (("outer", {"a": 1.5, "b": 3.0}, "test_frames_and_locals"), 3.0)


def test_copies_and_pickles():
    assert pickle.loads(pickle.dumps(traced)) is traced
    assert copy.deepcopy(traced) is traced
    clone = types.FunctionType(traced.__code__, traced.__globals__)
    assert clone(4) == 6


def test_recursion_has_cpythons_limit():
    @stepwell.jit
    def forever(n):
        return forever(n + 1) + 1

    with pytest.raises(RecursionError, match="maximum recursion depth exceeded"):
        forever(0)

    @stepwell.jit
    def down(n):
        return 0 if n == 0 else down(n - 1) + 1

    assert down(500) == 500
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        assert down(50_000) == 50_000
    finally:
        sys.setrecursionlimit(limit)


def test_after_a_fork():
    traced(5)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            result = traced(10), stepwell.jit(lambda x: x + 1)(1)
            os.write(writer, repr(result).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 100) == b"(45, 2)"


def test_in_a_pool_of_threads():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert list(pool.map(traced, range(50))) == [n * (n - 1) // 2 for n in range(50)]


def test_a_global_that_is_redefined():
    namespace = {"stepwell": stepwell}
    exec(
        "def helper(x): return x + 1\n@stepwell.jit\ndef f(x): return helper(x) + len([x])",
        namespace,
    )
    f = namespace["f"]
    assert f(1) == f(1) == 3
    namespace["helper"] = lambda x: x * 100
    assert f(1) == 101
    namespace["len"] = lambda x: 5
    assert f(1) == 105
    del namespace["len"], namespace["helper"]
    with pytest.raises(NameError, match="name 'helper' is not defined"):
        f(1)


def test_a_subinterpreter_is_refused():
    interpreter = _interpreters.create()
    try:
        failure = _interpreters.exec(interpreter, "import stepwell")
    finally:
        _interpreters.destroy(interpreter)
    assert failure is not None and failure.type.__name__ == "ImportError"


def test_a_subinterpreter_with_the_lock_of_the_main_one_is_refused():
    interpreter = _interpreters.create("legacy")
    try:
        failure = _interpreters.exec(interpreter, "import stepwell\nstepwell.jit(lambda: 1)")
    finally:
        _interpreters.destroy(interpreter)
    assert failure.type.__name__ == "UnsupportedError"
    assert failure.msg == "stepwell compiles functions of the main interpreter only"
