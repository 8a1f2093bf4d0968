"""Alerts for programs: one JSON body an alert, signed, so that whoever receives it can tell that it is ours and whether they have it.

The signature is over the time and the body, as others do it (Stripe's scheme): a body that was kept and sent again later is refused by its
time, one that was changed by its signature. The receiver's half, `verify_webhook`, is on the page docs/alerts.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from racecall.publish.alerts import sentences
from racecall.publish.alerts.event import AlertEvent, event_object

SIGNATURE = "Racecall-Signature"
KEY = "Idempotency-Key"
"""The alert's id: the same in every attempt (draft-ietf-httpapi-idempotency-key-header)."""
SIGNED = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
TOLERANCE = timedelta(minutes=5)
"""A signature older, or more ahead, than this is refused."""


def webhook_body(event: AlertEvent, *, page: str = "", translate: sentences.Translate = str) -> bytes:
    """Write the body: the words, and the facts behind them; the same alert gives the same bytes."""
    told = {"headline": sentences.headline(event, translate), "text": sentences.text(event, translate), "page": page, **event_object(event)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def webhook_headers(event: AlertEvent, body: bytes, *, secret: bytes, at: datetime) -> Mapping[str, str]:
    """Return the headers of one attempt.

    Args:
        event: The alert.
        body: Its body.
        secret: What both sides know.
        at: When it is sent (aware); part of what is signed.
    """
    stamp = int(at.timestamp())
    signature = f"t={stamp},v1={_mac(secret, stamp, body)}"
    return {"Content-Type": "application/json; charset=utf-8", SIGNATURE: signature, KEY: event.id}


def verify_webhook(header: str, body: bytes, *, secret: bytes, now: datetime, tolerance: timedelta = TOLERANCE) -> bool:
    """Whether a body is ours, unchanged and from now: the receiver's half.

    Args:
        header: `Racecall-Signature` as it came.
        body: The bytes as they came, before any JSON is read.
        secret: What both sides know.
        now: The receiver's time (aware).
        tolerance: How far its clock may be from ours.
    """
    found = SIGNED.fullmatch(header)
    if not found:
        return False
    recent = abs(now.timestamp() - int(found[1])) <= tolerance.total_seconds()
    return hmac.compare_digest(found[2], _mac(secret, int(found[1]), body)) and recent


def _mac(secret: bytes, stamp: int, body: bytes) -> str:
    return hmac.new(secret, b"%d." % stamp + body, hashlib.sha256).hexdigest()
