"""The rules command: the law behind every call, in words, with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import Json, say, say_json

if TYPE_CHECKING:
    from rich.table import Table

    from racecall.rules.law import Recount, Rule
    from racecall.rules.vectors import Vector

app = typer.Typer(no_args_is_help=True, help="The law behind each call.")

Place = Annotated[str, typer.Option("--place", metavar="TEXT", help="Only places with this in their name or code: California, US-CA.")]
Uncertain = Annotated[bool, typer.Option("--uncertain", help="Only rules marked uncertain.")]
RuleId = Annotated[str, typer.Argument(metavar="ID", help="The rule's id, e.g. us-ca-special-primary.", show_default=False)]


@app.command("list")
def list_rules(place: Place = "", uncertain: Uncertain = False, as_json: Json = False) -> None:
    """List the rules: who wins outright, who goes on, and how well we know it."""
    from racecall.desk.packaged import rulebook
    from racecall.rules.record import summary

    book = rulebook()
    chosen = [rule for rule in book if _is_in(rule, place) and (rule.uncertain or not uncertain)]
    if as_json:
        say_json([summary(rule) for rule in chosen])
        return
    for family in book.families:
        rules = [rule for rule in chosen if rule.family == family.id]
        if rules:
            say(_list_table(family.title, rules, first=max(len(rule.id) for rule in chosen)))
    doubtful = sum(rule.uncertain for rule in chosen)
    say(f"{len(chosen)} of {len(book)} rules, {doubtful} marked uncertain. More about one: racecall rules show ID")


@app.command("show")
def show_rule(rule_id: RuleId, as_json: Json = False) -> None:
    """Show one rule in full: the law in words, its sources, recounts, and the counts it is tested with."""
    from rich.text import Text

    from racecall.desk.packaged import rule_vectors_text, rulebook
    from racecall.rules.record import rule_record
    from racecall.rules.vectors import parse_vectors

    book = rulebook()
    rule = book.rule(rule_id)
    vectors = [vector for vector in parse_vectors(rule_vectors_text()) if vector.rule == rule.id]
    if as_json:
        say_json({**rule_record(rule), "vectors": [vector.name for vector in vectors], "rulebook_version": book.version})
        return
    say(_rule_table(rule, next(family.title for family in book.families if family.id == rule.family)))
    if rule.recounts:
        say(_recount_table(rule.recounts))
    if vectors:
        say(_vector_table(vectors))
    if rule.warning:
        say(Text(rule.warning, style="bold"))


def _is_in(rule: Rule, place: str) -> bool:
    return any(place.casefold() in text.casefold() for text in (rule.place, rule.jurisdiction, rule.id))


def _table(title: str, *columns: str, first: int = 0) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), leading=1, expand=True)
    for number, column in enumerate(columns):
        table.add_column(column, ratio=1 if number else None, no_wrap=number == 0, min_width=None if number else first)
    return table


def _list_table(title: str, rules: list[Rule], first: int) -> Table:
    from rich.text import Text

    from racecall.rules.words import TIES, goes_on, wins_outright

    table = _table(title, "Rule and place", "Wins outright", "Goes on", "Tie at the cut", "Known from", first=first)
    for rule in rules:
        name = Text.assemble(rule.id, "\n", (rule.place, "dim"))
        known = f"{rule.confidence}, uncertain" if rule.uncertain else rule.confidence.value
        table.add_row(name, wins_outright(rule), goes_on(rule), TIES[rule.tie_cut] if rule.advance else "-", known)
    return table


def _rule_table(rule: Rule, family: str) -> Table:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from racecall.rules.description import describe

    table = Table(title=rule.id, title_justify="left", title_style="bold", box=box.SIMPLE, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    for label, text in (("Family", family), *describe(rule)):
        table.add_row(label, escape(text))
    return table


def _recount_table(recounts: tuple[Recount, ...]) -> Table:
    from rich.markup import escape

    from racecall.rules.description import limits

    table = _table("Recounts", "Kind", "In our notes", "Computed", "Source")
    for recount in recounts:
        doubt = f"; uncertain: {recount.check or 'from memory or second hand'}" if recount.uncertain else ""
        table.add_row(recount.kind, escape(recount.text), escape("\n".join(limits(recount))), escape(recount.source + doubt))
    return table


def _vector_table(vectors: list[Vector]) -> Table:
    from rich.markup import escape

    table = _table("Tested with", "Count", "Elected", "Goes on", "Source")
    for vector in vectors:
        tied = "".join(f"; tied: {', '.join(tie.options)} ({tie.method})" for tie in vector.ties)
        cells = (
            vector.name,
            ", ".join(vector.elected) or "-",
            (", ".join(vector.advancing or ()) or "-") + tied,
            vector.source or "made up",
        )
        table.add_row(*(escape(cell) for cell in cells))
    return table
