"""`python -m stepwell run` runs a program as the interpreter does, to the last frame."""

import json
import os
import re
import subprocess
import sys
import textwrap

import pytest

LOOK = """
import atexit, inspect, sys, warnings
def f(x):
    return x * 2
print(sorted(globals()))
print(__name__, __file__, __package__, __cached__, __doc__, __annotations__, type(__loader__).__name__)
print(__spec__ and (__spec__.name, __spec__.origin))
print(sys.argv, sys.path, sys.modules["__main__"].__dict__ is globals())
print([frame.function for frame in inspect.stack()], sys._getframe().f_back)
print([f(n) for n in range(20)])
warnings.warn("seen", stacklevel=2)
def deep(n):
    return deep(n + 1)
try:
    deep(0)
except RecursionError as error:
    count = 0
    trace = error.__traceback__
    while trace:
        count += 1
        trace = trace.tb_next
    print("deep", count)
class Last:
    def __del__(self):
        print("gone", sys is not None)
last = Last()
atexit.register(print, "at exit")
"""


def files(directory, **programs):
    for name, text in programs.items():
        path = directory / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text))


def outcome(command, directory, **more):
    run = subprocess.run([sys.executable, *command], cwd=directory, capture_output=True, text=True, timeout=200, **more)
    # Objects are at other addresses, which a debugger may show the end of.
    address = re.compile("x[0-9a-f]{6,}")
    return run.returncode, address.sub("x", run.stdout), address.sub("x", run.stderr)


def same(arguments, directory, options=(), interpreter=(), **more):
    """What the program does, which is the same in both ways."""
    expected = outcome([*interpreter, *arguments], directory, **more)
    command = [*interpreter, "-m", "stepwell", "run", "--threshold=1", *options, *arguments]
    assert outcome(command, directory, **more) == expected
    return expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["look.py"],
        ["./look.py", "a", "-m", "--summary"],
        ["sub/../look.py", "--help"],
        ["link.py"],
        ["-m", "look", "x", "-y"],
        ["-m", "sub.look"],
        ["-m", "sub"],
        ["sub"],
        ["packed.zip", "x"],
    ],
    ids=" ".join,
)
def test_the_program_finds_what_it_always_finds(arguments, tmp_path):
    files(tmp_path, look_py=LOOK, sub__look_py=LOOK, sub____main___py="from look import *")
    (tmp_path / "sub" / "__main__.py").write_text(LOOK)
    (tmp_path / "sub" / "__init__.py").write_text("")
    (tmp_path / "link.py").symlink_to("sub/look.py")
    import zipfile

    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.writestr("__main__.py", LOOK)
    code, printed, _ = same(arguments, tmp_path, options=["--include=__main__"])
    assert code == 0
    assert printed.endswith("at exit\ngone True\n")


ENDS = {
    "nothing": "",
    "exit": "import sys; sys.exit()",
    "exit_3": "import sys; sys.exit(3)",
    "exit_text": "import sys; sys.exit('bye')",
    "exit_in_a_function": "def f():\n    raise SystemExit(4)\nf()",
    "exception": "def f(x):\n    return 1 / x\nf(0)",
    "chain": "def f():\n    try:\n        {}['a']\n    except KeyError as e:\n        raise ValueError from e\nf()",
    "syntax": "x = = 1",
    "interrupt": "def f():\n    raise KeyboardInterrupt\nf()",
    "subclass_of_interrupt": "class K(KeyboardInterrupt): pass\nraise K",
    "hook": "import sys\nsys.excepthook = lambda *a: print('hook', a[0], sys.last_exc)\nraise ValueError(1)",
    "at_exit": "import atexit\n@atexit.register\ndef f():\n    raise ValueError",
    "os_exit": "import os; os._exit(7)",
    "abort": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "thread": "import threading, time\nt = threading.Thread(target=lambda: (time.sleep(.2), print('late')))\nt.start()",
    "unraisable": "class A:\n    def __del__(self):\n        raise ValueError\nA()",
}


@pytest.mark.parametrize("as_module", [False, True], ids=["script", "module"])
@pytest.mark.parametrize("end", ENDS)
def test_the_program_ends_as_it_always_ends(end, as_module, tmp_path):
    files(tmp_path, program_py=ENDS[end])
    same(["-m", "program"] if as_module else ["program.py"], tmp_path, options=["--include=__main__"])


@pytest.mark.parametrize("arguments", [["none.py"], ["-m", "none"], ["empty"], ["-m", "empty"], ["-m", "a.b"]], ids=" ".join)
def test_what_is_not_there(arguments, tmp_path):
    (tmp_path / "empty").mkdir()
    assert same(arguments, tmp_path)[0] != 0


@pytest.mark.parametrize("options", [["-P"], ["-W", "error"], ["-O"], ["-X", "dev"]], ids=" ".join)
def test_options_of_the_interpreter(options, tmp_path):
    files(tmp_path, look_py=LOOK + "\nassert False")
    for program in (["look.py"], ["-m", "look"]):
        more = {"env": {**os.environ, "PYTHONPATH": os.pathsep.join([*map(os.path.abspath, sys.path[:0]), path()])}}
        same(program, tmp_path, options=["--include=__main__"], interpreter=options, **more)


def path():
    """Where the package is, in case the interpreter finds it through the environment only."""
    return os.environ.get("PYTHONPATH", "")


SUMMARY = """
def hot(x):
    return x + 1
def cold(x):
    return x
def overflows(x):
    return x * x
for n in range(100):
    hot(n)
cold(1)
for n in range(300):
    overflows(2 ** 40 + n)
exec("def gone(x): return x\\nfor n in range(9): gone(n)", {"__name__": "__main__"})
"""


def test_the_summary(tmp_path):
    files(tmp_path, program_py=SUMMARY + "import atexit; atexit.register(print, 'the program has ended', flush=True)")
    options = ["--include=__main__", "--threshold", "3", "--budget", "1"]
    command = ["-m", "stepwell", "run", *options]
    code, printed, errors = outcome([*command, "--summary", "program.py"], tmp_path, stdin=subprocess.DEVNULL)
    assert (code, printed) == (0, "the program has ended\n")
    assert "functions: 4 seen, 3 compiled, 0 left to the interpreter, 1 called too rarely" in errors
    assert "integer overflow" in errors or "overflow" in errors
    code, printed, errors = outcome([*command, "--summary=out.json", "program.py"], tmp_path)
    assert (code, errors) == (0, "")
    record = json.loads((tmp_path / "out.json").read_text())
    assert (record["functions"], record["compiled"], record["called_too_rarely"]) == (4, 3, 1)
    assert record["compiled_calls"] + record["interpreted_calls"] == 100 + 1 + 300 + 9
    assert sum(exit["count"] for exit in record["exits"]) == sum(record["exits_by_reason"].values()) > 0
    assert {exit["function"] for exit in record["exits"]} == {"overflows"}
    assert {exit["line"] for exit in record["exits"]} == {7}
    assert sum(record["seconds"].values()) > 0
    code, printed, errors = outcome([*command, "--summary=out.txt", "program.py"], tmp_path)
    assert (code, errors) == (0, "") and "functions: 4 seen" in (tmp_path / "out.txt").read_text()


def test_the_command_line():
    code, printed, errors = outcome(["-m", "stepwell", "--help"], None)
    assert (code, errors) == (0, "") and printed.startswith("usage: python -m stepwell run")
    assert outcome(["-m", "stepwell", "run", "--help"], None) == (0, printed, "")
    code, printed, errors = outcome(["-m", "stepwell", "dump", "textwrap:dedent"], None)
    assert (code, errors) == (0, "") and "func.func @dedent" in printed
    assert "llvm.func" in outcome(["-m", "stepwell", "dump", "llvm", "textwrap:TextWrapper.wrap"], None)[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "a command is needed"),
        (["walk"], "a command is needed"),
        (["run"], "a script or -m module is needed"),
        (["run", "-m"], "-m needs the name of a module"),
        (["run", "--fast", "x.py"], "there is no option --fast"),
        (["run", "--threshold"], "--threshold needs a value"),
        (["run", "--threshold", "x", "x.py"], "--threshold needs a number, and not 'x'"),
        (["run", "--threshold=0", "x.py"], "1 or more, and not 0"),
        (["run", "--budget", "all", "x.py"], "--budget needs a number, and not 'all'"),
        (["run", "--budget=-1", "x.py"], "more than 0 and up to 1 (no limit), and not -1"),
        (["run", "--include=a/b.py", "x.py"], "not the path"),
        (["dump", "textwrap"], "dump needs module:function"),
    ],
)
def test_mistakes_on_the_command_line(arguments, message):
    code, printed, errors = outcome(["-m", "stepwell", *arguments], None)
    assert (code, printed) == (2, "") and f"stepwell: {message}" in errors or message in errors
