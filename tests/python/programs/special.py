"""Special methods that are Python functions: operators, comparisons, items, calls, iteration, and generated ones."""

import sys
from dataclasses import dataclass, field


class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"<{self.x} {self.y}>"

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return NotImplemented

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    def __rmul__(self, k):
        return ("reflected", k)

    def __mod__(self, other):
        raise ArithmeticError(other)

    def __iadd__(self, other):
        self.x += 1
        return self

    def __eq__(self, other):
        return isinstance(other, Vector) and self.x == other.x

    def __lt__(self, other):
        print("lt", self, other)
        return NotImplemented

    def __gt__(self, other):
        print("gt", self, other)
        return self.x > other.x

    def __le__(self, other):
        return NotImplemented

    __hash__ = None


class Sub(Vector):
    def __add__(self, other):
        return "sub"

    def __radd__(self, other):
        return "radd"

    def __gt__(self, other):
        return "sub gt"


class MyInt(int):
    def __add__(self, other):
        return NotImplemented

    def __eq__(self, other):
        return NotImplemented

    __hash__ = int.__hash__


class MyList(list):
    def __add__(self, other):
        return NotImplemented

    def __getitem__(self, key):
        return "item", key

    def __mul__(self, other):
        return NotImplemented


class Refuses:
    def __eq__(self, other):
        print("eq")
        return NotImplemented

    def __ne__(self, other):
        print("ne")
        return NotImplemented

    def __matmul__(self, other):
        return "matmul"

    __hash__ = object.__hash__


class Deep:
    def __eq__(self, other):
        return self == other

    def __call__(self):
        return self()

    def __getitem__(self, key):
        return self[key]


class Box:
    def __init__(self, n):
        self.items = {}
        self.n = n

    def __getitem__(self, key):
        if key == "bad":
            raise KeyError(key)
        return self.items.get(key, ("none", key))

    def __setitem__(self, key, value):
        if key == "bad":
            raise KeyError(key)
        self.items[key] = value

    def __call__(self, *args, **kwargs):
        return args, kwargs

    def __iter__(self):
        return Count(self.n)


class Count:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        if self.n == 13:
            raise ValueError("thirteen")
        self.n -= 1
        return self.n


class Meta(type):
    def __getitem__(cls, key):
        return cls.__name__, key

    def __call__(cls, *args):
        return "made", args


class Made(metaclass=Meta):
    pass


@dataclass
class Pair:
    a: float
    b: float = 2.0
    c: list = field(default_factory=list)


@dataclass(order=True, frozen=True)
class Ordered:
    a: int
    b: str = "b"


for class_ in (Vector, Sub, Box, Count):
    for name, value in list(vars(class_).items()):
        if type(value) is type(lambda: 0):
            setattr(class_, name, jit(value))


@jit
def add(a, b):
    return a + b


@jit
def add_in_place(a, b):
    a += b
    return a


@jit
def subtract(a, b):
    return a - b


@jit
def subtract_in_place(a, b):
    a -= b
    return a


@jit
def multiply(a, b):
    return a * b


@jit
def remainder(a, b):
    return a % b


@jit
def compare(a, b):
    return a == b, a != b, a > b


@jit
def less(a, b):
    return a < b


@jit
def at_most(a, b):
    return a <= b


@jit
def branch(a, b):
    if a == b:
        return "equal"
    return "other"


@jit
def item(a, key):
    return a[key]


@jit
def first(a):
    return a[0]


@jit
def assigned(a, key, value):
    a[key] = value
    return a[key]


@jit
def called(f, x):
    return f(), f(x), f(x, x), f(x, k=x)


@jit
def bound(a, b):
    m = a.__add__
    n = a.__repr__
    return m(b), n()


@jit
def counted(n):
    return [x for x in Box(n)], sum(x for x in Count(n))


@jit
def pairs(n):
    kept = Pair(0.0)
    equal = 0
    for i in range(n):
        p = Pair(float(i % 3), 1.0)
        if p == kept:
            equal += 1
        kept = p
    return equal, kept


@jit
def ordered(n):
    made = [Ordered(i * 7 % 5) for i in range(n)]
    best = made[0]
    for o in made:
        if o < best or o == best:
            best = o
    return best, sorted(made), hash(best) == hash(Ordered(0)), {o for o in made} == set(made)


def changed():
    class Changing:
        def __add__(self, other):
            return 1

        def __eq__(self, other):
            return True

    results = [add(Changing(), Changing()), compare.__wrapped__(1, 2) if hasattr(compare, "__wrapped__") else 0]
    Changing.__add__ = lambda self, other: 2
    results.append(add(Changing(), Changing()))
    del Changing.__eq__
    results.append(branch(Changing(), Changing()))
    del Changing.__add__
    try:
        add(Changing(), Changing())
    except TypeError as error:
        results.append(str(error))
    Changing.__iadd__ = lambda self, other: 3
    results.append(add_in_place(Changing(), Changing()))
    return results


def drops_itself():
    class Once:
        def __call__(self):
            del Once.__call__
            return "done"

        def __getitem__(self, key):
            del Once.__getitem__
            return key

    return called_once(Once()), first(Once())


@jit
def called_once(f):
    return f()


def counts():
    a, b = Vector(10**6, 1), Vector(10**7, 2)
    before = sys.getrefcount(a), sys.getrefcount(b), sys.getrefcount(Vector.__add__)
    for _ in range(20):
        add(a, b), branch(a, b), less(a, b), bound(a, b), multiply(a, 3)
        box = Box(0)
        assigned(box, a.x, b)
        called(box, a)
    del box, _
    return [x - y for x, y in zip((sys.getrefcount(a), sys.getrefcount(b), sys.getrefcount(Vector.__add__)), before)]


CALLS = [
    "add(Vector(1, 2), Vector(3, 4))",
    "add(Vector(1, 2), 3)",
    "add(Vector(1, 2), 3.5)",
    "add(Vector(1, 2), 'x')",
    "add(Vector(1, 2), Sub(3, 4))",
    "add(Sub(1, 2), Vector(3, 4))",
    "add(MyInt(1), MyInt(2))",
    "add(MyInt(1), 2)",
    "add(MyList([1]), MyList([2]))",
    "multiply(MyList([1]), 2)",
    "add_in_place(Vector(1, 2), Vector(3, 4))",
    "add_in_place(Vector(1, 2), 5)",
    "subtract(Vector(1, 2), Vector(3, 4))",
    "subtract(Vector(1, 2), 5)",
    "subtract_in_place(Vector(1, 2), Vector(3, 4))",
    "subtract_in_place(Vector(1, 2), 1.5)",
    "multiply(Vector(1, 2), 3)",
    "multiply(3, Vector(1, 2))",
    "multiply(Vector(1, 2), Vector(1, 2))",
    "remainder(Vector(1, 2), 3)",
    "compare(Vector(1, 2), Vector(1, 3))",
    "compare(Vector(1, 2), Sub(1, 3))",
    "compare(Refuses(), Refuses())",
    "compare(MyInt(1), MyInt(1))",
    "[branch(r, r) for r in [Refuses(), Vector(1, 1), MyInt(3)]]",
    "less(Vector(1, 2), Vector(0, 3))",
    "at_most(Vector(1, 2), Vector(0, 3))",
    "less(Refuses(), Refuses())",
    "item(Box(1), 5)",
    "item(Box(1), 'bad')",
    "item(MyList([1]), 0)",
    "first(MyList([1]))",
    "first(Box(1))",
    "item(Made, 3)",
    "called(Box(1), 2)",
    "called(Made, 2)",
    "assigned(Box(1), 'x', 2)",
    "assigned(Box(1), 3, 2)",
    "assigned(Box(1), 'bad', 2)",
    "bound(Vector(1, 2), Vector(3, 4))",
    "counted(5)",
    "counted(14)",
    "pairs(600)",
    "ordered(9)",
    "ordered(600)[0]",
    "changed()",
    "drops_itself()",
    "branch(Deep(), Deep())",
    "item(Deep(), 1)",
    "called_once(Deep())",
    "counts()",
]
