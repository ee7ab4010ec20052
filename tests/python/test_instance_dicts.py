"""Attributes of instances that have a dict, beside others of their class that have none; and globals of a module whose
globals change: loads and stores remember places, and every way to change what is there has to be seen.
"""

import random

import pytest
import stepwell

SOURCE = """
class Thing:
    c = "of the class"
    def __init__(self):
        self.a = 1
    def method(self):
        return "method", self.a

def load_a(x): return x.a
def load_b(x): return x.b
def load_c(x): return x.c
def store_a(x, value): x.a = value
def store_b(x, value): x.b = value
def store_c(x, value): x.c = value
def delete_b(x): del x.b
def call(x): return x.method()
def count(x): x.n += 1; return x.n
def load_global(x): return g
def store_global(x):
    global g
    g = x.a
def count_global(x):
    global counter
    counter += 1
    return counter, g, len
def delete_global(x):
    global g
    del g
"""
FUNCTIONS = [line.split("(")[0][4:] for line in SOURCE.splitlines() if line.startswith("def ")]


def module():
    namespace = {"__name__": "made", "counter": 0, "g": "global"}
    exec(SOURCE, namespace)
    return namespace


class Other(str):
    """A key that is equal to a name and is none."""

    __hash__ = str.__hash__


def disturb(kind, things, namespace, index):
    """Changes something in another way than the functions do."""
    thing, number = things[index], index + 100
    match kind:
        case "early b":
            things[index] = namespace["Thing"]()
            outcome(setattr, things[index], "b", number)
        case "new":
            things[index] = namespace["Thing"]()
        case "ask for the dict":
            thing.__dict__["asked"] = number
        case "another dict":
            thing.__dict__ = {"z": 1, "a": number, "b": number, "n": 1}
        case "order":
            values = dict(thing.__dict__)
            thing.__dict__ = dict(reversed(values.items()))
        case "other key":
            thing.__dict__[Other("b")] = number
        case "number as key":
            thing.__dict__[7] = number
        case "empty":
            thing.__dict__.clear()
        case "class attribute":
            namespace["Thing"].b = number
        case "property":
            namespace["Thing"].b = property(lambda self: ("property", number))
        case "no class attribute":
            if "b" in vars(namespace["Thing"]):
                del namespace["Thing"].b
        case "own method":
            thing.method = lambda: ("own", number)
        case "global":
            namespace["g"] = number
        case "new global":
            namespace[f"g{number}"] = number
        case "shadow":
            namespace["len"] = number
        case "no shadow":
            namespace.pop("len", None)
        case "global as other key":
            namespace.pop("g", None)
            namespace[Other("g")] = number
        case "many globals":
            namespace.update((f"x{i}", i) for i in range(50))


DISTURBANCES = [
    "early b", "new", "new", "ask for the dict", "another dict", "order", "other key", "number as key", "empty",
    "class attribute", "property", "no class attribute", "no class attribute", "own method", "global", "new global",
    "shadow", "no shadow", "global as other key", "many globals",
]  # fmt: skip


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error), str(error)


def run(seed, wrap):
    rng = random.Random(seed)
    namespace = module()
    for name in FUNCTIONS:
        namespace[name] = wrap(namespace[name])
    thing = namespace["Thing"]
    # The names that instances share are settled after some thirty of them.
    things = [thing() for _ in range(rng.choice([3, 60]))][:6]
    log = []
    for _ in range(400):
        index = rng.randrange(len(things))
        if rng.random() < 0.06:
            disturb(rng.choice(DISTURBANCES), things, namespace, index)
            continue
        name = rng.choice(FUNCTIONS)
        value = (rng.randrange(5),) if name.startswith("store_") and name != "store_global" else ()
        result = outcome(namespace[name], things[index], *value)
        log.append((name, index, result, list(vars(things[index]).items())[:8]))
    return [[repr(entry) for entry in log], list(namespace)]


@pytest.mark.parametrize("options", [{}, {"baseline": False}, {"mode": "object"}])
@pytest.mark.parametrize("seed", range(40))
def test_every_change_is_seen(seed, options):
    compiled = []

    def jit(function):
        compiled.append(stepwell.jit(function, **options))
        return compiled[-1]

    def plain(text):
        # Addresses, and where lambdas are, differ between two runs.
        return [entry.split(" at 0x")[0] for entry in text]

    expected, result = run(seed, lambda function: function), run(seed, jit)
    assert plain(result[0]) == plain(expected[0])
    assert result[1] == expected[1]
    assert sum(stepwell.stats(function)["compiled_calls"] for function in compiled) > 200
