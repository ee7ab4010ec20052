"""Numbers in lists and tuples, read and written in machine code: what others can see of it is what CPython does."""


class Watched:
    def __init__(self, log):
        self.log = log

    def __del__(self):
        self.log.append("gone")


class Floaty(float):
    pass


@jit
def scale(xs, k):
    for i in range(len(xs)):
        xs[i] = xs[i] * k
    return xs


@jit
def total(xs):
    s = 0.0
    for i in range(len(xs)):
        s += xs[i]
    return s


@jit
def whole(xs):
    s = 0
    for i in range(1, len(xs) + 1):
        s = s * 3 + xs[-i]
    return s


@jit
def sieve(n):
    flags = [True] * (n + 1)
    i = 2
    while i * i <= n:
        if flags[i]:
            j = i * i
            while j <= n:
                flags[j] = False
                j += i
        i += 1
    return [i for i in range(n + 1) if flags[i]]


@jit
def prefix_sums(xs):
    for i in range(1, len(xs)):
        xs[i] = xs[i] + xs[i - 1]
    return xs


@jit
def histogram(data, counts):
    for i in range(len(data)):
        counts[data[i]] += 1
    return counts


@jit
def reverse(xs):
    n = len(xs)
    for i in range(n // 2):
        xs[i], xs[n - 1 - i] = xs[n - 1 - i], xs[i]
    return xs


@jit
def fill(xs, value):
    for i in range(len(xs)):
        xs[i] = value + 0.5
    return xs


@jit
def add(xs, ys):
    for i in range(len(xs)):
        xs[i] = xs[i] + ys[i]
    return xs


@jit
def sum_to(xs, n):
    s = 0.0
    try:
        for i in range(n):
            s += xs[i]
    except IndexError as error:
        return s, str(error)
    return s


@jit
def mean(xs):
    s = 0.0
    n = 0
    while n < len(xs):
        s += xs[n]
        n += 1
    return s / n


@jit
def grow(xs):
    for i in range(5):
        xs.append(xs[i] + 1.5)
    return xs


@jit
def same(xs, i, j):
    a = xs[i]
    b = xs[j]
    return a is b, a == b


@jit
def first(xs):
    return xs[0]


@jit
def copy_item(xs, ys):
    for i in range(len(xs)):
        ys[i] = xs[i]
    return ys


@jit
def evaluate(coefficients, x):
    y = 0.0
    for c in coefficients:
        y = y * x + c
    return y


@jit
def count_true(flags):
    n = 0
    for flag in flags:
        if flag:
            n += 1
    return n


@jit
def largest(xs):
    best = xs[0]
    for x in xs:
        if x > best:
            best = x
    return best


@jit
def drain(it):
    s = 0.0
    for x in it:
        s += x
    return s


@jit
def growing(xs):
    n = 0
    for x in xs:
        if n < 4:
            xs.append(x + 1.5)
        n += 1
    return xs, n


@jit
def collected(xs):
    ys = []
    for x in xs:
        ys.append(x)
    return ys


@jit
def copied(xs, ys):
    i = 0
    for x in xs:
        ys[i] = x
        i += 1
    return ys


@jit
def product(a, b, c):
    n = len(a)
    m = len(b[0])
    k = len(b)
    for i in range(n):
        for j in range(m):
            s = 0.0
            for p in range(k):
                s += a[i][p] * b[p][j]
            c[i][j] = s
    return c


@jit
def rows(table):
    s = 0
    for i in range(len(table)):
        row = table[i]
        for j in range(len(row)):
            s += row[j]
            row[j] = s
    return s


@jit
def paths(n):
    table = [[1] * n for _ in range(n)]
    for i in range(1, n):
        for j in range(1, n):
            table[i][j] = table[i - 1][j] + table[i][j - 1]
    return table[n - 1][n - 1]


@jit
def distance(a, b):
    n = len(b)
    before = [0] * (n + 1)
    for j in range(n + 1):
        before[j] = j
    for i in range(1, len(a) + 1):
        now = [i] + [0] * n
        for j in range(1, n + 1):
            cost = before[j - 1] + (a[i - 1] != b[j - 1])
            if before[j] + 1 < cost:
                cost = before[j] + 1
            if now[j - 1] + 1 < cost:
                cost = now[j - 1] + 1
            now[j] = cost
        before = now
    return before[n]


@jit
def powers(xs):
    s = 0.0
    for i in range(len(xs)):
        s += xs[i] ** 0.5 + xs[i] ** -1.5
    return s


def drained(xs):
    it = iter(xs)
    first = drain(it)
    xs.append(1.5)
    return first, drain(it), list(it), drain(iter(xs))


def dropped(f, make):
    log = []
    xs = make(log)
    try:
        return f(xs), log
    except TypeError as error:
        return str(error), log


def shared(f, *values):
    """The items have other owners, who must not see a change."""
    kept = list(values)
    xs = list(values)
    return f(xs), kept, xs


def aliased(f):
    xs = [0.5 * i for i in range(6)]
    return f(xs, xs), xs


def ended(f, *arguments):
    log = []
    xs = [1.5, Watched(log), 2.5]
    try:
        result = f(xs, *arguments)
    except TypeError as error:
        return str(error), len(log), [type(x).__name__ for x in xs]
    return [type(x).__name__ for x in result], log


def nan_is_found(f):
    nan = float("nan")
    xs, ys = [nan, 1.5, nan], [0.5, 0.5, 0.5]
    f(xs, ys)
    return nan in ys, ys == xs, ys[0] is nan


big = 2**62

CALLS = [
    "scale([1.5, 2.5, -0.0], 2.0)",
    "scale([1.5, 2.5, float('inf')], -1.0)",
    "scale([1, 2, 3], 2)",
    "scale([1, 2000, 3 * 2**30], 1000)",
    "scale([big, 5], 3)",
    "scale([1.5, True, 2], 2.0)",
    "scale([1.5, Floaty(2.5)], 2.0)",
    "scale((1.5, 2.5), 2.0)",
    "scale([1.5, 'a'], 2.0)",
    "scale([1.5, None, 2.5], 2.0)",
    "scale([], 2.0)",
    "total([1.5, 2.5])",
    "total((1.5, 2.5))",
    "total([1.5, 2, 2.5])",
    "total(range(4))",
    "total([1.5, 'a'])",
    "whole([1, 2, 300, 4000000000, -5, -70000])",
    "whole([1, True, 3])",
    "whole([2**70, 1, 2])",
    "whole((1, 2, 3))",
    "sieve(100)",
    "prefix_sums([10**6 * i for i in range(30)])",
    "prefix_sums([-(10**8) * i for i in range(30)])",
    "prefix_sums([i for i in range(40)])",
    "prefix_sums([big, big, big])",
    "prefix_sums([1, 2, 3.5, 4])",
    "histogram([1, 2, 1, 0, 3, -1] * 70, [0] * 5)",
    "histogram([1, 7], [0] * 5)",
    "histogram([1, 2, 2], [0, 255, 256, 10**9, 5])",
    "reverse([1.5, 2.5, 3.5])",
    "reverse([1, 2000, 30000])",
    "reverse([True, False, False])",
    "shared(reverse, 1.25, 2.25, 3.25)",
    "shared(prefix_sums, 10001, 20002, 30003)",
    "shared(lambda xs: scale(xs, 3.0), 1.25, 2.25)",
    "shared(lambda xs: fill(xs, 1.0), 1.25, 'a', None, (1, 2))",
    "aliased(add)",
    "aliased(copy_item)",
    "ended(fill, 1.0)",
    "ended(scale, 1.0)",
    "sum_to([1.5, 2.5], 2)",
    "sum_to([1.5, 2.5], 3)",
    "mean([1.5, 2.5, 3.5])",
    "mean([])",
    "grow([1.5, 2.5])",
    "same([1.5, 1.5], 0, 0)",
    "same([1.5, 1.5 * 1.0], 0, 1)",
    "(lambda xs: first(xs) is xs[0])([1.5 + 1.0])",
    "nan_is_found(copy_item)",
    "nan_is_found(copied)",
    "evaluate((1.5, -2.5, 3.0), 2.0)",
    "evaluate([1.5, -2.5, 3.0], 2.0)",
    "evaluate((1.5, 2, 'a'), 2.0)",
    "evaluate((), 2.0)",
    "evaluate({1.5: 1, 2.5: 2}, 2.0)",
    "evaluate((x + 0.5 for x in range(3)), 2.0)",
    "count_true([True, False, True])",
    "count_true([True, 0, 'x'])",
    "largest([1, 5, 2**70, 3])",
    "largest([1.5, 5.5, 3.5])",
    "largest(sorted([3, 1, 2]))",
    "drain([1.5, 2.5])",
    "drained([1.5, 2.5])",
    "drain(reversed([1.5, 2.5]))",
    "growing([1.5, 2.5])",
    "collected([1.5, 2.5])",
    "[x is y for xs in [[1.5 + 1, 2.5]] for x, y in zip(xs, collected(xs))]",
    "copied([1.5, 2.5], [0.5, 0.5])",
    "product([[1.5, 2.0], [0.5, 1.0]], [[1.0, 2.0], [3.0, 4.0]], [[0.0] * 2, [0.0] * 2])",
    "product([[1.5, 2.0], [0.5]], [[1.0, 2.0], [3.0, 4.0]], [[0.0] * 2, [0.0] * 2])",
    "product([[1.5, 2.0], (0.5, 1)], [[1.0, 2.0], [3.0, 4.0]], [[0.0] * 2, [0.0] * 2])",
    "(lambda row: product([row, row], [[1.0, 2.0], [3.0, 4.0]], [row, row]))([1.5, 2.5])",
    "rows([[1, 2, 3], [4, 5], []])",
    "rows([[1, 2], 'ab'])",
    "rows([[1, 2], None])",
    "paths(8)",
    "paths(40)",
    "distance('kitten', 'sitting')",
    "distance(b'kitten', b'sitting')",
    "powers([1.5, 2.5, 1e-300])",
    "powers([1.5, -2.5])",
    "powers([1.5, 0.0])",
    "powers([1.5, 1e-320])",
    "dropped(drain, lambda log: iter([1.5, Watched(log), 2.5]))",
    "dropped(drain, lambda log: [1.5, 2.5])",
    "copy_item([1.5, 2.5], [0.5])",
    "copy_item([1.5, 2.5], [0, 0])",
]
