"""What a story says at each stage, in plain values: words, figures, and what is left out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

import builders as make
import story_facts as story
from racecall.coverage.rows import GroupCount, Money, Person
from racecall.coverage.story.render import as_html, as_markdown, as_text, document_of
from racecall.coverage.story.short import short_forms, text_of
from racecall.coverage.story.told import Section, Stage, Told
from racecall.coverage.story.write import write_story
from racecall.errors import UnknownName, UsageError
from racecall.ledger.records import Records
from racecall.model.contest import OptionKind
from racecall.model.decision import DecisionKind
from racecall.model.release import ReportKind, ResultsStatus

NIGHT = {"gomez": 8156, "ahn": 5504, "cabildo": 2778, "all_others": 12547}
LATER = {"gomez": 10728, "ahn": 9415, "cabildo": 4259, "all_others": 17906}
LEFT = make.statement(13400, includes_arrivals=True, approximate=True)
PEOPLE = story.primary(others=True)
MORNING = make.hours(6)
CERTIFIED = ResultsStatus.CERTIFIED


def told(*releases, contest=PEOPLE, at=MORNING, language="en", stage=None, rows=(), rehearsal=False, statements=(), **records) -> Told:
    known = make.records(*releases, statements=statements, **records)
    facts = story.facts(contest, story.runoff(), records=known, at=at, rows=rows, rehearsal=rehearsal)
    return write_story(facts, "c", language=language, stage=stage)


def night(**values):
    return make.recorded(NIGHT, **values)


def text(said: Told, section: Section) -> str:
    return " ".join(sentence.text for sentence in said.section(section))


# -- stages ---------------------------------------------------------------------------------------------------------------------------


def test_before_the_polls_close_there_is_a_field_and_a_day():
    """Nobody leads where nothing is counted."""
    said = told(at=make.hours(-24))

    assert said.stage is Stage.BEFORE
    assert said.headline.text == "3 candidates stand for election on Tuesday, April 4"
    assert "lead" not in as_text(said)


def test_closed_polls_without_a_count_are_told_as_that():
    """The hour is known, the count is not."""
    assert text(told(), Section.LEDE).endswith("The polls closed at 8 p.m. Tuesday, April 4. No count had been published.")


def test_a_count_is_told_with_its_hour_and_with_what_is_left():
    """Who led, when, and how much of the expected votes that is."""
    said = told(night(units_reported=192, units_total=192), statements=[LEFT])

    assert text(said, Section.LEDE) == (
        "As of 1 a.m. Wednesday, April 5, Gomez led with 28% of the vote. In second place was Ahn with 19%. "
        "With 100% of precincts reporting, about 68% of the expected votes had been counted."
    )


def test_without_a_statement_precincts_are_not_told():
    """ "100% of precincts" alone would be read as the share of the count."""
    said = told(night(units_reported=192, units_total=192))

    assert "precinct" not in as_text(said)
    assert "Election officials had not said how many ballots were still to be counted." in as_text(said)


def test_the_standing_has_votes_margins_and_the_points_at_the_cut():
    """Whoever is first outside is told, too."""
    assert text(told(night()), Section.STANDING) == (
        "Gomez had 8,156 votes, ahead of Ahn by 2,652 votes. Ahn had 5,504 votes, ahead of Cabildo by 2,726 votes. "
        "Cabildo had 2,778 votes. "
        "Ahn was ahead of Cabildo by 9.4 percentage points. In all, 28,985 votes were counted."
    )


def test_an_agency_is_named_with_its_call():
    """A certain word is somebody's word."""
    said = told(night(), reports=(story.report(ReportKind.AGENCY_CALL, "Associated Press", "gomez"),))

    assert said.stage is Stage.CALLED
    assert said.headline.text == "Gomez will advance to the runoff, according to the Associated Press"
    assert "Ahn will" not in as_text(said)


def test_a_call_that_an_agency_took_back_is_told_as_taken_back():
    """It no longer carries the headline."""
    reports = (
        story.report(ReportKind.AGENCY_CALL, "Associated Press", "gomez"),
        story.report(ReportKind.AGENCY_RETRACTION, "Associated Press", "gomez", hour=2),
    )
    said = told(night(), reports=reports)

    assert said.headline.text == "Gomez and Ahn lead in the count"
    assert text(said, Section.CALLS) == "The Associated Press took back its projection for Gomez on Wednesday, April 5."


def test_our_own_call_takes_two_people():
    """One signature changes no word."""
    one, two = (told(night(), decisions=tuple(story.approved("gomez", *people))) for people in (("Bo",), ("Bo", "Cy")))

    assert one.headline.text == "Gomez and Ahn lead in the count"
    assert two.headline.text == "Gomez will advance to the runoff, racecall projects"


def test_a_call_under_review_is_the_headline():
    """Whatever else is known."""
    signed = (*story.approved("gomez", "Bo", "Cy"), *story.approved("gomez", "Bo", kind=DecisionKind.RETRACT, hour=2))
    said = told(night(), decisions=signed, reports=(story.report(ReportKind.AGENCY_CALL, "Associated Press", "gomez"),))

    assert said.headline.text == "The call of Gomez is under review"
    assert "will advance" not in as_text(said)


def test_all_votes_counted_is_finished_and_unofficial():
    """Nothing is left, and nobody has certified it."""
    said = told(night(), statements=[make.statement(0)])

    assert said.stage is Stage.COUNTED
    assert said.headline.text == "Gomez finished first with 28% of the vote in the unofficial count"


def test_a_certified_count_has_the_past_tense():
    """Who advanced, from how many votes, and what the last count added."""
    said = told(night(), make.recorded(LATER, at=make.hours(200), seq=2, status=CERTIFIED), at=make.hours(220))

    assert said.stage is Stage.CERTIFIED
    assert text(said, Section.LEDE) == (
        "Gomez and Ahn advanced to the runoff. Gomez finished first with 25% of the vote. Ahn finished second with 22% of the vote."
    )
    assert "Ahn gained 3,911 votes, or 29% of the new votes." in text(said, Section.SINCE)


def test_a_runoff_before_its_day_tells_how_they_got_there():
    """From the certified first round."""
    facts = story.facts(PEOPLE, story.runoff(), records=make.records(make.recorded(LATER, status=CERTIFIED)), at=make.hours(220))
    said = write_story(facts, "r")

    assert said.stage is Stage.RUNOFF
    assert "Ahn finished second in the first round with 9,415 votes." in text(said, Section.LEDE)


def test_a_recount_takes_every_certain_word_away():
    """An agency's call among them."""
    said = told(night(status=ResultsStatus.RECOUNT), reports=(story.report(ReportKind.AGENCY_CALL, "Associated Press", "gomez"),))

    assert said.headline.text == "The votes are being counted again"
    assert "will advance" not in as_text(said)


# -- figures --------------------------------------------------------------------------------------------------------------------------


def test_shares_get_decimals_where_the_margin_is_under_a_point():
    """Two that both read 50% would be told as level."""
    runoff = story.primary("Gomez", "Ahn", rule="us-ca-general-voter-nominated")
    said = told(make.recorded({"gomez": 9441, "ahn": 9285}), contest=runoff)

    assert "50.4%" in text(said, Section.LEDE)
    assert "by 0.83 percentage points" in text(said, Section.STANDING)


def test_almost_all_is_not_written_as_all():
    """99.96% is no 100%."""
    said = told(make.recorded({"gomez": 99_960, "ahn": 30, "cabildo": 10}))

    assert "99.96%" in text(said, Section.LEDE)


def test_a_tie_is_told_as_a_tie():
    """Nobody leads, in whatever order the ballot has them."""
    said = told(make.recorded({"gomez": 10, "ahn": 10, "cabildo": 1}))

    assert said.headline.text == "Gomez and Ahn are tied in the count"
    assert text(said, Section.LEDE).startswith("Gomez and Ahn were tied for first place with 10 votes each.")


def test_what_the_rest_needs_is_told_in_ballots_of_a_hundred():
    """2,726 of 13,400 is 20.3 in a hundred."""
    said = told(night(), statements=[LEFT])

    assert "Of every hundred ballots still out, Cabildo would have to take 20.3 more than Ahn to pass." in text(said, Section.OUTSTANDING)


def test_between_two_the_share_is_told():
    """(6,653 + 10,460) of 20,920 ballots: the arithmetic of 8 June 2017."""
    two = story.primary("Gomez", "Ahn", rule="us-ca-general-voter-nominated")
    said = told(make.recorded({"gomez": 19_761, "ahn": 13_108}), contest=two, statements=[make.statement(10_460)])

    assert "To pass Gomez, Ahn would need 81.8% of the ballots still out." in text(said, Section.OUTSTANDING)


def test_an_older_statement_is_told_as_older():
    """A count has come since."""
    said = told(make.recorded(NIGHT, at=make.hours(2)), statements=[LEFT])

    assert "officials had said about 13,400 ballots were still to be counted. A count was published after that." in text(
        said, Section.OUTSTANDING
    )


def test_a_count_that_fell_is_told_as_a_correction():
    """No gain is told from a count that was mended."""
    said = told(night(), make.recorded({**NIGHT, "gomez": 8100}, at=make.hours(1), seq=2))

    assert text(said, Section.SINCE) == "After a correction, Gomez had 8,100 votes."


def test_whoever_withdrew_is_told_as_withdrawn():
    """And nobody is "second" behind them."""
    contest = story.primary()
    options = tuple(replace(option, withdrawn=True) if option.id == "gomez" else option for option in contest.options)
    said = told(make.recorded({"gomez": 9, "ahn": 5, "cabildo": 1}), contest=replace(contest, options=options))

    assert "Gomez, who withdrew, had 9 votes." in text(said, Section.STANDING)
    assert text(said, Section.LEDE).startswith("Ahn had 33% of the vote.")


def test_write_ins_are_counted_apart_from_the_printed():
    """Papers that count the printed names have another number."""
    contest = story.primary()
    options = (*contest.options[:2], replace(contest.options[2], kind=OptionKind.WRITE_IN))
    said = told(night(), contest=replace(contest, options=options))

    assert text(said, Section.FIELD).startswith("3 candidates were in the race. 2 candidates were printed on the ballot.")


# -- the record of coverage -------------------------------------------------------------------------------------------------------------

KNOWN = {"source": "A paper", "as_of": make.hours(-48)}


def test_early_ballots_of_a_group_are_an_estimate_with_firm_and_method():
    """Nobody counts ballots by descent."""
    row = GroupCount(
        id="g", contest="c", group="Latino", measure="ballots_returned", number=4894, firm="Political Data", method="surname", **KNOWN
    )

    assert text(told(at=make.hours(-24), rows=[row]), Section.EARLY) == (
        "Latino voters had returned 4,894 ballots by April 3, an estimate of Political Data from surname."
    )


def test_early_ballots_that_nobody_vouches_for_are_left_out():
    """A number without a firm is nobody's estimate."""
    row = GroupCount(id="g", contest="c", group="Latino", measure="ballots_returned", number=4894, **KNOWN)

    assert told(rows=[row]).section(Section.EARLY) == ()


def test_money_is_told_for_its_period_and_never_from_the_future():
    """A total of the whole cycle does not answer for a day in spring."""
    person = Person(id="p", name="Gomez", option="gomez", **KNOWN)
    spring = Money(id="a", candidate="p", start=date(2017, 1, 1), end=date(2017, 3, 15), donors=244_766.0, **KNOWN)
    cycle = Money(id="b", candidate="p", end=date(2018, 12, 31), receipts=1_552_000.9, **KNOWN)

    assert text(told(night(), rows=[person, spring, cycle]), Section.MONEY) == (
        "Gomez raised $244,766 from donors between January 1 and March 15."
    )


def test_a_concession_and_its_end_are_both_told():
    """Each with its day; what is said again is told once."""
    kinds = (ReportKind.CONCESSION, ReportKind.CONCESSION, ReportKind.CONCESSION_RETRACTED)
    reports = tuple(story.report(kind, "Ahn", "ahn", hour=hour) for hour, kind in enumerate(kinds))

    assert text(told(night(), reports=reports), Section.CALLS) == (
        "Ahn conceded on Wednesday, April 5. Ahn took back the concession on Wednesday, April 5."
    )


# -- asked for otherwise -----------------------------------------------------------------------------------------------------------------


def test_a_lower_stage_takes_its_careful_words():
    """The call is left to the paragraph of calls."""
    said = told(night(), stage=Stage.COUNTING, reports=(story.report(ReportKind.AGENCY_CALL, "Associated Press", "gomez"),))

    assert said.headline.text == "Gomez and Ahn lead in the count"


def test_a_higher_stage_is_refused():
    """Nobody gets "certified" by asking for it."""
    with pytest.raises(UsageError, match=r"would say more than is known.*the stage is 'counting'") as error:
        told(night(), stage=Stage.CERTIFIED)

    assert "Leave --stage out" in str(error.value)


def test_a_language_that_nobody_wrote_is_refused():
    """With the ones there are."""
    with pytest.raises(UnknownName, match="no story can be written in 'fr'") as error:
        told(night(), language="fr")

    assert "en, es and ko" in str(error.value)


# -- forms ------------------------------------------------------------------------------------------------------------------------------


def test_a_rehearsal_says_so_in_every_form():
    """In the text, in a push alert and in a headline."""
    said = told(night(), rehearsal=True)
    forms = short_forms(said)

    assert as_text(said).startswith("Rehearsal: a recorded night played again.")
    assert {text_of(getattr(forms, form))[:10] for form in ("push", "digest", "headline", "alt")} == {"Rehearsal:"}


def test_footnotes_hold_the_rows():
    """A number after a figure, and its row under the story."""
    written = as_text(told(night()), traces=True)

    assert re.search(r"Gomez\[\d+\] had 8,156 votes\[\d+\]", written)
    assert "release 1 · count of 2017-04-05 01:00, unofficial partial · votes[gomez] = 8,156" in written


def test_html_names_the_row_of_a_figure():
    """And marks a name as English on a page that is not."""
    written = as_html(told(night(), language="ko"))

    assert '<span data-trace="release:1:votes[gomez]"' in written
    assert '<span data-trace="election:c:option[gomez].name" title="election · election.toml: Gomez" lang="en">Gomez 후보</span>' in written


def test_markup_in_a_name_stays_a_name():
    """Whatever an election is called."""
    said = told(night(), contest=story.primary("Gomez", "Ahn", "Cabildo", title="<b>*Mayor*</b>"))

    assert "<b>" not in as_html(said)
    assert r"\<b\>\*Mayor\*" in as_markdown(said)


def test_the_alternative_text_of_a_chart_is_the_standing():
    """In the order of votes, with votes and shares."""
    assert text_of(short_forms(told(night())).alt) == (
        "Chart of 28,985 votes counted. Gomez: 8,156 votes, 28%. Ahn: 5,504 votes, 19%. Cabildo: 2,778 votes, 10%."
    )


def test_the_document_for_the_checker_has_the_headline_first():
    """A headline is held to the same words as the body."""
    document = document_of(told(night()))

    assert [block.role.value for block in document.blocks[:2]] == ["headline", "body"]


def test_nothing_recorded_is_no_trouble():
    """A contest without options, counts or days."""
    said = write_story(story.facts(make.contest(), records=Records()), "c")

    assert said.headline.text.startswith("The polls have closed")


def test_a_corrected_statement_changes_what_it_must():
    """The figure itself, what is reckoned from it, and no other sentence."""
    stories = [told(night(), statements=[replace(LEFT, ballots=ballots)]) for ballots in (13_400, 12_000)]
    first, second = ({said.key: said.text for said in one.sentences} for one in stories)

    assert {key for key in first if first[key] != second.get(key)} == {"lede.progress", "out.said.total:total", "out.estimate", "out.break"}
