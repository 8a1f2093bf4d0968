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
from racecall.calls.decided import calls_of
from racecall.calls.places import held_since, slot_views
from racecall.calls.standing import Standing, as_listed, stand
from racecall.calls.view import ContestView, OptionLine, SlotView, View
from racecall.ledger.diff import difference
from racecall.ledger.events import Ledger
from racecall.ledger.records import ContestCount, Records, read_records
from racecall.model.contest import Contest, Election, Option, OptionKind, ReleaseDue, SlotKind
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
        contests: Ids to judge, all if empty.
        calibration: What past nights taught; None for arithmetic alone.
        tables: Gives the table that a hash names: cells by unit and count type, for the projection.

    Raises:
        UnknownName: A contest names a rule that is not in the rulebook, or `contests` one that is not in the election.
    """
    known = ledger.as_of(as_of)
    records = read_records(known)
    chosen = [election.contest(contest) for contest in contests] or election.contests
    settings = settings or Settings()
    ruled = [(contest, rulebook.rule(contest.rule)) for contest in chosen]
    evidence = _evidence(ruled, election, records, calibration, as_of, tables)
    made = tuple(
        judge_contest(contest, election, rule, records, as_of=as_of, settings=settings, evidence=evidence.get(contest.id))
        for contest, rule in ruled
    )
    return View(election=election, as_of=as_of, head=known.head, contests=made, rehearsal=election.rehearsal or known.was_rehearsed)


def _evidence(
    ruled: Sequence[tuple[Contest, Rule]],
    election: Election,
    records: Records,
    calibration: Calibration | None,
    as_of: datetime,
    tables: Tables | None,
) -> Mapping[str, Evidence]:
    if calibration is None:
        return {}
    from racecall.calls.live import live_evidence

    return live_evidence(ruled, election, records, calibration, as_of=as_of, tables=tables)


@dataclass(frozen=True, slots=True, kw_only=True)
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
    standing = stand(contest, rule, count, status, inventory, evidence)
    return _Reckoned(
        standing=standing,
        lines=_lines(standing, count),
        pairs=arithmetic.boundary_pairs(standing.votes, standing.places, standing.total, inventory),
        slots=slot_views(standing, findings, settings),
    )


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
    counts = records.counts(contest.id)
    release, count = counts[-1] if counts else (None, ContestCount(votes={}))
    count = as_listed(contest, count)
    status = release.status if release else None
    inventory, findings = take_inventory(contest, records, as_of, settings), records.open_findings(contest.id)
    reckoned = _reckon(contest, rule, count, status, inventory, evidence, findings, settings)
    standing, slots = reckoned.standing, reckoned.slots
    decisions = tuple(decision for decision in records.decisions if decision.contest == contest.id)
    calls = calls_of(decisions, standing, counts, _told_at(contest, records)) if decisions else ()
    if calls:
        slots = slot_views(standing, findings, settings, calls, counted_at=release.at if release else None)
    return ContestView(
        contest=contest,
        rule_source=rule.source,
        rule_warning=rule.warning,
        as_of=as_of,
        release=release,
        change=difference(counts[-2][1] if len(counts) > 1 else None, count) if release else None,
        votes_counted=count.total,
        inventory=inventory,
        share_counted=standing.share,
        units_reported=count.units_reported,
        units_total=count.units_total,
        options=reckoned.lines,
        slots=tuple(replace(slot, since=held_since(slot.option, counts, standing)) for slot in slots),
        pairs=reckoned.pairs,
        votes_to_come=evidence.to_come if evidence else None,
        p_tie_or_recount=evidence.p_tie_or_recount if evidence else None,
        calibration=(evidence.calibration, evidence.threshold.alpha) if evidence else None,
        outright=standing.outright,
        outcome=standing.outcome,
        findings=findings,
        statements=tuple(statement for _, statement in _statements(contest, records)),
        reports=tuple(report for report in records.reports if report.contest == contest.id),
        due=_due(contest, election, records, as_of),
        decisions=decisions,
        calls=calls,
    )


def _statements(contest: Contest, records: Records) -> Iterable[tuple[datetime, Statement]]:
    return ((at, statement) for at, statement in records.statements if statement.contest in {contest.id, ""})


def _told_at(contest: Contest, records: Records) -> datetime | None:
    """When the last statement about the contest's ballots became known, None if there is none."""
    return max((at for at, _ in _statements(contest, records)), default=None)


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


def _due(contest: Contest, election: Election, records: Records, as_of: datetime) -> ReleaseDue | None:
    """The next announced release: what the office said last, else the calendar."""
    said = [
        r for r in records.reports if r.kind is ReportKind.NEXT_RELEASE and r.contest in {contest.id, ""} and r.due_at and r.due_at > as_of
    ]
    if said and said[-1].due_at:
        return ReleaseDue(at=said[-1].due_at, what=said[-1].note or "next count", source=said[-1].source)
    return min((due for due in election.calendar if due.at > as_of), key=lambda due: due.at, default=None)
