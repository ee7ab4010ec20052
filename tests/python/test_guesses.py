"""What was a number when a function was compiled may be anything later: attributes, items, results, free variables.

Each function gets the value from one of these places, makes something of it, and is compared with the interpreter for a
value of the kind that it was compiled for, and then for values of other kinds. Some of what it makes does not need the
value, only its type: that it is not None, that it has no imaginary part, that its product with 0 is 0.
"""

import types

import pytest
import stepwell


class Holder:
    """An object with an attribute."""

    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value


class Slotted:
    """The same with a slot."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Count(int):
    """A number of a type of its own."""


# How the value is had, and what has to be passed for it to be had.
SOURCES = {
    "attribute": ("source.value", Holder),
    "slot": ("source.value", Slotted),
    "item of a list": ("source[0]", lambda value: [value]),
    "item of a tuple": ("source[0]", lambda value: (value,)),
    "value of a dict": ("source['value']", lambda value: {"value": value}),
    "result of a method": ("source.get()", Holder),
    "result of a call": ("source()", lambda value: lambda: value),
    "last of a loop": ("[item for item in source][-1]", lambda value: [value, value]),
    "unpacked": ("(lambda pair: pair)(source)[1]", lambda value: (0, value)),
    "free variable": ("free", None),
}

# What is made of it.
USES = [
    "return x is None",
    "return x is not None",
    "return 1 if x is None else 2",
    "return x is True",
    "return x is ...",
    "return x * 0",
    "return 0 * x",
    "return x - x",
    "return x ^ x",
    "return x & 0",
    "return x == x",
    "return x != x",
    "return x <= x",
    "return x ** 0",
    "return 1 ** x",
    "return x // 1",
    "return x % 1",
    "return x + 0",
    "return +x",
    "return x.imag",
    "return x.real",
    "return x.denominator",
    "return type(x)",
    "return type(x) is int",
    "return isinstance(x, int)",
    "return isinstance(x, (int, float))",
    "return x == None",
    "return x == 'a'",
    "return x in (None, 1)",
    "return x in ()",
    "return not x",
    "return bool(x)",
    "return int(x)",
    "return float(x)",
    "return abs(x)",
    "return x and 0",
    "return x or 0",
    "return [x]",
    "return (x, x is None)",
    "return f'{x}'",
    "x; return 1",
    "y = x * 0; return 1",
    "y = x - x\n  if y: return 1\n  return 2",
    "if x is None: raise KeyError(1)\n  return x",
    "match x:\n    case None: return 0\n    case int(): return 1\n    case str(): return 2\n  return 3",
    "for i in range(3):\n    if x is None: return i\n  return x",
    "y = None\n  if x is not None: y = x\n  return y",
    "while x is not None:\n    return 5\n  return 6",
    "y = x\n  x = None\n  return y is x",
    "return (x is None) + (x is not None) * 2",
    "return max(x, x)",
    "return min(x, 0)",
    "return divmod(x, 1)",
    "return round(x)",
    "return pow(x, 0)",
]

OTHERS = [None, "a", 2.5, True, 2**70, -(2**64), [1], (1,), 1j, Count(3), float("nan"), b"x", 0, 7]


def outcome(function, *arguments):
    """The value with its type, or the exception with its line."""
    try:
        value = function(*arguments)
        return type(value), repr(value)
    except Exception as error:
        return type(error), str(error), error.__traceback__.tb_next.tb_lineno


def functions(text, free):
    """The function twice, with code objects and cells of its own, and what sets the free variable of both."""
    made = []
    for _ in range(2):
        names = {}
        exec(
            f"def make(free):\n def set(value):\n  nonlocal free\n  free = value\n"
            f" def function(source):\n  x = {text}\n return function, set\n",
            names,
        )
        made.append(names["make"](free))
    (plain, first), (other, second) = made
    return plain, stepwell.jit(other, baseline=False, opt_level=0), lambda value: (first(value), second(value))


@pytest.mark.parametrize("before", [5, 2.5, True], ids=["int", "float", "bool"])
@pytest.mark.parametrize("place", SOURCES)
def test_a_wrong_guess_is_noticed_whatever_is_made_of_the_value(place, before):
    expression, source = SOURCES[place]
    for use in USES:
        plain, compiled, assign = functions(f"{expression}\n  {use}", before)
        made = source or (lambda value: None)
        for value in [before] * 3 + OTHERS + [before]:
            assign(value)
            argument = made(value)
            assert outcome(compiled, argument) == outcome(plain, argument), (use, value)
        assert stepwell.stats(compiled)["compiled_calls"] > 3, use


@pytest.mark.parametrize("before", [5, 2.5, True, None, "a"], ids=["int", "float", "bool", "None", "str"])
@pytest.mark.parametrize("use", USES)
def test_a_parameter_of_another_type_is_noticed_whatever_is_made_of_it(use, before):
    """Also where the type alone was needed, the version is for that type alone."""
    names = {}
    exec(f"def function(x):\n  {use}", names)
    plain = names["function"]
    compiled = stepwell.jit(types.FunctionType(plain.__code__.replace(), names), baseline=False, opt_level=0)
    for value in [before] * 2 + OTHERS + [before]:
        assert outcome(compiled, value) == outcome(plain, value), value


@pytest.mark.parametrize("use", USES)
def test_a_wrong_guess_is_noticed_by_code_that_was_compiled_twice(use):
    """Baseline code, better code after many calls, and then something else."""
    plain, _, _ = functions(f"source.value\n  {use}", None)
    compiled = stepwell.jit(types.FunctionType(plain.__code__, plain.__globals__, closure=plain.__closure__))
    number = Holder(5)
    for _ in range(300):
        outcome(compiled, number)
    for value in OTHERS:
        assert outcome(compiled, Holder(value)) == outcome(plain, Holder(value)), value


def either(b):
    try:
        return (b or (b % b)) + 1
    except ZeroDivisionError:
        return "handled"


def chosen(condition, items, holder):
    try:
        return (items[0] if condition else holder.value // items[1]) * 2
    except (ZeroDivisionError, IndexError, AttributeError) as error:
        return repr(error)


def test_what_was_not_computed_is_not_checked():
    """Where an error goes to a handler, and a result on to where something else comes from, too."""
    compiled = stepwell.jit(types.FunctionType(either.__code__.replace(), globals()), baseline=False)
    for value in (2.0, -0.0, 0, 3, 0.0, False, True, 2**70):
        assert outcome(compiled, value) == outcome(either, value), value
    compiled = stepwell.jit(types.FunctionType(chosen.__code__.replace(), globals()), baseline=False)
    for condition in (True, False):
        for items in ([1.5, 2.5], [1.5, 0.0], [3, 0], [3, 2], [], [1]):
            for holder in (Holder(2.5), Holder(7), Holder("s"), None):
                arguments = condition, items, holder
                assert outcome(compiled, *arguments) == outcome(chosen, *arguments), arguments


class Table:
    """An object whose attribute is a sequence."""

    def __init__(self, rows):
        self.rows = rows


class Odd(list):
    """A list that does not show its items."""

    def __getitem__(self, index):
        return "odd", index


def sum_of_items(table, indices):
    total = 0
    for index in indices:
        total += table.rows[index]
    return total


def item_of_row(table, indices):
    return [table.rows[index][1] for index in indices]


def change_items(table, indices):
    rows = table.rows
    for index in indices:
        rows[index] = rows[index] + rows[0]
    return rows, len(rows)


@pytest.mark.parametrize("plain", [sum_of_items, item_of_row, change_items])
@pytest.mark.parametrize("before", [lambda: [3, 4, 5, 6], lambda: [1.5] * 4, lambda: [[1, 2]] * 4, lambda: [(1, 2.5)] * 4])
def test_a_sequence_that_is_an_attribute_can_be_anything_later(plain, before):
    others = [
        lambda: [3, 4, 5, 2**80],
        lambda: [3, "a", 5, 6],
        lambda: ["a"] * 4,
        lambda: [1, 2],
        lambda: [],
        lambda: (3, 4, 5, 6),
        lambda: Odd([3, 4, 5, 6]),
        lambda: {0: 1, 1: 2, 2: 3, 3: 4},
        lambda: "text",
        lambda: None,
        lambda: [[1.5, "b"], (1, 2, 3), [], [2]],
        lambda: [Odd([1, 2])] * 4,
        before,
    ]
    function = stepwell.jit(types.FunctionType(plain.__code__.replace(), globals()))

    def result(of, rows):
        table = Table(rows())
        try:
            return repr(of(table, [0, 1, -1, 2])), repr(table.rows)
        except Exception as error:
            return type(error), str(error), repr(table.rows)

    for _ in range(300):
        result(function, before)
    for rows in others * 2:
        assert result(function, rows) == result(plain, rows)
    for rows in others:
        for _ in range(40):
            assert result(function, rows) == result(plain, rows)


def first_of(source):
    return source[0] + 1


def test_a_guess_that_is_wrong_now_and_then_is_given_up():
    function = stepwell.jit(types.FunctionType(first_of.__code__.replace(), globals()))
    usual, other = [1, 2], [1.5, 2.5]
    for _ in range(6000):
        for _ in range(9):
            assert function(usual) == 2
        assert function(other) == 2.5
    before = sum(exit["count"] for exit in stepwell.stats(function)["exits"])
    for _ in range(1000):
        assert (function(usual), function(other)) == (2, 2.5)
    assert sum(exit["count"] for exit in stepwell.stats(function)["exits"]) == before


def test_guesses_that_change_with_each_call_are_not_followed_for_ever():
    class Scale:
        factor = 3

    @stepwell.jit(baseline=False)
    def scaled(scale, items):
        found = []
        for item in items:
            found.append(item * scale.factor)
        return found

    lists = [[1, 2], [0.5], [(1.5, 2)], [[1]], [[2.5]], ["x"], [True]]
    for number in range(300):
        items = lists[number % len(lists)]
        assert scaled(Scale, items) == [item * 3 for item in items]
    assert len(stepwell.stats(scaled)["compilations"]) < 16
