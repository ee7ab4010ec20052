"""Functions that compiled functions make: nested functions, lambdas, generator expressions. They are compiled, too."""

import gc
import subprocess
import sys
import traceback
import weakref

import pytest
import stepwell

ENOUGH = 600


def make(source, name):
    names = {}
    exec(source, names)
    return names, stepwell.jit(names[name])


def stats(function):
    return stepwell.stats(function)


COUNTER = """
def counter(start):
    n = start
    def more(by=1, *, times=1):
        nonlocal n
        n += by * times
        return n
    return more
"""


def test_a_nested_function_is_compiled_when_it_is_called_often():
    _, counter = make(COUNTER, "counter")
    more = counter(5)
    assert [more() for _ in range(ENOUGH)] == list(range(6, 6 + ENOUGH))
    assert more(2, times=3) == 5 + ENOUGH + 6
    assert stats(more)["compiled_calls"] >= 90
    other = counter(0)
    assert other() == 1 and other(by=2) == 3 and more() == 5 + ENOUGH + 7
    with pytest.raises(TypeError, match=r"counter.<locals>.more\(\) got an unexpected keyword"):
        more(no=1)


def test_a_few_calls_are_interpreted():
    _, counter = make(COUNTER, "counter")
    more = counter(0)
    for _ in range(20):
        more()
    assert stats(more)["compilations"] == [] and stats(more)["interpreted_calls"] == 20


def test_what_the_interpreter_makes_is_left_alone():
    names = {}
    exec(COUNTER, names)
    more = names["counter"](0)
    assert more() == 1
    with pytest.raises(Exception):
        stats(more)


def test_cells_are_released():
    class Held:
        pass

    _, maker = make("def maker(x):\n    return lambda y: (x, y)\n", "maker")
    held = Held()
    gone = weakref.ref(held)
    pair = maker(held)
    count = sys.getrefcount(held)
    for i in range(ENOUGH):
        assert pair(i) == (held, i)
    assert sys.getrefcount(held) == count
    del held, pair
    gc.collect()
    assert gone() is None


def test_tracebacks_show_nested_functions():
    source = """
def outer(bad):
    def inner(x):
        if x == bad:
            raise ValueError(x)
        return x
    return inner
"""
    names, outer = make(source, "outer")
    inner = outer(ENOUGH)
    for i in range(ENOUGH):
        assert inner(i) == i
    with pytest.raises(ValueError) as caught:
        inner(ENOUGH)
    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (frame.name, frame.lineno) == ("inner", 5)
    assert caught.traceback[-1].frame.f_locals == {"x": ENOUGH, "bad": ENOUGH}


def test_generator_expressions_and_keys():
    source = """
def total(rows):
    rows.sort(key=lambda row: -row[0])
    return sum(a * b for a, b in rows)
"""
    _, total = make(source, "total")
    for _ in range(ENOUGH):
        rows = [(1, 2), (3, 4), (2, 3)]
        assert total(rows) == 20 and rows == [(3, 4), (2, 3), (1, 2)]


def test_decorators_of_nested_functions_have_their_way():
    source = """
def outer(jit):
    @jit
    def inner(x):
        return x * 2
    return inner
"""
    names, outer = make(source, "outer")
    plain = outer(lambda function: function)
    plain(1)
    inner = outer(stepwell.jit)
    assert inner(21) == 42
    assert stats(inner)["compiled_calls"] == 1
    typed = outer(stepwell.jit(mode="int"))
    assert typed(21) == 42


def test_a_pass_is_for_the_function_it_was_given_to():
    seen = []

    @stepwell.module_pass(after="py")
    def look(module):
        seen.append(module)

    names = {}
    exec("def outer(k):\n    return lambda x: x + k\n", names)
    add = stepwell.jit(names["outer"], passes=[look])(2)
    before = len(seen)
    assert [add(i) for i in range(ENOUGH)] == list(range(2, ENOUGH + 2))
    assert len(seen) == before and stats(add)["compiled_calls"] > 0


def test_deep_recursion_of_a_nested_function():
    source = """
def outer():
    def down(n):
        return 0 if n == 0 else 1 + down(n - 1)
    return down
"""
    _, outer = make(source, "outer")
    down = outer()
    for _ in range(ENOUGH):
        down(1)
    old = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        assert down(15_000) == 15_000
    finally:
        sys.setrecursionlimit(old)
    with pytest.raises(RecursionError):
        down(old + 10)


def test_class_bodies_and_methods_in_functions():
    source = """
def outer(k):
    class Local:
        y = k
        def get(self):
            return (self.y, __class__, k)
    return Local
"""
    _, outer = make(source, "outer")
    for i in range(ENOUGH):
        local = outer(i)
        assert local().get() == (i, local, i)


NEIGHBOURS = """
from colorsys import rgb_to_hsv

class Reading:
    def __init__(self, value):
        self._value = value

    @property
    def value(self):
        return self._value

    @staticmethod
    def double(value):
        return value + value

    @classmethod
    def of(cls, value):
        return cls(value)

table = {"triple": lambda value: value * 3}

def all_of(reading, n):
    for _ in range(n):
        found = (reading.value, Reading.double(n), Reading.of(n)._value, table["triple"](n), rgb_to_hsv(0, 0, 0))
    return found
"""


def test_functions_are_compiled_when_compiled_code_calls_them_often():
    names, all_of = make(NEIGHBOURS, "all_of")
    reading = names["Reading"](7)
    assert all_of(reading, ENOUGH) == (7, 2 * ENOUGH, ENOUGH, 3 * ENOUGH, (0.0, 0.0, 0))
    of_class = vars(names["Reading"])
    called = [of_class["value"].fget, of_class["double"].__func__, of_class["of"].__func__, names["table"]["triple"]]
    for function in [*called, names["rgb_to_hsv"]]:
        assert stats(function)["compiled_calls"] > 0, function
    reading._value = "text"
    assert all_of(reading, 1)[0] == "text"
    del reading._value
    with pytest.raises(AttributeError) as raised:
        all_of(reading, 1)
    assert [entry.name for entry in traceback.extract_tb(raised.tb)][-2:] == ["all_of", "value"]
    names["table"]["triple"] = lambda value: "other"
    reading._value = 1
    assert all_of(reading, 2) == (1, 4, 2, "other", (0.0, 0.0, 0))


@pytest.mark.parametrize("name", ["included", "excluded"])
def test_install_alone_says_which_libraries_are_compiled(name):
    program = f"""
import colorsys, stepwell

@stepwell.jit
def often(n):
    for _ in range(n):
        found = colorsys.rgb_to_hsv(0, 0, 0)
    return found

stepwell.install("{'colorsys' if name == 'included' else 'textwrap'}")
often(2000)
try:
    print(stepwell.stats(colorsys.rgb_to_hsv)["compiled_calls"] > 0)
except ValueError:
    print("never")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == ("True" if name == "included" else "never"), done.stderr


def test_a_property_that_is_given_another_getter():
    names, all_of = make(NEIGHBOURS, "all_of")
    reading = names["Reading"](7)
    all_of(reading, ENOUGH)
    vars(names["Reading"])["value"].__init__(lambda self: "new")
    assert all_of(reading, 1)[0] == "new"
    vars(names["Reading"])["value"].__init__(None)
    with pytest.raises(AttributeError):
        all_of(reading, 1)


DEEP = """
def odd(n):
    return 1 if n == 0 else even(n - 1) + 1

def even(n):
    return 1 if n == 0 else odd(n - 1) + 1

class Down:
    @staticmethod
    def down(n):
        return even_or_down(n - 1) if n else 0

def even_or_down(n):
    return 0 if n == 0 else Down.down(n) + 0 if n % 2 else even_or_down(n - 1)
"""


def test_deep_recursion_through_neighbours():
    plain = {}
    exec(DEEP, plain)
    names, even = make(DEEP, "even")
    names["even"] = even
    names["even_or_down"] = stepwell.jit(names["even_or_down"])
    for n in range(1200):
        assert even(n % 40) == n % 40 + 1 and names["even_or_down"](n % 20) == 0
    assert stats(names["odd"])["compiled_calls"] > 0
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(90_000)
        for n in (5_000, 80_000):
            assert even(n) == plain["even"](n)
            # Each odd number takes two calls.
            assert names["even_or_down"](n // 2) == 0
        for function in (even, names["even_or_down"]):
            with pytest.raises(RecursionError, match="maximum recursion depth exceeded"):
                function(100_000)
    finally:
        sys.setrecursionlimit(limit)
