"""Writes what the running interpreter says of its opcodes, in the form of fixtures/v3_13/opcodes.txt.

Sources: `opcode`, `_opcode`, and the header of the interpreter that has stack effects and flags.
"""

import opcode
import re
import sysconfig
from pathlib import Path

import _opcode

ARGUMENTS = (0, 1, 2, 3, 4, 5, 258)
NOT_IN_CODE = {"CACHE", "RESERVED", "ENTER_EXECUTOR"}

header = Path(sysconfig.get_path("include"), "internal", "pycore_opcode_metadata.h").read_text()


def effects(function):
    body = header[header.index(f"int {function}(int opcode, int oparg)  {{") :]
    rows = re.findall(r"case (\w+):\s*return ([^;]+);", body[: body.index("default:")])
    return {name: python(expression) for name, expression in rows}


def python(expression):
    return re.sub(r"\(\((.+?)\) \? (.+?) : (.+?)\)", r"((\2) if (\1) else (\3))", expression)


def values(expression):
    return ",".join(str(eval(expression, {"oparg": oparg})) for oparg in ARGUMENTS)


popped = effects("_PyOpcode_num_popped")
pushed = effects("_PyOpcode_num_pushed")
flags = dict(re.findall(r"\[(\w+)\] = \{ true, \w+, ([^}]+) \}", header))

for name, number in sorted(opcode.opmap.items(), key=lambda item: item[1]):
    if number > 255 or name.startswith("INSTRUMENTED") or name in NOT_IN_CODE:
        continue
    raises = bool(re.search("HAS_(ERROR|ERROR_NO_POP|EVAL_BREAK)_FLAG", flags[name]))
    kinds = [kind for kind in ("arg", "const", "name", "jump", "free", "local") if getattr(_opcode, "has_" + kind)(number)]
    caches = opcode._inline_cache_entries.get(name, 0)
    print(
        number,
        name,
        f"caches={caches}",
        f"kinds={'+'.join(kinds) or '-'}",
        f"pops={values(popped[name])}",
        f"pushes={values(pushed[name])}",
        "raises" if raises else "quiet",
    )
print("operators", " ".join(symbol for _, symbol in opcode._nb_ops))
print("intrinsics", len(opcode._intrinsic_1_descs), len(opcode._intrinsic_2_descs))
