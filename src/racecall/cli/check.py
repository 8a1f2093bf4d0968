"""The check command: a story against the record, and the stored stories that need an update."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from racecall.cli.common import FINDINGS, FINE, AsOf, ContestId, Who, end, parse_duration, parse_time, safe, say, say_json
from racecall.cli.watch import Lasting, stopping
from racecall.errors import RacecallError, UnknownName, UsageError

if TYPE_CHECKING:
    from racecall.coverage.claims import CheckedClaim, CheckedStory
    from racecall.coverage.document import Document
    from racecall.desk.folder import ElectionFolder
    from racecall.desk.stale import Standing
    from racecall.ledger.events import Ledger

STDIN = "-"
TERMINAL = "terminal"
LOOKS_EVERY = 1.0
"""How often a watch looks whether the file or the record has changed [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked for.

    Args:
        story: Path of the story, - for standard input.
        folder: The election's folder.
        as_of: The moment as it was typed, "" for none.
        contest: Contest id, "" for none.
        format: How it is written.
        out: Where to, None for the terminal.
        every: Show what needs nothing, too.
        fix: Show words that would be right.
    """

    story: str
    folder: Path
    as_of: str = ""
    contest: str = ""
    format: str = TERMINAL
    out: Path | None = None
    every: bool = False
    fix: bool = False


def check(
    story: Annotated[str, typer.Argument(metavar="STORY", help="Text, HTML, Markdown or Word; - is standard input.")] = "",
    in_: Annotated[Path | None, typer.Option("--in", metavar="DIR", help="The election's folder.")] = None,
    as_of: AsOf = "",
    contest: ContestId = "",
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="terminal, html, json or sarif.")] = TERMINAL,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write it.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every sentence, those that need nothing too.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Words that would be right; the story is never rewritten.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again when the file or the record changes.")] = False,
    lasting: Lasting = "",
    store: Annotated[bool, typer.Option("--store", help="Keep the story, to be checked again after every release.")] = False,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Its headline, if the file has none.")] = "",
    outlet: Annotated[str, typer.Option("--outlet", metavar="NAME", help="Who publishes it, if not you.")] = "",
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where to read it.")] = "",
    by: Who = "",
    stale: Annotated[Path | None, typer.Option("--stale", metavar="DIR", help="List the stored stories that need an update.")] = None,
) -> None:
    """Hold every claim of a story against the record as it was when the story was published.

    Ends with 1 if a sentence needs a person: contradicted, overstated, out of date, or a figure on another base than the one written.

    Example: racecall check story.docx --in ca34 --format html --out story.html
    """
    if stale is not None:
        end(_say_stale(_no_story(stale, story), as_of, as_json=_known(format_) == "json"))
        return
    asked = Asked(
        story=_given(story), folder=_folder(in_), as_of=as_of, contest=contest, format=_known(format_), out=out, every=every, fix=fix
    )
    if store:
        _store(asked, title=title, outlet=outlet, url=url, by=by)
    if watch:
        end(_watch(asked, parse_duration(lasting) if lasting else None))
        return
    checked, folder = _checked(asked)
    _write(asked, checked, folder)
    end(FINDINGS if checked.wrong else FINE)


def _given(story: str) -> str:
    if not story:
        raise UsageError("which story?", next_step="racecall check STORY --in DIR, or racecall check --stale DIR")
    return story


def _folder(folder: Path | None) -> Path:
    if folder is None:
        raise UsageError("against which election?", next_step="Name its folder: --in DIR")
    return folder


def _no_story(folder: Path, story: str) -> Path:
    if story:
        raise UsageError("--stale is about the stories that are stored.", next_step=f"To check one: racecall check {story} --in {folder}")
    return folder


def _known(format_: str) -> str:
    if format_ not in WRITERS:
        raise UnknownName(f'no format "{format_}".', next_step=f"Formats: {', '.join(WRITERS)}.")
    return format_


# -- one story -----------------------------------------------------------------------------------------------------------------------


def _checked(asked: Asked) -> tuple[CheckedStory, ElectionFolder]:
    from racecall.desk.checking import check_document
    from racecall.desk.folder import open_folder

    folder = open_folder(asked.folder)
    document, _ = _read(asked, folder)
    as_of = parse_time(asked.as_of, folder.election.zone) if asked.as_of else None
    return check_document(folder, folder.ledger(), document, as_of=as_of, contest=asked.contest), folder


def _read(asked: Asked, folder: ElectionFolder) -> tuple[Document, bytes]:
    from racecall.coverage.reading import read_story
    from racecall.desk.checking import LIMITS, read_stream
    from racecall.desk.files import read_limited

    data = read_stream(sys.stdin.buffer) if asked.story == STDIN else read_limited(Path(asked.story), LIMITS)
    return read_story(_name(asked.story), data, zone=folder.election.zone), data


def _name(story: str) -> str:
    """Return the name of a story as a repository has it: its path from here, if it lies below."""
    if story == STDIN:
        return "standard input"
    path = Path(story)
    return path.relative_to(Path.cwd()).as_posix() if path.is_absolute() and path.is_relative_to(Path.cwd()) else path.as_posix()


def _write(asked: Asked, checked: CheckedStory, folder: ElectionFolder) -> None:
    from racecall.desk.files import write_whole

    if asked.format == TERMINAL and asked.out is None:
        say(_page(asked, checked, folder))
        return
    text = WRITERS[asked.format](asked, checked, folder)
    if asked.out is None:
        typer.echo(text, nl=False)
    else:
        write_whole(asked.out, text.encode())


def _page(asked: Asked, checked: CheckedStory, folder: ElectionFolder) -> Any:
    from racecall.publish.checked.terminal import checked_page

    return checked_page(checked, folder.election.zone, every=asked.every, suggest=asked.fix)


def _as_text(asked: Asked, checked: CheckedStory, folder: ElectionFolder) -> str:
    from rich.console import Console

    out = Console(file=io.StringIO(), width=110, highlight=False, markup=False, emoji=False)
    with out.capture() as captured:
        out.print(_page(asked, checked, folder))
    return safe(captured.get())


def _as_html(_: Asked, checked: CheckedStory, folder: ElectionFolder) -> str:
    from racecall.desk.packaged import checked_assets
    from racecall.publish.checked.page import checked_page

    election = folder.election
    return checked_page(checked, checked_assets(), title=election.title, zone=election.zone, rehearsal=election.rehearsal)


def _as_json(_: Asked, checked: CheckedStory, folder: ElectionFolder) -> str:
    from racecall.publish.checked.objects import checked_object

    return json.dumps(checked_object(checked, election=folder.election.id), ensure_ascii=False) + "\n"


def _as_sarif(_: Asked, checked: CheckedStory, __: ElectionFolder) -> str:
    from racecall.publish.checked.sarif import sarif_log

    return json.dumps(sarif_log([checked]), ensure_ascii=False, indent=2) + "\n"


WRITERS: Mapping[str, Callable[[Asked, CheckedStory, ElectionFolder], str]] = {
    TERMINAL: _as_text,
    "html": _as_html,
    "json": _as_json,
    "sarif": _as_sarif,
}
"""By the name of the format."""


# -- while somebody writes -----------------------------------------------------------------------------------------------------------


def _watch(asked: Asked, lasting: timedelta | None) -> int:
    """Check a story whenever its file or the record changes, until somebody stops it; return what the last check comes to."""
    if asked.story == STDIN:
        raise UsageError("standard input does not change.", next_step="Watch a file: racecall check STORY --in DIR --watch")
    code, seen, until = FINE, "", None if lasting is None else time.monotonic() + lasting.total_seconds()
    with stopping():
        while True:
            now = _stamp(asked)
            if now != seen:
                code, seen = _again(asked), now
            if until is not None and time.monotonic() >= until:
                break
            time.sleep(LOOKS_EVERY)
    return code


def _stamp(asked: Asked) -> str:
    """Return what changes when the file or the record does; a file that is just being saved may be away for a moment."""
    from racecall.desk.folder import open_folder

    try:
        status = Path(asked.story).stat()
        return f"{status.st_mtime_ns} {status.st_size} {open_folder(asked.folder).store.home.head()}"
    except (OSError, RacecallError) as error:
        return str(error)


def _again(asked: Asked) -> int:
    """Show the story anew on one screen; trouble is said there and ends nothing."""
    from racecall.cli.common import console

    if asked.out is None:
        console().clear()
    try:
        checked, folder = _checked(asked)
        _write(asked, checked, folder)
    except RacecallError as error:
        say(str(error))
        return error.exit_code
    finally:
        sys.stdout.flush()
    return FINDINGS if checked.wrong else FINE


# -- stored stories ------------------------------------------------------------------------------------------------------------------


def _store(asked: Asked, *, title: str, outlet: str, url: str, by: str) -> None:
    from racecall.desk.folder import open_folder
    from racecall.desk.storing import About, store_story

    if asked.story == STDIN:
        raise UsageError("a story from standard input cannot be checked and stored at once.", next_step="Save it as a file.")
    folder = open_folder(asked.folder)
    document, data = _read(asked, folder)
    published = parse_time(asked.as_of, folder.election.zone) if asked.as_of else None
    about = About(title=title, outlet=outlet, url=url, contest=asked.contest, by=by)
    stored = store_story(folder, document, data, about, published=published)
    words = "was stored already" if stored.already else "is stored"
    typer.echo(f"“{stored.story.title}” {words} as {stored.story.id}.", err=True)


def _say_stale(folder: Path, as_of: str, *, as_json: bool) -> int:
    """List the stored stories that need an update, with what the record said and says."""
    from racecall.desk.folder import open_folder
    from racecall.desk.judging import present
    from racecall.desk.stale import standings

    opened = open_folder(folder)
    ledger: Ledger = opened.ledger()
    moment = parse_time(as_of, opened.election.zone) if as_of else present(opened, ledger)
    found = list(standings(opened, ledger, moment))
    stale = [one for one in found if one.is_stale or one.trouble]
    for one in stale:
        say_json(_stale_object(one)) if as_json else _say_standing(one, opened)
    if not as_json:
        say(_stale_summary(found))
    return FINDINGS if stale else FINE


def _stale_summary(found: Sequence[Standing]) -> str:
    stale = sum(one.is_stale for one in found)
    if not found:
        return "No story is stored: racecall check STORY --in DIR --store"
    stories = "1 stored story" if len(found) == 1 else f"{len(found):,} stored stories"
    return f"{stories}; {stale:,} to be updated."


def _say_standing(one: Standing, folder: ElectionFolder) -> None:
    from racecall.publish.checked.words import VERDICTS, moment

    say(f"{one.story.title} ({one.story.outlet}, {moment(one.story.published, folder.election.zone)})")
    if one.trouble:
        say(f"    {one.trouble}")
    for change in one.changes:
        was, now = (VERDICTS[side.verdict].lower() for side in (change.before, change.after))
        say(f"    “{change.text}”: {was} → {now}", f"        {change.old} → {change.new}", f"        {change.after.reason}")
    say("")


def _stale_object(one: Standing) -> dict[str, Any]:
    from racecall.ledger.events import iso

    story = {name: getattr(one.story, name) for name in STORY_NAMES}
    changed = [{"text": change.text, "before": _side(change.before), "after": _side(change.after)} for change in one.changes]
    return {**story, "published": iso(one.story.published), "changes": changed, "trouble": one.trouble}


STORY_NAMES = ("id", "title", "outlet", "url", "contest")


def _side(checked: CheckedClaim) -> dict[str, Any]:
    from racecall.publish.checked.objects import trace_object

    return {"verdict": checked.verdict.value, "reason": checked.reason, "evidence": [trace_object(trace) for trace in checked.evidence]}
