"""Loops and jumps."""


@jit
def count(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            continue
        if i > 50:
            break
        total += i
    else:
        return "all", total
    return "some", total


@jit
def ranges(a, b, c):
    return [i for i in range(a, b, c)]


@jit
def after_range(n):
    for i in range(n):
        pass
    return i


@jit
def while_else(n):
    while n > 0:
        n -= 1
        if n == 5:
            break
    else:
        return "ran out"
    return n


@jit
def nested(rows, columns):
    out = []
    for r in range(rows):
        for c in range(columns):
            if c > r:
                break
            if (r + c) % 2:
                continue
            out.append((r, c))
    return out


@jit
def over(iterable):
    seen = []
    for item in iterable:
        seen.append(item)
    return seen


@jit
def unpack_pairs(pairs):
    total = 0
    for a, (b, *rest) in pairs:
        total += a * b + len(rest)
    return total


@jit
def maybe_unbound(flag):
    if flag:
        value = 1
    return value


@jit
def deleted(x):
    del x
    return x


@jit
def unbound_in_loop(n):
    for i in range(n):
        if i == 2:
            last = i * 1.5
    return last


@jit
def changing_type(n):
    x = 0
    for i in range(n):
        if i == n // 2:
            x = "text"
        x = x + 1 if not isinstance(x, str) else x
    return x


@jit
def overflow_in_loop(n):
    x = 1
    trail = []
    for i in range(n):
        x = x * 3 + i
        trail.append(x)
    return trail[-1], len(trail)


@jit
def ternaries(n):
    return ["fizzbuzz" if i % 15 == 0 else "fizz" if i % 3 == 0 else "buzz" if i % 5 == 0 else i for i in range(n)]


@jit
def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
        i += 1
    return sum(flags)


@jit
def fibonacci(n):
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


@jit
def forever(n):
    return forever(n + 1)


@jit
def checked(x):
    assert x > 0, f"{x} is not positive"
    assert x
    return x


@jit
def bare_assert(x):
    assert x < 10
    return x


class Bad:
    def __iter__(self):
        return 5


class Failing:
    def __iter__(self):
        yield 1
        yield 2
        raise KeyError("in the middle")


CALLS = [
    "count(10)",
    "count(100)",
    "count(0)",
    "count(-5)",
    "count(2.5)",
    "count(2**70)",
    "ranges(0, 10, 3)",
    "ranges(10, 0, -3)",
    "ranges(0, 10, 0)",
    "ranges(2**63 - 3, 2**63 + 2, 2)",
    "ranges(True, 4, 1)",
    "after_range(5)",
    "after_range(0)",
    "while_else(3)",
    "while_else(10)",
    "while_else(10.5)",
    "nested(6, 6)",
    "over([1, 2, 3])",
    "over((1, 'a', None))",
    "over('text')",
    "over({1: 2})",
    "over({5})",
    "over(range(3))",
    "over(iter([1]))",
    "over(5)",
    "over(Bad())",
    "over(Failing())",
    "over(map(int, '123'))",
    "over(x for x in 'ab')",
    "unpack_pairs([(1, (2, 3)), (4, (5,)), (6, [7, 8, 9])])",
    "unpack_pairs([(1, ())])",
    "unpack_pairs([(1, 2, 3)])",
    "unpack_pairs([1])",
    "maybe_unbound(True)",
    "maybe_unbound(False)",
    "deleted(1)",
    "unbound_in_loop(5)",
    "unbound_in_loop(1)",
    "changing_type(9)",
    "changing_type(1)",
    "overflow_in_loop(80)",
    "ternaries(16)",
    "sieve(200)",
    "fibonacci(12)",
    "fibonacci(3.5)",
    "checked(1)",
    "checked(-1)",
    "checked('a')",
    "bare_assert(11)",
]
