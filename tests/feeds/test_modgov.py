"""ModernGov election XML: candidates, areas, ballot papers that were rejected."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from racecall.errors import BrokenFile
from racecall.feeds.modgov import ModGovFeed
from racecall.model.finding import Severity
from racecall.model.release import Reading
from racecall.testing import check_feed, document

FEED = ModGovFeed()


def candidate(name: str, votes: str, area: int = 1, elected: str = "False") -> str:
    return (
        f"<candidate><electionareaid>{area}</electionareaid><areatitle>Ward {area}</areatitle><candidatename>{name}</candidatename>"
        f"<numvotes>{votes}</numvotes><politicalpartytitle/><iselected>{elected}</iselected></candidate>"
    )


def area(number: int = 1, seats: str = "1", ended: str = "", rejected: str = "") -> str:
    return (
        f"<electionarea><electionareaid>{number}</electionareaid><title>Ward {number}</title><electorate>5000</electorate>"
        f"<numballotpapersissued>2110</numballotpapersissued><endofcountingdatetime>{ended}</endofcountingdatetime>"
        f"<numseats>{seats}</numseats><spoiledvotes>{rejected}</spoiledvotes></electionarea>"
    )


def spoiled(reason: str, votes: int) -> str:
    return f"<spoiledvote><description>{reason}</description><numvotes>{votes}</numvotes></spoiledvote>"


def election(*parts: str) -> bytes:
    people = "".join(part for part in parts if part.startswith("<candidate>"))
    areas = "".join(part for part in parts if part.startswith("<electionarea>"))
    return (
        '<?xml version="1.0" encoding="utf-8"?><election><electionid>9</electionid><title>By-election</title>'
        f"<candidates>{people}</candidates><electionareas>{areas}</electionareas></election>"
    ).encode()


ANA, BEN = candidate("Ana Ruiz", "1204", elected="True"), candidate("Ben Cole", "900")
PLAIN = election(ANA, BEN, area())


def read(data: bytes) -> Reading:
    return FEED.parse(document("election.xml", data))


def test_it_keeps_the_promises_of_a_feed():
    """It recognises its file, reads it twice alike, and refuses junk in words."""
    check_feed(FEED, [document("election.xml", PLAIN)])


def test_sniff_leaves_other_elections_alone():
    """An election without the number that ModernGov gives it."""
    assert FEED.sniff(document("election.xml", b"<election><id>9</id></election>")) is None


def test_votes_and_seats_are_read():
    """One area is the whole election."""
    [release] = read(PLAIN).releases

    assert release.counts.rows() == [
        ("Ward 1", "all", "total", "Ana Ruiz", 1204, 1),
        ("Ward 1", "all", "total", "Ben Cole", 900, 2),
    ]
    assert (release.contests[0].title, release.contests[0].votes_allowed, release.contests[0].rule_hint) == ("By-election", 1, "1 elected")


def test_each_area_is_a_contest():
    """A whole council in one file."""
    data = election(ANA, candidate("Cy Ford", "7", area=2), area(), area(2, seats="3"))
    contests = read(data).releases[0].contests

    assert [(contest.key, contest.title, contest.votes_allowed) for contest in contests] == [
        ("Ward 1", "By-election: Ward 1", 1),
        ("Ward 2", "By-election: Ward 2", 3),
    ]


def test_rejected_papers_are_ballots_by_reason():
    """Too many votes are overvotes; every other reason makes a paper invalid."""
    rejected = (
        spoiled("B - voting for more Candidates than voter was entitled to", 4) + spoiled("D - being unmarked", 2) + spoiled("C - mark", 1)
    )
    ballots = read(election(ANA, area(rejected=rejected))).releases[0].ballots

    assert dict(ballots.select("kind", "ballots").rows()) == {"overvoted": 4, "invalid": 3, "registered": 5000}


def test_who_is_elected_is_a_note():
    """The council says so itself: it is nobody's call."""
    reading = read(PLAIN)

    assert (reading.releases[0].note, reading.reports) == ("By-election; ballot papers issued: 2,110; elected: Ana Ruiz", ())


def test_the_end_of_the_count_is_its_time():
    """In British time; the times of typing are not read."""
    [release] = read(election(ANA, area(ended="05/05/2026, 02:10"))).releases

    assert str(release.published_at) == "2026-05-05 02:10:00+01:00"


def test_a_time_that_cannot_be_read_is_named():
    """The counts are kept without one."""
    reading = read(election(ANA, area(ended="late")))

    assert reading.releases[0].published_at is None
    assert [(finding.check, finding.severity) for finding in reading.findings] == [("doubtful_time", Severity.HOLD_CALLS)]


@pytest.mark.parametrize(
    ("votes", "check"), [("-5", "negative_count"), ("1.5", "fractional_count"), ("many", "not_a_number"), ("", "missing_votes")]
)
def test_votes_that_are_no_count_hold_the_contest(votes: str, check: str):
    """They are read as not reported, and named with the candidate."""
    [finding] = read(election(candidate("Ana Ruiz", votes), BEN, area())).findings

    assert (finding.check, finding.severity, finding.option) == (check, Severity.HOLD_CALLS, "Ana Ruiz")


def test_withheld_votes_are_noted():
    """A mark in place of a number."""
    [finding] = read(election(candidate("Ana Ruiz", "*"), BEN, area())).findings

    assert finding.check == "withheld_cells"


def test_a_name_that_stands_twice_holds_its_area():
    """The first is kept."""
    [finding] = read(election(ANA, ANA, area())).findings

    assert (finding.check, finding.contest) == ("option_listed_twice", "Ward 1")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (PLAIN[:400], "this is not whole XML"),
        (election(area()), "the XML has no candidates"),
        (b"<html><body>404</body></html", "this is a web page, not XML"),
        (b'<!DOCTYPE election [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + PLAIN[38:], "the XML defines a document type"),
        (PLAIN.replace(b"utf-8", b"ascii").replace(b"Ana", "José".encode()), "the XML is not in the encoding it announces"),
    ],
)
def test_what_is_no_whole_election_is_refused(data: bytes, words: str):
    """In words, with what to do next."""
    with pytest.raises(BrokenFile) as caught:
        read(data)
    assert words in str(caught.value)
    assert caught.value.next_step


@pytest.mark.shared
def test_batley_east(shared: Path):
    """Kirklees, 26 October 2017: votes and rejected papers are all the papers that were issued."""
    name = "modgov-local.kirklees.2017-10-26.xml"
    [release] = FEED.parse(document(name, (shared / "feeds" / "democracyclub" / name).read_bytes())).releases
    rejected = release.ballots.filter(pl.col("kind") != "registered")["ballots"].sum()

    assert dict(release.counts.select("option", "votes").rows())["Habiban Nisa Zaman"] == 2_640
    assert (release.counts["votes"].sum(), rejected, release.counts["votes"].sum() + rejected) == (3_429, 8, 3_437)
    assert release.note == "Batley East Ward by-election; ballot papers issued: 3,437; elected: Habiban Nisa Zaman"
