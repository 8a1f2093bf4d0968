"""Pages of one contest, made of plain counts, and their sections read as a reader's browser reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import lxml.html

from builders import NIGHT, contest, election, hours, recorded, records, statement
from racecall.calls.judge import judge_contest
from racecall.calls.view import ContestView, View
from racecall.desk import packaged
from racecall.ledger.records import Records
from racecall.model.contest import Contest
from racecall.model.release import ResultsStatus
from racecall.model.settings import Settings
from racecall.publish.languages.words import Words
from racecall.publish.site.gather import contest_pages
from racecall.publish.site.page import ContestPage, UnitCount
from racecall.publish.site.render import Renderer

T = Words("en")
CA34 = {"gomez": 8156, "ahn": 5504, "cabildo": 2778, "hernandez": 1525}
CA34_CERTIFIED = {"gomez": 10728, "ahn": 9415, "cabildo": 4259, "hernandez": 2358}
"""Four of the 24 candidates of 4 April 2017, on the night and certified."""


def make_page(
    *counts: Mapping[str, int],
    names: Sequence[str] = ("Gomez", "Ahn", "Cabildo", "Hernandez"),
    out: int | None = None,
    certified: bool = False,
    of: Contest | None = None,
    known: Records | None = None,
    **values: Any,
) -> ContestPage:
    """Return the page of a contest with these counts, an hour apart.

    Args:
        counts: Votes by option id, oldest first.
        names: Who stands.
        out: Ballots that the office says are left after the last count; None if it says nothing.
        certified: Whether the last count is.
        of: The contest, where names are not enough.
        known: What was recorded, where counts are not enough.
    """
    chosen = of or contest(*names, rule=values.pop("rule", "us-ca-special-primary"))
    last = len(counts)
    made = [
        recorded(
            votes,
            at=hours(number - 1),
            seq=number,
            status=ResultsStatus.CERTIFIED if certified and number == last else ResultsStatus.UNOFFICIAL_PARTIAL,
        )
        for number, votes in enumerate(counts, 1)
    ]
    said = [statement(out, at=hours(last))] if out is not None else []
    known = known or records(*made, statements=said)
    return _page(chosen, known, **values)


def _page(chosen: Contest, known: Records, **values: Any) -> ContestPage:
    moments = sorted({NIGHT, *(one.at for one in known.releases), *(at for at, _ in known.statements)})
    looks = [View(election=election(chosen), as_of=at, head="0" * 64, contests=(_judged(chosen, known, at),)) for at in moments]
    (page,) = contest_pages(looks, known)
    return replace(page, **values)


def _judged(chosen: Contest, known: Records, at: Any) -> ContestView:
    so_far = replace(
        known,
        releases=tuple(one for one in known.releases if one.at <= at),
        statements=tuple(one for one in known.statements if one[0] <= at),
    )
    rule = packaged.rulebook().rule(chosen.rule)
    return judge_contest(chosen, election(chosen), rule, so_far, as_of=at, settings=Settings())


def projected(page: ContestPage, ranges: Mapping[str, tuple[float, float, float, float]], look: int = -1) -> ContestPage:
    """Return the page with ranges of final shares (low, inner low, inner high, high) at one of its looks."""
    looks = list(page.looks)
    options = tuple(
        replace(line, share_low=one[0], share_inner=(one[1], one[2]), share_high=one[3]) if (one := ranges.get(line.option.id)) else line
        for line in looks[look].options
    )
    looks[look] = replace(looks[look], options=options)
    return replace(page, looks=tuple(looks), view=looks[-1])


def units(**votes: Mapping[str, int]) -> tuple[UnitCount, ...]:
    """Units by id."""
    return tuple(UnitCount(id=unit, name=unit, votes=own) for unit, own in votes.items())


@cache
def renderer() -> Renderer:
    """The renderer, in English and one other language."""
    return Renderer(packaged.site_assets(), ("en",))


def section(page: ContestPage, name: str) -> Any:
    """A section as a tree; None where it leaves no trace."""
    html = renderer().parts(page, "en", base="../../")[name]
    return lxml.html.fragment_fromstring(html) if html else None


def said(page: ContestPage, name: str) -> str:
    """The words of a section, without those of its charts; "" where there is none."""
    tree = section(page, name)
    if tree is None:
        return ""
    for chart in tree.xpath("//svg"):
        chart.drop_tree()
    return " ".join(tree.text_content().split())


def rows(tree: Any, caption: str) -> list[list[str]]:
    """The body of the table whose caption begins so, row by row."""
    (table,) = [one for one in tree.xpath("//table") if one.findtext("caption").startswith(caption)]
    return [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath(".//tbody/tr")]
