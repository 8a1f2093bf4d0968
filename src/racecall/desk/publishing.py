"""Publishing: an election folder into a static site. Only what changed is judged, rendered and written.

    ledger --(history.py)--> what has changed --(baking.py)--> files of its contests --> index, pointer --> manifest

What a page rests on has a key: the events that touch its contest, the settings and the program. A contest whose key stands in the manifest
already is left alone, whatever happened elsewhere. The manifest is written last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from racecall.desk import packaged
from racecall.desk.baking import MEMORY, Baked, Job, Order, Oven, bake, due_of, feed_files, renderer
from racecall.desk.besides import coverage_key, pages_beside
from racecall.desk.collector import kept_away
from racecall.desk.folder import ElectionFolder
from racecall.desk.looking import Look, looks_of, visible
from racecall.desk.maps import maps_sha256
from racecall.desk.resuming import code_sha256
from racecall.desk.sitefolder import ContestState, Entry, Kept, SiteFolder, SiteState
from racecall.desk.workers import Apart, cores, workers
from racecall.errors import SettingsError, UsageError
from racecall.ledger.events import Event, Ledger, iso
from racecall.ledger.records import read_records
from racecall.model.contest import Election
from racecall.origin import sha256_hex
from racecall.publish.alerts import calendar
from racecall.publish.alerts.event import URGENCY
from racecall.publish.alerts.json_feed import json_events
from racecall.publish.manifest import NAME, contest_figures, header
from racecall.publish.site import history, live, paths
from racecall.publish.site.beside import RecordPages
from racecall.publish.site.beside_files import beside_files
from racecall.publish.site.index import IndexPage, Said, index_page, read_said
from racecall.publish.site.render import Renderer

MANY = 100
"""From so many contests on, several processes are faster than one: each takes a second to start."""
PIECE = 48
"""Contests that a process bakes at a time."""
SHARED = 8
"""From so many contests on, half of them are baked by the process beside this one, if there is one."""

Tick = Callable[[int], None]
"""Is told how many contests were baked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication did.

    Args:
        version: The site's version now.
        changed: Contests whose pages were made anew.
        held: Contests whose later counts were kept off their pages, with the findings.
        written: Files that were not there before, the manifest included.
        written_bytes: Their size [bytes].
        files: All files of the site, the manifest included.
        total_bytes: Their size [bytes].
    """

    version: int
    changed: tuple[str, ...]
    held: Mapping[str, tuple[str, ...]]
    written: int
    written_bytes: int
    files: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a site shows of a contest.

    Args:
        votes: All votes counted [votes].
        places: Option and state of each place.
        options: Votes by option [votes].
    """

    votes: int
    places: tuple[tuple[str | None, str], ...]
    options: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a publication would change of a contest.

    Args:
        contest: Its id.
        title: As a page shows it.
        before: What is published, None if nothing is.
        after: What would be.
        held: Findings that keep the latest count off the page.
    """

    contest: str
    title: str
    before: Shown | None
    after: Shown
    held: tuple[str, ...] = ()

    @property
    def states_change(self) -> bool:
        """Whether a place is held by another option, or another thing is said of it."""
        return self.before is None or self.before.places != self.after.places


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What has to be made.

    Args:
        folder: The election.
        ledger: What was known by then.
        as_of: When something became known last.
        counted_at: When something became known last of a contest's count.
        kept: What is published, None if nothing is.
        touched: The events behind each contest.
        keys: What each contest's page rests on, hashed.
        base: What every page rests on beside its events.
        cards: Whether share cards are made as pictures, too.
        damaged: Files that are not as they were published.
        record: The pages beside the count.
        coverage: What those rest on, hashed; "" if there are none.
    """

    folder: ElectionFolder
    ledger: Ledger
    as_of: datetime
    counted_at: datetime
    kept: Kept | None
    touched: Mapping[str, tuple[Event, ...]]
    keys: Mapping[str, str]
    base: tuple[str, ...]
    cards: bool = False
    damaged: frozenset[str] = frozenset()
    record: RecordPages = field(default_factory=RecordPages)
    coverage: str = ""

    @property
    def record_stays(self) -> bool:
        """Whether the pages beside the count are as they were published."""
        published = self.kept.site.coverage if self.kept else ""
        return published == self.coverage and not any(map(paths.is_beside, self.damaged))

    @property
    def published(self) -> Mapping[str, ContestState]:
        """What is published, undamaged, of each contest that there still is."""
        damaged, states = {owner_of(path) for path in self.damaged}, self.kept.site.contests if self.kept else {}
        return {contest: state for contest, state in states.items() if contest in self.keys and contest not in damaged}

    @property
    def changed(self) -> tuple[str, ...]:
        """The contests whose pages have to be made."""
        published = self.published
        return tuple(contest for contest, key in self.keys.items() if contest not in published or published[contest].key != key)


def publish(
    folder: ElectionFolder,
    out: Path,
    *,
    languages: Sequence[str] = (),
    as_of: datetime | None = None,
    address: str = "",
    cards: bool = False,
    jobs: int = 0,
    beside: Apart | None = None,
    tick: Tick = lambda _: None,
) -> Published:
    """Publish an election, or bring its site up to date.

    Args:
        folder: The election.
        out: The site's folder; made if it is not there.
        languages: Language codes, the root's first; all that there are if empty.
        as_of: Nothing that became known later takes part; everything if None.
        address: Where the site will lie, e.g. ``https://results.example.org/``.
        cards: Whether share cards are made as pictures, too: the extra `cards`.
        jobs: Processes; 0 takes one a core where there is much to do, 1 works in this process.
        beside: A process that lives as long as this one, and bakes half of what few contests have to be baked.
        tick: Is told how many contests were baked, again and again.

    Raises:
        UsageError: It is a rehearsal; something else is in the folder; somebody else is publishing there.
    """
    site, made = SiteFolder(out), renderer(tuple(languages), address)
    ledger = folder.ledger()
    refuse_rehearsal(folder, ledger)
    site.check()
    with site.locked(), kept_away():
        kept = site.kept(folder.election.id)
        plan = replace(_plan(folder, ledger, kept, made, as_of, cards=cards), damaged=site.damaged(kept.files if kept else ()))
        return _published(plan, site, made, _Hands(jobs=jobs, beside=beside, tick=tick))


def difference(
    folder: ElectionFolder, out: Path, *, languages: Sequence[str] = (), as_of: datetime | None = None, address: str = ""
) -> tuple[Difference, ...]:
    """Return what a publication would change: contests whose places or figures are others, those whose state changes first.

    Args:
        folder: The election.
        out: The site's folder.
        languages: Language codes, the root's first; all that there are if empty.
        as_of: Nothing that became known later takes part; everything if None.
        address: Where the site will lie.
    """
    ledger = folder.ledger()
    refuse_rehearsal(folder, ledger)
    plan = _plan(folder, ledger, SiteFolder(out).kept(folder.election.id), renderer(tuple(languages), address), as_of)
    looks = _last_looks(plan)
    before = {figures["contest"]: _shown(figures) for figures in (plan.kept.contests if plan.kept else ())}
    hashes = {event.seq: event.hash for event in plan.ledger}
    found = []
    for contest, own in looks.items():
        view = visible(folder, plan.ledger, own)[-1][0]
        after, held = _shown(contest_figures(view, hashes)), tuple(finding.id for finding in history.holding(own[-1][0]))
        if before.get(contest) != after or held:
            found.append(Difference(contest=contest, title=view.contest.title, before=before.get(contest), after=after, held=held))
    return tuple(sorted(found, key=lambda one: not one.states_change))


def _last_looks(plan: Plan) -> Mapping[str, Sequence[Look]]:
    """Judge what has changed at its last moment alone; where a finding holds that, at every moment before as well."""
    last = looks_of(plan.folder, plan.ledger, {contest: plan.touched[contest][-1:] for contest in plan.changed})
    held = [contest for contest, looks in last.items() if history.holding(looks[-1][0])]
    return {**last, **looks_of(plan.folder, plan.ledger, {contest: plan.touched[contest] for contest in held})}


def _shown(figures: Mapping[str, Any]) -> Shown:
    return Shown(
        votes=figures["votes_counted"],
        places=tuple((place["option"], str(place["state"])) for place in figures["slots"]),
        options={option["option"]: option["votes"] for option in figures["options"]},
    )


def refuse_rehearsal(folder: ElectionFolder, ledger: Ledger) -> None:
    """Keep a recorded night that is played again from ever looking like a count of today.

    Raises:
        UsageError: It is one.
    """
    if folder.election.rehearsal or ledger.was_rehearsed:
        raise UsageError(
            "this is a rehearsal, a recorded night played again, and a rehearsal is never published.",
            where=str(folder.path),
            next_step="Look at it with racecall status. An election to be published needs a folder of its own.",
        )


PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""What a contest's id may be made of where it becomes the name of a file."""


def _plan(folder: ElectionFolder, whole: Ledger, kept: Kept | None, made: Renderer, as_of: datetime | None, *, cards: bool = False) -> Plan:
    ledger = whole.as_of(as_of) if as_of else whole
    if not ledger.events:
        raise UsageError("nothing was known then.", where=str(folder.path), next_step="Give a later --as-of, or none.")
    _check_ids(folder.election)
    touched = history.touching(ledger, [contest.id for contest in folder.election])
    now = max(event.at for event in ledger)
    base = (sha256_hex(folder.settings), maps_sha256(folder.path), _program(), *made.languages, made.address, *(["cards"] if cards else []))
    record = pages_beside(folder.election, ledger, now)
    return Plan(
        folder=folder,
        ledger=ledger,
        as_of=now,
        counted_at=max((event.at for events in touched.values() for event in events), default=now),
        kept=kept,
        touched=touched,
        keys={contest: history.key(events, now, *base, *map(str, record.links(contest))) for contest, events in touched.items()},
        base=base,
        cards=cards,
        record=record,
        coverage=coverage_key(ledger, now, base) if record.pages else "",
    )


def _check_ids(election: Election) -> None:
    for contest in election:
        if not PLAIN_ID.fullmatch(contest.id):
            raise SettingsError(
                f"the contest id {contest.id!r} cannot be the name of a file.",
                where="election.toml",
                next_step="Use letters, digits, dots, hyphens and underscores.",
            )


def _program() -> str:
    """Hash what writes the pages: code, templates, shared files, translations."""
    assets = packaged.site_assets()
    texts = (data.encode() for _, data in sorted(assets.templates.items()))
    others = (data for files in (assets.static, assets.catalogues) for _, data in sorted(files.items()))
    return sha256_hex(b"\0".join((code_sha256().encode(), *texts, *others)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hands:
    """Who bakes, and who is told; see `publish`."""

    jobs: int
    beside: Apart | None
    tick: Tick


def _published(plan: Plan, site: SiteFolder, made: Renderer, hands: _Hands) -> Published:
    """Bake what has changed, write what lies over all contests, and the manifest."""
    last = plan.kept.site.version if plan.kept else 0
    is_whole = site.last_version() <= last
    is_kept = plan.kept and is_whole and not plan.changed and not plan.damaged and plan.record_stays
    if plan.kept and is_kept and set(plan.published) == set(plan.kept.site.contests):
        return _unchanged(plan.kept, site)
    version = max(last, site.last_version()) + 1
    baked = _baked(plan, site, made, version, hands, is_whole=is_whole)
    states = {**plan.published, **{one.contest: one.state for one in baked}}
    states = {contest: states[contest] for contest in plan.keys}
    above, new = _write_above(plan, site, made, version, states, baked)
    entries = _entries(plan, baked, above)
    _remove_gone(plan, site, entries, made, is_whole=is_whole)
    written = new.union(*(one.new for one in baked))
    manifest = _manifest(plan, entries, states, baked, version)
    site.write_manifest(manifest)
    return Published(
        version=version,
        changed=tuple(one.contest for one in baked),
        held={contest: state.held for contest, state in states.items() if state.held},
        written=len(written) + 1,
        written_bytes=sum(entries[path].size for path in written) + len(manifest),
        files=len(entries) + 1,
        total_bytes=sum(entry.size for entry in entries.values()) + len(manifest),
    )


def _unchanged(kept: Kept, site: SiteFolder) -> Published:
    size = sum(entry.size for entry in kept.files) + (site.path / NAME).stat().st_size
    held = {contest: state.held for contest, state in kept.site.contests.items() if state.held}
    return Published(
        version=kept.site.version, changed=(), held=held, written=0, written_bytes=0, files=len(kept.files) + 1, total_bytes=size
    )


def _baked(plan: Plan, site: SiteFolder, made: Renderer, version: int, hands: _Hands, *, is_whole: bool) -> list[Baked]:
    orders = _orders(plan, is_whole=is_whole)
    job = Job(
        folder=plan.folder.path,
        out=site.path,
        as_of=plan.as_of,
        version=version,
        languages=made.languages,
        address=made.address,
        cards=plan.cards,
        base=plan.base,
        orders=tuple(orders),
    )
    jobs = hands.jobs or (0 if len(orders) >= MANY else 1)
    if jobs != 1 and cores() > 1:
        return _baked_by_many(job, jobs, hands.tick)
    done = _baked_here(plan, job, hands.beside) if orders else []
    hands.tick(len(done))
    return done


def _baked_by_many(job: Job, jobs: int, tick: Tick) -> list[Baked]:
    pieces = [replace(job, orders=job.orders[at : at + PIECE]) for at in range(0, len(job.orders), PIECE)]
    done: list[Baked] = []
    with workers(jobs) as run:
        for _, some in run(bake, pieces):
            done += some
            tick(len(some))
    return done


def _baked_here(plan: Plan, job: Job, beside: Apart | None) -> list[Baked]:
    """Bake in this process, and half in the one beside it: a contest always in the same, which remembers what it judged of it."""
    others = frozenset(shares(plan.keys)[1]) if beside and len(job.orders) >= SHARED else frozenset()
    there = tuple(order for order in job.orders if order.contest in others)
    waiting = beside.begin(bake, replace(job, orders=there)) if beside and there else list[Baked]
    own = replace(job, orders=tuple(order for order in job.orders if order.contest not in others))
    try:
        done = bake(own, Oven(plan.folder, plan.ledger, own, MEMORY))
    finally:
        helped = waiting()  # also when this half has failed: nobody writes to the site after the publication
    return [*done, *helped]


def shares(contests: Iterable[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return which contests a process bakes itself, and which the one beside it."""
    every = list(contests)
    return every[0::2], every[1::2]


def _orders(plan: Plan, *, is_whole: bool) -> list[Order]:
    published = plan.published if is_whole else {}
    before = {figures["contest"]: figures for figures in (plan.kept.contests if plan.kept else ())}
    return [
        Order(
            contest=contest,
            key=plan.keys[contest],
            since=published[contest].version if contest in published else 0,
            states={place["slot"]: place["state"] for place in before[contest]["slots"]} if contest in published else {},
            at=published[contest].at if contest in published else {},
            beside=plan.record.links(contest),
        )
        for contest in plan.changed
    ]


def _write_above(
    plan: Plan, site: SiteFolder, made: Renderer, version: int, states: Mapping[str, ContestState], baked: Iterable[Baked]
) -> tuple[list[Entry], set[str]]:
    """Write what lies over all contests: shared files, the index in every language, the site's pointer."""
    files = chain(plan.kept.files if plan.kept else (), *(one.entries for one in baked))
    listed = {entry.path: entry for entry in files if "/state/" in entry.path}
    said = (_said(site.path, listed[paths.state(state.version, contest)]) for contest, state in states.items())
    held = [contest for contest, state in states.items() if state.held]
    page = index_page(plan.folder.election, said, held=held, as_of=plan.counted_at, beside=[one.here for one in plan.record.pages])
    return site.write(
        {
            **({} if plan.record_stays else beside_files(plan.record, made)),
            **made.static,
            **{paths.index(language): index_html(made, page, language, version).encode() for language in made.languages},
            **_told(plan, site, made, states),
            paths.POINTER: live.site_pointer(version, iso(plan.as_of)),
        }
    )


@lru_cache(maxsize=2048)
def _said(site: Path, entry: Entry) -> Said:
    """Read what a version says of a contest, as its row on the index shows it; no version is written twice."""
    return read_said((site / entry.path).read_bytes())


def _told(plan: Plan, site: SiteFolder, made: Renderer, contests: Iterable[str]) -> dict[str, bytes]:
    """Return the calendar of releases, and what happened in all contests as feeds: each contest's own feed has its part."""
    election = plan.folder.election
    due = due_of(election, read_records(plan.ledger))
    files = {paths.CALENDAR: calendar(election, due)} if due or election.calendar else {}
    if not made.address:
        return files
    events = {event.id: event for contest in contests for event in json_events((site.path / paths.feed("json", contest)).read_bytes())}
    return files | feed_files(sorted(events.values(), key=lambda event: (event.at, -URGENCY[event.kind])), election, made)


def index_html(made: Renderer, page: IndexPage, language: str, version: int) -> str:
    """Return the index in a language."""
    return made.other("index.html.j2", language, path=paths.index(language), page=page, version=version)


def _entries(plan: Plan, baked: Iterable[Baked], above: Iterable[Entry]) -> dict[str, Entry]:
    """Return every file of the site: what was made, what stayed, and every version's data."""
    made = {one.contest: one for one in baked}
    fresh = {entry.path: entry for entry in (*above, *(entry for one in made.values() for entry in one.entries))}
    stays = {path for one in made.values() for path in one.kept}
    others = plan.keys.keys() - made.keys()
    old = {
        entry.path: entry
        for entry in (plan.kept.files if plan.kept else ())
        if entry.path not in plan.damaged
        and (entry.path in stays or _is_for_ever(entry.path) or owner_of(entry.path) in others or _stays_beside(entry.path, plan))
    }
    return dict(sorted({**old, **fresh}.items()))


def _is_for_ever(path: str) -> bool:
    return path.startswith(("v/", "static/"))


def _stays_beside(path: str, plan: Plan) -> bool:
    return plan.record_stays and paths.is_beside(path)


OWNER = re.compile(r"(?:[\w-]+/)?(?:c/([^/]+)/|embed/(.+)\.html$|card/(.+)-\d+\.\w+$)|v/\d+/(?:[\w-]+/)?(.+)\.json$")
"""The contest that a page, a widget, a card, a patch or a state is about."""


@lru_cache(maxsize=32768)
def owner_of(path: str) -> str:
    """Return the contest that a file is about, "" if it is about all."""
    found = OWNER.match(path)
    return next(filter(None, found.groups())) if found else ""


def _remove_gone(plan: Plan, site: SiteFolder, entries: Mapping[str, Entry], made: Renderer, *, is_whole: bool) -> None:
    """Remove pages of contests that are gone, and what a killed run left."""
    site.remove(entry.path for entry in (plan.kept.files if plan.kept else ()) if entry.path not in entries)
    if not is_whole:
        site.sweep(entries, made.languages)


def _manifest(plan: Plan, entries: Mapping[str, Entry], states: Mapping[str, ContestState], baked: Iterable[Baked], version: int) -> bytes:
    figures = {one["contest"]: one for one in (plan.kept.contests if plan.kept else ())} | {one.contest: one.figures for one in baked}
    whole = {
        **header(plan.folder.election.id, plan.as_of, plan.ledger.as_of(plan.as_of).head),
        "files": list(entries.values()),
        "contests": [figures[contest] for contest in states],
        "site": SiteState(version, dict(states), plan.coverage),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"
