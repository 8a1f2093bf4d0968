"""An election folder verified: the record against itself, against its bytes, and a printed figure against the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from racecall.desk.verifying import kept
from racecall.desk.verifying.cells import cell_problems
from racecall.desk.verifying.claims import Claim, Compared, compare_claims
from racecall.desk.verifying.election import Election, read_election
from racecall.desk.verifying.law import packaged_rules
from racecall.desk.verifying.printed_scores import tables_of
from racecall.desk.verifying.record import Record, read_record
from racecall.desk.verifying.recount import recount
from racecall.desk.verifying.result import Verified
from racecall.desk.verifying.standing import standing_of

FOREVER = datetime.max.replace(tzinfo=UTC)


def verify_folder(path: Path, claims: Iterable[Claim] = ()) -> Verified:
    """Check an election folder against its own record, and printed figures against it.

    Args:
        path: The folder.
        claims: Printed figures (`racecall.desk.verifying.claims`).

    Raises:
        NotAnElection: There is no ledger in the folder.
        StorageError: The ledger cannot be opened at all.
    """
    record = read_record(path)
    named = kept.named_files(record)
    counted = recount(path, record)
    problems = [
        *record.problems,
        *kept.file_problems(path, "captures", named.captures),
        *kept.file_problems(path, "counts", named.counts),
        *(problem for event in record.of_kind("release") for problem in cell_problems(path, event)),
        *counted.problems,
        *kept.settings_problems(path),
    ]
    election = latest_election(path, record)
    compared = compare(path, claims, record, election)
    standings, without_rule = _standings(record, election)
    return Verified(
        events=record.rows,
        captures=len(named.captures),
        tables=len(named.counts),
        releases=sum(1 for _ in record.of_kind("release")),
        recounted=counted.releases,
        contests=standings,
        figures=compared.claims,
        head=record.head,
        problems=tuple(problems),
        differences=compared.problems,
        notes=(*kept.settings_notes(path, record), *counted.notes, *without_rule),
        not_recomputed=compared.not_recomputed,
        unrecorded=() if problems else tuple(kept.unrecorded(path, named.captures.keys() | named.counts.keys())),
    )


def latest_election(path: Path, record: Record) -> Election | None:
    """Return the settings that were recorded last, None if they cannot be read."""
    recorded = [event.body.settings for event in record.of_kind("opened") if event.body.settings]
    data = kept.kept_bytes(path, "captures", recorded[-1]) if recorded else None
    try:
        return read_election(data) if data else None
    except (ValueError, KeyError, TypeError):
        return None


def compare(path: Path, claims: Iterable[Claim], record: Record, election: Election | None) -> Compared:
    """Compare printed figures with the record."""
    if election is None:
        said = ("the settings in the record cannot be read, so no printed figure can be compared.",) if claims else ()
        return Compared(claims=0, problems=said, not_recomputed=())
    return compare_claims(claims, record.events, election, packaged_rules(), tables_of(path))


def _standings(record: Record, election: Election | None) -> tuple[int, list[str]]:
    """Work out every contest as of the end; return how many there are, and which have a rule that is not packaged."""
    rules = packaged_rules()
    contests = list(election.contests.values()) if election else []
    ruled = [contest for contest in contests if contest.rule in rules]
    made = [standing_of(record.events, contest, rules[contest.rule], FOREVER) for contest in ruled]
    missing = [f"not recomputed: {one.id} names the rule {one.rule}, which is not packaged." for one in contests if one.rule not in rules]
    return sum(standing is not None for standing in made), missing
