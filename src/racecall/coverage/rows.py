"""What can be recorded of a race's coverage, one frozen value a kind of row.

A row is a fact with a source and the moment from which it was known. It is never changed: a row with the same kind and id that is recorded
later takes its place from its own moment on, and both stay in the record. Names of people, posts, organizations and events follow Popolo
(http://www.popoloproject.com/), endorsements the columns of the public lists of endorsements, money the summary page of an FEC form 3.

What a candidate or an agency says about the count itself (calls, claims of victory, concessions) is a `racecall.model.release.Report`, and
stands in the same ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType


class Polarity(StrEnum):
    """What an endorser did: saying no, or taking a word back, is an act of its own."""

    ENDORSED = "endorsed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TurnRole(StrEnum):
    """What somebody does in a turn of a debate."""

    ATTACK = "attack"
    DEFENCE = "defence"
    CLAIM = "claim"
    AGREEMENT = "agreement"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row has.

    Args:
        id: Stable within its kind, e.g. ``schiff-gomez-runoff``.
        source: Who says so and where to read it.
        as_of: From when the row was known (aware).
        note: Short, in our words.
    """

    id: str
    source: str
    as_of: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Row):
    """Somebody a story may name.

    Args:
        name: Full name.
        aliases: Other spellings.
        option: Id of the option in the contests, "" for those who do not stand.
        born: Day of birth, if a source gives it.
        age, age_on: Age as a source printed it, and a day on which the person was that old [years].
        gender: As the person describes it, or a source does; used for "he" and "she" and for counts of candidates.
        descriptors: What sources call the person and a story may count, e.g. ``Korean American``, ``Sanders campaign``.
        identifiers: Ids elsewhere: ``fec``, ``bioguide``, ``wikidata``.
        private: A private person: recorded for the sake of the story, never checked.
    """

    name: str
    aliases: tuple[str, ...] = ()
    option: str = ""
    born: date | None = None
    age: int | None = None
    age_on: date | None = None
    gender: str = ""
    descriptors: tuple[str, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Row):
    """A post somebody holds or held, campaign posts among them.

    Args:
        person: Person id.
        role: As a story would say it, e.g. ``assemblyman``, ``attorney``, ``campaign consultant``.
        aliases: Other words for the role.
        organization: Name of the body, e.g. ``California State Assembly``.
        area: District or place.
        start, end: Days; None if not known, or for an end that has not come.
        ended: The post is known to have ended, whether or not the day is.
    """

    person: str
    role: str
    aliases: tuple[str, ...] = ()
    organization: str = ""
    area: str = ""
    start: date | None = None
    end: date | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Row):
    """A party somebody belonged to over a time."""

    person: str
    party: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Row):
    """A body that endorses, hosts, counts or employs.

    Args:
        type: ``party``, ``union``, ``newspaper``, ``broadcaster``, ``group``, ``club``, ``campaign``, ``office``, ``agency``, ``firm``.
        founder: Person id or name.
    """

    name: str
    type: str = ""
    aliases: tuple[str, ...] = ()
    founder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Row):
    """A story that was published, ours or somebody else's.

    Args:
        title: Its headline.
        outlet: Who published it.
        published: When.
        updated: When it was last changed.
        kind: ``results``, ``debate``, ``profile`` …
        url: Where to read it.
        capture: SHA-256 of its text among the captures, "" where the text is not ours to keep; only what is kept can be checked again.
        format: ``text``, ``html``, ``markdown`` or ``docx``.
        contest: Contest id it is about, "" if several.
    """

    title: str
    outlet: str
    published: datetime
    updated: datetime | None = None
    kind: str = ""
    url: str = ""
    capture: str = ""
    format: str = "text"
    contest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Row):
    """Words somebody said: a short one, to know it again.

    Args:
        speaker: Person id.
        text: The words.
        appearance: Story or debate id.
        said_at: When.
    """

    speaker: str
    text: str
    appearance: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedClaim(Row):
    """A claim somebody made that can be reviewed.

    Args:
        text: The claim, in our words or quoted short.
        type: A type of `racecall.coverage.claims`, or ``other``.
        speaker: Person or organization id.
        about: Person or organization id.
        made_at: When.
        appearance: Story or debate id.
    """

    text: str
    type: str = "other"
    speaker: str = ""
    about: str = ""
    made_at: datetime | None = None
    appearance: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Row):
    """What became of a claim when somebody looked.

    Args:
        claim: Claim id.
        verdict: A verdict of `racecall.coverage.claims.Verdict`.
        reason: One sentence.
        reviewer: Who.
        evidence: What it rests on, a line each.
        supersedes: Id of the review it takes the place of.
    """

    claim: str
    verdict: str
    reason: str
    reviewer: str
    evidence: tuple[str, ...] = ()
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Debate(Row):
    """A debate or forum.

    Args:
        title: For people.
        contest: Contest id.
        at: When it began.
        venue, broadcast, video: Where it was held, who carried it, where to watch it.
        hosts, moderators, candidates: Names, and person ids of the candidates.
    """

    title: str
    contest: str
    at: datetime
    venue: str = ""
    hosts: tuple[str, ...] = ()
    moderators: tuple[str, ...] = ()
    broadcast: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    video: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange(Row):
    """A stretch of a debate about one thing.

    Args:
        debate: Debate id.
        number: Its place, from 1.
        label: A few words.
        topic: Issue id, the same as in positions and questions.
        offset: Seconds from the start of the video, None if not known [s].
    """

    debate: str
    number: int
    label: str
    topic: str = ""
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Row):
    """What one speaker does in an exchange.

    Args:
        exchange: Exchange id.
        number: Its place, from 1.
        speaker: Person id.
        role: Attack, defence, claim, agreement, statement.
        text: What was said, in our words.
        quote: Quote id, "" if none.
        claims: Ids of stated claims.
    """

    exchange: str
    number: int
    speaker: str
    role: TurnRole
    text: str
    quote: str = ""
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Row):
    """A question every candidate was asked."""

    questionnaire: str
    number: int
    text: str
    topic: str = ""
    asked_by: str = ""
    asked_at: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Row):
    """A candidate's answer; a candidate without a row has not been seen to answer, one with ``answered = false`` is known not to have.

    Args:
        question: Question id.
        candidate: Person id.
        text: The answer, short.
        stance: ``support``, ``oppose``, ``mixed`` or "" if nobody has read one out of it.
        stance_by: Who read it.
        answered: False if the candidate was asked and did not answer.
    """

    question: str
    candidate: str
    text: str = ""
    stance: str = ""
    stance_by: str = ""
    answered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Row):
    """Where a candidate stands on an issue: ``support``, ``oppose`` or ``mixed``; two with the same stance agree."""

    issue: str
    candidate: str
    stance: str
    text: str = ""
    exchange: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement(Row):
    """What an endorser did in one stage of a race.

    Args:
        endorser: Name.
        endorser_type: ``officeholder``, ``party``, ``union``, ``newspaper``, ``group``, ``club``, ``former candidate``.
        polarity: Endorsed, declined, withdrawn.
        stage: Contest id.
        candidate: Person id, "" when nobody was endorsed.
        date: Day it was given, None if not known.
        vote: The body's own vote, as printed.
    """

    endorser: str
    endorser_type: str
    polarity: Polarity
    stage: str
    candidate: str = ""
    date: date | None = None
    vote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness(Row):
    """Whether a list of rows is whole: only a whole list can contradict a count.

    Args:
        of: Kind of row, e.g. ``endorsement``.
        scope: What part of it, e.g. ``officeholder/ca34-2017-primary``, "" for all.
        complete: Whether it is whole.
    """

    of: str
    complete: bool
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Row):
    """What a committee reported for a period; a total to the end of a cycle never answers for an earlier day.

    Args:
        candidate: Person id.
        start, end: First and last day covered; None for a start that the source does not say.
        receipts: All money in [US dollars], as the rest.
        donors: Raised from donors, loans left out.
        individual, pac, party, self_contributed, loans: Parts of the receipts.
        spent, cash, debts: Spent in the period; on hand and owed at its end.
        approximate: The source said "about" or rounded.
        committee, filing: Ids.
    """

    candidate: str
    end: date
    start: date | None = None
    receipts: float | None = None
    donors: float | None = None
    individual: float | None = None
    pac: float | None = None
    party: float | None = None
    self_contributed: float | None = None
    loans: float | None = None
    spent: float | None = None
    cash: float | None = None
    debts: float | None = None
    sector: str = ""
    sector_amount: float | None = None
    approximate: bool = False
    committee: str = ""
    filing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount(Row):
    """Early ballots, or voters, of a group: somebody's estimate by a named method.

    Args:
        contest: Contest id.
        group: As the source calls it, ``all`` for everybody.
        measure: ``ballots_returned`` or ``registered``.
        number: Ballots or voters, None if only a share was given.
        share: Of all returned or registered (0 to 1).
        firm: Who counted.
        return_rate: Of the group's registered voters, those who had returned a ballot (0 to 1).
        method: How group was told, e.g. ``surname and birthplace``.
        approximate: The source said "about" or rounded.
    """

    contest: str
    group: str
    measure: str
    number: int | None = None
    share: float | None = None
    return_rate: float | None = None
    firm: str = ""
    method: str = ""
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Row):
    """What a candidate said would be done."""

    by: str
    text: str
    made_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allegation(Row):
    """That somebody accused somebody: recorded, never rated.

    Args:
        by: Who, in words: an accusation may come from several people.
        against: Person or organization id.
        text: Of what, in our words.
        made_on: Day, None if not known.
    """

    by: str
    against: str
    text: str
    made_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCall(Row):
    """How somebody voted on a bill, or, without a person, how a chamber did.

    Args:
        bill: e.g. ``SB 1``.
        aliases: What stories call it, e.g. ``gas tax``.
        chamber: Where.
        held_on: Day of the vote.
        person: Person id, "" for the chamber's totals.
        vote: ``aye``, ``no``, ``abstain``, ``absent``, "" if not known.
        ayes, noes: Totals.
    """

    bill: str
    held_on: date
    chamber: str = ""
    aliases: tuple[str, ...] = ()
    person: str = ""
    vote: str = ""
    ayes: int | None = None
    noes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Row):
    """A fact about a law or a rate that a story may get wrong.

    Args:
        topic: What stories call it, e.g. ``gas tax``.
        aliases: Other words for it.
        law: The act.
        jurisdiction: Where it holds.
        effective: Day it takes effect.
        before, after: The rate before and after.
        unit: Of the rate, e.g. ``cents per gallon``.
    """

    topic: str
    aliases: tuple[str, ...] = ()
    law: str = ""
    jurisdiction: str = ""
    effective: date | None = None
    before: float | None = None
    after: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere(Row):
    """The result of a contest that is not followed here.

    Args:
        contest: As a story would say it, e.g. ``2016 Democratic presidential primary``.
        division: e.g. ``CA-34``.
        held_on: Election day.
        winner: Name.
        loser: Name of the next.
        votes: Votes by name, {} if not known.
    """

    contest: str
    division: str
    held_on: date
    winner: str
    loser: str = ""
    votes: Mapping[str, int] = field(default_factory=dict)


KINDS: Mapping[str, type[Row]] = MappingProxyType(
    {
        "person": Person,
        "post": Post,
        "party": Party,
        "organization": Organization,
        "story": Story,
        "quote": Quote,
        "claim": StatedClaim,
        "review": Review,
        "debate": Debate,
        "exchange": Exchange,
        "turn": Turn,
        "question": Question,
        "answer": Answer,
        "position": Position,
        "endorsement": Endorsement,
        "completeness": Completeness,
        "money": Money,
        "group_count": GroupCount,
        "promise": Promise,
        "allegation": Allegation,
        "roll_call": RollCall,
        "policy": Policy,
        "elsewhere": Elsewhere,
    }
)
"""Every kind of row by its name in the record, on the command line and in files."""


def kind_of(row: Row) -> str:
    """Return the name of a row's kind."""
    return _NAMES[type(row)]


_NAMES = {kind: name for name, kind in KINDS.items()}
