"""The demo's page: the night of 4 April 2017, told from the record and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.text import Text

from racecall.calls.view import ContestView, View
from racecall.ledger.diff import difference
from racecall.model.contest import Election
from racecall.publish import words
from racecall.publish.terminal import contest_page
from racecall.publish.timeline import contest_timeline

HINDSIGHT = (
    "The threshold was learned from counts of 2020 to 2024: on that night nobody had it. The arithmetic above it needs no other count."
)

PRIMARY, RUNOFF = "ca34-2017-primary", "ca34-2017-runoff"


def demo_page(views: Sequence[View], election: Election, folder: Path, site: Path, *, head: str) -> RenderableType:
    """Return the whole night as one page for the terminal.

    Args:
        views: The demo election at every moment something became known.
        election: The election.
        folder: Where its folder is, for the commands at the end.
        site: Where the page with all contests is.
        head: Hash of the last event in the folder.
    """
    primary, runoff = _looks(views, PRIMARY), _looks(views, RUNOFF)
    night, final = _morning_after(primary), primary[-1]
    return Group(
        _section("1  The count, as it became known"),
        contest_timeline(primary, election),
        _section("2  5 April, noon: what could be said"),
        contest_page(night, _view_of(views, night)),
        Text(HINDSIGHT, style="dim"),
        _section("3  What happened"),
        *(Text(line) for line in (*precincts_lines(night, final), *late_lines(night, final))),
        _section("4  The runoff"),
        contest_timeline(runoff, election),
        _section("The record"),
        *(Text(line) for line in _closing(folder, site, head)),
    )


def _section(title: str) -> RenderableType:
    return Group("", Rule(Text(title, style="bold"), align="left", style="dim"), "")


def _looks(views: Sequence[View], contest: str) -> list[ContestView]:
    return [look for view in views for look in view.contests if look.contest.id == contest]


def _morning_after(looks: Sequence[ContestView]) -> ContestView:
    """The first moment at which both the night's count and a figure for what is left were known."""
    return next(look for look in looks if look.share_counted is not None)


def _view_of(views: Sequence[View], look: ContestView) -> View:
    return next(view for view in views if look in view.contests)


def precincts_lines(night: ContestView, final: ContestView) -> Sequence[str]:
    """Say what share of the votes "100% of precincts" was in the end."""
    share = words.percent(night.votes_counted / final.votes_counted)
    return (
        f'On 5 April {night.units_reported:,} of {night.units_total:,} precincts had reported: "100% of precincts".',
        f"The certified count has {final.votes_counted:,} votes, so the {night.votes_counted:,} of that morning were {share} of them.",
        "A precinct reports what was cast at its polling place; late mail and provisional ballots are in no report yet.",
        "",
    )


def late_lines(night: ContestView, final: ContestView) -> Sequence[str]:
    """Say whom the ballots counted later were for, beside what they would have had to be."""
    if not (night.release and final.release):
        return ()
    change = difference(night.release.contests[PRIMARY], final.release.contests[PRIMARY])
    added = {option.option: option.added for option in change.options if option.before is not None}
    holders = [slot.option for slot in night.slots if slot.option]
    rival = night.slots[-1].required_break
    if rival is None or rival.points is None:
        return ()
    third_name, second_name = night.contest.option(rival.rival).name, holders[-1].name
    came = 100 * (added[rival.rival] - added[rival.holder]) / change.added
    named = [*holders, night.contest.option(rival.rival)]
    shares = ", ".join(f"{option.name} {words.percent(added[option.id] / change.added)}" for option in named)
    needed = f"To take place 2, {third_name} had to win them by {rival.points:.1f} points over {second_name}"
    return (
        f"The {change.added:,} votes counted later: {shares}.",
        f"{needed}; {third_name} lost them by {abs(came):.1f}.",
        f"Their leader was {second_name}, not {holders[0].name}: late ballots are not like the ones counted first.",
    )


def _closing(folder: Path, site: Path, head: str) -> Sequence[str]:
    return (
        f"Every figure above is in {folder}, with its source; the last event's hash is {head[:16]}…",
        "",
        f"  racecall status {folder} --contest {PRIMARY} --as-of 2017-04-05T12:00",
        f"  racecall replay {folder} --contest {RUNOFF}",
        f"  racecall findings list {folder} --all",
        f"  racecall verify {folder}",
        "",
        f"The same as a published site, to look at in a browser: {site}",
    )
