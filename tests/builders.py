"""Short ways to make the values that tests are about."""

from datetime import UTC, date, datetime, timedelta

from racecall.feeds.frames import ballot_frame, count_frame
from racecall.ledger.records import ContestCount, RecordedRelease, Records
from racecall.model.contest import Contest, Election, Option, OptionKind
from racecall.model.counts import BallotKind
from racecall.model.release import ListedContest, Release, ResultsStatus, Statement
from racecall.origin import Origin

NIGHT = datetime(2017, 4, 5, 8, tzinfo=UTC)
"""Ten past the polls' closing, whatever the test."""


def hours(number: float) -> datetime:
    """A moment so many hours after the night's count."""
    return NIGHT + timedelta(hours=number)


def contest(*names: str, rule: str = "us-ca-special-primary", others: bool = False, **values) -> Contest:
    """A contest between people named like their ids."""
    options = [Option(id=name.lower(), name=name, ballot_order=order) for order, name in enumerate(names, 1)]
    if others:
        options.append(Option(id="all_others", name="All others", kind=OptionKind.AGGREGATE, ballot_order=len(names) + 1))
    return Contest(**{"id": "c", "title": "The contest", "rule": rule, "options": tuple(options)} | values)


def election(*contests: Contest) -> Election:
    """An election in Los Angeles."""
    return Election(id="e", title="The election", date=date(2017, 4, 4), timezone="America/Los_Angeles", contests=contests)


def release(rows, *, titles=("c",), ballots=(), **values) -> Release:
    """A release as a feed makes it: rows of (contest, unit, count type, option, votes)."""
    counts = count_frame((*row, number) for number, row in enumerate(rows, 1))
    listed = tuple(ListedContest(key=title, title=title) for title in titles)
    defaults = {"source": "The county", "feed": "test", "published_at": NIGHT, "origin": Origin(capture="f" * 64, name="file.csv")}
    return Release(counts=counts, ballots=ballot_frame((*row, 0) for row in ballots), contests=listed, **defaults | values)


def recorded(
    votes=None, *, at=NIGHT, seq=1, status=ResultsStatus.UNOFFICIAL_PARTIAL, unknown=None, ballots=None, counts="", **values
) -> RecordedRelease:
    """A recorded release of the contest "c"."""
    own = {key: values.pop(key) for key in ("units_reported", "units_total", "units") if key in values}
    count = ContestCount(votes=votes or {}, unknown=unknown or {}, ballots={BallotKind(k): v for k, v in (ballots or {}).items()}, **own)
    defaults = {"source": "The county", "feed": "test", "capture": "f" * 64, "ballots": "", "published_at": at}
    return RecordedRelease(seq=seq, at=at, status=status, counts=counts or f"{seq:064d}", contests={"c": count}, **defaults | values)


def statement(ballots: int, *, at=NIGHT, kind=BallotKind.OUTSTANDING, contest_id="c", **values) -> Statement:
    """A statement by the county."""
    return Statement(contest=contest_id, kind=kind, ballots=ballots, stated_at=at, source="The county", **values)


def records(*releases: RecordedRelease, statements=(), **values) -> Records:
    """What the ledger says."""
    return Records(releases=releases, statements=tuple((item.stated_at, item) for item in statements), **values)
