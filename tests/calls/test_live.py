"""The live night takes the road of the back-test: same evidence, same threshold, and named reasons where there is none."""

from dataclasses import replace
from datetime import timedelta

import pytest

import builders as make
from racecall.calls.judge import judge
from racecall.calls.live import LiveSettings, live_evidence
from racecall.calls.places import ARITHMETIC_ALONE
from racecall.desk.packaged import calibration, rulebook
from racecall.ledger.events import Ledger
from racecall.ledger.records import Records, release_draft, statement_draft
from racecall.model.release import ResultsStatus

PEOPLE = replace(make.contest("Gomez", "Ahn", "Cabildo", others=True), office="us_house", polls_close=make.hours(-5))
NIGHT = make.recorded({"gomez": 8156, "ahn": 5504, "cabildo": 2778, "all_others": 12547})
SAID = make.statement(13400, at=make.hours(4), includes_arrivals=True)
MORNING = make.hours(12)


def evidence(*releases, contest=PEOPLE, statements=(SAID,), state="CA", **settings):
    rule = rulebook().rule(contest.rule)
    election = replace(make.election(contest), state=state)
    known: Records = make.records(*releases, statements=statements)
    chosen = LiveSettings(draws=200, **settings)
    return live_evidence([(contest, rule)], election, known, calibration(), as_of=MORNING, settings=chosen)


def test_both_places_of_2017_are_far_over_the_threshold():
    """5 April 2017: the two leaders score above, third place far below."""
    found = evidence(NIGHT)["c"]
    scores = {option: said.score for option, said in found.options.items()}

    assert min(scores["gomez"], scores["ahn"]) > 2 * found.threshold.value
    assert scores["cabildo"] < 0


def test_every_look_has_its_score():
    """A call is held against the score at each count since, and the last one is the score now."""
    later = replace(NIGHT, seq=2, at=make.hours(3), published_at=make.hours(3))
    said = evidence(NIGHT, later)["c"].options["ahn"]

    assert (len(said.scores), said.scores[-1]) == (2, said.score)


def test_the_same_seed_gives_the_same_figures():
    """Same ledger, same seed, same bytes."""
    assert evidence(NIGHT)["c"].options == evidence(NIGHT)["c"].options


def test_an_aggregate_never_has_a_chance():
    """12,547 votes for everybody else are nobody's."""
    assert evidence(NIGHT)["c"].options["all_others"].p_place == 0


def test_chances_of_two_places_add_up_to_two():
    """Somebody fills each place, unless a majority ends the contest."""
    said = evidence(NIGHT)["c"].options

    assert sum(one.p_place for one in said.values()) == pytest.approx(2, abs=0.01)


def test_another_states_mail_rules_give_no_threshold():
    """Nobody has archived two nights of a state that counts nearly everything on the night: said, not guessed."""
    threshold = evidence(NIGHT, state="PA")["c"].threshold

    assert (threshold.value, threshold.reason.startswith("insufficient calibration")) == (None, True)


@pytest.mark.parametrize(
    "release",
    [
        make.recorded({}),
        make.recorded({"gomez": 0, "ahn": 0, "cabildo": 0}),
        make.recorded({"gomez": 10}),
        make.recorded({"gomez": 10, "ahn": 9, "cabildo": 8}, status=ResultsStatus.CERTIFIED),
        make.recorded({"gomez": 10, "ahn": 9, "cabildo": 8}, at=make.hours(-6)),
    ],
    ids=["nothing", "no votes", "no more options than places", "certified", "before the polls closed"],
)
def test_what_cannot_be_judged_has_no_evidence(release):
    """An abstention, never a number that looks right."""
    assert evidence(release) == {}


def test_without_a_close_of_the_polls_nothing_is_compared():
    """Past counts are aligned by the hours since the polls closed."""
    assert evidence(NIGHT, contest=replace(PEOPLE, polls_close=None)) == {}


def judged(*, with_calibration=True, gap=timedelta(0), contest=PEOPLE):
    drafts = [release_draft(NIGHT, actor="t"), statement_draft(SAID, at=SAID.stated_at, actor="t")]
    ledger = Ledger().append(*drafts, recorded_at=make.NIGHT)
    election = replace(make.election(contest), state="CA")
    chosen = calibration() if with_calibration else None
    return judge(ledger, election, rulebook(), as_of=MORNING + gap, calibration=chosen).contests[0]


def test_a_place_over_the_threshold_is_likely_and_recommended():
    """Likely is as far as the program goes by itself: two people call."""
    assert [(slot.state, slot.recommendation) for slot in judged().slots] == [("likely", "call"), ("likely", "call")]


def test_the_sentence_gives_the_score_the_threshold_and_the_rate():
    """One sentence an editor can print, with what it rests on."""
    said = judged().slots[0].reasons[-1]

    assert "standard deviations of past late shifts; a place is called from 2.1" in said
    assert "0.5% of any false call in a contest" in said


def test_an_old_figure_shuts_the_gate():
    """What was said four days ago does not carry a call."""
    slot = judged(gap=timedelta(days=4)).slots[0]

    assert (slot.recommendation, slot.reasons[-1]) == ("wait", "The latest figure of ballots outstanding is old.")


def test_without_a_calibration_only_arithmetic_speaks():
    """The reason says what is missing and where it would be given."""
    slot = judged(with_calibration=False).slots[0]

    assert (slot.score, slot.recommendation, slot.reasons[-1]) == (None, "wait", ARITHMETIC_ALONE)


def test_final_ranges_hold_what_is_counted():
    """The votes counted are in the final count, so a share cannot fall below them over the largest total."""
    lines = [line for line in judged().options if line.share_low is not None]

    assert all(line.share_low <= line.share_high for line in lines)
