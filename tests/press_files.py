"""Files of the press in their real layout, with made-up people: what the tests of the agencies' feeds change and read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

AT = "2026-11-04T05:30:00Z"


def ap_candidate(name: str, votes: Any = 0, party: str = "Dem", **more: Any) -> dict[str, Any]:
    """Return a candidate of AP; votes of ... are left out."""
    first, _, last = name.rpartition(" ")
    return {"first": first, "last": last, "party": party, "candidateID": "1"} | ({} if votes is ... else {"voteCount": votes}) | more


def ap_unit(*candidates: Mapping[str, Any], level: str = "state", name: str = "", **more: Any) -> dict[str, Any]:
    """Return a reporting unit of AP."""
    named = {"reportingunitName": name, "reportingunitID": f"{len(name)}"} if name else {}
    precincts = {"precinctsReporting": 3, "precinctsTotal": 5, "precinctsReportingPct": 60.0}
    return {"statePostal": "CA", "level": level, "lastUpdated": AT, **precincts, "candidates": candidates} | named | more


def ap_race(*units: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a race of AP."""
    names = {"raceID": "101", "raceType": "Primary", "officeID": "H", "officeName": "U.S. House", "seatName": "District 34"}
    return {"test": False, **names, "reportingUnits": units} | more


def ap(*races: Mapping[str, Any]) -> bytes:
    """Return an answer of AP's API."""
    return json.dumps({"electionDate": "2026-11-03", "timestamp": "2026-11-04T05:31:07.100Z", "races": races}).encode()


ANA, BEN = ap_candidate("Ana Ruiz", 1204), ap_candidate("Ben Cole", 900, "GOP")
AP = ap(ap_race(ap_unit(ANA, BEN)))
"""One race, two candidates."""


def ddhq_place(votes: Mapping[str, Any], types: Mapping[str, tuple[int, int]] | None = None, **more: Any) -> dict[str, Any]:
    """Return the votes of a place, by number of the candidate; `types` are (absentee and early, election day)."""
    data = {number: {"absentee_ballots_early_votes": a, "election_day_votes": e} for number, (a, e) in (types or {}).items()}
    return {"votes": votes, "voting_data": data, "precincts": {"total": 5, "reporting": 3, "percent": None}} | more


def ddhq_race(top: Mapping[str, Any], counties: Any = (), **more: Any) -> dict[str, Any]:
    """Return a race of DDHQ: Ana Ruiz is 1, Ben Cole 2."""
    people = [
        {"cand_id": 1, "party_name": "Democratic", "first_name": "Ana", "middle_name": "", "last_name": "Ruiz", "suffix": ""},
        {"cand_id": 2, "party_name": "Republican", "first_name": "Ben", "middle_name": None, "last_name": "Cole", "suffix": None},
    ]
    names = {"race_id": 7, "test_data": False, "state": "ME", "office": "US Senate", "district": None, "party": None, "name": "Primary"}
    return {**names, "last_updated": AT, "topline_results": top, "counties": counties, "candidates": people} | more


def ddhq(*races: Mapping[str, Any]) -> bytes:
    """Return a list of races of DDHQ."""
    return json.dumps(races).encode()


DDHQ = ddhq(ddhq_race(ddhq_place({"1": 1204, "2": 900})))
"""One race, two candidates."""


def npr_result(*candidates: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return a result of NPR."""
    return {"id": "8", "updated": 1793770200000, "precincts": 5, "reporting": 3, "reportingPercentage": 60, "candidates": candidates} | more


def npr(*results: Mapping[str, Any], again: int = 1, **more: Any) -> bytes:
    """Return a file of NPR with one race, as often as `again` says."""
    race = {"id": "8", "test": False, "seat": "1", "state": "CA", "type": "All-Party Primary", "office": "S", "results": results} | more
    return json.dumps({"caucus": "", "races": [race] * again}).encode()


NPR_ANA = {"first": "Ana", "last": "Ruiz", "party": "Dem", "votes": 1204, "winner": True}
NPR_BEN = {"first": "Ben", "last": "Cole", "party": "GOP", "votes": 900, "winner": True}
NPR = npr(npr_result(NPR_ANA, NPR_BEN))
"""One race, two winners."""
