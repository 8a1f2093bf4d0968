"""The commands of the desk: serve it, and say who may come in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from racecall.cli.common import Folder, Json, say, say_json
from racecall.cli.publish import Address, Languages
from racecall.cli.watch import stopping
from racecall.errors import UsageError

if TYPE_CHECKING:
    from racecall.desk.web.accounts import Accounts

NO_EXTRA = 'Install it with: pip install "racecall[desk]"'

app = typer.Typer(no_args_is_help=True)


def desk(
    dir_: Folder,
    port: Annotated[int, typer.Option("--port", metavar="N", help="Port; 0 for any that is free.", min=0, max=65535)] = 8080,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    name: Annotated[list[str] | None, typer.Option("--name", metavar="HOST", help="Host name that browsers use; may be repeated.")] = None,
    certificate: Annotated[Path | None, typer.Option("--certificate", metavar="FILE", help="Certificate for HTTPS, PEM.")] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="Its key, PEM.")] = None,
    proxy: Annotated[str, typer.Option("--proxy", metavar="ADDRESS", help="A proxy that speaks HTTPS to the browsers.")] = "",
    site: Annotated[Path | None, typer.Option("--site", metavar="SITE", help="Folder of the published site: admins may publish.")] = None,
    language: Languages = None,
    address: Address = "",
    metrics_token: Annotated[
        Path | None, typer.Option("--metrics-token", metavar="FILE", help="File with what a program must show to read /metrics.")
    ] = None,
) -> None:
    """Serve the desk: what needs a person, and the forms to record what people decide.

    Example: racecall desk ca34 --port 8080
    """
    token = _token(metrics_token) if metrics_token else ""
    with needed_packages():
        from racecall.desk.web.service import DeskSettings
        from racecall.desk.web.serving import Listening, serve
    settings = DeskSettings(folder=dir_, site=site, languages=tuple(language or ()), address=address, metrics_token=token)
    listening = Listening(host=host, port=port, names=tuple(name or ()), certificate=certificate, key=key, proxy=proxy)
    with stopping():
        serve(settings, listening, _say_now)


def _say_now(words: str) -> None:
    """Say something at once, also to whoever reads it through a pipe."""
    say(words)
    sys.stdout.flush()


@contextmanager
def needed_packages() -> Iterator[None]:
    """Say which package the desk needs, if one is not installed."""
    try:
        yield
    except ImportError as error:
        raise UsageError(f"the desk needs a package that is not installed ({error.name}).", next_step=NO_EXTRA) from error


def _token(file: Path) -> str:
    from racecall.desk.files import read_limited

    token = read_limited(file).decode("utf-8", "replace").strip()
    if len(token) < 16:
        raise UsageError("the token has fewer than 16 characters.", where=str(file), next_step="Make one: openssl rand -hex 32")
    return token


# -- accounts ----------------------------------------------------------------------------------------------------------------------------

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name, as the record shows it.", show_default=False)]


def _accounts(dir_: Path) -> Accounts:
    from racecall.desk.clock import now
    from racecall.desk.folder import open_folder

    with needed_packages():
        from racecall.desk.web.accounts import Accounts, hasher
        from racecall.desk.web.database import DeskDatabase

        return Accounts(DeskDatabase(open_folder(dir_).path), clock=now, hasher=hasher())


def _password() -> str:
    """Ask for a password twice, or read one line from a pipe; it is never an argument, which every program can see."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\n")


@app.command("add")
def add(
    dir_: Folder,
    name: Name,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="viewer, editor, caller or admin.")] = "viewer",
) -> None:
    """Let somebody sign in; the password is asked for, or read from standard input.

    Example: racecall account add ca34 "A. Editor" --role editor
    """
    accounts = _accounts(dir_)
    made = accounts.add(name, _role(role), _password())
    say(f"Added {made.name}, {made.role}.")


def _role(text: str) -> Any:
    from racecall.desk.web.accounts import Role

    try:
        return Role(text)
    except ValueError:
        raise UsageError(f'no role "{text}".', next_step=f"Roles: {', '.join(Role)}.") from None


@app.command("list")
def list_accounts(dir_: Folder, as_json: Json = False) -> None:
    """List who may sign in.

    Example: racecall account list ca34
    """
    everyone = _accounts(dir_).all()
    for one in everyone:
        if as_json:
            say_json({"name": one.name, "role": one.role, "disabled": one.disabled, "created_at": one.created_at})
        else:
            say(f"{one.role:<8}{one.name}{'  (disabled)' if one.disabled else ''}")
    if not everyone and not as_json:
        say("Nobody yet. Make the first: racecall account add DIR NAME --role admin")


@app.command("role")
def role(dir_: Folder, name: Name, role: Annotated[str, typer.Argument(metavar="ROLE", help="The new role.", show_default=False)]) -> None:
    """Change what somebody may do.

    Example: racecall account role ca34 "A. Editor" caller
    """
    _accounts(dir_).set_role(name, _role(role))
    say(f"{name} is {role} now.")


@app.command("disable")
def disable(dir_: Folder, name: Name) -> None:
    """Let somebody in no more, and sign them out everywhere; what they did stays in the record.

    Example: racecall account disable ca34 "A. Editor"
    """
    _accounts(dir_).disable(name)
    say(f"{name} may not sign in any more.")


@app.command("enable")
def enable(dir_: Folder, name: Name) -> None:
    """Let somebody in again.

    Example: racecall account enable ca34 "A. Editor"
    """
    _accounts(dir_).disable(name, disabled=False)
    say(f"{name} may sign in again.")


@app.command("password")
def password(dir_: Folder, name: Name) -> None:
    """Give somebody another password, and sign them out everywhere.

    Example: racecall account password ca34 "A. Editor"
    """
    accounts = _accounts(dir_)
    accounts.set_password(name, _password())
    say(f"{name} has another password, and is signed out everywhere.")
