"""A detail file of a large county, of 60 MB: read to a release in a process of its own."""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from pathlib import Path

from benchmarks.base import Figures, Place, python_module, require

SAMPLE = "feeds/clarity/ga_gwinnett_precincts_11-3.xml.gz"
"""Three contests of November 2020 in 156 precincts, a megabyte."""
SIZE = 60_000_000
"""What a whole general election of such a county comes to [bytes]."""


def run(place: Place) -> Figures:
    """Time the reading of a file whose contests are those of the sample, again and again under new names."""
    file = place.scratch / "detail.xml"
    write_detail(place.data(SAMPLE), file)
    done = python_module("benchmarks.clarity", file, scratch=place.scratch)
    figures: dict[str, float] = json.loads(done.stdout)
    require(figures["counts"] > 900_000, "the detail was not read whole")
    return {**figures, "peak_mb": done.peak_mb, "file_mb": file.stat().st_size / 1e6}


def write_detail(sample: Path, target: Path) -> None:
    """Write the sample's head, and its contests until the file is large enough."""
    head, _, rest = gzip.decompress(sample.read_bytes()).decode().partition("    <Contest")
    contests = f"    <Contest{rest.partition('</ElectionResult>')[0]}"
    with target.open("w", encoding="utf-8") as file:
        file.write(head)
        number = 0
        while file.tell() < SIZE:
            number += 1
            file.write(re.sub(r'(<Contest key="\d+" text=")', rf"\g<1>{number} ", contests))
        file.write("</ElectionResult>\n")


def read(file: Path) -> Figures:
    """Read the file and return what it took, the libraries that reading loads included."""
    from racecall.desk.clock import now
    from racecall.feeds.base import Document
    from racecall.feeds.clarity import ClarityFeed
    from racecall.origin import Capture, sha256_hex

    data = file.read_bytes()
    document = Document(capture=Capture(sha256=sha256_hex(data), name=file.name, size=len(data), received_at=now()), data=data)
    started = time.perf_counter()
    [release] = ClarityFeed().parse(document).releases
    return {"seconds": time.perf_counter() - started, "counts": release.counts.height}


if __name__ == "__main__":
    print(json.dumps(read(Path(sys.argv[1]))))
