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

_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")


def root_name(head: bytes) -> str:
    """Return the name of the outermost element without its prefix, "" if the head is no XML: for `sniff`."""
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.decode("utf-16", "ignore").encode()
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _ROOT.search(re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL)) if head.startswith(b"<") else None
    return found[1].decode("ascii", "replace") if found else ""


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def elements(document: Document, tags: Collection[str]) -> Iterator[etree._Element]:
    """Yield every finished element of these names (without namespace), outermost ones last; each is emptied after its turn.

    Args:
        document: What to read.
        tags: Names of elements. One that lies inside another of the list is emptied before the outer one is yielded: name only the level
            that is read whole, and small elements beside it.

    Raises:
        BrokenFile: Empty, no XML, cut short, nested too deeply, or with a document type (which could define entities).
    """
    from lxml import etree

    refuse_empty(document)
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
}
"""What lxml may not do. Without `huge_tree`, libxml2 refuses elements more than 256 deep and text of more than 10 million bytes."""


def _empty(element: etree._Element) -> None:
    """Let go of an element and of the finished ones before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _refuse_document_type(document: Document, element: etree._Element) -> None:
    if element.getroottree().docinfo.doctype:
        raise BrokenFile(
            "the XML defines a document type, which results have no use for and which can hide other files in this one.",
            where=document.capture.name,
            next_step="Look at the file in an editor. If you trust it, remove the line with <!DOCTYPE and add it again.",
        )


def _no_xml(document: Document, error: etree.XMLSyntaxError) -> BrokenFile:
    if b"<html" in document.head[:2000].lower():
        return BrokenFile(
            "this is a web page, not XML.",
            where=document.capture.name,
            next_step="The office may have sent an error page. Open the address in a browser, and fetch the file again when it is back.",
        )
    return BrokenFile(
        f"this is not whole XML: {error.msg}.", where=document.capture.name, next_step="The download may be cut off. Fetch it again."
    )
