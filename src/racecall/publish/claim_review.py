"""Reviews of claims as ClaimReview (https://schema.org/ClaimReview), the form in which archives of fact-checks read them.

A verdict is a word and no number: there is no scale between "contradicted" and "cannot be checked". So a rating has `alternateName` alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from racecall.coverage.record import Coverage
from racecall.coverage.rows import Debate, Organization, Person, Review, Row, StatedClaim, Story
from racecall.ledger.events import iso
from racecall.publish.languages.words import Words
from racecall.publish.site.beside_words import verdict

ENGLISH = Words("en")


def claim_reviews(coverage: Coverage, places: Mapping[str, str], *, only: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield reviews, in the order they were recorded.

    Args:
        coverage: The record.
        places: Address of claims by their ids.
        only: Claims whose reviews are wanted; all if None.
    """
    rows = {(type(row), row.id): row for row in coverage.rows}
    for review in coverage.of(Review):
        claim = rows.get((StatedClaim, review.claim))
        if isinstance(claim, StatedClaim) and (only is None or claim.id in only):
            yield _without_gaps(_review(review, claim, rows, places.get(claim.id, "")))


def _review(review: Review, claim: StatedClaim, rows: Mapping[tuple[type[Row], str], Row], place: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": review.id,
        "url": place,
        "datePublished": iso(review.as_of),
        "claimReviewed": claim.text,
        "reviewBody": review.reason,
        "author": {"@type": "Organization", "name": review.reviewer},
        "reviewRating": {"@type": "Rating", "alternateName": verdict(review.verdict, ENGLISH), "identifier": review.verdict},
        "itemReviewed": _without_gaps(
            {
                "@type": "Claim",
                "identifier": claim.id,
                "text": claim.text,
                "author": _author(rows.get((Person, claim.speaker)) or rows.get((Organization, claim.speaker))),
                "datePublished": iso(claim.made_at) if claim.made_at else "",
                "appearance": _appearance(rows.get((Story, claim.appearance)) or rows.get((Debate, claim.appearance))),
            }
        ),
        "citation": [*review.evidence, review.source],
    }


def _author(row: Row | None) -> dict[str, Any]:
    if isinstance(row, Person | Organization):
        return {"@type": "Person" if isinstance(row, Person) else "Organization", "name": row.name}
    return {}


def _appearance(row: Row | None) -> dict[str, Any]:
    if isinstance(row, Story):
        return _without_gaps(
            {
                "@type": "NewsArticle",
                "name": row.title,
                "url": row.url,
                "datePublished": iso(row.published),
                "publisher": {"@type": "Organization", "name": row.outlet},
            }
        )
    return {"@type": "CreativeWork", "name": row.title, "dateCreated": iso(row.at)} if isinstance(row, Debate) else {}


def _without_gaps(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", {}, [])}


def json_list(reviews: Iterable[Mapping[str, Any]]) -> bytes:
    """Write reviews as one JSON-LD list."""
    return (json.dumps(list(reviews), ensure_ascii=False, indent=1) + "\n").encode()


def embedded(reviews: Iterable[Mapping[str, Any]]) -> Markup:
    """Write reviews for a `<script type="application/ld+json">`: data that no browser runs, in which nothing can end the element."""
    text = json.dumps(list(reviews), ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704 -- no mark of markup is left in it
