"""Successive views of one contest: the count of 5 April 2017 in the 34th district, and what might have followed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import builders as make
from racecall.calls.judge import judge_contest
from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, SlotView, View
from racecall.desk.packaged import rulebook
from racecall.ledger.records import Records
from racecall.model.contest import Election
from racecall.model.settings import Settings

PEOPLE = make.contest("Gomez", "Ahn", "Cabildo", others=True)
ELECTION = make.election(PEOPLE)
NIGHT = {"gomez": 8156, "ahn": 5504, "cabildo": 2778, "all_others": 12547}
LATER = {"gomez": 9256, "ahn": 7604, "cabildo": 3278, "all_others": 14547}
SAID = make.statement(13400, includes_arrivals=True)


def look(
    votes: Mapping[str, int] | None = NIGHT,
    *,
    at: datetime = make.NIGHT,
    seq: int = 1,
    head: str = "",
    states: Mapping[str, SlotState] | None = None,
    election: Election = ELECTION,
    records: Records | None = None,
    **values,
) -> View:
    """A view of the election: votes of a release, and states of places as the desk would have them."""
    contest = election.contests[0]
    known = records or make.records(*([make.recorded(votes, at=at, seq=seq)] if votes else []), statements=[SAID])
    judged = judge_contest(contest, election, rulebook().rule(contest.rule), known, as_of=at, settings=Settings())
    said = replace(judged, slots=stated(judged, states or {}), **values)
    return View(election=election, as_of=at, head=head or f"{seq:064x}", contests=(said,), rehearsal=election.rehearsal)


def stated(judged: ContestView, states: Mapping[str, SlotState]) -> tuple[SlotView, ...]:
    """Everybody leads of whom nothing else is said, unless the count is certified."""
    if any(slot.state is SlotState.CERTIFIED for slot in judged.slots):
        return judged.slots
    return tuple(replace(slot, state=states.get(slot.option.id, SlotState.LEADING)) if slot.option else slot for slot in judged.slots)
