"""`racecall verify`: is the record what was written? Every change that matters is named, wherever it is made."""

import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from commands import (
    BROKEN,
    FINDINGS,
    FINE,
    LATER,
    NIGHT,
    USAGE,
    Ran,
    county_json,
    demo,
    election,
    events,
    file,
    files_of,
    racecall,
    recorded,
)
from racecall.desk.verifying.threshold import packaged
from racecall.ledger.events import canonical

WHOLE, NOT_WHOLE = "The record is whole.", "The record is NOT what was written. Restore what is named above from a backup."


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """An election with two counts, to be copied."""
    folder = tmp_path_factory.mktemp("kept")
    made = recorded(folder)
    racecall("add", made, file(folder, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")
    return made


@pytest.fixture
def made(kept, tmp_path) -> Path:
    return shutil.copytree(kept, tmp_path / "election")


def changed(folder: Path, statement: str) -> None:
    """Change the ledger by hand, as somebody would who drops the rules against it and puts them back."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        triggers = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
        connection.executescript("DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;" + statement + ";" + ";".join(triggers))


def flip(path: Path, byte: int, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[byte] ^= 1 << bit
    path.write_bytes(data)


def problems(folder: Path) -> list[str]:
    ran = racecall("verify", folder, "--json")
    assert ran.code == (BROKEN if ran.json["problems"] else FINE), ran
    return ran.json["problems"]


# -- a whole record ------------------------------------------------------------------------------------------------------------------


def test_a_whole_record_is_said_to_be(made):
    """What was looked at, the hash to keep, one sentence."""
    ran = racecall("verify", made)

    assert (ran.code, ran.err) == (FINE, "")
    assert ran.words == (
        f"5 events, 3 captures, 2 tables of counts; head {events(made)[-1]['hash']} "
        f"2 of 2 releases counted again from the bytes; 2 standings worked out again; 0 printed states compared {WHOLE}"
    )


def test_json_has_the_same(made):
    """For programs."""
    assert racecall("verify", made, "--json").json == {
        "events": 5,
        "captures": 3,
        "tables": 2,
        "releases": 2,
        "recounted": 2,
        "contests": 2,
        "figures": 0,
        "files": 0,
        "head": events(made)[-1]["hash"],
        "problems": [],
        "differences": [],
        "notes": [],
        "not_recomputed": [],
        "unrecorded": [],
    }


def test_verify_changes_nothing(made):
    """Looking leaves every file and the ledger as they are."""
    before = (files_of(made), (made / "ledger.db").read_bytes())
    racecall("verify", made)

    assert (files_of(made), (made / "ledger.db").read_bytes()) == before


def test_settings_that_were_edited_are_no_damage(made):
    """People are meant to edit election.toml: it is said, with exit code 1, until the next file records it."""
    settings = made / "election.toml"
    settings.write_text(settings.read_text() + "\n# the registrar's number: 555 0100\n")
    ran = racecall("verify", made)

    assert ran.code == FINDINGS
    assert "election.toml is not as it was recorded last. If you edited it, the next racecall add records the change." in ran.words
    assert WHOLE in ran.words


def test_a_file_that_no_event_names_does_no_harm(made):
    """A command that was stopped leaves such files."""
    file(made / "captures", "x", b"")
    (made / "captures" / "ab").mkdir(exist_ok=True)
    file(made / "captures" / "ab", ".writing-x1", b"half a fi")
    ran = racecall("verify", made)

    assert ran.code == FINE
    assert "1 file that no event names, left by a command that did not end; no harm in that." in ran.words


# -- the chain -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE events SET body = replace(body, '600', '601') WHERE seq = 3",
            ["event 3 (release, 2022-11-09T05:00:00Z) was changed after it was written."],
        ),
        (
            "UPDATE events SET actor = 'somebody' WHERE seq = 2",
            ["event 2 (capture, 2022-11-09T05:00:00Z) was changed after it was written."],
        ),
        (
            "UPDATE events SET at = '2022-11-09T06:00:00Z' WHERE seq = 3",
            ["event 3 (release, 2022-11-09T06:00:00Z) was changed after it was written."],
        ),
        (
            "DELETE FROM events WHERE seq = 2",
            ["event 2 is missing: in its place is event 3.", "event 3 does not follow the one before it."],
        ),
        (
            "DELETE FROM events WHERE seq = 1",
            ["event 1 is missing: in its place is event 2.", "event 2 does not follow the one before it."],
        ),
    ],
)
def test_a_change_of_an_event_is_named(made, statement, said):
    """With its number, its kind and its time."""
    changed(made, statement)

    assert [problem for problem in problems(made) if problem.startswith("event")][: len(said)] == said


def test_an_event_put_in_by_hand_is_named(made):
    """A row without the right hash."""
    changed(made, "INSERT INTO events SELECT 6, kind, at, recorded_at, contest, actor, body, hash, 'f' || hash FROM events WHERE seq = 5")

    assert problems(made)[0] == "event 6 (release, 2022-11-10T01:00:00Z) was changed after it was written."


def test_every_change_is_named_and_not_only_the_first(made):
    """Two changes, two sentences."""
    changed(made, "UPDATE events SET actor = 'x' WHERE seq IN (2, 4)")

    assert [problem.split(" (")[0] for problem in problems(made)] == ["event 2", "event 4"]


def test_a_lost_rule_is_named(made):
    """Nothing was changed, but nothing would stop it."""
    with closing(sqlite3.connect(made / "ledger.db")) as connection:
        connection.execute("DROP TRIGGER events_no_delete")

    assert problems(made) == ["ledger.db has lost the rule that refuses to delete an event."]


def test_the_words_of_a_broken_record(made):
    """The places first, then what to do; exit code 3."""
    changed(made, "UPDATE events SET actor = 'x' WHERE seq = 2")
    ran = racecall("verify", made)

    assert ran.code == BROKEN
    assert ran.words.endswith(f"event 2 (capture, 2022-11-09T05:00:00Z) was changed after it was written. {NOT_WHOLE}")


@pytest.mark.parametrize("words", [["status"], ["replay"], ["add", "night.json"], ["findings", "list"]])
def test_no_command_works_on_a_changed_record(made, kept, words):
    """It stops at the first link that does not hold, and says how to see them all."""
    changed(made, "UPDATE events SET actor = 'x' WHERE seq = 2")
    place = 2 if words[0] == "findings" else 1
    ran = racecall(*words[:place], made, *[kept.parent / word if word.endswith(".json") else word for word in words[place:]])

    assert (ran.code, ran.out) == (BROKEN, "")
    assert ran.err == (
        f"racecall: {made / 'ledger.db'}: event 2 is not what was written, or does not follow the event before it.\n"
        "Run racecall verify to see all that is wrong, and restore ledger.db from a backup.\n"
    )


# -- the files -----------------------------------------------------------------------------------------------------------------------


def data_files(folder: Path) -> list[Path]:
    return sorted(path for name in ("captures", "counts") for path in (folder / name).rglob("*") if path.is_file())


def test_a_changed_byte_in_any_capture_or_table_is_named(made):
    """Each file, at a seeded place: its name, and the event that needs it."""
    rng = random.Random(20170404)
    found = {}
    for path in data_files(made):
        whole = path.read_bytes()
        flip(path, rng.randrange(len(whole)), rng.randrange(8))
        found[path.name] = problems(made)[0]
        path.write_bytes(whole)

    assert len(found) == 5
    assert [said for name, said in found.items() if f"/{name} was changed after it was kept; event " not in said] == []


def test_a_lost_file_is_named(made):
    """With the event that needs it."""
    lost = data_files(made)[0]
    lost.unlink()

    assert problems(made)[0].startswith(f"captures/{lost.name} is gone; event ")


def test_a_file_cut_short_is_named(made):
    """A copy that stopped half way."""
    table = data_files(made)[-1]
    table.write_bytes(table.read_bytes()[:100])
    said = problems(made)

    assert said[0].startswith(f"counts/{table.name} was changed after it was kept; event ")
    assert said[1].startswith("the cells of event ")


def forged(folder: Path, seq: int, before: str, after: str) -> None:
    """Change an event and write the whole chain anew over it, as somebody would who knows the recipe."""
    from racecall.ledger.events import event_hash

    rows = events(folder)
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        texts = dict(connection.execute("SELECT seq, body FROM events"))
    assert before in texts[seq]
    texts[seq] = texts[seq].replace(before, after)
    previous, statements = "0" * 64, []
    for row in rows:
        fields = {name: row[name] for name in ("seq", "kind", "at", "recorded_at", "contest", "actor")}
        own = event_hash(**fields, body=texts[row["seq"]], previous=previous)
        text = texts[row["seq"]].replace("'", "''")
        statements.append(f"UPDATE events SET body = '{text}', previous = '{previous}', hash = '{own}' WHERE seq = {row['seq']}")
        previous = own
    changed(folder, ";".join(statements))


def test_a_new_chain_over_changed_totals_is_found_by_the_cells_and_by_the_bytes(made):
    """Both know better, each by itself."""
    forged(made, 3, '"ann-lee":600', '"ann-lee":900')

    assert problems(made) == [
        "event 3: the totals of mayor are not the sum of its cells.",
        "event 3: votes of mayor: ann-lee has 900 in the record and 600 in its bytes.",
    ]


def test_changed_cells_under_a_new_chain_are_found_by_the_bytes(made):
    """Somebody who changes totals and cells alike would have to change the county's file as well."""
    import io

    import polars as pl

    table = events(made)[2]["body"]["counts"]
    cells = pl.read_parquet(made / "counts" / table[:2] / f"{table}.parquet")
    buffer = io.BytesIO()
    cells.with_columns(votes=pl.when(pl.col("option") == "ann-lee").then(900).otherwise("votes")).write_parquet(buffer)
    own = hashlib.sha256(buffer.getvalue()).hexdigest()
    (made / "counts" / own[:2]).mkdir(exist_ok=True)
    file(made / "counts" / own[:2], f"{own}.parquet", buffer.getvalue())
    forged(made, 3, table, own)
    forged(made, 3, '"ann-lee":600', '"ann-lee":900')

    assert problems(made) == ["event 3: votes of mayor: ann-lee has 900 in the record and 600 in its bytes."]


def test_a_contest_left_out_of_a_release_is_found_by_the_bytes(made):
    """The county printed it, and the record does not have it."""
    body = events(made)[2]["body"]["contests"]["measure-a"]
    words = json.dumps(body, sort_keys=True, separators=(",", ":"))
    forged(made, 3, f',"measure-a":{words}', "")

    assert [said for said in problems(made) if said.startswith("event 3: it")] == [
        "event 3: it leaves out measure-a, which its bytes have."
    ]


def test_a_time_that_the_bytes_do_not_have_is_named(made):
    """A release put into another hour."""
    forged(made, 3, '"published_at":"2022-11-09T05:00:00Z"', '"published_at":"2022-11-09T04:00:00Z"')

    assert problems(made) == ["event 3: no count in its bytes is from 2022-11-09 04:00:00+00:00."]


def test_a_statement_that_nobody_made_is_named(tmp_path):
    """Ballots outstanding decide what is certain: they are looked up in the entry, too."""
    made = shutil.copytree(demo(), tmp_path / "election")
    said = next(event for event in events(made) if event["kind"] == "statement")
    forged(made, said["seq"], f'"ballots":{said["body"]["ballots"]},', '"ballots":1,')

    assert problems(made) == [f"event {said['seq']}: its bytes have no such statement (1 ballots {said['body']['kind']})."]


def test_lost_settings_are_named(made):
    """Where a copy is."""
    (made / "election.toml").unlink()

    assert problems(made) == ["election.toml is gone; a copy is among the captures."]


# -- one flipped bit -----------------------------------------------------------------------------------------------------------------


def test_a_flipped_bit_in_any_event_is_always_found(kept, made):
    """Twenty seeded places inside what the events say: each is named, and every command refuses to work on it."""
    rng = random.Random(13400)
    database = made / "ledger.db"
    whole = database.read_bytes()
    places = [place + rng.randrange(len(text)) for text in event_texts(kept) if (place := whole.find(text)) >= 0]
    seen: list[tuple[int, int, Ran, Ran]] = []
    for place in rng.sample(places * 4, 20):
        bit = rng.randrange(8)
        flip(database, place, bit)
        seen.append((place, bit, racecall("verify", made), racecall("status", made)))
        database.write_bytes(whole)

    assert len(places) >= 20
    assert [(place, bit) for place, bit, verified, _ in seen if verified.code != BROKEN or NOT_WHOLE not in verified.out] == []
    assert [(place, bit) for place, bit, _, stood in seen if stood.code != BROKEN or "ledger.db" not in stood.err] == []


def event_texts(folder: Path) -> list[bytes]:
    """What the events say, column by column, as the bytes that lie in the database."""
    texts = [str(value) for row in events(folder) for name, value in row.items() if name not in {"seq", "body"} and value]
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        return [*(text.encode() for text in texts), *(body.encode() for (body,) in connection.execute("SELECT body FROM events"))]


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.slow), pytest.param(4, marks=pytest.mark.slow)])
def test_a_flipped_bit_anywhere_is_found_or_changes_nothing(kept, made, seed, request):
    """Anywhere in the file: either it is named with exit code 3, or every event reads as it did and so does the status."""
    slow = request.node.get_closest_marker("slow")
    rng = random.Random(seed)
    database = made / "ledger.db"
    whole = database.read_bytes()
    written, stood = events(kept), racecall("status", kept, "--as-of", "2022-12-01", "--json").out
    missed = []
    for _ in range(600 if slow else 100):
        place, bit = rng.randrange(len(whole)), rng.randrange(8)
        flip(database, place, bit)
        verified = racecall("verify", made)
        stands = racecall("status", made, "--as-of", "2022-12-01", "--json")
        harmless = verified.code == FINE and events(made) == written and stands.out == stood
        named = verified.code == BROKEN and (NOT_WHOLE in verified.out or "ledger.db" in verified.err)
        missed += [] if harmless or named else [(place, bit, verified)]
        database.write_bytes(whole)

    assert missed == []


def fallen(database: Path, whole: bytes, places: Iterable[int]) -> tuple[int, int, list[int]]:
    """Flip one bit at each place of a ledger; return how many flips are named, how many change no event, and where neither is so."""
    from racecall.desk.verifying.record import chain_problems, read_sqlite

    kept_rows = read_sqlite(database, [])
    named, harmless, missed = 0, 0, []
    for place in places:
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        database.write_bytes(data)
        said: list[str] = []
        rows = read_sqlite(database, said)
        said += chain_problems(rows)
        if said:
            named += all(line.startswith(("event ", "ledger.db ")) for line in said)
        elif [list(row.items()) for row in rows] == [list(row.items()) for row in kept_rows]:
            harmless += 1
        else:
            missed.append(place)
    database.write_bytes(whole)
    return named, harmless, missed


def test_a_flipped_bit_of_the_ledger_is_named_or_changes_no_event(made):
    """Two hundred seeded places of the whole file, free space and the index of hashes among them."""
    whole = (made / "ledger.db").read_bytes()
    places = random.Random(31).sample(range(len(whole)), 200)
    named, harmless, missed = fallen(made / "ledger.db", whole, places)

    assert (named + harmless, missed) == (200, [])


@pytest.mark.slow
def test_a_flipped_bit_at_every_byte_of_the_ledger_is_named_or_changes_no_event(made):
    """Every byte of the file; what is not found lies where SQLite keeps nothing."""
    whole = (made / "ledger.db").read_bytes()
    named, harmless, missed = fallen(made / "ledger.db", whole, range(len(whole)))

    assert (named + harmless, missed) == (len(whole), [])


@pytest.mark.slow
def test_a_flipped_bit_at_every_byte_of_a_small_file_is_named(made):
    """Captures, tables, and election.toml itself: nothing in them is free."""
    missed = []
    for path in sorted([*data_files(made), made / "election.toml"], key=lambda path: path.stat().st_size)[:2]:
        whole = path.read_bytes()
        for place in range(len(whole)):
            flip(path, place, place % 8)
            ran = racecall("verify", made)
            missed += [] if ran.code and path.name in ran.out else [(path.name, place)]
            path.write_bytes(whole)

    assert missed == []


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[: len(data) // 2], id="cut in half"),
        pytest.param(lambda data: data[:10], id="ten bytes"),
        pytest.param(lambda data: b"\0" * len(data), id="zeros"),
        pytest.param(lambda data: b"PK\x03\x04" + data, id="another file"),
    ],
)
def test_a_ledger_that_is_no_database_is_said_to_be(made, damage):
    """No command takes it for an empty record."""
    database = made / "ledger.db"
    database.write_bytes(damage(database.read_bytes()))
    codes = [racecall(*words).code for words in (("verify", made), ("status", made), ("replay", made))]

    assert codes == [BROKEN] * 3


def test_an_empty_ledger_is_not_an_empty_record(made):
    """Nought bytes: whether it was lost or never made is for a person to say."""
    (made / "ledger.db").write_bytes(b"")
    ran = racecall("status", made)

    assert (racecall("verify", made).code, ran.code) == (BROKEN, BROKEN)
    assert ran.err == (
        f"racecall: {made / 'ledger.db'}: the ledger has no table of events: it was not made to the end, or it is damaged.\n"
        "If there is a backup, restore ledger.db. If nothing was ever recorded here, remove ledger.db and run racecall new again.\n"
    )


# -- a printed standing --------------------------------------------------------------------------------------------------------------


def printed(folder: Path, place: Path, *changes: tuple[str, str]) -> Ran:
    """Compare what `status --json` prints, changed by hand, with the record."""
    text = racecall("status", folder, "--json").out
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return racecall("verify", folder, "--against", file(place, "status.json", text))


def test_a_printed_standing_is_compared_with_the_record(made, tmp_path):
    """Two contests, and nothing to say."""
    ran = printed(made, tmp_path)

    assert ran.code == FINE, ran
    assert ran.words.endswith("2 printed states compared The record is whole. What was printed is what the record gives.")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"votes": 800', '"votes": 801', "ann-lee: votes is printed as 801; the record gives 800."),
        ('"votes_counted": 1700', '"votes_counted": 1701', "votes_counted is printed as 1,701; the record gives 1,700."),
        ('"share": 0.470588', '"share": 0.470589', "ann-lee: share is printed as 0.470589; the record gives 0.470588."),
        ('"clinched": false', '"clinched": true', "ann-lee: clinched is printed as True; the record gives False."),
        ('"option": "bo-nunez", "name"', '"option": "cy-roe", "name"', "bo-nunez has 700 votes in the record and is not printed."),
        (
            '"kind": "elect", "option": "ann-lee"',
            '"kind": "elect", "option": "cy-roe"',
            "places are printed for cy-roe; the record gives ann-lee.",
        ),
        (
            '"observed_points": -5.882',
            '"observed_points": -4.882',
            "observed_points is printed as -4.882; the record gives -5.882353.",
        ),
        ('"margin_votes": 100', '"margin_votes": 90', "place 1: margin_votes is printed as 90; the record gives 100."),
        ('"rival": "bo-nunez"', '"rival": "cy-roe"', "place 1: rival is printed as cy-roe; the record gives bo-nunez."),
        (
            '"recommendation": "wait"',
            '"recommendation": "call"',
            "place 1: a call is recommended, and neither arithmetic nor the printed score and threshold allow it.",
        ),
        (
            '"elected": ["ann-lee"]',
            '"elected": ["bo-nunez"]',
            "by law, elected is printed as bo-nunez; the record gives ann-lee.",
        ),
        (
            '"state": "leading"',
            '"state": "certified"',
            "its state is printed as certified; the current count is unofficial_partial.",
        ),
        ('"findings": []', '"findings": [{"id": "12345678"}]', "finding 12345678 is printed and not in the record."),
        ('"official": null', '"official": 5', "ballots outstanding: official is printed as 5; the record gives none."),
        (
            '"id": "generic-plurality"',
            '"id": "generic-top-k"',
            "rule is printed as generic-top-k; the settings name generic-plurality.",
        ),
    ],
)
def test_a_printed_figure_that_the_record_does_not_give_is_named(tmp_path, before, after, said):
    """The contest, the moment, what was printed, what the record gives; the record itself is whole."""
    made = election(tmp_path, NIGHT, "--rule", "generic-plurality")
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")
    ran = printed(made, tmp_path, (before, after))

    assert ran.code == BROKEN, ran
    assert said in ran.words
    assert ran.words.endswith("The record is whole. What was printed is NOT what the record gives.")


def test_every_moment_of_a_night_is_compared(tmp_path):
    """What `replay --json` prints of the demo, both rounds, the scores too; what needs draws is named as not worked out."""
    folder = demo()
    ran = racecall("verify", folder, "--against", file(tmp_path, "replay.jsonl", racecall("replay", folder, "--json").out), "--json")

    assert (ran.code, ran.json["figures"], ran.json["differences"]) == (FINE, 31, [])
    assert ran.json["not_recomputed"] == [
        "share_low, share_high, p_advance, p_elected, p_tie_or_recount: these need the joint draws of the model.",
    ]


@pytest.mark.parametrize(
    ("name", "figure", "said"),
    [
        ("score", 9.999, "place 1: score is printed as 9.999; the record gives "),
        ("votes_to_come", {"low": 1, "likely": 2, "high": 3}, "votes to come: low is printed as 1; the record gives "),
    ],
)
def test_a_printed_figure_of_the_model_that_the_counts_do_not_give_is_named(tmp_path, name, figure, said):
    """With the contest and the moment."""
    folder = demo()
    lines = [json.loads(line) for line in racecall("replay", folder, "--json").out.splitlines()]
    claim = next(line for line in lines if line["slots"] and line["slots"][0]["score"] is not None)
    place = claim["slots"][0] if name == "score" else claim
    place[name] = figure
    ran = racecall("verify", folder, "--against", file(tmp_path, "one.json", json.dumps(claim)))

    assert (ran.code, f"{claim['contest']} as of {claim['as_of']}: {said}" in ran.words) == (BROKEN, True)


def test_figures_of_another_calibration_are_said_not_to_be_worked_out(tmp_path):
    """Which is no difference: it may be a calibration that a desk made itself."""
    folder = demo()
    text = racecall("replay", folder, "--json").out.replace(packaged().score_version, "2020-01-01-000000000000")
    ran = racecall("verify", folder, "--against", file(tmp_path, "replay.jsonl", text), "--json")

    assert ran.json["differences"] == []
    assert "score, threshold, votes_to_come: of a calibration that is not packaged here, or is not named." in ran.json["not_recomputed"]


@pytest.mark.parametrize(
    ("content", "said"), [("{", "this is not JSON"), ("[]", "there is no standing in it"), ('{"a": 1}', "there is no standing")]
)
def test_a_file_that_holds_no_standing_is_refused(made, tmp_path, content, said):
    """With what is expected."""
    ran = racecall("verify", made, "--against", file(tmp_path, "status.json", content))

    assert ran.code == BROKEN
    assert said in ran.err


def test_a_standing_of_another_election_is_named(made, tmp_path):
    """No contest of that name is followed."""
    ran = racecall("verify", made, "--against", file(tmp_path, "s.json", '{"contest": "x", "as_of": "2022-11-09T05:00:00Z"}'))

    assert (ran.code, "x as of 2022-11-09T05:00:00Z: the record follows no such contest." in ran.words) == (BROKEN, True)


# -- what is not counted again -------------------------------------------------------------------------------------------------------


def test_a_format_without_a_second_reader_is_said(made):
    """Never passed over in silence: exit code 1, and the event."""
    forged(made, 5, '"feed":"la_county_json"', '"feed":"smoke_signals"')
    ran = racecall("verify", made)

    assert ran.code == FINDINGS
    assert "1 of 2 releases counted again" in ran.words
    assert "not recomputed: no second reader for smoke_signals (event 5)." in ran.words


def test_a_ledger_from_before_columns_were_recorded_is_still_read(tmp_path):
    """Then it is said that the table was not counted again, and nothing is wrong."""
    source = file(tmp_path, "night.csv", "race,candidate,votes\nMayor,Ann,5\nMayor,Bo,3\n")
    racecall("new", tmp_path / "e", "--from", source, "--date", "2022-11-08")
    racecall("add", tmp_path / "e", source, "--published-at", "2022-11-08T21:00")
    [event] = [row for row in events(tmp_path / "e") if row["kind"] == "capture"]
    forged(tmp_path / "e", event["seq"], ',"mapping":' + canonical(event["body"]["mapping"]), "")
    ran = racecall("verify", tmp_path / "e")

    assert (ran.code, "0 of 1 release counted again" in ran.words) == (FINDINGS, True)
    assert "its columns were named by a guess, or by the user, and the record does not keep which" in ran.words


# -- not an election -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("holds", [None, (), ("election.toml",)])
def test_a_folder_without_a_ledger_ends_with_2(tmp_path, holds):
    """There is nothing to verify, and what to do."""
    folder = tmp_path / "e"
    if holds is not None:
        folder.mkdir()
    for name in holds or ():
        file(folder, name, "")
    ran = racecall("verify", folder)

    assert (ran.code, ran.out) == (USAGE, "")
    assert ran.err == (
        f"racecall: {folder}: there is no ledger.db in this folder, so there is nothing to verify.\n"
        "Name the folder of an election. If this is one, its ledger.db is gone: restore it from a backup.\n"
    )


def test_the_demo_is_whole():
    """Twenty-seven entries, both rounds."""
    assert problems(demo()) == []
