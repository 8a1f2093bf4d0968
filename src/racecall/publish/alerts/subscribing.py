"""Who is told what: a channel takes the alerts of its contests and kinds, and every correction of one it took."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from racecall.publish.alerts.event import AlertEvent, AlertKind

ASKED_FOR = frozenset({AlertKind.STORY_STALE})
"""Kinds that go only to whoever names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a subscriber wants to hear.

    Args:
        contests: Contest ids, all if empty.
        kinds: Kinds of alerts; all but `ASKED_FOR` if empty.
    """

    contests: frozenset[str] = frozenset()
    kinds: frozenset[AlertKind] = frozenset()

    def takes(self, event: AlertEvent, told: Collection[str] = ()) -> bool:
        """Whether an alert is for this subscriber.

        Args:
            event: The alert; one about the whole election is for every contest.
            told: Ids of alerts it was told: what takes the place of one of them is told as well, whatever the kind.
        """
        mine = not self.contests or event.contest in {*self.contests, ""}
        wanted = event.kind in self.kinds if self.kinds else event.kind not in ASKED_FOR
        return (mine and wanted) or any(old in told for old in event.supersedes)
