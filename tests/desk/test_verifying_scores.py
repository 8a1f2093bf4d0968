"""The score of a place, worked out twice: the second reading agrees with the first on every contest, moment and option that is tried."""

import math
import random
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from commands import demo, file, racecall
from racecall.calls.live import LiveSettings, live_evidence
from racecall.desk import packaged
from racecall.desk.folder import open_folder
from racecall.desk.verifying.folder import latest_election
from racecall.desk.verifying.law import packaged_rules
from racecall.desk.verifying.lessons import between
from racecall.desk.verifying.printed_scores import Scores, tables_of
from racecall.desk.verifying.record import read_record
from racecall.desk.verifying.running import Running, running
from racecall.ledger.records import read_records

CLOSE = datetime(2024, 11, 5, 20, tzinfo=ZoneInfo("America/Los_Angeles"))
RULES = ("generic-plurality", "us-ca-primary-voter-nominated", "us-ca-nonpartisan-primary", "us-ak-primary", "us-la-open-primary")
PARTIES = ("DEM", "REP", "DEM", "", "GRN", "REP", "DEM", "REP")
COUNTIES = ("Los Angeles", "Kern", "Inyo", "Nowhere")


# -- nights that never were ----------------------------------------------------------------------------------------------------------


def settings(chance: random.Random, state: str) -> str:
    """Eight contests of all kinds, in one county or in several."""
    head = f'[election]\nid = "ca-night"\ntitle = "N"\ndate = 2024-11-05\ntimezone = "America/Los_Angeles"\nstate = "{state}"\n'
    text = head + f"polls_close = {CLOSE.isoformat()}\n"
    for number in range(8):
        legislative = chance.random() < 0.8
        kind = chance.choice(("primary", "general", "other"))
        text += f'\n[[contest]]\nid = "c{number}"\ntitle = "District {number + 20}"\nrule = "{chance.choice(RULES)}"\n'
        text += f'election_type = "{kind}"\n'
        text += f"number_elected = {chance.choice((1, 1, 1, 2))}\n" + ('office = "us_house"\n' if legislative else "")
        people = range(chance.randint(2, 9))
        for person in people:
            party = chance.choice(PARTIES)
            text += f'[[contest.option]]\nid = "o{person}"\nname = "O {person}"\nparty = "{party}"\n'
        text += '[[contest.option]]\nid = "rest"\nname = "Write-ins"\nkind = "aggregate"\n'
    units = COUNTIES[: chance.choice((1, 4))]
    return text + "".join(f'\n[[unit]]\nid = "{unit}"\nname = "{unit} County"\ntype = "county"\n' for unit in units)


def entries(chance: random.Random, made: Path) -> str:
    """Six looks at every contest, from the first hour to the third week, and what the office says of ballots."""
    text = 'racecall = "entry/1"\n'
    election = open_folder(made).election
    counts = {contest.id: [[0] * len(contest.options) for _ in COUNTIES] for contest in election}
    for hour in sorted(chance.choice((0.5, 2, 4, 6, 10, 11.5, 20, 60, 100, 200, 400)) + chance.random() for _ in range(6)):
        at = CLOSE + timedelta(hours=hour)
        for contest in election:
            text += look(chance, contest, counts[contest.id], at)
        if chance.random() < 0.6:
            text += statement(chance, chance.choice(("", "c0", "c1")), "outstanding", at + timedelta(minutes=30))
            text += statement(chance, "", "cast", at + timedelta(minutes=20))
        if chance.random() < 0.4:
            text += paper(chance, at + timedelta(minutes=10))
    return text


def look(chance: random.Random, contest, counts: list[list[int]], at: datetime) -> str:
    names = [option.id for option in contest.options]
    for row in counts:
        sends = chance.random() < 0.6
        row[:] = [votes + sends * int(chance.expovariate(1 / 3000)) * chance.choice((0, 1, 1)) for votes in row]
    text = f'\n[[release]]\ncontest = "{contest.id}"\npublished_at = {at.isoformat()}\nsource = "s"\noptions = {names}\n'
    if contest.id in {"c0", "c1", "c2"}:
        return text + "[release.units]\n" + "".join(f'"{unit}" = {row}\n' for unit, row in zip(COUNTIES, counts, strict=True))
    return text + f'[release.units]\n"all" = {[sum(votes) for votes in zip(*counts, strict=True)]}\n'


def statement(chance: random.Random, contest: str, kind: str, at: datetime) -> str:
    about = f'contest = "{contest}"\n' if contest else ""
    arrivals = f"includes_arrivals = {str(chance.random() < 0.5).lower()}\n" if kind == "outstanding" else ""
    ballots = chance.randint(20_000, 400_000)
    return f'\n[[statement]]\n{about}kind = "{kind}"\nballots = {ballots}\nstated_at = {at.isoformat()}\nsource = "s"\n{arrivals}'


def paper(chance: random.Random, at: datetime) -> str:
    """Ballots sent out and returned, and mail ballots counted."""
    text, ballots = "", chance.randint(300_000, 900_000)
    for kind, share in (("issued", 1), ("returned", chance.uniform(0.2, 0.5)), ("cast", chance.uniform(0.05, 0.3))):
        text += f'\n[[statement]]\nkind = "{kind}"\nballots = {int(share * ballots)}\nstated_at = {at.isoformat()}\nsource = "s"\n'
    return text + 'category = "mail"\n'


@pytest.fixture(scope="module", params=range(8))
def night(request, tmp_path_factory) -> Path:
    """A folder of a made-up night; the seed is its number."""
    chance, where = random.Random(request.param), tmp_path_factory.mktemp("night")
    racecall("new", where / "e", "--settings", file(where, "s.toml", settings(chance, ("CA", "WA", "GA", "")[request.param % 4])))
    ran = racecall("add", where / "e", file(where, "entry.toml", entries(chance, where / "e")), "--backfill")
    assert ran.err == ""
    return where / "e"


# -- both readings -------------------------------------------------------------------------------------------------------------------


def moments(folder: Path) -> list[datetime]:
    return sorted({event.at for event in read_record(folder).events if event.kind in {"release", "statement"}})


def second(folder: Path) -> Scores:
    record = read_record(folder)
    return Scores(record.events, latest_election(folder, record), packaged_rules(), tables_of(folder))


def first(folder: Path, at: datetime) -> dict[str, dict[str, float]]:
    """Scores and votes to come as the product has them, unrounded."""
    opened = open_folder(folder)
    ruled = [(contest, packaged.rulebook().rule(contest.rule)) for contest in opened.election]
    evidence = live_evidence(
        ruled,
        opened.election,
        read_records(opened.ledger().as_of(at)),
        packaged.calibration(),
        as_of=at,
        settings=LiveSettings(draws=2, draws_of_many=2),
        tables=lru_cache(opened.store.get_table),
    )
    return {
        contest: dict(zip(("low", "likely", "high"), one.to_come, strict=True))
        | {option: said.score for option, said in one.options.items() if math.isfinite(said.score)}
        for contest, one in evidence.items()
    }


def own(scores: Scores, at: datetime) -> dict[str, dict[str, float]]:
    made = scores.at(at)
    return {
        contest: {"low": one.volume.lower, "likely": one.volume.likely, "high": one.volume.upper, **one.scores}
        for contest, one in made.items()
    }


def differences(folder: Path) -> Iterator[float]:
    """Differences of every figure of every contest at every moment; none is left out on either side."""
    scores = second(folder)
    for at in moments(folder):
        one, other = first(folder, at), own(scores, at)
        assert {name: figures.keys() for name, figures in one.items()} == {name: figures.keys() for name, figures in other.items()}
        yield from (abs(one[name][key] - other[name][key]) / max(1, abs(one[name][key])) for name in one for key in one[name])


def test_both_readings_give_the_same_scores(night):
    """To nine digits, in nights of all rules, states, sizes and hours, with units and without."""
    found = list(differences(night))

    assert len(found) > 200
    assert max(found) < 1e-9


def test_both_readings_give_the_same_scores_of_the_demo():
    """The special election of 2017, both rounds, with its statements."""
    found = list(differences(demo()))

    assert len(found) > 50
    assert max(found) < 1e-9


@pytest.mark.parametrize(("at", "height"), [(0, 1), (1, 1), (1.5, 2), (2, 3), (3, 5), (9, 5)])
def test_a_line_is_flat_outside_of_its_points(at, height):
    """Nothing is known there."""
    assert between(at, [(1, 1), (2, 3), (3, 5)]) == height


def test_both_readings_know_the_rolls_of_precincts(tmp_path):
    """A county's file with voters by precinct, taken as if it were from the third hour: what usually lies in silent precincts counts."""
    source = Path(__file__).resolve().parents[1] / "feeds" / "samples" / "clarity_precincts.xml"
    made = tmp_path / "e"
    racecall("new", made, "--from", source, "--date", "2020-11-03", "--timezone", "America/New_York")
    stamp = re.search(r"<Timestamp>(.+?)</Timestamp>", source.read_text(encoding="utf-8"))[1].rpartition(" ")[0]
    close = datetime.strptime(stamp, "%m/%d/%Y %I:%M:%S %p") - timedelta(hours=3)  # noqa: DTZ007 - local, as election.toml takes it
    settings = (made / "election.toml").read_text(encoding="utf-8")
    head = f'timezone = "America/New_York"\nstate = "GA"\npolls_close = {close.isoformat()}'
    file(made, "election.toml", settings.replace('timezone = "America/New_York"', head))
    racecall("add", made, source, "--backfill")
    [run, *_] = running_of(made)

    assert run.tables.rolls(run.counts[-1][1].ballots, run.contest.id).keys() >= set(run.units[0])
    assert max(differences(made)) < 1e-9


def running_of(folder: Path) -> list[Running]:
    """The contests of a folder as the second reading sees them, at the end."""
    scores = second(folder)
    contests = [(one, scores.rules[one.rule]) for one in scores.election.contests.values()]
    return list(running(contests, scores.election, scores.events, moments(folder)[-1], scores.tables))
