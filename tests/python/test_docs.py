"""The sessions on the pages about modes and arrays are what the interpreter prints."""

import doctest
from pathlib import Path

import pytest
import stepwell

PAGES = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("page", ["modes.md"])
def test_sessions(page):
    text = (PAGES / page).read_text().replace("\n```\n", "\n\n")
    examples = doctest.DocTestParser().get_doctest(text, {"stepwell": stepwell}, page, page, 0)
    report = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples, out=report.append)
    assert len(examples.examples) > 20 and not report, "".join(report)


def test_every_mode_has_its_section():
    """The page has the modes that there are, in their order."""
    with pytest.raises(ValueError, match="the modes are") as caught:
        stepwell.jit(mode="none of them")
    modes = str(caught.value).split("the modes are ")[1].split(", ")
    sections = [line[3:] for line in (PAGES / "modes.md").read_text().splitlines() if line.startswith("## ")]
    assert sections == modes and len(modes) == 14


def test_every_mode_takes_the_same_way():
    def same(x):
        return x

    with pytest.raises(ValueError) as caught:
        stepwell.jit(mode="none of them")
    ways = set()
    for mode in str(caught.value).split("the modes are ")[1].split(", "):
        function = stepwell.jit(same, mode=mode)
        ways.add(tuple(step.name for step in stepwell.passes(function)))
    assert len(ways) == 1


def test_the_types_of_signatures():
    """A signature of the type that the page gives for a mode is that mode."""
    rows = [line.split("|") for line in (PAGES / "modes.md").read_text().splitlines() if line.startswith("| [`")]
    codes = {row[1].split("`")[1]: row[2].strip(" `") for row in rows}
    for mode, code in codes.items():
        if code:
            assert f"mode='{mode}'" in repr(stepwell.jit(signature=f"({code})"))
    assert len(codes) == 14 and sum(map(bool, codes.values())) == 12
