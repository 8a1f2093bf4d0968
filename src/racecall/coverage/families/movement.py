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
from racecall.coverage.settle import claim_at, judged, right

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


GROUND = Pattern(r"\b(?:(?P<more>gained|gains|gaining|made up|picked up)|(?P<less>lost|loses|losing|gave up)) (?:some |more )?ground\b")
MORE_OF = Pattern(
    rf"\b(?:picked up|won|took|got|drew|received) more (?:of the )?"
    rf"(?:late|latest|last|remaining)[- ](?:\w+ )?(?:ballots|votes) than (?P<than>{C})"
)
HALVED = Pattern(
    rf"\b{LEAD}\b[^.;{{}}]{{0,30}}?\b(?:(?:cut|slashed|reduced|trimmed|shr[au]nk|fell|narrowed) (?:in (?P<in>half)|"
    rf"by (?P<how>more than |nearly |almost |about )?"
    rf"(?:half|\{{Q\d+\}})(?!\w))|halved\b)|\bhalv(?:ed|ing) (?:the|his|her|{C}'s|{C}) (?:\w+ )?{LEAD}\b|"
    rf"\bcut (?:the|his|her|{C}'s|{C}) (?:\w+ )?{LEAD} (?:in half|by (?:more than |nearly |about )?half)\b"
)
HALF_LOW, HALF_HIGH = 0.4, 0.7
"""Parts of a lead that are gone when it is said to be cut in half, or by more than half. *Our choice.*"""


def movements(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "widened his lead", "the gap narrowed", "Ahn's share rose"."""
    for found in MARGIN.finditer(parsed.skeleton):
        grew = bool(found["more"] or found["more2"])
        yield _moved(parsed, found.span(), scene, in_group("top", scene), grew=grew)
    for found in SHARE.finditer(parsed.skeleton):
        options = clause_subject(parsed, found.start(), scene).options
        if len(options) == 1:
            yield _moved(parsed, found.span(), scene, options, grew=bool(found["more"]))
    for found in GROUND.finditer(parsed.skeleton):
        options = clause_subject(parsed, found.start(), scene).options
        if len(options) == 1 and not scene.race.campaigning:
            yield _moved(parsed, found.span(), scene, options, grew=bool(found["more"]))
    for found in MORE_OF.finditer(parsed.skeleton):
        one, two = clause_subject(parsed, found.start(), scene).options, parsed.item(found["than"]).options
        if len(one) == len(two) == 1:
            yield _got_more(parsed, found, scene, one[0], two[0])
    for found in HALVED.finditer(parsed.skeleton):
        yield _halved(parsed, found, scene)


def _got_more(parsed: Parsed, found: re.Match[str], scene: Scene, one: str, two: str) -> CheckedClaim:
    """Hold who gained more since the first release against the newest count."""
    claim = claim_at(parsed, "change", *parsed.span(*found.span()), options=[one, two])
    told = [held for held in scene.race.counts[scene.contest.id] if one in held.votes and two in held.votes]
    if len(told) <= 1 or scene.foreign:
        return judged(scene, claim, Verdict.CANNOT_CHECK, "No two counts are held to tell this from.")
    before, last = next((held for held in reversed(told[:-1]) if not held.printed), told[0]), told[-1]
    gains = [last.votes[option] - before.votes[option] for option in (one, two)]
    words = f"{scene.name(one)} {gains[0]:+,}, {scene.name(two)} {gains[1]:+,}"
    return judged(
        scene, claim, right(gains[0] > gains[1]), f"{words} ({before.words}; {last.words}).", [last.trace("votes", gains[0], words)]
    )


def _halved(parsed: Parsed, found: re.Match[str], scene: Scene) -> CheckedClaim:
    """Hold a lead that was cut in half against the releases before."""
    claim = claim_at(parsed, "change", *parsed.span(*found.span()))
    two = in_group("top", scene)
    told = [(held, gap) for held in scene.race.counts[scene.contest.id] if (gap := _gap(held, two)) is not None]
    if len(told) <= 1 or scene.foreign:
        return judged(scene, claim, Verdict.CANNOT_CHECK, "No two counts are held to tell this from.")
    last, now = told[-1]
    gone = [(1 - now / gap, held, gap) for held, gap in told[:-1] if gap]
    part, held, gap = next((one for one in reversed(gone) if HALF_LOW <= one[0] <= HALF_HIGH), gone[-1])
    words = f"{gap:,.0f} votes, {held.words}; {now:,.0f} votes, {last.words}"
    verdict = Verdict.CONFIRMED if HALF_LOW <= part <= HALF_HIGH else Verdict.CANNOT_CHECK
    return judged(scene, claim, verdict, f"{words}.", [last.trace("margin", round(part, 3), words)])


def _moved(parsed: Parsed, span: tuple[int, int], scene: Scene, options: tuple[str, ...], *, grew: bool) -> CheckedClaim:
    """Hold a direction against the newest count and the releases before it: wrong only where it went the other way throughout."""
    claim = claim_at(parsed, "change", *parsed.span(*span), options=list(options), grew=grew)
    told = [held for held in scene.race.counts[scene.contest.id] if _size(held, options) is not None]
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
