"""The `racecall` command: one file a group of commands, heavy parts imported when a command needs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer
from typer.main import get_command

from racecall import __version__
from racecall.cli import (
    alerts,
    backtest,
    call,
    check,
    coverage,
    coverage_export,
    desk,
    export,
    feed,
    findings,
    folder,
    maps,
    night,
    publish,
    rules,
    story,
    watch,
)
from racecall.cli.common import FINE, safe
from racecall.errors import RacecallError, StorageError, UsageError

EPILOG = "Exit codes: 0 fine, 1 findings, 2 usage, 3 the source or the record is broken."

app = typer.Typer(
    name="racecall",
    help="An open election desk for contests in which more than one candidate can go through. A call is never a result.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        typer.echo(f"racecall {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", callback=show_version, is_eager=True)] = False,
) -> None:
    """Do nothing by itself: the commands do the work."""


app.command()(night.demo)
app.command()(folder.new)
app.command()(folder.add)
app.command()(watch.watch)
app.command()(watch.rehearse)
app.command()(night.status)
app.command()(night.replay)
app.command()(desk.desk)
app.command()(folder.verify)
app.command()(check.check)
app.command()(export.export)
app.command("map")(maps.draw)
app.command()(publish.publish)
app.command()(story.story)
app.command()(folder.migrate)
app.command()(backtest.calibrate)
app.command()(backtest.backtest)
coverage.app.command("export")(coverage_export.export)
app.add_typer(call.app, name="call", help="Call a place, take a call back, or let one stand: it takes two people.")
app.add_typer(findings.app, name="findings", help="See what looks wrong, and accept it with a reason.")
app.add_typer(coverage.app, name="coverage", help="Who and what stories speak of: each fact with a source, as of a moment.")
app.add_typer(desk.app, name="account", help="Who may sign in to the desk, and what they may do there.")
app.add_typer(alerts.app, name="alerts", help="Tell others what happened: each thing once, to each who wants to hear of it.")
app.add_typer(rules.app, name="rules", help="The law behind each call.")
app.add_typer(feed.app, name="feed", help="Result formats: what a file is, what is in it, what is wrong with it.")


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command; say errors in words and end with their exit code.

    Args:
        arguments: Words after `racecall`; those the process was started with if None.
    """
    try:
        _run(arguments)
    except RacecallError as error:
        typer.echo(f"racecall: {safe(str(error))}", err=True)
        sys.exit(error.exit_code)


@cache
def commands() -> Any:
    """Build the commands, once a process."""
    return get_command(app)


def _run(arguments: Sequence[str] | None) -> None:
    """Run the command and write out what it printed; trouble of the machine that nobody met before is met here."""
    try:
        try:
            commands()(args=_readable(sys.argv[1:] if arguments is None else arguments), prog_name="racecall")
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        sys.exit(FINE)
    except OSError as error:
        _forget_output()
        raise StorageError(
            f"cannot be read or written ({error.strerror or error}).",
            where=str(error.filename or "what the command printed"),
            next_step="Look at the disk's space and the permissions. What is recorded is safe: racecall verify DIR",
        ) from error


def _readable(words: Sequence[str]) -> Sequence[str]:
    """Return the words of a command line if each is text: the record is UTF-8. The name of a file that is there may be any bytes.

    Raises:
        UsageError: One is not.
    """
    for word in words:
        if word != word.encode("utf-8", "ignore").decode() and not os.path.lexists(word):
            raise UsageError(
                f'"{word.encode("utf-8", "replace").decode()}" is not UTF-8.',
                next_step="Set the terminal to UTF-8 (LANG=C.UTF-8), and type it again.",
            )
    return words


def _forget_output() -> None:
    """Let Python end without trying once more to write what cannot be written."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
