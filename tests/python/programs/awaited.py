"""Coroutines that are awaited where they are made: some are computed there, some cannot be."""

import asyncio
import sys


def run(coroutine):
    """The result of a coroutine that waits for nothing, and how often it was suspended."""
    count = 0
    while True:
        try:
            coroutine.send(None)
        except StopIteration as stop:
            return stop.value, count
        count += 1


class Pause:
    def __await__(self):
        yield


@jit
async def inc(x):
    return x + 1


@jit
async def twice(x):
    return await inc(x) + await inc(x + 1)


@jit
async def tree(x):
    return await twice(x) * 2 + await twice(x + 1) - await inc(x)


@jit
async def total(n):
    result = 0
    for i in range(n):
        result += await tree(i)
    return result


@jit
async def total_with_pauses(n):
    result = 0
    for i in range(n):
        result += await tree(i)
        if i % 3 == 0:
            await Pause()
    return result, i


@jit
async def pauses(x):
    await Pause()
    return x * 2


@jit
async def mixed(n):
    result = 0.5
    for i in range(n):
        result += await pauses(i)
        result *= await inc(i)
    return result


@jit
async def divides(x, y):
    return x // y


@jit
async def caught(x, y):
    try:
        return await divides(x, y)
    except ZeroDivisionError as error:
        return "caught", str(error), len(error.__traceback__.tb_next.tb_frame.f_code.co_name)
    finally:
        x = await inc(x if isinstance(x, int) else 0)


@jit
async def uncaught(x, y):
    a = await inc(x)
    return a + await divides(x, y)


@jit
async def sign(x):
    if x > 0:
        return 1
    if x < 0:
        return -1
    return 0


@jit
async def signs(*values):
    return [await sign(value) for value in values]


@jit
async def sum_of_signs(n):
    result = 0
    for i in range(-n, n + 2):
        result += await sign(i)
    return result


@jit
async def with_default(x, step=3):
    return x + step


@jit
async def defaults(n):
    result = 0
    for i in range(n):
        result += await with_default(i)
        result -= await with_default(i, 1)
        result *= await with_default(2, step=-1)
    return result


@jit
async def recursive(n):
    return 0 if n <= 0 else 1 + await recursive(n - 1)


@jit
async def noisy(x):
    print("noisy", x)
    return x


@jit
async def order(n):
    result = 0
    for i in range(n):
        result = await inc(result) * await noisy(i) + await inc(i)
    return result


@jit
async def seen_from_inside():
    return sys._getframe().f_code.co_name, sys._getframe(1).f_code.co_name


@jit
async def look(n):
    return [(await inc(i), await seen_from_inside()) for i in range(n)]


@jit
async def kept(n):
    made = [inc(i) for i in range(n)]
    one = inc(5)
    first = await one
    try:
        await one
    except RuntimeError as error:
        first = first, str(error)
    return first, [await coroutine for coroutine in made]


async def other(x):
    return x + 100


@jit
def rebound(n):
    global inc
    results = [run(total(n))]
    old, inc = inc, other
    try:
        results.append(run(total(n)))
        results.append(run(twice(n)))
    finally:
        inc = old
    return results + [run(total(n))]


@jit
async def wrong():
    return await inc("x")


@jit
async def not_awaitable(x):
    return await (await inc(x))


@jit
async def gathered(n):
    return await asyncio.gather(*[total_with_pauses(n) for _ in range(3)])


CALLS = [
    "run(inc(1)), run(twice(2)), run(tree(3)), run(tree(2.5)), run(tree(True))",
    "run(total(10)), run(total(0)), run(total(300))",
    "run(tree(2 ** 62)), run(tree(2 ** 63 - 3)), run(tree(2 ** 63 - 2)), run(tree(-(2 ** 63))), run(tree(10 ** 30))",
    "run(tree('x'))",
    "run(tree(None))",
    "run(total_with_pauses(10)), run(total_with_pauses(1))",
    "run(total_with_pauses(0))",
    "run(mixed(10))",
    "run(caught(7, 2)), run(caught(7, 0)), run(caught(7.5, 2)), run(caught(1, 0.0))",
    "run(caught('a', 1))",
    "run(uncaught(7, 2)), run(uncaught(2 ** 63 - 1, 2))",
    "run(uncaught(7, 0))",
    "run(signs(1, -1, 0, 2.5, -0.0, True))",
    "run(signs('a'))",
    "run(sum_of_signs(20))",
    "run(defaults(6))",
    "run(recursive(50)), run(recursive(0))",
    "run(order(6))",
    "run(look(3))",
    "run(kept(4))",
    "rebound(5)",
    "run(wrong())",
    "run(not_awaitable(1))",
    "asyncio.run(gathered(30))",
]
