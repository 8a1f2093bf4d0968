"""What offices have announced about a contest's ballots, look by look: so many still out, so many sent and returned.

A statement about the contest comes before one about the whole jurisdiction, which is spread over its contests by what they have of the
ballots counted. Nothing here is from later than the look it is used at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import numpy as np

from racecall.ledger.records import ContestCount, RecordedRelease, Records
from racecall.model.contest import Contest
from racecall.model.counts import BallotKind
from racecall.model.release import Statement
from racecall.outstanding.ballots import Estimate, OnTheWay, contest_share, fall_off, from_issued, from_returns, votes_on_the_way
from racecall.outstanding.volume import Stated

Counts = Sequence[tuple[RecordedRelease, ContestCount]]

ALL_MAIL = {"CO", "HI", "OR", "UT", "WA"}
"""States in which every voter is sent a ballot and nearly all come back by mail: there, ballots counted are mail ballots counted.
California and Nevada send them to all as well, but a fifth of the votes there are cast in person."""
ACCEPTED = Estimate(likely=0.985, log_sd=0.01)
"""Share of returned mail ballots that is counted in the end. California 2024 primary and general: 1.4% and 0.9% rejected (Secretary of
State, vote-by-mail rejections)."""
RETURNED_IN_THE_END = {True: Estimate(likely=0.38, log_sd=0.30), False: Estimate(likely=0.62, log_sd=0.20)}
"""Share of ballots sent out that comes back, in a first round and otherwise, where every voter is sent one. *Rounded* from turnout in
California and Washington, 2018 to 2024 (primaries 34% to 48%, generals 51% to 81%); replace it with the county's own where it is known."""
ARRIVAL = timedelta(days=8)
"""Mail may arrive until this long after the polls close; California counts what arrives within seven days (Elections Code 3020)."""


def announced(contest: Contest, records: Records, counts: Counts, *, close: datetime, as_of: datetime) -> Stated | None:
    """Return the newest statement of ballots still out at each look, as ballots out over ballots counted; None if nobody said anything.

    Args:
        contest: The contest.
        records: What was recorded up to `as_of`.
        counts: Releases that are looked at, oldest first.
        close: When the polls closed.
        as_of: The moment of the last look: what was said since the last release belongs to it.
    """
    known, counted = _own_or_whole(contest, records, counts, as_of)
    if not known:
        return None
    newest = [_newest([at for at, _, _ in known], look) for look in looks_of(counts, as_of)]
    ratio = [known[at][1] / max(counted(known[at][0]), 1) if at >= 0 else np.nan for at in newest]
    hours = [(known[at][0] - close).total_seconds() / 3600 if at >= 0 else np.nan for at in newest]
    return Stated(ratio=np.array(ratio), hours=np.array(hours), includes_arrivals=known[newest[-1]][2])


def looks_of(counts: Counts, as_of: datetime) -> list[datetime]:
    """Return the moment of each look; the last look is now."""
    return [release.moment for release, _ in counts[:-1]] + [as_of]


def _newest(moments: Sequence[datetime], look: datetime) -> int:
    return max((at for at, moment in enumerate(moments) if moment <= look), default=-1)


Said = list[tuple[datetime, int, bool]]


def _own_or_whole(contest: Contest, records: Records, counts: Counts, as_of: datetime) -> tuple[Said, Callable[[datetime], int]]:
    """Return what was said of the contest, else of the whole jurisdiction, and the ballots counted there at a moment."""
    own = _by_moment(_about(records, contest.id, BallotKind.OUTSTANDING, as_of))
    if own:
        return own, lambda moment: _counted(counts, moment)
    said = _by_moment(_about(records, "", BallotKind.OUTSTANDING, as_of))
    whole = whole_counted(records, as_of) if said else []
    return (said if whole else []), lambda moment: _at(whole, moment)


def _about(records: Records, contest: str, kind: BallotKind, as_of: datetime) -> list[Statement]:
    said = [said for _, said in records.statements if said.contest == contest and said.kind is kind and said.stated_at <= as_of]
    return sorted(said, key=lambda one: one.stated_at)


def _by_moment(statements: Iterable[Statement]) -> Said:
    """Ballots said to be out at each moment, all categories together, and whether mail still to arrive is in them."""
    groups = [(at, list(group)) for at, group in groupby(statements, key=lambda said: said.stated_at)]
    return [(at, sum(said.ballots for said in group), all(said.includes_arrivals for said in group)) for at, group in groups]


def _counted(counts: Counts, moment: datetime) -> int:
    """Votes counted at a moment; before the first release, as many as that has."""
    before = [count.total for release, count in counts if release.moment <= moment]
    return before[-1] if before else counts[0][1].total


def whole_counted(records: Records, as_of: datetime) -> list[tuple[datetime, int]]:
    """Return the ballots of the whole jurisdiction that were counted, by moment: printed in a release, or stated."""
    printed = [(release.moment, release.jurisdiction.get(BallotKind.CAST)) for release in records.releases if release.moment <= as_of]
    stated = [(said.stated_at, said.ballots) for said in _about(records, "", BallotKind.CAST, as_of) if said.category == "total"]
    return sorted((at, ballots) for at, ballots in (*printed, *stated) if ballots)


def _at(series: list[tuple[datetime, int]], moment: datetime) -> int:
    before = [ballots for at, ballots in series if at <= moment]
    return before[-1] if before else series[0][1]


# -- Ballots sent out and returned --------------------------------------------------------------------------------------------------------


def on_the_way(contest: Contest, records: Records, counts: Counts, *, as_of: datetime, state: str, first_round: bool) -> OnTheWay | None:
    """Return the contest's votes among ballots returned and still arriving, look by look; None where nobody said what was returned.

    Only mail is followed this way. Where people also vote in person, mail ballots counted must have been stated, and what is still out at
    the polls is missing: such figures are used from the day after.

    Args:
        contest: The contest.
        records: What was recorded up to `as_of`.
        counts: Releases that are looked at, oldest first.
        as_of: The moment of the last look.
        state: Postal code.
        first_round: Whether the contest sends options to another round: fewer vote then.
    """
    returned = _about(records, "", BallotKind.RETURNED, as_of)
    whole = whole_counted(records, as_of) if returned else []
    counted = whole if state in ALL_MAIL else _mail_counted(records, as_of)
    if not returned or not counted or not whole:
        return None
    issued = _about(records, "", BallotKind.ISSUED, as_of)
    looks = looks_of(counts, as_of)
    ballots = [_left(look, returned, issued, counted, first_round=first_round, close=counts[0][0].moment) for look in looks]
    own = counts[-1][1]
    paper = own.ballots.get(BallotKind.CAST) or -(-own.total // contest.votes_allowed)
    share = contest_share(contest=min(paper, whole[-1][1]), whole=whole[-1][1])
    rate = fall_off([paper], [own.total])[0]
    night = set() if state in ALL_MAIL else {at for at, look in enumerate(looks) if look - counts[0][0].moment < timedelta(hours=12)}
    return votes_on_the_way([None if at in night else one for at, one in enumerate(ballots)], share, rate)


def _mail_counted(records: Records, as_of: datetime) -> list[tuple[datetime, int]]:
    return [(said.stated_at, said.ballots) for said in _about(records, "", BallotKind.CAST, as_of) if said.category == "mail"]


def _left(
    look: datetime,
    returned: Sequence[Statement],
    issued: Sequence[Statement],
    counted: list[tuple[datetime, int]],
    *,
    first_round: bool,
    close: datetime,
) -> Estimate | None:
    """Return the mail ballots still to be counted at a look, of those returned and those still arriving; None if nothing was public."""
    here = [said.ballots for said in returned if said.stated_at <= look]
    done = [ballots for at, ballots in counted if at <= look]
    if not here or not done or done[-1] > here[-1]:
        return None
    sent = [said.ballots for said in issued if said.stated_at <= look]
    waits = bool(sent) and look < close + ARRIVAL and sent[-1] >= here[-1]
    arriving = from_issued(issued=sent[-1], returned=here[-1], rate=RETURNED_IN_THE_END[first_round]) if waits else None
    return from_returns(returned=here[-1], counted=done[-1], accepted=ACCEPTED, arriving=arriving)
