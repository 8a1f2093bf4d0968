"""The commands that make, fill and keep an election folder: new, add, verify, migrate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from racecall.cli.common import BROKEN, FINDINGS, FINE, Folder, Json, Who, count, end, parse_time, parse_zone, progress, say, say_json
from racecall.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecall.desk.recording import Added, AddOptions
    from racecall.desk.verifying.result import Verified

EMPTY = """
# Where the counts are published, for `racecall watch`; then also contact = "desk@example.org" under [election]:
#
# [[sources]]
# name = "county"
# url = "https://results.example.gov/results.json"
#
# One [[contest]] for each contest you follow; `racecall rules list` has the rules. Uncomment and fill in:
#
# [[contest]]
# id = "mayor"
# title = "Mayor"
# rule = "generic-majority-or-runoff"
# source_names = ["MAYOR"]            # what the results file calls it
#
# [[contest.option]]
# id = "first-candidate"
# name = "First Candidate"
# party = ""
"""

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Results files, oldest first.", show_default=False)]
Zone = Annotated[str, typer.Option("--timezone", metavar="ZONE", help="The county's time zone.")]


def new(
    dir_: Folder,
    source: Annotated[
        list[Path] | None, typer.Option("--from", metavar="FILE", help="Take contests and options from a results file.")
    ] = None,
    settings: Annotated[Path | None, typer.Option("--settings", metavar="FILE", help="Start from this election.toml.")] = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The election's title.")] = "",
    day: Annotated[str, typer.Option("--date", metavar="DATE", help="Election day, e.g. 2022-11-08.")] = "",
    timezone: Zone = "America/Los_Angeles",
    rule: Annotated[str, typer.Option("--rule", metavar="ID", help="Rule for contests between candidates (racecall rules list).")] = "",
    state: Annotated[str, typer.Option("--state", metavar="CODE", help="Postal code: its mail rules say which past counts compare.")] = "",
    polls_close: Annotated[str, typer.Option("--polls-close", metavar="TIME", help="When the last polls close.")] = "",
    ledger: Annotated[
        str, typer.Option("--ledger", metavar="ADDRESS", help="Keep the ledger in this PostgreSQL database, for several desks.")
    ] = "",
) -> None:
    """Make an election folder: election.toml, an empty ledger, a place for captures.

    Example: racecall new la2022 --from 2022-11-09T083136.json.gz --date 2022-11-08 --state CA --polls-close 2022-11-08T20:00
    """
    from racecall.desk.files import read_limited
    from racecall.desk.folder import new_folder
    from racecall.desk.settings import parse_address

    if settings and (source or ledger):
        other = "--from" if source else "--ledger"
        raise UsageError(f"{other} and --settings both give the settings.", next_step="Leave one of them out.")
    zone = parse_zone(timezone)
    close = parse_time(polls_close, ZoneInfo(zone)) if polls_close else None
    rest = {"state": state, "polls_close": close, "ledger": parse_address(ledger) if ledger else ""}
    text = read_limited(settings) if settings else _draft(dir_, source or [], title, _day(day), zone, rule, rest)
    folder = new_folder(dir_, text)
    say(f"Made {dir_}: {count(len(folder.election.contests), 'contest')}.")
    if source and not rule:
        say("Rules for contests between candidates were not in the file: set each contest's rule in election.toml before the night.")
    say(f"Next: racecall add {dir_} FILE")


def _draft(dir_: Path, source: list[Path], title: str, day: date, timezone: str, rule: str, rest: Mapping[str, Any]) -> bytes:
    from racecall.desk.drafting import draft_election
    from racecall.desk.packaged import rulebook
    from racecall.desk.recording import AddOptions, read_only
    from racecall.desk.settings import render_election

    if rule:
        rulebook().rule(rule)
    id_ = dir_.resolve().name
    readings = read_only(source, AddOptions(), timezone=timezone)
    drafted = draft_election(readings, id_=id_, title=title or id_, day=day, timezone=timezone, rule=rule)
    return (render_election(replace(drafted, **rest)) + ("" if source else EMPTY)).encode()


def _day(text: str) -> date:
    from racecall.desk.clock import now

    try:
        return date.fromisoformat(text) if text else now().date()
    except ValueError:
        raise UsageError(f'"{text}" is not a date.', next_step="Write it like 2022-11-08.") from None


def add(
    dir_: Folder,
    files: Files,
    backfill: Annotated[bool, typer.Option("--backfill", help="Record as known from the time the source gives, not from now.")] = False,
    feed: Annotated[str, typer.Option("--feed", metavar="ID", help="Read as this format (racecall feed list).")] = "",
    map_: Annotated[str, typer.Option("--map", metavar="FIELD=COLUMN,…", help="Which column is which, or the name of a TOML file.")] = "",
    encoding: Annotated[str, typer.Option("--encoding", help="Text encoding, if it is not UTF-8.")] = "",
    published_at: Annotated[
        str, typer.Option("--published-at", metavar="TIME", help="When the counts are from, if the file does not say.")
    ] = "",
    status: Annotated[str, typer.Option("--status", help="Results status, if the file does not say: certified, correction …")] = "",
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="Who published it, if the file does not.")] = "",
    max_size: Annotated[int, typer.Option("--max-size", metavar="MB", help="Largest file that is read.", min=1)] = 512,
    by: Who = "",
    as_json: Json = False,
) -> None:
    """Put results files into the record: keep the bytes, read them, check them beside what is known.

    Nothing is refused for looking wrong: it is recorded, and what looks wrong becomes a finding that holds calls.
    A file that is in the record already changes nothing.

    Example: racecall add la2022 2022-11-*.json.gz --backfill
    """
    from racecall.desk.folder import open_folder
    from racecall.desk.recording import add_files

    folder = open_folder(dir_)
    options = _options(
        {"backfill": backfill, "feed": feed, "encoding": encoding, "source": source, "actor": by},
        mapping=map_,
        published_at=published_at and parse_time(published_at, folder.election.zone),
        status=status,
        max_size=max_size,
    )
    held = False
    for added in progress(add_files(folder, files, options), "Recording", len(files)):
        _say_added(added, as_json=as_json)
        held = held or any(finding.severity != "note" for finding in added.findings)
    end(FINDINGS if held else FINE)


def _options(plain: dict[str, object], *, mapping: str, published_at: object, status: str, max_size: int) -> AddOptions:
    from racecall.desk.plugins import load_mapping
    from racecall.desk.recording import AddOptions
    from racecall.feeds.text import MEBIBYTE, Limits
    from racecall.model.release import ResultsStatus

    if status and status not in set(ResultsStatus):
        raise UsageError(f'no results status "{status}".', next_step=f"One of: {', '.join(ResultsStatus)}.")
    values = {key: value for key, value in plain.items() if value}
    return AddOptions(
        **values,  # type: ignore[arg-type]
        mapping=load_mapping(mapping),
        published_at=published_at or None,  # type: ignore[arg-type]
        status=ResultsStatus(status) if status else None,
        limits=Limits(max_bytes=max_size * MEBIBYTE),
    )


def _say_added(added: Added, *, as_json: bool) -> None:
    from racecall.publish.status_json import finding_object
    from racecall.publish.terminal import finding_text

    if as_json:
        counts = {"releases": len(added.releases), "statements": len(added.statements), "reports": len(added.reports)}
        findings = [finding_object(finding) for finding in added.findings]
        say_json({"file": added.name, "feed": added.feed, **counts, "events": added.events, "skipped": added.skipped, "findings": findings})
        return
    say(f"{added.name}: {added.skipped or summary(added)}")
    for finding in added.findings:
        say(finding_text(finding))


def summary(added: Added) -> str:
    """Write what became of a file that was recorded: "1 release, 2 contests, 2,050 votes; 1 finding"."""
    newest = {contest: made.total for release in added.releases for contest, made in release.contests.items()}
    releases = f"{count(len(added.releases), 'release')}, {count(len(newest), 'contest')}, {count(sum(newest.values()), 'vote')}"
    others = (("statement", added.statements), ("report", added.reports), ("finding", added.findings))
    parts = [releases if added.releases else "", *(count(len(found), word) if found else "" for word, found in others)]
    return "; ".join(part for part in parts if part) or "read; it names contests and options only, and was kept for the files that need it"


def verify(
    target: Annotated[str, typer.Argument(metavar="DIR|SITE", help="An election's folder, or a published site: folder or address.")],
    against: Annotated[
        list[Path] | None, typer.Option("--against", metavar="FILE", help="Compare what racecall status --json printed. Repeatable.")
    ] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", metavar="DIR", help="Compare a site's figures with this election.")] = None,
    as_json: Json = False,
) -> None:
    """Work everything out again with other code: the chain, every file, every total, who is through, and what was printed.

    Example: racecall verify ca34 --against status.json
    """
    from racecall.desk.copying import plain_folder
    from racecall.desk.verifying.manifest import is_site, verify_site

    site = is_site(target)
    if (site and against) or (ledger and not site):
        raise UsageError("--against is for an election's folder, --ledger for a site.", next_step="See racecall verify --help.")
    with plain_folder(ledger or Path(target)) as folder:
        result = verify_site(target, ledger and folder) if site else _verify_folder(folder, against or [])
    if as_json:
        say_json(asdict(result))
    else:
        _say_verified(result, site=site)
    end(BROKEN if result.problems or result.differences else FINDINGS if result.notes else FINE)


def _verify_folder(path: Path, against: list[Path]) -> Verified:
    from racecall.desk.files import read_limited
    from racecall.desk.verifying.claims import read_claims
    from racecall.desk.verifying.folder import verify_folder

    return verify_folder(path, [claim for file in against for claim in read_claims(read_limited(file), str(file))])


def _say_verified(result: Verified, *, site: bool) -> None:
    say(*_looked_at(result, site=site))
    say(*(f"  {line}" for line in (*result.problems, *result.differences, *result.notes)))
    say(*(f"  not recomputed: {line}" for line in result.not_recomputed))
    if result.unrecorded:
        say(f"{count(len(result.unrecorded), 'file')} that no event names, left by a command that did not end; no harm in that.")
    if result.events or not site:
        say(RECORD[bool(result.problems)])
    if site or result.figures or result.differences:
        say(PUBLISHED["site" if site else "printed"][bool(result.differences)])


def _looked_at(result: Verified, *, site: bool) -> Iterator[str]:
    """Say what was looked at, a line for each kind."""
    if site:
        yield f"{count(result.files, 'file')} of a site"
    if result.events or not site:
        looked_at = ((result.events, "event"), (result.captures, "capture"), (result.tables, "table"))
        yield f"{', '.join(count(number, word) for number, word in looked_at)} of counts; head {result.head}"
        yield (
            f"{result.recounted:,} of {count(result.releases, 'release')} counted again from the bytes; "
            f"{count(result.contests, 'standing')} worked out again; {count(result.figures, 'printed state')} compared"
        )


RECORD = ("The record is whole.", "The record is NOT what was written. Restore what is named above from a backup.")
PUBLISHED = {
    "printed": ("What was printed is what the record gives.", "What was printed is NOT what the record gives."),
    "site": ("The site is what was published.", "The site is NOT what was published, or not what the record gives."),
}
"""The last lines: if all is well, and if not."""


def migrate(dir_: Folder) -> None:
    """Make a ledger that an older racecall made readable for this one: its tables change, its events do not.

    Example: racecall migrate ca34
    """
    from racecall.desk.folder import open_folder
    from racecall.desk.revisions import NEWEST

    revision, copy = open_folder(dir_).store.migrate()
    if revision == NEWEST:
        say(f"The ledger is of revision {NEWEST}, the newest; nothing to do.")
        return
    say(f"The ledger was of revision {revision} and is of revision {NEWEST} now; every event is as it was.")
    if copy:
        say(f"A copy from before is in {copy}.")
