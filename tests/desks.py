"""The desk for tests: the real application over a real election folder, in this process; only the clock and the cost of hashes are ours."""

from __future__ import annotations

import atexit
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from argon2 import PasswordHasher
from httpx import Response
from litestar.testing import TestClient

from commands import recorded
from racecall.desk.web.accounts import Role
from racecall.desk.web.app import application, front
from racecall.desk.web.judged import Judge, judge_record
from racecall.desk.web.service import Desk, DeskSettings, open_desk

PASSWORD = "four words that do not belong"
NIGHT = datetime(2022, 11, 9, 6, 0, tzinfo=UTC)
"""An hour after the count of `commands.NIGHT`."""


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    at: datetime = NIGHT

    def __call__(self) -> datetime:
        """Return the time."""
        return self.at

    def later(self, **units: float) -> None:
        """Let time pass."""
        self.at += timedelta(**units)


@dataclass(slots=True)
class Served:
    """A desk that is served to clients in this process.

    Args:
        desk: The desk.
        clock: Its clock.
        app: What is served.
        lines: Its log.
    """

    desk: Desk
    clock: Clock
    app: Any
    lines: list[str] = field(default_factory=list)

    @contextmanager
    def visitor(self) -> Iterator[TestClient[Any]]:
        """Give a browser that nobody is signed in with; it follows no redirects, so that a test sees them."""
        client: TestClient[Any] = TestClient(self.app, base_url="http://desk.local")
        client.follow_redirects = False
        yield client

    @contextmanager
    def person(self, name: str = "A. Editor", role: Role = Role.EDITOR) -> Iterator[Person]:
        """Give a browser in which somebody is signed in; their account is made if there is none."""
        if name not in {account.name for account in self.desk.accounts.all()}:
            self.desk.accounts.add(name, role, PASSWORD)
        with self.visitor() as client:
            person = Person(client, name)
            person.sign_in()
            yield person


@dataclass(slots=True)
class Person:
    """Somebody at a browser.

    Args:
        client: The browser.
        name: Who they are.
    """

    client: TestClient[Any]
    name: str

    def sign_in(self, password: str = PASSWORD, **more: str) -> Response:
        """Sign in as people do: open the form, fill it in, send it."""
        token = form_token(self.client.get("/sign-in").text)
        return self.client.post("/sign-in", data={"form_token": token, "name": self.name, "password": password, **more})

    def get(self, path: str) -> Response:
        """Open a page."""
        return self.client.get(path)

    def send(self, path: str, **fields: str) -> Response:
        """Send a form with the token that the page of the desk gave."""
        return self.client.post(path, data={"form_token": form_token(self.client.get("/password").text), **fields})

    def head(self) -> str:
        """Return the hash of the last event that a page was made from."""
        return str(self.client.get("/api/board").json()["head"])


def form_token(page: str) -> str:
    """Return the token of the last form on a page: the first is the one to sign out."""
    found = re.findall(r'name="form_token" value="([^"]+)"', page)
    assert found, page
    return str(found[-1])


def words(page: str) -> str:
    """Return the text of a page, without marks."""
    text = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", text).replace("&#39;", "'").replace("&#34;", '"').split())


@cache
def _counted() -> Path:
    """Make an election with one count once for all tests."""
    made = Path(mkdtemp(prefix="racecall-desk-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return recorded(made)


def counted(folder: Path) -> Path:
    """Return an election of one's own, with a county's first count recorded."""
    shutil.copytree(_counted(), folder / "election")
    return folder / "election"


def desk_over(
    folder: Path, *, secure: bool = False, metrics_token: str = "", site: Path | None = None, judge: Judge = judge_record
) -> Served:
    """Open the desk of an election folder; its record is judged in this process if nothing else is said."""
    clock, lines = Clock(), list[str]()
    settings = DeskSettings(folder=folder, secure=secure, metrics_token=metrics_token, site=site, names=("desk.local",))
    desk = open_desk(settings, clock=clock, passwords=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), judge=judge)
    return Served(desk, clock, front(desk, application(desk, watching=False), tell=lines.append), lines)
