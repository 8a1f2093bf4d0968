"""The command that writes a results story: story."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import AsOf, ContestId, Folder, parse_time, safe
from racecall.errors import UsageError

if TYPE_CHECKING:
    from racecall.coverage.story.told import Stage, Told
    from racecall.desk.folder import ElectionFolder


class Format(StrEnum):
    """How a story is written out."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


class Form(StrEnum):
    """What is written."""

    STORY = "story"
    PUSH = "push"
    DIGEST = "digest"
    HEADLINE = "headline"
    ALT = "alt"


Language = Annotated[str, typer.Option("--language", metavar="CODE", help="Language: en, es or ko.")]
Stages = Annotated[
    str,
    typer.Option(
        "--stage", metavar="STAGE", help="Write for an earlier stage: counting, likely, called; where the contest is if not given."
    ),
]
Formats = Annotated[Format, typer.Option("--format", help="How it is written out.")]
Forms = Annotated[Form, typer.Option("--form", help="The story, or a short form of it, which is always text.")]
Traces = Annotated[bool, typer.Option("--traces", help="Number the figures and list the rows behind them (text, markdown).")]


def story(
    dir_: Folder,
    contest: ContestId = "",
    as_of: AsOf = "",
    language: Language = "en",
    stage: Stages = "",
    format_: Formats = Format.TEXT,
    form: Forms = Form.STORY,
    traces: Traces = False,
) -> None:
    """Write a results story from the record: every figure has its row, and nothing is said above the state of its place.

    Example: racecall story ca34 --contest ca34-2017-primary --as-of 2017-04-05T12:00
    """
    from racecall.coverage.story.write import write_story
    from racecall.desk.copydesk import facts_of
    from racecall.desk.folder import open_folder
    from racecall.desk.judging import present

    folder = open_folder(dir_)
    ledger = folder.ledger()
    moment = parse_time(as_of, folder.election.zone) if as_of else present(folder, ledger)
    told = write_story(facts_of(folder, ledger, moment), contest or _only(folder), language=language, stage=_stage(stage))
    typer.echo(safe(_written(told, format_, form, traces=traces)), nl=False)


def _only(folder: ElectionFolder) -> str:
    """Return the id of the only contest.

    Raises:
        UsageError: There are several, or none.
    """
    ids = [contest.id for contest in folder.election]
    if len(ids) != 1:
        known = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "") if ids else "none yet"
        raise UsageError(f"a story is about one contest, and this election has {len(ids)}.", next_step=f"Name one with --contest: {known}.")
    return ids[0]


def _stage(text: str) -> Stage | None:
    from racecall.coverage.story.told import Stage

    if not text:
        return None
    if text not in set(Stage):
        raise UsageError(f"there is no stage {text!r}.", next_step=f"Stages: {', '.join(Stage)}.")
    return Stage(text)


def _written(told: Told, format_: Format, form: Form, *, traces: bool) -> str:
    from racecall.coverage.story import render
    from racecall.coverage.story.short import short_forms, text_of

    if form is not Form.STORY:
        return text_of(getattr(short_forms(told), form.value)) + "\n"
    if format_ in {Format.TEXT, Format.MARKDOWN}:
        return (render.as_text if format_ is Format.TEXT else render.as_markdown)(told, traces=traces)
    return (render.as_html if format_ is Format.HTML else render.as_json)(told)
