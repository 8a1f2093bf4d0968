"""The copy desk on a race nobody wrote it for: a county's file with names in capitals, two counts an hour apart, nothing else recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import FINE, LATER, county_json, file, racecall, recorded

AT = "2022-11-08T22:30"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600, 350 and 150 votes at nine; 800, 700 and 200 at ten."""
    folder = tmp_path_factory.mktemp("night")
    made = recorded(folder)
    assert racecall("add", made, file(folder, "later.json", county_json(LATER, "2022-11-08T22:00:00")), "--backfill").code == FINE
    return made


def verdicts(night: Path, sentence: str) -> Iterator[tuple[str, str]]:
    """What is found in a sentence: the words and the verdict."""
    story = file(night.parent, "story.txt", sentence)
    claims = racecall("check", story, "--in", night, "--as-of", AT, "--title", "Votes are counted", "--format", "json").json["claims"]
    return ((claim["text"], claim["verdict"]) for claim in claims)


@pytest.mark.parametrize(
    "sentence",
    [
        "Lee led Núñez, 47.1% to 41.2%, late Tuesday.",
        "Ann Lee had 47.1% of the vote, compared with 41.2% for Bo Núñez.",
        "Lee has won 47.1 percent, Nunez 41.2 and Roe 11.8.",
        "With 1,700 votes counted, Lee led by 5.9 points.",
        "With 1,100 votes counted, Lee led by 22.7 points.",
        "Lee's share fell from 54.5% to 47.1%.",
        "Núñez cut Lee's lead from 250 votes to 100.",
        "The update added 600 votes.",
        "The 10 p.m. update added 600 votes, and about 58% of them went to Núñez.",
        "About 58% of the votes in the update went to Núñez.",
        "Lee led Roe by 4 to 1.",
        "Yes votes led no votes on Measure A, 50.4% to 49.6%.",
        "Three candidates are running for mayor.",
    ],
)
def test_what_is_true_is_confirmed(night, sentence):
    """Every claim that is found, and one at least."""
    assert {verdict for _, verdict in verdicts(night, sentence)} == {"confirmed"}


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Ann Lee had 47.1% of the vote, compared with 42.1% for Bo Núñez.", "42.1%"),
        ("Lee led Roe 5-1.", "5-1"),
        ("Lee had 800 votes and Núñez 780.", "780"),
        ("Roe was second with 200 votes.", "second"),
    ],
)
def test_what_is_false_is_contradicted(night, sentence, wrong):
    """The figure that is wrong, and no other."""
    assert [text for text, verdict in verdicts(night, sentence) if verdict == "contradicted"] == [wrong]


@pytest.mark.parametrize(
    "sentence",
    [
        "In the June primary, Lee finished first with 31% of the vote.",
        "Lee led among absentee voters with 62%.",
        "Núñez was ahead among mail ballots.",
        "In Riverside Heights, Núñez won 55% of the vote.",
        "Four years ago, Lee won with 61% of the vote.",
        "A poll last month had Núñez at 44% and Lee at 39%.",
        "Fewer than 1 in 10 registered voters cast ballots.",
        "The latest batch broke 350 to 200 for Núñez.",
        "Measure A was winning 700 to 690.",
    ],
)
def test_what_the_count_says_nothing_of_is_not_contradicted(night, sentence):
    """Another election, some of the ballots, a part of the city, a poll."""
    assert [claim for claim in verdicts(night, sentence) if claim[1] in {"contradicted", "stale"}] == []
