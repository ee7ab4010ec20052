"""What cannot be compiled is refused in words that name it and say what to do."""

import functools
import opcode
import re
import types

import pytest
import stepwell


class Callable:
    def method(self):
        return 1

    def __call__(self):
        return 2

    @property
    def value(self):
        return 3


def plain(x):
    return x


REFUSED = [
    (42, "not int: write @stepwell.jit above a def"),
    ("plain", "not str: write"),
    (len, "not the builtin 'len': it is machine code already"),
    ([].append, "not the builtin 'list.append': it is machine code already"),
    (str.upper, "not method_descriptor 'str.upper': it is machine code already"),
    (Callable, "not the class 'Callable': decorate its methods"),
    (Callable(), "decorate the function itself"),
    (Callable().method, "not method 'Callable.method': give it the function, which is the method's __func__"),
    (Callable.__dict__["value"], "put @stepwell.jit below the property decorator"),
    (functools.partial(plain, 1), "give it the function inside"),
    (plain.__code__, "give it the function that has this code"),
]


@pytest.mark.parametrize(("given", "message"), REFUSED, ids=lambda case: str(case)[:40])
def test_what_is_no_function(given, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        stepwell.jit(given)
    with pytest.raises(TypeError, match="stepwell needs a Python function"):
        stepwell.dump_ir(given)


def test_a_decorator_refuses_as_well():
    with pytest.raises(TypeError, match="not the builtin 'len'"):
        stepwell.jit(mode="int")(len)


def foreign(bytecode):
    return types.FunctionType(plain.__code__.replace(co_code=bytecode), {})


# RESUME 0, LOAD_FAST 0, RETURN_VALUE in the numbers of 3.12, and what stood for that in 3.10, without RESUME.
FOREIGN = {"3.12": bytes([151, 0, 124, 0, 83, 0]), "3.10": bytes([124, 0, 83, 0])}


@pytest.mark.parametrize("version", FOREIGN)
def test_code_of_another_version(version):
    with pytest.raises(stepwell.UnsupportedError, match="(?s)plain: its bytecode is not CPython 3.13's.*line"):
        stepwell.jit(foreign(FOREIGN[version]))


def test_corrupt_code_is_left_to_the_interpreter_with_a_reason():
    resume, jump = opcode.opmap["RESUME"], opcode.opmap["JUMP_FORWARD"]
    corrupt = foreign(bytes([resume, 0, jump, 200]))
    stepwell.jit(corrupt)
    with pytest.raises(stepwell.UnsupportedError, match="plain: corrupt"):
        stepwell.dump_ir(corrupt, "py")


@stepwell.jit(mode="int")
def scale(amount, factor):
    return amount * factor


@stepwell.jit(mode="float", lazy=True)
def lerp(a, b, t):
    return a + (b - a) * t


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scale(1, "2"), "scale() argument 'factor' must be int, not str"),
        (lambda: scale(1.0, 2), "scale() argument 'amount' must be int, not float"),
        (lambda: scale(True, 2), "scale() argument 'amount' must be int, not bool"),
        (lambda: lerp(0.0, 1, 0.5), "lerp() argument 'b' must be float, not int"),
        (lambda: lerp(0.0, 1.0, None), "lerp() argument 't' must be float, not NoneType"),
    ],
)
def test_wrong_argument_types(call, message):
    with pytest.raises(TypeError) as caught:
        call()
    text = str(caught.value)
    assert text.startswith(message)
    line = (scale if "scale" in message else lerp).__code__.co_firstlineno
    assert f'test_bad_input.py", line {line}' in text and 'mode="auto"' in text


def test_wrong_arity_is_cpythons_error():
    with pytest.raises(TypeError, match=r"scale\(\) missing 1 required positional argument: 'factor'"):
        scale(1)


def attribute(x):
    return x + x.imag.name


def stars(*args):
    return args


def generator(x):
    yield x


@pytest.mark.parametrize(
    ("function", "reason", "line"),
    [(attribute, "", "return x + x.imag.name"), (stars, "tuple", "def stars"), (generator, "object", "def generator")],
)
def test_a_typed_mode_refuses_objects_with_the_line(function, reason, line):
    with pytest.raises(stepwell.UnsupportedError) as caught:
        stepwell.jit(function, mode="float")
    text = str(caught.value)
    assert reason in text and line in text and "^" in text and 'hint: mode="auto"' in text


def test_stats_of_a_function_that_is_not_compiled():
    with pytest.raises(ValueError, match="plain is not compiled by stepwell"):
        stepwell.stats(plain)


def test_a_misspelt_level_lists_the_levels():
    with pytest.raises(ValueError, match="bytecode, py, typed, state, calls, llvm, llvmir, asm"):
        stepwell.dump_ir(plain, "llvm-ir")


def test_views_that_a_level_does_not_have():
    with pytest.raises(ValueError, match="level asm has one form"):
        stepwell.dump_ir(plain, "asm", optimized=False)
    with pytest.raises(ValueError, match="locations=True is for"):
        stepwell.dump_ir(plain, "bytecode", locations=True)
    with pytest.raises(ValueError, match=r"args has 2 types for 1 parameters \(x\)"):
        stepwell.dump_ir(plain, "py", args=(int, int))
    with pytest.raises(TypeError, match="args holds types"):
        stepwell.dump_ir(plain, "py", args=(1,))
