"""Pages of the Texas Secretary of State: two kinds of tables, read by their headings."""

from __future__ import annotations

from pathlib import Path

import pytest

from racecall.errors import BrokenFile
from racecall.feeds.texas_sos_html import TexasSosHtmlFeed
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, ResultsStatus
from racecall.testing import check_feed, document

FEED = TexasSosHtmlFeed()
OFFICE = "<html><body><h2>Office of the Secretary of State</h2>"

SUMMARY = (
    OFFICE
    + """<h2>2026 Primary Runoff Election</h2><h3>5/26/2026</h3><table>
<tr><th>RACE</th><th>NAME</th><th>PARTY</th><th>CANVASS VOTES</th><th>PERCENT</th></tr>
<tr><td colspan=2>Railroad Commissioner</td><td></td><td></td><td></td></tr>
<tr><td></td><td>Ana Ruiz(I)</td><td>REP</td><td>1,204</td><td>57.22%</td></tr>
<tr><td></td><td>Ben Cole</td><td>REP</td><td>900</td><td>42.77%</td></tr>
<tr><td></td><td></td><td></td><td>-----------</td><td></td></tr>
<tr><td></td><td></td><td>Race Total</td><td>2,104</td><td></td></tr>
<tr><td colspan=3>--------------------</td><td></td><td></td></tr>
<tr><td colspan=2>State Senator, District 9</td><td></td><td></td><td></td></tr>
<tr><td></td><td>Cy Ford</td><td>REP</td><td>10</td><td>100%</td></tr>
<tr><td></td><td></td><td>Race Total</td><td>10</td><td></td></tr></table></body></html>"""
)

COUNTIES = (
    OFFICE
    + """<h2>2026 Runoff Election</h2><h3>5/26/2026  9:29:43 PM</h3><h3>State Senator, District 9</h3><table>
<tr><th>...</th><th>Ana</th><th>...</th><th>...</th><th>...</th><th>...</th></tr>
<tr><th>County</th><th>Ruiz</th><th>Cole</th><th>Total</th><th>Precincts</th><th>Total</th></tr>
<tr><th>...</th><th>DEM</th><th>DEM</th><th>Votes</th><th>Reported</th><th>Precincts</th></tr>
<tr><td>ALL COUNTIES</td><td>150</td><td>60</td><td>210</td><td>7</td><td>9</td></tr>
<tr><td>Early</td><td>100</td><td>50</td><td>150</td><td>...</td><td>...</td></tr>
<tr><td>HARRIS</td><td>110</td><td>40</td><td>150</td><td>5</td><td>6</td></tr>
<tr><td>WALLER</td><td>40</td><td>20</td><td>60</td><td>2</td><td>3</td></tr></table></body></html>"""
)


def read(page: str) -> Reading:
    return FEED.parse(document("page.html", page.encode()))


def rows(page: str) -> list[tuple[str, str, str, int | None]]:
    return read(page).releases[0].counts.select("unit", "count_type", "option", "votes").rows()


def only(page: str) -> Finding:
    [finding] = read(page).findings
    return finding


def test_it_keeps_the_promises_of_a_feed():
    """It recognises both tables, reads them twice alike, and refuses junk in words."""
    check_feed(FEED, [document("summary.html", SUMMARY.encode()), document("counties.html", COUNTIES.encode())])


def test_sniff_leaves_other_pages_alone():
    """The office has pages without results."""
    assert FEED.sniff(document("page.html", f"{OFFICE}<table><tr><th>Forms</th></tr></table>".encode())) is None


class TestSummary:
    def test_candidates_stand_below_their_office(self):
        """Lines of dashes and totals are neither."""
        counts = read(SUMMARY).releases[0].counts

        assert counts.select("contest", "option", "votes").rows() == [
            ("Railroad Commissioner", "Ana Ruiz", 1204),
            ("Railroad Commissioner", "Ben Cole", 900),
            ("State Senator, District 9", "Cy Ford", 10),
        ]

    def test_canvassed_votes_are_certified(self):
        """The heading says so; the page gives the day of the election, which is no time of a release."""
        release = read(SUMMARY).releases[0]

        assert (release.status, release.published_at, release.note) == (ResultsStatus.CERTIFIED, None, "2026 Primary Runoff Election")

    def test_columns_are_found_by_their_words(self):
        """In another order they are the same."""
        moved = SUMMARY.replace("<th>PARTY</th><th>CANVASS VOTES</th>", "<th>CANVASS VOTES</th><th>PARTY</th>")
        for votes in ("1,204", "900", "10"):
            moved = moved.replace(f"<td>REP</td><td>{votes}</td>", f"<td>{votes}</td><td>REP</td>")
        for total in ("2,104", "10"):
            moved = moved.replace(f"<td>Race Total</td><td>{total}</td>", f"<td>{total}</td><td>Race Total</td>")

        assert rows(moved) == rows(SUMMARY)

    def test_an_early_column_is_a_part_of_the_total(self):
        """What is not early is election day."""
        page = SUMMARY.replace("<th>CANVASS", "<th>EARLY VOTES</th><th>CANVASS").replace(">REP</td>", ">REP</td><td>9</td>")
        page = page.replace("<td>Race Total</td>", "<td>Race Total</td><td></td>")

        assert [(kind, votes) for _, kind, option, votes in rows(page) if option == "Ana Ruiz"] == [
            ("total", 1204),
            ("early", 9),
            ("election_day", 1195),
        ]

    def test_a_total_that_differs_holds_the_contest(self):
        """A candidate may be missing from the page."""
        finding = only(SUMMARY.replace("2,104", "2,204"))

        assert (finding.check, finding.severity, finding.contest) == (
            "options_do_not_add_up",
            Severity.HOLD_CALLS,
            "Railroad Commissioner",
        )
        assert finding.problem == "Railroad Commissioner: the printed total is 2,204, the options add up to 2,104."

    def test_an_office_that_stands_twice_is_set_apart(self):
        """Both are kept and held."""
        reading = read(SUMMARY.replace("State Senator, District 9", "Railroad Commissioner"))

        assert [contest.key for contest in reading.releases[0].contests] == ["Railroad Commissioner", "Railroad Commissioner (2)"]
        assert {finding.check for finding in reading.findings} == {"contest_listed_twice"}

    def test_withheld_votes_are_not_zero(self):
        """N/A is no number."""
        assert rows(SUMMARY.replace("1,204", "N/A"))[0] == ("all", "total", "Ana Ruiz", None)


class TestCounties:
    def test_names_are_put_together_from_the_headings(self):
        """First name, last name and party stand below each other."""
        [contest] = read(COUNTIES).releases[0].contests

        assert (contest.title, [(option.name, option.party) for option in contest.options]) == (
            "State Senator, District 9",
            [("Ana Ruiz", "DEM"), ("Cole", "DEM")],
        )

    def test_all_counties_are_the_whole(self):
        """And each county a unit."""
        assert [row for row in rows(COUNTIES) if row[2] == "Cole" and row[1] == "total"] == [
            ("all", "total", "Cole", 60),
            ("HARRIS", "total", "Cole", 40),
            ("WALLER", "total", "Cole", 20),
        ]

    def test_the_early_line_belongs_to_the_line_above(self):
        """It is a part of that total, and no county."""
        assert [row for row in rows(COUNTIES) if row[1] != "total" and row[2] == "Ana Ruiz"] == [
            ("all", "early", "Ana Ruiz", 100),
            ("all", "election_day", "Ana Ruiz", 50),
        ]

    def test_more_early_than_in_all_is_noted(self):
        """The count types are left out, and the total kept."""
        finding = only(COUNTIES.replace("<td>100</td>", "<td>160</td>"))

        assert finding.check == "count_types_left_out"
        assert "the votes by count type do not account for every vote" in finding.problem

    def test_precincts_are_units_reported(self):
        """Seven of nine."""
        [contest] = read(COUNTIES).releases[0].contests

        assert (contest.units_reported, contest.units_total) == (7, 9)

    def test_night_pages_give_the_minute(self):
        """In Central Time, unless the election names a zone."""
        assert str(read(COUNTIES).releases[0].published_at) == "2026-05-26 21:29:43-05:00"

    def test_a_short_line_has_cells_that_are_not_reported(self):
        """A county without its last cells."""
        page = COUNTIES.replace("<td>WALLER</td><td>40</td><td>20</td><td>60</td><td>2</td><td>3</td>", "<td>WALLER</td><td>40</td>")

        assert rows(page)[-1] == ("WALLER", "total", "Cole", None)


def test_cells_and_lines_that_are_not_ended():
    """The next one ends them, as in a browser."""
    assert rows(SUMMARY.replace("</td>", "").replace("</tr>", "")) == rows(SUMMARY)


def test_a_page_of_many_unknown_elements_in_one_another():
    """A tree of three hundred levels was cut short without a word; no tree is made."""
    assert rows(SUMMARY.replace("<td>900", "<f>" * 300 + "<td>900")) == rows(SUMMARY)


def test_a_table_that_lays_out_the_page():
    """The table within is read, and its rows once."""
    page = SUMMARY.replace("<table>", "<table><tr><td>Results<table>").replace("</table>", "</table></td></tr></table>")

    assert rows(page) == rows(SUMMARY)


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "the file is empty"),
            (b"<html></html>", "the page has no table of votes"),
            (OFFICE.encode() + b"<table><tr><td>Forms</td></tr></table>", "the page has no table of votes"),
            (SUMMARY.replace("Ana", "José").encode("latin-1"), "is not UTF-8"),
            (SUMMARY.encode()[:400], "the page stops in the middle of a table"),
        ],
    )
    def test_a_page_without_votes_is_refused(self, data: bytes, words: str):
        """In words, with what to do next."""
        with pytest.raises(BrokenFile) as caught:
            FEED.parse(document("page.html", data))
        assert words in str(caught.value)
        assert caught.value.next_step

    def test_no_other_file_is_opened(self, tmp_path: Path):
        """An entity that names a file is text, if anything."""
        (tmp_path / "secret").write_text("4711")
        entity = f'<!DOCTYPE html [<!ENTITY secret SYSTEM "file://{tmp_path}/secret">]>'

        assert "4711" not in str(rows(entity + SUMMARY.replace("Ana Ruiz", "&secret;")))


@pytest.mark.shared
class TestRealPages:
    def real(self, shared: Path, name: str) -> Reading:
        return FEED.parse(document(name, (shared / "feeds" / "texas-sos-html" / name).read_bytes()))

    def test_senate_district_28(self, shared: Path):
        """A special election of 9 September 2014 in 51 counties, which add up."""
        reading = self.real(shared, "hc-2014_special_sd28.html")
        counts = reading.releases[0].counts
        whole, parts = counts.head(6), counts.slice(6)

        assert dict(whole.select("option", "votes").rows())["Charles Perry"] == 22_860
        assert (counts["unit"].n_unique() - 1, whole["votes"].sum(), parts["votes"].sum()) == (51, 42_816, 42_816)
        assert reading.findings == ()

    def test_republican_runoffs_of_2010(self, shared: Path):
        """25 runoffs, each with two candidates and a total that fits."""
        reading = self.real(shared, "hs-2010_rep_runoff.html")
        [release] = reading.releases

        assert (len(release.contests), release.counts.height, reading.findings) == (25, 50, ())
        assert release.counts.row(0) == ("U. S. Representative District 15", "all", "total", "Paul B. Haring", 1187, 3)

    def test_house_district_14(self, shared: Path):
        """A special runoff of 13 December 2011."""
        reading = self.real(shared, "hs-2011_special_runoff_hd14.html")

        assert reading.releases[0].counts.select("option", "votes").rows() == [("John Raney", 3_902), ("Bob Yancy", 2_834)]

    def test_house_district_137(self, shared: Path):
        """Election night of 31 July 2012, 9:29 p.m.: early votes only, no precinct of 28."""
        reading = self.real(shared, "rc-2012_dem_runoff_sd137.htm")
        [release] = reading.releases

        assert release.counts.filter(release.counts["unit"] == "all").select("count_type", "option", "votes").rows() == [
            ("total", "Jamaal R. Smith", 214),
            ("total", "Gene Wu", 449),
            ("early", "Jamaal R. Smith", 214),
            ("early", "Gene Wu", 449),
            ("election_day", "Jamaal R. Smith", 0),
            ("election_day", "Gene Wu", 0),
        ]
        assert (release.contests[0].units_reported, release.contests[0].units_total) == (0, 28)
