"""LA County GetCounterData with GetElectionData: the two files put together, and the sums that must come out."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecall.errors import BrokenFile, RacecallError, SourceError
from racecall.feeds.base import Document, Feed
from racecall.feeds.la_counters import LaCountersFeed
from racecall.feeds.la_county_json import LaCountyJsonFeed
from racecall.model.counts import BALLOT_COLUMNS, COUNT_COLUMNS, BallotKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, Reading, Release
from racecall.origin import Capture, sha256_hex

SAMPLES = Path(__file__).parent / "samples"
COUNTERS = (SAMPLES / "la_counter_data.json").read_bytes()
NAMES = (SAMPLES / "la_election_data.json").read_bytes()
BESIDE = {"election_data.json": NAMES}
FEED = LaCountersFeed()
Row = dict[str, Any]


def document(data: bytes, companions: dict[str, bytes] | None = None, name: str = "counter_data.json") -> Document:
    capture = Capture(sha256=sha256_hex(data), name=name, size=len(data), received_at=datetime(2022, 12, 6, tzinfo=UTC))
    return Document(capture=capture, data=data, timezone="America/Los_Angeles", companions=BESIDE if companions is None else companions)


def read(data: bytes = COUNTERS, companions: dict[str, bytes] | None = None) -> Reading:
    return FEED.parse(document(data, companions))


def release(data: bytes = COUNTERS) -> Release:
    return read(data).releases[0]


def with_value(reference_id: int, reference_type: str, value: Any) -> bytes:
    """Return the sample with one number changed; a value of ... takes the row away."""
    file = json.loads(COUNTERS)
    [row] = [row for row in file["Data"] if (row["ReferenceID"], row["ReferenceType"]) == (reference_id, reference_type)]
    if value is ...:
        file["Data"].remove(row)
    else:
        row["Value"] = value
    return json.dumps(file).encode()


def with_row(row: Row) -> bytes:
    file = json.loads(COUNTERS)
    file["Data"].append(row)
    return json.dumps(file).encode()


def renamed(change: Callable[[Any], None]) -> dict[str, bytes]:
    """Return companions in which GetElectionData was changed."""
    file = json.loads(NAMES)
    change(file["Data"])
    return {"election_data.json": json.dumps(file).encode()}


def contest(key: str) -> ListedContest:
    return next(listed for listed in release().contests if listed.key == key)


def votes(made: Release, key: str) -> dict[str, int | None]:
    rows = made.counts.filter(pl.col("contest") == key).select("option", "votes").rows()
    return dict(rows)


def ballots(made: Release, key: str) -> dict[tuple[str, str], int | None]:
    rows = made.ballots.filter(pl.col("contest") == key).select("kind", "count_type", "ballots").rows()
    return {(kind, count_type): number for kind, count_type, number in rows}


def only(found: tuple[Finding, ...], check: str) -> Finding:
    [finding] = [finding for finding in found if finding.check == check]
    return finding


def refusal(data: bytes, companions: dict[str, bytes] | None = None) -> str:
    with pytest.raises(SourceError) as raised:
        read(data, companions)
    return str(raised.value)


# --- What is read ------------------------------------------------------------------------------------------------------------------


def test_it_is_a_feed() -> None:
    """The class keeps to the protocol of a feed."""
    assert isinstance(FEED, Feed)


@pytest.mark.parametrize(("data", "words"), [(COUNTERS, "GetCounterData"), (NAMES, "GetElectionData")])
def test_sniff_knows_both_files(data: bytes, words: str) -> None:
    """Either file of the pair is known by its keys."""
    match = FEED.sniff(document(data))

    assert match is not None
    assert (match.certainty, match.reason.split(":")[0]) == (1, words)


def test_sniff_leaves_the_documented_file_alone() -> None:
    """The results file has contest groups too, under another key."""
    assert FEED.sniff(document((SAMPLES / "la_county.json").read_bytes())) is None


def test_election_data_alone_only_defines() -> None:
    """Names without numbers are no release; they are kept for the files that need them."""
    assert read(NAMES, {}).defines


def test_election_data_alone_has_no_release() -> None:
    """A file that only names makes no counts of zero."""
    assert (read(NAMES, {}).releases, read(NAMES, {}).findings) == ((), ())


def test_votes_carry_the_names() -> None:
    """Ids become the titles and names that the documented file prints."""
    assert votes(release(), "STATE SENATOR, 99th District") == {"GUS HOE": 410, "HAL JOE": 520}


def test_write_ins_are_one_aggregate() -> None:
    """Write-in votes of all places are one option that is nobody."""
    listed = contest("CITY COUNCIL").options[-1]

    assert votes(release(), "CITY COUNCIL")["Write-in"] == 10
    assert (listed.key, listed.kind) == ("Write-in", "aggregate")


def test_a_contest_without_write_ins_has_no_such_option() -> None:
    """Nothing is made up where the county gives no write-ins."""
    assert "Write-in" not in votes(release(), "MEASURE A")


def test_ballots_of_a_contest() -> None:
    """Ballots, over- and undervotes stand beside the votes, never among them."""
    assert ballots(release(), "CITY COUNCIL") == {
        (BallotKind.CAST, "total"): 1000,
        (BallotKind.OVERVOTED, "total"): 3,
        (BallotKind.UNDERVOTED, "total"): 200,
        (BallotKind.PARTLY_VOTED, "total"): 387,
        (BallotKind.FULLY_VOTED, "total"): 410,
    }


def test_ballots_of_the_county() -> None:
    """Mail and in-person ballots are the county's, and voters on the roll are from GetElectionData."""
    assert ballots(release(), "") == {
        (BallotKind.CAST, "absentee_mail"): 800,
        (BallotKind.CAST, "in_person"): 200,
        (BallotKind.CAST, "total"): 1000,
        (BallotKind.REGISTERED, "total"): 2500,
    }


def test_cards_are_left_out() -> None:
    """A card is a sheet of paper, not a ballot: 6.5 million cards were 2.5 million ballots in 2022."""
    assert 2600 not in release().ballots.get_column("ballots").to_list()


@pytest.mark.parametrize(
    ("key", "hint"), [("MAYOR", "NonPartisan"), ("STATE SENATOR, 99th District", "VoterNominated"), ("MEASURE A", "55% of votes cast")]
)
def test_the_flags_hint_at_the_rule(key: str, hint: str) -> None:
    """Voter-nominated contests are top-two, nonpartisan ones need a majority; a measure says its share."""
    assert contest(key).rule_hint == hint


def test_votes_allowed_is_one_where_nothing_is_said() -> None:
    """GetCounterData has one place a ballot in every contest without a VoteFor."""
    assert (contest("MAYOR").votes_allowed, contest("CITY COUNCIL").votes_allowed) == (1, 2)


def test_the_american_time_is_local_to_the_county() -> None:
    """ "11/9/2022 3:35:19 AM" is the ninth of November."""
    assert release().published_at == datetime(2022, 11, 9, 11, 35, 19, tzinfo=UTC)


def test_the_sample_has_nothing_wrong() -> None:
    """Every sum of the sample comes out."""
    assert read().findings == ()


def test_the_place_of_a_number_is_its_ordinal() -> None:
    """A row points at the number in GetCounterData; the roll is not from there and has place 0."""
    made = release()

    assert made.counts.row(0) == ("MAYOR", "all", "total", "ANN LEE", 600, 1)
    assert made.ballots.get_column("row").to_list()[-2:] == [41, 0]


# --- The sums that must come out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "checks"),
    [
        ((10, "CBLT"), 1001, {"identity_ballots", "identity_marks"}),
        ((10, "COV"), 6, {"identity_ballots"}),
        ((10, "CUV"), 53, {"identity_ballots"}),
        ((10, "CPV"), 1, {"identity_ballots"}),
        ((10, "CFV"), 906, {"identity_ballots", "identity_single"}),
        ((101, "CAND"), 690, {"identity_marks", "identity_single"}),
        ((10, "WRTN-01"), 19, {"identity_marks", "identity_single"}),
        ((10, "NSEL-01"), 4, {"identity_marks"}),
        ((20, "NSEL-02"), 450, {"identity_marks"}),
        ((201, "CAND"), 400, {"identity_marks"}),
        ((77, "MBLT"), 80, {"identity_methods"}),
        ((77, "DBLT"), 201, {"identity_methods"}),
        ((77, "EBLT"), 100, {"identity_methods"}),
    ],
)
def test_a_changed_digit_is_found(place: tuple[int, str], value: int, checks: set[str]) -> None:
    """Every number of a contest stands in a sum: a wrong digit is found and the contest held."""
    found = read(with_value(*place, value)).findings

    assert {finding.check for finding in found} == checks
    assert {finding.severity for finding in found} == {Severity.HOLD_CALLS}
    assert {finding.contest for finding in found} == {{77: "", 20: "CITY COUNCIL", 201: "CITY COUNCIL"}.get(place[0], "MAYOR")}


def test_the_words_of_a_broken_ballot_sum() -> None:
    """The finding names the contest, every number, and the difference."""
    finding = only(read(with_value(10, "COV", 6)).findings, "identity_ballots")

    assert finding.problem == (
        "MAYOR: ballots with the contest (CBLT) 1,000 should equal overvoted (COV) 6 + without a vote (CUV) 35 + partly voted (CPV) 0 + "
        "fully voted (CFV) 960 = 1,001; they differ by 1."
    )
    assert (finding.origin.row, finding.origin.column) == (10, "CBLT")
    assert "one may be older than the other" in finding.next_step


def test_the_words_of_a_broken_sum_of_marks() -> None:
    """Where two votes are allowed, every ballot counts for two marks."""
    finding = only(read(with_value(201, "CAND", 400)).findings, "identity_marks")

    assert finding.problem == (
        "CITY COUNCIL: 2 x ballots with the contest (CBLT) 1,000 = 2,000 should equal votes for candidates (CAND) 1,100 + "
        "write-in votes (WRTN) 10 + places left empty (NSEL) 790 = 1,900; they differ by 100."
    )


def test_the_words_of_a_broken_county_sum() -> None:
    """Mail and in-person ballots make all ballots of the county."""
    finding = only(read(with_value(77, "MBLT", 700)).findings, "identity_methods")

    assert finding.problem == (
        "The county: all ballots (EBLT) 1,000 should equal mail ballots (MBLT) 700 + in-person ballots (DBLT) 200 = 900; "
        "they differ by 100."
    )


@pytest.mark.parametrize("place", [(10, "CBLT"), (10, "CPV"), (10, "NSEL-01"), (77, "MBLT")])
def test_a_sum_that_cannot_be_tried_is_noted(place: tuple[int, str]) -> None:
    """A number that is not there breaks no sum, and a person is told that the check is off."""
    finding = only(read(with_value(*place, ...)).findings, "identity_unchecked")

    assert finding.severity is Severity.NOTE
    assert "The sums of 1 contest could not be checked, because numbers are missing" in finding.problem


# --- What else is noted ------------------------------------------------------------------------------------------------------------


def test_unknown_types_are_named_and_counted() -> None:
    """A type we do not know is left out and said to be."""
    finding = only(read(with_row({"ReferenceID": 10, "ReferenceType": "RCVX-01", "Value": 3})).findings, "unknown_reference_types")

    assert finding.severity is Severity.NOTE
    assert "1 number is of a type we do not know: RCVX-01 (1). Left out." in finding.problem


def test_an_unknown_contest_is_noted() -> None:
    """The county counts a contest without candidates that it does not name; nothing of ours is missing."""
    finding = only(read(with_row({"ReferenceID": 8513, "ReferenceType": "CBLT", "Value": 3})).findings, "unknown_ids")

    assert finding.severity is Severity.NOTE
    assert "The file has numbers for 1 contest that GetElectionData does not name (id 8513). They were left out." in finding.problem


def test_an_unknown_candidate_holds_calls() -> None:
    """Votes for a candidate nobody names are votes we miss."""
    finding = only(read(with_row({"ReferenceID": 999, "ReferenceType": "CAND", "Value": 3})).findings, "unknown_ids")

    assert finding.severity is Severity.HOLD_CALLS
    assert "1 candidate that GetElectionData does not name (id 999)" in finding.problem


def test_a_candidate_without_a_number_holds_the_contest() -> None:
    """A named candidate whom the numbers leave out is not a zero."""
    data = with_value(102, "CAND", ...)

    finding = only(read(data).findings, "missing_votes")

    assert votes(release(data), "MAYOR")["BO NÚÑEZ"] is None
    assert (finding.contest, finding.option) == ("MAYOR", "BO NÚÑEZ")


@pytest.mark.parametrize(("value", "severity"), [(600, Severity.NOTE), (601, Severity.HOLD_CALLS)])
def test_a_number_given_twice(value: int, severity: Severity) -> None:
    """Twice the same is untidy; twice different is a hold, and the first stands."""
    data = with_row({"ReferenceID": 101, "ReferenceType": "CAND", "Value": value})

    finding = only(read(data).findings, "number_listed_twice")

    assert votes(release(data), "MAYOR")["ANN LEE"] == 600
    assert (finding.severity, finding.contest) == (severity, "MAYOR")
    assert f"CAND of id 101 is given twice (rows 1 and 45): 600 and {value}. The first was used." in finding.problem


def test_negative_ballots_hold_the_contest() -> None:
    """A negative number of ballots is read as not reported."""
    data = with_value(10, "COV", -5)

    finding = only(read(data).findings, "negative_count")

    assert ballots(release(data), "MAYOR")[BallotKind.OVERVOTED, "total"] is None
    assert (finding.contest, finding.origin.column, finding.severity) == ("MAYOR", "COV", Severity.HOLD_CALLS)
    assert finding.problem.startswith("MAYOR: 1 cell negative")


def test_a_broken_write_in_makes_the_sum_unknown() -> None:
    """A sum with a hole in it is no sum."""
    data = with_value(20, "WRTN-02", 1.5)

    assert votes(release(data), "CITY COUNCIL")["Write-in"] is None
    assert only(read(data).findings, "fractional_count").option == "Write-in"


@pytest.mark.parametrize(("number", "check"), [(-5, "negative_count"), (2**70, "impossible_count"), ("many", "not_a_number")])
def test_a_roll_that_is_no_number_is_left_out(number: Any, check: str) -> None:
    """Without a believable roll there is no turnout, and a person is told."""

    def enrol(election: Any) -> None:
        election["RegistrationCount"] = number

    reading = read(COUNTERS, renamed(enrol))

    assert (BallotKind.REGISTERED, "total") not in ballots(reading.releases[0], "")
    assert "voters on the roll" in only(reading.findings, check).problem


def test_a_title_listed_twice_holds_both() -> None:
    """Two contests of one title are told apart by group and number."""

    def same_title(election: Any) -> None:
        election["ContestGroups"][0]["Contests"][1]["Title"] = "MAYOR"

    reading = read(COUNTERS, renamed(same_title))

    assert [finding.contest for finding in reading.findings] == ["MAYOR (Cities)", "MAYOR (Cities) (2)"]
    assert {finding.check for finding in reading.findings} == {"contest_listed_twice"}


def test_an_unreadable_time_holds_calls() -> None:
    """Day first is not how the county prints its time."""
    finding = only(read(COUNTERS.replace(b"11/9/2022 3:35:19 AM", b"25/9/2022 3:35:19 AM")).findings, "doubtful_time")

    assert finding.severity is Severity.HOLD_CALLS
    assert '"25/9/2022 3:35:19 AM" is not a time we can read' in finding.problem


# --- What is refused ---------------------------------------------------------------------------------------------------------------


def test_numbers_alone_are_refused_with_the_command() -> None:
    """Numbers for ids mean nothing without the names, and the way out is one command."""
    message = refusal(COUNTERS, {})

    assert "counter_data.json: This file has only numbers for ids." in message
    assert "Give GetElectionData of the same election as well: racecall add DIR counter_data.json election_data.json" in message


def test_other_files_beside_do_not_help() -> None:
    """The documented results file has no ids."""
    assert "only numbers for ids" in refusal(COUNTERS, {"results.json": (SAMPLES / "la_county.json").read_bytes(), "notes.txt": b"hello"})


def test_names_of_another_election_are_refused() -> None:
    """The ids of June mean other people in November."""

    def june(election: Any) -> None:
        election["ID"] = 76

    message = refusal(COUNTERS, renamed(june))

    assert "the GetElectionData beside this file is of election 76, but the numbers are of election 77." in message


def test_the_names_of_the_right_election_are_found_among_several() -> None:
    """In a folder with two elections, the numbers find their own."""

    def june(election: Any) -> None:
        election["ID"] = 76

    reading = read(COUNTERS, {"june.json": renamed(june)["election_data.json"], "november.json": NAMES})

    assert reading.findings == ()


def test_the_latest_names_win() -> None:
    """If GetElectionData was fetched twice, the later one is used: names are corrected in the first days."""

    def corrected(election: Any) -> None:
        election["ContestGroups"][0]["Contests"][0]["Candidates"][0]["Name"] = "ANN B. LEE"

    later = renamed(corrected)["election_data.json"].replace(b"11/8/2022 7:45:07 PM", b"11/8/2022 9:00:00 PM")
    made = read(COUNTERS, {"later.json": later, "a.json": NAMES}).releases[0]

    assert "ANN B. LEE" in votes(made, "MAYOR")


def test_broken_names_are_named() -> None:
    """What is wrong with the second file is said under its name."""
    message = refusal(COUNTERS, {"election_data.json": NAMES[:-200]})

    assert "election_data.json: the JSON stops in the middle, after" in message


def test_a_truncated_file_says_where_it_stops() -> None:
    """A download that was cut off says at which byte."""
    assert "counter_data.json: the JSON stops in the middle, after 2,000 bytes." in refusal(COUNTERS[:2000])


def test_a_web_page_is_no_results_file() -> None:
    """An error page of the county's server is recognised as one."""
    assert "this is a web page, not JSON." in refusal(b"<html>")


def test_an_empty_file_is_said_to_be_empty() -> None:
    """Nothing is nothing."""
    assert "the file is empty" in refusal(b"")


def test_an_id_that_is_text_is_refused() -> None:
    """Ids are numbers; the place is named from 1."""
    data = COUNTERS.replace(b'"ReferenceID": 101', b'"ReferenceID": "101"')

    assert 'in "Data", item 1, "ReferenceID": found text, expected a whole number.' in refusal(data)


def test_a_missing_type_is_refused() -> None:
    """A number of no type is no number."""
    data = with_row({"ReferenceID": 101, "Value": 3})

    assert 'in "Data", item 45: "ReferenceType" is missing.' in refusal(data)


def test_a_wrong_encoding_names_the_byte() -> None:
    """The names are strict UTF-8 as well."""
    message = refusal(COUNTERS, {"election_data.json": NAMES.decode().encode("cp1252")})

    assert "election_data.json: line" in message
    assert "is not UTF-8" in message


@pytest.mark.parametrize("data", [b"[" * 10_000, b'{"Data":' + b"[" * 10_000, b'{"x":' * 10_000])
def test_deep_nesting_is_refused(data: bytes) -> None:
    """Ten thousand brackets are no results, and no crash."""
    assert refusal(data)


# --- The real files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pair(shared: Path) -> Document:
    folder = shared / "feeds" / "la-counterdata"
    names = gzip.decompress((folder / "election_data_4300.json.gz").read_bytes())
    data = gzip.decompress((folder / "counter_data_4300_2022-12-05.json.gz").read_bytes())
    return document(data, {"election_data_4300.json": names})


def test_every_sum_of_the_real_file_comes_out(pair: Document) -> None:
    """All 430 contests of the final count of November 2022 satisfy every identity; one unnamed contest is noted."""
    reading = FEED.parse(pair)

    assert len(reading.releases[0].contests) == 430
    assert [(finding.check, finding.severity) for finding in reading.findings] == [("unknown_ids", Severity.NOTE)]


def test_a_changed_digit_in_the_real_file_is_found(pair: Document) -> None:
    """One digit of 4,216 numbers, and the contest is named."""
    file = json.loads(pair.data)
    row = next(row for row in file["Data"] if row["ReferenceType"] == "CAND")
    row["Value"] += 10

    found = FEED.parse(document(json.dumps(file).encode(), dict(pair.companions))).findings

    assert {finding.check for finding in found} >= {"identity_marks"}
    assert len({finding.contest for finding in found if finding.severity is Severity.HOLD_CALLS}) == 1


def test_the_county_in_the_real_file(pair: Document) -> None:
    """Mail, in-person and all ballots, and the roll, as published on 5 December 2022."""
    made = FEED.parse(pair).releases[0]

    assert ballots(made, "") == {
        (BallotKind.CAST, "absentee_mail"): 1_969_333,
        (BallotKind.CAST, "in_person"): 487_368,
        (BallotKind.CAST, "total"): 2_456_701,
        (BallotKind.REGISTERED, "total"): 5_627_796,
    }


def test_both_feeds_of_the_county_say_the_same(pair: Document, shared: Path) -> None:
    """The documented file of the same minute has the same contests, options and votes, write-ins aside."""
    data = gzip.decompress((shared / "feeds" / "la-lavote-json" / "2022-12-05T124855.json.gz").read_bytes())
    documented = LaCountyJsonFeed().parse(document(data, {}, "results.json")).releases[0]
    mine = FEED.parse(pair).releases[0]
    columns = ["contest", "option", "votes"]

    named = mine.counts.filter(pl.col("option") != "Write-in").select(columns).sort(columns)

    assert named.equals(documented.counts.select(columns).sort(columns))


# --- Whatever comes ----------------------------------------------------------------------------------------------------------------

JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}), st.just("1,651"), st.just(2**70)
)


def mutated(value: Any, path: list[int], junk: Any) -> Any:
    """Return a JSON value with the part that `path` leads to replaced; steps wrap around, so every path leads somewhere."""
    if not path or not isinstance(value, dict | list) or not value:
        return junk
    if isinstance(value, list):
        place = path[0] % len(value)
        return [*value[:place], mutated(value[place], path[1:], junk), *value[place + 1 :]]
    key = sorted(value)[path[0] % len(value)]
    return {**value, key: mutated(value[key], path[1:], junk)}


def survives(data: bytes, names: bytes) -> None:
    try:
        reading = FEED.parse(document(data, {"election_data.json": names}))
    except RacecallError:
        return
    for made in reading.releases:
        assert (tuple(made.counts.columns), tuple(made.ballots.columns)) == (COUNT_COLUMNS, BALLOT_COLUMNS)
        assert all(number is None or number >= 0 for number in made.counts.get_column("votes"))
    assert all(finding.id for finding in reading.findings)


@settings(max_examples=100, derandomize=True)
@given(path=st.lists(st.integers(0, 50), max_size=4), junk=JUNK)
def test_any_change_of_a_number_is_read_or_refused(path: list[int], junk: Any) -> None:
    """Whatever stands in place of a value, the pair is read or refused in our own words."""
    survives(json.dumps(mutated(json.loads(COUNTERS), path, junk)).encode(), NAMES)


@settings(max_examples=100, derandomize=True)
@given(path=st.lists(st.integers(0, 20), max_size=9), junk=JUNK)
def test_any_change_of_a_name_is_read_or_refused(path: list[int], junk: Any) -> None:
    """The same for the file with the names."""
    names = json.dumps(mutated(json.loads(NAMES), path, junk)).encode()
    survives(COUNTERS, names)
    survives(names, names)


@settings(max_examples=100, derandomize=True)
@given(start=st.integers(0, len(COUNTERS)), length=st.integers(0, 40), filling=st.binary(max_size=6))
def test_any_damage_to_the_bytes_is_read_or_refused(start: int, length: int, filling: bytes) -> None:
    """Whatever happened to the bytes on their way, nothing but our own errors comes out."""
    survives(COUNTERS[:start] + filling + COUNTERS[start + length :], NAMES)


def test_broken_files_are_source_errors() -> None:
    """What the county published is the county's: exit code 3."""
    assert BrokenFile("x").exit_code == SourceError("x").exit_code == 3
