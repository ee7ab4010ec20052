"""Writes to the locals of a frame that runs, through `f_locals` (PEP 667): as in the interpreter, or refused."""

import contextlib
import copy
import sys
import threading
import types

import pytest
import stepwell


def write(name, value):
    sys._getframe(1).f_locals[name] = value


def write_and_fail(name, value):
    sys._getframe(1).f_locals[name] = value
    raise ValueError(name)


@contextlib.contextmanager
def writing(name, value):
    sys._getframe(2).f_locals[name] = value
    yield


def parameter(x):
    write("x", "new")
    return x


def parameter_that_is_passed(x, y):
    return [x, write("x", y), x]


def number():
    total = 1
    write("total", 100)
    return total


def number_of_another_type():
    total = 1
    write("total", "text")
    return total * 2


def number_in_a_loop(n):
    total = 0
    for i in range(n):
        total += i
        if i == 3:
            write("total", 1000)
            write("i", 7)
            total += i
    return total


def twice(x):
    y = x
    write("x", 1)
    write("x", 2)
    write("y", 3)
    return x, y


def then_assigned(x):
    write("x", 1)
    x = 5
    return x


def not_yet_bound(x):
    if x < 0:
        z = 1
    write("z", 26)
    return z


def in_its_own_frame():
    x = 1
    variables = sys._getframe().f_locals
    variables["x"] = 2
    y = x
    variables |= {"x": y + 1}
    variables.update({"y": 10})
    return x, y, variables["x"]


class Impostor:
    """Equals a name without being a string."""

    def __hash__(self):
        return hash("x")

    def __eq__(self, other):
        return other == "x"


def by_update(x):
    sys._getframe().f_locals.update({"x": 2, "no variable": 3})
    return x


def by_in_place_or(x):
    variables = sys._getframe().f_locals
    variables |= {"x": 2}
    return x


def by_set_default(x):
    del x
    sys._getframe().f_locals.setdefault("x", 2)
    return x


def by_method(x):
    sys._getframe().f_locals.__setitem__("x", 2)
    return x


def by_operator_method(x):
    sys._getframe().f_locals.__ior__({"x": 2})
    return x


def by_impostor(x):
    sys._getframe().f_locals[Impostor()] = 2
    return x


def before_an_exception(x):
    n = 1
    try:
        n = n + 1
        write_and_fail("x", "new")
    except ValueError:
        return x, n
    finally:
        write("n", 5)


def number_before_an_exception(flag):
    n = 2
    try:
        n = n * 3
        if flag:
            write_and_fail("n", -1)
        else:
            undefined  # noqa: B018
    except (ValueError, NameError):
        return n


def in_a_with_statement(x):
    with writing("x", 8):
        return x


def cell(total):
    write("total", 100)
    return (lambda: total)()


def objects_that_die(x):
    x = [x]
    same = x
    write("x", None)
    return same, x


CALLS = [
    (parameter, (object(),)),
    (parameter, (1,)),
    (parameter, (1.5,)),
    (parameter_that_is_passed, ([], ())),
    (number, ()),
    (number_of_another_type, ()),
    (number_in_a_loop, (10,)),
    (twice, ("x",)),
    (twice, (1,)),
    (then_assigned, (1,)),
    (not_yet_bound, (1,)),
    (in_its_own_frame, ()),
    (by_update, (1,)),
    (by_in_place_or, (1,)),
    (by_set_default, (1,)),
    (by_method, (1,)),
    (by_operator_method, (1,)),
    (by_impostor, (1,)),
    (before_an_exception, (1,)),
    (before_an_exception, ("text",)),
    (number_before_an_exception, (True,)),
    (number_before_an_exception, (False,)),
    (in_a_with_statement, (1,)),
    (cell, (1,)),
    (objects_that_die, (1,)),
]


@pytest.mark.parametrize("mode", ["auto", "object"])
@pytest.mark.parametrize(("function", "arguments"), CALLS)
def test_a_write_takes_effect(mode, function, arguments):
    expected = function(*arguments)
    compiled = stepwell.jit(type(function)(function.__code__.replace(), globals()), mode=mode)
    assert [compiled(*arguments) for _ in range(3)] == [expected] * 3
    assert stepwell.stats(compiled)["compiled_calls"] == 3


def test_only_the_frame_that_was_written_leaves():
    @stepwell.jit
    def outer(x):
        return [parameter_of_inner(x), len([x]), x]

    @stepwell.jit
    def parameter_of_inner(x):
        write("x", -x)
        return x

    assert [outer(i) for i in range(1, 51)] == [[-i, 1, i] for i in range(1, 51)]
    assert sum(site["count"] for site in stepwell.stats(outer)["exits"]) <= 1
    assert sum(site["count"] for site in stepwell.stats(parameter_of_inner)["exits"]) == 50


def test_a_write_from_another_thread():
    entered, written = threading.Event(), threading.Event()

    @stepwell.jit
    def waiting(x):
        entered.set()
        written.wait()
        return x

    results = []
    thread = threading.Thread(target=lambda: results.append(waiting(1)))
    thread.start()
    entered.wait()
    frame = sys._current_frames()[thread.ident]
    while frame.f_code is not waiting.__code__:
        frame = frame.f_back
    frame.f_locals["x"] = 2
    written.set()
    thread.join()
    assert results == [2]


class Writer:
    @property
    def x(self):
        sys._getframe(1).f_locals["x"] = None

    def __add__(self, other):
        sys._getframe(1).f_locals["x"] = None


@pytest.mark.parametrize("expression", ["w.x", "w + 1"])
def test_a_write_that_compiled_code_would_not_see_is_refused(expression):
    namespace = {}
    # The call is what it has a frame for.
    exec(f"def f(w, x):\n    repr(x)\n    {expression}\n    return x", namespace)
    f = stepwell.jit(namespace["f"])
    for _ in range(3):
        with pytest.raises(RuntimeError, match="of a frame that runs compiled code"):
            f(Writer(), 1)


def test_a_local_is_not_deleted():
    @stepwell.jit
    def f(x):
        del sys._getframe().f_locals["x"]

    with pytest.raises(TypeError, match="cannot remove variables"):
        f(1)


@stepwell.jit
def suspended():
    total = [1]
    yield total
    write("total", [2])
    yield total
    yield total


def test_a_local_of_a_generator_is_overwritten():
    for _ in range(3):
        generator = suspended()
        assert next(generator) == [1]
        assert next(generator) == [2]
        generator.gi_frame.f_locals["total"] = "new"
        assert next(generator) == "new"


def test_a_local_of_a_function_that_has_ended_is_overwritten():
    @stepwell.jit
    def failing(x):
        raise ValueError(x)

    with pytest.raises(ValueError, match="1") as caught:
        failing(1)
    variables = caught.tb.tb_next.tb_frame.f_locals
    variables["x"] = 2
    assert variables["x"] == 2


def look():
    return dict(sys._getframe(1).f_locals)


def removed_after_a_look(condition):
    x = 0
    seen = [look()]
    if condition:
        del x
    return [*seen, look()]


def removed_and_assigned_in_a_loop(condition):
    x = 7
    seen = [look()]
    if condition:
        del x
    for i in range(3):
        if condition and i == 1:
            x = 7
        seen.append(look())
    return seen


def now_and_then_in_a_loop(count):
    seen = []
    for i in range(count):
        if i % 2:
            y = i
        seen.append(look().get("y"))
        if i % 6 == 3:
            del y
        seen.append(look().get("y"))
    return seen


@pytest.mark.parametrize("function", [removed_after_a_look, removed_and_assigned_in_a_loop, now_and_then_in_a_loop])
@pytest.mark.parametrize("argument", [0, 1, 12])
def test_a_number_that_is_removed_after_it_was_seen_is_not_seen_again(function, argument):
    compiled = stepwell.jit(types.FunctionType(function.__code__.replace(), globals()), baseline=False)
    assert repr(compiled(argument)) == repr(function(argument))
    assert stepwell.stats(compiled)["compiled_calls"]


SUSPENDED = """
def constant():
    x = 5
    yield "begun"
    yield x + 1, x is None, [x]
    yield x

def none():
    x = None
    yield "begun"
    yield "none" if x is None else x
    yield x

def text():
    x = "text"
    yield "begun"
    yield x + "s" if isinstance(x, str) else x
    yield f"{x}"

def listed():
    x = [1, 2]
    yield "begun"
    yield x
    yield len(x) if hasattr(x, "__len__") else x

def counted():
    x = 0
    while x is not None and x < 7:
        yield x
        x += 2
    yield x

def summed():
    x = 0.5
    for i in range(4):
        x += i * 1.5
        yield x, i
    return x

def ranged():
    for x in range(3):
        yield x
        yield x * 2

def given(x=4):
    yield "begun"
    yield x * 3
    x += x
    yield x

def unbound():
    yield "begun"
    try:
        yield x
    except UnboundLocalError as error:
        yield str(error)
    x = 2
    yield x

def inner(x=1):
    y = x * 2
    yield y
    yield y, x

def delegating():
    x = 6
    y = yield from inner(x)
    yield x, y

async def one():
    return 1

async def asynchronous():
    x = 3
    yield "begun"
    yield x + await one()
    yield x
"""
WRITES = [6, -1, 2.5, True, None, "written", [3], 2**70, (1, 2)]


def written(function, writes, before):
    """What comes out of a generator of the function whose local is written behind the item of each of these numbers."""
    made = function()
    if hasattr(made, "__anext__"):

        def advance():
            try:
                made.__anext__().send(None)
            except StopIteration as stop:
                return stop.value
    else:

        def advance():
            return next(made)

    frame = getattr(made, "gi_frame", None) or made.ag_frame
    seen = []
    if before is not None:
        frame.f_locals["x"] = copy.copy(before)
    for number in range(8):
        try:
            seen.append(repr(advance()))
        except (StopIteration, StopAsyncIteration) as stop:
            return [*seen, repr(stop)]
        except Exception as error:
            return [*seen, repr(error), error.__traceback__.tb_lineno]
        if number in writes:
            frame.f_locals["x"] = copy.copy(writes[number])
    return seen


NAMES = [line.split("(")[0].split()[-1] for line in SUSPENDED.splitlines() if "def " in line]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "one"])
def test_the_locals_of_what_is_suspended_can_be_written(name):
    """Before it begins, and behind each suspension, whatever compiled code took them for."""
    namespaces = []
    for jit in (lambda function: function, stepwell.jit):
        namespace = {}
        exec(SUSPENDED, namespace)
        for key, value in list(namespace.items()):
            if isinstance(value, types.FunctionType):
                namespace[key] = jit(value)
        namespaces.append(namespace)
    plain, compiled = (namespace[name] for namespace in namespaces)
    for _ in range(3):
        assert written(compiled, {}, None) == written(plain, {}, None)
    for value in WRITES:
        for writes in ({0: value}, {1: value}, {0: value, 1: 8}, {2: value}):
            assert written(compiled, writes, None) == written(plain, writes, None), (value, writes)
        assert written(compiled, {}, value) == written(plain, {}, value), value
        assert written(compiled, {1: 4}, value) == written(plain, {1: 4}, value), value
