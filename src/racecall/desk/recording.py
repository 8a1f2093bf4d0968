"""Putting a file into the record: keep the bytes, read them, check them beside what is known, append the events.

The order matters. Bytes are on disk before anything is read from them. Names become ids, detail becomes totals, and every check looks at
the release beside the record; then all events of the file are appended in one transaction. A finding never stops the record from being
kept, and a file that cannot be read at all is still kept as a capture.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from racecall.desk.clock import now
from racecall.desk.files import read_limited
from racecall.desk.folder import ElectionFolder
from racecall.desk.plugins import load_feeds
from racecall.desk.store import Writing
from racecall.errors import SourceError, UnknownName, UsageError
from racecall.feeds import registry
from racecall.feeds.base import Document, Feed
from racecall.feeds.text import Limits, recode, unpack
from racecall.ledger import checks, records, totals
from racecall.ledger.events import Draft, EventKind, Ledger
from racecall.ledger.figures import check_figures
from racecall.ledger.records import RecordedRelease, Records, read_records
from racecall.ledger.resolve import resolve, resolve_findings
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release, Report, ResultsStatus, Statement
from racecall.model.units import ALL_UNITS
from racecall.origin import Capture, Origin, sha256_hex


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
    actor: str = field(default_factory=getpass.getuser)
    limits: Limits = field(default_factory=Limits)


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
        skipped: Why nothing was recorded, "" if something was.
    """

    name: str
    feed: str = ""
    releases: tuple[RecordedRelease, ...] = ()
    statements: tuple[Statement, ...] = ()
    reports: tuple[Report, ...] = ()
    findings: tuple[Finding, ...] = ()
    events: int = 0
    skipped: str = ""


def read_document(path: Path, options: AddOptions, *, received_at: datetime, timezone: str) -> tuple[bytes, Document]:
    """Read a file into its raw bytes and the document a feed reads."""
    raw = read_limited(path, options.limits)
    data = unpack(path.name, raw, options.limits)
    capture = Capture(sha256=sha256_hex(raw), name=path.name, size=len(raw), received_at=received_at)
    document = Document(
        capture=capture,
        data=recode(path.name, data, options.encoding) if options.encoding else data,
        timezone=options.timezone or timezone,
        mapping=options.mapping,
        source=options.source,
    )
    return raw, document


def add_files(folder: ElectionFolder, paths: Sequence[Path], options: AddOptions) -> Iterator[Added]:
    """Add files to the record in the order given, one transaction a file.

    Raises:
        SourceError: A file cannot be read; it is kept as a capture, and the files before it are recorded.
    """
    feeds = load_feeds()
    received_at = folder.store.clock()
    read = [read_document(path, options, received_at=received_at, timezone=folder.election.timezone) for path in paths]
    beside = {document.capture.name: document.data for _, document in read} if len(read) > 1 else {}
    for raw, document in read:
        companions = {name: data for name, data in beside.items() if name != document.capture.name}
        yield _add(folder, raw, replace(document, companions=companions), feeds, options)


def _add(folder: ElectionFolder, raw: bytes, document: Document, feeds: Sequence[Feed], options: AddOptions) -> Added:
    folder.store.captures.put(raw)
    try:
        reading = _read(folder, document, feeds, options)
    except SourceError:
        with folder.store.writing() as writing:
            writing.append([*_settings(folder, writing, document), *_capture_once(writing.ledger, document, feed="")])
        raise
    with folder.store.writing() as writing:
        if earlier := _already_read(writing.ledger, document.capture.sha256):
            return Added(
                name=document.capture.name, feed=reading.feed, skipped=f"already in the record as event {earlier}; nothing changes"
            )
        return _record(folder, writing, document, reading, options)


def _read(folder: ElectionFolder, document: Document, feeds: Sequence[Feed], options: AddOptions) -> Reading:
    chosen = [feed for feed in feeds if feed.id == options.feed] if options.feed else feeds
    if not chosen:
        raise UnknownName(f"no feed {options.feed!r}.", next_step=f"Feeds: {', '.join(feed.id for feed in feeds)}.")
    reading = registry.read(replace(document, companions={**_kept_companions(folder), **document.companions}), chosen)
    return replace(reading, releases=tuple(_completed(release, options) for release in reading.releases))


def _kept_companions(folder: ElectionFolder) -> Mapping[str, bytes]:
    """Definition files that were added before, such as LA County's GetElectionData."""
    events = [event for event in folder.ledger().of_kind(EventKind.CAPTURE) if event.body["defines"]]
    return {event.body["name"]: unpack(event.body["name"], folder.store.captures.get(event.body["sha256"])) for event in events}


def _completed(release: Release, options: AddOptions) -> Release:
    """Fill in what the file does not say and the user does."""
    return replace(
        release,
        published_at=release.published_at or options.published_at,
        status=options.status or release.status,
        source=options.source or release.source,
    )


def _settings(folder: ElectionFolder, writing: Writing, document: Document) -> tuple[Draft, ...]:
    return folder.record_settings(writing, document.received_at, "racecall")


def _capture_once(ledger: Ledger, document: Document, *, feed: str, defines: bool = False) -> tuple[Draft, ...]:
    capture = document.capture
    if any(event.body["sha256"] == capture.sha256 and event.body["feed"] == feed for event in ledger.of_kind(EventKind.CAPTURE)):
        return ()
    body = {"sha256": capture.sha256, "name": capture.name, "size": capture.size, "feed": feed, "defines": defines}
    return (Draft(kind=EventKind.CAPTURE, at=capture.received_at, body=body),)


def _already_read(ledger: Ledger, sha256: str) -> int:
    """Return the number of the event in which these bytes were read, 0 if they never were."""
    captures = (event.seq for event in ledger.of_kind(EventKind.CAPTURE) if event.body["sha256"] == sha256 and event.body["feed"])
    return next(captures, 0)


def _record(folder: ElectionFolder, writing: Writing, document: Document, reading: Reading, options: AddOptions) -> Added:
    known = read_records(writing.ledger)
    times = Times(document.received_at, backfill=options.backfill, name=document.capture.name)
    drafts = [*_settings(folder, writing, document)]
    drafts += [
        _backdated(draft, times, reading) for draft in _capture_once(writing.ledger, document, feed=reading.feed, defines=reading.defines)
    ]
    findings = list(resolve_findings(reading.findings, folder.election))
    drafts += [records.finding_draft(finding, at=times.earliest(reading), actor="racecall") for finding in findings]
    made: list[RecordedRelease] = []
    for release in reading.releases:
        recorded, wrong = record_release(folder, release, known, at=times.of(release.published_at))
        known = replace(known, releases=(*known.releases, recorded))
        made.append(recorded)
        findings += wrong
        drafts.append(records.release_draft(recorded, actor=options.actor))
        drafts += [records.finding_draft(finding, at=recorded.at, actor="racecall") for finding in wrong]
    said = replace(known, reports=(*known.reports, *reading.reports))
    wrong = (
        *_unknown_contests(folder, (*reading.statements, *reading.reports), document),
        *check_figures(reading.reports, folder.election, said),
    )
    findings += wrong
    drafts += [records.finding_draft(finding, at=times.earliest(reading), actor="racecall") for finding in wrong]
    drafts += [
        records.statement_draft(statement, at=times.of(statement.stated_at), actor=options.actor) for statement in reading.statements
    ]
    drafts += [records.report_draft(report, at=times.of(report.at), actor=options.actor) for report in reading.reports]
    events = writing.append(drafts)
    return Added(
        name=document.capture.name,
        feed=reading.feed,
        releases=tuple(made),
        statements=reading.statements,
        reports=reading.reports,
        findings=tuple(findings),
        events=len(events),
    )


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


def _backdated(draft: Draft, times: Times, reading: Reading) -> Draft:
    return replace(draft, at=times.earliest(reading))


def record_release(
    folder: ElectionFolder, release: Release, known: Records, *, at: datetime
) -> tuple[RecordedRelease, tuple[Finding, ...]]:
    """Keep a release's tables and return how the ledger records it, with everything that looks wrong beside what is `known`."""
    resolution = resolve(release, folder.election)
    counts, jurisdiction, wrong_totals = totals.contest_counts(resolution)
    recorded = RecordedRelease(
        seq=0,
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
    beside = checks.check_release(recorded, folder.election, known)
    cells = tuple(_cells(folder, resolution.release, recorded, known))
    return recorded, (*resolution.findings, *wrong_totals, *beside, *cells, *_nothing_followed(recorded, release))


def _cells(folder: ElectionFolder, release: Release, recorded: RecordedRelease, known: Records) -> Iterator[Finding]:
    """Compare with the cells of the source's release before, if both have detail."""
    earlier = [
        r
        for r in known.releases
        if r.source == recorded.source and r.counts and r.moment <= recorded.moment and r.contests.keys() & recorded.contests.keys()
    ]
    if not earlier or earlier[-1].counts == recorded.counts or (release.counts.get_column("unit") == ALL_UNITS).all():
        return
    yield from checks.check_cells(folder.store.get_table(earlier[-1].counts), release.counts, folder.election, origin=release.origin)


def _nothing_followed(recorded: RecordedRelease, release: Release) -> Iterator[Finding]:
    if not recorded.contests:
        yield Finding(
            check="nothing_followed",
            severity=Severity.HOLD_PUBLICATION,
            problem=f"None of the {len(recorded.ignored):,} contests in the file is in election.toml; no count was recorded.",
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
    return tuple(registry.read(replace(document, companions=beside), feeds) for document in read)
