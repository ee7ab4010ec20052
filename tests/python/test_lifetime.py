"""Compiled code belongs to the code object: it is made once, and freed with its last function."""

import gc
import subprocess
import sys
import textwrap
import weakref

import pytest
import stepwell


def test_a_decorator_that_runs_often_compiles_once():
    def make(n):
        @stepwell.jit
        def add(x):
            return x + n

        return add

    before = stepwell.stats()["compilations"]
    for n in range(100_000):
        assert make(n)(1) == n + 1
    # Once as baseline code, and once more because it runs often.
    assert stepwell.stats()["compilations"] == before + 2


def test_a_typed_decorator_that_runs_often_compiles_once():
    def make():
        @stepwell.jit(mode="int")
        def double(x):
            return x + x

        return double

    before = stepwell.stats()["compilations"]
    assert {make()(21) for _ in range(1_000)} == {42}
    assert stepwell.stats()["compilations"] == before + 1


def test_the_unit_dies_with_the_code_object():
    def make():
        namespace = {}
        exec("def f(x): return x", namespace)
        return stepwell.jit(namespace["f"])

    gc.collect()
    before = stepwell.stats()["functions"]
    function = make()
    assert function(1) == 1
    assert stepwell.stats()["functions"] == before + 1
    reference = weakref.ref(function)
    del function
    gc.collect()
    assert reference() is None
    assert stepwell.stats()["functions"] == before


CYCLES = """
    import resource, stepwell

    SOURCE = "def f(x): return [x, 'text']"

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()

    def cycle(count):
        for _ in range(count):
            namespace = {}
            exec(SOURCE, namespace)
            function = stepwell.jit(namespace["f"], opt_level=0)
            assert function(1) == [1, "text"]
            namespace.clear()

    cycle(1_000)
    before = resident()
    cycle(9_000)
    assert stepwell.stats()["compilations"] == 10_000
    assert stepwell.stats()["functions"] == 0
    print((resident() - before) / 9_000)
"""


@pytest.mark.timeout(900)
def test_compiling_and_dropping_keeps_memory_flat():
    output = run(CYCLES)
    bytes_for_each = float(output)
    assert bytes_for_each < 500, f"{bytes_for_each} bytes are left by each compilation"


def run(code):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], check=True, capture_output=True, text=True, timeout=900
    ).stdout


def test_a_function_that_deletes_itself():
    namespace = {"stepwell": stepwell}
    exec("@stepwell.jit\ndef f(x):\n    global f\n    del f\n    return [x, x]", namespace)
    assert eval("f(1)", namespace) == [1, 1]


def test_code_replaced_after_compilation():
    @stepwell.jit
    def f(x):
        return x + 1

    assert f(1) == 2

    def g(x):
        return x * 10

    f.__code__ = g.__code__
    assert f(4) == 40


def test_arguments_and_results_are_counted_right():
    @stepwell.jit
    def keep(a, b):
        c = (a, b)
        return c

    thing = object()
    before = sys.getrefcount(thing)
    for _ in range(1_000):
        keep(thing, thing)
    assert sys.getrefcount(thing) == before


@pytest.mark.parametrize("value", [None, 1, 2.5, "text", (1, 2)])
def test_constants_are_counted_right(value):
    namespace = {}
    exec(f"def f(x): return {value!r}", namespace)
    function = stepwell.jit(namespace["f"])
    constant = function(0)
    before = sys.getrefcount(constant)
    results = [function(0) for _ in range(1_000)]
    assert all(result is constant for result in results)
    del results
    assert abs(sys.getrefcount(constant) - before) < 100
