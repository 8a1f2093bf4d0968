"""Every count of a contest that is held: releases, and what was printed between them, so that a figure is looked for where it can stand.

A printed figure (`racecall.model.release.ReportKind.FIGURE`) is kept beside the releases and never added to them; a story that repeats it
is right about what was known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from racecall.calls.arithmetic import ranked
from racecall.coverage.claims import Trace
from racecall.ledger.records import ContestCount, RecordedRelease, Records
from racecall.model.contest import Contest
from racecall.model.counts import BallotKind
from racecall.model.release import Report, ReportKind, ResultsStatus, Statement

SEVERAL = 2
"""A printed figure ranks those it lists if it lists so many."""
STATUS_WORDS = {
    ResultsStatus.CERTIFIED: "certified",
    ResultsStatus.UNOFFICIAL_COMPLETE: "unofficial, all units reporting",
    ResultsStatus.UNOFFICIAL_PARTIAL: "unofficial, partial",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Held:
    """A count as it stood at a moment; it is the same only as itself, so that what follows from counts can be kept by them.

    Args:
        contest: The contest.
        at: When the count is from.
        row: Number of its ledger event.
        words: For people: "count of 5 April 2017, unofficial".
        votes: Votes by option, of the people and the sums [votes].
        total: All votes [votes]; None where only some were printed.
        shares: Shares that were printed without votes (0 to 1).
        ballots: Ballots cast [ballots], None if not known.
        registered: Voters on the roll, None if not known.
        units_reported, units_total: Units that sent something.
        certified: Whether it is the certified count.
        printed: A figure from the press and no release.
    """

    contest: Contest
    at: datetime
    row: str
    words: str
    votes: Mapping[str, int] = field(default_factory=dict)
    total: int | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    ballots: int | None = None
    registered: int | None = None
    units_reported: int | None = None
    units_total: int | None = None
    certified: bool = False
    printed: bool = False

    @cached_property
    def reckoned(self) -> dict[Any, Any]:
        """What was reckoned from it before, by what it is: it depends on nothing else."""
        return {}

    @property
    def table(self) -> str:
        """The kind of row it is."""
        return "report" if self.printed else "release"

    def share(self, option: str, base: str = "votes") -> float | None:
        """Return an option's share (0 to 1) of the votes, the ballots cast or the voters on the roll; None if not known."""
        whole = {"votes": self.total, "ballots": self.ballots, "registered": self.registered}[base]
        if option in self.votes and whole:
            return self.votes[option] / whole
        return self.shares.get(option) if base == "votes" else None

    def order(self) -> Sequence[str]:
        """Return the people's options, most votes first; of a printed figure, as far as it goes."""
        return self._order

    @cached_property
    def _order(self) -> Sequence[str]:
        people = {option.id for option in self.contest.options if option.is_person}
        shared = {option: round(1_000_000 * share) for option, share in self.shares.items()}
        known = shared if len(shared) > len(self.votes) else self.votes
        return ranked({option: votes for option, votes in known.items() if option in people})

    def rank(self, option: str) -> int | None:
        """Return the place of an option, from 1; None if its votes are not held."""
        return self._ranks.get(option)

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        order = self.order()
        if self.printed and len(order) < SEVERAL:
            return {}
        return {option: 1 + sum(self._size(one) > self._size(option) for one in order) for option in order}

    def _size(self, option: str) -> float:
        return self.shares.get(option, 0) if len(self.shares) > len(self.votes) else self.votes.get(option, 0)

    def trace(self, column: str, value: object, words: str, formula: str = "") -> Trace:
        """Return a row of evidence from this count."""
        return Trace(
            table=self.table, row=self.row, column=column, value=value, formula=formula, words=f"{self.words} · {words}", at=self.at
        )


def held_counts(records: Records, contest: Contest, zone: ZoneInfo) -> tuple[Held, ...]:
    """Return every count of a contest that is held, oldest first."""
    statements = [said for _, said in records.statements if said.contest in {"", contest.id}]
    releases = [_of_release(one, count, contest, statements, zone) for one, count in records.counts(contest.id) if count.total]
    figures = [one for one in records.reports if one.contest == contest.id and one.kind is ReportKind.FIGURE]
    return tuple(sorted((*releases, *_of_figures(figures, contest, statements, zone)), key=lambda held: (held.at, held.printed)))


def day_words(moment: datetime, zone: ZoneInfo) -> str:
    """Write a day: "5 April 2017"."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B} {local.year}"


def _of_release(release: RecordedRelease, count: ContestCount, contest: Contest, statements: Iterable[Statement], zone: ZoneInfo) -> Held:
    status = STATUS_WORDS.get(release.status, str(release.status))
    registered = count.ballots.get(BallotKind.REGISTERED) or release.jurisdiction.get(BallotKind.REGISTERED)
    words = (
        f"certified count, {day_words(release.moment, zone)}"
        if status == "certified"
        else f"count of {day_words(release.moment, zone)}, {status}"
    )
    return Held(
        contest=contest,
        at=release.moment,
        row=str(release.seq),
        words=words,
        votes=count.votes,
        total=count.total,
        ballots=count.ballots.get(BallotKind.CAST) or _stated(statements, BallotKind.CAST, release.moment),
        registered=registered or _stated(statements, BallotKind.REGISTERED, release.moment),
        units_reported=count.units_reported,
        units_total=count.units_total,
        certified=release.status is ResultsStatus.CERTIFIED,
    )


def _stated(statements: Iterable[Statement], kind: BallotKind, moment: datetime) -> int | None:
    """Return what was stated of a kind for all ballots about the moment of a count."""
    near = [
        one for one in statements if one.kind is kind and one.category == "total" and abs(one.stated_at - moment) <= timedelta(hours=12)
    ]
    return near[-1].ballots if near else None


def _of_figures(figures: Iterable[Report], contest: Contest, statements: Sequence[Statement], zone: ZoneInfo) -> Iterator[Held]:
    """One count for all figures that one source printed at one moment; what it gained is no standing."""
    said = sorted((one for one in figures if one.votes is not None or one.share is not None), key=lambda one: (one.at, one.by))
    for (at, by), group in groupby(said, key=lambda one: (one.at, one.by)):
        rows = list(group)
        votes = {one.option: one.votes for one in rows if one.option and one.votes is not None}
        yield Held(
            contest=contest,
            at=at,
            row=f"{by} {at.isoformat()}",
            words=f"figures of {day_words(at, zone)}, as printed ({by})",
            votes=votes,
            total=next((one.votes for one in rows if not one.option), None) or _whole(rows),
            shares={one.option: one.share for one in rows if one.option and one.share is not None},
            ballots=_stated(statements, BallotKind.CAST, at),
            printed=True,
        )


def _whole(rows: Iterable[Report]) -> int | None:
    """All votes, as the votes and the share of one option give them; the option with the most votes gives them best."""
    both = [(one.votes, one.share) for one in rows if one.votes and one.share]
    return round(max(both)[0] / max(both)[1]) if both else None


def filled(counts: Sequence[Held]) -> tuple[Held, ...]:
    """Carry the roll of voters forward and back: it is stated once and holds for the election."""
    known = next((held.registered for held in counts if held.registered), None)
    return tuple(held if held.registered or not known else _with_roll(held, known) for held in counts)


def _with_roll(held: Held, registered: int) -> Held:
    return replace(held, registered=registered)
