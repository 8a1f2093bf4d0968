"""A view as a terminal page: read from the top, what is not known said as loudly as what is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.console import Group, JustifyMethod, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, OptionLine, Recommendation, SlotView, View
from racecall.model.finding import Finding, Severity
from racecall.model.release import ReportKind
from racecall.publish import words

BAR = 20
"""Width of the longest bar in the standing [characters]."""
PROGRESS = 56
"""Width of the counted-and-out bar [characters]."""
SHOWN = 9
"""Candidates shown before the others are summed in one line."""
LABEL = 12

STYLES = {
    SlotState.TOO_EARLY: "dim",
    SlotState.TOO_CLOSE: "bold",
    SlotState.LEADING: "bold",
    SlotState.LIKELY: "bold",
    SlotState.CALLED: "reverse bold",
    SlotState.UNDER_REVIEW: "bold",
    SlotState.RETRACTED: "strike",
    SlotState.CERTIFIED: "reverse bold",
}


def contest_page(view: ContestView, election: View) -> RenderableType:
    """Return one contest as a page for the terminal."""
    parts: list[RenderableType] = [*rehearsal_line(election), _heading(view, election), "", _facts(view, election), ""]
    parts += [_standing(view), ""]
    shared = _shared_reasons(view)
    for slot in view.slots:
        parts += [_place(slot, shared), ""]
    parts += [*(Text(reason) for reason in shared), *([""] if shared else [])]
    parts += list(_calls(view, election))
    parts += list(_law(view)) if view.release else []
    parts += list(_said(view, election))
    parts += list(_findings(view.findings))
    return Group(*parts)


def rehearsal_line(view: View) -> tuple[Text, ...]:
    """Return the line that stands above a rehearsal, none for an election."""
    return (Text(words.REHEARSAL, style="reverse bold"),) if view.rehearsal else ()


def _heading(view: ContestView, election: View) -> RenderableType:
    title = Text(view.contest.title, style="bold")
    line = Text(f"as of {words.clock(view.as_of, election.election.zone)}", style="dim")
    if view.release:
        line.append(f"  ·  {words.RESULTS[view.release.status]}")
    return Group(title, line)


def _facts(view: ContestView, election: View) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", width=LABEL)
    table.add_column()
    table.add_row("Counted", words.counted_sentence(view))
    table.add_row("Still out", _out_sentence(view))
    if view.share_counted is not None and not words.is_certified(view):
        table.add_row("", _progress(view))
    for line in view.inventory.lines if len(view.inventory.lines) > 1 else ():
        amount = f"{line.likely:,}" if line.official else f"{words.signed(line.low)} to {words.signed(line.high)}"
        table.add_row("", Text(f"{amount}  {words.CATEGORIES.get(line.category, line.category)}", style="dim"))
    if units := words.units_sentence(view):
        table.add_row("Precincts", units)
    if outright := words.outright_sentence(view):
        table.add_row("Majority", outright)
    if view.due:
        table.add_row("Next count", f"{words.clock(view.due.at, election.election.zone)}  {view.due.what}")
    if view.release:
        table.add_row("Source", Text(view.release.source, style="dim"))
    return table


def _out_sentence(view: ContestView) -> str:
    inventory = view.inventory
    if inventory.likely is None:
        bound = f"; the roll allows at most {inventory.bound:,} more ballots" if inventory.bound is not None else ""
        return f"Not known: {inventory.note or 'no figure'}{bound}."
    if not inventory.bound:
        return "Nothing."
    official = f" The office's figure: {inventory.official:,}." if inventory.official is not None else ""
    old = " It is old." if inventory.stale else ""
    return f"{inventory.likely:,} ballots ({inventory.low:,} to {inventory.high:,}).{official}{old}"


def _progress(view: ContestView) -> Text:
    share = view.share_counted
    if share is None:
        return Text("")
    solid = round(PROGRESS * share.low)
    likely = max(0, round(PROGRESS * share.likely) - solid)
    return Text.assemble(("█" * solid, ""), ("▓" * likely, "dim"), ("░" * (PROGRESS - solid - likely), "dim"))


def _standing(view: ContestView) -> RenderableType:
    columns = _columns(view)
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="dim", pad_edge=False)
    for name, justify, _ in columns:
        table.add_column(name, justify=justify, no_wrap=name != "Option")
    people = [line for line in view.options if line.option.is_person and line.votes is not None]
    keep = max(SHOWN, len(view.slots) + 2)
    keep = len(people) if len(people) <= keep + 1 else keep
    for rank, line in enumerate(people[:keep], 1):
        table.add_row(str(rank), *(cell(line) for _, _, cell in columns[1:]))
        if rank == len(view.slots) and view.pairs:
            table.add_row("", Text(f"── {words.cut_sentence(view)}", style="dim"))
    if people[keep:]:
        table.add_row("", Text(f"and {len(people[keep:])} more", style="dim"), "", f"{sum(line.votes or 0 for line in people[keep:]):,}")
    for line in (line for line in view.options if not line.option.is_person):
        table.add_row("", *(cell(line) for _, _, cell in columns[1:]), style="dim")
    if missing := sum(line.votes is None for line in view.options):
        table.add_row("", Text(f"{missing} more, votes not given one by one", style="dim"))
    return table


Column = tuple[str, JustifyMethod, Callable[[OptionLine], RenderableType]]
"""Header, side, and the cell of an option."""


def _columns(view: ContestView) -> tuple[Column, ...]:
    """The columns of the standing; those that have nothing to say are left out."""
    added = {change.option: change.added for change in view.change.options if change.before is not None} if view.change else {}
    top = max((line.share or 0 for line in view.options), default=0) or 1
    gains: Column = ("Added", "right", lambda line: words.signed(added[line.option.id]) if line.option.id in added else "")
    final: Column = ("Final, 9 in 10", "right", lambda line: Text(words.range_words(line.share_low, line.share_high), style="dim"))
    return (
        ("", "right", lambda _: ""),
        ("Option", "left", lambda line: line.option.name),
        ("Party", "left", lambda line: line.option.party),
        ("Votes", "right", lambda line: f"{line.votes:,}"),
        ("Share", "right", lambda line: words.percent(line.share)),
        *((gains,) if added else ()),
        ("", "left", lambda line: ("▇" if line.option.is_person else "░") * round(BAR * (line.share or 0) / top)),
        *((final,) if any(line.share_low is not None for line in view.options) else ()),
    )


def _shared_reasons(view: ContestView) -> tuple[str, ...]:
    """Reasons that every place gives, said once below them; what the majority row has said already is left out."""
    said = [set(slot.reasons) - {slot.conditional} for slot in view.slots]
    common = set.intersection(*said) if len(said) > 1 else set()
    return tuple(reason for reason in view.slots[0].reasons if reason in common) if view.slots else ()


def _place(slot: SlotView, shared: Sequence[str]) -> RenderableType:
    state = Text(f" {words.STATES[slot.state]} ", style=STYLES[slot.state])
    who = Text(slot.option.name if slot.option else "nobody", style="bold")
    head = Text.assemble((f"{words.place_name(slot)}:  ", "dim"), who, "  ", state)
    if slot.state not in {SlotState.CERTIFIED, SlotState.CALLED}:
        head.append(f"  recommended: {slot.recommendation}", style="bold" if slot.recommendation is Recommendation.CALL else "dim")
    own = (reason for reason in slot.reasons if reason not in shared and reason != slot.conditional)
    return Group(head, *(Padding(Text(reason), (0, 0, 0, 3)) for reason in own))


def _calls(view: ContestView, election: View) -> Iterator[RenderableType]:
    """What people have made of the recommendations, calls included that no place shows any more."""
    if not view.calls:
        return
    yield Text("Calls (a call is never a result)", style="dim")
    for call in view.calls:
        for sentence in words.call_sentences(call, view.contest, election.election.zone):
            yield Padding(Text(sentence), (0, 0, 0, 3))
    yield ""


def _law(view: ContestView) -> Iterator[RenderableType]:
    yield Text("What the law would make of this count" if not words.is_certified(view) else "What the law makes of this count", style="dim")
    for clause in view.outcome.clauses:
        mark = {True: "yes", False: "no ", None: "?  "}[clause.holds]
        yield Padding(Text(f"{mark}  {clause.text}"), (0, 0, 0, 3))
    if view.outcome.undecided:
        yield Padding(Text(f"Cannot be decided: {view.outcome.undecided}"), (0, 0, 0, 3))
    yield Padding(Text(f"Rule {view.contest.rule}. {view.rule_source}", style="dim"), (0, 0, 0, 3))
    if view.rule_warning:
        yield Padding(Text(view.rule_warning, style="bold"), (0, 0, 0, 3))
    yield ""


SAID = (
    ReportKind.AGENCY_CALL,
    ReportKind.AGENCY_RETRACTION,
    ReportKind.VICTORY_CLAIM,
    ReportKind.CONCESSION,
    ReportKind.CONCESSION_RETRACTED,
)


def _said(view: ContestView, election: View) -> Iterator[RenderableType]:
    said = [report for report in view.reports if report.kind in SAID]
    if not said:
        return
    yield Text("What others say (none of it is a call of ours)", style="dim")
    for report in said:
        yield Padding(
            Text(f"{words.clock(report.at, election.election.zone)}  {words.report_sentence(report, view.contest, len(view.slots))}"),
            (0, 0, 0, 3),
        )
    yield ""


def _findings(findings: Sequence[Finding]) -> Iterator[RenderableType]:
    if not findings:
        return
    yield Text("Findings", style="dim")
    for finding in findings:
        yield Padding(finding_text(finding), (0, 0, 0, 3))
    yield ""


def finding_text(finding: Finding) -> Text:
    """Return a finding as text: id, what it holds, what was found, what to do next."""
    style = "" if finding.severity is Severity.NOTE else "bold"
    text = Text.assemble((finding.id, "dim"), "  ", (HOLDS[finding.severity], style), f"  {finding.problem}")
    return text.append(f" {finding.next_step}", style="dim") if finding.next_step else text


HOLDS = {Severity.HOLD_CALLS: "holds calls", Severity.HOLD_PUBLICATION: "holds publication", Severity.NOTE: "note"}


# -- calls ---------------------------------------------------------------------------------------------------------------------------


def calls_page(view: View) -> RenderableType:
    """Return every place with its recommendation and who has signed, and the hash of what a person sees who looks at this page."""
    parts: list[RenderableType] = [*rehearsal_line(view), Text(f"as of {words.clock(view.as_of, view.election.zone)}", style="dim")]
    for contest in view.contests:
        parts += ["", Text.assemble((contest.contest.title, "bold"), (f"  {contest.contest.id}", "dim"))]
        for slot in contest.slots:
            parts += [_place(slot, ()), *([Padding(Text(f"--option {slot.option.id}", style="dim"), (0, 0, 0, 3))] if slot.option else [])]
        parts += list(_calls(contest, view))
    return Group(*parts, "", Text(f"evidence {view.head}"))


# -- many contests -------------------------------------------------------------------------------------------------------------------


def index_page(view: View) -> RenderableType:
    """Return all contests as one table, what needs a person first."""
    head = Text(view.election.title, style="bold")
    line = Text(f"as of {words.clock(view.as_of, view.election.zone)}  ·  {len(view.contests):,} contests", style="dim")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("Contest", ratio=3)
    table.add_column("Counted", justify="right")
    table.add_column("Places", ratio=4)
    table.add_column("Gap", justify="right", no_wrap=True)
    table.add_column("Needs", justify="right", no_wrap=True)
    table.add_column("Findings", justify="right")
    for contest in sorted(view.contests, key=urgency):
        table.add_row(*_index_row(contest))
    return Group(*rehearsal_line(view), head, line, "", table)


def urgency(view: ContestView) -> tuple[int, float, str]:
    """Key that puts what needs a person first: calls under review, findings that hold, then the smallest break that would move a place."""
    reviewed = any(call.state is SlotState.UNDER_REVIEW for call in view.calls)
    held = reviewed or any(finding.severity is not Severity.NOTE for finding in view.findings)
    needs = [slot.required_break.points for slot in view.slots if slot.required_break and slot.required_break.points is not None]
    gap = view.pairs[0].margin_votes / view.votes_counted if view.pairs and view.votes_counted else 2.0
    settled = words.is_certified(view)
    return (0 if held else 2 if settled else 1, min(needs, default=1000 * gap), view.contest.title)


def _index_row(view: ContestView) -> Iterable[RenderableType]:
    counted = words.percent(view.share_counted.likely, 0) if view.share_counted else f"{view.votes_counted:,} votes"
    places = words.places_sentence(view)
    needs = min((slot.required_break for slot in view.slots if slot.required_break), key=lambda pair: pair.margin_votes, default=None)
    gap = f"{100 * view.pairs[0].margin_votes / view.votes_counted:.1f}" if view.pairs and view.votes_counted else ""
    open_findings = sum(finding.severity is not Severity.NOTE for finding in view.findings)
    return view.contest.title, counted, places, gap, words.needs_words(needs) if needs else "", str(open_findings or "")
