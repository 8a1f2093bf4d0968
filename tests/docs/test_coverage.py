"""The page of the record of coverage has every field of every kind, and invents none."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from commands import demo, racecall
from racecall.coverage.claims import Verdict
from racecall.coverage.files import CHOICES, required
from racecall.coverage.record import standing_rows
from racecall.coverage.references import REFERENCES
from racecall.coverage.rows import KINDS, Row
from racecall.desk.demo import NEVER, packaged_rows
from racecall.desk.packaged import demo_files
from racecall.desk.settings import parse_election

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, COMMAND, HAND = ((DOCS / name).read_text(encoding="utf-8") for name in ("coverage.md", "commands/coverage.md", "feeds/hand.md"))
COMMON = [field.name for field in fields(Row)]
ROW = re.compile(r"^\| (?P<bold>\*\*)?`(?P<name>\w+)`(?:\*\*)? \| (?P<takes>[^|]+) \| [^|]+ \|$", re.MULTILINE)


def names(page: str) -> list[str]:
    """Return the names in the first cells of a page's tables."""
    return [name for cell in re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)]


def section(kind: str) -> str:
    """Return what the page says of a kind."""
    return PAGE.partition(f"\n### {kind}\n")[2].partition("\n### ")[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_kind_is_on_the_page(kind):
    """In the order in which the value has them; those every row has stand once above."""
    assert [row["name"] for row in ROW.finditer(section(kind))] == [one.name for one in fields(KINDS[kind]) if one.name not in COMMON]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_row_needs_is_in_bold(kind):
    """And nothing else is."""
    bold = {row["name"] for row in ROW.finditer(section(kind)) if row["bold"]}

    assert bold == set(required(kind)) - set(COMMON)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_field_refers_to_is_on_the_page(kind):
    """An id of what."""
    takes = {row["name"]: row["takes"] for row in ROW.finditer(section(kind))}
    named = {name.partition(".")[2]: kinds for name, kinds in REFERENCES.items() if name.partition(".")[0] == kind}

    assert [name for name, kinds in named.items() if not all(one in takes[name] for one in kinds)] == []


def test_words_that_a_field_is_limited_to_are_on_the_page():
    """Stances, measures, votes, verdicts."""
    said = {name: section(name.partition(".")[0]) for name in CHOICES if name not in {"review.verdict", "completeness.of"}}

    assert [name for name, text in said.items() if not all(f"`{word}`" in text for word in CHOICES[name] if word)] == []
    assert [verdict for verdict in Verdict if f"`{verdict}`" not in PAGE] == []


def test_the_page_counts_the_packaged_rows():
    """Those that stand at the end."""
    rows = standing_rows(packaged_rows("ca34-2017", parse_election(demo_files()[0].decode()).zone), NEVER)

    assert f"carries {len(rows):,} rows" in PAGE


@pytest.mark.parametrize("command", ["list", "list person", "list report", "show person/ahn"])
def test_every_name_of_the_json_is_explained(command: str):
    """Fields of rows on this page, the others on the page of the command; a report has the fields of a hand entry."""
    first, *rest = command.split()
    written = {name for value in racecall("coverage", first, demo(), *rest, "--json").lines for name in value}
    explained = {row["name"] for row in ROW.finditer(PAGE)} | {*names(COMMAND), *names(HAND)}

    assert sorted(written - explained) == []
