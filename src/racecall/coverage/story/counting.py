"""The body of a results story: the standing, what is out, what comes next, and what the last count added."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from racecall.calls.view import OptionLine
from racecall.coverage.claims import Trace
from racecall.coverage.story.figures import Figure, How
from racecall.coverage.story.ground import Ground
from racecall.coverage.story.opening import OPEN, OVER
from racecall.coverage.story.places import Rung, groups, is_certified
from racecall.coverage.story.told import Point, Stage
from racecall.ledger.diff import OptionChange
from racecall.ledger.events import iso
from racecall.model.counts import BallotKind
from racecall.model.release import ReportKind, Statement

CATEGORIES = frozenset({"total", "mail", "provisional"})
"""Kinds of ballots that have a sentence of their own; the others share one."""


def standing(ground: Ground) -> Iterator[Point]:
    """Yield votes and margins, those who withdrew, and turnout."""
    if ground.stage in OPEN or not ground.lines:
        return
    shown = ground.shown
    for line, after in [*pairwise(shown), (shown[-1], None)]:
        yield _line(ground, line, after)
    yield from _cut(ground)
    yield from (Point(id="standing.gone", figures=_who(ground, line), about=line.option.id) for line in ground.gone)
    yield Point(id="standing.total", figures={"votes": ground.total()})
    yield from _turnout(ground)


def _who(ground: Ground, line: OptionLine) -> dict[str, Figure]:
    return {"name": ground.name(line.option), "votes": ground.votes(line)}


def _line(ground: Ground, line: OptionLine, after: OptionLine | None) -> Point:
    """Say somebody's votes, and the margin over the next in the standing."""
    figures, about = _who(ground, line), line.option.id
    if after is None or line.votes == after.votes:
        return Point(id="standing.had", figures=figures, about=about)
    figures |= {"margin": ground.margin(line, after), "behind": ground.name(after.option)}
    return Point(id="standing.ahead", figures=figures, about=about)


def _cut(ground: Ground) -> Iterator[Point]:
    """Yield the margin at the last place in points: the one that decides who is in."""
    lines = ground.lines[ground.places - 1 : ground.places + 1]
    if len(lines) == 2 and lines[0].votes != lines[1].votes:
        figures = {"ahead": ground.name(lines[0].option), "behind": ground.name(lines[1].option)}
        yield Point(id="standing.cut", figures={**figures, "points": ground.margin_points(*lines)})


def _turnout(ground: Ground) -> Iterator[Point]:
    """Yield turnout once all is counted, where ballots and the roll are published."""
    counts = ground.facts.records.counts(ground.contest.id)
    cast = counts[-1][1].ballots.get(BallotKind.CAST)
    rolls = [(release, count.ballots[BallotKind.REGISTERED]) for release, count in counts if count.ballots.get(BallotKind.REGISTERED)]
    if cast is None or not rolls or ground.stage not in OVER:
        return
    release, roll = rolls[-1]
    figures = {
        "ballots": Figure(how=How.BALLOTS, trace=ground.of_count("ballots[cast]", cast)),
        "share": ground.part(cast, roll, "turnout", f"{cast:,} / {roll:,}", least=1),
        "voters": Figure(how=How.VOTERS, trace=ground.of_count("ballots[registered]", roll, release=release)),
    }
    yield Point(id="standing.turnout", figures=figures)


# -- what is out ----------------------------------------------------------------------------------------------------------------------


def outstanding(ground: Ground) -> Iterator[Point]:
    """Yield what an office said is left, what we make of it, and what the rest would have to say."""
    if ground.stage in OPEN | OVER:
        return
    said = latest_outstanding(ground)
    yield from (_stated(ground, one) for one in said)
    if not said:
        yield Point(id="out.unknown")
    elif _is_older(ground, said[0]):
        yield Point(id="out.since")
    yield from _unpublished(ground)
    yield from _estimate(ground)
    yield from _break(ground)


def latest_outstanding(ground: Ground) -> tuple[Statement, ...]:
    """Return the last statement of ballots still out, one a category: of the contest, else of the whole jurisdiction."""
    said = [one for one in ground.view.statements if one.kind is BallotKind.OUTSTANDING]
    own = [one for one in said if one.contest] or said
    last = max((one.stated_at for one in own), default=None)
    return tuple(one for one in own if one.stated_at == last)


def _is_older(ground: Ground, said: Statement) -> bool:
    """Whether a count was published after the statement."""
    return ground.view.release is not None and ground.view.release.moment > said.stated_at


def _stated(ground: Ground, said: Statement) -> Point:
    earlier = "before" if _is_older(ground, said) else "said"
    whose = "whole" if not said.contest else said.category if said.category in CATEGORIES else "other"
    figures = {
        "ballots": Figure(how=How.BALLOTS, trace=ground.said(said, "ballots", said.ballots), about=said.approximate),
        "day": Figure(how=How.DAY, trace=ground.said(said, "stated_at", iso(said.stated_at))),
    }
    return Point(id=f"out.{earlier}.{whose}", figures=figures, about=said.category)


def _unpublished(ground: Ground) -> Iterator[Point]:
    """Yield how many ballots are counted where their votes lag behind: they are in no office's figure of what is left."""
    lags = any(line.category == "counted_without_votes" and line.likely > 0 for line in ground.view.inventory.lines)
    said = [one for one in ground.view.statements if one.contest and one.kind is BallotKind.CAST and one.category == "total"]
    if lags and said:
        ballots = Figure(how=How.BALLOTS, trace=ground.said(said[-1], "ballots", said[-1].ballots), about=said[-1].approximate)
        day = Figure(how=How.DAY, trace=ground.said(said[-1], "stated_at", iso(said[-1].stated_at)))
        yield Point(id="out.unpublished", figures={"ballots": ballots, "day": day})


def _estimate(ground: Ground) -> Iterator[Point]:
    """Yield our own range, named as an estimate, where it is one."""
    left = ground.view.inventory
    if left.low is None or left.high is None or left.low >= left.high:
        return
    column, source = "ballots_outstanding", "docs/methods/outstanding.md"
    low, high = (ground.of_count(f"{column}.{end}", value, source) for end, value in (("low", left.low), ("high", left.high)))
    figures = {"low": Figure(how=How.NUMBER, trace=low, digits=_rounded(left.low))}
    figures["high"] = Figure(how=How.NUMBER, trace=high, digits=_rounded(left.high))
    yield Point(id="out.estimate", figures=figures)


def _rounded(number: int) -> int:
    """Return how far an estimate is rounded: three figures of it are known at best."""
    return min(0, 3 - len(str(number)))


def _break(ground: Ground) -> Iterator[Point]:
    """Yield what the first one outside would need of the ballots that are out, where it could happen at all."""
    pair, left = ground.view.pairs[0] if ground.view.pairs else None, ground.view.inventory.likely
    if pair is None or pair.points is None or not 0 < pair.points <= 100 or not left:
        return
    holder, rival = (ground.contest.option(option) for option in (pair.holder, pair.rival))
    if not (holder.can_advance and rival.can_advance):
        return
    figures = {"rival": ground.name(rival), "holder": ground.name(holder)}
    behind, column = pair.margin_votes, f"[{rival.id},{holder.id}]"
    if len(ground.view.options) == 2:
        share, formula = (behind + left) / (2 * left), f"({behind:,} + {left:,}) / (2 * {left:,})"
        trace = ground.of_count(f"needed_share{column}", share, formula)
        yield Point(id="out.need", figures={**figures, "share": Figure(how=How.SHARE, trace=trace, digits=1)})
        return
    trace = ground.of_count(f"required_break{column}", pair.points, f"100 * {behind:,} / {left:,}")
    yield Point(id="out.break", figures={**figures, "number": Figure(how=How.NUMBER, trace=trace, digits=1)})


# -- what comes next ------------------------------------------------------------------------------------------------------------------


def coming(ground: Ground) -> Iterator[Point]:
    """Yield when the next count is due, and when the next round is."""
    yield from _due(ground)
    if ground.stage is Stage.CERTIFIED:
        yield Point(id="next.certified", figures={"day": ground.counted_at(hour=False)})
    day = ground.election_day(ground.after) if ground.after else None
    if ground.after and day and ground.goal == "advance" and not ground.view.outcome.elected:
        sure = is_certified(ground.view) or any(group.rung >= Rung.AGENCY for group in groups(ground))
        yield Point(id="next.round" if sure else "next.round.perhaps", figures={"round": ground.round(), "day": day})


def _due(ground: Ground) -> Iterator[Point]:
    """Yield what an office announced; the calendar of `election.toml` may mean something else than a count."""
    said = [
        one
        for one in ground.view.reports
        if one.kind is ReportKind.NEXT_RELEASE and one.due_at and one.due_at > ground.view.as_of and not is_certified(ground.view)
    ]
    if said and said[-1].due_at:
        yield Point(id="next.count", figures={"day": Figure(how=How.DAY, trace=ground.said(said[-1], "due_at", iso(said[-1].due_at)))})
    elif ground.view.due and not is_certified(ground.view) and _is_near(ground, ground.view.due.at):
        due = ground.view.due
        trace = Trace(table="election", row="calendar", column="at", value=iso(due.at), words=f"{due.what} · {due.source}", at=due.at)
        yield Point(id="next.calendar", figures={"day": Figure(how=How.DAY, trace=trace)})


NEAR = timedelta(days=21)
"""A date of the calendar further away than this is no news of this count."""


def _is_near(ground: Ground, at: datetime) -> bool:
    return bool(ground.view.release) and at - ground.view.as_of <= NEAR


# -- since the last count -------------------------------------------------------------------------------------------------------------


def since(ground: Ground) -> Iterator[Point]:
    """Yield what the current count added to the one before, and to whom; a count that fell is told as what it is."""
    counts, change = ground.facts.records.counts(ground.contest.id), ground.view.change
    if ground.stage in OPEN or len(counts) < 2 or change is None or not counts[-2][1].total:
        return  # an empty count before it adds nothing to know
    if change.falls:
        yield from (_fell(ground, one) for one in change.falls if _is_listed(ground, one))
    elif change.added > 0:
        added = ground.of_count("votes added", change.added, f"{counts[-1][1].total:,} - {counts[-2][1].total:,}")
        yield Point(id="since.added", figures={"votes": Figure(how=How.VOTES, trace=added)})
        yield Point(id="since.before", figures={"moment": ground.counted_at(release=counts[-2][0])})
        yield from _gains(ground, {one.option: one for one in change.options}, change.added)


def _is_listed(ground: Ground, change: OptionChange) -> bool:
    return any(option.id == change.option and option.is_person for option in ground.contest.options)


def _fell(ground: Ground, change: OptionChange) -> Point:
    """Say what somebody has now; by how much it fell is in the row."""
    option = ground.contest.option(change.option)
    trace = ground.of_count(f"votes[{option.id}]", change.after, f"{change.before:,} in the count before")
    return Point(id="since.fell", figures={"name": ground.name(option), "votes": Figure(how=How.VOTES, trace=trace)}, about=option.id)


def _gains(ground: Ground, changes: dict[str, OptionChange], added: int) -> Iterator[Point]:
    """Yield the gains of those in the standing whose votes are in both counts, most first."""
    known = [changes[line.option.id] for line in ground.shown if line.option.id in changes]
    for one in sorted((one for one in known if one.before is not None and one.added > 0), key=lambda one: -one.added):
        formula = f"{one.after:,} - {one.before:,}"
        figures = {
            "name": ground.name(ground.contest.option(one.option)),
            "gain": Figure(how=How.VOTES, trace=ground.of_count(f"gain[{one.option}]", one.added, formula)),
            "share": ground.part(one.added, added, f"gain share[{one.option}]", f"{one.added:,} / {added:,}"),
        }
        yield Point(id="since.gain", figures=figures, about=one.option)
