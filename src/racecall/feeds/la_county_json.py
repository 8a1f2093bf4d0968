"""LA County results JSON: the file behind the county's download page since February 2021.

Groups of contests, contests, candidates with one number each. It has no ids, no precincts, no vote methods and no write-ins; the number
of votes allowed is prose, and the time has no zone. `docs/feeds/la_county_json.md` says what each field means here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from racecall.feeds.base import Document, Match
from racecall.feeds.frames import ballot_frame, count_frame
from racecall.feeds.listing import (
    NO_NAME,
    Entry,
    Line,
    RawVotes,
    doubtful_time,
    head_of,
    read_json,
    release_time,
    tabulate,
    unique_keys,
    zone_or,
)
from racecall.feeds.text import whole_number
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release

SOURCE = "LA County RR/CC"
ZONE = "America/Los_Angeles"


class _Shape(msgspec.Struct, frozen=True, rename="pascal", gc=False):
    """An object of the file. Keys we do not use may come and go; those without a default must be there."""


class _Candidate(_Shape, frozen=True):
    name: str
    party: str | None = None
    votes: RawVotes = msgspec.UNSET


class _Contest(_Shape, frozen=True):
    title: str
    candidates: list[_Candidate]
    type: str = ""
    vote_for: str = ""
    measure_pass_rate: str = ""


class _Group(_Shape, frozen=True):
    contests: list[_Contest]
    name: str = ""


class _Election(_Shape, frozen=True):
    contest_groups: list[_Group]
    title: str = ""


class _File(_Shape, frozen=True):
    election: _Election
    timestamp: str


class LaCountyJsonFeed:
    """Reads the results file of the Los Angeles County Registrar-Recorder/County Clerk."""

    id = "la_county_json"
    title = "LA County results JSON"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the keys `Election` and `ContestGroups`; GetElectionData has `ContestGroups` under `Data` instead."""
        head = head_of(document)
        if b'"Election"' in head and b'"ContestGroups"' in head and b'"Data"' not in head:
            return Match(feed=self.id, certainty=1, reason="keys Election and ContestGroups")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release.

        Raises:
            BrokenFile: Not JSON, cut short, or not of this shape.
        """
        file, notes = read_json(document, _File)
        entries = list(_entries(file.election))
        listing = tabulate(document, entries)
        at, doubt = release_time(file.timestamp, zone_or(document, ZONE))
        release = Release(
            source=document.source or SOURCE,
            feed=self.id,
            published_at=at,
            counts=count_frame(listing.rows),
            ballots=ballot_frame(),
            contests=listing.contests,
            origin=document.at(),
            note=file.election.title,
        )
        findings = (
            *notes,
            *doubtful_time(document, at, doubt, column="Timestamp"),
            *unread_vote_for(document, _prose(file.election)),
            *text_votes(document, entries),
            *listing.findings,
        )
        return Reading(feed=self.id, releases=(release,), findings=findings)


def _entries(election: _Election) -> Iterator[Entry]:
    contests = [(group.name, contest) for group in election.contest_groups for contest in group.contests]
    keys = unique_keys([(group, contest.title) for group, contest in contests])
    row = 0
    for key, (_, contest) in zip(keys, contests, strict=True):
        lines = [
            Line(option=candidate.name or NO_NAME, party=candidate.party or "", votes=candidate.votes, row=row + number)
            for number, candidate in enumerate(contest.candidates, start=1)
        ]
        row += len(lines)
        yield Entry(
            key=key,
            title=contest.title,
            lines=lines,
            votes_allowed=votes_allowed(contest.vote_for),
            rule_hint=contest.measure_pass_rate or contest.type,
        )


def _prose(election: _Election) -> Iterator[tuple[str, str]]:
    return ((contest.title, contest.vote_for) for group in election.contest_groups for contest in group.contests)


# --- Shared with GetElectionData, which prints the same contests with ids -----------------------------------------------------------

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_NUMBER = re.compile(rf"\b({'|'.join(_NUMBERS)}|\d{{1,2}})\b", re.IGNORECASE)


def votes_allowed(prose: str) -> int | None:
    """Read "Vote for no more than three"; None if it says nothing, or no number.

    The county prints nothing where one vote is allowed: in all 361 contests of November 2022 without this prose, GetCounterData has
    one place a ballot.
    """
    found = _NUMBER.search(prose)
    if not found:
        return None
    word = found[1].lower()
    return _NUMBERS.get(word) or int(word) or None


def unread_vote_for(document: Document, prose: Iterable[tuple[str, str]]) -> tuple[Finding, ...]:
    """Note each (title, VoteFor) whose number of votes allowed is said in words we cannot read."""
    return tuple(
        Finding(
            check="votes_allowed_unread",
            severity=Severity.NOTE,
            contest=title,
            problem=f'{title}: "{words}" does not say how many votes are allowed; "Vote for no more than two" was expected.',
            next_step="Set votes_allowed for the contest in election.toml.",
            origin=document.at(column="VoteFor"),
        )
        for title, words in prose
        if words.strip() and votes_allowed(words) is None
    )


def text_votes(document: Document, entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Note votes that are printed as text where the county prints numbers: they are read, but the format may have changed."""
    lines = [
        line for entry in entries for line in entry.lines if isinstance(line.votes, str) and whole_number(line.votes).value is not None
    ]
    if not lines:
        return ()
    first = lines[0]
    places = "1 place" if len(lines) == 1 else f"{len(lines):,} places"
    finding = Finding(
        check="votes_as_text",
        severity=Severity.NOTE,
        problem=f'Votes are printed as text in {places} where a number was expected (first: {first.option}, "{first.votes}"); '
        f"read as {whole_number(str(first.votes)).value:,}.",
        next_step="The office may have changed its format: compare one contest with its page.",
        origin=document.at(row=first.row, column="Votes"),
        count=len(lines),
    )
    return (finding,)
