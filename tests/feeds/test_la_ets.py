"""LA County ETS: lines of fixed width, from 1998 to 2020.

`samples/la_ets_1998.dat` is `internet.dat` as kept in SCPR/kpcc_backroom_handshakes (ballot_box/documentation/la_county, MIT): an excerpt
of the county's test file of 1998, with an end record that counts the whole.
"""

import gzip
import json
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecall.errors import BrokenFile, RacecallError
from racecall.feeds.base import Document
from racecall.feeds.la_ets import LaEtsFeed
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, Reading, ResultsStatus
from racecall.testing import check_feed, document

FEED = LaEtsFeed()
OLD = (Path(__file__).parent / "samples" / "la_ets_1998.dat").read_bytes()
LINES = [
    "000ET2641      County of Los Angeles",
    "000ET2641      Department of Registrar-Recorder/County Clerk",
    "000ET2641      JUNE 05, 2018 - 2018 STATEWIDE DIRECT PRIMARY ELECTION",
    "000ET2641      Semi-Final Official Election Returns",
    "000TD2641      23:38 06/05/2018",
    "001CC00  03    ASSESSOR",
    "001CN00  03       JEFFREY PRANG                                                833    33.66    ",
    "001CN00  03       JOHN LOEW              DEM                                 1,642    66.34    ",
    "001PR00  03    TOTAL PRECINCTS      4,357            PRECINCTS REPORTING     1,109    25.45    ",
    "001DR00  03    REGISTRATION     5,131,286                                                      ",
    "002CC08  RL    MEMBER, CITY COUNCIL         GENERAL MUNICIPAL                                  ",
    "002VF08  RL    VOTE FOR NO MORE THAN   2                                                       ",
    "002CN08  RL       ANA RUIZ                                                      10    40.00    ",
    "002CN08  RL       BEN COLE                                                      15    60.00    ",
    "003MC00  03    STATE MEASURE 68                                                                ",
    "003MT00  03         68 - NATURAL RESOURCES BOND      - YES                       20    40.00    ",
    "003MT00  03              (MAJORITY OF VOTES CAST)   - NO                        30    60.00    ",
    "004PRSTAT      TOTAL PRECINCTS      4,357            PRECINCTS REPORTING     1,109    25.45    ",
    "004DRSTAT      REGISTRATION     5,131,286                                                      ",
    "004BCSTAT                                                   VOTE AT POLL   324,908             ",
    "004BCSTAT                                                   VOTE BY MAIL   364,385             ",
    "004BCSTAT                                           BALLOTS CAST/TURNOUT   689,293    13.43    ",
]


def made(*lines: str, end: str = "") -> Document:
    """Return these lines with an end record that counts them."""
    end = end or f"999EF2641      {len(lines) + 1:4}"
    return document("results.ets", "\r\n".join([*lines, end]).encode(), timezone="America/Los_Angeles")


def changed(place: int, line: str) -> Document:
    """Return the lines with one of them changed; "" leaves it out."""
    lines = [line if at == place else old for at, old in enumerate(LINES)]
    return made(*(line for line in lines if line))


def read(item: Document) -> Reading:
    return FEED.parse(item)


def votes(reading: Reading, contest: str) -> dict[str, int | None]:
    return dict(reading.releases[0].counts.filter(pl.col("contest") == contest).select("option", "votes").rows())


def listed(reading: Reading, contest: str) -> ListedContest:
    return next(one for one in reading.releases[0].contests if one.key == contest)


def only(reading: Reading, check: str) -> Finding:
    [finding] = [finding for finding in reading.findings if finding.check == check]
    return finding


def real(shared: Path, name: str) -> Document:
    data = (shared / "feeds" / "la-ets" / name).read_bytes()
    return document(name, gzip.decompress(data) if name.endswith(".gz") else data, timezone="America/Los_Angeles")


# --- What is read ------------------------------------------------------------------------------------------------------------------


def test_it_keeps_a_feeds_promises() -> None:
    """Recognised by its head, read twice to the same values, and junk is refused in our words."""
    check_feed(FEED, [made(*LINES), document("internet.dat", OLD)])


def test_a_file_without_faults_has_no_findings() -> None:
    """Every record is known, the sums come out, and the file is from the night."""
    assert read(made(*LINES)).findings == ()


def test_votes_and_parties_are_read_by_column() -> None:
    """Thousands have commas, the party stands right-aligned in three columns."""
    reading = read(made(*LINES))

    assert (votes(reading, "ASSESSOR"), listed(reading, "ASSESSOR").options[1].party) == (
        {"JEFFREY PRANG": 833, "JOHN LOEW": 1642},
        "DEM",
    )


def test_precincts_reporting_stand_beside_the_contest() -> None:
    """Units that have sent something, and how many there are."""
    contest = listed(read(made(*LINES)), "ASSESSOR")

    assert (contest.units_reported, contest.units_total) == (1109, 4357)


def test_votes_allowed_are_given_where_they_are_more_than_one() -> None:
    """VF says how many; without it nothing is said."""
    reading = read(made(*LINES))

    assert [contest.votes_allowed for contest in reading.releases[0].contests] == [None, 2, None]


def test_a_measure_has_its_text_in_its_title_and_its_rule_beside_no() -> None:
    """YES and NO are its options."""
    reading = read(made(*LINES))
    key = "STATE MEASURE 68: 68 - NATURAL RESOURCES BOND"

    assert (votes(reading, key), listed(reading, key).rule_hint) == ({"YES": 20, "NO": 30}, "MAJORITY OF VOTES CAST")


def test_ballots_of_the_county_are_kept_by_how_they_were_cast() -> None:
    """They stand in the last page, and belong to no contest; so do the voters of each contest."""
    ballots = read(made(*LINES)).releases[0].ballots

    assert ballots.filter(pl.col("kind") == "cast").select("contest", "count_type", "ballots").rows() == [
        ("", "election_day", 324908),
        ("", "absentee_mail", 364385),
        ("", "total", 689293),
    ]


def test_the_time_is_the_countys() -> None:
    """Hour and day, without a zone."""
    assert read(made(*LINES)).releases[0].published_at == datetime(2018, 6, 5, 23, 38, tzinfo=ZoneInfo("America/Los_Angeles"))


def test_justices_of_1998_share_a_page() -> None:
    """Each YES opens a contest of its own, named by the justice."""
    keys = [contest.key for contest in read(document("internet.dat", OLD)).releases[0].contests]

    assert keys[:2] == [
        "SUPREME COURT JUSTICES: ASSOCIATE JUSTICE JOYCE L KENNARD",
        "SUPREME COURT JUSTICES: ASSOCIATE JUSTICE RONALD M GEORGE",
    ]


# --- What is found -----------------------------------------------------------------------------------------------------------------


def test_votes_before_the_election_are_a_rehearsal() -> None:
    """The time is weeks before the day in the title: calls are held, and the release is from before the election."""
    reading = read(changed(4, "000TD2641      10:38 05/10/2018"))

    assert only(reading, "test_votes").problem.startswith("The file is from 26 days before the election and has votes: these are test")
    assert (only(reading, "test_votes").severity, reading.releases[0].status) == (Severity.HOLD_CALLS, ResultsStatus.PRE_ELECTION)


def test_a_file_that_calls_itself_a_test_is_one() -> None:
    """Whatever its date."""
    assert 'calls itself "June 4, 1996 - Test Election"' in only(read(document("internet.dat", OLD)), "test_votes").problem


def test_a_file_cut_off_is_told_by_its_end_record() -> None:
    """The last record counts all of them."""
    cut = document("results.ets", "\r\n".join(LINES[:12]).encode())

    assert only(read(cut), "records_missing").problem == "The file has no end record (999EF); 12 were read."


def test_an_end_record_that_counts_more_is_said() -> None:
    """As in the excerpt of 1998."""
    assert only(read(document("internet.dat", OLD)), "records_missing").problem == 'The file says that it has "716" records; 67 were read.'


def test_a_line_cut_in_its_number_is_not_read_as_a_smaller_one() -> None:
    """ "1,642" cut to "1" would be one vote."""
    reading = read(changed(7, LINES[7][:78]))

    assert votes(reading, "ASSESSOR") == {"JEFFREY PRANG": 833, "JOHN LOEW": None}
    assert "no votes are given for JOHN LOEW" in only(reading, "missing_votes").problem


@pytest.mark.parametrize(
    ("cell", "check"),
    [("   1,6l2", "not_a_number"), ("  -1,642", "negative_count"), ("   16.42", "fractional_count"), ("9,999,999,999,999", "not_a_number")],
)
def test_what_is_no_number_of_votes_is_found(cell: str, check: str) -> None:
    """The votes are not reported, and the calls of the contest are held."""
    line = LINES[7][:82].replace("1,642", "     ")[:68] + cell.rjust(14) + "    66.34"
    reading = read(changed(7, line))

    assert (only(reading, check).contest, votes(reading, "ASSESSOR")["JOHN LOEW"]) == ("ASSESSOR", None)


def test_without_a_time_the_counts_are_kept_and_calls_held() -> None:
    """The record TD is the only one with a time."""
    reading = read(changed(4, ""))

    assert only(reading, "doubtful_time").problem == (
        "The file has no record TD with its time and date. The counts are kept as a release without a time."
    )


@pytest.mark.parametrize("clock", ["25:61 06/05/2018", "23:38 31/31/2018", "midnight"])
def test_a_time_that_is_none_is_said(clock: str) -> None:
    """Nothing is made of it."""
    reading = read(changed(4, f"000TD2641      {clock}"))

    assert (reading.releases[0].published_at, only(reading, "doubtful_time").severity) == (None, Severity.HOLD_CALLS)


def test_a_record_of_an_unknown_kind_is_named() -> None:
    """Without a number where votes stand, it is a note."""
    reading = read(changed(10, "002XX08  RL    SOMETHING NEW"))
    finding = only(reading, "unknown_records")

    assert (finding.severity, finding.problem) == (Severity.NOTE, '1 line is of no kind we know: "XX". They were left out.')


def test_an_unknown_record_with_a_number_holds_calls() -> None:
    """It may be a candidate's."""
    reading = read(changed(7, LINES[7].replace("001CN", "001WN")))

    assert only(reading, "unknown_records").severity is Severity.HOLD_CALLS


def test_ballots_that_do_not_add_up_are_found() -> None:
    """Polls and mail make the whole."""
    reading = read(changed(21, LINES[21].replace("689,293", "689,294")))

    assert only(reading, "identity_methods").problem == ("The county has 689,294 ballots, but 689,293 at the polls and by mail together.")


def test_a_share_that_does_not_fit_is_found() -> None:
    """The county prints it beside the votes."""
    reading = read(changed(6, LINES[6].replace("33.66", "50.00")))

    assert "JEFFREY PRANG is printed with 50.00%" in only(reading, "percent_differs").problem


def test_contests_of_each_party_have_keys_of_their_own() -> None:
    """A title that stands twice gets its party."""
    pages = [
        line.format(page=page, party=party)
        for page, party in ((1, "DEMOCRATIC"), (2, "REPUBLICAN"))
        for line in ("00{page}CC04  36   {page}CENTRAL COMMITTEE", "00{page}PT04  36   {page}{party}", f"00{{page}}{LINES[6][3:]}")
    ]
    reading = read(made(*LINES[:5], *pages))

    assert [contest.key for contest in reading.releases[0].contests] == ["CENTRAL COMMITTEE (DEMOCRATIC)", "CENTRAL COMMITTEE (REPUBLICAN)"]


def test_a_file_without_votes_is_refused() -> None:
    """A head alone is no release."""
    with pytest.raises(BrokenFile, match="no line holds votes"):
        read(made(*LINES[:5]))


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_whatever_follows_the_head_only_our_errors_are_raised(rest: bytes) -> None:
    """A damaged file is refused or read with findings, never with a traceback."""
    with suppress(RacecallError):
        read(document("results.ets", "\n".join(LINES[:8]).encode() + b"\n" + rest))


# --- The real files ----------------------------------------------------------------------------------------------------------------


def test_june_2018_comes_to_what_its_readers_made_of_it(shared: Path) -> None:
    """All 425 numbers of the file beside it, contest by contest, and all 114 contests."""
    folder = shared / "feeds" / "la-ets"
    expected = json.loads(gzip.decompress((folder / "2641jun18.json.gz").read_bytes()))
    counts = read(real(shared, "2641jun18.ets")).releases[0].counts
    ours = [sorted(votes) for (_, votes) in counts.group_by("contest", maintain_order=True).agg("votes").rows()]

    assert ours == [sorted(line["votes"] for line in contest["results"]) for contest in expected]


@pytest.mark.parametrize(
    ("name", "contests", "votes", "reported"),
    [
        ("0018nov18-zero.ets.gz", 308, 0, 0),
        ("0018nov18-start.ets.gz", 308, 5_143_732, 1_920),
        ("0018nov18-mid.ets.gz", 308, 8_456_831, 3_565),
        ("0018nov18-end.ets.gz", 308, 13_157_798, 4_728),
        ("2798mar20.ets", 222, 697_044, None),
        ("internet2016.dat.gz", 144, 115_721, None),
    ],
)
def test_the_countys_test_files_as_they_are(shared: Path, name: str, contests: int, votes: int, reported: int | None) -> None:
    """Contests, votes and precincts of a night that was rehearsed from zero to the end, and of two other elections."""
    reading = read(real(shared, name))
    release = reading.releases[0]
    assessor = next((contest.units_reported for contest in release.contests if contest.key == "ASSESSOR"), None)

    assert (len(release.contests), release.counts["votes"].sum(), assessor) == (contests, votes, reported)
    assert {finding.check for finding in reading.findings} == ({"test_votes"} if votes else set())


def test_votes_never_fall_through_the_rehearsed_night(shared: Path) -> None:
    """From zero to start, mid and end, no option of any contest loses a vote."""
    frames = [read(real(shared, f"0018nov18-{part}.ets.gz")).releases[0].counts for part in ("zero", "start", "mid", "end")]
    joined = [(earlier["votes"] <= later["votes"]).all() for earlier, later in pairwise(frames)]

    assert joined == [True, True, True]
