"""Facts in, a story out: plan what is to be said, then say it in a language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from racecall.calls.view import ContestView
from racecall.coverage.facts import Facts
from racecall.coverage.story import background, counting, opening
from racecall.coverage.story.ground import SECOND_ROUNDS, Ground
from racecall.coverage.story.languages import catalogue
from racecall.coverage.story.places import stage_of
from racecall.coverage.story.told import Point, Said, Section, Stage, Told
from racecall.coverage.story.voice import Voice
from racecall.errors import UsageError

PLAN: Mapping[Section, Callable[[Ground], Iterator[Point]]] = {
    Section.LEDE: opening.lede,
    Section.STANDING: counting.standing,
    Section.OUTSTANDING: counting.outstanding,
    Section.NEXT: counting.coming,
    Section.SINCE: counting.since,
    Section.FIELD: background.field,
    Section.EARLY: background.early,
    Section.MONEY: background.money,
    Section.CALLS: background.calls,
    Section.METHOD: background.method,
}
"""What each paragraph says, in the order of a story."""


def write_story(facts: Facts, contest: str, *, language: str = "en", stage: Stage | None = None) -> Told:
    """Write a results story.

    The same facts give the same words. Of several ways to say a thing the contest and the sentence choose, so that a corrected figure
    changes the sentences that hold it and no other.

    Args:
        facts: What is known at the moment of the story.
        contest: Contest id.
        language: Language code.
        stage: Stage to write it for, None for the one the contest is in; a lower one takes its careful words.

    Raises:
        UnknownName: There is no such contest, or no such language.
        UsageError: The contest has not reached the stage.
    """
    view = facts.look(facts.election.contest(contest).id, facts.as_of)
    ground = Ground(facts, view, _stage(facts, view, stage))
    voice = Voice(catalogue(language), contest=contest, zone=facts.election.zone, year=ground.local(facts.as_of).year)
    sections = ((section, tuple(voice.say(point) for point in says(ground))) for section, says in PLAN.items())
    return Told(
        contest=contest,
        stage=ground.stage,
        language=language,
        as_of=facts.as_of,
        head=facts.head,
        title=voice.say(Point(id="title", figures={"title": ground.label(view.contest.title, "title")})),
        headline=voice.say(opening.headline(ground)),
        sections=tuple((section, paragraph) for section, paragraph in sections if paragraph),
        brief=voice.say(opening.brief(ground)),
        warning=voice.say(Point(id="warning")) if facts.rehearsal else None,
        mark=voice.say(Point(id="warning.short")) if facts.rehearsal else None,
        alt=tuple(_alt(ground, voice)),
    )


def _stage(facts: Facts, view: ContestView, wanted: Stage | None) -> Stage:
    second = view.contest.election_type in SECOND_ROUNDS or any(one.next_round == view.contest.id for one in facts.election)
    found = stage_of(view, is_second_round=second)
    order = list(Stage)
    reached = wanted is None or (order.index(wanted) <= order.index(found) and (wanted in opening.OPEN) == (found in opening.OPEN))
    if wanted is None or wanted is found:
        return found
    if not reached or wanted in opening.OVER:
        raise UsageError(
            f"a story for the stage {wanted.value!r} would say more than is known, or less than is counted: the stage is {found.value!r}.",
            where=f"contest {view.contest.id}",
            next_step=f"Leave --stage out, or ask for {found.value!r} or a lower stage that has a count.",
        )
    return wanted


def _alt(ground: Ground, voice: Voice) -> Iterator[Said]:
    """Yield the standing as a chart shows it: everybody by name, most votes first."""
    if not ground.view.release:
        return
    yield voice.say(Point(id="alt.title", figures={"votes": ground.total()}))
    for line in ground.shown:
        figures = {"name": ground.name(line.option), "votes": ground.votes(line), "share": ground.share(line)}
        yield voice.say(Point(id="alt.line", figures=figures, about=line.option.id))
