"""Stepwell under the conformance kit: every function that the kit offers is given to `stepwell.jit`.

The kit puts the name `Refused` into this module and calls the functions below.
"""

NAME = "stepwell"


def load():
    """Imports the engine, once, before any module under test."""
    global stepwell
    import stepwell


def compile(function):
    """The function compiled, or `Refused` with the reason."""
    try:
        return stepwell.jit(function)
    except stepwell.StepwellError as error:
        raise Refused(f"{type(error).__name__}: {str(error).splitlines()[-1][:120]}")  # noqa: F821


def compiled(function, result):
    """Not known here: a function is compiled at its first call."""
    return None


def stats():
    """The totals of the process."""
    return {key: value for key, value in stepwell.stats().items() if isinstance(value, (int, float))}
