"""The current counts as an `ElectionReport` of NIST SP 1500-100 version 2: the tree that is then written as JSON or XML.

A report is one release: its hour, its status, its issuer. The tree has the names of the standard in the order of its XML schema, and the
"@type" and "@id" of its JSON. Only what an office said goes in: counts, ballots, official figures of ballots outstanding. What a rule makes
of a count goes in when the count is certified, and not before; our own estimates never do.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import Any

from racecall import __version__
from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, View
from racecall.feeds.nist import OWN
from racecall.ledger.events import iso
from racecall.model.contest import Contest, Election, ElectionType, Option, OptionKind, SlotKind, is_measure
from racecall.model.counts import BallotKind, CountType
from racecall.model.release import ResultsStatus, Statement
from racecall.model.units import ALL_UNITS, ReportingUnit, UnitType
from racecall.publish.base import Cell, Counted, options_of

Tree = dict[str, Any]

COUNT_TYPES: Mapping[str, tuple[str, str]] = {
    CountType.TOTAL: ("total", ""),
    CountType.ELECTION_DAY: ("election-day", ""),
    CountType.EARLY: ("early", ""),
    CountType.ABSENTEE_MAIL: ("absentee-mail", ""),
    CountType.PROVISIONAL: ("provisional", ""),
    CountType.UOCAVA: ("uocava", ""),
    CountType.IN_PERSON: ("other", "in-person"),
    CountType.OTHER: ("other", "other"),
}
"""`CountItemType` and `OtherType`."""
CATEGORIES: Mapping[str, tuple[str, str]] = {
    "total": ("total", ""),
    "mail": ("absentee-mail", ""),
    "provisional": ("provisional", ""),
    "conditional": ("other", "conditional"),
    "other": ("other", "other"),
}
"""The same for the categories of a statement."""
ELECTION_TYPES: Mapping[ElectionType, str] = {
    ElectionType.PRIMARY: "primary",
    ElectionType.GENERAL: "general",
    ElectionType.RUNOFF: "runoff",
    ElectionType.SPECIAL: "special",
    ElectionType.SPECIAL_PRIMARY: "special",
    ElectionType.SPECIAL_RUNOFF: "runoff",
}
DISTRICTS: Mapping[str, str] = {
    "us_house": "congressional",
    "state_senate": "state-senate",
    "state_assembly": "state-house",
    "county": "county",
    "city": "city",
    "judicial": "judicial",
}
"""`ReportingUnitType` of an electoral district by the class of its office."""
AREAS = frozenset({UnitType.STATE, UnitType.COUNTY, UnitType.CITY, UnitType.CONGRESSIONAL})
"""Units whose counts are sums over precincts."""
BALLOTS: Mapping[str, str] = {
    BallotKind.CAST: "BallotsCast",
    BallotKind.OUTSTANDING: "BallotsOutstanding",
    BallotKind.REJECTED: "BallotsRejected",
}
RESIDUAL: Mapping[str, str] = {BallotKind.OVERVOTED: "Overvotes", BallotKind.UNDERVOTED: "Undervotes"}


def report(view: View, counted: Counted) -> Tree:
    """Return the report of one release.

    Args:
        view: What may be said as of a moment.
        counted: The release, its contests and their cells.
    """
    release, election = counted.release, view.election
    places = _Places(election, counted)
    parties = _parties(counted)
    return thing(
        "ElectionReport",
        Election=[_election(places, counted, parties)],
        Format="precinct-level" if places.has_precincts else "summary-contest",
        GeneratedDate=iso(release.moment.astimezone(UTC).replace(microsecond=0)),
        GpUnit=list(places.tree(_registered(places, counted))),
        Issuer=release.source,
        IssuerAbbreviation=election.state or election.id,
        Notes=release.note,
        Party=[_party(party) for party in parties],
        Person=list(_persons(counted)),
        SequenceStart=1,
        SequenceEnd=1,
        Status=release.status.replace("_", "-"),
        VendorApplicationId=f"racecall {__version__}",
    )


# --- Things, ids and texts ---------------------------------------------------------------------------------------------------------


def thing(kind: str, id_: str = "", **fields: Any) -> Tree:
    """Return an object of the standard, without what is empty."""
    given = {name: value for name, value in fields.items() if value is not None and value not in ("", [])}
    return {"@type": f"ElectionResults.{kind}", **({"@id": id_} if id_ else {}), **given}


@lru_cache(maxsize=8192)
def object_id(prefix: str, *parts: str) -> str:
    """Return an id that any XML takes, the same in every release: what cannot stand in one is replaced, and a hash tells it apart.

    The prefixes are those that the Civics Common Data Format asks for (``cc`` candidate contest, ``ru`` reporting unit, …).
    """
    text = "\x1f".join(parts)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(parts)).strip("-")[:60]
    if plain == text:
        return f"{prefix}-{plain}"
    return "-".join(filter(None, (prefix, plain, hashlib.sha256(text.encode()).hexdigest()[:12])))


def _words(text: str, language: str) -> Tree:
    return thing("InternationalizedText", Text=[thing("LanguageString", Content=text, Language=language)])


def _own(value: str) -> list[Tree]:
    """Our own id, so that a file we wrote is read back to what it was."""
    return [thing("ExternalIdentifier", Type="other", OtherType=OWN, Value=value)]


def _language(election: Election) -> str:
    """Ballots of the states are in English first; of others we do not know ("und", BCP 47)."""
    return "en" if election.state else "und"


# --- Reporting units ---------------------------------------------------------------------------------------------------------------


class _Places:
    """The reporting units of a report: the whole, the districts, and every unit that something is reported for."""

    def __init__(self, election: Election, counted: Counted) -> None:
        self.election = election
        self.language = _language(election)
        self.known = {unit.id: unit for unit in election.units}
        self.scope = object_id("ru", "scope", election.id)
        self._districts = {contest.contest.id: self._district(contest.contest) for contest in counted.contests}
        self._units: dict[str, ReportingUnit] = {}
        tables = (counted.counts, counted.ballots)
        said = (statement.unit for statement in _outstanding(counted.contests, counted))
        for name in (*dict.fromkeys(unit for table in tables for unit in table["unit"].to_list()), *said):
            self._add(name)

    @staticmethod
    def _district(contest: Contest) -> tuple[str, str, str]:
        name = contest.electoral_district or contest.title
        return object_id("ru", "district", name), name, DISTRICTS.get(contest.office, "other")

    def _add(self, unit: str) -> None:
        """Add a unit and those that contain it."""
        while unit and unit != ALL_UNITS and unit not in self._units:
            self._units[unit] = self.known.get(unit, ReportingUnit(id=unit))
            unit = self._units[unit].parent

    @property
    def has_precincts(self) -> bool:
        """Whether anything is reported for less than an area."""
        return any(unit.type not in AREAS for unit in self._units.values())

    def district(self, contest: str) -> str:
        """Return the id of a contest's district."""
        return self._districts[contest][0]

    def is_shared(self, contest: str) -> bool:
        """Whether another contest of the report has the same district."""
        return [id_ for id_, _, _ in self._districts.values()].count(self.district(contest)) > 1

    def find(self, contest: str, unit: str) -> str:
        """Return the id of a unit; of the whole, the contest's district, or the scope of the election if no contest is named."""
        if unit == ALL_UNITS:
            return self.district(contest) if contest else self.scope
        return object_id("ru", "unit", unit)

    def tree(self, registered: Mapping[str, int]) -> Iterator[Tree]:
        """Yield every unit, the whole first, with the voters on its roll."""
        districts = {id_: (name, kind) for id_, name, kind in self._districts.values()}
        tops = [self.find("", unit.id) for unit in self._units.values() if not unit.parent]
        yield self._unit(self.scope, self.election.title or self.election.id, ("other", "jurisdiction"), [*districts, *tops], registered)
        for id_, (name, kind) in districts.items():
            yield self._unit(id_, name, (kind, "electoral district"), [], registered)
        for unit in self._units.values():
            inside = [self.find("", one.id) for one in self._units.values() if one.parent == unit.id]
            named, kinds = unit.name or unit.id, (unit.type.replace("_", "-"), "unknown")
            yield self._unit(self.find("", unit.id), named, kinds, inside, registered, own=_own(unit.id))

    def _unit(
        self, id_: str, name: str, kind: tuple[str, str], inside: list[str], registered: Mapping[str, int], *, own: Any = None
    ) -> Tree:
        return thing(
            "ReportingUnit",
            id_,
            ComposingGpUnitIds=inside,
            ExternalIdentifier=own,
            Name=_words(name, self.language),
            Type=kind[0],
            OtherType=kind[1] if kind[0] == "other" else "",
            VotersRegistered=registered.get(id_),
        )


# --- The election ------------------------------------------------------------------------------------------------------------------


def _election(places: _Places, counted: Counted, parties: Iterable[str]) -> Tree:
    election = places.election
    types = {ELECTION_TYPES.get(view.contest.election_type, "other") for view in counted.contests}
    kind = types.pop() if len(types) == 1 else "other"
    contests = [_contest(view, places, counted) for view in counted.contests]
    return thing(
        "Election",
        BallotCounts=list(_ballot_counts(places, counted)),
        Candidate=[
            _candidate(view, option, places.language, parties)
            for view in counted.contests
            if not is_measure(view.contest)
            for option in options_of(view.contest, counted)
        ],
        Contest=contests,
        ElectionScopeId=places.scope,
        ExternalIdentifier=_own(election.id),
        Name=_words(election.title or election.id, places.language),
        StartDate=election.date.isoformat(),
        EndDate=election.date.isoformat(),
        Type=kind,
        OtherType="several or unknown" if kind == "other" else "",
    )


def _contest(view: ContestView, places: _Places, counted: Counted) -> Tree:
    contest = view.contest
    measure = is_measure(contest)
    kind, prefix = ("BallotMeasureContest", "bmc") if measure else ("CandidateContest", "cc")
    of_people: Tree = {} if measure else {"NumberElected": contest.number_elected, "NumberRunoff": _runoff(view)}
    votes = counted.votes_of(contest.id)
    options = enumerate(options_of(contest, counted), 1)
    return thing(
        kind,
        object_id(prefix, contest.id),
        ContestSelection=[_selection(contest, option, order, votes, places, measure=measure) for order, option in options],
        CountStatus=list(_count_status(view, counted, votes)),
        ElectionDistrictId=places.district(contest.id),
        ExternalIdentifier=_own(contest.id),
        Name=contest.title or contest.id,
        OtherCounts=list(_other_counts(contest, places, counted)),
        SubUnitsReported=view.units_reported,
        TotalSubUnits=view.units_total,
        **of_people,
        **({} if measure else {"VotesAllowed": contest.votes_allowed}),
    )


def _runoff(view: ContestView) -> int | None:
    """How many go on to the next round, None if nobody does."""
    places = [slot.slot.of for slot in view.slots if slot.slot.kind is SlotKind.ADVANCE]
    return places[0] if places else None


def _selection(contest: Contest, option: Option, order: int, votes: Iterable[Cell], places: _Places, *, measure: bool) -> Tree:
    own = ((unit, count_type, number) for unit, name, count_type, number in votes if name == option.id and number is not None)
    counts = [_vote_counts(contest.id, row, places) for row in own]
    if measure:
        return thing(
            "BallotMeasureSelection",
            object_id("bms", contest.id, option.id),
            SequenceOrder=order,
            VoteCounts=counts,
            ExternalIdentifier=_own(option.id),
            Selection=_words(option.name, places.language),
        )
    return thing(
        "CandidateSelection",
        object_id("cs", contest.id, option.id),
        SequenceOrder=order,
        VoteCounts=counts,
        CandidateIds=[object_id("can", contest.id, option.id)],
        IsWriteIn=True if option.kind is OptionKind.WRITE_IN else None,
    )


def _vote_counts(contest: str, row: tuple[str, str, int], places: _Places) -> Tree:
    unit, count_type, votes = row
    kind, other = COUNT_TYPES[count_type]
    return thing("VoteCounts", GpUnitId=places.find(contest, unit), Type=kind, OtherType=other, Count=votes)


def _count_status(view: ContestView, counted: Counted, votes: Iterable[Cell]) -> Iterator[Tree]:
    """Say of each count type whether it is counted, as far as an office has said: by certifying, or by what it says is left."""
    left = {CATEGORIES[said.category]: said.ballots for said in _outstanding((view,), counted) if said.unit == ALL_UNITS and said.contest}
    seen = {COUNT_TYPES[count_type] for _, _, count_type, _ in votes}
    for kind, other in sorted({*seen, *left, COUNT_TYPES[CountType.TOTAL]}):
        yield thing("CountStatus", Status=_status(counted.release.status, left.get((kind, other))), Type=kind, OtherType=other)


def _status(status: ResultsStatus, left: int | None) -> str:
    """`CountItemStatus`; "unofficial complete" is the election night's, so it completes nothing."""
    if status is ResultsStatus.CERTIFIED:
        return "completed"
    if status is ResultsStatus.PRE_ELECTION:
        return "not-processed"
    if left is None:
        return "unknown"
    return "in-process" if left else "completed"


# --- Candidates, parties, persons --------------------------------------------------------------------------------------------------


def _candidate(view: ContestView, option: Option, language: str, parties: Iterable[str]) -> Tree:
    return thing(
        "Candidate",
        object_id("can", view.contest.id, option.id),
        BallotName=_words(option.name or option.id, language),
        ExternalIdentifier=_own(option.id),
        PartyId=object_id("par", option.party) if option.party in parties else "",
        PersonId=object_id("per", option.id) if option.is_person else "",
        PostElectionStatus=_post_election(view, option),
    )


def _post_election(view: ContestView, option: Option) -> str:
    """`CandidatePostElectionStatus`: by law once the count is certified; before, only who withdrew and whom the desk has called elected."""
    if option.withdrawn:
        return "withdrawn"
    outcome = view.outcome
    if view.release and view.release.status is ResultsStatus.CERTIFIED:
        decided = {**dict.fromkeys(outcome.advancing, "advanced-to-runoff"), **dict.fromkeys(outcome.elected, "winner")}
        settled = bool(decided) and not outcome.ties and not outcome.undecided and option.is_person
        return decided.get(option.id, "defeated" if settled else "")
    called = {slot.option.id for slot in view.slots if slot.option and slot.state is SlotState.CALLED and slot.slot.kind is SlotKind.ELECT}
    return "projected-winner" if option.id in called else ""


def _people(counted: Counted) -> Iterator[Option]:
    for view in counted.contests:
        yield from (option for option in view.contest.options if option.is_person and not is_measure(view.contest))


def _parties(counted: Counted) -> list[str]:
    every = (option.party for view in counted.contests for option in view.contest.options if not is_measure(view.contest))
    return list(dict.fromkeys(filter(None, every)))


def _party(party: str) -> Tree:
    return thing("Party", object_id("par", party), Abbreviation=_words(party, "en"), Name=_words(party, "en"))


def _persons(counted: Counted) -> Iterator[Tree]:
    """Yield every person once: whoever stands in two contests is one."""
    for id_, name in {option.id: option.name or option.id for option in _people(counted)}.items():
        yield thing("Person", object_id("per", id_), ExternalIdentifier=_own(id_), FullName=_words(name, "und"))


# --- Ballots -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """Where ballots are reported, and of which type."""

    unit: str
    type: str
    other: str


def _ballot_counts(places: _Places, counted: Counted) -> Iterator[Tree]:
    """Yield the ballots of the jurisdiction, of its units, and of districts that one contest alone has."""
    found: dict[_Place, dict[str, int]] = {}
    for contest, unit, count_type, kind, ballots in _placeable(places, counted):
        if kind in BALLOTS:
            found.setdefault(_Place(places.find(contest, unit), *COUNT_TYPES[count_type]), {})[BALLOTS[kind]] = ballots
    for said in _outstanding(counted.contests, counted):
        if not said.contest or not places.is_shared(said.contest):
            place = _Place(places.find(said.contest, said.unit), *CATEGORIES[said.category])
            found.setdefault(place, {})["BallotsOutstanding"] = said.ballots
    for place, numbers in found.items():
        ordered = {name: numbers[name] for name in BALLOTS.values() if name in numbers}
        yield thing("BallotCounts", "", GpUnitId=place.unit, Type=place.type, OtherType=place.other, **ordered)


def _registered(places: _Places, counted: Counted) -> dict[str, int]:
    """Return the voters on the roll by the id of the unit."""
    roll = (BallotKind.REGISTERED, CountType.TOTAL)
    return {
        places.find(contest, unit): voters
        for contest, unit, count_type, kind, voters in _placeable(places, counted)
        if (kind, count_type) == roll
    }


def _placeable(places: _Places, counted: Counted) -> Iterator[tuple[str, str, str, str, int]]:
    """Yield the ballots that the standard has a place for: it knows units, and a contest only by a district of its own."""
    for contest in ("", *(view.contest.id for view in counted.contests)):
        for unit, kind, count_type, ballots in counted.ballots_of(contest):
            if ballots is not None and (not contest or (unit == ALL_UNITS and not places.is_shared(contest))):
                yield contest, unit, count_type, kind, ballots


def _outstanding(views: Iterable[ContestView], counted: Counted) -> Iterator[Statement]:
    """Yield what offices said last of the ballots outstanding, unless it is older than the count it would stand beside."""
    said = {
        statement: None
        for view in views
        for statement in view.statements
        if statement.kind is BallotKind.OUTSTANDING and statement.stated_at >= counted.release.moment
    }
    for contest in {statement.contest: None for statement in said}:
        own = [statement for statement in said if statement.contest == contest]
        newest = max(statement.stated_at for statement in own)
        yield from (statement for statement in own if statement.stated_at == newest and statement.category in CATEGORIES)


def _other_counts(contest: Contest, places: _Places, counted: Counted) -> Iterator[Tree]:
    """Over and under votes: our figures are ballots, which are votes only where a ballot has one."""
    if contest.votes_allowed != 1:
        return
    found: dict[str, dict[str, int]] = {}
    for unit, kind, count_type, ballots in counted.ballots_of(contest.id):
        if kind in RESIDUAL and count_type == CountType.TOTAL and ballots is not None:
            found.setdefault(unit, {})[RESIDUAL[kind]] = ballots
    for unit, numbers in found.items():
        ordered = {name: numbers[name] for name in RESIDUAL.values() if name in numbers}
        yield thing("OtherCounts", "", GpUnitId=places.find(contest.id, unit), **ordered)
