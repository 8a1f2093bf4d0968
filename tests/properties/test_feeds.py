"""What must hold of every file: what we write we read, order means nothing, and no bytes crash us."""

import csv
import io
import random
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from racecall.errors import RacecallError
from racecall.feeds import registry
from racecall.feeds.hand import HandFeed
from racecall.feeds.mapping import parse_map, parse_mapping
from racecall.feeds.openelections import OpenElectionsFeed
from racecall.feeds.sheet import read_sheet
from racecall.feeds.table import TableFeed, plain_csv
from racecall.feeds.text import MAX_COUNT, Limits, local_time, unpack, whole_number
from racecall.testing import document, names, plain_counts

FEEDS = (HandFeed(), OpenElectionsFeed(), TableFeed())
SLOW = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
KEYS = ("contest", "unit", "count_type", "option")

CELLS = st.one_of(
    st.sampled_from(
        ["", "12", "1,234", "****", "-3", "1.5", "X", "Total", "TOTAL", "Ana", "Bo", "Over Votes", "Write-in", "Los Angeles", "34"]
    ),
    st.sampled_from(['"', '"a', 'a"b', '""', "José", "Jose\u0301", "Governor", "Registered Voters", "Measure A", "all", " ", "\t", ","]),
    st.text(max_size=8),
)
HEADERS = st.sampled_from(
    [
        "county,precinct,office,district,party,candidate,votes",
        "county,office,district,party,candidate,election_day,absentee,votes",
        "contest,unit,count_type,option,votes",
        "contest_id,released_at,unit,count_type,option,party,votes",
        "Contest;Precinct;Candidate;Total",
        ",office,candidate,votes,votes",
    ]
)


@SLOW
@given(plain_counts())
def test_what_we_write_as_plain_csv_we_read_back(counts):
    """Every name, every count type, every figure and every gap."""
    (release,) = TableFeed().parse(document("plain.csv", plain_csv(counts))).releases

    assert release.counts.select(*KEYS, "votes").rows() == counts.select(*KEYS, "votes").rows()


@SLOW
@given(plain_counts(), st.randoms(use_true_random=False))
def test_shuffled_rows_are_the_same_count(counts, shuffle):
    """The order of the lines means nothing."""
    order = list(range(counts.height))
    shuffle.shuffle(order)
    straight, shuffled = (TableFeed().parse(document("plain.csv", plain_csv(table))) for table in (counts, counts[order]))

    assert sorted(shuffled.releases[0].counts.select(KEYS).rows()) == sorted(straight.releases[0].counts.select(KEYS).rows())
    assert shuffled.releases[0].counts["votes"].sum() == straight.releases[0].counts["votes"].sum()


@SLOW
@given(
    st.lists(st.tuples(names(), names(), st.integers(0, 500)), min_size=1, max_size=12, unique_by=lambda row: row[:2]), st.integers(0, 99)
)
def test_a_guessed_table_does_not_depend_on_its_order(rows, seed):
    """Votes by option are the same, whatever line comes first; so are the checks that find something."""
    lines = [f'Mayor,"{unit}x","{option}x",{votes}' for unit, option, votes in _plain(rows)]
    shuffled = random.Random(seed).sample(lines, len(lines))
    first, second = (
        TableFeed().parse(document("a.csv", "\n".join(["contest,precinct,candidate,votes", *part]).encode())) for part in (lines, shuffled)
    )

    assert _by_option(first) == _by_option(second)
    assert sorted(finding.check for finding in first.findings) == sorted(finding.check for finding in second.findings)


def _plain(rows):
    """Names without quotation marks."""
    return [(unit.replace('"', ""), option.replace('"', ""), votes) for unit, option, votes in rows]


def _by_option(reading):
    counts = reading.releases[0].counts
    return dict(counts.filter(counts["unit"] != "all").select("option", "votes").group_by("option").sum().rows())


@SLOW
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.toml", "a.json", "20170404__ca__primary.csv", "a"]))
def test_no_bytes_crash_a_feed(data, name):
    """Whatever is in the file, the answer is a reading or one of our errors."""
    _survive(data, name)


@SLOW
@given(HEADERS, st.lists(st.lists(CELLS, max_size=9), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_table_crashes_a_feed(header, rows, end):
    """Dirty cells, ragged lines, stray quotation marks: findings or our errors, and never a negative count."""
    separator = ";" if ";" in header else ","
    data = end.join([header, *(separator.join(row) for row in rows)]).encode("utf-8", "replace")

    for reading in _survive(data, "20180522__ga__primary.csv"):
        for release in reading.releases:
            assert not (release.counts["votes"] < 0).any()
            assert not release.counts.select(KEYS).is_duplicated().any()


@SLOW
@given(
    st.recursive(st.none() | st.integers() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=8),
    st.data(),
)
def test_no_entry_crashes_the_hand_feed(value, data):
    """Any value under any key is a figure or a problem in words."""
    key = data.draw(st.sampled_from(["contest", "published_at", "source", "status", "options", "units", "count", "ballots", "votes"]))
    text = f'racecall = "entry/1"\n[[release]]\ncontest = "c"\nsource = "s"\n{key} = {_toml(value)}\n'

    _survive(text.encode("utf-8", "replace"), "entry.toml")


def _toml(value):
    """Write a value roughly as TOML."""
    return repr(value).replace("None", "nan").replace("'", '"')


def _survive(data, name):
    """Give bytes to every feed and to the registry; only our own errors may come back."""
    item = document(name, data)
    answers = [answer(read, item) for read in (*(feed.parse for feed in FEEDS), lambda item: registry.read(item, FEEDS))]
    return [reading for reading in answers if not isinstance(reading, str)]


def answer(read, *arguments):
    """Return what a function gives, or the words with which it refuses; anything but our own errors is raised."""
    try:
        return read(*arguments)
    except RacecallError as error:
        return error.problem or pytest.fail("it refuses without a word")


@given(st.binary(max_size=200).map(lambda data: b"\x1f\x8b" + data) | st.binary(max_size=50))
def test_no_bytes_crash_unpacking(data):
    """Gzip or not."""
    assert isinstance(answer(unpack, "a.gz", data, Limits(max_bytes=1 << 20)), bytes | str)


@given(st.text(max_size=30))
def test_every_cell_is_a_number_or_a_reason(cell):
    """A value is whole, from 0 up; without one there is a kind."""
    read = whole_number(cell)

    assert (read.value is not None) == (read.kind == "number")
    assert read.value is None or 0 <= read.value <= MAX_COUNT


@given(st.integers(0, MAX_COUNT))
def test_thousands_separators_change_nothing(number):
    """1,234 is 1234."""
    assert whole_number(f"{number:,}").value == whole_number(str(number)).value == number


@given(st.datetimes(), st.sampled_from(["America/Los_Angeles", "Europe/London", "UTC", "Pacific/Apia"]))
def test_every_local_time_is_read_or_doubted(moment, zone):
    """And an aware time equals itself in any other zone."""
    read = local_time(moment, ZoneInfo(zone))

    assert read.doubt if read.at is None else read.at == read.at.astimezone(UTC)


@SLOW
@given(st.text(max_size=60))
def test_no_mapping_crashes(text):
    """On the command line and in a file."""
    assert answer(parse_map, text)
    assert answer(parse_mapping, text)


@SLOW
@given(st.lists(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=6), min_size=3, max_size=3), min_size=1, max_size=8))
@example([["", "", '"'], ["", "", "0"]])
def test_the_fast_and_the_slow_reader_agree(rows):
    """A quoted table reads the same with a stray quotation mark in its last cell, which only the slow reader takes."""
    out = io.StringIO()
    csv.writer(out).writerows([["contest", "option", "votes"], *rows])
    fast = _cells(out.getvalue())
    slow = _cells(out.getvalue() + 'a,b,c"d\r\n')

    assert slow[: len(fast)] == fast


def _cells(text):
    """The cells of a table, blank lines and line ends inside cells left out."""
    try:
        sheet = read_sheet(document("a.csv", text.encode()))
    except RacecallError:
        return []
    return [tuple(str(cell or "").replace("\r", "").replace("\n", "") for cell in row) for row in sheet.cells.select(sheet.header).rows()]


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.id)
def test_sniffing_looks_at_the_head_only(feed):
    """A gigabyte after the first 64 KB changes nothing."""
    head = b"contest,unit,count_type,option,votes\n" + b"M,1,total,Ana,3\n" * 5000

    assert feed.sniff(document("a.csv", head)) == feed.sniff(document("a.csv", head + b"\xff" * 1000))
