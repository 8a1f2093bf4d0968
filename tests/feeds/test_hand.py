"""Figures entered by hand."""

from datetime import UTC, datetime

import pytest

from racecall.errors import BrokenFile
from racecall.feeds.hand import HandFeed, line_numbers
from racecall.model.counts import BallotKind
from racecall.model.release import ReportKind, ResultsStatus
from racecall.testing import check_feed, document

HEAD = 'racecall = "entry/1"\n'
RELEASE = """
[[release]]
contest = "ca34-2017-primary"
published_at = 2017-04-05T02:00:00-07:00
source = "Los Angeles County RR/CC"
status = "unofficial_complete"
note = "semi-official, 192 of 192 precincts"
units_reported = 192
units_total = 192
[release.ballots]
registered = 305551
[[release.count]]
option = "gomez"
votes = 8156
[[release.count]]
option = "ahn"
votes = 5504
source = "https://mynewsla.com"
"""
BY_UNIT = """
[[release]]
contest = "ca34-2017-runoff"
published_at = 2017-06-16T17:00:00-07:00
source = "Los Angeles County RR/CC"
options = ["gomez", "ahn"]
[release.units]
"0850001A" = [309, 28]
"0850012A" = [151, "****"]
"""
STATEMENT = """
[[statement]]
contest = "ca34-2017-primary"
kind = "outstanding"
ballots = 13400
stated_at = 2017-04-05T12:00:00-07:00
source = "mynewsla.com"
approximate = true
includes_arrivals = true
"""
REPORT = """
[[report]]
contest = "ca34-2017-primary"
kind = "agency_call"
by = "Associated Press"
at = 2017-04-05T00:30:00-07:00
source = "AP"
option = "gomez"
slot = 1
share = 0.28
"""


def read(text, **fields):
    """Read an entry."""
    return HandFeed().parse(document("entry.toml", (HEAD + text).encode(), **fields))


def refusal(text):
    """The message with which an entry is refused."""
    with pytest.raises(BrokenFile) as caught:
        read(text)
    return caught.value.problem


class TestReading:
    def test_it_is_a_feed(self):
        """It keeps the promises of every feed."""
        check_feed(HandFeed(), [document("entry.toml", (HEAD + part).encode()) for part in (RELEASE, BY_UNIT, STATEMENT, REPORT)])

    def test_it_is_recognised_by_its_first_line(self):
        """The line is a signature; tables of our names are nearly one."""
        feed = HandFeed()

        signed, bare = feed.sniff(document("a.toml", HEAD.encode())), feed.sniff(document("a.toml", RELEASE.encode()))

        assert signed is not None
        assert bare is not None
        assert (signed.certainty, bare.certainty) == (1.0, 0.8)

    def test_a_release_row_by_row(self):
        """Every figure with the line of its table."""
        (release,) = read(RELEASE).releases

        assert release.counts.rows() == [
            ("ca34-2017-primary", "all", "total", "gomez", 8156, 13),
            ("ca34-2017-primary", "all", "total", "ahn", 5504, 16),
        ]
        assert release.ballots.rows() == [("ca34-2017-primary", "all", "total", BallotKind.REGISTERED, 305551, 12)]
        assert (release.published_at, release.status) == (datetime(2017, 4, 5, 9, tzinfo=UTC), ResultsStatus.UNOFFICIAL_COMPLETE)
        assert (release.note, release.origin.row) == ("semi-official, 192 of 192 precincts", 3)
        (contest,) = release.contests
        assert (contest.units_reported, contest.units_total, [option.key for option in contest.options]) == (192, 192, ["gomez", "ahn"])

    def test_a_release_unit_by_unit(self):
        """Votes in the order of options; a withheld figure is null."""
        (release,) = read(BY_UNIT).releases

        assert release.counts.select("unit", "option", "votes", "row").rows() == [
            ("0850001A", "gomez", 309, 9),
            ("0850001A", "ahn", 28, 9),
            ("0850012A", "gomez", 151, 10),
            ("0850012A", "ahn", None, 10),
        ]

    def test_a_figure_with_a_source_of_its_own_is_noted(self):
        """The source stands beside it in the entry, which is kept whole."""
        (finding,) = read(RELEASE).findings

        assert (finding.check, finding.severity) == ("figure_sources", "note")
        assert finding.problem == "1 of the release's figures have a source of their own, given beside them in the entry."

    def test_a_statement(self):
        """Ballots, with their source and what they cover."""
        (statement,) = read(STATEMENT).statements

        assert (statement.kind, statement.ballots, statement.category, statement.approximate) == (
            BallotKind.OUTSTANDING,
            13400,
            "total",
            True,
        )
        assert (statement.includes_arrivals, statement.stated_at, statement.origin.row) == (True, datetime(2017, 4, 5, 19, tzinfo=UTC), 3)

    def test_a_report(self):
        """What somebody else said is not our call."""
        (report,) = read(REPORT).reports

        assert (report.kind, report.by, report.slot, report.share, report.votes) == (
            ReportKind.AGENCY_CALL,
            "Associated Press",
            1,
            0.28,
            None,
        )

    def test_releases_come_oldest_first(self):
        """Whatever the order in the file."""
        releases = read(BY_UNIT + RELEASE).releases

        assert [release.published_at.month for release in releases if release.published_at] == [4, 6]

    def test_a_time_without_an_offset_is_local(self):
        """And an hour that happened twice is said to be doubtful."""
        reading = read(RELEASE.replace("2017-04-05T02:00:00-07:00", "2022-11-06T01:30:00"), timezone="America/Los_Angeles")

        assert reading.releases[0].published_at == datetime(2022, 11, 6, 8, 30, tzinfo=UTC)
        assert [(finding.check, finding.origin.row) for finding in reading.findings if finding.check == "doubtful_time"] == [
            ("doubtful_time", 5)
        ]


class TestRefusing:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (
                RELEASE.replace("8156", "-5"),
                'row 15, [[release]] 1, [[release.count]] 1, "votes": found -5, expected a whole number, 0 or more.',
            ),
            (RELEASE.replace("8156", "28.1"), '"votes": found 28.1, expected a whole number, 0 or more.'),
            (RELEASE.replace("8156", '"many"'), '"votes": found "many", expected a whole number, 0 or more, or "****" if it is withheld.'),
            (
                RELEASE.replace("votes = 8156", "vote = 8156"),
                '"vote": there is no such key; expected one of option, votes, unit, count_type, source.',
            ),
            (RELEASE.replace("votes = 8156", ""), 'row 13, [[release]] 1, [[release.count]] 1: "votes" is missing.'),
            (
                RELEASE.replace("unofficial_complete", "final"),
                'row 7, [[release]] 1, "status": found "final", expected one of pre_election,',
            ),
            (
                RELEASE.replace("registered", "left"),
                'row 12, [[release]] 1, [release.ballots], "left": there is no such key; expected one of cast,',
            ),
            (RELEASE.replace('"ahn"', '"gomez"'), '"gomez" is entered 2 times for unit "all", count type "total".'),
            (BY_UNIT.replace("[309, 28]", "[309]"), '[release.units], "0850001A": found 1 figures, expected 2, in the order of options.'),
            (BY_UNIT.replace("[309, 28]", "[309, -1]"), '"0850001A": found -1, expected a whole number, 0 or more.'),
            (BY_UNIT.replace('options = ["gomez", "ahn"]\n', ""), 'expected both "options" and [release.units], or neither.'),
            (
                RELEASE.replace("2017-04-05T02:00:00-07:00", '"late"'),
                '"published_at": found "late", expected a time such as 2017-04-05T02:00',
            ),
            (
                STATEMENT.replace('"outstanding"', '"left"'),
                'row 5, [[statement]] 1, "kind": found "left", expected one of cast, outstanding,',
            ),
            (STATEMENT.replace("true", '"yes"'), '"approximate": found "yes", expected true or false.'),
            (REPORT.replace("0.28", "28"), '"share": found 28, expected a share from 0 to 1 (28 percent is 0.28).'),
            (REPORT.replace("agency_call", "next_release"), '"due_at" is missing; a report of the next release says when it is due.'),
            ("", "the file: nothing is entered; expected [[release]], [[statement]] or [[report]]."),
            ("[[releases]]\n", '"releases": there is no such key; expected [[release]], [[statement]] or [[report]].'),
            ("[release]\n", '"release": expected tables, each headed [[release]].'),
        ],
    )
    def test_what_is_wrong_is_said(self, text, words):
        """Row, table, number, key, what was found and what was expected."""
        assert words in refusal(text)

    def test_all_problems_are_named_together(self):
        """In the order of the file, with their number."""
        broken = RELEASE.replace("8156", "-5").replace('source = "Los Angeles County RR/CC"\n', "") + STATEMENT.replace("13400", "1.5")

        lines = refusal(broken).split("\n  ")

        assert lines == [
            "3 problems; nothing was read.",
            'row 3, [[release]] 1: "source" is missing.',
            'row 14, [[release]] 1, [[release.count]] 1, "votes": found -5, expected a whole number, 0 or more.',
            'row 23, [[statement]] 1, "ballots": found 1.5, expected a whole number, 0 or more.',
        ]

    def test_many_problems_are_counted(self):
        """Twenty are spelt out."""
        broken = RELEASE + "".join(f'[[release.count]]\noption = "x{number}"\n' for number in range(25))

        assert refusal(broken).startswith("25 problems; nothing was read.\n  row 20,")
        assert refusal(broken).endswith("\n  … and 5 more.")

    def test_another_version_of_the_format_is_refused(self):
        """It may mean something else."""
        with pytest.raises(BrokenFile, match=r'"racecall": found "entry/2", expected "entry/1"'):
            HandFeed().parse(document("entry.toml", b'racecall = "entry/2"\n' + RELEASE.encode()))

    def test_broken_toml_names_the_line(self):
        """And the page of the format."""
        with pytest.raises(BrokenFile, match=r"entry\.toml: this is not TOML: .*line 3") as caught:
            read("[[release]]\ncontest = ca34\n")

        assert caught.value.next_step == "Compare the line with docs/feeds/hand.md; text stands in quotation marks, times do not."


def test_line_numbers_follow_nested_tables():
    """The next count belongs to the last release."""
    text = '[[release]]\na = 1\n[[release.count]]\n[[release.count]]\nb = 2\n[[release]]\n[release.units]\n"1 A" = [3]\n'

    lines = line_numbers(text)

    assert lines == {
        ("release", 1): 1,
        ("release", 1, "a"): 2,
        ("release", 1, "count", 1): 3,
        ("release", 1, "count", 2): 4,
        ("release", 1, "count", 2, "b"): 5,
        ("release", 2): 6,
        ("release", 2, "units"): 7,
        ("release", 2, "units", "1 A"): 8,
    }
