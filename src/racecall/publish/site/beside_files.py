"""The files beside the count: every page in every language, and the record of coverage in the formats of others."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from markupsafe import Markup

from racecall.coverage.rows import Question
from racecall.publish.claim_review import claim_reviews, embedded, json_list
from racecall.publish.popolo import popolo_json
from racecall.publish.rows_csv import csv_files
from racecall.publish.site import paths
from racecall.publish.site.beside import DebatePage, RacePage, RecordPage, RecordPages, seconds_into
from racecall.publish.site.page import Beside
from racecall.publish.site.render import Renderer


def beside_files(record: RecordPages, made: Renderer) -> dict[str, bytes]:
    """Return every file beside the count by its path; nothing where nothing is recorded."""
    if not record.pages:
        return {}
    pages = {paths.beside(one.here.kind, one.here.id, code): page_html(one, made, code) for one in record.pages for code in made.languages}
    return {path: text.encode() for path, text in pages.items()} | record_files(record, made.address)


def record_files(record: RecordPages, address: str) -> dict[str, bytes]:
    """Return the record of coverage as files of a site, by their paths."""
    made = export_files(record, address)
    tables = {f"csv/{name}": data for name, data in made["csv"].items()}
    return {paths.record(name): data for name, data in {**made["popolo"], **made["claimreview"], **tables}.items()}


def export_files(record: RecordPages, address: str) -> Mapping[str, Mapping[str, bytes]]:
    """Return the record of coverage in the formats of others: files by name, by format.

    Args:
        record: What is published of it.
        address: Where the site will lie, "" if nobody said: reviews then name no page.
    """
    return {
        "popolo": {"popolo.json": popolo_json(record.coverage)},
        "claimreview": {"claimreview.jsonld": json_list(claim_reviews(record.coverage, place_of(record, address)))},
        "csv": csv_files(record.coverage),
    }


def place_of(record: RecordPages, address: str) -> Mapping[str, str]:
    """Return the address of every claim that stands on a page, none if nobody said where the site will lie."""
    base = f"{address.rstrip('/')}/"
    pages = [page for page in record.pages if isinstance(page, DebatePage | RacePage)] if address else []
    return {
        one.claim.id: f"{base}{paths.beside(page.here.kind, page.here.id, paths.DEFAULT)}#claim-{one.claim.id}"
        for page in pages
        for one in page.claims
    }


def page_html(page: RecordPage, made: Renderer, language: str) -> str:
    """Return a page beside the count in a language."""
    kind, id_ = page.here.kind, page.here.id
    return made.other(
        f"beside/{kind}.html.j2",
        language,
        path=paths.beside(kind, id_, language),
        page=page,
        here=partial(paths.beside, kind, id_),
        reviews=_reviews(page),
        seconds_into=seconds_into,
        questionnaire=partial(_questionnaire, page),
    )


def _reviews(page: RecordPage) -> Markup:
    """Return the claims of a page as machines read them; a link to the place on the page is enough."""
    claims = page.claims if isinstance(page, DebatePage | RacePage) else ()
    own = {one.claim.id: f"#claim-{one.claim.id}" for one in claims}
    return embedded(claim_reviews(page.coverage, own, only=own)) if own else Markup()


def _questionnaire(page: RecordPage, question: Question, language: str) -> str:
    """Return where a question's page lies; the page itself, if it is not published."""
    found = (one for one in (*page.links, page.here) if one.kind == "questionnaire" and one.title == question.questionnaire)
    one = next(found, Beside(kind=page.here.kind, id=page.here.id, title=""))
    return f"{paths.beside(one.kind, one.id, language)}#q{question.number}"
