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


class Text(str):
    def __add__(self, other):
        return Text("added " + str(other))

    def __iadd__(self, other):
        return "in place " + str(other)


@jit
def doubled(text, n):
    for _ in range(n):
        text += text
        text = text + text
    return text


@jit
def snapshots(parts):
    text, kept = "", []
    for part in parts:
        before = text
        text += part
        kept.append((before, text))
        text = text + part
        kept.append(text)
    return kept


@jit
def appended(text, part):
    first = text
    try:
        text += part
        text = text + part
    except TypeError as error:
        return text, first, str(error)
    return text, first, text is first


@jit
def one_of_two(a, b):
    a = b + "x"
    b += "y"
    a += b
    b = a + b
    return a, b


@jit
def in_a_cell(n):
    text = ""

    def add(part):
        nonlocal text
        text += part

    for i in range(n):
        add(str(i))
    return text


CALLS = [
    "doubled('ab', 3)",
    "doubled('', 3)",
    "doubled('ü', 2)",
    "doubled([1], 1)",
    "doubled(3, 2)",
    "snapshots(['a', 'bc', '', 'ü', '\\U0001f600'])",
    "snapshots(['a', 5])",
    "snapshots(['a', Text('b'), 'c'])",
    "appended('a', 'b')",
    "appended('a', 5)",
    "appended(Text('a'), 'b')",
    "appended('a', Text('b'))",
    "appended([1], [2])",
    "appended([1], (2,))",
    "appended((1,), (2,))",
    "appended(1.5, 2)",
    "one_of_two('a', 'b')",
    "one_of_two('a', 5)",
    "in_a_cell(12)",
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
