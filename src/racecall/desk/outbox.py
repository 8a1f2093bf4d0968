"""The outbox: every alert once for each who is to have it, and what became of it, in `outbox.db` beside the ledger.

Theory of operation. Four things happen to an alert, each in a transaction of its own, so that a process killed between any two of them
loses nothing:

1. The alerts of new ledger events go in, a row for each channel and reader, together with the place in the ledger up to which was looked.
   A second time the same alert is not taken in: the key is alert, channel and reader.
2. A row that is due is marked as being sent.
3. It is sent. Only here something leaves the house.
4. The row is marked as sent, or to be tried again, or given up.

A process killed between 3 and 4 leaves a row marked as being sent. Nobody can know whether it arrived, so it is sent again, with the same
id: a receiver that looks at ids has it once. Only one process sends at a time (`sending`): a row that is found marked as being sent was
left by one that is gone.

Addresses of readers are not in here: a reader is a number that the desk's secret makes of the address.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sql
from sqlalchemy import exc
from sqlalchemy.dialects.sqlite import insert

from racecall.desk.database import sqlite_engine
from racecall.errors import LedgerError, StorageError, UsageError
from racecall.ledger.events import Ledger, from_iso, iso
from racecall.publish.alerts.event import AlertEvent, event_from, event_object

FILE = "outbox.db"
BUSY_SECONDS = 30


class State(StrEnum):
    """What became of an alert for one who was to have it."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    SUPERSEDED = "superseded"
    """Something took its place before it went out; that says so."""
    GIVEN_UP = "given_up"
    """Refused, or tried too often."""
    LEFT = "left"
    """The reader is on the list no more."""


TABLES = sql.MetaData()
EVENTS = sql.Table(
    "events",
    TABLES,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("id", sql.Text, unique=True, nullable=False),
    sql.Column("body", sql.Text, nullable=False),
)
"""Every alert that was made, in order."""
OUTBOX = sql.Table(
    "outbox",
    TABLES,
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("event", sql.Text, nullable=False),
    sql.Column("channel", sql.Text, nullable=False),
    sql.Column("reader", sql.Text, nullable=False),
    sql.Column("state", sql.Text, nullable=False),
    sql.Column("attempts", sql.Integer, nullable=False),
    sql.Column("next_at", sql.Text, nullable=False),
    sql.Column("ended_at", sql.Text, nullable=False),
    sql.Column("words", sql.Text, nullable=False),
    sql.UniqueConstraint("event", "channel", "reader"),
)
"""Each alert for each who is to have it; times as `racecall.ledger.events.iso` writes them, "" for none."""
PLACE = sql.Table("place", TABLES, sql.Column("seq", sql.Integer, nullable=False), sql.Column("head", sql.Text, nullable=False))
"""One row: up to which ledger event was looked, and its hash."""
LEFT = sql.Table("left", TABLES, *(sql.Column(name, sql.Text, primary_key=True) for name in ("channel", "reader")))
"""Who left which list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One alert for one who is to have it.

    Args:
        number: Its row.
        event: The alert.
        channel: Name of the channel.
        reader: Which reader of the channel, "" where it has none.
        state: What became of it.
        attempts: How often it was tried.
        next_at: When it is tried next at the earliest.
        ended_at: When it came to an end, None if it has not.
        words: What the last trouble was.
    """

    number: int
    event: AlertEvent
    channel: str
    reader: str
    state: State
    attempts: int
    next_at: datetime
    ended_at: datetime | None
    words: str


class Outbox:
    """The outbox of an election's folder; made when it is first written to."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._engine = sqlite_engine(self.path, busy_seconds=BUSY_SECONDS)
        self._has_tables = False

    def exists(self) -> bool:
        """Whether anything was ever put in."""
        return self.path.is_file()

    @contextmanager
    def _transaction(self) -> Iterator[sql.Connection]:
        try:
            with self._engine.begin() as connection:
                if not self._has_tables:
                    TABLES.create_all(connection)
                yield connection
            self._has_tables = True
        except exc.DBAPIError as error:
            words = f"the outbox cannot be read or written ({error.orig})."
            raise StorageError(words, where=str(self.path), next_step="Look at the disk's space and the folder's permissions.") from error

    # -- 1: taking in ----------------------------------------------------------------------------------------------------------------

    def place(self, ledger: Ledger) -> int | None:
        """Return up to which event of the ledger was looked, None if never.

        Raises:
            LedgerError: It is not the ledger that was looked at.
        """
        if not self.exists():
            return None
        with self._transaction() as connection:
            row = connection.execute(sql.select(PLACE)).first()
        if row is None:
            return None
        if row.seq > len(ledger) or Ledger(ledger.events[: row.seq]).head != row.head:
            raise LedgerError(
                "the ledger is not the one that alerts were sent about.",
                where=str(self.path),
                next_step=f"Restore the ledger; or move {FILE} away, and alerts begin anew with what comes next.",
            )
        return int(row.seq)

    def events(self) -> tuple[AlertEvent, ...]:
        """Return every alert that was made, oldest first."""
        if not self.exists():
            return ()
        with self._transaction() as connection:
            return tuple(event_from(json.loads(body)) for body in connection.scalars(sql.select(EVENTS.c.body).order_by(EVENTS.c.number)))

    def take_in(self, told: Iterable[tuple[AlertEvent, Iterable[tuple[str, str]]]], *, seq: int, head: str, at: datetime) -> int:
        """Put alerts in, and note up to which ledger event was looked; all of it, or nothing.

        Args:
            told: Each alert, oldest first, with those who are to have it: channel and reader.
            seq: Number of the last ledger event that was looked at.
            head: Its hash.
            at: Now.

        Returns:
            How many rows are new.
        """
        with self._transaction() as connection:
            before = connection.scalar(ROWS)
            for event, targets in told:
                _take_in(connection, event, targets, at)
            connection.execute(sql.delete(PLACE))
            connection.execute(sql.insert(PLACE), {"seq": seq, "head": head})
            return int(connection.scalar(ROWS) or 0) - int(before or 0)

    def told(self, events: Iterable[str]) -> Mapping[tuple[str, str], set[str]]:
        """Return which of these alerts may have reached whom (channel and reader): of what was tried, nobody knows that it did not."""
        found: dict[tuple[str, str], set[str]] = {}
        wanted = list(events)
        if not wanted or not self.exists():
            return found
        with self._transaction() as connection:
            for row in connection.execute(sql.select(OUTBOX).where(OUTBOX.c.event.in_(wanted), OUTBOX.c.attempts > 0)):
                found.setdefault((row.channel, row.reader), set()).add(row.event)
        return found

    # -- 2 and 4: sending ------------------------------------------------------------------------------------------------------------

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Be the only one who sends; the machine takes the right back from a process that is killed.

        Raises:
            UsageError: Somebody else is.
        """
        lock = self.path.with_name(f"{FILE}.sending")
        with closing(sqlite3.connect(lock, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                words = "another racecall is sending alerts from this folder."
                raise UsageError(words, where=str(self.path), next_step="Let it end; what waits is sent by it or by the next.") from error
            yield

    def waiting(self, channel: str, reader: str) -> tuple[Item, ...]:
        """Return what one is still to have, oldest first; what was being sent when a process was killed is among it."""
        return self.items(_of(channel, reader) & OPEN)

    def open_items(self) -> tuple[Item, ...]:
        """Return what anybody is still to have."""
        return self.items(OPEN)

    def last_sent(self, channel: str, reader: str) -> datetime | None:
        """Return when something was sent to somebody last."""
        latest = sql.select(sql.func.max(OUTBOX.c.ended_at)).where(_of(channel, reader), OUTBOX.c.state == State.SENT)
        with self._transaction() as connection:
            found = connection.scalar(latest)
        return from_iso(found) if found else None

    def claim(self, items: Sequence[Item], *, at: datetime) -> bool:
        """Mark alerts as being sent; False, and nothing is marked, if one of them is not to be sent any more.

        What is tried together is tried together again, under the same name: it is told by its `next_at`.
        """
        chosen = _rows(items) & OPEN
        with self._transaction() as connection:
            if connection.scalar(ROWS.where(chosen)) != len(items):
                return False
            tried = {"state": State.SENDING, "attempts": OUTBOX.c.attempts + 1, "next_at": iso(at)}
            connection.execute(sql.update(OUTBOX).where(chosen).values(tried))
        return True

    def mark(self, items: Sequence[Item], state: State, *, at: datetime, words: str = "") -> None:
        """Note what became of alerts; `at` is when, or when they are tried next."""
        when = {"next_at": iso(at)} if state is State.WAITING else {"ended_at": iso(at)}
        with self._transaction() as connection:
            connection.execute(sql.update(OUTBOX).where(_rows(items)).values(state=state, words=words, **when))

    def items(self, condition: sql.ColumnElement[bool] | None = None) -> tuple[Item, ...]:
        """Return rows, oldest first."""
        if not self.exists():
            return ()
        rows = sql.select(OUTBOX, EVENTS.c.body).join(EVENTS, EVENTS.c.id == OUTBOX.c.event).order_by(OUTBOX.c.number)
        with self._transaction() as connection:
            found = connection.execute(rows if condition is None else rows.where(condition)).mappings().all()
        return tuple(_item(row) for row in found)

    def retry(self, *, at: datetime) -> int:
        """Let what was given up be tried again, and return how much that is."""
        again = sql.update(OUTBOX).where(OUTBOX.c.state == State.GIVEN_UP)
        with self._transaction() as connection:
            return connection.execute(again.values(state=State.WAITING, attempts=0, next_at=iso(at), ended_at="")).rowcount

    # -- who left --------------------------------------------------------------------------------------------------------------------

    def leave(self, channel: str, reader: str) -> None:
        """Note that a reader left a list."""
        with self._transaction() as connection:
            connection.execute(insert(LEFT).values(channel=channel, reader=reader).on_conflict_do_nothing())

    def left(self) -> frozenset[tuple[str, str]]:
        """Return who left: channel and reader."""
        if not self.exists():
            return frozenset()
        with self._transaction() as connection:
            return frozenset((row.channel, row.reader) for row in connection.execute(sql.select(LEFT)))


OPEN = OUTBOX.c.state.in_((State.WAITING, State.SENDING))
"""What somebody is still to have."""
ROWS = sql.select(sql.func.count()).select_from(OUTBOX)


def _rows(items: Sequence[Item]) -> sql.ColumnElement[bool]:
    return OUTBOX.c.number.in_([item.number for item in items])


def _of(channel: str, reader: str) -> sql.ColumnElement[bool]:
    return (OUTBOX.c.channel == channel) & (OUTBOX.c.reader == reader)


def _take_in(connection: sql.Connection, event: AlertEvent, targets: Iterable[tuple[str, str]], at: datetime) -> None:
    body = json.dumps(event_object(event), ensure_ascii=False)
    connection.execute(insert(EVENTS).values(id=event.id, body=body).on_conflict_do_nothing())
    # What was tried and may have arrived is not tried again either: whoever may have it is told of the correction.
    old = OUTBOX.c.event.in_(event.supersedes) & (OPEN | (OUTBOX.c.state == State.GIVEN_UP))
    connection.execute(sql.update(OUTBOX).where(old).values(state=State.SUPERSEDED, ended_at=iso(at)))
    fresh = {"state": State.WAITING, "attempts": 0, "next_at": iso(at), "ended_at": "", "words": ""}
    if rows := [{"event": event.id, "channel": channel, "reader": reader, **fresh} for channel, reader in targets]:
        connection.execute(insert(OUTBOX).on_conflict_do_nothing(), rows)


def _item(row: sql.RowMapping) -> Item:
    return Item(
        number=row["number"],
        event=event_from(json.loads(row["body"])),
        channel=row["channel"],
        reader=row["reader"],
        state=State(row["state"]),
        attempts=row["attempts"],
        next_at=from_iso(row["next_at"]),
        ended_at=from_iso(row["ended_at"]) if row["ended_at"] else None,
        words=row["words"],
    )
