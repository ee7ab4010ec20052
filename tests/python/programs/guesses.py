"""Guesses: lists of numbers that turn out to hold something else, and results that are not what they were said to be."""


class Fake(list):
    def __getitem__(self, index):
        return ("fake", index)

    def __setitem__(self, index, value):
        print("set", index, value)

    def __len__(self):
        return 3

    def __iter__(self):
        return iter(("x", 2, 3.5))


class Watched:
    def __init__(self, log):
        self.log = log

    def __del__(self):
        self.log.append("gone")

    def __radd__(self, other):
        return other


@jit
def total(xs):
    s = 0.0
    for i in range(len(xs)):
        s += xs[i]
    return s


@jit
def total_of(xs):
    s = 0
    for x in xs:
        s = s + x
    return s


@jit
def from_the_end(xs):
    return xs[-1] - xs[-2], xs[-len(xs)]


@jit
def beyond(xs, i):
    before = 1.5
    item = xs[i] * before
    return item


@jit
def filled(n, value):
    xs = [0.0] * n
    for i in range(n):
        xs[i] = i * 0.5
    xs[n // 2] = value
    out = []
    for x in xs:
        out.append(x)
    return xs, out


@jit
def scaled(xs, k):
    for i in range(len(xs)):
        xs[i] = xs[i] * k
        xs[i] += 1
    return xs


@jit
def matrix(n):
    a = [[i + j * 0.5 for j in range(n)] for i in range(n)]
    b = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                b[i][j] += a[i][k] * a[k][j]
    return b


@jit
def trace(a):
    s = 0.0
    for i in range(len(a)):
        s += a[i][i]
    return s


@jit
def swapped(xs, i, j):
    first, second = xs[i], xs[j]
    xs[i], xs[j] = xs[j], xs[i]
    return xs[i] is second, xs[j] is first


@jit
def changes_under_way(xs, when):
    out = []
    for i in range(len(xs)):
        if i == when:
            xs[i] = "text"
        out.append(xs[i] * 2)
    return out


@jit
def shrinks(xs):
    s = 0
    for x in xs:
        s += x
        if len(xs) > 2:
            del xs[-1]
    return s, xs


@jit
def sieve(n):
    flags = [True] * n
    flags[0] = flags[1] = False
    i = 2
    while i * i < n:
        if flags[i]:
            for j in range(i * i, n, i):
                flags[j] = False
        i += 1
    return [k for k in range(n) if flags[k]]


@jit
def counts(xs, m):
    out = [0] * m
    for x in xs:
        out[x % m] += 1
    return out


@jit
def big(n):
    xs = [1, 1]
    for i in range(n):
        xs.append(xs[i] + xs[i + 1])
    return xs[-1]


def area(r: float) -> float:
    return r if r == 3 else r * 2.0


def says_int(x: int) -> int:
    return {1: True, 2: 2.5, 3: None, 4: 2**70}.get(x, x)


@jit
def areas(n):
    s = 0.0
    for i in range(n):
        s += area(i)
    return s


@jit
def said(n):
    out = []
    for i in range(n):
        out.append(says_int(i))
    return out


@jit
def said_sum(n):
    s = 0
    for i in range(n):
        s += says_int(i + 5)
    return s


@jit
def lengths(xs):
    n = len(xs)
    return n + 1, [i for i in range(n)]


def with_other_len(xs):
    global len
    len = lambda xs: "long"
    try:
        return lengths(xs)
    finally:
        del len


@jit
def divisions(xs, ys):
    good = bad = 0
    for i in range(len(xs)):
        try:
            good += xs[i] // ys[i]
            good += xs[i] % ys[i]
        except ZeroDivisionError as error:
            bad += len(error.args)
        finally:
            good += 1
    return good, bad


@jit
def quotients(n):
    out = []
    for i in range(-n, n):
        try:
            out.append(1 // (i % 5))
            out.append(7 / i)
        except ZeroDivisionError as error:
            out.append(str(error))
    return out


@jit
def first_of_each(pairs):
    s = 0
    for a, b in pairs:
        s += a * b
    return s


@jit
def largest(xs):
    best = xs[0]
    for x in xs:
        if x > best:
            best = x
    return best


@jit
def bubble(xs):
    n = len(xs)
    for i in range(n):
        for j in range(n - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
    return xs


@jit
def permutations(n):
    p = list(range(n))
    count = [0] * n
    for i in range(n):
        count[i] += p[n - 1 - i]
    q = p[::-1] + sorted(count)
    r = p[1:]
    r[:2] = q[1::-1]
    return q[0] + r[0], q, r, tuple(reversed(r))[0]


def with_other_range(n):
    global range
    range = lambda n: ["x", "y", "z", "w"]
    try:
        return permutations(n)
    finally:
        del range


def old_item_dies():
    log = []
    xs = [1.5, 2.5, Watched(log)]
    try:
        scaled(xs, 2)
    except TypeError as error:
        log.append(str(error))
    xs[2] = 0.5
    return scaled(xs, 2), log


def often(act, *arguments):
    return [act(*arguments()) for arguments in arguments for _ in range(30)][::29]


CALLS = [
    "total([1.0, 2.0, 3.5])",
    "total((1.0, 2.0))",
    "total([1, 2, 3])",
    "total([1.0, 'x'])",
    "total([1.0, 2, True, 2.5])",
    "total(Fake())",
    "total({0: 1.5, 1: 2.5})",
    "total([])",
    "total(5)",
    "total_of([1, 2, 3])",
    "total_of([1, 2.5, 3])",
    "total_of([1, 2, 'x'])",
    "total_of(Fake())",
    "total_of({1: 2, 3: 4})",
    "total_of(range(5))",
    "total_of([2**62, 2**62, 5])",
    "from_the_end([1.5, 2.5, 3.5])",
    "from_the_end([1, 2])",
    "from_the_end('ab')",
    "from_the_end([1])",
    "beyond([1.0, 2.0], 1)",
    "beyond([1.0, 2.0], 2)",
    "beyond([1.0, 2.0], -3)",
    "beyond([1.0, 2.0], 'x')",
    "beyond([1.0, 2.0], 2**70)",
    "beyond([1.0, None], 1)",
    "filled(6, 2.5)",
    "filled(6, 'text')",
    "filled(6, 7)",
    "filled(0, 7)",
    "scaled([1.0, 2.0], 2)",
    "scaled([1, 2], 2)",
    "scaled([1, 2.5, 2**40], 2)",
    "scaled((1.0, 2.0), 2)",
    "scaled(Fake(), 2)",
    "matrix(4)",
    "trace([[1.0, 2.0], [3.0, 4.0]])",
    "trace([[1.0, 2.0], [3.0, 'x']])",
    "trace([[1, 2], (3, 4)])",
    "trace([[1.0], [1.0]])",
    "swapped([1.5, 2.5], 0, 1)",
    "swapped([1, 10**6], 0, 1)",
    "changes_under_way([1, 2, 3, 4], 2)",
    "changes_under_way([1.5, 2.5, 3.5], 0)",
    "shrinks([1, 2, 3, 4, 5, 6])",
    "shrinks([1.5] * 6)",
    "sieve(60)",
    "counts([1, 2, 3, 4, 10**10], 3)",
    "counts([1, 2.5], 3)",
    "big(100)",
    "areas(6)",
    "said(6)",
    "said_sum(6)",
    "lengths([1, 2])",
    "with_other_len([1, 2])",
    "lengths(5)",
    "divisions([1, 2, 3, 4], [1, 0, 2, 0])",
    "divisions([1.5, 2.5], [0.0, 0.5])",
    "divisions([-2**63, 5], [-1, 2])",
    "quotients(12)",
    "first_of_each([(1, 2), (3, 4)])",
    "first_of_each([(1, 2), (3, 4, 5)])",
    "largest([3, 1, 4, 1, 5])",
    "largest([1.5, 0.5])",
    "largest(['a', 'b'])",
    "bubble([5, 3, 9, 1])",
    "bubble([2.5, 1.5, -0.0, 0.0])",
    "bubble([2, 'x'])",
    "permutations(4)",
    "with_other_range(4)",
    "old_item_dies()",
    "often(total, lambda: ([1.0, 2.0],), lambda: ([1, 'x'[:0] or 2],), lambda: ((0.5,),))",
    "often(scaled, lambda: ([1.0, 2.0], 2), lambda: ([1, 2], 2), lambda: ([1, 2.5], 2))",
]
