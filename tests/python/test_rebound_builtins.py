"""Builtin names that stand for something else: before a function is compiled, after it, and with the names of a builtin.
Builtin functions that are not what they should be."""

import builtins
import ctypes
import functools
import sys
import warnings

import pytest
import stepwell
from differential import fresh

USES = {
    "len": "len([1, *a])",
    "len of a tuple": "len((a, a))",
    "abs": "abs(a[0]), abs(-2.5)",
    "min": "min(a[0], 2), min(1.5, 2.5), min(a)",
    "max": "max(a[0], 2), max(1.5, 2.5)",
    "round": "round(2.5), round(1.25, 1)",
    "pow": "pow(2, 3), pow(2, 3, 5)",
    "divmod": "divmod(7, 2)",
    "sum": "sum((1, 2)), sum(a)",
    "any": "any(a), any((0, 1))",
    "all": "all(a), all((0, 1))",
    "int": "int(2.5), int('7'), int(a[0])",
    "float": "float(2), float('7'), float(a[0])",
    "bool": "bool(2), bool(a)",
    "complex": "complex(1, 2), complex(a[0])",
    "range": "[i for i in range(3)], list(range(a[0]))",
    "str": "str(a[0]), str(a)",
    "tuple": "tuple(a), tuple([1, 2])",
    "list": "list(a), len(list(a))",
    "sorted": "sorted(a), len(sorted(a))",
    "enumerate": "[i for i, x in enumerate(a)]",
    "zip": "[x + y for x, y in zip(a, a)]",
    "isinstance": "isinstance(a, list), isinstance(a[0], int)",
    "ord": "ord('a') + 1",
    "hash": "hash(a[0]) + 1",
}


def other(*arguments):
    return ["other", arguments]


def function_of(body):
    namespace = {}
    exec(f"def f(a):\n    return {body}", namespace)
    return namespace["f"]


def replacements(name):
    """What the name can stand for, in the order of trying."""
    original = getattr(builtins, name)

    @functools.wraps(original)
    def twin(*arguments):
        return ["twin", arguments]

    twin.__module__, twin.__name__ = "builtins", name
    class_twin = type(name, (), {"__module__": "builtins", "__init__": lambda self, *arguments: None})
    class_twin.__iter__ = lambda self: iter("xyz")
    class_twin.__eq__ = lambda self, other: type(self) is type(other)
    class_twin.__hash__ = None
    class_twin.__add__ = lambda self, other: other
    return [original, other, twin, class_twin, original]


def outcome(function, name, replacement):
    original = getattr(builtins, name)
    setattr(builtins, name, replacement)
    try:
        return function([3, 1, 2])
    except Exception as error:
        return error.__class__, error.args
    finally:
        setattr(builtins, name, original)


@pytest.mark.parametrize("first", [0, 1, 2, 3])
@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("options", [{}, {"baseline": False}, {"mode": "object"}])
def test_a_name_that_is_rebound(use, first, options):
    name = use.split()[0]
    plain = function_of(USES[use])
    compiled = stepwell.jit(function_of(USES[use]), **options)
    for replacement in replacements(name)[first:]:
        for _ in range(2):
            expected = outcome(plain, name, replacement)
            assert outcome(compiled, name, replacement) == expected
    assert stepwell.stats(compiled)["compiled_calls"]


def test_code_without_builtins():
    """What is compiled in a call by code that has no `__import__`."""

    def f(x):
        return len([1, 2, 3]), range(3), abs(x), min(x, 2)

    compiled = stepwell.jit(f)
    given = {"__builtins__": {"len": lambda x: 7}, "len": lambda x: 8, "f": compiled}
    assert eval("f(-1)", given) == (3, range(3), 1, -1)
    assert stepwell.stats(compiled)["compiled_calls"] == 1

    typed = stepwell.jit(lambda x: round(x, 1), mode="float")
    assert eval("f(1.25)", {"__builtins__": {}, "f": typed}) == round(1.25, 1)


def test_a_lookup_that_runs_code_runs_it_once():
    class Key:
        def __hash__(self):
            return hash("name")

        def __eq__(self, other):
            seen.append(other)
            return False

    class Base:
        name = "from Base"

        def __init__(self):
            self.own = 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        made = type("Made", (Base,), {Key(): 5})
        meta = type("Meta", (type,), {Key(): 5})
    cases = {
        "class": (lambda x: (x.name, x.name), made),
        "instance": (lambda x: (x.name, x.name, x.own), made()),
        "method": (lambda x: x.name.upper() + x.name, made()),
        "metaclass": (lambda x: (x.name, x.name), meta("OfMeta", (Base,), {})),
    }

    def store(x):
        x.name = 1
        x.name = 2
        return x.__dict__["name"]

    cases["store"] = store, made()
    for function, given in cases.values():
        results = []
        for called in function, stepwell.jit(fresh(function)):
            # The interpreter keeps what it found of a class, until the class changes.
            sys._clear_type_cache()
            seen = []
            results.append(([called(given) for _ in range(3)], seen))
        assert results[0] == results[1] and seen


class Definition(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    ]


@pytest.mark.parametrize("flags", [0x0004, 0x0004 | 0x0020, 0x0008, 0x0008 | 0x0020])
def test_c_functions_of_no_object(flags):
    """`METH_NOARGS` and `METH_O`, also `METH_STATIC`: the first argument is null."""
    kind = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_void_p)
    callback = kind(lambda own, given: (own, given is None))
    definition = Definition(b"isalpha", ctypes.cast(callback, ctypes.c_void_p), flags, None)
    make = ctypes.pythonapi.PyCFunction_NewEx
    make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p] * 3
    function = make(ctypes.addressof(definition), None, None)
    takes_one = bool(flags & 0x0008)
    compiled = stepwell.jit((lambda f: f(1)) if takes_one else (lambda f: f()))
    for _ in range(3):
        assert compiled(function) == (None, not takes_one)


def test_c_functions_that_return_nothing_and_raise_nothing():
    kind = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    callback = kind(lambda own, given: None)
    definition = Definition(b"wrong", ctypes.cast(callback, ctypes.c_void_p), 0x0004, None)
    make = ctypes.pythonapi.PyCFunction_NewEx
    make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p] * 3
    function = make(ctypes.addressof(definition), None, None)
    compiled = stepwell.jit(lambda f: f())
    for _ in range(3):
        with pytest.raises(SystemError, match="<built-in function wrong> returned NULL without setting an exception"):
            compiled(function)
