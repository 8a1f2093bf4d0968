"""What a sentence says that the record can settle, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from racecall.coverage.document import Document, Sentence


class Verdict(StrEnum):
    """What the record says of a claim, the gravest first."""

    CONTRADICTED = "contradicted"
    """Subject, measure, base and release are all settled, and the record says otherwise."""
    OVERSTATED = "overstated"
    """Stronger than what may be said: a certainty above the state of the call, a bound the figure does not reach."""
    STALE = "stale"
    """True of an earlier release, no longer of the one in force."""
    AMBIGUOUS_BASE = "ambiguous_base"
    """The figure is right of another base than the one written (votes, ballots, registered; printed, all)."""
    UNDERSTATED = "understated"
    """True, and weaker than what the record says."""
    CANNOT_CHECK = "cannot_check"
    """Nothing held settles it; the reason says what is missing."""
    ALLEGATION = "allegation"
    """An accusation: recorded, never rated."""
    OPINION = "opinion"
    """Nothing could settle it."""
    CONFIRMED = "confirmed"

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to look at the sentence."""
        return self in {Verdict.CONTRADICTED, Verdict.OVERSTATED, Verdict.STALE, Verdict.AMBIGUOUS_BASE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A row that a figure or a verdict rests on.

    Args:
        table: ``release``, ``statement``, ``report``, ``call``, ``election``, ``rule``, or a kind of `racecall.coverage.rows.KINDS`.
        row: Which row: the sequence number of the ledger event, or the row's id.
        column: What of it, e.g. ``votes[gomez]``, ``share[gomez]``, ``units_reported``.
        value: What it says, a plain JSON value.
        formula: How the value follows from the row where it does not stand there, e.g. ``8,156 / 28,985``; "" where it does.
        words: The row in a line for people, e.g. "count of 5 April, semi-official · votes · Gomez = 8,156".
        at: The moment the row is from.
    """

    table: str
    row: str
    column: str
    value: Any
    formula: str = ""
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that a sentence says.

    Args:
        type: The name of its family: ``share``, ``votes``, ``margin``, ``rank``, ``status`` … (`docs/check.md` lists them).
        sentence: The sentence.
        start, end: Characters of the sentence.
        args: What it says: subject, figure with its bounds, base; as the family defines them.
        attribution: Who is said to have said it, "" if the story says it itself.
        quoted: It stands inside quotation marks.
    """

    type: str
    sentence: Sentence
    start: int
    end: int
    args: Mapping[str, Any] = field(default_factory=dict)
    attribution: str = ""
    quoted: bool = False

    @property
    def text(self) -> str:
        """The words of the claim."""
        return self.sentence.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """A claim and what the record says of it.

    Args:
        claim: The claim.
        verdict: What the record says.
        reason: One or two sentences for the editor, with both figures where there are two.
        evidence: The rows behind it.
        as_of: The moment the claim was checked for.
        suggestion: Words that would be right, "" if there are none to suggest; nothing is ever rewritten.
    """

    claim: Claim
    verdict: Verdict
    reason: str
    evidence: tuple[Trace, ...] = ()
    as_of: datetime | None = None
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something worth a look that is no claim: a precinct figure without a share of the count, an accusation without an accuser.

    Args:
        check: Short name, e.g. ``precincts-as-progress``, ``who-accuses``, ``complete-results``.
        sentence: Where.
        start, end: Characters of the sentence.
        words: What to look at, one sentence.
    """

    check: str
    sentence: Sentence
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedStory:
    """A story, checked.

    Args:
        document: The story.
        sentences: Its sentences.
        claims: What was found, in reading order.
        remarks: What is worth a look besides.
        as_of: The moment it was checked for.
        head: Hash of the last ledger event it rests on.
        held: The count it was checked against, in words: "certified count, 14 April 2017"; "" if there is none.
    """

    document: Document
    sentences: tuple[Sentence, ...]
    claims: tuple[CheckedClaim, ...]
    remarks: tuple[Remark, ...]
    as_of: datetime
    head: str = ""
    held: str = ""

    @property
    def wrong(self) -> tuple[CheckedClaim, ...]:
        """Claims somebody has to look at."""
        return tuple(claim for claim in self.claims if claim.verdict.needs_a_person)
