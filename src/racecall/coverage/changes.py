"""What became of a story since it was published: the same claims held against two moments, and where the record says something else now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from racecall.coverage.claims import CheckedClaim, CheckedStory, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A claim of which the record says something else than it did.

    Args:
        before: What it said when the story was published.
        after: What it says now.
    """

    before: CheckedClaim
    after: CheckedClaim

    @property
    def text(self) -> str:
        """The words of the claim."""
        return self.after.claim.text

    @property
    def old(self) -> str:
        """The figures behind it then."""
        return ", ".join(_figures(self.before))

    @property
    def new(self) -> str:
        """The figures behind it now; what it names of then as well is left out."""
        then, now = (tuple(_figures(one)) for one in (self.before, self.after))
        return ", ".join([figure for figure in now if figure not in then] or now)


def changes(before: CheckedStory, after: CheckedStory) -> tuple[Change, ...]:
    """Return the claims that were fine when the story was published and need a person now, or did so with other figures.

    A claim that was wrong from the beginning, and for the same reason, has not become stale: `racecall check` says it at once.
    """
    then = {_place(one): one for one in before.claims}
    pairs = ((then[_place(one)], one) for one in after.claims if one.verdict.needs_a_person and _place(one) in then)
    return tuple(Change(before=was, after=now) for was, now in pairs if was.verdict is not now.verdict or _values(was) != _values(now))


def _place(one: CheckedClaim) -> tuple[Any, ...]:
    claim = one.claim
    return claim.sentence.number, claim.start, claim.end, claim.type


def _values(one: CheckedClaim) -> tuple[str, ...]:
    return tuple(f"{trace.table} {trace.column} {trace.value}" for trace in one.evidence)


def _figures(one: CheckedClaim) -> tuple[str, ...]:
    """Write the figures behind a verdict, each once."""
    return tuple(dict.fromkeys(filter(None, map(_figure, one.evidence))))


SHARES = ("share", "units_reported", "turnout", "group_share")
"""How the names of columns begin whose fractions are per cent."""


def _figure(trace: Trace) -> str:
    value = trace.value
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}{'%' if trace.column.startswith(SHARES) else ''}"
    return f"{value:,}" if isinstance(value, int) else str(value)
