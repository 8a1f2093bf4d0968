"""NIST SP 1500-100 version 2 as XML: `racecall.feeds.nist` says what is in it, `docs/feeds/nist_xml.md` what becomes of it.

Read as a stream: each contest is put into its shape and let go. What stands in attributes and lists of ids in XML is written out as the
JSON has it, so that both are read by the same shapes.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.listing import shape_words
from racecall.feeds.nist import BallotCounts, Candidate, Contest, Election, ElectionReport, GpUnit, Party, to_reading
from racecall.feeds.xml import elements, local, root_name
from racecall.model.release import Reading

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "http://itl.nist.gov/ns/voting/1500-100/v2"
ROOT = "ElectionReport"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

PARTS: dict[str, type] = {
    "Contest": Contest,
    "Candidate": Candidate,
    "BallotCounts": BallotCounts,
    "Election": Election,
    "GpUnit": GpUnit,
    "Party": Party,
}
"""What is put into its shape as soon as it is read."""
PLAIN = frozenset({"GeneratedDate", "Status", "Issuer", "IsTest", "TestType", "Notes", "SequenceStart", "SequenceEnd"})
"""Small elements of the report."""
AFTER_CONTESTS = frozenset({"ElectionScopeId", "Name"})
"""What an election still holds when its contests were read and let go: it stands behind them (the schema fixes the order)."""
REPEATED = frozenset({"ContestSelection", "VoteCounts", "OtherCounts", "Text", "ExternalIdentifier"})
"""Elements that may stand several times: lists in JSON, even if there is one."""


class NistXmlFeed:
    """Reads election results in the common data format of NIST, written as XML."""

    id = "nist_xml"
    title = "NIST SP 1500-100 v2 results XML"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the outermost element; another version of the standard is ours to refuse, in words."""
        if root_name(document.head) == ROOT:
            return Match(feed=self.id, certainty=1, reason=f"the outermost element {ROOT}")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one report.

        Raises:
            BrokenFile: Not XML, cut short, of another version of the standard, or not of this shape.
        """
        try:
            report = _report(document)
        except msgspec.ValidationError as error:
            raise BrokenFile(
                shape_words(str(error)), where=document.capture.name, next_step="Compare the file with docs/feeds/nist_xml.md."
            ) from error
        return to_reading(document, report, feed=self.id)


def _report(document: Document) -> ElectionReport:
    """Gather the parts as they end: those of an election before the election, the elections before the report."""
    parts: dict[str, list[Any]] = defaultdict(list)
    small: dict[str, Any] = {}
    for element in elements(document, {*PARTS, *PLAIN, ROOT}):
        name, above = local(element), element.getparent()
        inside = local(above) if above is not None else ""
        if name == ROOT:
            _refuse_other_version(document, element)
        elif name in PLAIN and inside == ROOT:
            small[name] = plain(element)
        elif name in PARTS and inside in {ROOT, "Election"}:
            parts[name].append(_part(element, name, parts))
    return msgspec.convert(small | _lists(parts, "Election", "GpUnit", "Party"), ElectionReport, strict=False)


def _part(element: etree._Element, name: str, parts: dict[str, list[Any]]) -> Any:
    """Put an element into its shape; an election takes the parts that were read before it ended."""
    if name != "Election":
        return msgspec.convert(plain(element), PARTS[name], strict=False)
    left = {local(child): plain(child) for child in element if local(child) in AFTER_CONTESTS}
    return msgspec.convert(left | _lists(parts, "Contest", "Candidate", "BallotCounts"), Election, strict=False)


def _lists(parts: dict[str, list[Any]], *names: str) -> dict[str, list[Any]]:
    return {name: parts.pop(name, []) for name in names}


def _refuse_other_version(document: Document, root: etree._Element) -> None:
    namespace = str(root.tag).rpartition("}")[0].lstrip("{")
    if namespace != NAMESPACE:
        raise BrokenFile(
            f'this is an ElectionReport of "{namespace or "no version"}"; version 2 ("{NAMESPACE}") is read.',
            where=document.capture.name,
            next_step="Ask the office for version 2, for CSV, or for the JSON of the standard.",
        )


def plain(element: etree._Element) -> Any:
    """Return an element as the JSON of the standard has it."""
    if element.get("Language") is not None:
        return {"Content": element.text or "", "Language": element.get("Language")}
    if not len(element) and element.get("ObjectId") is None and element.get(TYPE) is None:
        return _value(element)
    made: dict[str, Any] = {"@id": element.get("ObjectId", ""), "@type": element.get(TYPE, "")}
    for child in element:
        name = local(child)
        if name in REPEATED:
            made.setdefault(name, []).append(plain(child))
        else:
            made[name] = plain(child)
    return made


def _value(element: etree._Element) -> Any:
    """Return the text of an element; names of lists of ids end in ``Ids``, and only identifiers may begin or end with a space."""
    text = element.text or ""
    name = local(element)
    if name.endswith("Ids"):
        return text.split()
    return text if name == "Value" else text.strip()
