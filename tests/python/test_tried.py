"""Functions without a frame that store attributes, compare, compute and take items: what they cannot do is done by the
interpreter, from that very instruction."""

import gc
import sys
import weakref

import pytest

import stepwell

CALLS = 300


class Node:
    def __init__(self, value, following=None):
        self.value = value
        self.following = following


class Slotted:
    __slots__ = ("a", "b", "__weakref__")


class Loud:
    """An object whose end is heard, by whom it may concern."""

    heard = []

    def __init__(self, name):
        self.name = name

    def __del__(self):
        frame = sys._getframe(1)
        Loud.heard.append((self.name, frame.f_code.co_name, frame.f_lineno))


def swap(node, other):
    first, second = node.following, other.following
    node.following = second
    other.following = first


def begin(made, a, b):
    made.a = a
    made.b = b


def replace(node, value):
    node.value = value
    node.following = None


def keep(node, value):
    old = node.value
    node.value = value
    return old


def take(container, key):
    item = container[key]
    return item


def compute(node, x):
    total = node.value + x
    node.value = total
    return total


def smaller(node, x):
    if node.value < x:
        return "less"
    return node.value == x


def is_set(node):
    if node.value:
        return True
    return not node.value


def outcome(function, *args):
    try:
        return "result", function(*args)
    except Exception as error:
        lines = []
        traceback = error.__traceback__.tb_next
        while traceback:
            lines.append((traceback.tb_frame.f_code.co_name, traceback.tb_lineno))
            traceback = traceback.tb_next
        return type(error), str(error), lines


def compiled(plain, *warm):
    """The function, compiled for such arguments, and without a frame."""
    function = stepwell.jit(type(plain)(plain.__code__.replace(), globals()))
    for _ in range(CALLS):
        for make in warm:
            function(*make())
    return function


def same(plain, warm, *others):
    """Calls with other arguments than those that it was compiled for, each often enough to have it compiled anew."""
    for times in (1, 3, CALLS):
        function = compiled(plain, warm)
        for make in others:
            for _ in range(times):
                expected, wanted = make(), make()
                assert outcome(function, *expected) == outcome(plain, *wanted)
                for mine, theirs in zip(expected, wanted):
                    assert getattr(mine, "__dict__", None) == getattr(theirs, "__dict__", None)
        assert outcome(function, *warm())[0] == "result"
        assert stepwell.stats(function)["interpreted_calls"] == 0


class Odd:
    """Compares, adds and is true in its own way."""

    def __init__(self, answer):
        self.answer = answer

    def __eq__(self, other):
        return self.answer if not isinstance(other, Odd) else self.answer == other.answer

    def __lt__(self, other):
        return self.answer

    def __add__(self, other):
        return self.answer

    def __bool__(self):
        if self.answer == "raise":
            raise LookupError("no truth")
        return bool(self.answer)

    def __hash__(self):
        return hash(self.answer)


class Property:
    def __init__(self):
        self.seen = []

    @property
    def value(self):
        return len(self.seen)

    @value.setter
    def value(self, new):
        self.seen.append(new)

    following = None


class Frozen:
    __slots__ = ()
    value = 1
    following = None


def test_results_and_errors_are_those_of_the_interpreter():
    node = lambda value: lambda: (Node(value), 3)
    same(replace, node(1), node("x"), node([1]), node((1, [2])), lambda: (Property(), 1), lambda: (Frozen(), 1), lambda: (7, 7))
    same(keep, node(1), node("x"), node([1]), lambda: (Property(), 1), lambda: (Frozen(), 1))
    same(compute, node(1), node(2**62), node("x"), node(1.5), node(Odd(4)), node(None), lambda: (Property(), 1))
    same(compute, lambda: (Node("a"), "b"), lambda: (Node(1), "b"), lambda: (Node("a"), Odd(1)), lambda: (Node([1]), [2]))
    same(smaller, node(1), node(5), node(2.5), node("x"), node(Odd(True)), node(Odd([])), node(None), node(2**70))
    same(smaller, lambda: (Node("a"), "a"), lambda: (Node("a"), 3), lambda: (Node(Odd(0)), "a"))
    truths = [lambda v=v: (Node(v),) for v in (0, "", "x", [], [1], (), {}, {1: 2}, None, 0.0, 2.5, 2**70, Odd("raise"), Odd(""), set(), 1j)]
    same(is_set, lambda: (Node(1),), *truths)


@pytest.mark.parametrize("warm", [lambda: ([1, 2, 3], 1), lambda: ({"a": 1}, "a"), lambda: ((1, "b"), -1)])
def test_items(warm):
    same(
        take,
        warm,
        lambda: ([1, 2, 3], 5),
        lambda: ([1, 2, 3], -4),
        lambda: ([1, [2]], True),
        lambda: ({"a": [1]}, "b"),
        lambda: ({1: 2, "a": 3}, "a"),
        lambda: ({Odd(1): 2}, 1),
        lambda: ({"a": 1}, [1]),
        lambda: ("text", 1),
        lambda: (None, 1),
        lambda: ([1, 2], 2**70),
        lambda: (type("L", (list,), {"__getitem__": lambda self, i: (i, "own")})([1]), 0),
        lambda: (type("D", (dict,), {"__missing__": lambda self, i: (i, "missing")})(a=1), "z"),
    )


class Guarded:
    """Stores its attributes in its own way."""

    def __init__(self, value):
        object.__setattr__(self, "value", value)

    def __setattr__(self, name, value):
        object.__setattr__(self, name, [value])


@pytest.mark.parametrize("plain", [keep, compute, replace])
def test_locals_are_there_where_a_store_leaves(plain):
    things = [[1], "a", 5, 2.5, (1, 2)]
    for value in things:
        function = compiled(plain, lambda: (Node(value), value))
        for times in range(40):
            mine, theirs = Guarded(value), Guarded(value)
            assert outcome(function, mine, value) == outcome(plain, theirs, value)
            assert mine.value == theirs.value


def test_links_are_exchanged():
    function = compiled(swap, lambda: (Node(1, Node(2)), Node(3)))
    a, b = Node(1, Node("x")), Node(2, Node("y"))
    x, y = a.following, b.following
    counts = sys.getrefcount(x), sys.getrefcount(y)
    for turn in range(1, 50):
        function(a, b)
        assert (a.following, b.following) == ((y, x) if turn % 2 else (x, y))
    assert (sys.getrefcount(x), sys.getrefcount(y)) == counts
    # The same node twice, and a ring.
    function(a, a)
    a.following = a
    function(a, b)
    assert b.following is a


def test_instances_are_begun():
    function = compiled(begin, lambda: (Slotted(), 1, "x"))
    made = Slotted()
    value = object()
    count = sys.getrefcount(value)
    function(made, value, value)
    assert made.a is made.b is value
    assert sys.getrefcount(value) == count + 2
    plain = Node.__new__(Node)
    for _ in range(CALLS):
        function(plain, 1, 2)
    assert list(vars(plain)) == ["a", "b"]
    again = Node.__new__(Node)
    again.b = 0
    function(again, 1, 2)
    assert list(vars(again).items()) == [("b", 2), ("a", 1)]


def test_the_end_of_an_object_is_heard_in_its_frame():
    plain = replace
    function = compiled(plain, lambda: (Node(1), 2))
    line = plain.__code__.co_firstlineno
    for target in (plain, function):
        Loud.heard.clear()
        node = Node(Loud("value"), Loud("following"))
        target(node, 2)
        assert Loud.heard == [("value", "replace", line + 1), ("following", "replace", line + 2)]


def test_a_local_lives_until_the_function_ends():
    function = compiled(keep, lambda: (Node(1), 2))
    for target in (keep, function):
        Loud.heard.clear()
        node = Node(Loud("value"))
        ended = []
        weakref.finalize(node.value, ended.append, 1)
        kept = target(node, 2)
        assert kept.name == "value" and not Loud.heard and not ended
        del kept
        gc.collect()
        assert [name for name, *_ in Loud.heard] == ["value"] and ended


def test_nothing_leaks():
    function = compiled(compute, lambda: (Node(1), 2))
    things = [Node("a"), "b" * 30, Node(2**80), Node([1]), [2]]
    cases = [(things[0], things[1]), (things[2], 1), (things[3], things[4])]
    for args in cases * 3:
        outcome(function, *args)
    before = [sys.getrefcount(thing) for thing in things]
    for args in cases * 50:
        outcome(function, *args)
    assert [sys.getrefcount(thing) for thing in things] == before


def equal_to(x, y):
    return (1 if x == y else 0), (1 if x != y else 0), x == y, x != y


def test_none_and_others_are_compared():
    function = compiled(equal_to, lambda: (1, 2))
    values = [None, 0, 1, 1.0, float("nan"), "", "a", 2**70, True, Odd(3), (), [None]]
    for x in values:
        for y in values:
            assert equal_to(x, y) == function(x, y), (x, y)
