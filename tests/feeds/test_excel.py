"""Excel workbooks: which sheets are read, as what, and what is found in them. The workbooks are made here (`workbooks.py`)."""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import polars as pl
import pytest

from racecall.desk.plugins import load_feeds
from racecall.errors import BrokenFile, SettingsError
from racecall.feeds import registry
from racecall.feeds.excel import ExcelFeed
from racecall.feeds.mapping import parse_map
from racecall.feeds.text import unpack
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading
from racecall.testing import check_feed, document
from workbooks import MAIN, TYPES, archive, old_workbook, workbook

FEED = ExcelFeed()
LIST = [
    ["Official results"],
    ["contest", "precinct", "candidate", "votes"],
    ["Mayor", "1", "Ana Ruiz", 10],
    ["Mayor", "2", "Ana Ruiz", 8],
    ["Mayor", "1", "Ben Cole", "1,204"],
    ["Mayor", "2", "Ben Cole", 7],
]
GROUPS = [
    ["Statement of Votes Cast"],
    ["Mayor (Vote for 1)"],
    ["Precinct", "Times Cast", "Registered Voters", "Undervotes", "Overvotes", "Ana Ruiz", "Ben Cole", "Total Votes"],
    ["PCT 1"],
    ["Election Day", 12, 100, 1, 1, 6, 4, 10],
    ["Vote by Mail", 20, 100, 0, 0, 11, 9, 20],
    ["Total", 32, 100, 1, 1, 17, 13, 30],
    ["PCT 2"],
    ["Election Day", 5, 50, 0, 0, 3, 2, 5],
    ["Vote by Mail", 4, 50, 0, 0, 2, 2, 4],
    ["Total", 9, 50, 0, 0, 5, 4, 9],
]
TWO_LINES = [
    ["Mayor"],
    [None, None, "Ana Ruiz", None, None, "Ben Cole", None, None],
    ["Precinct", "Registered Voters", "Election Day", "Mail", "Total Votes", "Election Day", "Mail", "Total Votes"],
    ["North", 100, 1, 2, 3, 4, 5, 9],
    ["South", 50, 1, 1, 2, 0, 0, 0],
    ["Total:", 150, 2, 3, 5, 4, 5, 9],
]
PLAIN = [["Precinct", "Ana Ruiz", "Ben Cole"], ["1", 10, 7], ["2", 8, 3]]


def read(data: bytes, **fields: Any) -> Reading:
    return FEED.parse(document("sov.xlsx", data, **fields))


def only(reading: Reading, check: str) -> Finding:
    [finding] = [finding for finding in reading.findings if finding.check == check]
    return finding


def checks(reading: Reading) -> set[str]:
    return {finding.check for finding in reading.findings}


def votes(reading: Reading, **where: str) -> list[tuple[Any, ...]]:
    rows = reading.releases[0].counts.filter(*(pl.col(name) == value for name, value in where.items()))
    return rows.select("unit", "count_type", "option", "votes").rows()


# --- What is read ------------------------------------------------------------------------------------------------------------------


def test_it_keeps_a_feeds_promises() -> None:
    """New and old workbooks are recognised, read twice to the same values, and damaged ones are refused in our words."""
    check_feed(FEED, [document("sov.xlsx", workbook({"Counts": LIST, "1": GROUPS})), document("sov.xls", old_workbook("1", PLAIN))])


def test_a_workbook_is_chosen_among_all_feeds() -> None:
    """A zip archive with the parts of a workbook is unpacked by nobody else."""
    data = workbook({"1": PLAIN})
    _, match = registry.choose(document("sov.xlsx", unpack("sov.xlsx", data)), load_feeds())

    assert (match.feed, match.reason) == ("excel", "a zip archive with the parts of a workbook")


def test_a_list_is_read_as_a_csv_is() -> None:
    """Columns for contest, option and votes; numbers as text are numbers."""
    assert votes(read(workbook({"Counts": LIST}))) == [
        ("1", "total", "Ana Ruiz", 10),
        ("2", "total", "Ana Ruiz", 8),
        ("1", "total", "Ben Cole", 1204),
        ("2", "total", "Ben Cole", 7),
    ]


def test_the_users_columns_are_read_as_in_a_csv() -> None:
    """--map says which column is what, whatever it is called."""
    rows = [["Rennen", "Wer", "Stimmen"], ["Mayor", "Ana Ruiz", 10], ["Mayor", "Ben Cole", 7]]
    reading = read(workbook({"A": rows}), mapping=parse_map("contest=Rennen,option=Wer,votes=Stimmen"))

    assert votes(reading) == [("all", "total", "Ana Ruiz", 10), ("all", "total", "Ben Cole", 7)]


def test_a_column_that_no_sheet_has_is_refused() -> None:
    """With the columns that there are."""
    with pytest.raises(SettingsError, match='the table has no column "Stimmen"'):
        read(workbook({"Counts": LIST[1:]}), mapping=parse_map("votes=Stimmen"))


def test_count_types_in_rows_under_their_precinct() -> None:
    """The line with a name alone is the unit of the lines below it; ballots go to their own table."""
    reading = read(workbook({"1": GROUPS}))

    assert votes(reading, option="Ana Ruiz", unit="PCT 1") == [
        ("PCT 1", "election_day", "Ana Ruiz", 6),
        ("PCT 1", "absentee_mail", "Ana Ruiz", 11),
        ("PCT 1", "total", "Ana Ruiz", 17),
    ]
    assert set(reading.releases[0].ballots["kind"]) == {"cast", "registered", "undervoted", "overvoted"}


def test_the_title_above_the_header_is_the_contest() -> None:
    """The nearest one, without what it says about the votes allowed."""
    assert [contest.key for contest in read(workbook({"1": GROUPS})).releases[0].contests] == ["Mayor"]


def test_without_a_title_the_sheet_names_the_contest() -> None:
    """And the user may name it."""
    alone = read(workbook({"Mayor": PLAIN})).releases[0].contests[0].key
    said = read(workbook({"Sheet1": PLAIN}), mapping=parse_map("contest:=Sheriff")).releases[0].contests[0].key

    assert (alone, said) == ("Mayor", "Sheriff")


@pytest.mark.parametrize("merged", [["C2:E2", "F2:H2"], []])
def test_count_types_in_a_second_line_of_the_header(merged: list[str]) -> None:
    """The option stands above them, in a merged cell or in the first of three."""
    reading = read(workbook({"2": TWO_LINES}, merged={"2": merged}))

    assert votes(reading, unit="North", option="Ben Cole") == [
        ("North", "election_day", "Ben Cole", 4),
        ("North", "absentee_mail", "Ben Cole", 5),
        ("North", "total", "Ben Cole", 9),
    ]


def test_the_last_row_is_compared_with_the_units() -> None:
    """ "Total:" is the printed total of the contest."""
    reading = read(workbook({"2": TWO_LINES}))

    assert votes(reading, unit="all", count_type="total") == [("all", "total", "Ana Ruiz", 5), ("all", "total", "Ben Cole", 9)]


def test_two_sheets_are_two_contests() -> None:
    """Also when their titles are one: a number keeps them apart."""
    keys = [contest.key for contest in read(workbook({"a": TWO_LINES, "b": TWO_LINES})).releases[0].contests]

    assert keys == ["Mayor", "Mayor (2)"]


def test_excel_97_is_read() -> None:
    """Another format behind the same cells."""
    assert votes(read(old_workbook("Mayor", PLAIN)), unit="1") == [("1", "total", "Ana Ruiz", 10), ("1", "total", "Ben Cole", 7)]


# --- What is found -----------------------------------------------------------------------------------------------------------------


def test_what_was_read_is_said_sheet_by_sheet() -> None:
    """And what was not."""
    problem = only(read(workbook({"Counts": LIST, "1": GROUPS, "Notes": [["hello"]]})), "sheets_read").problem

    assert problem == 'Sheets read: "Counts" (a list, 4 rows), "1" (Mayor, 6 rows). Not read: "Notes".'


def test_hidden_sheets_are_named_and_not_read() -> None:
    """They may hold older counts."""
    reading = read(workbook({"1": PLAIN, "Old": LIST}, hidden=["Old"]))

    assert only(reading, "hidden_sheets").problem == '1 sheet is hidden and not read: "Old".'
    assert [contest.key for contest in reading.releases[0].contests] == ["1"]


def test_a_formula_without_a_saved_result_holds_calls() -> None:
    """Nothing is computed here."""
    reading = read(workbook({"1": [*PLAIN, ["3", 4, "=B2+B3"]]}))

    assert only(reading, "formulas_without_values").severity is Severity.HOLD_CALLS
    assert votes(reading, unit="3") == [("3", "total", "Ana Ruiz", 4), ("3", "total", "Ben Cole", None)]


def test_a_precinct_that_excel_made_a_date_is_said() -> None:
    """1-2 becomes the second of January."""
    finding = only(read(workbook({"1": [*PLAIN, [date(2018, 1, 2), 4, 5]]})), "dates_as_names")

    assert "1 reporting unit is named by a date (first in row 4: 2018-01-02)" in finding.problem


@pytest.mark.parametrize(
    ("cell", "check"),
    [
        (None, "blank_cells"),
        ("****", "withheld_cells"),
        (-4, "negative_count"),
        (4.5, "fractional_count"),
        ("4l", "not_a_number"),
        (date(2018, 1, 2), "not_a_number"),
    ],
)
def test_what_is_no_number_of_votes_is_found(cell: Any, check: str) -> None:
    """In the words that tables use, with the sheet, the column and the row."""
    origin = only(read(workbook({"May": [*PLAIN, ["3", 4, cell]]})), check).origin

    assert (origin.row, origin.column) == (4, "May: Ben Cole")


def test_a_total_that_differs_holds_calls() -> None:
    """As in any table."""
    assert "parts_do_not_add_up" in checks(read(workbook({"1": [*PLAIN, ["Total", 18, 11]]})))


def test_methods_that_do_not_add_up_hold_calls() -> None:
    """The total of a precinct beside its count types."""
    rows = [*GROUPS[:-1], ["Total", 9, 50, 0, 0, 6, 4, 10]]

    assert (
        "PCT 2: Ana Ruiz has a total of 6, the count types add up to 5"
        in only(read(workbook({"1": rows})), "methods_do_not_add_up").problem
    )


# --- What is refused ---------------------------------------------------------------------------------------------------------------


def test_a_workbook_without_counts_is_refused() -> None:
    """With the names of its sheets, the hidden ones too."""
    with pytest.raises(BrokenFile, match=r'no sheet of the workbook holds counts. Sheets: "Notes". Hidden: "1"'):
        read(workbook({"Notes": [["hello"]], "1": PLAIN}, hidden=["1"]))


def test_a_cell_far_out_is_refused_before_it_is_read() -> None:
    """One cell in the last corner of a sheet would take 500 gigabytes."""
    sheet = f'<worksheet {MAIN}><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    made = BytesIO(workbook({"1": PLAIN}))
    with zipfile.ZipFile(made) as source:
        parts = {name: source.read(name).decode() for name in source.namelist()} | {"xl/worksheets/sheet1.xml": sheet}

    with pytest.raises(BrokenFile, match="the sheets have room for 17,179,869,184 cells up to the last of each; the limit is 20,000,000"):
        read(archive(parts))


def test_an_archive_that_swells_is_refused() -> None:
    """Sizes are looked at before anything is unpacked."""
    with pytest.raises(BrokenFile, match="unpacks to more than 200 times its"):
        read(archive({"[Content_Types].xml": TYPES, "xl/workbook.xml": " " * 300_000_000}))


def test_a_member_that_says_too_little_is_refused() -> None:
    """An archive may lie about its sizes: what is unpacked beyond them fails the checksum."""
    data = bytearray(workbook({"1": PLAIN}))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24
    data[at : at + 4] = (10).to_bytes(4, "little")

    with pytest.raises(BrokenFile, match="the workbook is damaged"):
        read(bytes(data))


def test_a_workbook_cut_short_is_refused() -> None:
    """The list of its parts stands at the end."""
    with pytest.raises(BrokenFile, match="the workbook is damaged"):
        read(workbook({"1": PLAIN})[:-200])


def test_another_office_document_is_refused() -> None:
    """A text document is a zip archive with the same list of contents."""
    with pytest.raises(BrokenFile, match="the workbook is damaged"):
        read(archive({"[Content_Types].xml": TYPES, "word/document.xml": "<document/>"}))


def test_a_binary_workbook_is_refused() -> None:
    """How much its sheets hold cannot be seen before they are read; what to do is said."""
    with pytest.raises(BrokenFile, match=r"this is a binary workbook \(\.xlsb\), and is not read\.") as refused:
        read(archive({"[Content_Types].xml": TYPES, "xl/workbook.bin": "", "xl/worksheets/sheet1.bin": ""}))

    assert refused.value.next_step == "Open it in Excel, save it as a workbook (.xlsx) or as CSV (UTF-8), and add that."


def test_an_old_workbook_on_which_the_library_gives_up_is_damaged() -> None:
    """One byte is enough: a record then points outside the file."""
    data = bytearray(old_workbook("1", PLAIN))
    data[1562] = 136

    with pytest.raises(BrokenFile, match="the workbook is damaged"):
        read(bytes(data))
