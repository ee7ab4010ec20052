"""f-strings and text."""


class Formatted:
    def __format__(self, spec):
        return f"<{spec}>"

    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"


class Unformattable:
    def __format__(self, spec):
        return 5


@jit
def plain(x):
    return f"x is {x}, twice {x}{x}"


@jit
def converted(x):
    return f"{x!r} {x!s} {x!a}"


@jit
def specified(x, width):
    return f"{x:>{width}}|{x:<10}|{x!r:^12}"


@jit
def numbers(x):
    return f"{x:.3f} {x:e} {x:,}"


@jit
def self_documenting(x):
    return f"{x=} {x + x = }"


@jit
def nothing():
    return f"", f"{''}", "a" f"{1}" "b"


@jit
def percent(x):
    return "%s and %r" % (x, x)


@jit
def concatenate(n):
    text = ""
    for i in range(n):
        text += str(i)
        text += ","
    return text


CALLS = [
    "plain(1)",
    "plain('ü')",
    "plain(Formatted())",
    "plain(Unformattable())",
    "converted('ü')",
    "converted(Formatted())",
    "specified(1, 5)",
    "specified('a', 5)",
    "specified('a', 'x')",
    "numbers(1234.5)",
    "numbers(12)",
    "numbers('a')",
    "self_documenting(2)",
    "nothing()",
    "percent(1)",
    "concatenate(12)",
]
