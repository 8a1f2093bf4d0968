"""The pictures of docs/methods show what the figures beside them say, and the figures are those of the back-test."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "_static" / "methods"
NAMES = ("risk-and-speed", "chances", "late-shifts", "coverage", "states")


@pytest.fixture(scope="module")
def drawing():
    """The script that draws, loaded from the documents."""
    sys.path.insert(0, str(DOCS))
    try:
        spec = importlib.util.spec_from_file_location("method_pictures", DOCS / "method_pictures.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(DOCS))
    return module


@pytest.fixture(scope="module")
def figures():
    return json.loads((PICTURES / "figures.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_same_figures_give_the_same_bytes(drawing, figures, name):
    """A picture that does not follow from figures.json was changed by hand, or not drawn again."""
    assert drawing.PICTURES[name](figures) == (PICTURES / f"{name}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_on_a_page_of_the_methods(name):
    """A picture that nobody sees is not kept."""
    pages = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "methods").glob("*.md"))

    assert f"_static/methods/{name}.svg" in pages


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_told_in_words(name):
    """A reader who does not see the picture hears its figures."""
    text = (PICTURES / f"{name}.svg").read_text(encoding="utf-8")

    assert 'aria-labelledby="t d"' in text
    assert len(text.split('<desc id="d">')[1].split("</desc>")[0]) > 100


def test_the_tables_say_what_the_figures_say(drawing, figures):
    """A figure on the page was not typed by hand."""
    assert drawing.PAGE.read_text(encoding="utf-8").endswith(drawing.tables(figures))


@pytest.mark.slow
@pytest.mark.shared
def test_the_figures_are_those_of_the_back_test(drawing, figures, shared):
    """What is drawn is what `racecall backtest` finds today."""
    assert drawing.measured([shared / "archive"]) == figures
