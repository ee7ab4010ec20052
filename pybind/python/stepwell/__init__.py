"""Stepwell compiles Python functions, one IR level at a time, and lets you look and build at each."""

from stepwell._stepwell import (
    CompilerBug,
    EngineError,
    PassRecord,
    StepwellError,
    UnsupportedError,
    __version__,
    disabled,
    dump_ir,
    jit,
    passes,
    stats,
)

__all__ = [
    "CompilerBug",
    "EngineError",
    "PassRecord",
    "StepwellError",
    "UnsupportedError",
    "__version__",
    "disabled",
    "dump_ir",
    "jit",
    "passes",
    "stats",
]
