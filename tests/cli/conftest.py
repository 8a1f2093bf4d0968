"""The commands hold for both databases: every test of these files that makes an election makes it in SQLite and in PostgreSQL."""

import pytest

BOTH = {"test_add", "test_call", "test_findings", "test_new", "test_replay", "test_several_desks", "test_status"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    used = set(metafunc.fixturenames)
    if metafunc.module.__name__.rpartition(".")[2] in BOTH and "tmp_path" in used and "postgres" not in used:
        metafunc.parametrize("ledger_in", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def ledger_in(request: pytest.FixtureRequest) -> None:
    """Where `commands.election` keeps the ledger: in the folder, unless a test asks for PostgreSQL."""
    if getattr(request, "param", "sqlite") == "postgresql":
        request.getfixturevalue("postgres")
