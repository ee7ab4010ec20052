"""Generated counted loops over numbers in lists and arrays, which become code for what they were called with at first.

`STEPWELL_SEEDS=FROM:TO` chooses the programs. Each is run by the interpreter and compiled, with the same calls in the same
order; what the calls return, raise, warn of and leave in the lists and arrays has to be the same.
"""

import copy
import os
import random
import traceback
import warnings

import numpy as np
import pytest
import stepwell

FIRST, LAST = map(int, os.environ.get("STEPWELL_SEEDS", "10:22").split(":"))

PRELUDE = """
import math

def twice(v):
    return v + v

def mix(v, w):
    return v * 3 - w

def clamp(v):
    if v > 1000:
        return 1000
    return v
"""

INTS = ["i", "s", "t", "a", "b", "1", "3", "7", "-2", "l[i]", "l[{}]", "k[i]", "int(u[i])", "i * 2", "len(l)"]
FLOATS = ["x", "y", "p", "0.5", "2.0", "f[i]", "f[{}]", "float(i)", "v[i]", "v[{}]"]
INDICES = ["i", "i - 1", "i + 1", "-i", "(s + i) % 40", "t % 40", "(i * 7 + 3) % 40", "k[i]", "0", "-1"]
INT_FORMS = ["({} + {})", "({} - {})", "({} * {}) % 1009", "({} * {} & 1023)", "({} * 3 + {})", "({} ^ {})", "({} & {})", "({} + {}) // 2", "({} + {}) % 97"]
INT_FORMS += ["twice({}) + {}", "mix({}, {})", "clamp({} + {})", "min({}, {})", "({} << 3) - {}", "({} >> 2) + {}"]
FLOAT_FORMS = ["({} + {})", "({} - {})", "({} * {})", "({} / {})", "abs({} - {})", "twice({}) - {}", "mix({}, {})", "max({}, {})"]


class Writer:
    """Writes a function with a loop or two."""

    def __init__(self, chance):
        self.chance = chance

    def index(self):
        return self.chance.choice(INDICES)

    def number(self, atoms, forms, depth=0):
        if depth > 1 or self.chance.random() < 0.4:
            return self.chance.choice(atoms).format(self.index())
        parts = [self.number(atoms, forms, depth + 1) for _ in range(2)]
        return self.chance.choice(forms).format(*parts)

    def int(self):
        return self.number(INTS, INT_FORMS)

    def float(self):
        return self.number(FLOATS, FLOAT_FORMS)

    def condition(self):
        two = [self.int(), self.int()] if self.chance.random() < 0.6 else [self.float(), self.float()]
        return f"{two[0]} {self.chance.choice(['<', '>', '==', '!=', '<='])} {two[1]}"

    def statement(self, depth):
        chance = self.chance.random()
        if chance < 0.30:
            return [f"{self.chance.choice('stab')} {self.chance.choice(['=', '+=', '-='])} {self.int()}"]
        if chance < 0.50:
            return [f"{self.chance.choice('pyx')} {self.chance.choice(['=', '+=', '-='])} {self.float()}"]
        if chance < 0.58:
            return [f"v[{self.index()}] = {self.float()}"]
        if chance < 0.64:
            return [f"u[{self.index()}] {self.chance.choice(['=', '+='])} {self.chance.choice(['1', 'i', '3'])}"]
        if chance < 0.68:
            return [f"w[i] = {self.chance.choice(['x', '2.0'])} * v[i] + w[i]"]
        if chance < 0.72:
            return [f"k[{self.index()}] = {self.chance.choice(['i', '5', 't % 40'])}"]
        if depth > 2:
            return ["t += 1"]
        if chance < 0.92:
            lines = [f"if {self.condition()}:", *self.block(depth + 1)]
            if self.chance.random() < 0.6:
                lines += ["else:", *self.block(depth + 1)]
            return lines
        if chance < 0.95:
            return [f"if {self.condition()}:", "    " + self.chance.choice(["break", "continue"])]
        return ["for j in range(i % 9):", *self.block(depth + 1)]

    def block(self, depth):
        lines = []
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            lines += ["    " + line for line in self.statement(depth)]
        return lines

    def function(self):
        lines = ["def kernel(n, a, b, x, l, k, f, u, v, w):", "    s = t = i = 0", "    p = y = 0.0"]
        for _ in range(self.chance.choice([1, 1, 2])):
            head = self.chance.choice(["range(n)", "range(1, n)", "range(n - 1, -1, -1)", "range(0, n, 2)"])
            lines += [f"    for i in {head}:", *["    " + line for line in self.block(1)]]
        if self.chance.random() < 0.3:
            lines += ["    j = n", "    while j > 0:", "        j -= 1", "        i = j", *["    " + line for line in self.block(2)]]
        return "\n".join([*lines, "    return s, t, p, y, a, b, x, i"])


def usual(chance):
    size = 40
    ints = [chance.randrange(-50, 1000) for _ in range(size)]
    places = [chance.randrange(size) for _ in range(size)]
    floats = [chance.uniform(-5, 5) for _ in range(size)]
    return [
        chance.choice([40, 39, 17, 3, 0]),
        chance.randrange(100),
        chance.randrange(1, 50),
        chance.uniform(0.5, 3),
        ints,
        places,
        floats,
        np.array(places, dtype="int64"),
        np.array(floats),
        np.ones(size),
    ]


def odd(chance):
    arguments = usual(chance)
    for _ in range(chance.choice([1, 1, 2])):
        number = chance.randrange(10)
        if number == 0:
            arguments[0] = chance.choice([41, 60, -1, True, 2.5])
        elif number < 3:
            arguments[number] = chance.choice([2**40, 2**62, -(2**63), 2**63 - 1, 2**70, True, 1.5])
        elif number == 3:
            arguments[3] = chance.choice([float("inf"), float("nan"), -0.0, 0.0, 1e308, 3, 2**70])
        elif number < 6:
            item = chance.choice([2**31, 2**45, 2**62, -(2**63), 2**80, True, 2.5, None, "s", -7, 39])
            arguments[number][chance.randrange(40)] = item
        elif number == 6:
            item = chance.choice([float("inf"), float("nan"), -0.0, 0.0, 1e308, 3, None, True])
            arguments[6][chance.randrange(40)] = item
        elif number == 7:
            arguments[7][chance.randrange(40)] = chance.choice([2**62, -(2**63), -5, 400, 41])
        else:
            array = arguments[number]
            array[chance.randrange(40)] = chance.choice([np.inf, np.nan, 1e308, -0.0, 0.0])
    if chance.random() < 0.25:
        arguments[9] = arguments[8]
    if chance.random() < 0.1:
        arguments[4] = tuple(arguments[4])
    if chance.random() < 0.1:
        arguments[5] = arguments[4]
    if chance.random() < 0.1:
        arguments[8] = arguments[8][::-1]
    return arguments


def outcome(kernel, arguments):
    arguments = copy.deepcopy(arguments)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = repr(kernel(*arguments))
        except Exception as error:
            places = [(entry.name, entry.lineno) for entry in traceback.extract_tb(error.__traceback__)[1:]]
            result = type(error).__name__, str(error), places
    told = [(str(warning.message), warning.lineno) for warning in caught]
    return result, told, repr(arguments)


def load(source, name):
    namespace = {}
    exec(compile(PRELUDE + source, name, "exec"), namespace)
    return namespace


def compiled(source, name):
    namespace = load(source, name)
    for function in ["twice", "mix", "clamp", "kernel"]:
        namespace[function] = stepwell.jit(namespace[function])
    return namespace["kernel"]


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_strips_do_what_the_interpreter_does(seed):
    chance = random.Random(seed)
    source = Writer(chance).function()
    plain = load(source, f"<strips {seed}>")["kernel"]
    kernel = compiled(source, f"<strips {seed}>")
    calls = [usual(chance) for _ in range(8)] * 8 + [odd(chance) for _ in range(40)]
    calls += [arguments for pair in zip(calls[-40:], calls[:40]) for arguments in pair]
    for number, arguments in enumerate(calls):
        wanted = outcome(plain, arguments)
        got = outcome(kernel, arguments)
        assert got == wanted, f"call {number} with {arguments}\n{source}"


def test_the_programs_become_strips():
    """Else the test above would be about something else."""
    found = []
    for seed in range(10, 22):
        chance = random.Random(seed)
        kernel = compiled(Writer(chance).function(), f"<strips of {seed}>")
        for _ in range(3):
            outcome(kernel, [40, *usual(chance)[1:]])
        found.append("arith.minsi" in stepwell.dump_ir(kernel, "typed"))
    assert sum(found) >= 6, found
