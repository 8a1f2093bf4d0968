"""Count types, kinds of ballots, and the shape of the two tables that every release carries.

Ballots are paper, votes are for options: the two tables keep them apart, and nothing adds one to the other.
"""

from __future__ import annotations

from enum import StrEnum


class CountType(StrEnum):
    """How the ballots behind a count were cast: NIST SP 1500-100 v2 `CountItemType`, the values we meet.

    TOTAL stands beside the parts, never among them: a source may print the total, the parts, or both.
    """

    TOTAL = "total"
    ELECTION_DAY = "election_day"
    EARLY = "early"
    ABSENTEE_MAIL = "absentee_mail"
    PROVISIONAL = "provisional"
    UOCAVA = "uocava"
    IN_PERSON = "in_person"
    """Own: early and election day together, as Los Angeles counts vote-centre ballots."""
    OTHER = "other"


class BallotKind(StrEnum):
    """What a number of ballots (or voters) means: NIST `BallotCounts` and `OtherCounts`."""

    CAST = "cast"
    """Ballots counted so far that carry the contest."""
    OUTSTANDING = "outstanding"
    """Ballots the office says it holds and has not counted."""
    REJECTED = "rejected"
    OVERVOTED = "overvoted"
    """Ballots with more marks than allowed: no vote counts."""
    UNDERVOTED = "undervoted"
    """Ballots with no vote for the contest (one seat), blank included."""
    BLANK = "blank"
    INVALID = "invalid"
    PARTLY_VOTED = "partly_voted"
    """Vote-for-N: ballots with some but not all votes used."""
    FULLY_VOTED = "fully_voted"
    ISSUED = "issued"
    """Mail ballots sent out to voters."""
    RETURNED = "returned"
    """Mail ballots that have come back, counted or not."""
    REGISTERED = "registered"
    """Voters on the roll, not ballots: never part of a sum of ballots."""


COUNT_COLUMNS = ("contest", "unit", "count_type", "option", "votes", "row")
"""Columns of `Release.counts`: str, str, str (`CountType`), str, int or null (null = withheld or blank), int (place in
the source).

From a feed, a column of names may be text or numbers of names (Polars' `Categorical` or `Enum`): where a cell takes two bytes of a file,
four columns of text take more than twenty times the file. The ledger makes text of them (`ledger.resolve`), and keeps nothing else."""

BALLOT_COLUMNS = ("contest", "unit", "count_type", "kind", "ballots", "row")
"""Columns of `Release.ballots`: str ("" = the whole jurisdiction), str, str (`CountType`), str (`BallotKind`), int or null, int.

Names are text or numbers of names, as in `COUNT_COLUMNS`."""
