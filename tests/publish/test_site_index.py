"""The page with all contests: which section a contest is in, in which order, and what its row says."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from lxml import html

from racecall.calls.states import SlotState
from racecall.desk import packaged
from racecall.model.contest import Contest, Election, Option
from racecall.publish.site.index import Group, IndexPage, index_page, read_said
from racecall.publish.site.render import Renderer

AT = datetime(2022, 11, 9, 12, tzinfo=UTC)
RENDERER = Renderer(packaged.site_assets(), ("en",))


def contest(name: str, *options: str, **fields: Any) -> Contest:
    people = tuple(Option(id=option.lower(), name=option) for option in options or ("Ann", "Bo", "Cy"))
    return Contest(id=name, title=name.title(), rule="plurality", options=people, **fields)


def election(*contests: Contest) -> Election:
    return Election(id="e", title="A county", date=date(2022, 11, 8), timezone="America/Los_Angeles", contests=contests)


def said(name: str, *states: str, needed: float | None = 5.0, lead: int = 100, official: int | None = None, **fields: Any) -> bytes:
    """What a state file says of a contest of 1,000 votes, as far as the index reads it."""
    gap = {"rival": "bo", "points": needed, "margin_votes": lead, "cannot_happen": None}
    places = [
        {"slot": n, "kind": "elect", "option": ("ann", "cy")[n - 1], "state": state, "required_break": gap}
        for n, state in enumerate(states, 1)
    ]
    options = [("ann", "Ann", 0.5), ("cy", "Cy", 0.3), ("bo", "Bo", 0.2)]
    return json.dumps(
        {
            "contest": name,
            "title": name.title(),
            "as_of": "2022-11-09T12:00:00Z",
            "votes_counted": 1000,
            "ballots_outstanding": {"official": official},
            "options": [{"option": id_, "name": shown, "kind": "printed", "share": share} for id_, shown, share in options],
            "slots": places,
            **fields,
        }
    ).encode()


def page(*files: bytes, **fields: Any) -> IndexPage:
    names = [json.loads(data)["contest"] for data in files]
    return index_page(election(*map(contest, names)), map(read_said, files), as_of=AT, **fields)


def shown(index: IndexPage) -> html.HtmlElement:
    return html.fromstring(RENDERER.other("index.html.j2", "en", path="index.html", page=index, version=3))


def test_a_contest_stands_where_its_least_settled_place_does():
    """One place called, the other too close."""
    index = page(said("a", "called", "too_close"))

    assert [section.state for section in index.sections] == [SlotState.TOO_CLOSE]


def test_sections_begin_with_what_is_least_settled():
    """A call under review stands above everything."""
    index = page(said("a", "certified"), said("b", "likely"), said("c", "under_review"), said("d", "too_close"))

    assert [section.id for section in index.sections] == ["under-review", "too-close", "likely", "certified"]


def test_inside_a_section_the_least_turn_stands_first():
    """What cannot happen stands last but for contests of which nothing is known."""
    index = page(said("a", "likely", needed=9.0), said("b", "likely", needed=120.0), said("c", "likely", needed=0.4))

    assert [row.contest for row in index.sections[0].rows] == ["c", "a", "b"]


def test_bars_stop_at_fifty_points():
    """Nobody makes up so much."""
    rows = {row.contest: row.bar for row in page(said("a", "likely", needed=80.0), said("b", "likely", needed=10.0)).rows}

    assert rows == {"a": 100.0, "b": 20.0}


def test_the_line_stands_between_who_holds_a_place_and_who_is_next():
    """Two places: two names, then the third."""
    [row] = page(said("a", "called", "likely")).rows

    assert (row.inside, row.outside) == ((("Ann", 0.5), ("Cy", 0.3)), ("Bo", 0.2))


def test_outstanding_ballots_of_several_contests_are_not_added():
    """They are the same ballots: the largest figure is shown."""
    index = page(said("a", "likely", official=500), said("b", "likely", official=300))

    assert "At least 500 ballots are still to be counted." in " ".join(shown(index).text_content().split())


def test_a_question_is_a_measure_whatever_its_class():
    """Options yes and no."""
    asked = contest("m", "Yes", "No", office="city")
    data = said("m", "likely").replace(b'"ann"', b'"yes"').replace(b'"bo"', b'"no"')

    assert index_page(election(asked), [read_said(data)], as_of=AT).groups == {Group.MEASURES: 1}


def test_the_page_says_the_state_of_each_place_in_words():
    """A glyph has a name for people who do not see it."""
    row = shown(page(said("a", "called", "too_close"))).get_element_by_id("r-a")

    assert [svg.get("aria-label") for svg in row.findall(".//svg[@role='img']")] == ["Called", "Too close"]


def test_a_contest_without_a_figure_for_what_is_left_has_a_dash():
    """Never a zero."""
    row = shown(page(said("a", "leading", needed=None))).get_element_by_id("r-a")

    assert row.findall("td")[-1].text_content() == "–"


def test_a_held_contest_says_so():
    """A reader sees that there is more."""
    index = page(said("a", "leading"), held=["a"])

    assert "a later count is held" in shown(index).get_element_by_id("r-a").text_content()


@pytest.mark.parametrize("forbidden", ["//@style", "//style", "//script[not(@src)]", "//@onclick"])
def test_the_page_keeps_its_own_security_policy(forbidden):
    """Nothing inline."""
    assert shown(page(said("a", "leading"))).xpath(forbidden) == []


def test_a_name_that_is_a_script_is_text():
    """Whatever somebody typed."""
    name = "<script>alert(1)</script>"
    index = page(said("a", "leading").replace(b'"Ann"', json.dumps(name).encode()))

    assert name in shown(index).get_element_by_id("r-a").text_content()


def test_without_a_contest_the_page_says_so():
    """It is still a page."""
    assert "No contest is listed yet." in shown(index_page(election(), [], as_of=AT)).text_content()
