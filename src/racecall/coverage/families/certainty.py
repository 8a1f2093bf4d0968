"""Words for how sure it is that somebody goes on or has won: each a pattern over the marks of a sentence, with how sure it sounds.

A way of saying it that is missing is a line here; `status` tells whom it is said of and holds it against what may be said.
"""

from __future__ import annotations

import re

from racecall.coverage.families.ladder import Level
from racecall.coverage.parsing import C, G, P
from racecall.coverage.patterns import Pattern

RUNOFF = r"(?:(?:\w+ |\{D\d+\} ){0,2}?(?:run-?off|showdown|face-?off|match-?up|rematch|second round))"
TWO = rf"(?:{C}(?:,? (?:and|vs\.?|versus|against|or) (?:[\w-]+ ){{0,3}}?{C})?|{G})"
POST = r"(?:congress(?:man|woman|member)|representative|member of Congress|U\.S\. representative|state senator|senator|lawmaker)"

HEDGED = Pattern(
    r"\b(?:appear\w*(?! on)|seem\w*|look\w*|likely|poised|on (?:track|course|pace)|all but (?:certain|assured|sure)|"
    r"almost certain\w*|virtually|apparently|(?<!as )expected|favou?red(?! \{C)|set to|set for|nearly assured|close to|bound for)\b"
    r"(?:(?!\b(?:unlikely|updates?|results?|release|officials|tally|counts?|count|costly|increase|turnout|"
    r"available)\b)[^.;]){0,55}?\b(?:to be |be )?(?:advanc\w*|run-?offs?\b|meet\b|face\b|face off|headed|heading|win\b|"
    r"winner|winning|victor\w*|elected|won\b(?! \w+ (?:votes|percent))|place\b|spot\b|second round|next round|"
    r"general election|showdown|go through|move on|make|join|"
    r"next (?:member|congress\w*|representative))",
    re.IGNORECASE,
)
FUTURE = Pattern(
    r"\b(?:will|would now|are to|is to|is going to|are going to|'ll)\s+(?:now |also |both |then |again )*(?:advance|meet|"
    r"face|compete|square off|go head|move on|proceed|be in (?:the|a) (?:\{D\d+\} )?run-?off|(?:be|appear) on (?:the )?(?:\w+ |"
    r"\{D\d+\} )?ballot|battle|go on|be (?:the |L\.A\.'s |our )?next|be elected|be sworn|replace|succeed|go up against|vie\b|"
    r"slug it out|oppose|tangle|do battle|clash|contend|take on|go forward|be (?:one of|among) the two\b|"
    r"(?:be|become) (?:[\w.']+ ){0,3}next\b|fill (?:out |the )|serve (?:out|the (?:rest|remainder))|take (?:office|over|the seat)|"
    r"join (?:the )?(?:house|congress)|represent|duel|join|go through|contest|decide)",
    re.IGNORECASE,
)
PRESENT = Pattern(
    r"\b(?:advance[sd]?\b(?! (?:voting|copy|notice|poll|ballots))|advancing|(?:has|have|had) advanced|moves? (?:on|ahead)\b|"
    r"(?:proceed|go(?:es)? forward|went forward)(?:s|ed|ing)? to (?=(?:a|the|\{D\d+\}(?:'s)?) (?:\w+ )?run-?off)|"
    r"moved on|goes through|(?:go|went|head|heads|headed|heading|going) (?:straight |on |now )?(?:to|into|for) (?:a|the|"
    r"an?)? ?(?:\{D\d+\} |[A-Z]\w+ )?(?:run-?off|second round|general|"
    r"showdown|face-?off|match-?up|rematch)|run-?off (?:between|pits|pitting|match-?up of) (?=\{C)|"
    r"(?:is|are|was|were) (?:now )?(?:safely )?(?:through\b|assured|guaranteed|certain (?:of|to))|assured of|runoff-bound|"
    r"(?:place|spot|slot|berth) (?:is|was) (?:now )?(?:secure|safe)|-elect\b|"
    r"(?:is|are) (?:now )?(?:going|headed|on (?:the|\{C\d+\}) way|bound) (?:to|for) (?:Washington|Congress|Capitol Hill)|"
    r"(?:headed|cruising|heading) (?:to|toward|for) (?:Washington|Congress)|"
    r"(?:has|have|got|had) (?:it|this (?:one|race)|the race) (?:in the bag|sewn up|wrapped up|locked up)|"
    r"(?<=\} )to (?:the )?(?:\{D\d+\} )?run-?off$|"
    r"joins?(?= \{C\d+\}[^.;]{0,20}run-?off)|makes? (?:it (?:in)?to )?(?:the|a) run-?off|made (?:it (?:in)?to )?(?:the|a) run-?off|"
    r"qualif(?:y|ies|ied) for|"
    r"(?:secur|clinch|claim|captur|nail|lock|wrapp|punch|earn|grabb|seiz|tak|nabb?|snagg?|bagg?|land|win|won)\w* "
    r"(?:up |down )?(?:a |the |his |her |their |\{C\d+\} |one of (?:the )?(?:two )?)?(?:\w+ ){0,2}"
    r"(?:seat\b|spots?|(?:run-?off )positions?|place in|places in|slots?|berths?|ticket|tickets|nomination)|"
    r"replaces (?=\{P|Rep)|are (?:now )?facing off\b|"
    r"(?:faces|to face|meets|to meet|meet(?= (?:on |in )?\{D)|face off|to square off) (?=[^.;]*\{[CGD]|[^.;]*run-?off)|"
    r"(?:sent|sends|sending|puts?) (?=\{[CG]\d+\}(?:,? and (?:\w+ ){0,3}\{C\d+\})? (?:in)?to (?:the|a) (?:\w+ |\{D\d+\} ){0,2}?run-?off)|"
    r"run-?off (?:is|field is) (?:now )?set: (?=\{C)|"
    r"(?:is|are) (?:now )?in (?:the|a) (?:\{D\d+\} )?run-?off\b)|(?<=\.)-elect\b",
    re.IGNORECASE,
)
WON = Pattern(
    r"\b(?P<won>won|wins|winning|has won|victorious|triumph\w*|prevail\w*|elected|defeats?|defeated|defeating|beating|"
    r"beats?(?: back)?|beat|bested|(?:h[eo]ld|fend|stav)\w* off(?= (?:[\w-]+ ){0,3}\{C)|"
    r"dispatch\w+(?= (?:[\w-]+ ){0,3}\{C)|outlast\w+|"
    r"(?:cruis|eas|roll|sail|coast|breez)\w+ past|beaten|trounc\w+|rout(?:s|ed)|crush(?:es|ed)|"
    r"captur(?:ed|es)(?= (?:the |a )?(?:seat|spot|nomination|race|district))|"
    r"sweeps?|swept|cruis\w+ to|coasts?|clinch\w+|claims? (?:the )?(?:seat|victory in)|"
    r"victory (?:for|over|in)|winner)\b"
    r"(?! either way)(?!\s+(?:about |just |only |nearly |roughly |more than |over |almost |some |the )*\{Q|\s+(?:the |\w+ )?(?:endorsement|"
    r"support|backing|praise|vote|votes|ballots|late|mail|absentee|precinct|most|early|a majority of|debate|by acclam|"
    r"over voters|applause)|\s+officials|\s+(?:members|leaders))",
    re.IGNORECASE,
)
MAYBE = Pattern(
    rf"\b(?:will|would|could) (?:probably|likely|almost certainly) (?:face|meet|advance|win|go|join|take on)\b|"
    rf"\b(?:looks?|shap\w+ up|shapes up) (?:like|as|to be) (?:it will be |a )?(?={TWO})|"
    rf"\bon the (?:verge|brink|cusp) of (?:a |the |winning|advancing|victory){RUNOFF}?|"
    rf"\b(?:likely|probable|apparent|presumptive|projected|expected) (?:\w+ )?(?:winner|victor|opponents?|rivals?|finalists?|match-?up|"
    rf"{RUNOFF})\b(?: (?:is|are|will be) (?={TWO}))?|"
    rf"(?<=-){C} {RUNOFF} (?:is|looks|seems|appears) (?:very |most )?(?:likely|probable|certain)\b",
    re.IGNORECASE,
)
GOES_ON = Pattern(
    r"\b(?:book|guarante|assur)\w* (?:(?:himself|herself|themselves) )?(?:a |the |his |her |their |\{C\d+\} )?"
    r"(?:place|spot|slot|berth|ticket)s?\b|"
    rf"\bsets? up (?:a|an|the) {RUNOFF} (?:between|with|against|pitting) (?:[\w-]+ ){{0,3}}?{TWO}|\bsets? up (?:a |the )?{TWO} {RUNOFF}|"
    rf"\brun-?off (?:will )?(?:pits?|pitting|match(?:es)?|features?) (?={TWO})|\b(?:is|are) (?:now )?moving on\b|"
    r"\b(?:edg|squeak|fought|fight|work|muscl|slip|squeez|punch|scrap|claw|eas)\w* (?:(?:his|her|their|\{C\d+\}) way )?into (?:the|a) "
    rf"{RUNOFF}|"
    rf"\bwill be {C}(?= in (?:{{D|the (?:\w+ )?run))|\bwill (?:choose|decide|pick) between (?={TWO})|"
    rf"\b(?:narrow|winnow|whittl|boil|pare|trimm)\w* (?:down )?to (?:just )?(?:two|{G}|)(?: [a-z]+)?(?::|,| -|) ?(?={TWO})|"
    rf"\b(?:the )?(?:two )?finalists(?: are| will be|:) (?={TWO})|(?<=\}}) (?:are|were) the (?:two )?finalists\b",
    re.IGNORECASE,
)
HAS_WON = Pattern(
    rf"\b(?:is|are|becomes|became|as) (?:the |our |your |its |their )?(?:[\w.]+'s |\w+ )?(?:new|newest|next) {POST}\b|"
    r"\b(?:roll|coast|cruis|sail|breez|romp|skat|glid|eas|storm|march|swe[ep]\w*|stroll)\w* to "
    r"(?:an? |the )?(?:\w+ ){0,2}(?:victory|win)\b|"
    r"\b(?:seal|clinch|nail|secur|score|notch|post|wrapp)\w*(?: down| up)? (?:an? |the |his |her |\{C\d+\} )?"
    r"(?:\w+ ){0,2}(?:victory|win)\b|"
    rf"\bsucceeds (?:{P}|[A-Z]\w+)|"
    rf"\b(?:chosen|picked|selected|elected|chose|sent|tapped) {C} (?:to be |as |to )"
    rf"(?:their |the |its |our )?(?:(?:next|new) |Congress|represent)|"
    rf"\bseat (?:goes|went|is going|belongs|now belongs) to (?={C})|\bofficially (?:the )?(?:elected|won\b|{G})|"
    rf"\b[Tt]he (?:win|victory|election) (?:of|by) (?:[\w.]+ ){{0,3}}?(?={C})|(?<=\}}) (?:was )?newly[- ]elected|"
    rf"\b(?:was|is|been) certified (?:as )?(?:the )?(?:winner|victor|{G})|(?<=\}})'s (?:election|win|victory) (?:was|has been) certified|"
    rf"(?<=\}}) (?:is|was|emerged as|became) {G}|"
    rf"(?<=\}})'s (?:\w+ )?(?:win|victory)\b(?! (?:party|speech|celebration|claim|margin|in the (?:primary|first)))",
    re.IGNORECASE,
)
LOST = Pattern(
    r"\b(?P<lost>lost|loses|was (?:eliminated|knocked out)|(?:is|are|was|were) (?:out of the race|eliminated)|fell short|"
    r"out of the running|"
    r"did(?: not|n't) (?:advance|qualify|make (?:it\b|the (?:\w+ )?(?:run-?off|cut)))|"
    r"(?:has|have|had) been (?:knocked out|eliminated)|"
    r"fell to (?=\{C)|lost out to|went down to|(?:was|were) (?:beaten|defeated) by|"
    r"missed (?:the|a) run-?off|failed to (?:advance|make|qualify))\b"
    r"(?! (?:ground|votes|his|her|the endorsement|ballots|(?:about |just |only |nearly |some )?\{Q|"
    r"of (?:the |an? )?(?:outright )?(?:majority|half|50|\{Q)))",
    re.IGNORECASE,
)


LEVELS: tuple[tuple[Pattern, Level, bool], ...] = (
    (HEDGED, Level.LIKELY, False),
    (MAYBE, Level.LIKELY, False),
    (FUTURE, Level.CERTAIN, False),
    (PRESENT, Level.CERTAIN, False),
    (GOES_ON, Level.CERTAIN, False),
    (WON, Level.CERTAIN, True),
    (HAS_WON, Level.CERTAIN, True),
)
"""Each pattern, how sure it sounds, and whether it speaks of winning."""
