"""NumPy's functions on scalars in compiled code: NumPy's answers to the last bit, its types, its warnings."""

import subprocess
import sys
import types
import warnings

import numpy as np
import pytest
import stepwell

ONE = [
    "abs absolute acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh cbrt ceil cos cosh",
    "deg2rad degrees exp exp2 expm1 fabs floor isfinite isinf isnan log log10 log1p log2 rad2deg radians rint sign",
    "sin sinh sqrt square tan tanh trunc",
]
TWO = "arctan2 atan2 copysign fmax fmin fmod hypot maximum minimum mod power remainder"
FUNCTIONS = [name for name in " ".join(ONE).split() if hasattr(np, name)]
PAIRS = [name for name in TWO.split() if hasattr(np, name)]

EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, 5e-324, -5e-324, 1e-310, 1.7e308, -1.7e308, 710.0, -746.0, 1e16]
EDGES += [float("inf"), float("-inf"), float("nan"), 3.0, -3.0, 2**53 + 2.0, np.nextafter(1, 0), 88.7]


def compiled(source, **names):
    space = {"np": np, **names}
    exec(source, space)
    function = space["f"]
    original = types.FunctionType(function.__code__.replace(), space, "f")
    return stepwell.jit(function), original


def told(function, *args):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*args)
        except TypeError as error:
            return str(error)
    said = [(warning.category, str(warning.message)) for warning in caught]
    if isinstance(result, np.ndarray):
        return result.dtype, result.tobytes(), said
    return type(result), np.array(result).tobytes(), said


def exits(function):
    return sum(exit["count"] for exit in stepwell.stats(function)["exits"])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_one_argument(name):
    function, original = compiled(f"def f(a, i):\n    return np.{name}(a[i])")
    edges = np.array(EDGES)
    for i in range(len(edges)):
        assert told(function, edges, i) == told(original, edges, i)
    plain, interpreted = compiled(f"def f(x):\n    return np.{name}(x)")
    for x in [*EDGES, 0, 1, -1, 7, 2**53 + 1, 2**62, 2**64, True, np.float32(0.5), np.int8(3), 0.5 + 0j, [0.25, 0.5]]:
        assert told(plain, x) == told(interpreted, x)


@pytest.mark.parametrize("name", PAIRS)
def test_two_arguments(name):
    function, original = compiled(f"def f(a, i, j):\n    return np.{name}(a[i], a[j])")
    edges = np.array(EDGES)
    for i in range(len(edges)):
        for j in range(len(edges)):
            assert told(function, edges, i, j) == told(original, edges, i, j)
    plain, interpreted = compiled(f"def f(x, y):\n    return np.{name}(x, y)")
    for x in [0.5, 2, -3, True, np.float64(1.5), np.int64(4), np.float32(2.5)]:
        for y in [0.5, 2, 3, True, np.float64(1.5), np.int64(4), np.float32(2.5)]:
            assert told(plain, x, y) == told(interpreted, x, y)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_loops_compute_natively(name):
    function, original = compiled(
        f"def f(a):\n    out = np.zeros(len(a))\n    for i in range(len(a)):\n        out[i] = np.{name}(a[i])\n    return out"
    )
    random = np.random.default_rng(5)
    low, high = (1.0, 2.0) if name in ("acosh", "arccosh") else (0.0, 1.0)
    values = random.uniform(low, high, 20_000)
    wide = random.uniform(-700, 700, 5_000)
    for _ in range(8):
        assert told(function, values) == told(original, values)
    # Calls that are far apart leave it baseline code.
    for _ in range(2000):
        versions = stepwell.stats(function)["compilations"]
        if any(not version["baseline"] and version["entry"] is None for version in versions):
            break
        function(values)
    before = exits(function)
    assert told(function, values) == told(original, values)
    assert exits(function) == before
    lines = {line["line"]: line["kind"] for line in stepwell.explain(function).as_dict()["lines"]}
    assert lines[4] == "native"
    with np.errstate(all="ignore"):
        assert function(wide).tobytes() == original(wide).tobytes()


def test_functions_that_are_replaced_are_called():
    function, original = compiled("def f(x):\n    return mine.sqrt(x)", mine=types.ModuleType("mine"))
    function.__globals__["mine"].sqrt = np.sqrt
    assert function(4.0) == original(4.0) == 2.0
    root = np.sqrt
    function, _ = compiled("def f(x):\n    return np.sqrt(x)")
    try:
        assert [function(9.0) for _ in range(3)] == [3.0] * 3
        np.sqrt = lambda x: "replaced"
        assert function(9.0) == "replaced"
        again, _ = compiled("def f(x):\n    return np.sqrt(x)")
        assert again(9.0) == "replaced"
        np.sqrt = np.cbrt
        assert function(27.0) == again(27.0) == np.cbrt(27.0)
    finally:
        np.sqrt = root
    assert function(9.0) == 3.0


def test_errors_are_raised_where_numpy_is_told_to():
    function, _ = compiled("def f(x):\n    y = x + 1.0\n    return np.log(y)")
    assert function(0.0) == 0.0
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError, match="divide by zero") as caught:
        function(-1.0)
    assert caught.traceback[-1].lineno == 2


def test_constants():
    function, original = compiled("def f(x):\n    return np.pi * x, np.e + x, np.inf, np.nan")
    assert repr(function(2)) == repr(original(2))


def smallest(a):
    low = a[0]
    high = a[0]
    for x in a:
        low = min(low, abs(x))
        high = max(high, abs(x))
    return low, high


def test_builtins_on_scalars_yield_scalars():
    function = stepwell.jit(types.FunctionType(smallest.__code__.replace(), globals()))
    for a in [np.array(EDGES), np.array(EDGES[::-1]), np.arange(5) - 2, np.array([1.5, -2], np.float32), [1.5, -2]]:
        for _ in range(4):
            assert repr(function(a)) == repr(smallest(a))


def test_numpy_is_found_before_an_array_is_seen():
    source = """
import numpy, stepwell
np = numpy
def f(x, n):
    for _ in range(n):
        x = np.sqrt(x) + 1.0
    return x
g = stepwell.jit(type(f)(f.__code__.replace(), globals()))
for _ in range(5):
    assert repr(g(2.5, 3)) == repr(f(2.5, 3)), g(2.5, 3)
    assert repr(g(2.5, 3000)) == repr(f(2.5, 3000))
    assert repr(g(g(4.0, 5), 7)) == repr(f(f(4.0, 5), 7))
"""
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("mode", ["float", "float32", "int", "complex128"])
def test_modes_without_objects_refuse_scalars_of_numpy(mode):
    def f(x):
        return np.sqrt(x)

    with pytest.raises(stepwell.UnsupportedError, match="np"):
        stepwell.jit(f, mode=mode)(1)
