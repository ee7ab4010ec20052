"""Writes to the locals of a frame that runs, through `f_locals`: refused where compiled code would not see them."""

import sys

import pytest
import stepwell


def write(name, value):
    sys._getframe(1).f_locals[name] = value


@stepwell.jit
def overwritten_parameter(x):
    write("x", None)
    return x


@stepwell.jit
def overwritten_number():
    total = 1
    write("total", 100)
    return total


@stepwell.jit
def overwritten_cell():
    total = 1
    write("total", 100)
    return (lambda: total)()


@stepwell.jit
def suspended():
    total = [1]
    yield total
    yield total


@pytest.mark.parametrize("call", [lambda: overwritten_parameter(object()), overwritten_number])
def test_a_local_of_running_compiled_code_is_not_overwritten(call):
    for _ in range(3):
        with pytest.raises(RuntimeError, match="that runs compiled code"):
            call()


def test_a_cell_is_overwritten():
    assert [overwritten_cell() for _ in range(3)] == [100] * 3


def test_a_local_of_a_suspended_generator_is_overwritten():
    generator = suspended()
    assert next(generator) == [1]
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
