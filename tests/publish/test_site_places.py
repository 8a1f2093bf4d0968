"""What the page says of each place: the deck, the cards, and never a word above the state."""

from dataclasses import replace
from fractions import Fraction

import pytest

from builders import NIGHT, hours
from racecall.calls.arithmetic import OutrightTest
from racecall.calls.states import SlotState
from racecall.model.contest import ElectionType
from racecall.model.decision import DecisionKind
from racecall.model.finding import Severity
from racecall.model.release import Report, ReportKind, ResultsStatus
from racecall.publish.site.deck import deck
from racecall.publish.site.states import LOOKS
from site_pages import ENGLISH, VOTES, crowd, decided, finding, in_state, page_of, part, said, view_of, words

NIGHT_VIEW = view_of(VOTES, out=13400, units_reported=192, units_total=192)
APPROVED = (decided("gomez", DecisionKind.APPROVE, "Maria Lopez"), decided("gomez", DecisionKind.APPROVE, "Sam Okafor", after=1.5))
TOP_TWO = "us-ca-primary-voter-nominated"
MEASURE = view_of({"yes": 5200, "no": 4800}, rule="measure-majority", out=900)


def cards(view, **values):
    """The cards of a view, as trees."""
    return part(page_of(view, **values), "places").xpath("//li[starts-with(@class, 'slot')]")


def agency(by: str, option: str, kind=ReportKind.AGENCY_CALL) -> Report:
    """What an agency said."""
    return Report(contest="c", kind=kind, by=by, at=NIGHT, source="", option=option)


# -- the deck ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ((SlotState.TOO_EARLY, SlotState.TOO_EARLY), "It is too early to say who is ahead."),
        ((SlotState.TOO_CLOSE, SlotState.TOO_CLOSE), "It is too close to say who advances to the runoff."),
        (
            (SlotState.LEADING, SlotState.TOO_CLOSE),
            "Gomez leads so far. Not called. It is too close to say who else advances to the runoff.",
        ),
        ((SlotState.LEADING, SlotState.LEADING), "Gomez and Ahn lead so far. Not called."),
        ((SlotState.LIKELY, SlotState.LIKELY), "Gomez and Ahn are likely to advance to the runoff. Not called."),
        (
            (SlotState.CALLED, SlotState.LIKELY),
            "Gomez advances to the runoff, racecall projects. Ahn is likely to advance to the runoff. Not called.",
        ),
        ((SlotState.CALLED, SlotState.CALLED), "Gomez and Ahn advance to the runoff, racecall projects."),
        ((SlotState.UNDER_REVIEW, SlotState.RETRACTED), "Our call for Gomez is under review. We have withdrawn our call for Ahn."),
    ],
)
def test_the_deck_says_what_the_states_say(states, sentence):
    """Each state has its words, in the order of how settled it is."""
    assert deck(page_of(in_state(NIGHT_VIEW, *states)), ENGLISH) == f"{sentence} About 55% of ballots are counted."


def test_a_state_that_rests_on_another_question_says_so_first():
    """Where somebody may still win outright, that is the first sentence."""
    view = in_state(NIGHT_VIEW, SlotState.LIKELY, SlotState.LIKELY, conditional="Somebody may still win.")

    assert deck(page_of(view), ENGLISH).startswith("Whether somebody wins outright, or there is a next round, is open. Gomez and Ahn")


def test_before_the_first_count_nothing_is_said_of_anybody():
    """The deck names nobody."""
    assert deck(page_of(view_of(None)), ENGLISH) == "No votes have been counted yet."


def test_nine_places_are_counted_and_not_listed():
    """A sentence with nine names is no sentence."""
    view = view_of(crowd(17), rule="generic-plurality", number_elected=9, out=3000)

    assert deck(page_of(view), ENGLISH) == "9 candidates lead so far. Not called. About 97% of ballots are counted."


def test_a_contest_without_a_figure_of_what_is_left_says_that():
    """What is not known is said as loudly as what is."""
    view = view_of(VOTES)

    assert deck(page_of(view), ENGLISH).endswith("How many ballots are still out is not known.")


def test_the_certified_deck_says_what_changed_since_the_night():
    """The gap of the first two, on the night and at the end."""
    then = view_of(VOTES, status=ResultsStatus.UNOFFICIAL_COMPLETE, out=13400)
    now = view_of({"gomez": 10728, "ahn": 9415, "cabildo": 4259}, status=ResultsStatus.CERTIFIED, at=hours(200))

    assert deck(page_of(now, looks=(then,)), ENGLISH) == (
        "Gomez and Ahn have advanced to the runoff. "
        "The gap between Gomez and Ahn was 16.1 points on election night and is 5.4 in the certified count."
    )


def test_a_changed_order_is_said():
    """If the two have changed places, the gap alone would hide it."""
    then = view_of(VOTES, status=ResultsStatus.UNOFFICIAL_COMPLETE, out=13400)
    now = view_of({"gomez": 9000, "ahn": 9415, "cabildo": 4259}, status=ResultsStatus.CERTIFIED, at=hours(200))

    assert deck(page_of(now, looks=(then,)), ENGLISH).endswith("They have changed places.")


def test_a_measure_has_words_of_its_own():
    """An answer is not elected and does not advance."""
    final = view_of({"yes": 5200, "no": 4800}, rule="measure-majority", status=ResultsStatus.CERTIFIED)

    assert deck(page_of(final), ENGLISH) == "Yes prevailed."


# -- the cards -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", SlotState)
def test_every_state_has_its_glyph_its_word_and_its_frame(state):
    """The chip names the state, and the glyph is the state's own."""
    (first, _) = cards(in_state(NIGHT_VIEW, state))

    (glyph,) = first.xpath(".//*[starts-with(@class, 'chip')]//use/@href")

    assert (glyph, words(first, ".//*[starts-with(@class, 'chip')]")) == (f"#g-{state}", [LOOKS[state].word(ENGLISH)])
    assert first.get("class") == f"slot {LOOKS[state].card}"


@pytest.mark.parametrize("state", [state for state in SlotState if state not in {SlotState.CALLED, SlotState.CERTIFIED}])
def test_no_word_stands_above_its_state(state):
    """Nobody advances, wins or is elected before a call."""
    text = said(part(page_of(in_state(NIGHT_VIEW, state, state)), "places")).casefold()

    assert [word for word in ("advances", "advanced", "elected", "wins", "winner", "projects") if word in text] == []


@pytest.mark.parametrize("state", SlotState)
def test_the_ladder_stops_where_the_state_is(state):
    """The ladder under a name is drawn up to its state, and is decoration."""
    (first, _) = cards(in_state(NIGHT_VIEW, state))

    drawn = first.xpath(".//ol[@class='ladder' and @aria-hidden='true']/li[@class]")

    assert len(drawn) == LOOKS[state].rung


def test_a_call_says_when_and_by_whom():
    """Two people, named, with the time of the second approval."""
    (first, _) = cards(in_state(NIGHT_VIEW, SlotState.CALLED, SlotState.LEADING, decisions=APPROVED))

    assert "Called by racecall on Apr 5, 2:30 AM, by Maria Lopez and Sam Okafor." in said(first)


def test_one_approval_is_a_proposal():
    """One person's approval is shown as what it is."""
    (first, _) = cards(in_state(NIGHT_VIEW, SlotState.LIKELY, decisions=APPROVED[:1]))

    assert "Proposed by Maria Lopez; a second person has not approved it." in said(first)


def test_the_same_person_twice_is_one_person():
    """A name in other letters approves nothing a second time."""
    twice = (*APPROVED[:1], decided("gomez", DecisionKind.APPROVE, "MARIA LÓPEZ", after=2))

    (first, _) = cards(in_state(NIGHT_VIEW, SlotState.LIKELY, decisions=twice))

    assert "Called by racecall" not in said(first)


def test_a_withdrawn_call_stays_in_sight():
    """The name is struck, the time of the call stands, and so do the reasons."""
    back = [decided("gomez", DecisionKind.RETRACT, by, after=3, reason="The county replaced a batch.") for by in ("Ann", "Ben")]

    (first, _) = cards(in_state(NIGHT_VIEW, SlotState.RETRACTED, decisions=(*APPROVED, *back)))

    assert words(first, ".//s") == ["Gomez"]
    assert "We called this place on Apr 5, 2:30 AM and withdraw the call." in said(first)
    assert "Taken back by Ann on Apr 5, 4:00 AM: The county replaced a batch." in said(first)


def test_a_withdrawn_call_does_not_vanish_with_the_lead():
    """Who was called and holds no place any more is named in the deck and under the cards."""
    signed = [
        decided("cabildo", kind, by, after=after)
        for kind, after in ((DecisionKind.APPROVE, 1), (DecisionKind.RETRACT, 3))
        for by in ("Ann", "Ben")
    ]
    page = page_of(in_state(NIGHT_VIEW, SlotState.LEADING, SlotState.LEADING, decisions=signed))

    assert deck(page, ENGLISH).startswith("We have withdrawn our call for Cabildo. Gomez and Ahn lead so far.")
    assert "We called Cabildo on Apr 5, 2:00 AM and withdraw the call." in said(part(page, "places"))


def test_a_count_that_speaks_against_a_call_is_named_as_the_reason():
    """Under review by a count, and by nobody's signature."""
    called = in_state(NIGHT_VIEW, SlotState.UNDER_REVIEW, decisions=APPROVED)
    turned = replace(called.slots[0], called=replace(called.slots[0].called, state=SlotState.UNDER_REVIEW, last=()))

    (first, _) = cards(replace(called, slots=(turned, called.slots[1])))

    assert "A later count or figure speaks against the call." in said(first)


def test_a_place_that_is_too_close_names_both():
    """Nobody stands there alone."""
    (_, second) = cards(in_state(NIGHT_VIEW, SlotState.LEADING, SlotState.TOO_CLOSE))

    assert words(second, ".//*[starts-with(@class, 'who')]") == ["Ahn or Cabildo"]
    assert "2,726 votes apart, with about 55% of ballots counted." in said(second)


def test_a_place_that_is_too_early_names_nobody():
    """While it is too early nobody is said to be ahead."""
    (first, _) = cards(in_state(NIGHT_VIEW, SlotState.TOO_EARLY))

    assert words(first, ".//*[starts-with(@class, 'who')]") == ["Not yet"]


def test_a_lead_is_said_with_what_is_counted():
    """A lead never stands without the share counted."""
    (first, _) = cards(in_state(NIGHT_VIEW, SlotState.LEADING))

    assert "Leads Cabildo by 32.7 points with about 55% counted." in said(first)


def test_agencies_are_named_beside_our_state():
    """Who has called it and who has not, without taking their word."""
    view = replace(NIGHT_VIEW, reports=(agency("AP", "gomez"), agency("DDHQ", "gomez"), agency("DDHQ", "ahn")))

    (first, second) = cards(view)

    assert "AP and DDHQ have called it." in said(first)
    assert "DDHQ has called it. AP has not called it." in said(second)


def test_a_call_that_an_agency_took_back_does_not_stand():
    """A withdrawn call is no call."""
    view = replace(NIGHT_VIEW, reports=(agency("AP", "gomez"), agency("AP", "gomez", ReportKind.AGENCY_RETRACTION)))

    (first, _) = cards(view)

    assert "AP has not called it." in said(first)


def test_a_finding_that_holds_is_said_on_the_card():
    """A reader sees why nothing is called; a note holds nothing."""
    view = replace(NIGHT_VIEW, findings=(finding("Gomez falls."), finding("Odd.", Severity.NOTE)))

    (first, _) = cards(view)

    assert "1 open finding holds the call." in said(first)


def test_a_conditional_place_says_what_it_hangs_on():
    """The label, the chip and the numbers say that there may be no next round."""
    test = OutrightTest(option="gomez", fraction=Fraction(1, 2), share=0.457, needed=0.586, possible=True, assured=False)
    view = replace(in_state(NIGHT_VIEW, SlotState.LIKELY, SlotState.LIKELY, conditional="x"), outright=test)

    (_, second) = cards(view)

    assert said(second).startswith("Runoff place 2 of 2, if there is a runoffLikely, conditional")
    assert "Gomez has 45.7% and needs 58.6% of the ballots still out to pass 50%, which would end it here." in said(second)


def test_the_order_of_those_who_go_through_is_not_called():
    """Two called places are not a first and a second."""
    note = said(part(page_of(in_state(NIGHT_VIEW, SlotState.CALLED, SlotState.CALLED)), "places"))

    assert "Not called: who finishes first." in note


def test_seats_have_no_order_to_call():
    """Where all are elected alike, nothing is said of an order."""
    view = view_of(crowd(17), rule="generic-plurality", number_elected=9, out=3000)

    text = said(part(page_of(in_state(view, *[SlotState.CALLED] * 9)), "places"))

    assert "who finishes first" not in text


def test_the_certified_card_has_the_votes():
    """Votes and share, in the past tense."""
    (first, _) = cards(view_of(VOTES, status=ResultsStatus.CERTIFIED, rule=TOP_TWO))

    assert "Advanced to the general election with 8,156 votes, 49.6%." in said(first)


def test_an_election_outright_is_an_election():
    """Who passes the half in a first round is elected, and does not advance."""
    (only,) = cards(view_of({"gomez": 9000, "ahn": 5504, "cabildo": 2778}, status=ResultsStatus.CERTIFIED))

    assert "Was elected with 9,000 votes, 52.1%." in said(only)


def test_a_tie_for_the_last_place_sends_both_on_where_the_law_says_so():
    """Three cards for two places: CA-16 in 2024, where the law let both of the tied go through."""
    made = cards(view_of({"liccardo": 38489, "simitian": 30249, "low": 30249}, status=ResultsStatus.CERTIFIED, rule=TOP_TWO))

    assert [words(one, ".//*[starts-with(@class, 'who')]")[0] for one in made] == ["Liccardo", "Simitian", "Low"]


def test_a_tie_that_votes_do_not_break_names_the_tied():
    """Where the law draws lots, the place is nobody's by votes."""
    rule = "us-nc-municipal-nonpartisan-primary"

    (_, second) = cards(view_of({"a": 500, "b": 300, "c": 300}, status=ResultsStatus.CERTIFIED, rule=rule))

    assert "Tied B and C are tied for one place." in said(second)


def test_ranked_choice_is_not_filled_by_first_choices():
    """Nobody is put on the place."""
    (only,) = cards(view_of({"a": 500, "b": 300, "c": 250}, status=ResultsStatus.CERTIFIED, rule="us-ca-sf-rcv"))

    assert "Not filled by votes Votes by candidate do not say who fills it." in said(only)


def test_a_measure_is_one_place_without_a_number():
    """A question has no seat."""
    (only,) = cards(MEASURE)

    assert said(only).startswith("The measure")


def test_the_rounds_lead_to_each_other():
    """A first round leads to its runoff, and the runoff back."""
    after = replace(NIGHT_VIEW.contest, id="r", title="The runoff", election_type=ElectionType.RUNOFF)

    there = part(page_of(NIGHT_VIEW, after=after), "places").xpath("//p[@class='onward']//a/@href")
    back = part(page_of(NIGHT_VIEW, before=after), "places").xpath("//p[@class='onward']//a/@href")

    assert (there, back) == (["../../c/r/index.html"], ["../../c/r/index.html"])
