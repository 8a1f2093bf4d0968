"""The language of the law files: what is read, what is refused and in which words, and that nothing got lost from the research."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from racecall.desk.packaged import rule_vectors_text, rules_text
from racecall.errors import SettingsError, UnknownName
from racecall.rules.law import Confidence, Rulebook
from racecall.rules.text import ELECTING, EXAMPLES, MARGINS, TEXTS, parse_rules, parse_test, text_of
from racecall.rules.vectors import parse_vectors

EVERY_KIND = (*TEXTS,)


@pytest.mark.parametrize("text", [example for example in EXAMPLES if example != "tie"])
def test_a_test_is_written_as_it_was_read(text: str):
    """Reading and writing are each other's inverse."""
    assert text_of(parse_test(text, *EVERY_KIND)) == text.replace("> 1/2", "> 50%")


def test_a_tie_is_a_margin_of_no_votes():
    """ "tie" is short for a margin of at most 0 votes."""
    assert text_of(parse_test("tie", *MARGINS)) == "margin <= 0 votes"


def test_every_kind_of_test_has_an_example():
    """The message for a bad test shows them all."""
    assert {type(parse_test(example, *EVERY_KIND)) for example in EXAMPLES} == set(TEXTS)


def test_two_thirds_stay_two_thirds():
    """A share that no decimal gives exactly is kept as a fraction."""
    assert text_of(parse_test("share >= 2/3 of valid", *ELECTING)) == "share >= 2/3 of valid"


def test_percentages_are_exact():
    """0.015% is 15 in 100,000, to the last digit."""
    limit = parse_test("margin <= 0.015% of valid", *MARGINS)

    assert limit.fraction == Fraction(15, 100_000)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('elect = ["most votes"]', 'rule made-up, elect: no test here reads "most votes".\nAll tests: plurality; share > 50% of valid;'),
        ('elect = ["margin < 5 votes"]', 'rule made-up, elect: no test here reads "margin < 5 votes".'),
        ('elect = ["share > 50% of votes"]', 'rule made-up, elect: "votes" is not one of the choices.\nChoices: valid, valid_plus_blank,'),
        ('tie_cut = "coin"', 'rule made-up, tie_cut: "coin" is not one of the choices.\nChoices: all_advance, ca_8142b,'),
        ("advance = { places = 2 }", 'rule made-up, advance: unknown key "places".\nKeys: count, per_seat,'),
        ("advance = { per_seat = true }", "rule made-up, advance: a next round needs at least one place.\nWrite `count = 2`,"),
        ('threshold = "half"', 'rule made-up: unknown key "threshold".\nKeys: id, place,'),
        (
            'confidence = "memory"',
            'rule made-up: confidence "memory" without `uncertain = true`.\nWhat has not been read is uncertain: read the statute',
        ),
    ],
)
def test_a_mistake_in_a_rule_is_named_with_its_place(written, keys: str, words: str):
    """Rule, key, what was found, what would be right."""
    with pytest.raises(SettingsError) as error:
        written(keys)

    assert str(error.value).startswith(words)


def test_a_missing_key_is_named():
    """A rule without a source is no rule."""
    rule = 'id = "x"\nplace = "p"\noffices = "o"\nelect = []\nconfidence = "read"\nuncertain = false\n'
    text = f'[[family]]\nid = "f"\ntitle = "t"\nabout = "a"\n[[family.rule]]\n{rule}'

    with pytest.raises(SettingsError) as error:
        parse_rules(text)

    assert str(error.value) == 'rule x: no "source".\nAdd `source = …`.'


def test_text_that_is_not_toml_is_refused_in_words():
    """Where it breaks, and where to look."""
    with pytest.raises(SettingsError) as error:
        parse_rules("[[family]\n")

    assert str(error.value).startswith("rules: the rules are not TOML in UTF-8: ")
    assert str(error.value).endswith("\nCompare with docs/rules/index.md.")


def test_bytes_that_are_not_utf8_are_refused_in_words():
    """A file saved in an old encoding is not guessed at."""
    with pytest.raises(SettingsError, match="the rules are not TOML in UTF-8"):
        parse_rules("é".encode("latin-1"))


def test_the_same_id_twice_is_refused():
    """Two laws under one name would decide by accident."""
    with pytest.raises(SettingsError) as error:
        parse_rules(rules_text().replace('id = "us-wa-primary"', 'id = "us-ak-primary"'))

    assert str(error.value) == "rule 'us-ak-primary' is written twice.\nGive each rule its own id."


def test_an_unknown_id_suggests_near_ones(book: Rulebook):
    """A slip of the finger is answered with what was meant."""
    with pytest.raises(UnknownName) as error:
        book.rule("us-ca-speical-primary")

    assert str(error.value).startswith("no rule 'us-ca-speical-primary'.\nDid you mean us-ca-special-primary or ")
    assert str(error.value).endswith("? All rules: racecall rules list")


def test_an_id_like_no_other_suggests_none(book: Rulebook):
    """No suggestion is better than a silly one."""
    with pytest.raises(UnknownName) as error:
        book.rule("zzz")

    assert str(error.value) == "no rule 'zzz'.\nAll rules: racecall rules list"


def test_the_version_changes_with_the_text():
    """The hash of the text, so that a page can say by which law it was made."""
    text = rules_text()

    assert parse_rules(text).version == parse_rules(text.encode()).version != parse_rules(text + "\n").version


def test_an_uncertain_rule_warns_with_its_doubt_and_source(book: Rulebook):
    """One sentence, to be printed wherever the rule is used."""
    assert book.rule("us-mn-nonpartisan").warning == (
        "This rule is marked uncertain: tie by lot from memory. Source: Minn. Stat. 204D.10 subd. 3 (text read)."
    )


def test_a_rule_from_memory_warns_even_without_a_named_doubt(book: Rulebook):
    """Memory is doubt enough."""
    assert book.rule("pt-president").warning.startswith(
        "This rule is marked uncertain: written from memory, read the statute before relying on it. Source: "
    )


def test_a_certain_rule_does_not_warn(book: Rulebook):
    """No noise where there is no doubt."""
    assert book.rule("us-wa-primary").warning == ""


def test_what_was_not_read_is_uncertain(book: Rulebook):
    """From memory, or generic: marked, every one."""
    assert [rule.id for rule in book if rule.confidence in {Confidence.MEMORY, Confidence.GENERIC} and not rule.uncertain] == []


@pytest.mark.parametrize(("day", "old", "new"), [(date(2025, 7, 31), True, False), (date(2025, 8, 1), False, True)])
def test_a_rule_is_in_force_from_its_first_to_its_last_day(book: Rulebook, day: date, old: bool, new: bool):
    """Arkansas dropped its 40% rule for cities on 1 August 2025."""
    in_force = [book.rule(f"us-ar-general-municipal-{name}").in_force_on(day) for name in ("pre2025", "2025")]

    assert in_force == [old, new]


def test_a_rule_without_dates_is_in_force(book: Rulebook):
    """As far as our text says."""
    assert book.rule("us-wa-primary").in_force_on(date(1900, 1, 1))


def test_there_are_five_generic_rules_and_none_is_law(book: Rulebook):
    """A desk can start without a statute, and every page says that it did."""
    generic = [rule for rule in book if rule.family == "generic"]

    assert (len(generic), {rule.jurisdiction for rule in generic}, all("not law" in rule.source for rule in generic)) == (5, {""}, True)


# -- nothing got lost from the research ----------------------------------------------------------------------------------------------


def _percent(fraction: list[int]) -> str:
    share = Fraction(*fraction) * 100
    exact = share.denominator in {1, 2, 4, 5, 8, 10}
    return f"{float(share):g}%" if exact else str(Fraction(*fraction))


def _written(test: dict[str, Any]) -> str:
    sign = ">" if test.get("strict") else ">="
    match test["test"]:
        case "plurality":
            return "plurality"
        case "turnout":
            return f"turnout {sign} {_percent(test['frac'])}"
        case "spread":
            parts = f"{'>' if test['units_strict'] else '>='} {_percent(test['units'])}"
            units = {"province": "provinces", "county": "counties", "state+FCT": "states"}[test["unit"]]
            return f"share {sign} {_percent(test['frac'])} in {parts} of {units}"
        case name:
            return f"{name} {sign} {_percent(test['frac'])} of {test['of']}"


@pytest.fixture(scope="module")
def research(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "rules.json").read_text(encoding="utf-8"))


def test_all_80_rules_came_over_with_their_tests(book: Rulebook, research: dict[str, Any]):
    """Every clause, its strictness and its denominator."""
    expected = {raw["id"]: [[_written(test) for test in clause] for clause in raw["elect"]] for raw in research["rules"]}
    found = {rule.id: [[text_of(test) for test in clause] for clause in rule.elect] for rule in book if rule.id in expected}

    assert found == expected


def test_all_80_rules_came_over_with_their_sources(book: Rulebook, research: dict[str, Any]):
    """Source, confidence, doubt, note and open detail, word for word."""
    keys = ("source", "confidence", "uncertain", "check", "note", "offices", "jurisdiction", "fallback", "withdrawal", "uncontested")
    expected = {raw["id"]: [raw.get(key, "") for key in keys] for raw in research["rules"]}
    found = {rule.id: [getattr(rule, key) for key in keys] for rule in book if rule.id in expected}

    assert found == expected


def test_all_80_rules_came_over_with_their_ties_and_places(book: Rulebook, research: dict[str, Any]):
    """How many go on, a seat or in all, and how ties are broken; "unknown" where the research has nothing."""
    expected = {
        raw["id"]: (
            (raw["advance"] or {}).get("per_seat", False),
            (raw["advance"] or {}).get("max"),
            (raw["advance"] or {}).get("min", 0),
            raw.get("tie_cut", "unknown"),
            raw.get("tie_final", "unknown"),
        )
        for raw in research["rules"]
    }
    found = {
        rule.id: (
            rule.advance.per_seat if rule.advance else False,
            rule.advance.max if rule.advance else None,
            rule.advance.min if rule.advance else 0,
            rule.tie_cut,
            rule.tie_final,
        )
        for rule in book
        if rule.id in expected
    }

    assert found == expected


def test_all_35_recount_provisions_came_over_in_their_own_words(book: Rulebook, research: dict[str, Any]):
    """State, kind, the words of the trigger; sources may have been added to."""
    expected = [(f"US-{raw['state']}", raw["kind"], raw["trigger"]) for raw in research["recounts"]]
    lost = [raw["source"] for raw, recount in zip(research["recounts"], book.recounts, strict=True) if raw["source"] not in recount.source]

    assert ([(recount.jurisdiction, recount.kind, recount.text) for recount in book.recounts], lost) == (expected, [])


def test_all_26_vectors_came_over_with_their_counts(research: dict[str, Any]):
    """The same votes, ballots and expectations."""
    expected = [(raw["name"], raw["rule"], raw["tally"]["votes"], raw["expect"]["elected"]) for raw in research["vectors"]]
    found = [(vector.name, vector.rule, dict(vector.tally.votes), list(vector.elected)) for vector in parse_vectors(rule_vectors_text())]

    assert found == expected
