"""`alerts.toml`: to whom alerts go, which ones, and how; secrets stand elsewhere, and are read when they are needed.

Every key is checked and everything that is wrong is said at once, as for `election.toml`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from racecall.desk.files import read_limited
from racecall.desk.packaged import site_assets
from racecall.desk.settings import Problems, Reader, Unsaid, read_toml, text, texts, whole
from racecall.errors import SettingsError, UnknownName, UsageError
from racecall.model.contest import Election
from racecall.model.source import is_address
from racecall.publish.alerts.event import AlertKind
from racecall.publish.alerts.subscribing import Wanted

FILE = "alerts.toml"


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret stands: ``env:NAME`` or ``file:NAME``, "" if there is none; it is itself in no file of settings and in no message."""

    place: str = ""

    def read(self, folder: Path) -> str:
        """Return the secret, without the line break at its end.

        Raises:
            UsageError: It is not where it should be.
        """
        kind, _, name = self.place.partition(":")
        found = os.environ.get(name, "") if kind == "env" else read_limited(folder / name).decode("utf-8", "replace")
        if not found.strip():
            raise UsageError("there is no secret there.", where=self.place, next_step=f"Put it there, or correct {FILE}.")
        return found.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way out.

    Args:
        name: Its name, for the record and the command line.
        wanted: Which alerts it takes.
        language: The language it speaks.
    """

    name: str
    wanted: Wanted
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChannel(Channel):
    """An address that takes one signed JSON body an alert.

    Args:
        url: The address.
        secret: What both sides know.
    """

    url: str
    secret: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChannel(Channel):
    """A list of readers, and the mail server that takes messages for them.

    Args:
        server: Host of the mail server.
        port: Its port; by `tls`, if 0.
        tls: ``starttls``, ``tls`` from the first byte, or ``none``.
        user: Name to log in with, "" for none.
        password: Its password.
        sender: Address that messages come from.
        recipients: File beside `alerts.toml` with one address a line.
        every: Shortest time between two digests to one reader; what takes something back does not wait.
    """

    server: str
    sender: str
    recipients: str
    port: int = 0
    tls: str = "starttls"
    user: str = ""
    password: Secret = field(default_factory=Secret)
    every: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel(Channel):
    """Any of the services that Apprise knows: Slack, Teams, Telegram, SMS.

    Args:
        url: Where its address stands, which has a token in it.
    """

    url: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """What `alerts.toml` says.

    Args:
        channels: In the order of the file.
        page: Where the results are read in full, "" if nowhere.
        unsubscribe: Address at which the desk answers links to leave a list, "" if nowhere.
        secret: What such links are signed with; there must be one where there is a list of readers.
    """

    channels: tuple[Channel, ...] = ()
    page: str = ""
    unsubscribe: str = ""
    secret: Secret = field(default_factory=Secret)

    def channel(self, name: str) -> Channel:
        """Return the channel of that name.

        Raises:
            UnknownName: There is none.
        """
        for channel in self.channels:
            if channel.name == name:
                return channel
        names = ", ".join(channel.name for channel in self.channels) or "none"
        raise UnknownName(f'no channel "{name}".', where=FILE, next_step=f"Channels: {names}.")


# -- reading -------------------------------------------------------------------------------------------------------------------------


def place_of_secret(value: Any) -> Secret:
    """Accept the place of a secret, and never the secret itself."""
    if not re.fullmatch(r"(env:\w+|file:[^\0]+)", text(value)):
        raise Unsaid('is to say where the secret stands, not what it is: "env:NAME" or "file:NAME"')
    return Secret(value)


def address(value: Any) -> str:
    """Accept an address of the web, without a name and a password in it."""
    if not is_address(text(value)):
        raise Unsaid("is no address (http:// or https://, a host, no name or password)")
    return str(value)


MAILBOX = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[A-Za-z0-9.-]+")
"""A mail address as people have it; what RFC 5322 allows beyond this (quotes, comments) is refused."""


def mailbox(value: Any) -> str:
    """Accept one mail address."""
    if not MAILBOX.fullmatch(text(value)):
        raise ValueError("one mail address, e.g. results@example.org")
    return str(value)


def kinds(value: Any) -> frozenset[AlertKind]:
    """Accept a list of kinds of alerts."""
    try:
        return frozenset(AlertKind(kind) for kind in texts(value))
    except ValueError:
        raise ValueError("a list of " + ", ".join(kind for kind in AlertKind if kind is not AlertKind.TEST)) from None


def security(value: Any) -> str:
    """Accept how a mail server is spoken to."""
    if value not in PORTS:
        raise ValueError("one of " + ", ".join(PORTS))
    return str(value)


def minutes(value: Any) -> timedelta:
    """Accept a number of minutes."""
    return timedelta(minutes=whole(value))


def language(value: Any) -> str:
    """Accept a language that there is a catalogue of."""
    known = ("en", *sorted(site_assets().catalogues))
    if value not in known:
        raise ValueError("one of " + ", ".join(known))
    return str(value)


PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Usual port by how a mail server is spoken to (RFC 8314, section 3.3; RFC 5321)."""
ANY: dict[str, Reader] = {"name": text, "contests": texts, "kinds": kinds, "language": language}
CHANNELS: Mapping[str, tuple[type[Channel], dict[str, Reader]]] = {
    "webhook": (WebhookChannel, ANY | {"url": address, "secret": place_of_secret}),
    "mail": (
        MailChannel,
        ANY
        | {"server": text, "port": whole, "tls": security, "user": text, "password": place_of_secret}
        | {"sender": mailbox, "recipients": text, "digest_minutes": minutes},
    ),
    "apprise": (AppriseChannel, ANY | {"url": place_of_secret}),
}
ALERTS: dict[str, Reader] = {"page": address, "unsubscribe": address, "secret": place_of_secret}
REQUIRED = {
    "alerts": (),
    "webhook": ("name", "url", "secret"),
    "mail": ("name", "server", "sender", "recipients"),
    "apprise": ("name", "url"),
}


def read_alerts(folder: Path, election: Election) -> Alerts:
    """Read `alerts.toml` of an election's folder.

    Raises:
        UsageError: There is none.
        SettingsError: With every problem that was found.
    """
    path = folder / FILE
    if not path.is_file():
        raise UsageError(
            f"this folder has no {FILE}, so nobody is to be told.", where=str(folder), next_step="docs/alerts.md has its keys."
        )
    return parse_alerts(read_limited(path).decode("utf-8-sig", "replace"), election, where=str(path))


def parse_alerts(source: str, election: Election, *, where: str = FILE) -> Alerts:
    """Read the text of `alerts.toml`.

    Raises:
        SettingsError: With every problem that was found.
    """
    document = read_toml(source, where=where)
    problems = Problems(REQUIRED)
    problems.found += [
        f"no such table: [{key}]. Tables: [alerts], [[webhook]], [[mail]], [[apprise]]." for key in document if key not in REQUIRED
    ]
    general = problems.read(document.get("alerts", {}), ALERTS, name="alerts", where="[alerts]")
    tables = {key: problems.tables(document, key) for key in CHANNELS}
    read = [
        (key, problems.read(table, CHANNELS[key][1], name=key, where=f"[[{key}]] {table.get('name', number)}"))
        for key, found in tables.items()
        for number, table in enumerate(found, 1)
    ]
    problems.found += _faults(general, read, election)
    problems.stop(where)
    return Alerts(**general, channels=tuple(_channel(key, values) for key, values in read))


def _channel(key: str, values: Mapping[str, Any]) -> Channel:
    rest = {name: value for name, value in values.items() if name not in {"contests", "kinds", "digest_minutes"}}
    if "digest_minutes" in values:
        rest["every"] = values["digest_minutes"]
    return CHANNELS[key][0](**rest, wanted=Wanted(contests=frozenset(values.get("contests", ())), kinds=values.get("kinds", frozenset())))


def _faults(general: Mapping[str, Any], read: Iterable[tuple[str, Mapping[str, Any]]], election: Election) -> list[str]:
    """Return what only shows when everything is seen together."""
    names = [values.get("name", "") for _, values in read]
    known = {contest.id for contest in election}
    faults = [f'channel "{name}" is listed twice: give each its own name.' for name in sorted({n for n in names if names.count(n) > 1})]
    faults += [
        f'channel "{values.get("name", "")}": no contest "{contest}" in election.toml.'
        for _, values in read
        for contest in values.get("contests", ())
        if contest not in known
    ]
    if "secret" not in general and any(key == "mail" for key, _ in read):
        faults.append("[alerts]: secret is missing: links to leave a list are signed with it, and readers kept as numbers made with it.")
    return faults


def recipients_of(channel: MailChannel, folder: Path) -> tuple[str, ...]:
    """Return the addresses of a list, each once; empty lines and those that begin with # are left out.

    Raises:
        SettingsError: A line is no address.
        UsageError: There is no such file.
    """
    lines = read_limited(folder / channel.recipients).decode("utf-8-sig", "replace").splitlines()
    found = {number: line.strip() for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")}
    wrong = [number for number, line in found.items() if not MAILBOX.fullmatch(line)]
    if wrong:
        raise SettingsError(
            f"line {wrong[0]} is not one mail address.",
            where=channel.recipients,
            next_step="One address a line, without a name; a line that begins with # is left out.",
        )
    return tuple(dict.fromkeys(found.values()))
