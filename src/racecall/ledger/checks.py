"""What looks wrong in a release, seen beside the record: named checks that return findings.

A check never refuses a release and never changes a number. What it finds holds the contest's calls (or only notes something) until it
is accepted with a reason; the record is kept either way. Each name has a page under `docs/findings/`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from racecall.ledger.diff import Change, difference
from racecall.ledger.figures import contradiction
from racecall.ledger.records import ContestCount, RecordedRelease, Records
from racecall.model.contest import Contest, Election
from racecall.model.counts import BallotKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import ReportKind, ResultsStatus
from racecall.model.words import some
from racecall.origin import Origin

CHECKS = {
    "fall": "An option has fewer votes than in the release before.",
    "duplicate_release": "The same counts were published before.",
    "out_of_order": "The release is from before the one that is already recorded.",
    "unknown_option": "A name in the file is no option of the contest.",
    "missing_option": "An option that had votes is no longer in the file.",
    "name_variant": "A name was matched by folding accents or punctuation.",
    "contest_listed_twice": "Two contests in the file stand for the same contest.",
    "parts_do_not_add_up": "The printed total of a contest differs from the sum of its units.",
    "methods_do_not_add_up": "A printed total of a unit differs from the sum of its count types.",
    "votes_above_ballots": "More votes than the ballots counted allow.",
    "ballots_above_registered": "More ballots than voters on the roll.",
    "jump_above_outstanding": "More votes were added than ballots were left to count.",
    "one_sided_batch": "A large batch is for one option alone.",
    "units_fall": "Fewer units are reported than in the release before.",
    "missing_units": "Units that had reported are no longer in the file.",
    "doubled_units": "Units have exactly twice the votes of the release before.",
    "outlying_units": "A unit is like no other of its contest.",
    "zeroed_option": "An option has no vote where many were to be expected.",
    "figure_contradicted": "A figure printed by the press does not fit the count.",
    "unknown_contest": "A statement or report is about a contest that election.toml does not list.",
    "nothing_followed": "No contest in the file is in election.toml.",
    "rehearsal_data": "A source serves a rehearsal, and the election is none.",
    "figures_disagree": "Two printed figures, or a figure and a release, cannot both be right.",
    "contests_not_followed": "The file has contests that election.toml does not list.",
}
"""Every check that sees a release beside the record, by name."""

LARGE_BATCH = 1000
"""Votes from which a batch for one option alone is no accident: of 7,770 such batches in nine archives, none was [votes]."""
ONE_SIDED = Fraction(99, 100)
"""Share of a batch that is one option alone; in Los Angeles in April 2017 one took 95% of the last 2,000 votes, and rightly."""
USUAL = Fraction(9, 10)
"""An option that has had this share all along may have a batch to itself."""

JUMP_TOLERANCE = 1.10
"""A statement of outstanding ballots may be this factor too low before a larger batch is a finding. It is meant to be generous for
statements that say they cover mail still to arrive: Los Angeles realised 0.83 to 1.01 of such figures (March 2024, April 2017)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One contest in a new release, beside what was recorded before.

    Args:
        contest: The contest.
        release: The new release.
        count: The contest's new count.
        before: The contest's current count before the release and its release, None if it is the first.
        change: What the release adds.
        records: Everything recorded before.
    """

    contest: Contest
    release: RecordedRelease
    count: ContestCount
    before: tuple[RecordedRelease, ContestCount] | None
    change: Change
    records: Records

    @property
    def is_older(self) -> bool:
        """Whether the release is from before the current one; one of the same minute takes its place."""
        return self.before is not None and self.release.moment < self.before[0].moment

    def name(self, option: str) -> str:
        """Return an option's name for people."""
        return self.contest.name_of(option)

    def finding(self, check: str, severity: Severity, problem: str, next_step: str = "", *, option: str = "", count: int = 1) -> Finding:
        """Return a finding about this contest in this release."""
        origin = Origin(capture=self.release.capture, name=self.release.source)
        return Finding(
            check=check,
            severity=severity,
            problem=problem,
            next_step=next_step,
            contest=self.contest.id,
            option=option,
            origin=origin,
            count=count,
        )


Check = Callable[[Look], Iterator[Finding]]


def check_release(release: RecordedRelease, election: Election, records: Records) -> tuple[Finding, ...]:
    """Return everything that looks wrong in a release beside what was recorded before it."""
    current = records.current()
    looks = (_look(contest, release, records, current.get(contest.id)) for contest in election if contest.id in release.contests)
    found = [finding for look in looks for check in CONTEST_CHECKS for finding in check(look)]
    return (*_whole_release(release, records), *found)


def _look(contest: Contest, release: RecordedRelease, records: Records, before: RecordedRelease | None) -> Look:
    count, earlier = release.contests[contest.id], before.contests[contest.id] if before else None
    return Look(
        contest=contest,
        release=release,
        count=count,
        before=(before, earlier) if before and earlier else None,
        change=difference(earlier, count),
        records=records,
    )


def _whole_release(release: RecordedRelease, records: Records) -> Iterator[Finding]:
    origin = Origin(capture=release.capture, name=release.source)
    before = max((known for known in records.releases if known.source == release.source), key=lambda known: known.order, default=None)
    same = before if before and before.counts == release.counts else None
    if same:
        yield Finding(
            check="duplicate_release",
            severity=Severity.NOTE,
            origin=origin,
            problem=f"The counts are the same as in the release of {same.moment:%Y-%m-%d %H:%M %Z}; nothing changes.",
        )
    if release.ignored:
        shown = ", ".join(release.ignored[:3]) + (" …" if len(release.ignored) > 3 else "")
        yield Finding(
            check="contests_not_followed",
            severity=Severity.NOTE,
            origin=origin,
            count=len(release.ignored),
            problem=f"Left out, because election.toml does not have them: {some(len(release.ignored), 'contest')}: {shown}.",
            next_step="To follow one, add it with its name under source_names and add the file again.",
        )


def falls(look: Look) -> Iterator[Finding]:
    """Counts do not usually fall: Shasta's mail count fell from 10,229 to 489 for three hours on 5 March 2024."""
    if look.before is None or look.is_older:
        return
    for change in look.change.falls:
        yield look.finding(
            "fall",
            Severity.HOLD_CALLS,
            f"{look.name(change.option)} falls from {change.before:,} to {change.after:,} votes ({change.added:+,}).",
            "Counts do not usually fall. If the office has corrected itself, accept the finding with its words as the reason.",
            option=change.option,
        )


def out_of_order(look: Look) -> Iterator[Finding]:
    """A release from before the current one is kept, and does not become the current count."""
    if look.before and look.is_older and any(change.added for change in look.change.options):
        mine, current = (moment.astimezone(UTC) for moment in (look.release.moment, look.before[0].moment))
        yield look.finding(
            "out_of_order",
            Severity.HOLD_CALLS,
            f"The release is from {mine:%Y-%m-%d %H:%M %Z}; one from {current:%Y-%m-%d %H:%M %Z} is "
            "already recorded. It is kept and does not become the current count.",
            "The source may have served an old copy. Fetch it again, or accept the finding if the file was added late on purpose.",
        )


def missing_option(look: Look) -> Iterator[Finding]:
    """A name that vanishes is more often a renaming than a withdrawal; "All others" may go when its parts are given."""
    sums = {option.id for option in look.contest.options if not option.is_person} | set(look.before[1].unknown if look.before else ())
    for change in (change for change in look.change.gone if change.option not in sums):
        yield look.finding(
            "missing_option",
            Severity.HOLD_CALLS,
            f"{look.name(change.option)} had {change.before:,} votes and is not in this release.",
            "Look for another spelling in the file, and add it to the option's aliases.",
            option=change.option,
        )


def votes_above_ballots(look: Look) -> Iterator[Finding]:
    """Votes are for options and ballots are paper: a ballot carries at most `votes_allowed` votes."""
    cast = look.count.ballots.get(BallotKind.CAST)
    if cast is not None and look.count.total > cast * look.contest.votes_allowed:
        yield look.finding(
            "votes_above_ballots",
            Severity.HOLD_CALLS,
            f"{look.count.total:,} votes on {cast:,} ballots, with {look.contest.votes_allowed} allowed on each.",
            "Either a column was misread or a batch was loaded twice.",
        )


def ballots_above_registered(look: Look) -> Iterator[Finding]:
    """Same-day registration can lift the roll after it was printed, so this holds publication and leaves calls alone."""
    cast, registered = look.count.ballots.get(BallotKind.CAST), look.count.ballots.get(BallotKind.REGISTERED)
    if cast is not None and registered is not None and cast > registered:
        yield look.finding(
            "ballots_above_registered",
            Severity.HOLD_PUBLICATION,
            f"{cast:,} ballots counted, {registered:,} voters on the roll.",
            "Same-day registrations may not be on the roll yet; otherwise a batch was loaded twice.",
        )


def jump_above_outstanding(look: Look) -> Iterator[Finding]:
    """A batch larger than everything the office said was left: test data, a double load, or a statement that left something out."""
    if look.before is None or look.is_older:
        return
    said = _said_left(look.records, look.contest.id, look.before[0].moment) or _said_left(look.records, "", look.before[0].moment)
    if not said:
        return
    at, ballots = max(said.items(), key=lambda item: item[1])
    left = ballots * look.contest.votes_allowed
    if look.change.added > left * JUMP_TOLERANCE:
        yield look.finding(
            "jump_above_outstanding",
            Severity.HOLD_CALLS,
            f"{look.change.added:,} votes were added; on {at.day} {at:%B} the office had said {some(left, 'ballot')} left.",
            "Ask the office what the batch holds. First statements often leave out mail that is still to arrive.",
        )


def _said_left(records: Records, contest: str, since: datetime) -> dict[datetime, int]:
    """Ballots said to be left at each moment since a release, all categories together; contest "" is the whole county."""
    left: dict[datetime, int] = {}
    for _, said in records.statements:
        if said.contest == contest and said.kind is BallotKind.OUTSTANDING and said.stated_at >= since:
            left[said.stated_at] = left.get(said.stated_at, 0) + said.ballots
    return left


def one_sided_batch(look: Look) -> Iterator[Finding]:
    """A zero too many: Shiawassee County, Michigan, sent 153,710 votes for 15,371 on 4 November 2020, and nobody else had any."""
    if look.before is None or look.is_older or look.change.added < LARGE_BATCH or len(look.change.options) < 2:
        return
    most = max(look.change.options, key=lambda change: change.added)
    alone = most.added >= ONE_SIDED * look.change.added and (most.before or 0) <= USUAL * look.before[1].total
    if alone and not look.change.falls and most.option in {option.id for option in look.contest.options if option.is_person}:
        yield look.finding(
            "one_sided_batch",
            Severity.HOLD_CALLS,
            f"Of {look.change.added:,} votes that were added, {most.added:,} are for {look.name(most.option)}.",
            "A digit too many, or a column that was left out. Ask the office what the batch holds.",
            option=most.option,
        )


def units_fall(look: Look) -> Iterator[Finding]:
    """Precincts that had reported should stay reported."""
    before = look.before[1].units_reported if look.before else None
    now = look.count.units_reported
    if before is not None and now is not None and now < before and not look.is_older:
        yield look.finding("units_fall", Severity.NOTE, f"{now:,} units have reported; the release before said {before:,}.")


def figure_contradicted(look: Look) -> Iterator[Finding]:
    """Once the count is certified, press figures that it rules out are named; both stay in the record."""
    if look.release.status is not ResultsStatus.CERTIFIED:
        return
    figures = (report for report in look.records.reports if report.contest == look.contest.id and report.kind is ReportKind.FIGURE)
    for figure in figures:
        if why := contradiction(look.contest, figure, look.count.votes, look.records):
            yield look.finding("figure_contradicted", Severity.NOTE, why, "Both figures stay in the record.", option=figure.option)


CONTEST_CHECKS: tuple[Check, ...] = (
    falls,
    out_of_order,
    missing_option,
    votes_above_ballots,
    ballots_above_registered,
    jump_above_outstanding,
    one_sided_batch,
    units_fall,
    figure_contradicted,
)
"""Checks that look at one contest; the others of `CHECKS` are made while names and totals are read."""
