"""Which way the count went, told without a figure: a lead that widened, a share that fell, somebody who passed somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.subjects import clause_subject, in_group
from racecall.coverage.parsing import C, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged

MORE = (
    r"wid(?:ened|ens|ening)|gr(?:ew|own|ows|owing)|expand\w+|padd(?:ed|ing)|extend\w+|stretch\w+|increas\w+|add(?:ed|ing) to|"
    r"built on|swell\w*"
)
LESS = (
    r"narrow\w+|shr[aiu]nk\w*|cut(?:ting)?(?: into)?|trimm?\w+|clos(?:ed|es|ing)|shav\w+|erod\w+|chipp\w+ away at|whittl\w+(?: down)?|"
    r"eat\w* into|ate into|halv\w+|tighten\w+"
)
LEAD = r"(?:lead|margin|gap|advantage|edge|cushion|deficit)"
MARGIN = Pattern(
    rf"\b(?:(?P<more>{MORE})|(?P<less>{LESS})) (?:(?:his|her|the|that|their|a|{C}(?:'s)?) )(?:[\w-]+ )?{LEAD}\b|"
    rf"\b{LEAD}(?: \w+ \w+ \w+)? (?:has |had )?(?:since )?(?:(?P<more2>{MORE})|(?P<less2>{LESS}))\b(?! (?:to|from|by) )",
    re.IGNORECASE,
)
UP = r"rose|rises|grew|grows|climb(?:ed|s)|jump(?:ed|s)|increased|improved|ticked up|went up"
DOWN = r"fell|falls|slip(?:ped|s)|dropp?(?:ed|s)|declin(?:ed|es)|shrank|sank|dipp(?:ed|s)|went down|eroded"
SHARE = Pattern(
    rf"\b(?:share|percentage|portion|standing)(?: of the vote)? (?:has |had )?(?:(?P<more>{UP})|(?P<less>{DOWN}))\b(?! (?:to|from|by) )",
    re.IGNORECASE,
)


def movements(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "widened his lead", "the gap narrowed", "Ahn's share rose"."""
    for found in MARGIN.finditer(parsed.skeleton):
        grew = bool(found["more"] or found["more2"])
        yield _moved(parsed, found.span(), scene, in_group("top", scene), grew=grew)
    for found in SHARE.finditer(parsed.skeleton):
        options = clause_subject(parsed, found.start(), scene).options
        if len(options) == 1:
            yield _moved(parsed, found.span(), scene, options, grew=bool(found["more"]))


def _moved(parsed: Parsed, span: tuple[int, int], scene: Scene, options: tuple[str, ...], *, grew: bool) -> CheckedClaim:
    """Hold a direction against the newest count and the releases before it: wrong only where it went the other way throughout."""
    claim = claim_at(parsed, "change", *parsed.span(*span), options=list(options), grew=grew)
    told = [held for held in (*scene.earlier, *scene.counts) if _size(held, options) is not None]
    past = [held for place, held in enumerate(told[:-1]) if not held.printed or place == len(told) - 2]
    if not past or scene.foreign:
        return judged(scene, claim, Verdict.CANNOT_CHECK, "No two counts are held to tell this from.")
    last = told[-1]
    ways = {held.row: [_way(held, last, options, votes=votes) for votes in (False, True)] for held in past}
    right = next((held for held in reversed(past) if ways[held.row][0] == (1 if grew else -1)), None)
    mixed = any(1 in way and -1 in way for way in ways.values())
    held = right or past[-1]
    before, now = _size(held, options) or 0.0, _size(last, options) or 0.0
    words = f"{100 * before:.2f} points, {held.words}; {100 * now:.2f} points, {last.words}"
    verdict = Verdict.CANNOT_CHECK if mixed else Verdict.CONFIRMED if right else Verdict.CONTRADICTED
    traces = [held.trace("share", round(before, 4), words), last.trace("share", round(now, 4), words)]
    return judged(scene, claim, verdict, f"{words}.", traces)


def _way(before: Held, after: Held, options: tuple[str, ...], *, votes: bool) -> int:
    """1 where it grew, -1 where it shrank, 0 where it stayed or is not known; a margin can grow in votes and shrink in points."""
    sizes = [_gap(held, options) if votes else _size(held, options) for held in (before, after)]
    step = round((sizes[1] or 0) - (sizes[0] or 0), 5) if None not in sizes else 0
    return (step > 0) - (step < 0)


def _gap(held: Held, options: tuple[str, ...]) -> float | None:
    """How far the first of two is ahead in votes; nothing of one alone, whose votes only ever grow."""
    known = len(options) > 1 and all(option in held.votes for option in options)
    return abs(held.votes[options[0]] - held.votes[options[1]]) if known else None


def _size(held: Held, options: tuple[str, ...]) -> float | None:
    """The share of one, or how far the first of two is ahead in shares."""
    shares = [held.share(option) for option in options]
    if any(one is None for one in shares) or not shares:
        return None
    first, *rest = (one or 0.0 for one in shares)
    return abs(first - rest[0]) if rest else first
