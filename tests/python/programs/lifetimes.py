"""When objects die, and what a frame shows of itself."""

import sys


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("gone", self.name)


@jit
def rebinding():
    x = Loud("first")
    print("one")
    x = Loud("second")
    print("two")
    del x
    print("three")


@jit
def temporary():
    print(Loud("temporary").name)
    print("after")


@jit
def parameters(a, b):
    a = None
    print("a is dropped")
    return "end"


@jit
def in_loop(n):
    for i in range(n):
        loud = Loud(i)
    print("loop is over")


@jit
def dropped_by_failure():
    x = Loud("x")
    return x.missing + Loud("y").name


@jit
def held_by_traceback():
    kept = Tracked("kept")
    try:
        kept.missing
    except AttributeError as error:
        local = error.__traceback__.tb_frame.f_locals
        return sorted(local)


@jit
def frame_of_the_caller(x):
    y = x + 1
    return look()


def look():
    frame = sys._getframe(1)
    return frame.f_code.co_name, sorted(frame.f_locals.items()), frame.f_lineno - frame.f_code.co_firstlineno


@jit
def tracked_arguments(a, b):
    c = [a, b]
    d = {"k": c}
    return d


@jit
def tracked_failures(a):
    b = [a, Tracked("inner")]
    return b[5]


@jit
def tracked_swaps(a, b, n):
    for _ in range(n):
        a, b = b, [a]
        a, b = b[0], a
    return a


def counts_of(function):
    """How many references a call leaves behind."""
    things = [object() for _ in range(3)]
    before = [sys.getrefcount(thing) for thing in things]
    try:
        function(*things)
    except Exception:
        pass
    return [sys.getrefcount(thing) - count for thing, count in zip(things, before)]


@jit
def use_all(a, b, c):
    x = a
    y = [b, b]
    z = (c, y)
    if a is b:
        return x
    x = z
    return str(x)[:1]


@jit
def use_and_fail(a, b, c):
    x = [a, b]
    for item in x:
        y = item
    return x[2] + c


@jit
def use_in_closure(a, b, c):
    def inner():
        return a, b

    return len(inner()) + len([c for _ in range(3)])


@jit
def counted_by_callee():
    x = y = Tracked()
    return sys.getrefcount(x), sys.getrefcount(y), sys.getrefcount([])


CALLS = [
    "rebinding()",
    "temporary()",
    "(lambda a, b: parameters(a, b))(Loud('a'), Loud('b'))",
    "in_loop(3)",
    "dropped_by_failure()",
    "held_by_traceback()",
    "frame_of_the_caller(1)",
    "frame_of_the_caller(1.5)",
    "tracked_arguments(Tracked(), Tracked())",
    "tracked_failures(Tracked())",
    "tracked_swaps(Tracked('a'), Tracked('b'), 3)",
    "counts_of(use_all)",
    "counts_of(use_and_fail)",
    "counts_of(use_in_closure)",
    "counted_by_callee()",
]
