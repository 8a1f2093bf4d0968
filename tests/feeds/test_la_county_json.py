"""LA County results JSON: what is read, what is noted, what is refused."""

import gzip
import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecall.errors import BrokenFile, RacecallError
from racecall.feeds.base import Document, Feed
from racecall.feeds.la_county_json import LaCountyJsonFeed, votes_allowed
from racecall.model.counts import BALLOT_COLUMNS, COUNT_COLUMNS
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, Release
from racecall.origin import Capture, sha256_hex

SAMPLE = (Path(__file__).parent / "samples" / "la_county.json").read_bytes()
FEED = LaCountyJsonFeed()
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}), st.just("1,651"), st.just(2**70)
)


def document(data: bytes, name: str = "results.json", timezone: str = "America/Los_Angeles") -> Document:
    received_at = datetime(2022, 12, 6, tzinfo=UTC)
    capture = Capture(sha256=sha256_hex(data), name=name, size=len(data), received_at=received_at)
    return Document(capture=capture, data=data, timezone=timezone)


def read(data: bytes) -> Release:
    return FEED.parse(document(data)).releases[0]


def findings(data: bytes) -> tuple[Finding, ...]:
    return FEED.parse(document(data)).findings


def changed(**changes: Any) -> bytes:
    """Return the sample with the first candidate of the first contest changed; a value of ... takes the key away."""
    file = json.loads(SAMPLE)
    candidate = file["Election"]["ContestGroups"][0]["Contests"][0]["Candidates"][0]
    for key, value in changes.items():
        candidate[key] = value
    file["Election"]["ContestGroups"][0]["Contests"][0]["Candidates"][0] = {k: v for k, v in candidate.items() if v is not ...}
    return json.dumps(file).encode()


def contest(release: Release, key: str) -> ListedContest:
    return next(listed for listed in release.contests if listed.key == key)


def votes(release: Release, key: str) -> dict[str, int | None]:
    rows = release.counts.filter(pl.col("contest") == key).select("option", "votes").rows()
    return dict(rows)


def refusal(data: bytes) -> str:
    with pytest.raises(BrokenFile) as raised:
        FEED.parse(document(data))
    return str(raised.value)


def only(found: tuple[Finding, ...], check: str) -> Finding:
    [finding] = [finding for finding in found if finding.check == check]
    return finding


# --- What is read ------------------------------------------------------------------------------------------------------------------


def test_it_is_a_feed() -> None:
    """The class keeps to the protocol of a feed."""
    assert isinstance(FEED, Feed)


def test_sniff_knows_its_own_file() -> None:
    """The keys Election and ContestGroups are the county's own."""
    match = FEED.sniff(document(SAMPLE))

    assert match is not None
    assert (match.certainty, match.reason) == (1, "keys Election and ContestGroups")


def test_sniff_leaves_election_data_alone() -> None:
    """GetElectionData has contest groups too, under another key."""
    other = (Path(__file__).parent / "samples" / "la_election_data.json").read_bytes()

    assert FEED.sniff(document(other)) is None


def test_sniff_knows_a_file_saved_as_utf16() -> None:
    """A file that went through an old Windows editor is still recognised."""
    assert FEED.sniff(document(SAMPLE.decode().encode("utf-16"))) is not None


def test_votes_are_totals_of_the_whole_contest() -> None:
    """One row an option: the unit is the whole contest, the count type the total."""
    first = read(SAMPLE).counts.row(0)

    assert first == ("MAYOR", "all", "total", "ANN LEE", 600, 1)


def test_rows_count_the_candidates_through_the_file() -> None:
    """The place in the source is the ordinal of the candidate, from 1."""
    assert read(SAMPLE).counts.get_column("row").to_list() == list(range(1, 12))


def test_accents_are_kept_as_printed() -> None:
    """A name is the source's own word, accents and all."""
    assert votes(read(SAMPLE), "MAYOR") == {"ANN LEE": 600, "BO NÚÑEZ": 350}


def test_no_ballots_are_in_this_file() -> None:
    """The documented file has votes only; its table of ballots is empty and has the usual columns."""
    ballots = read(SAMPLE).ballots

    assert (ballots.height, tuple(ballots.columns)) == (0, BALLOT_COLUMNS)


def test_votes_allowed_is_read_from_prose() -> None:
    """ "Vote for no more than TWO" is two."""
    assert contest(read(SAMPLE), "CITY COUNCIL").votes_allowed == 2


def test_without_prose_votes_allowed_is_not_said() -> None:
    """An empty VoteFor says nothing, and nothing is made of it."""
    assert contest(read(SAMPLE), "MAYOR").votes_allowed is None


@pytest.mark.parametrize(
    ("prose", "number"),
    [
        ("Vote for no more than three", 3),
        ("Vote for no more than FOUR", 4),
        ("VOTE FOR 2", 2),
        ("Vote for someone", None),
        ("", None),
        ("Vote for 0", None),
    ],
)
def test_prose_of_votes_allowed(prose: str, number: int | None) -> None:
    """Number words and digits are read in any case, and nothing else."""
    assert votes_allowed(prose) == number


def test_a_measure_says_what_share_it_needs() -> None:
    """The share a measure needs is the hint for its rule."""
    assert contest(read(SAMPLE), "MEASURE A").rule_hint == "55% of votes cast"


def test_a_retention_contest_is_judicial() -> None:
    """A justice's YES and NO are options like others; the hint says what it is."""
    listed = contest(read(SAMPLE), "For Associate Justice - FAY MOE")

    assert (listed.rule_hint, [option.key for option in listed.options]) == ("Judicial", ["YES", "NO"])


def test_parties_become_abbreviations() -> None:
    """Parties are abbreviated as in our archive; "Non Partisan" is no party."""
    parties = [option.party for key in ("STATE SENATOR, 99th District", "MAYOR") for option in contest(read(SAMPLE), key).options]

    assert parties == ["REP", "DEM", "", ""]


def test_the_time_is_local_to_the_county() -> None:
    """The file prints no zone: 03:35 on 9 November 2022 is 11:35 UTC."""
    published_at = read(SAMPLE).published_at

    assert published_at is not None
    assert published_at.astimezone(UTC) == datetime(2022, 11, 9, 11, 35, 19, tzinfo=UTC)


def test_the_county_keeps_its_zone_when_nobody_says_one() -> None:
    """A document without a zone says UTC, in which Los Angeles does not live."""
    release = FEED.parse(document(SAMPLE, timezone="UTC")).releases[0]

    assert release.published_at == datetime(2022, 11, 9, 11, 35, 19, tzinfo=UTC)


def test_another_zone_is_obeyed() -> None:
    """If the election names a zone, times are in it."""
    release = FEED.parse(document(SAMPLE, timezone="America/Denver")).releases[0]

    assert release.published_at == datetime(2022, 11, 9, 10, 35, 19, tzinfo=UTC)


def test_a_contest_without_candidates_is_listed() -> None:
    """A contest with nobody in it has no rows, and is still a contest ("No Candidates Filed")."""
    file = json.loads(SAMPLE)
    file["Election"]["ContestGroups"][0]["Contests"][0]["Candidates"] = []

    release = read(json.dumps(file).encode())

    assert (contest(release, "MAYOR").options, votes(release, "MAYOR")) == ((), {})


def test_the_sample_has_nothing_wrong() -> None:
    """A clean file makes no findings."""
    assert findings(SAMPLE) == ()


# --- What is noted -----------------------------------------------------------------------------------------------------------------


def test_a_negative_count_holds_its_contest() -> None:
    """A count below zero is not a count: it is read as not reported, and named."""
    data = changed(Votes=-5)

    finding = only(findings(data), "negative_count")

    assert votes(read(data), "MAYOR")["ANN LEE"] is None
    assert (finding.severity, finding.contest, finding.option, finding.origin.row) == (Severity.HOLD_CALLS, "MAYOR", "ANN LEE", 1)
    assert finding.problem.startswith("MAYOR, ANN LEE: 1 cell negative in column")
    assert '"-5"' in finding.problem


def test_a_fraction_holds_its_contest() -> None:
    """Half a vote is not a vote."""
    finding = only(findings(changed(Votes=600.5)), "fractional_count")

    assert (finding.severity, finding.contest) == (Severity.HOLD_CALLS, "MAYOR")
    assert '"600.5"' in finding.problem


def test_a_whole_number_written_as_a_fraction_is_a_number() -> None:
    """600.0 is 600 in JSON."""
    assert votes(read(changed(Votes=600.0)), "MAYOR")["ANN LEE"] == 600


def test_a_number_beyond_two_to_the_53_is_impossible() -> None:
    """No count is larger than the people on Earth, and JavaScript could not have written it exactly."""
    finding = only(findings(changed(Votes=2**53 + 1)), "impossible_count")

    assert "larger than the people on Earth" in finding.problem


def test_missing_votes_hold_the_contest() -> None:
    """A candidate without votes beside others who have some is not a zero."""
    data = changed(Votes=...)

    finding = only(findings(data), "missing_votes")

    assert votes(read(data), "MAYOR")["ANN LEE"] is None
    assert (finding.severity, finding.contest, finding.option) == (Severity.HOLD_CALLS, "MAYOR", "ANN LEE")
    assert "no votes are given for ANN LEE, though other options have them. Read as not reported, not as 0." in finding.problem


def test_null_votes_are_missing_votes() -> None:
    """Null says the same as leaving the key out."""
    assert only(findings(changed(Votes=None)), "missing_votes").option == "ANN LEE"


def test_a_contest_without_any_votes_is_only_noted() -> None:
    """Before the first release nobody has votes: that is not reported, and nothing to hold."""
    file = json.loads(SAMPLE)
    for candidate in file["Election"]["ContestGroups"][0]["Contests"][0]["Candidates"]:
        candidate["Votes"] = None

    [finding] = findings(json.dumps(file).encode())

    assert (finding.check, finding.severity, finding.count) == ("blank_cells", Severity.NOTE, 2)


def test_votes_as_text_are_read_and_noted() -> None:
    """ "1,651" is 1651, and a sign that the format has changed."""
    data = changed(Votes="1,651")

    finding = only(findings(data), "votes_as_text")

    assert votes(read(data), "MAYOR")["ANN LEE"] == 1651
    assert 'where a number was expected (first: ANN LEE, "1,651"); read as 1,651.' in finding.problem


def test_a_candidate_listed_twice_holds_the_contest() -> None:
    """Two rows with one name cannot be told apart: the first is kept, and a person looks."""
    data = changed(Name="BO NÚÑEZ")

    finding = only(findings(data), "option_listed_twice")

    assert votes(read(data), "MAYOR") == {"BO NÚÑEZ": 600}
    assert (finding.severity, finding.contest, finding.origin.row) == (Severity.HOLD_CALLS, "MAYOR", 2)
    assert 'MAYOR: "BO NÚÑEZ" is listed 2 times, with 600 and 350 votes; once was expected. The first was kept.' in finding.problem


def retitled(group: int, number: int, title: str) -> bytes:
    file = json.loads(SAMPLE)
    file["Election"]["ContestGroups"][group]["Contests"][number]["Title"] = title
    return json.dumps(file).encode()


def test_a_title_in_two_groups_is_told_apart_by_its_group() -> None:
    """Titles are the only names the file has: when two are alike, the group joins the key and both are held."""
    data = retitled(1, 1, "MAYOR")

    held = {finding.contest for finding in findings(data) if finding.check == "contest_listed_twice"}

    assert votes(read(data), "MAYOR (Cities)") == {"ANN LEE": 600, "BO NÚÑEZ": 350}
    assert held == {"MAYOR (Cities)", "MAYOR (State)"}


def test_a_title_twice_in_a_group_is_numbered() -> None:
    """Two contests never run into one another, even where nothing in the file tells them apart."""
    data = retitled(0, 1, "MAYOR")

    finding = next(finding for finding in findings(data) if finding.check == "contest_listed_twice")

    assert votes(read(data), "MAYOR (Cities) (2)") == {"CY ROE": 500, "DI POE": 400, "ED COE": 300}
    assert finding.severity is Severity.HOLD_CALLS
    assert 'The file has 2 contests with the title "MAYOR"; a title should name one contest. All are kept.' in finding.problem


def test_an_unknown_party_is_kept_and_noted() -> None:
    """A party nobody has heard of is printed as it stands."""
    data = changed(Party="Whig")

    finding = only(findings(data), "unknown_party")

    assert contest(read(data), "MAYOR").options[0].party == "Whig"
    assert finding.severity is Severity.NOTE
    assert '"Whig" is not a party we know (first at ANN LEE, MAYOR); it is kept as printed.' in finding.problem


def test_a_candidate_without_a_name_keeps_the_votes() -> None:
    """Votes for nobody still count in the total, and hold the contest."""
    data = changed(Name="")

    finding = only(findings(data), "nameless_option")

    assert votes(read(data), "MAYOR")["(no name)"] == 600
    assert "an option has no name" in finding.problem


def test_votes_allowed_in_unknown_words_is_noted() -> None:
    """If the county changes its prose, the number must be set by hand."""
    file = json.loads(SAMPLE)
    file["Election"]["ContestGroups"][0]["Contests"][1]["VoteFor"] = "Vote for a pair"

    finding = only(findings(json.dumps(file).encode()), "votes_allowed_unread")

    assert '"Vote for a pair" does not say how many votes are allowed; "Vote for no more than two" was expected.' in finding.problem


@pytest.mark.parametrize("time", ["soon", "", "0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_an_unreadable_time_holds_calls(time: str) -> None:
    """A release without a time cannot be put in order."""
    data = SAMPLE.replace(b"2022-11-09T03:35:19", time.encode())

    finding = only(findings(data), "doubtful_time")

    assert read(data).published_at is None
    assert finding.severity is Severity.HOLD_CALLS
    assert "The counts are kept as a release without a time." in finding.problem


def test_an_hour_that_happened_twice_is_noted() -> None:
    """In the night clocks go back, 01:30 happens twice; the first is taken."""
    finding = only(findings(SAMPLE.replace(b"2022-11-09T03:35:19", b"2022-11-06T01:30:00")), "doubtful_time")

    assert finding.severity is Severity.NOTE
    assert "happened twice" in finding.problem


# --- What is refused ---------------------------------------------------------------------------------------------------------------


def test_a_truncated_file_says_where_it_stops() -> None:
    """A download that was cut off says at which byte."""
    assert "results.json: the JSON stops in the middle, after 1,000 bytes." in refusal(SAMPLE[:1000])


def test_a_web_page_is_no_results_file() -> None:
    """An error page of the county's server is recognised as one."""
    message = refusal(b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>")

    assert "this is a web page, not JSON." in message
    assert "fetch the file again" in message


@pytest.mark.parametrize("data", [b"", b"  \n"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    """Nothing is nothing."""
    assert "the file is empty" in refusal(data)


def test_a_missing_field_is_named_with_its_place() -> None:
    """The path counts from 1, as people do."""
    message = refusal(changed(Name=...))

    assert 'in "Election", "ContestGroups", item 1, "Contests", item 1, "Candidates", item 1: "Name" is missing.' in message


def test_a_wrong_type_says_what_was_found_and_expected() -> None:
    """A name that is a number is not a name."""
    assert '"Candidates", item 1, "Name": found a whole number, expected text.' in refusal(changed(Name=7))


def test_votes_that_are_a_list_are_refused() -> None:
    """No reading of a list is a number of votes."""
    assert '"Votes": found a list […], expected a whole number or a fraction or text or nothing (null).' in refusal(changed(Votes=[]))


def test_a_file_of_another_shape_is_refused() -> None:
    """A list at the top is some other file."""
    assert "at the top of the file: found a list […], expected an object {…}." in refusal(b"[]")


def test_a_missing_timestamp_is_refused() -> None:
    """The time is the only thing that puts releases in order."""
    file = json.loads(SAMPLE)
    del file["Timestamp"]

    assert 'at the top of the file: "Timestamp" is missing.' in refusal(json.dumps(file).encode())


def test_unknown_fields_are_let_be() -> None:
    """The county may add to its file."""
    assert findings(changed(Nickname="Annie")) == ()


def test_a_byte_order_mark_is_dropped_and_noted() -> None:
    """A mark at the head is no part of the data."""
    data = b"\xef\xbb\xbf" + SAMPLE

    assert votes(read(data), "MAYOR")["ANN LEE"] == 600
    assert "begins with a byte order mark" in only(findings(data), "byte_order_mark").problem


def test_a_wrong_encoding_names_the_byte() -> None:
    """Names are never guessed from another encoding: an accent read wrongly makes a new candidate."""
    message = refusal(SAMPLE.decode().encode("cp1252"))

    assert "is not UTF-8" in message
    assert "0xDA" in message


def test_not_a_number_is_not_json() -> None:
    """NaN is JavaScript, not JSON."""
    assert "this is not JSON" in refusal(SAMPLE.replace(b"600", b"NaN"))


@pytest.mark.parametrize("data", [b"[" * 10_000, b'{"x":' * 10_000, b'{"Election":' + b"[" * 10_000 + b"]" * 10_000 + b"}"])
def test_deep_nesting_is_refused(data: bytes) -> None:
    """Ten thousand brackets are no results, and no crash."""
    assert refusal(data)


# --- The real files ----------------------------------------------------------------------------------------------------------------


def real(shared: Path) -> list[Document]:
    folder = shared / "feeds" / "la-lavote-json"
    return [document(gzip.decompress(path.read_bytes()), path.name) for path in sorted(folder.glob("*.json.gz"))]


def test_the_first_two_files_are_one_release(shared: Path) -> None:
    """Fetched at 08:31 and 08:36, both are the county's release of 03:35."""
    first, second = (FEED.parse(document).releases[0] for document in real(shared)[:2])

    assert first.counts.equals(second.counts)
    assert first.published_at == second.published_at == datetime(2022, 11, 9, 11, 35, 19, tzinfo=UTC)


def test_sixteen_real_files_have_nothing_wrong(shared: Path) -> None:
    """The files of November 2022 are clean, with 323 contests for candidates, 91 measures and 16 justices each."""
    readings = [FEED.parse(document) for document in real(shared)]
    hints = [[listed.rule_hint for listed in reading.releases[0].contests] for reading in readings]

    assert [reading.findings for reading in readings] == [()] * 16
    assert {(found.count("Candidate"), found.count("Judicial"), len(found)) for found in hints} == {(323, 16, 430), (324, 16, 431)}


def test_votes_never_fall_in_fourteen_real_releases(shared: Path) -> None:
    """Read in order, no candidate of November 2022 ever lost a vote: no name was taken for another's."""
    frames = [FEED.parse(document).releases[0].counts.select("contest", "option", "votes") for document in real(shared)]
    falls = [
        a.join(b, on=["contest", "option"], how="inner", validate="1:1").filter(pl.col("votes_right") < pl.col("votes")).height
        for a, b in pairwise(frames)
    ]

    assert falls == [0] * 15


def test_the_mayor_of_los_angeles(shared: Path) -> None:
    """The final count, as certified: 929,974 votes together."""
    release = FEED.parse(real(shared)[14]).releases[0]
    [key] = [listed.key for listed in release.contests if "KAREN RUTH BASS" in {option.name for option in listed.options}]

    assert sum(number or 0 for number in votes(release, key).values()) == 929_974


def test_sniff_needs_only_the_head_of_a_real_file(shared: Path) -> None:
    """The timestamp at the end of the file is not needed to know it."""
    assert FEED.sniff(real(shared)[0]) is not None


# --- Whatever comes ----------------------------------------------------------------------------------------------------------------


def mutated(value: Any, path: list[int], junk: Any) -> Any:
    """Return a JSON value with the part that `path` leads to replaced; steps wrap around, so every path leads somewhere."""
    if not path or not isinstance(value, dict | list) or not value:
        return junk
    if isinstance(value, list):
        place = path[0] % len(value)
        return [*value[:place], mutated(value[place], path[1:], junk), *value[place + 1 :]]
    key = sorted(value)[path[0] % len(value)]
    return {**value, key: mutated(value[key], path[1:], junk)}


def survives(data: bytes) -> None:
    try:
        reading = FEED.parse(document(data))
    except RacecallError:
        return
    for release in reading.releases:
        assert tuple(release.counts.columns) == COUNT_COLUMNS
        assert all(number is None or number >= 0 for number in release.counts.get_column("votes"))
    assert all(finding.id for finding in reading.findings)


@settings(max_examples=150, derandomize=True)
@given(path=st.lists(st.integers(0, 9), max_size=9), junk=JUNK)
def test_any_change_of_a_value_is_read_or_refused(path: list[int], junk: Any) -> None:
    """Whatever stands in place of a value, the file is read or refused in our own words."""
    survives(json.dumps(mutated(json.loads(SAMPLE), path, junk)).encode())


@settings(max_examples=150, derandomize=True)
@given(start=st.integers(0, len(SAMPLE)), length=st.integers(0, 40), filling=st.binary(max_size=6))
def test_any_damage_to_the_bytes_is_read_or_refused(start: int, length: int, filling: bytes) -> None:
    """Whatever happened to the bytes on their way, nothing but our own errors comes out."""
    survives(SAMPLE[:start] + filling + SAMPLE[start + length :])
