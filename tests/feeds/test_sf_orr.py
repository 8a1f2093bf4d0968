"""San Francisco's results reporter: results.json, and the table of a contest.

The samples are parts of OSVTAC/osv-sample-data, 2018-06-05 (public results of San Francisco): three contests, and two precincts.
"""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from racecall.errors import BrokenFile
from racecall.feeds.mapping import parse_map
from racecall.feeds.sf_orr import SfOrrFeed
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading
from racecall.testing import check_feed, document

SAMPLES = Path(__file__).parent / "samples"
RESULTS = (SAMPLES / "sf_orr_results.json").read_bytes()
TABLE = (SAMPLES / "sf_orr_results-100.tsv").read_bytes()
FEED = SfOrrFeed()


def read(data: bytes, name: str = "results.json", **fields: Any) -> Reading:
    return FEED.parse(document(name, data, **fields))


def only(reading: Reading, check: str) -> Finding:
    [finding] = [finding for finding in reading.findings if finding.check == check]
    return finding


def votes(reading: Reading, **where: str) -> dict[str, int | None]:
    rows = reading.releases[0].counts.filter(*(pl.col(name) == value for name, value in where.items()))
    return dict(rows.select("option", "votes").rows())


def ballots(reading: Reading, **where: str) -> dict[str, int | None]:
    rows = reading.releases[0].ballots.filter(*(pl.col(name) == value for name, value in where.items()))
    return dict(rows.select("kind", "ballots").rows())


def cell(line: int, column: str, value: str) -> bytes:
    """Return the table with one cell changed; lines from 1."""
    lines = [text.split("\t") for text in TABLE.decode().splitlines()]
    lines[line - 1][lines[0].index(column)] = value
    return "\n".join("\t".join(cells) for cells in lines).encode() + b"\n"


def real(shared: Path, name: str) -> bytes:
    data = (shared / "feeds" / "sovc" / name).read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def test_it_keeps_a_feeds_promises() -> None:
    """Both files are recognised, read twice to the same values, and junk is refused in our words."""
    check_feed(FEED, [document("results.json", RESULTS), document("results-100.tsv", TABLE)])


def test_votes_stand_by_voting_group() -> None:
    """MV is mail, ED election day, TO the total; RSWri is an option for nobody in particular."""
    reading = read(RESULTS)
    by_group = [votes(reading, contest="State Proposition 69", count_type=kind) for kind in ("total", "election_day", "absentee_mail")]

    assert by_group == [{"Yes": 205_540, "No": 29_535}, {"Yes": 72_473, "No": 10_617}, {"Yes": 133_067, "No": 18_918}]


def test_ballots_go_to_their_own_table() -> None:
    """Over- and undervotes, ballots cast and rejected, and the voters on the roll, once."""
    kinds = ballots(read(RESULTS), contest="State Proposition 69", count_type="total")

    assert set(kinds) == {"registered", "cast", "rejected", "overvoted", "undervoted"}


def test_the_countys_ballots_are_those_counted() -> None:
    """RSCnt of the turnout table, which is the RSCst of contests of the whole city."""
    assert ballots(read(RESULTS), contest="", count_type="total") == {"cast": 253_583, "registered": 481_991}


def test_precincts_reporting_and_the_rule_are_kept() -> None:
    """A contest with rounds is ranked choice; its votes are the first choices."""
    contests = {contest.key: contest for contest in read(RESULTS).releases[0].contests}
    supervisor = contests["Board of Supervisors, District 8"]

    assert (supervisor.units_reported, supervisor.units_total, supervisor.rule_hint) == (71, 71, "ranked choice")


def test_the_time_is_the_citys() -> None:
    """Without a zone in the file it is Pacific time."""
    assert read(RESULTS).releases[0].published_at == datetime(2018, 6, 27, 16, 58, 48, tzinfo=UTC)


def test_rejected_ballots_below_zero_are_a_note() -> None:
    """RSRej is what is left of the ballots cast, and no count."""
    finding = only(read(RESULTS), "negative_count")

    assert (finding.severity, finding.origin.column) == (Severity.NOTE, "RSRej")


def test_precincts_are_units_and_districts_are_left_out() -> None:
    """A neighbourhood prints the votes of its precincts again."""
    assert set(read(TABLE, "results-100.tsv").releases[0].counts["unit"]) == {"1101", "1102"}


def test_a_table_has_its_title_from_the_file_beside_it() -> None:
    """The contest is a number in the name of the file; results.json says whose."""
    file = json.loads(RESULTS)
    file["contests"][0] |= {"_id": "100", "heading": "Governor"}
    beside = {"results.json": json.dumps(file).encode()}
    release = read(TABLE, "results-100.tsv", companions=beside).releases[0]

    assert (release.contests[0].key, release.published_at) == ("Governor", datetime(2018, 6, 27, 16, 58, 48, tzinfo=UTC))


def test_alone_a_table_is_called_by_its_number() -> None:
    """Unless the user says what it is."""
    alone = read(TABLE, "results-100.tsv").releases[0].contests[0].key
    said = read(TABLE, "results-100.tsv", mapping=parse_map("contest:=Governor")).releases[0].contests[0].key

    assert (alone, said) == ("contest 100", "Governor")


@pytest.mark.parametrize(
    ("value", "check"), [("", "blank_cells"), ("-3", "negative_count"), ("3x", "not_a_number"), ("3.5", "fractional_count")]
)
def test_what_is_no_number_of_votes_is_found(value: str, check: str) -> None:
    """In the words that tables use, with row and column."""
    origin = only(read(cell(2, "069:JOHN CHIANG", value), "results-100.tsv"), check).origin

    assert (origin.row, origin.column) == (2, "069:JOHN CHIANG")


def test_votes_that_do_not_make_the_printed_total_are_found() -> None:
    """RSTot is the sum of the candidates and RSWri."""
    finding = only(read(cell(2, "069:JOHN CHIANG", "60"), "results-100.tsv"), "options_do_not_add_up")

    assert "the printed total is 81, the options add up to 135" in finding.problem


def test_an_unknown_statistic_is_named_and_not_read() -> None:
    """It may be ballots or votes: nobody says."""
    finding = only(read(TABLE.replace(b"RSOvr", b"RSNew"), "results-100.tsv"), "unread_columns")

    assert finding.problem == '1 column was not read: "RSNew".'


def test_a_cut_line_is_found() -> None:
    """The last line breaks off: its cells are not reported."""
    lines = TABLE.splitlines()[:3]

    assert only(read(b"\n".join(lines)[:-20], "results-100.tsv"), "cut_off").severity is Severity.HOLD_CALLS


def test_a_table_without_precincts_is_refused() -> None:
    """A header, or districts alone, is no count."""
    with pytest.raises(BrokenFile, match="no row is about a whole contest"):
        read(TABLE.splitlines(keepends=True)[0], "results-100.tsv")


def test_a_file_of_another_shape_is_refused_with_the_place() -> None:
    """What was found and what was expected."""
    with pytest.raises(BrokenFile, match=r'in "contests", item 1, "heading": found a whole number, expected text'):
        read(RESULTS.replace(b'"heading": "U.S. Representative, District 13"', b'"heading": 13'))


# --- The real files ----------------------------------------------------------------------------------------------------------------


def test_every_contest_of_june_2018(shared: Path) -> None:
    """36 contests, all sums as printed; Gavin Newsom had 140,264 of 244,137 votes."""
    reading = read(real(shared, "sf-orr-results.json"))
    governor = votes(reading, contest="Governor", count_type="total")

    assert (len(reading.releases[0].contests), governor["GAVIN NEWSOM"], sum(filter(None, governor.values()))) == (36, 140_264, 244_137)
    assert {finding.severity for finding in reading.findings} == {Severity.NOTE}


def test_precincts_that_print_no_election_day_row_are_missed(shared: Path) -> None:
    """Fifteen of 598 have a mail row only: 55 votes of election day stand in the total and in no precinct."""
    reading = read(real(shared, "sf-orr-results-100.tsv.gz"), "results-100.tsv")

    assert "gives JOSH JONES 824, its units add up to 823 (17 more rows like it)" in only(reading, "parts_do_not_add_up").problem


def test_a_table_of_no_options_is_read_as_nothing() -> None:
    """Columns that are no candidates and no ballots are named, and nothing is counted from them."""
    reading = read(b"<x>\t0\t0\nPCT1102\tMV\t544\n", "results-100.tsv")

    assert ([finding.check for finding in reading.findings], reading.releases) == (["unread_columns"], ())
