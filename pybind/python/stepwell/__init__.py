"""Stepwell compiles Python functions, one IR level at a time, and lets you look and build at each."""

from stepwell import ir
from stepwell._stepwell import (
    CompilerBug,
    CustomPass,
    EngineError,
    InvalidIRError,
    PassRecord,
    StaleHandleError,
    StepwellError,
    UnsupportedError,
    __version__,
    disabled,
    dump_ir,
    jit,
    module_pass,
    passes,
    rewrite,
    stats,
)

__all__ = [
    "CompilerBug",
    "CustomPass",
    "EngineError",
    "InvalidIRError",
    "PassRecord",
    "StaleHandleError",
    "StepwellError",
    "UnsupportedError",
    "__version__",
    "disabled",
    "dump_ir",
    "ir",
    "jit",
    "module_pass",
    "passes",
    "rewrite",
    "stats",
]
