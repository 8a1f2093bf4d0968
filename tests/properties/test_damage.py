"""No document, however damaged, does more than be refused: every feed, its own formats and those of the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grown import GROWN, ONE_DIGIT, WITH_TOTALS, grown
from racecall.desk.plugins import load_feeds
from racecall.errors import RacecallError
from racecall.feeds import registry
from racecall.feeds.text import Limits, unpack
from racecall.testing_fuzz import DAMAGES, TOKEN, damaged, damaged_documents
from resources import measure
from seeds import seeds

FEEDS = {feed.id: feed for feed in load_feeds()}
SEEDS = seeds()
EVERY = [document for documents in SEEDS.values() for document in documents]
LIMITS = Limits(max_bytes=1 << 24)
SECONDS_FLOOR, SECONDS_PER_MEGABYTE = 6, 2
"""The promise is one second a megabyte (docs/fuzzing.md); a busy machine is allowed twice as much."""
LARGEST = {"hand": 0.25}
"""Megabytes of the largest document that is read, where a reader refuses large ones in words."""
PACKED = {"excel": 12}
"""How much larger a document is when it is unpacked."""
TIMES, FLOOR = 20, 40
"""Memory: megabytes for a megabyte, and at least: what Polars itself takes for a first table is more than twenty small files."""
NOISE = 1.25
"""Statements with totals stand at 10 to 20 times; the allocator of another machine may take so much more before the test fails."""


def test_every_feed_has_seeds_and_a_large_document():
    """A feed that is added is fuzzed and measured too."""
    assert set(FEEDS) == set(SEEDS) == set(GROWN)


@pytest.mark.parametrize("feed", sorted(SEEDS))
def test_every_seed_is_read(feed):
    """What nobody reads would test nothing."""
    assert all(FEEDS[feed].parse(document) for document in SEEDS[feed])


@pytest.mark.parametrize("feed", sorted(SEEDS))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused_in_words(feed, data):
    """Its own formats, damaged and packed: nothing but our own errors, which say something."""
    seed = data.draw(st.sampled_from(SEEDS[feed]))
    survive(feed, seed, data.draw(damaged_documents([seed.data])))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(feed=st.sampled_from(sorted(FEEDS)), seed=st.sampled_from(EVERY))
def test_a_document_of_another_format_is_read_or_refused_in_words(feed, seed):
    """Somebody named the wrong feed."""
    survive(feed, seed, seed.data)


@pytest.mark.parametrize("name", [document.capture.name for documents in SEEDS.values() for document in documents[1:]])
def test_a_damaged_companion_does_no_harm(name):
    """The file beside the document is as little to be trusted."""
    for feed in ("la_counters", "sf_orr"):
        seed, other = SEEDS[feed][0], next(document for document in EVERY if document.capture.name == name)
        survive(feed, replace(seed, companions=dict.fromkeys(seed.companions, damaged(other.data, Random(name)))), seed.data)


def survive(feed, seed, packed):
    """Unpack, recognise and read; only our own errors may come back."""
    try:
        document = replace(seed, data=unpack(seed.capture.name, packed, LIMITS))
        FEEDS[feed].sniff(document)
        FEEDS[feed].parse(document)
        registry.recognise(document, FEEDS.values())
    except RacecallError as error:
        if not error.problem:
            pytest.fail("it refuses without a word")


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damage_changes_a_document(damage):
    """Twenty times, once at least: a damage that changes nothing tests nothing."""
    tokens = TOKEN.findall(SEEDS["table"][1].data)

    assert any(damage(tokens, Random(seed)) != tokens for seed in range(20))


def _named(given):
    return given if isinstance(given, str) else next(name for name, among in AMONG.items() if among is given)


AMONG = {"alone": GROWN, "with totals": WITH_TOTALS, "of one digit": ONE_DIGIT}


@pytest.mark.parametrize("megabytes", [1, pytest.param(4, marks=pytest.mark.slow), pytest.param(16, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("feed", "among"), [(feed, among) for among in AMONG.values() for feed in sorted(among)], ids=_named)
def test_a_large_document_takes_time_and_memory_in_proportion(feed, among, megabytes, tmp_path):
    """Seconds and megabytes for each megabyte, of the processor and of the whole process."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("reads the size of a process where Linux has it")
    name, data = grown(feed, min(megabytes, LARGEST.get(feed, megabytes)), among)
    size = max(len(data) * PACKED.get(feed, 1) / (1 << 20), 1)

    taken = measure(feed, name, data, tmp_path)

    assert "releases" in taken.answer
    assert taken.seconds < max(SECONDS_FLOOR, SECONDS_PER_MEGABYTE * size)
    assert taken.megabytes < max(FLOOR, TIMES * size) * (1 if among is GROWN else NOISE)
