"""The command that hands the counts on: export."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import FINDINGS, FINE, AsOf, Folder, count, end, parse_time
from racecall.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from racecall.calls.view import View
    from racecall.publish.base import Publisher

STDOUT = Path("-")

Format = Annotated[str, typer.Option("--format", metavar="ID", help="nist-json, nist-xml, openelections, elex, parquet or arrow.")]
Contests = Annotated[list[str] | None, typer.Option("--contest", metavar="ID", help="This contest only; may be given several times.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; a folder for several files, - for standard output.")]


def export(dir_: Folder, format_: Format, contest: Contests = None, as_of: AsOf = "", out: Out = STDOUT) -> None:
    """Write the current counts in a format that others read.

    Official counts only, as of a moment: no estimates, no calls. An existing file is replaced.

    Example: racecall export ca34 --format nist-json --out ca34.json
    """
    from racecall.desk.exporting import gather
    from racecall.desk.folder import open_folder

    publisher = _publisher(format_)
    folder = open_folder(dir_)
    moment = parse_time(as_of, folder.election.zone) if as_of else folder.store.clock()
    made = gather(folder, moment, contest or ())
    files = list(publisher.write(made))
    if not files:
        raise UsageError("nothing is counted yet.", where=str(dir_), next_step=f"Record a count: racecall add {dir_} FILE")
    _write(files, out)
    end(_code(made.view, dir_))


def _publisher(name: str) -> Publisher:
    from racecall.desk.plugins import load_publishers

    publishers = {publisher.id: publisher for publisher in load_publishers()}
    if name not in publishers:
        raise UnknownName(f'no format "{name}".', next_step=f"Formats: {', '.join(publishers)}.")
    return publishers[name]


def _write(files: Sequence[tuple[str, bytes]], out: Path) -> None:
    from racecall.desk.files import write_whole

    if out.is_dir():
        for name, data in files:
            write_whole(out / name, data)
    elif len(files) > 1:
        raise UsageError(
            f"the contests' counts come from {count(len(files), 'release')}, and this format has one file for each.",
            next_step="Name an existing folder with --out, or one contest with --contest.",
        )
    elif out == STDOUT:
        _print(files[0][1])
    else:
        write_whole(out, files[0][1])


def _print(data: bytes) -> None:
    if b"\0" in data and sys.stdout.isatty():
        raise UsageError("this format is not for a terminal.", next_step="Name a file with --out, or send the output to one.")
    typer.echo(data, nl=False)


def _code(view: View, dir_: Path) -> int:
    """Say on stderr how many findings nobody has accepted yet: whoever reads the file will not see them."""
    from racecall.model.finding import Severity

    held = {finding.id for contest in view.contests for finding in contest.findings if finding.severity is not Severity.NOTE}
    if held:
        typer.echo(f"{count(len(held), 'finding')} nobody has accepted yet: racecall findings list {dir_}", err=True)
    return FINDINGS if held else FINE
