"""Runs a part of CPython's own test suite, and of the differential fuzzer, with every function compiled.

    python tests/python/conformance/run.py [--seeds 0:100] [MODULE ...]

The kit is found through $STEPWELL_CONFORMANCE, else beside the checkout in `../shared/conformance`.
Exits with 1 when a test that the interpreter passes does not pass, or a fuzzed program differs.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import sysconfig
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ADAPTER = HERE / "adapter.py"

# Quick modules of every area of the kit, all without a regression.
MODULES = (HERE / "modules.txt").read_text().split()


def kit():
    """The directory of the kit. Without one there is nothing to run, which is no failure, but is said."""
    beside = HERE.parents[3] / "shared" / "conformance"
    path = pathlib.Path(os.environ.get("STEPWELL_CONFORMANCE", beside))
    if not (path / "run_suite.py").exists():
        print(f"not run: no conformance kit at {path} (STEPWELL_CONFORMANCE: the directory with its run_suite.py)")
        sys.exit(0)
    return path


def engine():
    """The arguments that name the engine: the adapter, and where this interpreter has the package."""
    site_packages = sysconfig.get_path("purelib")
    return ["--engine", str(ADAPTER), "--engine-path", site_packages, "--python", os.path.realpath(base_python())]


def base_python():
    """The interpreter behind the venv: a venv's own changes a few tests."""
    return getattr(sys, "_base_executable", sys.executable)


def run_suite(kit_path, modules, scratch):
    """Runs the modules, prints the report, returns whether there is a regression."""
    out = scratch / "suite.json"
    run = [sys.executable, str(kit_path / "run_suite.py"), "run", *engine(), "--set", "open"]
    run += ["--modules", ",".join(modules), "--out", str(out), "--work", str(scratch / "work")]
    subprocess.run(run, check=True)
    report = [sys.executable, str(kit_path / "run_suite.py"), "report", str(out), "--full", "--regressions", "--check"]
    return subprocess.run(report).returncode != 0


def run_fuzzer(kit_path, seeds):
    """Runs the generated programs of the seeds, returns whether one differs."""
    fuzz = [sys.executable, str(kit_path / "fuzz" / "fuzz.py"), "run", *engine(), "--seeds", seeds, "--time", "600"]
    # A first call compiles, which on a busy machine takes longer than the kit gives a program.
    fuzz += ["--alarm", "60", "--grace", "90"]
    return subprocess.run(fuzz).returncode != 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", default=MODULES, metavar="MODULE")
    parser.add_argument("--seeds", default="0:100", help="range of seeds for the fuzzer, FROM:TO; empty for none")
    arguments = parser.parse_args()
    kit_path = kit()
    with tempfile.TemporaryDirectory() as scratch:
        failed = run_suite(kit_path, arguments.modules, pathlib.Path(scratch))
    if arguments.seeds:
        failed |= run_fuzzer(kit_path, arguments.seeds)
    sys.exit(failed)


if __name__ == "__main__":
    main()
