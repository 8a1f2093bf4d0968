"""LA County GetCounterData, read beside GetElectionData: the county's live site, with its ballots.

GetCounterData is flat: a number for an id of a type. GetElectionData says which contest or candidate an id is. Together they hold
what the documented file lacks: ballots, over- and undervotes and write-ins for each contest, mail and in-person ballots for the
county, and with them sums that must come out. Where one does not, the numbers of that contest cannot all be right, and its calls are held.

    CBLT  ballots with the contest               CAND     votes for a candidate
    COV   of these overvoted                     WRTN-0n  write-in votes for place n of a vote-for-N contest
    CUV   without a vote                         NSEL-0n  place n left empty
    CPV   with some but not all votes used       MBLT     mail ballots of the county
    CFV   with all votes used                    DBLT     in-person ballots, EBLT both

The county does not document these; the meanings are those under which every sum comes out in the final file of November 2022.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import msgspec

from racecall.errors import SourceError
from racecall.feeds.base import Document, Match
from racecall.feeds.frames import BallotRow, ballot_frame, count_frame
from racecall.feeds.la_county_json import SOURCE, ZONE, text_votes, unread_vote_for, votes_allowed
from racecall.feeds.listing import (
    ASK_OFFICE,
    NO_NAME,
    Entry,
    Line,
    RawVotes,
    doubtful_time,
    head_of,
    name_findings,
    read_json,
    read_votes,
    release_time,
    tabulate,
    unique_keys,
    zone_or,
)
from racecall.feeds.text import CellPlace, cell_findings
from racecall.model.contest import OptionKind
from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release
from racecall.model.units import ALL_UNITS

WRITE_IN = "Write-in"
"""All write-in votes of a contest: the file does not say for whom."""
TIME_FORMAT = "%m/%d/%Y %I:%M:%S %p"
"""``12/5/2022 12:15:21 PM``: month first, no zone."""

COMMAND = "racecall add DIR counter_data.json election_data.json"
CONTEST_BALLOTS = {
    "CBLT": BallotKind.CAST,
    "COV": BallotKind.OVERVOTED,
    "CUV": BallotKind.UNDERVOTED,
    "CPV": BallotKind.PARTLY_VOTED,
    "CFV": BallotKind.FULLY_VOTED,
}
COUNTY_BALLOTS = {"MBLT": CountType.ABSENTEE_MAIL, "DBLT": CountType.IN_PERSON, "EBLT": CountType.TOTAL}
PLACES = ("WRTN", "NSEL")
LEFT_OUT = frozenset({"PBLT", "MCRD", "DCRD", "ECRD"})
"""Known and not kept: cards (sheets of paper; a mail ballot of 2022 had about three), and PBLT, equal to EBLT in the one file we have."""
KNOWN = frozenset({"CAND", *CONTEST_BALLOTS, *COUNTY_BALLOTS, *PLACES, *LEFT_OUT})


# --- The two files -----------------------------------------------------------------------------------------------------------------


class _Shape(msgspec.Struct, frozen=True, rename="pascal", gc=False):
    """An object of the files. Keys we do not use may come and go; those without a default must be there."""


class _Counter(_Shape, frozen=True):
    reference_id: int = msgspec.field(name="ReferenceID")
    reference_type: str
    value: RawVotes = msgspec.UNSET


class _CounterFile(_Shape, frozen=True):
    data: list[_Counter]
    time_stamp: str


class _Candidate(_Shape, frozen=True):
    id: int = msgspec.field(name="ID")
    name: str
    party: str | None = None


class _Contest(_Shape, frozen=True):
    id: int = msgspec.field(name="ID")
    title: str
    candidates: list[_Candidate]
    type: str = ""
    vote_for: str = ""
    measure_pass_rate: str = ""
    non_partisan: bool = False
    voter_nominated: bool = False


class _Group(_Shape, frozen=True):
    contests: list[_Contest]
    name: str = ""


class _Election(_Shape, frozen=True):
    id: int = msgspec.field(name="ID")
    contest_groups: list[_Group]
    title: str = ""
    registration_count: RawVotes = None


class _ElectionFile(_Shape, frozen=True):
    data: _Election
    time_stamp: str = ""


class Number(msgspec.Struct, frozen=True, gc=False):
    """One number of GetCounterData: as read (None if it is no number), its place, and as printed."""

    value: int | None
    row: int
    raw: RawVotes


Numbers = Mapping[tuple[str, int], Sequence[Number]]
"""Numbers by reference type (without the place: ``WRTN`` for ``WRTN-02``) and id."""

NOTHING = (Number(None, 0, None),)
"""What stands for an id without a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The two files, put together.

    Args:
        document: GetCounterData.
        numbers: What it holds, by type and id.
        election: What GetElectionData says of the election.
        contests: Its contests, each with its key.
    """

    document: Document
    numbers: Numbers
    election: _Election
    contests: Sequence[tuple[str, _Contest]]


class LaCountersFeed:
    """Reads GetCounterData of Los Angeles County, with the names from GetElectionData."""

    id = "la_counters"
    title = "LA County GetCounterData with GetElectionData"

    def sniff(self, document: Document) -> Match | None:
        """Recognise either file of the pair."""
        head = head_of(document)
        if b'"ReferenceType"' in head and b'"ReferenceID"' in head:
            return Match(feed=self.id, certainty=1, reason="GetCounterData: keys ReferenceID and ReferenceType")
        if is_election_data(head):
            return Match(
                feed=self.id, certainty=1, reason="GetElectionData: keys Data and ContestGroups; it names what GetCounterData counts"
            )
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release, or the names for others.

        Raises:
            SourceError: The names are missing, or belong to another election.
            BrokenFile: Not JSON, cut short, or not of this shape.
        """
        if is_election_data(head_of(document)):
            file, notes = read_json(document, _ElectionFile)
            names = Pair(document=document, numbers={}, election=file.data, contests=_contests(file.data))
            return Reading(feed=self.id, defines=True, findings=(*notes, *name_findings(document, list(_entries(names)))))
        counters, notes = read_json(document, _CounterFile)
        numbers, twice = _numbers(counters)
        election = _election(document, numbers)
        pair = Pair(document=document, numbers=numbers, election=election, contests=_contests(election))
        reading = _reading(pair, counters)
        return replace(reading, findings=(*notes, *_repeated_numbers(pair, twice), *reading.findings))


def is_election_data(data: bytes) -> bool:
    """Whether these bytes look like GetElectionData: `Data` with `ContestGroups` (the documented file has them under `Election`)."""
    return b'"Data"' in data and b'"ContestGroups"' in data and b'"Election"' not in data


def _numbers(counters: _CounterFile) -> tuple[Numbers, list[tuple[_Counter, Number, Number]]]:
    """Index the numbers, and return those that are given twice (the first is used)."""
    found: dict[tuple[str, int], list[Number]] = defaultdict(list)
    seen: dict[tuple[str, int], Number] = {}
    twice = []
    for row, counter in enumerate(counters.data, start=1):
        number = Number(read_votes(counter.value)[0], row, counter.value)
        first = seen.setdefault((counter.reference_type, counter.reference_id), number)
        if first is not number:
            twice.append((counter, first, number))
            continue
        found[_family(counter.reference_type), counter.reference_id].append(number)
    return found, twice


@lru_cache(maxsize=256)
def _family(reference_type: str) -> str:
    """Drop the place: ``WRTN-02`` is a ``WRTN``."""
    name, _, place = reference_type.partition("-")
    return name if place.isdigit() else reference_type


# --- The names ---------------------------------------------------------------------------------------------------------------------


def _election(document: Document, numbers: Numbers) -> _Election:
    """Return the election whose ids the numbers are for, from the files beside this one.

    Several may be there: one fetched each day, or one of each election. The one that names most of the candidates wins, then the latest.
    """
    files = _election_files(document)
    elections = {number_id for family, number_id in numbers if family in COUNTY_BALLOTS}
    fitting = [file for file in files if file.data.id in elections or not elections]
    counted = {number_id for family, number_id in numbers if family == "CAND"}
    best = max(fitting, key=lambda file: (_named(file.data, counted), _moment(file)), default=None)
    if best is None or (counted and not _named(best.data, counted)):
        raise _other_election(document, files, elections)
    return best.data


def _election_files(document: Document) -> list[_ElectionFile]:
    beside = {name: data for name, data in document.companions.items() if is_election_data(data)}
    if not beside:
        raise SourceError(
            "This file has only numbers for ids.",
            where=document.capture.name,
            next_step=f"Give GetElectionData of the same election as well: {COMMAND}",
        )
    return [_read_beside(document, name, data) for name, data in beside.items()]


def _read_beside(document: Document, name: str, data: bytes) -> _ElectionFile:
    """Read a companion; what is wrong with it is said under its own name."""
    file, _ = read_json(replace(document, capture=replace(document.capture, name=name), data=data), _ElectionFile)
    assert isinstance(file, _ElectionFile)
    return file


def _named(election: _Election, counted: set[int]) -> int:
    """How many of the counted candidates the election names."""
    return len(
        counted & {candidate.id for group in election.contest_groups for contest in group.contests for candidate in contest.candidates}
    )


def _moment(file: _ElectionFile) -> datetime:
    try:
        return datetime.strptime(file.time_stamp, TIME_FORMAT)  # noqa: DTZ007 - only compared with others of the same clock
    except ValueError:
        return datetime.min  # noqa: DTZ901 - same


def _other_election(document: Document, files: Iterable[_ElectionFile], elections: set[int]) -> SourceError:
    beside = ", ".join(str(file.data.id) for file in files)
    mine = f"of election {', '.join(map(str, sorted(elections)))}" if elections else "for ids that are not in it"
    return SourceError(
        f"the GetElectionData beside this file is of election {beside}, but the numbers are {mine}.",
        where=document.capture.name,
        next_step=f"Give GetElectionData of the same election: {COMMAND}",
    )


def _contests(election: _Election) -> list[tuple[str, _Contest]]:
    """Every contest with its key: the title, which is the key in the documented file as well."""
    contests = [(group.name, contest) for group in election.contest_groups for contest in group.contests]
    keys = unique_keys([(group, contest.title) for group, contest in contests])
    return [(key, contest) for key, (_, contest) in zip(keys, contests, strict=True)]


# --- The release -------------------------------------------------------------------------------------------------------------------


def _entries(pair: Pair) -> Iterator[Entry]:
    for key, contest in pair.contests:
        lines = [_line(candidate, pair.numbers.get(("CAND", candidate.id), ())) for candidate in contest.candidates]
        if write_ins := pair.numbers.get(("WRTN", contest.id)):
            lines.append(Line(option=WRITE_IN, votes=_sum_or_fault(write_ins), row=write_ins[0].row, kind=OptionKind.AGGREGATE))
        yield Entry(key=key, title=contest.title, lines=lines, votes_allowed=_seats(contest), rule_hint=_rule_hint(contest))


def _line(candidate: _Candidate, numbers: Sequence[Number]) -> Line:
    votes, row = (numbers[0].raw, numbers[0].row) if numbers else (None, 0)
    return Line(option=candidate.name or NO_NAME, party=candidate.party or "", votes=votes, row=row)


def _sum_or_fault(numbers: Sequence[Number]) -> RawVotes:
    """Add up, or return the first that is no number, so that it becomes a finding."""
    return next((number.raw for number in numbers if number.value is None), sum(number.value or 0 for number in numbers))


def _seats(contest: _Contest) -> int:
    """Votes allowed: the county prints nothing where it is one."""
    return votes_allowed(contest.vote_for) or 1


def _rule_hint(contest: _Contest) -> str:
    """What the file says about the rule: the share a measure needs, or the flag that tells top-two from majority contests."""
    flags = (("VoterNominated", contest.voter_nominated), ("NonPartisan", contest.non_partisan))
    flag = next((name for name, is_set in flags if is_set), contest.type)
    return contest.measure_pass_rate or (contest.type if contest.type == "Judicial" else flag)


def _reading(pair: Pair, counters: _CounterFile) -> Reading:
    entries = list(_entries(pair))
    listing = tabulate(pair.document, entries)
    at, doubt = release_time(counters.time_stamp, zone_or(pair.document, ZONE), (TIME_FORMAT,))
    release = Release(
        source=pair.document.source or SOURCE,
        feed=LaCountersFeed.id,
        published_at=at,
        counts=count_frame(listing.rows),
        ballots=ballot_frame(_ballot_rows(pair)),
        contests=listing.contests,
        origin=pair.document.at(),
        note=pair.election.title,
    )
    findings = (
        *doubtful_time(pair.document, at, doubt, column="TimeStamp"),
        *unread_vote_for(pair.document, ((contest.title, contest.vote_for) for _, contest in pair.contests)),
        *_unknown_types(pair.document, counters),
        *_unknown_ids(pair),
        *_ballot_faults(pair),
        *_roll_fault(pair),
        *broken_identities(pair),
        *text_votes(pair.document, entries),
        *listing.findings,
    )
    return Reading(feed=LaCountersFeed.id, releases=(release,), findings=findings)


def _ballot_rows(pair: Pair) -> Iterator[BallotRow]:
    total = CountType.TOTAL.value
    for key, contest in pair.contests:
        for family, kind in CONTEST_BALLOTS.items():
            for number in pair.numbers.get((family, contest.id), ()):
                yield key, ALL_UNITS, total, kind.value, number.value, number.row
    for family, count_type in COUNTY_BALLOTS.items():
        for number in pair.numbers.get((family, pair.election.id), ()):
            yield "", ALL_UNITS, count_type.value, BallotKind.CAST.value, number.value, number.row
    registered, _ = read_votes(pair.election.registration_count)
    if registered:
        yield "", ALL_UNITS, total, BallotKind.REGISTERED.value, registered, 0


# --- The sums that must come out ---------------------------------------------------------------------------------------------------

WORDS = {
    "CBLT": "ballots with the contest",
    "COV": "overvoted",
    "CUV": "without a vote",
    "CPV": "partly voted",
    "CFV": "fully voted",
    "CAND": "votes for candidates",
    "WRTN": "write-in votes",
    "NSEL": "places left empty",
    "EBLT": "all ballots",
    "MBLT": "mail ballots",
    "DBLT": "in-person ballots",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Two sides of the county's books that are equal.

    Args:
        check: Name of the finding.
        whole: Type on the left.
        parts: Types on the right.
        per_vote: The left side counts once for each vote allowed.
        one_vote_only: It holds where one vote is allowed.
    """

    check: str
    whole: str
    parts: tuple[str, ...]
    per_vote: bool = False
    one_vote_only: bool = False


IDENTITIES = (
    Identity(check="identity_ballots", whole="CBLT", parts=("COV", "CUV", "CPV", "CFV")),
    Identity(check="identity_marks", whole="CBLT", parts=("CAND", "WRTN", "NSEL"), per_vote=True),
    Identity(check="identity_single", whole="CFV", parts=("CAND", "WRTN"), one_vote_only=True),
)
"""True of all 430 contests of the final file of November 2022 (361 of them with one vote allowed)."""
METHODS = Identity(check="identity_methods", whole="EBLT", parts=("MBLT", "DBLT"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The sums of one contest, or of the county.

    Args:
        key: Contest key, "" for the county.
        name: For people.
        votes_allowed: Votes a voter may cast.
        sums: Sum by type; None if a number is missing or is no number.
        row: Place of the whole in the file.
    """

    key: str
    name: str
    votes_allowed: int
    sums: Mapping[str, int | None]
    row: int | None


def broken_identities(pair: Pair) -> Iterator[Finding]:
    """Return a finding for every sum that does not come out, and one note on those that could not be tried."""
    untried: list[Books] = []
    for books in _books(pair):
        for identity in (METHODS,) if not books.key else IDENTITIES:
            if identity.one_vote_only and books.votes_allowed != 1:
                continue
            sides = _sides(identity, books)
            if sides is None:
                untried.append(books)
            elif sides[0] != sides[1]:
                yield _broken(pair.document, identity, books, *sides)
    if untried:
        yield _untried(pair.document, untried)


def _books(pair: Pair) -> Iterator[Books]:
    numbers = pair.numbers
    for key, contest in pair.contests:
        sums = {family: _sum(numbers, family, [contest.id]) for family in (*CONTEST_BALLOTS, "NSEL")}
        sums["CAND"] = _sum(numbers, "CAND", [candidate.id for candidate in contest.candidates])
        sums["WRTN"] = _sum(numbers, "WRTN", [contest.id]) if ("WRTN", contest.id) in numbers else 0
        yield Books(key=key, name=contest.title, votes_allowed=_seats(contest), sums=sums, row=_row(numbers, "CBLT", contest.id))
    county = {family: _sum(numbers, family, [pair.election.id]) for family in COUNTY_BALLOTS}
    yield Books(key="", name="The county", votes_allowed=1, sums=county, row=_row(numbers, "EBLT", pair.election.id))


def _sum(numbers: Numbers, family: str, ids: Iterable[int]) -> int | None:
    """Add up the numbers of some ids; None if one of them has none."""
    total = 0
    for number_id in ids:
        for number in numbers.get((family, number_id), NOTHING):
            if number.value is None:
                return None
            total += number.value
    return total


def _row(numbers: Numbers, family: str, number_id: int) -> int | None:
    found = numbers.get((family, number_id))
    return found[0].row if found else None


def _sides(identity: Identity, books: Books) -> tuple[int, int] | None:
    whole, parts = books.sums[identity.whole], [books.sums[part] for part in identity.parts]
    if whole is None or None in parts:
        return None
    return whole * (books.votes_allowed if identity.per_vote else 1), sum(part for part in parts if part is not None)


def _broken(document: Document, identity: Identity, books: Books, left: int, right: int) -> Finding:
    times = f"{books.votes_allowed} x " if identity.per_vote and books.votes_allowed > 1 else ""
    parts = " + ".join(f"{WORDS[part]} ({part}) {books.sums[part]:,}" for part in identity.parts)
    whole = f"{times}{WORDS[identity.whole]} ({identity.whole}) {books.sums[identity.whole]:,}" + (f" = {left:,}" if times else "")
    return Finding(
        check=identity.check,
        severity=Severity.HOLD_CALLS,
        contest=books.key,
        problem=f"{books.name}: {whole} should equal {parts} = {right:,}; they differ by {abs(left - right):,}.",
        next_step="Fetch both files again: one may be older than the other. If it stays, ask the county.",
        origin=document.at(row=books.row, column=identity.whole),
    )


def _untried(document: Document, untried: Sequence[Books]) -> Finding:
    names = list(dict.fromkeys(books.name for books in untried))
    contests = "1 contest" if len(names) == 1 else f"{len(names):,} contests"
    return Finding(
        check="identity_unchecked",
        severity=Severity.NOTE,
        problem=f"The sums of {contests} could not be checked, because numbers are missing (first: {names[0]}).",
        next_step="Look at the numbers of these contests yourself, or fetch the file again.",
        origin=document.at(),
        count=len(names),
    )


# --- What else looks wrong ---------------------------------------------------------------------------------------------------------


def _ballot_faults(pair: Pair) -> Iterator[Finding]:
    """Ballots that are no numbers; votes are looked at with the options."""
    named = [(key, contest.title, contest.id, (*CONTEST_BALLOTS, "NSEL")) for key, contest in pair.contests]
    for key, title, number_id, families in (*named, ("", "The county", pair.election.id, tuple(COUNTY_BALLOTS))):
        places = [
            CellPlace(row=number.row, column=family, cell=cell)
            for family in families
            for number in pair.numbers.get((family, number_id), ())
            if number.value is None and (cell := read_votes(number.raw)[1])
        ]
        for finding in cell_findings(pair.document, places):
            yield replace(finding, contest=key, problem=f"{title}: {finding.problem}", next_step=ASK_OFFICE)


def _roll_fault(pair: Pair) -> Iterator[Finding]:
    """The number of voters on the roll, if it is no number; without one there is no turnout, and nothing else is lost."""
    _, cell = read_votes(pair.election.registration_count)
    if cell and cell.is_fault:
        for finding in cell_findings(pair.document, [CellPlace(row=1, column="RegistrationCount", cell=cell)]):
            problem = f"The number of voters on the roll in GetElectionData: {finding.problem}"
            yield replace(finding, severity=Severity.NOTE, problem=problem, next_step=ASK_OFFICE)


def _unknown_types(document: Document, counters: _CounterFile) -> Iterator[Finding]:
    found = Counter(counter.reference_type for counter in counters.data if _family(counter.reference_type) not in KNOWN)
    if found:
        shown = ", ".join(f"{name} ({count:,})" for name, count in found.most_common(10))
        numbers = "1 number is of a type" if found.total() == 1 else f"{found.total():,} numbers are of types"
        yield Finding(
            check="unknown_reference_types",
            severity=Severity.NOTE,
            problem=f"{numbers} we do not know: {shown}. Left out.",
            next_step="The county may have extended its site: see docs/feeds/la_counters.md for the types we know.",
            origin=document.at(column="ReferenceType"),
            count=found.total(),
        )


def _unknown_ids(pair: Pair) -> Iterator[Finding]:
    """Numbers for contests and candidates that GetElectionData does not name."""
    contests = {contest.id for _, contest in pair.contests}
    candidates = {candidate.id for _, contest in pair.contests for candidate in contest.candidates}
    by_contest = {*CONTEST_BALLOTS, *PLACES}
    nameless_contests = {number_id for family, number_id in pair.numbers if family in by_contest} - contests
    nameless_candidates = {number_id for family, number_id in pair.numbers if family == "CAND"} - candidates
    if nameless_contests:
        yield _unknown_id(pair.document, "contest", nameless_contests, Severity.NOTE)
    if nameless_candidates:
        yield _unknown_id(pair.document, "candidate", nameless_candidates, Severity.HOLD_CALLS)


def _repeated_numbers(pair: Pair, twice: Iterable[tuple[_Counter, Number, Number]]) -> Iterator[Finding]:
    """Two numbers for one id and type: harmless when they are equal, a hold when they are not."""
    keys = {contest.id: key for key, contest in pair.contests}
    keys |= {candidate.id: key for key, contest in pair.contests for candidate in contest.candidates}
    for counter, first, second in twice:
        equal = first.raw == second.raw
        yield Finding(
            check="number_listed_twice",
            severity=Severity.NOTE if equal else Severity.HOLD_CALLS,
            contest=keys.get(counter.reference_id, ""),
            problem=f"{counter.reference_type} of id {counter.reference_id} is given twice (rows {first.row:,} and {second.row:,}): "
            f"{first.raw} and {second.raw}. The first was used.",
            next_step="Fetch the file again.",
            origin=pair.document.at(row=second.row, column="Value"),
        )


def _unknown_id(document: Document, what: str, ids: set[int], severity: Severity) -> Finding:
    shown = ", ".join(str(number_id) for number_id in sorted(ids)[:5]) + (" …" if len(ids) > 5 else "")
    them = f"1 {what}" if len(ids) == 1 else f"{len(ids):,} {what}s"
    return Finding(
        check="unknown_ids",
        severity=severity,
        problem=f"The file has numbers for {them} that GetElectionData does not name (id {shown}). They were left out.",
        next_step=f"Fetch GetElectionData again: it may be older than the numbers. {COMMAND}",
        origin=document.at(column="ReferenceID"),
        count=len(ids),
    )
