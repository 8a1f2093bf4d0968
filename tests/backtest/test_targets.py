"""The back-test of the development archive: what issue 3 asks for, night by night, with nothing of the night in its calibration."""

import json
import time

import pytest

from racecall.backtest.run import backtest


@pytest.fixture(scope="module")
def result(archive, calibration):
    start = time.perf_counter()
    made = backtest(archive, calibration)
    return made | {"seconds": time.perf_counter() - start}


def contest(result, election, contest_id):
    return next(row for row in result["per_contest"] if row["election_id"] == election and row["contest_id"] == contest_id)


def pooled(result, night, share):
    slots = [slot for row in result["per_contest"] if row["night"] == night for slot in row["slots"] if slot["correct"] is not False]
    return sum(slot["share_counted_at_call"] <= share for slot in slots) / len(slots)


pytestmark = [pytest.mark.slow, pytest.mark.shared]


def test_the_2024_primaries_have_at_most_one_false_call(result):
    """At most one of 197 contests."""
    assert result["nights"]["2024-03-05"]["false_calls"] <= 1


def test_the_2022_generals_have_no_false_call(result):
    """None of 394 contests."""
    assert result["nights"]["2022-11-08"]["false_calls"] == 0


def test_the_2024_primaries_are_called_by_sixty_percent(result):
    """At least 78% of places."""
    assert pooled(result, "2024-03-05", 0.6) >= 0.78


def test_the_2022_generals_are_called_by_sixty_percent(result):
    """At least 70% of places."""
    assert pooled(result, "2022-11-08", 0.6) >= 0.70


def test_both_places_of_the_2017_primary_are_called_at_the_april_5_release(result):
    """Gomez and Ahn, at 69% of the count."""
    row = contest(result, "ca34-2017-04-04-primary", "ca34-2017-primary")
    assert [(slot["option"], slot["called_at"][:10]) for slot in row["slots"]] == [
        ("Jimmy Gomez", "2017-04-05"),
        ("Robert Lee Ahn", "2017-04-05"),
    ]


def test_the_first_mail_release_of_the_2017_runoff_is_not_called(result):
    """150 votes apart in 19,000 is no call."""
    row = contest(result, "ca34-2017-06-06-runoff", "ca34-2017-runoff")
    assert row["slots"][0]["share_counted_at_call"] > 0.7


@pytest.mark.parametrize(
    ("election", "contest_id"),
    [
        ("ca-2024-03-05-primary", "ca-us-house-16"),
        ("ca-2024-03-05-primary", "ca-state-assembly-79"),
        ("ca-2024-03-05-primary", "ca-state-assembly-75"),
        ("la-2024-03-05-primary", "la4316-9368"),
    ],
)
def test_the_hard_contests_are_not_called_wrongly(result, election, contest_id):
    """The tie of CA-16, the late changes of AD-79 and AD-75, the runoff that vanished in council district 4."""
    assert all(slot["correct"] is not False for slot in contest(result, election, contest_id)["slots"])


def test_the_second_place_of_ca_16_is_never_called(result):
    """It ended in a tie."""
    assert len([slot for slot in contest(result, "ca-2024-03-05-primary", "ca-us-house-16")["slots"] if slot["option"]]) == 1


def test_ninety_percent_intervals_cover(result):
    """Between 87% and 93% of final shares."""
    assert 0.87 <= result["coverage"]["0.9"] <= 0.93


def test_fifty_percent_intervals_cover(result):
    """Between 46% and 54% of final shares."""
    assert 0.46 <= result["coverage"]["0.5"] <= 0.54


def test_chances_are_better_than_every_baseline(result):
    """The Brier score is the smallest."""
    assert result["brier"] < min(rule["brier"] for rule in result["baselines"].values() if "not_run" not in rule)


def test_states_without_calibration_get_arithmetic_calls_only(result):
    """Presidential states of 2020: another regime, said so, and no false call."""
    rows = [row for row in result["per_contest"] if row["election_id"] == "us-president-2020-states"]
    assert {row["basis"].split(":")[0] for row in rows} == {"insufficient calibration"}


def test_the_post_s_model_is_named_with_the_reason_why_it_did_not_run(result):
    """A baseline that cannot run is not left out in silence."""
    assert "the votes of an earlier election" in result["baselines"]["elex_model"]["not_run"]


def test_the_archive_is_done_in_two_minutes(result):
    """Under 120 seconds, reading not counted."""
    assert result["seconds"] < 120


def test_the_result_is_json(result):
    """Every figure can be written."""
    assert json.loads(json.dumps(result, allow_nan=False))["contests"] == 668
