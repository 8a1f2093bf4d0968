"""Claims that rows of the record settle: money, ballots by group, laws and rates, roll calls, contests elsewhere, debates, quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from difflib import SequenceMatcher

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.dates import times
from racecall.coverage.families.subjects import subject_of
from racecall.coverage.numbers import Quantity, Unit
from racecall.coverage.parsing import C, Item, Parsed
from racecall.coverage.roster import folded_text
from racecall.coverage.rows import Debate, Elsewhere, GroupCount, Money, Policy, Position, Quote, RollCall
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, figure, judged, upper

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
        r"rais\w+|receipts|contribut\w+|fundrais\w+|donat\w+|donors|brought in|collected|haul\w*|took in|amassed|banked",
        ("donors", "receipts"),
    ),
)
"""Words for a column of the money rows, the first that stands near the figure."""


def money(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Dollars raised, spent, lent, held: by reports that had ended by the day of the story."""
    quantity = item.figure
    if per_ballot := re.match(r"^ (?:per|a|for each|for every) (?:ballot|vote)", parsed.after_of(item)):
        yield from _per_ballot(parsed, item, scene, per_ballot.end())
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
        yield judged(
            scene,
            claim,
            Verdict.CANNOT_CHECK,
            f"No report of {scene.name(option)} with this column is recorded for a period that had ended.",
        )
        return
    yield _of_rows(claim, quantity, known, scene, sure=subject.sure)


def _columns(parsed: Parsed, item: Item) -> tuple[str, ...]:
    after = re.split(r"[,;]|\band\b", parsed.after_of(item, 60))[0]
    before = re.split(r";|, (?:and|while|but)", parsed.before_of(item, 70))[-1]
    for near in (before[-14:], after, before[-30:], before + after):
        for words, columns in MEASURES:
            if re.search(rf"\b(?:{words})\b", near, re.IGNORECASE):
                return columns
    return ()


def _columns_before(parsed: Parsed, item: Item) -> tuple[str, ...]:
    """Read "Gomez raised $244,766, Hernandez $224,783": the second figure is of the column of the first."""
    dollars = [one for one in parsed.items if one.quantity and one.quantity.unit is Unit.DOLLARS and one.start < item.start]
    return _columns(parsed, dollars[-1]) if dollars else ()


def _amount(row: Money, column: str) -> float | None:
    amount: float | None = getattr(row, column)
    if column == "self_contributed" and amount is None:
        return row.loans
    return amount


def _of_rows(claim: Claim, quantity: Quantity, known: Sequence[tuple[Money, str, float]], scene: Scene, *, sure: bool) -> CheckedClaim:
    latest = max(known, key=lambda one: one[0].end)
    sums = [(row, "donors and loans", (row.donors or 0) + (row.loans or 0)) for row, column, _ in known if column == "donors" and row.loans]
    for row, column, amount in (latest, *reversed(known), *sums):
        near = 0.02 * amount if row.approximate else 0
        if quantity.low - near <= amount <= quantity.high + near:
            newest = row.end == latest[0].end or (
                claim.sentence.text and re.search(r"quarter|through|from|between|first|by |as of|since", claim.sentence.text)
            )
            verdict = Verdict.CONFIRMED if newest or column == "donors and loans" else Verdict.STALE
            return judged(scene, claim, verdict, f"{_money_words(row, column, amount)}.", [_money_trace(row, column, amount)])
    row, column, amount = latest
    if quantity.is_weak(amount):
        return judged(scene, claim, Verdict.UNDERSTATED, f"{_money_words(row, column, amount)}.", [_money_trace(row, column, amount)])
    near = abs(quantity.value - amount) <= (0.1 * amount if row.approximate else 0)
    verdict = Verdict.CONTRADICTED if sure and not near and _is_its_period(claim, row, scene) else Verdict.CANNOT_CHECK
    return judged(
        scene,
        claim,
        verdict,
        f"{_money_words(row, column, amount)}.",
        [_money_trace(row, column, amount)],
        f"${figure(amount, Unit.DOLLARS)}",
    )


RECENT = timedelta(days=45)
"""A report so old no longer says what a candidate has raised by now."""


def _is_its_period(claim: Claim, row: Money, scene: Scene) -> bool:
    """Whether the sentence can only mean the period of a row: it names its end, or names no time soon after it."""
    now = scene.race.now.replace(tzinfo=None)
    days = [when.day for when in times(claim.sentence.text, now, row.end)]
    return any(abs(day - row.end) <= timedelta(days=5) for day in days) or (not days and now.date() - row.end <= RECENT)


def _money_words(row: Money, column: str, amount: float) -> str:
    period = f"{row.start:%-d %B} to {row.end:%-d %B %Y}" if row.start else f"to {row.end:%-d %B %Y}"
    return f"{column.replace('_', ' ').capitalize()} {'about ' if row.approximate else ''}${amount:,.0f}, {period}"


def _money_trace(row: Money, column: str, amount: float) -> Trace:
    return Trace(
        table="money",
        row=row.id,
        column=column,
        value=amount,
        words=f"money · {_money_words(row, column, amount)} · {row.source}",
        at=row.as_of,
    )


def _per_ballot(parsed: Parsed, item: Item, scene: Scene, _: int) -> Iterator[CheckedClaim]:
    """Dollars a ballot, from the cost in the same sentence: arithmetic that needs the count alone."""
    costs = [one.quantity for one in parsed.items if one.quantity and one.quantity.unit is Unit.DOLLARS and one is not item]
    held = scene.held
    claim = claim_at(parsed, "money", item.start, item.end, value=item.figure.value, measure="per ballot")
    counts = [one.ballots for one in (*scene.counts, *scene.earlier) if one.ballots] if held else []
    for cost in costs:
        for ballots in counts:
            each = cost.value / ballots
            if abs(each - item.figure.value) <= max(0.01 * each, 0.006):
                words = f"${cost.value:,.0f} / {ballots:,} ballots = ${each:,.2f}"
                trace = Trace(
                    table="release", row=held.row if held else "", column="ballots", value=round(each, 2), formula=words, words=words
                )
                yield judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])
                return
    if costs and counts:
        words = f"${costs[0].value:,.0f} / {counts[0]:,} ballots = ${costs[0].value / counts[0]:,.2f}"
        yield judged(scene, claim, Verdict.CONTRADICTED, f"{words}.")


# -- ballots by group --------------------------------------------------------------------------------------------------------------


def group_pattern(rows: Sequence[GroupCount]) -> re.Pattern[str] | None:
    """Return what finds the names of the groups that are counted in the record, None if none is."""
    names = sorted({row.group for row in rows if row.group != "all"}, key=len, reverse=True)
    return (
        re.compile("|".join(re.escape(re.sub(r"\s*\([^)]*\)", "", name)).replace(r"\ ", r"[ -]") + "s?" for name in names), re.IGNORECASE)
        if names
        else None
    )


def groups(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Early ballots of a group: somebody's estimate by a method, which is said with the verdict."""
    quantity = item.figure
    near = {row.group: place for row in scene.race.coverage.of(GroupCount) if (place := _near_group(parsed, item, row.group)) is not None}
    group = min(near, key=lambda name: near[name], default="")
    rows = [row for row in scene.race.coverage.of(GroupCount) if group and row.group == group]
    if not rows:
        return
    claim = claim_at(parsed, "group", item.start, item.end, group=rows[-1].group, value=quantity.value)
    contest = scene.race.current.id if scene.race.counts[scene.race.current.id] else scene.race.contests[0].id
    coming = scene.race.coming.id if scene.race.coming else contest
    stage = {contest, coming} if not re.search(r"\bprimary\b|April", parsed.text) else {scene.race.contests[0].id}
    here = [row for row in rows if row.contest in stage] or rows
    told = [(row, value) for row in reversed(here) if (value := _group_value(row, quantity, parsed, item)) is not None]
    if not told:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, f"No such figure for {rows[-1].group} voters is recorded.")
        return
    row, value = next(((row, value) for row, value in told if _group_fits(quantity, value, row)), told[0])
    words = (
        f"{row.group}: {figure(value, quantity.unit)}{'%' if quantity.unit is Unit.PERCENT else ' ballots'} by "
        f"{row.as_of:%-d %B %Y}, an estimate of {row.firm or 'a firm'} ({row.method or 'method not said'})"
    )
    trace = Trace(
        table="group_count", row=row.id, column="number", value=value, words=f"early ballots · {words} · {row.source}", at=row.as_of
    )
    fits = _group_fits(quantity, value, row)
    weak = quantity.is_weak(value)
    verdict = Verdict.CONFIRMED if fits else Verdict.UNDERSTATED if weak else Verdict.CONTRADICTED
    yield judged(scene, claim, verdict, f"{words}.", [trace], "" if fits else figure(value, quantity.unit))


def _near_group(parsed: Parsed, item: Item, group: str) -> int | None:
    """How far from the figure a group's name stands [characters], None if it is not near: two groups have a figure each."""
    if group == "all":
        return None
    pattern = re.compile(re.escape(re.sub(r"\s*\([^)]*\)", "", group)).replace(r"\ ", r"[ -]") + "s?", re.IGNORECASE)
    places = [found.span() for found in pattern.finditer(parsed.text)]
    gaps = [max(item.start - end, start - item.end, 0) for start, end in places]
    return min((gap for gap in gaps if gap <= NEAR), default=None)


NEAR = 75


def _group_value(row: GroupCount, quantity: Quantity, parsed: Parsed, item: Item) -> float | None:
    if quantity.unit is not Unit.PERCENT:
        return float(row.number) if row.number is not None else None
    rate = getattr(row, "return_rate", None)
    roll = getattr(row, "registration_share", None) or getattr(row, "group_registration_share", None)
    near = parsed.text[item.start : item.end + 60]
    if rate is not None and re.search(r"return rate|of (?:their|its|them)|returned (?:their|a)", near):
        return 100 * float(rate)
    if roll is not None and re.search(r"regist|electorate|of (?:the )?(?:district's )?voters", near):
        return 100 * float(roll)
    return 100 * row.share if row.share is not None else None


def _group_fits(quantity: Quantity, value: float, row: GroupCount) -> bool:
    near = max(0.02 * value, 1) if row.approximate and quantity.unit is not Unit.PERCENT else 0.5 if quantity.unit is Unit.PERCENT else 0
    return quantity.low - near <= value <= quantity.high + near and (quantity.fits(value) or bool(near))


# -- laws, rates, roll calls -------------------------------------------------------------------------------------------------------


def _topic(parsed: Parsed, names: Sequence[str]) -> re.Match[str] | None:
    words = "|".join(
        re.escape(name) + ("(?:es|s)?" if not name.endswith("s") else "") for name in sorted(names, key=len, reverse=True) if name
    )
    return re.search(rf"\b(?:{words})\b", parsed.text, re.IGNORECASE) if words else None


def policies(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """When a law takes effect, and at what rate."""
    for row in scene.race.coverage.of(Policy):
        topic = _topic(parsed, (row.topic, *row.aliases, row.law)) or (_topic_before(parsed, row) and re.search(r"cents", parsed.text))
        if not topic:
            continue
        for item in parsed.items:
            if (
                item.when
                and item.when.explicit
                and row.effective
                and re.search(
                    r"increas|take effect|effect|rise|rising|go up|goes up|went up|climb|kick|begin|start|hike|jump",
                    parsed.text,
                    re.IGNORECASE,
                )
            ):
                yield _effective(parsed, item, scene, row)
            elif item.quantity and item.quantity.unit is Unit.CENTS:
                yield _rate(parsed, item, scene, row)


def _topic_before(parsed: Parsed, row: Policy) -> bool:
    return bool(parsed.before and _topic(parsed.before, (row.topic, *row.aliases, row.law)))


def _effective(parsed: Parsed, item: Item, scene: Scene, row: Policy) -> CheckedClaim:
    assert item.when is not None
    assert row.effective is not None
    claim = claim_at(parsed, "policy", item.start, item.end, topic=row.topic, day=item.when.day.isoformat())
    words = f"{row.law}: {row.topic} changes on {row.effective:%-d %B %Y}" + (
        f", {row.before:g} to {row.after:g} {row.unit}" if row.before and row.after else ""
    )
    trace = Trace(
        table="policy", row=row.id, column="effective", value=row.effective.isoformat(), words=f"{words} · {row.source}", at=row.as_of
    )
    note = f" {row.note}" if row.note else ""
    verdict = Verdict.CONFIRMED if item.when.day == row.effective else Verdict.CONTRADICTED
    return judged(scene, claim, verdict, f"{words}.{note if verdict is Verdict.CONTRADICTED else ''}", [trace], f"{row.effective:%B %-d}")


def _rate(parsed: Parsed, item: Item, scene: Scene, row: Policy) -> CheckedClaim:
    quantity = item.figure
    claim = claim_at(parsed, "policy", item.start, item.end, topic=row.topic, value=quantity.value)
    step = row.after - row.before if row.after is not None and row.before is not None else None
    named = {"before": row.before, "after": row.after, "increase": step}
    words = f"{row.law}: {row.before:g} to {row.after:g} {row.unit}" if step is not None else f"{row.law}: {row.topic}"
    trace = Trace(table="policy", row=row.id, column="rate", value=row.after, words=f"{words} · {row.source}", at=row.as_of)
    side = re.search(r"\b(from|to) $", parsed.before_of(item))
    if side and step is not None:
        wanted = row.before if side[1] == "from" else row.after
        fits = wanted is not None and quantity.fits(wanted)
        return judged(
            scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{words}.", [trace], "" if fits else f"{wanted:g}"
        )
    if any(value is not None and quantity.fits(round(value, 4)) for value in named.values()):
        return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])
    if (
        re.search(r"\b(?:by|of) (?:an? )?(?:additional |extra )?$|hike|increase", parsed.before_of(item)[-25:] + parsed.after_of(item)[:25])
        and step is not None
    ):
        return judged(scene, claim, Verdict.CONTRADICTED, f"{words}: {step:g} {row.unit}.", [trace], f"{step:g} cents")
    return judged(
        scene,
        claim,
        Verdict.CANNOT_CHECK,
        f"Which tax? {words}; several rates make up the price, and none recorded is {quantity.value:g}.",
        [trace],
    )


VOTED = re.compile(
    rf"(?P<who>{C})[^.;]{{0,25}}?\bvot(?:ed|es|ing) (?P<how>for|against|in favou?r of|to (?:pass|approve|raise|reject))|"
    rf"(?P<how2>for|against)?,? ?(?P<who2>{C}) (?:had )?voted (?P<how3>for|against)"
)


def roll_calls(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "The tax that Gomez voted for", "passed with 54 votes"."""
    rows = [row for row in scene.race.coverage.of(RollCall) if _topic(parsed, (row.bill, *row.aliases))]
    found = VOTED.search(parsed.skeleton)
    if rows and (ayes := re.search(r"(\{Q\d+\}) (?:ayes|aye votes|yes votes)|with (\{Q\d+\}) votes|(\{Q\d+\})-\{Q", parsed.skeleton)):
        yield from _ayes(parsed, scene, rows, parsed.item(next(mark for mark in ayes.groups() if mark)))
    if rows and (passed := re.search(r"\b(?:passed|cleared|approved by|vote)\b[^.;]{0,60}?(\{D\d+\})", parsed.skeleton)):
        yield _held_on(parsed, scene, rows[0], parsed.item(passed[1]))
    if not rows or not found:
        return
    who = parsed.item(found["who"] or found["who2"])
    claim = claim_at(parsed, "roll_call", *parsed.span(*found.span()), option=",".join(who.options), bill=rows[0].bill)
    for row in rows:
        if who.who and row.person and row.person in {who.who[0].person, who.who[0].id}:
            wanted = "no" if (found["how"] or found["how3"] or "").startswith(("against", "to reject")) else "aye"
            words = f"{row.bill}, {row.held_on:%-d %B %Y}: {who.who[0].name} {row.vote or 'not known'}"
            trace = Trace(table="roll_call", row=row.id, column="vote", value=row.vote, words=f"{words} · {row.source}", at=row.as_of)
            verdict = Verdict.CANNOT_CHECK if not row.vote else Verdict.CONFIRMED if row.vote == wanted else Verdict.CONTRADICTED
            yield judged(scene, claim, verdict, f"{words}.", [trace])
            return
    words = f"{rows[0].bill}, {rows[0].held_on:%-d %B %Y}: {rows[0].ayes or '?'} ayes; how this member voted is not recorded"
    yield judged(
        scene,
        claim,
        Verdict.CANNOT_CHECK,
        f"{words}.",
        [Trace(table="roll_call", row=rows[0].id, column="ayes", value=rows[0].ayes, words=words)],
    )


def _ayes(parsed: Parsed, scene: Scene, rows: Sequence[RollCall], item: Item) -> Iterator[CheckedClaim]:
    row = next((row for row in rows if row.ayes is not None), None)
    if row and item.quantity and row.ayes is not None:
        claim = claim_at(parsed, "roll_call", item.start, item.end, bill=row.bill, value=item.quantity.value)
        words = f"{row.bill}, {row.held_on:%-d %B %Y}: {row.ayes} ayes"
        trace = Trace(table="roll_call", row=row.id, column="ayes", value=row.ayes, words=f"{words} · {row.source}", at=row.as_of)
        yield judged(scene, claim, Verdict.CONFIRMED if item.quantity.fits(row.ayes) else Verdict.CONTRADICTED, f"{words}.", [trace])


def _held_on(parsed: Parsed, scene: Scene, row: RollCall, item: Item) -> CheckedClaim:
    claim = claim_at(parsed, "roll_call", item.start, item.end, bill=row.bill)
    words = f"{row.bill}: vote of {row.held_on:%-d %B %Y}"
    fits = item.when is not None and item.when.day == row.held_on
    trace = Trace(
        table="roll_call", row=row.id, column="held_on", value=row.held_on.isoformat(), words=f"{words} · {row.source}", at=row.as_of
    )
    return judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{words}.", [trace])


# -- elsewhere, debates, quotes ----------------------------------------------------------------------------------------------------

FAVOURED = re.compile(
    r"\b(?:favou?red|preferred|voted for|backed|chose|picked|went for|supported|carried by|won by|sided with)\b|"
    r"\b(?P<won>carried|won|beat|defeated|bested)\b(?= (?:the |it|in|this))",
    re.IGNORECASE,
)


def elsewhere(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "One of the few districts that favoured Sanders over Clinton"."""
    text = folded_text(parsed.text)
    for row in scene.race.coverage.of(Elsewhere):
        names = {name: re.search(rf"\b{re.escape(name.split()[-1])}\b", text) for name in (row.winner, row.loser) if name}
        winner, loser = names.get(row.winner), names.get(row.loser)
        verb = FAVOURED.search(text)
        if not (winner and loser and (verb or re.search(r"\b(?:over|beat|edged|defeated|bested|topped)\b", text))):
            continue
        first, last = sorted((winner, loser), key=lambda one: one.start())
        between = text[first.end() : last.start()]
        if not re.search(r"\b(?:over|beat|against|edged|defeated|bested|topped|ahead of|to)\b", between):
            continue
        claim = claim_at(
            parsed,
            "other_contest",
            verb.start() if verb and verb.start() < first.start() else first.start(),
            last.end(),
            contest=row.contest,
        )
        words = f"{row.contest}, {row.division}: {row.winner} over {row.loser}"
        trace = Trace(table="elsewhere", row=row.id, column="winner", value=row.winner, words=f"{words} · {row.source}", at=row.as_of)
        lost = re.search(r"lost to|fell to|behind", between)
        right = (first is winner) != bool(lost)
        yield judged(scene, claim, Verdict.CONFIRMED if right else Verdict.CONTRADICTED, f"{words}.", [trace])


SMALL = frozenset(
    [
        "that",
        "with",
        "their",
        "have",
        "this",
        "from",
        "would",
        "they",
        "into",
        "than",
        "keeping",
        "fight",
        "support",
        "supports",
        "position",
        "candidates",
        "both",
        "agree",
        "agreed",
    ]
)
AGREES = re.compile(
    r"\b(?:agree\w*|support\w*|back\w*|favou?r\w*|oppos\w*|champion\w*|called for|promis\w*|vow\w*|pledg\w*|would (?:fight|"
    r"vote|push|keep|protect)|said|against|for)\b",
    re.IGNORECASE,
)


def positions(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Both agreed that …": where candidates are recorded to stand on an issue."""
    text = folded_text(parsed.text).lower()
    issues: dict[str, list[Position]] = {}
    for row in scene.race.coverage.of(Position):
        issues.setdefault(row.issue, []).append(row)
    who = {option for item in parsed.candidates for option in item.options}
    if not AGREES.search(text):
        return
    for rows in issues.values():
        words = {
            word[:6]
            for row in rows
            for word in re.findall(r"[a-z]{4,}", folded_text(f"{row.text} {row.issue}").lower())
            if word not in SMALL
        }
        hits = [found for found in re.finditer(r"[a-z]{4,}", text) if found.group()[:6] in words]
        if len({found.group()[:6] for found in hits}) < max(2, min(3, len(words))):
            continue
        claim = claim_at(parsed, "position", hits[0].start(), hits[-1].end(), issue=rows[0].issue, options=sorted(who))
        people = scene.race.coverage.people
        known = {people[row.candidate].option if row.candidate in people else row.candidate: row for row in rows}
        missing = [option for option in who if option not in known]
        said = "; ".join(f"{scene.name(option)}: {row.stance}" for option, row in known.items())
        traces = [
            Trace(
                table="position",
                row=row.id,
                column="stance",
                value=row.stance,
                words=f"positions · {row.text} · {row.source}",
                at=row.as_of,
            )
            for row in rows
        ]
        against = bool(re.search(r"\boppos|\bagainst\b", text))
        fits = all(known[option].stance == ("oppose" if against else "support") for option in who if option in known)
        verdict = Verdict.CANNOT_CHECK if missing else Verdict.CONFIRMED if fits else Verdict.CANNOT_CHECK
        yield judged(scene, claim, verdict, f"{said}.", traces)


DEBATE = re.compile(r"\b(?:debate[ds]?|forum|sparred|squared off|clashed|faced off)\b", re.IGNORECASE)


def debates(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """When, where and whether the only one."""
    rows = scene.race.coverage.of(Debate)
    found = DEBATE.search(parsed.skeleton)
    if not rows or not found or re.search(r"shifted the debate|policy debate|national debate", parsed.text):
        return
    row = rows[-1]
    day = row.at.astimezone(scene.race.zone).date()
    words = f"{row.title}: {day:%A, %-d %B %Y}{', ' + row.venue if row.venue else ''}"
    trace = Trace(table="debate", row=row.id, column="at", value=day.isoformat(), words=f"{words} · {row.source}", at=row.as_of)
    for item in parsed.items:
        if (
            item.when
            and not item.when.month_only
            and item.start > 8
            and abs(parsed.place(item)[0] - found.start()) < 90
            and not re.match(r"(?:'s)? (?:run-?off|election|primary)", parsed.after_of(item))
        ):
            claim = claim_at(parsed, "event", item.start, item.end, event="debate", day=item.when.day.isoformat())
            verdict = (
                Verdict.CONFIRMED
                if item.when.day == day
                else Verdict.CONTRADICTED
                if abs((item.when.day - day).days) < 40
                else Verdict.CANNOT_CHECK
            )
            yield judged(scene, claim, verdict, f"{words}.", [trace])
    if venue := re.search(
        r"\b(?:at|hosted (?:by|at)) ((?:[A-Z][\w.']+ ){1,3}(?:College|University|School|Hall|Center|Library|Church|Theater|Theatre|Club))",
        parsed.text,
    ):
        claim = claim_at(parsed, "event", *venue.span(1), event="venue")
        if row.venue:
            same = row.venue.lower() in venue[1].lower() or venue[1].lower() in row.venue.lower()
            yield judged(scene, claim, Verdict.CONFIRMED if same else Verdict.CONTRADICTED, f"{words}.", [trace])
    if only := re.search(r"\b(?:first and only|only|sole) (?:\w+ )?(?:debate|forum)\b", parsed.text):
        claim = claim_at(parsed, "superlative", *only.span(), event="debate")
        same_stage = [one for one in rows if one.contest == row.contest]
        verdict = Verdict.CONFIRMED if len(same_stage) == 1 else Verdict.CONTRADICTED
        yield judged(scene, claim, verdict, f"{len(same_stage)} debate of this round is recorded. {row.note}".strip(), [trace])


def quotes(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Words in quotation marks that are recorded of somebody; a change of a word is pointed at."""
    rows = scene.race.coverage.of(Quote)
    for start, end in parsed.quotes:
        said = _plain(parsed.text[start:end])
        best = max(rows, key=lambda row: _alike(said, _plain(row.text)), default=None)
        if best is None or len(said.split()) < 2 or _alike(said, _plain(best.text)) < 0.85:
            continue
        claim = claim_at(parsed, "quote", start, end, speaker=best.speaker)
        person = scene.race.coverage.people.get(best.speaker)
        words = f"recorded of {person.name if person else best.speaker}"
        trace = Trace(table="quote", row=best.id, column="text", value=best.text, words=f"{words} · {best.source}", at=best.as_of)
        whole = _plain(best.text) in said or said in _plain(best.text)
        verdict = Verdict.CONFIRMED if whole else Verdict.CANNOT_CHECK
        yield judged(scene, claim, verdict, f"{upper(words)}{'' if whole else ' in other words: “' + best.text + '”'}.", [trace])


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9 ]", "", folded_text(text).lower()).strip()


def _alike(one: str, two: str) -> float:
    short, long_ = sorted((one, two), key=len)
    return 1.0 if short and short in long_ and len(short.split()) > 1 else SequenceMatcher(None, one, two).ratio()
