"""A page of every kind, by a name that says what is special about it; `publish` reads their HTML, `browser` looks at them."""

from dataclasses import replace

from builders import contest
from racecall.calls.states import SlotState
from racecall.model.contest import Contest, Option
from racecall.model.decision import DecisionKind
from racecall.model.release import ResultsStatus
from site_pages import VOTES, crowd, decided, finding, in_state, long_name, page_of, view_of

NIGHT_VIEW = view_of(VOTES, out=13400, units_reported=192, units_total=192)
APPROVED = (decided("gomez", DecisionKind.APPROVE, "Maria Lopez"), decided("gomez", DecisionKind.APPROVE, "Sam Okafor", after=1.5))
DOUBTED = (*APPROVED, decided("gomez", DecisionKind.RETRACT, "Ana Ruiz", after=2, reason="A batch is doubtful."))
WITHDRAWN = (*DOUBTED, decided("gomez", DecisionKind.RETRACT, "Sam Okafor", after=2.5, reason="A batch is doubtful."))
HOSTILE = Contest(
    id="c",
    title="<script>alert(1)</script>",
    rule="us-ca-special-primary",
    options=(
        Option(id="gomez", name='<img src=x onerror="alert(2)">', party='"><script>', ballot_order=1),
        Option(id="ahn", name="</title><script>alert(3)</script>", ballot_order=2),
        Option(id="cabildo", name="' onload='alert(4)", ballot_order=3),
    ),
)
KINDS = {
    "before the first count": page_of(view_of(None)),
    "on the night": page_of(NIGHT_VIEW),
    "rehearsed": page_of(NIGHT_VIEW, rehearsal=True),
    "an earlier moment": page_of(NIGHT_VIEW, is_current=False),
    "certified": page_of(view_of(VOTES, status=ResultsStatus.CERTIFIED)),
    "24 candidates": page_of(view_of(crowd(24), out=2000)),
    "nine places": page_of(view_of(crowd(17), rule="generic-plurality", number_elected=9, out=3000)),
    "one candidate": page_of(view_of({"gomez": 44})),
    "a measure": page_of(view_of({"yes": 520, "no": 480}, rule="measure-majority", out=90)),
    "ranked choice": page_of(view_of({"a": 500, "b": 300, "c": 250}, status=ResultsStatus.CERTIFIED, rule="us-ca-sf-rcv")),
    "a tie": page_of(view_of({"a": 500, "b": 300, "c": 300}, status=ResultsStatus.CERTIFIED, rule="us-ca-primary-voter-nominated")),
    "a finding": page_of(replace(NIGHT_VIEW, findings=(finding("<script>alert(5)</script>"),))),
    "called": page_of(in_state(NIGHT_VIEW, SlotState.CALLED, SlotState.LEADING, decisions=APPROVED)),
    "called twice": page_of(in_state(NIGHT_VIEW, SlotState.CALLED, SlotState.CALLED, decisions=APPROVED)),
    "under review": page_of(in_state(NIGHT_VIEW, SlotState.UNDER_REVIEW, SlotState.LIKELY, decisions=DOUBTED)),
    "withdrawn": page_of(in_state(NIGHT_VIEW, SlotState.RETRACTED, SlotState.LIKELY, decisions=WITHDRAWN)),
    "hostile names": page_of(view_of(VOTES, options=HOSTILE, out=500)),
    "a long name": page_of(
        view_of(
            VOTES,
            options=replace(contest("Gomez", "Ahn", "Cabildo"), options=(long_name(60), *contest("Gomez", "Ahn", "Cabildo").options[1:])),
        )
    ),
}
