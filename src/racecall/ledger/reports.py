"""What an agency says in its files, in our ids and once: its files say the same calls again every time they are fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from racecall.ledger.resolve import NameIndex, contest_index, find_contest, option_index
from racecall.model.contest import Election
from racecall.model.release import Reading, Report, ReportKind

AGENCY = frozenset({ReportKind.AGENCY_CALL, ReportKind.AGENCY_RETRACTION})
"""What an agency says and may take back."""


def resolve_reports(reading: Reading, election: Election, known: Iterable[Report]) -> tuple[Report, ...]:
    """Put our ids into the reports of a file, and leave out what is no news.

    Args:
        reading: The file. Its reports are in the source's words, or in ours if they were entered by hand.
        election: Contests and options. A report about a contest that a release of the file lists, and we do not follow, is left out, as its
            counts are.
        known: Reports in the record, in their order. Of a source that repeats its calls, a call that stands is left out.
    """
    index = contest_index(election)
    titles = {listed.key: listed.title for release in reading.releases for listed in release.contests}
    found = [(report, find_contest(index, report.contest, titles.get(report.contest, ""))) for report in reading.reports]
    ours = [_in_our_words(report, election, contest) for report, contest in found if contest or report.contest not in titles]
    standing = _standing(known) if reading.repeats_calls else {}
    return tuple(report for report in ours if not _stands(report, standing))


def _in_our_words(report: Report, election: Election, contest: str) -> Report:
    options = option_index(election.contest(contest).options) if contest else NameIndex(())
    return replace(report, contest=contest or report.contest, option=options.find(report.option)[0] or report.option)


Subject = tuple[str, str, str, str]
"""Who says where about which contest and option."""


def _subject(report: Report) -> Subject:
    return (report.by, report.source, report.contest, report.option)


def _standing(known: Iterable[Report]) -> Mapping[Subject, Report]:
    """Return the last call or retraction of each agency about each option."""
    return {_subject(report): report for report in known if report.kind in AGENCY}


def _stands(report: Report, standing: Mapping[Subject, Report]) -> bool:
    last = standing.get(_subject(report))
    return last is not None and report.kind in AGENCY and (last.kind, last.note) == (report.kind, report.note)
