"""The pages beside the count, as values without a word of any language: endorsements, money, early ballots, debates, questionnaires.

A contest and the rounds that follow it are one race. Every list of candidates is in the order of the ballot, whatever it is about: a row
that only one candidate has stands where it would stand if all had one. What nobody has recorded is said to be missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from racecall.coverage.openly import openly
from racecall.coverage.popolo import slug
from racecall.coverage.record import Coverage
from racecall.coverage.rows import (
    KINDS,
    Allegation,
    Answer,
    Debate,
    Endorsement,
    Exchange,
    GroupCount,
    Money,
    Organization,
    Person,
    Polarity,
    Position,
    Question,
    Quote,
    Review,
    Row,
    StatedClaim,
    Story,
    Turn,
)
from racecall.model.contest import Contest, Election
from racecall.publish.site.page import Beside

SUMS = ("receipts", "donors", "loans", "individual", "pac", "party", "self_contributed", "spent", "cash", "debts")
"""Columns of the money, in the order of an FEC form 3; a period shows those that a source gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A contest and the rounds that follow it.

    Args:
        rounds: The contests, first round first.
        candidates: Those who are recorded, in the order of the ballot.
    """

    rounds: tuple[Contest, ...]
    candidates: tuple[Person, ...]

    @property
    def id(self) -> str:
        """The id of its first round."""
        return self.rounds[0].id

    @property
    def title(self) -> str:
        """The title of its first round."""
        return self.rounds[0].title

    def holds(self, contest: str) -> bool:
        """Whether a contest is one of its rounds."""
        return any(one.id == contest for one in self.rounds)

    def stands(self, person: str) -> bool:
        """Whether somebody is a candidate in it."""
        return any(one.id == person for one in self.candidates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a review rests on: a line, and the row it names if it names one."""

    line: str
    row: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A claim beside what became of it.

    Args:
        claim: The claim.
        by, about: Names; "" if nobody is recorded.
        story: The story it stood in, None if it did not.
        reviews: What reviewers hold now, each with what it rests on, the oldest first; none if nobody has looked.
        earlier: Reviews that others have taken the place of.
    """

    claim: StatedClaim
    by: str
    about: str
    story: Story | None
    reviews: tuple[tuple[Review, tuple[Ground, ...]], ...]
    earlier: tuple[Review, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A turn of a debate: what a speaker did, the short quotation, the claims."""

    turn: Turn
    speaker: str
    quote: str
    claims: tuple[Reviewed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What one candidate said on the topic of an exchange, in it and elsewhere.

    Args:
        candidate: Who.
        positions: Stances that are recorded, of this exchange and of others.
        answers: Questions on the topic, each with the answer, None if no answer was seen.
    """

    candidate: Person
    positions: tuple[Position, ...]
    answers: tuple[tuple[Question, Answer | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """An exchange: its turns in their order, and what every candidate said on its topic elsewhere."""

    exchange: Exchange
    turns: tuple[Speech, ...]
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue on which every candidate of a debate has a recorded stance."""

    id: str
    positions: tuple[tuple[Person, Position], ...]

    @property
    def alike(self) -> bool:
        """Whether all stand alike."""
        return len({position.stance for _, position in self.positions}) == 1

    @property
    def text(self) -> str:
        """The words that all have, "" if they differ."""
        texts = {position.text for _, position in self.positions}
        return texts.pop() if len(texts) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """What every page beside the count has.

    Args:
        election: The election.
        race: The race.
        as_of: From when the youngest row is known.
        here: The page itself.
        coverage: The record behind it.
        sources: Who says so, in the order in which the page cites them.
        links: The race's other pages.
    """

    election: Election
    race: Race
    as_of: datetime
    here: Beside
    coverage: Coverage = field(default_factory=Coverage)
    sources: tuple[str, ...] = ()
    links: tuple[Beside, ...] = ()

    def cited(self, row: Row) -> int:
        """Return the number of a row's source, from 1."""
        return self.sources.index(row.source) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DebatePage(RecordPage):
    """A debate, exchange by exchange."""

    debate: Debate
    candidates: tuple[Person, ...]
    stretches: tuple[Stretch, ...]
    issues: tuple[Issue, ...]

    @property
    def claims(self) -> tuple[Reviewed, ...]:
        """Every claim that was made in it, in order."""
        return tuple(claim for stretch in self.stretches for speech in stretch.turns for claim in speech.claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionnairePage(RecordPage):
    """A questionnaire: every question to every candidate, and the cells that are empty.

    Args:
        name: What it is called.
        questions: In their order.
        answers: By question and candidate; a pair without one was not seen.
    """

    name: str
    questions: tuple[Question, ...]
    answers: Mapping[tuple[str, str], Answer]

    def answer(self, question: Question, candidate: Person) -> Answer | None:
        """Return a candidate's answer, None if none was seen."""
        return self.answers.get((question.id, candidate.id))

    def stances(self, question: Question) -> Counter[str]:
        """Count the stances that were read out of the answers to a question."""
        found = (self.answer(question, one) for one in self.race.candidates)
        return Counter(answer.stance for answer in found if answer and answer.stance)

    @property
    def comparable(self) -> tuple[Question, ...]:
        """The questions with a stance from two candidates or more."""
        return tuple(question for question in self.questions if self.stances(question).total() > 1)

    @property
    def alike(self) -> int:
        """On how many of those all stand alike."""
        return sum(len(self.stances(question)) == 1 for question in self.comparable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What endorsers did in one round.

    Args:
        contest: The round.
        acts: The oldest first.
        tallies: Candidates who are endorsed, in the order of the ballot, with how many endorsers of each type.
        is_whole: Whether somebody has marked the list as whole.
    """

    contest: Contest
    acts: tuple[Endorsement, ...]
    tallies: tuple[tuple[Person, Mapping[str, int]], ...]
    is_whole: bool

    def count(self, polarity: str) -> int:
        """Count the acts of a kind."""
        return sum(act.polarity == polarity for act in self.acts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What became known of committees at one moment, for days that begin alike.

    Args:
        known: From when.
        start: First day covered, None if no source says it.
        rows: In the order of the ballot.
    """

    known: datetime
    start: date | None
    rows: tuple[tuple[Person, Money], ...]

    @property
    def ends(self) -> tuple[date, ...]:
        """The last days covered, each once: a committee that closed early covers fewer days."""
        return tuple(sorted({row.end for _, row in self.rows}))

    @property
    def columns(self) -> tuple[str, ...]:
        """The sums that a source gives for anybody."""
        return tuple(name for name in SUMS if any(getattr(row, name) is not None for _, row in self.rows))

    @property
    def most(self) -> float:
        """The largest sum that came in: where bars end."""
        return max((sum(came_in(row)) for _, row in self.rows), default=0.0)

    def bar(self, row: Money) -> tuple[float, float]:
        """Return where the bar's full part ends and how wide the hatched one, of loans, is [per cent]."""
        given, lent = came_in(row)
        return (100 * given / self.most, 100 * lent / self.most) if self.most else (0.0, 0.0)


def came_in(row: Money) -> tuple[float, float]:
    """Return what a committee was given and what it was lent; receipts have loans in them, what donors gave has not."""
    lent = row.loans or 0.0
    return (row.receipts - lent if row.receipts is not None else row.donors or 0.0), lent


@dataclass(frozen=True, slots=True, kw_only=True)
class RacePage(RecordPage):
    """Who supports whom, money, early ballots, and what became of claims outside debates."""

    stages: tuple[Stage, ...]
    periods: tuple[Period, ...]
    sectors: tuple[tuple[Person, Money], ...]
    groups: tuple[tuple[Contest, tuple[GroupCount, ...]], ...]
    claims: tuple[Reviewed, ...]
    accusations: tuple[tuple[Allegation, str], ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPages:
    """All pages beside the count, and the record behind them, private persons left out."""

    coverage: Coverage = field(default_factory=Coverage)
    pages: tuple[RecordPage, ...] = ()

    def links(self, contest: str) -> tuple[Beside, ...]:
        """Return the pages of the race that a contest is a round of."""
        return tuple(page.here for page in self.pages if page.race.holds(contest))


def record_pages(coverage: Coverage, election: Election) -> RecordPages:
    """Return the pages of every race of which something is recorded."""
    shown = openly(coverage)
    if not shown.rows:
        return RecordPages()
    builder = _Builder(shown, election)
    made = [page for race in builder.races for page in builder.pages(race)]
    return RecordPages(coverage=shown, pages=tuple(builder.finished(page, made) for page in made))


class _Builder:
    """Joins the rows of a record into pages."""

    def __init__(self, coverage: Coverage, election: Election) -> None:
        self.coverage, self.election = coverage, election
        self.as_of = max(row.as_of for row in coverage.rows)
        self.rows = {(kind, row.id): row for kind, type_ in KINDS.items() for row in coverage.of(type_)}
        self.races = tuple(self.race(contest) for contest in _first_rounds(election))

    def race(self, first: Contest) -> Race:
        rounds = [first]
        by_id = {contest.id: contest for contest in self.election}
        while (after := by_id.get(rounds[-1].next_round)) and after not in rounds:  # a round that names itself ends the walk
            rounds.append(after)
        people = (self.coverage.person_of(option.id) for contest in rounds for option in contest.options)
        return Race(rounds=tuple(rounds), candidates=tuple({person.id: person for person in people if person}.values()))

    def pages(self, race: Race) -> Iterator[RecordPage]:
        page = self.race_page(race)
        if page.stages or page.periods or page.sectors or page.groups or page.claims or page.accusations:
            yield page
        for debate in sorted(self.coverage.of(Debate), key=lambda one: one.at):
            if race.holds(debate.contest):
                yield self.debate_page(race, debate)
        for name in dict.fromkeys(question.questionnaire for question in self.coverage.of(Question)):
            page_of = self.questionnaire_page(race, name)
            if self.is_about(race, (person for _, person in page_of.answers)):
                yield page_of

    def finished(self, page: RecordPage, made: Iterable[RecordPage]) -> RecordPage:
        """Add to a page the links to the race's others."""
        others = tuple(one.here for one in made if one.race is page.race and one.here != page.here)
        return replace(page, links=others)

    def is_about(self, race: Race, people: Iterable[str]) -> bool:
        """Whether somebody is a candidate of a race; with one race alone everything is about it."""
        return len(self.races) == 1 or any(race.stands(person) for person in people)

    # -- a race ------------------------------------------------------------------------------------------------------------------------

    def race_page(self, race: Race) -> RacePage:
        stages = tuple(filter(None, (self.stage(race, contest) for contest in race.rounds)))
        money = [(person, row) for person in race.candidates for row in self.coverage.of(Money) if row.candidate == person.id]
        sectors = tuple((person, row) for person, row in money if row.sector)
        groups = tuple((contest, rows) for contest in race.rounds if (rows := self.groups(contest)))
        claims = tuple(self.reviewed(claim) for claim in self.coverage.of(StatedClaim) if self.is_of(race, claim))
        accusations = tuple((one, self.name(one.against)) for one in self.coverage.of(Allegation) if self.is_about(race, [one.against]))
        periods = tuple(_periods(pair for pair in money if not pair[1].sector))
        cited: list[Row] = [act for stage in stages for act in stage.acts]
        cited += [row for period in periods for _, row in period.rows]
        cited += [row for _, row in sectors] + [row for _, rows in groups for row in rows]
        cited += [*_cited(claims), *(one for one, _ in accusations)]
        return RacePage(
            **self.common(race, Beside(kind="race", id=race.id, title=race.title), cited),
            stages=stages,
            periods=periods,
            sectors=sectors,
            groups=groups,
            claims=claims,
            accusations=accusations,
            kinds=tuple(kind for kind, type_ in KINDS.items() if self.coverage.of(type_)),
        )

    def common(self, race: Race, here: Beside, cited: Iterable[Row]) -> dict[str, Any]:
        sources = tuple(dict.fromkeys(row.source for row in cited))
        shared = {"election": self.election, "as_of": self.as_of, "coverage": self.coverage}
        return {**shared, "race": race, "here": here, "sources": sources}

    def stage(self, race: Race, contest: Contest) -> Stage | None:
        acts = sorted(self.coverage.endorsements(contest.id), key=lambda act: act.date or act.as_of.astimezone(self.election.zone).date())
        if not acts:
            return None
        return Stage(
            contest=contest,
            acts=tuple(acts),
            tallies=tuple((person, types) for person in race.candidates if (types := _types(acts, person.id))),
            is_whole=self.coverage.is_complete("endorsement", contest.id),
        )

    def groups(self, contest: Contest) -> tuple[GroupCount, ...]:
        rows = (row for row in self.coverage.of(GroupCount) if row.contest == contest.id)
        return tuple(sorted(rows, key=lambda row: (row.measure, row.as_of)))

    def is_of(self, race: Race, claim: StatedClaim) -> bool:
        """Whether a claim stands on a race's page: one that was made in a debate stands on the debate's."""
        if ("debate", claim.appearance) in self.rows:
            return False
        story = self.rows.get(("story", claim.appearance))
        bodies = (self.rows.get(("organization", one)) for one in (claim.speaker, claim.about))
        founders = [body.founder for body in bodies if isinstance(body, Organization)]
        in_story = isinstance(story, Story) and race.holds(story.contest)
        return in_story or self.is_about(race, [claim.speaker, claim.about, *founders])

    def reviewed(self, claim: StatedClaim) -> Reviewed:
        own = sorted((one for one in self.coverage.of(Review) if one.claim == claim.id), key=lambda one: one.as_of)
        replaced = {one.supersedes for one in own}
        story = self.rows.get(("story", claim.appearance))
        return Reviewed(
            claim=claim,
            by=self.name(claim.speaker),
            about=self.name(claim.about),
            story=story if isinstance(story, Story) else None,
            reviews=tuple((one, tuple(map(self.ground, one.evidence))) for one in own if one.id not in replaced),
            earlier=tuple(one for one in own if one.id in replaced),
        )

    def ground(self, line: str) -> Ground:
        kind, _, id_ = line.partition("/")
        return Ground(line=line, row=self.rows.get((kind, id_)))

    def name(self, id_: str) -> str:
        """Return the name of a person or a body, "" for nobody."""
        named = self.coverage.people.get(id_) or self.rows.get(("organization", id_))
        return named.name if isinstance(named, Person | Organization) else ""

    # -- a debate ----------------------------------------------------------------------------------------------------------------------

    def debate_page(self, race: Race, debate: Debate) -> DebatePage:
        people = tuple(person for person in race.candidates if person.id in debate.candidates)
        exchanges = sorted((one for one in self.coverage.of(Exchange) if one.debate == debate.id), key=lambda one: one.number)
        stretches = tuple(self.stretch(exchange, people) for exchange in exchanges)
        claims = [claim for stretch in stretches for speech in stretch.turns for claim in speech.claims]
        issues = tuple(self.issues(people))
        said = [row for stretch in stretches for one in stretch.elsewhere for row in (*one.positions, *_answers(one))]
        turns = [speech.turn for stretch in stretches for speech in stretch.turns]
        stances = [position for issue in issues for _, position in issue.positions]
        return DebatePage(
            **self.common(
                race,
                Beside(kind="debate", id=debate.id, title=debate.title, day=debate.at.astimezone(self.election.zone).date()),
                [debate, *exchanges, *turns, *_cited(claims), *said, *stances],
            ),
            debate=debate,
            candidates=people,
            stretches=stretches,
            issues=issues,
        )

    def stretch(self, exchange: Exchange, people: Iterable[Person]) -> Stretch:
        turns = sorted((turn for turn in self.coverage.of(Turn) if turn.exchange == exchange.id), key=lambda turn: turn.number)
        own = [position for position in self.coverage.of(Position) if position.exchange == exchange.id]
        topics = {exchange.topic, *(position.issue for position in own)} - {""}
        elsewhere = tuple(self.elsewhere(person, topics) for person in people)
        said = any(one.positions or any(answer for _, answer in one.answers) for one in elsewhere)
        return Stretch(exchange=exchange, turns=tuple(map(self.speech, turns)), elsewhere=elsewhere if said else ())

    def speech(self, turn: Turn) -> Speech:
        quote = self.rows.get(("quote", turn.quote))
        claims = (self.rows.get(("claim", id_)) for id_ in turn.claims)
        return Speech(
            turn=turn,
            speaker=self.name(turn.speaker),
            quote=quote.text if isinstance(quote, Quote) else "",
            claims=tuple(self.reviewed(claim) for claim in claims if isinstance(claim, StatedClaim)),
        )

    def elsewhere(self, person: Person, topics: set[str]) -> Elsewhere:
        questions = [question for question in self.coverage.of(Question) if question.topic in topics]
        answers = {row.question: row for row in self.coverage.of(Answer) if row.candidate == person.id}
        return Elsewhere(
            candidate=person,
            positions=tuple(one for one in self.coverage.of(Position) if one.candidate == person.id and one.issue in topics),
            answers=tuple((question, answers.get(question.id)) for question in questions),
        )

    def issues(self, people: tuple[Person, ...]) -> Iterator[Issue]:
        rows = self.coverage.of(Position)
        for issue in dict.fromkeys(row.issue for row in rows):
            held = {row.candidate: row for row in rows if row.issue == issue}
            if len(people) > 1 and all(person.id in held for person in people):
                yield Issue(id=issue, positions=tuple((person, held[person.id]) for person in people))

    # -- a questionnaire ---------------------------------------------------------------------------------------------------------------

    def questionnaire_page(self, race: Race, name: str) -> QuestionnairePage:
        questions = sorted((row for row in self.coverage.of(Question) if row.questionnaire == name), key=lambda row: row.number)
        asked = {question.id for question in questions}
        answers = {(row.question, row.candidate): row for row in self.coverage.of(Answer) if row.question in asked}
        here = Beside(kind="questionnaire", id=slug(name) or "questions", title=name)
        return QuestionnairePage(
            **self.common(race, here, [*questions, *answers.values()]), name=name, questions=tuple(questions), answers=answers
        )


def _first_rounds(election: Election) -> Iterator[Contest]:
    later = {contest.next_round for contest in election}
    return (contest for contest in election if contest.id not in later)


def _types(acts: Iterable[Endorsement], person: str) -> Mapping[str, int]:
    """Count who endorses somebody by type, those who have taken it back left out."""
    own = [act for act in acts if act.candidate == person]
    back = {act.endorser for act in own if act.polarity is Polarity.WITHDRAWN}
    return Counter(act.endorser_type for act in own if act.polarity is Polarity.ENDORSED and act.endorser not in back)


def _periods(money: Iterable[tuple[Person, Money]]) -> Iterator[Period]:
    """Yield what was reported, by the moment it became known and the first day it covers, the latest first."""
    found: dict[tuple[datetime, date], list[tuple[Person, Money]]] = {}
    for person, row in money:
        found.setdefault((row.as_of, row.start or date.min), []).append((person, row))
    for known, start in sorted(found, reverse=True):
        yield Period(known=known, start=None if start == date.min else start, rows=tuple(found[known, start]))


def _cited(claims: Iterable[Reviewed]) -> Iterator[Row]:
    for one in claims:
        yield one.claim
        yield from (review for review, _ in one.reviews)
        yield from one.earlier


def _answers(one: Elsewhere) -> Iterator[Answer]:
    return (answer for _, answer in one.answers if answer)


def seconds_into(address: str, offset: int) -> str:
    """Return the address of a video at a moment: YouTube takes ``t``, everything else a media fragment (W3C Media Fragments 1.0)."""
    if re.match(r"https://(www\.)?(youtube\.com|youtu\.be)/", address):
        return f"{address}{'&' if '?' in address else '?'}t={offset}"
    return f"{address.partition('#')[0]}#t={offset}"
