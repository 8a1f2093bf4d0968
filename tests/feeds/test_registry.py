"""Which feed reads a file, which feeds are installed, and what a feed must keep."""

import importlib
import re
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from racecall.desk.plugins import load_feeds, load_mapping
from racecall.errors import AmbiguousFormat, BrokenFile, RacecallError, UnknownFormat, UnknownName, UsageError
from racecall.feeds import registry
from racecall.feeds.base import Match
from racecall.feeds.hand import HandFeed
from racecall.feeds.mapping import parse_map
from racecall.feeds.openelections import OpenElectionsFeed
from racecall.feeds.table import TableFeed
from racecall.model.finding import Severity
from racecall.model.release import Reading
from racecall.testing import check_feed, document

OURS = (HandFeed(), OpenElectionsFeed(), TableFeed())
OPENELECTIONS = b"county,office,district,party,candidate,votes\nLos Angeles,U.S. House,34,DEM,Jimmy Gomez,25569\n"


class Sure:
    """A feed that is sure of everything, to the degree it is told."""

    title = "Sure of everything"

    def __init__(self, id_="sure", certainty=0.97):
        self.id = id_
        self.certainty = certainty

    def sniff(self, _document):
        """Claim it."""
        return Match(feed=self.id, certainty=self.certainty, reason=f"{self.id} likes everything")

    def parse(self, _document):
        """Read nothing."""
        return Reading(feed=self.id)


class TestChoosing:
    def test_the_surest_comes_first(self):
        """Claims are sorted by certainty."""
        matches = registry.recognise(document("20170606__ca__special__general.csv", OPENELECTIONS), OURS)

        assert [(match.feed, match.certainty) for match in matches] == [("openelections", 0.95), ("table", 0.6)]

    def test_the_surest_reads(self):
        """And its id is in the reading."""
        assert registry.read(document("results.csv", OPENELECTIONS), OURS).feed == "openelections"

    def test_two_that_are_equally_sure_are_named(self):
        """With their reasons, and how to choose."""
        with pytest.raises(AmbiguousFormat) as caught:
            registry.read(document("20170606__ca__special__general.csv", OPENELECTIONS), (*OURS, Sure()))

        assert str(caught.value) == (
            "20170606__ca__special__general.csv: two formats fit equally well: sure (sure likes everything) and openelections "
            "(columns office, candidate, votes, county or precinct, and a file name of OpenElections).\n"
            "Say which it is: --feed sure or --feed openelections"
        )

    def test_a_feed_that_was_named_reads(self):
        """One feed is no choice, and need not recognise the file."""
        assert registry.read(document("results.csv", OPENELECTIONS), (TableFeed(),)).feed == "table"

    def test_named_columns_belong_to_the_feeds_that_heed_them(self):
        """Whoever else recognises the file: OpenElections if it is one of theirs, else the table."""
        mapping = parse_map("votes=votes")
        theirs = document("results.csv", OPENELECTIONS, mapping=mapping)
        other = document("results.csv", OPENELECTIONS.replace(b"office,", b"race,"), mapping=mapping)

        assert registry.read(theirs, (*OURS, Sure())).feed == "openelections"
        assert registry.read(other, (*OURS, Sure())).feed == "table"

    def test_rules_without_columns_leave_the_choice(self):
        """Adding up duplicates is no other format."""
        item = document("results.csv", OPENELECTIONS, mapping=parse_map("duplicates:=sum"))

        assert registry.read(item, OURS).feed == "openelections"

    def test_a_file_that_nobody_knows(self):
        """What it begins with, who was asked, and how to map it."""
        with pytest.raises(UnknownFormat) as caught:
            registry.read(document("notes.txt", b"Dear reader,\nthe results are in.\n"), OURS)

        assert str(caught.value) == (
            'notes.txt: no format recognises this file; it begins with "Dear reader, the results are in.". '
            "Tried: hand, openelections, table.\n"
            "If it is a table, say which column is what: --map contest=COLUMN,option=COLUMN,votes=COLUMN. All formats: racecall feed list"
        )

    @pytest.mark.parametrize(
        ("data", "what"),
        [
            (b"PK\x03\x04...", "this is an Excel workbook or another zip archive"),
            (b"%PDF-1.4", "this is a PDF"),
            (b"<!DOCTYPE html><html><body>", "this is a web page"),
            (b"<p>Sorry", 'this is XML with the outermost element "p", which no format here has'),
            (b"<!DOCTYPE html>", "this is a web page"),
            (b'<?xml version="1.0"?><!-- A --><n:Menu xmlns:n="urn:n">', 'this is XML with the outermost element "Menu"'),
            ("<Menu/>".encode("utf-16"), 'this is XML with the outermost element "Menu"'),
        ],
    )
    def test_files_that_are_no_results_are_named(self, data, what):
        """Each with a way on."""
        with pytest.raises(UnknownFormat, match=what) as caught:
            registry.read(document("results", data), OURS)

        assert caught.value.next_step

    def test_binary_junk_is_an_unknown_format(self):
        """Printed so that a terminal survives it."""
        with pytest.raises(UnknownFormat, match=r"it begins with \"\\xfe\\xba\\xbe"):
            registry.read(document("junk.bin", b"\xfe\xba\xbe" + bytes(range(128, 255))), OURS)

    def test_an_empty_file_is_empty(self):
        """Before anybody is asked."""
        with pytest.raises(BrokenFile, match=r"the file is empty \(0 bytes\)"):
            registry.read(document("empty.csv", b""), OURS)

    def test_an_unknown_feed_is_named_with_the_known_ones(self):
        """The list is short enough to print."""
        with pytest.raises(UnknownName) as caught:
            registry.by_id(OURS, "clarity")

        assert str(caught.value) == 'no feed "clarity".\nFeeds: hand, openelections, table.'


class TestInstalled:
    def test_the_built_in_feeds(self):
        """Found through their entry points, in the order of their names."""
        assert [feed.id for feed in load_feeds()] == [
            "ap",
            "ca_sos",
            "clarity",
            "ddhq",
            "dominion_sov",
            "excel",
            "hand",
            "la_counters",
            "la_county_json",
            "la_ets",
            "modgov",
            "nist_json",
            "nist_xml",
            "npr_ap",
            "openelections",
            "sf_orr",
            "table",
            "texas_sos_html",
        ]

    def test_a_feed_that_cannot_be_imported_is_named(self):
        """With the module and the reason."""
        with pytest.raises(UsageError) as caught:
            load_feeds([EntryPoint("clarity", "racecall_clarity:Feed", "racecall.feeds")])

        assert str(caught.value) == (
            "the feed \"clarity\" cannot be loaded from racecall_clarity:Feed (No module named 'racecall_clarity').\n"
            "Reinstall or remove the package that brings it."
        )

    def test_what_is_no_feed_is_named(self):
        """A class without the two methods."""
        with pytest.raises(UsageError, match=r'"capture" \(builtins:dict\) is no feed: a feed has id, title, sniff and parse'):
            load_feeds([EntryPoint("capture", "builtins:dict", "racecall.feeds")])

    def test_a_feed_has_the_name_of_its_entry_point(self):
        """Otherwise nobody finds its page."""
        with pytest.raises(UsageError, match='the feed "csv" calls itself "table"'):
            load_feeds([EntryPoint("csv", "racecall.feeds.table:TableFeed", "racecall.feeds")])

    def test_a_mapping_is_text_or_a_file(self, tmp_path):
        """The same mapping, both ways."""
        file = tmp_path / "map.toml"
        file.write_text('votes = "Total"\n')

        assert load_mapping(str(file)) == load_mapping("votes=Total")
        assert load_mapping("") is None


class TestKit:
    def test_a_feed_that_breaks_its_promises_is_told_all_of_them(self):
        """The kit lists what is wrong."""
        with pytest.raises(AssertionError) as caught:
            check_feed(Sure("Sure!", certainty=2), [document("a.csv", b"a")])

        assert 'its id "Sure!" is not lower-case letters, digits and underscores' in str(caught.value)
        assert "a certainty from 0 to 1" in str(caught.value)
        assert "the reading is empty" in str(caught.value)

    def test_a_feed_that_crashes_on_junk_is_told_on_what(self):
        """Anything but our errors is a crash."""

        class Fragile(Sure):
            def parse(self, document):
                return Reading(feed=self.id, defines=document.data[0] > 0)

        with pytest.raises(AssertionError, match=r"on b''… \(0 bytes\) it raises IndexError"):
            check_feed(Fragile(), [document("a.csv", b"abc")])


@pytest.mark.parametrize("name", ["text", "sheet", "rows", "options", "sums", "openelections", "hand", "typed", "nist"])
def test_every_check_of_a_feed_is_listed(name):
    """A finding's name can be looked up: each module lists the checks it makes, and no others."""
    module = importlib.import_module(f"racecall.feeds.{name}")
    text = Path(str(module.__file__)).read_text(encoding="utf-8")

    made = {found or cell for found, cell in re.findall(r'check="([a-z_]+)"|CellKind\.[A-Z_]+: \(\s*"([a-z_]+)"', text)}

    assert made <= set(module.CHECKS)
    assert all(text.count(f'"{check}"') > 1 for check in module.CHECKS)


def test_every_refusal_is_ours():
    """Each of our feeds refuses with words and a next step."""
    for feed in OURS:
        with pytest.raises(RacecallError) as caught:
            feed.parse(document("empty", b""))
        assert caught.value.problem
        assert caught.value.next_step


def test_notes_hold_nothing():
    """The severity of a note is the one that the command does not count."""
    assert Severity.NOTE == "note"


def test_unicode_text_of_a_spreadsheet_is_recognised():
    """Excel saves "Unicode text" as UTF-16 with tabs; it is read, and the encoding is noted."""
    saved = document("night.txt", "contest\tunit\tcount_type\toption\tvotes\nMayor\tp1\ttotal\tAna\t5\n".encode("utf-16"))

    reading = registry.read(saved, load_feeds())

    assert reading.releases[0].counts["votes"].to_list() == [5]
    assert [finding.check for finding in reading.findings] == ["byte_order_mark"]
