"""`stepwell.install` compiles the functions of whole packages, and nothing else changes."""

import gc
import subprocess
import sys
import textwrap

import pytest
import stepwell

PACKAGE = {
    "__init__.py": "from covered.shapes import *",
    "shapes.py": """
        import functools

        def plain(x): return x + 1

        def outer(x):
            def inner(y): return x + y
            return inner

        double = lambda x: x * 2

        class Shape:
            sides = [n for n in range(3)]
            def __init__(self, size): self.size = size
            def area(self): return self.size * self.size
            @staticmethod
            def static(x): return x - 1
            @classmethod
            def make(cls, size): return cls(size)
            @property
            def half(self): return self.size / 2
            @functools.cached_property
            def cached(self): return [self.size]

        @functools.lru_cache
        def remembered(x): return x * 3

        def numbers(n):
            for i in range(n):
                yield i

        async def awaited(x): return x

        # What is small and called by its name is computed in place, and has no calls of its own to count.
        def run():
            shape = Shape.make(4)
            coroutine = awaited(5)
            try:
                coroutine.send(None)
            except StopIteration as stop:
                result = stop.value
            return [
                *map(plain, [1]), outer(2)(3), *map(double, [4]), shape.area(), Shape.static(3), shape.half, Shape(7).cached,
                remembered(9), sum(numbers(4)), result,
            ]
    """,
    "other.py": "def elsewhere(x): return x",
}
EXPECTED = [2, 5, 8, 16, 2, 2.0, [7], 27, 6, 5]


@pytest.fixture
def package(tmp_path, monkeypatch):
    directory = tmp_path / "covered"
    directory.mkdir()
    for name, text in PACKAGE.items():
        (directory / name).write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(tmp_path)
    yield directory
    stepwell.uninstall()
    for name in [name for name in sys.modules if name.partition(".")[0] == "covered"]:
        del sys.modules[name]


def compiled(package):
    """The names of the functions of the package that have machine code."""
    records = [record for record in stepwell._stepwell.records() if record["compilations"]]
    return {record["function"] for record in records if record["file"].startswith(f"{package}/")}


ALL = {
    *("plain", "outer", "outer.<locals>.inner", "<lambda>", "remembered", "numbers", "awaited", "run"),
    *("Shape.__init__", "Shape.area", "Shape.static", "Shape.make", "Shape.half", "Shape.cached"),
}


def test_every_kind_of_function_is_compiled(package):
    stepwell.install("covered", threshold=1)
    import covered

    for _ in range(3):
        assert covered.run() == EXPECTED
    assert compiled(package) == ALL
    covered.remembered.cache_clear()
    before = stepwell.stats(covered.plain)["compiled_calls"]
    assert covered.run() == EXPECTED
    assert stepwell.stats(covered.plain)["compiled_calls"] == before + 1


def test_functions_that_are_there_already_are_taken_in(package):
    import covered

    assert covered.run() == EXPECTED
    stepwell.install(["covered"], threshold=1)
    covered.remembered.cache_clear()
    assert covered.run() == EXPECTED
    assert compiled(package) == ALL


def test_interpreted_callers_reach_compiled_code(package):
    """The interpreter specialises calls in code that runs often, past the vectorcall if it may."""
    stepwell.install("covered", threshold=2, budget=1)
    import covered

    inner = covered.outer(1)
    before = stepwell.stats(inner)["compiled_calls"]
    for n in range(1000):
        assert inner(n) == n + 1
        assert covered.double(n) == 2 * n
    assert stepwell.stats(inner)["compiled_calls"] == before + 999


def test_functions_called_rarely_stay_with_the_interpreter(package):
    stepwell.install("covered", threshold=5, budget=1)
    import covered

    for calls in range(1, 8):
        covered.plain(1)
        record = stepwell.stats(covered.plain)
        assert record["interpreted_calls"] == min(calls, 4)
        assert record["compiled_calls"] == max(calls - 4, 0)
        assert len(record["compilations"]) == (calls > 4)


def test_compiling_waits_when_its_time_is_used_up(package):
    """How much is compiled before depends on the machine; at some function the time is used up, and no other is compiled."""
    functions = "\n".join(f"def f{n}(x, y):\n    return (x + {n}) * y - x // 3 if y else [x]" for n in range(400))
    (package / "many.py").write_text(functions)
    stepwell.install("covered", threshold=2, budget=1e-12)
    import covered.many

    made = [getattr(covered.many, f"f{n}") for n in range(400)]

    def call(times):
        for n, function in enumerate(made):
            for _ in range(times):
                assert function(7, 2) == (7 + n) * 2 - 2
        return sum(bool(stepwell.stats(function)["compilations"]) for function in made)

    some = call(3)
    assert 0 < some < 400
    assert call(100) == call(1000) == some
    stepwell.install("covered", threshold=2, budget=1)
    assert call(300) == 400


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        ("covered", ["covered.other"], True),
        ("covered.shapes", (), True),
        (["cov*"], ["*.other"], True),
        ("covered", "*", False),
        ("covered.other", (), False),
        ("cover", (), False),
        ((), (), False),
        ("covered.*", "covered.sha*", False),
    ],
)
def test_what_is_covered(package, include, exclude, expected):
    stepwell.install(include, exclude, threshold=1)
    import covered
    import covered.other

    covered.plain(1)
    assert ("plain" in compiled(package)) is expected
    assert "elsewhere" not in compiled(package)


def test_the_end_gives_functions_back(package):
    stepwell.install("covered", threshold=1)
    import covered

    covered.run()
    generator = covered.numbers(3)
    assert next(generator) == 0
    before = stepwell.stats(covered.plain)
    stepwell.uninstall()
    assert covered.run() == EXPECTED
    assert list(generator) == [1, 2]
    after = stepwell.stats(covered.plain)
    assert after["compiled_calls"] == before["compiled_calls"]
    assert after["interpreted_because"] == "stepwell.uninstall() was called"
    stepwell.install("covered", threshold=1)
    assert covered.run() == EXPECTED
    again = stepwell.stats(covered.plain)
    assert again["interpreted_because"] is None
    assert again["compiled_calls"] > before["compiled_calls"]


def test_decorated_functions_keep_what_their_decorator_says(package, tmp_path):
    (tmp_path / "covered" / "shapes.py").write_text(
        textwrap.dedent(
            """
            import stepwell

            @stepwell.jit(mode="int")
            def typed(x: int) -> int: return x + x

            @stepwell.jit(mode="object")
            def decorated(x): return [x]

            @stepwell.jit
            def automatic(x): return x
            """
        )
    )
    stepwell.install("covered", threshold=1000)
    import covered

    assert covered.typed(4) == 8 and covered.decorated(1) == [1] and covered.automatic(2) == 2
    with pytest.raises(TypeError):
        covered.typed("a")
    stepwell.uninstall()
    for function in [covered.typed, covered.decorated, covered.automatic]:
        before = stepwell.stats(function)["compiled_calls"]
        assert before > 0
        function(5)
        assert stepwell.stats(function)["compiled_calls"] == before + 1


def test_new_code_of_a_function_is_covered_as_well(package):
    stepwell.install("covered", threshold=1)
    import covered

    covered.plain(1)
    covered.plain.__code__ = covered.double.__code__.replace(co_name="replaced")
    assert covered.plain(21) == 42
    assert stepwell.stats(covered.plain)["compiled_calls"] == 1


def test_code_and_functions_die_as_ever(package):
    stepwell.install("covered", threshold=1)
    import covered

    gc.collect()
    before = stepwell.stats()["functions"]
    for n in range(50):
        namespace = {"__name__": "covered.made"}
        exec("def f(x): return x + 1", namespace)
        assert namespace["f"](n) == n + 1
        del namespace
    gc.collect()
    assert stepwell.stats()["functions"] == before
    inner = [covered.outer(0)]
    before = stepwell.stats()["functions"]
    inner += [covered.outer(n) for n in range(1, 1000)]
    assert stepwell.stats()["functions"] == before
    assert sum(f(1) for f in inner) == 500_500


def test_an_unreadable_module_name_is_no_problem():
    stepwell.install(threshold=1)
    try:
        for name in [None, 5, "", "a\ud800b"]:
            namespace = {"__name__": name}
            exec("def f(x): return x + 1", namespace)
            assert namespace["f"](1) == 2
            assert stepwell.stats(namespace["f"])["compiled_calls"] == 1
    finally:
        stepwell.uninstall()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"include": 5}, TypeError, "include is the name of a module or package"),
        ({"exclude": [5]}, TypeError, "exclude is the name of a module or package"),
        ({"include": "lib/x.py"}, ValueError, "not the path"),
        ({"threshold": 0}, ValueError, "1 or more, and not 0"),
        ({"threshold": -3}, ValueError, "1 or more, and not -3"),
        ({"budget": 0}, ValueError, "more than 0 and up to 1 .no limit., and not 0"),
        ({"budget": float("nan")}, ValueError, "and not NaN"),
        ({"budget": "much"}, TypeError, "budget"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        stepwell.install(**arguments)


def test_without_an_installation_there_is_nothing_to_undo():
    stepwell.uninstall()
    stepwell.uninstall()


def test_the_whole_standard_library():
    """Everything that a program imports and calls."""
    program = """
        import stepwell
        stepwell.install(threshold=50, budget=1)
        import collections, dataclasses, enum, json, re, typing
        Point = collections.namedtuple("Point", "x y")
        @dataclasses.dataclass(order=True)
        class Item:
            name: str
            tags: list = dataclasses.field(default_factory=list)
        class Colour(enum.Flag):
            RED = enum.auto()
            BLUE = enum.auto()
        assert json.loads(json.dumps({"a": [1, 2.5, None]}, indent=1)) == {"a": [1, 2.5, None]}
        assert re.sub(r"(a|b)+c", "x", "abacus aac") == "xus x"
        assert Item("a") < Item("b", [1]) and repr(Item("a")) == "Item(name='a', tags=[])"
        assert Point(1, 2)._replace(x=5) == (5, 2) and str(Colour.RED | Colour.BLUE) == "Colour.RED|BLUE"
        assert typing.get_type_hints(Item)["tags"] is list
        assert stepwell.stats()["compilations"] > 10
        print("done")
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True)
    assert (run.stdout, run.returncode) == ("done\n", 0), run.stderr
