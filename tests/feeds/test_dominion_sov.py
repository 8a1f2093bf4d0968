"""Dominion's statement of votes as text.

The sample is the head of San Francisco's statement of 5 June 2018, from OSVTAC/osv-sample-data (public results).
"""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from racecall.errors import BrokenFile
from racecall.feeds.dominion_sov import DominionSovFeed
from racecall.feeds.frames import as_text, count_frame
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading
from racecall.testing import check_feed, document

SAMPLE = (Path(__file__).parent / "samples" / "dominion_sov.tsv").read_bytes()
FEED = DominionSovFeed()
HEAD = "Primary\n\nReport generated on: Wednesday, June 27, 2018 at 09:58:48 AM\n\n"
COLUMNS = (
    "PrecinctName\tReportingType\tPrecinctID\tPrecincts\tRegistration\tBallots Cast\tTurnout (%)\tANA\tBEN\tWRITE-IN\tUnder Vote\tOver Vote"
)
CONTEST = f"""*** Mayor - CITY (200)
Precinct Totals
{COLUMNS}
Pct 1\tElection Day\t1\t1\t100\t20\t20.00\t10\t6\t1\t2\t1
Pct 1\tVBM\t1\t1\t100\t30\t30.00\t12\t15\t0\t3\t0
Grand Totals\tElection Day\tCity:0\t1\t100\t20\t20.00\t10\t6\t1\t2\t1
Grand Totals\tVBM\tCity:0\t1\t100\t30\t30.00\t12\t15\t0\t3\t0
Grand Totals\t\tCity:0\t1\t100\t50\t50.00\t22\t21\t1\t5\t1

Mayor - CITY (200)
District and Neighborhood Totals
DistrictName\tReportingType\tDistrictLabel\tPrecincts\tRegistration\tBallots Cast\tTurnout (%)\tANA\tBEN\tWRITE-IN\tUnder Vote\tOver Vote
MISSION\t\tNeighborhood:MISSION\t1\t100\t50\t50.00\t22\t21\t1\t5\t1
"""


def read(text: str | bytes) -> Reading:
    return FEED.parse(document("sov.tsv", text if isinstance(text, bytes) else text.encode()))


def only(reading: Reading, check: str) -> Finding:
    [finding] = [finding for finding in reading.findings if finding.check == check]
    return finding


def holding(reading: Reading) -> list[str]:
    return [finding.check for finding in reading.findings if finding.severity is not Severity.NOTE]


def test_it_keeps_a_feeds_promises() -> None:
    """Recognised by its head, read twice to the same values, and junk is refused in our words."""
    check_feed(FEED, [document("sov.tsv", SAMPLE), document("sov.tsv", (HEAD + CONTEST).encode())])


def test_a_real_precinct_by_count_type() -> None:
    """Precinct 1101: Newsom had 50 votes on election day and 108 by mail."""
    counts = read(SAMPLE).releases[0].counts.filter(pl.col("unit") == "Pct 1101", pl.col("option") == "GAVIN NEWSOM")

    assert counts.select("count_type", "votes").rows() == [("election_day", 50), ("absentee_mail", 108)]


def test_the_time_stands_above_the_tables() -> None:
    """Report generated on ..."""
    assert read(SAMPLE).releases[0].published_at == datetime(2018, 6, 27, 16, 58, 48, tzinfo=UTC)


def test_write_in_candidates_have_their_names() -> None:
    """ "WRITE-IN K. PEARCE" is a person, "WRITE-IN" is nobody in particular."""
    kinds = {option.name: option.kind for option in read(SAMPLE).releases[0].contests[0].options if option.kind}

    assert (kinds["K. PEARCE"], kinds["WRITE-IN"]) == ("write_in", "aggregate")


def test_grand_totals_stand_for_the_contest_and_are_compared() -> None:
    """They agree with the precincts, and the districts' rows are not read."""
    reading = read(HEAD + CONTEST)
    counts = reading.releases[0].counts.filter(pl.col("option") == "ANA").select("unit", "count_type", "votes").rows()

    assert counts == [
        ("Pct 1", "election_day", 10),
        ("Pct 1", "absentee_mail", 12),
        ("all", "election_day", 10),
        ("all", "absentee_mail", 12),
        ("all", "total", 22),
    ]
    assert holding(reading) == []


def test_names_are_kept_as_numbers_of_names() -> None:
    """As text they would take twenty times the file; they are read as text all the same."""
    counts = read(SAMPLE).releases[0].counts

    assert (counts.schema["option"].is_(pl.String), as_text(counts).schema) == (False, count_frame().schema)


def test_voters_on_the_roll_are_counted_once() -> None:
    """They stand in the row of each count type."""
    ballots = read(HEAD + CONTEST).releases[0].ballots.filter(pl.col("kind") == "registered", pl.col("unit") == "Pct 1")

    assert ballots.select("count_type", "ballots").rows() == [("total", 100)]


def test_grand_totals_that_differ_hold_the_contest() -> None:
    """A precinct may be missing."""
    reading = read(HEAD + CONTEST.replace("50.00\t22\t21\t1\t5\t1\n\nMayor", "50.00\t23\t21\t1\t5\t1\n\nMayor"))

    assert 'the total row ("Grand Totals") gives ANA 23, its units add up to 22' in only(reading, "parts_do_not_add_up").problem


@pytest.mark.parametrize(
    ("value", "check"), [("", "blank_cells"), ("-10", "negative_count"), ("1O", "not_a_number"), ("10.5", "fractional_count")]
)
def test_what_is_no_number_of_votes_is_found(value: str, check: str) -> None:
    """With the line of the file and the candidate's column."""
    origin = only(
        read(HEAD + CONTEST.replace("20.00\t10\t6\t1\t2\t1\nPct 1\tVBM", f"20.00\t{value}\t6\t1\t2\t1\nPct 1\tVBM")), check
    ).origin

    assert (origin.row, origin.column) == (8, "ANA")


def test_short_and_long_lines_are_found() -> None:
    """Missing cells are not reported, extra ones not read."""
    text = HEAD + CONTEST.replace("12\t15\t0\t3\t0\nGrand Totals\tElection", "12\t15\t0\nGrand Totals\tElection")

    assert "1 row has fewer cells than the header's 12 (first row 9, with 10)" in only(read(text), "ragged_rows").problem


def test_a_file_without_a_table_of_precincts_is_refused() -> None:
    """A head alone is no release."""
    with pytest.raises(BrokenFile, match="there is no table of precincts"):
        read(HEAD + "*** Mayor - CITY (200)\nPrecinct Totals\n" + COLUMNS + "\n")


def test_the_head_as_published(shared: Path) -> None:
    """26 precincts of the contest for Governor, 9,613 votes, nothing wrong."""
    reading = read((shared / "feeds" / "sovc" / "sf-2018-06-05-sov.head.tsv").read_bytes())
    counts = reading.releases[0].counts

    assert (counts["unit"].n_unique(), counts["votes"].sum(), holding(reading)) == (26, 9_613, [])
