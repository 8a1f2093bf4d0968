"""NIST SP 1500-100 version 2: what is read from JSON and XML alike, what is noted, what is refused. All reports here are made up."""

from datetime import UTC, datetime
from typing import Any

import pytest

from nist_reports import CANDIDATES, FORMS, MAYOR, NIGHT, UNITS, candidate, contest, election, report, selection, text, votes
from racecall.errors import BrokenFile
from racecall.feeds.nist_json import NistJsonFeed
from racecall.feeds.nist_xml import NistXmlFeed
from racecall.model.finding import Severity
from racecall.model.release import Reading, ResultsStatus
from racecall.publish.nist import thing
from racecall.publish.nist_json import NistJsonPublisher
from racecall.publish.nist_xml import NistXmlPublisher
from racecall.testing import check_feed, document, example_export

FEEDS = {"json": NistJsonFeed(), "xml": NistXmlFeed()}


@pytest.fixture(params=sorted(FORMS))
def form(request: pytest.FixtureRequest) -> str:
    """Both forms of the standard, one after the other."""
    return str(request.param)


def read(tree: Any, form: str) -> Reading:
    """Read a report in one of its forms."""
    return FEEDS[form].parse(document(f"night.{form}", FORMS[form](tree)))


def counted(reading: Reading) -> dict[tuple[str, str, str], int | None]:
    """Votes by unit, count type and option."""
    rows = reading.releases[0].counts.select("unit", "count_type", "option", "votes").rows()
    return {row[:3]: row[3] for row in rows}


def checks(reading: Reading) -> list[tuple[str, str]]:
    """The findings with what they hold."""
    return [(finding.check, finding.severity.value) for finding in reading.findings]


class TestReading:
    def test_votes_of_the_district_are_those_of_the_whole_contest(self, form):
        """A count for the contest's own district is its total."""
        assert counted(read(NIGHT, form)) == {("all", "total", "Ana Ruiz"): 1204, ("all", "total", "Ben Cole"): 900}

    def test_hour_status_and_issuer(self, form):
        """The report says when it is from, how final it is, and whose it is."""
        release = read(report(election(MAYOR), status="certified", Notes="Final"), form).releases[0]

        assert (release.published_at, release.status, release.source, release.note) == (
            datetime(2022, 11, 9, 5, 30, tzinfo=UTC),
            ResultsStatus.CERTIFIED,
            "Example County Clerk",
            "Final",
        )

    def test_names_parties_and_votes_allowed(self, form):
        """Names stand for ids, parties as their abbreviations."""
        (listed,) = read(NIGHT, form).releases[0].contests

        assert (listed.key, listed.votes_allowed, listed.rule_hint) == ("Mayor", 1, "CandidateContest")
        assert [(option.name, option.party) for option in listed.options] == [("Ana Ruiz", "DEM"), ("Ben Cole", "")]

    def test_units_reported_are_the_contests(self, form):
        """They are numbers of units, and never a share of the count."""
        made = contest(selection(1, votes(1)), SubUnitsReported=3, TotalSubUnits=9)

        (listed,) = read(report(election(made)), form).releases[0].contests

        assert (listed.units_reported, listed.units_total) == (3, 9)

    def test_nothing_looks_wrong_in_a_plain_report(self, form):
        """No finding without a reason."""
        assert checks(read(NIGHT, form)) == []

    def test_a_precinct_has_its_name(self, form):
        """And an absentee ballot cast in person is an early one."""
        made = contest(selection(1, votes(5, "ru2", "early"), votes(2, "ru2", "absentee-in-person"), votes(9, "ru2", "absentee-mail")))

        assert counted(read(report(election(made)), form)) == {
            ("Precinct 7", "early", "Ana Ruiz"): 7,
            ("Precinct 7", "absentee_mail", "Ana Ruiz"): 9,
        }

    def test_a_count_type_in_the_offices_words(self, form):
        """`OtherType` says what "other" is, if we know the word."""
        made = contest(selection(1, votes(5, kind="other", OtherType="in-person"), votes(2, kind="other", OtherType="pigeon")))

        assert counted(read(report(election(made)), form)) == {("all", "in_person", "Ana Ruiz"): 5, ("all", "other", "Ana Ruiz"): 2}

    def test_a_measure_has_its_answers(self, form):
        """Yes and No are options."""
        answers = [
            thing("BallotMeasureSelection", f"bms{number}", VoteCounts=[votes(10 * number)], Selection=text(answer))
            for number, answer in enumerate(("Yes", "No"), 1)
        ]

        reading = read(report(election(contest(*answers, kind="BallotMeasureContest", name="Measure A"))), form)

        assert counted(reading) == {("all", "total", "Yes"): 10, ("all", "total", "No"): 20}

    def test_a_party_list_is_an_option(self, form):
        """Its name is the party's."""
        lists = thing("PartySelection", "ps1", VoteCounts=[votes(10)], PartyIds=["par1"])

        assert counted(read(report(election(contest(lists, kind="PartyContest"))), form)) == {("all", "total", "DEM"): 10}

    def test_a_ticket_has_both_names(self, form):
        """Two candidates of one option are one option."""
        ticket = thing("CandidateSelection", "cs1", VoteCounts=[votes(10)], CandidateIds=["can1", "can2"])

        assert counted(read(report(election(contest(ticket))), form)) == {("all", "total", "Ana Ruiz / Ben Cole"): 10}

    def test_write_ins_without_a_name_are_taken_together(self, form):
        """They count in the total, for nobody."""
        nameless = thing("CandidateSelection", "cs3", VoteCounts=[votes(7)], IsWriteIn=True)

        (listed,) = read(report(election(contest(selection(1, votes(9)), nameless))), form).releases[0].contests

        assert [(option.name, option.kind) for option in listed.options] == [("Ana Ruiz", ""), ("Write-in", "aggregate")]

    def test_english_is_read_where_there_are_several_languages(self, form):
        """Else the first language there is."""
        spanish, english = (one["Text"][0] for one in (text("Alcalde", language="es"), text("Mayor", language="en-US")))
        both = thing("Candidate", "can1", BallotName=thing("InternationalizedText", Text=[spanish, english]))

        reading = read(report(election(contest(selection(1, votes(1))), candidates=(both,))), form)

        assert counted(reading) == {("all", "total", "Mayor"): 1}

    def test_two_of_one_name_stay_apart(self, form):
        """The second has a number, so that no vote of his is added to the first's."""
        twins = (candidate(1, "Ana Ruiz"), candidate(2, "Ana Ruiz"))

        reading = read(report(election(MAYOR, candidates=twins)), form)

        assert counted(reading) == {("all", "total", "Ana Ruiz"): 1204, ("all", "total", "Ana Ruiz (2)"): 900}

    def test_two_contests_of_one_name_stay_apart(self, form):
        """The id joins the name, and both are held: nothing says which of them an earlier file meant."""
        other = contest(selection(1, votes(7)), id_="cc2")

        reading = read(report(election(MAYOR, other)), form)

        assert [listed.key for listed in reading.releases[0].contests] == ["Mayor (cc1)", "Mayor (cc2)"]
        assert checks(reading) == [("contest_listed_twice", "hold_calls")] * 2


class TestBallots:
    def test_ballots_of_the_scope_are_the_jurisdictions(self, form):
        """And so is the roll."""
        cast = thing("BallotCounts", GpUnitId="ru0", Type="total", BallotsCast=2300, BallotsRejected=12)

        (release,) = read(report(election(MAYOR, BallotCounts=[cast])), form).releases

        assert release.ballots.select("contest", "unit", "kind", "ballots").rows() == [
            ("", "all", "cast", 2300),
            ("", "all", "rejected", 12),
            ("", "all", "registered", 2500),
        ]

    def test_ballots_of_a_district_are_its_contests(self, form):
        """If one contest alone has the district."""
        cast = thing("BallotCounts", GpUnitId="ru1", Type="total", BallotsCast=2150)

        (release,) = read(report(election(MAYOR, BallotCounts=[cast])), form).releases

        assert ("Mayor", "all", "cast", 2150) in release.ballots.select("contest", "unit", "kind", "ballots").rows()

    def test_ballots_outstanding_are_a_statement(self, form):
        """With the office, the hour and the kind of ballots."""
        left = thing("BallotCounts", GpUnitId="ru1", Type="absentee-mail", BallotsOutstanding=400)

        (said,) = read(report(election(MAYOR, BallotCounts=[left])), form).statements

        assert (said.contest, said.ballots, said.category, said.source) == ("Mayor", 400, "mail", "Example County Clerk")
        assert said.stated_at == datetime(2022, 11, 9, 5, 30, tzinfo=UTC)

    def test_over_and_under_votes_of_one_vote_are_ballots(self, form):
        """Where a ballot has one vote, a vote left empty is a ballot left empty."""
        others = thing("OtherCounts", GpUnitId="ru1", Overvotes=4, Undervotes=46.0)

        (release,) = read(report(election(contest(selection(1, votes(9)), OtherCounts=[others]))), form).releases

        assert ("Mayor", "all", "overvoted", 4) in release.ballots.select("contest", "unit", "kind", "ballots").rows()
        assert ("Mayor", "all", "undervoted", 46) in release.ballots.select("contest", "unit", "kind", "ballots").rows()

    def test_over_votes_of_several_are_votes_and_stay_out(self, form):
        """Votes are never added to ballots."""
        others = thing("OtherCounts", GpUnitId="ru1", Overvotes=4)
        made = contest(selection(1, votes(9)), OtherCounts=[others]) | {"VotesAllowed": 3}

        (release,) = read(report(election(made)), form).releases

        assert "overvoted" not in release.ballots["kind"].to_list()


class TestFindings:
    def test_a_test_is_said(self, form):
        """A rehearsal must never be taken for a count."""
        reading = read(report(election(MAYOR), IsTest=True, TestType="logic and accuracy"), form)

        assert reading.findings[0].problem == 'The file says that it is a test ("logic and accuracy"); its numbers are not votes.'
        assert checks(reading) == [("test_data", "hold_calls")]

    def test_a_part_of_a_report_is_said(self, form):
        """A contest may go on in the next part."""
        reading = read(report(election(MAYOR), SequenceStart=2, SequenceEnd=3), form)

        assert reading.findings[0].problem == "The file is part 2 of 3; a contest may go on in another part."

    def test_several_elections_are_said(self, form):
        """All of their contests are read."""
        reading = read(report(election(MAYOR), election(contest(id_="cc2", name="Clerk"), candidates=(), name="Special")), form)

        assert [listed.title for listed in reading.releases[0].contests] == ["Mayor", "Clerk"]
        assert reading.findings[0].problem == 'The file holds 2 elections ("General", "Special"); the contests of all of them were read.'

    def test_an_id_that_stands_for_nothing(self, form):
        """Its votes are kept under the id."""
        reading = read(report(election(MAYOR, candidates=(CANDIDATES[0],))), form)

        assert counted(reading)["all", "total", "can2"] == 900
        assert reading.findings[0].problem == 'Mayor: the candidate "can2" is not in the file. Its votes are kept under the id.'
        assert checks(reading) == [("broken_reference", "hold_calls")]

    def test_a_unit_that_is_not_there(self, form):
        """The count is kept, and a person should look."""
        reading = read(report(election(contest(selection(1, votes(5, "ru9"))))), form)

        assert counted(reading) == {("ru9", "total", "Ana Ruiz"): 5}
        assert checks(reading) == [("broken_reference", "hold_calls")]

    def test_a_party_that_is_not_there_holds_nothing(self, form):
        """No vote depends on it."""
        lost = (candidate(1, "Ana Ruiz", PartyId="par9"), CANDIDATES[1])

        assert checks(read(report(election(MAYOR, candidates=lost)), form)) == [("broken_reference", "note")]

    def test_an_id_that_stands_for_two(self, form):
        """The last is used, and calls are held."""
        reading = read(report(election(MAYOR), units=(*UNITS, UNITS[1])), form)

        assert reading.findings[0].problem == 'The id "ru1" stands for 2 things; the last was used.'

    def test_a_withheld_count_is_not_zero(self, form):
        """What is suppressed for privacy is not reported."""
        reading = read(report(election(contest(selection(1, votes(0, IsSuppressedForPrivacy=True))))), form)

        assert counted(reading) == {("all", "total", "Ana Ruiz"): None}
        assert checks(reading) == [("withheld_cells", "note")]

    @pytest.mark.parametrize(("number", "check"), [(-3, "negative_count"), (1.5, "fractional_count"), (1e11, "impossible_count")])
    def test_what_is_no_count_is_not_read(self, form, number, check):
        """A count is a whole number from 0 up."""
        reading = read(report(election(contest(selection(1, votes(number)), selection(2, votes(900.0))))), form)

        assert counted(reading) == {("all", "total", "Ana Ruiz"): None, ("all", "total", "Ben Cole"): 900}
        assert checks(reading) == [(check, "hold_calls")]

    def test_a_number_given_twice(self, form):
        """The first is used; if the two differ, calls are held."""
        reading = read(report(election(contest(selection(1, votes(5), votes(6)), selection(2, votes(7), votes(7))))), form)

        assert counted(reading) == {("all", "total", "Ana Ruiz"): 5, ("all", "total", "Ben Cole"): 7}
        assert checks(reading) == [("number_listed_twice", "hold_calls"), ("number_listed_twice", "note")]

    def test_devices_are_added_up(self, form):
        """Unless the whole is given beside them."""
        scanner, touch = (thing("DeviceClass", Type=kind) for kind in ("opscan-precinct", "dre"))
        parts = [votes(5, DeviceClass=scanner), votes(6, DeviceClass=touch)]

        added = read(report(election(contest(selection(1, *parts)))), form)
        beside = read(report(election(contest(selection(1, *parts, votes(11))))), form)

        assert (counted(added), counted(beside)) == ({("all", "total", "Ana Ruiz"): 11},) * 2
        assert (checks(added), checks(beside)) == ([], [("unread_counts", "note")])

    def test_later_rounds_are_left_alone(self, form):
        """Added to the first, they would count a ballot twice."""
        reading = read(report(election(contest(selection(1, votes(5, Round=1), votes(9, Round=2))))), form)

        assert counted(reading) == {("all", "total", "Ana Ruiz"): 5}
        assert reading.findings[0].problem == "Mayor: 1 number was not read, being of a later round of a ranked count (first: Ana Ruiz, 9)."

    def test_absentee_beside_its_classes_is_their_sum(self, form):
        """Alone, it is read as mail, and that is noted."""
        beside = read(report(election(contest(selection(1, votes(9, kind="absentee"), votes(7, kind="absentee-mail"))))), form)
        alone = read(report(election(contest(selection(1, votes(9, kind="absentee"))))), form)

        assert (counted(beside), counted(alone)) == (
            {("all", "absentee_mail", "Ana Ruiz"): 7},
            {("all", "absentee_mail", "Ana Ruiz"): 9},
        )
        assert (checks(beside), checks(alone)) == ([("unread_counts", "note")], [("absentee_meaning", "note")])

    def test_a_count_type_that_the_standard_does_not_have(self, form):
        """It may be a total, and then it is counted twice."""
        assert checks(read(report(election(contest(selection(1, votes(5, kind="drone"))))), form)) == [("unknown_count_type", "hold_calls")]

    def test_an_option_without_votes_beside_others(self, form):
        """It is not reported, and not zero."""
        assert checks(read(report(election(contest(selection(1, votes(5)), selection(2)))), form)) == [("missing_votes", "hold_calls")]

    def test_a_time_that_is_none_holds_calls(self, form):
        """The count is kept as a release without a time."""
        reading = read(report(election(MAYOR), at="yesterday"), form)

        assert (reading.releases[0].published_at, reading.findings[0].check, reading.findings[0].severity) == (
            None,
            "doubtful_time",
            Severity.HOLD_CALLS,
        )


class TestRefusing:
    def test_an_unknown_status(self, form):
        """The place, what was found and where to look."""
        with pytest.raises(BrokenFile) as caught:
            read(report(election(MAYOR), status="nearly-done"), form)

        assert "Invalid enum value 'nearly-done'" in str(caught.value)
        assert "docs/feeds/" in str(caught.value)

    def test_another_version_is_named(self):
        """Version 1 has other names for the same things, so none of it can be trusted here."""
        old = FORMS["xml"](NIGHT).replace(b"/1500-100/v2", b"/1500-100/v1")

        with pytest.raises(BrokenFile) as caught:
            FEEDS["xml"].parse(document("old.xml", old))

        assert str(caught.value) == (
            'old.xml: this is an ElectionReport of "http://itl.nist.gov/ns/voting/1500-100/v1"; '
            'version 2 ("http://itl.nist.gov/ns/voting/1500-100/v2") is read.\n'
            "Ask the office for version 2, for CSV, or for the JSON of the standard."
        )

    def test_a_file_that_stops_short(self, form):
        """It is said, and nothing is read."""
        with pytest.raises(BrokenFile, match=r"stops in the middle|not whole XML"):
            FEEDS[form].parse(document("night", FORMS[form](NIGHT)[:-40]))

    def test_an_object_without_what_it_needs(self):
        """A count without a unit is no count."""
        tree = report(election(contest(selection(1, votes(5)))))
        del tree["Election"][0]["Contest"][0]["ContestSelection"][0]["VoteCounts"][0]["GpUnitId"]

        with pytest.raises(BrokenFile, match='"GpUnitId" is missing'):
            read(tree, "json")


@pytest.mark.parametrize(("form", "publisher"), [("json", NistJsonPublisher()), ("xml", NistXmlPublisher())])
def test_the_feed_keeps_its_promises(form, publisher):
    """On a made-up report of another hand, and on what we write ourselves."""
    ours = [document(name, data) for name, data in publisher.write(example_export())]

    check_feed(FEEDS[form], [*ours, document(f"night.{form}", FORMS[form](NIGHT))])
