"""Each named check finds its case, in words a person can act on, and nothing else."""

import pytest

import builders as make
from racecall.feeds.frames import count_frame
from racecall.ledger.checks import check_release
from racecall.ledger.checks_units import check_cells
from racecall.model.counts import BallotKind
from racecall.model.release import Report, ReportKind, ResultsStatus
from racecall.origin import Origin

ELECTION = make.election(make.contest("Gomez", "Ahn", others=True))
FIRST = make.recorded({"gomez": 1204, "ahn": 900})


def found(new, *before, **values):
    return {finding.check: finding for finding in check_release(new, ELECTION, make.records(*before, **values))}


def test_a_rising_count_is_fine():
    """No finding where there is nothing to find."""
    assert found(make.recorded({"gomez": 1300, "ahn": 950}, seq=2, at=make.hours(1)), FIRST) == {}


def test_a_fall_is_named_with_both_numbers():
    """Shasta, 5 March 2024: the mail count fell for three hours."""
    finding = found(make.recorded({"gomez": 1104, "ahn": 950}, seq=2, at=make.hours(1)), FIRST)["fall"]

    assert finding.problem == "Gomez falls from 1,204 to 1,104 votes (-100)."
    assert (
        finding.next_step
        == "Counts do not usually fall. If the office has corrected itself, accept the finding with its words as the reason."
    )


def test_an_older_release_is_out_of_order_and_not_a_fall():
    """A cached copy served again: it must not look like a correction."""
    checks = found(make.recorded({"gomez": 1000, "ahn": 800}, seq=2, at=make.hours(-1)), FIRST)

    assert set(checks) == {"out_of_order"}
    assert "one from 2017-04-05 08:00 UTC is already recorded" in checks["out_of_order"].problem


def test_the_same_counts_again_are_noted():
    """Two files of one release (LA County, 9 November 2022)."""
    finding = found(make.recorded({"gomez": 1204, "ahn": 900}, seq=2, counts=FIRST.counts), FIRST)["duplicate_release"]

    assert finding.problem == "The counts are the same as in the release of 2017-04-05 08:00 UTC; nothing changes."


def test_a_name_that_vanishes_is_found():
    """More often a renaming than a withdrawal."""
    finding = found(make.recorded({"gomez": 1300}, seq=2, at=make.hours(1)), FIRST)["missing_option"]

    assert finding.problem == "Ahn had 900 votes and is not in this release."


def test_all_others_may_vanish_when_its_parts_appear():
    """The certified count lists everybody; the remainder of the night is gone, and that is no finding."""
    night = make.recorded({"gomez": 1204, "all_others": 900})

    assert found(make.recorded({"gomez": 1300, "ahn": 950}, seq=2, at=make.hours(1)), night) == {}


def test_more_votes_than_ballots_allow():
    """One vote a ballot: 2,104 votes need as many ballots."""
    finding = found(make.recorded({"gomez": 1204, "ahn": 900}, ballots={"cast": 2000}))["votes_above_ballots"]

    assert finding.problem == "2,104 votes on 2,000 ballots, with 1 allowed on each."


def test_more_ballots_than_voters_holds_publication():
    """Same-day registration may explain it, so it does not hold calls by itself."""
    finding = found(make.recorded({"gomez": 10}, ballots={"cast": 20, "registered": 15}))["ballots_above_registered"]

    assert (finding.severity, finding.problem) == ("hold_publication", "20 ballots counted, 15 voters on the roll.")


def test_a_jump_beyond_what_was_left():
    """New York City 2021: 135,000 test ballots among the real ones."""
    said = make.statement(500, at=make.hours(1))

    finding = found(make.recorded({"gomez": 2000, "ahn": 1000}, seq=2, at=make.hours(2)), FIRST, statements=[said])[
        "jump_above_outstanding"
    ]

    assert finding.problem == "896 votes were added; on 5 April the office had said 500 ballots left."


def test_a_batch_within_what_was_left_is_fine():
    """13,400 announced, 13,323 came."""
    said = make.statement(13_400, at=make.hours(1))

    assert found(make.recorded({"gomez": 8000, "ahn": 7427}, seq=2, at=make.hours(2)), FIRST, statements=[said]) == {}


def test_a_large_batch_for_one_alone_is_named():
    """Shiawassee County, 4 November 2020: a zero too many."""
    finding = found(make.recorded({"gomez": 2204, "ahn": 900}, seq=2, at=make.hours(1)), FIRST)["one_sided_batch"]

    assert (finding.option, finding.severity) == ("gomez", "hold_calls")
    assert finding.problem == "Of 1,000 votes that were added, 1,000 are for Gomez."


@pytest.mark.parametrize(
    ("votes", "why"),
    [
        ({"gomez": 2104, "ahn": 910}, "fewer than a thousand votes"),
        ({"gomez": 2204, "ahn": 1000}, "one in eleven is for somebody else"),
        ({"gomez": 1204, "ahn": 900, "all_others": 5000}, "a sum is nobody"),
    ],
)
def test_other_batches_are_let_be(votes, why):
    """Late votes can lean far."""
    assert found(make.recorded(votes, seq=2, at=make.hours(1)), FIRST) == {}, why


def test_an_option_that_has_nearly_all_votes_may_have_a_batch_to_itself():
    """A candidate without a rival."""
    before = make.recorded({"gomez": 9900, "ahn": 100})

    assert found(make.recorded({"gomez": 11_900, "ahn": 100}, seq=2, at=make.hours(1)), before) == {}


def test_fewer_precincts_than_before_is_noted():
    """Precincts that had reported should stay reported."""
    before = make.recorded({"gomez": 10}, units_reported=20, units_total=30)

    finding = found(make.recorded({"gomez": 12}, seq=2, at=make.hours(1), units_reported=19, units_total=30), before)["units_fall"]

    assert finding.problem == "19 units have reported; the release before said 20."


@pytest.mark.parametrize(
    ("figure", "problem"),
    [
        ({"votes": 1500}, "Gomez: A paper printed 1,500 votes; the certified count is 1,400."),
        ({"gain": 400}, "Gomez: A paper printed a gain of 400 votes; from that release to the certified count it is 196 in all."),
    ],
)
def test_press_figures_that_the_certified_count_rules_out_are_named(figure, problem):
    """Both figures stay in the record."""
    report = Report(contest="c", kind=ReportKind.FIGURE, by="A paper", at=make.hours(1), source="p. 1", option="gomez", **figure)
    final = make.recorded({"gomez": 1400, "ahn": 1000}, seq=2, at=make.hours(9), status=ResultsStatus.CERTIFIED)

    assert found(final, FIRST, reports=(report,))["figure_contradicted"].problem == problem


def test_a_rounded_press_figure_is_let_be():
    """ "About 200" for 196 is no contradiction."""
    report = Report(contest="c", kind=ReportKind.FIGURE, by="A paper", at=make.hours(1), source="p. 1", option="gomez", gain=200)
    final = make.recorded({"gomez": 1400, "ahn": 1000}, seq=2, at=make.hours(9), status=ResultsStatus.CERTIFIED)

    assert found(final, FIRST, reports=(report,)) == {}


def test_contests_that_are_not_followed_are_counted():
    """The desk should know what it leaves out."""
    new = make.recorded({"gomez": 10}, ignored=("Sheriff", "Assessor", "Mayor", "Judge 1"))

    assert found(new)["contests_not_followed"].problem == (
        "Left out, because election.toml does not have them: 4 contests: Sheriff, Assessor, Mayor …."
    )


def test_a_fall_inside_a_rising_total_is_found_in_its_cell():
    """A swap between precincts leaves the total as it was."""
    before = count_frame([("c", "p1", "total", "gomez", 50, 1), ("c", "p2", "total", "gomez", 50, 2)])
    after = count_frame([("c", "p1", "total", "gomez", 40, 1), ("c", "p2", "total", "gomez", 70, 2)])

    findings = list(check_cells(before, after, ELECTION, origin=Origin()))

    assert [finding.problem for finding in findings] == ["Counts fall in 1 cell; the largest: unit p1, Gomez, total: from 50 to 40."]


def test_units_that_vanish_are_named():
    """A file cut off in the middle has fewer units."""
    before = count_frame([("c", f"p{n}", "total", "gomez", 50, n) for n in range(5)])
    after = count_frame([("c", "p0", "total", "gomez", 50, 1)])

    findings = list(check_cells(before, after, ELECTION, origin=Origin()))

    assert findings[0].problem == "Not in this release, though in the one before: 4 units: p1, p2, p3 …."


def test_a_finding_keeps_its_id_when_it_is_made_again():
    """Ids depend on what was found and where, so that they can be accepted once."""
    new = make.recorded({"gomez": 1104, "ahn": 950}, seq=2, at=make.hours(1))

    assert found(new, FIRST)["fall"].id == found(new, FIRST)["fall"].id


def test_statements_of_other_contests_do_not_bound_a_batch():
    """The runoff's figure says nothing of the primary."""
    said = make.statement(5, at=make.hours(1), contest_id="other", kind=BallotKind.OUTSTANDING)

    assert found(make.recorded({"gomez": 2000, "ahn": 1000}, seq=2, at=make.hours(2)), FIRST, statements=[said]) == {}


def test_a_correction_of_the_same_minute_is_a_fall_and_not_old():
    """The county replaces its file without a new time stamp: the later one counts, and its fall is named."""
    checks = found(make.recorded({"gomez": 1104, "ahn": 950}, seq=2), FIRST)

    assert set(checks) == {"fall"}


def test_votes_moved_between_options_in_an_old_copy_are_out_of_order():
    """The sum is the same, the copy is still old."""
    assert set(found(make.recorded({"gomez": 1104, "ahn": 1000}, seq=2, at=make.hours(-1)), FIRST)) == {"out_of_order"}


def test_categories_of_one_statement_bound_a_batch_together():
    """300 provisional and 10,000 by mail are 10,300, not 300."""
    said = [make.statement(n, at=make.hours(1), category=kind) for n, kind in ((300, "provisional"), (10_000, "mail"))]

    assert found(make.recorded({"gomez": 2000, "ahn": 1000}, seq=2, at=make.hours(2)), FIRST, statements=said) == {}


def test_a_countys_figure_bounds_a_batch_where_the_contest_has_none():
    """Los Angeles states what is left for the whole county."""
    said = make.statement(500, at=make.hours(1), contest_id="")

    assert set(found(make.recorded({"gomez": 2000, "ahn": 1000}, seq=2, at=make.hours(2)), FIRST, statements=[said])) == {
        "jump_above_outstanding"
    }


def test_a_count_that_goes_back_to_an_older_state_is_no_duplicate():
    """The same counts as two releases ago are a fall, not "nothing changes"."""
    second = make.recorded({"gomez": 1300, "ahn": 950}, seq=2, at=make.hours(1))
    back = make.recorded({"gomez": 1204, "ahn": 900}, seq=3, at=make.hours(2), counts=FIRST.counts)

    assert {finding.check for finding in check_release(back, ELECTION, make.records(FIRST, second))} == {"fall"}


def test_a_total_that_gives_way_to_precincts_is_no_missing_unit():
    """The night's release has one total, the canvass has precincts."""
    before = count_frame([("c", "all", "total", "gomez", 50, 1)])
    after = count_frame([("c", "p1", "total", "gomez", 60, 1)])

    assert list(check_cells(before, after, ELECTION, origin=Origin())) == []
