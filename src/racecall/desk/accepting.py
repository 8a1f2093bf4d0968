"""People let a finding pass: who, why and when go into the record, and the finding stays there too.

What holds calls takes two people, because letting it pass is half of a call. The record knows names and not persons: a desk that lets one
person sign with two names has no second pair of eyes, and nothing here can tell.
"""

from __future__ import annotations

from dataclasses import dataclass

from racecall.desk.clock import login_name
from racecall.desk.folder import ElectionFolder
from racecall.errors import UnknownName, UsageError
from racecall.ledger.records import Records, acceptance_draft, read_records
from racecall.ledger.resolve import folded
from racecall.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that somebody has accepted, and how many more people must."""

    finding: Finding
    people_missing: int


def accept_finding(folder: ElectionFolder, finding_id: str, *, by: str, reason: str) -> Accepted:
    """Record that a person accepts a finding.

    Args:
        folder: The election.
        finding_id: The finding's id, or enough of its beginning to be the only one.
        by: Who accepts it; the login name if empty.
        reason: Why it may pass.

    Raises:
        UsageError: There is no reason, this person has accepted it before, or nobody has to any more.
        UnknownName: There is no such finding.
    """
    if not reason.strip():
        raise UsageError("a finding is accepted with a reason.", next_step='Say why it may pass: --reason "…"')
    with folder.store.writing() as writing:
        records = read_records(writing.ledger)
        finding, who = _find(records, finding_id), by.strip() or login_name()
        _may_accept(records, finding, who)
        events = writing.append([acceptance_draft(finding, by=who, reason=reason.strip(), at=folder.store.clock())])
    return Accepted(finding, records.people_missing(finding) - len(events))


def _may_accept(records: Records, finding: Finding, who: str) -> None:
    earlier = records.accepted(finding)
    mine = next((acceptance for acceptance in earlier if folded(acceptance.by) == folded(who)), None)
    if earlier and not records.people_missing(finding):
        names = " and ".join(acceptance.by for acceptance in earlier)
        raise UsageError(f"{finding.id} was accepted by {names} already: {earlier[-1].reason}")
    if mine:
        raise UsageError(
            f"{finding.id} was accepted by {mine.by} already: {mine.reason}",
            next_step="What holds calls is accepted by two people: a second one must look, and sign with another name.",
        )


def _find(records: Records, finding_id: str) -> Finding:
    found = {finding.id: finding for _, finding in records.findings if finding.id.startswith(finding_id)}
    if len(found) != 1:
        problem = f"{len(found)} findings begin with {finding_id!r}." if found else f"no finding {finding_id!r}."
        raise UnknownName(problem, next_step="See them: racecall findings list DIR")
    return next(iter(found.values()))
