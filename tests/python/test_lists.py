"""`append` and `pop` of lists, and of what is one only nearly."""

import sys
import types

import pytest

import stepwell


def fill_and_empty(make, n):
    items = make()
    sizes = []
    for index in range(n):
        items.append(index)
        sizes.append(sys.getsizeof(items))
    popped = []
    while items:
        popped.append(items.pop())
        sizes.append(sys.getsizeof(items))
    return popped, sizes


def pop_too_often(items, n):
    for _ in range(n):
        items.pop()


def wrong_calls(items, n):
    found = []
    for arguments in ((), (1, 2)):
        try:
            items.append(*arguments)
        except TypeError as error:
            found.append(str(error))
    try:
        items.append()
    except TypeError as error:
        found.append(str(error))
    try:
        items.pop("x")
    except TypeError as error:
        found.append(str(error))
    return found, items.pop(0), items


def append_while_iterating(items, n):
    for item in items:
        if len(items) < n:
            items.append(item + 1)
    return items


def append_while_sorting(items, n):
    def key(item):
        items.append(item)
        return item

    try:
        items.sort(key=key)
    except ValueError as error:
        return str(error), items


class Loud(list):
    def append(self, item):
        super().append((item, "appended"))

    def pop(self, *arguments):
        return "popped", super().pop(*arguments)


class Quiet(list):
    pass


PLAIN = [fill_and_empty, pop_too_often, wrong_calls, append_while_iterating, append_while_sorting]


@pytest.mark.parametrize("plain", PLAIN)
def test_same_as_the_interpreter(plain):
    function = stepwell.jit(types.FunctionType(plain.__code__.replace(), globals()))

    def outcome(of, kind, n):
        made = kind if plain is fill_and_empty else kind([3, 1, 2])
        try:
            return repr(of(made, n)), repr(made)
        except Exception as error:
            return type(error), str(error)

    for n in [3, 40, 0, 1] * 30:
        for kind in [list, Loud, Quiet, bytearray]:
            assert outcome(function, kind, n) == outcome(plain, kind, n), (kind, n)
    assert stepwell.stats(function)["interpreted_calls"] == 0


def test_references_are_counted():
    @stepwell.jit
    def turn(items, item):
        items.append(item)
        return items.pop()

    item, items = object(), [1, 2, 3]
    for _ in range(300):
        turn(items, item)
    before = sys.getrefcount(item)
    for _ in range(300):
        assert turn(items, item) is item
    assert sys.getrefcount(item) == before and items == [1, 2, 3]
