"""A figure is looked up by size: what is found is what would be found by trying one thing after the other."""

from datetime import datetime

from coverage.texts import document_of, facts_at
from racecall.coverage.check import _parsed, _roster, rounds_of
from racecall.coverage.document import Role
from racecall.coverage.families.tables import gains_table, ground_of, kind_of, standing_table
from racecall.coverage.scene import race_of, scene_at, scene_of
from racecall.coverage.sentences import sentences_of

APRIL = datetime.fromisoformat("2017-04-15T09:00:00-07:00")
NAMED = ("gomez", "ahn", "cabildo")
TEXT = (
    "Gomez has 10,728 votes, 2,726 more than others, and gained about 2,500; he leads with 25.4% and Ahn has 22 percent, or nearly 9,500, "
    "fewer than 1,400 votes behind him, and more than 5,000 ahead of Cabildo, by 12 points."
)


def scenes():
    """The sentence, each of its figures and the scene of each."""
    facts = facts_at("ca34-2017", APRIL)
    rounds = rounds_of(facts.election, facts.election.contests[0].id)
    race = race_of(facts, rounds, _roster(facts.coverage, rounds, ()))
    (parsed,) = _parsed(sentences_of(document_of("story", [(Role.BODY, TEXT)])), race, race.facts.as_of)
    scene = scene_of(parsed, race)
    return [(parsed, item.figure, scene_at(parsed, item, scene)) for item in parsed.items if item.mark == "Q"]


def tables():
    """Each figure with the tables that it is looked up in, and the counts they are made from."""
    for parsed, quantity, scene in scenes():
        ground, kind = ground_of(scene), kind_of(parsed, quantity)
        yield from ((quantity, table(ground, NAMED, kind), ground.could_mean) for table in (standing_table, gains_table))


def test_a_figure_finds_what_it_fits_and_nothing_else():
    """The readings of which a count gives a number that the figure fits, in their order."""
    told = list(tables())

    assert len(told) > 10
    for quantity, table, counts in told:
        by_hand = [one for one in table.readings if any((value := one.worth(held)) and quantity.fits(value.number) for held in counts)]
        assert list(table.fitting(quantity)) == by_hand


def test_some_figures_are_found():
    """The count has them: Gomez's votes, his share, what lies between the two who lead."""
    found = [reading.type for quantity, table, _ in tables() for reading in table.fitting(quantity)]

    assert {"votes", "share", "margin", "change"} <= set(found)


def test_a_table_is_made_once_for_the_same_counts():
    """A thousand stories ask for it."""
    (parsed, quantity, scene), (_, _, again) = scenes()[0], scenes()[0]
    kind = kind_of(parsed, quantity)

    assert scene is not again
    assert standing_table(ground_of(scene), NAMED, kind) is standing_table(ground_of(again), NAMED, kind)
