"""The packaged election of 2017, read with the standard library only, against the facts in `expected.toml`."""

import doctest
import tomllib
from collections import Counter
from datetime import datetime
from fractions import Fraction
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
EXPECTED = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))
FOLDER = files("racecall.data").joinpath("ca34_2017")
ELECTION = tomllib.loads(FOLDER.joinpath("election.toml").read_text(encoding="utf-8"))
ENTRIES = {
    path.name: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.joinpath("entries").iterdir(), key=lambda path: path.name)
}
CONTESTS = {contest["id"]: contest for contest in ELECTION["contest"]}
PRIMARY, RUNOFF = CONTESTS["ca34-2017-primary"], CONTESTS["ca34-2017-runoff"]

KNOWN_KEYS = {
    "release": "contest published_at source status note units_reported units_total ballots count options units",
    "statement": "contest kind ballots stated_at source category approximate includes_arrivals note",
    "report": "contest kind by at source option slot votes gain share due_at note",
}
TIME_KEY = {"release": "published_at", "statement": "stated_at", "report": "at"}


def records(table: str) -> list[dict[str, Any]]:
    """Every record of one table, in the order of the files, with the number of its file."""
    return [{"entry": name[:2], **record} for name, entry in ENTRIES.items() for record in entry.get(table, ())]


def all_records() -> list[tuple[str, dict[str, Any]]]:
    return [(table, record) for table in KNOWN_KEYS for record in records(table)]


def totals(release: dict[str, Any]) -> dict[str, int]:
    """Votes by option for the whole contest, as printed."""
    if "count" in release:
        return {row["option"]: row["votes"] for row in release["count"]}
    return dict(zip(release["options"], release["units"]["all"], strict=True))


def release(entry: str) -> dict[str, Any]:
    return next(record for record in records("release") if record["entry"] == entry)


def figure(entry: str, by: str, option: str = "") -> dict[str, Any]:
    return next(r for r in records("report") if (r["entry"], r["kind"], r["by"], r.get("option", "")) == (entry, "figure", by, option))


def points(votes: int, of: int) -> float:
    return float(Fraction(100 * votes, of))


def pairs_of(table: dict[str, Any]) -> list[tuple[str, str, Any]]:
    return [(*pair.split(" over "), value) for pair, value in table.items()]


def test_the_field_is_23_printed_names_and_one_write_in():
    """23 names were printed, one write-in had qualified; "All others" is nobody."""
    kinds = Counter(option.get("kind", "printed") for option in PRIMARY["option"])
    write_ins = [option["id"] for option in PRIMARY["option"] if option.get("kind") == "write_in"]

    assert kinds == {"printed": EXPECTED["field"]["printed"], "write_in": 1, "aggregate": 1}
    assert write_ins == EXPECTED["field"]["write_in"]


def test_twenty_of_the_24_candidates_are_democrats():
    """Counting only the printed names gives 19 and 23; the bases must not be mixed."""
    parties = Counter(option["party"] for option in PRIMARY["option"] if option.get("kind") != "aggregate")

    assert parties == EXPECTED["field"]["parties"]


def test_the_two_rounds_are_linked_and_share_option_ids():
    """A candidate keeps the id from the primary to the runoff."""
    ids = {option["id"]: option["name"] for option in PRIMARY["option"]}

    assert PRIMARY["next_round"] == RUNOFF["id"]
    assert {option["id"]: option["name"] for option in RUNOFF["option"]}.items() <= ids.items()


def test_options_stand_in_the_order_that_the_comment_promises():
    """Alphabetical by surname id, the write-in after the printed names, the aggregate last."""
    ids = [option["id"] for option in PRIMARY["option"]]

    assert ids == [*sorted(ids[:-2]), "walker", "all_others"]


def test_both_rules_are_in_the_table_of_rules(shared: Path):
    """The rule of the runoff is the plain general one: the most votes elect."""
    import json

    rules = {rule["id"]: rule for rule in json.loads((shared / "rules.json").read_text(encoding="utf-8"))["rules"]}

    assert rules[PRIMARY["rule"]]["advance"]["count"] == 2
    assert rules[RUNOFF["rule"]]["elect"] == [[{"test": "plurality"}]]


@pytest.mark.parametrize("expected", EXPECTED["release"], ids=lambda fact: fact["entry"])
def test_a_release_has_the_votes_that_were_published(expected):
    """Votes per option, the total, the precincts and the ballots of every release are as in the sources."""
    found = release(expected["entry"])
    counts = totals(found)

    assert counts == expected["votes"]
    assert sum(counts.values()) == expected["total"]
    for key in ("contest", "published_at", "status", "units_reported", "units_total"):
        assert found.get(key) == expected.get(key), key
    assert found.get("ballots", {}) == {key: expected[key] for key in ("cast", "registered") if key in expected}


def test_no_release_is_unexpected():
    """Every packaged release is described in expected.toml."""
    assert [record["entry"] for record in records("release")] == [fact["entry"] for fact in EXPECTED["release"]]


@pytest.mark.parametrize("entry", ["14", "27"])
def test_the_195_units_add_up_to_the_certified_count(entry):
    """The county's precincts and the state's canvass are two files, and they agree."""
    found = release(entry)
    units = {unit: row for unit, row in found["units"].items() if unit != "all"}

    assert len(units) == 195
    assert sum(unit.startswith("999") for unit in units) == 3
    assert [sum(column) for column in zip(*units.values(), strict=True)] == found["units"]["all"]


def test_every_cell_of_the_certified_counts_is_in_the_precinct_data(shared: Path):
    """Cell by cell against the stored precinct set; the write-in, absent there, has zeros here."""
    import polars as pl

    rows = pl.read_parquet(shared / "precinct" / "la_county_cd34_ad51.parquet").filter(
        pl.col("election_date").is_in(["2017-04-04", "2017-06-06"]), pl.col("office") == "U.S. House", pl.col("district") == "34"
    )
    ids = {option["name"]: option["id"] for option in PRIMARY["option"]}
    stored = {
        (date, unit, ids[name]): votes for date, unit, name, votes in rows.select("election_date", "precinct", "candidate", "votes").rows()
    }
    packaged = {
        (date, unit, option): votes
        for date, entry in (("2017-04-04", "14"), ("2017-06-06", "27"))
        for unit, row in release(entry)["units"].items()
        for option, votes in zip(release(entry)["options"], row, strict=True)
        if unit != "all"
    }
    extra = {key: packaged.pop(key) for key in packaged.keys() - stored.keys()}

    assert packaged == stored
    assert {option for _, _, option in extra} == {"walker"}
    assert set(extra.values()) == {0}


@pytest.mark.parametrize("expected", EXPECTED["statement"], ids=lambda fact: f"{fact['entry']}-{fact['kind']}-{fact['ballots']}")
def test_a_statement_is_kept_as_the_office_made_it(expected):
    """Ballots counted or left, without votes: as stated, with what the office said they include."""
    facts = {key: value for key, value in expected.items() if key != "source"}

    assert any(facts.items() <= record.items() for record in records("statement"))


def test_no_statement_is_unexpected():
    """Every packaged statement is described in expected.toml."""
    assert len(records("statement")) == len(EXPECTED["statement"])


@pytest.mark.parametrize(("behind", "ahead", "break_points"), pairs_of(EXPECTED["night"]["required_break_points"]))
def test_the_required_break_comes_out_of_the_night(behind, ahead, break_points):
    """Third place needs the outstanding ballots by 20.3 points to pass second; 2,726 of 13,400."""
    counts = totals(release("06"))
    outstanding = next(record["ballots"] for record in records("statement") if record["entry"] == "10")

    assert points(counts[ahead] - counts[behind], outstanding) == pytest.approx(break_points, abs=0.05)


@pytest.mark.parametrize(("behind", "ahead", "observed"), pairs_of(EXPECTED["night"]["observed_points"]))
def test_what_the_rivals_had_done_so_far(behind, ahead, observed):
    """Third place had trailed second by 9.4 points among the votes counted."""
    counts = totals(release("06"))

    assert points(counts[behind] - counts[ahead], sum(counts.values())) == pytest.approx(observed, abs=0.05)


def test_all_precincts_were_two_thirds_of_the_votes():
    """192 of 192 precincts, and 68.5% of the votes that were counted in the end."""
    night, certified = release("06"), release("14")
    share = Fraction(sum(totals(night).values()), sum(totals(certified).values()))

    assert night["units_reported"] == night["units_total"]
    assert float(share) == pytest.approx(EXPECTED["night"]["share_of_final_votes"], abs=0.0005)


def test_nobody_was_near_a_majority():
    """The highest share on the night was 28.14%, so the two highest go on."""
    counts = totals(release("06"))
    order = sorted(counts.keys() - {"all_others"}, key=lambda option: -counts[option])

    assert order[:3] == EXPECTED["night"]["order"]
    assert float(Fraction(max(counts.values()), sum(counts.values()))) == pytest.approx(EXPECTED["outcome"]["highest_share"], abs=0.00005)


def test_the_late_votes_had_another_leader():
    """After the night Ahn gained 3,911, Gomez 2,572 and Cabildo 1,481 of 13,323 votes."""
    night, certified, late = totals(release("06")), totals(release("14")), EXPECTED["late"]
    gains = {option: certified[option] - night[option] for option in late["gains"]}
    added = sum(certified.values()) - sum(night.values())

    assert gains == late["gains"]
    assert added == late["votes"]
    assert {option: round(gain / added, 3) for option, gain in gains.items()} == late["shares"]


def test_606_ballots_carried_no_vote():
    """Ballots are paper and votes are for options: 42,914 and 42,308."""
    certified = release("14")

    assert certified["ballots"]["cast"] - sum(totals(certified).values()) == EXPECTED["late"]["ballots_without_a_vote"]


def test_the_runoff_could_still_be_turned_only_by_four_in_five_ballots():
    """With 10,460 ballots left and 6,653 votes behind it takes 81.8%, not the 70% that was claimed."""
    night, facts = totals(release("20")), EXPECTED["runoff"]
    margin = night["gomez"] - night["ahn"]
    left = next(record["ballots"] for record in records("statement") if record["entry"] == "22")

    assert (margin, left) == (facts["margin_votes"], facts["ballots_outstanding"])
    assert (left + margin) / 2 / left == pytest.approx(facts["required_share_of_outstanding"], abs=0.0005)


def test_the_late_votes_of_the_runoff():
    """10,310 votes came after the night, 5,808 and 4,502."""
    night, certified, facts = totals(release("20")), totals(release("27")), EXPECTED["runoff"]

    assert {option: certified[option] - night[option] for option in certified} == facts["late_gains"]
    assert sum(certified.values()) - sum(night.values()) == facts["late_votes"]


def test_calls_claims_and_concessions_come_in_order():
    """The agency called slot 1 on the night and slot 2 the next evening; the concession was repeated, then taken back."""
    kinds = {"agency_call", "victory_claim", "concession", "concession_retracted"}
    keys = ("entry", "contest", "kind", "by", "option", "slot")
    found = [{key: record[key] for key in keys if key in record} for record in records("report") if record["kind"] in kinds]

    assert found == EXPECTED["event"]


def test_the_total_of_the_night_follows_from_the_printed_per_cent():
    """Nine printed pairs leave 28,983 to 28,988 votes; the total taken lies in it, a press figure of 28,990 does not."""
    printed = [
        (row["votes"], Fraction(row["source"].removeprefix("printed with ").split("%")[0]))
        for row in release("06")["count"]
        if row["option"] != "all_others"
    ]
    half = Fraction(5, 1000)
    low = max(100 * votes / (share + half) for votes, share in printed)
    high = min(100 * votes / (share - half) for votes, share in printed)

    assert len(printed) == 9
    assert 28982 < low < 28983
    assert 28988 < high < 28989
    assert low < EXPECTED["night"]["votes_counted"] < high < figure("08", "LAist")["votes"]


@pytest.mark.parametrize("option", ["gomez", "ahn"])
def test_the_rounded_gains_of_7_april_fit_the_county(option):
    """The paper's roughly 2,500 and 2,000 are the county's 2,548 and 2,039, rounded to the nearest 500."""
    gain = figure("12", "Los Angeles County RR/CC", option)["votes"] - totals(release("06"))[option]

    assert round(gain / 500) * 500 == figure("12", "Los Angeles Times", option)["gain"]


def test_one_candidate_took_nearly_all_of_the_last_votes():
    """From 7 to 11 April Ahn gained 1,868 and Gomez 23; by the printed shares that is 94 to 96% of the votes."""
    late = EXPECTED["late"]
    before = {option: figure("12", "Los Angeles County RR/CC", option) for option in late["last_batch"]}
    after = {option: figure("13", "Los Angeles County RR/CC", option) for option in late["last_batch"]}
    gains = {option: after[option]["votes"] - before[option]["votes"] for option in before}
    added = after["ahn"]["votes"] / after["ahn"]["share"] - before["ahn"]["votes"] / before["ahn"]["share"]

    assert gains == late["last_batch"] == {option: after[option]["gain"] for option in after}
    assert late["last_batch_ahn_share_low"] < gains["ahn"] / added < late["last_batch_ahn_share_high"]


def test_the_table_of_june_does_not_fit_the_county_of_june():
    """25,269 to 16,225 is 60.90 to 39.10; the county's shares that day were 60.85 and 39.15. Both are kept."""
    table = {option: figure("25", "Decision Desk HQ", option)["votes"] for option in ("gomez", "ahn")}
    shares = {option: figure("25", "KPCC", option)["share"] for option in table}

    assert all(abs(votes / sum(table.values()) - shares[option]) > 0.0004 for option, votes in table.items())


def test_a_paper_is_one_vote_off_the_certified_runoff():
    """25,568 was printed, 25,569 certified. Both are kept."""
    assert totals(release("27"))["gomez"] - figure("26", "Rafu Shimpo", "gomez")["votes"] == 1


def test_every_record_says_where_it_is_from():
    """A web address, or a repository and a path."""
    bare = [
        (record["entry"], table)
        for table, record in all_records()
        if not (
            "://" in record["source"] or "openelections-data-ca, 2017/" in record["source"] or "address on each row" in record["source"]
        )
    ]
    rows = [row["option"] for row in release("06")["count"] if "://" not in row["source"] and "worked out" not in row["source"]]

    assert (bare, rows) == ([], [])


def test_every_record_says_how_its_time_is_known():
    """Printed, taken from an address or a stamp, or assumed."""
    words = ("assumed", "marked 8:30", "address", "stamps it", "about 22:40", "Time printed", "hour not given")
    silent = [(record["entry"], table) for table, record in all_records() if not any(word in record["note"] for word in words)]

    assert silent == []


def test_times_carry_an_offset_and_files_are_in_the_order_of_events():
    """No record of a file is from before the file that precedes it."""
    spans = []
    for entry in ENTRIES.values():
        times = [record[TIME_KEY[table]] for table in KNOWN_KEYS for record in entry.get(table, ())]
        assert all(isinstance(time, datetime) and time.tzinfo for time in times)
        spans.append((min(times), max(times)))

    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


def test_entries_keep_to_the_format():
    """Known tables and keys, contests and options that exist, whole and non-negative votes."""
    options = {contest: {option["id"] for option in CONTESTS[contest]["option"]} for contest in CONTESTS}

    for name, entry in ENTRIES.items():
        assert entry["racecall"] == "entry/1", name
        assert entry.keys() <= {"racecall", *KNOWN_KEYS}, name
    for table, record in all_records():
        assert record.keys() - {"entry"} <= set(KNOWN_KEYS[table].split()), record
        assert record.get("option", "ahn") in options[record["contest"]], record
    for found in records("release"):
        counts = totals(found)
        assert counts.keys() <= options[found["contest"]]
        assert all(isinstance(votes, int) and votes >= 0 for row in [counts.values(), *found.get("units", {}).values()] for votes in row)


def test_the_folder_is_small():
    """It travels with every installation: under 150 kB in all."""
    paths = [FOLDER.joinpath("election.toml"), FOLDER.joinpath("SOURCES.md"), *FOLDER.joinpath("entries").iterdir()]

    assert sum(len(path.read_bytes()) for path in paths) < 150_000


def test_the_sums_on_the_demo_page_are_right():
    """The arithmetic shown in docs/demo.md runs."""
    page = HERE.parents[2] / "docs" / "demo.md"
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")

    assert result.attempted > 5
    assert result.failed == 0
