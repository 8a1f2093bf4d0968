"""The second opinion: everything in an election folder, and on a published page, worked out again by other code.

Nothing here uses the code that reads, records, judges or publishes. It shares with it the formats of the files and `racecall.errors`, and
a test lists what it may import. So a mistake in the first code cannot hide itself, and each module is short enough to be read against the
document that describes its format.

    result     what was looked at, and what is wrong          bodies     what the events hold
    record     events from the database, and their chain      kept       captures and count tables, each by its hash
    cells      totals from the cells of a release             election   what election.toml says, names to ids
    counted    what a file says, and its totals               reread     hand entries and JSON, read a second time
                                                              reread_tables   CSV by its columns, and OpenElections
                                                              reread_reports   Clarity, AP, NIST JSON
    recount    each release against its own bytes             law        the packaged rules, as TOML has them
    decide     who is through by a rule, in whole numbers     left       ballots still out, from the statements
    standing   who is where at a moment                       claims     a printed figure against the record
    lessons    what the calibration says of other nights      running    a contest as the model sees it at a moment
    paper      from ballots sent and returned to votes        score      the score of a place, and the votes to come
    threshold  the score from which a place is called         printed_scores   both, against what was printed
    manifest   a published site against its list              fetch      the same from an address
    people     what was called, and by whom               folder     all of it, in order

docs/verifying.md says what is worked out again, what is not, and how a stranger does it by hand.
"""
