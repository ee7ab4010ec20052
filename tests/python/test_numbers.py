"""Arithmetic at the edges, in every mode that has it."""

import inspect
import math
import traceback

import pytest
import stepwell


def floor_divide(a, b):
    return a // b


def modulo(a, b):
    return a % b


def multiply(a, b):
    return a * b


def power_sum(n):
    total = 0
    for i in range(n):
        total += i * i * i
    return total


def compiled(function, mode):
    return stepwell.jit(function, mode=mode, opt_level=2)


INT_MODES = ["auto", "object", "int"]


@pytest.mark.parametrize("mode", INT_MODES)
@pytest.mark.parametrize(("a", "b"), [(-7, 2), (7, -2), (-7, -2), (7, 2), (0, 5), (-(2**63), -1), (2**63 - 1, -1)])
def test_division_rounds_down(a, b, mode):
    assert compiled(floor_divide, mode)(a, b) == math.floor(a / b) if abs(a) < 2**53 else -a // -b
    assert compiled(modulo, mode)(a, b) == a - (a // b) * b


@pytest.mark.parametrize("mode", INT_MODES)
@pytest.mark.parametrize("function", [floor_divide, modulo])
def test_division_by_zero_has_the_right_line(function, mode):
    with pytest.raises(ZeroDivisionError) as caught:
        compiled(function, mode)(7, 0)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    lines, start = inspect.getsourcelines(function)
    assert (last.name, last.lineno, last.line) == (function.__name__, start + 1, lines[1].strip())
    assert (last.colno, last.end_colno) == (lines[1].index("a "), len(lines[1].rstrip()))


@pytest.mark.parametrize("mode", INT_MODES)
def test_results_beyond_64_bits_are_exact(mode):
    assert compiled(multiply, mode)(2**62, 4) == 2**64
    assert compiled(multiply, mode)(-(2**63), -1) == 2**63
    assert compiled(multiply, mode)(2**100, 2**100) == 2**200
    assert compiled(power_sum, mode)(100_000) == (99_999 * 100_000 // 2) ** 2


def test_an_exit_is_counted_with_its_line_and_reason():
    function = stepwell.jit(multiply, mode="int")
    assert function(2**62, 4) == 2**64
    record = stepwell.stats(function)
    (exit,) = record["exits"]
    assert exit["line"] == multiply.__code__.co_firstlineno + 1
    assert exit["count"] == 1 and exit["reason"]


@pytest.mark.parametrize("mode", ["auto", "float"])
def test_floats_keep_cpythons_rules(mode):
    def lerp(a, b, t):
        return a + (b - a) * t

    function = compiled(lerp, mode)
    for arguments in [(0.0, 1.0, 0.1), (-0.0, -0.0, 1.0), (1e308, -1e308, 2.0), (math.inf, 1.0, 0.0), (0.1, 0.2, 0.3)]:
        with stepwell.disabled():
            expected = lerp(*arguments)
        assert repr(function(*arguments)) == repr(expected)


@pytest.mark.parametrize("mode", ["auto", "float"])
def test_float_division_by_zero_is_an_exception(mode):
    def divide(a, b):
        return a / b

    with pytest.raises(ZeroDivisionError, match="division by zero"):
        compiled(divide, mode)(1.0, 0.0)


@pytest.mark.parametrize("mode", ["auto", "bool"])
def test_bools_stay_bools(mode):
    def both(a, b):
        return a & b

    def either(a, b):
        return a | b

    assert compiled(both, mode)(True, False) is False
    assert compiled(either, mode)(False, True) is True


def test_appending_and_raising_appends_once():
    @stepwell.jit
    def append_and_divide(items, a, b):
        items.append(a)
        return a // b

    items = []
    with pytest.raises(ZeroDivisionError):
        append_and_divide(items, 7, 0)
    assert items == [7]
    assert append_and_divide(items, 2**62, -1) == -(2**62) and items == [7, 2**62]


def test_subclasses_are_not_what_they_derive_from():
    class Loud(int):
        def __add__(self, other):
            return "loud"

    @stepwell.jit
    def add(a, b):
        return a + b

    assert add(1, 2) == 3 and add(Loud(1), 2) == "loud" and add(1, 2) == 3
