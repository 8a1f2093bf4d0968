"""Alerts for readers of mail: one message for all that happened since the last one, as text and as HTML, with a way out in its head.

Every message carries `List-Unsubscribe` and `List-Unsubscribe-Post` (RFC 2369, RFC 8058), so that a mail program can show a button. The
message's id is made of the reader and the alerts: the same digest sent twice is one message to whoever looks at ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from racecall.publish.alerts import sentences
from racecall.publish.alerts.event import URGENCY, AlertEvent, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Who writes to whom, and how to leave.

    Args:
        sender: Address it comes from.
        recipient: Address it goes to.
        unsubscribe: The reader's own link, "" if the desk has none to offer.
        page: Where the results are read in full, "" if nowhere.
    """

    sender: str
    recipient: str
    unsubscribe: str = ""
    page: str = ""


def digest(events: Sequence[AlertEvent], letter: Letter, translate: sentences.Translate = str) -> EmailMessage:
    """Write one message for one or more alerts, the most urgent first; the same alerts to the same reader are the same bytes.

    Args:
        events: The alerts, at least one, oldest first.
        letter: Who writes to whom.
        translate: Gives the sentences of another language.
    """
    ordered = sorted(events, key=lambda event: URGENCY[event.kind])
    named = hashlib.sha256("\x1f".join((letter.recipient, *(event.id for event in events))).encode()).hexdigest()[:32]
    made = EmailMessage(policy=SMTP)
    for name, value in _headers(ordered, letter, named, translate).items():
        made[name] = value
    made.set_content(_text(ordered, letter, translate), cte="quoted-printable")
    made.add_alternative(_html(ordered, letter, translate), subtype="html", cte="quoted-printable")
    made.set_boundary(f"racecall-{named}")
    return made


def _headers(events: Sequence[AlertEvent], letter: Letter, named: str, translate: sentences.Translate) -> dict[str, str]:
    subject = sentences.headline(events[0], translate)
    if len(events) > 1:
        subject = translate(sentences.AND_MORE).format(headline=subject, number=f"{len(events) - 1:,}")
    latest = max(event.at for event in events)
    headers = {
        "From": letter.sender,
        "To": letter.recipient,
        "Subject": plain(subject),
        "Date": format_datetime(latest),
        "Message-ID": f"<{named}@{letter.sender.rpartition('@')[2].rstrip('>')}>",
        "Auto-Submitted": "auto-generated",
    }
    return headers | ({"List-Unsubscribe": f"<{letter.unsubscribe}>"} | ONE_CLICK if letter.unsubscribe else {})


ONE_CLICK = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
"""RFC 8058, section 3.1; it asks for an https link and for a signature by the mail server (DKIM) over both headers."""


def _text(events: Sequence[AlertEvent], letter: Letter, translate: sentences.Translate) -> str:
    parts = ["\n".join(told) for told in _told(events, translate)]
    footer = [f"{label}: {link}" for label, link in _links(letter, translate)]
    return "\n\n".join((*parts, *footer)) + "\n"


def _html(events: Sequence[AlertEvent], letter: Letter, translate: sentences.Translate) -> str:
    parts = [f"<h2>{escape(headline)}</h2>\n<p>{escape(at)}</p>\n<p>{escape(text)}</p>" for headline, at, text in _told(events, translate)]
    links = [f'<p><a href="{escape(link)}">{escape(label)}</a></p>' for label, link in _links(letter, translate)]
    body, language = "\n".join((*parts, *links)), sentences.language_of(translate)
    head = f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>racecall</title></head>'
    return f"{head}\n<body>\n{body}\n</body></html>\n"


def _told(events: Sequence[AlertEvent], translate: sentences.Translate) -> Iterator[tuple[str, str, str]]:
    """Yield headline, time and text of each alert."""
    for event in events:
        yield sentences.headline(event, translate), sentences.clock(event, translate), sentences.text(event, translate)


def _links(letter: Letter, translate: sentences.Translate) -> list[tuple[str, str]]:
    offered = ((sentences.IN_FULL, letter.page), (sentences.LEAVE, letter.unsubscribe))
    return [(translate(label), link) for label, link in offered if link]
