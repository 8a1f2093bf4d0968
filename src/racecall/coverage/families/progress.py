"""How far the count is: precincts, the share of the expected vote, turnout."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Trace, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.outstanding import statements_left
from racecall.coverage.families.standing import share_worth
from racecall.coverage.numbers import Unit
from racecall.coverage.parsing import C, Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import Measure, Value, Worth, claim_at, judged, settle


def progress(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Precincts, as a number or in percent: never a share of the count."""
    quantity = item.figure
    if re.search(r"(?i)\{Q\d+\} (?:of|out of)(?: the)? $", parsed.before_of(item)):
        return  # the second figure of "21 of 192 precincts" is read with the first
    if CARRIED.search(parsed.before_of(item)):
        return  # who won how many precincts
    if "polling" in quantity.noun and not re.search(r"report|count|tall", parsed.text):
        return  # places somebody went to
    if quantity.unit is Unit.NUMBER and not re.search(r"[Pp]recinct|[Pp]olling place", parsed.text):
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


CARRIED = re.compile(r"\b(?:won|carried|took|lost|led(?: in)?|swept|captured|split|ahead in|all but)\b[^.;,]*$")
NONE_IN = Pattern(
    r"\b[Nn]o(?:ne of the)? precincts? (?:ha[sd]|have) (?:yet )?(?:reported|been counted)|\bbefore any precincts?\b", re.IGNORECASE
)
ALL_IN = Pattern(
    r"\b(?:all(?: of the| the)?|every)(?: of the)?(?: the)? (?:\w+ )?precincts?\b(?! (?:that|which))(?=[^.;]{0,30}\b(?:in|"
    r"reporting|reported|counted)\b)",
    re.IGNORECASE,
)


def all_precincts(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "With all precincts reporting"."""
    for found in (*ALL_IN.finditer(parsed.skeleton), *NONE_IN.finditer(parsed.skeleton)):
        wanted_all = found.re is ALL_IN.compiled
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
    everything = quantity.value >= 100 and bool(statements_left(scene))
    yield judged(
        scene,
        claim,
        Verdict.CONFIRMED if fits else Verdict.CONTRADICTED if everything else Verdict.CANNOT_CHECK,
        f"{words[0].upper()}{words[1:]}.",
        [trace],
    )


def turnout(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Ballots of the roll; votes of the roll is another base."""
    away = bool(STAYED_AWAY.match(parsed.after_of(item)))

    def of(paper: str) -> Worth:
        def worth(held: Held) -> Value | None:
            cast = held.ballots if paper == "ballots" else held.total
            if not cast or not held.registered:
                return None
            if away:
                rest = held.registered - cast
                said = f"{rest:,} of {held.registered:,} registered voters without one, {100 * rest / held.registered:.2f}%"
                return Value(100 * rest / held.registered, "turnout", said, f"({held.registered:,} - {cast:,}) / {held.registered:,}")
            words = f"{cast:,} {paper} of {held.registered:,} registered voters, {100 * cast / held.registered:.2f}%"
            return Value(100 * cast / held.registered, "turnout", words, f"{cast:,} / {held.registered:,}")

        return worth

    if own := _of_the_roll(parsed, item, scene):
        yield own
        return
    known = any(held.ballots for held in scene.counts)
    worth, others = (of("ballots"), {"votes cast for the contest": of("votes")}) if known else (of("votes"), {})
    of_the_roll = not ELIGIBLE.search(f"{parsed.before_of(item, 60)}|{item.figure.base}|{parsed.after_of(item, 30)}")
    measure = Measure(type="turnout", quantity=item.figure, worth=worth, others=others, sure=of_the_roll, suffix="%")
    yield settle(parsed, item, scene, measure)


STAYED_AWAY = re.compile(
    r"^(?: (?:simply|just|either))? (?:stayed (?:at )?(?:home|away)|sat (?:it |this one |the (?:race|election) )?out|skipped|"
    r"(?:did not|didn't|never|failed to|chose not to) (?:vote|cast|bother|return|take part|show))\b"
)
"""Who is on the roll and did not vote."""
ELIGIBLE = re.compile(r"\beligible\b(?! registered)|voting[- ]age|\badults\b|\bcitizens\b")
"""Who could vote if they had registered: more than are on the roll, and no row says how many."""


def _of_the_roll(parsed: Parsed, item: Item, scene: Scene) -> CheckedClaim | None:
    """A candidate's votes as a part of the roll, if that is what the figure is: "2.7 percent of registered voters behind him"."""
    for option in (option for named in parsed.candidates for option in named.options):
        worth = share_worth(option, "registered", scene.name(option))
        of_votes = share_worth(option, "votes", scene.name(option))
        theirs = CHOSEN.search(parsed.before_of(item)) and len(parsed.candidates) == 1
        meant = (worth, of_votes) if theirs else (worth,)
        if any((value := one(held)) and item.figure.fits(value.number) for held in scene.counts for one in meant):
            measure = Measure(
                type="share", quantity=item.figure, worth=worth, others={"the vote": of_votes}, args={"option": option}, suffix="%"
            )
            return settle(parsed, item, scene, measure)
    return None


CHOSEN = re.compile(
    rf"{C}[^.;{{]{{0,40}}\b(?:choice of|backed by|support (?:of|from)|won|got|took|received|had|has|captured|earned|drew|with) (?:\w+ )?$"
)
"""A part of the roll that is said of a candidate, and is no turnout."""
