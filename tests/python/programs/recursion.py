"""Functions that call themselves on numbers, and functions that call nothing."""

import sys
import threading


@jit
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


@jit
def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


@jit
def power(n, product):
    if n == 0:
        return product
    return power(n - 1, product * 3)


@jit
def divided(n, d):
    if n == 0:
        return 100 // d
    k = n - 1
    x = divided(
        k,
        d,
    )
    return x + n


@jit
def floats(n, x):
    if n == 0:
        return x
    return floats(n - 1, x * 1.5) / x + floats(n - 1, 0.0)


@jit
def tak(x, y, z):
    if y < x:
        return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))
    return z


@jit
def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


@jit
def flip(n, b):
    if n == 0:
        return b
    return flip(n - 1, not b)


@jit
def gcd(a, b):
    n = a
    a = b
    if b == 0:
        return n
    b = n % b
    return gcd(a, b)


@jit
def defaulted(n, step=1):
    if n <= 0:
        return n
    return defaulted(n - step)


def original(n):
    if n == 0:
        return 0
    return replaced(n - 1) + 1


@jit
def replaced(n):
    if n == 0:
        return 0
    return replaced(n - 1) + 1


def rebind():
    global replaced
    kept = replaced
    replaced = lambda n: n * 1000
    try:
        return kept(3)
    finally:
        replaced = kept


def change_code():
    kept = replaced.__code__
    replaced.__code__ = (lambda n: -n).__code__
    try:
        return replaced(3)
    finally:
        replaced.__code__ = kept


def other_globals():
    copy = type(replaced)(replaced.__code__, {"replaced": lambda n: n * 77})
    return copy(3), replaced(3)


def levels(function, *args):
    """The frames of the traceback, with their locals."""
    try:
        return function(*args)
    except Exception as error:
        rows = []
        step = error.__traceback__.tb_next
        while step:
            frame = step.tb_frame
            back = frame.f_back.f_code.co_name
            rows.append((frame.f_code.co_name, step.tb_lineno, sorted(frame.f_locals.items()), back))
            step = step.tb_next
        return type(error).__name__, str(error), len(rows), rows[:4], rows[-4:]


def limited(limit, function, *args):
    old = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        return levels(function, *args)
    finally:
        sys.setrecursionlimit(old)


def in_thread(function, *args):
    results = []
    thread = threading.Thread(target=lambda: results.append(function(*args)))
    thread.start()
    thread.join()
    return results


@jit
def nothing():
    pass


@jit
def same(a):
    return a


@jit
def add(a, b=2):
    return a + b


@jit
def divide(a, b):
    c = a + 1
    return c // b


CALLS = [
    "[fib(n) for n in (0, 1, 15, True, -3)]",
    "fib(6.0)",
    "fib('x')",
    "[down(n) for n in (0, 7, 300)]",
    "down(-1)",
    "levels(down, 10**5)",
    "limited(600, down, 560)",
    "limited(10**5, down, 20_000)",
    "[power(n, 1) for n in (0, 10, 39, 40, 41, 60)]",
    "power(5, 2**70), power(5, 2.0)",
    "[divided(n, 5) for n in range(4)]",
    "levels(divided, 3, 0)",
    "levels(divided, 40, 0)",
    "levels(divided, 3, 0.0)",
    "[floats(n, 1.0) for n in range(4)]",
    "levels(floats, 3, 0.0)",
    "tak(8, 4, 2), tak(8, 4, 2.0)",
    "ackermann(2, 3), ackermann(1, 40)",
    "[flip(n, b) for n in range(3) for b in (True, False)]",
    "flip(3, 5)",
    "gcd(48, 18), gcd(2**63 - 1, 3), gcd(2**63, 3), gcd(5, 0.0)",
    "defaulted(5), defaulted(5, 2), defaulted(-1)",
    "replaced(3), rebind(), replaced(3)",
    "replaced(3), change_code(), replaced(3)",
    "other_globals()",
    "in_thread(fib, 12), in_thread(down, 200)",
    "(lambda x: same(x) is x)(10**10), (lambda x: same(x) is x)('text')",
    "nothing(), same(None), add(1), add(1, 5), add(1.5), add('a', 'b'), add(2**63 - 1, 1)",
    "levels(add, 'a', 1)",
    "levels(divide, 5, 0)",
    "levels(divide, 5, 0.0)",
    "levels(divide, 2**63 - 1, 0)",
    "nothing(1)",
    "add()",
    "same(Tracked('argument'))",
]
