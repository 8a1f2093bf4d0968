"""Who is elected and who goes on, where the vectors leave a corner open."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import racecall.rules
from racecall.model.outcome import Tally
from racecall.rules.engine import decide


def test_one_candidate_alone_goes_on_where_nobody_wins_outright(outcome):
    """A single candidate in a top-two primary takes one place of two."""
    decided = outcome("us-ca-primary-voter-nominated", {"A": 7})

    assert (decided.advancing, decided.clauses[0].text) == (("A",), "1 place in the general election: A (7)")


def test_one_candidate_alone_has_a_majority(outcome):
    """All votes are more than half of them."""
    assert outcome("us-ca-special-primary", {"A": 7}).elected == ("A",)


def test_fewer_candidates_than_places_all_go_on(outcome):
    """Three candidates for Alaska's four places."""
    assert outcome("us-ak-primary", {"A": 7, "B": 5, "C": 0}).advancing == ("A", "B", "C")


def test_fewer_candidates_than_seats_are_all_elected(outcome):
    """Two candidates for three seats, and one seat stays empty."""
    assert outcome("generic-top-k", {"A": 7, "B": 5}, seats=3).elected == ("A", "B")


def test_all_others_can_never_go_on(outcome):
    """The remainder of 22 candidates has the most votes in the 34th district, and is nobody."""
    decided = outcome("us-ca-special-primary", {"gomez": 8_156, "ahn": 5_504, "cabildo": 2_778}, other_valid=12_547)

    assert decided.advancing == ("gomez", "ahn")


def test_the_first_out_is_named(outcome):
    """A reader sees the cut: who is through and who is not."""
    decided = outcome("us-ca-special-primary", {"gomez": 8_156, "ahn": 5_504, "cabildo": 2_778}, other_valid=12_547)

    assert decided.clauses[-1].text == "2 places in the runoff: gomez (8,156) and ahn (5,504); cabildo (2,778) is the first out"


def test_once_the_seats_are_filled_nobody_elses_share_is_recited(outcome):
    """A winner outright is one sentence, not one a candidate."""
    decided = outcome("us-ca-special-primary", {"A": 60, "B": 30, "C": 10})

    assert [clause.text for clause in decided.clauses] == ["A: 60 of 100 valid votes is 60.0%; more than 50% elects"]


def test_south_dakota_with_two_candidates_has_no_threshold(outcome):
    """The 35% are for three or more candidates; between two the most votes decide."""
    decided = outcome("us-sd-primary", {"A": 60, "B": 40})

    assert (decided.elected, decided.clauses[0].text) == (("A",), "2 candidates, fewer than 3: the most votes decide")


def test_south_dakota_with_others_unnamed_keeps_its_threshold(outcome):
    """ "All others" may be a third candidate, so the threshold stands."""
    assert outcome("us-sd-primary", {"A": 34, "B": 33}, other_valid=33).elected == ()


def test_iowa_below_its_threshold_goes_to_a_convention(outcome):
    """There is no second round: the party decides."""
    decided = outcome("us-ia-primary", {"A": 34, "B": 33, "C": 33})

    assert (decided.elected, decided.advancing, decided.next_round) == ((), (), "party convention")


def test_north_carolinas_second_primary_hangs_on_a_request(outcome):
    """Both are named, and the clause says that the second must ask."""
    clause = outcome("us-nc-municipal-runoff", {"A": 40, "B": 35, "C": 25}).clauses[-1]

    said = "the runoff is held only if the second asks for it; otherwise leader elected"
    assert (clause.text, clause.holds, clause.decides) == (said, None, ("B",))


def test_north_carolinas_deadline_is_in_the_clause(outcome):
    """The second has nine days."""
    clause = outcome("us-nc-primary", {"A": 30, "B": 30, "C": 29, "D": 11}).clauses[-1]

    assert clause.text == "the runoff is held only if the second asks for it within 9 days; otherwise our text does not say"


@pytest.mark.parametrize("rule", ["us-ca-sf-rcv", "us-ak-general", "us-me-rcv", "us-nyc-primary-rcv", "us-dc"])
def test_ranked_choice_is_undecided_from_votes(outcome, rule: str):
    """First choices are not an outcome, even above one half."""
    undecided = outcome(rule, {"A": 90, "B": 10}).undecided

    assert undecided == "Ranked choice: the rankings on the ballots decide, and votes by option do not say who wins."


def test_bonus_lists_are_undecided_from_votes(outcome):
    """French municipal lists share out seats, which this engine does not."""
    undecided = outcome("fr-municipal", {"A": 90, "B": 10}).undecided

    assert undecided == "Lists with a bonus: seats are shared out between lists, and votes by option do not say who wins."


def test_nigerias_second_place_does_not_go_by_votes_alone(outcome):
    """Without the spread there is a second round, but its second place goes by states."""
    units = ({"A": 9, "B": 1}, {"A": 2, "B": 8}, {"A": 1, "B": 9})
    decided = outcome("ng-president", {"A": 12, "B": 11, "C": 7}, units=units)

    undecided = "The second place goes by majority in most states, which votes alone do not give."
    assert (decided.elected, decided.advancing, decided.undecided) == ((), (), undecided)


def test_nigerias_winner_needs_the_most_votes_and_the_spread(outcome):
    """A quarter in two states of three, and the most votes."""
    units = ({"A": 9, "B": 1}, {"A": 3, "B": 7}, {"A": 1, "B": 9})

    assert outcome("ng-president", {"A": 13, "B": 11, "C": 7}, units=units).elected == ("A",)


def test_a_rule_for_one_seat_is_not_stretched_to_two(outcome):
    """Half of the votes is not half of the voters when each has two."""
    decided = outcome("us-ga-all", {"A": 60, "B": 50, "C": 40}, seats=2, votes_allowed=2)

    assert decided.undecided == "The rule as we have it is for one seat, and 2 are to be filled."


def test_places_for_one_seat_are_not_stretched_to_two(outcome):
    """Washington sends on two for one seat; for two seats our text has nothing."""
    assert outcome("us-wa-primary", {"A": 6, "B": 5, "C": 4}, seats=2).undecided == (
        "The rule sends on 2 for one seat, and 2 are to be filled."
    )


def test_the_generic_top_two_has_two_places_a_seat(outcome):
    """Two seats, four places."""
    decided = outcome("generic-top-two", {"A": 6, "B": 5, "C": 4, "D": 3, "E": 2}, seats=2, votes_allowed=2)

    assert decided.advancing == ("A", "B", "C", "D")


def test_one_above_the_french_floor_is_joined_by_the_next(outcome):
    """Code électoral L162: if only one qualifies, the next joins."""
    decided = outcome("fr-legislative", {"A": 13_000, "B": 9_000, "C": 8_000}, registered=100_000)

    assert decided.advancing == ("A", "B")


def test_exactly_on_the_french_floor_qualifies(outcome):
    """An eighth of the roll is enough, one vote less is not."""
    decided = outcome("fr-legislative", {"A": 20_000, "B": 15_000, "C": 12_500, "D": 12_499}, registered=100_000)

    assert decided.advancing == ("A", "B", "C")


@pytest.mark.parametrize(("second", "elected"), [(30, ("A",)), (31, ())])
def test_bolivia_asks_for_a_lead_of_at_least_ten_points(outcome, second: int, elected: tuple[str, ...]):
    """Ten points are enough in Bolivia and not in Ecuador."""
    assert outcome("bo-president", {"A": 40, "B": second, "C": 100 - 40 - second}).elected == elected


def test_ecuador_asks_for_more_than_ten_points(outcome):
    """The same count as in Bolivia goes to a runoff."""
    assert outcome("ec-president", {"A": 40, "B": 30, "C": 30}).elected == ()


def test_a_lead_is_over_a_candidate_not_over_all_others(outcome):
    """ "All others" together are not a rival."""
    assert outcome("ar-president", {"A": 42, "B": 20}, other_valid=38).elected == ("A",)


def test_three_seats_of_louisiana_leave_places_for_the_open_ones(outcome):
    """Two are elected, one seat is open, so two go on."""
    decided = outcome("us-la-open-primary", {"A": 300, "B": 250, "C": 150, "D": 140, "E": 160}, seats=3, votes_allowed=3)

    assert (decided.elected, decided.advancing, decided.next_round) == (("A", "B"), ("E", "C"), "general")


def test_an_undecided_outcome_names_nobody(outcome):
    """What is not known of one is not said of another."""
    decided = outcome("us-ca-nonpartisan-primary", {"A": 600, "B": 520}, seats=1, votes_allowed=2)

    assert (decided.elected, decided.advancing, decided.ties, decided.recounts) == ((), (), (), ())


def test_the_outcome_names_its_rule(outcome):
    """A page can link the law from the outcome."""
    assert outcome("us-wa-primary", {"A": 1}).rule == "us-wa-primary"


def test_a_floor_that_nobody_passes_sends_nobody_on(written):
    """A law with a floor and no minimum may leave the next round empty."""
    rule = written('advance = { count = 2, qualify = "share >= 50% of registered" }')
    decided = decide(rule, Tally(votes={"A": 6, "B": 4}, registered=100))

    assert (decided.advancing, decided.next_round) == ((), "")


def test_no_more_than_the_maximum_goes_on(written):
    """Everybody above a floor, but at most three."""
    rule = written('advance = { qualify = "share >= 10% of valid", min = 2, max = 3 }')

    assert decide(rule, Tally(votes={"A": 30, "B": 27, "C": 23, "D": 20})).advancing == ("A", "B", "C")


def test_the_engine_has_no_floating_point():
    """Law is decided in whole numbers and fractions: no float is written or made anywhere in the rules."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in Path(racecall.rules.__path__[0]).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float)) or (isinstance(node, ast.Name) and node.id == "float")
    ]

    assert found == []
