"""The commands of `python -m stepwell`.

Few modules are imported here: a program that runs finds in `sys.modules` what the interpreter itself would have put
there, and little else.
"""

import builtins
import os
import sys
from typing import Any, NoReturn

import stepwell
from stepwell import _stepwell

USAGE = """\
usage: python -m stepwell run [options] script.py [argument ...]
       python -m stepwell run [options] -m module [argument ...]
       python -m stepwell dump [level] module:function

run runs a program with its functions compiled, otherwise exactly as python does. Options:
  --include NAMES    compile the functions of these modules and packages only (commas between them, * for anything)
  --exclude NAMES    leave the functions of these to the interpreter
  --threshold N      compile a function at its N-th call (500); a call of one with a loop counts for 25
  --budget SHARE     let compiling take at most this share of the time (0.25; 1 for no limit, which --threshold 1 has)
  --summary[=FILE]   at the end write to stderr, or to FILE (as JSON if it ends in .json), what was compiled, what was
                     left to the interpreter and why, where compiled code left for the interpreter, how long compiling took

dump prints a function at a level: bytecode, py, typed, state, calls, llvm, llvmir or asm.
"""


def main() -> None:
    """Does what the command line says."""
    match sys.argv[1:]:
        case ["run", *arguments]:
            run(arguments)
        case ["dump", function]:
            dump("py", function)
        case ["dump", level, function]:
            dump(level, function)
        case ["-h" | "--help"]:
            print(USAGE, end="")
        case ["--version"]:
            print(stepwell.__version__)
        case _:
            fail(f"a command is needed, run or dump\n{USAGE}")


def fail(message: str) -> NoReturn:
    """Ends the process as the interpreter ends it for a command line that it does not understand."""
    print(f"stepwell: {message.rstrip()}", file=sys.stderr)
    raise SystemExit(2)


def run(arguments: list[str]) -> None:
    """Runs a program."""
    options, program = parse(arguments)
    if not program:
        fail(f"a script or -m module is needed\n{USAGE}")
    if "summary" in options:
        report_at_exit(options.pop("summary"))
    try:
        stepwell.install(**options)
    except ValueError as error:
        fail(str(error))
    if program[0] == "-m":
        finish(run_module(program[1:]))
    else:
        finish(run_path(program))


def parse(arguments: list[str]) -> tuple[dict[str, Any], list[str]]:
    """The options, and what comes behind them."""
    options: dict[str, Any] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        match name:
            case "--summary":
                options["summary"] = value
            case "--include" | "--exclude":
                names = value if equals else value_of(name, rest)
                options.setdefault(name[2:], []).extend(part for part in names.split(",") if part)
            case "--threshold":
                options["threshold"] = number(int, name, value if equals else value_of(name, rest))
            case "--budget":
                options["budget"] = number(float, name, value if equals else value_of(name, rest))
            case "-h" | "--help":
                print(USAGE, end="")
                raise SystemExit
            case _ if argument.startswith("-") and argument != "-m":
                fail(f"there is no option {argument}\n{USAGE}")
            case _:
                return options, [argument, *rest]
    return options, []


def value_of(option: str, rest: Any) -> str:
    value = next(rest, None)
    if value is None:
        fail(f"{option} needs a value")
    return str(value)


def number[Number: (int, float)](kind: type[Number], option: str, text: str) -> Number:
    try:
        return kind(text)
    except ValueError:
        fail(f"{option} needs a number, and not {text!r}")


def run_module(program: list[str]) -> bool:
    if not program:
        fail(f"-m needs the name of a module\n{USAGE}")
    # The interpreter puts "-m" there while it looks for the module.
    sys.argv[:] = ["-m", *program[1:]]
    renew_main()
    return _stepwell.run_module(program[0], True)


def run_path(program: list[str]) -> bool:
    """Runs a file, or the module `__main__` of a directory or archive."""
    sys.argv[:] = program
    path = absolute(program[0])
    renew_main()
    if is_importable(path):
        replace_first_on_path(path, always=True)
        return _stepwell.run_module("__main__", False)
    replace_first_on_path(os.path.dirname(os.path.realpath(path)), always=False)
    try:
        return _stepwell.run_file(path)
    except OSError as error:
        print(f"{sys.executable}: can't open file {path!r}: [Errno {error.errno}] {error.strerror}", file=sys.stderr)
        raise SystemExit(2) from None


def absolute(path: str) -> str:
    """As the interpreter makes the path of a script absolute: nothing is resolved."""
    return os.path.join(os.getcwd(), path)


def is_importable(path: str) -> bool:
    """Whether modules can be imported from a path."""
    for hook in sys.path_hooks:
        try:
            hook(path)
        except ImportError:
            continue
        return True
    return False


def replace_first_on_path(entry: str, *, always: bool) -> None:
    """Puts an entry where the interpreter puts the directory of a script; `python -m` has put the current one there."""
    if not sys.flags.safe_path:
        sys.path[0] = entry
    elif always:
        sys.path.insert(0, entry)


def renew_main() -> None:
    """Makes `__main__` as the interpreter makes it."""
    main = sys.modules["__main__"]
    namespace = vars(main)
    namespace.clear()
    namespace.update(
        __name__="__main__",
        __doc__=None,
        __package__=None,
        __loader__=sys.modules["_frozen_importlib"].BuiltinImporter,
        __spec__=None,
        __annotations__={},
        __builtins__=builtins,
    )


def finish(succeeded: bool) -> None:
    """Ends the process as the interpreter does behind a program that ended, or raised what has been printed."""
    # After a KeyboardInterrupt that nobody handled, the interpreter ends the process by the signal.
    if not succeeded and type(getattr(sys, "last_exc", None)) is not KeyboardInterrupt:
        raise SystemExit(1)


def report_at_exit(file: str) -> None:
    """Has the summary written behind everything that the program itself does at its end."""
    import atexit

    from stepwell import _summary

    _stepwell.remember()
    atexit.register(_summary.write, os.path.join(os.getcwd(), file) if file else "")


def dump(level: str, name: str) -> None:
    """Prints the IR of a function."""
    import importlib
    import operator

    module, colon, qualname = name.partition(":")
    if not colon:
        fail("dump needs module:function")
    function = operator.attrgetter(qualname)(importlib.import_module(module))
    print(stepwell.dump_ir(function, level), end="")  # type: ignore[arg-type]
