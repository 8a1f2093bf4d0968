"""The people of a desk: a name that goes into the record, a role, and the hash of a password.

A name in other letters, accents or spaces is the same person, as it is where two people must sign: one person cannot have two accounts by
writing the name differently. That two names are two people is for the desk to see to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Protocol

import sqlalchemy as sql

from racecall.desk.clock import Clock
from racecall.desk.web.database import ACCOUNTS, SESSIONS, DeskDatabase
from racecall.errors import UnknownName, UsageError
from racecall.ledger.events import iso
from racecall.ledger.resolve import folded

SHORTEST_PASSWORD = 15
"""Characters of a password that is the only proof of who somebody is (NIST SP 800-63B-4, section 3.1.1.2)."""
LONGEST_PASSWORD = 256
LONGEST_NAME = 60


class Role(StrEnum):
    """What somebody may do; each may do what those before may."""

    VIEWER = "viewer"
    """Reads everything."""
    EDITOR = "editor"
    """Enters counts and statements, and reports what others say; accepts findings that hold no calls."""
    CALLER = "caller"
    """Decides calls, and accepts what holds them."""
    ADMIN = "admin"
    """Publishes, and lets people in."""

    def may(self, needed: Role) -> bool:
        """Whether this role is enough where another is asked for."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in.

    Args:
        name: As it stands in the record.
        role: What they may do.
        disabled: Whether they may not sign in any more.
        created_at: Since when they may, in UTC.
    """

    name: str
    role: Role
    disabled: bool = False
    created_at: str = ""


class Hasher(Protocol):
    """Makes the hashes of passwords and checks them; `argon2.PasswordHasher`."""

    def hash(self, password: str) -> str:
        """Return the hash of a password, with its salt and its cost."""

    def verify(self, hash: str, password: str) -> bool:  # noqa: A002 - the name is the library's
        """Return True, or raise `argon2.exceptions.VerifyMismatchError`."""

    def check_needs_rehash(self, hash: str) -> bool:  # noqa: A002
        """Whether a hash was made at another cost."""


def hasher() -> Hasher:
    """Return the hasher in use: argon2id, 64 MiB, three passes, four lanes (RFC 9106, section 4, second choice)."""
    from argon2 import PasswordHasher

    return PasswordHasher()


class Accounts:
    """The accounts of a desk.

    Args:
        database: Where they are kept.
        clock: What time it is.
        hasher: Makes and checks hashes.
    """

    def __init__(self, database: DeskDatabase, *, clock: Clock, hasher: Hasher) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._nobody = hasher.hash("the password of nobody")
        self._one_at_a_time = Lock()  # each check takes 64 MiB: a crowd at the door may wait, and not fill the machine

    def add(self, name: str, role: Role, password: str) -> Account:
        """Let somebody in.

        Raises:
            UsageError: The name is empty or taken, or the password is too short.
        """
        name = " ".join(name.split())
        if not folded(name) or len(name) > LONGEST_NAME or not name.isprintable():
            raise UsageError(
                f"a name has 1 to {LONGEST_NAME} printed characters.", next_step="It stands in the record beside each decision."
            )
        account = Account(name=name, role=role, created_at=iso(self._clock()))
        values = {"folded": folded(name), "role": role.value, "password": self._hashed(password), "created_at": account.created_at}
        with self._database.open() as connection:
            taken = connection.scalar(sql.select(ACCOUNTS.c.name).where(ACCOUNTS.c.folded == folded(name)))
            if taken:
                raise UsageError(
                    f'there is an account "{taken}" already.', next_step="A name in other letters or accents is the same person."
                )
            connection.execute(sql.insert(ACCOUNTS).values(name=name, **values))
        return account

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""
        with self._database.open() as connection:
            return tuple(account_of(row) for row in connection.execute(sql.select(ACCOUNTS).order_by(ACCOUNTS.c.folded)).mappings())

    def check(self, name: str, password: str) -> Account | None:
        """Return who signs in with a name and a password, None if nobody does; an unknown name takes as long as a wrong password."""
        row = self._row(name)
        right = self._is_right(row["password"] if row else self._nobody, password[: LONGEST_PASSWORD + 1])
        if row is None or not right or row["disabled"]:
            return None
        if self._hasher.check_needs_rehash(row["password"]):
            self._change(row["name"], password=self._hasher.hash(password))
        return account_of(row)

    def set_password(self, name: str, password: str) -> None:
        """Give somebody a new password, and sign them out everywhere.

        Raises:
            UsageError: It is too short.
            UnknownName: There is no such account.
        """
        self._change(self._known(name), password=self._hashed(password))
        self.sign_out(name)

    def set_role(self, name: str, role: Role) -> None:
        """Change what somebody may do, from their next click on; `UnknownName` if there is no such account."""
        self._change(self._known(name), role=role.value)

    def disable(self, name: str, *, disabled: bool = True) -> None:
        """Let somebody in no more, and sign them out everywhere; what they did stays in the record under their name."""
        self._change(self._known(name), disabled=disabled)
        self.sign_out(name)

    def sign_out(self, name: str) -> None:
        """End every session of somebody."""
        with self._database.open() as connection:
            connection.execute(sql.delete(SESSIONS).where(SESSIONS.c.account == self._known(name)))

    def _hashed(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            words = f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; this one has {len(password)}."
            raise UsageError(words, next_step="Four words that do not belong together are easy to keep in mind.")
        return self._hasher.hash(password)

    def _is_right(self, hashed: str, password: str) -> bool:
        from argon2.exceptions import VerificationError

        with self._one_at_a_time:
            try:
                return self._hasher.verify(hashed, password)
            except VerificationError:
                return False

    def _row(self, name: str) -> sql.RowMapping | None:
        with self._database.open() as connection:
            return connection.execute(sql.select(ACCOUNTS).where(ACCOUNTS.c.folded == folded(name))).mappings().first()

    def _known(self, name: str) -> str:
        row = self._row(name)
        if row is None:
            raise UnknownName(f'no account "{name}".', next_step="See them: racecall account list DIR")
        return str(row["name"])

    def _change(self, name: str, **values: object) -> None:
        with self._database.open() as connection:
            connection.execute(sql.update(ACCOUNTS).where(ACCOUNTS.c.name == name).values(**values))


def account_of(row: sql.RowMapping) -> Account:
    """Return the account in a row."""
    return Account(name=row["name"], role=Role(row["role"]), disabled=row["disabled"], created_at=row["created_at"])
