"""Generators, by all ways of driving them."""


@jit
def numbers(n):
    for i in range(n):
        yield i


@jit
def squares(items):
    for item in items:
        yield item * item


@jit
def pipeline(n):
    return sum(squares(numbers(n)))


@jit
def echo():
    received = []
    while len(received) < 3:
        received.append((yield len(received)))
    return received


@jit
def delegate(*iterables):
    results = []
    for iterable in iterables:
        results.append((yield from iterable))
    return results


@jit
def guarded():
    try:
        yield 1
        yield 2
    except ValueError as error:
        yield "caught", error.args
    finally:
        print("closed")
    yield "after"


@jit
def stubborn():
    while True:
        try:
            yield 1
        except GeneratorExit:
            yield 2


@jit
def fails_later():
    yield 1
    yield 1 / 0


@jit
def stops(n):
    yield n
    raise StopIteration(n)


@jit
def empty():
    return 5
    yield


@jit
def floats(x):
    while x < 100.0:
        x = x * 1.5
        yield x


@jit
def big(n):
    x = 1
    for i in range(n):
        x *= 1000
        yield x


@jit
def tree(node):
    if node:
        left, value, right = node
        yield from tree(left)
        yield value
        yield from tree(right)


@jit
def holds(thing):
    yield thing.name
    yield "end"


@jit
def keeps_exception_state():
    try:
        raise ValueError("inside")
    except ValueError:
        yield 1
        raise


@jit
def in_with(manager):
    with manager:
        yield 1


@jit
def arguments(a, *args, k=1, **kwargs):
    yield a
    yield args
    yield k
    yield kwargs


def results_of(generator):
    out = []
    while True:
        try:
            out.append(next(generator))
        except StopIteration as stop:
            return out, stop.value


def drive(generator, *script):
    out = []
    for kind, value in script:
        try:
            out.append(getattr(generator, kind)(*value))
        except BaseException as error:
            out.append(repr(error))
    return out


class Manager:
    def __enter__(self):
        print("enter")

    def __exit__(self, *what):
        print("exit", what[0])


CALLS = [
    "list(numbers(5))",
    "list(numbers('a'))",
    "list(squares([1, 2.5, 2**40, True]))",
    "list(squares(['a']))",
    "pipeline(10)",
    "results_of(echo())",
    "drive(echo(), ('send', [None]), ('send', ['a']), ('send', ['b']), ('send', ['c']), ('send', ['d']))",
    "drive(echo(), ('send', [1]))",
    "results_of(delegate([1, 2], 'ab', numbers(2), echo()))",
    "drive(delegate(echo()), ('send', [None]), ('send', ['x']), ('throw', [ValueError(1)]), ('send', [None]))",
    "results_of(delegate(5))",
    "results_of(delegate({1: 2}))",
    "results_of(guarded())",
    "drive(guarded(), ('__next__', []), ('throw', [ValueError(1, 2)]), ('__next__', []), ('__next__', []))",
    "drive(guarded(), ('__next__', []), ('close', []), ('__next__', []))",
    "drive(guarded(), ('close', []), ('__next__', []))",
    "drive(guarded(), ('throw', [KeyError(1)]))",
    "drive(stubborn(), ('__next__', []), ('close', []))",
    "results_of(fails_later())",
    "results_of(stops(1))",
    "results_of(empty())",
    "[round(x, 3) for x in floats(1.0)]",
    "list(floats(1))",
    "list(big(9))",
    "list(tree(((None, 1, None), 2, (None, 3, (None, 4, None)))))",
    "list(holds(Tracked()))",
    "next(holds(Tracked()))",
    "results_of(keeps_exception_state())",
    "list(in_with(Manager()))",
    "next(in_with(Manager()))",
    "list(arguments(1, 2, 3, k=4, z=5))",
    "arguments()",
    "repr(numbers(1))[:24]",
    "(g := numbers(3), next(g), g.gi_frame.f_lineno - g.gi_code.co_firstlineno, g.gi_running)[1:]",
    "max(numbers(10)), dict(zip('ab', numbers(2))), [*numbers(3)], 2 in numbers(5)",
    "(lambda a, *b: (a, b))(*numbers(4))",
]
