"""Stepwell under the conformance kit: every function that the kit offers is given to `stepwell.jit`.

The kit puts the name `Refused` into this module and calls the functions below.
"""

NAME = "stepwell"


def load():
    """Imports the engine, once, before any module under test."""
    global stepwell
    import stepwell

    # Functions of tests die young.
    stepwell._stepwell.remember()


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
    """The totals of the process, the exits by reason too."""
    totals = {key: value for key, value in stepwell.stats().items() if isinstance(value, (int, float))}
    for record in stepwell._stepwell.records():
        for site in record["exits"]:
            key = f"exit: {site['reason']}"
            totals[key] = totals.get(key, 0) + site["count"]
        if record["interpreted_because"]:
            key = "left to the interpreter"
            totals[key] = totals.get(key, 0) + 1
    return totals
