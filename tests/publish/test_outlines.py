"""Boundaries into outlines: neighbours stay neighbours, nobody is lost, and what is no map is refused in words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from racecall.errors import BrokenFile, SourceError
from racecall.publish.site.outlines import WIDTH, draw_map, read_outlines, read_shapes, spot, thinned_ring, write_shapes

SQUARE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
HOLE = [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6], [0.4, 0.4]]
EAST = [[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 1.0], [1.0, 0.5], [1.0, 0.0]]


def feature(unit: Any, *rings: list[list[float]], **properties: Any) -> dict[str, Any]:
    """A polygon with an id."""
    return {"type": "Feature", "properties": {"id": unit, **properties}, "geometry": {"type": "Polygon", "coordinates": list(rings)}}


def collection(*features: dict[str, Any]) -> bytes:
    """A GeoJSON file."""
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def outlines(*features: dict[str, Any]) -> Any:
    """Rings by unit."""
    return read_outlines(collection(*features), "id", where="map.geojson")


def corners(path: str) -> list[tuple[int, int]]:
    """The corners of the first ring of a path."""
    start, steps = path[1:].split("z", maxsplit=1)[0].split("l")
    numbers = [int(one) for one in steps.replace("-", " -").split()]
    found = [tuple(int(one) for one in start.split())]
    for step in zip(numbers[::2], numbers[1::2], strict=True):
        found.append((found[-1][0] + step[0], found[-1][1] + step[1]))
    return found


def test_a_square_degree_at_the_equator_is_a_square():
    """North is up: the first corner, in the south-west, is at the bottom left."""
    drawn = draw_map(outlines(feature("a", SQUARE)), "The county")

    assert (drawn.width, drawn.height) == (WIDTH, WIDTH)
    assert corners(drawn.shapes[0].path)[0] == (0, WIDTH)


def test_degrees_of_longitude_are_shorter_in_the_north():
    """At 60 degrees a degree of longitude is half as long."""
    north = [[x, 60 + y / 1000] for x, y in ([0, -1], [1, -1], [1, 1], [0, 1], [0, -1])]
    drawn = draw_map(outlines(feature("a", north)), "")

    assert drawn.height == pytest.approx(WIDTH * 0.002 / 0.5, abs=1)


def test_neighbours_share_their_corners():
    """Both lose the corner in the middle of the straight line between them."""
    drawn = draw_map(outlines(feature("a", SQUARE), feature("b", EAST)), "")
    west, east = (set(corners(shape.path)) for shape in drawn.shapes)

    assert west & east == {(320, 0), (320, 320)}


def test_a_hole_stays_a_hole():
    """It is a ring of its own in the path, and marks stand beside it."""
    shape = draw_map(outlines(feature("a", SQUARE, HOLE)), "").shapes[0]

    assert shape.path.count("M") == 2
    assert not (0.4 < shape.x / WIDTH < 0.6 and 0.4 < shape.y / WIDTH < 0.6)


def test_a_unit_smaller_than_the_grid_is_not_lost():
    """It keeps one square."""
    tiny = [[0.5, 0.5], [0.50001, 0.5], [0.50001, 0.50001], [0.5, 0.5]]
    shape = draw_map(outlines(feature("a", SQUARE), feature("b", tiny)), "").shapes[1]

    assert shape.path == "M320 320h1v1h-1z"
    assert shape.room == 0


def test_several_features_of_one_unit_are_one_outline():
    """Islands belong to their precinct."""
    (shape,) = draw_map(outlines(feature("a", SQUARE), feature("a", EAST)), "").shapes

    assert shape.path.count("M") == 2


def test_a_number_may_be_an_id():
    """Ids are compared as text, as the counts have them."""
    assert list(outlines(feature(12, SQUARE))) == ["12"]


def test_corners_on_a_straight_line_are_left_out():
    """And those that fell onto the one before, and the closing one."""
    assert thinned_ring([(0, 0), (0, 0), (5, 0), (9, 0), (9, 9), (0, 9), (0, 0)]) == [(0, 0), (9, 0), (9, 9), (0, 9)]


def test_a_spot_lies_inside_and_far_from_the_edge():
    """In a corner-shaped precinct the middle of the box is outside."""
    x, y, room = spot([[(0, 0), (100, 0), (100, 20), (20, 20), (20, 100), (0, 100)]])

    assert min(x, y) < 20
    assert room >= 7


def test_maps_come_back_as_they_were_written():
    """Rounds that share their boundaries share their map in the file."""
    drawn = draw_map(outlines(feature("a", SQUARE)), "The county")
    data = write_shapes({"primary": drawn, "runoff": drawn})

    assert read_shapes(data, where="shapes.json") == {"primary": drawn, "runoff": drawn}
    assert data.count(b"M0") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "map.geojson: this is no GeoJSON of polygons: Input data was truncated."),
        (b'{"type": "FeatureCollection", "features": []}', "map.geojson: this is no GeoJSON of polygons: Expected `array` of length >= 1"),
        (collection({"type": "Feature", "geometry": {"type": "Point", "coordinates": [0, 0]}}), "Invalid value 'Point'"),
        (collection(feature("a", [[0.0]])), "Expected `array` of length >= 2"),
    ],
)
def test_what_is_no_map_is_refused(data: bytes, said: str):
    """The message names the place in the file."""
    with pytest.raises(BrokenFile) as error:
        read_outlines(data, "id", where="map.geojson")

    assert said in str(error.value)
    assert str(error.value).endswith("Export polygons as a GeoJSON feature collection in WGS 84.")


def test_a_missing_id_names_the_properties_there_are():
    """The reader can choose another."""
    with pytest.raises(SourceError) as error:
        read_outlines(collection(feature("a", SQUARE, name="A")), "precinct", where="map.geojson")

    assert str(error.value) == (
        "map.geojson, feature 1: it has no 'precinct', which should hold the unit's id.\n"
        "Its properties: id, name. Name the right one with --unit-property."
    )


def test_metres_are_no_degrees():
    """A file in a projection of its own would be drawn as a point."""
    with pytest.raises(SourceError, match=r"feature 1: 6.1e\+06, 2.1e\+06 are no degrees of longitude and latitude"):
        outlines(feature("a", [[6.1e6, 2.1e6], [6.2e6, 2.1e6], [6.2e6, 2.2e6]]))


def test_a_map_file_that_is_none_is_refused():
    """Somebody edited it."""
    with pytest.raises(BrokenFile, match="this is no map file"):
        read_shapes(b'[{"contests": "x"}]', where="shapes.json")


def test_455_precincts_fit_on_a_page(shared):
    """Contra Costa County's, 425 kB as published: under 25 kB compressed, and nobody lost."""
    data = (shared / "maps" / "contra_costa_sd7_2015_precincts.geojson").read_bytes()
    drawn = draw_map(read_outlines(data, "precinct", where="map"), "")

    assert len({shape.unit for shape in drawn.shapes}) == 455
    assert len(gzip.compress("".join(shape.path for shape in drawn.shapes).encode())) < 15_000


def test_neighbouring_precincts_leave_no_gap(shared):
    """Of the ground that the published boundaries cover, less than two parts in a thousand is lost or gained."""
    data = (shared / "maps" / "contra_costa_sd7_2015_precincts.geojson").read_bytes()
    read = read_outlines(data, "precinct", where="map")
    drawn = draw_map(read, "")
    places = [place for rings in read.values() for ring in rings for place in ring]
    per_degree = drawn.height / (max(y for _, y in places) - min(y for _, y in places))
    wide = WIDTH / (max(x for x, _ in places) - min(x for x, _ in places))
    published = sum(abs(_area(ring)) for rings in read.values() for ring in rings) * per_degree * wide
    area = sum(abs(_area(ring)) for shape in drawn.shapes for ring in _rings(shape.path))

    assert area == pytest.approx(published, rel=0.002)


def _rings(path: str) -> list[list[tuple[int, int]]]:
    return [corners(f"M{one}z") for one in path.split("M")[1:] if "l" in one]


def _area(ring: Sequence[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]])) / 2
