"""The public test kit: what every part has to pass, and values to test it with.

from racecall.testing import check_feed, document

def test_my_feed_is_a_feed():
    check_feed(MyFeed(), [document("sample.csv", Path("sample.csv").read_bytes())])
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from racecall.errors import RacecallError
from racecall.feeds.base import Document, Feed
from racecall.feeds.frames import as_text, ballot_frame, count_frame
from racecall.feeds.text import MAX_COUNT, tidy
from racecall.model.counts import BallotKind, CountType
from racecall.model.release import Reading, Release
from racecall.origin import Capture, sha256_hex

if TYPE_CHECKING:
    import polars as pl
    from hypothesis.strategies import SearchStrategy

    from racecall.projection.base import Projection
    from racecall.publish.base import Export, Publisher

__all__ = [
    "called_export",
    "check_feed",
    "check_projection",
    "check_publisher",
    "document",
    "example_export",
    "exports",
    "names",
    "plain_counts",
    "same_reading",
    "same_release",
]


def check_projection(projection: Projection) -> None:
    """Hold a projection to its promises (`racecall.testing_projection`); NumPy is imported on first use."""
    from racecall.testing_projection import check_projection as check

    check(projection)


def check_publisher(publisher: Publisher, made: Iterable[Export] = ()) -> None:
    """Hold a publisher to its promises (`racecall.testing_exports`), on these exports and on examples."""
    from racecall.testing_exports import before_the_first_count
    from racecall.testing_exports import check_publisher as check

    check(publisher, [example_export(), called_export(), before_the_first_count(), *made])


def example_export() -> Export:
    """Return a night of two contests to write: count types, precincts, ballots, and what the office says is left."""
    from racecall.testing_exports import example_export as example

    return example()


def called_export() -> Export:
    """Return a night of one contest that two people called; `racecall.testing_exports.signed` makes what they decide later."""
    from racecall.testing_exports import called_export as called

    return called()


RECEIVED_AT = datetime(2017, 4, 5, 9, tzinfo=UTC)
"""When the documents of the kit are received, unless said otherwise."""

JUNK = (b"", b"\0", b"\xff\xfe", b"\x89PNG\r\n\x1a\n\0\0", b"<html></html>", b"{", b"[1,", b"a,b\n", b'"', b"\r", b"PAR1", b"\x1f\x8b")
"""Bytes that are nobody's format: sniffing and reading them may refuse, with a `RacecallError`, and nothing else."""


def document(name: str, data: bytes, *, received_at: datetime = RECEIVED_AT, **fields: Any) -> Document:
    """Return a document with these bytes.

    Args:
        name: File name.
        data: The bytes to read.
        received_at: When they were received (aware).
        fields: Other fields of `Document`: timezone, companions, mapping, source.
    """
    capture = Capture(sha256=sha256_hex(data), name=name, size=len(data), received_at=received_at)
    return Document(capture=capture, data=data, **fields)


def check_feed(feed: Feed, documents: Iterable[Document]) -> None:
    """Check that a feed keeps its promises on documents of its format, and on junk.

    It has an id and a title; it recognises each document by its head alone; it reads it twice to the same values; its tables have our
    columns and nothing negative; every name in them is listed; times are aware and in order; and on junk it raises nothing but our errors.

    Raises:
        AssertionError: It does not; all broken promises are listed.
    """
    documents = list(documents)
    broken = [*_about_itself(feed), *(problem for item in documents for problem in _about(feed, item))]
    broken += [problem for item in _junk(documents) for problem in _about_junk(feed, item)]
    if broken:
        raise AssertionError(f"{feed.id}: " + "; ".join(dict.fromkeys(broken)))


def _about_itself(feed: object) -> Iterator[str]:
    if not isinstance(feed, Feed):
        yield "it lacks one of id, title, sniff, parse"
        return
    if not re.fullmatch(r"[a-z][a-z0-9_]*", feed.id):
        yield f'its id "{feed.id}" is not lower-case letters, digits and underscores'
    if not feed.title.strip():
        yield "it has no title"


def _about(feed: Feed, item: Document) -> Iterator[str]:
    name = item.capture.name
    match = feed.sniff(item)
    if match is None:
        yield f"{name}: it does not recognise the document"
    elif match.feed != feed.id or not 0 <= match.certainty <= 1 or not match.reason:
        yield f"{name}: its match needs its own id, a certainty from 0 to 1 and a reason, not {match}"
    first, second = feed.parse(item), feed.parse(item)
    yield from (f"{name}: {problem}" for problem in _about_reading(feed, first))
    if not same_reading(first, second):
        yield f"{name}: read twice, it gives two readings"


def _about_reading(feed: Feed, reading: Reading) -> Iterator[str]:
    if reading.feed != feed.id:
        yield f'the reading says it is from "{reading.feed}"'
    if not (reading.releases or reading.statements or reading.reports or reading.defines):
        yield "the reading is empty"
    times = [release.published_at for release in reading.releases if release.published_at]
    if any(at.tzinfo is None for at in times):
        yield "a release has a time without a zone"
    elif times != sorted(times):
        yield "the releases are not oldest first"
    for finding in reading.findings:
        if not (re.fullmatch(r"[a-z][a-z0-9_]*", finding.check) and finding.problem.strip()):
            yield f"a finding needs the name of a check and a problem in words, not {finding}"
    for release in reading.releases:
        yield from _about_release(feed, release)


def _about_release(feed: Feed, release: Release) -> Iterator[str]:
    if release.feed != feed.id or not release.source:
        yield "a release needs its feed and a source"
    if as_text(release.counts).schema != count_frame().schema or as_text(release.ballots).schema != ballot_frame().schema:
        yield f"the tables have the columns {dict(release.counts.schema)} and {dict(release.ballots.schema)}"
        return
    yield from _about_cells(release.counts, "votes", "count_type", CountType)
    yield from _about_cells(release.ballots, "ballots", "count_type", CountType)
    yield from _about_cells(release.ballots, "ballots", "kind", BallotKind)
    listed = {(contest.key, option.key) for contest in release.contests for option in contest.options}
    unlisted = [pair for pair in release.counts.select("contest", "option").unique().rows() if pair not in listed]
    if unlisted:
        yield f"the counts name {unlisted[0]}, which is not among the contests listed"
    if release.counts.select("contest", "unit", "count_type", "option").is_duplicated().any():
        yield "a contest, unit, count type and option has two rows"


def _about_cells(table: pl.DataFrame, number: str, column: str, known: type[CountType | BallotKind]) -> Iterator[str]:
    strange = set(table[column].unique()) - set(known)
    if strange:
        yield f'"{min(strange)}" is no {column.replace("_", " ")}'
    if ((table[number] < 0) | (table[number] > MAX_COUNT)).any():
        yield f"{number} are negative or impossibly large"


def same_reading(first: Reading, second: Reading) -> bool:
    """Say whether two readings are equal: tables by their cells, everything else by value."""
    names = ("feed", "statements", "reports", "findings", "defines", "words")
    if any(getattr(first, name) != getattr(second, name) for name in names) or len(first.releases) != len(second.releases):
        return False
    return all(same_release(*pair) for pair in zip(first.releases, second.releases, strict=True))


def same_release(first: Release, second: Release) -> bool:
    """Say whether two releases are equal."""
    names = ("source", "feed", "published_at", "contests", "status", "origin", "note")
    same = all(getattr(first, name) == getattr(second, name) for name in names)
    return same and first.counts.equals(second.counts) and first.ballots.equals(second.ballots)


def _junk(documents: Sequence[Document]) -> Iterator[Document]:
    """Yield junk, and each document cut short in three places."""
    for data in JUNK:
        yield document("junk", data)
    for item in documents:
        size = len(item.data)
        for cut in sorted({1, size // 2, size - 1} - {0, size}):
            yield document(item.capture.name, item.data[:cut], timezone=item.timezone, companions=item.companions)


def _about_junk(feed: Feed, item: Document) -> Iterator[str]:
    for step in (feed.sniff, feed.parse):
        try:
            step(item)
        except RacecallError as error:
            if not error.problem:
                yield "it refuses junk without a word"
        except Exception as error:  # noqa: BLE001 - that it may raise anything is what is tested
            yield f"on {item.data[:20]!r}… ({len(item.data):,} bytes) it raises {type(error).__name__}: {error}"


# --- Strategies for Hypothesis -----------------------------------------------------------------------------------------------------


def names() -> SearchStrategy[str]:
    """Names as a source may print them, tidied: any letters, signs and inner spaces; never empty."""
    from hypothesis import strategies as st

    characters = st.characters(blacklist_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn"])
    return st.text(characters, min_size=1, max_size=20).map(tidy).filter(bool).filter(lambda name: tidy(name) == name)


def plain_counts(max_rows: int = 30) -> SearchStrategy[pl.DataFrame]:
    """Tables of counts with one row a key, as our plain CSV can hold them; null is a figure that was not reported."""
    from hypothesis import strategies as st

    few = st.lists(names(), min_size=1, max_size=4, unique=True)
    votes = st.none() | st.integers(0, 200) | st.integers(0, MAX_COUNT)

    @st.composite
    def tables(draw: Any) -> pl.DataFrame:
        contests, units, options = draw(few), draw(few), draw(few)
        keys = st.tuples(*(st.sampled_from(values) for values in (contests, units, list(CountType), options)))
        chosen = draw(st.lists(keys, min_size=1, max_size=max_rows, unique=True))
        return count_frame([(*key, draw(votes), row) for row, key in enumerate(chosen, 2)])

    return tables()


def exports(names_of: SearchStrategy[str] | None = None) -> SearchStrategy[Export]:
    """Elections with a release, judged and ready to write; ids and names as `names_of` makes them."""
    from racecall.testing_exports import exports as made

    return made(names() if names_of is None else names_of)
