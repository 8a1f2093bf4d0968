"""Who is signed in: a random token in the browser, its hash here, and an end by the clock.

A stolen copy of `desk.db` opens no session, because it holds hashes of tokens only. A session ends some time after the last click, at the
latest after half a day, when its account is disabled or gets another password, and when its person signs out.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

import sqlalchemy as sql

from racecall.desk.clock import Clock
from racecall.desk.web.accounts import Account, Role, account_of
from racecall.desk.web.database import ACCOUNTS, SESSIONS, DeskDatabase, Reading
from racecall.ledger.events import from_iso, iso
from racecall.origin import sha256_hex

LONGEST = timedelta(hours=12)
"""A session ends after this, whatever is done in it (NIST SP 800-63B-4, section 2.2.3, asks for a day at most)."""
IDLE: Mapping[Role, timedelta] = {role: timedelta(hours=1) for role in Role} | {Role.VIEWER: LONGEST}
"""A session ends this long after the last click; the board on the wall, which can only be read, stays for the night."""
TOUCHED = timedelta(minutes=1)
"""The last click is written down to the minute: a page is read far more often than that."""

Tokens = Callable[[], str]
"""Gives a token that nobody can guess; tests hand in their own."""


def random_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in.

    Args:
        account: Who.
        token: SHA-256 of the token in the browser.
        form_token: What every form of theirs carries, so that no other page can send one in their name.
        begun_at, seen_at: Since when, and when they were last here.
    """

    account: Account
    token: str
    form_token: str
    begun_at: datetime
    seen_at: datetime

    def is_over(self, moment: datetime) -> bool:
        """Whether the session has ended by a moment."""
        return moment >= self.begun_at + LONGEST or moment >= self.seen_at + IDLE[self.account.role] or self.account.disabled

    def signed(self, form_token: str) -> bool:
        """Whether a form was made for this session; takes the same time whatever was sent."""
        return compare_digest(self.form_token.encode(), form_token.encode())


class Sessions:
    """The sessions of a desk.

    Args:
        database: Where they are kept.
        clock: What time it is.
        tokens: Gives tokens that nobody can guess.
    """

    def __init__(self, database: DeskDatabase, *, clock: Clock, tokens: Tokens = random_token) -> None:
        self._database = database
        self._clock = clock
        self._tokens = tokens
        self._all = Reading(database, _by_token)

    def begin(self, account: Account) -> str:
        """Sign somebody in under a new token, and return it; what has ended is swept out."""
        token, moment = self._tokens(), self._clock()
        values = {"account": account.name, "form_token": self._tokens(), "begun_at": iso(moment), "seen_at": iso(moment)}
        with self._database.open() as connection:
            connection.execute(sql.delete(SESSIONS).where(SESSIONS.c.begun_at < iso(moment - LONGEST)))
            connection.execute(sql.insert(SESSIONS).values(token=sha256_hex(token.encode()), **values))
        return token

    def find(self, token: str, *, click: bool = True) -> Session | None:
        """Return the session of a token, None if there is none or it is over.

        Args:
            token: What the browser sent.
            click: Whether a person asks, and not a script that keeps a page fresh: only people keep a session alive.
        """
        session = self._living(token, self._all.get())
        if session and self._is_due(session, click=click):
            with self._database.open() as connection:
                connection.execute(sql.update(SESSIONS).where(SESSIONS.c.token == session.token).values(seen_at=iso(self._clock())))
        return session

    def recall(self, token: str, *, click: bool = True) -> tuple[Session | None] | None:
        """Return in a tuple what `find` would, None if it would have to read or write for that; waits for nothing."""
        known = self._all.recall()
        if known is None:
            return None
        session = self._living(token, known)
        return None if session and self._is_due(session, click=click) else (session,)

    def look(self) -> None:
        """Read the sessions again, so that nobody who asks has to."""
        self._all.again()

    def _living(self, token: str, known: Mapping[str, sql.RowMapping]) -> Session | None:
        row = known.get(sha256_hex(token.encode())) if token else None
        session = _session_of(row) if row else None
        return None if session is None or session.is_over(self._clock()) else session

    def _is_due(self, session: Session, *, click: bool) -> bool:
        """Whether it has to be written down that somebody was here."""
        return click and self._clock() - session.seen_at >= TOUCHED

    def end(self, session: Session) -> None:
        """Sign somebody out here."""
        with self._database.open() as connection:
            connection.execute(sql.delete(SESSIONS).where(SESSIONS.c.token == session.token))


ALL = sql.select(SESSIONS, ACCOUNTS).join_from(SESSIONS, ACCOUNTS)


def _by_token(connection: sql.Connection) -> Mapping[str, sql.RowMapping]:
    """Read every session, which are as many as people in a newsroom: a query for each page that is asked for would take longer."""
    return {row["token"]: row for row in connection.execute(ALL).mappings()}


def _session_of(row: sql.RowMapping) -> Session:
    return Session(
        account=account_of(row),
        token=row["token"],
        form_token=row["form_token"],
        begun_at=from_iso(row["begun_at"]),
        seen_at=from_iso(row["seen_at"]),
    )
