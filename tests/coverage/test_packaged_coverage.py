"""The packaged record of the 2017 election: every row has its source, refers to what was known by then, and adds up."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache

import pytest

from racecall.coverage.files import toml_entries
from racecall.coverage.record import Coverage, standing_rows
from racecall.coverage.references import broken_references, names_known
from racecall.coverage.rows import Allegation, Answer, Debate, Exchange, GroupCount, Money, Party, Person, Policy, Position, Review, Turn
from racecall.desk.demo import NEVER, packaged_rows
from racecall.desk.packaged import demo_coverage, demo_files
from racecall.desk.settings import parse_election

PRIMARY, RUNOFF = "ca34-2017-primary", "ca34-2017-runoff"
MORNING = datetime(2017, 4, 5, 16, tzinfo=UTC)
"""Nine o'clock on the morning after the primary."""
ELECTION = parse_election(demo_files()[0].decode())


@cache
def rows():
    """Every packaged row, oldest first."""
    return packaged_rows("ca34-2017", ELECTION.zone)


def at(moment: datetime) -> Coverage:
    """The record as it stood at a moment."""
    return Coverage(standing_rows(rows(), moment))


def test_every_row_says_when_it_was_known_and_who_says_so():
    """Nothing waits for the moment it is packaged; a source names a place to look."""
    assert [row.id for row in rows() if row.as_of >= NEVER] == []
    assert [row.id for row in rows() if not re.search(r"https?://|\d{4}|this record|address ends", row.source)] == []


def test_nothing_refers_to_what_was_not_known_yet():
    """At every row's own moment, whoever and whatever it names is in the record."""
    known = {moment: names_known((row for row in rows() if row.as_of <= moment), ELECTION) for moment in {row.as_of for row in rows()}}
    found = [(one.row.id, one.field, one.value) for row in rows() for one in broken_references([row], known[row.as_of])]

    assert found == []


def test_no_two_versions_of_a_row_stand_in_one_file_by_mistake():
    """Candidates of whom more was written on 5 April have two versions, and nothing else has."""
    entries = [(entry.kind, entry.values["id"]) for name, text in demo_coverage() for entry in toml_entries(name, text)]
    twice = {id_ for (_, id_), number in Counter(entries).items() if number > 1}

    assert twice == {"ahn", "carmona", "carrillo", "mejia"}


def test_the_field_is_24_of_whom_13_are_women():
    """Twelve of the 23 printed names, as KPCC counted, and the write-in."""
    people = [person for person in at(MORNING).of(Person) if person.option]
    options = {option.id for option in ELECTION.contest(PRIMARY).options if option.is_person}

    assert {person.option for person in people} == options
    assert Counter(person.gender for person in people) == {"female": 13, "male": 11}
    assert at(MORNING).is_complete("person", f"candidate/{PRIMARY}")


def test_declined_in_the_primary_and_endorsed_in_the_runoff():
    """Our Revolution, as of the two stories."""
    debate = datetime(2017, 5, 26, 20, 18, tzinfo=UTC)
    found = {
        moment: [(row.stage, row.polarity.value, row.candidate) for row in at(moment).endorsements() if row.endorser == "Our Revolution"]
        for moment in (MORNING, debate)
    }

    assert found == {MORNING: [(PRIMARY, "declined", "")], debate: [(PRIMARY, "declined", ""), (RUNOFF, "endorsed", "gomez")]}


def test_a_count_of_endorsements_contradicts_nobody():
    """The lists that the campaigns printed were not found."""
    assert not at(NEVER).is_complete("endorsement", f"officeholder/{PRIMARY}")


def test_money_of_the_cycle_says_nothing_of_the_spring():
    """What was known and had ended by election day is the papers' figures, whenever it is asked for."""
    before = [row.id for row in at(NEVER).money("ahn", date(2017, 6, 6))]

    assert before == ["ahn-2017-03-15", "ahn-2017-04-to-05-17", "ahn-2017-05-17"]


def test_receipts_are_their_parts():
    """Individuals, committees, parties, the candidate's own, loans; transfers stand in the note, other receipts are small."""
    (ahn,) = (row for row in at(NEVER).of(Money) if row.id == "fec-2018-ahn")
    parts = [ahn.individual, ahn.pac, ahn.party, ahn.self_contributed, ahn.loans]

    assert sum(parts) == pytest.approx(ahn.receipts, abs=0.005)


def test_there_are_nineteen_committees_summaries():
    """Every candidate for the seat who reported to the commission in 2017 and 2018, each with a principal committee."""
    cycle = [row for row in at(NEVER).of(Money) if row.id.startswith("fec-2018-")]

    assert (len(cycle), [row.id for row in cycle if not re.fullmatch(r"C\d{8}", row.committee)]) == (19, [])


def test_ahn_was_a_republican_until_2012():
    """A party is a time."""
    assert [(row.party, row.start, row.end) for row in at(MORNING).of(Party) if row.person == "ahn"] == [
        ("REP", None, date(2012, 12, 31)),
        ("DEM", date(2012, 1, 1), None),
    ]


def test_the_debate_has_six_exchanges_with_turns_of_people_who_were_there():
    """Numbered from 1, in order."""
    record = at(NEVER)
    (debate,) = record.of(Debate)
    exchanges = record.of(Exchange)

    assert [one.number for one in exchanges] == [1, 2, 3, 4, 5, 6]
    assert {turn.exchange for turn in record.of(Turn)} == {one.id for one in exchanges}
    assert {turn.speaker for turn in record.of(Turn)} == set(debate.candidates)


def test_both_candidates_agreed_on_three_issues():
    """The same stance on the same issue is agreement."""
    stances = {(row.issue, row.candidate): row.stance for row in at(NEVER).of(Position)}
    agreed = [issue for issue, who in stances if who == "ahn" and stances.get((issue, "gomez")) == stances[issue, "ahn"]]

    assert agreed == ["aca_priority", "immigrants_rights", "trump_racist_tendencies"]


def test_an_answer_that_was_not_seen_has_no_row():
    """Ahn's answer was spoken of in the debate and was not found."""
    assert {row.candidate for row in at(NEVER).of(Answer)} == {"gomez"}


def test_an_accusation_has_no_review():
    """Recorded, never rated."""
    (accusation,) = at(NEVER).of(Allegation)

    assert [row.id for row in at(NEVER).of(Review) if row.claim == accusation.id] == []


def test_the_campaigns_sum_of_8_june_is_contradicted_twice():
    """By the paper of the next day, and by the record: 6,653 behind with 10,460 left takes 81.8%."""
    found = [row for row in at(NEVER).of(Review) if row.claim == "ahn-campaign-70"]

    assert [(row.reviewer, row.verdict) for row in found] == [("racecall", "contradicted"), ("Los Angeles Times", "contradicted")]
    assert round(100 * (10_460 + 19_761 - 13_108) / 2 / 10_460, 1) == 81.8


def test_the_gas_tax_rises_by_twelve_cents_in_november():
    """Not in July."""
    (tax,) = at(NEVER).of(Policy)

    assert (tax.effective, round(tax.after - tax.before, 1)) == (date(2017, 11, 1), 12.0)


def test_early_ballots_say_how_a_group_was_told():
    """An estimate of a group without a method is none."""
    assert [row.id for row in at(NEVER).of(GroupCount) if row.group != "all" and not row.method] == []
