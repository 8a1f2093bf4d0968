"""How sure anybody may sound of an option: the ladder of words, by the state of its place, agencies' calls and certification."""

from __future__ import annotations

import re
from enum import IntEnum

from racecall.calls.states import SlotState
from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.scene import Scene
from racecall.coverage.settle import judged, options_words
from racecall.model.contest import Contest
from racecall.model.release import Report, ReportKind


class Level(IntEnum):
    """How sure a sentence sounds, or may sound."""

    NOTHING = 0
    LEADS = 1
    LIKELY = 2
    CERTAIN = 3
    OFFICIAL = 4


LADDER = {
    SlotState.TOO_EARLY: Level.NOTHING,
    SlotState.TOO_CLOSE: Level.NOTHING,
    SlotState.LEADING: Level.LEADS,
    SlotState.LIKELY: Level.LIKELY,
    SlotState.RETRACTED: Level.LEADS,
    SlotState.UNDER_REVIEW: Level.LIKELY,
    SlotState.CALLED: Level.CERTAIN,
    SlotState.CERTIFIED: Level.OFFICIAL,
}
"""The most that may be said at each state of a place (`docs/check.md` has the words)."""


def on_ladder(claim: Claim, level: Level, options: tuple[str, ...], scene: Scene, contest: Contest) -> CheckedClaim:
    """Hold a certainty against what may be said of each of them; the weakest decides."""
    allowed = [(*allowed_level(scene, contest, option), option) for option in options]
    least, words, _, option = min(allowed, key=lambda one: (one[0], "not by" not in one[1]))
    traces = [trace for _, _, trace, _ in allowed]
    if scene.race.view(contest).release is None and not scene.race.counts[contest.id]:
        return judged(
            scene,
            claim,
            Verdict.CONTRADICTED if level >= Level.CERTAIN else Verdict.CANNOT_CHECK,
            "No count of this contest was held at that moment.",
            traces,
        )
    if words.startswith("certified") and least is Level.NOTHING:
        return judged(scene, claim, Verdict.CONTRADICTED, f"{scene.name(option)}: {words}.", traces)
    if level > least:
        word = {
            Level.NOTHING: "nothing is settled",
            Level.LEADS: "it can be said who leads",
            Level.LIKELY: "“appears headed to” or “is likely to” can be said",
            Level.CERTAIN: "it is called, not certified",
        }[least]
        return judged(scene, claim, Verdict.OVERSTATED, f"{scene.name(option)}: {words}; {word}.", traces, SAY[least])
    if level is Level.LIKELY and least is Level.OFFICIAL and not claim.text.startswith("set "):
        return judged(scene, claim, Verdict.UNDERSTATED, f"{options_words(scene, options)}: {words}.", traces, "it is certified")
    return judged(scene, claim, Verdict.CONFIRMED, f"{options_words(scene, options)}: {words}.", traces)


EXPECTED = re.compile(r"(?i)^(?:expected|favou?red)\b")
"""What is thought beforehand is no reading of a count."""


SAY = {
    Level.NOTHING: "",
    Level.LEADS: "leads",
    Level.LIKELY: "appears headed to",
    Level.CERTAIN: "",
}


def allowed_level(scene: Scene, contest: Contest, option: str) -> tuple[Level, str, Trace]:
    """Return the most that may be said of an option's chances, why, and the row it rests on."""
    view = scene.race.view(contest)
    certified = bool(view.release and view.release.status == "certified")
    line = next((one for one in view.options if one.option.id == option), None)
    if certified and line:
        through = line.elected or (line.advances and bool(contest.next_round))
        words = f"certified, {'elected' if line.elected else 'through' if through else 'not through'} with {line.votes or 0:,} votes"
        return (
            (Level.OFFICIAL if through else Level.NOTHING),
            words,
            call_trace("release", str(view.release.seq if view.release else ""), option, words),
        )
    agencies = agency_calls(scene, contest)
    for_it = sorted({one.by for one in agencies if one.option == option})
    every = {one.by for one in agencies}
    slot = next((one for one in view.slots if one.option and one.option.id == option), None)
    state = slot.state if slot else SlotState.TOO_EARLY
    if slot is None and line is not None and (line.eliminated or line.votes is not None) and view.slots:
        words = f"not in a place that goes through ({'out of reach' if line.eliminated else 'behind'})"
        return Level.NOTHING, words, call_trace("release", str(view.release.seq if view.release else ""), option, words)
    if for_it and set(for_it) == every:
        words = f"called by {' and '.join(for_it)}, not certified"
        return max(LADDER[state], Level.LIKELY), words, call_trace("report", for_it[0], option, words)
    if for_it:
        words = f"called by {' and '.join(for_it)}, not by {' and '.join(sorted(every - set(for_it)))}"
        return max(LADDER[state], Level.LIKELY), words, call_trace("report", for_it[0], option, words)
    words = f"no call is recorded, state “{state.value.replace('_', ' ')}”"
    return LADDER[state], words, call_trace("call", "", option, words)


def call_trace(table: str, row: str, option: str, words: str) -> Trace:
    """Return a line of the call log as evidence."""
    return Trace(table=table, row=row, column=f"status[{option}]", value=words, words=f"call log · {words}")


def agency_calls(scene: Scene, contest: Contest) -> list[Report]:
    """Return the calls of agencies that stand at the moment, oldest first."""
    standing: dict[tuple[str, str], Report] = {}
    for one in reports_of(scene, contest):
        if one.kind is ReportKind.AGENCY_CALL:
            standing[one.by, one.option] = one
        elif one.kind is ReportKind.AGENCY_RETRACTION:
            standing.pop((one.by, one.option), None)
    return list(standing.values())


def reports_of(scene: Scene, contest: Contest) -> list[Report]:
    """Return what agencies and candidates had said of a round by the moment, oldest first."""
    known = [one for one in scene.race.facts.records.reports if one.contest == contest.id and one.at <= scene.race.facts.as_of]
    return sorted(known, key=lambda one: one.at)
