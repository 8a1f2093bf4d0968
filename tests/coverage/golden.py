"""The two newspaper stories that the copy desk was made for: the words to find in them, and what is right to say of each.

    PYTHONPATH=tests .venv/bin/python -m coverage.golden [--misses]

The stories are not ours to keep, so only a few words of each claim stand here; the texts are read from the folder `shared` beside the
checkout. Ids are those of the list of claims there (`data/coverage/story_claims.psv`).
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path

from coverage.scoring import as_table, misses, score
from coverage.texts import Expected, Text, document_of, place_in
from racecall.coverage.claims import Verdict
from racecall.coverage.document import Role

SHARED = Path(__file__).resolve().parents[3] / "shared"
STORIES = {
    "results": ("results-2017-04-05.txt", datetime.fromisoformat("2017-04-05T12:00:00-07:00"), (Role.HEADLINE, Role.CAPTION)),
    "debate": ("debate-2017-05-26.txt", datetime.fromisoformat("2017-05-26T13:18:00-07:00"), (Role.CAPTION,)),
}
"""File, when it was published, and what its first paragraphs are; the rest is body.

5 April, noon: the story has the agency's call of the first place and not the one of the second, which came at about 18:00; and it has the
county's Friday and its uncounted ballots, which the record holds from noon. 26 May, 13:18: the minute in the address of the page.
"""
FIRST_WORDS = " date 2017-05-26 "
"""What the file of the debate has before its caption."""

Row = tuple[str, str, str, str]
CLAIMS: dict[str, tuple[Row, ...]] = {
    "results": (
        ("R1", "appear headed to a runoff", "status", "confirmed"),
        ("R2", "The two candidates will meet", "status", "overstated"),
        ("R2", "head-to-head in a June 6 runoff", "date status", "confirmed overstated"),
        ("R5", "Assemblyman Jimmy Gomez", "person", "confirmed"),
        ("R6", "will advance to a runoff", "status", "confirmed"),
        ("R8", "Fellow Democrat", "party", "confirmed"),
        ("R9", "former L.A. city planning commissioner", "person", "confirmed"),
        ("R10", "was in second place", "rank status", "confirmed"),
        ("R11", "claimed victory early Wednesday", "event", "confirmed"),
        ("R12", "thousands of votes separated him", "margin", "confirmed"),
        ("R13", "will meet in a June 6", "date status", "confirmed"),
        ("R14", "among the 24 in the race", "field", "confirmed"),
        ("R17", "including Becerra", "endorsement", "confirmed"),
        ("R18", "gave up his seat to become", "person event", "confirmed"),
        ("R19", "not be available until Friday", "release date", "confirmed overstated"),
        ("R21", "100% of precincts reporting", "progress", "confirmed"),
        ("R22", "leading with 28% of the vote", "share", "confirmed"),
        ("R23", "Ahn with 19%", "share", "confirmed"),
        ("R24", "ballots are still to be counted", "outstanding", "confirmed"),
        ("R33", "42-year-old", "person", "confirmed"),
        ("R35", "A former union organizer", "person", "confirmed"),
        ("R38", "41-year-old", "person", "confirmed"),
        ("R39", "the only Korean American in Congress", "superlative", "confirmed"),
        ("R41", "more than 4,000 early ballots", "group", "confirmed"),
        ("R44", "20 Democrats and a Green Party member", "party field", "confirmed"),
        ("R46", "favored Sanders over", "other_contest", "confirmed"),
        ("R47", "three candidates ran as", "field person group", "confirmed"),
        ("R48", "Gomez by thousands of votes", "margin", "confirmed"),
        ("R49", "declined to endorse a candidate", "endorsement", "confirmed"),
        ("R15", "a surprising victory", "opinion", "opinion"),
        ("R16", "dozens of endorsements", "endorsement_count", "cannot_check"),
        ("R29", "This is a mandate", "quote opinion", "opinion cannot_check confirmed"),
        ("R51", "allegations of sexism", "allegation", "allegation"),
    ),
    "debate": (
        ("D1", "sparred Thursday night at", "event date", "confirmed"),
        ("D1", "the first and only debate", "superlative event", "confirmed"),
        ("D2", "a debate Thursday night", "event date", "confirmed"),
        ("D2", "Assemblyman Jimmy Gomez sparred in", "person", "confirmed"),
        ("D2", "Attorney Robert Lee Ahn", "person", "confirmed"),
        ("D2", "Assemblyman Jimmy Gomez sparred Thursday", "person", "confirmed"),
        ("D3", "both Democrats", "party", "confirmed"),
        ("D13", "Congress members Ted Lieu and Adam Schiff", "person", "confirmed"),
        ("D14", "Adam Schiff and Ted Lieu have endorsed me", "endorsement", "confirmed"),
        ("D20", "Our Revolution ... would actually endorse me", "endorsement", "confirmed"),
        ("D20", "Bernie Sanders-affiliated group", "person endorsement", "confirmed"),
        ("D22", "gas taxes will increase July 1", "policy date", "contradicted"),
        ("D29", "The election is set for June 6", "date", "confirmed"),
        ("D12", "voters should send an attorney", "opinion", "opinion cannot_check"),
        ("D23", "the gas tax hike Gomez voted for", "roll_call", "cannot_check"),
        ("D24", "38 cents per gallon", "policy quote", "cannot_check confirmed"),
    ),
}
"""Id, words, types and verdicts, the first of each the one we would give. 29 and 13 of them the record settles; the others it does not."""


def read_story(name: str, folder: Path = SHARED / "stories") -> Text:
    """Read one of the two stories, with what is expected of it."""
    file, published, roles = STORIES[name]
    paragraphs = [
        line.strip() for line in (folder / file).read_text(encoding="utf-8").removeprefix(FIRST_WORDS).splitlines() if line.strip()
    ]
    document = document_of(name, list(zip(chain(roles, repeat(Role.BODY)), paragraphs, strict=False)))
    expected = tuple(
        Expected(words, tuple(types.split()), tuple(Verdict(verdict) for verdict in verdicts.split()), id_, place_in(document, words))
        for id_, words, types, verdicts in CLAIMS[name]
    )
    return Text(name, "newspaper story", "ca34-2017", published, document, expected)


def main() -> None:
    """Score the two stories."""
    options = argparse.ArgumentParser(description="How the copy desk reads the two stories it was made for.")
    options.add_argument("--misses", action="store_true", help="a line for each claim that was missed or judged wrongly")
    asked = options.parse_args()
    if not (SHARED / "stories").is_dir():
        raise SystemExit("The stories are in a folder `shared` beside the checkout, which is not here.")
    for name in STORIES:
        result = score([read_story(name)])
        sys.stdout.write("\n".join([name, as_table(result), *(misses(result) if asked.misses else ()), "", ""]))


if __name__ == "__main__":
    main()
