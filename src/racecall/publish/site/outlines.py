"""Boundaries into the outlines of a map: from a GeoJSON file to a few thousand whole numbers that a page can carry.

Theory of operation. Longitude is shortened by the cosine of the middle latitude (equirectangular: for a district of a hundred kilometres
the error is below one part in a thousand of its width), and every corner is moved to the same grid of whole numbers. Neighbours share
their corners, and moved to one grid they still do, so that no gap opens between them. What is then left out are corners that fell onto
the one before, and corners on a straight line between their neighbours, which nobody can see. Simplifying each outline by itself
(Douglas-Peucker) was rejected: two neighbours keep different corners, and slivers show.

Source: GeoJSON is RFC 7946 (coordinates in degrees of WGS 84, longitude first).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import cos, hypot, inf, radians
from typing import Annotated, Any

import msgspec

from racecall.errors import BrokenFile, SourceError
from racecall.publish.site.page import MapShapes, Shape

WIDTH = 640
"""Width of a map's box: at 640 units a precinct of a city block is still a few units wide, and 455 of them weigh 13 kB compressed."""
CANDIDATES = 7
"""Spots tried for a mark along each side of an outline's box."""
ROOM = 5
"""Least distance from the edge at which a mark is worth looking for."""

Place = tuple[float, float]
Corner = tuple[int, int]
Position = Annotated[list[float], msgspec.Meta(min_length=2)]


class _Polygon(msgspec.Struct, tag_field="type", tag="Polygon"):
    coordinates: list[list[Position]]

    @property
    def rings(self) -> list[list[Position]]:
        return self.coordinates


class _MultiPolygon(msgspec.Struct, tag_field="type", tag="MultiPolygon"):
    coordinates: list[list[list[Position]]]

    @property
    def rings(self) -> list[list[Position]]:
        return [ring for polygon in self.coordinates for ring in polygon]


class _Feature(msgspec.Struct):
    geometry: _Polygon | _MultiPolygon | None
    properties: dict[str, Any] | None = None


class _Collection(msgspec.Struct):
    features: Annotated[list[_Feature], msgspec.Meta(min_length=1)]


# Reading.


def read_outlines(data: bytes, unit_property: str, *, where: str) -> Mapping[str, Sequence[Sequence[Place]]]:
    """Return the rings of each unit in degrees, holes among them; several features of one unit are one outline.

    Args:
        data: A GeoJSON feature collection of polygons.
        unit_property: The property that holds the unit's id as the counts give it.
        where: Name of the file, for messages.

    Raises:
        BrokenFile: It is no such collection.
        SourceError: The property is missing, or the coordinates are no degrees.
    """
    try:
        collection = msgspec.json.decode(data, type=_Collection)
    except msgspec.MsgspecError as error:
        raise BrokenFile(
            f"this is no GeoJSON of polygons: {error}.", where=where, next_step="Export polygons as a GeoJSON feature collection in WGS 84."
        ) from None
    found: dict[str, list[list[Place]]] = {}
    for number, feature in enumerate(collection.features, 1):
        unit = _unit(feature, number, unit_property, where)
        if feature.geometry is not None:
            found.setdefault(unit, []).extend(_places(ring, number, where) for ring in feature.geometry.rings)
    return found


def _unit(feature: _Feature, number: int, unit_property: str, where: str) -> str:
    properties = feature.properties or {}
    value = properties.get(unit_property)
    if isinstance(value, (str, int)) and str(value):
        return str(value)
    raise SourceError(
        f"it has no {unit_property!r}, which should hold the unit's id.",
        where=f"{where}, feature {number:,}",
        next_step=f"Its properties: {', '.join(properties) or 'none'}. Name the right one with --unit-property.",
    )


def _places(ring: Iterable[Position], number: int, where: str) -> list[Place]:
    places = [(position[0], position[1]) for position in ring]
    wrong = next((place for place in places if not (abs(place[0]) <= 180 and abs(place[1]) <= 90)), None)
    if wrong:
        raise SourceError(
            f"{wrong[0]:g}, {wrong[1]:g} are no degrees of longitude and latitude.",
            where=f"{where}, feature {number:,}",
            next_step="The file is in a projection of its own. Export it in WGS 84 (EPSG:4326), as GeoJSON asks.",
        )
    return places


# Drawing.


def draw_map(outlines: Mapping[str, Sequence[Sequence[Place]]], source: str) -> MapShapes:
    """Return the map of these outlines, north up.

    Args:
        outlines: Rings by unit, in degrees.
        source: Who drew the boundaries, as the page prints it.
    """
    places = [place for rings in outlines.values() for ring in rings for place in ring]
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    shorter = cos(radians((south + north) / 2))
    per_degree = WIDTH / ((east - west) * shorter or 1.0)

    def on_grid(place: Place) -> Corner:
        return round((place[0] - west) * shorter * per_degree), round((north - place[1]) * per_degree)

    shapes = (_shape(unit, [[on_grid(place) for place in ring] for ring in rings]) for unit, rings in outlines.items())
    height = round((north - south) * per_degree)
    return MapShapes(width=WIDTH, height=max(1, height), shapes=tuple(shapes), source=source)


def _shape(unit: str, rings: Sequence[Sequence[Corner]]) -> Shape:
    """A unit smaller than the grid keeps one square of it: nobody is left off the map."""
    kept = [thin for ring in rings if len(thin := thinned_ring(ring)) >= 3]
    if not kept:
        x, y = rings[0][0] if rings and rings[0] else (0, 0)
        return Shape(unit=unit, path=f"M{x} {y}h1v1h-1z", x=x, y=y)
    x, y, room = spot(kept)
    return Shape(unit=unit, path="".join(map(_path, kept)), x=x, y=y, room=room)


def thinned_ring(ring: Sequence[Corner]) -> list[Corner]:
    """Drop corners that fell onto the one before and corners on a straight line; what is seen stays the same."""
    kept = [corner for before, corner in pairwise([None, *ring]) if corner != before and corner is not None]
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    while len(kept) >= 3:
        bent = [b for a, b, c in zip([kept[-1], *kept], kept, [*kept[1:], kept[0]], strict=False) if not _in_line(a, b, c)]
        if len(bent) == len(kept):
            break
        kept = bent
    return kept


def _in_line(a: Corner, b: Corner, c: Corner) -> bool:
    return (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def _path(ring: Sequence[Corner]) -> str:
    steps = " ".join(f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(ring))
    return f"M{ring[0][0]} {ring[0][1]}l{steps}z".replace(" -", "-")


def spot(rings: Sequence[Sequence[Corner]]) -> tuple[int, int, int]:
    """Return a spot inside an outline and how far it is from the edge; 0 where a mark would have no room.

    Tries a few spots and keeps the best: the farthest of all is not needed to place a mark of six units.
    """
    edges = [edge for ring in rings for edge in pairwise([*ring, ring[0]])]
    largest = max(rings, key=_extent)
    left, top, wide, high = _box(largest)
    if min(wide, high) < 2 * ROOM:
        return left + wide // 2, top + high // 2, 0
    parts = [(number + 0.5) / CANDIDATES for number in range(CANDIDATES)]
    spots = ((round(left + wide * across), round(top + high * down)) for across in parts for down in parts)
    inside = ((x, y, _room((x, y), edges)) for x, y in spots if _is_inside((x, y), edges))
    x, y, room = max(inside, key=lambda one: one[2], default=(left, top, 0.0))
    return x, y, int(room)


def _box(ring: Sequence[Corner]) -> tuple[int, int, int, int]:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _extent(ring: Sequence[Corner]) -> int:
    _, _, wide, high = _box(ring)
    return wide * high


def _is_inside(place: Corner, edges: Iterable[tuple[Corner, Corner]]) -> bool:
    """Even-odd: a line to the right crosses the outline an odd number of times."""
    x, y = place
    return sum((a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in edges) % 2 == 1


def _room(place: Corner, edges: Iterable[tuple[Corner, Corner]]) -> float:
    return min((_distance(place, a, b) for a, b in edges), default=inf)


def _distance(place: Corner, a: Corner, b: Corner) -> float:
    along, up = b[0] - a[0], b[1] - a[1]
    part = ((place[0] - a[0]) * along + (place[1] - a[1]) * up) / (along * along + up * up)
    part = min(1.0, max(0.0, part))
    return hypot(place[0] - a[0] - part * along, place[1] - a[1] - part * up)


# Our own file: shapes.json.


class _Drawn(msgspec.Struct):
    """One map, and the contests that it is of: the rounds of an election share their boundaries."""

    contests: list[str]
    map: MapShapes


def write_shapes(maps: Mapping[str, MapShapes]) -> bytes:
    """Return `shapes.json`: each map once, with the contests that it is of."""
    drawn: dict[MapShapes, list[str]] = {}
    for contest, one in sorted(maps.items()):
        drawn.setdefault(one, []).append(contest)
    return msgspec.json.encode([_Drawn(contests=contests, map=one) for one, contests in drawn.items()]) + b"\n"


def read_shapes(data: bytes, *, where: str) -> Mapping[str, MapShapes]:
    """Return the maps of a `shapes.json` by contest id.

    Raises:
        BrokenFile: It is not what `racecall map` writes.
    """
    try:
        drawn = msgspec.json.decode(data, type=list[_Drawn])
    except msgspec.MsgspecError as error:
        raise BrokenFile(f"this is no map file: {error}.", where=where, next_step="Make it again: racecall map DIR …") from None
    return {contest: one.map for one in drawn for contest in one.contests}
