"""Numbers in attributes, guessed by their names: what changes under way, and what is another thing than it was."""

import gc
import sys


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def dot(self, other):
        return self.x * other.x + self.y * other.y

    def move(self, dx, dy):
        self.x += dx
        self.y += dy
        return self

    def size(self):
        return self.x + self.y


class Slots:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def size(self):
        return "large"


class Property:
    y = 7

    @property
    def x(self):
        print("x is asked for")
        return 5

    def size(self):
        return None


class Hooks:
    def __init__(self, x, y):
        self.__dict__.update(x=x, y=y)

    def __setattr__(self, name, value):
        print("set", name, value)
        self.__dict__[name] = value

    def __getattr__(self, name):
        return 3


class Watched(int):
    def __del__(self):
        print("an int has gone")


for name in ("__init__", "dot", "move", "size"):
    setattr(Point, name, jit(getattr(Point, name)))


@jit
def counted(p, n):
    for i in range(n):
        p.x = p.x + i
        p.y = p.x & 1023
    return p.x, p.y


@jit
def made(n):
    p = Point(1, 2)
    q = Slots(3, 4)
    total = 0
    for i in range(n):
        p.x = p.y + i
        q.y = p.x - q.x
        p.y = q.y & 1023
        total += p.x + q.y
    return total, p.x, q.y


@jit
def moved(points, dx, dy):
    for p in points:
        p.x += dx
        p.y -= dy
    return [(p.x, p.y) for p in points]


@jit
def sizes(points):
    total = 0
    for p in points:
        total = p.size()
    return total


@jit
def kept(p):
    x = p.x
    q = [p.x, x]
    p.y = p.x
    return q[0] is p.x, p.y is p.x, q


@jit
def divided(p, q):
    try:
        return p.x // q.x, p.x % q.y
    except ZeroDivisionError as error:
        return str(error), p.x
    finally:
        p.y = 0


@jit
def grows(p, n):
    for i in range(n):
        p.x *= p.x
    return p.x


@jit
def read_later(p, n):
    total = 0
    for i in range(n):
        total += p.x
        if i == n // 2:
            p.change()
    return total


class Changing:
    def __init__(self, to):
        self.x = 1
        self.to = to

    def change(self):
        if self.to == "delete":
            del self.x
        elif self.to == "class":
            self.__class__ = Property
        elif self.to == "property":
            Changing.x = property(lambda self: 2.5)
        elif self.to == "dict":
            self.__dict__ = {"x": 9}
        elif self.to == "names":
            for i in range(40):
                setattr(self, f"a{i}", i)
        else:
            self.x = self.to


def fresh_changing(to, n):
    try:
        return read_later(Changing(to), n)
    finally:
        Changing.x = 0
        del Changing.x


@jit
def stored(p, values):
    for value in values:
        p.x = value
        p.y = 1
        p.y = p.y + 1
    return p.x, p.y


@jit
def seen_from_outside(p):
    p.x = p.x + 1
    d = vars(p)
    p.x = p.x + 1
    d["y"] = 8
    return d, p.y + p.x


@jit
def shared(p, q):
    q.x = p.x
    p.x = p.x + 1
    return p.x, q.x


class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next

    @jit
    def after(self):
        return self.next

    @jit
    def is_last(self):
        return self.next is None

    @jit
    def is_large(self):
        return self.value > 10 or self.next is None

    @jit
    def weight(self):
        return self.value * 2 + 1


class Lazy(Node):
    def __init__(self):
        pass

    def __getattr__(self, name):
        return sys._getframe(1).f_code.co_name, sys._getframe(1).f_lineno

    @property
    def next(self):
        return sorted(sys._getframe(1).f_locals)


@jit
def length(node):
    count = 0
    while node is not None:
        count += node.weight()
        node = node.after()
    return count


@jit
def looked_at(node):
    return node.after(), node.is_last()


@jit
def heavy(node):
    return node.is_large(), node.weight()


def chain(n):
    node = None
    for i in range(n):
        node = Node(i, node)
    return node


def counter(start, step):
    def count():
        nonlocal start
        start += step
        return start

    def peek():
        return start

    def set_step(to):
        nonlocal step
        step = to

    def clear():
        nonlocal start
        del start

    return jit(count), jit(peek), set_step, clear


def counted_up(start, step, *later):
    count, peek, set_step, clear = counter(start, step)
    results = [count() for _ in range(3)]
    for change in later:
        set_step(change)
        results += [count() for _ in range(3)] + [peek()]
    clear()
    try:
        peek()
    except NameError as error:
        results.append(str(error))
    try:
        count()
    except NameError as error:
        results += [str(error), error.__traceback__.tb_next.tb_lineno - error.__traceback__.tb_lineno]
    return results


def cells():
    count, peek, set_step, clear = counter(10**6, 10**6)
    before = [sys.getrefcount(cell) for cell in count.__closure__]
    for i in range(40):
        count()
        if i % 5 == 0:
            set_step("x")
            try:
                count()
            except TypeError:
                set_step(10**6)
    return [sys.getrefcount(cell) - old for cell, old in zip(count.__closure__, before)], peek()


def often(function, *arguments):
    return [function(*make()) for make in arguments * 10]


def counts():
    big = 10**6
    p = Point(big, big)
    kept = p.x
    before = sys.getrefcount(kept)
    for _ in range(20):
        counted(p, 10)
        p.x = kept
    return sys.getrefcount(kept) - before


def garbage():
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(300):
        counted(Point(10**6, 2**40), 10)
        made(5)
    gc.collect()
    return sys.getallocatedblocks() - before < 200


CALLS = [
    "counted(Point(1, 2), 10)",
    "counted(Point(10**6, 2), 10)",
    "counted(Slots(2**40, 2), 10)",
    "counted(Point(2**62, 2), 10)",
    "counted(Point(2.5, 2), 10)",
    "counted(Property(), 3)",
    "counted(Hooks(1, 2), 3)",
    "counted(Point(True, 2), 4)",
    "counted(Point(Watched(5), Watched(6)), 4)",
    "counted(Point('x', 2), 4)",
    "counted(object(), 4)",
    "counted(Point, 4)",
    "made(50)",
    "moved([Point(1, 2), Point(3, 4)], 1, 2)",
    "moved([Point(1.5, 2.5), Slots(3.5, 4)], 1, 2)",
    "moved([Point(float('nan'), -0.0), Hooks(1, 2)], 1, 2)",
    "[sizes([Point(1, 2)]) for _ in range(8)]",
    "sizes([Point(1, 2), Slots(1, 2)])",
    "sizes([Property(), Point(1.5, 2)])",
    "kept(Point(10**6, 1))",
    "kept(Point(2.5, 1))",
    "kept(Point(10**30, 1))",
    "[divided(Point(7, 2), Point(i % 3, i % 2)) for i in range(12)]",
    "divided(Point(7.5, 2), Point(0, 0.0))",
    "grows(Point(3, 0), 4)",
    "grows(Point(3, 0), 9)",
    "grows(Point(1.5, 0), 12)",
    "grows(Point(1.5, 0), 2)",
    *(
        f"fresh_changing({to!r}, 9)"
        for to in ("delete", "class", "property", "dict", "names", 2, 2.5, None, 10**20)
    ),
    "stored(Point(1, 2), [1, 2, 10**6, 2**40, -(2**59), 2**60, 2**64])",
    "stored(Point(1.0, 2), [1.5, 2.5, float('inf')])",
    "stored(Slots(1, 2), [1, 2.5, 'x', None])",
    "stored(Hooks(1, 2), [1, 2])",
    "seen_from_outside(Point(1, 2))",
    "shared(Point(10**6, 1), Point(5, 5))",
    "[Point(1, 2).move(i, i).dot(Point(3, 4)) for i in range(8)]",
    "Point(1.5, 2).move(1, 1).dot(Slots(0.5, 4))",
    "Point(1, 2).dot(Point(None, 4))",
    "often(counted, lambda: (Point(1, 2), 3), lambda: (Point(1.5, 2), 3), lambda: (Slots('a', 2), 3))",
    "length(chain(20))",
    "length(Node(2**62, Node(1)))",
    "length(Node(1.5, Node(None)))",
    "looked_at(Node(1, Node(2))) is not None",
    "looked_at(Lazy())",
    "heavy(Lazy())",
    "heavy(Node(3))",
    "heavy(Node('x'))",
    "[heavy(node) for node in [Node(3), Node(2**70), Node(2.5), Lazy(), Node(50)] * 4]",
    "counted_up(1, 2)",
    "counted_up(1, 2, 2.5, 10**20)",
    "counted_up(2**62, 2**61)",
    "counted_up(0.5, 0.25, 1)",
    "counted_up('x', 'y', 3)",
    "cells()",
    "counts()",
    "garbage()",
]
