"""The pages about the law say what the law files say."""

from __future__ import annotations

import doctest
import re
from dataclasses import fields
from pathlib import Path

import pytest

from racecall.desk.packaged import rulebook
from racecall.rules.description import markdown, recount_markdown
from racecall.rules.law import Advance, Confidence, Denominator, Rule, TieMethod

PAGES = Path(__file__).resolve().parents[2] / "docs" / "rules"
FAMILIES = [family.id for family in rulebook().families]


def page(name: str) -> str:
    return PAGES.joinpath(f"{name}.md").read_text(encoding="utf-8")


def test_every_rule_is_on_exactly_one_page_of_a_family(book):
    """A reader finds a rule in one place, its family's."""
    found = {rule.id: [name for name in FAMILIES if f"## `{rule.id}`\n" in page(name)] for rule in book}

    assert found == {rule.id: [rule.family] for rule in book}


def test_no_page_has_a_rule_that_does_not_exist(book):
    """A rule that was renamed takes its section along."""
    headings = {heading for name in FAMILIES for heading in re.findall(r"^## `(.+)`$", page(name), flags=re.MULTILINE)}

    assert headings == {rule.id for rule in book}


@pytest.mark.parametrize("rule", list(rulebook()), ids=lambda rule: rule.id)
def test_the_section_of_a_rule_says_what_the_law_file_says(rule: Rule):
    """Words, sources and doubts are those of the rule (`racecall.rules.description.markdown` writes the section)."""
    assert markdown(rule) in page(rule.family)


def test_every_recount_provision_is_on_its_page(book):
    """Those that are never computed too."""
    text = page("recounts")

    assert [recount.place for recount in book.recounts if recount_markdown(recount) not in text] == []


@pytest.mark.parametrize("word", [*Denominator, *TieMethod, *Confidence], ids=str)
def test_every_word_of_the_law_files_is_explained(word: str):
    """Denominators, ways to break a tie, degrees of confidence."""
    assert f"`{word}`" in page("index")


@pytest.mark.parametrize("key", [item.name for kind in (Rule, Advance) for item in fields(kind)])
def test_every_key_of_a_rule_is_explained(key: str):
    """Whoever writes a rule finds each key on one page."""
    assert f"`{key}`" in page("index")


def test_the_example_runs():
    """The numbers in the document are the program's."""
    result = doctest.testfile(str(PAGES / "index.md"), module_relative=False)

    assert (result.failed, result.attempted > 0) == (0, True)
