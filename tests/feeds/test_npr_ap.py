"""AP's results as NPR passes them on: two winners in one race."""

from __future__ import annotations

from pathlib import Path

import pytest

import press_files as make
from racecall.feeds.npr_ap import NprApFeed
from racecall.model.release import Reading
from racecall.testing import document

FEED = NprApFeed()


def read(data: bytes) -> Reading:
    return FEED.parse(document("race.json", data))


def test_sniff_says_what_it_saw():
    """Three keys together are NPR's own."""
    match = FEED.sniff(document("race.json", make.NPR))

    assert match is not None
    assert (match.certainty, match.reason) == (1, "keys races, results and reportingPercentage")


def test_both_winners_are_called():
    """By AP, in the file's order."""
    assert [(report.by, report.option) for report in read(make.NPR).reports] == [("AP", "Ana Ruiz"), ("AP", "Ben Cole")]


def test_times_are_milliseconds():
    """Since 1970, in universal time."""
    assert str(read(make.NPR).releases[0].published_at) == "2026-11-04 05:30:00+00:00"


@pytest.mark.parametrize("updated", [None, 0, -5, 10**18])
def test_a_broken_clock_is_no_time(updated: int | None):
    """The release has none then."""
    assert read(make.npr(make.npr_result(make.NPR_ANA, updated=updated))).releases[0].published_at is None


def test_a_race_that_stands_twice_is_read_once():
    """With equal numbers; the note says so."""
    reading = read(make.npr(make.npr_result(make.NPR_ANA, make.NPR_BEN), again=2))

    assert (reading.releases[0].counts.height, reading.findings) == (2, ())
    assert reading.releases[0].note == "1 of 2 races stand in the file twice, with equal numbers"


def test_counties_stand_beside_the_whole():
    """By name, or by number where there is no name."""
    parts = [make.npr_result(make.NPR_ANA, **place) for place in ({}, {"county": "Kern", "fips": "06029"}, {"fips": "06037"})]

    assert read(make.npr(*parts)).releases[0].counts["unit"].to_list() == ["all", "Kern", "06037"]


@pytest.mark.shared
def test_the_senate_primary_of_2024(shared: Path):
    """California, 5 March 2024: 27 candidates, and two go through."""
    name = "CA_S_3_5_2024_all-party-primary.json"
    reading = read((shared / "feeds" / "npr-normalized" / name).read_bytes())
    [release] = reading.releases

    assert release.counts.head(2).select("option", "votes").rows() == [("Adam Schiff", 2_299_507), ("Steve Garvey", 2_292_414)]
    assert (release.counts.height, release.counts["votes"].sum()) == (27, 7_276_537)
    assert [report.option for report in reading.reports] == ["Adam Schiff", "Steve Garvey"]
    assert "99.66% of the expected vote counted" in release.note
