"""Strings: characters of ASCII and appending have short ways of their own."""

import subprocess
import sys
import types

import pytest
import stepwell

TEXTS = [*map(chr, range(0x250)), "", "ab", "A1", "日", "a日", "\ud800", "\U0001f600"]


class Text(str):
    """A string of another type, with a method of its own."""

    __slots__ = ()

    def isalpha(self):
        return "mine"


def questions(s):
    asked = s.isalpha(), s.isdigit(), s.isdecimal(), s.isnumeric(), s.isalnum(), s.isspace(), s.isupper(), s.islower()
    return asked, s.lower(), s.upper()


def both(function):
    """The function interpreted and compiled."""
    plain = types.FunctionType(function.__code__.replace(), function.__globals__)
    return plain, stepwell.jit(function)


def test_methods_of_characters():
    plain, compiled = both(questions)
    for text in [*TEXTS, Text("a"), Text("7")]:
        assert repr(compiled(text)) == repr(plain(text)), repr(text)
    assert compiled("a")[1] is not compiled("a")[1]
    with pytest.raises(TypeError, match=r"isalpha\(\) takes no arguments"):
        stepwell.jit(lambda s: s.isalpha(1))("a")


def test_loops_over_strings():
    def loop(text):
        seen = []
        for character in text:
            seen.append(character)
            if character == "!":
                break
        return seen

    plain, compiled = both(loop)
    for text in [*TEXTS, "abc", "a!b", "é!a", "a日!b", Text("abc")]:
        assert compiled(text) == plain(text)
    iterator = iter("abcd")
    assert compiled(iterator) == ["a", "b", "c", "d"]
    assert compiled(iterator) == []
    assert next(iterator, None) is None


def append(first, pieces):
    text = first
    kept = []
    for piece in pieces:
        before = text
        text += piece
        kept.append((before, len(text), hash(text), text))
        del before
        text = text + piece
        text += "."
    return text, kept, sys.getsizeof(text)


@pytest.mark.parametrize("first", ["", "x", "é", "日", "a" * 470, "ab" * 300, Text("ab")])
def test_appending_changes_no_string_that_somebody_has(first):
    plain, compiled = both(append)
    for pieces in (["a"] * 40, ["", "b", "cd" * 8], ["é", "a", "日", "b"], [Text("q"), "r"] * 9, ["z" * 600, "y"]):
        assert compiled(first, pieces) == plain(first, pieces)


def test_a_string_of_a_local_alone_is_extended():
    def extend(count):
        text = "".join(["a", "b"])
        for i in range(count):
            text += "xyz"[i % 3]
        return text

    plain, compiled = both(extend)
    for count in (0, 1, 5, 12, 13, 14, 15, 100, 500, 700):
        text = compiled(count)
        assert text == plain(count)
        assert hash(text) == hash(plain(count))
        assert {plain(count): 1}[text] == 1
        assert text.encode() == plain(count).encode()


@pytest.mark.parametrize("allocator", ["debug", "malloc", "pymalloc_debug"])
def test_other_allocators_see_each_change_of_length(allocator):
    program = """
import stepwell, tracemalloc
@stepwell.jit
def extend(count):
    text = "".join(["a", "b"])
    for i in range(count):
        text += "x"
    return text
for count in range(200):
    assert extend(count) == "ab" + "x" * count
tracemalloc.start()
assert extend(300) == "ab" + "x" * 300
"""
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONMALLOC": allocator})
