"""Finds, for each opcode, the shortest function that the programs of the Python tests give to `jit` and that has it.

    find_opcodes.py DIR    prints lines "OPCODE<tab>file<tab>function", in the form of fixtures/v3_13/programs.txt

The forms of `BINARY_OP`, `COMPARE_OP` and the intrinsics have lines of their own.
"""

import contextlib
import dis
import io
import opcode
import sys
from pathlib import Path

INTRINSICS = {
    "CALL_INTRINSIC_1": opcode._intrinsic_1_descs,
    "CALL_INTRINSIC_2": opcode._intrinsic_2_descs,
}


class Tracked:
    """Stands for what the tests give to the programs under this name."""

    def __init__(self, name="tracked"):
        self.name = name


def compiled_code(path):
    """The code objects of the functions that a program gives to `jit`, while it is loaded and while it runs."""
    codes = []

    def jit(function):
        codes.append(function.__code__)
        return function

    namespace = {"__name__": path.stem, "jit": jit, "Tracked": Tracked}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(path.read_text(), path.name, "exec"), namespace)
        for call in namespace["CALLS"]:
            with contextlib.suppress(BaseException):
                eval(call, namespace)
    return codes


def names(instruction):
    """The opcode, and the opcode with its form."""
    name = instruction.opname
    yield name
    if name in INTRINSICS:
        yield f"{name} {INTRINSICS[name][instruction.arg]}"
    elif name in ("BINARY_OP", "COMPARE_OP"):
        yield f"{name} {instruction.argrepr.removeprefix('bool(').removesuffix(')')}"


def main(directory):
    found = {}
    for path in sorted(Path(directory).glob("*.py")):
        for code in compiled_code(path):
            entry = (len(code.co_code), path.name, code.co_qualname)
            for instruction in dis.get_instructions(code):
                for name in names(instruction):
                    found[name] = min(found.get(name, entry), entry)
    for name, (_, file, function) in sorted(found.items()):
        print(name, file, function, sep="\t")


sys.setrecursionlimit(2000)
main(sys.argv[1])
