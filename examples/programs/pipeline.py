"""Three generators in a row."""

from stepwell import jit


@jit
def numbers(limit):
    n = 0
    while n < limit:
        yield n
        n += 1


@jit
def not_divisible(source, divisor):
    for n in source:
        if n % divisor:
            yield n


@jit
def in_pairs(source):
    first = None
    for n in source:
        if first is None:
            first = n
        else:
            yield first, n
            first = None


@jit
def total(limit):
    result = 0
    for a, b in in_pairs(not_divisible(numbers(limit), 3)):
        result += a * b
    return result
