"""A site that is kept fresh all night: the same files, whoever bakes them."""

from pathlib import Path

import pytest

from commands import FINE, county_json, file, files_of, racecall, recorded
from racecall.desk import baking
from racecall.desk.folder import open_folder
from racecall.desk.publishing import SHARED
from racecall.desk.republishing import Site
from racecall.desk.workers import apart
from racecall.errors import LedgerError

MANY = {f"SEAT {number}": {"ANN LEE": 600, "BO ROE": 350 + number} for number in range(2 * SHARED)}
"""Contests enough for two processes."""


def add_later(folder: Path) -> None:
    """Record a count that changes every contest."""
    later = {contest: {name: votes + 100 for name, votes in options.items()} for contest, options in MANY.items()}
    source = file(folder.parent, "later.json", county_json(later, "2022-11-09T17:00:00"))
    assert racecall("add", folder, source, "--backfill").code == FINE


def test_a_site_that_two_processes_bake_is_the_one_that_a_command_makes(tmp_path: Path) -> None:
    """Byte for byte, the manifest as well, from nothing and after the next count."""
    folder = recorded(tmp_path, MANY)
    with apart() as beside:
        site = Site(folder=folder, out=tmp_path / "two", beside=beside)
        site.get_ready()
        first = site.bring_up_to_date()
        assert racecall("publish", folder, "--out", tmp_path / "one").code == FINE
        add_later(folder)
        second = site.bring_up_to_date()
    assert racecall("publish", folder, "--out", tmp_path / "one").code == FINE

    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")
    assert [done and len(done.changed) for done in (first, second)] == [len(MANY), len(MANY)]


def test_nothing_new_is_not_published_again(tmp_path: Path) -> None:
    """The record and the settings are looked at, and nothing else."""
    site = Site(folder=recorded(tmp_path), out=tmp_path / "site")

    assert [site.bring_up_to_date() is None for _ in range(2)] == [False, True]


def test_what_is_practised_is_remembered_and_nothing_is_written(tmp_path: Path) -> None:
    """Each moment of a contest is judged before the first publication, which then has to judge none."""
    site = Site(folder=recorded(tmp_path, MANY), out=tmp_path / "site")
    memory = baking.MEMORY.kept
    memory.clear()

    site.get_ready()
    judged = set(memory)
    site.bring_up_to_date()

    assert judged == set(memory)
    assert {contest for _, contest in judged} == {contest.id for contest in open_folder(site.folder).election}


def test_practice_writes_nothing(tmp_path: Path) -> None:
    """The site's folder comes with the first publication, and the election's is as it was."""
    site = Site(folder=recorded(tmp_path), out=tmp_path / "site")
    before = files_of(site.folder)

    site.get_ready()

    assert not site.out.exists()
    assert files_of(site.folder) == before


def test_a_record_that_is_broken_does_not_end_the_practice(tmp_path: Path) -> None:
    """A watch goes on and says it when it publishes, as often as it tries."""
    site = Site(folder=recorded(tmp_path), out=tmp_path / "site")
    (site.folder / "ledger.db").write_bytes(b"not a ledger")

    site.get_ready()

    with pytest.raises(LedgerError):
        site.bring_up_to_date()


def test_only_as_many_moments_are_practised_as_take_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A night of a hundred counts would keep a watch from its first poll for a minute."""
    monkeypatch.setattr(baking, "MOST_PRACTISED", 3)
    site = Site(folder=recorded(tmp_path, MANY), out=tmp_path / "site")
    baking.MEMORY.kept.clear()

    site.get_ready()

    assert len(baking.MEMORY.kept) == 3
