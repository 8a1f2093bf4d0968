"""What the copy desk says of sentences about the packaged election, one fact a test."""

from datetime import datetime

import pytest

from coverage.texts import facts_at
from racecall.coverage.check import check_story
from racecall.coverage.document import Block, Document, Role


def checked(text, when="2017-04-05T12:30"):
    """The claims of a story of one paragraph, each with its type, words, verdict and reason."""
    document = Document(name="story", blocks=(Block(role=Role.BODY, text=text),))
    story = check_story(document, facts_at("ca34-2017", datetime.fromisoformat(f"{when}-07:00")))
    return [(one.claim.type, one.claim.text, one.verdict.value, one.reason) for one in story.claims]


def verdicts(text, when="2017-04-05T12:30"):
    """The verdict of each claim, in the order of its words."""
    return [verdict for _, _, verdict, _ in checked(text, when)]


def test_the_campaigns_arithmetic_does_not_hold():
    """On 8 June 2017 70% of 10,460 ballots was said to be enough; it took 81.8%, and the sum is shown."""
    [_, whatif] = checked("With 10,460 ballots left, winning 70 percent of them would put Ahn on top.", "2017-06-08T15:00")

    assert whatif[2] == "contradicted"
    assert "needs (6,653 + 10,460) / (2 × 10,460) = 81.8% of them; 70% would make it 20,430 to 22,899" in whatif[3]


def test_what_it_takes_is_confirmed():
    """The same sum, told right."""
    assert verdicts("Ahn needs about 82 percent of the 10,460 ballots left.", "2017-06-08T15:00")[-1] == "confirmed"


def test_a_share_of_another_base_is_named_so():
    """25.36% is of the vote; of the ballots it is 25.00%."""
    [claim] = checked("Gomez received 25.36% of all ballots cast.", "2017-04-18T12:00")

    reason = (
        "“25.36% of all ballots cast” is right of the vote (Jimmy Gomez 10,728 of 42,308 votes, 25.36%); "
        "as it is written it would be 25.00%."
    )
    assert claim[2:] == ("ambiguous_base", reason)


def test_what_was_true_once_is_stale_with_both_figures():
    """28% on 5 April, 25.36% certified."""
    [claim] = checked("Gomez had 28% of the vote.", "2017-04-18T12:00")

    assert (claim[2], "28.14%" in claim[3], "25.36%" in claim[3]) == ("stale", True, True)


def test_a_day_picks_the_count():
    """The same words, of the night itself."""
    assert verdicts("On election night Gomez had 28% of the vote.", "2017-04-18T12:00") == ["confirmed"]


def test_a_count_that_is_not_held_contradicts_nothing():
    """A figure at 17,000 votes is not set beside another count."""
    assert set(verdicts("With 17,000 votes counted, Gomez had 35 percent.")) == {"cannot_check"}


def test_a_certainty_above_the_call_is_overstated():
    """One agency of two had called the second place."""
    [claim] = checked("Ahn will advance to the runoff.")

    assert claim[2] == "overstated"
    assert "called by Decision Desk HQ, not by Associated Press" in claim[3]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Gomez will advance to a runoff, according to the Associated Press.", "confirmed"),
        ("Ahn will advance to a runoff, according to the Associated Press.", "overstated"),
        ("Ahn appears headed to a runoff.", "confirmed"),
        ("The top two finishers will meet in a runoff.", "confirmed"),
        ("Gomez won a seat in Congress.", "contradicted"),
    ],
)
def test_words_are_held_to_the_ladder(text, verdict):
    """At noon of 5 April 2017."""
    assert verdicts(text) == [verdict]


def test_swapped_names_are_contradicted():
    """A name beside its figure is not explained away."""
    assert verdicts("Ahn had 8,156 votes and Gomez had 5,504.") == ["contradicted", "contradicted"]


def test_a_figure_of_two_who_are_named_is_their_margin():
    """Read again before it is contradicted."""
    assert verdicts("Between Ahn and Cabildo lie 2,726 votes.") == ["confirmed"]


def test_another_year_is_not_contradicted():
    """What was so in 2012 is no matter of this count."""
    assert "contradicted" not in verdicts("Gomez won his first race by 11 votes, with 4,000 votes, in 2012.")


def test_an_endorsement_is_true_in_its_time():
    """Our Revolution declined in the primary and endorsed in the runoff."""
    assert verdicts("Our Revolution declined to endorse.") == ["confirmed"]
    assert verdicts("Our Revolution has endorsed Gomez.", "2017-05-26T12:00") == ["confirmed"]


def test_an_endorsement_of_somebody_who_is_out_says_nothing_of_the_runoff():
    """The paper backed Cabildo in the primary; whom it backs in June is not recorded."""
    assert verdicts("Ahn has been endorsed by the Los Angeles Times.", "2017-06-01T12:00") == ["cannot_check"]


def test_so_many_votes_of_a_place_are_a_margin():
    """And no votes of the one who came so near."""
    assert verdicts("Ahn came within 1,313 votes of first place.", "2017-04-18T12:00")[0] != "contradicted"


def test_a_count_that_newer_figures_left_behind_contradicts_little():
    """On 7 April the votes of the first two were printed, and no share: 26.6% may be right, 46.6% cannot."""
    assert verdicts("Gomez's share slipped to 26.6%.", "2017-04-08T09:00") == ["cannot_check"]
    assert verdicts("Gomez had 46.6% of the vote.", "2017-04-08T09:00") == ["contradicted"]


def test_what_a_figure_is_compared_with_does_not_pick_its_count():
    """The roll of June is not recorded; that of April settles nothing of it."""
    assert "contradicted" not in verdicts("Turnout was 14.5%, up from 14% in the April primary.", "2017-07-20T12:00")


def test_a_later_total_does_not_answer_for_an_earlier_day():
    """The committee's sum of the whole cycle was not known in April."""
    assert "confirmed" not in verdicts("Gomez had raised $1,552,001.")


def test_an_accusation_is_recorded_and_not_rated():
    """Whoever makes it."""
    assert verdicts("Carmona was accused of sexism.") == ["allegation"]


@pytest.mark.parametrize(
    ("text", "when", "verdict"),
    [
        ("Gomez finished with more than twice as many votes as Cabildo.", "2017-04-14T18:00", "confirmed"),
        ("Gomez drew more than three times as many votes as Ahn.", "2017-04-14T18:00", "contradicted"),
        ("Gomez more than doubled his April vote total.", "2017-06-17T12:00", "confirmed"),
        ("Almost 18,000 people chose Ahn, almost twice as many as in April.", "2017-06-17T12:00", "confirmed"),
        ("Ahn tripled his vote total.", "2017-06-17T12:00", "cannot_check"),
        ("Gomez is ahead by a 3-2 margin.", "2017-06-07T12:00", "confirmed"),
        ("Gomez beat Ahn by about 3 to 1.", "2017-06-07T12:00", "contradicted"),
    ],
)
def test_how_many_times_as_many(text, when, verdict):
    """Twice, doubled, three to two; what somebody's own total grew by is never contradicted, since it is not said from which count on."""
    assert verdicts(text, when)[-1] == verdict


def test_a_panel_votes_by_no_ratio_of_the_count():
    """Small numbers are odds only where a word says so."""
    assert verdicts("The council voted 3-2 to back Gomez.", "2017-06-07T12:00") == []


def test_nobody_else_came_so_far():
    """Who is set apart is left out, and a threshold that is not the law's is never contradicted."""
    told = checked("Gomez and Ahn led, and no one else cracked 10%.", "2017-04-05T12:30")

    assert ("share", "no one else cracked 10%", "confirmed", "Maria Cabildo has most of the others, 9.58%.") in told


def test_a_total_may_have_risen_since_its_report():
    """A round sum beside a report that is three weeks old; one with three digits is out of a report."""
    assert verdicts("Gomez had raised about $1.3 million.", "2017-06-07T12:00") == ["cannot_check"]
    assert verdicts("Gomez had raised $1,311,000.", "2017-06-07T12:00") == ["contradicted"]


def test_who_meets_for_a_seat_has_not_got_it():
    """A headline before the second place was called."""
    assert verdicts("Gomez, Ahn likely to face off for Becerra's House seat", "2017-04-05T13:15") == ["confirmed"]


def test_a_part_of_the_ballots_left_is_not_all_of_them():
    """Only the sum is recorded, so how many came by mail is not settled."""
    told = verdicts("There are an estimated 13,400 ballots outstanding, including 9,000 vote-by-mail ballots.")

    assert told == ["confirmed", "cannot_check"]


def test_about_ten_points_is_said_of_nine_and_a_half():
    """Fives and tens are rounded more than other figures."""
    assert verdicts("Ahn is about 10 points ahead of Cabildo.")[0] == "confirmed"
    assert verdicts("Ahn is about 15 points ahead of Cabildo.")[0] == "contradicted"


def test_a_weekday_is_near_the_day_on_which_it_was_written():
    """A story of 8 April, checked again in June: its Friday is the seventh."""
    block = Block(role=Role.BODY, text="As of Friday's update, Gomez led Ahn by 7.8 points.")
    document = Document(name="story", blocks=(block,), published=datetime.fromisoformat("2017-04-08T10:00-07:00"))
    told = check_story(document, facts_at("ca34-2017", datetime.fromisoformat("2017-06-05T10:00-07:00"))).claims

    assert [(one.claim.type, one.verdict.value) for one in told] == [("rank", "confirmed"), ("margin", "confirmed")]


@pytest.mark.parametrize(
    ("text", "when", "told"),
    [
        ("Gomez, with 2.7 percent of registered voters behind him, leads.", "2017-04-05T12:30", ["confirmed", "confirmed"]),
        ("Gomez won Tuesday's primary outright.", "2017-04-05T12:30", ["contradicted", "confirmed"]),
        ("Gomez fell short of the majority he needed.", "2017-04-05T12:30", ["confirmed"]),
        ("Gomez is in the runoff.", "2017-04-05T12:30", ["overstated"]),
        ("Rep.-elect Jimmy Gomez said he would head to Washington.", "2017-06-07T10:00", ["overstated"]),
    ],
)
def test_what_is_short_of_winning_and_what_is_not(text, when, told):
    """A majority that is missed is no place that is lost, and "outright" is more than coming first."""
    assert verdicts(text, when) == told


@pytest.mark.parametrize("text", ["Gomez received 81,560 votes.", "Ahn had 55,041 votes and Gomez 8,156."])
def test_a_digit_too_many_is_contradicted(text):
    """More than everybody cast, beside the name of who stands: no figure of something else, but the commonest slip there is."""
    assert verdicts(text)[0] == "contradicted"
