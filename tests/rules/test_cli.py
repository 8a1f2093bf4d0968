"""`racecall rules`: the law in words, and as JSON."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from racecall.cli.rules import app
from racecall.errors import UnknownName


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def flat(text: str) -> str:
    """Text without the line breaks of a narrow terminal."""
    return " ".join(text.split())


def test_the_list_has_every_rule(book):
    """85 rules, each with its place."""
    printed = run("list")

    assert [rule.id for rule in book if f" {rule.id} " not in printed] == []


def test_the_list_ends_with_what_there_is(book):
    """How many, how many in doubt, and what to type next."""
    doubtful = sum(rule.uncertain for rule in book)

    assert f"85 of 85 rules, {doubtful} marked uncertain. More about one: racecall rules show ID" in flat(run("list"))


def test_the_list_of_a_place():
    """A place is found by its name or its code."""
    by_name, by_code = json.loads(run("list", "--place", "california", "--json")), json.loads(run("list", "--place", "US-CA", "--json"))

    assert [rule["id"] for rule in by_name] == [rule["id"] for rule in by_code]


def test_the_list_of_the_uncertain():
    """Only those marked."""
    assert {rule["uncertain"] for rule in json.loads(run("list", "--uncertain", "--json"))} == {True}


def test_the_list_says_who_wins_outright_and_who_goes_on():
    """In words, not in the language of the law files."""
    printed = flat(run("list", "--place", "argentina"))

    assert "ar-president" in printed
    assert "at least 40% of" in printed


def test_the_list_of_a_place_we_have_nothing_on():
    """Nothing is said plainly."""
    assert "0 of 85 rules" in run("list", "--place", "atlantis")


@pytest.mark.parametrize(
    "words",
    [
        "more than 50% of valid votes",
        "the 2 highest",
        "never by lot",
        "Cal. Elec. Code 10705(a)",
        "the statute or official text was read",
        "Cal. Elec. Code 15645",
        "0.015% of valid",
        "nothing: no margin is named",
        "CA-34 2017 certified",
    ],
)
def test_a_rule_in_full_has_law_sources_recounts_and_counts(words: str):
    """Everything on one page of the terminal."""
    assert words in flat(run("show", "us-ca-special-primary"))


def test_an_uncertain_rule_warns(book):
    """The last thing a reader sees."""
    assert flat(run("show", "us-mn-nonpartisan")).endswith(book.rule("us-mn-nonpartisan").warning)


def test_a_rule_as_json_has_everything(book):
    """Tests as the law files write them, recounts, vectors, the version of the law."""
    shown = json.loads(run("show", "us-wa-primary", "--json"))

    expected = ([], "share >= 1% of valid", "lot", 3, ["WA 1% floor", "WA tie second by lot"], book.version)
    found = (shown["elect"], shown["advance"]["qualify"], shown["tie_cut"], len(shown["recounts"][0]["limits"]), shown["vectors"])
    assert (*found, shown["rulebook_version"]) == expected


def test_every_rule_can_be_shown_and_written_as_json(book):
    """None has a value that JSON or the terminal cannot take."""
    assert [json.loads(run("show", rule.id, "--json"))["id"] for rule in book] == [rule.id for rule in book]


def test_an_unknown_rule_suggests_near_ones():
    """The program's `run` turns this into words and exit code 2."""
    with pytest.raises(UnknownName, match="no rule 'us-wa-primery'") as error:
        CliRunner().invoke(app, ["show", "us-wa-primery"], catch_exceptions=False)

    assert (error.value.exit_code, "us-wa-primary" in error.value.next_step) == (2, True)
