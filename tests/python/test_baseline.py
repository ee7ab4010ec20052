"""Code that is compiled quickly at first: when better code takes its place, between calls and in the middle of a loop."""

import gc
import sys
import traceback

import pytest
import stepwell

MANY = 30_000


def versions(function):
    """Of each compilation: whether it is baseline code, and whether it begins at a loop."""
    compilations = stepwell.stats(function)["compilations"]
    return [(compilation["baseline"], compilation["entry"] is not None) for compilation in compilations]


def fresh(function):
    """The function with a code object of its own, which no other test has compiled."""
    function.__code__ = function.__code__.replace()
    return function


def both(make, *arguments):
    """The results of the interpreted and of the compiled function, in which better code took over a loop."""
    expected = make()(*arguments)
    function = stepwell.jit(fresh(make()))
    result = function(*arguments)
    assert (True, False) in versions(function) and (False, True) in versions(function)
    return expected, result


def test_better_code_is_compiled_for_a_function_that_is_called_often():
    @stepwell.jit
    def function(a, b):
        return a * 3 + b

    results = [function(n, 1) for n in range(1000)]
    assert results == [n * 3 + 1 for n in range(1000)]
    assert versions(function) == [(True, False), (False, False)]
    calls = [compilation["calls"] for compilation in stepwell.stats(function)["compilations"]]
    assert sum(calls) == 1000 and calls[0] < 500


def test_the_first_call_of_few_is_the_only_compilation():
    @stepwell.jit
    def function(a, b):
        return a * 3 + b

    assert [function(n, 1) for n in range(10)] == [n * 3 + 1 for n in range(10)]
    assert versions(function) == [(True, False)]


def test_a_call_that_would_not_end_in_baseline_code_begins_in_better_code():
    @stepwell.jit
    def function(n):
        total = 0
        for i in range(n):
            total += i * i % 7
        return total

    assert function(7000) == function(7000) == sum(i * i % 7 for i in range(7000))
    assert versions(function) == [(True, False), (False, False)]


def test_long_calls_share_the_code_of_their_loop_until_there_are_several():
    def function(n):
        total = 0
        for i in range(n):
            total += i * i % 7
        return total

    expected = function(MANY)
    function = stepwell.jit(fresh(function))
    for _ in range(4):
        assert function(MANY) == expected
        assert versions(function) == [(True, False), (False, True)]
    for _ in range(3):
        assert function(MANY) == expected
        assert versions(function) == [(True, False), (False, False), (False, True)]
    calls = [compilation["calls"] for compilation in stepwell.stats(function)["compilations"]]
    assert calls == [4, 3, 4]


@pytest.mark.parametrize("options", [{"baseline": False}, {"opt_level": 2}])
def test_options_that_leave_no_room_for_it(options):
    def function(a, b):
        return a * 3 + b

    function = stepwell.jit(fresh(function), **options)
    assert [function(n, 1) for n in range(1000)] == [n * 3 + 1 for n in range(1000)]
    assert versions(function) == [(False, False)]


def test_a_loop_goes_on_in_better_code():
    def make():
        def function(n):
            total = 0
            for i in range(n):
                total += i * i % 7
            return total, i

        return function

    expected, result = both(make, MANY)
    assert result == expected


@pytest.mark.parametrize("span", [(0, 3 * MANY, 3), (MANY, 0, -1), (-MANY, MANY, 1), (2**63 - 60_000, 2**63 - 1, 2)])
def test_ranges_of_all_kinds(span):
    def make():
        def function(span):
            seen = []
            for i in range(*span):
                if i % 5 == 0:
                    seen.append(i)
            return seen

        return function

    expected, result = both(make, span)
    assert result == expected


def test_loops_in_loops():
    def make():
        def function(n):
            cells = []
            for i in range(n):
                for j in range(i % 9, -1, -2):
                    k = 0
                    while k < j:
                        k += 1
                    cells.append((i, j, k))
            return cells

        return function

    expected, result = both(make, 6000)
    assert result == expected


def test_an_iterator_that_others_advance():
    def make():
        def function(n):
            iterator = iter(range(n))
            seen = []
            for i in iterator:
                if i % 3 == 0:
                    next(iterator, None)
                seen.append(i)
            return seen

        return function

    expected, result = both(make, MANY)
    assert result == expected


def test_iterators_of_all_kinds():
    def make():
        def function(n):
            numbers = list(range(n))
            table = dict.fromkeys(numbers, 1.5)
            found = []
            for index, (number, text) in enumerate(zip(numbers, map(str, numbers))):
                found.append((index, number, text))
            for key in table:
                found.append(key)
            for key, value in table.items():
                found.append(key * value)
            for letter in "ab" * n:
                found.append(letter)
            for part in (number // 2 for number in numbers):
                found.append(part)
            return found

        return function

    expected, result = both(make, MANY)
    assert result == expected


def test_a_comprehension_in_the_middle_of_a_call():
    def make():
        def function(n):
            i = "outside"
            return sorted([-i for i in range(n)], key=lambda x: x % 10), i

        return function

    expected, result = both(make, MANY)
    assert result == expected


def test_cells_and_free_variables():
    def make():
        start = 7

        def function(n):
            total = start

            def add(x):
                nonlocal total
                total += x

            for i in range(n):
                add(i)
                total -= 1
            return total

        return function

    expected, result = both(make, MANY)
    assert result == expected


def test_a_loop_inside_of_handlers():
    def make():
        def function(n):
            log = []
            try:
                raise KeyError("first")
            except KeyError as error:
                for i in range(n):
                    try:
                        if i % 1000 == 999:
                            raise ValueError(i)
                    except ValueError as inner:
                        log.append((inner.args, inner.__context__ is error))
                    finally:
                        if i % 2000 == 0:
                            log.append(i)
                log.append(error.args)
            return log

        return function

    expected, result = both(make, MANY)
    assert result == expected


def test_a_loop_inside_of_with():
    class Manager:
        def __init__(self):
            self.log = []

        def __enter__(self):
            self.log.append("in")
            return self

        def __exit__(self, kind, error, trace):
            self.log.append((kind, str(error)))
            return True

    def make():
        def function(n):
            manager = Manager()
            with manager:
                for i in range(n):
                    if i == n - 1:
                        raise LookupError(i)
            return manager.log

        return function

    expected, result = both(make, MANY)
    assert result == expected


def lines_of(function, *arguments):
    try:
        function(*arguments)
    except ZeroDivisionError as error:
        first = function.__code__.co_firstlineno
        places = traceback.extract_tb(error.__traceback__)[1:]
        return [(place.lineno - first, place.colno, place.end_colno, place.name) for place in places]
    return None


def test_the_traceback_of_a_loop_that_was_taken_over():
    def make():
        def function(n):
            total = 0.0
            for i in range(n):
                total += 1 / (n - 1 - i)
            return total

        return function

    function = stepwell.jit(make())
    assert lines_of(function, MANY) == lines_of(make(), MANY)
    assert lines_of(function, MANY) is not None
    assert (False, True) in versions(function)


def test_locals_are_seen_and_written():
    def look(i):
        frame = sys._getframe(1)
        if i == MANY - 10:
            frame.f_locals["total"] = 0
        return frame.f_locals["i"]

    def make():
        def function(n):
            total = 0
            for i in range(n):
                if look(i) != i:
                    return "other"
                total += i
            return total

        return function

    expected, result = both(make, MANY)
    assert result == expected


def test_local_variables_that_are_unbound():
    def make():
        def function(n):
            for i in range(n):
                if i % 2:
                    odd = i
                if i == n - 2:
                    late = i
                if i % 2:
                    del odd
            try:
                return late, odd
            except UnboundLocalError as error:
                return late, str(error)

        return function

    for n in (MANY, MANY + 1):
        expected, result = both(make, n)
        assert result == expected


def test_types_that_change_on_the_way():
    def make():
        def function(n):
            total = 0
            for i in range(n):
                if i == n // 2:
                    total = float(total)
                elif i == n - 2:
                    total = [total]
                elif i == n - 1:
                    total += [2**70]
                else:
                    total += 1
            return total

        return function

    expected, result = both(make, MANY)
    assert result == expected


def test_integers_that_grow_on_the_way():
    def make():
        def function(n):
            x = 1
            for i in range(n):
                x = x * 3 + i
            return x

        return function

    # It leaves for the interpreter, for good, before the loop has gone around often.
    assert stepwell.jit(make())(MANY) == make()(MANY)


def test_nothing_leaks():
    class Item:
        alive = 0

        def __init__(self):
            Item.alive += 1

        def __del__(self):
            Item.alive -= 1

    def make():
        def function(items, n):
            kept = None
            for item in items:
                for i in range(n):
                    kept = item
                held = [kept, Item()]
            return len(held)

        return function

    marker = object()
    items = [marker] * 20_000
    before = sys.getrefcount(marker)
    expected, result = both(make, items, 2)
    assert result == expected
    gc.collect()
    assert Item.alive == 0
    assert sys.getrefcount(marker) == before


def test_a_generator_without_loops_gets_better_code_between_its_steps():
    @stepwell.jit
    def pair(a):
        b = yield a
        yield b * 2

    def drive(n):
        generator = pair(n)
        return next(generator), generator.send(n + 1)

    assert [drive(n) for n in range(1000)] == [(n, 2 * n + 2) for n in range(1000)]
    assert versions(pair) == [(True, False), (False, False)]


def test_a_tracer_that_begins_in_the_loop():
    lines = []

    def tracer(frame, event, argument):
        lines.append(event)
        return tracer

    def make():
        def function(n):
            for i in range(n):
                if i == n - 3:
                    sys.settrace(tracer)
                    sys._getframe().f_trace = tracer
            sys.settrace(None)
            return i

        return function

    def watch(function):
        lines.clear()
        try:
            return function(MANY), list(lines)
        finally:
            sys.settrace(None)

    function = stepwell.jit(make())
    assert watch(function) == watch(make())
    assert (False, True) in versions(function)
