"""Code that has a namespace instead of locals: what modules and class bodies consist of, called as functions are."""

import types

MODULE = """
count: int = 1
total = count + len("ab")
copy = total
del copy
alias = __name__
class Point(object):
    x: int = 1
    y = total
    def area(self):
        return self.x * self.y
result = Point().area()
"""

BODY = """
class Body:
    first = given
    second: str = first
    del first
"""

UNKNOWN = "missing"
UNKNOWN_DELETED = "del missing"
STAR = "from math import *\nimport os.path as path, sys\nroot = floor(pi), path is sys.modules['os.path']"


def function(code, namespace):
    return jit(types.FunctionType(code, namespace))


def module(source):
    """What running a module leaves behind."""
    namespace = {"__name__": "a_module", "__builtins__": __builtins__, "given": "given"}
    value = function(compile(source, "a_module", "exec"), namespace)()
    del namespace["__builtins__"]
    return value, {name: repr(type(found) if name == "Point" else found) for name, found in namespace.items()}


def body(source, given):
    """What a class body leaves behind in the globals of a function that is made of it."""
    code = compile(source, "a_module", "exec").co_consts[0]
    namespace = {"__name__": "a_module", "__builtins__": __builtins__, "given": given, "__annotations__": {}}
    value = function(code, namespace)()
    del namespace["__builtins__"]
    return value, namespace


GENERIC = """
def generic[T: int, U: (int, str), *Ts, **P](first: T, *rest: *Ts) -> U:
    return first
class Generic[T](list):
    type Pair = tuple[T, first, last]
    found: T = first
    first = first
    def get[V](self, key: V) -> first: ...
type Alias[T, *Ts, **P] = dict[T, tuple[*Ts]]
type Default[T = int, *Ts = *tuple[int, ...], **P = [str]] = T
"""


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


def scope(source, qualname, *arguments, **cells):
    """What an annotation scope or a class body gives, called as a function with these cells."""
    code = next(code for code in codes(compile(source, "a_module", "exec")) if code.co_qualname == qualname)
    namespace = {"__name__": "a_module", "__builtins__": __builtins__, "first": 1, "last": 2}
    closure = tuple(types.CellType(cells[name]) for name in code.co_freevars)
    value = jit(types.FunctionType(code, namespace, closure=closure))(*arguments)
    return described(value), sorted(set(namespace) - {"__builtins__"})


def described(value):
    parameters = getattr(value, "__type_params__", ())
    bounds = [getattr(p, "__bound__", None) or getattr(p, "__constraints__", None) for p in parameters]
    pair = getattr(getattr(value, "Pair", None), "__value__", None)
    return type(value), parameters, bounds, getattr(value, "__value__", None), getattr(value, "__bases__", None), pair


def printed(source):
    return function(compile(source, "console", "single"), {"__builtins__": __builtins__})()


@jit
def made(value):
    """Class bodies and annotation scopes that run in the middle of compiled code."""
    class Outer[T: (int, str)](list[int]):
        inner: T = value
        items = [value + item for item in range(2)]

        def name(self):
            return super().__len__() + self.inner, __class__.__name__

        class Nested:
            type Pair = tuple[T, int]
            found = value

    return Outer().name(), Outer.items, Outer.Nested.found, Outer.Nested.Pair.__value__, Outer.__type_params__


@jit
def generic():
    def plain[T, *Ts, **P](first: T, *rest: *Ts) -> T:
        return first

    def bounded[T: int, U: (int, str)](first: T = 3, *, second: U = 4) -> U:
        return first, second

    type Alias[T, **P] = dict[T, tuple[P]]
    type Lazy = not_defined_yet
    parameters = [(type(p).__name__, p.__name__) for f in (plain, bounded, Alias) for p in f.__type_params__]
    bounds = [getattr(p, "__bound__", None) or getattr(p, "__constraints__", None) for p in bounded.__type_params__]
    return parameters, bounds, Alias.__value__, Lazy, bounded(), plain(1, 2), plain.__annotations__["rest"]


@jit
def alias_fails():
    type Lazy = not_defined_yet
    return Lazy.__value__


@jit
def class_in_a_closure(value):
    def inner():
        class Reader:
            found = value
            value = 3
            later = value
        return Reader.found, Reader.later
    return inner()


@jit
def class_deletes(value):
    class Body:
        value = 1
        del value
        found = value
    return Body.found


CALLS = [
    "module(MODULE)",
    "module(STAR)",
    "module(UNKNOWN)",
    "module(UNKNOWN_DELETED)",
    "body(BODY, 'given')",
    "body(BODY, 7)",
    "made(1)",
    "made(1.5)",
    "generic()",
    "alias_fails()",
    "scope(GENERIC, '<generic parameters of generic>')",
    "scope(GENERIC, '<generic parameters of Generic>')",
    "scope(GENERIC, '<generic parameters of Alias>')",
    "scope(GENERIC, '<generic parameters of Default>')",
    "scope(GENERIC, 'Generic', **{'.type_params': (), 'T': int})",
    "scope(GENERIC, 'Generic.<generic parameters of get>', **{'__classdict__': {'first': 3}})",
    "scope(GENERIC, 'Generic.Pair', T=int, __classdict__={'first': 3})",
    "scope(GENERIC, 'Generic.Pair', T=int, __classdict__={'T': str})",
    "printed('1 + 1')",
    "printed('missing')",
    "class_in_a_closure(5)",
    "class_deletes(5)",
]
