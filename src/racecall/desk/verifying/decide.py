"""Who is through by a rule, were the count final: whole numbers and fractions, and a test that cannot be answered is not a no.

Written from docs/rules/index.md and the statutes in the rules, to be held against `racecall.rules.engine`, which is the first reading of
them. Left out: recount provisions, and the sentences that say why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from racecall.desk.verifying.bodies import Count
from racecall.desk.verifying.election import Contest, Option
from racecall.desk.verifying.law import Rule, Test, elect_of, places_in_next_round, read_test

Answer = bool | None
"""Yes, no, or None: a number that it needs was not reported."""

ALL_GO_ON = frozenset({"all_advance", "ca_8142b", "runoff_of_tied"})
"""Ties that send everybody on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A count, as a rule sees it.

    Args:
        votes: Votes of those who can be through, in ballot order [votes].
        others: Votes for everybody and everything else that count [votes].
        ballots: Ballots by kind, as reported [ballots].
        seats: Seats to be filled.
        votes_allowed: Votes a voter may cast.
    """

    votes: Mapping[str, int]
    others: int = 0
    ballots: Mapping[str, int]
    seats: int = 1
    votes_allowed: int = 1

    @property
    def valid(self) -> int:
        """All votes that count."""
        return sum(self.votes.values()) + self.others

    @property
    def ranked(self) -> list[str]:
        """Most votes first, equal ones in ballot order."""
        return sorted(self.votes, key=lambda option: -self.votes[option])


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """What a rule makes of a count.

    Args:
        elected, advancing: Option ids, most votes first.
        tied: Ids tied for the places that are left, and how many these are.
        next_round: What follows, "" if nothing does.
        undecided: Whether the rule cannot decide on this count.
    """

    elected: tuple[str, ...] = ()
    advancing: tuple[str, ...] = ()
    tied: tuple[tuple[tuple[str, ...], int], ...] = ()
    next_round: str = ""
    undecided: bool = False


UNDECIDED = Through(undecided=True)


def vote_of(rule: Rule, contest: Contest, count: Count) -> Vote:
    """Put every option's votes where the rule wants them; votes that the law voids are left out."""
    given = [option for option in contest.options if option.id in count.votes and not _is_void(rule, option)]
    able = [option for option in given if _can_be_through(rule, option)]
    rest = sum(count.votes[option.id] for option in given if option not in able)
    return Vote(
        votes={option.id: count.votes[option.id] for option in able},
        others=rest + sum(count.unknown.values()),
        ballots=count.ballots,
        seats=contest.number_elected,
        votes_allowed=contest.votes_allowed,
    )


def _is_void(rule: Rule, option: Option) -> bool:
    uncounted = option.kind == "write_in" and not rule.get("write_ins", {}).get("counted", True)
    return uncounted or (option.withdrawn and rule.get("withdrawn_votes") == "void")


def _can_be_through(rule: Rule, option: Option) -> bool:
    barred = option.kind == "write_in" and not rule.get("write_ins", {}).get("can_advance", True)
    return option.is_standing and not barred and option.name not in rule.get("non_candidates", ())


def decide(rule: Rule, vote: Vote) -> Through:
    """Say who is through."""
    clauses = elect_of(rule)
    one_seat = any(test.what == "share" and test.of in {"valid", "valid_plus_blank"} for tests in clauses for test in tests)
    if rule.get("method", "tally") != "tally" or not any(vote.votes.values()) or (vote.seats > 1 and one_seat):
        return UNDECIDED
    if "void_if" in rule:
        void = _answer(read_test(rule["void_if"]), "", vote)
        if void is not False:
            return Through(next_round="repeat") if void else UNDECIDED
    if len(vote.votes) < rule.get("min_candidates", 0) and not vote.others:
        clauses = [[Test(what="plurality")]]
    elected = _elected(rule, clauses, vote)
    return elected if elected.undecided or elected.next_round else _onward(rule, vote, elected)


def _elected(rule: Rule, clauses: Sequence[Sequence[Test]], vote: Vote) -> Through:
    wins = {option: _any(_all(_answer(test, option, vote) for test in tests) for tests in clauses) for option in vote.ranked}
    seated, tied, left = _highest([option for option in wins if wins[option] is not False], vote.seats, vote.votes)
    if any(wins[option] is None for option in (*seated, *tied)):
        return UNDECIDED
    return _with_tie(Through(elected=seated), tied, left, rule.get("tie_final", "unknown"), "runoff")


def _onward(rule: Rule, vote: Vote, elected: Through) -> Through:
    advance = rule.get("advance")
    open_seats = vote.seats - len(elected.elected) - sum(places for _, places in elected.tied)
    made = elected
    if advance and open_seats:
        if advance.get("second") or (vote.seats > 1 and not advance.get("per_seat")):
            return UNDECIDED
        made = _next_round(rule, vote, elected, open_seats)
    if made.undecided or made.next_round or made.elected or made.tied:
        return made
    return replace(made, next_round=rule.get("fallback", ""))


def _next_round(rule: Rule, vote: Vote, elected: Through, open_seats: int) -> Through:
    advance = rule["advance"]
    pool = [option for option in vote.ranked if option not in elected.elected]
    floor = read_test(advance["qualify"]) if "qualify" in advance else None
    answers = {option: _answer(floor, option, vote) if floor else True for option in pool}
    if None in answers.values():
        return UNDECIDED
    above = [option for option in pool if answers[option]]
    counted = "count" in advance
    places = places_in_next_round(advance, open_seats) if counted else max(len(above), advance["min"])
    through, tied, left = _highest(above if counted else pool, min(places, advance.get("max", places)), vote.votes)
    made = _with_tie(replace(elected, advancing=through), tied, left, rule.get("tie_cut", "unknown"), "")
    return replace(made, next_round=rule.get("next_round", "runoff") if made.advancing or made.tied else "")


def _with_tie(made: Through, tied: tuple[str, ...], left: int, method: str, next_round: str) -> Through:
    if tied and method in ALL_GO_ON:
        return replace(made, advancing=made.advancing + tied, next_round=next_round)
    return replace(made, tied=(*made.tied, (tied, left))) if tied else made


def _highest(ranked: Sequence[str], places: int, votes: Mapping[str, int]) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return who has a place for certain, who is tied for those left, and how many are left."""
    if len(ranked) <= places or votes[ranked[places]] < votes[ranked[places - 1]]:
        return tuple(ranked[:places]), (), 0
    level = votes[ranked[places - 1]]
    above = tuple(option for option in ranked if votes[option] > level)
    return above, tuple(option for option in ranked if votes[option] == level), places - len(above)


# -- tests ---------------------------------------------------------------------------------------------------------------------------


def _all(answers: Iterable[Answer]) -> Answer:
    seen = set(answers)
    return False if False in seen else None if None in seen else True


def _any(answers: Iterable[Answer]) -> Answer:
    seen = set(answers)
    return True if True in seen else None if None in seen else False


def _answer(test: Test, option: str, vote: Vote) -> Answer:
    if test.what == "plurality":
        return sum(votes > vote.votes[option] for votes in vote.votes.values()) < vote.seats
    if test.what == "spread":  # votes by province are not in a contest's totals
        return None
    base = denominator(vote, "registered" if test.what == "turnout" else test.of)
    part = _numerator(test, option, vote)
    return None if not base or part is None else test.passed_by(part / base)


def _numerator(test: Test, option: str, vote: Vote) -> Fraction | None:
    if test.what == "turnout":
        return denominator(vote, "ballots")
    if test.what == "blank":
        return Fraction(vote.ballots.get("blank", 0))
    own = Fraction(vote.votes[option])
    rivals = [votes for other, votes in vote.votes.items() if other != option]
    return own - max(rivals, default=0) if test.what == "lead" else own


def denominator(vote: Vote, of: str) -> Fraction | None:
    """Return what a share is a share of; None if it was not reported, or is smaller than the votes of one option."""
    ballots, single = vote.ballots, vote.votes_allowed == 1
    blank, invalid = ballots.get("blank"), ballots.get("invalid")
    summed = vote.valid + blank + invalid if single and blank is not None and invalid is not None else None
    sizes: dict[str, int | None] = {
        "valid": vote.valid,
        "valid_plus_blank": vote.valid + blank if single and blank is not None else None,
        "ballots": ballots.get("cast", summed),
        "voters_in_contest": vote.valid if single else None,
        "registered": ballots.get("registered"),
        "leader_votes": max(vote.votes.values()),
    }
    if of == "votes_per_seat":
        return Fraction(vote.valid, vote.seats)
    size = sizes.get(of)
    return None if size is None or size < max(vote.votes.values()) else Fraction(size)
