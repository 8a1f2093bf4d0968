"""The current counts as XML of NIST SP 1500-100 version 2; `racecall.publish.nist` says what is in it.

The tree has the names of the JSON in the order of the XML schema, so writing it is going through it: ids are attributes, lists of ids are
one text, and where the schema names a general kind the element says which one it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from racecall.feeds.nist_xml import NAMESPACE, ROOT, TYPE
from racecall.publish.base import Export
from racecall.publish.nist import Tree, report

if TYPE_CHECKING:
    from lxml import etree

GENERAL = frozenset({"Contest", "ContestSelection", "GpUnit"})
"""Elements whose kind the schema leaves open."""
NO_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Characters that XML 1.0 (section 2.2) cannot hold, whatever way they are written."""


class NistXmlPublisher:
    """Writes one XML report for each current release."""

    id = "nist-xml"
    title = "NIST SP 1500-100 v2 results XML"

    def write(self, export: Export) -> Iterator[tuple[str, bytes]]:
        """Yield a report for each release, oldest count first."""
        for number, counted in enumerate(export.counted, 1):
            yield f"nist-{number}.xml", xml_document(report(export.view, counted))


def xml_document(tree: Tree) -> bytes:
    """Write a tree of the standard, whose names stand in the order of its XML schema."""
    from lxml import etree

    namespaces = {None: NAMESPACE, "xsi": TYPE.partition("}")[0].lstrip("{")}
    root = etree.Element(f"{{{NAMESPACE}}}{ROOT}", nsmap=namespaces)
    _fill(root, tree)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _fill(element: etree._Element, tree: Tree) -> None:
    for name, value in tree.items():
        if name == "@id":
            element.set("ObjectId", value)
        elif name == "Language":
            element.set("Language", value)
        elif name == "Content":
            element.text = _text(value)
        elif name != "@type":
            for item in [" ".join(value)] if name.endswith("Ids") else value if isinstance(value, list) else [value]:
                _add(element, name, item)


def _add(parent: etree._Element, name: str, value: Any) -> None:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if not isinstance(value, dict):
        element.text = _text(value)
        return
    if name in GENERAL:
        element.set(TYPE, value["@type"].rpartition(".")[2])
    _fill(element, value)


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else NO_XML.sub("\N{REPLACEMENT CHARACTER}", str(value))
