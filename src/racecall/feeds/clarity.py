"""Clarity, the results sites of SOE Software and Scytl: votes by reporting unit and count type, as counties and states publish them.

A site publishes version after version. `current_ver.txt` holds the number of the newest, `electionsettings.json` says what the site is
about, `summary.json` has totals, and `detailxml.zip` holds `detail.xml`: for each choice of each contest the votes of each count type, in
each precinct of a county or in each county of a state. Count types are free text, different from county to county. `docs/feeds/clarity.md`
says what each field means here.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import msgspec

from racecall.errors import BrokenFile, UnknownFormat, UsageError
from racecall.feeds.base import Document, Match
from racecall.feeds.frames import Runs, ballot_frame, count_frame
from racecall.feeds.listing import (
    ASK_OFFICE,
    NO_NAME,
    Entry,
    Line,
    RawVotes,
    doubtful_time,
    head_of,
    numbered,
    party_code,
    read_json,
    read_votes,
    release_time,
    tabulate,
    unique_keys,
)
from racecall.feeds.mapping import ColumnMap, count_type_of, listed
from racecall.feeds.openelections import plain_name
from racecall.feeds.options import SHARE, TOTAL, not_an_option, option_kind
from racecall.feeds.rows import EXAMPLES, absentee_note, is_doubtful_absentee, more, unknown_word
from racecall.feeds.table import given_mapping
from racecall.feeds.text import MAX_COUNT, CellPlace, cell_findings, decode, tidy
from racecall.feeds.xml import elements, local, root_name
from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release
from racecall.model.units import ALL_UNITS

if TYPE_CHECKING:
    import polars as pl
    from lxml import etree

CHECKS: Mapping[str, str] = {
    "counts_elsewhere": "The file has no counts; it says where they are.",
}
"""What is looked for here and nowhere else, by the name of the finding."""

ROOT = "ElectionResult"
TIME_FORMAT = "%m/%d/%Y %I:%M:%S %p"
"""``11/5/2020 11:39:44 AM EST``: month first, with the letters of a zone (`OFFSETS`)."""
_OFFSETS = "AST-4 EST-5 EDT-4 CST-6 CDT-5 MST-7 MDT-6 PST-8 PDT-7 AKST-9 AKDT-8 HST-10 UTC-0 GMT-0"
OFFSETS: Mapping[str, int] = {letters: -int(hours) for letters, _, hours in (word.partition("-") for word in _OFFSETS.split())}
"""Hours from UTC that the letters stand for in the United States (15 U.S.C. 260a to 263). With them the hour that happens twice in the
night of the change in November, mostly the Sunday before a general election, is told apart."""
TURNOUT = {"ballotsCast": BallotKind.CAST, "totalVoters": BallotKind.REGISTERED}
TOTALS = CountType.TOTAL.value


class ClarityFeed:
    """Reads the files of a Clarity site."""

    id = "clarity"
    title = "Clarity election night reporting (Scytl, SOE)"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the detail, the summary, the settings and the version of a site."""
        kind = kind_of(document)
        return Match(feed=self.id, certainty=1, reason=_SEEN[kind]) if kind else None

    def parse(self, document: Document) -> Reading:
        """Read one release, or what a site says about its files.

        Raises:
            BrokenFile: Not XML or JSON, cut short, or not of this shape.
            UnknownFormat: XML of another kind.
        """
        return _READERS[kind_of(document) or "detail"](document)


_SEEN = {
    "detail": "XML with the outermost element ElectionResult",
    "summary": "summary.json: keys CATKEY, CH and V",
    "settings": "electionsettings.json: keys settings and electiondetails",
    "version": "current_ver.txt: a number and nothing else",
}
_VERSION = re.compile(rb"\s*(?:web\.)?([0-9]{1,12})\s*")


def kind_of(document: Document) -> str:
    """Return which file of a site a document is, "" if none: what `_SEEN` has."""
    head = head_of(document)
    if root_name(head) == ROOT:
        return "detail"
    if b'"CATKEY"' in head and b'"CH"' in head and b'"V"' in head:
        return "summary"
    if b'"settings"' in head and b'"electiondetails"' in head:
        return "settings"
    return "version" if "current_ver" in document.capture.name and _VERSION.fullmatch(document.data) else ""


# --- The detail: elements to cells -------------------------------------------------------------------------------------------------


class Split(msgspec.Struct, frozen=True, gc=False):
    """The votes of one choice that one word for a count type stands for: as printed, and as the units add up."""

    word: str
    count_type: CountType
    printed: int | None
    added: int
    units: int
    missing: int


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One choice as the file has it; `key` is its name, with a number where the contest has the name twice."""

    key: str
    printed: str
    party: str
    votes: RawVotes
    row: int
    splits: tuple[Split, ...]


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """One contest as the file has it."""

    attributes: Mapping[str, str]
    choices: tuple[Choice, ...]
    places: tuple[CellPlace, ...]

    @property
    def title(self) -> str:
        """As printed."""
        return tidy(self.attributes.get("text", ""))

    def number(self, *names: str) -> int | None:
        """Return the first of these attributes that is a number."""
        return next((number for name in names if (number := read_votes(self.attributes.get(name))[0]) is not None), None)


class Detail:
    """What was read of a detail file so far. One pass: an element is gone after its turn.

    Args:
        document: What is read.
    """

    def __init__(self, document: Document) -> None:
        from lxml import etree

        self.document = document
        self.columns = given_mapping(document) or ColumnMap()
        self.facts: dict[str, str] = {}
        self.contests: list[Contest] = []
        self.counts = Runs()
        self.ballots = Runs(self.counts)
        self.types: dict[str, CountType | None] = {}
        self.first_rows: dict[str, int] = {}
        self.not_options: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self.repeated_units: Counter[str] = Counter()
        self.turnout_places: list[CellPlace] = []
        self._row = 0
        self._choices: list[Choice] = []
        self._places: list[CellPlace] = []
        self._names = etree.XPath("*/@name", smart_strings=False)
        self._votes = etree.XPath("*/@votes", smart_strings=False)
        self._last: tuple[list[str], array[int]] = ([], array("i"))
        self._all = self.counts.units([ALL_UNITS])

    @property
    def _contest(self) -> str:
        """What stands for the contest that is being read, until its key is known."""
        return str(len(self.contests))

    def fact(self, element: etree._Element) -> None:
        """Keep a line about the whole file."""
        self.facts[local(element)] = tidy(element.text or "")

    def turnout(self, element: etree._Element) -> None:
        """Keep ballots and voters on the roll, of the whole and of each unit."""
        units = list(element.iterdescendants("{*}Precinct", "{*}County"))
        names = [ALL_UNITS, *self._apart([unit.get("name", "") for unit in units])]
        for row, (name, unit) in enumerate(zip(names, (element, *units), strict=True)):
            for attribute, kind in TURNOUT.items():
                number = self._number(unit.get(attribute), row, attribute, self.turnout_places)
                # Kentucky prints 0 voters for every precinct, beside ballots: nobody has counted them.
                if number is not None and (number or kind is BallotKind.CAST):
                    self.ballots.add("", TOTALS, kind.value, row, self.ballots.units([name]), [number])

    def choice(self, element: etree._Element) -> None:
        """Keep a choice, and what stands between it and the one before."""
        self._residual(element.itersiblings("{*}VoteType", preceding=True), element.getparent())
        self._row += 1
        printed = tidy(element.get("text", "")) or NO_NAME
        if what := not_an_option(printed):
            self.not_options[printed] += 1
            self._ballots(what, element, element.getparent())
            return
        times = sum(choice.printed == printed for choice in self._choices)
        key = f"{printed} ({times + 1})" if times else printed
        choice = Choice(
            key=key,
            printed=printed,
            party=tidy(element.get("party", "")),
            votes=element.get("totalVotes"),
            row=self._row,
            splits=tuple(self._split(key, part) for part in element.iterchildren("{*}VoteType")),
        )
        self._choices.append(choice)

    def contest(self, element: etree._Element) -> None:
        """Keep a contest, all of whose choices have been read."""
        self._residual(element.iterchildren("{*}VoteType"), element)
        places, attributes = tuple(self._places), {str(name): str(value) for name, value in element.items()}
        self.contests.append(Contest(attributes=attributes, choices=tuple(self._choices), places=places))
        self._choices, self._places = [], []

    def finish(self) -> None:
        """Refuse a file in which no contest was found.

        Raises:
            BrokenFile: There is none, or a choice outside of any.
        """
        if not self.contests or self._choices:
            raise BrokenFile(
                "a choice stands outside of any contest." if self._choices else "the file lists no contest.",
                where=self.document.capture.name,
                next_step="Compare the file with docs/feeds/clarity.md, and fetch it again when the site shows results.",
            )

    @property
    def words(self) -> Mapping[str, CountType]:
        """How each word for a count type was read.

        Where a file has one word only, nothing is told apart, whatever the word: West Virginia 2020 has all 794,652 votes for President,
        mail and early ones too, under "Election Day". Then it is the total, unless the user says otherwise.
        """
        read = {word: found or CountType.OTHER for word, found in self.types.items()}
        alone = len(read) == 1 and not set(read) & set(dict(self.columns.words))
        return dict.fromkeys(read, CountType.TOTAL) if alone else read

    # Each list of votes goes through here, so nothing is made for a cell but its number.

    def _split(self, option: str, element: etree._Element) -> Split:
        word = tidy(element.get("name", "")) or NO_NAME
        known = self._type(word)
        printed = self._number(element.get("votes"), self._row, "votes", self._places)
        numbers, missing = self._add(self.counts, known, option, element)
        if printed is not None and known is not CountType.TOTAL:  # the total of all units is the choice's own
            self.counts.add(self._contest, known.value, option, self._row, self._all, [printed])
        return Split(word, known, printed, sum(numbers) + missing, len(numbers), missing)

    def _residual(self, lists: Iterable[etree._Element], contest: etree._Element | None) -> None:
        """Keep over- and undervotes, which stand beside the choices as if they were count types."""
        for element in lists:
            name = tidy(element.get("name", ""))
            if (what := not_an_option(name)) in set(BallotKind):
                self._ballots(what, element, contest)
            else:
                self.unread[name] += 1

    def _ballots(self, kind: str, element: etree._Element, contest: etree._Element | None) -> None:
        """Put what is no option into the table of ballots.

        Only where one vote is allowed: with more, an under vote is a vote not used, and several of them are one ballot.
        """
        if kind in {TOTAL, SHARE} or contest is None or read_votes(contest.get("voteFor", "1"))[0] != 1:
            return
        lists = list(element.iterchildren("{*}VoteType"))
        total = self._number(element.get("votes", element.get("totalVotes")), self._row, "votes", self._places)
        if total is not None:
            self.ballots.add(self._contest, TOTALS, kind, self._row, self._all, [total])
        for part in lists or [element]:
            self._add(self.ballots, self._type(part.get("name", "")) if lists else CountType.TOTAL, kind, part)

    def _add(self, table: Runs, count_type: CountType, option: str, element: etree._Element) -> tuple[list[int], int]:
        """Add the units of a list to a table, and return their numbers (-1 for one that is none), and how many are none."""
        names, cells = self._names(element), self._votes(element)
        if not len(names) == len(cells) == len(element):  # an attribute is missing somewhere
            names, cells = [unit.get("name", "") for unit in element], [unit.get("votes") for unit in element]
        if names != self._last[0]:
            self._last = (names, self.counts.units(self._apart(names)))
        numbers, missing = plain_numbers(cells), 0
        if numbers is None:
            read = [self._number(cell, self._row, "votes", self._places) for cell in cells]
            numbers, missing = [-1 if number is None else number for number in read], read.count(None)
        if numbers:
            table.add(self._contest, count_type.value, option, self._row, self._last[1], numbers)
        return numbers, missing

    def _apart(self, names: Iterable[str]) -> list[str]:
        """Return the names of units, with a number for one that was there before: two precincts may not run into one another."""
        tidied = [tidy(name) or NO_NAME for name in names]
        if len(set(tidied)) == len(tidied):
            return tidied
        self.repeated_units |= Counter({name: times for name, times in Counter(tidied).items() if times > 1})
        return numbered(("", name) for name in tidied)

    def _number(self, printed: str | None, row: int, column: str, places: list[CellPlace]) -> int | None:
        number, cell = read_votes(printed)
        if cell and printed is not None:
            places.append(CellPlace(row=row, column=column, cell=cell))
        return number

    def _type(self, word: str) -> CountType:
        """Read a word for a count type: as the user says, else as we know it, else as `other`."""
        if word not in self.types:
            words = dict(self.columns.words)
            self.types[word] = words.get(word) or count_type_of(word, words)
            self.first_rows[word] = self._row
        return self.types[word] or CountType.OTHER


def plain_numbers(cells: Sequence[str | None]) -> list[int] | None:
    """Return the numbers of a list of cells if all are plain digits, as they nearly always are; else None."""
    try:
        numbers = list(map(int, cells))  # type: ignore[arg-type] # None is a TypeError, and then there is work to do
        digits = "".join(cells)  # type: ignore[arg-type] # no None is left
    except (ValueError, TypeError):
        return None
    plain = not numbers or (digits.isascii() and digits.isdigit() and max(numbers) <= MAX_COUNT)
    return numbers if plain else None


STEPS: Mapping[str, Callable[[Detail, etree._Element], None]] = {
    **dict.fromkeys(("Timestamp", "ElectionName", "Region"), Detail.fact),
    **dict.fromkeys(("VoterTurnout", "ElectionVoterTurnout"), Detail.turnout),
    "Choice": Detail.choice,
    "Contest": Detail.contest,
}
"""What is done with each element, when it is whole."""


def _read_detail(document: Document) -> Reading:
    root = root_name(document.head)
    if root and root.lower() not in {ROOT.lower(), "html"}:
        raise UnknownFormat(
            f'the outermost element is "{root}"; "{ROOT}" was expected.',
            where=document.capture.name,
            next_step="This is no detail file of a Clarity site. All formats: racecall feed list",
        )
    detail = Detail(document)
    for element in elements(document, STEPS):
        STEPS[local(element)](detail, element)
    detail.finish()
    return _reading(detail)


# --- The detail: cells to a release ------------------------------------------------------------------------------------------------


def _reading(detail: Detail) -> Reading:
    document, facts = detail.document, detail.facts
    entries = _entries(detail.contests)
    listing = tabulate(document, entries)
    keys = {str(number): entry.key for number, entry in enumerate(entries)}
    at, doubt = stamp(facts.get("Timestamp", ""), document)
    release = Release(
        source=document.source or f"{facts.get('Region') or 'unknown region'} (Clarity)",
        feed=ClarityFeed.id,
        published_at=at,
        counts=_counts(detail, count_frame(listing.rows), keys),
        ballots=_joined(detail.ballots.ballot_frame(keys), "kind", "ballots"),
        contests=listing.contests,
        origin=document.at(),
        note=facts.get("ElectionName", ""),
    )
    findings = (
        *doubtful_time(document, at, doubt, column="Timestamp"),
        *_word_findings(detail),
        *_about_lists(detail),
        *cell_findings(document, detail.turnout_places),
        *(finding for contest, entry in zip(detail.contests, entries, strict=True) for finding in _about(document, contest, entry)),
        *listing.findings,
    )
    return Reading(feed=ClarityFeed.id, releases=(release,), findings=findings, words=tuple(detail.words.items()))


def _entries(contests: Sequence[Contest]) -> list[Entry]:
    keys = unique_keys([(contest.attributes.get("key", ""), contest.title) for contest in contests])
    return [_entry(contest, key) for contest, key in zip(contests, keys, strict=True)]


def _entry(contest: Contest, key: str) -> Entry:
    return Entry(
        key=key,
        title=contest.title or key,
        lines=[_line(choice) for choice in contest.choices],
        votes_allowed=contest.number("voteFor") or None,
        rule_hint="question" if contest.attributes.get("isQuestion") == "true" else "",
        units_reported=contest.number("precinctsReported"),
        units_total=contest.number("precinctsParticipating", "precinctsReporting"),
    )


def _line(choice: Choice) -> Line:
    """Return a choice as an option: Georgia prints the party as a part of the name, "David A. Perdue (I) (Rep)", and quotes twice."""
    party = choice.party if party_code(choice.party) else ""
    named = plain_name(choice.printed, party)
    kind = named.kind or option_kind(choice.printed)
    name = named.name.replace('""', '"')
    return Line(option=choice.key, name=name, party=named.party, kind=kind, votes=choice.votes, row=choice.row)


def _counts(detail: Detail, totals: pl.DataFrame, keys: Mapping[str, str]) -> pl.DataFrame:
    """Return printed totals and cells as one table; two words for one count type ("Early", "Early Voting") are added up."""
    import polars as pl

    cells = detail.counts.count_frame(keys)
    if set(detail.words.values()) == {CountType.TOTAL}:
        cells = cells.filter(pl.col("unit") != ALL_UNITS).with_columns(count_type=pl.lit(TOTALS))
    twice = any(
        len({split.count_type for split in choice.splits}) < len(choice.splits) for contest in detail.contests for choice in contest.choices
    )
    return pl.concat([totals, _joined(cells, "option", "votes") if twice else cells])


def _joined(cells: pl.DataFrame, option: str, votes: str) -> pl.DataFrame:
    import polars as pl

    number = pl.when(pl.col(votes).count() > 0).then(pl.col(votes).sum()).alias(votes)
    keys = ["contest", "unit", "count_type", option]
    return cells.group_by(keys, maintain_order=True).agg(number, pl.col("row").first()).select(cells.columns)


_STAMP = re.compile(r"(?P<local>.+ [AP]M)(?: (?P<letters>[A-Za-z]+))?", re.IGNORECASE)


def stamp(printed: str, document: Document) -> tuple[datetime | None, str]:
    """Read "11/5/2020 11:39:44 AM EST"; returns the time, or None, and the doubt in words. Without letters we know, the zone is ours."""
    found = _STAMP.fullmatch(printed)
    letters = (found["letters"] or "").upper() if found else ""
    local_part = found["local"] if found else printed
    if letters not in OFFSETS:
        at, doubt = release_time(local_part, document.zone, (TIME_FORMAT,))
        return at, doubt or f'"{printed}" names no zone we know; read in {document.timezone}.'
    try:
        read = datetime.strptime(local_part, TIME_FORMAT).replace(tzinfo=timezone(timedelta(hours=OFFSETS[letters])))
    except ValueError:
        return release_time(printed, document.zone)
    return release_time(read, document.zone)


# --- What looks wrong --------------------------------------------------------------------------------------------------------------


def _word_findings(detail: Detail) -> Iterator[Finding]:
    if set(detail.words.values()) == {CountType.TOTAL}:
        return
    for word, found in detail.types.items():
        origin = detail.document.at(row=detail.first_rows[word], column="VoteType")
        if found is None:
            yield unknown_word(word, origin)
        elif is_doubtful_absentee(word, found, detail.columns):
            yield absentee_note(word, origin)


def _about_lists(detail: Detail) -> Iterator[Finding]:
    document = detail.document
    if detail.not_options:
        yield Finding(
            check="not_options",
            severity=Severity.NOTE,
            problem=f"{detail.not_options.total():,} choices name no option but ballots, totals or percentages: "
            f"{listed(detail.not_options, EXAMPLES)}. None was counted as votes.",
            origin=document.at(column="Choice"),
            count=detail.not_options.total(),
        )
    if detail.unread:
        yield Finding(
            check="unread_columns",
            severity=Severity.NOTE,
            problem=f"Lists of votes that belong to no choice, and are no over- or undervotes, were not read: "
            f"{listed(detail.unread, EXAMPLES)}.",
            origin=document.at(column="VoteType"),
            count=detail.unread.total(),
        )
    if detail.repeated_units:
        name, times = next(iter(detail.repeated_units.items()))
        yield Finding(
            check="conflicting_rows",
            severity=Severity.HOLD_CALLS,
            problem=f'The reporting unit "{name}" stands {times} times in one list{more(len(detail.repeated_units), "unit")}; '
            f'they were kept apart as "{name}" and "{name} (2)".',
            next_step="Ask the office whether they are two precincts of one name, or one that was loaded twice.",
            unit=name,
            origin=document.at(),
            count=len(detail.repeated_units),
        )


def _about(document: Document, contest: Contest, entry: Entry) -> Iterator[Finding]:
    for finding in cell_findings(document, contest.places):
        yield replace(finding, contest=entry.key, problem=f"{entry.title}: {finding.problem}", next_step=ASK_OFFICE)
    yield from _sums(document, contest, entry)
    yield from _repeated_options(document, contest, entry)
    yield from _about_attributes(document, contest, entry)


def _sums(document: Document, contest: Contest, entry: Entry) -> Iterator[Finding]:
    """Compare the total of each choice with its count types, and each count type with its units."""
    methods = [(choice, *sides) for choice in contest.choices if (sides := _sides(choice)) and sides[0] != sides[1]]
    if methods:
        choice, total, added = methods[0]
        yield Finding(
            check="methods_do_not_add_up",
            severity=Severity.HOLD_CALLS,
            problem=f"{entry.title}: {choice.printed} has a total of {total:,}, the count types add up to {added:,}"
            f"{more(len(methods), 'option')}.",
            next_step="Fetch the file again: the site may have been in the middle of an update. If it stays, ask the office.",
            contest=entry.key,
            option=choice.key if len(methods) == 1 else "",
            origin=document.at(row=choice.row, column="totalVotes"),
            count=len(methods),
        )
    parts = [(choice, split) for choice in contest.choices for split in choice.splits if _differs(split)]
    if parts:
        choice, split = parts[0]
        yield Finding(
            check="parts_do_not_add_up",
            severity=Severity.HOLD_CALLS,
            problem=f"{entry.title}: {choice.printed} has {split.printed:,} votes of the type {split.word}, "
            f"its units add up to {split.added:,}{more(len(parts), 'count')}.",
            next_step="Fetch the file again: a unit may be missing or loaded twice. If it stays, ask the office.",
            contest=entry.key,
            option=choice.key if len(parts) == 1 else "",
            origin=document.at(row=choice.row, column="votes"),
            count=len(parts),
        )


def _sides(choice: Choice) -> tuple[int, int] | None:
    """Return the printed total of a choice and the sum of its count types; a type that is itself a total stands for all."""
    total = read_votes(choice.votes)[0]
    totals = [split for split in choice.splits if split.count_type is CountType.TOTAL]
    parts = [split.printed for split in choice.splits if split not in totals] or [split.printed for split in totals]
    known = [part for part in parts if part is not None]
    return None if total is None or not parts or len(known) < len(parts) else (total, sum(known))


def _differs(split: Split) -> bool:
    """Whether a count type is not the sum of its units; withheld cells may make the sum smaller, never larger."""
    if split.printed is None or not split.units or split.added == split.printed:
        return False
    return not split.missing or split.added > split.printed


def _repeated_options(document: Document, contest: Contest, entry: Entry) -> Iterator[Finding]:
    for name, times in Counter(choice.printed for choice in contest.choices).items():
        same = [choice for choice in contest.choices if choice.printed == name]
        if times > 1:
            votes = " and ".join(str(choice.votes) for choice in same)
            yield Finding(
                check="option_listed_twice",
                severity=Severity.HOLD_CALLS,
                contest=entry.key,
                option=name,
                problem=f'{entry.title}: "{name}" is listed {times} times, with {votes} votes; once was expected. '
                f'They were kept apart as "{same[0].key}" and "{same[1].key}".',
                next_step="Compare with the office's page before accepting: they may be two people, or one shown twice.",
                origin=document.at(row=same[1].row, column="text"),
                count=times,
            )


def _about_attributes(document: Document, contest: Contest, entry: Entry) -> Iterator[Finding]:
    printed = contest.attributes.get("voteFor", "")
    if printed and entry.votes_allowed is None:
        yield Finding(
            check="votes_allowed_unread",
            severity=Severity.NOTE,
            contest=entry.key,
            problem=f'{entry.title}: "{printed}" does not say how many votes are allowed; a number from 1 up was expected.',
            next_step="Set votes_allowed for the contest in election.toml.",
            origin=document.at(column="voteFor"),
        )
    if entry.units_reported is not None and entry.units_total is not None and entry.units_reported > entry.units_total:
        yield Finding(
            check="precincts_above_total",
            severity=Severity.NOTE,
            contest=entry.key,
            problem=f"{entry.title}: {entry.units_reported:,} of {entry.units_total:,} precincts have reported; more than there are.",
            origin=document.at(column="precinctsReported"),
        )


# --- The other files of a site -----------------------------------------------------------------------------------------------------


class _Summary(msgspec.Struct, frozen=True, gc=False):
    """A contest of summary.json. Keys we do not use may come and go."""

    title: str = msgspec.field(name="C")
    names: list[str] = msgspec.field(name="CH")
    votes: list[RawVotes] = msgspec.field(name="V")
    parties: list[str] = msgspec.field(name="P", default_factory=list)
    votes_allowed: RawVotes = msgspec.field(name="VF", default=None)
    units_reported: RawVotes = msgspec.field(name="PR", default=None)
    units_total: RawVotes = msgspec.field(name="TP", default=None)
    id: str = msgspec.field(name="K", default="")


def _read_summary(document: Document) -> Reading:
    """Read summary.json: totals, without units, count types or a time."""
    contests, notes = read_json(document, list[_Summary])
    keys = unique_keys([(contest.id, tidy(contest.title)) for contest in contests])
    starts = [sum(len(contest.names) for contest in contests[:number]) for number in range(len(contests))]
    entries = [_summary_entry(*parts) for parts in zip(contests, keys, starts, strict=True)]
    listing = tabulate(document, entries)
    release = Release(
        source=document.source or "Clarity",
        feed=ClarityFeed.id,
        published_at=None,
        counts=count_frame(listing.rows),
        ballots=ballot_frame(),
        contests=listing.contests,
        origin=document.at(),
    )
    doubt = doubtful_time(document, None, "A summary says nothing of its time.")
    return Reading(feed=ClarityFeed.id, releases=(release,), findings=(*notes, *doubt, *listing.findings))


def _summary_entry(contest: _Summary, key: str, start: int) -> Entry:
    missing = len(contest.names) - len(contest.votes)
    votes = [*contest.votes, *[None] * missing]
    parties = [*contest.parties, *[""] * (len(contest.names) - len(contest.parties))]
    choices = [
        Choice(key=name, printed=name, party=party, votes=number, row=start + row, splits=())
        for row, (name, party, number) in enumerate(zip(map(tidy, contest.names), parties, votes, strict=False), 1)
    ]
    return Entry(
        key=key,
        title=tidy(contest.title) or key,
        lines=[_line(choice) for choice in choices],
        votes_allowed=read_votes(contest.votes_allowed)[0] or None,
        units_reported=read_votes(contest.units_reported)[0],
        units_total=read_votes(contest.units_total)[0],
    )


def detail_address(base: str, version: str) -> str:
    """Return the address of the detail of a version.

    Args:
        base: Address of the election: ``https://results.enr.clarityelections.com/GA/105369``, or with the county,
            ``…/GA/Gwinnett/105437``.
        version: What `current_ver.txt` holds: ``271927``.

    Raises:
        UsageError: That is no version.

    Source:
        The sites of Georgia 2020, Kentucky 2014 and Colorado 2024, and what the open readers of these sites fetch (openelections/clarify,
        washingtonpost/elex-clarity).
    """
    if not _VERSION.fullmatch(version.encode()):
        raise UsageError(f'"{version[:40]}" is no version of a Clarity site.', next_step="A version is the number in current_ver.txt.")
    return f"{base.rstrip('/')}/{version.strip()}/reports/detailxml.zip"


_SITE = re.compile(r"(?P<base>https?://[^?#]+/[0-9]+)/*(?:current_ver\.txt)?")


def site_of(url: str) -> str:
    """Return the address of an election's site if an address is that of a site, or of its `current_ver.txt`; "" if it is of another file.

    >>> site_of("https://results.enr.clarityelections.com/GA/105369/")
    'https://results.enr.clarityelections.com/GA/105369'
    """
    found = _SITE.fullmatch(url)
    return found["base"] if found else ""


_BASE = re.compile(r"(?P<base>https?://[^?#]+/[0-9]+)/+(?:current_ver\.txt|(?:web\.)?[0-9]+/)")
ANY_BASE = "https://results.enr.clarityelections.com/STATE/ELECTION"


def _address_words(document: Document, version: str) -> str:
    found = _BASE.match(document.capture.name)
    if not version:
        return ""
    return detail_address(found["base"] if found else ANY_BASE, version)


def _read_version(document: Document) -> Reading:
    version = decode(document)[0].strip()
    return _points(document, f"This is the version that a Clarity site shows now: {version}.", _address_words(document, version))


class _ElectionDetails(msgspec.Struct, frozen=True):
    name: str = msgspec.field(name="internalname", default="")
    date: str = msgspec.field(name="electiondate", default="")
    counties: list[str] = msgspec.field(name="participatingcounties", default_factory=list)


class _Inner(msgspec.Struct, frozen=True):
    electiondetails: _ElectionDetails


class _Settings(msgspec.Struct, frozen=True):
    settings: _Inner
    updated: str = msgspec.field(name="websiteupdatedat", default="")
    region: str = msgspec.field(name="entityname", default="")
    versions: list[str] = msgspec.field(default_factory=list)


def _read_settings(document: Document) -> Reading:
    """Read electionsettings.json: which election it is, whose, how many counties have a site of their own, the versions so far."""
    file, _ = read_json(document, _Settings)
    details = file.settings.electiondetails
    counties = f"{len(details.counties):,} counties with files of their own" if details.counties else ""
    updated = f"updated {file.updated}" if file.updated else ""
    about = ", ".join(part for part in (details.name, details.date, file.region, counties, updated) if part)
    version = next((version for version in reversed(file.versions) if _VERSION.fullmatch(version.encode())), "")
    return _points(
        document,
        f"These are the settings of a Clarity site ({about or 'nothing is said of the election'}).",
        _address_words(document, version),
    )


def _points(document: Document, what: str, address: str) -> Reading:
    finding = Finding(
        check="counts_elsewhere",
        severity=Severity.NOTE,
        problem=f"{what} The counts are in another file.",
        next_step=f"Fetch {address}" if address else "Fetch current_ver.txt, then the detail of that version.",
        origin=document.at(),
    )
    return Reading(feed=ClarityFeed.id, defines=True, findings=(finding,))


_READERS: Mapping[str, Callable[[Document], Reading]] = {
    "detail": _read_detail,
    "summary": _read_summary,
    "settings": _read_settings,
    "version": _read_version,
}
