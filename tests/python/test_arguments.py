"""How arguments become parameters: random signatures, called in random ways from interpreted and from compiled code, by
values of types that alternate, with defaults that change.
"""

import asyncio
import os
import random

import pytest
import stepwell

FIRST, LAST = map(int, os.environ.get("STEPWELL_SEEDS", "0:60").split(":"))
NAMES = ["a", "b", "c", "d", "e", "f"]
VALUES = ["1", "2.5", "'text'", "None", "[3]", "(4, 5)", "{6: 7}", "2 ** 70", "True", "3 + 4j", "b'89'", "Key('k')"]
MAKERS = {"": "return", "generator": "yield", "coroutine": "return", "async generator": "yield"}

COMMON = """
class Key(str):
    pass

class Owner:
    pass
"""


def signature(random):
    """The text of parameters, and their names by kind."""
    names = NAMES[: random.randint(0, len(NAMES))]
    only = random.randint(0, len(names))
    named = random.randint(only, len(names))
    defaults = random.randint(0, named)
    text = [f"{name}={random.choice(VALUES)}" if n >= defaults else name for n, name in enumerate(names[:named])]
    if random.random() < 0.4 and only:
        text.insert(only, "/")
    else:
        only = 0
    if random.random() < 0.2:
        text.append("*rest")
    elif named < len(names):
        text.append("*")
    for name in names[named:]:
        text.append(f"{name}={random.choice(VALUES)}" if random.random() < 0.6 else name)
    if random.random() < 0.2:
        text.append("**others")
    return ", ".join(text), names


def program(seed):
    """The source of some functions, and of calls of them."""
    chosen = random.Random(seed)
    lines, calls = [COMMON], []
    for n in range(3):
        parameters, names = signature(chosen)
        kind = chosen.choice(["", "", "", *MAKERS])
        seen = ["rest" for _ in [0] if "*rest" in parameters] + ["others" for _ in [0] if "**others" in parameters]
        body = f"    {MAKERS[kind]} [{', '.join([*names, *seen])}]"
        prefix = "async " if kind in ("coroutine", "async generator") else ""
        owner = chosen.random() < 0.25
        name = f"method{n}" if owner else f"function{n}"
        if owner:
            parameters = f"self, {parameters}"
        lines += [f"{prefix}def {name}({parameters}):", body, ""]
        if owner:
            lines += [f"Owner.{name} = {name}", ""]
        for k in range(8):
            given = chosen.sample([*names, "g"], chosen.randint(0, min(3, len(names) + 1)))
            split = chosen.randint(0, len(names) + 1)
            # Mostly what can be bound, sometimes what cannot.
            if chosen.random() < 0.8:
                given = [name for name in given if name in names[split:]]
            arguments = [chosen.choice(VALUES) for _ in range(split)]
            arguments += [f"{name}={chosen.choice(VALUES)}" for name in given]
            caller = f"call{n}_{k}"
            target = f"Owner().{name}" if owner else name
            lines += [f"def {caller}():", f"    return {target}({', '.join(arguments)})", ""]
            calls.append((name, caller))
    return "\n".join(lines), calls


def finished(value):
    """What a function returns, or what is in the generator or coroutine that it returns."""
    if hasattr(value, "__aiter__"):

        async def collect():
            return [item async for item in value]

        value = collect()
    if hasattr(value, "__await__"):
        return asyncio.new_event_loop().run_until_complete(value)
    if hasattr(value, "send"):
        return list(value)
    return value


def outcome(function):
    try:
        return repr(finished(function()))
    except TypeError as error:
        return str(error)


def trace(source, calls, jit, seed):
    chosen = random.Random(seed)
    namespace = {"__name__": "made"}
    exec(source, namespace)
    functions = {name for name, _ in calls}
    for name in functions | ({caller for _, caller in calls} if chosen.random() < 0.7 else set()):
        namespace[name] = jit(namespace[name])
        if hasattr(namespace["Owner"], name):
            setattr(namespace["Owner"], name, namespace[name])
    seen = []
    for _ in range(6):
        for name, caller in chosen.sample(calls, len(calls)):
            seen.append((caller, outcome(namespace[caller])))
        changed = namespace[chosen.choice(sorted(functions))]
        match chosen.randint(0, 5):
            case 0:
                changed.__defaults__ = chosen.choice([None, (1,), ("x", 2.5, None)])
            case 1:
                changed.__kwdefaults__ = chosen.choice([None, {"f": 1}, {"e": "x", "f": None, "d": 4}])
            case 2 if changed.__kwdefaults__:
                changed.__kwdefaults__[namespace["Key"]("f")] = "equal to a name"
    return seen


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_arguments_are_bound_as_the_interpreter_binds_them(seed):
    source, calls = program(seed)
    expected = trace(source, calls, lambda function: function, seed)
    assert trace(source, calls, stepwell.jit(opt_level=0), seed) == expected, source
