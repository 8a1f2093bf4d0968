"""Careers told by what somebody did: served in a body, held a seat, founded a group; and who is meant by a former post."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Trace, Verdict
from racecall.coverage.parsing import ANY, C, Item, P, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.rows import Organization, Post
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged


def careers(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "has served in the Assembly", "Our Revolution, which Sanders founded", "the former labor organizer"."""
    for word, reading in ((SAT, _served), (STARTED, _founded), (WAS, _former)):
        if word.search(parsed.text):
            yield from reading(parsed, scene)


SAT = re.compile(r"\b(?:serv(?:ed|es|ing)|sat|sits|sitting|been) (?:in|on) |\bmember of ")
STARTED = re.compile(r"founded|started|launched|created")
WAS = re.compile(r"\b[Tt]he (?:former|one-?time|ex-)")
"""Words without which none of it is said."""


SERVED = Pattern(
    rf"(?P<who>{C}|{P})(?:,? (?:(?:who|which|and) )?[^.;{{}}]{{0,50}}?)? "
    r"(?P<words>(?:(?:ha[sd] )?(?:served|serves|serving|sat|sits|sitting|has been) (?:in|on)|(?:is |was )?a (?:former )?member of) "
    r"(?:the |L\.A\.'s )?"
    r"(?P<body>(?:[Ss]tate |[Cc]ity |L\.A\. |Los Angeles )*(?:Assembly|Senate|House|Congress|[Pp]lanning [Cc]ommission|Legislature)))\b"
)
NEVER = re.compile(r"\b(?:never|not)\b|n't")
SMALL = frozenset({"state", "city", "l.a.", "los", "angeles", "the"})
"""Words that say where a body is."""


def _served(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Confirm that somebody sits or sat in a body; what is not recorded is not contradicted."""
    for found in SERVED.finditer(parsed.skeleton):
        who = () if NEVER.search(found.group()) else parsed.item(found["who"]).who
        words = {word for word in found["body"].lower().split() if word not in SMALL}
        posts = scene.race.coverage.posts(who[0].person) if len(who) == 1 and who[0].person else ()
        post = next((one for one in posts if words <= set(one.organization.lower().split())), None)
        if post:
            claim = claim_at(parsed, "person", *parsed.span(*found.span("words")), who=who[0].id, attribute="post")
            yield judged(scene, claim, Verdict.CONFIRMED, f"{who[0].name}: {post.role}, {post.organization}.", [_trace(post)])


def _trace(post: Post) -> Trace:
    return Trace(table="post", row=post.id, column="role", value=post.role, words=f"{post.role}, {post.organization}")


FOUNDED = Pattern(
    rf"(?P<org>{P}),? (?P<words>(?:(?:the|a|an) (?:[\w-]+ ){{0,3}}?(?:group|organization|outfit|committee) )?(?:which |that )?"
    rf"(?P<who>{ANY}) (?:had |has )?(?:co-)?(?:founded|started|launched|created))\b|"
    rf"(?P<org2>{P}),? (?P<words2>(?:(?:the|a|an) (?:[\w-]+ ){{0,3}}?(?:group|organization|outfit|committee) |which was )?"
    rf"(?:co-)?(?:founded|started|launched|created) by (?:\w+\. )?(?P<who2>{ANY}))"
)


def _founded(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Hold who founded a group against what is recorded of it."""
    rows = {row.id: row for row in scene.race.coverage.of(Organization) if row.founder}
    for found in FOUNDED.finditer(parsed.skeleton):
        body = parsed.item(found["org"] or found["org2"]).who
        who = parsed.item(found["who"] or found["who2"]).who
        row = rows.get(body[0].id) or next((one for one in rows.values() if one.name == body[0].name), None) if len(body) == 1 else None
        if row and len(who) == 1:
            person = scene.race.coverage.people.get(row.founder)
            words = f"{row.name}: founded by {person.name if person else row.founder}"
            claim = claim_at(
                parsed, "person", *parsed.span(*found.span("words" if found["words"] else "words2")), who=row.id, attribute="founder"
            )
            verdict = Verdict.CONFIRMED if row.founder in {who[0].person, who[0].id} else Verdict.CANNOT_CHECK
            trace = Trace(table="organization", row=row.id, column="founder", value=row.founder, words=words)
            yield judged(scene, claim, verdict, f"{words}.", [trace])


FORMER = re.compile(r"the (?:former|one-?time|ex-) ?(?P<role>.+)", re.IGNORECASE)


def _former(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "the former labor organizer" as who is meant, and hold it against what has ended."""
    for item in parsed.items:
        named = FORMER.fullmatch(parsed.text[item.start : item.end]) if item.mark == "C" and len(item.who) == 1 else None
        if named and (post := _ended(item, named["role"].lower(), scene)):
            claim = claim_at(parsed, "person", item.start, item.end, who=item.who[0].id, attribute="post", role=named["role"].lower())
            yield judged(scene, claim, Verdict.CONFIRMED, f"{item.who[0].name} was {post.role}.", [_trace(post)])


def _ended(item: Item, role: str, scene: Scene) -> Post | None:
    posts = scene.race.coverage.posts(item.who[0].person) if item.who[0].person else ()
    held = (post for post in posts if role in {post.role.lower(), *(alias.lower() for alias in post.aliases)})
    return next((post for post in held if post.ended or (post.end and post.end < scene.race.now.date())), None)
