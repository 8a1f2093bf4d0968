"""A site that is kept fresh all night: the same files, whoever bakes them."""

from pathlib import Path

from commands import FINE, county_json, file, files_of, racecall, recorded
from racecall.desk.publishing import SHARED
from racecall.desk.republishing import Site
from racecall.desk.workers import apart

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
