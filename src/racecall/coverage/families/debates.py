"""Debates: when, where, and whether the only one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.rows import Debate
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, from_row, judged, right

DEBATE = re.compile(
    r"\b(?:debate[ds]?|forum|sparred|squared off|clashed|faced off)\b(?<!shifted the debate)(?<!policy debate)(?<!national debate)",
    re.IGNORECASE,
)
VENUE = re.compile(
    r"\b(?:at|hosted (?:by|at)) ((?:[A-Z][\w.']+ ){1,3}(?:College|University|School|Hall|Center|Library|Church|Theater|Theatre|Club))"
)
MET_AT = re.compile(
    r"\b(?:debate[ds]?|forum|sparred|clashed|squared off|faced off)(?: (?!at\b)[\w']+){0,3}(?: at \d\S*(?: [ap]\.m\.?)?)? at "
    r"((?:(?!The\b)[A-Z][\w.']*(?: |(?=[,.;]|$))){1,5})"
)
"""Where a debate was, whatever the place is called."""
ONLY = re.compile(r"\b(?:first and only|only|sole) (?:\w+ )?(?:debate|forum)\b")
NEAR, SAME_SEASON = 90, 40
"""How far from the word a day may stand [characters], and how far from the day a wrong one may be [days]."""


def debates(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "sparred Thursday night at the first and only debate", "at Occidental College"."""
    rows = scene.race.coverage.of(Debate)
    found = DEBATE.search(parsed.skeleton)
    if not rows or not found:
        return
    for item in parsed.items:
        near = item.when and not item.when.month_only and abs(parsed.place(item)[0] - found.start()) < NEAR
        is_election = item.when and item.when.day in {scene.race.day_of(one) for one in scene.race.contests}
        if near and not is_election and not re.match(r"(?:'s)? (?:run-?off|election|primary)", parsed.after_of(item)):
            yield _day(parsed, item, scene, rows[-1])
    if rows[-1].venue and (venue := VENUE.search(parsed.text) or MET_AT.search(parsed.text)):
        yield _venue(parsed, venue, scene, rows[-1])
    if only := ONLY.search(parsed.text):
        yield _only(parsed, only, scene, [row for row in rows if row.contest == rows[-1].contest])


def _day(parsed: Parsed, item: Item, scene: Scene, row: Debate) -> CheckedClaim:
    assert item.when is not None
    day = row.at.astimezone(scene.race.zone).date()
    off = abs((item.when.day - day).days)
    claim = claim_at(parsed, "event", item.start, item.end, event="debate", day=item.when.day.isoformat())
    words = _words(row, scene)
    verdict = right(not off) if off < SAME_SEASON else Verdict.CANNOT_CHECK
    return judged(scene, claim, verdict, f"{words}.", [from_row(row, "at", day.isoformat(), words)])


def _venue(parsed: Parsed, venue: re.Match[str], scene: Scene, row: Debate) -> CheckedClaim:
    one, two = row.venue.lower(), venue[1].lower().strip(" .")
    words = _words(row, scene)
    claim = claim_at(parsed, "event", *venue.span(1), event="venue")
    return judged(scene, claim, right(one in two or two in one), f"{words}.", [from_row(row, "venue", row.venue, words)])


def _only(parsed: Parsed, only: re.Match[str], scene: Scene, rows: list[Debate]) -> CheckedClaim:
    """Whether it is the only one of its round, as far as is recorded."""
    claim = claim_at(parsed, "superlative", *only.span(), event="debate")
    words = f"{len(rows)} debate{'s' if len(rows) > 1 else ''} of this round recorded. {rows[-1].note}".strip()
    return judged(scene, claim, right(len(rows) == 1), words, [from_row(row, "at", row.at.isoformat(), _words(row, scene)) for row in rows])


def _words(row: Debate, scene: Scene) -> str:
    return f"{row.title}: {row.at.astimezone(scene.race.zone):%A, %-d %B %Y}{', ' + row.venue if row.venue else ''}"
