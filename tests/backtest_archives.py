"""Small archives with plain values, for tests."""

from datetime import UTC, datetime, timedelta

import polars as pl

from racecall.backtest.archive import ArchiveTables

CLOSE = datetime(2024, 3, 6, 4, tzinfo=UTC)


def tables(votes, *, rule="top_two", good=(0, 1), hours=None, number_elected=1, election="xx-2024-03-05-primary", **election_extra):
    """Archive of one contest: `votes` is one row a release, one column an option."""
    hours = hours or [1.0 + 12 * at for at in range(len(votes))]
    options = [f"Option {chr(65 + at)}" for at in range(len(votes[0]))]
    rows = [
        {
            "contest_id": "c1",
            "released_at": CLOSE + timedelta(hours=hour),
            "unit": "all",
            "count_type": "total",
            "option": option,
            "party": "",
            "votes": count,
        }
        for hour, release in zip(hours, votes, strict=True)
        for option, count in zip(options, release, strict=True)
    ]
    contests = pl.DataFrame(
        [
            {
                "contest_id": "c1",
                "name": "Council, 1st District",
                "office_class": "city",
                "state": "CA",
                "election_type": "primary",
                "rule": rule,
                "number_elected": number_elected,
                "contested": True,
                "canonical": True,
            }
        ]
    )
    final = pl.DataFrame(
        [
            {"contest_id": "c1", "option": option, "party": "", "votes": count, "outcome": "advanced" if at in good else "lost"}
            for at, (option, count) in enumerate(zip(options, votes[-1], strict=True))
        ]
    )
    about = {
        "election_id": election,
        "date": "2024-03-05",
        "polls_close_utc": "2024-03-06T04:00:00Z",
        "end_of_night_utc": "2024-03-06T12:00:00Z",
    }
    return ArchiveTables(election=about | election_extra, contests=contests, releases=pl.DataFrame(rows), final=final)
