"""The findings command: what looks wrong, and letting it pass with a reason."""

from __future__ import annotations

from typing import Annotated

import typer

from racecall.cli.common import FINDINGS, AsOf, Folder, Json, Who, end, parse_time, say, say_json

app = typer.Typer(no_args_is_help=True)

SECOND = "It holds calls until a second person has accepted it."
"""What is said of a finding with one of its two names."""


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
    missing = {finding.id: records.people_missing(finding) for _, finding in records.findings}
    shown = [finding for _, finding in records.findings if every or missing[finding.id]]
    for finding in shown:
        signed = [{"by": acceptance.by, "reason": acceptance.reason} for acceptance in records.accepted(finding)]
        if as_json:
            say_json(
                finding_object(finding) | {"accepted": signed[-1] if signed and not missing[finding.id] else None, "acceptances": signed}
            )
            continue
        text = finding_text(finding)
        for one in signed:
            text.append(f"\n          accepted by {one['by']}: {one['reason']}")
        say(text.append(f"\n          {SECOND}") if signed and missing[finding.id] else text)
    if not shown and not as_json:
        say("No open findings.")
    end(FINDINGS if any(finding.severity is not Severity.NOTE and missing[finding.id] for finding in shown) else 0)


@app.command("accept")
def accept(
    dir_: Folder,
    finding: Annotated[str, typer.Argument(metavar="FINDING", help="The finding's id, as listed.", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it may pass; goes into the record.", show_default=False)],
    by: Who = "",
) -> None:
    """Accept a finding with a reason; two people must before calls are free again, and it stays in the record.

    Example: racecall findings accept ca34 1f0c22ab --by "A. Editor" --reason "The county confirmed the correction by phone at 21:40."
    """
    from racecall.desk.accepting import accept_finding
    from racecall.desk.folder import open_folder

    accepted = accept_finding(open_folder(dir_), finding, by=by, reason=reason)
    found = accepted.finding
    say(f"Accepted {found.id} ({found.check}): {found.problem}" + (f"\n{SECOND}" if accepted.people_missing else ""))
