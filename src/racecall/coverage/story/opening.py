"""The headline and the first paragraph: the strongest thing that may be said, who is where, and how much of the count that is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from racecall.calls.states import SlotState
from racecall.calls.view import OptionLine
from racecall.coverage.claims import Trace
from racecall.coverage.story.figures import Figure, How
from racecall.coverage.story.ground import Ground
from racecall.coverage.story.places import Group, groups, in_state, is_certified, state_trace
from racecall.coverage.story.told import Point, Stage
from racecall.ledger.events import iso
from racecall.model.contest import Option

OPEN = frozenset({Stage.BEFORE, Stage.RUNOFF})
"""Stages without a count."""
OVER = frozenset({Stage.COUNTED, Stage.CERTIFIED})
"""Stages in which somebody "finished"; before, people are only somewhere in the count."""


def headline(ground: Ground) -> Point:
    """Return the headline: the first rule that has something to say."""
    return next(point for rule in HEADLINES if (point := rule(ground)))


def brief(ground: Ground) -> Point:
    """Return a headline without a name, for where names do not fit."""
    return Point(id="brief.count", figures={"votes": ground.total()}) if ground.view.release else Point(id="brief.before")


def _before(ground: Ground) -> Point | None:
    if ground.stage not in OPEN:
        return None
    day, closes = ground.election_day(), ground.closes()
    if closes and closes <= ground.view.as_of:
        return Point(id="headline.closed")
    if day is None:
        return Point(id="headline.undated")
    if ground.stage is Stage.RUNOFF:
        return Point(id="headline.runoff", figures={"names": ground.names(standing(ground)), "day": day})
    return (
        Point(id="headline.measure", figures={"day": day})
        if ground.is_measure
        else Point(id="headline.before", figures={"candidates": field_size(ground), "day": day})
    )


def _recount(ground: Ground) -> Point | None:
    return Point(id="headline.recount") if ground.is_recount else None


def _review(ground: Ground) -> Point | None:
    return _about_call(ground, SlotState.UNDER_REVIEW, "headline.review")


def _withdrawn(ground: Ground) -> Point | None:
    return _about_call(ground, SlotState.RETRACTED, "headline.withdrawn")


def _about_call(ground: Ground, state: SlotState, sentence: str) -> Point | None:
    found = in_state(ground, state) if not is_certified(ground.view) else ()
    return Point(id=sentence, figures={"names": ground.names(found, state_trace(ground, state))}) if found else None


def _through(ground: Ground) -> Point | None:
    found = groups(ground)
    return said_of(ground, found[0], "headline") if found else None


def _finished(ground: Ground) -> Point | None:
    return _leader(ground, "headline.finished") if ground.stage in OVER else None


def _tied(ground: Ground) -> Point | None:
    level = ground.level(ground.lines[0]) if ground.lines and ground.rank(ground.lines[0]) == 1 else ()
    return Point(id="headline.tied", figures={"names": ground.names(one.option for one in level)}) if 1 < len(level) <= 3 else None


def _several(ground: Ground) -> Point | None:
    held = ground.lines[: ground.places]
    clear = all(ground.rank(line) == at for at, line in enumerate(ground.lines[: ground.places + 1], 1))
    if not clear or not 1 < len(held) <= 3:
        return None
    trace = ground.of_count("rank", "", " > ".join(f"{line.votes:,}" for line in held))
    return Point(id="headline.lead", figures={"names": ground.names((line.option for line in held), trace)})


def _one(ground: Ground) -> Point | None:
    return _leader(ground, "headline.leads")


def _leader(ground: Ground, sentence: str) -> Point | None:
    """Say something of whoever is alone in first place."""
    if not ground.lines or ground.rank(ground.lines[0]) != 1 or len(ground.level(ground.lines[0])) > 1:
        return None
    first = ground.lines[0]
    return Point(id=sentence, figures={"name": ground.name(first.option), "share": ground.share(first)})


HEADLINES: tuple[Callable[[Ground], Point | None], ...] = (
    _before,
    _recount,
    _review,
    _through,
    _withdrawn,
    _finished,
    _tied,
    _several,
    _one,
    brief,
)
"""What a headline can say, the gravest first; the last one always has something to say."""


# -- the first paragraph --------------------------------------------------------------------------------------------------------------


def lede(ground: Ground) -> Iterator[Point]:
    """Yield the first paragraph."""
    if ground.stage in OPEN:
        yield from _ahead(ground)
        return
    yield from (point for rule in (_recount_lede, _review_lede, _withdrawn_lede) if (point := rule(ground)))
    yield from (said_of(ground, group, "lede") for group in groups(ground))
    yield from ranks(ground, ground.lines[: max(ground.places, 2)])
    yield from _progress(ground)


def _recount_lede(ground: Ground) -> Point | None:
    return Point(id="lede.recount") if ground.is_recount else None


def _review_lede(ground: Ground) -> Point | None:
    return _about_call(ground, SlotState.UNDER_REVIEW, "lede.review")


def _withdrawn_lede(ground: Ground) -> Point | None:
    return _about_call(ground, SlotState.RETRACTED, "lede.withdrawn")


def _ahead(ground: Ground) -> Iterator[Point]:
    """Yield what there is to say before a count."""
    day = ground.election_day()
    if day and ground.stage is Stage.RUNOFF:
        yield Point(id="lede.runoff", figures={"names": ground.names(standing(ground)), "day": day})
    elif day and ground.is_measure:
        yield Point(id="lede.measure", figures={"title": ground.label(ground.contest.title, "title"), "day": day})
    elif day:
        yield Point(id="lede.before", figures={"candidates": field_size(ground), "day": day})
    yield from _polls(ground)
    yield from _first_round(ground)


def _polls(ground: Ground) -> Iterator[Point]:
    closes = ground.closes()
    if closes:
        trace = Trace(table="election", row=ground.contest.id, column="polls_close", value=iso(closes), words="election.toml: polls_close")
        over = closes <= ground.view.as_of
        yield Point(id="lede.closed" if over else "lede.polls", figures={"moment": Figure(how=How.MOMENT, trace=trace)})
        if over:
            yield Point(id="lede.no_count")


def _first_round(ground: Ground) -> Iterator[Point]:
    """Yield how those who meet now did in the round before."""
    if ground.before is None:
        return
    earlier = Ground(ground.facts, ground.facts.look(ground.before.id, ground.facts.as_of), ground.stage)
    here = {option.id for option in standing(ground)}
    if earlier.view.release is None or len(here) > 3:
        return
    sentence = "lede.first_round" if is_certified(earlier.view) else "lede.first_round.so_far"
    for line in earlier.lines:
        if line.option.id in here:
            figures = {"name": ground.name(line.option), "ordinal": earlier.ordinal(line), "votes": earlier.votes(line)}
            yield Point(id=sentence, figures=figures, about=line.option.id)


def said_of(ground: Ground, group: Group, where: str) -> Point:
    """Say how far some options are, by the rung they stand on; the same words for everybody."""
    figures = {"names": ground.names(group.options, group.trace)}
    if group.goal == "advance":
        figures["round"] = ground.round()
    if group.call:
        figures["agency"] = Figure(how=How.WORD, trace=ground.said(group.call, "by", group.call.by))
    about = ",".join(option.id for option in group.options) if where == "lede" else ""
    return Point(id=f"{where}.{group.rung.name.lower()}.{group.goal}", figures=figures, about=about)


def ranks(ground: Ground, lines: tuple[OptionLine, ...]) -> Iterator[Point]:
    """Yield where the first ones are in the count; equal votes are a tie, and nobody's place is told past somebody who withdrew."""
    told: set[str] = set()
    for line in lines:
        level = ground.level(line)
        if line.option.id not in told:
            told |= {one.option.id for one in level}
            yield _tie(ground, level) if len(level) > 1 else _rank(ground, line)


def _tie(ground: Ground, level: tuple[OptionLine, ...]) -> Point:
    ordinal = ground.ordinal(level[0])
    if len(level) > 3:
        return Point(id="lede.tied.many", figures={"ordinal": ordinal})
    names = ground.names((one.option for one in level), ground.of_count("tied", ""))
    figures = {"names": names, "ordinal": ordinal, "votes": ground.votes(level[0])}
    return Point(id="lede.tied", figures=figures, about=level[0].option.id)


def _rank(ground: Ground, line: OptionLine) -> Point:
    figures = {"name": ground.name(line.option), "share": ground.share(line)}
    rank, about = ground.rank(line), line.option.id
    over = ground.stage in OVER and not ground.is_recount
    if _passed_over(ground, line):
        return Point(id="lede.had", figures=figures, about=about)
    if rank == 1 and not over:
        return Point(id="lede.led", figures={**figures, "moment": ground.counted_at()}, about=about)
    sentence = "lede.finished" if ground.stage is Stage.CERTIFIED else "lede.finished.unofficial" if over else "lede.rank"
    return Point(id=sentence, figures={**figures, "ordinal": ground.ordinal(line)}, about=about)


def _passed_over(ground: Ground, line: OptionLine) -> bool:
    """Whether somebody who withdrew has more votes: "second" would then mislead."""
    return any((one.votes or 0) > (line.votes or 0) for one in ground.gone)


def _progress(ground: Ground) -> Iterator[Point]:
    """Yield how much is counted; precincts only beside the share of the expected votes, which they are not."""
    view, share = ground.view, ground.share_counted()
    if ground.stage in OVER:
        return
    if share is None:
        yield Point(id="lede.unsized", figures={"votes": ground.total()})
    elif view.units_reported and view.units_total:
        units = ground.part(
            view.units_reported, view.units_total, "units_reported / units_total", f"{view.units_reported:,} / {view.units_total:,}"
        )
        yield Point(id="lede.precincts", figures={"precincts": units, "share": share})
    else:
        yield Point(id="lede.progress", figures={"share": share})


def field_size(ground: Ground) -> Figure:
    """Return how many people stand: printed and declared write-ins, without those who withdrew."""
    trace = Trace(
        table="election", row=ground.contest.id, column="candidates", value=len(standing(ground)), words="election.toml: options of people"
    )
    return Figure(how=How.CANDIDATES, trace=trace)


def standing(ground: Ground) -> tuple[Option, ...]:
    """Return everybody who stands and has not withdrawn."""
    return tuple(option for option in ground.contest.options if option.can_advance)
