"""What is already certain, and what would have to happen: no model, no probability, only what is left and who is ahead.

For a contest with k places, an option that holds one loses it only if k others end ahead of it. So the pair that matters for every holder
is itself and the best option outside: the (k+1)-th. The *required break* is the margin, in points of the ballots still out, by which that
rival would have to win them; beside it stands what the rival has done so far. Clinched and eliminated are reckoned with the most ballots
that could still come in (`Inventory.bound`), so they hold whatever those ballots say.

Source: margins and bounds are plain counting; the required break is `docs/methods/arithmetic.md`, eq. 1. CA-34, 5 April 2017: third
needed (5,504 - 2,778) / 13,400 = 20.3 points over second and had trailed by 2,726 / 28,985 = 9.4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from racecall.outstanding.inventory import Inventory


@dataclass(frozen=True, slots=True, kw_only=True)
class PairBreak:
    """What a rival would need to pass a holder.

    Args:
        holder: Option id that is ahead.
        rival: Option id that is behind.
        margin_votes: Holder minus rival [votes].
        observed_points: Rival minus holder so far, in points of all votes counted; negative while trailing.
        points_low, points, points_high: Break the rival needs with the high, likely and low figure for ballots still out [points of those
            ballots]; None if the figure is not known. Above 100 it cannot happen.
        cannot_happen: The rival cannot pass, whatever the ballots still out say; None if nothing bounds them.
    """

    holder: str
    rival: str
    margin_votes: int
    observed_points: float
    points_low: float | None
    points: float | None
    points_high: float | None
    cannot_happen: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutrightTest:
    """Whether somebody may still win outright, so that a later place would vanish.

    Args:
        option: The option that leads.
        fraction: The share that wins outright.
        share: What the option has of the votes counted (0 to 1).
        needed: What it would need of the likely ballots still out (0 to 1, above 1 impossible); None if they are not known.
        possible: Whether it could still happen to anyone; None if nothing bounds the ballots still out.
        assured: Whether it is certain for the leader.
    """

    option: str
    fraction: Fraction
    share: float
    needed: float | None
    possible: bool | None
    assured: bool


def ranked(votes: Mapping[str, int]) -> tuple[str, ...]:
    """Return option ids by votes, most first; equal votes stay in the order given, which is ballot order."""
    return tuple(sorted(votes, key=lambda option: -votes[option]))


def pair_break(holder: str, rival: str, votes: Mapping[str, int], total: int, inventory: Inventory) -> PairBreak:
    """Return what `rival` would need to pass `holder`.

    Args:
        holder: Option id that is ahead.
        rival: Option id that is behind.
        votes: Votes by option id [votes].
        total: All votes counted, options that cannot advance included [votes].
        inventory: What is still to be counted.
    """
    margin = votes[holder] - votes[rival]
    points = [_points(margin, ballots) for ballots in (inventory.high, inventory.likely, inventory.low)]
    return PairBreak(
        holder=holder,
        rival=rival,
        margin_votes=margin,
        observed_points=-100 * margin / total if total else 0.0,
        points_low=points[0],
        points=points[1],
        points_high=points[2],
        cannot_happen=None if inventory.bound is None else margin > inventory.bound,
    )


def _points(margin: int, ballots: int | None) -> float | None:
    """Margin in points of the ballots left; with none left, nothing can happen, and there is no figure."""
    return 100 * margin / ballots if ballots else None


def boundary_pairs(votes: Mapping[str, int], places: int, total: int, inventory: Inventory) -> tuple[PairBreak, ...]:
    """Return every pair across the cut: each of the first `places` options against each of the others, closest pairs first."""
    order = ranked(votes)
    pairs = (pair_break(holder, rival, votes, total, inventory) for holder in order[:places] for rival in order[places:])
    return tuple(sorted(pairs, key=lambda pair: pair.margin_votes))


def clinched(votes: Mapping[str, int], places: int, bound: int | None) -> frozenset[str]:
    """Return the options that finish in the first `places` whatever the ballots still out say.

    A rival that could draw level counts as one that could pass: a tie at the cut is for the law, not for us.
    """
    if bound is None:
        return frozenset()
    levels = sorted(votes.values(), reverse=True)
    return frozenset(option for option, own in votes.items() if _reachable(levels, own - bound) - 1 < places)


def eliminated(votes: Mapping[str, int], places: int, bound: int | None) -> frozenset[str]:
    """Return the options that cannot finish in the first `places`, nor tie for the last of them."""
    if bound is None:
        return frozenset()
    levels = sorted(votes.values(), reverse=True)
    return frozenset(option for option, own in votes.items() if _reachable(levels, own + bound + 1) >= places)


def _reachable(levels: Sequence[int], at_least: int) -> int:
    """How many options have at least this many votes."""
    return sum(level >= at_least for level in levels)


def outright(votes: Mapping[str, int], total: int, fraction: Fraction, inventory: Inventory, *, strict: bool = True) -> OutrightTest | None:
    """Return whether a share of all votes may still elect somebody outright; None if nobody has votes.

    Args:
        votes: Votes by option id [votes].
        total: All votes counted [votes].
        fraction: The share that wins.
        inventory: What is still to be counted.
        strict: Whether it must be exceeded.
    """
    if not total:
        return None
    leader = ranked(votes)[0]
    own, bound, likely = votes[leader], inventory.bound, inventory.likely
    return OutrightTest(
        option=leader,
        fraction=fraction,
        share=own / total,
        needed=float((fraction * (total + likely) - own) / likely) if likely else None,
        possible=None if bound is None else _wins(own + bound, fraction * (total + bound), strict=strict),
        assured=bound is not None and _wins(own, fraction * (total + bound), strict=strict),
    )


def _wins(votes: int, quota: Fraction, *, strict: bool) -> bool:
    return votes > quota if strict else votes >= quota
