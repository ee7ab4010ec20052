"""Arithmetic that outgrows 64 bits on its way to a result that does not: masks, and remainders of products."""

import operator

import pytest
import stepwell
from hypothesis import given, settings
from hypothesis import strategies as st

EDGES = [0, 1, -1, 2, -3, 7, 2**31, -(2**31), 2**32 - 1, 2**61 - 1, 2**62, -(2**62), 2**63 - 1, -(2**63)]
integers = st.sampled_from(EDGES) | st.integers(-(2**63), 2**63 - 1) | st.integers(-100, 100)


def mulmod(a, x, m):
    return a * x % m


def mulmod_plus(a, x, c, m):
    return (a * x + c) % m


def plus_mulmod(a, x, c, m):
    return (c + a * x) % m


def by_constants(a, x, c, m):
    return a * x % 1000000007, (a * x + c) % 998244353998244353, (a * c + x) % -97, (a * m) % 4096


def seen_products(a, x, c, m):
    p = a * x
    q = p % m
    return p, q, (p + c) % m


def masked(a, x, c, m):
    h = (a * 31 + x) & 0xFFFFFFFF
    h = ((h << 13) ^ (c * x - m)) & 0x7FFFFFFFFFFFFFFF
    low = ((a * x * c * m) | (a + m)) & 1023
    return h, low, (-(a * m)) & 15, (a - m * x) % 2**40, (a * x + c) & -8


def masked_and_seen(a, x, c, m):
    p = a * x + c
    q = (p * m) & 255
    return p, q, (p + (a // m)) & 65535


def loop(a, x, c, m):
    h, s = a, 0
    for i in range(40):
        h = (h * x + c) % m
        s = (s * 33 ^ h + i) & 0x3FFFFFFFFFFFFFFF
    return h, s


FUNCTIONS = [mulmod, mulmod_plus, plus_mulmod, by_constants, seen_products, masked, masked_and_seen, loop]


def outcome(function, arguments):
    try:
        return [(type(value), value) for value in (function(*arguments), 0)]
    except ZeroDivisionError as error:
        line = error.__traceback__.tb_next.tb_lineno
        return "ZeroDivisionError", str(error), line


def copies(function):
    """The function compiled in each way that has its own arithmetic."""
    for options in [{}, {"baseline": False}, {"mode": "int"}]:
        copy = type(function)(function.__code__.replace(), function.__globals__, function.__name__)
        if options.get("mode") != "int" or function in (mulmod, mulmod_plus, plus_mulmod):
            yield stepwell.jit(copy, **options)


COMPILED = {function: list(copies(function)) for function in FUNCTIONS}


@pytest.mark.parametrize("function", FUNCTIONS, ids=operator.attrgetter("__name__"))
@settings(deadline=None)
@given(a=integers, x=integers, c=integers, m=integers)
def test_results_are_exact(function, a, x, c, m):
    arguments = [a, x, c, m][: function.__code__.co_argcount]
    if function is mulmod:
        arguments = [a, x, m]
    for compiled in COMPILED[function]:
        for shape in (arguments, [value >> 40 for value in arguments]):
            assert outcome(compiled, shape) == outcome(function, shape)


def test_they_stay_in_compiled_code():
    def power(base, exponent, modulus):
        result = 1
        while exponent:
            if exponent & 1:
                result = result * base % modulus
            base = base * base % modulus
            exponent >>= 1
        return result

    def hashed(data):
        h = 7
        for byte in data:
            h = (h * 6364136223846793005 + byte) & 0x7FFFFFFFFFFFFFFF
        return h

    modulus = 2**61 - 1
    compiled = stepwell.jit(power), stepwell.jit(hashed)
    for base in range(2, 1500):
        assert compiled[0](base, modulus - 2, modulus) == pow(base, -1, modulus)
        data = [base + i for i in range(20)]
        assert compiled[1](data) == hashed(data)
    for function in compiled:
        assert stepwell.stats(function)["exits"] == []
