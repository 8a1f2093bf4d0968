"""A person lets a finding pass: who, why and when go into the record, and the finding stays there too."""

from __future__ import annotations

from racecall.desk.clock import login_name
from racecall.desk.folder import ElectionFolder
from racecall.errors import UnknownName, UsageError
from racecall.ledger.records import Records, acceptance_draft, read_records
from racecall.model.finding import Finding


def accept_finding(folder: ElectionFolder, finding_id: str, *, by: str, reason: str) -> Finding:
    """Record that a person accepts a finding.

    Args:
        folder: The election.
        finding_id: The finding's id, or enough of its beginning to be the only one.
        by: Who accepts it; the login name if empty.
        reason: Why it may pass.

    Raises:
        UsageError: There is no reason, or it was accepted before.
        UnknownName: There is no such finding.
    """
    if not reason.strip():
        raise UsageError("a finding is accepted with a reason.", next_step='Say why it may pass: --reason "…"')
    with folder.store.writing() as writing:
        records = read_records(writing.ledger)
        finding = _find(records, finding_id)
        earlier = next((acceptance for acceptance in records.acceptances if acceptance.finding == finding.id), None)
        if earlier:
            raise UsageError(f"{finding.id} was accepted by {earlier.by} already: {earlier.reason}")
        writing.append([acceptance_draft(finding, by=by or login_name(), reason=reason.strip(), at=folder.store.clock())])
    return finding


def _find(records: Records, finding_id: str) -> Finding:
    found = {finding.id: finding for _, finding in records.findings if finding.id.startswith(finding_id)}
    if len(found) != 1:
        problem = f"{len(found)} findings begin with {finding_id!r}." if found else f"no finding {finding_id!r}."
        raise UnknownName(problem, next_step="See them: racecall findings list DIR")
    return next(iter(found.values()))
