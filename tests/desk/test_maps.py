"""The maps of an election folder: made from boundaries, kept beside the record, and no part of it."""

from __future__ import annotations

import pytest

from commands import racecall
from racecall.desk.demo import build_demo
from racecall.desk.maps import add_map, election_maps
from racecall.errors import UnknownName

NINETEEN = b"""{"type": "FeatureCollection", "features": [
{"properties": {"id": "0850001A"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}},
{"properties": {"id": "nowhere"}, "geometry": {"type": "Polygon", "coordinates": [[[1, 0], [2, 0], [2, 1], [1, 0]]]}}]}"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, made once; each test adds maps of its own."""
    return build_demo(tmp_path_factory.mktemp("maps") / "election")


@pytest.fixture
def boundaries(tmp_path):
    """Two outlines, one of them of a precinct of the demo."""
    path = tmp_path / "precincts.geojson"
    path.write_bytes(NINETEEN)
    return path


def test_a_map_says_whose_ids_it_met(demo, boundaries):
    """195 units have counts, one has an outline, and one outline is of nobody."""
    added = add_map(demo, "ca34-2017-primary", boundaries, unit_property="id", source="The county")

    assert (added.joined, len(added.without_outline), added.without_count) == (1, 194, ("nowhere",))


def test_maps_of_other_contests_stay(demo, boundaries):
    """One file holds them all."""
    for contest in ("ca34-2017-primary", "ca34-2017-runoff"):
        add_map(demo, contest, boundaries, unit_property="id", source="The county")

    assert sorted(election_maps(demo.path)) == ["ca34-2017-primary", "ca34-2017-runoff"]


def test_a_contest_that_is_not_followed_gets_no_map(demo, boundaries):
    """A wrong id is said before anything is written."""
    with pytest.raises(UnknownName, match="no contest 'mayor'"):
        add_map(demo, "mayor", boundaries, unit_property="id", source="The county")


def test_a_map_is_no_part_of_the_record(demo, boundaries):
    """The ledger's head stays, and the folder is whole."""
    head = demo.ledger().head
    add_map(demo, "ca34-2017-runoff", boundaries, unit_property="id", source="The county")

    assert demo.ledger().head == head
    assert racecall("verify", demo.path).code == 0


def test_the_second_packaged_election_has_a_map(tmp_path):
    """State Senate District 7 of 2015: Contra Costa's 455 precincts, all of them counted."""
    folder = build_demo(tmp_path / "election", "sd7-2015")
    maps = election_maps(folder.path)

    assert {contest: len(one.shapes) for contest, one in maps.items()} == {"sd7-2015-general": 455, "sd7-2015-primary": 455}


def test_the_second_packaged_election_adds_up(tmp_path):
    """The certified counts of both rounds are the state's, and nothing in them looks wrong."""
    folder = build_demo(tmp_path / "election", "sd7-2015")
    last = [event.body["contests"] for event in folder.ledger().of_kind("release")]
    votes = {contest: count["votes"] for counts in last for contest, count in counts.items()}

    assert votes["sd7-2015-primary"] == {"bonilla": 28389, "buchanan": 25534, "glazer": 38411, "hertle": 18281, "kremin": 3242}
    assert votes["sd7-2015-general"] == {"bonilla": 57491, "glazer": 68996}
    assert racecall("findings", "list", folder.path).out == "No open findings.\n"


def test_an_election_that_is_not_packaged_is_named(tmp_path):
    """And nothing is removed for it."""
    (tmp_path / "election").mkdir()
    with pytest.raises(UnknownName, match=r'no packaged election "ca51"\.\nThere are: ca34-2017, sd7-2015\.'):
        build_demo(tmp_path / "election", "ca51")

    assert (tmp_path / "election").is_dir()
