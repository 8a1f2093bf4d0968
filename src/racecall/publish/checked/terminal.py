"""A checked story for a terminal: what needs a change first, each with its sentence, the reason and the row behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from racecall.coverage.claims import CheckedClaim, CheckedStory, Remark, Verdict
from racecall.publish.checked.pieces import Line, Note, lines
from racecall.publish.checked.words import PARTS, SIGNS, VERDICTS, as_sentence, counted, evidence, heading, summary

STYLES = {
    Verdict.CONTRADICTED: "reverse bold",
    Verdict.OVERSTATED: "bold yellow",
    Verdict.STALE: "bold yellow",
    Verdict.AMBIGUOUS_BASE: "bold yellow",
    Verdict.UNDERSTATED: "",
    Verdict.CANNOT_CHECK: "dim",
    Verdict.ALLEGATION: "dim",
    Verdict.OPINION: "dim",
    Verdict.CONFIRMED: "",
}
INDENT = 4


def checked_page(story: CheckedStory, zone: ZoneInfo, *, every: bool = False, suggest: bool = False) -> RenderableType:
    """Return a checked story as a page for the terminal.

    Args:
        story: The story.
        zone: The county's time zone.
        every: Show every sentence, those that need nothing too.
        suggest: Show the words that would be right.
    """
    parts: list[RenderableType] = [Text(heading(story), style="bold"), Text(summary(story, zone)), ""]
    for line in lines(story):
        parts += list(_sentence(line, every=every, suggest=suggest))
    return Group(*parts, _table(story), *_folded(story, every=every))


def _sentence(line: Line, *, every: bool, suggest: bool) -> Iterator[RenderableType]:
    """Write a sentence with what is said of it; one that needs nothing only if everything is to be seen."""
    notes = line.notes if every else line.wrong
    if not (every or notes or line.remarks):
        return
    part = PARTS[line.sentence.role]
    yield Text.assemble((f"{part}: " if part else "", "dim"), *_marked(line))
    for note in notes:
        yield Padding(_note(note, suggest=suggest), (0, 0, 0, INDENT))
    for remark in line.remarks:
        yield Padding(_remark(remark), (0, 0, 0, INDENT))
    yield ""


def _marked(line: Line) -> Iterator[tuple[str, str]]:
    """Yield a sentence with its claims underlined and their numbers behind them, as they stand without colour too."""
    for piece in line.pieces:
        numbers = ",".join(str(note.number) for note in piece.notes)
        yield piece.text, "underline" if piece.notes else ""
        yield (f"[{numbers}]" if numbers else ""), "bold" if piece.verdict and piece.verdict.needs_a_person else "dim"


def _note(note: Note, *, suggest: bool) -> RenderableType:
    claim = note.claim
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", justify="right")
    grid.add_column()
    grid.add_row(f"[{note.number}]", Text.assemble(verdict_text(claim), f" {claim.reason}"))
    if row := evidence(claim):
        grid.add_row("", Text(row, style="dim"))
    if suggest and claim.suggestion:
        grid.add_row("", Text(f"Say: {claim.suggestion}"))
    return grid


def verdict_text(claim: CheckedClaim) -> Text:
    """Return a verdict as a sign and a word."""
    return Text(f"{SIGNS[claim.verdict]} {VERDICTS[claim.verdict]}.", style=STYLES[claim.verdict])


def _remark(remark: Remark) -> Text:
    return Text.assemble(("  · ", "dim"), (f"{as_sentence(remark.check)}: ", "bold"), remark.words)


def _table(story: CheckedStory) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    table.add_column(justify="right")
    table.add_column()
    for verdict, number in counted(story.claims).items():
        table.add_row(f"{number:,}", Text(f"{SIGNS[verdict]} {VERDICTS[verdict]}", style=STYLES[verdict]))
    if story.remarks:
        table.add_row(f"{len(story.remarks):,}", Text("· Worth a look", style="dim"))
    return table


def _folded(story: CheckedStory, *, every: bool) -> Sequence[Text]:
    """Say that there is more to see, where there is."""
    hidden = len(story.claims) - len(story.wrong)
    return (
        () if every or not hidden else (Text("", end=""), Text("With --all: every sentence, with the row behind each claim.", style="dim"))
    )
