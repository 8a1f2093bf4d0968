"""A name beside a figure that is somebody else's, and of somebody who does not stand in the round."""

from datetime import datetime

import pytest

from coverage.texts import document_of, facts_at
from racecall.coverage.check import check_story
from racecall.coverage.claims import Verdict
from racecall.coverage.document import Role

NIGHT = datetime.fromisoformat("2017-06-07T09:00:00-07:00")
SPRING = datetime.fromisoformat("2017-04-12T09:00:00-07:00")
MAY = datetime.fromisoformat("2017-06-02T09:00:00-07:00")


def read(text, moment):
    """The claims of a text about the district, by their words."""
    story = check_story(document_of("story", [(Role.BODY, text)]), facts_at("ca34-2017", moment))
    return {claim.claim.text: claim for claim in story.claims}


@pytest.mark.parametrize(
    ("text", "words", "moment", "reason"),
    [
        ("In the runoff Carmona drew 19,761 votes.", "19,761 votes", NIGHT, "Jimmy Gomez = 19,761 votes"),
        ("Carmona gained 1,868 votes in the update.", "1,868 votes", SPRING, "Robert Lee Ahn gained 1,868"),
        ("Carmona had raised about $961,000 by May 17.", "about $961,000", MAY, "Jimmy Gomez"),
        ("Ahn was 1,316 votes behind Cabildo.", "1,316 votes", SPRING, "Jimmy Gomez 10,727, Robert Lee Ahn 9,411"),
    ],
)
def test_a_figure_that_is_somebody_elses_is_contradicted(text, words, moment, reason):
    """Nothing of the kind may be held of the one who is named; the reason says whose it is."""
    claim = read(text, moment)[words]

    assert claim.verdict is Verdict.CONTRADICTED
    assert reason in claim.reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Gomez, who defeated Carmona in Tuesday's runoff, was at home.", "defeated"),
        ("Ahn called Carmona to concede on Tuesday night.", "called Carmona to concede"),
    ],
)
def test_who_does_not_stand_in_a_round_is_not_beaten_in_it(text, words):
    """Carmona stood in the primary only."""
    claim = read(text, NIGHT)[words]

    assert claim.verdict is Verdict.CONTRADICTED
    assert "does not stand in" in claim.reason


def test_few_digits_are_met_by_chance():
    """Of 23 votes nobody can say whose they are."""
    claim = read("Carmona gained 23 votes in the update.", SPRING)["23 votes"]

    assert claim.verdict is Verdict.CANNOT_CHECK


@pytest.mark.parametrize(("text", "words"), [("Ahn had 9,411 votes.", "9,411 votes"), ("1,868 votes were for Ahn.", "1,868 votes")])
def test_a_name_beside_its_own_figure_is_right(text, words):
    """Nothing is looked for that was found."""
    assert read(text, SPRING)[words].verdict is Verdict.CONFIRMED


def test_a_share_that_has_come_up_to_a_figure_is_no_bound():
    """ "Up to" after a verb or a name says what it is now."""
    figures = read("Gomez's share crept up to 36.5 percent on Tuesday.", SPRING)

    assert [claim.verdict for claim in figures.values() if claim.claim.type == "share"] == [Verdict.CONTRADICTED]


def test_texts_without_a_candidate_say_nothing_of_one():
    """A figure of nobody stays nobody's."""
    assert not [claim for claim in read("The hall holds 9,411 people.", SPRING).values() if claim.verdict is Verdict.CONTRADICTED]
