"""Counted loops, which run in strips without checks: as the interpreter has it at every edge of what a strip can do."""

import types
import warnings

import numpy as np
import pytest
import stepwell
from hypothesis import example, given, settings
from hypothesis import strategies as st

# The longest strip, and a loop that is too short for one.
STRIP = 1 << 14
FEW = 7


def add_squares(start, stop, step, total):
    for i in range(start, stop, step):
        total += i * i
    return total, i


def mixed(n, a, b):
    low = high = 0
    x = a
    for i in range(n):
        x = (x * 31 + i) % 1009
        if x & 1:
            low -= x
        elif x > b:
            high += x << 3
        else:
            continue
        low ^= i
    return low, high, x


def remainders(n, a):
    t = 0
    for i in range(-n, n):
        t += (i + a) // 7 * 2 - i % 5 + abs(i) - (-i >> 2)
    return t


def find(n, wanted, a):
    t = a
    for i in range(n):
        if i == wanted:
            break
        t += i
    else:
        return "none", t
    return i, t


def triangle(n, a):
    t = a
    for i in range(n):
        for j in range(i):
            t += i - j
    return t


def powers(n, x):
    t = 1
    for i in range(n):
        t = t * x + i
    return t


def quotients(n, x):
    t = 0.0
    for i in range(n):
        t += 1.0 / (x - i)
    return t


def waves(n, x):
    s = 0.0
    c = 1j
    for i in range(n):
        s = s * 0.5 + x
        c = c * (0.5 + 0.5j) + s
    return s, c


FUNCTIONS = [add_squares, mixed, remainders, find, triangle, powers, quotients, waves]
SMALL = st.integers(-50, 50)
COUNTS = st.sampled_from([0, 1, FEW, FEW + 1, 100, STRIP - 1, STRIP, STRIP + 1, 2 * STRIP + 3])
# Near the limits that are tested in front of a strip, and those of 64 bits.
EDGES = st.builds(
    lambda sign, bits, near: sign * (1 << bits) + near,
    st.sampled_from([-1, 1]),
    st.sampled_from([0, 8, 12, 20, 31, 32, 40, 44, 52, 60, 61, 62, 63]),
    st.integers(-3, 3),
)


def compiled(function):
    """A second function with a code object of its own."""
    copy = types.FunctionType(function.__code__.replace(), globals(), function.__name__)
    return stepwell.jit(copy)


COMPILED = {function: compiled(function) for function in FUNCTIONS}


def outcome(function, *arguments):
    try:
        return repr(function(*arguments))
    except Exception as error:
        lines = []
        traceback = error.__traceback__.tb_next
        while traceback:
            lines.append(traceback.tb_lineno)
            traceback = traceback.tb_next
        return type(error), str(error), lines


def check(function, *arguments):
    assert outcome(COMPILED[function], *arguments) == outcome(function, *arguments)


@given(EDGES, COUNTS, st.sampled_from([1, 2, -1, -3, 1 << 20]), EDGES)
@example(0, 100, 1, (1 << 63) - 1)
@settings(deadline=None, max_examples=150)
def test_sums_of_squares(start, count, step, total):
    check(add_squares, start, start + count * step, step, total)


@given(COUNTS, EDGES, EDGES)
@settings(deadline=None, max_examples=60)
def test_branches_and_several_sums(n, a, b):
    check(mixed, n, a, b)


@given(COUNTS, EDGES)
@settings(deadline=None, max_examples=60)
def test_divisions_and_shifts_by_constants(n, a):
    check(remainders, n, a)


@given(COUNTS, st.integers(-1, 2 * STRIP + 10), EDGES)
@settings(deadline=None, max_examples=100)
def test_a_loop_that_is_left_in_the_middle(n, wanted, a):
    check(find, n, wanted, a)


@given(st.integers(0, 200), EDGES)
@settings(deadline=None, max_examples=60)
def test_loops_in_loops(n, a):
    check(triangle, n, a)


@given(st.integers(0, 100), st.integers(-3, 3))
@settings(deadline=None, max_examples=60)
def test_values_that_outgrow_64_bits(n, x):
    check(powers, n, x)


@given(COUNTS, st.one_of(SMALL.map(float), st.floats()))
@settings(deadline=None, max_examples=100)
def test_a_division_by_zero_in_the_middle(n, x):
    check(quotients, n, x)


@given(COUNTS, st.floats())
@settings(deadline=None, max_examples=60)
def test_floats_and_complex_numbers(n, x):
    check(waves, n, x)


def test_sums_leave_for_the_interpreter_when_they_have_to():
    start = 2**63 - 1 - sum(range(40_000))
    assert COMPILED[find](40_001, -1, start) == ("none", 2**63 - 1 + 40_000)
    assert COMPILED[find](40_000, -1, start) == ("none", 2**63 - 1)


# Arrays.


def combine(a, x, y, out):
    for i in range(len(x)):
        out[i] = a * x[i] - y[i]


def double(x):
    for i in range(len(x)):
        x[i] = x[i] * 2.0


def shift(x, by, out):
    for i in range(len(out)):
        out[i] = x[i + by]


def accumulate(x, out):
    for i in range(1, len(x)):
        out[i] = out[i - 1] + x[i]


def total(x, y):
    t = 0.0
    for i in range(len(x)):
        t += x[i] * y[i]
    return t


def norms(x, y):
    t = 0.0
    for i in range(len(x)):
        t += x[i] / y[i]
    return t


def count_above(x, limit):
    n = 0
    for i in range(len(x)):
        if x[i] > limit:
            n += 1
    return n


def indices(out, n):
    for i in range(n):
        out[i] = i


ARRAY_FUNCTIONS = [combine, double, shift, accumulate, total, norms, count_above, indices]
COMPILED |= {function: compiled(function) for function in ARRAY_FUNCTIONS}


def check_arrays(function, make, action="default"):
    """Runs a function on arrays that `make` makes, twice; also what it writes and warns of has to be the same."""

    def run(function):
        arguments = make()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always" if action == "default" else action)
            with np.errstate(all="warn"):
                result = outcome(function, *arguments)
        told = [(str(it.message), it.lineno) for it in caught]
        written = [a.tobytes() for a in arguments if isinstance(a, np.ndarray)]
        return result, written, told

    assert run(COMPILED[function]) == run(function)


def numbers(n, seed=1):
    return np.random.default_rng(seed).normal(size=n)


LENGTHS = [0, 1, FEW, FEW + 1, 1000, STRIP, STRIP + 1, 2 * STRIP + 5]


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("dtype", ["f8", "f4"])
def test_elements_are_combined(n, dtype):
    make = lambda: (1.5, *(numbers(n, seed).astype(dtype) for seed in (1, 2, 3)))
    check_arrays(combine, make)


@pytest.mark.parametrize("place", [0, 3, 999, STRIP - 1, STRIP, STRIP + 7])
@pytest.mark.parametrize("value", [np.inf, np.nan, 1e308])
@pytest.mark.parametrize("action", ["default", "error"])
def test_numpy_warns_at_the_element_where_it_has_to(place, value, action):
    """With a warning that is an exception, nothing behind the element may have been written."""

    def make():
        x, y = numbers(STRIP + 10), numbers(STRIP + 10, 2)
        x[place] = value
        return 10.0, x, y, np.zeros(STRIP + 10)

    check_arrays(combine, make, action)
    check_arrays(total, lambda: (make()[1], np.full(STRIP + 10, 10.0)), action)
    check_arrays(norms, lambda: (make()[1], np.append(np.ones(STRIP), numbers(10))), action)


@pytest.mark.parametrize("place", [2, STRIP + 3])
@pytest.mark.parametrize("action", ["default", "error"])
def test_a_division_by_an_element_that_is_zero(place, action):
    def make():
        y = numbers(STRIP + 10, 2)
        y[place] = 0.0
        return numbers(STRIP + 10), y

    check_arrays(norms, make, action)


@pytest.mark.parametrize("n", LENGTHS)
def test_an_array_that_is_read_and_written_in_place(n):
    check_arrays(double, lambda: (numbers(n),))
    check_arrays(double, lambda: (np.append(numbers(n), 1e308),))
    check_arrays(accumulate, lambda: (numbers(n), np.zeros(n)))


def half_again(x):
    for i in range(len(x)):
        x[i] = x[i] * 1.5 * 4.0


def quarters(x):
    for i in range(len(x)):
        x[i] = x[i] / 0.25


def twice(x):
    for i in range(len(x)):
        x[i] = x[i] + x[i]


def bent(x):
    for i in range(len(x)):
        x[i] = (x[i] + 1.0) * 2.0 - x[i] * 0.5


COMPILED |= {function: compiled(function) for function in [half_again, quarters, twice, bent]}


@pytest.mark.parametrize("function", [double, half_again, quarters, twice, bent])
@pytest.mark.parametrize("n", [9, 30, 1023, 1040, 2070])
def test_only_one_element_overflows(function, n):
    for place in [0, n // 2, n - 1]:

        def make(place=place):
            x = np.ones(n)
            x[place] = 1e308
            return (x,)

        check_arrays(function, make)


def test_an_overflow_is_seen_with_fastmath_too():
    function = stepwell.jit(types.FunctionType(half_again.__code__.replace(), globals()), fastmath=["reassoc", "contract"])
    for _ in range(100):
        function(np.ones(40))
    x = np.ones(40)
    x[7] = 1e308
    with pytest.warns(RuntimeWarning, match="overflow encountered in scalar multiply"):
        function(x)


@pytest.mark.parametrize("by", [-3, -1, 0, 1, 3])
@pytest.mark.parametrize("n", [5, 100, STRIP + 9])
def test_arrays_that_overlap(by, n):
    def overlapping():
        memory = numbers(n + 8)
        return memory[4 : n + 4], memory[4 + by : n + 4 + by]

    check_arrays(combine, lambda: (2.0, *overlapping(), overlapping()[1]))

    def shared():
        memory = numbers(n + 8)
        x, out = memory[4 : n + 4], memory[4 + by : n + 4 + by]
        return 2.0, x, x, out

    check_arrays(combine, shared)


@pytest.mark.parametrize("by", [-3, -1, 0, 1, 5])
@pytest.mark.parametrize("n", [5, 100, STRIP + 9])
def test_an_index_that_goes_out_of_bounds(by, n):
    """Indices in front of the array count from its end; behind it is an IndexError, with what was written before."""
    check_arrays(shift, lambda: (numbers(n), by, np.zeros(n)))
    check_arrays(indices, lambda: (np.zeros(n), n + by))


@pytest.mark.parametrize("n", LENGTHS)
def test_elements_are_counted(n):
    check_arrays(count_above, lambda: (numbers(n), 0.25))


def test_strided_arrays_keep_to_their_elements():
    check_arrays(combine, lambda: (2.0, numbers(200)[::2], numbers(300)[::-3], numbers(400)[::4]))
    check_arrays(total, lambda: (numbers(200)[::-2], numbers(300)[::3]))


def test_a_strip_is_vectorised():
    function = compiled(combine)
    x = numbers(100)
    function(2.0, x, x, np.zeros(100))
    lines = stepwell.explain(function).as_dict()["lines"]
    assert any(line["vectorized"] for line in lines)


def never_entered(a, b):
    try:
        del a
        raise ValueError
    except ValueError:
        while b is None:
            b = a
    return b


def unchanged(n, x):
    while n is None:
        x = n
    return x


def constant_bounds(n, x):
    low = 5
    while low < 3:
        x = n
    return x


@pytest.mark.parametrize("plain", [never_entered, unchanged, constant_bounds])
def test_a_loop_that_is_never_entered(plain):
    function = stepwell.jit(types.FunctionType(plain.__code__.replace(), globals()))
    for i in range(300):
        assert function(i, 2) == plain(i, 2)


def flag_that_is_turned(items, wanted):
    inside = False
    outside = 0
    for item in items:
        if item == wanted:
            inside = not inside
        elif not inside:
            outside += 1
    return inside, outside


def flag_that_is_always_turned(items, _):
    odd = False
    for _item in items:
        odd = not odd
    return odd


def flag_that_is_chosen(items, wanted):
    first, second = True, False
    for item in items:
        first, second = (first and not second) or item == wanted, not first
    return first, second


@pytest.mark.parametrize("plain", [flag_that_is_turned, flag_that_is_always_turned, flag_that_is_chosen])
def test_flags_that_are_turned(plain):
    function = stepwell.jit(types.FunctionType(plain.__code__.replace(), globals()))
    for text in ("", "a", 'a"b"', 'a"b"c', '"""', [1, '"']) * 80:
        assert function(text, '"') == plain(text, '"')
    assert stepwell.stats(function)["interpreted_calls"] == 0


@pytest.mark.parametrize("baseline", [True, False])
@pytest.mark.parametrize(
    "condition",
    [
        "2.01 < -18.693",
        "a != a",
        "x * 0.0 + 1.0 < 0.5",
        "one + 1.5 < two - 1.0",
        "not one or two < one",
        "(a ^ a) > 0 or (a - a) < 0",
        "math.sqrt(two) > two",
        "(one + 2j).real > two",
        "abs(-one) > two",
        "one if a else False",
    ],
)
def test_loops_that_are_never_entered(condition, baseline):
    source = f"""
import math
def f(a, x):
    one, two = 1.0, 2.0
    w = 0
    while (v := False) if a else {condition}:
        w
    while {condition.replace("one if a else False", "False")}:
        if a:
            continue
        w += 1
    return w, a, x
"""
    plain = {}
    exec(source, plain)
    names = {}
    exec(source, names)
    f = stepwell.jit(names["f"], baseline=baseline)
    for arguments in [(40, 2.5), ("", 2.5), (0, 0.0), (-(10**25), 1), ("x", 1)]:
        if "^" not in condition or isinstance(arguments[0], int):
            assert outcome(f, *arguments) == outcome(plain["f"], *arguments), arguments


@pytest.mark.parametrize("baseline", [True, False])
def test_complex_numbers_of_an_item_and_a_constant(baseline):
    def numbers():
        return [3j + i for i in range(6, 0, -2)], [(2.5 - 1j) * i for i in range(3)]

    compiled = stepwell.jit(types.FunctionType(numbers.__code__.replace(), {}), baseline=baseline)
    for _ in range(4):
        assert compiled() == numbers() == ([6 + 3j, 4 + 3j, 2 + 3j], [0, 2.5 - 1j, 5 - 2j])
