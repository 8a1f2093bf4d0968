"""Contest pages of every kind, as plain values: judged as any count is, then given what people decided."""

from collections.abc import Mapping
from dataclasses import replace

from lxml import html

from builders import NIGHT, contest, election, hours, recorded, records, statement
from racecall.calls.decided import fold
from racecall.calls.judge import judge_contest
from racecall.calls.states import SlotState
from racecall.calls.view import ContestView
from racecall.desk import packaged
from racecall.model.contest import Option, SlotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.finding import Finding, Severity
from racecall.model.settings import Settings
from racecall.publish.languages.words import Words
from racecall.publish.site.gather import all_marks
from racecall.publish.site.page import ContestPage, release_looks
from racecall.publish.site.render import Renderer

ENGLISH = Words("en")
RENDERER = Renderer(packaged.site_assets(), ("en",))
VOTES = {"gomez": 8156, "ahn": 5504, "cabildo": 2778}
"""Three of the 24 candidates of 5 April 2017."""


def view_of(votes: Mapping[str, int] | None, *, options=None, at=NIGHT, out=None, **values) -> ContestView:
    """One contest judged after one count; `out` is what the county says is left."""
    kept = {key: values.pop(key) for key in ("status", "units_reported", "units_total", "unknown", "ballots", "seq") if key in values}
    made = options or contest(*(name.title() for name in votes or VOTES), **values)
    said = [statement(out, at=at)] if out is not None else []
    known = records(*([recorded(votes, at=at, **kept)] if votes is not None else []), statements=said)
    rule = packaged.rulebook().rule(made.rule)
    return judge_contest(made, election(made), rule, known, as_of=at, settings=Settings())


def page_of(view: ContestView, *, looks=(), **values) -> ContestPage:
    """The page that shows a view, with the shapes and colours its count gives."""
    known = records(*([view.release] if view.release else []))
    made = election(view.contest)
    defaults = {
        "head": "ab" * 32,
        "marks": all_marks(made, known)["c"],
        "looks": (*looks, view),
        "releases": release_looks(known.counts("c")),
    }
    return ContestPage(view=view, election=made, **defaults | values)


def in_state(view: ContestView, *states: SlotState, conditional="", decisions=()) -> ContestView:
    """The same view with other states on its places, from the first one on, and what decisions have come to."""
    calls = tuple(
        fold(*key, [one for one in decisions if (one.option, one.goal) == key]) for key in {(d.option, d.goal): 1 for d in decisions}
    )
    made = {call.option: call for call in calls}
    changed = [
        replace(slot, state=state, conditional=conditional, called=made.get(slot.option.id) if slot.option else None)
        for slot, state in zip(view.slots, states, strict=False)
    ]
    return replace(view, slots=(*changed, *view.slots[len(changed) :]), decisions=tuple(decisions), calls=calls)


def decided(option: str, kind: DecisionKind, by: str, *, after=1.0, goal=SlotKind.ADVANCE, reason="The lead holds.") -> Decision:
    """What a person decided, so many hours after the night's count."""
    return Decision(contest="c", option=option, goal=goal, slot=1, kind=kind, by=by, reason=reason, at=hours(after), evidence="cd" * 32)


def finding(problem: str, severity=Severity.HOLD_CALLS) -> Finding:
    """Something that looks wrong."""
    return Finding(check="falls", severity=severity, problem=problem, contest="c")


def crowd(number: int) -> dict[str, int]:
    """Votes of so many candidates, none level with another."""
    return {f"name{place}": 9000 - 311 * place for place in range(1, number + 1)}


def long_name(length: int) -> Option:
    """A candidate with a long name."""
    return Option(id="gomez", name=("Maximiliana Guadalupe Villanueva-Featherstonehaugh " * 3)[:length], ballot_order=1)


def part(page: ContestPage, name: str, renderer: Renderer = RENDERER, language: str = "en"):
    """One part of a page as a tree; `None` if the part has nothing to say."""
    made = renderer.parts(page, language, base="../../")[name]
    return html.fragment_fromstring(made, create_parent="div") if made else None


def whole(page: ContestPage, renderer: Renderer = RENDERER, language: str = "en", **values):
    """The whole page as a tree."""
    return html.document_fromstring(renderer.contest(page, language, **values))


def words(tree, path: str = ".") -> list[str]:
    """The text of every element on a path, its white space made single."""
    return [" ".join(one.text_content().split()) for one in tree.xpath(path)]


def said(tree) -> str:
    """All the text of a tree, its white space made single."""
    return words(tree)[0] if tree is not None else ""
