"""A printed figure against the record: `racecall status --json`, `racecall replay --json`, or what a published site says it shows.

A claim is one contest at one moment, with the names of docs/commands/status.md; what it does not say is not asked. Each check yields a
sentence for everything that differs. Figures that rest on joint draws are not worked out: `NOT_RECOMPUTED` names them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from racecall.desk.verifying.election import Election
from racecall.desk.verifying.law import Rule
from racecall.desk.verifying.printed_scores import Scores
from racecall.desk.verifying.record import Event
from racecall.desk.verifying.running import Tables, Unscored
from racecall.desk.verifying.standing import Standing, standing_of
from racecall.desk.verifying.threshold import is_packaged, threshold_problem
from racecall.errors import BrokenFile

Claim = Mapping[str, Any]
"""One contest at one moment, as printed."""

HALF = Fraction(1, 2)
NOT_RECOMPUTED = {
    "options": ("share_low", "share_high", "p_advance", "p_elected"),
    "": ("p_tie_or_recount",),
}
"""Figures of the model that need joint draws, by where they stand in a claim."""
OF_THE_CALIBRATION = {"slots": ("score", "threshold"), "": ("votes_to_come",)}
"""Figures of the model that follow from the counts and the calibration, if it is the packaged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of comparing claims with the record."""

    claims: int
    problems: tuple[str, ...]
    not_recomputed: tuple[str, ...]


def read_claims(data: bytes, where: str) -> list[Claim]:
    """Read claims: one object, a list, or one object a line.

    Raises:
        BrokenFile: It is neither.
    """
    try:
        text = data.decode("utf-8-sig")
        try:
            whole = json.loads(text)
        except json.JSONDecodeError:
            whole = [json.loads(line) for line in text.splitlines() if line.strip()]
        claims = whole if isinstance(whole, list) else [whole]
    except (ValueError, RecursionError) as error:
        raise BrokenFile(f"this is not JSON ({error}).", where=where, next_step="Give what racecall status --json printed.") from error
    if not claims or not all(isinstance(claim, dict) and {"contest", "as_of"} <= claim.keys() for claim in claims):
        raise BrokenFile(
            "there is no standing in it; objects with contest and as_of were expected.",
            where=where,
            next_step="Give what racecall status --json or racecall replay --json printed.",
        )
    return claims


def compare_claims(
    claims: Iterable[Claim], events: Sequence[Event], election: Election, rules: Mapping[str, Rule], tables: Tables
) -> Compared:
    """Compare every claim with what the record gives for its contest and moment."""
    claims = list(claims)
    problems: list[str] = []
    unscored: dict[str, None] = {}
    scores = Scores(events, election, rules, tables)
    for claim in claims:
        name = f"{claim['contest']} as of {claim['as_of']}"
        try:
            problems += [f"{name}: {said}" for said in _claim_problems(claim, events, election, rules)]
            if claim["contest"] in election.contests:
                problems += [f"{name}: {said}" for said in scores.problems(claim, _moment(claim))]
        except Unscored as reason:
            unscored[f"score, votes_to_come: {reason}."] = None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            problems.append(f"{name}: it is not of the form of docs/commands/status.md ({type(error).__name__}: {error}).")
    return Compared(claims=len(claims), problems=tuple(problems), not_recomputed=(*_not_recomputed(claims), *unscored))


def _moment(claim: Claim) -> datetime:
    return datetime.fromisoformat(claim["as_of"]).astimezone(UTC)


def _claim_problems(claim: Claim, events: Sequence[Event], election: Election, rules: Mapping[str, Rule]) -> Iterator[str]:
    contest = election.contests.get(claim["contest"])
    if contest is None:
        yield "the record follows no such contest."
        return
    if claim.get("election", election.id) != election.id:
        yield f'it is of the election "{claim["election"]}"; the record is of "{election.id}".'
    if contest.rule not in rules:
        yield f"its rule {contest.rule} is not among the packaged ones."
        return
    standing = standing_of(events, contest, rules[contest.rule], _moment(claim))
    if standing is None:
        yield from _before_the_first(claim)
        return
    for check in CHECKS:
        yield from check(claim, standing)
    if said := threshold_problem(claim, state=election.state, night=contest.night or election.night):
        yield said


def _before_the_first(claim: Claim) -> Iterator[str]:
    if claim.get("votes_counted"):
        yield f"{claim['votes_counted']:,} votes are printed; the record has no count yet."


def _not_recomputed(claims: Iterable[Claim]) -> Iterator[str]:
    claims = list(claims)
    if drawn := _given(claims, NOT_RECOMPUTED):
        yield f"{', '.join(drawn)}: these need the joint draws of the model."
    if other := _given([claim for claim in claims if not is_packaged(claim)], OF_THE_CALIBRATION):
        yield f"{', '.join(other)}: of a calibration that is not packaged here, or is not named."
    if any(isinstance(claim.get("outcome_if_final"), dict) and claim["outcome_if_final"].get("recounts") for claim in claims):
        yield "recounts: provisions for recounts are not read here."


def _given(claims: Sequence[Claim], places: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the figures of a list that any claim prints."""
    found: list[str] = []
    for place, names in places.items():
        tables = [table for claim in claims for table in ((claim.get(place) or ()) if place else (claim,)) if isinstance(table, dict)]
        found += [name for name in names if any(table.get(name) is not None for table in tables)]
    return found


# -- checks --------------------------------------------------------------------------------------------------------------------------


def _plain(claim: Claim, standing: Standing) -> Iterator[str]:
    """Figures that stand at the top of a claim."""
    release = standing.release.body
    given = {
        "ledger_head": standing.head,
        "release": standing.release.hash,
        "results_status": release.status,
        "votes_counted": standing.count.total,
        "units_reported": standing.count.units_reported,
        "units_total": standing.count.units_total,
    }
    yield from _unequal("", claim, given)
    if claim.get("released_at") and datetime.fromisoformat(claim["released_at"]) != standing.moment:
        yield f"released_at is printed as {claim['released_at']}; the record gives {standing.moment.isoformat()}."
    if "rule" in claim and claim["rule"].get("id") != standing.contest.rule:
        yield f"the rule is printed as {claim['rule'].get('id')}; the settings name {standing.contest.rule}."


def _unequal(place: str, claim: Claim, given: Mapping[str, Any]) -> Iterator[str]:
    for name, figure in given.items():
        if name in claim and claim[name] != figure:
            yield f"{place}{name} is printed as {_said(claim[name])}; the record gives {_said(figure)}."


def _said(figure: Any) -> str:
    if isinstance(figure, int) and not isinstance(figure, bool):
        return f"{figure:,}"
    if isinstance(figure, tuple):
        return ", ".join(map(str, figure)) or "nobody"
    return "none" if figure is None else str(figure)


def _options(claim: Claim, standing: Standing) -> Iterator[str]:
    """Votes, shares, rank, and what arithmetic makes certain, option by option."""
    votes = {**standing.count.votes, **standing.count.unknown}
    bound = _bound(claim, standing)
    for line in claim.get("options", ()):
        option = line["option"]
        own = votes.get(option)
        certain = {"clinched": standing.is_clinched(option, bound), "eliminated": standing.is_eliminated(option, bound)}
        yield from _unequal(f"{option}: ", line, {"votes": own, **certain})
        exact = Fraction(own, standing.count.total) if own is not None and standing.count.total else None
        if "share" in line and not _is_rounded(line["share"], exact, 6):
            yield f"{option}: share is printed as {line['share']}; the record gives {_decimal(exact)}."
    yield from _left_out_and_rank(claim, standing, votes)


def _left_out_and_rank(claim: Claim, standing: Standing, votes: Mapping[str, int]) -> Iterator[str]:
    printed = [line["option"] for line in claim.get("options", ())]
    if not printed:
        return
    for option in votes:
        if option not in printed:
            yield f"{option} has {votes[option]:,} votes in the record and is not printed."
    ranked = [option for option in printed if option in standing.vote.votes]
    if ranked != standing.vote.ranked:
        yield f"the order is printed as {', '.join(ranked)}; by votes, then ballot order, it is {', '.join(standing.vote.ranked)}."


def _outstanding(claim: Claim, standing: Standing) -> Iterator[str]:
    """Ballots still out; figures rounded on the way may differ by a ballot a line."""
    said = claim.get("ballots_outstanding", claim.get("outstanding"))
    if not said:
        return
    yield from _unequal("ballots outstanding: ", said, {"official": standing.left.official, "stale": standing.left.stale})
    for name in ("low", "likely", "high", "bound"):
        if name in said and not _is_near(said[name], getattr(standing.left, name), standing.left.lines):
            yield f"ballots outstanding: {name} is printed as {_said(said[name])}; the record gives {_said(getattr(standing.left, name))}."


def _is_near(printed: int | None, own: int | None, slack: int) -> bool:
    return printed is own or (printed is not None and own is not None and abs(printed - own) <= slack)


def _bound(claim: Claim, standing: Standing) -> int | None:
    """The printed bound if it is right but for rounding, so that one ballot does not turn a sentence round; else our own."""
    said = claim.get("ballots_outstanding") or claim.get("outstanding") or {}
    printed = said.get("bound", standing.left.bound)
    return printed if _is_near(printed, standing.left.bound, standing.left.lines) else standing.left.bound


def _slots(claim: Claim, standing: Standing) -> Iterator[str]:
    """Who holds each place, what the rival would need, and whether a call rests on something."""
    slots = claim.get("slots")
    if slots is None:
        return
    holders = list(standing.holders)
    if [slot["option"] for slot in slots] != holders:
        yield f"places are printed for {_names(slot['option'] for slot in slots)}; the record gives {_names(holders)}."
    for slot in slots:
        place = f"place {slot['slot']}: "
        yield from (f"{place}{said}" for said in _break(claim, slot, standing))
        yield from (f"{place}{said}" for said in _call(claim, slot, standing))
    thresholds = {slot.get("threshold") for slot in slots if slot.get("threshold") is not None}
    if len(thresholds) > 1:
        yield f"its places have different thresholds: {', '.join(map(str, sorted(thresholds)))}."


def _names(options: Iterable[str | None]) -> str:
    return ", ".join(option or "nobody" for option in options)


def _break(claim: Claim, slot: Claim, standing: Standing) -> Iterator[str]:
    """The required break, with the printed figures of what is out, which are checked by themselves."""
    said = slot.get("required_break")
    if not said or slot["option"] not in standing.vote.votes:
        return
    outside = standing.vote.ranked[standing.places :]
    rival = outside[0] if outside else None
    margin = standing.vote.votes[slot["option"]] - standing.vote.votes.get(rival or "", 0)
    bound, ballots = _bound(claim, standing), claim.get("ballots_outstanding") or {}
    yield from _unequal("", said, {"rival": rival, "margin_votes": margin, "cannot_happen": None if bound is None else margin > bound})
    for name, figure in (("points_low", "high"), ("points", "likely"), ("points_high", "low")):
        out = ballots.get(figure)
        exact = Fraction(100 * margin, out) if out else None
        if name in said and figure in ballots and not _is_rounded(said[name], exact, 3):
            yield f"{name} is printed as {said[name]}; the record gives {_decimal(exact)}."
    so_far = Fraction(-100 * margin, standing.count.total) if standing.count.total else Fraction(0)
    if "observed_points" in said and not _is_rounded(said["observed_points"], so_far, 3):
        yield f"observed_points is printed as {said['observed_points']}; the record gives {_decimal(so_far)}."


def _call(claim: Claim, slot: Claim, standing: Standing) -> Iterator[str]:
    """A recommendation to call rests on arithmetic, or on a score at or above its threshold; and nothing holds it."""
    if "state" in slot and (slot["state"] == "certified") != standing.is_certified:
        yield f"its state is printed as {slot['state']}; the current count is {standing.release.body.status}."
    if slot.get("recommendation") != "call":
        return
    bound, score, threshold = _bound(claim, standing), slot.get("score"), slot.get("threshold")
    certain = standing.is_clinched(slot["option"], bound) and standing.may_win_outright(bound) is False
    certain = certain or standing.wins_outright(slot["option"], bound)
    if not certain and (score is None or threshold is None or score < threshold):
        yield "a call is recommended, and neither arithmetic nor the printed score and threshold allow it."
    held = [one for one in standing.open_findings if standing.findings[one] == "hold_calls"]
    if held or standing.left.stale:
        yield f"a call is recommended, and {f'finding {min(held)} holds it' if held else 'the figure of ballots outstanding is old'}."
    if any(call.state == "under_review" for call in standing.calls):
        yield "a call is recommended while another is under review."


def _people(claim: Claim, standing: Standing) -> Iterator[str]:
    """Whoever is said to be called was called by two people, and nobody who was is left out; the score may add a review to these."""
    for slot in claim.get("slots") or ():
        own, printed = standing.call_of(slot["option"]), slot.get("state")
        state = own.state if own and not standing.is_certified else ""
        if printed in {"called", "under_review", "retracted"} and not _is_state(printed, state):
            yield f"place {slot['slot']}: its state is printed as {printed}; people have {SIGNED.get(state, 'called nothing there')}."
        elif state in {"called", "under_review"} and not _is_state(printed, state):
            yield f"place {slot['slot']}: its state is printed as {printed}; people have {SIGNED[state]}."
        if "called" in slot:
            made = {"by": list(own.by), "at": own.at, "evidence": own.evidence} if own and own.stands else None
            said = slot["called"] and {**slot["called"], "at": datetime.fromisoformat(slot["called"]["at"])}
            if said != made:
                yield f"place {slot['slot']}: it is printed as called by {_by(said)}; the record gives {_by(made)}."


SIGNED = {
    "called": "called it",
    "under_review": "called it, and it is under review",
    "retracted": "withdrawn the call",
    "": "called nothing there",
}


def _is_state(printed: str | None, own: str) -> bool:
    """Whether a printed state fits what people signed: a called place may be under review by its score, which is not worked out here."""
    return printed == own or (own == "called" and printed == "under_review")


def _by(called: Mapping[str, Any] | None) -> str:
    return f"{' and '.join(called['by'])} ({called['at']}, evidence {called['evidence'][:8]})" if called else "nobody"


def _outcome(claim: Claim, standing: Standing) -> Iterator[str]:
    """What the law makes of the count."""
    said = claim.get("outcome_if_final")
    if said is None:
        return
    through = standing.through
    printed = {
        "elected": tuple(said["elected"]),
        "advancing": tuple(said["advancing"]),
        "ties": tuple((tuple(tie["options"]), tie["places"]) for tie in said["ties"]),
        "next_round": said["next_round"],
        "undecided": bool(said["undecided"]),
    }
    own = {
        "elected": through.elected,
        "advancing": through.advancing,
        "ties": through.tied,
        "next_round": through.next_round,
        "undecided": through.undecided,
    }
    yield from _unequal("by law, ", printed, own)


def _findings(claim: Claim, standing: Standing) -> Iterator[str]:
    """Every finding that is printed is in the record, and every one that nobody accepted is printed."""
    if "findings" not in claim:
        return
    printed = {finding["id"] for finding in claim["findings"]}
    for one in sorted(printed - standing.findings.keys()):
        yield f"finding {one} is printed and not in the record."
    for one in sorted(standing.open_findings - printed):
        yield f"finding {one} is open in the record and not printed."


CHECKS: tuple[Callable[[Claim, Standing], Iterator[str]], ...] = (_plain, _options, _outstanding, _slots, _people, _outcome, _findings)
"""What is compared, in this order."""


def _is_rounded(printed: float | None, exact: Fraction | None, places: int) -> bool:
    """Whether a printed figure is the exact one, rounded; binary fractions are given a little more than half of the last digit."""
    if printed is None or exact is None:
        return printed is None and exact is None
    return bool(abs(Fraction(printed) - exact) <= (HALF + Fraction(1, 1000)) / 10**places)


def _decimal(exact: Fraction | None) -> str:
    return "none" if exact is None else f"{float(exact):.6f}"
