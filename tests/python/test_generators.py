"""Generators, coroutines and asynchronous generators: compiled steps, and the interpreter's objects around them."""

from __future__ import annotations

import asyncio
import inspect
import sys
import traceback
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import pytest
import stepwell


@stepwell.jit
def count(n: int) -> Generator[int, Any, int]:
    for i in range(n):
        yield i
    return n


@stepwell.jit
def walk(tree: Any) -> Iterator[int]:
    if tree is not None:
        yield from walk(tree[0])
        yield tree[1]
        yield from walk(tree[2])


def balanced(low: int, high: int) -> Any:
    if low >= high:
        return None
    middle = (low + high) // 2
    return balanced(low, middle), middle, balanced(middle + 1, high)


def steps(function: Any) -> int:
    return stepwell.stats(function)["compiled_calls"]


def test_a_chain_of_yield_from_gives_all_items_in_order() -> None:
    assert list(walk(balanced(0, 200))) == list(range(200))


def test_only_the_end_of_a_chain_takes_a_step() -> None:
    @stepwell.jit
    def relay(depth: int) -> Iterator[int]:
        if depth:
            yield from relay(depth - 1)
        else:
            yield 1
            yield 2

    chain = relay(50)
    assert next(chain) == 1
    before = steps(relay)
    assert next(chain) == 2
    assert steps(relay) - before == 1


def test_whoever_looks_sees_all_frames_of_a_chain() -> None:
    names: list[list[str]] = []

    @stepwell.jit
    def inner() -> Iterator[int]:
        for i in range(3):
            names.append([frame.name for frame in traceback.extract_stack()[-3:]])
            yield i

    @stepwell.jit
    def middle() -> Iterator[int]:
        yield from inner()

    @stepwell.jit
    def outer() -> Iterator[int]:
        yield from middle()

    assert list(outer()) == [0, 1, 2]
    assert names == [["outer", "middle", "inner"]] * 3


def test_an_exception_passes_through_a_chain_and_its_handlers() -> None:
    @stepwell.jit
    def fails() -> Iterator[int]:
        yield 1
        raise KeyError("deep")

    @stepwell.jit
    def passes() -> Iterator[int]:
        yield from fails()

    @stepwell.jit
    def catches() -> Iterator[Any]:
        try:
            yield from passes()
        except KeyError as error:
            yield [frame.name for frame in traceback.extract_tb(error.__traceback__)]

    assert list(catches()) == [1, ["catches", "passes", "fails"]]


def test_the_value_of_a_receiver_is_that_of_yield_from() -> None:
    @stepwell.jit
    def both() -> Generator[int, Any, Any]:
        first = yield from count(2)
        second = yield from count(3)
        return first, second

    generator, items = both(), []
    with pytest.raises(StopIteration) as stopped:
        while True:
            items.append(generator.send(None))
    assert items == [0, 1, 0, 1, 2]
    assert stopped.value.value == (2, 3)


def test_throw_into_a_chain_ends_the_receiver_and_the_rest_goes_on() -> None:
    @stepwell.jit
    def guarded() -> Iterator[Any]:
        try:
            yield from count(5)
        except ValueError as error:
            yield error.args
        yield from count(1)

    generator = guarded()
    assert [next(generator), next(generator), generator.throw(ValueError(9))] == [0, 1, (9,)]
    assert list(generator) == [0]


def test_a_chain_that_runs_is_already_executing() -> None:
    def build() -> Iterator[int]:
        @stepwell.jit
        def inner() -> Iterator[int]:
            yield 1
            yield next(generator)

        @stepwell.jit
        def outer() -> Iterator[int]:
            yield from inner()

        generator = outer()
        return generator

    generator = build()
    assert next(generator) == 1
    with pytest.raises(ValueError, match="generator already executing"):
        next(generator)


def test_an_interpreted_loop_runs_compiled_steps() -> None:
    def consume() -> int:
        return sum(1 for _ in count(100))

    def loop() -> int:
        total = 0
        for item in count(100):
            total += item
        return total

    consume(), loop()
    before = steps(count)
    for _ in range(20):
        assert loop() == 4950
        assert consume() == 100
    assert steps(count) - before == 2 * 20 * 101


@stepwell.jit
async def ticks(n: int) -> AsyncIterator[Any]:
    for i in range(n):
        await asyncio.sleep(0)
        got = yield i
        if got is not None:
            yield "got", got


def test_asynchronous_generators_take_compiled_steps() -> None:
    async def consume() -> list[Any]:
        return [item async for item in ticks(3)]

    before = steps(ticks)
    assert asyncio.run(consume()) == [0, 1, 2]
    assert steps(ticks) - before == 7


def test_asend_athrow_aclose() -> None:
    @stepwell.jit
    async def program() -> list[Any]:
        agen: Any = ticks(4)
        seen = [await agen.asend(None), await agen.asend("x"), await agen.__anext__()]
        try:
            await agen.athrow(LookupError("no"))
        except LookupError as error:
            seen.append(error.args)
        try:
            await agen.__anext__()
        except StopAsyncIteration:
            seen.append("over")
        other: Any = ticks(1)
        await other.__anext__()
        await other.aclose()
        seen.append(other.ag_frame)
        return seen

    assert asyncio.run(program()) == [0, ("got", "x"), 1, ("no",), "over", None]


def test_an_asynchronous_generator_that_runs_refuses_another_step() -> None:
    agen: Any = ticks(2)
    first, second = agen.__anext__(), agen.__anext__()
    first.send(None)
    assert agen.ag_running
    with pytest.raises(RuntimeError, match="asynchronous generator is already running"):
        second.send(None)
    with pytest.raises(StopIteration) as stopped:
        first.send(None)
    assert stopped.value.value == 0
    with pytest.raises(RuntimeError, match="cannot reuse already awaited"):
        first.send(None)


def test_generators_are_made_as_the_interpreter_makes_them() -> None:
    cell = object()

    @stepwell.jit
    def free(first: Any, second: Any) -> Iterator[Any]:
        """Uses a free variable."""
        third = second
        yield first, third, cell

    generator: Any = free(1, 2)
    assert inspect.getgeneratorstate(generator) == "GEN_CREATED"
    assert inspect.getgeneratorlocals(generator) == {"first": 1, "second": 2, "cell": cell}
    assert generator.gi_code is free.__code__
    assert generator.__qualname__ == free.__qualname__
    assert list(generator) == [(1, 2, cell)]
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        free(1)  # type: ignore[call-arg]


def test_making_a_generator_gives_all_references_back() -> None:
    mark = object()

    @stepwell.jit
    def keep(value: object) -> Iterator[object]:
        yield value

    for _ in keep(mark):
        pass
    before = sys.getrefcount(mark)
    made = [keep(mark) for _ in range(100)]
    for generator in made[:50]:
        next(generator)
    assert sys.getrefcount(mark) >= before + 100
    del made, generator
    assert sys.getrefcount(mark) == before


@stepwell.jit
def remainders(n: int, divisor: int) -> Iterator[int]:
    for i in range(n):
        yield i % divisor


@stepwell.jit
def sum_of_remainders(n: int, divisor: int) -> int:
    total = 0
    for item in remainders(n, divisor):
        total += item
    return total


def test_a_generator_that_divides_runs_inside_its_loop() -> None:
    assert sum_of_remainders(100, 7) == sum(i % 7 for i in range(100))
    assert "state.adopt" in stepwell.dump_ir(sum_of_remainders, "typed")
    with pytest.raises(ZeroDivisionError) as caught:
        sum_of_remainders(3, 0)
    assert [entry.name for entry in caught.traceback] == [
        "test_a_generator_that_divides_runs_inside_its_loop",
        "sum_of_remainders",
        "remainders",
    ]


@stepwell.jit
def keep_odd(items: Iterator[int]) -> Iterator[int]:
    for item in items:
        if item % 2 == 1:
            yield item


@stepwell.jit
def squares(items: Iterator[int]) -> Iterator[int]:
    for item in items:
        yield item * item


@stepwell.jit
def numbers_below(n: int) -> Iterator[int]:
    i = 0
    while i < n:
        yield i
        i += 1


@stepwell.jit
def sum_of_a_pipeline(n: int) -> int:
    total = 0
    for item in squares(keep_odd(numbers_below(n))):
        total += item
    return total


def test_a_pipeline_runs_inside_its_loop() -> None:
    for _ in range(40):
        assert sum_of_a_pipeline(1000) == sum(n * n for n in range(1, 1000, 2))
    for function in (squares, keep_odd, numbers_below):
        assert stepwell.stats(function)["compiled_calls"] < 5000, "it takes steps"


@stepwell.jit
async def next_number(n: int) -> int:
    return n + 1


@stepwell.jit
async def two_numbers(n: int) -> int:
    return await next_number(n) + await next_number(n + 1)


@stepwell.jit
async def all_numbers(n: int) -> int:
    total = 0
    for i in range(n):
        total += await two_numbers(i)
        if i % 100 == 0:
            await asyncio.sleep(0)
    return total


def test_coroutines_that_wait_for_nothing_are_computed_where_they_are_awaited() -> None:
    for _ in range(4):
        assert asyncio.run(all_numbers(2000)) == sum(2 * i + 3 for i in range(2000))
    for function in (next_number, two_numbers):
        assert stepwell.stats(function)["compiled_calls"] == 0
    assert stepwell.stats(all_numbers)["compiled_calls"] == 4 * 21


@stepwell.jit
def fibonacci(n: int) -> Iterator[int]:
    a, b = 0, 1
    while a < n:
        received = yield a
        a, b = b, a + b + (received or 0)


def test_numbers_are_native_in_steps() -> None:
    """Between the steps they are objects, which are unboxed again."""
    for _ in range(3):
        numbers = fibonacci(2**90)
        assert [next(numbers) for _ in range(90)][-1] == 1779979416004714189
        assert list(numbers)[-1] == 1066340417491710595814572169
    text = stepwell.dump_ir(numbers_below, "typed", args=(int,))
    assert "num.add" in text and "py.unbox" in text


@stepwell.jit
def of_builtins(n: int) -> Iterator[Any]:
    yield divmod(n, 3)
    for i in range(2):
        yield abs(i - n)
        yield max(i, n), divmod(i, 2)


def test_every_suspension_can_be_resumed() -> None:
    """What is known of globals is known behind a suspension, too."""
    for _ in range(3):
        assert list(of_builtins(7)) == [(2, 1), 7, (7, (0, 0)), 6, (7, (0, 1))]
    (dispatch,) = [line for line in stepwell.dump_ir(of_builtins, "state").splitlines() if "state.dispatch" in line]
    assert dispatch.count("^") == 4
    assert stepwell.stats(of_builtins)["exits"] == []
