"""What recording something would change, in sentences, before it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from racecall.calls.view import ContestView, View
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import judge_folder
from racecall.desk.plugins import load_feeds
from racecall.desk.recording import Added, AddOptions, add_received, try_out
from racecall.model.finding import Finding
from racecall.origin import Capture, sha256_hex
from racecall.publish import words

MOST_SHOWN = 20
"""Contests that are shown one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What changes in one contest.

    Args:
        title: The contest.
        lines: What was, and what will be.
    """

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What recording an entry would do.

    Args:
        head: Hash of the last event it was worked out from.
        contests: What changes, contest by contest.
        more: Contests that change as well and are not shown.
        findings: What would look wrong.
        skipped: Why nothing would be recorded, "" if something would.
    """

    head: str
    contests: tuple[Changed, ...]
    more: int
    findings: tuple[Finding, ...]
    skipped: str = ""


def entry_capture(raw: bytes, name: str, *, at: datetime) -> Capture:
    """Return what a typed entry is known by."""
    return Capture(sha256=sha256_hex(raw), name=f"{name}.toml", size=len(raw), received_at=at)


def preview(folder: ElectionFolder, before: View, raw: bytes, name: str) -> Preview:
    """Work out what recording an entry would change; nothing is recorded.

    Args:
        folder: The election.
        before: The election as it stands.
        raw: The entry.
        name: What it is called.

    Raises:
        BrokenFile: Something in it is not as it should be; everything that is wrong is said.
    """
    moment = max(folder.store.clock(), before.as_of)
    added, trial = try_out(folder, raw, entry_capture(raw, name, at=moment), AddOptions(feed="hand", actor="nobody"))
    changed = tuple(between(before, judge_folder(folder, trial.after, moment)))
    return Preview(
        head=trial.ledger.head,
        contests=changed[:MOST_SHOWN],
        more=len(changed[MOST_SHOWN:]),
        findings=added.findings,
        skipped=added.skipped,
    )


def record(folder: ElectionFolder, raw: bytes, name: str, *, by: str) -> Added:
    """Record an entry in somebody's name, as `racecall add` does.

    Raises:
        BrokenFile: It cannot be read.
    """
    capture = entry_capture(raw, name, at=folder.store.clock())
    return add_received(folder, raw, capture, AddOptions(feed="hand", actor=by), feeds=load_feeds(), companions={})


def between(before: View, after: View) -> Iterator[Changed]:
    """Yield the contests in which something that is shown changes."""
    were = {view.contest.id: view for view in before.contests}
    for view in after.contests:
        if view.contest.id in were and (lines := tuple(_lines(were[view.contest.id], view))):
            yield Changed(title=view.contest.title, lines=lines)


def _lines(before: ContestView, after: ContestView) -> Iterator[str]:
    votes = {line.option.id: line.votes for line in before.options}
    for line in after.options:
        if line.votes != votes.get(line.option.id):
            yield f"{line.option.name}: {_votes(votes.get(line.option.id))} → {_votes(line.votes)}"
    for say in SHOWN:
        was, will = say(before), say(after)
        if was != will:
            yield f"{was} → {will}"


def _votes(votes: int | None) -> str:
    return "no figure" if votes is None else f"{votes:,} votes"


def _out(view: ContestView) -> str:
    out = view.inventory
    return "ballots out not known" if out.likely is None else f"{out.likely:,} ballots out ({out.low:,} to {out.high:,})"


def _counted(view: ContestView) -> str:
    return f"{words.percent(view.share_counted.likely, 0)} counted" if view.share_counted else "share counted not known"


def _advice(view: ContestView) -> str:
    return "recommended: " + ", ".join(f"{words.place_name(slot).lower()} {slot.recommendation}" for slot in view.slots)


def _said(view: ContestView) -> str:
    return f"{len(view.reports):,} calls and claims of others"


SHOWN: tuple[Callable[[ContestView], str], ...] = (_out, _counted, words.places_sentence, _advice, _said)
"""What is compared, besides votes."""
