"""Whole expressions of numbers: what one operation makes of another's result must not be simplified as on paper.

`STEPWELL_SEEDS=FROM:TO` runs other programs, as many as wanted.
"""

import itertools
import math
import os
import random

import pytest
import stepwell
from differential import fresh

FROM, TO = map(int, os.environ.get("STEPWELL_SEEDS", "0:40").split(":"))

FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 3.7, 1e16, -1e308, math.inf, -math.inf, math.nan, 5e-324]
INTEGERS = [0, 1, -1, 2, -7, 63, 2**31, 2**62, -(2**63), 2**63 - 1]
COMPLEX = [complex(real, imag) for real, imag in itertools.product([0.0, -0.0, 1.0, -1.5, 1e16, math.inf], repeat=2)]
KINDS = {
    "float": (FLOATS, ["+", "-", "*", "/", "//", "%"], ["-{}", "+{}", "abs({})"]),
    "int": (INTEGERS, ["+", "-", "*", "//", "%", "&", "|", "^"], ["-{}", "~{}", "+{}", "abs({})"]),
    "complex128": (COMPLEX, ["+", "-", "*", "/"], ["-{}", "+{}"]),
}


def literal(value):
    text = repr(value)
    return f"({text})" if "inf" not in text and "nan" not in text else None


def program(rng, kind):
    """A function of three arguments that names parts of what it computes, and uses them again."""
    values, operators, unary = KINDS[kind]
    constants = [text for text in map(literal, values) if text]
    names, lines = ["a", "b", "c"], []
    for number in range(rng.randint(2, 6)):
        one, two, three = (rng.choice([*names, *names, rng.choice(constants)]) for _ in range(3))
        first, second = rng.choice(operators), rng.choice(operators)
        text = rng.choice([f"({one} {first} {two}) {second} {two}", f"{three} {second} ({one} {first} {two})", one])
        lines.append(f"    x{number} = {rng.choice(unary).format(f'({text})') if rng.random() < 0.4 else text}")
        names.append(f"x{number}")
    lines.append(f"    return {names[-1]} {rng.choice(operators)} {rng.choice(names)}")
    namespace = {}
    exec("def f(a, b, c):\n" + "\n".join(lines), namespace)
    return namespace["f"], "\n".join(lines)


def outcome(function, arguments):
    """With the sign of zeros; those of NaNs mean nothing."""
    try:
        result = function(*arguments)
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error)
    return type(result), repr(result)


@pytest.mark.parametrize("options", [{}, {"opt_level": 3}, {"typed": True}], ids=["auto", "optimised", "typed"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(FROM, TO))
def test_expressions(seed, kind, options):
    rng = random.Random(f"{kind} {seed}")
    function, text = program(rng, kind)
    options = {"mode": kind} if options.get("typed") else options
    constants = [constant for constant in function.__code__.co_consts if type(constant) is int]
    if "mode" in options and any(not -(2**63) <= constant < 2**63 for constant in constants):
        with pytest.raises(stepwell.UnsupportedError, match="has no objects"):
            stepwell.jit(fresh(function), **options)
        return
    compiled = stepwell.jit(fresh(function), **options)
    for _ in range(25):
        arguments = [rng.choice(KINDS[kind][0]) for _ in range(3)]
        assert outcome(compiled, arguments) == outcome(function, arguments), (text, arguments)
