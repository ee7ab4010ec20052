"""Every operator on every pair of interesting numbers: the interpreter's value, type and exception."""

import itertools
import traceback

import pytest
import stepwell

NUMBERS = [
    0, 1, -1, 2, -7, 63, 64, 2**53 + 1, 2**62, 2**63 - 1, -(2**63), 2**70,
    0.0, -0.0, 0.5, -2.5, 3.0, 1e308, float("inf"), float("-inf"), float("nan"),
    True, False, 1j, -0j, 2 - 3j,
]  # fmt: skip
BINARY = ["+", "-", "*", "/", "//", "%", "<<", ">>", "&", "|", "^", "<", "<=", "==", "!=", ">", ">="]
UNARY = ["-x", "not x", "x.real", "x.imag", "int(x)", "float(x)", "bool(x)", "complex(x)", "x ** 2", "x ** -1"]


def function_of(parameters, expression):
    namespace = {}
    exec(f"def f({parameters}):\n    return {expression}\n", namespace)
    return namespace["f"]


def outcome(function, arguments):
    """What can be told apart: the type and the digits of a value, or an exception with its place."""
    try:
        value = function(*arguments)
    except Exception as error:
        places = [(entry.lineno, entry.colno) for entry in traceback.extract_tb(error.__traceback__)[1:]]
        return type(error), str(error), places
    return type(value), repr(value)


def compare(source, operands):
    """Compiles the function anew for each combination of types, so that each runs in code made for it."""
    combinations = {}
    for arguments in operands:
        combinations.setdefault(tuple(map(type, arguments)), []).append(arguments)
    for group in combinations.values():
        expected = function_of(*source)
        compiled = stepwell.jit(function_of(*source))
        for arguments in group:
            assert outcome(compiled, arguments) == outcome(expected, arguments), (source, arguments)
        assert stepwell.stats(compiled)["interpreted_because"] is None


@pytest.mark.parametrize("operator", BINARY)
def test_binary(operator):
    compare(("a, b", f"a {operator} b"), itertools.product(NUMBERS, repeat=2))


@pytest.mark.parametrize("expression", UNARY)
def test_unary(expression):
    compare(("x", expression), ((number,) for number in NUMBERS))


def test_power():
    small = [number for number in NUMBERS if not (isinstance(number, int) and abs(number) > 64)]
    compare(("a, b", "a ** b"), itertools.product(small, repeat=2))


@pytest.mark.parametrize("step", [1, 2, -1, -3, 0, 2**62])
def test_range(step):
    ends = [0, 1, 5, -4, 2**62]
    short = [(a, b) for a, b in itertools.product(ends, ends) if len(range(a, b, step or 1)) < 20]
    compare(("a, b", f"[i * 2 for i in range(a, b, {step})]"), short)
