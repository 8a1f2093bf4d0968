"""What the events say, as values: the counts, statements, reports and findings that were known at a moment.

A release event carries the totals of every contest, so that a standing can be read from the ledger alone; the cells behind them lie in
a Parquet file named by its hash.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from racecall.ledger.events import Draft, Event, EventKind, Ledger, from_iso, iso
from racecall.ledger.resolve import folded
from racecall.model.contest import SlotKind
from racecall.model.counts import BallotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import Report, ReportKind, ResultsStatus, Statement
from racecall.origin import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestCount:
    """The count of one contest in one release.

    Args:
        votes: Votes by option id [votes].
        unknown: Votes of options that the election does not list, by printed name [votes]: kept, in the denominator, nobody's.
        ballots: Ballots by kind, where the source gave them [ballots].
        units_reported: Units that sent something. Never a share of the count.
        units_total: Units in the contest.
        units: Units with counts of their own among the release's cells; 0 where there are none.
        total: All votes counted, unknown options included; added up here [votes].
    """

    votes: Mapping[str, int]
    unknown: Mapping[str, int] = field(default_factory=dict)
    ballots: Mapping[BallotKind, int] = field(default_factory=dict)
    units_reported: int | None = None
    units_total: int | None = None
    units: int = 0
    total: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total", sum(self.votes.values()) + sum(self.unknown.values()))

    def __hash__(self) -> int:
        """Let what follows from a count be kept beside it; whether two counts are the same is told from all their fields."""
        return hash(self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRelease:
    """A release as the ledger keeps it.

    Args:
        seq: Number of its event.
        at: When it became known.
        published_at: When the source says it is from, None if it does not say.
        capture: SHA-256 of the bytes.
        counts: Hash of the Parquet file with its cells.
        ballots: Hash of the Parquet file with its ballots, "" if it has none.
        contests: Counts by contest id.
        jurisdiction: Ballots of the whole jurisdiction by kind.
        ignored: Titles in the file that the election does not follow.
    """

    seq: int
    at: datetime
    published_at: datetime | None
    source: str
    feed: str
    status: ResultsStatus
    capture: str
    counts: str
    ballots: str
    contests: Mapping[str, ContestCount]
    jurisdiction: Mapping[BallotKind, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    note: str = ""

    @property
    def moment(self) -> datetime:
        """The time the count is from: what the source says, else when it became known."""
        return self.published_at or self.at

    @property
    def order(self) -> tuple[datetime, int]:
        """Key that puts releases in the order of their counts, not of their arrival."""
        return (self.moment, self.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A person let a finding pass, as far as one person can."""

    finding: str
    by: str
    reason: str
    at: datetime


Counts = tuple[tuple[RecordedRelease, ContestCount], ...]
"""The counts of one contest with their releases, oldest first."""


@dataclass(frozen=True)
class Records:
    """Everything a ledger says, sorted by kind; see `read_records` and `records_at`.

    `whole` is what the ledger came to say later, and lends this moment nothing but the work already done: its counts begin with ours.
    """

    releases: tuple[RecordedRelease, ...] = ()
    statements: tuple[tuple[datetime, Statement], ...] = ()
    reports: tuple[Report, ...] = ()
    findings: tuple[tuple[datetime, Finding], ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    decisions: tuple[Decision, ...] = ()
    whole: Records | None = field(default=None, repr=False, compare=False)

    def counts(self, contest: str) -> Counts:
        """Return the contest's counts in the order they are from, oldest first; the last one is current."""
        if contest not in self._counts:
            self._counts[contest] = self._beginning(contest, self.whole) if self.whole and self._begins else self._found(contest)
        return self._counts[contest]

    def _found(self, contest: str) -> Counts:
        return tuple((one, count) for one in self.ordered if (count := one.contests.get(contest)))

    def _beginning(self, contest: str, whole: Records) -> Counts:
        last, counts = self.ordered[-1], whole.counts(contest)[: len(self.ordered)]
        ends_here = bool(counts) and counts[-1][0].seq == last.seq
        return counts if ends_here else counts[: bisect_right(counts, last.order, key=lambda pair: pair[0].order)]

    @cached_property
    def _begins(self) -> bool:
        """Whether the whole record has these releases first; an old copy that comes late will lie between them."""
        first = self.whole.ordered[: len(self.ordered)] if self.whole else ()
        return bool(first) and [one.seq for one in first] == [one.seq for one in self.ordered]

    def current(self) -> Mapping[str, RecordedRelease]:
        """Return the release that is current for each contest."""
        return {contest: release for release in self.ordered for contest in release.contests}

    @cached_property
    def _counts(self) -> dict[str, Counts]:
        return {}  # filled by `counts`: a judgement asks twice for each contest

    @cached_property
    def ordered(self) -> tuple[RecordedRelease, ...]:
        """The releases in the order of their counts, oldest first."""
        return tuple(sorted(self.releases, key=lambda release: release.order))

    def open_findings(self, contest: str) -> tuple[Finding, ...]:
        """Return findings about the contest, or about a whole release, that too few people have accepted."""
        return tuple(finding for _, finding in self.findings if finding.contest in {contest, ""} and self.people_missing(finding))

    def accepted(self, finding: Finding) -> tuple[Acceptance, ...]:
        """Return who let a finding pass, in order."""
        return tuple(acceptance for acceptance in self.acceptances if acceptance.finding == finding.id)

    def people_missing(self, finding: Finding) -> int:
        """Return how many more people must accept a finding; a name in other letters or accents is the same person."""
        return max(0, finding.severity.people - len({folded(acceptance.by) for acceptance in self.accepted(finding)}))


def read_records(ledger: Ledger) -> Records:
    """Read the events of a ledger into values."""
    return Records(
        releases=tuple(_release_of(event) for event in ledger.of_kind(EventKind.RELEASE)),
        statements=tuple((event.at, _statement_of(event)) for event in ledger.of_kind(EventKind.STATEMENT)),
        reports=tuple(_report_of(event) for event in ledger.of_kind(EventKind.REPORT)),
        findings=tuple((event.at, _finding_of(event)) for event in ledger.of_kind(EventKind.FINDING)),
        acceptances=tuple(_acceptance_of(event) for event in ledger.of_kind(EventKind.ACCEPTANCE)),
        decisions=tuple(_decision_of(event) for event in ledger.of_kind(EventKind.DECISION)),
    )


def records_at(ledger: Ledger, moment: datetime) -> Records:
    """Return what was known at a moment; a replay asks at many, and the counts are put in order once for all of them."""
    known = ledger.as_of(moment)
    return replace(read_records(known), whole=_whole(ledger)) if len(known) < len(ledger) else _whole(ledger)


@lru_cache(maxsize=1)
def _whole(ledger: Ledger) -> Records:
    return read_records(ledger)


# -- writing: values to drafts -------------------------------------------------------------------------------------------------------


def release_draft(release: RecordedRelease, *, actor: str) -> Draft:
    """Return the event that records a release; `seq` and `at` of the value are set by the ledger."""
    body: dict[str, Any] = {
        "published_at": iso(release.published_at) if release.published_at else None,
        "source": release.source,
        "feed": release.feed,
        "status": release.status,
        "capture": release.capture,
        "counts": release.counts,
        "ballots": release.ballots,
        "contests": {contest: _count_body(count) for contest, count in release.contests.items()},
        "jurisdiction": dict(release.jurisdiction),
        "ignored": list(release.ignored),
        "note": release.note,
    }
    contest = next(iter(release.contests)) if len(release.contests) == 1 else ""
    return Draft(kind=EventKind.RELEASE, at=release.at, contest=contest, actor=actor, body=body)


def statement_draft(statement: Statement, *, at: datetime, actor: str) -> Draft:
    """Return the event that records a statement."""
    body = {
        "kind": statement.kind,
        "ballots": statement.ballots,
        "stated_at": iso(statement.stated_at),
        "source": statement.source,
        "category": statement.category,
        "unit": statement.unit,
        "approximate": statement.approximate,
        "includes_arrivals": statement.includes_arrivals,
        "note": statement.note,
        "origin": _origin_body(statement.origin),
    }
    return Draft(kind=EventKind.STATEMENT, at=at, contest=statement.contest, actor=actor, body=body)


def report_draft(report: Report, *, at: datetime, actor: str) -> Draft:
    """Return the event that records what somebody else said."""
    body = {
        "kind": report.kind,
        "by": report.by,
        "at": iso(report.at),
        "source": report.source,
        "option": report.option,
        "slot": report.slot,
        "votes": report.votes,
        "gain": report.gain,
        "share": report.share,
        "due_at": iso(report.due_at) if report.due_at else None,
        "note": report.note,
        "origin": _origin_body(report.origin),
    }
    return Draft(kind=EventKind.REPORT, at=at, contest=report.contest, actor=actor, body=body)


def finding_draft(finding: Finding, *, at: datetime, actor: str) -> Draft:
    """Return the event that records a finding."""
    body = {
        "id": finding.id,
        "check": finding.check,
        "severity": finding.severity,
        "problem": finding.problem,
        "next_step": finding.next_step,
        "unit": finding.unit,
        "option": finding.option,
        "count": finding.count,
        "origin": _origin_body(finding.origin),
    }
    return Draft(kind=EventKind.FINDING, at=at, contest=finding.contest, actor=actor, body=body)


def acceptance_draft(finding: Finding, *, by: str, reason: str, at: datetime) -> Draft:
    """Return the event that records that a person accepted a finding."""
    body = {"finding": finding.id, "check": finding.check, "reason": reason}
    return Draft(kind=EventKind.ACCEPTANCE, at=at, contest=finding.contest, actor=by, body=body)


def decision_draft(decision: Decision) -> Draft:
    """Return the event that records a person's decision."""
    body = {
        "kind": decision.kind,
        "option": decision.option,
        "goal": decision.goal,
        "slot": decision.slot,
        "reason": decision.reason,
        "evidence": decision.evidence,
        "state": decision.state,
        "score": decision.score,
        "threshold": decision.threshold,
    }
    return Draft(kind=EventKind.DECISION, at=decision.at, contest=decision.contest, actor=decision.by, body=body)


def _count_body(count: ContestCount) -> dict[str, Any]:
    return {
        "votes": dict(count.votes),
        "unknown": dict(count.unknown),
        "ballots": dict(count.ballots),
        "units_reported": count.units_reported,
        "units_total": count.units_total,
        **({"units": count.units} if count.units else {}),
    }


def _origin_body(origin: Origin) -> dict[str, Any]:
    return {"capture": origin.capture, "name": origin.name, "row": origin.row, "column": origin.column}


# -- reading: events to values -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _release_of(event: Event) -> RecordedRelease:
    """Read a release; a replay asks for the same ones again at each of its moments."""
    body = event.body
    return RecordedRelease(
        seq=event.seq,
        at=event.at,
        published_at=from_iso(body["published_at"]) if body["published_at"] else None,
        source=body["source"],
        feed=body["feed"],
        status=ResultsStatus(body["status"]),
        capture=body["capture"],
        counts=body["counts"],
        ballots=body["ballots"],
        contests=_Contests(body["contests"]),
        jurisdiction=_ballots_of(body["jurisdiction"]),
        ignored=tuple(body["ignored"]),
        note=body["note"],
    )


class _Contests(Mapping[str, ContestCount]):
    """The counts of a recorded release, each read when it is first asked for: most questions are about a few contests."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self._read: dict[str, ContestCount] = {}

    def __getitem__(self, contest: str) -> ContestCount:
        """Return a contest's count; `KeyError` if the release does not have it."""
        if contest not in self._read:
            self._read[contest] = _count_of(self._body[contest])
        return self._read[contest]

    def get(self, contest: str, default: Any = None) -> Any:
        """Return a contest's count, `default` if the release does not have it: a replay asks this a hundred thousand times."""
        return self._read.get(contest) or (self[contest] if contest in self._body else default)

    def __contains__(self, contest: object) -> bool:
        """Whether the release has the contest; nothing is read to tell."""
        return contest in self._body

    def __iter__(self) -> Iterator[str]:
        return iter(self._body)

    def __len__(self) -> int:
        return len(self._body)


def _count_of(body: Mapping[str, Any]) -> ContestCount:
    return _once(
        ContestCount(
            votes=body["votes"],
            unknown=body["unknown"],
            ballots=_ballots_of(body["ballots"]),
            units_reported=body["units_reported"],
            units_total=body["units_total"],
            units=body.get("units", 0),
        )
    )


@lru_cache(maxsize=1024)
def _once(count: ContestCount) -> ContestCount:
    """Return the first of equal counts: when a release leaves a contest as it was, the two are one value, and are seen to be."""
    return count


def _ballots_of(body: Mapping[str, int]) -> dict[BallotKind, int]:
    return {BallotKind(kind): ballots for kind, ballots in body.items()}


def _statement_of(event: Event) -> Statement:
    fields = dict(event.body)
    fields["kind"] = BallotKind(fields["kind"])
    fields["stated_at"] = from_iso(fields["stated_at"])
    fields["origin"] = Origin(**fields["origin"])
    return Statement(contest=event.contest, **fields)


def _report_of(event: Event) -> Report:
    fields = dict(event.body)
    fields["kind"] = ReportKind(fields["kind"])
    fields["at"] = from_iso(fields["at"])
    fields["due_at"] = from_iso(fields["due_at"]) if fields["due_at"] else None
    fields["origin"] = Origin(**fields["origin"])
    return Report(contest=event.contest, **fields)


def _finding_of(event: Event) -> Finding:
    fields = {key: value for key, value in event.body.items() if key != "id"}
    fields["severity"] = Severity(fields["severity"])
    fields["origin"] = Origin(**fields["origin"])
    return Finding(contest=event.contest, **fields)


def _acceptance_of(event: Event) -> Acceptance:
    return Acceptance(finding=event.body["finding"], by=event.actor, reason=event.body["reason"], at=event.at)


def _decision_of(event: Event) -> Decision:
    fields = dict(event.body)
    fields["kind"] = DecisionKind(fields["kind"])
    fields["goal"] = SlotKind(fields["goal"])
    return Decision(contest=event.contest, by=event.actor, at=event.at, seq=event.seq, **fields)


TOLD = frozenset({EventKind.RELEASE, EventKind.STATEMENT, EventKind.REPORT, EventKind.DECISION})
"""Kinds of events that a reader would look at; what was received and what looks wrong stands beside them."""


def moments(events: Iterable[Event]) -> Iterator[datetime]:
    """Yield the times at which something a reader would look at became known, in order, each once."""
    yield from sorted({event.at for event in events if event.kind in TOLD})
