"""The contest's page as a whole: it is safe, readable without a script, and says what it is to those who share it."""

import gzip
import re
from dataclasses import replace
from itertools import pairwise, product

import pytest

from racecall.calls.states import SlotState
from racecall.desk import packaged
from racecall.publish.site.render import PARTS, Renderer
from site_kinds import KINDS, NIGHT_VIEW
from site_pages import ENGLISH, RENDERER, in_state, page_of, said, whole, words

THREE = Renderer(packaged.site_assets(), ("en", "es", "ko"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_holds_the_policy(kind):
    """No page has a style attribute, a style element, a handler or a script of its own in the text."""
    tree = whole(KINDS[kind])

    found = tree.xpath("//@style | //style | //@*[starts-with(name(), 'on')] | //script[not(@src)] | //body//script")

    assert found == []


@pytest.mark.parametrize(("kind", "language"), [*product(KINDS, ("es", "ko"))])
def test_every_kind_of_page_is_made_in_every_language(kind, language):
    """A page renders in other languages, whatever they have translated so far."""
    tree = whole(KINDS[kind], THREE, language)

    assert tree.get("lang") == language


@pytest.mark.parametrize("kind", KINDS)
def test_every_id_is_used_once_and_every_link_inside_the_page_leads_somewhere(kind):
    """Ids do not repeat, and a jump lands; the section of what it would take is another part's to write."""
    tree = whole(KINDS[kind])
    ids = tree.xpath("//@id")
    leads = {link.removeprefix("#") for link in tree.xpath("//a/@href[starts-with(., '#')]")} - {"break"}

    assert (len(ids) - len(set(ids)), leads - set(ids)) == (0, set())


@pytest.mark.parametrize("kind", KINDS)
def test_headings_come_in_order(kind):
    """One h1, and no level is left out on the way down."""
    levels = [int(one.tag[1]) for one in whole(KINDS[kind]).xpath("//h1 | //h2 | //h3 | //h4")]

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("kind", KINDS)
def test_tables_say_what_they_are(kind):
    """Every table has a caption, every column and row its head."""
    tree = whole(KINDS[kind])

    bare = [one for one in tree.xpath("//table") if not one.xpath("caption") or one.xpath(".//th[not(@scope)]")]

    assert bare == []


@pytest.mark.parametrize("kind", KINDS)
def test_graphics_are_named_or_hidden(kind):
    """A graphic that says something has its sentence; the rest is hidden from screen readers."""
    outer = whole(KINDS[kind]).xpath("//svg[not(ancestor::svg)]")

    assert [one for one in outer if one.get("aria-hidden") != "true" and not one.get("aria-label")] == []


def test_names_cannot_leave_their_place():
    """A candidate called like a piece of markup is text wherever the name stands."""
    tree = whole(KINDS["hostile names"])

    assert tree.xpath("//img | //*[@onload] | //*[@onerror]") == []
    assert "alert(2)" in said(tree.xpath("//*[@id='standing']")[0])


def test_a_plain_bucket_has_the_policy_too():
    """The page carries its own security policy, for servers that send no headers."""
    (policy,) = whole(KINDS["on the night"]).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")


def test_parts_are_wrapped_for_live_updates():
    """Every part has one place of its own, also when it has nothing to say yet."""
    places = whole(KINDS["before the first count"]).xpath("//@data-part")

    assert sorted(places) == sorted(PARTS)


def test_the_body_says_where_updates_come_from():
    """A script finds version, language, moment and pointer without reading the text."""
    (body,) = whole(KINDS["on the night"], version=7).xpath("//body")

    kept = {name: body.get(f"data-{name}") for name in ("version", "pointer", "language", "as-of", "contest")}

    assert kept == {
        "version": "7",
        "pointer": "../../c/c/latest.json",
        "language": "en",
        "as-of": "2017-04-05T08:00:00Z",
        "contest": "c",
    }


def test_an_earlier_state_does_not_change():
    """An as-of page says what it is, leads to the present, and asks for no updates."""
    tree = whole(KINDS["an earlier moment"])

    assert tree.xpath("//@data-pointer | //script") == []
    assert "This page shows an earlier moment. What is known now" in said(tree)


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_as_of_page_takes_over_is_what_it_would_say_itself(kind):
    """The newest count's own page is made from the parts of the page itself, and differs in nothing from one that is made alone."""
    page = KINDS[kind]
    RENDERER.contest(page, "en")

    alone = replace(page, is_current=False, held=(), downloads={})

    assert RENDERER.contest(page.as_of(), "en", path="c/c/at/1/index.html") == RENDERER.contest(alone, "en", path="c/c/at/1/index.html")


def test_a_page_with_another_value_takes_nothing_over():
    """What was worked out for one page is not said of another."""
    page = page_of(NIGHT_VIEW)
    RENDERER.parts(page, "en", base="../../")

    assert replace(page, marks={}).known == {}


def test_what_a_count_does_not_change_of_the_method_is_in_no_patch():
    """When a place is called, and where the files lie, are parts of their own: 600 bytes less for every open page."""
    before, after = (RENDERER.parts(page_of(NIGHT_VIEW, head=head * 32), "en", base="../../") for head in ("ab", "cd"))

    assert {name for name in PARTS if before[name] != after[name]} == {"record"}


def test_there_is_one_polite_region_and_it_starts_empty():
    """Updates are said in one place outside the parts that they replace."""
    (region,) = whole(KINDS["on the night"]).xpath("//*[@role='status']")

    assert (region.get("aria-live"), said(region), region.xpath("ancestor::*[@data-part]")) == ("polite", "", [])


def test_the_age_line_is_there_for_the_script_and_hidden():
    """The line about an old page is written by the server, in the page's language, and shown by the script."""
    (line,) = whole(KINDS["on the night"]).xpath("//*[@data-stale]")

    assert line.get("hidden") is not None
    assert said(line) == "This page is minutes old. Our server does not answer. The figures below were right at 1:00 AM."


def test_a_shared_link_says_what_the_page_says():
    """Title, description and card carry the deck, never more."""
    page = replace(KINDS["on the night"], downloads={"card": "card/c-1.png"})
    tree = whole(page, Renderer(packaged.site_assets(), ("en",), address="https://results.example.org"))
    found = dict(zip(tree.xpath("//meta/@property"), tree.xpath("//meta[@property]/@content"), strict=True))

    assert found["og:image"] == "https://results.example.org/card/c-1.png"
    assert found["og:description"] == said(tree.xpath("//*[contains(@class, 'deck')]")[0])


def test_without_an_address_there_is_no_picture():
    """A share card needs the whole address; a relative one would be a broken picture."""
    tree = whole(replace(KINDS["on the night"], downloads={"card": "card/c-1.png"}))

    assert tree.xpath("//meta[@property='og:image']") == []


def test_other_languages_are_one_link_away():
    """The masthead leads to the same contest in each language, named in its own words."""
    links = whole(KINDS["on the night"], THREE, "es").xpath("//header//a[@hreflang]")

    assert [(one.get("hreflang"), one.get("href"), one.text) for one in links] == [
        ("en", "../../../c/c/index.html", "English"),
        ("ko", "../../../ko/c/c/index.html", "한국어"),
    ]


def test_names_stay_latin_and_marked_in_other_languages():
    """On a Korean page a candidate's name is marked as English wherever it stands."""
    marked = whole(KINDS["on the night"], THREE, "ko").xpath("//*[@class='one']//span[@lang='en']/text()")

    assert marked == ["Gomez", "Ahn"]


def test_a_rehearsal_says_so_on_every_part_of_the_page():
    """A band at the top and a mark behind everything, both in words."""
    tree = whole(KINDS["rehearsed"])

    assert words(tree, "//aside") == [
        "REHEARSAL: not an election result A recorded night is played again. Nothing here is a count of today."
    ]
    assert words(tree, "//*[@class='watermark']") == ["REHEARSAL"]


def test_search_engines_keep_out_of_rehearsals():
    """A rehearsal is not to be found."""
    assert whole(KINDS["rehearsed"]).xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_the_jump_list_names_what_is_there():
    """Sections that have nothing to say are not in the list."""
    jumps = words(whole(KINDS["before the first count"]), "//ul[@class='jump']/li")

    assert jumps == ["Counted and still out", "Standing", "What comes next", "Method and data"]


def test_nobody_is_he_or_she():
    """Sentences use names: no pronoun assumes anything of a candidate."""
    text = " ".join(said(whole(page)) for page in KINDS.values()).casefold()

    assert re.findall(r"\b(he|she|his|her|him)\b", text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_light(kind):
    """Page and styles together stay under 60 kB unpacked."""
    styles = sum(len(data) for name, data in RENDERER.static.items() if name.endswith(".css"))

    assert len(RENDERER.contest(KINDS[kind], "en").encode()) + styles < 60_000


def test_a_large_page_is_light_when_compressed():
    """24 candidates and their styles take less than 20 kB on the wire."""
    whole_page = RENDERER.contest(KINDS["24 candidates"], "en").encode()
    sent = [whole_page, *(data for name, data in RENDERER.static.items() if name.endswith(".css"))]

    assert sum(len(gzip.compress(data)) for data in sent) < 20_000


def test_the_same_page_twice_is_the_same_bytes():
    """Nothing of the moment of rendering is in a page."""
    page = page_of(in_state(NIGHT_VIEW, SlotState.CALLED))

    assert RENDERER.contest(page, "en") == RENDERER.contest(page, "en")


def test_a_sentence_with_markup_keeps_the_rest_escaped():
    """A value that is markup passes, and what stands around and beside it is escaped."""
    from markupsafe import Markup

    assert ENGLISH("%(a)s & %(b)s", a=Markup("<b>x</b>"), b="<i>") == "<b>x</b> &amp; &lt;i&gt;"
