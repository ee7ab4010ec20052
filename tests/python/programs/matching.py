"""`match`."""


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


@jit
def literals(x):
    match x:
        case 0 | 1:
            return "bit"
        case "a":
            return "letter"
        case None:
            return "none"
        case 2.5:
            return "float"
        case _:
            return "other"


@jit
def sequences(x):
    match x:
        case []:
            return "empty"
        case [a]:
            return "one", a
        case [a, b]:
            return "two", a, b
        case [a, *rest]:
            return "many", a, rest


@jit
def mappings(x):
    match x:
        case {"kind": "circle", "r": r}:
            return "circle", r
        case {"kind": kind, **rest}:
            return kind, rest
        case {}:
            return "mapping"


@jit
def classes(x):
    match x:
        case Point(0, y):
            return "on the axis", y
        case Point(x=px, y=py) if px == py:
            return "diagonal", px
        case int(n) | float(n):
            return "number", n
        case str() as text:
            return "text", text


CALLS = [
    "[literals(x) for x in (0, 1, 'a', None, 2.5, 3, True)]",
    "sequences([])",
    "sequences((1,))",
    "sequences([1, 2])",
    "sequences(range(4))",
    "sequences('ab')",
    "mappings({'kind': 'circle', 'r': 2})",
    "mappings({'kind': 'line', 'length': 3})",
    "mappings({'a': 1})",
    "mappings([])",
    "classes(Point(0, 5))",
    "classes(Point(2, 2))",
    "classes(Point(1, 2))",
    "classes(5)",
    "classes(2.5)",
    "classes('a')",
    "classes(None)",
]
