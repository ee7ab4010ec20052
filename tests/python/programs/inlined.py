"""Generators consumed where they are made: their bodies become part of the loops, and nobody can tell."""

import sys
import traceback


@jit
def count(n):
    i = 0
    while i < n:
        yield i
        i += 1


@jit
def fibs(n):
    a, b = 0, 1
    for _ in range(n):
        yield a
        a, b = b, a + b


@jit
def odd(items):
    for item in items:
        if item % 2:
            yield item


@jit
def square(items):
    for item in items:
        yield item * item


@jit
def quotients(n, start):
    for i in range(n):
        yield 100 // (start - i)


@jit
def halves(x):
    while x > 0.001:
        yield x
        x = x / 2


@jit
def late(n):
    for i in range(n):
        if i > 0:
            before = last
        last = i * 10
        yield last
        if i > 2:
            before = before + 1


@jit
def unbound(n):
    for i in range(n):
        if i == 3:
            missing = missing + i
        yield i


@jit
def until(n, stop):
    for i in range(n):
        if i == stop:
            return
        yield i


@jit
def nothing(n):
    if n < 0:
        yield n


@jit
def twice(n):
    for i in range(n):
        yield i
        yield -i


@jit
def noisy(n):
    for i in range(n):
        print("making", i)
        yield i


@jit
def total(n):
    result = 0
    for item in count(n):
        result += item
    return result, item


@jit
def total_fibs(n):
    result = 0
    for item in fibs(n):
        result += item
    return result


@jit
def pipeline(n):
    result = 0
    for item in square(odd(count(n))):
        result += item
    return result


@jit
def in_a_function(n, f):
    results = []
    for item in square(odd(count(n))):
        results.append(f(item))
    return results


@jit
def divided(n, start):
    result = []
    for item in quotients(n, start):
        result.append(item)
    else:
        result.append("else")
    return result


@jit
def caught(n, start):
    result = 0
    try:
        for item in quotients(n, start):
            result += item
    except ZeroDivisionError as error:
        return result, item, [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    finally:
        print("finally", result)
    return result


@jit
def broken(n, at):
    result = 0
    for item in count(n):
        if item == at:
            break
        if item % 3 == 0:
            continue
        result += item
    else:
        result = -result
    return result, item


@jit
def both(n):
    result = 0
    for x in count(n):
        for y in count(x):
            result += x * y
    for z in fibs(n):
        result += z
    return result


@jit
def real(x):
    result = 0.0
    for item in halves(x):
        result += item
    return result


@jit
def of_late(n):
    result = 0
    for item in late(n):
        result += item
    return result


@jit
def of_unbound(n):
    result = 0
    for item in unbound(n):
        result += item
    return result


@jit
def of_until(n, stop):
    result = []
    for item in until(n, stop):
        result.append(item)
    return result


@jit
def of_nothing(n):
    for item in nothing(n):
        print(item)
    return "none"


@jit
def of_twice(n):
    result = 0
    for item in twice(n):
        result += item * item
    return result


@jit
def of_noisy(n):
    result = 0
    for item in noisy(n):
        result += item
    return result


@jit
def held(n):
    generator = count(n)
    for item in generator:
        if item == 3:
            break
    return next(generator, "end"), list(generator)


@jit
def observed(n):
    for item in count(n):
        print([frame.f_code.co_name for frame in frames()][:3], sorted(sys._getframe().f_locals))


def frames():
    frame = sys._getframe(1)
    while frame:
        yield frame
        frame = frame.f_back


@jit
def raising(n):
    for item in square(count(n)):
        if item > 10:
            raise ValueError(item)


@jit
def adds(n, x):
    for item in count(n):
        x = x + item
    return x


@jit
def shared(n):
    generator = count(n)
    result = 0
    for item in square(generator):
        result += item
        if item > 8:
            result += next(generator)
    return result


@jit
def again(n, change):
    result = 0
    for item in chosen(n):
        result += item
    if change:
        globals()["chosen"] = fibs
    return result


chosen = count

BIG = 1 << 40
CALLS = [
    "[total(n) for n in (1, 5, 100)]",
    "total(0)",
    "total(5.5)",
    "total(True)",
    "total('x')",
    "[total_fibs(n) for n in (0, 1, 10, 90, 100, 150)]",
    "[pipeline(n) for n in (0, 1, 10, 1000)]",
    "in_a_function(9, str)",
    "in_a_function(9, lambda x: 1 // (x - 25))",
    "divided(4, 9)",
    "divided(9, 4)",
    "caught(9, 4)",
    "caught(4, 9)",
    "[broken(10, at) for at in (0, 1, 7, 20)]",
    "both(8), both(0), both(100)",
    "real(5.0), real(0.0), real(3)",
    "[of_late(n) for n in (0, 1, 2, 3, 4, 9)]",
    "of_unbound(3)",
    "of_unbound(9)",
    "of_until(9, 4), of_until(3, 4), of_until(3, 0)",
    "of_nothing(3)",
    "of_nothing(-3)",
    "of_twice(20)",
    "of_noisy(3)",
    "held(6), held(2)",
    "observed(2)",
    "raising(9)",
    "adds(4, 1), adds(4, 1.5), adds(4, True), adds(4, (1 << 63) - 4), adds(5, 1 << 70)",
    "adds(4, 'x')",
    "shared(9)",
    "again(10, False), again(10, True), again(10, True)",
    "total(BIG >> 30), total_fibs(200)",
]
