"""Rows into the record of coverage: each with a source, none that refers to nothing, all of a file or none of it.

A row is never changed. One with the same kind and id that is recorded later takes its place from its own moment on; one that says what the
standing row says already changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from racecall.coverage.files import Entry, Usual, csv_entries, known_from, rows_of, toml_entries
from racecall.coverage.popolo import popolo_entries
from racecall.coverage.record import Version, row_draft, row_of, rows_in, standing_rows
from racecall.coverage.references import Broken, broken_references, contest_of, names_known
from racecall.coverage.rows import Row, kind_of
from racecall.desk.clock import login_name
from racecall.desk.folder import ElectionFolder
from racecall.desk.recording import AddOptions, document_of, receive
from racecall.errors import UnknownFormat, UnknownName, UsageError
from racecall.feeds.text import decode
from racecall.ledger.events import EventKind, Ledger, iso
from racecall.model.contest import Election

MOST_NAMED = 20
"""References to nothing that one message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What became of rows.

    Args:
        recorded: Those that are in the record now.
        known: Those that said what stood there already.
        events: Events appended.
    """

    recorded: tuple[Row, ...]
    known: tuple[Row, ...]
    events: int


def add_rows(folder: ElectionFolder, rows: Sequence[Row], *, by: str = "") -> Covered:
    """Put rows into the record in one transaction.

    Args:
        folder: The election.
        rows: In the order they are to be recorded; they may refer to each other.
        by: Who adds them; the login name if empty.

    Raises:
        UnknownName: A row refers to something that is neither in the record, nor in the settings, nor among the rows.
        UsageError: A row would be known from a moment that has not come.
    """
    with folder.store.writing() as writing:
        before = tuple(rows_in(writing.ledger))
        _refuse_future(rows, folder.store.clock())
        refuse_broken([*before, *rows], rows, folder.election)
        new = tuple(news(rows, before))
        who = by.strip() or login_name()
        events = writing.append([row_draft(row, actor=who, contest=contest_of(row)) for row in new])
    fresh = set(map(id, new))
    return Covered(recorded=new, known=tuple(row for row in rows if id(row) not in fresh), events=len(events))


def add_entries(
    folder: ElectionFolder, files: Iterable[tuple[str, Sequence[Entry]]], *, source: str = "", as_of: str = "", by: str = ""
) -> Covered:
    """Put what somebody wrote into the record: all of it, or nothing if something is wrong.

    Args:
        folder: The election.
        files: Entries by the name of the file they are from, "" for a command line.
        source: Who says so, for entries that do not say.
        as_of: From when they were known, as typed, for entries that do not say; now if empty.
        by: Who adds them; the login name if empty.

    Raises:
        SettingsError: An entry does not make a row.
        UnknownName: A row refers to nothing.
    """
    now = Usual(zone=folder.election.zone, now=folder.store.clock(), source=source)
    usual = replace(now, as_of=known_from(as_of, now)) if as_of else now
    return add_rows(folder, [row for name, entries in files for row in rows_of(entries, usual, where=name)], by=by)


def read_entries(folder: ElectionFolder, paths: Sequence[Path], kind: str = "") -> Iterator[tuple[str, Sequence[Entry]]]:
    """Yield what files hold, by their names.

    Args:
        folder: The election.
        paths: The files; what each is, its name says.
        kind: What the rows of a CSV are.

    Raises:
        UsageError: There is no such file, or a CSV and no kind.
        BrokenFile: It cannot be read.
    """
    for path in paths:
        raw, capture = receive(path, AddOptions(), received_at=folder.store.clock())
        text, _ = decode(document_of(raw, capture, AddOptions(), timezone=folder.election.timezone))
        yield capture.name, _entries(capture.name, text, kind)


def _entries(name: str, text: str, kind: str) -> Sequence[Entry]:
    ending = name.removesuffix(".gz").rpartition(".")[2].lower()
    if ending == "csv" and not kind:
        raise UsageError("a CSV does not say what its rows are.", where=name, next_step="Name the kind: --kind endorsement")
    if ending not in READERS:
        raise UnknownFormat("this is no file of rows.", where=name, next_step=f"Give one that ends in {', '.join(READERS)}.")
    return READERS[ending](name, text, kind)


READERS: Mapping[str, Callable[[str, str, str], Sequence[Entry]]] = {
    "toml": lambda name, text, _: toml_entries(name, text),
    "csv": csv_entries,
    "json": lambda name, text, _: popolo_entries(name, text),
}
"""Ending of a file's name -> what reads it."""


def versions_of(ledger: Ledger, kind: str, id_: str) -> tuple[Version, ...]:
    """Return every version of a row, in the order they were recorded.

    Raises:
        UnknownName: There is no such row.
    """
    events = [event for event in ledger.of_kind(EventKind.COVERAGE) if (event.body["kind"], event.body["row"]["id"]) == (kind, id_)]
    if not events:
        raise UnknownName(f'there is no row "{kind}/{id_}".', next_step="See what there is: racecall coverage list DIR KIND")
    return tuple(Version(row=row_of(event), actor=event.actor, recorded_at=event.recorded_at, seq=event.seq) for event in events)


def news(rows: Iterable[Row], before: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows that say something else than the row that stands in their place at their moment."""
    versions: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in before:
        versions[kind_of(row), row.id].append(row)
    for row in rows:
        known = versions[kind_of(row), row.id]
        if not any(replace(one, as_of=row.as_of) == row for one in standing_rows(known, row.as_of)):
            known.append(row)
            yield row


def refuse_broken(known: Iterable[Row], rows: Iterable[Row], election: Election) -> None:
    """Raise `UnknownName` if one of the rows refers to nothing."""
    broken = tuple(broken_references(rows, names_known(known, election)))
    if broken:
        more = [f"… and {len(broken) - MOST_NAMED} more"] if len(broken) > MOST_NAMED else []
        count = "1 reference" if len(broken) == 1 else f"{len(broken)} references"
        raise UnknownName(
            "\n  ".join([f"{count} to nothing; nothing was recorded.", *map(_sentence, broken[:MOST_NAMED]), *more]),
            next_step="Put what is named into the same file or record it first. What is there: racecall coverage list DIR KIND",
        )


def _sentence(broken: Broken) -> str:
    return f'{kind_of(broken.row)}/{broken.row.id}, {broken.field}: there is no {" or ".join(broken.kinds)} "{broken.value}".'


def _refuse_future(rows: Iterable[Row], now: datetime) -> None:
    if early := next((row for row in rows if row.as_of > now), None):
        raise UsageError(
            f"as_of is {iso(early.as_of)}, and it is {iso(now)}; nothing was recorded.",
            where=f"{kind_of(early)}/{early.id}",
            next_step="as_of is when the row became known. A day that is still to come has a field of its own (effective, date …).",
        )
