"""Which family a figure belongs to: a table read from the top, each line a unit, the words before it and the words after it.

The words are looked for in the skeleton, where names, figures and times are marks. A figure that no line takes is no claim about the race.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import inf

from racecall.coverage.numbers import Unit
from racecall.coverage.parsing import C, D, G, Item, Parsed, Q
from racecall.coverage.patterns import Pattern

LEAD = r"(?:lead|leads|led|leading|ahead|advantage|edge|margin|gap|cushion|deficit|difference|spread)"
LEFT = (
    r"(?:left|remain\w*|outstanding|uncounted|unprocessed|untallied|unopened|still out\b|still to|still being|still need|"
    r"still ha[ds]|still must|must still|still await\w*|await\w*|"
    r"yet to|to be (?:counted|tallied|processed|added|verified)|to count\b|to go\b|awaiting|waiting|pending|"
    r"(?:n't|not) (?:yet )?(?:been )?(?:counted|processed)|"
    r"have yet|had yet|backlog|hold(?:s|ing)?\b|in hand|on hand)"
)
GAIN = (
    r"(?:gain(?:ed|s|ing)?|pick(?:ed|s|ing) up|add(?:ed|s|ing)|net(?:ted|s)|increase of|gr(?:ew|own) by|rose by|grown by|"
    r"won another|another|(?:gain|increase|pickup) of|climb(?:ed|s)|jumped|surged|"
    r"brought in|put on|swelled by|improved by|tacked on)"
)
LATE = (
    r"(?:late|later|last|latest|new|newly|additional|remaining|outstanding|uncounted|since|after|counted (?:after|since|"
    r"later)|update|batch|canvass|provisional)"
)
NEEDS = (
    r"(?:need\w*|would (?:have|win|put|take|be enough)|must|require\w*|have to|has to|had to|enough to|could (?:still )?win|"
    r"overtake|close the gap|margins? of|come back)"
)
VERBS = (
    r"(?:had|has|have|with|got|took|won|received|drew|earned|captured|garnered|collected|secured|pulled|polled|finished|"
    r"stood|at|claimed|leads?|led|leading|managed|holds?|held|sits?|landed|attracted|tallied)"
)
PEOPLE = r"(?:residents|people|Angelenos|constituents|citizens|of (?:them|those)|of the district's voters) (?:who )?"
RATES = frozenset({Unit.PERCENT, Unit.POINTS})
COUNTS = frozenset({Unit.VOTES, Unit.BALLOTS, Unit.NUMBER})
ALL = frozenset(Unit)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table.

    Args:
        family: Where the figure goes.
        units: What it may count.
        before: Words before it (searched up to the figure), "" for any.
        after: Words after it (matched from the figure on), "" for any.
        words: Words between the figure and what it counts, or in the base of a percentage, "" for any.
        sentence: Words that stand somewhere in the sentence, "" for any.
        most: The largest figure it takes.
    """

    family: str
    units: frozenset[Unit]
    before: str = ""
    after: str = ""
    words: str = ""
    sentence: str = ""
    most: float = inf


OLDEST = 110
"""Nobody who stands is older [years]."""


def one(*units: Unit) -> frozenset[Unit]:
    """Return a set of units."""
    return frozenset(units)


TABLE: tuple[Line, ...] = (
    Line("money", one(Unit.DOLLARS), after=r"^ for every (?:ballot|vote)\b"),
    Line("", ALL, after=r"^ (?:(?:of|as) (?:what|that|it)\b|(?:for|to) every\b)"),
    Line("", ALL, before=r"\ball but (?:about |the last )?$"),
    Line(
        "", RATES, before=r"\b(?:cut|slashed|reduced|trimmed|halved|shr[au]nk|fell|narrowed|dropped) (?:in|by) $", after=r"^(?![ -]points?)"
    ),
    Line("", RATES, after=r"^ (?:the|that|his|her|its|their|\{C\d+\}'s|\{C\d+\}) (?:lead|cushion|margin|gap|advantage|edge|distance)\b"),
    Line(
        "",
        ALL,
        before=r"\b(?:talk(?:ed|s|ing) of|predict\w*|promis\w*|hop(?:ed|es|ing) for|aim(?:ed|s|ing) for|dream\w* of) (?:about |some )?$",
    ),
    Line("whatif", one(Unit.PERCENT), before=r"\bwould (?:have to|need)(?: to)?(?: (?:win|get|take|carry))? $"),
    Line("short", RATES, after=r"^(?: points?)? (?:shy|short) of (?:the |a )?(?:\{Q|majority|50|half|outright|threshold)"),
    Line("votes", one(Unit.VOTES), before=rf"{C}[^;]*\b(?:altogether|all told|together|combined)[^.;{{]{{0,24}}$"),
    Line(
        "margin_change",
        RATES | COUNTS,
        before=(
            r"\b(?:lead|margin|gap|advantage|edge|cushion)\b[^.;]{0,30}(?:grew|grown|widened|rose|increased|shrank|shrunk|"
            r"narrowed|fell|slipped|dropped|expanded)(?: \w+)? by $|"
            r"\b(?:narrow|cut|trim|clos|shav|widen|expand|extend|pad|grow|grew|reduc)\w* (?:the|his|her|their|\{C\d+\}'s|\{C\d+\}) "
            r"(?:\w+ )?"
            r"(?:lead|margin|gap|advantage|edge|cushion|deficit) by (?:about |roughly |nearly |some )?$"
        ),
    ),
    Line(
        "change_share",
        one(Unit.POINTS),
        before=(
            r"\b(?:share|percentage|portion|standing)\b[^.;]{0,40}\b(?:rose|grew|climbed|increased|fell|dropped|slipped|declined|"
            r"improved|ticked up|jumped|up|down)\b[^.;]{0,14}$|\b(?:gained|added|picked up|lost|shed|dropped|fell|rose|climbed|"
            r"slipped|improved by|up) (?:by )?(?:another )?$"
        ),
    ),
    Line(
        "voters",
        one(Unit.NUMBER, Unit.CANDIDATES, Unit.VOTERS),
        after=(
            rf"^ (?:{PEOPLE})?(?:are |were |is )?(?:registered\b(?! \w)|registered (?:to vote|in|there|voters)|could have voted|"
            r"on the rolls|eligible)"
        ),
    ),
    Line("voters", one(Unit.VOTERS), before=rf"{Q} of (?:the )?(?:[\w']+ ){{0,3}}?$", words=r"registered|eligible"),
    Line(
        "votes",
        one(Unit.NUMBER, Unit.CANDIDATES, Unit.VOTERS),
        before=rf"{C},? whom $",
    ),
    Line(
        "votes",
        one(Unit.NUMBER, Unit.CANDIDATES, Unit.VOTERS),
        after=rf"^ (?:{PEOPLE})?(?:had |have )?(?:voted for|chose|chosen|picked|backed|supported|"
        rf"cast (?:their )?(?:votes|ballots) for) (?:\w+ )?{C}",
    ),
    Line(
        "total",
        one(Unit.NUMBER, Unit.CANDIDATES, Unit.VOTERS),
        after=(
            rf"^ (?:{PEOPLE})?(?:had |have |actually |ever )*(?:voted\b(?! for| by mail| early| in person| absentee)|"
            r"cast (?:a |their )?(?:ballots?|votes?)\b|turned out|went to the polls|showed up|took part\b|participated\b|"
            r"bothered to (?:vote|cast)\b)"
        ),
    ),
    Line(
        "mail_share",
        one(Unit.PERCENT),
        before=rf"(?:^|[.;])(?:(?!{C}|{G})[^.;])*$",
        words=r"ballots?|votes?|those|them|\bit\b|electorate|^(?:of (?:the|all)(?: the)?)?$",
        after=(
            r"^(?: of (?:those|them|it))?,?(?: (?:or )?\{Q\d+\},?)? (?:of them )?"
            r"(?:(?:were|was|are|had|been|came|come|arrived|cast|voted|in) )*"
            r" ?(?:by mail|vote-by-mail|mail(?:ed)?(?:-?in)? ballots|mailed in|absentee|in the mail|through the mail)\b"
        ),
    ),
    Line(
        "total",
        one(Unit.VOTERS, Unit.VOTES, Unit.BALLOTS),
        before=r"\b(?:primary|election|race|contest|run-?off|round)\b[^.;{]{0,12} (?:drew|attracted|brought out) $",
    ),
    Line("age", one(Unit.YEARS)),
    Line("age", one(Unit.NUMBER), before=rf"{C}, $", after=r"^(?:,|;| and\b|\.$)", most=OLDEST),
    Line("age", one(Unit.NUMBER), before=r"^At $", after=rf"^, {C}", most=OLDEST),
    Line(
        "age",
        one(Unit.NUMBER),
        before=rf"{C}(?:,[^,;{{}}]{{3,60}},|, who)? (?:is|(?:just |recently )?turn(?:s|ed)) $",
        after=r"^(?:[,.;]|$| and (?:an?|the)\b| in\b| last\b| years old| \{D)",
        most=OLDEST,
    ),
    Line("money", one(Unit.DOLLARS)),
    Line("rate", one(Unit.CENTS)),
    Line("women", one(Unit.WOMEN)),
    Line("endorsement_count", one(Unit.ENDORSEMENTS)),
    Line("women", one(Unit.CANDIDATES), words=r"female|women"),
    Line("women", one(Unit.NUMBER), after=r"^ (?:are|were) women\b"),
    Line("women", one(Unit.NUMBER, Unit.CANDIDATES), after=r"^ of (?:them|those|whom)(?: are| were)? women\b"),
    Line("party", one(Unit.PARTY, Unit.CANDIDATES), words=r"democratic|republican"),
    Line("party", one(Unit.PARTY)),
    Line(
        "field",
        one(Unit.NUMBER),
        after=(
            r"^[- ](?:in the (?:race|field|running|contest)|on the ballot|running|vying|competing|others?\b|way\b|person|candidate|"
            r"strong)"
        ),
    ),
    Line(
        "field",
        one(Unit.NUMBER, Unit.CANDIDATES),
        before=r"(?:field of|one of|out of|among(?: the)?|crowd of|pack of|slate of|ballot of)(?: the)? (?:\w+ )?$",
        after=r"^(?!\s*(?:percent|precinct))",
    ),
    Line("field", one(Unit.CANDIDATES)),
    Line("blank", COUNTS, after=r"^[^.;{]{0,30}(?:no (?:valid )?vote|blank|undervote|skipped)"),
    Line("party", one(Unit.NUMBER), after=r"^ of (?:the|them|those)? ?(?:\{Q\d+\})?[^.;{]{0,6}(?:are |were )?(?:Democrats|Republicans)"),
    Line("party", one(Unit.NUMBER), before=r"(?:^|[,;:(] |\band )$", after=r"^ (?:are|were) (?:registered )?(?:Democrats|Republicans)\b"),
    Line("progress", one(Unit.PRECINCTS)),
    Line("progress", one(Unit.NUMBER), after=rf"^ (?:of|out of)(?: the)? {Q}", sentence="precinct|polling place"),
    Line("total", one(Unit.NUMBER), after=rf"^ of (?:the )?(?:[\w']+ ){{0,3}}?{Q}", sentence=r"\bvoters\b"),
    Line("progress", one(Unit.PERCENT), after=r"^ precincts\b"),
    Line("progress", one(Unit.PERCENT), before=r"\{Q\d+\} (?:reporting|reported)[,(]+ ?(?:or )?$", after=r"^(?:[,.;)]|$)"),
    Line("progress", one(Unit.PERCENT), before=r"\bprecincts (?:now |had )?(?:reporting|reported|counted|in)[,(]* (?:or )?$"),
    Line("progress", RATES, words=r"precinct", after=r"^(?! (?:voters|votes|ballots))"),
    Line("whatif", one(Unit.PERCENT), before=NEEDS, words=LEFT + "|late|more"),
    Line("whatif", one(Unit.PERCENT), before=NEEDS, after=rf"^[^.;]{{0,60}}(?:{LEFT})"),
    Line("whatif", one(Unit.PERCENT), before=rf"(?:{LEFT})[^.;]*{NEEDS}[^.;]*$"),
    Line(
        "whatif",
        one(Unit.PERCENT),
        before=rf"(?:margins? of(?: only)?|by winning|if (?:he|she|{C})[^.;]*)\s*$",
        after=r"^[^.;]{0,60}(?:win|elect|enough|ahead|victory|overtake)",
    ),
    Line("whatif", one(Unit.POINTS), before=r"\b(?:need\w*|must|ha[sd] to|have to|require\w*)\b"),
    Line("whatif", one(Unit.PERCENT), before=NEEDS, words=r"them|left|remains"),
    Line("whatif", one(Unit.PERCENT), before=r"\b[Ww]inning (?:about |just |only )?$", after=r"^[^.;]{0,40}would"),
    Line(
        "returned",
        one(Unit.BALLOTS, Unit.VOTERS, Unit.NUMBER),
        after=(
            r"^(?: (?:had|have|has|were|already|so far|been|voters|people|also))* "
            r"(?:returned|sent (?:in|back)|come (?:back|in)|mailed (?:in|back)|arrived|(?:been )?(?:received|turned in))\b"
            r"(?! (?:by|from) (?!\{D))"
        ),
    ),
    Line("group", one(Unit.PERCENT, Unit.BALLOTS, Unit.NUMBER, Unit.VOTERS), before=r"GROUP"),
    Line(
        "",
        RATES,
        after=(
            r"^ (?:of [\w' ]{3,30} )?(?:is|are|were|identify as|identified as) (?:\w+ ){0,2}?(?:Latinos?|Latinas?|Hispanics?|Asians?|"
            r"Koreans?|white|Black|foreign[- ]born|immigrants?|women|men|renters|poor|under|older|younger|aged?)\b"
        ),
    ),
    Line(
        "",
        RATES,
        after=(
            r"^ (?:of [\w' ]{3,30} )?(?:(?:is|are|were|was) (?:registered )?(?:as )?(?:Democrat|Republican|independent|undecided|unsure)|"
            r"(?:have|had|has) no party|(?:registered )?(?:with no party|decline)|remain(?:ed)? undecided)"
        ),
    ),
    Line(
        "",
        RATES,
        before=(
            r"\b(?:Democrats|Republicans|Greens|Libertarians|independents|Latin[oa]s|Hispanics|Asians|Koreans|whites|residents|renters|"
            r"women|men|immigrants|no party preference|decline-to-state)\b[^.;{]{0,40}?"
            r"\b(?:make|made|making|are|were|is|was|account\w*|compris\w*|have|had|has|hold|constitut\w*|represent\w*)(?: up| for)? "
            r"(?:only |just |about |nearly |some )*$"
        ),
        words=r"regist|voters|electorate|rolls|population|residents|district|^$",
    ),
    Line("turnout", one(Unit.PERCENT), before=r"(?:[Tt]urnout|[Pp]articipation)[^.;{]{0,40}$"),
    Line("turnout", one(Unit.PERCENT), after=r"^[ -](?:\w+ ){0,2}(?:turnout|participation)"),
    Line(
        "turnout",
        one(Unit.PERCENT),
        before=r"\b(?:registered|on the rolls)[^.;]{0,30}\b(?:that's|that is|that was|which is|or) (?:about |just )?$",
    ),
    Line(
        "turnout",
        one(Unit.PERCENT),
        after=r"^(?: of)?(?: (?:registered|eligible))?(?: voters)? (?:turned out|showed up|bothered|cast (?:a |their )?ballots?)\b",
    ),
    Line(
        "turnout",
        one(Unit.PERCENT),
        words=r"registered|eligible|electorate|rolls|^(?:the |all |district |district's |county's |city's )*voters",
    ),
    Line("progress_votes", one(Unit.PERCENT), words=r"expected|estimated"),
    Line(
        "outstanding",
        one(Unit.BALLOTS, Unit.VOTES, Unit.NUMBER),
        words=r"uncounted|unprocessed|remaining|outstanding|untallied|unopened|leftover",
    ),
    Line("outstanding", one(Unit.PERCENT), words=r"^(?!.*\d)(?:.*)(?:ballots?|votes?).*(?:left|remain|outstanding|still out)"),
    Line(
        "change",
        one(Unit.VOTES, Unit.NUMBER, Unit.BALLOTS),
        before=rf"\b{GAIN}(?: to (?:{C}|his|her|their|the) \w+)? (?:an )?(?:additional |another |roughly |about |only |just |some )*$",
    ),
    Line("change", one(Unit.NUMBER), after=r"^ (?:of (?:them|those|these)\b|more\b(?! than))", before=rf"(?:{C}|{G})[^.;]*$"),
    Line("share", one(Unit.PERCENT), before=rf"{C}(?:'s)? (?:\w+ )?(?:share|percentage)\b[^.;{{]*(?:{Q}[^.;{{]*)?\bto (?:just |only )?$"),
    Line(
        "votes",
        one(Unit.VOTES, Unit.NUMBER),
        before=rf"{C}(?:'s)? (?:\w+ ){{0,2}}?(?:total|tally|count|haul) (?:came to|was|is|reached|stood at|stands at|hit|of) $",
    ),
    Line("votes", one(Unit.VOTES, Unit.NUMBER), before=r"\b(?:held|limited|restricted|kept) to (?:just |only )?$"),
    Line("share", one(Unit.PERCENT), before=r"\b(?:held|limited|restricted|kept) to (?:just |only )?$"),
    Line(
        "change_margin",
        one(Unit.POINTS, Unit.VOTES, Unit.PERCENT, Unit.NUMBER),
        before=r"\b(?:from|to) (?:a )?(?:mere |just |only )?$",
        after=r"^[^;]{0,40}$|^ (?:to|from|on|in|points)\b",
    ),
    Line(
        "margin",
        RATES | COUNTS,
        before=(
            rf"\b(?:{LEAD}|trail\w*|behind|lag\w*|beat\w*|defeat\w*|edg\w+|bested|topped|outpoll\w*|victory|w[io]n\w*|down|up|"
            rf"separated|finished|out in front)\b[^;]{{0,60}}\bby (?:a (?:margin|gap) of )?(?:just |only |a |as much as )*$"
        ),
    ),
    Line(
        "margin",
        RATES | COUNTS,
        before=(
            rf"\b{LEAD}(?: (?:over|on|against) {C}| in [\w-]+(?: [\w-]+)?)? (?:of|was|is|stood at|stands at|at|to) "
            r"(?:just |only |about )*$"
        ),
    ),
    Line("margin", RATES | COUNTS, after=rf"^[- ](?:\w+[ -]){{0,2}}?{LEAD}\b"),
    Line("margin", one(Unit.VOTES, Unit.POINTS), after=rf"^ of (?:{C}|{G}|(?:first|second|third)(?: place)?\b|the (?:lead|top|cut)\b)"),
    Line(
        "margin",
        RATES | COUNTS,
        after=r"^(?: points| votes)? (?:ahead of|behind|clear of|in front of|shy of|short of|back of|above|better than|adrift)\b",
    ),
    Line(
        "margin",
        one(Unit.VOTES, Unit.POINTS),
        after=r"^ (?:separat\w+|divided|stood between|ahead|behind|more than|fewer than|down|up|back|apart|short|clear|adrift)\b",
    ),
    Line(
        "margin",
        one(Unit.VOTES, Unit.POINTS),
        before=rf"separat\w+ (?:by )?$|(?:{C}) (?:is|was|were|are|remained) (?:just |only )?$",
        after=r"^ (?:ahead|behind|back|up|down)",
    ),
    Line(
        "margin",
        RATES | COUNTS,
        after=rf"^ of (?:fellow \w+ |rival |second-place |front-runner |leader )?(?:{C}|{G})(?!'s)",
        before=(
            r"\b(?:came|come|finish\w*|ended|get|got|pull\w*|clos\w+|mov\w+|was|is|remain\w*|draw\w*|drew|to|now|far|even|still|back)"
            r"(?: up)? $"
        ),
    ),
    Line("margin", RATES | COUNTS, before=rf"(?:^|[:;,] |- ){C} by (?:just |only |about |nearly |some )*$"),
    Line("margin", RATES | COUNTS, before=r"\bby (?:just |only |about )*$", after=rf"^ over (?:\w+ )?{C}"),
    Line(
        "mail",
        COUNTS,
        after=r"^,?[^.;,{]{0,25}(?:by mail|in the mail|mailed in)\b|^,? (?:were|was|are) (?:vote-by-mail|mail(?:-in)?|absentee)\b",
    ),
    Line("margin", RATES | COUNTS, before=rf"\b{LEAD}[,:]? (?:is |was )?$"),
    Line("up", COUNTS | RATES, before=r"\bup (?:by )?$"),
    Line(
        "margin",
        one(Unit.VOTES),
        before=r"(?:^|[,:;(] |- |\b(?:and|is|was|still|already|now|him|her) )down (?:by )?(?:just |only |about )*$",
    ),
    Line("margin", one(Unit.VOTES, Unit.POINTS), before=rf"\b{LEAD}\b[^.;{{]{{0,30}}\b(?:was|is|stood at|stands at|remained|:),? $"),
    Line(
        "margin",
        COUNTS,
        before=r"\bmiss(?:ed|es|ing) [^.;{]{0,24}\bby (?:just |only |a mere )*$|, by (?:all of |just |only |a mere |some )*$",
    ),
    Line(
        "margin",
        RATES | COUNTS,
        before=rf"\b{LEAD}\b[^.;]*\b(?:finished|ended(?: up)?|stood|stands|settled|closed|landed) at (?:just |only |about )*$",
    ),
    Line(
        "margin",
        RATES | COUNTS,
        before=rf"\b{LEAD}\b[^.;{{]{{0,30}}\b(?:was|is|of|stood at|stands at|remained|:),? (?:\{{Q\d+\}},? or )$",
    ),
    Line("outstanding", one(Unit.BALLOTS, Unit.VOTES), after=rf"^(?:(?!{VERBS} \{{Q)[^.;{{]){{0,80}}?\b{LEFT}"),
    Line("outstanding", one(Unit.BALLOTS, Unit.VOTES), before=rf"\b{LEFT}[^.;{{]{{0,50}}$"),
    Line("outstanding", one(Unit.NUMBER), before=rf"\b(?:[Bb]allots|[Vv]otes) {LEFT}[^.;{{]{{0,24}}: (?:about )?$"),
    Line("outstanding", one(Unit.NUMBER), after=rf"^ (?:\w+ ){{0,2}}?(?:are|were|remain|have|had)\b[^.;{{]{{0,20}}{LEFT}"),
    Line("outstanding", one(Unit.NUMBER), after=r"^[^.;{,]{0,20}\b(?:left|remain\w*|outstanding|uncounted)\b"),
    Line(
        "outstanding",
        one(Unit.PERCENT),
        after=r"^[^.;{]{0,40}\b(?:uncounted|outstanding|to be counted|still out|left to (?:be )?count|yet to be)",
    ),
    Line("progress", one(Unit.PERCENT), after=r"^ (?:now |finally )?report(?:ing|ed)\b", words="^$"),
    Line(
        "progress_votes",
        one(Unit.PERCENT),
        after=r"^ (?:\w+ ){0,4}(?:counted|tallied|reporting|reported|in\b(?!\s+(?:second|first|third|the|a)))",
        before=r"(?:[Ww]ith|[Aa]bout|[Aa]fter|^)[^{.;]{0,30}$",
    ),
    Line(
        "progress_votes",
        one(Unit.PERCENT),
        before=r"\b(?:[Ww]ith|[Aa]fter) (?:about |just |nearly |only )?$",
        words=r"\b(?:votes?|ballots) (?:counted|tallied)$",
    ),
    Line(
        "progress_votes",
        one(Unit.PERCENT),
        after=r"^ (?:now |already |been )?(?:counted|tallied|tabulated)\b",
        words=r"\b(?:votes?|ballots)$",
    ),
    Line("change_total", one(Unit.VOTES, Unit.BALLOTS), words=r"more|additional|new|further|extra|another"),
    Line("batch", one(Unit.PERCENT), words=LATE),
    Line("batch", one(Unit.PERCENT), words=r"^(?:them|those)$", before=rf"(?:{GAIN}|updat|batch|newly|came in|counted|tallied|processed)"),
    Line("batch", one(Unit.PERCENT), words=r"votes|ballots", after=r"^ (?:in|of|from) (?:the|that|this) (?:\w+ )?(?:update|batch|release)"),
    Line("batch", one(Unit.PERCENT), words=r"(?:counted|cast|tallied|processed)$", after=r"^ (?:after|since|later|following)"),
    Line(
        "batch",
        one(Unit.PERCENT),
        after=(
            rf"^[^.;{{]{{0,25}}(?:of|in|from|among) (?:the |those )?(?:\w+ )?(?:{LATE})[^.;]{{0,20}}(?:ballots|votes|batch|count|"
            r"update|mail|tally)"
        ),
    ),
    Line(
        "batch",
        one(Unit.PERCENT),
        before=(
            r"(?:late|last|latest|later|new|newly|remaining|provisional)[- ](?:\w+ )?(?:ballots|votes|batch|count|update|"
            rf"mail)[^.;]{{0,40}}$|since (?:election night|{D})[^.;]{{0,60}}$"
        ),
    ),
    Line("voters", one(Unit.VOTERS), words=r"registered|eligible"),
    Line(
        "voters",
        one(Unit.NUMBER),
        before=r"\b(?:[Rr]egistration|registered voters|the rolls?)\b[^.;{]{0,30}(?:was|is|stood at|stands at|of|:|numbered|totaled) $",
    ),
    Line("voters", one(Unit.VOTERS)),
    Line(
        "majority",
        one(Unit.PERCENT),
        before=(
            r"(?:clear\w*|above|over|more than|pass\w*|past|exceed\w*|reach\w*|top\w*|short of|majority|cross\w*|threshold|"
            r"surpass\w*|hit|below|under|near\w*|shy of)\s*(?:the )?$"
        ),
        words=r"^$",
    ),
    Line("share", one(Unit.PERCENT)),
    Line("margin", one(Unit.POINTS)),
    Line(
        "change_total",
        one(Unit.VOTES, Unit.BALLOTS),
        after=r"^ (?:were |was |have been |had been |will be )?(?:added|counted since|processed since)",
    ),
    Line("total", one(Unit.NUMBER), before=r"(?:[Bb]allots|[Vv]otes)(?: cast| counted)?[^.;{]{0,40}: $"),
    Line(
        "change_total",
        one(Unit.VOTES, Unit.BALLOTS),
        after=r"^ (?:were |was )?(?:counted|added|processed|tallied) (?:after|since|later|following|between)",
    ),
    Line(
        "change_total",
        one(Unit.VOTES, Unit.BALLOTS),
        before=r"\b(?:counted|added|processed|tallied|went through) (?:the )?(?:about |roughly |some )?$",
        after=r"^,? (?:after|since|following) ",
    ),
    Line("total", one(Unit.BALLOTS)),
    Line("", one(Unit.VOTES), before=r"\b(?:cleared|topped|passed|broke|surpassed|reached) $"),
    Line("total", one(Unit.VOTES), words=r"total|combined"),
    Line(
        "total",
        one(Unit.VOTES),
        before=r"(?:total of|all told,|in all,|of the|turned out|[Ww]ith)(?: (?:just|only|some))? $",
        after=r"^ (?:were |was |have been |had been |so far |already )*(?:cast|counted|tallied|tabulated|in\b|$|[,.])",
    ),
    Line("total", one(Unit.VOTES), after=r"^ (?:were |was |have been |had been |so far |already )*(?:cast|counted|tallied|tabulated)\b"),
    Line(
        "total",
        one(Unit.VOTES),
        before=r"(?:^|[,;:(] ?|- )(?:just |only |about |some )*$",
        after=r"^,? (?:in all|all told|altogether|overall|in total)\b",
    ),
    Line("total", one(Unit.VOTES), after=r"^ (?:are |were |have come |had come )(?:already |now )?in\b(?=[.,;]|$| so| with| and)"),
    Line("votes", one(Unit.VOTES)),
    Line(
        "votes",
        one(Unit.NUMBER),
        before=(
            rf"(?:(?:{C}|{G})(?:'s)?(?: \([A-Z-]+\))?|\bhad|\bwith|\bhas|\breceived|\bto|\bgot|\bagainst|\bvotes?|"
            rf"[:(])[,:(]? ?(?:just |only )?(?:to |and |- )?(?:{Q}[^{{]{{0,3}})?(?:[-(,] ?|to )?$"
        ),
        after=r"^(?! (?:years?|days?|hours?|weeks?|months?|minutes|miles|other|p\.m|a\.m|times|states?))",
    ),
    Line(
        "votes",
        one(Unit.NUMBER),
        before=(
            rf"{Q} (?:to|-) $|{Q}[-]$|(?:{C}|{G})(?:'s)? (?:had|has|with|took|got|at|received|was at|stood at|now stands at|"
            r"stands at|drew|won|polled|finished with|earned|on|managed|collected|tallied) $"
        ),
    ),
    Line("votes", one(Unit.NUMBER), before=rf"{Q}(?: votes| of the vote)?,? or $"),
    Line("votes", one(Unit.NUMBER), before=rf"{C}, at (?:just |only |about )?$", after=r"^(?:[.;)]|$| and\b)"),
    Line("total", one(Unit.NUMBER), after=r"^ (?:were |was |have been |had been |so far |already )*(?:cast|counted|tallied|tabulated)\b"),
    Line(
        "attached",
        one(Unit.NUMBER),
        before=rf"(?:{C})(?:'s)? (?:(?!(?:by|than|from|within|over|under|to) )[a-z]+ ){{1,3}}$",
        after=r"^(?:[,.;)]|$| (?:and|while|but)\b)",
    ),
    Line(
        "total",
        one(Unit.NUMBER),
        before=(
            r"\b(?:ballots|votes|tally|count|tallied|counted|total)(?: (?!for\b)\w+){0,2} "
            r"(?:reached|is|was|now at|stands? at|stood at|came to|hit|grew to|rose to|up to) (?:just |only |about |now )*$"
        ),
        sentence=r"\d,\d{3}",
    ),
    Line("attached", one(Unit.NUMBER), before=r"(?:^|[,;:] |\band )$", after=rf"^ for (?:{C})"),
)
"""Read from the top; the first line that fits takes the figure."""


def family_of(parsed: Parsed, item: Item, groups: re.Pattern[str] | None = None) -> str:
    """Return the family a figure belongs to, "" if it is no claim about the race.

    Args:
        parsed: The sentence.
        item: The figure.
        groups: Finds the names of groups of voters that are counted in the record, None if there are none.
    """
    quantity = item.quantity
    if quantity is None:
        return ""
    before, after = parsed.before_of(item), parsed.after_of(item)
    words = f"{quantity.words} {quantity.base}".strip()
    for line in _lines(quantity.unit):
        if line.most < quantity.value:
            continue
        if (
            line.fits(before, after, words, parsed.text)
            if line.family != "group"
            else groups and _names_group(groups, f"{before}|{words}|{after}")
        ):
            return line.family
    return ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table, ready to be held against a figure."""

    family: str
    before: Pattern | None
    after: re.Pattern[str] | None
    words: Pattern | None
    sentence: Pattern | None
    most: float

    def fits(self, before: str, after: str, words: str, sentence: str) -> bool:
        return (
            (self.words is None or bool(self.words.search(words)))
            and (self.sentence is None or bool(self.sentence.search(sentence)))
            and (self.after is None or bool(self.after.search(after)))
            and (self.before is None or bool(self.before.search(before)))
        )


@cache
def _lines(unit: Unit) -> tuple[_Line, ...]:
    """The lines of the table for a unit."""
    return tuple(_ready(line) for line in TABLE if unit in line.units)


def _ready(line: Line) -> _Line:
    before = line.before if line.before.endswith("$") or not line.before else line.before + r"[^.;]*$"
    return _Line(
        line.family,
        before=Pattern(before, re.IGNORECASE) if before else None,
        after=re.compile(line.after, re.IGNORECASE) if line.after else None,
        words=Pattern(line.words, re.IGNORECASE) if line.words else None,
        sentence=Pattern(line.sentence, re.IGNORECASE) if line.sentence else None,
        most=line.most,
    )


def _names_group(groups: re.Pattern[str], near: str) -> bool:
    """Whether a group of voters is named: "Korean American candidate {C0}" is about somebody who stands."""
    return any(not SOMEBODY.match(near[found.end() :]) for found in groups.finditer(near))


SOMEBODY = re.compile(
    rf"(?: (?:\w+ ){{0,2}}(?:candidates?|attorney|lawyer|businessman|in Congress|to serve|member)\b|,? ?{C})", re.IGNORECASE
)
INHERITED = frozenset({"change", "votes", "share", "batch", "money"})
GAPPED = re.compile(
    rf"(?:^|[,;]|\band|\bwhile|\bto|^) ?(?:for )?(?:{C}|{G})(?: with| by| had| won| got| took| drew| received| just| only| another|"
    r" some)*,? ?(?:\()?$"
)
AGAIN = re.compile(r"(?:,|\band|\bthen) by (?:just |only |a mere )*$")
"""A margin goes on: "by nine points on the night and by only three at the end"."""


def figures(parsed: Parsed, groups: re.Pattern[str] | None = None) -> Iterator[tuple[Item, str]]:
    """Yield the figures of a sentence, each with its family.

    "Ahn gained 2,039, Gomez 2,548": a figure with a name and no verb of its own is read as the one before it.
    """
    last = _last_of(parsed.before, groups) if parsed.before and parsed.before.sentence.number == parsed.sentence.number else ""
    for item in (item for item in parsed.items if item.mark == "Q"):
        family = family_of(parsed, item, groups)
        gapped = last in INHERITED and GAPPED.search(parsed.before_of(item)) and item.quantity is not None
        if last == "margin" and not family and AGAIN.search(parsed.before_of(item)):
            family = last
        if gapped and item.quantity and item.quantity.unit in {Unit.NUMBER, Unit.VOTES, Unit.PERCENT} and family in {"", "votes", "share"}:
            family = last
        if family:
            last = family
            yield item, family


def _last_of(parsed: Parsed, groups: re.Pattern[str] | None) -> str:
    """The family of the last figure of a piece: "; Gomez, 19.3 percent" goes on with it."""
    return next((family for _, family in reversed(list(figures(parsed, groups)))), "")
