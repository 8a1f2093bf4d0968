"""Every check that a feed can make, by name: what `docs/findings/` has a page for, beside the checks of `racecall.ledger.checks`.

A module that reads tables lists its own checks; they are put together here. The feeds that read JSON share theirs, so these are listed
here once.
"""

from __future__ import annotations

from collections.abc import Mapping

from racecall.feeds import clarity, excel, hand, la_ets, nist, openelections, options, press, rows, sheet, sums, text, typed

BESIDE_THE_RECORD = frozenset({"contest_listed_twice", "methods_do_not_add_up", "parts_do_not_add_up"})
"""Made while a file is read and again beside the record. Their sentences stand once, in `racecall.ledger.checks.CHECKS`: feeds and ledger
do not import each other."""

_BY_MODULE: tuple[Mapping[str, str], ...] = (
    text.CHECKS,
    sheet.CHECKS,
    rows.CHECKS,
    options.CHECKS,
    sums.CHECKS,
    openelections.CHECKS,
    hand.CHECKS,
    clarity.CHECKS,
    press.CHECKS,
    typed.CHECKS,
    nist.CHECKS,
    la_ets.CHECKS,
    excel.CHECKS,
)

_LISTED: Mapping[str, str] = {
    # listing: the contests of a JSON file, and what tables have in common with them
    "missing_votes": "An option has no votes in the file, though others of its contest have.",
    "option_listed_twice": "An option stands more than once in a contest.",
    "nameless_option": "An option, or a row with votes, has no name.",
    "nameless_contest": "A contest, or a row with votes, names no office.",
    "unknown_party": "A party is not one we know.",
    # la_county_json
    "votes_as_text": "Votes are printed as text where the county prints numbers.",
    "votes_allowed_unread": "The number of votes allowed is said in words that cannot be read.",
    # la_counters
    "identity_ballots": "The ballots of a contest differ from the sum of their kinds.",
    "identity_marks": "The ballots of a contest, times the votes allowed, differ from the votes and the places left empty.",
    "identity_single": "The ballots with a valid vote differ from the votes, in a contest with one vote allowed.",
    "identity_methods": "The ballots of the county differ from the sum of mail and in person.",
    "identity_unchecked": "A sum could not be checked, because numbers are missing.",
    "unknown_ids": "Numbers are given for contests or candidates that no file names.",
    "unknown_reference_types": "Numbers are of a type that we do not know.",
    # ca_sos
    "old_contest": "A contest is so much older than the others that it is from another election.",
    "percent_differs": "A printed share does not fit the votes beside it.",
    "precincts_above_total": "More precincts have reported than there are.",
    "precincts_unread": "The precincts reporting are said in words that cannot be read.",
}

CHECKS: dict[str, str] = {
    name: sentence for table in (*_BY_MODULE, _LISTED) for name, sentence in table.items() if name not in BESIDE_THE_RECORD
}
"""Every check that a feed makes and the ledger does not, by name."""
