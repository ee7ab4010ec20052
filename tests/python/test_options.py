"""The options of `jit`: what is there, what is not there yet, and what is misspelt."""

import inspect
import pickle

import pytest
import stepwell


def add(a, b=2, *, c=3):
    """Adds."""
    return a + b + c


@pytest.mark.parametrize("mode", ["auto", "object"])
def test_the_function_itself_is_returned(mode):
    def f(x):
        return x

    assert stepwell.jit(f, mode=mode) is f
    assert stepwell.jit(mode=mode)(f) is f


@pytest.mark.parametrize("mode", ["int", "float", "bool"])
def test_typed_modes_leave_the_function_as_it_is(mode):
    def f(x):
        return x

    f.mark = "kept"
    code = f.__code__
    typed = stepwell.jit(f, mode=mode, lazy=True)
    assert typed is not f and f.__code__ is code and f("any") == "any"
    assert typed.__code__ is not code and typed.__code__ == code
    for name in ("__name__", "__qualname__", "__doc__", "__module__", "__defaults__", "__annotations__", "mark"):
        assert getattr(typed, name) == getattr(f, name)


def test_what_describes_a_function_stays():
    before = inspect.signature(add), pickle.dumps(add), add.__doc__
    stepwell.jit(add)
    assert (inspect.signature(add), pickle.dumps(add), add.__doc__) == before
    assert add(1) == 6 and add(1, c=1) == 4


def test_a_decorator_shows_its_options():
    assert repr(stepwell.jit(mode="int", opt_level=1)) == (
        "stepwell.jit(mode='int', opt_level=1, vectorize=True, lazy=False)"
    )


MODES = (
    "auto object int float bool int32 uint64 float32 complex64 complex128 ptr vec4f vec8i optional_f64".split()
)


def test_there_are_these_modes():
    for mode in MODES:
        assert repr(stepwell.jit(mode=mode)).startswith(f"stepwell.jit(mode='{mode}'")
    with pytest.raises(ValueError, match=f"the modes are {', '.join(MODES)}$"):
        stepwell.jit(mode="int33")


@pytest.mark.parametrize("mode", ["auto", "object", "float", "bool"])
def test_an_overflow_that_a_mode_does_not_have_lists_its_choices(mode):
    with pytest.raises(ValueError, match=f'overflow="wrap" is not a choice of mode="{mode}"; its choices are exact'):
        stepwell.jit(mode=mode, overflow="wrap")


def test_fast_math_has_flags_by_name():
    def total(a, b, c):
        return a + b + c

    for flags in (True, False, None, "fast", "contract", ["nnan", "ninf"], ()):
        assert stepwell.jit(total, mode="float", fastmath=flags)(1.0, 2.0, 3.0) == 6.0
    assert "fast" in stepwell.dump_ir(stepwell.jit(total, mode="float", fastmath=True), "llvmir")
    assert "nnan ninf" in stepwell.dump_ir(stepwell.jit(total, mode="float", fastmath=["nnan", "ninf"]), "llvmir")
    with pytest.raises(ValueError, match='fastmath has no flag "speed"; the flags are reassoc, nnan'):
        stepwell.jit(fastmath=["speed"])


def test_a_misspelt_mode_lists_the_modes():
    with pytest.raises(ValueError, match='no mode "flaot"; the modes are auto, object, int, float, bool'):
        stepwell.jit(add, mode="flaot")


def test_a_misspelt_option_lists_the_options():
    with pytest.raises(TypeError, match="no option 'optlevel'; the options are mode, opt_level, vectorize"):
        stepwell.jit(optlevel=2)


@pytest.mark.parametrize("level", [-1, 4, 1000])
def test_opt_level_out_of_range(level):
    with pytest.raises(ValueError, match=f"opt_level is 0, 1, 2 or 3, and not {level}"):
        stepwell.jit(opt_level=level)


def test_an_option_that_would_change_nothing_says_so():
    with pytest.raises(ValueError, match="parallel=True would change nothing"):
        stepwell.jit(add, parallel=True)


def test_an_option_that_is_given_its_only_value_is_accepted():
    assert stepwell.jit(add, parallel=False) is add


def square(x):
    return x * x


def squares(n):
    total = 0
    for i in range(n):
        total += square(i)
    return total


@pytest.mark.parametrize("inline", [True, False])
def test_functions_are_inlined_where_they_may_be(inline):
    function = type(squares)(squares.__code__.replace(), globals(), "squares")
    compiled = stepwell.jit(function, inline=inline)
    assert compiled(10) == squares(10) == 285
    calls = " ".join(line for line in str(stepwell.explain(compiled)).splitlines() if "objects:" in line)
    assert ("call" in calls) is not inline


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("vectorize", [True, False])
def test_every_level_computes_the_same(level, vectorize):
    @stepwell.jit(opt_level=level, vectorize=vectorize)
    def total(values):
        result = 0
        for value in values:
            result += value * value
        return result

    before = stepwell.stats(total)["compiled_calls"]
    assert total(range(1000)) == 332833500
    assert stepwell.stats(total)["compiled_calls"] == before + 1


def test_other_options_compile_anew():
    def square(x):
        return x * x

    stepwell.jit(square, opt_level=1)
    assert square(3) == 9
    stepwell.jit(square, opt_level=0)
    assert square(4) == 16
    record = stepwell.stats(square)
    assert [each["calls"] for each in record["compilations"]] == [1, 1]


def test_lazy_waits_for_the_first_call():
    def half(x):
        return x / 2.0

    eager, lazy = (stepwell.jit(half, mode="float", lazy=lazy) for lazy in (False, True))
    assert len(stepwell.stats(eager)["compilations"]) == 1
    assert len(stepwell.stats(lazy)["compilations"]) == 0
    assert lazy(3.0) == eager(3.0) == 1.5
    assert len(stepwell.stats(lazy)["compilations"]) == 1


class Shape:
    scale = 10

    @stepwell.jit
    @staticmethod
    def static_first(x):
        return x + 1

    @staticmethod
    @stepwell.jit
    def static_last(x):
        return x + 1

    @stepwell.jit
    @classmethod
    def of_class(cls, x):
        return cls.scale * x

    @stepwell.jit(mode="int")
    @staticmethod
    def typed(x):
        return x * 3

    @stepwell.jit
    def method(self, x):
        return self.scale + x


def test_methods_of_all_kinds():
    shape = Shape()
    assert [shape.static_first(1), Shape.static_last(1), Shape.of_class(2), shape.typed(4), shape.method(5)] == [
        2,
        2,
        20,
        12,
        15,
    ]
    for method in (Shape.static_first, Shape.static_last, Shape.__dict__["of_class"], Shape.typed, Shape.method):
        assert stepwell.stats(method)["compiled_calls"] == 1


def test_disabled_leaves_everything_to_the_interpreter():
    @stepwell.jit
    def f(x):
        return x

    with stepwell.disabled():
        assert f(1) == 1
        with stepwell.disabled():
            assert f(2) == 2
        assert f(3) == 3
    assert stepwell.stats(f)["compiled_calls"] == 0
    assert f(4) == 4
    assert stepwell.stats(f)["compiled_calls"] == 1
