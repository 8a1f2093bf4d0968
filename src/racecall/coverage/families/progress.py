"""How far the count is: precincts, ballots still out, turnout, what came in between two counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.counts import Held, day_words
from racecall.coverage.families.standing import margin, margin_pair, margin_worth, unsettled
from racecall.coverage.families.subjects import subject_of
from racecall.coverage.numbers import Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.scene import Scene
from racecall.coverage.settle import SUPPOSED, Measure, Value, Worth, claim_at, figure, judged, settle, upper
from racecall.model.counts import BallotKind
from racecall.model.release import ReportKind, Statement


def progress(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Precincts, as a number or in percent: never a share of the count."""
    quantity = item.figure
    if re.search(r"\{Q\d+\} (?:of|out of)(?: the)? $", parsed.before_of(item)):
        return  # the second figure of "21 of 192 precincts" is read with the first
    if quantity.unit is Unit.NUMBER and not re.search(r"precinct", parsed.text):
        return

    def of_percent(held: Held) -> Value | None:
        if not held.units_total or held.units_reported is None:
            return None
        words = f"{held.units_reported:,} of {held.units_total:,} precincts"
        return Value(100 * held.units_reported / held.units_total, "units_reported", words, f"{held.units_reported} / {held.units_total}")

    def of_number(held: Held) -> Value | None:
        if held.units_reported is None:
            return None
        return Value(held.units_reported, "units_reported", f"{held.units_reported:,} of {held.units_total or 0:,} precincts")

    percent = quantity.unit is Unit.PERCENT
    yield settle(
        parsed,
        item,
        scene,
        Measure(type="progress", quantity=quantity, worth=of_percent if percent else of_number, suffix="%" if percent else " precincts"),
    )


NONE_IN = re.compile(
    r"\b[Nn]o(?:ne of the)? precincts? (?:ha[sd]|have) (?:yet )?(?:reported|been counted)|\bbefore any precincts?\b", re.IGNORECASE
)
ALL_IN = re.compile(
    r"\b(?:all(?: of the| the)?|every)(?: of the)?(?: the)? (?:\w+ )?precincts?\b(?! (?:that|which))(?=[^.;]{0,30}\b(?:in|"
    r"reporting|reported|counted)\b)",
    re.IGNORECASE,
)


def all_precincts(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "With all precincts reporting"."""
    for found in (*ALL_IN.finditer(parsed.skeleton), *NONE_IN.finditer(parsed.skeleton)):
        wanted_all = found.re is ALL_IN
        claim = claim_at(parsed, "progress", *parsed.span(*found.span()))
        held = next((one for one in reversed(scene.counts) if one.units_total), None)
        if held is None or held.units_reported is None:
            yield judged(scene, claim, Verdict.CANNOT_CHECK, "No count is held that says how many precincts have reported.")
            continue
        words = f"{held.units_reported:,} of {held.units_total:,} precincts"
        fits = held.units_reported == (held.units_total if wanted_all else 0)
        was = not fits and not wanted_all and any(one.units_reported == 0 for one in scene.earlier)
        verdict = Verdict.CONFIRMED if fits else Verdict.STALE if was else Verdict.CONTRADICTED
        yield judged(scene, claim, verdict, f"{words}.", [held.trace("units_reported", held.units_reported, words)])


def progress_votes(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """How much of the expected vote is counted: an interval, as it is an estimate."""
    quantity = item.figure
    claim = claim_at(parsed, "progress", item.start, item.end, value=quantity.value)
    share = scene.view.share_counted
    if share is None:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "Nothing is recorded of how many ballots are left.")
        return
    low, likely, high = (100 * part for part in (share.low, share.likely, share.high))
    words = f"about {likely:.0f}% of the expected votes are counted ({low:.0f} to {high:.0f}%, estimated)"
    trace = Trace(table="release", row=scene.held.row if scene.held else "", column="share_counted", value=round(likely, 1), words=words)
    fits = quantity.low <= high + 1 and quantity.high >= low - 1
    everything = quantity.value >= 100 and bool(_statements(scene))
    yield judged(
        scene,
        claim,
        Verdict.CONFIRMED if fits else Verdict.CONTRADICTED if everything else Verdict.CANNOT_CHECK,
        f"{words[0].upper()}{words[1:]}.",
        [trace],
    )


# -- ballots still out ---------------------------------------------------------------------------------------------------------------


def outstanding(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """How many ballots are left."""
    quantity = item.figure
    claim = claim_at(parsed, "outstanding", item.start, item.end, value=quantity.value, unit=quantity.unit.value)
    if scene.held and scene.held.certified:
        trace = scene.held.trace("outstanding", 0, "nothing is left to count")
        said = [one for one in _statements(scene) if _fits(quantity, one, scene)]
        verdict = Verdict.STALE if said else Verdict.CONTRADICTED
        yield judged(
            scene, claim, verdict, "The count is certified: nothing is left to count.", [trace, *(_row(one, scene) for one in said[-1:])]
        )
        return
    said = _statements(scene)
    if not said:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "Nobody is recorded as having said how many ballots are left.")
        return
    yield _of_statements(claim, quantity, said, scene)


def _of_statements(claim: Claim, quantity: Quantity, said: Sequence[Statement], scene: Scene) -> CheckedClaim:
    last = said[-1]
    if quantity.unit is Unit.VOTES and _fits(quantity, last, scene):
        words = f"{_says(last, scene)}: ballots, and not every ballot holds a vote for this contest."
        return judged(scene, claim, Verdict.AMBIGUOUS_BASE, words, [_row(last, scene)], f"{quantity.value:,.0f} ballots")
    for one in [last, *(other for other in said if other.stated_at == last.stated_at)]:
        if _fits(quantity, one, scene):
            return judged(scene, claim, Verdict.CONFIRMED, f"{_says(one, scene)}.", [_row(one, scene)])
    if quantity.unit is not Unit.PERCENT and quantity.is_weak(last.ballots):
        return judged(
            scene,
            claim,
            Verdict.UNDERSTATED,
            f"{_says(last, scene)}: more than is written.",
            [_row(last, scene)],
            f"about {last.ballots:,}",
        )
    if past := next((one for one in reversed(said) if _fits(quantity, one, scene)), None):
        reason = f"{_says(past, scene)}; since then: {_says(last, scene)}."
        return judged(scene, claim, Verdict.STALE, reason, [_row(past, scene), _row(last, scene)], f"about {last.ballots:,}")
    reason = f"{_says(last, scene)}{_as_share(last, scene) if quantity.unit is Unit.PERCENT else ''}."
    return judged(scene, claim, Verdict.CONTRADICTED, reason, [_row(last, scene)], f"about {last.ballots:,} ballots")


def _statements(scene: Scene) -> list[Statement]:
    """Statements of ballots left that hold for the count of the sentence, oldest first."""
    known = [
        one
        for _, one in scene.race.facts.records.statements
        if one.contest in {"", scene.contest.id} and one.kind is BallotKind.OUTSTANDING
    ]
    return sorted(known, key=lambda one: one.stated_at)


def _fits(quantity: Quantity, said: Statement, scene: Scene) -> bool:
    if quantity.unit is Unit.PERCENT:
        share = _share_of(said, scene)
        return share is not None and quantity.low - 1.5 <= share <= quantity.high + 1.5
    near = 0.02 * said.ballots if said.approximate else 0
    return quantity.fits(said.ballots) or (quantity.firmness.value == "exact" and abs(quantity.value - said.ballots) <= near)


def _share_of(said: Statement, scene: Scene) -> float | None:
    """Ballots left as a part of all ballots, in percent; votes stand for the ballots counted where those are not given."""
    before = [held for held in (*scene.earlier, *scene.counts) if held.at <= said.stated_at and (held.ballots or held.total)]
    counted = (before[-1].ballots or before[-1].total) if before else None
    return 100 * said.ballots / (counted + said.ballots) if counted else None


def _as_share(said: Statement, scene: Scene) -> str:
    share = _share_of(said, scene)
    return f", {share:.0f}% of all ballots" if share is not None else ""


def _says(said: Statement, scene: Scene) -> str:
    about = "About " if said.approximate else ""
    category = "" if said.category == "total" else f"{said.category} "
    return f"{about}{said.ballots:,} {category}ballots were left on {day_words(said.stated_at, scene.race.zone)} ({_short(said.source)})"


def _short(source: str) -> str:
    return re.split(r"[,:;]", source)[0]


def _row(said: Statement, scene: Scene) -> Trace:
    words = f"ballots out · {day_words(said.stated_at, scene.race.zone)} · {said.ballots:,} · {_short(said.source)}"
    return Trace(table="statement", row=said.stated_at.isoformat(), column="ballots", value=said.ballots, words=words, at=said.stated_at)


KINDS_LEFT = re.compile(
    r"\b(?P<kinds>(?:provisional|late|mail|late-arriving|vote-by-mail|absentee|mail-in|conditional|damaged|ballots|votes|"
    r"thousands)\b[\w ,-]{0,60}?\b(?:ballots|votes|envelopes))\b[^.;{]{0,25}\b"
    r"(?:(?:are|were|is|remain\w*) (?:still )?(?:to be|being|left|uncounted|outstanding|not yet|yet to)|still (?:to|being|"
    r"need|have|had|remain\w*|uncounted|outstanding|out)|(?:have|had|has) (?:yet|not)|remain\w*|left to|"
    r"yet to)(?: (?:be )?(?:counted|tallied|processed|count))?",
    re.IGNORECASE,
)
COUNTING_ON = re.compile(
    r"\b(?:ballots|votes) (?:are |were |is )?(?:still being (?:counted|tallied|processed)|left to (?:be )?count|"
    r"remain(?:ed)? to be counted)\b|\bcounting (?:continues|goes on|will continue|is not (?:over|finished|done))\b",
    re.IGNORECASE,
)


def kinds_left(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Provisional and late mail ballots are still to be counted", without a number."""
    found = KINDS_LEFT.search(parsed.skeleton) or COUNTING_ON.search(parsed.skeleton)
    if not found or "{Q" in parsed.skeleton[max(0, found.start() - 24) : found.end()]:
        return
    claim = claim_at(parsed, "outstanding", *parsed.span(*found.span()))
    held, said = scene.held, _statements(scene)
    if held and held.certified:
        yield judged(
            scene,
            claim,
            Verdict.CONTRADICTED,
            "The count is certified: nothing is left to count.",
            [held.trace("outstanding", 0, "certified")],
        )
    elif said:
        note = f" {said[-1].note.split('.')[0]}." if said[-1].note else ""
        yield judged(scene, claim, Verdict.CONFIRMED, f"{_says(said[-1], scene)}.{note}", [_row(said[-1], scene)])
    elif held:
        words = "no statement of ballots left is recorded yet; the count is not certified"
        yield judged(scene, claim, Verdict.CANNOT_CHECK, f"{upper(words)}.", [held.trace("status", "not certified", words)])


NONE_LEFT = re.compile(
    r"\b(?:all|every one of the|every)(?: (?:the|of the))?(?: \w+)? (?:votes|ballots?) (?:has|have|had|are|were|"
    r"is)?\s*(?:now |been )*(?:counted|tallied|in\b)|\bno (?:more )?(?:ballots|votes) (?:are |were )?(?:left|remain)|"
    r"\bwith (?:all|every) (?:votes?|ballots?) (?:counted|tallied|in\b)|\b(?:count|counting|tally) (?:is|"
    r"was) (?:now )?(?:complete|finished|over)\b",
    re.IGNORECASE,
)


def nothing_left(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "All votes have been counted"."""
    for found in NONE_LEFT.finditer(parsed.skeleton):
        claim = claim_at(parsed, "outstanding", *parsed.span(*found.span()))
        held, said = scene.held, _statements(scene)
        if held and held.certified:
            yield judged(scene, claim, Verdict.CONFIRMED, f"{upper(held.words)}.", [held.trace("status", "certified", "nothing left")])
        elif said and said[-1].ballots:
            yield judged(scene, claim, Verdict.CONTRADICTED, f"{_says(said[-1], scene)}.", [_row(said[-1], scene)])
        else:
            yield judged(scene, claim, Verdict.CANNOT_CHECK, "Nobody is recorded as having said how many ballots are left.")


# -- turnout ---------------------------------------------------------------------------------------------------------------------------


def turnout(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Ballots of the roll; votes of the roll is another base."""

    def of(paper: str) -> Worth:
        def worth(held: Held) -> Value | None:
            cast = held.ballots if paper == "ballots" else held.total
            if not cast or not held.registered:
                return None
            words = f"{cast:,} {paper} of {held.registered:,} registered voters, {100 * cast / held.registered:.2f}%"
            return Value(100 * cast / held.registered, "turnout", words, f"{cast:,} / {held.registered:,}")

        return worth

    known = any(held.ballots for held in scene.counts)
    worth, others = (of("ballots"), {"votes cast for the contest": of("votes")}) if known else (of("votes"), {})
    yield settle(parsed, item, scene, Measure(type="turnout", quantity=item.figure, worth=worth, others=others, suffix="%"))


# -- between two counts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Between:
    """What came in between two counts."""

    before: Held
    after: Held
    number: float
    words: str


def change(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """What a candidate gained between two counts."""
    subject = subject_of(parsed, item, scene)
    for option in subject.options[:2]:
        steps = [
            Between(
                one,
                two,
                two.votes[option] - one.votes[option],
                f"{scene.name(option)} {one.votes[option]:,} → {two.votes[option]:,}: {two.votes[option] - one.votes[option]:+,}",
            )
            for one, two in _steps(scene)
            if option in one.votes and option in two.votes
        ]
        yield (
            _of_steps(parsed, item, scene, steps, "change", sure=subject.sure, option=option)
            if steps
            else _by_report(parsed, item, scene, option)
        )
    if not subject.options:
        yield from change_total(parsed, item, scene)


def _by_report(parsed: Parsed, item: Item, scene: Scene, option: str) -> CheckedClaim:
    """A gain that was printed and that no two counts give."""
    quantity = item.figure
    claim = claim_at(parsed, "change", item.start, item.end, option=option, value=quantity.value)
    said = [
        one for one in scene.race.facts.records.reports if one.kind is ReportKind.FIGURE and one.option == option and one.gain is not None
    ]
    for one in reversed(said):
        if one.gain is not None and abs(one.gain - quantity.value) <= max(0.05 * one.gain, quantity.high - quantity.value):
            words = f"{one.by} printed a gain of about {one.gain:,} on {day_words(one.at, scene.race.zone)}"
            trace = Trace(table="report", row=one.at.isoformat(), column="gain", value=one.gain, words=words, at=one.at)
            return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])
    return judged(scene, claim, Verdict.CANNOT_CHECK, f"No two counts are held that give what {scene.name(option)} gained.")


def change_total(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """What was added to the count, in votes or ballots."""
    paper = item.figure.unit is Unit.BALLOTS
    steps = [
        Between(one, two, number, f"{one.words} to {two.words}: {number:+,}")
        for one, two in _steps(scene)
        if (number := _added(one, two, paper=paper)) is not None
    ]
    yield _of_steps(parsed, item, scene, steps, "change", sure=True)


def _added(one: Held, two: Held, *, paper: bool) -> int | None:
    first, second = (one.ballots, two.ballots) if paper else (one.total, two.total)
    if paper and (first is None or second is None):
        first, second = one.total, two.total
    return second - first if first is not None and second is not None else None


def _steps(scene: Scene) -> list[tuple[Held, Held]]:
    """Pairs of counts a gain can be between: each count against the newest first, the one just before it first of all."""
    counts = (*scene.earlier, *scene.counts)
    ends = counts[-max(len(scene.counts), 1) :] if counts else ()
    every = [(one, two) for two in reversed(ends) for one in reversed(counts) if one.at < two.at]
    return every + [pair for pair in reversed(list(pairwise(counts))) if pair not in every]


def _of_steps(
    parsed: Parsed, item: Item, scene: Scene, steps: Sequence[Between], type_: str, *, sure: bool, option: str = ""
) -> CheckedClaim:
    quantity = item.figure
    claim = claim_at(parsed, type_, item.start, item.end, value=quantity.value, **({"option": option} if option else {}))
    sure = sure and not scene.foreign and not SUPPOSED.search(parsed.text[: item.end])
    if not steps:
        return judged(scene, claim, Verdict.CANNOT_CHECK, "No two counts are held to tell this from.")
    found = next((step for step in steps if quantity.fits(step.number)), None)
    step = found or steps[0]
    traces = [step.before.trace(type_, round(step.number, 2), step.words), step.after.trace(type_, round(step.number, 2), step.words)]
    reason = f"{step.words} ({step.before.words}; {step.after.words})."
    verdict = (
        Verdict.CONFIRMED
        if found
        else Verdict.UNDERSTATED
        if quantity.is_weak(step.number)
        else Verdict.CONTRADICTED
        if sure
        else Verdict.CANNOT_CHECK
    )
    return judged(scene, claim, verdict, reason, traces, "" if found else figure(step.number, quantity.unit))


def batch(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """A candidate's share of what came in between two counts."""
    subject = subject_of(parsed, item, scene)
    for option in subject.options[:1]:
        yield batch_of(parsed, item, scene, option, sure=subject.sure)
    if not subject.options:
        yield unsettled(parsed, item, scene, "change", "It is not said whose share of the late ballots this is.")


def batch_of(parsed: Parsed, item: Item, scene: Scene, option: str, *, sure: bool) -> CheckedClaim:
    """Return whether an option had this share of what came in between two counts."""
    steps = []
    for one, two in _steps(scene):
        if option in one.votes and option in two.votes and one.total and two.total and two.total > one.total:
            got, came = two.votes[option] - one.votes[option], two.total - one.total
            steps.append(Between(one, two, 100 * got / came, f"{scene.name(option)} {got:,} of {came:,} votes, {100 * got / came:.1f}%"))
    return _of_steps(parsed, item, scene, steps, "change", sure=sure, option=option)


def change_margin_was(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Closed a nine-point gap": what it was."""
    return change_margin(parsed, item, scene, was=True)


def change_margin(parsed: Parsed, item: Item, scene: Scene, *, was: bool = False) -> Iterator[CheckedClaim]:
    """Read "Cut the lead from nine points to three": what it was, or what it is."""
    quantity = item.figure
    was = was or bool(re.search(r"\bfrom (?:a )?(?:mere |just |only )?$", parsed.before_of(item)))
    pair, sure = margin_pair(parsed, item, scene)
    pair = pair if len(pair) == 2 else ()
    if not pair:
        yield unsettled(parsed, item, scene, "margin", "It is not settled between whom this margin is.")
        return
    points = quantity.unit in {Unit.POINTS, Unit.PERCENT} or quantity.value < 100
    best = max((pair, (pair[1], pair[0])), key=lambda two: _leads_now(scene, two))
    worth = margin_worth(*best, scene, points=points)
    claim = claim_at(parsed, "change", item.start, item.end, value=quantity.value, ahead=best[0], behind=best[1])
    counts = scene.earlier if was else scene.counts
    held = [(one, value) for one in counts if (value := worth(one))]
    if not held:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "No count is held that gives this margin.")
        return
    one, value = next((pair for pair in reversed(held) if quantity.fits(pair[1].number)), held[-1])
    fits = quantity.fits(value.number)
    if not fits and (shared := _share_then(parsed, item, scene)):
        yield shared
        return
    verdict = Verdict.CONFIRMED if fits else Verdict.CONTRADICTED if sure else Verdict.CANNOT_CHECK
    yield judged(
        scene, claim, verdict, f"{value.words}, {one.words}.", [one.trace(value.column, round(value.number, 2), value.words, value.formula)]
    )


def margin_change(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "His margin grew by 1,250 votes"."""
    pair, sure = margin_pair(parsed, item, scene)
    quantity = item.figure
    if len(pair) != 2:
        yield unsettled(parsed, item, scene, "change", "It is not settled whose margin this is.")
        return
    worth = margin_worth(*pair, scene, points=quantity.unit in {Unit.POINTS, Unit.PERCENT})
    told = [(one, two, worth(one), worth(two)) for one, two in _steps(scene)]
    steps = [
        Between(one, two, abs(after.number - before.number), f"{before.words}; then {after.words}")
        for one, two, before, after in told
        if before and after
    ]
    yield _of_steps(parsed, item, scene, steps, "change", sure=sure or len(scene.contest.options) == 2, option=pair[0])


def change_share(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "His share rose by 3.2 points"; without such a share, the margin it may be."""
    subject = subject_of(parsed, item, scene)
    for option in subject.options[:1]:
        told = [(one, two, one.share(option), two.share(option)) for one, two in _steps(scene)]
        steps = [
            Between(one, two, 100 * abs(after - before), f"{scene.name(option)} {100 * before:.2f}% → {100 * after:.2f}%")
            for one, two, before, after in told
            if before is not None and after is not None
        ]
        checked = _of_steps(parsed, item, scene, steps, "change", sure=False, option=option)
        yield from [checked] if checked.verdict is Verdict.CONFIRMED else margin(parsed, item, scene)
    if not subject.options:
        yield from margin(parsed, item, scene)


def mail(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Ballots cast by mail, as an office stated them."""
    said = [one for _, one in scene.race.facts.records.statements if one.kind is BallotKind.CAST and one.category == "mail"]
    said = [one for one in said if one.contest in {"", scene.contest.id}] or said
    if said:
        claim = claim_at(parsed, "total", item.start, item.end, value=item.figure.value)
        words = f"{said[-1].ballots:,} ballots by mail ({_short(said[-1].source)})"
        verdict = Verdict.CONFIRMED if item.figure.fits(said[-1].ballots) else Verdict.CONTRADICTED
        yield judged(scene, claim, verdict, f"{words}.", [_row(said[-1], scene)])


def _share_then(parsed: Parsed, item: Item, scene: Scene) -> CheckedClaim | None:
    """Read "from 28.1 to 25.4" as shares of whoever the sentence is about, at one count or another."""
    quantity = item.figure
    if quantity.unit not in {Unit.PERCENT, Unit.NUMBER} or quantity.value > 100:
        return None
    low, high = (quantity.low, quantity.high) if quantity.low != quantity.high else (quantity.value - 0.5, quantity.value + 0.5)
    for option in dict.fromkeys(option for one in parsed.candidates for option in one.options):
        for held in reversed((*scene.earlier, *scene.counts)):
            share = held.share(option)
            if share is not None and low <= 100 * share <= high:
                words = f"{scene.name(option)} {100 * share:.2f}%, {held.words}"
                claim = claim_at(parsed, "share", item.start, item.end, option=option, value=quantity.value)
                return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [held.trace(f"share[{option}]", round(100 * share, 2), words)])
    return None


def _leads_now(scene: Scene, pair: tuple[str, str]) -> int:
    held = next((one for one in reversed((*scene.earlier, *scene.counts)) if pair[0] in one.votes and pair[1] in one.votes), None)
    return held.votes[pair[0]] - held.votes[pair[1]] if held else 0


def up(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Up 863 votes": ahead by so many, or so many more than before."""
    ahead = list(margin(parsed, item, scene))
    gained = list(change(parsed, item, scene)) if item.figure.unit in {Unit.VOTES, Unit.NUMBER} else []
    yield from next((found for found in (ahead, gained) if any(one.verdict is Verdict.CONFIRMED for one in found)), ahead or gained)
