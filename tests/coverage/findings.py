"""Checked stories made by hand, for tests of what counts what was found."""

from __future__ import annotations

from datetime import datetime

from coverage.texts import Text, text_of
from racecall.coverage.claims import CheckedClaim, CheckedStory, Claim, Verdict
from racecall.coverage.document import Role, Sentence

AS_OF = datetime.fromisoformat("2017-04-05T12:30:00-07:00")


def a_text(text="Gomez had 8,156 votes, and Ahn led.", claims=(("8,156 votes", "votes", "confirmed"),), **more) -> Text:
    """A text about the primary of 2017, with words, type and verdict of its claims."""
    marked = [{"words": words, "type": type_, "verdict": verdict, "why": ""} for words, type_, verdict in claims]
    return text_of({"id": "t", "manner": "alert", "election": "ca34-2017", "as_of": AS_OF, "text": text, "claim": marked} | more)


def found(text: Text, *claims: tuple[str, str, str]) -> CheckedStory:
    """What would be found in a text: words, type and verdict, each in the block where the words stand."""
    return CheckedStory(
        document=text.document,
        sentences=(),
        claims=tuple(_claim(text, *claim) for claim in claims),
        remarks=(),
        as_of=text.as_of,
    )


def as_expected(text: Text) -> CheckedStory:
    """All that is marked, as it is marked."""
    return found(text, *((one.words, one.types[0], one.verdicts[0].value) for one in text.expected))


def _claim(text: Text, words: str, type_: str, verdict: str) -> CheckedClaim:
    block, at = next((number, block.text.index(words)) for number, block in enumerate(text.document.blocks) if words in block.text)
    whole = text.document.blocks[block].text
    sentence = Sentence(number=0, block=block, start=0, end=len(whole), text=whole, role=Role.BODY)
    return CheckedClaim(claim=Claim(type=type_, sentence=sentence, start=at, end=at + len(words)), verdict=Verdict(verdict), reason="")
