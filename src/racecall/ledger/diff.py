"""What changed between two counts of a contest: the batch, and who it was for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from racecall.ledger.records import ContestCount


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChange:
    """One option's part of a batch.

    Args:
        option: Option id, or the printed name of an unknown one.
        before: Votes in the earlier count [votes]; None if the option was not in it.
        after: Votes in the later count [votes]; None if the option is not in it.
    """

    option: str
    before: int | None
    after: int | None

    @property
    def added(self) -> int:
        """Votes added; negative if the count fell [votes]."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class Change:
    """What one release added to a contest."""

    options: tuple[OptionChange, ...]

    @property
    def added(self) -> int:
        """Votes added by the batch [votes]."""
        return sum(change.added for change in self.options)

    @property
    def falls(self) -> tuple[OptionChange, ...]:
        """Options whose votes fell."""
        return tuple(change for change in self.options if change.before is not None and change.after is not None and change.added < 0)

    @property
    def gone(self) -> tuple[OptionChange, ...]:
        """Options that had votes and are not in the later count."""
        return tuple(change for change in self.options if change.after is None and change.before)


@lru_cache(maxsize=1024)
def difference(before: ContestCount | None, after: ContestCount) -> Change:
    """Return what changed from one count to the next; everything is new if there was none before."""
    old = _all_votes(before) if before else {}
    new = _all_votes(after)
    return Change(tuple(OptionChange(option=option, before=old.get(option), after=new.get(option)) for option in {**old, **new}))


def _all_votes(count: ContestCount) -> Mapping[str, int]:
    return {**count.votes, **count.unknown}
