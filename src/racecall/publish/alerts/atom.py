"""Alerts as an Atom feed (RFC 4287): every alert keeps its id for ever, and one whose place was taken says so in its own entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from racecall.ledger.events import iso
from racecall.model.contest import Election
from racecall.publish.alerts import sentences
from racecall.publish.alerts.event import AlertEvent
from racecall.publish.alerts.feed import began, entries, feed_title, page_of, updated
from racecall.publish.alerts.sentences import language_of
from racecall.publish.site import paths

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def atom_feed(
    events: Iterable[AlertEvent], *, election: Election, base_url: str, path: str = "alerts.atom", translate: sentences.Translate = str
) -> bytes:
    """Write a feed, newest alert first.

    Args:
        events: Every alert, oldest first.
        election: The election.
        base_url: Address of the site's root, with a stroke at its end.
        path: Where the feed lies, from the root.
        translate: Gives the sentences of another language.

    Source:
        RFC 4287, section 4.1.1: a feed has one id, one title, one updated, and an author.
    """
    from lxml import etree

    told = tuple(events)
    root = etree.Element(f"{{{NAMESPACE}}}feed", {XML_LANGUAGE: language_of(translate)}, nsmap={None: NAMESPACE})
    _add(root, "id", f"{base_url}{path}")
    _add(root, "title", feed_title(election, told, translate))
    _add(root, "updated", iso(max((updated(*entry) for entry in entries(told)), default=began(election))))
    _add(_add(root, "author"), "name", "racecall")
    _add(root, "link", rel="self", type="application/atom+xml", href=f"{base_url}{path}")
    _add(root, "link", rel="alternate", type="text/html", href=base_url + paths.folder(language_of(translate)))
    for event, successor in entries(told):
        _entry(root, event, successor, base_url, translate)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _entry(root: etree._Element, event: AlertEvent, successor: AlertEvent | None, base_url: str, translate: sentences.Translate) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", event.urn)
    _add(entry, "title", sentences.headline(event, translate))
    _add(entry, "published", iso(event.at))
    _add(entry, "updated", iso(updated(event, successor)))
    _add(entry, "category", term=event.kind.value)
    _add(entry, "category", term=event.contest or event.election, scheme=f"{base_url}#contest")
    _add(entry, "link", rel="alternate", type="text/html", href=page_of(event, base_url, translate))
    _add(entry, "content", sentences.text(event, translate, replaced_by=successor), type="text")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    element.text = text
    return element
