"""racecall: an open election desk for contests in which more than one candidate can go through.

The way of the data, in ten lines:

    capture      the bytes a county published, kept by their SHA-256              desk, origin
    release      the same bytes as votes by contest, unit, count type, option     feeds
    ledger       every release, statement, finding and report, hash-chained       ledger
    inventory    how many ballots are left, official and estimated kept apart     outstanding
    evidence     clinched, eliminated, the required break for every pair          calls
    outcome      what the law makes of the count: elected, advancing, tie         rules
    view         everything that can be said of a contest at one moment           calls.judge
    artifact     the terminal table and the JSON made from a view                 publish

A night is a fold: append events to the ledger, judge the ledger as of a moment. racecall does not certify and does not count ballots.
"""

__version__ = "0.1.0"
