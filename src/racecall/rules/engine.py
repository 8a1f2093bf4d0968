"""What a rule makes of a count, were it final: elected, advancing, tied, next round, recounts, and the clause that decided each.

Theory of operation. A decision is a column of steps over one `Outcome`, which starts empty:

    1. obstacles   ranked ballots, no vote yet, a one-seat rule for several seats: said, never guessed
    2. void        Colombia: a majority of blank ballots
    3. elect       options that satisfy a clause of the rule, at most as many as there are seats, most votes first
    4. advance     the next round: a floor where the law has one, then the highest; ties at the cut as the law has them
    5. fallback    a convention, or nothing

The first step that leaves nothing open ends the column. Recount provisions are then read at the *cut*: the last one through against the
first one out, second against third in a top-two primary (RCW 29A.64.021, Cal. Elec. Code 15645), not first against second.

Arithmetic is exact: `int` and `Fraction`. A tie is an outcome. A number that the law needs and nobody reported leaves the contest
undecided, and the sentence says which number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from racecall.model.outcome import Clause, Outcome, Tally, Tie
from racecall.rules import sentences
from racecall.rules.count import Count, Places, fill
from racecall.rules.law import Advance, Clauses, Denominator, Method, PluralityTest, Rule, ShareTest, TieMethod
from racecall.rules.predicates import Answer, Question, all_hold, any_holds, question
from racecall.rules.recounts import recounts_at_cut
from racecall.rules.words import METHODS

Step = Callable[[Rule, Count, Outcome], Outcome]

ALL_GO_ON = frozenset({TieMethod.ALL_ADVANCE, TieMethod.CA_8142B, TieMethod.RUNOFF_OF_TIED})
"""Ties that send all of the tied on. With two places, two tied for first fill both: Cal. Elec. Code 8142(b) needs no code of its own."""

ONE_SEAT = frozenset({Denominator.VALID, Denominator.VALID_PLUS_BLANK})
"""Denominators that mislead where a voter has several votes: half of the votes is then not half of the voters."""


def decide(rule: Rule, tally: Tally, *, seats: int = 1, votes_allowed: int = 1) -> Outcome:
    """Say what a rule makes of a count, were it final.

    Args:
        rule: The law.
        tally: Votes and ballots; `racecall.rules.tally.tally_for` makes one from a contest.
        seats: Seats to be filled.
        votes_allowed: Votes a voter may cast; it decides whether ballots can be added up from votes (`racecall.rules.count`).

    Returns:
        The outcome, with a clause for each test that decided. `undecided` says why if the rule could not decide; nobody is then named.
    """
    count = Count(tally=tally, seats=seats, votes_allowed=votes_allowed)
    outcome = Outcome(rule=rule.id)
    for step in STEPS:
        outcome = step(rule, count, outcome)
        if outcome.undecided or outcome.next_round:
            break
    return replace(outcome, recounts=recounts_at_cut(rule, count, outcome))


def _obstacles(rule: Rule, count: Count, outcome: Outcome) -> Outcome:
    reason = next((reason for applies, reason in OBSTACLES if applies(rule, count)), "")
    return _undecided(outcome, reason.format(method=METHODS[rule.method], seats=count.seats))


def _void(rule: Rule, count: Count, outcome: Outcome) -> Outcome:
    if rule.void_if is None:
        return outcome
    answer = question(rule.void_if, count)("")
    outcome = _said(outcome, sentences.void(rule, answer))
    return _undecided(replace(outcome, next_round="repeat" if answer.holds else ""), answer.missing)


def _elect(rule: Rule, count: Count, outcome: Outcome) -> Outcome:
    elect = _clauses_in_force(rule, count)
    questions = [[question(test, count) for test in tests] for tests in elect]
    asked = {option: tuple(tuple(ask(option) for ask in tests) for tests in questions) for option in count.ranked}
    verdicts = {option: any_holds(all_hold(answer.holds for answer in clause) for clause in asked[option]) for option in asked}
    seated = fill([option for option in asked if verdicts[option] is not False], count.seats, count.votes)
    outcome = _said(outcome, *sentences.elect(rule, elect, asked, count.seats))
    for option in seated.through + seated.tied:
        if verdicts[option] is None:
            return _undecided(outcome, _missing(asked[option]))
    outcome = _tied(rule, count, replace(outcome, elected=seated.through), seated, rule.tie_final)
    return replace(outcome, next_round="runoff" if outcome.advancing else "")


def _advance(rule: Rule, count: Count, outcome: Outcome) -> Outcome:
    seats_open = count.seats - len(outcome.elected) - sum(tie.places for tie in outcome.ties)
    if rule.advance is None or not seats_open:
        return outcome
    if rule.advance.second:
        return _undecided(outcome, f"the second place goes by {rule.advance.second}, which votes alone do not give")
    if count.seats > 1 and not rule.advance.per_seat:
        return _undecided(outcome, f"the rule sends on {rule.advance.places(1)} for one seat, and {count.seats} are to be filled")
    return _next_round(rule, count, outcome, seats_open)


def _next_round(rule: Rule, count: Count, outcome: Outcome, seats_open: int) -> Outcome:
    advance = rule.advance
    assert advance is not None
    pool = [option for option in count.ranked if option not in outcome.elected]
    floors = {option: ask(option) for ask in _floor(advance, count) for option in pool}
    outcome = _said(outcome, *sentences.floor(rule, floors))
    if missing := next((answer.missing for answer in floors.values() if answer.missing), ""):
        return _undecided(outcome, missing)
    above = [option for option in pool if not floors or floors[option].holds]
    places = advance.places(seats_open) if advance.count else max(len(above), advance.min)
    filled = fill(above if advance.count else pool, min(places, advance.max or places), count.votes)
    outcome = _said(replace(outcome, advancing=filled.through), *sentences.cut(rule, pool, filled, count))
    outcome = _tied(rule, count, outcome, filled, rule.tie_cut)
    outcome = _said(outcome, *sentences.request(rule, outcome.advancing))
    return replace(outcome, next_round=rule.next_round if outcome.advancing or outcome.ties else "")


def _fallback(rule: Rule, _: Count, outcome: Outcome) -> Outcome:
    if outcome.elected or outcome.ties:
        return outcome
    return replace(_said(outcome, sentences.nobody(rule)), next_round=rule.fallback)


STEPS: tuple[Step, ...] = (_obstacles, _void, _elect, _advance, _fallback)

OBSTACLES: tuple[tuple[Callable[[Rule, Count], bool], str], ...] = (
    (lambda rule, _: rule.method is not Method.TALLY, "{method}, and votes by option do not say who wins"),
    (lambda _, count: not count.votes, "no candidate is listed"),
    (lambda _, count: count.most == 0, "no candidate has a vote"),
    (
        lambda rule, count: count.seats > 1 and _is_for_one_seat(rule.elect),
        "the rule as we have it is for one seat, and {seats} are to be filled",
    ),
)
"""What keeps a rule from deciding at all, and how we say so."""


def _is_for_one_seat(elect: Clauses) -> bool:
    return any(isinstance(test, ShareTest) and test.of in ONE_SEAT for tests in elect for test in tests)


def _floor(advance: Advance, count: Count) -> list[Question]:
    return [question(advance.qualify, count)] if advance.qualify else []


def _missing(clauses: Iterable[Iterable[Answer]]) -> str:
    open_clauses = (clause for clause in clauses if all_hold(answer.holds for answer in clause) is None)
    return next(answer.missing for clause in open_clauses for answer in clause if answer.missing)


def _clauses_in_force(rule: Rule, count: Count) -> Clauses:
    # "All others" may hold further candidates: with them the threshold stands, however few are listed.
    few = len(count.votes) < rule.min_candidates and not count.tally.other_valid
    return ((PluralityTest(),),) if few else rule.elect


def _tied(rule: Rule, count: Count, outcome: Outcome, places: Places, method: TieMethod) -> Outcome:
    if not places.tied:
        return outcome
    outcome = _said(outcome, sentences.tie(rule, places, count, method))
    if method in ALL_GO_ON:
        return replace(outcome, advancing=outcome.advancing + places.tied)
    return replace(outcome, ties=(*outcome.ties, Tie(options=places.tied, places=places.left, method=method.value)))


def _said(outcome: Outcome, *clauses: Clause) -> Outcome:
    return replace(outcome, clauses=outcome.clauses + clauses) if clauses else outcome


def _undecided(outcome: Outcome, reason: str) -> Outcome:
    if not reason:
        return outcome
    return Outcome(rule=outcome.rule, clauses=outcome.clauses, undecided=f"{reason[0].upper()}{reason[1:]}.")
