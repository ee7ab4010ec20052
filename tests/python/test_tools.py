"""What looks at functions, steps through them, wraps, copies or changes them finds what it always finds."""

import copy
import functools
import inspect
import os
import pickle
import subprocess
import sys
import textwrap
import typing
import unittest.mock
import weakref

import pytest
import stepwell
from test_run import files, same

PROGRAM = """
def branches(n):
    if n % 2:
        text = "odd"
    else:
        text = "even"
    for i in range(n):
        if i == 2:
            continue
        try:
            text += str(1 / (i - 1))
        except ZeroDivisionError:
            text += "!"
        finally:
            text += "."
    return [c for c in text if c != "x"]

def generator(n):
    for i in range(n):
        yield i
    never = n

class Thing:
    def __init__(self, x):
        self.x = x

    @property
    def twice(self):
        return self.x * 2

    @staticmethod
    def static(x):
        return lambda y: x + y

def unused():
    return 1

def main(times):
    for _ in range(times):
        thing = Thing(3)
        result = branches(4), branches(1), list(generator(2)), thing.twice, Thing.static(1)(2)
    return result
"""

COUNT = """
import sys
import coverage, stepwell
stepwell.install("program", threshold=1)
import program
program.main(12)
assert stepwell.stats(program.branches)["compiled_calls"] > 5
counter = coverage.Coverage(data_file=None, branch={branch}, include=["*/program.py"])
counter.start()
program.main(2)
if sys.argv[1:] == ["disabled"]:
    with stepwell.disabled():
        program.main(2)
counter.stop()
data = counter.get_data()
file, = data.measured_files()
print(sorted(data.lines(file)), sorted(data.arcs(file) or []))
before = stepwell.stats(program.branches)["compiled_calls"]
program.main(3)
assert stepwell.stats(program.branches)["compiled_calls"] >= before + 2
"""


@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize("core", ["ctrace", "pytrace", "sysmon"])
def test_coverage_counts_every_line(core, branch, tmp_path):
    files(tmp_path, program_py=PROGRAM, count_py=COUNT.format(branch=branch))
    environment = {**os.environ, "COVERAGE_CORE": core}

    def count(*arguments):
        command = [sys.executable, "-W", "ignore", "count.py", *arguments]
        run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout

    counted = count()
    assert counted == count("disabled")
    executed = [n for n, line in enumerate(PROGRAM.splitlines(), 1) if line.startswith("    ") and line.strip()]
    expected = [n for n in executed if not PROGRAM.splitlines()[n - 1].lstrip().startswith(("def", "@", "else", "finally"))]
    missing = set(expected) - set(typing.cast(list, eval(counted.partition("] [")[0] + "]")))
    assert {PROGRAM.splitlines()[n - 1].strip() for n in missing} == {"return 1"}


CALLS_MAIN = PROGRAM + "\nfor n in range(5):\n    last = main(3)\nprint(last)\n"


def test_a_debugger_steps_every_line(tmp_path):
    files(tmp_path, program_py=CALLS_MAIN)
    commands = "b branches\n" + "c\n" * 20 + "s\n" * 40 + "p locals()\nw\nu\np last\nclear 1\nc\nq\n"
    code, printed, _ = same(["-m", "pdb", "program.py"], tmp_path, options=["--include=__main__"], input=commands)
    assert "-> text += str(1 / (i - 1))" in printed




@pytest.mark.parametrize(
    "tool",
    [["-m", "trace", "--trace"], ["-m", "trace", "--listfuncs"], ["-m", "trace", "--trackcalls"], ["-m", "doctest", "-v"]],
    ids=" ".join,
)
def test_tools_of_the_standard_library(tool, tmp_path):
    tests = '\n"""\n>>> branches(1)\n[]\n>>> main(20)[3]\n6\n>>> branches("x")\n0\n"""\n'
    files(tmp_path, program_py=tests + CALLS_MAIN)
    same([*tool, "program.py"], tmp_path, options=["--include=__main__,program"])


def test_bdb_sees_calls_lines_and_returns():
    import bdb

    @stepwell.jit
    def f(n):
        total = 0
        for i in range(n):
            total += i
        return total

    class Watch(bdb.Bdb):
        def __init__(self):
            super().__init__()
            self.seen = []

        def user_line(self, frame):
            self.seen.append((frame.f_code.co_name, frame.f_lineno, frame.f_locals.get("total")))
            self.set_step()

        def user_return(self, frame, value):
            self.seen.append(("return", value))

    def watched():
        watch = Watch()
        watch.runcall(f, 3)
        return watch.seen

    f(3)
    with stepwell.disabled():
        expected = watched()
    assert len(expected) > 8
    assert watched() == expected


class Base:
    @stepwell.jit
    def method(self, x: int, *, key: "str" = "k") -> "tuple[int, str]":
        """Says it."""
        return x, key

    @staticmethod
    @stepwell.jit
    def static(x):
        return x + 1

    @stepwell.jit
    @staticmethod
    def static_below(x):
        return x + 2

    @classmethod
    @stepwell.jit
    def make(cls, x):
        return cls, x

    @property
    @stepwell.jit
    def value(self):
        return self._value

    @value.setter
    @stepwell.jit
    def value(self, value):
        self._value = value

    @functools.cached_property
    @stepwell.jit
    def cached(self):
        return [1]

    @functools.lru_cache
    @stepwell.jit
    def remembered(self, x):
        return [x]

    @functools.singledispatchmethod
    @stepwell.jit
    def kind(self, x):
        return "object"

    @kind.register
    @stepwell.jit
    def _(self, x: int):
        return "int"

    @stepwell.jit
    def __call__(self):
        return "called"

    @stepwell.jit
    def __eq__(self, other):
        return True

    @stepwell.jit
    def __hash__(self):
        return 7


class Derived(Base):
    @stepwell.jit
    def method(self, x):
        return super().method(x, key="d")


@stepwell.jit
def plain(x, y=2, *args, z: int = 3, **more) -> float:
    """Says what it does."""
    return x, y, z


@functools.singledispatch
@stepwell.jit
def dispatched(x):
    return "object"


@dispatched.register
@stepwell.jit
def _(x: list):
    return "list"


def test_methods_of_all_kinds():
    for _ in range(3):
        thing = Derived()
        assert thing.method(1) == (1, "d") and Base.method(thing, 2) == (2, "k")
        assert Base.static(1) == thing.static(1) == 2 and Base.static_below(1) == thing.static_below(1) == 3
        assert Derived.make(1) == (Derived, 1)
        thing.value = 5
        assert thing.value == 5
        assert thing.cached is thing.cached and thing.remembered(1) is thing.remembered(1)
        assert (thing.kind(1), thing.kind("a")) == ("int", "object")
        assert (dispatched(1), dispatched([])) == ("object", "list")
        assert thing() == "called" and thing == 5 and hash(thing) == 7


def test_inspection():
    assert inspect.isfunction(plain) and inspect.isroutine(plain)
    assert str(inspect.signature(plain)) == "(x, y=2, *args, z: int = 3, **more) -> float"
    assert inspect.getsource(plain).startswith("@stepwell.jit\ndef plain")
    assert inspect.getdoc(Derived.method) == "Says it."
    assert inspect.getfullargspec(plain).kwonlydefaults == {"z": 3}
    assert typing.get_type_hints(Base.method) == {"x": int, "key": str, "return": tuple[int, str]}
    assert Base.method.__qualname__ == "Base.method" and plain.__module__ == __name__
    assert inspect.getclosurevars(Derived.method).nonlocals == {"__class__": Derived}
    assert inspect.signature(functools.partial(plain, 1)).parameters.keys() == {"y", "args", "z", "more"}


def test_wrappers():
    @functools.wraps(plain)
    def wrapper(*args, **kwargs):
        return plain(*args, **kwargs)

    jitted = stepwell.jit(wrapper)
    assert jitted is wrapper and jitted.__wrapped__ is plain and inspect.signature(jitted) == inspect.signature(plain)
    assert jitted(1) == functools.partial(plain, 1)() == functools.reduce(lambda f, _: f, range(3), plain)(1) == (1, 2, 3)
    assert sorted([3, 1, 2], key=stepwell.jit(lambda x: -x)) == [3, 2, 1]
    assert functools.partialmethod(plain, 2).__get__(1)() == (1, 2, 3)


def test_copies_pickles_and_weak_references():
    for function in [plain, Base.method, Base.static, Base.static_below]:
        assert pickle.loads(pickle.dumps(function)) is function
        assert copy.copy(function) is copy.deepcopy(function) is function
        assert weakref.ref(function)() is function
    bound = Base.make
    assert pickle.loads(pickle.dumps(bound))(3) == (Base, 3)
    method = weakref.WeakMethod(Derived().method)
    assert method() is None
    finalized = []

    @stepwell.jit
    def short(x):
        return x

    short(1)
    weakref.finalize(short, finalized.append, 1)
    del short
    assert finalized == [1]


def test_mocks():
    with unittest.mock.patch.object(Base, "static", return_value="mocked"):
        assert Base.static(1) == "mocked"
    with unittest.mock.patch(f"{__name__}.plain", autospec=True) as mocked:
        plain(1, z=4)
        mocked.assert_called_once_with(1, z=4)
        with pytest.raises(TypeError):
            plain()
    assert unittest.mock.create_autospec(Base)().method(1) is not None
    assert plain(1) == (1, 2, 3)


def test_changes_are_seen_by_the_next_operation():
    @stepwell.jit
    def f(a, b=1, *, c=2):
        return a, b, c

    for _ in range(3):
        assert f(0) == (0, 1, 2)
    f.__defaults__ = (10,)
    assert f(0) == (0, 10, 2)
    f.__kwdefaults__ = {"c": 20}
    assert f(0) == (0, 10, 20)
    f.__kwdefaults__["c"] = 30
    assert f(0) == (0, 10, 30)
    f.__defaults__ = f.__kwdefaults__ = None
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'b'"):
        f(0)
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'c'"):
        f(0, 1)
    f.__code__ = (lambda a: [a]).__code__
    assert f(5) == [5]


def test_changes_in_the_middle_of_a_call():
    namespace = {"stepwell": stepwell}
    source = """
        import builtins

        def helper(): return "old"
        def change(): globals()["helper"] = lambda: "new"

        @stepwell.jit
        def f(step):
            first = helper()
            step()
            return first, helper(), len("abc")

        @stepwell.jit
        def loop(n):
            seen = []
            for i in range(n):
                seen.append(LIMIT)
                if i == 1:
                    rebind()
            return seen

        LIMIT = 1
        def rebind():
            global LIMIT
            LIMIT = "two"
    """
    exec(textwrap.dedent(source), namespace)
    f, nothing = namespace["f"], lambda: None
    for _ in range(3):
        assert f(nothing) == ("old", "old", 3)
    assert f(namespace["change"]) == ("old", "new", 3)
    assert namespace["loop"](4) == [1, 1, "two", "two"]

    def shadow():
        namespace["len"] = lambda text: "shadowed"

    assert f(shadow) == ("new", "new", "shadowed")
    del namespace["len"]
    with unittest.mock.patch("builtins.len", lambda text: "patched"):
        assert f(nothing) == ("new", "new", "patched")
    assert f(nothing) == ("new", "new", 3)


def test_disabled_is_seen_by_running_threads_and_nests():
    before = stepwell.stats(plain)["compiled_calls"]
    with stepwell.disabled():
        plain(1)
        with stepwell.disabled():
            plain(1)
        plain(1)
    assert stepwell.stats(plain)["compiled_calls"] == before
    plain(1)
    assert stepwell.stats(plain)["compiled_calls"] == before + 1
