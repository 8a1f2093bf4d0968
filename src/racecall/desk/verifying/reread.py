"""A second reading of the formats that are read twice: hand entries, LA County JSON, California's JSON. Tables are in `reread_tables`."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from racecall.desk.verifying.bodies import Columns
from racecall.desk.verifying.counted import TOTAL, WHOLE, Counted, File, Unclear, in_words, local, number, squeezed, text_of
from racecall.desk.verifying.reread_reports import ap, clarity, nist_json
from racecall.desk.verifying.reread_tables import any_table, openelections

USUAL_ZONE = "America/Los_Angeles"
"""Zone of the offices' files where the election names none."""


def read_again(feed: str, data: bytes, *, name: str, zone: str, mapping: Columns | None = None, encoding: str = "") -> list[Counted]:
    """Return the releases in a capture.

    Args:
        feed: Format it was read as.
        data: Its bytes.
        name: Name it was received under.
        zone: The election's zone, or the one that was named for the file.
        mapping: Which column of a table is what, as the record has it.
        encoding: How the text is encoded, "" for UTF-8.

    Raises:
        Unclear: There is no second reader for the format, or the file is not of its regular form.
    """
    if feed not in READERS:
        raise Unclear(f"no second reader for {feed}")
    if mapping and feed not in HEEDS_MAPPING:
        raise Unclear(f"no second reader for {feed} with a mapping of the user's")
    file = File(text=text_of(data, encoding), name=name, zone=zone, mapping=mapping)
    with in_words():
        return list(READERS[feed](file))


def statements_again(data: bytes, zone: str) -> set[tuple[str, str, int, datetime, str]]:
    """Return the statements in a hand entry: contest, kind, ballots, time, category.

    Raises:
        Unclear: It is not of the regular form.
    """
    text = text_of(data)
    with in_words():
        tables = tomllib.loads(text).get("statement", [])
        return {
            (
                squeezed(said.get("contest", "")),
                said["kind"],
                said["ballots"],
                _entered(said["stated_at"], zone),
                said.get("category", "total"),
            )
            for said in tables
        }


# -- hand entries (docs/feeds/hand.md) -----------------------------------------------------------------------------------------------


def _hand(file: File) -> Iterator[Counted]:
    for table in tomllib.loads(file.text).get("release", []):
        counted = Counted(at=_entered(table["published_at"], file.zone))
        part = counted.part(squeezed(table["contest"]))
        for count in table.get("count", []):
            unit, kind = squeezed(count.get("unit", WHOLE)), count.get("count_type", TOTAL)
            part.put(unit, kind, squeezed(count["option"]), count["votes"])
        for unit, figures in table.get("units", {}).items():
            for option, votes in zip(table["options"], figures, strict=True):
                part.put(squeezed(unit), TOTAL, squeezed(option), votes)
        given = {kind: number(ballots) for kind, ballots in table.get("ballots", {}).items()}
        part.ballots = {kind: ballots for kind, ballots in given.items() if ballots is not None}
        part.units = (table.get("units_reported"), table.get("units_total"))
        yield counted


def _entered(moment: datetime | str, zone: str) -> datetime:
    return local(datetime.fromisoformat(moment) if isinstance(moment, str) else moment, zone)


# -- LA County (docs/feeds/la_county_json.md) ----------------------------------------------------------------------------------------


def _la_county_json(file: File) -> Iterator[Counted]:
    document = msgspec.json.decode(file.text)
    counted = Counted(at=_printed_time(document["Timestamp"], _zone(file.zone)))
    contests = [contest for group in document["Election"]["ContestGroups"] for contest in group["Contests"]]
    times = Counter(contest["Title"] for contest in contests)
    for contest in contests:
        part = counted.part(contest["Title"])
        part.unclear = "its title stands twice in the file" if times[contest["Title"]] > 1 else ""
        for candidate in contest["Candidates"]:
            part.put(WHOLE, TOTAL, candidate["Name"], candidate.get("Votes"))
    yield counted


def _zone(zone: str) -> str:
    return USUAL_ZONE if zone == "UTC" else zone


def _printed_time(text: str, zone: str) -> datetime | None:
    try:
        return local(datetime.fromisoformat(text.strip()), zone)
    except ValueError:
        return None


# -- California (docs/feeds/ca_sos.md) -----------------------------------------------------------------------------------------------

QUESTIONS = ("ballot-measures", "supreme-court", "courts-of-appeal")
"""Lists of questions that are answered with Yes or No."""


def _ca_sos(file: File) -> Iterator[Counted]:
    lines = re.search(r"\.(jsonl|ndjson)(\.gz)?$", file.name, re.IGNORECASE) or re.match(r"\s*\{.*\}\s*\n\s*\{", file.text)
    for line in file.text.split("\n") if lines else [file.text]:
        if line.strip():
            yield _snapshot(msgspec.json.decode(line), _zone(file.zone))


def _snapshot(file: Any, zone: str) -> Counted:
    races = file if isinstance(file, list) else file.get("races", [file])
    times = [_prose_time(race["ReportingTime"], zone) for race in races if race.get("ReportingTime")]
    known = [at for at in times if at]
    counted = Counted(at=max(known) if known and len(known) == len(times) else None)
    for race in races:
        office, unit = _office_and_unit(race["raceTitle"], is_question="candidates" not in race)
        if "candidates" in race:
            answers = [(candidate["Name"], candidate.get("Votes")) for candidate in race["candidates"]]
            _put(counted, (office, race["raceTitle"]), unit, answers, race)
        for question in (one for group in QUESTIONS for one in race.get(group, [])):
            answers = [("Yes", question.get("yesVotes")), ("No", question.get("noVotes"))]
            _put(counted, _question_names(office, question), unit, answers, race)
    return counted


def _put(counted: Counted, names: tuple[str, str], unit: str, answers: list[tuple[str, Any]], race: Mapping[str, Any]) -> None:
    title = next((known for known in counted.parts if known[0] == names[0]), names)
    part = counted.part(*title)
    for option, votes in answers:
        part.put(unit, TOTAL, option, votes)
    said = re.search(r"\(([\d,]+) of ([\d,]+)\)", race.get("Reporting") or "")
    if unit == WHOLE and said:
        part.units = (number(said[1]), number(said[2]))


def _question_names(office: str, question: Mapping[str, Any]) -> tuple[str, str]:
    if question.get("Number"):
        key = f"{office} {question['Number']}"
        return key, f"{key}: {question['Name']}"
    return f"{office}: {question['Name']}", f"{office}: {question['Name']}"


def _office_and_unit(title: str, *, is_question: bool) -> tuple[str, str]:
    """Split a title into office and county; "Judge - Office 5 Results" has none, "Ballot Measures - Yuba Results" has."""
    found = re.fullmatch(r"(.+) - (.+?)(?: County)? Results", title)
    if found is None:
        return title, WHOLE
    if found[2] in {"Districtwide", "Statewide"}:
        return found[1], WHOLE
    if not (is_question or title.endswith(" County Results")):
        raise Unclear(f'"{title}" may be a contest or a part of one')
    return found[1], found[2]


def _prose_time(prose: str, zone: str) -> datetime | None:
    """Read "November 9, 2022, 8:05 a.m.", "8 a.m.", "noon"; None for anything else."""
    text = prose.strip().replace("noon", "12 p.m.").replace("midnight", "12 a.m.")
    text = re.sub(r"\b([ap])\.?m\.?$", r"\1m", re.sub(r"^([A-Za-z]{3})[a-z]*\.? ", r"\1 ", text))
    for pattern in ("%b %d, %Y, %I:%M %p", "%b %d, %Y, %I %p"):
        try:
            return local(datetime.strptime(text, pattern), zone)  # noqa: DTZ007 - the zone is the office's, added here
        except ValueError:
            continue
    return None


READERS: Mapping[str, Callable[[File], Iterator[Counted]]] = {
    "hand": _hand,
    "la_county_json": _la_county_json,
    "ca_sos": _ca_sos,
    "table": any_table,
    "openelections": openelections,
    "clarity": clarity,
    "ap": ap,
    "nist_json": nist_json,
}
"""Format -> its second reader."""
HEEDS_MAPPING = frozenset({"table", "clarity"})
"""Formats that are read again whatever mapping was given: the words for count types change no printed total of a Clarity file."""
