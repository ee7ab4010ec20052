"""Functions of `math`, `cmath` and the builtins, constants from globals: what CPython answers, to the bit."""

import cmath
import math
import types

import pytest
import stepwell

SIZE = 10
NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -2.5, 1e10, 1e300, -1e300, 5e-324, math.inf, -math.inf, math.nan]
ONE = """sqrt fabs floor ceil trunc isnan isinf isfinite degrees radians sin cos tan asin acos atan sinh cosh tanh asinh
acosh atanh exp exp2 expm1 cbrt erf erfc log log2 log10 log1p gamma lgamma ulp""".split()
TWO = "copysign atan2 log pow fmod remainder nextafter hypot isclose".split()
COMPLEX = "sqrt exp log log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh phase isnan isinf".split()


def outcome(function, *arguments):
    try:
        return repr(function(*arguments))
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error)


def calling(text, parameters):
    namespace = {"math": math, "cmath": cmath}
    exec(f"def f({parameters}):\n    return {text}({parameters})", namespace)
    return namespace["f"], types.FunctionType(namespace["f"].__code__.replace(), namespace)


@pytest.mark.parametrize("name", [f"math.{name}" for name in ONE] + ["abs", "round", "int", "float", "bool"])
@pytest.mark.parametrize("mode", ["auto", "float"])
def test_functions_of_a_float(name, mode):
    function, plain = calling(name, "x")
    function = stepwell.jit(function, mode=mode)
    for x in NUMBERS:
        assert outcome(function, x) == outcome(plain, x), x


@pytest.mark.parametrize("name", [f"math.{name}" for name in TWO] + ["min", "max", "pow"])
@pytest.mark.parametrize("mode", ["auto", "float"])
def test_functions_of_two_floats(name, mode):
    function, plain = calling(name, "x, y")
    function = stepwell.jit(function, mode=mode)
    for x in NUMBERS:
        for y in NUMBERS:
            assert outcome(function, x, y) == outcome(plain, x, y), (x, y)


@pytest.mark.parametrize("name", ["math.gcd", "math.lcm", "math.comb", "math.perm", "min", "max", "pow"])
@pytest.mark.parametrize("mode", ["auto", "int"])
def test_functions_of_two_integers(name, mode):
    function, plain = calling(name, "x, y")
    function = stepwell.jit(function, mode=mode)
    for x in (0, 1, -1, 7, 12, 2**62, -(2**63)):
        for y in (0, 1, -3, 5, 18, 64):
            assert outcome(function, x, y) == outcome(plain, x, y), (x, y)


@pytest.mark.parametrize("name", [f"cmath.{name}" for name in COMPLEX] + ["abs"])
@pytest.mark.parametrize("mode", ["auto", "complex128"])
def test_functions_of_a_complex_number(name, mode):
    function, plain = calling(name, "z")
    function = stepwell.jit(function, mode=mode)
    for real in NUMBERS:
        for imag in NUMBERS:
            z = complex(real, imag)
            assert outcome(function, z) == outcome(plain, z), z


def test_they_are_compiled():
    @stepwell.jit(mode="float")
    def wave(x):
        return math.sin(x) * math.pi + abs(x) + round(x, 1) + min(x, 2.0)

    assert wave(1.25) == math.sin(1.25) * math.pi + 1.25 + round(1.25, 1) + 1.25
    assert stepwell.stats(wave)["exits"] == [] and "py.call" not in stepwell.dump_ir(wave, "typed")


def test_modular_powers():
    power = stepwell.jit(lambda base, exponent, modulus: pow(base, exponent, modulus), mode="int")
    for case in [(3, 200, 13), (-3, 201, 13), (3, 200, -13), (2, 0, 1), (7, -1, 13), (2**62, 2**62, 2**63 - 1)]:
        assert power(*case) == pow(*case), case
    with pytest.raises(ValueError, match="3rd argument cannot be 0"):
        power(1, 2, 0)


def test_a_global_that_is_rebound_is_seen():
    def area(n):
        return n * SIZE

    namespace = {"SIZE": 10}
    function = stepwell.jit(types.FunctionType(area.__code__.replace(), namespace))
    for size in (10, 3, 2.5, 10**30, "ab"):
        namespace["SIZE"] = size
        assert function(2) == 2 * size and function(2) == 2 * size
    del namespace["SIZE"]
    with pytest.raises(NameError, match="SIZE"):
        function(2)


def test_a_function_that_is_replaced_is_seen():
    def root(x):
        return math.sqrt(x)

    function = stepwell.jit(root)
    assert function(4.0) == 2.0
    original = math.sqrt
    try:
        math.sqrt = lambda x: "another"
        assert function(4.0) == "another"
    finally:
        math.sqrt = original
    assert function(4.0) == 2.0


def test_a_global_that_changes_in_the_loop():
    namespace = {"step": 1}
    exec("def change():\n    global step\n    step = 5\ndef run(n):\n    total = 0\n    for i in range(n):\n"
         "        if i == 3: change()\n        total += step\n    return total", namespace)
    assert stepwell.jit(namespace["run"])(10) == 3 + 7 * 5


@pytest.mark.parametrize("name", "sqrt fabs floor ceil trunc isnan degrees sin exp log gamma isqrt erf".split())
@pytest.mark.parametrize("dtype", ["f8", "f4", "i8", "i4", "u1", "?"])
def test_functions_of_the_elements_of_an_array(name, dtype):
    numpy = pytest.importorskip("numpy")

    def made():
        namespace = {"math": math}
        lines = ["def f(a):", "    found = []", "    for i in range(len(a)):", f"        found.append(math.{name}(a[i]))"]
        exec("\n".join([*lines, "    return found"]), namespace)
        return namespace["f"]

    def answer(function):
        try:
            return [(type(x), repr(x)) for x in function(array)]
        except (TypeError, OverflowError) as error:  # of an array of ints, exp(2**53 + 1)
            return type(error), str(error)

    array = numpy.array([1, 2.5, 3, 2**53 + 1 if dtype == "i8" else 4]).astype(dtype)
    assert answer(stepwell.jit(made())) == answer(made())
