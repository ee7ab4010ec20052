"""The types of the extension module."""

from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Literal, TypedDict, TypeVar, final, overload, type_check_only

from stepwell.ir import (
    Attribute,
    Block,
    InsertionPoint,
    Location,
    OpAttributeMap,
    OpOperand,
    OpOperandList,
    Operation,
    Region,
    Rewriter,
    Type,
    Value,
    WalkOrder,
    WalkResult,
)

__all__ = [
    "Attribute",
    "Block",
    "CompilerBug",
    "CustomPass",
    "Decorator",
    "Disabled",
    "EngineError",
    "Explanation",
    "InsertionPoint",
    "InvalidIRError",
    "Location",
    "OpAttributeMap",
    "OpOperand",
    "OpOperandList",
    "Operation",
    "PassDecorator",
    "PassRecord",
    "Region",
    "Rewriter",
    "StaleHandleError",
    "StateGraph",
    "StepwellError",
    "Type",
    "UnsupportedError",
    "Value",
    "WalkOrder",
    "WalkResult",
    "__version__",
    "disabled",
    "dump_ir",
    "explain",
    "install",
    "jit",
    "module_pass",
    "passes",
    "records",
    "remember",
    "rewrite",
    "run_file",
    "run_module",
    "states",
    "stats",
    "uninstall",
]

__version__: str

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Method = TypeVar("_Method", staticmethod[..., Any], classmethod[Any, ..., Any])
_Mode = Literal[
    "auto",
    "object",
    "int",
    "float",
    "bool",
    "int32",
    "uint64",
    "float32",
    "complex64",
    "complex128",
    "ptr",
    "vec4f",
    "vec8i",
    "optional_f64",
]
_Overflow = Literal["exact", "raise", "wrap"]
_FastMath = Literal["reassoc", "nnan", "ninf", "nsz", "arcp", "contract", "afn"]
_Level = Literal["bytecode", "py", "typed", "state", "calls", "llvm", "llvmir", "asm"]
_Compilable = Callable[..., Any] | staticmethod[..., Any] | classmethod[Any, ..., Any]

class StepwellError(Exception):
    """What every exception of Stepwell's own derives from."""

class UnsupportedError(StepwellError):
    """The function cannot be compiled as asked. The message names the source line and what to do."""

class CompilerBug(StepwellError):
    """A mistake of Stepwell, not of the function. The message names the pass and holds the IR."""

class InvalidIRError(StepwellError):
    """A pass of the user's own left IR that does not verify. The message names the pass, the operation and the IR."""

class StaleHandleError(StepwellError):
    """An operation, block or value of `stepwell.ir` that is gone: it was erased, or its pass is over."""

class EngineError(StepwellError):
    """The machine code generator failed, or does not know this machine."""

@type_check_only
class _Exit(TypedDict):
    """A place where compiled code went on in the interpreter, and how often."""

    line: int
    reason: str
    count: int

@type_check_only
class _Compilation(TypedDict):
    """Machine code for one list of argument types, the time for each phase of making it, and its calls.

    `baseline` tells code that was compiled quickly. Code that begins at a loop in the middle of a call has the offset of
    that loop's jump as `entry`; its `signature` is what the slots and the evaluation stack of the frame held.
    """

    signature: tuple[str, ...]
    baseline: bool
    entry: int | None
    seconds: dict[str, float]
    passes: dict[str, float]
    calls: int

@type_check_only
class _FunctionStats(TypedDict):
    compiled_calls: int
    interpreted_calls: int
    compilations: list[_Compilation]
    exits: list[_Exit]
    interpreted_because: str | None

@type_check_only
class _Record(_FunctionStats):
    file: str
    line: int
    function: str

@type_check_only
class _ExplainedLine(TypedDict):
    line: int
    source: str
    kind: Literal["native", "object", "mixed", "exit", "free"]
    types: dict[str, str]
    objects: list[str]
    left: list[str]
    guards: list[str]
    vectorized: bool | None
    remarks: list[str]

@type_check_only
class _Explained(TypedDict):
    name: str
    signature: list[str]
    lines: list[_ExplainedLine]

@type_check_only
class _ProcessStats(TypedDict):
    compiled_calls: int
    exits: int
    compilations: int
    functions: int

@overload
def jit(
    func: None = None,
    *,
    mode: _Mode = "auto",
    opt_level: Literal[0, 1, 2, 3] = 3,
    vectorize: bool = True,
    signature: str | Sequence[str] | None = None,
    overflow: _Overflow | None = None,
    fastmath: bool | Literal["fast"] | _FastMath | Sequence[_FastMath] | None = None,
    boundscheck: bool = True,
    inline: bool = True,
    parallel: bool = False,
    lazy: bool = False,
    passes: Sequence[CustomPass] | None = None,
    baseline: bool = True,
) -> Decorator: ...
@overload
def jit(
    func: _Function,
    *,
    mode: _Mode = "auto",
    opt_level: Literal[0, 1, 2, 3] = 3,
    vectorize: bool = True,
    signature: str | Sequence[str] | None = None,
    overflow: _Overflow | None = None,
    fastmath: bool | Literal["fast"] | _FastMath | Sequence[_FastMath] | None = None,
    boundscheck: bool = True,
    inline: bool = True,
    parallel: bool = False,
    lazy: bool = False,
    passes: Sequence[CustomPass] | None = None,
    baseline: bool = True,
) -> _Function:
    """Compiles a Python function; without one, gives a decorator with these options.

    mode
        "auto" compiles for the types of the actual arguments, at the first call with them, and behaves as CPython
        does in everything; "object" compiles once, for objects. Both return the function itself. The others compile for
        native values alone; they return a new function and leave the given one as it is. docs/modes.md has the rules
        of each.
    opt_level
        LLVM's optimisation level.
    vectorize
        Whether LLVM may vectorise.
    signature
        The types of result and parameters, such as `"f8(f8, i8)"`, or several of them, for a typed function: i8 i4 u8
        f8 f4 c16 c8 b1, p (memory of float64), v4f, v8i, o8 (a float or None). The result may be left out.
    overflow
        What happens to an integer that needs more bits: "exact" (CPython's answer), "raise" (OverflowError) or "wrap".
        Each mode has its own default.
    fastmath
        What LLVM may assume of floats, by the names of its flags, or all of them by `True`.
    boundscheck
        Whether indices are checked where the length is known.
    inline
        Whether small functions of the same module are computed where they are called, and generators where they are
        consumed.
    parallel
        Has one value at this time; the other one is refused.
    lazy
        Functions are compiled as soon as their types are known: in "auto" at the first call, in the other modes at the
        decoration. With `lazy=True` always at the first call.
    passes
        Passes of one's own for this function, made by `rewrite` and `module_pass`. The function gets a code object of
        its own (equal to the one it had), since machine code belongs to code objects.
    baseline
        Whether a function in "auto" or "object" begins with code that is compiled quickly, and gets the best code once
        it has run often: its calls for the next call, a loop in the middle of it. With `baseline=False`, another
        `opt_level` or passes of one's own there is one compilation.
    """

@overload
def jit(
    func: _Method,
    *,
    mode: _Mode = "auto",
    opt_level: Literal[0, 1, 2, 3] = 3,
    vectorize: bool = True,
    signature: str | Sequence[str] | None = None,
    overflow: _Overflow | None = None,
    fastmath: bool | Literal["fast"] | _FastMath | Sequence[_FastMath] | None = None,
    boundscheck: bool = True,
    inline: bool = True,
    parallel: bool = False,
    lazy: bool = False,
    passes: Sequence[CustomPass] | None = None,
    baseline: bool = True,
) -> _Method: ...
def dump_ir(
    func: _Compilable,
    level: _Level = "llvmir",
    *,
    args: Sequence[type] | None = None,
    optimized: bool = True,
    locations: bool = False,
) -> str:
    """The function at a level, in text.

    It is shown for the parameter types `args` (such as `(int, float)`), else for those of its mode, else for those it
    was last compiled for, else for objects. `optimized=False` shows `llvmir` before LLVM's passes; `locations` adds
    the source location of every op to the levels from `py` to `llvm`.
    """

def passes(func: _Compilable, *, args: Sequence[type] | None = None) -> list[PassRecord]:
    """Runs the passes on the function, for the types that `dump_ir` would take, and tells of each."""

@final
class Explanation:
    """What became of a function, line by line. Its text is for people."""

    @property
    def name(self) -> str: ...
    def as_dict(self) -> _Explained:
        """The same as dictionaries and lists."""

def explain(func: _Compilable, *, args: Sequence[type] | None = None) -> Explanation:
    """What each source line of the function became, for the types that `dump_ir` would take.

    A line is `native` when it computes on machine values, `object` when it works on Python objects, `mixed` when it
    does both, `exit` when it is always left to the interpreter, and `free` when it costs next to nothing. With it come
    the types of the locals it binds, the operations on objects, the reasons for which it can go on in the interpreter
    (as `stats` counts them), and for an innermost loop whether LLVM vectorised it, in its own words.
    """

@final
class StateGraph:
    """The states of a generator or coroutine. Text shows it in a terminal, a picture in a notebook."""

    @property
    def name(self) -> str: ...
    def __len__(self) -> int: ...
    def _repr_svg_(self) -> str: ...

def states(func: _Compilable) -> StateGraph:
    """The states of a generator, coroutine or asynchronous generator function.

    A state is a place where compiled code can begin: at the start, behind each `yield` and `await`, and where what a
    `yield from` or `await` delegates to has returned. The graph tells what each keeps, and where the step that begins
    there can end.
    """

@overload
def stats(func: None = None, /) -> _ProcessStats: ...
@overload
def stats(func: _Compilable, /) -> _FunctionStats:
    """What ran compiled, what did not, and why: of a function, or of the whole process."""

def records() -> list[_Record]:
    """The statistics of all functions that are known, each with its place."""

def remember() -> None:
    """Keeps the statistics of functions that die, for `records`."""

def run_file(path: str) -> bool:
    """Runs a file in the module `__main__`, as the interpreter does. False if it raised, which has been printed."""

def run_module(name: str, alter_argv: bool) -> bool:
    """Runs a module as `python -m` does. False if it raised, which has been printed."""

def disabled() -> Disabled:
    """A context manager inside which compiled functions are interpreted, in all threads."""

def install(
    include: str | Iterable[str] | None = None,
    exclude: str | Iterable[str] = (),
    *,
    threshold: int = 500,
    budget: float | None = None,
) -> None:
    """Compiles the functions of whole packages: those that are there, and those to come.

    `include` and `exclude` are names of modules and packages (with all that is below them), in which `*` stands for
    anything. Without `include` it is all modules. A function is compiled at the call of number `threshold`, a call of one
    with a loop counting for 25; functions that are called more rarely are left to the interpreter, and so are the bodies
    of modules and classes.

    Compiling takes at most the share `budget` of the time from here on, more than 0 and up to 1, which is no limit; what is
    due beyond it waits. Without `budget` it is a quarter, and no limit where `threshold` is 1.

    A second call changes what is compiled from then on.
    """

def uninstall() -> None:
    """Gives the functions that `install` has taken in back to the interpreter. Decorated ones stay as they are."""

@final
class Decorator:
    """`jit` with its options, waiting for the function."""

    @overload
    def __call__(self, func: _Function, /) -> _Function: ...
    @overload
    def __call__(self, func: _Method, /) -> _Method: ...

@final
class Disabled:
    """What `disabled` returns. It may be entered more than once."""

    def __enter__(self) -> None: ...
    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class PassRecord:
    """What one pass did."""

    @property
    def name(self) -> str: ...
    @property
    def level(self) -> str | None:
        """The level that it is on the way to."""

    @property
    def changed(self) -> bool: ...
    @property
    def seconds(self) -> float: ...
    @property
    def ir(self) -> str:
        """The module behind it."""

def rewrite(
    root: str, /, *, before: str | None = None, after: str | None = None, everywhere: bool = False
) -> PassDecorator:
    """A pass that is called as `(op, rewriter)` with each operation of the name `root` that is there when it begins.

    It goes before or after a level or a pass of the pipeline. It runs for the functions compiled with
    `jit(passes=[...])`, and with `everywhere=True` for every function that is compiled from then on.
    """

def module_pass(
    *, before: str | None = None, after: str | None = None, everywhere: bool = False
) -> PassDecorator:
    """A pass that is called with the module, an `Operation`; otherwise as `rewrite`."""

@final
class PassDecorator:
    """`rewrite` or `module_pass` with its arguments, waiting for the function."""

    def __call__(self, func: Callable[..., object], /) -> CustomPass: ...

@final
class CustomPass:
    """A pass of one's own. Calling it calls the function."""

    @property
    def __name__(self) -> str: ...
    @property
    def __wrapped__(self) -> Callable[..., object]: ...
    def register(self) -> None:
        """Runs it for every function that is compiled from now on."""

    def unregister(self) -> None:
        """Undoes `register`. What has been compiled stays."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
