"""Coroutines and asynchronous generators, under a loop of their own and under asyncio."""

import asyncio


class Ready:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        sent = yield ("waiting for", self.value)
        return self.value, sent


class Manager:
    async def __aenter__(self):
        print("enter")
        return await Ready("in")

    async def __aexit__(self, kind, error, traceback):
        print("exit", kind)
        await Ready("out")
        return kind is ValueError


class Counter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return await Ready(self.n)


@jit
async def simple(x):
    return x * 2


@jit
async def waits(x):
    a = await Ready(x)
    b = await simple(3)
    return a, b


@jit
async def fails(x):
    await Ready(x)
    return 1 / 0


@jit
async def catches(x):
    try:
        await fails(x)
    except ZeroDivisionError as error:
        await Ready("handler")
        return str(error)
    finally:
        print("finally")


@jit
async def manages(error):
    async with Manager() as value:
        if error:
            raise error
        return value
    return "suppressed"


@jit
async def iterates(n):
    total = []
    async for item in Counter(n):
        total.append(item)
    else:
        total.append("else")
    return total


@jit
async def produce(n):
    for i in range(n):
        sent = yield await Ready(i)
        if sent:
            print("sent", sent)


@jit
async def consume(n):
    return [item async for item in produce(n)], [item async for item in produce(2) if item[0]]


@jit
async def awaits_nonsense():
    await 5


@jit
async def workers(n):
    queue = asyncio.Queue()
    done = []

    @jit
    async def worker(name):
        while True:
            item = await queue.get()
            if item is None:
                return name
            await asyncio.sleep(0)
            done.append(item)

    for i in range(n):
        await queue.put(i)
    for _ in range(2):
        await queue.put(None)
    names = await asyncio.gather(worker("a"), worker("b"))
    return names, sorted(done)


@jit
async def timeout():
    try:
        async with asyncio.timeout(0.001):
            await asyncio.sleep(10)
    except TimeoutError:
        return "timed out"


def run(coroutine):
    out = []
    value = None
    while True:
        try:
            out.append(coroutine.send(value))
        except StopIteration as stop:
            return out, stop.value
        value = len(out)


CALLS = [
    "run(simple(2))",
    "run(simple('a'))",
    "run(waits(1))",
    "run(fails(1))",
    "run(catches(1))",
    "run(manages(None))",
    "run(manages(ValueError(1)))",
    "run(manages(KeyError(1)))",
    "run(iterates(3))",
    "run(consume(3))",
    "run(awaits_nonsense())",
    "asyncio.run(workers(10))",
    "asyncio.run(timeout())",
    "(c := waits(1), c.send(None), c.cr_await is not None, c.close())[1:]",
    "(c := waits(1), c.send(None), c.throw(ValueError(9)))",
]
