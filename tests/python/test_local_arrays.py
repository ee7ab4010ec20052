"""Arrays that come to be in the function: results of calls, views and copies are read and written in place, too."""

import types
import warnings

import numpy as np
import pytest
import stepwell


def plain(function):
    return types.FunctionType(function.__code__.replace(), function.__globals__, function.__name__)


def told(function, *args):
    """What a call returns or raises, and the arguments behind it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*args)
        except Exception as error:
            frame = error.__traceback__.tb_next
            result = type(error), str(error), frame and frame.tb_lineno
    said = [str(warning.message) for warning in caught]
    kind = result.dtype if isinstance(result, np.ndarray) else type(result)
    return repr(result), kind, said, repr(args)


def check(function, *argument_lists, rounds=8):
    """Compiled code tells the same in every round."""
    compiled = stepwell.jit(plain(function))
    for _ in range(rounds):
        for make in argument_lists:
            assert told(compiled, *make()) == told(function, *make())
    return compiled


def exits(function):
    return [exit for exit in stepwell.stats(function)["exits"] if not exit["reason"].startswith("a loop of baseline")]


def wrong_guesses(function):
    """Exits for another array or scalar than expected. Attributes have guesses of their own, by their names in any program."""
    return [exit for exit in exits(function) if exit["reason"].startswith(("expected ndarray", "expected numpy"))]


def settle(function, make):
    """Calls a function until it was compiled for good: calls that are far apart leave it baseline code."""
    for _ in range(5000):
        versions = stepwell.stats(function)["compilations"]
        if any(not version["baseline"] and version["entry"] is None for version in versions):
            return
        function(*make())
    raise AssertionError("it stays baseline code")


def kind_of(function, source, make):
    """What a line of the source became."""
    settle(function, make)
    lines = stepwell.explain(function).as_dict()["lines"]
    return {line["kind"] for line in lines if line["source"].strip() == source}.pop()


def made(n):
    out = np.zeros(n)
    for i in range(n):
        out[i] = i * 0.5
    return out


def with_keywords(n):
    out = np.zeros(n, dtype=np.int32)
    for i in range(n):
        out[i] = i * 3
    return out


def copied(a):
    a = a.copy()
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] += a[j, i]
    return a


def rows(a):
    s = 0.0
    for i in range(len(a)):
        row = a[i]
        for j in range(len(row)):
            s += row[j]
    return s


def columns(a):
    s = 0.0
    for i in range(a.shape[1]):
        column = a[:, i]
        for j in range(len(column)):
            s += column[j] * j
    return s


def slices(a):
    middle = a[1:-1]
    for i in range(middle.size):
        middle[i] = middle[i] * 2
    return middle.sum()


def of_list(arrays):
    s = 0
    for a in arrays:
        for i in range(len(a)):
            s += a[i]
    return s


def swapped(n, steps):
    old = np.ones(n)
    new = np.empty(n)
    for _ in range(steps):
        for i in range(n):
            new[i] = old[i] + old[i - 1]
        old, new = new, old
    return old


def iterated(a):
    s = 0.0
    for x in np.sqrt(a):
        s += x
    return s


def in_handler(a):
    try:
        b = a.copy()
        for i in range(len(b) + 1):
            b[i] += 1
    except IndexError as error:
        return str(error), b
    finally:
        a[0] = 5


MATRIX = lambda: (np.arange(3600.0).reshape(60, 60),)  # noqa: E731
VECTOR = lambda: (np.arange(3000.0),)  # noqa: E731


@pytest.mark.parametrize(
    ("function", "arguments", "native"),
    [
        (made, lambda: (50,), "out[i] = i * 0.5"),
        (with_keywords, lambda: (50,), "out[i] = i * 3"),
        (copied, MATRIX, "a[i, j] += a[j, i]"),
        (rows, MATRIX, "s += row[j]"),
        (columns, MATRIX, "s += column[j] * j"),
        (slices, VECTOR, "middle[i] = middle[i] * 2"),
        (of_list, lambda: ([np.arange(3000), np.ones(2000, int)],), "s += a[i]"),
        (swapped, lambda: (20, 7), "new[i] = old[i] + old[i - 1]"),
        (iterated, VECTOR, "s += x"),
        (in_handler, VECTOR, "b[i] += 1"),
    ],
)
def test_elements_of_local_arrays_are_native(function, arguments, native):
    compiled = check(function, arguments, rounds=30)
    assert not wrong_guesses(compiled)
    assert kind_of(compiled, native, arguments) in ("native", "mixed")


def first_of(make, n):
    out = make(n)
    s = 0
    for i in range(len(out)):
        s += out[i]
    return s, type(out[0])


MAKERS = [
    lambda n: np.arange(n) * 1.5,
    lambda n: np.arange(n),
    lambda n: np.arange(2 * n)[::2],
    lambda n: np.arange(n * n).reshape(n, n),
    lambda n: np.arange(n).astype(complex),
    lambda n: np.array(["a", "b"] * n, object),
    lambda n: list(range(n)),
    lambda n: np.ma.masked_array(np.arange(n), np.arange(n) % 2),
    lambda n: np.empty(0),
    lambda n: None,
]


@pytest.mark.parametrize("first", MAKERS[:4])
@pytest.mark.parametrize("then", MAKERS)
def test_another_array_than_expected(first, then):
    compiled = stepwell.jit(plain(first_of))
    for _ in range(12):
        assert told(compiled, first, 9)[:3] == told(first_of, first, 9)[:3]
    for _ in range(70):
        assert told(compiled, then, 9)[:3] == told(first_of, then, 9)[:3]
    assert told(compiled, first, 9)[:3] == told(first_of, first, 9)[:3]


def test_wrong_guesses_are_given_up():
    compiled = stepwell.jit(plain(first_of))
    for _ in range(12):
        compiled(MAKERS[0], 9)
    for _ in range(200):
        compiled(MAKERS[1], 9)
    assert sum(exit["count"] for exit in exits(compiled)) < 40


def changed_by(call, n):
    out = np.zeros(n)
    for i in range(n):
        out[i] = i
        call(out, i)
    return out, out.shape


@pytest.mark.parametrize(
    "change",
    [
        lambda out, i: out.resize(12, refcheck=False) if i == 5 else None,
        lambda out, i: setattr(out, "shape", (2, 5)) if i == 8 else None,
        lambda out, i: setattr(out, "dtype", np.int64) if i == 7 else None,
        lambda out, i: out.setflags(write=i < 4),
    ],
)
def test_arrays_that_are_changed_in_place(change):
    quiet = lambda out, i: None  # noqa: E731
    compiled = stepwell.jit(plain(changed_by))
    for call in [quiet] * 20 + [change] * 3 + [quiet] * 3:
        assert told(compiled, call, 10)[:3] == told(changed_by, call, 10)[:3]


def walked(n):
    out = np.zeros(n)
    for i in range(n):
        out[i] = i * 2.5
        yield out[i]
    yield out


def test_arrays_of_generators():
    compiled = stepwell.jit(plain(walked))
    for _ in range(20):
        assert repr(list(compiled(9))) == repr(list(walked(9)))


def test_arrays_are_given_back():
    released = []

    class Owner(np.ndarray):
        def __del__(self):
            released.append(1)

    def view(n):
        out = np.asarray(np.zeros(n).view(Owner))
        for i in range(n):
            out[i] += 1
        return out[0]

    compiled = stepwell.jit(view)
    for count in range(1, 40):
        assert compiled(20) == 1.0
        assert len(released) == count


def sums(a):
    s = 0.0
    for i in range(a.shape[0]):
        s += a[i].sum() * 0.5 + a[:, i].max()
    return s


def counted(a):
    n = 0
    for i in range(len(a)):
        if a[: i % 7 + 1].any() and a[i].sum() > n:
            n += a[:2].sum(dtype=np.int16)
    return n


@pytest.mark.parametrize(
    ("function", "arguments", "native"),
    [
        (sums, MATRIX, "s += a[i].sum() * 0.5 + a[:, i].max()"),
        (counted, lambda: (np.arange(1000) % 91,), "n += a[:2].sum(dtype=np.int16)"),
    ],
)
def test_scalars_that_calls_yield_are_computed_with_natively(function, arguments, native):
    compiled = check(function, arguments, rounds=30)
    assert not wrong_guesses(compiled)
    assert kind_of(compiled, native, arguments) == "mixed"


def scaled(f, n):
    s = 1.0
    for i in range(n):
        s = s * 0.75 + f(i)
    return s, f(0)


SCALARS = [np.float64, np.float32, np.int64, np.int8, np.uint32, np.bool_, float, int, complex, np.complex128, str]


@pytest.mark.parametrize("first", SCALARS[:6])
@pytest.mark.parametrize("then", SCALARS)
def test_another_scalar_than_expected(first, then):
    compiled = stepwell.jit(plain(scaled))
    for kind in [first] * 12 + [then] * 40 + [first]:
        call = lambda i: kind(i % 2)  # noqa: B023, E731
        assert told(compiled, call, 40)[:3] == told(scaled, call, 40)[:3]


def decayed(x, n):
    t = x
    for i in range(n):
        t = t * 0.5 + x - i % 3
    return t, x, type(t)


def half(x):
    return x / 2


def of_items(a):
    s = 0.0
    for i in range(len(a)):
        s += half(a[i])
    return s


def compared(x, y):
    return x is y, x == y, x != 3, [x, y], x if x else y


@pytest.mark.parametrize("kind", SCALARS)
def test_arguments_that_are_scalars(kind):
    compiled = stepwell.jit(plain(decayed))
    for value in [3, 1, 0, 100] * 5:
        assert told(compiled, kind(value), 50) == told(decayed, kind(value), 50)
    compiled = stepwell.jit(plain(compared))
    for value in [3, 1, 0, 100] * 5:
        x, y = kind(value), kind(1)
        assert told(compiled, x, y) == told(compared, x, y)
        assert told(compiled, x, x) == told(compared, x, x)
        assert compiled(x, y)[3][0] is x


def test_scalars_between_functions():
    compiled = stepwell.jit(plain(of_items))
    for dtype in ["f8", "f4", "i8", "i4", "u1"]:
        for _ in range(12):
            a = np.arange(300, dtype=dtype)
            assert told(compiled, a) == told(of_items, a)


def steps(x, n):
    for i in range(n):
        x = x * 0.5 + i
        yield x


@pytest.mark.parametrize("kind", SCALARS[:9])
def test_arguments_of_generators_that_are_scalars(kind):
    compiled = stepwell.jit(plain(steps))
    for value in [3, 1, 0] * 8:
        assert repr(list(compiled(kind(value), 9))) == repr(list(steps(kind(value), 9)))


def test_a_loop_that_is_entered_with_a_scalar_computes_natively():
    def total(a):
        s = 0.0
        for i in range(len(a)):
            s += a[i]
        return s

    compiled = stepwell.jit(plain(total))
    a = np.ones(400_000)
    assert repr(compiled(a)) == repr(total(a))
    assert len(stepwell.stats(compiled)["compilations"]) == 2
    assert not [exit for exit in exits(compiled) if exit["count"] > 1]


class Grid:
    def __init__(self, n):
        self.cells = np.zeros((n, n))

    def __repr__(self):
        return f"Grid of {self.cells!r}"

    def fill(self):
        for i in range(self.cells.shape[0]):
            for j in range(self.cells.shape[1]):
                self.cells[i, j] += i * 0.5 - j
        return self.cells

    def total(self):
        cells = self.cells
        s = 0.0
        for i in range(len(cells)):
            for j in range(len(cells)):
                s += cells[i, j]
        return s


TABLE = np.arange(3000.0)


def of_global(n):
    s = 0.0
    for i in range(n):
        s += TABLE[i]
    return s


def test_arrays_that_are_attributes_or_globals():
    global TABLE
    for method, native in [(Grid.fill, "self.cells[i, j] += i * 0.5 - j"), (Grid.total, "s += cells[i, j]")]:
        compiled = check(method, lambda: (Grid(60),), rounds=20)
        assert kind_of(compiled, native, lambda: (Grid(60),)) in ("native", "mixed")
        assert not wrong_guesses(compiled)
    compiled = check(of_global, lambda: (3000,), rounds=20)
    assert kind_of(compiled, "s += TABLE[i]", lambda: (3000,)) in ("native", "mixed")
    for table in [np.arange(3000), list(range(3000)), np.arange(10.0), np.ones((3000, 2)), np.arange(3000.0)]:
        TABLE = table
        for n in [5, 3000]:
            assert told(compiled, n)[:3] == told(of_global, n)[:3]
