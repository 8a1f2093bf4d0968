"""`racecall add` killed at any moment: the record verifies, what was recorded is there, and the same command completes it.

A process is killed with SIGKILL, so it cannot tidy up. Half of the kills come at a seeded share of the command's whole duration; the
others wait for the table of counts to appear, which is written inside the transaction, and come within milliseconds of it.
"""

import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from commands import FINE, Votes, command, county_json, election, events, file, files_of, racecall, status, surroundings, votes_of

CONTESTS = 120
WAIT = 60
"""Longest wait for a command [seconds]."""


def count(batch: int) -> Votes:
    """A county's count of many contests, larger with every batch."""
    names = ("ANN LEE", "BO NÚÑEZ", "CY ROE", "DI POE", "ED COE")
    return {f"CONTEST {n}": {name: (n % 97 + 5 * place + 7) * batch for place, name in enumerate(names)} for n in range(CONTESTS)}


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """An election with one count recorded; the next one lies beside it."""
    folder = tmp_path_factory.mktemp("kill")
    made = election(folder, count(1))
    racecall("add", made, folder / "night.json", "--backfill")
    file(folder, "later.json", county_json(count(2), "2022-11-09T17:00:00"))
    return made


@pytest.fixture(scope="module")
def whole(kept, tmp_path_factory) -> tuple[Path, float]:
    """The record as it is when nobody is killed, and how long the command takes [seconds]."""
    made = shutil.copytree(kept, tmp_path_factory.mktemp("whole") / "election")
    began = time.monotonic()
    ran = subprocess.run(adding(made, kept), check=False, capture_output=True, env=surroundings(), timeout=WAIT)
    assert ran.returncode == FINE, ran.stderr
    return made, time.monotonic() - began


def adding(made: Path, kept: Path) -> list[str]:
    return command("add", made, kept.parent / "later.json", "--backfill", "--by", "A test")


def killed(made: Path, kept: Path, rng: random.Random, duration: float) -> str:
    """Start the command, kill it at a seeded moment, and return where that was."""
    process = subprocess.Popen(adding(made, kept), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings())
    aimed = rng.random() < 0.5
    if aimed:
        wait_for_table(made, process)
        time.sleep(rng.uniform(0, 0.03))
    else:
        time.sleep(rng.uniform(0, 1.1 * duration))
    process.send_signal(signal.SIGKILL)
    ended = process.wait(WAIT)
    if ended == FINE:
        return "ended by itself"
    return f"killed, {'aimed' if aimed else 'anywhere'}, {len(tables(made)) - 1} tables, {len(events(made)) - 3} events"


def tables(made: Path) -> list[Path]:
    return list((made / "counts").glob("??/*.parquet"))


def wait_for_table(made: Path, process: subprocess.Popen) -> None:
    """Wait until the table of the new counts is there, or the command has ended."""
    until = time.monotonic() + WAIT
    while len(tables(made)) < 2 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.0005)


@dataclass(frozen=True)
class Record:
    """What a record says, to be compared: events, one contest's votes, and the hashes of its files."""

    events: list[dict[str, Any]]
    votes: dict[str, int]
    files: dict[str, str]


def record(made: Path) -> Record:
    return Record(events(made), votes_of(status(made, "contest-7")), files_of(made))


def what_is_wrong(made: Path, kept: Path, before: Record, whole: Record) -> list[str]:
    """Look at a record after a kill, complete it, and look again."""
    verified, found = racecall("verify", made), record(made)
    again = racecall("add", made, kept.parent / "later.json", "--backfill", "--by", "A test")
    completed = racecall("verify", made, "--json")
    checks = {
        "it verifies": verified.code == FINE,
        "what was recorded is there": found.events[: len(before.events)] == before.events,
        "the new count is there whole or not at all": len(found.events) in {len(before.events), len(whole.events)},
        "the status says the one or the other": found.votes in [before.votes, whole.votes],
        "the same command completes it": again.code == FINE
        and [told(event) for event in events(made)] == [told(event) for event in whole.events],
        "and then it verifies": completed.code == FINE,
        "nothing is left over but what the killed one was writing": all("/.writing-" in name for name in completed.json["unrecorded"]),
        "the files are those of an undisturbed record": {n: h for n, h in files_of(made).items() if "/.writing-" not in n} == whole.files,
    }
    return [check for check, holds in checks.items() if not holds]


def told(event: dict[str, Any]) -> tuple[Any, ...]:
    """An event without the moment at which it was written down, and what follows from that."""
    return (event["seq"], event["kind"], event["at"], event["actor"], event["body"])


@pytest.mark.parametrize(
    ("kills", "seed"), [pytest.param(5, 20170404, id="5 kills"), pytest.param(150, 20170606, id="150 kills", marks=pytest.mark.slow)]
)
def test_a_killed_add_loses_nothing_and_leaves_nothing_half(kept, whole, tmp_path, kills, seed):
    """At every moment: the chain holds, the old count is there, the new one is there whole or not at all, and can be added again."""
    undisturbed, duration = whole
    before, after = record(kept), record(undisturbed)
    rng = random.Random(seed)
    wrong, seen = [], Counter()
    for number in range(kills):
        made = shutil.copytree(kept, tmp_path / f"{number}")
        moment = killed(made, kept, rng, duration)
        seen[moment] += 1
        wrong += [f"kill {number} ({moment}): not so: {check}" for check in what_is_wrong(made, kept, before, after)]
        shutil.rmtree(made)

    assert wrong == [], "\n".join(wrong)
    assert sum(number for moment, number in seen.items() if moment.startswith("killed")) >= kills // 2, seen
    assert len(seen) >= min(3, kills // 5), f"the kills did not come at different moments: {seen}"


@pytest.mark.slow
def test_a_killed_new_can_be_done_again(tmp_path):
    """A folder that was being made is either none, or made by the same command given again, or says what to do."""
    source = file(tmp_path, "night.json", county_json(count(1)))
    words = ("new", tmp_path / "e", "--from", source, "--date", "2022-11-08")
    began = time.monotonic()
    subprocess.run(command(*words), check=True, capture_output=True, env=surroundings(), timeout=WAIT)
    duration = time.monotonic() - began
    rng = random.Random(1)
    for _ in range(20):
        shutil.rmtree(tmp_path / "e", ignore_errors=True)
        process = subprocess.Popen(command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings())
        time.sleep(rng.uniform(0.5, 1.1) * duration)
        process.send_signal(signal.SIGKILL)
        process.wait(WAIT)
        racecall(*words)
        ran = racecall("add", tmp_path / "e", source, "--backfill")

        assert ran.code == FINE or "remove ledger.db and run racecall new again" in ran.err, ran.err
