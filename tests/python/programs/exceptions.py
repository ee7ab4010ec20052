"""Exceptions: raised, caught, chained, and where they say they come from."""


class Custom(Exception):
    def __init__(self, *args, extra=None):
        super().__init__(*args)
        self.extra = extra


@jit
def raise_it(error):
    raise error


@jit
def raise_from(error, cause):
    raise error from cause


@jit
def reraise(f):
    try:
        return f()
    except ValueError:
        raise


@jit
def bare_raise():
    raise


@jit
def catch(f, kind):
    try:
        return f()
    except kind as error:
        return type(error).__name__, error.args


@jit
def catch_many(f):
    try:
        value = f()
    except (ValueError, TypeError) as error:
        return "first", error
    except KeyError:
        return "second"
    except Exception as error:
        return "third", str(error)
    else:
        return "else", value
    finally:
        print("finally")


@jit
def replace(f):
    try:
        f()
    except ValueError as error:
        raise KeyError("replaced") from error


@jit
def context(f):
    try:
        f()
    except ValueError:
        return 1 // 0


@jit
def finally_order(f):
    trail = []
    try:
        try:
            trail.append("body")
            f()
        finally:
            trail.append("inner")
    except Exception as error:
        trail.append(repr(error))
    finally:
        trail.append("outer")
    return trail


@jit
def return_from_finally(f):
    try:
        return f()
    finally:
        return "finally wins"


@jit
def return_through_finally(f):
    try:
        return f()
    finally:
        print("on the way")


@jit
def continue_in_try(items):
    good = []
    for item in items:
        try:
            value = 10 / item
        except ZeroDivisionError:
            continue
        except TypeError:
            break
        finally:
            good.append("*")
        good.append(value)
    return good


@jit
def name_is_gone(f):
    try:
        f()
    except ValueError as error:
        pass
    return error


@jit
def nested_handlers():
    try:
        try:
            raise ValueError("one")
        except ValueError:
            try:
                raise KeyError("two")
            except KeyError:
                pass
            raise
    except ValueError as error:
        return error.args, error.__context__


@jit
def append_then_raise(items, value):
    items.append(value)
    return items[0] // value


@jit
def retry(f, times):
    failures = 0
    while True:
        try:
            return f(failures)
        except ValueError:
            failures += 1
            if failures >= times:
                raise


@jit
def deep(n, f):
    if n == 0:
        return f()
    return deep(n - 1, f)


@jit
def count_failures(items):
    failed = 0
    total = 0.0
    for item in items:
        try:
            total += 1.0 / item
        except (ZeroDivisionError, TypeError):
            failed += 1
    return total, failed


@jit
def several_lines(x):
    y = x + 1
    z = (
        y *
        x.missing
    )
    return z


@jit
def groups(error):
    try:
        raise error
    except* ValueError as group:
        print("values", group.exceptions)
    except* TypeError as group:
        print("types", group.exceptions)


@jit
def not_an_exception_class(f):
    try:
        f()
    except 5:
        return "caught"


@jit
def add_note(f):
    try:
        f()
    except Exception as error:
        error.add_note("a note")
        raise


@jit
def delete_in_handler(f):
    try:
        f()
    except ValueError as error:
        del error
        return "deleted"


def fails_with(error):
    raise error


def value_error():
    raise ValueError("bad", 1)


def key_error():
    return {}["k"]


def zero():
    return 1 / 0


def fine():
    return "fine"


def sometimes(n):
    if n < 2:
        raise ValueError(n)
    return n


shared = [3]

CALLS = [
    "raise_it(ValueError(1, 2))",
    "raise_it(ValueError)",
    "raise_it(Custom('x', extra=1))",
    "raise_it(5)",
    "raise_it(None)",
    "raise_it(int)",
    "raise_it(KeyboardInterrupt())",
    "raise_from(ValueError(1), KeyError(2))",
    "raise_from(ValueError(1), None)",
    "raise_from(ValueError(1), 5)",
    "raise_from(ValueError, KeyError)",
    "reraise(value_error)",
    "reraise(key_error)",
    "reraise(fine)",
    "bare_raise()",
    "catch(value_error, ValueError)",
    "catch(value_error, KeyError)",
    "catch(value_error, (KeyError, ValueError))",
    "catch(value_error, Exception)",
    "catch(value_error, 5)",
    "catch(fine, 5)",
    "catch_many(value_error)",
    "catch_many(key_error)",
    "catch_many(zero)",
    "catch_many(fine)",
    "replace(value_error)",
    "replace(key_error)",
    "context(value_error)",
    "context(fine)",
    "finally_order(fine)",
    "finally_order(zero)",
    "return_from_finally(fine)",
    "return_from_finally(zero)",
    "return_through_finally(fine)",
    "return_through_finally(zero)",
    "continue_in_try([1, 0, 2, 0, 4])",
    "continue_in_try([1, 'a', 2])",
    "name_is_gone(value_error)",
    "name_is_gone(fine)",
    "nested_handlers()",
    "append_then_raise(shared, 0)",
    "shared",
    "append_then_raise([7], 2)",
    "append_then_raise([7], 'x')",
    "retry(sometimes, 5)",
    "retry(sometimes, 2)",
    "deep(20, zero)",
    "deep(3, fine)",
    "count_failures([1, 0, 2.0, 'a', 4])",
    "several_lines(3)",
    "several_lines('a')",
    "groups(ExceptionGroup('g', [ValueError(1), TypeError(2)]))",
    "groups(ExceptionGroup('g', [ValueError(1), KeyError(2)]))",
    "groups(ValueError(3))",
    "not_an_exception_class(zero)",
    "add_note(zero)",
    "delete_in_handler(value_error)",
]
