"""The current counts as JSON of NIST SP 1500-100 version 2; `racecall.publish.nist` says what is in it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from racecall.publish.base import Export
from racecall.publish.nist import report


class NistJsonPublisher:
    """Writes one JSON report for each current release."""

    id = "nist-json"
    title = "NIST SP 1500-100 v2 results JSON"

    def write(self, export: Export) -> Iterator[tuple[str, bytes]]:
        """Yield a report for each release, oldest count first."""
        for number, counted in enumerate(export.counted, 1):
            yield f"nist-{number}.json", msgspec.json.format(msgspec.json.encode(report(export.view, counted)), indent=1) + b"\n"
