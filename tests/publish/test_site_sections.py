"""What is counted, the standing, what comes next, what others say, our log, findings and method: one section at a time."""

from dataclasses import replace
from datetime import date

import pytest

from builders import NIGHT, contest, election, hours, recorded, records, statement
from racecall.calls.judge import judge_contest
from racecall.calls.states import SlotState
from racecall.desk import packaged
from racecall.model.contest import EarlierContest, Option, OptionKind, ReleaseDue
from racecall.model.decision import DecisionKind
from racecall.model.finding import Severity
from racecall.model.outcome import RecountTrigger
from racecall.model.release import Report, ReportKind, ResultsStatus
from racecall.model.settings import Settings
from racecall.publish.site.counting import counting_bar
from racecall.publish.site.page import release_looks
from site_pages import ENGLISH, VOTES, crowd, decided, finding, in_state, page_of, part, said, view_of, words

NIGHT_VIEW = view_of(VOTES, out=13400, units_reported=192, units_total=192)


def by_kind(**categories: int):
    """A view of which the county said how much is left of each kind."""
    made = contest("Gomez", "Ahn", "Cabildo")
    known = records(recorded(VOTES), statements=[statement(n, category=kind) for kind, n in categories.items()])
    return judge_contest(made, election(made), packaged.rulebook().rule(made.rule), known, as_of=NIGHT, settings=Settings())


def report(kind: ReportKind, by="AP", **values) -> Report:
    """What somebody said."""
    return Report(**{"contest": "c", "kind": kind, "by": by, "at": NIGHT, "source": "AP: https://example.org/x", **values})


# -- counted and still out -----------------------------------------------------------------------------------------------------------


def test_the_heading_is_a_whole_per_cent_and_the_range_stands_below():
    """A share counted is never written finer than it is known."""
    counted = part(page_of(NIGHT_VIEW), "counted")

    assert words(counted, ".//h2") == ["About 55% of ballots are counted"]
    assert "Counted: about 55%, somewhere from 33% to 60%." in said(counted)


def test_precincts_are_never_progress():
    """The sentence about precincts says what they do not mean."""
    assert "All 192 precincts have reported. That is not a measure of progress" in said(part(page_of(NIGHT_VIEW), "counted"))


def test_the_bar_keeps_official_figures_and_estimates_apart():
    """Solid is counted, hatched is official, dotted is ours."""
    bar = part(page_of(NIGHT_VIEW), "counted").xpath(".//*[@role='img']")[0]

    assert [one.get("class") or one.get("fill") for one in bar.xpath("./rect[not(@fill='none')]")] == ["fdone", "url(#h)", "url(#d)"]


def test_the_bar_is_in_ballots_and_adds_up():
    """What is counted, what is official and what may come on top make the whole width."""
    bar = part(page_of(NIGHT_VIEW), "counted").xpath(".//*[@role='img']")[0]

    widths = [float(one.get("width").rstrip("%")) for one in bar.xpath("./rect[not(@fill='none')]")]

    assert sum(widths) == pytest.approx(100, abs=0.02)
    assert widths[0] == pytest.approx(100 * 16438 / counting_bar(page_of(NIGHT_VIEW), ENGLISH).total, abs=0.01)


def test_the_bar_is_told_in_a_sentence():
    """Who does not see the bar hears its figures."""
    (told,) = part(page_of(NIGHT_VIEW), "counted").xpath(".//*[@role='img']/@aria-label")

    assert told == "Counted: about 16,438 ballots. Still out, officially: 13,400. By our estimate up to 20,100 more."


def test_the_hundred_per_cent_of_precincts_is_marked_where_it_fell():
    """The mark stands at the ballots counted then, and not at the end."""
    bar = part(page_of(NIGHT_VIEW), "counted").xpath(".//*[@role='img']")[0]

    assert bar.xpath("./line/@x1") == [bar.xpath("./rect[2]/@x")[0]]
    assert "“100% of precincts”" in said(bar)


def test_kinds_of_ballots_are_split_where_the_office_split_them():
    """Mail and provisional ballots have a piece each."""
    legend = words(part(page_of(by_kind(mail=9000, provisional=4400)), "counted"), ".//ul[@class='legend']/li")

    assert legend[1:3] == ["9,000 mail, officialThe county, Apr 5, 1:00 AM", "4,400 provisional, officialThe county, Apr 5, 1:00 AM"]


def test_where_nothing_is_known_of_what_is_left_there_is_no_bar():
    """A bar would have to make up its end."""
    counted = part(page_of(view_of(VOTES)), "counted")

    assert counted.xpath(".//*[@role='img']") == []
    assert "How much is counted cannot be said yet" in said(counted)
    assert "The office has not said how many ballots are still out." in said(counted)


def test_an_old_figure_is_called_old():
    """A page says when the figure it rests on is old."""
    stale = replace(NIGHT_VIEW, inventory=replace(NIGHT_VIEW.inventory, stale=True))

    assert "The latest figure of ballots still out is old." in said(part(page_of(stale), "counted"))


def test_a_certified_count_has_its_turnout():
    """Ballots cast over voters registered, and no bar."""
    view = view_of(VOTES, status=ResultsStatus.CERTIFIED, ballots={"cast": 17000, "registered": 100000})

    assert said(part(page_of(view), "counted")) == (
        "All ballots are counted 16,438 votes counted. 17,000 ballots were cast, 17.0% of 100,000 registered."
    )


# -- the standing --------------------------------------------------------------------------------------------------------------------


def test_the_line_lies_after_the_last_who_goes_through():
    """A row with words, after the second of two."""
    rows = words(part(page_of(NIGHT_VIEW), "standing"), ".//tbody/tr")

    assert rows[2] == "The 2 highest go on. Ahn is 2,726 votes (16.6 points) ahead of Cabildo."


def test_six_rows_are_open():
    """The tail lies in details, with its share."""
    standing = part(page_of(view_of(crowd(24), out=2000)), "standing")

    assert len(standing.xpath("./section/table//tbody/tr[not(@class='cut')]")) == 6
    assert words(standing, ".//summary")[0].startswith("18 more (")


def test_the_tail_never_cuts_above_the_line():
    """With nine places eleven rows are open."""
    view = view_of(crowd(17), rule="generic-plurality", number_elected=9, out=3000)

    assert len(part(page_of(view), "standing").xpath("./section/table//tbody/tr[not(@class='cut')]")) == 11


def test_bars_start_at_zero_and_end_at_the_next_five_points():
    """49.6% on a scale to 50%."""
    (width, *_) = part(page_of(NIGHT_VIEW), "standing").xpath(".//tbody//rect/@width")

    assert width == "99.23%"


def test_a_sum_over_several_is_hatched():
    """All others are nobody."""
    options = (*contest("Gomez", "Ahn").options, Option(id="rest", name="All others", kind=OptionKind.AGGREGATE, ballot_order=3))
    view = view_of({"gomez": 50, "ahn": 30, "rest": 20}, options=replace(contest("Gomez", "Ahn"), options=options))

    assert part(page_of(view), "standing").xpath(".//tbody//rect/@fill") == ["url(#po)"]


def test_votes_that_are_not_given_are_not_held():
    """A missing count is never 0."""
    options = contest("Gomez", "Ahn", "Cabildo")
    rows = words(part(page_of(view_of({"gomez": 50, "ahn": 30}, options=options)), "standing"), ".//tbody/tr[not(@class='cut')]")

    assert rows[-1] == "Cabildo–not held"


def test_level_candidates_are_said_to_be_level():
    """A gap of nothing is not a lead."""
    view = view_of({"a": 500, "b": 300, "c": 300}, out=100)

    assert "B and C are level." in said(part(page_of(view), "standing"))


def test_the_certified_standing_has_the_change_since_the_night():
    """In points, with a sign, and no sign on nothing."""
    then = view_of({"a": 500, "b": 300, "c": 200}, status=ResultsStatus.UNOFFICIAL_COMPLETE)
    now = view_of({"a": 900, "b": 700, "c": 400}, status=ResultsStatus.CERTIFIED, at=hours(100))

    changes = words(part(page_of(now, looks=(then,)), "standing"), ".//tbody/tr[not(@class='cut')]/td[1]")

    assert changes == ["−5.0", "+5.0", "0.0"]


def test_a_recount_that_the_margin_brings_is_said():
    """With the limit and the statute."""
    trigger = RecountTrigger(pair=("ahn", "cabildo"), margin_votes=12, limit_votes="<= 82", kind="automatic", source="Wis. Stat. 9.01")
    view = replace(NIGHT_VIEW, outcome=replace(NIGHT_VIEW.outcome, recounts=(trigger,)))

    assert "A margin of 12 votes (limit <= 82) brings a recount by law. Wis. Stat. 9.01" in said(part(page_of(view), "standing"))


# -- beside the count ----------------------------------------------------------------------------------------------------------------


def test_what_is_announced_is_listed_by_time():
    """The next count, then what follows; what is past is gone."""
    due = [
        ReleaseDue(at=hours(n), what=what, source="The county") for n, what in ((90, "Certification"), (60, "Second count"), (-5, "Past"))
    ]
    page = page_of(replace(NIGHT_VIEW, due=due[1]))

    made = part(replace(page, election=replace(page.election, calendar=tuple(due))), "next")

    assert [row.split("M", 1)[1] for row in words(made, ".//li")[:2]] == ["Second count The county", "Certification The county"]


def test_where_no_date_is_known_the_page_says_so():
    """A missing date is a fact too."""
    assert "No later count and no day of certification is announced" in said(part(page_of(NIGHT_VIEW), "next"))


def test_the_calendar_is_linked_where_there_is_one():
    """A link to a file that nobody wrote would lead nowhere."""
    without = part(page_of(NIGHT_VIEW), "next").xpath(".//a/@href")
    linked = part(page_of(NIGHT_VIEW, downloads={"calendar": "releases.ics"}), "next").xpath(".//a/@href")

    assert (without, linked) == ([], ["../../releases.ics"])


def test_agencies_calls_stand_beside_ours():
    """A column a place; ours last, with its state."""
    said_by_ap = report(ReportKind.AGENCY_CALL, option="gomez")
    view = replace(in_state(NIGHT_VIEW, SlotState.CALLED, SlotState.LIKELY), reports=(said_by_ap,))

    rows = [words(row, "./*") for row in part(page_of(view), "claims").xpath(".//tbody/tr")]

    assert rows == [["AP", "Gomez", "not called"], ["racecall", "Gomez: Called", "Ahn: Likely"]]


def test_an_agency_that_called_somebody_else_is_not_left_out():
    """A call of someone who holds no place is shown on the place that is free in its row."""
    view = replace(NIGHT_VIEW, reports=(report(ReportKind.AGENCY_CALL, option="cabildo"),))

    rows = [words(row, "./*") for row in part(page_of(view), "claims").xpath(".//tbody/tr")]

    assert rows[0] == ["AP", "Cabildo", "not called"]


def test_a_claim_is_somebodys_and_no_call():
    """It opens with whose claim it is, and has its source."""
    view = replace(NIGHT_VIEW, reports=(report(ReportKind.VICTORY_CLAIM, by="Ahn", source="Los Angeles Times: https://example.org/a"),))

    claims = part(page_of(view), "claims")

    assert "Ahn claims victory. A claim, not a call. Los Angeles Times" in said(claims)
    assert claims.xpath(".//a/@href") == ["https://example.org/a"]


def test_a_source_that_is_no_address_is_no_link():
    """Only http and https become links."""
    view = replace(NIGHT_VIEW, reports=(report(ReportKind.CONCESSION, source="javascript:alert(1)"),))

    assert part(page_of(view), "claims").xpath(".//a") == []


def test_printed_figures_are_kept_apart_from_counts():
    """A figure in the press is nobody's count."""
    view = replace(NIGHT_VIEW, reports=(report(ReportKind.FIGURE, option="ahn", share=0.28),))

    assert "Kept and compared, never added to a count." in said(part(page_of(view), "claims"))


def test_nobody_said_anything():
    """Without calls and claims there is no section."""
    assert part(page_of(NIGHT_VIEW), "claims") is None


def test_the_log_has_each_change_once_with_its_evidence():
    """What was, what is, and the record it rests on; a look that changes nothing adds nothing."""
    looks = (in_state(NIGHT_VIEW, SlotState.LEADING, SlotState.TOO_CLOSE),) * 2
    view = replace(in_state(NIGHT_VIEW, SlotState.LIKELY, SlotState.TOO_CLOSE), as_of=hours(3))

    log = words(part(page_of(view, looks=looks, heads=("11" * 32, "22" * 32, "33" * 32)), "log"), ".//li")

    assert [row.split("M", 1)[1] for row in log] == [
        "Place 1, Gomez: Leading, now Likely.333333333333",
        "Place 1, Gomez: Too early, now Leading.111111111111",
        "Place 2, Ahn: Too early, now Too close.111111111111",
    ]


def test_decisions_are_in_the_log_with_names_and_reasons():
    """Who decided, and why, in their words."""
    view = in_state(NIGHT_VIEW, SlotState.CALLED, decisions=(decided("gomez", DecisionKind.APPROVE, "Maria Lopez"),))

    assert "Maria Lopez approves the call of Gomez. The lead holds." in said(part(page_of(view), "log"))


def test_findings_say_what_they_hold():
    """The problem as recorded, and what it means for calls."""
    view = replace(NIGHT_VIEW, findings=(finding("Gomez falls from 1,204 to 1,104."), finding("Odd.", Severity.NOTE)))

    findings = part(page_of(view), "findings")

    assert "Gomez falls from 1,204 to 1,104.Open; it holds every call here" in said(findings)
    assert findings.xpath(".//p[@lang='en']/b/text()") == [f"{one.id}." for one in view.findings]


def test_corrections_stay_in_sight():
    """A corrected count is listed, and leads to the page as it stood."""
    counts = records(recorded(VOTES), recorded(VOTES, seq=2, at=hours(2), status=ResultsStatus.CORRECTION)).counts("c")

    made = part(page_of(NIGHT_VIEW, releases=release_looks(counts)), "findings")

    assert "Corrected by the office, Apr 5, 3:00 AM." in said(made)
    assert made.xpath(".//a/@href") == ["../../c/c/at/2/index.html"]


def test_earlier_contests_are_listed():
    """The district before: day, title, votes."""
    before = EarlierContest(title="General election", date=date(2014, 11, 4), votes=61621, options=(("Becerra", "DEM", 44697),))

    assert "November 4, 2014: General election. 61,621 votes.Who stood" in said(
        part(page_of(replace(NIGHT_VIEW, contest=replace(NIGHT_VIEW.contest, earlier=(before,)))), "earlier")
    )


def test_every_count_has_a_page_of_its_own():
    """Earlier states are one link away, newest first."""
    counts = records(*(recorded(VOTES, seq=n, at=hours(n)) for n in range(1, 12))).counts("c")

    links = part(page_of(NIGHT_VIEW, releases=release_looks(counts)), "states").xpath(".//a/@href")

    assert (len(links), links[0], links[-1]) == (11, "../../c/c/at/11/index.html", "../../c/c/at/1/index.html")


def test_the_method_names_the_law_and_the_error_rate():
    """The statute, and the chance of a wrong call that the limit is set to."""
    page = page_of(replace(NIGHT_VIEW, calibration=("2026-11", 0.005)))

    assert "Cal. Elec. Code 10705(a)" in said(part(page, "law"))
    assert "the chance of any wrong call in such a contest stays under 0.5%. Calibration 2026-11" in said(part(page, "calling"))


def test_without_a_calibration_only_arithmetic_is_promised():
    """No error rate is claimed where none was measured."""
    assert "only what is certain by arithmetic is recommended here" in said(part(page_of(NIGHT_VIEW), "calling"))


def test_files_to_take_away_are_linked_by_name():
    """Exports that lie beside the page are named in words; one of an unknown publisher keeps its id."""
    files = part(page_of(NIGHT_VIEW, downloads={"nist-xml": "data/c.xml", "own": "data/c.own"}), "files")

    links = {said(one): one.get("href") for one in files.xpath(".//ul[contains(@class, 'dl')]//a")}

    assert links == {
        "Results report (NIST, XML)": "../../data/c.xml",
        "own": "../../data/c.own",
        "Embed this contest": "../../embed/c.html",
    }
