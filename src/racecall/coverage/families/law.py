"""Laws and rates, and how a chamber and its members voted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.numbers import Unit
from racecall.coverage.parsing import C, Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.roster import Named
from racecall.coverage.rows import Policy, RollCall
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, from_row, judged, right

CHANGES = Pattern(r"increas|effect|rise|rising|go up|goes up|went up|climb|kick|begin|start|hike|jump", re.IGNORECASE)
BY = re.compile(r"\bby (?:an? )?(?:additional |extra |about |roughly )?$")
STEP = re.compile(r"hike|increase|\bmore (?:per|a|for each|at the)\b|\bextra\b|\badditional\b")
"""Words for the step from one rate to the next: before the figure, and about it."""


def policies(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "gas taxes will increase July 1", "38 cents per gallon": when a law takes effect, and at what rate."""
    for row in scene.race.coverage.of(Policy):
        names = (row.topic, *row.aliases, row.law)
        said_on = "cents" in parsed.text or BILL.search(parsed.text)
        goes_on = said_on and parsed.before is not None and _names(parsed.before, names)
        for item in parsed.items if _names(parsed, names) or goes_on else ():
            if row.effective and _is_of_change(parsed, item):
                yield _effective(parsed, item, scene, row)
            elif item.quantity and item.quantity.unit is Unit.CENTS:
                yield _rate(parsed, item, scene, row)


def _is_of_change(parsed: Parsed, item: Item) -> bool:
    """Whether a day, or a month beside the word, is when something changes: not when it was approved or signed."""
    before = parsed.before_of(item, 60)
    if item.when is None or VOTED_ON.search(before):
        return False
    return bool(CHANGES.search(before[-MONTH_NEAR:] if item.when.month_only else parsed.text)) and (
        item.when.explicit or item.when.month_only
    )


VOTED_ON = re.compile(r"\b(?:approv\w+|pass(?:ed|es)|cleared|voted|signed|adopted|enacted|debated)\b[^,;{]{0,40}$")
MONTH_NEAR = 34
"""So near before a month the word stands with which a rate changes [characters]."""


def _names(parsed: Parsed, names: tuple[str, ...]) -> bool:
    """Whether a law, a bill or what people call it stands in a sentence, one or many."""
    pattern = _pattern(names)
    return bool(pattern and pattern.search(parsed.text))


@lru_cache(maxsize=256)
def _pattern(names: tuple[str, ...]) -> Pattern | None:
    longest_first = sorted((name for name in names if name), key=len, reverse=True)
    words = "|".join(re.escape(name).replace(r"\ ", r"[ -]?") + ("" if name.endswith("s") else "(?:es|s)?") for name in longest_first)
    return Pattern(rf"\b(?:{words})\b", re.IGNORECASE) if words else None


def _effective(parsed: Parsed, item: Item, scene: Scene, row: Policy) -> CheckedClaim:
    assert item.when is not None
    assert row.effective is not None
    claim = claim_at(parsed, "policy", item.start, item.end, topic=row.topic, day=item.when.day.isoformat())
    rates = f", {row.before:g} to {row.after:g} {row.unit}" if row.before and row.after else ""
    words = f"{row.law}: {row.topic} changes on {row.effective:%-d %B %Y}{rates}"
    same = item.when.first.date() <= row.effective <= item.when.last.date()
    reason = f"{words}." if same else f"{words}. {row.note}".strip()
    return judged(
        scene, claim, right(same), reason, [from_row(row, "effective", row.effective.isoformat(), words)], f"{row.effective:%B %-d}"
    )


def _rate(parsed: Parsed, item: Item, scene: Scene, row: Policy) -> CheckedClaim:
    """A rate is the one before ("from …"), the one after ("to …"), the step ("by …"), or one of several that make up a price."""
    quantity = item.figure
    claim = claim_at(parsed, "policy", item.start, item.end, topic=row.topic, value=quantity.value)
    if row.before is None or row.after is None:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"No rate of {row.law} is recorded.")
    step = round(row.after - row.before, 4)
    words = f"{row.law}: {row.before:g} to {row.after:g} {row.unit}"
    side = re.search(r"\b(from|to) $", parsed.before_of(item))
    by = BY.search(parsed.before_of(item)) or STEP.search(parsed.before_of(item)[-25:] + parsed.after_of(item)[:25])
    meant = {"from": (row.before,), "to": (row.after,)}[side[1]] if side else (step,) if by else (row.before, row.after, step)
    fits = any(quantity.fits(value) for value in meant)
    which = "" if fits or side or by else f"Which tax? Several rates make up the price, and none recorded is {quantity.value:g}. "
    verdict = Verdict.CANNOT_CHECK if which else right(fits)
    fix = f"{meant[0]:g} cents" if verdict is Verdict.CONTRADICTED else ""
    return judged(scene, claim, verdict, f"{which}{words}.", [from_row(row, "rate", row.after, words)], fix)


VOTED = Pattern(
    rf"(?P<who>{C})[^.;]{{0,25}}?\bvot(?:ed|es|ing) (?P<how>for|against|yes on|no on|in favou?r of|to (?:pass|approve|raise|reject))|"
    rf"(?P<who2>{C}) (?:had )?voted (?P<how2>for|against)"
)
AYES = Pattern(
    r"(\{Q\d+\}) (?:ayes|aye votes|yes votes)|(?:[Ww]ith|by|(?:got|received|won|drew)) (\{Q\d+\})(?: votes)?(?=[,.;]|$| in\b| on\b)|"
    r"(\{Q\d+\}) (?:members|lawmakers|Assembly members) (?:voted|backed|in favou?r)|(\{Q\d+\})-\{Q|(\{Q\d+\}) to \{Q"
)
HELD = Pattern(r"\b(?:passed|cleared|approved|approved by|vote)\b[^.;]{0,60}?(\{D\d+\})")


BILL = re.compile(
    r"\b(?:[Tt]he (?:bill|measure|legislation|hike|increase)|"
    r"[Ii]t (?:passed|cleared|was approved|got|received|won|needed|kicks in|takes effect|goes up|begins|starts|rises))\b"
)
"""A law that the sentence before names."""


def roll_calls(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "the tax that Gomez voted for", "passed with 54 votes", "approved on April 6"."""
    about = (parsed, *_before(parsed)) if BILL.search(parsed.text) else (parsed,)
    every = scene.race.coverage.of(RollCall)
    laws = scene.race.coverage.of(Policy)
    called = {row.id: tuple(name for law in laws if law.law == row.bill for name in law.aliases) for row in every}
    rows = [row for row in every if any(_names(one, (row.bill, *row.aliases, *called[row.id])) for one in about)]
    if not rows:
        return
    total = next((row for row in rows if row.ayes is not None), None)
    told = (parsed.item(next(mark for mark in found.groups() if mark)) for found in AYES.finditer(parsed.skeleton))
    ayes = next((item for item in told if item.figure.unit in {Unit.NUMBER, Unit.VOTES}), None)
    if total and ayes:
        yield _ayes(parsed, scene, total, ayes)
    if held := HELD.search(parsed.skeleton):
        yield _held_on(parsed, scene, rows[0], parsed.item(held[1]))
    if voted := VOTED.search(parsed.skeleton):
        yield _voted(parsed, scene, rows, voted)


def _before(parsed: Parsed) -> Iterator[Parsed]:
    """The sentences before, as far back as "the bill" may mean what they name."""
    one = parsed.before
    for _ in range(FEW):
        if one:
            yield one
            one = one.before


FEW = 3


def _voted(parsed: Parsed, scene: Scene, rows: Sequence[RollCall], voted: re.Match[str]) -> CheckedClaim:
    """How a member voted: as the row of that member has it, which may not be known."""
    who = parsed.item(voted["who"] or voted["who2"])
    claim = claim_at(parsed, "roll_call", *parsed.span(*voted.span()), option=",".join(who.options), bill=rows[0].bill)
    row = next((row for row in rows if _is_of(row, who.who)), None)
    if row is None:
        words = f"{rows[0].bill}, {rows[0].held_on:%-d %B %Y}: {rows[0].ayes or '?'} ayes; how this member voted is not recorded"
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"{words}.", [from_row(rows[0], "ayes", rows[0].ayes, words)])
    wanted = "no" if (voted["how"] or voted["how2"]).startswith(("against", "no on", "to reject")) else "aye"
    words = f"{row.bill}, {row.held_on:%-d %B %Y}: {who.who[0].name} {row.vote or 'not known'}"
    verdict = right(row.vote == wanted) if row.vote else Verdict.CANNOT_CHECK
    return judged(scene, claim, verdict, f"{words}.", [from_row(row, "vote", row.vote, words)])


def _is_of(row: RollCall, who: Sequence[Named]) -> bool:
    return bool(row.person) and any(row.person in {named.person, named.id} for named in who)


def _ayes(parsed: Parsed, scene: Scene, row: RollCall, item: Item) -> CheckedClaim:
    claim = claim_at(parsed, "roll_call", item.start, item.end, bill=row.bill, value=item.figure.value)
    words = f"{row.bill}, {row.held_on:%-d %B %Y}: {row.ayes} ayes"
    return judged(scene, claim, right(item.figure.fits(row.ayes or 0)), f"{words}.", [from_row(row, "ayes", row.ayes, words)])


def _held_on(parsed: Parsed, scene: Scene, row: RollCall, item: Item) -> CheckedClaim:
    claim = claim_at(parsed, "roll_call", item.start, item.end, bill=row.bill)
    words = f"{row.bill}: vote of {row.held_on:%-d %B %Y}"
    same = item.when is not None and item.when.day == row.held_on
    return judged(scene, claim, right(same), f"{words}.", [from_row(row, "held_on", row.held_on.isoformat(), words)])
