"""Writes code objects as text that the frontend's tests read.

    dump_code.py FILE...       the code objects of these files, the modules' own ones left out
    dump_code.py --tree DIR    the code objects of all files below a directory that compile, modules included

One field a line; a code object ends with "end". Line breaks and backslashes in text are escaped. A container
constant is followed by its items.
"""

import sys
import types
import warnings
from pathlib import Path


def text(value):
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def const(value, out):
    kind = type(value)
    if value is None or value is ...:
        out.append(f"const {'none' if value is None else 'ellipsis'}")
    elif kind is bool:
        out.append(f"const bool {int(value)}")
    elif kind is int:
        small = -(2**63) <= value < 2**63
        out.append(f"const {'int' if small else 'bigint'} {value}")
    elif kind is float:
        out.append(f"const float {value!r}")
    elif kind is complex:
        out.append(f"const complex {value.real!r} {value.imag!r}")
    elif kind is str:
        try:
            value.encode()
        except UnicodeEncodeError:
            out.append("const other str")
        else:
            out.append(f"const str {text(value)}")
    elif kind is bytes:
        out.append(f"const bytes {value.hex()}")
    elif kind is tuple or kind is frozenset:
        items = value if kind is tuple else sorted(value, key=repr)
        out.append(f"const {kind.__name__} {len(items)}")
        for item in items:
            const(item, out)
    elif kind is types.CodeType:
        out.append(f"const code {value.co_firstlineno}\t{value.co_name}\t{text(value.co_qualname)}")
    else:
        out.append(f"const other {kind.__name__}")


def code(value, out):
    out.append(f"name {text(value.co_name)}")
    out.append(f"qualname {text(value.co_qualname)}")
    out.append(f"filename {text(value.co_filename)}")
    for field in ("firstlineno", "flags", "argcount", "posonlyargcount", "kwonlyargcount", "stacksize"):
        out.append(f"{field} {getattr(value, 'co_' + field)}")
    for field in ("varnames", "cellvars", "freevars", "names"):
        out.extend(f"{field} {text(name)}" for name in getattr(value, "co_" + field))
    for field in ("code", "exceptiontable", "linetable"):
        out.append(f"{field} {getattr(value, 'co_' + field).hex()}")
    for item in value.co_consts:
        const(item, out)
    out.append("end")


def walk(value, out, with_itself):
    if with_itself:
        code(value, out)
    for item in value.co_consts:
        if isinstance(item, types.CodeType):
            walk(item, out, True)


def compiled(path, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(path.read_bytes(), name, "exec", dont_inherit=True, optimize=0)


def main(arguments):
    out = []
    if arguments[:1] == ["--tree"]:
        for path in sorted(Path(arguments[1]).rglob("*.py")):
            try:
                walk(compiled(path, path.name), out, True)
            except (SyntaxError, ValueError):
                continue
    else:
        for argument in arguments:
            path = Path(argument)
            walk(compiled(path, path.name), out, False)
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print("\n".join(out))


main(sys.argv[1:])
