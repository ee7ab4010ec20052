"""`append` to lists that a function makes: the call is not made, and nobody can tell."""

import sys
import types

import pytest
import stepwell


def plain(function):
    return types.FunctionType(function.__code__.replace(), function.__globals__, function.__name__)


def squares(n):
    out = []
    for i in range(n):
        out.append(i * i)
    return out


def results(n):
    out = []
    last = [out.append(i) for i in range(n)]
    return out, last, out.append("end")


def nested(n):
    rows = []
    for i in range(n):
        row = [i]
        for j in range(i):
            row.append(row[j] + 1.5)
        rows.append(row)
    return rows


def of_itself(n):
    out = [1]
    out.append(out)
    return len(out), out[1] is out


def while_iterated(n):
    out = [1]
    for x in out:
        if len(out) < n:
            out.append(x + 1)
    return out


def in_handler(n):
    out = []
    try:
        for i in range(n):
            out.append(100 // (n - 3 - i))
    except ZeroDivisionError as error:
        out.append(str(error))
    finally:
        out.append("end")
    return out


def method_kept(n):
    out = []
    add = out.append
    for i in range(n):
        add(i)
    out.append(add.__name__)
    return out


def wrong_calls(n):
    out = []
    seen = []
    for arguments in [(), (1, 2), (3,)]:
        try:
            seen.append(out.append(*arguments))
        except TypeError as error:
            seen.append(str(error))
    try:
        out.append()
    except TypeError as error:
        seen.append(str(error))
    try:
        out.append(object=n)
    except TypeError as error:
        seen.append(str(error))
    return out, seen


def rebound(n):
    out = []
    for i in range(n):
        if i == 4:
            out = Other()
        out.append(i)
    return out.items if isinstance(out, Other) else out


def unbound(n):
    if n > 100:
        out = []
    out.append(n)
    return out


def deleted(n):
    out = [n]
    del out
    out.append(n)


class Other:
    def __init__(self):
        self.items = []

    def append(self, item):
        self.items.append((item, sys._getframe(1).f_code.co_name))


class List(list):
    def append(self, item):
        super().append([item])


def of_a_subclass(n):
    out = List()
    for i in range(n):
        out.append(i)
    return list(out)


def told(function, n):
    try:
        return repr(function(n))
    except Exception as error:
        return repr(error), error.__traceback__.tb_next.tb_lineno


FUNCTIONS = [squares, results, nested, of_itself, while_iterated, in_handler, method_kept, wrong_calls, rebound, unbound, deleted, of_a_subclass]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_lists_hold_what_was_appended(function):
    compiled = stepwell.jit(plain(function))
    for n in [0, 1, 3, 8, 50, 3, 200] * 6:
        assert told(compiled, n) == told(function, n)


def arguments_that_leave(n, call):
    out = []
    for i in range(n):
        out.append(call(i) + 1)
    return out


def test_an_argument_that_leaves_or_raises_finds_the_method_on_the_stack():
    compiled = stepwell.jit(plain(arguments_that_leave))
    calls = [lambda i: i, lambda i: i + 0.5, lambda i: 2**70 + i, lambda i: i if i < 30 else str(i), lambda i: 1 / (20 - i)]
    for call in [calls[0]] * 20 + calls * 3:
        outcomes = []
        for function in (compiled, arguments_that_leave):
            try:
                outcomes.append(function(40, call))
            except Exception as error:
                outcomes.append((repr(error), error.__traceback__.tb_next.tb_lineno))
        assert outcomes[0] == outcomes[1]


def test_references():
    class Item:
        pass

    def fill(item, n):
        out = []
        for _ in range(n):
            out.append(item)
        return out

    compiled = stepwell.jit(fill)
    item = Item()
    for n in [5, 60, 500] * 8:
        before = sys.getrefcount(item)
        out = compiled(item, n)
        assert sys.getrefcount(item) == before + n
        del out
        assert sys.getrefcount(item) == before


def test_the_call_is_gone():
    compiled = stepwell.jit(plain(squares))
    for _ in range(30):
        compiled(3000)
    assert "load_method append" not in str(stepwell.explain(compiled))
