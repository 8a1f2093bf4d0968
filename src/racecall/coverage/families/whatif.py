"""What it would take: the share of the ballots still out that a candidate needs, worked out in the open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.families.figures import family_of
from racecall.coverage.families.subjects import clause_subject
from racecall.coverage.numbers import Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged
from racecall.model.counts import BallotKind

SEVERAL = 100
NEEDS = re.compile(r"\b(?:need\w*|must|require\w*|ha[sd] to|have to|would have to)\b", re.IGNORECASE)


def whatif(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "With 10,460 ballots left, margins of 70 percent would win": 6,653 behind, it takes 81.8% (docs/check.md)."""
    quantity = item.quantity
    held = scene.held
    if quantity is None or held is None:
        return
    claim = claim_at(parsed, "whatif", item.start, item.end, value=quantity.value)
    order = held.order()
    left, where = _left(parsed, scene)
    if left is None or len(order) < 2:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "Nobody is recorded as having said how many ballots are left.")
        return
    who = _who(parsed, item, scene, order)
    leader = next(one for one in order if one != who)
    lead = held.votes[leader] - held.votes[who]
    if quantity.unit is Unit.POINTS:
        yield _break(claim, quantity, scene, who=who, leader=_rival(order, who, scene), left=left, where=where)
        return
    if len(order) > 2 and re.search(r"\b(?:50|fifty) ?(?:percent|%)|majority|outright", parsed.text):
        yield _majority(claim, quantity, scene, who=order[0], left=left, where=where)
        return
    if len(order) > 2:
        words = (
            f"{scene.name(who)} is {lead:,} votes behind {scene.name(leader)} with {left:,} ballots left: it takes "
            f"{100 * lead / left:.1f} points more of them than the rival"
        )
        yield judged(
            scene, claim, Verdict.CANNOT_CHECK, f"{words}; with {len(order)} candidates a share alone does not settle it.", [where]
        )
        return
    needed = 100 * (lead + left) / (2 * left)
    got, other = _would_be(held.votes[who], quantity.value, left), _would_be(held.votes[leader], 100 - quantity.value, left)
    words = (
        f"{scene.name(who)} is {lead:,} behind with {left:,} ballots left, and needs ({lead:,} + {left:,}) / (2 × {left:,}) = "
        f"{needed:.1f}% of them; {quantity.value:g}% would make it {got:,} to {other:,}"
    )
    trace = held.trace(f"margin[{leader},{who}]", round(needed, 1), words, f"({lead} + {left}) / (2 * {left})")
    fits = quantity.low - 0.6 <= needed <= quantity.high + 0.6 if NEEDS.search(parsed.before_of(item)) else quantity.high >= needed
    suggestion = "" if fits else f"{needed:.1f}%"
    yield judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{words}.", [trace, where], suggestion)


def _rival(order: Sequence[str], who: str, scene: Scene) -> str:
    """The one to be overtaken: whoever holds the last place that goes on."""
    places = 2 if scene.contest.next_round else scene.contest.number_elected
    return order[places - 1] if order.index(who) >= places else order[0]


def _break(claim: Claim, quantity: Quantity, scene: Scene, *, who: str, leader: str, left: int, where: Trace) -> CheckedClaim:
    """By how many points the ballots left would have to be won: the lead over the ballots left."""
    held = scene.held
    assert held is not None
    lead = held.votes[leader] - held.votes[who]
    needed = 100 * lead / left
    words = (
        f"{scene.name(who)} is {lead:,} votes behind {scene.name(leader)} with {left:,} ballots left: {lead:,} / {left:,} = "
        f"{needed:.1f} points"
    )
    trace = held.trace(f"margin[{leader},{who}]", round(needed, 1), words, f"{lead} / {left}")
    fits = quantity.low - 0.6 <= needed <= quantity.high + 0.6
    verdict = Verdict.CONFIRMED if fits else Verdict.CONTRADICTED
    return judged(scene, claim, verdict, f"{words}.", [trace, where], "" if fits else f"{needed:.0f} points")


def _majority(claim: Claim, quantity: Quantity, scene: Scene, *, who: str, left: int, where: Trace) -> CheckedClaim:
    """What share of the ballots left would lift somebody over half."""
    held = scene.held
    assert held is not None
    total = held.total or 0
    needed = 100 * ((total + left) / 2 - held.votes[who]) / left
    words = (
        f"half of {total:,} + {left:,} is {(total + left) / 2:,.0f}; {scene.name(who)} has {held.votes[who]:,} "
        f"and would need {needed:.1f}% of what is left"
    )
    trace = held.trace(f"votes[{who}]", round(needed, 1), words)
    fits = quantity.low - 0.6 <= needed <= quantity.high + 0.6
    verdict = Verdict.CONFIRMED if fits else Verdict.CONTRADICTED
    return judged(scene, claim, verdict, f"{words}.", [trace, where], "" if fits else f"{needed:.0f}%")


def _would_be(votes: int, percent: float, left: int) -> int:
    return round(votes + percent / 100 * left)


def _who(parsed: Parsed, item: Item, scene: Scene, order: Sequence[str]) -> str:
    """Who would have to win them: whoever is named and behind, else the second."""
    start, _ = parsed.place(item)
    named = clause_subject(parsed, start, scene).options
    return next((option for option in named if option in order and option != order[0]), order[1])


def _left(parsed: Parsed, scene: Scene) -> tuple[int | None, Trace]:
    """How many ballots are left: as the sentence or the one before has it, else as was stated last."""
    for one in (parsed, parsed.before):
        for item in one.items if one else ():
            quantity: Quantity | None = item.quantity
            if one and quantity and quantity.value >= SEVERAL and family_of(one, item) == "outstanding":
                words = f"ballots left, as printed: {quantity.value:,.0f}"
                return round(quantity.value), Trace(table="story", row="", column="ballots", value=round(quantity.value), words=words)
    said = [
        one
        for _, one in scene.race.facts.records.statements
        if one.kind is BallotKind.OUTSTANDING and one.contest in {"", scene.contest.id}
    ]
    if not said:
        return None, Trace(table="statement", row="", column="ballots", value=None)
    last = max(said, key=lambda one: one.stated_at)
    return last.ballots, Trace(
        table="statement",
        row=last.stated_at.isoformat(),
        column="ballots",
        value=last.ballots,
        words=f"ballots out · {last.ballots:,} · {last.source}",
        at=last.stated_at,
    )
