"""What a story stands on: the view of its contest, who ranks where, and every figure, made in the trace of its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from racecall.calls.view import ContestView, OptionLine
from racecall.coverage.claims import Trace
from racecall.coverage.facts import Facts
from racecall.coverage.rows import Row, kind_of
from racecall.coverage.story.figures import Figure, How
from racecall.coverage.story.told import Stage
from racecall.ledger.events import iso
from racecall.ledger.records import RecordedRelease
from racecall.model.contest import Contest, ElectionType, Option, SlotKind, is_measure
from racecall.model.release import Report, ResultsStatus, Statement

SECOND_ROUNDS = frozenset({ElectionType.RUNOFF, ElectionType.SPECIAL_RUNOFF})
ROUNDS = {ElectionType.RUNOFF: "runoff", ElectionType.SPECIAL_RUNOFF: "runoff", ElectionType.GENERAL: "general"}
MOST_DIGITS = 6


@dataclass(frozen=True)
class Ground:
    """A contest at the moment of the story.

    Args:
        facts: Everything known.
        view: The contest, judged.
        stage: The stage the story is written for.
    """

    facts: Facts
    view: ContestView
    stage: Stage

    @property
    def contest(self) -> Contest:
        """The contest."""
        return self.view.contest

    @cached_property
    def is_measure(self) -> bool:
        """Whether the voters answer a question: nobody stands then."""
        return is_measure(self.contest)

    @property
    def places(self) -> int:
        """How many places there are."""
        return len(self.view.slots)

    @cached_property
    def goal(self) -> str:
        """What filling a place means: ``advance``, ``elect``, or ``prevail`` for an answer."""
        if self.is_measure:
            return "prevail"
        return "advance" if self.view.slots and self.view.slots[0].slot.kind is SlotKind.ADVANCE else "elect"

    @property
    def is_recount(self) -> bool:
        """Whether the votes are being counted again."""
        return self.view.release is not None and self.view.release.status is ResultsStatus.RECOUNT

    @cached_property
    def after(self) -> Contest | None:
        """The next round, None if the folder does not have it."""
        return next((one for one in self.facts.election if one.id == self.contest.next_round), None)

    @cached_property
    def before(self) -> Contest | None:
        """The round before, None if there is none."""
        return next((one for one in self.facts.election if one.next_round == self.contest.id), None)

    @cached_property
    def lines(self) -> tuple[OptionLine, ...]:
        """Whoever can fill a place and has votes given, most votes first, equal ones in ballot order."""
        return tuple(line for line in self.view.options if line.option.can_advance and line.votes is not None)

    @cached_property
    def shown(self) -> tuple[OptionLine, ...]:
        """Whom the standing names: one more than there are places, and never fewer than three."""
        return self.lines[: max(self.places + 1, 3)]

    @cached_property
    def gone(self) -> tuple[OptionLine, ...]:
        """Who withdrew and has votes nevertheless."""
        return tuple(line for line in self.view.options if line.option.withdrawn and line.votes)

    def rank(self, line: OptionLine) -> int:
        """Return the true place of somebody among all people, withdrawn ones included; equal votes have the same one."""
        return 1 + sum((one.votes or 0) > (line.votes or 0) for one in self.view.options if one.option.is_person)

    def level(self, line: OptionLine) -> tuple[OptionLine, ...]:
        """Return everybody with as many votes, the line itself included."""
        return tuple(one for one in self.lines if one.votes == line.votes)

    # -- names ----------------------------------------------------------------------------------------------------------------------

    def label(self, text: str, column: str, *, how: How = How.LABEL) -> Figure:
        """Return words of `election.toml`."""
        return Figure(
            how=how, trace=Trace(table="election", row=self.contest.id, column=column, value=text, words=f"election.toml: {text}")
        )

    def name(self, option: Option) -> Figure:
        """Return an option's name."""
        return self.label(option.name, f"option[{option.id}].name", how=How.LABEL if self.is_measure else How.NAME)

    def names(self, options: Iterable[Option], trace: Trace | None = None) -> Figure:
        """Return names in a row, with the row that says so of them."""
        named = [option.name for option in options]
        row = trace or Trace(table="election", row=self.contest.id, column="option", value=named, words="election.toml: options")
        return Figure(how=How.LABELS if self.is_measure else How.NAMES, trace=replace(row, value=named))

    def round(self) -> Figure:
        """Return what the places lead to."""
        found = ROUNDS.get(self.after.election_type, "") if self.after else self.view.outcome.next_round
        trace = Trace(table="rule", row=self.contest.rule, column="next_round", value=found, words=self.view.rule_source)
        return Figure(how=How.ROUND, trace=trace)

    # -- the count ------------------------------------------------------------------------------------------------------------------

    def of_count(self, column: str, value: Any, formula: str = "", release: RecordedRelease | None = None) -> Trace:
        """Return the trace of a figure of a count, the current one if no other is given."""
        one = release or self.view.release
        assert one is not None  # figures of a count are asked for where there is one
        words = f"count of {self.local(one.moment):%Y-%m-%d %H:%M}, {one.status.value.replace('_', ' ')} · {column} = {written(value)}"
        return Trace(table="release", row=str(one.seq), column=column, value=value, formula=formula, words=words, at=one.moment)

    def votes(self, line: OptionLine) -> Figure:
        """Return somebody's votes."""
        return Figure(how=How.VOTES, trace=self.of_count(f"votes[{line.option.id}]", line.votes))

    def share(self, line: OptionLine) -> Figure:
        """Return somebody's share of the votes counted; with decimals where a neighbour in the standing is less than a point away."""
        total, own = self.view.votes_counted, line.votes or 0
        near = min((abs(own - (one.votes or 0)) for one in self._beside(line)), default=total)
        formula = f"{own:,} / {total:,}"
        return self.part(
            own, total, f"share[{line.option.id}]", formula, least=0 if 100 * near >= total else 1 if 1000 * near >= total else 2
        )

    def _beside(self, line: OptionLine) -> Sequence[OptionLine]:
        at = self.lines.index(line)
        return (*self.lines[max(at - 1, 0) : at], *self.lines[at + 1 : at + 2])

    def part(self, part: int, whole: float, column: str, formula: str, *, least: int = 0) -> Figure:
        """Return a share as a figure of the current count; of nothing it is none, and no sum gives that."""
        share = part / whole if whole else 0.0
        return Figure(how=How.SHARE, trace=self.of_count(column, share, formula if whole else ""), digits=digits_of(share, least))

    def total(self) -> Figure:
        """Return all votes counted."""
        return Figure(how=How.VOTES, trace=self.of_count("votes", self.view.votes_counted))

    def margin(self, ahead: OptionLine, behind: OptionLine) -> Figure:
        """Return by how many votes one is ahead of another."""
        high, low = ahead.votes or 0, behind.votes or 0
        trace = self.of_count(f"margin[{ahead.option.id},{behind.option.id}]", high - low, f"{high:,} - {low:,}")
        return Figure(how=How.VOTES, trace=trace)

    def margin_points(self, ahead: OptionLine, behind: OptionLine) -> Figure:
        """Return the same in points of all votes counted; two decimals under one point."""
        votes, total = (ahead.votes or 0) - (behind.votes or 0), self.view.votes_counted
        points = 100 * votes / total if total else 0.0
        column = f"margin_points[{ahead.option.id},{behind.option.id}]"
        trace = self.of_count(column, points, f"100 * {votes:,} / {total:,}" if total else "")
        return Figure(how=How.POINTS, trace=trace, digits=1 if points >= 1 else 2)

    def ordinal(self, line: OptionLine) -> Figure:
        """Return somebody's place in the count."""
        return Figure(how=How.ORDINAL, trace=self.of_count(f"rank[{line.option.id}]", self.rank(line)))

    def counted_at(self, *, hour: bool = True, release: RecordedRelease | None = None) -> Figure:
        """Return when the count is from."""
        one = release or self.view.release
        assert one is not None
        trace = self.of_count("published_at", iso(one.moment), release=one)
        return Figure(how=How.MOMENT if hour else How.DAY, trace=trace)

    def share_counted(self) -> Figure | None:
        """Return the share of the expected votes that is counted, None if nothing is known of what is left; never from precincts."""
        share, left = self.view.share_counted, self.view.inventory.likely
        if share is None or left is None:
            return None
        per_ballot, total = self.view.inventory.votes_per_ballot, self.view.votes_counted
        often = "" if per_ballot == 1 else f" * {per_ballot:.4f}"
        trace = self.of_count("share_counted", share.likely, f"{total:,} / ({total:,} + {left:,}{often})")
        return Figure(how=How.SHARE, trace=trace, digits=digits_of(share.likely), about=True)

    # -- what others said -----------------------------------------------------------------------------------------------------------

    def said(self, one: Statement | Report, column: str, value: Any, formula: str = "") -> Trace:
        """Return the trace of a statement or a report: its row is the moment it was made at and who made it."""
        at = one.stated_at if isinstance(one, Statement) else one.at
        table, by = ("statement", one.category) if isinstance(one, Statement) else ("report", f"{one.kind.value} {one.by}")
        words = f"{by}, {self.local(at):%Y-%m-%d %H:%M} · {column} = {written(value)} · {one.source}"
        return Trace(table=table, row=f"{iso(at)} {by}", column=column, value=value, formula=formula, words=words, at=at)

    def recorded(self, row: Row, column: str, how: How, *, value: Any = None, about: bool = False) -> Figure:
        """Return a field of a row of the record of coverage."""
        held = getattr(row, column) if value is None else value
        held = held.isoformat() if isinstance(held, date) else held
        words = f"{kind_of(row)} {row.id} · {column} = {written(held)} · {row.source}"
        return Figure(
            how=how, trace=Trace(table=kind_of(row), row=row.id, column=column, value=held, words=words, at=row.as_of), about=about
        )

    # -- days -----------------------------------------------------------------------------------------------------------------------

    def local(self, moment: datetime) -> datetime:
        """Return a moment in the county's time."""
        return moment.astimezone(self.facts.election.zone)

    def closes(self, contest: Contest | None = None) -> datetime | None:
        """Return when the polls of a contest close, None if that is not known."""
        one = contest or self.contest
        if one.polls_close or one.election_type in SECOND_ROUNDS:
            return one.polls_close
        return self.facts.election.polls_close

    def election_day(self, contest: Contest | None = None) -> Figure | None:
        """Return the day of a contest; None for a second round whose day is not known."""
        one, closes = contest or self.contest, self.closes(contest)
        known = iso(closes) if closes else None if one.election_type in SECOND_ROUNDS else self.facts.election.date.isoformat()
        if known is None:
            return None
        column = "polls_close" if closes else "date"
        return Figure(how=How.DAY, trace=Trace(table="election", row=one.id, column=column, value=known, words=f"election.toml: {column}"))


def digits_of(share: float, least: int = 0) -> int:
    """Return the decimals a share needs so that it does not read as nothing, or as all, when it is neither."""
    if share in {0.0, 1.0}:
        return 0
    return next((digits for digits in range(least, MOST_DIGITS) if 0 < round(100 * share, digits) < 100), MOST_DIGITS)


def written(value: Any) -> str:
    """Write a value in a line for an editor."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}" if isinstance(value, float) else str(value)
