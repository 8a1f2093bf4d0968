"""The call command: what is recommended, who has signed, and the decisions of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import FINDINGS, AsOf, ContestId, Folder, Json, Who, end, parse_time, say, say_json

if TYPE_CHECKING:
    from racecall.model.decision import DecisionKind

app = typer.Typer(no_args_is_help=True)

Contest = Annotated[str, typer.Option("--contest", metavar="ID", help="The contest's id, as listed.", show_default=False)]
Choice = Annotated[str, typer.Option("--option", metavar="ID", help="The option's id, as listed.", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is published.", show_default=False)]
Evidence = Annotated[
    str,
    typer.Option(
        "--evidence", metavar="HASH", help="What was looked at, as listed: if the figures have changed since, nothing is recorded."
    ),
]


@app.command("list")
def list_calls(dir_: Folder, contest: ContestId = "", as_of: AsOf = "", as_json: Json = False) -> None:
    """List every place: who holds it, what is recommended, who has signed, and the hash of what this rests on.

    Example: racecall call list ca34 --contest ca34-2017-primary
    """
    from racecall.calls.states import SlotState
    from racecall.desk.folder import open_folder
    from racecall.desk.judging import judge_folder, present
    from racecall.publish.status_json import calls_object
    from racecall.publish.terminal import calls_page

    folder = open_folder(dir_)
    ledger = folder.ledger()
    moment = parse_time(as_of, folder.election.zone) if as_of else present(folder, ledger)
    view = judge_folder(folder, ledger, moment, [contest] if contest else [])
    if as_json:
        for one in view.contests:
            say_json(calls_object(one, head=view.head, rehearsal=view.rehearsal))
    else:
        say(calls_page(view))
    reviewed = (call for one in view.contests for call in one.calls if call.state is SlotState.UNDER_REVIEW)
    end(FINDINGS if any(reviewed) else 0)


@app.command("approve")
def approve(
    dir_: Folder, contest: Contest, option: Choice, reason: Reason, by: Who = "", evidence: Evidence = "", as_json: Json = False
) -> None:
    """Approve a call that is recommended; a second person must do the same before the place is called.

    Example: racecall call approve ca34 --contest ca34-2017-primary --option gomez --reason "Out of reach." --evidence 1f0c22ab
    """
    from racecall.model.decision import DecisionKind

    _decide(dir_, contest, option, DecisionKind.APPROVE, by=by, reason=reason, evidence=evidence, as_json=as_json)


@app.command("retract")
def retract(
    dir_: Folder, contest: Contest, option: Choice, reason: Reason, by: Who = "", evidence: Evidence = "", as_json: Json = False
) -> None:
    """Take a call back: one person puts it under review, which holds every call of the contest; a second one withdraws it.

    Example: racecall call retract ca34 --contest ca34-2017-primary --option gomez --by "A. Editor" --reason "The county found an error."
    """
    from racecall.model.decision import DecisionKind

    _decide(dir_, contest, option, DecisionKind.RETRACT, by=by, reason=reason, evidence=evidence, as_json=as_json)


@app.command("reaffirm")
def reaffirm(
    dir_: Folder, contest: Contest, option: Choice, reason: Reason, by: Who = "", evidence: Evidence = "", as_json: Json = False
) -> None:
    """Let a call that is under review stand; it takes two people as well.

    Example: racecall call reaffirm ca34 --contest ca34-2017-primary --option gomez --by "A. Editor" --reason "The county has corrected it."
    """
    from racecall.model.decision import DecisionKind

    _decide(dir_, contest, option, DecisionKind.REAFFIRM, by=by, reason=reason, evidence=evidence, as_json=as_json)


def _decide(dir_: Folder, contest: str, option: str, kind: DecisionKind, *, by: str, reason: str, evidence: str, as_json: bool) -> None:
    from racecall.desk.calling import decide
    from racecall.desk.folder import open_folder
    from racecall.publish import words
    from racecall.publish.status_json import call_object, decision_object

    folder = open_folder(dir_)
    made = decide(folder, contest, option, kind, by=by, reason=reason, evidence=evidence)
    if as_json:
        say_json({"decision": decision_object(made.decision), "call": call_object(made.call), "rehearsal": made.rehearsal})
        return
    said = words.call_sentences(made.call, folder.election.contest(contest), folder.election.zone)
    say(*([words.REHEARSAL] if made.rehearsal else []), *(said or [words.NOTHING_LEFT]))
