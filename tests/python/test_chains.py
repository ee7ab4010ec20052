"""Chains of generators: what is left out of them, and what stays as it is between two items, cannot be seen.

Each scenario gets a decorator and tells what it saw. It sees the same with `stepwell.jit` as with none, before and after its
functions are compiled for what they meet.
"""

from __future__ import annotations

import inspect
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stepwell

Jit = Callable[[Any], Any]
Scenario = Callable[[Jit], Any]

SCENARIOS: list[Scenario] = []
#: So often is a consumer called until it is compiled for the items that it meets.
OFTEN = 400


def scenario(function: Scenario) -> Scenario:
    SCENARIOS.append(function)
    return function


def balanced(low: int, high: int) -> Any:
    if low >= high:
        return None
    middle = (low + high) // 2
    return balanced(low, middle), middle, balanced(middle + 1, high)


def outcome(action: Callable[[], Any]) -> Any:
    """The result, or the exception with the functions it passed through."""
    try:
        return action()
    except BaseException as error:
        names, entry = [], error.__traceback__
        while entry is not None:
            frame = entry.tb_frame
            names.append((frame.f_code.co_name, entry.tb_lineno - frame.f_code.co_firstlineno, entry.tb_lasti))
            entry = entry.tb_next
        return type(error).__name__, error.args, names[1:]


def chain_of(generator: Any) -> list[Any]:
    """What can be seen of a generator and of what it delegates to."""
    seen = []
    while inspect.isgenerator(generator):
        frame = generator.gi_frame
        below = frame and frame.f_back
        seen.append(
            (
                inspect.getgeneratorstate(generator),
                generator.gi_running,
                generator.gi_suspended,
                frame and (frame.f_lasti, below and below.f_code.co_name),
                {
                    name: value if isinstance(value, int | str) else type(value).__name__
                    for name, value in inspect.getgeneratorlocals(generator).items()
                },
            )
        )
        generator = generator.gi_yieldfrom
    return seen


def adder(jit: Jit) -> Any:
    """A consumer that runs no Python code between two items."""

    @jit
    def add_up(items: Any) -> Any:
        total = 0
        count = 0
        for item in items:
            total += item
            count += 1
        return total, count

    return add_up


def walker(jit: Jit) -> Any:
    @jit
    def walk(tree: Any) -> Iterator[Any]:
        if tree is not None:
            yield from walk(tree[0])
            yield tree[1]
            yield from walk(tree[2])

    return walk


@scenario
def every_item_once_and_in_order(jit: Jit) -> Any:
    walk, add_up = walker(jit), adder(jit)
    totals = [add_up(walk(balanced(0, n % 40))) for n in range(OFTEN)]
    return totals, list(walk(balanced(0, 30)))


@scenario
def what_ends_at_once_in_other_ways(jit: Jit) -> Any:
    class Tree:
        def __init__(self, children: Any, key: Any) -> None:
            self.children, self.key = children, key

        @jit
        def keys(self, depth: Any) -> Iterator[Any]:
            if not depth:
                return "none"
            yield self.key
            for child in self.children:
                result = yield from child.keys(depth - 1)
                yield result

    @jit
    def below(n: Any, limit: Any) -> Iterator[Any]:
        if n >= limit:
            return
        yield n
        for other in below(n * 2, limit):
            yield other
        for other in below(n * 2 + 1, limit):
            yield other

    class Odd:
        def __init__(self, n: int) -> None:
            self.n = n

        def __ge__(self, other: Any) -> bool:
            asked.append((self.n, sys._getframe(1).f_code.co_name, sys._getframe(1).f_locals["limit"]))
            return self.n >= other

        def __mul__(self, by: int) -> Any:
            return Odd(self.n * by)

        def __add__(self, by: int) -> Any:
            return Odd(self.n + by)

    asked: list[Any] = []
    tree = Tree([Tree([], 1), Tree([Tree([], 3)], 2)], 0)
    seen: list[Any] = []
    for depth in (0, 1, 2, 3, True, 2.0, "", None):
        seen.append(outcome(lambda depth=depth: list(tree.keys(depth))))
    for limit in (0, 1, 9, 9.5, 20):
        seen.append(outcome(lambda limit=limit: list(below(1, limit))))
    seen.append([odd.n for odd in below(Odd(1), 7)])
    seen.append(outcome(lambda: list(below(1, "x"))))
    return seen, asked


@scenario
def another_function_of_that_name(jit: Jit) -> Any:
    seen: list[Any] = []

    def make() -> Any:
        @jit
        def walk(tree: Any) -> Iterator[Any]:
            if tree is not None:
                yield from walk(tree[0])
                yield tree[1]
                yield from walk(tree[2])

        def rebind(other: Any) -> None:
            nonlocal walk
            walk = other

        return walk, rebind

    walk, rebind = make()
    tree = balanced(0, 5)
    seen.append(list(walk(tree)))
    rebind(lambda tree: [tree])
    seen.append(list(walk(tree)))
    rebind(lambda tree, more: None)
    seen.append(outcome(lambda: list(walk(tree))))
    rebind(None)
    seen.append(outcome(lambda: list(walk(tree))))
    return seen


@scenario
def frames_of_a_running_chain(jit: Jit) -> Any:
    seen: list[Any] = []
    add_up = adder(jit)

    @jit
    def relay(depth: int, outer: Any) -> Iterator[int]:
        if depth:
            yield from relay(depth - 1, outer)
            look()
            yield 100 + depth
        else:
            for item in range(3):
                look()
                yield item

    def look() -> None:
        if watched:
            frame, names = sys._getframe(1), []
            while frame.f_code.co_name in ("relay", "add_up"):
                known = {name: value for name, value in frame.f_locals.items() if isinstance(value, int)}
                names.append((frame.f_code.co_name, frame.f_lasti, known))
                frame = frame.f_back  # type: ignore[assignment]
            seen.append((names, frame.f_code.co_name, [state[:3] for state in chain_of(watched[0])]))

    watched: list[Any] = []
    for _ in range(OFTEN):
        add_up(relay(4, None))
    watched.append(relay(4, None))
    return add_up(watched[0]), seen


@scenario
def leaving_the_loop_suspends_the_chain(jit: Jit) -> Any:
    """The consumer is left in the middle of it: for a large sum, an item of another kind, an object."""
    seen: list[Any] = []
    walk, add_up = walker(jit), adder(jit)

    class Looks:
        def __radd__(self, other: Any) -> Any:
            seen.append((other, chain_of(chain)))
            return other

    for _ in range(OFTEN):
        add_up(walk(balanced(0, 20)))
    looks = ((None, 2**62, None), 2**62, ((None, 1, (None, Looks(), None)), 2, None))
    odd = ((None, 1, (None, 2.5, None)), True, ((None, Looks(), None), 3, None))
    for tree in (looks, odd, looks):
        chain = walk(tree)
        seen.append((outcome(lambda: add_up(chain)), chain_of(chain)))
    chain = walk(((None, 1, None), "x", (None, 2, None)))
    seen.append(outcome(lambda: add_up(chain)))
    seen.append((chain_of(chain), outcome(lambda: next(chain)), chain_of(chain), chain.close(), chain_of(chain)))
    return seen


@scenario
def exceptions_in_a_chain(jit: Jit) -> Any:
    seen: list[Any] = []
    add_up = adder(jit)

    @jit
    def relay(depth: int, fails: int) -> Iterator[int]:
        try:
            if depth:
                yield from relay(depth - 1, fails)
            yield depth
            yield 1 // (depth - fails)
        except ZeroDivisionError as error:
            yield 1000 + depth
            if depth % 2:
                raise ValueError(depth) from error
        finally:
            seen.append(depth)

    for _ in range(OFTEN):
        add_up(relay(3, -1))
    del seen[:]
    for fails in range(5):
        chain = relay(4, fails)
        seen.append((outcome(lambda: add_up(chain)), chain_of(chain)))
    return seen


@scenario
def consumers_in_generators(jit: Jit) -> Any:
    walk, add_up = walker(jit), adder(jit)

    @jit
    def sums(n: int) -> Iterator[int]:
        for size in range(n):
            total = 0
            for item in walk(balanced(0, size)):
                total += item
            yield total
        if n:
            yield from sums(n - 1)

    return [add_up(sums(n % 8)) for n in range(OFTEN)]


@scenario
def deep_chains(jit: Jit) -> Any:
    add_up = adder(jit)

    @jit
    def nested(depth: int) -> Iterator[int]:
        if depth < 0:
            return
        yield from nested(depth - 1)
        yield depth

    for _ in range(OFTEN):
        add_up(nested(3))
    limit = sys.getrecursionlimit()
    seen: list[Any] = []
    for room in (40, 41, 42, 43):
        sys.setrecursionlimit(len(inspect.stack()) + room)
        try:
            for depth in range(room - 12, room + 4):
                chain = nested(depth)
                result = outcome(lambda: add_up(chain))
                seen.append((result[:2], chain.gi_frame))
        finally:
            sys.setrecursionlimit(limit)
    return seen


@scenario
def items_that_are_kept_or_end(jit: Jit) -> Any:
    """Objects end while the chain stays as it is, and look at it."""
    seen: list[Any] = []
    walk = walker(jit)

    class Ends:
        def __init__(self, name: Any) -> None:
            self.name = name

        def __del__(self) -> None:
            seen.append((self.name, sys._getframe(1).f_code.co_name, chain_of(chain[0])))

    @jit
    def made(tree: Any) -> Iterator[Any]:
        for name in walk(tree):
            yield Ends(name)
        yield from relay(tree)

    @jit
    def relay(tree: Any) -> Iterator[Any]:
        yield from (Ends(name) for name in walk(tree))

    @jit
    def last(items: Any) -> Any:
        for item in items:
            pass
        return item.name

    @jit
    def listed(items: Any) -> Any:
        return [item for item in items], 1

    @jit
    def collected(items: Any) -> Any:
        return list(items)

    @jit
    def failing(n: int) -> Iterator[int]:
        if n:
            yield from failing(n - 1)
            yield n
        else:
            raise KeyError(n)

    @jit
    def ended(n: int) -> Iterator[int]:
        try:
            yield from failing(n)
        except KeyError:
            yield -1
        return "result"

    chain: list[Any] = [None]
    for consume in (last, listed, collected):
        for size in (1, 4, 7):
            chain[0] = relay(balanced(0, size))
            result = consume(made(balanced(0, size))) if consume is last else consume(chain[0])
            seen.append(len(result) if isinstance(result, list | tuple) else result)
            del result
        for _ in range(30):
            consume(ended(3)) if consume is not last else None
        seen.append(outcome(lambda consume=consume: consume(failing(3))))
    seen.append((collected(ended(4)), listed(ended(2)), collected(iter([1, 2])), collected(walk(balanced(0, 9)))))
    return seen


@scenario
def results_that_change_their_kind(jit: Jit) -> Any:
    @jit
    def use(table: Any, keys: Any, call: Any, rows: Any) -> Any:
        total = 0
        for key in keys:
            total += table[key] * 3 + call(key)
            total += rows[0] - rows[1]
        return total

    tables: list[Any] = [{"a": 1, "b": 2}, {"a": 1.5, "b": 2}, {"a": 2**70, "b": True}, {"a": "x", "b": 1}]
    rows: list[Any] = [[5, 3], (5, 3), {0: 5, 1: 3}, {0: 5.5, 1: 3}, [2**65, 1], "ab"]
    calls: list[Any] = [len, lambda key: 0.5, lambda key: 2**64, lambda key: None]
    seen = []
    for _ in range(OFTEN):
        seen.append(use(tables[0], "ab", len, rows[0]))
    for table in tables:
        for row in rows:
            for call in calls:
                seen.append(outcome(lambda table=table, row=row, call=call: use(table, "ab", call, row)))
    return seen


@scenario
def limits_that_change_in_a_chain(jit: Jit) -> Any:
    add_up = adder(jit)
    before = sys.getrecursionlimit()

    @jit
    def relay(depth: int, more: int, item: int) -> Iterator[int]:
        if depth:
            yield from relay(depth - 1, more, item)
        else:
            yield item
            if more:
                sys.setrecursionlimit(sys.getrecursionlimit() + more)
            yield item
            yield item

    def depth(n: int) -> int:
        try:
            return depth(n + 1)
        except RecursionError:
            return n

    for _ in range(OFTEN):
        add_up(relay(5, 0, 2))
    seen = []
    try:
        for more, item in ((100, 3), (0, 3), (-30, 2**62), (7, 1), (90, 2**62)):
            seen.append((add_up(relay(5, more, item)), sys.getrecursionlimit() - before))
            here = len(inspect.stack())
            seen.append(depth(here) - sys.getrecursionlimit())
    finally:
        sys.setrecursionlimit(before)
    return seen


@scenario
def results_of_calls_with_keywords(jit: Jit) -> Any:
    @jit
    def use(get: Any, end: Any) -> Any:
        found = []
        while True:
            while True:
                try:
                    value = get(block=False)
                except LookupError:
                    continue
                else:
                    break
            if value == end:
                return found
            found.append(value)

    def getter(items: list[Any]) -> Any:
        def get(block: bool) -> Any:
            return items.pop()

        return get

    seen = [use(getter([77, *range(n % 9)]), 77) for n in range(OFTEN)]
    seen.extend(use(getter([77, "x", 2.5, 3, 2**70]), end) for end in (77, 3, 2.5, "x"))
    return seen


@scenario
def items_of_what_is_taken_apart(jit: Jit) -> Any:
    @jit
    def use(pairs: Any, weights: Any, pop: Any) -> Any:
        total = 0
        kept = []
        for name, value in pairs:
            total += value * weights[name]
        for key, weight in weights.items():
            total += weight
            kept.append(key)
        distance, index, _ = pop()
        if distance > total:
            kept.append(index)
        return total, distance - index, kept

    weights = {"a": 2, "b": 3}
    seen: list[Any] = []
    for _ in range(OFTEN):
        seen.append(use((("a", 1), ("b", 2)), weights, lambda: (7, 3, None)))
    odd: list[Any] = [(2.5, 1, 0), [7, 3, 1], (2**70, True, None), "abc", (1, 2), (1, 2, 3, 4), None, iter((9, 4, 0))]
    for result in odd:
        seen.append(outcome(lambda result=result: use((("a", 1),), weights, lambda: result)))
    pairs: list[Any] = [[["a", 1]], ["ab"], [("a", 1.5)], [("a", 2**65)], [("a", 1, 2)], {"a": 1}.items(), [("c", 1)]]
    for pair in pairs:
        seen.append(outcome(lambda pair=pair: use(pair, weights, lambda: (1, 2, 3))))
    for other in ({"a": 1.0}, {"a": 2**66}, {"a": None}, {"a": "x"}):
        seen.append(outcome(lambda other=other: use((("a", 1),), other, lambda: (1, 2, 3))))
    return seen


@pytest.mark.parametrize("seen", SCENARIOS, ids=lambda function: function.__name__)
def test_a_compiled_chain_shows_what_an_interpreted_one_shows(seen: Scenario) -> None:
    expected = seen(lambda function: function)
    for _ in range(2):
        assert seen(stepwell.jit) == expected
    assert seen(stepwell.jit(baseline=False)) == expected


BEGINNINGS = [
    "if not t: return 5",
    "if t <= 0: return",
    "if t == 0 or a is None: return a",
    "if t < 1 and b == b:\n  return t\n",
    "if a is not b:\n  if not t: return\n if t < 1: return b",
    "if not (t and b is b): return",
]
USES = [
    "yield from f(t - 1, a, b)",
    "for x in f(t - 1, b, a): yield x",
    "r = yield from f(t - 1, b, a)\n yield r",
    "for x in f(t - 1, a, b):\n  if x == 3: break\n  yield x",
    "for x in f(t - 1, a, b):\n  yield x\n else:\n  yield a",
    "try:\n  yield from f(t - 1, a, b)\n finally:\n  yield b",
    "total = 0\n for x in f(t - 1, a, b):\n  total += 1\n  yield total\n yield total",
    "while a > 0:\n  a -= 1\n  k = yield from f(t - 1, a, b)\n  yield k",
    "if a: yield from f(t - 1, a, b)\n else: yield from f(t - 1, b, a)",
    "yield (yield from f(t - 1, a, b))",
    "for x in f(t - 1, a, b):\n  for y in f(t - 1, a, x):\n   yield x, y, a",
    "k = a\n for x in f(t - 1, a, b):\n  k = x\n  yield k\n yield k",
    "yield t\n return (yield from f(t - 1, a, b))",
]


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_recursions_of_all_shapes_yield_the_same(beginning: str) -> None:
    for number, (first, second) in enumerate((one, other) for one in USES for other in USES):
        if number % 5:
            continue
        source = f"def f(t, a, b):\n {beginning}\n {first}\n {second}\n"
        spaces: list[dict[str, Any]] = [{}, {}]
        for space in spaces:
            exec(source, space)
        spaces[1]["f"] = stepwell.jit(spaces[1]["f"], baseline=False)
        for arguments in ((0, 1, 2), (1, 2, 1), (2, 1, 2), (2, 0, 3), (1, None, 1), (2, 1.5, "x")):
            results = [outcome(lambda space=space: list(space["f"](*arguments))) for space in spaces]
            assert results[0] == results[1], source


def test_what_ends_at_once_is_not_made() -> None:
    walk = walker(stepwell.jit)
    list(walk(balanced(0, 3)))
    before = stepwell.stats(walk)["compiled_calls"]
    assert list(walk(balanced(0, 100))) == list(range(100))
    # Each node begins, has an item, and goes on behind that and behind its subtrees; 101 subtrees are none.
    steps = stepwell.stats(walk)["compiled_calls"] - before
    assert steps <= 100 * 4


def is_baseline(function: Any) -> bool:
    """Whether the newest code of a function is baseline code, as it stays where calls are far apart: on a busy machine."""
    return bool(stepwell.stats(function)["compilations"][-1]["baseline"])


def test_the_items_of_a_generator_are_added_natively() -> None:
    walk, add_up = walker(stepwell.jit), adder(stepwell.jit)
    add_up(walk(balanced(0, 10)))
    for _ in range(200 * OFTEN):
        if not is_baseline(add_up):
            break
        add_up(walk(balanced(0, 10)))
    before = stepwell.stats(add_up)["exits"]
    add_up(walk(balanced(0, 10)))
    lines = stepwell.explain(add_up).as_dict()["lines"]
    total = next(line for line in lines if "total +=" in line["source"])
    assert total["kind"] == "native"
    assert stepwell.stats(add_up)["exits"] == before


def test_a_signal_finds_the_chain_suspended() -> None:
    walk, add_up = walker(stepwell.jit), adder(stepwell.jit)
    for _ in range(OFTEN):
        add_up(walk(balanced(0, 10)))
    seen: list[Any] = []
    tree = balanced(0, 6)

    def endless() -> Iterator[Any]:
        while True:
            yield from walk(tree)

    def interrupt(number: int, frame: Any) -> None:
        seen.append((frame.f_code.co_name, [state[:3] for state in chain_of(chain)]))
        raise KeyboardInterrupt

    chain = stepwell.jit(endless)()
    old = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(KeyboardInterrupt):
            add_up(chain)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    ((where, states),) = seen
    if where == "add_up":
        assert states and all(state == ("GEN_SUSPENDED", False, True) for state in states)
        assert isinstance(next(chain), int)
    else:
        assert where in ("walk", "endless")


def test_threads_iterate_chains_side_by_side() -> None:
    walk, add_up = walker(stepwell.jit), adder(stepwell.jit)
    tree, wrong = balanced(0, 50), []

    def work() -> None:
        for _ in range(300):
            if add_up(walk(tree)) != (1225, 50):
                wrong.append(1)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not wrong
