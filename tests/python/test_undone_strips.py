"""Strips of loops that write into arrays, and turn out to be wrong behind the write: nobody can tell."""

import types
import warnings

import numpy as np
import pytest
import stepwell

SIZES = [8, 9, 31, 64, 1023, 1024, 1025, 2500]


def plain(function):
    return types.FunctionType(function.__code__.replace(), function.__globals__, function.__name__)


def told(function, arguments, action):
    """What a call returns or raises, of what it warns when, and what it leaves in its arguments."""
    seen = []

    def show(message, category, filename, lineno, file=None, line=None):
        seen.append((str(message), lineno, [argument.tobytes() for argument in arguments if isinstance(argument, np.ndarray)]))

    with warnings.catch_warnings():
        warnings.simplefilter(action)
        warnings.showwarning = show
        try:
            result = function(*arguments)
        except RuntimeWarning as error:
            result = str(error), error.__traceback__.tb_next.tb_lineno
    return repr(result), seen, [argument.tobytes() for argument in arguments if isinstance(argument, np.ndarray)]


def running(a, out, n):
    s = 0.0
    for i in range(n):
        s += a[i]
        out[i] = s
    return s


def in_place(a, out, n):
    for i in range(n):
        a[i] = a[i] * 3.0 - out[i]


def from_the_last(a, out, n):
    for i in range(n - 1, -1, -1):
        out[i] = a[i] * a[i]


def of_itself(a, out, n):
    for i in range(1, n):
        a[i] = a[i] + a[i - 1] * 0.5


def under_a_condition(a, out, n):
    for i in range(n):
        x = a[i] * 2.0
        if x > out[i]:
            out[i] = x + 1.0
    return x


def two_arrays(a, out, n):
    for i in range(n):
        out[i] = a[i] - 1.5
        a[i] = out[i] * a[i]


def thrice(a, out, n):
    for i in range(n):
        out[i] = a[i] + 0.5
        a[i] = a[i] * 2.0
        out[n - 1 - i] = a[i] + out[i]


def until_found(a, out, n):
    for i in range(n):
        x = a[i] * 4.0
        if x == 12.0:
            break
        out[i] = x * x
    return i


def anywhere(a, out, n):
    for i in range(n):
        k = i * 7 % n
        out[k] = out[k] + a[i] * a[i]


LOOPS = [running, in_place, from_the_last, of_itself, under_a_condition, two_arrays, thrice, until_found, anywhere]


def numbers(n, dtype, bad, layout):
    a = (np.arange(n) % 90 * 0.25 + 1).astype(dtype)
    out = np.linspace(-1, 50, n).astype(dtype)
    for place, value in bad:
        a[place % n] = value
    if layout == "strided":
        wide = np.zeros((n, 3), dtype)
        wide[:, 1] = a
        a = wide[:, 1]
        out = out[::-1]
    return a, out, n


BAD = [[], [(5, np.inf)], [(-1, -np.inf)], [(7, np.nan)], [(3, 3e38), (4, 3e38)], [(20, 1.7e308), (21, 1.7e308)]]


@pytest.mark.parametrize("function", LOOPS)
@pytest.mark.parametrize("dtype", ["f8", "f4"])
@pytest.mark.parametrize("layout", ["plain", "strided"])
def test_what_was_written_is_put_back(function, dtype, layout):
    compiled = stepwell.jit(plain(function))
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(8):
            compiled(*numbers(3000, dtype, [], layout))
    for n in SIZES:
        for bad in BAD:
            with np.errstate(over="ignore"):
                one, other = (numbers(n, dtype, bad, layout) for _ in range(2))
            for action in ["always", "error"]:
                assert told(compiled, one, action) == told(function, other, action), (n, bad, action)


def columns(a, b):
    n, m = a.shape
    for j in range(m):
        for i in range(n):
            b[i, j] = a[i, j] * a[i, j] + b[i, j - 1]


def symmetric(a, b):
    n = a.shape[0]
    for i in range(n):
        for j in range(n):
            a[j, i] = a[i, j] * 2.0 - b[i, j]


@pytest.mark.parametrize("function", [columns, symmetric])
def test_elements_at_any_distance(function):
    compiled = stepwell.jit(plain(function))
    for _ in range(8):
        compiled(np.ones((40, 40)), np.ones((40, 40)))
    for n in [9, 33, 40]:
        for place in [(0, 0), (n - 1, 3), (5, n - 1)]:
            for value in [1.0, np.inf, 1e200, np.nan]:
                one, other = ((np.eye(n) + 1, np.full((n, n), 2.0)) for _ in range(2))
                one[0][place] = other[0][place] = value
                one[1][place[::-1]] = other[1][place[::-1]] = -value
                assert told(compiled, one, "always") == told(function, other, "always")


def test_arrays_that_overlap():
    def shifted(a, b):
        for i in range(len(a)):
            b[i] = a[i] * 1.5 - b[i]

    compiled = stepwell.jit(plain(shifted))
    for _ in range(8):
        compiled(np.ones(2000), np.ones(2000))
    for distance in [0, 1, 2, 3, 5, 8, 700]:
        for value in [1.0, np.inf, np.nan]:
            outcomes = []
            for function in (compiled, shifted):
                memory = np.arange(2000.0)
                memory[900] = value
                pairs = (memory[: 2000 - distance], memory[distance:]), (memory[distance:], memory[: 2000 - distance])
                outcomes.append([told(function, pair, "always") for pair in pairs])
            assert outcomes[0] == outcomes[1]
