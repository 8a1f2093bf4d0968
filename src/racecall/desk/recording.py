"""Putting a file into the record: keep the bytes, read them, check them beside what is known, append the events.

The order matters. Bytes are on disk before anything is read from them. Names become ids, detail becomes totals, and every check looks at
the release beside the record; then all events of the file are appended in one transaction. A finding never stops the record from being
kept, and a file that cannot be read at all is still kept as a capture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from racecall.desk.clock import Clock, login_name, now
from racecall.desk.files import name_of, read_limited
from racecall.desk.folder import ElectionFolder
from racecall.desk.panics import without_panics
from racecall.desk.plugins import load_feeds
from racecall.desk.store import Appending
from racecall.errors import SourceError, UnknownName, UsageError
from racecall.feeds import registry
from racecall.feeds.base import Document, Feed
from racecall.feeds.mapping import ColumnMap, as_recorded
from racecall.feeds.text import Limits, recode, unpack
from racecall.ledger import checks, checks_units, outliers, records, totals
from racecall.ledger.events import Draft, Event, EventKind, Ledger, chain
from racecall.ledger.figures import check_figures
from racecall.ledger.records import RecordedRelease, Records, read_records
from racecall.ledger.reports import resolve_reports
from racecall.ledger.resolve import resolve, resolve_findings, resolve_statements
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release, Report, ResultsStatus, Statement
from racecall.model.units import ALL_UNITS
from racecall.origin import Capture, Fetched, Origin, sha256_hex

SKIPPED = "already in the record as event {}; nothing changes"
"""What is said of a file that brings nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOptions:
    """How files are to be read and recorded.

    Args:
        backfill: Record each fact as known from the time its source gives, not from now: for archives and rehearsals.
        feed: Read as this format instead of the best match.
        mapping: Column mapping for a table.
        encoding: Text encoding, if it is not UTF-8.
        timezone: Zone for times without one; the election's if None.
        published_at: When the counts are from, for files that do not say.
        status: Results status, for files that do not say.
        source: Who published the file, for files that do not say.
        actor: Who adds it.
        limits: Largest file that is read.
    """

    backfill: bool = False
    feed: str = ""
    mapping: object | None = None
    encoding: str = ""
    timezone: str | None = None
    published_at: datetime | None = None
    status: ResultsStatus | None = None
    source: str = ""
    actor: str = field(default_factory=login_name)
    limits: Limits = field(default_factory=Limits)

    @property
    def says_how(self) -> bool:
        """Whether the user says how the file is to be read, so that a second reading may differ from the first."""
        return bool(self.feed or self.mapping or self.encoding or self.published_at or self.status or self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of one file.

    Args:
        name: The file.
        feed: Format it was read as, "" if it could not be.
        releases: Releases recorded.
        statements: Statements recorded.
        reports: Reports recorded.
        findings: Everything that looks wrong.
        events: Events appended.
        votes_added: What the current counts of the contests gained; negative where they fell [votes].
        skipped: Why nothing was recorded, "" if something was.
    """

    name: str
    feed: str = ""
    releases: tuple[RecordedRelease, ...] = ()
    statements: tuple[Statement, ...] = ()
    reports: tuple[Report, ...] = ()
    findings: tuple[Finding, ...] = ()
    events: int = 0
    votes_added: int = 0
    skipped: str = ""


def receive(path: Path, options: AddOptions, *, received_at: datetime) -> tuple[bytes, Capture]:
    """Read a file's bytes."""
    raw = read_limited(path, options.limits)
    return raw, Capture(sha256=sha256_hex(raw), name=name_of(path), size=len(raw), received_at=received_at)


def document_of(raw: bytes, capture: Capture, options: AddOptions, *, timezone: str) -> Document:
    """Return the document a feed reads from a file's bytes: unpacked, in UTF-8 if another encoding was named."""
    data = unpack(capture.name, raw, options.limits)
    return Document(
        capture=capture,
        data=recode(capture.name, data, options.encoding) if options.encoding else data,
        timezone=options.timezone or timezone,
        mapping=options.mapping,
        source=options.source,
    )


def read_document(path: Path, options: AddOptions, *, received_at: datetime, timezone: str) -> tuple[bytes, Document]:
    """Read a file into its raw bytes and the document a feed reads."""
    raw, capture = receive(path, options, received_at=received_at)
    return raw, document_of(raw, capture, options, timezone=timezone)


def add_files(folder: ElectionFolder, paths: Sequence[Path], options: AddOptions) -> Iterator[Added]:
    """Add files to the record in the order given, one transaction a file.

    Raises:
        UsageError: There is no such file; nothing is recorded.
        SourceError: A file cannot be read; it is kept as a capture, and the files before it are recorded.
    """
    feeds = load_feeds()
    beside = dict(_beside(paths, options)) if len(paths) > 1 else {}
    for path in paths:
        companions = {name: data for name, data in beside.items() if name != path.name}
        yield _add(folder, path, companions, feeds, options)


def _beside(paths: Sequence[Path], options: AddOptions) -> Iterator[tuple[str, bytes]]:
    """Every file for the others, which may need it; what cannot be unpacked is said when its turn comes."""
    for path in paths:
        with suppress(SourceError):
            yield path.name, unpack(path.name, read_limited(path, options.limits), options.limits)


def _add(folder: ElectionFolder, path: Path, companions: Mapping[str, bytes], feeds: Sequence[Feed], options: AddOptions) -> Added:
    raw, capture = receive(path, options, received_at=folder.store.clock())
    return add_received(folder, raw, capture, options, feeds=feeds, companions=companions)


def add_received(
    folder: ElectionFolder, raw: bytes, capture: Capture, options: AddOptions, *, feeds: Sequence[Feed], companions: Mapping[str, bytes]
) -> Added:
    """Add bytes to the record, wherever they came from, in one transaction.

    Args:
        folder: The election.
        raw: The bytes, as received.
        capture: What they are known by.
        options: How they are to be read.
        feeds: Formats to choose from.
        companions: Other files of the same source, by name.

    Raises:
        SourceError: They cannot be read; they are kept as a capture.
    """
    ledger = folder.ledger()
    if not options.says_how and (earlier := _already_read(folder, ledger, capture.sha256)):
        return Added(name=capture.name, skipped=SKIPPED.format(earlier))
    folder.store.captures.put(raw)
    if capture.fetched and capture.fetched.rehearsal and not folder.election.rehearsal:
        return _not_counted(folder, capture, capture.fetched)
    try:
        document = replace(document_of(raw, capture, options, timezone=folder.election.timezone), companions=companions)
        reading = _read(folder, ledger, document, feeds, options)
    except SourceError:
        with folder.store.writing() as writing:
            writing.append([*_settings(folder, writing, capture), *_unread(writing.ledger, capture)])
        raise
    # A large file is held once at a time: its bytes are let go before its tables are worked on.
    document, raw = replace(document, data=b""), b""
    with folder.store.writing() as writing:
        # Another desk may have recorded the same file while we were reading it.
        if not options.says_how and (earlier := _already_read(folder, writing.ledger, capture.sha256)):
            return Added(name=capture.name, skipped=SKIPPED.format(earlier))
        return _record(folder, writing, document, reading, options)


def try_out(folder: ElectionFolder, raw: bytes, capture: Capture, options: AddOptions) -> tuple[Added, Trial]:
    """Return what recording these bytes would bring, and what would be appended; nothing is recorded.

    Tables of counts are kept as files all the same: they are named by their hash, and no event names them.

    Raises:
        SourceError: They cannot be read.
    """
    trial = Trial(folder.ledger(), folder.store.clock)
    document = document_of(raw, capture, options, timezone=folder.election.timezone)
    reading = _read(folder, trial.ledger, document, load_feeds(), options)
    return _record(folder, trial, document, reading, options), trial


@dataclass(slots=True)
class Trial:
    """Stands where a transaction would, and keeps to itself what is appended."""

    ledger: Ledger
    clock: Clock
    events: tuple[Event, ...] = ()

    @property
    def after(self) -> Ledger:
        """The ledger as it would be."""
        return Ledger((*self.ledger.events, *self.events))

    def append(self, drafts: Iterable[Draft]) -> tuple[Event, ...]:
        """Chain the drafts onto a ledger that nobody else sees."""
        self.events += (made := tuple(chain(drafts, seq=len(self.ledger), previous=self.ledger.head, recorded_at=self.clock())))
        return made


def _not_counted(folder: ElectionFolder, capture: Capture, fetched: Fetched) -> Added:
    """Keep what a rehearsal served and read nothing from it: a count once recorded would stay the current one."""
    finding = Finding(
        check="rehearsal_data",
        severity=Severity.HOLD_PUBLICATION,
        problem=f"{fetched.address} serves a rehearsal, and this election is none. The bytes are kept; no count was taken from them.",
        next_step=f"Correct the url of the source {fetched.source} in election.toml: it points at a night that is played again.",
        origin=Origin(name=fetched.source),
    )
    with folder.store.writing() as writing:
        batch = Batch(folder, read_records(writing.ledger), actor="racecall")
        batch.drafts += (*_settings(folder, writing, capture), *_unread(writing.ledger, capture))
        batch.find([finding], at=capture.received_at)
        return Added(name=capture.name, findings=(finding,), events=len(writing.append(batch.drafts)))


def _read(folder: ElectionFolder, ledger: Ledger, document: Document, feeds: Sequence[Feed], options: AddOptions) -> Reading:
    chosen = [feed for feed in feeds if feed.id == options.feed] if options.feed else feeds
    if not chosen:
        raise UnknownName(f"no feed {options.feed!r}.", next_step=f"Feeds: {', '.join(feed.id for feed in feeds)}.")
    document = replace(document, companions={**_kept_companions(folder, ledger), **document.companions})
    with without_panics():
        reading = registry.read(document, chosen)
    return replace(reading, releases=tuple(_completed(release, options) for release in reading.releases))


def _kept_companions(folder: ElectionFolder, ledger: Ledger) -> Mapping[str, bytes]:
    """Definition files that were added before, such as LA County's GetElectionData."""
    events = [event for event in ledger.of_kind(EventKind.CAPTURE) if event.body["defines"]]
    return {event.body["name"]: unpack(event.body["name"], folder.store.captures.get(event.body["sha256"])) for event in events}


def _completed(release: Release, options: AddOptions) -> Release:
    """Fill in what the file does not say and the user does."""
    return replace(
        release,
        published_at=release.published_at or options.published_at,
        status=options.status or release.status,
        source=options.source or release.source,
    )


def _settings(folder: ElectionFolder, writing: Appending, capture: Capture) -> tuple[Draft, ...]:
    return folder.record_settings(writing, capture.received_at, "racecall")


def _capture(capture: Capture, *, feed: str, at: datetime, defines: bool = False, how: Mapping[str, Any] | None = None) -> Draft:
    body: dict[str, Any] = {"sha256": capture.sha256, "name": capture.name, "size": capture.size, "feed": feed, "defines": defines}
    body |= {"fetched": asdict(capture.fetched)} if capture.fetched else {}
    body |= how or {}
    return Draft(kind=EventKind.CAPTURE, at=at, body=body)


def _how(reading: Reading, options: AddOptions) -> dict[str, Any]:
    """Return how the bytes were read, as far as they do not say it themselves: whoever reads them again needs it."""
    given = as_recorded(options.mapping) if isinstance(options.mapping, ColumnMap) else {}
    said = {"mapping": dict(reading.columns) or given, "encoding": options.encoding, "timezone": options.timezone}
    return {name: value for name, value in said.items() if value}


def _unread(ledger: Ledger, capture: Capture) -> tuple[Draft, ...]:
    """Record a file that could not be read, once."""
    known = any(event.body["sha256"] == capture.sha256 for event in ledger.of_kind(EventKind.CAPTURE))
    return () if known else (_capture(capture, feed="", at=capture.received_at),)


def _read_before(ledger: Ledger, sha256: str) -> int:
    """Return the number of the event in which these bytes were first read, 0 if they never were."""
    captures = (event.seq for event in ledger.of_kind(EventKind.CAPTURE) if event.body["sha256"] == sha256 and event.body["feed"])
    return next(captures, 0)


def _already_read(folder: ElectionFolder, ledger: Ledger, sha256: str) -> int:
    """Return the number of the event in which these bytes were read under today's settings, 0 if they never were."""
    opened = list(ledger.of_kind(EventKind.OPENED))
    if not opened or opened[-1].body["settings"] != sha256_hex(folder.settings):
        return 0
    captures = (event for event in ledger.of_kind(EventKind.CAPTURE) if event.body["sha256"] == sha256 and event.body["feed"])
    return next((event.seq for event in captures if event.seq > opened[-1].seq), 0)


def _record(folder: ElectionFolder, writing: Appending, document: Document, reading: Reading, options: AddOptions) -> Added:
    times = Times(document.received_at, backfill=options.backfill, name=document.capture.name)
    first = times.earliest(reading)
    before = read_records(writing.ledger)
    batch = Batch(folder, before, actor=options.actor)
    settings = _settings(folder, writing, document.capture)
    batch.drafts += settings
    batch.drafts.append(_capture(document.capture, feed=reading.feed, at=first, defines=reading.defines, how=_how(reading, options)))
    statements = _not_said_before(resolve_statements(reading, folder.election), (statement for _, statement in batch.known.statements))
    reports = _not_said_before(resolve_reports(reading, folder.election, batch.known.reports), batch.known.reports)
    batch.find(resolve_findings(reading, folder.election), at=first)
    for release in reading.releases:
        batch.release(release, at=times.of(release.published_at))
    for statement in statements:
        batch.drafts.append(records.statement_draft(statement, at=times.of(statement.stated_at), actor=options.actor))
    for report in reports:
        batch.drafts.append(records.report_draft(report, at=times.of(report.at), actor=options.actor))
    batch.find(_unknown_contests(folder, (*statements, *reports), document), at=first)
    batch.known = replace(batch.known, reports=(*batch.known.reports, *reports))
    batch.find(check_figures(reports, folder.election, batch.known), at=first)
    if (earlier := _read_before(writing.ledger, document.capture.sha256)) and not (batch.releases or statements or reports):
        return Added(name=document.capture.name, feed=reading.feed, events=len(writing.append(settings)), skipped=SKIPPED.format(earlier))
    events = writing.append(batch.drafts)
    return Added(
        name=document.capture.name,
        feed=reading.feed,
        releases=tuple(batch.releases),
        statements=statements,
        reports=reports,
        findings=tuple(batch.findings),
        events=len(events),
        votes_added=_votes_added(before, batch.known),
    )


def _votes_added(before: Records, after: Records) -> int:
    """Sum what the current counts gained; a release from before the current one changes none of them."""
    were, are = before.current(), after.current()
    new = {contest: release for contest, release in are.items() if were.get(contest) is not release}
    return sum(
        release.contests[contest].total - (were[contest].contests[contest].total if contest in were else 0)
        for contest, release in new.items()
    )


class Batch:
    """Everything that one file adds to the record, in order; each release is checked beside those before it in the same file."""

    def __init__(self, folder: ElectionFolder, known: Records, *, actor: str) -> None:
        self.folder = folder
        self.known = known
        self.actor = actor
        self.drafts: list[Draft] = []
        self.findings: list[Finding] = []
        self.found = {finding.id for _, finding in known.findings}
        self.releases: list[RecordedRelease] = []

    def find(self, findings: Iterable[Finding], *, at: datetime) -> None:
        """Add findings, known from `at`."""
        made = [finding for finding in findings if finding.id not in self.found]
        self.found |= {finding.id for finding in made}
        self.findings += made
        self.drafts += [records.finding_draft(finding, at=at, actor="racecall") for finding in made]

    def release(self, release: Release, *, at: datetime) -> None:
        """Add a release, and what looks wrong in it beside what is known."""
        recorded, findings = record_release(self.folder, release, self.known, at=at)
        if not recorded.contests and any(known.capture == recorded.capture for known in self.known.releases):
            return
        self.known = replace(self.known, releases=(*self.known.releases, recorded))
        self.releases.append(recorded)
        self.drafts.append(records.release_draft(recorded, actor=self.actor))
        self.find(findings, at=at)


@dataclass(frozen=True, slots=True)
class Times:
    """When a fact in a file became known: now, or, when an archive is filled in, at the time its source gives."""

    received_at: datetime
    backfill: bool = field(kw_only=True)
    name: str = field(kw_only=True)

    def of(self, moment: datetime | None) -> datetime:
        """Return when a fact with this time became known."""
        if not self.backfill:
            return self.received_at
        if moment is None:
            raise UsageError(
                "the file does not say when its counts are from.",
                where=self.name,
                next_step="Give the time: --published-at 2017-04-14T17:00-07:00",
            )
        return moment

    def earliest(self, reading: Reading) -> datetime:
        """Return when the first fact of a reading became known."""
        if not self.backfill:
            return self.received_at
        given = [release.published_at for release in reading.releases]
        given += [statement.stated_at for statement in reading.statements] + [report.at for report in reading.reports]
        return min((moment for moment in given if moment), default=self.received_at)


def record_release(
    folder: ElectionFolder, release: Release, known: Records, *, at: datetime
) -> tuple[RecordedRelease, tuple[Finding, ...]]:
    """Keep a release's tables and return how the ledger records it, with everything that looks wrong beside what is `known`."""
    resolution = resolve(release, folder.election)
    counts, jurisdiction, wrong_totals = totals.contest_counts(resolution, folder.election)
    whole = RecordedRelease(
        seq=1 + max((earlier.seq for earlier in known.releases), default=0),
        at=at,
        published_at=release.published_at,
        source=release.source,
        feed=release.feed,
        status=release.status,
        capture=release.origin.capture,
        counts=folder.store.put_table(resolution.release.counts),
        ballots=folder.store.put_table(resolution.release.ballots),
        contests=counts,
        jurisdiction=jurisdiction,
        ignored=resolution.ignored,
        note=release.note,
    )
    recorded = _news(whole, known)
    beside = checks.check_release(recorded, folder.election, known)
    cells = tuple(_cells(folder, resolution.release, recorded, known))
    alone = tuple(_units(folder, resolution.release, known))
    return recorded, (*resolution.findings, *wrong_totals, *beside, *cells, *alone, *_nothing_followed(whole, release))


def _news(release: RecordedRelease, known: Records) -> RecordedRelease:
    """Leave out counts recorded from the same bytes before: a file is added again when election.toml or its mapping was corrected."""
    same = [one for one in known.releases if (one.capture, one.status, one.source) == (release.capture, release.status, release.source)]
    counts = {contest: count for one in same if one.published_at == release.published_at for contest, count in one.contests.items()}
    return replace(release, contests={contest: count for contest, count in release.contests.items() if counts.get(contest) != count})


Said = TypeVar("Said", Statement, Report)


def _not_said_before(said: Iterable[Said], known: Iterable[Said]) -> tuple[Said, ...]:
    """Leave out what is in the record already, from the same place in the same bytes, whatever the file was called."""
    before = [_nameless(item) for item in known]
    return tuple(item for item in said if _nameless(item) not in before)


def _nameless(said: Said) -> Said:
    return replace(said, origin=replace(said.origin, name=""))


def _cells(folder: ElectionFolder, release: Release, recorded: RecordedRelease, known: Records) -> Iterator[Finding]:
    """Compare with the cells of the source's release before, if both have detail."""
    if (release.counts.get_column("unit") == ALL_UNITS).all():
        return
    earlier = [
        r
        for r in known.releases
        if r.source == recorded.source and r.counts and r.moment <= recorded.moment and r.contests.keys() & recorded.contests.keys()
    ]
    latest = max(earlier, key=lambda release: release.order, default=None)
    if latest is None or latest.counts == recorded.counts:
        return
    yield from checks_units.check_cells(folder.store.get_table(latest.counts), release.counts, folder.election, origin=release.origin)


def _units(folder: ElectionFolder, release: Release, known: Records) -> Iterator[Finding]:
    """Look at the units of a release by themselves; a unit that was named before is named again only with more units than then."""
    named: dict[tuple[str, str, str, str], int] = {}
    for _, finding in known.findings:
        named[(finding.check, finding.contest, finding.unit, finding.option)] = finding.count
    paper = checks_units.check_ballots(release.counts, release.ballots, folder.election, origin=release.origin)
    for finding in (*paper, *outliers.check_units(release.counts, folder.election, origin=release.origin)):
        if finding.count > named.get((finding.check, finding.contest, finding.unit, finding.option), 0):
            yield finding


def _nothing_followed(recorded: RecordedRelease, release: Release) -> Iterator[Finding]:
    if not recorded.contests:
        yield Finding(
            check="nothing_followed",
            severity=Severity.HOLD_PUBLICATION,
            problem=f"No contest in the file is in election.toml ({len(recorded.ignored):,} looked at); no count was recorded.",
            next_step="Add the contest's name in the file to source_names of a contest in election.toml.",
            origin=release.origin,
        )


def _unknown_contests(folder: ElectionFolder, said: Iterable[Statement | Report], document: Document) -> Iterator[Finding]:
    """A statement or report about a contest that is not followed is kept; a person should know."""
    followed = {contest.id for contest in folder.election} | {""}
    for item in said:
        if item.contest not in followed:
            yield Finding(
                check="unknown_contest",
                severity=Severity.NOTE,
                problem=f'"{item.contest}" is no contest of this election; what was said about it is kept and used nowhere.',
                next_step="Correct the contest's id in the entry, or add the contest to election.toml.",
                origin=Origin(capture=document.capture.sha256, name=document.capture.name, row=item.origin.row),
            )


def read_only(paths: Sequence[Path], options: AddOptions, *, timezone: str) -> tuple[Reading, ...]:
    """Read files without recording anything, for `racecall new --from`."""
    feeds = load_feeds()
    read = [read_document(path, options, received_at=now(), timezone=timezone)[1] for path in paths]
    beside = {document.capture.name: document.data for document in read}
    with without_panics():
        return tuple(registry.read(replace(document, companions=beside), feeds) for document in read)
