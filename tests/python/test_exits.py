"""What the interpreter finds when compiled code leaves in the middle of a function: every local, the evaluation stack, and
that one object is one object wherever it is."""

import traceback

import stepwell


def exits(function):
    return sum(place["count"] for place in stepwell.stats(function)["exits"])


def both(make, *arguments):
    """The results of the interpreted and of the compiled function, which has to leave."""
    expected = make()(*arguments)
    function = stepwell.jit(make())
    result = function(*arguments)
    assert exits(function) == 1
    return expected, result


def test_a_value_in_two_places_is_one_object():
    def make():
        def function(a, b):
            x = a * 1000 + 1
            y = x
            return x, y, (x, a * b)

        return function

    expected, result = both(make, 2**40, 2**40)
    assert result == expected
    assert result[0] is result[1] is result[2][0]


def test_a_parameter_stays_the_object_that_was_passed():
    def make():
        def function(a, b):
            x = a
            a = b + 1
            return x, a, a * b

        return function

    argument = 123456
    expected, result = both(make, argument, 2**62)
    assert expected == result
    assert result[0] is argument


def test_all_kinds_of_locals_arrive():
    def make():
        def function(n, big):
            count = n + 1
            ratio = n / 4
            flag = n > 2
            point = complex(ratio, 1.5)
            constant = 1000003
            half = 0.5
            if n > 100:
                unbound = n
            for i in range(n):
                inner = i * 2
                for j in range(i, 10, 3):
                    product = big * (j - 1) if i == n - 1 else j
            try:
                return locals() | {"unbound": unbound}
            except UnboundLocalError as error:
                return locals() | {"error": str(error)}

        return function

    expected, result = both(make, 5, 2**63 - 1)
    error = expected.pop("error"), result.pop("error")
    assert error[0] == error[1]
    assert {name: (type(value), value) for name, value in expected.items()} == {
        name: (type(value), value) for name, value in result.items()
    }


def test_a_function_of_many_locals_leaves_anywhere():
    lines = ["def many(x, y):"]
    lines += [f"    v{index} = x + {index}" for index in range(60)]
    lines += [f"    v{index} = v{index} * y" for index in range(60)]
    lines += ["    return " + ", ".join(f"v{index}" for index in range(60))]
    scope = {}
    exec("\n".join(lines), scope)
    many = scope["many"]
    compiled = stepwell.jit(many)
    # 60 + 59 * 2**57 is beyond 64 bits from the place on where x + index times y is.
    for x, y in [(1, 2), (2**63 - 30, 1), (5, 2**58), (2**62, 2**62), (1, 2**57 + 2**56)]:
        expected = tuple((x + index) * y for index in range(60))
        assert compiled(x, y) == expected
    assert len(stepwell.stats(compiled)["exits"]) >= 3


def test_an_exit_in_a_loop_keeps_its_iterator():
    def make():
        def function(values):
            total = 1
            for i in range(0, 150, 3):
                total = total * 3 + i
                if total > 10:
                    total = total + 1
            return total, i, len(values)

        return function

    values = [1]
    function = stepwell.jit(make())
    assert function(values) == make()(values)
    assert exits(function) == 1


def test_memory_that_runs_out_at_an_exit_is_an_error_in_the_function():
    """The interpreter would have had the objects already: the error is raised where the exit is."""
    import _testcapi

    def function(a, b):
        x = a * 1000
        y = a * 1001
        try:
            product = a * b
        except MemoryError as error:
            return error
        return x, y, product

    compiled = stepwell.jit(function)
    assert compiled(7, 3) == (7000, 7007, 21)
    _testcapi.set_nomemory(0, 1)
    try:
        error = compiled(2**40, 2**40)
    finally:
        _testcapi.remove_mem_hooks()
    assert isinstance(error, MemoryError)
    [entry] = traceback.extract_tb(error.__traceback__)
    assert (entry.name, entry.line) == ("function", "product = a * b")


def test_memory_that_runs_out_for_the_stack_leaves_the_function():
    import _testcapi

    def function(a, b):
        return (a * 1001, a * b)

    compiled = stepwell.jit(function)
    assert compiled(7, 3) == (7007, 21)
    large, caught = 2**40, None
    _testcapi.set_nomemory(0, 1)
    try:
        compiled(large, large)
    except MemoryError as error:
        caught = error
    finally:
        _testcapi.remove_mem_hooks()
    assert traceback.extract_tb(caught.__traceback__)[-1].name == "function"
    assert compiled(large, large) == (2**40 * 1001, 2**80)
