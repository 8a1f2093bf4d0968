"""From the record to those who want to hear of it: what is new goes into the outbox, and what waits there goes out.

Nothing leaves a rehearsal, ever: whatever says that it is one (`election.toml`, the ledger, the alert itself) is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from racecall.calls.view import View
from racecall.desk.carrying import Carried, Carry, Reader, Surroundings, carry
from racecall.desk.channels import Alerts, Channel, MailChannel, read_alerts, recipients_of
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import judge_folder
from racecall.desk.outbox import Item, Outbox, State
from racecall.desk.schedule import LONGEST_OBEYED, backoff
from racecall.desk.stale import stale_stories
from racecall.errors import UsageError
from racecall.ledger.events import EventKind, Ledger
from racecall.publish.alerts.event import NO_DIGEST, AlertEvent, AlertKind, plain
from racecall.publish.alerts.events import alert_events
from racecall.publish.alerts.stories import story_event
from racecall.publish.alerts.unsubscribing import read_token, reader_key

FIRST_WAIT = timedelta(seconds=30)
"""Wait after the first failure; it doubles with each one more, up to a quarter of an hour (`racecall.desk.schedule.backoff`)."""
MOST_ATTEMPTS = 12
"""Attempts before an alert is given up: with the waits above about two hours, longer than most outages of a night."""


class Came(StrEnum):
    """What an attempt came to."""

    SENT = "sent"
    LATER = "later"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One attempt.

    Args:
        channel: The channel.
        events: What was to be told.
        came: What it came to.
        words: What the trouble was, "" if there was none.
        next_at: When it is tried next, None if it is not.
    """

    channel: str
    events: tuple[AlertEvent, ...]
    came: Came
    words: str = ""
    next_at: datetime | None = None


class Desk:
    """A folder whose alerts are sent.

    Args:
        folder: The election.
        carry: Takes alerts out.
        alerts: What `alerts.toml` says; read from the folder if None.
    """

    def __init__(self, folder: ElectionFolder, *, carry: Carry = carry, alerts: Alerts | None = None) -> None:
        self.folder = folder
        self.alerts = alerts or read_alerts(folder.path, folder.election)
        self.outbox = Outbox(folder.path)
        self._carry = carry

    # -- what is new -----------------------------------------------------------------------------------------------------------------

    def take_in(self, *, from_start: bool = False) -> int:
        """Put what the record says anew into the outbox, and return for how many it is.

        The first time, it is only noted where the record stands: nobody wants to be told of a whole night that is over.

        Args:
            from_start: The first time, take in what is recorded already as well.

        Raises:
            UsageError: It is a rehearsal.
        """
        ledger = self._no_rehearsal()
        if self.outbox.place(ledger) == len(ledger):
            return 0
        events = self.news(from_start=from_start)
        return self.outbox.take_in(self.addressed(events), seq=len(ledger), head=ledger.head, at=self.folder.store.clock())

    def news(self, *, from_start: bool = False) -> tuple[AlertEvent, ...]:
        """Return the alerts of what was recorded since it was last looked; nothing is written, and a rehearsal may look as well."""
        ledger = self.folder.ledger()
        place = self.outbox.place(ledger)
        since = (0 if from_start else len(ledger)) if place is None else place
        if since == len(ledger):
            return ()
        views = (self._judged(ledger, seq) for seq in written(ledger) if seq > since)
        before, earlier = self._judged(ledger, since) if since else None, self.outbox.events()
        return (*alert_events(views, before=before, earlier=earlier), *self._stale_stories(ledger, earlier))

    def _stale_stories(self, ledger: Ledger, earlier: Sequence[AlertEvent]) -> Iterator[AlertEvent]:
        """Yield what is new about stored stories, if a channel asks for it: to check them takes time."""
        if not any(AlertKind.STORY_STALE in channel.wanted.kinds for channel in self.alerts.channels):
            return
        known, view = {event.id for event in earlier}, self._judged(ledger, len(ledger))
        for one in stale_stories(self.folder, ledger, view.as_of):
            event = story_event(one.story, one.changes, view, earlier=earlier)
            if event.id not in known:
                yield event

    def addressed(self, events: Sequence[AlertEvent]) -> list[tuple[AlertEvent, list[tuple[str, str]]]]:
        """Return each alert with those who are to have it."""
        told = self.outbox.told({old for event in events for old in event.supersedes})
        names = [(channel, (channel.name, reader.key)) for channel, reader in self.targets]
        return [(event, [who for channel, who in names if channel.wanted.takes(event, told.get(who, ()))]) for event in events]

    @cached_property
    def targets(self) -> tuple[tuple[Channel, Reader], ...]:
        """Everybody who is told anything: channel and reader."""
        left = self.outbox.left()
        found = ((channel, reader) for channel in self.alerts.channels for reader in self._readers(channel))
        return tuple((channel, reader) for channel, reader in found if (channel.name, reader.key) not in left)

    def _readers(self, channel: Channel) -> Iterator[Reader]:
        if not isinstance(channel, MailChannel):
            yield Reader()
            return
        secret = self.alerts.secret.read(self.folder.path).encode()
        for address in recipients_of(channel, self.folder.path):
            yield Reader(key=reader_key(channel.name, address, secret=secret), address=address)

    def _judged(self, ledger: Ledger, seq: int) -> View:
        known = Ledger(ledger.events[:seq])
        return judge_folder(self.folder, known, known.events[-1].recorded_at)

    def check(self) -> None:
        """Raise what would keep every alert from going out: a rehearsal, a secret or a list of readers that is not there."""
        self._no_rehearsal()
        for channel in self.alerts.channels:
            list(self._readers(channel))

    def _no_rehearsal(self) -> Ledger:
        """Return the ledger of an election that is no rehearsal."""
        ledger = self.folder.ledger()
        if self.folder.election.rehearsal or ledger.was_rehearsed:
            raise UsageError(
                "this is a rehearsal: no alert leaves it.", where=str(self.folder.path), next_step="See what would be sent: --dry-run"
            )
        return ledger

    # -- what goes out ---------------------------------------------------------------------------------------------------------------

    def send(self) -> Iterator[Told]:
        """Send what is due, and yield what each attempt came to.

        Raises:
            UsageError: It is a rehearsal, another process sends, or a secret is not where it should be.
        """
        self._no_rehearsal()
        if not self.outbox.exists():
            return
        with self.outbox.sending():
            for channel, reader in self.targets:
                yield from self._to(channel, reader)
            self._forget_left()

    def _to(self, channel: Channel, reader: Reader) -> Iterator[Told]:
        """Send what waits for one reader, in order; after trouble the rest waits as well, so that nothing overtakes."""
        for items in batches(channel, self.outbox.waiting(channel.name, reader.key)):
            now = self.folder.store.clock()
            if items[0].next_at > now or not self._is_time(channel, reader, items, now):
                return
            if not self.outbox.claim(items, at=now):  # somebody took in a correction meanwhile
                return
            told = self._attempt(channel, reader, items, now)
            yield told
            if told.came is Came.LATER:
                return

    def _is_time(self, channel: Channel, reader: Reader, items: Sequence[Item], now: datetime) -> bool:
        """Whether a digest is due; what takes something back does not wait for it."""
        if not isinstance(channel, MailChannel) or any(item.event.kind in NO_DIGEST for item in items):
            return True
        last = self.outbox.last_sent(channel.name, reader.key)
        return last is None or now >= last + channel.every

    def _attempt(self, channel: Channel, reader: Reader, items: Sequence[Item], now: datetime) -> Told:
        events = tuple(item.event for item in items)
        assert not any(event.rehearsal for event in events)  # `take_in` lets none in
        carried = self._carry(channel, reader, events, Surroundings(folder=self.folder.path, alerts=self.alerts, at=now))
        return self._noted(channel, items, carried, now)

    def _noted(self, channel: Channel, items: Sequence[Item], carried: Carried, now: datetime) -> Told:
        events, tried = tuple(item.event for item in items), items[0].attempts + 1
        if carried.arrived:
            self.outbox.mark(items, State.SENT, at=now)
            return Told(channel=channel.name, events=events, came=Came.SENT)
        if not carried.again or tried >= MOST_ATTEMPTS:
            self.outbox.mark(items, State.GIVEN_UP, at=now, words=carried.words)
            return Told(channel=channel.name, events=events, came=Came.GIVEN_UP, words=carried.words)
        wait = backoff(FIRST_WAIT, tried, seed=f"{channel.name}/{items[0].event.id}")
        next_at = (now + max(wait, min(carried.retry_after or timedelta(), LONGEST_OBEYED))).replace(microsecond=0)
        self.outbox.mark(items, State.WAITING, at=next_at, words=carried.words)
        return Told(channel=channel.name, events=events, came=Came.LATER, words=carried.words, next_at=next_at)

    def _forget_left(self) -> None:
        """Let go of what waits for readers of a list that are on it no more; a channel that was taken out may come back."""
        here = {(channel.name, reader.key) for channel, reader in self.targets}
        lists = {channel.name for channel in self.alerts.channels if isinstance(channel, MailChannel)}
        gone = [item for item in self.outbox.open_items() if item.channel in lists and (item.channel, item.reader) not in here]
        self.outbox.mark(gone, State.LEFT, at=self.folder.store.clock())

    def unsubscribe(self, token: str) -> str:
        """Take a reader off a list, and return the channel's name; a second time changes nothing.

        Raises:
            UsageError: The token is none of ours.
        """
        channel, reader = read_token(token, secret=self.alerts.secret.read(self.folder.path).encode())
        self.outbox.leave(channel, reader)
        return channel

    def test(self, name: str) -> Carried:
        """Send a word through one channel that nothing happened, past the outbox; of a list, to its first reader.

        Raises:
            UsageError: It is a rehearsal, there is no such channel, or it has no readers.
        """
        ledger, channel, now = self._no_rehearsal(), self.alerts.channel(name), self.folder.store.clock()
        reader = next(self._readers(channel), None)
        if reader is None:
            raise UsageError("there is no address on this list.", where=name)
        return self._carry(
            channel, reader, (nothing(self.folder, ledger, now),), Surroundings(folder=self.folder.path, alerts=self.alerts, at=now)
        )


BEGINS = frozenset({EventKind.OPENED, EventKind.CAPTURE, EventKind.ACCEPTANCE, EventKind.DECISION})
"""Events with which something new begins to be written down; the others belong to the file before them."""


def written(ledger: Ledger) -> Iterator[int]:
    """Yield the number of the last event of each thing that was written down at once: a file with all its findings is one."""
    for event, following in zip(ledger.events, (*ledger.events[1:], None), strict=True):
        if following is None or following.kind in BEGINS or following.recorded_at != event.recorded_at:
            yield event.seq


def batches(channel: Channel, items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """Yield what goes out together: all that waits in a digest, one alert at a time elsewhere.

    What was tried before stays together as it was, so that the same attempt has the same name and a receiver can drop it.
    """
    if not isinstance(channel, MailChannel):
        yield from ((item,) for item in items)
        return
    for _, group in groupby(items, key=lambda item: (item.attempts, item.next_at if item.attempts else None)):
        yield tuple(group)


def nothing(folder: ElectionFolder, ledger: Ledger, now: datetime) -> AlertEvent:
    """Return the alert by which a channel is tried."""
    election = folder.election
    return AlertEvent(
        id=f"{int(now.timestamp()):032x}",
        kind=AlertKind.TEST,
        election=election.id,
        contest="",
        title=plain(election.title),
        topic="test",
        at=now,
        timezone=election.timezone,
        head=ledger.head,
    )
