"""Which racecall made a ledger: the revision of its tables, looked at before anything is read, and the words if it is not ours.

The revisions themselves are Alembic's scripts under `racecall.desk.migrations`; this module does without it, because every command that
reads comes through here.
"""

from __future__ import annotations

from racecall.errors import UsageError

FIRST, NEWEST = "1", "1"
"""The revision of a ledger that does not say (made before racecall kept revisions), and the one that this racecall reads and writes."""


def check_revision(revision: str, where: str) -> None:
    """Refuse a ledger whose tables are not those of this racecall.

    Raises:
        UsageError: An older or a newer racecall made it.
    """
    if revision == NEWEST:
        return
    if revision.isdecimal() and int(revision) < int(NEWEST):
        raise UsageError(
            f"this ledger was made by an older racecall (revision {revision}; this one reads {NEWEST}).",
            where=where,
            next_step="Make it new; every event stays as it is: racecall migrate DIR",
        )
    raise UsageError(
        f"this racecall does not know the ledger's revision ({revision}; this one reads {NEWEST}).",
        where=where,
        next_step="If a newer racecall made it: pip install --upgrade racecall. If not, it may be damaged: racecall verify DIR",
    )
