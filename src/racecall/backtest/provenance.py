"""Whether a calibration and the archives it is tested on know of each other: said in words, before any figure."""

from __future__ import annotations

from collections.abc import Iterable

from racecall.backtest.archive import ArchiveElection
from racecall.calls.calibration_file import Calibration


def provenance_notes(calibration: Calibration, elections: Iterable[ArchiveElection]) -> tuple[str, ...]:
    """Return what must be said beside the figures of a back-test; nothing if the calibration was made of these very archives.

    A night that is judged is never in its own threshold, whatever the files are called. What this finds is a calibration whose other
    nights were learned from other files than those at hand, so that nobody can make the same figures again.
    """
    return tuple(note for election in elections for note in _about(calibration, election))


def _about(calibration: Calibration, election: ArchiveElection) -> Iterable[str]:
    made_of = calibration.archives.get(election.election_id)
    if made_of is None:
        yield f"{election.election_id}: the calibration was made without this archive; its night is new to it."
    elif election.sha256 and made_of != election.sha256:
        yield (
            f"{election.election_id}: the calibration was made from another version of this archive ({made_of[:12]}, here "
            f"{election.sha256[:12]}). Make a new one with: racecall calibrate ARCHIVE… --out FILE"
        )
    if election.contests and calibration.nights == (election.night,):
        yield f"{election.election_id}: the calibration knows no other night than {election.night}; nothing is left to judge it by."
