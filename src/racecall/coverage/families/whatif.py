"""What it would take: the share of the ballots still out that a candidate needs, worked out in the open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.figures import family_of
from racecall.coverage.families.subjects import clause_subject
from racecall.coverage.numbers import Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged, right
from racecall.model.counts import BallotKind

SEVERAL = 100
NEEDS = re.compile(r"\b(?:need\w*|must|require\w*|ha[sd] to|have to|would have to)\b", re.IGNORECASE)


MAJORITY = re.compile(r"\b(?:50|fifty) ?(?:percent|%)|majority|outright")
NEAR = 0.6
"""A share that is needed, as it is printed, may be so far off [percentage points]."""


def whatif(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "with 10,460 ballots left, margins of 70 percent would win": 6,653 behind, it takes 81.8% (docs/check.md)."""
    if scene.held is None:
        return
    claim = claim_at(parsed, "whatif", item.start, item.end, value=item.figure.value)
    order = [option for option in scene.held.order() if option in scene.held.votes]
    left, where = _left(parsed, scene)
    if not left or len(order) < 2:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "Nobody is recorded as having said how many ballots are left.")
        return
    who = _who(parsed, item, scene, order)
    if who not in order:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, f"The {scene.held.words} does not give the votes of {scene.name(who)}.")
        return
    sums = Sums(scene=scene, held=scene.held, who=who, leader=next(one for one in order if one != who), left=left, where=where)
    if item.figure.unit is Unit.POINTS:
        yield _break(claim, item.figure, replace(sums, leader=_rival(order, who, scene)))
    elif len(order) == 2:
        yield _of_either(claim, item.figure, sums, needs=bool(NEEDS.search(parsed.before_of(item))))
    elif MAJORITY.search(parsed.text):
        yield _majority(claim, item.figure, replace(sums, who=order[0]))
    else:
        yield _unsettled(claim, sums, len(order))


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What a sum is worked out from.

    Args:
        scene: What the sentence is held against.
        held: The count.
        who, leader: Option ids of whoever would have to gain, and of whoever is ahead.
        left: Ballots still out [ballots].
        where: The row or the sentence that says so.
    """

    scene: Scene
    held: Held
    who: str
    leader: str
    left: int
    where: Trace

    @property
    def lead(self) -> int:
        """How far the leader is ahead [votes]."""
        return self.held.votes[self.leader] - self.held.votes[self.who]

    def told(self, claim: Claim, needed: float, words: str, formula: str, *, fits: bool, fix: str) -> CheckedClaim:
        """Return the verdict on a share or margin that is needed, with the sum."""
        trace = self.held.trace(f"needed[{self.who}]", round(needed, 1), words, formula)
        return judged(self.scene, claim, right(fits), f"{words}.", [trace, self.where], "" if fits else fix)


SHORT = re.compile(r"\b(?:[Ee]ven (?:if|with|winning|a|at)|would (?:still )?(?:leave|lose|fall|not|come up)|not (?:be )?enough|wouldn't)\b")
"""It is said that so many would not do."""


def _of_either(claim: Claim, quantity: Quantity, sums: Sums, *, needs: bool) -> CheckedClaim:
    """Half of what was stated last, else of what our own estimate has left: a story may rest on either."""
    stated = _share(claim, quantity, sums, needs=needs)
    left = sums.scene.view.inventory.likely
    if stated.verdict is Verdict.CONFIRMED or not needs or not left or sums.where.table != "statement":
        return stated
    where = Trace(table="estimate", row=sums.held.row, column="left", value=left, words=f"ballots out · {left:,} · estimated by racecall")
    estimated = _share(claim, quantity, replace(sums, left=left, where=where), needs=needs)
    return estimated if estimated.verdict is Verdict.CONFIRMED else stated


def _share(claim: Claim, quantity: Quantity, sums: Sums, *, needs: bool) -> CheckedClaim:
    """Between two: half of the ballots left, and half of the lead besides."""
    lead, left, name = sums.lead, sums.left, sums.scene.name(sums.who)
    needed = 100 * (lead + left) / (2 * left)
    got, other = (round(sums.held.votes[one] + part / 100 * left) for one, part in _parted(sums, quantity.value))
    words = (
        f"{name} is {lead:,} behind with {left:,} ballots left, and needs ({lead:,} + {left:,}) / (2 × {left:,}) = "
        f"{needed:.1f}% of them; {quantity.value:g}% would make it {got:,} to {other:,}"
    )
    short = bool(SHORT.search(claim.sentence.text))
    fits = quantity.low - NEAR <= needed <= quantity.high + NEAR if needs else (quantity.low < needed) if short else quantity.high >= needed
    return sums.told(claim, needed, words, f"({lead} + {left}) / (2 * {left})", fits=fits, fix=f"{needed:.1f}%")


def _parted(sums: Sums, percent: float) -> tuple[tuple[str, float], tuple[str, float]]:
    return (sums.who, percent), (sums.leader, 100 - percent)


def _unsettled(claim: Claim, sums: Sums, candidates: int) -> CheckedClaim:
    words = (
        f"{sums.scene.name(sums.who)} is {sums.lead:,} votes behind {sums.scene.name(sums.leader)} with {sums.left:,} ballots left: "
        f"it takes {100 * sums.lead / sums.left:.1f} points more of them than the rival; "
        f"with {candidates} candidates a share alone does not settle it"
    )
    return judged(sums.scene, claim, Verdict.CANNOT_CHECK, f"{words}.", [sums.where])


def _rival(order: Sequence[str], who: str, scene: Scene) -> str:
    """The one to be overtaken: whoever holds the last place that goes on."""
    places = 2 if scene.contest.next_round else scene.contest.number_elected
    return order[places - 1] if order.index(who) >= places else order[0]


def _break(claim: Claim, quantity: Quantity, sums: Sums) -> CheckedClaim:
    """By how many points the ballots left would have to be won: the lead over the ballots left."""
    needed = 100 * sums.lead / sums.left
    words = (
        f"{sums.scene.name(sums.who)} is {sums.lead:,} votes behind {sums.scene.name(sums.leader)} with {sums.left:,} ballots left: "
        f"{sums.lead:,} / {sums.left:,} = {needed:.1f} points"
    )
    fits = quantity.low - NEAR <= needed <= quantity.high + NEAR
    return sums.told(claim, needed, words, f"{sums.lead} / {sums.left}", fits=fits, fix=f"{needed:.0f} points")


def _majority(claim: Claim, quantity: Quantity, sums: Sums) -> CheckedClaim:
    """What share of the ballots left would lift somebody over half."""
    total, left, votes = sums.held.total or 0, sums.left, sums.held.votes[sums.who]
    half = (total + left) / 2
    needed = 100 * (half - votes) / left
    name = sums.scene.name(sums.who)
    words = f"half of {total:,} + {left:,} is {half:,.0f}; {name} has {votes:,} and would need {needed:.1f}% of what is left"
    fits = quantity.low - NEAR <= needed <= quantity.high + NEAR
    return sums.told(claim, needed, words, f"({half} - {votes}) / {left}", fits=fits, fix=f"{needed:.0f}%")


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
    newest = max(one.stated_at for one in said)
    made = [one for one in said if one.stated_at == newest]
    parts = [one for one in made if one.category != "total"] or made[-1:]
    ballots = sum(one.ballots for one in parts)
    return ballots, Trace(
        table="statement",
        row=newest.isoformat(),
        column="ballots",
        value=ballots,
        words=f"ballots out · {ballots:,} · {parts[-1].source}",
        at=newest,
    )
