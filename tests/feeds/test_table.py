"""Any table of counts, through a mapping that is given or guessed."""

import io
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from racecall.errors import BrokenFile, SettingsError, UnknownFormat
from racecall.feeds.mapping import ColumnMap, guess, parse_map, parse_mapping
from racecall.feeds.sheet import read_sheet
from racecall.feeds.table import TableFeed, plain_csv
from racecall.feeds.text import Limits, count_bytes
from racecall.model.counts import BallotKind, CountType
from racecall.testing import check_feed, document

PLAIN = b"contest,unit,count_type,option,votes\nMayor,1,total,Ana,10\nMayor,1,total,Bo,7\nMayor,2,total,Ana,3\n"
GUESSED = b"Contest,Precinct,Candidate,Party,Total\nMayor,1,Ana,DEM,10\nMayor,1,Bo,REP,7\nMayor,2,Ana,DEM,3\nMayor,2,Bo,REP,4\n"


def read(data, name="counts.csv", **fields):
    """Read a table."""
    return TableFeed().parse(document(name, data, **fields))


def cells(reading, *columns):
    """The counts of the only release."""
    (release,) = reading.releases
    return release.counts.select(columns or ("contest", "unit", "count_type", "option", "votes")).rows()


def checks(reading):
    """Names of the findings."""
    return [finding.check for finding in reading.findings]


def only(reading, check):
    """The only finding of a check."""
    (finding,) = [finding for finding in reading.findings if finding.check == check]
    return finding


class TestRecognise:
    def test_it_is_a_feed(self):
        """It keeps the promises of every feed."""
        check_feed(
            TableFeed(), [document("plain.csv", PLAIN), document("counts.csv", GUESSED), document("c.tsv", GUESSED.replace(b",", b"\t"))]
        )

    def test_our_plain_csv_is_certain(self):
        """Exactly our header is nearly a signature."""
        match = TableFeed().sniff(document("plain.csv", PLAIN))

        assert match is not None
        assert (match.certainty, match.reason) == (0.95, "the header contest,unit,count_type,option,votes")

    def test_other_columns_are_less_certain(self):
        """Columns that can all be told by their names fit; more is not claimed."""
        match = TableFeed().sniff(document("counts.csv", GUESSED))

        assert match is not None
        assert (match.certainty, match.reason) == (0.6, 'the columns "Contest", "Precinct", "Candidate", "Party", "Total"')

    def test_json_and_prose_are_no_tables(self):
        """Commas alone make no table."""
        assert TableFeed().sniff(document("a.json", b'{"votes": 1, "candidate": 2}')) is None
        assert TableFeed().sniff(document("a.txt", b"Dear reader, here they are\nyours, truly\n")) is None

    def test_columns_that_cannot_be_told_are_listed(self):
        """The message names them and says how to map them."""
        with pytest.raises(UnknownFormat) as caught:
            read(b"Candidate,Zahl\nAna,10\n")

        assert str(caught.value) == (
            'counts.csv: it cannot be told which column holds the contest and the votes. Columns: "Candidate", "Zahl".\n'
            'Say which: --map contest=COLUMN,votes=COLUMN. If the whole table is one contest: --map "contest:=NAME"'
        )


class TestMapping:
    def test_a_map_on_the_command_line(self):
        """Columns, joined columns, fixed values and rules."""
        mapping = parse_map("votes=Total, option=Candidate,unit=County+Precinct,contest:=Mayor,units=strip_leading_zeros,duplicates:=sum")

        assert mapping == ColumnMap(
            votes="Total",
            option="Candidate",
            unit=("County", "Precinct"),
            fixed=(("contest", "Mayor"),),
            unit_rules=("strip_leading_zeros",),
            duplicates="sum",
        )

    def test_a_count_type_is_a_key(self):
        """Several vote columns, each with its type."""
        assert parse_map("absentee_mail=VBM,election_day=Polls").by_count_type == (
            ("VBM", CountType.ABSENTEE_MAIL),
            ("Polls", CountType.ELECTION_DAY),
        )

    def test_a_column_with_a_comma_is_quoted(self):
        """As in any CSV."""
        assert parse_map('"votes=Votes, all",option=Name').votes == "Votes, all"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("votes", '--map: "votes" has no equals sign.\nWrite KEY=COLUMN: --map votes=Total,option=Candidate'),
            (
                "vote=Total",
                'column mapping: no key "vote".\nKnown: contest, unit, county, count_type, option, party, votes, released_at, total',
            ),
            ("units=shout", 'column mapping: no unit rule "shout".\nKnown: strip_leading_zeros.'),
            ("seats:=2", 'column mapping: no fixed value "seats".\nKnown: contest, unit, county, count_type, option, party, released_at.'),
        ],
    )
    def test_a_map_that_makes_no_sense(self, text, words):
        """It says what is wrong and what is known."""
        with pytest.raises(SettingsError) as caught:
            parse_map(text)

        assert str(caught.value).startswith(words)

    def test_a_map_in_toml(self):
        """The same, written down; count types, options and words are tables."""
        mapping = parse_mapping(
            """
            contest = ["Office", "District"]
            unit = "Precinct"
            option = "Candidate"
            [count_types]
            "VBM" = "absentee_mail"
            "Polls" = "election_day"
            [fixed]
            released_at = 2017-04-05T02:00:00-07:00
            [words]
            "Kiosk" = "early"
            [units]
            strip_leading_zeros = true
            """
        )

        assert mapping == ColumnMap(
            contest=("Office", "District"),
            unit=("Precinct",),
            option="Candidate",
            by_count_type=(("VBM", CountType.ABSENTEE_MAIL), ("Polls", CountType.ELECTION_DAY)),
            fixed=(("released_at", "2017-04-05T02:00:00-07:00"),),
            words=(("Kiosk", CountType.EARLY),),
            unit_rules=("strip_leading_zeros",),
        )

    def test_all_problems_of_a_toml_map_are_named_together(self):
        """An unknown key and a wrong type, in one message."""
        with pytest.raises(SettingsError) as caught:
            parse_mapping("vote = 1\nvotes = 2\nunit = 3\n", where="map.toml")

        assert caught.value.problem == 'There is no key "vote". "votes" is text. "unit" is a column or a list of columns.'

    def test_an_unknown_count_type_is_named(self):
        """With those that are known."""
        with pytest.raises(SettingsError, match='no count type "post"'):
            parse_mapping('[count_types]\nVBM = "post"')

    def test_what_is_no_toml_is_said(self):
        """With the place."""
        with pytest.raises(SettingsError, match=r"this is not TOML: .*line 1"):
            parse_mapping("votes == Total")

    def test_a_column_that_is_not_there_is_named(self):
        """With the columns that are, and the nearest."""
        with pytest.raises(SettingsError) as caught:
            read(GUESSED, mapping=parse_map("votes=Totals"))

        assert str(caught.value) == (
            'column mapping: the table has no column "Totals". Did you mean "Total"?\n'
            'Columns: "Contest", "Precinct", "Candidate", "Party", "Total".'
        )

    def test_columns_are_found_in_any_case(self):
        """votes=total finds Total."""
        assert len(cells(read(GUESSED, mapping=parse_map("votes=total")))) == 4

    def test_what_the_map_leaves_open_is_guessed(self):
        """Only the odd column has to be named."""
        data = GUESSED.replace(b"Total", b"Zahl")

        assert cells(read(data, mapping=parse_map("votes=Zahl")), "option", "votes")[0] == ("Ana", 10)

    def test_options_as_columns(self):
        """A sheet with a column a candidate."""
        data = b"Precinct,Ana R.,Bo\n1,10,7\n2,3,4\n"
        mapping = parse_mapping('[fixed]\ncontest = "Mayor"\n[options]\n"Ana R." = "Ana Ruiz"\nBo = "Bo"')

        assert cells(read(data, mapping=mapping)) == [
            ("Mayor", "1", "total", "Ana Ruiz", 10),
            ("Mayor", "1", "total", "Bo", 7),
            ("Mayor", "2", "total", "Ana Ruiz", 3),
            ("Mayor", "2", "total", "Bo", 4),
        ]

    def test_count_types_are_guessed_from_their_columns(self):
        """And `absentee` says how it was understood."""
        reading = read(b"contest,precinct,candidate,election_day,absentee,votes\nMayor,1,Ana,6,4,10\nMayor,1,Bo,5,2,7\n")

        assert cells(reading, "count_type", "option", "votes")[:3] == [
            ("election_day", "Ana", 6),
            ("absentee_mail", "Ana", 4),
            ("total", "Ana", 10),
        ]
        assert only(reading, "absentee_meaning").problem == (
            '"absentee" was read as mail. In Texas and California it is; in Arkansas it includes early votes cast in person.'
        )

    def test_several_words_for_one_count_type_are_added(self):
        """Three weeks of advance voting are one count type."""
        reading = read(b"contest,unit,candidate,advance_in_person_1,advance_in_person_2,votes\nMayor,1,Ana,6,4,10\nMayor,1,Bo,5,2,7\n")

        assert cells(reading, "count_type", "option", "votes") == [
            ("early", "Ana", 10),
            ("total", "Ana", 10),
            ("early", "Bo", 7),
            ("total", "Bo", 7),
        ]

    def test_an_unknown_word_for_a_count_type_holds_calls(self):
        """It might be a total in another language."""
        reading = read(b"contest,unit,vote_type,candidate,votes\nMayor,1,Gesamt,Ana,10\nMayor,1,mail,Ana,4\n")

        assert cells(reading, "count_type", "votes") == [("other", 10), ("absentee_mail", 4)]
        assert only(reading, "unknown_count_type").severity == "hold_calls"
        assert '[words] then "Gesamt" =' in only(reading, "unknown_count_type").next_step

    def test_leading_zeros_stay_unless_the_rule_is_named(self):
        """Precinct 0000001 is text."""
        data = b"contest,precinct,candidate,votes\nMayor,0000001,Ana,10\n"

        assert cells(read(data), "unit") == [("0000001",)]
        assert cells(read(data, mapping=parse_map("units=strip_leading_zeros")), "unit") == [("1",)]

    def test_the_header_of_the_corpus_is_understood(self):
        """Contest id, county, precinct, candidate, method: no map needed."""
        columns = guess(("contest_id", "county", "precinct", "candidate", "party", "method", "votes"))

        assert columns == ColumnMap(
            contest=("contest_id",),
            county="county",
            unit=("precinct",),
            option="candidate",
            party="party",
            count_type="method",
            votes="votes",
        )


class TestLayout:
    def test_our_plain_csv_is_read_as_written(self):
        """With the line of each figure."""
        assert cells(read(PLAIN), "unit", "option", "votes", "row") == [("1", "Ana", 10, 2), ("1", "Bo", 7, 3), ("2", "Ana", 3, 4)]

    def test_the_source_is_the_file_unless_the_user_says_it(self):
        """A table does not say who published it."""
        assert read(PLAIN).releases[0].source == "counts.csv"
        assert read(PLAIN, source="The county").releases[0].source == "The county"

    @pytest.mark.parametrize("separator", [b"\t", b";", b"|"])
    def test_other_separators(self, separator):
        """Tabs, semicolons and bars are found from the header."""
        assert cells(read(PLAIN.replace(b",", separator))) == cells(read(PLAIN))

    def test_quoted_cells_byte_order_mark_and_windows_line_ends(self):
        """None of them changes a figure; the mark is noted."""
        data = b'\xef\xbb\xbf"contest","unit","count_type","option","votes"\r\n"Mayor","1","total","Ruiz, Ana ""A.""","1,234"\r\n'
        reading = read(data)

        assert cells(reading) == [("Mayor", "1", "total", 'Ruiz, Ana "A."', 1234)]
        assert checks(reading) == ["byte_order_mark"]

    def test_carriage_returns_only(self):
        """Old Macintosh files are read, and said."""
        reading = read(PLAIN.replace(b"\n", b"\r"))

        assert cells(reading) == cells(read(PLAIN))
        assert checks(reading) == ["carriage_returns"]

    def test_a_title_above_the_header(self):
        """The header is found; rows keep their line numbers."""
        reading = read(b"Official results\nNovember, 2022\n" + PLAIN)

        assert cells(reading, "option", "row")[0] == ("Ana", 4)
        assert only(reading, "lines_above_header").problem == "The header is in row 3; what stands above it was not read."

    def test_a_header_in_the_middle_is_no_count(self):
        """It is dropped and said."""
        lines = PLAIN.split(b"\n")
        reading = read(b"\n".join([*lines[:2], lines[0], *lines[2:]]))

        assert cells(reading) == cells(read(PLAIN))
        assert only(reading, "repeated_header").problem == "The header stands again in row 3; not read as a count."

    def test_blank_lines_keep_the_line_numbers(self):
        """Blank lines are no rows, and count as lines."""
        reading = read(PLAIN.replace(b"\nMayor,1,total,Bo", b"\n\n , \nMayor,1,total,Bo"))

        assert cells(reading, "option", "row") == [("Ana", 2), ("Bo", 5), ("Ana", 6)]

    def test_an_unnamed_column_is_only_not_read(self):
        """An index column that pandas left."""
        reading = read(b",contest,unit,candidate,votes\n0,Mayor,1,Ana,10\n1,Mayor,1,Bo,7\n")

        assert cells(reading, "option", "votes") == [("Ana", 10), ("Bo", 7)]
        assert only(reading, "unread_columns").problem == '1 column was not read: "column 1".'

    def test_a_column_twice_with_other_cells_holds_calls(self):
        """The first is read, and the way to the second is said."""
        reading = read(b"contest,unit,candidate,votes,votes\nMayor,1,Ana,10,11\n")

        assert cells(reading, "votes") == [(10,)]
        assert only(reading, "repeated_column").problem == 'The column "votes" stands twice, with different cells; the first was read.'
        assert only(reading, "repeated_column").severity == "hold_calls"

    def test_ragged_lines_are_counted_and_placed(self):
        """Too few cells are blank, too many are not read; both hold calls."""
        reading = read(GUESSED.replace(b"Mayor,1,Bo,REP,7", b"Mayor,1,Bo").replace(b"Mayor,2,Ana,DEM,3", b"Mayor,2,Ana,DEM,3,9"))

        found = [finding for finding in reading.findings if finding.check == "ragged_rows"]
        assert [(finding.problem, finding.origin.row, finding.severity) for finding in found] == [
            ("1 row has fewer cells than the header's 5 (first row 3, with 3). Missing cells were read as blank.", 3, "hold_calls"),
            ("1 row has more cells than the header's 5 (first row 4, with 6). The extra ones were not read.", 4, "hold_calls"),
        ]

    def test_trailing_separators_are_no_matter(self):
        """Empty cells after the last column say nothing."""
        assert checks(read(GUESSED.replace(b"DEM,10", b"DEM,10,,"))) == []

    def test_a_file_cut_in_its_last_line(self):
        """The likely cause is named, and calls are held."""
        reading = read(GUESSED.removesuffix(b",REP,4\n"))

        assert only(reading, "cut_off").problem == "The last row, 5, breaks off after 3 of 5 cells."
        assert only(reading, "cut_off").severity == "hold_calls"

    def test_a_quotation_mark_that_is_never_closed(self):
        """The row where it opens is named, and the file refused: what follows cannot be told apart."""
        data = GUESSED + b'Mayor,3,"Ana,DEM,3\n' + b"Mayor,4,Ana,DEM,3\n" * 200

        with pytest.raises(BrokenFile) as caught:
            read(data)

        assert caught.value.problem == "a quotation mark opened in row 6 is not closed."

    def test_a_cell_over_two_lines(self):
        """Is one cell; the rows after it keep their lines."""
        reading = read(GUESSED.replace(b"Mayor,1,Bo", b'Mayor,1,"Bo\nB."'))

        assert cells(reading, "option", "row")[1:3] == [("Bo B.", 3), ("Ana", 5)]

    def test_an_empty_file(self):
        """Is said to be empty."""
        with pytest.raises(BrokenFile, match=r"the file is empty \(0 bytes\)"):
            read(b"")

    def test_a_header_without_rows(self):
        """Is not an empty count."""
        with pytest.raises(BrokenFile) as caught:
            read(b"contest,unit,count_type,option,votes\n")

        assert str(caught.value) == (
            'counts.csv: the table has a header and no rows. Columns: "contest", "unit", "count_type", "option", "votes".\n'
            "The count may not have begun, or the download was cut off. Fetch the file again."
        )

    def test_more_rows_than_the_limit(self):
        """A cap on rows, with what to do."""
        with pytest.raises(BrokenFile, match=r"the table has 4 rows; the limit is 2") as caught:
            read_sheet(document("counts.csv", PLAIN), Limits(max_rows=2))

        assert caught.value.next_step == "Split the file by county or by contest."

    def test_the_slow_reader_reads_what_the_fast_one_reads(self):
        """A stray quotation mark changes the reader, not the figures."""
        fast = read(GUESSED.replace(b"Bo", b"Bo B"))
        slow = read(GUESSED.replace(b"Bo", b'Bo" B'))

        assert [row[-1] for row in cells(slow)] == [row[-1] for row in cells(fast)]
        assert [row[0] for row in cells(slow, "row")] == [row[0] for row in cells(fast, "row")]


class TestCells:
    def test_withheld_and_blank_cells_are_null(self):
        """They are not 0, and not the same."""
        reading = read(GUESSED.replace(b"DEM,3", b"DEM,****").replace(b"REP,4", b"REP,"))

        assert cells(reading, "votes") == [(10,), (7,), (None,), (None,)]
        assert (only(reading, "withheld_cells").severity, only(reading, "blank_cells").severity) == ("note", "note")

    def test_negative_and_fractional_votes_hold_calls(self):
        """They are kept as not reported, with row and column."""
        reading = read(GUESSED.replace(b"DEM,3", b"DEM,-3").replace(b"REP,4", b"REP,4.5"))

        assert cells(reading, "votes") == [(10,), (7,), (None,), (None,)]
        assert str(only(reading, "negative_count")) == (
            'counts.csv, row 4, column "Total": 1 cell negative in column "Total" (first in row 4: "-3"); a count is 0 or more. '
            "Read as not reported. Ask the office, or correct the cell by hand entry."
        )
        assert str(only(reading, "fractional_count").origin) == 'counts.csv, row 5, column "Total"'

    def test_odd_cells_hold_calls(self):
        """$3 is no count."""
        reading = read(GUESSED.replace(b"DEM,3", b"DEM,$3"))

        assert only(reading, "not_a_number").problem == (
            '1 cell without a number in column "Total" (first in row 4: "$3"). Read as not reported.'
        )

    def test_a_column_without_a_number_is_the_wrong_column(self):
        """A map that points at names is refused."""
        with pytest.raises(BrokenFile) as caught:
            read(GUESSED, mapping=parse_map("votes=Party"))

        assert str(caught.value) == (
            'counts.csv: no cell of "Party" holds a number of votes; found "DEM" and the like.\n'
            "Name the column that holds the votes: --map votes=COLUMN"
        )

    def test_a_count_type_that_a_contest_does_not_use_is_absent(self):
        """A blank provisional column is no provisional count; one blank cell in it is a cell not reported."""
        data = b"contest,unit,candidate,mail,provisional\nA,1,Ana,6,1\nA,1,Bo,6,\nB,1,Cy,5,\n"

        assert cells(read(data), "contest", "count_type", "option", "votes") == [
            ("A", "absentee_mail", "Ana", 6),
            ("A", "provisional", "Ana", 1),
            ("A", "absentee_mail", "Bo", 6),
            ("A", "provisional", "Bo", None),
            ("B", "absentee_mail", "Cy", 5),
        ]

    def test_accents_in_two_encodings_are_one_name(self):
        """NFC and NFD forms of a name are merged, with a note."""
        data = "contest,unit,candidate,votes\nMayor,1,Jos\u00e9,10\nMayor,2,Jose\u0301,3\n".encode()
        reading = read(data)

        assert {row[0] for row in cells(reading, "option")} == {"Jos\u00e9"}
        assert only(reading, "accents_encoded_twice").problem == (
            '"Jos\u00e9" is printed in two ways that look the same (its accents are encoded differently); read as one name.'
        )

    def test_rows_without_a_candidate_stay_in_the_denominator(self):
        """Their votes are somebody's."""
        reading = read(GUESSED.replace(b"Mayor,2,Bo,REP", b"Mayor,2,,"))

        assert cells(reading, "option", "votes")[-1] == ("(no name)", 4)
        assert only(reading, "nameless_option").severity == "hold_calls"


class TestNoOptions:
    def test_ballots_in_the_candidate_column_are_ballots(self):
        """Over votes, ballots cast and registered voters leave the votes and fill the table of ballots."""
        rows = b"Mayor,1,Ana,10\nMayor,1,Over Votes,1\nMayor,1,Ballots Cast,12\nMayor,1,Registered Voters,40\n"
        reading = read(b"contest,precinct,candidate,votes\n" + rows)

        assert cells(reading, "option", "votes") == [("Ana", 10)]
        assert reading.releases[0].ballots.select("contest", "unit", "kind", "ballots", "row").rows() == [
            ("Mayor", "1", BallotKind.OVERVOTED, 1, 3),
            ("Mayor", "1", BallotKind.CAST, 12, 4),
            ("Mayor", "1", BallotKind.REGISTERED, 40, 5),
        ]
        assert only(reading, "not_options").problem == (
            '3 rows name no option but ballots, totals or percentages: "Ballots Cast", "Over Votes", "Registered Voters". '
            "Ballots were put in the table of ballots, totals compared; none was counted as votes."
        )

    def test_a_printed_total_is_compared_with_the_options(self):
        """It may count the over votes or not; anything else holds calls."""
        data = b"contest,precinct,candidate,votes\nMayor,1,Ana,10\nMayor,1,Over Votes,1\nMayor,1,Total Votes,%d\n"

        assert checks(read(data % 10)) == checks(read(data % 11)) == ["not_options"]
        assert only(read(data % 13), "options_do_not_add_up").problem == (
            "Mayor, unit 1: the printed total is 13, the options add up to 10."
        )

    def test_write_ins_together_are_an_aggregate(self):
        """They count in the denominator and are nobody."""
        reading = read(GUESSED.replace(b"Mayor,2,Bo,REP", b"Mayor,2,Write-in Totals,"))

        assert [(option.key, option.kind) for option in reading.releases[0].contests[0].options] == [
            ("Ana", ""),
            ("Bo", ""),
            ("Write-in Totals", "aggregate"),
        ]


class TestDuplicates:
    TWICE = GUESSED + b"Mayor,1,Ana,DEM,%d\n"

    def test_the_same_row_twice_counts_once(self):
        """With a note that names the rows."""
        reading = read(self.TWICE % 10)

        assert sum(row[0] for row in cells(reading, "votes")) == 24
        assert only(reading, "repeated_rows").problem == (
            "1 key stands more than once with the same number (first: Ana, unit 1, rows 2 and 6); counted once."
        )

    def test_the_same_key_with_other_votes_holds_calls(self):
        """The first is kept, the second is in words."""
        reading = read(self.TWICE % 12)

        assert cells(reading, "option", "votes")[0] == ("Ana", 10)
        finding = only(reading, "conflicting_rows")
        assert (finding.severity, finding.contest, finding.unit, finding.option) == ("hold_calls", "Mayor", "1", "Ana")
        assert finding.problem == (
            "Mayor: the same key stands more than once with different numbers. Ana, unit 1: 10 and 12 in rows 2 and 6. The first was kept."
        )
        assert finding.next_step.endswith("add them up: --map duplicates:=sum")

    def test_they_are_added_if_the_user_says_so(self):
        """Two ballot styles of one precinct."""
        reading = read(self.TWICE % 12, mapping=parse_map("duplicates:=sum"))

        assert cells(reading, "option", "votes")[0] == ("Ana", 22)
        assert only(reading, "conflicting_rows").severity == "note"

    def test_one_name_under_two_parties_is_said(self):
        """Fusion: New York lists a candidate once a party."""
        reading = read(GUESSED + b"Mayor,1,Ana,WOR,2\n")

        assert "Ana, unit 1: 10 and 2 (listed under DEM and WOR) in rows 2 and 6" in only(reading, "conflicting_rows").problem


class TestTotals:
    def test_a_total_row_is_a_printed_total(self):
        """Kept as the whole contest, beside the units, and never added to them."""
        reading = read(GUESSED + b"Mayor,TOTAL,Ana,DEM,13\nMayor,TOTAL,Bo,REP,11\n")

        assert cells(reading, "unit", "option", "votes")[-2:] == [("all", "Ana", 13), ("all", "Bo", 11)]
        assert only(reading, "total_rows").problem == (
            "2 rows (first: 6) are totals over units and agree with the sum; kept beside the units as printed totals."
        )

    def test_a_total_above_the_sum_is_kept_and_holds_calls(self):
        """A unit may be missing."""
        reading = read(GUESSED + b"Mayor,,Ana,DEM,15\nMayor,,Bo,REP,11\n")

        assert cells(reading, "unit", "option", "votes")[-2:] == [("all", "Ana", 15), ("all", "Bo", 11)]
        finding = only(reading, "parts_do_not_add_up")
        assert (finding.severity, finding.origin.row) == ("hold_calls", 6)
        assert finding.problem == (
            "Mayor: the total row (unit left blank) gives Ana 15, its units add up to 13. It was kept as the printed total."
        )

    def test_a_total_below_the_sum_is_set_aside(self):
        """Arkansas prints zeros in the row for the county."""
        reading = read(GUESSED + b"Mayor,Countywide,Ana,DEM,0\nMayor,Countywide,Bo,REP,0\n")

        assert {row[0] for row in cells(reading, "unit")} == {"1", "2"}
        assert only(reading, "parts_do_not_add_up").problem == (
            'Mayor: the total row ("Countywide") gives Ana 0, its units add up to 13 (1 more row like it). '
            "It was set aside; the units count."
        )

    def test_a_total_above_withheld_units_is_expected(self):
        """Withheld cells are in the total and not in the sum."""
        reading = read(GUESSED.replace(b"DEM,3", b"DEM,****") + b"Mayor,Total,Ana,DEM,13\n")

        assert only(reading, "parts_do_not_add_up").severity == "note"

    def test_a_total_of_something_is_set_aside(self):
        """ABSENTEE TOTAL in South Carolina held the whole county."""
        reading = read(GUESSED + b"Mayor,ABSENTEE TOTAL,Ana,DEM,40\n")

        assert {row[0] for row in cells(reading, "unit")} == {"1", "2"}
        assert only(reading, "parts_do_not_add_up").severity == "hold_calls"

    def test_a_table_of_totals_only_is_the_whole_contest(self):
        """Where there is nothing finer, the total is all there is."""
        reading = read(b"contest,precinct,candidate,votes\nMayor,Total,Ana,13\nMayor,Total,Bo,11\n")

        assert cells(reading, "unit", "option", "votes") == [("all", "Ana", 13), ("all", "Bo", 11)]

    def test_count_types_that_do_not_add_up_hold_calls(self):
        """Contest, unit, option and both numbers are named."""
        reading = read(b"contest,unit,candidate,mail,election_day,votes\nMayor,1,Ana,6,5,10\nMayor,1,Bo,5,2,7\n")

        finding = only(reading, "methods_do_not_add_up")
        assert (finding.severity, finding.origin.row) == ("hold_calls", 2)
        assert finding.problem == "Mayor, unit 1: Ana has a total of 10, the count types add up to 11."

    def test_count_types_without_a_total_stand_for_it(self):
        """A blank total beside its parts is noted."""
        reading = read(b"contest,unit,candidate,mail,election_day,votes\nMayor,1,Ana,6,5,\nMayor,1,Bo,5,2,7\n")

        assert only(reading, "no_printed_total").problem == (
            "Counts with count types and no total: 1 (first: row 2); the sum stands for the total."
        )


class TestTimes:
    RELEASES = b"contest,released_at,unit,option,votes\nM,2017-04-11T17:00,all,Ana,12\nM,2017-04-05 02:00,all,Ana,10\n"

    def test_each_time_is_a_release_oldest_first(self):
        """Local times are the document's zone."""
        reading = read(self.RELEASES, timezone="America/Los_Angeles")

        assert [(release.published_at, release.counts["votes"].to_list()) for release in reading.releases] == [
            (datetime(2017, 4, 5, 9, tzinfo=UTC), [10]),
            (datetime(2017, 4, 12, 0, tzinfo=UTC), [12]),
        ]

    def test_a_fixed_time_is_given_to_all(self):
        """For a table that was published at a known moment."""
        reading = read(PLAIN, mapping=parse_map("released_at:=2017-04-05T02:00:00-07:00"))

        assert [release.published_at for release in reading.releases] == [datetime(2017, 4, 5, 9, tzinfo=UTC)]

    def test_an_unreadable_time_holds_calls(self):
        """Its counts are kept without a time."""
        reading = read(self.RELEASES.replace(b"2017-04-11T17:00", b"late"))

        assert [release.published_at is None for release in reading.releases] == [False, True]
        assert only(reading, "doubtful_time").problem.startswith('"late" is not a time we can read')
        assert only(reading, "doubtful_time").severity == "hold_calls"


class TestParquet:
    def test_a_replay_archive_is_read_release_by_release(self):
        """Its layout needs no map; printed totals stay beside the parts."""
        at = [datetime(2021, 1, 6, 2, tzinfo=UTC), datetime(2021, 1, 6, 1, tzinfo=UTC)]
        rows = [
            ("s", at[release], unit, kind, "Ana", None, votes)
            for release in (0, 1)
            for unit, kind, votes in (("all", "total", 5), ("X", "mail", 5))
        ]
        names = ["contest_id", "released_at", "unit", "count_type", "option", "party", "votes"]
        file = io.BytesIO()
        pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("contest_id").cast(pl.Categorical)).write_parquet(file)

        reading = read(file.getvalue(), name="releases.parquet")

        assert [release.published_at for release in reading.releases] == sorted(at)
        assert reading.releases[0].counts.select("unit", "count_type", "votes").rows() == [("all", "total", 5), ("X", "absentee_mail", 5)]

    def test_fractions_and_negatives_in_typed_columns(self):
        """A column of floats is read cell by cell; 12.0 is 12."""
        file = io.BytesIO()
        pl.DataFrame({"contest": ["M"] * 4, "option": list("abcd"), "votes": [12.0, 1.5, -3.0, None]}).write_parquet(file)

        reading = read(file.getvalue(), name="a.parquet")

        assert cells(reading, "votes") == [(12,), (None,), (None,), (None,)]
        assert sorted(checks(reading)) == ["blank_cells", "fractional_count", "negative_count"]

    def test_a_cut_parquet_file(self):
        """The likely cause is named."""
        with pytest.raises(BrokenFile, match="this is a Parquet file that cannot be read") as caught:
            read(b"PAR1" + bytes(100), name="a.parquet")

        assert caught.value.next_step == "The download may be cut off. Fetch it again."

    def test_the_archive_of_georgia(self, shared: Path):
        """63 releases of two runoffs, 156 counties x 4 count types; the last one as certified in these counties."""
        data = (shared / "archive" / "ga-2021-01-05-runoff" / "releases.parquet").read_bytes()

        reading = read(data, name="releases.parquet")

        last = reading.releases[-1].counts
        assert (len(reading.releases), reading.findings, last["unit"].n_unique()) == (63, (), 157)
        assert last.filter(unit="all", contest="ga-us-senate")["votes"].sum() == 4_445_590


def test_plain_csv_writes_what_is_read():
    """Our own format round-trips."""
    counts = read(PLAIN).releases[0].counts

    assert read(plain_csv(counts)).releases[0].counts.equals(counts)


@pytest.mark.parametrize(
    "text",
    [
        "contest,candidate,votes\nMayor,Ana Ruiz,10\nMayor,Ben Cole,7\n",
        "contest,candidate,votes\nMayor,Ana Ruiz,10\nMayor,Ben Cole,7",
        "contest,candidate,votes\r\nMayor,Ana Ruiz,10\r\nMayor,Ben Cole,7\r\n",
        'contest,candidate,votes\nMayor,"Ruiz, Ana",10\n"",Ben Cole,7\n',
        'contest,candidate,votes\nMayor,"Ana ""Annie"" Ruiz",10\n"",Ben Cole,7\n',
        "contest,candidate,votes\nMayor,Ana Ruiz,10\n , ,\nMayor,Ben Cole,7\n",
    ],
)
def test_a_regular_file_is_read_at_once_as_line_by_line(text):
    """The two readers of Polars give the same cells, lines and widths."""
    from racecall.feeds.sheet import _read_ragged, _read_regular

    fast, careful = _read_regular(text.encode(), ",", 3, count_bytes(text.encode())), _read_ragged(text.encode(), ",", 3)
    columns = sorted(careful.cells.columns)

    assert fast.cells.select(columns).equals(careful.cells.select(columns))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1\n3,4\n",
        "a,b\n1,2\n\n3,4\n",
        "a,b\n1,2,3\n3,4\n",
        'a,b\n"1\n2",2\n3,4\n',
        'a,b\n"1\n2",2\n\n3,4\n',
        'a,b\nx"y"z,2\n',
        'a,b\n"x""y",""\n1\n',
        'a,b\n"x""y",\n"",4\n1\n',
        "a,b\r\n1,2\n",
    ],
)
def test_an_irregular_file_is_never_taken_for_a_regular_one(text):
    """Short, long and blank lines, line ends in cells and marks inside words: each line is looked at."""
    from racecall.feeds.sheet import _read_regular

    assert _read_regular(text.encode(), ",", 2, count_bytes(text.encode())) is None
