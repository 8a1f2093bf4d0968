"""What a person typed, as a hand entry: the same file that `racecall add` takes, kept as bytes and read by the same reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from racecall.desk.settings import toml_table
from racecall.desk.web.typed import VOTES, TypedCount, spelt
from racecall.feeds.hand import FORMAT
from racecall.feeds.text import tidy
from racecall.model.counts import BallotKind

HEADER = f'racecall = "{FORMAT}"\n\n'


def count_entry(typed: TypedCount) -> bytes:
    """Write a count that was typed twice."""
    cells = typed.cells
    head = {
        "contest": typed.contest,
        **_given(cells, "published_at", "source", "status"),
        **_numbers(cells, "units_reported", "units_total"),
    }
    note = " ".join(part for part in (cells.get("note", ""), typed.signed if typed.again else "") if part)
    text = toml_table("[[release]]", head | {"note": note})
    if "ballots" in cells:
        text += toml_table("[release.ballots]", {BallotKind.CAST.value: number(cells["ballots"])})
    votes = {cell.removeprefix(VOTES): figure for cell, figure in cells.items() if cell.startswith(VOTES)}
    text += "".join(toml_table("[[release.count]]", {"option": option, "votes": number(figure)}) for option, figure in votes.items())
    return (HEADER + text).encode()


def statement_entry(form: Mapping[str, str]) -> bytes:
    """Write what an office said about its ballots."""
    cells = {name: tidy(text) for name, text in form.items()}
    values: dict[str, Any] = _given(cells, "contest", "kind", "stated_at", "source", "category", "note")
    values |= {"ballots": number(spelt(cells.get("ballots", ""))), "approximate": bool(cells.get("approximate"))}
    values |= {"includes_arrivals": cells["includes_arrivals"] == "yes"} if cells.get("includes_arrivals") else {}
    return (HEADER + toml_table("[[statement]]", values)).encode()


def report_entry(form: Mapping[str, str]) -> bytes:
    """Write what an agency, a candidate or a paper said."""
    cells = {name: tidy(text) for name, text in form.items()}
    values = {**_given(cells, "contest", "kind", "by", "at", "source", "option", "note"), **_numbers(cells, "slot")}
    return (HEADER + toml_table("[[report]]", values)).encode()


def number(text: str) -> int | str:
    """Return a figure, or the text as it is: the reader of entries says what is wrong with it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text


def _given(cells: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: cells[name] for name in names if cells.get(name)}


def _numbers(cells: Mapping[str, str], *names: str) -> dict[str, int | str]:
    return {name: number(spelt(cells[name])) for name in names if cells.get(name)}
