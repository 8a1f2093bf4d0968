"""A recorded night served again, at any speed: for the people who will sit at the desk, and for the programs.

A recording is an election folder, whose captures are served in the order and at the offsets at which they became known, or any folder of
files that carry a time. Everything that is served says that it is a rehearsal, and from which moment of the night it is; the bytes are
those of the night, unchanged.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from racecall.desk.drafting import Ids, draft_election
from racecall.desk.files import name_of, read_limited
from racecall.desk.folder import ElectionFolder, new_folder, open_folder
from racecall.desk.recording import AddOptions, read_only
from racecall.desk.settings import FILE, render_election
from racecall.errors import SourceError, UsageError
from racecall.ledger.events import Event, EventKind, iso
from racecall.model.contest import Election
from racecall.model.source import Source
from racecall.origin import sha256_hex

HOST = "127.0.0.1"
"""A rehearsal is served on this machine only."""
NAMED_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[T_ -]?(\d\d)[:.-]?(\d\d)(?:[:.-]?(\d\d))?(Z?)")
"""A time in a file's name: ``2022-11-09T083136``, ``20221109_0831``, ``2022-11-09T08:31:36Z``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A file of the night, and from when on it was what the address gave.

    Args:
        at: When it became known on the night (aware).
        name: What it was called.
        read: Reads its bytes.
    """

    at: datetime
    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What one address gave in the course of the night.

    Args:
        path: Its path on our server, without the slash.
        frames: The files, oldest first.
        owner: What it belongs to: a source, or a format.
        defines: Whether these are files that others cannot be read without.
    """

    path: str
    frames: tuple[Frame, ...]
    owner: str = ""
    defines: bool = False

    def shown(self, moment: datetime) -> Frame | None:
        """Return the file that the address gave at a moment of the night, None before the first."""
        return next((frame for frame in reversed(self.frames) if frame.at <= moment), None)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded night.

    Args:
        streams: What each address gave.
    """

    streams: tuple[Stream, ...]

    @property
    def began(self) -> datetime:
        """When the first file became known."""
        return min(stream.frames[0].at for stream in self.streams)

    @property
    def ended(self) -> datetime:
        """When the last one did."""
        return max(stream.frames[-1].at for stream in self.streams)

    @property
    def files(self) -> int:
        """How many files there are."""
        return sum(len(stream.frames) for stream in self.streams)

    def moment(self, elapsed: float, speed: float) -> datetime:
        """Return the moment of the night that is played.

        Args:
            elapsed: Since the rehearsal began [seconds].
            speed: Seconds of the night in a second.
        """
        return self.began + timedelta(seconds=min(elapsed * speed, (self.ended - self.began).total_seconds()))

    def sources(self, port: int, speed: float) -> tuple[Source, ...]:
        """Return the sources to watch: asked about once in a minute of the night, and at most once a second."""
        base = f"http://{HOST}:{port}/"
        every = max(1, round(60 / speed))
        return tuple(
            Source(
                name=stream.path,
                url=base + stream.path,
                every_seconds=every,
                companions=tuple(base + other.path for other in self.streams if other.defines and other.owner == stream.owner),
            )
            for stream in self.streams
            if not stream.defines
        )


# -- reading a recording -------------------------------------------------------------------------------------------------------------


def read_recording(path: Path, zone: str) -> Recording:
    """Read a recorded night: an election folder, or a folder of files with a time in their names, or else by when they were written.

    Args:
        path: The folder.
        zone: Zone of times in file names.

    Raises:
        UsageError: There is no such folder, or nothing in it to be served.
    """
    if not path.is_dir():
        raise UsageError("there is no such folder.", where=str(path), next_step="Name an election folder, or a folder of results files.")
    streams = tuple(_captured(open_folder(path)) if (path / FILE).is_file() else _named(path, ZoneInfo(zone)))
    if not any(not stream.defines for stream in streams):
        raise UsageError(
            "there is nothing to rehearse in this folder.", where=str(path), next_step="Name one in which files were recorded."
        )
    return Recording(streams)


def _captured(folder: ElectionFolder) -> Iterator[Stream]:
    """The captures of an election, one stream an address; files that were added by hand make one stream a format."""
    ids = Ids()
    groups: dict[tuple[str, str, bool], list[Event]] = {}
    for event in sorted(folder.ledger().of_kind(EventKind.CAPTURE), key=lambda event: event.at):
        groups.setdefault(_address(event), []).append(event)
    for (owner, address, defines), events in groups.items():
        frames = (Frame(at=event.at, name=event.body["name"], read=_reader(folder, event.body["sha256"])) for event in events)
        name = PurePosixPath(urlsplit(address).path).name or ("names" if defines else "")
        yield Stream(path=ids.make(f"{owner} {name}", fallback="results"), frames=tuple(frames), owner=owner, defines=defines)


def _address(event: Event) -> tuple[str, str, bool]:
    """Where a capture came from; a page that could not be read belongs to its address, and to no stream if it has none."""
    body = event.body
    fetched = body.get("fetched", {})
    return (fetched.get("source") or body["feed"] or "unread", fetched.get("address", ""), body["defines"])


def _reader(folder: ElectionFolder, sha256: str) -> Callable[[], bytes]:
    return lambda: folder.store.captures.get(sha256)


def _named(path: Path, zone: ZoneInfo) -> Iterator[Stream]:
    """The files of a folder as one stream, in the order of their times; where some names have a time, others are left out."""
    files = sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
    times = {file: moment for file in files if (moment := named_time(file.name, zone))}
    known = times or {file: datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in files}
    frames = (Frame(at=at, name=name_of(file), read=_opener(file)) for file, at in sorted(known.items(), key=lambda item: item[1]))
    if made := tuple(frames):
        yield Stream(path="results", frames=made, owner="results")


def _opener(file: Path) -> Callable[[], bytes]:
    return lambda: read_limited(file)


def named_time(name: str, zone: ZoneInfo) -> datetime | None:
    """Return the time in a file's name, None if there is none; one without a Z is local."""
    found = NAMED_TIME.search(name)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC if found[7] else zone).astimezone(UTC)
    except ValueError:
        return None


# -- a folder to rehearse in -----------------------------------------------------------------------------------------------------------


def rehearsal_folder(path: Path, recording: Recording, recorded: Path, sources: tuple[Source, ...], zone: str) -> ElectionFolder:
    """Make an election folder for a rehearsal: the contests of the recorded election, or of the first file, and the mark that it is one.

    Raises:
        UsageError: There is an election in the folder already.
        SourceError: The recording is no election, and its first file cannot be read.
    """
    election = open_folder(recorded).election if (recorded / FILE).is_file() else _drafted(recording, recorded, path.resolve().name, zone)
    values = {"id": election.id, "title": election.title, "date": election.date, "timezone": election.timezone, "state": election.state}
    values |= {"contests": election.contests, "units": election.units, "calendar": election.calendar, "polls_close": election.polls_close}
    made = Election(**values, sources=sources, rehearsal=True)  # type: ignore[arg-type]
    return new_folder(path, render_election(made).encode(), at=recording.began)


def _drafted(recording: Recording, recorded: Path, id_: str, zone: str) -> Election:
    first = recording.streams[0].frames[0]
    try:
        readings = read_only([recorded / first.name], AddOptions(), timezone=zone)
    except SourceError as error:
        hint = "Make the election yourself (racecall new), set rehearsal = true in it, and add the sources above."
        raise type(error)(error.problem, where=error.where, next_step=hint) from error
    return draft_election(readings, id_=id_, title=id_, day=first.at.astimezone(ZoneInfo(zone)).date(), timezone=zone)


# -- serving -------------------------------------------------------------------------------------------------------------------------


class Stage(ThreadingHTTPServer):
    """Serves a recorded night on this machine.

    Args:
        recording: The night.
        elapsed: Seconds since the rehearsal began.
        speed: Seconds of the night in a second.
        port: Port, 0 for any that is free.

    Raises:
        UsageError: The port is taken.
    """

    daemon_threads = True

    def __init__(self, recording: Recording, *, elapsed: Callable[[], float], speed: float, port: int = 0) -> None:
        self.streams: Mapping[str, Stream] = {f"/{stream.path}": stream for stream in recording.streams}
        self._recording, self._elapsed, self._speed = recording, elapsed, speed
        try:
            super().__init__((HOST, port), Player)
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used ({error.strerror}).", next_step="Choose another: --port N, or --port 0 for any."
            ) from error

    def moment(self) -> datetime:
        """Return the moment of the night that is played."""
        return self._recording.moment(self._elapsed(), self._speed)


class Player(BaseHTTPRequestHandler):
    """Answers with the file that the address gave at the moment that is played."""

    server: Stage
    server_version = "racecall-rehearsal"
    protocol_version = "HTTP/1.1"
    timeout = 30
    kinds: ClassVar[Mapping[str, str]] = {".json": "application/json", ".csv": "text/csv", ".xml": "application/xml"}

    def do_GET(self) -> None:
        """Answer with the file, or that it has not changed."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer without the file."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        moment = self.server.moment()
        stream = self.server.streams.get(urlsplit(self.path).path)
        frame = stream.shown(moment) if stream else None
        if frame is None:
            words = "Not yet." if stream else "This is a rehearsal. It serves: " + ", ".join(self.server.streams)
            self._send(HTTPStatus.NOT_FOUND, words.encode(), {"Content-Type": "text/plain; charset=utf-8"}, moment, with_body=with_body)
            return
        body = frame.read()
        headers = {"ETag": f'"{sha256_hex(body)[:32]}"', "Last-Modified": format_datetime(frame.at.astimezone(UTC), usegmt=True)}
        if self.headers.get("If-None-Match") == headers["ETag"]:
            self._send(HTTPStatus.NOT_MODIFIED, b"", headers, frame.at, with_body=False)
            return
        self._send(HTTPStatus.OK, body, headers | {"Content-Type": self._kind(frame.name)}, frame.at, with_body=with_body)

    def _kind(self, name: str) -> str:
        suffix = PurePosixPath(name).suffix.lower()
        return self.kinds.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"

    def _send(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str], at: datetime, *, with_body: bool) -> None:
        from racecall.desk.fetching import REHEARSAL_HEADER

        self.send_response(status)
        for name, value in {**headers, REHEARSAL_HEADER: iso(at)}.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: what was asked for is of no interest to those who rehearse."""
