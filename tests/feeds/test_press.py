"""AP, Decision Desk HQ and NPR: what every agency's feed reads, notes and refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import press_files as make
from racecall.errors import BrokenFile, RacecallError
from racecall.feeds.ap import ApFeed
from racecall.feeds.base import Feed
from racecall.feeds.ddhq import DdhqFeed
from racecall.feeds.npr_ap import NprApFeed
from racecall.model.finding import Finding, Severity
from racecall.model.release import ReportKind
from racecall.testing import check_feed, document


def ap(votes: Any) -> bytes:
    return make.ap(make.ap_race(make.ap_unit(make.ap_candidate("Ana Ruiz", votes), make.BEN)))


def ddhq(votes: Any) -> bytes:
    return make.ddhq(make.ddhq_race(make.ddhq_place({"2": 900} if votes is ... else {"1": votes, "2": 900})))


def npr(votes: Any) -> bytes:
    ana = {key: value for key, value in (make.NPR_ANA | {"votes": votes}).items() if value is not ...}
    return make.npr(make.npr_result(ana, make.NPR_BEN))


With = Callable[[Any], bytes]
AGENCIES = pytest.mark.parametrize(("feed", "made"), [(ApFeed(), ap), (DdhqFeed(), ddhq), (NprApFeed(), npr)], ids=["ap", "ddhq", "npr_ap"])
"""Every feed, and a file in which Ana Ruiz has so many votes."""


def findings(feed: Feed, data: bytes) -> dict[str, Finding]:
    return {finding.check: finding for finding in feed.parse(document("night.json", data)).findings}


@AGENCIES
def test_it_keeps_the_promises_of_a_feed(feed: Feed, made: With):
    """It recognises its file, reads it twice alike, and refuses junk in words."""
    check_feed(feed, [document("night.json", made(1204))])


@AGENCIES
def test_the_votes_are_those_in_the_file(feed: Feed, made: With):
    """One row an option, in the file's order."""
    [release] = feed.parse(document("night.json", made(1204))).releases

    assert release.counts.select("unit", "count_type", "option", "votes").rows() == [
        ("all", "total", "Ana Ruiz", 1204),
        ("all", "total", "Ben Cole", 900),
    ]


@AGENCIES
def test_parties_are_those_of_our_archive(feed: Feed, made: With):
    """ "Dem" and "Democratic" are one party, and so are "GOP" and "Republican"."""
    [release] = feed.parse(document("night.json", made(1204))).releases

    assert [option.party for option in release.contests[0].options] == ["DEM", "REP"]


@AGENCIES
def test_precincts_are_units_reported(feed: Feed, made: With):
    """Three of five have sent something; nothing is made of the percentage."""
    [release] = feed.parse(document("night.json", made(1204))).releases

    assert (release.contests[0].units_reported, release.contests[0].units_total) == (3, 5)


@AGENCIES
def test_a_clean_file_has_nothing_wrong(feed: Feed, made: With):
    """Clean files make no findings."""
    assert findings(feed, made(1204)) == {}


@AGENCIES
@pytest.mark.parametrize(
    ("votes", "check"),
    [(-5, "negative_count"), (10.5, "fractional_count"), (2**53, "impossible_count"), ("many", "not_a_number"), (..., "missing_votes")],
)
def test_votes_that_are_no_count_hold_the_contest(feed: Feed, made: With, votes: Any, check: str):
    """They are read as not reported, and named with the option."""
    finding = findings(feed, made(votes))[check]

    assert (finding.severity, finding.option) == (Severity.HOLD_CALLS, "Ana Ruiz")
    assert "Ana Ruiz" in finding.problem


@AGENCIES
def test_withheld_votes_are_not_zero(feed: Feed, made: With):
    """A mark in place of a number is kept as nothing."""
    reading = feed.parse(document("night.json", made("****")))

    assert reading.releases[0].counts["votes"].to_list() == [None, 900]
    assert "withheld_cells" in {finding.check for finding in reading.findings}


@AGENCIES
def test_numbers_printed_as_text_are_numbers(feed: Feed, made: With):
    """With commas or without."""
    reading = feed.parse(document("night.json", made("1,204")))

    assert reading.releases[0].counts["votes"].to_list() == [1204, 900]


@AGENCIES
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"<html><body>502 Bad Gateway</body></html>", "this is a web page, not JSON"),
        (b'{"races": [{', "the JSON stops in the middle"),
        (b'"races"', "at the top of the file: found text, expected"),
        ('{"races": "José"}'.encode("latin-1"), "line 1 is not UTF-8"),
    ],
)
def test_what_is_no_file_of_theirs_is_refused(feed: Feed, made: With, data: bytes, words: str):
    """In words, with what to do next."""
    assert made(1)
    with pytest.raises(BrokenFile) as caught:
        feed.parse(document("night.json", data))
    assert words in str(caught.value)
    assert caught.value.next_step


@pytest.mark.parametrize(
    ("feed", "data"),
    [
        (ApFeed(), make.ap(make.ap_race(make.ap_unit(make.ANA | {"winner": "X"}, make.BEN), test=True))),
        (ApFeed(), make.ap(make.ap_race(make.ap_unit(make.ANA | {"winner": "X"}, make.BEN), resultsType="test"))),
        (DdhqFeed(), make.ddhq(make.ddhq_race(make.ddhq_place({"1": 9, "2": 7}, called_candidates=[1]), test_data=True))),
        (NprApFeed(), make.npr(make.npr_result(make.NPR_ANA, make.NPR_BEN), test=True)),
    ],
)
def test_a_test_holds_calls_and_makes_none(feed: Feed, data: bytes):
    """Made-up votes are named as such, and the winners in them are nobody's call."""
    reading = feed.parse(document("night.json", data))
    [finding] = reading.findings

    assert (finding.check, finding.severity, finding.contest) == ("test_data", Severity.HOLD_CALLS, "")
    assert reading.reports == ()
    assert "is a test: the votes are made up" in finding.problem


def test_a_test_among_others_holds_its_contest_only():
    """One race of two is a test."""
    real = make.ap_race(make.ap_unit(make.ANA, make.BEN))
    data = make.ap(real, make.ap_race(make.ap_unit(make.ANA, make.BEN), raceID="102", seatName="District 35", test=True))

    assert findings(ApFeed(), data)["test_data"].contest == "CA U.S. House District 35, Primary"


def test_more_precincts_than_there_are_is_noted():
    """Six of five."""
    found = findings(ApFeed(), make.ap(make.ap_race(make.ap_unit(make.ANA, make.BEN, precinctsReporting=6))))

    assert found["precincts_above_total"].problem.startswith("CA U.S. House District 34, Primary: 6 of 5 precincts have reported")


def test_nought_of_nought_precincts_says_nothing():
    """A race without precincts has no units."""
    data = make.ap(make.ap_race(make.ap_unit(make.ANA, make.BEN, precinctsReporting=0, precinctsTotal=0)))
    [release] = ApFeed().parse(document("night.json", data)).releases

    assert release.contests[0].units_total is None


def test_uncontested_noughts_are_no_count():
    """AP collects no votes where nobody stands against: the contest is listed, and has no rows."""
    data = make.ap(make.ap_race(make.ap_unit(make.ap_candidate("Ana Ruiz", 0)), uncontested=True))
    [release] = ApFeed().parse(document("night.json", data)).releases

    assert (release.counts.height, release.contests[0].rule_hint) == (0, "Primary, uncontested")


def test_two_races_of_one_title_are_set_apart():
    """By the agency's number, and both are held."""
    race = make.ap_race(make.ap_unit(make.ANA, make.BEN))
    reading = ApFeed().parse(document("night.json", make.ap(race, race | {"raceID": "102"})))

    assert [contest.key for contest in reading.releases[0].contests] == [
        "CA U.S. House District 34, Primary (101)",
        "CA U.S. House District 34, Primary (102)",
    ]
    assert "contest_listed_twice" in {finding.check for finding in reading.findings}


def test_a_file_with_estimates_names_five_of_them():
    """The note of a release is for people, and short."""
    races = [make.ap_race(make.ap_unit(make.ANA, eevp=50.5), seatName=f"District {number}") for number in range(1, 8)]
    [release] = ApFeed().parse(document("night.json", make.ap(*races))).releases

    assert release.note.startswith("AP's own estimates: CA U.S. House District 1, Primary: 50.5% of the expected vote counted; ")
    assert release.note.endswith("; and 2 more")


def test_estimates_are_no_statements():
    """What an agency expects is never a figure that an office gave."""
    data = make.ap(make.ap_race(make.ap_unit(make.ANA, make.BEN, eevp=50)))

    assert ApFeed().parse(document("night.json", data)).statements == ()


def test_a_call_is_a_report_by_the_agency():
    """Never a call of ours."""
    called = make.ap(make.ap_race(make.ap_unit(make.ANA | {"winner": "X", "winnerDateTime": "2026-11-04T04:00:00Z"}, make.BEN)))
    [report] = ApFeed().parse(document("night.json", called)).reports

    assert (report.kind, report.by, report.option, report.contest) == (
        ReportKind.AGENCY_CALL,
        "AP",
        "Ana Ruiz",
        "CA U.S. House District 34, Primary",
    )
    assert (report.at.isoformat(), report.note) == ("2026-11-04T04:00:00+00:00", "winner flag X")


JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}), st.just("1,651"), st.just(2**70)
)
WHOLE: tuple[tuple[Feed, bytes], ...] = (
    (ApFeed(), make.ap(make.ap_race(make.ap_unit(make.ANA | {"winner": "X", "absenteeMail": 7}, make.BEN, eevp=50), numWinners=1))),
    (DdhqFeed(), make.ddhq(make.ddhq_race(make.ddhq_place({"1": 9, "2": 7}, {"1": (4, 5)}, called_candidates=[1], call_times=["x"])))),
    (NprApFeed(), make.NPR),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path to every value in a JSON document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inside for place in places(item, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """Return a JSON document with one value changed."""
    if not path:
        return junk
    items = dict(value) if isinstance(value, dict) else list(value)
    items[path[0]] = replaced(value[path[0]], path[1:], junk)
    return items


@settings(max_examples=150, derandomize=True)
@given(which=st.sampled_from(range(len(WHOLE))), junk=JUNK, data=st.data())
def test_any_value_may_be_junk(which: int, junk: Any, data: st.DataObject):
    """One value of a good file is replaced by anything: it is read, or refused in words, and no count is negative."""
    feed, good = WHOLE[which]
    file = json.loads(good)
    broken = json.dumps(replaced(file, data.draw(st.sampled_from(places(file))), junk)).encode()
    try:
        votes = [votes for release in feed.parse(document("night.json", broken)).releases for votes in release.counts["votes"]]
    except RacecallError as error:
        votes = [len(error.problem)]

    assert all(number is None or number >= 0 for number in votes)
