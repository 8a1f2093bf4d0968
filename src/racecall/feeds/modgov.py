"""ModernGov election XML: the result of a council's election, as British councils publish it through their committee system.

An election with its candidates, each in an area, then the areas with voters on the roll, seats, and ballot papers rejected by reason.
`docs/feeds/modgov.md` says what each field means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.frames import BallotRow, ballot_frame, count_frame
from racecall.feeds.listing import NO_NAME, Entry, Line, doubtful_time, head_of, read_votes, release_time, tabulate, zone_or
from racecall.feeds.options import option_kind
from racecall.feeds.xml import elements, local, root_name
from racecall.model.counts import BallotKind, CountType
from racecall.model.release import Reading, Release
from racecall.model.units import ALL_UNITS

if TYPE_CHECKING:
    from lxml.etree import _Element

SOURCE = "ModernGov"
ZONE = "Europe/London"
TIMES = ("%d/%m/%Y, %H:%M", "%d/%m/%Y %H:%M")

OVERVOTED = "B"
"""Reasons for rejecting a ballot paper begin with a letter: A no official mark, B more votes than allowed, C the voter can be identified,
D unmarked or void for uncertainty (Local Elections (Principal Areas) (England and Wales) Rules 2006, rule 47)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A ward or division, as the file describes it.

    Args:
        seats: How many are elected, and how many votes each voter has.
        electorate: Voters on the roll, as printed.
        issued: Ballot papers issued, as printed.
        ended: When the count ended, as printed.
        rejected: Ballot papers rejected, by what was wrong with them.
    """

    seats: int | None = None
    electorate: str = ""
    issued: str = ""
    ended: str = ""
    rejected: Mapping[BallotKind, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """The file: candidates by area, in its order; areas by number; who is said to be elected."""

    title: str
    candidates: Mapping[tuple[str, str], Sequence[Line]]
    areas: Mapping[str, Area]
    elected: Sequence[str]


class ModGovFeed:
    """Reads the election XML of councils that use ModernGov."""

    id = "modgov"
    title = "ModernGov election XML"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the outermost element `election` with an `electionid`."""
        if root_name(document.head) == "election" and b"<electionid>" in head_of(document):
            return Match(feed=self.id, certainty=1, reason="XML with the elements election and electionid")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release.

        Raises:
            BrokenFile: Not XML, cut short, or without a candidate.
        """
        election = _election(document)
        listing = tabulate(document, list(_entries(election)))
        ends = [area.ended for area in election.areas.values() if area.ended]
        at, doubt = release_time(ends[-1], zone_or(document, ZONE), TIMES) if ends else (None, "")
        release = Release(
            source=document.source or SOURCE,
            feed=self.id,
            published_at=at,
            counts=count_frame(listing.rows),
            ballots=ballot_frame(_ballots(election)),
            contests=listing.contests,
            origin=document.at(),
            note=_note(election),
        )
        findings = (*doubtful_time(document, at, doubt, column="endofcountingdatetime"), *listing.findings)
        return Reading(feed=self.id, releases=(release,), findings=findings)


# --- The file ----------------------------------------------------------------------------------------------------------------------


def text(element: _Element, tag: str) -> str:
    """Return the text of a child, white space squeezed; "" if there is none."""
    return " ".join((element.findtext(f"{{*}}{tag}") or "").split())


def _election(document: Document) -> Election:
    title, elected = "", list[str]()
    candidates: dict[tuple[str, str], list[Line]] = {}
    areas: dict[str, Area] = {}
    for element in elements(document, ("candidate", "electionarea")):
        title = title or text(element.getroottree().getroot(), "title")
        if local(element) == "candidate":
            line = _line(element, 1 + sum(map(len, candidates.values())))
            candidates.setdefault((text(element, "electionareaid"), text(element, "areatitle")), []).append(line)
            elected += [line.option] if text(element, "iselected").lower() == "true" else []
        else:
            areas[text(element, "electionareaid")] = _area(element)
    if not candidates:
        raise BrokenFile(
            "the XML has no candidates; an election with candidates and votes was expected.",
            where=document.capture.name,
            next_step="The council may not have published the result yet. Compare the file with docs/feeds/modgov.md.",
        )
    return Election(title=title, candidates=candidates, areas=areas, elected=elected)


def _line(element: _Element, row: int) -> Line:
    name = text(element, "candidatename") or NO_NAME
    return Line(option=name, votes=text(element, "numvotes"), row=row, party=text(element, "politicalpartytitle"), kind=option_kind(name))


def _area(element: _Element) -> Area:
    rejected: dict[BallotKind, int] = {}
    for reason in element.iter("{*}spoiledvote"):
        kind = BallotKind.OVERVOTED if text(reason, "description").startswith(OVERVOTED) else BallotKind.INVALID
        rejected[kind] = rejected.get(kind, 0) + (read_votes(text(reason, "numvotes"))[0] or 0)
    return Area(
        seats=read_votes(text(element, "numseats"))[0] or None,
        electorate=text(element, "electorate"),
        issued=text(element, "numballotpapersissued"),
        ended=text(element, "endofcountingdatetime"),
        rejected=rejected,
    )


# --- To a release ------------------------------------------------------------------------------------------------------------------


def _entries(election: Election) -> Iterator[Entry]:
    for (area_id, area_title), lines in election.candidates.items():
        area = election.areas.get(area_id, Area())
        title = f"{election.title}: {area_title}" if len(election.candidates) > 1 else election.title or area_title
        yield Entry(key=area_title or title, title=title, lines=lines, votes_allowed=area.seats, rule_hint=_hint(area))


def _hint(area: Area) -> str:
    return f"{area.seats} elected" if area.seats else ""


def _ballots(election: Election) -> Iterator[BallotRow]:
    for row, (area_id, title) in enumerate(election.candidates, start=1):
        area = election.areas.get(area_id, Area())
        for kind, number in {**area.rejected, BallotKind.REGISTERED: read_votes(area.electorate)[0]}.items():
            if number is not None:
                yield (title or election.title, ALL_UNITS, CountType.TOTAL.value, kind.value, number, row)


def _note(election: Election) -> str:
    """Name the election, the ballot papers issued (which is not how many were counted), and who is said to be elected."""
    issued = [f"{read_votes(area.issued)[0] or 0:,}" for area in election.areas.values() if area.issued]
    said = [election.title, f"ballot papers issued: {', '.join(issued)}" if issued else ""]
    return "; ".join(part for part in (*said, f"elected: {', '.join(election.elected)}" if election.elected else "") if part)
