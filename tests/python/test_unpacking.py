"""Sequences that are taken apart: their items are guessed to be what they were, and checked."""

import sys
import types

import pytest
import stepwell
from differential import fresh, outcome


def exits(function):
    return sum(row["count"] for row in stepwell.stats(function)["exits"])


def compare(plain, *lists):
    function = stepwell.jit(fresh(plain))
    for arguments in lists:
        for _ in range(3):
            assert outcome(function, *arguments) == outcome(plain, *arguments)
    return function


def total(rows):
    s = 0
    for x, y in rows:
        s += x * y
    return s


def by_index(rows):
    s = 0.0
    for i in range(len(rows)):
        p, v, m = rows[i]
        for j in range(len(p)):
            s += p[j] * v[j] + m
    return s


def moved(rows):
    for p, v, m in rows:
        p[0] += v[0] * m
        p[1] -= v[1] * m
    return rows


def kept(rows):
    found = []
    for x, y in rows:
        if x < y:
            found.append(x)
            found.append((y, x))
    return found


def one(row):
    x, y = row
    return x + y


def nested(rows):
    s = 0
    for i, (x, y) in enumerate(rows):
        s += i * x - y
    return s


def zipped(rows):
    s = 0
    for (a, b), (c, d) in zip(rows, rows[1:]):
        s += a * d - b * c
    return s


def by_constant(rows):
    s = 0
    for row in rows:
        s += row[0] * row[-1]
    return s


def handled(rows):
    n = 0
    for row in rows:
        try:
            x, y = row
            n += 10 // (x - y)
        except (ValueError, TypeError, ZeroDivisionError) as error:
            n += len(str(error))
    return n


INTS = [(1, 2), (3, 4), (-5, 6)]
MIXED = [(1, 2.5), (3, 4.5), (-5, 6.0)]
ODD = [
    [],
    [(1, 2), (3,)],
    [(1, 2), (3, 4, 5)],
    [(1, 2), [3, 4]],
    [(1, 2), "ab"],
    [(1, 2), (2**70, 1)],
    [(1, 2), (True, 3)],
    [(1, 2), (None, 3)],
    [(1.5, 2), (float("nan"), 3)],
    [(1, 2), 7],
    [(1, 2), {3: 4, 5: 6}],
    [(4611686018427387904, 4611686018427387904)] * 3,
]


@pytest.mark.parametrize("plain", [total, kept, nested, zipped, by_constant, handled])
@pytest.mark.parametrize("first", [INTS, MIXED, *ODD])
def test_items_that_are_not_what_was_guessed(plain, first):
    compare(plain, (INTS,), (first,), (MIXED,))
    compare(plain, (first,), (INTS,), (MIXED,), (first,))
    for other in ODD:
        compare(plain, (first,), (other,))


@pytest.mark.parametrize("first", [INTS, MIXED])
def test_what_was_guessed_does_not_leave(first):
    for plain in (total, kept, nested, zipped, by_constant):
        assert exits(compare(plain, (first,))) == 0


def bodies():
    return [([1.0, 2.0], [0.5, 0.25], 3.0), ([4.0, 5.0], [0.125, 0.5], 2.0)]


def test_lists_in_tuples():
    assert exits(compare(by_index, (bodies(),))) == 0
    function = stepwell.jit(fresh(moved))
    mine, theirs = bodies(), bodies()
    for _ in range(3):
        assert repr(function(mine)) == repr(moved(theirs))
    assert exits(function) == 0
    text = stepwell.dump_ir(function, "typed")
    assert "py.write_item" in text and "py.binary" not in text


class Pair(tuple):
    def __iter__(self):
        return iter((7, 8))


@pytest.mark.parametrize("first", [(1, 2), (1, 2.5), [1, 2], Pair((1, 2))])
def test_one_sequence(first):
    for second in ((1, 2), (3, "x"), (1,), "ab", Pair((1, 2)), None, (2**64, 1)):
        function = stepwell.jit(fresh(one))
        for value in (first, first, second, first):
            assert outcome(function, value) == outcome(one, value)


def test_no_reference_is_kept():
    rows = [([1.0, 2.0], [0.5, 0.25], 3.0)]
    function = stepwell.jit(fresh(moved))
    before = [sys.getrefcount(value) for value in (rows, rows[0], rows[0][0])]
    for _ in range(50):
        function(rows)
    assert [sys.getrefcount(value) for value in (rows, rows[0], rows[0][0])] == before


def shaped(a):
    n, m = a.shape
    s = 0
    for i in range(n):
        for j in range(m):
            s += i * m + j
    return s, n, m


def shaped_twice(a, b):
    src, dst = a, b
    for _ in range(3):
        n, m = src.shape
        for i in range(n):
            for j in range(m):
                dst[i, j] = src[i, j] + 1
        src, dst = dst, src
    return src[n // 2, m // 2]


def one_too_many(a):
    n, m, k = a.shape
    return n + m + k


def test_the_shape_of_an_array():
    numpy = pytest.importorskip("numpy")
    assert exits(compare(shaped, (numpy.zeros((3, 5)),), (numpy.zeros((3, 5), "int32")[:, ::2],))) == 0
    compare(shaped, (numpy.zeros((3, 5)),), (numpy.zeros(3),), (None,), (types.SimpleNamespace(shape=(2, 3)),))
    compare(one_too_many, (numpy.zeros((3, 5)),), (numpy.zeros((3, 5, 7)),), (numpy.zeros(1),))
    function = stepwell.jit(fresh(shaped_twice))
    for shape in ((4, 4), (3, 6), (4, 4)):
        mine, theirs = (function_of(numpy.zeros(shape), numpy.ones(shape)) for function_of in (function, shaped_twice))
        assert mine == theirs
