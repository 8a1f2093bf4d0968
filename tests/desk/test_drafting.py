"""A first election.toml from a results file: everything the file lists, nothing it does not say."""

from dataclasses import replace
from datetime import date

import pytest

import builders as make
from racecall.desk.drafting import MEASURE, PLURALITY, Ids, draft_election
from racecall.desk.settings import parse_election, render_election
from racecall.model.contest import Contest, Election, OptionKind
from racecall.model.release import ListedContest, ListedOption, Reading


def draft(*contests: ListedContest, rule: str = "") -> Election:
    """An election drafted from one file that lists these contests."""
    return draft_election([reading(*contests)], id_="e", title="The election", day=date(2022, 11, 8), timezone="UTC", rule=rule)


def reading(*contests: ListedContest) -> Reading:
    return Reading(feed="test", releases=(replace(make.release([]), contests=contests),))


def listed(title: str, *names: str, **values) -> ListedContest:
    options = tuple(ListedOption(key=name, name=name) for name in names)
    return ListedContest(**{"key": title, "title": title, "options": options} | values)


def only(election: Election) -> Contest:
    [contest] = election.contests
    return contest


def test_ids_are_short_and_plain():
    """Lower-case letters, digits, hyphens; accents folded."""
    assert Ids().make("  U.S. House, 34th District: José Huízar ") == "u-s-house-34th-district-jose-huizar"


def test_ids_are_used_once():
    """The second gets a number."""
    ids = Ids()

    assert [ids.make("Mayor"), ids.make("MAYOR"), ids.make("mayor!")] == ["mayor", "mayor-2", "mayor-3"]


@pytest.mark.parametrize("name", ["", "***", "市長"])
def test_a_name_without_latin_letters_has_an_id_too(name):
    """A word for what it is, and a number for the next one."""
    ids = Ids()

    assert [ids.make(name, fallback="option"), ids.make(name, fallback="option")] == ["option", "option-2"]


def test_a_long_name_has_a_short_id():
    """At most sixty characters, and no hyphen at the end."""
    made = Ids().make("Shall the measure be adopted " * 10)

    assert len(made) <= 60
    assert not made.endswith("-")


def test_two_options_of_one_name_stay_two():
    """Two candidates of the same name get two ids."""
    contest = only(draft(listed("Mayor", "Ann Lee", "ANN LEE")))

    assert [option.id for option in contest.options] == ["ann-lee", "ann-lee-2"]


def test_options_keep_the_order_of_the_file():
    """Ballot order is the source's, from 1."""
    contest = only(draft(listed("Mayor", "Bo Roe", "Ann Lee")))

    assert [(option.name, option.ballot_order) for option in contest.options] == [("Bo Roe", 1), ("Ann Lee", 2)]


@pytest.mark.parametrize(
    ("names", "rule", "wanted"),
    [
        (("Ann Lee", "Bo Roe"), "", PLURALITY),
        (("Ann Lee", "Bo Roe"), "us-ca-special-primary", "us-ca-special-primary"),
        (("YES", "NO"), "us-ca-special-primary", MEASURE),
        (("No", "Yes"), "", MEASURE),
        (("Yes",), "", PLURALITY),
    ],
)
def test_the_rule_is_guessed_from_the_options_only(names, rule, wanted):
    """Yes and No make a measure; everything else gets the rule that was given, or plurality."""
    assert only(draft(listed("Contest", *names), rule=rule)).rule == wanted


def test_votes_allowed_are_seats():
    """ "Vote for no more than two" fills two seats, as far as the file says."""
    contest = only(draft(listed("Council", "A", "B", "C", votes_allowed=2)))

    assert (contest.votes_allowed, contest.number_elected) == (2, 2)


def test_a_key_that_is_not_the_title_is_kept_as_a_name():
    """So that the next file finds the contest and the option again."""
    option = ListedOption(key="4711", name="Ann Lee", party="DEM", kind="write_in")
    contest = only(draft(ListedContest(key="12", title="Mayor", options=(option,))))

    assert contest.source_names == ("12",)
    assert (contest.options[0].aliases, contest.options[0].party, contest.options[0].kind) == (("4711",), "DEM", OptionKind.WRITE_IN)


def test_a_kind_nobody_knows_is_printed():
    """A feed of another package may say anything."""
    option = ListedOption(key="a", name="Ann Lee", kind="incumbent")

    assert only(draft(ListedContest(key="Mayor", title="Mayor", options=(option,)))).options[0].kind is OptionKind.PRINTED


def test_a_contest_in_two_releases_is_one_contest():
    """The file's last word on it stands."""
    readings = [reading(listed("Mayor", *names)) for names in (("A",), ("A", "B"))]
    made = draft_election(readings, id_="e", title="E", day=date(2022, 11, 8), timezone="UTC")

    assert [option.name for option in only(made).options] == ["A", "B"]


def test_a_draft_is_read_back_as_it_was_written():
    """What `racecall new` writes, `racecall add` reads."""
    made = draft(listed('The "big" one \\ [x]', "Ann\u00a0Lee", "Bo 'Z' Roe"), listed("Measure A", "YES", "NO"))

    assert parse_election(render_election(made)) == made
