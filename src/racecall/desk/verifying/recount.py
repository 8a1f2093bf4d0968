"""Each release of the record against its own bytes: read a second time, named and added up again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from racecall.desk.verifying.bodies import Capture, Count
from racecall.desk.verifying.counted import Counted, Part, Unclear, totals
from racecall.desk.verifying.election import Election, read_election
from racecall.desk.verifying.kept import file_of, kept_bytes
from racecall.desk.verifying.record import Event, Record
from racecall.desk.verifying.reread import read_again, statements_again


@dataclass(slots=True, kw_only=True)
class Recount:
    """What came of counting again.

    Args:
        releases: Releases that were counted again, all of them or but for some contests.
        problems: Figures that are not those of the bytes.
        unclear: Why something was not counted again -> the events.
    """

    releases: int = 0
    problems: list[str] = field(default_factory=list)
    unclear: dict[str, list[int]] = field(default_factory=dict)

    @property
    def notes(self) -> Iterator[str]:
        """What was not counted again, a sentence for each reason."""
        for reason, events in self.unclear.items():
            which = f"event {events[0]}" if len(events) == 1 else f"{len(events):,} events from {events[0]} on"
            yield f"not recomputed: {reason} ({which})."


def recount(path: Path, record: Record) -> Recount:
    """Count every release again, and look up every statement of a hand entry."""
    found = Recount()
    files = _Files(path)
    settings: Election | None = None
    for event in record.events:
        if event.kind == "opened":
            settings = _settings(path, event, found)
        elif event.kind == "capture":
            files.received(event)
        elif event.kind in CHECKED and settings and files.has(event):
            try:
                found.problems += [f"event {event.seq}: {said}" for said in CHECKED[event.kind](event, files, settings, found)]
            except Unclear as reason:
                found.unclear.setdefault(str(reason), []).append(event.seq)
    return found


def _settings(path: Path, event: Event, found: Recount) -> Election | None:
    data = kept_bytes(path, "captures", event.body.settings)
    try:
        return read_election(data) if data else None
    except (ValueError, KeyError, TypeError) as error:
        found.problems.append(f"event {event.seq}: the settings it records cannot be read ({type(error).__name__}: {error}).")
        return None


class _Files:
    """The captures, each read again when it is asked for; the last one is kept, since a file may hold many releases.

    The same bytes may have been received again, to be read in another way: what counts is how they were read last before the event.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.how: dict[str, Capture] = {}
        self.seen: dict[str, set[str]] = {}
        self._last: tuple[tuple[Capture, str], list[Counted] | Unclear] = ((Capture(sha256="", name=""), ""), [])

    def received(self, event: Event) -> None:
        """Take note of how bytes were read."""
        self.how[event.body.sha256] = event.body

    def has(self, event: Event) -> bool:
        """Whether the bytes behind an event are there; if they are not, that is said elsewhere."""
        return bool(_capture_of(event)) and file_of(self.path, "captures", _capture_of(event)).is_file()

    def bytes_of(self, event: Event) -> bytes:
        """Return the bytes behind an event."""
        return kept_bytes(self.path, "captures", _capture_of(event)) or b""

    def counted(self, event: Event, zone: str) -> list[Counted]:
        """Return the releases in the bytes behind an event.

        Raises:
            Unclear: They cannot be read again.
        """
        how = self.how.get(event.body.capture, Capture(sha256=event.body.capture, name=""))
        if self._last[0] != (how, zone):
            self._last = ((how, zone), self._read(event, how, zone))
        if isinstance(self._last[1], Unclear):
            raise self._last[1]
        return self._last[1]

    def _read(self, event: Event, how: Capture, zone: str) -> list[Counted] | Unclear:
        said = {"name": how.name, "zone": how.timezone or zone, "encoding": how.encoding}
        try:
            return read_again(event.body.feed, self.bytes_of(event), mapping=how.mapping, **said)
        except Unclear as reason:
            return reason


def _capture_of(event: Event) -> str:
    return str(event.body.capture if event.kind == "release" else event.body.origin.capture)


def _release(event: Event, files: _Files, election: Election, found: Recount) -> Iterator[str]:
    read = files.counted(event, election.zone)
    found.releases += 1
    seen = files.seen.setdefault(event.body.capture, set())
    yield from _differences(event, read, election, seen, found)
    seen.update(event.body.contests)


def _statement(event: Event, files: _Files, election: Election, _: Recount) -> Iterator[str]:
    said = event.body
    how = files.how.get(said.origin.capture)
    if how is None or how.feed != "hand":
        raise Unclear(f"no second reader for the statements of {(how and how.feed) or 'such a file'}")
    entered = statements_again(files.bytes_of(event), how.timezone or election.zone)
    if (event.contest, said.kind, said.ballots, said.stated_at, said.category) not in entered:
        yield f"its bytes have no such statement ({said.ballots:,} ballots {said.kind})."


CHECKED: Mapping[str, Callable[[Event, _Files, Election, Recount], Iterator[str]]] = {"release": _release, "statement": _statement}
"""Kinds of events that are held against their bytes, and how."""


def _differences(event: Event, read: list[Counted], election: Election, seen: set[str], found: Recount) -> Iterator[str]:
    """Compare a release with the releases in its bytes that are from its time; one that agrees is enough."""
    at = event.body.published_at
    candidates = [counted for counted in read if counted.at is None or counted.at == at]
    if not candidates:
        yield f"no count in its bytes is from {at}."
        return
    compared = [_Compared(event, counted, election, seen) for counted in candidates]
    best = min(compared, key=lambda one: len(one.problems))
    for reason in best.unclear:
        found.unclear.setdefault(reason, []).append(event.seq)
    yield from best.problems


class _Compared:
    """One release beside one count in its bytes."""

    def __init__(self, event: Event, counted: Counted, election: Election, seen: set[str]) -> None:
        self.problems: list[str] = []
        self.unclear: list[str] = []
        parts: dict[str, list[Part]] = {}
        for names, part in counted.parts.items():
            parts.setdefault(election.names.id_of(*names), []).append(part)
        for contest, count in event.body.contests.items():
            self._contest(contest, count, parts.get(contest, []), election, sure=counted.complete)
        left_out = [contest for contest in parts if contest and contest not in event.body.contests and contest not in seen]
        if counted.complete and event.body.feed != "hand":
            self.problems += [f"it leaves out {contest}, which its bytes have." for contest in left_out if _has_rows(parts[contest])]

    def _contest(self, contest: str, count: Count, parts: list[Part], election: Election, *, sure: bool) -> None:
        if not parts and sure:
            self.problems.append(f"its bytes have no {contest}.")
        elif not parts:
            self.unclear.append(f"{contest} has another name in its table, which the record does not keep")
        elif len(parts) > 1 or parts[0].unclear:
            self.unclear.append(f"{contest}: {parts[0].unclear or 'several contests of the file stand for it'}")
        else:
            self._figures(contest, count, parts[0], election)

    def _figures(self, contest: str, count: Count, part: Part, election: Election) -> None:
        names = election.contests[contest].names
        placed = Part()
        for (unit, count_type, option), votes in part.cells.items():
            placed.put(unit, count_type, names.id_of(option) or option, votes)
        if placed.unclear:
            self.unclear.append(f"{contest}: {placed.unclear}")
            return
        recorded = {**count.votes, **count.unknown}
        self.problems += _unequal(f"votes of {contest}", totals(placed.cells.items()), recorded)
        if part.ballots is not None:
            self.problems += _unequal(f"ballots of {contest}", part.ballots, count.ballots)
        if part.units is not None and part.units != (count.units_reported, count.units_total):
            self.problems.append(f"units reported of {contest} are {part.units[0]} of {part.units[1]} in its bytes.")


def _has_rows(parts: list[Part]) -> bool:
    return any(part.cells for part in parts)


def _unequal(what: str, counted: Mapping[str, int], recorded: Mapping[str, int]) -> Iterator[str]:
    """Name the first figure that differs, and how many more do."""
    wrong = [name for name in {**recorded, **counted} if counted.get(name) != recorded.get(name)]
    if wrong:
        more = f" ({len(wrong) - 1:,} more differ)" if len(wrong) > 1 else ""
        yield f"{what}: {wrong[0]} has {_said(recorded.get(wrong[0]))} in the record and {_said(counted.get(wrong[0]))} in its bytes{more}."


def _said(figure: int | None) -> str:
    return "no figure" if figure is None else f"{figure:,}"
