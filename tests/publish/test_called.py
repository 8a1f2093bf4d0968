"""A call is said the same everywhere: on the page, in the table, in JSON, in the manifest, and in files in the formats of others."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from racecall.ledger.events import Draft, EventKind, Ledger
from racecall.model.decision import DecisionKind
from racecall.publish import terminal, words
from racecall.publish.manifest import manifest_object
from racecall.publish.nist_json import NistJsonPublisher
from racecall.publish.status_json import status_object, status_text
from racecall.publish.timeline import election_timeline
from racecall.testing import called_export
from racecall.testing_exports import called_export as called_and
from racecall.testing_exports import signed

DOUBTED = signed(DecisionKind.RETRACT, "C. Desk", after=timedelta(hours=3))
WITHDRAWN = signed(DecisionKind.RETRACT, "C. Desk", "D. Night", after=timedelta(hours=3))
LET_STAND = [*DOUBTED, *signed(DecisionKind.REAFFIRM, "A. Editor", "C. Desk", after=timedelta(hours=4))]
BY = "Ana Ruiz was called to be elected by A. Editor and B. Chief (Tue 8 Nov 2022, 23:31 PST)."


def printed(part) -> str:
    """What a terminal of 120 columns shows, in single spaces."""
    console = Console(file=StringIO(), width=120)
    console.print(part)
    return " ".join(console.file.getvalue().split())


def sentences(export) -> str:
    [view] = export.view.contests
    return " ".join(said for call in view.calls for said in words.call_sentences(call, view.contest, export.view.election.zone))


@pytest.mark.parametrize(
    ("later", "state", "said"),
    [
        ([], "called", BY),
        (
            DOUBTED,
            "under_review",
            f'{BY[:-1]}. The call is under review (Wed 9 Nov 2022, 00:30 PST). C. Desk: "C. Desk looked at the count."',
        ),
        (
            WITHDRAWN,
            "retracted",
            (
                f"{BY[:-1]}. The call was withdrawn (Wed 9 Nov 2022, 00:31 PST). "
                'C. Desk: "C. Desk looked at the count." D. Night: "D. Night looked at the count."'
            ),
        ),
        (
            LET_STAND,
            "called",
            (
                f"{BY} The call was reviewed and stands (Wed 9 Nov 2022, 01:31 PST). "
                'A. Editor: "A. Editor looked at the count." C. Desk: "C. Desk looked at the count."'
            ),
        ),
    ],
    ids=["called", "under review", "withdrawn", "let stand"],
)
def test_the_words_of_a_call(later, state, said):
    """Who, when, and why; the same for every candidate."""
    export = called_and(*later)

    assert export.view.contests[0].slots[0].state == state
    assert sentences(export) == said
    assert said in printed(terminal.contest_page(export.view.contests[0], export.view))


def test_a_called_place_recommends_nothing_any_more():
    """It says that it is called."""
    export = called_export()

    assert "To be elected: Ana Ruiz Called Cannot be undone" in printed(terminal.contest_page(export.view.contests[0], export.view))


def test_the_timeline_tells_decisions_in_their_words():
    """Among the counts and statements."""
    export = called_and(*DOUBTED)
    told = " ".join(words.decision_sentence(one, export.view.contests[0].contest) for one in export.view.contests[0].decisions)

    assert "C. Desk takes back the call of Ana Ruiz to be elected: C. Desk looked at the count." in told
    assert "takes back the call of Ana Ruiz" in printed(election_timeline([export.view], export.view.election))


def test_a_call_under_review_comes_first():
    """In a table of many contests, before everything that waits for nobody."""
    [quiet], [doubted] = called_export().view.contests, called_and(*DOUBTED).view.contests

    assert terminal.urgency(doubted) < terminal.urgency(quiet)


def test_the_status_has_the_call_and_the_decisions():
    """Who, when, on what; null again once it is withdrawn."""
    said = status_object(called_export().view.contests[0], election="e", head="h")
    gone = status_object(called_and(*WITHDRAWN).view.contests[0], election="e", head="h")

    assert said["slots"][0]["called"] == {"by": ["A. Editor", "B. Chief"], "at": "2022-11-09T07:31:00Z", "evidence": "e" * 64}
    assert [one["kind"] for one in gone["decisions"]] == ["approve", "approve", "retract", "retract"]
    assert (gone["slots"][0]["called"], gone["calls"][0]["state"], gone["calls"][0]["waiting"]) == (None, "retracted", [])


@pytest.mark.parametrize("export", [called_export(), called_and(*DOUBTED), called_and(*WITHDRAWN)], ids=["called", "doubted", "withdrawn"])
@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=1)], ids=["first", "again"])
def test_the_text_is_the_object_written_out(export, later):
    """Whether it is written for the first time or taken from an earlier moment at which the same was said."""
    [view] = export.view.contests
    view = replace(view, as_of=view.as_of + later)

    text = status_text(view, election="e", head="h", rehearsal=True)

    assert text == json.dumps(status_object(view, election="e", head="h", rehearsal=True), ensure_ascii=False)


def test_the_manifest_has_the_call():
    """As in the status, so that a site can be held against the record."""
    view = called_export().view
    ledger = Ledger().append(Draft(kind=EventKind.RELEASE, at=view.as_of, body={}), recorded_at=view.as_of)
    [slot] = manifest_object(view, ledger, {})["contests"][0]["slots"]

    assert slot["called"]["by"] == ["A. Editor", "B. Chief"]


@pytest.mark.parametrize(
    ("later", "there"), [([], True), (DOUBTED, False), (WITHDRAWN, False)], ids=["called", "under review", "withdrawn"]
)
def test_a_nist_report_names_a_winner_only_while_the_call_stands_undoubted(later, there):
    """`projected-winner` is NIST's word for it."""
    [(_, data)] = NistJsonPublisher().write(called_and(*later))

    assert (b"projected-winner" in data) == there
