"""Whatever the count: every figure has its row, nothing is said above the state of a place, a correction changes what it must."""

import json
import re
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import story_facts as make
from racecall.calls.states import SlotState
from racecall.coverage.check import check_story
from racecall.coverage.claims import Verdict
from racecall.coverage.story.figures import NUMBERS, How
from racecall.coverage.story.render import as_html, as_json, as_markdown, as_text, document_of
from racecall.coverage.story.short import PUSH, short_forms, text_of
from racecall.coverage.story.told import Stage, Told
from racecall.coverage.story.write import write_story
from racecall.model.contest import Contest
from racecall.model.release import ReportKind

languages = st.sampled_from(["en", "es", "ko"])
often = settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])

SUM = re.compile(r"[\d,.\s()+*/-]+")
"""A formula that can be worked out again."""


def sentences(told: Told):
    return (*told.sentences, told.brief, *told.alt)


def figures(told: Told):
    return [(part.text, part.figure) for said in sentences(told) for part in said.parts if part.figure]


def numbers_in(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


@often
@given(make.nights(), languages)
def test_no_digit_stands_outside_a_figure(night, language):
    """A number without a row cannot be written."""
    told = write_story(night.facts, "c", language=language)
    words = [part.text for said in sentences(told) for part in said.parts if part.figure is None]

    assert [text for text in words if re.search(r"\d", text)] == []


@often
@given(make.nights(), languages)
def test_every_number_is_its_row_as_printed(night, language):
    """The number that is read is the row's value, rounded as far as its decimals say and no further."""
    wrong = []
    for text, figure in figures(write_story(night.facts, "c", language=language)):
        value, digits = figure.trace.value, figure.digits
        if figure.how in {*NUMBERS, How.NUMBER, How.POINTS, How.SHARE}:
            exact = 100 * value if figure.how is How.SHARE else value
            wrong += [(text, value)] if abs(numbers_in(text)[0] - exact) > 0.5 * 10**-digits + 1e-9 else []

    assert wrong == []


@often
@given(make.nights())
def test_every_formula_gives_its_value(night):
    """What an editor works out again from a row comes out."""
    wrong = []
    for _, figure in figures(write_story(night.facts, "c")):
        row = figure.trace
        if (
            row.formula
            and SUM.fullmatch(row.formula)
            and abs(eval(row.formula.replace(",", "")) - row.value) > 1e-3 * max(1, abs(row.value))
        ):
            wrong.append(row)

    assert wrong == []


@often
@given(make.nights())
def test_votes_are_those_of_the_release(night):
    """A row can be looked up: its release, its column, its value."""
    counts = {str(release.seq): release.contests["c"] for release in night.records.releases}
    rows = [figure.trace for _, figure in figures(write_story(night.facts, "c")) if figure.trace.table == "release"]
    found = [(row, re.fullmatch(r"votes\[(\w.*)\]", row.column)) for row in rows]

    assert [row for row, at in found if at and not row.formula and counts[row.row].votes[at[1]] != row.value] == []


ALLOWED = (
    (re.compile(r"\b(?:is|are) likely to"), SlotState.LIKELY),
    (re.compile(r"racecall projects"), SlotState.CALLED),
    (re.compile(r"\badvanced\b|\bwon\b|\bprevailed\b"), SlotState.CERTIFIED),
)
"""Words, and the state that some place must be in."""


@often
@given(make.nights())
def test_no_word_stands_above_the_state_of_a_place(night):
    """Likely, projected, advanced: each only where a place has come that far; "will" only with whose word it is."""
    facts = night.facts
    told = write_story(facts, "c")
    text = " ".join(said.text for said in sentences(told))
    states = {slot.state for slot in facts.look("c", facts.as_of).slots}
    bare = [said.text for said in sentences(told) if " will " in said.text and not re.search("according to|racecall projects", said.text)]

    assert [words.pattern for words, state in ALLOWED if words.search(text) and state not in states] == []
    assert bare == [] or told.stage is Stage.RUNOFF


@often
@given(make.nights())
def test_finished_is_said_when_nothing_is_left(night):
    """Until then people are somewhere in the count; "100% of precincts" is not the end of it."""
    told = write_story(night.facts, "c")

    assert not any("finished" in said.text for said in told.sentences) or told.stage in {Stage.COUNTED, Stage.CERTIFIED}


@often
@given(make.nights())
def test_precincts_never_stand_without_the_share_of_the_count(night):
    """In one sentence, or not at all."""
    told = write_story(night.facts, "c")

    assert [said.text for said in told.sentences if "precincts" in said.text and "expected votes" not in said.text] == []


THROUGH = re.compile(r"advance|likely|projects|\bwon\b|elected|\bled\b|\blead\b|leads|finished|called a place|claimed victory|first round")


@often
@given(make.nights())
def test_whoever_withdrew_is_never_said_to_be_through(night):
    """Not as advancing, not as leading, not by an agency's word."""
    gone = [option.name for option in night.contest.options if option.withdrawn]
    told = write_story(night.facts, "c")

    assert [said.text for said in sentences(told) if THROUGH.search(said.text) and any(name in said.text for name in gone)] == []


@often
@given(make.nights(), languages)
def test_the_same_facts_give_the_same_bytes(night, language):
    """In every form."""
    one, two = (write_story(night.facts, "c", language=language) for _ in range(2))

    assert all(write(one) == write(two) for write in (as_text, as_html, as_markdown, as_json))


@often
@given(make.nights(), st.integers(0, 60_000))
def test_a_corrected_figure_changes_only_the_sentences_that_hold_it(night, ballots):
    """An office mends its statement: a sentence whose figures read as before reads as before."""
    moment, said = make.make.hours(3), make.make.statement(13_400, at=make.make.hours(3), approximate=True)
    stories = [
        write_story(replace(night, records=replace(night.records, statements=((moment, one),))).facts, "c")
        for one in (said, replace(said, ballots=ballots))
    ]
    first, second = ({said.key: said for said in story.sentences} for story in stories)
    held = [{key: [part.text for part in said.parts if part.figure] for key, said in story.items()} for story in (first, second)]

    assert [key for key in first.keys() & second.keys() if held[0][key] == held[1][key] and first[key].text != second[key].text] == []


@often
@given(make.nights())
def test_names_change_nothing_but_the_names(night):
    """The same words for every candidate."""
    names = {option.name: f"Person {chr(65 + number)}xyz" for number, option in enumerate(night.contest.options)}
    other = replace(night, contest=renamed(night.contest, names))
    text = as_text(write_story(night.facts, "c"))
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(
            f"{name.rstrip('.')}." if name.endswith(".") else name, names[name] if not name.endswith(".") else f"{names[name]}¶"
        )

    assert re.sub(r"\.?¶\.?|¶", "", text).replace(".", "") == as_text(write_story(other.facts, "c")).replace(".", "")


def renamed(contest: Contest, names: dict[str, str]) -> Contest:
    return replace(contest, options=tuple(replace(option, name=names[option.name]) for option in contest.options))


@often
@given(make.nights(), languages)
def test_a_push_alert_fits(night, language):
    """Whole sentences, and no more characters than a phone shows."""
    push = text_of(short_forms(write_story(night.facts, "c", language=language)).push)

    assert 0 < len(push) <= PUSH


@often
@given(make.nights(), languages)
def test_sentences_are_whole(night, language):
    """One full stop, no place left open, no space too many."""
    told = write_story(night.facts, "c", language=language)
    text = " ".join(said.text for _, paragraph in told.sections for said in paragraph)

    assert re.findall(r"[{}]|  |\.\.| \.| ,", text) == []
    assert [said.text for _, paragraph in told.sections for said in paragraph if not said.text.endswith(".")] == []


@often
@given(make.nights(), languages)
def test_the_sidecar_says_where_each_figure_stands(night, language):
    """Start and end cut the figure out of its sentence."""
    story = json.loads(as_json(write_story(night.facts, "c", language=language)))
    said = [one for section in story["sections"] for one in section["sentences"]]

    assert [one for one in said for at in one["figures"] if one["text"][at["start"] : at["end"]] != at["text"]] == []


def test_the_random_nights_come_to_every_stage():
    """What is tested above is not one kind of night."""
    seen: set[Stage] = set()

    @settings(max_examples=200, database=None, derandomize=True)
    @given(make.nights())
    def look(night) -> None:
        seen.add(write_story(night.facts, "c").stage)

    look()
    assert seen == set(Stage) - {Stage.RUNOFF}


def test_reports_that_are_no_claims_are_left_out():
    """A figure that a paper printed is nobody's claim."""
    night = make.facts(
        make.primary(),
        records=make.make.records(
            make.make.recorded({"gomez": 5, "ahn": 3, "cabildo": 1}), reports=(make.report(ReportKind.FIGURE, "A paper", "gomez", votes=5),)
        ),
    )

    assert not write_story(night, "c").section("calls")


# -- read by our own checker -------------------------------------------------------------------------------------------------------------


@often
@given(make.nights())
def test_our_own_checker_confirms_every_claim(night):
    """What the record wrote, the record confirms: each claim that the checker finds in an English story."""
    facts = night.facts
    checked = check_story(document_of(write_story(facts, "c")), facts, contest="c")

    assert [
        (claim.claim.text, claim.verdict.value, claim.reason) for claim in checked.claims if claim.verdict is not Verdict.CONFIRMED
    ] == []


def test_the_checker_finds_most_of_what_is_said():
    """Two claims a figure would be too much to ask; a story with none would be no test."""
    night = make.facts(
        make.primary(),
        make.runoff(),
        records=make.make.records(
            make.make.recorded({"gomez": 8156, "ahn": 5504, "cabildo": 2778}, ballots={"cast": 16_500}),
            statements=[make.make.statement(13_400, approximate=True)],
        ),
    )
    told = write_story(night, "c")
    checked = check_story(document_of(told), night, contest="c")

    assert len({claim.claim.sentence.number for claim in checked.claims}) >= len(checked.sentences) / 2
