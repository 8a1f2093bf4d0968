"""An agency's calls in our ids, and once."""

from __future__ import annotations

from dataclasses import replace

import builders as make
from racecall.ledger.reports import resolve_reports
from racecall.model.contest import Contest, Option
from racecall.model.release import Reading, Report, ReportKind
from racecall.origin import Origin

MAYOR = Contest(
    id="mayor",
    title="Mayor",
    rule="generic-majority-or-runoff",
    options=(Option(id="ruiz", name="Ana Ruiz", ballot_order=1), Option(id="cole", name="Ben Cole", ballot_order=2)),
    source_names=("CA Mayor, Primary",),
)
ELECTION = make.election(MAYOR)


def call(**changes: object) -> Report:
    values = {"contest": "CA Mayor, Primary", "kind": ReportKind.AGENCY_CALL, "by": "AP", "at": make.hours(1), "source": "AP, race 1"}
    return Report(**{**values, "option": "Ana Ruiz", "note": "winner flag X", "origin": Origin(capture="a" * 64, row=1), **changes})


def fetched(*reports: Report, titles: tuple[str, ...] = ("CA Mayor, Primary", "CA Sheriff, Primary")) -> Reading:
    release = make.release([("CA Mayor, Primary", "all", "total", "Ana Ruiz", 9)], titles=titles)
    return Reading(feed="ap", releases=(release,), reports=reports, repeats_calls=True)


def test_names_become_ids():
    """As they do in the counts beside them."""
    [report] = resolve_reports(fetched(call()), ELECTION, ())

    assert (report.contest, report.option) == ("mayor", "ruiz")


def test_a_name_nobody_has_heard_of_stays():
    """The counts say so; the call is kept as it was made."""
    [report] = resolve_reports(fetched(call(option="Cy Ford")), ELECTION, ())

    assert (report.contest, report.option) == ("mayor", "Cy Ford")


def test_calls_in_contests_we_do_not_follow_are_left_out():
    """A file of a whole state calls hundreds."""
    assert resolve_reports(fetched(call(contest="CA Sheriff, Primary")), ELECTION, ()) == ()


def test_what_is_entered_by_hand_stays():
    """A wrong contest is named elsewhere; nothing that a person typed is dropped."""
    entered = Reading(feed="hand", reports=(call(contest="mayer"), call(contest="mayor", option="ruiz")))

    assert resolve_reports(entered, ELECTION, ()) == entered.reports


def test_a_call_that_stands_is_not_said_again():
    """The next file has it too, with a later time."""
    known = resolve_reports(fetched(call()), ELECTION, ())

    assert resolve_reports(fetched(call(at=make.hours(2), origin=Origin(capture="b" * 64, row=1))), ELECTION, known) == ()


def test_a_retraction_is_news_and_so_is_the_call_after_it():
    """The last word of the agency is what stands."""
    called = resolve_reports(fetched(call()), ELECTION, ())
    taken = resolve_reports(fetched(call(kind=ReportKind.AGENCY_RETRACTION, note="winner flag N")), ELECTION, called)
    again = resolve_reports(fetched(call(at=make.hours(3))), ELECTION, (*called, *taken))

    assert [report.kind for report in (*called, *taken, *again)] == [
        ReportKind.AGENCY_CALL,
        ReportKind.AGENCY_RETRACTION,
        ReportKind.AGENCY_CALL,
    ]


def test_another_agency_and_another_option_are_news():
    """What stands, stands for one of each."""
    known = resolve_reports(fetched(call()), ELECTION, ())
    others = (call(by="DDHQ"), call(option="Ben Cole"))

    assert len(resolve_reports(fetched(*others), ELECTION, known)) == 2


def test_a_person_may_correct_a_time():
    """Only a source that repeats its calls is taken to repeat them."""
    entered = Reading(feed="hand", reports=(call(contest="mayor", option="ruiz", at=make.hours(2)),))
    known = (replace(entered.reports[0], at=make.hours(1)),)

    assert resolve_reports(entered, ELECTION, known) == entered.reports
