"""Arrays of NumPy in compiled code: the same elements, types, warnings and exceptions as without."""

import copy
import functools
import sys
import threading
import warnings

import numpy as np
import pytest
import stepwell
from hypothesis import given, settings
from hypothesis import strategies as st

DTYPES = ["f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"]
UNKNOWN = ["O", "c16", ">f8", "S4", "M8[s]", "f2"]


def dot(a, b):
    s = 0.0
    for i in range(len(a)):
        s += a[i] * b[i]
    return s


def saxpy(alpha, x, y, out):
    for i in range(len(x)):
        out[i] = alpha * x[i] + y[i]
    return float(out[len(x) - 1])


def matmul(a, b, c):
    n = a.shape[0]
    k = a.shape[1]
    m = b.shape[1]
    for i in range(n):
        for j in range(m):
            s = 0.0
            for p in range(k):
                s += a[i, p] * b[p, j]
            c[i, j] = s
    return c


def element(a, i):
    return a[i]


def assign(a, i, value):
    a[i] = value


def shift(a, x):
    for i in range(a.size):
        a[i] += x
    return a.ndim


def scale(a, x):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            a[i, j] *= x
    return a[0, 0], a[-1, -1]


def positive(a):
    n = 0
    for i in range(len(a)):
        if a[i] > 0:
            n += 1
    return n


def count_positive(a):
    n = 0
    for i in range(len(a)):
        n += a[i] > 0
    return n


def items(a):
    found = []
    for i in range(len(a)):
        found.append(a[i])
    return found, [type(item) for item in found]


def largest(a):
    found = a[0]
    for i in range(1, len(a)):
        if a[i] > found:
            found = a[i]
    return found


def total(a):
    t = 0
    for i in range(len(a)):
        t += a[i]
    return t


def histogram(a, counts):
    for i in range(len(a)):
        counts[a[i]] += 1
    return counts


def fresh(function):
    """The function again, with a code object of its own."""
    code = function.__code__.replace()
    return type(function)(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)


def outcome(function, args):
    args = copy.deepcopy(args)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*args)
        except Exception as error:
            result = (type(error), str(error), error.__traceback__.tb_next.tb_lineno)
    warned = [(warning.category, str(warning.message), warning.lineno) for warning in caught]
    return repr(result), type(result), [repr(arg) for arg in args], warned


def compare(function, *args):
    compiled = stepwell.jit(fresh(function))
    expected = outcome(function, args)
    assert outcome(compiled, args) == expected
    assert outcome(compiled, args) == expected
    return compiled


def exits(function):
    return sum(exit["count"] for exit in stepwell.stats(function)["exits"])


@pytest.fixture(params=DTYPES)
def values(request):
    return np.linspace(-3, 3, 11).astype(request.param)


@pytest.fixture(params=DTYPES)
def matrix(request):
    return np.arange(12).reshape(3, 4).astype(request.param)


@pytest.mark.parametrize("function", [positive, count_positive, items, largest, total])
def test_reading(function, values):
    compare(function, values)
    compare(function, values[::-2])
    compare(function, values[:0])


@pytest.mark.parametrize("index", [0, 10, -1, -11, 11, -12, 2**70, np.int8(3), True, None, 1.5])
def test_indices(values, index):
    compare(element, values, index)
    compare(assign, values, index, 1)


@pytest.mark.parametrize("value", [0, 1, -1, 300, 2**40, 2**70, 0.5, 1e300, float("nan"), True, 1j, None])
def test_assigning(values, value):
    compare(assign, values, 2, value)
    compare(shift, values, value)


@pytest.mark.parametrize("scalar", ["f8", "f4", "i8", "i4", "u1", "?"])
def test_assigning_scalars(values, scalar):
    compare(saxpy, 2, np.array([3, 100, 1]).astype(scalar), np.ones(3, scalar), values)


def test_two_arrays(values):
    compare(dot, values, values)
    compare(dot, values[::2], values[1::2])
    compare(saxpy, 2.5, values, values[::-1], np.zeros(11, values.dtype))
    # The output overlaps the input, which a loop sees and a vector would not.
    compare(saxpy, 1, values[:-1], values[:-1], values[1:])


def test_two_axes(matrix):
    square = np.zeros((3, 3), matrix.dtype)
    compare(matmul, matrix, matrix.T, square)
    compare(matmul, matrix, matrix.T.copy(), square[::-1, ::-1])
    compare(matmul, matrix, matrix.T, square[:2])
    compare(scale, matrix, 3)
    compare(scale, matrix[::2, ::-1], 0.5)


@pytest.mark.parametrize("dtype", UNKNOWN)
def test_other_elements_are_objects(dtype):
    compare(element, np.zeros(3, dtype), 1)


class Array(np.ndarray):
    def __getitem__(self, key):
        return 1 + super().__getitem__(key)


def test_what_is_no_plain_array():
    compare(element, np.zeros(3).view(Array), 1)
    compare(element, np.array(5.0), 0)
    compare(element, np.zeros((2, 2)), 0)
    compare(element, np.zeros((1, 1, 1, 1, 1)), 0)


def test_elements_that_overflow_or_are_not_finite():
    odd = np.array([1e308, np.inf, np.nan, -1e308, 5e-324, 0.0, -0.0])
    compare(dot, odd, odd)
    compare(total, odd)
    compare(shift, odd, 1e308)
    compare(shift, odd[1:3].astype("f4"), 3e38)
    compare(shift, np.array([3e38, 1], "f4"), 3e38)
    large = np.array([2**62, 2**62, -(2**63), 1])
    compare(total, large)
    compare(dot, large, large)
    compare(shift, large, 2**62)
    compare(histogram, np.array([0, 1, 1, -1, 2]), np.zeros(4, "i8"))
    compare(histogram, np.array([0, 1, 1, -1, 7]), np.zeros(4, "i8"))


def test_an_array_that_is_read_only():
    array = np.arange(5.0)
    array.flags.writeable = False
    compiled = stepwell.jit(fresh(shift))
    with pytest.raises(ValueError, match="read-only"):
        compiled(array, 1)
    assert stepwell.jit(fresh(total))(array) == 10.0


def test_loops_do_not_leave():
    for function, args in [(dot, (np.ones(9), np.ones(9))), (total, (np.ones(9, "i4"),))]:
        compiled = stepwell.jit(fresh(function))
        compiled(*args)
        assert exits(compiled) == 0


def reshape_between(a, change):
    before = a[0]
    change(a)
    return before, len(a), a[0], a[-1]


@pytest.mark.parametrize(
    "change",
    [
        lambda a: None,
        lambda a: a.resize(3, refcheck=False),
        lambda a: setattr(a, "shape", (2, 4)),
        lambda a: setattr(a, "strides", (0,)),
        lambda a: setattr(a, "dtype", "i8"),
        lambda a: a.fill(7),
    ],
)
def test_an_array_that_is_changed_in_place(change):
    array = np.arange(8.0)
    if change.__code__.co_names[:1] == ("resize",):
        array = np.array(array)
    compiled = stepwell.jit(fresh(reshape_between))
    compiled(np.arange(8.0), lambda a: None)
    expected = outcome(reshape_between, (array, change))
    assert outcome(compiled, (array, change)) == expected


def test_references_are_given_back():
    array = np.arange(1000.0)
    compiled = stepwell.jit(fresh(items))
    compiled(array)
    before = sys.getrefcount(array)
    for _ in range(10):
        compiled(array)
    assert sys.getrefcount(array) == before
    shape = stepwell.jit(fresh(matmul))
    args = [np.ones((3, 3)) for _ in range(3)]
    shape(*args)
    before = [sys.getrefcount(arg) for arg in args]
    for _ in range(10):
        shape(*args)
    assert [sys.getrefcount(arg) for arg in args] == before


def spin(a, n):
    for _ in range(n):
        for i in range(len(a)):
            a[i] += 1
    return a[0]


def test_another_thread_changes_the_array():
    array = np.zeros(1000)
    compiled = stepwell.jit(fresh(spin))
    compiled(array, 1)
    thread = threading.Timer(0.05, setattr, (array, "shape", (10, 100)))
    thread.start()
    try:
        result = compiled(array, 5000)
    except Exception as error:
        result = error
    thread.join()
    assert isinstance(result, (np.float64, np.ndarray, Exception))
    assert array.shape == (10, 100)


NUMBERS = {
    "f8": st.floats(),
    "f4": st.floats(width=32),
    "i8": st.integers(-(2**63), 2**63 - 1),
    "i4": st.integers(-(2**31), 2**31 - 1),
    "u2": st.integers(0, 2**16 - 1),
    "i1": st.integers(-128, 127),
    "?": st.booleans(),
}


def mixture(a, b, x):
    u = a[0]
    v = b[0]
    return [u + v, u - v, u * v, u + x, x - u, u * x, u < v, u <= x, x == v, u != v, v > x, -v if x > 0 else v]


def integers(a, b, x):
    u = a[0]
    v = b[0]
    return [u & v, u | v, u ^ x, x & u, u // v, u % v, u << 3, u >> 2, u / v, u // x, x % u, ~u]


def floats(a, b, x):
    u = a[0]
    v = b[0]
    return [u / v, u / x, x / u, u**2, u**v, -u, float(u), bool(v), int(u)]


@settings(max_examples=25, deadline=None)
@given(st.data())
@pytest.mark.parametrize("lhs", NUMBERS)
@pytest.mark.parametrize("rhs", ["f8", "f4", "i8", "u2", "?"])
def test_operators_on_scalars(lhs, rhs, data):
    one = np.array([data.draw(NUMBERS[lhs])], lhs)
    other = np.array([data.draw(NUMBERS[rhs])], rhs)
    number = data.draw(st.one_of(st.integers(-300, 300), st.floats(), st.booleans()))
    for function in [mixture, integers, floats]:
        expected = outcome(function, (one, other, number))
        compiled = compiled_for(function, lhs, rhs, type(number))
        assert outcome(compiled, (one, other, number)) == expected


@functools.cache
def compiled_for(function, *types):
    """A function has versions for a few lists of types only, so that each list gets a function of its own."""
    return stepwell.jit(fresh(function))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(DTYPES),
    st.lists(st.integers(0, 6), min_size=1, max_size=3),
    st.lists(st.integers(-7, 7), min_size=3, max_size=3),
    st.sampled_from([1, -1, 2]),
)
def test_places(dtype, shape, index, step):
    array = np.arange(np.prod(shape)).reshape(shape).astype(dtype)[::step]
    for function, args in [(element, (array, index[0])), (plane, (array, *index[:2])), (cell, (array, *index))]:
        expected = outcome(function, args)
        compiled = compiled_for(function, dtype, len(shape), step)
        assert outcome(compiled, args) == expected


def plane(a, i, j):
    a[i, j] = a[j, i] + a[i, i]
    return a[i, j], a.shape[0], a.size


def cell(a, i, j, k):
    a[i, j, k] += 1
    return a[i, j, k], len(a)

