"""Generators and coroutines whose last statement delegates end with their receiver, as they do interpreted."""

import asyncio
import sys

import pytest
import stepwell

SOURCE = '''
import sys, types, weakref

class Ending:
    """Says when it ends."""
    def __init__(self, name, log):
        self.name, self.log = name, log
    def __del__(self):
        self.log.append(self.name)

def last(n, log):
    if n:
        yield n
        yield from last(n - 1, log)

def both(n, log):
    if n:
        yield from both(n - 1, log)
        yield n
        yield from both(n - 2 if n > 1 else 0, log)

def passed(n, log):
    if not n:
        return Ending("result", log)
    local = Ending(f"local {n}", log)
    yield n
    return (yield from passed(n - 1, log))

def dropped(n, log):
    local = Ending(f"local {n}", log)
    yield n
    if n:
        yield from dropped(n - 1, log)
    else:
        yield from passed(2, log)

def watched(n, log):
    def receiver():
        yield n
        return Ending("returned", log)
    made = receiver()
    watch = weakref.ref(made, lambda _: log.append("receiver"))
    log.append(watch)
    local = Ending("local", log)
    handed = [made]
    del made
    yield from handed.pop()

def protected(n, log):
    try:
        yield from last(n, log)
    finally:
        log.append("finally")

def entered(n, log):
    class Manager:
        def __enter__(self):
            log.append("enter")
        def __exit__(self, *given):
            log.append("exit")
    with Manager():
        yield from last(n, log)

def handling(n, log):
    try:
        raise KeyError(n)
    except KeyError:
        yield from last(n, log)
        log.append(repr(sys.exception()))
        yield from last(n, log)

def looped(n, log):
    for i in range(n):
        yield i
        if i == 2:
            return (yield from last(n, log))

def failing(n, log):
    if not n:
        raise ValueError("at the end")
    yield n
    yield from failing(n - 1, log)

def iterators(n, log):
    yield from range(n)
    yield from last(n, log)
    yield from [n, n + 1]

def consume(made, log):
    result = yield from made
    log.append(getattr(result, "name", result))

def collect(made, items, log):
    for item in made:
        items.append((item, len(log)))

@types.coroutine
def pause():
    got = yield "pause"
    return got

async def waiting(n, log):
    local = Ending(f"local {n}", log)
    if n:
        return await waiting(n - 1, log)
    return await pause()

async def dropping(n, log):
    if n:
        await dropping(n - 1, log)
    else:
        await pause()
'''

NAMES = ["last", "both", "passed", "dropped", "watched", "protected", "entered", "handling", "looped", "failing", "iterators"]


def program(compiled):
    namespace = {"__name__": "program"}
    exec(compile(SOURCE, "program.py", "exec"), namespace)
    if compiled:
        for name in [*NAMES, "consume", "collect", "waiting", "dropping", "pause"]:
            namespace[name] = stepwell.jit(namespace[name], baseline=False)
    return namespace


def outcome(namespace, name, n):
    """The items, the result or exception with its lines, and what ended when."""
    items, log = [], []
    try:
        namespace["collect"](namespace["consume"](namespace[name](n, log), log), items, log)
    except ValueError as error:
        lines, entry = [], error.__traceback__.tb_next
        while entry:
            lines.append(entry.tb_lineno)
            entry = entry.tb_next
        log.append((str(error), lines))
    return items, [entry if isinstance(entry, (str, tuple)) else type(entry) for entry in log]


@pytest.mark.parametrize("name", NAMES)
def test_as_interpreted(name):
    interpreted, compiled = program(False), program(True)
    if name in ("last", "both"):
        adder = stepwell.jit(lambda items: sum(item for item in items))
        assert adder(compiled[name](6, [])) == sum(interpreted[name](6, []))
    for _ in range(20):
        for n in (0, 1, 2, 5):
            assert outcome(compiled, name, n) == outcome(interpreted, name, n)


@pytest.mark.parametrize("name", ["waiting", "dropping"])
def test_coroutines(name):
    def run(namespace, n):
        log = []
        coroutine = namespace[name](n, log)
        seen = [coroutine.send(None)]
        try:
            coroutine.send("sent")
        except StopIteration as end:
            seen.append(end.value)
        return seen, log, coroutine.cr_frame

    interpreted, compiled = program(False), program(True)
    for _ in range(20):
        for n in (0, 1, 4):
            assert run(compiled, n) == run(interpreted, n)


def test_a_frame_that_somebody_holds():
    def run(namespace):
        generator = namespace["last"](2, [])
        frame = generator.gi_frame
        items = list(generator)
        return items, frame.f_lineno, generator.gi_frame, dict(frame.f_locals)

    interpreted, compiled = program(False), program(True)
    for _ in range(10):
        assert run(compiled) == run(interpreted)


def test_depth_is_given_back():
    def depth(n):
        try:
            return depth(n + 1)
        except RecursionError:
            return n

    compiled = program(True)
    before = depth(0)
    for _ in range(300):
        list(compiled["both"](6, []))
    assert depth(0) == before


def test_a_tracer_sees_the_ends():
    def run(namespace):
        events = []

        def trace(frame, event, argument):
            if frame.f_code.co_name == "last":
                events.append((event, frame.f_lineno, argument if event == "return" else None))
            return trace

        generator = namespace["last"](4, [])
        items = [next(generator), next(generator)]
        sys.settrace(trace)
        try:
            items.extend(generator)
        finally:
            sys.settrace(None)
        return items, events

    interpreted, compiled = program(False), program(True)
    for _ in range(5):
        assert run(compiled) == run(interpreted)


def test_under_asyncio():
    async def main():
        async def sleeping(n):
            if n:
                return await sleeping(n - 1)
            return await asyncio.sleep(0, "done")

        stepwell.jit(sleeping)
        return await asyncio.gather(*(sleeping(n) for n in range(20)))

    assert asyncio.run(main()) == ["done"] * 20
