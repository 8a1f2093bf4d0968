"""A second reading of reports that others publish: the files of a Clarity site, AP's JSON, and NIST's common data format as JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

import msgspec

from racecall.desk.verifying.counted import NO_VOTES, TOTAL, WHOLE, Counted, File, Part, Unclear, local, number, squeezed

MAY_BE_NONE = re.compile(r"blank.*|.*\btotal.*|.*rejected.*|invalid.*|void.*|spoiled.*|.*turn-?out.*|.*percent.*|votes cast", re.IGNORECASE)
"""Names that may be no options; they are left to people."""


def _apart(titles: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the names of each (number, title): a title that others have as well goes with its number first."""
    times = Counter(title for _, title in titles)
    return [(title,) if times[title] == 1 else (f"{title} ({key})", title) for key, title in titles]


def _of_contests(counted: Counted, titles: Sequence[tuple[str, str]]) -> list[Part]:
    """Return a part for each contest; where two go by one name, neither is clear."""
    named = _apart(titles)
    parts = [counted.part(*names) for names in named]
    for names, part in zip(named, parts, strict=True):
        part.unclear = "its name stands twice in the file" if named.count(names) > 1 else ""
    return parts


def _put(part: Part, option: str, votes: Any, *, unit: str = WHOLE) -> None:
    """Add a printed total; one that is no number is left to people, since the parts may stand for it."""
    if NO_VOTES.fullmatch(option):
        return
    if MAY_BE_NONE.fullmatch(option) or number(votes) is None:
        part.unclear = part.unclear or f'"{option}" may be no option, or has no total'
    part.put(unit, TOTAL, option, votes)


# -- Clarity (docs/feeds/clarity.md) -------------------------------------------------------------------------------------------------

OFFSETS = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10}
"""Hours from UTC of the letters behind a time; with any other letters it is a time of the election's zone."""


class _Detail:
    """What was read of a detail file: contests with their choices, and the time. Units are not needed: a printed total goes before them."""

    def __init__(self) -> None:
        self.time = ""
        self.contests: list[tuple[dict[str, str], list[dict[str, str]]]] = []
        self._inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = name.rpartition(":")[2]
        if self._inside == "Contest":
            self.contests.append((attributes, []))
        elif self._inside == "Choice":
            self.contests[-1][1].append(attributes)

    def text(self, data: str) -> None:
        if self._inside == "Timestamp":
            self.time += data


def _refuse(*_: object) -> None:
    raise Unclear("it declares a document type, or entities")


def clarity(file: File) -> Iterator[Counted]:
    """Read the detail or the summary of a Clarity site: the printed total of every choice."""
    return _summary(file) if file.text.lstrip().startswith("[") else _detail(file)


def _detail(file: File) -> Iterator[Counted]:
    read, parser = _Detail(), ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = read.start, read.text
    parser.EndElementHandler = lambda _: setattr(read, "_inside", "")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(file.text.encode(), True)
    except ExpatError as error:
        raise Unclear(f"it is no whole XML: {error}") from error
    counted = Counted(at=_clarity_time(read.time, file.zone))
    titles = [(contest.get("key", ""), squeezed(contest.get("text", ""))) for contest, _ in read.contests]
    for part, (contest, choices) in zip(_of_contests(counted, titles), read.contests, strict=True):
        for choice in choices:
            _put(part, squeezed(choice.get("text", "")), choice.get("totalVotes"))
        every = number(contest.get("precinctsParticipating"))
        part.units = (number(contest.get("precinctsReported")), number(contest.get("precinctsReporting")) if every is None else every)
    yield counted


def _clarity_time(printed: str, zone: str) -> datetime | None:
    found = re.fullmatch(r"(.+ [AP]M)(?: ([A-Z]+))?", squeezed(printed), re.IGNORECASE)
    if found is None:
        return None
    offset = OFFSETS.get((found[2] or "").upper())
    moment = datetime.strptime(found[1], "%m/%d/%Y %I:%M:%S %p")  # noqa: DTZ007 - the zone is added in the next line
    return local(moment if offset is None else moment.replace(tzinfo=timezone(timedelta(hours=offset))), zone)


def _summary(file: File) -> Iterator[Counted]:
    contests = msgspec.json.decode(file.text)
    counted = Counted(at=None)
    titles = [(str(contest.get("K", "")), squeezed(contest["C"])) for contest in contests]
    for part, contest in zip(_of_contests(counted, titles), contests, strict=True):
        for name, votes in zip(contest["CH"], contest["V"], strict=True):
            _put(part, squeezed(name), votes)
        part.units = (number(contest.get("PR")), number(contest.get("TP")))
    yield counted


# -- AP (docs/feeds/ap.md) -----------------------------------------------------------------------------------------------------------

FINEST_FIRST = ("subunit", "FIPSCode", "state")


def ap(file: File) -> Iterator[Counted]:
    """Read an answer of AP's Elections API: the votes at the level of the whole, else those of the finest units."""
    document = msgspec.json.decode(file.text)
    races = [race for race in document["races"] if _is_counted(race)]
    counted = Counted(at=max((at for race in document["races"] if (at := _updated(race, document))), default=None))
    titles = [(str(race["raceID"]), _ap_title(race)) for race in races]
    for part, race in zip(_of_contests(counted, titles), races, strict=True):
        whole = next((unit for level in ("national", "state") for unit in race["reportingUnits"] if unit["level"] == level), None)
        if whole:
            every = number(whole.get("precinctsTotal"))
            part.units = (number(whole.get("precinctsReporting")), every) if every else (None, None)
        for unit, place in [(whole, WHOLE)] if whole else _finest(race):
            for candidate in unit["candidates"]:
                _put(part, _person(candidate, "first", "middle", "last", "suffix"), candidate.get("voteCount"), unit=place)
    yield counted


def _is_counted(race: Mapping[str, Any]) -> bool:
    """The noughts of a contest with one candidate are no count."""
    votes = (candidate.get("voteCount") for unit in race.get("reportingUnits", ()) for candidate in unit["candidates"])
    return bool(race.get("reportingUnits")) and (not race.get("uncontested") or any(number(one) for one in votes))


def _finest(race: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    level = next((level for level in FINEST_FIRST if any(unit["level"] == level for unit in race["reportingUnits"])), "")
    yield from ((unit, str(place)) for place, unit in enumerate(race["reportingUnits"]) if unit["level"] == level)


def _updated(race: Mapping[str, Any], document: Mapping[str, Any]) -> datetime | None:
    times = [unit["lastUpdated"] for unit in race.get("reportingUnits", ()) if unit.get("lastUpdated")]
    return max((local(datetime.fromisoformat(time), "UTC") for time in times or filter(None, [document.get("timestamp")])), default=None)


def _ap_title(race: Mapping[str, Any]) -> str:
    state = race.get("statePostal") or next((unit.get("statePostal", "") for unit in race["reportingUnits"]), "")
    party, kind = race.get("party", ""), race.get("raceType", "")
    where = _words(state, race.get("officeName", ""), race.get("seatName", ""))
    return ", ".join(filter(None, (where, _words("" if party in kind else party, kind))))


def _person(table: Mapping[str, Any], *names: str) -> str:
    return _words(*(table.get(name, "") for name in names))


def _words(*parts: str) -> str:
    return " ".join(" ".join(filter(None, parts)).split())


# -- NIST (docs/feeds/nist_json.md) --------------------------------------------------------------------------------------------------

TYPES = {"absentee-in-person": "early", "absentee": "absentee-mail", "absentee-fwab": "uocava", "write-in": "other"}
"""Kinds of the standard that are one kind of ours."""
CLASSES = frozenset({"absentee-mail", "absentee-in-person", "absentee-fwab", "uocava"})
"""What `absentee` stands for together: beside one of them it is their sum."""


def nist_json(file: File) -> Iterator[Counted]:
    """Read a report of NIST SP 1500-100 version 2: the votes of every contest, by unit and kind."""
    report = msgspec.json.decode(file.text)
    if len(report.get("Election", ())) != 1 or report.get("SequenceEnd", 1) > 1:
        raise Unclear("it holds several elections, or is one part of several")
    [election] = report["Election"]
    things = {thing["@id"]: thing for list_ in (election.get("Candidate", ()), report.get("Party", ())) for thing in list_}
    districts = {unit["@id"]: unit for unit in report.get("GpUnit", ())}
    counted = Counted(at=local(datetime.fromisoformat(report["GeneratedDate"]), file.zone))
    contests = election.get("Contest", ())
    for part, contest in zip(_nist_parts(counted, contests), contests, strict=True):
        for option in contest.get("ContestSelection", ()):
            _nist_option(part, contest.get("ElectionDistrictId", ""), _nist_name(option, things), option.get("VoteCounts", ()))
        district = districts.get(contest.get("ElectionDistrictId", ""), {})
        part.units = (_first("SubUnitsReported", contest, district), _first("TotalSubUnits", contest, district))
    yield counted


def _nist_parts(counted: Counted, contests: Sequence[Mapping[str, Any]]) -> list[Part]:
    own = [_own(contest) for contest in contests]
    titles = [(contest.get("@id", ""), squeezed(contest.get("Name", ""))) for contest in contests]
    if any(own) and len(set(own)) == len(own):
        return [counted.part(key, title) for key, (_, title) in zip(own, titles, strict=True)]
    return _of_contests(counted, titles)


def _own(thing: Mapping[str, Any]) -> str:
    """Return our own id, if the file is ours."""
    return next((given["Value"] for given in thing.get("ExternalIdentifier", ()) if given.get("OtherType") == "racecall"), "")


def _nist_name(option: Mapping[str, Any], things: Mapping[str, Mapping[str, Any]]) -> str:
    people = [things[id_] for id_ in option.get("CandidateIds", ())]
    own = _own(option) or (_own(people[0]) if len(people) == 1 else "")
    parties = [things[id_] for id_ in option.get("PartyIds", ())]
    printed = [_english(one.get("BallotName")) for one in people]
    printed = printed or [_english(one.get("Abbreviation")) or _english(one.get("Name")) for one in parties]
    name = " / ".join(filter(None, map(squeezed, printed or [_english(option.get("Selection"))])))
    return own or name or ("Write-in" if option.get("IsWriteIn") else "")


def _english(words: Mapping[str, Any] | None) -> str:
    texts = [(text.get("Language", "").lower()[:2], text.get("Content", "")) for text in (words or {}).get("Text", ())]
    return next((content for language, content in sorted(texts, key=lambda one: one[0] != "en") if content.strip()), "")


def _nist_option(part: Part, district: str, option: str, counts: Sequence[Mapping[str, Any]]) -> None:
    classes = {(count["GpUnitId"], count["Type"]) for count in counts}
    for count in counts:
        unit, kind = count["GpUnitId"], count["Type"]
        is_sum = kind == "absentee" and any((unit, one) in classes for one in CLASSES)
        if count.get("Round", 1) > 1 or kind == "seats" or is_sum:
            continue
        if count.get("DeviceClass") or kind == "other":
            part.unclear = part.unclear or "votes of one device, or of a kind with a name of its own"
        votes = None if count.get("IsSuppressedForPrivacy") else count.get("Count")
        part.put(WHOLE if unit == district else unit, TYPES.get(kind, kind), option, votes)


def _first(name: str, *tables: Mapping[str, Any]) -> int | None:
    return next((table[name] for table in tables if table.get(name) is not None), None)
