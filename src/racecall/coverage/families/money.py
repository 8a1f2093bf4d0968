"""Money: raised, spent, lent, held, by reports for periods that had ended by the day of the story; what a ballot cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from racecall.coverage.claims import CheckedClaim, Claim, Verdict
from racecall.coverage.dates import times
from racecall.coverage.families.subjects import subject_of
from racecall.coverage.numbers import Firmness, Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.rows import Money, Person
from racecall.coverage.scene import Scene
from racecall.coverage.settle import TELLING, claim_at, figure, from_row, judged, right

MEASURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"loan\w*|lent|lend", ("loans",)),
    (r"cash on hand|in the bank|on hand|war chest|left to spend", ("cash",)),
    (r"spent|spend\w*|outspen\w+|burned through|shelled out|expenditures|disburse\w+|outlays", ("spent",)),
    (r"debt\w*|owed?", ("debts",)),
    (r"\bPACs?\b|political action committee|corporate (?:PAC|money)|special interest", ("pac",)),
    (r"individual (?:donors|contribution\w*)|individuals|small donors", ("individual",)),
    (r"own (?:money|pocket)|self-fund\w*|himself|herself|personal funds", ("self_contributed", "loans")),
    (r"pharma\w*|drug (?:industry|compan\w+|makers?)|bank\w*|industry", ("sector_amount",)),
    (
        (
            r"t(?:ook|aken|akes|aking) in|pull(?:ed|ing) in|rais\w+|receipts|contribut\w+|fundrais\w+|donat\w+|donors|brought in|"
            r"collected|haul\w*|amassed|banked"
        ),
        ("donors", "receipts"),
    ),
)
"""Words for a column of the money rows, the first that stands near the figure."""


def money(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Dollars raised, spent, lent, held: by reports that had ended by the day of the story."""
    quantity = item.figure
    if re.match(r"^ (?:per|a|for each|for every) (?:ballot|vote)", parsed.after_of(item)):
        yield from _per_ballot(parsed, item, scene)
        return
    if re.search(r"\bout(?:spen[dt]\w*|rais\w+)\b[^.;]*\bby $", parsed.before_of(item)):
        claim = claim_at(parsed, "money", item.start, item.end, value=quantity.value)
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "A difference between two reports: set them beside each other.")
        return
    columns = _columns(parsed, item) or _columns_before(parsed, item)
    subject = subject_of(parsed, item, scene)
    if not columns or not subject.options:
        return
    option = subject.options[0]
    person = scene.race.coverage.person_of(option)
    claim = claim_at(parsed, "money", item.start, item.end, option=option, value=quantity.value, measure=columns[0])
    rows = list(scene.race.coverage.money(person.id if person else option, scene.race.now.date()))
    known = [(row, column, amount) for row in rows for column in columns if (amount := _amount(row, column)) is not None]
    if not known:
        words = f"No report of {scene.race.name(option)} with this column is recorded for a period that had ended."
        theirs = _of_another(option, quantity, columns, scene) if subject.strong else None
        yield theirs(claim, words) if theirs else judged(scene, claim, Verdict.CANNOT_CHECK, words)
        return
    yield _of_rows(claim, quantity, known, scene, sure=subject.sure)


def _of_another(option: str, quantity: Quantity, columns: tuple[str, ...], scene: Scene) -> Callable[[Claim, str], CheckedClaim] | None:
    """Return the verdict that a sum is somebody else's, None if it has too few digits to tell or nobody has it."""
    people = {person.id: person for person in scene.race.coverage.of(Person) if person.option and person.option != option}
    rows = [row for one in people for row in scene.race.coverage.money(one, scene.race.now.date())]
    found = [(row, column, amount) for row in rows for column in columns if (amount := _amount(row, column)) is not None]
    row, column, amount = next((one for one in found if abs(one[2] - quantity.value) <= TELLING * quantity.value), (None, "", 0.0))
    if row is None or quantity.value < LEAST_DOLLARS:
        return None
    owner = people[row.candidate].name
    said = f"{owner}: {_words(row, column, amount)}"
    trace = from_row(row, column, amount, f"money · {said}")
    return lambda claim, words: judged(scene, claim, Verdict.CONTRADICTED, f"{said}. {words}", [trace], owner)


def _columns(parsed: Parsed, item: Item) -> tuple[str, ...]:
    after = re.split(r"[,;]|\band\b", parsed.after_of(item, 60))[0]
    before = re.split(r";|, (?:and|while|but)", parsed.before_of(item, 70))[-1]
    own = OWN_MONEY.search(after)
    for near in (own[0] if own else "", before[-14:], after, before[-30:], before + after):
        for words, columns in MEASURES:
            if re.search(rf"\b(?:{words})\b", near, re.IGNORECASE):
                return columns
    return ()


OWN_MONEY = re.compile(r"\bof (?:his|her|their) own (?:money|funds|pocket)\b")


def _columns_before(parsed: Parsed, item: Item) -> tuple[str, ...]:
    """Read "Gomez raised $244,766, Hernandez $224,783": the second figure is of the column of the first."""
    dollars = [one for one in parsed.items if one.quantity and one.quantity.unit is Unit.DOLLARS and one.start < item.start]
    return _columns(parsed, dollars[-1]) if dollars else ()


def _amount(row: Money, column: str) -> float | None:
    amount: float | None = getattr(row, column)
    if column == "self_contributed" and amount is None:
        return row.loans
    return amount


def _of_rows(claim: Claim, quantity: Quantity, known: Known, scene: Scene, *, sure: bool) -> CheckedClaim:
    for row, column, amount in (latest := _latest(known, claim), *reversed(known), *_with_loans(known)):
        near = ROUNDED * amount if row.approximate else 0
        if quantity.low - near <= amount <= quantity.high + near:
            stale = row.end != latest[0].end and column != TOGETHER and _covers(latest[0], row) and not PERIOD.search(claim.sentence.text)
            return _judged(scene, claim, Verdict.STALE if stale else Verdict.CONFIRMED, row, column, amount)
    row, column, amount = latest
    if quantity.is_weak(amount):
        return _judged(scene, claim, Verdict.UNDERSTATED, row, column, amount)
    near = abs(quantity.value - amount) <= (0.1 * amount if row.approximate else 0)
    open_ended = quantity.firmness in {Firmness.OVER, Firmness.AT_LEAST} or _may_have_risen(quantity, amount, row, scene)
    may_be_later = quantity.value > amount and open_ended and not _names_its_end(claim, row, scene)
    settled = sure and not near and not may_be_later and _is_its_period(claim, row, scene)
    return _judged(scene, claim, Verdict.CONTRADICTED if settled else Verdict.CANNOT_CHECK, row, column, amount)


def _may_have_risen(quantity: Quantity, amount: float, row: Money, scene: Scene) -> bool:
    """Whether a sum of two digits may be what a total has come to since a report; one with more is out of a report."""
    days = (scene.race.now.date() - row.end).days
    is_round = quantity.value == float(f"{quantity.value:.2g}")
    return is_round and quantity.value <= (1 + RISEN * days) * amount


def _covers(newer: Money, older: Money) -> bool:
    """Whether a report takes the place of an earlier one: that of another period stands beside it."""
    return newer.start is None or (older.start is not None and newer.start <= older.start)


def _latest(known: Known, claim: Claim) -> tuple[Money, str, float]:
    """Return what the newest report says: of the whole campaign, unless the sentence has a word for a part of it."""
    in_part = bool(PERIOD.search(claim.sentence.text))
    return max(known, key=lambda one: (one[0].end, (one[0].start is None) != in_part, one[0].start or date.min))


def _with_loans(known: Known) -> Known:
    """What papers often call raised: from donors and in loans together."""
    return [(row, TOGETHER, (row.donors or 0) + (row.loans or 0)) for row, column, _ in known if column == "donors" and row.loans]


def _judged(scene: Scene, claim: Claim, verdict: Verdict, row: Money, column: str, amount: float) -> CheckedClaim:
    words = _words(row, column, amount)
    fix = "" if verdict is Verdict.CONFIRMED else f"${figure(amount, Unit.DOLLARS)}"
    return judged(scene, claim, verdict, f"{words}.", [from_row(row, column, amount, f"money · {words}")], fix)


Known = list[tuple[Money, str, float]]
"""Rows that have one of the columns, each with the column and its dollars."""
TOGETHER = "donors and loans"
LEAST_DOLLARS = 10_000
"""A sum so large is not met by chance."""
PERIOD = re.compile(r"quarter|through|from|between|first|by |as of|since|in the primary|for the primary|before the primary")
"""Words that say which period is meant."""
ROUNDED = 0.02
"""How far a figure that its source rounded may be from what is printed, as a part of it."""
RISEN = 0.02
"""By what part of itself a total may rise in a day after its report: in the last weeks of May 2017 nobody's rose by more."""
RECENT = timedelta(days=45)
"""A report so old no longer says what a candidate has raised by now."""


def _is_its_period(claim: Claim, row: Money, scene: Scene) -> bool:
    """Whether the sentence can only mean the period of a row: it names its end, or names no time soon after it."""
    now = scene.race.now.replace(tzinfo=None)
    days = times(claim.sentence.text, now, row.end)
    return _names_its_end(claim, row, scene) or (not any(days) and now.date() - row.end <= RECENT)


def _names_its_end(claim: Claim, row: Money, scene: Scene) -> bool:
    text = claim.sentence.text
    told = times(text, scene.race.now.replace(tzinfo=None), row.end)
    days = (when.day for when in told if not BEGINS.search(text[: when.start]))
    return any(abs(day - row.end) <= timedelta(days=5) for day in days)


BEGINS = re.compile(r"\b(?:between|from|since|after) $")
"""What stands before the first day of a period."""


def _words(row: Money, column: str, amount: float) -> str:
    period = f"{row.start:%-d %B} to {row.end:%-d %B %Y}" if row.start else f"to {row.end:%-d %B %Y}"
    return f"{column.replace('_', ' ').capitalize()} {'about ' if row.approximate else ''}${amount:,.0f}, {period}"


def _per_ballot(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Dollars a ballot, from the cost in the same sentence: arithmetic that needs the count alone."""
    costs = [one.figure for one in parsed.items if one.quantity and one.quantity.unit is Unit.DOLLARS and one is not item]
    counts = [(cost.value, held, held.ballots) for cost in costs for held in (*scene.counts, *scene.earlier) if held.ballots]
    if not counts:
        return
    printed = item.figure.value
    cost, held, ballots = min(counts, key=lambda one: abs(one[0] / one[2] - printed))
    each = cost / ballots
    words = f"${cost:,.0f} / {ballots:,} ballots = ${each:,.2f}"
    claim = claim_at(parsed, "money", item.start, item.end, value=printed, measure="per ballot")
    trace = held.trace("ballots", round(each, 2), words, words)
    yield judged(scene, claim, right(abs(each - printed) <= max(0.01 * each, HALF_A_CENT)), f"{words}.", [trace])


HALF_A_CENT = 0.006
"""A price that is printed to the cent, with room for how a computer keeps it."""
