"""`dump_ir`, `passes` and `stats`: the levels, the passes, and what came of a function."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import stepwell

ROOT = Path(__file__).resolve().parents[2]
LEVELS = ["bytecode", "py", "typed", "state", "calls", "llvm", "llvmir", "asm"]
MLIR_LEVELS = LEVELS[1:6]

SUBJECTS = """
    import stepwell

    def mean(xs):
        total = 0.0
        for x in xs:
            total += x
        return total / len(xs)

    def names(table, key):
        try:
            return f"{table[key]!r}", {*table}, frozenset({"a", "b", "c"})
        except KeyError as error:
            raise ValueError(key) from error

    def numbers(n):
        for i in range(n):
            yield i * i

    async def waits(x):
        return await x
"""


def subjects():
    namespace = {}
    exec(compile(textwrap.dedent(SUBJECTS), "subjects.py", "exec"), namespace)
    return [namespace[name] for name in ("mean", "names", "numbers", "waits")]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("function", subjects(), ids=lambda function: function.__name__)
def test_every_level_is_shown(function, level):
    text = stepwell.dump_ir(function, level)
    names = (function.__name__,) if level in ("bytecode", "py", "typed", "state") else ("body", "step")
    assert any(name in text for name in names)
    assert not re.search(r"0x[0-9a-f]{9,}", text), "an address"
    assert str(ROOT) not in text and "/usr" not in text


def test_levels_are_what_they_say():
    mean = subjects()[0]
    assert "FOR_ITER" in stepwell.dump_ir(mean, "bytecode")
    assert "py.for_iter" in stepwell.dump_ir(mean, "py")
    assert "py." not in stepwell.dump_ir(mean, "llvm").replace("subjects.py.", "")
    assert "llvm.func" in stepwell.dump_ir(mean, "llvm")
    assert "define" in stepwell.dump_ir(mean)
    assert "ret" in stepwell.dump_ir(mean, "asm")
    assert stepwell.dump_ir(mean, optimized=False) != stepwell.dump_ir(mean)
    assert 'subjects.py":' in stepwell.dump_ir(mean, "py", locations=True)


def test_types_are_those_given_else_those_compiled_for():
    def add(a, b):
        return a + b

    assert "[!py.object, !py.object]" in stepwell.dump_ir(add, "py")
    assert "[i64, f64]" in stepwell.dump_ir(add, "py", args=(int, float))
    assert "[i1, complex<f64>]" in stepwell.dump_ir(add, "py", args=[bool, complex])
    stepwell.jit(add)
    add(1, 2.5)
    assert "[i64, f64]" in stepwell.dump_ir(add, "py")
    assert "[f64, f64]" in stepwell.dump_ir(stepwell.jit(add, mode="float"), "py")


DUMPS = SUBJECTS + """
    for function in (mean, names, numbers, waits):
        for level in ("bytecode", "py", "typed", "state", "calls", "llvm", "llvmir", "asm"):
            print(stepwell.dump_ir(function, level))
"""


def test_dumps_are_the_same_in_every_process():
    def run(seed):
        environment = {"PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(DUMPS)], check=True, capture_output=True, text=True, env=environment
        ).stdout

    first = run("1")
    assert len(first) > 10_000
    assert first == run("2")


def test_passes_tell_what_they_did():
    mean = subjects()[0]
    records = stepwell.passes(mean)
    names = [record.name for record in records]
    assert {"infer-types", "lower-py-to-num", "insert-refcounts", "lower-py-to-calls"} <= set(names)
    assert all(record.seconds >= 0 and "func" in record.ir for record in records)
    assert any(record.changed for record in records) and not all(record.changed for record in records)
    assert records[-1].ir == stepwell.dump_ir(mean, "llvm")
    assert [r.level for r in records] == sorted((r.level for r in records), key=LEVELS.index)
    assert repr(records[0]).startswith(f"<PassRecord {names[0]}: ")


def test_statistics_of_a_function():
    @stepwell.jit
    def add(a, b):
        return a + b

    for arguments in [(1, 2), (3, 4), (1.5, 2.5), ("a", "b")]:
        add(*arguments)
    record = stepwell.stats(add)
    assert record["compiled_calls"] == 4 and record["interpreted_calls"] == 0
    assert record["interpreted_because"] is None
    signatures = [compilation["signature"] for compilation in record["compilations"]]
    assert signatures == [("int", "int"), ("float", "float"), ("object", "object")]
    assert [compilation["calls"] for compilation in record["compilations"]] == [2, 1, 1]
    phases = record["compilations"][0]["seconds"]
    assert list(phases) == ["lift", "typed", "state", "calls", "llvm", "translate", "optimise", "codegen", "link"]
    assert all(0 < seconds < 30 for seconds in phases.values())
    passes = record["compilations"][0]["passes"]
    assert {"canonicalize", "infer-types", "lower-calls-to-llvm"} <= set(passes)
    assert 0 < sum(passes.values()) < sum(phases.values())


def test_statistics_of_the_process():
    before = stepwell.stats()

    @stepwell.jit
    def multiply(a, b):
        return a * b

    multiply(2**62, 4)
    after = stepwell.stats()
    assert {key: after[key] - before[key] for key in before} == {
        "compiled_calls": 1,
        "exits": 1,
        "compilations": 1,
        "functions": 1,
    }


def test_many_types_end_in_one_version_for_all():
    @stepwell.jit(opt_level=0)
    def pair(a, b):
        return a, b

    values = [1, 2.5, True, 1j, "text"]
    for _ in range(2):
        for a in values:
            for b in values:
                assert pair(a, b) == (a, b)
    record = stepwell.stats(pair)
    assert record["compiled_calls"] == 50
    assert len(record["compilations"]) <= 8
    assert record["compilations"][-1]["signature"] == ("object", "object")
