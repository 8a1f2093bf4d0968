"""From the record to what may be said: one pure function of records, rules, settings and a moment.

`judge` is the only road to a view. Replay, status, the demo and later the desk and the published page all take it, so that whatever was
said can be computed again from the same ledger.

The count is put beside its law and what is still out (`racecall.calls.standing`), then each place is judged (`racecall.calls.places`).
Without a calibration only arithmetic speaks. The model's half is imported only when a calibration is handed in: it needs NumPy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from racecall.calls import arithmetic
from racecall.calls.arithmetic import PairBreak
from racecall.calls.decided import Call, calls_of
from racecall.calls.places import held_since, slot_views
from racecall.calls.standing import Standing, as_listed, stand
from racecall.calls.view import ContestView, OptionLine, SlotView, View
from racecall.ledger.diff import Change, difference
from racecall.ledger.events import Ledger
from racecall.ledger.records import ContestCount, Counts, RecordedRelease, Records, records_at
from racecall.model.contest import Contest, Election, Option, OptionKind, ReleaseDue, SlotKind
from racecall.model.decision import Decision
from racecall.model.finding import Finding
from racecall.model.release import ReportKind, ResultsStatus, Statement
from racecall.model.settings import Settings
from racecall.outstanding.inventory import Inventory, take_inventory
from racecall.rules.law import Rule, Rulebook

if TYPE_CHECKING:
    from racecall.calls.calibration_file import Calibration
    from racecall.calls.live import Evidence
    from racecall.calls.running import Tables


def judge(
    ledger: Ledger,
    election: Election,
    rulebook: Rulebook,
    *,
    as_of: datetime,
    settings: Settings | None = None,
    contests: Iterable[str] = (),
    calibration: Calibration | None = None,
    tables: Tables | None = None,
) -> View:
    """Return what may be said of an election at a moment.

    Args:
        ledger: The record.
        election: The contests.
        rulebook: Their rules.
        as_of: The moment; nothing that became known later takes part.
        settings: Spreads and limits.
        contests: Ids to judge, all if empty; what is said of one does not depend on which others are asked for.
        calibration: What past nights taught; None for arithmetic alone.
        tables: Gives the table that a hash names: cells by unit and count type, for the projection.

    Raises:
        UnknownName: A contest names a rule that is not in the rulebook, or `contests` one that is not in the election.
    """
    known, records = ledger.as_of(as_of), records_at(ledger, as_of)
    chosen = [election.contest(contest) for contest in contests] or election.contests
    settings = settings or Settings()
    ruled = [(contest, rulebook.rule(contest.rule)) for contest in chosen]
    evidence = _evidence(ruled, election, rulebook, records, calibration, as_of, tables)
    made = tuple(
        judge_contest(contest, election, rule, records, as_of=as_of, settings=settings, evidence=evidence.get(contest.id))
        for contest, rule in ruled
    )
    return View(election=election, as_of=as_of, head=known.head, contests=made, rehearsal=election.rehearsal or known.was_rehearsed)


def _evidence(
    ruled: Sequence[tuple[Contest, Rule]],
    election: Election,
    rulebook: Rulebook,
    records: Records,
    calibration: Calibration | None,
    as_of: datetime,
    tables: Tables | None,
) -> Mapping[str, Evidence]:
    if calibration is None:
        return {}
    from racecall.calls.live import live_evidence

    rules = {rule.id: rule for rule in rulebook}
    night = [(contest, rules[contest.rule]) for contest in election if contest.rule in rules]
    asked = {contest.id for contest, _ in ruled}
    return live_evidence(night, election, records, calibration, as_of=as_of, asked=asked, tables=tables)


UNCOUNTED = ContestCount(votes={})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Reckoned:
    """What follows from a count alone: by law, by arithmetic and by evidence, and not from the moment it is asked for."""

    standing: Standing
    lines: tuple[OptionLine, ...]
    pairs: tuple[PairBreak, ...]
    slots: tuple[SlotView, ...]


@lru_cache(maxsize=1024)
def _reckon(
    contest: Contest,
    rule: Rule,
    count: ContestCount,
    status: ResultsStatus | None,
    inventory: Inventory,
    evidence: Evidence | None,
    findings: tuple[Finding, ...],
    settings: Settings,
) -> _Reckoned:
    """Reckon a count once: most releases leave most contests as they were (California's House returns of 2022: 78% of 4,680 looks)."""
    standing = stand(contest, rule, count, status, inventory)
    standing = replace(standing, evidence=evidence) if evidence else standing
    return _Reckoned(
        standing=standing,
        lines=_lines(standing, count),
        pairs=arithmetic.boundary_pairs(standing.votes, standing.places, standing.total, inventory),
        slots=slot_views(standing, findings, settings),
    )


@lru_cache(maxsize=1024)
def _held(reckoned: _Reckoned, since: tuple[datetime | None, ...]) -> tuple[SlotView, ...]:
    """Return the places with the releases since which they are held; while a count stands, they are the same at every moment."""
    return tuple(replace(slot, since=at) for slot, at in zip(reckoned.slots, since, strict=True))


def judge_contest(
    contest: Contest,
    election: Election,
    rule: Rule,
    records: Records,
    *,
    as_of: datetime,
    settings: Settings,
    evidence: Evidence | None = None,
) -> ContestView:
    """Return what may be said of one contest; `records` must hold nothing later than `as_of`."""
    counts, findings = records.counts(contest.id), records.open_findings(contest.id)
    count = as_listed(contest, counts[-1][1] if counts else UNCOUNTED)
    look = _Look(contest=contest, election=election, records=records, as_of=as_of, counts=counts, count=count, findings=findings)
    inventory = take_inventory(contest, records, as_of, settings)
    reckoned = _reckon(contest, rule, count, look.status, inventory, evidence, findings, settings)
    decisions = tuple(decision for decision in records.decisions if decision.contest == contest.id)
    calls = calls_of(decisions, reckoned.standing, counts, look.told_at) if decisions else ()
    if calls:
        counted_at = look.release.at if look.release else None
        reckoned = replace(reckoned, slots=slot_views(reckoned.standing, findings, settings, calls, counted_at=counted_at))
    return _view(look, reckoned, decisions, calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What the record says of one contest at one moment: its counts, oldest first, the current one as listed, and its open findings."""

    contest: Contest
    election: Election
    records: Records
    as_of: datetime
    counts: Counts
    count: ContestCount
    findings: tuple[Finding, ...]

    @property
    def release(self) -> RecordedRelease | None:
        """The current release, None before the first."""
        return self.counts[-1][0] if self.counts else None

    @property
    def status(self) -> ResultsStatus | None:
        """What the current release calls itself."""
        return self.counts[-1][0].status if self.counts else None

    @property
    def change(self) -> Change | None:
        """What the current release added."""
        return difference(self.counts[-2][1] if len(self.counts) > 1 else None, self.count) if self.counts else None

    @property
    def statements(self) -> tuple[tuple[datetime, Statement], ...]:
        """What offices have said of its ballots, each with when it became known."""
        return tuple((at, statement) for at, statement in self.records.statements if statement.contest in {self.contest.id, ""})

    @property
    def told_at(self) -> datetime | None:
        """When the last of them became known, None if there is none."""
        return max((at for at, _ in self.statements), default=None)

    @property
    def due(self) -> ReleaseDue | None:
        """The next announced release: what the office said last, else the calendar."""
        own = {self.contest.id, ""}
        said = [one for one in self.records.reports if one.kind is ReportKind.NEXT_RELEASE and one.contest in own]
        said = [one for one in said if one.due_at and one.due_at > self.as_of]
        if said and said[-1].due_at:
            return ReleaseDue(at=said[-1].due_at, what=said[-1].note or "next count", source=said[-1].source)
        return min((due for due in self.election.calendar if due.at > self.as_of), key=lambda due: due.at, default=None)


def _view(look: _Look, reckoned: _Reckoned, decisions: tuple[Decision, ...], calls: tuple[Call, ...]) -> ContestView:
    """Put together what a page, a table or JSON may want to know."""
    standing, count = reckoned.standing, look.count
    rule, evidence = standing.rule, standing.evidence
    return ContestView(
        contest=look.contest,
        rule_source=rule.source,
        rule_warning=rule.warning,
        as_of=look.as_of,
        release=look.release,
        change=look.change,
        votes_counted=standing.total,
        inventory=standing.inventory,
        share_counted=standing.share,
        units_reported=count.units_reported,
        units_total=count.units_total,
        options=reckoned.lines,
        slots=_held(reckoned, tuple(held_since(slot.option, look.counts, standing) for slot in reckoned.slots)),
        pairs=reckoned.pairs,
        votes_to_come=evidence.to_come if evidence else None,
        p_tie_or_recount=evidence.p_tie_or_recount if evidence else None,
        calibration=(evidence.calibration, evidence.threshold.alpha) if evidence else None,
        outright=standing.outright,
        outcome=standing.outcome,
        findings=look.findings,
        statements=tuple(statement for _, statement in look.statements),
        reports=tuple(report for report in look.records.reports if report.contest == look.contest.id),
        due=look.due,
        decisions=decisions,
        calls=calls,
    )


def _lines(standing: Standing, count: ContestCount) -> tuple[OptionLine, ...]:
    """People by votes and equal ones in ballot order, then sums and names that are not listed, then people without a figure."""
    options = [*standing.contest.options, *(_stranger(name) for name in count.unknown)]
    votes = {**count.votes, **count.unknown}
    given = sorted((option for option in options if option.id in votes), key=lambda option: (not option.is_person, -votes[option.id]))
    missing = [option for option in options if option.id not in votes and option.is_person]
    return tuple(_line(option, votes.get(option.id), standing) for option in (*given, *missing))


def _stranger(name: str) -> Option:
    return Option(id=name, name=name, kind=OptionKind.AGGREGATE)


def _line(option: Option, votes: int | None, standing: Standing) -> OptionLine:
    said = standing.evidence.options.get(option.id) if standing.evidence and option.can_advance else None
    advances = standing.slots[0].kind is SlotKind.ADVANCE
    return OptionLine(
        option=option,
        votes=votes,
        share=votes / standing.total if votes is not None and standing.total else None,
        clinched=option.id in standing.clinched,
        eliminated=option.id in standing.eliminated,
        advances=option.id in standing.outcome.advancing,
        elected=option.id in standing.outcome.elected,
        share_low=said.share_low if said else None,
        share_high=said.share_high if said else None,
        share_inner=said.share_inner if said else None,
        p_advance=said.p_place if said and advances else None,
        p_elected=None if said is None else said.p_majority if advances else said.p_place,
    )
