"""Who a story names: people as ballots print them, found as stories write them."""

from __future__ import annotations

import pytest

from racecall.coverage.record import Coverage
from racecall.coverage.roster import roster_of, spoken, surname
from racecall.model.contest import Contest, ElectionType, Option


def contest(*names: str) -> Contest:
    """A contest of these people."""
    options = tuple(Option(id=f"o{number}", name=name) for number, name in enumerate(names))
    return Contest(id="c", title="Mayor", election_type=ElectionType.GENERAL, rule="generic-plurality", options=options)


def found(text: str, *names: str) -> list[tuple[str, str]]:
    """Who is named in a text: the words, and the name on the ballot."""
    roster = roster_of((contest(*names),), Coverage(()))
    return [(text[start:end], named.name) for start, end, named in roster.find(text)]


@pytest.mark.parametrize(
    ("printed", "ways"),
    [
        ("Robert Lee Ahn", ("Robert Lee Ahn",)),
        ("ANN LEE", ("Ann Lee",)),
        ("BO NÚÑEZ", ("Bo Núñez",)),
        ("J. B. O'BRIEN-SMITH JR.", ("J. B. O'Brien-Smith Jr.",)),
        ("CARL DEMAIO", ("Carl Demaio", "Carl DeMaio")),
        ("Mary McDONALD", ("Mary McDONALD",)),
        ("MARY McDONALD", ("Mary Mcdonald", "Mary McDonald")),
        ("JOHN SMITH III", ("John Smith III",)),
        ("SMITH, JOHN", ("John Smith",)),
        ("John Smith, Jr.", ("John Smith, Jr.",)),
    ],
)
def test_a_ballots_name_is_read_as_people_write_it(printed, ways):
    """Capitals inside a name that capitals hide are tried both ways."""
    assert spoken(printed) == ways


@pytest.mark.parametrize("words", ["Leon de la Rosa", "Leon De La Rosa", "De La Rosa", "de la Rosa", "LEON DE LA ROSA"])
def test_a_name_in_capitals_is_found_however_its_particles_are_written(words):
    """With the first name and without."""
    assert found(f"Then {words} spoke.", "LEON DE LA ROSA") == [(words, "LEON DE LA ROSA")]


def test_a_surname_that_two_share_names_nobody():
    """In capitals as otherwise."""
    assert found("Lee leads Roe.", "ANN LEE", "BOB LEE", "CY ROE") == [("Roe", "CY ROE")]


def test_a_word_is_no_name():
    """A candidate called Young, in capitals on the ballot, is not every young voter."""
    assert found("Many young voters liked Young.", "ED YOUNG") == [("Young", "ED YOUNG")]


def test_what_follows_a_surname_is_no_part_of_it():
    """A comma before "Jr." stays out."""
    assert (surname("John Smith, Jr."), surname("Roque De La Fuente III")) == ("Smith", "De La Fuente")
