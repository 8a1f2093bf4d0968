"""What people record at the desk: shown before it is recorded, in their name, and never what they have not seen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import file, racecall
from desks import Person, Served, counted, desk_over, words
from racecall.desk.web.accounts import Role
from racecall.desk.web.board import Part
from racecall.ledger.events import EventKind

STATEMENT = {
    "kind": "outstanding",
    "ballots": "1,000",
    "category": "total",
    "stated_at": "2022-11-08T21:30",
    "source": "Registrar, by phone",
}
REPORT = {"kind": "agency_call", "by": "An agency", "option": "ann-lee", "at": "2022-11-08T21:40", "source": "its wire"}
COUNT = {
    "published_at": "2022-11-08T22:00",
    "source": "Registrar, on paper",
    "status": "unofficial_partial",
    "votes:ann-lee": "1,200",
    "votes:bo-nunez": "700",
    "votes:cy-roe": "310",
}


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """A desk over an election with one count."""
    return desk_over(counted(tmp_path))


@pytest.fixture
def editor(served: Served) -> Iterator[Person]:
    """An editor at the desk."""
    with served.person() as person:
        yield person


@pytest.fixture
def second(served: Served) -> Iterator[Person]:
    """Another one."""
    with served.person("B. Editor") as person:
        yield person


def last(served: Served, kind: EventKind) -> object:
    """Return the last event of a kind."""
    return list(served.desk.acting().ledger().of_kind(kind))[-1]


def seen(page: str) -> str:
    """Return the hash of the last event that a page was made from."""
    found = re.search(r'name="head" value="([0-9a-f]{64})"', page)
    assert found, words(page)
    return found[1]


def held_by_a_finding(served: Served) -> str:
    """Record a count that falls, which holds calls, and return the finding's id."""
    folder = served.desk.settings.folder
    rows = "contest,unit,count_type,option,votes\nmayor,all,total,ANN LEE,600\nmayor,all,total,BO NÚÑEZ,300\nmayor,all,total,CY ROE,150\n"
    racecall("add", folder, file(folder.parent, "fallen.csv", rows), "--published-at", "2022-11-08T21:30", "--backfill")
    served.desk.keeper.look()
    return next(finding.id for finding in served.desk.now.contest("mayor").findings if finding.severity == "hold_calls")


# -- statements and reports --------------------------------------------------------------------------------------------------------------


FORMS = [("/contests/mayor/statement", STATEMENT), ("/contests/mayor/report", REPORT), ("/statement", STATEMENT)]


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_what_would_change_is_shown_and_nothing_recorded(served: Served, editor: Person, path: str, fields: dict[str, str]):
    """The first button shows; the record is as it was."""
    before = served.desk.acting().store.home.head()
    answer = editor.send(path, do="preview", **fields)

    assert (answer.status_code, "Nothing is recorded yet." in answer.text) == (200, True)
    assert served.desk.acting().store.home.head() == before


def test_a_statement_shows_what_it_does_to_what_is_out(editor: Person):
    """Before it is recorded, people see the ballots out that follow from it."""
    page = words(editor.send("/contests/mayor/statement", do="preview", **STATEMENT).text)

    assert "ballots out not known → 1,000 ballots out (830 to 2,500)" in page


def test_a_statement_is_recorded_in_ones_name(served: Served, editor: Person):
    """The second button records it, as an event by the person who pressed it."""
    page = editor.send("/contests/mayor/statement", do="preview", **STATEMENT).text
    answer = editor.send("/contests/mayor/statement", do="record", head=seen(page), **STATEMENT)
    event = last(served, EventKind.STATEMENT)

    assert (answer.status_code, event.actor, event.contest, event.body["ballots"]) == (303, "A. Editor", "mayor", 1000)


def test_a_report_stands_beside_ours(editor: Person):
    """A call by an agency is theirs; it is shown on the contest's page and moves it on the board."""
    page = editor.send("/contests/mayor/report", do="preview", **REPORT).text
    editor.send("/contests/mayor/report", do="record", head=seen(page), **REPORT)

    assert "An agency calls the contest for ANN LEE." in words(editor.get("/contests/mayor").text)


def test_nobody_signs_what_they_have_not_seen(served: Served, editor: Person, second: Person):
    """If the record moves between the two buttons, nothing is recorded and the page is shown again."""
    page = editor.send("/contests/mayor/statement", do="preview", **STATEMENT).text
    theirs = second.send("/contests/mayor/report", do="preview", **REPORT).text
    second.send("/contests/mayor/report", do="record", head=seen(theirs), **REPORT)
    answer = editor.send("/contests/mayor/statement", do="record", head=seen(page), **STATEMENT)

    assert (answer.status_code, "The record has moved since this page was made." in answer.text) == (200, True)
    assert list(served.desk.acting().ledger().of_kind(EventKind.STATEMENT)) == []


@pytest.mark.parametrize("head", ["", "0" * 64, "nonsense"])
def test_the_second_button_alone_records_nothing(served: Served, editor: Person, head: str):
    """Whoever has not seen what would change is shown it."""
    editor.send("/contests/mayor/statement", do="record", head=head, **STATEMENT)

    assert list(served.desk.acting().ledger().of_kind(EventKind.STATEMENT)) == []


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("/contests/mayor/statement", {"ballots": "many"}, 'found "many", expected a whole number'),
        ("/contests/mayor/statement", {"source": " "}, '"source" is missing'),
        ("/contests/mayor/statement", {"stated_at": "yesterday"}, "expected a time such as"),
        ("/contests/mayor/statement", {"kind": "rumour"}, "expected one of"),
        ("/contests/mayor/report", {"kind": "opinion"}, "expected one of"),
        ("/contests/mayor/report", {"by": ""}, '"by" is missing'),
    ],
)
def test_what_makes_no_sense_is_said_and_kept_in_the_form(editor: Person, path: str, fields: dict[str, str], said: str):
    """The form comes back with the words of the reader, and with what was typed."""
    usual = STATEMENT if path.endswith("statement") else REPORT
    answer = editor.send(path, do="preview", **{**usual, **fields})

    assert (answer.status_code, said in words(answer.text), usual["source"] in answer.text or fields.get("source") == " ") == (
        400,
        True,
        True,
    )


def test_a_contest_that_is_not_followed_takes_no_statement(editor: Person):
    """A wrong address records nothing about nobody."""
    answer = editor.send("/contests/governor/statement", do="preview", **STATEMENT)

    assert (answer.status_code, "no contest 'governor'" in words(answer.text)) == (404, True)


# -- a count by hand ---------------------------------------------------------------------------------------------------------------------


def typed_once(person: Person, **changed: str) -> None:
    """Type a count for the first time."""
    answer = person.send("/contests/mayor/count", beside="", **{**COUNT, **changed})
    assert answer.status_code == 303, words(answer.text)


def typed_again(served: Served, person: Person, **changed: str) -> object:
    """Type it for the second time."""
    waiting = served.desk.typed.waiting("mayor")
    assert waiting is not None
    return person.send("/contests/mayor/count", beside=waiting.id, **{**COUNT, **changed})


def test_a_count_typed_once_is_not_recorded(served: Served, editor: Person):
    """It waits, and the board says for what."""
    typed_once(editor)
    board = words(editor.get("/").text)

    assert ("Typed once 1" in board, len(list(served.desk.acting().ledger().of_kind(EventKind.RELEASE)))) == (True, 1)


def test_the_second_form_is_empty(editor: Person, second: Person):
    """Nobody can copy what the first person typed."""
    typed_once(editor)
    page = second.get("/contests/mayor/count").text

    assert ("Type the count a second time" in page, "1200" in page, "1,200" in page, "on paper" in page) == (True, False, False, False)


def test_two_typings_that_agree_show_what_would_change(served: Served, editor: Person, second: Person):
    """Figures are the same however thousands are written; then people see old and new side by side."""
    typed_once(editor)
    answer = typed_again(served, second, **{"votes:ann-lee": "1200"})
    page = words(second.get(answer.headers["location"]).text)

    assert ("ANN LEE: 600 votes → 1,200 votes" in page, "Typed by A. Editor, and again by B. Editor." in page) == (True, True)


def test_a_count_typed_twice_is_recorded(served: Served, editor: Person, second: Person):
    """It becomes the current count, and the record says who typed it."""
    typed_once(editor)
    page = second.get(typed_again(served, second).headers["location"]).text
    second.send("/contests/mayor/count/agreed", do="record", head=seen(page))
    event = last(served, EventKind.RELEASE)

    assert (event.actor, event.body["note"]) == ("B. Editor", "Typed by A. Editor, and again by B. Editor.")
    assert (served.desk.now.contest("mayor").votes_counted, served.desk.typed.waiting("mayor")) == (2210, None)


def test_one_person_may_type_twice_and_the_record_says_so(served: Served, editor: Person):
    """A desk of one is better than no second look at all."""
    typed_once(editor)
    page = editor.get(typed_again(served, editor).headers["location"]).text

    assert "Typed twice by A. Editor." in words(page)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"votes:ann-lee": "2100"}, "Votes of ANN LEE 1200 2100"),
        ({"votes:cy-roe": ""}, "Votes of CY ROE 310 left empty"),
        ({"ballots": "2300"}, "Ballots counted left empty 2300"),
        ({"published_at": "2022-11-08T22:10"}, "Time of the count 2022-11-08T22:00 2022-11-08T22:10"),
    ],
)
def test_a_difference_is_shown_cell_by_cell(served: Served, editor: Person, second: Person, changed: dict[str, str], said: str):
    """Two digits swapped, a cell left out, another time: each is named with both typings, and nothing is recorded."""
    typed_once(editor)
    answer = typed_again(served, second, **changed)

    assert ("The two typings differ in 1 cell." in words(answer.text), said in words(answer.text)) == (True, True)


def test_a_count_that_falls_says_which_finding_it_would_raise(served: Served, editor: Person, second: Person):
    """People see before they record that the count would hold the calls of its contest."""
    typed_once(editor, **{"votes:ann-lee": "500"})
    page = words(second.get(typed_again(served, second, **{"votes:ann-lee": "500"}).headers["location"]).text)

    assert ("fall holds calls" in page, "ANN LEE: 600 votes → 500 votes" in page) == (True, True)


@pytest.mark.parametrize(("changed", "said"), [({"votes:ann-lee": "twelve"}, 'found "twelve"'), ({"source": ""}, '"source" is missing')])
def test_a_first_typing_that_makes_no_sense_is_refused(served: Served, editor: Person, changed: dict[str, str], said: str):
    """What is wrong is said to the first person, not to the second."""
    answer = editor.send("/contests/mayor/count", beside="", **{**COUNT, **changed})

    assert (answer.status_code, said in words(answer.text), served.desk.typed.waiting("mayor")) == (400, True, None)


def test_two_who_type_first_at_once_are_told(editor: Person, second: Person):
    """The second of them is not taken for the second typing of something they did not see."""
    typed_once(editor)
    answer = second.send("/contests/mayor/count", beside="", **COUNT)

    assert (answer.status_code, "another count of this contest was typed or discarded meanwhile" in words(answer.text)) == (400, True)


def test_a_wrong_first_typing_is_discarded(served: Served, editor: Person, second: Person):
    """Whoever sees that the first was wrong throws it away, and it was never in the record."""
    typed_once(editor)
    second.send("/contests/mayor/count/discard")

    assert (served.desk.typed.waiting("mayor"), len(served.desk.acting().ledger())) == (None, len(served.desk.now.ledger))


def test_a_count_typed_once_cannot_be_recorded(served: Served, editor: Person):
    """There is no way around the second typing."""
    typed_once(editor)
    answer = editor.send("/contests/mayor/count/agreed", do="record", head=served.desk.now.ledger.head)

    assert (answer.status_code, "this count was typed only once." in words(answer.text)) == (400, True)


# -- findings ----------------------------------------------------------------------------------------------------------------------------


def test_what_holds_calls_takes_a_caller(served: Served, editor: Person):
    """Letting it pass is half of a call."""
    finding = held_by_a_finding(served)
    answer = editor.send(f"/findings/{finding}", reason="Seen.")

    assert (answer.status_code, "This takes the role caller; yours is editor." in answer.text) == (403, True)


def test_two_people_accept_what_holds_calls(served: Served):
    """One is not enough, the same one twice is refused in words, a second one frees the contest."""
    finding = held_by_a_finding(served)
    with served.person("C. One", Role.CALLER) as one, served.person("D. Two", Role.CALLER) as two:
        one.send(f"/findings/{finding}", reason="The county confirmed it.")
        again = one.send(f"/findings/{finding}", reason="Really.")
        open_ = [found.id for found in served.desk.now.contest("mayor").findings]
        two.send(f"/findings/{finding}", reason="I asked as well.")

    refused = "a second one must look, and sign with another name" in words(again.text)
    assert (again.status_code, refused, finding in open_) == (400, True, True)
    assert finding not in [found.id for found in served.desk.now.contest("mayor").findings]


def test_a_finding_is_accepted_with_a_reason(served: Served):
    """A blank is no reason."""
    finding = held_by_a_finding(served)
    with served.person("C. One", Role.CALLER) as one:
        answer = one.send(f"/findings/{finding}", reason="  ")

    assert (answer.status_code, "a finding is accepted with a reason." in words(answer.text)) == (400, True)


def test_a_held_contest_stands_first(served: Served, editor: Person):
    """The board shows what is held above everything else, once."""
    held_by_a_finding(served)
    page = editor.get("/").text

    assert (re.findall(r'data-part="(\w+)"', page)[0], page.count('data-key="mayor"')) == ("held", 1)


# -- calls -------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def settled(tmp_path: Path) -> Served:
    """A desk over a count of which so little is out that nothing can change the first place."""
    served = desk_over(counted(tmp_path))
    head = '[[statement]]\ncontest = "mayor"\nstated_at = 2022-11-08T21:30:00-08:00\nsource = "Registrar"\n'
    out = f'{head}kind = "outstanding"\nballots = 10\nincludes_arrivals = true\n'
    roll = f'{head}kind = "registered"\nballots = 1105\n'
    folder, entry = served.desk.settings.folder, f'racecall = "entry/1"\n{out}{roll}'
    assert racecall("add", folder, file(tmp_path, "left.toml", entry), "--backfill").code < 2
    served.desk.keeper.look()
    return served


def decided(person: Person, kind: str = "approve", reason: str = "Nothing that is out can change it.", **more: str) -> object:
    """Decide about the first candidate, on the page as it is."""
    head = person.head()
    return person.send("/contests/mayor/decide/ann-lee", **{"kind": kind, "reason": reason, "head": head, "seen": "yes", **more})


def test_two_people_make_a_call(settled: Served):
    """The first waits, the second makes it; both stand in the record with their reasons."""
    with settled.person("C. One", Role.CALLER) as one, settled.person("D. Two", Role.CALLER) as two:
        first = decided(one)
        waits = settled.desk.now.board.part(Part.SECOND)
        made = decided(two, reason="I have looked as well.")

    assert (first.status_code, [row.contest for row in waits], made.status_code) == (303, ["mayor"], 303), words(first.text)
    assert settled.desk.now.contest("mayor").slots[0].state == "called"


def test_nobody_seconds_themselves(settled: Served):
    """The button is absent for the person who was first, and the form is refused in words."""
    with settled.person("C. One", Role.CALLER) as one:
        decided(one)
        page = one.get("/contests/mayor/decide/ann-lee").text
        again = decided(one)

    assert ('value="approve"' in page, again.status_code) == (False, 400)
    assert settled.desk.now.contest("mayor").slots[0].state != "called"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"seen": ""}, "a call is decided by somebody who has looked."),
        ({"head": ""}, "a call is decided by somebody who has looked."),
        ({"reason": " "}, "a decision is made with a reason"),
        ({"kind": "guess"}, "nothing was decided."),
        ({"kind": ""}, "nothing was decided."),
    ],
)
def test_a_call_takes_a_look_and_a_reason(settled: Served, fields: dict[str, str], said: str):
    """Whoever leaves something out is told what, and nothing is recorded."""
    with settled.person("C. One", Role.CALLER) as one:
        answer = decided(one, **fields)

    assert (answer.status_code, said in words(answer.text)) == (400, True)


def test_what_evidence_does_not_allow_is_refused(served: Served):
    """The desk calls nothing that its own rule does not support, and says what shuts it."""
    with served.person("C. One", Role.CALLER) as one:
        answer = decided(one)

    assert (answer.status_code, "Not recorded." in words(answer.text)) == (400, True)


def test_an_option_that_there_is_not_is_said(settled: Served):
    """A wrong address decides nothing about nobody."""
    with settled.person("C. One", Role.CALLER) as one:
        answer = one.get("/contests/mayor/decide/zed")

    assert (answer.status_code, "no option 'zed'" in words(answer.text)) == (404, True)


# -- publishing --------------------------------------------------------------------------------------------------------------------------


def test_publishing_shows_what_readers_would_see_and_then_does_it(tmp_path: Path):
    """An admin sees the difference first; afterwards the site shows what the record says."""
    served = desk_over(counted(tmp_path), site=tmp_path / "site")
    with served.person("D. Admin", Role.ADMIN) as admin:
        before = admin.get("/publish").text
        answer = admin.send("/publish", head=seen(before))
        after = words(admin.get("/publish").text)

    assert ("not published" in words(before), answer.status_code, (tmp_path / "site" / "index.html").is_file()) == (True, 303, True)
    assert "The site shows what the record says." in after


def test_a_rehearsal_is_never_published(tmp_path: Path):
    """There is no button, and whoever asks all the same is refused in words."""
    folder = counted(tmp_path)
    settings = (folder / "election.toml").read_text(encoding="utf-8")
    (folder / "election.toml").write_text(settings.replace("[election]\n", "[election]\nrehearsal = true\n"), encoding="utf-8")
    served = desk_over(folder, site=tmp_path / "site")
    with served.person("D. Admin", Role.ADMIN) as admin:
        answers = [admin.get("/publish"), admin.send("/publish", head=served.desk.now.ledger.head)]

    assert [(answer.status_code, "a rehearsal is never published" in words(answer.text)) for answer in answers] == [(400, True)] * 2
    assert not (tmp_path / "site").exists()


def test_a_desk_without_a_site_publishes_nothing(served: Served):
    """The page says how to start one that does."""
    with served.person("D. Admin", Role.ADMIN) as admin:
        answer = admin.get("/publish")

    assert (answer.status_code, "racecall desk DIR --site SITE" in words(answer.text)) == (400, True)
