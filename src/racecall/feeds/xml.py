"""XML as a stream: one finished element after the other, with entities, network and document types off.

lxml reads the bytes; what it may not do is said once, here. An element is emptied after its turn, so a file of any length takes the memory
of its largest part.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from racecall.errors import BrokenFile
from racecall.feeds.base import Document
from racecall.feeds.text import refuse_empty

if TYPE_CHECKING:
    from lxml import etree

_PROLOG = rb"(?:\xef\xbb\xbf)?(?:\s++|(?><\?.*?\?>)|(?><!--.*?-->))*+"
"""What may stand before the outermost element (XML 1.0, 2.8). It never backtracks: a file made of comment openings costs one pass."""
_DOCUMENT_TYPE = re.compile(_PROLOG + rb"<!DOCTYPE", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(_PROLOG + rb"(?:(?><!DOCTYPE[^>\[]*+(?:\[.*?\])?[^>]*+>)\s*+)?<(?:[\w.-]++:)?([\w.-]++)", re.DOTALL | re.IGNORECASE)


def root_name(head: bytes) -> str:
    """Return the name of the outermost element without its prefix, "" if the head is no XML: for `sniff`."""
    found = _ROOT.match(_plain(head))
    return found[1].decode("ascii", "replace") if found else ""


def _plain(head: bytes) -> bytes:
    """Undo UTF-16, in which no pattern of bytes would fit."""
    return head.decode("utf-16", "ignore").encode() if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else head


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def elements(document: Document, tags: Collection[str]) -> Iterator[etree._Element]:
    """Yield every finished element of these names (without namespace), outermost ones last; each is emptied after its turn.

    Args:
        document: What to read.
        tags: Names of elements. One that lies inside another of the list is emptied before the outer one is yielded, and so is everything
            beside it that came before: name only the level that is read whole, and small elements beside it.

    Raises:
        BrokenFile: Empty, no XML, cut short, wrongly encoded, nested too deeply, or with a document type (which could define entities).
    """
    from lxml import etree

    refuse_empty(document)
    if _DOCUMENT_TYPE.match(_plain(document.head)):
        raise _web_page(document) if root_name(document.head).lower() == "html" else _document_type(document)
    stream = etree.iterparse(io.BytesIO(document.data), tag=[f"{{*}}{tag}" for tag in tags], **SAFE)
    try:
        for _, element in stream:
            _refuse_document_type(document, element)
            yield element
            _empty(element)
        if stream.root is not None:
            _refuse_document_type(document, stream.root)
    except etree.XMLSyntaxError as error:
        raise _no_xml(document, error) from error


SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "remove_blank_text": True,
}
"""What lxml may not do, and what it need not keep: white space between elements is a quarter of the time. Without `huge_tree`, libxml2
refuses elements more than 256 deep and text of more than 10 million bytes."""


def _empty(element: etree._Element) -> None:
    """Let go of an element and of the finished ones before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _refuse_document_type(document: Document, element: etree._Element) -> None:
    """Refuse a document type that came after so much white space that the head did not show it."""
    if element.getroottree().docinfo.doctype:
        raise _document_type(document)


def _document_type(document: Document) -> BrokenFile:
    return BrokenFile(
        "the XML defines a document type, which results have no use for and which can hide other files in this one.",
        where=document.capture.name,
        next_step="Look at the file in an editor. If you trust it, remove the line with <!DOCTYPE and add it again.",
    )


def _web_page(document: Document) -> BrokenFile:
    return BrokenFile(
        "this is a web page, not XML.",
        where=document.capture.name,
        next_step="The office may have sent an error page. Open the address in a browser, and fetch the file again when it is back.",
    )


_TROUBLE: tuple[tuple[str, str, str], ...] = (
    (
        r"not proper|[Ee]ncoding|invalid bytes",
        "the XML is not in the encoding it announces (UTF-8 if it announces none)",
        "If it comes from an old Windows program, say so: racecall add --encoding cp1252",
    ),
    (r"[Dd]epth", "the XML is nested too deeply to be results", "Look at the file in an editor."),
    (r"[Ee]ntit", "the XML uses an entity that it may not define", "Look at the file in an editor: results need no entities."),
    (r"limit exceeded", "the XML has a name or a text too long to be results", "Look at the file in an editor."),
)
"""What libxml2 says (a pattern), what it means, and what to do; anything else is XML that is not whole, or none."""


def _no_xml(document: Document, error: etree.XMLSyntaxError) -> BrokenFile:
    if root_name(document.head).lower() == "html":
        return _web_page(document)
    line, column = error.position
    for pattern, words, next_step in _TROUBLE:
        if re.search(pattern, error.msg):
            return BrokenFile(f"{words} (line {line:,}, column {column:,}).", where=document.capture.name, next_step=next_step)
    trouble = f"this is not whole XML: {' '.join(error.msg.split())}." if root_name(document.head) else "this is not XML."
    return BrokenFile(trouble, where=document.capture.name, next_step="The download may be cut off. Fetch it again.")
