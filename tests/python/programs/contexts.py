"""`with`."""


class Manager:
    def __init__(self, name, suppress=False, fail=None):
        self.name = name
        self.suppress = suppress
        self.fail = fail

    def __enter__(self):
        print("enter", self.name)
        if self.fail == "enter":
            raise ValueError("cannot enter")
        return self.name

    def __exit__(self, kind, error, traceback):
        print("exit", self.name, kind and kind.__name__, error, traceback is not None)
        if self.fail == "exit":
            raise ValueError("cannot leave")
        return self.suppress


@jit
def one(manager, f):
    with manager as name:
        return name, f()
    return "suppressed"


@jit
def two(a, b, f):
    with a as x, b as y:
        result = x, y, f()
    return "after", result


@jit
def leave_early(managers):
    for manager in managers:
        with manager:
            if manager.name == "skip":
                continue
            if manager.name == "stop":
                break
            print("body", manager.name)
    return "done"


@jit
def in_handler(manager, f):
    try:
        with manager:
            f()
    except ZeroDivisionError as error:
        return "outside", str(error)
    finally:
        print("finally")


@jit
def unused(manager):
    with manager:
        pass


def fine():
    return 1


def zero():
    return 1 / 0


@jit
def summed(manager, n):
    total = 0
    for i in range(n):
        with manager as entered:
            total += len(entered) if i == 7 else entered
    return total


@jit
def summed_pairs(pairs):
    total = 0
    for _ in range(2):
        for a, b in pairs:
            total += b
    return total


class Five:
    def __enter__(self):
        return 5

    def __exit__(self, *raised):
        return False


CALLS = [
    "summed(Five(), 3)",
    "summed_pairs([(1, 2), (3, 4.5)])",
    "one(Manager('a'), fine)",
    "one(Manager('a'), zero)",
    "one(Manager('a', suppress=True), zero)",
    "one(Manager('a', fail='enter'), fine)",
    "one(Manager('a', fail='exit'), fine)",
    "one(Manager('a', fail='exit'), zero)",
    "one(5, fine)",
    "one(object(), fine)",
    "two(Manager('a'), Manager('b'), fine)",
    "two(Manager('a'), Manager('b'), zero)",
    "two(Manager('a', suppress=True), Manager('b'), zero)",
    "two(Manager('a'), Manager('b', fail='enter'), zero)",
    "two(Manager('a', suppress=True), Manager('b', fail='exit'), zero)",
    "leave_early([Manager('skip'), Manager('one'), Manager('stop'), Manager('never')])",
    "in_handler(Manager('a'), zero)",
    "in_handler(Manager('a', suppress=True), zero)",
    "in_handler(Manager('a'), fine)",
    "unused(Manager('a'))",
]
