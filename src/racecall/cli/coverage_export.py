"""The command that hands the record of coverage on: people, claims and tables for the programs of others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from racecall.cli.common import AsOf, Folder, count, parse_time, say
from racecall.errors import UnknownName, UsageError

FORMATS = ("popolo", "claimreview", "csv")

Format = Annotated[str, typer.Option("--format", metavar="ID", help="popolo, claimreview or csv.")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to; made if it is not there.")]
Address = Annotated[str, typer.Option("--address", metavar="URL", help="Where the site lies: reviews then name the page of their claim.")]


def export(dir_: Folder, format_: Format, out: Out, as_of: AsOf = "", address: Address = "") -> None:
    """Write the record of coverage in a format that others read, private persons left out.

    popolo is one JSON file, claimreview one JSON-LD file, csv a table a kind. Existing files are replaced.

    Example: racecall coverage export ca34 --format csv --out tables
    """
    from racecall.desk.besides import pages_beside
    from racecall.desk.files import write_whole
    from racecall.desk.folder import open_folder
    from racecall.desk.judging import present
    from racecall.publish.site.beside_files import export_files

    if format_ not in FORMATS:
        raise UnknownName(f'no format "{format_}".', next_step=f"Formats: {', '.join(FORMATS)}.")
    folder = open_folder(dir_)
    ledger = folder.ledger()
    moment = parse_time(as_of, folder.election.zone) if as_of else present(folder, ledger)
    record = pages_beside(folder.election, ledger.as_of(moment), moment)
    if not record.coverage.rows:
        raise UsageError("nothing is recorded.", where=str(dir_), next_step=f"Record rows: racecall coverage import {dir_} FILE")
    files = export_files(record, address)[format_]
    for name, data in files.items():
        write_whole(out / name, data)
    say(f"Wrote {count(len(files), 'file')} to {out}.")
