"""Compiled programs do what CPython does: values, exceptions with their tracebacks, output, lifetimes of objects."""

import functools

import pytest
import stepwell
from differential import PROGRAMS, ROUNDS, Program

FILES = sorted(PROGRAMS.glob("*.py"))
MODES = ["auto", "object"]


@functools.cache
def programs(path, mode):
    return Program(path, lambda function: function), Program(path, stepwell.jit(mode=mode, opt_level=1, lazy=True))


def cases():
    for path in FILES:
        for call in Program(path, lambda function: function).calls:
            yield pytest.param(path, call, id=f"{path.stem}: {call}")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("path", "call"), list(cases()))
def test_same_as_the_interpreter(path, call, mode):
    interpreted, compiled = programs(path, mode)
    for _ in range(ROUNDS):
        assert compiled.run(call) == interpreted.run(call)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_is_compiled(path, mode):
    _, compiled = programs(path, mode)
    for call in compiled.calls:
        compiled.run(call)
    assert compiled.refusals() == {}
    assert sum(stepwell.stats(function)["compiled_calls"] for function in compiled.functions) > 0
