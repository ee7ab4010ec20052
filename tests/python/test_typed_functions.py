"""What functions of typed modes are made of: loops, choices, tuples of numbers, calls of one another, and refusals."""

import math
import types

import pytest
import stepwell
from hypothesis import given, settings
from hypothesis import strategies as st

SCALE = 3


def fresh(function, **names):
    """The function again, with globals of its own."""
    code = function.__code__.replace()
    return types.FunctionType(code, {**globals(), **names}, function.__name__, function.__defaults__)


def outcome(function, *arguments):
    try:
        return repr(function(*arguments))
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error)


# Loops ---------------------------------------------------------------------------------------------------------------



def down(n):
    total = 0
    for i in range(n, 0, -3):
        total += i
    return total


def by(n):
    total = 0
    for i in range(1, n, n // 5 + 1):
        total = total * 3 + i
    return total


def nested(n):
    total = 0
    for i in range(n):
        for j in range(i):
            if j == 3:
                break
            if j == 1:
                continue
            total += 1
        else:
            total += 100
    return total


def gcd(n):
    a, b = n * 12, 18
    while b:
        a, b = b, a % b
    return a


@pytest.mark.parametrize("plain", [down, by, nested, gcd])
@pytest.mark.parametrize("mode", ["int", "int32", "uint64"])
def test_loops(mode, plain):
    function = stepwell.jit(fresh(plain), mode=mode)
    for n in (0, 1, 2, 10, 11, 30):
        assert function(n) == plain(n), n


# Choices -------------------------------------------------------------------------------------------------------------


def either(x, y):
    return x or y


def both(x, y):
    return x and y


def mixed(x, y):
    return (x and y) or not x


def smaller(x, y):
    return x if x < y else y


def twice_the_smaller(x, y):
    z = x if x < y else y
    return z + z


ARGUMENTS = {
    "int": [0, 1, -7, 2**62],
    "float": [0.0, -0.0, 1.5, math.inf, math.nan],
    "bool": [True, False],
    "int32": [0, 1, -7],
    "uint64": [0, 1, 2**63],
    "float32": [0.0, 1.5, -2.0],
    "optional_f64": [0.0, 1.5, None],
}


@pytest.mark.parametrize("plain", [either, both, smaller, twice_the_smaller])
@pytest.mark.parametrize("mode", ARGUMENTS)
def test_choices(mode, plain):
    function = stepwell.jit(fresh(plain), mode=mode)
    compares = plain in (smaller, twice_the_smaller)
    for x in ARGUMENTS[mode]:
        for y in ARGUMENTS[mode]:
            large = plain is twice_the_smaller and mode == "uint64" and min(x, y) >= 2**63
            if not (large or compares and None in (x, y)):
                assert repr(function(x, y)) == repr(plain(x, y)), (x, y)


def test_choices_of_truth_values():
    function = stepwell.jit(fresh(mixed), mode="bool")
    for x in (True, False):
        for y in (True, False):
            assert function(x, y) is mixed(x, y)


@pytest.mark.parametrize("plain", [either, both, smaller, twice_the_smaller])
def test_choices_of_any_types(plain):
    function = stepwell.jit(fresh(plain))
    values = [0, 3, 2.5, -0.0, True, "", "ab", 10**30]
    for x in values:
        for y in values:
            if plain in (either, both) or type(x) is not str is not type(y):
                assert outcome(function, x, y) == outcome(plain, x, y), (x, y)
    text = "".join(["a", "b"])
    assert function(text, text) == plain(text, text)


def test_a_choice_is_one_of_the_two_objects():
    function = stepwell.jit(fresh(either))
    for _ in range(3):
        x = float("2.5")
        assert function(x, 1.5) is x


def test_results_are_rounded_also_where_nothing_is_computed():
    for plain in (lambda x: x, lambda x: 0.1, lambda x: x or x):
        assert stepwell.jit(plain, mode="float32")(0.1) == 0.10000000149011612
    assert stepwell.jit(lambda z: z, mode="complex64")(0.1) == 0.10000000149011612
    assert stepwell.jit(lambda x: x, mode="optional_f64")(3) == 3.0
    assert type(stepwell.jit(lambda x: x, mode="int32")(True)) is int


# Tuples --------------------------------------------------------------------------------------------------------------


def returned(n):
    return n, n + 1, (n, 2.5)


def swapped(n):
    a, b, c, d = 1, n, 3, 2.5
    a, b, c = c, a, b
    return a * 100 + b * 10 + c + d


def subscripted(n):
    t = (n, n + 1, 5)
    return t[0] * 100 + t[-1] * 10 + t[1]


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


@pytest.mark.parametrize("plain", [returned, swapped, subscripted, fibonacci])
@pytest.mark.parametrize("mode", ["auto", "int", "int32", "uint64"])
def test_tuples_of_numbers(mode, plain):
    function = stepwell.jit(fresh(plain), mode=mode)
    for n in (0, 1, 7, 40):
        assert repr(function(n)) == repr(plain(n))


def test_a_tuple_that_is_taken_apart_is_not_made():
    @stepwell.jit(mode="int")
    def last(n):
        a, b, c, d = n, n + 1, n + 2, n + 3
        return d * a - b * c

    assert last(5) == 5 * 8 - 6 * 7
    assert "build_tuple" not in stepwell.dump_ir(last, "typed")


def test_identity_of_the_items_of_a_constant():
    def same():
        a, b, c = 1000, 1000, 2000
        d = 2000
        return a is b, c is d

    assert stepwell.jit(fresh(same))() == same()


def test_items_under_a_handler():
    def take(x, y):
        try:
            a, b = (x, y)
            c = (x, y)[1]
            return a // b + c
        except ZeroDivisionError:
            return -1

    function = stepwell.jit(fresh(take))
    for case in [(7, 2), (7, 0), (7.5, 2), ("a", 1)]:
        try:
            expected = take(*case)
        except TypeError as error:
            with pytest.raises(TypeError, match="unsupported operand"):
                function(*case)
        else:
            assert function(*case) == expected


# Functions of numbers ------------------------------------------------------------------------------------------------


def parts(x, y):
    q, r = divmod(x, y)
    return q, r


def extremes(x, y):
    return min(x, y, x + y), max(x, y, x, y)


numbers = {
    "int": st.one_of(st.sampled_from([0, 1, -1, 2**62, -(2**62)]), st.integers(-1000, 1000)),
    "float": st.one_of(st.sampled_from([0.0, -0.0, 1.0, math.inf, -math.inf, math.nan, 5e-324]), st.floats()),
}


@pytest.mark.parametrize("plain", [parts, extremes])
@pytest.mark.parametrize("mode", ["int", "float"])
def test_functions_of_two_numbers(mode, plain):
    compiled = [stepwell.jit(fresh(plain), mode=mode), stepwell.jit(fresh(plain))]

    @settings(max_examples=200, deadline=None, database=None)
    @given(numbers[mode], numbers[mode])
    def check(x, y):
        expected = outcome(plain, x, y)
        for function in compiled:
            assert outcome(function, x, y) == expected, (x, y)

    check()


def test_divmod_of_anything():
    function = stepwell.jit(fresh(parts))
    for case in [(7, 2.5), (True, 2), (-7, 2), (10**30, 7), (7, 0), (1.5, 0.0)]:
        assert outcome(function, *case) == outcome(parts, *case), case
    calls = []

    class Number(int):
        def __divmod__(self, other):
            calls.append(other)
            return 1, 2

    assert function(Number(3), 2) == (1, 2) and calls == [2]
    other = fresh(parts, divmod=lambda x, y: (y, x))
    assert stepwell.jit(other)(7, 2) == (2, 7)


# Calls ---------------------------------------------------------------------------------------------------------------


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def collatz(n):
    for _ in range(3):
        if n <= 1:
            return 0
        n = n // 2 if n % 2 == 0 else 3 * n + 1
    return 3 + collatz(n)


@pytest.mark.parametrize("plain", [factorial, collatz])
@pytest.mark.parametrize("mode", ["int", "int32", "uint64"])
def test_functions_that_call_themselves(mode, plain):
    names = {}
    function = types.FunctionType(plain.__code__.replace(), names, plain.__name__)
    names[plain.__name__] = function = stepwell.jit(function, mode=mode)
    for n in (0, 1, 2, 7, 12):
        assert function(n) == plain(n), n
    if plain is factorial and mode == "int32":
        with pytest.raises(OverflowError, match="more than 32 bits"):
            function(13)
    if plain is factorial and mode == "int":
        assert function(30) == math.factorial(30)


def root(x, guess, steps):
    if steps < 1.0:
        return guess
    return root(x, (guess + x / guess) / 2.0, steps - 1.0)


@pytest.mark.parametrize("mode", ["float", "float32", "optional_f64"])
def test_floats_that_call_themselves(mode):
    names = {}
    names["root"] = stepwell.jit(types.FunctionType(root.__code__.replace(), names, "root"), mode=mode)
    assert abs(names["root"](2.0, 1.0, 20.0) - math.sqrt(2)) < 1e-6


def square(x):
    return x * x


def cube(x):
    return square(x) * x * SCALE


@pytest.mark.parametrize("mode", ["int", "float", "int32", "uint64", "float32", "complex128", "optional_f64", "vec4f"])
def test_functions_that_call_others(mode):
    names = {"SCALE": 3}
    names["square"] = stepwell.jit(types.FunctionType(square.__code__.replace(), names, "square"), mode=mode)
    function = stepwell.jit(types.FunctionType(cube.__code__.replace(), names, "cube"), mode=mode)
    argument = {"float": 1.5, "complex128": 1j, "vec4f": [1, 2, 0.5, 0]}.get(mode, 2)
    if mode == "vec4f":
        assert function(argument) == [3.0, 24.0, 0.375, 0.0]
    else:
        assert function(argument) == argument**3 * 3
    # The name may stand for something else later.
    names["square"] = lambda x: x + x
    if mode not in ("vec4f",):
        assert function(argument) == (argument + argument) * argument * 3
    names["square"] = lambda x: "text"
    if mode == "int":
        assert function(2) == "text" * 6
    elif mode == "float":
        with pytest.raises(TypeError, match="can't multiply sequence"):
            function(argument)
    else:
        with pytest.raises(TypeError, match=r"cube\(\) calls a function whose result must be .* not str"):
            function(argument)


# Refusals ------------------------------------------------------------------------------------------------------------


def test_the_first_object_is_what_a_refusal_is_about():
    def lengths(n):
        total = 0
        for i in range(n):
            total += len(str(i))
        return total

    with pytest.raises(stepwell.UnsupportedError) as caught:
        stepwell.jit(lengths, mode="int")
    text = str(caught.value)
    assert "`str` is an object" in text and "total += len(str(i))" in text and "^" in text and "hint:" in text
    assert f"line {lengths.__code__.co_firstlineno + 3}" in text
    lazy = stepwell.jit(lengths, mode="int", lazy=True)
    with pytest.raises(stepwell.UnsupportedError, match="`str` is an object"):
        lazy(3)


def test_a_variable_of_two_types_is_refused_where_they_meet():
    def total(x):
        s = 0
        for i in range(3):
            s += x * i
        return s

    with pytest.raises(stepwell.UnsupportedError, match="`s` has values of different types"):
        stepwell.jit(total, mode="float")


def test_a_result_that_the_signature_does_not_say():
    with pytest.raises(stepwell.UnsupportedError, match="the result is float, and the signature says int"):
        stepwell.jit(lambda x: x * 0.5, signature="i8(i8)")
    assert stepwell.jit(lambda x: x * 0.5, signature="f8(i8)")(3) == 1.5
