"""What is known about a contest before a vote is counted, in the few words that volume, shift and score need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from racecall.errors import UsageError

PARTY_SIDE = {"DEM": 1, "D": 1, "REP": -1, "R": -1}
"""The side on which a party's late ballots are known to drift; every other preference has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestSetting:
    """A contest as the projection and the score see it.

    Args:
        id: Contest id.
        title: For people.
        options: Names, in the order of the columns of `CountPath.votes`.
        parties: Party preference of each option, "" if none.
        eligible: Which options can fill a slot (aggregates cannot).
        slots: Places to be filled if nobody has a majority.
        majority: More than half of the votes elects outright, and then there is no second place.
        first_round: Whether the contest sends options to another round.
        primary_night: Whether first rounds are held that day: turnout is low then, and late voters differ more.
        night: Election day as ``YYYY-MM-DD``; contests of one date share their luck.
        state: Postal code, "" if unknown.
        office: Office class of the archive format, "" if unknown.
        counties: Share of the contest's votes by county, sums to 1; empty if unknown.
        district: Key of the same ground in other elections, "" if none.

    Raises:
        UsageError: Lists of different length, or no place to fill.
    """

    id: str
    options: tuple[str, ...]
    parties: tuple[str, ...]
    eligible: tuple[bool, ...]
    slots: int
    title: str = ""
    majority: bool = False
    first_round: bool = False
    primary_night: bool = False
    night: str = ""
    state: str = ""
    office: str = ""
    counties: Mapping[str, float] = field(default_factory=dict)
    district: str = ""

    def __post_init__(self) -> None:
        if not len(self.options) == len(self.parties) == len(self.eligible):
            raise UsageError("options, parties and eligible differ in length.", where=f"contest {self.id}")
        if self.slots < 1:
            raise UsageError("a contest has at least one place to fill.", where=f"contest {self.id}")

    @property
    def sides(self) -> tuple[int, ...]:
        """+1 Democratic, -1 Republican, 0 neither, one an option."""
        return tuple(PARTY_SIDE.get(party.upper(), 0) for party in self.parties)

    @property
    def partisan(self) -> bool:
        """Whether a major party stands."""
        return any(self.sides)

    @property
    def field_size(self) -> int:
        """How many options can fill a slot."""
        return sum(self.eligible)

    @property
    def party_committee(self) -> bool:
        """A party's own committee: every option of one major party, several seats."""
        named = {party for party, can in zip(self.parties, self.eligible, strict=True) if can}
        return len(named) == 1 and self.partisan and not self.first_round and self.slots > 1

    @property
    def contested(self) -> bool:
        """More options than places."""
        return self.field_size > self.slots


LEGISLATIVE = ("us_house", "state_senate", "state_assembly", "state_house")
"""Office classes whose districts keep their ground between two redistrictings."""


def district_key(state: str, office: str, title: str) -> str:
    """Name the ground of a legislative contest, the same in every election since the last redistricting; "" if there is none.

    >>> district_key("CA", "us_house", "United States Representative, 34th District")
    'CA us_house 34'
    """
    number = re.search(r"\d+", title)
    if office not in LEGISLATIVE or not state or not number:
        return ""
    return f"{state} {office} {int(number[0])}"
