"""Every mode against CPython: every operator on edge values and random ones, with the mode's own rules on top.

`STEPWELL_CASES` is the number of cases for each mode; 100,000 is a night's work.
"""

import math
import operator
import os
import struct

import pytest
import stepwell
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = int(os.environ.get("STEPWELL_CASES", "1000"))
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "<", "<=", "==", "!=", ">", ">="]
UNARY = ["-x", "+x", "~x", "not x", "abs(x)", "int(x)", "float(x)", "bool(x)"]


def spread(number):
    """So many cases for each of a mode's operators that they are `CASES` together."""
    return settings(
        max_examples=max(CASES // number, 10), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )


def binary(symbol):
    namespace = {}
    exec(f"def f(x, y):\n    return x {symbol} y", namespace)
    return namespace["f"]


def unary(text):
    namespace = {}
    exec(f"def f(x):\n    return {text}", namespace)
    return namespace["f"]


def outcome(function, *arguments):
    """The result with its type, zeros with their sign; or the exception's class."""
    try:
        result = function(*arguments)
    except ArithmeticError as error:
        return type(error)
    except (ValueError, TypeError) as error:
        return type(error)
    return type(result), repr(result)


def around(*places):
    return [place + distance for place in places for distance in (-2, -1, 0, 1, 2)]


def integers(low, high):
    edges = [n for n in around(0, low, high, 2**31, -(2**31), 2**32, 2**53, -(2**53), 2**63) if low <= n <= high]
    return st.one_of(st.sampled_from(edges), st.integers(low, high), st.integers(max(low, -100), 100))


SPECIAL = [0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.5]
floats = st.one_of(st.sampled_from(SPECIAL), st.floats(), st.floats(-100, 100), st.integers(-10, 10).map(float))


def single(x):
    """A float of 32 bits."""
    try:
        return struct.unpack("f", struct.pack("f", x))[0]
    except OverflowError:
        return math.copysign(math.inf, x)


# Integers ------------------------------------------------------------------------------------------------------------

WIDTHS = {"int": (-(2**63), 2**63 - 1), "int32": (-(2**31), 2**31 - 1), "uint64": (0, 2**64 - 1)}


def expected_integer(function, mode, overflow, *arguments):
    """CPython's answer, fitted to the width. Powers of negative exponents are no integers there."""
    low, high = WIDTHS[mode]
    try:
        result = function(*arguments)
    except (ArithmeticError, ValueError, MemoryError) as error:
        return type(error)
    if type(result) is int and not low <= result <= high:
        if overflow == "raise":
            return OverflowError
        result = (result - low) % (high - low + 1) + low
    return type(result), repr(result)


INTEGER_MODES = [("int32", "raise"), ("int32", "wrap"), ("uint64", "raise"), ("uint64", "wrap"), ("int", "raise"), ("int", "wrap")]


@pytest.mark.parametrize("symbol", OPERATORS)
@pytest.mark.parametrize(("mode", "overflow"), INTEGER_MODES)
def test_integers(mode, overflow, symbol):
    plain = binary(symbol)
    function = stepwell.jit(plain, mode=mode, overflow=overflow)
    low, high = WIDTHS[mode]

    @spread(len(OPERATORS))
    @given(integers(low, high), integers(low, high))
    def check(x, y):
        if symbol in ("**", "<<"):
            y = abs(y) % 100 if abs(x) > 1 or symbol == "<<" else y
        if symbol == "**" and y < 0:
            expected = ZeroDivisionError if x == 0 else ValueError
            assert outcome(function, x, y) in (expected, ValueError)
            return
        assert outcome(function, x, y) == expected_integer(plain, mode, overflow, x, y), (x, y)

    check()


@pytest.mark.parametrize("text", UNARY)
@pytest.mark.parametrize(("mode", "overflow"), INTEGER_MODES)
def test_one_integer(mode, overflow, text):
    plain = unary(text)
    function = stepwell.jit(plain, mode=mode, overflow=overflow)

    @spread(len(UNARY))
    @given(integers(*WIDTHS[mode]))
    def check(x):
        assert outcome(function, x) == expected_integer(plain, mode, overflow, x), x

    check()


@pytest.mark.parametrize("mode", ["int32", "uint64"])
def test_arguments_that_do_not_fit(mode):
    @stepwell.jit(mode=mode)
    def same(first, second):
        return second

    low, high = WIDTHS[mode]
    assert same(0, low) == low and same(True, high) == high
    for wrong in (low - 1, high + 1, 2**100, -(2**100)):
        with pytest.raises(OverflowError, match=rf"same\(\) argument 'second' must be an integer between .*mode \"{mode}\""):
            same(0, wrong)
    for wrong in (1.0, "1", None, 1j):
        with pytest.raises(TypeError, match=rf"same\(\) argument 'first' must be .* not {type(wrong).__name__}: mode \"{mode}\""):
            same(wrong, 0)


@pytest.mark.parametrize(("mode", "overflow"), [("int32", "raise"), ("uint64", "raise"), ("int", "raise")])
def test_an_overflow_has_its_line(mode, overflow):
    @stepwell.jit(mode=mode, overflow=overflow)
    def total(n):
        result = 1
        for i in range(1, n):
            result *= i
        return result

    assert total(10) == math.factorial(9)
    with pytest.raises(OverflowError, match="the result needs more than") as caught:
        total(100)
    assert caught.traceback[-1].lineno == total.__code__.co_firstlineno + 3


def test_constants_and_negations():
    with pytest.raises(stepwell.UnsupportedError, match="5000000000 does not fit int32"):
        stepwell.jit(lambda x: x + 5000000000, mode="int32")
    assert stepwell.jit(lambda x: x & 0xFFFFFFFF, mode="int32", overflow="wrap")(-1) == -1
    with pytest.raises(OverflowError):
        stepwell.jit(lambda x: -x, mode="uint64")(1)


def test_hashes_wrap_around():
    @stepwell.jit(mode="uint64", overflow="wrap")
    def fnv(seed, n):
        h = seed
        for i in range(n):
            h = (h ^ (i & 255)) * 1099511628211
        return h

    expected = 14695981039346656037
    for i in range(1000):
        expected = (expected ^ (i & 255)) * 1099511628211 % 2**64
    assert fnv(14695981039346656037, 1000) == expected


def test_uint64_wraps_as_numpys():
    numpy = pytest.importorskip("numpy")
    functions = {symbol: stepwell.jit(binary(symbol), mode="uint64", overflow="wrap") for symbol in "+-*&|^"}

    @spread(6)
    @given(integers(*WIDTHS["uint64"]), integers(*WIDTHS["uint64"]))
    def check(x, y):
        with numpy.errstate(all="ignore"):
            for symbol, function in functions.items():
                expected = eval(f"a {symbol} b", {"a": numpy.uint64(x), "b": numpy.uint64(y)})
                assert function(numpy.uint64(x), y) == int(expected), (x, symbol, y)

    check()


# Numbers of CPython ---------------------------------------------------------------------------------------------------

anything = st.one_of(
    integers(-(2**70), 2**70), st.floats(), st.booleans(), st.sampled_from([0, 1, -1, 0.0, -0.0, 1j, complex(0.0, -0.0)])
)


@pytest.mark.parametrize("symbol", OPERATORS)
@pytest.mark.parametrize("mode", ["auto", "object"])
def test_numbers_of_cpython(mode, symbol):
    plain = binary(symbol)
    function = stepwell.jit(binary(symbol), mode=mode)

    @spread(len(OPERATORS))
    @given(anything, anything)
    def check(x, y):
        if symbol in ("**", "<<") and isinstance(x, int) and isinstance(y, int):
            y %= 100
        assert outcome(function, x, y) == outcome(plain, x, y), (x, y)

    check()


@pytest.mark.parametrize("symbol", OPERATORS)
def test_truth_values(symbol):
    plain = binary(symbol)
    function = stepwell.jit(plain, mode="bool")
    for x in (True, False):
        for y in (True, False):
            assert outcome(function, x, y) == outcome(plain, x, y), (x, y)


# Floats --------------------------------------------------------------------------------------------------------------

FLOAT_OPERATORS = [symbol for symbol in OPERATORS if symbol not in ("<<", ">>", "&", "|", "^")]


def rounded(result):
    if type(result) is float:
        return single(result)
    if type(result) is complex:
        return complex(single(result.real), single(result.imag))
    return result


@pytest.mark.parametrize("symbol", FLOAT_OPERATORS)
@pytest.mark.parametrize("mode", ["float", "float32"])
def test_floats(mode, symbol):
    plain = binary(symbol)
    function = stepwell.jit(plain, mode=mode)
    prepare = single if mode == "float32" else float

    @spread(len(FLOAT_OPERATORS))
    @given(floats, floats)
    def check(x, y):
        x, y = prepare(x), prepare(y)
        expected = outcome(lambda: rounded(plain(x, y)) if mode == "float32" else plain(x, y))
        if mode == "float32" and symbol == "**" and math.isfinite(x) and math.isfinite(y) and x < 0 and y % 1:
            # Python's answer is a complex number, or that there is none.
            expected = ValueError
        assert outcome(function, x, y) == expected, (x, y)

    check()


def test_single_floats_are_numpys():
    numpy = pytest.importorskip("numpy")
    functions = {symbol: stepwell.jit(binary(symbol), mode="float32") for symbol in "+-*"}
    python = {"+": operator.add, "-": operator.sub, "*": operator.mul}

    @spread(3)
    @given(floats, floats)
    def check(x, y):
        with numpy.errstate(all="ignore"):
            for symbol, function in functions.items():
                expected = python[symbol](numpy.float32(x), numpy.float32(y))
                assert repr(function(x, y)) == repr(float(expected)), (x, symbol, y)

    check()


def test_int32_wraps_as_numpys():
    numpy = pytest.importorskip("numpy")
    functions = {symbol: stepwell.jit(binary(symbol), mode="int32", overflow="wrap") for symbol in "+-*&|^"}

    @spread(6)
    @given(integers(*WIDTHS["int32"]), integers(*WIDTHS["int32"]))
    def check(x, y):
        with numpy.errstate(all="ignore"):
            for symbol, function in functions.items():
                expected = eval(f"a {symbol} b", {"a": numpy.int32(x), "b": numpy.int32(y)})
                assert function(numpy.int32(x), y) == int(expected), (x, symbol, y)

    check()


# Complex numbers ------------------------------------------------------------------------------------------------------

COMPLEX_OPERATORS = ["+", "-", "*", "/", "**", "==", "!="]


def single_product(x, y):
    part = lambda a, b, sign, c, d: single(single(a * b) + sign * single(c * d))
    return complex(part(x.real, y.real, -1, x.imag, y.imag), part(x.real, y.imag, 1, x.imag, y.real))


@pytest.mark.parametrize("symbol", COMPLEX_OPERATORS)
@pytest.mark.parametrize("mode", ["complex128", "complex64"])
def test_complex_numbers(mode, symbol):
    plain = binary(symbol)
    function = stepwell.jit(plain, mode=mode)

    @spread(len(COMPLEX_OPERATORS))
    @given(floats, floats, floats, floats)
    def check(a, b, c, d):
        x, y = complex(a, b), complex(c, d)
        if mode == "complex128":
            assert outcome(function, x, y) == outcome(plain, x, y), (x, y)
            return
        x, y = rounded(x), rounded(y)
        compute = single_product if symbol == "*" else lambda x, y: rounded(plain(x, y))
        assert outcome(function, x, y) == outcome(compute, x, y), (x, y)

    check()


def test_single_complex_numbers_are_numpys():
    numpy = pytest.importorskip("numpy")
    functions = {symbol: stepwell.jit(binary(symbol), mode="complex64") for symbol in "+-*"}
    number = st.builds(complex, st.floats(width=32), st.floats(width=32))

    @spread(3)
    @given(number, number)
    def check(x, y):
        with numpy.errstate(all="ignore"):
            for symbol, function in functions.items():
                expected = eval(f"a {symbol} b", {"a": numpy.complex64(x), "b": numpy.complex64(y)})
                assert repr(function(x, y)) == repr(complex(expected)), (x, symbol, y)

    check()


@pytest.mark.parametrize("mode", ["uint64", "int32"])
def test_locals_of_a_frame_that_raised(mode):
    def divide(x):
        y = x + 1
        return y // (x - x)

    large = WIDTHS[mode][1] - 1
    with pytest.raises(ZeroDivisionError) as caught:
        stepwell.jit(divide, mode=mode)(large)
    assert caught.traceback[-1].frame.f_locals == {"x": large, "y": large + 1}
