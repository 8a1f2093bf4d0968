"""Fixtures that every room may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import commands
from databases import REQUIRED, Database, binaries, server

settings.register_profile("racecall", deadline=None)  # two cores and two workers: a slow moment is no fault
settings.load_profile("racecall")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The large data set beside the checkout; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the shared data set beside the checkout (../shared/data), which a fresh clone does not have")
    return SHARED


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own; tests that need it are skipped where it is not installed."""
    programs = binaries()
    if programs is None:
        say = pytest.fail if os.environ.get(REQUIRED) == "required" else pytest.skip
        say(f"needs a PostgreSQL server in /usr/lib/postgresql (apt-get install -y postgresql); {REQUIRED}=required makes this a failure")
    with server(programs) as address:
        yield address


@pytest.fixture
def postgres(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An empty PostgreSQL database; elections that a test makes keep their ledger in it."""
    database = Database(postgres_server)
    database.empty()
    monkeypatch.setattr(commands, "LEDGER", ("--ledger", postgres_server))
    return database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each database in turn: what holds for the one holds for the other."""
    return Database("") if request.param == "sqlite" else request.getfixturevalue("postgres")
