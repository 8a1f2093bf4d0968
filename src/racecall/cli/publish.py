"""The command that makes the site: publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import FINDINGS, FINE, AsOf, Folder, Json, count, end, parse_time, say, say_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from racecall.desk.folder import ElectionFolder
    from racecall.desk.publishing import Difference, Published, Shown

Out = Annotated[Path, typer.Option("--out", metavar="SITE", help="The site's folder; made if it is not there.")]
Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="CODE", help="A language, the first one for the root; all that there are if not given."),
]
Address = Annotated[str, typer.Option("--address", metavar="URL", help="Where the site will lie: share cards and embeds need it.")]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", help="Processes; one a core where there is much to do.")]
Preview = Annotated[bool, typer.Option("--preview", help="Only say what would change; nothing is written.")]


def publish(
    dir_: Folder,
    out: Out,
    as_of: AsOf = "",
    language: Languages = None,
    address: Address = "",
    jobs: Jobs = 0,
    preview: Preview = False,
    as_json: Json = False,
) -> None:
    """Publish an election as a static site, or bring its site up to date: only what changed is written.

    Readers see whole files at every moment. A rehearsal is never published.

    Example: racecall publish ca34 --out site
    """
    from racecall.desk.folder import open_folder
    from racecall.desk.publishing import difference

    folder = open_folder(dir_)
    moment = parse_time(as_of, folder.election.zone) if as_of else None
    if preview:
        changes = difference(folder, out, languages=language or (), as_of=moment, address=address)
        _show_changes(changes, as_json=as_json)
        end(FINDINGS if any(change.held for change in changes) else FINE)
        return
    from racecall.cli.progress import bar
    from racecall.desk.publishing import publish as make

    with bar(len(folder.election.contests), "Publishing") as move:
        done = make(folder, out, languages=language or (), as_of=moment, address=address, jobs=jobs, tick=move)
    _show(done, out, folder, as_json=as_json)
    end(FINDINGS if done.held else FINE)


def _show(done: Published, out: Path, folder: ElectionFolder, *, as_json: bool) -> None:
    if as_json:
        say_json(asdict(done))
        return
    say(_table(done, out, len(folder.election.contests)))
    for contest, findings in done.held.items():
        say(f"Held: {contest} keeps its last published page until people accept {', '.join(findings)}.")


def _table(done: Published, out: Path, contests: int) -> RenderableType:
    from rich.table import Table

    table = Table("", "files", "size", box=None, pad_edge=False, title=f"{out}, version {done.version}", title_justify="left")
    for number in (1, 2):
        table.columns[number].justify = "right"
    table.add_row(f"written: {len(done.changed):,} of {count(contests, 'contest')} changed", f"{done.written:,}", size(done.written_bytes))
    table.add_row("the whole site", f"{done.files:,}", size(done.total_bytes))
    return table


def size(number: int) -> str:
    """Write a number of bytes: "812 B", "5.3 kB", "1.7 MB"."""
    for unit, factor in (("MB", 1e6), ("kB", 1e3)):
        if number >= factor:
            return f"{number / factor:,.1f} {unit}"
    return f"{number} B"


def _show_changes(changes: Sequence[Difference], *, as_json: bool) -> None:
    if as_json:
        for change in changes:
            say_json({**asdict(change), "states_change": change.states_change})
        return
    if not changes:
        say("Nothing would change.")
    for change in changes:
        say(f"{change.title}: {_words(change)}")


def _words(change: Difference) -> str:
    held = f" A later count is held by {', '.join(change.held)}." if change.held else ""
    if change.before is None:
        return f"new, {count(change.after.votes, 'vote')}: {_places(change.after)}.{held}"
    places = f"{_places(change.before)} -> {_places(change.after)}" if change.states_change else f"{_places(change.after)}, as before"
    return f"{change.before.votes:,} -> {count(change.after.votes, 'vote')}: {places}.{held}"


def _places(shown: Shown) -> str:
    from racecall.calls.states import SlotState
    from racecall.publish.words import STATES

    return ", ".join(f"{option or 'nobody'} {STATES[SlotState(state)].lower()}" for option, state in shown.places)
