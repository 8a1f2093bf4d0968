"""From the record to a running count: units and count types, what offices announced, ballots on the way."""

from dataclasses import replace

import numpy as np
import pytest

import builders as make
from racecall.calls.judge import judge
from racecall.calls.night import judge_night, look_at
from racecall.calls.running import running_counts
from racecall.desk.packaged import calibration, rulebook
from racecall.feeds.frames import ballot_frame, count_frame
from racecall.ledger.events import Ledger
from racecall.ledger.records import release_draft
from racecall.model.counts import BallotKind
from racecall.model.units import ReportingUnit

PEOPLE = replace(make.contest("Gomez", "Ahn", "Cabildo"), office="us_house", polls_close=make.hours(-5))
MORNING = make.hours(12)
VOTES = {"gomez": 900, "ahn": 600, "cabildo": 300}
CELLS = [
    ("c", "Alameda", "absentee_mail", "gomez", 600),
    ("c", "Alameda", "absentee_mail", "ahn", 200),
    ("c", "Alameda", "absentee_mail", "cabildo", 100),
    ("c", "Alameda", "total", "gomez", 600),
    ("c", "Fresno", "absentee_mail", "gomez", 300),
    ("c", "Fresno", "absentee_mail", "ahn", 400),
    ("c", "Fresno", "absentee_mail", "cabildo", 200),
    ("c", "Kings", "absentee_mail", "gomez", 0),
]


def table(_hash):
    """The cells of the only release, whatever is asked for; its ballots under the name "ballots"."""
    if _hash == "ballots":
        return ballot_frame([("", unit, "total", "registered", voters, 1) for unit, voters in (("Alameda", 4000), ("Kings", 1000))])
    return count_frame((*row, number) for number, row in enumerate(CELLS, 1))


def running(*releases, statements=(), state="CA", as_of=MORNING, units=(), contest=PEOPLE, tables=table):
    election = replace(make.election(contest), state=state, units=units)
    rule = rulebook().rule(contest.rule)
    return running_counts([(contest, rule)], election, make.records(*releases, statements=statements), as_of=as_of, tables=tables)[0]


def counted(**values):
    return make.recorded(VOTES, units=3, **values)


class TestUnits:
    def test_cells_are_read_by_unit_and_count_type(self):
        """Three counties and one count type; totals beside count types stay out, and the option order is the contest's."""
        cells = running(counted()).cells
        assert (cells.units, cells.votes[-1, :, 0].tolist()) == (
            ("Alameda", "Fresno", "Kings"),
            [[600.0, 200.0, 100.0], [300.0, 400.0, 200.0], [0.0, 0.0, 0.0]],
        )

    def test_a_count_of_totals_has_no_cells(self):
        """Where the release has no units nothing is read, not even its table."""
        assert running(make.recorded(VOTES), tables=None).cells is None

    def test_the_roll_of_a_unit_is_its_size(self):
        """Voters by unit, where the release prints them; unknown for the others."""
        sizes = running(replace(counted(), ballots="ballots")).cells.sizes
        assert (sizes[[0, 2]].tolist(), bool(np.isnan(sizes[1]))) == ([4000.0, 1000.0], True)

    def test_units_of_one_county_are_a_group(self):
        """election.toml says what lies in what."""
        units = (ReportingUnit(id="n"), ReportingUnit(id="Alameda", parent="n"), ReportingUnit(id="Kings", parent="n"))
        groups = running(counted(), units=units).cells.groups
        assert groups[0] == groups[2] != groups[1]

    def test_a_silent_county_is_owed(self):
        """Kings has sent nothing: part of what is to come is expected there."""
        [judged] = judge_night([running(counted())], calibration().experience("2017-04-04"))
        assert look_at(judged, 0).to_come[2].sum() > 0

    def test_votes_of_no_unit_are_a_row_of_their_own(self):
        """The total is 90 votes ahead of the counties: they count, and nothing more comes there."""
        ahead = make.recorded({"gomez": 950, "ahn": 630, "cabildo": 310}, units=3)
        [judged] = judge_night([running(ahead)], calibration().experience("2017-04-04"))
        look = look_at(judged, 0)
        assert (look.votes.tolist(), look.counted[-1].sum(), look.to_come[-1].sum()) == ([950.0, 630.0, 310.0], 90.0, 0.0)

    @pytest.mark.parametrize("votes", [{"gomez": 2900, "ahn": 600, "cabildo": 300}, {"gomez": 800, "ahn": 600, "cabildo": 300}])
    def test_units_of_another_moment_are_not_used(self, votes):
        """Half the votes are in no unit, or the units have more than the total: the contest is looked at as one."""
        [judged] = judge_night([running(make.recorded(votes, units=3))], calibration().experience("2017-04-04"))
        assert look_at(judged, 0).counted.shape == (1, 1, 3)

    def test_the_whole_road_from_ledger_to_range(self):
        """A ledger whose release has units gives other final ranges than the same without their table."""
        election = replace(make.election(PEOPLE), state="CA")
        ledger = Ledger().append(release_draft(counted(), actor="t"), recorded_at=make.NIGHT)
        known = {"as_of": make.hours(12), "calibration": calibration()}
        views = [judge(ledger, election, rulebook(), **known, tables=tables).contests[0] for tables in (table, None)]
        ranges = [[(line.share_low, line.share_high) for line in view.options] for view in views]
        assert ranges[0] != ranges[1]


class TestAnnounced:
    def test_a_statement_about_the_contest_is_taken_as_it_is(self):
        """900 out over 1,800 counted is half."""
        stated = running(counted(), statements=[make.statement(900, at=make.hours(1))]).stated
        assert stated.ratio.tolist() == [0.5]

    def test_a_county_wide_figure_is_spread_by_what_is_counted_there(self):
        """20,000 ballots out over 80,000 counted in the county: a quarter of what the contest has."""
        said = [
            make.statement(80_000, at=make.hours(0), kind=BallotKind.CAST, contest_id=""),
            make.statement(20_000, at=make.hours(1), contest_id=""),
        ]
        assert running(counted(), statements=said).stated.ratio.tolist() == [0.25]

    def test_a_county_wide_figure_without_a_base_says_nothing(self):
        """Nobody has said how many ballots the county has counted: the figure cannot be spread."""
        assert running(counted(), statements=[make.statement(20_000, contest_id="")]).stated is None

    def test_what_was_said_after_a_look_is_not_known_there(self):
        """Two releases, and a statement between them: the first look has none."""
        releases = (counted(at=make.hours(0)), counted(at=make.hours(6), seq=2))
        ratio = running(*releases, statements=[make.statement(900, at=make.hours(3))]).stated.ratio
        assert (bool(np.isnan(ratio[0])), ratio[1]) == (True, 0.5)


def mail(kind, ballots, at):
    return make.statement(ballots, at=make.hours(at), kind=kind, contest_id="", category="mail")


class TestOnTheWay:
    def test_ballots_returned_and_not_counted_are_votes_to_come(self):
        """Washington: 10,000 returned, 6,000 counted, of which 1,800 carry the contest: about 30% of 3,850 ballots."""
        whole = make.statement(6000, at=make.hours(0), kind=BallotKind.CAST, contest_id="")
        found = running(counted(), statements=[whole, mail(BallotKind.RETURNED, 10_000, 0)], state="WA").on_the_way
        assert found.likely[0] == pytest.approx(0.3 * (0.985 * 10_000 - 6000), rel=0.02)

    def test_ballots_issued_say_what_still_arrives(self):
        """With 30,000 sent out more come back than without a word about it."""
        whole = make.statement(6000, at=make.hours(0), kind=BallotKind.CAST, contest_id="")
        known = [whole, mail(BallotKind.RETURNED, 10_000, 0)]
        less = running(counted(), statements=known, state="WA").on_the_way
        more = running(counted(), statements=[*known, mail(BallotKind.ISSUED, 30_000, 0)], state="WA").on_the_way
        assert more.likely[0] > less.likely[0]

    def test_where_people_vote_in_person_the_night_is_not_reckoned_by_mail(self):
        """California: what the polls still have is in no mail figure; the day after it is used."""
        said = [
            make.statement(6000, at=make.hours(0), kind=BallotKind.CAST, contest_id=""),
            mail(BallotKind.CAST, 5000, 0),
            mail(BallotKind.RETURNED, 10_000, 0),
        ]
        found = [running(counted(), statements=said, as_of=make.hours(hour)).on_the_way.likely[-1] for hour in (2, 30)]
        assert (bool(np.isnan(found[0])), found[1] > 0) == (True, True)

    def test_more_counted_than_returned_says_nothing(self):
        """Two figures of different days: no number is made of them."""
        whole = make.statement(6000, at=make.hours(0), kind=BallotKind.CAST, contest_id="")
        found = running(counted(), statements=[whole, mail(BallotKind.RETURNED, 5000, 0)], state="WA").on_the_way
        assert np.isnan(found.likely).all()

    def test_a_figure_of_returns_moves_the_volume(self):
        """The volume of the night is joined with what is on the way, and is surer for it."""
        whole = make.statement(6000, at=make.hours(0), kind=BallotKind.CAST, contest_id="")
        experience = calibration().experience("2017-04-04")
        runs = [running(counted(), statements=said, state="WA") for said in ([], [whole, mail(BallotKind.RETURNED, 10_000, 0)])]
        plain, told = (judge_night([run], experience)[0].volume for run in runs)
        assert (told.log_sd[0] < plain.log_sd[0], told.likely[0] != plain.likely[0]) == (True, True)
