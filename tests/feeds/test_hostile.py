"""Files made to break a reader, and files that did: each was found by fuzzing, or by reading the code as somebody hostile would."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from contextlib import suppress

import polars as pl
import pytest

from press_files import ANA, ap, ap_race, ap_unit
from racecall.errors import BrokenFile, UnknownFormat
from racecall.feeds.ap import ApFeed
from racecall.feeds.ca_sos import place_of
from racecall.feeds.compound import room
from racecall.feeds.excel import ExcelFeed
from racecall.feeds.hand import HandFeed, line_numbers
from racecall.feeds.listing import Entry, Line, tabulate
from racecall.feeds.mapping import plain_word
from racecall.feeds.openelections import plain_name
from racecall.feeds.table import TableFeed
from racecall.feeds.texas_sos_html import TexasSosHtmlFeed
from racecall.testing import document
from racecall.testing_fuzz import zipped
from seeds import summary
from workbooks import MAIN, old_workbook, workbook

ROWS = [["contest", "candidate", "votes"], ["Mayor", "Ana Ruiz", 12], ["Mayor", "Ben Cole", 3]]


def refusal(feed, name: str, data: bytes) -> str:
    with pytest.raises(BrokenFile) as raised:
        feed.parse(document(name, data))
    assert raised.value.next_step
    return raised.value.problem


def seconds(do) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


class TestEntries:
    """TOML by hand: Python's reader recurses, and takes the square of some lengths."""

    def test_nesting(self):
        """Five thousand lists in one another."""
        assert refusal(HandFeed(), "a.toml", b"a = " + b"[" * 5_000) == "this is not TOML: it is nested too deeply."

    def test_a_number_of_five_thousand_digits(self):
        """Python refuses to read it, with an error of its own."""
        assert "this is not TOML: Exceeds the limit" in refusal(HandFeed(), "a.toml", b"a = " + b"9" * 5_000)

    @pytest.mark.parametrize("data", [b"a." * 50_000 + b"a = 1", b"[" + b"a ." * 30 + b"a]", b"x = {" + b'"a".' * 30 + b"a = 1}"])
    def test_a_key_of_many_parts(self, data):
        """Refused before it is read."""
        assert "a key of more than 16 parts" in refusal(HandFeed(), "a.toml", data)

    def test_an_entry_that_nobody_types(self):
        """Ten megabytes."""
        assert refusal(HandFeed(), "a.toml", b"# " + b"x" * 10_000_000).startswith("the entry has more than 256,000 characters")

    def test_more_votes_than_people(self):
        """A number that no table of the record could hold."""
        entry = b'[[statement]]\nkind = "outstanding"\nballots = 99999999999999999999\nstated_at = 2017-04-05T02:00:00Z\nsource = "s"\n'

        assert "expected a whole number, 0 or more" in refusal(HandFeed(), "a.toml", entry)


class TestTables:
    """CSV and Parquet."""

    @pytest.mark.parametrize("name", ["*", "^a$", "^.*$", "row", "width", "filled"])
    def test_a_column_with_a_name_that_means_something_else(self, name):
        """To Polars `*` is every column and `^a$` a pattern; the others are ours."""
        [release] = (
            TableFeed().parse(document("a.csv", f"contest,option,votes,{name}\nMayor,Ana,12,{name}\nMayor,Ben,3,7\n".encode())).releases
        )

        assert release.counts["votes"].to_list() == [12, 3]

    def test_a_carriage_return_above_the_header(self):
        """Lines end in line feeds where there are any: the header is in the second of them."""
        [release] = TableFeed().parse(document("a.csv", b"a\rb\rc\rd\ncontest,option,votes\nMayor,Ana,12\n")).releases

        assert release.counts["votes"].to_list() == [12]

    def test_a_header_after_the_last_line_end(self):
        """Found by fuzzing: it was looked for where no line was left."""
        with pytest.raises(UnknownFormat) as raised:
            TableFeed().parse(document("a.csv", b"a\n\r\r\r\rcontest,option,votes"))

        assert raised.value.problem

    def test_too_many_columns(self):
        """A million names take one line."""
        assert refusal(TableFeed(), "a.csv", b"a," * 30_000 + b"b\n1,2\n") == "the table has 30,001 columns; the limit is 2,000."

    def test_short_lines_under_a_wide_header(self):
        """Two bytes a line, and room for 1,500 cells in each."""
        data = b",".join(b"c%d" % number for number in range(1_500)) + b"\n" + b"1\n" * 100_000

        assert refusal(TableFeed(), "a.csv", data).startswith("the table has 150,001,500 cells, most of them blank or alike; the limit is")

    def test_a_parquet_file_that_unpacks_to_anything(self):
        """One cell, said thirty million times in a few kilobytes."""
        packed = io.BytesIO()
        pl.select(contest=pl.repeat(1, 30_000_000, dtype=pl.UInt8)).write_parquet(packed, compression="zstd")

        assert "cells, most of them blank or alike; the limit is 5,000,000" in refusal(TableFeed(), "a.parquet", packed.getvalue())


class TestWorkbooks:
    """calamine keeps a cell for every place up to the last, and believes what a file says about itself."""

    @pytest.mark.parametrize(
        "sheet",
        [
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
            '<row r = "1048576"><c s=">" r = "XFD1048576"><v>1</v></c></row>',
            '<row r="1048576">' + "<c><v>1</v></c>" * 40 + "</row>",
        ],
    )
    def test_a_corner_far_out(self, sheet):
        """However it is written."""
        assert "the sheets have room for" in refusal(ExcelFeed(), "a.xlsx", self.with_sheet("xl/worksheets/sheet1.xml", sheet))

    def test_a_sheet_in_another_folder(self):
        """Where it lies is for the file to say, so every part is looked at."""
        far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

        assert "the sheets have room for" in refusal(ExcelFeed(), "a.xlsx", self.with_sheet("xl/elsewhere.xml", far))

    def test_many_sheets_of_the_largest_size(self):
        """Their cells are added up."""
        far = '<row r="60000"><c r="IV60000"><v>1</v></c></row>'
        made = self.with_sheet("xl/worksheets/sheet1.xml", far)

        assert "room for 30,720,000 cells" in refusal(ExcelFeed(), "a.xlsx", self.with_sheet("xl/worksheets/sheet2.xml", far, made))

    def test_a_part_that_lies_about_its_size(self):
        """It says a hundred bytes and has a million: no more is unpacked than it says."""
        made = bytearray(self.with_sheet("xl/spare.xml", " " * 1_000_000))
        directory = made.rindex(b"xl/spare.xml") - 46  # APPNOTE 4.3.12: the entry of the central directory
        struct.pack_into("<I", made, directory + 24, 100)

        assert "size or check sum are not as announced" in refusal(ExcelFeed(), "a.xlsx", bytes(made))

    def test_an_empty_row_far_down_is_no_cell(self):
        """Excel leaves such rows where somebody set a height."""
        made = self.with_sheet("xl/spare.xml", '<row r="1048576"/><row r="1"><c r="Z1"><v>1</v></c></row>')

        assert ExcelFeed().parse(document("a.xlsx", made)).releases

    @staticmethod
    def with_sheet(member: str, rows: str, made: bytes | None = None) -> bytes:
        with zipfile.ZipFile(io.BytesIO(made or workbook({"1": ROWS}))) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        return zipped(parts | {member: f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()})

    def test_an_old_workbook_with_two_cells_far_apart(self):
        """Sixteen million empty ones between them are still allowed; four thousand million are not."""
        cells = [[None] * 3 for _ in range(3)]
        cells[0][0], cells[2][2] = 1, 2
        near = old_workbook("Mayor", cells)
        far = near.replace(struct.pack("<HHHHH", 0x0203, 14, 2, 2, 0), struct.pack("<HHHHH", 0x0203, 14, 65535, 65535, 0))

        assert room(near) == 9
        assert "room for 4,294,967,296 cells" in refusal(ExcelFeed(), "a.xls", far)

    def test_an_old_workbook_whose_chain_runs_in_a_circle(self):
        """Found by fuzzing: calamine followed it until 24 gigabytes were full."""
        old = bytearray(old_workbook("Mayor", ROWS))
        struct.pack_into("<I", old, 512 + 4 * 3, 2)  # the second sector of the stream is followed by the first

        assert refusal(ExcelFeed(), "a.xls", bytes(old)) == "the workbook is damaged (its chains of sectors run in circles)."


class TestPages:
    """Web pages."""

    def test_a_cell_that_spans_more_columns_than_can_be_written(self):
        """Found by fuzzing: Python refuses to read a number of 5,000 digits, with an error of its own."""
        page = summary(1).replace(b"colspan=2", b"colspan=" + b"9" * 5_000)

        assert TexasSosHtmlFeed().parse(document("a.html", page)).releases

    def test_nested_tables(self):
        """Two hundred around one: each would say its rows again."""
        page = (
            summary(200)
            .replace(b"<body>", b"<body>" + b"<table><tr><td>" * 200)
            .replace(b"</body>", b"</td></tr></table>" * 200 + b"</body>")
        )

        with suppress(BrokenFile):
            assert seconds(lambda: TexasSosHtmlFeed().parse(document("a.html", page))) < 3


class TestPatterns:
    """No pattern looks back far enough to take the square of a length: a name of 200,000 characters is nothing."""

    @pytest.mark.parametrize(
        "do",
        [
            lambda: place_of(" - " * 70_000 + "x"),
            lambda: plain_name("-" * 200_000 + "x", ""),
            lambda: plain_name(" " * 200_000 + "x", ""),
            lambda: plain_word("1" * 200_000 + "x"),
            lambda: line_numbers("[" + " " * 200_000 + "x"),
            lambda: line_numbers("[a" + " a" * 100_000 + "="),
            lambda: HandFeed().sniff(document("a", b"\n" * 65_000 + b"x")),
            lambda: HandFeed().sniff(document("a", b"\n[[" * 20_000)),
        ],
    )
    def test_a_long_name(self, do):
        """Seconds of the processor."""
        assert seconds(do) < 2

    @pytest.mark.parametrize("piece", ["<c ", "<f>", "<f", "<f><v>", "<row ", 'r="A', "<a:"])
    def test_a_sheet_made_of_openings(self, piece):
        """A megabyte of them, which is a few kilobytes when packed."""
        data = TestWorkbooks.with_sheet("xl/worksheets/sheet1.xml", piece * (1_000_000 // len(piece)))

        assert seconds(lambda: refusal(ExcelFeed(), "a.xlsx", data)) < 5


class TestLists:
    """JSON."""

    def test_names_that_stand_twice(self):
        """Twenty thousand of them: each was looked for among all."""
        lines = [Line(option=f"Ana {number % 10_000}", votes=1, row=number) for number in range(20_000)]

        assert seconds(lambda: tabulate(document("a.json", b"{}"), [Entry(key="Mayor", title="Mayor", lines=lines)])) < 3

    def test_a_name_of_ten_megabytes(self):
        """It is a name like any other, and is read in no time."""
        data = ap(ap_race(ap_unit(ANA | {"last": "x" * 10_000_000})))

        assert seconds(lambda: ApFeed().parse(document("a.json", data))) < 10
