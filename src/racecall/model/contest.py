"""Elections, contests and the options a voter can choose.

Names follow NIST SP 1500-100 v2 and the NIST election glossary. An *option* is what can be voted for; a *candidate* is a person. "All
others", scattered write-ins and "None of these candidates" are options too: they count in every denominator and can never advance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from racecall.errors import SettingsError, UnknownName
from racecall.model.source import Source, check_sources
from racecall.model.units import ReportingUnit


class OptionKind(StrEnum):
    """What an option is, and so whether it can go through."""

    PRINTED = "printed"
    """A candidate whose name is on the ballot."""
    WRITE_IN = "write_in"
    """A declared write-in candidate: a person, who can advance where the rule lets write-ins advance."""
    AGGREGATE = "aggregate"
    """A sum over several options ("All others", "Write-in"): counts in denominators, is nobody, never advances."""
    NON_CANDIDATE = "non_candidate"
    """A choice that is not a person ("None of these candidates", NRS 293.269): counts where the rule says so, never advances."""


class ElectionType(StrEnum):
    """NIST SP 1500-100 v2 `ElectionType`, the values we meet."""

    PRIMARY = "primary"
    GENERAL = "general"
    RUNOFF = "runoff"
    SPECIAL = "special"
    SPECIAL_PRIMARY = "special_primary"
    SPECIAL_RUNOFF = "special_runoff"
    OTHER = "other"


class SlotKind(StrEnum):
    """What filling a slot means."""

    ADVANCE = "advance"
    ELECT = "elect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person who stands, the same in every round.

    Args:
        id: Stable within the election folder and over its rounds, e.g. ``gomez``.
        name: As the ballot prints it.
        party: Party preference as an abbreviation, "" if nonpartisan or unknown.
    """

    id: str
    name: str
    party: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A votable choice in one contest.

    Args:
        id: Stable id; a candidate's option has the candidate's id, so that rounds link up.
        name: As the ballot prints it.
        party: Party preference, "" if none.
        kind: Printed, write-in, aggregate or non-candidate.
        withdrawn: The person has left the contest; the rule says whether the votes still count.
        ballot_order: Position on the ballot, from 1; ties in votes are listed in this order and in no other.
        aliases: Other spellings that sources use.
    """

    id: str
    name: str
    party: str = ""
    kind: OptionKind = OptionKind.PRINTED
    withdrawn: bool = False
    ballot_order: int = 0
    aliases: tuple[str, ...] = ()

    @property
    def is_person(self) -> bool:
        """Whether the option is a candidate: only people can be elected or advance."""
        return self.kind in {OptionKind.PRINTED, OptionKind.WRITE_IN}

    @property
    def can_advance(self) -> bool:
        """Whether this option can fill a slot at all (the rule may still say no to a write-in)."""
        return self.is_person and not self.withdrawn

    @property
    def candidate(self) -> Candidate | None:
        """The person, or None for an aggregate."""
        return Candidate(id=self.id, name=self.name, party=self.party) if self.is_person else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """An ordered place to be filled, e.g. runoff place 1 of 2.

    Args:
        number: Place, from 1.
        of: How many places there are.
        kind: Whether filling it advances or elects.
    """

    number: int
    of: int
    kind: SlotKind = SlotKind.ADVANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierContest:
    """A contest in the same district before this one.

    Args:
        title: As a page shows it.
        date: Election day.
        votes: All votes [votes].
        options: Name, party and votes, most votes first.
        source: Where the figures are from.
    """

    title: str
    date: date
    votes: int
    options: tuple[tuple[str, str, int], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A decision put to the voters.

    Args:
        id: Stable id, e.g. ``ca34-2017-primary``.
        title: As a page shows it.
        rule: Id of the rule that decides it (`racecall rules list`).
        options: Everything that can be voted for, in ballot order.
        number_elected: Seats to be filled in the end.
        votes_allowed: Votes a voter may cast.
        electoral_district: The district, e.g. ``CA-34``.
        election_type: Primary, general, runoff, special.
        source_names: What the sources call this contest, each exactly as printed.
        next_round: Id of the contest that follows if nobody is elected outright.
        office: Office class as archives name it: ``us_house``, ``state_senate``, ``state_assembly``, ``county``, ``city``, ``judicial`` …
        polls_close: When the last polls of this contest close (aware); the election's if None.
        earlier: Contests in the same district before this one, latest first.
    """

    id: str
    title: str
    rule: str
    options: tuple[Option, ...]
    number_elected: int = 1
    votes_allowed: int = 1
    electoral_district: str = ""
    election_type: ElectionType = ElectionType.OTHER
    source_names: tuple[str, ...] = ()
    next_round: str = ""
    office: str = ""
    polls_close: datetime | None = None
    earlier: tuple[EarlierContest, ...] = ()

    def __post_init__(self) -> None:
        ids = [option.id for option in self.options]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise SettingsError(
                f"option {twice[0]!r} is listed twice.", where=f"contest {self.id}", next_step="Give each option its own id."
            )
        if self.number_elected < 1 or self.votes_allowed < 1:
            raise SettingsError("number_elected and votes_allowed start at 1.", where=f"contest {self.id}")

    def __hash__(self) -> int:
        """Let what follows from a contest be kept beside it; whether two contests are the same is told from all their fields."""
        return hash(self.id)

    def option(self, option_id: str) -> Option:
        """Return the option with this id; `UnknownName` if there is none."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise UnknownName(
            f"no option {option_id!r}.", where=f"contest {self.id}", next_step=f"Options: {', '.join(o.id for o in self.options)}."
        )

    def name_of(self, option_id: str) -> str:
        """Return an option's name for people; what was asked for if there is no such option."""
        return next((option.name for option in self.options if option.id == option_id), option_id)


ANSWERS = frozenset({"yes", "no", "for", "against"})
"""Options that answer a question."""


def is_measure(contest: Contest) -> bool:
    """Whether a contest is a question to the voters: all its options are answers."""
    return bool(contest.options) and all(option.name.casefold() in ANSWERS for option in contest.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDue:
    """An announced moment at which the next count is expected.

    Args:
        at: When (aware).
        what: In the office's words, short.
        source: Who said so.
    """

    at: datetime
    what: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """Everything an election folder says before a vote is counted (`election.toml`).

    Args:
        id: Stable id of the folder.
        title: As a page shows it.
        date: Election day, local.
        timezone: IANA zone of the county, for times that sources print without a zone and for display.
        contests: The contests that are followed.
        units: Reporting units that are known beforehand; sources may add others.
        polls_close: When the last polls close (aware), None if not known.
        calendar: Announced releases.
        state: Postal code of the state, "" if there is none: its mail rules decide which past counts are comparable.
        sources: Addresses that are watched for counts.
        contact: Where an office can reach whoever watches its pages: a mail address or a web page.
        rehearsal: Whether this is a recorded night played again; every page then says so.
        ledger: Address of the PostgreSQL database that keeps the ledger, "" for `ledger.db` in the folder.
    """

    id: str
    title: str
    date: date
    timezone: str
    contests: tuple[Contest, ...]
    units: tuple[ReportingUnit, ...] = ()
    polls_close: datetime | None = None
    calendar: tuple[ReleaseDue, ...] = ()
    state: str = ""
    sources: tuple[Source, ...] = ()
    contact: str = ""
    rehearsal: bool = False
    ledger: str = ""
    _by_id: dict[str, Contest] = field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingsError(
                f"no time zone {self.timezone!r}.", where="election.toml", next_step='Use an IANA name, e.g. "America/Los_Angeles".'
            ) from error
        for contest in self.contests:
            if contest.id in self._by_id:
                raise SettingsError(f"contest {contest.id!r} is listed twice.", where="election.toml")
            self._by_id[contest.id] = contest
        check_sources(self.sources, self.contact)

    def __iter__(self) -> Iterator[Contest]:
        return iter(self.contests)

    @property
    def zone(self) -> ZoneInfo:
        """The county's time zone."""
        return ZoneInfo(self.timezone)

    def contest(self, contest_id: str) -> Contest:
        """Return the contest with this id; `UnknownName` if it is not followed."""
        try:
            return self._by_id[contest_id]
        except KeyError:
            known = ", ".join(list(self._by_id)[:5])
            raise UnknownName(
                f"no contest {contest_id!r} in this election.", next_step=f"Contests: {known}{' …' if len(self._by_id) > 5 else ''}"
            ) from None
