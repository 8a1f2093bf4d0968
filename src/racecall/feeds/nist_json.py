"""NIST SP 1500-100 version 2 as JSON: `racecall.feeds.nist` says what is in it, `docs/feeds/nist_json.md` what becomes of it."""

from __future__ import annotations

from racecall.feeds.base import Document, Match
from racecall.feeds.listing import head_of, read_json
from racecall.feeds.nist import ElectionReport, to_reading
from racecall.model.release import Reading


class NistJsonFeed:
    """Reads election results in the common data format of NIST, written as JSON."""

    id = "nist_json"
    title = "NIST SP 1500-100 v2 results JSON"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the type names of the standard, which every object carries."""
        if b'"ElectionResults.' in head_of(document):
            return Match(feed=self.id, certainty=1, reason="type names that begin with ElectionResults")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one report.

        Raises:
            BrokenFile: Not JSON, cut short, or not of this shape.
        """
        report, notes = read_json(document, ElectionReport)
        return to_reading(document, report, feed=self.id, notes=notes)
