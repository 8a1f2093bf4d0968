"""What is still to be counted: official figures and estimates kept apart, never from precincts."""

import pytest

import builders as make
from racecall.model.counts import BallotKind
from racecall.model.release import ResultsStatus
from racecall.model.settings import Settings
from racecall.outstanding.inventory import share_counted, take_inventory

MORNING = make.hours(12)
CONTEST = make.contest("Gomez", "Ahn", "Cabildo", others=True)
NIGHT = make.recorded(
    {"gomez": 8156, "ahn": 5504, "cabildo": 2778, "all_others": 12547}, units_reported=192, units_total=192, ballots={"registered": 305551}
)


def inventory(*statements, as_of=MORNING, release=NIGHT):
    return take_inventory(CONTEST, make.records(release, statements=statements), as_of, Settings())


def test_precincts_alone_say_nothing():
    """192 of 192 precincts have reported, and what is left is not known; only the roll bounds it."""
    left = inventory()

    assert (left.likely, left.bound) == (None, 305551 - 28985)
    assert left.note == "no statement of ballots outstanding is recorded"
    assert share_counted(28985, left) is None


def test_the_announced_ballots_are_the_likely_figure():
    """5 April 2017: 13,400 announced make 28,985 votes 68.4% of what is expected."""
    left = inventory(make.statement(13400, at=make.hours(4), includes_arrivals=True))

    assert (left.official, left.likely) == (13400, 13400)
    assert share_counted(28985, left).likely == pytest.approx(0.684, abs=0.0005)


def test_official_and_estimated_lines_are_apart():
    """A reader can see which part an office has said."""
    left = inventory(make.statement(13400, at=make.hours(4), includes_arrivals=True))

    assert [(line.category, line.official) for line in left.lines] == [("total", True), ("estimate", False)]


def test_a_figure_of_ballots_on_hand_has_a_heavy_upper_tail():
    """Los Angeles said 355,500 on 6 March 2024 and 625,141 came: mail in the post is on nobody's hands."""
    covers, on_hand = (inventory(make.statement(1000, at=make.hours(4), includes_arrivals=says)) for says in (True, None))

    assert (covers.high, on_hand.high) == (1150, 2500)


def test_ballots_counted_without_votes_are_their_own_line():
    """7 April 2017: 40,913 ballots counted, 2,300 left, and no votes by candidate."""
    said = (make.statement(40913, at=make.hours(60), kind=BallotKind.CAST), make.statement(2300, at=make.hours(60)))

    left = inventory(make.statement(13400, at=make.hours(4)), *said, as_of=make.hours(61))

    assert [(line.category, line.likely) for line in left.lines[:2]] == [("counted_without_votes", 40913 - 28985), ("total", 2300)]
    assert left.likely == 14228


def test_a_later_count_of_ballots_eats_into_an_older_statement():
    """11 April 2017: 42,902 counted of 43,213 expected leaves 311."""
    said = (
        make.statement(40913, at=make.hours(60), kind=BallotKind.CAST),
        make.statement(2300, at=make.hours(60)),
        make.statement(42902, at=make.hours(160), kind=BallotKind.CAST),
    )

    assert [line.likely for line in inventory(*said, as_of=make.hours(161)).lines[:2]] == [13917, 311]


def test_votes_counted_after_a_statement_are_taken_off_it():
    """A release after the statement: what it added is no longer out."""
    later = make.recorded({"gomez": 9000, "ahn": 6000, "cabildo": 3000, "all_others": 12985}, at=make.hours(6), seq=2)
    said = make.statement(13400, at=make.hours(4), includes_arrivals=True)

    left = take_inventory(CONTEST, make.records(NIGHT, later, statements=[said]), make.hours(7), Settings())

    assert (left.likely, left.official) == (13400 - 2000, 13400)


def test_categories_are_kept_and_shrink_together():
    """Mail and provisional ballots stand apart, with the same source."""
    said = [make.statement(n, at=make.hours(4), category=category) for n, category in ((900, "mail"), (100, "provisional"))]

    assert [(line.category, line.likely) for line in inventory(*said).lines[:2]] == [("mail", 900), ("provisional", 100)]


def test_a_part_of_the_ballots_counted_is_not_the_count():
    """22,376 of the ballots came by mail: that is no total."""
    said = (make.statement(22376, at=make.hours(60), kind=BallotKind.CAST, category="mail"), make.statement(13400, at=make.hours(4)))

    assert inventory(*said, as_of=make.hours(61)).likely == 13400


def test_an_old_figure_is_called_stale():
    """After three days a figure is old, and says so."""
    assert inventory(make.statement(13400, at=make.hours(4)), as_of=make.hours(80)).stale


def test_nothing_is_left_after_certification():
    """A certified count has no ballots outstanding, whatever was said before."""
    final = make.recorded({"gomez": 10, "ahn": 9}, status=ResultsStatus.CERTIFIED)

    assert inventory(make.statement(500, at=make.hours(4)), release=final).bound == 0


def test_a_county_figure_is_split_by_the_ballots_counted_and_bounds_by_the_whole():
    """The county says 1,000; the contest is on a tenth of the ballots; all 1,000 bound the arithmetic."""
    count = make.recorded({"gomez": 60, "ahn": 40}, ballots={"cast": 100}, jurisdiction={BallotKind.CAST: 1000})

    left = inventory(make.statement(1000, at=make.hours(4), contest_id="", includes_arrivals=True), release=count)

    assert (left.likely, left.bound) == (100, 1150)
    assert left.lines[0].source == "The county: 1,000 county-wide; this contest is on 10% of the ballots counted"
    assert not left.lines[0].official


def test_what_is_left_is_never_negative():
    """More was counted than was announced: nothing is left, not less than nothing."""
    later = make.recorded({"gomez": 20000, "ahn": 16000, "cabildo": 8000, "all_others": 12985}, at=make.hours(6), seq=2)

    left = take_inventory(
        CONTEST, make.records(NIGHT, later, statements=[make.statement(13400, at=make.hours(4))]), make.hours(7), Settings()
    )

    assert (left.low, left.likely) == (0, 0)


def test_a_count_that_was_corrected_downwards_leaves_the_difference_out():
    """Nobody has said that more is counted than the current release shows: what was taken back is out again."""
    later = make.recorded({"gomez": 8000, "ahn": 5504, "cabildo": 2778, "all_others": 12547}, at=make.hours(6), seq=2)
    said = make.statement(1000, at=make.hours(4), includes_arrivals=True)

    left = take_inventory(CONTEST, make.records(NIGHT, later, statements=[said]), make.hours(7), Settings())

    assert (left.likely, [line.category for line in left.lines]) == (1156, ["total", "estimate"])
