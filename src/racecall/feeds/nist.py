"""NIST SP 1500-100 version 2, the common data format of election results: what its JSON and its XML have in common.

Both are read into the same shapes, named like the classes of the standard. Ids hold inside one file only, so names are what a release is
known by; a file that we wrote carries our own ids as external identifiers, and is read back by these.

Source:
    NIST SP 1500-100r2 (2019), Election Results Common Data Format Specification, schemas 2.0.3.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from racecall.feeds.base import Document
from racecall.feeds.frames import BallotRow, CountRow, ballot_frame, count_frame
from racecall.feeds.listing import NO_NAME, NO_TITLE, Entry, Line, RawVotes, doubtful_time, numbered, party_code, release_time, tabulate
from racecall.feeds.mapping import count_type_of
from racecall.feeds.options import option_kind
from racecall.feeds.text import Cell, CellKind, CellPlace, cell_findings, tidy, whole_number
from racecall.model.contest import OptionKind
from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, ListedOption, Reading, Release, ResultsStatus, Statement
from racecall.model.units import ALL_UNITS

CHECKS: Mapping[str, str] = {
    "test_data": "The file says that it is a test.",
    "broken_reference": "An id in the file stands for nothing in it, or for two things.",
    "part_of_report": "The file is one part of a report that comes in several.",
    "several_elections": "The file holds more than one election.",
    "unread_counts": "Counts are of a kind that we do not read.",
    "number_listed_twice": "Two numbers are given for one thing.",
    "unknown_count_type": "A word for a count type is not known.",
    "absentee_meaning": "A column of absentee votes was read as mail.",
}
"""What is looked for here, by the name of the finding."""

OWN = "racecall"
"""`OtherType` of the external identifiers that we write: their values are our ids."""

COUNT_TYPES: Mapping[str, CountType] = {
    "total": CountType.TOTAL,
    "election-day": CountType.ELECTION_DAY,
    "early": CountType.EARLY,
    "absentee-in-person": CountType.EARLY,
    "absentee": CountType.ABSENTEE_MAIL,
    "absentee-mail": CountType.ABSENTEE_MAIL,
    "absentee-fwab": CountType.UOCAVA,
    "uocava": CountType.UOCAVA,
    "provisional": CountType.PROVISIONAL,
    "write-in": CountType.OTHER,
    "other": CountType.OTHER,
}
"""NIST `CountItemType`; `seats` is no count of votes. Absentee cast in person is early voting under another name, and federal write-in
absentee ballots are those of military and overseas voters (52 U.S.C. 20303)."""
ABSENTEE_CLASSES = frozenset({"absentee-mail", "absentee-in-person", "absentee-fwab", "uocava"})
"""What `absentee` stands for all together: beside one of these it is a sum, and would be counted twice."""
CATEGORIES = {"total": "total", "absentee": "mail", "absentee-mail": "mail", "provisional": "provisional"}
"""What a statement calls ballots of a `CountItemType`; the others are ``other``."""


# --- The shapes --------------------------------------------------------------------------------------------------------------------


class _Shape(msgspec.Struct, frozen=True, rename="pascal", gc=False):
    """An object of the file. Keys we do not use may come and go; those without a default must be there."""


class _Text(_Shape, frozen=True):
    content: str = ""
    language: str = ""


class _Words(_Shape, frozen=True):
    text: list[_Text] = []


class _Identifier(_Shape, frozen=True):
    type: str = ""
    other_type: str = ""
    value: str = ""


class _Thing(_Shape, frozen=True):
    """An object with an id of its own and perhaps others."""

    id: str = msgspec.field(name="@id", default="")
    kind: str = msgspec.field(name="@type", default="")
    external_identifier: list[_Identifier] = []

    @property
    def own(self) -> str:
        """Our id, if the file is ours."""
        return next((given.value for given in self.external_identifier if given.other_type == OWN), "")


class _Counts(_Shape, frozen=True):
    gp_unit_id: str
    type: str
    other_type: str = ""
    round: int = 1
    device_class: Any = None
    is_suppressed_for_privacy: bool = False

    @property
    def word(self) -> str:
        """The count type in the file's words."""
        return f"{self.type} {self.other_type}".strip()


class VoteCounts(_Counts, frozen=True):
    """Votes for one option in one unit, of one count type."""

    count: RawVotes = msgspec.UNSET


class BallotCounts(_Counts, frozen=True):
    """Ballots of one unit."""

    ballots_cast: RawVotes = None
    ballots_outstanding: RawVotes = None
    ballots_rejected: RawVotes = None


class OtherCounts(_Shape, frozen=True):
    """Over and under votes of a contest in one unit."""

    gp_unit_id: str
    overvotes: RawVotes = None
    undervotes: RawVotes = None


class Selection(_Thing, frozen=True):
    """An option: candidates, a party list, or an answer to a measure."""

    candidate_ids: list[str] = []
    party_ids: list[str] = []
    selection: _Words = _Words()
    is_write_in: bool = False
    vote_counts: list[VoteCounts] = []


class Contest(_Thing, frozen=True):
    """A contest of any kind."""

    name: str = ""
    candidate_id: str = ""
    contest_selection: list[Selection] = []
    election_district_id: str = ""
    other_counts: list[OtherCounts] = []
    sub_units_reported: int | None = None
    total_sub_units: int | None = None
    votes_allowed: int | None = None
    vote_variation: str = ""


class Candidate(_Thing, frozen=True):
    """A name that can be voted for; a person if it says which."""

    ballot_name: _Words = _Words()
    party_id: str = ""
    person_id: str = ""


class Party(_Thing, frozen=True):
    """A party."""

    name: _Words = _Words()
    abbreviation: _Words = _Words()


class GpUnit(_Thing, frozen=True):
    """A reporting unit."""

    name: _Words = _Words()
    sub_units_reported: int | None = None
    total_sub_units: int | None = None
    voters_registered: RawVotes = None


class Election(_Shape, frozen=True):
    """An election: its contests, candidates and ballots."""

    name: _Words = _Words()
    election_scope_id: str = ""
    contest: list[Contest] = []
    candidate: list[Candidate] = []
    ballot_counts: list[BallotCounts] = []


class ElectionReport(_Shape, frozen=True):
    """The whole file."""

    generated_date: str
    status: Literal["pre-election", "unofficial-partial", "unofficial-complete", "correction", "certified", "recount"]
    issuer: str = ""
    election: list[Election] = []
    gp_unit: list[GpUnit] = []
    party: list[Party] = []
    is_test: bool = False
    test_type: str = ""
    notes: str = ""
    sequence_start: int = 1
    sequence_end: int = 1


# --- Names -------------------------------------------------------------------------------------------------------------------------


def words(text: _Words) -> str:
    """Return a text in English, or in the first language there is; of several editions in one language, the first."""
    english = (one.content for one in text.text if one.language.lower().partition("-")[0] == "en" and tidy(one.content))
    return next(english, next((one.content for one in text.text if tidy(one.content)), ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What the ids of a report stand for.

    Args:
        units: Reporting unit by id, as our tables name it.
        parties: Party by id, as printed.
        candidates: Candidates by id.
        scopes: Ids of the units that are the whole of an election.
    """

    units: Mapping[str, str]
    parties: Mapping[str, str]
    candidates: Mapping[str, Candidate]
    scopes: frozenset[str]

    def unit(self, unit_id: str, district: str = "") -> str:
        """Return a unit's name; the contest's own district is the whole contest."""
        return ALL_UNITS if unit_id == district else self.units.get(unit_id, unit_id)


def _names(report: ElectionReport) -> _Names:
    named = {unit.id: _free(tidy(words(unit.name)), unit.id) for unit in report.gp_unit}
    times = Counter(named.values())
    return _Names(
        units={
            unit.id: unit.own or (named[unit.id] if times[named[unit.id]] == 1 else f"{named[unit.id]} ({unit.id})")
            for unit in report.gp_unit
        },
        parties={party.id: words(party.abbreviation) or words(party.name) for party in report.party},
        candidates={candidate.id: candidate for election in report.election for candidate in election.candidate},
        scopes=frozenset(election.election_scope_id for election in report.election if election.election_scope_id),
    )


def _free(name: str, id_: str) -> str:
    """A unit that is called "all" would be taken for the whole contest."""
    return id_ if name in {"", ALL_UNITS} else name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    """An option beside its votes."""

    listed: ListedOption
    votes: Sequence[VoteCounts]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A contest beside the name it has in our tables."""

    key: str
    title: str
    contest: Contest
    options: tuple[_Option, ...]


def _contests(report: ElectionReport, names: _Names) -> tuple[_Listed, ...]:
    """Return every contest; one whose name others have is known by its id as well."""
    found = [(tidy(contest.name) or NO_TITLE, contest) for election in report.election for contest in election.contest]
    times = Counter(title for title, _ in found)
    keys = [contest.own or (title if times[title] == 1 else f"{title} ({contest.id})") for title, contest in found]
    return tuple(
        _Listed(key=key, title=title, contest=contest, options=_options(contest, names))
        for key, (title, contest) in zip(numbered(("", key) for key in keys), found, strict=True)
    )


def _options(contest: Contest, names: _Names) -> tuple[_Option, ...]:
    read = [_option(selection, names) for selection in contest.contest_selection]
    keys = numbered(("", listed.key) for listed in read)
    return tuple(
        _Option(listed=replace(listed, key=key), votes=selection.vote_counts)
        for key, listed, selection in zip(keys, read, contest.contest_selection, strict=True)
    )


def _option(selection: Selection, names: _Names) -> ListedOption:
    """Name an option: its candidates, its parties, or the answer it stands for."""
    candidates = [names.candidates.get(id_) for id_ in selection.candidate_ids]
    of_people = [words(one.ballot_name) if one else id_ for one, id_ in zip(candidates, selection.candidate_ids, strict=True)]
    printed = of_people or [names.parties.get(id_, id_) for id_ in selection.party_ids] or [words(selection.selection)]
    name = " / ".join(filter(None, map(tidy, printed))) or ("Write-in" if selection.is_write_in else NO_NAME)
    first = candidates[0] if candidates else None
    party = first.party_id if first else next(iter(selection.party_ids), "")
    own = selection.own or (first.own if first and len(candidates) == 1 else "")
    return ListedOption(key=own or name, name=name, party=party_code(names.parties.get(party, "")), kind=_kind(selection, first, name))


def _kind(selection: Selection, candidate: Candidate | None, name: str) -> str:
    """A name without a person behind it may be a sum ("All others") or nobody ("None of these candidates")."""
    if kind := "" if candidate and candidate.person_id else option_kind(name):
        return kind
    return OptionKind.WRITE_IN.value if selection.is_write_in else ""


# --- Votes -------------------------------------------------------------------------------------------------------------------------

Key = tuple[str, str, str, str]
"""contest, unit, count type, option."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """One `VoteCounts` in its place; `row` is its ordinal in the file, from 1."""

    contest: str
    unit: str
    option: str
    counts: VoteCounts
    row: int

    @property
    def place(self) -> tuple[str, str, str]:
        """Contest, unit, option."""
        return (self.contest, self.unit, self.option)

    @property
    def read(self) -> Cell:
        """The number, or what stands in its place."""
        if self.counts.is_suppressed_for_privacy:
            return Cell(value=None, kind=CellKind.WITHHELD, text="IsSuppressedForPrivacy")
        return _number(self.counts.count)


def _number(raw: RawVotes) -> Cell:
    return whole_number(None if raw is msgspec.UNSET else raw)


def _cells(contests: Iterable[_Listed], names: _Names) -> Iterator[_Cell]:
    row = 0
    for listed in contests:
        for option in listed.options:
            for counts in option.votes:
                row += 1
                unit = names.unit(counts.gp_unit_id, listed.contest.election_district_id)
                yield _Cell(contest=listed.key, unit=unit, option=option.listed.key, counts=counts, row=row)


def _count_type(counts: _Counts) -> CountType:
    if counts.type == "other":
        named = count_type_of(counts.other_type)
        return named if named and named is not CountType.TOTAL else CountType.OTHER
    return COUNT_TYPES.get(counts.type, CountType.OTHER)


_UNREAD: Mapping[str, Callable[[_Cell, Mapping[tuple[str, str, str], set[str]]], bool]] = {
    "of a later round of a ranked count": lambda cell, _: cell.counts.round > 1,
    "of seats": lambda cell, _: cell.counts.type == "seats",
    "of one kind of device, beside the whole": lambda cell, whole: bool(cell.counts.device_class) and cell.counts.word in whole[cell.place],
    "of all absentee ballots, beside their classes": lambda cell, whole: (
        cell.counts.type == "absentee" and bool(whole[cell.place] & ABSENTEE_CLASSES)
    ),
}
"""Why a number is left alone; read, it would be counted twice or be no vote at all."""


def _sorted_out(cells: Sequence[_Cell]) -> tuple[list[_Cell], dict[str, list[_Cell]]]:
    """Return the cells that are votes, and the others by what they are."""
    whole: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for cell in cells:
        if not cell.counts.device_class:
            whole[cell.place].add(cell.counts.word)
    votes: list[_Cell] = []
    unread: dict[str, list[_Cell]] = defaultdict(list)
    for cell in cells:
        why = next((why for why, is_so in _UNREAD.items() if is_so(cell, whole)), "")
        (unread[why] if why else votes).append(cell)
    return votes, unread


def _joined(cells: Iterable[_Cell]) -> tuple[list[CountRow], list[tuple[_Cell, _Cell]]]:
    """Return one row a key, kinds of one count type and devices added up, and the pairs that say one thing twice; the first counts."""
    groups: dict[Key, list[_Cell]] = defaultdict(list)
    firsts: dict[tuple[Key, str], _Cell] = {}
    twice: list[tuple[_Cell, _Cell]] = []
    for cell in cells:
        key = (cell.contest, cell.unit, _count_type(cell.counts).value, cell.option)
        first = firsts.setdefault((key, cell.counts.word), cell)
        if first is not cell and not cell.counts.device_class:
            twice.append((first, cell))
        else:
            groups[key].append(cell)
    return [(*key, _sum(cell.read.value for cell in group), group[0].row) for key, group in groups.items()], twice


def _sum(values: Iterable[int | None]) -> int | None:
    given = list(values)
    known = [value for value in given if value is not None]
    return sum(known) if len(known) == len(given) else None


# --- Ballots -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ballots:
    """One number of ballots or voters."""

    contest: str
    unit: str
    count_type: CountType
    kind: BallotKind
    raw: RawVotes
    category: str = "total"


_BALLOT_FIELDS = (
    ("ballots_cast", BallotKind.CAST),
    ("ballots_outstanding", BallotKind.OUTSTANDING),
    ("ballots_rejected", BallotKind.REJECTED),
)


def _ballots(report: ElectionReport, contests: Sequence[_Listed], names: _Names) -> Iterator[_Ballots]:
    """Yield every number of ballots and voters.

    Ballots of the election's scope are the jurisdiction's; those of a district that one contest alone has are that contest's.
    """
    place = _places(contests, names)
    for election in report.election:
        for counts in election.ballot_counts:
            if counts.round == 1 and not counts.device_class and not counts.is_suppressed_for_privacy:
                yield from _of_counts(counts, *place(counts.gp_unit_id))
    for unit in report.gp_unit:
        contest, name = place(unit.id)
        yield _Ballots(contest=contest, unit=name, count_type=CountType.TOTAL, kind=BallotKind.REGISTERED, raw=unit.voters_registered)
    for listed in contests:
        yield from _residual(listed, names)


def _places(contests: Sequence[_Listed], names: _Names) -> Callable[[str], tuple[str, str]]:
    """Return what finds the contest and the unit that ballots of a reporting unit belong to."""
    districts: dict[str, list[str]] = defaultdict(list)
    for listed in contests:
        districts[listed.contest.election_district_id].append(listed.key)

    def place(unit_id: str) -> tuple[str, str]:
        if unit_id in names.scopes:
            return "", ALL_UNITS
        held = districts.get(unit_id, [])
        return (held[0], ALL_UNITS) if len(held) == 1 else ("", names.unit(unit_id))

    return place


def _of_counts(counts: BallotCounts, contest: str, unit: str) -> Iterator[_Ballots]:
    category = CATEGORIES.get(counts.type) or (counts.other_type if counts.other_type == "conditional" else "other")
    for name, kind in _BALLOT_FIELDS:
        raw: RawVotes = getattr(counts, name)
        yield _Ballots(contest=contest, unit=unit, count_type=_count_type(counts), kind=kind, raw=raw, category=category)


def _residual(listed: _Listed, names: _Names) -> Iterator[_Ballots]:
    """Over and under votes are votes; they are ballots where a ballot has one vote, and are left alone elsewhere."""
    if listed.contest.votes_allowed not in {None, 1}:
        return
    for counts in listed.contest.other_counts:
        unit = names.unit(counts.gp_unit_id, listed.contest.election_district_id)
        for kind, raw in ((BallotKind.OVERVOTED, counts.overvotes), (BallotKind.UNDERVOTED, counts.undervotes)):
            yield _Ballots(contest=listed.key, unit=unit, count_type=CountType.TOTAL, kind=kind, raw=raw)


def _ballot_rows(ballots: Iterable[_Ballots]) -> list[BallotRow]:
    rows: dict[tuple[str, str, str, str], int] = {}
    for one in ballots:
        number = _number(one.raw).value
        if number is not None and one.kind is not BallotKind.OUTSTANDING:
            rows.setdefault((one.contest, one.unit, one.count_type.value, one.kind.value), number)
    return [(*key, number, 0) for key, number in rows.items()]


def _statements(document: Document, ballots: Iterable[_Ballots], release: Release) -> tuple[Statement, ...]:
    return tuple(
        Statement(
            contest=one.contest,
            kind=one.kind,
            ballots=number,
            stated_at=release.published_at or document.received_at,
            source=release.source,
            category=one.category,
            unit=one.unit,
            origin=document.at(column="BallotsOutstanding"),
        )
        for one in ballots
        if one.kind is BallotKind.OUTSTANDING and (number := _number(one.raw).value) is not None
    )


# --- The reading -------------------------------------------------------------------------------------------------------------------


def to_reading(document: Document, report: ElectionReport, *, feed: str, notes: Sequence[Finding] = ()) -> Reading:
    """Return what a report says: one release, the ballots outstanding as statements, and what looks wrong."""
    names = _names(report)
    contests = _contests(report, names)
    votes, unread = _sorted_out(list(_cells(contests, names)))
    rows, twice = _joined(votes)
    ballots = list(_ballots(report, contests, names))
    units = {unit.id: unit for unit in report.gp_unit}
    at, doubt = release_time(report.generated_date, document.zone)
    release = Release(
        source=document.source or report.issuer or "NIST results report",
        feed=feed,
        published_at=at,
        counts=count_frame(rows),
        ballots=ballot_frame(_ballot_rows(ballots)),
        contests=tuple(_listed(listed, units.get(listed.contest.election_district_id, GpUnit())) for listed in contests),
        status=ResultsStatus(report.status.replace("-", "_")),
        origin=document.at(),
        note=report.notes,
    )
    findings = (
        *notes,
        *doubtful_time(document, at, doubt, column="GeneratedDate"),
        *_about_report(document, report),
        *_about_references(document, report, contests, names),
        *tabulate(document, [_entry(listed) for listed in contests]).findings,
        *cell_findings(document, _holes(votes)),
        *_about_types(document, votes),
        *_about_unread(document, unread),
        *(_said_twice(document, *pair) for pair in twice),
    )
    return Reading(feed=feed, releases=(release,), statements=_statements(document, ballots, release), findings=findings)


def _listed(listed: _Listed, district: GpUnit) -> ListedContest:
    contest = listed.contest
    return ListedContest(
        key=listed.key,
        title=listed.title,
        options=tuple(option.listed for option in listed.options),
        votes_allowed=contest.votes_allowed,
        rule_hint=f"{contest.kind.rpartition('.')[2]} {contest.vote_variation}".strip(),
        units_reported=district.sub_units_reported if contest.sub_units_reported is None else contest.sub_units_reported,
        units_total=district.total_sub_units if contest.total_sub_units is None else contest.total_sub_units,
    )


def _entry(listed: _Listed) -> Entry:
    """The contest as the checks of names see it; an option has votes if any number is given for it."""
    lines = [
        Line(option=option.listed.key, party=option.listed.party, votes=0 if option.votes else msgspec.UNSET, row=row)
        for row, option in enumerate(listed.options, 1)
    ]
    return Entry(key=listed.key, title=listed.title, lines=lines)


def _holes(cells: Iterable[_Cell]) -> Iterator[CellPlace]:
    for cell in cells:
        read = cell.read
        if read.value is None:
            yield CellPlace(row=cell.row, column="Count", cell=read)


# --- What looks wrong --------------------------------------------------------------------------------------------------------------


def _about_report(document: Document, report: ElectionReport) -> Iterator[Finding]:
    if report.is_test:
        kind = f' ("{tidy(report.test_type)}")' if tidy(report.test_type) else ""
        yield Finding(
            check="test_data",
            severity=Severity.HOLD_CALLS,
            problem=f"The file says that it is a test{kind}; its numbers are not votes.",
            next_step="Do not publish it. Add real results to a folder that has never seen a test.",
            origin=document.at(column="IsTest"),
        )
    if report.sequence_end > 1:
        yield Finding(
            check="part_of_report",
            severity=Severity.HOLD_CALLS,
            problem=f"The file is part {report.sequence_start:,} of {report.sequence_end:,}; a contest may go on in another part.",
            next_step="Add every part. If a contest stands in two of them, ask the office for one file.",
            origin=document.at(column="SequenceStart"),
        )
    if len(report.election) > 1:
        named = ", ".join(f'"{tidy(words(election.name))}"' for election in report.election[:3])
        yield Finding(
            check="several_elections",
            severity=Severity.NOTE,
            problem=f"The file holds {len(report.election):,} elections ({named}); the contests of all of them were read.",
            origin=document.at(column="Election"),
            count=len(report.election),
        )


def _about_references(document: Document, report: ElectionReport, contests: Sequence[_Listed], names: _Names) -> Iterator[Finding]:
    known: Mapping[str, Mapping[str, Any]] = {"unit": names.units, "candidate": names.candidates, "party": names.parties}
    broken: dict[tuple[str, str], list[str]] = defaultdict(list)
    for what, id_, contest in _references(contests, names):
        if id_ not in known[what]:
            broken[what, id_].append(contest)
    for (what, id_), where in broken.items():
        yield _broken(document, f'the {what} "{id_}" is not in the file', where, hold=what != "party")
    yield from _used_twice(document, report)


def _used_twice(document: Document, report: ElectionReport) -> Iterator[Finding]:
    candidates = [candidate for election in report.election for candidate in election.candidate]
    times = Counter(thing.id for things in (report.gp_unit, candidates, report.party) for thing in things)
    for id_, number in times.items():
        if number > 1:
            yield _broken(document, f'The id "{id_}" stands for {number:,} things; the last was used', [""], hold=True)


def _references(contests: Iterable[_Listed], names: _Names) -> Iterator[tuple[str, str, str]]:
    """Yield what every id in a contest should stand for, the id, and the contest."""
    for listed in contests:
        yield "unit", listed.contest.election_district_id, listed.key
        yield from (("unit", counts.gp_unit_id, listed.key) for option in listed.options for counts in option.votes)
        yield from (("unit", counts.gp_unit_id, listed.key) for counts in listed.contest.other_counts)
        for selection in listed.contest.contest_selection:
            yield from (("candidate", id_, listed.key) for id_ in selection.candidate_ids)
            yield from (("party", id_, listed.key) for id_ in selection.party_ids)
            known = (names.candidates[id_].party_id for id_ in selection.candidate_ids if id_ in names.candidates)
            yield from (("party", id_, listed.key) for id_ in known if id_)


def _broken(document: Document, problem: str, where: Sequence[str], *, hold: bool) -> Finding:
    return Finding(
        check="broken_reference",
        severity=Severity.HOLD_CALLS if hold else Severity.NOTE,
        contest=where[0],
        problem=f"{f'{where[0]}: ' if where[0] else ''}{problem}." + (" Its votes are kept under the id." if hold and where[0] else ""),
        next_step="Fetch the file again, or ask the office.",
        origin=document.at(),
        count=len(where),
    )


def _about_types(document: Document, cells: Iterable[_Cell]) -> Iterator[Finding]:
    first: dict[str, _Cell] = {}
    for cell in cells:
        first.setdefault(cell.counts.type, cell)
    for word, cell in first.items():
        if word not in COUNT_TYPES:
            yield Finding(
                check="unknown_count_type",
                severity=Severity.HOLD_CALLS,
                problem=f'"{word}" is not a count type we know; its votes were read as "other". If it is a total, they are counted twice.',
                next_step="Ask the office what it means.",
                origin=document.at(row=cell.row, column="Type"),
            )
        if word == "absentee":
            yield Finding(
                check="absentee_meaning",
                severity=Severity.NOTE,
                problem='"absentee" was read as mail. It may stand for all absentee ballots, those cast in person among them.',
                origin=document.at(row=cell.row, column="Type"),
            )


def _about_unread(document: Document, unread: Mapping[str, Sequence[_Cell]]) -> Iterator[Finding]:
    for why, cells in unread.items():
        numbers = "1 number was" if len(cells) == 1 else f"{len(cells):,} numbers were"
        yield Finding(
            check="unread_counts",
            severity=Severity.NOTE,
            contest=cells[0].contest,
            problem=f"{cells[0].contest}: {numbers} not read, being {why} (first: {cells[0].option}, {cells[0].counts.count}).",
            origin=document.at(row=cells[0].row, column="Count"),
            count=len(cells),
        )


def _said_twice(document: Document, first: _Cell, second: _Cell) -> Finding:
    equal = first.read == second.read
    unit = "the whole contest" if first.unit == ALL_UNITS else f"unit {first.unit}"
    return Finding(
        check="number_listed_twice",
        severity=Severity.NOTE if equal else Severity.HOLD_CALLS,
        contest=first.contest,
        unit="" if first.unit == ALL_UNITS else first.unit,
        option=first.option,
        problem=f"{first.option}, {unit}, {first.counts.word}: the number is given twice, {first.counts.count} and {second.counts.count}. "
        "The first was used.",
        next_step="Fetch the file again.",
        origin=document.at(row=second.row, column="Count"),
    )
