"""What is certain, and what would have to happen: checked by hand and by trying every way to count what is left."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from racecall.calls.arithmetic import boundary_pairs, clinched, eliminated, outright, pair_break, ranked
from racecall.outstanding.inventory import Inventory

CA34 = {"gomez": 8156, "ahn": 5504, "cabildo": 2778}
OUT = Inventory(low=12730, likely=13400, high=15410, bound=15410)


def test_third_place_needed_a_twenty_point_break():
    """5 April 2017: 20.3 points over second, having trailed by 9.4."""
    pair = pair_break("ahn", "cabildo", CA34, 28985, OUT)

    assert (pair.points, pair.observed_points) == (pytest.approx(20.34, abs=0.01), pytest.approx(-9.405, abs=0.001))


def test_more_ballots_out_need_a_smaller_break():
    """The high figure for what is out gives the low figure for the break."""
    pair = pair_break("ahn", "cabildo", CA34, 28985, OUT)

    assert pair.points_low < pair.points < pair.points_high


def test_an_unknown_number_of_ballots_gives_no_break():
    """No figure is better than a made-up one."""
    pair = pair_break("ahn", "cabildo", CA34, 28985, Inventory())

    assert (pair.points, pair.cannot_happen) == (None, None)


def test_every_pair_across_the_cut_is_listed_closest_first():
    """Two holders, one rival: two pairs."""
    assert [(p.holder, p.rival) for p in boundary_pairs(CA34, 2, 28985, OUT)] == [("ahn", "cabildo"), ("gomez", "cabildo")]


def test_equal_votes_stay_in_ballot_order():
    """A tie is never broken by the alphabet or by chance."""
    assert ranked({"z": 5, "a": 5, "m": 9}) == ("m", "z", "a")


def test_a_tie_that_could_still_happen_is_not_clinched():
    """Ten ahead with ten out can end level, and a tie is for the law."""
    assert clinched({"a": 30, "b": 20, "c": 10}, 1, 10) == frozenset()
    assert clinched({"a": 31, "b": 20, "c": 10}, 1, 10) == {"a"}


def test_no_majority_is_possible_when_even_all_ballots_would_not_do():
    """Gomez at 28.1% would have needed 97% of 13,400."""
    test = outright(CA34, 28985, Fraction(1, 2), Inventory(low=13400, likely=13400, high=13400, bound=13400))

    assert (round(test.needed, 3), test.possible, test.assured) == (0.973, True, False)
    assert not outright(CA34, 28985, Fraction(1, 2), Inventory(bound=12000)).possible


@given(st.lists(st.integers(0, 6), min_size=2, max_size=4), st.integers(1, 2), st.integers(0, 3))
def test_clinched_and_eliminated_hold_for_every_way_to_count_the_rest(votes, places, left):
    """Whatever the ballots still out say, one vote a ballot: who clinched is in, who is eliminated is not, ties included."""
    named = {str(number): count for number, count in enumerate(votes)}
    sure, out = clinched(named, places, left), eliminated(named, places, left)

    for ballots in product([*named, None], repeat=left):
        final = {name: count + ballots.count(name) for name, count in named.items()}
        for name, count in final.items():
            ahead = sum(other > count for other in final.values())
            level_or_ahead = sum(other >= count for other in final.values()) - 1
            assert name not in sure or level_or_ahead < places
            assert name not in out or ahead >= places


@given(st.lists(st.integers(0, 50), min_size=1, max_size=4), st.integers(0, 4))
def test_a_majority_is_assured_only_if_it_cannot_be_lost(votes, left):
    """All ballots still out against the leader must leave the leader above half; and possible means some way leads there."""
    named = {str(number): count for number, count in enumerate(votes)}
    total = sum(votes)
    test = outright(named, total, Fraction(1, 2), Inventory(bound=left, likely=left, low=left, high=left))
    if test is None:
        assert total == 0
        return
    best = max(votes)

    assert test.assured == (2 * best > total + left)
    assert test.possible == (2 * (best + left) > total + left)
