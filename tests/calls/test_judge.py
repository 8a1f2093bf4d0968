"""From the record to what may be said of each place."""

from dataclasses import replace

import pytest

import builders as make
from racecall.calls.judge import judge, judge_contest
from racecall.desk.packaged import rulebook
from racecall.errors import UnknownName
from racecall.ledger.events import Ledger
from racecall.ledger.records import Acceptance
from racecall.model.finding import Finding, Severity
from racecall.model.release import ResultsStatus
from racecall.model.settings import Settings

MORNING = make.hours(12)
PEOPLE = make.contest("Gomez", "Ahn", "Cabildo", others=True)
NIGHT = make.recorded({"gomez": 8156, "ahn": 5504, "cabildo": 2778, "all_others": 12547}, units_reported=192, units_total=192)
SAID = make.statement(13400, at=make.hours(4), includes_arrivals=True)


def view(*releases, contest=PEOPLE, statements=(), as_of=MORNING, **values):
    known = replace(make.records(*releases, statements=statements), **values)
    return judge_contest(contest, make.election(contest), rulebook().rule(contest.rule), known, as_of=as_of, settings=Settings())


def test_the_night_of_2017():
    """Two places led, neither called: the break third place needs is 20.3 points, it has trailed by 9.4."""
    slots = view(NIGHT, statements=[SAID]).slots

    assert [(slot.option.name, slot.state, slot.recommendation) for slot in slots] == [
        ("Gomez", "leading", "wait"),
        ("Ahn", "leading", "wait"),
    ]
    assert slots[1].reasons[1] == (
        "Of the ballots still out, Cabildo would have to win by 20.3 points over Ahn; so far Cabildo has trailed by 9.4."
    )


def test_a_majority_that_is_still_possible_is_said_first():
    """In a majority-or-runoff contest the runoff itself is conditional until nobody can pass half."""
    slot = view(NIGHT, statements=[SAID]).slots[1]

    assert slot.conditional == "Somebody may still pass 50% and win outright; then there is no runoff."
    assert slot.reasons[0] == slot.conditional


def test_before_any_count_nobody_leads():
    """Polls are open, or the county has printed nothing."""
    assert [(slot.option, slot.state) for slot in view().slots] == [(None, "too_early"), (None, "too_early")]


def test_without_a_figure_of_what_is_out_that_is_the_reason():
    """192 of 192 precincts do not stand in for it."""
    assert "It is not known how many ballots are out." in view(NIGHT).slots[0].reasons


def test_a_clinched_place_is_recommended():
    """Cabildo cannot make up 2,726 on 1,000 ballots, and nobody can reach half."""
    slots = view(NIGHT, statements=[make.statement(1000, at=make.hours(4), includes_arrivals=True)]).slots

    assert [(slot.state, slot.recommendation) for slot in slots] == [("likely", "call"), ("likely", "call")]
    assert slots[1].reasons == ("Cannot be undone: at most 1,150 ballots are out, fewer than it would take.",)


def test_a_finding_holds_the_call_until_two_people_accept_it():
    """What looks wrong stops a recommendation; one name does not let it go, nor the same name in other letters, two people do."""
    finding = Finding(check="fall", severity=Severity.HOLD_CALLS, problem="Ahn falls.", contest="c")
    said = [make.statement(1000, at=make.hours(4), includes_arrivals=True)]
    held = view(NIGHT, statements=said, findings=((make.NIGHT, finding),)).slots[0]
    one, again, two = (
        Acceptance(finding=finding.id, by=by, reason="The county confirmed it.", at=make.NIGHT)
        for by in ("A. Editor", "a editor", "B. Chief")
    )
    signed = [
        view(NIGHT, statements=said, findings=((make.NIGHT, finding),), acceptances=names).slots[0].recommendation
        for names in ((one,), (one, again), (one, two))
    ]

    assert (held.recommendation, *signed) == ("wait", "wait", "wait", "call")
    assert held.reasons[-1] == f"Held by a finding ({finding.id}): Ahn falls."


def test_first_choices_never_call_a_ranked_contest():
    """Oakland, 2022: the third of first choices had won; nothing that votes by option say can be certain."""
    ranked = make.contest("Resnick", "Manigo", "Hutchinson", rule="us-ca-sf-rcv")
    first = make.recorded({"resnick": 9954, "manigo": 8153, "hutchinson": 8112})
    [slot] = view(first, contest=ranked, statements=[make.statement(10, at=make.hours(4), includes_arrivals=True)]).slots

    assert (slot.state == "certified", slot.recommendation) == (False, "wait")
    assert slot.reasons[-1] == "Ranked choice: the rankings on the ballots decide, and votes by option do not say who wins."
    assert not any("Cannot be undone" in reason for reason in slot.reasons)


def test_certified_first_choices_elect_nobody():
    """The county's certificate said otherwise, and was wrong."""
    ranked = make.contest("Resnick", "Manigo", "Hutchinson", rule="us-ca-sf-rcv")
    final = make.recorded({"resnick": 9954, "manigo": 8153, "hutchinson": 8112}, status=ResultsStatus.CERTIFIED)
    [slot] = view(final, contest=ranked).slots

    assert (slot.option, slot.recommendation) == (None, "wait")


def test_all_others_never_holds_a_place():
    """12,547 votes for the other 21 are nobody's."""
    assert [slot.option.id for slot in view(NIGHT).slots] == ["gomez", "ahn"]


def test_options_without_a_figure_might_be_anywhere_in_the_remainder():
    """If fifteen names share 4,662 votes, one of them might have them all: no place clinches against that."""
    crowd = make.contest("Gomez", "Ahn", "Cabildo", "Walker", others=True)
    count = make.recorded({"gomez": 9000, "ahn": 5000, "cabildo": 100, "all_others": 6000})
    said = [make.statement(10, at=make.hours(4), includes_arrivals=True)]

    assert [line.clinched for line in view(count, contest=crowd, statements=said).options[:3]] == [True, False, False]


def test_a_small_break_is_too_close():
    """Below six points, one standard deviation of past late shifts, nobody is said to lead."""
    count = make.recorded({"gomez": 8156, "ahn": 5504, "cabildo": 5400, "all_others": 9925})

    assert [slot.state for slot in view(count, statements=[SAID]).slots] == ["leading", "too_close"]


def test_a_certified_tie_for_second_sends_three_on():
    """CA-16, March 2024: Simitian and Low had 30,249 votes each, and three advanced (Elections Code 8142(b))."""
    people = make.contest("Liccardo", "Simitian", "Low", "Tanaka", rule="us-ca-primary-voter-nominated")
    final = make.recorded({"liccardo": 38492, "simitian": 30249, "low": 30249, "tanaka": 20000}, status=ResultsStatus.CERTIFIED)

    slots = view(final, contest=people).slots

    assert [(slot.option.id, slot.state) for slot in slots] == [("liccardo", "certified"), ("simitian", "certified"), ("low", "certified")]


def test_a_certified_majority_leaves_one_place():
    """Somebody elected outright fills the seat, and there is no runoff."""
    final = make.recorded({"gomez": 60, "ahn": 30, "cabildo": 10}, status=ResultsStatus.CERTIFIED)

    slots = view(final).slots

    assert [(slot.option.id, slot.slot.kind) for slot in slots] == [("gomez", "elect")]


def test_since_is_when_the_place_was_taken():
    """Ahn overtakes Cabildo in the second release and stays ahead."""
    first = make.recorded({"gomez": 80, "ahn": 40, "cabildo": 50}, at=make.hours(0))
    second = make.recorded({"gomez": 90, "ahn": 70, "cabildo": 60}, at=make.hours(1), seq=2)

    assert [slot.since for slot in view(first, second).slots] == [make.hours(0), make.hours(1)]


def test_votes_of_unknown_names_count_in_the_total():
    """They are in every share, and in nobody's."""
    count = make.recorded({"gomez": 50, "ahn": 30}, unknown={"Gornez": 20})

    lines = view(count).options

    assert [(line.option.name, line.share) for line in lines[:3]] == [("Gomez", 0.5), ("Ahn", 0.3), ("Gornez", 0.2)]


def test_an_uncertain_rule_says_so():
    """A rule from memory is used with its warning beside it."""
    warned = view(NIGHT, contest=replace(PEOPLE, rule="us-ca-general-voter-nominated"))

    assert "uncertain" in warned.rule_warning


def test_an_unknown_rule_is_named():
    """A typing error in election.toml is found before the night."""
    contest = replace(PEOPLE, rule="us-ca-speical-primary")

    with pytest.raises(UnknownName, match="us-ca-speical-primary"):
        judge(Ledger(), make.election(contest), rulebook(), as_of=make.NIGHT)


def test_an_option_taken_out_of_the_settings_keeps_its_votes():
    """Whoever edits election.toml in the middle of a count loses nobody's votes, and no other contest stops."""
    lines = view(make.recorded({"gomez": 60, "somebody": 40})).options

    assert [(line.option.name, line.votes) for line in lines[:2]] == [("Gomez", 60), ("somebody", 40)]
