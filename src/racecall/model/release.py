"""What a source says: a release of counts, a statement about ballots, a report by somebody else.

Feeds make these values and the ledger keeps them; the two rooms meet nowhere else. A release is a complete state of the contests it
names: votes are cumulative, and increments are differences between releases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Finding
from racecall.model.units import ALL_UNITS
from racecall.origin import Origin

if TYPE_CHECKING:  # The table is an opaque value here: the room stays importable without Polars, and starts fast.
    import polars as pl


class ResultsStatus(StrEnum):
    """NIST SP 1500-100 v2 `ResultsStatus`.

    Trap: UNOFFICIAL_COMPLETE means complete *election-night* results. It says nothing about mail that is still to be counted.
    """

    PRE_ELECTION = "pre_election"
    UNOFFICIAL_PARTIAL = "unofficial_partial"
    UNOFFICIAL_COMPLETE = "unofficial_complete"
    CORRECTION = "correction"
    CERTIFIED = "certified"
    RECOUNT = "recount"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOption:
    """An option as the source names it."""

    key: str
    name: str
    party: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedContest:
    """A contest as the source names it.

    Args:
        key: The name used in the `contest` column of the tables.
        title: As printed.
        options: In the source's order.
        votes_allowed: If the source says it.
        rule_hint: What the source says about the rule ("VoterNominated", "MeasurePassRate"), in its own words.
        units_reported: Units (precincts) that sent something; never a share of the count.
        units_total: Units in the contest.
    """

    key: str
    title: str
    options: tuple[ListedOption, ...] = ()
    votes_allowed: int | None = None
    rule_hint: str = ""
    units_reported: int | None = None
    units_total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Release:
    """One published state of the count.

    Args:
        source: Who published it, e.g. ``LA County RR/CC``.
        feed: Id of the feed that read it.
        published_at: When the source says it is from (aware); None if it does not say.
        counts: Votes, columns `COUNT_COLUMNS`. From a feed, contest and option are the source's own words; from the ledger, ids.
        ballots: Ballots, columns `BALLOT_COLUMNS`; may be empty.
        contests: What the source lists.
        status: NIST results status.
        origin: The capture it was read from.
        note: The source's own label, e.g. "semi-official, 192 of 192 precincts".
    """

    source: str
    feed: str
    published_at: datetime | None
    counts: pl.DataFrame
    ballots: pl.DataFrame
    contests: tuple[ListedContest, ...] = ()
    status: ResultsStatus = ResultsStatus.UNOFFICIAL_PARTIAL
    origin: Origin = field(default_factory=Origin)
    note: str = ""

    def with_tables(self, counts: pl.DataFrame, ballots: pl.DataFrame) -> Release:
        """Return the same release with other tables."""
        return replace(self, counts=counts, ballots=ballots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Ballots (not votes) that an office gave at a moment: so many counted, so many still out.

    Args:
        contest: Contest it is about, "" if the whole jurisdiction.
        kind: Cast, outstanding, rejected or registered.
        ballots: How many [ballots; voters if REGISTERED].
        stated_at: When it was said (aware).
        source: Who said it and where to read it.
        category: ``total``, or ``mail``, ``provisional``, ``conditional``, ``other``.
        unit: Reporting unit it covers.
        approximate: The source said "about" or rounded.
        includes_arrivals: True if it counts mail that may still arrive, False if only ballots on hand, None if it does not say.
        note: The source's own words, short.
    """

    contest: str
    kind: BallotKind
    ballots: int
    stated_at: datetime
    source: str
    category: str = "total"
    unit: str = ALL_UNITS
    approximate: bool = False
    includes_arrivals: bool | None = None
    note: str = ""
    origin: Origin = field(default_factory=Origin)


class ReportKind(StrEnum):
    """What somebody else said about a contest. None of these is our call."""

    AGENCY_CALL = "agency_call"
    AGENCY_RETRACTION = "agency_retraction"
    VICTORY_CLAIM = "victory_claim"
    CONCESSION = "concession"
    CONCESSION_RETRACTED = "concession_retracted"
    FIGURE = "figure"
    """A count printed by the press that is not a release: kept, compared, never added in."""
    NEXT_RELEASE = "next_release"
    """The office said when it will publish next (`due_at`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Something said about a contest by an agency, a candidate or a paper.

    Args:
        contest: Contest id.
        kind: Call, claim, concession, figure.
        by: Who said it.
        at: When (aware).
        source: Where to read it.
        option: Option id, "" if none.
        slot: Place it is about, None if none.
        votes: Votes printed, for a figure.
        gain: Votes added since the last release, for a figure.
        share: Share printed, 0 to 1, for a figure.
        due_at: For `NEXT_RELEASE`.
        note: Short, in our words.
    """

    contest: str
    kind: ReportKind
    by: str
    at: datetime
    source: str
    option: str = ""
    slot: int | None = None
    votes: int | None = None
    gain: int | None = None
    share: float | None = None
    due_at: datetime | None = None
    note: str = ""
    origin: Origin = field(default_factory=Origin)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """Everything one file holds, as a feed read it.

    Args:
        feed: Id of the feed.
        releases: Counts, oldest first.
        statements: Ballots without candidate votes.
        reports: What others said.
        findings: What is wrong in the file, found while reading it.
        defines: True for a file that only names contests and options (LA County GetElectionData): kept for the files that need it.
        words: The source's own words for count types, each with how it was read.
        repeats_calls: True for a source that says its calls again in every file: a call that stands is then not news.
        columns: How the columns of a table were read, as JSON has it; empty where the format says what each column is.
    """

    feed: str
    releases: tuple[Release, ...] = ()
    statements: tuple[Statement, ...] = ()
    reports: tuple[Report, ...] = ()
    findings: tuple[Finding, ...] = ()
    defines: bool = False
    words: tuple[tuple[str, CountType], ...] = ()
    repeats_calls: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict)
