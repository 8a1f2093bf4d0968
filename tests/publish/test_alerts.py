"""What happened between two looks, in whose words, and how it is written for readers and programs."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path

import icalendar
import pytest
from lxml import etree

import builders as make
from alert_views import ELECTION, LATER, NIGHT, PEOPLE, look
from racecall.calls.decided import Call
from racecall.calls.states import SlotState
from racecall.desk.packaged import translator
from racecall.errors import UsageError
from racecall.model.contest import Option, ReleaseDue, SlotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import Report, ReportKind, ResultsStatus
from racecall.publish.alerts import AlertKind, alert_events, announced, atom_feed, calendar, json_feed
from racecall.publish.alerts.event import event_from, event_object
from racecall.publish.alerts.mail import Letter, digest
from racecall.publish.alerts.sentences import HEADLINES, TEXTS, headline, sentences, text
from racecall.publish.alerts.subscribing import Wanted
from racecall.publish.alerts.unsubscribing import make_token, read_token, reader_key, unsubscribe_link
from racecall.publish.alerts.webhook import KEY, SIGNATURE, verify_webhook, webhook_body, webhook_headers

PAGE = Path(__file__).resolve().parents[2] / "docs" / "alerts.md"
BASE = "https://results.example.org/"
LIKELY, CALLED, REVIEW, RETRACTED = SlotState.LIKELY, SlotState.CALLED, SlotState.UNDER_REVIEW, SlotState.RETRACTED


def decided(kind: DecisionKind, reason: str, at: float, option: str = "ahn") -> Decision:
    return Decision(
        contest="c", option=option, goal=SlotKind.ADVANCE, slot=2, kind=kind, by="A", reason=reason, at=make.hours(at), evidence="e"
    )


NIGHT_ON: tuple = (
    look(),
    look(LATER, at=make.hours(4), seq=2, states={"ahn": LIKELY}),
    look(LATER, at=make.hours(5), seq=2, head="5" * 64, states={"ahn": CALLED}, decisions=(decided(DecisionKind.APPROVE, "Clear.", 5),)),
    look(LATER, at=make.hours(6), seq=2, head="6" * 64, states={"ahn": REVIEW}),
    look(
        LATER,
        at=make.hours(7),
        seq=2,
        head="7" * 64,
        states={"ahn": RETRACTED},
        decisions=(decided(DecisionKind.APPROVE, "Clear.", 5), decided(DecisionKind.RETRACT, "The county moved 900 votes.", 7)),
    ),
)
"""First count, second count and a likely place, a call, its review, its withdrawal."""


def told(*views, **options):
    return [(event.kind.value, headline(event)) for event in alert_events(views, **options)]


# -- what is told --------------------------------------------------------------------------------------------------------------------


def test_a_night_is_told_in_its_order():
    """Counts, a likely place, a call, its review and its withdrawal, the most urgent of a moment first."""
    assert told(*NIGHT_ON) == [
        ("release", "The contest: first count, 28,985 votes"),
        ("likely", "The contest: Ahn is likely to advance. Not called"),
        ("release", "The contest: +5,700 votes, 34,685 counted"),
        ("called", "The contest: Ahn advances, racecall projects"),
        ("under_review", "The contest: call under review: Ahn"),
        ("retracted", "The contest: call withdrawn: Ahn"),
    ]


def test_a_withdrawn_call_says_when_it_was_made_and_why_it_is_withdrawn():
    """The words of the style sheet: we called this at …; we withdraw it because …"""
    assert text(alert_events(NIGHT_ON)[-1]).startswith(
        "This takes the place of what was sent before on the same matter. Place 2 of 2. We called this at Wed 5 Apr 2017, 06:00 PDT. "
        "We withdraw it. The reason given: The county moved 900 votes. 34,685 votes are counted"
    )


def test_a_count_says_what_is_counted_and_what_is_out():
    """The standing without a verb, the share with its range, and the office's figure with its moment."""
    assert text(alert_events(NIGHT_ON)[0]) == (
        "In the count: Gomez 8,156 (28.1%); Ahn 5,504 (19.0%); Cabildo 2,778 (9.6%). "
        "28,985 votes are counted, about 68% of the expected votes (65% to 72%). About 13,400 ballots are out (11,122 to 15,410). "
        "At Wed 5 Apr 2017, 01:00 PDT The county said 13,400. Source: The county"
    )


def test_a_withdrawal_takes_the_place_of_the_call_and_of_its_review():
    """Whoever has not been told of the call yet need not be."""
    *_, called, review, retracted = alert_events(NIGHT_ON)

    assert (review.supersedes, retracted.supersedes) == ((called.id,), (review.id, called.id))


def test_a_call_of_somebody_who_has_fallen_behind_is_withdrawn_in_words():
    """No place shows the option any more; whoever was told of the call is told that it was withdrawn, and why."""
    behind = {**LATER, "cabildo": 8000}
    signed = (decided(DecisionKind.APPROVE, "Clear.", 5), decided(DecisionKind.RETRACT, "The county moved 900 votes.", 7))
    withdrawn = Call(option="ahn", goal=SlotKind.ADVANCE, state=RETRACTED)
    after = look(behind, at=make.hours(7), seq=2, head="7" * 64, decisions=signed, calls=(withdrawn,))
    event = alert_events((after,), before=look(LATER, at=make.hours(6), seq=2, states={"ahn": REVIEW}))[0]

    assert (headline(event), "The reason given: The county moved 900 votes." in text(event)) == ("The contest: call withdrawn: Ahn", True)


def test_what_is_no_longer_likely_is_taken_back():
    """A likely place that is too close again is told, and takes the place of what was said."""
    likely, back = alert_events((look(states={"ahn": LIKELY}), look(at=make.hours(1), head="b" * 64, states={"ahn": SlotState.TOO_CLOSE})))[
        ::2
    ]

    assert (back.supersedes, headline(back)) == (
        (likely.id,),
        "The contest: no longer said: Ahn is likely to advance. Not called",
    )


def test_leading_is_no_news():
    """Who leads changes with every count; nobody is woken for it."""
    assert told(look(states={"ahn": SlotState.TOO_CLOSE}), look(at=make.hours(1), states={"ahn": SlotState.LEADING})) == [
        ("release", "The contest: first count, 28,985 votes")
    ]


def test_a_call_follows_the_candidate_when_two_change_places():
    """A call is about the option: its new number is no news."""
    swapped = {**LATER, "gomez": 7604, "ahn": 9256}
    views = (look(LATER, states={"ahn": CALLED}), look(swapped, at=make.hours(1), seq=1, head="b" * 64, states={"ahn": CALLED}))

    assert [kind for kind, _ in told(views[1], before=views[0])] == []


def test_a_certified_count_says_advanced():
    """Only what is certified is told in the past tense."""
    records = make.records(make.recorded(NIGHT, status=ResultsStatus.CERTIFIED))

    assert [line for kind, line in told(look(records=records)) if kind == "certified"] == [
        "The contest: Gomez advanced. Certified",
        "The contest: Ahn advanced. Certified",
    ]


def test_a_count_that_fell_is_a_correction_that_names_who_fell():
    """It takes the place of the count before it."""
    first, second = alert_events((look(), look({**NIGHT, "gomez": 8056}, at=make.hours(1), seq=2)))

    assert (headline(second), second.supersedes) == ("The contest: count corrected, now 28,885 votes", (first.id,))
    assert "Fell: Gomez −100." in text(second)


def test_the_same_count_again_is_no_news():
    """An office that publishes once more what it has published is not quoted twice."""
    assert told(look(at=make.hours(1), seq=2), before=look()) == []


def test_a_count_of_nothing_is_no_news():
    """Zeros before the polls close are no first count."""
    assert told(look(dict.fromkeys(NIGHT, 0))) == []


HOLD = Finding(check="fall", severity=Severity.HOLD_CALLS, problem="Gomez falls from 8,156 to 8,056.", contest="c")


def test_a_finding_is_told_when_it_holds_calls_and_when_it_does_not_any_more():
    """The second takes the place of the first, which need not go out then."""
    held, free = alert_events((look(findings=(HOLD,)), look(at=make.hours(1), head="b" * 64)), before=look())

    assert (held.kind, text(held)) == (
        "held",
        "Gomez falls from 8,156 to 8,056. No place is recommended for a call until two people have accepted it.",
    )
    assert (free.kind, free.supersedes) == ("free", (held.id,))


def test_a_finding_about_a_whole_file_is_told_once():
    """It holds every contest, and is one thing that happened."""
    two = replace(ELECTION, contests=(PEOPLE, replace(PEOPLE, id="d", title="The other")))
    finding = replace(HOLD, contest="")
    view = look(election=two, findings=(finding,))
    both = replace(view, contests=(view.contests[0], replace(view.contests[0], contest=two.contests[1])))

    assert [event.contest for event in alert_events((both,)) if event.kind is AlertKind.HELD] == [""]


def test_a_note_is_not_told():
    """What holds nothing waits for whoever looks."""
    assert told(look(findings=(replace(HOLD, severity=Severity.NOTE),)), before=look()) == []


def said_by(kind: ReportKind, by: str = "AP", at: float = 1, **values) -> Report:
    return Report(contest="c", kind=kind, by=by, at=make.hours(at), source="https://example.org/a", option="ahn", slot=2, **values)


def test_what_others_say_is_told_as_theirs():
    """A claim is a claim, and an agency's call is not ours."""
    reports = (said_by(ReportKind.AGENCY_CALL), said_by(ReportKind.VICTORY_CLAIM, by="Ahn"))
    call, claim = alert_events((look(at=make.hours(1), reports=reports),), before=look())

    assert (headline(call), text(call)) == (
        "The contest: AP calls place 2 for Ahn.",
        "The call of AP, not ours. Source: https://example.org/a",
    )
    assert (headline(claim), text(claim)) == ("The contest: Ahn claims place 2.", "A claim, not a call. Source: https://example.org/a")


def test_an_agency_that_takes_its_call_back_takes_the_place_of_it():
    """The same agency and the same candidate."""
    call, back = (said_by(ReportKind.AGENCY_CALL), said_by(ReportKind.AGENCY_RETRACTION, at=2))
    first, second = alert_events((look(reports=(call,)), look(at=make.hours(2), reports=(call, back))), before=look())

    assert second.supersedes == (first.id,)


FRIDAY = ReleaseDue(at=make.hours(54), what="next count", source="The county")
SATURDAY = replace(FRIDAY, at=make.hours(78))


def test_a_next_count_that_is_moved_takes_the_place_of_the_first_word():
    """One that is over is not moved by a new one."""
    views = (look(due=FRIDAY), look(at=make.hours(2), due=SATURDAY), look(at=make.hours(100), due=replace(FRIDAY, at=make.hours(120))))
    friday, saturday, later = alert_events(views, before=look())

    assert headline(friday) == "The election: next count Fri 7 Apr 2017, 07:00 PDT"
    assert (saturday.supersedes, later.supersedes) == ((friday.id,), ())


def test_a_line_of_the_calendar_is_no_news():
    """What election.toml lists was known before."""
    listed = replace(ELECTION, calendar=(FRIDAY,))

    assert told(look(election=listed, due=FRIDAY), before=look(election=listed)) == []


# -- the same again ------------------------------------------------------------------------------------------------------------------


def test_the_same_views_give_the_same_bytes():
    """Ids, feeds and bodies can be made again from the record."""

    def made():
        events = alert_events(NIGHT_ON)
        return (
            atom_feed(events, election=ELECTION, base_url=BASE),
            json_feed(events, election=ELECTION, base_url=BASE),
            [webhook_body(event) for event in events],
            digest(events, LETTER).as_bytes(),
        )

    assert made() == made()


@pytest.mark.parametrize("cut", range(len(NIGHT_ON) + 1))
def test_a_fold_in_two_parts_is_the_fold_in_one(cut):
    """A desk that looks after every event tells what one that looks once tells."""
    first = alert_events(NIGHT_ON[:cut])
    rest = alert_events(NIGHT_ON[cut:], before=NIGHT_ON[cut - 1] if cut else None, earlier=first)

    assert (*first, *rest) == alert_events(NIGHT_ON)


def test_an_event_is_read_back_as_it_was_written():
    """The outbox keeps it as JSON."""
    events = alert_events(NIGHT_ON)

    assert [event_from(json.loads(json.dumps(event_object(event)))) for event in events] == [
        replace(event, facts=json.loads(json.dumps(dict(event.facts)))) for event in events
    ]


# -- the words -----------------------------------------------------------------------------------------------------------------------

ABOVE = re.compile(r"\b(advances|advanced|will be elected|was elected|will prevail|prevailed|wins|won|winner|defeats)\b")


def test_no_word_stands_above_its_state():
    """Who advances is said of what is called or certified, and winner never."""
    strong = {key for key, line in HEADLINES.items() if ABOVE.search(line)}

    assert strong == {f"{kind}/{goal}" for kind in ("called", "certified") for goal in ("advance", "elect", "answer")}


def test_an_answer_is_not_elected():
    """A question to the voters is decided, and nobody has a seat after it."""
    question = make.contest("Yes", "No", rule="generic-plurality", title="Measure A")
    view = look({"yes": 700, "no": 500}, election=replace(ELECTION, contests=(question,)), states={"yes": LIKELY})

    assert told(view)[0] == ("likely", "Measure A: Yes is likely to prevail. Not called")


def test_every_kind_has_its_words():
    """A kind without a headline or a text would fail on the night."""
    without = [kind for kind in AlertKind if not any(key.partition("/")[0] == kind for key in HEADLINES) or kind not in TEXTS]

    assert without == []


def test_the_words_are_the_same_for_every_candidate():
    """Two names changed, everything else the same."""
    one, two = (headline(alert_events((look(LATER, states={name: CALLED}),))[0]) for name in ("ahn", "gomez"))

    assert one.replace("Ahn", "X") == two.replace("Gomez", "X")


def test_another_language_hands_in_its_sentences():
    """The facts go into the translated sentence."""
    spanish = {HEADLINES["called/advance"]: "{title}: {name} pasa a la siguiente vuelta, según la proyección de racecall"}
    event = alert_events(NIGHT_ON)[3]

    assert headline(event, lambda line: spanish.get(line, line)) == (
        "The contest: Ahn pasa a la siguiente vuelta, según la proyección de racecall"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "The contest: Ahn pasa a la siguiente ronda, según la proyección de racecall"),
        ("ko", "The contest: racecall 판정: Ahn 후보 진출 확실"),
    ],
)
def test_a_call_is_told_in_the_words_of_its_language(language, said):
    """The sentence is the catalogue's, the name and the title are the record's."""
    assert headline(alert_events(NIGHT_ON)[3], translator(language)) == said


def test_times_are_the_languages_own():
    """A withdrawal says when the call was made, as its readers write a time, and ends with one full stop."""
    *_, withdrawn = alert_events(NIGHT_ON)

    assert "Lo proyectamos: miércoles, 5 de abril de 2017, 6:00 a.m. Retiramos" in text(withdrawn, translator("es")).replace("\u202f", " ")


@pytest.mark.parametrize("language", ["es", "ko"])
def test_no_english_is_left_in_an_alert(language):
    """Every sentence of every alert of the night is said in the language; what the record says in words stays English."""
    english = {sentence for event in alert_events(NIGHT_ON) for sentence in (headline(event), *sentences(event))}
    other = {
        one for event in alert_events(NIGHT_ON) for one in (headline(event, translator(language)), *sentences(event, translator(language)))
    }

    assert english & other == {"Clear."}


def test_whose_call_it_is_stands_in_the_language_as_well():
    """An agency's call of a place of several, and of a contest of one."""
    report = Report(contest="c", kind=ReportKind.AGENCY_CALL, by="AP", at=make.NIGHT, source="", option="ahn", slot=2)
    (event,) = [one for one in alert_events((look(reports=(report,)),)) if one.kind is AlertKind.AGENCY_CALL]

    assert headline(event, translator("es")) == "The contest: AP proyecta el lugar 2 para Ahn."


def test_a_digest_is_in_one_language():
    """Subject, text, links and the language of its HTML."""
    message = message_from_bytes(digest(alert_events(NIGHT_ON), LETTER, translator("es")).as_bytes(), policy=default)

    assert message["Subject"] == "The contest: proyección retirada: Ahn (y 5 más)"
    assert 'lang="es"' in message.get_body(("html",)).get_content()
    assert "Salir de esta lista: " in message.get_body(("plain",)).get_content()


def test_a_feed_says_its_language_and_leads_to_the_page_in_it():
    """Readers of feeds can tell, and a link stays in the language."""
    feed = etree.fromstring(atom_feed(alert_events(NIGHT_ON), election=ELECTION, base_url=BASE, translate=translator("ko")))

    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ko"
    assert set(feed.xpath("//a:entry/a:link/@href", namespaces=ATOM)) == {f"{BASE}ko/c/c/index.html"}


# -- who is told ---------------------------------------------------------------------------------------------------------------------


def test_a_subscriber_hears_of_its_contests_and_kinds_only():
    """An empty list is everything."""
    called = alert_events(NIGHT_ON)[3]
    chosen = [Wanted(), Wanted(contests=frozenset({"c"})), Wanted(contests=frozenset({"d"})), Wanted(kinds=frozenset({AlertKind.RELEASE}))]

    assert [wanted.takes(called) for wanted in chosen] == [True, True, False, False]


def test_whoever_was_told_is_told_the_correction():
    """A list of kinds without withdrawals does not leave a call standing."""
    *_, called, review, _ = alert_events(NIGHT_ON)

    assert Wanted(kinds=frozenset({AlertKind.CALLED})).takes(review, {called.id}) is True


# -- Atom and JSON Feed --------------------------------------------------------------------------------------------------------------

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def atom(events, election=ELECTION):
    return etree.fromstring(atom_feed(events, election=election, base_url=BASE))


def counts_of(element, *names):
    return [len(element.findall(f"a:{name}", ATOM)) for name in names]


def test_the_feed_has_what_the_standard_asks_for():
    """RFC 4287, 4.1.1 and 4.1.2: one id, title and updated each; an author; a link to itself; entries with an alternate and a content."""
    feed = atom(alert_events(NIGHT_ON))
    entries = feed.findall("a:entry", ATOM)

    assert counts_of(feed, "id", "title", "updated", "author/a:name", "link[@rel='self']") == [1, 1, 1, 1, 1]
    assert {tuple(counts_of(entry, "id", "title", "updated", "published", "content", "link[@rel='alternate']")) for entry in entries} == {
        (1, 1, 1, 1, 1, 1)
    }


def test_the_entries_are_the_newest_first_and_each_has_its_own_name():
    """RFC 4287, 4.2.6: an id is an IRI that never changes and belongs to one entry."""
    feed = atom(alert_events(NIGHT_ON))
    ids = [element.text for element in feed.findall("a:entry/a:id", ATOM)]
    times = [element.text for element in feed.findall("a:entry/a:published", ATOM)]

    assert (len(set(ids)), all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name) for name in ids)) == (6, True)
    assert all(later >= earlier for later, earlier in pairwise(times))


def test_an_entry_whose_place_was_taken_says_so_and_is_updated():
    """Whoever reads the feed from the top, or only that entry, learns that the call stands no more."""
    entries = atom(alert_events(NIGHT_ON)).findall("a:entry", ATOM)
    called = next(entry for entry in entries if "racecall projects" in entry.findtext("a:title", namespaces=ATOM))

    assert called.findtext("a:updated", namespaces=ATOM) == "2017-04-05T15:00:00Z"
    assert called.findtext("a:content", namespaces=ATOM).startswith(
        "No longer so: The contest: call withdrawn: Ahn (Wed 5 Apr 2017, 08:00 PDT). Place 2 of 2. Clear."
    )


def test_a_feed_without_alerts_is_a_feed():
    """Readers subscribe before the night."""
    assert atom(()).findtext("a:updated", namespaces=ATOM) == "2017-04-04T07:00:00Z"


def test_the_json_feed_has_what_its_version_asks_for():
    """JSON Feed 1.1: version and title; items with id and content, dates as RFC 3339."""
    feed = json.loads(json_feed(alert_events(NIGHT_ON), election=ELECTION, base_url=BASE))

    assert (feed["version"], feed["feed_url"]) == ("https://jsonfeed.org/version/1.1", BASE + "alerts.json")
    assert [set(item) for item in feed["items"]] == [
        {"id", "url", "title", "content_text", "date_published", "date_modified", "tags", "_racecall"}
    ] * 6


def test_everything_from_a_rehearsal_says_so():
    """The feed, and every line of it."""
    practice = replace(ELECTION, rehearsal=True)
    feed = atom(alert_events((look(election=practice),)), practice)

    assert all(title.text.startswith("REHEARSAL") for title in feed.iter(f"{{{ATOM['a']}}}title"))


# -- the calendar --------------------------------------------------------------------------------------------------------------------


def entries_of(made: bytes):
    return [
        (str(entry["uid"]), entry.decoded("dtstart"), int(entry["sequence"])) for entry in icalendar.Calendar.from_ical(made).walk("VEVENT")
    ]


def test_a_count_that_is_moved_keeps_its_entry():
    """The same UID with the next SEQUENCE, so that a calendar moves it and makes no second one (RFC 5545, 3.8.7.4)."""
    ((uid, at, sequence),) = entries_of(calendar(ELECTION, [(make.hours(1), FRIDAY)]))
    moved = entries_of(calendar(ELECTION, [(make.hours(1), FRIDAY), (make.hours(2), SATURDAY)]))

    assert (at.isoformat(), sequence) == ("2017-04-07T07:00:00-07:00", 0)
    assert moved == [(uid, SATURDAY.at, 1)]


def test_a_count_after_one_that_is_over_is_another_entry():
    """The office says "next count" every time."""
    later = replace(FRIDAY, at=make.hours(120))

    assert len(entries_of(calendar(ELECTION, [(make.hours(1), FRIDAY), (make.hours(100), later)]))) == 2


def test_a_time_edited_in_the_settings_moves_the_entry():
    """The calendar of election.toml is told apart by its lines."""
    before, after = (replace(ELECTION, calendar=(due,)) for due in (FRIDAY, SATURDAY))
    ((uid, _, first),), ((moved, _, second),) = entries_of(calendar(before)), entries_of(calendar(after, before=[before]))

    assert (moved, first, second) == (uid, 0, 1)


def test_the_calendar_carries_its_time_zone():
    """A time in the county's zone needs the zone's rules beside it (RFC 5545, 3.6.5); one in winter has the winter's offset."""
    winter = replace(FRIDAY, at=make.hours(24 * 250))
    made = calendar(ELECTION, [(make.hours(1), FRIDAY), (make.hours(2), replace(winter, what="the last count"))])

    assert [at.isoformat()[-6:] for _, at, _ in entries_of(made)] == ["-07:00", "-08:00"]
    assert made.count(b"BEGIN:VTIMEZONE") == 1


def test_announcements_are_read_from_the_alerts():
    """What the office said, when it was said."""
    events = alert_events((look(due=FRIDAY),), before=look())

    assert announced(events) == ((make.NIGHT, FRIDAY),)


# -- mail, webhooks, links -----------------------------------------------------------------------------------------------------------

LETTER = Letter(
    sender="results@example.org", recipient="reader@example.net", unsubscribe="https://desk.example.org/unsubscribe?token=abc", page=BASE
)
SECRET = b"a secret of both sides"


def test_a_digest_has_both_forms_and_a_way_out():
    """Text and HTML, and the two headers of RFC 8058."""
    message = message_from_bytes(digest(alert_events(NIGHT_ON), LETTER).as_bytes(), policy=default)

    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == (f"<{LETTER.unsubscribe}>", "List-Unsubscribe=One-Click")
    assert message["Subject"] == "The contest: call withdrawn: Ahn (and 5 more)"


def test_a_digest_has_the_same_name_when_it_is_sent_again():
    """The message id is made of the reader and the alerts; another reader has another."""
    events = alert_events(NIGHT_ON)
    names = [digest(events, letter)["Message-ID"] for letter in (LETTER, LETTER, replace(LETTER, recipient="other@example.net"))]

    assert (names[0] == names[1], names[0] == names[2]) == (True, False)


def test_a_webhook_is_told_from_a_forgery():
    """The signature is over time and body: neither can be another, and an old one is refused."""
    event = alert_events(NIGHT_ON)[0]
    body = webhook_body(event)
    signed = webhook_headers(event, body, secret=SECRET, at=make.NIGHT)[SIGNATURE]
    tries = [
        (signed, body, SECRET, 0),
        (signed, body + b" ", SECRET, 0),
        (signed, body, b"another", 0),
        (signed, body, SECRET, 6),
        (signed, body, SECRET, -6),
        (signed.replace("v1=", "v0="), body, SECRET, 0),
        ("", body, SECRET, 0),
    ]

    assert [
        verify_webhook(header, data, secret=secret, now=make.NIGHT + timedelta(minutes=late)) for header, data, secret, late in tries
    ] == [True, False, False, False, False, False, False]


def test_the_recipe_for_receivers_is_the_one_in_use():
    """Whoever copies the function from docs/alerts.md accepts what we send, and nothing that was changed."""
    block = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    recipe: dict = {}
    exec(block.group(1) if block else "", recipe)
    signed = webhook_headers(alert_events(NIGHT_ON)[0], b"{}", secret=SECRET, at=make.NIGHT)[SIGNATURE]
    now = make.NIGHT.timestamp()

    assert [recipe["is_ours"](signed, body, SECRET, now + late) for body, late in ((b"{}", 0), (b"{ }", 0), (b"{}", 301))] == [
        True,
        False,
        False,
    ]


def test_every_kind_is_on_the_page():
    """What can be asked for in alerts.toml is explained."""
    page = PAGE.read_text(encoding="utf-8")

    assert [kind for kind in AlertKind if kind is not AlertKind.TEST and f"`{kind}`" not in page] == []


def test_a_webhook_has_the_same_key_in_every_attempt():
    """Only the time of the signature differs."""
    event = alert_events(NIGHT_ON)[0]
    first, second = (webhook_headers(event, b"{}", secret=SECRET, at=make.hours(hour)) for hour in (0, 1))

    assert (first[KEY], first[SIGNATURE] == second[SIGNATURE]) == (second[KEY], False)


def test_a_link_takes_off_the_list_who_got_it_and_nobody_else():
    """The token holds channel and reader, signed, and no address."""
    reader = reader_key("readers", "Reader@Example.net", secret=SECRET)
    token = make_token("readers", reader, secret=SECRET)

    assert read_token(token, secret=SECRET) == ("readers", reader_key("readers", "reader@example.net ", secret=SECRET))
    assert unsubscribe_link("https://d.example/u?a=1", token) == f"https://d.example/u?a=1&token={token}"


TOKEN = make_token("readers", reader_key("readers", "a@example.net", secret=SECRET), secret=SECRET)


@pytest.mark.parametrize("token", [TOKEN[:-4], "A" + TOKEN[1:], TOKEN + "AAAA", "", "ü" * 20, "A" * 10_000])
def test_a_token_that_was_changed_is_refused(token):
    """Nobody leaves for another."""
    with pytest.raises(UsageError) as refused:
        read_token(token, secret=SECRET)

    assert "this is no token of ours, or it was cut or changed on the way." in str(refused.value)


# -- what names can do ---------------------------------------------------------------------------------------------------------------

NASTY = ["<script>alert(1)</script>", "Bo\r\nBcc: all@example.org", "a&b]]>\x00\x0b", "\u202eevil", "\ud800half", "=cmd|'/C calc'!A0"]


@pytest.mark.parametrize("name", NASTY)
def test_a_name_can_break_nothing(name):
    """No header, no element, no line of a calendar and no page is anything else for it."""
    contest = replace(PEOPLE, title=f"Race {name}", options=(Option(id="ahn", name=name), *PEOPLE.options[:1], *PEOPLE.options[2:]))
    election = replace(ELECTION, title=f"Day {name}", contests=(contest,))
    due = replace(FRIDAY, what=name, source=name)
    events = alert_events((look(election=election, states={"ahn": CALLED}, due=due),))
    feed = atom(events, election)
    message = message_from_bytes(digest(events, LETTER).as_bytes(), policy=default)
    page = message.get_body(("html",)).get_content()

    assert (len(feed.findall("a:entry", ATOM)), json.loads(json_feed(events, election=election, base_url=BASE))["title"]) == (
        len(events),
        feed.findtext("a:title", namespaces=ATOM),
    )
    assert (message["Bcc"], "<script" in page, len(entries_of(calendar(election, announced(events))))) == (None, False, 1)
    assert all(json.loads(webhook_body(event))["headline"].isprintable() for event in events)
