"""The commands about formats: what a file is, what is in it, what is wrong with it. Nothing is recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from racecall.cli.common import FINDINGS, FINE, Json, end, say, say_json
from racecall.errors import RacecallError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.console import RenderableType

    from racecall.feeds.base import Document, Feed, Match
    from racecall.feeds.describe import ReleaseSummary
    from racecall.model.finding import Finding
    from racecall.model.release import Reading

app = typer.Typer(no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})

CONTESTS_SHOWN = 12
RELEASES_SHOWN = 3
FINDINGS_SHOWN = 40
KINDS = {
    "hand": "figures, statements and reports entered by hand (.toml)",
    "openelections": "certified results by county or precinct (.csv)",
    "table": "any CSV, TSV or Parquet, through a column mapping",
    "la_county_json": "Los Angeles County, election results (.json)",
    "la_counters": "Los Angeles County, GetCounterData with GetElectionData (.json)",
    "la_ets": "Los Angeles County until January 2021, lines of fixed width (.ets, .dat)",
    "sf_orr": "San Francisco, results.json and the tables of its contests (.json, .tsv)",
    "dominion_sov": "statements of votes of Dominion, a table a contest (.tsv)",
    "excel": "statements of votes in Excel (.xlsx, .xls)",
    "ca_sos": "California Secretary of State, /returns (.json)",
    "clarity": "Clarity sites (Scytl, SOE): detail.xml by precinct or county, summary.json",
    "ap": "Associated Press, Elections API (.json)",
    "ddhq": "Decision Desk HQ, races (.json)",
    "npr_ap": "AP results as NPR passes them on (.json)",
    "texas_sos_html": "Texas Secretary of State, pages of returns (.html)",
    "modgov": "British councils, ModernGov (.xml)",
    "nist_json": "NIST SP 1500-100 v2, election results reporting (.json)",
    "nist_xml": "NIST SP 1500-100 v2, election results reporting (.xml)",
}
"""What each built-in feed reads; a feed of another package shows its title."""


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the formats that can be read.

    Example: racecall feed list
    """
    from racecall.desk.plugins import load_feeds

    feeds = load_feeds()
    if as_json:
        for feed in feeds:
            say_json({"id": feed.id, "title": feed.title, "reads": KINDS.get(feed.id, ""), "page": _page(feed.id)})
        return
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for column in ("Format", "Name", "Reads", "Page"):
        table.add_column(column)
    for feed in feeds:
        table.add_row(feed.id, feed.title, KINDS.get(feed.id, ""), _page(feed.id))
    say(table)


def _page(feed_id: str) -> str:
    return f"docs/feeds/{feed_id}.md"


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files to look at; .gz and .zip are unpacked.", show_default=False)
    ],
    map_: Annotated[str, typer.Option("--map", metavar="KEY=COLUMN,…", help="Which column is what, or the name of a TOML file.")] = "",
    feed: Annotated[str, typer.Option("--feed", metavar="ID", help="Read as this format (racecall feed list).")] = "",
    encoding: Annotated[str, typer.Option("--encoding", help="Text encoding, if it is not UTF-8.")] = "",
    timezone: Annotated[str, typer.Option("--timezone", metavar="ZONE", help="Zone of times printed without one.")] = "UTC",
    max_size: Annotated[int, typer.Option("--max-size", metavar="MB", help="Largest file that is read.", min=1)] = 512,
    as_json: Json = False,
) -> None:
    """Say what a file is, what is in it, and what is wrong with it. Nothing is recorded.

    With --json, one object a file, one a line.

    Example: racecall feed check 20170404__ca__special__primary.csv
    """
    from racecall.desk.plugins import load_feeds, load_mapping
    from racecall.desk.recording import AddOptions
    from racecall.feeds import registry
    from racecall.feeds.text import MEBIBYTE, Limits

    feeds = load_feeds()
    options = AddOptions(
        mapping=load_mapping(map_),
        encoding=encoding,
        timezone=_zone(timezone),
        limits=Limits(max_bytes=max_size * MEBIBYTE),
    )
    chosen = (registry.by_id(feeds, feed),) if feed else feeds
    codes = [_check_one(path, files, options, chosen, as_json=as_json) for path in files]
    end(max(codes, default=FINE))


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from racecall.errors import UsageError

    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f'no time zone "{name}".', next_step='Use an IANA name, e.g. "America/Los_Angeles".') from None


def _check_one(path: Path, files: list[Path], options: Any, feeds: tuple[Feed, ...], *, as_json: bool) -> int:
    """Look at one file; an error in it is said, and does not stop the others."""
    from racecall.desk.panics import without_panics
    from racecall.feeds import registry

    try:
        document = _document(path, files, options)
        with without_panics():
            feed, match = registry.choose(document, feeds)
            reading = feed.parse(document)
    except RacecallError as error:
        if as_json:
            say_json({"file": str(path), "error": {"where": error.where, "problem": error.problem, "next_step": error.next_step}})
        else:
            typer.echo(f"racecall: {error}", err=True)
        return error.exit_code
    if as_json:
        say_json(_object(path, feed, match, reading))
    else:
        say(*_page_of(document, feed, match, reading))
    return FINDINGS if any(finding.severity != "note" for finding in reading.findings) else FINE


def _document(path: Path, files: list[Path], options: Any) -> Document:
    """Read a file, with the other files beside it: some feeds come in two parts."""
    from racecall.desk.clock import now
    from racecall.desk.recording import read_document

    moment = now()
    _, document = read_document(path, options, received_at=moment, timezone=options.timezone)
    beside = {other.name: read_document(other, options, received_at=moment, timezone="UTC")[1].data for other in files if other != path}
    return replace(document, companions=beside)


# --- JSON --------------------------------------------------------------------------------------------------------------------------


def _object(path: Path, feed: Feed, match: Match, reading: Reading) -> dict[str, Any]:
    from racecall.feeds.describe import describe
    from racecall.publish.status_json import finding_object

    return {
        "file": str(path),
        "feed": {"id": feed.id, "title": feed.title, "certainty": match.certainty, "reason": match.reason},
        "releases": [_release_object(describe(release)) for release in reading.releases],
        "statements": len(reading.statements),
        "reports": len(reading.reports),
        "defines": reading.defines,
        "words": [{"word": word, "read_as": kind.value} for word, kind in reading.words],
        "findings": [finding_object(finding) for finding in reading.findings],
    }


def _release_object(summary: ReleaseSummary) -> dict[str, Any]:
    return {
        "published_at": summary.published_at.isoformat() if summary.published_at else None,
        "source": summary.source,
        "status": summary.status,
        "votes": summary.votes,
        "units": summary.units,
        "ballots": list(summary.ballots),
        "contests": [
            {
                "contest": contest.key,
                "options": contest.options,
                "units": contest.units,
                "count_types": list(contest.count_types),
                "votes": contest.votes,
                "withheld": contest.withheld,
            }
            for contest in summary.contests
        ],
    }


# --- Terminal ----------------------------------------------------------------------------------------------------------------------


def _page_of(document: Document, feed: Feed, match: Match, reading: Reading) -> Iterator[RenderableType]:
    from rich.text import Text

    from racecall.feeds.text import size_words

    yield Text.assemble((document.capture.name, "bold"), (f"  {size_words(document.capture.size)}", "dim"))
    yield Text.assemble((f"{feed.title}", ""), (f"  ({feed.id}: {match.reason})", "dim"))
    if reading.defines:
        yield Text("It is about other files, and has no counts of its own.")
    yield from _releases(document, reading)
    if reading.words:
        read = ", ".join(f'"{word}" as {kind.value.replace("_", " ")}' for word, kind in reading.words)
        yield Text(f"Count types were read so: {read}. To read one otherwise: [words] in a mapping file.")
    for noun, items in (("statement", reading.statements), ("report", reading.reports)):
        if items:
            yield Text(f"{len(items):,} {noun}{'s' if len(items) > 1 else ''}")
    yield from _findings(reading.findings)


def _releases(document: Document, reading: Reading) -> Iterator[RenderableType]:
    """Show the last releases in full; of the others, say how many there are."""
    from rich.text import Text

    from racecall.feeds.describe import describe

    hidden = len(reading.releases) - RELEASES_SHOWN
    times = [release.published_at for release in reading.releases if release.published_at]
    if hidden > 0:
        span = f", from {_time(document, times[0])} to {_time(document, times[-1])}" if times else ""
        yield Text(f"{len(reading.releases):,} releases{span}; the last:")
    for release in reading.releases[-1:] if hidden > 0 else reading.releases:
        summary = describe(release)
        yield Text("")
        yield Text.assemble(
            (_time(document, summary.published_at), ""),
            (f"  {summary.source}  ·  {summary.status.replace('_', ' ')}", "dim"),
            (f"  ·  ballots: {', '.join(kind.replace('_', ' ') for kind in summary.ballots)}" if summary.ballots else "", "dim"),
        )
        yield _contest_table(summary)


def _time(document: Document, moment: datetime | None) -> str:
    if moment is None:
        return "no time in the file"
    return f"{moment.astimezone(document.zone):%Y-%m-%d %H:%M %Z}"


def _contest_table(summary: ReleaseSummary) -> RenderableType:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("Contest", overflow="fold")
    for column in ("Options", "Units", "Votes"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("Count types", overflow="fold")
    for contest in summary.contests[:CONTESTS_SHOWN]:
        votes = "not reported" if contest.votes is None else f"{contest.votes:,}"
        types = ", ".join(kind.replace("_", " ") for kind in contest.count_types)
        table.add_row(contest.key, f"{contest.options:,}", f"{contest.units:,}", votes, types)
    rest = len(summary.contests) - CONTESTS_SHOWN
    if rest > 0:
        table.add_row(f"… and {rest:,} more (--json lists all)", "", "", "", "", style="dim")
    if len(summary.contests) > 1:
        table.add_row("All contests", "", f"{summary.units:,}", f"{summary.votes:,}", "", style="bold")
    return table


def _findings(findings: tuple[Finding, ...]) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    from racecall.publish.terminal import HOLDS

    yield Text("")
    if not findings:
        yield Text("Nothing looks wrong.")
        return
    for finding in sorted(findings, key=lambda finding: finding.severity == "note")[:FINDINGS_SHOWN]:
        style = "" if finding.severity == "note" else "bold"
        place = str(replace(finding.origin, name="", capture=""))
        line = Text.assemble((f"{HOLDS[finding.severity]}: ", style), (f"{place}: " if place else "", "dim"), finding.problem)
        yield Padding(line.append(f" {finding.next_step}" if finding.next_step else "", style="dim"), (0, 0, 0, 2))
    rest = len(findings) - FINDINGS_SHOWN
    if rest > 0:
        yield Text(f"  … and {rest:,} more (--json lists all)", style="dim")
