"""tools/setup.sh on machines that lack something: what it says, what it does, and that it does nothing twice.

A machine is a directory of stand-ins for the commands that the script asks, and nothing else of the real machine but
the shell and the core utilities.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BASH = shutil.which("bash")
UTILITIES = ["env", "sed", "awk", "cat", "ls", "sort", "sha256sum", "dirname", "rm", "mkdir", "ln", "id"]

INSTALLED = "echo installed"
CARGO = 'echo "cargo 1.95.0 (f2d3ce0bd 2026-03-21)"'
SHIM = 'echo "pyenv: python3.13: command not found" >&2; exit 127'

# Stands for a CPython 3.13: answers questions as the one that runs the tests, and makes an empty environment.
PYTHON = f"""
case "$*" in
"-m venv .venv") mkdir -p .venv/bin && ln -sf "$0" .venv/bin/python ;;
"-m pip "*) exit ${{PIP_STATUS:-0}} ;;
*) exec {sys.executable} "$@" ;;
esac
"""


class Machine:
    def __init__(self, directory):
        self.bin = directory / "bin"
        self.home = directory / "home"
        self.checkout = directory / "checkout"
        for path in (self.bin, self.home, self.checkout / "tools", self.checkout / "tests"):
            path.mkdir(parents=True)
        script = (ROOT / "tools/setup.sh").read_text()
        for place in ("/usr/local", "/usr/lib/llvm-", "/opt"):
            script = script.replace(place, f"{directory}{place}")
        (self.checkout / "tools/setup.sh").write_text(script)
        shutil.copy(ROOT / "tests/requirements.txt", self.checkout / "tests/requirements.txt")
        # Not links: a stand-in that is written over one would be written to the real machine's file.
        for name in UTILITIES:
            self.command(name, f'exec {shutil.which(name)} "$@"')
        for name, body in [("cargo", CARGO), ("dpkg-query", INSTALLED), ("apt-get", "exit 0"), ("c++", "exit 0")]:
            self.command(name, body)
        self.command("python3.13", PYTHON)

    def command(self, name, body, directory=None):
        path = (directory or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.is_symlink()
        path.write_text(f"#!{BASH}\n{body}\n")
        path.chmod(0o755)
        return path

    def without(self, *names):
        for name in names:
            (self.bin / name).unlink()

    def setup(self, **environment):
        environment = {"PATH": str(self.bin), "HOME": str(self.home), **environment}
        return subprocess.run(
            [BASH, "tools/setup.sh"], cwd=self.checkout, env=environment, capture_output=True, text=True
        )

    def complaint(self, **environment):
        outcome = self.setup(**environment)
        assert outcome.returncode == 1
        return outcome.stderr


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_makes_the_environment_once(machine):
    first = machine.setup()
    assert first.returncode == 0, first.stderr
    assert f"making .venv with {machine.bin}/python3.13" in first.stdout
    second = machine.setup()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_makes_the_environment_anew_when_the_requirements_change(machine):
    machine.setup()
    with (machine.checkout / "tests/requirements.txt").open("a") as requirements:
        requirements.write("# another\n")
    assert "making .venv" in machine.setup().stdout


def test_no_cargo(machine):
    machine.without("cargo")
    complaint = machine.complaint()
    assert "missing: cargo (Rust 1.90 or newer)" in complaint
    assert "rustup" in complaint


def test_old_cargo(machine):
    machine.command("cargo", 'echo "cargo 1.63.0"')
    assert "missing: Rust 1.90 or newer (cargo 1.63.0 is what there is)" in machine.complaint()


def test_no_clippy(machine):
    machine.command("cargo", f'[ "$1" != clippy ] || exit 101; {CARGO}')
    complaint = machine.complaint()
    assert "missing: cargo clippy" in complaint
    assert "rustup component add rustfmt clippy" in complaint


def test_installs_only_what_is_missing(machine):
    log = machine.home / "apt.log"
    machine.command("dpkg-query", f'case "$*" in *lld-22) exit 1;; *) {INSTALLED};; esac')
    machine.command("apt-get", f'echo "$*" >> {log}')
    machine.command("id", "echo 0")
    outcome = machine.setup()
    assert outcome.returncode == 0, outcome.stderr
    assert log.read_text().splitlines() == ["update -qq", "install -y -qq --no-install-recommends lld-22"]


def test_packages_cannot_be_installed(machine):
    machine.command("dpkg-query", "exit 1")
    machine.command("apt-get", '[ "$1" = update ]')
    machine.command("id", "echo 0")
    complaint = machine.complaint()
    assert "missing: the packages llvm-22-dev libmlir-22-dev" in complaint
    assert "bookworm-security" in complaint


def test_neither_root_nor_sudo(machine):
    machine.command("dpkg-query", f'case "$*" in *lld-22) exit 1;; *) {INSTALLED};; esac')
    machine.command("id", "echo 1000")
    complaint = machine.complaint()
    assert "missing: the packages lld-22, and neither root nor sudo" in complaint
    assert "As root: apt-get update && apt-get install lld-22" in complaint


def test_no_apt(machine):
    machine.without("apt-get")
    assert "missing: LLVM and MLIR 22, and no apt-get" in machine.complaint()


def test_no_python(machine):
    machine.without("python3.13")
    complaint = machine.complaint()
    assert "missing: a CPython 3.13" in complaint
    assert "pyenv install 3.13" in complaint


def test_python_of_another_version(machine):
    machine.without("python3.13")
    older = machine.command("python3", "echo is cpython 3.11")
    assert f"{older} is cpython 3.11" in machine.complaint()


def test_shim_that_does_not_run_is_passed_over(machine):
    shim = machine.command("python3.13", SHIM)
    assert f"{shim} does not run" in machine.complaint()
    behind = machine.command("python3.13", PYTHON, machine.home / ".pyenv/versions/3.13.0/bin")
    outcome = machine.setup()
    assert outcome.returncode == 0, outcome.stderr
    assert f"making .venv with {behind}" in outcome.stdout


@pytest.mark.parametrize("place", ["pyenv-root", "usr/local", "opt/python"])
def test_python_in_other_places(machine, place):
    machine.without("python3.13")
    root = machine.bin.parent / place
    directory = root / "versions/3.13.1/bin" if place == "pyenv-root" else root / "bin"
    python = machine.command("python3.13", PYTHON, directory)
    outcome = machine.setup(PYENV_ROOT=str(machine.bin.parent / "pyenv-root"))
    assert f"making .venv with {python}" in outcome.stdout


def test_packages_of_python_cannot_be_installed(machine):
    complaint = machine.complaint(PIP_STATUS="1")
    assert "missing: the Python packages of tests/requirements.txt" in complaint
    assert not (machine.checkout / ".venv/.setup-stamp").exists()
