"""Whatever people sign, in whatever order: nothing is called without two of them, and both readings of the record say the same."""

import unicodedata
from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import builders as make
from racecall.calls.decided import STANDING, UNSAID, Turn, fold
from racecall.calls.judge import judge
from racecall.calls.states import SlotEvent, SlotState
from racecall.desk.packaged import rulebook
from racecall.desk.verifying.bodies import Decision as Body
from racecall.desk.verifying.election import Contest, Option
from racecall.desk.verifying.law import packaged_rules
from racecall.desk.verifying.people import people_said
from racecall.desk.verifying.record import Event, events_of
from racecall.desk.verifying.standing import standing_of
from racecall.ledger.events import Ledger, canonical, iso
from racecall.ledger.records import decision_draft, release_draft
from racecall.ledger.resolve import folded
from racecall.model.contest import SlotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.release import ResultsStatus

APPROVE, RETRACT, REAFFIRM = DecisionKind
NAMES = ("Ana Núñez", "ana nunez", "Bo Roe", "Cy Lee", "CY LEE ")
"""Three people, two of them with two spellings."""
VERDICTS = {SlotEvent.REVERSAL: "against", SlotEvent.CERTIFIED: "certified"}

acts = st.one_of(st.tuples(st.sampled_from(list(DecisionKind)), st.sampled_from(NAMES)), st.just(SlotEvent.REVERSAL))
courses = st.lists(acts, max_size=14)
"""What people sign, and counts that speak against it, in order."""
whole_courses = st.lists(acts | st.just(SlotEvent.CERTIFIED), max_size=14)


def decision(number: int, kind: DecisionKind, by: str) -> Decision:
    at = make.hours(number)
    return Decision(
        contest="c", option="o", goal=SlotKind.ADVANCE, slot=1, kind=kind, by=by, reason="r", at=at, evidence=f"{number:064d}", seq=number
    )


def split(course):
    decisions = [decision(number, *one) for number, one in enumerate(course, 1) if isinstance(one, tuple)]
    turns = [Turn(at=make.hours(number), seq=number, event=one) for number, one in enumerate(course, 1) if not isinstance(one, tuple)]
    return decisions, turns


def come_to(course):
    return fold("o", SlotKind.ADVANCE, *split(course))


@settings(max_examples=300)
@given(courses)
@example([(APPROVE, "Bo Roe"), (RETRACT, "Cy Lee"), (APPROVE, "Ana Núñez")])
@example([(APPROVE, "Bo Roe"), (APPROVE, "Cy Lee"), (RETRACT, "Cy Lee"), (REAFFIRM, "Bo Roe"), (RETRACT, "Cy Lee"), (REAFFIRM, "Cy Lee")])
def test_nothing_is_called_without_two_people_after_the_last_retraction(course):
    """Two different people have approved, or let it stand, since anybody last took it back."""
    call = come_to(course)
    last = max((number for number, one in enumerate(course) if isinstance(one, tuple) and one[0] is RETRACT), default=-1)
    since = [one for one in course[last + 1 :] if isinstance(one, tuple)]
    people = [{folded(by) for kind, by in since if kind is wanted} for wanted in (APPROVE, REAFFIRM)]

    assert call.state is not SlotState.CALLED or max(map(len, people)) >= 2


@settings(max_examples=100)
@given(courses)
def test_a_call_has_two_different_people(course):
    """Whatever became of it."""
    call = come_to(course)

    assert len({folded(by) for by in call.by}) == (0 if call.state is UNSAID else 2)


@settings(max_examples=100)
@given(courses, st.sampled_from(NAMES))
def test_a_call_that_somebody_doubts_is_never_simply_called(course, by):
    """Taking back works at every moment, for everybody."""
    doubted = come_to([*course, (RETRACT, by)])

    assert doubted.state is not SlotState.CALLED
    assert not any(one.kind is APPROVE for one in doubted.waiting)


@settings(max_examples=100)
@given(courses)
def test_a_count_never_takes_a_call_away(course):
    """It puts it under review."""
    assert (come_to([*course, SlotEvent.REVERSAL]).state in STANDING) == (come_to(course).state in STANDING)


@settings(max_examples=100)
@given(courses, st.randoms(use_true_random=False))
def test_the_order_of_the_record_counts_and_not_the_order_of_reading(course, random):
    """Shuffled, the same events give the same call."""
    decisions, turns = split(course)
    shuffled = random.sample(decisions, len(decisions))

    assert fold("o", SlotKind.ADVANCE, shuffled, turns) == come_to(course)


@settings(max_examples=100)
@given(courses)
def test_a_person_is_the_same_in_every_spelling(course):
    """Names in other letters change no state."""
    plain = [(one[0], unicodedata.normalize("NFD", one[1].upper())) if isinstance(one, tuple) else one for one in course]

    assert come_to(plain).state is come_to(course).state


def event(number: int, one) -> Event:
    """The same act, as the second reader finds it."""
    row = {"seq": number, "at": make.hours(number), "contest": "c", "raw": {}, "hash": f"{number:064d}"}
    if not isinstance(one, tuple):
        return Event(kind="release", body=VERDICTS[one], **row)
    body = Body(kind=one[0].value, option="o", goal="advance", slot=1, reason="r", evidence=f"{number:064d}")
    return Event(kind="decision", body=body, actor=one[1], **row)


@settings(max_examples=300)
@given(whole_courses)
def test_both_readings_say_the_same(course):
    """State, people, moment and evidence: written twice, from the same page."""
    events = [event(number, one) for number, one in enumerate(course, 1)]
    found = people_said(
        [one for one in events if one.kind == "decision"],
        [one for one in events if one.kind == "release"],
        lambda _option, _goal, release: release.body,
    )
    call = come_to(course)
    shown = call if call.made or call.waiting else replace(call, state=UNSAID)
    other = found[0] if found else None
    state = (other.state if other and (other.by or other.state != "certified") else "") or UNSAID

    assert (state, other.by if other else (), other.at if other else None) == (shown.state, call.by, call.at)
    assert (other.evidence if other else "") == call.evidence


# -- with counts -----------------------------------------------------------------------------------------------------------------------

PEOPLE = make.contest("Gomez", "Ahn", "Cabildo")
OTHER = Contest(
    id="c",
    rule=PEOPLE.rule,
    number_elected=1,
    votes_allowed=1,
    options=tuple(Option(id=one.id, name=one.name, kind="printed", withdrawn=False) for one in PEOPLE.options),
    spellings=(),
)
"""The same contest, as the second reader has it."""


def draft(number: int, act):
    at = make.hours(number)
    if isinstance(act[0], DecisionKind):
        kind, by, option, goal = act
        return decision_draft(replace(decision(number, kind, by), option=option, goal=goal))
    given, status, late = act
    return release_draft(make.recorded(given, at=at, published_at=make.hours(number + late), seq=number, status=status), actor="test")


def second(ledger: Ledger) -> list[Event]:
    """The events, as the second reader reads their rows."""
    rows = [
        {name: getattr(one, name) for name in ("seq", "contest", "actor", "previous", "hash")}
        | {"kind": one.kind.value, "at": iso(one.at), "recorded_at": iso(one.recorded_at), "body": canonical(one.body)}
        for one in ledger
    ]
    problems: list[str] = []
    read = list(events_of(rows, problems))
    assert problems == []
    return read


def course(rng: Random) -> list[tuple]:
    """Acts in which calls are often made, and counts that leave options out, come late, tie, or are certified."""
    return [_count(rng) if rng.random() < 0.4 else _signature(rng) for _ in range(rng.randint(3, 12))]


def _count(rng: Random) -> tuple:
    given = {option.id: rng.randint(0, 6) for option in PEOPLE.options if rng.random() < 0.9}
    return (given, ResultsStatus.CERTIFIED if rng.random() < 0.1 else ResultsStatus.UNOFFICIAL_PARTIAL, rng.choice([0, 0, 0, 0, -3, 3, 1]))


def _signature(rng: Random) -> tuple:
    kind = rng.choice([APPROVE, APPROVE, APPROVE, RETRACT, REAFFIRM, REAFFIRM])
    return (kind, rng.choice(NAMES[1:4]), rng.choice(["gomez", "ahn"]), rng.choice([*[SlotKind.ADVANCE] * 3, SlotKind.ELECT]))


def both_readings(acts) -> tuple[tuple, tuple]:
    """Who holds each place and what has become of every call, read by the one and by the other."""
    ledger = Ledger().append(*(draft(number, act) for number, act in enumerate(acts, 1)), recorded_at=make.NIGHT)
    view = judge(ledger, make.election(PEOPLE), rulebook(), as_of=make.hours(40)).contests[0]
    standing = standing_of(second(ledger), OTHER, packaged_rules()[PEOPLE.rule], make.hours(40))
    if standing is None:
        return (), ()
    first = {(one.option, one.goal.value): (one.state.value, one.by, one.at) for one in view.calls if one.made}
    calls = {(one.option, one.goal): (one.state, one.by, one.at) for one in standing.calls if one.by}
    return (tuple(slot.option and slot.option.id for slot in view.slots), first), (standing.holders, calls)


@pytest.mark.parametrize(("number", "seed"), [(300, 20170404), pytest.param(5000, 20170606, marks=pytest.mark.slow)])
def test_both_readings_give_the_same_places(number, seed):
    """On seeded courses, of which some hundred leave a call standing."""
    rng = Random(seed)
    read = [both_readings(course(rng)) for _ in range(number)]
    standing = sum(any(state in {"called", "under_review"} for state, _, _ in one[1].values()) for one, _ in read if one)

    assert standing > number / 8
    assert [one for one in read if one[0] != one[1]] == []
