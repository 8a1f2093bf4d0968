"""The commands that say how things stand: status, replay, demo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import FINDINGS, FINE, AsOf, ContestId, Folder, Json, end, parse_time, progress, say, say_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from racecall.calls.view import View
    from racecall.desk.folder import ElectionFolder
    from racecall.ledger.events import Ledger


def status(dir_: Folder, contest: ContestId = "", as_of: AsOf = "", as_json: Json = False) -> None:
    """Say how things stand: standing, what is counted and what is out, the required break, each place.

    An election of one contest, or --contest, gives its page; one of many gives a table, what needs a person first.
    With --json, one object a contest, one a line.

    Example: racecall status ca34 --contest ca34-2017-primary --as-of 2017-04-05T12:00
    """
    from racecall.desk.folder import open_folder
    from racecall.desk.judging import present

    folder = open_folder(dir_)
    ledger = folder.ledger()
    moment = parse_time(as_of, folder.election.zone) if as_of else present(folder, ledger)
    view = _judge(folder, ledger, moment, contest)
    _show(view, as_json=as_json, in_full=bool(contest))
    end(_code(view))


def replay(dir_: Folder, contest: ContestId = "", as_of: AsOf = "", as_json: Json = False) -> None:
    """Go through the count again, in the order in which it became known.

    With --json, one status object a contest for every moment at which a release, statement, report or decision came in, one a line.

    Example: racecall replay ca34 --contest ca34-2017-primary
    """
    from racecall.desk.folder import open_folder

    folder = open_folder(dir_)
    until = parse_time(as_of, folder.election.zone) if as_of else folder.store.clock()
    if contest:
        folder.election.contest(contest)
    views = replayed(folder, until, contest, model=as_json)
    if as_json:
        for view in views:
            _show(view, as_json=True)
        return
    from racecall.publish import timeline  # not above: it takes a fifth of a second that JSON need not wait for

    say(timeline.election_timeline(list(views), folder.election))


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to leave the election's folder.")] = Path("demo"),
    election: Annotated[str, typer.Option("--election", metavar="ID", help="ca34-2017, or sd7-2015, which has a map.")] = "ca34-2017",
    as_json: Json = False,
) -> None:
    """Replay the night of 4 April 2017 in California's 34th district, from the count releases to an honest standing and a published site.

    Leaves an ordinary election folder in DIR/election, on which every other command works, and its site in DIR/site.
    Another packaged election is replayed without the story.

    Example: racecall demo --out demo
    """
    from racecall.desk.demo import build_demo
    from racecall.desk.packaged import DEMO
    from racecall.publish import timeline
    from racecall.publish.demo_page import demo_page

    folder = build_demo(out / "election", election)
    site = _demo_site(folder, out / "site")
    views = list(replayed(folder, folder.store.clock(), ""))
    if as_json:
        for view in views:
            _show(view, as_json=True)
        return
    if election == DEMO:
        say(demo_page(views, folder.election, out / "election", site, head=folder.ledger().head))
    else:
        say(timeline.election_timeline(views, folder.election))
        typer.echo(f"\nThe site: {site}")


def _demo_site(folder: ElectionFolder, out: Path) -> Path:
    """Publish the demo in place of an earlier one's site; return the page to look at."""
    from racecall.desk.publishing import publish
    from racecall.publish.site import paths

    publish(folder, out, jobs=1)
    return out / paths.index(paths.DEFAULT)


def replayed(folder: ElectionFolder, until: datetime, contest: str, *, model: bool = True) -> Iterator[View]:
    """Judge the election at every moment something became known; contests that nothing was said about are left out."""
    from racecall.ledger.events import EventKind
    from racecall.ledger.records import TOLD, moments

    ledger = folder.ledger().as_of(until)
    touched: dict[datetime, set[str]] = {}
    for event in ledger:
        if event.kind in TOLD:
            named = set(event.body["contests"]) if event.kind is EventKind.RELEASE else {event.contest}
            touched.setdefault(event.at, set()).update(named)
    times = list(moments(ledger))
    for moment in progress(times, "Replaying", len(times)):
        wanted = [c.id for c in folder.election if (c.id in touched[moment] or "" in touched[moment]) and contest in {"", c.id}]
        if wanted:
            yield _judge(folder, ledger, moment, *wanted, model=model)


def _judge(folder: ElectionFolder, ledger: Ledger, moment: datetime, *contests: str, model: bool = True) -> View:
    from racecall.desk.judging import judge_folder

    return judge_folder(folder, ledger, moment, [contest for contest in contests if contest], model=model)


def _show(view: View, *, as_json: bool, in_full: bool = False) -> None:
    if as_json:
        from racecall.publish.status_json import status_text

        say_lines(status_text(one, election=view.election.id, head=view.head, rehearsal=view.rehearsal) for one in view.contests)
        return
    from racecall.publish import terminal

    if not view.contests:
        say("No contest is listed in election.toml yet.")
    few = in_full or len(view.contests) <= 2
    if few:
        for contest in view.contests:
            say(terminal.contest_page(contest, view))
    else:
        say(terminal.index_page(view))


def _code(view: View) -> int:
    from racecall.calls.states import SlotState
    from racecall.model.finding import Severity

    held = any(finding.severity is not Severity.NOTE for contest in view.contests for finding in contest.findings)
    reviewed = any(call.state is SlotState.UNDER_REVIEW for contest in view.contests for call in contest.calls)
    return FINDINGS if held or reviewed else FINE
