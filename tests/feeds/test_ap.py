"""AP Elections API: levels, flags, count types, and the figures of real nights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import press_files as make
from racecall.feeds.ap import ApFeed
from racecall.feeds.text import unpack
from racecall.model.release import Reading, Release, ReportKind, ResultsStatus
from racecall.testing import document

FEED = ApFeed()


def read(data: bytes) -> Reading:
    return FEED.parse(document("night.json", data))


def release(data: bytes) -> Release:
    [made] = read(data).releases
    return made


def units(*parts: dict[str, Any], **race: Any) -> list[str]:
    """Return the units of a race with these beside the whole."""
    made = release(make.ap(make.ap_race(make.ap_unit(make.ANA), *parts, **race)))
    return made.counts["unit"].unique(maintain_order=True).to_list()


def real(shared: Path, name: str) -> Reading:
    return FEED.parse(document(name, unpack(name, (shared / "feeds" / "ap-elex" / name).read_bytes())))


def test_sniff_says_what_it_saw():
    """Three keys together are AP's own."""
    match = FEED.sniff(document("night.json", make.AP))

    assert match is not None
    assert (match.certainty, match.reason) == (1, "keys races, raceID and officeID")


def test_sniff_leaves_npr_alone():
    """NPR's file has races too."""
    assert FEED.sniff(document("npr.json", make.NPR)) is None


def test_the_release_is_from_its_newest_unit():
    """A file written a week later is still of that night."""
    made = release(make.ap(make.ap_race(make.ap_unit(make.ANA, lastUpdated="2026-11-04T04:00:00Z"), make.ap_unit(make.ANA))))

    assert made.published_at is not None
    assert made.published_at.isoformat() == "2026-11-04T05:30:00+00:00"


def test_without_times_the_file_says_when():
    """The time it was written is the last resort."""
    made = release(make.ap(make.ap_race(make.ap_unit(make.ANA, lastUpdated=""))))

    assert str(made.published_at) == "2026-11-04 05:31:07.100000+00:00"


def test_counties_and_towns_stand_beside_the_whole():
    """By name."""
    assert units(make.ap_unit(make.ANA, level="subunit", name="Kern")) == ["all", "Kern"]


def test_only_the_finest_level_is_read():
    """Towns and their counties would count every vote twice."""
    parts = [make.ap_unit(make.ANA, level=level, name=name) for level, name in (("FIPSCode", "Kent"), ("subunit", "Exeter"))]

    assert units(*parts) == ["all", "Exeter"]


def test_units_of_one_name_are_set_apart():
    """By AP's number."""
    parts = [make.ap_unit(make.ANA, level="subunit", name="Kern", reportingunitID=number) for number in ("5001", "5002")]

    assert units(*parts) == ["all", "Kern (5001)", "Kern (5002)"]


def test_states_are_the_parts_of_a_national_race():
    """The whole is the unit of the highest level."""
    race = make.ap_race(make.ap_unit(make.ANA, statePostal="US", level="national"), make.ap_unit(make.ANA, statePostal="CA"))
    made = release(make.ap(race))

    assert made.counts["unit"].to_list() == ["all", "CA"]


def test_districts_that_allot_delegates_are_left_out():
    """Their numbers may be of another kind; a note says so."""
    reading = read(make.ap(make.ap_race(make.ap_unit(make.ANA), make.ap_unit(make.ANA, level="district", name="CD 1"))))

    assert reading.releases[0].counts["unit"].to_list() == ["all"]
    assert reading.findings[0].problem.startswith("1 district was left out (first in CA U.S. House District 34, Primary)")


@pytest.mark.parametrize(
    ("flag", "kind", "note"),
    [
        ("X", ReportKind.AGENCY_CALL, "winner flag X; the time is that of the count"),
        ("R", ReportKind.AGENCY_CALL, "winner flag R: goes on to a runoff; the time is that of the count"),
        ("N", ReportKind.AGENCY_RETRACTION, "winner flag N: the call was reversed; the time is that of the count"),
    ],
)
def test_each_flag_says_what_ap_says(flag: str, kind: ReportKind, note: str):
    """A winner, a place in the runoff, a call taken back."""
    [report] = read(make.ap(make.ap_race(make.ap_unit(make.ANA | {"winner": flag}, make.BEN)))).reports

    assert (report.kind, report.note, report.at.isoformat()) == (kind, note, "2026-11-04T05:30:00+00:00")


def test_two_can_go_on():
    """Each is a call of its own."""
    data = make.ap(make.ap_race(make.ap_unit(make.ANA | {"winner": "R"}, make.BEN | {"winner": "R"}), numRunoff=2))

    assert [report.option for report in read(data).reports] == ["Ana Ruiz", "Ben Cole"]


def test_flags_of_parts_repeat_the_whole():
    """A county's flag is no call about the county."""
    flagged = make.ANA | {"winner": "X"}
    data = make.ap(make.ap_race(make.ap_unit(flagged), make.ap_unit(flagged, level="subunit", name="Kern")))

    assert len(read(data).reports) == 1


@pytest.mark.parametrize("flag", ["", "U", "Z"])
def test_other_flags_are_no_calls(flag: str):
    """Version 3 writes U where nothing is called."""
    assert read(make.ap(make.ap_race(make.ap_unit(make.ANA | {"winner": flag})))).reports == ()


def test_a_file_without_results_defines():
    """Names before the night: nothing is counted in it."""
    race = make.ap_race(statePostal="CA", candidates=[{"first": "Ana", "last": "Ruiz"}])
    reading = read(make.ap(race))

    assert (reading.defines, reading.releases) == (True, ())


def test_certified_results_are_certified():
    """Version 3 says so itself."""
    made = release(make.ap(make.ap_race(make.ap_unit(make.ANA), resultsType="certified")))

    assert made.status is ResultsStatus.CERTIFIED


def test_a_measure_has_no_parties():
    """AP prints "Yes" as the party of "Yes"."""
    sides = [{"last": side, "party": side, "voteCount": 5} for side in ("Yes", "No")]
    made = release(make.ap(make.ap_race(make.ap_unit(*sides))))

    assert [(option.key, option.party) for option in made.contests[0].options] == [("Yes", ""), ("No", "")]


def test_nobody_is_no_candidate():
    """ "Uncommitted" counts in the total, and cannot win."""
    made = release(make.ap(make.ap_race(make.ap_unit(make.ANA, {"last": "Uncommitted", "voteCount": 5}))))

    assert [option.kind for option in made.contests[0].options] == ["", "non_candidate"]


def test_winners_and_places_are_hints_for_the_rule():
    """Two winners, four in the runoff."""
    made = release(make.ap(make.ap_race(make.ap_unit(make.ANA), numWinners=2, numRunoff=4)))

    assert made.contests[0].rule_hint == "Primary, 2 winners, 4 in the runoff"


class TestCountTypes:
    """Made up from AP's documentation: no real file with count types was at hand."""

    def counts(self, *types: dict[str, int]) -> list[tuple[Any, ...]]:
        people = [make.ap_candidate(name, 100, **more) for name, more in zip(("Ana Ruiz", "Ben Cole"), types, strict=True)]
        return release(make.ap(make.ap_race(make.ap_unit(*people)))).counts.select("count_type", "option", "votes").rows()[2:]

    def test_types_that_add_up_are_kept(self):
        """Mail and election day are all there is."""
        assert self.counts({"electionDayInPerson": 60, "absenteeMail": 40}, {"electionDayInPerson": 30, "absenteeMail": 70}) == [
            ("election_day", "Ana Ruiz", 60),
            ("election_day", "Ben Cole", 30),
            ("absentee_mail", "Ana Ruiz", 40),
            ("absentee_mail", "Ben Cole", 70),
        ]

    def test_types_in_an_object_of_their_own_are_read(self):
        """The documentation does not show where they stand."""
        typed = {"voteTypes": {"electionDayInPerson": 100}}

        assert self.counts(typed, typed) == [("election_day", "Ana Ruiz", 100), ("election_day", "Ben Cole", 100)]

    def test_a_sum_gives_way_to_its_parts(self):
        """The advance total is early and mail again."""
        typed = {"electionDayInPerson": 50, "advanceTotal": 50, "earlyInPerson": 20, "absenteeMail": 30}

        assert [(kind, votes) for kind, name, votes in self.counts(typed, typed) if name == "Ana Ruiz"] == [
            ("election_day", 50),
            ("early", 20),
            ("absentee_mail", 30),
        ]

    def test_a_sum_without_parts_is_neither_early_nor_mail(self):
        """It is what was cast before election day, however."""
        typed = {"electionDayInPerson": 50, "advanceTotal": 50}

        assert [kind for kind, name, _ in self.counts(typed, typed) if name == "Ana Ruiz"] == ["election_day", "other"]

    def test_types_that_fall_short_are_left_out(self):
        """AP's sums hold only the units that send types; votes would seem to be missing."""
        assert self.counts({"electionDayInPerson": 60}, {"electionDayInPerson": 30}) == []


@pytest.mark.shared
class TestRealNights:
    def test_super_tuesday(self, shared: Path):
        """Massachusetts, 2 March 2016: Trump and Clinton, with AP's call of Sanders taken back."""
        reading = real(shared, "20160301_super_tuesday.json.gz")
        whole = reading.releases[0].counts.filter(pl.col("unit") == "all").select("option", "votes").rows()

        assert dict(whole)["Donald Trump"] == 311_313
        assert dict(whole)["Hillary Clinton"] == 603_784
        assert [(report.kind.value, report.option) for report in reading.reports] == [
            ("agency_call", "Donald Trump"),
            ("agency_call", "Hillary Clinton"),
            ("agency_retraction", "Bernie Sanders"),
        ]

    def test_towns_add_up_to_the_state(self, shared: Path):
        """351 towns in each primary, and every vote in one of them."""
        counts = real(shared, "20160301_super_tuesday.json.gz").releases[0].counts
        votes = counts.group_by("contest", "option", pl.col("unit") == "all").agg(pl.col("votes").sum())

        assert counts["unit"].n_unique() == 352
        assert (votes.group_by("contest", "option").agg(pl.col("votes").n_unique())["votes"] == 1).all()

    def test_senators_of_maine_and_florida(self, shared: Path):
        """Two races of 2012, counties of one and towns of the other; one is called."""
        reading = real(shared, "20121106_me_fl_senate.json.gz")

        assert reading.releases[0].counts.height == 3_272
        assert [report.option for report in reading.reports] == ["Angus King"]
        assert (reading.releases[0].contests[0].units_reported, reading.releases[0].contests[0].units_total) == (17, 6_089)

    def test_a_colorado_proposition_differs_from_its_counties(self, shared: Path):
        """AP's own figures: the state has 4,385 more for Yes than its counties together."""
        counts = real(shared, "20151103_national.json.gz").releases[0].counts.filter(pl.col("contest").str.contains("BB Retain"))
        yes = counts.filter(pl.col("option") == "Yes")
        whole = yes.filter(pl.col("unit") == "all")["votes"].sum()

        assert (whole, whole - yes.filter(pl.col("unit") != "all")["votes"].sum()) == (805_617, 4_385)

    def test_a_test_of_five_states(self, shared: Path):
        """435 races, of them 317 uncontested, with Rhode Island's mail ballots as units of their own."""
        reading = real(shared, "20160426-ri_mail_ballots.json.gz")
        counts = reading.releases[0].counts

        assert [finding.check for finding in reading.findings] == ["test_data"]
        assert (len(reading.releases[0].contests), counts["contest"].n_unique()) == (435, 118)
        assert "Mail Ballots C.D. 1" in counts["unit"].unique().to_list()

    def test_iowa_districts_are_left_out(self, shared: Path):
        """Seven districts of two caucuses; the Democrats' hold other numbers than the state."""
        reading = real(shared, "20160201_district_results.json")

        assert [(finding.check, finding.count) for finding in reading.findings] == [("districts_left_out", 7)]
        assert reading.releases[0].counts["unit"].unique().to_list() == ["all"]

    def test_names_before_the_night(self, shared: Path):
        """A file without results only defines."""
        assert real(shared, "20151103_national_initialization.json").defines
