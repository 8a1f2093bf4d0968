"""What decided, in sentences: each test that mattered, with the numbers put in and the statute beside it.

Not everybody is listed. A test is shown for those who pass it and, while places are open, for the highest who does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from racecall.model.outcome import Clause
from racecall.model.words import some
from racecall.rules.count import Count, Places
from racecall.rules.law import Clauses, Rule, TieMethod
from racecall.rules.predicates import Answer, all_hold
from racecall.rules.words import ROUNDS, TIES, names, needs

Asked = Mapping[str, tuple[tuple[Answer, ...], ...]]
"""Option -> clause -> test: the answers; options with the most votes first."""


def void(rule: Rule, answer: Answer) -> Clause:
    """Whether blank ballots void the election."""
    assert rule.void_if is not None
    return Clause(text=f"{answer.say()}; {needs(rule.void_if)} voids the election", holds=answer.holds, source=rule.source)


def elect(rule: Rule, clauses: Clauses, asked: Asked, seats: int) -> Iterator[Clause]:
    """Who is elected outright by which clause, and the highest who is not."""
    if clauses != rule.elect:
        text = f"{some(len(asked), 'candidate')}, fewer than {rule.min_candidates}: the most votes decide"
        yield Clause(text=text, holds=True, source=rule.source)
    for number, tests in enumerate(clauses):
        held = {option: all_hold(answer.holds for answer in answers[number]) for option, answers in asked.items()}
        verb = "elects" if len(tests) == 1 else "is needed"
        for option in _shown(held, seats):
            for test, answer in zip(tests, asked[option][number], strict=True):
                yield Clause(text=f"{answer.say()}; {needs(test)} {verb}", holds=answer.holds, decides=(option,), source=rule.source)


def floor(rule: Rule, floors: Mapping[str, Answer]) -> Iterator[Clause]:
    """Who passes the floor for the next round, and the highest who does not."""
    if rule.advance is None or rule.advance.qualify is None:
        return
    needed = needs(rule.advance.qualify)
    for option in _shown({option: answer.holds for option, answer in floors.items()}, len(floors)):
        answer = floors[option]
        yield Clause(text=f"{answer.say()}; {needed} qualifies", holds=answer.holds, decides=(option,), source=rule.source)


def cut(rule: Rule, pool: Sequence[str], places: Places, count: Count) -> Iterator[Clause]:
    """Who takes the places in the next round, and who is the first out."""
    if not places.through:
        return
    through = names([f"{count.name(option)} ({count.votes[option]:,})" for option in places.through])
    out = [option for option in pool if option not in places.through]
    first_out = f"; {count.name(out[0])} ({count.votes[out[0]]:,}) is the first out" if out and not places.tied else ""
    text = f"{some(len(places.through) + places.left, 'place')} in the {_name(rule.next_round)}: {through}{first_out}"
    yield Clause(text=text, holds=True, decides=places.through, source=rule.source)


def tie(rule: Rule, places: Places, count: Count, method: TieMethod) -> Clause:
    """Who is tied for what, and what the law says of it."""
    who = names([count.name(option) for option in places.tied])
    tied = f"{who} are tied with {some(count.votes[places.tied[0]], 'vote')} each for {some(places.left, 'place')}"
    return Clause(text=f"{tied}; the law on ties: {TIES[method]}", holds=True, decides=places.tied, source=rule.source)


def request(rule: Rule, advancing: Sequence[str]) -> Iterator[Clause]:
    """On whose request the next round hangs, if it does; nobody knows yet whether it is made."""
    if rule.trigger is None or not advancing:
        return
    days = f" within {rule.trigger.deadline_days} days" if rule.trigger.deadline_days else ""
    asked = f"the {_name(rule.next_round)} is held only if the {rule.trigger.on_request_by} asks for it{days}"
    text = f"{asked}; otherwise {rule.fallback or 'our text does not say'}"
    yield Clause(text=text, holds=None, decides=tuple(advancing[1:2]), source=rule.source)


def nobody(rule: Rule) -> Clause:
    """That nobody has won, and what follows."""
    return Clause(text=f"nobody wins; {rule.fallback or 'no further round'} follows", holds=True, source=rule.source)


def _name(next_round: str) -> str:
    return ROUNDS.get(next_round, next_round)


def _shown(held: Mapping[str, bool | None], enough: int) -> list[str]:
    passed = [option for option, holds in held.items() if holds]
    others = [option for option, holds in held.items() if not holds]
    return passed + others[: int(len(passed) < enough)]
