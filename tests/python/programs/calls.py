"""Calls in all forms, and attributes."""

import math


class Point:
    kind = "point"

    def __init__(self, x, y):
        self.x = x
        self.y = y

    @jit
    def norm(self):
        return (self.x * self.x + self.y * self.y) ** 0.5

    @jit
    def scaled(self, by):
        return Point(self.x * by, self.y * by)

    @classmethod
    def origin(cls):
        return cls(0, 0)

    @staticmethod
    def unit():
        return Point(1, 1)

    @property
    def sum(self):
        return self.x + self.y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


class Point3(Point):
    __slots__ = ("z",)

    @jit
    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z

    @jit
    def norm(self):
        return super().norm() + self.z

    @jit
    def old_super(self):
        return super(Point3, self).norm()


class Dynamic:
    def __getattr__(self, name):
        if name.startswith("no"):
            raise AttributeError(f"really {name}")
        return name.upper()

    def __call__(self, *args, **kwargs):
        return args, kwargs


@jit
def everything(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs


@jit
def positional(f, a, b):
    return f(a, b)


@jit
def keywords(f, a, b):
    return f(a, d=b, other=a)


@jit
def starred(f, args, kwargs):
    return f(*args, **kwargs)


@jit
def mixed(f, args, kwargs):
    return f(0, *args, d=1, **kwargs)


@jit
def no_arguments(f):
    return f()


@jit
def defaults(a, b=[], c=(1,)):
    b.append(a)
    return b, c


@jit
def builtins_of_all_kinds(xs):
    return len(xs), sum(xs), max(xs), sorted(xs, reverse=True), isinstance(xs, list), abs(-xs[0]), str(xs[0]), print("seen", xs, sep="-")


@jit
def methods(text):
    return text.upper().split(), text.replace("a", "b"), "-".join(text), text.startswith("x")


@jit
def mathematics(x):
    return math.sqrt(x) + math.floor(x) + math.pi


@jit
def read(thing):
    return thing.x


@jit
def write(thing, value):
    thing.x = value
    return thing.x


@jit
def erase(thing):
    del thing.x
    return thing


@jit
def count_up(thing, n):
    for _ in range(n):
        thing.x += 1
    return thing.x


@jit
def attributes(point):
    return point.kind, point.sum, point.norm(), point.scaled(2).x, point.origin().x, point.unit().y


@jit
def missing_global():
    return no_such_name


@jit
def missing_method(x):
    return x.no_such_method(1, 2)


@jit
def outer_failure(x):
    return read(read(x))


@jit
def set_global(value):
    global counter
    counter = value
    counter += 1
    return counter


@jit
def delete_global():
    global counter
    del counter
    return counter


@jit
def import_inside(name):
    import os.path
    from math import floor, pi as circle

    import json as j

    return os.path.basename(name), floor(circle), j.dumps([1])


@jit
def import_missing():
    from math import no_such_thing

    return no_such_thing


@jit
def import_from_own_package():
    from . import sibling

    return sibling


@jit
def import_no_module():
    import no_such_module_at_all


class Pair:
    def __init__(self, a, b=2, *rest, c=3):
        self.values = (a, b, rest, c)

    def __repr__(self):
        return f"Pair{self.values}"


class Child(Pair):
    pass


class Begun:
    def __init__(self):
        return 5


class Failing:
    def __init__(self, log):
        self.log = log
        raise KeyError("no")

    def __del__(self):
        self.log.append("gone")


class Made:
    def __new__(cls, *args):
        return args


class Bare:
    pass


class Metaclass(type):
    def __call__(cls, *args):
        return ("called", args)


class Called(metaclass=Metaclass):
    def __init__(self, *args):
        print("never")


class Abstract(__import__("abc").ABC):
    def __init__(self):
        print("never")

    @__import__("abc").abstractmethod
    def act(self):
        pass


class Slots:
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a


@jit
def instances(cls, *args):
    return [cls(*args), cls(*args)]


@jit
def make(cls):
    return cls()


@jit
def make_one(cls, a):
    return cls(a)


@jit
def make_two(cls, a, b):
    return cls(a, b)


@jit
def make_named(cls, a):
    return cls(a, c=a)


@jit
def slot(a):
    return Slots(a).a


def failed():
    log = []
    out = []
    for _ in range(3):
        try:
            make_one(Failing, log)
        except KeyError as error:
            out.append(str(error))
            error.__traceback__ = None
    return out, log


def init_changes():
    class Local:
        def __init__(self, a):
            self.a = a

    out = [make_one(Local, 1).a]
    Local.__init__ = lambda self, a: setattr(self, "a", -a)
    out.append(make_one(Local, 1).a)
    del Local.__init__
    try:
        make_one(Local, 1)
    except TypeError as error:
        out.append(str(error))
    Local.__new__ = lambda cls, a: ("new", a)
    return out + [make_one(Local, 1)]


@jit
def builtins(text, items):
    return (
        text.upper(), text.split(","), text.startswith("a"), text.replace("a", "b"), text.encode(),
        items.index(2), items.copy(), len(items), abs(-2), isinstance(text, str), getattr(text, "nope", 5),
        sorted(items), max(items), min(1, 2), str(5), int("7"), type(text), dict(a=1), list("ab"), tuple(items),
        text.join(["x", "y"]), items.count(1), print("x", end=""), divmod(7, 2), sum(items, 1), round(2.567, 1),
    )  # fmt: skip


@jit
def wrong(kind, x):
    if kind == 0:
        return len()
    if kind == 1:
        return len(x, x)
    if kind == 2:
        return x.upper(1)
    if kind == 3:
        return str.upper()
    if kind == 4:
        return str.upper(5)
    if kind == 5:
        return list.append([], 1, 2)
    if kind == 6:
        return str.upper(x)
    return isinstance(x)


class Loud(str):
    pass


CALLS = [
    "instances(Pair, 1)",
    "instances(Child, 1, 5, 6)",
    "instances(Pair)",
    "make(Pair)",
    "make_one(Pair, 1)",
    "make_two(Child, 1, 2)",
    "make_named(Pair, 1)",
    "make_named(Bare, 1)",
    "make(Begun)",
    "make_one(Made, 1)",
    "type(make(Bare)).__name__",
    "make_one(Bare, 1)",
    "make_one(Called, 1)",
    "make(Abstract)",
    "slot(5)",
    "failed()",
    "init_changes()",
    "builtins('a,b', [1, 2, 3])",
    "builtins(Loud('a,b'), [1, 2, 3])",
    "[wrong(6, 'a'), wrong(6, Loud('b'))]",
    *[f"wrong({kind}, 'a')" for kind in range(8)],
    "everything(1, d=4)",
    "everything(1, 2, 3, 4, 5, d=6, x=7)",
    "everything()",
    "everything(1)",
    "everything(1, d=2, a=3)",
    "everything(a=1, d=2)",
    "positional(add := (lambda a, b: a + b), 1, 2)",
    "positional(divmod, 7, 2)",
    "positional(divmod, 7, 0)",
    "positional(Point, 1, 2)",
    "positional(Point, 1, 2).norm()",
    "positional(Dynamic(), 1, 2)",
    "positional(5, 1, 2)",
    "positional(len, 1, 2)",
    "keywords(everything, 1, 2)",
    "keywords(Dynamic(), 1, 2)",
    "keywords(len, 1, 2)",
    "starred(everything, [1, 2], {'d': 3})",
    "starred(everything, (1,), {'d': 3, 'e': 4})",
    "starred(everything, 5, {})",
    "starred(everything, [], 5)",
    "starred(everything, [1], {1: 2})",
    "starred(print, ['a', 'b'], {'sep': '+'})",
    "mixed(everything, [1], {'x': 2})",
    "mixed(everything, [1], {'d': 2})",
    "no_arguments(dict)",
    "no_arguments(Point)",
    "no_arguments(Dynamic())",
    "defaults(1)",
    "defaults(2)",
    "defaults(3, [])",
    "builtins_of_all_kinds([3, 1, 2])",
    "builtins_of_all_kinds([])",
    "methods('a cat')",
    "methods(5)",
    "mathematics(2)",
    "mathematics(-1.0)",
    "mathematics('a')",
    "read(Point(1, 2))",
    "read(Dynamic())",
    "read(5)",
    "write(Point(1, 2), 3.5)",
    "write(5, 1)",
    "write(object(), 1)",
    "erase(Point(1, 2)).x",
    "erase(5)",
    "count_up(Point(1, 2), 10)",
    "count_up(Point('a', 2), 10)",
    "attributes(Point(3, 4))",
    "attributes(Dynamic())",
    "Point3(1, 2, 3).norm()",
    "Point3(1, 2, 3).old_super()",
    "Point3(1, 2)",
    "Dynamic().nothing",
    "missing_global()",
    "missing_method(5)",
    "missing_method(Dynamic())",
    "outer_failure(Point(Point(1, 2), 2))",
    "outer_failure(Point(1, 2))",
    "set_global(5)",
    "delete_global()",
    "delete_global()",
    "import_inside('a/b.c')",
    "import_from_own_package()",
    "import_missing()",
    "import_no_module()",
]
