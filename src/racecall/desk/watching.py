"""The watch: every source asked in its turn, every new file put into the record, and one piece of news a poll.

What it knows from before it reads from the record itself: the last capture of an address carries what the server called it. So a watch
that is started again asks for what is new only, and two watches on one folder do no harm: the ledger lets one write at a time, and the
second finds the file in the record already.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from racecall.desk.clock import Clock, login_name, now
from racecall.desk.files import read_limited
from racecall.desk.folder import ElectionFolder, open_folder
from racecall.desk.plugins import load_feeds
from racecall.desk.recording import Added, AddOptions, add_received
from racecall.desk.schedule import Turn, after_answer, after_trouble, earliest, first_turn, silence
from racecall.desk.settings import FILE
from racecall.errors import LedgerError, RacecallError, SettingsError, StorageError, UnknownName, UsageError
from racecall.feeds import registry
from racecall.feeds.base import Feed
from racecall.feeds.clarity import ClarityFeed, detail_address, site_of
from racecall.feeds.text import MEBIBYTE, Limits
from racecall.ledger.events import Event, EventKind, Ledger
from racecall.model.source import Source
from racecall.origin import Capture, Fetched, sha256_hex

if TYPE_CHECKING:
    from racecall.desk.fetching import Answer, Kept, Request

Fetch = Callable[["Request"], "Answer"]
"""One request; `racecall.desk.fetching.fetch`."""


class NewsKind(StrEnum):
    """What a poll brought."""

    ADDED = "added"
    """A file that was not in the record."""
    UNCHANGED = "unchanged"
    """Nothing: the server says so, or it sent the same bytes."""
    OLD_COPY = "old_copy"
    """A file that is in the record already, though a later one came from there: an old copy in a cache, or a count taken back."""
    TROUBLE = "trouble"
    """No file, or one that cannot be read."""
    QUIET = "quiet"
    """Nothing new for longer than expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a poll brought.

    Args:
        at: When.
        source: The source, "" if it is about the folder.
        kind: What it is.
        words: What to tell people, "" if there is nothing to tell.
        address: The address that was asked.
        sha256: Hash of the file that came, "" if none did.
        added: What became of it, None if nothing did.
        next_at: When the source is asked again.
    """

    at: datetime
    source: str
    kind: NewsKind
    words: str = ""
    address: str = ""
    sha256: str = ""
    added: Added | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a watch takes from outside, so that a test can hand in its own.

    Args:
        fetch: Asks an address.
        sleep: Waits [seconds].
        clock: Says what time it is.
        seed: Of the chance in the waits after trouble; differs between desks.
        actor: Who watches.
    """

    fetch: Fetch
    sleep: Callable[[float], None]
    clock: Clock = now
    seed: str = ""
    actor: str = field(default_factory=login_name)


def watch(path: Path, world: World, *, only: str = "", once: bool = False, lasting: timedelta | None = None) -> Iterator[News]:
    """Ask the sources of an election in turn, for as long as is wished, and yield what each poll brought.

    Args:
        path: The election's folder.
        world: The network, the clock and the patience.
        only: Name of one source; all if empty.
        once: Ask each source once.
        lasting: End after this.

    Raises:
        UsageError: There are no sources, or none of that name.
        LedgerError: The record is damaged: nothing can be recorded any more.
    """
    watcher = Watcher(open_folder(path, clock=world.clock), world)
    began = world.clock()
    turns = {source.name: first_turn(source, began) for source in watcher.sources(only)}
    while turns:
        turn = earliest(turns.values())
        if lasting is not None and turn.due - began >= lasting:
            return
        if (wait := (turn.due - world.clock()).total_seconds()) > 0:
            world.sleep(wait)
        if news := watcher.reread():
            yield news
        turns = turns if once else {source.name: _continued(turns, source, world.clock()) for source in watcher.sources(only)}
        if turn.source.name in turns:
            turns[turn.source.name] = yield from watcher.poll(turns[turn.source.name])
            if once:
                del turns[turn.source.name]


def _continued(turns: Mapping[str, Turn], source: Source, moment: datetime) -> Turn:
    """A source keeps its turn when something else in election.toml was changed; a new one is asked at once."""
    turn = turns.get(source.name)
    return replace(turn, source=source) if turn else first_turn(source, moment)


class Watcher:
    """One folder under watch: its settings as they stand, and what came last from each address."""

    def __init__(self, folder: ElectionFolder, world: World) -> None:
        self.folder = folder
        self.world = world
        self.feeds: Sequence[Feed] = load_feeds()
        self.kept: dict[str, Kept] = {}
        self._seen = folder.settings

    def sources(self, only: str = "") -> tuple[Source, ...]:
        """Return the sources to be asked.

        Raises:
            UsageError: There are none, or none of that name, or one is to be read as a format that nobody knows.
        """
        found = tuple(source for source in self.folder.election.sources if only in {"", source.name})
        where = str(self.folder.path / FILE)
        if not self.folder.election.sources:
            raise UsageError("there is no [[sources]] table, so there is nothing to watch.", where=where, next_step=FIRST_SOURCE)
        if not found:
            names = ", ".join(source.name for source in self.folder.election.sources)
            raise UnknownName(f'no source "{only}".', where=where, next_step=f"Sources: {names}.")
        for source in found:
            self._check(source)
        return found

    def _check(self, source: Source) -> None:
        """Raise what can be known to go wrong before anybody is asked."""
        if source.feed:
            registry.by_id(self.feeds, source.feed)
        if source.ca_file and not (self.folder.path / source.ca_file).is_file():
            words = f"source {source.name} names a file of certificates that is not there: {source.ca_file}."
            raise UsageError(words, where=str(self.folder.path), next_step="Put it beside election.toml.")

    def reread(self) -> News | None:
        """Take up `election.toml` if somebody edited it; one that makes no sense is said, and the one before goes on."""
        try:
            settings = read_limited(self.folder.path / FILE)
            if settings == self._seen:
                return None
            self._seen = settings
            before, self.folder = self.folder, open_folder(self.folder.path, clock=self.world.clock)
            self._checked(before)
        except (UsageError, SettingsError) as error:
            return News(
                at=self.world.clock(), source="", kind=NewsKind.TROUBLE, words=f"{error.where}: {error.problem} The old one is used."
            )
        # Every file is to be read again with the new settings, so each is asked for whatever the server says of it.
        self.kept.clear()
        return None

    def _checked(self, before: ElectionFolder) -> None:
        try:
            self.sources()
        except UsageError:
            self.folder = before
            raise

    def poll(self, turn: Turn) -> Generator[News, None, Turn]:
        """Ask a source once, yield what it brought, and return its next turn."""
        from racecall.desk.fetching import Outcome

        answer, news = self._polled(turn.source)
        moment, election = self.world.clock(), self.folder.election
        if answer.outcome is Outcome.TROUBLE:
            after = after_trouble(turn, moment, retry_after=answer.retry_after, seed=self.world.seed)
        else:
            after = after_answer(turn, moment, is_new=any(item.kind is NewsKind.ADDED for item in news))
        yield from (replace(item, next_at=after.due) for item in news)
        silent = silence(after, moment, () if election.rehearsal else election.calendar, election.zone)
        if silent and silent != turn.said:
            yield self._news(turn.source, NewsKind.QUIET, words=silent, next_at=after.due)
        return replace(after, said=silent)

    def _polled(self, source: Source) -> tuple[Answer, list[News]]:
        """Ask a source and take what came; a disk that is full is trouble like that of a server, and passes like it."""
        from racecall.desk.fetching import Answer, Outcome

        try:
            if source.feed == ClarityFeed.id and (site := site_of(source.url)):
                return self._polled_site(source, site)
            answer = self._ask(source, source.url)
            return answer, list(self._told(source, answer))
        except StorageError as error:
            words = str(error).replace("\n", " ")
            return Answer(outcome=Outcome.TROUBLE, words=words), [self._news(source, NewsKind.TROUBLE, words=words)]

    def _polled_site(self, source: Source, site: str) -> tuple[Answer, list[News]]:
        """Ask a Clarity site for the number of its newest version, and only if that is new for the counts of the version.

        The number is not put into the record: the address of the counts has it. It is asked for again until they have been read.
        """
        from racecall.desk.fetching import Outcome

        version = self._ask(source, f"{site}/current_ver.txt")
        if version.outcome is not Outcome.NEW:
            return version, list(self._told(source, version))
        try:
            counts = detail_address(site, version.body.decode("ascii", "replace"))
        except UsageError:  # a page of the server: kept and said like any other
            return version, list(self._told(source, version))
        answer = self._ask(source, counts)
        news = list(self._told(source, answer))
        if version.fetched and all(item.kind is not NewsKind.TROUBLE for item in news):
            self.kept[version.fetched.address] = _kept(sha256_hex(version.body), version.fetched)
        return answer, news

    def _told(self, source: Source, answer: Answer) -> Iterator[News]:
        from racecall.desk.fetching import Outcome

        if answer.outcome is Outcome.NEW:
            yield from self._taken(source, answer)
        elif answer.outcome is Outcome.TROUBLE:
            yield self._news(source, NewsKind.TROUBLE, words=answer.words)
        else:
            yield self._news(source, NewsKind.UNCHANGED)

    def _ask(self, source: Source, address: str) -> Answer:
        from racecall.desk.fetching import Request

        if address not in self.kept:
            self.kept[address] = kept_from(self.folder, self.folder.ledger(), source.name, address)
        contact = self.folder.election.contact
        return self.world.fetch(Request(source=source, address=address, contact=contact, folder=self.folder.path, kept=self.kept[address]))

    def _taken(self, source: Source, answer: Answer) -> Iterator[News]:
        """Keep a new file, look at the files it is read with, and add them in that order."""
        from racecall.desk.fetching import Outcome

        self.folder.store.captures.put(answer.body)
        for address in source.companions:
            beside = self._ask(source, address)
            if beside.outcome is Outcome.NEW:
                yield self._add(source, beside)
            elif beside.outcome is Outcome.TROUBLE:
                yield self._news(source, NewsKind.TROUBLE, words=beside.words, address=address)
        yield self._add(source, answer)

    def _add(self, source: Source, answer: Answer) -> News:
        """Add what came to the record. Nothing that a file does may end the watch; a damaged record does."""
        assert answer.fetched is not None  # it came
        capture = _capture(answer.body, answer.fetched, self._received(answer.fetched))
        try:
            added = add_received(self.folder, answer.body, capture, _options(source, self.world.actor), feeds=self.feeds, companions={})
        except LedgerError:
            raise
        except RacecallError as error:
            return self._news(source, NewsKind.TROUBLE, words=str(error).replace("\n", " "), capture=capture)
        except Exception as error:  # noqa: BLE001 - a feed of another package may fail in any way; the night goes on
            words = f"{capture.name}: the feed failed ({type(error).__name__}: {error}); the bytes are kept as {capture.sha256[:12]}."
            return self._news(source, NewsKind.TROUBLE, words=words, capture=capture)
        return self._recorded(source, capture, answer.fetched, added)

    def _recorded(self, source: Source, capture: Capture, fetched: Fetched, added: Added) -> News:
        if fetched.rehearsal and not self.folder.election.rehearsal:
            return self._news(source, NewsKind.TROUBLE, words=added.findings[0].problem, capture=capture, added=added)
        latest = _latest(self.folder.ledger(), source.name, fetched.address) if added.skipped else None
        if latest and latest.body["sha256"] != capture.sha256:
            words = f"an older copy came again ({added.skipped}); what came after it stays the current count."
            return self._news(source, NewsKind.OLD_COPY, words=words, capture=capture, added=added)
        self.kept[fetched.address] = _kept(capture.sha256, fetched)
        return self._news(source, NewsKind.UNCHANGED if added.skipped else NewsKind.ADDED, capture=capture, added=added)

    def _received(self, fetched: Fetched) -> datetime:
        """When a file was received; in a rehearsal, when it was on the night that is played again."""
        played = played_at(fetched) if self.folder.election.rehearsal else None
        return played or self.world.clock()

    def _news(
        self,
        source: Source,
        kind: NewsKind,
        *,
        words: str = "",
        capture: Capture | None = None,
        added: Added | None = None,
        address: str = "",
        next_at: datetime | None = None,
    ) -> News:
        address = capture.fetched.address if capture and capture.fetched else address or source.url
        sha256 = capture.sha256 if capture else ""
        at = self.world.clock()
        return News(at=at, source=source.name, kind=kind, words=words, address=address, sha256=sha256, added=added, next_at=next_at)


FIRST_SOURCE = 'Add one, e.g. [[sources]] name = "county", url = "https://…"; docs/sources.md has the keys.'


def _options(source: Source, actor: str) -> AddOptions:
    limits = Limits(max_bytes=source.max_size_mb * MEBIBYTE)
    return AddOptions(feed=source.feed, timezone=source.timezone or None, actor=actor, limits=limits)


def _capture(body: bytes, fetched: Fetched, received_at: datetime) -> Capture:
    return Capture(sha256=sha256_hex(body), name=file_name(fetched), size=len(body), received_at=received_at, fetched=fetched)


def file_name(fetched: Fetched) -> str:
    """Return what a fetched file is called: the last part of its address, which some formats look at; else the source's name."""
    return unquote(PurePosixPath(urlsplit(fetched.address).path).name) or fetched.source


def played_at(fetched: Fetched) -> datetime | None:
    """Return the moment of the night that a rehearsal's mark names, None if it names none."""
    try:
        moment = datetime.fromisoformat(fetched.rehearsal)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# -- what is known from before -------------------------------------------------------------------------------------------------------


def kept_from(folder: ElectionFolder, ledger: Ledger, source: str, address: str) -> Kept:
    """Return what the record knows of an address: what came last, and what the server called it.

    That is nothing unless the file was read under today's settings: otherwise it is to come again, and be read again.
    """
    from racecall.desk.fetching import Kept

    opened = list(ledger.of_kind(EventKind.OPENED))
    latest = _latest(ledger, source, address)
    if not latest or opened[-1].body["settings"] != sha256_hex(folder.settings) or latest.seq < opened[-1].seq:
        return Kept()
    return _kept(latest.body["sha256"], Fetched(**latest.body["fetched"]))


def _kept(sha256: str, fetched: Fetched) -> Kept:
    from racecall.desk.fetching import Kept

    return Kept(sha256=sha256, etag=fetched.etag, last_modified=fetched.last_modified)


def _latest(ledger: Ledger, source: str, address: str) -> Event | None:
    """The last capture from an address that could be read: an error page is to be asked for again, whatever the server calls it."""
    asked = (source, address)
    fetched = (event for event in ledger.of_kind(EventKind.CAPTURE) if event.body["feed"] and "fetched" in event.body)
    mine = [event for event in fetched if (event.body["fetched"]["source"], event.body["fetched"]["address"]) == asked]
    return mine[-1] if mine else None
