"""California Secretary of State JSON: its shapes, its prose, its snapshots."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecall.errors import BrokenFile, RacecallError
from racecall.feeds.base import Document, Feed
from racecall.feeds.ca_sos import COUNTIES, CaSosFeed, place_of, precincts, prose_time
from racecall.model.counts import COUNT_COLUMNS
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, Reading, Release
from racecall.origin import Capture, sha256_hex

SAMPLES = Path(__file__).parent / "samples"
HOUSE = (SAMPLES / "ca_sos_house.json").read_bytes()
COUNTY = (SAMPLES / "ca_sos_county.json").read_bytes()
MEASURES = (SAMPLES / "ca_sos_measures.json").read_bytes()
JUSTICES = (SAMPLES / "ca_sos_justices.json").read_bytes()
NIGHT = (SAMPLES / "ca_sos_night.jsonl").read_bytes()
PACIFIC = ZoneInfo("America/Los_Angeles")
FEED = CaSosFeed()


def document(data: bytes, name: str = "returns.json", timezone: str = "UTC") -> Document:
    capture = Capture(sha256=sha256_hex(data), name=name, size=len(data), received_at=datetime(2022, 12, 8, tzinfo=UTC))
    return Document(capture=capture, data=data, timezone=timezone)


def read(data: bytes, name: str = "returns.json") -> Reading:
    return FEED.parse(document(data, name))


def release(data: bytes) -> Release:
    [made] = read(data).releases
    return made


def changed(candidate: dict[str, Any] | None = None, race: dict[str, Any] | None = None) -> bytes:
    """Return the house sample with its first candidate and race changed; a value of ... takes the key away."""
    file = json.loads(HOUSE)
    first = file["races"][0]
    person = first["candidates"][0] | (candidate or {})
    first["candidates"][0] = {key: value for key, value in person.items() if value is not ...}
    file["races"][0] = {key: value for key, value in (first | (race or {})).items() if value is not ...}
    return json.dumps(file).encode()


def listed(made: Release, key: str) -> ListedContest:
    return next(contest for contest in made.contests if contest.key == key)


def votes(made: Release, key: str, unit: str = "all") -> dict[str, int | None]:
    rows = made.counts.filter((pl.col("contest") == key) & (pl.col("unit") == unit)).select("option", "votes").rows()
    return dict(rows)


def only(found: tuple[Finding, ...], check: str) -> Finding:
    [finding] = [finding for finding in found if finding.check == check]
    return finding


def refusal(data: bytes, name: str = "returns.json") -> str:
    with pytest.raises(BrokenFile) as raised:
        read(data, name)
    return str(raised.value)


CD1 = "U.S. House of Representatives District 1"

# --- The shapes --------------------------------------------------------------------------------------------------------------------


def test_it_is_a_feed() -> None:
    """The class keeps to the protocol of a feed."""
    assert isinstance(FEED, Feed)


@pytest.mark.parametrize("data", [HOUSE, COUNTY, MEASURES, JUSTICES, NIGHT])
def test_sniff_knows_every_shape(data: bytes) -> None:
    """Every address of the office answers with the same two keys."""
    match = FEED.sniff(document(data))

    assert match is not None
    assert (match.certainty, match.reason) == (1, "keys raceTitle and Reporting")


def test_sniff_leaves_the_county_alone() -> None:
    """Los Angeles County's files have other keys."""
    assert FEED.sniff(document((SAMPLES / "la_county.json").read_bytes())) is None


@pytest.mark.parametrize("data", [HOUSE, COUNTY, MEASURES, JUSTICES, NIGHT])
def test_the_samples_have_nothing_wrong(data: bytes) -> None:
    """Clean files make no findings."""
    assert read(data).findings == ()


def test_a_list_of_races_is_a_release() -> None:
    """The district list gives every district's race; votes are text with commas."""
    made = release(HOUSE)

    assert made.counts.row(0) == (CD1, "all", "total", "Ann Lee", 12345, 1)
    assert votes(made, "U.S. House of Representatives District 2") == {"Hal Joe": 20000, "Bo Núñez": 30000}


def test_a_bare_race_is_a_release() -> None:
    """One race at the top of the file."""
    data = json.dumps(json.loads(HOUSE)["races"][0]).encode()

    assert votes(release(data), CD1) == {"Ann Lee": 12345, "Gus Hoe": 6789}


def test_a_county_object_holds_the_part_and_the_total() -> None:
    """The county's part is its own unit, and the total stands beside it."""
    made = release(COUNTY)

    assert votes(made, CD1, "Solano") == {"Ann Lee": 2345, "Gus Hoe": 789}
    assert votes(made, CD1) == {"Ann Lee": 12345, "Gus Hoe": 6789}


def test_parts_and_total_are_one_contest() -> None:
    """The total describes the contest: its precincts are not the county's."""
    [contest] = release(COUNTY).contests

    assert (contest.title, contest.units_reported, contest.units_total) == (f"{CD1} - Districtwide Results", 174, 174)


def test_a_part_alone_says_nothing_of_all_precincts() -> None:
    """Without the total, how many precincts the contest has is not known."""
    contest = listed(release(json.dumps(json.loads(COUNTY)[:1]).encode()), CD1)

    assert (contest.units_reported, contest.units_total) == (None, None)


def test_a_measure_is_yes_and_no() -> None:
    """A measure's key is its number, which outlives a change of wording; a county's part may print no "County"."""
    made = release(MEASURES)

    assert votes(made, "Ballot Measures 01", "Yuba") == {"Yes": 3550, "No": 5803}
    assert (made.contests[0].title, made.contests[0].rule_hint) == ("Ballot Measures 01: Bonds for Libraries", "ballot-measures")


def test_a_justice_is_yes_and_no() -> None:
    """A justice to be retained is a contest of its own, inside the court's race."""
    made = release(JUSTICES)

    assert votes(made, "Courts of Appeal District 1: Fay Moe") == {"Yes": 80000, "No": 20000}
    assert made.contests[0].rule_hint == "courts-of-appeal"


def test_the_title_is_as_printed_and_the_key_without_its_end() -> None:
    """Part and total share the key, so that units of one contest come together."""
    contest = listed(release(HOUSE), CD1)

    assert contest.title == "U.S. House of Representatives District 1 - Districtwide Results"


@pytest.mark.parametrize(
    ("title", "office", "unit"),
    [
        ("Governor - Statewide Results", "Governor", "all"),
        ("State Assembly District 11 - Solano County Results", "State Assembly District 11", "Solano"),
        ("Ballot Measures - San Luis Obispo Results", "Ballot Measures", "San Luis Obispo"),
        ("Governor - Certified Results", "Governor - Certified Results", "all"),
        ("Governor", "Governor", "all"),
        ("A - B - Statewide Results", "A - B", "all"),
    ],
)
def test_titles_are_split(title: str, office: str, unit: str) -> None:
    """Only the 58 counties and the two words for a total are cut off; any other end is part of the title."""
    assert place_of(title) == (office, unit)


def test_there_are_58_counties() -> None:
    """California has 58 counties."""
    assert len(COUNTIES) == 58


@pytest.mark.parametrize(
    ("printed", "party"), [("Dem", "DEM"), ("P&F", "PFP"), ("AI", "AIP"), ("Grn", "GRN"), ("Lib", "LIB"), ("NPP", "NPP"), ("Non", "")]
)
def test_parties_become_abbreviations(printed: str, party: str) -> None:
    """The office's short forms become those of our archive."""
    made = release(changed({"Party": printed}))

    assert listed(made, CD1).options[0].party == party


# --- Precincts are not progress ----------------------------------------------------------------------------------------------------


def test_precincts_are_units_and_nothing_else() -> None:
    """ "96.3% (1,547 of 1,606) precincts reporting" is two numbers of units; the percentage goes nowhere."""
    contest = listed(release(HOUSE), "U.S. House of Representatives District 2")

    assert (contest.units_reported, contest.units_total) == (1547, 1606)


@pytest.mark.parametrize(
    ("prose", "numbers"),
    [
        ("100% (174 of 174) precincts reporting", (174, 174)),
        ("95.1% (24,312 of 25,554) precincts reporting", (24312, 25554)),
        ("0.0% (0 of 35) precincts reporting", (0, 35)),
        ("all precincts reporting", None),
        ("", None),
    ],
)
def test_prose_of_precincts(prose: str, numbers: tuple[int, int] | None) -> None:
    """The two numbers in brackets count; without them nothing is known."""
    assert precincts(prose) == numbers


def test_unreadable_precincts_are_noted() -> None:
    """Prose that has changed leaves the precincts unknown."""
    data = changed(race={"Reporting": "all in"})

    finding = only(read(data).findings, "precincts_unread")

    assert listed(release(data), CD1).units_total is None
    assert 'it says "all in"; "96.3% (547 of 568) precincts reporting" was expected.' in finding.problem


def test_more_precincts_than_there_are_is_noted() -> None:
    """175 of 174 cannot be."""
    finding = only(read(changed(race={"Reporting": "100% (175 of 174) precincts reporting"})).findings, "precincts_above_total")

    assert (finding.severity, finding.contest) == (Severity.NOTE, CD1)


# --- Times -------------------------------------------------------------------------------------------------------------------------


def test_the_release_is_from_its_newest_contest() -> None:
    """Every contest has a time of its own; the release carries the latest and says that they differ."""
    made = release(HOUSE)

    assert made.published_at == datetime(2017, 4, 5, 2, 40, tzinfo=PACIFIC)
    assert "contests are from 2017-04-05 01:12 to 2017-04-05 02:40, each with a time of its own" in made.note


def test_the_scraper_s_time_is_kept_in_the_note() -> None:
    """When a scraper fetched it is not when it was published."""
    assert release(HOUSE).note.startswith("scraped 2017-04-05T02:45:00.1-07:00")


def test_another_zone_is_obeyed() -> None:
    """If the election names a zone, times are in it."""
    made = FEED.parse(document(HOUSE, timezone="America/Denver")).releases[0]

    assert made.published_at == datetime(2017, 4, 5, 2, 40, tzinfo=ZoneInfo("America/Denver"))


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("November 9, 2022, 8:05 a.m.", "2022-11-09T08:05"),
        ("November 9, 2022, 12:29 p.m.", "2022-11-09T12:29"),
        ("November 9, 2022, 12:05 a.m.", "2022-11-09T00:05"),
        ("March 5, 2024, 9 p.m.", "2024-03-05T21:00"),
        ("Sept. 14, 2021, noon", "2021-09-14T12:00"),
        ("June 3, 2026, midnight", "2026-06-03T00:00"),
    ],
)
def test_prose_of_times(prose: str, expected: str) -> None:
    """The office prints times as newspapers do."""
    assert prose_time(prose, PACIFIC) == (datetime.fromisoformat(expected).replace(tzinfo=PACIFIC), "")


@pytest.mark.parametrize("prose", ["February 30, 2022, 1 a.m.", "soon", "Brumaire 18, 1999, 1 a.m.", "June 3, 1726, 1 a.m."])
def test_an_unreadable_time_holds_calls(prose: str) -> None:
    """A release without a time cannot be put in order."""
    file = json.loads(HOUSE)["races"][0] | {"ReportingTime": prose}
    data = json.dumps(file).encode()

    finding = only(read(data).findings, "doubtful_time")

    assert release(data).published_at is None
    assert finding.severity is Severity.HOLD_CALLS
    assert "The counts are kept as a release without a time." in finding.problem


def test_no_time_at_all_holds_calls() -> None:
    """A file that does not say when it is from is kept and held."""
    data = changed(race={"ReportingTime": ...}).replace(b'"ReportingTime"', b'"ReportedTime"')

    assert (
        '"ReportingTime" is missing: the file does not say when its counts are from.' in only(read(data).findings, "doubtful_time").problem
    )


def test_results_of_an_earlier_election_are_found() -> None:
    """In March 2024 the feed still listed 20 State Senate seats with their results of November 2022."""
    data = changed(race={"ReportingTime": "November 8, 2016, 9:28 a.m."})

    finding = only(read(data).findings, "old_contest")

    assert (finding.severity, finding.contest) == (Severity.HOLD_CALLS, CD1)
    assert "is from November 8, 2016, 9:28 a.m., but other contests in the file from April 2017" in finding.problem


# --- Snapshots ---------------------------------------------------------------------------------------------------------------------


def test_one_object_a_line_is_one_release_a_line() -> None:
    """A night of snapshots is many releases, oldest first."""
    reading = read(NIGHT, "night.jsonl")

    assert [votes(made, "Governor")["Ann Lee"] for made in reading.releases] == [3000, 4200, 4200, 5400]


def test_lines_are_seen_without_the_name() -> None:
    """A file of lines is known by its first line, whatever it is called."""
    assert len(read(NIGHT, "stdin").releases) == 4


def test_equal_snapshots_are_kept() -> None:
    """Whether a release is a repetition is for the ledger to say."""
    second, third = read(NIGHT, "night.jsonl").releases[1:3]

    assert (second.published_at, second.counts.drop("row").equals(third.counts.drop("row"))) == (third.published_at, True)


def test_each_snapshot_knows_its_line() -> None:
    """The place of a number is the line it stands in."""
    made = read(NIGHT, "night.jsonl").releases[3]

    assert (made.origin.row, made.counts.get_column("row").to_list()) == (4, [4, 4])


def test_snapshots_in_any_order_come_out_oldest_first() -> None:
    """A file written backwards is still a night that goes forwards."""
    backwards = b"\n".join(reversed(NIGHT.splitlines()))

    assert [votes(made, "Governor")["Ann Lee"] for made in read(backwards, "night.jsonl").releases] == [3000, 4200, 4200, 5400]


def test_blank_lines_are_nothing() -> None:
    """An empty line is no snapshot, and the lines after it keep their numbers."""
    releases = read(NIGHT.replace(b"\n", b"\r\n\r\n"), "night.jsonl").releases

    assert [made.origin.row for made in releases] == [1, 3, 5, 7]


def test_a_broken_line_is_named() -> None:
    """A cut in a file of lines says in which line it is."""
    message = refusal(NIGHT[:-20], "night.jsonl")

    assert "night.jsonl, line 4: the JSON stops in the middle, after" in message


def test_the_same_note_is_made_once() -> None:
    """Four snapshots with one strange party make one note that counts them."""
    finding = only(read(NIGHT.replace(b'"Rep"', b'"Whig"'), "night.jsonl").findings, "unknown_party")

    assert finding.count == 4


# --- What looks wrong --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "check"),
    [
        ("-5", "negative_count"),
        (-5, "negative_count"),
        ("12.5", "fractional_count"),
        (2**53 + 1, "impossible_count"),
        ("many", "not_a_number"),
    ],
)
def test_what_is_no_count_holds_the_contest(printed: Any, check: str) -> None:
    """A cell that holds no count is read as not reported, and named."""
    data = changed({"Votes": printed})

    finding = only(read(data).findings, check)

    assert votes(release(data), CD1)["Ann Lee"] is None
    assert (finding.severity, finding.contest, finding.option, finding.origin.column) == (Severity.HOLD_CALLS, CD1, "Ann Lee", "Votes")
    assert f'"{printed}"' in finding.problem


@pytest.mark.parametrize("printed", [None, "", ...])
def test_missing_votes_hold_the_contest(printed: Any) -> None:
    """A candidate without votes beside others who have some is not a zero."""
    finding = only(read(changed({"Votes": printed})).findings, "missing_votes")

    assert "no votes are given for Ann Lee, though other options have them. Read as not reported, not as 0." in finding.problem


def test_votes_may_be_bare_digits() -> None:
    """Measures print digits without commas, and a number is as good."""
    assert [votes(release(changed({"Votes": printed})), CD1)["Ann Lee"] for printed in ("1651", "1,651", 1651)] == [1651] * 3


def test_a_candidate_listed_twice_holds_the_contest() -> None:
    """Two rows with one name cannot be told apart: the first is kept."""
    data = changed({"Name": "Gus Hoe"})

    finding = only(read(data).findings, "option_listed_twice")

    assert votes(release(data), CD1) == {"Gus Hoe": 12345}
    assert (finding.severity, finding.contest) == (Severity.HOLD_CALLS, CD1)


def test_a_race_listed_twice_holds_both() -> None:
    """The second race of a title gets a key of its own, and both are held."""
    data = changed(race={"raceTitle": "U.S. House of Representatives District 2 - Districtwide Results"})

    reading = read(data)

    assert [finding.contest for finding in reading.findings] == [
        "U.S. House of Representatives District 2",
        "U.S. House of Representatives District 2 (2)",
    ]
    assert votes(reading.releases[0], "U.S. House of Representatives District 2 (2)") == {"Hal Joe": 20000, "Bo Núñez": 30000}


def test_a_share_that_does_not_fit_is_noted() -> None:
    """A printed share that rounding cannot explain means that a number is stale or missing."""
    finding = only(read(changed({"Percent": "64.4"})).findings, "percent_differs")

    assert (finding.severity, finding.contest, finding.option) == (Severity.NOTE, CD1, "Ann Lee")
    assert "Ann Lee is printed with 64.4%, but 12,345 of the 19,134 votes in the file are 64.5%." in finding.problem


@pytest.mark.parametrize("percent", ["64.5", "64.52", 64.5, "65", 65, "64.5%", None, "n/a", "", ...])
def test_a_share_that_fits_is_not_noted(percent: Any) -> None:
    """Rounding is allowed for as many digits as are printed; no share is no trouble."""
    assert read(changed({"Percent": percent})).findings == ()


# --- What is refused ---------------------------------------------------------------------------------------------------------------


def test_a_truncated_file_says_where_it_stops() -> None:
    """A download that was cut off says at which byte."""
    assert "returns.json: the JSON stops in the middle, after 500 bytes." in refusal(HOUSE[:500])


def test_a_web_page_is_no_results_file() -> None:
    """An error page of the server is recognised as one."""
    assert "this is a web page, not JSON." in refusal(b"\n <html><body>Access denied</body></html>")


def test_an_empty_file_is_said_to_be_empty() -> None:
    """Nothing is nothing."""
    assert "the file is empty" in refusal(b"")


def test_a_missing_name_is_named_with_its_place() -> None:
    """The path counts from 1, as people do."""
    assert 'in "races", item 1, "candidates", item 1: "Name" is missing.' in refusal(changed({"Name": ...}))


def test_a_missing_title_is_named_with_its_place() -> None:
    """A race without a title cannot be told from others."""
    assert 'in "races", item 1: "raceTitle" is missing.' in refusal(changed(race={"raceTitle": ...}))


def test_a_wrong_type_says_what_was_found_and_expected() -> None:
    """Candidates are a list."""
    data = changed(race={"candidates": ...}).replace(b'"races": [{', b'"races": [{"candidates": "none", ')

    assert 'in "races", item 1, "candidates": found text, expected a list […].' in refusal(data)


def test_a_race_without_a_list_we_know_is_refused() -> None:
    """If the office invents a new shape, nothing is read as nothing."""
    message = refusal(changed(race={"candidates": ...}))

    assert f'the race "{CD1} - Districtwide Results" has none of the lists we know; "races", "candidates"' in message


def test_another_object_is_refused() -> None:
    """An object of some other program is no race."""
    assert "the file has none of the lists we know" in refusal(b'{"hello": "world"}')


def test_text_alone_is_refused() -> None:
    """A piece of text is JSON, and no results."""
    assert "at the top of the file: found text, expected an object {…} or a list […]." in refusal(b'"hello"')


def test_a_byte_order_mark_is_dropped_and_noted() -> None:
    """A mark at the head is no part of the data."""
    reading = read(b"\xef\xbb\xbf" + HOUSE)

    assert [finding.check for finding in reading.findings] == ["byte_order_mark"]


def test_utf16_is_read_and_noted() -> None:
    """A file saved by an old editor is read by its mark."""
    reading = read(NIGHT.decode().encode("utf-16"), "night.jsonl")

    assert len(reading.releases) == 4
    assert "UTF-16" in reading.findings[0].problem


def test_a_wrong_encoding_names_the_byte() -> None:
    """Names are never guessed from another encoding."""
    assert "is not UTF-8" in refusal(HOUSE.decode().encode("cp1252"))


def test_not_a_number_is_not_json() -> None:
    """NaN is JavaScript, not JSON."""
    assert "this is not JSON" in refusal(HOUSE.replace(b'"12,345"', b"NaN"))


@pytest.mark.parametrize("data", [b"[" * 10_000, b'{"x":' * 10_000, b'{"races":' + b"[" * 10_000 + b"]" * 10_000 + b"}"])
@pytest.mark.parametrize("name", ["returns.json", "returns.jsonl"])
def test_deep_nesting_is_refused(data: bytes, name: str) -> None:
    """Ten thousand brackets are no results, and no crash."""
    assert refusal(data, name)


# --- The real files ----------------------------------------------------------------------------------------------------------------


def real(shared: Path, name: str) -> Document:
    data = (shared / "feeds" / "ca-sos-json" / name).read_bytes()
    return document(gzip.decompress(data) if name.endswith(".gz") else data, name)


def test_ninety_snapshots_of_the_house(shared: Path) -> None:
    """Ninety snapshots of 52 districts from 9 November to 6 December 2022, with nothing wrong in them."""
    reading = FEED.parse(real(shared, "us-rep-90-distinct-snapshots.jsonl.gz"))
    times = [made.published_at for made in reading.releases if made.published_at]

    assert (len(times), {len(made.contests) for made in reading.releases}, reading.findings) == (90, {52}, ())
    assert (times[0], times[-1]) == (datetime(2022, 11, 9, 8, 5, tzinfo=PACIFIC), datetime(2022, 12, 6, 18, 27, tzinfo=PACIFIC))
    assert times == sorted(times)


def test_all_precincts_reporting_was_half_the_votes(shared: Path) -> None:
    """On the first morning 45 of 52 contests had every precinct in; their votes were 52% of the final count in the median."""
    releases = FEED.parse(real(shared, "us-rep-90-distinct-snapshots.jsonl.gz")).releases
    first, last = (dict(made.counts.group_by("contest").agg(pl.col("votes").sum()).rows()) for made in (releases[0], releases[-1]))
    full = [contest.key for contest in releases[0].contests if contest.units_reported == contest.units_total]

    assert len(full) == 45
    assert pl.Series([first[key] / last[key] for key in full]).median() == pytest.approx(0.52, abs=0.005)


@pytest.mark.parametrize(
    ("name", "contests", "total"),
    [
        ("us-senate-sample.json", 1, 3_205_434 + 2_223_419),
        ("ballot-measures-sample.json", 7, None),
        ("supreme-court-sample.json", 4, None),
    ],
)
def test_the_other_shapes_as_published(shared: Path, name: str, contests: int, total: int | None) -> None:
    """The first snapshot of each shape is read without a finding."""
    reading = FEED.parse(real(shared, name))

    assert (len(reading.releases[0].contests), reading.findings) == (contests, ())
    assert total in {None, reading.releases[0].counts.get_column("votes").sum()}


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


def survives(data: bytes, name: str = "returns.json") -> None:
    try:
        reading = read(data, name)
    except RacecallError:
        return
    for made in reading.releases:
        assert tuple(made.counts.columns) == COUNT_COLUMNS
        assert all(number is None or number >= 0 for number in made.counts.get_column("votes"))
    assert all(finding.id for finding in reading.findings)


@settings(max_examples=200, derandomize=True)
@given(sample=st.sampled_from([HOUSE, COUNTY, MEASURES, JUSTICES]), path=st.lists(st.integers(0, 9), max_size=6), junk=JUNK)
def test_any_change_of_a_value_is_read_or_refused(sample: bytes, path: list[int], junk: Any) -> None:
    """Whatever stands in place of a value, the file is read or refused in our own words."""
    survives(json.dumps(mutated(json.loads(sample), path, junk)).encode())


@settings(max_examples=150, derandomize=True)
@given(start=st.integers(0, len(NIGHT)), length=st.integers(0, 40), filling=st.binary(max_size=6))
def test_any_damage_to_the_bytes_is_read_or_refused(start: int, length: int, filling: bytes) -> None:
    """Whatever happened to the bytes on their way, nothing but our own errors comes out."""
    survives(NIGHT[:start] + filling + NIGHT[start + length :], "night.jsonl")


@settings(max_examples=200, derandomize=True)
@given(prose=st.text(max_size=30) | st.from_regex(r"[A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4}, [0-9]{1,2}:[0-9]{2} [ap]\.m\.", fullmatch=True))
def test_any_prose_is_a_time_or_none(prose: str) -> None:
    """A time is read or doubted, whatever is printed."""
    at, doubt = prose_time(prose, PACIFIC)

    assert at is not None or doubt
