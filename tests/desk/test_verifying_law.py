"""Two readings of the rules: the engine, and the one that verifies. On the same count they must say the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecall.desk.packaged import rule_vectors_text, rulebook
from racecall.desk.verifying.decide import Vote, decide
from racecall.desk.verifying.law import packaged_rules, read_test
from racecall.model.contest import Contest
from racecall.model.outcome import Outcome, Tally
from racecall.rules import engine
from racecall.rules.places import slots
from racecall.rules.vectors import Vector, parse_vectors

VECTORS = [vector for vector in parse_vectors(rule_vectors_text()) if vector.tally.voters_in_contest is None and not vector.tally.units]
"""Those that rest on totals alone, as the counts of a contest do."""

counts = st.integers(0, 40) | st.integers(0, 10_000)


def first(outcome: Outcome) -> tuple[object, ...]:
    """What the engine says, without its sentences."""
    ties = tuple((tie.options, tie.places) for tie in outcome.ties)
    return outcome.elected, outcome.advancing, ties, outcome.next_round, bool(outcome.undecided)


def second(vote: Vote, rule: str) -> tuple[object, ...]:
    """The same from the second reading."""
    through = decide(packaged_rules()[rule], vote)
    return through.elected, through.advancing, through.tied, through.next_round, through.undecided


def test_both_know_the_same_rules():
    """Every packaged rule, by its id."""
    assert packaged_rules().keys() == {rule.id for rule in rulebook()}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_the_second_reading_passes_the_vectors(vector: Vector):
    """Statutes, worked examples and real elections have the outcome they must have."""
    tally = vector.tally
    ballots = {"blank": tally.blank, "invalid": tally.invalid, "cast": tally.ballots, "registered": tally.registered}
    vote = Vote(
        votes=tally.votes,
        others=tally.other_valid,
        ballots={kind: number for kind, number in ballots.items() if number is not None},
        seats=vector.seats,
        votes_allowed=vector.votes_allowed,
    )
    elected, advancing, *_ = second(vote, vector.rule)

    assert (elected, advancing) == (vector.elected, advancing if vector.advancing is None else vector.advancing)


@settings(max_examples=600, derandomize=True)
@given(rule=st.sampled_from(sorted(packaged_rules())), data=st.data())
def test_both_readings_agree(rule: str, data: st.DataObject):
    """On counts of every shape, ties and missing figures among them."""
    votes = data.draw(st.lists(counts, max_size=6))
    named = {f"option-{number}": own for number, own in enumerate(votes)}
    near = [sum(votes), 2 * sum(votes), sum(votes) // 2]
    ballots = data.draw(st.dictionaries(st.sampled_from(["blank", "invalid", "cast", "registered"]), counts | st.sampled_from(near)))
    others = data.draw(st.just(0) | counts)
    seats = data.draw(st.integers(1, 3))
    allowed = data.draw(st.sampled_from([1, seats]))
    tally = Tally(
        votes=named,
        other_valid=others,
        blank=ballots.get("blank"),
        invalid=ballots.get("invalid"),
        ballots=ballots.get("cast"),
        registered=ballots.get("registered"),
    )
    engine_says = engine.decide(rulebook().rule(rule), tally, seats=seats, votes_allowed=allowed)

    assert second(Vote(votes=named, others=others, ballots=ballots, seats=seats, votes_allowed=allowed), rule) == first(engine_says)


@pytest.mark.parametrize("seats", [1, 2, 5])
def test_both_count_the_places_alike(seats: int):
    """Places of the next round where there can be one, otherwise seats."""
    from racecall.desk.verifying.law import places_of

    contest = Contest(id="c", title="C", rule="", options=(), number_elected=seats)

    assert {rule.id: len(slots(rule, contest)) for rule in rulebook()} == {
        id_: places_of(rule, seats) for id_, rule in packaged_rules().items()
    }


def test_a_test_in_other_words_is_refused():
    """A word of the law that is not read is never passed over."""
    with pytest.raises(ValueError, match='no test reads "share of most"'):
        read_test("share of most")
