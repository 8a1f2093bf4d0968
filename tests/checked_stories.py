"""A story checked by hand, with every verdict in it: what the outputs are tried on. The counts are those of April 2017."""

from __future__ import annotations

from datetime import UTC, datetime

from racecall.coverage.claims import CheckedClaim, CheckedStory, Claim, Remark, Trace, Verdict
from racecall.coverage.document import Document, Sentence
from racecall.coverage.reading import read_story

AS_OF = datetime(2017, 4, 18, 19, 0, tzinfo=UTC)
HELD = "the certified count of 14 April 2017"
HEAD = "40fc230f1762" + "0" * 52

TEXT = """Gomez and Ahn will meet in June

Assemblyman Jimmy Gomez finished first in the 4 April primary for the 34th District with 10,728 votes. He took 28% of \
the vote, nine points ahead of Robert Lee Ahn.

The Associated Press called both places in the runoff for them on election night, and they meet on 6 June. With every \
precinct in, only a handful of ballots were left to count.

Gomez’s 25.4% of all ballots came on a turnout of 14% of registered voters. Thousands of votes, about 200, separated \
them. The canvass took ten days.

Dozens of elected officials had endorsed him, more than any rival. Critics have accused him of owing favors. It was a \
stunning night for an outsider, who finished 5,156 votes ahead of Maria Cabildo.

Photo: Robert Lee Ahn, left, after he won a place in the runoff.
"""
"""The name of the story is what stands first in it."""

CLAIMS: tuple[tuple[str, str, Verdict, str, str, str], ...] = (
    (
        "Gomez and Ahn will meet in June",
        "status",
        Verdict.CONFIRMED,
        "The count is certified; both advanced.",
        "certified count, 14 April · places 1 and 2",
        "",
    ),
    (
        "finished first in the 4 April primary for the 34th District with 10,728 votes",
        "votes",
        Verdict.CONFIRMED,
        "Rank 1, 10,728.",
        "certified count, 14 April · votes · Gomez = 10,728",
        "",
    ),
    (
        "He took 28% of the vote, nine points ahead of Robert Lee Ahn",
        "share",
        Verdict.STALE,
        "True on 5 April (28.14%, 9.4 points). Certified: 25.4% and 3.1 points.",
        "certified count, 14 April · 10,728 and 9,415 of 42,308",
        "25.4% of the vote, three points ahead of Robert Lee Ahn",
    ),
    (
        "called both places in the runoff for them on election night",
        "call",
        Verdict.OVERSTATED,
        "AP called place 1. No row we hold has AP calling place 2.",
        "call log · AP · place 1 = Gomez, 5 April",
        "called the first place in the runoff for Gomez on election night",
    ),
    ("they meet on 6 June", "date", Verdict.CONFIRMED, "The day of the runoff.", "calendar · runoff = 2017-06-06", ""),
    (
        "only a handful of ballots were left to count",
        "outstanding",
        Verdict.CONTRADICTED,
        "About 13,400 were out. A handful is read as 3 to 7.",
        "ballots out · 5 April · 13,400 · county, as printed",
        "about 13,400 ballots were left to count",
    ),
    (
        "25.4% of all ballots",
        "share",
        Verdict.AMBIGUOUS_BASE,
        "25.4% is his share of votes. Of ballots it is 25.0%.",
        "certified count, 14 April · 10,728 / 42,308 votes",
        "25.4% of the vote",
    ),
    ("a turnout of 14% of registered voters", "turnout", Verdict.CONFIRMED, "14.04%.", "certified count, 14 April · 42,914 / 305,551", ""),
    (
        "Thousands of votes, about 200, separated them",
        "margin",
        Verdict.UNDERSTATED,
        "The margin is 1,313 votes.",
        "certified count, 14 April",
        "",
    ),
    (
        "Dozens of elected officials had endorsed him, more than any rival",
        "endorse_count",
        Verdict.CANNOT_CHECK,
        "Four officeholders are recorded, and the list is not marked whole.",
        "endorsements · officeholder, primary · 4 rows",
        "",
    ),
    ("Critics have accused him of owing favors", "allegation", Verdict.ALLEGATION, "An accusation is recorded and not rated.", "", ""),
    ("It was a stunning night for an outsider", "opinion", Verdict.OPINION, "No record could settle it.", "", ""),
    (
        "finished 5,156 votes ahead of Maria Cabildo",
        "margin",
        Verdict.CONFIRMED,
        "9,415 less 4,259.",
        "certified count, 14 April · margin of place 2 over 3",
        "",
    ),
)
"""Words, family, verdict, reason, row, better words."""
REMARKS = (("who-accuses", "Critics have accused him", "An accusation without somebody who makes it."),)


def sentences_of(document: Document) -> tuple[Sentence, ...]:
    """Cut a story at full stops; enough for the stories here."""
    found: list[Sentence] = []
    for number, block in enumerate(document.blocks):
        start = 0
        for text in block.text.replace(". ", ".\0").split("\0"):
            found.append(Sentence(number=len(found), block=number, start=start, end=start + len(text), text=text, role=block.role))
            start += len(text) + 1
    return tuple(found)


def _claim(sentences: tuple[Sentence, ...], words: str, type_: str) -> Claim:
    sentence = next(one for one in sentences if words in one.text)
    start = sentence.text.index(words)
    return Claim(type=type_, sentence=sentence, start=start, end=start + len(words), args={"subject": "gomez", "bounds": (1, 2)})


def _checked(sentences: tuple[Sentence, ...], said: tuple[str, str, Verdict, str, str, str]) -> CheckedClaim:
    words, type_, verdict, reason, row, suggestion = said
    evidence = (Trace(table="release", row="12", column="votes[gomez]", value=10728, words=row, at=AS_OF),) if row else ()
    claim = _claim(sentences, words, type_)
    return CheckedClaim(claim=claim, verdict=verdict, reason=reason, evidence=evidence, as_of=AS_OF, suggestion=suggestion)


def checked_story(text: str = TEXT, name: str = "story.txt") -> CheckedStory:
    """Return the story as somebody checked it by hand."""
    document = read_story(name, text.encode())
    sentences = sentences_of(document)
    remarks = tuple(
        Remark(check=check, sentence=claim.sentence, start=claim.start, end=claim.end, words=told)
        for check, words, told in REMARKS
        if any(words in one.text for one in sentences)
        for claim in (_claim(sentences, words, ""),)
    )
    claims = tuple(_checked(sentences, said) for said in CLAIMS if any(said[0] in one.text for one in sentences))
    return CheckedStory(document=document, sentences=sentences, claims=claims, remarks=remarks, as_of=AS_OF, head=HEAD, held=HELD)
