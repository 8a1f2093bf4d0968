"""Place by place: who is first where, what is left out, and pictures that stay light."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
import pytest

from builders import contest
from chart_pages import CA34, T, make_page, rows, said, section, units
from racecall.publish.site.charts.units import MOST_MARKS, map_chart, stack_bins, stack_chart, tile_chart, units_look, without_outline
from racecall.publish.site.page import MapShapes, Mark, Shape, UnitCount

FOUR = units(
    a={"gomez": 60, "ahn": 30, "cabildo": 10},
    b={"gomez": 20, "ahn": 70, "cabildo": 10},
    c={"gomez": 5, "ahn": 4},
    d={"gomez": 0, "ahn": 0},
)
SQUARES = MapShapes(
    width=40,
    height=10,
    shapes=tuple(
        Shape(unit=unit, path=f"M{10 * n} 0h10v10h-10z", x=10 * n + 5, y=5, room=room)
        for n, (unit, room) in enumerate([("a", 5), ("b", 2), ("c", 5)])
    ),
    source="The county",
)


def many(number: int) -> tuple[UnitCount, ...]:
    """So many precincts, every third one Ahn's."""
    return units(**{f"p{n:04d}": {"gomez": 40 + n % 50, "ahn": 120 if n % 3 == 0 else 30} for n in range(number)})


def test_units_with_few_votes_are_counted_in_words():
    """Nine voters are no place's opinion."""
    page = make_page(CA34, units=FOUR)

    assert [one.unit.id for one in units_look(page).drawn] == ["a", "b"]
    assert "4 places. 1 with fewer than 30 votes is not drawn. 1 has no votes." in said(page, "units")


def test_ballots_that_belong_to_no_ground_are_left_out():
    """A group of late ballots is no place."""
    page = make_page(CA34, units=(*FOUR, UnitCount(id="9990001", name="9990001", votes={"gomez": 500}, territory=False)))

    assert units_look(page).groups == 1
    assert "1 group of ballots belongs to no place and is left out." in said(page, "units")


def test_the_gap_is_between_the_leaders():
    """In unit b Ahn is 50 points ahead of Gomez, whoever is second there."""
    look = units_look(make_page(CA34, units=FOUR))

    assert look.pair == ("gomez", "ahn")
    assert [one.gap for one in look.drawn] == [30, -50]


def test_with_more_than_two_places_the_gap_is_at_the_line():
    """Who is first of five says nothing about the fifth place."""
    of = contest("Gomez", "Ahn", "Cabildo", "Hernandez", rule="generic-top-k", number_elected=3)
    look = units_look(make_page(CA34, of=of, units=FOUR))

    assert look.pair == ("cabildo", "hernandez")


def test_a_tie_has_no_leader():
    """Equal votes give the place to nobody."""
    page = make_page(CA34, units=units(a={"gomez": 50, "ahn": 50}))

    assert units_look(page).leads == (("", 1),)
    assert rows(section(page, "units"), "Places by who is first") == [["A tie", "1"]]


def test_a_sum_over_others_leads_nowhere():
    """All others together are nobody."""
    of = contest("Gomez", "Ahn", others=True)
    page = make_page({"gomez": 50, "ahn": 40, "all_others": 90}, of=of, units=units(a={"gomez": 50, "ahn": 40, "all_others": 90}))

    assert units_look(page).drawn[0].leader == "gomez"


def test_every_unit_is_in_one_column():
    """A gap of exactly 100 points is in the last one."""
    page = make_page(CA34, units=units(a={"gomez": 99}, b={"ahn": 99}, c={"gomez": 50, "ahn": 50}))

    assert {low: sum(column.values()) for low, column in stack_bins(units_look(page)).items()} == {-100: 1, 0: 1, 95: 1}


def test_one_mark_a_unit():
    """Eight bytes each: ends of lines without length."""
    look = units_look(page := make_page(CA34, units=many(192)))

    assert str(stack_chart(page, look, T)).count("h0") == str(tile_chart(look, T)).count("h0") == 192


def test_marks_differ_by_shape():
    """Squares for the first, dots for the second: colour is never alone."""
    chart = lxml.html.fragment_fromstring(tile_chart(units_look(make_page(CA34, units=FOUR)), T))

    assert sorted(one.get("class") for one in chart.xpath("//path")) == ["sa square", "sb round"]


@pytest.mark.parametrize("number", [MOST_MARKS + 1, 3000])
def test_a_long_list_stays_light(number: int):
    """Beyond 600 units there are bars with counts, and no tiles."""
    page = make_page(CA34, units=many(number))
    tree = section(page, "units")

    assert tree.xpath("//svg[@class='tiles']") == []
    assert len(lxml.html.tostring(tree)) < 12_000


def test_without_outlines_the_page_says_that_it_is_no_map():
    """Twice: above the stack and above the tiles."""
    page = make_page(CA34, units=FOUR)

    assert "We hold no boundaries, so there is no map." in said(page, "units")
    assert "Not a map." in said(page, "units")


def test_a_map_has_three_steps_and_pale_ground():
    """Unit a leads by 30 points or more, b as well, c has too few votes."""
    page = make_page(CA34, units=FOUR, shapes=SQUARES)
    chart = lxml.html.fragment_fromstring(map_chart(page, units_look(page), T))

    assert [one.get("class") for one in chart.xpath("//path")] == ["fa l3", "fb l3", "few", "on"]


def test_a_mark_stands_where_it_has_room():
    """Unit b is too narrow for one, c has too few votes."""
    page = make_page(CA34, units=FOUR, shapes=SQUARES)
    (marks,) = lxml.html.fragment_fromstring(map_chart(page, units_look(page), T)).xpath("//path[@class='on']/@d")

    assert marks == "M5 5m-3-3h6v6h-6z"


def test_a_unit_without_an_outline_is_counted():
    """It is in the table, and the page says that it is not on the map."""
    page = make_page(CA34, units=FOUR, shapes=replace(SQUARES, shapes=SQUARES.shapes[1:]))

    assert without_outline(page, units_look(page)) == 1
    assert "1 place has votes and no outline: it is in the table and not on the map." in said(page, "units")


def test_a_map_says_who_drew_it():
    """Boundaries have an author."""
    assert "Boundaries: The county." in said(make_page(CA34, units=FOUR, shapes=SQUARES), "units")


def test_few_units_are_listed_one_by_one():
    """58 counties are a table."""
    tree = section(make_page(CA34, units=FOUR), "units")

    assert rows(tree, "Place by place") == [["a", "Gomez", "30.0", "100"], ["b", "Ahn", "50.0", "100"]]


@pytest.mark.parametrize("given", [(), units(a={"gomez": 3}), units(a={"gomez": 0})])
def test_without_units_there_is_no_section(given):
    """No units, or none with votes enough."""
    assert section(make_page(CA34, units=given), "units") is None


def test_a_mark_is_that_of_the_standing():
    """Shapes never change hands between sections."""
    look = units_look(make_page(CA34, units=FOUR))

    assert [one.mark for one in look.drawn] == [Mark.FIRST, Mark.SECOND]
