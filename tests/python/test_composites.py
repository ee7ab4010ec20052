"""The modes whose values are no numbers of Python's: vectors, memory behind an address, floats that may be None."""

import array
import ctypes
import math
import os
import struct
import sys

import numpy as np
import pytest
import stepwell
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = int(os.environ.get("STEPWELL_CASES", "1000"))


def spread(number):
    """So many cases for each of a mode's operators that they are `CASES` together."""
    return settings(
        max_examples=max(CASES // number, 10), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )


def single(x):
    try:
        return struct.unpack("f", struct.pack("f", x))[0]
    except OverflowError:
        return math.copysign(math.inf, x)


def binary(symbol):
    namespace = {}
    exec(f"def f(x, y):\n    return x {symbol} y", namespace)
    return namespace["f"]


def calling(text):
    namespace = {}
    exec(f"def f(x):\n    return {text}", namespace)
    return namespace["f"]


def outcome(function, *arguments):
    try:
        return repr(function(*arguments))
    except (ArithmeticError, ValueError, TypeError, IndexError) as error:
        return type(error)


# Vectors -------------------------------------------------------------------------------------------------------------

SPECIAL = [0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 1e-45, 3.4028234663852886e38, 0.5]
lane_float = st.one_of(st.sampled_from(SPECIAL), st.floats(width=32))
floats = st.lists(lane_float.map(single), min_size=4, max_size=4)
edge = st.sampled_from([0, 1, -1, 2, 31, 32, 2**31 - 1, -(2**31), 2**16])
integers = st.lists(st.one_of(edge, st.integers(-(2**31), 2**31 - 1), st.integers(0, 40)), min_size=8, max_size=8)

FLOATS = ["+", "-", "*", "/", "<", "<=", "==", "!=", ">", ">="]
INTEGERS = ["+", "-", "*", "//", "%", "&", "|", "^", "<<", ">>", "<", "<=", "==", "!=", ">", ">="]


def each_float(symbol, x, y):
    """Lane by lane, rounded to 32 bits."""
    plain = binary(symbol)
    if symbol == "/" and 0 in y:
        return ZeroDivisionError
    found = [plain(a, b) for a, b in zip(x, y)]
    return repr([one if type(one) is bool else single(one) for one in found])


@pytest.mark.parametrize("symbol", FLOATS)
def test_vectors_of_floats(symbol):
    function = stepwell.jit(binary(symbol), mode="vec4f")

    @spread(len(FLOATS))
    @given(floats, floats)
    def check(x, y):
        assert outcome(function, x, y) == each_float(symbol, x, y)

    check()


def each_integer(symbol, overflow, x, y):
    if symbol in ("<<", ">>") and min(y) < 0:
        return ValueError
    if symbol in ("//", "%") and 0 in y:
        return ZeroDivisionError
    plain = binary(symbol)
    counts = [min(b, 64) for b in y] if symbol in ("<<", ">>") else y
    found = [plain(a, b) for a, b in zip(x, counts)]
    if any(type(one) is int and not -(2**31) <= one < 2**31 for one in found):
        if overflow == "raise":
            return OverflowError
        found = [(one + 2**31) % 2**32 - 2**31 for one in found]
    return repr(found)


@pytest.mark.parametrize("symbol", INTEGERS)
@pytest.mark.parametrize("overflow", ["wrap", "raise"])
def test_vectors_of_integers(overflow, symbol):
    function = stepwell.jit(binary(symbol), mode="vec8i", overflow=overflow)

    @spread(2 * len(INTEGERS))
    @given(integers, integers)
    def check(x, y):
        assert outcome(function, x, y) == each_integer(symbol, overflow, x, y)

    check()


REDUCTIONS = ["len(x)", "sum(x)", "min(x)", "max(x)", "x[0]", "x[-1]", "x[3]"]


@pytest.mark.parametrize("text", REDUCTIONS)
@pytest.mark.parametrize("mode", ["vec4f", "vec8i"])
def test_numbers_of_vectors(mode, text):
    plain = calling(text)
    function = stepwell.jit(plain, mode=mode)

    def expected(x):
        if text == "sum(x)" and mode == "vec4f":
            total = 0.0
            for lane in x:
                total = single(total + lane)
            return repr(total)
        return repr(plain(x))

    @spread(len(REDUCTIONS))
    @given(floats if mode == "vec4f" else integers)
    def check(x):
        assert outcome(function, x) == expected(x)

    check()


def test_vectors_of_one_operand():
    x, n = [1.0, -2.0, 0.0, -0.0], [1, -2, 0, 2**31 - 1, -(2**31), 5, 6, 7]
    assert repr(stepwell.jit(calling("-x"), mode="vec4f")(x)) == "[-1.0, 2.0, -0.0, 0.0]"
    assert repr(stepwell.jit(calling("abs(x)"), mode="vec4f")(x)) == "[1.0, 2.0, 0.0, 0.0]"
    assert stepwell.jit(calling("~x"), mode="vec8i")(n) == [~lane for lane in n]
    assert stepwell.jit(calling("abs(x)"), mode="vec8i")(n)[4] == -(2**31)
    with pytest.raises(OverflowError, match="a lane needs more than 32 bits"):
        stepwell.jit(calling("-x"), mode="vec8i", overflow="raise")(n)


def test_numbers_are_spread_over_the_lanes():
    assert stepwell.jit(calling("2 * x + 0.5"), mode="vec4f")([1, 2, 3, 4]) == [2.5, 4.5, 6.5, 8.5]
    assert stepwell.jit(calling("x * 3 - 1"), mode="vec8i")(list(range(8))) == [3 * n - 1 for n in range(8)]
    wide = calling(f"x + {2**40}")
    assert stepwell.jit(wide, mode="vec8i")([1] * 8) == [1] * 8
    with pytest.raises(OverflowError):
        stepwell.jit(wide, mode="vec8i", overflow="raise")([1] * 8)


def test_masks():
    namespace = {}
    exec("def f(x, y):\n    return all(x <= y), any(x == y)", namespace)
    inside = calling("any((x > 1.0) & ~(x > 3.0))")
    assert stepwell.jit(inside, mode="vec4f")([0, 2, 4, 5]) is True
    assert stepwell.jit(inside, mode="vec4f")([0, 1, 4, 5]) is False
    assert stepwell.jit(calling("x > 2.0"), mode="vec4f")((1, 2, 3, 4)) == (False, False, True, True)


def test_lesser_and_greater_lanes():
    namespace = {}
    exec("def low(x, y):\n    return min(x, y)\ndef high(x, y):\n    return max(x, y)", namespace)
    x, y = [1.0, 5.0, math.nan, 2.0], [3.0, 2.0, 1.0, math.nan]
    assert repr(stepwell.jit(namespace["low"], mode="vec4f")(x, y)) == repr(list(map(min, x, y)))
    assert repr(stepwell.jit(namespace["high"], mode="vec4f")(x, y)) == repr(list(map(max, x, y)))


def test_a_vector_is_returned_as_it_was_given():
    numpy = pytest.importorskip("numpy")
    double = stepwell.jit(calling("x + x"), mode="vec4f")
    assert double((1, 2, 3, 4)) == (2.0, 4.0, 6.0, 8.0)
    assert double(array.array("d", [1, 2, 3, 4])) == array.array("f", [2, 4, 6, 8])
    view = double(memoryview(array.array("f", [1, 2, 3, 4])))
    assert type(view) is memoryview and view.tolist() == [2, 4, 6, 8]
    for given_array in (numpy.arange(4.0), numpy.arange(8, dtype="i2")[::2]):
        found = double(given_array)
        assert found.dtype == numpy.float32 and (found == given_array * 2).all()
    unaligned = numpy.frombuffer(b"x" + struct.pack("<4f", 1, 2, 3, 4), "<f4", offset=1)
    assert double(unaligned).tolist() == [2, 4, 6, 8]


def test_vectors_that_do_not_fit():
    add = stepwell.jit(binary("+"), mode="vec4f")
    with pytest.raises(ValueError, match="argument 'y' must be 4 numbers.*length 3"):
        add([1, 2, 3, 4], [1, 2, 3])
    with pytest.raises(TypeError, match="argument 'x'"):
        add(None, [1, 2, 3, 4])
    with pytest.raises(TypeError, match="argument 'x'"):
        add(["a"] * 4, [1, 2, 3, 4])
    with pytest.raises(OverflowError, match="argument 'x'"):
        stepwell.jit(binary("+"), mode="vec8i")([2**31] * 8, [0] * 8)
    lane = stepwell.jit(calling("x[4]"), mode="vec4f")
    with pytest.raises(IndexError, match="index out of range"):
        lane([1, 2, 3, 4])
    for text in ("1 if x else 2", "x // x", "sorted(x)"):
        with pytest.raises(stepwell.UnsupportedError):
            stepwell.jit(calling(text), mode="vec4f")([1, 2, 3, 4])


def test_a_vector_goes_round_a_loop():
    def powers(x, n):
        found = x
        for _ in range(n):
            found = found * x
        return found

    function = stepwell.jit(powers, signature="v4f(v4f, i8)")
    assert function([1, 2, 3, 0.5], 3) == [1.0, 16.0, 81.0, 0.0625]


# Floats that may be None ---------------------------------------------------------------------------------------------

OPERATORS = ["+", "-", "*", "/", "//", "%", "**"]
maybe = st.one_of(st.none(), st.sampled_from(SPECIAL), st.floats(), st.integers(-5, 5).map(float))


@pytest.mark.parametrize("symbol", OPERATORS)
def test_none_flows_through_arithmetic(symbol):
    plain = binary(symbol)
    function = stepwell.jit(plain, mode="optional_f64")

    @spread(len(OPERATORS))
    @given(maybe, maybe)
    def check(x, y):
        expected = "None" if None in (x, y) else outcome(plain, x, y)
        if None not in (x, y) and symbol == "**" and math.isfinite(x) and math.isfinite(y) and x < 0 and y % 1:
            # Python's answer is a complex number, or that there is none.
            expected = ValueError
        assert outcome(function, x, y) == expected, (x, y)

    check()


@pytest.mark.parametrize("symbol", ["<", "<=", "==", "!=", ">", ">="])
def test_none_has_no_order(symbol):
    plain = binary(symbol)
    function = stepwell.jit(plain, mode="optional_f64")

    @spread(6)
    @given(maybe, maybe)
    def check(x, y):
        assert outcome(function, x, y) == outcome(plain, x, y), (x, y)

    check()


def fallback(x, y):
    if x is None:
        return y
    return x * 2


def first(x, y):
    if x is not None and (y is None or x < y):
        return x
    return y


def total(x, y):
    found = 0.0
    for i in range(3):
        found = found + x if i < 2 else found + y
    return found


def truth(x, y):
    return (1 if x else 2) + (3 if not y else 4)


def minus(x, y):
    return -x


def root(x, y):
    return math.sqrt(x)


@pytest.mark.parametrize("plain", [fallback, first, truth])
def test_what_none_decides(plain):
    function = stepwell.jit(plain, mode="optional_f64")
    for x in (None, 0.0, 1.5, math.nan):
        for y in (None, 0.0, 2.5):
            if plain is not fallback or x is not None or y is not None:
                assert outcome(function, x, y) == outcome(plain, x, y), (x, y)


def test_what_may_be_none_goes_round_a_loop():
    function = stepwell.jit(total, mode="optional_f64")
    assert function(1, 0.5) == 2.5 and function(None, 1) is None and function(1, None) is None
    assert stepwell.jit(minus, mode="optional_f64")(None, 1) is None


def test_a_function_of_none_raises():
    function = stepwell.jit(root, mode="optional_f64")
    assert function(4, None) == 2.0
    with pytest.raises(TypeError, match="must be real number, not NoneType"):
        function(None, 1)
    with pytest.raises(TypeError, match="argument 'x'"):
        function("4", 1)


# Memory --------------------------------------------------------------------------------------------------------------


def read(p, i):
    return p[i]


def fill(p, n):
    for i in range(n):
        p[i] = i * 0.5


def total_of(p, n):
    found = 0.0
    for i in range(n):
        found += p[i]
    return found


def behind(p, n):
    return (p + n)[0] - (n + p)[-0]


SOURCES = {
    "array": lambda: array.array("d", [1, 2, 3, 4]),
    "ctypes": lambda: (ctypes.c_double * 4)(1, 2, 3, 4),
    "memoryview": lambda: memoryview(array.array("d", [1, 2, 3, 4])),
}


@pytest.mark.parametrize("source", SOURCES)
def test_memory_of_a_buffer(source):
    buffer = SOURCES[source]()
    at = stepwell.jit(read, signature="f8(p, i8)")
    assert [at(buffer, i) for i in range(-4, 4)] == [1, 2, 3, 4] * 2
    for outside in (4, -5, 2**40, -(2**62)):
        with pytest.raises(IndexError, match="out of bounds"):
            at(buffer, outside)
    stepwell.jit(fill, signature="(p, i8)")(buffer, 4)
    assert list(buffer) == [0, 0.5, 1, 1.5]
    with pytest.raises(IndexError, match="out of bounds"):
        stepwell.jit(fill, signature="(p, i8)")(buffer, 5)
    assert stepwell.jit(total_of, signature="f8(p, i8)")(buffer, 4) == 3.0
    assert stepwell.jit(lambda p: len(p), mode="ptr")(buffer) == 4


def test_pointers_and_addresses():
    numbers = (ctypes.c_double * 4)(1, 2, 3, 4)
    at = stepwell.jit(read, signature="f8(p, i8)")
    assert at(ctypes.addressof(numbers), 2) == 3
    assert at(ctypes.cast(numbers, ctypes.POINTER(ctypes.c_double)), 3) == 4
    assert stepwell.jit(lambda p: p + 1, mode="ptr")(ctypes.addressof(numbers)) == ctypes.addressof(numbers) + 8
    with pytest.raises(TypeError, match="an address has no length"):
        stepwell.jit(lambda p: len(p), mode="ptr")(ctypes.addressof(numbers))


def test_pointers_are_moved_within_their_buffer():
    numbers = array.array("d", [1, 2, 3, 4])
    function = stepwell.jit(lambda p, n: (p + n)[0], signature="f8(p, i8)")
    assert [function(numbers, n) for n in range(4)] == [1, 2, 3, 4]
    for outside in (4, 5, -1):
        with pytest.raises(IndexError, match="out of bounds"):
            function(numbers, outside)
    assert stepwell.jit(lambda p, n: len(p + n), signature="i8(p, i8)")(numbers, 3) == 1


def test_memory_that_does_not_fit():
    numpy = pytest.importorskip("numpy")
    function = stepwell.jit(lambda p: p[0], mode="ptr")
    assert function(numpy.arange(3.0) + 1) == 1
    for other in (numpy.arange(3), numpy.arange(6.0)[::2], array.array("f", [1]), "text", None, 1.5):
        with pytest.raises(TypeError, match="argument 'p'"):
            function(other)


def test_an_index_error_has_its_line():
    function = stepwell.jit(read, signature="f8(p, i8)")
    with pytest.raises(IndexError) as caught:
        function(array.array("d", [1]), 1)
    entry = caught.traceback[-1]
    assert entry.lineno + 1 == read.__code__.co_firstlineno + 1


class Exporter:
    """An object that tells of its memory by one of the protocols, and of none by a buffer."""

    def __init__(self, memory, protocol):
        self.memory = memory
        if protocol == "interface":
            self.__array_interface__ = memory.__array_interface__
        else:
            self.__dlpack__ = memory.__dlpack__


@pytest.mark.parametrize("protocol", ["interface", "dlpack"])
def test_memory_that_is_exported_otherwise(protocol):
    memory = np.array([1.0, 2.0, 3.0, 4.0])
    exporter = Exporter(memory, protocol)
    at = stepwell.jit(read, signature="f8(p, i8)")
    before = sys.getrefcount(memory)
    assert [at(exporter, i) for i in range(-4, 4)] == [1, 2, 3, 4] * 2
    with pytest.raises(IndexError, match="out of bounds"):
        at(exporter, 4)
    stepwell.jit(fill, signature="(p, i8)")(exporter, 4)
    assert list(memory) == [0, 0.5, 1, 1.5]
    assert sys.getrefcount(memory) == before
    assert stepwell.jit(lambda p: len(p), mode="ptr")(Exporter(memory.reshape(2, 2), protocol)) == 4
    assert at(Exporter(memory[1:], protocol), 0) == 0.5
    for other in (memory[::2], memory.reshape(2, 2).T, memory.astype("f4"), memory.astype(">f8"), np.arange(4)):
        if protocol == "interface" or other.dtype != ">f8":
            with pytest.raises(TypeError, match="'p' must be a contiguous buffer of float64"):
                at(Exporter(other, protocol), 0)


def test_memory_that_is_made_anew_each_time_is_no_memory():
    class Maker:
        @property
        def __array_interface__(self):
            self.made = getattr(self, "made", [])
            self.made.append(np.ones(4))
            return self.made[-1].__array_interface__

    class Copier:
        def __dlpack__(self):
            return np.ones(4).__dlpack__()

    at = stepwell.jit(read, signature="f8(p, i8)")
    for maker in (Maker(), Copier()):
        with pytest.raises(TypeError, match="'p' must be a contiguous buffer of float64"):
            at(maker, 0)


def test_exceptions_of_exporters():
    class Failing:
        def __dlpack__(self):
            raise LookupError("no tensor today")

    at = stepwell.jit(read, signature="f8(p, i8)")
    with pytest.raises(LookupError, match="no tensor today"):
        at(Failing(), 0)
    for interface in (None, 1, {}, {"typestr": "<f8", "shape": (1,), "data": (0,)}, {"typestr": "<f8", "shape": 1, "data": (0, 0)}):
        exporter = Exporter(np.ones(1), "interface")
        exporter.__array_interface__ = interface
        with pytest.raises(TypeError, match="'p' must be a contiguous buffer of float64"):
            at(exporter, 0)


@pytest.mark.parametrize("source", ["buffer", "interface"])
def test_memory_for_reading_is_not_written_to(source):
    frozen = np.frombuffer(b"\0" * 32)
    argument = frozen if source == "buffer" else Exporter(frozen, "interface")
    assert stepwell.jit(read, signature="f8(p, i8)")(argument, 3) == 0.0
    with pytest.raises(TypeError, match="'p' must be a contiguous buffer of float64 that can be written to, .*: mode \"ptr\""):
        stepwell.jit(fill, signature="(p, i8)")(argument, 4)
    assert list(frozen) == [0.0] * 4
