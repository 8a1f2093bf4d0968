"""What a process remembers of the moments it has judged: as much as is the same, and no more."""

from pathlib import Path

import pytest

from commands import FINDINGS, FINE, LATER, county_json, file, racecall, recorded
from racecall.desk.folder import ElectionFolder, open_folder
from racecall.desk.looking import Look, Memory, looks_of
from racecall.publish.site import history


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An election of two contests with one count."""
    return recorded(tmp_path)


def looks(path: Path, memory: Memory | None = None) -> dict[str, list[Look]]:
    folder: ElectionFolder = open_folder(path)
    ledger = folder.ledger()
    return looks_of(folder, ledger, history.touching(ledger, [contest.id for contest in folder.election]), memory)


def add(path: Path, at: str) -> None:
    """Record another count of the county."""
    assert racecall("add", path, file(path.parent, "more.json", county_json(LATER, at)), "--backfill").code in {FINE, FINDINGS}


def test_what_is_remembered_is_what_was_judged(path: Path) -> None:
    """The very same values, by contest and moment."""
    memory = Memory()
    first = looks(path, memory)

    assert looks(path, memory) == first == looks(path)
    assert all(again[0] is own[0] for again, own in zip(looks(path, memory)["mayor"], first["mayor"], strict=True))


def test_a_later_count_leaves_the_moments_before_it_remembered(path: Path) -> None:
    """Only what it brings is judged."""
    memory = Memory()
    before = looks(path, memory)["mayor"]
    add(path, "2022-11-09T17:00:00")
    after = looks(path, memory)["mayor"]

    assert after == looks(path)["mayor"]
    assert [view is known for (view, _), (known, _) in zip(after, before, strict=False)] == [True] * len(before)


def test_a_count_that_became_known_earlier_is_looked_at(path: Path) -> None:
    """What is filled in afterwards changes what was known at the moments after it."""
    memory = Memory()
    looks(path, memory)
    add(path, "2022-11-08T20:30:00")

    assert looks(path, memory) == looks(path)


def test_other_settings_are_judged_anew(path: Path) -> None:
    """A look shows the names that the settings give."""
    memory = Memory()
    looks(path, memory)
    settings = path / "election.toml"
    settings.write_text(settings.read_text().replace("ANN LEE", "ANN B. LEE"))

    assert "ANN B. LEE" in {line.option.name for line in looks(path, memory)["mayor"][-1][0].options}


def test_what_is_said_of_a_contest_does_not_depend_on_who_else_is_asked_for(tmp_path: Path) -> None:
    """A site bakes a part of the contests in each process, a person looks at one: all of them see the same figures."""
    seats = {f"SEAT {number}": {"ANN LEE": 600 + number, "BO NÚÑEZ": 580, "CY ROE": 150} for number in range(25)}
    path = recorded(tmp_path, seats)
    settings = path / "election.toml"
    settings.write_text(settings.read_text().replace("[election]\n", '[election]\nstate = "CA"\npolls_close = 2022-11-08T20:00:00-08:00\n'))
    folder = open_folder(path)
    ledger = folder.ledger()
    touched = history.touching(ledger, [contest.id for contest in folder.election])
    every = looks_of(folder, ledger, touched)
    alone = looks_of(folder, ledger, {"seat-7": touched["seat-7"]})

    assert every["seat-7"][-1][0].votes_to_come
    assert alone["seat-7"] == every["seat-7"]


def test_no_more_is_kept_than_was_asked_for(path: Path) -> None:
    """What was asked for least lately goes first."""
    memory = Memory(most=1)
    made = looks(path, memory)

    assert looks(path, memory) == made
    assert len(memory.kept) == 1
