"""Printed figures of the model that follow without draws: the score of a place, and the votes to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from racecall.desk.verifying.election import Election
from racecall.desk.verifying.kept import kept_bytes
from racecall.desk.verifying.law import Rule
from racecall.desk.verifying.lessons import lessons_of
from racecall.desk.verifying.record import Event
from racecall.desk.verifying.running import Tables, Unscored, running
from racecall.desk.verifying.score import Scored, scored
from racecall.desk.verifying.threshold import is_packaged

HALF_A_VOTE, HALF_A_THOUSANDTH = 0.5 + 1e-6, 0.0005 + 1e-6
"""How far a rounded figure may be from the exact one."""

Claim = Mapping[str, Any]


class Scores:
    """Scores of an election, worked out for a moment when they are asked for.

    Args:
        events: The record.
        election: The settings.
        rules: The packaged law.
        tables: Gives the tables that the record names.
    """

    def __init__(self, events: Sequence[Event], election: Election, rules: Mapping[str, Rule], tables: Tables) -> None:
        self.events = events
        self.election = election
        self.rules = rules
        self.tables = tables
        self.at: Callable[[datetime], Mapping[str, Scored]] = lru_cache(maxsize=4)(self._work_out)

    def problems(self, claim: Claim, as_of: datetime) -> list[str]:
        """Say which printed figures are not those of the counts; nothing of a claim whose calibration is not packaged here.

        All contests of the election are worked out: those of one night share its turnout.

        Raises:
            Unscored: They cannot be worked out.
        """
        if not is_packaged(claim):
            return []
        return list(_problems(claim, self.at(as_of).get(claim["contest"])))

    def _work_out(self, as_of: datetime) -> Mapping[str, Scored]:
        known = [event for event in self.events if event.at <= as_of]
        followed = [one for one in self.election.contests.values() if one.rule in self.rules]
        runs = running([(one, self.rules[one.rule]) for one in followed], self.election, known, as_of, self.tables)
        nights = groupby(sorted(runs, key=lambda run: run.night), key=lambda run: run.night)
        made = [scored(list(group), lessons_of(night, self.election.state)) for night, group in nights]
        return {contest: one for night in made for contest, one in night.items()}


def _problems(claim: Claim, own: Scored | None) -> Iterator[str]:
    for slot in claim.get("slots") or ():
        score = own.scores.get(slot["option"]) if own and slot["option"] else None
        if not _is_near(slot.get("score"), score, HALF_A_THOUSANDTH):
            yield f"place {slot['slot']}: score is printed as {_said(slot.get('score'))}; the record gives {_said(score)}."
    to_come = claim.get("votes_to_come") or {}
    volume = {"low": own.volume.lower, "likely": own.volume.likely, "high": own.volume.upper} if own else {}
    for name in to_come:
        if not _is_near(to_come[name], volume.get(name), HALF_A_VOTE):
            yield f"votes to come: {name} is printed as {_said(to_come[name])}; the record gives {_said(volume.get(name))}."


def _is_near(printed: float | None, own: float | None, most: float) -> bool:
    return printed is own or (printed is not None and own is not None and abs(printed - own) <= most)


def _said(figure: float | None) -> str:
    return "none" if figure is None else f"{figure:,.3f}".removesuffix(".000")


# -- tables ---------------------------------------------------------------------------------------------------------------------------


def tables_of(path: Path) -> Tables:
    """Return what gives the tables of an election folder; each is read once."""

    @lru_cache(maxsize=64)
    def cells(sha256: str, contest: str) -> Mapping[tuple[str, str, str], int]:
        """Votes by unit, count type and option; totals stay out where a contest has count types."""
        rows = [row for row in _rows(path, sha256, "contest", "unit", "count_type", "option", "votes") if row[0] == contest]
        found = {row[1:4]: row[4] for row in rows if row[1] != "all" and row[4] is not None}
        parts = {place: votes for place, votes in found.items() if place[1] != "total"}
        return parts or found

    @lru_cache(maxsize=64)
    def rolls(sha256: str, contest: str) -> Mapping[str, float]:
        """Voters on the roll by unit; those of the contest go before those of the jurisdiction."""
        rows = _rows(path, sha256, "contest", "unit", "kind", "ballots")
        own = sorted((row for row in rows if row[2] == "registered" and row[0] in {contest, ""}), key=lambda row: row[0])
        return {unit: float(voters) for _, unit, _, voters in own if voters}

    return Tables(cells=cells, rolls=rolls)


def _rows(path: Path, sha256: str, *columns: str) -> list[tuple[Any, ...]]:
    import polars as pl

    data = kept_bytes(path, "counts", sha256)
    if data is None:
        raise Unscored("its cells are gone")
    try:
        return pl.read_parquet(BytesIO(data), columns=list(columns)).rows()
    except Exception as error:  # a damaged table is said where its hash is looked at
        raise Unscored(f"its cells cannot be read ({type(error).__name__})") from error
