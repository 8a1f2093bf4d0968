"""`racecall call`: two people, on evidence that has cleared the rule, and a doubt that holds everything at once."""

import random
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest

from commands import FINDINGS, FINE, NIGHT, USAGE, command, county_json, events, file, racecall, recorded, status, surroundings

MAYOR = ("--contest", "mayor", "--option", "ann-lee")
EDITOR = ("--by", "A. Editor", "--reason", "Out of reach.")
CHIEF = ("--by", "B. Chief", "--reason", "Checked with the registrar.")
DESK = ("--by", "C. Desk", "--reason", "A batch is doubtful.")
PASSED = {**NIGHT, "MAYOR": {"ANN LEE": 610, "BO NÚÑEZ": 640, "CY ROE": 150}}
WAIT = 120


def said(ballots: int) -> str:
    """The registrar says now how many ballots are left."""
    return f"""\
racecall = "entry/1"

[[statement]]
contest = "mayor"
kind = "outstanding"
ballots = {ballots}
stated_at = {(datetime.now(UTC) - timedelta(minutes=1)).isoformat(timespec="seconds")}
source = "The registrar, by telephone"
includes_arrivals = true
"""


@pytest.fixture
def made(tmp_path):
    """A county's first count, and 100 ballots left: Ann Lee leads by 250."""
    folder = recorded(tmp_path)
    assert racecall("add", folder, file(tmp_path, "entry.toml", said(100))).code == FINE
    return folder


@pytest.fixture
def called(made):
    """Two people have called it."""
    call(made, "approve", *EDITOR)
    call(made, "approve", *CHIEF)
    return made


def call(folder, kind: str, *options: str, of: tuple[str, ...] = MAYOR):
    return racecall("call", kind, folder, *of, *options)


def place(folder):
    return status(folder)["slots"][0]


def passed(folder) -> None:
    """The next count has Bo Núñez ahead."""
    racecall("add", folder, file(folder.parent, "passed.json", county_json(PASSED, "2022-11-09T17:00:00")))


# -- what is listed ------------------------------------------------------------------------------------------------------------------


def test_the_list_says_what_is_recommended_and_on_what(made):
    """The place, why, the option's id to type, and the hash to hand in."""
    ran = racecall("call", "list", made, "--contest", "mayor")

    assert ran.code == FINE
    assert "To be elected: ANN LEE Likely recommended: call Cannot be undone: at most 115 ballots are out" in ran.words
    assert "--option ann-lee" in ran.words
    assert ran.words.endswith(f"evidence {events(made)[-1]['hash']}")


def test_the_list_says_who_has_signed(made):
    """And that one is not enough."""
    call(made, "approve", *EDITOR)

    assert "A. Editor would call ANN LEE to be elected; a second person must agree." in racecall("call", "list", made).words


def test_the_list_as_json(made):
    """One object a contest, in the names of the status."""
    call(made, "approve", *EDITOR)
    [mayor, measure] = racecall("call", "list", made, "--json").lines

    assert (mayor["contest"], measure["contest"], measure["calls"]) == ("mayor", "measure-a", [])
    assert mayor["evidence"] == events(made)[-1]["hash"]
    assert [(one["option"], one["state"], one["waiting"]) for one in mayor["calls"]] == [
        ("ann-lee", None, [{"kind": "approve", "by": "A. Editor"}])
    ]


def test_the_list_as_of_an_earlier_moment(called):
    """What was known then: nobody had signed."""
    [mayor] = racecall("call", "list", called, "--contest", "mayor", "--as-of", "2022-11-09", "--json").lines

    assert (mayor["calls"], mayor["slots"][0]["called"]) == ([], None)


# -- two people ----------------------------------------------------------------------------------------------------------------------


def test_one_person_calls_nothing(made):
    """The place is as it was."""
    ran = call(made, "approve", *EDITOR)

    assert (ran.code, ran.out) == (FINE, "A. Editor would call ANN LEE to be elected; a second person must agree.\n")
    assert (place(made)["state"], place(made)["called"]) == ("likely", None)


def test_two_people_call(made):
    """Who, when, and on what evidence, in the status and on the page."""
    call(made, "approve", *EDITOR)
    seen = events(made)[-1]["hash"]
    ran = call(made, "approve", *CHIEF)
    at = events(made)[-1]["at"]

    assert (ran.code, ran.words[:56]) == (FINE, "ANN LEE was called to be elected by A. Editor and B. Chi")
    assert place(made)["state"] == "called"
    assert place(made)["called"] == {"by": ["A. Editor", "B. Chief"], "at": at, "evidence": seen}
    assert "To be elected: ANN LEE Called Cannot be undone" in racecall("status", made, "--contest", "mayor").words


def test_the_decision_is_an_event(made):
    """Who, why, which option and goal, on what, and what was said of the place then."""
    before = events(made)[-1]["hash"]
    call(made, "approve", "--by", "A. Editor", "--reason", "  Out of reach. ")
    last = events(made)[-1]

    assert (last["kind"], last["actor"], last["contest"]) == ("decision", "A. Editor", "mayor")
    assert last["body"] == {
        "kind": "approve",
        "option": "ann-lee",
        "goal": "elect",
        "slot": 1,
        "reason": "Out of reach.",
        "evidence": before,
        "state": "likely",
        "score": None,
        "threshold": None,
    }


def test_the_decision_as_json(made):
    """What was recorded, and what has become of the call."""
    ran = call(made, "approve", *EDITOR, "--json")

    assert (ran.json["decision"]["by"], ran.json["call"]["state"], ran.json["rehearsal"]) == ("A. Editor", None, False)


def test_a_replay_tells_who_called_and_when(called):
    """A decision is a moment like a count."""
    moments = racecall("replay", called, "--contest", "mayor").words

    assert [name in moments for name in ("A. Editor approves", "Out of reach.", "B. Chief approves", "Checked with the registrar.")] == [
        True
    ] * 4


def test_the_second_reader_agrees(called, tmp_path):
    """The record verifies, and a printed status; one that names another person does not."""
    printed = racecall("status", called, "--contest", "mayor", "--json")
    right = racecall("verify", called, "--against", file(tmp_path, "right.json", printed.out))
    wrong = racecall(
        "verify", called, "--against", file(tmp_path, "wrong.json", printed.out.replace('["A. Editor", "B', '["X. Editor", "B'))
    )

    assert racecall("verify", called).code == FINE
    assert (right.code, wrong.code) == (FINE, 3), right.out + right.err
    assert "place 1: it is printed as called by X. Editor and B. Chief" in wrong.words


# -- what is refused -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["approve", "retract", "reaffirm"])
@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_decided_without_a_reason(made, kind, reason):
    """It is published."""
    ran = call(made, kind, "--reason", reason)

    assert (ran.code, ran.err) == (
        USAGE,
        'racecall: a decision is made with a reason, and the reason is published.\nSay why: --reason "…"\n',
    )


def test_an_unknown_option_is_refused(made):
    """With those there are."""
    ran = call(made, "approve", *EDITOR, of=("--contest", "mayor", "--option", "nobody"))

    assert (ran.code, ran.err) == (
        USAGE,
        "racecall: contest mayor: no option 'nobody'.\nOptions: ann-lee, bo-nunez, cy-roe.\n",
    )


def test_an_unknown_contest_is_refused(made):
    """With those there are."""
    ran = call(made, "approve", *EDITOR, of=("--contest", "sheriff", "--option", "ann-lee"))

    assert (ran.code, ran.err) == (USAGE, "racecall: no contest 'sheriff' in this election.\nContests: mayor, measure-a\n")


def test_who_holds_no_place_is_not_called(made):
    """Third of three."""
    ran = call(made, "approve", *EDITOR, of=("--contest", "mayor", "--option", "cy-roe"))

    assert (ran.code, ran.err) == (
        USAGE,
        "racecall: contest mayor: CY ROE holds no place in the current count.\nSee the calls: racecall call list DIR\n",
    )


def test_what_is_not_recommended_is_not_called(made):
    """The refusal says what shuts it, and offers no way round."""
    ran = call(made, "approve", *EDITOR, of=("--contest", "measure-a", "--option", "yes"))

    assert (ran.code, ran.err) == (
        USAGE,
        (
            "racecall: contest measure-a: a call of YES is not recommended. It is not known how many ballots are out. No past count can be "
            "compared (election.toml: polls_close, state), so only what is certain is recommended.\n"
            "People decide, and the desk calls nothing that its own rule does not support.\n"
        ),
    )


def test_a_finding_holds_the_call(made, tmp_path):
    """Two people must accept it first."""
    fallen = {**NIGHT, "MAYOR": {"ANN LEE": 590, "BO NÚÑEZ": 350, "CY ROE": 150}}
    racecall("add", made, file(tmp_path, "fallen.json", county_json(fallen, "2022-11-09T17:00:00")))
    [finding] = [one for one in racecall("findings", "list", made, "--json").lines if one["check"] == "fall"]
    ran = call(made, "approve", *EDITOR)

    assert (ran.code, ran.err) == (
        USAGE,
        (
            f"racecall: contest mayor: calls are held by finding {finding['id']}: {finding['problem']}\n"
            "Look at it, and have two people accept it if it may pass: racecall findings list DIR\n"
        ),
    )


def test_the_second_person_is_another(made):
    """Nor the same name in other letters."""
    call(made, "approve", *EDITOR)
    ran = call(made, "approve", "--by", " a EDITOR", "--reason", "Again.")

    assert (ran.code, ran.err) == (
        USAGE,
        (
            "racecall: contest mayor: A. Editor has signed this already: Out of reach.\n"
            "It takes two people: a second one must look, and sign with another name.\n"
        ),
    )


def test_what_is_called_is_not_called_again(called):
    """By whom it was."""
    ran = call(called, "approve", *DESK)

    assert (ran.code, ran.err) == (
        USAGE,
        "racecall: contest mayor: ANN LEE is called already, by A. Editor and B. Chief.\nSee the calls: racecall call list DIR\n",
    )


def test_what_is_under_review_is_not_called(called):
    """It is let stand, or withdrawn."""
    call(called, "retract", *DESK)
    ran = call(called, "approve", *DESK)

    assert (ran.code, ran.err) == (
        USAGE,
        (
            "racecall: contest mayor: the call of ANN LEE is under review.\n"
            "Two people let it stand (racecall call reaffirm) or withdraw it (racecall call retract).\n"
        ),
    )


def test_a_certified_contest_is_not_called(made, tmp_path):
    """The office has spoken."""
    racecall("add", made, file(tmp_path, "final.json", county_json(NIGHT, "2022-11-20T17:00:00")), "--status", "certified")
    ran = call(made, "approve", *EDITOR)

    assert (ran.code, ran.err) == (
        USAGE,
        "racecall: contest mayor: the count is certified: there is nothing left to call.\nSee the calls: racecall call list DIR\n",
    )


def test_figures_that_changed_since_are_looked_at_again(made, tmp_path):
    """The hash of the list is of another count; another person's signature changes nothing."""
    seen = racecall("call", "list", made, "--contest", "mayor", "--json").json["evidence"]
    call(made, "approve", *EDITOR, "--evidence", seen[:8])
    signed = racecall("call", "list", made, "--contest", "mayor", "--json").json["evidence"]
    racecall("add", made, file(tmp_path, "more.toml", said(90)))
    at = next(event["at"] for event in reversed(events(made)) if event["kind"] == "statement")
    ran = call(made, "approve", *CHIEF, "--evidence", signed)

    assert (ran.code, ran.err) == (
        USAGE,
        (
            f"racecall: contest mayor: the figures have changed since {signed[:8]}: a statement came in ({at}).\n"
            "Look again, and decide on what you see: racecall call list DIR\n"
        ),
    )
    assert place(made)["state"] == "likely"


def test_the_evidence_is_what_was_looked_at(made):
    """Not what was there when it was signed."""
    seen = events(made)[-1]["hash"]
    call(made, "approve", *EDITOR, "--evidence", seen)
    call(made, "approve", *CHIEF, "--evidence", seen[:8].upper())

    assert place(made)["called"]["evidence"] == seen


@pytest.mark.parametrize("evidence", ["0123456", "zzzzzzzzzz"])
def test_a_hash_of_no_event_is_refused(made, evidence):
    """A few letters are none."""
    ran = call(made, "approve", *EDITOR, "--evidence", evidence)

    assert (ran.code, ran.err) == (
        USAGE,
        (
            f"racecall: no event of this record has the hash '{evidence}'.\n"
            "Give its first 8 letters or more. See the calls: racecall call list DIR\n"
        ),
    )


def test_there_must_be_something_to_take_back(made):
    """Nobody called it."""
    ran = call(made, "retract", *DESK)

    assert (ran.code, ran.err) == (
        USAGE,
        "racecall: contest mayor: ANN LEE is not called, and nobody proposes it.\nSee the calls: racecall call list DIR\n",
    )


def test_only_a_call_under_review_is_let_stand(called):
    """What nobody doubts needs no second word."""
    ran = call(called, "reaffirm", *DESK)

    assert (ran.code, ran.err) == (
        USAGE,
        "racecall: contest mayor: no call of ANN LEE is under review.\nSee the calls: racecall call list DIR\n",
    )


def test_what_is_refused_leaves_no_event(made):
    """The record holds decisions, not attempts."""
    before = events(made)
    for kind in ("retract", "reaffirm"):
        call(made, kind, *DESK)

    assert events(made) == before


# -- taking back ---------------------------------------------------------------------------------------------------------------------


def test_a_proposal_is_taken_back_by_anybody(made):
    """And the next approval is the first again."""
    call(made, "approve", *EDITOR)
    ran = call(made, "retract", *DESK)
    call(made, "approve", *CHIEF)

    assert (ran.code, ran.out) == (FINE, "Nothing is proposed any more.\n")
    assert place(made)["state"] == "likely"


def test_one_doubt_holds_the_contest(called):
    """At once: the place says so, nothing is recommended, and a person is waited for."""
    ran = call(called, "retract", *DESK)
    page = racecall("status", called, "--contest", "mayor")

    assert ran.code == FINE
    assert (place(called)["state"], place(called)["recommendation"]) == ("under_review", "wait")
    assert (page.code, racecall("call", "list", called).code) == (FINDINGS, FINDINGS)
    assert "To be elected: ANN LEE Call under review recommended: wait" in page.words
    assert "The call is under review (" in page.words
    assert 'C. Desk: "A batch is doubtful."' in page.words


def test_two_people_withdraw_a_call(called):
    """In public, with the reasons, and it stays on the page."""
    call(called, "retract", *DESK)
    call(called, "retract", "--by", "D. Night", "--reason", "The county agrees.")
    page = racecall("status", called, "--contest", "mayor")

    assert (page.code, place(called)["state"], place(called)["called"]) == (FINE, "retracted", None)
    assert 'C. Desk: "A batch is doubtful." D. Night: "The county agrees."' in page.words


def test_two_people_let_a_call_stand(called):
    """The one who doubted may be one of them."""
    call(called, "retract", *DESK)
    first = call(called, "reaffirm", "--by", "C. Desk", "--reason", "Cleared up.")
    second = call(called, "reaffirm", *CHIEF)

    assert "C. Desk would let the call stand; a second person must agree." in first.words
    assert "The call was reviewed and stands (" in second.words
    assert place(called)["state"] == "called"


def test_a_count_that_passes_the_called_option_puts_it_under_review(called, tmp_path):
    """It keeps its place on the page, and never disappears in silence."""
    passed(called)
    state = status(called)
    printed = file(tmp_path, "printed.json", racecall("status", called, "--contest", "mayor", "--json").out)

    assert state["options"][0]["option"] == "bo-nunez"
    assert (state["slots"][0]["option"], state["slots"][0]["state"]) == ("ann-lee", "under_review")
    assert "The count speaks against it." in racecall("call", "list", called).words
    assert racecall("verify", called, "--against", printed).code == FINE


def test_taking_back_needs_no_recommendation_and_no_fresh_look(called):
    """Findings, old figures and an old hash keep nobody from it."""
    seen = events(called)[0]["hash"]
    passed(called)
    codes = [call(called, "retract", *who, "--evidence", seen).code for who in (DESK, EDITOR)]

    assert (codes, status(called)["calls"][0]["state"]) == ([FINE, FINE], "retracted")


def test_a_finding_keeps_a_call_from_being_let_stand(called):
    """What looks wrong is accepted first."""
    passed(called)
    ran = call(called, "reaffirm", *DESK)

    assert (ran.code, ran.err.partition(":")[2].startswith(" contest mayor: calls are held by finding ")) == (USAGE, True), ran.err


# -- a rehearsal ---------------------------------------------------------------------------------------------------------------------


def test_a_rehearsal_says_so(made):
    """People practise with the same command, and every answer says that nothing is called."""
    settings = made / "election.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("[election]", "[election]\nrehearsal = true", 1), encoding="utf-8")
    ran = call(made, "approve", *EDITOR)

    assert ran.code == FINE, ran.err
    assert ran.out.splitlines()[0] == "REHEARSAL: a recorded night played again. Nothing here is a count of today."


# -- several desks, and a killed one -------------------------------------------------------------------------------------------------


def approving(folder, by: str) -> subprocess.Popen:
    words = command("call", "approve", folder, *MAYOR, "--by", by, "--reason", "Out of reach.")
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=surroundings())


def ended(process: subprocess.Popen) -> tuple[int, str]:
    _, err = process.communicate(timeout=WAIT)
    return process.returncode, err.decode()


def test_two_desks_that_decide_at_once_make_one_call(made):
    """Both are recorded, one after the other; three who try make no third approval."""
    codes = sorted(ended(process)[0] for process in [approving(made, by) for by in ("A. Editor", "B. Chief", "C. Desk")])

    assert codes == [FINE, FINE, USAGE]
    assert [event["kind"] for event in events(made)].count("decision") == 2
    assert (place(made)["state"], racecall("verify", made).code) == ("called", FINE)


def test_the_same_person_at_two_desks_is_one(made):
    """Whoever comes second is refused."""
    codes = sorted(ended(process)[0] for process in [approving(made, by) for by in ("A. Editor", "a editor")])

    assert (codes, place(made)["state"]) == ([FINE, USAGE], "likely")


@pytest.mark.parametrize(("kills", "seed"), [(2, 20170404), pytest.param(40, 20170606, marks=pytest.mark.slow)])
def test_a_killed_approval_is_there_whole_or_not_at_all(made, kills, seed):
    """Killed at seeded moments: what was recorded is there, the chain holds, and the same command completes it."""
    rng, wrong = random.Random(seed), []
    began = time.monotonic()
    ended(approving(made, "Person 0"))
    duration = time.monotonic() - began
    for number in range(1, kills + 1):
        before = events(made)
        process = approving(made, f"Person {number}")
        time.sleep(rng.uniform(0.3, 1.1) * duration)
        process.send_signal(signal.SIGKILL)
        ended(process)
        found = events(made)
        if len(found) == len(before):
            ended(approving(made, f"Person {number}"))
        people = [event["actor"] for event in events(made) if event["kind"] == "decision" and event["body"]["kind"] == "approve"]
        checks = {
            "what was recorded is there": found[: len(before)] == before,
            "whole or not at all": len(found) - len(before) in {0, 1},
            "the same command completes it": f"Person {number}" in people,
            "it verifies": racecall("verify", made).code == FINE,
        }
        wrong += [f"kill {number}: not so: {check}" for check, holds in checks.items() if not holds]
        call(made, "retract", *DESK)  # a proposal is ended, a call put under review and withdrawn: the next one begins anew
        call(made, "retract", *CHIEF)

    assert wrong == []
