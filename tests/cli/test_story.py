"""`racecall story`: formats, short forms, and what is refused."""

import json

import pytest

from commands import FINE, USAGE, demo, racecall, recorded
from racecall.coverage.story.short import PUSH

NOON = ("--contest", "ca34-2017-primary", "--as-of", "2017-04-05T12:00")


def story(*options):
    return racecall("story", demo(), *NOON, *options)


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("text", "United States Representative"),
        ("html", '<article lang="en" data-contest="ca34-2017-primary" data-stage="called"'),
        ("markdown", "*United States Representative"),
        ("json", '{"contest": "ca34-2017-primary"'),
    ],
)
def test_a_story_is_written_in_every_format(form, begins):
    """Text, HTML, Markdown, JSON."""
    ran = story("--format", form)

    assert (ran.code, ran.out[: len(begins)]) == (FINE, begins)


def test_the_sidecar_has_a_row_for_every_figure():
    """Each with table, row, column and value."""
    sections = json.loads(story("--format", "json").out)["sections"]
    traces = [figure["trace"] for section in sections for said in section["sentences"] for figure in said["figures"]]

    assert len(traces) > 60
    assert [trace for trace in traces if not (trace["table"] and trace["row"] and trace["column"])] == []


@pytest.mark.parametrize("language", ["en", "es", "ko"])
def test_a_push_alert_fits(language):
    """In every language."""
    assert 40 < len(story("--form", "push", "--language", language).out.strip()) <= PUSH


def test_an_election_of_one_contest_needs_no_name(tmp_path):
    """And one of several does."""
    ran = racecall("story", recorded(tmp_path))

    assert ran.code == USAGE
    assert "a story is about one contest, and this election has 2." in ran.err
    assert "Name one with --contest: mayor, measure-a" in ran.err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--language", "xx"), "no story can be written in 'xx'"),
        (("--language", "../en"), "no story can be written in '../en'"),
        (("--stage", "over"), "there is no stage 'over'. \nStages: before, runoff, counting"),
        (("--stage", "certified"), "the stage is 'called'"),
        (("--contest", "nobody"), "no contest 'nobody' in this election"),
    ],
)
def test_what_cannot_be_written_is_refused(options, words):
    """With what there is instead."""
    ran = story(*options)

    assert ran.code == USAGE
    assert words.replace(" \n", "\n") in ran.err


def test_a_measure_is_told_without_candidates(tmp_path):
    """Nobody stands, and an answer leads."""
    ran = racecall("story", recorded(tmp_path), "--contest", "measure-a")

    assert ran.code == FINE
    assert "candidate" not in ran.out
    assert "YES" in ran.out
