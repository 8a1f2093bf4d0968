"""Python's collector is kept away while people wait, and is as it was afterwards."""

import gc

from racecall.desk import collector
from racecall.desk.collector import kept_away, spare_for_good


def test_it_is_as_it_was_afterwards() -> None:
    """Also when what is inside has failed, and when one block stands in another."""
    before, spared = gc.get_threshold(), gc.get_freeze_count()
    with kept_away():
        with kept_away():
            pass
        inside = (gc.get_threshold(), gc.get_freeze_count() > spared)

    assert inside == (collector.SELDOM, True)
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, spared)


def test_what_is_spared_for_good_stays_so() -> None:
    """A desk that publishes keeps out of the collector's rounds what it took out when it began."""
    try:
        spare_for_good()
        with kept_away():
            pass
        spared = gc.get_freeze_count()
    finally:
        gc.unfreeze()
        collector._is_spared = False

    assert spared > 0
