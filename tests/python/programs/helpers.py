"""Small functions called by others: they are computed where they are called, and nobody can tell."""

import math
import sys


@jit
def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


@jit
def row(n, i):
    s = 0.0
    for j in range(n):
        s += element(i, j)
    return s


def clamp(x, low, high):
    if x < low:
        return low
    if x > high:
        return high
    return x


@jit
def clamped(xs):
    s = 0
    for i in range(len(xs)):
        s += clamp(xs[i], 2, 7)
    return s


@jit
def reciprocal(n):
    return 100 // (n - 3)


@jit
def reciprocals(n):
    s = 0
    for i in range(n):
        s += reciprocal(i)
    return s


@jit
def caught(n):
    s = 0
    for i in range(n):
        try:
            s += reciprocal(i)
        except ZeroDivisionError:
            s += 1000
    return s


def cube(x):
    return x * x * x


@jit
def cubes(n):
    s = 1
    for i in range(n):
        s += cube(s)
    return s


def inner(x):
    return x * 0.5 + SHIFT


def outer(x):
    return math.sqrt(inner(x) * inner(x + 1.0))


@jit
def nested(n):
    s = 0.0
    for i in range(n):
        s += outer(i * 1.0)
    return s


SHIFT = 0.25


def late(x):
    if x > 2:
        y = x
    return y + 1


@jit
def lates(start):
    s = 0
    for i in range(start, 5):
        s += late(i)
    return s


def chosen(x):
    return x + 1


@jit
def choose(n):
    s = 0
    for i in range(n):
        s += chosen(i)
    return s


def rebound(function):
    global chosen
    before, chosen = chosen, function
    try:
        return choose(4)
    finally:
        chosen = before


def recoded():
    code = chosen.__code__
    chosen.__code__ = (lambda x: x * 100).__code__
    try:
        return choose(4)
    finally:
        chosen.__code__ = code


def unshifted(value):
    global SHIFT
    before, SHIFT = SHIFT, value
    try:
        return nested(3)
    finally:
        SHIFT = before


@jit
def joined(a, b):
    return pair(a, b) + pair(b, a)


def pair(a, b):
    return a + b


def watched():
    seen = []
    sys.setprofile(lambda frame, event, argument: seen.append((frame.f_code.co_name, event)))
    try:
        choose(2)
    finally:
        sys.setprofile(None)
    return [event for event in seen if event[0] == "chosen"]


CALLS = [
    "row(10, 3)",
    "row(10, 3.5)",
    "row(3, -1)",
    "row(3, 2**62)",
    "clamped([1, 5, 9, 2**70])",
    "clamped([1.5, 5.5, 9.5])",
    "clamped(['a'])",
    "reciprocals(3)",
    "reciprocals(6)",
    "caught(6)",
    "cubes(4)",
    "cubes(7)",
    "nested(5)",
    "unshifted(4.5)",
    "unshifted('a')",
    "nested(5)",
    "lates(3)",
    "lates(1)",
    "choose(5)",
    "recoded()",
    "choose(5)",
    "rebound(lambda x: x - 1)",
    "rebound(len)",
    "choose(5)",
    "joined(1, 2)",
    "joined('a', 'b')",
    "joined([1], [2])",
    "watched()",
]
