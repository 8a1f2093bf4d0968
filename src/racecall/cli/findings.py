"""The findings command: what looks wrong, and letting it pass with a reason."""

from __future__ import annotations

from typing import Annotated

import typer

from racecall.cli.common import FINDINGS, AsOf, Folder, Json, Who, end, parse_time, say, say_json

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_findings(
    dir_: Folder,
    every: Annotated[bool, typer.Option("--all", help="Accepted ones too, with who accepted them and why.")] = False,
    as_of: AsOf = "",
    as_json: Json = False,
) -> None:
    """List what looks wrong and has not been accepted.

    Example: racecall findings list ca34 --all
    """
    from racecall.desk.folder import open_folder
    from racecall.ledger.records import read_records
    from racecall.model.finding import Severity
    from racecall.publish.status_json import finding_object
    from racecall.publish.terminal import finding_text

    folder = open_folder(dir_)
    ledger = folder.ledger()
    records = read_records(ledger.as_of(parse_time(as_of, folder.election.zone)) if as_of else ledger)
    accepted = {acceptance.finding: acceptance for acceptance in records.acceptances}
    shown = [finding for _, finding in records.findings if every or finding.id not in accepted]
    for finding in shown:
        by = accepted.get(finding.id)
        if as_json:
            say_json(finding_object(finding) | {"accepted": {"by": by.by, "reason": by.reason} if by else None})
            continue
        text = finding_text(finding)
        say(text.append(f"\n          accepted by {by.by}: {by.reason}") if by else text)
    if not shown and not as_json:
        say("No open findings.")
    end(FINDINGS if any(f.severity is not Severity.NOTE and f.id not in accepted for f in shown) else 0)


@app.command("accept")
def accept(
    dir_: Folder,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="The finding's id, as listed.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it may pass; goes into the record.", show_default=False)],
    by: Who = "",
) -> None:
    """Accept a finding with a reason; it stops holding calls and stays in the record.

    Example: racecall findings accept ca34 1f0c22ab --by "A. Editor" --reason "The county confirmed the correction by phone at 21:40."
    """
    from racecall.desk.accepting import accept_finding
    from racecall.desk.folder import open_folder

    accepted = accept_finding(open_folder(dir_), finding, by=by, reason=reason)
    say(f"Accepted {accepted.id} ({accepted.check}): {accepted.problem}")
