"""The items of an iteration are the objects that it yielded, also where they are computed with as machine numbers."""

import sys
import types

import pytest
import stepwell


def numbers(count, seen):
    """Looks at the caller's locals between two items."""
    for index in range(count):
        found = sys._getframe(1).f_locals
        seen.append((found.get("item", "unbound"), found.get("total"), found.get("item") is last(seen)))
        made = index * 1_000_003 + 10**6
        seen.append(made)
        yield made


def last(seen):
    return seen[-1] if seen and isinstance(seen[-1], int) else None


def total_of(count, seen):
    total = 0
    for item in numbers(count, seen):
        total += item ^ 3
    return total, item


def nested(count, seen):
    total = 0
    for _ in range(3):
        for item in numbers(count, seen):
            if item % 2:
                continue
            total += item - 1
    return total, item


def deleted(count, seen):
    total = 0
    for item in numbers(count, seen):
        total += item | 1
        if item % 3 == 0:
            del item
    return total


def assigned(count, seen):
    total = 0
    for item in numbers(count, seen):
        total += item
        item = total
    return total, item


@pytest.mark.parametrize("function", [total_of, nested, deleted, assigned])
def test_who_looks_sees_the_items(function):
    compiled = stepwell.jit(types.FunctionType(function.__code__.replace(), globals()))
    stepwell.jit(numbers)
    for _ in range(12):
        for count in (40, 1, 300):
            expected, seen = [], []
            assert compiled(count, seen) == function(count, expected)
            assert seen == expected


def test_no_reference_is_lost_or_kept():
    made = [10**6 + index for index in range(200)]

    def items():
        yield from made

    def summed():
        total = 0
        for item in items():
            total += item & 7
        return total, item

    compiled = stepwell.jit(summed)
    stepwell.jit(items)
    before = [sys.getrefcount(item) for item in made]
    for _ in range(60):
        total, item = compiled()
        assert total == sum(item & 7 for item in made)
        assert item == made[-1]
        del item
    assert [sys.getrefcount(item) for item in made] == before
