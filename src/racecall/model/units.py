"""Reporting units: the places and groups that counts are reported for, and which contains which.

A unit need not have territory: Los Angeles County's ``999xxxxA`` ballot groups "cannot be attributed to a physical precinct", and a
mail-only or provisional unit has voters but no ground. Equal ids in two elections do not mean equal ground
(`docs/feeds/openelections.md`), so containment holds inside one election only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from racecall.errors import SettingsError

ALL_UNITS = "all"
"""The unit that stands for the whole contest. A row for it is a total as the source printed it, never to be added to its parts."""


class UnitType(StrEnum):
    """NIST SP 1500-100 v2 `ReportingUnitType`, the values we meet."""

    STATE = "state"
    COUNTY = "county"
    CITY = "city"
    PRECINCT = "precinct"
    COMBINED_PRECINCT = "combined_precinct"
    SPLIT_PRECINCT = "split_precinct"
    VOTE_CENTER = "vote_center"
    BALLOT_BATCH = "ballot_batch"
    CONGRESSIONAL = "congressional"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingUnit:
    """A unit that counts are reported for.

    Args:
        id: As the source prints it; text, so that leading zeros live.
        name: For people; the id if the source has no name.
        type: County, precinct, batch.
        parent: Id of the unit that contains it, "" at the top.
        territory: False for ballot groups that belong to no ground (provisional, failsafe, 999-precincts).
    """

    id: str
    name: str = ""
    type: UnitType = UnitType.OTHER
    parent: str = ""
    territory: bool = True


def containment(units: Iterable[ReportingUnit]) -> Mapping[str, tuple[str, ...]]:
    """Map every unit to the units that contain it, nearest first.

    Raises:
        SettingsError: A unit is listed twice, names a parent that is not listed, or contains itself.
    """
    parents = _parents(units)
    return {unit: tuple(_climb(unit, parents)) for unit in parents}


def _parents(units: Iterable[ReportingUnit]) -> dict[str, str]:
    parents: dict[str, str] = {}
    for unit in units:
        if unit.id in parents:
            raise SettingsError(f"reporting unit {unit.id!r} is listed twice.", next_step="Give each unit its own id.")
        parents[unit.id] = unit.parent
    for unit_id, parent in parents.items():
        if parent and parent not in parents:
            raise SettingsError(f"reporting unit {unit_id!r} lies in {parent!r}, which is not listed.")
    return parents


def _climb(unit: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen = {unit}
    while parent := parents[unit]:
        if parent in seen:
            raise SettingsError(f"reporting unit {unit!r} contains itself through {parent!r}.")
        seen.add(parent)
        yield parent
        unit = parent
