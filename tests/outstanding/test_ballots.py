"""From paper to votes: issued, returned, on hand, and what of it reaches a contest. Truth is simulated and recovered."""

import numpy as np
import pytest

from racecall.errors import UsageError
from racecall.outstanding.ballots import (
    COMES_OF,
    Estimate,
    OnTheWay,
    contest_share,
    fall_off,
    from_issued,
    from_returns,
    from_statement,
    joined,
    summed,
    votes_on_the_way,
)
from racecall.outstanding.experience import Experience, logit
from racecall.outstanding.path import CountPath
from racecall.outstanding.volume import VolumeClues, estimate_volume

RUNS = 1000


def covered(pairs, level=0.9):
    """How often the interval of an estimate holds the truth beside it."""
    return np.mean([low <= truth <= high for made, truth in pairs for low, high in [made.interval(level)]])


def test_a_statement_s_interval_holds_what_comes():
    """1,000 simulated statements, each category wrong by its own factor: 90% intervals hold the sum in 87% to 93%.

    Seeded; with a right interval the rate leaves these bounds in about two runs in a thousand.
    """
    rng = np.random.default_rng(1)
    said = {"mail": 300_000.0, "provisional": 40_000.0, "other": 9_000.0}
    factors = {name: (COMES_OF[name].likely, COMES_OF[name].log_sd) for name in said}
    truths = [sum(n * factors[c][0] * np.exp(factors[c][1] * rng.standard_normal()) for c, n in said.items()) for _ in range(RUNS)]
    assert 0.87 <= covered([(from_statement(said), truth) for truth in truths]) <= 0.93


def test_mail_on_hand_is_raised_by_mail_in_the_post():
    """A first-day figure of mail leaves out what has not arrived; one that counts arrivals does not."""
    assert from_statement({"mail": 1000}).likely > from_statement({"mail": 1000}, includes_arrivals=True).likely == pytest.approx(1000)


def test_provisional_ballots_are_not_all_counted():
    """Part of them is rejected."""
    assert from_statement({"provisional": 1000}).likely < 1000


def test_a_total_beside_its_categories_is_refused():
    """Both would be counted twice."""
    with pytest.raises(UsageError, match=r"a total or its categories; both would be counted twice\.\nKeep the categories"):
        from_statement({"total": 1000, "mail": 800})


def test_an_unknown_category_is_refused_with_the_known_ones():
    """The message lists what can be said."""
    with pytest.raises(UsageError, match=r"by category \(mail, provisional, conditional, other, total\); found .*pigeon"):
        from_statement({"pigeon": 10})


def test_returns_recover_what_is_left():
    """Simulated: 97% +- 1% of 100,000 returned are good, 60,000 counted, 8,000 arrive (+- 30%): 90% intervals hold in 86% to 94%.

    Seeded; a right interval leaves these bounds in about one run in ten thousand.
    """
    rng = np.random.default_rng(2)
    accepted, arriving = Estimate(likely=0.97, log_sd=0.01), Estimate(likely=8_000, log_sd=0.3)
    made = from_returns(returned=100_000, counted=60_000, accepted=accepted, arriving=arriving)
    good = 0.97 * np.exp(0.01 * rng.standard_normal(RUNS))
    truths = 100_000 * good - 60_000 + good * 8_000 * np.exp(0.3 * rng.standard_normal(RUNS))
    assert 0.86 <= covered([(made, truth) for truth in truths]) <= 0.94


def test_more_counted_than_returned_is_refused():
    """The figures are of two count types, and the message says what to check."""
    with pytest.raises(UsageError, match=r"120 ballots are counted of 100 returned\.\nCheck that both figures are of one count type"):
        from_returns(returned=100, counted=120, accepted=Estimate(likely=1, log_sd=0))


def test_issued_ballots_recover_what_returns():
    """Simulated: 1,000,000 issued, 40% (+- 5% of it) come back, 200,000 are back: 90% intervals of the rest hold in 86% to 94%."""
    rng = np.random.default_rng(3)
    made = from_issued(issued=1e6, returned=200_000, rate=Estimate(likely=0.40, log_sd=0.05))
    truths = 1e6 * 0.40 * np.exp(0.05 * rng.standard_normal(RUNS)) - 200_000
    assert 0.86 <= covered([(made, truth) for truth in truths]) <= 0.94


def test_more_returned_than_issued_is_refused():
    """The message says what to check."""
    with pytest.raises(UsageError, match=r"11 ballots were returned of 10 issued\.\nCheck the two figures' dates"):
        from_issued(issued=10, returned=11, rate=Estimate(likely=0.5, log_sd=0.1))


def test_a_contest_s_share_recovers_the_truth():
    """Simulated: a contest on 20% of the counted ballots, its share of the rest off by 10%: 90% intervals hold in 86% to 94%."""
    rng = np.random.default_rng(4)
    pairs = []
    for _ in range(RUNS):
        seen = rng.binomial(5_000, 0.2)
        truth = 0.2 * np.exp(0.1 * 0.8**0.5 * rng.standard_normal())
        pairs.append((contest_share(contest=seen, whole=5_000), truth))
    assert 0.86 <= covered(pairs) <= 0.94


def test_a_contest_of_the_whole_county_has_all_of_it():
    """A county-wide contest on every ballot: its share is one, and nearly sure."""
    made = contest_share(contest=100_000, whole=100_000)
    assert (made.likely, made.log_sd) == (pytest.approx(1, abs=1e-4), pytest.approx(0, abs=0.01))


def test_fall_off_by_count_type_is_recovered():
    """Simulated: 92% of mail ballots and 85% of ballots at the polls have a vote; 40,000 and 20,000 ballots give both to half a point."""
    rng = np.random.default_rng(5)
    made = fall_off([40_000, 20_000], [rng.binomial(40_000, 0.92), rng.binomial(20_000, 0.85)])
    assert [one.likely for one in made] == pytest.approx([0.92, 0.85], abs=0.005)


def test_a_type_with_few_ballots_borrows_from_the_others():
    """Three provisional ballots without a vote do not make a fall-off of 100%."""
    assert fall_off([10_000, 3], [9_000, 0])[1].likely > 0.85


def test_estimates_that_agree_are_surer_together():
    """Two of 20% make one of 14%."""
    assert joined([Estimate(likely=100, log_sd=0.2), Estimate(likely=100, log_sd=0.2)]).log_sd == pytest.approx(0.2 / 2**0.5)


def test_estimates_that_disagree_are_less_sure_together():
    """100 and 1,000, each said to be known to 10%: the spread is widened until both fit."""
    assert joined([Estimate(likely=100, log_sd=0.1), Estimate(likely=1000, log_sd=0.1)]).log_sd > 0.5


def test_a_sum_of_nothing_is_nothing():
    """No ballots on hand, none to come."""
    assert summed([]).likely == 0


def volume(on_the_way=None):
    path = CountPath(hours=np.array([1.0, 6.0, 40.0]), votes=np.array([[540.0, 360.0], [600.0, 400.0], [700.0, 500.0]]))
    clues = VolumeClues(
        curve=Experience().curve("", ""),
        night_log_odds=np.full(3, float(logit(0.5))),
        comparable_total=np.full(3, np.nan),
        on_the_way=on_the_way,
    )
    return estimate_volume(path, clues)


def test_the_volume_follows_ballots_on_the_way():
    """600 ballots known to be on the way (a tenth of doubt) pull the figure from the curve nearly all the way."""
    made = volume(votes_on_the_way([None, None, Estimate(likely=600, log_sd=0.05)], *[Estimate(likely=1, log_sd=0.05)] * 2))
    assert abs(np.log(made.likely[2] / 600)) < abs(np.log(volume().likely[2] / 600)) / 3


def test_without_ballots_on_the_way_nothing_changes():
    """Where nothing was public the volume is what it was."""
    nothing = OnTheWay(likely=np.full(3, np.nan), log_sd=np.full(3, np.nan))
    assert volume(nothing).likely.tolist() == volume().likely.tolist()
