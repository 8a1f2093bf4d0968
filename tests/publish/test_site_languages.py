"""What a reader of another language reads: every sentence is from its catalogue, and none says more than the state of the place."""

import re
from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from babel.messages.pofile import read_po, write_po
from lxml import etree, html

from builders import NIGHT, hours
from chart_pages import CA34, CA34_CERTIFIED, make_page, projected, units
from racecall.calls.states import SlotState
from racecall.desk import packaged
from racecall.model.contest import EarlierContest, Option
from racecall.model.decision import DecisionKind
from racecall.model.finding import Severity
from racecall.model.release import Report, ReportKind, ResultsStatus
from racecall.publish.site.card import card_svg
from racecall.publish.site.embed import embed_page
from racecall.publish.site.index import index_page, read_said
from racecall.publish.site.live import sentence
from racecall.publish.site.page import ContestPage
from racecall.publish.site.render import Assets, Renderer
from racecall.publish.site.speech import name, person
from racecall.publish.status_json import status_bytes
from site_pages import VOTES, crowd, decided, finding, in_state, page_of, view_of

ASSETS = packaged.site_assets()
THREE = Renderer(ASSETS, ("en", "es", "ko"))
NIGHT_VIEW = view_of(VOTES, out=13400, units_reported=192, units_total=192, next_round="runoff")
SHARES = {"gomez": (0.25, 0.27, 0.3, 0.33), "ahn": (0.16, 0.18, 0.21, 0.24)}


def reported(*kinds: ReportKind) -> tuple[Report, ...]:
    """What others said, one of each kind."""
    return tuple(
        Report(contest="c", kind=kind, by="Ahn", at=NIGHT, source="", option="ahn", votes=100 if kind is ReportKind.FIGURE else None)
        for kind in kinds
    )


def calls(*states: SlotState, conditional: str = "") -> ContestPage:
    """The night's page with these states, the decisions behind them, and everything that others said."""
    kinds = (DecisionKind.APPROVE, DecisionKind.RETRACT, DecisionKind.REAFFIRM)
    made = [decided(who, kind, by, after=at) for at, kind in enumerate(kinds, 1) for who in ("gomez", "ahn") for by in ("Ann", "Bo")]
    view = replace(NIGHT_VIEW, reports=reported(*(kind for kind in ReportKind if kind is not ReportKind.NEXT_RELEASE)))
    return page_of(in_state(view, *states, decisions=made, conditional=conditional))


def everything(severity: Severity) -> ContestPage:
    """A page with a finding, a correction, an earlier contest and files to take away."""
    view = replace(view_of(VOTES, status=ResultsStatus.CORRECTION, ballots=None), findings=(finding("Found.", severity),) * 8)
    before = EarlierContest(title="Before", date=NIGHT.date(), votes=10, options=(("Ann", "D", 10),), source="Record")
    files = {"nist-json": "a", "nist-xml": "b", "openelections": "c", "elex": "d", "parquet": "e", "arrow": "f"}
    view = replace(view, contest=replace(view.contest, earlier=(before,)))
    return page_of(view, downloads=files, rehearsal=True)


PAGES: dict[str, ContestPage] = {
    "before the first count": page_of(view_of(None)),
    "an earlier moment": page_of(NIGHT_VIEW, is_current=False),
    **{f"places that are {state}": calls(state, state) for state in SlotState},
    **{f"{state}, conditional": calls(state, state, conditional="It is open.") for state in (SlotState.LEADING, SlotState.LIKELY)},
    **{f"a finding: {severity}": everything(severity) for severity in Severity},
    "nothing known of what is left": page_of(view_of(VOTES)),
    "certified": make_page(CA34, CA34_CERTIFIED, out=400, certified=True),
    "projected": projected(make_page(CA34, out=13400), SHARES),
    "ranges after the count": projected(make_page(CA34, CA34_CERTIFIED, certified=True), SHARES, look=0),
    "units": make_page(CA34, out=400, units=units(u1={"gomez": 40, "ahn": 10}, u2={"ahn": 60, "gomez": 3}, u3={"ahn": 1})),
    "nine places": page_of(view_of(crowd(17), rule="generic-plurality", number_elected=9, out=3000)),
    "one place": page_of(view_of(VOTES, rule="generic-plurality", out=3000)),
    "elected": page_of(view_of(VOTES, rule="generic-plurality", status=ResultsStatus.CERTIFIED)),
    "a measure": page_of(view_of({"yes": 520, "no": 480}, rule="measure-majority", out=90)),
    "a measure that is certified": page_of(view_of({"yes": 520, "no": 480}, rule="measure-majority", status=ResultsStatus.CERTIFIED)),
    "ranked choice": page_of(view_of({"a": 500, "b": 300, "c": 250}, status=ResultsStatus.CERTIFIED, rule="us-ca-sf-rcv")),
    "a tie": page_of(view_of({"a": 500, "b": 300, "c": 300}, status=ResultsStatus.CERTIFIED, rule="us-ca-primary-voter-nominated")),
}


# -- every sentence is the catalogue's -----------------------------------------------------------------------------------------------

PLACES = re.compile(r"(%\(\w+\)s|%%|\{\w+\})")


def pseudo(message: str) -> str:
    """Write a sentence in a language that nobody speaks: no plain letter is left, and it is two fifths longer."""
    kept = PLACES.split(message)
    bent = [
        "".join("ø" if one.isascii() and one.isalpha() else one for one in part) if at % 2 == 0 else part for at, part in enumerate(kept)
    ]
    return "".join(bent) + "ø" * (2 * len(message) // 5)


@cache
def nobody_speaks() -> Renderer:
    """A site in that language; Korean lends its dates, which have no Latin letters."""
    held = read_po(BytesIO(ASSETS.catalogues["ko"]))
    for entry in held:
        if entry.id:
            entry.string = (pseudo(entry.id[1]),) if isinstance(entry.id, tuple) else pseudo(entry.id)
    made = BytesIO()
    write_po(made, held)
    return Renderer(Assets(templates=ASSETS.templates, static=ASSETS.static, catalogues={"ko": made.getvalue()}), ("ko",))


SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-say-moved", "data-say-sorted", "data-say-found", "data-say-find")
"""Attributes that people read or hear."""
NAMES = {"racecall", "NIST", "JSON", "XML", "CSV", "English", "Español"}
LATIN = re.compile(r"[A-Za-z]{2,}")


def english_in(tree: etree._Element, names: set[str]) -> set[str]:
    """Return the plain words that a page says outside of what is marked as English, but for names."""
    texts = tree.xpath("//text()[not(ancestor::*[@lang='en'])][not(ancestor::script)][not(ancestor::code)][not(ancestor::head)]")
    texts += [value for one in SPOKEN for value in tree.xpath(f"//@{one}")]
    texts += tree.xpath("//meta[@name='description']/@content | //meta[@property='og:description']/@content")
    known = NAMES | {word for one in names for word in LATIN.findall(one)}
    return {word for text in texts for word in LATIN.findall(PLACES.sub("", text)) if word not in known}


def names_of(page: ContestPage) -> set[str]:
    """Names that are never translated: of people, of what they stand for, and codes."""
    return {option.name for option in page.contest.options} | {
        page.contest.title,
        page.election.title,
        page.head,
        "cd" * 32,
        "cdcdcdcdcdcd",
    }


@pytest.mark.parametrize("kind", PAGES)
def test_every_sentence_of_a_page_is_from_the_catalogue(kind: str) -> None:
    """In a language without plain letters a page has none, but in names and in what is marked as English."""
    page = PAGES[kind]
    made = nobody_speaks().contest(page, "ko")
    assert english_in(html.document_fromstring(made), names_of(page)) == set()


@pytest.mark.parametrize("state", SlotState)
def test_every_sentence_of_a_widget_and_a_card_is_from_the_catalogue(state: SlotState) -> None:
    """The widget of a contest and the share card of a place, in every state."""
    page = calls(state, state)
    widget = html.document_fromstring(embed_page(nobody_speaks(), page, "ko", version=1))
    card = etree.fromstring(card_svg(nobody_speaks(), page, 1, "ko").encode())
    assert english_in(widget, names_of(page)) | english_in(card, names_of(page)) == set()


def index_in(renderer: Renderer, language: str, *states: SlotState) -> html.HtmlElement:
    """The page with all contests of an election whose one contest has places in these states."""
    page = page_of(in_state(NIGHT_VIEW, *states))
    said = status_bytes(page.view, election=page.election.id, head=page.head)
    index = index_page(page.election, [read_said(said)], held=["c"], as_of=hours(2))
    return html.document_fromstring(renderer.other("index.html.j2", language, path="index.html", page=index, version=1))


@pytest.mark.parametrize("state", SlotState)
def test_every_sentence_of_the_index_is_from_the_catalogue(state: SlotState) -> None:
    """The page with all contests, with its sections, filters and what a script says."""
    page = page_of(NIGHT_VIEW)
    assert english_in(index_in(nobody_speaks(), "ko", state, state), names_of(page)) == set()


@pytest.mark.parametrize("state", SlotState)
def test_the_sentence_for_people_who_hear_the_page_is_from_the_catalogue(state: SlotState) -> None:
    """What a patch says aloud."""
    page = page_of(in_state(NIGHT_VIEW, state, state))
    said = sentence(page.view, {}, nobody_speaks().words["ko"])
    assert [word for word in LATIN.findall(said) if word not in {"Gomez", "Ahn"}] == []


# -- nothing above the state ---------------------------------------------------------------------------------------------------------

SAYS_MORE = {
    "es": re.compile(
        r"\b(pasa|pasan|pasó|pasará|avanza\w*|gan(?:a|an|ó|aron|ará|arán|ador|adora)|electo|elegid[oa]|vence\w*|triunf\w*)\b", re.IGNORECASE
    ),
    "ko": re.compile("확실합니다|확실시|진출했|진출합니다|당선됐|당선되|당선했|승리했|이겼"),
}
"""Words that nothing short of a call may be told with; "pase" and "확실 판정은 하지 않았습니다" say that it is not."""
NOT_CALLED = (SlotState.TOO_EARLY, SlotState.TOO_CLOSE, SlotState.LEADING, SlotState.LIKELY)
RULES = ("us-ca-special-primary", "us-ca-primary-voter-nominated", "generic-plurality", "measure-majority")


def told(page: ContestPage, language: str) -> str:
    """What a page, its widget and its first card say of the contest, without what it says of our method and what a rung is called."""
    whole = html.document_fromstring(THREE.contest(page, language))
    for silent in whole.xpath("//*[@id='method'] | //ol[@class='ladder'] | //*[@id='log'] | //*[@id='claims']"):
        silent.drop_tree()
    widget = html.document_fromstring(embed_page(THREE, page, language, version=1))
    return " ".join((whole.text_content(), widget.text_content(), " ".join(whole.xpath("//@aria-label"))))


@pytest.mark.parametrize("language", SAYS_MORE)
@pytest.mark.parametrize("state", NOT_CALLED)
@pytest.mark.parametrize("rule", RULES)
def test_nothing_says_that_somebody_goes_through_before_a_call(language: str, state: SlotState, rule: str) -> None:
    """No page, widget or card of a place that is at most likely has a word of being through, in any language."""
    votes = {"yes": 5200, "no": 4800} if rule == "measure-majority" else VOTES
    view = view_of(votes, rule=rule, out=3000)
    page = page_of(in_state(view, *(state for _ in view.slots)))
    assert SAYS_MORE[language].findall(told(page, language)) == []


@pytest.mark.parametrize("language", SAYS_MORE)
@pytest.mark.parametrize("state", NOT_CALLED)
def test_the_index_says_no_more_than_the_state(language: str, state: SlotState) -> None:
    """Neither does the page with all contests; what a line would mean "as things stand" is not said of anybody."""
    tree = index_in(THREE, language, state, state)
    tree.xpath("//main/p[@class='tiny']")[0].drop_tree()
    assert SAYS_MORE[language].findall(tree.text_content()) == []


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "es",
            ("Gomez pasa a la segunda vuelta, según la proyección de racecall.", "Es probable que Ahn pase a la segunda vuelta. Aún no"),
        ),
        (
            "ko",
            ("racecall 판정: Gomez 후보의 결선 진출이 확실합니다.", "Ahn 후보의 결선 진출이 유력하지만 아직 확실 판정은 하지 않았습니다."),
        ),
    ],
)
def test_a_call_and_what_is_likely_have_the_words_of_the_style_sheet(language: str, sentences: tuple[str, str]) -> None:
    """The sentences that readers quote are those that were agreed on."""
    said = told(page_of(in_state(NIGHT_VIEW, SlotState.CALLED, SlotState.LIKELY)), language)
    assert [one for one in sentences if one not in said] == []


# -- names ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "written"),
    [
        (Option(id="ahn", name="Robert Lee Ahn"), '<span lang="en">Robert Lee Ahn</span> 후보'),
        (Option(id="yes", name="Yes"), '<span lang="en">Yes</span>'),
    ],
)
def test_a_candidate_in_a_korean_sentence_has_a_title(option: Option, written: str) -> None:
    """Particles follow the title, whatever the name ends with; an answer to a question is nobody."""
    assert name(option, THREE.words["ko"]) == written


def test_a_name_that_stands_alone_has_none() -> None:
    """In a table or on a card the name is as the ballot prints it."""
    assert person(Option(id="ahn", name="Robert Lee Ahn"), THREE.words["ko"]) == '<span lang="en">Robert Lee Ahn</span>'


ALIKE = {
    "es": {"no", "racecall", "Video", "club"},
    "ko": set(),
}


@pytest.mark.parametrize("language", ["es", "ko"])
def test_no_translation_is_the_english_sentence(language: str) -> None:
    """What has words is in other words."""
    catalogue = read_po(BytesIO(ASSETS.catalogues[language]))
    same = {str(entry.id) for entry in catalogue if entry.id and entry.string == entry.id and LATIN.search(PLACES.sub("", str(entry.id)))}
    assert same - ALIKE[language] == set()


# -- the earlier moments of a page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es", "ko"])
def test_earlier_moments_are_linked_where_they_lie(language: str) -> None:
    """As-of pages are made in the first language of a site alone, and every page leads to them there."""
    tree = html.document_fromstring(THREE.contest(page_of(NIGHT_VIEW), language))
    base = "../../" if language == "en" else "../../../"
    assert set(tree.xpath("//*[@id='earlier-states']//li/a/@href")) == {f"{base}c/c/at/1/index.html"}
