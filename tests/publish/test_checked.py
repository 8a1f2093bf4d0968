"""A checked story for people and for programs: every claim marked, every verdict told by word and shape, nothing of it run."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from checked_stories import CLAIMS, HELD, TEXT, checked_story
from racecall.coverage.claims import CheckedStory, Verdict
from racecall.desk.packaged import checked_assets
from racecall.publish.checked.objects import checked_object
from racecall.publish.checked.page import checked_page, style_hash
from racecall.publish.checked.pieces import lines, passages
from racecall.publish.checked.sarif import LEVELS, sarif_log
from racecall.publish.checked.terminal import checked_page as terminal_page
from racecall.publish.checked.words import MEANINGS, SIGNS, VERDICTS, heading, number, summary

LOCAL = ZoneInfo("America/Los_Angeles")


def terminal(story: CheckedStory, **options: bool) -> str:
    """Return what somebody sees in a terminal of 110 columns without colour."""
    out = io.StringIO()
    Console(file=out, width=110, highlight=False).print(terminal_page(story, LOCAL, **options))
    return out.getvalue()


def page(story: CheckedStory, **options: bool) -> str:
    """Return the page of a story."""
    return checked_page(story, checked_assets(), title="Congress, 34th District", zone=LOCAL, **options)


# -- words ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [VERDICTS, SIGNS, MEANINGS])
def test_every_verdict_has_a_word_a_sign_and_a_meaning(table):
    """A verdict that is added has to be said."""
    assert list(table) == list(Verdict)


def test_no_two_verdicts_share_a_sign():
    """Whoever sees no colour tells them apart all the same."""
    assert len(set(SIGNS.values())) == len(Verdict)


def test_the_heading_says_how_many_sentences_need_a_change():
    """Sentences, because two claims of one are changed in one go."""
    assert heading(checked_story()) == "Four sentences need a change"


@pytest.mark.parametrize(
    ("text", "words"), [("Nothing.", "Nothing to check was found"), ("Then they meet on 6 June.", "No sentence needs a change")]
)
def test_a_story_without_trouble_says_so(text, words):
    """Nothing found is not the same as everything right."""
    assert heading(checked_story(text)) == words


def test_the_summary_says_what_the_story_was_held_against():
    """Against which count, as of when, and what came of it."""
    assert summary(checked_story(), LOCAL) == (
        f"13 claims checked against {HELD}, as of 18 Apr 2017, 12:00. One is contradicted, one is overstated, one is out of date, "
        "one uses the wrong base."
    )


def test_numbers_are_words_to_twelve():
    """As they begin a sentence."""
    assert [number(0), number(12), number(1300)] == ["No", "Twelve", "1,300"]


# -- pieces --------------------------------------------------------------------------------------------------------------------------


def test_the_pieces_of_a_sentence_are_the_sentence():
    """Nothing is lost by marking it."""
    assert all("".join(piece.text for piece in line.pieces) == line.sentence.text for line in lines(checked_story()))


def test_every_claim_is_marked_once():
    """In reading order, from 1."""
    assert [note.number for line in lines(checked_story()) for note in line.notes] == list(range(1, len(CLAIMS) + 1))


def test_claims_that_overlap_are_marked_together_with_the_gravest_verdict():
    """Their words cannot be underlined twice."""
    story = checked_story("With every precinct in, only a handful of ballots were left to count.")
    inner = story.claims[0]
    wide = type(inner.claim)(type="progress", sentence=inner.claim.sentence, start=0, end=40)
    both = CheckedStory(
        document=story.document,
        sentences=story.sentences,
        claims=(type(inner)(claim=wide, verdict=Verdict.CONFIRMED, reason=""), inner),
        remarks=(),
        as_of=story.as_of,
    )
    piece = lines(both)[0].pieces[0]

    assert (piece.verdict, [note.number for note in piece.notes], len(lines(both)[0].pieces)) == (Verdict.CONTRADICTED, [1, 2], 2)


def test_a_passage_ends_where_something_stands_beside_it():
    """So that a note stands beside its words, and a paragraph begins once."""
    found = passages(checked_story("Two things. Then they meet on 6 June. Nothing more.\n\nAnother paragraph."))

    assert [(len(one.lines), one.begins) for one in found] == [(2, True), (1, False), (1, True)]


# -- terminal ------------------------------------------------------------------------------------------------------------------------


def test_the_terminal_shows_what_needs_a_change():
    """The sentence with the claim's number, the verdict, the reason and the row."""
    shown = terminal(checked_story())

    assert "left to count[6]." in shown
    assert "✕ Contradicted. About 13,400 were out. A handful is read as 3 to 7." in shown
    assert "ballots out · 5 April · 13,400" in shown


def test_the_terminal_hides_what_needs_nothing():
    """A deadline leaves no time for what is right; the table counts it."""
    shown = terminal(checked_story())

    assert ("Rank 1, 10,728." in shown, "5  ✓ Confirmed" in shown, "With --all" in shown) == (False, True, True)


def test_everything_is_shown_if_asked_for():
    """Each claim with the row behind it."""
    shown = terminal(checked_story(), every=True)

    assert ("Rank 1, 10,728." in shown, "With --all" in shown) == (True, False)


def test_suggestions_are_shown_if_asked_for():
    """The story itself is never rewritten."""
    assert ("Say: " in terminal(checked_story()), "Say: 25.4% of the vote" in terminal(checked_story(), suggest=True)) == (False, True)


# -- page ----------------------------------------------------------------------------------------------------------------------------


def test_the_page_marks_every_claim_and_links_it_to_its_note():
    """The number behind the words leads to the reason."""
    html = page(checked_story())
    links, notes = re.findall(r'href="#(e\d+)" aria-label', html), re.findall(r'id="(e\d+)"', html)

    assert links == notes == [f"e{place}" for place in range(1, len(CLAIMS) + 1)]


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_shape_and_a_line_of_its_own(verdict):
    """Verdict = glyph + word + underline; colour alone says nothing."""
    html = page(checked_story())

    assert (f'id="v-{verdict}"' in html, f".m-{verdict}" in html, f"</svg>{VERDICTS[verdict]}</span>" in html) == (True, True, True)


def test_the_page_runs_and_loads_nothing():
    """One file without script, under a policy that allows its own style sheet alone."""
    html = page(checked_story())
    style = html.split("<style>")[1].split("</style>")[0]

    assert ("<script" in html, "http" in html.replace("http-equiv", ""), f"style-src '{style_hash(style)}'" in html) == (False, False, True)


def test_what_a_story_says_is_shown_and_not_obeyed():
    """Words of a stranger are escaped wherever they stand."""
    html = page(checked_story("<b>Gomez</b> said <script>alert(1)</script> it. They meet on 6 June.", name="<img src=x>.txt"))

    assert ("<script" in html, "<img" in html, "&lt;img src=x&gt;.txt" in html) == (False, False, True)


def test_a_rehearsal_says_so_on_the_page():
    """A page is passed on without the command that made it."""
    assert ("REHEARSAL" in page(checked_story()), "REHEARSAL" in page(checked_story(), rehearsal=True)) == (False, True)


def test_the_page_is_small():
    """Under 60 kB with its styles, as every page."""
    assert len(page(checked_story()).encode()) < 60_000


# -- JSON ----------------------------------------------------------------------------------------------------------------------------


def test_a_claim_has_the_names_that_are_promised():
    """Others build on them."""
    claim = checked_object(checked_story(), election="ca34")["claims"][2]

    assert {"sentence", "text", "type", "verdict", "evidence", "as_of", "reason"} <= set(claim)


def test_a_claim_says_where_it_stands_in_the_file():
    """Characters of the source, for whoever marks it there."""
    for claim in checked_object(checked_story(), election="ca34")["claims"]:
        region = claim["region"]
        assert TEXT[region["start"] : region["end"]] == claim["text"]


def test_rows_behind_a_verdict_are_values():
    """A program can look the row up."""
    row = checked_object(checked_story(), election="ca34")["claims"][1]["evidence"][0]

    assert (row["table"], row["row"], row["column"], row["value"]) == ("release", "12", "votes[gomez]", 10728)


# -- SARIF ---------------------------------------------------------------------------------------------------------------------------


def test_what_nobody_has_to_look_at_is_no_result():
    """Confirmed sentences, opinions and allegations would bury the rest."""
    found = [result["ruleId"] for result in sarif_log([checked_story()])["runs"][0]["results"]]

    assert sorted(found) == sorted([*LEVELS, "who-accuses"])


def test_a_contradiction_is_an_error_and_a_remark_a_note():
    """By that a repository decides whether to stop."""
    levels = {result["ruleId"]: result["level"] for result in sarif_log([checked_story()])["runs"][0]["results"]}

    assert (levels["contradicted"], levels["stale"], levels["who-accuses"]) == ("error", "warning", "note")


def test_every_result_points_at_its_rule_and_its_words():
    """Rule by number, words by line, column and character."""
    run = sarif_log([checked_story()])["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in run["results"]]

    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert all(TEXT[one["charOffset"] :][: one["charLength"]] == one["snippet"]["text"] for one in regions)
    assert all(TEXT.split("\n")[one["startLine"] - 1][one["startColumn"] - 1 :].startswith(one["snippet"]["text"][:9]) for one in regions)


def test_a_path_is_a_relative_reference():
    """As a repository has it."""
    log = sarif_log([checked_story(name="./copy/2017 story.txt")])

    assert log["runs"][0]["artifacts"] == [{"location": {"uri": "copy/2017%20story.txt"}}]


# -- held against schemas ------------------------------------------------------------------------------------------------------------


def test_the_json_is_what_its_schema_says():
    """The schema stands in the documents."""
    import jsonschema_rs

    schema = json.loads((Path(__file__).resolve().parents[2] / "docs" / "check.schema.json").read_text(encoding="utf-8"))

    assert [
        error.message for error in jsonschema_rs.validator_for(schema).iter_errors(checked_object(checked_story(), election="ca34"))
    ] == []


def _object(required, **properties):
    """Return the schema of an object with these properties and no others."""
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


TEXT_ALONE = _object(["text"], text={"type": "string", "minLength": 1})
WORDS = {"type": "string"}
POSITION, LEVEL = {"type": "integer", "minimum": 1}, {"enum": ["none", "note", "warning", "error"]}
REGION = _object(
    ["startLine"],
    **dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), POSITION),
    charOffset={"type": "integer", "minimum": 0},
    charLength={"type": "integer", "minimum": 0},
    snippet=TEXT_ALONE,
)
PLACE = _object(
    ["artifactLocation", "region"], artifactLocation=_object(["uri"], uri={"type": "string", "format": "uri-reference"}), region=REGION
)
RULE = _object(
    ["id"],
    **dict.fromkeys(("id", "name"), WORDS),
    **dict.fromkeys(("shortDescription", "fullDescription", "help"), TEXT_ALONE),
    defaultConfiguration=_object([], level=LEVEL),
)
RESULT = _object(
    ["message", "ruleId", "locations", "partialFingerprints"],
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=TEXT_ALONE,
    locations={"type": "array", "minItems": 1, "items": _object(["physicalLocation"], physicalLocation=PLACE)},
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    properties={"type": "object"},
)
DRIVER = _object(["name"], **dict.fromkeys(("name", "version", "semanticVersion"), WORDS), rules={"type": "array", "items": RULE})
RUN = _object(
    ["tool", "results"],
    tool=_object(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    artifacts={"type": "array", "uniqueItems": True},
    results={"type": "array", "items": RESULT},
    invocations={"type": "array", "items": _object(["executionSuccessful"], executionSuccessful={"type": "boolean"})},
)
SARIF = {
    **_object(["version", "runs"], version={"const": "2.1.0"}, runs={"type": "array", "items": RUN}),
    "properties": {"$schema": {"type": "string", "format": "uri"}, "version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN}},
}
"""The points of the standard's schema that a log of ours uses; whatever else it has would be refused here."""


@pytest.mark.parametrize("name", ["story.txt", "story.docx"])
def test_the_log_keeps_to_the_standard(name):
    """Names, kinds and least values of SARIF 2.1.0, of a story with a source and of one without."""
    import jsonschema_rs

    story = checked_story() if name == "story.txt" else _of_word()

    assert [error.message for error in jsonschema_rs.validator_for(SARIF).iter_errors(sarif_log([story]))] == []


def _of_word() -> CheckedStory:
    """Return the story as if it had come in a Word document."""
    story = checked_story()
    blocks = tuple(replace(block, offset=None) for block in story.document.blocks)
    return replace(story, document=replace(story.document, blocks=blocks, source="", format="docx"))
