"""Generated functions that are compiled for values of some types and then meet values of others.

`STEPWELL_SEEDS=FROM:TO` chooses the programs; each is run by the interpreter and compiled, with the same calls in the
same order, and what the calls return, raise and leave behind has to be the same.
"""

import os
import random
import warnings

import pytest
import stepwell

FIRST, LAST = map(int, os.environ.get("STEPWELL_SEEDS", "1000:1012").split(":"))

# What a function is called with while it is compiled, all of one kind.
KINDS = [["5", "-3", "0", "1", "7", "2**40"], ["2.5", "-0.0", "3.0", "1e10"], ["True", "False"]]
# What it meets later.
OTHERS = ["None", "'s'", "2**63", "-(2**63)", "2**70", "[1, 2]", "(1,)", "1j", "float('nan')", "float('inf')"]
OTHERS += ["Whole(4)", "Real(1.5)", "b'x'", "{}", "Overloaded(3)", "5", "2.5", "True"]

PRELUDE = """
class Whole(int):
    pass

class Real(float):
    pass

class Overloaded:
    def __init__(self, value):
        self.value = value
    def __add__(self, other):
        return 11
    __radd__ = __mul__ = __rmul__ = __sub__ = __rsub__ = __add__
    def __lt__(self, other):
        return True
    __gt__ = __le__ = __ge__ = __lt__
    def __repr__(self):
        return f"Overloaded({self.value!r})"

class Plain:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def get(self):
        return self.x
    def add(self, k):
        return self.x + k
    @property
    def p(self):
        return self.y
    def __repr__(self):
        return f"Plain({self.x!r}, {self.y!r})"

class Slotted:
    __slots__ = ("x", "y")
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def get(self):
        return self.y
    def add(self, k):
        return k - self.x
    @property
    def p(self):
        return self.x
    def __repr__(self):
        return f"Slotted({self.x!r}, {self.y!r})"

def same(a):
    return a

def product(a, b):
    return a * b + 1

def something(a):
    if a is None:
        return 0
    return a

def items(values):
    for value in values:
        yield value

def repeat(count, value):
    for i in range(count):
        yield value

rebound = 5
"""
COMPILED = ["same", "product", "something", "items", "repeat"]
METHODS = ["__init__", "get", "add"]

# Where a value comes from.
SOURCES = """o.x|o.y|o.get()|o.p|l[0]|l[i]|l[-1]|l[1]|t[0]|t[1]|d["k"]|same(o.x)|same(l[0])|something(o.x)|something(l[i])
product(o.x, l[0])|o.add(l[0])|rebound|free|next(items(l))|sum(items(l))|max(l)|min(l[0], o.x)|len(l)|(o.x, l[0])[1]
abs(o.x)""".replace("\n", "|").split("|")
EXPRESSIONS = """(%s + %s)|(%s - %s)|(%s * %s)|(%s * 0 + %s)|(%s and %s)|(%s or %s)|(%s if %s else 3)|(%s // %s)|(%s %% %s)
product(%s, %s)|max(%s, %s)|(%s, %s)[0]""".replace("\n", "|").split("|")
CONDITIONS = """%s is None|%s is not None|%s < %s|%s == %s|%s != %s|isinstance(%s, int)|type(%s) is float|not %s|%s|%s >= %s
%s in (1, None, 2.5)|%s is True""".replace("\n", "|").split("|")
ITERABLES = ["l", "t", "items(l)", "repeat(3, o.x)", "repeat(2, l[0])", "[o.x, o.y]", "list(l)"]


class Writer:
    """Writes a function."""

    def __init__(self, chance):
        self.chance = chance
        self.locals = ["a", "b"]

    def atom(self):
        if self.chance.random() < 0.25:
            return self.chance.choice(SOURCES)
        constant = self.chance.choice(["0", "1", "2", "3.5", "None", "10"])
        return self.chance.choice([*self.locals, *self.locals, "i", constant])

    def expression(self, depth=0):
        if depth > 2 or self.chance.random() < 0.35:
            return self.atom()
        return self.chance.choice(EXPRESSIONS) % (self.expression(depth + 1), self.expression(depth + 1))

    def condition(self):
        text = self.chance.choice(CONDITIONS)
        return text % tuple(self.expression(2) for _ in range(text.count("%s")))

    def assignment(self, depth):
        name = self.chance.choice("abce")
        source = self.chance.choice(SOURCES) if self.chance.random() < 0.5 else self.expression()
        if depth == 1 and name not in self.locals:
            self.locals.append(name)
        return [f"{name} = {source}"]

    def statement(self, depth):
        forms = [
            (35, lambda: self.assignment(depth)),
            (10, lambda: [f"o.{self.chance.choice('xy')} = {self.expression()}"]),
            (7, lambda: [f"l[{self.chance.choice('01i')}] = {self.expression()}"]),
            (8, lambda: [f"out.append({self.expression()})"]),
            (4, lambda: [f"b {self.chance.choice('+-*')}= {self.expression(2)}"]),
        ]
        if depth < 4:
            forms += [
                (14, lambda: [f"if {self.condition()}:", *self.block(depth + 1), *self.otherwise(depth)]),
                (7, lambda: [f"for i in range({self.chance.randrange(1, 5)}):", *self.block(depth + 1)]),
                (5, lambda: [f"for a in {self.chance.choice(ITERABLES)}:", *self.block(depth + 1)]),
                (5, lambda: self.attempt(depth)),
                (5, self.match),
            ]
        weights, makers = zip(*forms, strict=True)
        return self.chance.choices(makers, weights)[0]()

    def otherwise(self, depth):
        return ["else:", *self.block(depth + 1)] if self.chance.random() < 0.4 else []

    def attempt(self, depth):
        handler = ["except (TypeError, ZeroDivisionError) as error:", "    out.append(str(error))"]
        return ["try:", *self.block(depth + 1), *handler]

    def match(self):
        cases = ["case None: a = 1", "case int(): b = 2", "case _: a = b"]
        return [f"match {self.expression(2)}:", *(f"    {case}" for case in cases)]

    def block(self, depth):
        statements = [self.statement(depth) for _ in range(self.chance.choice([1, 1, 2, 3]))]
        return [f"    {line}" for statement in statements for line in statement]

    def program(self):
        lines = [line for _ in range(self.chance.choice([3, 5, 8])) for line in self.statement(1)]
        body = ["i = 0", "out = []", *lines, f"return {', '.join(self.locals)}, i, out"]
        head = ["def make():", "  free = 5", "  def assign(value):", "    nonlocal free", "    free = value"]
        return "\n".join([*head, "  def f(o, l, t, d, a, b):", *("    " + line for line in body), "  return f, assign"])


def arguments(chance, kind, odd):
    """The texts of six arguments, and of the values of a free variable and a global."""

    def value():
        return chance.choice(OTHERS) if chance.random() < odd else chance.choice(kind)

    made = f"{chance.choice(['Plain', 'Slotted']) if odd else 'Plain'}({value()}, {value()})"
    sequence = f"[{', '.join(value() for _ in range(5))}]"
    return [made, sequence, f"({value()}, {value()})", f"{{'k': {value()}}}", value(), value(), value(), value()]


def outcome(namespace, function, assign, texts):
    """What a call returns or raises, where, and what it did to its arguments."""
    *given, free, rebound = [eval(text, namespace) for text in texts]
    assign(free)
    namespace["rebound"] = rebound
    try:
        result = repr(function(*given))
    except Exception as error:
        places = []
        trace = error.__traceback__.tb_next
        while trace:
            places.append((trace.tb_lineno, trace.tb_frame.f_code.co_name))
            trace = trace.tb_next
        result = f"{type(error).__name__}: {error} at {places}"
    return result, repr(given[0]), repr(given[1])


def outcomes(program, calls, jit):
    namespace = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(PRELUDE + program, "program", "exec"), namespace)
    function, assign = namespace["make"]()
    for name in COMPILED:
        namespace[name] = jit(namespace[name])
    for made in (namespace["Plain"], namespace["Slotted"]):
        for name in METHODS:
            setattr(made, name, jit(vars(made)[name]))
    function = jit(function)
    return [outcome(namespace, function, assign, texts) for texts in calls]


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_values_of_other_types_are_noticed(seed):
    chance = random.Random(seed)
    program = Writer(chance).program()
    kind = chance.choice(KINDS)
    share = [0] * chance.choice([2, 5, 12]) + [0.12] * 10 + [0] * 3 + [0.4] * 8
    calls = [arguments(chance, kind, odd) for odd in share]
    options = {"baseline": False, "opt_level": seed % 2 * 3} if seed % 3 else {}
    interpreted = outcomes(program, calls, lambda function: function)
    compiled = outcomes(program, calls, lambda function: stepwell.jit(function, **options))
    for texts, expected, found in zip(calls, interpreted, compiled, strict=True):
        assert found == expected, (program, texts)
