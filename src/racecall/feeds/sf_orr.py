"""San Francisco's Online Results Reporting: `results.json` with the totals of every contest, ``results-ID.tsv`` with its precincts.

Both hold the same table. A row is an area and a voting group (TO total, ED election day, MV vote by mail), a column a statistic whose
code begins with RS, or a candidate (``077:GAVIN NEWSOM``). The statistics are ballots and voters, not votes, and go to their own table;
RSWri, write-ins for nobody in particular, are votes. Districts and neighbourhoods print the precincts' votes again and are left out, as
are the rounds of a ranked-choice count (RCV1 …), whose first round the row ALL gives.

Source of the codes: DATAFORMAT.md in OSVTAC/osv-sample-data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.crosstab import BY_UNIT, STAGES, Block, Column, Row, Rows, cut, lay_out, lines_of, ragged
from racecall.feeds.frames import BallotRow, as_text, ballot_frame
from racecall.feeds.listing import doubtful_time, head_of, numbered, read_json, read_votes, release_time, zone_or
from racecall.feeds.rows import Work, run, to_reading, unread_columns
from racecall.feeds.table import given_mapping
from racecall.feeds.text import decode, tidy
from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, Reading
from racecall.model.units import ALL_UNITS

SOURCE = "San Francisco Department of Elections"
ZONE = "America/Los_Angeles"
GROUPS = {"TO": CountType.TOTAL, "ED": CountType.ELECTION_DAY, "MV": CountType.ABSENTEE_MAIL}
"""Voting groups."""
STATISTICS = {
    "RSReg": "Registered Voters",
    "RSCst": "Ballots Cast",
    "RSRej": "Rejected Ballots",
    "RSOvr": "Over Votes",
    "RSUnd": "Under Votes",
    "RSTot": "Total Votes",
    "RSWri": "Write-in",
}
"""What the statistics are, in words that `feeds.options` knows."""
LEFT_OUT = frozenset({"RSExh"})
"""Known and not kept: ballots exhausted in a ranked-choice count, of which there are none before the second round."""
WHOLE = ("ALL", "ALLPCTS")
"""The area that is the whole contest; the second name is the one of the documentation."""
PRECINCT = "PCT"
HEADER = ("area_id", "subtotal_type")

Lines = Iterable[tuple[int, str]]
"""Lines of a table with their place: the header first."""


class _Shape(msgspec.Struct, frozen=True):
    """An object of the file. Keys we do not use may come and go; those without a default must be there."""


class _Contest(_Shape, frozen=True):
    id: str = msgspec.field(name="_id")
    heading: str
    results_summary: list[str]
    precincts_reporting: int | None = None
    total_precincts: int | None = None
    rcv_rounds: int = 0


class _Turnout(_Shape, frozen=True):
    results_summary: list[str] = []


class _File(_Shape, frozen=True):
    contests: list[_Contest]
    reporting_time: str = msgspec.field(name="_reporting_time")
    status: str = msgspec.field(name="_results_status", default="")
    turnout: _Turnout = msgspec.field(default_factory=_Turnout)


class SfOrrFeed:
    """Reads both files of San Francisco's results reporter."""

    id = "sf_orr"
    title = "San Francisco results (Online Results Reporting)"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the keys of results.json, or the first two columns of a contest's table."""
        head = head_of(document)
        if _is_results(head):
            return Match(feed=self.id, certainty=1, reason="keys _results_format and results_summary")
        if head.lstrip(b"\xef\xbb\xbf").startswith("\t".join(HEADER).encode()):
            return Match(feed=self.id, certainty=1, reason=f"columns {', '.join(HEADER)}")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release: all contests of results.json, or the one contest of a table.

        Raises:
            BrokenFile: Not JSON, cut short, of another shape, or without a row for the contest.
        """
        return _parse_json(document) if _is_results(head_of(document)) else _parse_table(document)


def _is_results(data: bytes) -> bool:
    return b'"_results_format"' in data and b'"results_summary"' in data


# --- results.json ------------------------------------------------------------------------------------------------------------------


def _parse_json(document: Document) -> Reading:
    file, notes = read_json(document, _File)
    assert isinstance(file, _File)
    keys = numbered(("", tidy(contest.heading) or f"contest {contest.id}") for contest in file.contests)
    tables = dict(zip(keys, _summaries(file.contests), strict=True))
    reading = _reading(document, _laid_out(document, tables, file, notes))
    about = dict(zip(keys, file.contests, strict=True))
    [release] = reading.releases
    made = replace(
        release,
        contests=tuple(_described(contest, about[contest.key]) for contest in release.contests),
        ballots=as_text(release.ballots).vstack(ballot_frame(_county_ballots(file.turnout))),
        note=file.status,
    )
    return replace(reading, releases=(made,))


def _summaries(contests: Iterable[_Contest]) -> Iterator[Lines]:
    """Yield the table of each contest; a line's place is its ordinal among those of all contests."""
    place = 1
    for contest in contests:
        yield enumerate(contest.results_summary, place)
        place += len(contest.results_summary)


def _described(contest: ListedContest, said: _Contest) -> ListedContest:
    return replace(
        contest,
        units_reported=said.precincts_reporting,
        units_total=said.total_precincts,
        rule_hint="ranked choice" if said.rcv_rounds else "",
    )


def _county_ballots(turnout: _Turnout) -> Iterator[BallotRow]:
    """Yield the voters of the county and its ballots counted (RSCnt), by voting group.

    RSCst of this table is larger: it holds ballots received and not counted too. What becomes of those (RSPnd, RSCha) does not add up to
    the difference and is not documented, so it is not kept.
    """
    header, *lines = [line.split("\t") for line in turnout.results_summary] or [[]]
    for place, cells in enumerate(lines, 2):
        row = dict(zip(header, cells, strict=False))
        group = GROUPS.get(row.get("subtotal_type", ""))
        if group and row.get("area_id") in WHOLE and row.get("party") == "ALL":
            yield "", ALL_UNITS, group.value, BallotKind.CAST.value, read_votes(row.get("RSCnt"))[0], place
            if group is CountType.TOTAL:
                yield "", ALL_UNITS, group.value, BallotKind.REGISTERED.value, read_votes(row.get("RSReg"))[0], place


# --- A contest's table -------------------------------------------------------------------------------------------------------------


def _parse_table(document: Document) -> Reading:
    """Read the table of one contest; its title is in results.json, if that was given too, or said with ``--map contest:=``."""
    return _reading(document, _table(document))


def _table(document: Document) -> Work:
    number = re.search(r"results-([0-9]+)", document.capture.name)
    beside = _beside(document)
    mapping = given_mapping(document)
    headings = {contest.id: tidy(contest.heading) for contest in beside.contests} if beside else {}
    found = headings.get(number[1], f"contest {number[1]}") if number else document.capture.name
    text, notes = decode(document)
    lines = ((row, line) for row, line in enumerate(lines_of(text), 1) if line.strip())
    title = (mapping.fixed_value("contest") if mapping else "") or found
    return _laid_out(document, {title: lines}, beside, notes)


def _beside(document: Document) -> _File | None:
    """Return results.json, if it was given beside this file."""
    for name, data in document.companions.items():
        if _is_results(data):
            file, _ = read_json(replace(document, capture=replace(document.capture, name=name), data=data), _File)
            assert isinstance(file, _File)
            return file
    return None


def _laid_out(document: Document, tables: Mapping[str, Lines], file: _File | None, notes: Sequence[Finding]) -> Work:
    """Return one row a count."""
    rows = Rows()
    blocks = [_block(contest, iter(lines), rows) for contest, lines in tables.items()]
    at, doubt = release_time(file.reporting_time, zone_or(document, ZONE)) if file else (None, "")
    if not rows.places:
        raise _no_rows(document)
    words = replace(BY_UNIT, words=tuple(GROUPS.items()))
    work = lay_out(document, [block for block in blocks if block.rows], rows, words, at.isoformat() if at else "")
    unknown = [name for block in blocks for name in block.header if _meaning(name) is None and name not in {*HEADER, *LEFT_OUT}]
    odd = (
        *doubtful_time(document, at, doubt, column="_reporting_time"),
        *notes,
        *unread_columns(document, dict.fromkeys(unknown)),
        *ragged(document, blocks, rows),
    )
    return work.noting(odd)


def _reading(document: Document, work: Work) -> Reading:
    done = run(work, STAGES)
    done = replace(done, findings=tuple(_left_over(finding) for finding in done.findings))
    return to_reading(done, feed=SfOrrFeed.id, source=document.source or SOURCE)


def _left_over(finding: Finding) -> Finding:
    """Let ballots rejected below 0 pass as a note: RSRej is no count, but what is left of RSCst after the others.

    True of all 108 rows of the sample; 48 of them are below 0.
    """
    if (finding.check, finding.origin.column) != ("negative_count", "RSRej"):
        return finding
    return replace(finding, severity=Severity.NOTE, next_step="The office computes it as what is left of RSCst; no vote depends on it.")


def _no_rows(document: Document) -> BrokenFile:
    return BrokenFile(
        "no row is about a whole contest (ALL) or a precinct (PCT…).",
        where=document.capture.name,
        next_step="The count may not have begun, or the download was cut off. Fetch the file again.",
    )


def _block(contest: str, lines: Iterator[tuple[int, str]], rows: Rows) -> Block:
    _, first = next(lines, (0, ""))
    header = [tidy(name) for name in first.split("\t")] if first else []
    columns = [Column(place=place, printed=name, option=option) for place, name in enumerate(header) if (option := _meaning(name))]
    own = rows.take((row for line, text in lines if (row := _row(line, cut(text)))), columns)
    return Block(contest=contest, columns=columns, rows=own, header=header)


def _meaning(name: str) -> str | None:
    """Return the option that a column stands for, None if it is no option: ``077:GAVIN NEWSOM`` is Gavin Newsom."""
    number, colon, candidate = name.partition(":")
    return tidy(candidate) or None if colon and number.isalnum() else STATISTICS.get(name)


def _row(line: int, cells: Sequence[str | None]) -> Row | None:
    """Return a row about the whole contest or a precinct, None for a district or a round of a ranked-choice count."""
    area, word, *_ = (*(cell or "" for cell in cells[:2]), "", "")
    if area not in WHOLE and not area.startswith(PRECINCT):
        return None
    return Row(place=line, unit="all" if area in WHOLE else area.removeprefix(PRECINCT), word=word, cells=cells)
