"""The files of each contest of a site: judged, rendered and written, a batch of contests at a time, in this process or in several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from racecall.calls.view import View
from racecall.desk import packaged
from racecall.desk.collector import kept_away
from racecall.desk.exporting import export_of, one_by_one
from racecall.desk.folder import ElectionFolder, open_folder
from racecall.desk.looking import Look, Memory, looks_of, visible
from racecall.desk.maps import election_maps
from racecall.desk.plugins import load_publishers
from racecall.desk.sitefolder import ContestState, Entry, SiteFolder
from racecall.ledger.events import Event, Ledger
from racecall.ledger.records import Records, read_records, records_at
from racecall.model.contest import Election, ReleaseDue
from racecall.model.release import ReportKind
from racecall.publish.alerts import AlertEvent, alert_events, atom_feed, json_feed
from racecall.publish.base import Export, Publisher
from racecall.publish.manifest import contest_figures
from racecall.publish.site import history, live, paths
from racecall.publish.site.card import card_png, card_svg
from racecall.publish.site.embed import embed_page
from racecall.publish.site.gather import contest_page, marks_of_contest
from racecall.publish.site.page import Beside, ContestPage
from racecall.publish.site.render import Renderer, address_of, all_languages
from racecall.publish.status_json import status_bytes

MEMORY = Memory()
"""What this process has judged for its publications: one that publishes all night judges each moment of a contest once."""
BATCH = 16
"""Contests whose files are written together."""
EXPORTS = ("nist-json", "openelections")
"""Formats that lie beside each contest's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One contest to be baked.

    Args:
        contest: Its id.
        key: Hash of all that its page rests on.
        since: The version of the page that is published now, which a patch begins from; 0 if there is none, or none that can be trusted.
        states: State by place as it was published last.
        at: Keys of the as-of pages that are published, by the number of the release.
        beside: The pages beside the count that its page leads to.
    """

    contest: str
    key: str
    since: int = 0
    states: Mapping[int, str] = field(default_factory=dict)
    at: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Contests to be baked by one process.

    Args:
        folder: The election's folder.
        out: The site's.
        as_of: Nothing later takes part.
        version: The site's version in the making.
        languages: Language codes, the root's first.
        address: Where the site will lie, "" if nobody said.
        cards: Whether share cards are made as pictures, too.
        base: What every page rests on beside its events.
        orders: The contests.
    """

    folder: Path
    out: Path
    as_of: datetime
    version: int
    languages: tuple[str, ...]
    address: str
    cards: bool
    base: tuple[str, ...]
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baked:
    """A contest that was baked.

    Args:
        state: What is published of it now.
        entries: The files that were made.
        kept: Paths of the files that stay as they are.
        new: Paths of those that were not there before, or were others.
        figures: What the manifest says of it.
    """

    contest: str
    state: ContestState
    entries: tuple[Entry, ...]
    kept: tuple[str, ...]
    new: frozenset[str]
    figures: Mapping[str, Any]


def bake(job: Job, oven: Oven | None = None) -> list[Baked]:
    """Judge, render and write the contests of a job, with what the process has read already or with what it reads once for all its jobs."""
    with kept_away():
        oven = oven or _oven(replace(job, orders=()))
        looks = oven.looks([order.contest for order in job.orders])
        site = SiteFolder(job.out)
        made: list[Baked] = []
        for at in range(0, len(job.orders), BATCH):
            made += _batch(oven, site, looks, job.orders[at : at + BATCH])
        return made


@lru_cache(maxsize=1)
def _oven(job: Job) -> Oven:
    folder = open_folder(job.folder)
    return Oven(folder, folder.ledger().as_of(job.as_of), job, MEMORY)


def _batch(oven: Oven, site: SiteFolder, looks: Mapping[str, Sequence[Look]], orders: Sequence[Order]) -> Iterator[Baked]:
    """Write the files of some contests: the data of all, then their pages, then their pointers."""
    dishes = [oven.dish(order, looks[order.contest]) for order in orders]
    entries: dict[str, Entry] = {}
    ordered = {path: data for phase in (DATA, PAGES, POINTERS) for dish in dishes for path, data in dish.files[phase].items()}
    written, new = site.write(ordered)
    entries |= {entry.path: entry for entry in written}
    for dish in dishes:
        own = tuple(entries[path] for phase in dish.files for path in phase)
        yield Baked(
            contest=dish.order.contest,
            state=dish.state,
            entries=own,
            kept=dish.kept,
            new=frozenset(new.intersection(entry.path for entry in own)),
            figures=dish.figures,
        )


DATA, PAGES, POINTERS = range(3)
"""What is written first, second and last: a page never leads to a patch or a picture that is not there yet."""

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dish:
    """The files of one contest, by what is written first."""

    order: Order
    state: ContestState
    files: tuple[Files, Files, Files]
    kept: tuple[str, ...]
    figures: Mapping[str, Any]


class Oven:
    """What baking contests shares: the record, the templates, the tables that were read, and what is remembered of publications before."""

    def __init__(self, folder: ElectionFolder, ledger: Ledger, job: Job, memory: Memory | None = None) -> None:
        self.job, self.folder, self.ledger, self.memory = job, folder, ledger, memory
        self.hashes = {event.seq: event.hash for event in self.ledger}
        self.touched = history.touching(self.ledger, [contest.id for contest in folder.election])
        self.records = read_records(self.ledger)
        self.shapes = election_maps(folder.path)
        self.renderer = renderer(job.languages, job.address)
        self.publishers = tuple(one for one in load_publishers() if one.id in EXPORTS)
        self.table = lru_cache(maxsize=4)(folder.store.get_table)
        self.cut = one_by_one(self.table)
        self._records = lru_cache(maxsize=64)(lambda moment: records_at(self.ledger, moment))

    def looks(self, contests: Iterable[str]) -> Mapping[str, list[Look]]:
        """Judge contests at every moment something became known of them."""
        return looks_of(self.folder, self.ledger, {contest: self.touched[contest] for contest in contests}, self.memory)

    def dish(self, order: Order, looks: Sequence[Look]) -> Dish:
        """Return the files of one contest as of its last look that no finding holds."""
        held = history.holding(looks[-1][0])
        looks = visible(self.folder, self.ledger, looks)
        page = replace(self.page(looks), held=held, beside=order.beside)
        exports = self.exports(page)
        page = replace(page, downloads={id_: path for id_, (path, _) in exports.items()} | self.around(page))
        pages, parts = self.pages(page)
        at_keys, at_pages, kept = self.as_of_pages(order, looks, page)
        said = status_bytes(page.view, election=self.folder.election.id, head=page.head)
        data = {paths.state(self.job.version, order.contest): said, **self.patches(order, page, parts), **dict(exports.values())}
        data |= self.feeds(order.contest, looks) | self.pictures(page)
        return Dish(
            order=order,
            state=ContestState(version=self.job.version, key=order.key, at=at_keys, held=tuple(finding.id for finding in held)),
            files=({**data, **extras(self.renderer, page, self.job.version), **at_pages}, pages, self.pointer(order, page)),
            kept=kept,
            figures=contest_figures(page.view, self.hashes),
        )

    def page(self, looks: Sequence[Look]) -> ContestPage:
        """Return a contest's page at the last of its looks."""
        view = looks[-1][0]
        marks = marks_of_contest(view.contest, self.folder.election, self.records)
        made = contest_page(self.folder.election, looks, self._records(view.as_of), marks=marks, tables=self.table)
        return replace(made, shapes=self.shapes.get(view.contest.id))

    def pages(self, page: ContestPage) -> tuple[Files, Mapping[str, Mapping[str, str]]]:
        """Return the page in every language, and its parts."""
        files, parts = {}, {}
        for language in self.job.languages:
            path = paths.contest(page.contest.id, language)
            parts[language] = self.renderer.parts(page, language, base=paths.base(path))
            files[path] = self.renderer.contest(page, language, version=self.job.version, made=parts[language]).encode()
        return files, parts

    def as_of_pages(self, order: Order, looks: Sequence[Look], now: ContestPage) -> tuple[dict[str, str], Files, tuple[str, ...]]:
        """Return the keys of all as-of pages, those that are new or have changed, and the paths of those that stay.

        They are made in the first language alone: in three they would be two thirds of the site's bytes and of the time it takes to bake.
        The newest shows what the page itself does, so little of it is made again.
        """
        keys: dict[str, str] = {}
        files: Files = {}
        kept = []
        views = [look for look, _ in looks]
        for number, (release, _) in enumerate(self._records(views[-1].as_of).counts(order.contest), 1):
            at = history.look_after(release, views)
            if at is None:
                continue
            path = paths.as_of(order.contest, number, self.job.languages[0])
            keys[str(number)] = history.key(self.touched[order.contest], views[at].as_of, *self.job.base)
            if order.at.get(str(number)) == keys[str(number)]:
                kept.append(path)
            else:
                page = now if at == len(looks) - 1 else self.page(looks[: at + 1])
                files[path] = self.renderer.contest(page.as_of(), self.job.languages[0], path=path).encode()
        return keys, files, tuple(kept)

    def patches(self, order: Order, page: ContestPage, parts: Mapping[str, Mapping[str, str]]) -> Files:
        """Return a patch a language from the page that is published now; none if there is no page that can be trusted."""
        if not order.since:
            return {}
        urgent = live.is_withdrawn(page.view, order.states)
        return {
            paths.patch(self.job.version, order.contest, language): live.patch(
                live.changed_parts(self.published(order.contest, language), own),
                page.view,
                version=self.job.version,
                say=live.sentence(page.view, order.states, self.renderer.words[language]),
                urgent=urgent,
            )
            for language, own in parts.items()
        }

    def published(self, contest: str, language: str) -> str:
        """Return a contest's page as it lies on the site now."""
        return (self.job.out / paths.contest(contest, language)).read_text(encoding="utf-8")

    def pointer(self, order: Order, page: ContestPage) -> Files:
        """Return the file that an open page asks for."""
        pointer = live.contest_pointer(page.view, self.job.languages, version=self.job.version, before=order.since)
        return {paths.contest_pointer(order.contest): pointer}

    def around(self, page: ContestPage) -> dict[str, str]:
        """Return where the calendar and the feed lie, and the picture that networks show of the page."""
        contest, found = page.contest.id, {}
        if self.folder.election.calendar or due_of(self.folder.election, self.records):
            found["calendar"] = paths.CALENDAR
        if self.job.address:
            found["atom"] = paths.feed("atom", contest)
        if self.job.cards and page.view.slots:
            found["card"] = paths.card(contest, 1, self.job.languages[0], "png")
        return found

    def feeds(self, contest: str, looks: Sequence[Look]) -> Files:
        """Return what happened in a contest as feeds; a feed has to know its own address."""
        if not self.job.address:
            return {}
        election = self.folder.election
        views = (View(election=election, as_of=look.as_of, head=head, contests=(look,)) for look, head in looks)
        return feed_files(alert_events(views), election, self.renderer, contest)

    def pictures(self, page: ContestPage) -> Files:
        """Return the share cards as PNG, in the first language: each takes a quarter of a second."""
        if not self.job.cards:
            return {}
        contest, language = page.contest.id, self.job.languages[0]
        return {
            paths.card(contest, slot.slot.number, language, "png"): card_png(card_svg(self.renderer, page, slot.slot.number, language))
            for slot in page.view.slots
        }

    def exports(self, page: ContestPage) -> Mapping[str, tuple[str, bytes]]:
        """Return the contest's current count in the formats of others: path and bytes by the publisher's id."""
        view = page.view
        if view.release is None:
            return {}
        one = View(election=self.folder.election, as_of=view.as_of, head=page.head, contests=(view,))
        made = export_of(one, self.cut)
        return {
            publisher.id: (paths.export(view.contest.id, name), data)
            for publisher in self.publishers
            for name, data in _first(publisher, made)
        }


def _first(publisher: Publisher, export: Export) -> list[tuple[str, bytes]]:
    """One contest has one current release, so each format has one file, or none."""
    return list(publisher.write(export))[:1]


def renderer(languages: tuple[str, ...], address: str) -> Renderer:
    """Return the renderer of a site, of all languages if none are named; its templates are compiled once a process."""
    return _renderer(languages or all_languages(packaged.site_assets()), address_of(address))


@lru_cache(maxsize=4)
def _renderer(languages: tuple[str, ...], address: str) -> Renderer:
    return Renderer(packaged.site_assets(), languages, address=address)


def feed_files(events: Sequence[AlertEvent], election: Election, made: Renderer, contest: str = "") -> Files:
    """Return the feeds of a contest, or of all: Atom in every language, JSON, which programs read, in English alone."""
    plain = paths.feed("json", contest)
    files = {plain: json_feed(events, election=election, base_url=made.address, path=plain)}
    for language, words in made.words.items():
        atom = paths.feed("atom", contest, language)
        translate = str if language == paths.DEFAULT else words
        files[atom] = atom_feed(events, election=election, base_url=made.address, path=atom, translate=translate)
    return files


def due_of(election: Election, records: Records) -> tuple[tuple[datetime, ReleaseDue], ...]:
    """Return the releases that offices announced: when it was said, and what."""
    return tuple(
        (report.at, ReleaseDue(at=report.due_at, what=report.note or "next count", source=report.source))
        for report in records.reports
        if report.kind is ReportKind.NEXT_RELEASE
        and report.due_at
        and (not report.contest or report.contest in {one.id for one in election})
    )


MOST_PRACTISED = 4096
"""Moments of contests that are judged to be ready, and not for a page: they take three seconds."""
TRIED = 4
"""Contests whose files are made to be ready: the first of each kind loads, compiles and writes for the first time what the others use."""


def practise(path: Path, languages: tuple[str, ...], address: str, contests: Sequence[str]) -> None:
    """Do what a publication will ask of this process, before anybody waits for it, and write nothing.

    The record is read, what could be said of the contests at each moment is judged and remembered, and files of some are made: libraries,
    law, templates and every language's way with dates are loaded by that.

    Args:
        path: The election's folder.
        languages: Language codes of the site; all that there are if empty.
        address: Where the site will lie.
        contests: What this process will bake.
    """
    made = renderer(languages, address)
    made.compile_all()
    folder = open_folder(path)
    ledger = folder.ledger()
    job = Job(
        folder=path,
        out=path,
        as_of=ledger.events[-1].at,
        version=1,
        languages=made.languages,
        address=address,
        cards=False,
        base=(),
        orders=(),
    )
    oven = Oven(folder, ledger, job, MEMORY)
    with kept_away():
        looks = oven.looks(_first_of(contests, oven.touched))
        for contest in list(looks)[:TRIED]:
            oven.dish(Order(contest=contest, key=""), looks[contest])


def _first_of(contests: Iterable[str], touched: Mapping[str, Sequence[Event]]) -> list[str]:
    """Return the contests that may be judged to be ready."""
    moments = accumulate(contests, lambda before, contest: before + len(touched[contest]), initial=0)
    return [contest for contest, before in zip(contests, moments, strict=False) if before < MOST_PRACTISED]


def extras(made: Renderer, page: ContestPage, version: int) -> Files:
    """Return the widget and the share cards of a contest in every language."""
    contest, places = page.contest.id, [slot.slot.number for slot in page.view.slots]
    widgets = {paths.embed(contest, language): embed_page(made, page, language, version=version) for language in made.languages}
    cards = {paths.card(contest, place, language): card_svg(made, page, place, language) for language in made.languages for place in places}
    return {path: text.encode() for path, text in (widgets | cards).items()}
