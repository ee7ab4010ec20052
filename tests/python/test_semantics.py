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


def test_attributes_of_more_classes_than_an_instruction_remembers():
    """An instruction goes on looking for what new classes have, now and then."""

    @stepwell.jit
    def use(thing):
        thing.count += 1
        return thing.count, thing.name, thing.double()

    for number in range(200):

        class Thing:
            name = f"class {number}"

            def __init__(self, count):
                self.count = count

            def double(self):
                return self.count * 2

        things = [Thing(number), Thing(-number)]
        for turn in range(1, 41):
            assert [use(thing) for thing in things] == [
                (number + turn, f"class {number}", (number + turn) * 2),
                (turn - number, f"class {number}", (turn - number) * 2),
            ]
        things[0].name = "its own"
        Thing.double = lambda self: "replaced"
        assert use(things[0]) == (number + 41, "its own", "replaced")
        assert use(things[1]) == (41 - number, f"class {number}", "replaced")
        del things[0].name, Thing.name
        for thing in things:
            with pytest.raises(AttributeError):
                use(thing)
