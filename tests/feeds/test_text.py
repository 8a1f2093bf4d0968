"""Bytes to text, cells to numbers, clocks to moments."""

import gzip
import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from racecall.errors import BrokenFile, UsageError
from racecall.feeds.text import (
    MEBIBYTE,
    ByteCounts,
    CellKind,
    CellPlace,
    Limits,
    cell_findings,
    count_bytes,
    decode,
    json_value,
    local_time,
    recode,
    refuse_large,
    tidy,
    unpack,
    utf8,
    whole_number,
)
from racecall.testing import document

LA = ZoneInfo("America/Los_Angeles")


class TestDecode:
    def test_plain_utf8_is_read_without_a_word(self):
        """A file in order has no notes."""
        text, notes = decode(document("a.csv", "Ñ,1\n".encode()))

        assert (text, notes) == ("Ñ,1\n", ())

    def test_an_empty_file_is_broken(self):
        """Nothing, or nothing but white space, is an empty file."""
        for data in (b"", b" \r\n\n"):
            with pytest.raises(BrokenFile) as caught:
                decode(document("empty.csv", data))

            assert str(caught.value) == (
                f"empty.csv: the file is empty ({len(data)} bytes).\nThe download may have failed. Fetch it again."
            )

    def test_a_wrong_encoding_is_named_by_byte_and_line(self):
        """The byte, its place, its line and the next step; no guess."""
        with pytest.raises(BrokenFile) as caught:
            decode(document("old.csv", "a,b\nMar\xeda,1\n".encode("cp1252")))

        assert str(caught.value) == (
            'old.csv: line 2 is not UTF-8: byte 8 of the file is 0xED, near "a,b Mar\ufffda,1".\n'
            "If it comes from an old Windows program, say so: racecall add --encoding cp1252"
        )

    def test_a_file_cut_inside_a_character_was_cut_off(self):
        """Half a character at the end is a broken download, not another encoding."""
        with pytest.raises(BrokenFile, match=r"stops in the middle of a character, at byte 4"):
            decode(document("cut.csv", "a,bé".encode()[:-1]))

    def test_a_byte_order_mark_is_obeyed_and_noted(self):
        """UTF-8 and both UTF-16 marks are read, and said."""
        for data, words in (
            (b"\xef\xbb\xbfa,b\n", "UTF-8"),
            ("a,b\n".encode("utf-16"), "UTF-16, low byte first"),
            (b"\xfe\xff" + "a,b\n".encode("utf-16-be"), "UTF-16, high byte first"),
        ):
            text, notes = decode(document("bom.csv", data))

            assert text == "a,b\n"
            assert [note.check for note in notes] == ["byte_order_mark"]
            assert notes[0].problem == f"The file begins with a byte order mark ({words}); it was read accordingly and the mark dropped."

    def test_carriage_returns_alone_end_lines(self):
        """Old Macintosh files are read, and said."""
        text, notes = decode(document("mac.csv", b"a,b\r1,2\r"))

        assert text == "a,b\n1,2\n"
        assert [note.check for note in notes] == ["carriage_returns"]

    def test_binary_files_are_not_text(self):
        """A zero byte is named, with its place."""
        with pytest.raises(BrokenFile, match="this is not a text file: byte 3 is zero"):
            decode(document("photo.csv", b"ab\0cd"))

    def test_utf8_gives_the_same_bytes_back(self):
        """A table reader gets the document's own bytes where nothing has to be undone."""
        item = document("a.csv", b"a,b\n1,2\n")

        assert utf8(item)[0] is item.data

    def test_another_encoding_is_read_when_it_is_named(self):
        """The user's word is taken."""
        assert recode("old.csv", "María".encode("cp1252"), "cp1252") == "María".encode()

    def test_an_unknown_encoding_is_a_usage_error(self):
        """And the common ones are named."""
        with pytest.raises(UsageError) as caught:
            recode("old.csv", b"a", "klingon")

        assert str(caught.value) == 'no encoding "klingon".\nCommon ones: utf-8, cp1252, latin-1, mac-roman, utf-16.'

    def test_the_wrong_named_encoding_is_broken(self):
        """It says where it failed."""
        with pytest.raises(BrokenFile, match="line 1 is not ascii: byte 2 of the file is 0xE9"):
            recode("old.csv", b"a\xe9", "ascii")


class TestUnpack:
    def test_gzip_is_undone(self):
        """Also when it has several members."""
        data = gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n")

        assert unpack("a.csv.gz", data) == b"a,b\n1,2\n"

    def test_other_bytes_pass(self):
        """A name alone makes no gzip."""
        assert unpack("a.csv.gz", b"a,b\n") == b"a,b\n"

    def test_a_file_of_a_gigabyte_is_refused_by_its_size(self):
        """Size, limit and next step; the file need not be read for it."""
        with pytest.raises(BrokenFile) as caught:
            refuse_large("big.csv", 1024 * MEBIBYTE, Limits())

        assert str(caught.value) == (
            "big.csv: the file is 1,024 MB; the limit is 512 MB.\nIf it really is a results file, raise the limit: --max-size 1024"
        )

    def test_a_bomb_is_not_unpacked(self):
        """Ten megabytes of zeros from ten kilobytes."""
        data = gzip.compress(bytes(10 * MEBIBYTE))

        with pytest.raises(BrokenFile) as caught:
            unpack("bomb.gz", data)

        assert caught.value.problem == f"the file unpacks to more than 200 times its {len(data):,} bytes, which is the limit."

    def test_unpacking_stops_at_the_size_limit(self):
        """The limit holds after decompression too."""
        data = gzip.compress(b"1,2,3\n" * 500_000)

        with pytest.raises(BrokenFile, match="unpacks to more than 2 MB, which is the limit"):
            unpack("big.gz", data, Limits(max_bytes=2 * MEBIBYTE, max_ratio=100_000))

    def test_a_cut_gzip_was_cut_off(self):
        """The download is named as the likely cause."""
        data = gzip.compress(b"county,votes\n" * 100)

        with pytest.raises(BrokenFile, match=r"the compressed file stops short after [\d,]+ bytes of data"):
            unpack("cut.gz", data[:-10])

    def test_a_damaged_gzip_is_broken(self):
        """With the reason the decompressor gives."""
        with pytest.raises(BrokenFile, match="the compressed data is damaged"):
            unpack("bad.gz", b"\x1f\x8b" + b"\xff" * 40)


def packed(*members, method=zipfile.ZIP_DEFLATED):
    """Return a zip archive of (name, bytes)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def unpacked_or_refused(data):
    """Return what comes out of an archive, or that it is refused."""
    try:
        return unpack("night.zip", data)
    except BrokenFile as error:
        return b"refused" if error.problem and error.next_step else b"without a word"


class TestUnzip:
    def test_the_one_file_is_taken_out(self):
        """As the office packed it."""
        assert unpack("detailxml.zip", packed(("detail.xml", b"<a/>"))) == b"<a/>"

    def test_folders_are_no_files(self):
        """An archive of a folder with one file has one file."""
        assert unpack("night.zip", packed(("results/", b""), ("results/night.csv", b"a,b\n"))) == b"a,b\n"

    @pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\night.csv", "a\x1b[2Jb.csv"])
    def test_a_name_is_never_a_path(self, name):
        """It is neither opened nor written to."""
        assert unpack("night.zip", packed((name, b"a,b\n"))) == b"a,b\n"

    def test_a_workbook_is_left_as_it_is(self):
        """It is an archive for those who read workbooks."""
        workbook = packed(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))

        assert unpack("night.xlsx", workbook) == workbook

    def test_several_files_are_named(self):
        """The first five; which one has the results is for a person to say. A name cannot command the terminal."""
        with pytest.raises(BrokenFile) as caught:
            unpack("night.zip", packed(*((f"{number}\x1b[2J.csv", b"") for number in range(7))))

        assert str(caught.value) == (
            "night.zip: the archive holds 7 files (0 [2J.csv, 1 [2J.csv, 2 [2J.csv, 3 [2J.csv, 4 [2J.csv).\n"
            "Unpack it, and add the file with the results."
        )

    def test_an_archive_of_nothing(self):
        """It begins in another way."""
        with pytest.raises(BrokenFile, match="the archive holds no file"):
            unpack("night.zip", packed())

    def test_a_bomb_is_not_unpacked(self):
        """Ten megabytes of zeros from ten kilobytes, announced."""
        data = packed(("night.csv", bytes(10 * MEBIBYTE)))

        with pytest.raises(BrokenFile) as caught:
            unpack("bomb.zip", data)

        assert caught.value.problem == f"the file unpacks to more than 200 times its {len(data):,} bytes, which is the limit."

    def test_a_bomb_that_lies_about_its_size(self):
        """No more is unpacked than was announced, and then the check sum is wrong."""
        data = packed(("night.csv", bytes(50 * MEBIBYTE)))
        lying = data.replace((50 * MEBIBYTE).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
        tracemalloc.start()

        with pytest.raises(BrokenFile, match="the compressed data is damaged"):
            unpack("bomb.zip", lying)

        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 5 * MEBIBYTE

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_other_ways_of_packing_are_refused(self, method):
        """They would unpack without a limit, and no office uses them."""
        with pytest.raises(BrokenFile, match="the archive is packed in a way that is not read here"):
            unpack("night.zip", packed(("night.csv", b"a,b\n"), method=method))

    def test_the_size_limit_holds_after_unpacking(self):
        """As for gzip."""
        data = packed(("night.csv", b"1,2,3\n" * 500_000))

        with pytest.raises(BrokenFile, match="unpacks to more than 2 MB, which is the limit"):
            unpack("big.zip", data, Limits(max_bytes=2 * MEBIBYTE, max_ratio=100_000))

    def test_a_locked_archive(self):
        """A password is nothing to guess at."""
        data = bytearray(packed(("night.csv", b"a,b\n"), method=zipfile.ZIP_STORED))
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1

        with pytest.raises(BrokenFile, match="the archive is locked with a password"):
            unpack("night.zip", bytes(data))

    @pytest.mark.parametrize("cut", [4, 20, -1, -30])
    def test_a_cut_archive_is_damaged(self, cut):
        """The list of its files is at the end."""
        with pytest.raises(BrokenFile, match="the compressed data is damaged"):
            unpack("cut.zip", packed(("night.csv", b"a,b\n" * 1000))[:cut])

    @pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
    def test_every_changed_byte_is_refused_or_makes_no_difference(self, flip):
        """Whatever is damaged, it is our error, or the file came out whole."""
        data = packed(("night.csv", b"county,votes\n" * 10))
        made = {unpacked_or_refused(bytes([*data[:at], data[at] ^ flip, *data[at + 1 :]])) for at in range(4, len(data))}

        assert made == {b"county,votes\n" * 10, b"refused"}


class TestWholeNumber:
    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            *[(cell, 12) for cell in ("12", " 12 ", "12.0", "012", 12, 12.0)],
            *[(cell, 1234) for cell in ("1,234", "1 234", "1\u202f234", "1'234", "1,234.00")],
            *[("0", 0), ("1,234,567", 1234567)],
        ],
    )
    def test_whole_numbers(self, cell, value):
        """Thousands separators are read where every group has three digits."""
        assert whole_number(cell).value == value

    @pytest.mark.parametrize(
        ("cell", "kind"),
        [(cell, CellKind.BLANK) for cell in ("", "  ", "\u00a0", None)]
        + [(cell, CellKind.WITHHELD) for cell in ("****", "*", "X", "x", "-", "–", "N/A", "na", "<10", "Withheld")]
        + [(cell, CellKind.NEGATIVE) for cell in ("-5", "\u22125", "(5)", -5)]
        + [(cell, CellKind.FRACTION) for cell in ("1.5", ".5", "1,234.5", 1.5)]
        + [(cell, CellKind.TOO_LARGE) for cell in ("99999999999", "10000000001", "9" * 400)]
        + [(cell, CellKind.NOT_A_NUMBER) for cell in ("$3", "5+", "16 RCISD", "l", "12,34", "1,23", "1e3", "28%", "٣", True)],
    )
    def test_what_is_no_number(self, cell, kind):
        """Blank, withheld, negative, fractional, impossible and odd cells are told apart, and none has a value."""
        read = whole_number(cell)

        assert (read.value, read.kind) == (None, kind)

    def test_findings_tell_withheld_from_blank(self):
        """One finding a kind and column: how many, and where the first is."""
        places = [
            CellPlace(row=9, column="votes", cell=whole_number("****")),
            CellPlace(row=4, column="votes", cell=whole_number("****"), count=2),
            CellPlace(row=5, column="votes", cell=whole_number("")),
            CellPlace(row=6, column="mail", cell=whole_number("-3")),
        ]

        found = cell_findings(document("a.csv", b"a"), places)

        assert [(finding.check, finding.severity, finding.count) for finding in found] == [
            ("negative_count", "hold_calls", 1),
            ("blank_cells", "note", 1),
            ("withheld_cells", "note", 3),
        ]
        assert str(found[0]) == (
            'a.csv, row 6, column "mail": 1 cell negative in column "mail" (first in row 6: "-3"); a count is 0 or more. '
            "Read as not reported. Ask the office, or correct the cell by hand entry."
        )
        assert found[2].problem == (
            '3 cells withheld in column "votes" (first in row 4: "****"); read as not reported, so sums over units fall short of totals.'
        )


class TestLocalTime:
    def test_an_offset_is_kept(self):
        """A time that says its offset needs no zone."""
        assert local_time("2017-04-05T02:00:00-07:00", ZoneInfo("UTC")).at == datetime(2017, 4, 5, 9, tzinfo=UTC)

    def test_a_local_time_is_the_countys(self):
        """Without an offset it is local."""
        assert local_time("2017-04-05 02:00", LA).at == datetime(2017, 4, 5, 9, tzinfo=UTC)

    def test_the_formats_given_are_tried_first(self):
        """Month first, as the county prints it."""
        assert local_time("12/5/2022 12:15:21 PM", LA, ["%m/%d/%Y %I:%M:%S %p"]).at == datetime(2022, 12, 5, 20, 15, 21, tzinfo=UTC)

    def test_an_hour_that_happened_twice_is_the_first(self):
        """And the doubt is said."""
        read = local_time("2022-11-06T01:30", LA)

        assert read.at == datetime(2022, 11, 6, 8, 30, tzinfo=UTC)
        assert read.doubt == ("2022-11-06 01:30 in America/Los_Angeles happened twice: clocks went back. Read as the first, 01:30 PDT.")

    def test_an_hour_that_never_happened_moves_forward(self):
        """And the doubt is said."""
        read = local_time("2022-03-13T02:30", LA)

        assert read.at == datetime(2022, 3, 13, 10, 30, tzinfo=UTC)
        assert read.doubt.endswith("never happened: clocks went forward over it. Read as 03:30 PDT.")

    def test_an_impossible_year_is_no_time(self):
        """A clock that was never set."""
        assert local_time("0001-01-01T00:00", LA).doubt == '"0001-01-01T00:00" cannot be the time of a release.'

    def test_what_is_no_time_is_none(self):
        """It is not returned as it came."""
        read = local_time("last night", LA)

        assert (read.at, read.doubt) == (None, '"last night" is not a time we can read; write it as 2017-04-05T02:00:00-07:00.')


class TestJson:
    def test_a_cut_file_says_how_far_it_goes(self):
        """The likely cause is the download."""
        with pytest.raises(BrokenFile, match="the JSON stops in the middle, after 8 bytes") as caught:
            json_value(document("a.json", b'{"a": [1'))

        assert caught.value.next_step == "The download may be cut off. Fetch it again."

    def test_a_deep_nest_is_refused(self):
        """Not a crash."""
        with pytest.raises(BrokenFile, match="nested too deeply"):
            json_value(document("a.json", b"[" * 100_000 + b"]" * 100_000))


def test_tidy_composes_and_squeezes():
    """A decomposed accent and two spaces are no other name."""
    assert tidy(" Mari\u0301a  Cabildo ") == "María Cabildo"


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(0, 400_000), st.sampled_from([b"", b"\n", b"\r\n", b"\r", b"\0"])), min_size=1, max_size=12
    )
)
@example([(300_001, 1, b"\n"), (7, 0, b"\n")])
def test_marks_are_counted_in_a_large_file_as_in_a_small_one(runs: list[tuple[int, int, bytes]]) -> None:
    """Single marks and pairs, line ends and zeros, also across the pieces in which a large file is counted."""
    data = b"".join(b'"' * marks + b"x" * others + end for marks, others, end in runs) + b"x" * (1 << 20)

    assert count_bytes(data) == ByteCounts(
        zeros=data.count(b"\0"),
        lines=data.count(b"\n"),
        returns=data.count(b"\r"),
        marks=data.count(b'"'),
        pairs=data.count(b'""'),
    )
