"""Alerts as a JSON Feed (version 1.1, https://www.jsonfeed.org/version/1.1/), with the facts for programs beside the words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from racecall.ledger.events import iso
from racecall.model.contest import Election
from racecall.publish.alerts import sentences
from racecall.publish.alerts.event import AlertEvent, event_from, event_object
from racecall.publish.alerts.feed import entries, feed_title, page_of, updated

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(
    events: Iterable[AlertEvent], *, election: Election, base_url: str, path: str = "alerts.json", translate: sentences.Translate = str
) -> bytes:
    """Write a feed, newest alert first; arguments as those of `racecall.publish.alerts.atom.atom_feed`."""
    told = tuple(events)
    feed = {
        "version": VERSION,
        "title": feed_title(election, told, translate),
        "home_page_url": base_url,
        "feed_url": f"{base_url}{path}",
        "authors": [{"name": "racecall"}],
        "items": [_item(event, successor, base_url, translate) for event, successor in entries(told)],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _item(event: AlertEvent, successor: AlertEvent | None, base_url: str, translate: sentences.Translate) -> dict[str, Any]:
    return {
        "id": event.urn,
        "url": page_of(event, base_url, translate),
        "title": sentences.headline(event, translate),
        "content_text": sentences.text(event, translate, replaced_by=successor),
        "date_published": iso(event.at),
        "date_modified": iso(updated(event, successor)),
        "tags": [event.kind.value, event.contest or event.election],
        "_racecall": event_object(event),
    }


def json_events(feed: bytes) -> tuple[AlertEvent, ...]:
    """Read the alerts of a feed that `json_feed` wrote, oldest first."""
    return tuple(event_from(item["_racecall"]) for item in reversed(json.loads(feed)["items"]))
