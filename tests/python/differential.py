"""Runs a program twice, interpreted and compiled, and records everything about each call that the two have to share.

A program is a file in `programs/`. Its functions are decorated with `@jit`, a name that the program gets from here, and
its `CALLS` are expressions, evaluated in order in the program's namespace.
"""

import contextlib
import gc
import io
import traceback
import types
from pathlib import Path

import stepwell

PROGRAMS = Path(__file__).parent / "programs"

# Each call is made several times: the first compiles, later ones meet the caches that the earlier ones filled.
ROUNDS = 3


class Tracked:
    """An object whose life is observed: how many there are is part of what is compared."""

    alive = 0

    def __init__(self, name="tracked"):
        self.name = name
        Tracked.alive += 1

    def __del__(self):
        Tracked.alive -= 1

    def __repr__(self):
        return f"<{self.name}>"


def alive():
    """How many tracked objects are alive that are not garbage. Collecting takes long, and mostly there are none."""
    if Tracked.alive:
        gc.collect()
    return Tracked.alive


class Program:
    """A program in one of its two forms."""

    def __init__(self, path, jit):
        self.functions = []
        self.path = str(path)

        def decorate(function):
            decorated = jit(function)
            self.functions.append(decorated)
            return decorated

        self.namespace = {"__name__": path.stem, "jit": decorate, "Tracked": Tracked}
        exec(compile(path.read_text(), self.path, "exec"), self.namespace)

    @property
    def calls(self):
        return self.namespace["CALLS"]

    def run(self, call):
        """What a call does: its value or exception, what it prints, and the objects it leaves behind."""
        before = alive()
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            outcome = self.outcome(call)
        return {**outcome, "printed": printed.getvalue(), "left alive": alive() - before}

    def outcome(self, call):
        try:
            value = eval(call, self.namespace)
        except BaseException as error:
            return {"raised": self.describe(error)}
        return {"type": type(value).__name__, "value": repr(value)}

    def describe(self, error, seen=()):
        if error is None or error in seen:
            return None
        seen = (*seen, error)
        return {
            "type": type(error).__name__,
            "args": repr(error.args),
            "notes": getattr(error, "__notes__", []),
            "traceback": [self.describe_entry(entry) for entry in entries(error)],
            "cause": self.describe(error.__cause__, seen),
            "context": self.describe(error.__context__, seen),
            "suppressed": error.__suppress_context__,
        }

    def describe_entry(self, entry):
        code = entry.tb_frame.f_code
        positions = list(code.co_positions())[entry.tb_lasti // 2] if code.co_filename == self.path else None
        return code.co_name, entry.tb_lineno, positions

    def refusals(self):
        """The functions that are left to the interpreter, with the reasons."""
        records = {function.__qualname__: stepwell.stats(function) for function in self.functions}
        return {name: r["interpreted_because"] for name, r in records.items() if r["interpreted_because"]}


def entries(error):
    entry = error.__traceback__
    while entry is not None:
        # The frames of this file make the call and are not part of it.
        if entry.tb_frame.f_code.co_filename != __file__:
            yield entry
        entry = entry.tb_next


def text_of(error):
    return "".join(traceback.format_exception(error))


def fresh(function):
    """The function again, not compiled yet."""
    return types.FunctionType(function.__code__.replace(), function.__globals__, function.__name__)


def outcome(function, *arguments):
    """What a call returns, with its type, or raises."""
    try:
        result = function(*arguments)
    except Exception as error:
        return type(error), str(error)
    return type(result), repr(result)
