"""What the extension module brings along and what it asks of the machine it is loaded on."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import stepwell

ROOT = Path(__file__).resolve().parents[2]
LLVM_BIN = Path("/usr/lib/llvm-22/bin")

# C and C++ runtimes that every glibc system has. In particular no libLLVM, libMLIR, libz3, libxml2 or libpython.
ALLOWED_LIBRARIES = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2"}

WHEEL_LIMIT_MB = 40
IMPORT_LIMIT_MS = 20


def extension_path():
    spec = importlib.util.find_spec("stepwell._stepwell")
    assert spec is not None and spec.origin is not None
    return spec.origin


def run_tool(tool, *arguments):
    return subprocess.run(
        [LLVM_BIN / tool, *arguments], check=True, capture_output=True, text=True
    ).stdout


def run_python(code):
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


def test_version_is_the_workspace_version():
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    assert stepwell.__version__ == manifest["workspace"]["package"]["version"]


def test_only_the_module_initialiser_is_exported():
    """Were LLVM's symbols visible, a second LLVM in the process would bind to ours or we to it."""
    symbols = run_tool("llvm-nm", "--dynamic", "--defined-only", "--format=just-symbols", extension_path())
    assert symbols.split() == ["PyInit__stepwell"]


def test_needs_only_c_and_cpp_runtimes():
    dynamic = run_tool("llvm-readelf", "--dynamic-table", extension_path())
    needed = set(re.findall(r"NEEDED.*\[(.+)\]", dynamic))
    assert needed <= ALLOWED_LIBRARIES


def test_does_not_look_for_libraries_in_places_of_the_build_machine():
    dynamic = run_tool("llvm-readelf", "--dynamic-table", extension_path())
    assert "RPATH" not in dynamic and "RUNPATH" not in dynamic


def test_wheel_size():
    wheels = list((ROOT / "dist").glob("stepwell-*.whl"))
    assert len(wheels) == 1, "run `make wheel` first"
    assert wheels[0].stat().st_size <= WHEEL_LIMIT_MB * 1_000_000


def test_import_time():
    code = """
import time
start = time.perf_counter()
import stepwell
print((time.perf_counter() - start) * 1000)
"""
    fastest = min(float(run_python(code)) for _ in range(5))
    assert fastest <= IMPORT_LIMIT_MS


@pytest.mark.parametrize("other", ["numba", "llvmlite.binding"])
@pytest.mark.parametrize("ours_first", [True, False])
def test_import_beside_another_llvm(other, ours_first):
    names = ["stepwell", other] if ours_first else [other, "stepwell"]
    code = "\n".join(f"import {name}" for name in names)
    run_python(code + "\nprint('both loaded')")


COMPILE_WITH = {
    "ours": """
import stepwell

@stepwell.jit
def ours(n):
    total = 0
    for i in range(n):
        total += i * i
    return total

assert ours(1000) == 332833500
assert stepwell.stats(ours)["compiled_calls"] == 1
""",
    "theirs": """
import numba

@numba.njit
def theirs(n):
    total = 0
    for i in range(n):
        total += i * i
    return total

assert theirs(1000) == 332833500
""",
}


@pytest.mark.parametrize("order", ["ours theirs", "theirs ours", "ours theirs ours theirs"])
def test_both_compilers_work_in_one_process(order):
    run_python("".join(COMPILE_WITH[name] for name in order.split()))
