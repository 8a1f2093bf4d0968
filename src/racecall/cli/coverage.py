"""The coverage command: who and what a story may speak of, each fact with its source and the moment it was known from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import AsOf, Folder, Json, Who, count, parse_time, say, say_json
from racecall.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from racecall.coverage.rows import Row
    from racecall.desk.covering import Covered
    from racecall.desk.folder import ElectionFolder
    from racecall.model.release import Report

app = typer.Typer(no_args_is_help=True)

Kind = Annotated[str, typer.Argument(metavar="KIND", help="person, endorsement, money … (docs/coverage.md).", show_default=False)]
KnownFrom = Annotated[
    str, typer.Option("--as-of", metavar="TIME", help="From when it was known; a day means its end. Now, if nothing says it.")
]
Source = Annotated[str, typer.Option("--source", metavar="TEXT", help="Who says so and where to read it, for rows that do not say.")]


@app.command("add")
def add(
    dir_: Folder,
    kind: Kind,
    values: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE…", help="The row's fields; lists are split at ;", show_default=False)],
    source: Source = "",
    as_of: KnownFrom = "",
    by: Who = "",
    as_json: Json = False,
) -> None:
    """Record one row: a fact with its source.

    A row with the same kind and id takes the place of the one before from its own moment on; both stay in the record.

    Example: racecall coverage add ca34 endorsement id=schiff endorser="Adam Schiff" endorser_type=officeholder polarity=endorsed
    stage=ca34-2017-runoff candidate=gomez --source "Campaign, 25 May 2017"
    """
    from racecall.coverage.files import typed_entry
    from racecall.desk.covering import add_entries
    from racecall.desk.folder import open_folder

    folder = open_folder(dir_)
    _say_covered(add_entries(folder, [("", [typed_entry(kind, values)])], source=source, as_of=as_of, by=by), as_json=as_json)


@app.command("import")
def import_(
    dir_: Folder,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="TOML, CSV or Popolo JSON.", show_default=False)],
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="What the rows of a CSV are.")] = "",
    source: Source = "",
    as_of: KnownFrom = "",
    by: Who = "",
    as_json: Json = False,
) -> None:
    """Record the rows of files: all of them, or none if something is wrong with one.

    Example: racecall coverage import ca34 endorsements.csv --kind endorsement --source "The campaigns' pages, 1 June 2017"
    """
    from racecall.desk.covering import add_entries, read_entries
    from racecall.desk.folder import open_folder

    folder = open_folder(dir_)
    _say_covered(add_entries(folder, read_entries(folder, files, kind), source=source, as_of=as_of, by=by), as_json=as_json)


def _say_covered(covered: Covered, *, as_json: bool) -> None:
    from racecall.publish.coverage_page import counted, row_object

    if as_json:
        say_json({"recorded": [row_object(row) for row in covered.recorded], "known": len(covered.known), "events": covered.events})
        return
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in counted(covered.recorded, ()).items())
    known = f"; {count(len(covered.known), 'row')} in the record already" if covered.known else ""
    say(f"Recorded {kinds}{known}." if kinds else f"Nothing new{known}.")


@app.command("list")
def list_rows(
    dir_: Folder,
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help="Only these rows; how many of each kind if not given.")] = "",
    as_of: AsOf = "",
    as_json: Json = False,
) -> None:
    """List what is recorded, as it stood at a moment.

    Example: racecall coverage list ca34 endorsement --as-of 2017-04-05T09:00
    """
    from racecall.coverage.rows import KINDS, kind_of
    from racecall.publish.coverage_page import REPORT, counted, counts_table

    if kind and kind not in {*KINDS, REPORT}:
        raise UnknownName(f'no kind of row "{kind}".', next_step=f"Kinds: {', '.join(KINDS)}, {REPORT}.")
    folder, moment, rows, reports = _standing(dir_, as_of)
    if kind:
        shown: Sequence[Row | Report] = reports if kind == REPORT else [row for row in rows if kind_of(row) == kind]
        _say_rows(shown, kind, folder, as_json=as_json)
    elif as_json:
        say_json({"as_of": moment.isoformat(), "rows": counted(rows, reports)})
    else:
        say(counts_table(counted(rows, reports)) if rows or reports else NOTHING)


NOTHING = "Nothing is recorded."


def _standing(dir_: Path, as_of: str) -> tuple[ElectionFolder, datetime, Sequence[Row], Sequence[Report]]:
    """Return what was known at a moment."""
    from racecall.coverage.record import coverage_of
    from racecall.desk.folder import open_folder
    from racecall.desk.judging import present
    from racecall.ledger.records import read_records

    folder = open_folder(dir_)
    ledger = folder.ledger()
    moment = parse_time(as_of, folder.election.zone) if as_of else present(folder, ledger)
    known = ledger.as_of(moment)
    return folder, moment, coverage_of(known, moment).rows, read_records(known).reports


def _say_rows(rows: Sequence[Row | Report], kind: str, folder: ElectionFolder, *, as_json: bool) -> None:
    from racecall.model.release import Report
    from racecall.publish.coverage_page import report_object, row_object, rows_table

    if as_json:
        for row in rows:
            say_json(report_object(row) if isinstance(row, Report) else row_object(row))
        return
    say(rows_table(rows, kind, folder.election.zone) if rows else NOTHING)


@app.command("show")
def show(
    dir_: Folder,
    name: Annotated[str, typer.Argument(metavar="KIND/ID", help="The row, as listed.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Show every version of a row: what it says, who says so, and who recorded it when.

    Example: racecall coverage show ca34 person/ahn
    """
    from racecall.desk.covering import versions_of
    from racecall.desk.folder import open_folder
    from racecall.publish.coverage_page import version_object, versions_page

    kind, slash, id_ = name.partition("/")
    if not slash:
        raise UsageError(
            f'"{name}" names no row.', next_step="Write kind and id, e.g. person/ahn. See them: racecall coverage list DIR KIND"
        )
    folder = open_folder(dir_)
    versions = versions_of(folder.ledger(), kind, id_)
    if as_json:
        for version in versions:
            say_json(version_object(version))
        return
    say(versions_page(versions, folder.election.zone))
