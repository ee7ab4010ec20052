"""`sys.monitoring.set_local_events`, alone: each program runs in a process that never had another tool."""

import inspect
import subprocess
import sys
import textwrap

import pytest

START = """
import sys, stepwell

compiled = len(sys.argv) > 1
jit = stepwell.jit if compiled else lambda function: function
monitoring = sys.monitoring
events = monitoring.events
tool = monitoring.DEBUGGER_ID
monitoring.use_tool_id(tool, "test")
monitoring.register_callback(tool, events.PY_START, lambda code, offset: print("start", code.co_name))
monitoring.register_callback(tool, events.LINE, lambda code, line: print("line", code.co_name, line))
monitoring.register_callback(tool, events.PY_RETURN, lambda code, offset, value: print("return", code.co_name, value))

def watch(function, which=events.PY_START | events.LINE | events.PY_RETURN):
    monitoring.set_local_events(tool, function.__code__, which)
"""


def calls():
    @jit
    def total(n):
        result = 0
        for i in range(n):
            result += i
        return result

    total(3)
    watch(total)
    print(total(2))
    watch(total, 0)
    total(1)
    print(total(4))
    if compiled:
        assert stepwell.stats(total)["compiled_calls"] >= 2


def before_it_is_compiled():
    def total(n):
        return n + n

    watch(total)
    total(1)
    total = jit(total)
    print(total(2), total(3))


def while_it_runs():
    def total(begin, n):
        result = 0
        for i in range(n):
            if i == 2:
                begin()
            result += i
        return result

    total = jit(total)
    for _ in range(3):
        total(int, 4)
        print(total(lambda: watch(total), 4))
        watch(total, 0)
        monitoring.set_events(tool, events.RAISE)
        monitoring.set_events(tool, 0)


def callees():
    @jit
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    @jit
    def numbers(n):
        for i in range(n):
            yield i

    @jit
    def total(n):
        return sum(i for i in numbers(n)) + sum([fib(i) for i in numbers(n)])

    @jit
    def loop(n):
        result = 0
        for i in numbers(n):
            result += i
        return result

    for function in fib, numbers:
        loop(4), total(4)
        watch(function)
        print(loop(3), total(3))
        watch(function, 0)
        print(loop(3), total(3))


@pytest.mark.parametrize("program", [calls, before_it_is_compiled, while_it_runs, callees])
def test_local_events_are_seen(program):
    source = START + textwrap.dedent(inspect.getsource(program)) + f"\n{program.__name__}()\n"
    interpreted, compiled = (output_of(source, *arguments) for arguments in ([], ["compiled"]))
    assert compiled == interpreted
    assert "line" in interpreted or "start" in interpreted


def output_of(source, *arguments):
    command = [sys.executable, "-c", source, *arguments]
    process = subprocess.run(command, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    return process.stdout


def starts_alone():
    @jit
    def total(n):
        return n + n

    total(1)
    watch(total, events.PY_START)
    total(2), total(3)
    watch(total, events.PY_START | events.LINE)
    total(4)
    if compiled:
        assert stepwell.stats(total)["compiled_calls"] == 3


def test_starts_alone_are_those_of_the_interpreter():
    source = START + textwrap.dedent(inspect.getsource(starts_alone)) + "\nstarts_alone()\n"
    seen = output_of(source).splitlines()
    assert seen.count("start total") == 3
    assert output_of(source, "compiled").splitlines() == seen[2:]


def test_code_whose_starts_are_watched_is_compiled_when_a_tracer_is_gone():
    program = """
import sys, stepwell
monitoring = sys.monitoring
told = []
monitoring.use_tool_id(3, "starts")
monitoring.register_callback(3, monitoring.events.PY_START, lambda code, offset: told.append(code.co_name))
@stepwell.jit
def f(x):
    return x + 1
monitoring.set_local_events(3, f.__code__, monitoring.events.PY_START)
assert [f(1), f(2)] == [2, 3] and told == []
sys.settrace(lambda *event: None)
sys.settrace(None)
assert [f(3), f(4)] == [4, 5] and told == []
assert stepwell.stats(f)["compiled_calls"] == 4
lines = []
sys.settrace(lambda frame, event, argument: lines.append(event))
assert f(5) == 6 and told == ["f"] and lines
sys.settrace(None)
assert [f(6), f(7), f(8)] == [7, 8, 9]
assert stepwell.stats(f)["compiled_calls"] >= 6
"""
    output_of(program)
