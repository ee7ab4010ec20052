"""The stubs say what the package has, and what type checkers make of the decorator is useful."""

import subprocess
import sys
import textwrap


def test_the_stubs_are_true():
    run = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "stepwell", "--mypy-config-file", "/dev/null"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_decorated_functions_keep_their_types(tmp_path):
    file = tmp_path / "user.py"
    file.write_text(
        textwrap.dedent(
            """
            from typing import assert_type
            import stepwell

            @stepwell.jit
            def f(x: int) -> str:
                return str(x)

            @stepwell.jit(mode="int", opt_level=2)
            def g(x: int) -> int:
                return x

            assert_type(f(1), str)
            assert_type(g(1), int)
            assert_type(stepwell.stats(f)["compiled_calls"], int)
            assert_type(stepwell.dump_ir(f), str)
            stepwell.jit(f, mode="flaot")  # type: ignore[call-overload]
            """
        )
    )
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(file)], capture_output=True, text=True, cwd=tmp_path
    )
    assert run.returncode == 0, run.stdout + run.stderr
