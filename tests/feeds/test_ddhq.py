"""Decision Desk HQ: places, count types, calls with their times, estimates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import press_files as make
from racecall.feeds.ddhq import DdhqFeed
from racecall.feeds.text import unpack
from racecall.model.release import Reading, ReportKind
from racecall.testing import document

FEED = DdhqFeed()
VOTES = {"1": 1204, "2": 900}


def read(data: bytes) -> Reading:
    return FEED.parse(document("races.json", data))


def top(**more: Any) -> bytes:
    """Return a file whose whole says more than votes."""
    return make.ddhq(make.ddhq_race(make.ddhq_place(VOTES, **more)))


def test_sniff_says_what_it_saw():
    """Two keys together are DDHQ's own."""
    match = FEED.sniff(document("races.json", make.DDHQ))

    assert match is not None
    assert (match.certainty, match.reason) == (1, "keys race_id and topline_results")


def test_a_page_of_the_api_is_read():
    """The API wraps the races, and says which page it is."""
    race = make.DDHQ.decode()[1:-1]
    reading = read(f'{{"page": 2, "total_pages": 7, "data": [{race}]}}'.encode())

    assert reading.releases[0].note == "page 2 of 7: the other pages are files of their own"


def test_towns_stand_in_place_of_their_county():
    """A county and its towns would count every vote twice."""
    towns = [make.ddhq_place(VOTES, vcu=town) for town in ("Abbot", "Guilford")]
    counties = [make.ddhq_place(VOTES, county="Piscataquis", vcus=towns), make.ddhq_place(VOTES, county="Waldo", vcus=[])]
    counts = read(make.ddhq(make.ddhq_race(make.ddhq_place(VOTES), counties))).releases[0].counts

    assert counts["unit"].unique(maintain_order=True).to_list() == ["all", "Abbot (Piscataquis)", "Guilford (Piscataquis)", "Waldo"]


def test_count_types_that_add_up_are_kept():
    """Mail and early votes are one number, so they are neither: "other"."""
    data = make.ddhq(make.ddhq_race(make.ddhq_place(VOTES, {"1": (1000, 204), "2": (400, 500)})))
    counts = read(data).releases[0].counts.select("count_type", "option", "votes").rows()

    assert counts[2:] == [
        ("other", "Ana Ruiz", 1000),
        ("other", "Ben Cole", 400),
        ("election_day", "Ana Ruiz", 204),
        ("election_day", "Ben Cole", 500),
    ]


def test_count_types_that_fall_short_are_left_out():
    """Noughts that nobody filled in yet are no count types."""
    reading = read(make.ddhq(make.ddhq_race(make.ddhq_place(VOTES, {"1": (0, 0), "2": (0, 0)}))))

    assert reading.releases[0].counts["count_type"].unique().to_list() == ["total"]
    assert [finding.check for finding in reading.findings] == ["count_types_left_out"]


@pytest.mark.parametrize(
    ("times", "at"),
    [
        ([], "2026-11-04T05:30:00+00:00"),
        (["2026-11-04T02:00:00Z"], "2026-11-04T02:00:00+00:00"),
        ([{"cand_id": 1, "called_time": "2026-11-04T02:00:00Z"}], "2026-11-04T02:00:00+00:00"),
        ([{"cand_id": 2, "called_time": "2026-11-04T02:00:00Z"}], "2026-11-04T05:30:00+00:00"),
        ([None], "2026-11-04T05:30:00+00:00"),
    ],
)
def test_a_call_has_its_time(times: Any, at: str):
    """Plain or with the candidate's number; without one it is that of the count."""
    [report] = read(top(called_candidates=[1], call_times=times)).reports

    assert (report.kind, report.by, report.option, report.at.isoformat()) == (ReportKind.AGENCY_CALL, "DDHQ", "Ana Ruiz", at)


def test_who_goes_on_is_called_too():
    """Each of two, in words that say it is not a win."""
    reports = read(top(advancing_candidates=[2, 1], advance_times=["2026-11-04T02:00:00Z", "2026-11-04T03:00:00Z"])).reports

    assert [(report.option, report.at.hour, report.note) for report in reports] == [
        ("Ben Cole", 2, "called as going on to the next round"),
        ("Ana Ruiz", 3, "called as going on to the next round"),
    ]


def test_a_call_of_a_stranger_is_nobodys():
    """A number without a candidate."""
    assert read(top(called_candidates=[99])).reports == ()


def test_three_estimates_are_one_sentence():
    """In the note, as DDHQ's own."""
    estimates = {"estimated_votes_low": 4000, "estimated_votes_mid": 5000, "estimated_votes_high": 6000}

    assert read(top(estimated_votes=estimates)).releases[0].note == (
        "DDHQ's own estimates: ME US Senate, Primary: 5,000 votes in the end (4,000 to 6,000)"
    )


def test_a_candidate_without_votes_is_not_a_zero():
    """The number is missing from the votes."""
    [finding] = read(make.ddhq(make.ddhq_race(make.ddhq_place({"2": 900})))).findings

    assert (finding.check, finding.option) == ("missing_votes", "Ana Ruiz")


@pytest.mark.shared
def test_the_test_of_june_2026(shared: Path):
    """504 races of Maine, every one a test with no vote in it; one lists a name under two numbers."""
    name = "ddhq_races_ME_2026-06-09_test.json.gz"
    reading = read(unpack(name, (shared / "feeds" / "ddhq" / name).read_bytes()))
    [release] = reading.releases

    assert (len(release.contests), release.counts["votes"].sum(), reading.reports) == (504, 0, ())
    assert release.counts["contest"].n_unique() == 90
    assert [(finding.check, finding.count) for finding in reading.findings] == [("test_data", 504), ("option_listed_twice", 2)]
