"""What a rule asks of a tally: who is ahead, and how large each denominator is.

A denominator that was not reported is added up only where the sum is exact, and the words of every clause say so:

- ballots = valid votes + blank + invalid ballots, if a voter has one vote (and both were reported);
- valid and blank = valid votes + blank ballots, if a voter has one vote;
- voters in the contest = valid votes, if a voter has one vote.

With several votes a voter, ballots cannot be had from votes. Then the denominator is missing, and what needs it is undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from racecall.model.outcome import Tally
from racecall.model.words import some
from racecall.rules.law import Denominator
from racecall.rules.words import decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A tally, and how many seats it fills.

    Args:
        tally: Votes and ballots.
        seats: Seats to be filled.
        votes_allowed: Votes a voter may cast.
    """

    tally: Tally
    seats: int = 1
    votes_allowed: int = 1

    @property
    def votes(self) -> Mapping[str, int]:
        """Votes of everybody who can be elected or advance, in ballot order."""
        return self.tally.votes

    def name(self, option: str) -> str:
        """An option's name for people; its id if the tally has no name."""
        return self.tally.names.get(option, option)

    @property
    def ranked(self) -> tuple[str, ...]:
        """Options, most votes first; equal votes in ballot order."""
        return tuple(sorted(self.votes, key=lambda option: -self.votes[option]))

    @property
    def most(self) -> int:
        """The most votes any option has; 0 if there is none."""
        return max(self.votes.values(), default=0)

    @property
    def valid(self) -> int:
        """Valid votes: for candidates, for all others and for nobody by name."""
        return sum(self.votes.values()) + self.tally.other_valid


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A denominator: its size and how it was had, or why it is missing.

    Args:
        number: Its size; None if it is missing.
        words: ``28,985 valid votes``, or the reason it is missing.
    """

    number: Fraction | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places given to the highest, and what is left when some are tied for the last of them.

    Args:
        through: Options that have a place for certain.
        tied: Options with equal votes for the places that are left.
        left: How many places they are tied for.
    """

    through: tuple[str, ...]
    tied: tuple[str, ...] = ()
    left: int = 0


def fill(ranked: Sequence[str], places: int, votes: Mapping[str, int]) -> Places:
    """Give `places` to the highest; those tied across the last place are kept apart, never ordered by accident.

    Args:
        ranked: Options, most votes first.
        places: How many places, at least 1.
        votes: Votes of each.
    """
    if len(ranked) <= places or votes[ranked[places]] < (cut := votes[ranked[places - 1]]):
        return Places(through=tuple(ranked[:places]))
    through = tuple(option for option in ranked if votes[option] > cut)
    return Places(through=through, tied=tuple(option for option in ranked if votes[option] == cut), left=places - len(through))


def denominator_votes(of: Denominator, tally: Tally, *, seats: int = 1, votes_allowed: int = 1) -> Fraction | None:
    """Return the size of a denominator; None if it was not reported and cannot be added up exactly."""
    return total(of, Count(tally=tally, seats=seats, votes_allowed=votes_allowed)).number


def total(of: Denominator, count: Count) -> Total:
    """Return a denominator with its words. One that is smaller than the votes of a single option is no denominator at all."""
    found = TOTALS[of](count)
    if found.number is None or of is Denominator.VOTES_PER_SEAT or found.number >= count.most:
        return found
    return Total(number=None, words=f"{found.words} cannot be right, one option alone has {some(count.most, 'vote')}")


def _reported(number: int | None, thing: str) -> Total:
    return (
        Total(number=None, words=f"{thing} were not reported")
        if number is None
        else Total(number=Fraction(number), words=f"{number:,} {thing}")
    )


def _valid(count: Count) -> Total:
    return _reported(count.valid, "valid votes")


def _valid_plus_blank(count: Count) -> Total:
    blank = count.tally.blank
    if blank is None or count.votes_allowed > 1:
        return Total(
            number=None, words="blank ballots were not reported" if blank is None else "votes and blank ballots cannot be added up"
        )
    return Total(number=Fraction(count.valid + blank), words=f"{count.valid + blank:,} valid votes and blank ballots")


def _ballots(count: Count) -> Total:
    tally = count.tally
    if tally.ballots is not None or tally.blank is None or tally.invalid is None or count.votes_allowed > 1:
        return _reported(tally.ballots, "ballots cast")
    ballots = count.valid + tally.blank + tally.invalid
    parts = f"{count.valid:,} valid votes + {tally.blank:,} blank + {tally.invalid:,} invalid, one vote a voter"
    return Total(number=Fraction(ballots), words=f"{ballots:,} ballots cast ({parts})")


def _voters_in_contest(count: Count) -> Total:
    if count.tally.voters_in_contest is not None or count.votes_allowed > 1:
        return _reported(count.tally.voters_in_contest, "voters in the contest")
    return Total(number=Fraction(count.valid), words=f"{count.valid:,} voters in the contest (as many as valid votes, one vote a voter)")


def _votes_per_seat(count: Count) -> Total:
    if count.seats == 1:
        return _valid(count)
    each = Fraction(count.valid, count.seats)
    words = f"{decimal(each, 0 if each.denominator == 1 else 2)} votes a seat ({count.valid:,} valid votes, {some(count.seats, 'seat')})"
    return Total(number=each, words=words)


def _registered(count: Count) -> Total:
    return _reported(count.tally.registered, "registered voters")


def _not_from_votes(_: Count) -> Total:
    return Total(number=None, words="votes by option do not give this denominator")


TOTALS: Mapping[Denominator, Callable[[Count], Total]] = {
    Denominator.VALID: _valid,
    Denominator.VALID_PLUS_BLANK: _valid_plus_blank,
    Denominator.BALLOTS: _ballots,
    Denominator.VOTERS_IN_CONTEST: _voters_in_contest,
    Denominator.VOTES_PER_SEAT: _votes_per_seat,
    Denominator.REGISTERED: _registered,
    Denominator.CONTINUING: _not_from_votes,
    Denominator.LEADER_VOTES: lambda count: _reported(count.most, "votes of the leader"),
    Denominator.PAIR_VOTES: _not_from_votes,
}
