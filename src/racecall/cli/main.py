"""The `racecall` command: one file a group of commands, heavy parts imported when a command needs them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from racecall import __version__
from racecall.cli import backtest, feed, findings, folder, night, rules
from racecall.errors import RacecallError

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
app.command()(night.status)
app.command()(night.replay)
app.command()(folder.verify)
app.command()(backtest.calibrate)
app.command()(backtest.backtest)
app.add_typer(findings.app, name="findings", help="See what looks wrong, and accept it with a reason.")
app.add_typer(rules.app, name="rules", help="The law behind each call.")
app.add_typer(feed.app, name="feed", help="Result formats: what a file is, what is in it, what is wrong with it.")


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command; say errors in words and end with their exit code.

    Args:
        arguments: Words after `racecall`; those the process was started with if None.
    """
    try:
        app(args=arguments, prog_name="racecall")
    except RacecallError as error:
        typer.echo(f"racecall: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
