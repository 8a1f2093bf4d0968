"""People: how old they are, what post they hold or held, what makes one of them the only one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.parsing import ANY, C, Item, P, Parsed, Q
from racecall.coverage.patterns import Pattern
from racecall.coverage.roster import Named
from racecall.coverage.rows import Organization, Person, Post, Review, StatedClaim
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged, right

ROLES = (
    r"(?:state )?(?:secretary of state|treasurer|controller|lieutenant governor|supervisor|assembly ?(?:man|woman|member)|"
    r"attorney general|attorney|lawyer|senator|sen\.|rep\.|congress(?:man|woman|member)|representative|council(?:man|woman|"
    r"member)|mayor|governor|"
    r"planning commissioner|commissioner|consultant|strategist|spokes(?:man|woman|person)|organizer|labor organizer|"
    r"union organizer|businessman|small[- ]business ?owner|businesswoman|"
    r"lawmaker|legislator|activist|nonprofit (?:executive|leader|founder)|teacher|member of congress|campaign manager|"
    r"political director|aide|adviser|state lawmaker|house member)"
)
TITLE = Pattern(
    r"\b(?!and |or )(?P<former>[Ff]ormer |[Ee]x-|then-|one-time )?(?P<role>(?:(?:(?-i:[A-Z][\w.']+)|city|county|state|local|"
    rf"campaign|deputy|community|civil rights|labor|union|business) ){{0,4}}?{ROLES})(?:,|"
    rf" and [\w ]{{3,40}}?)? (?P<who>{ANY})",
    re.IGNORECASE,
)
APPOSITION = Pattern(
    rf"(?P<who>{ANY})(?:, {Q}|, (?:the|an?) (?:son|daughter|child) of [^,;{{}}]{{3,50}})?,? "
    rf"(?:(?:(?:who|which) )?(?:is|was|has been|had been) )?(?:also )?(?:an?|the) (?P<former>former |"
    rf"ex-|one-time )?(?P<role>(?:[\w.'{{}}-]+ ){{0,5}}?{ROLES})\b(?!-elect)",
    re.IGNORECASE,
)
FOR = Pattern(
    rf"(?P<who>{P}), an? (?P<former>former )?(?P<role>(?:\w+ ){{0,3}}?(?:consultant|strategist|spokes\w+|adviser|aide|"
    rf"manager)) (?:for|to|with|of) (?:the )?(?P<whom>{C})",
    re.IGNORECASE,
)
TITLE_AFTER = Pattern(
    rf"(?P<who>{ANY}), (?P<whom>{C})'s (?P<role>(?:\w+ ){{0,2}}?(?:consultant|strategist|spokes\w+|adviser|manager))", re.IGNORECASE
)
SAME = (
    ("assemblyman", "assemblywoman", "assemblymember", "assembly member"),
    ("attorney", "lawyer"),
    ("congressman", "congresswoman", "representative", "rep.", "member of congress", "house member", "us representative"),
    ("lawmaker", "legislator", "assemblyman", "assembly member", "state lawmaker"),
    ("senator", "sen."),
    ("spokesman", "spokeswoman", "spokesperson"),
)


def age(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "The 42-year-old Gomez", "Gomez, 42"."""
    quantity = item.quantity
    who = _whose_age(parsed, item, scene)
    if quantity is None or who is None:
        return
    claim = claim_at(parsed, "person", item.start, item.end, who=who.id, attribute="age", value=quantity.value)
    person = _person(who, scene)
    today = scene.race.now.date()
    known = _age(person, today) if person else None
    if person is None or known is None:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, f"No day of birth of {who.name} is recorded.")
        return
    low, high, words = known
    trace = Trace(table="person", row=person.id, column="born", value=low, words=f"{person.name} · {words}")
    if low <= quantity.value <= high:
        yield judged(scene, claim, Verdict.CONFIRMED, f"{person.name} is {words}.", [trace])
    else:
        yield judged(scene, claim, Verdict.CONTRADICTED, f"{person.name} is {words}.", [trace], str(low))


def _whose_age(parsed: Parsed, item: Item, scene: Scene) -> Named | None:
    after, before = parsed.after_of(item), parsed.before_of(item)
    own = re.search(rf"({ANY}),?(?: who (?:is|was|turned|turns))? $", before)
    opens = not own and re.search(r"\b(?:[Tt]he|[Aa]) $|^$|, $|^At $", before[-5:])
    found = own or (re.match(rf"^,? (?:\w+ ){{0,4}}?({ANY})", after) if opens else None)
    if role := re.match(rf"^ ({ROLES})\b", after, re.IGNORECASE):
        return _with_role(role[1].lower(), scene)
    mark = (
        found[1]
        if found
        else next(
            iter(
                re.findall(rf"({ANY}),? (?:[^,;{{}}]{{3,60}}, )?(?:who is |is |now |who |just |recently |turned |turns |a |an )*$", before)
            ),
            "",
        )
    )
    who = parsed.item(mark).who if mark else ()
    return who[0] if len(who) == 1 else None


def _with_role(role: str, scene: Scene) -> Named | None:
    """The one candidate with a role: "the 42-year-old assemblyman"."""
    people = {named.person: named for named in scene.race.roster.names.values() if named.kind.value == "candidate" and named.person}
    found = {post.person for post in scene.race.coverage.of(Post) if post.person in people and _is_role(post, role)}
    return people[min(found)] if len(found) == 1 else None


def _age(person: Person, today: date) -> tuple[int, int, str] | None:
    """Return the youngest and oldest that somebody can be on a day, and why."""
    if person.born:
        years = today.year - person.born.year - ((today.month, today.day) < (person.born.month, person.born.day))
        return years, years, f"{years}, born {person.born.day} {person.born:%B} {person.born.year}"
    said, on = getattr(person, "age", None), getattr(person, "age_on", None)
    if said is None or on is None:
        return None
    months = (today - on).days / 365.25
    low, high = int(said + min(0, months - 1) if months < 0 else said + int(months)), int(said + months + 1) if months > 0 else said
    return low, high, f"{said} on {on.day} {on:%B} {on.year}" if low == high else f"{low} or {high} ({said} on {on.day} {on:%B} {on.year})"


def _person(who: Named, scene: Scene) -> Person | None:
    return scene.race.coverage.people.get(who.person)


def posts(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Assemblyman Jimmy Gomez", "former planning commissioner Robert Lee Ahn", "Ahn, an attorney"."""
    seen: set[str] = set()
    yield from _becoming(parsed, scene)
    yield from _several(parsed, scene)
    yield from _founded(parsed, scene)
    yield from _represents(parsed, scene)
    for pattern in (FOR, TITLE_AFTER, TITLE, APPOSITION):
        for found in pattern.finditer(parsed.skeleton):
            who = parsed.item(found["who"]).who
            if (
                len(who) != 1
                or found["who"] in seen
                or re.search(r"\b(?:would|could|will|to) (?:be|become) $", parsed.skeleton[: found.start("role")])
            ):
                continue
            if re.search(r"\b(?:new|newest|next|future)\b", found["role"]) or (
                pattern is TITLE and ("{" in found["role"] or ";" in found.group())
            ):
                continue
            seen.add(found["who"])
            yield from _post(parsed, found, scene, who[0])


def _post(parsed: Parsed, found: re.Match[str], scene: Scene, who: Named) -> Iterator[CheckedClaim]:
    role = re.sub(r"\{\w+\}", "", found["role"]).strip().lower()
    former = bool(found.groupdict().get("former"))
    start, end = parsed.span(found.start("former") if former else found.start("role"), found.end())
    claim = claim_at(parsed, "person", start, end, who=who.id, attribute="post", role=role, former=former)
    held = list(scene.race.coverage.posts(who.person)) if who.person else []
    post = next((one for one in held if _is_role(one, role)), None)
    if post is None and _is_elected_to(who, role, scene):
        yield judged(scene, claim, Verdict.CANNOT_CHECK, f"{who.name} is elected; no row says that the post has been taken up.")
        return
    if post is None and not former and _is_office(role) and (office := _office_of(held)):
        words = f"{who.name} is {office.role}{', ' + office.organization if office.organization else ''}"
        trace = Trace(table="post", row=office.id, column="role", value=office.role, words=words)
        yield judged(scene, claim, Verdict.CONTRADICTED, f"{words}.", [trace], office.role)
        return
    if post is None and not held and who.kind.value != "candidate":
        return  # nothing is recorded of somebody who does not stand: every title in a story would be named
    if post is None:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, f"No post “{role}” of {who.name} is recorded.")
        return
    if other := _of_another_campaign(parsed, found, scene, post):
        trace = Trace(table="post", row=post.id, column="organization", value=post.organization, words=f"{who.name} · {post.organization}")
        yield judged(scene, claim, Verdict.CONTRADICTED, f"{who.name} is {post.role}, {post.organization}, and not for {other}.", [trace])
        return
    yield _of_post(parsed, found, scene, claim, who, post)


def _of_post(parsed: Parsed, found: re.Match[str], scene: Scene, claim: Claim, who: Named, post: Post) -> CheckedClaim:
    """Hold a post that is recorded against whether it is said to be held or past."""
    role, former = claim.args["role"], claim.args["former"]
    today = scene.race.now.date()
    over = post.ended or bool(post.end and post.end < today)
    trace = Trace(
        table="post",
        row=post.id,
        column="role",
        value=post.role,
        words=f"{who.name} · {post.role}{', ' + post.organization if post.organization else ''}{' · ended' if over else ''}",
    )
    words = f"{who.name} {'was' if over else 'is'} {post.role}{', ' + post.organization if post.organization else ''}"
    then = over and bool(
        THEN.search(parsed.skeleton[: found.start("role")] + found["role"].partition(" ")[0])
        or (who.kind.value != "candidate" and VACATED.search(parsed.text))
        or re.search(r"\}(?:, {Q\d+},)? (?:was|had been) ", found[0])
    )
    if over and not former and not then:
        return judged(scene, claim, Verdict.STALE, f"{words}; the post has ended.", [trace], f"former {role}")
    if former and not over and _is_elected(who, scene):
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"{who.name} is elected to another post; no row says when this ended.", [trace])
    if former and not over:
        return judged(scene, claim, Verdict.CONTRADICTED, f"{words}; no end of it is recorded.", [trace], role)
    return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])


def _of_another_campaign(parsed: Parsed, found: re.Match[str], scene: Scene, post: Post) -> str:
    """Return for whom somebody is said to work who works for another candidate, "" if nobody is."""
    beside = re.search(rf"({C})(?:'s)? (?:campaign )?$", parsed.skeleton[: found.start()]) if found.re is TITLE.compiled else None
    mark = found.groupdict().get("whom") or (beside and beside[1])
    campaign = next((one for one in scene.race.coverage.of(Organization) if one.type == "campaign" and one.name == post.organization), None)
    said = parsed.item(mark).options if mark else ()
    person = scene.race.coverage.people.get(campaign.founder) if campaign else None
    return scene.race.name(said[0]) if said and person and person.option and person.option not in said else ""


def _is_elected(who: Named, scene: Scene) -> bool:
    """Whether somebody has been elected in this race, by a certified count."""
    last = scene.race.contests[-1]
    certified = any(one.certified for one in scene.race.counts[last.id])
    return certified and any(line.elected and line.option.id == who.id for line in scene.race.view(last).options)


def _is_elected_to(who: Named, role: str, scene: Scene) -> bool:
    """Whether a post is the one that this race fills, and somebody has been elected to it for certain."""
    words = NEW_POST.get(scene.race.contests[-1].office, ())
    return any(one in role for one in words) and _is_elected(who, scene)


NEW_POST = {"us_house": SAME[2], "state_senate": ("senator", "sen.")}
"""Words for the post that an office gives."""
THEN = re.compile(r"\b(?:[Ww]hen|[Aa]fter|[Bb]efore)\b[^,;{]{0,30}$")
"""What somebody was when something happened: "When Congressman Becerra was tapped"."""
VACATED = re.compile(
    r"\b(?:vacat\w+|vacanc\w+|resign\w*|stepp?\w* down|replac\w+|succe(?:ed|ss)\w*|seat|gave up|left|appoint\w*|tapped|incumbent|"
    r"formerly)\b",
    re.IGNORECASE,
)
"""Words for a post that is being left: who left it is called by it."""
SEVERAL = Pattern(
    r"(?P<role>(?:[Aa]ttorneys and )?(?:[Cc]ongress members|[Mm]embers of Congress|[Rr]epresentatives|Reps\.|[Ss]enators|"
    rf"Sens\.|[Cc]ongressmen|[Aa]ssembly members|[Aa]ttorneys|[Ll]awyers))(?: like)? (?P<who>{ANY}),? and (?P<who2>{ANY})"
)
PLURALS = {
    "congress members": "member of congress",
    "members of congress": "member of congress",
    "reps.": "representative",
    "congressmen": "representative",
    "sens.": "senator",
}


def _several(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Congress members Ted Lieu and Adam Schiff": each of them."""
    for found in SEVERAL.finditer(parsed.skeleton):
        role = found["role"].lower().removeprefix("attorneys and ")
        role = PLURALS.get(role, role.removesuffix("s"))
        for mark in (found["who"], found["who2"]):
            who = parsed.item(mark).who[0]
            post = next((one for one in scene.race.coverage.posts(who.person) if _is_role(one, role)), None) if who.person else None
            claim = claim_at(parsed, "person", *parsed.span(*found.span()), who=who.id, attribute="post", role=role, option=who.id)
            words = f"{who.name}: {post.role}" if post else f"No post “{role}” of {who.name} is recorded"
            trace = [Trace(table="post", row=post.id, column="role", value=post.role, words=words)] if post else []
            yield judged(scene, claim, Verdict.CONFIRMED if post else Verdict.CANNOT_CHECK, f"{words}.", trace)


REPRESENTS = Pattern(
    rf"(?P<who>{C})(?:,[^;{{}}]{{2,40}},| \([^)]*\),?|, {Q},|,)?(?: who)? (?:has represented|represents|represented|holds|serves) (?:the )?"
    r"(?P<what>(?P<no>\d{1,2})(?:st|nd|rd|th) (?P<kind>Assembly|Senate|Congressional|Council) [Dd]istrict)"
)
AREAS = {"Assembly": "AD", "Senate": "SD", "Congressional": "CA", "Council": "CD"}


def _represents(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Gomez represents the 51st Assembly District"."""
    for found in REPRESENTS.finditer(parsed.skeleton):
        who = parsed.item(found["who"]).who[0]
        kind = AREAS[found["kind"]]
        post = next((one for one in scene.race.coverage.posts(who.person) if one.area.startswith(f"{kind}-")), None) if who.person else None
        if post:
            claim = claim_at(parsed, "person", *parsed.span(*found.span("what")), who=who.id, attribute="area")
            words = f"{who.name}: {post.role}, {post.area}"
            verdict = right(post.area.rpartition("-")[2].lstrip("0") == found["no"])
            trace = Trace(table="post", row=post.id, column="area", value=post.area, words=words)
            yield judged(scene, claim, verdict, f"{words}.", [trace])


AFFILIATED = Pattern(
    r"\b(?P<who>[A-Z][\w']+)-(?:affiliated|aligned|linked|founded|inspired) (?P<what>group|organization|outfit|committee|PAC)"
)


def _founded(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "The Sanders-affiliated group", of an organization named in the sentence."""
    found = AFFILIATED.search(parsed.text)
    for item in parsed.items if found else ():
        row = next(
            (one for one in scene.race.coverage.of(Organization) if item.mark == "P" and item.who and item.who[0].id == one.id), None
        )
        if found and row and row.founder:
            person = scene.race.coverage.people.get(row.founder)
            founder = person.name if person else row.founder
            words = f"{row.name}: founded by {founder}"
            claim = claim_at(parsed, "person", *found.span(), who=row.id, attribute="founder")
            same = found["who"].lower() in founder.lower()
            trace = Trace(table="organization", row=row.id, column="founder", value=founder, words=words)
            yield judged(scene, claim, Verdict.CONFIRMED if same else Verdict.CANNOT_CHECK, f"{words}.", [trace])


BECAME = Pattern(
    rf"(?P<who>{P})(?:[^.;]{{0,120}}?\b|, )(?:now(?= (?:the )?(?:California|state|attorney general))|becom\w+|became|named|appointed|"
    r"(?:tapped|picked|chosen|confirmed) (?:to be|as)|sworn in as|"
    r"serves? as|took over as|is now|was|is)\b "
    rf"(?:(?:the )?(?:[A-Z][\w']* )?[A-Z][\w']*'s |the (?:state's )?|an? )?(?P<role>(?:\w+ )?{ROLES})",
    re.IGNORECASE,
)


IN_ROLE = Pattern(
    rf"(?P<who>{P})(?P<what>(?:[^.;{{}}]{{0,120}}?\b|,? )(?:becom\w+|became|named|appointed|now|is|was|as|to be) (?P<role>{P}))"
)


def _in_role(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Becerra, now the state's attorney general": a role that is read as the one who holds it."""
    for found in IN_ROLE.finditer(parsed.skeleton):
        who, role = parsed.item(found["who"]).who, parsed.item(found["role"])
        words = parsed.text[role.start : role.end].lower()
        posts_ = scene.race.coverage.posts(who[0].person) if len(who) == 1 and who == role.who and who[0].person else ()
        post = next((one for one in posts_ if _is_role(one, words)), None) if words.startswith("the ") else None
        if post:
            claim = claim_at(parsed, "person", *parsed.span(*found.span("what")), who=who[0].id, attribute="post", role=words)
            said = f"{who[0].name}: {post.role}"
            trace = Trace(table="post", row=post.id, column="role", value=post.role, words=said)
            yield judged(scene, claim, Verdict.CONFIRMED, f"{said}.", [trace])


APPOINTED = Pattern(
    rf"\b(?:appointed|named|nominated|picked|tapped|chose) (?P<who>{P}) (?:as |to be )?(?:the |to be )?"
    rf"(?:[A-Z][\w']*(?:'s)? )?(?P<role>{ROLES})",
    re.IGNORECASE,
)


def _becoming(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Becerra, who became attorney general"."""
    yield from _in_role(parsed, scene)
    for found in (*BECAME.finditer(parsed.skeleton), *APPOINTED.finditer(parsed.skeleton)):
        who = parsed.item(found["who"]).who
        posts_ = list(scene.race.coverage.posts(who[0].person)) if len(who) == 1 and who[0].person else []
        post = next((one for one in posts_ if _is_role(one, found["role"].lower())), None)
        office = _office_of(posts_)
        if post is None and office and _is_office(found["role"]):
            claim = claim_at(
                parsed, "person", *parsed.span(*found.span("role")), who=who[0].id, attribute="post", role=found["role"].lower()
            )
            words = f"{who[0].name} is {office.role}"
            trace = Trace(table="post", row=office.id, column="role", value=office.role, words=words)
            yield judged(scene, claim, Verdict.CONTRADICTED, f"{words}.", [trace])
        if post and not APPOSITION.match(parsed.skeleton[found.start() :]):
            claim = claim_at(
                parsed, "person", *parsed.span(found.end("who"), found.end()), who=who[0].id, attribute="post", role=found["role"].lower()
            )
            words = f"{who[0].name}: {post.role}" + (f" from {post.start:%-d %B %Y}" if post.start else "")
            yield judged(
                scene,
                claim,
                Verdict.CONFIRMED,
                f"{words}.",
                [Trace(table="post", row=post.id, column="role", value=post.role, words=words)],
            )


OFFICE = re.compile(
    r"assembly|senator|sen\.|rep\.|representative|congress|council|mayor|governor|attorney general|secretary of state|"
    r"treasurer|controller|supervisor",
    re.IGNORECASE,
)


def _is_office(role: str) -> bool:
    """Whether a post is an elected one, of which a person holds one at a time."""
    return bool(OFFICE.search(role))


def _office_of(held: Iterable[Post]) -> Post | None:
    return next((one for one in held if _is_office(one.role) and not one.ended and not one.end), None)


def _is_role(post: Post, words: str) -> bool:
    """Whether words for a post mean this one: the post's own words stand in them, or another word for the same."""
    forms = {post.role.lower(), *(alias.lower() for alias in post.aliases)}
    if any(form in words or words in form for form in forms):
        return True
    return any(any(same in form for form in forms) and any(same in words for same in group) for group in SAME for same in group) or any(
        any(one in form for one in group for form in forms) and any(one in words for one in group) for group in SAME
    )


ONLY = Pattern(
    rf"(?P<who>{C})[^.;]{{0,25}}?\b(?:would be|would become|is|was|as|be|becom\w+|"
    rf"were he elected,)\s(?P<claim>(?:the )?(?P<kind>only|first|sole|lone|second)(?P<what>[^.;{{]{{4,80}}?))(?= if|,|\.|$|"
    rf" since| to (?:serve|sit)|\s\{{)",
    re.IGNORECASE,
)


def superlatives(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Would be the only Korean American in Congress": needs a list of everybody, which is recorded or not."""
    for found in ONLY.finditer(parsed.skeleton):
        if re.search(r"^ (?:with|at|in|behind|by|on)\b|round|place|debate|time|slot|choice|term|batch|to (?:speak|answer)", found["what"]):
            continue
        claim = claim_at(
            parsed,
            "superlative",
            *parsed.span(*found.span("claim")),
            option=",".join(parsed.item(found["who"]).options),
            kind=found["kind"].lower(),
        )
        yield from _superlative(claim, found, parsed, scene)


def _superlative(claim: Claim, found: re.Match[str], parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    words = found["what"].lower()
    who = parsed.item(found["who"]).who
    for row in (one for one in scene.race.coverage.of(StatedClaim) if one.type == "superlative"):
        text = row.text.lower()
        if any(row.about in {one.person, one.id} for one in who) and _shared(text, words) and found["kind"].lower() in text:
            reviews = [one for one in scene.race.coverage.of(Review) if one.claim == row.id]
            verdict = Verdict(reviews[-1].verdict) if reviews else Verdict.CANNOT_CHECK
            trace = Trace(table="claim", row=row.id, column="text", value=text, words=row.source)
            yield judged(scene, claim, verdict, reviews[-1].reason if reviews else "Recorded, not reviewed.", [trace])
            return
    yield judged(
        scene,
        claim,
        Verdict.CANNOT_CHECK,
        f"“{found['kind'].capitalize()}” needs a list of everybody it is said of, and a day; none is recorded.",
    )


def _shared(one: str, two: str) -> bool:
    small = {"the", "a", "in", "of", "if", "elected", "be", "would", "to", "only", "first", "congress", "current"}
    words = {word for word in re.findall(r"[a-z]+", two) if word not in small}
    return bool(words) and len(words & set(re.findall(r"[a-z]+", one))) >= max(1, len(words) * 0.6)
