"""Cells, nested functions, lambdas, comprehensions, classes inside functions."""


@jit
def adder(n):
    def add(x):
        return x + n

    return add


@jit
def counter():
    count = 0

    def step():
        nonlocal count
        count += 1
        return count

    return step(), step(), step(), count


@jit
def late_binding():
    return [f() for f in [lambda: i for i in range(3)]]


@jit
def early_binding():
    return [f() for f in [lambda i=i: i for i in range(3)]]


@jit
def unbound_cell(flag):
    def inner():
        return value

    if flag:
        value = 1
    return inner()


@jit
def parameter_cell(x):
    def change():
        nonlocal x
        x *= 2

    change()
    change()
    return x


@jit
def recursion_inside(n):
    def fact(k):
        return 1 if k < 2 else k * fact(k - 1)

    return fact(n)


@jit
def decorated_inside(n):
    @jit
    def inner(x):
        return x + n

    return inner(n)


@jit
def annotated(n):
    def inner(x: int, *, y: str = "d") -> float:
        """Text."""
        return x

    return inner.__annotations__, inner.__kwdefaults__, inner.__doc__, inner.__qualname__


@jit
def lists(n):
    return [i * i for i in range(n)], [i for i in range(n) if i % 2], [[j for j in range(i)] for i in range(3)]


@jit
def sets_and_dicts(items):
    return {len(item) for item in items}, {item: len(item) for item in items if item}


@jit
def comprehension_reads_outer(n, items):
    return [n + item for item in items]


@jit
def comprehension_keeps_outer(i):
    squares = [i for i in range(3)]
    return i, squares


@jit
def failing_comprehension(items):
    return [10 // item for item in items]


@jit
def two_loops(a, b):
    return [(x, y) for x in a for y in b if x != y]


@jit
def generator_argument(n):
    return sum(i * i for i in range(n)), list(x for x in "abc")


@jit
def walrus(items):
    return [y for x in items if (y := x * 2) > 2], y


@jit
def class_inside(base):
    class Inner(base):
        size = 3

        def method(self):
            return self.size, __class__.__name__

    return Inner().method()


@jit
def delete_cell(x):
    def inner():
        return x

    del x
    return inner()


@jit
def locals_inside(a):
    b = a + 1
    return sorted(locals().items())


@jit
def variable_of_a_comprehension(flag):
    """It is gone when the comprehension has ended, also from the frame."""
    rows = []
    found = [1 for item in (1, 2, 3) if flag]
    for i in range(2):
        rows.append(sorted(locals()))
    try:
        first, second = [item for item in (4, 5, 6) if item + flag]
    finally:
        for i in range(2):
            rows.append(sorted(locals()))
            print(rows)


CALLS = [
    "variable_of_a_comprehension(0)",
    "variable_of_a_comprehension(True)",
    "adder(3)(4)",
    "adder('a')('b')",
    "adder(1)('b')",
    "counter()",
    "late_binding()",
    "early_binding()",
    "unbound_cell(True)",
    "unbound_cell(False)",
    "parameter_cell(3)",
    "parameter_cell('a')",
    "parameter_cell(2**62)",
    "recursion_inside(10)",
    "decorated_inside(2)",
    "annotated(1)",
    "lists(5)",
    "sets_and_dicts(['a', 'bb', ''])",
    "comprehension_reads_outer(1, [1, 2])",
    "comprehension_reads_outer(1, ['a'])",
    "comprehension_keeps_outer(7)",
    "failing_comprehension([1, 2])",
    "failing_comprehension([1, 0])",
    "two_loops([1, 2], [2, 3])",
    "two_loops([1, 2], 3)",
    "generator_argument(5)",
    "walrus([1, 2, 3])",
    "walrus([])",
    "class_inside(object)",
    "class_inside(int)",
    "class_inside(5)",
    "delete_cell(1)",
    "locals_inside(1)",
]
