"""What carries an alert out of the house: a webhook, a mail server, or one of the services that Apprise knows.

Each answers with a value: it arrived, or it did not, why, and whether trying again can help. Nothing here says a secret: the addresses of
Apprise have tokens in them, so its trouble is told by the channel's name alone.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

from racecall.desk.channels import PORTS, Alerts, AppriseChannel, Channel, MailChannel, WebhookChannel
from racecall.desk.packaged import translator
from racecall.errors import UsageError
from racecall.model.source import Source
from racecall.publish.alerts import sentences
from racecall.publish.alerts.event import AlertEvent
from racecall.publish.alerts.mail import Letter, digest
from racecall.publish.alerts.unsubscribing import make_token, unsubscribe_link
from racecall.publish.alerts.webhook import webhook_body, webhook_headers

if TYPE_CHECKING:
    from email.message import EmailMessage

    from racecall.desk.fetching import Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What an attempt came to.

    Args:
        arrived: Whether the other side took it.
        words: What the trouble was, "" if there was none.
        again: Whether trying again can help.
        retry_after: How long the other side asks us to wait.
    """

    arrived: bool
    words: str = ""
    again: bool = True
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One of those whom a channel reaches.

    Args:
        key: Number that stands for the address; "" where the channel has no readers of its own.
        address: The mail address, "" likewise.
    """

    key: str = ""
    address: str = ""


def _patience() -> Patience:
    from racecall.desk.fetching import Patience

    return Patience(connect=5, read=10, whole=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a carrier needs of the desk.

    Args:
        folder: The election's folder, where secrets in files lie.
        alerts: What `alerts.toml` says.
        at: Now.
        patience: How long a webhook's server may take.
    """

    folder: Path
    alerts: Alerts
    at: datetime
    patience: Patience = field(default_factory=_patience)


Carry = Callable[[Channel, Reader, Sequence[AlertEvent], Surroundings], Carried]
"""Takes alerts out; one at a time unless the channel takes digests."""


@singledispatch
def carry(channel: Channel, reader: Reader, events: Sequence[AlertEvent], around: Surroundings) -> Carried:
    """Take alerts out through a channel; what the other side or the network does is a value, and never raised.

    Raises:
        UsageError: A secret is not where it should be, or a library is not installed.
    """
    raise NotImplementedError(type(channel).__name__, reader, events, around)


# -- webhooks ------------------------------------------------------------------------------------------------------------------------

LATER = frozenset({408, 425, 429})
"""Answers of the 400s that a later attempt can change; the others refuse this alert for good (RFC 9110, section 15.5)."""


@carry.register
def carry_webhook(channel: WebhookChannel, _: Reader, events: Sequence[AlertEvent], around: Surroundings) -> Carried:
    """Post one alert; a redirect is not followed, because whoever can send us elsewhere would have the alerts."""
    from racecall.desk.fetching import Request, Trouble, post

    body = webhook_body(events[0], page=around.alerts.page, translate=translator(channel.language))
    headers = webhook_headers(events[0], body, secret=channel.secret.read(around.folder).encode(), at=around.at)
    source = Source(name=channel.name, url=channel.url, private_network=True)  # a newsroom's own server is where most of them go
    request = Request(source=source, address=channel.url, body=body, more=headers, patience=around.patience)
    try:
        status, wait = post(request, clock=lambda: around.at)
    except Trouble as trouble:
        return Carried(arrived=False, words=trouble.words)
    if 200 <= status < 300:
        return Carried(arrived=True)
    again = status >= 500 or status in LATER
    return Carried(arrived=False, words=f"{channel.url} answered with status {status}.", again=again, retry_after=wait)


# -- mail ----------------------------------------------------------------------------------------------------------------------------

MAIL_SECONDS = 15
"""Longest wait for each answer of a mail server."""


@carry.register
def carry_mail(channel: MailChannel, reader: Reader, events: Sequence[AlertEvent], around: Surroundings) -> Carried:
    """Hand one digest to the mail server, for one reader."""
    message = digest(events, _letter(channel, reader, around), translator(channel.language))
    password = channel.password.read(around.folder) if channel.user else ""
    try:
        with _mail_server(channel) as server:
            _hand_over(server, channel, password, message)
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(channel, next(iter(error.recipients.values()))[0])
    except smtplib.SMTPResponseException as error:
        return _refused(channel, error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        return Carried(arrived=False, words=f"{channel.server}: {_one_line(error)}")
    return Carried(arrived=True)


def _letter(channel: MailChannel, reader: Reader, around: Surroundings) -> Letter:
    link = ""
    if around.alerts.unsubscribe:
        token = make_token(channel.name, reader.key, secret=around.alerts.secret.read(around.folder).encode())
        link = unsubscribe_link(around.alerts.unsubscribe, token)
    return Letter(sender=channel.sender, recipient=reader.address, unsubscribe=link, page=around.alerts.page)


@contextmanager
def _mail_server(channel: MailChannel) -> Iterator[smtplib.SMTP]:
    port = channel.port or PORTS[channel.tls]
    if channel.tls == "tls":
        with smtplib.SMTP_SSL(channel.server, port, timeout=MAIL_SECONDS, context=ssl.create_default_context()) as server:
            yield server
        return
    with smtplib.SMTP(channel.server, port, timeout=MAIL_SECONDS) as server:
        if channel.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        yield server


def _hand_over(server: smtplib.SMTP, channel: MailChannel, password: str, message: EmailMessage) -> None:
    if channel.user:
        server.login(channel.user, password)
    server.send_message(message, from_addr=channel.sender, to_addrs=[str(message["To"])])


def _refused(channel: MailChannel, code: int) -> Carried:
    """A mail server's answer: from 500 it refuses for good (RFC 5321, section 4.2.1); the reader's address is not repeated."""
    return Carried(arrived=False, words=f"{channel.server} answered with {code}.", again=code < 500 or code in LOGIN)


LOGIN = frozenset({530, 534, 535, 538})
"""Answers about the password: the desk can put that right, so the alert waits (RFC 4954, section 6)."""


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


# -- Apprise -------------------------------------------------------------------------------------------------------------------------


@carry.register
def carry_apprise(channel: AppriseChannel, _: Reader, events: Sequence[AlertEvent], around: Surroundings) -> Carried:
    """Hand one alert to Apprise; of its trouble it says only that there was some."""
    url = channel.url.read(around.folder)
    with _silenced():
        words = translator(channel.language)
        body = " ".join((sentences.text(events[0], words), around.alerts.page)).strip()
        arrived = _notified(url, sentences.headline(events[0], words), body, channel)
    return Carried(arrived=arrived, words="" if arrived else f"Apprise could not hand it over to {channel.name}.")


def _notified(url: str, title: str, body: str, channel: AppriseChannel) -> bool:
    try:
        import apprise
    except ImportError as error:
        raise UsageError("Apprise is not installed.", where=channel.name, next_step='pip install "racecall[alerts]"') from error
    service = apprise.Apprise()
    if not service.add(url):
        raise UsageError("Apprise knows no such address.", where=channel.url.place, next_step="https://github.com/caronc/apprise has them.")
    return bool(service.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT))


@contextmanager
def _silenced() -> Iterator[None]:
    """Keep Apprise's log to itself while it works: it writes addresses with their tokens."""
    log = logging.getLogger("apprise")
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it still looks for a module that Python 3.13 took away
            yield
    finally:
        log.disabled = before
