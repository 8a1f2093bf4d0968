"""Several desks on one ledger: processes that add at the same moment, and one that is killed; the chain stays whole and nothing is lost."""

import random
import shutil
import signal
import subprocess
import time

import pytest

from commands import (
    BROKEN,
    FINE,
    LATER,
    Votes,
    command,
    county_json,
    election,
    events,
    file,
    racecall,
    recorded,
    status,
    surroundings,
    votes_of,
)
from racecall.desk.folder import open_folder

DESKS, WAIT = 4, 120


def started(*words: object) -> subprocess.Popen:
    return subprocess.Popen(command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=surroundings())


def ended(process: subprocess.Popen) -> tuple[int, str]:
    _, err = process.communicate(timeout=WAIT)
    return process.returncode, err.decode()


def count(number: int) -> Votes:
    return {"MAYOR": {"ANN LEE": 600 + number, "BO NÚÑEZ": 350 + number, "CY ROE": 150 + number}}


def test_desks_that_add_at_once_keep_one_chain(tmp_path):
    """Different files from as many processes: every one is recorded once, with its release, and the record is whole."""
    made = election(tmp_path)
    files = [file(tmp_path, f"{n}.json", county_json(count(n), f"2022-11-08T21:0{n}:00")) for n in range(DESKS)]
    said = [ended(process) for process in [started("add", made, one, "--backfill") for one in files]]

    assert [(code, err) for code, err in said if code not in {FINE, 1}] == []
    names = [event["body"]["name"] for event in events(made) if event["kind"] == "capture"]
    assert sorted(names) == [one.name for one in files]
    assert [event["kind"] for event in events(made)].count("release") == DESKS
    assert racecall("verify", made).code == FINE
    assert votes_of(status(made))["ann-lee"] == 600 + DESKS - 1


@pytest.mark.usefixtures("postgres")
def test_a_second_desk_works_from_the_settings_alone(tmp_path):
    """Its folder holds election.toml and nothing else; what the first has recorded is there, and the other way round."""
    first = recorded(tmp_path)
    second = tmp_path / "second"
    second.mkdir()
    shutil.copy(first / "election.toml", second)
    racecall("add", second, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")

    assert [path.name for path in second.iterdir()] == ["election.toml"]
    assert (
        racecall("status", first, "--json", "--as-of", "2022-12-01").out
        == racecall("status", second, "--json", "--as-of", "2022-12-01").out
    )
    assert votes_of(status(first))["ann-lee"] == LATER["MAYOR"]["ANN LEE"]
    assert (racecall("verify", first).code, racecall("verify", second).code) == (FINE, FINE)


def test_an_election_is_made_once_in_a_database(postgres, tmp_path):
    """Another folder with the same id is told how to join."""
    made = recorded(tmp_path)
    other = tmp_path / "other"
    ran = racecall("new", other, "--settings", made / "election.toml")

    assert (ran.code, other.exists()) == (2, False)
    assert ran.err == (
        f"racecall: {postgres.address}, schema racecall_election: the database has a ledger of this election already.\n"
        f"To work on it from here, copy its election.toml into {other}. Another election needs another id.\n"
    )


# -- verify --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE events SET actor = 'x' WHERE seq = 2", "event 2 (capture, 2022-11-09T05:00:00Z) was changed after it was written."),
        ("DELETE FROM events WHERE seq = 1", "event 1 is missing: in its place is event 2."),
        ("DELETE FROM files WHERE folder = 'counts'", ".parquet is gone; event 3 needs it."),
        ("UPDATE files SET bytes = bytes || 'x' WHERE folder = 'captures'", " was changed after it was kept; event 1 needs it."),
    ],
)
def test_what_was_changed_in_the_database_is_named(postgres, tmp_path, statement, said):
    """An event, a lost one, a capture, a table: as in a folder, and that the rule against it is gone."""
    made = recorded(tmp_path)
    postgres.drop_rules(made)
    postgres.execute(made, statement)
    ran = racecall("verify", made, "--json")

    assert ran.code == BROKEN
    assert any(problem.endswith(said) for problem in ran.json["problems"]), ran.json
    assert "ledger.db has lost the rule that refuses to update an event." in ran.json["problems"]


def test_a_database_without_the_ledger_has_nothing_to_verify(postgres, tmp_path):
    """What to look at."""
    made = recorded(tmp_path)
    postgres.empty()
    ran = racecall("verify", made)

    assert (ran.code, ran.out) == (2, "")
    assert "there is no ledger of this election in the database, so there is nothing to verify." in ran.err


# -- kill ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("postgres")
def test_a_killed_add_leaves_the_shared_ledger_whole(tmp_path):
    """Killed at forty seeded moments: the record verifies, the count is there whole or not at all, and the same command completes it."""
    rng = random.Random(20170404)
    began = time.monotonic()
    made = recorded(tmp_path)
    duration = (time.monotonic() - began) / 2 + 0.6
    wrong, kills = [], 0
    for number in range(40):
        later = file(tmp_path, "later.json", county_json(count(number), f"2022-11-09T17:{number:02}:00"))
        before = events(made)
        process = started("add", made, later, "--backfill")
        time.sleep(rng.uniform(0.2, 1.1) * duration)
        process.send_signal(signal.SIGKILL)
        kills += ended(process)[0] == -signal.SIGKILL
        found = events(made)
        again = racecall("add", made, later, "--backfill").code
        checks = {
            "what was recorded is there": found[: len(before)] == before,
            "whole or not at all": len(found) in {len(before), len(events(made))},
            "the same command completes it": again in {FINE, 1} and votes_of(status(made))["ann-lee"] == 600 + number,
            "it verifies": racecall("verify", made).code == FINE,
        }
        wrong += [f"kill {number}: not so: {check}" for check, holds in checks.items() if not holds]

    assert (wrong, kills >= 15) == ([], True), kills


@pytest.mark.usefixtures("postgres")
def test_a_desk_that_holds_the_ledger_is_waited_for(tmp_path, monkeypatch):
    """Not for ever: after half a minute (here a moment) a command says who is in the way, and has recorded nothing."""
    made = recorded(tmp_path)
    before = events(made)
    later = file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00"))
    monkeypatch.setattr("racecall.desk.postgres.BUSY_SECONDS", 1)
    with open_folder(made).store.writing():
        ran = racecall("add", made, later, "--backfill")

    assert ran.code == BROKEN
    assert "another racecall has been writing to the ledger for 1 seconds." in ran.err
    assert events(made) == before
