"""Nothing from the future: cutting a night after a look changes nothing at or before the look."""

import numpy as np
import pytest

from racecall.calls.night import judge_night


def cut(contest, hour):
    """The count of a contest as it was at an hour, None if nothing was counted yet."""
    look = int(np.searchsorted(contest.path.hours, hour, side="right")) - 1
    return contest.count.until(look) if look >= 0 else None


@pytest.mark.parametrize("hour", [0.5, 5.0, 9.5, 30.0, 120.0])
@pytest.mark.parametrize("night", ["2024-03-05", "2022-11-08", "2023-11-07"])
def test_a_look_is_judged_from_what_was_public_then(archive, calibration, night, hour):
    """The score of every contest at an hour is the same whether or not later releases of the whole night are in the file."""
    contests = [contest for election in archive for contest in election.contests if contest.setting.night == night]
    experience = calibration.experience(night)
    whole = judge_night([contest.count for contest in contests], experience)
    pairs = [(full, count) for full, contest in zip(whole, contests, strict=True) if (count := cut(contest, hour)) is not None]
    then = judge_night([count for _, count in pairs], experience)
    same = [
        np.allclose(full.scores.place[: len(part.count.path.hours)], part.scores.place, rtol=0, atol=1e-9)
        for (full, _), part in zip(pairs, then, strict=True)
    ]
    assert all(same)


def test_the_experience_of_a_night_holds_nothing_of_the_night(calibration):
    """Leaving a night out leaves its lesson out."""
    assert "2024-03-05" not in {lesson.night for lesson in calibration.experience("2024-03-05").lessons}


def test_the_threshold_of_a_night_is_fitted_without_it(calibration):
    """The contests behind a threshold are those of other nights."""
    own = sum(maximum.night == "2022-11-08" for maximum in calibration.maxima)
    late_mail = sum(maximum.regime.value == "late_mail" for maximum in calibration.maxima)
    assert calibration.threshold("CA", "2022-11-08", 0.005).contests == late_mail - own
