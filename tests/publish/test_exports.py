"""What is handed on: the schemas of the standard hold, ids and references are sound, and no cell is a formula."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import EntryPoint
from typing import Any

import polars as pl
import pytest

from racecall.desk.plugins import load_publishers
from racecall.errors import UsageError
from racecall.feeds.text import escape_formula, unescape_formula
from racecall.model.contest import Option, OptionKind
from racecall.model.counts import BallotKind
from racecall.model.release import ResultsStatus, Statement
from racecall.publish.base import Publisher
from racecall.publish.elex_csv import ElexPublisher
from racecall.publish.nist import report
from racecall.publish.nist_json import NistJsonPublisher
from racecall.publish.nist_xml import NistXmlPublisher
from racecall.publish.openelections_csv import OpenElectionsPublisher
from racecall.publish.tables import COLUMNS, ArrowPublisher, ParquetPublisher
from racecall.testing import check_publisher, example_export
from racecall.testing_exports import NIGHT, make_export

EXAMPLE = example_export()
PREFIXES = {
    "BallotMeasureContest": "bmc",
    "BallotMeasureSelection": "bms",
    "Candidate": "can",
    "CandidateContest": "cc",
    "CandidateSelection": "cs",
    "Party": "par",
    "Person": "per",
    "ReportingUnit": "ru",
}
"""How ids begin, by the kind of thing: rule HungarianStyleNotation of civics-cdf-validator 1.66."""


def written(publisher: Publisher, export: Any = EXAMPLE) -> bytes:
    """The one file that a publisher writes."""
    ((_, data),) = publisher.write(export)
    return bytes(data)


def tree(export: Any = EXAMPLE) -> Any:
    """The report as JSON values."""
    return json.loads(written(NistJsonPublisher(), export))


def things(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a report."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from things(item)


def of_kind(kind: str, export: Any = EXAMPLE) -> list[dict[str, Any]]:
    """Every object of one kind."""
    return [thing for thing in things(tree(export)) if thing["@type"] == f"ElectionResults.{kind}"]


def with_status(status: ResultsStatus, **votes: int) -> Any:
    """The example's mayor, counted for the whole city, with a status."""
    rows = [("mayor", "all", "total", option, number, 1) for option, number in votes.items()]
    return make_export(EXAMPLE.view.election, rows, status=status)


@pytest.mark.parametrize("publisher", load_publishers(), ids=lambda publisher: publisher.id)
def test_every_publisher_keeps_its_promises(publisher: Publisher):
    """The same export gives the same bytes, names are plain, and nothing is written before the first count."""
    check_publisher(publisher)


class TestSchemas:
    @pytest.mark.shared
    def test_the_json_is_what_the_schema_asks_for(self, shared):
        """The published JSON schema, version 2."""
        import jsonschema_rs

        schema = json.loads((shared / "feeds" / "nist-err" / "NIST_V2_election_results_reporting.json").read_bytes())

        assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(tree())] == []

    @pytest.mark.shared
    def test_the_xml_is_what_the_schema_asks_for(self, shared):
        """The published XML schema, version 2: order, ids, and what they refer to."""
        import xmlschema

        schema = xmlschema.XMLSchema(shared / "feeds" / "nist-err" / "NIST_V2_election_results_reporting.xsd")

        assert [str(error.reason) for error in schema.iter_errors(io.BytesIO(written(NistXmlPublisher())))] == []


class TestRules:
    """Rules of civics-cdf-validator 1.66 that hold for any results report, in our words."""

    def test_ids_are_used_once(self):
        """Rule UniqueLabel's cousin: an id stands for one thing."""
        times = Counter(thing["@id"] for thing in things(tree()) if "@id" in thing)

        assert [id_ for id_, number in times.items() if number > 1] == []

    def test_ids_say_what_they_are_of(self):
        """Each kind has its prefix, and an id can stand in XML."""
        wrong = [
            thing["@id"]
            for thing in things(tree())
            if "@id" in thing and not re.fullmatch(rf"{PREFIXES[thing['@type'].rpartition('.')[2]]}-[A-Za-z0-9._-]+", thing["@id"])
        ]

        assert wrong == []

    def test_what_is_referred_to_is_there(self):
        """Every id that stands for something stands for something in the file."""
        known = {thing["@id"] for thing in things(tree()) if "@id" in thing}
        named = [(name, value) for thing in things(tree()) for name, value in thing.items() if re.search(r"Ids?$", name) and name[0] != "@"]
        referred = {id_ for name, value in named if name != "VendorApplicationId" for id_ in ([value] if isinstance(value, str) else value)}

        assert referred - known == set()

    def test_nothing_is_empty(self):
        """An optional element that is empty is left out."""
        empty = [name for thing in things(tree()) for name, value in thing.items() if value in ("", [], None)]

        assert empty == []

    def test_the_xml_is_utf_8(self):
        """And says so."""
        assert written(NistXmlPublisher()).startswith(b"<?xml version='1.0' encoding='UTF-8'?>")

    def test_languages_are_tags(self):
        """English for a state, "und" where we do not know (BCP 47)."""
        assert {thing["Language"] for thing in of_kind("LanguageString")} == {"en", "und"}

    def test_the_units_have_one_root(self):
        """Every unit lies in the jurisdiction, directly or not."""
        units = of_kind("ReportingUnit")
        inside = {id_ for unit in units for id_ in unit.get("ComposingGpUnitIds", [])}

        assert [unit["Name"]["Text"][0]["Content"] for unit in units if unit["@id"] not in inside] == ["Example County, November 2022"]

    def test_other_is_explained(self):
        """Where a type is "other", the text beside it says which."""
        assert [thing for thing in things(tree()) if thing.get("Type") == "other" and not thing.get("OtherType")] == []

    def test_names_stand_once(self):
        """A candidate of two contests is one person."""
        assert Counter(thing["@id"] for thing in of_kind("Person")).most_common(1)[0][1] == 1


class TestMeaning:
    def test_precincts_make_a_precinct_report(self):
        """Counts of the whole contest only are a summary."""
        assert tree()["Format"] == "precinct-level"
        assert tree(with_status(ResultsStatus.CERTIFIED, ruiz=5))["Format"] == "summary-contest"

    @pytest.mark.parametrize("status", list(ResultsStatus))
    def test_the_status_is_the_releases(self, status):
        """A correction is called one, and a recount too."""
        assert tree(with_status(status, ruiz=5))["Status"] == status.replace("_", "-")

    def test_nobody_has_won_before_the_count_is_certified(self):
        """What the rule makes of an open count is no result."""
        made = of_kind("Candidate", with_status(ResultsStatus.UNOFFICIAL_COMPLETE, ruiz=900, cole=10))

        assert [candidate.get("PostElectionStatus") for candidate in made] == [None, None]

    def test_the_law_decides_a_certified_count(self):
        """The winner won, the other lost."""
        made = of_kind("Candidate", with_status(ResultsStatus.CERTIFIED, ruiz=900, cole=10))

        assert [candidate["PostElectionStatus"] for candidate in made] == ["winner", "defeated"]

    def test_a_tie_leaves_nobody_defeated(self):
        """Until the law has broken it."""
        made = of_kind("Candidate", with_status(ResultsStatus.CERTIFIED, ruiz=10, cole=10))

        assert [candidate.get("PostElectionStatus") for candidate in made] == [None, None]

    def test_whoever_withdrew_is_withdrawn(self):
        """Whatever the votes."""
        mayor = EXAMPLE.view.election.contest("mayor")
        gone = replace(mayor, options=(replace(mayor.options[0], withdrawn=True), *mayor.options[1:]))
        made = make_export(replace(EXAMPLE.view.election, contests=(gone,)), [("mayor", "all", "total", "ruiz", 5, 1)])

        assert of_kind("Candidate", made)[0]["PostElectionStatus"] == "withdrawn"

    def test_two_that_go_on_have_advanced(self):
        """And the contest says how many do."""
        mayor = replace(EXAMPLE.view.election.contest("mayor"), rule="us-ca-primary-voter-nominated")
        other = Option(id="poe", name="Eva Poe", ballot_order=4)
        contest = replace(mayor, options=(*mayor.options[:2], other))
        rows = [("mayor", "all", "total", option, votes, 1) for option, votes in (("ruiz", 50), ("cole", 40), ("poe", 30))]
        made = make_export(replace(EXAMPLE.view.election, contests=(contest,)), rows, status=ResultsStatus.CERTIFIED)

        assert [c["PostElectionStatus"] for c in of_kind("Candidate", made)] == ["advanced-to-runoff", "advanced-to-runoff", "defeated"]
        assert of_kind("CandidateContest", made)[0]["NumberRunoff"] == 2

    def test_ballots_outstanding_are_what_the_office_said(self):
        """By the kind of ballots, and never our estimate."""
        left = [thing for thing in of_kind("BallotCounts") if "BallotsOutstanding" in thing]

        assert [(thing["Type"], thing["BallotsOutstanding"]) for thing in left] == [("absentee-mail", 400)]

    def test_an_older_figure_is_left_out(self):
        """What was left before this count is not what is left after it."""
        said = Statement(contest="mayor", kind=BallotKind.OUTSTANDING, ballots=9, stated_at=NIGHT - timedelta(hours=2), source="The county")
        made = make_export(EXAMPLE.view.election, [("mayor", "all", "total", "ruiz", 5, 1)], statements=[said])

        assert of_kind("BallotCounts", made) == []

    def test_a_count_type_is_complete_when_the_office_says_so(self):
        """Certified, or nothing of it left; otherwise it is under way, or nobody has said."""
        said = [
            Statement(contest="mayor", kind=BallotKind.OUTSTANDING, ballots=number, stated_at=NIGHT, source="The county", category=kind)
            for kind, number in (("mail", 400), ("provisional", 0))
        ]
        made = make_export(EXAMPLE.view.election, [("mayor", "all", "early", "ruiz", 5, 1)], statements=said)

        assert {(thing["Type"], thing["Status"]) for thing in of_kind("CountStatus", made)} == {
            ("absentee-mail", "in-process"),
            ("provisional", "completed"),
            ("early", "unknown"),
            ("total", "unknown"),
        }

    def test_a_count_that_was_not_reported_is_left_out(self):
        """The standard has no blank, and zero would be a lie."""
        made = make_export(EXAMPLE.view.election, [("mayor", "p1", "total", "ruiz", None, 1), ("mayor", "p2", "total", "ruiz", 5, 1)])

        assert [thing["Count"] for thing in of_kind("VoteCounts", made)] == [5]

    def test_a_name_that_is_not_listed_keeps_its_votes(self):
        """As nobody's: it has no person."""
        made = make_export(EXAMPLE.view.election, [("mayor", "all", "total", "Zed", 5, 1), ("mayor", "all", "total", "ruiz", 6, 1)])
        names = {thing["BallotName"]["Text"][0]["Content"]: "PersonId" in thing for thing in of_kind("Candidate", made)}

        assert names == {"Ana Ruiz": True, "=Ben Cole": True, "Zed": False}

    def test_characters_that_xml_cannot_hold_are_replaced(self):
        """One bad byte in a name must not cost the report."""
        mayor = EXAMPLE.view.election.contest("mayor")
        odd = replace(mayor, options=(Option(id="ruiz", name="Ana\x0bRuiz", ballot_order=1),))
        made = make_export(replace(EXAMPLE.view.election, contests=(odd,)), [("mayor", "all", "total", "ruiz", 5, 1)])

        assert "Ana\N{REPLACEMENT CHARACTER}Ruiz" in written(NistXmlPublisher(), made).decode()

    def test_a_report_is_the_same_tree_in_both_forms(self):
        """The JSON is the tree itself."""
        assert report(EXAMPLE.view, EXAMPLE.counted[0]) == tree()


class TestTables:
    def test_openelections_has_a_row_an_option_and_a_column_a_count_type(self):
        """The total is the sum where the office prints none."""
        lines = written(OpenElectionsPublisher()).decode().splitlines()

        assert lines[0] == "county,precinct,office,district,party,candidate,votes,election_day,in_person,mail"
        assert ",p1,Mayor,,DEM,Ana Ruiz,363,111,131,121" in lines
        assert ",,Registered Voters,,,,2500,,," in lines
        assert ",,Measure A,,,Over Votes,4,,," in lines

    def test_elex_has_totals_and_the_units_behind_them(self):
        """Every row has every column, and no winner before the count is certified."""
        rows = list(csv.DictReader(io.StringIO(written(ElexPublisher()).decode())))
        ruiz = [row for row in rows if row["candidateid"] == "ruiz"]

        assert [(row["level"], row["reportingunitid"], row["votecount"]) for row in ruiz] == [
            ("state", "mayor", "1026"),
            ("subunit", "p1", "363"),
            ("subunit", "p2", "663"),
        ]
        assert {row["winner"] for row in rows} == {"False"}

    def test_elex_names_the_winner_of_a_certified_count(self):
        """By law, and not by votes."""
        made = with_status(ResultsStatus.CERTIFIED, ruiz=900, cole=10)
        rows = list(csv.DictReader(io.StringIO(written(ElexPublisher(), made).decode())))

        assert [(row["last"], row["winner"], row["runoff"]) for row in rows] == [
            ("Ana Ruiz", "True", "False"),
            ("'=Ben Cole", "False", "False"),
        ]

    def test_parquet_and_arrow_are_one_table(self):
        """Every cell with its contest, hour and status."""
        parquet = pl.read_parquet(io.BytesIO(written(ParquetPublisher())))
        arrow = pl.read_ipc(io.BytesIO(written(ArrowPublisher())))

        assert parquet.equals(arrow)
        assert (tuple(parquet.columns), parquet.height) == (COLUMNS, 20)

    def test_a_table_keeps_what_was_not_reported(self):
        """As an empty cell, and never as zero."""
        made = make_export(EXAMPLE.view.election, [("mayor", "p1", "total", "ruiz", None, 1), ("mayor", "p2", "total", "ruiz", 0, 1)])

        assert pl.read_parquet(io.BytesIO(written(ParquetPublisher(), made)))["votes"].to_list() == [None, 0]


class TestFormulas:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "'=x", "''@x"])
    def test_a_formula_is_escaped_and_comes_back(self, text):
        """An apostrophe goes before it, one more before one that has one."""
        assert escape_formula(text) == f"'{text}"
        assert unescape_formula(escape_formula(text)) == text

    @pytest.mark.parametrize("text", ["", "Ana", "'Tis", "O'Neil", "1-2", "''", "José"])
    def test_other_texts_stay_as_they_are(self, text):
        """Both ways."""
        assert (escape_formula(text), unescape_formula(text)) == (text, text)

    def test_no_cell_of_a_csv_begins_a_formula(self):
        """Whatever a source or a person wrote into a name."""
        aggregate = Option(id="@x", name="@x", kind=OptionKind.AGGREGATE)
        mayor = EXAMPLE.view.election.contest("mayor")
        contest = replace(mayor, title="+Mayor", electoral_district="-1", options=(*mayor.options, aggregate))
        rows = [("mayor", "=p", "total", option.id, 5, 1) for option in contest.options]
        made = make_export(replace(EXAMPLE.view.election, contests=(contest,)), rows)
        texts = [written(publisher, made).decode() for publisher in (OpenElectionsPublisher(), ElexPublisher())]

        assert [cell for text in texts for row in csv.reader(io.StringIO(text)) for cell in row if cell[:1] in tuple("=+-@\t\r")] == []


class TestInstalled:
    def test_the_built_in_publishers(self):
        """Six formats, found through their entry points."""
        assert [publisher.id for publisher in load_publishers()] == ["arrow", "elex", "nist-json", "nist-xml", "openelections", "parquet"]

    def test_what_is_no_publisher_is_named(self):
        """A class without the method."""
        with pytest.raises(UsageError, match=r'"capture" \(builtins:dict\) is no publisher: a publisher has id, title and write'):
            load_publishers([EntryPoint("capture", "builtins:dict", "racecall.publishers")])

    def test_a_publisher_that_breaks_its_promises_is_told(self):
        """All of them at once."""

        class Careless:
            id = "Careless"
            title = ""

            def write(self, _export):
                yield "../a", b""

        with pytest.raises(AssertionError) as caught:
            check_publisher(Careless())

        assert 'its id "Careless" is not lower-case letters, digits and hyphens; it has no title' in str(caught.value)
        assert "its files are called ../a; plain names were expected, each once; a file is empty" in str(caught.value)
        assert "it writes a file before the first count" in str(caught.value)
