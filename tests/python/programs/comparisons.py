"""Comparisons, identity, membership, truth."""


class Odd:
    """Compares as it likes."""

    def __eq__(self, other):
        return "equal"

    def __lt__(self, other):
        raise ValueError("not ordered", other)

    def __bool__(self):
        raise RuntimeError("neither")

    def __contains__(self, item):
        return [item]


odd = Odd()
nan = float("nan")


@jit
def six(a, b):
    return a < b, a <= b, a == b, a != b, a > b, a >= b


@jit
def equal(a, b):
    return a == b


@jit
def less(a, b):
    return a < b


@jit
def branch(a, b):
    if a < b:
        return "less"
    elif a == b:
        return "equal"
    return "greater"


@jit
def chained(a, b, c):
    return a < b <= c


@jit
def identical(a, b):
    return a is b, a is not b, a is None, b is not None


@jit
def member(item, container):
    return item in container, item not in container


@jit
def truth(x):
    return not x


@jit
def short_circuit(a, b):
    return a and b, a or b, not (a and b)


@jit
def select(x):
    return "yes" if x else "no"


@jit
def is_none(x):
    if x is None:
        return 1
    if x is not None:
        return 2


CALLS = [
    "six(1, 2)",
    "six(2**70, 1)",
    "six(1, 1.0)",
    "six(2**53 + 1, float(2**53))",
    "six(nan, nan)",
    "six(0.0, -0.0)",
    "six(True, 1)",
    "six('a', 'b')",
    "six((1, 2), (1, 3))",
    "six(1, 'a')",
    "six(1j, 2j)",
    "equal(odd, 1)",
    "less(odd, 1)",
    "branch(1, 2)",
    "branch(2, 2)",
    "branch(2.5, 2)",
    "branch(nan, 1.0)",
    "branch(odd, 3)",
    "chained(1, 2, 3)",
    "chained(1, 5, 3)",
    "chained(1.0, 1, 3)",
    "chained('a', 'b', 1)",
    "identical(None, None)",
    "identical(1000, 1000)",
    "identical(nan, nan)",
    "member(1, [1, 2])",
    "member(3, range(5))",
    "member('a', 'cab')",
    "member(1, odd)",
    "member(1, 2)",
    "member([], {})",
    "truth([])",
    "truth(0.0)",
    "truth(2**70)",
    "truth('')",
    "truth(odd)",
    "short_circuit(0, 'b')",
    "short_circuit([1], None)",
    "short_circuit(1.0, 0.0)",
    "short_circuit(True, False)",
    "select(0)",
    "select(0j)",
    "select([0])",
    "select(odd)",
    "is_none(None)",
    "is_none(0)",
]
