"""The pages beside the count of the packaged election, as they stood at a moment, and a small record of its own."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

from lxml import html

from builders import contest, election
from racecall.coverage.record import Coverage, standing_rows
from racecall.coverage.rows import Answer, Debate, Endorsement, Exchange, Money, Person, Polarity, Position, Question, Turn, TurnRole
from racecall.desk import packaged
from racecall.desk.demo import packaged_rows
from racecall.desk.settings import parse_election
from racecall.publish.site.beside import RecordPage, RecordPages, record_pages
from racecall.publish.site.beside_files import page_html
from racecall.publish.site.render import Renderer

LANGUAGES = ("en", "es", "ko")
RENDERER = Renderer(packaged.site_assets(), LANGUAGES)
PRIMARY, RUNOFF = "ca34-2017-primary", "ca34-2017-runoff"
END = datetime(2019, 2, 2, tzinfo=UTC)
APRIL = datetime(2017, 4, 5, 19, tzinfo=UTC)
JUNE = datetime(2017, 6, 6, 12, tzinfo=UTC)
SAID = {"source": "A story: https://example.org/story", "as_of": APRIL}


@cache
def packaged_pages(as_of: datetime = END) -> RecordPages:
    """The pages of the packaged election as of a moment."""
    made = parse_election(packaged.demo_files()[0].decode())
    return record_pages(Coverage(standing_rows(packaged_rows("ca34-2017", made.zone), as_of)), made)


def page_of(kind: str, as_of: datetime = END) -> RecordPage:
    """The packaged election's page of a kind."""
    return next(page for page in packaged_pages(as_of).pages if page.here.kind == kind)


@cache
def tree_of(kind: str, language: str = "en", as_of: datetime = END):
    """That page as a tree."""
    return html.document_fromstring(page_html(page_of(kind, as_of), RENDERER, language))


def tree(page: RecordPage, language: str = "en"):
    """A page as a tree."""
    return html.document_fromstring(page_html(page, RENDERER, language))


PEOPLE = (
    Person(id="gomez", name="Jimmy Gomez", option="gomez", **SAID),
    Person(id="ahn", name="Robert Lee Ahn", option="ahn", **SAID),
)
"""Recorded in another order than that of the ballot, which is Ahn, Gomez."""


def pages(*rows) -> RecordPages:
    """The pages of a race between two, with these rows."""
    return record_pages(Coverage((*PEOPLE, *rows)), election(contest("Ahn", "Gomez")))


def endorsement(id_: str, candidate: str = "gomez", polarity: Polarity = Polarity.ENDORSED, **values) -> Endorsement:
    """Somebody's act in the only stage."""
    given = {"endorser": id_.title(), "endorser_type": "club", "stage": "c"}
    return Endorsement(id=id_, candidate=candidate, polarity=polarity, **{**SAID, **given, **values})


def money(candidate: str, end: date, **values) -> Money:
    """What a committee reported."""
    return Money(id=f"{candidate}-{end}", candidate=candidate, end=end, **{**SAID, **values})


QUESTION = Question(id="q1", questionnaire="A paper, 2017", number=1, text="Roads?", topic="roads", **SAID)


def answer(candidate: str, **values) -> Answer:
    """A candidate's answer to the question."""
    return Answer(id=f"{candidate}-q1", question="q1", candidate=candidate, **SAID, **values)


DEBATE = (
    Debate(id="d", title="A debate", contest="c", at=APRIL, candidates=("gomez", "ahn"), video="https://example.org/v.mp4", **SAID),
    Exchange(id="e", debate="d", number=1, label="Roads", topic="roads", offset=3725, **SAID),
    Turn(id="t2", exchange="e", number=2, speaker="ahn", role=TurnRole.DEFENCE, text="Says no.", **SAID),
    Turn(id="t1", exchange="e", number=1, speaker="gomez", role=TurnRole.ATTACK, text="Says yes.", **SAID),
)


def position(candidate: str, stance: str, issue: str = "roads") -> Position:
    """Where a candidate stands."""
    return Position(id=f"{candidate}-{issue}", issue=issue, candidate=candidate, stance=stance, text=f"{stance} it", **SAID)


def later(row, as_of: datetime):
    """The same row, known later."""
    return replace(row, as_of=as_of)


def words(tree, path: str = ".") -> list[str]:
    """The text of every element on a path, its pieces a space apart."""
    return [" ".join(" ".join(one.itertext()).split()) for one in tree.xpath(path)]


def said(tree) -> str:
    """All the text of a tree, its pieces a space apart."""
    return words(tree)[0]
