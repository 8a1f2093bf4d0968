"""What people and counts make of a call: two who agree make it, one who doubts holds it, and no count takes it away in silence."""

from dataclasses import replace

import pytest

import builders as make
from racecall.calls.calibration import Regime, Threshold
from racecall.calls.decided import UNSAID, Turn, fold
from racecall.calls.judge import judge, judge_contest
from racecall.calls.live import Evidence, OptionEvidence
from racecall.calls.states import SlotEvent
from racecall.desk.packaged import rulebook
from racecall.ledger.events import Ledger
from racecall.ledger.records import decision_draft, read_records, release_draft
from racecall.model.contest import SlotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.release import ResultsStatus
from racecall.model.settings import Settings

PEOPLE = make.contest("Gomez", "Ahn", "Cabildo", others=True)
NIGHT = make.recorded({"gomez": 8156, "ahn": 5504, "cabildo": 2778, "all_others": 12547})
PASSED = make.recorded({"gomez": 9000, "ahn": 5600, "cabildo": 5700, "all_others": 13000}, at=make.hours(20), seq=9)
SAID = make.statement(1000, at=make.hours(4), includes_arrivals=True)
APPROVE, RETRACT, REAFFIRM = DecisionKind.APPROVE, DecisionKind.RETRACT, DecisionKind.REAFFIRM


def signed(kind, by, at, *, option="ahn", goal=SlotKind.ADVANCE) -> Decision:
    """Somebody's decision, so many hours after the night's count."""
    return Decision(
        contest="c", option=option, goal=goal, slot=2, kind=kind, by=by, reason=f"{by} looked.", at=make.hours(at), evidence="e" * 64
    )


CALLED = (signed(APPROVE, "A. Editor", 5), signed(APPROVE, "B. Chief", 6))


def come_to(*decisions, turns=()):
    """What decisions about Ahn have come to."""
    return fold("ahn", SlotKind.ADVANCE, decisions, turns)


def view(*releases, decisions=CALLED, as_of=30, contest=PEOPLE, statements=(SAID,), evidence=None):
    known = replace(make.records(*releases, statements=statements), decisions=decisions)
    return judge_contest(
        contest,
        make.election(contest),
        rulebook().rule(contest.rule),
        known,
        as_of=make.hours(as_of),
        settings=Settings(),
        evidence=evidence,
    )


def places(seen):
    return [(slot.option.id, slot.state, slot.recommendation) for slot in seen.slots]


# -- people --------------------------------------------------------------------------------------------------------------------------


def test_one_person_only_proposes():
    """Nothing is called, and the page can say who waits."""
    call = come_to(CALLED[0])

    assert (call.state, call.made, call.waiting) == (UNSAID, (), CALLED[:1])


def test_two_people_call():
    """The second one's moment is the call's."""
    call = come_to(*CALLED)

    assert (call.state, call.by, call.at, call.waiting) == ("called", ("A. Editor", "B. Chief"), make.hours(6), ())


def test_the_same_name_in_other_letters_is_one_person():
    """Accents, case and dots make no second pair of eyes."""
    assert come_to(signed(APPROVE, "José Núñez", 1), signed(APPROVE, "jose nunez", 2)).state is UNSAID


def test_a_retraction_ends_a_proposal():
    """The one who agrees afterwards begins anew."""
    call = come_to(CALLED[0], signed(RETRACT, "C. Desk", 5.5), CALLED[1])

    assert (call.state, call.waiting) == (UNSAID, CALLED[1:])


def test_one_doubt_holds_a_call():
    """At once, whoever it is: one of the two who called it, or a third."""
    assert {come_to(*CALLED, signed(RETRACT, by, 7)).state for by in ("A. Editor", "C. Desk")} == {"under_review"}


def test_a_second_person_withdraws():
    """The first doubt is half of it."""
    call = come_to(*CALLED, signed(RETRACT, "C. Desk", 7), signed(RETRACT, "c desk", 8), signed(RETRACT, "D. Night", 9))

    assert (call.state, call.since, [one.by for one in call.last]) == ("retracted", make.hours(9), ["C. Desk", "D. Night"])


def test_two_people_let_a_call_stand():
    """One does not; the one who doubted may be among them."""
    doubted = (*CALLED, signed(RETRACT, "C. Desk", 7), signed(REAFFIRM, "C. Desk", 8))
    call = come_to(*doubted, signed(REAFFIRM, "B. Chief", 9))

    assert (come_to(*doubted).state, call.state, call.by) == ("under_review", "called", ("A. Editor", "B. Chief"))


def test_a_call_that_stands_can_be_doubted_again():
    """An old doubt is not half of a new withdrawal."""
    again = come_to(*CALLED, signed(RETRACT, "C", 7), signed(REAFFIRM, "A", 8), signed(REAFFIRM, "B", 9), signed(RETRACT, "D", 10))

    assert (again.state, len(again.waiting)) == ("under_review", 1)


def test_a_doubt_ends_what_would_let_it_stand():
    """Whoever reaffirmed before the second look has to look again."""
    call = come_to(*CALLED, signed(RETRACT, "C", 7), signed(REAFFIRM, "A", 8), signed(RETRACT, "C", 8.5), signed(REAFFIRM, "B", 9))

    assert call.state == "under_review"


def test_a_withdrawn_call_can_be_made_anew():
    """By two people, from the start."""
    gone = (*CALLED, signed(RETRACT, "C", 7), signed(RETRACT, "D", 8))
    call = come_to(*gone, signed(APPROVE, "A", 20), signed(APPROVE, "E", 21))

    assert (come_to(*gone, signed(APPROVE, "A", 20)).state, call.state, call.by) == ("retracted", "called", ("A", "E"))


@pytest.mark.parametrize(
    ("event", "state"), [(SlotEvent.REVERSAL, "under_review"), (SlotEvent.CERTIFIED, "certified")], ids=["against", "certified"]
)
def test_a_count_moves_a_call(event, state):
    """And names nobody."""
    call = come_to(*CALLED, turns=[Turn(at=make.hours(8), seq=9, event=event)])

    assert (call.state, call.since, call.last) == (state, make.hours(8), ())


def test_a_count_before_the_call_does_not_speak_against_it():
    """Whoever called it had seen it."""
    assert come_to(*CALLED, turns=[Turn(at=make.hours(4), seq=9, event=SlotEvent.REVERSAL)]).state == "called"


# -- counts --------------------------------------------------------------------------------------------------------------------------


def test_a_called_place_says_so():
    """With those who called it; the other place is as it was."""
    seen = view(NIGHT)

    assert places(seen) == [("gomez", "likely", "call"), ("ahn", "called", "call")]
    assert (seen.slots[1].called_by, seen.slots[1].called_at) == (("A. Editor", "B. Chief"), make.hours(6))


def test_before_the_second_person_nothing_is_called():
    """The view of an earlier moment knows nothing of later ones: the ledger is cut."""
    assert places(view(NIGHT, decisions=CALLED[:1]))[1] == ("ahn", "likely", "call")


def test_a_called_option_that_is_passed_keeps_its_place_under_review():
    """Cabildo leads Ahn by 100 in the next count: the call is shown, held, and not gone; nothing else may be called."""
    seen = view(NIGHT, PASSED)

    assert [place[:2] for place in places(seen)] == [("gomez", "likely"), ("ahn", "under_review")]
    assert {slot.recommendation for slot in seen.slots} == {"wait"}
    assert "Held: the call of Ahn is under review until two people decide." in seen.slots[0].reasons


def test_a_count_that_turns_back_does_not_end_the_review():
    """Only people do."""
    back = make.recorded({"gomez": 9500, "ahn": 6600, "cabildo": 5800, "all_others": 13500}, at=make.hours(22), seq=10)

    assert places(view(NIGHT, PASSED, back))[1][:2] == ("ahn", "under_review")


def test_an_old_copy_that_comes_late_says_nothing():
    """It never was the current count."""
    old = replace(PASSED, published_at=make.hours(-1))

    assert places(view(NIGHT, old))[1][:2] == ("ahn", "called")


def test_a_review_ends_with_two_people():
    """Until the next count that speaks against it."""
    stands = (*CALLED, signed(REAFFIRM, "A", 21), signed(REAFFIRM, "B", 22))
    again = replace(PASSED, seq=11, at=make.hours(25), published_at=make.hours(25))

    assert places(view(NIGHT, PASSED, decisions=stands))[1][:2] == ("ahn", "called")
    assert places(view(NIGHT, PASSED, again, decisions=stands))[1][:2] == ("ahn", "under_review")


def test_a_withdrawn_call_is_shown_until_the_next_count():
    """Then the evidence speaks for the place again; the list of calls keeps it."""
    gone = (*CALLED, signed(RETRACT, "C", 7), signed(RETRACT, "D", 8))
    later = replace(NIGHT, seq=9, at=make.hours(20), published_at=make.hours(20))

    assert places(view(NIGHT, decisions=gone))[1][:2] == ("ahn", "retracted")
    assert places(view(NIGHT, later, decisions=gone))[1][:2] == ("ahn", "likely")
    assert [call.state for call in view(NIGHT, later, decisions=gone).calls] == ["retracted"]


@pytest.mark.parametrize(("ahn", "cabildo", "state"), [(6000, 5000, "certified"), (5000, 6000, "under_review")], ids=["right", "wrong"])
def test_a_certified_count_is_the_last_word(ahn, cabildo, state):
    """A right call ends; a wrong one waits for people to withdraw it, and the places are those of the law."""
    final = {"gomez": 9000, "ahn": ahn, "cabildo": cabildo, "all_others": 13000}
    seen = view(NIGHT, make.recorded(final, at=make.hours(20), seq=9, status=ResultsStatus.CERTIFIED))

    assert [call.state for call in seen.calls] == [state]
    assert [slot.state for slot in seen.slots] == ["certified", "certified"]


def test_a_call_survives_a_count_that_does_not_give_its_votes():
    """All others hide them; nobody has passed it, and it stays on the page."""
    short = make.recorded({"gomez": 9000, "all_others": 21000}, at=make.hours(20), seq=9)

    assert places(view(NIGHT, short))[1][:2] == ("ahn", "called")


def test_a_count_that_hides_the_rival_does_not_end_the_review():
    """What an earlier count said is read from that count alone."""
    short = make.recorded({"gomez": 9100, "ahn": 5650, "all_others": 21000}, at=make.hours(22), seq=10)

    assert places(view(NIGHT, PASSED, short))[1][:2] == ("ahn", "under_review")


def test_an_option_that_was_taken_out_of_the_settings_breaks_nothing():
    """Its decisions stay in the record."""
    seen = view(NIGHT, decisions=tuple(replace(one, option="gone") for one in CALLED))

    assert (seen.calls, len(seen.decisions)) == ((), 2)


def scored(*scores):
    """Evidence with Ahn's score at each look."""
    said = OptionEvidence(
        score=scores[-1], elected_score=None, share_low=0, share_high=1, share_inner=(0, 1), p_place=0.5, p_majority=0, scores=scores
    )
    threshold = Threshold(value=2.0, conformal=2.0, alpha=0.005, contests=100, nights=3, regime=Regime.LATE_MAIL)
    return Evidence(options={"ahn": said}, threshold=threshold, to_come=(1, 2, 3), p_tie_or_recount=0.0)


def test_a_score_below_zero_puts_a_call_under_review():
    """It still leads, and is expected to lose; a later score above zero does not take that back."""
    later, last = (replace(NIGHT, seq=seq, at=make.hours(at), published_at=make.hours(at)) for seq, at in ((9, 20), (10, 22)))

    assert places(view(NIGHT, later, evidence=scored(5.0, -0.1)))[1][:2] == ("ahn", "under_review")
    assert places(view(NIGHT, later, last, evidence=scored(5.0, -0.1, 4.0)))[1][:2] == ("ahn", "under_review")
    assert places(view(NIGHT, later, last, evidence=scored(5.0, 0.1, 4.0)))[1][:2] == ("ahn", "called")


def test_a_statement_that_turns_the_score_puts_a_call_under_review():
    """The votes are as they were when it was called; what is still out is not."""
    said = (SAID, make.statement(90000, at=make.hours(10)))

    assert places(view(NIGHT, statements=said, evidence=scored(-0.5)))[1][:2] == ("ahn", "under_review")


# -- winning outright ----------------------------------------------------------------------------------------------------------------

MAJORITY = make.recorded({"gomez": 19000, "ahn": 5504, "cabildo": 2778})
ELECTED = tuple(signed(APPROVE, by, at, option="gomez", goal=SlotKind.ELECT) for by, at in (("A", 5), ("B", 6)))


def test_a_majority_that_nothing_can_undo_is_a_call_to_be_elected():
    """19,000 of 27,282 with at most 1,150 out: the first place is won, and there is no runoff to advance to."""
    seen = view(MAJORITY, decisions=())

    assert [(slot.slot.kind, slot.recommendation) for slot in seen.slots] == [("elect", "call"), ("advance", "wait")]
    assert "Gomez wins outright, so nobody else goes on." in seen.slots[1].reasons


def test_an_outright_call_is_held_by_a_count_without_the_majority():
    """Under half, though still in front."""
    less = make.recorded({"gomez": 19000, "ahn": 12000, "cabildo": 9000}, at=make.hours(20), seq=9)

    assert places(view(MAJORITY, decisions=ELECTED))[0][:2] == ("gomez", "called")
    assert places(view(MAJORITY, less, decisions=ELECTED))[0][:2] == ("gomez", "under_review")


def test_an_outright_call_is_wrong_if_a_runoff_is_certified():
    """To advance is not to be elected."""
    final = make.recorded({"gomez": 19000, "ahn": 12000, "cabildo": 9000}, at=make.hours(20), seq=9, status=ResultsStatus.CERTIFIED)

    assert [call.state for call in view(MAJORITY, final, decisions=ELECTED).calls] == ["under_review"]


# -- the ledger ----------------------------------------------------------------------------------------------------------------------


def test_decisions_come_back_from_the_ledger():
    """Every field, and the number of the event."""
    ledger = Ledger().append(*(decision_draft(one) for one in CALLED), recorded_at=make.hours(7))

    assert read_records(ledger).decisions == tuple(replace(one, seq=seq) for seq, one in enumerate(CALLED, 1))


def test_a_replay_sees_each_decision_when_it_was_made():
    """Judged before the second approval, nothing is called."""
    ledger = Ledger().append(release_draft(NIGHT, actor="test"), *(decision_draft(one) for one in CALLED), recorded_at=make.hours(7))
    states = [judge(ledger, make.election(PEOPLE), rulebook(), as_of=make.hours(at)).contests[0].slots[1].state for at in (4, 5, 6)]

    assert states == ["leading", "leading", "called"]
