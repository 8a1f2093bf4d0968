"""Who is where at a moment: the current count, who is through, who cannot be passed, from the record alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import msgspec

from racecall.desk.verifying.bodies import Count
from racecall.desk.verifying.decide import Through, Vote, decide, vote_of
from racecall.desk.verifying.election import Contest, bare
from racecall.desk.verifying.law import Rule, elect_of, places_of
from racecall.desk.verifying.left import Left, Position, left_of
from racecall.desk.verifying.people import AGAINST, CERTIFIED, Called, people_said
from racecall.desk.verifying.record import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One contest at one moment.

    Args:
        contest: The contest.
        rule: Its rule.
        release: The event of the current release.
        count: Its count, with options that are not listed among the unknown.
        vote: The count as the rule sees it.
        through: What the rule makes of it.
        left: Ballots still out.
        findings: Ids of findings about it -> severity; `open_findings` are those that too few people accepted.
        calls: What people have signed, an option and goal each.
        head: Hash of the last event known at the moment.
    """

    contest: Contest
    rule: Rule
    release: Event
    count: Count
    vote: Vote
    through: Through
    left: Left
    findings: Mapping[str, str]
    open_findings: frozenset[str]
    calls: tuple[Called, ...]
    head: str

    @property
    def moment(self) -> datetime:
        """When the current count is from."""
        return moment_of(self.release)

    @property
    def places(self) -> int:
        """How many places there are."""
        return places_of(self.rule, self.contest.number_elected)

    @property
    def is_certified(self) -> bool:
        """Whether the current count is certified."""
        return bool(self.release.body.status == "certified")

    @property
    def holders(self) -> tuple[str | None, ...]:
        """Who holds each place: by law once certified, before that by votes, calls that stand kept; None where nobody does alone."""
        law = self.through.elected + self.through.advancing
        if self.is_certified and (law or self.through.tied):
            return (*law, *[None] * sum(places for _, places in self.through.tied))
        called = [option.id for option in self.contest.options if option.id in {call.option for call in self.calls if call.stands}]
        order = [option for option in self.vote.ranked if self.vote.votes[option] or option in called]
        order += [option for option in called if option not in order]
        first = ([option for option in order if option in called] + [option for option in order if option not in called])[: self.places]
        ahead = [option for option in order if option in first]
        return (*ahead, *[None] * (self.places - len(ahead)))

    @property
    def bounds(self) -> Mapping[str, int]:
        """The votes each option might have: those not given might be all that are not named."""
        rest = self.count.total - sum(self.vote.votes.values())
        hidden = (one.id for one in self.contest.options if one.is_standing and one.id not in self.count.votes)
        return {**self.vote.votes, **dict.fromkeys(hidden, rest)}

    def is_clinched(self, option: str, bound: int | None) -> bool:
        """Whether an option has a place whatever at most `bound` ballots say; drawing level counts as passing."""
        own = self.vote.votes.get(option)
        return bound is not None and own is not None and sum(votes >= own - bound for votes in self.bounds.values()) <= self.places

    def is_eliminated(self, option: str, bound: int | None) -> bool:
        """Whether an option cannot reach a place, nor tie for the last, whatever at most `bound` ballots say."""
        own = self.vote.votes.get(option)
        return bound is not None and own is not None and sum(votes > own + bound for votes in self.bounds.values()) >= self.places

    def may_win_outright(self, bound: int | None) -> bool | None:
        """Whether somebody may still end the contest before its next round; None if nothing bounds what is out."""
        tests = [test for tests in elect_of(self.rule) for test in tests if test.what == "share"]
        if "advance" not in self.rule or not tests or not self.vote.votes or not self.count.total:
            return False
        if bound is None:
            return None
        return tests[0].passed_by(Fraction(max(self.vote.votes.values()) + bound, self.count.total + bound))

    def wins_outright(self, option: str, bound: int | None) -> bool:
        """Whether an option ends the contest before its next round whatever at most `bound` ballots say."""
        tests = [test for tests in elect_of(self.rule) for test in tests if test.what == "share"]
        known = "advance" in self.rule and tests and bound is not None and self.vote.votes and self.count.total
        if not known or bound is None or tests[0].of not in {"", "valid"} or self.vote.ranked[0] != option:
            return False
        return tests[0].passed_by(Fraction(self.vote.votes[option], self.count.total + bound))

    def call_of(self, option: str | None) -> Called | None:
        """Return what people have made of an option: of two calls, the one that stands."""
        return next(iter(sorted((call for call in self.calls if call.option == option), key=lambda call: not call.stands)), None)


def moment_of(release: Event) -> datetime:
    """Return the time a release is from: what its source says, else when it became known."""
    return release.body.published_at or release.at


def standing_of(events: Sequence[Event], contest: Contest, rule: Rule, as_of: datetime) -> Standing | None:
    """Return how a contest stands at a moment, None before its first count.

    Args:
        events: The record; what became known later takes no part.
        contest: The contest, as the settings have it.
        rule: Its rule.
        as_of: The moment.
    """
    known = [event for event in events if event.at <= as_of]
    releases = sorted(_releases(known, contest.id), key=lambda event: (moment_of(event), event.seq))
    if not releases:
        return None
    count = _listed(releases[-1].body.contests[contest.id], contest)
    vote = vote_of(rule, contest, count)
    findings = dict(_findings(known, contest.id))
    return Standing(
        contest=contest,
        rule=rule,
        release=releases[-1],
        count=count,
        vote=vote,
        through=decide(rule, vote),
        left=left_of(_position(known, releases, contest, as_of)),
        findings=findings,
        open_findings=frozenset(_still_open(findings, known)),
        calls=people_said(
            [event for event in known if event.kind == "decision" and event.contest == contest.id],
            _newest_when_known(releases),
            lambda option, goal, release: _verdict(option, goal, release, contest=contest, rule=rule),
        ),
        head=known[-1].hash,
    )


def _releases(events: Iterable[Event], contest: str) -> Iterator[Event]:
    return (event for event in events if event.kind == "release" and contest in event.body.contests)


def _newest_when_known(releases: Iterable[Event]) -> Iterator[Event]:
    newest = None
    for event in sorted(releases, key=lambda event: (event.at, event.seq)):
        order = (moment_of(event), event.seq)
        if newest is None or order > newest:
            newest = order
            yield event


def _verdict(option: str, goal: str, release: Event, *, contest: Contest, rule: Rule) -> str:
    """Say whether a release has an option where it was called to be; by law once it is certified, by votes before."""
    count = _listed(release.body.contests[contest.id], contest)
    vote = vote_of(rule, contest, count)
    certified = release.body.status == "certified"
    law = decide(rule, vote)
    if certified and (law.elected or law.advancing):
        through = law.elected if goal == "elect" else law.elected + law.advancing
        lost = option not in through and not any(option in tied for tied, _ in law.tied)
    elif option not in vote.votes or not count.total:
        lost = False
    elif goal == ("advance" if "advance" in rule else "elect"):
        lost = option not in vote.ranked[: places_of(rule, contest.number_elected)]
    else:
        tests = [test for tests in elect_of(rule) for test in tests if test.what == "share"]
        lost = bool(tests) and not tests[0].passed_by(Fraction(vote.votes[option], count.total))
    return AGAINST if lost else CERTIFIED if certified else ""


PEOPLE_NEEDED = {"hold_calls": 2}
"""How many people must accept a finding of a severity; one where nothing is said."""


def _still_open(findings: Mapping[str, str], events: Iterable[Event]) -> Iterator[str]:
    """Ids of findings that fewer people have accepted than must; a name in other letters or accents is the same person."""
    people: dict[str, set[str]] = {}
    for event in events:
        if event.kind == "acceptance":
            people.setdefault(event.body.finding, set()).add(bare(event.actor))
    return (one for one, severity in findings.items() if len(people.get(one, ())) < PEOPLE_NEEDED.get(severity, 1))


def _findings(events: Iterable[Event], contest: str) -> Iterator[tuple[str, str]]:
    """Findings about the contest, or about a whole release."""
    return ((event.body.id, event.body.severity) for event in events if event.kind == "finding" and event.contest in {contest, ""})


def _listed(count: Count, contest: Contest) -> Count:
    """Leave the votes of options that are not listed any more to nobody."""
    ids = {option.id for option in contest.options}
    kept = {option: votes for option, votes in count.votes.items() if option in ids}
    gone = {option: votes for option, votes in count.votes.items() if option not in ids}
    return msgspec.structs.replace(count, votes=kept, unknown={**count.unknown, **gone})


def _position(known: Sequence[Event], releases: Sequence[Event], contest: Contest, as_of: datetime) -> Position:
    statements = [event for event in known if event.kind == "statement"]
    return Position(
        counts=[(moment_of(event), event.body.contests[contest.id]) for event in releases],
        release=releases[-1].body,
        own=[event.body for event in statements if event.contest == contest.id],
        county=[event.body for event in statements if event.contest == ""],
        votes_allowed=contest.votes_allowed,
        as_of=as_of,
    )
