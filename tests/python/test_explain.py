"""`stepwell.explain`: what each line became, checked against what the functions do when they run."""

import pytest
import stepwell


def evens(xs, n):
    out = []
    t = 0
    for i in range(n):
        t += i
        if i % 2 == 0:
            out.append(t)
    return out


def lines_of(function, **options):
    explanation = stepwell.explain(function, **options).as_dict()
    start = function.__code__.co_firstlineno
    return {line["line"] - start: line for line in explanation["lines"]}


def test_lines_are_native_or_object_with_the_types_of_their_locals():
    lines = lines_of(stepwell.jit(evens), args=[list, int])
    assert lines[3]["kind"] == "native"
    assert lines[3]["types"]["i"] == "i64"
    assert lines[4]["kind"] == "native"
    assert lines[4]["types"] == {"t": "i64"}
    assert lines[4]["guards"] == ["the result needs more than 64 bits"]
    assert lines[6]["kind"] == "object"
    assert lines[6]["objects"] == ["list_append"]
    assert lines[6]["source"].strip() == "out.append(t)"


def test_the_guards_are_the_reasons_of_the_exits_that_are_taken():
    @stepwell.jit
    def add(a, b):
        return a + b

    add(1, 2)
    add(2**62, 2**62)
    (exit_,) = stepwell.stats(add)["exits"]
    assert exit_["reason"] in lines_of(add)[2]["guards"]


def test_the_types_are_those_it_was_compiled_for_unless_given():
    @stepwell.jit
    def twice(x):
        return x + x

    assert twice("a") == "aa"
    assert lines_of(twice)[2]["kind"] == "object"
    assert twice(1.5) == 3.0
    assert lines_of(twice)[2]["kind"] == "native"
    assert lines_of(twice, args=[str])[2]["kind"] == "object"


def test_loops_come_with_what_the_vectoriser_says():
    lines = lines_of(stepwell.jit(evens), args=[list, int])
    assert lines[3]["vectorized"] is False
    assert any("call instruction cannot be vectorized" in remark for remark in lines[3]["remarks"])
    assert lines[4]["vectorized"] is None


def test_text_shows_source_kinds_and_notes():
    text = str(stepwell.explain(stepwell.jit(evens), args=[list, int]))
    title, *lines = text.splitlines()
    assert title == "evens, compiled for (object, int)"
    number = evens.__code__.co_firstlineno + 4
    added = lines.index(f"{number:>5}  native          t += i")
    assert lines[added + 1 : added + 3] == [
        "               | t: i64",
        "               | leaves if: the result needs more than 64 bits",
    ]


def test_generators_are_explained_as_well():
    def count(n):
        i = 0
        while i < n:
            yield i
            i += 1

    lines = lines_of(stepwell.jit(count))
    assert any(line["kind"] in ("native", "object", "mixed") for line in lines.values())


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="needs a Python function"):
        stepwell.explain(len)
