"""An attribute that is loaded twice with nothing in between is loaded once, unless Python code computes it."""

import sys
import types

import pytest
import stepwell


class Plain:
    def __init__(self, value):
        self.value = value


class Slotted:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


class Computed:
    """Each load is another object, and counts."""

    def __init__(self, value):
        self.results = [None, value, "third", "fourth"] * 3
        self.loads = 0

    @property
    def value(self):
        self.loads += 1
        return self.results[self.loads]


class Found:
    """What the class does not have is computed, and then is there."""

    def __init__(self, value):
        self.late = value

    def __getattr__(self, name):
        self.value = self.late
        return None if name == "value" else name


class Inherited:
    value = "of the class"


def with_dict(value):
    """An object whose attributes are in a dict of its own."""
    made = Plain(value)
    vars(made)["other"] = 1
    return made


def without(value):
    """An object that lacks the attribute."""
    made = Plain(value)
    del made.value
    return made


MAKERS = [Plain, Slotted, Computed, Found, lambda _: Inherited(), with_dict, without, lambda value: value]


def asked(source):
    if source.value is None:
        return "none"
    return source.value


def negated(source):
    found = []
    if source.value is not None:
        found.append(source.value)
    return found, source.value


def twice(source):
    return source.value is source.value, source.value


def chained(source):
    while source.value is not None and source.value is not source:
        if source.value == "third":
            break
        source = source.value
    return source


def handled(source):
    try:
        if source.value is not None:
            return source.value
    except AttributeError as error:
        return str(error)
    return "none"


FUNCTIONS = [asked, negated, twice, chained, handled]


def outcome(function, make, value):
    """What a call comes to, with what it did to its argument."""
    source = make(value)
    try:
        result = function(source)
    except AttributeError as error:
        result = str(error), error.__traceback__.tb_next.tb_lineno
    if type(result) in (Plain, Slotted, Computed, Found, Inherited):
        result = type(result)
    return repr(result), getattr(source, "loads", None), sorted(getattr(source, "__dict__", {}))


@pytest.mark.parametrize("first", range(len(MAKERS)))
@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_python_code_computes_is_loaded_each_time(function, first):
    copy = types.FunctionType(function.__code__.replace(), globals())
    compiled = stepwell.jit(copy, baseline=False)
    order = MAKERS[first:] + MAKERS[:first]
    for _ in range(3):
        for make in order:
            for value in (None, 7, "text"):
                assert outcome(compiled, make, value) == outcome(function, make, value), make
    assert not stepwell.stats(compiled)["interpreted_because"]


def test_no_reference_is_lost_or_kept():
    value = object()
    sources = [Plain(value), Slotted(value), with_dict(value)]
    compiled = [
        stepwell.jit(types.FunctionType(function.__code__.replace(), globals()), baseline=False)
        for function in FUNCTIONS
        if function is not chained
    ]
    before = sys.getrefcount(value)
    for _ in range(200):
        for function in compiled:
            for source in sources:
                function(source)
    assert sys.getrefcount(value) == before


def test_an_object_that_ends_in_between_can_change_it():
    class Ending:
        def __init__(self, other):
            self.other = other

        def __del__(self):
            self.other.value = "changed"

    def matched(source, make):
        match make(source):
            case [_] | Ending() if source.value is None:
                return "none"
            case int():
                return 1
        return source.value

    copy = types.FunctionType(matched.__code__.replace(), globals(), closure=matched.__closure__)
    compiled = stepwell.jit(copy, baseline=False)
    for _ in range(50):
        for value in (5, None):
            assert compiled(Plain(value), Ending) == matched(Plain(value), Ending)
