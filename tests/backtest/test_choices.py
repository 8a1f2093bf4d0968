"""What would have come without the choices made with results in view: the table of docs/methods/calibration.md."""

from pathlib import Path

import pytest

from racecall.backtest.choices import CHOICES, figures_under
from racecall.backtest.spreads import Spread, settings_of

NIGHTS = ("2024-03-05", "2022-11-08")
FALSE = {
    "shipped": (0, 0),
    "no_floor": (1, 1),
    "first_round_drift": (1, 0),
    "committee": (0, 0),
    "measured": (1, 0),
    "measured_no_floor": (1, 0),
    "one_spread": (4, 0),
    "other_nights": (5, 0),
    "other_nights_no_floor": (6, 0),
}


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("name", CHOICES)
def test_the_table_of_choices_is_what_the_code_gives(archive, calibration, name):
    """False contests of March 2024 and November 2022 under each choice, and the row of the page says so."""
    made = figures_under(CHOICES[name], archive, calibration, NIGHTS)
    page = (Path(__file__).resolve().parents[2] / "docs/methods/calibration.md").read_text("utf-8")
    cells = [f"{len(night.false)}/{night.contests}, {night.median:.1%}, {night.by60:.1%}, {night.by75:.1%}" for night in made]
    row = f"| {CHOICES[name].title} | {cells[0]} | {cells[1]} |"
    assert (tuple(len(night.false) for night in made), row in page) == (FALSE[name], True), row


def test_a_class_that_was_not_seen_takes_the_nearest_one():
    """Where no first round was seen, first rounds have the spread of generals, and a crowd makes no difference."""
    made = settings_of({"general": Spread(pairs=100, rms=0.171)})
    assert (made.first_round, made.crowded) == (0.17, 1.0)


def test_a_class_with_few_pairs_has_no_spread_of_its_own():
    """Nine pairs are too few to measure a spread by."""
    made = settings_of({"general": Spread(pairs=100, rms=0.17), "first_round": Spread(pairs=9, rms=0.9)})
    assert made.first_round == 0.17
