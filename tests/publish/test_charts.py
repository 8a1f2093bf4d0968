"""The sections with charts: their words, their tables, and pictures that no policy forbids."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import contest, hours, recorded, records
from chart_pages import CA34, CA34_CERTIFIED, T, make_page, projected, rows, said, section, units
from racecall.model.release import Report, ReportKind
from racecall.publish.languages.words import Words
from racecall.publish.site.charts.breaks import break_kind
from racecall.publish.site.charts.releases import batches, night_count, press_figures, running_chart, thinned
from racecall.publish.site.charts.svg import Scale, cut, spread, ticks, top_of

SHARES = {"gomez": (0.25, 0.27, 0.3, 0.33), "ahn": (0.16, 0.18, 0.21, 0.24), "cabildo": (0.07, 0.09, 0.11, 0.13)}
LONG = 'Maria "Mia" <script>alert(1)</script> of the Sixty Letters and More'
PARTS = ("break", "range", "releases", "units")


# -- the pieces ----------------------------------------------------------------------------------------------------------------------


def test_a_scale_never_leaves_the_chart():
    """Values beyond the ends stand at the ends."""
    scale = Scale(0, 10, 20, 80)

    assert [scale(value) for value in (-5, 0, 5, 10, 99)] == [20, 20, 50, 80, 80]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 30, (0, 10, 20, 30)), (-27, 32, (-20, 0, 20)), (0, 0.7, (0, 0.2, 0.4, 0.6)), (0, 0, (0,))],
)
def test_ticks_are_round(low: float, high: float, expected: tuple[float, ...]):
    """Steps of 1, 2 or 5, none outside."""
    assert ticks(low, high) == pytest.approx(expected)


def test_the_top_of_a_scale_is_the_next_full_step():
    """A leader at 28.1% has a scale to 30%, one at exactly 30% as well."""
    assert [top_of(share, 0.05) for share in (0.281, 0.3, 0.0)] == pytest.approx([0.3, 0.3, 0.05])


def test_labels_that_would_touch_move_down():
    """Each keeps its place or lies below the one above; the order given stays."""
    assert spread([50, 10, 12], 15) == (50, 10, 25)


def test_a_long_name_is_cut_in_a_picture_only():
    """The table has the whole name."""
    assert cut("A" * 60) == "A" * 25 + "…"


# -- what it would take --------------------------------------------------------------------------------------------------------------


def test_the_break_is_said_before_it_is_drawn():
    """CA-34 with 13,400 ballots out by the county's figure: 20.3 points (the estimate beside it is left out here)."""
    page = make_page(CA34 | {"hernandez": 12547}, names=("Hernandez", "Gomez", "Ahn"), out=13400)
    tree = section(page, "break")

    assert tree.xpath("string(//h2)") == "What it would take for Ahn to pass Gomez"
    assert tree.xpath("string(//p[1])").startswith("Of the ballots still out, Ahn would have to win by ")
    assert [one.tag for one in tree][:3] == ["h2", "p", "svg"]


def test_the_chart_says_its_sentence():
    """Who sees no picture hears the same figures."""
    page = make_page(CA34, out=13400)
    (chart,) = section(page, "break").xpath("//svg[@role='img']")
    pair = page.view.pairs[0]

    assert f"a turn of {pair.points - pair.observed_points:.1f} points" in chart.get("aria-label")


def test_what_cannot_be_undone_has_no_chart():
    """A lead larger than all that can still come in is not drawn as if it could be turned."""
    page = make_page(CA34, out=20)

    assert section(page, "break").xpath("//svg") == []
    assert said(page, "break").startswith(
        "What it would take for Cabildo to pass Ahn This cannot be undone: Ahn is ahead of Cabildo by 2,726 votes"
    )


def test_without_a_figure_for_what_is_out_nothing_is_reckoned():
    """Precincts are no figure."""
    page = make_page(CA34)

    assert break_kind(page) == "unknown"
    assert "what Cabildo would need cannot be said. So far Cabildo trails by 2,726 votes (15.2 points)." in said(page, "break")


def test_equal_votes_are_said_to_be_equal():
    """A tie at the line has no margin to draw."""
    page = make_page({"gomez": 900, "ahn": 500, "cabildo": 500}, out=1000)

    assert "Cabildo and Ahn have the same number of votes." in said(page, "break")
    assert section(page, "break").xpath("//svg") == []


def test_more_than_is_likely_out_is_not_called_impossible():
    """The estimate may be wrong where the bound is not reached."""
    page = make_page(CA34, out=13400)
    pairs = tuple(replace(pair, points=140.0, cannot_happen=None) for pair in page.view.pairs)
    page = replace(page, view=replace(page.view, pairs=pairs))

    assert "are too few" in said(page, "break")
    assert "cannot be undone" not in said(page, "break")


def test_the_table_has_every_pair_and_the_test_for_a_majority():
    """Winning outright is a line of its own."""
    tree = section(make_page(CA34, out=13400), "break")

    assert [row[0] for row in rows(tree, "Margin so far")] == [
        "Cabildo passes Ahn",
        "Hernandez passes Ahn",
        "Cabildo passes Gomez",
        "Hernandez passes Gomez",
        "Gomez passes 50% and is elected outright",
    ]


def test_after_certification_the_need_stands_beside_what_came():
    """Late ballots gave Cabildo 1,481 and Ahn 3,911 of 8,797."""
    page = make_page(CA34, CA34_CERTIFIED, certified=True)
    night = replace(page.looks[0], pairs=tuple(replace(pair, points=20.3) for pair in page.looks[0].pairs))
    page = replace(page, looks=(night, *page.looks[1:]))

    assert rows(section(page, "break"), "Margins needed")[0] == ["Cabildo passes Ahn", "+20.3", "−27.6"]


@pytest.mark.parametrize("names", [(), ("Gomez",)])
def test_with_nobody_outside_there_is_no_section(names):
    """No release, or one candidate."""
    page = make_page({"gomez": 10}, names=names) if names else make_page()

    assert said(page, "break") == ""


# -- where the final shares could end ------------------------------------------------------------------------------------------------


def test_without_a_projection_there_is_no_range():
    """Nothing is drawn that nobody reckoned."""
    assert section(make_page(CA34), "range") is None


def test_a_range_is_said_to_be_no_votes():
    """The words stand above the picture, on a ground of its own."""
    (panel,) = section(projected(make_page(CA34), SHARES), "range").xpath("//div[@class='proj']")

    assert panel.xpath("string(p[1])").startswith("A projection, not votes.")


def test_a_range_has_no_solid_mark():
    """Everything that is not a vote is hatched or dashed, and no middle is drawn."""
    page = projected(make_page(CA34), SHARES)
    paints = {one.get("class") for one in section(page, "range").xpath("//svg[@class='chart']/rect")}

    assert {paint.split()[0] for paint in paints} == {"fpa", "fpb", "fpc", "fnone"}


def test_ranges_are_written_in_whole_per_cents():
    """A projection has no decimals."""
    tree = section(projected(make_page(CA34), SHARES), "range")

    assert rows(tree, "Final share")[0] == ["Gomez", "27–30%", "25–33%"]


def test_after_certification_hits_and_misses_are_counted_alike():
    """Gomez and Cabildo end inside 9 in 10 and outside 5 in 10, Ahn outside both."""
    shares = {"gomez": 8000, "ahn": 6000, "cabildo": 2000, "hernandez": 4000}
    ranges = {"gomez": (0.3, 0.31, 0.35, 0.45), "ahn": (0.2, 0.22, 0.25, 0.28), "cabildo": (0.05, 0.06, 0.08, 0.12)}
    page = projected(make_page(CA34, shares, certified=True), ranges, look=0)

    assert "Of the ranges drawn, 2 of 3 that should hold it 9 times in 10 do, and 0 of 3 that should hold it 5 times in 10." in said(
        page, "range"
    )
    assert [row[-1] for row in rows(section(page, "range"), "Final share")] == ["yes", "no", "yes"]


# -- count by count ------------------------------------------------------------------------------------------------------------------


def test_each_release_leads_to_the_page_as_it_stood():
    """The link is the number of the release."""
    tree = section(make_page(CA34, CA34_CERTIFIED), "releases")

    assert tree.xpath("//table[1]//a/@href") == ["../../c/c/at/2/index.html", "../../c/c/at/1/index.html"]


def test_a_batch_has_the_shares_of_its_own_votes():
    """Of the 8,797 votes between the two counts Ahn has 3,911."""
    batch = batches(make_page(CA34, CA34_CERTIFIED))[1]

    assert batch.added == 8797
    assert batch.shares["ahn"] == pytest.approx(3911 / 8797)


def test_a_count_that_falls_is_a_correction_and_has_no_shares():
    """What was taken away is said, not drawn."""
    page = make_page(CA34, CA34 | {"gomez": 8056})

    assert "1 release took votes away: a correction." in said(page, "releases")
    assert rows(section(page, "releases"), "Share inside")[1][1:] == ["−100", "a correction: no shares"]


def test_others_given_one_by_one_are_no_correction():
    """The certified count of CA-34 names fifteen who were one sum on the night."""
    of = contest("Gomez", "Ahn", "Mac", others=True)
    page = make_page({"gomez": 100, "ahn": 50, "all_others": 30}, {"gomez": 200, "ahn": 150, "mac": 60}, of=of)
    batch = batches(page)[1]

    assert not batch.is_correction
    assert sorted(batch.shares) == ["ahn", "gomez"], "what a sum was split into has no share of the batch"


def test_hundreds_of_releases_are_thinned_and_said_to_be():
    """The first and the last always stay; steps are of votes, not of time."""
    page = make_page(*({"gomez": 100 * n, "ahn": 90 * n, "cabildo": 10} for n in range(1, 301)))
    kept = thinned(page.releases)

    assert (len(kept), kept[0].number, kept[-1].number) == (24, 1, 300)
    assert "300 releases are recorded. Drawn and listed are 24 of them, in about equal steps of votes." in said(page, "releases")


def test_a_correction_among_hundreds_is_never_hidden():
    """It keeps a row of its own, whatever the steps."""
    page = make_page(*({"gomez": 100 * n - 250 * (n > 150), "ahn": 90 * n} for n in range(1, 301)))
    corrections = [row for row in batches(page) if row.is_correction]

    assert [(row.added, row.look.number) for row in corrections] == [(-60, 151)]


def test_joined_batches_lose_no_vote():
    """Neighbours become one row, and the rows add up to the count."""
    page = make_page(*({"gomez": 100 * n, "ahn": 90 * n} for n in range(1, 301)))
    rows_ = batches(page)

    assert sum(row.added for row in rows_) == page.view.votes_counted
    assert sum(row.releases for row in rows_) == 300


def test_what_is_out_is_hatched_to_the_expected_total():
    """The plot ends where the likely total is."""
    page = make_page({"gomez": 50, "ahn": 40}, {"gomez": 500, "ahn": 400}, out=900)
    tree = lxml.html.fragment_fromstring(running_chart(page, T))
    (hatch,) = tree.xpath("//rect[@class='fh faint']")
    counted = page.view.share_counted.likely

    assert float(hatch.get("width").rstrip("%")) == pytest.approx(78 * (1 - counted), abs=0.02)


def test_a_running_share_is_one_line_through_every_count():
    """Each count is one point of it, written once."""
    page = make_page({"gomez": 50, "ahn": 40}, {"gomez": 500, "ahn": 400}, {"gomez": 900, "ahn": 850})
    tree = lxml.html.fragment_fromstring(running_chart(page, T))

    assert [len(line.get("d")[1:].split()) / 2 for line in tree.xpath("//path[starts-with(@class, 'ln ')]")] == [3, 3]


def test_languages_that_write_numbers_alike_share_a_drawing():
    """And one that writes them differently has its own."""
    page = make_page({"gomez": 5000, "ahn": 4000}, {"gomez": 50000, "ahn": 40000})
    english, spanish, german = (running_chart(page, Words(code)) for code in ("en", "es", "de"))

    assert (">90,000<" in english, ">90,000<" in spanish, ">90.000<" in german) == (True, True, True)


def test_what_the_press_printed_before_the_first_release_is_open_and_dotted():
    """A share of a total that no release gave is no count."""
    given = {"contest": "c", "kind": ReportKind.FIGURE, "by": "A paper", "at": hours(-2), "source": "A paper"}
    reports = (Report(**given, votes=15000), Report(**given, option="ahn", share=0.25))
    page = make_page(CA34, known=records(recorded(CA34), reports=reports))
    chart = lxml.html.fragment_fromstring(running_chart(page, T))

    assert press_figures(page)[0].shares == {"ahn": 0.25}
    assert len(chart.xpath("//line[contains(@class, 'dots')]")) == len(chart.xpath("//path[contains(@class, 'fpaper')]")) == 1
    assert "They are no release." in said(page, "releases")


def test_the_night_stands_beside_the_certified_count():
    """The night is the last count within hours of the close of the polls."""
    page = make_page(CA34, CA34_CERTIFIED, certified=True)
    page = replace(page, election=replace(page.election, polls_close=hours(-15.5)))

    assert night_count(page).number == 1
    assert rows(section(page, "releases"), "Share of all votes")[0] == ["Gomez", "45.4%", "40.1%", "−5.3"]


def test_before_the_first_release_there_is_no_section():
    """Nothing counted, nothing drawn."""
    assert section(make_page(), "releases") is None


def test_a_release_without_a_candidates_votes_says_not_held():
    """A missing figure is never 0."""
    page = make_page({"gomez": 100, "ahn": 50, "cabildo": 20}, {"gomez": 200, "ahn": 90})

    assert rows(section(page, "releases"), "Votes and running shares")[0][3:] == ["69.0%", "31.0%", "not held"]


COUNTS = st.lists(st.dictionaries(st.sampled_from(["gomez", "ahn", "cabildo", "hernandez"]), st.integers(0, 50_000)), max_size=5)


@given(counts=COUNTS, out=st.none() | st.integers(0, 10**7), certified=st.booleans())
@settings(max_examples=60)
def test_whatever_is_counted_can_be_drawn(counts, out, certified):
    """Counts that fall, that are zero, that lack somebody: every position is inside the chart, and every section is whole."""
    page = make_page(*counts, out=out, certified=certified)
    trees = [tree for name in PARTS if (tree := section(page, name)) is not None]
    places = [one for tree in trees for one in tree.xpath("//svg[@role='img']//@x | //svg//@x1 | //svg//@x2 | //svg//rect/@width")]

    assert [one for one in places if one.endswith("%") and not 0 <= float(one.rstrip("%")) <= 100] == []
    assert [tree.tag for tree in trees if "None" in tree.text_content()] == []


# -- all of them ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def every():
    """Sections of pages of many kinds."""
    crowd = {f"name{number}": 100 + number for number in range(24)}
    stranger = contest("Gomez", "Ahn", "Cabildo")
    stranger = replace(stranger, options=(replace(stranger.options[0], name=LONG), *stranger.options[1:]))
    near = units(a={"gomez": 50, "ahn": 20, "cabildo": 1}, b={"gomez": 1, "ahn": 70, "cabildo": 90}, c={"gomez": 3})
    pages = [
        projected(make_page(CA34, CA34 | {"gomez": 8000}, CA34_CERTIFIED, out=13400, units=near), SHARES),
        make_page(CA34, CA34_CERTIFIED, certified=True, units=near),
        make_page(crowd, names=tuple(f"Name{number}" for number in range(24)), out=500),
        projected(make_page(CA34, of=stranger, out=9000, units=near), SHARES),
        make_page({"yes": 10, "no": 20}, names=("Yes", "No"), rule="measure-majority", out=20),
        make_page({"gomez": 0, "ahn": 0}, names=("Gomez", "Ahn")),
    ]
    return [tree for page in pages for name in PARTS if (tree := section(page, name)) is not None]


def test_no_section_has_style_or_script_of_its_own(every):
    """The content-security policy would not run them."""
    assert [one.tag for tree in every for one in tree.xpath("//*[@style or starts-with(name(@*), 'on')] | //style | //script")] == []


def test_every_chart_has_a_sentence_and_a_table(every):
    """Who sees no picture reads or hears the same."""
    charts = [(tree, chart) for tree in every for chart in tree.xpath("//svg[@role='img']")]

    assert len(charts) > 8
    assert all(chart.get("aria-label", "").endswith(".") and tree.xpath(".//table") for tree, chart in charts)


def test_no_chart_scales_its_text(every):
    """A viewBox would; only the map has one, and no text."""
    assert [chart.tag for tree in every for chart in tree.xpath("//svg[@*[name() = 'viewbox' or name() = 'viewBox'] and .//text]")] == []


def test_every_class_of_a_chart_is_in_the_style_sheet(every):
    """A misspelt class would be black, and nobody would see why."""
    from racecall.desk.packaged import site_assets

    styles = site_assets().static["charts.css"].decode()
    used = {name for tree in every for one in tree.xpath("//svg//*[@class]") for name in one.get("class").split()}

    assert sorted(name for name in used if f".{name}" not in styles) == []


def definitions() -> str:
    """What every page has of patterns, marks and glyphs."""
    from racecall.desk.packaged import site_assets
    from racecall.publish.site.render import Renderer

    return Renderer(site_assets(), ("en",)).other("defs.html.j2", "en", path="").strip()


def test_every_pattern_and_mark_is_in_the_shared_definitions(every):
    """Hatches and marks are drawn once a page."""
    held = lxml.html.fragment_fromstring(definitions())
    used = {href.removeprefix("#") for tree in every for href in tree.xpath("//use/@href")}

    assert used <= set(held.xpath("//@id"))


def test_every_state_of_a_place_has_a_glyph():
    """Named as the state is."""
    from racecall.calls.states import SlotState

    held = lxml.html.fragment_fromstring(definitions()).xpath("//symbol/@id")

    assert {f"g-{state}" for state in SlotState} <= set(held)


def test_a_name_is_never_markup(every):
    """Neither in a sentence nor in a picture."""
    assert any(LONG in tree.text_content() for tree in every)
    assert [tree for tree in every if tree.xpath("//script")] == []
