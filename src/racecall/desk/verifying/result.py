"""What a verification looked at, and what it found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was looked at, and what is wrong.

    Args:
        events: Links of the chain.
        captures: Captures found and hashed.
        tables: Count tables found, hashed and added up.
        releases: Releases in the record.
        recounted: Of them, counted again from their bytes.
        contests: Contests with a count, whose standing was worked out again.
        figures: Printed states of a contest that were compared with the record.
        files: Files of a published site, each hashed.
        head: Hash of the last event, "" if there is none.
        problems: What is wrong with the record, a sentence each; empty if all is well.
        differences: What was printed or published and is not what was published, or not what the record gives.
        notes: What a person should know and is not wrong.
        not_recomputed: Printed figures that this code does not work out, a sentence each.
        unrecorded: Files that no event names: left by a command that was stopped, harmless.
    """

    events: int = 0
    captures: int = 0
    tables: int = 0
    releases: int = 0
    recounted: int = 0
    contests: int = 0
    figures: int = 0
    files: int = 0
    head: str = ""
    problems: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    not_recomputed: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()
