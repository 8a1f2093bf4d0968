"""The pages beside the count: the same order and words for every candidate, what is missing said, nothing known before its time."""

import json
from dataclasses import replace
from datetime import date

import pytest

from builders import contest, election
from coverage_pages import (
    APRIL,
    DEBATE,
    END,
    JUNE,
    LANGUAGES,
    PEOPLE,
    QUESTION,
    SAID,
    answer,
    endorsement,
    money,
    packaged_pages,
    page_of,
    pages,
    position,
    said,
    tree,
    tree_of,
    words,
)
from racecall.coverage.record import Coverage
from racecall.coverage.rows import Allegation, Completeness, Polarity, Review, StatedClaim
from racecall.publish.site import paths
from racecall.publish.site.beside import RecordPages, record_pages, seconds_into

HOSTILE = "</script><script>alert(1)</script>"


def only(made, kind):
    return next(page for page in made.pages if page.here.kind == kind)


# -- which pages there are -----------------------------------------------------------------------------------------------------------


def test_without_a_record_there_is_no_page():
    """And nothing to link to."""
    made = record_pages(Coverage(), election(contest("Ahn", "Gomez")))

    assert (made, made.links("c")) == (RecordPages(), ())


def test_the_packaged_race_has_three_pages():
    """Both rounds are one race, and lead to the same ones."""
    made = packaged_pages()

    assert [one.kind for one in made.links("ca34-2017-primary")] == ["race", "debate", "questionnaire"]
    assert made.links("ca34-2017-primary") == made.links("ca34-2017-runoff")


def test_on_the_day_after_the_primary_there_is_no_debate_yet():
    """A page shows what was known."""
    assert [page.here.kind for page in packaged_pages(APRIL).pages] == ["race", "questionnaire"]


@pytest.mark.parametrize("path", ["coverage/race/x/index.html", "es/coverage/popolo.json"])
def test_files_beside_the_count_are_known_by_their_paths(path):
    """In every language."""
    assert paths.is_beside(path)


@pytest.mark.parametrize("path", ["c/coverage/index.html", "es/c/coverage/index.html", "v/3/coverage/x.json", "index.html"])
def test_a_contest_may_be_named_coverage(path):
    """Its files are its own."""
    assert not paths.is_beside(path)


# -- a debate ------------------------------------------------------------------------------------------------------------------------


def test_exchanges_and_turns_stand_in_their_order():
    """Whatever the order they were recorded in."""
    stretch = only(pages(*DEBATE), "debate").stretches[0]

    assert [speech.turn.id for speech in stretch.turns] == ["t1", "t2"]


def test_candidates_of_a_debate_stand_in_the_order_of_the_ballot():
    """Not in that of the record."""
    assert [one.id for one in only(pages(*DEBATE), "debate").candidates] == ["ahn", "gomez"]


def test_what_is_not_on_record_is_said():
    """Hosts, moderators and video of the packaged debate were not found."""
    facts = words(tree_of("debate"), "//dl[@class='facts']/div")

    assert [one for one in facts if "not on record" in one] == ["Hosts not on record", "Moderators not on record", "Video not on record"]


def test_beside_a_claim_stands_what_became_of_it():
    """The verdict with its sign and word, the reason, the reviewer and the day."""
    (card,) = tree_of("debate").xpath("//*[@id='claim-ahn-gas-tax-july']")

    assert words(card, ".//*[contains(@class, 'chip')]") == ["Contradicted"]
    assert card.xpath(".//use/@href") == ["#g-contradicted"]
    assert "took effect on November 1, 2017" in said(card)
    assert "racecall, as of May 26, 2017" in said(card)


def test_the_row_that_a_review_rests_on_is_said_in_words():
    """Not by its id."""
    (card,) = tree_of("debate").xpath("//*[@id='claim-ahn-gas-tax-july']")

    assert words(card, ".//details//li") == ["gas tax, SB 1, California: in force from November 1, 2017"]


def test_a_review_that_another_takes_the_place_of_is_kept_under_it():
    """As of 2017 the earlier one is the only one."""
    end, june = (tree_of("debate", as_of=moment).xpath("//*[@id='claim-ahn-corporate-money']")[0] for moment in (END, JUNE))

    assert "49.7%" in said(end)
    assert "1 earlier review" in said(end)
    assert "49.7%" not in said(june)


def test_a_claim_that_nobody_reviewed_says_so():
    """It is not left out."""
    claim = StatedClaim(id="k", text="It rained.", speaker="ahn", **SAID)

    assert "Nobody has reviewed this claim yet." in said(tree(only(pages(claim), "race")))


def test_what_both_said_elsewhere_is_shown_for_both():
    """The answer that one gave and the other's that was not seen."""
    (box,) = tree_of("debate").xpath("//*[@id='exchange-1']//*[@class='elsewhere']")
    ahn, gomez = words(box, ".//div[h4]")

    assert ahn.endswith("Would you work with Republicans on health care? no answer seen")
    assert "For. would certainly be willing to work with responsible Republicans" in gomez


def test_agreement_is_counted_with_its_base():
    """Of five issues on which both stand on record they agree on three."""
    assert "On 5 issues" in said(tree_of("debate").xpath("//*[@id='agreement']")[0])
    assert "Alike on 3, apart on 2." in said(tree_of("debate").xpath("//*[@id='agreement']")[0])


def test_an_issue_on_which_one_is_silent_is_not_compared():
    """There is nothing to compare with."""
    assert only(pages(*DEBATE, position("gomez", "support")), "debate").issues == ()


def test_an_exchange_leads_into_the_video():
    """At its second."""
    link = tree(only(pages(*DEBATE), "debate")).xpath("//*[@id='exchange-1']//a[contains(@href, '.mp4')]")[0]

    assert (link.get("href"), link.text_content()) == ("https://example.org/v.mp4#t=3725", "In the video at 1:02:05")


@pytest.mark.parametrize(
    ("address", "there"),
    [("https://youtu.be/x", "https://youtu.be/x?t=9"), ("https://www.youtube.com/watch?v=x", "https://www.youtube.com/watch?v=x&t=9")],
)
def test_youtube_takes_the_second_as_a_parameter(address, there):
    """Everything else takes a media fragment."""
    assert seconds_into(address, 9) == there


# -- a questionnaire -----------------------------------------------------------------------------------------------------------------


def test_no_answer_is_a_cell():
    """One that was not seen and one that was not given are told apart."""
    page = only(pages(QUESTION, answer("gomez", answered=False)), "questionnaire")

    assert words(tree(page), "//table//tbody//td") == ["no answer seen", "did not answer"]


def test_every_candidate_on_record_has_a_row():
    """24 in the packaged race, in the order of the ballot."""
    names = words(tree_of("questionnaire"), "//tbody//th")

    assert (len(names), names[0]) == (24, "Robert Lee Ahn")


def test_how_far_candidates_agree_is_a_count_with_its_base():
    """One question has two stances, and they differ."""
    page = only(pages(QUESTION, answer("ahn", stance="support"), answer("gomez", stance="oppose")), "questionnaire")

    assert (len(page.comparable), page.alike) == (1, 0)
    assert "On 1 question a stance of two candidates or more is on record; on 0 of these all of them stand alike." in said(tree(page))


def test_without_two_stances_nothing_is_said_of_agreement():
    """The packaged answers are one candidate's."""
    assert "nothing can be said of how far they agree" in said(tree_of("questionnaire"))


# -- endorsements --------------------------------------------------------------------------------------------------------------------


def test_acts_stand_by_their_day_with_what_was_done():
    """A day that is not known is the day by which it was."""
    rows = words(tree_of("race"), "(//table[contains(@class, 'ledger')])[1]/tbody/tr")

    assert rows[3].startswith("by Apr 5, 2017 Our Revolution group declined to endorse anybody")


def test_a_list_that_is_not_whole_says_so():
    """Under each round."""
    assert said(tree_of("race").xpath("//*[@id='endorsements']")[0]).count("This list is not complete") == 2


def test_a_list_that_is_whole_says_so():
    """Somebody has marked it."""
    whole = Completeness(id="w", of="endorsement", complete=True, **SAID)

    assert "This list is marked as whole." in said(tree(only(pages(endorsement("a"), whole), "race")))


def test_endorsers_are_counted_by_type():
    """In the runoff, all of one candidate: the other's list is as open."""
    stage = page_of("race").stages[1]

    assert [(person.id, dict(types)) for person, types in stage.tallies] == [
        ("gomez", {"group": 1, "officeholder": 2, "union": 1, "former candidate": 1, "club": 1})
    ]


def test_an_endorsement_that_was_taken_back_counts_no_longer():
    """Both acts stay in the list."""
    back = endorsement("b", endorser="A", polarity=Polarity.WITHDRAWN)
    stage = only(pages(endorsement("a", endorser="A"), back), "race").stages[0]

    assert (stage.tallies[0][1] if stage.tallies else {}, len(stage.acts)) == ({}, 2)


# -- money and early ballots ---------------------------------------------------------------------------------------------------------


def test_a_total_of_the_whole_cycle_is_not_shown_for_an_earlier_day():
    """On election day two reports to May 17 and the one to March 15 were known."""
    ends = {end for period in page_of("race", JUNE).periods for end in period.ends}

    assert ends == {date(2017, 3, 15), date(2017, 5, 17)}


def test_candidates_with_money_stand_in_the_order_of_the_ballot():
    """Not by how much they have."""
    found = pages(money("gomez", date(2017, 3, 15), receipts=9.0), money("ahn", date(2017, 3, 15), receipts=1.0))

    assert [person.id for person, _ in only(found, "race").periods[0].rows] == ["ahn", "gomez"]


def test_rounded_sums_say_so_and_missing_ones_are_a_dash():
    """Gomez's loans to May 17 were not printed."""
    rows = words(tree_of("race", as_of=JUNE), "//table[contains(@class, 'sums')]//tr[th[contains(., 'Gomez')]]")

    assert "about $961,000 – about $743,380" in rows[0] + rows[1]


def test_a_bar_has_what_was_given_and_what_was_lent():
    """Receipts have loans in them."""
    period = only(pages(money("ahn", date(2017, 3, 15), receipts=100.0, loans=25.0)), "race").periods[0]

    assert period.bar(period.rows[0][1]) == (75.0, 25.0)


def test_early_ballots_name_the_firm_and_the_method():
    """And that no office counts them so."""
    early = said(tree_of("race").xpath("//*[@id='early']")[0])

    assert "Korean American, ballots returned Apr 3, 2017 4,001 – – Political Data surname and birthplace" in early
    assert "No office counts ballots by group" in early


# -- accusations, sources, words -----------------------------------------------------------------------------------------------------


def test_an_accusation_is_recorded_and_not_rated():
    """Who, against whom, known by when."""
    row = Allegation(id="a", by="former staff", against="ahn", text="Noise.", **SAID)
    text = said(tree(only(pages(row), "race")).xpath("//*[@id='accusations']")[0])

    assert "By former staff, against Robert Lee Ahn, known by April 5, 2017: Noise. Not rated." in text


@pytest.mark.parametrize("kind", ["race", "debate", "questionnaire"])
def test_every_number_leads_to_its_source(kind):
    """None leads nowhere."""
    page = tree_of(kind)
    cited = {href.removeprefix("#") for href in page.xpath("//a[@class='cite']/@href")}

    assert cited == set(page.xpath("//ol[@class='sources']/li/@id")) != set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["race", "debate", "questionnaire"])
def test_swapped_names_change_nothing_but_the_names(kind, language):
    """What is said of one candidate would be said of the other in the same words."""
    rows = (*DEBATE, QUESTION, answer("ahn", stance="support"), endorsement("a", "ahn"), money("ahn", date(2017, 3, 15), receipts=5.0))
    swapped = {"gomez": "Robert Lee Ahn", "ahn": "Jimmy Gomez"}
    people = [replace(person, name=swapped[person.id]) for person in PEOPLE]
    made = election(contest("Ahn", "Gomez"))
    one, other = (record_pages(Coverage((*some, *rows)), made) for some in (PEOPLE, people))
    turned = said(tree(only(other, kind), language)).replace("Jimmy Gomez", "X").replace("Robert Lee Ahn", "Jimmy Gomez")

    assert turned.replace("X", "Robert Lee Ahn") == said(tree(only(one, kind), language))


def test_what_the_record_says_is_never_markup():
    """In the page and in the data for machines."""
    claim = StatedClaim(id="k", text=HOSTILE, speaker="ahn", **SAID)
    review = Review(id="r", claim="k", verdict="opinion", reason=HOSTILE, reviewer=HOSTILE, **SAID)
    page = tree(only(pages(claim, review), "race"))

    assert [one.get("type") for one in page.xpath("//script")] == ["application/ld+json"]
    assert json.loads(page.xpath("//script")[0].text)[0]["claimReviewed"] == HOSTILE


def test_a_page_runs_nothing():
    """Its policy allows no script, and the data in it is none."""
    policy = tree_of("debate").xpath("//meta[@http-equiv]/@content")[0]

    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")
