"""The commands of the night itself: watch the sources, and rehearse with a recorded night."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from racecall.cli.common import BROKEN, FINDINGS, FINE, Folder, Json, Who, count, end, parse_duration, parse_zone, say, say_json
from racecall.cli.folder import Zone, summary
from racecall.cli.publish import Address, Languages
from racecall.errors import LedgerError, StorageError, UsageError

if TYPE_CHECKING:
    from racecall.desk.publishing import Published
    from racecall.desk.rehearsing import Recording, Stage
    from racecall.desk.republishing import Site
    from racecall.desk.watching import News

Lasting = Annotated[str, typer.Option("--for", metavar="DURATION", help="End after this: 90s, 30m, 4h. Without it, until Ctrl-C.")]


def watch(
    dir_: Folder,
    once: Annotated[bool, typer.Option("--once", help="Ask each source once, and end.")] = False,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Only this source.")] = "",
    lasting: Lasting = "",
    by: Who = "",
    alerts: Annotated[bool, typer.Option("--alerts", help="After each poll, send what racecall alerts send would.")] = False,
    publish: Annotated[Path | None, typer.Option("--publish", metavar="SITE", help="After each poll, publish what is new there.")] = None,
    language: Languages = None,
    address: Address = "",
    as_json: Json = False,
) -> None:
    """Ask the sources of election.toml for new counts, and put each new file into the record as `racecall add` does.

    Goes on through every kind of trouble, and says it. Ctrl-C ends it; what is recorded is whole at every moment.

    Example: racecall watch la2022 --source county
    """
    from racecall.desk.clock import login_name
    from racecall.desk.fetching import fetch
    from racecall.desk.folder import open_folder
    from racecall.desk.watching import World
    from racecall.desk.watching import watch as watched

    election = open_folder(dir_).election
    if alerts:
        check_alerts(dir_)
    site = _site(dir_, publish, tuple(language or ()), address)
    name = by or login_name()
    world = World(fetch=fetch, sleep=time.sleep, seed=f"{name}/{time.time_ns()}", actor=name)
    told = Teller(election.zone, as_json=as_json, rehearsal=election.rehearsal)
    with stopping(), _helped(None if once else site):
        for news in watched(dir_, world, only=source, once=once, lasting=parse_duration(lasting) if lasting else None):
            told.tell(news)
            if site:
                told.publish(site)
            if alerts:
                told.alert(dir_)
    end(told.code)


def check_alerts(dir_: Path) -> None:
    """Raise before the first poll what would keep every alert from going out."""
    from racecall.cli.alerts import desk_of

    desk_of(dir_).check()


def _site(dir_: Path, out: Path | None, languages: tuple[str, ...], address: str) -> Site | None:
    """Return the site that is to be kept fresh; raise before the first poll what would keep every count off it."""
    from racecall.desk.republishing import Site

    if out is None:
        if languages or address:
            raise UsageError("--language and --address are about a site, and there is none.", next_step="Add --publish SITE.")
        return None
    site = Site(folder=dir_, out=out, languages=languages, address=address)
    site.check()
    return site


@contextmanager
def _helped(site: Site | None) -> Iterator[None]:
    """Give a site that is published all night a process that bakes beside this one, where there is a core for it, and make both ready."""
    from racecall.desk.workers import apart, cores

    if site is None:
        yield
        return
    with apart(niceness=0) as beside:
        site.beside = beside if cores() > 1 else None
        site.get_ready()
        yield


@contextmanager
def stopping() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end what is inside, quietly: what was being written is written whole or not at all."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)


class Teller:
    """Tells people, or a program, what a watch brings; remembers what the command is to end with."""

    def __init__(self, zone: ZoneInfo, *, as_json: bool, rehearsal: bool) -> None:
        self.zone = zone
        self.as_json = as_json
        self.rehearsal = rehearsal
        self.said: dict[str, str] = {}
        self.troubled: dict[str, bool] = {}
        self.held = False
        if rehearsal and not as_json:
            from racecall.publish.words import REHEARSAL

            say(REHEARSAL)

    @property
    def code(self) -> int:
        """3 if the last that is known of a source is trouble, 1 if something holds, 0 otherwise."""
        return BROKEN if any(self.troubled.values()) else FINDINGS if self.held else FINE

    def tell(self, news: News) -> None:
        """Say what a poll brought; what was said of a source just before is not said again."""
        if news.source and news.kind != "quiet":
            self.troubled[news.source] = news.kind == "trouble"
        findings = news.added.findings if news.added else ()
        self.held = self.held or any(finding.severity != "note" for finding in findings)
        words = news_words(news)
        if self.as_json:
            say_json(self._object(news))
        elif words and words != self.said.get(news.source):
            self._say(news, words)
        self.said[news.source] = words
        sys.stdout.flush()  # whoever reads it through a pipe, or in a log, should not wait for the next hundred lines

    def alert(self, dir_: Path) -> None:
        """Send alerts of what is new, and what waits; that nobody can be told must not end the watch."""
        from racecall.cli.alerts import desk_of, send_new

        try:
            self.held = send_new(desk_of(dir_), as_json=self.as_json) or self.held
            self.troubled["alerts"] = False
        except (UsageError, StorageError) as error:
            self._note("alerts", trouble=str(error).replace("\n", " "))
        sys.stdout.flush()

    def publish(self, site: Site) -> None:
        """Publish what is new; whatever keeps it off the site, the counts go on being recorded."""
        try:
            done = site.bring_up_to_date()
        except LedgerError:
            raise
        except Exception as error:  # noqa: BLE001 - a page that cannot be made must not end the watch, and its trouble may be of any kind
            self._note("site", trouble=str(error).replace("\n", " ") or type(error).__name__)
        else:
            if done:
                self._published(done)

    def _published(self, done: Published) -> None:
        self.held = self.held or bool(done.held)
        self.troubled["site"] = False
        if self.as_json and done.written:
            say_json(asdict(done))
            sys.stdout.flush()
        elif not self.as_json:
            self._note("site", words=published_words(done))

    def _note(self, what: str, *, words: str = "", trouble: str = "") -> None:
        """Say what became of something that is done after a poll."""
        from racecall.desk.clock import now
        from racecall.desk.watching import News, NewsKind

        self.tell(News(at=now(), source=what, kind=NewsKind.TROUBLE if trouble else NewsKind.UNCHANGED, words=trouble or words))

    def _say(self, news: News, words: str) -> None:
        from racecall.publish.terminal import finding_text

        say(f"{news.at.astimezone(self.zone):%H:%M:%S}  {news.source or 'election.toml'}: {words}")
        for finding in news.added.findings if news.added else ():
            say(finding_text(finding))

    def _object(self, news: News) -> dict[str, Any]:
        from racecall.desk.recording import Added
        from racecall.ledger.events import iso
        from racecall.publish.status_json import finding_object

        added = news.added or Added(name="")
        return {
            "at": iso(news.at),
            "rehearsal": self.rehearsal,
            "source": news.source,
            "kind": news.kind,
            "words": news.words,
            "address": news.address,
            "sha256": news.sha256,
            "file": added.name,
            "feed": added.feed,
            "releases": len(added.releases),
            "statements": len(added.statements),
            "reports": len(added.reports),
            "events": added.events,
            "votes_added": added.votes_added,
            "findings": [finding_object(finding) for finding in added.findings],
            "next_at": iso(news.next_at) if news.next_at else None,
        }


def news_words(news: News) -> str:
    """Write what a poll brought as one sentence, "" if there is nothing to tell."""
    if news.kind != "added" or news.added is None:
        return f"trouble: {news.words}" if news.kind == "trouble" else news.words
    gained = f" ({news.added.votes_added:+,})" if news.added.releases else ""
    first, _, rest = summary(news.added).partition("; ")
    return "; ".join(part for part in (f"{first}{gained}", rest) if part)


def published_words(done: Published) -> str:
    """Write what a publication did as one sentence, "" if nothing was new."""
    held = f"; held by findings: {', '.join(done.held)}" if done.held else ""
    return (
        f"version {done.version}, {count(len(done.changed), 'contest')} changed, {count(done.written, 'file')}{held}"
        if done.written
        else ""
    )


def rehearse(
    recording: Annotated[
        Path, typer.Argument(metavar="RECORDING", help="An election's folder, or any folder of results files.", show_default=False)
    ],
    speed: Annotated[float, typer.Option("--speed", metavar="N", help="Minutes of the night in a minute.", min=0.01, max=1e6)] = 60,
    port: Annotated[
        int, typer.Option("--port", metavar="N", help="Port on this machine; 0 for any that is free.", min=0, max=65535)
    ] = 8765,
    into: Annotated[Path | None, typer.Option("--into", metavar="DIR", help="Make an election folder to rehearse in.")] = None,
    timezone: Zone = "America/Los_Angeles",
    lasting: Lasting = "",
) -> None:
    """Serve a recorded night on this machine, at any speed, so that `racecall watch` can be pointed at it.

    Everything that is served says that it is a rehearsal; an election that is none takes no count from it.

    Example: racecall rehearse la2022 --speed 60 --into practice
    """
    from racecall.desk.rehearsing import Stage, read_recording, rehearsal_folder

    zone = parse_zone(timezone)
    recorded = read_recording(recording, zone)
    seconds = parse_duration(lasting).total_seconds() if lasting else None
    began = time.monotonic()
    with Stage(recorded, elapsed=lambda: time.monotonic() - began, speed=speed, port=port) as stage:
        sources = recorded.sources(stage.server_port, speed)
        if into:
            rehearsal_folder(into, recorded, recording, sources, zone)
        _say_stage(recorded, stage.server_port, speed, into)
        sys.stdout.flush()
        began = time.monotonic()
        with stopping():
            _serve(stage, seconds)


def _say_stage(recorded: Recording, port: int, speed: float, into: Path | None) -> None:
    from racecall.desk.settings import render_sources
    from racecall.publish.words import REHEARSAL

    hours = (recorded.ended - recorded.began).total_seconds() / 3600
    say(REHEARSAL)
    say(f"{count(recorded.files, 'file')} of {hours:,.1f} hours, played in {60 * hours / speed:,.1f} minutes; Ctrl-C ends it.")
    if into:
        say(f"Made {into}. In another window: racecall watch {into}")
        return
    say("In the election.toml of a folder to rehearse in, rehearsal = true under [election], and:", "")
    say(render_sources(recorded.sources(port, speed)))


def _serve(stage: Stage, seconds: float | None) -> None:
    """Serve until the time is over; without an end, until somebody stops it."""
    from threading import Thread

    served = Thread(target=stage.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    served.start()
    try:
        served.join(seconds)
    finally:
        stage.shutdown()
