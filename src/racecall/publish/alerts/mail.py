"""Alerts for readers of mail: one message for all that happened since the last one, as text and as HTML, with a way out in its head.

Every message carries `List-Unsubscribe` and `List-Unsubscribe-Post` (RFC 2369, RFC 8058), so that a mail program can show a button. The
message's id is made of the reader and the alerts: the same digest sent twice is one message to whoever looks at ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from racecall.publish import words
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


def digest(events: Sequence[AlertEvent], letter: Letter) -> EmailMessage:
    """Write one message for one or more alerts, the most urgent first; the same alerts to the same reader are the same bytes.

    Args:
        events: The alerts, at least one, oldest first.
        letter: Who writes to whom.
    """
    ordered = sorted(events, key=lambda event: URGENCY[event.kind])
    named = hashlib.sha256("\x1f".join((letter.recipient, *(event.id for event in events))).encode()).hexdigest()[:32]
    made = EmailMessage(policy=SMTP)
    for name, value in _headers(ordered, letter, named).items():
        made[name] = value
    made.set_content(_text(ordered, letter), cte="quoted-printable")
    made.add_alternative(_html(ordered, letter), subtype="html", cte="quoted-printable")
    made.set_boundary(f"racecall-{named}")
    return made


def _headers(events: Sequence[AlertEvent], letter: Letter, named: str) -> dict[str, str]:
    more = f" (and {len(events) - 1:,} more)" if len(events) > 1 else ""
    latest = max(event.at for event in events)
    headers = {
        "From": letter.sender,
        "To": letter.recipient,
        "Subject": plain(sentences.headline(events[0]) + more),
        "Date": format_datetime(latest),
        "Message-ID": f"<{named}@{letter.sender.rpartition('@')[2].rstrip('>')}>",
        "Auto-Submitted": "auto-generated",
    }
    return headers | ({"List-Unsubscribe": f"<{letter.unsubscribe}>"} | ONE_CLICK if letter.unsubscribe else {})


ONE_CLICK = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
"""RFC 8058, section 3.1; it asks for an https link and for a signature by the mail server (DKIM) over both headers."""


def _text(events: Sequence[AlertEvent], letter: Letter) -> str:
    parts = [f"{sentences.headline(event)}\n{words.clock(event.at, event.zone)}\n{sentences.text(event)}" for event in events]
    return "\n\n".join((*parts, *_footer(letter))) + "\n"


def _html(events: Sequence[AlertEvent], letter: Letter) -> str:
    parts = [
        f"<h2>{escape(sentences.headline(event))}</h2>\n<p>{escape(words.clock(event.at, event.zone))}</p>\n"
        f"<p>{escape(sentences.text(event))}</p>"
        for event in events
    ]
    links = [f'<p><a href="{escape(link)}">{escape(label)}</a></p>' for label, link in _links(letter)]
    body = "\n".join((*parts, *links))
    return f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>racecall</title></head>\n<body>\n{body}\n</body></html>\n'


def _footer(letter: Letter) -> list[str]:
    return [f"{label}: {link}" for label, link in _links(letter)]


def _links(letter: Letter) -> list[tuple[str, str]]:
    offered = (("Results in full", letter.page), ("Leave this list", letter.unsubscribe))
    return [(label, link) for label, link in offered if link]
