"""Generators, coroutines and asynchronous generators as objects: what a compiled one shows is what an interpreted one shows.

Each scenario gets a decorator and tells what it saw. It sees the same with `stepwell.jit` as with none.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import inspect
import sys
import types
import warnings
import weakref
from collections import abc
from collections.abc import Callable
from typing import Any

import pytest
import stepwell

Jit = Callable[[Any], Any]
Scenario = Callable[[Jit], Any]

SCENARIOS: list[Scenario] = []


def scenario(function: Scenario) -> Scenario:
    SCENARIOS.append(function)
    return function


def outcome(action: Callable[[], Any]) -> Any:
    """The result, or the exception with its context and the functions it passed through."""
    try:
        return action()
    except BaseException as error:
        names, entry = [], error.__traceback__
        while entry is not None:
            names.append((entry.tb_frame.f_code.co_name, entry.tb_lineno))
            entry = entry.tb_next
        return type(error).__name__, error.args, repr(error.__cause__), repr(error.__context__), names[2:]


@scenario
def states_of_a_generator(jit: Jit) -> Any:
    seen: list[Any] = []

    @jit
    def generator(n: int) -> Any:
        local = n + 1
        seen.append((inspect.getgeneratorstate(g), g.gi_running, g.gi_suspended, g.gi_yieldfrom))
        got = yield local
        yield got

    def look() -> Any:
        state = inspect.getgeneratorstate(g), g.gi_running, g.gi_suspended, g.gi_yieldfrom, g.gi_frame is None
        line = g.gi_frame and (g.gi_frame.f_lineno, g.gi_frame.f_lasti, g.gi_frame.f_back)
        known = inspect.getgeneratorlocals(g)
        return state, line, sorted(known), known.get("local"), known.get("got"), g.gi_code.co_name

    g = generator(4)
    seen.append(look())
    seen.append((next(g), look(), g.send("x"), look(), outcome(lambda: next(g)), look()))
    return seen


@scenario
def states_of_a_coroutine(jit: Jit) -> Any:
    @types.coroutine
    def pause() -> Any:
        return (yield "paused")

    @jit
    async def inner() -> Any:
        return await pause()

    @jit
    async def outer() -> Any:
        return [await inner()]

    def look() -> Any:
        awaited = type(c.cr_await).__name__, getattr(c.cr_await, "__name__", None)
        return inspect.getcoroutinestate(c), c.cr_running, c.cr_suspended, awaited, sorted(inspect.getcoroutinelocals(c))

    c = outer()
    seen = [look(), c.send(None), look(), c.cr_await.cr_await.gi_frame.f_back, c.cr_origin]
    return [*seen, outcome(lambda: c.send(5)), look(), outcome(lambda: c.send(None))]


@scenario
def states_of_an_asynchronous_generator(jit: Jit) -> Any:
    @jit
    async def agen() -> Any:
        yield 1
        yield 2

    a = agen()
    look = lambda: (inspect.getasyncgenstate(a), a.ag_running, a.ag_suspended, a.ag_await, a.ag_frame is None)  # noqa: E731
    seen = [look(), outcome(lambda: a.asend(None).send(None)), look(), outcome(lambda: a.aclose().send(None)), look()]
    return [*seen, outcome(lambda: a.__anext__().send(None)), a.ag_code.co_name]


@scenario
def names(jit: Jit) -> Any:
    @jit
    def g() -> Any:
        yield

    @jit
    async def c() -> None: ...

    @jit
    async def a() -> Any:
        yield

    g.__name__, g.__qualname__ = "renamed", "quite.renamed"
    seen = []
    for function in (g, c, a):
        made = function()
        seen.append((made.__name__, made.__qualname__, repr(made).split(" at ")[0], type(made).__name__))
        made.__name__ = "again"
        made.__qualname__ = "x.again"
        seen.append((made.__name__, repr(made).split(" at ")[0], outcome(lambda: setattr(made, "__name__", 1))))  # noqa: B023
        if inspect.iscoroutine(made):
            made.close()
    return seen


@scenario
def kinds(jit: Jit) -> Any:
    @jit
    def g() -> Any:
        yield

    @jit
    async def c() -> None: ...

    @jit
    async def a() -> Any:
        yield

    classes = [types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType, abc.Generator, abc.Iterator]
    classes += [abc.Coroutine, abc.Awaitable, abc.AsyncGenerator, abc.AsyncIterator]
    made = [g(), c(), a()]
    made[1].close()
    told = [inspect.isgeneratorfunction(g), inspect.iscoroutinefunction(c), inspect.isasyncgenfunction(a)]
    return told, [[isinstance(one, cls) for cls in classes] for one in made]


@scenario
def throw_and_close_meet_handlers(jit: Jit) -> Any:
    seen: list[Any] = []

    class Manager:
        def __enter__(self) -> None:
            seen.append("enter")

        def __exit__(self, kind: Any, *rest: Any) -> bool:
            seen.append(("exit", kind))
            return kind is KeyError

    @jit
    def g() -> Any:
        try:
            with Manager():
                seen.append((yield 1))
                yield 2
            yield "swallowed"
        except ValueError as error:
            seen.append(("caught", error.args, sys.exc_info()[0]))
            yield sys.exception() is error
        finally:
            seen.append("finally")
            yield "from finally"
        return "end"

    for error in (ValueError(1), KeyError(2), LookupError(3)):
        one = g()
        seen.append((next(one), one.send("sent"), outcome(lambda: one.throw(error))))  # noqa: B023
        seen.append([outcome(lambda: next(one)) for _ in range(3)])  # noqa: B023
    one = g()
    next(one)
    seen.append(outcome(one.close))
    one = g()
    seen.append((outcome(lambda: one.throw(ValueError)), one.gi_frame, outcome(lambda: one.send(None))))
    one = g()
    seen.append((outcome(lambda: one.send(1)), one.close(), outcome(lambda: next(one))))
    return seen


@scenario
def close_returns_what_the_generator_returns(jit: Jit) -> Any:
    @jit
    def g() -> Any:
        try:
            yield 1
        except GeneratorExit:
            return "value"

    @jit
    def ignores() -> Any:
        try:
            yield 1
        except GeneratorExit:
            yield 2

    one, other = g(), ignores()
    next(one), next(other)
    return one.close(), one.close(), outcome(other.close)


@scenario
def delegation(jit: Jit) -> Any:
    class Receiver:
        def __init__(self) -> None:
            self.calls: list[Any] = []

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> str:
            return self.send(None)

        def send(self, value: Any) -> str:
            self.calls.append(("send", value))
            if value == "stop":
                raise StopIteration("stopped")
            return f"got {value}"

        def throw(self, *error: Any) -> str:
            self.calls.append(("throw", error[0]))
            if error[0] is KeyError:
                raise StopIteration("by throw")
            return "thrown"

        def close(self) -> None:
            self.calls.append("close")

    def plain() -> Any:
        got = yield "plain"
        return got

    @jit
    def compiled() -> Any:
        got = yield "compiled"
        return got

    @jit
    def g(target: Any) -> Any:
        return ((yield from target), "back")

    seen: list[Any] = []
    for make in (plain, compiled, lambda: iter([1, 2]), lambda: "ab", Receiver, lambda: map(abs, [-1]), lambda: 5):
        one = g(make())
        seen.append([outcome(lambda: next(one)), type(one.gi_yieldfrom).__name__])  # noqa: B023
        seen.append([outcome(lambda: one.send(value)) for value in (None, "x", "stop")])  # noqa: B023
    for error in (KeyError, ValueError, GeneratorExit):
        receiver = Receiver()
        one = g(receiver)
        next(one)
        seen.append((outcome(lambda: one.throw(error)), receiver.calls))  # noqa: B023
    receiver = Receiver()
    one = g(receiver)
    next(one)
    one.close()
    return seen, receiver.calls


@scenario
def chains_resumed_in_the_middle(jit: Jit) -> Any:
    @jit
    def leaf() -> Any:
        for i in range(9):
            try:
                yield i
            except KeyError:
                yield "key"

    @jit
    def middle() -> Any:
        yield from kept[0]
        return "middle"

    @jit
    def outer() -> Any:
        got = yield from kept[1]
        yield got

    kept: list[Any] = [leaf()]
    kept.append(middle())
    chain = outer()
    seen = [next(chain), next(kept[0]), next(chain), next(kept[1]), next(chain)]
    seen += [chain.throw(KeyError), next(chain), kept[1].throw(KeyError), chain.send(None), kept[0].close()]
    return [*seen, outcome(lambda: next(chain)), outcome(lambda: next(chain)), kept[1].gi_frame]


@scenario
def a_chain_handles_exceptions_and_shows_its_frames(jit: Jit) -> Any:
    seen: list[Any] = []

    @jit
    def leaf() -> Any:
        for _ in range(3):
            frame, lines = sys._getframe(), []
            while frame.f_code.co_name != "a_chain_handles_exceptions_and_shows_its_frames":
                lines.append((frame.f_code.co_name, frame.f_lineno))
                frame = frame.f_back
            seen.append((lines, repr(sys.exception()), chain.gi_running, chain.gi_yieldfrom))
            yield

    @jit
    def middle() -> Any:
        try:
            raise ValueError("handled")
        except ValueError:
            yield from leaf()

    @jit
    def outer() -> Any:
        yield from middle()

    chain = outer()
    seen.append(list(chain))
    return seen, sys.exception()


@scenario
def already_executing(jit: Jit) -> Any:
    @jit
    def g() -> Any:
        yield outcome(lambda: next(one))
        yield outcome(lambda: one.send(1))
        yield outcome(lambda: one.throw(KeyError))
        yield outcome(one.close)

    @jit
    def outer() -> Any:
        yield from g()

    one = g()
    seen = list(one)
    one = outer()
    return seen, list(one)


@scenario
def a_stop_iteration_inside_is_an_error(jit: Jit) -> Any:
    @jit
    def g(error: Any) -> Any:
        yield 1
        raise error

    @jit
    async def c(error: Any) -> Any:
        raise error

    @jit
    async def a(error: Any) -> Any:
        yield 1
        raise error

    seen = []
    for error in (StopIteration(1), StopAsyncIteration(2), GeneratorExit()):
        one, other = g(error), a(error)
        next(one)
        outcome(lambda: other.__anext__().send(None))  # noqa: B023
        seen.append((outcome(lambda: next(one)), outcome(lambda: c(error).send(None))))  # noqa: B023
        seen.append(outcome(lambda: other.__anext__().send(None)))  # noqa: B023
    return seen


@scenario
def coroutines_never_awaited(jit: Jit) -> Any:
    @jit
    async def forgotten(n: int) -> int:
        return n

    seen = []
    for depth in (0, 1, 3):
        sys.set_coroutine_origin_tracking_depth(depth)
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                one = forgotten(1)
                seen.append(one.cr_origin and [entry[2] for entry in one.cr_origin])
                del one
                forgotten(2).close()
                gc.collect()
        finally:
            sys.set_coroutine_origin_tracking_depth(0)
        seen.append([(warning.category, str(warning.message).splitlines()[0]) for warning in caught])
    return seen


@scenario
def awaiting_twice(jit: Jit) -> Any:
    @types.coroutine
    def pause() -> Any:
        yield "paused"

    @jit
    async def inner() -> Any:
        await pause()
        return 1

    @jit
    async def outer(target: Any) -> Any:
        return await target

    shared = inner()
    first, second = outer(shared), outer(shared)
    seen = [first.send(None), outcome(lambda: second.send(None)), outcome(lambda: first.send(None))]
    third = outer(shared)
    return [*seen, outcome(lambda: third.send(None)), outcome(lambda: outer(5).send(None))]


@scenario
def coroutines_based_on_generators(jit: Jit) -> Any:
    @types.coroutine
    @jit
    def based() -> Any:
        got = yield "based"
        return got

    @jit
    async def awaits() -> Any:
        return await based()

    @types.coroutine
    @jit
    def delegates() -> Any:
        return (yield from awaits())

    @jit
    def may_not() -> Any:
        coroutine = awaits()
        try:
            yield from coroutine
        finally:
            coroutine.close()

    seen: list[Any] = []
    for one in (awaits(), delegates()):
        seen.append((one.send(None), outcome(lambda: one.send("x"))))  # noqa: B023
    wrapper = awaits().__await__()
    return seen, next(wrapper), outcome(lambda: wrapper.send(3)), outcome(lambda: next(may_not()))


@scenario
def finalisers_and_weak_references(jit: Jit) -> Any:
    seen: list[Any] = []

    @jit
    def g(name: str) -> Any:
        try:
            yield 1
        finally:
            seen.append((name, "finalised"))

    @jit
    def relay(name: str) -> Any:
        yield from g(name)

    for make in (g, relay):
        one = make(make.__name__)
        reference = weakref.ref(one, lambda _: seen.append("gone"))
        next(one)
        del one
        seen.append(reference())
        kept = [make("cycle")]
        kept.append(kept)  # type: ignore[arg-type]
        next(kept[0])
        del kept
        gc.collect()
        finished = make("finished")
        reference = weakref.ref(finished, lambda _: seen.append("gone"))
        list(finished)
        del finished
        seen.append(reference())
    return seen


@scenario
def a_generator_in_a_cycle_is_collected(jit: Jit) -> Any:
    class Node: ...

    @jit
    def g(node: Any) -> Any:
        node.generator = sys._getframe()
        yield node
        yield node

    node = Node()
    reference = weakref.ref(node)
    one = g(node)
    next(one)
    node.self = one  # type: ignore[attr-defined]
    referents = [type(referent).__name__ for referent in gc.get_referents(one)]
    del node, one
    gc.collect()
    return reference(), sorted(referents)


@scenario
def hooks_of_asynchronous_generators(jit: Jit) -> Any:
    seen: list[Any] = []

    @jit
    async def a(name: str) -> Any:
        try:
            yield 1
            yield 2
        finally:
            seen.append((name, "ends"))

    def first(agen: Any) -> None:
        seen.append(("first", agen.__name__))

    def last(agen: Any) -> None:
        seen.append(("last", agen.__name__, inspect.getasyncgenstate(agen)))
        outcome(lambda: agen.aclose().send(None))

    old = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(first, last)
    try:
        for take in (1, 3):
            one = a(str(take))
            seen.append([outcome(lambda: one.__anext__().send(None)) for _ in range(take)])  # noqa: B023
            del one
    finally:
        sys.set_asyncgen_hooks(*old)
    return seen


@scenario
def asynchronous_generators_under_asyncio(jit: Jit) -> Any:
    seen: list[Any] = []

    @jit
    async def a(n: int) -> Any:
        try:
            for i in range(n):
                await asyncio.sleep(0)
                got = yield i
                seen.append(got)
        except KeyError as error:
            yield "caught", error.args
        finally:
            await asyncio.sleep(0)
            seen.append("closed")

    @jit
    async def consume() -> Any:
        one = a(3)
        seen.append([await one.asend(None), await one.asend("x"), await one.athrow(KeyError(1))])
        seen.append([item async for item in one])
        other = a(5)
        async for item in other:
            if item == 2:
                break
        await other.aclose()
        last = a(1)
        await anext(last)
        left = a(5)
        await anext(left)
        return await anext(last, "default")

    return asyncio.run(consume()), seen


@scenario
def context_variables(jit: Jit) -> Any:
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=0)

    @jit
    def g() -> Any:
        for i in range(3):
            variable.set(variable.get() + i)
            yield variable.get()

    @jit
    async def task(n: int) -> Any:
        variable.set(n)
        await asyncio.sleep(0)
        return variable.get()

    @jit
    async def main() -> Any:
        return await asyncio.gather(*[task(n) for n in range(5)]), variable.get()

    context = contextvars.copy_context()
    one = g()
    return context.run(next, one), next(one), context.run(next, one), variable.get(), asyncio.run(main())


@scenario
def cells_defaults_and_keywords(jit: Jit) -> Any:
    @jit
    def g(a: Any, b: int = 2, *, c: int = 3) -> Any:
        total = a
        add = lambda n: total + n + b  # noqa: E731
        yield add(c)
        total = 100
        yield add(c)

    @jit
    def collects(*args: Any, **names: Any) -> Any:
        yield args, names

    made = [g(1), g(1, 5), g(1, c=9), g(b=7, a=1), collects(1, 2, x=3), collects()]
    return [list(one) for one in made], outcome(lambda: g()), outcome(lambda: g(1, 2, 3))


@scenario
def consumers(jit: Jit) -> Any:
    @jit
    def g(n: int) -> Any:
        for i in range(n):
            yield i * i % 7
        return "ignored"

    @jit
    def use() -> Any:
        first, *rest = g(4)
        a, b, c = g(3)
        pairs = dict(zip(g(3), g(3), strict=True))
        found = any(item > 3 for item in g(5)), all(item < 3 for item in g(5)), 4 in g(4)
        folded = sum(g(9)), max(g(9)), sorted(g(9)), ",".join(str(item) for item in g(3))
        return first, rest, a, b, c, pairs, found, folded, [*g(2), *g(3)], set(g(9)), tuple(g(2))

    return use(), use(), outcome(lambda: tuple.__new__(tuple, g(2))), [pair for pair in enumerate(g(3))]


@scenario
def deep_recursion(jit: Jit) -> Any:
    @jit
    def nested(depth: int) -> Any:
        if depth:
            yield from nested(depth - 1)
        yield depth

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 150)
    try:
        chain = nested(5000)
        error = outcome(lambda: next(chain))
        return error[:2], list(nested(60)), chain.gi_frame
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize("seen", SCENARIOS, ids=lambda function: function.__name__)
def test_a_compiled_one_shows_what_an_interpreted_one_shows(seen: Scenario) -> None:
    expected = seen(lambda function: function)
    for _ in range(3):
        assert seen(stepwell.jit) == expected


def test_the_graph_of_states_shows_every_suspension() -> None:
    @stepwell.jit
    def g(n: int) -> Any:
        total = 0
        for i in range(n):
            total += i
            yield total
        yield from range(total)

    list(g(3))
    text, graph = stepwell.dump_ir(g, "state"), stepwell.states(g)
    assert text.count("state.suspend") == 2
    assert "state.dispatch" in text and "state.yield" not in text
    assert "total" in str(graph)


def test_dropping_many_suspended_ones_gives_their_memory_back() -> None:
    @stepwell.jit
    def g(n: int) -> Any:
        local = [n]
        yield local
        yield n

    @types.coroutine
    def pause() -> Any:
        yield

    @stepwell.jit
    async def c(n: int) -> Any:
        local = [n]
        await pause()
        return local

    def rounds(count: int) -> None:
        made = [g(n) for n in range(count)]
        waiting = [c(n) for n in range(count)]
        for one in made:
            next(one)
        for one in waiting:
            one.send(None)
        for one in made[::2]:
            list(one)
        del made
        for one in waiting:
            one.close()

    rounds(1000)
    rounds(50_000)
    blocks = sys.getallocatedblocks()
    rounds(50_000)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 2_000


@types.coroutine
def pause() -> Any:
    yield


def suspended(jit: Jit) -> dict[str, Callable[[], Any]]:
    """Makers of objects that have begun and wait."""

    @jit
    def totals(start: int) -> Any:
        total = start
        while True:
            total += start
            yield total

    @jit
    def relay(start: int) -> Any:
        yield from totals(start)

    @jit
    async def waits(start: int) -> Any:
        await pause()
        return start

    @jit
    async def awaits(start: int) -> Any:
        return await waits(start) + start

    def twice(made: Any) -> Any:
        next(made)
        next(made)
        return made

    def sent(made: Any) -> Any:
        made.send(None)
        return made

    return {
        "generator": lambda: twice(totals(1000)),
        "chain": lambda: twice(relay(1000)),
        "coroutine": lambda: sent(awaits(1000)),
        "unused": lambda: totals(1000),
    }


@pytest.mark.parametrize("kind", ["generator", "chain", "coroutine", "unused"])
def test_many_suspended_ones_take_what_interpreted_ones_take_and_give_it_back(kind: str) -> None:
    count = 20_000

    def measure(jit: Jit) -> tuple[int, int]:
        make = suspended(jit)[kind]
        for _ in range(1_000):
            make().close()
        gc.collect()
        before = sys.getallocatedblocks()
        made = [make() for _ in range(count)]
        taken = sys.getallocatedblocks() - before
        del made
        gc.collect()
        return taken, sys.getallocatedblocks() - before

    interpreted, _ = measure(lambda function: function)
    compiled, left = measure(stepwell.jit)
    assert compiled <= interpreted + count // 100
    assert left < count // 100
