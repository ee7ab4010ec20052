"""Numbers in memory that are not NumPy's: `array.array`, `bytes`, `bytearray`, `memoryview`; and loops over arrays."""

import array
import sys

import pytest
import stepwell
from differential import fresh, outcome


def contents(value):
    try:
        return bytes(value)
    except ValueError as error:
        return str(error)


def compare(plain, make, *rest, times=3):
    """Calls both with arguments of their own, and looks at what became of those."""
    function = stepwell.jit(fresh(plain))
    for _ in range(times):
        mine, theirs = make(), make()
        assert outcome(function, mine, *rest) == outcome(plain, theirs, *rest)
        assert contents(mine) == contents(theirs)
    return function


def exits(function):
    return sum(version.exits for version in stepwell.stats(function).versions)


def total(a):
    s = 0
    for i in range(len(a)):
        s += a[i]
    return s


def total_of_items(a):
    s = 0
    for x in a:
        s += x
    return s


def from_the_end(a):
    s = 0
    for i in range(1, len(a) + 1):
        s = s * 3 + a[-i]
    return s


def largest(a):
    best, place = a[0], 0
    for i in range(len(a)):
        if a[i] > best:
            best, place = a[i], i
    return best, place


def with_break(a):
    n = 0
    for x in a:
        if x > 100:
            break
        n += 1
    else:
        n = -n
    return n


def pairs(a):
    n = 0
    for x in a:
        for y in a:
            if x < y:
                n += 1
    return n


SOURCES = {
    **{f"array {code}": lambda code=code: array.array(code, [3, 1, 4, 1, 5, 9, 2, 6, 120]) for code in "bBhHiIlqfdLQ"},
    "array of nothing": lambda: array.array("d"),
    "negative": lambda: array.array("h", [-3, 5, -32768, 32767]),
    "floats": lambda: array.array("d", [0.5, -0.0, float("inf"), 1e300]),
    "bytes": lambda: b"hello, world\xff",
    "empty": lambda: b"",
    "bytearray": lambda: bytearray(b"hello\xff\x00"),
    "view of bytes": lambda: memoryview(b"hello"),
    "view of bytearray": lambda: memoryview(bytearray(b"hello")),
    "view of doubles": lambda: memoryview(array.array("d", [1.5, 2.5, -3.5])),
    "every other": lambda: memoryview(array.array("i", range(10)))[::2],
    "backwards": lambda: memoryview(array.array("h", range(10)))[::-1],
    "truth values": lambda: memoryview(bytearray([0, 1, 2, 255, 0])).cast("?"),
    "characters": lambda: memoryview(b"abc").cast("c"),
    "without sign": lambda: memoryview(bytearray(32)).cast("Q"),
    "of two dimensions": lambda: memoryview(bytearray(range(12))).cast("B", (3, 4)),
}
READERS = [total, total_of_items, from_the_end, largest, with_break, pairs]


@pytest.mark.parametrize("plain", READERS)
@pytest.mark.parametrize("source", SOURCES)
def test_reading(source, plain):
    compare(plain, SOURCES[source])


@pytest.mark.parametrize("source", ["array d", "array h", "bytes", "bytearray", "view of doubles", "every other", "backwards"])
@pytest.mark.parametrize("plain", [total, total_of_items])
def test_reading_makes_no_calls(source, plain):
    function = compare(plain, SOURCES[source])
    text = stepwell.dump_ir(function, "typed")
    is_native = plain is total or source not in ("view of doubles", "every other", "backwards")
    assert ("py.element" in text) == is_native
    assert any("py.load_subscr" in line or "py.for_iter" in line for line in text.splitlines()) != is_native


def doubled(a):
    for i in range(len(a)):
        a[i] = a[i] + a[i]


def filled(a, value):
    for i in range(len(a)):
        a[i] = value
    return a[0]


def swapped(a):
    i, j = 0, len(a) - 1
    while i < j:
        a[i], a[j] = a[j], a[i]
        i += 1
        j -= 1


WRITABLE = [name for name in SOURCES if name not in ("of two dimensions", "characters")]
VALUES = [0, 1, -1, 127, 128, 255, 256, -129, 2**15, 2**31, 2**32, 2**63 - 1, 2**63, 2**70, 0.5, 1e300, True, None, "x", 2j]


@pytest.mark.parametrize("plain", [doubled, swapped])
@pytest.mark.parametrize("source", WRITABLE)
def test_writing(source, plain):
    compare(plain, SOURCES[source])


@pytest.mark.parametrize("source", WRITABLE)
def test_writing_what_does_not_fit(source):
    function = stepwell.jit(fresh(filled))
    for value in VALUES:
        mine, theirs = SOURCES[source](), SOURCES[source]()
        assert outcome(function, mine, value) == outcome(filled, theirs, value), value
        assert contents(mine) == contents(theirs), value


def item(a, i):
    return a[i]


def assigned(a, i):
    a[i] = 1
    return len(a)


@pytest.mark.parametrize("plain", [item, assigned])
@pytest.mark.parametrize("source", SOURCES)
def test_an_index_that_is_out_of_bounds(source, plain):
    function = stepwell.jit(fresh(plain))
    for i in (0, -1, 8, -9, 9, -10, 10**6, 2**70, True, 1.0, None, (0,), (0, 0)):
        mine, theirs = SOURCES[source](), SOURCES[source]()
        assert outcome(function, mine, i) == outcome(plain, theirs, i), i


def one_of_a_tuple(a, i):
    return a[i,]


@pytest.mark.parametrize("source", SOURCES)
def test_a_tuple_of_one_index(source):
    compare(one_of_a_tuple, SOURCES[source], 0)


# What Python code does in between --------------------------------------------------------------------------------------


def grows(a, more):
    s = 0
    for x in a:
        s += x
        if len(a) < 20:
            more(a, x)
    return s


def grows_by_index(a, more):
    s = 0
    for i in range(8):
        s += a[i]
        more(a, i)
    return s


def append(a, x):
    a.append(7)


def shrink(a, x):
    if len(a) > 3:
        a.pop()


def clear(a, x):
    del a[:]


def grows_at_the_end(a, more):
    n, s = len(a), 0
    for x in a:
        s = s * 7 + x
        n -= 1
        if n == 0:
            more(a, x)
            more(a, x)
    return s


def shrinks_and_grows(a, more):
    seen = []
    for x in a:
        seen.append(x)
        if len(seen) == 4:
            del a[1:]
            big = len(seen) * 4611686018427387904
            a.extend([8] * 7)
            seen.append(big)
    return seen


@pytest.mark.parametrize("change", [append, shrink, clear])
@pytest.mark.parametrize("plain", [grows, grows_by_index, grows_at_the_end, shrinks_and_grows])
@pytest.mark.parametrize("source", ["array b", "array d", "bytearray"])
def test_arrays_that_change_their_length(source, plain, change):
    compare(plain, SOURCES[source], change)


def released(a, i):
    s = 0
    for x in a:
        s += x
        if s > 200:
            a.release()
    return s


def released_by_index(a, i):
    s = 0
    for k in range(len(a)):
        if k == i:
            a.release()
        s += a[k]
    return s


def released_early(a, i):
    seen = []
    for x in a:
        seen.append(x)
        a.release()
        seen.append(len(seen) * 4611686018427387904 * 4)
        print(seen)
    return seen


@pytest.mark.parametrize("plain", [released, released_by_index, released_early])
@pytest.mark.parametrize("source", ["view of bytes", "view of bytearray", "view of doubles", "backwards"])
def test_views_that_are_released(source, plain):
    function = stepwell.jit(fresh(plain))
    for i in (1, 2, 100):
        assert outcome(function, SOURCES[source](), i) == outcome(plain, SOURCES[source](), i)
    view = SOURCES[source]()
    view.release()
    assert outcome(function, view, 1) == outcome(plain, view, 1)


def resized_while_exported(a):
    view = memoryview(a)
    s = 0
    for i in range(len(view)):
        s += a[i]
    a.append(1)
    return s


@pytest.mark.parametrize("source", ["array i", "bytearray"])
def test_an_array_is_not_resized_while_it_is_exported(source):
    function = stepwell.jit(fresh(resized_while_exported))
    for _ in range(3):
        found = outcome(function, SOURCES[source]())
        assert found == outcome(resized_while_exported, SOURCES[source]())
        assert found[0] is BufferError


@pytest.mark.parametrize("plain", READERS)
@pytest.mark.parametrize("source", ["array d", "bytearray", "bytes", "view of doubles"])
def test_no_reference_is_kept(source, plain):
    function = stepwell.jit(fresh(plain))
    values = SOURCES[source]()
    before = sys.getrefcount(values)
    for _ in range(5):
        function(values)
    assert sys.getrefcount(values) == before


def test_nothing_is_exported_by_compiled_code():
    function = stepwell.jit(fresh(total))
    for make in (SOURCES["array d"], SOURCES["bytearray"]):
        values = make()
        function(values)
        values.append(1)
        assert function(values) == total(values)


def rebound(a):
    s = 0
    for x in a:
        a = None
        s += x
    return s, a


@pytest.mark.parametrize("source", ["array d", "bytes", "bytearray", "every other"])
def test_a_name_that_stands_for_something_else_in_the_loop(source):
    compare(rebound, SOURCES[source])


def items_one_by_one(a):
    for x in a:
        yield x


def consumed(a):
    s = 0
    for x in items_one_by_one(a):
        s = s * 3 + x
    return s


@pytest.mark.parametrize("source", SOURCES)
def test_generators_over_arrays(source):
    compare(consumed, SOURCES[source])
    generator = stepwell.jit(fresh(items_one_by_one))
    for _ in range(3):
        mine, theirs = generator(SOURCES[source]()), items_one_by_one(SOURCES[source]())
        assert outcome(list, mine) == outcome(list, theirs)


# Leaving -------------------------------------------------------------------------------------------------------------


def product(a):
    p = 1
    for x in a:
        p = p * x * 1000003
    return p


@pytest.mark.parametrize("source", ["array b", "array q", "bytes", "bytearray", "view of bytes", "every other", "backwards"])
def test_a_loop_goes_on_where_it_left(source):
    function = compare(product, SOURCES[source])
    assert function(array.array("i", [2] * 40)) == product([2] * 40)


def collected(a):
    found = []
    for x in a:
        found.append(x)
    return found


@pytest.mark.parametrize("source", SOURCES)
def test_items_as_objects(source):
    compare(collected, SOURCES[source])


def handled(a):
    n = 0
    for x in a:
        try:
            n += 100 // (x - 4)
        except ZeroDivisionError:
            n += 1000
    return n


@pytest.mark.parametrize("source", ["array b", "array d", "bytes", "view of doubles"])
def test_a_handler_in_a_loop(source):
    compare(handled, SOURCES[source])


class Numbers(array.array):
    def __getitem__(self, index):
        return 42


def test_subclasses_are_objects():
    function = stepwell.jit(fresh(total))
    assert function(array.array("i", [1, 2])) == 3
    assert function(Numbers("i", [1, 2])) == 84
    assert stepwell.jit(fresh(total))(Numbers("i", [1, 2])) == 84


def test_each_element_has_its_version():
    function = stepwell.jit(fresh(total_of_items))
    for source in ("array d", "array h", "bytes", "bytearray", "view of doubles", "array d"):
        assert outcome(function, SOURCES[source]()) == outcome(total_of_items, SOURCES[source]())


# Arrays of NumPy --------------------------------------------------------------------------------------------------------

ELEMENTS = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64"]


ORDERED = [(element, plain) for element in ELEMENTS for plain in (with_break, pairs)]
ALL = [(element, plain) for element in (*ELEMENTS, "complex128") for plain in (total_of_items, collected, rebound)]


@pytest.mark.parametrize(("element", "plain"), ORDERED + ALL)
def test_loops_over_arrays_of_numpy(element, plain):
    numpy = pytest.importorskip("numpy")
    with numpy.errstate(all="ignore"):
        compare(plain, lambda: numpy.array([3, 1, 0, 1, 5], element))
        compare(plain, lambda: numpy.arange(10).astype(element)[::-2])


def test_a_loop_over_rows_is_one_over_objects():
    numpy = pytest.importorskip("numpy")
    function = stepwell.jit(fresh(collected))
    rows = numpy.arange(6.0).reshape(2, 3)
    assert [list(row) for row in function(rows)] == [list(row) for row in rows]


def test_a_loop_over_an_array_of_numpy_that_changes():
    numpy = pytest.importorskip("numpy")

    def change(a, x):
        a.resize(len(a) + 1, refcheck=False)
        a[-1] = 1

    compare(grows, lambda: numpy.array([1.0, 2.0]), change)
