"""Printed figures are compared with the counts and with each other, and rounding is no contradiction."""

import builders as make
import pytest

from racecall.ledger.figures import check_figures
from racecall.model.release import Report, ReportKind

RUNOFF = make.contest("Gomez", "Ahn", rule="us-ca-general-voter-nominated")


def figure(by, at, option="", **values):
    return Report(contest="c", kind=ReportKind.FIGURE, by=by, at=at, source="p. 1", option=option, **values)


def problems(*reports, contest=RUNOFF, releases=()):
    return [finding.problem for finding in check_figures(reports, [contest], make.records(*releases, reports=reports))]


def test_two_tables_of_one_day_that_cannot_both_be_right():
    """9 June 2017: 25,269 to 16,225 is 60.90%, and the radio had 60.85%."""
    radio = [figure("KPCC", make.hours(0), "gomez", share=0.6085), figure("KPCC", make.hours(0), "ahn", share=0.3915)]
    table = [figure("DDHQ", make.hours(1), "gomez", votes=25269), figure("DDHQ", make.hours(1), "ahn", votes=16225)]

    assert problems(*radio, *table) == ["Gomez: DDHQ has 60.90%, KPCC 60.85%; no rounding explains it."]


def test_whole_per_cents_allow_for_rounding():
    """61% beside 25,269 to 16,225 is no contradiction."""
    table = [figure("DDHQ", make.hours(1), "gomez", votes=25269), figure("DDHQ", make.hours(1), "ahn", votes=16225)]

    assert problems(figure("A paper", make.hours(0), "gomez", share=0.61), *table) == []


def test_tables_of_different_days_may_differ():
    """The count moved in between."""
    assert problems(figure("A", make.hours(0), "gomez", share=0.6085), figure("B", make.hours(30), "gomez", share=0.59)) == []


@pytest.mark.parametrize(("total", "found"), [(28990, 1), (28985, 0), (15000, 0)])
def test_a_total_that_almost_matches_the_release_beside_it(total, found):
    """5 April 2017: 28,990 in one place, 28,985 in all others; 15,000 is simply another moment."""
    night = make.recorded({"gomez": 15000, "ahn": 13985})

    said = problems(figure("LAist", make.hours(9), votes=total), releases=[night])

    assert said == ["LAist printed 28,990 in all; the release it stands beside has 28,985 votes."] * found


def test_two_moments_of_a_moving_count_are_no_contradiction():
    """28% with 2 precincts in, 25% an hour later: the count moved."""
    assert problems(figure("A", make.hours(0), "ahn", share=0.28), figure("B", make.hours(1), "ahn", share=0.25)) == []
